/** IEEE C37.118: frames of phasor measurement units. Measurements are shown as bytes: their form stands in a frame sent before. */
import { abstime, bool, bytes, names, TRUE_FALSE, uint8, uint16, uint24 } from '../dissect/field.ts';
import { REJECT } from '../dissect/framer.ts';
import { be16 } from './app-kit.ts';
import { put, record, row } from './record-kit.ts';

const HEADER = 14;
const CHECKSUM = 2;
const COMMAND = 4;
const commands = names({
  1: 'data transmission off',
  2: 'data transmission on',
  3: 'send HDR frame',
  4: 'send CFG-1 frame',
  5: 'send CFG-2 frame',
  6: 'send CFG-3 frame',
  8: 'extended frame',
});
const f = {
  data: bytes('synphasor.data', 'Data'),
  command: uint16('synphasor.command', 'Command', {
    base: 'hex',
    names: (value) => commands.get(value) ?? (value >= 0x100 && value <= 0xfff ? 'user designation' : 'reserved codes'),
  }),
  timebase: uint24('synphasor.conf.timebase', 'Resolution of fractional second time stamp'),
  blocks: uint16('synphasor.conf.numpmu', 'Number of PMU blocks included in the frame'),
  checksum: uint16('synphasor.checksum', 'Checksum', { base: 'hex' }),
};

export const synphasor = record({
  name: 'synphasor',
  short: 'SYNCHROPHASOR',
  title: 'IEEE C37.118 Synchrophasor Protocol',
  pdu: 'Frame',
  header: HEADER,
  length: (h) => (h[0] === 0xaa && be16(h, 2) >= HEADER + CHECKSUM ? be16(h, 2) : REJECT),
  accepts: (b, o) => b[o] === 0xaa,
  kind: 1,
  rows: [
    row(uint16('synphasor.sync', 'Synchronization word', { base: 'hex' }), 0),
    row(
      uint16('synphasor.frtype', 'Frame Type', {
        base: 'hex',
        mask: 0x70,
        names: names({
          0: 'Data Frame',
          1: 'Header Frame',
          2: 'Configuration Frame 1',
          3: 'Configuration Frame 2',
          4: 'Command Frame',
          5: 'Configuration Frame 3',
        }),
      }),
      0,
    ),
    row(
      uint16('synphasor.version', 'Version', {
        mask: 0xf,
        names: names({ 1: 'Defined in IEEE Std C37.118-2005', 2: 'Added in IEEE Std C37.118.2-2011' }),
      }),
      0,
    ),
    row(uint16('synphasor.frsize', 'Framesize', { unit: ' bytes' }), 2),
    row(uint16('synphasor.idcode_stream_source', 'PMU/DC ID number (Stream source ID)'), 4),
    row(abstime('synphasor.soc', 'SOC time stamp'), 6),
    row(bool('synphasor.timeqal.lsdir', 'Leap second direction', { mask: 0x40, bool: ['Add', 'Delete'] }), 10),
    row(bool('synphasor.timeqal.lsocc', 'Leap second occurred', { mask: 0x20, bool: TRUE_FALSE }), 10),
    row(bool('synphasor.timeqal.lspend', 'Leap second pending', { mask: 0x10, bool: TRUE_FALSE }), 10),
    row(
      uint8('synphasor.timeqal.timequalindic', 'Message Time Quality indicator code', {
        base: 'hex',
        mask: 0xf,
        names: (value) =>
          value === 0
            ? 'Normal operation, clock locked'
            : value === 15
              ? 'Clock failure, time not reliable'
              : value > 11
                ? undefined
                : `Clock unlocked, time within ${value === 11 ? '10' : value === 10 ? '1' : `10^${value - 10}`} s`,
      }),
      10,
    ),
    row(uint24('synphasor.fracsec_raw', 'Fraction of second (raw)'), 11),
  ],
  fields: Object.values(f),
  more(layer, b, at, end) {
    const kind = (b.u8(at + 1) >> 4) & 7;
    const from = at + HEADER;
    const stop = end - CHECKSUM;
    if (stop > from) {
      const node = layer.add(f.data, from, stop - from, b.slice(from, stop - from));
      if (kind === COMMAND) put(node, f.command, from);
      else if (kind === 2 || kind === 3) {
        put(node, f.timebase, from + 1);
        const blocks = put(node, f.blocks, from + 4);
        if (blocks > 0 && stop >= from + 22) node.text(from + 6, 16, 'Station', b.text(from + 6, 16).trim());
      }
    }
    put(layer, f.checksum, Math.max(from, stop));
    return undefined;
  },
});
