/**
 * What a window hears without asking: the state of the capture and of the view, and with the view the rows that it is about to show. What merely grows
 * is told when the window has drawn what it was told before: no news is made that nobody sees, and what is told is as new as it can be.
 */
import type { CaptureState, RowSummary, RowsAlong, StateNews, ViewNews, ViewState } from '../messages.ts';

/** Least time between two news for a window that does not say that it draws them, ms: it is hidden, or there is none. */
const SLOW_MS = 250;
/** So long at most nothing is told of what has grown because there is more to come, ms. */
const BEHIND_MS = 200;

/** What there is to tell; nothing is made of it before it is told. */
export interface Source {
  state(): CaptureState;
  view(): ViewState;
  /** Rows [from, to) of the view. */
  rows(from: number, to: number, fields: readonly string[]): RowSummary[];
}

export interface Wish {
  readonly rows: number;
  readonly follow: boolean;
  readonly fields: readonly string[];
}

export class News {
  readonly #emitState: (state: StateNews) => void;
  readonly #emitView: (view: ViewNews) => void;
  /** The window has drawn what it heard. */
  #drawn = true;
  #wish: Wish = { rows: 0, follow: false, fields: [] };
  #toldAt = Number.NEGATIVE_INFINITY;
  #toldState = '';
  #toldView = '';
  /** Rows of the view that were told of, and those that went along: all before `to` that the window can want. */
  #view = -1;
  #matched = 0;
  #to = 0;
  #later: NodeJS.Timeout | null = null;
  #drawingFirst = false;
  #afterDrawing: () => void = () => {};

  constructor(emitState: (state: StateNews) => void, emitView: (view: ViewNews) => void) {
    this.#emitState = emitState;
    this.#emitView = emitView;
  }

  /** The window has drawn what it heard, and says what it wants from now on. */
  drawn(wish: Wish): void {
    // Rows that were sent have no values of the new fields.
    if (wish.fields.join(' ') !== this.#wish.fields.join(' ')) this.#to = 0;
    this.#wish = wish;
    this.#drawn = true;
    this.#firstDrawn();
  }

  /** Rows that the window shows first. */
  get wanted(): number {
    return this.#wish.rows;
  }

  /** The first rows are on their way to a window that is going to say when it has drawn them. */
  get drawingFirst(): boolean {
    return this.#drawingFirst;
  }

  /** Fulfilled once these are drawn, or after `ms`. */
  async firstDrawn(ms: number): Promise<void> {
    const late = setTimeout(() => this.#firstDrawn(), ms);
    await new Promise<void>((resolve) => {
      this.#afterDrawing = resolve;
    });
    clearTimeout(late);
  }

  #firstDrawn(): void {
    this.#drawingFirst = false;
    this.#afterDrawing();
  }

  /** Another capture, or none: nothing was told of it. */
  forget(): void {
    this.#toldState = '';
    this.#toldView = '';
    this.#view = -1;
    this.#matched = 0;
    this.#to = 0;
    this.#firstDrawn();
    if (this.#later !== null) clearTimeout(this.#later);
    this.#later = null;
  }

  /**
   * Tells what has changed. `now`: more than that something has grown. `matched`: rows of the view; the first ones are told at once too.
   * `again`: called when it is time for what was not told. `behind`: newer packets are here already, and who says so tells again when they are read. With them
   * the next picture is as new as it can be, and making one takes the processor from reading.
   */
  tell(now: boolean, matched: number, source: Source, again: () => void, behind = false): void {
    const time = performance.now();
    const first = matched > 0 && this.#matched === 0;
    if (behind && !now && !first && time - this.#toldAt < BEHIND_MS) return;
    if (!now && !first && !this.#drawn && time - this.#toldAt < SLOW_MS) {
      this.#later ??= setTimeout(() => {
        this.#later = null;
        again();
      }, SLOW_MS).unref();
      return;
    }
    const state = source.state();
    const stateKey = `${state.capture} ${state.phase} ${state.packets} ${state.bytesRead} ${state.damage?.offset ?? ''} ${state.change ?? ''}`;
    const view = source.view();
    const viewKey = `${view.view} ${view.matched} ${view.scanned} ${view.complete} ${view.sorting?.column} ${view.sorting?.descending} ${view.sorting?.done}`;
    if (stateKey === this.#toldState && viewKey === this.#toldView) return;
    this.#toldAt = time;
    this.#drawn = false;
    // Before anything is told: what belongs together arrives together.
    const along = viewKey === this.#toldView ? null : this.#along(view, source);
    const news = along === null ? view : { ...view, along };
    const together = this.#toldState === '';
    if (stateKey !== this.#toldState) {
      this.#toldState = stateKey;
      this.#emitState(together ? { ...state, view: news } : state);
    }
    if (viewKey === this.#toldView) return;
    this.#toldView = viewKey;
    this.#drawingFirst = first && along !== null;
    if (!together) this.#emitView(news);
  }

  /** Rows that the window is about to show and does not have. */
  #along(view: ViewState, source: Source): RowsAlong | null {
    if (view.view !== this.#view) {
      this.#view = view.view;
      this.#to = 0;
    }
    this.#matched = view.matched;
    const { rows, follow, fields } = this.#wish;
    const to = follow ? view.matched : Math.min(view.matched, rows);
    const from = Math.max(this.#to, to - rows);
    if (from >= to) return null;
    this.#to = to;
    try {
      return { from, rows: source.rows(from, to, fields), fields };
    } catch {
      // Packets that cannot be read any more: who asks for them is told why.
      return null;
    }
  }
}
