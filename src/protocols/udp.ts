/** UDP (RFC 768) and UDP-Lite (RFC 3828). */

import { data } from '../dissect/data.ts';
import { bytesText } from '../dissect/display.ts';
import type { Buf, Dissection, Node } from '../dissect/dissection.ts';
import { bytes, expert, reltime, uint8, uint16, uint32 } from '../dissect/field.ts';
import type { IndexWalk } from '../dissect/index-walk.ts';
import { allProtocols, defineProtocol, type Protocol } from '../dissect/protocol.ts';
import { heuristics, tables } from '../dissect/tables.ts';
import { byHeuristic, choose } from '../flow/choose.ts';
import { expectations } from '../flow/expected.ts';
import { udpFlows } from '../flow/udp-flows.ts';
import type { Time } from '../messages.ts';
import { CHUNK_MASK, NONE, type PacketTable, RowFlag, UNSET } from '../table/packet-table.ts';
import { checksumStatus } from './ip-names.ts';

const HEADER = 8;

const f = {
  srcport: uint16('udp.srcport', 'Source Port', { also: ['udp.port'] }),
  dstport: uint16('udp.dstport', 'Destination Port', { also: ['udp.port'] }),
  length: uint16('udp.length', 'Length'),
  checksum: uint16('udp.checksum', 'Checksum', { base: 'hex' }),
  status: uint8('udp.checksum.status', 'Checksum Status', {
    base: 'none',
    generated: true,
    names: checksumStatus,
  }),
  stream: uint32('udp.stream', 'Stream index', { generated: true }),
  timeRelative: reltime('udp.time_relative', 'Time since first frame', { generated: true, unit: ' seconds' }),
  timeDelta: reltime('udp.time_delta', 'Time since previous frame', { generated: true, unit: ' seconds' }),
  payload: bytes('udp.payload', 'Payload'),
  lengthBad: expert('udp.length.bad', 'error', 'Bad length value', 'malformed'),
  lengthBadZero: expert('udp.length.bad_zero', 'warn', 'Length is zero but payload < 65536'),
  checksumZero: expert('udp.checksum.zero', 'error', 'Illegal checksum value (0)', 'checksum'),
  possibleTraceroute: expert('udp.possible_traceroute', 'chat', 'Possible traceroute', 'sequence'),
};

const lite = {
  coverage: uint16('udp.checksum_coverage', 'Checksum coverage'),
  coverageBad: expert('udplite.checksum_coverage.bad', 'error', 'Bad checksum coverage length value', 'malformed'),
};

/**
 * Where the payload ends on the wire, by the header's length field; -1 if that field makes no sense.
 * @param jumbo a length of 0 may stand for all there is: over IPv6 (RFC 2675, section 4)
 */
function payloadEnd(length: number, offset: number, wireEnd: number, jumbo: boolean): number {
  if (length === 0 && jumbo) return wireEnd;
  if (length < HEADER) return -1;
  return Math.min(offset + length, wireEnd);
}

function index(w: IndexWalk, isLite: boolean): void {
  const o = w.offset;
  const b = w.bytes;
  if (!w.has(HEADER)) return;
  const srcPort = ((b[o] as number) << 8) | (b[o + 1] as number);
  const dstPort = ((b[o + 2] as number) << 8) | (b[o + 3] as number);
  const length = ((b[o + 4] as number) << 8) | (b[o + 5] as number);
  const wireEnd = isLite ? w.wireEnd : payloadEnd(length, o, w.wireEnd, w.quoted || (w.flags & RowFlag.Ipv6) !== 0);
  let known = 0;
  let stream = NONE;
  const flows = w.capture.state(udpFlows);
  if (!w.quoted) {
    if ((w.flags & (RowFlag.Tcp | RowFlag.Udp)) !== 0) w.flags |= RowFlag.Several;
    w.flags = (w.flags & ~(RowFlag.Tcp | RowFlag.FromClient)) | RowFlag.Udp;
    w.srcPort = srcPort;
    w.dstPort = dstPort;
    if (wireEnd < 0) {
      w.stream = UNSET;
      w.prevInStream = UNSET;
      return;
    }
    // A datagram in a tunnel inside the same stream (or a second one of the row) leaves the first's link as it is.
    stream = flows.observe(w.row, w.src, srcPort, w.dst, dstPort);
    w.stream = stream;
    w.prevInStream = flows.previous === w.row ? UNSET : flows.previous;
    if (flows.fromFirst) w.flags |= RowFlag.FromClient;
    known = flows.app[stream] as number;
    const expected = w.capture.state(expectations);
    if (expected.size > 0 && (known === 0 || expected.mayChange(known))) {
      const announced = expected.find(w.dst, dstPort) || expected.find(w.src, srcPort);
      if (announced !== 0) {
        known = announced;
        flows.app[stream] = known;
      }
    }
  }
  if (wireEnd < 0) return;
  if (w.quoted) flows.quote(w.row, w.quotedSrc, srcPort, w.quotedDst, dstPort);
  const from = o + HEADER;
  if (!w.quoted) w.payload = wireEnd - from;
  const end = wireEnd < w.end ? wireEnd : w.end;
  if (from >= end) return;
  let app = choose(tables.udpPort, heuristics.udp, known, 0, srcPort, dstPort, b, from, end, wireEnd);
  if (app === undefined) app = data;
  else {
    if (stream !== NONE && (byHeuristic || ((app.startsStream === true || app.sticky === true) && known === 0))) {
      flows.app[stream] = app.id + 1;
      if (app.startsStream === true) flows.succeeded[stream] = 1;
    }
    if (app.follows !== undefined && !w.quoted && !app.follows(w, from, end)) app = data;
  }
  w.follow(app, from, end, wireEnd);
}

