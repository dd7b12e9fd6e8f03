/** MTP2 user adaptation (RFC 3331, section 3): header, parameters, and the message of MTP3. */
import { bytes, nameOf, names, uint8, uint16, uint32 } from '../dissect/field.ts';
import { app, be16 } from './app-kit.ts';
import { parameterAt } from './m3ua.ts';
import { mtp3 } from './mtp3.ts';

const f = {
  version: uint8('m2ua.version', 'Version', { names: names({ 1: 'Release 1' }) }),
  reserved: uint8('m2ua.reserved', 'Reserved', { base: 'hex' }),
  class: uint8('m2ua.message_class', 'Message class', {
    names: names({
      0: 'Management messages',
      3: 'ASP state maintenance messages',
      4: 'ASP traffic maintenance messages',
      6: 'MTP2 user adaptation messages',
      10: 'Interface identifier management messages',
    }),
  }),
  type: uint8('m2ua.message_type', 'Message Type'),
  length: uint32('m2ua.message_length', 'Message length'),
  tag: uint16('m2ua.parameter_tag', 'Parameter Tag', {
    base: 'hex',
    names: names({
      1: 'Interface identifier (integer)',
      3: 'Interface identifier (text)',
      4: 'Info string',
      7: 'Diagnostic information',
      8: 'Interface identifier (integer range)',
      9: 'Heartbeat data',
      11: 'Traffic mode type',
      12: 'Error code',
      13: 'Status type / information',
      17: 'ASP identifier',
      19: 'Correlation identifier',
      768: 'Protocol data 1',
      769: 'Protocol data 2',
      770: 'State request',
      771: 'State event',
      772: 'Congestion state',
      773: 'Discard state',
      774: 'Action',
      775: 'Sequence number',
      776: 'Retrieval result',
      777: 'Link key',
      778: 'Local LK identifier',
      779: 'SDT identifier',
      780: 'SDL identifier',
      781: 'Registration result',
      782: 'Registration status',
      783: 'Deregistration result',
      784: 'Deregistration status',
    }),
  }),
  parameterLength: uint16('m2ua.parameter_length', 'Parameter length'),
  value: bytes('m2ua.parameter_value', 'Parameter value'),
  interface: uint32('m2ua.interface_identifier_int', 'Interface Identifier (integer)'),
  padding: bytes('m2ua.parameter_padding', 'Padding'),
};
const INTERFACE = 1;
const PROTOCOL_DATA = 0x0300;
/** Of Japan's TTC, with a length indicator in front. */
const PROTOCOL_DATA_2 = 0x0301;
const HEAD = 4;

/** Where the message of MTP3 begins in the message at [o, end), and where it ends: by calls of `found`. */
function message(b: Uint8Array, o: number, end: number, found: (from: number, to: number) => void): void {
  for (const tag of [PROTOCOL_DATA, PROTOCOL_DATA_2]) {
    const head = tag === PROTOCOL_DATA ? HEAD : HEAD + 1;
    const at = parameterAt(b, o, end, tag, head);
    if (at >= 0) found(at + head, at + be16(b, at + 2));
    if (at >= 0) return;
  }
}

export const m2ua = app({
  name: 'm2ua',
  short: 'M2UA',
  title: 'MTP 2 User Adaptation Layer',
  fields: Object.values(f),
  index(w) {
    message(w.bytes, w.offset, w.end, (from, to) => w.follow(mtp3, from, to));
  },
  read(layer, b, d) {
    const o = b.offset;
    layer.uint(f.version, o);
    layer.uint(f.reserved, o + 1);
    const kind = layer.uint(f.class, o + 2);
    layer.uint(f.type, o + 3);
    const length = layer.uint(f.length, o + 4);
    const end = Math.min(b.end, o + length);
    for (let at = o + 8; layer.ok && at + HEAD <= end; ) {
      const size = Math.max(HEAD, b.u16(at + 2));
      const tag = b.u16(at);
      const node = layer.text(at, Math.min(size, end - at), nameOf(f.tag, tag) ?? 'Parameter');
      node.uint(f.tag, at);
      node.uint(f.parameterLength, at + 2);
      if (tag === INTERFACE && size === 8) node.uint(f.interface, at + HEAD);
      else if (tag !== PROTOCOL_DATA && tag !== PROTOCOL_DATA_2 && size > HEAD && at + size <= end)
        node.bytes(f.value, at + HEAD, size - HEAD);
      const next = Math.min(end, at + ((size + 3) & ~3));
      if (at + size < next) node.bytes(f.padding, at + size, next - at - size);
      at += (size + 3) & ~3;
    }
    if (layer.ok) message(b.bytes, o, b.end, (from, to) => d.call(mtp3, b.from(from, to)));
    return nameOf(f.class, kind) ?? '';
  },
});
