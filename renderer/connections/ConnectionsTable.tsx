import type {
  CellFocusedEvent,
  CellKeyDownEvent,
  ColDef,
  FullWidthCellKeyDownEvent,
  GetRowIdParams,
  GridApi,
  IDatasource,
} from 'ag-grid-community';
import {
  CellStyleModule,
  ColumnApiModule,
  InfiniteRowModelModule,
  RenderApiModule,
  RowApiModule,
  RowSelectionModule,
  ScrollApiModule,
  TextFilterModule,
  TooltipModule,
} from 'ag-grid-community';
import { AgGridReact } from 'ag-grid-react';
import { useCallback, useEffect, useMemo, useRef } from 'react';
import type { ConnectionCondition, ConnectionSummary, ConnectionWish, Handshake, Transport } from '../../src/messages.ts';
import { failed } from '../engine-words.ts';
import { useReread } from '../ui/reread.ts';
import { tableOptions } from '../ui/table-theme.ts';
import { words as tabs } from '../words.ts';
import type { Sorting } from './ConnectionsBar.tsx';
import { CONDITION_KINDS, columnsFor, isColumn, type TableContext } from './columns.tsx';
import { conditionOf } from './conditions.ts';

const modules = [
  ColumnApiModule,
  TextFilterModule,
  TooltipModule,
  InfiniteRowModelModule,
  RowSelectionModule,
  ScrollApiModule,
  RowApiModule,
  CellStyleModule,
  RenderApiModule,
];

type Row = ConnectionSummary | undefined;

export interface ConnectionsFound {
  readonly total: number;
  readonly handshakes: Readonly<Record<Handshake, number>> | null;
  readonly failure: string | null;
}

export interface ConnectionsTableProps {
  readonly transport: Transport;
  /** Capture and filter: a change starts over. */
  readonly identity: string;
  /** A change reads the rows again in place. */
  readonly tick: number;
  /** Seconds from the first to the last packet. */
  readonly life: number;
  readonly stream: number | null;
  readonly onStream: (stream: number) => void;
  readonly onShowPacket: (row: number) => void;
  readonly onFilter: (text: string, how: 'replace' | 'and' | 'exclude') => void;
  readonly onFollow: (stream: number) => void;
  readonly onFound: (found: ConnectionsFound) => void;
  /** Only those with this handshake; null: all. */
  readonly handshake: Handshake | null;
  readonly sorting: Sorting;
  readonly onSorting: (sorting: Sorting) => void;
  /** Inputs under the names of the columns. */
  readonly filtersShown: boolean;
  readonly onConditions: (where: readonly ConnectionCondition[]) => void;
  /** Ids of the columns that are shown. */
  readonly seen: readonly string[];
  /** Enter: into the ladder. */
  readonly onEnter: () => void;
}

