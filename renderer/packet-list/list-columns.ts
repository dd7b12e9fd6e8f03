/** The columns of the list: which there are, how wide, and by which it is sorted. No React in here. */
import type { GridApi } from 'ag-grid-community';
import type { RowSummary } from '../../src/messages.ts';
import type { Actions } from '../store/actions.ts';
import { type AppState, fieldColumns, useApp } from '../store/state.ts';
import { cellTerm, cellText, fieldOf, fieldTerm, type ListColumn } from './cell-filter.ts';
import { columnOf, columns } from './columns.ts';
import { canvasMeasure, fit, initialWidths, type Measure, type Widths, within } from './widths.ts';

/** Width of the arrow in a header, px. */
const ARROW = 18;

/** By which column of the grid the rows are sorted. */
interface Order {
  readonly colId: string;
  readonly descending: boolean;
}

const sameOrder = (a: Order | null, b: Order | null): boolean => a?.colId === b?.colId && a?.descending === b?.descending;

export class ListColumns {
  readonly #actions: Actions;
  /** Width of what the columns share, px; 0 while nobody sees it. */
  readonly #shared: () => number;
  /** Does what has the grid drop its rows, and puts them back. */
  readonly #keepRows: (change: () => void) => void;
  /** Columns whose width the user chose. */
  readonly #resized = new Set<string>();
  /** The column with the arrow of the order. */
  #arrowAt: string | null = null;
  /** The order in the header as it was put there, or as the engine was asked for it: another one there was just chosen by the user. */
  #told: Order | null = null;
  /** Orders that the engine was asked for and has not answered: what it tells meanwhile is older. */
  #asked = 0;
  #fields: readonly string[] = [];
  #api: GridApi<RowSummary> | null = null;
  #measure: Measure | null = null;
  /** What the values need, and what they get in a list of this width. */
  #needed: Widths = initialWidths;
  #widths: Widths = initialWidths;

  constructor(actions: Actions, shared: () => number, keepRows: (change: () => void) => void) {
    this.#actions = actions;
    this.#shared = shared;
    this.#keepRows = keepRows;
  }

  /** The grid is ready, or, with null, gone. */
  start(api: GridApi<RowSummary> | null): void {
    this.#api = api;
    if (api !== null) this.#measure = canvasMeasure();
  }

  /** Fields that have a column. */
  get fields(): readonly string[] {
    return this.#fields;
  }

  /** The filter term that a cell stands for, null where there is none. */
  termOf(row: RowSummary, column: string, port: boolean): string | null {
    const field = fieldOf(column);
    return field === null ? cellTerm(row, column as ListColumn, port) : fieldTerm(row, field, this.#fields);
  }

  /** Text of a cell, for copying. */
  textOf(row: RowSummary, column: string): string {
    const field = fieldOf(column);
    return field === null ? cellText(row, column as ListColumn) : (row.fields[this.#fields.indexOf(field)]?.text ?? '');
  }

  /** Columns for the fields that the user chose. */
  setFields(state: AppState): void {
    const fields = fieldColumns(state);
    if (fields.join(' ') === this.#fields.join(' ')) return;
    this.#fields = fields;
    this.#api?.setGridOption('columnDefs', columns(fields));
    this.showSorting(state);
  }

  /** The arrow in the header stands at what the rows are sorted by, unless the user has just chosen otherwise. */
  showSorting(state: AppState): void {
    const api = this.#api;
    if (api === null || state.view === null || this.#asked > 0 || !sameOrder(this.#shown(), this.#told)) return;
    const { sorting } = state.view;
    this.#makeRoom(sorting?.column ?? null);
    const wanted = sorting === null ? null : { colId: columnOf(sorting.column), descending: sorting.descending };
    if (sameOrder(wanted, this.#told)) return;
    this.#told = wanted;
    this.#keepRows(() =>
      api.applyColumnState({
        state: wanted === null ? [] : [{ colId: wanted.colId, sort: wanted.descending ? 'desc' : 'asc' }],
        defaultState: { sort: null },
      }),
    );
  }

  /** The user chose another order in the header. */
  async sortChosen(): Promise<void> {
    const chosen = this.#shown();
    if (sameOrder(chosen, this.#told)) return;
    this.#told = chosen;
    this.#asked++;
    await this.#actions.sortRows(chosen === null ? null : (fieldOf(chosen.colId) ?? chosen.colId), chosen?.descending === true);
    this.#asked--;
    this.showSorting(useApp.getState());
  }

  /** The order that the header shows. */
  #shown(): Order | null {
    const shown = this.#api?.getColumnState().find((each) => each.sort != null);
    return shown === undefined ? null : { colId: shown.colId, descending: shown.sort === 'desc' };
  }

  /** The user chose a width. */
  resized(column: string): void {
    this.#resized.add(column);
  }

  /** Another capture: its values need other widths. */
  forget(): void {
    this.#needed = initialWidths;
    this.#resized.clear();
  }

  /** Makes columns wide enough for these rows too, and for the width that the list has now. */
  fit(rows: readonly RowSummary[]): void {
    if (this.#measure === null) return;
    this.#needed = fit(this.#needed, rows, useApp.getState().capture, this.#measure);
    const next = within(this.#needed, this.#room());
    const changed = (Object.keys(next) as (keyof Widths)[]).filter((key) => next[key] !== this.#widths[key] && !this.#resized.has(key));
    this.#widths = next;
    if (changed.length > 0) this.#api?.applyColumnState({ state: changed.map((colId) => ({ colId, width: this.#width(colId) })) });
  }

  /** Columns are as wide as their values: the arrow needs room beside the name. */
  #makeRoom(column: string | null): void {
    const before = this.#arrowAt;
    if (before === column) return;
    this.#arrowAt = column;
    const state = [before, column].flatMap((each) =>
      each === null || !Object.hasOwn(this.#widths, each) || this.#resized.has(each)
        ? []
        : [{ colId: each, width: this.#width(each as keyof Widths) }],
    );
    if (state.length > 0) this.#api?.applyColumnState({ state });
  }

  #width(column: keyof Widths): number {
    return this.#widths[column] + (column === this.#arrowAt ? ARROW : 0);
  }

  /** Width of the list without its columns of fields, px. */
  #room(): number {
    const width = this.#shared();
    if (width === 0) return Number.POSITIVE_INFINITY;
    return (this.#api?.getColumnState() ?? []).reduce(
      (room, each) => (fieldOf(each.colId) === null ? room : room - (each.width ?? 0)),
      width,
    );
  }
}
