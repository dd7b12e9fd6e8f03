/**
 * Graphs of one direction of a TCP connection: sequence numbers over time, round-trip times, rates, windows. The numbers are those of
 * the index and of the replayed sequence analysis; how they are drawn is the window's.
 *
 * A graph is bounded whatever the length of the stream: per series at most GRAPH_POINTS, of which each slot of time keeps its first and
 * last, its lowest and highest point, and points with a mark are kept all (or, where there are very many, kept by the same rule).
 */
import type { CaptureIndex } from '../dissect/capture-index.ts';
import { selectiveAcks } from '../flow/selective-acks.ts';
import { Flag, seqAdd, seqDiff } from '../flow/seq.ts';
import { rowsOfStream } from '../flow/stream-rows.ts';
import { headerOf, sackBlocks } from '../flow/syn-options.ts';
import { ANY_RETRANSMISSION, Analysis } from '../flow/tcp-analysis.ts';
import { flows } from '../flow/tcp-flows.ts';
import { nanoseconds, replays } from '../flow/tcp-replay.ts';
import { f64, grown, u8, u32 } from '../flow/tuple-table.ts';
import type { ConnectionGraph, GraphKind, GraphMark, GraphSeries, GraphSeriesKind } from '../messages.ts';
import { CHUNK_MASK, NONE, RowFlag } from '../table/packet-table.ts';
import { Arrivals } from './arrivals.ts';
import type { Repetition } from './copies.ts';

/** Points of one series at most. */
export const GRAPH_POINTS = 4000;
const SLOTS = 500;
/** Slots of time of a graph of rates at most. */
const RATE_SLOTS = 120;
const MARKS: readonly GraphMark[] = ['', 'retransmission', 'out-of-order', 'gap', 'zero-window', 'window-full', 'alike'];

/** Places in MARKS of what data that came again or late is. */
const PROVEN: Readonly<Record<Repetition, number>> = { again: 1, overtaken: 2, late: 2, copy: 0, alike: 6 };

/** What the window asks for. Times in seconds since the stream's first packet; absent: from its beginning, to its end. */
export interface GraphWish {
  readonly stream: number;
  readonly direction: 'client' | 'server';
  readonly kind: GraphKind;
  readonly from?: number | undefined;
  readonly to?: number | undefined;
}

/** Points as they are found, in order of time. */
class Points {
  length = 0;
  x = new Float64Array(256);
  y = new Float64Array(256);
  top = new Float64Array(256);
  rows = new Uint32Array(256);
  marks = new Uint8Array(256);

  add(x: number, y: number, top: number, row: number, mark = 0): void {
    if (this.length === this.x.length) {
      this.x = grown(this.x, f64);
      this.y = grown(this.y, f64);
      this.top = grown(this.top, f64);
      this.rows = grown(this.rows, u32);
      this.marks = grown(this.marks, u8);
    }
    const k = this.length++;
    this.x[k] = x;
    this.y[k] = y;
    this.top[k] = top;
    this.rows[k] = row;
    this.marks[k] = mark;
  }

  /** The points of [from, to] and one to either side, so that a line runs out of the picture, thinned to the bound. */
  series(kind: GraphSeriesKind, from: number, to: number): GraphSeries {
    let start = 0;
    let end = this.length;
    while (start + 1 < end && (this.x[start + 1] as number) < from) start++;
    while (end - 2 >= start && (this.x[end - 2] as number) > to) end--;
    const kept = thin(this, start, end);
    const of = (column: Float64Array | Uint32Array): number[] => kept.map((k) => column[k] as number);
    const marked: Partial<Record<GraphMark, number>> = {};
    for (let k = start; k < end; k++) {
      const mark = MARKS[this.marks[k] as number] ?? '';
      const x = this.x[k] as number;
      if (mark !== '' && x >= from && x <= to) marked[mark] = (marked[mark] ?? 0) + 1;
    }
    return {
      marked,
      kind,
      x: of(this.x),
      y: of(this.y),
      top: of(this.top),
      rows: of(this.rows),
      marks: kept.map((k) => MARKS[this.marks[k] as number] ?? ''),
    };
  }
}

