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

  it('shows messages of parts of the header, and cuts between lines where segments do not', () => {
    const header = 'Subject: Hi\r\n\r\n';
    const one = `* 1 FETCH (FLAGS () BODY[HEADER.FIELDS (SUBJECT)] {${header.length}}\r\n${header})\r\n`;
    const two = one.replace('1', '2');
    const t = overTcp(
      143,
      ['>', 'a2 FETCH 1:2 BODY[]\r\n'],
      ['<', one + two.slice(0, 9)],
      ['<', two.slice(9)],
      ['<', '* no end'],
      ['<', ' yet\r\n'],
    );
    expect(t.stacks).toEqual(['imap', 'imap:imf', 'imap:imf', '', 'imap']);
    expect(fieldsOf(t.at(4), 'imap.line')).toEqual({ 'imap.line': '* no end yet\r\n' });
  });

  it('is named in each segment of a long message, and waits for what is behind it', () => {
    const long = `Subject: Hi\r\n\r\n${'x'.repeat(100_000)}`;
    const reply = `* 1 FETCH (BODY[] {${long.length}}\r\n${long}`;
    const t = overTcp(
      143,
      ['>', 'a2 FETCH 1 BODY[]\r\n'],
      ['<', reply.slice(0, 40_000)],
      ['<', reply.slice(40_000, 80_000)],
      ['<', reply.slice(80_000)],
      ['<', ')\r\n'],
    );
    expect(t.stacks).toEqual(['imap', 'imap', 'imap', 'imap', 'imap:imf']);
    expect(fieldsOf(t.at(4), 'imf.subject')).toEqual({ 'imf.subject': 'Hi' });
  });

  it('stands being cut anywhere', () => {
    survivesCuts(143, [
      ['>', 'a2 FETCH 7 BODY[]\r\n'],
      ['<', fetched],
    ]);
    survivesCuts(143, [['<', '* 1 FETCH (BODY[] {999999999}\r\nx']]);
  });
});
