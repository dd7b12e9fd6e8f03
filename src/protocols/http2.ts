/** HTTP/2 (RFC 9113) in the clear: by prior knowledge, or after an upgrade to h2c. */

import type { Buf, Dissection, Layer, Node } from '../dissect/dissection.ts';
import * as fields from '../dissect/field.ts';
import { defineProtocol, type Protocol } from '../dissect/protocol.ts';
import { say } from '../dissect/said.ts';
import type { CodingFlaw, LayerNode } from '../messages.ts';
import { NONE } from '../table/packet-table.ts';
import { dissectPacket } from './dissect-packet.ts';
import type { HpackForm, HpackHeader } from './hpack.ts';
import { type Decoded, decode, decodeIn, isPlain, isUndone, tooLarge } from './http-body.ts';
import { codeDescriptions } from './http-fields.ts';
import { type HttpMessage, httpMessages, stillCoded } from './http-messages.ts';
import { type Block, Flag2, FRAME_HEAD, fragmentOf, headersOfData, http2Framer, http2Streams, PREFACE, Type } from './http2-streams.ts';
import { callMedia } from './media.ts';

const { bool, bytes, expert, framenum, names, none, string, uint16, uint24, uint32, uint64, uint8 } = fields;

const GENERATED = { generated: true } as const;
const TRUE = ['True', 'False'] as const;
const flag = (abbrev: string, label: string, mask: number): fields.FieldDef => bool(abbrev, label, { mask, bool: TRUE });
const unused = (abbrev: string, mask: number): fields.FieldDef => uint8(abbrev, 'Unused', { base: 'hex', mask });

const TYPES = names({
  0: 'DATA',
  1: 'HEADERS',
  2: 'PRIORITY',
  3: 'RST_STREAM',
  4: 'SETTINGS',
  5: 'PUSH_PROMISE',
  6: 'PING',
  7: 'GOAWAY',
  8: 'WINDOW_UPDATE',
  9: 'CONTINUATION',
  10: 'ALTSVC',
  11: 'BLOCKED',
  12: 'ORIGIN',
  16: 'PRIORITY_UPDATE',
});

export const ERRORS = names({
  0: 'NO_ERROR',
  1: 'PROTOCOL_ERROR',
  2: 'INTERNAL_ERROR',
  3: 'FLOW_CONTROL_ERROR',
  4: 'SETTINGS_TIMEOUT',
  5: 'STREAM_CLOSED',
  6: 'FRAME_SIZE_ERROR',
  7: 'REFUSED_STREAM',
  8: 'CANCEL',
  9: 'COMPRESSION_ERROR',
  10: 'CONNECT_ERROR',
  11: 'ENHANCE_YOUR_CALM',
  12: 'INADEQUATE_SECURITY',
  13: 'HTTP_1_1_REQUIRED',
});

