import { describe, expect, it } from 'vitest';
import { MOST_OCTETS, MOST_PIECES, Repair } from '../../src/flow/repair.ts';

const text = (bytes: Uint8Array, length = bytes.length) => Buffer.from(bytes.subarray(0, length)).toString();
const from = (octets: string) => new Uint8Array(Buffer.from(octets));

/** A direction in which "ab" is at hand, numbers from 100 on. */
function begun(): Repair {
  return new Repair(7, 8, 100, from('ab'));
}

function add(repair: Repair, row: number, seq: number, octets: string): number {
  return repair.add(row, seq, from(octets), 0, octets.length);
}

describe('what is held behind a hole', () => {
  it('is there in order once the hole is filled, whatever order it came in', () => {
    const repair = begun();
    expect(repair.missing).toBe(102);
    expect(add(repair, 1, 106, 'gh')).toBe(2);
    expect(add(repair, 2, 104, 'ef')).toBe(2);
    expect(repair.join()).toBe(0);
    expect(add(repair, 3, 102, 'cd')).toBe(2);
    expect(repair.join()).toBe(3);
    expect(text(repair.bytes, repair.length)).toBe('abcdefgh');
    expect(repair.octets).toBe(0);
    expect(repair.came.map(({ row }) => row)).toEqual([3, 2, 1]);
  });

  it('is each octet once, of the segment that had it first', () => {
    const repair = begun();
    expect(add(repair, 1, 104, 'EF')).toBe(2);
    expect(add(repair, 2, 104, 'ef')).toBe(0);
    expect(add(repair, 3, 100, 'abcdefgh')).toBe(4);
    repair.join();
    expect(text(repair.bytes, repair.length)).toBe('abcdEFgh');
    expect(repair.came.map(({ row, from: at, to }) => [row, at, to])).toEqual([
      [3, 102, 104],
      [1, 104, 106],
      [3, 106, 108],
    ]);
    expect(add(repair, 4, 101, 'bcd')).toBe(0);
  });

  it('stays behind the next hole', () => {
    const repair = begun();
    add(repair, 1, 104, 'ef');
    add(repair, 2, 108, 'ij');
    add(repair, 3, 102, 'cd');
    expect(repair.join()).toBe(2);
    expect(text(repair.bytes, repair.length)).toBe('abcdef');
    expect(repair.octets).toBe(2);
    repair.cut(5);
    expect([text(repair.bytes, repair.length), repair.start, repair.missing]).toEqual(['f', 105, 106]);
    expect(repair.came.map(({ row }) => row)).toEqual([1]);
  });

  it('is gone on with from where a message begins, when nobody waits any longer', () => {
    const repair = begun();
    add(repair, 1, 104, 'ef');
    add(repair, 2, 108, '!j');
    add(repair, 3, 110, 'kl');
    add(repair, 4, 120, '!z');
    expect(repair.skip((bytes) => bytes[0] === 33)).toBe(true);
    expect([repair.start, text(repair.bytes, repair.length), repair.octets]).toEqual([108, '!jkl', 2]);
    expect(repair.skip(() => false)).toBe(false);
    expect(repair.octets).toBe(0);
  });

  it('goes over the end of the numbers', () => {
    const repair = new Repair(1, 2, -2, from('a'));
    add(repair, 1, 1, 'd');
    expect(add(repair, 2, -1, 'bc')).toBe(2);
    repair.join();
    expect(text(repair.bytes, repair.length)).toBe('abcd');
  });

  it('is bounded in octets, in pieces, and in how far it is ahead', () => {
    const repair = begun();
    expect(add(repair, 1, 102 + 0x10000000, 'x')).toBe(-1);
    const big = new Uint8Array(65_536);
    let n = 0;
    while (repair.add(n, 200 + n * big.length, big, 0, big.length) >= 0) n++;
    expect(n).toBe(MOST_OCTETS / big.length);
    const many = begun();
    let pieces = 0;
    while (add(many, pieces, 200 + 2 * pieces, 'x') >= 0) pieces++;
    expect(pieces).toBe(MOST_PIECES);
  });
});
