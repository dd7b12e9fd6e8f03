/** Ties the grid to the store: which rows there are, of which view, and how they come and grow. No React in here. */
import type { GridApi, IDatasource } from 'ag-grid-community';
import type { RowSummary, Transport, ViewState } from '../../src/messages.ts';
import type { Actions } from '../store/actions.ts';
import { firstNew } from '../store/follow.ts';
import { type AppState, fieldColumns, hasDamageRow, isFollowing, useApp } from '../store/state.ts';
import { words } from '../words.ts';
import { GridRows, type RowsOwner } from './grid-rows.ts';
import { ListColumns } from './list-columns.ts';
import { ListPlace } from './list-place.ts';
import { ListSelection } from './list-selection.ts';
import { rehearse } from './rehearsal.ts';
import { RowSource } from './row-source.ts';

const FRESH_MS = 400;
/** Number of the view of made-up rows. */
const REHEARSED = -2;

/**
 * Keeps the grid from hearing its own vertical scroll bar, which nobody sees: the minimap is the scroll bar. It goes along with the list, but where rows have
 * come that it has no room for yet it stands further up, and on a busy machine the grid took that for the user's wish.
 */
function deafen(event: Event): void {
  if (event.target instanceof Element && event.target.classList.contains('ag-body-vertical-scroll-viewport')) event.stopPropagation();
}

export class ListController implements RowsOwner {
  readonly #actions: Actions;
  readonly #transport: Transport;
  readonly #source: RowSource;
  /** Which columns there are, how wide, and the order. */
  readonly columns: ListColumns;
  #api: GridApi<RowSummary> | null = null;
  #root: HTMLElement | null = null;
  /** The capture whose packets the columns are as wide as. */
  #widthsOf = -1;
  /** View that the grid shows; the store's may be newer while its first rows are fetched. */
  #shown = -1;
  #matched = 0;
  #damage = false;
  /** What the grid has of the list. */
  readonly rows: GridRows;
  /** Where it stands. */
  readonly place: ListPlace;
  readonly selection: ListSelection;
  /** Position of the row under the pointer, -1 for none. */
  #pointed = -1;
  #freshFrom = Number.POSITIVE_INFINITY;
  #freshAt = 0;
  #growing = false;
  /** Packets that were marked or related when that was last looked at. */
  #refreshed: ReadonlySet<number> = new Set();
  /** Rows that came along, until the columns fit them. */
  #unmeasured: readonly RowSummary[] = [];
  #endRehearsal: () => void = () => {};
  /** View that takes the place of the made-up rows as soon as its first rows are here. */
  #coming = -1;
  /** Width of what the columns share, px, as last heard, since asking has the page laid out; 0 while nobody sees it. */
  #width = 0;