const f = {
  stream: none('http2.stream', 'Stream'),
  magic: string('http2.magic', 'Magic'),
  length: uint24('http2.length', 'Length'),
  type: uint8('http2.type', 'Type', { names: TYPES }),
  flags: uint8('http2.flags', 'Flags', { base: 'hex' }),
  endStream: flag('http2.flags.end_stream', 'End Stream', 0x01),
  endHeaders: flag('http2.flags.eh', 'End Headers', 0x04),
  padded: flag('http2.flags.padded', 'Padded', 0x08),
  priority: flag('http2.flags.priority', 'Priority', 0x20),
  ackPing: flag('http2.flags.ack.ping', 'ACK', 0x01),
  ackSettings: flag('http2.flags.ack.settings', 'ACK', 0x01),
  unused: unused('http2.flags.unused', 0xff),
  unusedSettings: unused('http2.flags.unused_settings', 0xfe),
  unusedPing: unused('http2.flags.unused_ping', 0xfe),
  unusedContinuation: unused('http2.flags.unused_continuation', 0xfb),
  unusedPush: unused('http2.flags.unused_push_promise', 0xf3),
  unusedData: unused('http2.flags.unused_data', 0xf6),
  unusedHeaders: unused('http2.flags.unused_headers', 0xd2),
  reserved: uint32('http2.r', 'Reserved', { base: 'hex', mask: 0x80000000 }),
  streamId: uint32('http2.streamid', 'Stream Identifier', { mask: 0x7fffffff }),
  unknown: bytes('http2.unknown', 'Unknown'),
  padding: uint8('http2.padding', 'Pad Length', { base: 'hex' }),
  padLength: uint16('http2.pad_length', 'Pad Length', GENERATED),
  exclusive: bool('http2.exclusive', 'Exclusive', { mask: 0x80000000, bool: TRUE }),
  dependency: uint32('http2.stream_dependency', 'Stream Dependency', { mask: 0x7fffffff }),
  weight: uint8('http2.headers.weight', 'Weight'),
  weightReal: uint8('http2.headers.weight_real', 'Weight real', GENERATED),
  data: bytes('http2.data.data', 'Data'),
  dataPadding: bytes('http2.data.padding', 'Padding'),
  fragments: none('http2.body.fragments', 'Body fragments', GENERATED),
  fragment: framenum('http2.body.fragment', 'Body fragment', GENERATED),
  fragmentCount: uint32('http2.body.fragment.count', 'Body fragment count', GENERATED),
  reassembledLength: uint32('http2.body.reassembled.length', 'Reassembled body length', GENERATED),
  reassembledData: bytes('http2.body.reassembled.data', 'Reassembled body data', GENERATED),
  headers: bytes('http2.headers', 'Header Block Fragment'),
  headersPadding: bytes('http2.headers.padding', 'Padding'),
  headerLength: uint32('http2.header.length', 'Header Length', GENERATED),
  headerCount: uint32('http2.header.count', 'Header Count', GENERATED),
  header: none('http2.header', 'Header'),
  nameLength: uint32('http2.header.name.length', 'Name Length'),
  name: string('http2.header.name', 'Name'),
  valueLength: uint32('http2.header.value.length', 'Value Length'),
  value: string('http2.header.value', 'Value'),
  unescaped: string('http2.header.unescaped', 'Unescaped', GENERATED),
  form: string('http2.header.repr', 'Representation'),
  index: uint32('http2.header.index', 'Index'),
  sizeUpdate: none('http2.header_table_size_update', 'Header table size update'),
  tableSize: uint32('http2.header_table_size_update.header_table_size', 'Header table size'),
  fullUri: string('http2.request.full_uri', 'Full request URI', GENERATED),
  resetError: uint32('http2.rst_stream.error', 'Error', { names: ERRORS }),
  settings: none('http2.settings', 'Settings'),
  settingsId: uint16('http2.settings.id', 'Settings Identifier', {
    names: names({
      1: 'Header table size',
      2: 'Enable PUSH',
      3: 'Max concurrent streams',
      4: 'Initial Windows size',
      5: 'Max frame size',
      6: 'Max header list size',
      8: 'Extended CONNECT',
    }),
  }),
  unknownSetting: uint32('http2.settings.unknown', 'Unknown Settings'),
  pushReserved: uint32('http2.push_promise.r', 'Reserved', { base: 'hex', mask: 0x80000000 }),
  promised: uint32('http2.push_promise.promised_stream_id', 'Promised-Stream-ID', { mask: 0x7fffffff }),
  pushHeaders: bytes('http2.push_promise.header', 'Header Block Fragment'),
  pushPadding: bytes('http2.push_promise.padding', 'Padding'),
  ping: bytes('http2.ping', 'Ping'),
  pong: bytes('http2.pong', 'Pong'),
  goAwayReserved: uint32('http2.goway.r', 'Reserved', { base: 'hex', mask: 0x80000000 }),
  lastStream: uint32('http2.goaway.last_stream_id', 'Last-Stream-ID', { mask: 0x7fffffff }),
  goAwayError: uint32('http2.goaway.error', 'Error', { names: ERRORS }),
  goAwayData: bytes('http2.goaway.addata', 'Additional Debug Data'),
  windowReserved: uint32('http2.window_update.r', 'Reserved', { base: 'hex', mask: 0x80000000 }),
  increment: uint32('http2.window_update.window_size_increment', 'Window Size Increment', { mask: 0x7fffffff }),
  continuation: string('http2.continuation.header', 'Continuation Header'),
  originLength: uint16('http2.altsvc.origin.len', 'Origin Length'),
  origin: string('http2.altsvc.origin', 'Origin'),
  fieldValue: string('http2.altsvc.field_value', 'Field/Value'),
  eiHeaders: expert('http2.header_size_exceeded', 'error', 'Decompression stopped.', 'undecoded'),
  eiBody: expert('http2.body_decompression_failed', 'warn', 'Body decompression failed', 'undecoded'),
} as const;

