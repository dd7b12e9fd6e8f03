/**
 * A set of rows that is filled in ascending order, as bitmaps: one bit per row of a block in which there is any. Which row stands at a
 * position, and at which position a row stands, is found by counting bits within one block.
 */

/** Rows per block. */
export const BLOCK_SHIFT = 16;
export const BLOCK_ROWS = 1 << BLOCK_SHIFT;
/** 32-bit words per block. */
export const BLOCK_WORDS = BLOCK_ROWS >>> 5;

/** Number of bits set in a word. */
export function bitCount(word: number): number {
  let n = word - ((word >>> 1) & 0x55555555);
  n = (n & 0x33333333) + ((n >>> 2) & 0x33333333);
  return Math.imul((n + (n >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24;
}

export class RowSet {
  /** Number of rows in the set. */
  size = 0;
  /** Bits by block; null where a block has no row. */
  readonly #blocks: (Uint32Array | null)[] = [];
  /** How many rows of the set are in earlier blocks, by block. */
  readonly #before: number[] = [];
  /** The last answer of at(): who goes on from there, one position after the other or a few at a time, does not have the block counted anew. */
  #position = -1;
  #row = -1;

  /** Adds the rows 32 * word + n for each bit n that is set. Rows come in ascending order. */
  add(word: number, bits: number): void {
    if (bits === 0) return;
    const block = word >>> (BLOCK_SHIFT - 5);
    while (this.#blocks.length <= block) {
      this.#blocks.push(null);
      this.#before.push(this.size);
    }
    let words = this.#blocks[block];
    if (words == null) {
      words = new Uint32Array(BLOCK_WORDS);
      this.#blocks[block] = words;
    }
    const at = word & (BLOCK_WORDS - 1);
    const fresh = bits & ~(words[at] as number);
    words[at] = (words[at] as number) | bits;
    this.size += bitCount(fresh);
  }

  /**
   * Adds the rows of a block, none of which is in the set yet, nor any later one. `words`: a bit for each row of the block; the set keeps
   * them. `size`: how many are set.
   */
  addBlock(block: number, words: Uint32Array, size: number): void {
    if (size === 0) return;
    while (this.#blocks.length <= block) {
      this.#blocks.push(null);
      this.#before.push(this.size);
    }
    this.#blocks[block] = words;
    this.size += size;
  }

  has(row: number): boolean {
    const words = this.#blocks[row >>> BLOCK_SHIFT];
    return words != null && ((words[(row & (BLOCK_ROWS - 1)) >>> 5] as number) & (1 << (row & 31))) !== 0;
  }

  /** The row at a position, from 0; -1 if there is none. */
  at(position: number): number {
    if (position < 0 || position >= this.size) return -1;
    if (position === this.#position) return this.#row;
    const row = position > this.#position && this.#row >= 0 ? this.#onward(position) : this.#find(position);
    this.#position = position;
    this.#row = row;
    return row;
  }

  /** The row at a position after that of the last answer. */
  #onward(position: number): number {
    if (position === this.#position + 1) return this.#next(this.#row + 1);
    const block = this.#row >>> BLOCK_SHIFT;
    // In another block: all before it need not be counted.
    if (block + 1 < this.#before.length && (this.#before[block + 1] as number) <= position) return this.#find(position);
    const words = this.#blocks[block] as Uint32Array;
    let w = (this.#row & (BLOCK_ROWS - 1)) >>> 5;
    let word = (words[w] as number) & (-2 << (this.#row & 31));
    let left = position - this.#position - 1;
    for (let count = bitCount(word); left >= count; count = bitCount(word)) {
      left -= count;
      word = words[++w] as number;
    }
    for (; left > 0; left--) word &= word - 1;
    return (block << BLOCK_SHIFT) + 32 * w + (31 - Math.clz32(word & -word));
  }

  /** How many rows of the set stand before `row`. */
  rank(row: number): number {
    const block = row >>> BLOCK_SHIFT;
    if (block >= this.#blocks.length) return this.size;
    let n = this.#before[block] as number;
    const words = this.#blocks[block];
    if (words == null) return n;
    const last = (row & (BLOCK_ROWS - 1)) >>> 5;
    for (let w = 0; w < last; w++) n += bitCount(words[w] as number);
    return n + bitCount((words[last] as number) & ((1 << (row & 31)) - 1));
  }

  /** Calls `visit` for every row, ascending; with `from` and `to`, multiples of BLOCK_ROWS or the end, for those in between. */
  forEach(visit: (row: number) => void, from = 0, to = Number.POSITIVE_INFINITY): void {
    const end = Math.min(this.#blocks.length, Math.ceil(to / BLOCK_ROWS));
    for (let block = from >>> BLOCK_SHIFT; block < end; block++) {
      const words = this.#blocks[block];
      if (words == null) continue;
      for (let w = 0; w < BLOCK_WORDS; w++) {
        for (let left = words[w] as number; left !== 0; left &= left - 1) {
          visit((block << BLOCK_SHIFT) + 32 * w + (31 - Math.clz32(left & -left)));
        }
      }
    }
  }

  /** The first row of the set from `row` on; there is one. */
  #next(row: number): number {
    let block = row >>> BLOCK_SHIFT;
    let w = (row & (BLOCK_ROWS - 1)) >>> 5;
    let mask = -1 << (row & 31);
    for (; block < this.#blocks.length; block++, w = 0, mask = -1) {
      const words = this.#blocks[block];
      if (words == null) continue;
      for (; w < BLOCK_WORDS; w++, mask = -1) {
        const left = (words[w] as number) & mask;
        if (left !== 0) return (block << BLOCK_SHIFT) + 32 * w + (31 - Math.clz32(left & -left));
      }
    }
    return -1;
  }

  #find(position: number): number {
    // The last block with at most `position` rows before it; blocks without rows share their number with the next.
    let low = 0;
    let high = this.#before.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >>> 1;
      if ((this.#before[middle] as number) <= position) low = middle;
      else high = middle - 1;
    }
    const words = this.#blocks[low] as Uint32Array;
    let left = position - (this.#before[low] as number);
    for (let w = 0; w < BLOCK_WORDS; w++) {
      let word = words[w] as number;
      const count = bitCount(word);
      if (left >= count) {
        left -= count;
        continue;
      }
      for (; left > 0; left--) word &= word - 1;
      return (low << BLOCK_SHIFT) + 32 * w + (31 - Math.clz32(word & -word));
    }
    return -1;
  }
}
