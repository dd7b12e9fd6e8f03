/** PANA (RFC 5191): the header and its attributes, and EAP in one of them. */
import { bytes, uint8, uint16, uint32 } from '../dissect/field.ts';
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
  reserved: bytes('pana.avp.reserved', 'AVP Reserved'),
  vendor: uint32('pana.avp.vendorid', 'AVP Vendor ID', { base: 'hex' }),
  bytes: bytes('pana.avp.data.bytes', 'Value'),
};
const type = uint16('pana.type', 'PANA Message Type');

/** Octets of an attribute before its value; a vendor's has the vendor's number, too (section 6.3). */
const headOf = (b: Uint8Array, at: number): number => (((b[at + 2] as number) & 0x80) !== 0 ? 12 : 8);

/** Runs `one` over the attributes: where each begins, where its value begins and where that ends. */
function eachAttribute(b: Uint8Array, from: number, end: number, one: (at: number, from: number, to: number) => void): void {
  for (let at = from, n = 0; at + 8 <= end && n < MAX_ATTRIBUTES; n++) {
    const from = at + headOf(b, at);
    const size = be16(b, at + 4);
    if (from + size > end) return;
    one(at, from, from + size);
    at = from + ((size + 3) & ~3);
  }
}

const isEap = (b: Uint8Array, at: number): boolean => be16(b, at) === EAP_PAYLOAD && headOf(b, at) === 8;

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
    eachAttribute(w.bytes, w.offset + HEADER, w.end, (at, from, to) => {
      if (isEap(w.bytes, at) && to > from) w.push(eap);
    });
  },
  more(layer, b, at, end, d) {
    eachAttribute(b.bytes, at + HEADER, end, (begin, from, to) => {
      const node = layer.text(begin, to - begin, 'Attribute', String(b.u16(begin)));
      put(node, f.code, begin);
      put(node, f.flags, begin + 2);
      put(node, f.length, begin + 4);
      put(node, f.reserved, begin + 6, 2);
      if (from - begin > 8) put(node, f.vendor, begin + 8);
      if (to === from) return;
      if (isEap(b.bytes, begin)) d.call(eap, b.from(from, to));
      else put(node, f.bytes, from, to - from);
    });
    return undefined;
  },
});