const SETTINGS: Readonly<Record<number, fields.FieldDef>> = {
  1: uint32('http2.settings.header_table_size', 'Header table size'),
  2: uint32('http2.settings.enable_push', 'Enable PUSH'),
  3: uint32('http2.settings.max_concurrent_streams', 'Max concurrent streams'),
  4: uint32('http2.settings.initial_window_size', 'Initial Windows Size'),
  5: uint32('http2.settings.max_frame_size', 'Max frame size'),
  6: uint32('http2.settings.max_header_list_size', 'Max header list size'),
  8: uint32('http2.settings.extended_connect', 'Extended CONNECT'),
};

const headerFields = new Map<string, fields.FieldDef>(
  (
    ':authority :status :path :method :scheme accept accept-charset accept-encoding accept-language accept-ranges access-control-allow-origin age ' +
    'allow authorization cache-control content-disposition content-encoding content-language content-length content-location content-range ' +
    'content-type cookie date etag expect expires from if-match if-modified-since if-none-match if-range if-unmodified-since last-modified link ' +
    'location max-forwards proxy-authenticate proxy-authorization range referer refresh retry-after server set-cookie ' +
    'strict-transport-security user-agent vary via www-authenticate'
  )
    .split(' ')
    .map((name) => {
      const abbrev = `http2.headers.${name.replace(':', '').replaceAll('-', '_')}`;
      const whole = name === 'age' || name === 'content-length' || name === 'max-forwards';
      return [name, name === ':status' ? uint16(abbrev, name) : whole ? uint64(abbrev, name) : string(abbrev, name)];
    }),
);

/** Characters of an HTTP2-Settings header that are read. */
const MAX_SETTINGS = 4096;
const FORMS: Readonly<Record<HpackForm, string>> = {
  indexed: 'Indexed Header Field',
  incremental: 'Literal Header Field with Incremental Indexing',
  without: 'Literal Header Field without Indexing',
  never: 'Literal Header Field never Indexed',
  size: 'Maximum Dynamic Table Size Change',
};

/** Octets of a joined body. */
const MAX_BODY = 16 * 1024 * 1024;
const MAX_FRAMES = 1000;
const MAX_PARTS = 4096;
/** What the header list adds for each header in tshark's count: the two lengths. */
const LENGTH_OCTETS = 8;

/** Payloads of DATA frames of a dissection, by their layers. */
const payloads = new WeakMap<LayerNode, Uint8Array>();
/** True while other packets are read for their DATA frames: these read no further ones. */
let busy = false;

function headerValue(headers: readonly HpackHeader[], name: string): string {
  return headers.find((header) => header.name === name)?.value ?? '';
}

/** Header blocks and DATA frames that ended in a packet so far: it may hold several stretches of frames. */
interface Count {
  blocks: number;
  data: number;
}

const counts = new WeakMap<Dissection, Count>();

