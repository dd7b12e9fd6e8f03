// RFC 792; RFC 950 (masks), 1191 (MTU), 1256 (routers), 4884 (extensions), 8335 (extended echo).
import { expectedChecksum, sum16 } from '../bytes/checksum.ts';
import type { Buf, Dissection, Layer } from '../dissect/dissection.ts';
import {
  abstime,
  bool,
  bytes,
  double,
  expert,
  framenum,
  int32,
  ipv4 as ipv4Field,
  reltime,
  uint8,
  uint16,
  uint32,
} from '../dissect/field.ts';
import { defineProtocol } from '../dissect/protocol.ts';
import { tables } from '../dissect/tables.ts';
import { CHUNK_MASK, NONE, RowFlag } from '../table/packet-table.ts';
import { difference } from './frame.ts';
import { echoPairs, millisecondsBetween, sentToGroup } from './icmp-echo.ts';
import { dissectIcmpExtensions, icmpExtensionFields } from './icmp-extensions.ts';
import { icmpCodeName, icmpTypes, neighbourStates } from './icmp-names.ts';
import { CHECKSUM_BAD, CHECKSUM_GOOD, CHECKSUM_UNVERIFIED, checksumStatus } from './ip-names.ts';
import { callData, followData } from './next.ts';
import { callQuoted } from './quoted.ts';

const ICMP_HEADER_BYTES = 8;

const Type = {
  EchoReply: 0,
  Unreachable: 3,
  Quench: 4,
  Redirect: 5,
  Echo: 8,
  RouterAdvertisement: 9,
  RouterSolicitation: 10,
  Exceeded: 11,
  Parameter: 12,
  Timestamp: 13,
  TimestampReply: 14,
  MaskRequest: 17,
  MaskReply: 18,
  ExtendedEcho: 42,
  ExtendedEchoReply: 43,
} as const;

const f = {
  type: uint8('icmp.type', 'Type', { names: icmpTypes }),
  code: uint8('icmp.code', 'Code'),
  checksum: uint16('icmp.checksum', 'Checksum', { base: 'hex' }),
  checksumStatus: uint8('icmp.checksum.status', 'Checksum Status', { base: 'none', names: checksumStatus, generated: true }),
  unused: bytes('icmp.unused', 'Unused'),
  reserved: bytes('icmp.reserved', 'Reserved'),
  ident: uint16('icmp.ident', 'Identifier (BE)', { base: 'dec_hex' }),
  identLe: uint16('icmp.ident_le', 'Identifier (LE)', { base: 'dec_hex' }),
  seq: uint16('icmp.seq', 'Sequence Number (BE)', { base: 'dec_hex' }),
  seqLe: uint16('icmp.seq_le', 'Sequence Number (LE)', { base: 'dec_hex' }),
  mtu: uint16('icmp.mtu', 'MTU of next hop'),
  addressCount: uint8('icmp.num_addrs', 'Number of addresses'),
  entrySize: uint8('icmp.addr_entry_size', 'Address entry size'),
  lifetime: uint16('icmp.lifetime', 'Lifetime', { unit: ' seconds' }),
  pointer: uint32('icmp.pointer', 'Pointer'),
  routerAddress: ipv4Field('icmp.router_address', 'Router address'),
  preference: int32('icmp.pref_level', 'Preference level'),
  originate: uint32('icmp.originate_timestamp', 'Originate Timestamp'),
  receive: uint32('icmp.receive_timestamp', 'Receive Timestamp'),
  transmit: uint32('icmp.transmit_timestamp', 'Transmit Timestamp'),
  mask: ipv4Field('icmp.address_mask', 'Address Mask'),
  gateway: ipv4Field('icmp.redir_gw', 'Gateway Address'),
  length: uint8('icmp.length', 'Length'),
  originalLength: uint8('icmp.length.original_datagram', 'Length of original datagram', { generated: true, unit: ' bytes' }),
  extSeq: uint8('icmp.ext.echo.seq', 'Sequence Number', { base: 'dec_hex' }),
  extReserved: uint8('icmp.ext.echo.req.res', 'Reserved', { base: 'hex', mask: 0xfe }),
  extLocal: bool('icmp.ext.echo.req.local', 'Local bit', { mask: 1 }),
  extState: uint8('icmp.ext.echo.rsp.state', 'State', {
    names: neighbourStates,
    mask: 0xe0,
  }),
  extActive: bool('icmp.ext.echo.rsp.active', 'Active bit', { mask: 4 }),
  extIpv4: bool('icmp.ext.echo.rsp.ipv4', 'IPv4 bit', { mask: 2 }),
  extIpv6: bool('icmp.ext.echo.rsp.ipv6', 'IPv6 bit', { mask: 1 }),
  responseIn: framenum('icmp.resp_in', 'Response frame', { generated: true }),
  responseTo: framenum('icmp.resp_to', 'Request frame', { generated: true }),
  responseTime: double('icmp.resptime', 'Response time', { generated: true, unit: ' ms' }),
  dataTime: abstime('icmp.data_time', 'Timestamp from icmp data'),
  dataTimeRelative: reltime('icmp.data_time_relative', 'Timestamp from icmp data (relative)', { generated: true, unit: ' seconds' }),
  eiChecksum: expert('icmp.checksum_bad', 'warn', 'Bad checksum', 'checksum'),
  eiNoResponse: expert('icmp.resp_not_found', 'warn', 'Response not found', 'sequence'),
};

