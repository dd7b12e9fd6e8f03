/** The columns of the connections table. Ids are those that the engine sorts and narrows by. */
import type { ColDef, ICellRendererParams } from 'ag-grid-community';
import { CONNECTION_COLUMNS, type ConnectionColumn, type ConnectionSummary } from '../../src/messages.ts';
import { named } from '../engine-words.ts';
import { count, percent, rateText, span } from '../format.ts';
import { numberColumn } from '../ui/number-width.ts';
import { EndpointCell, OutcomeShape } from '../ui/table-cells.tsx';
import { ActivityCell, HandshakeCell, StreamCell } from './cells.tsx';
import type { ConditionKind } from './conditions.ts';
import { words } from './words.ts';

export interface TableContext {
  /** Seconds from the earliest to the latest packet. */
  readonly life: number;
  readonly onlyPackets: (stream: number) => void;
}
type Cell = ICellRendererParams<ConnectionSummary, unknown, TableContext>;

/** Ids of all columns, in their order: what the engine sorts by, and a picture. */
export const COLUMN_IDS = [...CONNECTION_COLUMNS, 'activity'] as const;
export type ColumnId = (typeof COLUMN_IDS)[number];

/** Seen unless the user chose others. */
export const USUAL: readonly ColumnId[] = [
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
  'activity',
];

/** The same in a narrow window, where not all of them have room. */
export const USUAL_NARROW: readonly ColumnId[] = USUAL.filter((id) => id !== 'startOffset' && id !== 'packets');

/** What is typed to narrow each column. */
export const CONDITION_KINDS: Readonly<Record<ConnectionColumn, ConditionKind>> = {
  stream: 'count',
  client: 'text',
  server: 'text',
  context: 'text',
  outcome: 'words',
  handshake: 'words',
  handshakeRttMs: 'ms',
  rttServerMs: 'ms',
  rttClientMs: 'ms',
  options: 'text',
  startOffset: 'start',
  durationMs: 's',
  packets: 'count',
  packetsClient: 'count',
  packetsServer: 'count',
  bytesClient: 'count',
  bytesServer: 'count',
  sent: 'count',
  received: 'count',
  data: 'count',
  goodputClient: 'rate',
  goodputServer: 'rate',
  retransmissions: 'count',
  resentShare: 'share',
  synRetransmissions: 'count',
  clientState: 'text',
  serverState: 'text',
  closedBy: 'words',
  resetState: 'text',
  completeness: 'count',
};

const known: ReadonlySet<string> = new Set(CONNECTION_COLUMNS);
export function isColumn(id: string): id is ConnectionColumn {
  return known.has(id);
}

const number = (pick: (row: ConnectionSummary) => string): ColDef<ConnectionSummary> => ({
  cellClass: 'table-right',
  headerClass: 'table-right-head',
  valueGetter: ({ data }) => (data === undefined ? '' : pick(data)),
});
const text = (pick: (row: ConnectionSummary) => string): ColDef<ConnectionSummary> => ({
  valueGetter: ({ data }) => (data === undefined ? '' : pick(data)),
});
const milliseconds = (ms: number | null): string => (ms === null ? '–' : span(ms / 1000));
const warned = (pick: (row: ConnectionSummary) => number): ColDef<ConnectionSummary> => ({
  cellClass: ({ data }: { data: ConnectionSummary | undefined }) =>
    data !== undefined && pick(data) > 0 ? 'table-right con-resent' : 'table-right quiet',
});

/** Name of a column in a list of columns. */
export function columnTitle(id: ColumnId): string {
  return id === 'activity' ? words.columns.activity('') : words.columns[id];
}

/** Width of the button beside the number of a stream, px. */
const ONLY = 16;

