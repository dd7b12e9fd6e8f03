import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { checkFilter, compileFilter } from '../../src/filter/index.ts';
import { MAX_DEPTH, MAX_SET, MAX_TEXT } from '../../src/filter/limits.ts';
import type { FilterError } from '../../src/messages.ts';
import './support.ts';

function errorOf(text: string): FilterError {
  const result = compileFilter(text);
  if (result.ok) throw new Error(`accepted: ${text}`);
  return result.error;
}

/** A field reference: a dollar sign and braces. */
function reference(name: string): string {
  return `\${${name}}`;
}

/** Filter, the text under the span, part of the message, and the fix. */
const table: readonly (readonly [string, string, string, string | undefined])[] = [
  ['tcp.port => 80', '=>', 'Unexpected =>. After a field a comparison is expected: == != > < >= <= contains matches in', '>='],
  ['tcp.port =< 80', '=<', 'Unexpected =<', '<='],
  ['tcp.port = 80', '=', 'Unexpected =', '=='],
  ['tcp.port =~ 80', '=~', 'Unexpected =~', 'matches'],
  ['tcp.port <> 80', '<>', 'Unexpected <>', '!='],
  ['tcp | udp', '|', 'Alternatives are joined with ||', '||'],
  ['tcp ^^ udp', '^^', 'exclusive or', undefined],
  ['tcp xor udp', 'xor', 'exclusive or', undefined],
  ['tcp and and udp', 'and and', 'A test is expected', 'and'],
  ['tcp and or udp', 'or', 'A test is expected', undefined],
  ['tcp and', 'and', 'Unexpected end after and', undefined],
  ['and tcp', 'and', 'A test is expected', undefined],
  ['tcp.port ==', '==', 'A value or a field is expected', undefined],
  ['tcp.port == == 80', '== ==', 'A value or a field is expected', '=='],
  ['tcp AND udp', 'AND', 'lower case', 'and'],
  ['tcp.port is 80', 'is', 'a comparison is expected', '=='],
  ['tcp.prot == 80', 'tcp.prot', 'neither a field nor a protocol', 'tcp.port'],
  ['tpc.port == 80', 'tpc.port', 'neither a field nor a protocol', 'tcp.port'],
  ['HTTP', 'HTTP', 'neither a field nor a protocol', 'http'],
  ['not Ip.Src == 1.2.3.4', 'Ip.Src', 'neither a field', 'ip.src'],
  ['tcp.port-1 == 79', 'tcp.port-1', 'Before a minus a blank is expected', 'tcp.port - 1'],
  ['80 == tcp.port', '80 == tcp.port', 'The field stands on the left', 'tcp.port == 80'],
  ['100 < frame.len', '100 < frame.len', 'The field stands on the left', 'frame.len > 100'],
  ['1 == 1', '1', 'The left side of a comparison', undefined],
  ['tcp.port == 80 443', '443', 'After a complete test', undefined],
  ['tcp udp', 'udp', 'After a field comes a comparison', undefined],
  ['(tcp', '(', 'no closing )', undefined],
  ['tcp)', ')', 'no ( that it closes', undefined],
  ['()', '()', 'nothing between', undefined],
  ['(tcp.port) == 80', '(tcp.port)', 'Parentheses hold tests', 'tcp.port'],
  ['tcp.port == (80)', '(', 'Values are grouped with { }', undefined],
  ['tcp.port in 80', '80', 'a set is expected', undefined],
  ['tcp.port in {}', '{}', 'The set is empty', undefined],
  ['tcp.port in {80 443}', '443', 'separated by commas', ', 443'],
  ['tcp.port in {80,}', '}', 'after a comma', undefined],
  ['tcp.port in {80', '{', 'no closing }', undefined],
  ['tcp.port in {80..}', '}', 'A field or a value is expected', undefined],
  ['tcp.port == 65536', '65536', 'too big for tcp.port: at most 65535', undefined],
  ['frame.number == 1.5', '1.5', 'a number is expected', undefined],
  ['frame.number == 08', '08', 'a number is expected', undefined],
  ['tcp.port == "80"', '"80"', 'a number without quotes', '80'],
  ['tcp.port == abc', 'abc', 'a number is expected', undefined],
  ['ip.proto == XYZ', 'XYZ', 'a number or one of its names', undefined],
  ['ip.proto == tcp', 'tcp', 'they cannot be compared', '"tcp"'],
  ['ip.src == tcp.port', 'tcp.port', 'they cannot be compared', undefined],
  ['ip.src == 10.0.0', '10.0.0', 'an IPv4 address such as', undefined],
  ['ip.src == 10.0.0.0/33', '33', 'a number of bits from 0 to 32', undefined],
  ['ip.src == "10.0.0.1"', '"10.0.0.1"', 'without quotes', '10.0.0.1'],
  ['ip.src == fe80::1', 'fe80::1', 'is an IPv6 address', undefined],
  ['ipv6.src == 10.0.0.1', '10.0.0.1', 'is an IPv4 address', undefined],
  ['eth.src == 00:11:22', '00:11:22', '6 bytes (here are 3)', undefined],
  ['frame contains GET', 'GET', 'text in quotes', '"GET"'],
  ['frame.time > 1000', '1000', 'a date and time such as', undefined],
  ['frame.time > "2023-02-30"', '"2023-02-30"', 'no date and time of the calendar', undefined],
  ['frame.time_relative > 1e1', '1e1', 'a number of seconds', undefined],
  ['tcp.port contains 80', 'tcp.port', 'contains works on text and bytes', 'string(tcp.port)'],
  ['ip.src matches "1"', 'ip.src', 'matches works on text and bytes', 'string(ip.src)'],
  ['http.host matches abc', 'abc', 'a regular expression in double quotes', '"abc"'],
  ['http.host matches "a(b"', '(', 'no closing )', undefined],
  ['http.host matches r"(a)\\1"', '\\1', 'backreferences are not supported', undefined],
  ['http.host matches "(a)\\\\1"', '\\\\1', 'backreferences are not supported', undefined],
  ['http.host matches "x(?=y)"', '(?=', 'lookahead', undefined],
  ['http.host contains "\\d"', '\\d', 'no escape sequence', '\\\\d'],
  ["http.host == 'abc'", "'abc'", 'Single quotes hold one character', '"abc"'],
  ['http.host == "abc', '"abc', 'no closing quote', undefined],
  ['http.host == “abc”', '“', 'straight quotes', '"'],
  ['tcp.port[0] == 1', 'tcp.port', 'has no slices', undefined],
  ['http.host[0:0] == 1', '0:0', 'at least 1', undefined],
  ['http.host[a] == 1', 'a', 'Offsets are expected', undefined],
  ['http.host[] == 1', '[]', 'Offsets are expected', undefined],
  ['http.host[1 == 1', '[1 == 1', 'no closing ]', undefined],
  ['foo(tcp.port) == 1', 'foo', 'There is no function foo', undefined],
  ['LEN(http.host) == 1', 'LEN', 'There is no function LEN', 'len'],
  ['len(http.host)', 'len(http.host)', 'A function is no test', undefined],
  ['len(http.host, 1) == 1', '1', 'takes one argument', undefined],
  ['len("abc") == 3', '"abc"', 'len takes a field', undefined],
  ['upper(tcp.port) == "A"', 'tcp.port', 'upper takes text', undefined],
  ['string(http.host) == "A"', 'string(http.host)', 'string does not convert', 'http.host'],
  ['max(tcp.port, ip.src) == 1', 'ip.src', 'of one type', undefined],
  ['tcp.flags.syn + 1 == 2', 'tcp.flags.syn', '+ does not work on it', undefined],
  ['frame.time - 1 > "2010-01-01"', 'frame.time', '- does not work on it', undefined],
  ['tcp.analysis.retransmission == 1', 'tcp.analysis.retransmission', 'no value to compare', undefined],
  ['any tcp.port', 'any', 'After any and a field a comparison', undefined],
  ['any (tcp.port == 80)', '(', 'without parentheses', undefined],
  [`tcp.port == ${reference('tcp.port')}`, reference('tcp.port'), 'none is selected', undefined],
  [`${reference('tcp.prt')} == 1`, reference('tcp.prt'), 'no field that this program knows', reference('tcp.port')],
  ['"abc"', '"abc"', 'no test by itself', 'frame contains "abc"'],
  ['99999', '99999', 'is a number and no test', undefined],
  ['tcp # 1 == 80 #', '#', 'a layer number is expected', undefined],
  ['tcp.port ? 80', '?', 'Unexpected ?', undefined],
];

