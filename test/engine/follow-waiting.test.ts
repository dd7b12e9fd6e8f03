import fc from 'fast-check';
import { expect, it } from 'vitest';
import { type Waiting, WaitingSegments } from '../../src/engine/follow-waiting.ts';

const seq = (number: number): number => number | 0;

it('segments that wait come in the order of their numbers, across the turn of 2^32, and of equals the first one first', () => {
  fc.assert(
    fc.property(fc.integer(), fc.array(fc.tuple(fc.integer({ min: 0, max: 300 }), fc.boolean()), { maxLength: 200 }), (start, steps) => {
      const waiting = new WaitingSegments();
      const plain: { readonly place: number; readonly row: number }[] = [];
      for (const [row, [place, drop]] of steps.entries()) {
        const segment: Waiting = { row, seq: seq(start + place), skip: 0, length: 1 };
        waiting.add(segment);
        plain.push({ place, row });
        plain.sort((a, b) => a.place - b.place || a.row - b.row);
        if (drop) {
          waiting.drop();
          plain.shift();
        }
        expect(waiting.next?.row).toBe(plain[0]?.row);
      }
      for (; plain.length > 0; waiting.drop()) expect(waiting.next?.row).toBe(plain.shift()?.row);
      expect(waiting.next).toBeUndefined();
      waiting.drop();
    }),
  );
});