/** @param life seconds from the earliest to the latest packet; @param streams how many there are; @param seen ids of the columns that are shown */
export function columnsFor(life: number, streams: number, seen: readonly string[]): ColDef<ConnectionSummary>[] {
  const defs: Readonly<Record<ColumnId, ColDef<ConnectionSummary>>> = {
    stream: {
      ...numberColumn(streams, 58, { beside: ONLY }),
      ...number((row) => String(row.stream)),
      cellClass: 'table-right quiet con-first',
      cellRenderer: ({ data, context }: Cell) =>
        data !== undefined && <StreamCell stream={data.stream} onOnly={() => context.onlyPackets(data.stream)} />,
    },
    client: {
      initialFlex: 2,
      minWidth: 136,
      cellRenderer: ({ data }: Cell) => data !== undefined && <EndpointCell text={data.client} />,
      ...text((row) => row.client),
    },
    server: {
      initialFlex: 2,
      minWidth: 136,
      cellRenderer: ({ data }: Cell) => data !== undefined && <EndpointCell text={data.server} />,
      ...text((row) => row.server),
    },
    context: { initialWidth: 130, ...text((row) => row.context) },
    outcome: {
      initialWidth: 124,
      ...text((row) => row.outcome),
      cellRenderer: ({ data }: Cell) =>
        data !== undefined && (
          <>
            <OutcomeShape tone={data.tone} />
            {named(data.outcome)}
          </>
        ),
    },
    handshakeRttMs: { initialWidth: 104, cellRenderer: ({ data }: Cell) => data !== undefined && <HandshakeCell row={data} /> },
    handshake: { initialWidth: 118, ...text((row) => words.handshakeWords[row.handshake]) },
    rttServerMs: { initialWidth: 86, ...number((row) => milliseconds(row.rttServerMs)) },
    rttClientMs: { initialWidth: 86, ...number((row) => milliseconds(row.rttClientMs)) },
    options: { initialWidth: 206, ...text((row) => row.options) },
    startOffset: { initialWidth: 68, ...number((row) => row.startOffset.toFixed(3)) },
    durationMs: { initialWidth: 76, ...number((row) => span(row.durationMs / 1000)) },
    packets: { initialWidth: 70, ...number((row) => count(row.packetsClient + row.packetsServer)) },
    packetsClient: { initialWidth: 96, ...number((row) => count(row.packetsClient)) },
    packetsServer: { initialWidth: 96, ...number((row) => count(row.packetsServer)) },
    bytesClient: { initialWidth: 96, ...number((row) => count(row.bytesClient)) },
    bytesServer: { initialWidth: 96, ...number((row) => count(row.bytesServer)) },
    sent: { initialWidth: 74, ...number((row) => count(row.sent)) },
    received: { initialWidth: 86, ...number((row) => count(row.received)) },
    data: { initialWidth: 86, ...number((row) => count(row.sent + row.received)) },
    goodputClient: { initialWidth: 104, ...number((row) => (row.goodputClient === null ? '–' : rateText(row.goodputClient))) },
    goodputServer: { initialWidth: 104, ...number((row) => (row.goodputServer === null ? '–' : rateText(row.goodputServer))) },
    retransmissions: {
      initialWidth: 76,
      headerTooltip: words.resentTitle,
      ...number((row) => count(row.retransmissions)),
      ...warned((row) => row.retransmissions),
    },
    resentShare: {
      initialWidth: 98,
      headerTooltip: words.resentTitle,
      ...number((row) => percent(row.resentShare, 1)),
      ...warned((row) => row.resentShare),
    },
    synRetransmissions: {
      initialWidth: 84,
      ...number((row) => count(row.synRetransmissions)),
      ...warned((row) => row.synRetransmissions),
    },
    clientState: { initialWidth: 106, ...text((row) => row.clientState ?? words.noState) },
    serverState: { initialWidth: 106, ...text((row) => row.serverState ?? words.noState) },
    closedBy: { initialWidth: 100, ...text((row) => (row.closedBy === null ? '–' : words.sides[row.closedBy])) },
    resetState: { initialWidth: 106, ...text((row) => row.resetState ?? '–') },
    completeness: { initialWidth: 170, ...text((row) => `${row.completenessWords} (${row.completeness})`) },
    activity: {
      headerName: words.columns.activity(life > 0 ? `${life.toFixed(3)} s` : ''),
      initialFlex: 5,
      minWidth: 110,
      sortable: false,
      filter: false,
      cellRenderer: ({ data, context }: Cell) => data !== undefined && <ActivityCell row={data} life={context.life} />,
    },
  };
  return COLUMN_IDS.map((id) => ({
    colId: id,
    headerName: columnTitle(id),
    headerTooltip: columnTitle(id),
    hide: !seen.includes(id),
    ...defs[id],
  }));
}
