/** How many octets segments have acknowledged selectively (RFC 2018): what octets in flight are counted less. Kept for rows with the option only. */
import { defineState } from '../dissect/capture-index.ts';
import { lowerBound } from '../table/ascending.ts';
import { grown, u32 } from './tuple-table.ts';

export class SelectiveAcks {
  #rows = new Uint32Array(1024);
  #octets = new Uint32Array(1024);
  #size = 0;

  constructor() {
    // Once now: see grown().
    this.#grow();
  }

  /** The segment in `row` acknowledges this many octets in its blocks, 0 without the option. Rows come in order. */
  note(row: number, octets: number): void {
    if (this.#size === this.#rows.length) this.#grow();
    this.#rows[this.#size] = row;
    this.#octets[this.#size] = octets;
    this.#size += octets === 0 ? 0 : 1;
  }

  #grow(): void {
    this.#rows = grown(this.#rows, u32);
    this.#octets = grown(this.#octets, u32);
  }

  /** Octets that the segment in `row` acknowledges selectively, 0 without the option. */
  octetsOf(row: number): number {
    const at = lowerBound(this.#rows, row, this.#size);
    return at < this.#size && this.#rows[at] === row ? (this.#octets[at] as number) : 0;
  }
}

export const selectiveAcks = defineState(() => new SelectiveAcks());
