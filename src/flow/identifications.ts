/** What the identifications of IPv4 packets tell of packets that a capture does not have. */
import type { CaptureIndex } from '../dissect/capture-index.ts';
import { CHUNK_MASK, RowFlag } from '../table/packet-table.ts';
import { identification } from './copies.ts';
import { rowsOfStream } from './marks.ts';
import { segmentOf } from './syn-options.ts';

/** Packets on either side of a time that show how identifications are given. */
const AROUND = 8;
/** Steps of 1 that show a counter at least, and the part of all steps that they must be. */
const ONES = 3;
const MOSTLY = 0.75;
/** A step wider than this is no counter's. */
const WIDEST = 16;

/**
 * How many identifications one side skips in times given by their first and last row, where its packets around each count up one by one,
 * as a counter of the connection's own makes them (RFC 6864, section 4.1: nobody has to). 0 where they do not count. From the side's
 * last packet up to the first row to its first one from the last row on. Reads the packets' bytes.
 */
export function skippedIn(capture: CaptureIndex, stream: number, side: 0 | 1, times: readonly (readonly [number, number])[]): number {
  const rows = rowsOfStream(capture, stream, 'tcp');
  let sum = 0;
  for (const [from, to] of times) sum += skipped(capture, rows, side, from, to);
  return sum;
}

function skipped(capture: CaptureIndex, rows: Uint32Array, side: 0 | 1, from: number, to: number): number {
  const start = place(rows, from);
  const ids: number[] = [];
  // Backwards from the first row, and forwards from behind it; `within`: steps from here to there are those of the time in between.
  for (let k = start; k >= 0 && ids.length < AROUND; k--) if (!taken(capture, rows[k] as number, side, ids)) break;
  const first = ids.length - 1;
  ids.reverse();
  let last = -1;
  for (let k = start + 1; k < rows.length && (last < 0 || ids.length <= last + AROUND); k++) {
    const before = ids.length;
    if (!taken(capture, rows[k] as number, side, ids)) break;
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
  return ones >= ONES && ones >= MOSTLY * steps ? sum : 0;
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
  let [low, high] = [0, rows.length - 1];
  while (low <= high) {
    const middle = (low + high) >>> 1;
    const found = rows[middle] as number;
    if (found === row) return middle;
    if (found < row) low = middle + 1;
    else high = middle - 1;
  }
  return -1;
}
