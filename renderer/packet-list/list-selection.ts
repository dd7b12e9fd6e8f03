/** The selected row of the list: found in each view, moved by keys and by the pointer, brought into sight. */
import type { Transport } from '../../src/messages.ts';
import type { Actions } from '../store/actions.ts';
import { type AppState, useApp } from '../store/state.ts';
import { words } from '../words.ts';
import type { GridRows, RowsOwner } from './grid-rows.ts';
import type { ListPlace } from './list-place.ts';
import type { RowSource } from './row-source.ts';

/** How long the rows of another filter are waited for, ms. */
const ARRIVAL_MS = 5000;

export class ListSelection {
  readonly #list: RowsOwner;
  readonly #rows: GridRows;
  readonly #source: RowSource;
  readonly #place: ListPlace;
  readonly #actions: Actions;
  readonly #transport: Transport;
  /** Position of the selected row, -1 for none, and its packet. */
  #selected = -1;
  #selectedRow = -1;
  /** Where the selected row would stand: moving starts there. */
  #near = -1;
  /** The selected packet, while the file is read anew and has not come so far; -1: none is waited for. */
  #awaited = -1;
  #selecting: Promise<void> = Promise.resolve();
  /** Rows by which the selection is to be moved next, and whether a move is going on. */
  #steps = 0;
  #moving = false;
  #moved: Promise<void> = Promise.resolve();
  /** How far the selection was moved last. */
  #step = 1;
  /** Who waits for the next view to be shown. */
  #arrivals: (() => void)[] = [];

  constructor(list: RowsOwner, rows: GridRows, source: RowSource, place: ListPlace, transport: Transport, actions: Actions) {
    this.#list = list;
    this.#rows = rows;
    this.#source = source;
    this.#place = place;
    this.#transport = transport;
    this.#actions = actions;
  }

  /** Position of the selected row, -1 for none. */
  get position(): number {
    return this.#selected;
  }

  /* ------------------------------------------------------------ what the list tells */

  /** Another capture, or none. */
  clear(): void {
    this.#selected = -1;
    this.#selectedRow = -1;
  }

