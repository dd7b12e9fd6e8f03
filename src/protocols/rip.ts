/** Routing Information Protocol: named, with its leading fields. */
import { uint8 } from '../dissect/field.ts';
import { plain } from './app-kit.ts';

export const rip = plain({
  name: 'rip',
  short: 'RIP',
  title: 'Routing Information Protocol',
  leads: [{ field: uint8('rip.command', 'Command'), offset: 0 }],
});
