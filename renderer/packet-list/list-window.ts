/**
 * Stretch of the list that the grid has rows for. A list of millions of rows is higher than an element of a browser can be, and the wheel would pass over rows in
 * it. Besides, rows that come into sight by scrolling are made anew, which takes twice as long as putting other packets into those that are there. So the grid
 * has some thousands of rows, and for a far move they stand for other packets. No grid in here.
 */

/** Rows that the grid has, of a list that has as many, and how many it may have. */
export const WINDOW_ROWS = 5000;
export const MOST_WINDOW_ROWS = 2 * WINDOW_ROWS;
/** So many rows stay between what is in sight and an end of the stretch that is none of the list: more than a wheel passes between two frames. */
export const EDGE_ROWS = 500;

/** What is in sight: the grid's row at the top, with a fraction, and how many rows there is room for. */
export interface Sight {
  readonly first: number;
  readonly seen: number;
}

const clamp = (value: number, most: number): number => Math.max(0, Math.min(most, value));

export class ListWindow {
  #base = 0;
  #count = 0;
  #total = 0;

  /** Position in the list of the grid's first row. */
  get base(): number {
    return this.#base;
  }
  /** Rows that the grid has. */
  get count(): number {
    return this.#count;
  }
  /** Rows of the list. */
  get total(): number {
    return this.#total;
  }

  /** Another list, of which this position is to be seen. */
  reset(total: number, position: number): void {
    this.#total = total;
    this.#count = Math.min(total, WINDOW_ROWS);
    this.#base = this.#around(position);
  }

  /** The list got longer or shorter; each row of the grid stays what it is, as far as there are as many. */
  resize(total: number): void {
    const least = Math.min(total, WINDOW_ROWS);
    if (this.#base + this.#count > total) this.#base = clamp(this.#base, total - least);
    this.#total = total;
    const room = total - this.#base;
    this.#count = Math.max(Math.min(least, room), Math.min(this.#count, room));
  }

  /**
   * The list got longer, and its end is in sight. A few more rows come below those that are there; where none of those in sight would stay there, `screen`
   * rows, they stand for others, also where the grid has fewer than it could: with more of them all in sight would have to be made anew.
   */
  follow(total: number, screen: number): void {
    const atEnd = this.#base + this.#count === this.#total;
    const more = total - this.#total;
    const few = atEnd && more >= screen && this.#count >= EDGE_ROWS + screen ? this.#count : MOST_WINDOW_ROWS;
    this.resize(total);
    if (atEnd && more >= 0 && more < screen && total - this.#base <= MOST_WINDOW_ROWS) this.#count = total - this.#base;
    else {
      this.#count = more < screen ? Math.min(total, WINDOW_ROWS) : Math.min(this.#count, few);
      this.#base = total - this.#count;
    }
  }

  /** So that this position, with a fraction, can stand at the top: by scrolling where most rows stay in sight, else with the rows that are there. */
  move(top: number, { first, seen }: Sight): void {
    const by = top - (this.#base + first);
    if (Math.abs(by) > seen / 2) this.#base = clamp(this.#base + Math.round(by), this.#total - this.#count);
    this.centre({ first: top - this.#base, seen });
  }

  /** Where what is in sight is close to an end that is none of the list, the grid gets rows beyond it. The row at the top is another one then. */
  centre(sight: Sight): void {
    const { first, seen } = sight;
    const close =
      (this.#base > 0 && first < EDGE_ROWS) || (this.#base + this.#count < this.#total && first + seen > this.#count - EDGE_ROWS);
    if (!close) return;
    const middle = Math.floor(this.#base + first + seen / 2);
    this.#count = Math.max(this.#count, Math.min(this.#total, WINDOW_ROWS));
    this.#base = this.#around(middle);
  }

  #around(position: number): number {
    return clamp(position - Math.floor(this.#count / 2), this.#total - this.#count);
  }
}
