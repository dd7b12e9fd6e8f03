/**
 * The rows on show: all rows, or those that match a filter. Columns decide what they can, in bitmaps; rows they cannot decide are
 * dissected in slices, so that questions are answered in between. A capture that grows is scanned on from where it was.
 */

import { Wanted } from '../dissect/wanted.ts';
import type { CompiledFilter, RowBits } from '../filter/index.ts';
import type { ViewState } from '../messages.ts';
import { dissectFor } from '../protocols/dissect-packet.ts';
import { BLOCK_ROWS, BLOCK_SHIFT, BLOCK_WORDS, bitCount, RowSet } from '../table/row-set.ts';
import type { Capture } from './capture.ts';
import type { FilterMemory, Learned } from './filter-memory.ts';

/** How long a slice may take before others get their turn, ms. */
const SLICE_MS = 12;

export class View {
  /** Changes when the rows are put in another order: positions then mean other rows. */
  id: number;
  readonly filter: CompiledFilter | null;
  /** The column that the rows are sorted by, with how far that is (0 to 1); null: they stand as in the file. */
  sorting: { column: string; descending: boolean; done: number } | null = null;
  /** Rows that had to be dissected. */
  dissected = 0;
  readonly #capture: Capture;
  readonly #terms: readonly Learned[];
  readonly #wanted: Wanted | null;
  readonly #found = new RowSet();
  #scanned = 0;
  #elapsed = 0;
  #stopped = false;
  /** Rows from this one on came while the view was on show: their scanning is no part of what the filter took. */
  readonly #timed: number;
  /** Rows in the order of a column; those that came later stand after them, as in the file. */
  #order: Uint32Array | null = null;

  /**
   * @param filter null: all rows @param memory what filters before have found out about this capture
   * @param timed rows whose scanning counts as the time of the filter: for a live capture those that are there
   */
  constructor(id: number, capture: Capture, filter: CompiledFilter | null, memory: FilterMemory, timed = Number.POSITIVE_INFINITY) {
    this.id = id;
    this.#capture = capture;
    this.filter = filter;
    this.#timed = timed;
    this.#terms = filter === null ? [] : memory.termsOf(filter);
    this.#wanted = Wanted.join(this.#terms.map((term) => term.filter.wanted));
  }

