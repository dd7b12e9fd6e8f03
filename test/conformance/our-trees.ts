/** What `every-tree.mjs` asks of the program itself. */
import { fieldText } from '../../src/dissect/display.ts';
import type { FieldNode } from '../../src/messages.ts';
import { dissectPacket } from '../../src/protocols/dissect-packet.ts';
import { readAll } from '../golden/table.ts';

/** A field of a packet as it is shown. */
export interface ShownField {
  readonly name: string;
  /** What `-T fields` prints. */
  readonly value: string;
  readonly pos: number;
  readonly size: number;
  readonly label: string;
  readonly text: string;
  readonly mask: number | null;
  readonly hidden: boolean;
  readonly generated: boolean;
  readonly severity: string | null;
  /** Another name of a field that is there under its own. */
  readonly alias: boolean;
}

/** The wanted fields of the first `count` packets, in the order of the tree. */
export async function everyShown(file: string, count: number, wanted: (field: string) => boolean): Promise<ShownField[][]> {
  const read = await readAll(file);
  if (read === null) return [];
  read.capture.onePass = true;
  const packets: ShownField[][] = [];
  for (let row = 0; row < Math.min(count, read.capture.packets.length); row++) {
    const d = dissectPacket(read.capture, row);
    const shown: ShownField[] = [];
    const visit = (node: FieldNode): void => {
      const def = d.fieldDefs.get(node);
      const later = def?.type === 'framenum' && typeof node.value === 'number' && node.value > row + 1;
      if (def !== undefined && node.abbrev !== '' && !later) {
        const names = [node.abbrev, ...(def.also ?? [])];
        names.forEach((name, i) => {
          if (!wanted(name)) return;
          const { offset: pos, length: size, label, display: text, mask, hidden, generated, severity } = node;
          shown.push({ name, value: fieldText(def, node.value), pos, size, label, text, mask, hidden, generated, severity, alias: i > 0 });
        });
      }
      for (const child of node.children) visit(child);
    };
    for (const layer of d.layers) for (const node of layer.fields) visit(node);
    packets.push(shown);
  }
  await read.reader.close();
  return packets;
}
