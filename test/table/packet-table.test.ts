import { describe, expect, it } from 'vitest';
import { CHUNK_MASK, CHUNK_ROWS, type Chunk, NONE, PacketTable, type RowValues } from '../../src/table/packet-table.ts';
import { blank } from './row-values.ts';

type Place = readonly [sec: number, nsec: number, offset: number, capLen: number, wireLen: number, payload: number];

function put(table: PacketTable, [sec, nsec, offset, capLen, wireLen, payload]: Place): void {
  const row = table.grow(offset);
  table.chunkOf(row).fill(row & CHUNK_MASK, { ...blank, sec, nsec, capLen, wireLen, payload }, offset);
}

function tableOf(places: readonly Place[]): PacketTable {
  const table = new PacketTable();
  for (const place of places) put(table, place);
  return table;
}

function placeOf(table: PacketTable, row: number): number[] {
  const chunk = table.chunkOf(row);
  const i = row & CHUNK_MASK;
  return [chunk.sec[i], chunk.nsec[i], chunk.offsetOf(i), chunk.capLen[i], chunk.wireLen[i], chunk.payload[i]] as number[];
}

const plain: Place = [1_760_000_000, 999_999_999, 24, 60, 60, 6];

describe('the packet table gives back what was put in,', () => {
  it.each<[string, Place]>([
    ['before 1970', [-1, 1, 90, 60, 60, 0]],
    ['after 2106', [2 ** 33 + 1, 123_456_789, 90, 60, 60, 0]],
    ['far in the future', [2 ** 45 + 1, 999_999_999, 90, 60, 60, 0]],
    ['more than 4 GB behind the packet before it', [1_760_000_001, 0, 2 ** 32 + 24, 60, 60, 0]],
    ['beyond 2^40 bytes', [1_760_000_001, 0, 2 ** 40 + 7, 60, 60, 0]],
    ['with a captured length over 65,535', [1_760_000_001, 0, 90, 65_536, 65_536, 0]],
    ['with an original length of 32 bits', [1_760_000_001, 0, 90, 60, 2 ** 32 - 1, 0]],
    ['with a payload over 65,535', [1_760_000_001, 0, 90, 70_000, 70_000, 69_946]],
  ])('a packet %s and its neighbours', (_what, odd) => {
    const table = tableOf([plain, odd, plain.with(2, odd[2] + 100) as unknown as Place]);
    expect(placeOf(table, 0)).toEqual([...plain]);
    expect(placeOf(table, 1)).toEqual([...odd]);
    expect(placeOf(table, 2)).toEqual([...plain.with(2, odd[2] + 100)]);
  });

  it('every column its own, in the first and the last row of a chunk', () => {
    const names = Object.keys(blank) as (keyof RowValues)[];
    const valuesOf = (base: number): RowValues => Object.fromEntries(names.map((name, k) => [name, base + k])) as unknown as RowValues;
    const table = new PacketTable();
    const rows = new Map([0, 1, CHUNK_ROWS - 1, CHUNK_ROWS].map((row) => [row, valuesOf(100 + (row % 1000) * 30)]));
    for (let row = 0; row <= CHUNK_ROWS; row++) table.chunkOf(table.grow()).fill(row & CHUNK_MASK, rows.get(row) ?? blank, 0);
    const read = (row: number): unknown =>
      Object.fromEntries(names.map((name) => [name, table.chunkOf(row)[name as keyof Chunk & 'seq'][row & CHUNK_MASK]]));
    for (const [row, values] of rows) expect(read(row)).toEqual(values);
    expect(read(2)).toEqual({ ...blank, src: NONE, dst: NONE, stream: NONE, prevInStream: NONE });
  });

  it('whichever chunk it is in: offsets count from the first packet of each', () => {
    const table = new PacketTable();
    const apart = 2 ** 17;
    for (let n = 0; n < 2 * CHUNK_ROWS + 3; n++) put(table, [n, 0, n * apart, 60, 60, 0]);
    for (const row of [0, CHUNK_ROWS - 1, CHUNK_ROWS, 2 * CHUNK_ROWS, 2 * CHUNK_ROWS + 2]) {
      expect(placeOf(table, row)).toEqual([row, 0, row * apart, 60, 60, 0]);
    }
  });
});
