/**
 * Where in the life of the capture each connection was active, for a column of the connections table. The rows of a connection are walked in
 * slices, back from its latest one, and when it has grown only what is new.
 */
import { type CaptureIndex, defineState } from '../dissect/capture-index.ts';
import { timeSpan } from '../dissect/time-span.ts';
import { Flag } from '../flow/seq.ts';
import { latestRowOf } from '../flow/stream-rows.ts';
import { ANY_RETRANSMISSION, Analysis } from '../flow/tcp-analysis.ts';
import { nanoseconds, previousInStream } from '../flow/tcp-replay.ts';
import type { ConnectionSummary } from '../messages.ts';
import { CHUNK_MASK, NONE, RowFlag } from '../table/packet-table.ts';

type Point = ConnectionSummary['activity'][number];

/** Places that can have a point. */
const PLACES = 64;
/** Pieces of time of which the strongest thing is kept. While the capture grows, at least two make a place, so that none between is left empty. */
const PIECES = 256;
/** Connections that are kept, those asked for last: one question may be about a thousand. A connection takes 2.3 KB. */
const KEPT = 1024;
/** Rows between two looks at the clock. */
const STEP = 2048;

/** By strength, from 1 on. */
const KINDS: readonly Point['kind'][] = ['tra', 'tra', 'app', 'warn', 'bad'];

/** How much a row stands out. */
function strengthOf(capture: CaptureIndex, row: number): number {
  const chunk = capture.packets.chunkOf(row);
  const i = row & CHUNK_MASK;
  const found = chunk.analysis[i] as number;
  if (((chunk.tcpFlags[i] as number) & Flag.Rst) !== 0 || (found & Analysis.ZeroWindow) !== 0) return 4;
  if ((found & (ANY_RETRANSMISSION | Analysis.LostSegment | Analysis.OutOfOrder)) !== 0) return 3;
  return (chunk.payload[i] as number) > 0 ? 2 : 1;
}

/** Row of the earliest packet of the capture, and ns from there to its latest, 1 at least. */
function lifeOf(capture: CaptureIndex): { readonly origin: number; readonly life: number } {
  if (capture.packets.length === 0) return { origin: 0, life: 1 };
  const { earliest, latest } = timeSpan(capture);
  return { origin: earliest, life: Math.max(1, nanoseconds(capture.packets, earliest, latest)) };
}

/** Where in the life of the capture a row stands: 0..1. */
export function placeInLife(capture: CaptureIndex, row: number): number {
  const { origin, life } = lifeOf(capture);
  return nanoseconds(capture.packets, origin, row) / life;
}

/** Of one connection. */
class Activity {
  readonly #strength = new Uint8Array(PIECES);
  /** Of the first row that is so strong, ns since the earliest packet of the capture. */
  readonly #time = new Float64Array(PIECES);
  /** Row of the earliest packet. */
  #origin = 0;
  /** ns of a piece; 0 before the first walk. */
  #width = 0;
  /** Rows up to this one are counted in. */
  #seen = NONE;
  /** Row at which the walk under way began, and the one where it is; NONE while there is none. */
  #from = NONE;
  #at = NONE;

  /** Goes on until all rows are counted in (true), or the time is over. */
  advance(capture: CaptureIndex, stream: number, deadline: number): boolean {
    const { origin, life } = lifeOf(capture);
    this.#fit(origin, life);
    for (;;) {
      if (this.#at === NONE) {
        this.#from = latestRowOf(capture, stream, 'tcp');
        if (this.#from === this.#seen) return true;
        this.#at = this.#from;
      }
      for (let k = 0; k < STEP && this.#at !== NONE; k++) {
        this.#add(strengthOf(capture, this.#at), nanoseconds(capture.packets, origin, this.#at));
        const before = previousInStream(capture.packets, this.#at, stream, RowFlag.Tcp);
        this.#at = before === this.#seen ? NONE : before;
      }
      if (this.#at === NONE) this.#seen = this.#from;
      else if (performance.now() >= deadline) return false;
    }
  }

  /** Of each place the strongest thing, the first of several. */
  points(life: number): Point[] {
    const best = new Int16Array(PLACES).fill(-1);
    for (let piece = 0; piece < PIECES; piece++) {
      const strength = this.#strength[piece] as number;
      if (strength === 0) continue;
      const place = Math.min(PLACES - 1, Math.floor(((this.#time[piece] as number) / life) * PLACES));
      const other = best[place] as number;
      if (other < 0 || strength > (this.#strength[other] as number)) best[place] = piece;
    }
    return [...best]
      .filter((piece) => piece >= 0)
      .map((piece) => ({
        at: Math.min(1, (this.#time[piece] as number) / life),
        kind: KINDS[this.#strength[piece] as number] as Point['kind'],
      }));
  }

  #add(strength: number, time: number): void {
    const piece = Math.min(PIECES - 1, Math.floor(time / this.#width));
    const known = this.#strength[piece] as number;
    if (strength < known || (strength === known && time >= (this.#time[piece] as number))) return;
    this.#strength[piece] = strength;
    this.#time[piece] = time;
  }

  /** Makes pieces wide enough for the capture's life. Where that begins earlier now, because a packet of an earlier time has come, all begins anew. */
  #fit(origin: number, life: number): void {
    if (origin !== this.#origin) {
      this.#origin = origin;
      this.#width = 0;
      this.#seen = NONE;
      this.#at = NONE;
      this.#strength.fill(0);
    }
    if (this.#width === 0) this.#width = life / PIECES;
    while (life > this.#width * PIECES) {
      this.#width *= 2;
      for (let piece = 0; piece < PIECES; piece++) {
        const strength = this.#strength[piece] as number;
        this.#strength[piece] = 0;
        if (strength > 0) this.#add(strength, this.#time[piece] as number);
      }
    }
  }
}

/** Of the connections that were asked for last. */
class Activities {
  readonly #capture: CaptureIndex;
  readonly #kept = new Map<number, Activity>();

  constructor(capture: CaptureIndex) {
    this.#capture = capture;
  }

  /** Prepares what `of` says of a stream. @param deadline by performance.now(), ms; false: it was reached, and there is more to do */
  advance(stream: number, deadline: number): boolean {
    return this.#take(stream).advance(this.#capture, stream, deadline);
  }

  /** The points of a stream, in order of time. Goes through all rows that `advance` has not. */
  of(stream: number): Point[] {
    const activity = this.#take(stream);
    activity.advance(this.#capture, stream, Number.POSITIVE_INFINITY);
    return activity.points(lifeOf(this.#capture).life);
  }

  #take(stream: number): Activity {
    const one = this.#kept.get(stream) ?? new Activity();
    this.#kept.delete(stream);
    this.#kept.set(stream, one);
    for (const oldest of this.#kept.keys()) {
      if (this.#kept.size <= KEPT) break;
      this.#kept.delete(oldest);
    }
    return one;
  }
}

export const activities = defineState((capture) => new Activities(capture));
