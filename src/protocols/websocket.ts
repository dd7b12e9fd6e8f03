/** WebSocket (RFC 6455) with permessage-deflate (RFC 7692). */

import * as zlib from 'node:zlib';
import { type CaptureIndex, defineState } from '../dissect/capture-index.ts';
import { data } from '../dissect/data.ts';
import { bytesText } from '../dissect/display.ts';
import type { Buf, Dissection, Layer, Node } from '../dissect/dissection.ts';
import * as fields from '../dissect/field.ts';
import { defineProtocol, type Protocol } from '../dissect/protocol.ts';
import type { LayerNode } from '../messages.ts';
import { NONE } from '../table/packet-table.ts';
import { dataTextLines } from './data-text-lines.ts';
import { dissectPacket } from './dissect-packet.ts';
import { FIN, headLength, OPCODE, RSV1, webSocketFramer, webSocketFrames } from './websocket-frames.ts';

const { bool, bytes, expert, framenum, names, none, string, uint16, uint32, uint64, uint8 } = fields;

const CLOSE_CODES = names({
  1000: 'Normal Closure',
  1001: 'Going Away',
  1002: 'Protocol error',
  1003: 'Unsupported Data',
  1004: '---Reserved----',
  1005: 'No Status Rcvd',
  1006: 'Abnormal Closure',
  1007: 'Invalid frame payload data',
  1008: 'Policy Violation',
  1009: 'Message Too Big',
  1010: 'Mandatory Ext.',
  1011: 'Internal Server',
  1015: 'TLS handshake',
});

const TRUE = { bool: ['True', 'False'] as const };

const f = {
  fin: bool('websocket.fin', 'Fin', { mask: 0x80, ...TRUE }),
  reserved: uint8('websocket.rsv', 'Reserved', { base: 'hex', mask: 0x70 }),
  compressed: bool('websocket.pmc', 'Per-Message Compressed', { mask: 0x40, ...TRUE }),
  opcode: uint8('websocket.opcode', 'Opcode', {
    mask: 0x0f,
    names: names({ 0: 'Continuation', 1: 'Text', 2: 'Binary', 8: 'Connection Close', 9: 'Ping', 10: 'Pong' }),
  }),
  mask: bool('websocket.mask', 'Mask', { mask: 0x80, ...TRUE }),
  length: uint8('websocket.payload_length', 'Payload length', { mask: 0x7f }),
  length16: uint16('websocket.payload_length_ext_16', 'Extended Payload length (16 bits)'),
  length64: uint64('websocket.payload_length_ext_64', 'Extended Payload length (64 bits)'),
  key: bytes('websocket.masking_key', 'Masking-Key'),
  masked: none('websocket.masked_payload', 'Masked payload'),
  payload: none('websocket.payload', 'Payload'),
  continued: bytes('websocket.payload.continue', 'Continue'),
  text: string('websocket.payload.text', 'Text'),
  close: none('websocket.payload.close', 'Close'),
  closeCode: uint16('websocket.payload.close.status_code', 'Status code', { names: CLOSE_CODES }),
  closeReason: string('websocket.payload.close.reason', 'Reason'),
  ping: bytes('websocket.payload.ping', 'Ping'),
  pong: bytes('websocket.payload.pong', 'Pong'),
  unknown: bytes('websocket.payload.unknown', 'Unknown'),
  fragments: none('websocket.fragments', 'Reassembled websocket Fragments', { generated: true }),
  fragment: framenum('websocket.fragment', 'Websocket Fragment', { generated: true }),
  fragmentCount: uint32('websocket.fragment.count', 'Fragment count', { generated: true }),
  reassembledLength: uint32('websocket.reassembled.length', 'Reassembled websocket Payload length', { generated: true }),
  eiUnknown: expert('websocket.payload.unknown.expert', 'note', 'Dissector for Websocket Opcode', 'undecoded'),
  eiDecompression: expert('websocket.decompression.failed.expert', 'warn', 'Decompression failed'),
} as const;

/** Frames of one message, and messages that are read again for their compression context, at most. */
const MAX_FRAMES = 4096;
/** Octets of one message, joined and inflated. */
const MAX_MESSAGE = 16 * 1024 * 1024;
/** What deflate looks back at most. */
const WINDOW = 32 * 1024;
/** Windows that are kept for the next message. */
const MAX_WINDOWS = 64;

