/**
 * The rows on show: all rows, or those that match a filter. Columns decide what they can in one scan over bitmaps; rows they cannot
 * decide are dissected in slices, so that questions are answered in between. A capture that grows is scanned on from where it was.
 */
import { dissectPacket } from '../dissect/dissect-packet.ts';
import { type CompiledFilter, makeRowBits, verdict } from '../filter/index.ts';
import type { ViewState } from '../messages.ts';
import type { Capture } from './capture.ts';

/** Rows that one scan over the columns covers. */
const BLOCK = 1 << 16;
/** How long a slice of dissection may take before others get their turn, ms. */
const SLICE_MS = 12;

export class View {
  readonly id: number;
  readonly filter: CompiledFilter | null;
  readonly #capture: Capture;
  /** Matching rows, ascending; unused without a filter. */
  #rows = new Uint32Array(1024);
  #matched = 0;
  #scanned = 0;
  #elapsed = 0;
  #stopped = false;

  /** `filter` null: all rows. */
  constructor(id: number, capture: Capture, filter: CompiledFilter | null) {
    this.id = id;
    this.#capture = capture;
    this.filter = filter;
  }

  get matched(): number {
    return this.filter === null ? this.#capture.packets.length : this.#matched;
  }

  /** Rows that were looked at; none of them is looked at again. */
  get scanned(): number {
    return this.filter === null ? this.#capture.packets.length : this.#scanned;
  }

  get complete(): boolean {
    return this.#stopped || this.scanned >= this.#capture.packets.length;
  }

  get state(): ViewState {
    return {
      view: this.id,
      filter: this.filter?.expanded ?? '',
      matched: this.matched,
      scanned: this.scanned,
      complete: this.complete,
      elapsedMs: this.#elapsed,
    };
  }

  /** Ends the scan; what was found stays. */
  stop(): void {
    this.#stopped = true;
  }

  /** Works for one slice of time. True if there is more to do. */
  advance(): boolean {
    const { filter } = this;
    if (filter === null || this.complete) return false;
    const started = performance.now();
    const end = this.#capture.packets.length;
    while (this.#scanned < end && performance.now() - started < SLICE_MS)
      this.#scanBlock(filter, Math.min(end, this.#scanned + BLOCK), started);
    this.#elapsed += performance.now() - started;
    return !this.complete;
  }

  #scanBlock(filter: CompiledFilter, to: number, started: number): void {
    const from = this.#scanned - (this.#scanned % 32);
    const bits = makeRowBits(from, to);
    filter.scan(this.#capture, from, to, bits);
    let dissected = 0;
    for (let row = this.#scanned; row < to; row++) {
      const known = verdict(bits, from, row);
      if (known === true) this.#add(row);
      else if (known === null) {
        if (filter.matches(dissectPacket(this.#capture, row))) this.#add(row);
        // Asking the clock costs more than a few dissections.
        if ((++dissected & 15) === 0 && performance.now() - started >= SLICE_MS) {
          this.#scanned = row + 1;
          return;
        }
      }
    }
    this.#scanned = to;
  }

  #add(row: number): void {
    if (this.#matched === this.#rows.length) {
      const wider = new Uint32Array(2 * this.#rows.length);
      wider.set(this.#rows);
      this.#rows = wider;
    }
    this.#rows[this.#matched++] = row;
  }

  /** Row at a position of the view. */
  rowAt(position: number): number {
    return this.filter === null ? position : (this.#rows[position] as number);
  }

  /** Position of a row, or of the first row after it, or the last position; -1 if the view is empty. */
  positionOf(row: number): { position: number; exact: boolean } {
    const matched = this.matched;
    if (matched === 0) return { position: -1, exact: false };
    if (this.filter === null) return row < matched ? { position: row, exact: true } : { position: matched - 1, exact: false };
    let low = 0;
    let high = matched;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.#rows[middle] as number) < row) low = middle + 1;
      else high = middle;
    }
    if (low === matched) return { position: matched - 1, exact: false };
    return { position: low, exact: this.#rows[low] === row };
  }

  /** All matching rows so far, as a view of the table itself; null: all rows. Valid until the next advance(). */
  get rows(): Uint32Array | null {
    return this.filter === null ? null : this.#rows.subarray(0, this.#matched);
  }
}
