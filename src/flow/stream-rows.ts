/** Rows of a stream. */
import { type CaptureIndex, defineState } from '../dissect/capture-index.ts';
import { CHUNK_MASK, NONE, RowFlag } from '../table/packet-table.ts';
import { finished } from './steps.ts';
import { flows } from './tcp-flows.ts';
import { previousInStream } from './tcp-replay.ts';
import { udpFlows } from './udp-flows.ts';

/** Rows of streams that are kept, in all. */
const ROWS_KEPT = 4_000_000;
/** Rows that are collected in one step: a millisecond or two. */
const STEP = 1 << 15;

interface Kept {
  /** Latest row of the stream when they were collected. */
  last: number;
  rows: Uint32Array;
}

/** Rows of the streams that were asked for last: a list of a stream's rows is linked backwards, so each question would walk all of it. */
const keptRows = defineState(() => new Map<string, Kept>());

/** All rows of a stream in order of capture; empty if there is no such stream. Not to be changed. */
export function rowsOfStream(capture: CaptureIndex, stream: number, kind: 'tcp' | 'udp'): Uint32Array {
  return finished(rowsInSteps(capture, stream, kind));
}

/** `rowsOfStream`, with pauses in which others may have their turn: of those who ask next, nobody waits any more. */
export function* rowsInSteps(capture: CaptureIndex, stream: number, kind: 'tcp' | 'udp'): Generator<void, Uint32Array> {
  const table = kind === 'tcp' ? capture.state(flows) : capture.state(udpFlows);
  if (stream < 0 || stream >= table.size) return new Uint32Array(0);
  const kept = capture.state(keptRows);
  const key = `${kind} ${stream}`;
  const known = kept.get(key);
  const last = table.lastRow[stream] as number;
  const current = known?.last === last;
  const rows = current ? known.rows : yield* collectRows(capture, stream, kind, known?.rows ?? new Uint32Array(0));
  kept.delete(key);
  kept.set(key, { last, rows });
  if (current) return rows;
  let sum = 0;
  for (const each of kept.values()) sum += each.rows.length;
  for (const [other, each] of kept) {
    if (sum <= ROWS_KEPT || other === key) break;
    kept.delete(other);
    sum -= each.rows.length;
  }
  return rows;
}

/** The latest row of a stream, NONE if it has no rows or is not there. */
export function latestRowOf(capture: CaptureIndex, stream: number, kind: 'tcp' | 'udp'): number {
  const table = kind === 'tcp' ? capture.state(flows) : capture.state(udpFlows);
  if (stream < 0 || stream >= table.size) return NONE;
  const flag = kind === 'tcp' ? RowFlag.Tcp : RowFlag.Udp;
  let row = table.lastRow[stream] as number;
  for (let steps = 0; row !== NONE && !isOf(capture, row, stream, flag); steps++) {
    row = capture.packets.chunkOf(row).prevInStream[row & CHUNK_MASK] as number;
    // A stream that was only told of (quoted in an ICMP error) has no rows at all.
    if (steps > 64) return NONE;
  }
  return row;
}

/** Rows of a stream from its latest one back to the latest of those before. */
function* collectRows(capture: CaptureIndex, stream: number, kind: 'tcp' | 'udp', before: Uint32Array): Generator<void, Uint32Array> {
  const flag = kind === 'tcp' ? RowFlag.Tcp : RowFlag.Udp;
  let row = latestRowOf(capture, stream, kind);
  if (row === NONE) return new Uint32Array(0);
  const known = before.at(-1) ?? NONE;
  // Filled from the end.
  let fresh = new Uint32Array(64);
  let at = fresh.length;
  for (; row !== NONE && row !== known; row = previousInStream(capture.packets, row, stream, flag)) {
    if (at === 0) {
      const wider = new Uint32Array(2 * fresh.length);
      wider.set(fresh, fresh.length);
      at = fresh.length;
      fresh = wider;
    }
    fresh[--at] = row;
    if ((fresh.length - at) % STEP === 0) yield;
  }
  // Without the latest row of before on the way, the list of before was another.
  const kept = row === NONE ? new Uint32Array(0) : before;
  const rows = new Uint32Array(kept.length + fresh.length - at);
  rows.set(kept);
  rows.set(fresh.subarray(at), kept.length);
  return rows;
}

/** Whether the columns of a row are those of a packet of the stream. `kind`: RowFlag.Tcp or RowFlag.Udp. */
function isOf(capture: CaptureIndex, row: number, stream: number, kind: number): boolean {
  const chunk = capture.packets.chunkOf(row);
  return chunk.stream[row & CHUNK_MASK] === stream && ((chunk.flags[row & CHUNK_MASK] as number) & kind) !== 0;
}
