/** Where the list stands: at its end, somewhere by the scroll bar or the minimap, or on the way there. Knows not what is selected. */
import type { Actions } from '../store/actions.ts';
import { isFollowing, useApp } from '../store/state.ts';
import type { GridRows, RowsOwner } from './grid-rows.ts';
import type { RowSource } from './row-source.ts';
import { useViewport } from './viewport.ts';

/** Longest wait for the rows of a far place before the list goes there without them, ms. */
const JUMP_MS = 90;
/** Pages that are fetched ahead while the list is scrolled on, and steps, if these are larger. */
const AHEAD_PAGES = 2;
const AHEAD_STEPS = 8;
/** So long after the list got another size its scrolling is not the user's, ms. */
const SIZED_MS = 400;

export class ListPlace {
  readonly #list: RowsOwner;
  readonly #rows: GridRows;
  readonly #source: RowSource;
  readonly #actions: Actions;
  /** First row in sight at the last look. */
  #first = 0;
  #frame = 0;
  #endFrame = 0;
  /** Where a jump is to lead next; -1: nowhere. */
  #goal = -1;
  #jumping = false;
  /** The capture was stopped while the list followed its end, or the list stood there when it got another size: the last rows are being shown. */
  #ending = false;
  /** When the list got another size. */
  #sizedAt = Number.NEGATIVE_INFINITY;
  /** The scroll area as it was at the last scroll, px. */
  #scroll = { top: 0, whole: 0, seen: 0 };

  constructor(list: RowsOwner, rows: GridRows, source: RowSource, actions: Actions) {
    this.#list = list;
    this.#rows = rows;
    this.#source = source;
    this.#actions = actions;
  }

