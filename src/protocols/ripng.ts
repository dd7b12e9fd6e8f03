/** RIPng: named, with its leading fields. */
import { names, uint8 } from '../dissect/field.ts';
import { plain } from './app-kit.ts';

export const ripng = plain({
  name: 'ripng',
  short: 'RIPng',
  title: 'RIPng',
  leads: [
    {
      field: uint8('ripng.cmd', 'Command', {
        names: names({
          1: 'Request',
          2: 'Response',
        }),
      }),
      offset: 0,
    },
  ],
});
