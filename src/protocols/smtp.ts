/**
 * SMTP (RFC 5321) with AUTH (RFC 4954) and BDAT (RFC 3030): command and reply lines, and mail data, which is put together and shown as a
 * message where it ends.
 */
import { type CaptureIndex, defineState } from '../dissect/capture-index.ts';
import type { Buf, Dissection, Layer, Node } from '../dissect/dissection.ts';
import { bool, expert, names, none, string, TRUE_FALSE, uint32 } from '../dissect/field.ts';
import { type Framer, NEED_MORE, type StreamSide } from '../dissect/framer.ts';
import type { Protocol } from '../dissect/protocol.ts';
import { app } from './app-kit.ts';
import { dataTextLines } from './data-text-lines.ts';
import { imf } from './imf.ts';
import { joinParts, partsFields, partsState } from './message-parts.ts';
import { lineAt, lineNext, lineStop, lineText } from './text-lines.ts';
import { looksLikeTls } from './tls.ts';

const replies = names({
  211: 'System status, or system help reply',
  214: 'Help message',
  220: '<domain> Service ready',
  221: '<domain> Service closing transmission channel',
  235: 'Authentication successful',
  250: 'Requested mail action okay, completed',
  251: 'User not local; will forward to <forward-path>',
  252: 'Cannot VRFY user, but will accept message and attempt delivery',
  334: 'AUTH input',
  354: 'Start mail input; end with <CRLF>.<CRLF>',
  421: '<domain> Service not available, closing transmission channel',
  432: 'A password transition is needed',
  450: 'Requested mail action not taken: mailbox unavailable',
  451: 'Requested action aborted: local error in processing',
  452: 'Requested action not taken: insufficient system storage',
  454: 'Temporary authentication failed',
  500: 'Syntax error, command unrecognized',
  501: 'Syntax error in parameters or arguments',
  502: 'Command not implemented',
  503: 'Bad sequence of commands',
  504: 'Command parameter not implemented',
  530: 'Authentication required',
  534: 'Authentication mechanism is too weak',
  535: 'Authentication credentials invalid',
  538: 'Encryption required for requested authentication mechanism',
  550: 'Requested action not taken: mailbox unavailable',
  551: 'User not local; please try <forward-path>',
  552: 'Requested mail action aborted: exceeded storage allocation',
  553: 'Requested action not taken: mailbox name not allowed',
  554: 'Transaction failed',
});

const f = {
  request: bool('smtp.req', 'Request', { bool: TRUE_FALSE }),
  response: bool('smtp.rsp', 'Response', { bool: TRUE_FALSE }),
  message: string('smtp.message', 'Message'),
  commandLine: string('smtp.command_line', 'Command Line'),
  command: string('smtp.req.command', 'Command'),
  parameter: string('smtp.req.parameter', 'Request parameter'),
  responseLine: string('smtp.response', 'Response'),
  code: uint32('smtp.response.code', 'Response code', { names: replies }),
  responseParameter: string('smtp.rsp.parameter', 'Response parameter'),
  username: string('smtp.auth.username', 'Username'),
  password: string('smtp.auth.password', 'Password'),
  credentials: string('smtp.auth.username_password', 'Username/Password'),
  eom: none('smtp.eom', 'EOM'),
  codeUnexpected: expert('smtp.response.code.unexpected', 'warn', 'Unexpected response code in multiline response', 'response'),
};
const partFields = partsFields('smtp.data');
const mailParts = partsState();

/** What a client's segment is. */
enum Kind {
  Commands = 0,
  Data = 1,
  /** Ends the message: `.` on a line of its own. */
  End = 2,
  /** Commands, the first of which is BDAT 0 LAST: ends the message. */
  CommandsEnd = 3,
  Username = 4,
  Password = 5,
  Credentials = 6,
  /** AUTH LOGIN with the user's name behind it. */
  AuthLogin = 7,
  AuthPlain = 8,
  /** Commands and data of a message, as pipelining has them (RFC 2920, section 3.1; RFC 3030, section 2). */
  Mixed = 9,
}

enum Auth {
  None = 0,
  Start = 1,
  UsernameAsked = 2,
  UsernameGiven = 3,
  PasswordAsked = 4,
  PasswordGiven = 5,
  PlainStart = 6,
  PlainAsked = 7,
  PlainGiven = 8,
  Over = 9,
}

interface Session {
  readingData: boolean;
  auth: Auth;
  /** The last data ended with a line end. */
  lineEnded: boolean;
  /** A DATA or BDAT command was seen. */
  dataSeen: boolean;
  /** Octets of BDAT chunks announced and seen; 0 announced for DATA. */
  announced: number;
  seen: number;
  lastChunk: boolean;
}

