/** IMAP (RFC 9051): tagged commands and responses, and the messages that a FETCH gives. */
import { defineState } from '../dissect/capture-index.ts';
import type { Buf, Dissection, Layer, Node } from '../dissect/dissection.ts';
import { bool, framenum, reltime, string, TRUE_FALSE } from '../dissect/field.ts';
import { type Framer, NEED_MORE, type StreamSide } from '../dissect/framer.ts';
import type { Protocol } from '../dissect/protocol.ts';
import { app } from './app-kit.ts';
import { imf } from './imf.ts';
import { find, lineAt, lineNext, lineStop, lineText, wordAt } from './text-lines.ts';
import { looksLikeTls } from './tls.ts';
import { elapsed } from './udp.ts';

const f = {
  isRequest: bool('imap.isrequest', 'Request', { bool: TRUE_FALSE }),
  line: string('imap.line', 'Line'),
  request: string('imap.request', 'Request'),
  requestTag: string('imap.request_tag', 'Request Tag'),
  response: string('imap.response', 'Response'),
  responseTag: string('imap.response_tag', 'Response Tag'),
  requestCommand: string('imap.request.command', 'Request Command'),
  responseCommand: string('imap.response.command', 'Response Command'),
  responseStatus: string('imap.response.status', 'Response Status'),
  tag: string('imap.tag', 'Tag'),
  command: string('imap.command', 'Command'),
  folder: string('imap.request.folder', 'Request Folder'),
  uid: bool('imap.request.command.uid', 'Request isUID', { bool: TRUE_FALSE }),
  username: string('imap.request.username', 'Request Username'),
  password: string('imap.request.password', 'Request Password'),
  responseIn: framenum('imap.response_in', 'Response In', { generated: true }),
  responseTo: framenum('imap.response_to', 'Request In', { generated: true }),
  time: reltime('imap.time', 'Response Time', { generated: true }),
};

/** Tags that wait for their response, per stream; the oldest go beyond this many. */
const MAX_WAITING = 1000;

class Pairs {
  readonly #waiting = new Map<number, Map<string, number>>();
  /** Row of the response by that of the request, and the other way round. */
  readonly responseOf = new Map<number, number>();
  readonly requestOf = new Map<number, number>();

  asked(stream: number, tag: string, row: number): void {
    let tags = this.#waiting.get(stream);
    if (tags === undefined) {
      tags = new Map();
      this.#waiting.set(stream, tags);
    }
    tags.set(tag, row);
    if (tags.size > MAX_WAITING) {
      const oldest = tags.keys().next().value;
      if (oldest !== undefined) tags.delete(oldest);
    }
  }

  answered(stream: number, tag: string, row: number): void {
    const request = this.#waiting.get(stream)?.get(tag);
    if (request === undefined) return;
    this.#waiting.get(stream)?.delete(tag);
    this.responseOf.set(request, row);
    this.requestOf.set(row, request);
  }
}
const pairs = defineState(() => new Pairs());

/** Tags are short: RFC 9051 sets no limit, but no client goes near this. */
const MAX_TAG = 64;

/** The tag at b[at, end), null for `*`, `+` and what is no tag. */
function tagAt(b: Uint8Array, at: number, end: number): string | null {
  let text = '';
  for (let i = at; i < end && i - at <= MAX_TAG; i++) {
    const c = b[i] as number;
    if (c === 32) return text === '' || text === '*' || text === '+' ? null : text;
    if (c < 33 || c > 126) return null;
    text += String.fromCharCode(c);
  }
  return null;
}

/** After STARTTLS the connection is TLS (RFC 2595). */
function clear(bytes: Uint8Array, offset: number, end: number): boolean {
  return !looksLikeTls(bytes, offset, end);
}

/** An argument: quoted or bare. Gives where it begins, stops and where the next begins. */
function argument(b: Buf, from: number, stop: number): { from: number; stop: number; next: number } {
  if (b.u8(from) !== 0x22) {
    const word = wordAt(b, from, stop);
    return { from, stop: word.stop, next: word.next };
  }
  const close = find(b, 0x22, from + 1, stop);
  const end = close < 0 ? stop : close;
  let next = Math.min(stop, end + 1);
  while (next < stop && b.u8(next) === 32) next++;
  return { from: from + 1, stop: end, next };
}

