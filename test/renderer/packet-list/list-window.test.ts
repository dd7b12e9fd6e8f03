import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { EDGE_ROWS, ListWindow, MOST_WINDOW_ROWS, WINDOW_ROWS } from '../../../renderer/packet-list/list-window.ts';

const SEEN = 37.5;
const at = (total: number, position: number): ListWindow => {
  const window = new ListWindow();
  window.reset(total, position);
  return window;
};

describe('the rows that the grid has', () => {
  it('are all of a short list', () => {
    const window = at(300, 299);
    expect([window.base, window.count]).toEqual([0, 300]);
    window.move(262.5, { first: 0, seen: SEEN });
    expect([window.base, window.count]).toEqual([0, 300]);
  });

  it('are those around a position of a long one', () => {
    const window = at(10_000_000, 5_000_000);
    expect([window.base, window.count]).toEqual([5_000_000 - WINDOW_ROWS / 2, WINDOW_ROWS]);
    expect(at(10_000_000, 0).base).toBe(0);
    expect(at(10_000_000, 9_999_999).base).toBe(10_000_000 - WINDOW_ROWS);
  });

  it('stand for other packets after a page or a far move, and what is in sight stays at its place in the grid', () => {
    const window = at(1_000_000, 500_000);
    const first = 2000.25;
    const { base } = window;
    window.move(base + first + 36, { first, seen: SEEN });
    expect(window.base).toBe(base + 36);
    window.move(900_000.25, { first, seen: SEEN });
    expect(window.base).toBe(898_000);
  });

  it('stay what they are for a step that leaves most of what is in sight', () => {
    const window = at(1_000_000, 500_000);
    const { base } = window;
    window.move(base + 2001, { first: 2000, seen: SEEN });
    expect(window.base).toBe(base);
  });

  it('are more below where a list that is followed gets a few, and stand for others where it gets more than a screen', () => {
    const window = at(20_000, 19_999);
    window.follow(20_010, 49);
    expect([window.base, window.count]).toEqual([15_000, 5010]);
    window.follow(30_010, 49);
    expect([window.base, window.count]).toEqual([25_000, 5010]);
  });

  it('stand for others too where the list that is followed leaps before they are many, and become many near the edge', () => {
    const window = at(1200, 1199);
    window.follow(30_000, 49);
    expect([window.base, window.count]).toEqual([28_800, 1200]);
    window.follow(30_020, 49);
    expect([window.base, window.count]).toEqual([28_800, 1220]);
    // No longer followed: what is in sight stays.
    window.resize(40_000);
    expect([window.base, window.count]).toEqual([28_800, WINDOW_ROWS]);
    const sight = { first: 300.5, seen: SEEN };
    window.centre(sight);
    expect(window.count).toBe(WINDOW_ROWS);
    expect(window.base).toBe(Math.floor(28_800 + 300.5 + SEEN / 2) - WINDOW_ROWS / 2);
  });

  it('become many at once where they are too few to be scrolled in', () => {
    const window = at(300, 299);
    window.follow(30_000, 49);
    expect([window.base, window.count]).toEqual([30_000 - WINDOW_ROWS, WINDOW_ROWS]);
  });

  it('become many where a list is scrolled back that ends with its few rows', () => {
    const window = at(1200, 1199);
    window.follow(30_000, 49);
    window.resize(30_000);
    expect([window.base, window.count]).toEqual([28_800, 1200]);
    window.centre({ first: 400, seen: SEEN });
    expect(window.count).toBe(WINDOW_ROWS);
    expect(window.base).toBe(30_000 - WINDOW_ROWS);
  });

  it('do not become more and more in a list that is followed for long', () => {
    const window = at(1, 0);
    for (let total = 1; total < 50_000; total += 7) {
      window.follow(total, 49);
      expect(window.count).toBeLessThanOrEqual(MOST_WINDOW_ROWS);
      expect(window.base + window.count).toBe(total);
    }
  });

  it('are the last ones again for a list that is followed anew', () => {
    const window = at(1_000_000, 10);
    window.follow(1_000_000, 49);
    expect([window.base, window.count]).toEqual([1_000_000 - WINDOW_ROWS, WINDOW_ROWS]);
  });

  it('always leave room to scroll to both sides, whatever was done with them', () => {
    const whole = fc.nat({ max: 30_000 });
    const step = fc.oneof(
      fc.record({ does: fc.constant('move' as const), to: fc.double({ min: 0, max: 1, noNaN: true }) }),
      fc.record({ does: fc.constant('page' as const), to: fc.double({ min: -3, max: 3, noNaN: true }) }),
      fc.record({ does: fc.constant('scroll' as const), to: fc.double({ min: -400, max: 400, noNaN: true }) }),
      fc.record({ does: fc.constant('follow' as const), to: fc.nat({ max: 6000 }) }),
      fc.record({ does: fc.constant('grow' as const), to: fc.nat({ max: 6000 }) }),
      fc.record({ does: fc.constant('other' as const), to: whole }),
    );
    fc.assert(
      fc.property(whole, fc.array(step, { maxLength: 40 }), fc.double({ min: 1, max: 90, noNaN: true }), (total, steps, seen) => {
        const window = at(total, 0);
        // Where the list stands: the position at the top, with a fraction.
        let top = 0;
        let followed = false;
        const end = (): number => Math.max(0, window.total - seen);
        for (const { does, to } of steps) {
          const sight = { first: top - window.base, seen };
          followed = does === 'follow' || (followed && does !== 'other');
          if (does === 'move' || does === 'page') {
            top = Math.max(0, Math.min(end(), does === 'move' ? to * window.total : top + to * seen));
            window.move(top, sight);
          } else if (does === 'scroll') {
            // No further than the grid has rows.
            const most = Math.max(0, window.count - seen);
            top = window.base + Math.max(0, Math.min(most, sight.first + to));
            window.centre({ first: top - window.base, seen });
          } else if (does === 'grow') {
            const before = window.base;
            window.resize(window.total + to);
            expect(window.base).toBe(before);
            window.centre(sight);
          } else {
            if (does === 'follow') window.follow(window.total + to, Math.ceil(seen) + 8);
            else window.reset(to, 0);
            if (does === 'follow') expect(window.base + window.count).toBe(window.total);
            top = does === 'follow' ? end() : 0;
          }
          const { base, count, total } = window;
          expect(base).toBeGreaterThanOrEqual(0);
          expect(base + count).toBeLessThanOrEqual(total);
          // Fewer than it could have only where it was followed before it had many.
          expect(count).toBeGreaterThanOrEqual(Math.min(total, followed ? EDGE_ROWS + Math.ceil(seen) + 8 : WINDOW_ROWS));
          expect(count).toBeLessThanOrEqual(MOST_WINDOW_ROWS);
          if (total > seen) {
            expect(top - base).toBeGreaterThanOrEqual(Math.min(base, EDGE_ROWS));
            expect(base + count - top - seen).toBeGreaterThanOrEqual(Math.min(total - base - count, EDGE_ROWS) - 1e-6);
          }
        }
      }),
    );
  });
});