class Sessions {
  readonly #byStream = new Map<number, Session>();
  /** Kind of a client's segment + 16 * where its message data ends, by row; rows with commands alone are left out. */
  readonly kinds = new Map<number, number>();
  /** Of rows that hold commands beside data: where each run of data begins and stops. */
  readonly runs = new Map<number, readonly number[]>();

  of(stream: number): Session {
    let session = this.#byStream.get(stream);
    if (session === undefined) {
      session = {
        readingData: false,
        auth: Auth.None,
        lineEnded: false,
        dataSeen: false,
        announced: 0,
        seen: 0,
        lastChunk: true,
      };
      this.#byStream.set(stream, session);
    }
    return session;
  }
}
const sessions = defineState(() => new Sessions());

/** The bytes at b[at, end) are `text`, in any case. */
function word(b: Uint8Array, at: number, end: number, text: string): boolean {
  if (end - at < text.length) return false;
  for (let i = 0; i < text.length; i++) if (((b[at + i] as number) & 0xdf) !== (text.charCodeAt(i) & 0xdf)) return false;
  return true;
}

const LONG_COMMANDS = ['STARTTLS', 'X-EXPS', 'X-LINK2STATE', 'XEXCH50'];

/** Four letters, or one of the longer extensions. */
function isCommand(b: Uint8Array, at: number, end: number): boolean {
  if (end - at === 4) {
    for (let i = at; i < end; i++) {
      const letter = (b[i] as number) & 0xdf;
      if (letter < 65 || letter > 90) return false;
    }
    return true;
  }
  for (let i = 0; i < LONG_COMMANDS.length; i++) {
    const command = LONG_COMMANDS[i] as string;
    if (end - at === command.length && word(b, at, end, command)) return true;
  }
  return false;
}

/** Three octets `.\r\n` at `at`. */
function dotLine(b: Uint8Array, at: number, end: number): boolean {
  return end - at >= 3 && b[at] === 0x2e && b[at + 1] === 13 && b[at + 2] === 10;
}

/** Where the chunk at hand stops that goes on at `at`, at most at `end`. */
function chunkStop(s: Session, at: number, end: number): number {
  const stop = Math.min(end, at + s.announced - s.seen);
  s.seen += stop - at;
  return stop;
}

/** Where the dot stands that ends the text which goes on at `at`, or the empty line before it; `end` if it does not end here. `from` begins the segment. */
function textStop(s: Session, b: Uint8Array, from: number, at: number, end: number): number {
  const lineEnded = s.lineEnded;
  s.lineEnded = end - from >= 2 && b[end - 2] === 13 && b[end - 1] === 10;
  for (let line = at; line < end; line = lineNext(b, lineStop(b, line, end), end)) {
    if ((line > from || lineEnded) && dotLine(b, line, end)) return line;
    if (b[line] === 13 && b[line + 1] === 10 && dotLine(b, line + 2, end)) return line;
  }
  return end;
}

/** The octets that end a message: a line with a dot, and an empty one before it where that is no part of the message. */
function eomLength(first: number): number {
  return first === 13 ? 5 : 3;
}

