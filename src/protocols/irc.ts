/** IRC (RFC 2812): messages, one a line: a prefix, a command or a number, parameters, and a trailing one that may hold blanks. */
import type { Buf, Node } from '../dissect/dissection.ts';
import { expert, type FieldDef, string, uint16 } from '../dissect/field.ts';
import { app } from './app-kit.ts';
import { lineAt, lineText, wordAt } from './text-lines.ts';

interface Side {
  readonly line: FieldDef;
  readonly prefix: FieldDef;
  readonly command: FieldDef;
  readonly parameter: FieldDef;
  readonly trailer: FieldDef;
}
const side = (name: 'request' | 'response', label: string): Side => ({
  line: string(`irc.${name}`, label),
  prefix: string(`irc.${name}.prefix`, 'Prefix'),
  command: string(`irc.${name}.command`, 'Command'),
  parameter: string(`irc.${name}.command_parameter`, 'Parameter'),
  trailer: string(`irc.${name}.trailer`, 'Trailer'),
});
const request = side('request', 'Request');
const response = side('response', 'Response');
const numericRequest = expert('irc.request.command.numeric', 'warn', 'Numeric command not allowed in request');
const noRequest = expert('irc.request.command.missing', 'warn', 'Request has no command', 'malformed');
const noResponse = expert('irc.response.command.missing', 'warn', 'Response has no command', 'malformed');
const numeric = uint16('irc.response.num_command', 'Command');

const MAX_MESSAGES = 10_000;

/** The message at b[at, stop). */
function message(node: Node, b: Buf, f: Side, at: number, stop: number): void {
  let from = at;
  while (from < stop && b.u8(from) === 32) from++;
  if (b.u8(from) === 0x3a) {
    const prefix = wordAt(b, from, stop);
    node.string(f.prefix, from + 1, prefix.stop - from - 1);
    from = prefix.next;
  }
  const command = wordAt(b, from, stop);
  if (command.stop === from) {
    node.expert(f === request ? noRequest : noResponse, at, stop - at);
    return;
  }
  const text = b.text(from, command.stop - from);
  node.string(f.command, from, command.stop - from);
  if (/^[0-9]{3}$/.test(text)) {
    if (f === response) node.add(numeric, from, 3, Number(text));
    else node.expert(numericRequest, from, 3);
  }
  let i = command.next;
  while (i < stop) {
    if (b.u8(i) === 0x3a) {
      if (i + 1 < stop) node.string(f.trailer, i + 1, stop - i - 1);
      return;
    }
    const word = wordAt(b, i, stop);
    node.string(f.parameter, i, word.stop - i);
    i = word.next;
  }
}

export const irc = app({
  name: 'irc',
  short: 'IRC',
  title: 'Internet Relay Chat',
  fields: [...Object.values(request), ...Object.values(response), numeric, numericRequest, noRequest, noResponse],
  read(layer, b, d) {
    const fromClient = d.transport?.fromClient !== false;
    const f = fromClient ? request : response;
    const info: string[] = [];
    for (let at = b.offset, count = 0; at < b.end && !d.full && count < MAX_MESSAGES; count++) {
      const { stop, next } = lineAt(b, at);
      if (stop > at) {
        const node = layer.add(f.line, at, stop - at, b.text(at, stop - at));
        message(node, b, f, at, stop);
        let from = at;
        if (b.u8(at) === 0x3a) from = wordAt(b, at, stop).next;
        if (info.length < 20) info.push(`(${lineText(b, from, wordAt(b, from, stop).stop)})`);
      }
      at = next;
    }
    return `${fromClient ? 'Request' : 'Response'} ${info.join(' ')}`;
  },
});
