import { describe, expect, it } from 'vitest';
import { CHUNK_MASK, CHUNK_ROWS, PacketTable } from '../../src/table/packet-table.ts';

type Place = readonly [sec: number, nsec: number, offset: number, capLen: number, wireLen: number, payload: number];

function tableOf(places: readonly Place[]): PacketTable {
  const table = new PacketTable();
  for (const place of places) {
    const row = table.grow();
    table.chunkOf(row).place(row & CHUNK_MASK, ...place);
  }
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

  it('whichever chunk it is in: offsets count from the first packet of each', () => {
    const table = new PacketTable();
    const apart = 2 ** 17;
    for (let n = 0; n < 2 * CHUNK_ROWS + 3; n++) {
      const row = table.grow();
      table.chunkOf(row).place(row & CHUNK_MASK, n, 0, n * apart, 60, 60, 0);
    }
    for (const row of [0, CHUNK_ROWS - 1, CHUNK_ROWS, 2 * CHUNK_ROWS, 2 * CHUNK_ROWS + 2]) {
      expect(placeOf(table, row)).toEqual([row, 0, row * apart, 60, 60, 0]);
    }
  });
});
