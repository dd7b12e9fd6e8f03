/**
 * Zstandard (RFC 8878) within bounds. The library decodes blocks and trusts them: a block may be made to say that it grows without end, and a
 * window of 2 GB is set aside if the header asks for it. So frames and blocks are walked here first, what the library is given can fill
 * one buffer of known size only, and it has its time.
 */
import { randomBytes } from 'node:crypto';
import vm from 'node:vm';
import { decompress } from 'fzstd';

/** Why data was not, or not wholly, decoded. `short`: it ends before its end; `large`: more than the limit; `window`: larger than 32 MB, and may reach back farther; `slow`: more work than it has time for. */
export type ZstdFlaw = 'short' | 'damaged' | 'large' | 'window' | 'dictionary' | 'slow';

export interface Unzstd {
  /** What was decoded: of data with the flaw `short` all whole blocks, else nothing if there is a flaw. */
  readonly bytes: Uint8Array;
  readonly flaw: ZstdFlaw | null;
}

/** The library reads no distances beyond 2^25 bytes. RFC 9659 allows 8 MB over HTTP. */
const MAX_WINDOW = 1 << 25;
const MAX_BLOCK = 1 << 17;
const MARK = 16;

const RAW = 0;
const RLE = 1;

interface Frame {
  /** Just past the last whole block, and where that begins; -1 if there is none. */
  readonly blocksEnd: number;
  readonly last: number;
  /** Just past the frame, checksum included. */
  readonly end: number;
  /** Bytes that the blocks can decode to at most. */
  readonly atMost: number;
  /** Length of what it decodes to, as the header says; -1 without. */
  readonly says: number;
  readonly flaw: ZstdFlaw | null;
}

function littleEndian(data: Uint8Array, at: number, length: number): number {
  let value = 0;
  for (let i = length - 1; i >= 0; i--) value = value * 256 + (data[at + i] as number);
  return value;
}

/** Walks a frame that begins at `at` with its magic number. */
function frameAt(data: Uint8Array, at: number): Frame {
  const ends = (flaw: ZstdFlaw): Frame => ({ blocksEnd: at, last: -1, end: data.length, atMost: 0, says: -1, flaw });
  const descriptor = data[at + 4];
  if (descriptor === undefined) return ends('short');
  if ((descriptor & 8) !== 0) return ends('damaged');
  const single = (descriptor & 0x20) !== 0;
  const idBytes = [0, 1, 2, 4][descriptor & 3] as number;
  const sizeBytes = [single ? 1 : 0, 2, 4, 8][descriptor >> 6] as number;
  const idAt = at + (single ? 5 : 6);
  const blocks = idAt + idBytes + sizeBytes;
  if (blocks > data.length) return ends('short');
  if (littleEndian(data, idAt, idBytes) !== 0) return ends('dictionary');
  const says = sizeBytes === 0 ? -1 : littleEndian(data, idAt + idBytes, sizeBytes) + (sizeBytes === 2 ? 256 : 0);
  let window = says;
  if (!single) {
    const base = 2 ** (10 + ((data[at + 5] as number) >> 3));
    window = base + (base / 8) * ((data[at + 5] as number) & 7);
  }
  const largest = Math.min(MAX_BLOCK, window);
  let from = blocks;
  let last = -1;
  let atMost = 0;
  const upTo = (end: number, flaw: ZstdFlaw | null): Frame => {
    // A window that is larger than all there is reaches no farther than that.
    const far = window > MAX_WINDOW && atMost > MAX_WINDOW;
    return { blocksEnd: from, last, end, atMost, says, flaw: far ? 'window' : flaw };
  };
  while (from + 3 <= data.length) {
    const head = littleEndian(data, from, 3);
    const type = (head >> 1) & 3;
    const size = head >> 3;
    if (type === 3 || size > largest) return upTo(data.length, 'damaged');
    const next = from + 3 + (type === RLE ? 1 : size);
    if (next > data.length) break;
    atMost += type === RAW || type === RLE ? size : largest;
    last = from;
    from = next;
    if ((head & 1) !== 0) {
      const end = from + ((descriptor & 4) === 0 ? 0 : 4);
      return upTo(end, end > data.length ? 'short' : null);
    }
  }
  return upTo(data.length, 'short');
}

