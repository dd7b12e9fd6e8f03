/** Zstandard frames: real ones of the zstd program, cut short at every length, and frames made to do harm. */
import { describe, expect, it } from 'vitest';
import { unzstd, type ZstdFlaw } from '../../src/bytes/zstd.ts';
import { workMs } from '../work.ts';

const LIMIT = 1 << 22;
const MAGIC = [0x28, 0xb5, 0x2f, 0xfd];
/** `seq 1 300 | zstd -19`, with a checksum and without the length in its header. */
const numbers = Buffer.from(
  'KLUv/QRoNQ4ASkQEBwmw6yRJiHBSmHVtAGsAawDLHXdv3nCfbXbZZI8tdti1aYN9tdVVUz211FG3Zg310UYXTfTQQgddmjTQN9tcM80zyxxzZ84wn2xyySSPLHLIlSmDfLHFFVM8scQRN2YM8XXr1alPlx69nR36cePFiQ8XHrycHPht1/Qsx50BxIN4iZM4EL/hNryG0/AZLsNjeIdzOAw/4Sa8hJPwES7CQ3iFUzgIv+AWvIJT8AkuwSN4gzM4BL9yK69yKp9yKY/ylrMcyo/cyIucyIdcyIO85CQH8gNuwAs4AR/gAjyAFziBA/C77a6b7rmNzugQ/dqtvdqpfdqlPdrbznZoP3ZjL3ZiH3ZhD/aykx3YD7pBL+gEfaAL9IBe6IQO0O+4Ha/jdHyOy/E43uM8DsfPuBkv42R8jIvxMF7jNA7Gr7gVr+JUfIpL8Sje4iwOxY+4ES/iRHyISwPEd92u13W6PtflelzvdV6H62fdrJd1sj7WxXpYr3VaB+tX3apXdao+1aV6VG91VofqR92oF3WiPtSFelAvdVIH6jfdptd0mj7TZXpM73ROh+kn3aSXdJI+0kV6SK90SgfpF92iV3SKPtElekQPADVelrE=',
  'base64',
);
const plain = `${Array.from({ length: 300 }, (_, k) => k + 1).join('\n')}\n`;

const block = (type: number, size: number, last: boolean, content: number[]): number[] => {
  const head = (size << 3) | (type << 1) | (last ? 1 : 0);
  return [head & 0xff, (head >> 8) & 0xff, (head >> 16) & 0xff, ...content];
};
const raw = (text: string, last: boolean): number[] => block(0, text.length, last, [...Buffer.from(text)]);
/** A frame with a window descriptor (0x58: 2 MB), no length, no checksum. */
const frame = (...blocks: number[][]): number[] => [...MAGIC, 0, 0x58, ...blocks.flat()];
const text = (...bytes: number[]): [string, ZstdFlaw | null] => {
  const { bytes: out, flaw } = unzstd(Uint8Array.from(bytes), LIMIT);
  return [Buffer.from(out).toString(), flaw];
};

describe('Zstandard', () => {
  it('is decoded', () => {
    expect(text(...numbers)).toEqual([plain, null]);
    expect(text(...frame(raw('one ', false), block(1, 3, false, [0x2e]), raw('', true)))).toEqual(['one ...', null]);
  });

  it('may be several frames, skippable ones among them, and bytes behind the last are ignored', () => {
    const skipped = [0x53, 0x2a, 0x4d, 0x18, 2, 0, 0, 0, 1, 2];
    expect(text(...skipped, ...numbers, ...skipped, ...frame(raw('end', true)), 1, 2, 3, 4)).toEqual([`${plain}end`, null]);
  });

  it('gives what whole blocks hold of data that is cut short, at every length', () => {
    const whole = [...frame(raw('one', false), raw('two', false), raw('three', true))];
    for (let length = 0; length < whole.length; length++) {
      const [out, flaw] = text(...whole.slice(0, length));
      expect(flaw, `${length}`).toBe(length === 0 ? null : 'short');
      expect(out, `${length}`).toBe(length < 12 ? '' : length < 18 ? 'one' : 'onetwo');
    }
    for (let length = 1; length < numbers.length; length++) {
      const [out, flaw] = text(...numbers.subarray(0, length));
      expect(flaw).toBe('short');
      expect(plain.startsWith(out)).toBe(true);
    }
    // Only the checksum is missing.
    expect(text(...numbers.subarray(0, -1))).toEqual([plain, 'short']);
  });

  it('is not decoded if it is something else, or damaged', () => {
    expect(text(...Buffer.from('no zstd at all'))).toEqual(['', 'damaged']);
    expect(text(...frame(block(3, 1, true, [0])))).toEqual(['', 'damaged']);
    expect(text(...frame(block(2, 4, true, [3, 0, 0, 0])))).toEqual(['', 'damaged']);
    // The header says five bytes.
    expect(text(...MAGIC, 0x20, 5, ...raw('five', true))).toEqual(['', 'damaged']);
    expect(text(...MAGIC, 0x20, 5, ...raw('fives', true))).toEqual(['fives', null]);
    for (let at = 7; at < numbers.length - 4; at++) {
      const bytes = [...numbers];
      (bytes[at] as number) ^= 0x55;
      // Whatever comes out: no exception, and nothing beyond a block.
      expect(text(...bytes)[0].length).toBeLessThanOrEqual(1 << 17);
    }
  });

  it('says that a dictionary is missing, or that its window is too large, unless all of it is smaller', () => {
    expect(text(...MAGIC, 1, 0x58, 7, ...raw('x', true))).toEqual(['', 'dictionary']);
    const wide = (...blocks: number[][]): number[] => [...MAGIC, 0, 17 << 3, ...blocks.flat()];
    expect(text(...wide(raw('small', true)))).toEqual(['small', null]);
    const zeros = Array.from({ length: 300 }, () => block(1, 1 << 17, false, [0]));
    expect(text(...wide(...zeros, raw('', true)))).toEqual(['', 'window']);
  });

  it('stops at the limit', () => {
    const zeros = Array.from({ length: 40 }, () => block(1, 1 << 17, false, [0]));
    expect(unzstd(Uint8Array.from(frame(...zeros, raw('', true))), LIMIT)).toEqual({ bytes: new Uint8Array(0), flaw: 'large' });
    // Its header says so: nothing is decoded.
    const claims = [...MAGIC, 0x80, 0x58, 0, 0, 0, 0x7f, ...raw('x', true)];
    expect(text(...claims)).toEqual(['', 'large']);
    const two = [...frame(...zeros.slice(0, 20), raw('', true)), ...frame(...zeros.slice(0, 20), raw('', true))];
    expect(unzstd(Uint8Array.from(two), LIMIT).flaw).toBe('large');
    expect(unzstd(Uint8Array.from(two), LIMIT * 2).bytes.length).toBe(40 << 17);
  });

  it('has its time: a block of a few bytes that says it grows by billions is given up', () => {
    // 98,047 sequences, each a match of up to 131,074 bytes, whose lengths are read from the block before.
    const sequences = [0, 255, 255, 255, 0x54, 0, 0, 52, 1];
    const bad = block(2, sequences.length, false, sequences);
    const ones = Buffer.alloc(1 << 17, 0xff);
    const bytes = Buffer.concat([
      Buffer.from(frame(block(0, ones.length, false, []))),
      ones,
      Buffer.from([...bad, ...bad, ...raw('', true)]),
    ]);
    const work = workMs(() => expect(unzstd(bytes, LIMIT)).toEqual({ bytes: new Uint8Array(0), flaw: 'slow' }));
    expect(work).toBeLessThan(5000);
  });
});
