import type { CellFocusedEvent, ColDef, GetRowIdParams, GridApi, ICellRendererParams, IDatasource } from 'ag-grid-community';
import { CellStyleModule, InfiniteRowModelModule, RowApiModule, RowSelectionModule, ScrollApiModule } from 'ag-grid-community';
import { AgGridReact } from 'ag-grid-react';
import { useCallback, useEffect, useMemo, useRef } from 'react';
import { type ConnectionColumn, type ConnectionSummary, type Transport, UDP_STREAM_SORTS } from '../../src/messages.ts';
import { failed, named } from '../engine-words.ts';
import { size } from '../format.ts';
import type { Followed } from '../store/state.ts';
import { useReread } from '../ui/reread.ts';
import { EndpointCell, OutcomeShape } from '../ui/table-cells.tsx';
import { tableOptions } from '../ui/table-theme.ts';
import { words } from './words.ts';

const modules = [InfiniteRowModelModule, RowSelectionModule, ScrollApiModule, RowApiModule, CellStyleModule];

/** A stream of either kind as the list shows it. */
interface StreamRow {
  readonly stream: number;
  readonly first: string;
  readonly second: string;
  readonly bytes: number;
  readonly firstRow: number;
  /** TCP only. */
  readonly outcome: string;
  readonly tone: ConnectionSummary['tone'] | null;
}
type Cell = ICellRendererParams<StreamRow>;

function columnsFor(kind: 'tcp' | 'udp'): ColDef<StreamRow>[] {
  const title = words.columns;
  const columns: ColDef<StreamRow>[] = [
    {
      colId: 'stream',
      headerName: title.stream,
      width: 46,
      cellClass: 'tv-right quiet',
      headerClass: 'tv-right-head',
      valueGetter: ({ data }) => data?.stream ?? '',
    },
    {
      colId: 'first',
      headerName: kind === 'tcp' ? title.client : title.first,
      flex: 2,
      minWidth: 132,
      cellRenderer: ({ data }: Cell) => data !== undefined && <EndpointCell text={data.first} />,
    },
    {
      colId: 'second',
      headerName: kind === 'tcp' ? title.server : title.second,
      flex: 1,
      minWidth: 124,
      cellRenderer: ({ data }: Cell) => data !== undefined && <EndpointCell text={data.second} />,
    },
    {
      colId: 'bytes',
      headerName: title.bytes,
      width: 60,
      cellClass: 'tv-right',
      headerClass: 'tv-right-head',
      valueGetter: ({ data }) => (data === undefined ? '' : size(data.bytes)),
    },
  ];
  if (kind === 'tcp') {
    columns.push({
      colId: 'outcome',
      headerName: title.outcome,
      flex: 4,
      // Room for its head, and for the shape.
      minWidth: 58,
      headerClass: 'str-outcome-head',
      cellClass: 'str-outcome',
      cellRenderer: ({ data }: Cell) =>
        data !== undefined && (
          <span title={named(data.outcome)}>
            {data.tone !== null && <OutcomeShape tone={data.tone} />}
            <span className="word">{named(data.outcome)}</span>
          </span>
        ),
    });
  }
  return columns;
}

export interface StreamsTableProps {
  readonly transport: Transport;
  /** Capture and filter: a change starts over. */
  readonly identity: string;
  /** A change reads the rows again in place. */
  readonly tick: number;
  readonly kind: 'tcp' | 'udp';
  readonly stream: number | null;
  readonly onStream: (followed: Followed) => void;
  /** How many there are; `again`: they are still being counted. */
  readonly onTotal: (total: number, failure: string | null, again: boolean) => void;
}

