/** MTP3 user adaptation (RFC 4666, section 3): header and parameters. */
import { bytes, names, uint8, uint16, uint32 } from '../dissect/field.ts';
import { parameterAt, readMessage } from './adaptation-layer.ts';
import { app, be16 } from './app-kit.ts';
import { networkIndicators, serviceUser } from './mtp3.ts';

const f = {
  version: uint8('m3ua.version', 'Version', { names: names({ 1: 'Release 1' }) }),
  reserved: uint8('m3ua.reserved', 'Reserved', { base: 'hex' }),
  class: uint8('m3ua.message_class', 'Message class', {
    names: names({
      0: 'Management messages',
      1: 'Transfer messages',
      2: 'SS7 signalling network management messages',
      3: 'ASP state maintenance messages',
      4: 'ASP traffic maintenance messages',
      9: 'Routing key management messages',
    }),
  }),
  type: uint8('m3ua.message_type', 'Message Type'),
  length: uint32('m3ua.message_length', 'Message length'),
  tag: uint16('m3ua.parameter_tag', 'Parameter Tag', {
    names: names({
      1: 'Network appearance',
      3: 'Protocol data',
      4: 'Info',
      5: 'Affected destinations',
      6: 'Routing context',
      7: 'Diagnostic information',
      8: 'Heartbeat data',
      9: 'User / Cause',
      10: 'Reason',
      11: 'Traffic mode type',
      12: 'Error code',
      13: 'Status',
      14: 'Congestion indication',
      2: 'Protocol data 1',
      15: 'Concerned destination',
      16: 'Routing Key',
      17: 'Registration result',
      18: 'De-registration result',
      19: 'Local routing key identifier',
      20: 'Destination point code',
      21: 'Service indicators',
      22: 'Subsystem numbers',
      23: 'Originating point code list',
      24: 'Circuit range',
      25: 'Registration results',
      26: 'De-registration results',
      128: 'Network appearance',
      129: 'Protocol data 1',
      130: 'Protocol data 2',
      131: 'Affected destinations',
      132: 'User / Cause',
      133: 'Congestion indication',
      134: 'Concerned destination',
      135: 'Routing Key',
      136: 'Registration result',
      137: 'De-registration result',
      138: 'Local routing key identifier',
      139: 'Destination point code',
      140: 'Service indicators',
      141: 'Subsystem numbers',
      142: 'Originating point code list',
      143: 'Circuit range',
      144: 'Registration results',
      145: 'De-registration results',
      512: 'Network appearance',
      516: 'User / cause',
      517: 'Congestion indications',
      518: 'Concerned destination',
      519: 'Routing key',
      520: 'Registration result',
      521: 'Deregistration result',
      522: 'Local routing key identifier',
      523: 'Destination point code',
      524: 'Service indicators',
      526: 'Originating point code list',
      527: 'Circuit range',
      528: 'Protocol data',
      530: 'Registration status',
      531: 'Deregistration status',
    }),
  }),
  parameterLength: uint16('m3ua.parameter_length', 'Parameter length'),
  value: bytes('m3ua.parameter_value', 'Parameter value'),
  padding: bytes('m3ua.parameter_padding', 'Padding'),
  origin: uint32('m3ua.protocol_data_opc', 'OPC'),
  destination: uint32('m3ua.protocol_data_dpc', 'DPC'),
  service: uint8('m3ua.protocol_data_si', 'SI', {
    names: names({
      0: 'SNM',
      1: 'MTN',
      2: 'MTNS',
      3: 'SCCP',
      4: 'TUP',
      5: 'ISUP',
      6: 'DUP (CC)',
      7: 'DUP (FAC/CANC)',
      8: 'MTP Test',
      9: 'ISUP-b',
      10: 'ISUP-s',
      12: 'AAL type 2',
      13: 'BICC',
      14: 'GCP',
    }),
  }),
  network: uint8('m3ua.protocol_data_ni', 'NI', {
    names: networkIndicators,
  }),
  priority: uint8('m3ua.protocol_data_mp', 'MP'),
  link: uint8('m3ua.protocol_data_sls', 'SLS'),
};
const PROTOCOL_DATA = 528;
/** Octets of a parameter's head and of the label in front of a message. */
const LABEL = 16;

export const m3ua = app({
  name: 'm3ua',
  short: 'M3UA',
  title: 'MTP 3 User Adaptation Layer',
  fields: Object.values(f),
  index(w) {
    const at = parameterAt(w.bytes, w.offset, w.end, PROTOCOL_DATA, LABEL);
    if (at >= 0) w.follow(serviceUser(w.bytes[at + 12] as number), at + LABEL, at + be16(w.bytes, at + 2));
  },
  read(layer, b, d) {
    const kind = readMessage(layer, b, f, (node, tag, at, size, end) => {
      if (tag !== PROTOCOL_DATA || size < LABEL || at + LABEL > end) return false;
      node.uint(f.origin, at + 4);
      node.uint(f.destination, at + 8);
      for (const [i, field] of [f.service, f.network, f.priority, f.link].entries()) node.uint(field, at + 12 + i);
      return true;
    });
    const at = parameterAt(b.bytes, b.offset, b.end, PROTOCOL_DATA, LABEL);
    if (layer.ok && at >= 0) d.call(serviceUser(b.u8(at + 12)), b.from(at + LABEL, at + b.u16(at + 2)));
    return kind;
  },
});
