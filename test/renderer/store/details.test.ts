import { describe, expect, it } from 'vitest';
import { Details } from '../../../renderer/store/details.ts';
import type { Answer, PacketDetail } from '../../../src/messages.ts';

const detail = (row: number, capture = 1): PacketDetail => ({ capture, row }) as PacketDetail;
const settled = (): Promise<void> => new Promise((resolve) => setTimeout(resolve));

describe('layers that may be wanted next', () => {
  it('are asked for once, and are here then', async () => {
    const asked: number[] = [];
    const details = new Details(async (row) => {
      asked.push(row);
      return { ok: true, value: detail(row) };
    });
    details.prepare(7, 1, 100);
    await settled();
    details.prepare(7, 1, 100);
    await settled();
    expect(asked).toEqual([7]);
    expect(details.find(7, 1, 100)?.row).toBe(7);
    expect(details.find(8, 1, 100)).toBeNull();
  });

  it('are not asked for again by a click that comes before the answer', async () => {
    const asked: number[] = [];
    let release = (): void => {};
    const details = new Details((row) => {
      asked.push(row);
      return new Promise((resolve) => {
        release = () => resolve({ ok: true, value: detail(row) });
      });
    });
    details.prepare(7, 1, 100);
    const clicked = details.fetch(7, 1, 100);
    expect(asked).toEqual([7]);
    release();
    expect((await clicked).ok).toBe(true);
    await settled();
    expect(details.find(7, 1, 100)?.row).toBe(7);
    // With more packets it may say something else.
    void details.fetch(7, 1, 101);
    expect(asked).toEqual([7, 7]);
  });

  it('are those of the last row that the pointer came to, not of all that it passed', async () => {
    const asked: number[] = [];
    const waiting: (() => void)[] = [];
    const details = new Details(async (row) => {
      asked.push(row);
      await new Promise<void>((resolve) => waiting.push(resolve));
      return { ok: true, value: detail(row) };
    });
    for (const row of [1, 2, 3, 4]) details.prepare(row, 1, 100);
    expect(asked).toEqual([1]);
    waiting.shift()?.();
    await settled();
    waiting.shift()?.();
    await settled();
    expect(asked).toEqual([1, 4]);
  });

  it('are void in another capture, when packets have come, and when the capture is read anew', async () => {
    let release = (): void => {};
    const answers: Promise<Answer<PacketDetail>>[] = [Promise.resolve({ ok: true, value: detail(7) })];
    const details = new Details((row) => answers.shift() ?? Promise.resolve({ ok: true, value: detail(row) }));
    details.prepare(7, 1, 100);
    await settled();
    expect(details.find(7, 2, 100)).toBeNull();
    expect(details.find(7, 1, 101)).toBeNull();
    expect(details.find(7, 1, 100)).not.toBeNull();
    details.forget();
    expect(details.find(7, 1, 100)).toBeNull();
    // An answer from before does not count either.
    answers.push(
      new Promise((resolve) => {
        release = () => resolve({ ok: true, value: detail(9) });
      }),
    );
    details.prepare(9, 1, 100);
    details.forget();
    release();
    await settled();
    expect(details.find(9, 1, 100)).toBeNull();
  });

  it('of no more packets than may be looked at soon are kept', async () => {
    const details = new Details(async (row) => ({ ok: true, value: detail(row) }));
    for (let row = 0; row < 200; row++) await details.fetch(row, 1, 100);
    expect(details.find(199, 1, 100)).not.toBeNull();
    expect(Array.from({ length: 200 }, (_, row) => details.find(row, 1, 100)).filter((each) => each !== null)).toHaveLength(64);
  });
});
