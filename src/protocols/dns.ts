/** DNS (RFC 1035), over UDP and TCP (RFC 7766), and its kin on the local link: mDNS (RFC 6762) and LLMNR (RFC 4795). */

import type { Buf, Dissection, Layer, Node } from '../dissect/dissection.ts';
import type { FieldDef } from '../dissect/field.ts';
import * as fields from '../dissect/field.ts';
import { type Framer, NEED_MORE, REJECT, type StreamSide } from '../dissect/framer.ts';
import type { IndexWalk } from '../dissect/index-walk.ts';
import { defineProtocol, type Protocol } from '../dissect/protocol.ts';
import type { Time } from '../messages.ts';
import { CHUNK_MASK, NONE, UNSET } from '../table/packet-table.ts';
import { rr } from './dns-fields.ts';
import { classNames, durationText, opcodeNames, rcodeNames, readName, typeNames, typeWord } from './dns-names.ts';
import { rare } from './dns-rare-records.ts';
import { readRdata } from './dns-rdata.ts';
import type { Rdata } from './dns-record-kit.ts';
import { dnsTransactions, TCP_STREAM } from './dns-transactions.ts';

const { bool, bytes, expert, framenum, int32, reltime, string, uint16, uint32, uint8 } = fields;

const HEADER = 12;
const AUTHENTIC = 0x0020;
const RESPONSE = 0x8000;
const OPT = 41;
const SRV = 33;
const UPDATE = 5;

