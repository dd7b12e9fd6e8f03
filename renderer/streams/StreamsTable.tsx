import type { ColDef, GridApi, ICellRendererParams } from 'ag-grid-community';
import { useMemo, useRef } from 'react';
import { type ConnectionColumn, type ConnectionSummary, type Transport, UDP_STREAM_SORTS } from '../../src/messages.ts';
import { failed, named } from '../engine-words.ts';
import { size } from '../format.ts';
import { type Followed, useApp } from '../store/state.ts';
import { digitsUp, numberColumn } from '../ui/number-width.ts';
import { type Order, orderOf } from '../ui/order.ts';
import { Table, useRows } from '../ui/Table.tsx';
import { EndpointCell, OutcomeShape } from '../ui/table-cells.tsx';
import { useChosen } from '../ui/useChosen.ts';
import { LAYER_NAMES } from './names.ts';
import { words } from './words.ts';

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

/** @param streams how many there are: their numbers are never cut */
function columnsFor(kind: 'tcp' | 'udp', streams: number): ColDef<StreamRow>[] {
  const title = words.columns;
  const columns: ColDef<StreamRow>[] = [
    {
      colId: 'stream',
      headerName: title.stream,
      ...numberColumn(streams, 46),
      cellClass: 'table-right quiet',
      headerClass: 'table-right-head',
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
      cellClass: 'table-right',
      headerClass: 'table-right-head',
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

  const { table, chooseFirst } = useChosen<StreamRow>(api, {
    chosen: stream,
    numberOf: (row) => row.stream,
    onChoose: (row) => props.onStream({ kind, stream: row.stream }),
  });
  const datasource = useRows(`${identity} ${kind}`, (request, over) => {
    const order = orderOf(request, COLUMNS, { sort: 'stream', descending: false });
    void read(transport, kind, request.startRow, request.endRow - request.startRow, order).then((answer) => {
      if (over()) return;
      if (typeof answer === 'string') {
        request.failCallback();
        latest.current.onTotal(0, answer, false);
        return;
      }
      request.successCallback([...answer.rows], answer.total);
      latest.current.onTotal(answer.total, null, !answer.complete);
      chooseFirst(request.startRow, answer.rows);
    });
  });

  const streams = useApp(({ capture }) => digitsUp((kind === 'tcp' ? capture?.connections : capture?.udpStreams) ?? 0));
  const columns = useMemo(() => columnsFor(kind, streams), [kind, streams]);
  return (
    <Table<StreamRow>
      key={kind}
      {...table}
      api={api}
      label={LAYER_NAMES[kind]}
      tick={tick}
      className="str-table"
      testId="streams-table"
      datasource={datasource}
      columnDefs={columns}
      defaultColDef={defaultColumn}
    />
  );
}

const defaultColumn: ColDef<StreamRow> = { sortable: true, sortingOrder: ['asc', 'desc'], resizable: true, minWidth: 44 };
/** Its columns, and what the engine calls them: those of TCP streams are columns of their connections. */
const COLUMNS = ['stream', 'first', 'second', 'bytes', 'outcome'] as const;
type Column = (typeof COLUMNS)[number];
const CONNECTION_SORTS: Readonly<Record<Column, ConnectionColumn>> = {
  ...{ stream: 'stream', first: 'client', second: 'server', bytes: 'data', outcome: 'outcome' },
};

/** Rows of one kind, sorted; what went wrong as a sentence. */
async function read(
  transport: Transport,
  kind: 'tcp' | 'udp',
  from: number,
  wanted: number,
  { sort, descending }: Order<Column>,
): Promise<{ rows: StreamRow[]; total: number; complete: boolean } | string> {
  if (kind === 'tcp') {
    const answer = await transport.engine('connections', {
      from,
      count: wanted,
      sort: CONNECTION_SORTS[sort],
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
    sort: UDP_STREAM_SORTS.find((each) => each === sort) ?? 'stream',
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