const TIMEOUT = 'ERR_SCRIPT_EXECUTION_TIMEOUT';
let job: () => void = () => undefined;
let watched: { script: vm.Script; context: vm.Context } | null = null;

/** Runs within a time, in milliseconds; throws when that is over. */
function within(timeout: number, run: () => void): void {
  watched ??= { script: new vm.Script('run()'), context: vm.createContext({ run: () => job() }) };
  job = run;
  try {
    watched.script.runInContext(watched.context, { timeout });
  } finally {
    job = () => undefined;
  }
}

/** Decodes the whole blocks of a frame; null if they are damaged, 'large' if they grow beyond `limit`. */
function decodeFrame(data: Uint8Array, at: number, frame: Frame, limit: number): Uint8Array | 'large' | null {
  // A block of ours ends the frame: what it says stands where the data ends, whose length the library does not tell.
  const mark = randomBytes(MARK);
  const length = frame.blocksEnd - at;
  const coded = new Uint8Array(length + 3 + MARK);
  coded.set(data.subarray(at, frame.blocksEnd));
  // No checksum follows, and the last block is not the last any more.
  (coded[4] as number) &= ~4;
  (coded[frame.last - at] as number) &= ~1;
  coded.set([(MARK << 3) | 1, 0, 0], length);
  coded.set(mark, length + 3);
  const out = Buffer.alloc(Math.min(frame.atMost, limit) + MARK);
  try {
    decompress(coded, out);
  } catch (error) {
    if ((error as { code?: unknown }).code === TIMEOUT) throw error;
    return frame.atMost > limit ? 'large' : null;
  }
  const end = out.lastIndexOf(mark);
  if (end < 0) return frame.atMost > limit ? 'large' : null;
  return out.subarray(0, end);
}

function unzstdFrames(data: Uint8Array, limit: number): Unzstd {
  const parts: Uint8Array[] = [];
  let total = 0;
  let at = 0;
  let flaw: ZstdFlaw | null = null;
  while (at < data.length && flaw === null) {
    const magic = at + 4 <= data.length ? littleEndian(data, at, 4) : 0;
    if (magic >>> 4 === 0x184d2a5) {
      at += at + 8 > data.length ? 8 : 8 + littleEndian(data, at + 4, 4);
      if (at > data.length) flaw = 'short';
      continue;
    }
    if (magic !== 0xfd2fb528) {
      if (at === 0) flaw = data.length < 4 ? 'short' : 'damaged';
      break;
    }
    const frame = frameAt(data, at);
    flaw = frame.flaw;
    if (frame.says > limit - total && flaw === null) flaw = 'large';
    if (frame.last >= 0 && (flaw === null || flaw === 'short')) {
      const part = decodeFrame(data, at, frame, limit - total);
      if (part === null || part === 'large') return { bytes: new Uint8Array(0), flaw: part ?? 'damaged' };
      if (flaw === null && frame.says >= 0 && part.length !== frame.says) return { bytes: new Uint8Array(0), flaw: 'damaged' };
      parts.push(part);
      total += part.length;
    }
    at = frame.end;
  }
  if (flaw !== null && flaw !== 'short') return { bytes: new Uint8Array(0), flaw };
  return { bytes: parts.length === 1 ? (parts[0] as Uint8Array) : Buffer.concat(parts, total), flaw };
}

/**
 * Decodes Zstandard frames, one after the other, to at most `limit` bytes; skippable ones are skipped, and what follows the last is ignored.
 * Checksums are not compared.
 */
export function unzstd(data: Uint8Array, limit: number): Unzstd {
  let result: Unzstd = { bytes: new Uint8Array(0), flaw: 'damaged' };
  try {
    // What is not made to hold the library up takes a tenth of this.
    within(500 + Math.ceil(Math.min(limit, 1000 * data.length) / 20_000), () => {
      result = unzstdFrames(data, limit);
    });
  } catch (error) {
    if ((error as { code?: unknown }).code !== TIMEOUT) throw error;
    return { ...result, flaw: 'slow' };
  }
  return result;
}
