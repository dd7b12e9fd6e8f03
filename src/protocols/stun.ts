/** STUN (RFC 8489) and what TURN adds (RFC 8656): messages and their attributes, and data that is relayed. */
import { crc32 } from 'node:zlib';
import { data } from '../dissect/data.ts';
import type { Buf, Dissection, Layer, Node } from '../dissect/dissection.ts';
import { bytes, expert, ipv4, ipv6, nameOf, names, none, string, uint8, uint16, uint32 } from '../dissect/field.ts';
import { REJECT } from '../dissect/framer.ts';
import type { IndexWalk } from '../dissect/index-walk.ts';
import { alias, app, be16, be32, each, lengthFramer, scanned } from './app-kit.ts';
import { callData } from './next.ts';
import { xorAddress } from './stun-address.ts';
import { attributeNames } from './stun-names.ts';

const HEADER = 20;
const COOKIE = 0x2112a442;
/** XORed with the checksum, so that it is told from one of the protocol inside. */
const FINGERPRINT = 0x5354554e;
const CHANNEL_HEADER = 4;
const DATA = 0x0013;
const MAX_MESSAGES = 200;

const assignments = names({ 0: 'IETF Review', 1: 'Designated Expert' });

const f = {
  type: uint16('stun.type', 'Message Type', { base: 'hex' }),
  class: uint16('stun.type.class', 'Message Class', { base: 'hex', mask: 0x110 }),
  method: uint16('stun.type.method', 'Message Method', { base: 'hex', mask: 0x3eef }),
  assignment: uint16('stun.type.method-assignment', 'Message Method Assignment', { base: 'hex', mask: 0x2000, names: assignments }),
  length: uint16('stun.length', 'Message Length'),
  cookie: bytes('stun.cookie', 'Message Cookie'),
  id: bytes('stun.id', 'Message Transaction ID'),
  attributes: none('stun.attributes', 'Attributes'),
  attribute: uint16('stun.attribute', 'Attribute Type', { base: 'hex' }),
  attributeType: uint16('stun.att.type', 'Attribute Type', { base: 'hex', names: attributeNames }),
  comprehension: uint16('stun.att.type.comprehension', 'Attribute Type Comprehension', {
    base: 'hex',
    mask: 0x8000,
    names: names({ 0: 'Required', 1: 'Optional' }),
  }),
  attributeAssignment: uint16('stun.att.type.assignment', 'Attribute Type Assignment', { base: 'hex', mask: 0x4000, names: assignments }),
  attributeLength: uint16('stun.att.length', 'Attribute Length'),
  family: uint8('stun.att.family', 'Protocol Family', { base: 'hex', names: names({ 1: 'IPv4', 2: 'IPv6' }) }),
  ipv4: ipv4('stun.att.ipv4', 'IP'),
  ipv6: ipv6('stun.att.ipv6', 'IP'),
  port: uint16('stun.att.port', 'Port'),
  portXor: bytes('stun.att.port-xord', 'Port (XOR-d)'),
  username: string('stun.att.username', 'Username'),
  ipv4Xor: bytes('stun.att.ipv4-xord', 'IP (XOR-d)'),
  ipv6Xor: bytes('stun.att.ipv6-xord', 'IP (XOR-d)'),
  reserved: bytes('stun.att.reserved', 'Reserved'),
  reserveNext: uint8('stun.att.even-port.reserve-next', 'Reserve next', {
    mask: 0x80,
    names: names({ 0: 'No reservation', 1: 'Reserve next port number' }),
  }),
  token: bytes('stun.att.token', 'Token'),
  padding: uint16('stun.att.padding', 'Padding'),
  realm: string('stun.att.realm', 'Realm'),
  nonce: string('stun.att.nonce', 'Nonce'),
  software: string('stun.att.software', 'Software'),
  lifetime: uint32('stun.att.lifetime', 'Lifetime'),
  transport: uint8('stun.att.transp', 'Transport', { base: 'hex', names: names({ 17: 'UDP', 6: 'TCP' }) }),
  channel: uint16('stun.att.channelnum', 'Channel-Number', { base: 'hex' }),
  priority: uint32('stun.att.priority', 'Priority'),
  controlled: bytes('stun.att.tie-breaker', 'Tie breaker'),
  errorClass: uint8('stun.att.error.class', 'Error Class', { mask: 0x7 }),
  errorCode: uint8('stun.att.error', 'Error Code'),
  errorReason: string('stun.att.error.reason', 'Error Reason Phrase'),
  hmac: bytes('stun.att.hmac', 'HMAC-SHA1'),
  crc: uint32('stun.att.crc32', 'CRC-32', { base: 'hex' }),
  value: bytes('stun.value', 'Value'),
  badLength: expert('stun.wrong_msglen', 'error', 'Packet length is not multiple of 4 bytes', 'malformed'),
  unknown: expert('stun.unknown_attribute', 'warn', 'Attribute unknown', 'undecoded'),
  badFingerprint: expert('stun.att.crc32.bad', 'warn', 'Bad Fingerprint', 'checksum'),
  channelNumber: uint16('stun.channel', 'Channel Number', { base: 'hex' }),
};