export const icmp = defineProtocol({
  name: 'icmp',
  short: 'ICMP',
  title: 'Internet Control Message Protocol',
  osi: '3',
  pdu: 'Message',
  hue: 'net',
  fields: [...Object.values(f), ...Object.values(icmpExtensionFields)],

  index(w) {
    if (!w.has(4)) return;
    const { bytes: b, offset: o } = w;
    const type = b[o] as number;
    if (quotes(type)) {
      if (!w.has(ICMP_HEADER_BYTES)) return;
      const at = o + ICMP_HEADER_BYTES;
      if (at >= w.end) return;
      w.quoted = true;
      w.flags |= RowFlag.Several;
      const original = hasLength(type) ? 4 * (b[o + 5] as number) : 0;
      const end = original > 0 ? at + original : w.wireEnd;
      w.follow(tables.ethertype.lookup(0x0800), at, end, end);
      return;
    }
    if (type !== Type.Echo && type !== Type.EchoReply) return;
    if (!w.has(ICMP_HEADER_BYTES)) return;
    if (!w.quoted && !w.fragmented) {
      const id = (((b[o + 4] as number) << 24) | ((b[o + 5] as number) << 16) | ((b[o + 6] as number) << 8) | (b[o + 7] as number)) >>> 0;
      const pairs = w.capture.state(echoPairs);
      if (type === Type.Echo) pairs.request(w, id);
      else pairs.reply(w, id);
    }
    const chunkTime = timestampBytes(b, o + ICMP_HEADER_BYTES, w.end, w.sec);
    followData(w, o + ICMP_HEADER_BYTES + chunkTime);
  },

  dissect,
});

/** Types whose payload is the packet that caused them. */
function quotes(type: number): boolean {
  return type === Type.Unreachable || type === Type.Quench || type === Type.Redirect || type === Type.Exceeded || type === Type.Parameter;
}

/** Types that have RFC 4884's length octet. */
function hasLength(type: number): boolean {
  return type === Type.Unreachable || type === Type.Exceeded || type === Type.Parameter;
}