const f = {
  length: uint16('dns.length', 'Length'),
  id: uint16('dns.id', 'Transaction ID', { base: 'hex' }),
  flags: uint16('dns.flags', 'Flags', { base: 'hex' }),
  response: bool('dns.flags.response', 'Response', { mask: 0x8000, bool: ['Message is a response', 'Message is a query'] }),
  opcode: uint16('dns.flags.opcode', 'Opcode', { mask: 0x7800, names: opcodeNames }),
  authoritative: bool('dns.flags.authoritative', 'Authoritative', {
    mask: 0x0400,
    bool: ['Server is an authority for domain', 'Server is not an authority for domain'],
  }),
  conflict: bool('dns.flags.conflict', 'Conflict', {
    mask: 0x0400,
    bool: ['The name is not considered unique', 'The name is considered unique'],
  }),
  truncated: bool('dns.flags.truncated', 'Truncated', { mask: 0x0200, bool: ['Message is truncated', 'Message is not truncated'] }),
  recDesired: bool('dns.flags.recdesired', 'Recursion desired', {
    mask: 0x0100,
    bool: ['Do query recursively', "Don't do query recursively"],
  }),
  tentative: bool('dns.flags.tentative', 'Tentative', { mask: 0x0100, bool: ['Tentative', 'Not tentative'] }),
  recAvailable: bool('dns.flags.recavail', 'Recursion available', {
    mask: 0x0080,
    bool: ['Server can do recursive queries', "Server can't do recursive queries"],
  }),
  z: bool('dns.flags.z', 'Z', { mask: 0x0040, bool: ['reserved - incorrect!', 'reserved (0)'] }),
  authenticated: bool('dns.flags.authenticated', 'Answer authenticated', {
    mask: 0x0020,
    bool: ['Answer/authority portion was authenticated by the server', 'Answer/authority portion was not authenticated by the server'],
  }),
  checkDisable: bool('dns.flags.checkdisable', 'Non-authenticated data', { mask: 0x0010, bool: ['Acceptable', 'Unacceptable'] }),
  rcode: uint16('dns.flags.rcode', 'Reply code', { mask: 0x000f, names: rcodeNames }),
  queries: uint16('dns.count.queries', 'Questions'),
  zones: uint16('dns.count.zones', 'Zones'),
  answers: uint16('dns.count.answers', 'Answer RRs'),
  prerequisites: uint16('dns.count.prerequisites', 'Prerequisites'),
  authorities: uint16('dns.count.auth_rr', 'Authority RRs'),
  updates: uint16('dns.count.updates', 'Updates'),
  additionals: uint16('dns.count.add_rr', 'Additional RRs'),
  qryName: string('dns.qry.name', 'Name'),
  qryNameLength: uint16('dns.qry.name.len', 'Name Length', { generated: true }),
  labels: uint16('dns.count.labels', 'Label Count', { generated: true }),
  qryType: uint16('dns.qry.type', 'Type', { names: typeNames }),
  qryClass: uint16('dns.qry.class', 'Class', { base: 'hex', names: classNames }),
  qryClassM: uint16('dns.qry.class', 'Class', { base: 'hex', names: classNames, mask: 0x7fff }),
  qu: bool('dns.qry.qu', '"QU" question', { mask: 0x8000, bool: ['True', 'False'] }),
  respName: string('dns.resp.name', 'Name'),
  srvService: string('dns.srv.service', 'Service'),
  srvProto: string('dns.srv.proto', 'Protocol'),
  srvName: string('dns.srv.name', 'Name'),
  respType: uint16('dns.resp.type', 'Type', { names: typeNames }),
  respClass: uint16('dns.resp.class', 'Class', { base: 'hex', names: classNames }),
  respClassM: uint16('dns.resp.class', 'Class', { base: 'hex', names: classNames, mask: 0x7fff }),
  cacheFlush: bool('dns.resp.cache_flush', 'Cache flush', { mask: 0x8000, bool: ['True', 'False'] }),
  ttl: uint32('dns.resp.ttl', 'Time to live'),
  respLength: uint16('dns.resp.len', 'Data length'),
  udpSize: uint16('dns.rr.udp_payload_size', 'UDP payload size'),
  udpSizeM: uint16('dns.rr.udp_payload_size', 'UDP payload size', { base: 'hex', mask: 0x7fff }),
  extRcode: uint8('dns.resp.ext_rcode', 'Higher bits in extended RCODE', { base: 'hex' }),
  edns: uint8('dns.resp.edns0_version', 'EDNS0 version'),
  respZ: uint16('dns.resp.z', 'Z', { base: 'hex' }),
  dnssecOk: bool('dns.resp.z.do', 'DO bit', {
    mask: 0x8000,
    bool: ['Accepts DNSSEC security RRs', 'Cannot handle DNSSEC security RRs'],
  }),
  respZReserved: uint16('dns.resp.z.reserved', 'Reserved', { base: 'hex', mask: 0x7fff }),
  responseIn: framenum('dns.response_in', 'Response In', { generated: true }),
  responseTo: framenum('dns.response_to', 'Request In', { generated: true }),
  time: reltime('dns.time', 'Time', { generated: true, unit: ' seconds' }),
  unsolicited: bool('dns.unsolicited', 'Unsolicited', { generated: true, bool: ['True', 'False'] }),
  retransmission: bool('dns.retransmission', 'Retransmission', { generated: true, bool: ['True', 'False'] }),
  retransmitRequest: framenum('dns.retransmit_request_in', 'Retransmitted request. Original request in', { generated: true }),
  retransmitResponse: framenum('dns.retransmit_response_in', 'Retransmitted response. Original response in', { generated: true }),
  retransmitRequestNote: expert('dns.retransmit_request', 'warn', 'DNS query retransmission'),
  retransmitResponseNote: expert('dns.retransmit_response', 'warn', 'DNS response retransmission'),
  ttlHighBit: expert('dns.ttl.high_bit_set', 'warn', 'The uppermost bit of the TTL is set (RFC 2181, section 8)'),
  extraneous: expert('dns.extraneous', 'note', 'Extraneous data', 'undecoded'),
  extraneousData: bytes('dns.extraneous.data', 'Extraneous Data Bytes'),
  extraneousLength: int32('dns.extraneous.length', 'Extraneous Data Length', { generated: true }),
} as const;

type Kind = 'dns' | 'mdns' | 'llmnr';

/** What is gathered for the info column while a message is read. */
interface Message {
  readonly kind: Kind;
  readonly layer: Layer;
  /** Offset of the header in the buffer: where pointers count from. */
  readonly base: number;
  info: string;
}

/** The info column stops growing here. */
const MAX_INFO = 4096;

function say(m: Message, text: string): void {
  if (m.info.length < MAX_INFO) m.info += text;
}

