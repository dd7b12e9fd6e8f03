import { describe, expect, it } from 'vitest';
import { fieldsOf } from './network-packets.ts';
import { overTcp, survivesCuts } from './talk.ts';

const mail = 'From: a@example.com\r\nSubject: Hi\r\n\r\nBody\r\n.\r\n';

describe('POP3', () => {
  it('shows a command and the response to it', () => {
    const t = overTcp(
      110,
      ['<', '+OK ready\r\n'],
      ['>', 'LIST\r\n'],
      ['<', '+OK two\r\n1 100\r\n.\r\n'],
      ['>', 'NOPE x\r\n'],
      ['<', '-ERR no\r\n'],
    );
    expect(t.stacks).toEqual(['pop', 'pop', 'pop', 'pop', 'pop']);
    expect(fieldsOf(t.at(3), 'pop.request.command', 'pop.request.parameter')).toEqual({
      'pop.request.command': 'NOPE',
      'pop.request.parameter': 'x',
    });
    expect(fieldsOf(t.at(4), 'pop.response.indicator', 'pop.response.description')).toEqual({
      'pop.response.indicator': '-ERR',
      'pop.response.description': 'no',
    });
    expect(fieldsOf(t.at(2), 'pop.response.data')).toEqual({ 'pop.response.data': ',' });
  });

  it('puts a message of known length together', () => {
    const t = overTcp(110, ['>', 'RETR 1\r\n'], ['<', `+OK ${mail.length} octets\r\n`], ['<', mail.slice(0, 20)], ['<', mail.slice(20)]);
    expect(t.stacks).toEqual(['pop', 'pop', 'pop', 'pop:imf']);
    expect(fieldsOf(t.at(3), 'pop.data.fragment', 'pop.data.reassembled.length', 'imf.subject')).toEqual({
      'pop.data.fragment': '6,7',
      'pop.data.reassembled.length': String(mail.length),
      'imf.subject': 'Hi',
    });
  });

  it('stands being cut anywhere', () => {
    survivesCuts(110, [
      ['>', 'RETR 1\r\n'],
      ['<', '+OK 99999999999999\r\n'],
      ['<', mail],
    ]);
  });
});
