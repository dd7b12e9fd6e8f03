import type {
  CellFocusedEvent,
  CellKeyDownEvent,
  ColDef,
  FullWidthCellKeyDownEvent,
  GetRowIdParams,
  GridApi,
  ICellRendererParams,
  IDatasource,
} from 'ag-grid-community';
import {
  CellStyleModule,
  InfiniteRowModelModule,
  RenderApiModule,
  RowApiModule,
  RowSelectionModule,
  ScrollApiModule,
} from 'ag-grid-community';
import { AgGridReact } from 'ag-grid-react';
import { useCallback, useEffect, useMemo, useRef } from 'react';
import type { ConnectionSort, ConnectionSummary, Transport } from '../../src/messages.ts';
import { tableTheme } from '../app/table-theme.ts';
import { named } from '../engine-words.ts';
import { count } from '../format.ts';
import { ActivityCell, EndpointCell, HandshakeCell, OutcomeShape } from './cells.tsx';
import { words } from './words.ts';

const modules = [InfiniteRowModelModule, RowSelectionModule, ScrollApiModule, RowApiModule, CellStyleModule, RenderApiModule];

interface Context {
  readonly life: number;
}
type Cell = ICellRendererParams<ConnectionSummary, unknown, Context>;
type Row = ConnectionSummary | undefined;

const number = (pick: (row: ConnectionSummary) => string): ColDef<ConnectionSummary> => ({
  cellClass: 'con-right',
  headerClass: 'con-right-head',
  valueGetter: ({ data }) => (data === undefined ? '' : pick(data)),
});

/** Columns whose id is a ConnectionSort sort on the engine's side. */
function columnsFor(life: number): ColDef<ConnectionSummary>[] {
  const title = words.columns;
  return [
    {
      colId: 'stream',
      headerName: title.stream,
      initialWidth: 44,
      minWidth: 40,
      ...number((row) => String(row.stream)),
      cellClass: 'con-right quiet',
    },
    {
      colId: 'client',
      headerName: title.client,
      initialFlex: 2,
      minWidth: 136,
      cellRenderer: ({ data }: Cell) => data !== undefined && <EndpointCell text={data.client} />,
      valueGetter: ({ data }) => data?.client ?? '',
    },
    {
      colId: 'server',
      headerName: title.server,
      initialFlex: 2,
      minWidth: 136,
      cellRenderer: ({ data }: Cell) => data !== undefined && <EndpointCell text={data.server} />,
      valueGetter: ({ data }) => data?.server ?? '',
    },
    {
      colId: 'outcome',
      headerName: title.outcome,
      initialWidth: 124,
      valueGetter: ({ data }) => data?.outcome ?? '',
      cellRenderer: ({ data }: Cell) =>
        data !== undefined && (
          <>
            <OutcomeShape tone={data.tone} />
            {named(data.outcome)}
          </>
        ),
    },
    {
      colId: 'handshakeRttMs',
      headerName: title.handshake,
      initialWidth: 104,
      cellRenderer: ({ data }: Cell) => data !== undefined && <HandshakeCell row={data} />,
    },
    { colId: 'startOffset', headerName: title.start, initialWidth: 62, ...number((row) => row.startOffset.toFixed(3)) },
    { colId: 'durationMs', headerName: title.duration, initialWidth: 72, ...number((row) => `${(row.durationMs / 1000).toFixed(3)} s`) },
    { colId: 'packets', headerName: title.packets, initialWidth: 66, ...number((row) => count(row.packetsClient + row.packetsServer)) },
    { colId: 'sent', headerName: title.sent, initialWidth: 70, ...number((row) => count(row.sent)) },
    { colId: 'received', headerName: title.received, initialWidth: 84, ...number((row) => count(row.received)) },
    {
      colId: 'retransmissions',
      headerName: title.resent,
      initialWidth: 60,
      ...number((row) => count(row.retransmissions)),
      cellClass: ({ data }: { data: Row }) => (data !== undefined && data.retransmissions > 0 ? 'con-right con-resent' : 'con-right quiet'),
    },
    {
      colId: 'activity',
      headerName: title.activity(life > 0 ? `${life.toFixed(3)} s` : ''),
      initialFlex: 5,
      minWidth: 110,
      sortable: false,
      cellRenderer: ({ data, context }: Cell) => data !== undefined && <ActivityCell row={data} life={context.life} />,
    },
  ];
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
  readonly onTotal: (total: number, failure: string | null) => void;
  /** Enter: into the ladder. */
  readonly onEnter: () => void;
}