  constructor(transport: Transport, actions: Actions) {
    this.#transport = transport;
    this.#actions = actions;
    this.columns = new ListColumns(
      actions,
      () => this.#width,
      (change) => this.#keepRows(change),
    );
    this.#source = new RowSource(async (view, from, count) => {
      const { fields } = this.columns;
      const answer = await transport.engine('rows', { view, from, count, ...(fields.length === 0 ? {} : { fields }) });
      if (!answer.ok) return null;
      this.columns.fit(answer.value.rows);
      return answer.value;
    });
    this.rows = new GridRows(this, this.#source);
    this.place = new ListPlace(this, this.rows, this.#source, actions);
    this.selection = new ListSelection(this, this.rows, this.#source, this.place, transport, actions);
  }

  /** Starts with the grid ready; the function that comes back ends it. */
  start(api: GridApi<RowSummary>, root: HTMLElement): () => void {
    this.#api = api;
    this.#root = root;
    this.rows.start(api, root);
    api.setGridOption('datasource', this.#datasource());
    const { scroller } = this.rows;
    this.#width = scroller?.clientWidth ?? 0;
    this.columns.start(api);
    scroller?.setAttribute('aria-label', words.packetList);
    const off = useApp.subscribe((state, before) => this.#changed(state, before));
    this.#actions.onRows((view, { from, rows, fields }) => {
      if (fields.join(' ') !== this.columns.fields.join(' ')) return;
      this.#source.put(view, from, rows);
      if (view === this.#source.view) this.#unmeasured = rows;
    });
    const state = useApp.getState();
    this.columns.setFields(state);
    this.columns.showSorting(state);
    if (state.view !== null) void this.#newView(state, state.view);
    else {
      const wanted = (): boolean => this.#api !== null && this.#source.view < 0;
      this.#endRehearsal = rehearse(this.rows, wanted, () => {
        this.#shown = REHEARSED;
      });
    }
    const wheel = (event: WheelEvent): void => {
      if (event.deltaY < 0) this.#actions.followEvent({ kind: 'stop', total: this.#matched });
    };
    root.addEventListener('wheel', wheel, { passive: true });
    // The grid tells of these only when a frame has been drawn in between.
    const over = (event: MouseEvent): void => this.#overRow(event);
    const press = (event: PointerEvent): void => this.#pressed(event);
    root.addEventListener('mouseover', over);
    // Before the grid, which gives the cell the focus and for that has the page laid out.
    root.addEventListener('pointerdown', press, true);
    root.addEventListener('click', press);
    // The grid, which listened first, has drawn its rows by now; its own event comes after the frame.
    const fill = (): void => this.rows.fill();
    scroller?.addEventListener('scroll', fill, { passive: true });
    root.addEventListener('scroll', deafen, true);
    const widen = (): void => {
      this.#width = scroller?.clientWidth ?? 0;
      this.columns.fit([]);
    };
    const size = new ResizeObserver(() => {
      this.place.resized();
      widen();
    });
    size.observe(root);
    // A scroll bar for wide columns takes of the rows' height, which the grid does not tell.
    const room = new ResizeObserver(() => {
      if (scroller?.clientWidth !== this.#width) widen();
      this.place.sized();
    });
    if (scroller !== null) room.observe(scroller);
    return () => {
      off();
      root.removeEventListener('wheel', wheel);
      root.removeEventListener('mouseover', over);
      root.removeEventListener('pointerdown', press, true);
      root.removeEventListener('click', press);
      scroller?.removeEventListener('scroll', fill);
      root.removeEventListener('scroll', deafen, true);
      size.disconnect();
      room.disconnect();
      this.place.end();
      this.#endRehearsal();
      this.#actions.onRows(() => {});
      this.#api = null;
      this.rows.end();
      this.columns.start(null);
    };
  }

  /* ------------------------------------------------------------ what the grid asks */

  /** Number of the view that the list shows. */
  get view(): number {
    return this.#shown;
  }
  get matched(): number {
    return this.#matched;
  }
  get total(): number {
    return this.#matched + (this.#damage ? 1 : 0);
  }

  isDamage(position: number): boolean {
    return this.#damage && position === this.#matched;
  }
  isSelected(position: number): boolean {
    return position >= 0 && position === this.selection.position;
  }
  isFresh(position: number): boolean {
    return position >= this.#freshFrom && performance.now() - this.#freshAt < FRESH_MS;
  }
  rowAt(position: number): RowSummary | undefined {
    return this.#source.at(position);
  }

  /** The header has another order: the rows of the one before stay until those of the new one are here. */
  sortChanged(): void {
    this.rows.restore();
    void this.columns.sortChosen();
  }

  /** Does what has the grid drop its rows, and gives it the same again. */
  #keepRows(change: () => void): void {
    const focused = this.rows.hold();
    change();
    this.rows.restore();
    if (focused) this.#refocus(Math.max(0, this.selection.position));
  }

  #datasource(): IDatasource {
    return {
      // Rows are put into the grid where they are in sight: an answer here would draw the whole screen once more.
      getRows: (params) => {
        params.failCallback();
        this.rows.fill();
      },
    };
  }

  /* ------------------------------------------------------------ what the store tells */

  #changed(state: AppState, before: AppState): void {
    const fields = fieldColumns(state);
    if (fields !== fieldColumns(before) || (state.marked !== before.marked && fields.includes('frame.marked'))) {
      this.columns.setFields(state);
      this.#source.forget();
      if (state.view !== null) void this.#newView(state, state.view);
    }
    if (state.view !== before.view) this.columns.showSorting(state);
    if (state.view === null) {
      if (before.view !== null) this.#clear();
    } else if (state.view.view !== this.#source.view || this.#shown === REHEARSED) {
      void this.#newView(state, state.view);
    } else if (state.view !== before.view || state.capture !== before.capture) {
      this.#grow();
      this.selection.grown(state, state.view.complete && before.view?.complete === false);
    }
    if (state.selection !== before.selection) this.selection.changed(state);
    if (state.detail !== before.detail || state.marked !== before.marked) this.#refreshMarks(state);
    if (state.follow.on && !before.follow.on) this.place.toEnd();
  }

  /** The cells of packets that are marked or related to the selected one, or no longer so. */
  #refreshMarks({ marked, detail }: AppState): void {
    const api = this.#api;
    if (api === null) return;
    const rows = new Set([...marked, ...(detail?.related ?? [])]);
    const rowNodes = api
      .getRenderedNodes()
      .filter(({ data }) => data !== undefined && (rows.has(data.row) || this.#refreshed.has(data.row)));
    this.#refreshed = rows;
    if (rowNodes.length > 0) api.refreshCells({ rowNodes, columns: ['no'], force: true });
  }

  #clear(): void {
    this.#coming = -1;
    this.#source.setView(-1, 0);
    this.#shown = -1;
    this.#matched = 0;
    this.#damage = false;
    this.selection.clear();
    this.rows.show(0);
  }

  async #newView(state: AppState, view: ViewState): Promise<void> {
    const capture = state.capture;
    if (capture !== null && capture.capture !== this.#widthsOf) {
      this.#widthsOf = capture.capture;
      this.columns.forget();
      this.selection.clear();
    }
    this.#source.setView(view.view, view.matched);
    const rehearsed = this.#shown === REHEARSED;
    if (rehearsed) {
      // The empty rows stay for the moment that it takes until the first ones are here.
      if (this.#coming === view.view || (view.matched === 0 && capture?.phase === 'reading')) return;
      this.#coming = view.view;
    }
    let anchor = 0;
    let selected = -1;
    if (state.selection.kind === 'packet' && view.matched > 0) {
      const answer = await this.#transport.engine('positionOf', { view: view.view, row: state.selection.row });
      if (answer.ok) {
        anchor = Math.max(0, answer.value.position);
        selected = answer.value.exact ? answer.value.position : -1;
      }
    } else if (capture?.live === true && capture.phase === 'following' && state.follow.on) anchor = Math.max(0, view.matched - 1);
    await this.#source.rows(anchor === 0 ? 0 : Math.max(0, anchor - this.rows.screen), anchor + this.rows.screen);
    const api = this.#api;
    if (api === null || this.#source.view !== view.view) return;
    const now = useApp.getState();
    const latest = now.view?.view === view.view ? now.view : view;
    this.#source.setView(latest.view, latest.matched);
    this.#shown = view.view;
    this.place.leave();
    this.#matched = latest.matched;
    this.#damage = hasDamageRow(now.capture);
    this.#freshFrom = Number.POSITIVE_INFINITY;
    // The grid drops its rows, and with them the focus.
    const focused = this.rows.hold();
    this.selection.stand(selected, state.selection.kind === 'packet' ? anchor : -1, now);
    // Before there are rows, other widths cost little.
    this.columns.fit([...this.#source.loaded()]);
    this.rows.show(anchor);
    if (isFollowing(now)) this.place.toEnd();
    if (focused) this.#refocus(anchor);
    this.rows.paint();
    this.place.moved();
    this.selection.arrived();
  }

  /** Puts the focus on a row as soon as it is drawn, unless it went elsewhere meanwhile. */
  #refocus(position: number): void {
    window.setTimeout(() => {
      const api = this.#api;
      const active = document.activeElement;
      if (api === null || this.total === 0 || (active !== null && active !== document.body && active !== this.#root)) return;
      this.rows.focus(Math.min(position, this.total - 1));
    }, 60);
  }

  /** The view has more rows: so has the list. How often is for those to say who tell the store. */
  #grow(): void {
    const known = useApp.getState();
    const { view } = known;
    if (view === null || view.view !== this.#shown || view.view !== this.#source.view || this.#growing) return;
    this.#source.setView(view.view, view.matched);
    // A list that follows its end never shows rows that are empty at first: it grows by what is here. Mostly they have come along.
    const from = Math.max(0, view.matched - this.rows.screen);
    if (!isFollowing(known) || this.#source.has(from, view.matched)) {
      this.#growTo(view);
      return;
    }
    this.#growing = true;
    void this.#source.rows(from, view.matched).then(() => {
      this.#growing = false;
      const now = useApp.getState().view;
      if (now === null || now.view !== this.#shown || now.view !== this.#source.view) return;
      this.#growTo(view);
      if (now.matched > view.matched) this.#grow();
    });
  }

  #growTo(view: ViewState): void {
    const api = this.#api;
    if (api === null || view.view !== this.#shown) return;
    const now = useApp.getState();
    const { capture } = now;
    const before = this.total;
    this.columns.fit(this.#unmeasured);
    this.#unmeasured = [];
    const damage = hasDamageRow(capture);
    // What came between the last look and the stop: a list that stood at the end gets there.
    if (now.follow.on && capture?.live === true && !isFollowing(now) && (before === 0 || this.rows.standsAtEnd())) this.place.endHere();
    if (capture?.live === true && view.matched > this.#matched) {
      this.#freshFrom = firstNew(this.#matched, view.matched, this.rows.screen);
      this.#freshAt = performance.now();
    }
    this.#matched = view.matched;
    this.#damage = damage;
    const { atEnd } = this.place;
    this.rows.grow(atEnd);
    if (atEnd) this.place.toEnd();
    this.rows.fill();
    this.place.moved();
  }

  /* ------------------------------------------------------------ the pointer */

  /** The row that stands under a pointer was not there at the last event: its packet may be chosen next. */
  #overRow({ target }: MouseEvent): void {
    const position = this.rows.positionAt(target);
    if (position === this.#pointed) return;
    this.#pointed = position;
    const row = this.#source.at(position);
    if (row !== undefined) this.#actions.prepareRow(row.row);
  }

  /**
   * The row that a mouse's main button is pressed on is selected; so is one that is clicked otherwise, by touch, which may scroll, or by a screen reader. With Alt
   * its value is excluded, which the grid tells of.
   */
  #pressed({ type, pointerType, target, button, altKey }: PointerEvent): void {
    const position = this.rows.positionAt(target);
    if (position < 0 || button !== 0 || altKey) return;
    if (type === 'click' ? this.isSelected(position) : pointerType !== 'mouse') return;
    void this.selection.select(position, false);
  }
}
