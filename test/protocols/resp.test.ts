import { describe, expect, it } from 'vitest';
import { fieldsOf } from './network-packets.ts';
import { overTcp, survivesCuts } from './talk.ts';

describe('RESP', () => {
  it('shows arrays of bulk strings, integers and errors', () => {
    const d = overTcp(6379, ['>', '*3\r\n$3\r\nSET\r\n:7\r\n$-1\r\n-ERR no\r\n+OK\r\n']).at(0);
    expect(
      fieldsOf(d, 'resp.array.length', 'resp.bulk_string.length', 'resp.bulk_string.value', 'resp.integer', 'resp.error', 'resp.string'),
    ).toEqual({
      'resp.array.length': '3',
      'resp.bulk_string.length': '3,-1',
      'resp.bulk_string.value': '534554',
      'resp.integer': '7',
      'resp.error': 'ERR no',
      'resp.string': 'OK',
    });
  });

  it('waits for a string that spans segments, and shows what follows it on its own', () => {
    const t = overTcp(6379, ['<', '$10\r\n01234'], ['<', '56789\r\n+OK\r\n']);
    // A layer shows in every segment, as in tshark; what is in it, where the message ends.
    expect(t.stacks).toEqual(['resp', 'resp:resp']);
    expect([0, 1].map((n) => fieldsOf(t.at(n), 'resp.bulk_string.length', 'resp.string'))).toEqual([
      { 'resp.bulk_string.length': '', 'resp.string': '' },
      { 'resp.bulk_string.length': '10', 'resp.string': 'OK' },
    ]);
  });

  it('waits for an array that spans segments', () => {
    const t = overTcp(6379, ['>', '*2\r\n$4\r\nPI'], ['>', 'NG\r\n$1\r\nx\r\n']);
    expect(fieldsOf(t.at(1), 'resp.bulk_string.value')).toEqual({ 'resp.bulk_string.value': '50494e47,78' });
  });

  it('waits for an array that comes a byte at a time, and finds the message behind it', () => {
    const text = '*3\r\n$2\r\n\r\n\r\n*1\r\n:5\r\n$1\r\ny\r\n';
    const t = overTcp(6379, ...[...text].map((one): ['>', string] => ['>', one]), ['>', '+OK\r\n']);
    expect(t.stacks).toEqual(Array(text.length + 1).fill('resp'));
    expect(fieldsOf(t.at(text.length - 2), 'resp.array.length')).toEqual({ 'resp.array.length': '' });
    expect(fieldsOf(t.at(text.length - 1), 'resp.array.length', 'resp.bulk_string.value', 'resp.integer')).toEqual({
      'resp.array.length': '3,1',
      'resp.bulk_string.value': '0d0a,79',
      'resp.integer': '5',
    });
  });

  it('stands cuts, nesting without end and lengths that cannot be', () => {
    survivesCuts(6379, [['>', '*2\r\n*1\r\n:99999999999999999999\r\n$999999999999\r\nx\r\n%1\r\n']]);
    const deep = overTcp(6379, ['>', '*1\r\n'.repeat(300)], ['>', ':1\r\n']);
    expect(deep.stacks.at(-1)).toBe('resp');
  });
});
