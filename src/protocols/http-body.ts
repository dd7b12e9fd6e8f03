/** Bodies: taking chunks apart (RFC 9112 section 7.1), and undoing content codings (RFC 9110 section 8.4.1) within bounds. */

import { createHash } from 'node:crypto';
import * as zlib from 'node:zlib';
import { octetIn } from '../bytes/octet.ts';
import { unzstd } from '../bytes/zstd.ts';
import type { CodingFlaw } from '../messages.ts';
import { lineNext, lineStop } from './text-lines.ts';

/** No decoded body grows beyond this, whatever its coded form claims. */
export const MAX_DECODED = 64 * 1024 * 1024;

export interface Chunk {
  /** Offset of the line with the size. */
  readonly start: number;
  /** Offset and length of the data; the length is what the line says. */
  readonly data: number;
  readonly size: number;
}

export interface Chunked {
  readonly chunks: readonly Chunk[];
  /** The data joined; null if the first line is no chunk size. */
  readonly body: Uint8Array;
  /** Where the last chunk's line ends: trailers begin here. -1 if the last chunk was not seen. */
  readonly trailers: number;
  /** Just past the body. */
  readonly end: number;
  /** False if a chunk size makes no sense or data ran out. */
  readonly whole: boolean;
}

const CR = 0x0d;
const COLON = 0x3a;

/** A size line, or a trailer, longer than this is none. */
const MAX_LINE = 4096;

/** The hexadecimal number, behind white space, that bytes[from, end) begin with; -1 without one. */
function sizeAt(bytes: Uint8Array, from: number, end: number): number {
  let at = from;
  while (at < end && ((bytes[at] as number) === 0x20 || ((bytes[at] as number) >= 0x09 && (bytes[at] as number) <= CR))) at++;
  let size = -1;
  for (; at < end && size <= 0xffffffff; at++) {
    const digit = Number.parseInt(String.fromCharCode(bytes[at] as number), 16);
    if (Number.isNaN(digit)) break;
    size = Math.max(size, 0) * 16 + digit;
  }
  return size;
}

/** Takes a chunked body in bytes[from, end) apart. Sizes beyond 32 bits, or beyond the bytes, end it. */
export function readChunks(bytes: Uint8Array, from: number, end: number): Chunked {
  const chunks: Chunk[] = [];
  const parts: Uint8Array[] = [];
  let at = from;
  let total = 0;
  const finish = (trailers: number, whole: boolean): Chunked => {
    const body = new Uint8Array(total);
    let to = 0;
    for (const part of parts) {
      body.set(part, to);
      to += part.length;
    }
    return { chunks, body, trailers, end: at, whole };
  };
  while (at < end) {
    const limit = Math.min(end, at + MAX_LINE);
    const stop = lineStop(bytes, at, limit);
    if (stop === at || stop === limit) return finish(-1, false);
    // As in Wireshark, a line that is no number ends the chunks as a 0 does.
    const size = Math.max(0, sizeAt(bytes, at, stop));
    if (size > 0xffffffff) return finish(-1, false);
    const data = lineNext(bytes, stop, end);
    chunks.push({ start: at, data, size });
    if (size === 0) {
      // Trailers up to an empty line.
      at = data;
      for (;;) {
        const next = lineStop(bytes, at, end);
        // An empty line ends them, and so does one that has no colon.
        const last = octetIn(bytes, COLON, at, next) < 0;
        at = lineNext(bytes, next, end);
        if (last || at === end) return finish(data, true);
      }
    }
    const there = Math.min(size, end - data);
    parts.push(bytes.subarray(data, data + there));
    total += there;
    at = data + there;
    if (there < size) return finish(-1, false);
    // Whatever they are: the two octets behind the data.
    at = Math.min(end, at + 2);
  }
  return finish(-1, false);
}

/** True if the coding was undone, at least in part. */
export function isUndone(flaw: CodingFlaw | null): boolean {
  return flaw === null || flaw === 'short' || flaw === 'broken' || flaw === 'checksum';
}

/** What coded bytes stand for. Found out when one of these is asked for, and not again while it is remembered. It is not to be written to. */
export interface Decoded {
  /** Octets of `bytes`. */
  readonly length: number;
  readonly flaw: CodingFlaw | null;
  /** Empty if it was not undone at all. */
  readonly bytes: Uint8Array;
}

interface Made {
  readonly bytes: Uint8Array;
  readonly flaw: CodingFlaw | null;
}

interface Coding {
  readonly undo: Way;
  /** Octets that one coded octet may stand for. */
  readonly most: number;
}

