/** The picture beside the list: the strongest thing of each stretch, and none that is missed. */
import { describe, expect, it } from 'vitest';
import type { Capture } from '../../src/engine/capture.ts';
import { FilterMemory } from '../../src/engine/filter-memory.ts';
import { Minimap } from '../../src/engine/minimap.ts';
import { View } from '../../src/engine/view.ts';
import { compileFilter } from '../../src/filter/index.ts';
import type { MinimapBucket } from '../../src/messages.ts';
import { captureOf, eth, ip4, u16 } from '../protocols/network-packets.ts';

const udp = (port: number, payload: readonly number[]): Uint8Array =>
  eth(0x0800, ip4([...u16(40_000), ...u16(port), ...u16(8 + payload.length), 0, 0, ...payload], { proto: 17 }));
/** TCP from port 40000 to 40001 with these flags. */
const tcp = (flags: number): Uint8Array =>
  eth(0x0800, ip4([...u16(40_000), ...u16(40_001), 0, 0, 0, 1, 0, 0, 0, 1, 0x50, flags, 1, 0, 0, 0, 0, 0], { proto: 6 }));
const KINDS = {
  arp: [eth(0x0806, [0, 1, 8, 0, 6, 4, 0, 1, 2, 0, 0, 0, 0, 1, 10, 0, 0, 1, 0, 0, 0, 0, 0, 0, 10, 0, 0, 2]), 'link', 'none'],
  plain: [udp(40_001, [1, 2, 3]), 'tra', 'none'],
  dns: [udp(53, [0, 1, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0, 1, 0x61, 0, 0, 1, 0, 1]), 'app', 'none'],
  reset: [tcp(0x14), 'tra', 'bad'],
} as const;
type Kind = keyof typeof KINDS;

const HUES = ['raw', 'link', 'net', 'tra', 'app'] as const;
const TROUBLES = ['none', 'warn', 'bad'] as const;

/** The strongest of each of `buckets` stretches, told from what the packets are. */
function expected(kinds: readonly Kind[], buckets: number): MinimapBucket[] {
  const n = Math.min(buckets, kinds.length);
  return Array.from({ length: n }, (_, k) => {
    const stretch = kinds.slice(Math.floor((k * kinds.length) / n), Math.floor(((k + 1) * kinds.length) / n));
    const hue = Math.max(...stretch.map((kind) => HUES.indexOf(KINDS[kind][1])));
    const trouble = Math.max(...stretch.map((kind) => TROUBLES.indexOf(KINDS[kind][2])));
    return { hue: HUES[hue] ?? 'raw', trouble: TROUBLES[trouble] ?? 'none' };
  });
}

function add(capture: Capture, kinds: readonly Kind[]): void {
  for (const kind of kinds) {
    const [frame] = KINDS[kind];
    capture.packet(frame, 0, frame.length, frame.length, 1, 0, 0, 0, false);
  }
}

const all = (capture: Capture): View => new View(1, capture, null, new FilterMemory(capture));
const never = (): boolean => false;

/** Long stretches of one kind with others strewn in, the same each time. */
function mixed(count: number): Kind[] {
  let random = 7;
  const next = (below: number): number => {
    random = (Math.imul(random, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((random / 2 ** 32) * below);
  };
  const out: Kind[] = [];
  while (out.length < count) {
    const kind: Kind = (['arp', 'plain', 'plain', 'dns'] as const)[next(4)] ?? 'plain';
    for (let k = next(900); k >= 0 && out.length < count; k--) out.push(next(400) === 0 ? 'reset' : kind);
  }
  return out;
}

describe('the minimap', () => {
  it.each([1, 2, 3, 7, 33, 100, 256, 999, 5000])('shows in %i stretches the strongest thing of each', async (buckets) => {
    const kinds = mixed(5000);
    const capture = captureOf([]);
    add(capture, kinds);
    expect(await new Minimap(capture).of(all(capture), buckets, never)).toEqual(expected(kinds, buckets));
  });

  it('is the same of a capture that has grown meanwhile as of one that was there at once', async () => {
    const kinds = mixed(4000);
    const capture = captureOf([]);
    const minimap = new Minimap(capture);
    for (const [from, to] of [
      [0, 0],
      [0, 3],
      [3, 255],
      [255, 256],
      [256, 700],
      [700, 3071],
      [3071, 4000],
    ] as const) {
      add(capture, kinds.slice(from, to));
      expect(await minimap.of(all(capture), 50, never)).toEqual(expected(kinds.slice(0, to), 50));
    }
  });

  it('misses no packet, however many there are', async () => {
    const kinds = new Array<Kind>(60_000).fill('plain');
    kinds[41_777] = 'reset';
    const capture = captureOf([]);
    add(capture, kinds);
    expect((await new Minimap(capture).of(all(capture), 3, never)).map(({ trouble }) => trouble)).toEqual(['none', 'none', 'bad']);
  });

  it('shows of a filtered list, and of one in another order, what these have', async () => {
    const kinds = mixed(3000);
    const capture = captureOf([]);
    add(capture, kinds);
    const compiled = compileFilter('udp');
    if (!compiled.ok) throw new Error(compiled.error.message);
    const filtered = new View(1, capture, compiled.filter, new FilterMemory(capture));
    while (filtered.advance());
    const minimap = new Minimap(capture);
    const left = kinds.filter((kind) => kind !== 'arp' && kind !== 'reset');
    expect(await minimap.of(filtered, 40, never)).toEqual(expected(left, 40));
    const turned = all(capture);
    turned.reorder(2, Uint32Array.from(kinds.keys()).reverse());
    expect(await minimap.of(turned, 40, never)).toEqual(expected([...kinds].reverse(), 40));
  });

  it('is given up where nobody wants it any more', async () => {
    const capture = captureOf([]);
    add(capture, mixed(2000));
    const slow = { now: performance.now.bind(performance) };
    // Each look at the clock is 20 ms after the one before.
    let at = 0;
    performance.now = () => (at += 20);
    try {
      expect(await new Minimap(capture).of(all(capture), 100, () => true)).toEqual([]);
    } finally {
      performance.now = slow.now;
    }
  });
});
