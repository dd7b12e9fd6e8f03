/** What the identifications of IPv4 packets tell of packets that a capture does not have. */
import type { CaptureIndex } from '../dissect/capture-index.ts';
import { rowsOfStream } from '../flow/stream-rows.ts';
import { segmentOf } from '../flow/syn-options.ts';
import { nanoseconds } from '../flow/tcp-replay.ts';
import { lowerBound } from '../table/ascending.ts';
import { CHUNK_MASK, RowFlag } from '../table/packet-table.ts';
import { identification } from './copies.ts';

/** Packets on either side of a time that show how identifications are given. */
const AROUND = 8;
/** Steps of 1 that show a counter at least, and the part of all steps that they must be. */
const ONES = 3;
const MOSTLY = 0.75;
/** A step wider than this is no counter's of one connection. */
const WIDEST = 5;
/** Times, ns, in which a sender repairs the loss of the last that it sent (RFC 6298, section 2): what is shorter or longer is something else. */
const SHORTEST = 200_000_000;
const LONGEST = 3_000_000_000;
/** Rows that are looked through on either side of a time, and in all of the capture between the packets that were taken. */
const MOST_ROWS = 4096;

/**
 * How many identifications one side skips in times given by their first and last row, where its packets around each count up one by one,
 * as a counter of the connection's own makes them (RFC 6864, section 4.1: nobody has to). 0 where they do not count. From the side's
 * last packet up to the first row to its first one from the last row on. Reads the packets' bytes. A counter of the whole host skips what it
 * gives to other connections: where the capture has a packet of one with a number in between, nothing is said.
 */
export function skippedIn(capture: CaptureIndex, stream: number, side: 0 | 1, times: readonly (readonly [number, number])[]): number {
  const rows = rowsOfStream(capture, stream, 'tcp');
  let sum = 0;
  for (const [from, to] of times) {
    const time = nanoseconds(capture.packets, from, to);
    if (time < SHORTEST || time > LONGEST) continue;
    const skips = skipped(capture, stream, rows, side, from, to);
    if (skips < 0) return 0;
    sum += skips;
  }
  return sum;
}

/** Of one time; -1 where the numbers are the host's. */
function skipped(capture: CaptureIndex, stream: number, rows: Uint32Array, side: 0 | 1, from: number, to: number): number {
  const start = place(rows, from);
  const ids: number[] = [];
  /** Rows of the first and the last packet that was taken. */
  const ends: [number, number] = [from, from];
  // Backwards from the first row, and forwards from behind it.
  for (let k = start; k >= Math.max(0, start - MOST_ROWS) && ids.length < AROUND; k--) {
    const before = ids.length;
    if (!taken(capture, rows[k] as number, side, ids)) break;
    if (ids.length > before) ends[0] = rows[k] as number;
  }
  const first = ids.length - 1;
  ids.reverse();
  let last = -1;
  for (let k = start + 1; k < Math.min(rows.length, start + MOST_ROWS) && (last < 0 || ids.length <= last + AROUND); k++) {
    const before = ids.length;
    if (!taken(capture, rows[k] as number, side, ids)) break;
    if (ids.length > before) ends[1] = rows[k] as number;
    if (last < 0 && ids.length > before && (rows[k] as number) >= to) last = ids.length - 1;
    if (last < 0 && ids.length > first + 1 + AROUND) return 0;
  }
  if (first < 0 || last < 0) return 0;
  let [ones, steps, sum] = [0, 0, 0];
  for (let k = 1; k < ids.length; k++) {
    const step = ((ids[k] as number) - (ids[k - 1] as number)) & 0xffff;
    if (step === 0 || step > WIDEST) return 0;
    if (k > first && k <= last) sum += step - 1;
    else {
      steps++;
      if (step === 1) ones++;
    }
  }
  if (sum === 0 || ones < ONES || ones < MOSTLY * steps) return 0;
  return ofHost(capture, stream, ends, ids[0] as number, ids.at(-1) as number) ? -1 : sum;
}

/** True if the sender of the first row gave a number between two to a packet of another connection in that time, or if that was not looked at. */
function ofHost(capture: CaptureIndex, stream: number, [from, to]: readonly [number, number], low: number, high: number): boolean {
  if (to - from > MOST_ROWS) return true;
  const { packets } = capture;
  const source = packets.chunkOf(from).src[from & CHUNK_MASK];
  for (let row = from; row <= to; row++) {
    const chunk = packets.chunkOf(row);
    const i = row & CHUNK_MASK;
    if (((chunk.flags[i] as number) & RowFlag.Tcp) === 0 || chunk.stream[i] === stream || chunk.src[i] !== source) continue;
    const segment = segmentOf(capture, row);
    const id = segment === null ? 0 : identification(segment);
    if (id !== 0 && ((id - low) & 0xffff) < ((high - low) & 0xffff)) return true;
  }
  return false;
}

/** Takes the identification of a row that is a packet of the side. False where it has none: what lies beyond is not looked at. */
function taken(capture: CaptureIndex, row: number, side: 0 | 1, ids: number[]): boolean {
  const chunk = capture.packets.chunkOf(row);
  if ((((chunk.flags[row & CHUNK_MASK] as number) & RowFlag.FromClient) !== 0 ? 0 : 1) !== side) return true;
  const segment = segmentOf(capture, row);
  const id = segment === null ? 0 : identification(segment);
  if (id === 0) return false;
  ids.push(id);
  return true;
}

/** Place of a row among rows in ascending order; -1 if it is not among them. */
function place(rows: Uint32Array, row: number): number {
  const at = lowerBound(rows, row);
  return rows[at] === row ? at : -1;
}
