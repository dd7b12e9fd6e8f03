import { describe, expect, it } from 'vitest';
import { fieldsOf } from './network-packets.ts';
import { overTcp, survivesCuts } from './talk.ts';

describe('rsync', () => {
  it('follows greeting, query and data', () => {
    const t = overTcp(873, ['<', '@RSYNCD: 30.0\n'], ['>', '@RSYNCD: 31.0\n'], ['>', 'flag\n'], ['<', '\x01\x02'], ['>', '--server\0x']);
    expect(fieldsOf(t.at(0), 'rsync.hdr_magic', 'rsync.hdr_version')).toEqual({
      'rsync.hdr_magic': '@RSYNCD:',
      'rsync.hdr_version': '30.0\n',
    });
    expect(fieldsOf(t.at(2), 'rsync.query')).toEqual({ 'rsync.query': 'flag\n' });
    expect(fieldsOf(t.at(3), 'rsync.data')).toEqual({ 'rsync.data': '0102' });
    expect(fieldsOf(t.at(4), 'rsync.command')).toEqual({ 'rsync.command': '--server' });
  });

  it('shows the modules asked for with #list', () => {
    const t = overTcp(873, ['>', '@RSYNCD: 31.0\n'], ['>', '#list\n'], ['<', '@RSYNCD: 30.0\n'], ['<', 'pub\tPublic\n']);
    expect(t.stacks).toEqual(['rsync', 'rsync', 'rsync', 'rsync']);
  });

  it('stands being cut anywhere', () => survivesCuts(873, [['<', '@RSYNCD: 30.0\n']]));
});
