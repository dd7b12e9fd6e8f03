import { expect, it } from 'vitest';
import { Again } from '../../../renderer/ui/again.ts';

const turn = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 0));

/** A question whose answers come when they are let go. */
function slow() {
  const waiting: (() => void)[] = [];
  const shown: number[] = [];
  let asked = 0;
  const again = new Again(async (over) => {
    const number = ++asked;
    await new Promise<void>((resolve) => waiting.push(resolve));
    if (!over()) shown.push(number);
  });
  const answer = async (): Promise<void> => {
    waiting.shift()?.();
    await turn();
  };
  return { again, answer, shown, asked: () => asked };
}

it('shows an answer that takes longer than the capture takes to grow, and asks once more after it', async () => {
  const { again, answer, shown, asked } = slow();
  again.poke();
  for (let k = 0; k < 5; k++) again.poke();
  expect(asked()).toBe(1);
  await answer();
  expect(shown).toEqual([1]);
  expect(asked()).toBe(2);
  await answer();
  expect(shown).toEqual([1, 2]);
  expect(asked()).toBe(2);
});

it('asks anew after it had come to rest', async () => {
  const { again, answer, shown } = slow();
  for (let k = 0; k < 3; k++) {
    again.poke();
    await answer();
  }
  expect(shown).toEqual([1, 2, 3]);
});

it('shows nothing and asks nothing when nobody wants it any more', async () => {
  const { again, answer, shown, asked } = slow();
  again.poke();
  again.poke();
  again.end();
  await answer();
  again.poke();
  expect(shown).toEqual([]);
  expect(asked()).toBe(1);
});
