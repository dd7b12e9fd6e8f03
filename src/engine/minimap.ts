/** The strongest thing in each stretch of the view, for the strip at the scroll bar. */

import { Analysis } from '../flow/tcp-analysis.ts';
import type { Hue, MinimapBucket } from '../messages.ts';
import { protocols } from '../protocols/index.ts';
import { CHUNK_MASK, type Chunk, RowFlag } from '../table/packet-table.ts';
import type { Capture } from './capture.ts';
import { Turns } from './turns.ts';
import type { View } from './view.ts';

const RST = 0x04;
const BAD = Analysis.ZeroWindow | Analysis.Refused;
const WARN =
  Analysis.Retransmission |
  Analysis.FastRetransmission |
  Analysis.SpuriousRetransmission |
  Analysis.OutOfOrder |
  Analysis.LostSegment |
  Analysis.AckLostSegment |
  Analysis.WindowFull;

/** 2: bad, 1: warn, 0: nothing. The same judgement as the marks of the list. */
function troubleOf(chunk: Chunk, i: number): number {
  const flags = chunk.flags[i] as number;
  if ((flags & RowFlag.Malformed) !== 0) return 2;
  if ((flags & RowFlag.Tcp) === 0) return 0;
  const analysis = chunk.analysis[i] as number;
  if (((chunk.tcpFlags[i] as number) & RST) !== 0 || (analysis & BAD) !== 0) return 2;
  return (analysis & WARN) !== 0 ? 1 : 0;
}

const ORDER: readonly Hue[] = ['raw', 'link', 'net', 'tra', 'app'];
/** Rows of which the strongest things are kept together. */
const RUN_SHIFT = 8;
const RUN = 1 << RUN_SHIFT;
/** Of a view with a filter or an order: rows looked at per bucket at most. Its picture of many millions of rows is a sample. */
const SAMPLE = 2048;
/** Rows looked at between two looks at the clock. */
const STRETCH = 16_384;

/** Hue in the low bits, trouble above them: of the strongest of several rows, each for itself. */
const HUE_BITS = 3;
const HUE_MASK = (1 << HUE_BITS) - 1;
const stronger = (a: number, b: number): number => Math.max(a & HUE_MASK, b & HUE_MASK) | Math.max(a & ~HUE_MASK, b & ~HUE_MASK);

/** The pictures of one capture. A row never changes, so that a capture that grows has each of its rows looked at once. */
export class Minimap {
  readonly #capture: Capture;
  /** The strongest things of each run of RUN rows, by number of the run. */
  #runs = new Uint8Array(256);
  /** Rows that are in the runs. */
  #learnt = 0;
  /** Hue of each protocol stack, so that a row costs two look-ups. */
  #hueOf = new Uint8Array(0);

  constructor(capture: Capture) {
    this.#capture = capture;
  }

  /** The picture of a view, made in slices. `stopped`: tells whether nobody wants it any more; then there is none. */
  async of(view: View, buckets: number, stopped: () => boolean): Promise<MinimapBucket[]> {
    const turns = new Turns();
    const total = view.matched;
    const n = Math.min(buckets, total);
    const inFileOrder = view.filter === null && view.ordered === 0;
    this.#learnHues();
    while (inFileOrder && this.#learnt < total) {
      this.#learn(Math.min(total, this.#learnt + STRETCH));
      if (!turns.due) continue;
      await turns.pause();
      if (stopped()) return [];
    }
    const out: MinimapBucket[] = [];
    for (let bucket = 0; bucket < n; bucket++) {
      const from = Math.floor((bucket * total) / n);
      const to = Math.floor(((bucket + 1) * total) / n);
      const found = inFileOrder ? this.#ofRows(from, to) : this.#ofView(view, from, to);
      const trouble = found >> HUE_BITS;
      out.push({ hue: ORDER[found & HUE_MASK] as Hue, trouble: trouble === 2 ? 'bad' : trouble === 1 ? 'warn' : 'none' });
      if (!turns.due) continue;
      await turns.pause();
      if (stopped()) return [];
    }
    return out;
  }

  #learnHues(): void {
    const { stacks } = this.#capture;
    const known = this.#hueOf;
    if (known.length === stacks.size) return;
    const hueOf = new Uint8Array(stacks.size);
    hueOf.set(known);
    for (let stack = Math.max(1, known.length); stack < hueOf.length; stack++) {
      const top = protocols[stacks.top(stack)];
      hueOf[stack] = top === undefined ? 0 : top.name === 'data' ? (hueOf[stacks.parent(stack)] as number) : ORDER.indexOf(top.hue);
    }
    this.#hueOf = hueOf;
  }

  /** Enters the rows up to `end` in their runs. */
  #learn(end: number): void {
    if (end > this.#runs.length * RUN) {
      const wider = new Uint8Array(Math.max(2 * this.#runs.length, Math.ceil(end / RUN)));
      wider.set(this.#runs);
      this.#runs = wider;
    }
    while (this.#learnt < end) {
      const run = this.#learnt >>> RUN_SHIFT;
      const to = Math.min(end, (run + 1) << RUN_SHIFT);
      this.#runs[run] = stronger(this.#runs[run] as number, this.#ofEach(this.#learnt, to));
      this.#learnt = to;
    }
  }

  /** Of rows [from, to), which are in the runs. */
  #ofRows(from: number, to: number): number {
    const firstRun = (from + RUN - 1) >>> RUN_SHIFT;
    const endRun = to >>> RUN_SHIFT;
    if (firstRun >= endRun) return this.#ofEach(from, to);
    let found = stronger(this.#ofEach(from, firstRun << RUN_SHIFT), this.#ofEach(endRun << RUN_SHIFT, to));
    for (let run = firstRun; run < endRun; run++) found = stronger(found, this.#runs[run] as number);
    return found;
  }

  /** Of positions [from, to) of a view, or of some of them. */
  #ofView(view: View, from: number, to: number): number {
    const step = Math.max(1, Math.floor((to - from) / SAMPLE));
    let found = 0;
    for (let position = from; position < to; position += step) {
      const row = view.rowAt(position);
      found = stronger(found, this.#ofRow(this.#capture.packets.chunkOf(row), row & CHUNK_MASK));
    }
    return found;
  }

  #ofEach(from: number, to: number): number {
    const { packets } = this.#capture;
    let found = 0;
    for (let row = from; row < to; row++) found = stronger(found, this.#ofRow(packets.chunkOf(row), row & CHUNK_MASK));
    return found;
  }

  #ofRow(chunk: Chunk, i: number): number {
    return (this.#hueOf[chunk.stack[i] as number] as number) | (troubleOf(chunk, i) << HUE_BITS);
  }
}