class Frame {
  readonly d: Dissection;
  readonly b: Buf;
  readonly layer: Layer;
  readonly node: Node;
  readonly type: number;
  readonly flags: number;
  readonly id: number;
  /** Of the payload. */
  readonly at: number;
  readonly end: number;
  info: string;

  constructor(d: Dissection, b: Buf, from: number) {
    this.d = d;
    this.b = b;
    this.layer = d.layer(http2, b, from);
    const length = b.u24(from);
    this.type = b.u8(from + 3);
    this.flags = b.u8(from + 4);
    this.id = b.u32(from + 5) & 0x7fffffff;
    this.at = from + FRAME_HEAD;
    this.end = Math.min(b.end, this.at + length);
    const word = TYPES.get(this.type) ?? `Unknown type (${this.type})`;
    this.info = `${word}[${this.id}]`;
    this.node = this.layer.add(f.stream, from, this.end - from, null, { display: `${word}, Stream ID: ${this.id}, Length ${length}` });
    this.node.uint(f.length, from);
    this.node.uint(f.type, from + 3);
    this.#flags(from + 4);
    this.node.uint(f.reserved, from + 5);
    this.node.uint(f.streamId, from + 5);
    this.layer.size(Math.min(FRAME_HEAD, this.end - from), this.end);
    this.layer.summary = this.info;
  }

  #flags(at: number): void {
    const node = this.node.uintNode(f.flags, at);
    const shown =
      this.type === Type.Headers
        ? [f.unusedHeaders, f.priority, f.padded, f.endHeaders, f.endStream]
        : this.type === Type.Data
          ? [f.unusedData, f.padded, f.endStream]
          : this.type === Type.Settings
            ? [f.unusedSettings, f.ackSettings]
            : this.type === Type.Ping
              ? [f.unusedPing, f.ackPing]
              : this.type === Type.Push
                ? [f.unusedPush, f.padded, f.endHeaders]
                : this.type === Type.Continuation
                  ? [f.unusedContinuation, f.padded, f.endHeaders]
                  : [f.unused];
    for (const field of shown) node.uint(field, at, 1);
    if (node.field !== null)
      for (const field of shown.slice(1)) if ((this.flags & (field.mask ?? 0)) !== 0) node.field.display += `, ${field.label}`;
  }

  is(bit: number): boolean {
    return (this.flags & bit) !== 0;
  }

  /** Adds the pad length; gives how many octets of padding end the payload. */
  pad(): number {
    const pad = this.is(Flag2.Padded) ? this.node.uint(f.padding, this.at) : 0;
    this.node.add(f.padLength, this.at, 0, pad);
    return pad;
  }
}

function dissectFrame(d: Dissection, b: Buf, from: number, count: Count): Frame {
  const frame = new Frame(d, b, from);
  const { node, at, end } = frame;
  if (!frame.layer.ok) return frame;
  const rest = (field: fields.FieldDef, start: number): void => {
    if (end > start) node.bytes(field, start, end - start);
  };
  switch (frame.type) {
    case Type.Data:
      dataFrame(frame, count.data++);
      break;
    case Type.Headers:
    case Type.Push:
    case Type.Continuation:
      headersFrame(frame, count);
      break;
    case Type.Priority:
      priority(node, at);
      break;
    case Type.Reset:
      node.uint(f.resetError, at);
      break;
    case Type.Settings:
      for (let k = at; k + 6 <= end && frame.layer.ok; k += 6) {
        const setting = node.add(f.settings, k, 6, null);
        const id = setting.uint(f.settingsId, k);
        setting.uint(SETTINGS[id] ?? f.unknownSetting, k + 2);
      }
      break;
    case Type.Ping:
      rest(frame.is(1) ? f.pong : f.ping, at);
      break;
    case Type.GoAway:
      node.uint(f.goAwayReserved, at);
      node.uint(f.lastStream, at);
      node.uint(f.goAwayError, at + 4);
      rest(f.goAwayData, at + 8);
      break;
    case Type.Window:
      node.uint(f.windowReserved, at);
      node.uint(f.increment, at);
      break;
    case 10: {
      const length = node.uint(f.originLength, at);
      if (length > 0) node.string(f.origin, at + 2, length);
      const value = at + 2 + length;
      if (end > value) node.string(f.fieldValue, value, end - value);
      break;
    }
    default:
      rest(f.unknown, at);
  }
  return frame;
}

