/** What the scripts beside this file ask of the program itself. */
import { eachValue, escapeCell } from '../../src/cli/fields-printer.ts';
import { dissectPacket } from '../../src/protocols/dissect-packet.ts';
import { readAll } from '../golden/table.ts';

/** Every value of every packet, under every name: a map from `row TAB field` to the cell's text, and the number of packets. */
export async function everyValue(file: string, wanted: (field: string) => boolean): Promise<{ rows: number; cells: Map<string, string> }> {
  const cells = new Map<string, string>();
  const read = await readAll(file);
  if (read === null) return { rows: 0, cells };
  read.capture.onePass = true;
  for (let row = 0; row < read.capture.packets.length; row++) {
    eachValue(dissectPacket(read.capture, row), (name, text) => {
      if (!wanted(name)) return;
      const key = `${row + 1}\t${name}`;
      const before = cells.get(key);
      cells.set(key, before === undefined ? escapeCell(text()) : `${before},${escapeCell(text())}`);
    });
  }
  await read.reader.close();
  return { rows: read.capture.packets.length, cells };
}
