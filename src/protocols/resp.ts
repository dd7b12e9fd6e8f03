/** RESP, the protocol of Redis, version 2: simple strings, errors, integers, bulk strings and arrays of them. */
import type { Buf, Layer, Node } from '../dissect/dissection.ts';
import { bytes, expert, int32, int64, none, string } from '../dissect/field.ts';
import { type Framer, NEED_MORE } from '../dissect/framer.ts';
import { app } from './app-kit.ts';
import { lineAt, lineText } from './text-lines.ts';

const f = {
  string: string('resp.string', 'String'),
  error: string('resp.error', 'Error'),
  bulk: none('resp.bulk_string', 'Bulk String'),
  bulkValue: bytes('resp.bulk_string.value', 'Value'),
  bulkLength: int32('resp.bulk_string.length', 'Length'),
  integer: int64('resp.integer', 'Integer'),
  array: none('resp.array', 'Array'),
  arrayLength: int64('resp.array.length', 'Length'),
  fragment: none('resp.fragment', 'Fragment'),
  partial: expert('resp.partial', 'note', 'Field is only partially decoded', 'undecoded'),
  badLength: expert('resp.malformed_length', 'error', 'Malformed length specified', 'undecoded'),
  tooDeep: expert(
    'resp.array_recursion_too_deep',
    'note',
    'Array is too deep to recurse any further. Subsequent elements attached to the protocol tree may not reflect their actual location in the array',
  ),
};

const MAX_DEPTH = 100;
const MAX_BULK = 512 * 1024 * 1024;
const BULK = 0x24;
const ARRAY = 0x2a;
const CR = 13;
const LF = 10;

/** Offset of the CR LF that ends the line at `at`, -1 if it is not there. */
function crlf(b: Uint8Array, at: number, end: number): number {
  for (let i = at; i + 1 < end; i++) if (b[i] === CR && b[i + 1] === LF) return i;
  return -1;
}

/** Decimal number at [at, end), NaN if it is none. */
function numberAt(b: Uint8Array, at: number, end: number): number {
  if (end - at < 1 || end - at > 20) return Number.NaN;
  let text = '';
  for (let i = at; i < end; i++) text += String.fromCharCode(b[i] as number);
  return /^[+-]?[0-9]+$/.test(text) ? Number(text) : Number.NaN;
}

const MAX_ELEMENTS = 1_000_000;

/** How far a message was gone through. Offsets are from its first byte. */
interface Standing {
  /** Where the next element begins. */
  at: number;
  /** The end of its line is looked for from here on. */
  looked: number;
  /** Elements still to come, of arrays that have begun, and those taken. */
  pending: number;
  count: number;
  /** Bytes that are known to be missing, 0 where it is not known. */
  missing: number;
}

/** Takes elements of `b`, which has the bytes of the message from `base` on; true once all are there, and `s.at` is where they end. */
function takeElements(s: Standing, b: Uint8Array, base: number): boolean {
  const stop = base + b.length;
  s.missing = 0;
  while (s.pending > 0) {
    if (s.count > MAX_ELEMENTS) return true;
    if (s.at >= stop) return false;
    const line = crlf(b, Math.max(s.at, s.looked) - base, b.length);
    if (line < 0) {
      s.looked = Math.max(s.at, stop - 1);
      return false;
    }
    s.looked = base + line;
    const kind = b[s.at - base];
    const length = kind === BULK || kind === ARRAY ? numberAt(b, s.at + 1 - base, line) : Number.NaN;
    let next = s.looked + 2;
    if (kind === BULK && length >= 0 && length <= MAX_BULK) {
      next += length + 2;
      if (next > stop) {
        // Below an array more follows than the string itself.
        if (s.count === 0) s.missing = next - stop;
        return false;
      }
    }
    s.pending--;
    s.count++;
    s.at = next;
    if (kind === ARRAY && length > 0) s.pending = Math.min(MAX_ELEMENTS, s.pending + length);
  }
  return true;
}

/**
 * Whole elements; what the segment has of the next is joined with what follows, up to the end of a string where that is known. An array
 * in many segments is gone through once: `own` is how far that got.
 */
const framer: Framer = {
  early: true,
  feed(side, bytes, offset, end) {
    const carried = side.carry === null ? 0 : side.carryLength;
    let s = side.own as Standing | null;
    if (carried === 0 || s === null) s = { at: 0, looked: 0, pending: 1, count: 0, missing: 0 };
    const base = Math.min(s.at, carried);
    let b = bytes.subarray(offset, end);
    if (base < carried) {
      b = new Uint8Array(carried - base + end - offset);
      b.set((side.carry as Uint8Array).subarray(base, carried));
      b.set(bytes.subarray(offset, end), carried - base);
    }
    side.own = null;
    if (takeElements(s, b, base)) return Math.max(offset + 1, offset + s.at - carried);
    side.own = s;
    side.need = s.missing;
    return NEED_MORE;
  },
  lost(side) {
    side.own = null;
  },
};

