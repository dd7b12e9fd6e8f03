/** BFD Control message: named, with its leading fields. */
import { uint8 } from '../dissect/field.ts';
import { plain } from './app-kit.ts';

export const bfd = plain({
  name: 'bfd',
  short: 'BFD Control',
  title: 'BFD Control message',
  leads: [{ field: uint8('bfd.version', 'Protocol Version', { mask: 0xe0 }), offset: 0 }],
});