function readQuestion(m: Message, parent: Node, at: number): number {
  const b = m.layer.buf;
  const name = readName(b, at, m.base);
  const after = at + name.size;
  if (!name.whole || !m.layer.has(after, 4)) {
    m.layer.has(b.end, 1);
    return b.end;
  }
  const type = b.u16(after);
  const rawClass = b.u16(after + 2);
  const klass = m.kind === 'mdns' ? rawClass & 0x7fff : rawClass;
  const className = classNames.get(klass) ?? 'Unknown';
  let line = `${name.text}: type ${typeWord(type)}, class ${className}`;
  say(m, ` ${type === 255 ? 'ANY' : typeWord(type)} ${name.text}`);
  if (m.kind === 'mdns') {
    const question = (rawClass & 0x8000) === 0 ? ', "QM" question' : ', "QU" question';
    line += question;
    say(m, question);
  }
  const q = parent.text(at, name.size + 4, line);
  q.add(f.qryName, at, name.size, name.text);
  q.add(f.qryNameLength, at, name.size, name.length);
  q.add(f.labels, at, name.size, name.labels);
  q.uint(f.qryType, after);
  if (m.kind === 'mdns') {
    q.uint(f.qryClassM, after + 2);
    q.uint(f.qu, after + 2, 2);
  } else q.uint(f.qryClass, after + 2);
  return after + 4;
}

function readRecord(m: Message, parent: Node, at: number, rcode: { value: number }): number {
  const b = m.layer.buf;
  const name = readName(b, at, m.base);
  const after = at + name.size;
  if (!name.whole || !m.layer.has(after, 10)) {
    m.layer.has(b.end, 1);
    return b.end;
  }
  const type = b.u16(after);
  const rawClass = b.u16(after + 2);
  const flush = m.kind === 'mdns' && (rawClass & 0x8000) !== 0;
  const klass = m.kind === 'mdns' ? rawClass & 0x7fff : rawClass;
  const length = b.u16(after + 8);
  const end = after + 10 + length;
  const start =
    type === OPT ? `${name.text}: type OPT` : `${name.text}: type ${typeWord(type)}, class ${classNames.get(klass) ?? 'Unknown'}`;
  const flushWord = flush && type !== OPT ? ', cache flush' : '';
  const node = parent.text(at, name.size + 10 + length, start);
  const parts = type === SRV ? name.text.split('.') : [];
  if (type === SRV && parts.length > 0) {
    node.add(f.srvService, at, name.size, parts[0] as string);
    if (parts.length > 1) node.add(f.srvProto, at, name.size, parts[1] as string);
    if (parts.length > 2) node.add(f.srvName, at, name.size, parts.slice(2).join('.'));
  } else node.add(f.respName, at, name.size, name.text);
  node.uint(f.respType, after);
  if (type === OPT) {
    if (m.kind === 'mdns') {
      node.uint(f.udpSizeM, after + 2);
      node.uint(f.cacheFlush, after + 2, 2);
    } else node.uint(f.udpSize, after + 2);
    rcode.value |= node.uint(f.extRcode, after + 4) << 4;
    node.uint(f.edns, after + 5);
    const z = node.uintNode(f.respZ, after + 6);
    z.uint(f.dnssecOk, after + 6, 2);
    z.uint(f.respZReserved, after + 6, 2);
  } else {
    if (m.kind === 'mdns') {
      node.uint(f.respClassM, after + 2);
      node.uint(f.cacheFlush, after + 2, 2);
    } else node.uint(f.respClass, after + 2);
    const ttl = node.uintNode(f.ttl, after + 4);
    const value = b.u32(after + 4);
    ttl.display = `${value} (${durationText(value)})`;
    if ((value & 0x80000000) !== 0) ttl.expert(f.ttlHighBit);
  }
  node.uint(f.respLength, after + 8);
  const r: Rdata = { node, base: m.base, at: after + 10, end: Math.min(end, b.wireEnd), info: '', line: '' };
  // Dynamic updates name a type without data (RFC 2136).
  if (length > 0) readRdata(r, type);
  if (node.field !== null && (flushWord !== '' || r.line !== '')) {
    const line = `${start}${flushWord}${r.line}`;
    node.field.display = line.slice(start.length).replace(/^, /, '');
  }
  say(m, ` ${type === 255 ? 'ANY' : typeWord(type)}${flushWord}${r.info}`);
  // The length tells where the next record begins, whatever this one has in it.
  if (end <= b.end) m.layer.goOn();
  else m.layer.has(b.end, end - b.end);
  return end;
}

