/** Border Gateway Protocol: named, with its leading fields. */
import { names, uint8, uint16 } from '../dissect/field.ts';
import { ALL, be16, lengthFramer, plain } from './app-kit.ts';

export const bgp = plain({
  name: 'bgp',
  short: 'BGP',
  title: 'Border Gateway Protocol',
  kind: 1,
  framer: lengthFramer(19, (h) => (h[0] === 0xff && h[15] === 0xff ? be16(h, 16) : ALL)),
  leads: [
    { field: uint16('bgp.length', 'Length'), offset: 16 },
    {
      field: uint8('bgp.type', 'Type', {
        names: names({
          1: 'OPEN Message',
          2: 'UPDATE Message',
          3: 'NOTIFICATION Message',
          4: 'KEEPALIVE Message',
          5: 'ROUTE-REFRESH Message',
          6: 'CAPABILITY Message',
          128: 'Cisco ROUTE-REFRESH Message',
        }),
      }),
      offset: 18,
    },
  ],
});