const WITH_FOLDER = /^(select|examine|create|delete|rename|subscribe|unsubscribe|status|append|search)$/i;

function requestLine(node: Node, b: Buf, at: number, stop: number, response: number): void {
  node.add(f.request, at, stop - at, b.text(at, stop - at));
  const tag = wordAt(b, at, stop);
  if (tag.stop === at) return;
  node.string(f.requestTag, at, tag.stop - at);
  node.string(f.tag, at, tag.stop - at, { hidden: true });
  let word = wordAt(b, tag.next, stop);
  let from = tag.next;
  if (word.stop > from) node.string(f.command, from, word.stop - from, { hidden: true });
  if (b.text(from, word.stop - from).toLowerCase() === 'uid') {
    node.add(f.uid, from, word.stop - from, true);
    from = word.next;
    word = wordAt(b, from, stop);
  }
  if (word.stop > from) {
    const command = b.text(from, word.stop - from);
    node.string(f.requestCommand, from, word.stop - from);
    if (word.next < stop) {
      const first = argument(b, word.next, stop);
      if (/^login$/i.test(command)) {
        node.string(f.username, first.from, first.stop - first.from);
        if (first.next < stop) {
          const second = argument(b, first.next, stop);
          node.string(f.password, second.from, second.stop - second.from);
        }
      } else if (WITH_FOLDER.test(command)) node.string(f.folder, first.from, first.stop - first.from);
      else if (/^copy$/i.test(command) && first.next < stop) {
        const second = argument(b, first.next, stop);
        node.string(f.folder, second.from, second.stop - second.from);
      }
    }
  }
  if (response >= 0) node.add(f.responseIn, at, 0, response + 1);
}

function responseLine(node: Node, b: Buf, d: Dissection, at: number, stop: number, request: number): void {
  const tag = wordAt(b, at, stop);
  const text = b.text(at, tag.stop - at);
  if (text === '*' || text === '+' || tag.stop === at) return;
  node.add(f.response, at, stop - at, b.text(at, stop - at));
  node.string(f.responseTag, at, tag.stop - at);
  node.string(f.tag, at, tag.stop - at, { hidden: true });
  const status = wordAt(b, tag.next, stop);
  if (status.stop > tag.next) {
    node.string(f.responseStatus, tag.next, status.stop - tag.next);
    const command = wordAt(b, status.next, stop);
    if (command.stop > status.next) {
      node.string(f.responseCommand, status.next, command.stop - status.next);
      node.string(f.command, status.next, command.stop - status.next, { hidden: true });
    }
  }
  if (request >= 0) {
    node.add(f.responseTo, at, 0, request + 1);
    node.add(f.time, at, 0, elapsed(d.capture.packets, request, d.row));
  }
}

/** How long the literal `{length}` at the end of a line of a FETCH response is that is a message or its header; -1 for none. */
function messageLength(bytes: Uint8Array, at: number, stop: number): number {
  if (bytes[at] !== 0x2a || bytes[stop - 1] !== 0x7d) return -1;
  let text = '';
  for (let i = at; i < stop && i - at < 2000; i++) text += String.fromCharCode(bytes[i] as number);
  const match =
    /^\* [0-9]+ FETCH .*(?:BODY\[(?:HEADER(?:\.FIELDS(?:\.NOT)? \([^)]*\))?)?\](?:<[0-9]+>)?|RFC822(?:\.HEADER)?) \{([0-9]{1,9})\}$/i.exec(
      text,
    );
  return match === null ? -1 : Number(match[1]);
}

/** Messages of a FETCH are waited for up to this length. */
const MAX_LITERAL = 16 * 1024 * 1024;
/** Of a line so much is looked at. */
const MAX_LINE = 2000;

/** A server's direction: the line at hand, as far as earlier segments have it, and the octets of the message behind it that are still to come. */
class Reply {
  line = new Uint8Array(0);
  length = 0;
  left = 0;
  /** The message at hand is behind a line that was whole. */
  inside = false;

