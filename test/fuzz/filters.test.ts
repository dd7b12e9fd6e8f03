import { expect, it } from 'vitest';
import { checkFilters, randomFilter } from './filters.ts';
import { indexed } from './memory-capture.ts';
import { packetLists } from './packets.ts';
import { Random } from './random.ts';

/** Fixed, so that a failure stays one; `npm run fuzz -- --filters N` takes new ones. */
const SEED = 11;
const FILTERS = 300;

it('filters made at random are refused with a reason, or answered alike by the columns and by dissection', () => {
  const lists = packetLists();
  const each = Math.ceil(FILTERS / lists.length);
  let accepted = 0;
  for (const [k, list] of lists.entries()) {
    const found = checkFilters(indexed(list).capture, new Random(SEED + k), each);
    expect(found.faults, list.name).toEqual([]);
    accepted += found.accepted;
  }
  // Else they would be no filters.
  expect(accepted).toBeGreaterThan(FILTERS / 10);
  expect(accepted).toBeLessThan(FILTERS);
});

it('the same seed gives the same filters', () => {
  const [a, b] = [new Random(5), new Random(5)];
  for (let k = 0; k < 50; k++) expect(randomFilter(a)).toBe(randomFilter(b));
});
