/**
 * The transport of remote desktop over UDP (MS-RDPEUDP, and MS-RDPEUDP2 where both sides have agreed on it): headers, and the TLS or DTLS
 * that it carries.
 */
import { defineState } from '../dissect/capture-index.ts';
import type { Buf, Layer } from '../dissect/dissection.ts';
import { bool, bytes, names, TRUE_FALSE, uint8, uint16, uint32 } from '../dissect/field.ts';
import type { IndexWalk } from '../dissect/index-walk.ts';
import { NONE, UNSET } from '../table/packet-table.ts';
import { app, be16, le16 } from './app-kit.ts';
import { dtlsOnPort } from './dtls.ts';
import { indexTlsAlone, tls } from './tls.ts';

const f = {
  sourceAck: uint32('rdpudp.snsourceack', 'snSourceAck', { base: 'hex' }),
  window: uint16('rdpudp.receivewindowsize', 'ReceiveWindowSize'),
  flags: uint16('rdpudp.flags', 'Flags', { base: 'hex' }),
  initial: uint32('rdpudp.initialsequencenumber', 'Initial SequenceNumber', { base: 'hex' }),
  upstream: uint16('rdpudp.upstreammtu', 'Upstream MTU'),
  downstream: uint16('rdpudp.downstreammtu', 'DownStream MTU'),
  correlation: bytes('rdpudp.correlationid', 'Correlation Id'),
  synFlags: uint16('rdpudp.synex.flags', 'Flags', { base: 'hex' }),
  version: uint16('rdpudp.synex.version', 'Version', {
    base: 'hex',
    names: names({ 1: 'UDPv1-1', 2: 'UDPv1-2', 257: 'UDPv2' }),
  }),
  cookie: bytes('rdpudp.synex.cookiehash', 'Cookie Hash'),
  ackItem: uint8('rdpudp.ack.item', 'Ack item', { base: 'hex' }),
  ackRun: uint8('rdpudp.ack.item.rle', 'Run length', { mask: 0x3f }),
  fecCoded: uint32('rdpudp.fec.coded', 'snCoded', { base: 'hex' }),
  fecStart: uint32('rdpudp.fec.sourcestart', 'snSourceStart', { base: 'hex' }),
  reset: uint32('rdpudp.resetSeqNum', 'snResetSeqNum', { base: 'hex' }),
  coded: uint32('rdpudp.data.sncoded', 'snCoded', { base: 'hex' }),
  start: uint32('rdpudp.data.sourceStart', 'snSourceStart', { base: 'hex' }),
  data: bytes('rdpudp.data', 'Data'),
};
const SYN = 0x0001;
const ACK = 0x0004;
const DATA = 0x0008;
const FEC = 0x0010;
const ACK_OF_ACKS = 0x0100;
const LOSSY = 0x0200;
const CORRELATION = 0x0800;
const SYN_EXTENSION = 0x1000;
const flagBits = [
  ['syn', 'Syn', SYN],
  ['fin', 'Fin', 0x0002],
  ['ack', 'Ack', ACK],
  ['data', 'Data', DATA],
  ['fec', 'FECData', FEC],
  ['cn', 'CN', 0x0020],
  ['cwr', 'CWR', 0x0040],
  ['aoa', 'Ack of Acks', ACK_OF_ACKS],
  ['synlossy', 'Syn lossy', LOSSY],
  ['ackdelayed', 'Ack delayed', 0x0400],
  ['correlationid', 'Correlation id', CORRELATION],
  ['synex', 'SynEx', SYN_EXTENSION],
].map(([name, label, mask]) => bool(`rdpudp.flags.${name}`, String(label), { mask: Number(mask), bool: TRUE_FALSE }));

const g = {
  prefix: uint8('rdpudp2.prefixbyte', 'PacketPrefixByte', { base: 'hex' }),
  flags: uint16('rdpudp2.flags', 'Flags', { base: 'hex', mask: 0x0fff }),
  channel: uint16('rdpudp2.data.channelseqnumber', 'Channel sequence number', { base: 'hex' }),
};
/** Flags of the second version (MS-RDPEUDP2, section 2.2.1.1); a packet of type 8 carries nothing that is meant. */
const Second = { Ack: 0x001, Data: 0x004, AckVector: 0x008, AckOfAcks: 0x010, Overhead: 0x040, DelayAck: 0x100 } as const;
const DUMMY = 8;
const VERSION_2 = 0x0101;

