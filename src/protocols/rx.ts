/** RX Protocol: named, with its leading fields. */
import { uint32 } from '../dissect/field.ts';
import { plain } from './app-kit.ts';

export const rx = plain({ name: 'rx', short: 'RX', title: 'RX Protocol', leads: [{ field: uint32('rx.epoch', 'Epoch'), offset: 0 }] });
