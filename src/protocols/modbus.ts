/** Modbus over TCP (Modbus Messaging on TCP/IP Implementation Guide, section 3.1): an MBAP header and a PDU. */
import { bool, bytes, names, uint8, uint16 } from '../dissect/field.ts';
import { REJECT } from '../dissect/framer.ts';
import { app, each, lengthFramer } from './app-kit.ts';

const functionNames = names({
  1: 'Read Coils',
  2: 'Read Discrete Inputs',
  3: 'Read Holding Registers',
  4: 'Read Input Registers',
  5: 'Write Single Coil',
  6: 'Write Single Register',
  7: 'Read Exception Status',
  8: 'Diagnostics',
  11: 'Get Comm. Event Counters',
  12: 'Get Comm. Event Log',
  15: 'Write Multiple Coils',
  16: 'Write Multiple Registers',
  17: 'Report Slave ID',
  20: 'Read File Record',
  21: 'Write File Record',
  22: 'Mask Write Register',
  23: 'Read Write Register',
  24: 'Read FIFO Queue',
  43: 'Encapsulated Interface Transport',
  90: 'Unity (Schneider)',
});
const exceptionNames = names({
  1: 'Illegal function',
  2: 'Illegal data address',
  3: 'Illegal data value',
  4: 'Slave device failure',
  5: 'Acknowledge',
  6: 'Slave device busy',
  8: 'Memory parity error',
  10: 'Gateway path unavailable',
  11: 'Gateway target device failed to respond',
});

const m = {
  transaction: uint16('mbtcp.trans_id', 'Transaction Identifier'),
  protocol: uint16('mbtcp.prot_id', 'Protocol Identifier'),
  length: uint16('mbtcp.len', 'Length'),
  unit: uint8('mbtcp.unit_id', 'Unit Identifier'),
};
const f = {
  exception: bool('modbus.exception', 'Exception', { mask: 0x80 }),
  functionCode: uint8('modbus.func_code', 'Function Code', { mask: 0x7f, names: functionNames }),
  exceptionCode: uint8('modbus.exception_code', 'Exception Code', { names: exceptionNames }),
  reference: uint16('modbus.reference_num', 'Reference Number'),
  wordCount: uint16('modbus.word_cnt', 'Word Count'),
  byteCount: uint8('modbus.byte_cnt', 'Byte Count'),
  data: bytes('modbus.data', 'Data'),
};

const modbus = app({
  name: 'modbus',
  short: 'Modbus',
  title: 'Modbus',
  fields: Object.values(f),
  read(layer, b, d) {
    const o = b.offset;
    layer.uint(f.exception, o, 1, { hidden: (b.u8(o) & 0x80) === 0 });
    const code = layer.uint(f.functionCode, o);
    const response = d.transport !== null && !d.transport.fromClient;
    if ((b.u8(o) & 0x80) !== 0) layer.uint(f.exceptionCode, o + 1);
    else if (!response && code >= 1 && code <= 6 && b.length >= 5) {
      layer.uint(f.reference, o + 1);
      if (code <= 4) layer.uint(f.wordCount, o + 3);
      else layer.bytes(f.data, o + 3, 2);
    } else if (response && code >= 1 && code <= 4 && b.length >= 2) {
      const count = Math.min(layer.uint(f.byteCount, o + 1), b.length - 2);
      if (count > 0) layer.bytes(f.data, o + 2, count);
    } else if (b.length > 1) layer.bytes(f.data, o + 1, b.length - 1);
    return '';
  },
});

export const mbtcp = app({
  name: 'mbtcp',
  short: 'Modbus/TCP',
  title: 'Modbus/TCP',
  fields: Object.values(m),
  accepts: (b, o, end) => end - o < 4 || (b[o + 2] === 0 && b[o + 3] === 0),
  framer: lengthFramer(6, (head) => {
    const length = ((head[4] as number) << 8) | (head[5] as number);
    return head[2] !== 0 || head[3] !== 0 || length < 2 || length > 254 ? REJECT : 6 + length;
  }),
  read: (layer, b, d) =>
    each(layer, b, (at, info) => {
      const transaction = layer.uint(m.transaction, at);
      layer.uint(m.protocol, at + 2);
      const length = layer.uint(m.length, at + 4);
      const unit = layer.uint(m.unit, at + 6);
      layer.size(7);
      const code = b.u8(at + 7);
      const pdu = b.from(at + 7, at + 6 + length);
      if (pdu.length > 0 && layer.ok) d.call(modbus, pdu);
      const words = functionNames.get(code & 0x7f) ?? 'Unknown function';
      const what = d.transport?.fromClient === false ? 'Response' : 'Query';
      const tail = (code & 0x80) !== 0 ? '. Exception returned ' : '';
      info.push(
        `   ${what}: Trans: ${String(transaction).padStart(5)}; Unit: ${String(unit).padStart(3)}, Func: ${String(code & 0x7f).padStart(3)}: ${words}${tail}`,
      );
      d.column(mbtcp, info.join(', '));
      return at + 6 + length;
    }),
});
