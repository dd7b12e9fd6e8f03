/** RTCP (RFC 3550 section 6, feedback of RFC 4585 and RFC 5104): found where a signalling protocol announced it, and by its shape. */
import type { Buf, Dissection, Layer, Node } from '../dissect/dissection.ts';
import {
  abstime,
  bool,
  bytes,
  type FieldDef,
  framenum,
  int32,
  nameOf,
  names,
  string,
  TRUE_FALSE,
  uint8,
  uint16,
  uint24,
  uint32,
} from '../dissect/field.ts';
import { app } from './app-kit.ts';
import { mediaSetups } from './media-setups.ts';
import { rtpVersions } from './rtp.ts';
import { addressId } from './udp.ts';

const SENDER = 200;
const RECEIVER = 201;
const DESCRIPTION = 202;
const GOODBYE = 203;
const APPLICATION = 204;
const TRANSPORT_FEEDBACK = 205;
const PAYLOAD_FEEDBACK = 206;
const NACK = 1;
const FULL_INTRA = 4;
const PRIVATE = 8;
/** Packets of one datagram, and entries of one packet, that are read. */
const MAX_PACKETS = 200;

const f = {
  setup: string('rtcp.setup', 'Stream setup', { generated: true }),
  setupFrame: framenum('rtcp.setup-frame', 'Setup frame', { generated: true }),
  setupMethod: string('rtcp.setup-method', 'Setup Method', { generated: true }),
  version: uint8('rtcp.version', 'Version', {
    mask: 0xc0,
    names: rtpVersions,
  }),
  padding: bool('rtcp.padding', 'Padding', { mask: 0x20, bool: ['True', 'False'] }),
  reports: uint8('rtcp.rc', 'Reception report count', { mask: 0x1f }),
  sources: uint8('rtcp.sc', 'Source count', { mask: 0x1f }),
  subtype: uint8('rtcp.app.subtype', 'Subtype', { mask: 0x1f }),
  transportKind: uint8('rtcp.rtpfb.fmt', 'RTCP Feedback message type (FMT)', {
    mask: 0x1f,
    names: names({
      1: 'Generic negative acknowledgement (NACK)',
      3: 'Temporary Maximum Media Stream Bit Rate Request (TMMBR)',
      4: 'Temporary Maximum Media Stream Bit Rate Notification (TMMBN)',
      5: 'RTCP Rapid Resynchronisation Request (RTCP-SR-REQ)',
      15: 'Transport-wide Congestion Control',
    }),
  }),
  payloadKind: uint8('rtcp.psfb.fmt', 'RTCP Feedback message type (FMT)', {
    mask: 0x1f,
    names: names({
      1: 'Picture Loss Indication',
      2: 'Slice Loss Indication',
      3: 'Reference Picture Selection Indication',
      4: 'Full Intra Request (FIR) Command',
      15: 'Application Layer Feedback',
    }),
  }),
  type: uint8('rtcp.pt', 'Packet type', {
    names: names({
      192: 'Full Intra-frame Request (H.261)',
      193: 'Negative Acknowledgement (H.261)',
      194: 'SMPTE time-code mapping',
      195: 'Extended inter-arrival jitter report',
      200: 'Sender Report',
      201: 'Receiver Report',
      202: 'Source description',
      203: 'Goodbye',
      204: 'Application specific',
      205: 'Generic RTP Feedback',
      206: 'Payload-specific Feedback',
      207: 'Extended report (RFC 3611)',
      208: 'AVB RTCP packet (IEEE1733)',
      209: 'Receiver Summary Information',
      210: 'Port Mapping',
    }),
  }),
  length: uint16('rtcp.length', 'Length'),
  sender: uint32('rtcp.senderssrc', 'Sender SSRC', { base: 'hex_dec' }),
  media: uint32('rtcp.mediassrc', 'Media source SSRC', { base: 'hex_dec' }),
  high: uint32('rtcp.timestamp.ntp.msw', 'Timestamp, MSW', { base: 'dec_hex' }),
  low: uint32('rtcp.timestamp.ntp.lsw', 'Timestamp, LSW', { base: 'dec_hex' }),
  time: abstime('rtcp.timestamp.ntp', 'MSW and LSW as NTP timestamp', { generated: true }),
  timestamp: uint32('rtcp.timestamp.rtp', 'RTP timestamp'),
  packets: uint32('rtcp.sender.packetcount', "Sender's packet count"),
  octets: uint32('rtcp.sender.octetcount', "Sender's octet count"),
  source: uint32('rtcp.ssrc.identifier', 'Identifier', { base: 'hex_dec' }),
  fraction: uint8('rtcp.ssrc.fraction', 'Fraction lost'),
  lost: int32('rtcp.ssrc.cum_nr', 'Cumulative number of packets lost'),
  highest: uint32('rtcp.ssrc.ext_high', 'Extended highest sequence number received'),
  cycles: uint16('rtcp.ssrc.high_cycles', 'Sequence number cycles count'),
  sequence: uint16('rtcp.ssrc.high_seq', 'Highest sequence number received'),
  jitter: uint32('rtcp.ssrc.jitter', 'Interarrival jitter'),
  lastReport: uint32('rtcp.ssrc.lsr', 'Last SR timestamp', { base: 'dec_hex' }),
  delay: uint32('rtcp.ssrc.dlsr', 'Delay since last SR timestamp'),
  item: uint8('rtcp.sdes.type', 'Type', {
    names: names({
      0: 'END',
      1: 'CNAME (user and domain)',
      2: 'NAME (common name)',
      3: 'EMAIL (e-mail address)',
      4: 'PHONE (phone number)',
      5: 'LOC (geographic location)',
      6: 'TOOL (name/version of source app)',
      7: 'NOTE (note about source)',
      8: 'PRIV (private extensions)',
      9: 'H323-CADDR (H.323 callable address)',
      10: 'Application Specific Identifier',
    }),
  }),
  itemLength: uint32('rtcp.sdes.length', 'Length'),
  text: string('rtcp.sdes.text', 'Text'),
  prefixLength: uint8('rtcp.sdes.prefix.length', 'Prefix length'),
  prefix: string('rtcp.sdes.prefix.string', 'Prefix string'),
  name: string('rtcp.app.name', 'Name (ASCII)'),
  data: bytes('rtcp.app.data', 'Application specific data'),
  dataText: string('rtcp.app.data_str', 'Application specific data'),
  missing: uint16('rtcp.rtpfb.nack_pid', 'RTCP Transport Feedback NACK PID'),
  following: uint16('rtcp.rtpfb.nack_blp', 'RTCP Transport Feedback NACK BLP', { base: 'hex' }),
  intraSource: uint32('rtcp.psfb.fir.fci.ssrc', 'SSRC', { base: 'hex_dec' }),
  intraNumber: uint8('rtcp.psfb.fir.fci.csn', 'Command Sequence Number'),
  intraReserved: uint24('rtcp.psfb.fir.fci.reserved', 'Reserved'),
  whole: bool('rtcp.length_check', 'RTCP frame length check', { generated: true, bool: TRUE_FALSE }),
};

