/** TCP (RFC 9293) at both depths: header, options, streams, analysis, and handing the payload to what it carries. */

import type { CaptureIndex } from '../dissect/capture-index.ts';
import { data } from '../dissect/data.ts';
import { Buf, Dissection, type Layer, type Node } from '../dissect/dissection.ts';
import type { FieldDef } from '../dissect/field.ts';
import type { IndexWalk } from '../dissect/index-walk.ts';
import { allProtocols, defineProtocol } from '../dissect/protocol.ts';
import { heuristics, tables } from '../dissect/tables.ts';
import type { Wanted } from '../dissect/wanted.ts';
import { choose } from '../flow/choose.ts';
import { type Joined, type Plan, payloadPlan } from '../flow/payload-plan.ts';
import { deliver } from '../flow/reassembly.ts';
import { selectiveAcks } from '../flow/selective-acks.ts';
import { Flag, seqAdd, seqDiff } from '../flow/seq.ts';
import { headerOf, segmentOf, synOptions } from '../flow/syn-options.ts';
import { ANALYSIS_FLAGS, ANY_RETRANSMISSION, Analysis, SCALE_OFF, SCALE_UNKNOWN } from '../flow/tcp-analysis.ts';
import { completenessOf, completenessWords, flows, type TcpFlows } from '../flow/tcp-flows.ts';
import { previousInStream, replays, type SegmentDetails } from '../flow/tcp-replay.ts';
import type { Time } from '../messages.ts';
import { CHUNK_MASK, NONE, RowFlag } from '../table/packet-table.ts';
import { IpProto } from './ip-names.ts';
import { mptcp, mptcpFields, multipathOptions } from './mptcp.ts';
import { multipathConnections, type SubflowView } from './mptcp-connections.ts';
import { tcpFields as f, flagLetters, flagNames } from './tcp-fields.ts';
import { BOGUS, CUT, HEADER, indexTcpAhead, indexTcpHeader, JUDGED } from './tcp-header.ts';
import { dissectOptions, type OptionFacts, optionFields } from './tcp-options.ts';
import { addressId, elapsed } from './udp.ts';

function index(w: IndexWalk): void {
  if (w.quoted) {
    indexQuoted(w);
    return;
  }
  indexTcpHeader(w);
  indexSegment(w);
}

/** The rest: its stream, and what it carries. */
function indexSegment(w: IndexWalk): void {
  const from = w.payloadAt;
  if (from === CUT) return;
  const table = w.capture.state(flows);
  const stream = table.observe(w, w.windowShift);
  w.capture.state(selectiveAcks).note(w.row, w.sackOctets >>> 0);
  w.stream = stream;
  w.prevInStream = table.previous;
  if (table.direction === 0) w.flags |= RowFlag.FromClient;
  if (from === BOGUS) {
    w.flags |= RowFlag.Several;
    for (let n = w.multipath; n > 0; n--) w.push(mptcp);
    return;
  }
  if (w.multipath > 0) {
    w.capture.state(multipathConnections).observe(w, stream, table.direction, w.offset + HEADER, Math.min(from, w.end));
    for (let n = w.multipath; n > 0; n--) w.push(mptcp);
  }
  if (from > w.end) {
    w.flags |= RowFlag.Short | RowFlag.Several;
    return;
  }
  if ((w.tcpFlags & (Flag.Fin | Flag.Rst)) !== 0 || w.payload > 0) deliver(w, table, stream, table.direction, from);
}

function indexQuoted(w: IndexWalk): void {
  const o = w.offset;
  const b = w.bytes;
  const cut = !w.has(HEADER);
  if (w.end - o < JUDGED) return;
  const headerLength = ((b[o + 12] as number) >> 4) * 4;
  const flags = b[o + 13] as number;
  const from = o + headerLength;
  const srcPort = ((b[o] as number) << 8) | (b[o + 1] as number);
  const dstPort = ((b[o + 2] as number) << 8) | (b[o + 3] as number);
  w.capture.state(flows).quote(w.row, w.quotedSrc, srcPort, w.quotedDst, dstPort, flags);
  if (cut || headerLength < HEADER || headerLength > w.wireEnd - o) return;
  for (let n = multipathOptions(b, o + HEADER, Math.min(from, w.end)); n > 0; n--) w.push(mptcp);
  // What a reset carries says why.
  if (from >= w.end || (flags & Flag.Rst) !== 0) return;
  w.follow(choose(tables.tcpPort, heuristics.tcp, 0, 0, srcPort, dstPort, b, from, w.end, w.wireEnd) ?? data, from);
}