/** All connections of the filter, sorted by the engine, read in blocks as they come into view. */
export function ConnectionsTable(props: ConnectionsTableProps) {
  const { transport, identity, tick, life, stream, handshake, sorting, filtersShown, seen } = props;
  const api = useRef<GridApi<ConnectionSummary> | null>(null);
  const latest = useRef(props);
  latest.current = props;
  const wish = useRef<ConnectionWish>({ ...sorting, handshake, where: [] });

  const datasource = useMemo<IDatasource>(() => {
    let live = identity !== '';
    return {
      destroy: () => {
        live = false;
      },
      getRows: (request) => {
        const by = request.sortModel[0];
        const order: Sorting = { sort: by !== undefined && isColumn(by.colId) ? by.colId : 'stream', descending: by?.sort === 'desc' };
        const where = conditionsOf(request.filterModel);
        const before = wish.current;
        wish.current = { ...order, handshake, where };
        if (before.sort !== order.sort || before.descending !== order.descending) latest.current.onSorting(order);
        if (JSON.stringify(before.where) !== JSON.stringify(where)) latest.current.onConditions(where);
        void transport
          .engine('connections', { from: request.startRow, count: request.endRow - request.startRow, ...wish.current })
          .then((answer) => {
            if (!live) return;
            if (!answer.ok) {
              request.failCallback();
              latest.current.onFound({ total: 0, handshakes: null, failure: failed(answer.failure.message) });
              return;
            }
            const { rows, total, handshakes } = answer.value;
            request.successCallback([...rows], total);
            latest.current.onFound({ total, handshakes, failure: null });
            const first = rows[0];
            if (request.startRow === 0 && first !== undefined && latest.current.stream === null) latest.current.onStream(first.stream);
          });
      },
    };
  }, [transport, identity, handshake]);

  /** The stream that was last scrolled to: rows that come later must not pull the table back. */
  const revealed = useRef<number | null>(null);
  /** Marks the row of the stream; it may not be loaded, then the next update of the rows does it. */
  const mark = useCallback(() => {
    const grid = api.current;
    const wanted = latest.current.stream;
    if (grid === null) return;
    if (wanted === null) return grid.deselectAll();
    const node = grid.getRowNode(String(wanted));
    if (node === undefined) grid.deselectAll();
    else {
      if (!node.isSelected()) node.setSelected(true, true);
      if (revealed.current !== wanted && node.rowIndex !== null) {
        revealed.current = wanted;
        grid.ensureIndexVisible(node.rowIndex);
      }
    }
  }, []);

  useEffect(() => {
    mark();
    if (stream === null || api.current === null) return;
    if (revealed.current === stream) return;
    let stale = false;
    void transport.engine('connectionPosition', { stream, ...wish.current }).then((answer) => {
      if (stale || !answer.ok || answer.value.position < 0) return;
      const grid = api.current;
      if (grid !== null && answer.value.position < grid.getDisplayedRowCount()) grid.ensureIndexVisible(answer.value.position, 'middle');
    });
    return () => {
      stale = true;
    };
  }, [stream, transport, mark]);

  useReread(api, tick);

  const columns = useMemo(() => columnsFor(life, seen), [life, seen]);
  const context = useMemo<TableContext>(
    () => ({ life, onlyPackets: (each) => latest.current.onFilter(`tcp.stream == ${each}`, 'replace') }),
    [life],
  );
  const sortedBy = `${sorting.sort} ${sorting.descending}`;
  useEffect(() => {
    const { sort, descending } = wish.current;
    if (sortedBy === `${sort} ${descending}`) return;
    const now = latest.current.sorting;
    api.current?.applyColumnState({ state: [{ colId: now.sort, sort: now.descending ? 'desc' : 'asc' }], defaultState: { sort: null } });
  }, [sortedBy]);
  // Inputs that nobody sees narrow nothing.
  useEffect(() => {
    if (!filtersShown && wish.current.where.length > 0) api.current?.setFilterModel(null);
  }, [filtersShown]);
  const defaultColumn = useMemo<ColDef<ConnectionSummary>>(
    () => ({
      sortable: true,
      resizable: true,
      minWidth: 48,
      sortingOrder: ['asc', 'desc'],
      filter: 'agTextColumnFilter',
      filterParams: { filterOptions: ['contains'], maxNumConditions: 1, debounceMs: 200 },
      floatingFilter: filtersShown,
      suppressFloatingFilterButton: true,
      suppressHeaderFilterButton: true,
      suppressHeaderMenuButton: true,
    }),
    [filtersShown],
  );
  useEffect(() => {
    if (context.life >= 0) api.current?.refreshCells({ columns: ['activity'], force: true });
  }, [context]);

  const onKey = (event: CellKeyDownEvent<ConnectionSummary> | FullWidthCellKeyDownEvent<ConnectionSummary>) => {
    const key = event.event;
    const row = event.data;
    if (!(key instanceof KeyboardEvent) || row === undefined || key.ctrlKey || key.metaKey || key.altKey) return;
    if (key.key === 'Enter') props.onEnter();
    else if (/^f$/i.test(key.key)) props.onFilter(`tcp.stream == ${row.stream}`, key.shiftKey ? 'and' : 'replace');
    else if (/^s$/i.test(key.key)) props.onFollow(row.stream);
    else if (/^x$/i.test(key.key)) props.onFilter(`tcp.stream == ${row.stream}`, 'exclude');
    else return;
    key.preventDefault();
  };
  const onFocus = (event: CellFocusedEvent<ConnectionSummary>) => {
    if (event.rowIndex === null || event.rowPinned != null) return;
    const row: Row = event.api.getDisplayedRowAtIndex(event.rowIndex)?.data;
    if (row !== undefined && row.stream !== latest.current.stream) props.onStream(row.stream);
  };

  return (
    <div className="tv-table" data-testid="connections-table">
      <AgGridReact<ConnectionSummary>
        modules={modules}
        {...tableOptions}
        datasource={datasource}
        columnDefs={columns}
        defaultColDef={defaultColumn}
        context={context}
        getRowId={rowId}
        rowSelection={selection}
        suppressMultiSort
        suppressColumnVirtualisation
        onGridReady={(event) => {
          api.current = event.api;
          event.api.setGridAriaProperty('label', tabs.connections);
        }}
        onModelUpdated={mark}
        onRowClicked={(event) => {
          if (event.data !== undefined) props.onStream(event.data.stream);
        }}
        onRowDoubleClicked={(event) => {
          if (event.data !== undefined) props.onShowPacket(event.data.firstRow);
        }}
        onCellFocused={onFocus}
        onCellKeyDown={onKey}
      />
    </div>
  );
}

const rowId = ({ data }: GetRowIdParams<ConnectionSummary>) => String(data.stream);
const selection = { mode: 'singleRow', checkboxes: false, enableClickSelection: false } as const;

/** What stands in the inputs under the columns' names. */
function conditionsOf(model: Readonly<Record<string, { readonly filter?: string | null } | undefined>> | null): ConnectionCondition[] {
  return Object.entries(model ?? {}).flatMap(([id, typed]) => {
    const condition = isColumn(id) ? conditionOf(id, CONDITION_KINDS[id], typed?.filter ?? '') : null;
    return condition === null ? [] : [condition];
  });
}
