/**
 * The head of an HTTP/1.x message (RFC 9112 sections 3 to 6), as far as it says where the message ends. Nothing here needs the stream: the first
 * stage of a split index pass reads heads, too, while their octets are in its processor's cache.
 */
import type { IndexWalk } from '../dissect/index-walk.ts';
import { isRequest, isResponse, octetsOf } from './http-start.ts';

/** Methods that change how the answer is framed (RFC 9112 section 6.3). */
export const Method = { Other: 0, Head: 1, Connect: 2 } as const;

export const Kind = { None: 0, Request: 1, Response: 2 } as const;

/** Bytes of a line that are looked at; a longer line is stepped over. */
export const LINE = 512;
/** Longest head that is read as one: its length is to fit 15 bits. */
const MOST = 0x7fff;

export const LF = 0x0a;
export const CR = 0x0d;
const COMMA = 0x2c;

const HTTP = octetsOf('http/');
const HEAD = octetsOf('head ');
const CONNECT = octetsOf('connect ');
const RPC_IN = octetsOf('rpc_in_data');
const RPC_OUT = octetsOf('rpc_out_data');
const TRANSFER_ENCODING = octetsOf('transfer-encoding:');
const CHUNKED = octetsOf('chunked');
const UPGRADE = octetsOf('upgrade:');
const CONTENT_LENGTH = octetsOf('content-length:');
const CONTENT_TYPE = octetsOf('content-type:');
const RPC = octetsOf('application/rpc');

const LETTER_C = 0x63;
const LETTER_T = 0x74;
const LETTER_U = 0x75;

/** What the lines of a head have said so far. */
export class HttpHead {
  kind: number = Kind.None;
  method: number = Method.Other;
  status = 0;
  /** Content-Length; -1 without one. */
  contentLength = -1;
  chunked = false;
  /** RPC over HTTP: a large length only says how much there may be (MS-RPCH section 2.1.2.1). */
  rpc = false;
  /** The header at hand is Transfer-Encoding, without a value so far: a folded line goes on with it (RFC 9112 section 5.2). */
  inCoding = false;
  /** Of a response: the name in its Upgrade header, in lower case. */
  upgrade = '';
  /** Of CONNECT requests: the port asked for. */
  port = 0;

  beginHead(): void {
    this.kind = Kind.None;
    this.method = Method.Other;
    this.status = 0;
    this.contentLength = -1;
    this.chunked = false;
    this.rpc = false;
    this.inCoding = false;
    this.upgrade = '';
  }
}

/** True if line[from, end) begins with `word` (lower case) in any case. */
export function begins(line: Uint8Array, from: number, end: number, word: Uint8Array): boolean {
  if (end - from < word.length) return false;
  for (let i = 0; i < word.length; i++) {
    let octet = line[from + i] as number;
    if (octet >= 0x41 && octet <= 0x5a) octet |= 0x20;
    if (octet !== word[i]) return false;
  }
  return true;
}

function isBlank(octet: number): boolean {
  return octet === 0x20 || octet === 0x09;
}

/** White space of C's isspace(), which sscanf() and strtol() step over. */
export function isSpace(octet: number): boolean {
  return octet === 0x20 || (octet >= 0x09 && octet <= 0x0d);
}

/** True if the codings line[from, end) begin or end with "chunked": only as the last one does it say where the body ends, but some put it first. */
function namesChunked(line: Uint8Array, from: number, end: number): boolean {
  let at = from;
  while (at < end && isBlank(line[at] as number)) at++;
  if (begins(line, at, end, CHUNKED)) return true;
  let last = end;
  while (last > at && line[last - 1] !== COMMA) last--;
  if (last === at) return false;
  while (last < end && isBlank(line[last] as number)) last++;
  if (!begins(line, last, end, CHUNKED)) return false;
  for (last += 7; last < end; last++) if (!isBlank(line[last] as number)) return false;
  return true;
}

