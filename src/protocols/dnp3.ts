/** Distributed Network Protocol 3.0: named, with its leading fields. */
import { uint8, uint16 } from '../dissect/field.ts';
import { REJECT } from '../dissect/framer.ts';
import { type Lead, lengthFramer, plain } from './app-kit.ts';

const dnp3Leads: readonly Lead[] = [
  { field: uint16('dnp3.start', 'Start Bytes', { base: 'hex' }), offset: 0 },
  { field: uint8('dnp3.len', 'Length'), offset: 2 },
  { field: uint8('dnp3.ctl', 'Control', { base: 'hex' }), offset: 3 },
  { field: uint16('dnp3.dst', 'Destination'), offset: 4, little: true },
  { field: uint16('dnp3.src', 'Source'), offset: 6, little: true },
];

export const dnp3 = plain({
  name: 'dnp3',
  short: 'DNP 3.0',
  title: 'Distributed Network Protocol 3.0',
  accepts: (b, o, end) => end - o >= 2 && b[o] === 5 && b[o + 1] === 0x64,
  framer: lengthFramer(3, (h) => {
    if (h[0] !== 5 || h[1] !== 0x64) return REJECT;
    const data = Math.max(0, (h[2] as number) - 5);
    return 10 + data + 2 * Math.ceil(data / 16);
  }),
  leads: dnp3Leads,
});
