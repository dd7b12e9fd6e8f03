import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { BLOCK_ROWS, bitCount, RowSet } from '../../src/table/row-set.ts';
import { workMs } from '../work.ts';

/** Rows as the set takes them: word by word, in order. */
function setOf(rows: readonly number[]): RowSet {
  const set = new RowSet();
  const words = new Map<number, number>();
  for (const row of rows) words.set(row >>> 5, (words.get(row >>> 5) ?? 0) | (1 << (row & 31)));
  for (const [word, bits] of [...words].sort(([a], [b]) => a - b)) set.add(word, bits);
  return set;
}

// Near each other, at the edges of words and blocks, and with whole blocks left out.
const row = fc.oneof(
  fc.nat(200),
  fc.constantFrom(31, 32, BLOCK_ROWS - 1, BLOCK_ROWS, 3 * BLOCK_ROWS - 1, 3 * BLOCK_ROWS),
  fc.nat(6 * BLOCK_ROWS),
);

describe('a set of rows', () => {
  it('answers as a sorted list would', () => {
    fc.assert(
      fc.property(fc.uniqueArray(row, { maxLength: 60 }), fc.array(fc.nat(70), { maxLength: 20 }), (rows, positions) => {
        const sorted = [...rows].sort((a, b) => a - b);
        const set = setOf(rows);
        expect(set.size).toBe(sorted.length);
        const seen: number[] = [];
        set.forEach((each) => {
          seen.push(each);
        });
        expect(seen).toEqual(sorted);
        // In any order, and one after the other.
        for (const position of [...positions, ...sorted.keys()]) expect(set.at(position)).toBe(sorted[position] ?? -1);
        for (const each of [...rows, 0, 33, BLOCK_ROWS, 7 * BLOCK_ROWS]) {
          expect(set.rank(each)).toBe(sorted.filter((other) => other < each).length);
          expect(set.has(each)).toBe(rows.includes(each));
        }
      }),
    );
  });

  it('that goes on growing goes on answering', () => {
    const set = new RowSet();
    set.add(0, 0b101);
    expect(set.at(1)).toBe(2);
    set.add(0, 0b1000);
    set.add(5000, 1 << 31);
    expect([set.size, set.at(2), set.at(3), set.at(4)]).toEqual([4, 3, 5000 * 32 + 31, -1]);
    expect(set.rank(5000 * 32 + 31)).toBe(3);
  });

  it('gives rows at even distances without counting a block anew for each', () => {
    const set = new RowSet();
    const all = 12 * BLOCK_ROWS;
    for (let word = 0; word < all / 32; word++) set.add(word, 0x5b6dab6d);
    let sum = 0;
    const every = workMs(() => {
      for (let k = 0; k < 4; k++)
        set.forEach((each) => {
          sum += each;
        });
    });
    const steps = workMs(() => {
      for (let k = 0; k < 4; k++) for (let position = 0; position < set.size; position += 5) sum += set.at(position);
    });
    expect(sum).toBeGreaterThan(0);
    // Counting the bits of a block anew for each of them takes near a hundred times as long.
    expect(steps).toBeLessThan(4 * every);
  });

  it('counts the bits of any word', () => {
    for (const [word, count] of [
      [0, 0],
      [-1, 32],
      [1 << 31, 1],
      [0x55555555, 16],
      [0x80000001 | 0, 2],
    ] as const)
      expect(bitCount(word)).toBe(count);
  });
});
