/** The tables of the views: rows that the engine sorts and gives in blocks, in one order at a time. */
import type { GridApi, IDatasource, IGetRowsParams } from 'ag-grid-community';
import {
  CellStyleModule,
  InfiniteRowModelModule,
  RenderApiModule,
  RowApiModule,
  RowSelectionModule,
  ScrollApiModule,
  TooltipModule,
} from 'ag-grid-community';
import { AgGridReact, type AgGridReactProps } from 'ag-grid-react';
import { type RefObject, useEffect, useMemo, useRef } from 'react';
import { printableLines } from '../../src/words/printable.ts';
import { gridTheme } from './grid-theme.ts';
import './table.css';

/** What every table uses of the grid. */
export const tableModules = [
  InfiniteRowModelModule,
  RowSelectionModule,
  ScrollApiModule,
  RowApiModule,
  CellStyleModule,
  RenderApiModule,
  TooltipModule,
];

const tableTheme = gridTheme.withParams({
  accentColor: 'var(--ink)',
  borderRadius: 0,
  cellTextColor: 'var(--text)',
  dataFontSize: 11.5,
  headerColumnBorder: { color: 'var(--line)' },
  headerHeight: 25,
  headerCellHoverBackgroundColor: 'var(--hover)',
  iconSize: 12,
  rangeSelectionBorderColor: 'transparent',
  selectedRowBackgroundColor: 'var(--sel-idle)',
  spacing: 4,
});

/** Columns stay where they are, and all of them are in the document, in their order. */
const tableOptions = {
  theme: tableTheme,
  rowModelType: 'infinite',
  cacheBlockSize: 100,
  maxBlocksInCache: 20,
  infiniteInitialRowCount: 1,
  suppressMovableColumns: true,
  suppressMultiSort: true,
  suppressColumnVirtualisation: true,
  animateRows: false,
  suppressColumnMoveAnimation: true,
  suppressNoRowsOverlay: true,
  ensureDomOrder: true,
  // Tab leaves the table; the arrow keys move in it.
  tabToNextCell: () => false,
} as const;

interface TableProps<Row> extends AgGridReactProps<Row> {
  /** Has the grid once it is there. */
  readonly api: RefObject<GridApi<Row> | null>;
  /** What a screen reader calls it. */
  readonly label: string;
  /** A change reads the rows again in place: what is in sight stays until its successor is here. */
  readonly tick: number;
  readonly className?: string;
  readonly testId: string;
}

/** Cells without a renderer are drawn by the grid. */
const written = ({ value }: { readonly value: unknown }): string => printableLines(String(value ?? ''));

export function Table<Row>({ api, label, tick, className = '', testId, defaultColDef, ...options }: TableProps<Row>) {
  const column = useMemo(() => ({ valueFormatter: written, ...defaultColDef }), [defaultColDef]);
  const read = useRef(tick);
  useEffect(() => {
    if (read.current === tick) return;
    read.current = tick;
    api.current?.refreshInfiniteCache();
  }, [api, tick]);
  return (
    <div className={`table ${className}`} data-testid={testId}>
      <AgGridReact<Row>
        modules={tableModules}
        {...tableOptions}
        {...options}
        defaultColDef={column}
        onGridReady={(event) => {
          api.current = event.api;
          event.api.setGridAriaProperty('label', label);
        }}
      />
    </div>
  );
}

/**
 * Where a table has its rows from: `read` of the last drawing answers for each block that comes into sight. Another `key` (capture, filter, what else the rows
 * depend on) starts over; what is still on its way for the one before is `over` then, and nobody waits for it.
 */
export function useRows(key: string, read: (request: IGetRowsParams, over: () => boolean) => void): IDatasource {
  const newest = useRef(read);
  newest.current = read;
  return useMemo(() => {
    let over = false;
    return {
      destroy: () => {
        over = true;
      },
      getRows: (request) => newest.current(request, () => over),
    };
  }, [key]);
}
