/**
 * Column scans by vectors: which values of a column lie in ranges. Made from scan.wat by the build (scripts/build/wat.mjs).
 *
 * A column is copied into the memory of the module and its bitmap out of it. That takes a third of the time, and leaves columns what they
 * are: a memory that grows with the capture would be one of 4 GB at most.
 */
import { CHUNK_ROWS } from '../table/packet-table.ts';
import module from './scan.wat';

/** A column of a chunk. */
export type Values = Uint16Array<ArrayBuffer> | Uint32Array<ArrayBuffer>;

/** Ranges of integers, both ends in them; they may reach beyond what a column can hold. */
export type Ranges = readonly (readonly [low: number, high: number])[];

/** What scan.wat exports. */
interface Kernel {
  readonly memory: { readonly buffer: ArrayBuffer };
  readonly range16: Scan;
  readonly range32: Scan;
}
type Scan = (words: number, mask: number, low: number, span: number, out: number) => void;

/** Of the JavaScript interface of WebAssembly what is used here: TypeScript's types of it come with those of the DOM. */
declare const WebAssembly: {
  readonly Module: new (bytes: Uint8Array) => object;
  readonly Instance: new (module: object) => { readonly exports: unknown };
};

/** Where the bitmap begins in the memory. */
const BITS = CHUNK_ROWS * Uint32Array.BYTES_PER_ELEMENT;

let started: ReturnType<typeof start> | null = null;

/** Half a millisecond. */
function start() {
  const { memory, range16, range32 } = new WebAssembly.Instance(new WebAssembly.Module(Buffer.from(module, 'base64'))).exports as Kernel;
  return {
    range16,
    range32,
    halves: new Uint16Array(memory.buffer, 0, CHUNK_ROWS),
    words: new Uint32Array(memory.buffer, 0, CHUNK_ROWS),
    bits: new Uint32Array(memory.buffer, BITS, CHUNK_ROWS >>> 5),
  };
}

/**
 * Fills the words of a bitmap with whether the values of rows [from, to), of the bits in `mask` alone, lie in one of the ranges: those of
 * one column, or those of any of two.
 * @param from multiple of 32 @param to multiple of 32, at most as long as the columns @param bits one bit per row of the columns
 */
export function inRanges(
  columns: readonly [Values, Values?],
  from: number,
  to: number,
  mask: number,
  ranges: Ranges,
  bits: Uint32Array,
): void {
  started ??= start();
  const words = (to - from) >>> 5;
  started.bits.fill(0, 0, words);
  for (const column of columns) {
    if (column === undefined) continue;
    const wide = column instanceof Uint32Array;
    const most = wide ? 0xffffffff : 0xffff;
    const scan = wide ? started.range32 : started.range16;
    (wide ? started.words : started.halves).set(column.subarray(from, to));
    for (const range of ranges) {
      const low = Math.max(0, range[0]);
      const high = Math.min(most, range[1]);
      if (low <= high) scan(words, mask, low, high - low, BITS);
    }
  }
  bits.set(started.bits.subarray(0, words), from >>> 5);
}
