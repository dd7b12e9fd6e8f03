import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { latest, paced } from '../../../renderer/store/pace.ts';

describe('paced work', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  it('runs at once, then once more for all calls that came in between', async () => {
    const work = vi.fn(async () => {});
    const call = paced(work, 100);
    call();
    call();
    call();
    expect(work).toHaveBeenCalledTimes(1);
    await vi.advanceTimersByTimeAsync(100);
    expect(work).toHaveBeenCalledTimes(2);
    await vi.advanceTimersByTimeAsync(500);
    expect(work).toHaveBeenCalledTimes(2);
  });
});

describe('latest', () => {
  it('drops arguments that were overtaken', async () => {
    const seen: number[] = [];
    let release = (): void => {};
    const call = latest(async (n: number) => {
      seen.push(n);
      await new Promise<void>((resolve) => {
        release = resolve;
      });
    });
    for (const n of [1, 2, 3, 4]) call(n);
    expect(seen).toEqual([1]);
    release();
    await vi.waitFor(() => expect(seen).toEqual([1, 4]));
    release();
  });
});
