/** HTTP/1.x (RFC 9110, RFC 9112). */

import { escapeOf } from '../bytes/escape.ts';
import { data } from '../dissect/data.ts';
import type { Buf, Dissection, Layer, Node } from '../dissect/dissection.ts';
import { allProtocols, defineProtocol, type Protocol } from '../dissect/protocol.ts';
import { say } from '../dissect/said.ts';
import { tables } from '../dissect/tables.ts';
import type { CodingFlaw, Time } from '../messages.ts';
import { CHUNK_MASK, NONE } from '../table/packet-table.ts';
import { dissectPacket } from './dissect-packet.ts';
import { gssApi } from './gss.ts';
import { type Chunked, type Decoded, decode, decodeIn, isUndone, MAX_DECODED, readChunks } from './http-body.ts';
import { codeDescriptions, f, headerFields } from './http-fields.ts';
import { httpFramer } from './http-framer.ts';
import { Method } from './http-head.ts';
import { type HttpMessage, httpMessages, stillCoded } from './http-messages.ts';
import { httpPairs } from './http-pairs.ts';
import { isRequest, isResponse, looksLikeHttp } from './http-start.ts';
import { upgrades } from './http-tunnel.ts';
import { requestUriOf } from './http-uri.ts';
import { upgradeSettings } from './http2.ts';
import { callMedia } from './media.ts';
import { isNtlmssp, ntlmssp } from './ntlmssp.ts';
import { lineNext, lineStop } from './text-lines.ts';
import { negotiated } from './websocket.ts';

/** Header lines shown of one message; HTTP messages shown of one buffer. */
const MAX_LINES = 5000;
const MAX_MESSAGES = 1000;

/** What the headers of a message say about its body and its place. */
interface Head {
  /** null without such a header. */
  host: string | null;
  contentType: string;
  /** null without such a header. */
  contentEncoding: string | null;
  chunked: boolean;
  /** A coding of the transfer besides chunks; null without Transfer-Encoding, '' for none that is known. */
  transferCoding: string | null;
  contentLength: number;
}

/** Text as Wireshark has it for HTTP: US-ASCII, every other byte as U+FFFD. What is shown is read as UTF-8 where the two differ. */
function ascii(b: Buf, at: number, length: number): string {
  const bytes = b.slice(at, length);
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1');
  return /[\x80-\xff]/.test(text) ? text.replace(/[\x80-\xff]/g, '\ufffd') : text;
}

/** Where HTTP is to be in TLS. */
const TLS_PORT = 443;

/** Text with ends of lines and other octets that are no characters written out, as the tree shows lines. */
function shown(text: string): string {
  return /[\x00-\x1f\x7f]/.test(text) ? text.replace(/[\x00-\x1f\x7f]/g, escapeOf) : text;
}

/** Fields that the first line of a message tells, and those that say what it is; and these with those of headers alone. */
const START_FIELDS: ReadonlySet<string> = new Set(
  [f.method, f.uri, f.path, f.query, f.parameter, f.requestVersion, f.responseVersion, f.code, f.codeDesc, f.phrase]
    .concat([f.chat, f.isRequest, f.isResponse, f.isNotification])
    .map(({ abbrev }) => abbrev),
);
const HEAD_FIELDS: ReadonlySet<string> = new Set([
  ...START_FIELDS,
  ...[...headerFields.values(), f.requestLine, f.responseLine, f.unknownHeader, f.fullUri].map(({ abbrev }) => abbrev),
]);

/** True if nothing is asked for but these fields, and nothing above. */
function asksOnly(d: Dissection, names: ReadonlySet<string>): boolean {
  return d.wanted?.within(names) === true && !d.above;
}

interface Start {
  readonly method: string;
  readonly uri: string;
  readonly status: number;
  readonly reason: string;
  readonly version: string;
  readonly line: string;
}

/** The node of a first line, with the note that it is there. */
function firstLine(layer: Layer, b: Buf, from: number, next: number): Node {
  const text = layer.d.whole ? shown(b.text(from, next - from)) : '';
  const node = layer.text(from, next - from, text);
  node.expert(f.chat, from, next - from, text);
  return node;
}