function dissect(d: Dissection, b: Buf): void {
  const o = b.offset;
  const layer = d.layer(icmp, b);
  layer.size(ICMP_HEADER_BYTES);
  d.column(icmp);
  // Type, code and checksum are one thing to read: what is shorter says nothing.
  if (!layer.has(o, 4)) return;
  const type = layer.uint(f.type, o, 1, { display: numberFirst(b.u8(o), icmpTypes.get(b.u8(o))) });
  const code = layer.uint(f.code, o + 1, 1, { display: codeText(b.u8(o), b.u8(o + 1)) });
  const typeName = icmpTypes.get(type) ?? `Unknown ICMP (type ${type})`;
  const codeName = icmpCodeName(type, code);
  layer.summary = codeName === undefined ? typeName : `${typeName} · ${codeName}`;
  let info = codeName === undefined ? typeName : `${type === Type.Redirect ? typeName.padEnd(21) : typeName} (${codeName})`;
  d.column(icmp, info);
  addChecksum(d, layer, b);
  if (!layer.ok) return;
  switch (type) {
    case Type.Echo:
    case Type.EchoReply:
    case Type.Timestamp:
    case Type.TimestampReply:
    case 15:
    case 16:
    case Type.MaskRequest:
    case Type.MaskReply: {
      layer.uint(f.ident, o + 4);
      layer.uintLe(f.identLe, o + 4);
      const seq = layer.uint(f.seq, o + 6);
      const seqLe = layer.uintLe(f.seqLe, o + 6);
      info = `${typeName.padEnd(20)} id=0x${b
        .u16(o + 4)
        .toString(16)
        .padStart(4, '0')}, seq=${seq}/${seqLe}, ttl=${ttlOf(d)}`;
      d.column(icmp, info);
      layer.summary = `${typeName} · id ${b.u16(o + 4)}, seq ${seq}`;
      break;
    }
    case Type.RouterAdvertisement:
      addRouters(layer, b, o);
      return;
    case Type.RouterSolicitation:
      layer.bytes(f.reserved, o + 4, 4);
      return;
    case Type.Redirect:
      layer.bytes(f.gateway, o + 4);
      break;
    case Type.Parameter:
      layer.uint(f.pointer, o + 4, 1);
      addUnused(layer, o);
      break;
    case Type.Unreachable:
    case Type.Exceeded:
    case Type.Quench:
      addUnused(layer, o, type === Type.Unreachable && code === 4, type);
      break;
    case Type.ExtendedEcho:
    case Type.ExtendedEchoReply:
      addExtendedEcho(d, layer, b, o, type);
      return;
    default:
      return;
  }
  if (!layer.ok) return;
  const payload = b.from(o + ICMP_HEADER_BYTES);
  if (quotes(type)) {
    callOriginal(d, layer, payload, type);
    return;
  }
  if (type === Type.Echo || type === Type.EchoReply) {
    addEcho(d, layer, payload, type, info);
    return;
  }
  if (type === Type.Timestamp || type === Type.TimestampReply) {
    layer.size(ICMP_HEADER_BYTES + 12);
    for (const [i, field] of [f.originate, f.receive, f.transmit].entries()) {
      const at = o + 8 + 4 * i;
      layer.uint(field, at, 4, { display: `${b.u32(at)} (${sinceMidnight(b.u32(at))})` });
    }
  } else if (type === Type.MaskRequest || type === Type.MaskReply) {
    layer.size(ICMP_HEADER_BYTES + 4);
    layer.bytes(f.mask, o + 8);
  }
}

/** RFC 792: milliseconds since midnight UT; the highest bit says that they are something else. */
function sinceMidnight(ms: number): string {
  if (ms >= 0x80000000) return 'not since midnight UTC';
  const parts = [
    [Math.floor(ms / 3_600_000), 'hour'],
    [Math.floor(ms / 60_000) % 60, 'minute'],
    [(ms % 60_000) / 1000, 'second'],
  ] as const;
  const words = parts.filter(([n]) => n > 0).map(([n, word]) => `${n} ${word}${n === 1 ? '' : 's'}`);
  return `${words.length === 0 ? '0 seconds' : words.join(', ')} after midnight UTC`;
}

function codeText(type: number, code: number): string {
  const name = icmpCodeName(type, code);
  return numberFirst(code, name);
}

function numberFirst(value: number, name: string | undefined): string {
  return name === undefined ? String(value) : `${value} (${name})`;
}

