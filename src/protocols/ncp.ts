/** NetWare Core Protocol: named, with its leading fields. */
import { names, uint32 } from '../dissect/field.ts';
import { ALL, be32, bounded, lengthFramer, plain } from './app-kit.ts';

export const ncp = plain({
  name: 'ncp',
  short: 'NCP',
  title: 'NetWare Core Protocol',
  framer: lengthFramer(8, (h) => (be32(h, 0) === 0x446d6454 || be32(h, 0) === 0x744e6350 ? bounded(be32(h, 4)) : ALL)),
  leads: [
    {
      field: uint32('ncp.ip.signature', 'NCP over IP signature', {
        names: names({
          1148019796: 'Demand Transport (Request)',
          1951294288: 'Transport is NCP (Reply)',
        }),
        base: 'hex',
      }),
      offset: 0,
    },
    { field: uint32('ncp.ip.length', 'NCP over IP length'), offset: 4 },
  ],
});