/** Fields that need nothing of the segments before: neither where the numbers began nor what the analysis found. */
const PLAIN_FIELDS: ReadonlySet<string> = new Set([
  ...[f.srcport, f.dstport, f.stream, f.len, f.seqRaw, f.ackRaw, f.hdrLen, f.flags, f.res, f.ae, f.cwr, f.ece, f.urg, f.flagAck, f.push]
    .concat([f.reset, f.syn, f.fin, f.flagsText, f.windowValue, f.window, f.scaleFactor, f.checksum, f.checksumStatus, f.urgent])
    .concat([f.timeRelative, f.timeDelta, f.payload])
    .map(({ abbrev }) => abbrev),
  ...optionFields
    .map(({ abbrev }) => abbrev)
    .filter((name) => !name.startsWith('tcp.options.sack') && !name.startsWith('tcp.options.mptcp')),
  'tcp.port',
]);

function dissect(d: Dissection, b: Buf): void {
  const o = b.offset;
  const layer = d.layer(tcp, b);
  layer.size(HEADER);
  d.column(tcp, '');
  const srcPort = layer.uint(f.srcport, o);
  const dstPort = layer.uint(f.dstport, o + 2);
  d.columns.info = `${srcPort} → ${dstPort}`;
  layer.summary = d.columns.info;
  if (b.length < JUDGED) {
    // What an ICMP error has to quote (RFC 792) ends with the number.
    if (d.quoted && b.length >= 8) layer.add(f.seq, o + 4, 4, b.u32(o + 4));
    layer.has(o, HEADER);
    return;
  }
  const seq = b.u32(o + 4);
  const ack = b.u32(o + 8);
  const flags = b.u16(o + 12) & 0xfff;
  const headerLength = (b.u8(o + 12) >> 4) * 4;
  const whole = headerLength >= HEADER && headerLength <= b.wireLength;
  const payload = whole ? b.wireLength - headerLength : 0;

  const table = d.capture.state(flows);
  const chunk = d.capture.packets.chunkOf(d.row);
  const at = d.row & CHUNK_MASK;
  // In a tunnel the columns are those of the innermost segment.
  const own =
    !d.quoted &&
    ((chunk.flags[at] as number) & RowFlag.Tcp) !== 0 &&
    chunk.seq[at] === seq &&
    chunk.srcPort[at] === srcPort &&
    chunk.dstPort[at] === dstPort;
  const src = addressId(d, d.netSrc);
  const stream = own
    ? (chunk.stream[at] as number)
    : table.tuples.findAt(d.row, table.firstRow, src, srcPort, addressId(d, d.netDst), dstPort);
  const direction =
    stream === NONE
      ? 0
      : own
        ? ((chunk.flags[at] as number) & RowFlag.FromClient) !== 0
          ? 0
          : 1
        : table.directionOf(stream, src, srcPort);
  const plain = d.wanted?.within(PLAIN_FIELDS) === true && !d.quoted;
  const details = own && stream !== NONE && !plain ? d.capture.state(replays).at(d.row) : null;
  const i = 2 * stream + direction;
  const known = stream !== NONE && !d.quoted;
  // A packet with several segments has one row: what the replay knows of it may not be the first of them.
  const single = ((chunk.flags[at] as number) & RowFlag.Several) === 0;
  // Behind a length that cannot be, Wireshark counts nothing: the numbers stay as they were sent.
  const counted = known && (whole || headerLength < HEADER);
  const base = counted ? ((single ? details?.base : undefined) ?? (table.sequence.base[i] as number)) : 0;
  const otherBase = counted ? ((single ? details?.otherBase : undefined) ?? (table.sequence.base[i ^ 1] as number)) : 0;
  const relSeq = (seq - base) >>> 0;
  const relAck = (flags & Flag.Ack) !== 0 ? (ack - otherBase) >>> 0 : ack;

  if (stream !== NONE) {
    layer.add(f.stream, o, 0, stream);
    if (details !== null || d.quoted) {
      const complete = d.capture.onePass === true ? completenessUntil(d, table, stream, details) : table.finalCompleteness(stream, d.row);
      layer.add(f.completeness, o, 0, complete, { display: `${completenessWords(complete)} (${complete})` });
    }
  }
  const bogus = headerLength < HEADER;
  if (!d.quoted && (whole || bogus)) layer.add(f.len, o + 12, 0, bogus ? b.wireLength - headerLength : payload);
  layer.add(f.seq, o + 4, 4, relSeq, { display: counted ? `${relSeq}    (relative sequence number)` : String(relSeq) });
  // Of a segment that ICMP quotes Wireshark gives the number once, as it was sent.
  if (!d.quoted || d.netSrc?.length !== 4) layer.uint(f.seqRaw, o + 4);
  const next = (relSeq + payload + ((flags & (Flag.Syn | Flag.Fin)) !== 0 ? 1 : 0)) >>> 0;
  if (whole && !d.quoted) layer.add(f.nxtseq, o, 0, next, { display: known ? `${next}    (relative sequence number)` : String(next) });
  const words = d.wanted === null ? flagNames(flags) : '';
  const info = `${srcPort} → ${dstPort} [${words}] Seq=${relSeq}${(flags & Flag.Ack) !== 0 ? ` Ack=${relAck}` : ''}`;
  layer.summary = `${srcPort} → ${dstPort} · ${words} · Seq ${relSeq}`;
  const value = b.u16(o + 14);
  const scale = stream === NONE ? SCALE_UNKNOWN : table.sequence.scaleUntil(i, d.capture.onePass === true ? d.row : NONE);
  const scaled = counted && (flags & Flag.Syn) === 0 && scale > 0 ? value * 2 ** scale : value;
  if (bogus) {
    // As in Wireshark, nothing behind a length that cannot be is believed.
    const why = `(${headerLength}, must be at least 20)`;
    layer
      .add(f.hdrLen, o + 12, 1, headerLength, { display: `${headerLength} bytes (${headerLength >> 2})` })
      .expert(f.bogusLength, undefined, undefined, `Bogus TCP header length ${why}`);
    layer.has(o, HEADER);
    layer.size(HEADER, b.end);
    d.columns.info = `${info} Win=${scaled}, bogus TCP header length ${why}`;
    return;
  }
  const ackNode = layer.add(f.ack, o + 8, 4, relAck, {
    display: (flags & Flag.Ack) !== 0 && counted ? `${relAck}    (relative ack number)` : String(relAck),
  });
  layer.uint(f.ackRaw, o + 8);
  if ((flags & Flag.Ack) === 0 && ack !== 0) ackNode.expert(f.ackNonzero);
  if (details !== null && details.dataSynRow !== NONE) fastOpenAnswer(d, ackNode, details.dataSynRow, ack);
  const lengthNode = layer.add(f.hdrLen, o + 12, 1, headerLength, { display: `${headerLength} bytes (${headerLength >> 2})` });
  if (!whole) lengthNode.expert(f.shortSegment, undefined, undefined, SHORT_SEGMENT);
  layer.size(whole ? headerLength : HEADER, b.end);
  const closed =
    known && own && (flags & Flag.Fin) !== 0
      ? table.states.closer[stream] === direction + 1
        ? f.expertFinActive
        : f.expertFinPassive
      : null;
  addFlags(layer, o, flags, words, closed);

  layer.uint(f.windowValue, o + 14);
  layer.add(f.window, o + 14, 2, scaled);
  if ((flags & Flag.Syn) === 0) {
    const factor = scale === SCALE_UNKNOWN || scale === SCALE_OFF ? scale : 2 ** scale;
    const meaning = factor === SCALE_UNKNOWN ? ' (unknown)' : factor === SCALE_OFF ? ' (no window scaling used)' : '';
    layer.add(f.scaleFactor, o + 14, 2, factor, { display: `${factor}${meaning}` });
  }
  layer.uint(f.checksum, o + 16, 2, {
    display: `0x${b
      .u16(o + 16)
      .toString(16)
      .padStart(4, '0')} [unverified]`,
  });
  layer.add(f.checksumStatus, o + 16, 0, 2);
  const urgent = layer.uintNode(f.urgent, o + 18);
  if ((flags & Flag.Urg) === 0 && b.u16(o + 18) !== 0) urgent.expert(f.urgentNonzero);
  d.columns.info = `${info} Win=${scaled} Len=${payload}`;
  if ((flags & Flag.Urg) !== 0) d.columns.info = `${info} Win=${scaled} Urg=${b.u16(o + 18)} Len=${payload}`;
  let facts: OptionFacts | null = null;
  const multipath =
    known && headerLength > HEADER ? d.capture.state(multipathConnections).at(stream, direction, d.row, d.capture.onePass !== true) : null;
  // Nothing can be added to a layer behind what is cut off: the times, which need no option, come first.
  const cut = headerLength > b.length;
  if (cut && known && own) times(layer, d, table.firstRow[stream] as number);
  if (headerLength > HEADER) facts = dissectOptions(layer, o + HEADER, o + headerLength, flags, otherBase, relAck, multipath);
  if (facts !== null) d.columns.info += facts.info;
  if (multipath !== null && facts?.multipath === true) addMultipath(layer, multipath, stream);
  if (!whole) layer.fail(d.quoted ? 'short' : d.fragmented ? 'unreassembled' : 'malformed');
  if (!layer.ok) return;
  let prefix = '';
  if (known && own && plain) times(layer, d, table.firstRow[stream] as number);
  if (known && details !== null && own) {
    times(layer, d, table.firstRow[stream] as number);
    prefix = addAnalysis(layer, d, details, chunk.analysis[at] as number);
    d.columns.info = prefix + d.columns.info;
    d.transport = { kind: 'tcp', stream, fromClient: direction === 0, srcPort, dstPort };
  } else if (!d.quoted && known) {
    d.transport = { kind: 'tcp', stream, fromClient: direction === 0, srcPort, dstPort };
  }
  // A FIN without payload may complete a message that lasts up to the close.
  if (plain && !d.above && (flags & Flag.Rst) === 0) {
    if (payload > 0) addPayload(layer, b.from(o + headerLength));
    return;
  }
  const closes = own && (flags & Flag.Fin) !== 0 && (chunk.message[at] as number) !== 0;
  if (payload > 0 || closes) givePayload(d, layer, b.from(o + headerLength), own ? stream : NONE, direction, flags, prefix);
}