function requestLine(layer: Layer, b: Buf, from: number, to: number, next: number): Start {
  const node = firstLine(layer, b, from, next);
  let space = b.indexOf(0x20, from, to);
  if (space < 0) space = to;
  const method = ascii(b, from, space - from);
  node.add(f.method, from, space - from, method);
  const uriAt = Math.min(space + 1, to);
  let uriEnd = b.indexOf(0x20, uriAt, to);
  if (uriEnd < 0) uriEnd = to;
  const uri = ascii(b, uriAt, uriEnd - uriAt);
  const uriNode = node.add(f.uri, uriAt, uriEnd - uriAt, uri);
  const mark = uri.indexOf('?');
  if (mark >= 0 && layer.d.fields) {
    const query = uri.slice(mark + 1);
    // Offsets count bytes; the question mark is found in the bytes as the text may hold wider characters.
    const queryAt = b.indexOf(0x3f, uriAt, uriEnd) + 1;
    uriNode.add(f.path, uriAt, queryAt - 1 - uriAt, uri.slice(0, mark));
    const queryNode = uriNode.add(f.query, queryAt, uriEnd - queryAt, query);
    let at = queryAt;
    for (let count = 0; at < uriEnd && count < MAX_LINES; count++) {
      let end = b.indexOf(0x26, at, uriEnd);
      if (end < 0) end = uriEnd;
      queryNode.add(f.parameter, at, end - at, ascii(b, at, end - at));
      at = end + 1;
    }
  }
  const versionAt = Math.min(uriEnd + 1, to);
  const version = ascii(b, versionAt, to - versionAt);
  node.add(f.requestVersion, versionAt, to - versionAt, version);
  return { method, uri, status: 0, reason: '', version, line: layer.d.whole ? ascii(b, from, to - from) : '' };
}

function statusLine(layer: Layer, b: Buf, from: number, to: number, next: number): Start {
  const node = firstLine(layer, b, from, next);
  let space = b.indexOf(0x20, from, to);
  if (space < 0) space = to;
  const version = ascii(b, from, space - from);
  node.add(f.responseVersion, from, space - from, version);
  const codeAt = pastBlanks(b, space, to);
  let codeEnd = b.indexOf(0x20, codeAt, to);
  if (codeEnd < 0) codeEnd = to;
  const whole = codeEnd - codeAt >= 3;
  const digits = whole ? /^\s*([0-9]{1,3})/.exec(ascii(b, codeAt, 3))?.[1] : undefined;
  const status = digits === undefined ? 0 : Number(digits);
  const phraseAt = pastBlanks(b, codeEnd, to);
  const reason = whole ? b.text(phraseAt, to - phraseAt) : '';
  if (whole && layer.d.fields) {
    node.add(f.code, codeAt, 3, status);
    node.add(f.codeDesc, codeAt, 3, codeDescriptions.get(status) ?? otherDescription(status));
    if (phraseAt < to) node.add(f.phrase, phraseAt, to - phraseAt, ascii(b, phraseAt, to - phraseAt));
  }
  return { method: '', uri: '', status, reason, version, line: layer.d.whole ? ascii(b, from, to - from) : '' };
}

/** The first octet in bytes[from, to) that is no blank; `to` if all are. */
function pastBlanks(b: Buf, from: number, to: number): number {
  let at = from;
  while (at < to && b.u8(at) === 0x20) at++;
  return at;
}

function otherDescription(status: number): string {
  if (status < 100 || status >= 600) return 'Unknown (Unknown)';
  return codeDescriptions.get(Math.floor(status / 100) * 100 + 99) ?? '';
}

/** First letters of the headers that say something about their message, by the lengths of their names. */
const TELLING: string[] = [];
for (const name of [
  ...['host', 'content-type', 'content-encoding', 'transfer-encoding', 'content-length', 'authorization', 'proxy-authorization'],
  ...['www-authenticate', 'proxy-authenticate'],
])
  TELLING[name.length] = (TELLING[name.length] ?? '') + name.charAt(0);

/** Where name and value of the header line bytes[from, next) are, with its colon at `colon`. */
function valuePlace(b: Buf, colon: number, next: number): [from: number, end: number] {
  let from = colon + 1;
  while (from < next && (b.u8(from) === 0x20 || b.u8(from) === 0x09)) from++;
  let end = next;
  while (end > from && isBlank(b.u8(end - 1))) end--;
  return [from, end];
}

/** Which field the lines of a header are: those of a notification (UPnP, GENA) are neither a request's nor a response's. */
type Kind = 'request' | 'response' | 'notification';
/** Methods of notifications, and those that ask for them. */
const NOTIFYING: ReadonlySet<string> = new Set(['NOTIFY', 'SUBSCRIBE', 'UNSUBSCRIBE']);