/** Seconds from 1900 (or, above bit 31, from February 2036: RFC 4330 section 3) to those from 1970. */
function unixSeconds(seconds: number): number {
  return seconds === 0 ? 0 : seconds >= 0x80000000 ? seconds - 2208988800 : seconds + 2085978496;
}

/** RFC 3550, section 6.4.1: what is said of one source. */
function reportBlock(layer: Layer, at: number, number: number): void {
  const node = layer.text(at, 24, `Source ${number}`);
  node.uint(f.source, at);
  node.uint(f.fraction, at + 4, 1, { display: `${layer.buf.u8(at + 4)} / 256` });
  const lost = layer.buf.u24(at + 5);
  if (node.has(at + 5, 3)) node.add(f.lost, at + 5, 3, lost >= 0x800000 ? lost - 0x1000000 : lost);
  const highest = node.uintNode(f.highest, at + 8);
  highest.uint(f.cycles, at + 8);
  highest.uint(f.sequence, at + 10);
  node.uint(f.jitter, at + 12);
  node.uint(f.lastReport, at + 16);
  const delay = layer.buf.u32(at + 20);
  node.uint(f.delay, at + 20, 4, { display: `${delay} (${Math.trunc((delay * 1000) / 65536)} milliseconds)` });
}

function senderInfo(layer: Layer, at: number): void {
  const high = layer.uint(f.high, at);
  const low = layer.uint(f.low, at + 4);
  if (layer.ok) layer.add(f.time, at, 8, { sec: unixSeconds(high), nsec: Math.floor((low * 1e9) / 2 ** 32) });
  layer.uint(f.timestamp, at + 8);
  layer.uint(f.packets, at + 12);
  layer.uint(f.octets, at + 16);
}

