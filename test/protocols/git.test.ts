import { describe, expect, it } from 'vitest';
import { fieldsOf } from './network-packets.ts';
import { overTcp, survivesCuts } from './talk.ts';

describe("Git's protocol", () => {
  it('cuts pkt-lines and knows the special ones', () => {
    const t = overTcp(9418, ['>', '0009done\n0000'], ['<', '0008\x02ab0'], ['<', '000ai-am-b']);
    expect(t.stacks).toEqual(['git', 'git', 'git']);
    expect(fieldsOf(t.at(0), 'git.length', 'git.data', 'git.packet_type')).toEqual({
      'git.length': '0x0009',
      'git.data': '646f6e650a',
      'git.packet_type': '0',
    });
    expect(fieldsOf(t.at(1), 'git.sideband_control_code', 'git.data')).toEqual({
      'git.sideband_control_code': '0x02',
      'git.data': '616230',
    });
    expect(fieldsOf(t.at(2), 'git.length')).toEqual({ 'git.length': '0x000a' });
  });

  it('stands being cut anywhere, and what is no pkt-line', () => {
    survivesCuts(9418, [['>', '0009done\n00000008\x02ab0zzz']]);
    survivesCuts(9418, [['>', 'no digits']]);
  });
});