const sorts: ReadonlySet<string> = new Set<ConnectionSort>([
  'stream',
  'client',
  'server',
  'outcome',
  'handshakeRttMs',
  'startOffset',
  'durationMs',
  'packets',
  'sent',
  'received',
  'retransmissions',
]);

function isSort(id: string): id is ConnectionSort {
  return sorts.has(id);
}

/** All connections of the filter, sorted by the engine, read in blocks as they come into view. */
export function ConnectionsTable(props: ConnectionsTableProps) {
  const { transport, identity, tick, life, stream } = props;
  const api = useRef<GridApi<ConnectionSummary> | null>(null);
  const latest = useRef(props);
  latest.current = props;
  const sort = useRef<{ sort: ConnectionSort; descending: boolean }>({ sort: 'stream', descending: false });

  const datasource = useMemo<IDatasource>(() => {
    let live = identity !== '';
    return {
      destroy: () => {
        live = false;
      },
      getRows: (request) => {
        const by = request.sortModel[0];
        sort.current = { sort: by !== undefined && isSort(by.colId) ? by.colId : 'stream', descending: by?.sort === 'desc' };
        void transport
          .engine('connections', { from: request.startRow, count: request.endRow - request.startRow, ...sort.current })
          .then((answer) => {
            if (!live) return;
            if (!answer.ok) {
              request.failCallback();
              latest.current.onTotal(0, answer.failure.message);
              return;
            }
            const { rows, total } = answer.value;
            request.successCallback([...rows], total);
            latest.current.onTotal(total, null);
            const first = rows[0];
            if (request.startRow === 0 && first !== undefined && latest.current.stream === null) latest.current.onStream(first.stream);
          });
      },
    };
  }, [transport, identity]);

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
    void transport.engine('connectionPosition', { stream, ...sort.current }).then((answer) => {
      if (stale || !answer.ok || answer.value.position < 0) return;
      const grid = api.current;
      if (grid !== null && answer.value.position < grid.getDisplayedRowCount()) grid.ensureIndexVisible(answer.value.position, 'middle');
    });
    return () => {
      stale = true;
    };
  }, [stream, transport, mark]);

  const first = useRef(true);
  useEffect(() => {
    if (first.current || tick < 0) first.current = false;
    else api.current?.refreshInfiniteCache();
  }, [tick]);

  const columns = useMemo(() => columnsFor(life), [life]);
  const context = useMemo<Context>(() => ({ life }), [life]);
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
    <div className="con-table" data-testid="connections-table">
      <AgGridReact<ConnectionSummary>
        modules={modules}
        theme={tableTheme}
        rowModelType="infinite"
        datasource={datasource}
        columnDefs={columns}
        defaultColDef={defaultColumn}
        context={context}
        getRowId={rowId}
        rowSelection={selection}
        cacheBlockSize={100}
        maxBlocksInCache={20}
        infiniteInitialRowCount={1}
        suppressMultiSort
        suppressMovableColumns
        suppressColumnVirtualisation
        animateRows={false}
        suppressNoRowsOverlay
        ensureDomOrder
        onGridReady={(event) => {
          api.current = event.api;
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

const defaultColumn: ColDef<ConnectionSummary> = { sortable: true, resizable: true, minWidth: 48, sortingOrder: ['asc', 'desc'] };
const rowId = ({ data }: GetRowIdParams<ConnectionSummary>) => String(data.stream);
const selection = { mode: 'singleRow', checkboxes: false, enableClickSelection: false } as const;
