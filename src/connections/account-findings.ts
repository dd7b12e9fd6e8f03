/** What one pass over the packets of a TCP connection finds for its account: turns and waits, pauses, gaps, repeats, closed windows, ends. */
import type { CaptureIndex } from '../dissect/capture-index.ts';
import { Flag, seqDiff } from '../flow/seq.ts';
import { headerOf, sackBlocks } from '../flow/syn-options.ts';
import { ANY_LATE, Analysis } from '../flow/tcp-analysis.ts';
import { flows } from '../flow/tcp-flows.ts';
import { nanoseconds } from '../flow/tcp-replay.ts';
import { CHUNK_MASK, NONE, RowFlag } from '../table/packet-table.ts';
import { Arrivals } from './arrivals.ts';
import { likenessOf } from './copies.ts';
import type { Gap } from './gaps.ts';
import type { Hole, OctetsSeen } from './octets-seen.ts';

/** Rows from one pause to the next. */
const STEP = 8192;
/** Rows looked back through for the first of two, in all, and rows behind a repeat that may report it. */
const MOST_BACK = 400_000;
const MOST_REPORTS = 12;
/** Spells of one kind whose rows are kept. */
const MOST_SPELLS = 32;
/** ns from which a sender that could go on and does not makes a pause. */
const PAUSE = 50_000_000;
/** ns from which a sender that waits for an ACK stalls, and to which: later it would have sent again (RFC 6298, section 2), so the ACK came. */
const STALL = 200_000_000;
const LONGEST_STALL = 1_000_000_000;
/** Of data held back until an ACK, ns: how long the ACK took at least, and how soon behind it the data left (RFC 1122, section 4.2.3.2: ACKs are delayed by less than 0.5 s). */
const DELAYED = 40_000_000;
const BEHIND = 1_000_000;
const SURE = 1000;
/** What is held back is less than the smallest segment that a path must carry (RFC 9293, section 3.7.1: 536 octets). */
const SMALL = 536;

/** How long, ns, a packet takes from the capture point to the server, or to the client, and back; null where no handshake tells. */
export type RoundTrip = { readonly server: number; readonly client: number } | null;

/** The turn of one side: its last row with new data, the end of that data, a row that acknowledged it, and what came meanwhile. */
export interface Turn {
  readonly side: number;
  last: number;
  end: number;
  acknowledged: number;
  /** Row in which data of this side came again. */
  again: number;
  /** Whether the other side sent data that is not new meanwhile, and whether data of the other side is missing. */
  old: boolean;
  lost: boolean;
  /** Least octets that the other side had room for from `acknowledged` on. */
  room: number;
}

/** How long the other side's new data, which begins in `answered`, took to come after a turn. */
export interface Wait {
  readonly side: number;
  readonly time: number;
  readonly turn: Turn;
  readonly answered: number;
  /** The ACK of `answered` does not cover the turn: it had left before that was there. */
  readonly crossed: boolean;
}

/** Data that was sent again: the row, that in which the capture has it first (NONE without one), and whether the other side had it by then. */
export interface Repeat {
  readonly row: number;
  readonly first: number;
  readonly needless: boolean;
}

/** Times of one kind: how many, how long in all and at the longest (ns), and the rows of the longest. */
export class Spells {
  times = 0;
  whole = 0;
  longest = 0;
  /** Shortest of them; 0 without any. */
  shortest = 0;
  rows: readonly number[] = [];
  /** First and last row of each, as many as are kept. */
  readonly ends: (readonly [number, number])[] = [];

  add(time: number, rows: readonly number[]): void {
    if (this.ends.length < MOST_SPELLS) this.ends.push([rows[0] as number, rows.at(-1) as number]);
    if (this.times === 0 || time > this.longest) {
      this.longest = time;
      this.rows = rows;
    }
    this.shortest = this.times === 0 ? time : Math.min(time, this.shortest);
    this.times++;
    this.whole += time;
  }
}