/** Unmasked payloads of the frames with data of a dissection, by their layers. */
const payloads = new WeakMap<LayerNode, Uint8Array>();

/** Frames with data that ended in a packet so far: it may hold several stretches of frames. */
const counts = new WeakMap<Dissection, number>();

/** True while other packets are read: these read no further ones. */
let busy = false;

/** Payload of frame `k`; empty if it cannot be read. */
function payloadOf(capture: CaptureIndex, k: number): Uint8Array {
  const frames = capture.state(webSocketFrames);
  const row = frames.row[k] as number;
  if (row >= capture.packets.length) return EMPTY;
  let left = frames.ordinal[k] as number;
  for (const layer of dissectPacket(capture, row).layers) {
    const payload = payloads.get(layer);
    if (payload !== undefined && left-- === 0) return payload;
  }
  return EMPTY;
}

const EMPTY = new Uint8Array(0);

/** Frames of the message that ends with `last`, oldest first; empty if its beginning was not captured. */
function framesOf(capture: CaptureIndex, last: number): number[] {
  const frames = capture.state(webSocketFrames);
  const all = [last];
  for (let k = last; ((frames.kind[k] as number) & OPCODE) === 0; ) {
    k = frames.previous[k] as number;
    if (k === NONE || all.length >= MAX_FRAMES || ((frames.kind[k] as number) & FIN) !== 0) return [];
    all.push(k);
  }
  return all.reverse();
}

/** How a connection compresses: what its 101 response says. */
export interface Deflate {
  readonly clientTakesOver: boolean;
  readonly serverTakesOver: boolean;
}

/** Reads Sec-WebSocket-Extensions of a response (RFC 7692 section 7); null without permessage-deflate. */
export function deflateOf(extensions: string): Deflate | null {
  const chosen = extensions
    .split(',')
    .map((one) => one.split(';').map((part) => part.trim().toLowerCase()))
    .find(([name]) => name === 'permessage-deflate');
  if (chosen === undefined) return null;
  return {
    clientTakesOver: !chosen.includes('client_no_context_takeover'),
    serverTakesOver: !chosen.includes('server_no_context_takeover'),
  };
}

/** Compression by stream, and the ends of messages by their last frame: each found again from the packets where it is not here. */
class Contexts {
  readonly deflate = new Map<number, Deflate | null>();
  readonly #windows = new Map<number, Uint8Array>();

  window(k: number): Uint8Array | undefined {
    return this.#windows.get(k);
  }