const LLMNR_QUERY: readonly FieldDef[] = [f.response, f.opcode, f.conflict, f.truncated, f.tentative];
const QUERY: readonly FieldDef[] = [f.response, f.opcode, f.truncated, f.recDesired, f.z, f.checkDisable];
const ANSWER: readonly FieldDef[] = [
  f.response,
  f.opcode,
  f.authoritative,
  f.truncated,
  f.recDesired,
  f.recAvailable,
  f.z,
  f.authenticated,
  f.checkDisable,
  f.rcode,
];

/** One message at [start, b.end) of `b`; `tcp`: it begins with its length. Returns the words for the info column. */
function readMessage(d: Dissection, protocol: Protocol, kind: Kind, b: Buf, tcp: boolean): string {
  const base = tcp ? b.offset + 2 : b.offset;
  const layer = d.layer(protocol, b);
  if (tcp) layer.uint(f.length, b.offset);
  const id = layer.uint(f.id, base);
  const flags = b.u16(base + 2);
  const isResponse = (flags & RESPONSE) !== 0;
  const opcode = (flags >> 11) & 15;
  const rcode = { value: flags & 15 };
  const what = `${opcodeNames.get(opcode) ?? `Unknown operation (${opcode})`}${isResponse ? ' response' : ''}`;
  const failed = isResponse && rcode.value !== 0 ? (rcodeNames.get(rcode.value) ?? `Unknown error (${rcode.value})`) : '';
  const m: Message = { kind, layer, base, info: '' };
  if (!layer.ok) return 'DNS';
  const flagsNode = layer.uintNode(f.flags, base + 2);
  if (!layer.ok) return what;
  const word = isResponse ? `${what}, ${rcodeNames.get(rcode.value) ?? 'Unknown'}` : what;
  flagsNode.display = `0x${flags.toString(16).padStart(4, '0')} ${word}`;
  const list = kind === 'llmnr' ? (isResponse ? [...LLMNR_QUERY, f.rcode] : LLMNR_QUERY) : isResponse ? ANSWER : QUERY;
  for (const field of list) flagsNode.uint(field, base + 2, 2);
  // A query that asks for the bit (RFC 6840, section 5.7); Wireshark shows it only where it is set.
  if (!isResponse && kind !== 'llmnr' && (flags & AUTHENTIC) !== 0)
    flagsNode.uintNode(f.authenticated, base + 2, 2, { label: 'AD bit', display: 'Set' });
  const update = opcode === UPDATE;
  const counts = [
    layer.uint(update ? f.zones : f.queries, base + 4),
    layer.uint(update ? f.prerequisites : f.answers, base + 6),
    layer.uint(update ? f.updates : f.authorities, base + 8),
    layer.uint(f.additionals, base + 10),
  ] as const;
  say(m, `${what} 0x${id.toString(16).padStart(4, '0')}`);
  if (failed !== '') say(m, ` ${failed}`);
  layer.summary = word;
  let at = base + HEADER;
  const titles = update
    ? ['Zone', 'Prerequisites', 'Updates', 'Additional records']
    : ['Queries', 'Answers', 'Authoritative nameservers', 'Additional records'];
  for (let section = 0; section < 4 && layer.ok; section++) {
    const count = counts[section] as number;
    if (count === 0) continue;
    const node = layer.text(at, 0, titles[section] as string);
    for (let i = 0; i < count && layer.ok && !d.full; i++) {
      // Each record takes at least one byte, or marks the layer.
      const from = at;
      at = section === 0 ? readQuestion(m, node, at) : readRecord(m, node, at, rcode);
      if (node.field !== null) node.field.length += Math.min(at, b.end) - from;
    }
  }
  if (layer.ok && kind !== 'mdns') transaction(d, layer, id, isResponse);
  if (layer.ok && at < b.end && kind !== 'mdns' && !tcp) {
    const length = b.end - at;
    const node = layer.text(at, length, `Extraneous Data (${length} bytes)`);
    node.bytes(f.extraneousData, at, length);
    node.add(f.extraneousLength, at, 0, length);
    node.expert(f.extraneous);
  }
  return m.info;
}