  end(): void {
    cancelAnimationFrame(this.#frame);
    cancelAnimationFrame(this.#endFrame);
  }

  /** Other rows are shown: a jump that is under way leads nowhere. */
  leave(): void {
    this.#goal = -1;
  }

  /** The list is to stand at its end, and to stay there as it grows. */
  get atEnd(): boolean {
    return isFollowing(useApp.getState()) || this.#ending;
  }

  /** What the list followed has ended: it gets to the last rows all the same. */
  endHere(): void {
    this.#ending = true;
  }

  /** Brings the end into sight. */
  toEnd(): void {
    if (this.#list.total === 0) return;
    this.#goal = -1;
    this.#rows.reveal(this.#list.total - 1, 'bottom');
    // The grid's scroll area may get its new height, or the list its new size, only with the next frame. The grid may hear of that later still.
    cancelAnimationFrame(this.#endFrame);
    this.#endFrame = requestAnimationFrame(() => {
      const node = this.#rows.scroller;
      if (node !== null && this.#list.total > 0 && this.atEnd && !this.#rows.standsAtEnd()) node.scrollTop = node.scrollHeight;
      this.#ending = false;
    });
  }

  /** The whole row at this position is in sight. */
  inSight(position: number): boolean {
    const { top, height } = this.#rows.viewport();
    return position >= top * this.#list.total && position + 1 <= (top + height) * this.#list.total;
  }

  /** Several pages away from what is in sight, and not here yet. */
  isFar(position: number): boolean {
    const { top, height } = this.#rows.viewport();
    return this.#source.at(position) === undefined && Math.abs(position - top * this.#list.total) > 4 * height * this.#list.total;
  }

  /** Rows of one page. */
  get page(): number {
    const { height } = this.#rows.viewport();
    return Math.max(1, Math.floor(height * this.#list.total) - 1);
  }

  /** The list gets another size: what moves just after that is the grid, or the browser. */
  resized(): void {
    this.#sizedAt = performance.now();
  }

  /** The list has another height: one that stands at its end stays there. */
  sized(): void {
    this.resized();
    this.#rows.measure();
    const { top, whole, seen } = this.#scroll;
    // As it was scrolled last, in the height that it had then.
    if (this.#rows.hasEnd && whole > seen && top + seen >= whole - 1 && this.#rows.scroller?.scrollHeight === whole) this.#ending = true;
    if (this.atEnd) this.toEnd();
    this.moved();
  }

  /**
   * The grid was scrolled, by whatever means: a finger, the middle button and a screen reader give neither wheel nor key. Going back
   * in a list that is as long and as high as before is what only a user does, so it stops the following.
   */
  scrolled(): void {
    const node = this.#rows.scroller;
    if (node !== null) {
      const now = { top: node.scrollTop, whole: node.scrollHeight, seen: node.clientHeight };
      const before = this.#scroll;
      this.#scroll = now;
      const back = now.top < before.top - 1 && now.whole === before.whole && now.seen === before.seen;
      if (back && isFollowing(useApp.getState()) && !this.#rows.standsAtEnd()) {
        // What moves just after the list got another size is the grid, or the browser.
        if (performance.now() - this.#sizedAt < SIZED_MS) this.toEnd();
        else this.#actions.followEvent({ kind: 'stop', total: this.#list.matched });
      }
    }
    this.moved();
  }

  /** The list was scrolled or has grown. */
  moved(): void {
    cancelAnimationFrame(this.#frame);
    this.#frame = requestAnimationFrame(() => {
      if (this.#rows.centre()) this.#scroll.top = this.#rows.scroller?.scrollTop ?? 0;
      const viewport = this.#rows.viewport();
      useViewport.setState(viewport);
      this.#rows.fill();
      const first = Math.floor(viewport.top * this.#list.total);
      const bottom = Math.round((viewport.top + viewport.height) * this.#list.total);
      this.#lookAhead(first, bottom);
      this.#actions.followEvent({ kind: 'looked', bottom });
    });
  }

  /** While the list is scrolled on, what comes next is fetched before it is in sight: no row is empty at first. */
  #lookAhead(first: number, bottom: number): void {
    const step = first - this.#first;
    this.#first = first;
    const page = bottom - first;
    if (step === 0) return;
    if (Math.abs(step) > 4 * page) {
      this.#source.giveUp();
      return;
    }
    const reach = Math.max(AHEAD_PAGES * page, AHEAD_STEPS * Math.abs(step));
    if (step > 0) {
      this.#rows.supply(bottom, bottom + Math.max(page, step));
      this.#source.ahead(bottom, bottom + reach);
    } else {
      this.#rows.supply(first - Math.max(page, -step), first);
      this.#source.ahead(first - reach, first, true);
    }
  }

  /** Scrolls so that the part at `share` of the list stands in the middle. */
  scrollTo(share: number): void {
    if (this.#list.total === 0) return;
    const position = Math.max(0, Math.min(this.#list.total - 1, Math.floor(share * this.#list.total)));
    if (share < 1) this.#actions.followEvent({ kind: 'stop', total: this.#list.matched });
    void this.jump(position);
  }

  /**
   * Puts a far place in the middle of the list once its rows are here, so that they do not stand empty at first. While the minimap is
   * dragged, places that were passed over meanwhile are left out.
   */
  async jump(position: number): Promise<void> {
    this.#goal = position;
    if (this.#jumping) return;
    this.#jumping = true;
    while (this.#goal >= 0) {
      const at = this.#goal;
      this.#source.giveUp();
      await this.rowsAround(at);
      // Following the end, or other rows, took its place.
      if (this.#goal < 0) break;
      if (this.#goal === at) this.#goal = -1;
      this.#rows.reveal(Math.min(at, this.#list.total - 1), 'middle');
    }
    this.#jumping = false;
  }

  /** Fulfilled when the rows around a place are here, or after JUMP_MS. */
  async rowsAround(position: number): Promise<void> {
    const half = Math.ceil(this.#rows.screen / 2);
    await this.atMost(this.#source.rows(Math.max(0, position - half), position + half));
  }

  /** Waits for rows, but for no longer than JUMP_MS. */
  async atMost(rows: Promise<unknown>): Promise<void> {
    let timer = 0;
    const late = new Promise<void>((resolve) => {
      timer = window.setTimeout(resolve, JUMP_MS);
    });
    await Promise.race([rows, late]);
    window.clearTimeout(timer);
  }
}
