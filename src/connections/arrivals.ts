/** What a walk over the rows of a TCP stream, in order of capture, knows of the data of both sides: one place for all that tells of it. */
import type { CaptureIndex } from '../dissect/capture-index.ts';
import { Flag, seqAdd, seqDiff } from '../flow/seq.ts';
import { ANY_LATE, Analysis } from '../flow/tcp-analysis.ts';
import { previousInStream } from '../flow/tcp-replay.ts';
import { CHUNK_MASK, NONE, RowFlag } from '../table/packet-table.ts';
import { type Repetition, repetitionOf } from './copies.ts';
import { type Gap, Gaps } from './gaps.ts';
import { OctetsSeen } from './octets-seen.ts';

/** Rows before the first one taken that are looked at for what each side had sent by then. */
const MOST_PRIME = 64;

/** Rows whose bytes are read between two looks at the clock: each takes as long as some fifty others. */
const LOOKS = 64;

export class Arrivals {
  /** By side, the client's first: the numbers seen so far, and the gaps in them. */
  readonly seen = [new OctetsSeen(), new OctetsSeen()] as const;
  readonly gaps = [new Gaps(), new Gaps()] as const;
  /** Of the row taken last: whether some of its numbers had been seen before. */
  repeats = false;
  /** What it is, if it has data that TCP analysis calls sent again or out of order; else ''. */
  repetition: Repetition | '' = '';
  /** The gap that it shows before it; null without one. And whether it brings some of what was missing. */
  gap: Gap | null = null;
  fills = false;
  #looked = 0;
  readonly #capture: CaptureIndex;
  readonly #stream: number;

  constructor(capture: CaptureIndex, stream: number) {
    this.#capture = capture;
    this.#stream = stream;
  }

  /** Takes the next row of the stream. Reads its bytes only if its data came again or late. True if it is time to look at the clock for that. */
  take(row: number): boolean {
    const chunk = this.#capture.packets.chunkOf(row);
    const i = row & CHUNK_MASK;
    const side = ((chunk.flags[i] as number) & RowFlag.FromClient) !== 0 ? 0 : 1;
    const flags = chunk.tcpFlags[i] as number;
    const verdict = chunk.analysis[i] as number;
    const length = chunk.payload[i] as number;
    const seq = chunk.seq[i] as number;
    const numbers = length + ((flags & Flag.Syn) === 0 ? 0 : 1) + ((flags & Flag.Fin) === 0 ? 0 : 1);
    const [seen, gaps] = [this.seen[side], this.gaps[side]];
    const lost = (verdict & Analysis.LostSegment) !== 0;
    this.gap = lost ? gaps.open(row, seq, seen.holeBefore(seq)) : null;
    this.repeats = (flags & Flag.Rst) === 0 && seen.add(seq, numbers);
    const late = (verdict & ANY_LATE) !== 0 && length > 0;
    this.repetition = late ? repetitionOf(this.#capture, row, this.#stream, this.repeats) : '';
    this.fills = (late || (numbers > 0 && !lost)) && gaps.fill(row, seq, numbers, seen, this.repetition, length === 0);
    return late && ++this.#looked % LOOKS === 0;
  }
}

/** Takes for seen what each side had sent before a row, as far as rows close before it show that. */
export function prime(capture: CaptureIndex, stream: number, row: number, seen: Arrivals['seen']): void {
  const ends: [number, number] = [-1, -1];
  let earlier = row === NONE ? NONE : previousInStream(capture.packets, row, stream, RowFlag.Tcp);
  for (
    let steps = 0;
    earlier !== NONE && steps < MOST_PRIME;
    steps++, earlier = previousInStream(capture.packets, earlier, stream, RowFlag.Tcp)
  ) {
    const chunk = capture.packets.chunkOf(earlier);
    const i = earlier & CHUNK_MASK;
    const side = ((chunk.flags[i] as number) & RowFlag.FromClient) !== 0 ? 0 : 1;
    const flags = chunk.tcpFlags[i] as number;
    if ((flags & Flag.Rst) !== 0) continue;
    const end = seqAdd(chunk.seq[i] as number, (chunk.payload[i] as number) + ((flags & Flag.Syn) === 0 ? 0 : 1));
    if (ends[side] < 0 || seqDiff(end, ends[side]) > 0) ends[side] = end;
  }
  for (const side of [0, 1] as const) if (ends[side] >= 0) seen[side].add(seqAdd(ends[side], -1), 1);
}
