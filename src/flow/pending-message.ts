/** What is there of a message whose length is known, while octets of it are missing. */
import { UNSET } from '../table/packet-table.ts';
import { seqDiff } from './seq.ts';

/** Stretches behind holes that are noted of one message. */
export const MAX_RANGES = 256;

/** A message of known length that lacks bytes. */
export class Pending {
  message = UNSET;
  /** There were more stretches than are noted: it will not be found to be whole. */
  full = false;
  /** Number after its last byte; signed, as `contiguous` and the numbers in `ranges`. */
  target = 0;
  /** Everything before is there. */
  contiguous = 0;
  /** Stretches beyond, as pairs of sequence numbers, not overlapping, in no order. */
  readonly ranges: number[] = [];
  /** Its bytes, where the framer wants them whole. */
  kept: Uint8Array | null = null;
}

/**
 * Keeps of bytes[at, end), which begin at number `seq`, what was not there: where segments differ, the first one counts, as it does at
 * full depth. `start`: number of the first byte of `kept`.
 */
export function keepNew(kept: Uint8Array, pending: Pending, bytes: Uint8Array, at: number, end: number, seq: number, start: number): void {
  const shift = at - seqDiff(seq, start);
  const there = seqDiff(pending.contiguous, start);
  for (let o = Math.max(at, there + shift); o < end; ) {
    let stop = end;
    let skip = o;
    for (let k = 0; k < pending.ranges.length; k += 2) {
      const first = seqDiff(pending.ranges[k] as number, start) + shift;
      const last = seqDiff(pending.ranges[k + 1] as number, start) + shift;
      if (first <= o && last > skip) skip = last;
      else if (first > o && first < stop) stop = first;
    }
    if (skip > o) {
      o = skip;
      continue;
    }
    const room = kept.length - (o - shift);
    if (room > 0) kept.set(bytes.subarray(o, Math.min(stop, o + room)), o - shift);
    o = stop;
  }
}

/** Adds [from, to) to what is there of a message, unless that would be one stretch too many. */
export function addRange(pending: Pending, from: number, to: number): void {
  const { ranges } = pending;
  if (seqDiff(from, pending.contiguous) > 0) {
    // Behind a hole segments come in order as before it: they make one stretch, nearly always the last one.
    for (let k = ranges.length - 1; k > 0; k -= 2) {
      if (seqDiff(from, ranges[k - 1] as number) < 0 || seqDiff(from, ranges[k] as number) > 0) continue;
      if (seqDiff(to, ranges[k] as number) > 0) ranges[k] = to;
      return;
    }
    if (ranges.length < 2 * MAX_RANGES) ranges.push(from, to);
    else pending.full = true;
    return;
  }
  if (seqDiff(to, pending.contiguous) > 0) pending.contiguous = to;
  for (let k = 0; k < ranges.length; ) {
    if (seqDiff(ranges[k] as number, pending.contiguous) > 0) {
      k += 2;
      continue;
    }
    if (seqDiff(ranges[k + 1] as number, pending.contiguous) > 0) pending.contiguous = ranges[k + 1] as number;
    ranges.splice(k, 2);
    k = 0;
  }
}
