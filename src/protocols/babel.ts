/** Babel Routing Protocol: named, with its leading fields. */
import { uint8 } from '../dissect/field.ts';
import { plain } from './app-kit.ts';

export const babel = plain({
  name: 'babel',
  short: 'Babel',
  title: 'Babel Routing Protocol',
  leads: [{ field: uint8('babel.version', 'Version'), offset: 1 }],
});