/** What the index knows of the query and its response. */
function transaction(d: Dissection, layer: Layer, id: number, isResponse: boolean): void {
  if (d.transport === null) return;
  const transactions = d.capture.state(dnsTransactions);
  const entry = transactions.entry(d.row, id, isResponse);
  if (entry < 0) return;
  const at = layer.node.offset;
  const partner = transactions.partner(entry);
  const again = transactions.retransmission(entry);
  if (!isResponse) {
    if (again) {
      layer
        .add(f.retransmission, at, 0, true)
        .expert(f.retransmitRequestNote, at, 0, `DNS query retransmission. Original request in frame ${partner + 1}`);
      layer.add(f.retransmitRequest, at, 0, partner + 1);
    } else if (partner !== NONE) layer.add(f.responseIn, at, 0, partner + 1);
    return;
  }
  if (partner === NONE) {
    layer.add(f.unsolicited, at, 0, true);
    return;
  }
  if (again) {
    const original = transactions.original(entry);
    layer
      .add(f.retransmission, at, 0, true)
      .expert(f.retransmitResponseNote, at, 0, `DNS response retransmission. Original response in frame ${original + 1}`);
    layer.add(f.retransmitResponse, at, 0, original + 1);
    return;
  }
  layer.add(f.responseTo, at, 0, partner + 1);
  layer.add(f.time, at, 0, elapsed(d, partner));
}

function elapsed(d: Dissection, from: number): Time {
  const a = d.capture.packets.chunkOf(from);
  const b = d.capture.packets.chunkOf(d.row);
  let sec = (b.sec[d.row & CHUNK_MASK] as number) - (a.sec[from & CHUNK_MASK] as number);
  let nsec = (b.nsec[d.row & CHUNK_MASK] as number) - (a.nsec[from & CHUNK_MASK] as number);
  if (nsec < 0) {
    sec--;
    nsec += 1_000_000_000;
  }
  return { sec, nsec };
}

function dissect(d: Dissection, b: Buf, protocol: Protocol, kind: Kind): void {
  if (d.transport?.kind !== 'tcp') {
    d.column(protocol, readMessage(d, protocol, kind, b, false));
    return;
  }
  const infos: string[] = [];
  let offset = b.offset;
  while (offset < b.end && infos.length < 100) {
    const end = offset + 2 + b.u16(offset);
    infos.push(readMessage(d, protocol, kind, b.from(offset, Math.max(end, offset + 2)), true));
    offset = Math.max(end, offset + 2);
  }
  d.column(protocol, infos.join(' '));
}

/** Reads the id and the direction of a message; remembers it for the pairing. */
function index(w: IndexWalk): void {
  const o = w.offset;
  if (w.end - o < HEADER || w.quoted || w.stream === UNSET) return;
  const b = w.bytes;
  const id = ((b[o] as number) << 8) | (b[o + 1] as number);
  w.capture.state(dnsTransactions).observe(w.row, w.stream, id, ((b[o + 2] as number) & 0x80) !== 0, w.sec + w.nsec / 1e9);
}

/**
 * DNS over TCP: two bytes of length before each message. Register `a`: bytes of length, id and flags seen so far of the message (0 to 5);
 * `b`: the length; `c`: id and the response bit; `phase`: 1 + bytes taken behind those, 0 between messages.
 */