/** Decimal digits behind blanks; -1 for anything else or for numbers beyond what is exact. */
function decimal(line: Uint8Array, from: number, end: number): number {
  let at = from;
  while (at < end && (line[at] === 0x20 || line[at] === 0x09)) at++;
  let value = -1;
  for (; at < end; at++) {
    const digit = (line[at] as number) - 0x30;
    if (digit < 0 || digit > 9) break;
    value = (value < 0 ? 0 : value * 10) + digit;
    if (value > Number.MAX_SAFE_INTEGER) return -1;
  }
  return value;
}

/** A length: digits and nothing else but white space around them; -1 otherwise, and for what does not fit 31 bits (SSTP sends 2^64 - 1 and means no end). */
function wholeLength(line: Uint8Array, from: number, end: number): number {
  let at = from;
  let stop = end;
  while (at < stop && isSpace(line[at] as number)) at++;
  while (stop > at && isSpace(line[stop - 1] as number)) stop--;
  let value = -1;
  for (; at < stop; at++) {
    const digit = (line[at] as number) - 0x30;
    if (digit < 0 || digit > 9) return -1;
    value = (value < 0 ? 0 : value * 10) + digit;
    if (value > 0x7fffffff) return -1;
  }
  return value;
}

/** The first word of line[from, end), in lower case and without a version. */
function word(line: Uint8Array, from: number, end: number): string {
  const text = String.fromCharCode(...line.subarray(from, Math.min(end, from + 64)));
  return (/^[ \t]*([^ \t,;/]*)/.exec(text)?.[1] ?? '').toLowerCase();
}

/** One header line, line[from, end). Most are told by their first letter not to matter here. */
export function takeHeader(s: HttpHead, line: Uint8Array, from: number, end: number): void {
  const first = line[from] as number;
  if (isBlank(first)) {
    if (s.inCoding && namesChunked(line, from, end)) s.chunked = true;
    return;
  }
  s.inCoding = false;
  const letter = first | 0x20;
  if (letter === LETTER_T) {
    if (!begins(line, from, end, TRANSFER_ENCODING)) return;
    s.inCoding = true;
    // As in Wireshark, a header of that name that says something else takes nothing back.
    if (namesChunked(line, from + 18, end)) s.chunked = true;
  } else if (letter === LETTER_U) {
    // Only a 101 response is read for the name, so this is rare.
    if (s.status === 101 && begins(line, from, end, UPGRADE)) s.upgrade = word(line, from + 8, end);
  } else if (letter === LETTER_C) {
    if (begins(line, from, end, CONTENT_LENGTH)) {
      const value = wholeLength(line, from + 15, end);
      if (value >= 0) s.contentLength = value;
    } else if (begins(line, from, end, CONTENT_TYPE)) {
      let at = from + 13;
      while (at < end && line[at] === 0x20) at++;
      if (begins(line, at, end, RPC)) s.rpc = true;
    }
  }
}

/** The port behind the last colon of the word at `from`, 0 without one. */
function targetPort(line: Uint8Array, from: number, end: number): number {
  let stop = from;
  let colon = -1;
  for (; stop < end && line[stop] !== 0x20; stop++) if (line[stop] === 0x3a) colon = stop;
  const port = colon < 0 ? 0 : decimal(line, colon + 1, stop);
  return port > 0 && port <= 0xffff ? port : 0;
}

export function takeStart(s: HttpHead, line: Uint8Array, from: number, end: number): void {
  if (begins(line, from, end, HTTP)) {
    s.kind = Kind.Response;
    let at = from + 5;
    while (at < end && line[at] !== 0x20) at++;
    while (at < end && line[at] === 0x20) at++;
    // A status has three digits (RFC 9112 section 4).
    const whole = at + 3 === end || (at + 3 < end && line[at + 3] === 0x20);
    s.status = whole ? Math.max(decimal(line, at, at + 3), 0) : 0;
    return;
  }
  s.kind = Kind.Request;
  s.rpc = begins(line, from, end, RPC_IN) || begins(line, from, end, RPC_OUT);
  if (begins(line, from, end, HEAD)) s.method = Method.Head;
  else if (begins(line, from, end, CONNECT)) {
    s.method = Method.Connect;
    s.port = targetPort(line, from + 8, end);
  }
}

