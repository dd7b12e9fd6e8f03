/** SMTP (RFC 5321), POP3 (RFC 1939) and IMAP (RFC 9051): command and reply lines. */
import { string, uint32 } from '../dissect/field.ts';
import type { Protocol } from '../dissect/protocol.ts';
import { app, firstLine, nextLine } from './app-kit.ts';
import { looksLikeTls } from './tls.ts';

const smtpFields = {
  command: string('smtp.req.command', 'Command'),
  parameter: string('smtp.req.parameter', 'Request parameter'),
  code: uint32('smtp.response.code', 'Response code'),
  response: string('smtp.rsp.parameter', 'Response parameter'),
};
const popFields = {
  command: string('pop.request.command', 'Request command'),
  parameter: string('pop.request.parameter', 'Request parameter'),
  indicator: string('pop.response.indicator', 'Response indicator'),
  description: string('pop.response.description', 'Response description'),
};
const imapFields = {
  line: string('imap.line', 'Line'),
  tag: string('imap.request_tag', 'Request Tag'),
  command: string('imap.request.command', 'Request Command'),
};

/** After STARTTLS the connection is TLS (RFC 3207, RFC 2595, RFC 4217). */
function clear(bytes: Uint8Array, offset: number, end: number): boolean {
  return !looksLikeTls(bytes, offset, end);
}

/** Splits at the first blank. */
function words(line: string): [string, string] {
  const blank = line.indexOf(' ');
  return blank < 0 ? [line, ''] : [line.slice(0, blank), line.slice(blank + 1)];
}

export const smtp: Protocol = app({
  name: 'smtp',
  short: 'SMTP',
  accepts: clear,
  title: 'Simple Mail Transfer Protocol',
  fields: Object.values(smtpFields),
  read(layer, b, d) {
    const fromClient = d.transport?.fromClient ?? true;
    const info: string[] = [];
    for (let at = b.offset, n = 0; at < b.end && n < 200; n++) {
      const next = nextLine(b, at);
      const line = firstLine(b, at, 1000);
      const node = layer.text(at, next - at, line);
      if (fromClient && /^[A-Za-z-]{4,10}( |$)/.test(line)) {
        const [command, rest] = words(line);
        node.add(smtpFields.command, at, command.length, command);
        if (rest !== '') node.add(smtpFields.parameter, at + command.length + 1, rest.length, rest);
      } else if (!fromClient && /^[0-9]{3}/.test(line)) {
        node.add(smtpFields.code, at, 3, Number(line.slice(0, 3)));
        if (line.length > 4) node.add(smtpFields.response, at + 4, line.length - 4, line.slice(4));
      }
      if (info.length < 10) info.push(fromClient ? line : line.replace(/^([0-9]{3})[ -]/, '$1 '));
      at = next;
    }
    return `${fromClient ? 'C' : 'S'}: ${info.join(' | ')}`;
  },
});

export const pop: Protocol = app({
  name: 'pop',
  short: 'POP',
  accepts: clear,
  title: 'Post Office Protocol',
  fields: Object.values(popFields),
  read(layer, b, d) {
    const fromClient = d.transport?.fromClient ?? true;
    const at = b.offset;
    const line = firstLine(b, at, 1000);
    const [first, rest] = words(line);
    if (fromClient) {
      layer.add(popFields.command, at, first.length, first);
      if (rest !== '') layer.add(popFields.parameter, at + first.length + 1, rest.length, rest);
    } else if (first === '+OK' || first === '-ERR') {
      layer.add(popFields.indicator, at, first.length, first);
      if (rest !== '') layer.add(popFields.description, at + first.length + 1, rest.length, rest);
    }
    return `${fromClient ? 'C' : 'S'}: ${line}`;
  },
});

export const imap: Protocol = app({
  name: 'imap',
  short: 'IMAP',
  accepts: clear,
  title: 'Internet Message Access Protocol',
  fields: Object.values(imapFields),
  read(layer, b, d) {
    const fromClient = d.transport?.fromClient ?? true;
    const line = firstLine(b, b.offset, 1000);
    const node = layer.add(imapFields.line, b.offset, line.length, line);
    const [tag, rest] = words(line);
    if (fromClient && rest !== '') {
      node.add(imapFields.tag, b.offset, tag.length, tag);
      const [command] = words(rest);
      node.add(imapFields.command, b.offset + tag.length + 1, command.length, command);
    }
    return `${fromClient ? 'Request' : 'Response'}: ${line}`;
  },
});
