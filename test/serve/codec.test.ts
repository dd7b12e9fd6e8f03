import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decode, encode, fromBase64, toBase64 } from '../../src/serve/codec.ts';
import { workMs } from '../work.ts';

/** Plain data as it crosses the line, with bytes and big numbers in it, and with keys that look like the codec's own. */
const plain = fc.letrec<{ value: unknown }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 5 },
    fc.string(),
    fc.integer(),
    fc.boolean(),
    fc.constant(null),
    fc.bigInt(),
    fc.uint8Array({ maxLength: 40 }),
    fc.array(tie('value'), { maxLength: 6 }),
    fc.dictionary(fc.oneof(fc.string(), fc.constantFrom('$u8', '$big', '$$u8', '$$$big', '__proto__', 'toJSON')), tie('value'), {
      maxKeys: 5,
      noNullPrototype: true,
    }),
  ),
})).value;

describe('the codec of browser mode', () => {
  it('gives back what it was given', () => {
    fc.assert(
      fc.property(plain, (value) => {
        expect(decode(encode(value))).toEqual(value);
      }),
      { numRuns: 500 },
    );
  });

  it('writes bytes as base64 and big numbers as decimal text', () => {
    expect(encode({ bytes: Uint8Array.of(0xff, 0x00, 0x10), n: 12345678901234567890n })).toBe(
      '{"bytes":{"$u8":"/wAQ"},"n":{"$big":"12345678901234567890"}}',
    );
  });

  it('does not take an object that only looks like bytes for bytes', () => {
    const lookalike = { $u8: 'AAAA' };
    expect(decode(encode(lookalike))).toEqual(lookalike);
  });

  it('makes an own property of a key named __proto__, never a prototype', () => {
    const decoded = decode('{"__proto__":{"$u8":"AAAA"}}') as object;
    expect(Object.getPrototypeOf(decoded)).toBe(Object.prototype);
    expect(Object.hasOwn(decoded, '__proto__')).toBe(true);
  });

  it('refuses what it cannot have written', () => {
    for (const text of ['{"$u8":5}', '{"$u8":"A"}', '{"$u8":"A*=="}', '{"$big":"1e5"}', '{"$big":1}', '{', '']) {
      expect(() => decode(text), text).toThrow(SyntaxError);
    }
  });

  it('agrees with Buffer on base64', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
        const text = Buffer.from(bytes).toString('base64');
        expect(toBase64(bytes)).toBe(text);
        expect(fromBase64(text)).toEqual(bytes);
      }),
    );
  });

  it('carries 100 KB in a few milliseconds', () => {
    const bytes = new Uint8Array(100_000).map((_, i) => i * 7);
    // The garbage of what came before may be collected in one of them.
    expect(Math.min(...[1, 2, 3, 4, 5].map(() => workMs(() => decode(encode(bytes)))))).toBeLessThan(50);
  });
});