const nothing = (flaw: CodingFlaw): Made => ({ bytes: new Uint8Array(0), flaw });

/** `sent`: octets of the body that `data` are part of. */
type Way = (data: Uint8Array, limit: number, sent: number) => Made;
/** A function of the platform's library. */
type Library = (data: Uint8Array, options: { maxOutputLength: number; finishFlush?: number }) => Uint8Array;

const codeOf = (error: unknown): string | undefined => (error as { code?: string }).code;
const UP_TO_HERE = { finishFlush: zlib.constants.Z_SYNC_FLUSH };

/** Octets that Wireshark makes at a time: of damaged bytes it shows what was made before in whole pieces of this size. */
const pieceOf = (coded: number): number => Math.min(2 ** 20, Math.max(2 ** 15, 2 * coded));
/** Of damaged bytes no more than this is made: where the damage is only shows in trying. */
const MOST_INTACT = 2 ** 20;

/** Of bytes that `library` finds damaged, what comes before the damage. */
function intact(library: Library, data: Uint8Array, limit: number, sent: number): Made {
  const piece = pieceOf(sent);
  const maxOutputLength = Math.min(limit, MOST_INTACT);
  if (piece > maxOutputLength || piece > DEFLATE_MOST * data.length) return nothing('damaged');
  const made = (length: number): Uint8Array | null => {
    try {
      return library(data.subarray(0, length), { maxOutputLength, ...UP_TO_HERE });
    } catch {
      return null;
    }
  };
  let best: Uint8Array = NONE;
  for (let low = 0, high = data.length; high - low > 1; ) {
    const middle = (low + high) >>> 1;
    const bytes = made(middle);
    if (bytes === null) high = middle;
    else {
      low = middle;
      best = bytes;
    }
  }
  const whole = Math.floor(best.length / piece) * piece;
  return whole === 0 ? nothing('damaged') : { bytes: best.subarray(0, whole), flaw: 'broken' };
}

/** A coding of the platform's library. @param damaged what is made of bytes that are not wholly so coded */
function ofZlib(library: Library, damaged: typeof intact = intact): Way {
  return (data, maxOutputLength, sent) => {
    for (const short of [false, true]) {
      try {
        const bytes = library(data, { maxOutputLength, ...(short ? UP_TO_HERE : {}) });
        // A body cut short still gives what it holds.
        return { bytes, flaw: short ? 'short' : null };
      } catch (error) {
        // The library gives nothing of what it has made.
        if (codeOf(error) === 'ERR_BUFFER_TOO_LARGE') return nothing('large');
        if (codeOf(error) !== 'Z_BUF_ERROR') break;
      }
    }
    return damaged(library, data, maxOutputLength, sent);
  };
}

const HEADER_CHECKED = 2;
const HEADER_EXTRA = 4;
const HEADER_NAME = 8;
const HEADER_COMMENT = 16;

/** Where the deflated bytes of a gzip member begin (RFC 1952, section 2.3); -1 if this is none. */
function memberAt(data: Uint8Array): number {
  if (data.length < 10 || data[0] !== 0x1f || data[1] !== 0x8b || data[2] !== 8) return -1;
  const flags = data[3] as number;
  let at = 10;
  if ((flags & HEADER_EXTRA) !== 0) at += 2 + ((data[at] ?? 0) | ((data[at + 1] ?? 0) << 8));
  for (const text of [HEADER_NAME, HEADER_COMMENT]) {
    if ((flags & text) === 0) continue;
    const zero = octetIn(data, 0, Math.min(at, data.length), data.length);
    if (zero < 0) return -1;
    at = zero + 1;
  }
  if ((flags & HEADER_CHECKED) !== 0) at += 2;
  return at < data.length ? at : -1;
}

/** The first member of gzip, whatever its checksum and length say and whatever is behind it. */
function member(data: Uint8Array, limit: number, sent: number): Made {
  const from = memberAt(data);
  if (from < 0) return nothing('damaged');
  const coded = data.subarray(from);
  const made = inflateRaw(coded, limit, sent);
  if (made.flaw !== null) return made;
  // Where it ends shows in trying, too: eight octets behind that are its checksum and length, in little-endian order.
  const { engine } = zlib.inflateRawSync(coded, { maxOutputLength: limit, info: true }) as unknown as { engine: { bytesWritten: number } };
  const end = coded.subarray(engine.bytesWritten, engine.bytesWritten + 8);
  if (end.length < 8) return { bytes: made.bytes, flaw: 'short' };
  const view = new DataView(end.buffer, end.byteOffset, 8);
  const right = view.getUint32(0, true) === zlib.crc32(made.bytes) && view.getUint32(4, true) === made.bytes.length;
  return { bytes: made.bytes, flaw: right ? null : 'checksum' };
}