/** Everything one pass over the rows of a stream finds. Pairs are by side: of the client, and of the server. */
export class Findings {
  /** Segments with data, repeats included. */
  readonly segments = [0, 0];
  /** Segments with data that an earlier one has, sent again; copies of packets; and those that may be either. */
  readonly resent: [Repeat[], Repeat[]] = [[], []];
  readonly copies: [number[], number[]] = [[], []];
  readonly alike: [number[], number[]] = [[], []];
  /** Whether the capture has data twice. */
  repeats = false;
  readonly gaps: [Gap[], Gap[]] = [[], []];
  /** ACKs of what the capture does not have. */
  readonly unseen: number[] = [];
  /** Rows behind later data that fill no gap. */
  readonly disorder: [number[], number[]] = [[], []];
  /** Rows in which a side closed its window, and rows in which the other one probed it while it was closed. */
  readonly zero: [number[], number[]] = [[], []];
  readonly probes: [number[], number[]] = [[], []];
  /** How often and how long a window was closed; and whether it is still. */
  readonly closed = [new Spells(), new Spells()] as const;
  readonly stillClosed = [NONE, NONE];
  /** Row that opened it last. */
  readonly opened = [NONE, NONE];
  readonly keepAlive: number[] = [];
  /** Rows with the form of an answer to one. */
  readonly keptAlive: number[] = [];
  /** Every SYN-ACK of the server with the number of its first, copies left out; where both sides opened, its SYN alone is none. */
  readonly synAcks: number[] = [];
  /** Every FIN of a side, copies left out; its first RST. */
  readonly fins: [number[], number[]] = [[], []];
  readonly fin = [NONE, NONE];
  /** How many of a side's FINs came when the other one had the first already. */
  readonly needlessFins = [0, 0];
  readonly rst = [NONE, NONE];
  /** Last row with data before its first FIN, and before its first RST; NONE where data is in it, or missing before it. */
  readonly dataBeforeFin = [NONE, NONE];
  readonly dataBeforeRst = [NONE, NONE];
  /** A row with data that came after this side had sent its FIN. */
  readonly dataAfterFin = [NONE, NONE];
  /** The same, but data that had not been seen before. */
  readonly newAfterFin = [NONE, NONE];
  /** A row with data of the other side that came after this side had reset the connection. */
  readonly dataAfterRst = [NONE, NONE];
  /** Widest window of a side in octets while the other one sent data, and the first row that announces it; rows of its own first and last data. */
  readonly widest = [0, 0];
  readonly widestRow = [NONE, NONE];
  readonly firstData = [NONE, NONE];
  readonly lastData = [NONE, NONE];
  /** Longest wait for new data after the other side's. */
  wait: Wait | null = null;
  /** Longest time without new data of the client after the server's. */
  think: { time: number; from: number; to: number } | null = null;
  /** Times in which a side sent nothing in the midst of its data, though all of it was acknowledged and the window open. */
  readonly paused = [new Spells(), new Spells()] as const;
  /** Times in which a side sent nothing in the midst of its data, and no ACK of what it had sent came. */
  readonly stalled = [new Spells(), new Spells()] as const;
  /** Times in which small data left right behind the ACK of small data before it, which came late. */
  readonly held = [new Spells(), new Spells()] as const;
  /** How many of them are no chance even alone: the data left within a thousandth of the time that the ACK took. */
  readonly heldForSure = [0, 0];
  /** The client's last data, where no data of the server came behind it. */
  unanswered: { asked: number; acknowledged: number } | null = null;
}