/** Numbers of the points of [start, end) that stay. */
function thin(points: Points, start: number, end: number): number[] {
  if (end - start <= GRAPH_POINTS) return Array.from({ length: end - start }, (_, k) => start + k);
  const marked: number[] = [];
  for (let k = start; k < end; k++) if (points.marks[k] !== 0) marked.push(k);
  const kept = new Set<number>();
  for (const k of outline(points, end - start, (k) => start + k)) kept.add(k);
  for (const k of marked.length <= GRAPH_POINTS / 2 ? marked : outline(points, marked.length, (k) => marked[k] as number)) kept.add(k);
  return [...kept].sort((a, b) => a - b);
}

/** Of each slot of time: first and last, lowest and highest. @param of the `k`th of `size` candidates */
function outline(points: Points, size: number, of: (k: number) => number): number[] {
  const first = points.x[of(0)] as number;
  const width = ((points.x[of(size - 1)] as number) - first) / SLOTS;
  const slotOf = (k: number): number => (width > 0 ? Math.min(SLOTS - 1, Math.floor(((points.x[of(k)] as number) - first) / width)) : 0);
  const kept: number[] = [];
  for (let k = 0; k < size; ) {
    const slot = slotOf(k);
    const from = k;
    let low = k;
    let high = k;
    do {
      if ((points.y[of(k)] as number) < (points.y[of(low)] as number)) low = k;
      if ((points.top[of(k)] as number) > (points.top[of(high)] as number)) high = k;
      k++;
    } while (k < size && slotOf(k) === slot);
    for (const each of new Set([from, low, high, k - 1])) kept.push(of(each));
  }
  return kept;
}

/** Sequence numbers of one side, counted from its first one and on beyond 2^32. */
class Numbers {
  #known = false;
  #raw = 0;
  #value = 0;

