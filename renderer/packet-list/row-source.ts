/**
 * Rows of the present view, fetched in blocks and kept. Rows that are here are never fetched again: of a block at a growing end, or one of which some
 * rows came along with news, only the stretch that is missing is.
 */
import type { RowSummary } from '../../src/messages.ts';

/** Rows fetched at once: little more than a screenful, since after a far jump the list is empty until they are here. */
export const BLOCK_ROWS = 50;
/** Rows kept: enough for far scrolling to and fro, little memory. */
const ROWS_KEPT = 8000;
/** Rows that one request asks for at most: the engine makes them in one go, and what is wanted meanwhile waits. */
const MOST_ROWS = 250;

export interface RowsAnswer {
  readonly stale: boolean;
  readonly rows: readonly RowSummary[];
}

/** Asks the engine; null if the request failed. */
export type FetchRows = (view: number, from: number, count: number) => Promise<RowsAnswer | null>;

interface Block {
  /** By place in the block; a hole is a row that is not here. */
  readonly rows: (RowSummary | undefined)[];
  here: number;
}

export class RowSource {
  readonly #fetch: FetchRows;
  /** Rows per block. */
  readonly #size: number;
  #view = -1;
  #total = 0;
  readonly #blocks = new Map<number, Block>();
  readonly #running = new Map<number, Promise<void>>();
  /** What is to be fetched ahead as soon as nothing is that is wanted now. */
  #next: { readonly from: number; readonly to: number; readonly up: boolean } | null = null;
  /** Rows of a view that is not the present one yet. */
  #early: { readonly view: number; readonly from: number; readonly rows: readonly RowSummary[] } | null = null;
  /** Counts how often everything was forgotten: what was asked for before does not count. */
  #asked = 0;

  constructor(fetch: FetchRows, blockRows = BLOCK_ROWS) {
    this.#fetch = fetch;
    this.#size = blockRows;
  }

  get view(): number {
    return this.#view;
  }

  /** The view as it is now; another number drops all rows. */
  setView(view: number, total: number): void {
    if (view !== this.#view) {
      this.#view = view;
      this.forget();
    }
    this.#total = total;
    const early = this.#early;
    if (early === null || early.view > view) return;
    this.#early = null;
    if (early.view === view) this.#put(early.from, early.rows);
  }

