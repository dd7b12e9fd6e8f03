/** Network Time Protocol: named, with its leading fields. */
import { names, uint8 } from '../dissect/field.ts';
import { plain } from './app-kit.ts';

export const ntp = plain({
  name: 'ntp',
  short: 'NTP',
  title: 'Network Time Protocol',
  kind: 2,
  leads: [
    { field: uint8('ntp.flags.li', 'Leap Indicator', { mask: 0xc0 }), offset: 0 },
    { field: uint8('ntp.flags.vn', 'Version number', { mask: 0x38 }), offset: 0 },
    {
      field: uint8('ntp.flags.mode', 'Mode', {
        mask: 7,
        names: names({
          1: 'symmetric active',
          2: 'symmetric passive',
          3: 'client',
          4: 'server',
          5: 'broadcast',
          6: 'reserved for NTP control message',
          7: 'reserved for private use',
        }),
      }),
      offset: 0,
    },
    { field: uint8('ntp.stratum', 'Peer Clock Stratum'), offset: 1 },
  ],
});
