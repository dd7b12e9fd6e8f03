/** Real Time Streaming Protocol (RFC 2326): requests, responses, their headers and bodies, and the media interleaved with them or announced. */
import { defineState } from '../dissect/capture-index.ts';
import type { Buf, Layer } from '../dissect/dissection.ts';
import { bytes, expert, type FieldDef, string, uint8, uint16, uint32 } from '../dissect/field.ts';
import { type Framer, NEED_MORE, type StreamSide } from '../dissect/framer.ts';
import type { IndexWalk } from '../dissect/index-walk.ts';
import type { Protocol } from '../dissect/protocol.ts';
import { UNSET } from '../table/packet-table.ts';
import { app, firstLine } from './app-kit.ts';
import { dataTextLines } from './data-text-lines.ts';
import { announceMedia } from './media-setups.ts';
import { rtcp } from './rtcp.ts';
import { rtp } from './rtp.ts';
import { sdp } from './sdp.ts';
import { find, lineAt, lineNext, lineStop, lineText, wordAt } from './text-lines.ts';

const DOLLAR = 0x24;
const MAX_LINES = 5000;
const MAX_NUMBER = 0xffffffff;

const f = {
  request: string('rtsp.request', 'Request'),
  response: string('rtsp.response', 'Response'),
  method: string('rtsp.method', 'Method'),
  contentType: string('rtsp.content-type', 'Content-type'),
  contentLength: uint32('rtsp.content-length', 'Content-length'),
  url: string('rtsp.url', 'URL'),
  status: uint32('rtsp.status', 'Status'),
  session: string('rtsp.session', 'Session'),
  transport: string('rtsp.transport', 'Transport'),
  rdtLevel: uint32('rtsp.rdt-feature-level', 'RDTFeatureLevel'),
  vigMsisdn: string('rtsp.X_Vig_Msisdn', 'X-Vig-Msisdn'),
  magic: uint8('rtsp.magic', 'Magic', { base: 'hex' }),
  channel: uint8('rtsp.channel', 'Channel', { base: 'hex' }),
  length: uint16('rtsp.length', 'Length'),
  data: bytes('rtsp.data', 'Data'),
  lengthInvalid: expert('rtsp.content-length.invalid', 'warn', 'Invalid content length', 'malformed'),
};

const headers: ReadonlyMap<string, FieldDef> = new Map([
  ['content-type', f.contentType],
  ['content-length', f.contentLength],
  ['session', f.session],
  ['transport', f.transport],
  ['rdtfeaturelevel', f.rdtLevel],
  ['x-vig-msisdn', f.vigMsisdn],
]);

const METHODS: ReadonlySet<string> = new Set([
  'DESCRIBE',
  'ANNOUNCE',
  'GET_PARAMETER',
  'OPTIONS',
  'PAUSE',
  'PLAY',
  'RECORD',
  'REDIRECT',
  'SETUP',
  'SET_PARAMETER',
  'TEARDOWN',
]);
const LONGEST_METHOD = 'GET_PARAMETER'.length;

/** The line at `at`, which begins a message. */
function startLine(layer: Layer, b: Buf, at: number, stop: number, next: number): void {
  const first = wordAt(b, at, stop);
  const word = b.text(at, Math.min(first.stop - at, 20));
  if (word.startsWith('RTSP/')) {
    const node = layer.add(f.response, at, next - at, b.text(at, next - at));
    const code = wordAt(b, first.next, stop);
    const digits = b.text(first.next, code.stop - first.next);
    if (/^[0-9]{1,9}$/.test(digits)) node.add(f.status, first.next, code.stop - first.next, Number(digits));
    return;
  }
  const node = layer.add(f.request, at, next - at, b.text(at, next - at));
  node.string(f.method, at, first.stop - at);
  const url = wordAt(b, first.next, stop);
  if (first.next < stop) node.string(f.url, first.next, url.stop - first.next);
}

