/** The rows of the grid: which packets they stand for, and where they stand on the screen. Knows neither the store nor what is selected. */
import type { GridApi, IRowNode } from 'ag-grid-community';
import type { RowSummary } from '../../src/messages.ts';
import { ROW_PX } from '../store/growth.ts';
import { ListWindow, type Sight } from './list-window.ts';
import type { RowSource } from './row-source.ts';
import type { Viewport } from './viewport.ts';

/** Rows above the first packet, as screen readers count. */
const HEADER_ROWS = 1;
/** Rows above and below what is in sight that the grid has drawn, too. */
const BUFFER_ROWS = 4;

/** The list that the rows are of. */
export interface RowsOwner {
  /** Number of its view. */
  readonly view: number;
  /** Packets, and with the row that marks where a damaged file ends. */
  readonly matched: number;
  readonly total: number;
  isDamage(position: number): boolean;
  isSelected(position: number): boolean;
}

/** Gives a row its packet. The grid draws rows without an id anew each time the list grows. */
function put(node: IRowNode<RowSummary>, row: RowSummary): void {
  node.id = String(node.rowIndex);
  // Of a row that showed another packet only the cells change that say something else.
  if (node.data === undefined) node.setData(row);
  else node.updateData(row);
}

const noRow = undefined as unknown as RowSummary;

export class GridRows {
  readonly #list: RowsOwner;
  readonly #source: RowSource;
  /** What the grid calls an index is a place among these. */
  readonly #window = new ListWindow();
  #api: GridApi<RowSummary> | null = null;
  #root: HTMLElement | null = null;
  /** Height of the list, px: asked for when it changes, since asking has the page laid out. */
  #height = 900;
  /** Position at the top of what is in sight, with a fraction, at the last look. */
  #top = 0;
  #filling = false;
  /** The column whose cell had the focus last. */
  #column = 'info';
  #holding = false;

  constructor(list: RowsOwner, source: RowSource) {
    this.#list = list;
    this.#source = source;
  }

  start(api: GridApi<RowSummary>, root: HTMLElement): void {
    this.#api = api;
    this.#root = root;
    this.measure();
  }

  end(): void {
    this.#api = null;
  }

  /** The grid is gone, or not here yet. */
  get ended(): boolean {
    return this.#api === null;
  }

  /** The list may have another height. */
  measure(): void {
    this.#height = this.#root?.clientHeight ?? this.#height;
  }