/** All TCP connections or UDP streams of the filter, read in blocks as they come into view. */
export function StreamsTable(props: StreamsTableProps) {
  const { transport, identity, tick, kind, stream } = props;
  const api = useRef<GridApi<StreamRow> | null>(null);
  const latest = useRef(props);
  latest.current = props;

  const datasource = useMemo<IDatasource>(() => {
    let live = identity !== '';
    return {
      destroy: () => {
        live = false;
      },
      getRows: (request) => {
        const by = request.sortModel[0];
        const order = { column: by?.colId ?? 'stream', descending: by?.sort === 'desc' };
        void read(transport, kind, request.startRow, request.endRow - request.startRow, order).then((answer) => {
          if (!live) return;
          if (typeof answer === 'string') {
            request.failCallback();
            latest.current.onTotal(0, answer, false);
            return;
          }
          request.successCallback([...answer.rows], answer.total);
          latest.current.onTotal(answer.total, null, !answer.complete);
          const first = answer.rows[0];
          if (request.startRow === 0 && first !== undefined && latest.current.stream === null)
            latest.current.onStream({ kind, stream: first.stream });
        });
      },
    };
  }, [transport, identity, kind]);

  const revealed = useRef<number | null>(null);
  const mark = useCallback(() => {
    const grid = api.current;
    const wanted = latest.current.stream;
    const node = wanted === null ? undefined : grid?.getRowNode(String(wanted));
    if (node === undefined) grid?.deselectAll();
    else {
      if (!node.isSelected()) node.setSelected(true, true);
      if (revealed.current !== wanted && node.rowIndex !== null) {
        revealed.current = wanted;
        grid?.ensureIndexVisible(node.rowIndex);
      }
    }
  }, []);
  useEffect(() => {
    if (stream === null || stream >= 0) mark();
  }, [stream, mark]);
  useReread(api, tick);

  const columns = useMemo(() => columnsFor(kind), [kind]);
  const onFocus = (event: CellFocusedEvent<StreamRow>) => {
    if (event.rowIndex === null || event.rowPinned != null) return;
    const row: StreamRow | undefined = event.api.getDisplayedRowAtIndex(event.rowIndex)?.data;
    if (row !== undefined && row.stream !== latest.current.stream) props.onStream({ kind, stream: row.stream });
  };
  return (
    <div className="tv-table str-table" data-testid="streams-table">
      <AgGridReact<StreamRow>
        key={kind}
        modules={modules}
        {...tableOptions}
        datasource={datasource}
        columnDefs={columns}
        defaultColDef={defaultColumn}
        getRowId={rowId}
        rowSelection={selection}
        suppressMultiSort
        onGridReady={(event) => {
          api.current = event.api;
          event.api.setGridAriaProperty('label', words.kinds[kind]);
        }}
        onModelUpdated={mark}
        onRowClicked={(event) => {
          if (event.data !== undefined) props.onStream({ kind, stream: event.data.stream });
        }}
        onCellFocused={onFocus}
      />
    </div>
  );
}

const defaultColumn: ColDef<StreamRow> = { sortable: true, sortingOrder: ['asc', 'desc'], resizable: true, minWidth: 44 };
const rowId = ({ data }: GetRowIdParams<StreamRow>) => String(data.stream);
const selection = { mode: 'singleRow', checkboxes: false, enableClickSelection: false } as const;

/** The columns of TCP streams as the engine calls them. */
const CONNECTION_SORTS: Readonly<Record<string, ConnectionColumn>> = {
  ...{ stream: 'stream', first: 'client', second: 'server', bytes: 'data', outcome: 'outcome' },
};

/** Rows of one kind, sorted; what went wrong as a sentence. */
async function read(
  transport: Transport,
  kind: 'tcp' | 'udp',
  from: number,
  wanted: number,
  { column, descending }: { readonly column: string; readonly descending: boolean },
): Promise<{ rows: StreamRow[]; total: number; complete: boolean } | string> {
  if (kind === 'tcp') {
    const answer = await transport.engine('connections', {
      from,
      count: wanted,
      sort: CONNECTION_SORTS[column] ?? 'stream',
      descending,
      handshake: null,
      where: [],
    });
    if (!answer.ok) return failed(answer.failure.message);
    const rows = answer.value.rows.map((row) => ({
      stream: row.stream,
      first: row.client,
      second: row.server,
      bytes: row.sent + row.received,
      firstRow: row.firstRow,
      outcome: row.outcome,
      tone: row.tone,
    }));
    return { rows, total: answer.value.total, complete: true };
  }
  const answer = await transport.engine('udpStreams', {
    from,
    count: wanted,
    sort: UDP_STREAM_SORTS.find((sort) => sort === column) ?? 'stream',
    descending,
  });
  if (!answer.ok) return failed(answer.failure.message);
  const rows = answer.value.rows.map((row) => ({
    stream: row.stream,
    first: row.nodes[0],
    second: row.nodes[1],
    bytes: row.bytes[0] + row.bytes[1],
    firstRow: row.firstRow,
    outcome: '',
    tone: null,
  }));
  return { rows, total: answer.value.total, complete: answer.value.complete };
}
