/** Java's remote method invocation (Java RMI specification, section 10.2) over TCP. */
import { bytes, nameOf, names, string, uint8, uint16, uint32 } from '../dissect/field.ts';
import { app, begins } from './app-kit.ts';

const SERIAL_MAGIC = 0xaced;

const f = {
  magic: uint32('rmi.magic', 'Magic', { base: 'hex' }),
  version: uint16('rmi.version', 'Version'),
  protocol: uint8('rmi.protocol', 'Protocol', {
    base: 'hex',
    names: names({ 75: 'StreamProtocol', 76: 'SingleOpProtocol', 77: 'MultiPlexProtocol' }),
  }),
  input: uint8('rmi.inputstream.message', 'Input Stream Message', {
    base: 'hex',
    names: names({ 78: 'ProtocolAck', 79: 'ProtocolNotSupported', 81: 'ReturnData', 83: 'PingAck' }),
  }),
  output: uint8('rmi.outputstream.message', 'Output Stream Message', {
    base: 'hex',
    names: names({ 80: 'Call', 82: 'Ping', 84: 'DgcAck' }),
  }),
  hostLength: uint16('rmi.endpoint_id.length', 'Length'),
  host: string('rmi.endpoint_id.hostname', 'Hostname'),
  port: uint16('rmi.endpoint_id.port', 'Port'),
  unique: bytes('rmi.unique_identifier', 'UniqueIdentifier'),
  serialMagic: uint16('rmi.ser.magic', 'Magic', { base: 'hex' }),
  serialVersion: uint16('rmi.ser.version', 'Version'),
  data: bytes('rmi.serialization_data', 'Serialization Data'),
};

export const rmi = app({
  name: 'rmi',
  short: 'RMI',
  title: 'Java RMI',
  fields: Object.values(f),
  sticky: true,
  mayBegin: (octet) => octet === 0x4a,
  accepts: (b, o, end) => end - o >= 7 && begins(b, o, end, 'JRMI'),
  read(layer, b) {
    const o = b.offset;
    if (b.length >= 7 && b.text(o, 4) === 'JRMI') {
      layer.uint(f.magic, o);
      layer.uint(f.version, o + 4);
      layer.uint(f.protocol, o + 6);
      return 'JRMI, Version: 2';
    }
    const kind = b.u8(o);
    if (kind === 0x4e || kind === 0x4f || kind === 0x51 || kind === 0x53) {
      layer.uint(f.input, o);
      if (kind === 0x4e && b.length > 3) {
        const length = layer.uint(f.hostLength, o + 1);
        layer.string(f.host, o + 3, length);
        layer.uint(f.port, o + 5 + length);
      }
    } else if (kind === 0x50 || kind === 0x52 || kind === 0x54) {
      layer.uint(f.output, o);
      if (kind === 0x54) layer.bytes(f.unique, o + 1, 14);
    }
    if ((kind === 0x50 || kind === 0x51) && b.u16(o + 1) === SERIAL_MAGIC) {
      layer.uint(f.serialMagic, o + 1);
      layer.uint(f.serialVersion, o + 3);
      if (b.length > 5) layer.bytes(f.data, o + 5, b.length - 5);
    }
    const name = nameOf(f.input, kind) ?? nameOf(f.output, kind);
    return name === undefined ? 'Continuation' : `JRMI, ${name}`;
  },
});
