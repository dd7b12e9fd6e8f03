/** Cassandra's native protocol (CQL binary protocol v3 and v4, section 2): the frame header. */
import { bool, int16, nameOf, names, TRUE_FALSE, uint8, uint32 } from '../dissect/field.ts';
import { app, be32, each, lengthFramer } from './app-kit.ts';

const HEADER = 9;

const f = {
  version: uint8('cql.version', 'Version', { base: 'hex' }),
  protocolVersion: uint8('cql.protocol_version', 'Protocol version', { mask: 0xf }),
  direction: uint8('cql.direction', 'Direction', { base: 'hex', mask: 0xf0, names: names({ 0: 'Request', 8: 'Response' }) }),
  flags: uint8('cql.flags', 'Flags', { base: 'hex' }),
  compression: bool('cql.flags.compression', 'Compression', { bool: TRUE_FALSE, mask: 0x1 }),
  tracing: bool('cql.flags.tracing', 'Tracing', { bool: TRUE_FALSE, mask: 0x2 }),
  stream: int16('cql.stream', 'Stream Identifier'),
  opcode: uint8('cql.opcode', 'Opcode', {
    mask: 0x7f,
    names: names({
      0: 'ERROR',
      1: 'STARTUP',
      2: 'READY',
      3: 'AUTHENTICATE',
      5: 'OPTIONS',
      6: 'SUPPORTED',
      7: 'QUERY',
      8: 'RESULT',
      9: 'PREPARE',
      10: 'EXECUTE',
      11: 'REGISTER',
      12: 'EVENT',
      13: 'BATCH',
      14: 'AUTH_CHALLENGE',
      15: 'AUTH_RESPONSE',
      16: 'AUTH_SUCCESS',
    }),
  }),
  length: uint32('cql.message_length', 'Message Length'),
};

export const cql = app({
  name: 'cql',
  short: 'CQL',
  title: 'Cassandra CQL Protocol',
  fields: Object.values(f),
  // Versions 3 and 4; version 5 has another frame around these.
  accepts: (b, o, end) => end > o && [3, 4].includes((b[o] as number) & 0x7f),
  framer: lengthFramer(HEADER, (h) => HEADER + be32(h, 5)),
  read: (layer, b) =>
    each(layer, b, (at, info) => {
      const version = layer.uintNode(f.version, at);
      version.uint(f.protocolVersion, at);
      version.uint(f.direction, at);
      const flags = layer.uintNode(f.flags, at + 1);
      flags.uint(f.compression, at + 1, 1);
      flags.uint(f.tracing, at + 1, 1);
      layer.uint(f.stream, at + 2);
      const opcode = layer.uint(f.opcode, at + 4);
      const length = layer.uint(f.length, at + 5);
      info.push(`${(b.u8(at) & 0x80) !== 0 ? 'S->C' : 'C->S'} Type ${nameOf(f.opcode, opcode) ?? opcode}`);
      return at + HEADER + length;
    }),
});