const SHORT_SEGMENT =
  'Short segment. Segment/fragment does not contain a full TCP header ' +
  '(might be NMAP or someone else deliberately sending unusual packets)';

/** Says what became of the data of a SYN (RFC 7413, section 4.2). */
function fastOpenAnswer(d: Dissection, node: Node, row: number, ack: number): void {
  const taken = seqDiff(ack, seqAdd(d.capture.packets.chunkOf(row).seq[row & CHUNK_MASK] as number, 1));
  if (taken > 0) node.expert(f.tfoAck);
  else if (taken === 0 && synOptions(headerOf(d.capture, row)).fastOpen) node.expert(f.tfoIgnored);
}

/** Later segments of a connection that are looked at for the one before a quotation. */
const MOST_STEPS = 4096;

/** `tcp.completeness` for a reader that has read no further than this packet: what was known before a segment, or before its quotation. */
function completenessUntil(d: Dissection, table: TcpFlows, stream: number, details: SegmentDetails | null): number {
  if (details !== null) return details.completeness;
  const packets = d.capture.packets;
  let row = table.lastRow[stream] as number;
  const walked = row !== NONE && row > d.row;
  for (let steps = 0; row !== NONE && row > d.row; steps++) {
    // Every quotation of a long connection would walk it: what the whole capture tells has to do.
    if (steps === MOST_STEPS) return table.finalCompleteness(stream, d.row);
    row = previousInStream(packets, row, stream, RowFlag.Tcp);
  }
  const chunk = packets.chunkOf(row === NONE ? d.row : row);
  const at = row & CHUNK_MASK;
  if (row === NONE || chunk.stream[at] !== stream || ((chunk.flags[at] as number) & RowFlag.Tcp) === 0) {
    // Its first segment was quoted before it was seen.
    if (d.quoted && walked) return 0;
    // The only segments of it were quoted, or lie behind a tunnel's: before the first of them nothing was known.
    if (d.quoted && d.row === table.firstRow[stream]) return 0;
    return table.finalCompleteness(stream, d.row);
  }
  const announced = ((chunk.analysis[at] as number) & Analysis.Announced) !== 0;
  const first = row === table.firstRow[stream];
  const before = d.capture.state(replays).at(row).completeness;
  return before | completenessOf(chunk.tcpFlags[at] as number, chunk.payload[at] as number, first, announced);
}

