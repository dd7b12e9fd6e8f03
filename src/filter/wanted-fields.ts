/** What a filter asks of a packet, so that dissection for it alone makes no more (`Wanted`). */
import { allProtocols } from '../dissect/protocol.ts';
import { Wanted } from '../dissect/wanted.ts';
import { CONTENT_CARRIERS, FIELD_KIN, INDEX_EXACT_PROTOCOLS } from './column-sources.ts';
import type { FieldEntry } from './fields.ts';

/** Null: all that there is. */
export function wantedBy(entries: readonly FieldEntry[]): Wanted | null {
  // Names that stand for what is wrong with any layer, and those that no protocol has; what the frame says of all protocols.
  if (entries.some((entry) => entry.protocols.length === 0 || entry.abbrev === 'frame.protocols')) return null;
  const names = new Set(entries.flatMap((entry) => entry.protocols.map((protocol) => protocol.name)));
  const frame = names.delete('frame');
  // As in StackClasses: what the index does not put on a stack may be in what these carry.
  const content = [...names].some((name) => name === 'data' || !INDEX_EXACT_PROTOCOLS.has(name));
  for (const name of [...names]) for (const kin of FIELD_KIN[name] ?? []) names.add(kin);
  const sought = new Set<number>();
  const open = new Set<number>();
  for (const { name, id, open: any } of allProtocols()) {
    if (names.has(name)) sought.add(id);
    if (!INDEX_EXACT_PROTOCOLS.has(name) || any === true || (content && CONTENT_CARRIERS.has(name))) open.add(id);
  }
  return new Wanted(new Set(entries.filter(({ kind }) => kind === 'field').map(({ abbrev }) => abbrev)), sought, open, frame);
}
