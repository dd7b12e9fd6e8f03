/** Skinny Client Control Protocol: named, with its leading fields. */
import { uint32 } from '../dissect/field.ts';
import { bounded, le32, lengthFramer, plain } from './app-kit.ts';

export const skinny = plain({
  name: 'skinny',
  short: 'SKINNY',
  title: 'Skinny Client Control Protocol',
  framer: lengthFramer(4, (h) => bounded(8 + le32(h, 0))),
  leads: [
    { field: uint32('skinny.data_length', 'Data length'), offset: 0, little: true },
    { field: uint32('skinny.messageId', 'Message ID', { base: 'hex' }), offset: 8, little: true },
  ],
});