/** @param closed whether this FIN begins the end of the connection or answers, null where it is not known */
function addFlags(layer: Layer, o: number, flags: number, words: string, closed: FieldDef | null): void {
  const node = layer.uintNode(f.flags, o + 12, 2, {
    display: `0x${flags.toString(16).padStart(3, '0')} (${words === '' ? '<None>' : words})`,
  });
  for (const bit of [f.res, f.ae]) node.uint(bit, o + 12, 1);
  for (const bit of [f.cwr, f.ece, f.urg, f.flagAck, f.push]) node.uint(bit, o + 13, 1);
  const reset = node.uintNode(f.reset, o + 13, 1);
  if ((flags & Flag.Rst) !== 0) reset.expert(f.expertReset);
  const syn = node.uintNode(f.syn, o + 13, 1);
  if ((flags & Flag.Syn) !== 0) {
    const answer = (flags & Flag.Ack) !== 0;
    const note = answer ? f.expertSynAck : f.expertSyn;
    syn.expert(note, undefined, undefined, `${note.label}: server port ${layer.buf.u16(answer ? o : o + 2)}`);
  }
  const fin = node.uintNode(f.fin, o + 13, 1);
  if ((flags & Flag.Fin) !== 0) fin.expert(f.expertFin);
  if (closed !== null) fin.expert(closed);
  node.add(f.flagsText, o + 12, 2, flagLetters(flags), { generated: true });
}

