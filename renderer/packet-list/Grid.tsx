/** The grid itself, without React inside: of a row, half of the time went into that. Nothing about it changes while the window lives: rows, widths and marks come through the controller. */
import {
  CellStyleModule,
  ColumnApiModule,
  createGrid,
  type GridApi,
  type GridOptions,
  InfiniteRowModelModule,
  ModuleRegistry,
  RenderApiModule,
  RowApiModule,
  RowAutoHeightModule,
  RowStyleModule,
  ScrollApiModule,
} from 'ag-grid-community';
import { memo, useEffect, useRef } from 'react';
import type { RowSummary } from '../../src/messages.ts';
import type { Actions } from '../store/actions.ts';
import { useBackend } from '../store/context.ts';
import { ROW_PX } from '../store/growth.ts';
import { gridTheme } from '../ui/grid-theme.ts';
import { DamageRow } from './cells.ts';
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
  // No row measures itself. Without this module the grid takes it for not known, and each time that there are more rows it goes back, up to ten times, to what
  // it was to show before.
  RowAutoHeightModule,
]);

const theme = gridTheme.withParams({
  headerHeight: 24,
  headerColumnResizeHandleColor: 'transparent',
  selectedRowBackgroundColor: 'transparent',
  focusShadow: 'none',
});

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
    // Sorting is the engine's: the grid shows by what, and drops its rows, which the controller puts back until others take their place.
    defaultColDef: {
      sortable: true,
      resizable: true,
      suppressMovable: true,
      minWidth: 36,
      sortingOrder: ['asc', 'desc', null],
      suppressHeaderMenuButton: true,
    },
    suppressMultiSort: true,
    onSortChanged: () => controller.sortChanged(),
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
    rowHeight: ROW_PX,
    headerHeight: 24,
    suppressHeaderFocus: true,
    suppressNoRowsOverlay: true,
    suppressColumnVirtualisation: true,
    // Its vertical scroll bar is not shown (the minimap is), so columns take its room.
    scrollbarWidth: 0,
    suppressDragLeaveHidesColumns: true,
    preventDefaultOnContextMenu: true,
    animateRows: false,
    // It would take twice as long as anything else that moves in the window, whatever the system says of reduced motion; and the first rows would wait for
    // the animations of 240 cells.
    suppressColumnMoveAnimation: true,
    suppressAnimationFrame: true,
    suppressScrollOnNewData: true,
    isFullWidthRow: ({ rowNode }) => controller.isDamage(controller.rows.positionOf(rowNode.rowIndex)),
    fullWidthCellRenderer: DamageRow,
    rowClassRules: {
      sel: ({ node }) => controller.isSelected(controller.rows.positionOf(node.rowIndex)),
      warn: ({ data }) => data !== undefined && rowTone(data.marks) === 'warn',
      bad: ({ data }) => data !== undefined && rowTone(data.marks) === 'bad',
      new: ({ node }) => controller.isFresh(controller.rows.positionOf(node.rowIndex)),
    },
    processRowPostCreate: ({ eRow, rowIndex }) => {
      // The list is one stop for Tab, not as many as it has rows.
      eRow.tabIndex = -1;
      controller.rows.paintRow(eRow, rowIndex);
    },
    tabToNextCell: () => false,
    focusGridInnerElement: () => {
      controller.selection.focusSelected();
      controller.rows.keepFocus();
      return true;
    },
    onBodyScroll: () => controller.place.scrolled(),
    onViewportChanged: () => controller.rows.fill(),
    onGridSizeChanged: () => controller.place.sized(),
    onColumnResized: (event) => {
      if (event.source === 'uiColumnResized' && event.column) controller.columns.resized(event.column.getColId());
    },
    onCellClicked: (event) => {
      if (!(event.event instanceof MouseEvent) || !event.event.altKey || event.data === undefined) return;
      const term = controller.columns.termOf(event.data, event.column.getColId(), onPort(event.event));
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
  const host = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (host.current === null) return;
    const grid = createGrid(host.current, {
      ...options(controller, actions, onMenu, onHeaderMenu),
      onGridReady: ({ api }) => onReady(api),
    });
    return () => grid.destroy();
  }, [controller, actions, onReady, onMenu, onHeaderMenu]);
  return <div ref={host} style={{ height: '100%' }} />;
});