/** Settings in the HTTP2-Settings header of a request for an upgrade: a SETTINGS payload in base64url (RFC 7540, section 3.2.1). */
export function upgradeSettings(node: Node, value: string, at: number, length: number): void {
  const octets = Buffer.from(value.slice(0, MAX_SETTINGS), 'base64url');
  for (let k = 0; k + 6 <= octets.length; k += 6) {
    const setting = node.add(f.settings, at, length, null);
    const id = octets.readUInt16BE(k);
    setting.add(f.settingsId, at, length, id);
    setting.add(SETTINGS[id] ?? f.unknownSetting, at, length, octets.readUInt32BE(k + 2));
  }
}

function priority(node: Node, at: number): void {
  node.uint(f.exclusive, at, 4);
  node.uint(f.dependency, at);
  const weight = node.uint(f.weight, at + 4);
  node.add(f.weightReal, at + 4, 0, Math.min(255, weight + 1), { display: String(weight + 1) });
}

function headersFrame(frame: Frame, count: Count): void {
  const { d, b, node, type, at, end } = frame;
  // A CONTINUATION frame has no padding; tshark looks for it all the same.
  let pad = 0;
  if (type === Type.Continuation) node.add(f.padLength, at, 0, 0);
  else pad = frame.pad();
  const [from, to] = type === Type.Continuation ? [0, end - at] : fragmentOf(type, frame.flags, b.slice(at, end - at), end - at);
  if (type === Type.Headers && frame.is(Flag2.Priority)) priority(node, at + from - 5);
  if (type === Type.Push) {
    node.uint(f.pushReserved, at + from - 4);
    node.uint(f.promised, at + from - 4);
  }
  if (to > from) {
    if (type === Type.Continuation) node.add(f.continuation, at, to, '', { display: `${to} bytes` });
    else node.bytes(type === Type.Push ? f.pushHeaders : f.headers, at + from, to - from);
  }
  if (frame.is(Flag2.EndHeaders)) {
    const block = d.transport?.kind === 'tcp' ? d.capture.state(http2Streams).block(d.row, count.blocks++) : undefined;
    if (block !== undefined) headerList(frame, block, at + from, to - from);
  }
  if (pad > 0 && to + pad <= end - at) node.bytes(type === Type.Push ? f.pushPadding : f.headersPadding, at + to, pad);
}

