/** Oracle's Transparent Network Substrate (RFC-less; as Oracle's trace files describe it). */
import { bool, bytes, nameOf, names, string, TRUE_FALSE, uint8, uint16 } from '../dissect/field.ts';
import { ALL, app, be16, be32, each, lengthFramer } from './app-kit.ts';
import { callData } from './next.ts';

const DATA = 6;

const f = {
  length: uint16('tns.length', 'Packet Length'),
  packetChecksum: uint16('tns.packet_checksum', 'Packet Checksum', { base: 'hex' }),
  type: uint8('tns.type', 'Packet Type', {
    names: names({
      1: 'Connect',
      2: 'Accept',
      3: 'Acknowledge',
      4: 'Refuse',
      5: 'Redirect',
      6: 'Data',
      7: 'Null',
      9: 'Abort',
      11: 'Resend',
      12: 'Marker',
      13: 'Attention',
      14: 'Control',
    }),
  }),
  reserved: bytes('tns.reserved_byte', 'Reserved Byte'),
  headerChecksum: uint16('tns.header_checksum', 'Header Checksum', { base: 'hex' }),
  version: uint16('tns.version', 'Version'),
  compatible: uint16('tns.compat_version', 'Version (Compatible)'),
  options: uint16('tns.service_options', 'Service Options', { base: 'hex' }),
  sdu: uint16('tns.sdu_size', 'Session Data Unit Size'),
  tdu: uint16('tns.max_tdu_size', 'Maximum Transmission Data Unit Size'),
  connectLength: uint16('tns.connect_data_length', 'Length of Connect Data'),
  connectOffset: uint16('tns.connect_data_offset', 'Offset to Connect Data'),
  connectData: string('tns.connect_data', 'Connect Data'),
  acceptLength: uint16('tns.accept_data_length', 'Accept Data Length'),
  acceptOffset: uint16('tns.accept_data_offset', 'Offset to Accept Data'),
  refuseUser: uint8('tns.refuse_reason_user', 'Refuse Reason (User)', { base: 'hex' }),
  refuseSystem: uint8('tns.refuse_reason_system', 'Refuse Reason (System)', { base: 'hex' }),
  refuseLength: uint16('tns.refuse_data_length', 'Refuse Data Length'),
  refuseData: string('tns.refuse_data', 'Refuse Data'),
  redirectLength: uint16('tns.redirect_data_length', 'Redirect Data Length'),
  redirectData: string('tns.redirect_data', 'Redirect Data'),
  marker: uint8('tns.marker.type', 'Marker Type', {
    base: 'hex',
    names: names({ 0: 'Data Marker - 0 Data Bytes', 1: 'Data Marker - 1 Data Bytes', 2: 'Attention Marker' }),
  }),
  dataFlag: uint16('tns.data_flag', 'Data Flag', { base: 'hex' }),
  more: bool('tns.data_flag.more', 'More Data to Come', { bool: TRUE_FALSE, mask: 0x20 }),
  eof: bool('tns.data_flag.eof', 'End of File', { bool: TRUE_FALSE, mask: 0x40 }),
  dataId: uint8('tns.data_id', 'Data ID', {
    base: 'hex',
    names: names({
      1: 'Set Protocol',
      2: 'Set Datatypes',
      3: 'User OCI Functions',
      4: 'Return Status',
      5: 'Access User Address Space',
      6: 'Row Transfer Header',
      7: 'Row Transfer Data',
      8: 'Return OPI Parameter',
      9: 'Function Complete',
      10: 'N Error return definitions follow',
      11: 'Sending I/O Vec only for fast UPI',
      12: 'Sending long for fast UPI',
      13: 'Invoke user callback',
      14: 'LOB/FILE data follows',
      15: 'Warning messages - may be a set of them',
      16: 'Describe Information',
      17: 'Piggy back function follow',
      18: 'Signals special action for untrusted callout support',
      19: 'Flush Out Bind data in DML/w RETURN when error',
      32: 'External Procedures and Services Registrations',
      68: 'External Procedures and Services Registrations',
      3735928559: 'Secure Network Services',
    }),
  }),
};
/** Contents that have a form of their own, without data after it. */
const TAKEN_APART = new Set([0x01]);

export const tns = app({
  name: 'tns',
  short: 'TNS',
  title: 'Transparent Network Substrate Protocol',
  fields: Object.values(f),
  // From version 315 on, data packets have a length of four octets.
  framer: lengthFramer(4, (h) => {
    const length = be16(h, 0) === 0 ? be32(h, 0) : be16(h, 0);
    return length < 8 ? ALL : length;
  }),
  read: (layer, b, d) =>
    each(layer, b, (at, info) => {
      const wide = b.u16(at) === 0;
      const length = layer.uint(f.length, at, wide ? 4 : 2);
      if (!wide) layer.uint(f.packetChecksum, at + 2);
      const type = layer.uint(f.type, at + 4);
      layer.bytes(f.reserved, at + 5, 1);
      layer.uint(f.headerChecksum, at + 6);
      const end = Math.min(b.end, length < 8 ? b.end : at + length);
      const o = at + 8;
      if (type === 1 && end - o >= 26) {
        layer.uint(f.version, o);
        layer.uint(f.compatible, o + 2);
        layer.uint(f.options, o + 4);
        layer.uint(f.sdu, o + 6);
        layer.uint(f.tdu, o + 8);
        const size = layer.uint(f.connectLength, o + 16);
        const from = at + layer.uint(f.connectOffset, o + 18);
        if (size > 0 && from + size <= end) layer.string(f.connectData, from, size);
      } else if (type === 2 && end - o >= 16) {
        layer.uint(f.version, o);
        layer.uint(f.options, o + 2);
        layer.uint(f.sdu, o + 4);
        layer.uint(f.tdu, o + 6);
        layer.uint(f.acceptLength, o + 10);
        layer.uint(f.acceptOffset, o + 12);
      } else if (type === 4 && end - o >= 4) {
        layer.uint(f.refuseUser, o);
        layer.uint(f.refuseSystem, o + 1);
        const size = layer.uint(f.refuseLength, o + 2);
        if (size > 0) layer.string(f.refuseData, o + 4, Math.min(size, end - o - 4));
      } else if (type === 5 && end - o >= 2) {
        const size = layer.uint(f.redirectLength, o);
        if (size > 0) layer.string(f.redirectData, o + 2, Math.min(size, end - o - 2));
      } else if (type === 12) layer.uint(f.marker, o);
      else if (type === DATA && end - o >= 2) {
        const flags = layer.uintNode(f.dataFlag, o);
        flags.uint(f.more, o, 2);
        flags.uint(f.eof, o, 2);
        if (end > o + 2) {
          const id = layer.uint(f.dataId, o + 2);
          const response = d.transport?.fromClient === false;
          if (!TAKEN_APART.has(id) || response) callData(d, b.from(o + 2, end));
        }
      }
      info.push(`${d.transport?.fromClient === false ? 'Response' : 'Request'}, ${nameOf(f.type, type) ?? type} (${type})`);
      return length < 8 ? b.end : at + length;
    }),
});