function addChecksum(d: Dissection, layer: Layer, b: Buf): void {
  const at = b.offset + 2;
  if (!layer.has(at, 2)) return;
  const written = b.u16(at);
  const text = `0x${written.toString(16).padStart(4, '0')}`;
  if (d.quoted || d.fragmented || b.wireEnd > b.end) {
    const why = d.quoted ? '[in ICMP error packet]' : '[unverified] [fragmented datagram]';
    layer.add(f.checksum, at, 2, written, { display: `${text} ${why}` });
    layer.add(f.checksumStatus, at, 0, CHECKSUM_UNVERIFIED);
    return;
  }
  const right = expectedChecksum(written, sum16(b.bytes, b.offset, b.end));
  const good = right === written || (written === 0xffff && right === 0);
  const node = layer.add(f.checksum, at, 2, written, {
    display: good ? `${text} [correct]` : `${text} incorrect, should be 0x${right.toString(16).padStart(4, '0')}`,
  });
  if (!good) node.expert(f.eiChecksum, at, 2, `Bad checksum [should be 0x${right.toString(16).padStart(4, '0')}]`);
  layer.add(f.checksumStatus, at, 0, good ? CHECKSUM_GOOD : CHECKSUM_BAD);
}

/** Octets 4 to 7 of errors: unused, but for RFC 4884's length and RFC 1191's MTU. */
function addUnused(layer: Layer, o: number, withMtu = false, type: number = Type.Parameter): void {
  const length = layer.buf.u8(o + 5);
  if (!hasLength(type) || (length === 0 && !withMtu)) {
    if (type !== Type.Parameter) layer.bytes(f.unused, o + 4, 4);
    else layer.bytes(f.unused, o + 5, 3);
    return;
  }
  if (type !== Type.Parameter) layer.bytes(f.unused, o + 4, withMtu && length === 0 ? 2 : 1);
  if (length > 0) {
    const node = layer.uintNode(f.length, o + 5);
    node.add(f.originalLength, o + 5, 1, 4 * length);
  }
  if (withMtu) layer.uint(f.mtu, o + 6);
  else layer.bytes(f.unused, o + 6, 2);
}

function callOriginal(d: Dissection, layer: Layer, payload: Buf, type: number): void {
  if (payload.length === 0) return;
  const length = hasLength(type) ? 4 * layer.buf.u8(payload.offset - 3) : 0;
  callQuoted(d, tables.ethertype.lookup(0x0800), length > 0 ? payload.from(payload.offset, payload.offset + length) : payload);
  const extensions = payload.offset + (length > 0 ? length : 128);
  // Without a length, an original that says that it ends within 128 bytes leaves room for extensions (RFC 4884, section 5.5).
  if (!hasLength(type) || (length === 0 && payload.u16(payload.offset + 2) > 128)) return;
  if (extensions + 4 <= payload.end) dissectIcmpExtensions(layer, extensions, payload.end);
}

function addEcho(d: Dissection, layer: Layer, payload: Buf, type: number, info: string): void {
  const { capture, row } = d;
  if (!d.quoted) {
    const pairs = capture.state(echoPairs);
    const answer = type === Type.Echo ? pairs.answerTo(row) : NONE;
    const request = type === Type.EchoReply ? pairs.requestOf(row) : NONE;
    if (answer !== NONE) {
      layer.add(f.responseIn, layer.buf.offset, 0, answer + 1, { link: answer });
      d.column(icmp, `${info} (reply in ${answer + 1})`);
    } else if (request !== NONE) {
      layer.add(f.responseTo, layer.buf.offset, 0, request + 1, { link: request });
      layer.add(f.responseTime, layer.buf.offset, 0, millisecondsBetween(capture, request, row));
      d.column(icmp, `${info} (request in ${request + 1})`);
    } else if (type === Type.Echo && !sentToGroup(d)) {
      if (capture.onePass !== true) layer.expert(f.eiNoResponse, layer.buf.offset, 0, 'No response seen to ICMP request');
      d.column(icmp, `${info} (no response found!)`);
    }
  }
  const chunk = capture.packets.chunkOf(row);
  const captured = { sec: chunk.sec[row & CHUNK_MASK] as number, nsec: chunk.nsec[row & CHUNK_MASK] as number };
  const length = timestampBytes(payload.bytes, payload.offset, payload.end, captured.sec);
  if (length > 0) {
    const time = readTime(payload.bytes, payload.offset, captured.sec);
    layer.add(f.dataTime, payload.offset, length, time);
    layer.add(f.dataTimeRelative, payload.offset, length, difference(captured, time));
    layer.size(ICMP_HEADER_BYTES + length);
  }
  callData(d, payload.from(payload.offset + length));
}

