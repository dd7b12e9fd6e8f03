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