/** Time of row `to` minus time of row `from`. */
export function elapsed(packets: PacketTable, from: number, to: number): Time {
  const a = packets.chunkOf(from);
  const b = packets.chunkOf(to);
  let sec = (b.sec[to & CHUNK_MASK] as number) - (a.sec[from & CHUNK_MASK] as number);
  let nsec = (b.nsec[to & CHUNK_MASK] as number) - (a.nsec[from & CHUNK_MASK] as number);
  if (nsec < 0) {
    sec--;
    nsec += 1_000_000_000;
  }
  return { sec, nsec };
}

/** AddressTable ids of the innermost addresses, NONE where there are none. */
export function addressId(d: Dissection, address: Uint8Array | null): number {
  if (address === null) return NONE;
  return address.length === 4 ? d.capture.addresses.intern4(address, 0) : d.capture.addresses.intern6(address, 0);
}

/** traceroute counts its probes from here on, three for each hop. */
const TRACEROUTE_PORT = 33434;
const MOST_PROBES = 30;

/** Number of the probe that has this port, 0 where it is none. */
function probeOf(port: number): number {
  return port > TRACEROUTE_PORT && port <= TRACEROUTE_PORT + MOST_PROBES ? port - TRACEROUTE_PORT : 0;
}

function dissect(d: Dissection, b: Buf, protocol: Protocol, isLite: boolean): void {
  const o = b.offset;
  const layer = d.layer(protocol, b);
  layer.size(HEADER);
  d.column(protocol, '');
  const srcPort = layer.uint(f.srcport, o);
  const dstPort = layer.uint(f.dstport, o + 2);
  const probe = probeOf(dstPort) || probeOf(srcPort);
  if (!isLite && probe > 0) {
    const words = `Possible traceroute: hop #${Math.ceil(probe / 3)}, attempt #${((probe - 1) % 3) + 1}`;
    layer.expert(f.possibleTraceroute, o, 4, words);
  }
  layer.summary = `${srcPort} → ${dstPort}`;
  d.columns.info = `${srcPort} → ${dstPort}`;
  if (b.length < HEADER) {
    layer.uint(isLite ? lite.coverage : f.length, o + 4);
    layer.has(o, HEADER);
    return;
  }
  let wireEnd = b.wireEnd;
  const length = b.u16(o + 4);
  if (isLite) {
    const coverage = layer.uintNode(lite.coverage, o + 4);
    if (length !== 0 && (length < HEADER || length > b.wireLength)) coverage.expert(lite.coverageBad);
  } else {
    const node = layer.uintNode(f.length, o + 4);
    const jumbo = d.quoted || d.netSrc?.length === 16;
    wireEnd = payloadEnd(length, o, b.wireEnd, jumbo);
    if (length === 0 && jumbo) {
      if (b.wireLength < 65536) node.expert(f.lengthBadZero);
    } else if (length < HEADER) {
      node.expert(f.lengthBad, undefined, undefined, `Bad length value ${length} < 8`);
      d.columns.info = `BAD UDP LENGTH ${length} < 8`;
      return;
    } else if (length > b.wireLength && !d.fragmented && !d.quoted) {
      node.expert(f.lengthBad, undefined, undefined, `Bad length value ${length} > IP payload length`);
      d.columns.info = `BAD UDP LENGTH ${length} > IP PAYLOAD LENGTH`;
    }
  }
  const dataLength = (isLite || length === 0 ? b.wireLength : length) - HEADER;
  d.columns.info += ` Len=${dataLength}`;
  layer.summary += ` · ${bytesText(dataLength)}`;
  const checksum = layer.uintNode(f.checksum, o + 6);
  const sum = b.u16(o + 6);
  if (sum === 0 && !isLite && (d.netSrc?.length === 4 || d.quoted)) {
    checksum.display = '0x0000 [zero-value ignored]';
    checksum.add(f.status, o + 6, 2, 3);
  } else if (sum === 0) {
    checksum.expert(f.checksumZero);
    layer.add(f.status, o + 6, 0, 0);
  } else {
    checksum.display = `0x${sum.toString(16).padStart(4, '0')} [unverified]`;
    layer.add(f.status, o + 6, 0, 2);
  }
  const flows = d.capture.state(udpFlows);
  const src = addressId(d, d.netSrc);
  const dst = addressId(d, d.netDst);
  let stream = flows.tuples.findAt(d.row, flows.firstRow, src, srcPort, dst, dstPort);
  let fromClient = !flows.tuples.reversed;
  if (!d.quoted) {
    // A routing header changes the destination on the way, and a later stream between the same two may have another number.
    const chunk = d.capture.packets.chunkOf(d.row);
    const at = d.row & CHUNK_MASK;
    const flags = chunk.flags[at] as number;
    const own = (flags & RowFlag.Udp) !== 0 && chunk.srcPort[at] === srcPort && chunk.dstPort[at] === dstPort;
    if (own && (stream === NONE || chunk.src[at] === src)) {
      stream = chunk.stream[at] as number;
      fromClient = (flags & RowFlag.FromClient) !== 0;
    }
  }
  if (stream !== NONE) {
    layer.add(f.stream, o, 0, stream);
    if (!d.quoted) {
      d.transport = { kind: 'udp', stream, fromClient, srcPort, dstPort };
      times(layer, d, stream, flows.firstRow[stream] as number);
    }
  }
  const from = o + HEADER;
  if (wireEnd > from) {
    const captured = Math.max(0, Math.min(wireEnd, b.end) - from);
    if (captured > 0)
      layer.add(f.payload, from, captured, b.slice(from, captured), { label: 'UDP payload', display: `${wireEnd - from} bytes` });
  }
  layer.size(HEADER, wireEnd);
  const app = d.indexed(allProtocols());
  if (app !== undefined && from < b.end) d.call(app, b.from(from, wireEnd));
}

