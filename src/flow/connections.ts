/** TCP connections as rows of a table: endpoints, handshake, teardown, outcome in words. */
import { formatIpv4, formatIpv6 } from '../bytes/format.ts';
import type { CaptureIndex } from '../dissect/capture-index.ts';
import type { ConnectionRow, ConnectionSort, ConnectionSummary } from '../messages.ts';
import { CHUNK_MASK, NONE, RowFlag } from '../table/packet-table.ts';
import { rowsOfStream } from './marks.ts';
import { Flag } from './seq.ts';
import { ANY_RETRANSMISSION, Analysis } from './tcp-analysis.ts';
import { flows, type TcpFlows } from './tcp-flows.ts';
import { nanoseconds } from './tcp-replay.ts';

/** Number of TCP connections so far. */
export function connectionCount(capture: CaptureIndex): number {
  return capture.state(flows).size;
}

/** Address as text, '' if there is none. */
export function addressText(capture: CaptureIndex, id: number): string {
  if (id === NONE) return '';
  const bytes = capture.addresses.bytes(id);
  return bytes.length === 4 ? formatIpv4(bytes) : formatIpv6(bytes);
}

function endpoint(capture: CaptureIndex, table: TcpFlows, i: number): string {
  const id = table.tuples.addr[i] as number;
  const text = addressText(capture, id);
  return `${text.includes(':') ? `[${text}]` : text}:${table.tuples.port[i]}`;
}

/** 'address:port' of the two ends of a stream: the client, and the server. */
export function endpointsOf(capture: CaptureIndex, stream: number): { client: string; server: string } {
  const table = capture.state(flows);
  return { client: endpoint(capture, table, 2 * stream), server: endpoint(capture, table, 2 * stream + 1) };
}

/** Time of the TCP handshake in ms, null where it was not captured whole. */
export function handshakeMs(capture: CaptureIndex, stream: number): number | null {
  const table = capture.state(flows);
  const syn = table.handshake[4 * stream + 1] as number;
  const done = table.handshake[4 * stream + 3] as number;
  return syn === NONE || done === NONE ? null : nanoseconds(capture.packets, syn, done) / 1e6;
}

/** One row of `connections --json`. The stream must exist. */
export function connectionRow(capture: CaptureIndex, stream: number): ConnectionRow {
  const table = capture.state(flows);
  const { states } = table;
  const first = table.firstRow[stream] as number;
  const chunk = capture.packets.chunkOf(first);
  const at = first & CHUNK_MASK;
  return {
    stream,
    ...endpointsOf(capture, stream),
    handshake: states.handshakeOf(stream),
    synRetransmissions: states.synRetransmissions[stream] as number,
    clientState: states.stateOf(stream, 0),
    serverState: states.stateOf(stream, 1),
    close: states.closeOf(stream),
    closedBy: states.closedByOf(stream),
    start: `${chunk.sec[at]}.${String(chunk.nsec[at]).padStart(9, '0')}`,
    durationMs: nanoseconds(capture.packets, first, table.lastRow[stream] as number) / 1e6,
    handshakeRttMs: handshakeMs(capture, stream),
    packetsClient: table.packets[2 * stream] as number,
    packetsServer: table.packets[2 * stream + 1] as number,
    bytesClient: table.bytes[2 * stream] as number,
    bytesServer: table.bytes[2 * stream + 1] as number,
    completeness: table.completeness[stream] as number,
  };
}

export type Outcome = Pick<ConnectionSummary, 'outcome' | 'tone'>;

/** The outcome of a connection in words, with its tone. Categories of the facet are these words. */
export function outcomeOf(row: Pick<ConnectionRow, 'handshake' | 'close' | 'closedBy'>): Outcome {
  if (row.handshake === 'refused') return { outcome: 'Refused', tone: 'bad' };
  if (row.close === 'reset') return { outcome: row.closedBy === 'client' ? 'Reset by client' : 'Reset by server', tone: 'bad' };
  if (row.handshake === 'unanswered') return { outcome: 'No answer', tone: 'warn' };
  if (row.handshake === 'half-open') return { outcome: 'Half-open', tone: 'warn' };
  if (row.close === 'fin') {
    if (row.closedBy === 'both') return { outcome: 'Closed by both', tone: 'good' };
    return { outcome: row.closedBy === 'client' ? 'Closed by client' : 'Closed by server', tone: 'good' };
  }
  if (row.close === 'half')
    return { outcome: row.closedBy === 'client' ? 'Half-closed by client' : 'Half-closed by server', tone: 'neutral' };
  return { outcome: 'Still open', tone: 'neutral' };
}

/** The outcome words of a stream, without making a row. */
export function outcomeOfStream(capture: CaptureIndex, stream: number): Outcome {
  const { states } = capture.state(flows);
  return outcomeOf({ handshake: states.handshakeOf(stream), close: states.closeOf(stream), closedBy: states.closedByOf(stream) });
}

function stepsOf(row: ConnectionRow): ConnectionSummary['steps'] {
  switch (row.handshake) {
    case 'completed':
    case 'simultaneous':
      return ['done', 'done', 'done'];
    case 'refused':
      return ['done', 'refused', 'missing'];
    case 'unanswered':
      return ['done', 'missing', 'missing'];
    case 'half-open':
      return ['done', 'done', 'missing'];
    default:
      return ['unseen', 'unseen', 'unseen'];
  }
}

const ACTIVITY_SLOTS = 64;