/** Connections that are kept. */
const MAX_KEPT = 65_536;

/** What both sides have agreed on, by UDP stream. */
class Agreements {
  /** Of streams, the rows from which on the second version is spoken, and with which they lose what is lost. */
  readonly second = new Map<number, number>();
  readonly lossy = new Map<number, number>();
}
const agreements = defineState(() => new Agreements());

/** Where the payload of a packet of the first version begins, -1 without one. Headers are padded to four octets (section 2.2.2.7). */
function payloadAt(b: Uint8Array, o: number, end: number): number {
  const flags = be16(b, o + 6);
  if ((flags & DATA) === 0) return -1;
  let at = afterSyn(b, o, end, flags);
  if ((flags & ACK) !== 0 && (flags & SYN) === 0) {
    if (at + 2 > end) return -1;
    at += (2 + be16(b, at) + 3) & ~3;
  }
  if ((flags & FEC) !== 0) at += 12;
  if ((flags & ACK_OF_ACKS) !== 0) at += 4;
  return at + 8 < end ? at + 8 : -1;
}

/** Where what only the first packets have ends. */
function afterSyn(b: Uint8Array, o: number, end: number, flags: number): number {
  let at = o + 8;
  if ((flags & SYN) !== 0) at += 8;
  if ((flags & CORRELATION) !== 0) at += 32;
  if ((flags & SYN_EXTENSION) !== 0 && at + 4 <= end) at += (be16(b, at) & 1) === 0 ? 2 : be16(b, at + 2) === VERSION_2 ? 36 : 4;
  return at;
}

/** The same of the second version, whose first and eighth octet have changed places. */
function secondPayloadAt(b: Uint8Array, o: number, end: number): number {
  if (end - o < 8 || (((b[o + 7] as number) >> 1) & 15) === DUMMY) return -1;
  const flags = le16(b, o + 1);
  if ((flags & Second.Data) === 0) return -1;
  // The octet at 7 is the first one's.
  const octet = (at: number): number => (at >= end ? 0 : at === o + 7 ? (b[o] as number) : (b[at] as number));
  let at = o + 3;
  if ((flags & Second.Ack) !== 0) at += 7 + (octet(at + 6) & 15);
  if ((flags & Second.Overhead) !== 0) at += 1;
  if ((flags & Second.DelayAck) !== 0) at += 3;
  if ((flags & Second.AckOfAcks) !== 0) at += 2;
  at += 2;
  if ((flags & Second.AckVector) !== 0) {
    const size = octet(at + 2);
    at += 3 + ((size & 0x80) !== 0 ? 4 : 0) + (size & 0x7f);
  }
  return at + 2 < end && at + 2 > o + 7 ? at + 2 : -1;
}

function index(w: IndexWalk): void {
  const { bytes: b, offset: o, end } = w;
  if (w.quoted || w.stream === UNSET || end - o < 8) return;
  const known = w.capture.state(agreements);
  const second = (known.second.get(w.stream) ?? NONE) < w.row;
  if (!second) {
    const flags = be16(b, o + 6);
    if ((flags & SYN) !== 0 && known.second.size < MAX_KEPT && known.lossy.size < MAX_KEPT) {
      if ((flags & LOSSY) !== 0 && !known.lossy.has(w.stream)) known.lossy.set(w.stream, w.row);
      const extension = afterSyn(b, o, end, flags & ~SYN_EXTENSION);
      const agreed = (flags & ACK) !== 0 && (flags & SYN_EXTENSION) !== 0 && extension + 4 <= end;
      if (agreed && (be16(b, extension) & 1) !== 0 && be16(b, extension + 2) === VERSION_2) known.second.set(w.stream, w.row);
    }
  }
  const at = second ? secondPayloadAt(b, o, end) : payloadAt(b, o, end);
  if (at < 0) return;
  if (known.lossy.has(w.stream)) w.follow(dtlsOnPort, at);
  else indexTlsAlone(w, b, at, end);
}

