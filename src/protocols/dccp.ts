/** Datagram Congestion Control Protocol (RFC 4340, section 5). */

import { data } from '../dissect/data.ts';
import { bool, nameOf, names, TRUE_FALSE, uint8, uint16, uint32, uint64 } from '../dissect/field.ts';
import { app } from './app-kit.ts';
import { callData } from './next.ts';

const f = {
  srcPort: uint16('dccp.srcport', 'Source Port', { also: ['dccp.port'] }),
  dstPort: uint16('dccp.dstport', 'Destination Port', { also: ['dccp.port'] }),
  dataOffset: uint8('dccp.data_offset', 'Data Offset'),
  ccval: uint8('dccp.ccval', 'CCVal'),
  coverage: uint8('dccp.cscov', 'Checksum Coverage'),
  checksum: uint16('dccp.checksum', 'Checksum', { base: 'hex' }),
  reserved1: uint8('dccp.res1', 'Reserved', { base: 'hex' }),
  type: uint8('dccp.type', 'Type', {
    names: names({
      0: 'Request',
      1: 'Response',
      2: 'Data',
      3: 'Ack',
      4: 'DataAck',
      5: 'CloseReq',
      6: 'Close',
      7: 'Reset',
      8: 'Sync',
      9: 'SyncAck',
      10: 'Listen',
      11: 'Reserved',
      12: 'Reserved',
      13: 'Reserved',
      14: 'Reserved',
      15: 'Reserved',
    }),
  }),
  extended: bool('dccp.x', 'Extended Sequence Numbers', { bool: TRUE_FALSE }),
  reserved2: uint8('dccp.res2', 'Reserved', { base: 'hex' }),
  sequence: uint64('dccp.seq_raw', 'Sequence Number (raw)'),
  ackReserved: uint16('dccp.ack_res', 'Reserved', { base: 'hex' }),
  ack: uint64('dccp.ack_raw', 'Acknowledgement Number (raw)'),
  service: uint32('dccp.service_code', 'Service Code', {
    names: names({
      0: 'not specified',
      7107696: 'LTP: Licklider Transmission Protocol',
      1145656131: 'DISC: Discard',
      1381253968: 'RTCP: RTCP connection, separate from the corresponding RTP',
      1381257281: 'RTPA: RTP session conveying audio data (and associated RTCP)',
      1381257295: 'RTPO: RTP session conveying other media (and associated RTCP)',
      1381257300: 'RTPT: RTP session conveying text media (and associated RTCP)',
      1381257302: 'RTPV: RTP session conveying video data (and associated RTCP)',
      1398361159: 'SYLG: Syslog Protocol',
      1685351985: 'Bundle Protocol',
      1852861808: 'NPMP: NetPerfMeter Data',
      4294967295: 'Reserved (Invalid)',
    }),
  }),
  resetCode: uint8('dccp.reset_code', 'Reset Code', {
    names: names({
      0: 'Unspecified',
      1: 'Closed',
      2: 'Aborted',
      3: 'No Connection',
      4: 'Packet Error',
      5: 'Option Error',
      6: 'Mandatory Error',
      7: 'Connection Refused',
      8: 'Bad Service Code',
      9: 'Too Busy',
      10: 'Bad Init Cookie',
      11: 'Aggression Penalty',
      12: 'Reserved',
    }),
  }),
  data1: uint8('dccp.data1', 'Data 1'),
  data2: uint8('dccp.data2', 'Data 2'),
  data3: uint8('dccp.data3', 'Data 3'),
};
const Type = { Request: 0, Response: 1, Data: 2, Reset: 7 } as const;
const SHORT = 12;

export const dccp = app({
  name: 'dccp',
  short: 'DCCP',
  title: 'Datagram Congestion Control Protocol',
  osi: '4',
  pdu: 'Packet',
  hue: 'tra',
  fields: Object.values(f),
  index(w) {
    if (!w.has(SHORT)) return;
    const at = w.offset + 4 * (w.bytes[w.offset + 4] as number);
    if (at >= w.offset + SHORT && at < w.end) w.follow(data, at);
  },
  read(layer, b, d) {
    const o = b.offset;
    const src = layer.uint(f.srcPort, o);
    const dst = layer.uint(f.dstPort, o + 2);
    const header = 4 * layer.uint(f.dataOffset, o + 4);
    layer.uint(f.ccval, o + 5);
    layer.uint(f.coverage, o + 5);
    layer.uint(f.checksum, o + 6);
    layer.uint(f.reserved1, o + 8);
    const type = layer.uint(f.type, o + 8);
    const extended = layer.uint(f.extended, o + 8, 1) !== 0;
    let at = o + 9;
    if (extended) {
      layer.uint(f.reserved2, at);
      layer.add(f.sequence, at + 1, 6, BigInt(b.u16(at + 1)) * 0x100000000n + BigInt(b.u32(at + 3)));
      at += 7;
    } else {
      layer.add(f.sequence, at, 3, BigInt(b.u24(at)));
      at += 3;
    }
    const acknowledges = type !== Type.Request && type !== Type.Data;
    if (acknowledges && extended && layer.has(at, 8)) {
      layer.uint(f.ackReserved, at, 2);
      layer.add(f.ack, at + 2, 6, BigInt(b.u16(at + 2)) * 0x100000000n + BigInt(b.u32(at + 4)));
      at += 8;
    } else if (acknowledges && layer.has(at, 4)) {
      layer.uint(f.ackReserved, at, 1);
      layer.add(f.ack, at + 1, 3, BigInt(b.u24(at + 1)));
      at += 4;
    }
    if (type === Type.Request || type === Type.Response) layer.uint(f.service, at);
    else if (type === Type.Reset) {
      layer.uint(f.resetCode, at);
      layer.uint(f.data1, at + 1);
      layer.uint(f.data2, at + 2);
      layer.uint(f.data3, at + 3);
    }
    layer.size(header);
    if (b.length >= SHORT && header >= SHORT) callData(d, b.from(o + header));
    const words = `${src} → ${dst} [${nameOf(f.type, type) ?? type}]`;
    d.columns.info = words;
    return words;
  },
});
