import type { CellKeyDownEvent, ColDef, FullWidthCellKeyDownEvent, GridApi, ICellRendererParams } from 'ag-grid-community';
import { useEffect, useMemo, useRef } from 'react';
import { EXCHANGE_SORTS, type ExchangeSort, type ExchangeSummary, type Transport } from '../../src/messages.ts';
import { failed } from '../engine-words.ts';
import { count, span } from '../format.ts';
import { useApp } from '../store/state.ts';
import { digitsUp, numberColumn } from '../ui/number-width.ts';
import { isSameOrder, type Order, orderOf } from '../ui/order.ts';
import { Table, useRows } from '../ui/Table.tsx';
import { OutcomeShape } from '../ui/table-cells.tsx';
import { useChosen } from '../ui/useChosen.ts';
import { pathOf, toneOf } from './model.ts';
import { Axis, Waterfall } from './Waterfall.tsx';
import { words } from './words.ts';

export const AS_CAPTURED: Order<ExchangeSort> = { sort: 'exchange', descending: false };

interface Context {
  /** Seconds from the first packet of the capture to the first and the last packet of the exchanges. */
  readonly life: readonly [number, number];
}
type Cell = ICellRendererParams<ExchangeSummary, unknown, Context>;

function StatusCell({ row }: { readonly row: ExchangeSummary }) {
  const reset = row.trouble.find((mark) => mark.kind === 'reset');
  return (
    <span className={row.status === null && reset !== undefined ? 'http-bad' : undefined}>
      <OutcomeShape tone={toneOf(row)} />
      {row.status === null ? words.noAnswer : <b>{row.status}</b>} {row.reason ?? ''}
    </span>
  );
}

/** How many there are in the capture, or some more. */
interface Most {
  readonly exchanges: number;
  readonly connections: number;
}

/** Room beside the number of a connection, px: its frame, and which of the exchanges on it this is. */
const POSITION = 54;

/** Columns whose id is an ExchangeSort sort on the engine's side. @param most exchanges and connections: their numbers are never cut; @param narrow leaves out what the other columns say in part */
function columnsFor(life: readonly [number, number], most: Most, narrow: boolean): ColDef<ExchangeSummary>[] {
  const title = words.columns;
  const about = words.columnTitles;
  return [
    {
      colId: 'exchange',
      headerName: title.exchange,
      ...numberColumn(most.exchanges, 46, { separators: true }),
      cellClass: 'table-right quiet',
      headerClass: 'table-right-head',
      valueGetter: ({ data }) => (data === undefined ? '' : count(data.exchange + 1)),
    },
    {
      colId: 'method',
      headerName: title.method,
      initialWidth: 62,
      cellClass: 'http-method',
      valueGetter: ({ data }) => data?.method ?? '–',
    },
    {
      colId: 'host',
      headerName: title.host,
      initialWidth: 136,
      hide: narrow,
      cellClass: 'quiet',
      valueGetter: ({ data }) => data?.host || '–',
    },
    {
      colId: 'path',
      headerName: title.path,
      initialFlex: 3,
      minWidth: 120,
      valueGetter: ({ data }) => (data === undefined ? '' : pathOf(data)),
    },
    {
      colId: 'status',
      headerName: title.status,
      // A share of wide windows, where the longest reasons fit.
      ...(narrow ? { initialWidth: 118 } : { initialFlex: 2, minWidth: 156 }),
      valueGetter: ({ data }) => (data === undefined ? '' : `${data.status ?? words.noAnswer} ${data.reason ?? ''}`),
      cellRenderer: ({ data }: Cell) => data !== undefined && <StatusCell row={data} />,
    },
    { colId: 'type', headerName: title.type, initialWidth: 104, cellClass: 'quiet', valueGetter: ({ data }) => data?.contentType || '–' },
    {
      colId: 'sent',
      headerName: title.sent,
      headerTooltip: about.sent,
      initialWidth: 72,
      hide: narrow,
      cellClass: 'table-right quiet',
      headerClass: 'table-right-head',
      valueGetter: ({ data }) => (data?.responseBytes == null ? '–' : count(data.responseBytes)),
    },
    {
      colId: 'size',
      headerName: title.size,
      headerTooltip: about.size,
      initialWidth: 76,
      cellClass: 'table-right',
      headerClass: 'table-right-head',
      valueGetter: ({ data }) => (data?.decodedBytes == null ? '–' : count(data.decodedBytes)),
    },
    {
      colId: 'waitMs',
      headerName: title.wait,
      headerTooltip: about.wait,
      initialWidth: 72,
      hide: narrow,
      cellClass: 'table-right',
      headerClass: 'table-right-head',
      valueGetter: ({ data }) => (data?.waitMs == null ? '–' : span(Math.max(0, data.waitMs) / 1000)),
    },
    {
      colId: 'totalMs',
      headerName: title.time,
      headerTooltip: about.time,
      initialWidth: 72,
      cellClass: 'table-right',
      headerClass: 'table-right-head',
      valueGetter: ({ data }) => (data?.timings.totalMs == null ? '–' : span(data.timings.totalMs / 1000)),
    },
    {
      colId: 'stream',
      headerName: title.connection,
      headerTooltip: about.connection,
      ...numberColumn(most.connections, 78, { beside: POSITION }),
      valueGetter: ({ data }) => data?.stream ?? '',
      cellRenderer: ({ data }: Cell) =>
        data !== undefined && (
          <>
            <span className="http-connection">{data.stream}</span>{' '}
            <span className="quiet">
              {count(data.position)}/{count(data.ofConnection)}
            </span>
          </>
        ),
    },
    {
      colId: 'waterfall',
      headerName: title.waterfall,
      sortable: false,
      headerComponent: () => <Axis life={life} />,
      initialFlex: 7,
      minWidth: 160,
      cellClass: 'http-fall-cell',
      cellRenderer: ({ data, context }: Cell) => data !== undefined && <Waterfall row={data} life={context.life} />,
    },
  ];
}