/** Goes once through the rows of a stream, all of them, in order of capture, with pauses in between. */
export function* examine(capture: CaptureIndex, stream: number, rows: Uint32Array, trip: RoundTrip): Generator<void, Findings> {
  const found = new Findings();
  const { packets } = capture;
  const { scale } = capture.state(flows).sequence;
  const arrivals = new Arrivals(capture, stream);
  const { seen, gaps } = arrivals;
  const unseen: { readonly row: number; readonly side: number; readonly hole: Hole; readonly turn: Turn | null }[] = [];
  const back = new LookBack(capture, rows);
  let turn = turnOf(-1, NONE, 0);
  let lastData = NONE;
  /** By side: since which row its window is closed, its window as of its last segment in octets, that segment, its largest segment. */
  const closedSince = [NONE, NONE];
  const window = [0, 0];
  const announced = [NONE, NONE];
  /** What a side's first FIN acknowledges: one that acknowledges more is an ACK, which some systems send with the FIN once more. */
  const finAck = [0, 0];
  /** Up to where each side has acknowledged the other, null before it did. */
  const acknowledged: [number | null, number | null] = [null, null];
  const largest = [0, 0];
  for (let k = 0; k < rows.length; k++) {
    if (k % STEP === STEP - 1) yield;
    const row = rows[k] as number;
    const chunk = packets.chunkOf(row);
    const i = row & CHUNK_MASK;
    const side = ((chunk.flags[i] as number) & RowFlag.FromClient) !== 0 ? 0 : 1;
    const flags = chunk.tcpFlags[i] as number;
    const verdict = chunk.analysis[i] as number;
    const length = chunk.payload[i] as number;
    const seq = chunk.seq[i] as number;
    const ack = chunk.ack[i] as number;
    const keepAlive = (verdict & Analysis.KeepAlive) !== 0;
    const probe =
      (keepAlive || (verdict & Analysis.ZeroWindowProbe) !== 0) &&
      (closedSince[1 - side] !== NONE || underWay(found, packets, side, row, trip));
    const lost = (verdict & Analysis.LostSegment) !== 0;
    if (arrivals.take(row)) yield;
    const { repeats, repetition } = arrivals;
    const late = (verdict & ANY_LATE) !== 0;
    const again = repetition === 'again';
    if (again) found.resent[side].push(back.repeat(k, side, seq, length, repeats, verdict));
    else if (repetition === 'copy') found.copies[side].push(row);
    else if (repetition === 'alike') found.alike[side].push(row);
    else if (repetition !== '' && !arrivals.fills) found.disorder[side].push(row);
    if (repetition !== '' && repeats) found.repeats = true;
    if ((verdict & Analysis.AckLostSegment) !== 0) {
      const hole = seen[side === 0 ? 1 : 0].holeBefore(ack);
      if (hole !== null) unseen.push({ row, side: 1 - side, hole, turn: turn.side === side ? turn : null });
    }
    if ((keepAlive || probe) && likenessOf(capture, row, stream) !== 'copy')
      (probe ? found.probes[(1 - side) as 0 | 1] : found.keepAlive).push(row);
    if ((verdict & Analysis.KeepAliveAck) !== 0 && found.keepAlive.length > 0 && likenessOf(capture, row, stream) !== 'copy')
      found.keptAlive.push(row);
    if ((verdict & Analysis.ZeroWindow) !== 0) {
      found.zero[side].push(row);
      if (closedSince[side] === NONE) closedSince[side] = row;
    } else if ((flags & (Flag.Syn | Flag.Rst)) === 0 && closedSince[side] !== NONE && (chunk.window[i] as number) > 0) {
      const from = closedSince[side] as number;
      found.closed[side].add(nanoseconds(packets, from, row), [from, row]);
      found.opened[side] = row;
      closedSince[side] = NONE;
    }
    if ((flags & Flag.Rst) === 0) {
      const shift = (flags & Flag.Syn) !== 0 ? 0 : Math.max(0, scale[2 * stream + side] as number);
      window[side] = (chunk.window[i] as number) * 2 ** shift;
      announced[side] = row;
    }
    if (side === 1 && (flags & SYN_ACK) === SYN_ACK && isSynOnce(capture, stream, row, found.synAcks[0] ?? NONE)) found.synAcks.push(row);
    const before = length > 0 || lost ? NONE : lastData;
    if ((flags & Flag.Fin) !== 0) {
      if (found.fin[side] === NONE) {
        found.fin[side] = row;
        found.dataBeforeFin[side] = before;
        found.fins[side].push(row);
        finAck[side] = ack;
      } else if (length === 0 && repeats && ack === finAck[side] && likenessOf(capture, row, stream) === 'no') {
        found.fins[side].push(row);
        const had = acknowledged[1 - side] as number | null;
        if ((had !== null && seqDiff(had, seq) > 0) || back.needless(k, side, seq, 1, verdict))
          found.needlessFins[side] = (found.needlessFins[side] as number) + 1;
      }
    }
    if (length > 0 && !keepAlive) lastData = row;
    if ((flags & (Flag.Ack | Flag.Rst)) === Flag.Ack) {
      const had = acknowledged[side];
      if (had === null || seqDiff(ack, had) > 0) acknowledged[side] = ack;
    }
    if (turn.side === 1 - side) {
      if (turn.acknowledged === NONE && length === 0 && (flags & Flag.Ack) !== 0 && seqDiff(ack, turn.end) >= 0) turn.acknowledged = row;
      if (turn.acknowledged !== NONE) turn.room = Math.min(turn.room, window[side] as number);
      if (lost) turn.lost = true;
      if (late && length > 0) turn.old = true;
    }
    if ((flags & Flag.Rst) !== 0) {
      if (found.rst[side] === NONE) {
        found.rst[side] = row;
        found.dataBeforeRst[side] = before;
      }
      continue;
    }
    if (length === 0) continue;
    found.segments[side] = (found.segments[side] as number) + 1;
    if (found.firstData[side] === NONE) found.firstData[side] = row;
    found.lastData[side] = row;
    if ((window[1 - side] as number) > (found.widest[1 - side] as number)) {
      found.widest[1 - side] = window[1 - side] as number;
      found.widestRow[1 - side] = announced[1 - side] as number;
    }
    if (found.rst[1 - side] !== NONE && found.dataAfterRst[1 - side] === NONE) found.dataAfterRst[1 - side] = row;
    if (found.fin[1 - side] !== NONE && found.dataAfterFin[1 - side] === NONE) found.dataAfterFin[1 - side] = row;
    if (keepAlive) continue;
    if (found.fin[1 - side] !== NONE && found.newAfterFin[1 - side] === NONE && !repeats) found.newAfterFin[1 - side] = row;
    if (late) {
      if (turn.side === side && again) turn.again = row;
      continue;
    }
    if (turn.side === 1 - side) waited(found, packets, side, turn, row);
    else if (turn.side === side && gaps[side].closed && turn.again === NONE && !turn.old) {
      const open = turn.room >= Math.max(length, largest[side] as number);
      wentOn(found, packets, turn, row, length, open, side === 0 ? trip?.client : trip?.server);
    }
    largest[side] = Math.max(largest[side] as number, length);
    turn = turnOf(side, row, (seq + length) >>> 0);
  }
  for (const side of [0, 1] as const) {
    found.stillClosed[side] = closedSince[side] as number;
    found.gaps[side].push(...gaps[side].all);
  }
  // An ACK may be captured before what it acknowledges.
  for (const { row, side, hole, turn: during } of unseen) {
    if ((seen[side] as OctetsSeen).filled(hole)) continue;
    found.unseen.push(row);
    if (during !== null) during.lost = true;
  }
  if (turn.side === 0) found.unanswered = { asked: turn.last, acknowledged: turn.acknowledged };
  return found;
}

