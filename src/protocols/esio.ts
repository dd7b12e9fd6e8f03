/** Ether-S-I/O of SAIA: process data and states between a controller and its remote inputs and outputs. */
import { names, uint8, uint16, uint32 } from '../dissect/field.ts';
import { be32 } from './app-kit.ts';
import { putRows, record, row } from './record-kit.ts';

const MAGIC = 0x4553494f;
const station = uint32('esio.src_stn_id', 'Source station ID');
const TRANSFER = [
  row(uint32('esio.transfer.tlg_id', 'Telegram ID'), 12),
  row(station, 16),
  row(uint8('esio.data.nbr', 'Nbr. of data transfers'), 20),
  row(uint8('esio.data.flags', 'Transfer header flags', { base: 'hex' }), 21),
];
const BLOCK = [
  row(uint32('esio.data.transfer_id', 'Data transfer ID'), 0),
  row(uint32('esio.data.destination_id', 'Data destination ID'), 4),
  row(uint16('esio.data.length', 'Data transfer length'), 8),
];
const octet = uint8('esio.data', 'Data');
const STATUS = [
  row(uint16('esio.sts.type', 'Status type', { base: 'hex', names: names({ 0: 'None', 1: 'RIO status' }) }), 12),
  row(uint16('esio.sts.length', 'Status length (bytes)'), 14),
  row(station, 16),
  row(uint8('esio.sts.rio_sts', 'RIO status'), 20),
  row(uint8('esio.sts.rio_lost_tlg', 'Lost telegrams to RIO'), 21),
  row(uint8('esio.sts.rio_diag', 'RIO diagnostics'), 22),
  row(uint8('esio.sts.rio_flags', 'RIO flags', { base: 'hex' }), 23),
];

export const esio = record({
  name: 'esio',
  short: 'ESIO',
  title: 'SAIA Ether-S-I/O protocol',
  header: 12,
  kind: 0,
  accepts: (b, o, end) => end - o >= 12 && be32(b, o) === MAGIC,
  rows: [
    row(
      uint16('esio.type', 'Telegram type', {
        base: 'hex',
        names: names({ 0: 'Reserved', 1: 'Data transfer telegram', 2: 'Status/Diag telegram' }),
      }),
      4,
    ),
    row(uint16('esio.vers', 'Version'), 6),
    row(uint16('esio.len', 'Length (bytes)'), 8),
    row(uint16('esio.transaction_id', 'Transaction ID'), 10),
  ],
  fields: [...TRANSFER, ...BLOCK, ...STATUS].map((each) => each.field).concat(octet),
  more(layer, b, at, end) {
    const type = b.u16(at + 4);
    if (type === 2) putRows(layer, STATUS, at, end);
    if (type !== 1) return undefined;
    putRows(layer, TRANSFER, at, end);
    let from = at + 22;
    for (let n = b.u8(at + 20); n > 0 && layer.ok && from < end; n--) {
      const size = b.u16(from + 8);
      const block = layer.text(from, 10 + size, `Data transfer to ID: ${b.u32(from + 4)}`);
      putRows(block, BLOCK, from, end);
      for (let i = 0; i < size && block.ok && from + 10 + i < end; i++) block.uint(octet, from + 10 + i);
      from += 10 + size;
    }
    return undefined;
  },
});
