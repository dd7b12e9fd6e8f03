import { describe, expect, it } from 'vitest';
import { ArrivalClock } from '../../src/capture/arrival-clock.ts';

describe('the arrival clock', () => {
  it('counts nanoseconds between two ticks of a clock that counts milliseconds', () => {
    let monotonic = 5000;
    const epoch = 1_700_000_000_000;
    const clock = new ArrivalClock(
      () => epoch + Math.floor(monotonic),
      () => {
        monotonic += 0.125;
        return monotonic;
      },
    );
    clock.stamp();
    const first = clock.sec * 1e9 + clock.nsec;
    monotonic += 0.25;
    clock.stamp();
    const second = clock.sec * 1e9 + clock.nsec;
    // Sums of epoch nanoseconds round to 256; the parts do not.
    expect(Math.abs(second - first - 375_000)).toBeLessThan(512);
    expect(Math.abs(first / 1e6 - (epoch + monotonic - 0.375))).toBeLessThan(1);
  });

  it('stays near the wall clock and inside its ranges', () => {
    const clock = new ArrivalClock();
    let before = 0;
    for (let i = 0; i < 2000; i++) {
      before = Date.now();
      clock.stamp();
      expect(clock.nsec).toBeGreaterThanOrEqual(0);
      expect(clock.nsec).toBeLessThan(1_000_000_000);
    }
    // Between what the clock said before and after, however long that took.
    const last = clock.sec * 1000 + clock.nsec / 1e6;
    expect(last).toBeGreaterThan(before - 20);
    expect(last).toBeLessThan(Date.now() + 20);
  });

  it('never goes back', () => {
    const clock = new ArrivalClock();
    let [sec, nsec] = [0, 0];
    for (let i = 0; i < 20_000; i++) {
      clock.stamp();
      expect(clock.sec > sec || (clock.sec === sec && clock.nsec >= nsec)).toBe(true);
      [sec, nsec] = [clock.sec, clock.nsec];
    }
  });

  it('follows a wall clock that was set, and only then', () => {
    let offset = 0;
    const clock = new ArrivalClock(() => Date.now() + offset);
    offset = 3_600_000;
    /** Seconds by which a stamp differs from the wall clock, as it was before and after. */
    const stamped = (): [number, number] => {
      const before = Date.now() / 1000;
      clock.stamp();
      return [clock.sec - Date.now() / 1000, clock.sec - before];
    };
    const [least, most] = stamped();
    expect(least).toBeLessThan(2);
    expect(most).toBeGreaterThan(-2);
    clock.check();
    const [leastSet, mostSet] = stamped();
    expect(leastSet).toBeLessThan(3602);
    expect(mostSet).toBeGreaterThan(3598);
  });
});