  /** Rows that the list shows at once, and a few more. */
  get screen(): number {
    return Math.ceil(this.#height / ROW_PX) + 8;
  }

  get scroller(): HTMLElement | null {
    return this.#root?.querySelector<HTMLElement>('.ag-grid-viewport') ?? null;
  }

  /* ------------------------------------------------------------ which packets they stand for */

  /** Position in the list of one of the grid's rows, -1 for none. */
  positionOf(index: number | null | undefined): number {
    return index === null || index === undefined || index < 0 ? -1 : this.#window.base + index;
  }

  /** Position of the row that an element is in, -1 outside of rows. */
  positionAt(target: EventTarget | null): number {
    const row = target instanceof Element ? target.closest('.ag-row') : null;
    return this.positionOf(Number(row?.getAttribute('row-index') ?? -1));
  }

  /** Draws rows of which none is in the list, and leaves them empty. */
  rehearse(rows: readonly RowSummary[]): void {
    const api = this.#api;
    if (api === null) return;
    if (api.getDisplayedRowCount() !== rows.length) api.setRowCount(rows.length, true);
    api.forEachNode((node) => node.rowIndex !== null && put(node, rows[node.rowIndex] as RowSummary));
    // Asking for a size has them laid out now: they are gone before anything else happens.
    this.measure();
    api.forEachNode((node) => node.setData(noRow));
  }

  /** Other packets, or a list of another view, of which this position comes into sight; with 0 its beginning. */
  show(position: number): void {
    this.#window.reset(this.#list.total, position);
    this.#standForOthers();
    this.#setCount();
    this.supply(position - this.screen, position + this.screen);
    if (this.#list.total > 0) this.reveal(Math.min(position, this.#list.total - 1), position === 0 ? 'top' : 'middle');
  }

  /** The grid has dropped its rows although the list is the same: they are put back, where they stood. */
  restore(): void {
    const api = this.#api;
    const node = this.scroller;
    if (api === null || node === null || this.#window.count === 0 || api.getDisplayedRowCount() > 0) return;
    const top = this.#top;
    this.#setCount();
    this.#supplySight(top, this.screen);
    this.#api?.ensureIndexVisible(Math.max(0, Math.floor(top) - this.#window.base), 'top');
    node.scrollTop = (top - this.#window.base) * ROW_PX;
    this.fill();
    this.paint();
  }

  /** The list has another length; `following`: its end is to be in sight. */
  grow(following: boolean): void {
    const { base, count, total } = this.#window;
    if (following) this.#window.follow(this.#list.total, this.screen);
    else this.#window.resize(this.#list.total);
    this.#adopt(base, count);
    if (this.#window.count === count && this.#window.total !== total) this.#tellTotal();
    if (following) this.supply(this.#list.matched - this.screen, this.#list.matched);
    else if (total === 0) this.supply(0, this.screen);
  }

  /** The grid has the rows of the window, which had another base, or as many, before. */
  #adopt(base: number, count: number): void {
    if (this.#window.count !== count) this.#setCount();
    if (this.#window.base !== base) this.#standForOthers();
  }

  #setCount(): void {
    this.#api?.setRowCount(this.#window.count, true);
    this.#tellTotal();
  }

  /** To a screen reader the grid's rows are those of the list. */
  #tellTotal(): void {
    this.scroller?.setAttribute('aria-rowcount', String(this.#list.total + HEADER_ROWS));
  }

  /** The window has another base, or the list other packets. */
  #standForOthers(): void {
    const api = this.#api;
    if (api === null) return;
    const drawn = new Set(api.getRenderedNodes());
    api.forEachNode((node) => {
      if (!drawn.has(node)) {
        node.data = noRow;
        return;
      }
      const row = this.#source.at(this.positionOf(node.rowIndex));
      // The row that marks where a file ends has no packet, and is drawn as such by this.
      if (row === undefined) node.setData(noRow);
      else put(node, row);
    });
    // The grid would keep a row that has the focus, however far away. It says `undefined` of a focus that was taken away, whatever its types say.
    const focused = api.getFocusedCell() ?? null;
    if (focused !== null) {
      this.#column = focused.column.getColId();
      this.hold();
      api.clearFocusedCell();
    }
    this.paint();
  }

  /** Gives the grid rows that are here, so that it draws them at once with what is in them. */
  supply(from: number, to: number): void {
    const api = this.#api;
    if (api === null) return;
    const { base, count } = this.#window;
    for (let position = Math.max(base, from); position < Math.min(to, this.#list.matched, base + count); position++) {
      const row = this.#source.at(position);
      if (row === undefined) continue;
      const node = api.getDisplayedRowAtIndex(position - base);
      if (node !== undefined && node.data === undefined) put(node, row);
    }
  }

  /** Fetches what rendered rows lack: the rest of a block that was incomplete when the grid asked for it. */
  fill(): void {
    const api = this.#api;
    if (api === null || this.#filling) return;
    let from = Number.POSITIVE_INFINITY;
    let to = -1;
    for (const node of api.getRenderedNodes()) {
      const position = this.positionOf(node.rowIndex);
      if (node.data !== undefined || position < 0 || position >= this.#list.matched) continue;
      const here = this.#source.at(position);
      if (here !== undefined) {
        put(node, here);
        continue;
      }
      from = Math.min(from, position);
      to = Math.max(to, position);
    }
    if (to < 0) return;
    const { view } = this.#list;
    this.#filling = true;
    void this.#source.rows(from, to + 1).then((rows) => {
      this.#filling = false;
      if (this.#api === null) return;
      // Another view took its place, and asked in vain while this one was waited for.
      if (rows === null || view !== this.#list.view) {
        if (view !== this.#list.view) this.fill();
        return;
      }
      for (const node of this.#api.getRenderedNodes()) {
        if (node.data !== undefined) continue;
        const row = rows[this.positionOf(node.rowIndex) - from];
        if (row !== undefined) put(node, row);
      }
      this.paint();
      // The list may have been scrolled on meanwhile.
      if (rows.length === to + 1 - from) this.fill();
    });
  }

  /* ------------------------------------------------------------ where they stand */

  /** Brings a position into sight: to the top, the middle or the bottom, or just so. */
  reveal(position: number, where: 'top' | 'middle' | 'bottom' | null = null): void {
    const { total } = this.#list;
    if (total === 0) return;
    const sight = this.#sight();
    const { seen } = sight;
    const now = this.#window.base + sight.first;
    const [atTop, inMiddle, atBottom] = [position, position + (1 - seen) / 2, position + 1 - seen];
    let top = where === 'top' ? atTop : where === 'middle' ? inMiddle : where === 'bottom' ? atBottom : now;
    if (where === null) top = position < now ? atTop : Math.max(now, atBottom);
    top = Math.max(0, Math.min(top, total - seen));
    const { base, count } = this.#window;
    this.#window.move(top, sight);
    this.#adopt(base, count);
    this.#supplySight(top, seen);
    this.#api?.ensureIndexVisible(position - this.#window.base, where);
    this.fill();
  }

  /** Where what is in sight is close to an end of what the grid has, the grid gets more, and what is in sight stays where it is. True if so. */
  centre(): boolean {
    const node = this.scroller;
    if (node === null || this.#list.total === 0) return false;
    const { base, count } = this.#window;
    const sight = this.#sight();
    this.#window.centre(sight);
    if (this.#window.base === base) return false;
    this.#adopt(base, count);
    const top = base + sight.first;
    this.#supplySight(top, sight.seen);
    // The grid draws its rows here, and not with the next frame.
    this.#api?.ensureIndexVisible(Math.floor(top) - this.#window.base, 'top');
    node.scrollTop = (top - this.#window.base) * ROW_PX;
    this.fill();
    return true;
  }

  #supplySight(top: number, seen: number): void {
    this.supply(Math.floor(top) - BUFFER_ROWS, Math.ceil(top + seen) + BUFFER_ROWS);
  }

  /** The grid has the last row of the list. */
  get hasEnd(): boolean {
    return this.#window.base + this.#window.count >= this.#list.total;
  }

  standsAtEnd(): boolean {
    const node = this.scroller;
    return node === null || (this.hasEnd && node.scrollTop + node.clientHeight >= node.scrollHeight - 1);
  }

  /** What is in sight, in the grid's rows. */
  #sight(): Sight {
    const node = this.scroller;
    if (node === null) return { first: 0, seen: 1 };
    const header = node.querySelector<HTMLElement>('.ag-header')?.offsetHeight ?? 0;
    return { first: node.scrollTop / ROW_PX, seen: Math.max(1, (node.clientHeight - header) / ROW_PX) };
  }

  /** What is in sight, as parts of the list. */
  viewport(): Viewport {
    const { first, seen } = this.#sight();
    const { total } = this.#list;
    if (this.#api !== null && this.#api.getDisplayedRowCount() > 0) this.#top = this.#window.base + first;
    if (total <= seen) return { top: 0, height: 1 };
    const height = seen / total;
    return { top: Math.min((this.#window.base + first) / total, 1 - height), height };
  }

  /* ------------------------------------------------------------ focus, and what else their elements say */

  /** The list has the focus itself because its rows are being replaced. */
  get holding(): boolean {
    return this.#holding;
  }

  /** A focus within the list goes to the list itself, which gets the keys, while its rows are replaced. True if there was one. */
  hold(): boolean {
    if (this.#root?.contains(document.activeElement) !== true) return false;
    this.#holding = true;
    this.#root.focus({ preventScroll: true });
    this.#holding = false;
    return true;
  }

  /** The list itself has the focus where no row could take it, since none is drawn yet. */
  keepFocus(): void {
    if (document.activeElement?.closest('.ag-row') == null) this.#root?.focus({ preventScroll: true });
  }

  focus(position: number): void {
    const api = this.#api;
    if (api === null) return;
    if (position < this.#window.base || position >= this.#window.base + this.#window.count) this.reveal(position);
    api.setFocusedCell(position - this.#window.base, api.getFocusedCell()?.column ?? this.#column);
  }

  /** State of the elements of rows. */
  paint(): void {
    for (const row of this.#root?.querySelectorAll('.ag-row') ?? []) this.paintRow(row, Number(row.getAttribute('row-index')));
  }

  /** State of the element of a row that was made, or stands for another packet. */
  paintRow(row: Element, index: number): void {
    const position = this.positionOf(index);
    const selected = this.#list.isSelected(position);
    row.classList.toggle('sel', selected);
    if (selected) row.setAttribute('aria-selected', 'true');
    else row.removeAttribute('aria-selected');
    row.setAttribute('aria-rowindex', String(position + 1 + HEADER_ROWS));
  }
}
