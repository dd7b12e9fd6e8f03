import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Regex, RegexFault } from '../../src/filter/regex.ts';
import { workMs } from '../work.ts';

const encoder = new TextEncoder();
const bytes = (text: string): Uint8Array => Uint8Array.from(text, (c) => c.charCodeAt(0));
const found = (pattern: string, text: string): boolean => new Regex(bytes(pattern)).test(bytes(text));

describe('a regular expression', () => {
  it.each([
    ['abc', 'xxABCxx', true],
    ['(?-i)abc', 'xxABCxx', false],
    ['(?-i)ab(?i)c', 'abC', true],
    ['(?-i:ab)c', 'abC', true],
    ['(?-i:ab)c', 'Abc', false],
    ['^a', 'ba', false],
    ['a$', 'ba', true],
    ['a$', 'ba\n', true],
    ['a\\z', 'ba\n', false],
    ['a\\Z', 'ba\n', true],
    ['a$', 'ba\n\n', false],
    ['(?m)a$', 'a\nb', true],
    ['(?m)^b', 'a\nb', true],
    ['^b', 'a\nb', false],
    ['(?m)^$', 'a\n', false],
    ['a.c', 'a\nc', false],
    ['(?s)a.c', 'a\nc', true],
    ['a\\Nc', 'a\nc', false],
    ['\\bfoo\\b', 'a foo b', true],
    ['\\bfoo\\b', 'afoo b', false],
    ['\\Boo', 'foo', true],
    ['x*', '', true],
    ['', '', true],
    ['a{2,3}', 'aa', true],
    ['^a{2,3}$', 'aaaa', false],
    ['^a{2}$', 'aa', true],
    ['^(ab){2,}$', 'ababab', true],
    ['^a{,2}$', 'a{,2}', true],
    ['a{x', 'a{x', true],
    ['[a-c]+z', 'abcz', true],
    ['[^a-c]', 'abc', false],
    ['[]a]', ']', true],
    ['[a-]', '-', true],
    ['[\\d-x]', '-', true],
    ['[[:digit:]]{3}', 'a123', true],
    ['[[:^digit:]]', '123', false],
    ['[\\w.]+@', 'a.b@', true],
    ['\\d+\\s\\D\\S\\W', '12 ab!', true],
    ['\\h\\v', '\t\n', true],
    ['a\\R', 'a\r\n', true],
    ['\\x41\\101\\x{42}\\o{103}', 'aabc', true],
    ['\\cA\\e\\t', '\x01\x1b\t', true],
    ['\\Qa.b\\E+', 'a.bbb', true],
    ['\\Qa.b\\E', 'axb', false],
    ['(?x) a b # comment\n c', 'abc', true],
    ['(?#note)a', 'a', true],
    ['(?<name>a)(?P<n>b)', 'ab', true],
    ['a|b|', 'zzz', true],
    ['^(a|ab)(c|bcd)$', 'abcd', true],
    ['a*?b+?', 'aab', true],
    ['get /', 'GET /index', true],
    ['\\xff', '\xff', true],
    ['[\\x80-\\xff]', 'abc\x80', true],
  ])('%j on %j: %s', (pattern, text, expected) => {
    expect(found(pattern, text)).toBe(expected);
  });

  it('matches characters beyond ASCII by their bytes', () => {
    expect(new Regex(encoder.encode('grün')).test(encoder.encode('GRün'))).toBe(true);
    expect(new Regex(encoder.encode('한.')).test(encoder.encode('대한민'))).toBe(true);
  });

  it.each([
    ['(a', 0, 'no closing )'],
    ['a)', 1, 'closes no group'],
    ['[a', 0, 'no closing ]'],
    ['ab*+', 2, 'possessive'],
    ['*a', 0, 'nothing that *'],
    ['a**', 2, 'nothing that *'],
    ['(a)\\1', 3, 'backreferences'],
    ['a(?=b)', 1, 'lookahead'],
    ['(?<!b)', 0, 'lookbehind'],
    ['(?>a)', 0, 'atomic'],
    ['\\p{L}', 0, 'Unicode properties'],
    ['a\\', 1, 'ends after a backslash'],
    ['\\y', 0, 'no escape sequence'],
    ['a{3,2}', 1, 'wrong order'],
    ['a{9999}', 1, 'at most'],
    ['[z-a]', 1, 'wrong order'],
    ['[[:nope:]]', 1, 'POSIX'],
    ['(?z)a', 0, 'no option z'],
    ['(*UTF)a', 0, 'control verbs'],
    ['((a{1000}){1000}){1000}', 0, 'too large'],
    ['((((){1000}){1000}){1000}){1000}', 0, 'too large'],
    ['('.repeat(200), 100, 'too deep'],
  ])('%j is refused at %d', (pattern, at, message) => {
    let fault: unknown = null;
    try {
      new Regex(bytes(pattern));
    } catch (error) {
      fault = error;
    }
    expect(fault).toBeInstanceOf(RegexFault);
    expect((fault as RegexFault).at).toBe(at);
    expect((fault as RegexFault).message).toContain(message);
  });

  it('agrees with the engine of JavaScript where the two languages are one', () => {
    const atom = fc.constantFrom('a', 'b', 'c', '.', '[ab]', '[^a]', '\\w', '\\b', '\\d', ' ', '\\n');
    const pattern = fc.letrec<{ node: string }>((tie) => ({
      node: fc.oneof(
        { depthSize: 'small' },
        atom,
        fc.tuple(tie('node'), tie('node')).map(([a, b]) => a + b),
        fc.tuple(tie('node'), tie('node')).map(([a, b]) => `(${a}|${b})`),
        fc.tuple(tie('node'), fc.constantFrom('*', '+', '?', '{2}', '{1,3}', '*?')).map(([a, q]) => `(?:${a})${q}`),
        tie('node').map((a) => `^${a}`),
        tie('node').map((a) => `(?:${a}|^b)c`),
      ),
    })).node;
    fc.assert(
      fc.property(pattern, fc.array(fc.constantFrom('a', 'b', 'c', 'A', '1', ' ', '\n'), { maxLength: 8 }), (source, letters) => {
        const text = letters.join('');
        expect(found(source, text)).toBe(new RegExp(source, 'i').test(text));
        // With no room for deterministic states.
        expect(new Regex(bytes(source), 1).test(bytes(text))).toBe(new RegExp(source, 'i').test(text));
      }),
      { numRuns: 2000 },
    );
  });

  it.each(['(a+)+$', '(a|a)*b$', '(a|aa)+$', '(.*)*x', '(a?){30}a{30}$', '((a{1,20}){1,20})$', '(x+x+)+y'])(
    'takes time linear in the text: %s',
    (pattern) => {
      const regex = new Regex(bytes(pattern));
      const text = bytes(`${'a'.repeat(100_000)}!`);
      expect(workMs(() => expect(regex.test(text)).toBe(false))).toBeLessThan(2000);
    },
  );

  it('goes through its sets where each byte of a text would need a state of thousands of instructions', () => {
    const regex = new Regex(bytes('(.*a.{900}){4}zq'));
    const text = Uint8Array.from({ length: 20_000 }, (_, i) => 0x61 + ((Math.imul(i, 2654435761) >>> 16) & 1));
    expect(workMs(() => expect(regex.test(text)).toBe(false))).toBeLessThan(5000);
    expect(regex.test(Uint8Array.from([...text, ...bytes(`a${'b'.repeat(900)}zq`)]))).toBe(true);
    expect(regex.test(Uint8Array.from([...text, ...bytes(`b${'b'.repeat(900)}zq`)]))).toBe(false);
  });

  it('does not keep a state for each text it has seen', () => {
    const regex = new Regex(bytes('(a|b)*a(a|b){12}c'));
    const text = Uint8Array.from({ length: 50_000 }, (_, i) => 0x61 + ((Math.imul(i, 2654435761) >>> 16) & 1));
    expect(regex.test(text)).toBe(false);
    expect(regex.test(Uint8Array.from([...text, 0x61, ...bytes('aaaaaaaaaaaa'), 0x63]))).toBe(true);
  });
});
