import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { drawnThenAsked, latest, paced } from '../../../renderer/store/pace.ts';

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

describe('what is drawn and then asked for', () => {
  beforeEach(() => {
    vi.useFakeTimers();
    vi.stubGlobal('requestAnimationFrame', (look: () => void) => setTimeout(look, 16));
    vi.stubGlobal('cancelAnimationFrame', (frame: ReturnType<typeof setTimeout>) => clearTimeout(frame));
  });
  afterEach(() => {
    vi.unstubAllGlobals();
    vi.useRealTimers();
  });

  it('is drawn once per frame, whatever came until then, and asked for once after that', async () => {
    const draw = vi.fn();
    const ask = vi.fn();
    const call = drawnThenAsked(draw, ask, () => 50);
    call();
    call();
    call();
    expect(draw).toHaveBeenCalledTimes(0);
    await vi.advanceTimersByTimeAsync(16);
    expect(draw).toHaveBeenCalledTimes(1);
    expect(ask).toHaveBeenCalledTimes(0);
    await vi.advanceTimersByTimeAsync(51);
    expect(ask).toHaveBeenCalledTimes(1);
    await vi.advanceTimersByTimeAsync(2000);
    expect([draw.mock.calls.length, ask.mock.calls.length]).toEqual([1, 1]);
  });

  it('is asked for no more often than in every gap by a back end that answers at once', async () => {
    let asked = 0;
    const call: () => void = drawnThenAsked(
      () => {},
      () => {
        asked++;
        call();
      },
      () => 50,
    );
    call();
    await vi.advanceTimersByTimeAsync(1000);
    // A frame and a gap each time.
    expect(asked).toBe(Math.floor(1000 / 66));
  });

  it('is asked for less often where drawing takes long', async () => {
    let spent = 0;
    vi.stubGlobal('performance', { now: () => Date.now() + spent });
    const ask = vi.fn();
    const call = drawnThenAsked(
      () => {
        spent += 60;
      },
      ask,
      () => 50,
    );
    call();
    await vi.advanceTimersByTimeAsync(16 + 60);
    expect(ask).toHaveBeenCalledTimes(0);
    await vi.advanceTimersByTimeAsync(5);
    expect(ask).toHaveBeenCalledTimes(1);
  });

  it('is asked for after the gap that holds when it is drawn', async () => {
    const ask = vi.fn();
    let gap = 150;
    const call = drawnThenAsked(
      () => {},
      ask,
      () => gap,
    );
    call();
    await vi.advanceTimersByTimeAsync(16 + 149);
    expect(ask).toHaveBeenCalledTimes(0);
    await vi.advanceTimersByTimeAsync(2);
    expect(ask).toHaveBeenCalledTimes(1);
    gap = 50;
    call();
    await vi.advanceTimersByTimeAsync(16 + 51);
    expect(ask).toHaveBeenCalledTimes(2);
  });

  it('is asked for as soon as it is drawn where somebody waits for that, and then as before', async () => {
    const ask = vi.fn();
    const call = drawnThenAsked(
      () => {},
      ask,
      () => 50,
    );
    call();
    call(true);
    expect(ask).toHaveBeenCalledTimes(0);
    await vi.advanceTimersByTimeAsync(17);
    expect(ask).toHaveBeenCalledTimes(1);
    call();
    await vi.advanceTimersByTimeAsync(17);
    expect(ask).toHaveBeenCalledTimes(1);
    await vi.advanceTimersByTimeAsync(50);
    expect(ask).toHaveBeenCalledTimes(2);
  });

  it('is taken in by a page without frames, too', async () => {
    vi.stubGlobal('requestAnimationFrame', () => 0);
    vi.stubGlobal('cancelAnimationFrame', () => {});
    const draw = vi.fn();
    drawnThenAsked(
      draw,
      () => {},
      () => 50,
    )();
    await vi.advanceTimersByTimeAsync(1000);
    expect(draw).toHaveBeenCalledTimes(1);
  });
});
