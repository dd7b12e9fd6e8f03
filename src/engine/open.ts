/** One open capture: what belongs to it and goes with it, and what is told of it. */

import { connectionCount } from '../connections/connections.ts';
import { timeSpan } from '../dissect/time-span.ts';
import { linkTypeName } from '../file/link-types.ts';
import { reassembler } from '../flow/reassembly.ts';
import { udpFlows } from '../flow/udp-flows.ts';
import type { CaptureState, RowSummary } from '../messages.ts';
import { type Capture, timeOf } from './capture.ts';
import { ConnectionAnswers } from './connection-answers.ts';
import { ConnectionList } from './connection-list.ts';
import { exchangeCount } from './exchange-read.ts';
import { ExchangeList } from './exchanges.ts';
import { Facets } from './facets.ts';
import type { FileWatch } from './file-watch.ts';
import { FilterMemory } from './filter-memory.ts';
import { FollowAnswers } from './follow-answers.ts';
import { Minimap } from './minimap.ts';
import { PulseCounter } from './pulse.ts';
import { rowSummary } from './rows.ts';
import { StatisticsAnswers } from './statistics-answers.ts';
import { UdpStreamList } from './udp-stream-list.ts';
import type { View } from './view.ts';

/** A capture with those who answer questions about it. */
export interface Answers {
  readonly capture: Capture;
  readonly facets: Facets;
  readonly minimap: Minimap;
  readonly pulse: PulseCounter;
  readonly connections: ConnectionList;
  readonly details: ConnectionAnswers;
  readonly follow: FollowAnswers;
  readonly exchanges: ExchangeList;
  readonly udp: UdpStreamList;
  readonly statistics: StatisticsAnswers;
  readonly memory: FilterMemory;
}

/** The capture with all of them, who know nothing yet. */
export function answersOf(capture: Capture): Answers {
  return {
    capture,
    facets: new Facets(capture),
    minimap: new Minimap(capture),
    pulse: new PulseCounter(capture),
    connections: new ConnectionList(capture),
    details: new ConnectionAnswers(capture),
    follow: new FollowAnswers(capture),
    exchanges: new ExchangeList(capture),
    udp: new UdpStreamList(capture),
    statistics: new StatisticsAnswers(capture),
    memory: new FilterMemory(capture),
  };
}

/** Everything that belongs to one open capture and goes with it. */
export interface Open extends Answers {
  readonly number: number;
  readonly name: string;
  readonly live: boolean;
  readonly started: number;
  elapsed: number;
  phase: CaptureState['phase'];
  /** Following: how far the file is known to be whole. */
  limit: number | undefined;
  ended: boolean;
  /** Nothing to read at present: the end was reached, or the end of what a followed file has so far. */
  waiting: boolean;
  view: View;
  /** What the rows of this view and of those to come are sorted by. */
  sorting: { readonly column: string; readonly descending: boolean } | null;
  /** Counts the orders that were begun, so that one that is overtaken stops. */
  orders: number;
  /** The view that was put in order last, and how many rows it had. */
  begun: { readonly view: View; readonly matched: number } | null;
  /** Looks whether somebody else changes the file; null for one that is being captured. */
  readonly watch: FileWatch | null;
}

/** Decimals of a second that times have. */
function precisionOf(open: Open): number {
  return open.capture.interfaces.reduce((most, each) => Math.max(most, Math.min(9, each.timePrecision)), 6) > 6 ? 9 : 6;
}

/** Rows [from, to) of the view, as far as there are any. */
export function rowsOf(open: Open, from: number, to: number, fields: readonly string[] = []): RowSummary[] {
  const rows: RowSummary[] = [];
  const precision = precisionOf(open);
  for (let position = from; position < to; position++) {
    rows.push(rowSummary(open.capture, open.view.rowAt(position), precision, fields));
  }
  return rows;
}

/** What the window is told of it. */
export function stateOf(open: Open): CaptureState {
  const { capture } = open;
  const { reader } = capture;
  const packets = capture.packets.length;
  const span = packets === 0 ? null : timeSpan(capture);
  const notes = [...capture.state(reassembler).notes];
  if (capture.stacks.overflowed)
    notes.push('Some packets nest more protocols than the index can hold; their innermost layers are not in it.');
  if (capture.bugs > 0)
    notes.push(`${capture.bugs} ${capture.bugs === 1 ? 'packet' : 'packets'} could not be dissected because of an error in Sevenfold.`);
  return {
    capture: open.number,
    path: reader.path,
    name: open.name,
    phase: open.phase,
    live: open.live,
    format: reader.format,
    compression: reader.compression,
    packets,
    bytes: capture.bytes,
    exchanges: exchangeCount(capture),
    connections: connectionCount(capture),
    udpStreams: capture.state(udpFlows).size,
    bytesRead: reader.bytesRead,
    fileBytes: reader.fileBytes,
    elapsedMs: open.phase === 'reading' || open.phase === 'following' ? performance.now() - open.started : open.elapsed,
    firstTime: span === null ? null : timeOf(capture, span.earliest),
    lastTime: span === null ? null : timeOf(capture, span.latest),
    interfaces: reader.interfaces.map((each, i) => ({
      name: each.name,
      description: each.description,
      linkType: each.linkType,
      linkTypeName: linkTypeName(each.linkType),
      packets: capture.perInterface[i] ?? 0,
      dropped: each.dropped,
    })),
    comments: reader.comments,
    damage: reader.damage,
    timePrecision: precisionOf(open),
    notes,
    change: open.watch?.change ?? null,
  };
}