describe('an error in a filter', () => {
  it.each(table)('%s: marks the place, says what was expected, and offers a fix', (text, marked, message, fix) => {
    const error = errorOf(text);
    expect(text.slice(error.start, error.end)).toBe(marked);
    expect(error.message).toContain(message);
    expect(error.fix).toBe(fix);
    expect(error.end).toBeGreaterThan(error.start);
  });

  it.each(table.filter(([, , , fix]) => fix !== undefined))('%s: is gone, or further on, after the fix', (text, _marked, _message, fix) => {
    const error = errorOf(text);
    const fixed = text.slice(0, error.start) + fix + text.slice(error.end);
    const again = compileFilter(fixed);
    if (!again.ok) expect([again.error.start, again.error.message]).not.toEqual([error.start, error.message]);
  });
});

describe('bounds', () => {
  const long = (n: number, part: string, joint: string): string => new Array<string>(n).fill(part).join(joint);
  it.each([
    ['length', `tcp.port == ${'1'.repeat(MAX_TEXT)}`, 'too long'],
    ['parentheses', `${'('.repeat(MAX_DEPTH + 1)}tcp${')'.repeat(MAX_DEPTH + 1)}`, 'too deep'],
    ['braces', `tcp.port == ${'{'.repeat(MAX_DEPTH + 1)}1`, 'too deep'],
    ['negations', `${'!'.repeat(MAX_DEPTH + 1)}tcp`, 'too deep'],
    ['signs', `tcp.port == ${'- '.repeat(MAX_DEPTH + 1)}1`, 'too deep'],
    ['operators in a row', `tcp.port == ${long(MAX_DEPTH + 2, '1', '+')}`, 'too deep'],
    ['functions', `${'max('.repeat(MAX_DEPTH + 1)}tcp.port`, 'too deep'],
    ['members of a set', `tcp.port in {${long(MAX_SET + 1, '1', ',')}}`, 'too many members'],
    ['parts', long(3000, 'ip', '||'), 'too'],
  ])('on %s are errors, not crashes', (_name, text, message) => {
    const error = errorOf(text);
    expect(error.message).toContain(message);
    expect(error.end).toBeLessThanOrEqual(text.length);
  });

  it('are wide enough for long filters', () => {
    expect(compileFilter(long(1000, 'ip.ttl==1', '||').slice(0, 9997)).ok).toBe(true);
    expect(compileFilter(`${'('.repeat(MAX_DEPTH)}tcp${')'.repeat(MAX_DEPTH)}`).ok).toBe(true);
  });
});