/** Tried in turn, until the bytes are not damaged from their beginning on. */
const firstOf =
  (...ways: readonly Way[]): Way =>
  (data, limit, sent) => {
    for (const way of ways) {
      const made = way(data, limit, sent);
      if (made.flaw !== 'damaged') return made;
    }
    return nothing('damaged');
  };

// RFC 1951: 258 octets in two bits at best.
const DEFLATE_MOST = 1032;
const inflateRaw = ofZlib((data, options) => zlib.inflateRawSync(data, options));
const inflate = ofZlib((data, options) => zlib.inflateSync(data, options));
const allMembers = ofZlib(
  (data, options) => zlib.gunzipSync(data, options),
  () => nothing('damaged'),
);
const gunzip = firstOf(allMembers, member);

/** What ends before there is anything in it holds nothing. */
const something =
  (way: Way): Way =>
  (data, limit, sent) => {
    const made = way(data, limit, sent);
    return made.flaw === 'short' && made.bytes.length === 0 ? nothing('damaged') : made;
  };
// Servers take the one for the other, and leave headers away.
const gzip: Coding = { undo: something(firstOf(gunzip, inflate, inflateRaw)), most: DEFLATE_MOST };
const deflate: Coding = { undo: something(firstOf(inflate, gunzip, inflateRaw)), most: DEFLATE_MOST };
const brotli: Coding = {
  undo: ofZlib(
    (data, { maxOutputLength }) => zlib.brotliDecompressSync(data, { maxOutputLength }),
    () => nothing('damaged'),
  ),
  most: Number.POSITIVE_INFINITY,
};
const CODINGS: ReadonlyMap<string, Coding> = new Map([
  ['gzip', gzip],
  ['x-gzip', gzip],
  ['deflate', deflate],
  ['x-deflate', deflate],
  ['br', brotli],
  ['zstd', { undo: unzstd, most: Number.POSITIVE_INFINITY }],
]);

/** True if there is nothing to undo. */
export function isPlain(coding: string): boolean {
  return coding === '' || coding === 'identity';
}

/**
 * What came of a decoding is remembered if it made so many octets, or none: a packet is dissected again whenever it is looked at, also for its
 * line in the list, and some hundred octets may stand for the 64 MB that are the limit.
 */
const WORTH_KEEPING = 128 * 1024;
/** Results that are remembered; and octets of theirs: those of one packet's bodies at least. */
const MOST_KEPT = 4096;
const MOST_BYTES_KEPT = MAX_DECODED;

interface Kept {
  readonly length: number;
  readonly flaw: CodingFlaw | null;
  /** What it was not to grow beyond. */
  readonly limit: number;
  /** Octets of what was coded. */
  readonly coded: number;
  /** How often the clock gave it up. */
  readonly slow: number;
  /** null where they had to make room for others. */
  bytes: Uint8Array | null;
}

/** Results by what was coded, the latest last; and how many there are by its length, as only then it is worth a hash. */
const kept = new Map<string, Kept>();
const lengths = new Map<number, number>();
/** Those whose octets are remembered, the latest last. */
const whole = new Map<string, Kept>();
let wholeBytes = 0;

/** Decodings so far and octets that they have made: for counting work. */
export const decodings = { count: 0, octets: 0 };

function keyOf(coding: string, data: Uint8Array): string {
  return `${coding} ${createHash('sha256').update(data).digest('base64')}`;
}

function forgetBytes(key: string): void {
  const bytes = whole.get(key)?.bytes;
  whole.delete(key);
  wholeBytes -= bytes?.length ?? 0;
}

function forget(key: string): void {
  forgetBytes(key);
  const coded = kept.get(key)?.coded ?? -1;
  kept.delete(key);
  const others = (lengths.get(coded) ?? 1) - 1;
  if (others > 0) lengths.set(coded, others);
  else lengths.delete(coded);
}

/** Forgets what is remembered: it was of a capture that is closed. */
export function forgetDecodings(): void {
  kept.clear();
  lengths.clear();
  whole.clear();
  wholeBytes = 0;
}

