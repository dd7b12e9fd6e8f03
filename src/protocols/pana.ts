/** PANA (RFC 5191): the header and its attributes, and EAP in one of them. */
import { bytes, nameOf, uint8, uint16, uint32 } from '../dissect/field.ts';
import { be16, be32 } from './app-kit.ts';
import { eap } from './eap.ts';
import { put, record, row } from './record-kit.ts';

const HEADER = 16;
const EAP_PAYLOAD = 2;
const MAX_ATTRIBUTES = 200;
const f = {
  code: uint16('pana.avp.code', 'AVP Code'),
  flags: uint16('pana.avp.flags', 'AVP Flags', { base: 'hex' }),
  length: uint16('pana.avp.data_length', 'AVP Data Length'),
  bytes: bytes('pana.avp.data.bytes', 'Value'),
};
const type = uint16('pana.type', 'PANA Message Type');

/** Runs `one` over the attributes: code, where the value begins and where it ends. */
function eachAttribute(b: Uint8Array, from: number, end: number, one: (code: number, from: number, to: number) => void): void {
  for (let at = from, n = 0; at + 8 <= end && n < MAX_ATTRIBUTES; n++) {
    const size = be16(b, at + 4);
    if (at + 8 + size > end) return;
    one(be16(b, at), at + 8, at + 8 + size);
    at += 8 + ((size + 3) & ~3);
  }
}

export const pana = record({
  name: 'pana',
  short: 'PANA',
  title: 'Protocol for carrying Authentication for Network Access',
  header: HEADER,
  mayBegin: (octet) => octet === 0,
  accepts: (b, o, end, wireEnd) =>
    end - o >= HEADER &&
    be16(b, o) === 0 &&
    be16(b, o + 2) === wireEnd - o &&
    (be16(b, o + 4) & 0x3ff) === 0 &&
    be16(b, o + 6) >= 1 &&
    be16(b, o + 6) <= 4 &&
    be32(b, o + 12) !== 0,
  kind: 3,
  rows: [
    row(bytes('pana.reserved', 'PANA Reserved'), 0, 2),
    row(uint16('pana.length', 'PANA Message Length'), 2),
    row(uint8('pana.flags', 'Flags', { base: 'hex' }), 4),
    row(type, 6),
    row(uint32('pana.sid', 'PANA Session ID', { base: 'hex' }), 8),
    row(uint32('pana.seq', 'PANA Sequence Number', { base: 'hex' }), 12),
  ],
  fields: Object.values(f),
  index(w) {
    eachAttribute(w.bytes, w.offset + HEADER, w.end, (code, from, to) => {
      if (code === EAP_PAYLOAD && to > from) w.push(eap);
    });
  },
  more(layer, b, at, end, d) {
    eachAttribute(b.bytes, at + HEADER, end, (code, from, to) => {
      const node = layer.text(from - 8, to - from + 8, 'Attribute', `${nameOf(f.code, code) ?? code}`);
      put(node, f.code, from - 8);
      put(node, f.flags, from - 6);
      put(node, f.length, from - 4);
      if (to === from) return;
      if (code === EAP_PAYLOAD) d.call(eap, b.from(from, to));
      else put(node, f.bytes, from, to - from);
    });
    return undefined;
  },
});
