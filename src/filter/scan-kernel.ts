/**
 * Column scans without JavaScript's loops: which values of a column lie in ranges, by vectors, or are marked in a table. Made from scan.wat
 * by the build (scripts/build/wat.mjs).
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

/** All bits of a value: no mask. */
export const WHOLE = -1;

/** What scan.wat exports. */
interface Kernel {
  readonly memory: { readonly buffer: ArrayBuffer };
  readonly range16: Scan;
  readonly range32: Scan;
  readonly table16: (words: number, table: number, up1: number, out1: number, up2: number, out2: number) => void;
}
type Scan = (words: number, mask: number, low: number, span: number, out: number) => void;

/** Of the JavaScript interface of WebAssembly what is used here: TypeScript's types of it come with those of the DOM. */
declare const WebAssembly: {
  readonly Module: new (bytes: Uint8Array) => object;
  readonly Instance: new (module: object) => { readonly exports: unknown };
};

/** Where the bitmaps and the table begin in the memory. */
const BITS = CHUNK_ROWS * Uint32Array.BYTES_PER_ELEMENT;
const MORE_BITS = BITS + CHUNK_ROWS / 8;
const TABLE = MORE_BITS + CHUNK_ROWS / 8;

let started: ReturnType<typeof start> | null = null;

/** Half a millisecond. */
function start() {
  const { memory, range16, range32, table16 } = new WebAssembly.Instance(new WebAssembly.Module(Buffer.from(module, 'base64')))
    .exports as Kernel;
  return {
    range16,
    range32,
    table16,
    halves: new Uint16Array(memory.buffer, 0, CHUNK_ROWS),
    words: new Uint32Array(memory.buffer, 0, CHUNK_ROWS),
    bits: new Uint32Array(memory.buffer, BITS, CHUNK_ROWS >>> 5),
    moreBits: new Uint32Array(memory.buffer, MORE_BITS, CHUNK_ROWS >>> 5),
    table: new Uint8Array(memory.buffer, TABLE, 1 << 16),
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

/** Which bit of a table's octets, 0 to 7, and the bitmap that is made of it: one bit per row of the column. */
export type BitOf = readonly [bit: number, bits: Uint32Array];

/**
 * Fills the words of one or two bitmaps with what a table has for the values of rows [from, to).
 * @param from multiple of 32 @param to multiple of 32, at most as long as the column @param table has all values of the rows that matter
 */
export function byTable(column: Uint16Array, from: number, to: number, table: Uint8Array, one: BitOf, two: BitOf = one): void {
  started ??= start();
  const words = (to - from) >>> 5;
  started.halves.set(column.subarray(from, to));
  started.table.set(table);
  started.table16(words, TABLE, 7 - one[0], BITS, 7 - two[0], MORE_BITS);
  one[1].set(started.bits.subarray(0, words), from >>> 5);
  if (two !== one) two[1].set(started.moreBits.subarray(0, words), from >>> 5);
}
