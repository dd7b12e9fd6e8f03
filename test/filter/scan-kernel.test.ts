import fc from 'fast-check';
import { expect, it } from 'vitest';
import { byTable, inRanges, type Ranges, type Values } from '../../src/filter/scan-kernel.ts';
import { CHUNK_ROWS } from '../../src/table/packet-table.ts';

const edges = [0, 1, 0x7fff, 0x8000, 0xfffe, 0xffff, 0x1_0000, 0x7fff_ffff, 0x8000_0000, 0xffff_fffe, 0xffff_ffff];
const value = fc.oneof(fc.constantFrom(...edges), fc.nat(100), fc.integer({ min: 0, max: 0xffff_ffff }));
const bound = fc.oneof(value, fc.constantFrom(-1, -5, 2 ** 32, 2 ** 48, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY));
const ranges: fc.Arbitrary<Ranges> = fc.array(fc.tuple(bound, bound), { maxLength: 4 });
const mask = fc.oneof(fc.constant(-1), fc.constantFrom(1, 2, 0x8000, 0x8000_0000 | 0), fc.integer());

function filled(wide: boolean, values: readonly number[]): Values {
  const column = wide ? new Uint32Array(CHUNK_ROWS) : new Uint16Array(CHUNK_ROWS);
  for (let i = 0; i < CHUNK_ROWS; i++) column[i] = values[i % values.length] as number;
  return column;
}

/** One value at a time, by the definition. */
function expected(columns: readonly Values[], from: number, to: number, mask: number, ranges: Ranges): boolean[] {
  return Array.from({ length: to - from }, (_, k) =>
    columns.some((column) => {
      const masked = ((column[from + k] as number) & mask) >>> 0;
      return ranges.some(([low, high]) => masked >= low && masked <= high);
    }),
  );
}

it('sets the bits of the rows whose values lie in the ranges, and leaves the words of other rows alone', () => {
  const values = fc.array(value, { minLength: 1, maxLength: 70 });
  fc.assert(
    fc.property(fc.boolean(), values, fc.option(values), mask, ranges, fc.nat(6), fc.nat(5), (wide, a, b, mask, ranges, first, count) => {
      const columns: [Values, Values?] = b === null ? [filled(wide, a)] : [filled(wide, a), filled(wide, b)];
      const [from, to] = [32 * first, 32 * (first + count)];
      const bits = new Uint32Array(16).fill(0x5a5a_5a5a);
      inRanges(columns, from, to, mask, ranges, bits);
      const found = Array.from({ length: to - from }, (_, k) => (((bits[(from + k) >>> 5] as number) >>> ((from + k) & 31)) & 1) === 1);
      expect(found).toEqual(expected(columns as readonly Values[], from, to, mask, ranges));
      expect([...bits].filter((_, w) => w < first || w >= first + count).every((word) => word === 0x5a5a_5a5a)).toBe(true);
    }),
    { numRuns: 400 },
  );
});

it('takes a whole chunk of either width, to its last row', () => {
  for (const wide of [false, true]) {
    const column = filled(wide, [1, 2, 3]);
    const bits = new Uint32Array(CHUNK_ROWS >>> 5);
    inRanges([column], 0, CHUNK_ROWS, -1, [[2, 2]], bits);
    for (let i = 0; i < CHUNK_ROWS; i++)
      if ((((bits[i >>> 5] as number) >>> (i & 31)) & 1) !== (i % 3 === 1 ? 1 : 0)) throw new Error(`row ${i}`);
    expect((bits.at(-1) as number) >>> 31).toBe((CHUNK_ROWS - 1) % 3 === 1 ? 1 : 0);
  }
});

it('tells which bits a table has for the values of rows, and leaves the words of other rows alone', () => {
  const values = fc.array(fc.nat(0xffff), { minLength: 1, maxLength: 70 });
  const octets = fc.uint8Array({ minLength: 1, maxLength: 300 });
  fc.assert(
    fc.property(values, octets, fc.nat(7), fc.nat(7), fc.nat(6), fc.nat(5), (values, octets, a, b, first, count) => {
      const column = filled(false, values) as Uint16Array<ArrayBuffer>;
      const table = Uint8Array.from({ length: 1 << 16 }, (_, value) => octets[value % octets.length] as number);
      const [from, to] = [32 * first, 32 * (first + count)];
      const [one, two] = [new Uint32Array(16).fill(0x5a5a_5a5a), new Uint32Array(16).fill(0x5a5a_5a5a)] as const;
      byTable(column, from, to, table, [a, one], [b, two]);
      for (const [shift, bits] of [[a, one] as const, [b, two] as const]) {
        const found = Array.from({ length: to - from }, (_, k) => ((bits[(from + k) >>> 5] as number) >>> ((from + k) & 31)) & 1);
        expect(found).toEqual(Array.from(found, (_, k) => ((table[column[from + k] as number] as number) >>> shift) & 1));
        expect([...bits].filter((_, w) => w < first || w >= first + count).every((word) => word === 0x5a5a_5a5a)).toBe(true);
      }
    }),
    { numRuns: 200 },
  );
});
