/** POP3 (RFC 1939): command and response lines, and the message that a RETR or TOP asked for. */
import { defineState } from '../dissect/capture-index.ts';
import type { Buf, Dissection, Layer } from '../dissect/dissection.ts';
import { expert, string } from '../dissect/field.ts';
import type { IndexWalk } from '../dissect/index-walk.ts';
import type { Protocol } from '../dissect/protocol.ts';
import { RowFlag } from '../table/packet-table.ts';
import { app, begins } from './app-kit.ts';
import { imf } from './imf.ts';
import { joinParts, partsFields, partsState } from './message-parts.ts';
import { lineAt, lineText, wordAt } from './text-lines.ts';
import { looksLikeTls } from './tls.ts';

const f = {
  response: string('pop.response', 'Response'),
  indicator: string('pop.response.indicator', 'Response indicator'),
  description: string('pop.response.description', 'Response description'),
  responseData: string('pop.response.data', 'Data'),
  request: string('pop.request', 'Request'),
  command: string('pop.request.command', 'Request command'),
  parameter: string('pop.request.parameter', 'Request parameter'),
  requestData: string('pop.request.data', 'Data'),
  lengthInvalid: expert('pop.response.tot_len.invalid', 'warn', 'Length must be a string containing an integer', 'malformed'),
};
const partFields = partsFields('pop.data');
const mailParts = partsState();

/** What a connection waits for. */
interface Session {
  /** A message was asked for; the response says how long it is. */
  asked: boolean;
  total: number;
  seen: number;
}
const sessions = defineState(() => new Map<number, Session>());

/** Octets after '+OK ', 0 if no number stands there. */
function octets(b: Uint8Array, at: number, end: number): number {
  let value = 0;
  for (let i = at; i < end; i++) {
    const digit = (b[i] as number) - 48;
    if (digit < 0 || digit > 9) break;
    value = value * 10 + digit;
    if (value > 0x7fffffff) return 0;
  }
  return value;
}

/** The bytes are neither a response nor a part of one: a line of mail. */
function isContinuation(b: Uint8Array, at: number, end: number): boolean {
  return !begins(b, at, end, '+OK') && !begins(b, at, end, '-ERR');
}

function index(w: IndexWalk): void {
  if (w.quoted) return;
  const { bytes: b, offset, end } = w;
  const table = w.capture.state(sessions);
  let session = table.get(w.stream);
  if (session === undefined) {
    session = { asked: false, total: 0, seen: 0 };
    table.set(w.stream, session);
  }
  if ((w.flags & RowFlag.FromClient) !== 0) {
    const first = (b[offset] as number) & 0xdf;
    // RETR and TOP
    if (first === 82 || first === 84) session.asked = ((b[offset + 1] as number) & 0xdf) === (first === 82 ? 69 : 79);
    return;
  }
  if (isContinuation(b, offset, end)) {
    const parts = w.capture.state(mailParts);
    const side = 2 * w.stream + 1;
    session.seen += end - offset;
    parts.add(side, w.row);
    if (session.seen >= session.total) {
      parts.end(side, w.row);
      session.seen = 0;
      session.total = 0;
    }
    return;
  }
  if (session.asked && begins(b, offset, end, '+OK ')) {
    session.seen = 0;
    session.total = octets(b, offset + 4, end);
  }
  session.asked = false;
}

/** After STLS the connection is TLS (RFC 2595). */
function clear(bytes: Uint8Array, offset: number, end: number): boolean {
  return !looksLikeTls(bytes, offset, end);
}

/** As in Wireshark the lines themselves have text and no value; command and parameter have. */
function read(layer: Layer, b: Buf, d: Dissection): string {
  const request = d.transport?.fromClient ?? true;
  if (!request && isContinuation(b.bytes, b.offset, b.end)) {
    const text = `S: DATA fragment, ${b.length} byte${b.length === 1 ? '' : 's'}`;
    d.column(pop, text);
    const parts = d.capture.state(mailParts).of(d.row);
    if (parts?.lastRow === d.row) {
      const whole = parts.rows.length === 1 ? b : joinParts(d, layer, parts, partFields, 'Reassembled DATA');
      if (whole !== null) d.call(imf, whole);
    }
    return text;
  }
  const { stop, next } = lineAt(b, b.offset);
  const line = layer.add(request ? f.request : f.response, b.offset, next - b.offset, '', {
    display: lineText(b, b.offset, stop),
  });
  const word = wordAt(b, b.offset, stop);
  if (word.stop > b.offset) line.string(request ? f.command : f.indicator, b.offset, word.stop - b.offset);
  if (word.next < stop) line.string(request ? f.parameter : f.description, word.next, stop - word.next);
  for (let at = next, count = 0; at < b.end && count < 10_000; count++) {
    const more = lineAt(b, at);
    layer.add(request ? f.requestData : f.responseData, at, more.next - at, '', { display: lineText(b, at, more.stop) });
    at = more.next;
  }
  return `${request ? 'C' : 'S'}: ${lineText(b, b.offset, stop)}`;
}

export const pop: Protocol = app({
  name: 'pop',
  short: 'POP',
  accepts: clear,
  title: 'Post Office Protocol',
  fields: [...Object.values(f), ...Object.values(partFields)],
  index,
  read,
});