  get matched(): number {
    return this.filter === null ? this.#capture.packets.length : this.#found.size;
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
      sorting: this.sorting,
    };
  }

  /** Ends the scan; what was found stays. */
  stop(): void {
    this.#stopped = true;
  }

  /** Works for one slice of time, `budget` ms. True if there is more to do. */
  advance(budget = SLICE_MS): boolean {
    if (this.filter === null || this.complete) return false;
    const started = performance.now();
    const end = this.#capture.packets.length;
    const counts = this.#scanned < this.#timed;
    // At least some rows, however little time there is.
    do this.#scanBlock(end, started + budget);
    while (this.#scanned < end && performance.now() - started < budget);
    if (counts) this.#elapsed += performance.now() - started;
    return !this.complete;
  }

  /** Goes on to the end of the block at hand, to row `to`, or as far as the time goes. */
  #scanBlock(to: number, deadline: number): void {
    const number = this.#scanned >>> BLOCK_SHIFT;
    const first = number << BLOCK_SHIFT;
    const end = Math.min(to, first + BLOCK_ROWS);
    const terms = this.#terms.map((term) => term.block(number, end));
    if (this.#scanned === first && this.#takeBlock(number, terms, end)) return;
    const lastWord = (end - 1 - first) >>> 5;
    let dissections = 0;
    for (let w = (this.#scanned - first) >>> 5; w <= lastWord; w++) {
      let yes = -1;
      let maybe = -1;
      for (let t = 0; t < terms.length; t++) {
        const term = terms[t] as (typeof terms)[number];
        yes &= term.yes[w] as number;
        maybe &= term.maybe[w] as number;
      }
      const base = first + 32 * w;
      // Rows of this word that were looked at before.
      if (base < this.#scanned) {
        const rest = -1 << (this.#scanned - base);
        yes &= rest;
        maybe &= rest;
      }
      for (let open = maybe & ~yes; open !== 0; open &= open - 1) {
        const bit = open & -open;
        const row = base + (31 - Math.clz32(bit));
        if (this.#decide(row, number, w, bit)) yes |= bit;
        // Asking the clock costs more than a few dissections.
        if ((++dissections & 15) === 0 && performance.now() >= deadline) {
          this.#found.add(base >>> 5, yes & (bit | (bit - 1)));
          this.#scanned = row + 1;
          return;
        }
      }
      this.#found.add(base >>> 5, yes);
    }
    this.#scanned = end;
  }

  /** A block that nothing is known of yet, up to row `end`, if columns decide all of it; false if some rows have to be dissected. */
  #takeBlock(number: number, terms: readonly RowBits[], end: number): boolean {
    const [head, ...rest] = terms as [RowBits, ...RowBits[]];
    const yes = head.yes.slice();
    const maybe = rest.length === 0 ? head.maybe : head.maybe.slice();
    for (const term of rest) {
      for (let w = 0; w < BLOCK_WORDS; w++) {
        yes[w] = (yes[w] as number) & (term.yes[w] as number);
        maybe[w] = (maybe[w] as number) & (term.maybe[w] as number);
      }
    }
    let open = 0;
    let size = 0;
    for (let w = 0; w < BLOCK_WORDS; w++) {
      const sure = yes[w] as number;
      open |= (maybe[w] as number) & ~sure;
      // Most words are one or the other, and asking costs less than counting until this is compiled.
      if (sure !== 0) size += sure === 0xffffffff ? 32 : bitCount(sure);
    }
    if (open !== 0) return false;
    this.#found.addBlock(number, yes, size);
    this.#scanned = end;
    return true;
  }

  #decide(row: number, block: number, word: number, bit: number): boolean {
    this.dissected++;
    const d = dissectFor(this.#capture, row, this.#wanted);
    for (const term of this.#terms) if (!term.ask(d, block, word, bit)) return false;
    return true;
  }

  /** How many rows stand in the order of a column. */
  get ordered(): number {
    return this.#order?.length ?? 0;
  }

  /** Puts the rows in another order, under a new number; null: as in the file. */
  reorder(id: number, order: Uint32Array | null): void {
    this.id = id;
    this.#order = order;
  }

  /** Row at a position of the view. */
  rowAt(position: number): number {
    return this.#order !== null && position < this.#order.length ? (this.#order[position] as number) : this.fileRowAt(position);
  }

  /** Row at a position of the view as it would be without an order. */
  fileRowAt(position: number): number {
    return this.filter === null ? position : this.#found.at(position);
  }

  /**
   * Position of a row, or of the first row after it, or the last position; -1 if the view is empty.
   * @param nearest of a row that is not there the nearest one counts, which may be before it
   */
  positionOf(row: number, nearest = false): { position: number; exact: boolean } {
    const found = this.#filePositionOf(row);
    const { position, exact } = found;
    if (nearest && !exact && position > 0 && row - this.fileRowAt(position - 1) < this.fileRowAt(position) - row)
      found.position = position - 1;
    if (this.#order === null || found.position < 0) return found;
    const at = this.#order.indexOf(this.fileRowAt(found.position));
    return at < 0 ? found : { position: at, exact: found.exact };
  }

  #filePositionOf(row: number): { position: number; exact: boolean } {
    const matched = this.matched;
    if (matched === 0) return { position: -1, exact: false };
    if (this.filter === null) return row < matched ? { position: row, exact: true } : { position: matched - 1, exact: false };
    const position = this.#found.rank(row);
    if (position === matched) return { position: matched - 1, exact: false };
    return { position, exact: this.#found.has(row) };
  }

  /** All matching rows so far; null: all rows. */
  get rows(): RowSet | null {
    return this.filter === null ? null : this.#found;
  }
}
