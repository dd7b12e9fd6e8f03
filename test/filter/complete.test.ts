import { describe, expect, it } from 'vitest';
import { type CompletionFacts, complete } from '../../src/filter/index.ts';
import './support.ts';

const counts: Readonly<Record<string, number>> = { 'tcp.port': 90, 'tcp.len': 40, tcp: 90, 'tcp.flags': 0, 'http.host': 3 };
const facts: CompletionFacts = {
  countOf: (abbrev) => counts[abbrev] ?? null,
  valuesOf: (abbrev) =>
    abbrev === 'http.host'
      ? [
          { text: '"a.example"', count: 2 },
          { text: '"b.example"', count: 1 },
        ]
      : [],
};
/** Completions at the `|` of a text. */
const at = (marked: string): ReturnType<typeof complete> => {
  const caret = marked.indexOf('|');
  return complete(marked.slice(0, caret) + marked.slice(caret + 1), caret, facts);
};
const inserts = (marked: string): string[] => at(marked).map((one) => one.insert);

describe('completion', () => {
  it('offers fields of this capture first, then unknown ones, those that do not occur last', () => {
    const found = inserts('tcp.|');
    expect(found.slice(0, 2)).toEqual(['tcp.port', 'tcp.len']);
    expect(found[found.length - 1]).toBe('tcp.flags');
    expect(found).toContain('tcp.stream');
  });
  it('replaces the whole word under the caret', () => {
    const [first] = at('ip && tcp.p|ort == 80');
    expect(first).toMatchObject({ insert: 'tcp.port', start: 6, end: 14, kind: 'field', count: 90 });
  });
  it('offers operators that the type allows after a field', () => {
    expect(inserts('http.host |')).toContain('matches');
    expect(inserts('tcp.port |')).not.toContain('contains');
    expect(inserts('tcp.flags.syn |')).toEqual(['==', '!=']);
    expect(inserts('tcp.port >|')).toEqual(['>', '>=']);
  });
  it('offers values with their counts after an operator, and inside quotes', () => {
    expect(at('http.host == |').map((one) => [one.insert, one.count])).toEqual([
      ['"a.example"', 2],
      ['"b.example"', 1],
    ]);
    expect(at('http.host == "b|')).toMatchObject([{ insert: '"b.example"', start: 13, end: 15 }]);
    expect(inserts('ip.proto == |')).toEqual(['6', '17']);
    expect(inserts('ip.proto in {6, |')).toEqual(['6', '17']);
    expect(inserts('tcp.flags.syn == |')).toEqual(['True', 'False']);
  });
  it('offers functions by name, and and, or after a value', () => {
    expect(inserts('le|')).toContain('len(');
    expect(inserts('tcp.port == 80 |')).toEqual(['&&', '||']);
  });
  it('is bounded and never throws, whatever the caret', () => {
    for (const text of ['', 'tcp', '"', 'a == "\\', '((([', '{'.repeat(3000)]) {
      for (const caret of [-1, 0, 1, text.length, text.length + 5, Number.NaN])
        expect(complete(text, caret, facts).length).toBeLessThanOrEqual(60);
    }
  });
});
