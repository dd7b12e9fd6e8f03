import { expect, it } from 'vitest';
import { orderOfNumbers, orderOfTexts } from '../../src/engine/order.ts';
import { Turns } from '../../src/engine/turns.ts';

const numbers = (keys: readonly number[], descending: boolean) => orderOfNumbers(Float64Array.from(keys), descending, new Turns());

it('sorts numbers of every sign and size, equal ones in the order they came, what is no number last', async () => {
  const keys = [3, -1, 0, Number.NaN, 2.5, -1, 1e300, Number.NEGATIVE_INFINITY, -0, 3, 1e-300, Number.POSITIVE_INFINITY, Number.NaN];
  expect([...((await numbers(keys, false)) as Uint32Array)]).toEqual([7, 1, 5, 2, 8, 10, 4, 0, 9, 6, 11, 3, 12]);
  expect([...((await numbers(keys, true)) as Uint32Array)]).toEqual([11, 6, 0, 9, 4, 10, 2, 8, 1, 5, 7, 3, 12]);
  expect([...((await numbers([], true)) as Uint32Array)]).toEqual([]);
  expect([...((await numbers([7], true)) as Uint32Array)]).toEqual([0]);
});

it('sorts as the platform does, whatever the numbers', async () => {
  let seed = 1;
  const random = (): number => {
    seed = (Math.imul(seed, 1103515245) + 12345) >>> 0;
    return seed;
  };
  const keys = Array.from({ length: 50_000 }, (_, k) => (k % 3 === 0 ? random() % 100 : (random() - 2 ** 31) / 7));
  const wanted = keys.map((_, k) => k).sort((x, y) => (keys[x] as number) - (keys[y] as number) || x - y);
  expect([...((await numbers(keys, false)) as Uint32Array)]).toEqual(wanted);
  const texts = keys.map((key) => (key < 0 ? '' : key.toFixed(1)));
  const order = (await orderOfTexts(texts, true, new Turns())) as Uint32Array;
  const byText = texts
    .map((_, k) => k)
    .sort((x, y) => {
      const [a, b] = [texts[x] as string, texts[y] as string];
      if (a === b) return x - y;
      return a === '' ? 1 : b === '' ? -1 : a < b ? 1 : -1;
    });
  expect([...order]).toEqual(byText);
});

/** Always due, so that every place where the work may pause is counted. */
class CountedTurns extends Turns {
  pauses = 0;
  override get due(): boolean {
    return true;
  }
  override async pause(): Promise<void> {
    this.pauses++;
    await super.pause();
  }
}

it('may pause every few thousand things, in every pass over them', async () => {
  const keys = Float64Array.from({ length: 200_000 }, (_, k) => Math.imul(k, 2654435761) >>> 0);
  const turns = new CountedTurns();
  expect((await orderOfNumbers(keys, false, turns))?.length).toBe(keys.length);
  // One pass over the keys, and one for each of the three 16-bit digits in which they differ: the last bits of the fractions are 0.
  expect(turns.pauses).toBe(4 * Math.floor(keys.length / 16_384));
  const texts = new CountedTurns();
  expect((await orderOfTexts([...keys].map(String), false, texts))?.length).toBe(keys.length);
  expect(texts.pauses).toBeGreaterThanOrEqual(Math.ceil(keys.length / 2048));
});

it('stops when it is told to', async () => {
  let asked = 0;
  expect(await orderOfNumbers(new Float64Array(100_000), false, new CountedTurns(), () => ++asked === 2)).toBeNull();
  expect(asked).toBe(2);
});