/** The connection of Multipath TCP that a segment with its options belongs to. */
function addMultipath(layer: Layer, view: SubflowView, stream: number): void {
  const o = layer.buf.offset;
  const node = layer.add(mptcpFields.analysis, o, 0, null, { display: '' });
  node.add(mptcpFields.master, o, 0, view.master === stream, {
    display: view.master === NONE ? 'False' : `Master is tcp stream ${view.master}`,
  });
  node.add(mptcpFields.stream, o, 0, view.connection);
  // Wireshark has a blank behind each.
  node.add(mptcpFields.subflows, o, 0, view.streams.map((each) => `${each} `).join(''));
}

function times(layer: Layer, d: Dissection, firstRow: number): void {
  const packets = d.capture.packets;
  const previous = packets.chunkOf(d.row).prevInStream[d.row & CHUNK_MASK] as number;
  const node = layer.text(layer.buf.offset, 0, 'Timestamps');
  node.add(f.timeRelative, layer.buf.offset, 0, elapsed(packets, firstRow, d.row));
  node.add(f.timeDelta, layer.buf.offset, 0, elapsed(packets, previous === NONE ? d.row : previous, d.row));
}

/** Adds "SEQ/ACK analysis". Gives what stands before the info text. */
function addAnalysis(layer: Layer, d: Dissection, details: SegmentDetails, found: number): string {
  if (!details.analysed) return '';
  const o = layer.buf.offset;
  const packets = d.capture.packets;
  const node = layer.add(f.analysis, o, 0, null);
  if (details.acksRow !== NONE) {
    node.add(f.acksFrame, o, 0, details.acksRow + 1);
    const rtt = elapsed(packets, details.acksRow, d.row);
    if (rtt.sec !== 0 || rtt.nsec !== 0) node.add(f.ackRtt, o, 0, rtt);
  }
  if (details.firstRtt !== 0) node.add(f.initialRtt, o, 0, time(details.firstRtt));
  if (details.bytesInFlight > 0) node.add(f.bytesInFlight, o, 0, details.bytesInFlight);
  if (details.bytesInFlight > 0 && details.pushBytes >= 0) node.add(f.pushBytes, o, 0, details.pushBytes);
  if ((found & ANALYSIS_FLAGS) === 0) return '';
  const flags = node.add(f.analysisFlags, o, 0, null);
  let prefix = '';
  if ((found & ANY_RETRANSMISSION) !== 0) {
    if ((found & Analysis.Retransmission) !== 0) {
      flags.expert(f.retransmission);
      prefix = '[TCP Retransmission] ';
    } else if ((found & Analysis.FastRetransmission) !== 0) {
      flags.expert(f.fastRetransmission);
      flags.expert(f.retransmission);
      prefix = '[TCP Fast Retransmission] ';
    } else {
      flags.expert(f.spuriousRetransmission);
      flags.expert(f.retransmission);
      prefix = '[TCP Spurious Retransmission] ';
    }
    const rto = details.rtoRow === NONE ? null : elapsed(packets, details.rtoRow, d.row);
    if (rto !== null && (rto.sec !== 0 || rto.nsec !== 0)) {
      flags.add(f.rto, o, 0, rto);
      flags.add(f.rtoFrame, o, 0, details.rtoRow + 1);
    }
  }
  const say = (bit: number, field: (typeof f)['retransmission'], text: string): void => {
    if ((found & bit) === 0) return;
    flags.expert(field);
    prefix = `[TCP ${text}] ${prefix}`;
  };
  say(Analysis.OutOfOrder, f.outOfOrder, 'Out-Of-Order');
  say(Analysis.ReusedPorts, f.reusedPorts, 'Port numbers reused');
  say(Analysis.LostSegment, f.lostSegment, 'Previous segment not captured');
  say(Analysis.AckLostSegment, f.ackLostSegment, 'ACKed unseen segment');
  say(Analysis.WindowUpdate, f.windowUpdate, 'Window Update');
  say(Analysis.WindowFull, f.windowFull, 'Window Full');
  say(Analysis.KeepAlive, f.keepAlive, 'Keep-Alive');
  say(Analysis.KeepAliveAck, f.keepAliveAck, 'Keep-Alive ACK');
  if ((found & Analysis.DuplicateAck) !== 0) {
    const number = details.duplicateNumber;
    // 0 where a stream begins with a duplicate, as in tshark: it repeats an ACK of nothing.
    const frame = details.duplicateRow === NONE ? 0 : details.duplicateRow + 1;
    flags.add(f.duplicateAck, o, 0, null, { generated: true, label: 'This is a TCP duplicate ack' });
    node.add(f.duplicateAckNum, o, 0, number);
    const of = node.add(f.duplicateAckFrame, o, 0, frame);
    of.expert(f.duplicateAckExpert, undefined, undefined, `Duplicate ACK (#${number})`);
    prefix = `[TCP Dup ACK ${frame}#${number}] ${prefix}`;
  }
  say(Analysis.ZeroWindowProbe, f.zeroWindowProbe, 'ZeroWindowProbe');
  say(Analysis.ZeroWindow, f.zeroWindow, 'ZeroWindow');
  say(Analysis.ZeroWindowProbeAck, f.zeroWindowProbeAck, 'ZeroWindowProbeAck');
  return prefix;
}