/** Adds one header line. */
function header(layer: Layer, b: Buf, at: number, stop: number, next: number): void {
  const colon = find(b, 0x3a, at, stop);
  const field =
    colon < 0
      ? undefined
      : headers.get(
          b
            .text(at, Math.min(colon - at, 40))
            .trim()
            .toLowerCase(),
        );
  if (field === undefined) {
    layer.text(at, next - at, lineText(b, at, stop));
    return;
  }
  let from = colon + 1;
  while (from < stop && (b.u8(from) === 0x20 || b.u8(from) === 0x09)) from++;
  const text = b.text(from, stop - from);
  if (field.type === 'string') {
    layer.add(field, at, next - at, text);
    return;
  }
  const digits = /^[0-9]{1,10}(?=\s*$)/.exec(text)?.[0];
  const value = Number(digits ?? Number.NaN);
  if (!(value <= MAX_NUMBER)) {
    const line = layer.text(at, next - at, lineText(b, at, stop));
    if (field === f.contentLength) line.expert(f.lengthInvalid);
    return;
  }
  layer.add(field, at, next - at, value);
}

/** What a message has behind its headers. */
interface Body {
  /** Where the headers end, their empty line included; -1 if they do not end in these bytes. */
  readonly from: number;
  /** Octets that Content-Length says. */
  readonly length: number;
  /** The media type, in small letters. */
  readonly type: string;
}

/** Longest message whose content is taken apart: what the flow code keeps whole for a framer is no longer. */
const MAX_MESSAGE = 60_000;
/** Longest head that is looked at for its headers at index depth. */
const MAX_HEAD = 65_536;

/** True if [at, end) begins with a response's or a request's first word. */
function begins(b: Uint8Array, at: number, end: number): boolean {
  if (end - at < 6) return false;
  const first = text(b, at, Math.min(end, at + LONGEST_METHOD + 1));
  return first.startsWith('RTSP/') || METHODS.has(first.slice(0, Math.max(0, first.indexOf(' '))));
}

function text(b: Uint8Array, at: number, end: number): string {
  return Buffer.from(b.buffer, b.byteOffset + at, end - at).toString('latin1');
}

/** Where the empty line ends that ends the headers at `at`; -1 if there is none. */
function headEnd(b: Uint8Array, at: number, end: number): number {
  for (let line = at; line < end; ) {
    const stop = lineStop(b, line, end);
    if (stop >= end) return -1;
    const next = lineNext(b, stop, end);
    if (stop === line) return next;
    line = next;
  }
  return -1;
}

/** The same values that header() takes from the lines. */
function bodyOf(b: Uint8Array, at: number, end: number): Body {
  const from = headEnd(b, at, end);
  const head = text(b, at, Math.min(from < 0 ? end : from, at + MAX_HEAD));
  let length = 0;
  for (const [, value = ''] of head.matchAll(/(?:^|[\r\n])[ \t]*content-length[ \t]*:[ \t]*([0-9]{1,10})[ \t]*(?=[\r\n])/gi))
    if (Number(value) <= MAX_NUMBER) length = Number(value);
  return { from, length, type: mediaType(/[\r\n][ \t]*content-type[ \t]*:[ \t]*([^\r\n;]*)/i.exec(head)?.[1] ?? '') };
}

function mediaType(value: string): string {
  return (value.split(';', 1)[0] as string).trim().toLowerCase();
}

/** What takes a body of this media type, as far as it is more than lines. */
function bodyProtocol(type: string): Protocol | undefined {
  return type === 'application/sdp' ? sdp : type === 'text/parameters' ? dataTextLines : undefined;
}