/** RFC 3550, section 6.5: the chunks of a source description. */
function descriptions(layer: Layer, from: number, end: number, count: number): void {
  const b = layer.buf;
  let at = from;
  for (let n = 1; n <= count && at + 4 <= end && layer.ok; n++) {
    const chunk = layer.text(at, 4, `Chunk ${n}`);
    chunk.uint(f.source, at);
    at += 4;
    while (at < end && layer.ok) {
      const kind = b.u8(at);
      const item = layer.uint(f.item, at);
      if (kind === 0) {
        at++;
        break;
      }
      const length = b.u8(at + 1);
      layer.uint(f.itemLength, at + 1, 1);
      if (item === PRIVATE && length > 0) {
        const prefix = Math.min(layer.uint(f.prefixLength, at + 2), length - 1);
        layer.string(f.prefix, at + 3, prefix);
        layer.string(f.text, at + 3 + prefix, length - 1 - prefix);
      } else if (length > 0) layer.string(f.text, at + 2, length);
      at += 2 + length;
    }
    // Each chunk ends at a multiple of four octets.
    at += (4 - ((at - from) & 3)) & 3;
  }
}

function feedback(layer: Layer, at: number, end: number, type: number, kind: number): void {
  layer.uint(f.sender, at);
  layer.uint(f.media, at + 4);
  const step = type === TRANSPORT_FEEDBACK && kind === NACK ? 4 : type === PAYLOAD_FEEDBACK && kind === FULL_INTRA ? 8 : 0;
  for (let o = at + 8, n = 1; step > 0 && o + step <= end && layer.ok && n <= MAX_PACKETS; o += step, n++) {
    if (step === 4) {
      layer.uint(f.missing, o);
      layer.uint(f.following, o + 2);
      continue;
    }
    const node: Node = layer.text(o, 8, `FIR ${n}`);
    node.uint(f.intraSource, o);
    node.uint(f.intraNumber, o + 4);
    node.uint(f.intraReserved, o + 5);
  }
}

function setupFields(layer: Layer, d: Dissection): void {
  const { transport } = d;
  if (transport?.kind !== 'udp') return;
  const table = d.capture.state(mediaSetups);
  const setup = table.at(addressId(d, d.netDst), transport.dstPort, d.row) ?? table.at(addressId(d, d.netSrc), transport.srcPort, d.row);
  if (setup === undefined) return;
  const node = layer.add(f.setup, layer.buf.offset, 0, '', { display: `Stream setup by ${setup.method} (frame ${setup.row + 1})` });
  node.add(f.setupFrame, layer.buf.offset, 0, setup.row + 1);
  node.add(f.setupMethod, layer.buf.offset, 0, setup.method);
}