function attribute(node: Node, b: Buf, d: Dissection, type: number, at: number, length: number): void {
  if (length === 0) return;
  switch (type) {
    case 0x0001:
    case 0x0004:
    case 0x8023:
    case 0x0012:
    case 0x0016:
    case 0x0020:
    case 0x8020:
    case 0x802b:
    case 0x802c: {
      const xored = type === 0x0012 || type === 0x0016 || type === 0x0020 || type === 0x8020;
      node.bytes(f.reserved, at, 1);
      const family = node.uint(f.family, at + 1);
      if (!xored) node.uint(f.port, at + 2);
      else {
        node.bytes(f.portXor, at + 2, 2);
        node.add(f.port, at + 2, 2, b.u16(at + 2) ^ (COOKIE >>> 16));
      }
      const size = family === 2 ? 16 : 4;
      if (!node.has(at + 4, size)) return;
      if (xored) node.bytes(size === 4 ? f.ipv4Xor : f.ipv6Xor, at + 4, size);
      const address = xored ? xorAddress(b, at + 4, size) : b.slice(at + 4, size);
      node.add(size === 4 ? f.ipv4 : f.ipv6, at + 4, size, address);
      return;
    }
    case 0x0006:
      node.string(f.username, at, length);
      return;
    case 0x0008:
      node.bytes(f.hmac, at, length);
      return;
    case 0x0009:
      if (length < 4) return;
      node.bytes(f.reserved, at, 2);
      node.uint(f.errorClass, at + 2);
      node.uint(f.errorCode, at + 3);
      if (length > 4) node.string(f.errorReason, at + 4, length - 4);
      return;
    case 0x000c:
      node.uint(f.channel, at);
      if (length > 2) node.bytes(f.reserved, at + 2, length - 2);
      return;
    case 0x000d:
      node.uint(f.lifetime, at);
      return;
    case 0x0014:
      node.string(f.realm, at, length);
      return;
    case 0x0015:
      node.string(f.nonce, at, length);
      return;
    case 0x0017:
      node.uint(f.family, at);
      if (length > 1) node.bytes(f.reserved, at + 1, length - 1);
      return;
    case 0x0018:
      node.uint(f.reserveNext, at);
      return;
    case 0x0019:
      node.uint(f.transport, at);
      if (length > 1) node.bytes(f.reserved, at + 1, length - 1);
      return;
    case 0x0022:
      node.bytes(f.token, at, length);
      return;
    case 0x0024:
      node.uint(f.priority, at);
      return;
    case 0x8022:
      node.string(f.software, at, length);
      return;
    case 0x8029:
    case 0x802a:
      node.bytes(f.controlled, at, length);
      return;
    case DATA:
      node.bytes(f.value, at, length);
      callData(d, b.from(at, at + length));
      return;
    default:
      node.bytes(f.value, at, length);
  }
}

/** RFC 8489 section 5: the bits of the method, which the class parts. Wireshark knows methods of eight bits. */
const methodNumber = (type: number): number => (type & 0xf) | ((type & 0xe0) >> 1) | ((type & 0x3e00) >> 2);

function isMessage(b: Uint8Array, o: number, end: number): boolean {
  return end - o >= HEADER && (b[o] as number) < 0x40 && be32(b, o + 4) === COOKIE && methodNumber(be16(b, o)) < 0x100;
}

/** TURN's channel data (RFC 8656 section 12.4): a number and a length. */
function isChannel(b: Uint8Array, o: number, end: number): boolean {
  return end - o >= CHANNEL_HEADER && ((b[o] as number) & 0xc0) === 0x40;
}

const padded = (length: number): number => (length + 3) & ~3;
const whole = (b: Uint8Array, o: number, end: number): boolean => isMessage(b, o, end) && be16(b, o + 2) + HEADER === end - o;

function onPort(b: Uint8Array, o: number, end: number): boolean {
  if (!isChannel(b, o, end)) return whole(b, o, end);
  const length = CHANNEL_HEADER + be16(b, o + 2);
  return end - o === length || end - o === padded(length);
}

/** Length of the message or channel data with this head, as TCP carries it. */
function lengthOf(head: Uint8Array): number {
  const bits = (head[0] as number) >> 6;
  const length = be16(head, 2);
  return bits === 0 ? HEADER + length : bits === 1 ? padded(CHANNEL_HEADER + length) : REJECT;
}

