/** GTPv2-C (3GPP TS 29.274): the header and the information elements, grouped ones opened. */
import type { Buf, Node } from '../dissect/dissection.ts';
import { type FieldDef, ipv4, ipv6, nameOf, string, uint8, uint16, uint24, uint32 } from '../dissect/field.ts';
import { be16 } from './app-kit.ts';
import { digits, elementFields, labels } from './gtp-elements.ts';
import { causes, elementTypes, interfaceTypes, messageTypes, ratTypes } from './gtpv2-names.ts';
import { put, record, row } from './record-kit.ts';

const MAX_DEPTH = 4;
const HAS_TEID = 8;
const f = {
  teid: uint32('gtpv2.teid', 'Tunnel Endpoint Identifier', { base: 'hex_dec' }),
  sequence: uint24('gtpv2.seq', 'Sequence Number', { base: 'hex_dec' }),
  spare: uint16('gtpv2.spare', 'Spare'),
  type: uint8('gtpv2.ie_type', 'IE Type', { names: elementTypes }),
  length: uint16('gtpv2.ie_len', 'IE Length'),
  cr: uint8('gtpv2.cr', 'CR flag', { mask: 0xf0 }),
  instance: uint8('gtpv2.instance', 'Instance', { mask: 0xf }),
  imsi: elementFields.imsi,
  interface: uint8('gtpv2.f_teid_interface_type', 'Interface Type', { mask: 0x3f, names: interfaceTypes }),
  key: uint32('gtpv2.f_teid_gre_key', 'TEID/GRE Key', { base: 'hex_dec' }),
  ipv4: ipv4('gtpv2.f_teid_ipv4', 'F-TEID IPv4'),
  ipv6: ipv6('gtpv2.f_teid_ipv6', 'F-TEID IPv6'),
  apn: string('gtpv2.apn', 'APN (Access Point Name)'),
};
const IMSI = 1;
const APN = 71;
const F_TEID = 87;
const BEARER_CONTEXT = 93;
/** Elements that are one field, by type. */
const VALUES = new Map<number, FieldDef>([
  [2, uint8('gtpv2.cause', 'Cause', { names: causes })],
  [3, uint8('gtpv2.rec', 'Restart Counter')],
  [73, uint8('gtpv2.ebi', 'EPS Bearer ID (EBI)', { mask: 0xf })],
  [82, uint8('gtpv2.rat_type', 'RAT Type', { names: ratTypes })],
]);

function elements(node: Node, b: Buf, from: number, end: number, depth: number): void {
  for (let at = from; node.ok && at + 4 <= end && !node.d.full; ) {
    const type = b.u8(at);
    const size = Math.min(b.u16(at + 1), end - at - 4);
    const value = at + 4;
    const item = node.text(at, 4 + size, nameOf(f.type, type) ?? `Element ${type}`);
    put(item, f.type, at);
    put(item, f.length, at + 1);
    put(item, f.cr, at + 3);
    put(item, f.instance, at + 3);
    const field = VALUES.get(type);
    if (type === BEARER_CONTEXT && depth < MAX_DEPTH) elements(item, b, value, value + size, depth + 1);
    else if (type === IMSI && size > 0) item.add(f.imsi, value, size, digits(b.slice(value, size)));
    else if (type === APN && size > 0) item.add(f.apn, value, size, labels(b.slice(value, size)));
    else if (type === F_TEID && size >= 5) {
      put(item, f.interface, value);
      put(item, f.key, value + 1);
      let o = 5;
      if ((b.u8(value) & 0x80) !== 0 && size >= o + 4) {
        put(item, f.ipv4, value + o);
        o += 4;
      }
      if ((b.u8(value) & 0x40) !== 0 && size >= o + 16) put(item, f.ipv6, value + o);
    } else if (field !== undefined && size > 0) put(item, field, value);
    at = value + size;
  }
}

export const gtpv2 = record({
  name: 'gtpv2',
  short: 'GTPv2',
  title: 'GPRS Tunneling Protocol V2',
  osi: '4',
  hue: 'tra',
  header: 4,
  length: (h) => 4 + be16(h, 2),
  framer: null,
  kind: 1,
  rows: [
    row(uint8('gtpv2.flags', 'Flags', { base: 'hex' }), 0, 1, [
      uint8('gtpv2.version', 'Version', { mask: 0xe0 }),
      uint8('gtpv2.p', 'Piggybacking flag (P)', { mask: 0x10 }),
      uint8('gtpv2.t', 'TEID flag (T)', { mask: 0x8 }),
      uint8('gtpv2.mp', 'Message Priority(MP)', { mask: 0x4 }),
    ]),
    row(uint8('gtpv2.message_type', 'Message Type', { names: messageTypes }), 1),
    row(uint16('gtpv2.msg_length', 'Message Length'), 2),
  ],
  fields: [...Object.values(f), ...VALUES.values()],
  more(layer, b, at, end) {
    let from = at + 4;
    if ((b.u8(at) & HAS_TEID) !== 0) {
      put(layer, f.teid, from);
      from += 4;
    }
    put(layer, f.sequence, from);
    put(layer, f.spare, from + 3, 1);
    elements(layer, b, from + 4, end, 0);
    return undefined;
  },
});
