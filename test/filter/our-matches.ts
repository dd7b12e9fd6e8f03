/** Which packets of a capture match filters: what `against-tshark.mjs` asks of the program itself. */

import { RowFilter } from '../../src/engine/row-filter.ts';
import { type CompiledFilter, compileFilter } from '../../src/filter/index.ts';
import { dissectFor } from '../../src/protocols/dissect-packet.ts';
import { CHUNK_MASK } from '../../src/table/packet-table.ts';
import { readAll } from '../golden/table.ts';

export interface Matches {
  /** Numbers of the packets that match each filter, null where the filter is refused. */
  readonly rows: ReadonlyMap<string, number[] | null>;
  /** Bytes on the wire of each packet, from packet 1 on at index 1. */
  readonly lengths: readonly number[];
}

/** Finds them as `dissect -Y` does: by the columns where they know, else by full dissection. */
export async function matches(file: string, filters: readonly string[]): Promise<Matches> {
  const rows = new Map<string, number[] | null>();
  const lengths: number[] = [0];
  const read = await readAll(file);
  if (read === null) throw new Error(`${file} cannot be read`);
  const { capture, reader } = read;
  capture.onePass = true;
  const asked: { compiled: CompiledFilter; columns: RowFilter; found: number[] }[] = [];
  for (const text of filters) {
    const result = compileFilter(text);
    const found: number[] = [];
    rows.set(text, result.ok ? found : null);
    if (result.ok) asked.push({ compiled: result.filter, columns: new RowFilter(capture, result.filter), found });
  }
  for (let row = 0; row < capture.packets.length; row++) {
    lengths.push(capture.packets.chunkOf(row).wireLen[row & CHUNK_MASK] as number);
    for (const { compiled, columns, found } of asked) {
      const verdict = columns.columns(row);
      if (verdict === true) found.push(row + 1);
      else if (verdict === null) {
        if (compiled.matches(dissectFor(capture, row, compiled.wanted))) found.push(row + 1);
      }
    }
  }
  await reader.close();
  return { rows, lengths };
}