function times(layer: Node, d: Dissection, stream: number, firstRow: number): void {
  const packets = d.capture.packets;
  const chunk = packets.chunkOf(d.row);
  // In a tunnel the columns are those of the innermost stream.
  const own = chunk.stream[d.row & CHUNK_MASK] === stream && ((chunk.flags[d.row & CHUNK_MASK] as number) & RowFlag.Udp) !== 0;
  const previous = own ? (chunk.prevInStream[d.row & CHUNK_MASK] as number) : NONE;
  const node = layer.text(layer.buf.offset, 0, 'Timestamps');
  node.add(f.timeRelative, layer.buf.offset, 0, elapsed(packets, firstRow, d.row));
  node.add(f.timeDelta, layer.buf.offset, 0, elapsed(packets, previous === NONE ? d.row : previous, d.row));
}

export const udp = defineProtocol({
  name: 'udp',
  short: 'UDP',
  title: 'User Datagram Protocol',
  osi: '4',
  pdu: 'Datagram',
  hue: 'tra',
  fields: Object.values(f),
  index: (w) => index(w, false),
  dissect: (d, b) => dissect(d, b, udp, false),
});

export const udplite = defineProtocol({
  name: 'udplite',
  short: 'UDP-Lite',
  title: 'Lightweight User Datagram Protocol',
  osi: '4',
  pdu: 'Datagram',
  hue: 'tra',
  fields: Object.values(lite),
  index: (w) => index(w, true),
  dissect: (d, b) => dissect(d, b, udplite, true),
});