/** The headers of a block that ends in this frame, whose fragment is [at, at + length). */
function headerList(frame: Frame, block: Block, at: number, length: number): void {
  const { d, node } = frame;
  const real = block.headers.filter(({ form }) => form !== 'size');
  const octets = real.reduce((sum, { name, value }) => sum + Buffer.byteLength(name) + Buffer.byteLength(value) + LENGTH_OCTETS, 0);
  node.add(f.headerLength, at, 0, octets);
  node.add(f.headerCount, at, 0, real.length);
  // A block over several frames begins elsewhere: its headers have no place here.
  const here = frame.type !== Type.Continuation;
  for (const header of block.headers) {
    const from = here ? at + Math.min(header.at, length) : at;
    const size = here ? Math.min(header.length, length) : 0;
    if (header.form === 'size') {
      node.add(f.sizeUpdate, from, size, null).add(f.tableSize, from, size, header.index);
      continue;
    }
    const { name, value } = header;
    const tree = node.add(f.header, from, size, null, { display: `${name}: ${value}` });
    tree.add(f.nameLength, from, size, Buffer.byteLength(name));
    tree.add(f.name, from, size, name);
    tree.add(f.valueLength, from, size, Buffer.byteLength(value));
    tree.add(f.value, from, size, value);
    known(tree, from, size, name, value);
    tree.add(f.unescaped, from, size, unescaped(value));
    const how = header.form === 'indexed' ? '' : header.index === 0 ? ' - New Name' : ' - Indexed Name';
    tree.add(f.form, from, size, `${FORMS[header.form]}${how}`);
    if (header.index !== 0) tree.add(f.index, from, size, header.index);
  }
  if (block.error !== null) node.expert(f.eiHeaders, at, 0, `Decompression stopped: ${block.error}.`);
  // Where there is no more room for fields, there is none for as many octets either.
  if (!d.full)
    say(frame.layer.node, 'http2', Buffer.from(`${real.map(({ name, value }) => `${name}: ${value}\r\n`).join('')}\r\n`), frame.id);
  const method = headerValue(real, ':method');
  const status = headerValue(real, ':status');
  if (method !== '') frame.info += `: ${method} ${headerValue(real, ':path')}`;
  else if (status !== '') frame.info += `: ${status} ${codeDescriptions.get(Number(status)) ?? ''}`.trimEnd();
  frame.layer.summary = frame.info;
  const uri = fullUri(real);
  if (uri !== '') node.add(f.fullUri, at, 0, uri);
  if (block.begins) noteMessage(frame, real, null);
  else if (block.ends && block.main !== NONE) {
    const main = d.capture.state(http2Streams).blocks[block.main];
    // Trailers: the body ended without being told so.
    const body = block.data === NONE ? null : bodyOf(frame, block.data, null);
    noteMessage(frame, main?.headers ?? real, body);
    if (body !== null) showBody(frame, at, body, headersOfData(d.capture, block.data), null);
  }
}

/** The field of its own that a header has. */
function known(tree: Node, at: number, length: number, name: string, value: string): void {
  const field = headerFields.get(name);
  if (field === undefined) return;
  if (field.type === 'string') tree.add(field, at, length, value);
  else if (/^[0-9]{1,18}$/.test(value)) tree.add(field, at, length, field.type === 'uint64' ? BigInt(value) : Number(value) & 0xffff);
}

/** Percent-encoding undone, octet by octet. */
function unescaped(text: string): string {
  if (!text.includes('%')) return text;
  const octets = Buffer.from(
    text.replace(/%([0-9a-fA-F]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16))),
    'latin1',
  );
  return new TextDecoder('utf-8').decode(octets);
}

function fullUri(headers: readonly HpackHeader[]): string {
  const [scheme, authority, path] = [':scheme', ':authority', ':path'].map((name) => headerValue(headers, name));
  return scheme === '' || authority === '' || path === '' ? '' : `${scheme}://${authority}${path}`;
}

/** Remembers the message that ends in this frame. */
function noteMessage(frame: Frame, headers: readonly HpackHeader[], body: Body | null): void {
  const whole = body?.whole ?? new Uint8Array(0);
  const decoded = body?.decoded ?? null;
  const message: HttpMessage = {
    method: headerValue(headers, ':method'),
    uri: headerValue(headers, ':path'),
    fullUri: fullUri(headers),
    host: headerValue(headers, ':authority') || headerValue(headers, 'host'),
    status: Number(headerValue(headers, ':status')) || 0,
    reason: '',
    version: 'HTTP/2',
    headers: headers.filter(({ form }) => form !== 'size').map(({ name, value }): [string, string] => [name, value]),
    headBytes: -1,
    contentType: headerValue(headers, 'content-type'),
    contentEncoding: headerValue(headers, 'content-encoding'),
    bodyBytes: body?.sent ?? 0,
    get body() {
      return decoded === null || stillCoded(message) ? whole : decoded.bytes;
    },
    get decodedBytes() {
      return decoded === null || stillCoded(message) ? whole.length : decoded.length;
    },
    get flaw() {
      return decoded?.flaw ?? null;
    },
  };
  httpMessages.set(frame.layer.node, message);
}