function scan(w: IndexWalk, bytes: Uint8Array, offset: number, end: number): void {
  for (let at = offset, n = 0; at + CHANNEL_HEADER <= end && n < MAX_MESSAGES; n++) {
    const length = be16(bytes, at + 2);
    if (isChannel(bytes, at, end)) {
      // Data that is relayed has a layer of its own.
      if (length > 0 && at + CHANNEL_HEADER < end) w.push(data);
      at += padded(CHANNEL_HEADER + length);
      continue;
    }
    const stop = Math.min(end, at + HEADER + length);
    for (let i = at + HEADER; i + 4 <= stop; i += 4 + padded(be16(bytes, i + 2))) {
      if (be16(bytes, i) === DATA && be16(bytes, i + 2) > 0 && i + 4 < stop) w.push(data);
    }
    at += HEADER + length;
  }
}

/** RFC 8489, section 14.7: over the message up to this attribute. */
function fingerprint(node: Node, b: Buf, message: number, at: number): void {
  const told = node.uintNode(f.crc, at);
  const expected = (crc32(b.slice(message, at - 4 - message)) ^ FINGERPRINT) >>> 0;
  if (node.ok && b.u32(at) !== expected)
    told.expert(f.badFingerprint, undefined, undefined, `Bad Fingerprint [should be 0x${expected.toString(16).padStart(8, '0')}]`);
}

function attributes(layer: Layer, b: Buf, d: Dissection, from: number, stop: number): void {
  const list = layer.add(f.attributes, from, stop - from, null);
  for (let at = from; layer.ok && at + 4 <= stop && !d.full; ) {
    const kind = b.u16(at);
    const length = Math.min(b.u16(at + 2), stop - at - 4);
    const name = attributeNames.get(kind);
    const display = name ?? `Unknown attribute 0x${kind.toString(16).padStart(4, '0')}`;
    const item = list.add(f.attribute, at, 4 + length, kind, { display });
    if (name !== undefined) {
      const type = item.uintNode(f.attributeType, at, 2, { display: name });
      type.uint(f.comprehension, at);
      type.uint(f.attributeAssignment, at);
    } else item.expert(f.unknown, undefined, undefined, display);
    item.uint(f.attributeLength, at + 2);
    if (kind === 0x8028 && length === 4) fingerprint(item, b, from - HEADER, at + 4);
    else attribute(item, b, d, kind, at + 4, length);
    const padding = padded(length) - length;
    if (padding > 0 && at + 4 + length + padding <= stop) item.add(f.padding, at + 4 + length, padding, padding);
    at += 4 + padded(b.u16(at + 2));
  }
}

export const stun = app({
  name: 'stun',
  short: 'STUN',
  title: 'Session Traversal Utilities for NAT',
  fields: Object.values(f),
  mayBegin: (octet) => octet < 0x40,
  accepts: whole,
  goesOn: onPort,
  index: (w) => scan(w, w.bytes, w.offset, w.end),
  read: (layer, b, d) =>
    each(layer, b, (at, info) => {
      if (info.length >= MAX_MESSAGES) return at;
      const length = b.u16(at + 2);
      if (isChannel(b.bytes, at, b.end)) {
        layer.uint(f.channelNumber, at);
        layer.uint(f.length, at + 2);
        callData(d, b.from(at + CHANNEL_HEADER, at + CHANNEL_HEADER + length));
        info.push('ChannelData TURN Message');
        return at + padded(CHANNEL_HEADER + length);
      }
      const type = layer.uintNode(f.type, at);
      type.uint(f.class, at);
      type.uint(f.method, at);
      type.uint(f.assignment, at);
      const told = layer.uintNode(f.length, at + 2);
      if (layer.ok && length % 4 !== 0) told.expert(f.badLength);
      layer.bytes(f.cookie, at + 4, 4);
      layer.bytes(f.id, at + 8, 12);
      const stop = Math.min(b.end, at + HEADER + length);
      if (layer.ok && stop > at + HEADER) attributes(layer, b, d, at + HEADER, stop);
      const value = b.u16(at);
      info.push(`${nameOf(f.method, methodOf(value)) ?? 'Unknown'} ${nameOf(f.class, classOf(value)) ?? ''}`.trim());
      return at + HEADER + length;
    }),
});

/** The same on its port, and over TCP. */
export const stunOnPort = alias(stun, { accepts: onPort });
const overTcp = {
  goesOn: (b: Uint8Array, o: number) => (b[o] as number) < 0x80,
  framer: scanned(lengthFramer(CHANNEL_HEADER, lengthOf), scan),
};
export const stunTcp = alias(stun, { accepts: isMessage, mayBegin: (octet) => octet < 0x40, ...overTcp });
/** On the port the first segment may be a part of a message. */
export const stunTcpOnPort = alias(stun, {
  accepts: (b, o, end) => (b[o] as number) < 0x80 && (end - o < 8 || isChannel(b, o, end) || be32(b, o + 4) === COOKIE),
  ...overTcp,
});

/** The bits of the type that are the method and those that are the class lie between each other (RFC 8489 section 5): shown as they lie. */
function methodOf(type: number): number {
  return type & 0x3eef;
}
function classOf(type: number): number {
  return (type & 0x110) >> 4;
}