const DAY = 86_400;
const TIMESTAMP_BYTES = 8;

/**
 * Many pings put the time of sending in front of their data: seconds and microseconds, in 32 bits each, in either byte order. Gives the
 * bytes it takes: 8, or 0 if what is there is no time within a day of the packet's own.
 */
function timestampBytes(bytes: Uint8Array, offset: number, end: number, sec: number): number {
  if (offset + TIMESTAMP_BYTES > end) return 0;
  return plausible(bytes, offset, sec, true) || plausible(bytes, offset, sec, false) ? TIMESTAMP_BYTES : 0;
}

function plausible(bytes: Uint8Array, offset: number, sec: number, little: boolean): boolean {
  return Math.abs(word(bytes, offset, little) - sec) < DAY && word(bytes, offset + 4, little) < 1_000_000;
}

function word(bytes: Uint8Array, at: number, little: boolean): number {
  const a = bytes[at] as number;
  const b = bytes[at + 1] as number;
  const c = bytes[at + 2] as number;
  const d = bytes[at + 3] as number;
  return (little ? a | (b << 8) | (c << 16) | (d << 24) : (a << 24) | (b << 16) | (c << 8) | d) >>> 0;
}

function readTime(bytes: Uint8Array, offset: number, sec: number): { sec: number; nsec: number } {
  const little = plausible(bytes, offset, sec, true);
  return { sec: word(bytes, offset, little), nsec: 1000 * word(bytes, offset + 4, little) };
}

function addRouters(layer: Layer, b: Buf, o: number): void {
  const count = layer.uint(f.addressCount, o + 4);
  const words = layer.uint(f.entrySize, o + 5);
  layer.uint(f.lifetime, o + 6);
  if (words < 2) return;
  for (let i = 0, at = o + 8; layer.ok && i < count && at + 8 <= b.end; i++, at += 4 * words) {
    layer.bytes(f.routerAddress, at);
    layer.uint(f.preference, at + 4);
  }
  layer.size(b.end - o);
}

function addExtendedEcho(d: Dissection, layer: Layer, b: Buf, o: number, type: number): void {
  layer.uint(f.ident, o + 4);
  layer.uintLe(f.identLe, o + 4);
  const seq = layer.uint(f.extSeq, o + 6);
  if (type === Type.ExtendedEcho) {
    layer.uint(f.extReserved, o + 7);
    layer.uint(f.extLocal, o + 7, 1);
  } else {
    layer.uint(f.extState, o + 7);
    layer.uint(f.extActive, o + 7, 1);
    layer.uint(f.extIpv4, o + 7, 1);
    layer.uint(f.extIpv6, o + 7, 1);
  }
  d.column(
    icmp,
    `${icmpTypes.get(type)}  id=0x${b
      .u16(o + 4)
      .toString(16)
      .padStart(4, '0')}, seq=${seq}, ttl=${ttlOf(d)}`,
  );
  if (b.end > o + ICMP_HEADER_BYTES) {
    if (type === Type.ExtendedEcho) dissectIcmpExtensions(layer, o + ICMP_HEADER_BYTES, b.end);
  }
}

function ttlOf(d: Dissection): string {
  const ip = d.layers.findLast((layer) => layer.protocol === 'ip');
  const ttl = ip?.fields.find((node) => node.abbrev === 'ip.ttl');
  return ttl === undefined ? '?' : String(ttl.value);
}
