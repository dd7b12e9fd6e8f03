/** What `notes.mjs` asks of the program itself. */

import { allProtocols } from '../../src/dissect/protocol.ts';
import { groupNumber, LAYER_NOTES, SEVERITY_NUMBER } from '../../src/filter/fields.ts';
import type { FieldNode } from '../../src/messages.ts';
import { dissectPacket } from '../../src/protocols/dissect-packet.ts';
import { readAll } from '../golden/table.ts';

/** A note: layer, its field, severity and group as Wireshark numbers them, message. */
export type Note = readonly [layer: string, field: string, severity: number, group: number, message: string];

/** The notes of the first `count` packets that have one, by number of the packet. Null: not a capture. */
export async function everyNote(file: string, count: number): Promise<Map<number, Note[]> | null> {
  const read = await readAll(file);
  if (read === null) return null;
  read.capture.onePass = true;
  const packets = new Map<number, Note[]>();
  for (let row = 0; row < Math.min(count, read.capture.packets.length); row++) {
    const d = dissectPacket(read.capture, row);
    const found: Note[] = [];
    const visit = (layer: string, node: FieldNode): void => {
      if (node.severity !== null) {
        const group = d.fieldDefs.get(node)?.group ?? 'protocol';
        found.push([layer, node.abbrev, SEVERITY_NUMBER[node.severity], groupNumber(group), node.display]);
      }
      for (const child of node.children) visit(layer, child);
    };
    for (const { protocol, status, fields } of d.layers) {
      for (const node of fields) visit(protocol, node);
      const note = status === 'whole' ? null : LAYER_NOTES[status].note;
      if (note !== null) found.push([protocol, '', SEVERITY_NUMBER[note[0]], groupNumber(note[1]), note[2]]);
    }
    if (found.length > 0) packets.set(row + 1, found);
  }
  await read.reader.close();
  return packets;
}

/** Names of all expert fields that are declared, by the protocol that declares them. */
export function declaredNotes(): Map<string, string[]> {
  const declared = new Map<string, string[]>();
  for (const protocol of allProtocols())
    declared.set(
      protocol.name,
      protocol.fields.filter(({ severity }) => severity !== undefined).map(({ abbrev }) => abbrev),
    );
  return declared;
}