interface Body {
  /** Octets as sent. */
  readonly sent: number;
  readonly whole: Uint8Array;
  /** Content codings undone, when someone asks; null without any. */
  readonly decoded: Decoded | null;
  /** What is dissected: Wireshark does not undo zstd. */
  readonly shown: Uint8Array;
  readonly rows: readonly number[];
  readonly flaw: CodingFlaw | null;
}

/** The body that ends with DATA frame `last`, whose own payload is `own` (null: read it too). Null while other packets are read. */
function bodyOf(frame: Frame, last: number, own: Uint8Array | null): Body | null {
  if (busy) return null;
  const { capture } = frame.d;
  const state = capture.state(http2Streams);
  const parts: Uint8Array[] = [];
  const rows: number[] = [];
  const all: number[] = [];
  for (let k = last; k !== NONE && all.length < MAX_PARTS; k = state.dataPrevious[k] as number) all.push(k);
  busy = true;
  try {
    let at: { row: number; payloads: readonly Uint8Array[] } = { row: NONE, payloads: [] };
    // In order of the capture: what TCP knows of a row comes from those before it, and going backwards it would be found anew for each.
    for (const k of all.reverse()) {
      const row = state.dataRow[k] as number;
      rows.push(row);
      if (k === last && own !== null) {
        parts.push(own);
        continue;
      }
      if (at.row !== row) {
        const { layers } = row === frame.d.row ? frame.d : dissectPacket(capture, row, false);
        at = { row, payloads: layers.flatMap((layer) => payloads.get(layer) ?? []) };
      }
      parts.push(at.payloads[state.dataOrdinal[k] as number] ?? new Uint8Array(0));
    }
  } finally {
    busy = false;
  }
  const sent = parts.reduce((sum, part) => sum + part.length, 0);
  const whole = Buffer.concat(parts, Math.min(sent, MAX_BODY));
  const coding = headerValue(headersOfData(capture, last), 'content-encoding').toLowerCase();
  const body = { sent, whole, rows };
  if (isPlain(coding)) return { ...body, decoded: null, shown: whole, flaw: null };
  if (sent > MAX_BODY) return { ...body, decoded: tooLarge, shown: whole, flaw: 'large' };
  const inPacket = decodeIn(frame.d, coding, whole);
  const { flaw } = inPacket;
  const shown = coding === 'zstd' || !isUndone(flaw) ? whole : inPacket.bytes;
  return { ...body, decoded: decode(coding, whole), shown, flaw };
}

function dataFrame(frame: Frame, ordinal: number): void {
  const { d, b, node, at, end } = frame;
  const pad = frame.pad();
  const from = at + (frame.is(Flag2.Padded) ? 1 : 0);
  const to = Math.max(from, end - pad);
  const payload = b.slice(from, to - from);
  payloads.set(frame.layer.node, payload);
  say(frame.layer.node, 'http2', payload, frame.id);
  const number = d.transport?.kind === 'tcp' ? d.capture.state(http2Streams).data(d.row, ordinal) : NONE;
  const body = frame.is(Flag2.EndStream) && number !== NONE ? bodyOf(frame, number, payload) : null;
  if (body !== null && body.rows.length > 1) fragments(node, from, body);
  if (to > from) node.bytes(f.data, from, to - from);
  if (pad > 0 && to + pad <= end) node.bytes(f.dataPadding, to, pad);
  if (body === null) return;
  const headers = headersOfData(d.capture, number);
  noteMessage(frame, headers, body);
  showBody(frame, from, body, headers, body.rows.length === 1 ? b.from(from, to) : null);
}

