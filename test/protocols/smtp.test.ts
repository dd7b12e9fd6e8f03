import { describe, expect, it } from 'vitest';
import { fieldsOf } from './network-packets.ts';
import { overTcp, type Said, survivesCuts } from './talk.ts';

const open: readonly Said[] = [
  ['<', '220 mail.example ESMTP\r\n'],
  ['>', 'EHLO me\r\n'],
  ['<', '250-mail.example\r\n250-SIZE 1000\r\n250 HELP\r\n'],
];
const mail = 'From: A <a@example.com>\r\nTo: b@example.com, C <c@example.com>\r\nSubject: Hi\r\nX-Other: 1\r\n\r\nBody\r\n';

describe('SMTP', () => {
  it('shows commands with their parameters', () => {
    const d = overTcp(25, ...open).at(1);
    expect(fieldsOf(d, 'smtp.req.command', 'smtp.req.parameter', 'smtp.command_line')).toEqual({
      'smtp.req.command': 'EHLO',
      'smtp.req.parameter': 'me',
      'smtp.command_line': 'EHLO me\r\n',
    });
    expect(d.columns.info).toBe('C: EHLO me');
  });

  it('shows a reply of several lines as one', () => {
    const d = overTcp(25, ...open).at(2);
    expect(fieldsOf(d, 'smtp.response.code', 'smtp.rsp.parameter')).toEqual({
      'smtp.response.code': '250',
      'smtp.rsp.parameter': 'mail.example,SIZE 1000,HELP',
    });
    expect(d.columns.info).toBe('S: 250-mail.example | SIZE 1000 | HELP');
  });

  it('puts the data of several segments together where they end', () => {
    const t = overTcp(
      25,
      ...open,
      ['>', 'DATA\r\n'],
      ['<', '354 go on\r\n'],
      ['>', mail.slice(0, 50)],
      ['>', mail.slice(50)],
      ['>', '.\r\n'],
      ['>', 'QUIT\r\n'],
    );
    expect(t.stacks.slice(3)).toEqual(['smtp', 'smtp', 'smtp:data-text-lines', 'smtp:data-text-lines', 'smtp:imf', 'smtp']);
    expect(fieldsOf(t.at(7), 'smtp.data.fragment', 'smtp.data.reassembled.length', 'imf.subject', 'imf.extension.type')).toEqual({
      'smtp.data.fragment': '9,10',
      'smtp.data.reassembled.length': String(mail.length),
      'imf.subject': 'Hi',
      'imf.extension.type': 'X-Other',
    });
    expect(fieldsOf(t.at(8), 'smtp.req.command')).toEqual({ 'smtp.req.command': 'QUIT' });
  });

  it('ends BDAT data after the octets announced', () => {
    const t = overTcp(25, ...open, ['>', `BDAT ${mail.length} LAST\r\n`], ['>', mail], ['>', 'QUIT\r\n']);
    expect(t.stacks.slice(3)).toEqual(['smtp', 'smtp:imf', 'smtp']);
  });

  it('tells commands from the chunk that follows them in one segment', () => {
    const before = 'MAIL FROM:<a@x>\r\nRCPT TO:<b@x>\r\n';
    const t = overTcp(25, ...open, ['>', `${before}BDAT ${mail.length} LAST\r\n${mail}QUIT\r\n`], ['>', 'NOOP\r\n']);
    expect(t.stacks.slice(3)).toEqual(['smtp:imf', 'smtp']);
    expect(fieldsOf(t.at(3), 'smtp.req.command', 'smtp.data.reassembled.length', 'imf.subject', 'imf.extension.type')).toEqual({
      'smtp.req.command': 'MAIL,RCPT,BDAT,QUIT',
      'smtp.data.reassembled.length': String(mail.length),
      'imf.subject': 'Hi',
      'imf.extension.type': 'X-Other',
    });
  });

  it('puts chunks together whose commands stand between them', () => {
    const half = `BDAT 50\r\n${mail.slice(0, 50)}BDAT ${mail.length - 50} LAST\r\n${mail.slice(50, 70)}`;
    const t = overTcp(25, ...open, ['>', half], ['>', mail.slice(70)]);
    expect(t.stacks.slice(3)).toEqual(['smtp:data-text-lines', 'smtp:imf']);
    const rest = `BDAT ${mail.length - 50} LAST | DATA fragment, 20 bytes`;
    expect(t.at(3).columns.info).toBe(`C: BDAT 50 | DATA fragment, 50 bytes | ${rest}`);
    expect(fieldsOf(t.at(4), 'smtp.data.reassembled.length', 'imf.subject')).toEqual({
      'smtp.data.reassembled.length': String(mail.length),
      'imf.subject': 'Hi',
    });
    survivesCuts(25, [...open, ['>', half], ['>', mail.slice(70)]]);
  });

  // RFC 2920, section 3.2: the client of its example sends both at once.
  it('shows the command behind the dot that ends a message', () => {
    const t = overTcp(25, ...open, ['>', 'DATA\r\n'], ['<', '354 go on\r\n'], ['>', `${mail}.\r\nQUIT\r\n`]);
    expect(t.stacks[5]).toBe('smtp:imf');
    expect(fieldsOf(t.at(5), 'smtp.req.command', 'smtp.data.reassembled.length', 'imf.message_text')).toEqual({
      'smtp.req.command': 'QUIT',
      'smtp.data.reassembled.length': String(mail.length),
      'imf.message_text': '1',
    });
  });

  it('names what AUTH LOGIN asks for', () => {
    const t = overTcp(
      25,
      ...open,
      ['>', 'AUTH LOGIN\r\n'],
      ['<', '334 VXNlcm5hbWU6\r\n'],
      ['>', 'dXNlcg==\r\n'],
      ['<', '334 UGFzc3dvcmQ6\r\n'],
      ['>', 'cGFzcw==\r\n'],
      ['<', '235 ok\r\n'],
    );
    expect(fieldsOf(t.at(5), 'smtp.auth.username', 'smtp.req.command')).toEqual({
      'smtp.auth.username': 'dXNlcg==',
      'smtp.req.command': '',
    });
    expect(fieldsOf(t.at(7), 'smtp.auth.password')).toEqual({ 'smtp.auth.password': 'cGFzcw==' });
  });

  it('waits for the end of a line', () => {
    const t = overTcp(25, ['>', 'EHLO ex'], ['>', 'ample\r\n']);
    expect(t.stacks).toEqual(['', 'smtp']);
    expect(fieldsOf(t.at(1), 'smtp.req.parameter')).toEqual({ 'smtp.req.parameter': 'example' });
  });

  it('stands being cut anywhere', () => {
    survivesCuts(25, [...open, ['>', 'DATA\r\n'], ['>', mail], ['>', '\r\n.\r\n']]);
    survivesCuts(25, [...open, ['>', 'DATA\r\n'], ['>', `${mail}.\r\n`]]);
  });
});
