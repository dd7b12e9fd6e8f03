/** Trivial File Transfer Protocol: named, with its leading fields. */
import { uint16 } from '../dissect/field.ts';
import { plain } from './app-kit.ts';

export const tftp = plain({
  name: 'tftp',
  short: 'TFTP',
  title: 'Trivial File Transfer Protocol',
  leads: [{ field: uint16('tftp.opcode', 'Opcode'), offset: 0 }],
});
