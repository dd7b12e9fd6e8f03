/** The grid itself. Nothing about it changes while the window lives: rows, widths and marks come through the controller. */
import {
  CellStyleModule,
  ColumnApiModule,
  type GridApi,
  type GridOptions,
  InfiniteRowModelModule,
  ModuleRegistry,
  RenderApiModule,
  RowApiModule,
  RowStyleModule,
  ScrollApiModule,
  themeQuartz,
} from 'ag-grid-community';
import { AgGridReact } from 'ag-grid-react';
import { memo, useMemo } from 'react';
import type { RowSummary } from '../../src/messages.ts';
import type { Actions } from '../store/actions.ts';
import { useApp } from '../store/state.ts';
import { useBackend } from '../transport/context.ts';
import { words } from '../words.ts';
import { columns } from './columns.ts';
import type { ListController } from './controller.ts';
import { rowTone } from './info.ts';
import { BLOCK_ROWS } from './row-source.ts';

ModuleRegistry.registerModules([
  InfiniteRowModelModule,
  ColumnApiModule,
  RowApiModule,
  ScrollApiModule,
  RenderApiModule,
  CellStyleModule,
  RowStyleModule,
]);

/** The grid in the window's tokens: no colours, sizes or lines of its own. */
const theme = themeQuartz.withParams({
  backgroundColor: 'var(--bg)',
  foregroundColor: 'var(--text)',
  browserColorScheme: 'inherit',
  fontFamily: 'var(--font-ui)',
  fontSize: 11.5,
  headerFontSize: 11,
  headerFontWeight: 540,
  headerHeight: 24,
  rowHeight: 22,
  headerBackgroundColor: 'var(--chrome)',
  headerTextColor: 'var(--text-2)',
  headerRowBorder: '1px solid var(--line)',
  oddRowBackgroundColor: 'var(--zebra)',
  rowHoverColor: 'var(--hover)',
  selectedRowBackgroundColor: 'transparent',
  borderColor: 'var(--line)',
  wrapperBorder: 'none',
  wrapperBorderRadius: 0,
  rowBorder: 'none',
  columnBorder: 'none',
  headerColumnResizeHandleColor: 'transparent',
  cellHorizontalPadding: 6,
  focusShadow: 'none',
});

/** Full-width row that marks where a damaged file ends. */
function DamageRow() {
  const damage = useApp((state) => state.capture?.damage ?? null);
  if (damage === null) return null;
  return (
    <div className="damage-row" data-testid="damage-row">
      <svg viewBox="0 0 24 24" aria-hidden="true" strokeLinecap="round" strokeLinejoin="round">
        <path d="m18.84 12.25 1.72-1.71a5 5 0 0 0-7.07-7.07l-1.72 1.71" />
        <path d="m5.17 11.75-1.71 1.71a5 5 0 0 0 7.07 7.07l1.71-1.71" />
        <path d="M8 2v3M2 8h3M16 19v3M19 16h3" />
      </svg>
      <b>{words.damage}</b>
      <span className="mid">{words.damageRow(damage)}</span>
    </div>
  );
}

/** Where a context menu was asked for. */
export interface MenuRequest {
  readonly row: RowSummary;
  readonly column: string;
  /** On the port of an address. */
  readonly port: boolean;
  readonly x: number;
  readonly y: number;
}

const onPort = (event: MouseEvent): boolean => event.target instanceof Element && event.target.closest('.port') !== null;

function options(
  controller: ListController,
  actions: Actions,
  onMenu: (request: MenuRequest) => void,
  onHeaderMenu: (column: string) => void,
): GridOptions<RowSummary> {
  return {
    theme,
    rowModelType: 'infinite',
    columnDefs: columns([]),
    // Sorting is the engine's: the grid shows where, and asks for the rows anew.
    defaultColDef: {
      sortable: true,
      resizable: true,
      suppressMovable: true,
      minWidth: 36,
      sortingOrder: ['asc', 'desc', null],
      suppressHeaderMenuButton: true,
    },
    suppressMultiSort: true,
    onSortChanged: () => controller.sortChosen(),
    onColumnHeaderContextMenu: ({ column }) => {
      if ('getColId' in column) onHeaderMenu(column.getColId());
    },
    cacheBlockSize: BLOCK_ROWS,
    maxBlocksInCache: 80,
    maxConcurrentDatasourceRequests: 4,
    cacheOverflowSize: 1,
    infiniteInitialRowCount: 0,
    blockLoadDebounceMillis: 0,
    rowBuffer: 4,
    rowHeight: 22,
    headerHeight: 24,
    suppressHeaderFocus: true,
    suppressNoRowsOverlay: true,
    suppressColumnVirtualisation: true,
    suppressDragLeaveHidesColumns: true,
    preventDefaultOnContextMenu: true,
    animateRows: false,
    suppressScrollOnNewData: true,
    isFullWidthRow: ({ rowNode }) => controller.isDamage(rowNode.rowIndex),
    fullWidthCellRenderer: DamageRow,
    rowClassRules: {
      sel: ({ node }) => controller.isSelected(node.rowIndex),
      warn: ({ data }) => data !== undefined && rowTone(data.marks) === 'warn',
      bad: ({ data }) => data !== undefined && rowTone(data.marks) === 'bad',
      new: ({ node }) => controller.isFresh(node.rowIndex),
    },
    processRowPostCreate: ({ eRow, rowIndex }) => {
      if (controller.isSelected(rowIndex)) eRow.setAttribute('aria-selected', 'true');
    },
    tabToNextCell: () => false,
    focusGridInnerElement: () => {
      controller.focusSelected();
      return true;
    },
    onBodyScroll: () => controller.scrolled(),
    onViewportChanged: () => controller.fill(),
    onGridSizeChanged: () => controller.sized(),
    onColumnResized: (event) => {
      if (event.source === 'uiColumnResized' && event.column) controller.userResized([event.column.getColId()]);
    },
    onRowClicked: (event) => {
      if (event.event instanceof MouseEvent && event.event.altKey) return;
      if (event.rowIndex !== null) void controller.select(event.rowIndex, false);
    },
    onCellClicked: (event) => {
      if (!(event.event instanceof MouseEvent) || !event.event.altKey || event.data === undefined) return;
      const term = controller.termOf(event.data, event.column.getColId(), onPort(event.event));
      if (term !== null) void actions.filterOn(term, 'exclude');
    },
    onRowDoubleClicked: (event) => {
      if (event.data?.transport === 'tcp' && event.data.stream !== null) actions.showConnection(event.data.stream);
    },
    onCellContextMenu: (event) => {
      if (!(event.event instanceof MouseEvent) || event.data === undefined) return;
      const { clientX, clientY } = event.event;
      onMenu({ row: event.data, column: event.column.getColId(), port: onPort(event.event), x: clientX, y: clientY });
    },
  };
}

interface Props {
  readonly controller: ListController;
  readonly onReady: (api: GridApi<RowSummary>) => void;
  readonly onMenu: (request: MenuRequest) => void;
  readonly onHeaderMenu: (column: string) => void;
}

export const Grid = memo(function Grid({ controller, onReady, onMenu, onHeaderMenu }: Props) {
  const { actions } = useBackend();
  const all = useMemo(() => options(controller, actions, onMenu, onHeaderMenu), [controller, actions, onMenu, onHeaderMenu]);
  return <AgGridReact<RowSummary> gridOptions={all} onGridReady={(event) => onReady(event.api)} />;
});
