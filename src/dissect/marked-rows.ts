/** The packets of a capture that the user has marked. They are no part of the file: a window gives them to the engine, the command line has none. */
import { defineState } from './capture-index.ts';

/** The field that tells of them, as Wireshark names it. */
export const MARKED_FIELD = 'frame.marked';

export class MarkedRows {
  /** Counts the changes: what was found out about marks holds until the next one. */
  changes = 0;
  #rows: readonly number[] = [];
  #set: ReadonlySet<number> = new Set();

  /** In ascending order, each once. A capture that is still being read may not have come so far. */
  get rows(): readonly number[] {
    return this.#rows;
  }

  has(row: number): boolean {
    return this.#set.has(row);
  }

  /** These rows are marked from now on, and no others. */
  take(rows: readonly number[]): void {
    this.#set = new Set(rows);
    this.#rows = [...this.#set].sort((a, b) => a - b);
    this.changes++;
  }
}

export const markedRows = defineState(() => new MarkedRows());
