/** Ties the grid to the store: which rows there are, which is selected, where the list stands. No React in here. */
import type { GridApi, IDatasource } from 'ag-grid-community';
import type { RowSummary, Transport, ViewState } from '../../src/messages.ts';
import type { Actions } from '../store/actions.ts';
import { firstNew } from '../store/follow.ts';
import { type AppState, fieldColumns, hasDamageRow, isFollowing, useApp } from '../store/state.ts';
import { words } from '../words.ts';
import { cellTerm, cellText, fieldOf, fieldTerm, type ListColumn } from './cell-filter.ts';
import { GridRows, type RowsOwner } from './grid-rows.ts';
import { ListColumns } from './list-columns.ts';
import { RowSource } from './row-source.ts';
import { useViewport } from './viewport.ts';

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
  /** What the grid has of the list, and where it stands. */
  readonly rows: GridRows;
  #selecting: Promise<void> = Promise.resolve();
  #selected = -1;
  #selectedRow = -1;
  /** Position of the row under the pointer, -1 for none. */
  #pointed = -1;
  /** Where the selected row would stand: moving starts there. */
  #near = -1;
  #freshFrom = Number.POSITIVE_INFINITY;
  #freshAt = 0;
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
  /** Width of what the columns share, px, as last heard, since asking has the page laid out; 0 while nobody sees it. */
  #width = 0;
  /** Where a jump is to lead next; -1: nowhere. */
  #goal = -1;
  #jumping = false;
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
    this.rows = new GridRows(this, this.#source);
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
    const fill = (): void => this.rows.fill();
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
      this.rows.end();
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
        this.rows.fill();
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
    this.rows.show(0);
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
        this.rows.rehearse(madeUp(this.rows.screen));
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
    await this.#source.rows(anchor === 0 ? 0 : Math.max(0, anchor - this.rows.screen), anchor + this.rows.screen);
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
    const focused = this.rows.hold();
    const { selection } = now;
    this.#awaited = selection.kind === 'packet' && selected < 0 && now.capture?.phase === 'reading' ? selection.row : -1;
    if (this.#awaited >= 0) this.#selectedRow = this.#awaited;
    // Before there are rows, other widths cost little.
    this.columns.fit([...this.#source.loaded()]);
    this.rows.show(anchor);
    if (isFollowing(now)) this.#toEnd();
    if (focused) this.#refocus(anchor);
    this.rows.paint();
    this.moved();
    for (const arrived of this.#arrivals.splice(0)) arrived();
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
    this.#ending =
      this.#ending || (now.follow.on && capture?.live === true && !isFollowing(now) && (before === 0 || this.rows.standsAtEnd()));
    if (capture?.live === true && view.matched > this.#matched) {
      this.#freshFrom = firstNew(this.#matched, view.matched, this.rows.screen);
      this.#freshAt = performance.now();
    }
    this.#matched = view.matched;
    this.#damage = damage;
    const following = isFollowing(now) || this.#ending;
    this.rows.grow(following);
    if (following) this.#toEnd();
    this.rows.fill();
    this.moved();
  }

  #toEnd(): void {
    if (this.total === 0) return;
    this.#goal = -1;
    this.rows.reveal(this.total - 1, 'bottom');
    // The grid's scroll area may get its new height, or the list its new size, only with the next frame. The grid may hear of that later still.
    cancelAnimationFrame(this.#endFrame);
    this.#endFrame = requestAnimationFrame(() => {
      const node = this.rows.scroller;
      if (node !== null && this.total > 0 && (isFollowing(useApp.getState()) || this.#ending) && !this.rows.standsAtEnd())
        node.scrollTop = node.scrollHeight;
      this.#ending = false;
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
      this.rows.paint();
    } else if (selection.kind === 'damage') {
      this.#selectedRow = -1;
      this.#selected = this.#damage ? this.#matched : -1;
      this.rows.paint();
      if (this.#selected >= 0) this.rows.reveal(this.#selected);
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
    this.rows.paint();
  }

  #inSight(position: number): boolean {
    const { top, height } = this.rows.viewport();
    return position >= top * this.total && position + 1 <= (top + height) * this.total;
  }

  /** The row that stands under a pointer was not there at the last event: its packet may be chosen next. */
  #overRow({ target }: MouseEvent): void {
    const position = this.rows.positionAt(target);
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
    const position = this.rows.positionAt(target);
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
      const up = at < this.rows.viewport().top * this.total;
      const [from, to] = up ? [at, at + this.page] : [at - this.page, at + 1];
      if (!this.#source.has(from, to)) {
        this.#selected = at;
        await this.#atMost(this.#source.rows(Math.max(0, from), to));
        if (this.#api === null || this.#selected !== at) return;
      }
      this.rows.reveal(at);
    }
    if (focus) this.rows.focus(at);
    if (this.isDamage(at)) {
      await this.#actions.selectDamage();
      return;
    }
    const view = this.#shown;
    this.#selected = at;
    this.rows.paint();
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
    const { top, height } = this.rows.viewport();
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
      const { top } = this.rows.viewport();
      const start = this.#near >= 0 ? this.#near : Math.ceil(top * this.total);
      const from = this.#selected >= 0 ? this.#selected : start - (step > 0 ? 1 : 0);
      await this.select(from + step, true);
      await new Promise<void>((resolve) => requestAnimationFrame(() => window.setTimeout(resolve, 0)));
    }
  }

  /** Rows of one page. */
  get page(): number {
    const { height } = this.rows.viewport();
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
    if (api === null || this.total === 0 || this.rows.holding) return;
    const { top } = this.rows.viewport();
    this.rows.focus(this.#selected >= 0 ? this.#selected : Math.min(this.total - 1, Math.ceil(top * this.total)));
  }

  /* ------------------------------------------------------------ where the list stands */

  /** The list has another height: one that stands at its end stays there. */
  sized(): void {
    this.#sizedAt = performance.now();
    this.rows.measure();
    const { top, whole, seen } = this.#scroll;
    // As it was scrolled last, in the height that it had then.
    if (this.rows.hasEnd && whole > seen && top + seen >= whole - 1 && this.rows.scroller?.scrollHeight === whole) this.#ending = true;
    if (isFollowing(useApp.getState()) || this.#ending) this.#toEnd();
    this.moved();
  }

  /**
   * The grid was scrolled, by whatever means: a finger, the middle button and a screen reader give neither wheel nor key. Going back
   * in a list that is as long and as high as before is what only a user does, so it stops the following.
   */
  scrolled(): void {
    const node = this.rows.scroller;
    if (node !== null) {
      const now = { top: node.scrollTop, whole: node.scrollHeight, seen: node.clientHeight };
      const before = this.#scroll;
      this.#scroll = now;
      const back = now.top < before.top - 1 && now.whole === before.whole && now.seen === before.seen;
      if (back && isFollowing(useApp.getState()) && !this.rows.standsAtEnd()) {
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
      if (this.rows.centre()) this.#scroll.top = this.rows.scroller?.scrollTop ?? 0;
      const viewport = this.rows.viewport();
      useViewport.setState(viewport);
      this.rows.fill();
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
      this.rows.supply(bottom, bottom + Math.max(page, step));
      this.#source.ahead(bottom, bottom + reach);
    } else {
      this.rows.supply(first - Math.max(page, -step), first);
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
      this.rows.reveal(Math.min(at, this.total - 1), 'middle');
    }
    this.#jumping = false;
  }

  /** Fulfilled when the rows around a place are here, or after JUMP_MS. */
  async #rowsAround(position: number): Promise<void> {
    const half = Math.ceil(this.rows.screen / 2);
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