const dnsFramer: Framer = {
  incremental: true,
  feed(side: StreamSide, bytes: Uint8Array, offset: number, end: number): number {
    let at = offset;
    if (side.phase === 0) {
      side.a = side.b = side.c = 0;
      side.phase = 1;
    }
    // The head (length, id, first flags byte) is gathered byte by byte: it may be cut anywhere.
    while (at < end && side.a < 5) {
      const octet = bytes[at] as number;
      if (side.a < 2) side.b = side.b * 256 + octet;
      else if (side.a < 4) side.c = side.c * 256 + octet;
      else if ((octet & 0x80) !== 0) side.c |= 0x10000;
      side.a++;
      at++;
      if (side.a === 2 && side.b < HEADER) return REJECT;
    }
    if (side.a < 5) {
      side.need = 0;
      return NEED_MORE;
    }
    const left = 2 + side.b - 5 - (side.phase - 1);
    if (end - at >= left) {
      side.phase += left;
      return at + left;
    }
    side.phase += end - at;
    side.need = left - (end - at);
    return NEED_MORE;
  },
  done(side: StreamSide): void {
    const chunk = side.capture.packets;
    const row = side.row;
    let sec = 0;
    if (row < chunk.length) {
      const columns = chunk.chunkOf(row);
      sec = (columns.sec[row & CHUNK_MASK] as number) + (columns.nsec[row & CHUNK_MASK] as number) / 1e9;
    }
    side.capture.state(dnsTransactions).observe(row, (side.stream | TCP_STREAM) >>> 0, side.c & 0xffff, (side.c & 0x10000) !== 0, sec);
    side.a = side.b = side.c = side.phase = 0;
  },
};

const all = [...new Set([...Object.values(f), ...Object.values(rr), ...Object.values(rare)])];

export const dns: Protocol = defineProtocol({
  name: 'dns',
  short: 'DNS',
  title: 'Domain Name System',
  osi: '7',
  pdu: 'Message',
  hue: 'app',
  fields: all,
  index,
  dissect: (d, b) => dissect(d, b, dns, 'dns'),
  framer: dnsFramer,
});

function word(bytes: Uint8Array, at: number): number {
  return ((bytes[at] as number) << 8) | (bytes[at + 1] as number);
}

/** Is it a DNS message on any port? One question with a well-formed name in a known class, and counts that fit the direction. */
function looksLikeDns(bytes: Uint8Array, offset: number, end: number): boolean {
  if (end - offset < HEADER + 5) return false;
  const flags = word(bytes, offset + 2);
  // Opcode 0 and the Z bit clear.
  if ((flags & 0x7840) !== 0 || word(bytes, offset + 4) !== 1) return false;
  if (
    (flags & RESPONSE) === 0
      ? word(bytes, offset + 6) !== 0 || word(bytes, offset + 8) !== 0 || word(bytes, offset + 10) > 2 || (flags & 0x048f) !== 0
      : word(bytes, offset + 6) + word(bytes, offset + 8) + word(bytes, offset + 10) > 256
  )
    return false;
  let name = offset + HEADER;
  for (;;) {
    if (name >= end || name - offset - HEADER > 255) return false;
    const length = bytes[name] as number;
    if (length > 63) return false;
    name += 1 + length;
    if (length === 0) break;
  }
  if (name + 4 > end) return false;
  const klass = ((bytes[name + 2] as number) << 8) | (bytes[name + 3] as number);
  return klass === 1 || klass === 3 || klass === 4 || klass === 255;
}

/** On any UDP port: where the header and the question say that it is DNS. */
export const dnsElsewhere: Protocol = defineProtocol({
  name: 'dns',
  short: 'DNS',
  title: 'Domain Name System',
  osi: '7',
  pdu: 'Message',
  hue: 'app',
  fields: [],
  accepts: (bytes, offset, end) => looksLikeDns(bytes, offset, end),
  index,
  dissect: (d, b) => dissect(d, b, dns, 'dns'),
});

/** A message alone, whatever carries it: the body of DNS over HTTPS (RFC 8484). */
export const dnsMessage: Protocol = defineProtocol({
  name: 'dns',
  short: 'DNS',
  title: 'Domain Name System',
  osi: '7',
  pdu: 'Message',
  hue: 'app',
  fields: [],
  dissect: (d, b) => d.column(dns, readMessage(d, dns, 'dns', b, false)),
});

export const mdns: Protocol = defineProtocol({
  name: 'mdns',
  short: 'MDNS',
  title: 'Multicast Domain Name System',
  osi: '7',
  pdu: 'Message',
  hue: 'app',
  fields: [],
  dissect: (d, b) => dissect(d, b, mdns, 'mdns'),
});

export const llmnr: Protocol = defineProtocol({
  name: 'llmnr',
  short: 'LLMNR',
  title: 'Link-local Multicast Name Resolution',
  osi: '7',
  pdu: 'Message',
  hue: 'app',
  fields: [],
  index,
  dissect: (d, b) => dissect(d, b, llmnr, 'llmnr'),
});