/** One message; gives where it ends. `inside`: how many bodies and interleaved packets may still be taken apart. */
function message(layer: Layer, b: Buf, from: number, inside: number): { readonly end: number; readonly used: number } {
  let { stop, next } = lineAt(b, from);
  if (!begins(b.bytes, from, b.end)) {
    // The rest of a body, or of a message whose head was in a segment before.
    layer.text(from, b.end - from, 'Not taken apart', `${b.end - from} bytes`);
    return { end: b.end, used: 0 };
  }
  startLine(layer, b, from, stop, next);
  const body = bodyOf(b.bytes, from, b.end);
  for (let count = 0; next < (body.from < 0 ? b.end : body.from) && count < MAX_LINES; count++) {
    const at = next;
    ({ stop, next } = lineAt(b, at));
    if (stop > at) header(layer, b, at, stop, next);
  }
  if (body.from < 0) return { end: b.end, used: 0 };
  const end = Math.min(b.end, body.from + body.length);
  if (end <= body.from) return { end, used: 0 };
  const protocol = inside > 0 && end - from <= MAX_MESSAGE ? bodyProtocol(body.type) : undefined;
  if (protocol === undefined) layer.text(body.from, end - body.from, 'Body', `${end - body.from} bytes`);
  else layer.d.callLast(protocol, b.from(body.from, end));
  return { end, used: protocol === undefined ? 0 : 1 };
}

/** Channels of a connection that a SETUP has given to RTP and RTCP (RFC 2326, section 12.39), by 256 * `tcp.stream` + channel. */
class Channels {
  readonly #given = new Map<number, { readonly protocol: Protocol; readonly row: number }>();