  gather(bytes: Uint8Array, from: number, end: number): void {
    if (this.line.length === 0) this.line = new Uint8Array(MAX_LINE);
    const kept = Math.min(end - from, MAX_LINE - this.length);
    if (kept > 0) this.line.set(bytes.subarray(from, from + kept), this.length);
    this.length += end - from;
  }

  forget(): void {
    this.length = 0;
    this.left = 0;
    this.inside = false;
  }
}

function replyOf(side: StreamSide): Reply {
  if (side.own === null) side.own = new Reply();
  return side.own as Reply;
}

/** Segments of a client; of a server whole lines with the messages in them, and something behind these, as Wireshark has it. */
const framer: Framer = {
  incremental: true,

  feed(side, bytes, offset, end) {
    if (side.fromClient) {
      const tag = tagAt(bytes, offset, end);
      if (tag !== null) side.capture.state(pairs).asked(side.stream, tag, side.row);
      return end;
    }
    const reply = replyOf(side);
    let at = offset;
    /** Where the last whole line begins that has nothing missing; and where it ends. */
    let whole = offset;
    for (;;) {
      if (reply.inside) {
        const taken = Math.min(reply.left, end - at);
        // What is not whole begins a message of its own.
        if (taken === end - at && whole > offset) {
          reply.forget();
          return whole;
        }
        reply.left -= taken;
        at += taken;
        if (at === end) return NEED_MORE;
        reply.inside = false;
      }
      if (at === end) return end;
      const stop = lineStop(bytes, at, end);
      if (stop === end || (bytes[stop] === 13 && stop + 1 === end)) {
        if (whole > offset) return whole;
        reply.gather(bytes, at, end);
        return NEED_MORE;
      }
      const next = lineNext(bytes, stop, end);
      let line = bytes;
      let from = at;
      let last = stop;
      if (reply.length > 0) {
        reply.gather(bytes, at, stop);
        line = reply.line;
        from = 0;
        last = Math.min(reply.length, MAX_LINE);
        if (last > 0 && line[last - 1] === 13) last--;
      }
      const length = messageLength(line, from, last);
      if (length > 0 && length < MAX_LITERAL) {
        reply.inside = true;
        reply.left = length;
      } else {
        const first = line[from] as number;
        const tag = first === 0x2a || first === 0x2b ? null : tagAt(line, from, last);
        if (tag !== null) side.capture.state(pairs).answered(side.stream, tag, side.row);
      }
      reply.length = 0;
      at = next;
      if (!reply.inside) whole = at;
    }
  },

  // A message that goes on shows the protocol in each of its segments, a line that does, does not.
  partial(side, w, app) {
    if (replyOf(side).inside) w.push(app);
  },

  lost(side) {
    replyOf(side).forget();
  },
};

function read(layer: Layer, b: Buf, d: Dissection): string {
  const request = d.transport?.fromClient ?? true;
  layer.add(f.isRequest, b.offset, 0, request, { hidden: true });
  const table = d.capture.state(pairs);
  const first = lineAt(b, b.offset);
  const info = `${request ? 'Request' : 'Response'}: ${lineText(b, b.offset, first.stop)}`;
  for (let at = b.offset, count = 0; at < b.end && layer.ok && count < 10_000; count++) {
    const { stop, next } = lineAt(b, at);
    const node = layer.add(f.line, at, next - at, b.text(at, next - at));
    if (request) requestLine(node, b, at, stop, count === 0 ? (table.responseOf.get(d.row) ?? -1) : -1);
    else {
      responseLine(node, b, d, at, stop, table.requestOf.get(d.row) ?? -1);
      const length = messageLength(b.bytes, at, stop);
      if (length > 0 && next + length <= b.end) {
        d.column(imap, info);
        d.call(imf, b.from(next, next + length));
        at = next + length;
        continue;
      }
    }
    at = next;
  }
  return info;
}

export const imap: Protocol = app({
  name: 'imap',
  short: 'IMAP',
  accepts: clear,
  title: 'Internet Message Access Protocol',
  fields: Object.values(f),
  framer,
  read,
});
