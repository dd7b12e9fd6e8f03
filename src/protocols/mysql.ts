/** MySQL Protocol: named, with its leading fields. */
import { uint8, uint24 } from '../dissect/field.ts';
import { le16, lengthFramer, plain } from './app-kit.ts';

export const mysql = plain({
  name: 'mysql',
  short: 'MySQL',
  title: 'MySQL Protocol',
  framer: lengthFramer(4, (h) => 4 + le16(h, 0) + (h[2] as number) * 65536),
  leads: [
    { field: uint24('mysql.packet_length', 'Packet Length'), offset: 0, little: true },
    { field: uint8('mysql.packet_number', 'Packet Number'), offset: 3 },
  ],
});
