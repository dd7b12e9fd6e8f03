/** Notes of a packet for tests. */
import type { Dissection } from '../../src/dissect/dissection.ts';
import { LAYER_NOTES } from '../../src/filter/fields.ts';
import type { FieldNode } from '../../src/messages.ts';

/** What each note says, in the order of the tree; those of layers that break off included. */
export function notesOf(d: Dissection): string[] {
  const found: string[] = [];
  const visit = (node: FieldNode): void => {
    if (node.severity !== null) found.push(node.display);
    node.children.forEach(visit);
  };
  for (const { fields, status } of d.layers) {
    fields.forEach(visit);
    const note = status === 'whole' ? null : LAYER_NOTES[status].note;
    if (note !== null) found.push(note[2]);
  }
  return found;
}
