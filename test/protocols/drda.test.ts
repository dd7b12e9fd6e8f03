import { describe, expect, it } from 'vitest';
import { join, u16 } from './network-packets.ts';
import { overTcp } from './talk.ts';

/** A structure of ten bytes with this code point. */
const structure = (code: number): Uint8Array => join(u16(10), [0xd0, 1], u16(1), u16(4), u16(code));

describe('DRDA', () => {
  it('is known by the exchange of server attributes that begins it, and keeps the stream then', () => {
    expect(overTcp(50001, ['>', structure(0x1041)], ['<', structure(0x1443)], ['>', structure(0x106d)]).stacks).toEqual([
      'drda',
      'drda',
      'drda',
    ]);
  });

  it('does not take a stream for the one byte that all its structures share', () => {
    expect(overTcp(50001, ['>', structure(0x7777)], ['>', structure(0x1041).slice(0, 9)]).stacks).toEqual(['data', 'data']);
  });
});
