/** The columns of the connections table as keys: what it is sorted and narrowed by. */
import type { CaptureIndex } from '../dissect/capture-index.ts';
import { flows } from '../flow/tcp-flows.ts';
import { nanoseconds } from '../flow/tcp-replay.ts';
import type { ConnectionColumn } from '../messages.ts';
import { NONE } from '../table/packet-table.ts';
import { contextOf } from './connection-context.ts';
import { endpointsOf, goodputOf, handshakeHalves, handshakeMs, optionsOf, outcomeOfStream, resentShareOf } from './connections.ts';

/** Number (NaN: none) or text ('': none) of a stream in a column. */
export type ColumnKey =
  | { readonly kind: 'number'; readonly of: (capture: CaptureIndex, stream: number) => number }
  | {
      readonly kind: 'text';
      readonly of: (capture: CaptureIndex, stream: number) => string;
      /** What it sorts by, where that is not the text. */
      readonly order?: (capture: CaptureIndex, stream: number) => string;
    };

const number = (of: (capture: CaptureIndex, stream: number) => number | null): ColumnKey => ({
  kind: 'number',
  of: (capture, stream) => of(capture, stream) ?? Number.NaN,
});
const text = (of: (capture: CaptureIndex, stream: number) => string | null): ColumnKey => ({
  kind: 'text',
  of: (capture, stream) => of(capture, stream) ?? '',
});
const direction = (column: 'packets' | 'bytes' | 'payload', side: 0 | 1): ColumnKey =>
  number((capture, stream) => capture.state(flows)[column][2 * stream + side] as number);

export const CONNECTION_KEYS: Readonly<Record<ConnectionColumn, ColumnKey>> = {
  stream: number((_, stream) => stream),
  client: endpointColumn(0),
  server: endpointColumn(1),
  context: text(contextOf),
  outcome: text((capture, stream) => outcomeOfStream(capture, stream).outcome),
  handshake: text((capture, stream) => capture.state(flows).states.handshakeOf(stream)),
  handshakeRttMs: number(handshakeMs),
  rttServerMs: number((capture, stream) => milliseconds(handshakeHalves(capture, stream)?.server)),
  rttClientMs: number((capture, stream) => milliseconds(handshakeHalves(capture, stream)?.client)),
  options: text(optionsOf),
  startOffset: number((capture, stream) => nanoseconds(capture.packets, 0, capture.state(flows).firstRow[stream] as number) / 1e9),
  durationMs: number((capture, stream) => {
    const table = capture.state(flows);
    return nanoseconds(capture.packets, table.firstRow[stream] as number, table.lastRow[stream] as number) / 1e6;
  }),
  packets: number((capture, stream) => {
    const { packets } = capture.state(flows);
    return (packets[2 * stream] as number) + (packets[2 * stream + 1] as number);
  }),
  packetsClient: direction('packets', 0),
  packetsServer: direction('packets', 1),
  bytesClient: direction('bytes', 0),
  bytesServer: direction('bytes', 1),
  sent: direction('payload', 0),
  received: direction('payload', 1),
  data: number((capture, stream) => {
    const { payload } = capture.state(flows);
    return (payload[2 * stream] as number) + (payload[2 * stream + 1] as number);
  }),
  goodputClient: number((capture, stream) => goodputOf(capture, stream, 0)),
  goodputServer: number((capture, stream) => goodputOf(capture, stream, 1)),
  retransmissions: number((capture, stream) => capture.state(flows).retransmissions[stream] as number),
  resentShare: number(resentShareOf),
  synRetransmissions: number((capture, stream) => capture.state(flows).states.synRetransmissions[stream] as number),
  clientState: text((capture, stream) => capture.state(flows).states.stateOf(stream, 0)),
  serverState: text((capture, stream) => capture.state(flows).states.stateOf(stream, 1)),
  closedBy: text((capture, stream) => capture.state(flows).states.closedByOf(stream)),
  resetState: text((capture, stream) => capture.state(flows).states.resetStateOf(stream)),
  completeness: number((capture, stream) => capture.state(flows).completeness[stream] as number),
};

function milliseconds(ns: number | undefined): number | null {
  return ns === undefined ? null : ns / 1e6;
}

/** A text by which endpoints sort as numbers: family, address bytes, port. */
export function endpointOrder(capture: CaptureIndex, address: number, port: number): string {
  const last = String(port).padStart(5, '0');
  if (address === NONE) return last;
  let key = capture.addresses.family(address) === 4 ? '4' : '6';
  for (const byte of capture.addresses.bytes(address)) key += byte.toString(16).padStart(2, '0');
  return key + last;
}

function endpointColumn(side: 0 | 1): ColumnKey {
  return {
    kind: 'text',
    of: (capture, stream) => endpointsOf(capture, stream)[side === 0 ? 'client' : 'server'],
    order: (capture, stream) => {
      const { tuples } = capture.state(flows);
      return endpointOrder(capture, tuples.addr[2 * stream + side] as number, tuples.port[2 * stream + side] as number);
    },
  };
}
