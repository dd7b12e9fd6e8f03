/** MTP3 user adaptation (RFC 4666, section 3): header and parameters. */
import { bytes, nameOf, names, uint8, uint16, uint32 } from '../dissect/field.ts';
import { app } from './app-kit.ts';

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
};

export const m3ua = app({
  name: 'm3ua',
  short: 'M3UA',
  title: 'MTP 3 User Adaptation Layer',
  fields: Object.values(f),
  read(layer, b) {
    const o = b.offset;
    layer.uint(f.version, o);
    layer.uint(f.reserved, o + 1);
    const kind = layer.uint(f.class, o + 2);
    layer.uint(f.type, o + 3);
    const length = layer.uint(f.length, o + 4);
    const end = Math.min(b.end, o + length);
    for (let at = o + 8; layer.ok && at + 4 <= end; ) {
      const size = Math.max(4, b.u16(at + 2));
      const tag = b.u16(at);
      const node = layer.text(at, Math.min(size, end - at), nameOf(f.tag, tag) ?? 'Parameter');
      node.uint(f.tag, at);
      node.uint(f.parameterLength, at + 2);
      if (size > 4 && at + size <= end) node.bytes(f.value, at + 4, size - 4);
      at += (size + 3) & ~3;
    }
    return nameOf(f.class, kind) ?? '';
  },
});