/** Reads what a client sent in b[from, end), which ends a segment; notes in `capture` what it was. */
function clientSent(capture: CaptureIndex, stream: number, row: number, b: Uint8Array, from: number, end: number): void {
  const known = capture.state(sessions);
  const s = known.of(stream);
  const parts = capture.state(mailParts);
  const side = 2 * stream;
  let kind: Kind = Kind.Commands;
  /** Where the message ends in this segment; -1 where it does not. */
  let eom = -1;
  let runs: number[] | null = null;
  /** Lines that are no commands, behind a message: what else they are is not known. */
  let stray = false;
  for (let at = from; at < end; ) {
    if (s.readingData) {
      const begin = at;
      const stop = s.announced > 0 ? chunkStop(s, at, end) : textStop(s, b, from, at, end);
      if (stop > begin) parts.add(side, row, begin - from, stop - from);
      at = stop;
      kind = Kind.Data;
      if (s.announced > 0) {
        if (s.seen >= s.announced) {
          s.readingData = false;
          if (s.lastChunk) parts.end(side, row);
        }
      } else if (stop < end) {
        s.readingData = false;
        eom = stop - from;
        parts.end(side, row);
        at += eomLength(b[at] as number);
      }
      if (begin > from || at < end) {
        if (runs === null) {
          runs = [];
          known.runs.set(row, runs);
        }
        runs.push(begin - from, stop - from);
      }
      continue;
    }
    const stop = lineStop(b, at, end);
    const next = lineNext(b, stop, end);
    let blank = at;
    while (blank < stop && b[blank] !== 32) blank++;
    if (isCommand(b, at, blank)) {
      kind = Kind.Commands;
      if (word(b, at, stop, 'DATA')) {
        s.readingData = true;
        s.dataSeen = true;
        s.announced = 0;
      } else if (word(b, at, stop, 'BDAT')) {
        s.dataSeen = true;
        const length = decimal(b, at + 5, stop);
        s.announced += length;
        s.readingData = length > 0;
        s.lastChunk = word(b, stop - 4, stop, 'LAST');
        if (s.lastChunk && length === 0) {
          kind = Kind.CommandsEnd;
          known.kinds.set(row, kind);
          parts.end(side, row);
        }
      } else if (word(b, at, stop, 'AUTH LOGIN')) {
        s.auth = stop - at <= 11 ? Auth.Start : Auth.UsernameGiven;
        if (stop - at > 11) kind = Kind.AuthLogin;
      } else if (word(b, at, stop, 'AUTH PLAIN')) {
        s.auth = stop - at <= 11 ? Auth.PlainStart : Auth.PlainGiven;
        if (stop - at > 11) kind = Kind.AuthPlain;
      }
    } else if (s.auth === Auth.UsernameAsked) {
      s.auth = Auth.UsernameGiven;
      kind = Kind.Username;
    } else if (s.auth === Auth.PasswordAsked) {
      s.auth = Auth.PasswordGiven;
      kind = Kind.Password;
    } else if (s.auth === Auth.PlainAsked) {
      s.auth = Auth.PlainGiven;
      kind = Kind.Credentials;
    } else {
      stray = s.dataSeen;
      kind = s.dataSeen ? Kind.Data : Kind.Commands;
    }
    at = next;
  }
  if (eom >= 0) known.kinds.set(row, Kind.End + 16 * eom);
  else if (runs !== null) known.kinds.set(row, Kind.Mixed);
  else {
    if (stray && kind === Kind.Data) parts.add(side, row);
    if (kind !== Kind.Commands) known.kinds.set(row, kind);
  }
}

function decimal(b: Uint8Array, at: number, end: number): number {
  let value = 0;
  let i = at;
  // As strtoul does it, a sign before the digits makes the value what 32 bits hold of it.
  const negative = b[i] === 0x2d;
  if (negative) i++;
  for (; i < end; i++) {
    const digit = (b[i] as number) - 48;
    if (digit < 0 || digit > 9) break;
    value = value * 10 + digit;
    if (value > 0xffffffff) return 0xffffffff;
  }
  return negative ? -value >>> 0 : value;
}

/** Reads what the server sent: its codes move the client's AUTH on. */
function serverSent(capture: CaptureIndex, stream: number, b: Uint8Array, from: number, end: number): void {
  const s = capture.state(sessions).of(stream);
  for (let at = from; at < end; ) {
    const stop = lineStop(b, at, end);
    const next = lineNext(b, stop, end);
    if (stop - at >= 3) {
      const code = decimal(b, at, at + 3);
      if (code === 334) {
        if (s.auth === Auth.Start) s.auth = Auth.UsernameAsked;
        else if (s.auth === Auth.UsernameGiven) s.auth = Auth.PasswordAsked;
        else if (s.auth === Auth.PlainStart) s.auth = Auth.PlainAsked;
      } else if (s.auth === Auth.PasswordGiven || s.auth === Auth.PlainGiven) s.auth = Auth.Over;
    }
    at = next;
  }
}

/** A segment is one message, joined with those before it that had no line end. */
const framer: Framer = {
  feed(side: StreamSide, bytes, offset, end) {
    const feed = bytes.lastIndexOf(10, end - 1);
    if (feed < offset) return NEED_MORE;
    let b = bytes;
    let from = offset;
    let to = end;
    if (side.carryLength > 0 && side.carry !== null) {
      b = new Uint8Array(side.carryLength + end - offset);
      b.set(side.carry.subarray(0, side.carryLength));
      b.set(bytes.subarray(offset, end), side.carryLength);
      from = 0;
      to = b.length;
    }
    if (side.fromClient) clientSent(side.capture, side.stream, side.row, b, from, to);
    else serverSent(side.capture, side.stream, b, from, to);
    return end;
  },
};

/** After STARTTLS the connection is TLS (RFC 3207). */
function clear(bytes: Uint8Array, offset: number, end: number): boolean {
  return !looksLikeTls(bytes, offset, end);
}

