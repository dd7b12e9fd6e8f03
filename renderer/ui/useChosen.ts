import type { CellFocusedEvent, GetRowIdParams, GridApi, RowClickedEvent } from 'ag-grid-community';
import { type RefObject, useCallback, useEffect, useMemo, useRef } from 'react';

/** Which row of a table is chosen, as its view knows it. */
export interface Chosen<Row> {
  /** Number of the chosen row; null: none is. */
  readonly chosen: number | null;
  /** The number that tells a row from all others. */
  readonly numberOf: (row: Row) => number;
  readonly onChoose: (row: Row) => void;
  /** Asks where a row stands in the present order, negative where it does not. Without it only rows that are here are brought into sight. */
  readonly positionOf?: (number: number) => Promise<number>;
}

/**
 * The chosen row is the selected one of the table and, once, brought into sight; a click or the focus chooses another. `table`: what the table is to be given.
 * `chooseFirst`: takes rows that came, and chooses the first of all while none is chosen.
 */
export function useChosen<Row>(api: RefObject<GridApi<Row> | null>, now: Chosen<Row>) {
  const { chosen } = now;
  const latest = useRef(now);
  latest.current = now;
  /** The row that was last scrolled to: rows that come later must not pull the table back. */
  const revealed = useRef<number | null>(null);
  /** It may not be loaded: then the next update of the rows does it. */
  const mark = useCallback(() => {
    const grid = api.current;
    const wanted = latest.current.chosen;
    const node = wanted === null ? undefined : grid?.getRowNode(String(wanted));
    if (node === undefined) {
      grid?.deselectAll();
      return;
    }
    if (!node.isSelected()) node.setSelected(true, true);
    if (revealed.current !== wanted && node.rowIndex !== null) {
      revealed.current = wanted;
      grid?.ensureIndexVisible(node.rowIndex);
    }
  }, [api]);

  useEffect(() => {
    mark();
    const { positionOf } = latest.current;
    if (chosen === null || api.current === null || revealed.current === chosen || positionOf === undefined) return;
    let stale = false;
    void positionOf(chosen).then((position) => {
      const grid = api.current;
      if (stale || grid === null || position < 0) return;
      if (position < grid.getDisplayedRowCount()) grid.ensureIndexVisible(position, 'middle');
    });
    return () => {
      stale = true;
    };
  }, [api, chosen, mark]);

  return useMemo(
    () => ({
      table: {
        getRowId: ({ data }: GetRowIdParams<Row>) => String(latest.current.numberOf(data)),
        rowSelection: { mode: 'singleRow', checkboxes: false, enableClickSelection: false } as const,
        onModelUpdated: mark,
        onRowClicked: ({ data }: RowClickedEvent<Row>) => {
          if (data !== undefined) latest.current.onChoose(data);
        },
        onCellFocused: ({ api: grid, rowIndex, rowPinned }: CellFocusedEvent<Row>) => {
          if (rowIndex === null || rowPinned != null) return;
          const row: Row | undefined = grid.getDisplayedRowAtIndex(rowIndex)?.data;
          if (row !== undefined && latest.current.numberOf(row) !== latest.current.chosen) latest.current.onChoose(row);
        },
      },
      chooseFirst: (from: number, [first]: readonly Row[]): void => {
        if (from === 0 && first !== undefined && latest.current.chosen === null) latest.current.onChoose(first);
      },
    }),
    [mark],
  );
}
