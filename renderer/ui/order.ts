/** The order of a table's rows, which the engine makes. */
import type { IGetRowsParams } from 'ag-grid-community';

/** By which column rows are sorted, and which way. */
export interface Order<Column extends string> {
  readonly sort: Column;
  readonly descending: boolean;
}

/** The order that the heads ask for; `usual` where they ask for none. `columns`: those that the engine sorts by. */
export function orderOf<Column extends string>(
  { sortModel }: Pick<IGetRowsParams, 'sortModel'>,
  columns: readonly Column[],
  usual: Order<Column>,
): Order<Column> {
  const by = sortModel[0];
  const sort = columns.find((column) => column === by?.colId);
  return sort === undefined ? usual : { sort, descending: by?.sort === 'desc' };
}

export function isSameOrder<Column extends string>(a: Order<Column>, b: Order<Column>): boolean {
  return a.sort === b.sort && a.descending === b.descending;
}