  keep(k: number, output: Uint8Array): void {
    this.#windows.delete(k);
    this.#windows.set(k, output);
    for (const oldest of this.#windows.keys()) {
      if (this.#windows.size <= MAX_WINDOWS) return;
      this.#windows.delete(oldest);
    }
  }
}

const contexts = defineState(() => new Contexts());

/** The payload without compression; null if that cannot be undone. */
function inflate(payload: Uint8Array, window: Uint8Array | undefined): Uint8Array | null {
  const whole = new Uint8Array(payload.length + 4);
  whole.set(payload);
  // RFC 7692 section 7.2.2: the end of the last block is left out when sending.
  whole.set([0, 0, 0xff, 0xff], payload.length);
  const options = { maxOutputLength: MAX_MESSAGE, finishFlush: zlib.constants.Z_SYNC_FLUSH };
  try {
    return zlib.inflateRawSync(whole, window === undefined || window.length === 0 ? options : { ...options, dictionary: window });
  } catch {
    return null;
  }
}

function joined(parts: readonly Uint8Array[]): Uint8Array {
  const total = Math.min(
    MAX_MESSAGE,
    parts.reduce((sum, part) => sum + part.length, 0),
  );
  const whole = new Uint8Array(total);
  let at = 0;
  for (const part of parts) {
    const taken = part.subarray(0, total - at);
    whole.set(taken, at);
    at += taken.length;
  }
  return whole;
}

function tailOf(window: Uint8Array, output: Uint8Array): Uint8Array {
  if (output.length >= WINDOW) return output.slice(-WINDOW);
  return joined([window.subarray(Math.max(0, window.length + output.length - WINDOW)), output]);
}

/** The window that the message beginning with frame `first` looks back on; null if it cannot be had. */
function windowBefore(capture: CaptureIndex, first: number): Uint8Array | null {
  const frames = capture.state(webSocketFrames);
  const known = capture.state(contexts);
  // Compressed messages before it, the newest first, back to one whose window is known.
  const missing: number[][] = [];
  let window: Uint8Array = EMPTY;
  for (let k = frames.previous[first] as number; k !== NONE; ) {
    const kept = known.window(k);
    if (kept !== undefined) {
      window = kept;
      break;
    }
    const all = framesOf(capture, k);
    if (all.length === 0 || missing.length >= MAX_FRAMES) return null;
    missing.push(all);
    k = frames.previous[all[0] as number] as number;
  }
  for (const all of missing.reverse()) {
    if (((frames.kind[all[0] as number] as number) & RSV1) !== 0) {
      const output = inflate(joined(all.map((k) => payloadOf(capture, k))), window);
      if (output === null) return null;
      window = tailOf(window, output);
    }
    known.keep(all.at(-1) as number, window);
  }
  return window;
}

/** The message in `parts`, whose frames are `all`, without compression. */
function inflated(d: Dissection, all: readonly number[], whole: Uint8Array, takesOver: boolean): Uint8Array | null {
  const window = takesOver ? windowBefore(d.capture, all[0] as number) : EMPTY;
  if (window === null) return null;
  const output = inflate(whole, window);
  if (output !== null && takesOver) d.capture.state(contexts).keep(all.at(-1) as number, tailOf(window, output));
  return output;
}

/** Set by HTTP: the Sec-WebSocket-Extensions header of the response that made `stream` a WebSocket. */
export const negotiated: { extensions: (d: Dissection, stream: number) => string } = { extensions: () => '' };

function compressionOf(d: Dissection): Deflate | null {
  if (d.transport?.kind !== 'tcp') return null;
  const { stream } = d.transport;
  const known = d.capture.state(contexts).deflate;
  let found = known.get(stream);
  if (found === undefined) {
    found = deflateOf(negotiated.extensions(d, stream));
    known.set(stream, found);
  }
  return found;
}

const WORDS: Readonly<Record<number, string>> = { 0: 'Continuation', 1: 'Text', 2: 'Binary', 8: 'Connection Close', 9: 'Ping', 10: 'Pong' };

/** One frame; gives where it ends. */
function frame(d: Dissection, b: Buf, from: number, ordinal: number, deflate: Deflate | null, info: string[]): number {
  const first = b.u8(from);
  const opcode = first & OPCODE;
  const fin = (first & FIN) !== 0;
  const layer = d.layer(webSocket, b, from);
  layer.uint(f.fin, from, 1);
  layer.uint(f.reserved, from);
  if (deflate !== null) layer.uint(f.compressed, from, 1);
  layer.uint(f.opcode, from);
  const second = b.u8(from + 1);
  layer.uint(f.mask, from + 1, 1);
  const short = second & 0x7f;
  const extended = short === 126 ? 2 : short === 127 ? 8 : 0;
  layer.uint(f.length, from + 1, 1, extended === 0 ? {} : { display: `${short} Extended Payload Length (${extended * 8} bits)` });
  let length = short;
  if (extended === 2) length = layer.uint(f.length16, from + 2);
  else if (extended === 8) length = Number(layer.uint64(f.length64, from + 2));
  const isMasked = (second & 0x80) !== 0;
  const keyAt = from + 2 + extended;
  if (isMasked) layer.bytes(f.key, keyAt, 4);
  const at = from + headLength(second);
  const end = Math.min(b.end, at + length);
  layer.size(at - from, end);
  const word = WORDS[opcode] ?? `Unknown (${opcode})`;
  const said = `WebSocket ${word}${fin ? ' [FIN]' : '[FRAGMENT] '}${isMasked ? ' [MASKED]' : fin ? ' ' : ''}`;
  info.push(said);
  layer.summary = `${word}${fin ? '' : ', to be continued'} · ${bytesText(length)}`;
  if (!layer.ok) return b.end;
  let content = b.from(at, end);
  if (isMasked && content.length > 0) {
    layer.add(f.masked, at, content.length, null);
    const clear = new Uint8Array(content.length);
    for (let i = 0; i < clear.length; i++) clear[i] = b.u8(at + i) ^ b.u8(keyAt + (i & 3));
    content = d.newBuf('Unmasked data', clear);
  }
  if (opcode < 8) payloads.set(layer.node, content.slice(content.offset, content.length));
  if (content.length > 0) {
    const node = layer.add(f.payload, content.offset, content.length, null);
    if (opcode < 8) message(d, layer, node, content, first, ordinal, deflate);
    else control(node, content, opcode);
  }
  return end;
}

function control(node: Node, content: Buf, opcode: number): void {
  const { offset, length } = content;
  const all = content.slice(offset, length);
  if (opcode === 8) {
    const close = node.add(f.close, offset, length, null);
    if (length >= 2) close.add(f.closeCode, offset, 2, content.u16(offset));
    if (length > 2) close.add(f.closeReason, offset + 2, length - 2, content.text(offset + 2, length - 2));
  } else if (opcode === 9) node.add(f.ping, offset, length, all);
  else if (opcode === 10) node.add(f.pong, offset, length, all);
  else node.add(f.unknown, offset, length, all).expert(f.eiUnknown);
}

/** Payload of a frame with data: what it says if it ends a message. */
function message(d: Dissection, layer: Layer, node: Node, content: Buf, first: number, ordinal: number, deflate: Deflate | null): void {
  const opcode = first & OPCODE;
  const { offset, length } = content;
  if (opcode === 0 && (first & FIN) === 0) layer.add(f.continued, offset, length, content.slice(offset, length));
  if ((first & FIN) === 0 || busy) return;
  const frames = d.capture.state(webSocketFrames);
  const k = d.transport?.kind === 'tcp' ? frames.find(d.row, ordinal) : NONE;
  busy = true;
  try {
    let kind = first;
    let whole = content;
    const all = k === NONE ? [] : framesOf(d.capture, k);
    if (opcode === 0) {
      if (all.length === 0) {
        layer.add(f.continued, offset, length, content.slice(offset, length));
        return;
      }
      const parts = all.map((one) => (one === k ? content.slice(offset, length) : payloadOf(d.capture, one)));
      whole = d.newBuf('Reassembled WebSocket message', joined(parts));
      kind = frames.kind[all[0] as number] as number;
      const tree = layer.add(f.fragments, offset, 0, null, { display: `${all.length} fragments, ${whole.length} bytes` });
      for (const one of all) tree.add(f.fragment, offset, 0, (frames.row[one] as number) + 1);
      tree.add(f.fragmentCount, offset, 0, all.length);
      tree.add(f.reassembledLength, offset, 0, whole.length);
    }
    if (deflate !== null && (kind & RSV1) !== 0) {
      const takesOver = d.transport?.fromClient === true ? deflate.clientTakesOver : deflate.serverTakesOver;
      const clear = all.length === 0 ? null : inflated(d, all, whole.slice(whole.offset, whole.length), takesOver);
      if (clear === null) node.expert(f.eiDecompression);
      else whole = d.newBuf('Decompressed payload', clear);
    }
    if (whole.length === 0) return;
    if ((kind & OPCODE) === 1) {
      node.add(f.text, whole.offset, whole.length, whole.text(whole.offset, whole.length));
      d.call(dataTextLines, whole);
    } else d.call(data, whole);
  } finally {
    busy = false;
  }
}

export const webSocket: Protocol = defineProtocol({
  name: 'websocket',
  short: 'WebSocket',
  title: 'WebSocket',
  osi: '7',
  pdu: 'Frame',
  hue: 'app',
  fields: Object.values(f),
  framer: webSocketFramer,
  dissect(d, b) {
    const deflate = busy ? null : compressionOf(d);
    const info: string[] = [];
    let at = b.offset;
    let ordinal = counts.get(d) ?? 0;
    while (at < b.end && info.length < 1000) {
      const opcode = b.u8(at) & OPCODE;
      const next = frame(d, b, at, ordinal, deflate, info);
      if (opcode < 8) ordinal++;
      if (next <= at) break;
      at = next;
    }
    counts.set(d, ordinal);
    d.column(webSocket, info.join(' '));
  },
});
