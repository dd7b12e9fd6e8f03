/** MTP2 user adaptation (RFC 3331, section 3): header, parameters, and the message of MTP3. */
import { bytes, names, uint8, uint16, uint32 } from '../dissect/field.ts';
import { parameterAt, readMessage } from './adaptation-layer.ts';
import { app, be16 } from './app-kit.ts';
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
    const kind = readMessage(layer, b, f, (node, tag, at, size) => {
      const interfaceId = tag === INTERFACE && size === HEAD + 4;
      if (interfaceId) node.uint(f.interface, at + HEAD);
      return interfaceId || tag === PROTOCOL_DATA || tag === PROTOCOL_DATA_2;
    });
    if (layer.ok) message(b.bytes, b.offset, b.end, (from, to) => d.call(mtp3, b.from(from, to)));
    return kind;
  },
});
