/** Asking a compiled filter row by row, while the columns are scanned in blocks. */
import { type CompiledFilter, makeRowBits, verdict } from '../filter/index.ts';
import type { Capture } from './capture.ts';

/** Rows scanned at once. */
const BLOCK = 4096;

export class RowFilter {
  readonly #capture: Capture;
  readonly #filter: CompiledFilter;
  readonly #bits = makeRowBits(0, BLOCK);
  #from = 0;
  #to = 0;

  constructor(capture: Capture, filter: CompiledFilter) {
    this.#capture = capture;
    this.#filter = filter;
  }

  /** True or false as the columns decide; null: only full dissection can tell. Rows are best asked in order. */
  columns(row: number): boolean | null {
    if (row < this.#from || row >= this.#to) {
      // Aligned, so that a block fills whole words.
      this.#from = row - (row % 32);
      this.#to = Math.min(this.#capture.packets.length, this.#from + BLOCK);
      this.#bits.yes.fill(0);
      this.#bits.maybe.fill(0);
      this.#filter.scan(this.#capture, this.#from, this.#to, this.#bits);
    }
    return verdict(this.#bits, this.#from, row);
  }
}