  /** Takes rows that came without being asked for. */
  put(view: number, from: number, rows: readonly RowSummary[]): void {
    if (view === this.#view) this.#put(from, rows);
    else this.#early = { view, from, rows };
  }

  /** Drops all rows: they are asked for anew. */
  forget(): void {
    this.#blocks.clear();
    this.#running.clear();
    this.#next = null;
    this.#asked++;
  }

  /** A row that is here already. */
  at(position: number): RowSummary | undefined {
    return this.#blocks.get(Math.floor(position / this.#size))?.rows[position % this.#size];
  }

  /** Every row that is here, for measuring. */
  *loaded(): Generator<RowSummary> {
    for (const block of this.#blocks.values()) for (const row of block.rows) if (row !== undefined) yield row;
  }

  /** True if all rows of [from, to) that exist are here. */
  has(from: number, to: number): boolean {
    const last = Math.min(to, this.#total);
    for (let position = Math.max(0, from); position < last; position++) if (this.at(position) === undefined) return false;
    return true;
  }

  /** Rows [from, to) as far as they exist; null if the view changed while they were fetched. */
  async rows(from: number, to: number): Promise<readonly RowSummary[] | null> {
    const view = this.#view;
    const asked = this.#asked;
    const last = Math.min(to, this.#total);
    const complete = (block: number): boolean => this.has(Math.max(from, block * this.#size), Math.min(last, (block + 1) * this.#size));
    // All at once: the second block does not wait for the first.
    for (let block = Math.floor(from / this.#size); block * this.#size < last; block++) if (!complete(block)) void this.#load(block, 1);
    for (let block = Math.floor(from / this.#size); block * this.#size < last; block++) {
      // A load that began before the list grew brings too little: what came since is asked for as well.
      for (let have = -1; !complete(block) && this.#have(block) > have; ) {
        have = this.#have(block);
        const joined = this.#running.has(block);
        await this.#load(block, 1);
        if (this.#view !== view || this.#asked !== asked) return null;
        if (joined) have = -1;
      }
      this.#touch(block);
    }
    const out: RowSummary[] = [];
    for (let position = from; position < last; position++) {
      const row = this.at(position);
      if (row === undefined) break;
      out.push(row);
    }
    return out;
  }

  /**
   * Fetches rows [from, to) that may be wanted next, in few requests, after what is wanted now. Nothing is asked for while the nearer half is here, or if
   * `up` the farther one, which is the nearer one on the way up.
   */
  ahead(from: number, to: number, up = false): void {
    const start = Math.max(0, from);
    const last = Math.min(to, this.#total);
    if (start >= last) return;
    const middle = Math.floor((start + last) / 2);
    if (up ? this.has(middle, last) : this.has(start, middle + 1)) return;
    if (this.#running.size > 0) {
      this.#next = { from: start, to: last, up };
      return;
    }
    let first = Math.floor(start / this.#size);
    let end = Math.ceil(last / this.#size);
    while (first < end && this.#missing(first) === null) first++;
    while (end > first && this.#missing(end - 1) === null) end--;
    if (up) {
      const low = first;
      for (first = end - 1; first > low && this.#missing(first - 1) !== null; ) first--;
      first = Math.max(first, end - this.#most);
    } else {
      // Up to what is here already.
      const high = Math.min(end, first + this.#most);
      for (end = Math.min(first + 1, high); end < high && this.#missing(end) !== null; ) end++;
    }
    if (end <= first) return;
    // The rest afterwards, unless the list has gone elsewhere.
    this.#next = up ? { from: start, to: first * this.#size, up } : { from: end * this.#size, to: last, up };
    void this.#load(first, end - first);
  }

  /** Nothing more is fetched ahead: the list goes elsewhere. */
  giveUp(): void {
    this.#next = null;
  }

  /** Blocks that one request asks for at most. */
  get #most(): number {
    return Math.max(1, Math.floor(MOST_ROWS / this.#size));
  }

  #have(block: number): number {
    return this.#blocks.get(block)?.here ?? 0;
  }

  /** The stretch of a block that exists and is not here, as places in the block; null: all of it is here. */
  #missing(block: number): { readonly from: number; readonly to: number } | null {
    const size = Math.min(this.#size, this.#total - block * this.#size);
    const known = this.#blocks.get(block);
    if (known === undefined) return size > 0 ? { from: 0, to: size } : null;
    if (known.here >= size) return null;
    let from = 0;
    while (known.rows[from] !== undefined) from++;
    let to = size;
    while (known.rows[to - 1] !== undefined) to--;
    return { from, to };
  }

  /** Fetches what is missing of `count` blocks, in one request. */
  #load(block: number, count: number): Promise<void> {
    const running = this.#running.get(block);
    if (running !== undefined) return running;
    const most = Math.min(count, this.#most);
    const first = this.#missing(block);
    if (first === null) return Promise.resolve();
    let end = block + 1;
    while (end < block + most && !this.#running.has(end) && this.#missing(end) !== null) end++;
    const last = end - 1 === block ? first : (this.#missing(end - 1) ?? first);
    const from = block * this.#size + first.from;
    const to = (end - 1) * this.#size + last.to;
    const view = this.#view;
    const asked = this.#asked;
    const work = this.#fetch(view, from, to - from).then((answer) => {
      if (this.#view !== view || this.#asked !== asked) return;
      for (let each = block; each < end; each++) this.#running.delete(each);
      if (answer !== null && !answer.stale) this.#put(from, answer.rows);
      const next = this.#next;
      if (next === null || this.#running.size > 0) return;
      this.#next = null;
      this.ahead(next.from, next.to, next.up);
    });
    for (let each = block; each < end; each++) this.#running.set(each, work);
    return work;
  }

  #put(from: number, rows: readonly RowSummary[]): void {
    let number = -1;
    let block: Block = { rows: [], here: 0 };
    for (const [k, row] of rows.entries()) {
      const position = from + k;
      if (Math.floor(position / this.#size) !== number) {
        number = Math.floor(position / this.#size);
        block = this.#blocks.get(number) ?? { rows: new Array<RowSummary | undefined>(this.#size).fill(undefined), here: 0 };
        this.#blocks.set(number, block);
        this.#touch(number);
      }
      if (block.rows[position % this.#size] === undefined) block.here++;
      block.rows[position % this.#size] = row;
    }
  }

  /** Makes a block the most recently used one and drops the oldest beyond the bound. */
  #touch(block: number): void {
    const known = this.#blocks.get(block);
    if (known === undefined) return;
    this.#blocks.delete(block);
    this.#blocks.set(block, known);
    for (const key of this.#blocks.keys()) {
      if (this.#blocks.size * this.#size <= ROWS_KEPT) break;
      this.#blocks.delete(key);
    }
  }
}
