import { expect, it } from 'vitest';
import { check } from './check.ts';
import { MemoryWatch } from './memory-watch.ts';
import { packetLists } from './packets.ts';

const ROUNDS = 6;

/** Rounds of dissection, with what `keep` keeps of each. */
function watched(keep: (round: number) => void): MemoryWatch {
  const lists = packetLists().slice(0, 4);
  const watch = new MemoryWatch();
  for (let round = 0; round < ROUNDS; round++) {
    for (const list of lists) check(list, { texts: false });
    keep(round);
    watch.look();
  }
  return watch;
}

it('sees no growth where nothing is kept', () => {
  expect(watched(() => {}).growth).toBe(0);
});

it.each([
  ['objects', () => Array.from({ length: 200 }, () => new Array<number>(16_384).fill(7))],
  ['array buffers', () => new Uint8Array(20 << 20).fill(1)],
] as const)('sees %s that are kept from round to round', (_, make) => {
  const kept: unknown[] = [];
  const watch = watched(() => kept.push(make()));
  expect(kept).toHaveLength(ROUNDS);
  expect(watch.growth).toBeGreaterThan(24 * 2 ** 20);
});

it('does not take memory that comes and goes for growth', () => {
  let kept: unknown = null;
  const watch = watched((round) => {
    kept = round % 2 === 1 ? new Uint8Array(40 << 20).fill(1) : null;
  });
  expect(watch.growth).toBe(0);
  expect(kept).not.toBeNull();
});
