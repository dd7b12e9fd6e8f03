/** STUN (RFC 8489) and what TURN adds (RFC 8656): messages and their attributes, and data that is relayed. */
import type { Buf, Dissection, Node } from '../dissect/dissection.ts';
import { bytes, ipv4, ipv6, nameOf, names, none, string, uint8, uint16, uint32 } from '../dissect/field.ts';
import { app, be16, be32 } from './app-kit.ts';
import { data } from './data.ts';
import { callData } from './next.ts';
import { xorAddress } from './stun-address.ts';

const HEADER = 20;
const COOKIE = 0x2112a442;
const DATA = 0x0013;

const f = {
  type: uint16('stun.type', 'Message Type', { base: 'hex' }),
  class: uint16('stun.type.class', 'Message Class', { base: 'hex', mask: 0x110 }),
  method: uint16('stun.type.method', 'Message Method', { base: 'hex', mask: 0x3eef }),
  length: uint16('stun.length', 'Message Length'),
  cookie: bytes('stun.cookie', 'Message Cookie'),
  id: bytes('stun.id', 'Message Transaction ID'),
  attributes: none('stun.attributes', 'Attributes'),
  attribute: uint16('stun.attribute', 'Attribute Type', { base: 'hex' }),
  attributeType: uint16('stun.att.type', 'Attribute Type', { base: 'hex' }),
  attributeLength: uint16('stun.att.length', 'Attribute Length'),
  family: uint8('stun.att.family', 'Protocol Family', { base: 'hex', names: names({ 1: 'IPv4', 2: 'IPv6' }) }),
  ipv4: ipv4('stun.att.ipv4', 'IP'),
  ipv6: ipv6('stun.att.ipv6', 'IP'),
  port: uint16('stun.att.port', 'Port'),
  portXor: bytes('stun.att.port-xord', 'Port (XOR-d)'),
  username: string('stun.att.username', 'Username'),
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
    case 0x8020: {
      const xored = type !== 0x0001 && type !== 0x0004 && type !== 0x8023;
      const family = node.uint(f.family, at + 1);
      if (!xored) node.uint(f.port, at + 2);
      else {
        node.bytes(f.portXor, at + 2, 2);
        node.add(f.port, at + 2, 2, b.u16(at + 2) ^ (COOKIE >>> 16));
      }
      const size = family === 2 ? 16 : 4;
      if (!node.has(at + 4, size)) return;
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
      node.uint(f.errorClass, at + 2);
      node.uint(f.errorCode, at + 3);
      if (length > 4) node.string(f.errorReason, at + 4, length - 4);
      return;
    case 0x000c:
      node.uint(f.channel, at);
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
    case 0x0019:
      node.uint(f.transport, at);
      return;
    case 0x0024:
      node.uint(f.priority, at);
      return;
    case 0x8022:
      node.string(f.software, at, length);
      return;
    case 0x8028:
      node.uint(f.crc, at);
      return;
    case 0x8029:
    case 0x802a:
      node.uint64(f.controlled, at);
      return;
    case DATA:
      node.bytes(f.value, at, length);
      callData(d, b.from(at, at + length));
      return;
    default:
      node.bytes(f.value, at, length);
  }
}

export const stun = app({
  name: 'stun',
  short: 'STUN',
  title: 'Session Traversal Utilities for NAT',
  fields: Object.values(f),
  accepts: (b, o, end) => end - o >= HEADER && (b[o] as number) < 0x40 && be32(b, o + 4) === COOKIE && be16(b, o + 2) + HEADER === end - o,
  index(w) {
    // Data that is relayed has a layer of its own.
    const stop = Math.min(w.end, w.offset + HEADER + be16(w.bytes, w.offset + 2));
    for (let at = w.offset + HEADER; at + 4 <= stop; ) {
      const length = be16(w.bytes, at + 2);
      if (be16(w.bytes, at) === DATA && length > 0 && at + 4 < stop) {
        w.follow(data, at + 4, at + 4 + length);
        return;
      }
      at += 4 + ((length + 3) & ~3);
    }
  },
  read(layer, b, d) {
    const o = b.offset;
    const type = layer.uintNode(f.type, o);
    type.uint(f.class, o);
    type.uint(f.method, o);
    layer.uint(f.length, o + 2);
    layer.uint(f.cookie, o + 4);
    layer.bytes(f.id, o + 8, 12);
    const stop = Math.min(b.end, o + HEADER + b.u16(o + 2));
    if (layer.ok && stop > o + HEADER) {
      const list = layer.add(f.attributes, o + HEADER, stop - o - HEADER, null);
      for (let at = o + HEADER; layer.ok && at + 4 <= stop && !d.full; ) {
        const kind = b.u16(at);
        const length = Math.min(b.u16(at + 2), stop - at - 4);
        const item = list.add(f.attribute, at, 4 + length, null, { display: nameOf(f.attributeType, kind) ?? 'Unknown' });
        item.uint(f.attributeType, at);
        item.uint(f.attributeLength, at + 2);
        attribute(item, b, d, kind, at + 4, length);
        at += 4 + ((b.u16(at + 2) + 3) & ~3);
      }
    }
    const value = b.u16(o);
    const words = `${nameOf(f.method, methodOf(value)) ?? 'Unknown'} ${nameOf(f.class, classOf(value)) ?? ''}`;
    return words.trim();
  },
});

/** The bits of the type that are the method and those that are the class lie between each other (RFC 8489 section 5): shown as they lie. */
function methodOf(type: number): number {
  return type & 0x3eef;
}
function classOf(type: number): number {
  return (type & 0x110) >> 4;
}