describe('any text', () => {
  const words = [
    'tcp',
    'tcp.port',
    'ip.addr',
    'http.host',
    '==',
    '!=',
    '===',
    '>',
    'in',
    'matches',
    'contains',
    'and',
    '||',
    '!',
    'not',
    '(',
    ')',
    '{',
    '}',
    '[',
    ']',
    ',',
    '..',
    '#',
    '1',
    '0x',
    '10.0.0.1',
    '10.0.0.0/8',
    '::1',
    '"a',
    '"a"',
    "'",
    "'a'",
    'r"\\"',
    '$',
    reference('x'),
    '&',
    '+',
    '-',
    '*',
    '/',
    '%',
    'len',
    'max',
    'any',
    'all',
    '=',
    '~',
    ':',
    '.',
    '\\',
    '"(a*"',
    'é',
    '😀',
    '\ud800',
  ];
  const spanned = (text: string): void => {
    const result = checkFilter(text);
    if (result.ok) return;
    expect(result.error.start).toBeGreaterThanOrEqual(0);
    expect(result.error.end).toBeLessThanOrEqual(text.length);
    expect(result.error.start).toBeLessThanOrEqual(result.error.end);
    expect(result.error.message).not.toBe('');
  };
  it('is accepted or refused, never thrown at', () => {
    fc.assert(fc.property(fc.string({ unit: 'binary', maxLength: 60 }), spanned), { numRuns: 1000 });
  });
  it('of filter words in any order is accepted or refused', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...words), { maxLength: 12 }), fc.boolean(), (list, spaced) =>
        spanned(list.join(spaced ? ' ' : '')),
      ),
      {
        numRuns: 3000,
      },
    );
  });
});
