import type { ColDef, GetRowIdParams, GridApi } from 'ag-grid-community';
import { Filter } from 'lucide-react';
import { useMemo, useRef } from 'react';
import { type ConversationCount, type ConversationKind, type EndpointCount, STATISTICS_SORTS, type Transport } from '../../src/messages.ts';
import { count } from '../format.ts';
import { orderOf } from '../ui/order.ts';
import { Table, useRows } from '../ui/Table.tsx';
import { conversationTerm, endpointTerm } from './terms.ts';
import { words } from './words.ts';

type Row = ConversationCount | EndpointCount;

interface PairsProps {
  readonly transport: Transport;
  /** Capture and filter: a change starts over. */
  readonly identity: string;
  readonly tick: number;
  readonly table: 'conversations' | 'endpoints';
  readonly kind: ConversationKind;
  readonly onFilter: (text: string) => void;
  readonly onTotal: (total: number) => void;
}

const num = (field: string, pick: (row: Row) => string, width: number): ColDef<Row> => ({
  colId: field,
  initialWidth: width,
  cellClass: 'table-right',
  headerClass: 'table-right-head',
  valueGetter: ({ data }) => (data === undefined ? '' : pick(data)),
});
const conversation = (pick: (row: ConversationCount) => string) => (row: Row) => ('a' in row ? pick(row) : '');
const endpoint = (pick: (row: EndpointCount) => string) => (row: Row) => ('endpoint' in row ? pick(row) : '');

function termOf(row: Row): string | null {
  return 'a' in row ? conversationTerm(row) : endpointTerm(row);
}

function columnsOf(table: PairsProps['table'], kind: ConversationKind): ColDef<Row>[] {
  const title = words.columns;
  const only: ColDef<Row> = {
    headerName: words.onlyColumn,
    headerClass: 'stat-only-head',
    colId: 'only',
    initialWidth: 30,
    sortable: false,
    resizable: false,
    cellClass: 'stat-only-cell',
    cellRenderer: ({ data, context }: { data: Row | undefined; context: { only: (text: string) => void } }) => {
      const term = data === undefined ? null : termOf(data);
      return (
        term !== null && (
          <button type="button" className="stat-only" aria-label={words.filterOn(term)} title={term} onClick={() => context.only(term)}>
            <Filter size={12} aria-hidden />
          </button>
        )
      );
    },
  };
  if (table === 'endpoints') {
    return [
      only,
      {
        colId: 'a',
        headerName: title.endpoint,
        initialFlex: 2,
        minWidth: 180,
        valueGetter: ({ data }) => data && endpoint((row) => row.endpoint)(data),
      },
      {
        ...num(
          'packets',
          endpoint((row) => count(row.packetsSent + row.packetsReceived)),
          110,
        ),
        headerName: title.packets,
      },
      {
        ...num(
          'bytes',
          endpoint((row) => count(row.bytesSent + row.bytesReceived)),
          130,
        ),
        headerName: title.bytes,
        initialSort: 'desc',
      },
      {
        ...num(
          'packetsAtoB',
          endpoint((row) => count(row.packetsSent)),
          110,
        ),
        headerName: title.packetsSent,
      },
      {
        ...num(
          'packetsBtoA',
          endpoint((row) => count(row.packetsReceived)),
          120,
        ),
        headerName: title.packetsReceived,
      },
      {
        ...num(
          'bytesAtoB',
          endpoint((row) => count(row.bytesSent)),
          130,
        ),
        headerName: title.bytesSent,
      },
      {
        ...num(
          'bytesBtoA',
          endpoint((row) => count(row.bytesReceived)),
          130,
        ),
        headerName: title.bytesReceived,
      },
    ];
  }
  const stream: ColDef<Row>[] =
    kind === 'ip'
      ? []
      : [
          {
            ...num(
              'stream',
              conversation((row) => String(row.stream ?? '')),
              60,
            ),
            headerName: title.stream,
          },
        ];
  return [
    only,
    ...stream,
    {
      colId: 'a',
      headerName: title.a,
      initialFlex: 2,
      minWidth: 150,
      valueGetter: ({ data }) => data && conversation((row) => row.a)(data),
    },
    {
      colId: 'b',
      headerName: title.b,
      initialFlex: 2,
      minWidth: 150,
      valueGetter: ({ data }) => data && conversation((row) => row.b)(data),
    },
    {
      ...num(
        'packets',
        conversation((row) => count(row.packetsAtoB + row.packetsBtoA)),
        84,
      ),
      headerName: title.packets,
    },
    {
      ...num(
        'bytes',
        conversation((row) => count(row.bytesAtoB + row.bytesBtoA)),
        104,
      ),
      headerName: title.bytes,
      initialSort: 'desc',
    },
    {
      ...num(
        'packetsAtoB',
        conversation((row) => count(row.packetsAtoB)),
        88,
      ),
      headerName: title.packetsAtoB,
    },
    {
      ...num(
        'bytesAtoB',
        conversation((row) => count(row.bytesAtoB)),
        104,
      ),
      headerName: title.bytesAtoB,
    },
    {
      ...num(
        'packetsBtoA',
        conversation((row) => count(row.packetsBtoA)),
        88,
      ),
      headerName: title.packetsBtoA,
    },
    {
      ...num(
        'bytesBtoA',
        conversation((row) => count(row.bytesBtoA)),
        104,
      ),
      headerName: title.bytesBtoA,
    },
    {
      ...num(
        'start',
        conversation((row) => row.start.toFixed(3)),
        84,
      ),
      headerName: title.start,
    },
    {
      ...num(
        'duration',
        conversation((row) => `${row.duration.toFixed(3)} s`),
        92,
      ),
      headerName: title.duration,
    },
  ];
}