function time(ns: number): Time {
  const sec = Math.floor(ns / 1_000_000_000);
  return { sec, nsec: ns - sec * 1_000_000_000 };
}

function addPayload(layer: Layer, b: Buf): void {
  if (b.length === 0) return;
  const display = `${b.wireLength} ${b.wireLength === 1 ? 'byte' : 'bytes'}`;
  layer.add(f.payload, b.offset, b.length, b.slice(b.offset, b.length), { display });
}

function givePayload(d: Dissection, layer: Layer, b: Buf, stream: number, direction: number, flags: number, prefix: string): void {
  // What a reset carries says why (RFC 9293, section 3.5.3), and is no payload. A reset with a FIN still completes what lasts up to the close.
  if ((flags & Flag.Rst) !== 0 && b.wireLength > 0) {
    if (b.length > 0) layer.add(f.resetCause, b.offset, b.length, b.text(b.offset, b.length));
    return;
  }
  // Who asks for what is above TCP alone gets nothing of how it was put together.
  const shown = d.wanted === null || d.wanted.sought.has(tcp.id);
  if (shown) addPayload(layer, b);
  const all = allProtocols();
  if (stream === NONE) {
    if (b.length > 0) d.call(d.indexed(all), b);
    return;
  }
  const plan: Plan = payloadPlan(d.capture, d.row, stream, direction, b);
  const before = d.columns.info;
  let called = false;
  const give = (joined: Joined): void => {
    const from = b.offset;
    if (joined.tail > 0 && shown)
      layer.add(f.segmentData, from, joined.tail, b.slice(from, joined.tail), { display: `${joined.tail} bytes` });
    const whole = d.newBuf('Reassembled TCP', joined.bytes);
    if (shown) addSegments(layer, joined, whole);
    d.call(d.indexed(all), whole.from(0, joined.used));
    called = true;
  };
  for (const joined of plan.released) give(joined);
  if (plan.reassembled !== null) give(plan.reassembled);
  if (plan.restEnd > plan.restStart) {
    const app = d.indexed(all);
    if (app !== undefined) {
      d.call(app, b.from(plan.restStart, plan.restEnd));
      called = true;
    }
  }
  if (called && prefix !== '' && d.columns.info !== before) d.columns.info = prefix + d.columns.info;
  // Where the index found a layer that has nothing to show as yet: a message begins, or goes on without saying how long it is.
  if (plan.aheadEnd > b.offset) {
    const app = d.indexed(all);
    if (app !== undefined) d.call(app, b.from(b.offset, plan.aheadEnd));
  } else if (plan.last.length === 0 && plan.ofMessage && plan.segmentStart < plan.segmentEnd) {
    const app = d.indexed(all);
    if (app?.framer?.early === true || app?.framer?.partial !== undefined) d.call(app, b.from(plan.segmentStart, plan.segmentStart));
  }
  if (plan.segmentStart < plan.segmentEnd) {
    const length = plan.segmentEnd - plan.segmentStart;
    const again = ((d.capture.packets.chunkOf(d.row).analysis[d.row & CHUNK_MASK] as number) & Analysis.Retransmission) !== 0;
    layer.add(f.segmentData, plan.segmentStart, length, b.slice(plan.segmentStart, length), {
      display: `${length} ${length === 1 ? 'byte' : 'bytes'}`,
      ...(again && { label: 'Retransmitted TCP segment data' }),
    });
    if (plan.reassembledIn !== NONE && plan.reassembledIn !== d.row) layer.add(f.reassembledIn, b.offset, 0, plan.reassembledIn + 1);
    if (!called && plan.ofMessage) d.columns.info += ' [TCP segment of a reassembled PDU]';
  }
  for (const joined of plan.last) give(joined);
}

