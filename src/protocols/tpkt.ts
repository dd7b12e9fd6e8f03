/** TPKT (RFC 1006 section 6) and the ISO transport protocol on it (ISO 8073, X.224), with S7 communication named. */
import { bool, names, uint8, uint16 } from '../dissect/field.ts';
import { REJECT } from '../dissect/framer.ts';
import { app, each, lengthFramer } from './app-kit.ts';
import { callData } from './next.ts';

const pduNames = names({
  1: 'ED Expedited Data',
  2: 'EA Expedited Data Acknowledgement',
  5: 'RJ Reject',
  6: 'AK Data Acknowledgement',
  7: 'ER TPDU Error',
  8: 'DR Disconnect Request',
  12: 'DC Disconnect Confirm',
  13: 'CC Connect Confirm',
  14: 'CR Connect Request',
  15: 'DT Data',
});
const pduShort = names({ 8: 'DR', 12: 'DC', 13: 'CC', 14: 'CR', 15: 'DT', 6: 'AK', 7: 'ER', 1: 'ED', 2: 'EA' });

const t = {
  version: uint8('tpkt.version', 'Version'),
  reserved: uint8('tpkt.reserved', 'Reserved'),
  length: uint16('tpkt.length', 'Length'),
};
const c = {
  li: uint8('cotp.li', 'Length'),
  type: uint8('cotp.type', 'PDU Type', { base: 'hex', names: pduNames }),
  destref: uint16('cotp.destref', 'Destination reference', { base: 'hex' }),
  srcref: uint16('cotp.srcref', 'Source reference', { base: 'hex' }),
  number: uint8('cotp.tpdu-number', 'TPDU number', { base: 'hex', mask: 0x7f }),
  eot: bool('cotp.eot', 'Last data unit', { mask: 0x80, bool: ['Yes', 'No'] }),
};
const s = {
  protocol: uint8('s7comm.header.protid', 'Protocol Id', { base: 'hex' }),
  rosctr: uint8('s7comm.header.rosctr', 'ROSCTR', {
    names: names({ 1: 'Job', 2: 'Ack', 3: 'Ack_Data', 7: 'Userdata' }),
  }),
  reference: uint16('s7comm.header.pduref', 'Protocol Data Unit Reference'),
};

export const s7comm = app({
  name: 's7comm',
  short: 'S7COMM',
  title: 'S7 Communication',
  fields: Object.values(s),
  read(layer, b) {
    layer.uint(s.protocol, b.offset);
    const kind = layer.uint(s.rosctr, b.offset + 1);
    layer.uint(s.reference, b.offset + 4);
    return `ROSCTR:[${(s.rosctr.names as ReadonlyMap<number, string>).get(kind) ?? kind}]`;
  },
});

export const cotp = app({
  name: 'cotp',
  short: 'COTP',
  title: 'ISO 8073/X.224 COTP Connection-Oriented Transport Protocol',
  osi: '4',
  fields: Object.values(c),
  read(layer, b, d) {
    const o = b.offset;
    const li = layer.uint(c.li, o);
    const type = b.u8(o + 1) >> 4;
    layer.add(c.type, o + 1, 1, type);
    layer.size(li + 1);
    if (type !== 0x0f) {
      const destination = layer.uint(c.destref, o + 2);
      const source = layer.uint(c.srcref, o + 4);
      const hex = (value: number) => `0x${value.toString(16).padStart(4, '0')}`;
      return `${pduShort.get(type) ?? 'Unknown'} TPDU src-ref: ${hex(source)} dst-ref: ${hex(destination)}`;
    }
    const number = layer.uint(c.number, o + 2);
    const last = (b.u8(o + 2) & 0x80) !== 0;
    layer.uint(c.eot, o + 2, 1);
    const rest = b.from(o + 1 + li);
    if (!last) {
      return `DT TPDU (${number}) [COTP fragment, ${rest.length} bytes]`;
    }
    if (rest.length === 0) return `DT TPDU (${number}) EOT`;
    if (rest.u8(rest.offset) === 0x32 && rest.length >= 10) d.call(s7comm, rest);
    else callData(d, rest);
    return `DT TPDU (${number}) EOT`;
  },
});

export const tpkt = app({
  name: 'tpkt',
  short: 'TPKT',
  title: 'TPKT, Version: 3',
  osi: '4',
  fields: Object.values(t),
  accepts: (b, o, end) => b[o] === 3 && (end - o < 2 || b[o + 1] === 0),
  framer: lengthFramer(4, (head) => {
    const length = ((head[2] as number) << 8) | (head[3] as number);
    return head[0] !== 3 || length < 5 ? REJECT : length;
  }),
  read: (layer, b, d) =>
    each(layer, b, (at) => {
      layer.uint(t.version, at);
      layer.uint(t.reserved, at + 1);
      const length = layer.uint(t.length, at + 2);
      layer.size(4);
      if (length >= 5 && layer.ok) d.call(cotp, b.from(at + 4, at + length));
      return at + Math.max(4, length);
    }),
});
