/** RADIUS Protocol: named, with its leading fields. */
import { uint8 } from '../dissect/field.ts';
import { plain } from './app-kit.ts';

export const radius = plain({
  name: 'radius',
  short: 'RADIUS',
  title: 'RADIUS Protocol',
  leads: [{ field: uint8('radius.code', 'Code'), offset: 0 }],
});