/** Conversations or their ends, sorted by the engine, read in blocks as they come into view. */
export function PairsTable({ transport, identity, tick, table, kind, onFilter, onTotal }: PairsProps) {
  const api = useRef<GridApi<Row> | null>(null);
  const latest = useRef({ onFilter, onTotal });
  latest.current = { onFilter, onTotal };
  const datasource = useRows(`${identity} ${table} ${kind}`, (request, over) => {
    const order = orderOf(request, STATISTICS_SORTS, { sort: 'bytes', descending: true });
    const { startRow: from, endRow } = request;
    void transport.engine('statisticsTable', { table, kind, ...order, from, count: endRow - from }).then((answer) => {
      if (over()) return;
      if (!answer.ok) return request.failCallback();
      request.successCallback([...answer.value.rows], answer.value.total);
      latest.current.onTotal(answer.value.total);
    });
  });
  const columns = useMemo(() => columnsOf(table, kind), [table, kind]);
  const context = useMemo(() => ({ only: (text: string) => latest.current.onFilter(text) }), []);
  return (
    <Table<Row>
      key={`${table} ${kind}`}
      api={api}
      label={words.sections[table]}
      tick={tick}
      testId="stat-table"
      datasource={datasource}
      columnDefs={columns}
      defaultColDef={defaultColumn}
      context={context}
      getRowId={rowId}
      onCellKeyDown={(event) => {
        const key = event.event;
        if (!(key instanceof globalThis.KeyboardEvent) || event.data === undefined || key.ctrlKey || key.altKey || !/^f$/i.test(key.key))
          return;
        const term = termOf(event.data);
        if (term !== null) onFilter(term);
      }}
    />
  );
}

const defaultColumn: ColDef<Row> = { sortable: true, resizable: true, minWidth: 30, sortingOrder: ['desc', 'asc'] };
const rowId = ({ data }: GetRowIdParams<Row>) => ('a' in data ? `${data.stream ?? ''} ${data.a} ${data.b}` : data.endpoint);