/** Segments named in one line. */
const MOST_LISTED = 16;

/** '#6(23), #8(355)': packets and what of them is in the message. */
function listed({ parts }: NonNullable<Plan['reassembled']>): string {
  const words = parts.slice(0, MOST_LISTED).map(({ row, length }) => `#${row + 1}(${length})`);
  return parts.length > MOST_LISTED ? `${words.join(', ')}, …` : words.join(', ');
}

/**
 * What the segment of a row carries, dissected without fields (or with those that are `wanted`) and without what carries it, which costs more than
 * a short message does. Null where the columns do not tell all: tunnels, quoted packets, resets, segments in several IP fragments.
 */
export function dissectCarried(capture: CaptureIndex, row: number, wanted: Wanted | null): Dissection | null {
  const chunk = capture.packets.chunkOf(row);
  const at = row & CHUNK_MASK;
  const rowFlags = chunk.flags[at] as number;
  const stream = chunk.stream[at] as number;
  const flags = chunk.tcpFlags[at] as number;
  if ((rowFlags & (RowFlag.Tcp | NOT_PLAIN)) !== RowFlag.Tcp || stream === NONE || (flags & Flag.Rst) !== 0) return null;
  const payload = chunk.payload[at] as number;
  if (payload === 0 && ((flags & Flag.Fin) === 0 || chunk.message[at] === 0)) return null;
  const segment = segmentOf(capture, row);
  if (segment === null) return null;
  const { bytes, offset } = segment;
  const from = offset + ((bytes[offset + 12] as number) >> 4) * 4;
  const d = new Dissection(capture, row, false, wanted !== null, wanted);
  if (from < offset + HEADER || from > bytes.length || !d.over(tcp)) return null;
  const fromClient = (rowFlags & RowFlag.FromClient) !== 0;
  const [srcPort, dstPort] = [chunk.srcPort[at] as number, chunk.dstPort[at] as number];
  if (wanted !== null) {
    d.netSrc = capture.addresses.bytes(chunk.src[at] as number);
    d.netDst = capture.addresses.bytes(chunk.dst[at] as number);
    d.ipProto = IpProto.Tcp;
  }
  d.transport = { kind: 'tcp', stream, fromClient, srcPort, dstPort };
  const b = new Buf(bytes, d.source('Frame', bytes), from, Math.min(bytes.length, from + payload), from + payload);
  givePayload(d, d.layer(tcp, b), b, stream, fromClient ? 0 : 1, flags, '');
  return d;
}

