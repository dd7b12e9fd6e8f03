/** Ties the grid to the store: which rows there are, which is selected, where the list stands. No React in here. */
import type { GridApi, IDatasource, IRowNode } from 'ag-grid-community';
import type { RowSummary, Transport, ViewState } from '../../src/messages.ts';
import { type Actions, ROW_PX } from '../store/actions.ts';
import { type AppState, fieldColumns, hasDamageRow, isFollowing, useApp } from '../store/state.ts';
import { words } from '../words.ts';
import { cellTerm, cellText, fieldOf, fieldTerm, type ListColumn } from './cell-filter.ts';
import { firstNew } from './follow.ts';
import { ListColumns } from './list-columns.ts';
import { ListWindow, type Sight } from './list-window.ts';
import { RowSource } from './row-source.ts';
import { useViewport, type Viewport } from './viewport.ts';

/** Rows above the first packet, as screen readers count. */
const HEADER_ROWS = 1;
const FRESH_MS = 400;
/** Longest wait for the rows of a far place before the list goes there without them, ms. */
const JUMP_MS = 90;
/** Pages that are fetched ahead while the list is scrolled on, and steps, if these are larger. */
const AHEAD_PAGES = 2;
const AHEAD_STEPS = 8;

/** Number of the view of made-up rows, and how often they are drawn: code that has run a few times runs faster. */
const REHEARSED = -2;
const REHEARSALS = 4;

/** Rows with all that rows have: marks, ports, flags. Nobody sees them. */
function madeUp(count: number): RowSummary[] {
  return Array.from({ length: count }, (_, row) => ({
    row,
    time: '0.123456',
    source: '192.0.2.10',
    destination: '2001:db8::1',
    sourcePort: '49152',
    destinationPort: '443',
    protocol: 'TCP',
    hue: 'tra',
    length: 1234,
    info: '[SYN, ACK] Seq=0 Ack=1 Win=64240 Len=0 GET /index.html HTTP/1.1',
    marks: row % 8 === 0 ? [{ kind: 'warn', text: 'Retransmission' }] : [],
    stream: 0,
    transport: 'tcp',
    fields: [],
  }));
}

/** So long after the list got another size its scrolling is not the user's, ms. */
const SIZED_MS = 400;
/** How long the rows of another filter are waited for, ms. */
const ARRIVAL_MS = 5000;

/**
 * Keeps the grid from hearing its own vertical scroll bar, which nobody sees: the minimap is the scroll bar. It goes along with the list, but where rows have
 * come that it has no room for yet it stands further up, and on a busy machine the grid took that for the user's wish.
 */
function deafen(event: Event): void {
  if (event.target instanceof Element && event.target.classList.contains('ag-body-vertical-scroll-viewport')) event.stopPropagation();
}

/** Gives a row its packet. The grid draws rows without an id anew each time the list grows. */
function put(node: IRowNode<RowSummary>, row: RowSummary): void {
  node.id = String(node.rowIndex);
  // Of a row that showed another packet only the cells change that say something else.
  if (node.data === undefined) node.setData(row);
  else node.updateData(row);
}

const noRow = undefined as unknown as RowSummary;

export class ListController {
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
  /** The rows of the list that the grid has: what the grid calls an index is a place among these. */
  readonly #window = new ListWindow();
  #selecting: Promise<void> = Promise.resolve();
  #selected = -1;
  #selectedRow = -1;
  /** Position of the row under the pointer, -1 for none. */
  #pointed = -1;
  /** Where the selected row would stand: moving starts there. */
  #near = -1;
  #freshFrom = Number.POSITIVE_INFINITY;
  #freshAt = 0;
  #filling = false;
  /** First row in sight at the last look. */
  #first = 0;
  #frame = 0;
  #endFrame = 0;
  #growing = false;
  /** Packets that were marked or related when that was last looked at. */
  #refreshed: ReadonlySet<number> = new Set();
  /** Rows by which the selection is to be moved next, and whether a move is going on. */
  #steps = 0;
  #moving = false;
  #moved: Promise<void> = Promise.resolve();
  /** How far the selection was moved last. */
  #step = 1;
  /** Rows that came along, until the columns fit them. */
  #unmeasured: readonly RowSummary[] = [];
  #rehearsal = 0;
  /** View that takes the place of the made-up rows as soon as its first rows are here. */
  #coming = -1;
  /** Height of the list, px: asked for when it changes, since asking has the page laid out. */
  #height = 900;
  /** Width of what the columns share, px, as last heard, for the same reason; 0 while nobody sees it. */
  #width = 0;
  /** Where a jump is to lead next; -1: nowhere. */
  #goal = -1;
  #jumping = false;
  /** The column whose cell had the focus last. */
  #column = 'info';
  /** The list keeps the focus while its rows are replaced, and puts it on none of them. */
  #holding = false;
  /** The selected packet, while the file is read anew and has not come so far; -1: none is waited for. */
  #awaited = -1;
  /** The capture was stopped while the list followed its end, or the list stood there when it got another size: the last rows are being shown. */
  #ending = false;
  /** When the list got another size. */
  #sizedAt = Number.NEGATIVE_INFINITY;
  /** Who waits for the next view to be shown. */
  #arrivals: (() => void)[] = [];
  /** The scroll area as it was at the last scroll, px. */
  #scroll = { top: 0, whole: 0, seen: 0 };

