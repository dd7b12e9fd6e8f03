/** STUN as it was before it had a cookie (RFC 3489): messages and their attributes. */
import type { Buf, Node } from '../dissect/dissection.ts';
import { bool, bytes, ipv4, ipv6, nameOf, names, none, string, uint8, uint16 } from '../dissect/field.ts';
import { be16, be32 } from './app-kit.ts';
import { put, record, row } from './record-kit.ts';

const HEADER = 20;
const COOKIE = 0x2112a442;
const type = uint16('classicstun.type', 'Message Type', {
  base: 'hex',
  names: names({
    1: 'Binding Request',
    257: 'Binding Response',
    273: 'Binding Error Response',
    2: 'Shared Secret Request',
    258: 'Shared Secret Response',
    4370: 'Shared Secret Error Response',
    3: 'Allocate Request',
    259: 'Allocate Response',
    275: 'Allocate Error Response',
    4: 'Send Request',
    260: 'Send Response',
    276: 'Send Error Response',
    277: 'Data Indication',
    6: 'Set Active Destination Request',
    262: 'Set Active Destination Response',
    278: 'Set Active Destination Error Response',
  }),
});
const f = {
  attributes: none('classicstun.att', 'Attributes'),
  type: uint16('classicstun.att.type', 'Attribute Type', {
    base: 'hex',
    names: names({
      1: 'MAPPED-ADDRESS',
      2: 'RESPONSE-ADDRESS',
      3: 'CHANGE-REQUEST',
      4: 'SOURCE-ADDRESS',
      5: 'CHANGED-ADDRESS',
      6: 'USERNAME',
      7: 'PASSWORD',
      8: 'MESSAGE-INTEGRITY',
      9: 'ERROR-CODE',
      11: 'REFLECTED-FROM',
      13: 'LIFETIME',
      14: 'ALTERNATE_SERVER',
      15: 'MAGIC_COOKIE',
      16: 'BANDWIDTH',
      17: 'DESTINATION_ADDRESS',
      18: 'REMOTE_ADDRESS',
      19: 'DATA',
      20: 'NONCE',
      21: 'REALM',
      22: 'REQUESTED_ADDRESS_TYPE',
      32800: 'XOR_MAPPED_ADDRESS',
      33: 'XOR_ONLY',
      32802: 'SERVER',
      49153: 'CONNECTION-REQUEST-BINDING',
      49154: 'BINDING-CHANGE',
    }),
  }),
  length: uint16('classicstun.att.length', 'Attribute Length'),
  family: uint16('classicstun.att.family', 'Protocol Family', { base: 'hex', names: names({ 1: 'IPv4', 2: 'IPv6' }) }),
  port: uint16('classicstun.att.port', 'Port'),
  ipv4: ipv4('classicstun.att.ipv4', 'IP'),
  ipv6: ipv6('classicstun.att.ipv6', 'IP'),
  changeIp: bool('classicstun.att.change.ip', 'Change IP', { mask: 0x4 }),
  changePort: bool('classicstun.att.change.port', 'Change Port', { mask: 0x2 }),
  errorClass: uint8('classicstun.att.error.class', 'Error Class', { mask: 0x7 }),
  error: uint8('classicstun.att.error', 'Error Code'),
  reason: string('classicstun.att.error.reason', 'Error Reason Phase'),
  value: bytes('classicstun.att.value', 'Value'),
};
const ADDRESSES = new Set([1, 2, 4, 5, 11, 14, 17, 18]);
const NOT_SHOWN = new Set([6, 7, 8]);

function attribute(node: Node, b: Buf, kind: number, at: number, size: number): void {
  if (ADDRESSES.has(kind) && size >= 8) {
    const family = put(node, f.family, at + 1, 1);
    put(node, f.port, at + 2);
    if (family === 1) put(node, f.ipv4, at + 4);
    else if (family === 2 && size >= 20) put(node, f.ipv6, at + 4);
  } else if (kind === 3 && size >= 4) {
    put(node, f.changeIp, at, 4);
    put(node, f.changePort, at, 4);
  } else if (kind === 9 && size >= 4) {
    put(node, f.errorClass, at + 2);
    put(node, f.error, at + 3);
    if (size > 4) put(node, f.reason, at + 4, size - 4);
  } else if (!NOT_SHOWN.has(kind) && nameOf(f.type, kind) !== undefined && size > 0) put(node, f.value, at, Math.min(size, b.end - at));
}

export const classicStun = record({
  name: 'classicstun',
  short: 'CLASSIC-STUN',
  title: 'Simple Traversal of UDP Through NAT',
  header: HEADER,
  kind: 0,
  mayBegin: (octet) => octet < 0x40,
  accepts: (b, o, end, wireEnd) =>
    end - o >= HEADER &&
    (b[o] as number) < 0x40 &&
    HEADER + be16(b, o + 2) === wireEnd - o &&
    nameOf(type, be16(b, o)) !== undefined &&
    be32(b, o + 4) !== COOKIE,
  rows: [
    row(type, 0),
    row(uint16('classicstun.length', 'Message Length', { base: 'hex' }), 2),
    row(bytes('classicstun.id', 'Message Transaction ID'), 4, 16),
  ],
  fields: Object.values(f),
  more(layer, b, from, end) {
    if (end <= from + HEADER) return undefined;
    const list = layer.add(f.attributes, from + HEADER, end - from - HEADER, null);
    for (let at = from + HEADER; layer.ok && at + 4 <= end && !layer.d.full; ) {
      const kind = b.u16(at);
      const size = b.u16(at + 2);
      const item = list.text(at, 4 + size, `Attribute: ${nameOf(f.type, kind) ?? 'Unknown'}`);
      put(item, f.type, at);
      put(item, f.length, at + 2);
      attribute(item, b, kind, at + 4, Math.min(size, end - at - 4));
      at += 4 + size;
    }
    return undefined;
  },
});
