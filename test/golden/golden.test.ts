/** Every field of every fixture, cell by cell, against what tshark 4.0 printed (expected/, written by make-expected.sh). */
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { type Difference, differences, printFields, readAll } from './table.ts';

const here = import.meta.dirname;
const fields = readFileSync(path.join(here, 'fields.txt'), 'utf8').trim().split('\n');
const folders = [path.join(here, '..', 'fixtures'), path.join(here, '..', '..', 'samples')];
const captures = folders.flatMap((folder) =>
  readdirSync(folder)
    .filter((name) => /\.(pcap|pcapng)(\.gz)?$/.test(name))
    .map((name) => ({ name, file: path.join(folder, name) })),
);

/** Where Sevenfold differs on purpose, and why. */
const ON_PURPOSE: readonly { readonly reason: string; readonly holds: (capture: string, d: Difference) => boolean }[] = [];

const COLUMNS = ['_ws.col.Protocol', '_ws.col.Info'];

function expectedOf(name: string, kind: 'fields' | 'columns'): string[] {
  return readFileSync(path.join(here, 'expected', `${name}.${kind}.tsv`), 'utf8')
    .replace(/\n$/, '')
    .split('\n');
}

describe('what is printed of', () => {
  it('the fixtures has an expected table for each of them', () => {
    expect(captures.length).toBeGreaterThan(20);
    const tables = readdirSync(path.join(here, 'expected')).sort();
    expect(tables).toEqual(captures.flatMap(({ name }) => [`${name}.columns.tsv`, `${name}.fields.tsv`]).sort());
  });

  for (const { name, file } of captures) {
    it(`${name} is what tshark prints`, async () => {
      const read = await readAll(file);
      expect(read).not.toBeNull();
      if (read === null) return;
      expect(read.capture.firstBug).toBe('');
      const found: Difference[] = [];
      for (const [kind, names] of [
        ['fields', fields],
        ['columns', COLUMNS],
      ] as const) {
        const [head, ...expected] = expectedOf(name, kind);
        expect(head?.split('\t')).toEqual(names);
        const lines = printFields(read.capture, names);
        expect(lines.length).toBe(expected.length);
        found.push(...differences(names, expected, lines));
      }
      await read.reader.close();
      expect(
        found
          .filter((d) => !ON_PURPOSE.some((each) => each.holds(name, d)))
          .map((d) => `${d.frame} ${d.field}: ${d.expected} | ${d.actual}`),
      ).toEqual([]);
    });
  }
});
