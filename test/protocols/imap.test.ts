import { describe, expect, it } from 'vitest';
import { fieldsOf } from './network-packets.ts';
import { overTcp, survivesCuts } from './talk.ts';

const mail = 'From: a@example.com\r\nSubject: Hi\r\n\r\nBody\r\n';
const fetched = `* 1 FETCH (UID 7 BODY[] {${mail.length}}\r\n${mail})\r\na2 OK FETCH done\r\n`;

describe('IMAP', () => {
  it('pairs a tagged response with its request', () => {
    const t = overTcp(143, ['<', '* OK ready\r\n'], ['>', 'a1 LOGIN "me" secret\r\n'], ['<', '* CAPABILITY X\r\na1 OK LOGIN done\r\n']);
    expect(
      fieldsOf(t.at(1), 'imap.request_tag', 'imap.request.command', 'imap.request.username', 'imap.request.password', 'imap.response_in'),
    ).toEqual({
      'imap.request_tag': 'a1',
      'imap.request.command': 'LOGIN',
      'imap.request.username': 'me',
      'imap.request.password': 'secret',
      'imap.response_in': '6',
    });
    expect(fieldsOf(t.at(2), 'imap.response_tag', 'imap.response.status', 'imap.response_to', 'imap.time')).toEqual({
      'imap.response_tag': 'a1',
      'imap.response.status': 'OK',
      'imap.response_to': '5',
      'imap.time': '1.000000000',
    });
  });

  it('shows a fetched message that spans segments', () => {
    const t = overTcp(143, ['>', 'a2 UID FETCH 7 BODY[]\r\n'], ['<', fetched.slice(0, 60)], ['<', fetched.slice(60)]);
    expect(t.stacks).toEqual(['imap', 'imap', 'imap:imf']);
    expect(fieldsOf(t.at(2), 'imf.subject', 'imap.response.command')).toEqual({ 'imf.subject': 'Hi', 'imap.response.command': 'FETCH' });
    expect(fieldsOf(t.at(0), 'imap.request.command.uid', 'imap.request.command')).toEqual({
      'imap.request.command.uid': '1',
      'imap.request.command': 'FETCH',
    });
  });

  it('stands being cut anywhere', () => {
    survivesCuts(143, [
      ['>', 'a2 FETCH 7 BODY[]\r\n'],
      ['<', fetched],
    ]);
    survivesCuts(143, [['<', '* 1 FETCH (BODY[] {999999999}\r\nx']]);
  });
});
