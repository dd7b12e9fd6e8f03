/** Real Time Streaming Protocol (RFC 2326): requests, responses, their headers, and what is interleaved with them. */
import type { Buf, Layer } from '../dissect/dissection.ts';
import { bytes, expert, type FieldDef, string, uint8, uint16, uint32 } from '../dissect/field.ts';
import { app, firstLine } from './app-kit.ts';
import { find, lineAt, lineText, wordAt } from './text-lines.ts';

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
  lengthInvalid: expert('rtsp.content-length.invalid', 'warn', 'Invalid content length'),
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

/** The line at `at`, if it begins a message. */
function startLine(layer: Layer, b: Buf, at: number, stop: number, next: number): boolean {
  const first = wordAt(b, at, stop);
  const word = b.text(at, Math.min(first.stop - at, 20));
  if (word.startsWith('RTSP/')) {
    const node = layer.add(f.response, at, next - at, b.text(at, next - at));
    const code = wordAt(b, first.next, stop);
    const digits = b.text(first.next, code.stop - first.next);
    if (/^[0-9]{1,9}$/.test(digits)) node.add(f.status, first.next, code.stop - first.next, Number(digits));
    return true;
  }
  if (!METHODS.has(word)) return false;
  const node = layer.add(f.request, at, next - at, b.text(at, next - at));
  node.string(f.method, at, first.stop - at);
  const url = wordAt(b, first.next, stop);
  if (first.next < stop) node.string(f.url, first.next, url.stop - first.next);
  return true;
}

/** Adds one header line; gives the length of the body where it says that, -1 otherwise. */
function header(layer: Layer, b: Buf, at: number, stop: number, next: number): number {
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
    return -1;
  }
  let from = colon + 1;
  while (from < stop && (b.u8(from) === 0x20 || b.u8(from) === 0x09)) from++;
  const text = b.text(from, stop - from);
  if (field.type === 'string') {
    layer.add(field, at, next - at, text);
    return -1;
  }
  const digits = /^[0-9]{1,10}(?=\s*$)/.exec(text)?.[0];
  const value = Number(digits ?? Number.NaN);
  if (!(value <= MAX_NUMBER)) {
    const line = layer.text(at, next - at, lineText(b, at, stop));
    if (field === f.contentLength) line.expert(f.lengthInvalid);
    return -1;
  }
  layer.add(field, at, next - at, value);
  return field === f.contentLength ? value : -1;
}

/** One message; gives where it ends. */
function message(layer: Layer, b: Buf, from: number): number {
  let { stop, next } = lineAt(b, from);
  if (!startLine(layer, b, from, stop, next)) {
    // The rest of a body, or of a message whose head was in a segment before.
    layer.text(from, b.end - from, 'Not taken apart', `${b.end - from} bytes`);
    return b.end;
  }
  let body = 0;
  for (let count = 0; next < b.end && count < MAX_LINES; count++) {
    const at = next;
    ({ stop, next } = lineAt(b, at));
    if (stop === at) {
      const end = Math.min(b.end, next + body);
      if (end > next) layer.text(next, end - next, 'Body', `${end - next} bytes`);
      return end;
    }
    const length = header(layer, b, at, stop, next);
    if (length >= 0) body = length;
  }
  return b.end;
}

/** RFC 2326, section 10.12; gives where it ends. */
function interleaved(layer: Layer, b: Buf, at: number): number {
  const node = layer.text(at, 4, 'RTSP Interleaved Frame');
  node.uint(f.magic, at);
  node.uint(f.channel, at + 1);
  const length = node.uint(f.length, at + 2);
  const end = Math.min(b.end, at + 4 + length);
  if (node.ok && end > at + 4) node.bytes(f.data, at + 4, end - at - 4);
  return end;
}

export const rtsp = app({
  name: 'rtsp',
  short: 'RTSP',
  title: 'Real Time Streaming Protocol',
  fields: Object.values(f),
  read(layer, b) {
    for (let at = b.offset; at < b.end && layer.ok && !layer.d.full; ) {
      at = b.u8(at) === DOLLAR ? interleaved(layer, b, at) : message(layer, b, at);
    }
    return firstLine(b, b.offset);
  },
});
