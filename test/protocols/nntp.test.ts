import { describe, expect, it } from 'vitest';
import { fieldsOf } from './network-packets.ts';
import { overTcp, survivesCuts } from './talk.ts';

describe('NNTP', () => {
  it('says who speaks, and joins a line that spans segments', () => {
    const t = overTcp(119, ['<', '200 ready\r\n'], ['>', 'GROUP a'], ['>', '.b\r\n']);
    expect(t.stacks).toEqual(['nntp', '', 'nntp']);
    expect(t.at(2).columns.info).toBe('Request: GROUP a.b');
    expect(fieldsOf(t.at(0), 'nntp.response', 'nntp.request')).toEqual({ 'nntp.response': '1', 'nntp.request': '' });
  });

  it('stands being cut anywhere', () => survivesCuts(119, [['<', '211 1 2 3 x\r\n.\r\n']]));
});
