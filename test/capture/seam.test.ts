import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fingerprint, Had, Seam } from '../../src/capture/seam.ts';

const packet = (number: number): Uint8Array => new Uint8Array(new Uint32Array([number, ~number]).buffer);

/** One packet a millisecond; the first back end stamps it two milliseconds later. What both give together. */
function joined(first: readonly number[], second: readonly number[], until = Number.POSITIVE_INFINITY): readonly number[] {
  const had = new Had();
  for (const number of first) had.add(fingerprint(packet(number), 0, 8), number + 2);
  const seam = new Seam(had, 0, second[0] ?? 0, Math.min(until, (first.at(-1) ?? 0) + 2));
  return [...first, ...second.filter((number) => !seam.had(packet(number), 0, 8, number))];
}

const from = (first: number, count: number): number[] => Array.from({ length: count }, (_, k) => first + k);

describe('the seam between two back ends', () => {
  it('leaves out what the first had', () => {
    expect(joined(from(0, 50), from(30, 70))).toEqual(from(0, 100));
  });

  it('gives what the first had lost, behind what it had', () => {
    const first = from(0, 50).filter((number) => number !== 35 && number !== 46);
    expect(joined(first, from(30, 70))).toEqual([...first, 35, 46, ...from(50, 50)]);
  });

  it('does not mind what the second lost', () => {
    expect(joined(from(0, 50), [...from(30, 10), ...from(45, 4), ...from(51, 49)])).toEqual([...from(0, 50), ...from(51, 49)]);
  });

  it('leaves out nothing that came after the first had ended', () => {
    expect(joined([1, 2, 3], [1, 2, 3, 4, 5], 2)).toEqual([1, 2, 3, 3, 4, 5]);
  });

  it('leaves out what came before the first had begun', () => {
    const seam = new Seam(new Had(), 100, 0, 200);
    expect([99, 100, 150].map((time) => seam.had(packet(1), 0, 8, time))).toEqual([true, false, false]);
  });

  it('counts packets that are alike', () => {
    const had = new Had();
    for (let k = 0; k < 30; k++) had.add(fingerprint(packet(1), 0, 8), k);
    // Ten of them came before the second began.
    const seam = new Seam(had, 0, 10, 100);
    expect(from(10, 50).filter((time) => !seam.had(packet(1), 0, 8, time))).toHaveLength(30);
  });

  it('remembers a quarter of a million packets', () => {
    const had = new Had();
    for (let k = 0; k < 1_000_000; k++) had.add(k, k);
    expect([...had.since(0).keys()].at(-1)).toBe(1_000_000 - (1 << 18));
    expect(had.since(999_990).size).toBe(10);
  });

  it('neither loses nor doubles a packet, whatever the first lost and wherever the second begins', () => {
    const lost = fc.uniqueArray(fc.nat(999), { maxLength: 200 });
    fc.assert(
      fc.property(lost, fc.nat(400), fc.integer({ min: 1, max: 500 }), fc.nat(500), (missing, begin, overlap, after) => {
        const end = begin + overlap;
        const first = from(0, end).filter((number) => number < begin || number === end - 1 || !missing.includes(number));
        expect([...joined(first, from(begin, overlap + after))].sort((a, b) => a - b)).toEqual(from(0, end + after));
      }),
    );
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
