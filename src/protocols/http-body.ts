/** Bodies: taking chunks apart (RFC 9112 section 7.1), and undoing content codings (RFC 9110 section 8.4.1) within bounds. */

import { createHash } from 'node:crypto';
import { performance } from 'node:perf_hooks';
import * as zlib from 'node:zlib';
import { octetIn } from '../bytes/octet.ts';
import { unzstd, type ZstdFlaw } from '../bytes/zstd.ts';
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

/**
 * Why a content coding was not, or not wholly, undone: `unknown` here; `damaged`: the bytes are not so coded; `short`: they end before their end, and
 * what they hold is there; `large`: more than the limit; `window`, `dictionary`: of Zstandard, needs more memory, or a dictionary that nobody has; `slow`: given
 * up because the clock said so, and another time it may go well.
 */
export type CodingFlaw = 'unknown' | ZstdFlaw;

export interface Decoded {
  /** Empty if there is a flaw, but for `short`. */
  readonly bytes: Uint8Array;
  readonly flaw: CodingFlaw | null;
}

type Coding = (data: Uint8Array, limit: number) => Decoded;

const nothing = (flaw: CodingFlaw): Decoded => ({ bytes: new Uint8Array(0), flaw });

/** A coding of the platform's library: `ways` are tried in turn. */
function ofZlib(...ways: ((data: Uint8Array, options: { maxOutputLength: number; finishFlush?: number }) => Uint8Array)[]): Coding {
  return (data, maxOutputLength) => {
    for (const way of ways) {
      let short = false;
      for (;;) {
        try {
          const flush = short ? { finishFlush: zlib.constants.Z_SYNC_FLUSH } : {};
          return { bytes: way(data, { maxOutputLength, ...flush }), flaw: short ? 'short' : null };
        } catch (error) {
          const { code } = error as { code?: string };
          // The library gives nothing of what it has made.
          if (code === 'ERR_BUFFER_TOO_LARGE') return nothing('large');
          if (code !== 'Z_BUF_ERROR' || short) break;
          // A body cut short still gives what it holds.
          short = true;
        }
      }
    }
    return nothing('damaged');
  };
}

const gzip = ofZlib((data, options) => zlib.gunzipSync(data, options));
const deflate = ofZlib(
  (data, options) => zlib.inflateSync(data, options),
  (data, options) => zlib.inflateRawSync(data, options),
);
const CODINGS: ReadonlyMap<string, Coding> = new Map([
  ['gzip', gzip],
  ['x-gzip', gzip],
  ['deflate', deflate],
  ['x-deflate', deflate],
  ['br', ofZlib((data, { maxOutputLength }) => zlib.brotliDecompressSync(data, { maxOutputLength }))],
  ['zstd', unzstd],
]);

/** True if there is nothing to undo. */
export function isPlain(coding: string): boolean {
  return coding === '' || coding === 'identity';
}

/** Milliseconds from which on the result of a decoding is kept; results, and decoded bytes, that are kept in all. */
const WORTH_KEEPING = 5;
const MOST_KEPT = 64;
const MOST_BYTES_KEPT = 32 * 1024 * 1024;

/**
 * Results of decodings that took long, by the length of what was coded. A packet is dissected again whenever it is looked at, also for its line
 * in the list, and some kilobytes may stand for the 64 MB that are the limit.
 */
const kept = new Map<number, { readonly key: string; readonly decoded: Decoded }>();
let keptBytes = 0;

function keyOf(coding: string, data: Uint8Array, limit: number): string {
  return `${coding} ${limit} ${createHash('sha256').update(data).digest('base64')}`;
}

function keep(length: number, key: string, decoded: Decoded): Decoded {
  if (decoded.flaw === 'slow' || decoded.bytes.length > MOST_BYTES_KEPT / 2) return decoded;
  forget(length);
  // A copy: what a decoder gives may be part of a buffer many times as long, all of which would be kept.
  const own = { ...decoded, bytes: Uint8Array.from(decoded.bytes) };
  kept.set(length, { key, decoded: own });
  keptBytes += own.bytes.length;
  for (const oldest of kept.keys()) {
    if (kept.size <= MOST_KEPT && keptBytes <= MOST_BYTES_KEPT) break;
    forget(oldest);
  }
  return own;
}

function forget(length: number): void {
  keptBytes -= kept.get(length)?.decoded.bytes.length ?? 0;
  kept.delete(length);
}

/** Undoes a content coding (in lower case). Output beyond `limit` is not made. What it gives may be given again: it is not to be written to. */
export function decode(coding: string, data: Uint8Array, limit = MAX_DECODED): Decoded {
  const way = CODINGS.get(coding);
  if (way === undefined) return nothing('unknown');
  // Nothing is hashed but what has the length of something that took long.
  const known = kept.get(data.length);
  if (known !== undefined && known.key === keyOf(coding, data, limit)) return known.decoded;
  const begun = performance.now();
  const made = way(data, limit);
  // Of one kind, however long it took.
  const { buffer, byteOffset, length } = made.bytes;
  const decoded = { ...made, bytes: new Uint8Array(buffer, byteOffset, length) };
  return performance.now() - begun < WORTH_KEEPING ? decoded : keep(data.length, keyOf(coding, data, limit), decoded);
}
