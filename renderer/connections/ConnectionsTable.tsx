import type { CellKeyDownEvent, ColDef, FullWidthCellKeyDownEvent, GridApi } from 'ag-grid-community';
import { ColumnApiModule, TextFilterModule } from 'ag-grid-community';
import { useEffect, useMemo, useRef } from 'react';
import {
  CONNECTION_COLUMNS,
  type ConnectionCondition,
  type ConnectionSummary,
  type ConnectionWish,
  type Handshake,
  type Transport,
} from '../../src/messages.ts';
import { failed } from '../engine-words.ts';
import { useApp } from '../store/state.ts';
import { digitsUp } from '../ui/number-width.ts';
import { isSameOrder, orderOf } from '../ui/order.ts';
import { Table, tableModules, useRows } from '../ui/Table.tsx';
import { useChosen } from '../ui/useChosen.ts';
import { words as tabs } from '../words.ts';
import type { Sorting } from './ConnectionsBar.tsx';
import { CONDITION_KINDS, columnsFor, isColumn, type TableContext } from './columns.tsx';
import { conditionOf } from './conditions.ts';

const modules = [...tableModules, ColumnApiModule, TextFilterModule];

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

  const { table, chooseFirst } = useChosen<ConnectionSummary>(api, {
    chosen: stream,
    numberOf: (row) => row.stream,
    onChoose: (row) => props.onStream(row.stream),
    positionOf: async (each) => {
      const answer = await transport.engine('connectionPosition', { stream: each, ...wish.current });
      return answer.ok ? answer.value.position : -1;
    },
  });
  const datasource = useRows(`${identity} ${handshake}`, (request, over) => {
    const order = orderOf(request, CONNECTION_COLUMNS, { sort: 'stream', descending: false });
    const where = conditionsOf(request.filterModel);
    const before = wish.current;
    wish.current = { ...order, handshake, where };
    if (!isSameOrder(before, order)) props.onSorting(order);
    if (JSON.stringify(before.where) !== JSON.stringify(where)) props.onConditions(where);
    void transport
      .engine('connections', { from: request.startRow, count: request.endRow - request.startRow, ...wish.current })
      .then((answer) => {
        if (over()) return;
        if (!answer.ok) {
          request.failCallback();
          latest.current.onFound({ total: 0, handshakes: null, failure: failed(answer.failure.message) });
          return;
        }
        const { rows, total, handshakes } = answer.value;
        request.successCallback([...rows], total);
        latest.current.onFound({ total, handshakes, failure: null });
        chooseFirst(request.startRow, rows);
      });
  });

  const streams = useApp(({ capture }) => digitsUp(capture?.connections ?? 0));
  const columns = useMemo(() => columnsFor(life, streams, seen), [life, streams, seen]);
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
  return (
    <Table<ConnectionSummary>
      {...table}
      api={api}
      label={tabs.connections}
      tick={tick}
      testId="connections-table"
      modules={modules}
      datasource={datasource}
      columnDefs={columns}
      defaultColDef={defaultColumn}
      context={context}
      onRowDoubleClicked={(event) => {
        if (event.data !== undefined) props.onShowPacket(event.data.firstRow);
      }}
      onCellKeyDown={onKey}
    />
  );
}

/** What stands in the inputs under the columns' names. */
function conditionsOf(model: Readonly<Record<string, { readonly filter?: string | null } | undefined>> | null): ConnectionCondition[] {
  return Object.entries(model ?? {}).flatMap(([id, typed]) => {
    const condition = isColumn(id) ? conditionOf(id, CONDITION_KINDS[id], typed?.filter ?? '') : null;
    return condition === null ? [] : [condition];
  });
}
