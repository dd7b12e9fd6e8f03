import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { tokens } from '../../../renderer/filter-bar/tokens.ts';

const kinds = (text: string): string[] =>
  tokens(text)
    .filter((token) => token.kind !== 'space')
    .map((token) => `${token.kind}:${token.text}`);

describe('colouring a filter', () => {
  it('tells fields, operators and values apart', () => {
    expect(kinds('tcp.port == 8080 && http.host contains "x y"')).toEqual([
      'field:tcp.port',
      'operator:==',
      'value:8080',
      'operator:&&',
      'field:http.host',
      'operator:contains',
      'value:"x y"',
    ]);
  });

  it('takes what follows a comparison as a value though it looks like a name', () => {
    expect(kinds('eth.src eq aa:bb:cc:00:11:22')).toEqual(['field:eth.src', 'operator:eq', 'value:aa:bb:cc:00:11:22']);
  });

  it('loses nothing and adds nothing, whatever is typed', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 60, unit: 'binary' }), (text) => {
        const all = tokens(text);
        expect(all.map((token) => token.text).join('')).toBe(text);
        let at = 0;
        for (const token of all) {
          expect(token.start).toBe(at);
          expect(token.text.length).toBeGreaterThan(0);
          at += token.text.length;
        }
      }),
    );
  });

  it('ends an unfinished string at the end of the text', () => {
    expect(kinds('http.host == "abc')).toEqual(['field:http.host', 'operator:==', 'value:"abc']);
  });
});