  give(stream: number, channel: number, protocol: Protocol, row: number): void {
    const key = 256 * stream + channel;
    if (channel < 256 && this.#given.size < MAX_CHANNELS && !this.#given.has(key)) this.#given.set(key, { protocol, row });
  }

  /** What is on the channel in packet `row`: only later packets than the one that gave it have anything there. */
  at(stream: number, channel: number, row: number): Protocol | undefined {
    const given = this.#given.get(256 * stream + channel);
    return given !== undefined && given.row < row ? given.protocol : undefined;
  }
}

const MAX_CHANNELS = 65_536;
const channels = defineState(() => new Channels());

/** Notes what the Transport header of a response says (RFC 2326, section 12.39): channels of this connection, or UDP ports. */
function noteTransport(side: StreamSide, w: IndexWalk, head: string): void {
  if (!head.startsWith('RTSP/')) return;
  const value = /[\r\n][ \t]*transport[ \t]*:[ \t]*([^\r\n]*)/i.exec(head)?.[1] ?? '';
  if (!/^rtp\/s?avpf?(?:[/;]|$)/i.test(value)) return;
  const pair = (name: string): [number, number] | null => {
    const found = new RegExp(`;[ \\t]*${name}=([0-9]{1,5})(?:-([0-9]{1,5}))?`, 'i').exec(value);
    return found === null ? null : [Number(found[1]), found[2] === undefined ? -1 : Number(found[2])];
  };
  const interleaved = pair('interleaved');
  if (interleaved !== null) {
    const table = w.capture.state(channels);
    table.give(side.stream, interleaved[0], rtp, w.row);
    if (interleaved[1] >= 0) table.give(side.stream, interleaved[1], rtcp, w.row);
    return;
  }
  const ports = pair('client_port');
  if (ports === null || w.dst === UNSET) return;
  if (ports[0] > 0 && ports[0] < 65536) announceMedia(w.capture, w.row, w.dst, ports[0], rtp.id, 'RTSP');
  if (ports[1] > 0 && ports[1] < 65536) announceMedia(w.capture, w.row, w.dst, ports[1], rtcp.id, 'RTSP');
}

/** RFC 2326, section 10.12; gives where it ends. */
function interleaved(layer: Layer, b: Buf, at: number, inside: number): { readonly end: number; readonly used: number } {
  const node = layer.text(at, 4, 'RTSP Interleaved Frame');
  node.uint(f.magic, at);
  const channel = node.uint(f.channel, at + 1);
  const length = node.uint(f.length, at + 2);
  const end = Math.min(b.end, at + 4 + length);
  if (!node.ok || end <= at + 4) return { end, used: 0 };
  const { d } = layer;
  const { transport } = d;
  const open = transport?.kind === 'tcp' && inside > 0 && end - at <= MAX_MESSAGE;
  const protocol = open ? d.capture.state(channels).at(transport.stream, channel, d.row) : undefined;
  if (protocol === undefined) node.bytes(f.data, at + 4, end - at - 4);
  else d.callLast(protocol, b.from(at + 4, end));
  return { end, used: protocol === undefined ? 0 : 1 };
}

/** Bodies and interleaved packets that are taken apart of what comes in one piece: a bound on the layers of a packet. */
const MAX_INSIDE = 20;

/** `phase` is 1 while a head goes on whose empty line did not come yet, `a` 1 where nothing but a CR came since its last LF. */
const framer: Framer = {
  feed(side, b, offset, end) {
    const carried = side.carryLength;
    const have = carried + end - offset;
    const at = (i: number): number => (i < carried ? side.carry?.[i] : b[offset + i - carried]) as number;
    side.keep = true;
    if (at(0) === DOLLAR) {
      if (have < 4) return NEED_MORE;
      const total = 4 + ((at(2) << 8) | at(3));
      if (total <= have) return offset + total - carried;
      side.need = total - have;
      return NEED_MORE;
    }
    if (side.phase === 0) {
      // What begins like no message goes on with what came before: a segment is all that is known of it.
      if (!begins(b, offset, end)) return end;
      side.phase = 1;
      side.a = 0;
    }
    for (let i = offset; i < end; i++) {
      if (b[i] === 10) {
        if (side.a === 1) return headed(side, b, offset, i + 1, end);
        side.a = 1;
      } else if (b[i] !== 13) side.a = 0;
    }
    return NEED_MORE;
  },
  content(side, w, b, offset, end) {
    let inside = MAX_INSIDE;
    for (let at = offset; at < end; ) {
      if (b[at] === DOLLAR) {
        if (end - at < 4) return;
        const stop = Math.min(end, at + 4 + (((b[at + 2] as number) << 8) | (b[at + 3] as number)));
        const protocol =
          inside > 0 && stop > at + 4 && stop - at <= MAX_MESSAGE
            ? w.capture.state(channels).at(side.stream, b[at + 1] as number, w.row)
            : undefined;
        if (protocol !== undefined) {
          w.pushPart(protocol);
          inside--;
        }
        at = stop;
        continue;
      }
      if (!begins(b, at, end)) return;
      const { from, length, type } = bodyOf(b, at, end);
      if (from < 0) return;
      noteTransport(side, w, text(b, at, Math.min(from, at + MAX_HEAD)));
      const stop = Math.min(end, from + length);
      const protocol = inside > 0 && stop > from && stop - at <= MAX_MESSAGE ? bodyProtocol(type) : undefined;
      if (protocol !== undefined) {
        w.pushPart(protocol);
        inside--;
      }
      at = stop;
    }
  },
};

/** The head ends before b[at]: how much of the body is missing? */
function headed(side: StreamSide, b: Uint8Array, offset: number, at: number, end: number): number {
  side.phase = 0;
  let head = b.subarray(offset, at);
  if (side.carryLength > 0) {
    head = new Uint8Array(side.carryLength + at - offset);
    head.set((side.carry as Uint8Array).subarray(0, side.carryLength));
    head.set(b.subarray(offset, at), side.carryLength);
  }
  const { length } = bodyOf(head, 0, head.length);
  if (at + length <= end) return at + length;
  side.need = at + length - end;
  return NEED_MORE;
}

export const rtsp = app({
  name: 'rtsp',
  short: 'RTSP',
  title: 'Real Time Streaming Protocol',
  fields: Object.values(f),
  framer,
  read(layer, b) {
    let inside = MAX_INSIDE;
    for (let at = b.offset; at < b.end && layer.ok && !layer.d.full; ) {
      const { end, used } = b.u8(at) === DOLLAR ? interleaved(layer, b, at, inside) : message(layer, b, at, inside);
      inside -= used;
      at = end;
    }
    return firstLine(b, b.offset);
  },
});
