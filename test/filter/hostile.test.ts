/** Filters written to take long: refused, or no more work than their length allows. */
import { expect, it } from 'vitest';
import { completionFacts, Facets } from '../../src/engine/facets.ts';
import { checkFilter, compileFilter, complete } from '../../src/filter/index.ts';
import { dissectPacket } from '../../src/protocols/dissect-packet.ts';
import { indexed } from '../fuzz/memory-capture.ts';
import { eth, ip4, udp } from '../fuzz/packets.ts';
import { workMs } from '../work.ts';

const MEGABYTE = 1 << 20;
const facts = completionFacts(new Facets(indexed({ name: 'empty', linkType: 1, frames: [] }).capture));
/** Milliseconds of work that a filter may take to be refused or compiled: what grows with the square of a megabyte takes hours. */
const MOST = 1500;

it.each([
  ['parentheses', '('.repeat(MEGABYTE)],
  ['balanced parentheses', `${'('.repeat(MEGABYTE / 2)}tcp${')'.repeat(MEGABYTE / 2)}`],
  ['negations', '!'.repeat(MEGABYTE)],
  ['words of negation', 'not '.repeat(MEGABYTE / 4)],
  ['alternatives', 'tcp||'.repeat(MEGABYTE / 5)],
  ['a set', `tcp.port in {${'1,'.repeat(MEGABYTE / 2)}1}`],
  ['a set of ranges', `tcp.port in {${'1..2 '.repeat(MEGABYTE / 5)}}`],
  ['brackets', `tcp${'[0]'.repeat(MEGABYTE / 3)}`],
  ['a slice of many ranges', `tcp[${'0:1,'.repeat(MEGABYTE / 4)}1] == 1`],
  ['functions', 'len('.repeat(MEGABYTE / 4)],
  ['a string', `http.host == "${'\\x41'.repeat(MEGABYTE / 4)}"`],
  ['a string without end', `http.host == "${'a'.repeat(MEGABYTE)}`],
  ['bytes', `eth.src == ${'00:'.repeat(MEGABYTE / 3)}00`],
  ['a number', `tcp.port == ${'9'.repeat(MEGABYTE)}`],
  ['a name', 'a.'.repeat(MEGABYTE / 2)],
  ['signs', `tcp.port == ${'-'.repeat(MEGABYTE)}1`],
  ['sums', `tcp.port == ${'1+'.repeat(MEGABYTE / 2)}1`],
  ['blanks', ' '.repeat(MEGABYTE)],
  ['characters of two units', '😀'.repeat(MEGABYTE / 2)],
])('a megabyte of %s is refused soon', (_, text) => {
  let ok: boolean | null = null;
  expect(
    workMs(() => {
      ok = compileFilter(text).ok;
      checkFilter(text);
      complete(text, text.length, facts);
    }),
  ).toBeLessThan(MOST);
  expect(ok).toBe(false);
});

it.each([
  '(a+)+$',
  '(a|a)*$',
  '(a|aa)+$',
  '(.*)*x',
  '(.*.*.*.*.*)=x',
  '^(([a-z])+.)+[A-Z]([a-z])+$',
  'a{1,900}a{1,900}$',
  '((a{0,30}){0,30})x',
  '(((((a*)*)*)*)*)*b',
  '[^b]*[^c]*[^d]*[^e]*x',
  '\\b(a+)+\\b!',
])('the expression %s goes through a payload once, or is refused', (expression) => {
  const compiled = compileFilter(`udp contains "a" && frame matches "${expression.replaceAll('\\', '\\\\')}"`);
  if (!compiled.ok) {
    expect(compiled.error.message).not.toBe('');
    return;
  }
  const took = [1, 4].map((size) => {
    const bytes = eth(0x800, ip4(17, udp(1, 2, 'a'.repeat(15_000 * size))));
    const { capture } = indexed({ name: 'a', linkType: 1, frames: [{ bytes, wireLength: bytes.length, sec: 1, nsec: 0 }] });
    const d = dissectPacket(capture, 0, false);
    return Math.min(...[1, 2, 3].map(() => workMs(() => compiled.filter.matches(d))));
  }) as [number, number];
  // Four times the bytes: four times the work, where a backtracking engine would never come back.
  expect(took[1]).toBeLessThan(10 * took[0] + 200);
});