const NOT_PLAIN = RowFlag.Several | RowFlag.Fragment | RowFlag.Reassembled | RowFlag.Malformed | RowFlag.Short;

/** Which segments the reassembled bytes came in. */
function addSegments(layer: Layer, reassembled: NonNullable<Plan['reassembled']>, whole: Buf): void {
  const count = reassembled.parts.length;
  const total = whole.length;
  const node = layer.over(whole).add(f.segments, 0, total, null, {
    generated: true,
    label: `${count} Reassembled TCP Segments`,
    display: `(${total} bytes): ${listed(reassembled)}`,
  });
  for (const { row, offset, length, overlap } of reassembled.parts) {
    const shown = offset + length > total ? Math.max(0, total - offset) : length;
    const each = node.add(overlap === 'none' ? f.segment : f.segmentError, offset, shown, row + 1, {
      label: 'Frame',
      display: `${row + 1}, payload: ${offset}-${offset + shown - 1} (${shown} bytes)`,
    });
    if (overlap !== 'none') each.add(f.segmentOverlap, offset, 0, true);
    if (overlap === 'conflict') each.add(f.segmentConflict, offset, 0, true);
  }
  node.add(f.segmentCount, 0, 0, count);
  node.add(f.reassembledLength, 0, 0, total);
  node.add(f.reassembledData, 0, total, whole.bytes, { display: `${total} bytes` });
}

export const tcp = defineProtocol({
  name: 'tcp',
  short: 'TCP',
  title: 'Transmission Control Protocol',
  osi: '4',
  pdu: 'Segment',
  hue: 'tra',
  fields: [...Object.values(f), ...optionFields],
  index,
  parts: { header: indexTcpAhead, rest: indexSegment },
  dissect,
});
