import { describe, expect, it } from 'vitest';
import { fieldsOf } from './network-packets.ts';
import { overTcp, survivesCuts } from './talk.ts';

describe('IRC', () => {
  const t = overTcp(6667, ['>', 'NICK me\r\nPRIVMSG #a b :hi there\r\n'], ['<', ':srv 001 me :Welcome\r\n'], ['>', ' \r\n']);

  it('takes messages apart', () => {
    expect(fieldsOf(t.at(0), 'irc.request.command', 'irc.request.command_parameter', 'irc.request.trailer')).toEqual({
      'irc.request.command': 'NICK,PRIVMSG',
      'irc.request.command_parameter': 'me,#a,b',
      'irc.request.trailer': 'hi there',
    });
    expect(t.at(0).columns.info).toBe('Request (NICK) (PRIVMSG)');
    expect(fieldsOf(t.at(1), 'irc.response.prefix', 'irc.response.num_command', 'irc.response.trailer')).toEqual({
      'irc.response.prefix': 'srv',
      'irc.response.num_command': '1',
      'irc.response.trailer': 'Welcome',
    });
  });

  it('notes a message without a command', () => {
    expect(fieldsOf(t.at(2), 'irc.request.command.missing')).toEqual({ 'irc.request.command.missing': '1' });
  });

  it('stands being cut anywhere', () => survivesCuts(6667, [['<', ':srv 001 me :Welcome\r\n']]));
});