const MOST = 2n ** 63n - 1n;

/** A decimal integer of 64 bits; beyond them the nearest, 0 for what is none. */
function integerOf(text: string): bigint {
  if (!/^[+-]?[0-9]+$/.test(text)) return 0n;
  const value = BigInt(text.replace('+', ''));
  return value > MOST ? MOST : value < -MOST - 1n ? -MOST - 1n : value;
}

class Reader {
  readonly b: Buf;
  at: number;
  count = 0;
  readonly words: string[] = [];

  constructor(b: Buf) {
    this.b = b;
    this.at = b.offset;
  }

  say(word: string): void {
    if (this.words.length < 16) this.words.push(word);
  }

  /** One element at `at`, below `node`. Always goes on by at least a byte. */
  element(node: Node, depth: number): void {
    const { b } = this;
    const from = this.at;
    this.count++;
    const stop = crlf(b.bytes, from, b.end);
    if (stop < 0) {
      this.at = b.end;
      node.add(f.fragment, from, b.end - from, null);
      return;
    }
    const kind = b.u8(from);
    const next = stop + 2;
    const text = lineText(b, from + 1, stop, 200);
    this.at = next;
    switch (kind) {
      case 0x2b:
        node.string(f.string, from + 1, stop - from - 1);
        this.say(`Simple String: ${text}`);
        return;
      case 0x2d:
        node.string(f.error, from + 1, stop - from - 1);
        this.say(`Error: ${text}`);
        return;
      case 0x3a: {
        node.add(f.integer, from + 1, stop - from - 1, integerOf(text));
        this.say(`Integer: ${text}`);
        return;
      }
      case 0x24:
        this.bulk(node, from, stop);
        return;
      case 0x2a:
        this.array(node, from, stop, depth);
        return;
      default:
        node.add(f.fragment, from, next - from, null);
    }
  }

  bulk(parent: Node, from: number, stop: number): void {
    const { b } = this;
    const length = numberAt(b.bytes, from + 1, stop);
    if (Number.isNaN(length) || length < -1 || length > MAX_BULK) {
      parent.add(f.bulk, from, stop + 2 - from, null).expert(f.badLength);
      return;
    }
    const there = Math.max(0, Math.min(length, b.end - stop - 2));
    const text = length < 0 ? '(nil)' : lineText(b, stop + 2, stop + 2 + there, 200);
    const node = parent.add(f.bulk, from, stop + 2 - from + there, null, { display: text });
    node.add(f.bulkLength, from + 1, stop - from - 1, length);
    this.say(length < 0 ? 'Null Bulk String' : `Bulk String: ${text}`);
    if (length < 0) return;
    if (there > 0) node.bytes(f.bulkValue, stop + 2, there);
    if (there < length) node.expert(f.partial);
    this.at = Math.min(b.end, stop + 2 + length + 2);
  }

  array(parent: Node, from: number, stop: number, depth: number): void {
    const { b } = this;
    const length = numberAt(b.bytes, from + 1, stop);
    const node = parent.add(f.array, from, stop + 2 - from, null, { display: `Length ${length}` });
    if (Number.isNaN(length)) {
      node.expert(f.badLength);
      return;
    }
    node.add(f.arrayLength, from + 1, stop - from - 1, BigInt(Math.trunc(length)));
    this.say(`Array(${length})`);
    if (depth >= MAX_DEPTH) {
      node.expert(f.tooDeep);
      return;
    }
    for (let i = 0; i < length && this.at < b.end && !node.d.full; i++) this.element(node, depth + 1);
  }
}

export const resp = app({
  name: 'resp',
  short: 'RESP',
  title: 'REdis Serialization Protocol',
  fields: Object.values(f),
  framer,
  read(layer: Layer, b, d) {
    const reader = new Reader(b);
    while (reader.at < b.end && layer.ok && !d.full) {
      const before = reader.at;
      reader.element(layer, 0);
      if (reader.at <= before) break;
    }
    if (reader.words.length === 0) return lineText(b, b.offset, lineAt(b, b.offset).stop, 200);
    return `${d.transport?.fromClient === false ? 'Response' : 'Request'}: ${reader.words.join(' ')}`;
  },
});
