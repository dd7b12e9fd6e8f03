import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { TickClock } from '../../src/file/timestamp.ts';

function exactly(resolution: number, ticks: bigint): { sec: number; nsec: number } {
  const exponent = BigInt(resolution & 0x7f);
  const units = (resolution & 0x80) !== 0 ? 2n ** exponent : 10n ** exponent;
  return { sec: Number(ticks / units), nsec: Number(((ticks % units) * 1_000_000_000n) / units) };
}

describe('time stamps of pcapng', () => {
  it('are exact at every resolution that 64 bits can have', () => {
    const decimal = fc.integer({ min: 0, max: 25 });
    const binary = fc.integer({ min: 0, max: 70 }).map((exponent) => exponent | 0x80);
    fc.assert(
      fc.property(fc.oneof(decimal, binary), fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }), (resolution, ticks) => {
        const clock = new TickClock(resolution, 0);
        clock.set(Number(ticks >> 32n), Number(ticks & 0xffffffffn));
        expect({ sec: clock.sec, nsec: clock.nsec }).toEqual(exactly(resolution, ticks));
      }),
      { numRuns: 3000 },
    );
  });

  it('of today are exact in nanoseconds', () => {
    const clock = new TickClock(9, 0);
    const ticks = 1_799_999_999_999_999_999n;
    clock.set(Number(ticks >> 32n), Number(ticks & 0xffffffffn));
    expect([clock.sec, clock.nsec]).toEqual([1_799_999_999, 999_999_999]);
  });

  it('tell how many digits they have', () => {
    expect([6, 9, 12, 0, 0x80 | 20, 0x80 | 64].map((resolution) => new TickClock(resolution, 0).digits)).toEqual([6, 9, 9, 0, 7, 9]);
    expect([6, 12, 0, 0x80 | 3, 0x80 | 10].map((resolution) => new TickClock(resolution, 0).exactDigits)).toEqual([6, 9, 0, 3, 9]);
  });
});