function fragments(node: Node, at: number, body: Body): void {
  const count = body.rows.length;
  const tree = node.add(f.fragments, at, 0, null, { display: `${count} Body fragments (${body.sent} bytes)` });
  for (const row of body.rows) tree.add(f.fragment, at, 0, row + 1);
  tree.add(f.fragmentCount, at, 0, count);
  tree.add(f.reassembledLength, at, 0, body.whole.length);
  tree.add(f.reassembledData, at, 0, body.whole, { display: `${body.whole.length} bytes` });
}

/** Calls the protocol of a whole body. @param own the bytes of this packet that it is, if it is in them as it is */
function showBody(frame: Frame, at: number, body: Body, headers: readonly HpackHeader[], own: Buf | null): void {
  const { d, node } = frame;
  if (own === null && frame.type !== Type.Data) fragments(node, at, body);
  if (body.flaw === 'damaged' || body.flaw === 'large' || body.flaw === 'slow') node.expert(f.eiBody);
  if (body.shown.length === 0) return;
  const asItIs = own !== null && body.shown === body.whole;
  callMedia(d, asItIs ? own : d.newBuf('HTTP/2 body', body.shown), headerValue(headers, 'content-type'));
}

function isPreface(bytes: Uint8Array, offset: number, end: number): boolean {
  if (end - offset < PREFACE.length) return false;
  for (let i = 0; i < PREFACE.length; i++) if (bytes[offset + i] !== PREFACE[i]) return false;
  return true;
}

/** The SETTINGS frame that a server may send before it hears of the client (RFC 9113 section 3.4), alone or followed by another frame. */
function isSettings(bytes: Uint8Array, offset: number, end: number): boolean {
  if (end - offset < FRAME_HEAD || bytes[offset] !== 0 || bytes[offset + 1] !== 0) return false;
  const length = bytes[offset + 2] as number;
  if (length % 6 !== 0 || length > 60 || bytes[offset + 3] !== Type.Settings || bytes[offset + 4] !== 0) return false;
  for (let i = 5; i < FRAME_HEAD; i++) if (bytes[offset + i] !== 0) return false;
  for (let at = offset + FRAME_HEAD; at + 6 <= Math.min(end, offset + FRAME_HEAD + length); at += 6)
    if (bytes[at] !== 0 || (bytes[at + 1] as number) < 1 || (bytes[at + 1] as number) > 16) return false;
  // An empty one has little that tells: it must be all there is.
  return length === 0 ? end === offset + FRAME_HEAD : end >= offset + FRAME_HEAD + length;
}

export const http2: Protocol = defineProtocol({
  name: 'http2',
  short: 'HTTP2',
  title: 'HyperText Transfer Protocol 2',
  osi: '7',
  pdu: 'Frame',
  hue: 'app',
  fields: [...Object.values(f), ...Object.values(SETTINGS), ...headerFields.values()],
  mayBegin: (octet) => octet === 0x50 || octet === 0,
  accepts: (bytes, offset, end) => isPreface(bytes, offset, end) || isSettings(bytes, offset, end),
  sticky: true,
  framer: http2Framer,
  dissect(d, b) {
    const info: string[] = [];
    const count = counts.get(d) ?? { blocks: 0, data: 0 };
    counts.set(d, count);
    d.column(http2, '');
    let at = b.offset;
    while (at < b.end && info.length < MAX_FRAMES) {
      if (isPreface(b.bytes, at, b.end)) {
        const layer = d.layer(http2, b, at);
        layer.size(PREFACE.length, at + PREFACE.length);
        layer.summary = 'Magic';
        const node = layer.add(f.stream, at, PREFACE.length, null, { display: 'Magic' });
        node.string(f.magic, at, PREFACE.length);
        info.push('Magic');
        at += PREFACE.length;
        continue;
      }
      const frame = dissectFrame(d, b, at, count);
      info.push(frame.info);
      if (!frame.layer.ok || frame.end <= at) break;
      at = frame.end;
    }
    d.column(http2, info.join(', '));
  },
});