  /** Another view takes the place of the one before: the selected row stands at `position` of it, -1 if it does not, and moving starts `near`. */
  stand(position: number, near: number, { selection, capture }: AppState): void {
    this.#selected = position;
    this.#near = near;
    this.#awaited = selection.kind === 'packet' && position < 0 && capture?.phase === 'reading' ? selection.row : -1;
    if (this.#awaited >= 0) this.#selectedRow = this.#awaited;
  }

  /** The other view is shown. */
  arrived(): void {
    for (const arrived of this.#arrivals.splice(0)) arrived();
  }

  /** The view has more rows; `completed`: it has all of them now. */
  grown(state: AppState, completed: boolean): void {
    if (this.#awaited >= 0) void this.#await(state);
    else if (completed && state.selection.kind === 'packet') void this.#locate(state.selection.row, false);
  }

  /** Brings the selected packet into sight as soon as the list has it again. */
  async #await(state: AppState): Promise<void> {
    const row = this.#awaited;
    const { capture, view } = state;
    if (capture === null || view === null || view.view !== this.#list.view || capture.packets <= row) return;
    const answer = await this.#transport.engine('positionOf', { view: view.view, row });
    if (this.#awaited !== row || view.view !== this.#list.view || !answer.ok) return;
    if (!answer.value.exact && (capture.phase === 'reading' || !view.complete)) return;
    this.#awaited = -1;
    await this.#locate(row, true);
  }

  /** Another packet was selected, here or elsewhere. */
  changed(state: AppState): void {
    const selection = state.selection;
    if (selection.kind !== 'packet' || selection.row !== this.#awaited) this.#awaited = -1;
    if (selection.kind === 'none') {
      this.#selected = -1;
      this.#selectedRow = -1;
      this.#rows.paint();
    } else if (selection.kind === 'damage') {
      this.#selectedRow = -1;
      this.#selected = this.#list.isDamage(this.#list.matched) ? this.#list.matched : -1;
      this.#rows.paint();
      if (this.#selected >= 0) this.#rows.reveal(this.#selected);
    } else if (selection.row !== this.#selectedRow) {
      this.#selectedRow = selection.row;
      void this.#locate(selection.row, true);
    }
  }

  /** Finds a row in the view, marks it, and brings it (or its nearest neighbour) into sight. */
  async #locate(row: number, reveal: boolean): Promise<void> {
    const view = this.#list.view;
    const answer = await this.#transport.engine('positionOf', { view, row });
    if (!answer.ok || view !== this.#list.view || this.#selectedRow !== row) return;
    this.#selected = answer.value.exact ? answer.value.position : -1;
    this.#near = answer.value.position;
    if (answer.value.position >= 0 && reveal && !this.#place.inSight(answer.value.position)) await this.#place.jump(answer.value.position);
    this.#rows.paint();
  }

  /* ------------------------------------------------------------ what the user does */

  /** Selects what stands at a position of the list. */
  select(position: number, focus: boolean): Promise<void> {
    this.#steps = 0;
    this.#selecting = this.#select(position, focus);
    return this.#selecting;
  }

  /** Fulfilled once the row that was chosen last is selected: it may still have to be read. */
  settled(): Promise<void> {
    return this.#moving ? this.#moved : this.#selecting;
  }

  async #select(position: number, focus: boolean): Promise<void> {
    if (this.#rows.ended || this.#list.total === 0) return;
    const at = Math.max(0, Math.min(position, this.#list.total - 1));
    if (!this.#list.isDamage(at) && this.#place.isFar(at)) {
      this.#selected = at;
      await this.#place.rowsAround(at);
      if (this.#rows.ended || this.#selected !== at) return;
    }
    if (!this.#place.inSight(at)) {
      // A page without its rows would stand empty at first.
      const up = at < this.#rows.viewport().top * this.#list.total;
      const [from, to] = up ? [at, at + this.#place.page] : [at - this.#place.page, at + 1];
      if (!this.#source.has(from, to)) {
        this.#selected = at;
        await this.#place.atMost(this.#source.rows(Math.max(0, from), to));
        if (this.#rows.ended || this.#selected !== at) return;
      }
      this.#rows.reveal(at);
    }
    if (focus) this.#rows.focus(at);
    if (this.#list.isDamage(at)) {
      await this.#actions.selectDamage();
      return;
    }
    const view = this.#list.view;
    this.#selected = at;
    this.#rows.paint();
    const row = this.#source.at(at) ?? (await this.#source.rows(at, at + 1))?.[0];
    // While a key repeats, rows that were passed over need not be dissected.
    if (row === undefined || view !== this.#list.view || this.#selected !== at) return;
    this.#selectedRow = row.row;
    this.#actions.selectRow(row.row);
    this.#prepare(at);
  }

  /** The next and the previous row may be wanted next. */
  #prepare(position: number): void {
    const next = this.#source.at(position + this.#step);
    if (next !== undefined) this.#actions.prepareRow(next.row);
  }

  /**
   * Moves the selection by rows; without a selection it starts at what is in sight. One move follows the other when that has been drawn and messages had their
   * turn: a browser draws what a key asks for before it delivers anything, so that a key that repeats would keep the page from getting the rows.
   */
  move(step: number): void {
    this.#step = step;
    this.#steps += step;
    if (this.#moving) return;
    this.#moving = true;
    this.#moved = this.#moveOn().finally(() => {
      this.#moving = false;
    });
  }

  async #moveOn(): Promise<void> {
    while (this.#steps !== 0) {
      const step = this.#steps;
      const { top } = this.#rows.viewport();
      const start = this.#near >= 0 ? this.#near : Math.ceil(top * this.#list.total);
      const from = this.#selected >= 0 ? this.#selected : start - (step > 0 ? 1 : 0);
      await this.select(from + step, true);
      await new Promise<void>((resolve) => requestAnimationFrame(() => window.setTimeout(resolve, 0)));
    }
  }

  /** Selects a packet by its row, or what is nearest to it in the view, and says so where that is another one. */
  async goTo(row: number): Promise<void> {
    const view = this.#list.view;
    const packets = useApp.getState().capture?.packets ?? 0;
    const answer = await this.#transport.engine('positionOf', { view, row: Math.min(row, packets), nearest: true });
    if (!answer.ok) return;
    if (view !== this.#list.view || (answer.value.position < 0 && this.#list.matched > 0)) {
      // Another filter was applied, and its rows are on the way: the packet is looked for among them.
      if (view === this.#list.view) await this.#nextView();
      if (view !== this.#list.view) await this.goTo(row);
      return;
    }
    if (answer.value.position < 0) {
      this.#actions.notify(words.goneNowhere(row + 1));
      return;
    }
    const position = Math.min(answer.value.position, this.#list.matched - 1);
    if (!this.#place.inSight(position)) await this.#place.jump(position);
    await this.select(position, true);
    const there = this.#source.at(position);
    if (there === undefined || view !== this.#list.view || this.#selectedRow !== there.row) return;
    const number = there.row + 1;
    if (answer.value.exact) this.#actions.notify('');
    else this.#actions.notify(row < packets ? words.goneToNearest(row + 1, number) : words.goneToLast(row + 1, packets, number));
  }

  /** Fulfilled when another view is shown, or when none has come. */
  async #nextView(): Promise<void> {
    await new Promise<void>((resolve) => {
      this.#arrivals.push(resolve);
      window.setTimeout(resolve, ARRIVAL_MS);
    });
  }

  /** The focus goes to the selected row, or to the first in sight. */
  focusSelected(): void {
    if (this.#rows.ended || this.#list.total === 0 || this.#rows.holding) return;
    const { top } = this.#rows.viewport();
    this.#rows.focus(this.#selected >= 0 ? this.#selected : Math.min(this.#list.total - 1, Math.ceil(top * this.#list.total)));
  }
}