/** Where in the life of the capture the connection was active: at most 64 places, each with the strongest thing there. */
function activityOf(capture: CaptureIndex, stream: number): ConnectionSummary['activity'] {
  const { packets } = capture;
  if (packets.length === 0) return [];
  const whole = Math.max(1, nanoseconds(packets, 0, packets.length - 1));
  const strength = new Uint8Array(ACTIVITY_SLOTS + 1);
  const place = new Float64Array(ACTIVITY_SLOTS + 1);
  for (const row of rowsOfStream(capture, stream, 'tcp')) {
    const chunk = packets.chunkOf(row);
    const i = row & CHUNK_MASK;
    const at = Math.min(1, Math.max(0, nanoseconds(packets, 0, row) / whole));
    const slot = Math.min(ACTIVITY_SLOTS - 1, Math.floor(at * ACTIVITY_SLOTS));
    const found = chunk.analysis[i] as number;
    let kind = 1;
    if (((chunk.tcpFlags[i] as number) & Flag.Rst) !== 0 || (found & Analysis.ZeroWindow) !== 0) kind = 4;
    else if ((found & (ANY_RETRANSMISSION | Analysis.LostSegment | Analysis.OutOfOrder)) !== 0) kind = 3;
    else if ((chunk.payload[i] as number) > 0) kind = 2;
    if (kind > (strength[slot] as number)) {
      strength[slot] = kind;
      place[slot] = at;
    }
  }
  const kinds = ['tra', 'tra', 'app', 'warn', 'bad'] as const;
  const activity: { at: number; kind: 'tra' | 'app' | 'warn' | 'bad' }[] = [];
  for (let slot = 0; slot < ACTIVITY_SLOTS; slot++) {
    if (strength[slot] !== 0) activity.push({ at: place[slot] as number, kind: kinds[strength[slot] as number] as 'tra' });
  }
  return activity;
}

/** What the connections table shows of a stream. `activity`: false leaves it out (it walks the stream's rows). */
export function connectionSummary(capture: CaptureIndex, stream: number, activity = true): ConnectionSummary {
  const table = capture.state(flows);
  const row = connectionRow(capture, stream);
  return {
    ...row,
    ...outcomeOf(row),
    steps: stepsOf(row),
    startOffset: nanoseconds(capture.packets, 0, table.firstRow[stream] as number) / 1e9,
    sent: table.payload[2 * stream] as number,
    received: table.payload[2 * stream + 1] as number,
    retransmissions: table.retransmissions[stream] as number,
    activity: activity ? activityOf(capture, stream) : [],
    firstRow: table.firstRow[stream] as number,
  };
}

/** Sorts stream numbers. Equal ones stay in stream order, in either direction. */
export function sortStreams(capture: CaptureIndex, streams: Uint32Array, sort: ConnectionSort, descending: boolean): Uint32Array {
  const table = capture.state(flows);
  const { packets } = capture;
  const sign = descending ? -1 : 1;
  const compareBy = (key: (stream: number) => number | string): Uint32Array => {
    const keys = new Map<number, number | string>();
    for (const stream of streams) keys.set(stream, key(stream));
    return streams.slice().sort((x, y) => {
      const a = keys.get(x) as number;
      const b = keys.get(y) as number;
      return a < b ? -sign : a > b ? sign : x - y;
    });
  };
  switch (sort) {
    case 'stream':
      return compareBy((s) => s);
    case 'client':
      return compareBy((s) => endpointKey(capture, table, 2 * s));
    case 'server':
      return compareBy((s) => endpointKey(capture, table, 2 * s + 1));
    case 'outcome':
      return compareBy((s) => outcomeOfStream(capture, s).outcome);
    case 'handshakeRttMs':
      return compareBy((s) => {
        const syn = table.handshake[4 * s + 1] as number;
        const done = table.handshake[4 * s + 3] as number;
        return syn === NONE || done === NONE ? -1 : nanoseconds(packets, syn, done);
      });
    case 'startOffset':
      return compareBy((s) => nanoseconds(packets, 0, table.firstRow[s] as number));
    case 'durationMs':
      return compareBy((s) => nanoseconds(packets, table.firstRow[s] as number, table.lastRow[s] as number));
    case 'packets':
      return compareBy((s) => (table.packets[2 * s] as number) + (table.packets[2 * s + 1] as number));
    case 'sent':
      return compareBy((s) => table.payload[2 * s] as number);
    case 'received':
      return compareBy((s) => table.payload[2 * s + 1] as number);
    case 'retransmissions':
      return compareBy((s) => table.retransmissions[s] as number);
  }
}

/** Text by which endpoints sort as numbers: family, address bytes, port. */
function endpointKey(capture: CaptureIndex, table: TcpFlows, i: number): string {
  const id = table.tuples.addr[i] as number;
  const port = String(table.tuples.port[i]).padStart(5, '0');
  if (id === NONE) return port;
  let key = capture.addresses.family(id) === 4 ? '4' : '6';
  for (const byte of capture.addresses.bytes(id)) key += byte.toString(16).padStart(2, '0');
  return key + port;
}

/** Stream of a row, if its columns are those of a TCP segment. */
export function tcpStreamOf(capture: CaptureIndex, row: number): number | null {
  const chunk = capture.packets.chunkOf(row);
  const i = row & CHUNK_MASK;
  const stream = chunk.stream[i] as number;
  return ((chunk.flags[i] as number) & RowFlag.Tcp) === 0 || stream === NONE ? null : stream;
}