/**
 * Where the first CR or LF is in bytes[from, end); `end` without one. Eight octets a turn: half of the time goes into looking for line ends otherwise. One way out
 * for all eight, since V8 compiles a function anew when one is taken for the first time.
 */
export function lineEnd(bytes: Uint8Array, from: number, end: number): number {
  let at = from;
  for (;;) {
    for (const stop = end - 7; at < stop; at += 8) {
      if (
        (bytes[at] as number) <= CR ||
        (bytes[at + 1] as number) <= CR ||
        (bytes[at + 2] as number) <= CR ||
        (bytes[at + 3] as number) <= CR ||
        (bytes[at + 4] as number) <= CR ||
        (bytes[at + 5] as number) <= CR ||
        (bytes[at + 6] as number) <= CR ||
        (bytes[at + 7] as number) <= CR
      )
        break;
    }
    while (at < end && (bytes[at] as number) > CR) at++;
    if (at === end || bytes[at] === LF || bytes[at] === CR) return at;
    at++;
  }
}

/**
 * Reads a whole head at `offset`, whose lines all end with CR LF and are no longer than LINE, into `h`, which was begun. Gives where the body
 * begins, 0 for a head of another kind: `h` is then to be begun anew.
 */
export function readHead(h: HttpHead, bytes: Uint8Array, offset: number, end: number): number {
  const limit = Math.min(end, offset + MOST);
  if (!isResponse(bytes, offset, limit) && !isRequest(bytes, offset, limit)) return 0;
  for (let at = offset; ; ) {
    const stop = lineEnd(bytes, at, limit);
    if (stop + 1 >= limit || bytes[stop] !== CR || bytes[stop + 1] !== LF || stop - at > LINE) return 0;
    if (at === offset) takeStart(h, bytes, at, stop);
    else if (stop > at) takeHeader(h, bytes, at, stop);
    else return stop + 2;
    at = stop + 2;
  }
}

/** Bits of IndexWalk.ahead beside status * 16 and length * 65536. */
const Ahead = { Response: 1, Chunked: 2, HeadMethod: 4 } as const;

const glanced = new HttpHead();

/** Sets `w.ahead` and `w.aheadLength` if a head that they can hold begins at `offset`, whatever the stream is. setAhead() takes them. */
export function lookAhead(w: IndexWalk, bytes: Uint8Array, offset: number, end: number): void {
  const h = glanced;
  h.beginHead();
  const body = readHead(h, bytes, offset, end);
  if (body === 0 || h.rpc || h.method === Method.Connect || h.status === 101) return;
  const bits =
    (h.kind === Kind.Response ? Ahead.Response : 0) | (h.chunked ? Ahead.Chunked : 0) | (h.method === Method.Head ? Ahead.HeadMethod : 0);
  w.ahead = ((body - offset) << 16) | (h.status << 4) | bits;
  w.aheadLength = h.contentLength;
}

/** Sets `h` to what lookAhead() has found; gives the length of the head. */
export function setAhead(h: HttpHead, ahead: number, contentLength: number): number {
  h.kind = (ahead & Ahead.Response) !== 0 ? Kind.Response : Kind.Request;
  h.method = (ahead & Ahead.HeadMethod) !== 0 ? Method.Head : Method.Other;
  h.chunked = (ahead & Ahead.Chunked) !== 0;
  h.status = (ahead >> 4) & 0xfff;
  h.contentLength = contentLength;
  return ahead >> 16;
}