export interface ExchangesTableProps {
  readonly transport: Transport;
  /** Capture and filter: a change starts over. */
  readonly identity: string;
  /** A change reads the rows again in place. */
  readonly tick: number;
  readonly order: Order<ExchangeSort>;
  readonly narrow: boolean;
  /** A head was clicked. */
  readonly onOrder: (order: Order<ExchangeSort>) => void;
  readonly exchange: number | null;
  readonly life: readonly [number, number];
  readonly onExchange: (exchange: number) => void;
  readonly onFound: (total: number, life: readonly [number, number], failure: string | null) => void;
  /** How far an order is made whose rows are wanted; null: it is there. */
  readonly onSorting: (sorting: { readonly sort: ExchangeSort; readonly done: number } | null) => void;
  readonly onShowPacket: (row: number) => void;
  /** Enter: into the messages. */
  readonly onEnter: () => void;
}

/** All exchanges of the filter, read in blocks as they come into view, each drawn on one axis of time. */
export function ExchangesTable(props: ExchangesTableProps) {
  const { transport, identity, tick, order, narrow, exchange, life } = props;
  const api = useRef<GridApi<ExchangeSummary> | null>(null);
  const latest = useRef(props);
  latest.current = props;

  /** How the rows on show are sorted, and how they are wanted. */
  const shown = useRef<Order<ExchangeSort>>(AS_CAPTURED);
  const sorted = useRef<Order<ExchangeSort>>(order);
  const { table, chooseFirst } = useChosen<ExchangeSummary>(api, {
    chosen: exchange,
    numberOf: (row) => row.exchange,
    onChoose: (row) => props.onExchange(row.exchange),
    positionOf: async (each) => {
      const answer = await transport.engine('exchangePosition', { exchange: each, ...sorted.current });
      return answer.ok ? answer.value.position : -1;
    },
  });
  const datasource = useRows(identity, (request, over) => {
    const wanted = orderOf(request, EXCHANGE_SORTS, AS_CAPTURED);
    sorted.current = wanted;
    if (!isSameOrder(order, wanted)) props.onOrder(wanted);
    const args = { from: request.startRow, count: request.endRow - request.startRow, ...wanted };
    // Another click on a head overtakes an order that is still being made: nobody asks on for it.
    const overtaken = (): boolean => !isSameOrder(sorted.current, wanted);
    // Until the order is there, the rows stay as they were.
    let kept = false;
    const keep = async (): Promise<void> => {
      if (kept) return;
      kept = true;
      const before = await transport.engine('exchanges', { ...args, ...shown.current });
      if (!over() && before.ok && before.value.done === 1 && !overtaken())
        request.successCallback([...before.value.rows], before.value.total);
    };
    const answered = (): ReturnType<typeof transport.engine<'exchanges'>> =>
      transport.engine('exchanges', args).then(async (answer) => {
        if (over() || !answer.ok || overtaken()) return answer;
        latest.current.onSorting(answer.value.done < 1 ? { ...wanted, done: answer.value.done } : null);
        if (answer.value.done === 1) return answer;
        await keep();
        return answered();
      });
    void answered().then((answer) => {
      if (over()) return;
      if (overtaken()) {
        request.failCallback();
        return;
      }
      if (!answer.ok) {
        request.failCallback();
        latest.current.onSorting(null);
        latest.current.onFound(0, [0, 0], failed(answer.failure.message));
        return;
      }
      const { rows, total } = answer.value;
      shown.current = wanted;
      if (kept) api.current?.refreshInfiniteCache();
      else request.successCallback([...rows], total);
      latest.current.onFound(total, answer.value.life, null);
      chooseFirst(request.startRow, rows);
    });
  });

  const exchanges = useApp(({ capture }) => digitsUp(capture?.exchanges ?? 0));
  const connections = useApp(({ capture }) => digitsUp(capture?.connections ?? 0));
  const columns = useMemo(
    () =>
      columnsFor(life, { exchanges, connections }, narrow).map((column) => ({
        ...column,
        sort: column.colId !== order.sort ? null : order.descending ? ('desc' as const) : ('asc' as const),
      })),
    [life, exchanges, connections, narrow, order],
  );
  const context = useMemo<Context>(() => ({ life }), [life]);
  useEffect(() => {
    if (context.life[1] >= 0) api.current?.refreshCells({ columns: ['waterfall'], force: true });
  }, [context]);

  const onKey = (event: CellKeyDownEvent<ExchangeSummary> | FullWidthCellKeyDownEvent<ExchangeSummary>) => {
    if (!(event.event instanceof KeyboardEvent) || event.event.key !== 'Enter') return;
    props.onEnter();
    event.event.preventDefault();
  };
  return (
    <Table<ExchangeSummary>
      {...table}
      api={api}
      label={words.title}
      tick={tick}
      className="http-table"
      testId="exchanges-table"
      datasource={datasource}
      columnDefs={columns}
      defaultColDef={defaultColumn}
      context={context}
      onRowDoubleClicked={(event) => {
        const frame = event.data?.requestFrame ?? event.data?.responseFrame;
        if (frame != null) props.onShowPacket(frame - 1);
      }}
      onCellKeyDown={onKey}
    />
  );
}

const defaultColumn: ColDef<ExchangeSummary> = { sortable: true, resizable: true, minWidth: 48, sortingOrder: ['asc', 'desc'] };