  /** `raw` stands for `value`, if nothing stands for anything yet. */
  begin(raw: number, value: number): void {
    if (this.#known) return;
    this.#known = true;
    this.#raw = raw;
    this.#value = value;
  }

  of(raw: number): number {
    return this.#value + seqDiff(raw, this.#raw);
  }

  /** `raw` is where the stream has come to: later numbers are near it. */
  reach(raw: number): void {
    const value = this.of(raw);
    if (value <= this.#value) return;
    this.#raw = raw;
    this.#value = value;
  }
}

/** What makes two graphs the same work: of rates the piece of time too, since their slots depend on it. */
export function graphKey(wish: GraphWish): string {
  const rates = wish.kind === 'throughput' ? ` ${wish.from} ${wish.to}` : '';
  return `${wish.stream} ${wish.direction} ${wish.kind}${rates}`;
}

/** A graph in the making: its rows are gone through in slices, and what there is can be drawn at any time. */
export class GraphBuilder {
  readonly #capture: CaptureIndex;
  readonly #stream: number;
  readonly #last: number;
  readonly #walk: Walk;

  constructor(capture: CaptureIndex, wish: GraphWish) {
    this.#capture = capture;
    this.#stream = wish.stream;
    this.#last = capture.state(flows).lastRow[wish.stream] as number;
    this.#walk = new Walk(capture, wish);
  }

  /** False once the stream has more rows than when this was begun. */
  get current(): boolean {
    return (this.#capture.state(flows).lastRow[this.#stream] as number) === this.#last;
  }

  /** Share of the rows that were gone through, 0 to 1. */
  get done(): number {
    return this.#walk.done;
  }

  /** Goes on to the end, or until the time is over. */
  advance(deadline: number): void {
    this.#walk.advance(deadline);
  }

  /** What there is so far, of the piece of time that is wished for. */
  graph(wish: GraphWish): ConnectionGraph {
    const { life, from, to, slot } = this.#walk.span(wish);
    return {
      stream: wish.stream,
      direction: wish.direction,
      kind: wish.kind,
      series: this.#walk.series(from, to),
      life,
      slot,
      progress: this.done,
    };
  }
}

/** The least of 1, 2, 5 × 10^n seconds that is not less than `seconds`; a microsecond at least. */
function niceSlot(seconds: number): number {
  const power = 10 ** Math.floor(Math.log10(Math.max(1e-6, seconds)));
  return ([1, 2, 5].find((step) => step * power >= seconds * (1 - 1e-9)) ?? 10) * power;
}

type Named = readonly [GraphSeriesKind, Points];

/** Rows between two looks at the clock. */
const STEP = 2048;

/** One pass over the rows of a stream, told of the side that sends (0 client, 1 server). */
class Walk {
  readonly #capture: CaptureIndex;
  readonly #sender: number;
  readonly #rows: Uint32Array;
  /** Shifts of the window that the receiving side announces. */
  readonly #shift: number;
  readonly #numbers = new Numbers();
  readonly #visit: (segment: Readonly<Segment>) => void;
  /** What is drawn of the rows so far. */
  readonly series: (from: number, to: number) => GraphSeries[];
  /** Seconds of a slot of rates; 0 for other graphs. */
  #slot = 0;
  #at = 0;
  #life: number;
  readonly #arrivals: Arrivals;

  constructor(capture: CaptureIndex, wish: GraphWish) {
    const rows = rowsOfStream(capture, wish.stream, 'tcp');
    this.#capture = capture;
    this.#arrivals = new Arrivals(capture, wish.stream);
    this.#sender = wish.direction === 'client' ? 0 : 1;
    this.#rows = rows;
    this.#shift = Math.max(0, capture.state(flows).sequence.scale[2 * wish.stream + 1 - this.#sender] as number);
    // Times may go back by a batch: what is later than the last row is found on the way.
    this.#life = rows.length === 0 ? 0 : Math.max(0, nanoseconds(capture.packets, rows[0] as number, rows.at(-1) as number) / 1e9);
    const made =
      wish.kind === 'throughput'
        ? this.#rates(wish)
        : wish.kind === 'rtt'
          ? this.#roundTrips()
          : wish.kind === 'window'
            ? this.#windows()
            : this.#sequence(wish.kind === 'tcptrace');
    this.#visit = made.visit;
    this.series = made.series;
  }

  get done(): number {
    return this.#rows.length === 0 ? 1 : this.#at / this.#rows.length;
  }

  /** The connection's life and the piece of it that is wished for, seconds. */
  span(wish: GraphWish): { life: number; from: number; to: number; slot: number } {
    const life = this.#life;
    const from = Math.max(0, wish.from ?? 0);
    return { life, from, to: Math.max(from, Math.min(life, wish.to ?? life)), slot: this.#slot };
  }

  /** What was sent, what was acknowledged, and for the tcptrace kind: how far the window reached and what was acknowledged selectively. */
  #sequence(whole: boolean): Drawing {
    const segments = new Points();
    const acks = new Points();
    const edge = new Points();
    /** Rows with a SACK option: their blocks are in the bytes only. */
    const selective = new Points();
    const octets = this.#capture.state(selectiveAcks);
    const visit = (s: Readonly<Segment>): void => {
      if (s.sent) {
        if (s.length > 0 || (s.flags & (Flag.Syn | Flag.Fin)) !== 0) segments.add(s.time, s.seq, s.end, s.row, s.mark);
        return;
      }
      if (!s.acknowledges) return;
      acks.add(s.time, s.ack, s.ack, s.row, (s.verdict & Analysis.ZeroWindow) !== 0 ? 4 : 0);
      if (!whole) return;
      edge.add(s.time, s.ack + s.window, s.ack + s.window, s.row);
      if (octets.octetsOf(s.row) > 0) selective.add(s.time, s.ack, s.ack, s.row);
    };
    const series = (from: number, to: number): GraphSeries[] => [
      segments.series('segments', from, to),
      acks.series('acks', from, to),
      ...(whole
        ? [
            edge.series('window-edge', from, to),
            // The blocks are read from the packets, once all rows are known.
            (this.done < 1 ? new Points() : this.#blocks(selective.series('sacked', from, to))).series('sacked', from, to),
          ]
        : []),
    ];
    return { visit, series };
  }

  #blocks(rows: GraphSeries): Points {
    const blocks = new Points();
    rows.rows.forEach((row, k) => {
      const ack = this.#capture.packets.chunkOf(row).ack[row & CHUNK_MASK] as number;
      const base = rows.y[k] as number;
      for (const [left, right] of sackBlocks(headerOf(this.#capture, row))) {
        const low = base + seqDiff(left, ack);
        const high = base + seqDiff(right, ack);
        if (high > low) blocks.add(rows.x[k] as number, low, high, row);
      }
    });
    return blocks;
  }

  /** Seconds from a segment to the ACK that ends exactly with it (`tcp.analysis.ack_rtt`), at the time of the ACK. */
  #roundTrips(): Drawing {
    const points = new Points();
    const replay = this.#capture.state(replays).walk();
    const visit = (s: Readonly<Segment>): void => {
      const { acksRow } = replay.at(s.row);
      if (s.sent || acksRow === NONE) return;
      const seconds = nanoseconds(this.#capture.packets, acksRow, s.row) / 1e9;
      points.add(s.time, seconds, seconds, s.row);
    };
    return { visit, series: (from, to) => [points.series('rtt', from, to)] };
  }

  /**
   * Octets in flight (`tcp.analysis.bytes_in_flight`) and the window of the other side, scaled. An acknowledgement takes from what is in
   * flight: without a point of its own, what was acknowledged before a silence would seem under way all through it.
   */
  #windows(): Drawing {
    const named: readonly Named[] = [
      ['receive-window', new Points()],
      ['in-flight', new Points()],
    ];
    const [[, window], [, flight]] = named as readonly [Named, Named];
    const replay = this.#capture.state(replays).walk();
    let [reached, acknowledged, last] = [0, 0, 0];
    const visit = (s: Readonly<Segment>): void => {
      const { bytesInFlight } = replay.at(s.row);
      if (s.sent) reached = Math.max(reached, s.seq + s.length);
      if (s.sent && bytesInFlight >= 0) {
        flight.add(s.time, bytesInFlight, bytesInFlight, s.row, s.mark);
        last = bytesInFlight;
      }
      if (s.acknowledges && s.ack > acknowledged) {
        acknowledged = s.ack;
        const left = Math.max(0, reached - s.ack);
        if (left < last) {
          flight.add(s.time, left, left, s.row);
          last = left;
        }
      }
      if (!s.sent && (s.flags & Flag.Rst) === 0)
        window.add(s.time, s.window, s.window, s.row, (s.verdict & Analysis.ZeroWindow) !== 0 ? 4 : 0);
    };
    return { visit, series: (from, to) => named.map(([kind, points]) => points.series(kind, from, to)) };
  }

  /** Bits per second: payload as sent, repeats included, and what was newly acknowledged. A slot's point stands at its beginning. */
  #rates(wish: GraphWish): Drawing {
    const { from, to } = this.span(wish);
    const slot = niceSlot((to - from) / RATE_SLOTS);
    this.#slot = slot;
    const size = Math.max(1, Math.ceil((to - from) / slot - 1e-9));
    const sent = new Float64Array(size);
    const good = new Float64Array(size);
    const sentRow = new Uint32Array(size).fill(NONE);
    const goodRow = new Uint32Array(size).fill(NONE);
    const marks = new Uint8Array(size);
    let again = 0;
    /** The SYN takes number 0. */
    let acknowledged = 1;
    let fin = Number.POSITIVE_INFINITY;
    const visit = (s: Readonly<Segment>): void => {
      const k = s.time < from || s.time > to ? -1 : Math.min(size - 1, Math.floor((s.time - from) / slot));
      if (s.sent) {
        if ((s.flags & Flag.Fin) !== 0) fin = Math.min(fin, s.seq + s.length);
        if (k < 0 || s.length === 0) return;
        sent[k] = (sent[k] as number) + s.length;
        if (sentRow[k] === NONE) sentRow[k] = s.row;
        if (s.mark === 1) again++;
        if (s.mark === 1 && marks[k] === 0) {
          marks[k] = 1;
          sentRow[k] = s.row;
        }
      } else if (s.acknowledges) {
        // The FIN's number is no octet.
        const upTo = Math.min(s.ack, fin);
        const more = upTo - acknowledged;
        if (more <= 0) return;
        acknowledged = upTo;
        if (k < 0) return;
        good[k] = (good[k] as number) + more;
        if (goodRow[k] === NONE) goodRow[k] = s.row;
      }
    };
    const x = Array.from(sent, (_, k) => from + k * slot);
    const rates = (kind: GraphSeriesKind, octets: Float64Array, rows: Uint32Array, mark: boolean): GraphSeries => {
      const y = Array.from(octets, (each) => (each * 8) / slot);
      return {
        kind,
        x,
        y,
        top: y,
        rows: [...rows].map((row) => (row === NONE ? -1 : row)),
        marks: Array.from(marks, (each) => (mark ? (MARKS[each] ?? '') : '')),
        marked: mark && again > 0 ? { retransmission: again } : {},
      };
    };
    return { visit, series: () => [rates('throughput', sent, sentRow, true), rates('goodput', good, goodRow, false)] };
  }

  /** Visits row after row in order of capture. */
  advance(deadline: number): void {
    const { packets } = this.#capture;
    const numbers = this.#numbers;
    const rows = this.#rows;
    const s = this.#segment;
    const first = rows[0] as number;
    while (this.#at < rows.length) {
      const row = rows[this.#at] as number;
      const chunk = packets.chunkOf(row);
      const i = row & CHUNK_MASK;
      const seq = chunk.seq[i] as number;
      const ack = chunk.ack[i] as number;
      const flags = chunk.tcpFlags[i] as number;
      const length = chunk.payload[i] as number;
      let long = false;
      s.row = row;
      s.time = nanoseconds(packets, first, row) / 1e9;
      if (s.time > this.#life) this.#life = s.time;
      s.flags = flags;
      s.verdict = chunk.analysis[i] as number;
      s.length = length;
      s.sent = (((chunk.flags[i] as number) & RowFlag.FromClient) !== 0 ? 0 : 1) === this.#sender;
      // A reset's numbers need not be those of the stream.
      s.acknowledges = !s.sent && (flags & (Flag.Ack | Flag.Rst)) === Flag.Ack;
      s.mark = markOf(s.verdict, length);
      if (s.sent) {
        long = this.#arrivals.take(row);
        const { repetition } = this.#arrivals;
        if (repetition !== '') s.mark = PROVEN[repetition];
        numbers.begin(seq, (flags & Flag.Syn) !== 0 ? 0 : 1);
        s.seq = numbers.of(seq);
        s.end = s.seq + length + ((flags & (Flag.Syn | Flag.Fin)) !== 0 ? 1 : 0);
        if ((flags & Flag.Rst) === 0) numbers.reach(seqAdd(seq, length));
      } else if (s.acknowledges) {
        numbers.begin(ack, 1);
        s.ack = numbers.of(ack);
      }
      // RFC 7323, section 2.2: the window of a SYN is not scaled.
      if (!s.sent) s.window = (chunk.window[i] as number) * ((flags & Flag.Syn) !== 0 ? 1 : 2 ** this.#shift);
      this.#visit(s);
      if ((++this.#at % STEP === 0 || long) && performance.now() >= deadline) return;
    }
  }

  /** The segment at hand: one object for all. */
  readonly #segment: Segment = {
    row: 0,
    time: 0,
    sent: false,
    flags: 0,
    verdict: 0,
    seq: 0,
    end: 0,
    length: 0,
    ack: 0,
    acknowledges: false,
    window: 0,
    mark: 0,
  };
}

/** What is done with each segment, and what there is to draw of those so far. */
interface Drawing {
  readonly visit: (segment: Readonly<Segment>) => void;
  readonly series: (from: number, to: number) => GraphSeries[];
}

interface Segment {
  row: number;
  /** Seconds since the stream's first packet. */
  time: number;
  /** By the side whose direction this is. */
  sent: boolean;
  flags: number;
  verdict: number;
  /** Of what was sent: relative number, and the one after its last. */
  seq: number;
  end: number;
  length: number;
  /** Of the other side: relative number, where `acknowledges`; window in octets. */
  ack: number;
  acknowledges: boolean;
  window: number;
  /** Place in MARKS. */
  mark: number;
}

function markOf(verdict: number, length: number): number {
  if ((verdict & ANY_RETRANSMISSION) !== 0 && (length > 0 || (verdict & Analysis.KeepAlive) === 0)) return 1;
  if ((verdict & Analysis.OutOfOrder) !== 0) return 2;
  if ((verdict & Analysis.LostSegment) !== 0) return 3;
  if ((verdict & Analysis.ZeroWindow) !== 0) return 4;
  return (verdict & Analysis.WindowFull) !== 0 ? 5 : 0;
}