/** RFC 9110, section 5.6.2. */
const TOKEN = /^[!#$%&'*+.^_`|~0-9a-z-]+$/;

function header(layer: Layer, b: Buf, from: number, next: number, kind: Kind, head: Head): void {
  const { fields, whole } = layer.d;
  const colon = b.indexOf(0x3a, from, next);
  if (
    (!fields || asksOnly(layer.d, START_FIELDS)) &&
    (colon < 0 || TELLING[colon - from]?.includes(String.fromCharCode(b.u8(from) | 0x20)) !== true)
  )
    return;
  const lineField = kind === 'request' ? f.requestLine : kind === 'response' ? f.responseLine : f.unknownHeader;
  const raw = layer.d.asks(lineField) ? ascii(b, from, next - from) : '';
  const display = whole ? b.text(from, next - from) : '';
  if (colon < 0) {
    layer.text(from, next - from, shown(display));
    return;
  }
  const label = ascii(b, from, colon - from);
  const name = label.toLowerCase();
  if (!TOKEN.test(name)) {
    layer.text(from, next - from, shown(display)).expert(f.badHeaderName);
    return;
  }
  const [valueAt, valueEnd] = valuePlace(b, colon, next);
  const value = beforeNul(ascii(b, valueAt, valueEnd - valueAt));
  const text = wide(b, valueAt, valueEnd, value);
  const field = headerFields.get(name);
  // A header is called as it was sent.
  if (field === undefined) {
    layer.add(lineField, from, next - from, raw, { label, display: text });
    return;
  }
  const node = layer.add(field, from, next - from, value, { label, display: text });
  if (kind !== 'notification') layer.add(lineField, from, next - from, raw, { display: whole ? shown(display) : '', hidden: true });
  switch (name) {
    case 'host':
      head.host = value;
      break;
    case 'content-type':
      head.contentType = value;
      break;
    case 'content-encoding':
      head.contentEncoding = value.toLowerCase();
      break;
    case 'transfer-encoding':
      if (!transferCodings(head, value)) node.expert(f.teUnknown);
      if (head.contentLength >= 0) node.expert(f.teAndLength);
      break;
    case 'content-length': {
      const digits = /^0*([0-9]+)(?=\s|$)/.exec(value)?.[1];
      if (digits === undefined || digits.length > 20) {
        head.contentLength = -1;
        break;
      }
      const length = BigInt(digits);
      if (length > 0x7fffffffffffffffn) break;
      head.contentLength = Number(length);
      node.add(f.contentLength, from, next - from, length);
      if (head.transferCoding !== null) node.expert(f.teAndLength);
      break;
    }
    case 'cookie':
      pairs(node, b, valueAt, valueEnd);
      break;
    case 'authorization':
    case 'proxy-authorization':
      credentials(node, value, from, next);
      securityToken(layer.d, value);
      break;
    case 'http2-settings':
      upgradeSettings(node, value, from, next - from);
      break;
    case 'www-authenticate':
    case 'proxy-authenticate':
      securityToken(layer.d, value);
      break;
  }
}

/** Text up to a NUL, where for Wireshark it ends. */
function beforeNul(text: string): string {
  const nul = text.indexOf('\0');
  return nul < 0 ? text : text.slice(0, nul);
}

/** Codings of a transfer other than chunks (RFC 9112 section 7.2). */
const TRANSFER_CODING = /^(?:(?:x-)?(compress|deflate|gzip)|identity)/;

/** The codings in a Transfer-Encoding header: chunks and one more, up to what is no coding. "chunked" stays said if another header says otherwise.
 * False where something else stands in it. */
function transferCodings(head: Head, value: string): boolean {
  head.transferCoding = '';
  let rest = value;
  for (;;) {
    rest = rest.replace(/^[ \t\r\n,]+/, '');
    const coding = rest.startsWith('chunked') ? null : TRANSFER_CODING.exec(rest);
    if (coding === null && !rest.startsWith('chunked')) return rest === '';
    if (coding === null) head.chunked = true;
    else if (head.transferCoding !== '') return false;
    else head.transferCoding = coding[1] ?? 'identity';
    rest = rest.slice(coding === null ? 7 : coding[0].length);
  }
}

/** The UTF-8 text bytes[from, end), which read as ASCII is `text`: what is ASCII reads as UTF-8 all the same. */
function wide(b: Buf, from: number, end: number, text: string): string {
  return text.includes('\ufffd') ? b.text(from, end - from) : text;
}

function emptyHead(): Head {
  return { host: null, contentType: '', contentEncoding: null, chunked: false, transferCoding: null, contentLength: -1 };
}

function isBlank(octet: number): boolean {
  return octet === 0x20 || octet === 0x09 || octet === 0x0d || octet === 0x0a;
}

/** Cookie pairs (RFC 6265 section 4.2.1). */
function pairs(node: Node, b: Buf, from: number, to: number): void {
  let at = from;
  for (let count = 0; at < to && count < MAX_LINES; count++) {
    let end = b.indexOf(0x3b, at, to);
    if (end < 0) end = to;
    while (at < end && isBlank(b.u8(at))) at++;
    if (end > at) node.add(f.cookiePair, at, end - at, ascii(b, at, end - at));
    at = end + 1;
  }
}

/** Basic credentials (RFC 7617). */
function credentials(node: Node, value: string, from: number, next: number): void {
  const match = /^basic\s+([A-Za-z0-9+/=]+)/i.exec(value);
  if (match === null) return;
  node.add(f.credentials, from, next - from, Buffer.from(match[1] as string, 'base64').toString('utf8'));
}

/** A token of NTLM or Negotiate authentication (RFC 4559 section 4): NTLMSSP as it is, or inside GSS-API. */
function securityToken(d: Dissection, value: string): void {
  const match = /^(?:ntlm|negotiate)\s+([A-Za-z0-9+/]{4,}={0,2})/i.exec(value);
  if (match === null) return;
  const token = d.newBuf('NTLMSSP / GSSAPI Data', Uint8Array.from(Buffer.from(match[1] as string, 'base64')));
  d.call(isNtlmssp(token.bytes, token.offset, token.end) ? ntlmssp : gssApi, token);
}

function elapsed(d: Dissection, from: number, to: number): Time {
  const a = d.capture.packets.chunkOf(from);
  const b = d.capture.packets.chunkOf(to);
  let sec = (b.sec[to & CHUNK_MASK] as number) - (a.sec[from & CHUNK_MASK] as number);
  let nsec = (b.nsec[to & CHUNK_MASK] as number) - (a.nsec[from & CHUNK_MASK] as number);
  if (nsec < 0) {
    sec--;
    nsec += 1_000_000_000;
  }
  return { sec, nsec };
}

/** What the index knows of the exchange that this message is part of. */
function exchangeFields(d: Dissection, layer: Layer, at: number, exchange: number, request: boolean): void {
  if (exchange === NONE || !d.fields || d.wanted?.within(HEAD_FIELDS) === true) return;
  const p = d.capture.state(httpPairs);
  // As in Wireshark, a response that came before all of its request has no link to it.
  const early = p.responseRow[exchange] !== NONE && (p.responseRow[exchange] as number) < (p.requestRow[exchange] as number);
  const requestRow = early && !request ? NONE : (p.requestRow[exchange] as number);
  const responseRow = early && request ? NONE : (p.responseRow[exchange] as number);
  const previous = p.previous[exchange] as number;
  const next = p.next[exchange] as number;
  const frame = (field: (typeof f)['requestIn'], row: number | undefined): void => {
    if (row !== undefined && row !== NONE) layer.add(field, at, 0, row + 1);
  };
  layer.add(request ? f.requestNumber : f.responseNumber, at, 0, p.position[exchange] as number);
  if (!request && requestRow !== NONE) layer.add(f.time, at, 0, elapsed(d, requestRow, d.row));
  if (previous !== NONE) {
    frame(f.previousRequestIn, p.requestRow[previous]);
    if (!request) frame(f.previousResponseIn, p.responseRow[previous]);
  }
  if (request) frame(f.responseIn, responseRow);
  else frame(f.requestIn, requestRow);
  if (next !== NONE) {
    frame(f.nextRequestIn, p.requestRow[next]);
    if (!request) frame(f.nextResponseIn, p.responseRow[next]);
  }
  if (!request && requestRow !== NONE && d.asks(f.responseForUri)) {
    const uri = requestUriOf(d, requestRow, p.requestOrdinal[exchange] as number);
    if (uri !== '') layer.add(f.responseForUri, at, 0, uri);
  }
}

/** The URI with scheme and host, where the request line holds only a path (RFC 9110 section 7.1). */
function fullUri(start: Start, host: string | null, secure: boolean): string {
  if (start.method === 'CONNECT') return host === null ? '' : start.uri;
  if (/^[a-z][a-z0-9+.-]*:\/\//i.test(start.uri)) return start.uri;
  return host === null ? '' : `${secure ? 'https' : 'http'}://${host}${start.uri}`;
}

/** Where the header line whose text ends at `stop` is over: it may go on in lines that begin with a blank (RFC 9112 section 5.2). */
function headerEnd(b: Buf, stop: number): number {
  let next = lineNext(b.bytes, stop, b.end);
  while (next < b.end && b.u8(next - 1) === 0x0a && (b.u8(next) === 0x20 || b.u8(next) === 0x09))
    next = lineNext(b.bytes, lineStop(b.bytes, next, b.end), b.end);
  return next;
}

/** Names and values of the header lines bytes[from, end), in order, as sent. */
function headerList(b: Buf, from: number, end: number): [name: string, value: string][] {
  const list: [string, string][] = [];
  let at = from;
  for (let count = 0; at < end && count < MAX_LINES; count++) {
    const stop = lineStop(b.bytes, at, b.end);
    if (stop === at) break;
    const next = headerEnd(b, stop);
    const colon = b.indexOf(0x3a, at, next);
    if (colon >= 0) {
      const [valueAt, valueEnd] = valuePlace(b, colon, next);
      list.push([ascii(b, at, colon - at), wide(b, valueAt, valueEnd, ascii(b, valueAt, valueEnd - valueAt))]);
    }
    at = next;
  }
  return list;
}

/**
 * Header lines from `from` on, up to an empty line or, as in Wireshark, to a line without a colon, where the body begins; gives where they end.
 * @param folds a line that begins with a blank belongs to the one before it
 */
function headers(layer: Layer, b: Buf, from: number, kind: Kind, head: Head, folds: boolean): number {
  let at = from;
  for (let count = 0; at < b.end; count++) {
    const stop = lineStop(b.bytes, at, b.end);
    const end = lineNext(b.bytes, stop, b.end);
    if (stop === at) {
      if (layer.d.whole) layer.text(at, end - at, shown(b.text(at, end - at)));
      return end;
    }
    if (b.indexOf(0x3a, at, stop) < 0) return at;
    const next = folds ? headerEnd(b, stop) : end;
    if (count < MAX_LINES) header(layer, b, at, next, kind, head);
    at = next;
  }
  return at;
}

const NO_BODY = new Uint8Array(0);

class Message implements HttpMessage {
  readonly method: string;
  readonly uri: string;
  readonly fullUri: string;
  readonly host: string;
  readonly status: number;
  readonly reason: string;
  readonly version: string;
  readonly headBytes: number;
  readonly contentType: string;
  readonly contentEncoding: string;
  bodyBytes = 0;
  /** As it was sent. */
  sent: Uint8Array = NO_BODY;
  /** null where it is as it was sent. */
  decoded: Decoded | null = null;
  readonly #b: Buf;
  readonly #from: number;
  readonly #end: number;
  #headers: [string, string][] | null = null;

  /** @param place where the message begins; its headers are in bytes[from, end) */
  constructor(start: Start, fullUri: string, head: Head, b: Buf, place: number, from: number, end: number) {
    this.headBytes = end - place;
    this.method = start.method;
    this.uri = start.uri;
    this.fullUri = fullUri;
    this.host = head.host ?? '';
    this.status = start.status;
    this.reason = start.reason;
    this.version = start.version;
    this.contentType = head.contentType;
    this.contentEncoding = head.contentEncoding ?? '';
    this.#b = b;
    this.#from = from;
    this.#end = end;
  }

  get decodedBytes(): number {
    return this.decoded === null || stillCoded(this) ? this.sent.length : this.decoded.length;
  }

  get body(): Uint8Array {
    return this.decoded === null || stillCoded(this) ? this.sent : this.decoded.bytes;
  }

  get flaw(): CodingFlaw | null {
    return this.decoded?.flaw ?? null;
  }

  /** Read when someone asks: most who read messages want none of them. */
  get headers(): [string, string][] {
    this.#headers ??= headerList(this.#b, this.#from, this.#end);
    return this.#headers;
  }
}

/** One message at `from`; gives the offset behind it. */
/** @param emptyLine the message follows an empty line */
function message(d: Dissection, protocol: Protocol, b: Buf, from: number, ordinal: number, info: string[], emptyLine: boolean): number {
  const isReply = isResponse(b.bytes, from, b.end);
  const to = lineStop(b.bytes, from, b.end);
  const layer = d.layer(protocol, b, from);
  const secure = d.protocols.some(({ name }) => name === 'tls');
  if (!secure && d.transport?.kind === 'tcp' && d.transport.dstPort === TLS_PORT) layer.expert(f.tlsPort, from, 0);
  if (emptyLine) layer.expert(f.leadingCrlf, from - 2, 2);
  let at = lineNext(b.bytes, to, b.end);
  const start = isReply ? statusLine(layer, b, from, to, at) : requestLine(layer, b, from, to, at);
  const head = emptyHead();
  const headersAt = at;
  at = headers(layer, b, at, isReply ? 'response' : NOTIFYING.has(start.method) ? 'notification' : 'request', head, true);
  const place = layer.node.offset;
  if (d.whole) say(layer.node, 'http', b.slice(place, at - place));
  const p = d.capture.state(httpPairs);
  const exchange = d.transport?.kind === 'tcp' ? p.find(d.row, ordinal) : NONE;
  const uri = isReply ? '' : fullUri(start, head.host, secure);
  const message = new Message(start, uri, head, b, place, headersAt, at);
  httpMessages.set(layer.node, message);
  if (isReply) layer.add(f.isResponse, place, 0, true, { hidden: true });
  else {
    if (uri !== '') layer.add(f.fullUri, place, 0, uri);
    const notification = NOTIFYING.has(start.method);
    layer.add(notification ? f.isNotification : f.isRequest, place, 0, true, { hidden: true });
  }
  exchangeFields(d, layer, place, exchange, !isReply);
  layer.summary = start.line;
  const type = head.contentType.split(';')[0]?.trim() ?? '';
  info.push(`${start.line}${isReply ? ' ' : ' '}${type === '' ? '' : ` (${type})`}`);
  return body(d, layer, b, at, head, bodyless(d, start, isReply, exchange, head), isReply, message);
}

/** True for messages whose headers are all there is (RFC 9110 section 6.4.1). */
function bodyless(d: Dissection, start: Start, isReply: boolean, exchange: number, head: Head): boolean {
  if (!isReply) return false;
  if ((start.status >= 100 && start.status < 200) || start.status === 204 || start.status === 304) return true;
  if (exchange === NONE) return false;
  const method = d.capture.state(httpPairs).method[exchange];
  if (method === Method.Head) return true;
  // Behind the answer that opens a tunnel comes the tunnel, but for what is in one piece with it: see the framer.
  const opens = method === Method.Connect && start.status >= 200 && start.status < 300;
  return opens && (head.chunked || head.contentLength >= 0);
}

function body(
  d: Dissection,
  layer: Layer,
  b: Buf,
  at: number,
  head: Head,
  none: boolean,
  isReply: boolean,
  message: Message | null,
): number {
  layer.size(at - layer.node.offset, at);
  if (none || at >= b.end) return at;
  const unread = asksOnly(d, HEAD_FIELDS);
  const coding = head.transferCoding;
  if (coding === null && head.contentLength < 0 && !isReply) return at;
  // A length means nothing where a coding of the transfer says where the body ends (RFC 9112 section 6.3).
  let end = coding !== null || head.contentLength < 0 ? b.end : Math.min(b.end, at + head.contentLength);
  let content = b.from(at, end);
  if (head.chunked) {
    const chunked = readChunks(b.bytes, at, b.end);
    // As in Wireshark, nothing is shown of what does not begin with a chunk.
    if (chunked.chunks.length === 0) return end;
    end = chunked.end;
    if (unread) {
      layer.size(at - layer.node.offset, end);
      return end;
    }
    if (d.fields) chunkFields(layer, b, chunked, end);
    content = d.newBuf('De-chunked entity body', chunked.body);
  }
  layer.size(at - layer.node.offset, end);
  if (content.length === 0 || unread) return end;
  if (coding !== null && coding !== '' && coding !== 'identity') {
    d.call(data, content);
    return end;
  }
  const asSent = content;
  const sent = content.slice(content.offset, content.length);
  const contentEncoding = head.contentEncoding ?? 'identity';
  const plain = contentEncoding === 'identity';
  if (message !== null) {
    message.bodyBytes = sent.length;
    message.sent = sent;
    if (!plain) message.decoded = decode(contentEncoding, sent);
  }
  // Wireshark does not undo zstd: no layer comes of it, so its octets are made for those who look at them.
  let coded = contentEncoding === 'zstd';
  if (!plain && (d.fields || !coded)) {
    const result = decodeIn(d, contentEncoding, sent);
    if (!isUndone(result.flaw)) coded = true;
    else if (d.texts || !coded) content = d.newBuf('Uncompressed entity body', result.bytes);
    if (d.fields) codedBody(layer, at, Math.min(end, b.end) - at, contentEncoding, sent.length, result);
  }
  if (d.fields) say(layer.node, 'http', content.slice(content.offset, content.length));
  if (coded) {
    // What it does not undo it takes for data.
    d.call(data, asSent);
    return end;
  }
  if (d.fields) {
    const zero = content.indexOf(0, content.offset);
    const textLength = (zero < 0 ? content.end : zero) - content.offset;
    const display = `${content.length} byte${content.length === 1 ? '' : 's'}`;
    const text = () => ascii(content, content.offset, textLength);
    layer.add(f.fileData, content.offset, content.length, '', { display }).lazily(text);
  }
  if (content.length > 0) callMedia(d, content, head.contentType, true);
  return end;
}

function chunkFields(layer: Layer, b: Buf, chunked: Chunked, end: number): void {
  const start = chunked.chunks[0]?.start ?? end;
  const tree = layer.text(start, end - start, 'HTTP chunked response');
  for (const chunk of chunked.chunks.slice(0, MAX_LINES)) {
    const there = Math.max(0, Math.min(chunk.size, end - chunk.data));
    const label = chunk.size === 0 ? 'End of chunked encoding' : `Data chunk (${chunk.size} octets)`;
    const bounded = there === chunk.size && chunk.size > 0 && chunk.data + there + 2 <= end;
    // Without trailers the empty line behind the last chunk is its own.
    const ending = chunk.size === 0 && chunk.data + 2 <= end && b.u16(chunk.data) === 0x0d0a;
    const node = tree.text(chunk.start, chunk.data + there + (bounded || ending ? 2 : 0) - chunk.start, label);
    node.add(f.chunkSize, chunk.start, chunk.data - chunk.start, chunk.size);
    if (there > 0) node.bytes(f.chunkData, chunk.data, there);
    if (bounded) node.bytes(f.chunkBoundary, chunk.data + there, 2);
  }
  if (chunked.trailers >= 0) {
    let at = chunked.trailers;
    while (at < end) {
      const stop = lineStop(b.bytes, at, end);
      const next = lineNext(b.bytes, stop, end);
      if (stop !== at) tree.add(f.trailer, at, next - at, ascii(b, at, next - at));
      else tree.text(at, next - at, shown(b.text(at, next - at)));
      at = next;
    }
  }
}

const FLAWS: Readonly<Record<CodingFlaw, string>> = {
  unknown: '[Error: this content coding is not known]',
  damaged: '[Error: Decompression failed]',
  short: '[Error: it ends before its end]',
  broken: '[Error: it is damaged behind that]',
  checksum: '[Error: its checksum or length is another]',
  large: `[more than ${MAX_DECODED} bytes decoded in a packet: not decoded]`,
  window: '[its window is larger than 32 MB: not decoded]',
  dictionary: '[made with a dictionary: not decoded]',
  slow: '[takes too long: not decoded]',
};

/** Says what became of a content coding. */
function codedBody(layer: Layer, at: number, length: number, coding: string, sent: number, { length: decoded, flaw }: Decoded): void {
  const became = isUndone(flaw) ? ` -> ${decoded} bytes` : '';
  const note = flaw === null ? '' : ` ${FLAWS[flaw]}`;
  const node = layer.text(at, Math.max(0, length), `Content-encoded entity body (${coding}): ${sent} bytes${became}${note}`);
  if (became === '') node.expert(f.decompressionFailed);
}

/** True behind what made a tunnel of the connection, whose bytes are no HTTP. */
function tunnelled(d: Dissection): boolean {
  return d.transport?.kind === 'tcp' && d.capture.state(httpPairs).tunnels.has(d.transport.stream);
}

function printable(octet: number): boolean {
  return octet >= 0x20 && octet <= 0x7e;
}

/** Host and port that the CONNECT of exchange `tunnel` asked for; null if it was none, or cannot be read. */
function targetOf(d: Dissection, tunnel: number): { readonly host: string; readonly port: number } | null {
  const p = d.capture.state(httpPairs);
  if (p.method[tunnel] !== Method.Connect) return null;
  const target = requestUriOf(d, p.requestRow[tunnel] as number, p.requestOrdinal[tunnel] as number);
  const match = /^(.*):([0-9]{1,5})$/.exec(target);
  return match === null ? null : { host: match[1] as string, port: Number(match[2]) & 0xffff };
}

/** Who reads what is in a tunnel to the port of `inner`: where that cuts it into messages, the index has seen whether these bytes are one of them. */
function innerOf(d: Dissection, inner: Protocol | undefined): Protocol {
  if (inner === undefined || inner === http) return data;
  if (inner.framer === undefined || inner.accepts === undefined) return inner;
  return d.indexed(allProtocols()) === inner ? inner : data;
}

/** True in a tunnel to the port of a protocol that cuts it into messages: there are no messages of HTTP's beside it. */
function inOtherTunnel(d: Dissection): boolean {
  if (d.transport?.kind !== 'tcp') return false;
  const p = d.capture.state(httpPairs);
  const tunnel = p.tunnels.get(d.transport.stream);
  if (tunnel === undefined || d.row <= (p.responseRow[tunnel] as number)) return false;
  const inner = tables.tcpPort.lookup(targetOf(d, tunnel)?.port ?? 0);
  return inner?.framer !== undefined && inner.framer !== httpFramer;
}

/** Bytes on an HTTP connection that are no HTTP: the rest of a body, or what a tunnel carries. */
function continuation(d: Dissection, protocol: Protocol, b: Buf, from: number): void {
  const content = b.from(from);
  const stream = d.transport?.kind === 'tcp' ? d.transport.stream : NONE;
  const p = d.capture.state(httpPairs);
  const tunnel = stream === NONE ? undefined : p.tunnels.get(stream);
  const row = tunnel === undefined ? NONE : (p.responseRow[tunnel] as number);
  const layer = d.layer(protocol, content);
  layer.size(0);
  if (tunnel !== undefined && row !== NONE && d.row > row) {
    layer.summary = 'Tunnel';
    const target = targetOf(d, tunnel);
    if (target !== null) {
      layer.add(f.connectHost, from, 0, target.host);
      layer.add(f.connectPort, from, 0, target.port);
    }
    const inner = target === null ? undefined : tables.tcpPort.lookup(target.port);
    d.call(innerOf(d, inner), content);
    return;
  }
  layer.summary = 'Continuation';
  d.column(protocol, 'Continuation');
  if (!printable(content.u8(from))) {
    say(layer.node, 'http', content.slice(from, content.end - from));
    d.call(data, content);
    return;
  }
  // As Wireshark does, text is read for headers: lines with a colon, up to an empty one.
  const head = emptyHead();
  const at = headers(layer, content, from, 'request', head, false);
  say(layer.node, 'http', content.slice(from, at - from));
  if (at < content.end) body(d, layer, content, at, head, false, true, null);
}

/** Calls the protocol that the connection was upgraded to, if `b` comes after that. */
function afterUpgrade(d: Dissection, b: Buf, behindMessage: boolean): boolean {
  if (d.transport?.kind !== 'tcp') return false;
  const p = d.capture.state(httpPairs);
  if (d.row >= (p.prior.get(d.transport.stream) ?? NONE)) {
    d.call(upgrades.get('h2c') as Protocol, b);
    return true;
  }
  const id = p.upgraded.get(d.transport.stream);
  if (id === undefined) return false;
  const row = p.responseRow[p.tunnels.get(d.transport.stream) as number] as number;
  if (d.row < row || (d.row === row && !behindMessage)) return false;
  d.call(allProtocols()[id], b);
  return true;
}

/** Header of the response that upgraded `stream`, '' without it. */
function upgradeHeader(d: Dissection, stream: number, name: string): string {
  const p = d.capture.state(httpPairs);
  const exchange = p.tunnels.get(stream);
  if (exchange === undefined) return '';
  const row = p.responseRow[exchange] as number;
  let left = p.responseOrdinal[exchange] as number;
  for (const layer of d.row === row ? d.layers : dissectPacket(d.capture, row, false, false).layers) {
    const message = httpMessages.get(layer);
    if (message === undefined || left-- > 0) continue;
    return message.headers.find(([key]) => key.toLowerCase() === name)?.[1] ?? '';
  }
  return '';
}

negotiated.extensions = (d, stream) => upgradeHeader(d, stream, 'sec-websocket-extensions');

/** Messages that ended in a packet so far: it may hold the end of one that was put together, and others behind it. */
const counts = new WeakMap<Dissection, number>();

function dissectAs(d: Dissection, b: Buf, protocol: Protocol): void {
  const info: string[] = [];
  let at = b.offset;
  if (afterUpgrade(d, b, false)) return;
  // A message begins in a tunnel, of which nothing is shown as yet.
  if (b.length === 0) {
    continuation(d, protocol, b, at);
    return;
  }
  const before = counts.get(d) ?? 0;
  for (let ordinal = before; at < b.end && ordinal < before + MAX_MESSAGES; ordinal++) {
    if (at > b.offset && afterUpgrade(d, b.from(at), true)) return;
    // Empty lines before a message are stepped over (RFC 9112 section 2.2).
    const emptyLine = b.end - at > 3 && b.u16(at) === 0x0d0a;
    if (emptyLine) at += 2;
    if ((!isResponse(b.bytes, at, b.end) && !isRequest(b.bytes, at, b.end)) || inOtherTunnel(d)) {
      // Text behind a message is waited for, as anywhere, until a line ends.
      if (ordinal > before && !tunnelled(d) && printable(b.u8(at)) && lineStop(b.bytes, at, b.end) === b.end) break;
      continuation(d, protocol, b, at);
      break;
    }
    const next = message(d, protocol, b, at, ordinal, info, emptyLine);
    counts.set(d, ordinal + 1);
    // A datagram holds one message, whatever comes behind it.
    if (next <= at || protocol === ssdp) break;
    at = next;
  }
  if (info.length > 0) d.column(protocol, info.join(' , '));
}

const fields = [...Object.values(f), ...headerFields.values()];

/** On its ports: takes whatever comes, as Wireshark does (what is no message is a continuation). */
export const http: Protocol = defineProtocol({
  name: 'http',
  short: 'HTTP',
  title: 'Hypertext Transfer Protocol',
  osi: '7',
  pdu: 'Message',
  hue: 'app',
  fields,
  framer: httpFramer,
  dissect: (d, b) => dissectAs(d, b, http),
});

/** On any other port: where the first line says that it is HTTP. */
export const httpElsewhere: Protocol = defineProtocol({
  name: 'http',
  short: 'HTTP',
  title: 'Hypertext Transfer Protocol',
  osi: '7',
  pdu: 'Message',
  hue: 'app',
  fields: [],
  accepts: (bytes, offset, end) => looksLikeHttp(bytes, offset, end),
  sticky: true,
  framer: httpFramer,
  dissect: (d, b) => dissectAs(d, b, http),
});

/** HTTP over UDP for discovery (UPnP Device Architecture 1.1, section 1). */
export const ssdp: Protocol = defineProtocol({
  name: 'ssdp',
  short: 'SSDP',
  title: 'Simple Service Discovery Protocol',
  osi: '7',
  pdu: 'Message',
  hue: 'app',
  fields: [],
  dissect: (d, b) => dissectAs(d, b, ssdp),
});