/** A SYN that answers one: who opens at the same moment as the other side sends one without an ACK before (RFC 9293, section 3.5). */
export const SYN_ACK = Flag.Syn | Flag.Ack;

/** True if a row with a SYN is the first of its kind, or that one sent again; not another connection's, and no copy. `first`: NONE without one. */
export function isSynOnce(capture: CaptureIndex, stream: number, row: number, first: number): boolean {
  const seq = (each: number): number => capture.packets.chunkOf(each).seq[each & CHUNK_MASK] as number;
  return first === NONE || (seq(row) === seq(first) && likenessOf(capture, row, stream) === 'no');
}

/** True if a row of a side left it before the news could reach it that the other one's window is open again. */
function underWay(found: Findings, packets: CaptureIndex['packets'], side: number, row: number, trip: RoundTrip): boolean {
  const opened = found.opened[1 - side] as number;
  const way = side === 0 ? trip?.client : trip?.server;
  return opened !== NONE && way !== undefined && nanoseconds(packets, opened, row) < way;
}

const turnOf = (side: number, last: number, end: number): Turn => ({
  side,
  last,
  end,
  acknowledged: NONE,
  again: NONE,
  old: false,
  lost: false,
  room: Number.POSITIVE_INFINITY,
});

/** A side begins to send after the other's turn: how long that took. */
function waited(found: Findings, packets: CaptureIndex['packets'], side: number, turn: Turn, answered: number): void {
  const time = nanoseconds(packets, turn.last, answered);
  if (side === 1) {
    const chunk = packets.chunkOf(answered);
    const i = answered & CHUNK_MASK;
    const crossed = ((chunk.tcpFlags[i] as number) & Flag.Ack) !== 0 && seqDiff(chunk.ack[i] as number, turn.end) < 0;
    if (found.wait === null || time > found.wait.time) found.wait = { side, time, turn, answered, crossed };
  } else if (found.think === null || time > found.think.time) found.think = { time, from: turn.last, to: answered };
}

/**
 * Whether data of `length` octets left because data of `before` octets before it was acknowledged: that took `answered` ns, and `behind` ns later
 * it left. 'sure': even a single time is no chance.
 */