function readCommands(layer: Layer, b: Buf, kind: Kind, info: string[]): void {
  for (let at = b.offset; at < b.end && layer.ok && info.length < 1000; ) {
    const { stop, next } = lineAt(b, at);
    const text = lineText(b, at, stop);
    layer.add(f.request, b.offset, 0, true, { hidden: true });
    if (kind === Kind.Username || kind === Kind.Password || kind === Kind.Credentials) {
      const field = kind === Kind.Username ? f.username : kind === Kind.Password ? f.password : f.credentials;
      layer.string(field, at, stop - at);
      info.push(`${kind === Kind.Username ? 'User: ' : kind === Kind.Password ? 'Pass: ' : ''}${text}`);
    } else {
      const node = layer.add(f.commandLine, at, next - at, b.text(at, next - at));
      node.string(f.command, at, Math.min(4, stop - at));
      if (stop - at > 5) node.string(f.parameter, at + 5, stop - at - 5);
      if (stop - at > 11 && kind === Kind.AuthLogin) node.string(f.username, at + 11, stop - at - 11);
      if (stop - at > 11 && kind === Kind.AuthPlain) node.string(f.credentials, at + 11, stop - at - 11);
      info.push(text);
    }
    at = next;
  }
}

/** Replies: the lines of one that go on (RFC 5321 section 4.2.1) are shown below its first. */
function readReplies(layer: Layer, b: Buf, info: string[]): void {
  layer.add(f.response, b.offset, 0, true, { hidden: true });
  let reply: Node | null = null;
  let firstCode = -1;
  for (let at = b.offset; at < b.end && layer.ok && info.length < 1000; ) {
    const { stop, next } = lineAt(b, at);
    const goesOn: Node | null = reply;
    const node: Node = goesOn ?? layer.add(f.responseLine, at, next - at, b.text(at, next - at));
    const digits = lineText(b, at, Math.min(stop, at + 3));
    reply = null;
    if (/^[0-9]{3}$/.test(digits)) {
      const code = Number(digits);
      const mark = stop - at > 3 ? String.fromCharCode(b.u8(at + 3)) : '';
      const text = lineText(b, at + 4, stop);
      if (goesOn === null) {
        node.add(f.code, at, 3, code);
        info.push(`${digits}${mark}${text}`);
        firstCode = code;
      } else {
        if (code !== firstCode) node.expert(f.codeUnexpected, at, 3);
        info.push(text);
      }
      if (stop - at >= 4) node.string(f.responseParameter, at + 4, stop - at - 4);
      if (mark === '-') reply = node;
    } else info.push(lineText(b, at, stop));
    at = next;
  }
}

function fragmentText(length: number): string {
  return `DATA fragment, ${length} byte${length === 1 ? '' : 's'}`;
}

function read(layer: Layer, b: Buf, d: Dissection): string {
  const info: string[] = [];
  if (d.transport?.fromClient === false) {
    readReplies(layer, b, info);
    return `S: ${info.slice(0, 20).join(' | ')}`;
  }
  const entry = d.capture.state(sessions).kinds.get(d.row) ?? Kind.Commands;
  const kind = (entry & 15) as Kind;
  const parts = d.capture.state(mailParts).of(d.row);
  const ends = parts !== undefined && parts.lastRow === d.row;
  let text: string;
  let lastRun = b;
  if (kind === Kind.Data) {
    text = `C: ${fragmentText(b.length)}`;
    layer.summary = text;
  } else if (kind === Kind.End || kind === Kind.Mixed) {
    let at = b.offset;
    const runs = d.capture.state(sessions).runs.get(d.row) ?? [];
    for (let i = 0; i < runs.length; i += 2) {
      const begin = b.offset + (runs[i] as number);
      const stop = b.offset + (runs[i + 1] as number);
      if (begin > at) readCommands(layer, b.from(at, begin), Kind.Commands, info);
      lastRun = b.from(begin, stop);
      if (stop > begin) info.push(fragmentText(stop - begin));
      at = stop;
    }
    if (kind === Kind.End) {
      at = b.offset + Math.floor(entry / 16);
      const length = Math.min(b.end - at, eomLength(b.u8(at)));
      layer.add(f.eom, at, length, null);
      info.push('.');
      at += length;
    }
    if (at < b.end) readCommands(layer, b.from(at, b.end), Kind.Commands, info);
    text = `C: ${info.slice(0, 20).join(' | ')}`;
  } else {
    readCommands(layer, b, kind, info);
    text = `C: ${info.slice(0, 20).join(' | ')}`;
  }
  if (ends) {
    const whole = joinParts(d, layer, parts, partFields, 'Reassembled SMTP');
    if (whole !== null) {
      d.column(smtp, text);
      d.call(imf, whole);
    }
  } else if (kind === Kind.Data || kind === Kind.Mixed) {
    d.column(smtp, text);
    d.call(dataTextLines, lastRun);
    d.column(smtp, text);
  }
  return text;
}

export const smtp: Protocol = app({
  name: 'smtp',
  short: 'SMTP',
  accepts: clear,
  title: 'Simple Mail Transfer Protocol',
  fields: [...Object.values(f), ...Object.values(partFields)],
  framer,
  read,
});
