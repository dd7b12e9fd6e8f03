/**
 * PROXY protocol, versions 1 and 2 (HAProxy's proxy-protocol.txt): the header that a load balancer puts in front of a connection
 * to say whose it is, and behind it what the connection carries.
 */
import { parseIpv4, parseIpv6 } from '../dissect/addresses.ts';
import type { CaptureIndex } from '../dissect/capture-index.ts';
import type { Buf, Layer } from '../dissect/dissection.ts';
import { bytes, expert, ipv4, ipv6, names, none, string, uint8, uint16 } from '../dissect/field.ts';
import { type Framer, NEED_MORE, REJECT, type StreamSide } from '../dissect/framer.ts';
import type { Protocol } from '../dissect/protocol.ts';
import { heuristics, tables } from '../dissect/tables.ts';
import { choose } from '../flow/choose.ts';
import { flows } from '../flow/tcp-flows.ts';
import { app, begins } from './app-kit.ts';
import { callOrData, followOrData } from './next.ts';

const families = names({ 0: 'Unknown', 1: 'IPv4', 2: 'IPv6', 3: 'UNIX' });
const f = {
  version: uint8('proxy.version', 'Version', { generated: true }),
  src: ipv4('proxy.src.ipv4', 'Source Address'),
  dst: ipv4('proxy.dst.ipv4', 'Destination Address'),
  src6: ipv6('proxy.src.ipv6', 'Source Address'),
  dst6: ipv6('proxy.dst.ipv6', 'Destination Address'),
  srcPort: uint16('proxy.srcport', 'Source Port'),
  dstPort: uint16('proxy.dstport', 'Destination Port'),
  line: none('proxy.v1.magic', 'PROXY v1 magic'),
  proto: string('proxy.v1.proto', 'Protocol'),
  unknown: string('proxy.v1.unknown', 'Unknown data'),
  magic: bytes('proxy.v2.magic', 'Magic'),
  version2: uint8('proxy.v2.version', 'Version', { mask: 0xf0 }),
  command: uint8('proxy.v2.cmd', 'Command', { mask: 0x0f }),
  familyProtocol: uint8('proxy.v2.addr_family_protocol', 'Address Family Protocol', {
    base: 'hex',
    names: names({
      0: 'UNSPEC',
      17: 'TCP over IPv4',
      18: 'UDP over IPv4',
      33: 'TCP over IPv6',
      34: 'UDP over IPv6',
      49: 'UNIX stream',
      50: 'UNIX datagram',
    }),
  }),
  family: uint8('proxy.v2.addr_family', 'Address Family', { base: 'hex', mask: 0xf0, names: families }),
  protocol: uint8('proxy.v2.protocol', 'Protocol', { base: 'hex', mask: 0x0f }),
  length: uint16('proxy.v2.length', 'Length'),
  srcUnix: bytes('proxy.v2.src.unix', 'Source Address'),
  dstUnix: bytes('proxy.v2.dst.unix', 'Destination Address'),
  unknown2: bytes('proxy.v2.unknown', 'Unknown data'),
  tlv: none('proxy.v2.tlv', 'TLV'),
  tlvType: uint8('proxy.v2.tlv.type', 'Type', {
    base: 'hex',
    names: names({
      0: 'UNSPEC',
      1: 'ALPN',
      2: 'AUTHORITY',
      3: 'CRC32C',
      4: 'NOOP',
      5: 'UNIQUE ID',
      32: 'SSL',
      33: 'SSL VERSION',
      34: 'SSL CN',
      35: 'SSL CIPHER',
      36: 'SSL SIG ALG',
      37: 'SSL KEY ALG',
      48: 'NETNS',
      234: 'AWS',
    }),
  }),
  tlvLength: uint16('proxy.v2.tlv.length', 'Length'),
  tlvValue: bytes('proxy.v2.tlv.value', 'Value'),
  eiFormat: expert('proxy.bad_format', 'warn', 'Badly formatted PROXY header line', 'malformed'),
};

/** The line of version 1 with its line end is no longer (section 2.1). */
const MAX_LINE = 107;
const LINE = 'PROXY ';
const MAGIC = '\r\n\r\n\0\r\nQUIT\n';
const HEADER_2 = 16;

/** Where the header at `o` ends: -1 where there is none, or not all of it. */
function headerEnd(b: Uint8Array, o: number, end: number): number {
  if (begins(b, o, end, LINE)) {
    const stop = Math.min(end, o + MAX_LINE);
    for (let i = o + LINE.length; i < stop; i++) if (b[i] === 10) return b[i - 1] === 13 ? i + 1 : -1;
    return -1;
  }
  if (end - o < HEADER_2 || !begins(b, o, end, MAGIC) || (b[o + 12] as number) >> 4 !== 2) return -1;
  const at = o + HEADER_2 + (((b[o + 14] as number) << 8) | (b[o + 15] as number));
  return at <= end ? at : -1;
}

/** Who reads what is behind the header: asked as for the first bytes of a connection. Nobody where the header names no connection. */
function proxied(capture: CaptureIndex, stream: number, b: Uint8Array, o: number, at: number, end: number): Protocol | undefined {
  if (begins(b, o, end, 'PROXY UNKNOWN')) return undefined;
  const { port } = capture.state(flows).tuples;
  const i = 2 * stream;
  const inner = choose(tables.tcpPort, heuristics.tcp, 0, 0, port[i] as number, port[i + 1] as number, b, at, end, end);
  return inner === proxy ? undefined : inner;
}