/** Remembers what came of a decoding. */
function keep(key: string, coded: number, { bytes, flaw }: Made, limit: number, slow: number): Kept {
  forget(key);
  // A copy: what a decoder gives may be part of a buffer many times as long, all of which would be kept.
  const own: Kept = { length: bytes.length, flaw, limit, coded, slow, bytes: bytes.length === 0 ? bytes : Uint8Array.from(bytes) };
  kept.set(key, own);
  lengths.set(coded, (lengths.get(coded) ?? 0) + 1);
  whole.set(key, own);
  wholeBytes += own.length;
  for (const [oldest, each] of whole) {
    if (wholeBytes <= MOST_BYTES_KEPT) break;
    forgetBytes(oldest);
    each.bytes = null;
  }
  for (const oldest of kept.keys()) {
    if (kept.size <= MOST_KEPT) break;
    forget(oldest);
  }
  return own;
}

/** What is known already of decoding to at most `limit` octets; undefined if nothing is. */
function recall(key: string, limit: number): Kept | undefined {
  const known = kept.get(key);
  // What the clock gave up once may go well another time; twice it was not the machine.
  if (known === undefined || (known.flaw === 'slow' && known.slow < 2)) return undefined;
  if (known.flaw === 'large' && known.limit < limit) return undefined;
  // To the end of the queues.
  kept.delete(key);
  kept.set(key, known);
  if (whole.delete(key)) whole.set(key, known);
  return known.length > limit ? { ...known, length: 0, flaw: 'large', bytes: NONE } : known;
}

class Undone implements Decoded {
  readonly #coding: string;
  readonly #data: Uint8Array;
  readonly #limit: number;
  #length = -1;
  #flaw: CodingFlaw | null = null;
  /** Of what is not remembered. */
  #bytes: Uint8Array | null = null;

  constructor(coding: string, data: Uint8Array, limit: number) {
    this.#coding = coding;
    this.#data = data;
    this.#limit = limit;
  }

  get length(): number {
    if (this.#length < 0) this.#find(false);
    return this.#length;
  }

  get flaw(): CodingFlaw | null {
    if (this.#length < 0) this.#find(false);
    return this.#flaw;
  }

  get bytes(): Uint8Array {
    return this.#bytes ?? this.#find(true);
  }

  /** Finds out; gives the octets where they are wanted. */
  #find(wanted: boolean): Uint8Array {
    const coding = CODINGS.get(this.#coding);
    if (coding === undefined) return this.#found(nothing('unknown'));
    const coded = this.#data.length;
    let key = lengths.has(coded) ? keyOf(this.#coding, this.#data) : '';
    const known = recall(key, this.#limit);
    if (known !== undefined && (known.bytes !== null || !wanted)) return this.#recalled(known);
    const made = coding.undo(this.#data, this.#limit, coded);
    decodings.count++;
    decodings.octets += made.bytes.length;
    if (isUndone(made.flaw) && made.bytes.length < WORTH_KEEPING) return this.#found(made);
    key ||= keyOf(this.#coding, this.#data);
    const slow = made.flaw === 'slow' ? (kept.get(key)?.slow ?? 0) + 1 : 0;
    const own = this.#recalled(keep(key, coded, made, this.#limit, slow));
    return own.length === made.bytes.length ? own : made.bytes;
  }

  #recalled({ length, flaw, bytes }: Kept): Uint8Array {
    this.#length = length;
    this.#flaw = flaw;
    return bytes ?? NONE;
  }

  /** Of one kind, whoever made them. */
  #found({ bytes, flaw }: Made): Uint8Array {
    this.#length = bytes.length;
    this.#flaw = flaw;
    this.#bytes = new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.length);
    return this.#bytes;
  }
}

const NONE = new Uint8Array(0);
/** Of a body that is not decoded for its size. */
export const tooLarge: Decoded = { length: 0, flaw: 'large', bytes: NONE };

/** What a content coding (in lower case) stands for. Output beyond `limit` is not made; nothing is before someone asks. */
export function decode(coding: string, data: Uint8Array, limit = MAX_DECODED): Decoded {
  return new Undone(coding, data, limit);
}

/** Octets that may still be made of the bodies of a packet. */
const rooms = new WeakMap<object, number>();

/**
 * As `decode`, at once, for a body that `packet` shows. All bodies of one packet together are no more than the limit, or a segment full of small
 * ones would take minutes.
 */
export function decodeIn(packet: object, coding: string, data: Uint8Array): Decoded {
  const room = rooms.get(packet) ?? MAX_DECODED;
  if (room < 1) return tooLarge;
  const made = decode(coding, data, room);
  const { length, flaw } = made;
  // Of what failed nobody knows how far it came: it takes a part of the room, so that a few of them leave some to others.
  const most = (CODINGS.get(coding)?.most ?? 0) * data.length;
  const took = isUndone(flaw) && flaw !== 'broken' ? length : flaw === 'slow' ? room : Math.min(room / 4, most);
  rooms.set(packet, Math.floor(room - took));
  return made;
}
