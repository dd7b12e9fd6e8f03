/** Compares what filters get from a dissection that makes only what they ask for with what they get from that of the whole packet. */

import type { Capture } from '../../src/engine/capture.ts';
import { Collector, type Occurrence } from '../../src/filter/collect.ts';
import { type FieldEntry, fieldRegistry } from '../../src/filter/index.ts';
import { wantedBy } from '../../src/filter/wanted-fields.ts';
import type { FieldNode } from '../../src/messages.ts';
import { dissectFor, dissectPacket } from '../../src/protocols/dissect-packet.ts';
import { readAll } from '../golden/table.ts';

function namesIn(nodes: readonly FieldNode[], out: Set<string>): void {
  for (const node of nodes) {
    out.add(node.abbrev);
    namesIn(node.children, out);
  }
}

function text(occurrences: readonly Occurrence[]): string {
  return occurrences
    .map(({ value, whole, layer }) =>
      [value, whole]
        .map((v) => (v instanceof Uint8Array ? `x${Buffer.from(v).toString('hex')}` : `${typeof v} ${String(v)}`))
        .concat(`#${layer}`),
    )
    .join('; ');
}

/** A line for each difference on a row. Asks for each field that is there alone, for all that are there two by two, and for `others`. */
export function narrowDifferences(capture: Capture, row: number, others: readonly string[] = []): string[] {
  const full = dissectPacket(capture, row, false);
  const names = new Set<string>(others);
  for (const layer of full.layers) {
    names.add(layer.protocol);
    namesIn(layer.fields, names);
  }
  for (const { protocol } of full.embedded) names.add(protocol);
  const entries = [...names].flatMap((name) => fieldRegistry().get(name) ?? []);
  const found: string[] = [];
  entries.forEach((entry, i) => {
    const last = entries[entries.length - 1 - i] as FieldEntry;
    for (const asked of entry === last ? [[entry]] : [[entry], [entry, last]]) {
      const wanted = wantedBy(asked);
      if (wanted === null) continue;
      const collector = new Collector(asked);
      const [want, have] = [collector.collect(full), collector.collect(dissectFor(capture, row, wanted))];
      asked.forEach(({ abbrev }, slot) => {
        const [a, b] = [text(want[slot] ?? []), text(have[slot] ?? [])];
        if (a !== b)
          found.push(
            `${row + 1} ${asked.map((each) => each.abbrev).join(' + ')}: ${abbrev} is [${b.slice(0, 80)}], not [${a.slice(0, 80)}]`,
          );
      });
    }
  });
  return found;
}

/** The same for at most `most` rows of a file, spread over all of them. */
export async function narrowDifferencesIn(file: string, most: number, others: readonly string[] = []): Promise<string[]> {
  const read = await readAll(file);
  if (read === null) return [];
  const { capture, reader } = read;
  const { length } = capture.packets;
  const step = Math.max(1, length / most);
  const found: string[] = [];
  for (let at = 0; at < length; at += step) found.push(...narrowDifferences(capture, Math.floor(at), others));
  await reader.close();
  return found;
}