const innerOf = (side: StreamSide, b: Uint8Array, o: number, at: number, end: number): Protocol | undefined =>
  proxied(side.capture, side.stream, b, o, at, end);

/** The header and what is behind it in the segment are one message, which the record that goes beyond the segment makes longer. */
const framer: Framer = {
  feed(side, b, offset, end) {
    let at = headerEnd(b, offset, end);
    if (at < 0) return REJECT;
    if (at >= end) return end;
    const inner = innerOf(side, b, offset, at, end);
    const cut = inner?.framer;
    if (cut === undefined) return end;
    while (at < end) {
      const next = cut.feed(side, b, at, end);
      if (next === NEED_MORE && side.need > 0) {
        side.keep = true;
        return NEED_MORE;
      }
      if (next <= at) break;
      cut.done?.(side);
      side.need = 0;
      at = next;
    }
    side.need = 0;
    return end;
  },
  content(side, w, b, offset, end) {
    const at = headerEnd(b, offset, end);
    if (at < 0 || at >= end || begins(b, offset, end, 'PROXY UNKNOWN')) return;
    const inner = innerOf(side, b, offset, at, end);
    if (inner?.framer === undefined) {
      followOrData(w, inner, at, end, end);
      return;
    }
    w.push(inner);
    inner.framer.content?.(side, w, b, at, end);
  },
};

/** Reads the line of version 1: words between single spaces. */
function readLine(layer: Layer, b: Buf, end: number): void {
  layer.add(f.line, b.offset, LINE.length - 1, null);
  const words = b.text(b.offset, end - 2 - b.offset).split(' ');
  let at = b.offset + LINE.length;
  const protocol = words[1] ?? '';
  layer.string(f.proto, at, protocol.length);
  at += protocol.length + 1;
  if (protocol === 'UNKNOWN') {
    if (at < end - 2) layer.string(f.unknown, at, end - 2 - at);
    return;
  }
  const six = protocol === 'TCP6';
  const fields = [six ? f.src6 : f.src, six ? f.dst6 : f.dst, f.srcPort, f.dstPort];
  for (let i = 0; i < 4; i++) {
    const word = words[i + 2] ?? '';
    const value = i > 1 ? port(word) : six ? parseIpv6(word) : octets(parseIpv4(word));
    if (value === null || (!six && protocol !== 'TCP4')) {
      layer.expert(f.eiFormat, at, Math.max(0, end - 2 - at));
      return;
    }
    layer.add(fields[i] as (typeof fields)[0], at, word.length, value);
    at += word.length + 1;
  }
}

function port(word: string): number | null {
  const value = /^\d{1,5}$/.test(word) ? Number(word) : 65536;
  return value > 65535 ? null : value;
}

function octets(address: number | null): Uint8Array | null {
  return address === null ? null : Uint8Array.of(address >>> 24, address >>> 16, address >>> 8, address);
}

function readHeader(layer: Layer, b: Buf, end: number): void {
  const o = b.offset;
  layer.bytes(f.magic, o, MAGIC.length);
  layer.uint(f.version2, o + 12);
  layer.uint(f.command, o + 12);
  layer.add(f.version, o + 12, 1, b.u8(o + 12) >> 4);
  layer.uint(f.familyProtocol, o + 13);
  layer.uint(f.family, o + 13);
  layer.uint(f.protocol, o + 13);
  layer.uint(f.length, o + 14);
  let at = o + HEADER_2;
  const family = b.u8(o + 13) >> 4;
  const size = [0, 4, 16, 108][family] ?? 0;
  if (size === 0 || at + 2 * size + (family === 3 ? 0 : 4) > end) {
    if (end > at) layer.bytes(f.unknown2, at, end - at);
    return;
  }
  layer.bytes(family === 1 ? f.src : family === 2 ? f.src6 : f.srcUnix, at, size);
  layer.bytes(family === 1 ? f.dst : family === 2 ? f.dst6 : f.dstUnix, at + size, size);
  at += 2 * size;
  if (family !== 3) {
    layer.uint(f.srcPort, at);
    layer.uint(f.dstPort, at + 2);
    at += 4;
  }
  while (at + 3 <= end && layer.ok) {
    const length = Math.min(b.u16(at + 1), end - at - 3);
    const tlv = layer.add(f.tlv, at, 3 + length, null);
    tlv.uint(f.tlvType, at);
    tlv.uint(f.tlvLength, at + 1);
    if (length > 0) tlv.bytes(f.tlvValue, at + 3, length);
    at += 3 + length;
  }
}

export const proxy: Protocol = app({
  name: 'proxy',
  short: 'PROXY',
  title: 'PROXY Protocol',
  osi: '5',
  pdu: 'Header',
  fields: Object.values(f),
  framer,
  mayBegin: (octet) => octet === 0x50 || octet === 0x0d,
  accepts: (b, o, end) => headerEnd(b, o, end) >= 0,
  read(layer, b, d) {
    const o = b.offset;
    const end = headerEnd(b.bytes, o, b.end);
    if (end < 0) {
      layer.size(0);
      return '';
    }
    layer.size(end - o);
    if (begins(b.bytes, o, b.end, LINE)) readLine(layer, b, end);
    else readHeader(layer, b, end);
    if (end >= b.end || d.transport === null || begins(b.bytes, o, b.end, 'PROXY UNKNOWN')) return '';
    callOrData(d, proxied(d.capture, d.transport.stream, b.bytes, o, end, b.end), b.from(end));
    return '';
  },
});
