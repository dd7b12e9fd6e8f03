/** Everything that can be wrong with a filter is said in Korean too: the sentences are taken from where they are made. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { afterEach, expect, it } from 'vitest';
import { errorWords } from '../../../renderer/filter-bar/error-words.ts';
import { speak } from '../../../renderer/language.ts';
import { compileFilter } from '../../../src/filter/index.ts';
import '../../../src/protocols/index.ts';

afterEach(() => speak('en'));

/** Sentences in the calls that say what is wrong, with `#` for what is put into them. */
function sentences(): string[] {
  const found: string[] = [];
  for (const name of ['lex', 'parse', 'check', 'literal', 'regex-parse']) {
    const source = readFileSync(path.join(import.meta.dirname, `../../../src/filter/${name}.ts`), 'utf8');
    for (const call of source.matchAll(/\b(?:fault|FilterFault|RegexFault)\(/g)) {
      let depth = 1;
      let end = call.index + call[0].length;
      for (; depth > 0 && end < source.length; end++) depth += source[end] === '(' ? 1 : source[end] === ')' ? -1 : 0;
      const text = source.slice(call.index, Math.max(end, source.indexOf(';\n', call.index)));
      // Templates may hold templates: only those of sentences are wanted.
      for (const [, template, quoted] of text.matchAll(/`((?:\$\{(?:[^{}]|\{[^{}]*\})*\}|[^`\\]|\\.)*)`|'((?:[^'\\\n]|\\.)*)'/g)) {
        const raw = template?.replace(/\$\{(?:[^{}]|\{[^{}]*\})*\}/g, '#') ?? quoted ?? '';
        const sentence = raw.replace(/\\(.)/g, '$1');
        if (/[a-z]{2,} [a-z]{2,}/.test(sentence) && /[.(}\]…)]$| in$|: .*#$|1024$/.test(sentence)) found.push(sentence);
      }
    }
  }
  return [...new Set(found)];
}

it('has Korean for every sentence', () => {
  const all = sentences();
  expect(all.length).toBeGreaterThan(80);
  speak('ko');
  expect(all.filter((each) => !/[가-힣]/.test(errorWords(each)))).toEqual([]);
});

it('keeps what was typed, and where the English stands as it came', () => {
  const message = (text: string): string => {
    const compiled = compileFilter(text);
    if (compiled.ok) throw new Error(`${text} is valid`);
    return compiled.error.message;
  };
  expect(errorWords(message('tcp.port => 80'))).toMatch(/^Unexpected/);
  speak('ko');
  expect(errorWords(message('tcp.port => 80'))).toBe(
    '=>는 쓸 수 없습니다. 필드 다음에는 비교 연산자가 와야 합니다: == != > < >= <= contains matches in',
  );
  expect(errorWords(message('tcp.prot == 80'))).toBe('tcp.prot: 알려진 필드도 프로토콜도 아닙니다.');
  expect(errorWords(message('tcp.port == 70000'))).toBe('70000는 tcp.port에 너무 큽니다. 최대 65535입니다.');
  expect(errorWords(message('ip.addr == abc'))).toContain('192.168.1.1');
  expect(errorWords(message('http.host matches "a(b"'))).toBe('정규식: 이 (를 닫는 )가 없습니다.');
  expect(errorWords(message('tcp.port in {}'))).toContain('집합이 비어 있습니다');
  expect(errorWords('Something new.')).toBe('Something new.');
});