function readFirst(layer: Layer, b: Buf): string {
  const o = b.offset;
  layer.uint(f.sourceAck, o);
  layer.uint(f.window, o + 4);
  const flags = b.u16(o + 6);
  layer.uintNode(f.flags, o + 6).bits(flagBits, o + 6, 2);
  const info: string[] = [];
  let at = o + 8;
  if ((flags & SYN) !== 0) {
    info.push('SYN');
    layer.uint(f.initial, at);
    layer.uint(f.upstream, at + 4);
    layer.uint(f.downstream, at + 6);
    at += 8;
  }
  if ((flags & CORRELATION) !== 0) {
    info.push('CORRELATIONID');
    layer.bytes(f.correlation, at, 16);
    at += 32;
  }
  if ((flags & SYN_EXTENSION) !== 0) {
    info.push('SYNEX');
    const node = layer.text(at, 4, 'SynEx');
    if ((node.uint(f.synFlags, at) & 1) !== 0 && node.uint(f.version, at + 2) === VERSION_2) node.bytes(f.cookie, at + 4, 32);
    at = afterSyn(b.bytes, o, b.end, flags);
  }
  if ((flags & ACK) !== 0 && (flags & SYN) === 0) {
    info.push('ACK');
    const count = b.u16(at);
    const node = layer.text(at, 2 + count, 'Ack');
    for (let k = 0; k < count && layer.ok; k++) node.uintNode(f.ackItem, at + 2 + k).uint(f.ackRun, at + 2 + k);
    at += (2 + count + 3) & ~3;
  }
  if ((flags & FEC) !== 0) {
    info.push('FEC');
    const node = layer.text(at, 12, 'FEC');
    node.uint(f.fecCoded, at);
    node.uint(f.fecStart, at + 4);
    at += 12;
  }
  if ((flags & ACK_OF_ACKS) !== 0) {
    info.push('AOA');
    layer.uint(f.reset, at);
    at += 4;
  }
  if ((flags & DATA) !== 0) {
    info.push('DATA');
    const node = layer.text(at, 8, 'Data');
    node.uint(f.coded, at);
    node.uint(f.start, at + 4);
  }
  return info.join(',');
}

function readSecond(layer: Layer, b: Buf, payload: number): string {
  const o = b.offset;
  layer.uint(g.prefix, o + 7);
  const flags = layer.uintLe(g.flags, o + 1);
  const info: string[] = [];
  if ((flags & Second.Ack) !== 0) info.push('ACK');
  if ((flags & Second.Overhead) !== 0) info.push('OVERHEAD');
  if ((flags & Second.DelayAck) !== 0) info.push('DELAYACK');
  if ((flags & Second.AckOfAcks) !== 0) info.push('AOA');
  if (((b.u8(o + 7) >> 1) & 15) === DUMMY) info.push('DUMMY');
  if (payload >= 0) {
    info.push('DATA');
    layer.uintLe(g.channel, payload - 2);
  }
  return info.join(',');
}

export const rdpUdp = app({
  name: 'rdpudp',
  short: 'RDPUDP',
  title: 'UDP Remote Desktop Protocol',
  osi: '5',
  fields: [...Object.values(f), ...flagBits, ...Object.values(g)],
  index,
  read(layer, b, d) {
    const stream = d.transport?.stream ?? NONE;
    const known = d.capture.state(agreements);
    const second = (known.second.get(stream) ?? NONE) < d.row;
    if (b.length < 8) {
      layer.fail('malformed');
      return '';
    }
    const at = second ? secondPayloadAt(b.bytes, b.offset, b.end) : payloadAt(b.bytes, b.offset, b.end);
    const info = second ? readSecond(layer, b, at) : readFirst(layer, b);
    if (at >= 0) {
      layer.size(at - b.offset);
      d.call((known.lossy.get(stream) ?? NONE) <= d.row ? dtlsOnPort : tls, b.from(at));
    }
    return info;
  },
});
