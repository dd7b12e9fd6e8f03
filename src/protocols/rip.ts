/** Routing Information Protocol: named, with its leading fields. */
import { names, uint8 } from '../dissect/field.ts';
import { plain } from './app-kit.ts';

export const rip = plain({
  name: 'rip',
  short: 'RIP',
  title: 'Routing Information Protocol',
  leads: [
    {
      field: uint8('rip.command', 'Command', {
        names: names({
          1: 'Request',
          2: 'Response',
          3: 'Traceon',
          4: 'Traceoff',
          5: 'Vendor specific (Sun)',
        }),
      }),
      offset: 0,
    },
  ],
});
