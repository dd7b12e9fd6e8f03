/** RIPng: named, with its leading fields. */
import { uint8 } from '../dissect/field.ts';
import { plain } from './app-kit.ts';

export const ripng = plain({ name: 'ripng', short: 'RIPng', title: 'RIPng', leads: [{ field: uint8('ripng.cmd', 'Command'), offset: 0 }] });
