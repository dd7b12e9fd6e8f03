/**
 * Rows of the present view, fetched in blocks and kept. Blocks that are complete are never fetched again; of a block at a growing
 * end only the rows that are missing are.
 */
import type { RowSummary } from '../../src/messages.ts';

/** Rows fetched at once: little more than a screenful, since after a far jump the list is empty until they are here. */
export const BLOCK_ROWS = 50;
/** Rows kept: enough for far scrolling to and fro, little memory. */
const ROWS_KEPT = 8000;

export interface RowsAnswer {
  readonly stale: boolean;
  readonly rows: readonly RowSummary[];
}

/** Asks the engine; null if the request failed. */
export type FetchRows = (view: number, from: number, count: number) => Promise<RowsAnswer | null>;

export class RowSource {
  readonly #fetch: FetchRows;
  /** Rows per block. */
  readonly #size: number;
  #view = -1;
  #total = 0;
  readonly #blocks = new Map<number, RowSummary[]>();
  readonly #running = new Map<number, Promise<void>>();
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
  }

  /** Drops all rows: they are asked for anew. */
  forget(): void {
    this.#blocks.clear();
    this.#running.clear();
    this.#asked++;
  }

  /** A row that is here already. */
  at(position: number): RowSummary | undefined {
    return this.#blocks.get(Math.floor(position / this.#size))?.[position % this.#size];
  }

  /** Every row that is here, for measuring. */
  *loaded(): Generator<RowSummary> {
    for (const block of this.#blocks.values()) yield* block;
  }

  /** Rows [from, to) as far as they exist; null if the view changed while they were fetched. */
  async rows(from: number, to: number): Promise<readonly RowSummary[] | null> {
    const view = this.#view;
    const asked = this.#asked;
    const last = Math.min(to, this.#total);
    // All at once: the second block does not wait for the first.
    for (let block = Math.floor(from / this.#size); block * this.#size < last; block++) void this.#load(block);
    for (let block = Math.floor(from / this.#size); block * this.#size < last; block++) {
      // A load that began before the list grew brings too little: what came since is asked for as well.
      for (let have = -1; this.#missing(block) > 0 && this.#have(block) > have; ) {
        have = this.#have(block);
        const joined = this.#running.has(block);
        await this.#load(block);
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

  /** Fetches rows [from, to) that may be wanted next, unless there is something to fetch that is wanted now. */
  ahead(from: number, to: number): void {
    const last = Math.min(to, this.#total);
    for (let block = Math.floor(Math.max(0, from) / this.#size); block * this.#size < last; block++) {
      if (this.#running.size > 0) return;
      void this.#load(block);
    }
  }

  #have(block: number): number {
    return this.#blocks.get(block)?.length ?? 0;
  }

  /** Rows of a block that exist and are not here. */
  #missing(block: number): number {
    return Math.min(this.#size, this.#total - block * this.#size) - this.#have(block);
  }

  #load(block: number): Promise<void> {
    const running = this.#running.get(block);
    if (running !== undefined) return running;
    const start = block * this.#size;
    const have = this.#have(block);
    const wanted = this.#missing(block);
    if (wanted <= 0) return Promise.resolve();
    const view = this.#view;
    const asked = this.#asked;
    const work = this.#fetch(view, start + have, wanted).then((answer) => {
      if (this.#view !== view || this.#asked !== asked) return;
      this.#running.delete(block);
      if (answer === null || answer.stale) return;
      const rows = this.#blocks.get(block) ?? [];
      if (rows.length === have) rows.push(...answer.rows);
      this.#blocks.set(block, rows);
      this.#touch(block);
    });
    this.#running.set(block, work);
    return work;
  }

  /** Makes a block the most recently used one and drops the oldest beyond the bound. */
  #touch(block: number): void {
    const rows = this.#blocks.get(block);
    if (rows === undefined) return;
    this.#blocks.delete(block);
    this.#blocks.set(block, rows);
    for (const key of this.#blocks.keys()) {
      if (this.#blocks.size * this.#size <= ROWS_KEPT) break;
      this.#blocks.delete(key);
    }
  }
}