const countField: Readonly<Record<number, FieldDef | undefined>> = {
  [DESCRIPTION]: f.sources,
  [GOODBYE]: f.sources,
  [APPLICATION]: f.subtype,
  [TRANSPORT_FEEDBACK]: f.transportKind,
  [PAYLOAD_FEEDBACK]: f.payloadKind,
};

/** One packet of a compound one; gives where it ends. */
function packet(layer: Layer, at: number): number {
  const b = layer.buf;
  const type = b.u8(at + 1);
  layer.uint(f.version, at);
  layer.uint(f.padding, at, 1);
  const count = layer.uint(countField[type] ?? f.reports, at, 1);
  layer.uint(f.type, at + 1);
  const words = b.u16(at + 2);
  layer.uint(f.length, at + 2, 2, { display: `${words} (${4 * (words + 1)} bytes)` });
  const end = at + 4 * (words + 1);
  const stop = Math.min(end, b.end);
  if (!layer.ok) return end;
  if (type === SENDER || type === RECEIVER) {
    layer.uint(f.sender, at + 4);
    let o = at + 8;
    if (type === SENDER) {
      senderInfo(layer, o);
      o += 20;
    }
    for (let n = 1; n <= count && layer.ok; n++, o += 24) reportBlock(layer, o, n);
  } else if (type === DESCRIPTION) descriptions(layer, at + 4, stop, count);
  else if (type === GOODBYE) {
    let o = at + 4;
    for (let n = 0; n < count && layer.ok; n++, o += 4) layer.uint(f.source, o);
    if (o < stop && layer.ok) {
      const length = b.u8(o);
      layer.uint(f.itemLength, o, 1);
      if (length > 0) layer.string(f.text, o + 1, length);
    }
  } else if (type === APPLICATION) {
    layer.uint(f.source, at + 4);
    layer.string(f.name, at + 8, 4);
    if (stop > at + 12 && layer.ok) {
      const text = b.text(at + 12, stop - at - 12);
      if (/^[ -~]*$/.test(text)) layer.add(f.dataText, at + 12, stop - at - 12, text);
      else layer.bytes(f.data, at + 12, stop - at - 12);
    }
  } else if (type === TRANSPORT_FEEDBACK || type === PAYLOAD_FEEDBACK) feedback(layer, at + 4, stop, type, count);
  return end;
}

const isBegin = (type: number): boolean =>
  type === SENDER || type === RECEIVER || type === GOODBYE || type === APPLICATION || type === PAYLOAD_FEEDBACK;

export const rtcp = app({
  name: 'rtcp',
  short: 'RTCP',
  title: 'Real-time Transport Control Protocol',
  pdu: 'Packet',
  fields: Object.values(f),
  mayBegin: (octet) => octet >> 6 === 2,
  /** As tshark's heuristic, and the first packet fits: version 2, a type that begins a compound packet, whole words. */
  accepts: (b, offset, end, wireEnd) =>
    end - offset >= 8 &&
    (b[offset] as number) >> 6 === 2 &&
    isBegin(b[offset + 1] as number) &&
    ((wireEnd - offset) & 3) === 0 &&
    4 * ((((b[offset + 2] as number) << 8) | (b[offset + 3] as number)) + 1) <= wireEnd - offset,
  read(layer, b: Buf, d) {
    setupFields(layer, d);
    const kinds: string[] = [];
    let at = b.offset;
    for (let n = 0; at < b.end && layer.ok && n < MAX_PACKETS; n++) {
      const kind = nameOf(f.type, b.u8(at + 1));
      // What is behind the last packet is padding, or nobody knows what.
      if (n > 0 && (b.u8(at) >> 6 !== 2 || kind === undefined)) break;
      kinds.push(kind ?? 'Unknown');
      at = packet(layer, at);
    }
    if (layer.ok) layer.add(f.whole, b.offset, 0, at <= b.wireEnd);
    return kinds.join(', ');
  },
});
