/** Bodies: taking chunks apart (RFC 9112 section 7.1), and undoing content codings (RFC 9110 section 8.4.1) within bounds. */

import * as zlib from 'node:zlib';
import { octetIn } from '../bytes/octet.ts';

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

function lineEnd(bytes: Uint8Array, from: number, end: number): number {
  return octetIn(bytes, 0x0a, from, end);
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
    const eol = lineEnd(bytes, at, Math.min(end, at + 4096));
    if (eol < 0) return finish(-1, false);
    let size = -1;
    for (let i = at; i < eol; i++) {
      const digit = Number.parseInt(String.fromCharCode(bytes[i] as number), 16);
      if (Number.isNaN(digit)) break;
      size = Math.max(size, 0) * 16 + digit;
      if (size > 0xffffffff) return finish(-1, false);
    }
    if (size < 0) return finish(-1, false);
    const data = eol + 1;
    chunks.push({ start: at, data, size });
    if (size === 0) {
      // Trailers up to an empty line.
      at = data;
      for (;;) {
        const next = lineEnd(bytes, at, end);
        if (next < 0) {
          at = end;
          return finish(data, true);
        }
        const empty = next === at || (next === at + 1 && bytes[at] === 0x0d);
        at = next + 1;
        if (empty) return finish(data, true);
      }
    }
    const there = Math.min(size, end - data);
    parts.push(bytes.subarray(data, data + there));
    total += there;
    at = data + there;
    if (there < size) return finish(-1, false);
    if (bytes[at] === 0x0d && at < end) at++;
    if (bytes[at] === 0x0a && at < end) at++;
  }
  return finish(-1, false);
}

export interface Decoded {
  readonly bytes: Uint8Array;
  /** The output was cut at `limit`. */
  readonly cut: boolean;
}

type Inflate = (data: Uint8Array, options: { maxOutputLength: number; finishFlush?: number }) => Uint8Array;

const zstd = (zlib as unknown as { zstdDecompressSync?: Inflate }).zstdDecompressSync;

const CODINGS: Readonly<Record<string, readonly Inflate[]>> = {
  gzip: [(data, options) => zlib.gunzipSync(data, options)],
  'x-gzip': [(data, options) => zlib.gunzipSync(data, options)],
  deflate: [(data, options) => zlib.inflateSync(data, options), (data, options) => zlib.inflateRawSync(data, options)],
  'x-deflate': [(data, options) => zlib.inflateSync(data, options), (data, options) => zlib.inflateRawSync(data, options)],
  br: [(data, options) => zlib.brotliDecompressSync(data, { maxOutputLength: options.maxOutputLength })],
  ...(zstd === undefined ? {} : { zstd: [(data: Uint8Array, options: { maxOutputLength: number }) => zstd(data, options)] }),
};

export function knownCoding(coding: string): boolean {
  return Object.hasOwn(CODINGS, coding);
}

/**
 * Undoes a content coding; null if the bytes are not so coded. Output beyond `limit` is not made: `cut` says so, and `bytes` is empty, as
 * the library gives nothing of what it has made.
 */
export function decode(coding: string, data: Uint8Array, limit = MAX_DECODED): Decoded | null {
  const ways = Object.hasOwn(CODINGS, coding) ? CODINGS[coding] : undefined;
  for (const way of ways ?? []) {
    try {
      // A body cut short still gives what it holds.
      return { bytes: way(data, { maxOutputLength: limit, finishFlush: zlib.constants.Z_SYNC_FLUSH }), cut: false };
    } catch (error) {
      if ((error as { code?: string }).code === 'ERR_BUFFER_TOO_LARGE') return { bytes: new Uint8Array(0), cut: true };
    }
  }
  return null;
}