  constructor(transport: Transport, actions: Actions) {
    this.#transport = transport;
    this.#actions = actions;
    this.columns = new ListColumns(actions, () => this.#width);
    this.#source = new RowSource(async (view, from, count) => {
      const { fields } = this.columns;
      const answer = await transport.engine('rows', { view, from, count, ...(fields.length === 0 ? {} : { fields }) });
      if (!answer.ok) return null;
      this.columns.fit(answer.value.rows);
      return answer.value;
    });
  }

  /** Starts with the grid ready; the function that comes back ends it. */
  start(api: GridApi<RowSummary>, root: HTMLElement): () => void {
    this.#api = api;
    this.#root = root;
    this.#height = root.clientHeight;
    this.#width = this.#scroller()?.clientWidth ?? 0;
    this.columns.start(api);
    this.#scroller()?.setAttribute('aria-label', words.packetList);
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
    else this.#rehearse();
    const wheel = (event: WheelEvent): void => {
      if (event.deltaY < 0) this.#actions.followEvent({ kind: 'stop', total: this.#matched });
    };
    root.addEventListener('wheel', wheel, { passive: true });
    // The grid tells of these only when a frame has been drawn in between.
    const over = (event: MouseEvent): void => this.#overRow(event);
    const press = (event: MouseEvent): void => this.#pressed(event);
    root.addEventListener('mouseover', over);
    root.addEventListener('mousedown', press);
    root.addEventListener('click', press);
    // The grid, which listened first, has drawn its rows by now; its own event comes after the frame.
    const scroller = this.#scroller();
    const fill = (): void => this.fill();
    scroller?.addEventListener('scroll', fill, { passive: true });
    root.addEventListener('scroll', deafen, true);
    const widen = (): void => {
      this.#width = scroller?.clientWidth ?? 0;
      this.columns.fit([]);
    };
    const size = new ResizeObserver(() => {
      this.#sizedAt = performance.now();
      widen();
    });
    size.observe(root);
    // A scroll bar for wide columns takes of the rows' height, which the grid does not tell.
    const room = new ResizeObserver(() => {
      if (scroller?.clientWidth !== this.#width) widen();
      this.sized();
    });
    if (scroller !== null) room.observe(scroller);
    return () => {
      off();
      root.removeEventListener('wheel', wheel);
      root.removeEventListener('mouseover', over);
      root.removeEventListener('mousedown', press);
      root.removeEventListener('click', press);
      scroller?.removeEventListener('scroll', fill);
      root.removeEventListener('scroll', deafen, true);
      size.disconnect();
      room.disconnect();
      cancelAnimationFrame(this.#frame);
      cancelAnimationFrame(this.#endFrame);
      cancelIdleCallback(this.#rehearsal);
      this.#actions.onRows(() => {});
      this.#api = null;
      this.columns.start(null);
    };
  }

  /* ------------------------------------------------------------ what the grid asks */

  /** The filter term that a cell stands for, null where there is none. */
  termOf(row: RowSummary, column: string, port: boolean): string | null {
    const field = fieldOf(column);
    return field === null ? cellTerm(row, column as ListColumn, port) : fieldTerm(row, field, this.columns.fields);
  }

  /** Text of a cell, for copying. */
  textOf(row: RowSummary, column: string): string {
    const field = fieldOf(column);
    return field === null ? cellText(row, column as ListColumn) : (row.fields[this.columns.fields.indexOf(field)]?.text ?? '');
  }

  get total(): number {
    return this.#matched + (this.#damage ? 1 : 0);
  }

  /** Position in the list of one of the grid's rows, -1 for none. */
  positionOf(index: number | null | undefined): number {
    return index === null || index === undefined || index < 0 ? -1 : this.#window.base + index;
  }
  isDamage(position: number): boolean {
    return this.#damage && position === this.#matched;
  }
  isSelected(position: number): boolean {
    return position >= 0 && position === this.#selected;
  }
  isFresh(position: number): boolean {
    return position >= this.#freshFrom && performance.now() - this.#freshAt < FRESH_MS;
  }
  get selectedPosition(): number {
    return this.#selected;
  }
  rowAt(position: number): RowSummary | undefined {
    return this.#source.at(position);
  }

  #datasource(): IDatasource {
    return {
      // Rows are put into the grid where they are in sight: an answer here would draw the whole screen once more.
      getRows: (params) => {
        params.failCallback();
        this.fill();
      },
    };
  }

  /* ------------------------------------------------------------ what the store tells */

  #changed(state: AppState, before: AppState): void {
    if (fieldColumns(state) !== fieldColumns(before)) {
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
      if (this.#awaited >= 0) void this.#await(state);
      else if (state.view.complete && before.view?.complete === false && state.selection.kind === 'packet')
        void this.#locate(state.selection.row, false);
    }
    if (state.selection !== before.selection) this.#selectionChanged(state);
    if (state.detail !== before.detail || state.marked !== before.marked) this.#refreshMarks(state);
    if (state.follow.on && !before.follow.on) this.#toEnd();
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
    this.#selected = -1;
    this.#selectedRow = -1;
    this.#window.reset(0, 0);
    this.#api?.setGridOption('datasource', this.#datasource());
    this.#api?.setRowCount(0, true);
  }

  /**
   * Draws a screen of made-up rows a few times, behind the start screen, and leaves them empty: fonts, styles, code and the rows themselves are ready then for
   * the first capture.
   */
  #rehearse(rounds = REHEARSALS): void {
    this.#rehearsal = requestIdleCallback(
      () => {
        const api = this.#api;
        if (api === null || this.#source.view >= 0) return;
        const rows = madeUp(this.#screen);
        if (this.#shown !== REHEARSED) {
          api.setGridOption('datasource', this.#datasource());
          api.setRowCount(rows.length, true);
        }
        api.forEachNode((node) => node.rowIndex !== null && put(node, rows[node.rowIndex] as RowSummary));
        // Asking for a size has them laid out now: they are gone before anything else happens.
        this.#height = this.#root?.clientHeight ?? this.#height;
        api.forEachNode((node) => node.setData(noRow));
        this.#shown = REHEARSED;
        if (rounds > 1) this.#rehearse(rounds - 1);
      },
      { timeout: 1000 },
    );
  }

  async #newView(state: AppState, view: ViewState): Promise<void> {
    const capture = state.capture;
    if (capture !== null && capture.capture !== this.#widthsOf) {
      this.#widthsOf = capture.capture;
      this.columns.forget();
      this.#selected = -1;
      this.#selectedRow = -1;
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
    await this.#source.rows(anchor === 0 ? 0 : Math.max(0, anchor - this.#screen), anchor + this.#screen);
    const api = this.#api;
    if (api === null || this.#source.view !== view.view) return;
    const now = useApp.getState();
    const latest = now.view?.view === view.view ? now.view : view;
    this.#source.setView(latest.view, latest.matched);
    this.#shown = view.view;
    this.#goal = -1;
    this.#matched = latest.matched;
    this.#damage = hasDamageRow(now.capture);
    this.#selected = selected;
    this.#near = state.selection.kind === 'packet' ? anchor : -1;
    this.#freshFrom = Number.POSITIVE_INFINITY;
    // The grid drops its rows, and with them the focus.
    const focused = this.#hold();
    const { selection } = now;
    this.#awaited = selection.kind === 'packet' && selected < 0 && now.capture?.phase === 'reading' ? selection.row : -1;
    if (this.#awaited >= 0) this.#selectedRow = this.#awaited;
    if (!rehearsed || this.#damage) api.setGridOption('datasource', this.#datasource());
    // Before there are rows, other widths cost little.
    this.columns.fit([...this.#source.loaded()]);
    this.#window.reset(this.total, anchor);
    this.#setCount(api);
    this.#supply(anchor - this.#screen, anchor + this.#screen);
    if (this.total > 0) this.#reveal(Math.min(anchor, this.total - 1), anchor === 0 ? 'top' : 'middle');
    if (isFollowing(now)) this.#toEnd();
    if (focused) this.#refocus(anchor);
    this.#paintRows();
    this.moved();
    for (const arrived of this.#arrivals.splice(0)) arrived();
  }

  /** A focus within the list goes to the list itself, which gets the keys, while its rows are replaced. True if there was one. */
  #hold(): boolean {
    if (this.#root?.contains(document.activeElement) !== true) return false;
    this.#holding = true;
    this.#root.focus({ preventScroll: true });
    this.#holding = false;
    return true;
  }

  /** Puts the focus on a row as soon as it is drawn, unless it went elsewhere meanwhile. */
  #refocus(position: number): void {
    window.setTimeout(() => {
      const api = this.#api;
      const active = document.activeElement;
      if (api === null || this.total === 0 || (active !== null && active !== document.body && active !== this.#root)) return;
      api.setFocusedCell(Math.min(position, this.total - 1) - this.#window.base, 'info');
    }, 60);
  }

  /** The view has more rows: so has the list. How often is for those to say who tell the store. */
  #grow(): void {
    const known = useApp.getState();
    const { view } = known;
    if (view === null || view.view !== this.#shown || view.view !== this.#source.view || this.#growing) return;
    this.#source.setView(view.view, view.matched);
    // A list that follows its end never shows rows that are empty at first: it grows by what is here. Mostly they have come along.
    const from = Math.max(0, view.matched - this.#screen);
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
    this.#ending = this.#ending || (now.follow.on && capture?.live === true && !isFollowing(now) && (before === 0 || this.#standsAtEnd()));
    if (capture?.live === true && view.matched > this.#matched) {
      this.#freshFrom = firstNew(this.#matched, view.matched, this.#screen);
      this.#freshAt = performance.now();
    }
    this.#matched = view.matched;
    this.#damage = damage;
    const { base, count } = this.#window;
    const following = isFollowing(now) || this.#ending;
    if (following) this.#window.follow(this.total, this.#screen);
    else this.#window.resize(this.total);
    if (this.#window.count !== count) this.#setCount(api);
    else if (this.total !== before) this.#tellTotal();
    if (this.#window.base !== base) this.#standForOthers(api);
    if (following) {
      this.#supply(this.#matched - this.#screen, this.#matched);
      this.#toEnd();
    } else this.#supply(0, before === 0 ? this.#screen : 0);
    this.fill();
    this.moved();
  }

  #setCount(api: GridApi<RowSummary>): void {
    api.setRowCount(this.#window.count, true);
    this.#tellTotal();
  }

  /** To a screen reader the grid's rows are those of the list. */
  #tellTotal(): void {
    this.#scroller()?.setAttribute('aria-rowcount', String(this.total + HEADER_ROWS));
  }

  /** The window has another base: the grid's rows stand for other packets. */
  #standForOthers(api: GridApi<RowSummary>): void {
    const drawn = new Set(api.getRenderedNodes());
    api.forEachNode((node) => {
      if (!drawn.has(node)) {
        node.data = noRow;
        return;
      }
      const position = this.positionOf(node.rowIndex);
      const row = this.#source.at(position);
      if (row !== undefined) put(node, row);
      else if (node.data !== undefined || this.isDamage(position)) node.setData(noRow);
    });
    // The grid would keep a row that has the focus, however far away.
    // The grid says `undefined` of a focus that was taken away, whatever its types say.
    const focused = api.getFocusedCell() ?? null;
    if (focused !== null) {
      this.#column = focused.column.getColId();
      this.#hold();
      api.clearFocusedCell();
    }
    this.#paintRows();
  }

  /** Gives the grid rows that are here, so that it draws them at once with what is in them. */
  #supply(from: number, to: number): void {
    const api = this.#api;
    if (api === null) return;
    const { base, count } = this.#window;
    for (let position = Math.max(base, from); position < Math.min(to, this.#matched, base + count); position++) {
      const row = this.#source.at(position);
      if (row === undefined) continue;
      const node = api.getDisplayedRowAtIndex(position - base);
      if (node !== undefined && node.data === undefined) put(node, row);
    }
  }

  /** Brings a position into sight: to the top, the middle or the bottom, or just so. */
  #reveal(position: number, where: 'top' | 'middle' | 'bottom' | null = null): void {
    const api = this.#api;
    if (api === null || this.total === 0) return;
    const sight = this.#sight();
    const { seen } = sight;
    const now = this.#window.base + sight.first;
    const [atTop, inMiddle, atBottom] = [position, position + (1 - seen) / 2, position + 1 - seen];
    let top = where === 'top' ? atTop : where === 'middle' ? inMiddle : where === 'bottom' ? atBottom : now;
    if (where === null) top = position < now ? atTop : Math.max(now, atBottom);
    top = Math.max(0, Math.min(top, this.total - seen));
    const { base } = this.#window;
    this.#window.move(top, sight);
    if (this.#window.base !== base) this.#standForOthers(api);
    this.#supply(Math.floor(top) - 4, Math.ceil(top + seen) + 4);
    api.ensureIndexVisible(position - this.#window.base, where);
    this.fill();
  }

  /** What is in sight is close to an end of what the grid has, and stays where it is while the grid gets more. */
  #centre(sight: Sight): void {
    const api = this.#api;
    const { base } = this.#window;
    this.#window.centre(sight);
    const node = this.#scroller();
    if (api === null || node === null || this.#window.base === base) return;
    this.#standForOthers(api);
    const top = base + sight.first;
    this.#supply(Math.floor(top) - 4, Math.ceil(top + sight.seen) + 4);
    // The grid draws its rows here, and not with the next frame.
    api.ensureIndexVisible(Math.floor(top) - this.#window.base, 'top');
    node.scrollTop = (top - this.#window.base) * ROW_PX;
    this.#scroll.top = node.scrollTop;
    this.fill();
    this.#paintRows();
  }

  /** Rows that the list shows at once, and a few more. */
  get #screen(): number {
    return Math.ceil(this.#height / ROW_PX) + 8;
  }

  #toEnd(): void {
    if (this.total === 0) return;
    this.#goal = -1;
    this.#reveal(this.total - 1, 'bottom');
    // The grid's scroll area may get its new height, or the list its new size, only with the next frame. The grid may hear of that later still.
    cancelAnimationFrame(this.#endFrame);
    this.#endFrame = requestAnimationFrame(() => {
      const node = this.#scroller();
      if (node !== null && this.total > 0 && (isFollowing(useApp.getState()) || this.#ending) && !this.#standsAtEnd())
        node.scrollTop = node.scrollHeight;
      this.#ending = false;
    });
  }

  /** Fetches what rendered rows lack: the rest of a block that was incomplete when the grid asked for it. */
  fill(): void {
    const api = this.#api;
    if (api === null || this.#filling) return;
    let from = Number.POSITIVE_INFINITY;
    let to = -1;
    for (const node of api.getRenderedNodes()) {
      const position = this.positionOf(node.rowIndex);
      if (node.data !== undefined || position < 0 || position >= this.#matched) continue;
      const here = this.#source.at(position);
      if (here !== undefined) {
        put(node, here);
        continue;
      }
      from = Math.min(from, position);
      to = Math.max(to, position);
    }
    if (to < 0) return;
    const view = this.#shown;
    this.#filling = true;
    void this.#source.rows(from, to + 1).then((rows) => {
      this.#filling = false;
      if (this.#api === null) return;
      // Another view took its place, and asked in vain while this one was waited for.
      if (rows === null || view !== this.#shown) {
        if (view !== this.#shown) this.fill();
        return;
      }
      for (const node of this.#api.getRenderedNodes()) {
        if (node.data !== undefined) continue;
        const row = rows[this.positionOf(node.rowIndex) - from];
        if (row !== undefined) put(node, row);
      }
      this.#paintRows();
      // The list may have been scrolled on meanwhile.
      if (rows.length === to + 1 - from) this.fill();
    });
  }

  /* ------------------------------------------------------------ selection */

  /** Brings the selected packet into sight as soon as the list has it again. */
  async #await(state: AppState): Promise<void> {
    const row = this.#awaited;
    const { capture, view } = state;
    if (capture === null || view === null || view.view !== this.#shown || capture.packets <= row) return;
    const answer = await this.#transport.engine('positionOf', { view: view.view, row });
    if (this.#awaited !== row || view.view !== this.#shown || !answer.ok) return;
    if (!answer.value.exact && (capture.phase === 'reading' || !view.complete)) return;
    this.#awaited = -1;
    await this.#locate(row, true);
  }

  #selectionChanged(state: AppState): void {
    const selection = state.selection;
    if (selection.kind !== 'packet' || selection.row !== this.#awaited) this.#awaited = -1;
    if (selection.kind === 'none') {
      this.#selected = -1;
      this.#selectedRow = -1;
      this.#paintRows();
    } else if (selection.kind === 'damage') {
      this.#selectedRow = -1;
      this.#selected = this.#damage ? this.#matched : -1;
      this.#paintRows();
      if (this.#selected >= 0) this.#reveal(this.#selected);
    } else if (selection.row !== this.#selectedRow) {
      this.#selectedRow = selection.row;
      void this.#locate(selection.row, true);
    }
  }

  /** Finds a row in the view, marks it, and brings it (or its nearest neighbour) into sight. */
  async #locate(row: number, reveal: boolean): Promise<void> {
    const view = this.#shown;
    const answer = await this.#transport.engine('positionOf', { view, row });
    if (!answer.ok || view !== this.#shown || this.#selectedRow !== row) return;
    this.#selected = answer.value.exact ? answer.value.position : -1;
    this.#near = answer.value.position;
    if (answer.value.position >= 0 && reveal && !this.#inSight(answer.value.position)) await this.#jump(answer.value.position);
    this.#paintRows();
  }

  #inSight(position: number): boolean {
    const { top, height } = this.#viewport();
    return position >= top * this.total && position + 1 <= (top + height) * this.total;
  }

  /** Position of the row that an element is in, -1 outside of rows. */
  #positionAt(target: EventTarget | null): number {
    const row = target instanceof Element ? target.closest('.ag-row') : null;
    return this.positionOf(Number(row?.getAttribute('row-index') ?? -1));
  }

  /** The row that stands under a pointer was not there at the last event: its packet may be chosen next. */
  #overRow({ target }: MouseEvent): void {
    const position = this.#positionAt(target);
    if (position === this.#pointed) return;
    this.#pointed = position;
    const row = this.#source.at(position);
    if (row !== undefined) this.#actions.prepareRow(row.row);
  }

  /**
   * The row that the main button is pressed on is selected; so is one that is clicked without that, by a screen reader. With Alt its value is excluded, which
   * the grid tells of.
   */
  #pressed({ type, target, button, altKey }: MouseEvent): void {
    const position = this.#positionAt(target);
    if (position < 0 || button !== 0 || altKey || (type === 'click' && position === this.#selected)) return;
    void this.select(position, false);
  }

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
    const api = this.#api;
    if (api === null || this.total === 0) return;
    const at = Math.max(0, Math.min(position, this.total - 1));
    if (!this.isDamage(at) && this.#isFar(at)) {
      this.#selected = at;
      await this.#rowsAround(at);
      if (this.#api === null || this.#selected !== at) return;
    }
    if (!this.#inSight(at)) {
      // A page without its rows would stand empty at first.
      const up = at < this.#viewport().top * this.total;
      const [from, to] = up ? [at, at + this.page] : [at - this.page, at + 1];
      if (!this.#source.has(from, to)) {
        this.#selected = at;
        await this.#atMost(this.#source.rows(Math.max(0, from), to));
        if (this.#api === null || this.#selected !== at) return;
      }
      this.#reveal(at);
    }
    if (focus) this.#focus(api, at);
    if (this.isDamage(at)) {
      await this.#actions.selectDamage();
      return;
    }
    const view = this.#shown;
    this.#selected = at;
    this.#paintRows();
    const row = this.#source.at(at) ?? (await this.#source.rows(at, at + 1))?.[0];
    // While a key repeats, rows that were passed over need not be dissected.
    if (row === undefined || view !== this.#shown || this.#selected !== at) return;
    this.#selectedRow = row.row;
    this.#actions.selectRow(row.row);
    this.#prepare(at);
  }

  /** The next and the previous row may be wanted next. */
  #prepare(position: number): void {
    const next = this.#source.at(position + this.#step);
    if (next !== undefined) this.#actions.prepareRow(next.row);
  }

  /** Several pages away from what is in sight, and not here yet. */
  #isFar(position: number): boolean {
    const { top, height } = this.#viewport();
    return this.#source.at(position) === undefined && Math.abs(position - top * this.total) > 4 * height * this.total;
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
      const { top } = this.#viewport();
      const start = this.#near >= 0 ? this.#near : Math.ceil(top * this.total);
      const from = this.#selected >= 0 ? this.#selected : start - (step > 0 ? 1 : 0);
      await this.select(from + step, true);
      await new Promise<void>((resolve) => requestAnimationFrame(() => window.setTimeout(resolve, 0)));
    }
  }

  /** Rows of one page. */
  get page(): number {
    const { height } = this.#viewport();
    return Math.max(1, Math.floor(height * this.total) - 1);
  }

  /** Selects a packet by its row, or what is nearest to it in the view. */
  async goTo(row: number): Promise<void> {
    const view = this.#shown;
    const answer = await this.#transport.engine('positionOf', { view, row });
    if (!answer.ok) return;
    if (view !== this.#shown || (answer.value.position < 0 && this.#matched > 0)) {
      // Another filter was applied, and its rows are on the way: the packet is looked for among them.
      if (view === this.#shown) await this.#nextView();
      if (view !== this.#shown) await this.goTo(row);
      return;
    }
    if (answer.value.position < 0) return;
    const position = Math.min(answer.value.position, this.#matched - 1);
    if (!this.#inSight(position)) await this.#jump(position);
    await this.select(position, true);
  }

  /** Fulfilled when another view is shown, or when none has come. */
  async #nextView(): Promise<void> {
    await new Promise<void>((resolve) => {
      this.#arrivals.push(resolve);
      window.setTimeout(resolve, ARRIVAL_MS);
    });
  }

  focusSelected(): void {
    const api = this.#api;
    if (api === null || this.total === 0 || this.#holding) return;
    const { top } = this.#viewport();
    this.#focus(api, this.#selected >= 0 ? this.#selected : Math.min(this.total - 1, Math.ceil(top * this.total)));
  }

  #focus(api: GridApi<RowSummary>, position: number): void {
    if (position < this.#window.base || position >= this.#window.base + this.#window.count) this.#reveal(position);
    api.setFocusedCell(position - this.#window.base, api.getFocusedCell()?.column ?? this.#column);
  }

  /** State of the elements of rows. */
  #paintRows(): void {
    for (const row of this.#root?.querySelectorAll('.ag-row') ?? []) this.paintRow(row, Number(row.getAttribute('row-index')));
  }

  /** State of the element of a row that was made, or stands for another packet. */
  paintRow(row: Element, index: number): void {
    const position = this.positionOf(index);
    const selected = this.isSelected(position);
    row.classList.toggle('sel', selected);
    if (selected) row.setAttribute('aria-selected', 'true');
    else row.removeAttribute('aria-selected');
    row.setAttribute('aria-rowindex', String(position + 1 + HEADER_ROWS));
  }

  /* ------------------------------------------------------------ where the list stands */

  #scroller(): HTMLElement | null {
    return this.#root?.querySelector<HTMLElement>('.ag-grid-viewport') ?? null;
  }

  #standsAtEnd(): boolean {
    const node = this.#scroller();
    return node === null || (this.#hasEnd && node.scrollTop + node.clientHeight >= node.scrollHeight - 1);
  }

  /** The grid has the last row of the list. */
  get #hasEnd(): boolean {
    return this.#window.base + this.#window.count >= this.total;
  }

  /** What is in sight, in the grid's rows. */
  #sight(): Sight {
    const node = this.#scroller();
    if (node === null) return { first: 0, seen: 1 };
    const header = node.querySelector<HTMLElement>('.ag-header')?.offsetHeight ?? 0;
    return { first: node.scrollTop / ROW_PX, seen: Math.max(1, (node.clientHeight - header) / ROW_PX) };
  }

  /** What is in sight, as parts of the list. */
  #viewport(): Viewport {
    const { first, seen } = this.#sight();
    if (this.total <= seen) return { top: 0, height: 1 };
    const height = seen / this.total;
    return { top: Math.min((this.#window.base + first) / this.total, 1 - height), height };
  }

  /** The list has another height: one that stands at its end stays there. */
  sized(): void {
    this.#sizedAt = performance.now();
    this.#height = this.#root?.clientHeight ?? this.#height;
    const { top, whole, seen } = this.#scroll;
    // As it was scrolled last, in the height that it had then.
    if (this.#hasEnd && whole > seen && top + seen >= whole - 1 && this.#scroller()?.scrollHeight === whole) this.#ending = true;
    if (isFollowing(useApp.getState()) || this.#ending) this.#toEnd();
    this.moved();
  }

  /**
   * The grid was scrolled, by whatever means: a finger, the middle button and a screen reader give neither wheel nor key. Going back
   * in a list that is as long and as high as before is what only a user does, so it stops the following.
   */
  scrolled(): void {
    const node = this.#scroller();
    if (node !== null) {
      const now = { top: node.scrollTop, whole: node.scrollHeight, seen: node.clientHeight };
      const before = this.#scroll;
      this.#scroll = now;
      const back = now.top < before.top - 1 && now.whole === before.whole && now.seen === before.seen;
      if (back && isFollowing(useApp.getState()) && !this.#standsAtEnd()) {
        // What moves just after the list got another size is the grid, or the browser.
        if (performance.now() - this.#sizedAt < SIZED_MS) this.#toEnd();
        else this.#actions.followEvent({ kind: 'stop', total: this.#matched });
      }
    }
    this.moved();
  }

  /** The list was scrolled or has grown. */
  moved(): void {
    cancelAnimationFrame(this.#frame);
    this.#frame = requestAnimationFrame(() => {
      if (this.total > 0) this.#centre(this.#sight());
      const viewport = this.#viewport();
      useViewport.setState(viewport);
      this.fill();
      const first = Math.floor(viewport.top * this.total);
      const bottom = Math.round((viewport.top + viewport.height) * this.total);
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
      this.#supply(bottom, bottom + Math.max(page, step));
      this.#source.ahead(bottom, bottom + reach);
    } else {
      this.#supply(first - Math.max(page, -step), first);
      this.#source.ahead(first - reach, first, true);
    }
  }

  /** Scrolls so that the part at `share` of the list stands in the middle. */
  scrollTo(share: number): void {
    if (this.total === 0) return;
    const position = Math.max(0, Math.min(this.total - 1, Math.floor(share * this.total)));
    if (share < 1) this.#actions.followEvent({ kind: 'stop', total: this.#matched });
    void this.#jump(position);
  }

  /**
   * Puts a far place in the middle of the list once its rows are here, so that they do not stand empty at first. While the minimap is
   * dragged, places that were passed over meanwhile are left out.
   */
  async #jump(position: number): Promise<void> {
    this.#goal = position;
    if (this.#jumping) return;
    this.#jumping = true;
    while (this.#goal >= 0) {
      const at = this.#goal;
      this.#source.giveUp();
      await this.#rowsAround(at);
      // Following the end, or other rows, took its place.
      if (this.#goal < 0) break;
      if (this.#goal === at) this.#goal = -1;
      this.#reveal(Math.min(at, this.total - 1), 'middle');
    }
    this.#jumping = false;
  }

  /** Fulfilled when the rows around a place are here, or after JUMP_MS. */
  async #rowsAround(position: number): Promise<void> {
    const half = Math.ceil(this.#screen / 2);
    await this.#atMost(this.#source.rows(Math.max(0, position - half), position + half));
  }

  /** Waits for rows, but for no longer than JUMP_MS. */
  async #atMost(rows: Promise<unknown>): Promise<void> {
    let timer = 0;
    const late = new Promise<void>((resolve) => {
      timer = window.setTimeout(resolve, JUMP_MS);
    });
    await Promise.race([rows, late]);
    window.clearTimeout(timer);
  }
}
