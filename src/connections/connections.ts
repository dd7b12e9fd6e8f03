/** TCP connections as rows of a table: endpoints, handshake, teardown, outcome in words. */
import { formatIpv4, formatIpv6 } from '../bytes/format.ts';
import type { CaptureIndex } from '../dissect/capture-index.ts';
import { agreedOptions } from '../flow/syn-options.ts';
import { completenessWords, flows, type TcpFlows } from '../flow/tcp-flows.ts';
import { nanoseconds } from '../flow/tcp-replay.ts';
import type { ConnectionRow, ConnectionSummary } from '../messages.ts';
import { CHUNK_MASK, NONE, RowFlag } from '../table/packet-table.ts';
import { activities, placeInLife } from './activity.ts';
import { contextOf } from './connection-context.ts';

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

/** The handshake time in its halves, ns: capture point to server, and to client; null where it was not captured whole and in order. */
export function handshakeHalves(capture: CaptureIndex, stream: number): { readonly server: number; readonly client: number } | null {
  const { handshake } = capture.state(flows);
  const [syn, synAck, ack] = [1, 2, 3].map((step) => handshake[4 * stream + step] as number) as [number, number, number];
  if (syn === NONE || synAck === NONE || ack === NONE || syn >= synAck || synAck >= ack) return null;
  return { server: nanoseconds(capture.packets, syn, synAck), client: nanoseconds(capture.packets, synAck, ack) };
}

/** Options that both ends agreed on. Reads the two packets. */
export function optionsOf(capture: CaptureIndex, stream: number): string {
  const { handshake } = capture.state(flows);
  return agreedOptions(capture, handshake[4 * stream + 1] as number, handshake[4 * stream + 2] as number);
}

/** ns from the first packet of a stream to its last. */
function lifeOf(capture: CaptureIndex, table: TcpFlows, stream: number): number {
  return nanoseconds(capture.packets, table.firstRow[stream] as number, table.lastRow[stream] as number);
}

/** Bits of payload per second of the connection's life that one side sent, repeats left out; null without data or time. */
export function goodputOf(capture: CaptureIndex, stream: number, direction: 0 | 1): number | null {
  const table = capture.state(flows);
  const i = 2 * stream + direction;
  const octets = (table.payload[i] as number) - (table.repeated[i] as number);
  const life = lifeOf(capture, table, stream);
  return octets <= 0 || life <= 0 ? null : (octets * 8e9) / life;
}

/** Share (0 to 1) of the segments that take sequence numbers which were sent again; 0 without any. */
export function resentShareOf(capture: CaptureIndex, stream: number): number {
  const table = capture.state(flows);
  const segments = (table.segments[2 * stream] as number) + (table.segments[2 * stream + 1] as number);
  return segments === 0 ? 0 : Math.min(1, (table.retransmissions[stream] as number) / segments);
}

/** One row of `connections --json`. The stream must exist. Reads the packets of the handshake. */
export function connectionRow(capture: CaptureIndex, stream: number): ConnectionRow {
  const table = capture.state(flows);
  const { states } = table;
  const first = table.firstRow[stream] as number;
  const chunk = capture.packets.chunkOf(first);
  const at = first & CHUNK_MASK;
  const halves = handshakeHalves(capture, stream);
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
    durationMs: lifeOf(capture, table, stream) / 1e6,
    handshakeRttMs: handshakeMs(capture, stream),
    packetsClient: table.packets[2 * stream] as number,
    packetsServer: table.packets[2 * stream + 1] as number,
    bytesClient: table.bytes[2 * stream] as number,
    bytesServer: table.bytes[2 * stream + 1] as number,
    completeness: table.finalCompleteness(stream, table.lastRow[stream] as number),
    context: contextOf(capture, stream),
    options: optionsOf(capture, stream),
    rttServerMs: halves === null ? null : halves.server / 1e6,
    rttClientMs: halves === null ? null : halves.client / 1e6,
    payloadClient: table.payload[2 * stream] as number,
    payloadServer: table.payload[2 * stream + 1] as number,
    goodputClient: goodputOf(capture, stream, 0),
    goodputServer: goodputOf(capture, stream, 1),
    retransmissions: table.retransmissions[stream] as number,
    resentShare: resentShareOf(capture, stream),
    resetState: states.resetStateOf(stream),
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

/** What the connections table shows of a stream. `activity`: false leaves it out: all of the stream's rows are gone through for it, as far as nobody has. */
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
    completenessWords: completenessWords(row.completeness),
    activity: activity ? capture.state(activities).of(stream) : [],
    begins: placeInLife(capture, table.firstRow[stream] as number),
    firstRow: table.firstRow[stream] as number,
  };
}

/** Stream of a row, if its columns are those of a TCP segment. */
export function tcpStreamOf(capture: CaptureIndex, row: number): number | null {
  const chunk = capture.packets.chunkOf(row);
  const i = row & CHUNK_MASK;
  const stream = chunk.stream[i] as number;
  return ((chunk.flags[i] as number) & RowFlag.Tcp) === 0 || stream === NONE ? null : stream;
}
