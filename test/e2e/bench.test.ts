/** What `npm run bench -- --big` measures in the window, on a small capture: that it sees what it times. */
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
// @ts-expect-error: a script of the benchmark has no types
import { inWindow } from '../../scripts/bench/window.mjs';
import { describeInBrowser } from './browser.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const PACKETS = 126;

interface Measured {
  readonly firstRowsMs: number;
  readonly scroll: Readonly<Record<string, { readonly steps: number; readonly frames: number }>>;
  readonly detailMs: { readonly clicks: number; readonly median: number };
  readonly filters: readonly { readonly text: string; readonly firstMs: number; readonly matches: string }[];
}

describeInBrowser('The benchmark of the window', () => {
  it('sees the first rows, rows scrolled past, the layers behind each click, and the rows of each filter', async () => {
    const file = fileURLToPath(new URL('../fixtures/tcp-loss.pcap', import.meta.url));
    const effort = { clicks: 4, scrollMs: 200, filterRounds: 1 };
    const measured = (await inWindow(root, file, PACKETS, ['tcp.flags.syn == 1', 'udp'], () => {}, effort)) as Measured;
    expect(measured.firstRowsMs).toBeGreaterThan(0);
    for (const way of ['wheel', 'page keys', 'far jumps']) expect(measured.scroll[way]?.steps, way).toBeGreaterThan(0);
    expect(measured.detailMs.clicks).toBe(4);
    expect(measured.detailMs.median).toBeGreaterThan(0);
    expect(measured.filters.map(({ text, matches }) => [text, Number.parseInt(matches, 10)])).toEqual([
      ['tcp.flags.syn == 1', 4],
      ['udp', 0],
    ]);
    for (const { firstMs } of measured.filters) expect(firstMs).toBeGreaterThan(0);
  });
});