export function heldBack(before: number, length: number, answered: number, behind: number): 'sure' | 'perhaps' | 'no' {
  if (before >= SMALL || length >= SMALL || behind < 0 || behind > BEHIND || answered < DELAYED) return 'no';
  return behind <= answered / SURE ? 'sure' : 'perhaps';
}

/**
 * A side sends on after data of its own, nothing of which came again. `open`: the other side had room for it. `trip`: what a packet takes from
 * the capture point to this side and back, so what it sends at the ACK comes that much later.
 */
function wentOn(
  found: Findings,
  packets: CaptureIndex['packets'],
  turn: Turn,
  row: number,
  length: number,
  open: boolean,
  trip: number | undefined,
): void {
  const { acknowledged, side, last } = turn;
  if (acknowledged === NONE) {
    const time = nanoseconds(packets, last, row);
    if (time >= STALL && time <= LONGEST_STALL) found.stalled[side as 0 | 1].add(time, [last, row]);
    return;
  }
  const behind = nanoseconds(packets, acknowledged, row);
  const answered = nanoseconds(packets, last, acknowledged);
  const held = open ? heldBack(packets.chunkOf(last).payload[last & CHUNK_MASK] as number, length, answered, behind) : 'no';
  if (held !== 'no') found.held[side as 0 | 1].add(answered, [last, acknowledged, row]);
  if (held === 'sure') found.heldForSure[side] = (found.heldForSure[side] as number) + 1;
  const pause = behind - (trip ?? 0);
  if (open && trip !== undefined && pause >= Math.max(PAUSE, trip)) found.paused[side as 0 | 1].add(behind, [last, acknowledged, row]);
}

/** Looks back, and a little ahead, for what tells about a repeat. */
class LookBack {
  readonly #capture: CaptureIndex;
  readonly #rows: Uint32Array;
  #left = MOST_BACK;

  constructor(capture: CaptureIndex, rows: Uint32Array) {
    this.#capture = capture;
    this.#rows = rows;
  }

  /** The repeat in the row at place `k`. `seen`: the capture has some of it before. */
  repeat(k: number, side: number, seq: number, length: number, seen: boolean, verdict: number): Repeat {
    const row = this.#rows[k] as number;
    const first = seen ? this.#first(k, side, seq) : NONE;
    return { row, first, needless: this.needless(k, side, seq, length, verdict) };
  }

  /** True if the other side had the numbers of the row at place `k` before it came. */
  needless(k: number, side: number, seq: number, numbers: number, verdict: number): boolean {
    return (verdict & Analysis.SpuriousRetransmission) !== 0 || this.#reported(k, side, seq, numbers);
  }

  /** The earliest row before place `k` with the octet `seq` of a side. */
  #first(k: number, side: number, seq: number): number {
    let first = NONE;
    for (let at = k - 1; at >= 0 && this.#left > 0; at--, this.#left--) {
      const row = this.#rows[at] as number;
      const chunk = this.#capture.packets.chunkOf(row);
      const i = row & CHUNK_MASK;
      const from = seqDiff(seq, chunk.seq[i] as number);
      if (from < 0 || from >= (chunk.payload[i] as number)) continue;
      if ((((chunk.flags[i] as number) & RowFlag.FromClient) !== 0 ? 0 : 1) === side) first = row;
    }
    return first;
  }

  /** True if a duplicate SACK soon behind place `k` says that the other side had octets of a segment before (RFC 2883, section 4). */
  #reported(k: number, side: number, seq: number, length: number): boolean {
    let reports = 0;
    for (let at = k + 1; at < this.#rows.length && reports < MOST_REPORTS; at++) {
      const row = this.#rows[at] as number;
      const chunk = this.#capture.packets.chunkOf(row);
      const i = row & CHUNK_MASK;
      if ((((chunk.flags[i] as number) & RowFlag.FromClient) !== 0 ? 0 : 1) === side) continue;
      reports++;
      const [first, second] = sackBlocks(headerOf(this.#capture, row));
      if (first === undefined) continue;
      const within = second !== undefined && seqDiff(first[0], second[0]) >= 0 && seqDiff(first[1], second[1]) <= 0;
      if (seqDiff(first[1], chunk.ack[i] as number) > 0 && !within) continue;
      if (seqDiff(first[0], seq + length) < 0 && seqDiff(first[1], seq) > 0) return true;
    }
    return false;
  }
}
