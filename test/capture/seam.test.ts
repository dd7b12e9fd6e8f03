import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fingerprint, Head, seam, Tail } from '../../src/capture/seam.ts';

/** What the first back end had, what the second one has: packets as numbers. */
function joined(first: readonly number[], second: readonly number[], limit = second.length): readonly number[] {
  const tail = new Tail();
  const head = new Head();
  for (const packet of first) tail.add(packet);
  for (const [k, packet] of second.entries()) head.add(packet, k);
  return [...first, ...second.slice(seam(tail, head, limit))];
}

const from = (first: number, count: number): number[] => Array.from({ length: count }, (_, k) => first + k);

describe('the seam between two back ends', () => {
  it('is behind the last packet that both have', () => {
    expect(joined(from(0, 50), from(30, 70))).toEqual(from(0, 100));
  });

  it('is found although the first lost packets just before it ended', () => {
    const first = from(0, 50).filter((packet) => packet < 44 || packet > 46);
    expect(joined(first, from(30, 70))).toEqual([...first, ...from(50, 50)]);
  });

  it('is found although the second lost packets', () => {
    expect(joined(from(0, 50), [...from(30, 10), ...from(45, 55)])).toEqual(from(0, 100));
  });

  it('is ahead of what the second has given, if it has not come to the last packet of the first yet', () => {
    const tail = new Tail();
    const head = new Head();
    for (const packet of from(0, 50)) tail.add(packet);
    for (const packet of from(30, 15)) head.add(packet, packet);
    // Fifteen that are here, and five that are still to come.
    expect(seam(tail, head, 15)).toBe(20);
  });

  it('is found although the second lost the very packet with which the first ended', () => {
    // Those of the second that came before: 30 to 48 and, as the kernel saw them before cap delivered its last, 50 to 52.
    expect(joined(from(0, 49), [...from(30, 18), ...from(49, 20)])).toEqual(from(0, 69));
  });

  it('is where the time says if nothing agrees', () => {
    expect(joined(from(0, 20), from(25, 10), 0)).toEqual([...from(0, 20), ...from(25, 10)]);
    expect(joined(from(0, 20), from(25, 10), 4)).toEqual([...from(0, 20), ...from(29, 6)]);
  });

  it('is where the longest run agrees, if packets repeat', () => {
    const steps = from(0, 40).flatMap((packet) => new Array<number>(7).fill(packet));
    // The first ended in the middle of seven equal packets.
    expect(joined(steps.slice(0, 150), steps.slice(60))).toEqual(steps);
  });

  it('of packets that are all alike is at the last one that can have been there', () => {
    expect(joined(new Array(30).fill(1), new Array(100).fill(1), 60)).toHaveLength(70);
  });

  it('takes a million alike packets in linear time', () => {
    const tail = new Tail();
    const head = new Head();
    for (let k = 0; k < 5000; k++) tail.add(1);
    for (let k = 0; k < 1_000_000; k++) head.add(1, k);
    expect(seam(tail, head, 1_000_000)).toBe(1_000_000);
  });

  it('neither loses nor doubles a packet, wherever the first ends and the second begins', () => {
    fc.assert(
      fc.property(fc.nat(500), fc.integer({ min: 1, max: 500 }), fc.nat(500), (begin, overlap, after) => {
        const end = begin + overlap;
        expect(joined(from(0, end), from(begin, overlap + after))).toEqual(from(0, end + after));
      }),
    );
  });
});

describe('the packets of the second back end', () => {
  it('are counted up to a time', () => {
    const head = new Head();
    for (let k = 0; k < 10_000; k++) head.add(k, 1000 + k);
    expect([999, 1000, 1000.5, 5000, 20_000].map((time) => head.until(time))).toEqual([0, 1, 1, 4001, 10_000]);
  });
});

describe('a packet’s fingerprint', () => {
  it('tells packets apart by their bytes and their length, and by nothing around them', () => {
    const bytes = Uint8Array.from([9, 1, 2, 3, 9]);
    expect(fingerprint(bytes, 1, 3)).toBe(fingerprint(Uint8Array.from([1, 2, 3]), 0, 3));
    expect(fingerprint(bytes, 1, 3)).not.toBe(fingerprint(bytes, 1, 2));
    expect(fingerprint(bytes, 1, 3)).not.toBe(fingerprint(bytes, 0, 3));
  });
});
