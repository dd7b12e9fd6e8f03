import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { drawnTogether, latest, paced } from '../../../renderer/store/pace.ts';

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

describe('what is drawn together', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => {
    vi.unstubAllGlobals();
    vi.useRealTimers();
  });

  it('is drawn soon, and then no more often than in every gap, with the last news of each', async () => {
    vi.stubGlobal('requestAnimationFrame', (look: () => void) => setTimeout(look, 16));
    const draw = vi.fn();
    const call = drawnTogether(draw, 50);
    call();
    call();
    expect(draw).toHaveBeenCalledTimes(0);
    await vi.advanceTimersByTimeAsync(1);
    expect(draw).toHaveBeenCalledTimes(1);
    for (let ms = 0; ms < 500; ms += 10) {
      call();
      await vi.advanceTimersByTimeAsync(10);
    }
    expect(draw.mock.calls.length).toBeGreaterThanOrEqual(9);
    expect(draw.mock.calls.length).toBeLessThanOrEqual(11);
    await vi.advanceTimersByTimeAsync(100);
    const calls = draw.mock.calls.length;
    await vi.advanceTimersByTimeAsync(1000);
    expect(draw).toHaveBeenCalledTimes(calls);
  });

  it('is drawn less often where drawing takes long', async () => {
    vi.stubGlobal('requestAnimationFrame', (look: () => void) => setTimeout(look, 1));
    let spent = 0;
    vi.stubGlobal('performance', { now: () => Date.now() + spent });
    // Each drawing takes 100 ms, in which no timer runs: without regard for it, one would follow the other.
    const draw = vi.fn(() => {
      spent += 100;
    });
    const call = drawnTogether(draw, 50);
    for (let ms = 0; ms < 1000; ms += 10) {
      call();
      await vi.advanceTimersByTimeAsync(10);
    }
    expect(draw.mock.calls.length).toBeGreaterThanOrEqual(7);
    expect(draw.mock.calls.length).toBeLessThanOrEqual(11);
  });
});
