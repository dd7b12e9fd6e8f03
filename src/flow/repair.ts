/**
 * The octets of one direction of a TCP stream behind a hole, held until what is missing comes: for protocols that cannot go on without it.
 * What is held is bounded; whoever holds it decides when to wait no longer.
 */
import { seqDiff, seqNext } from './seq.ts';

/** Pieces and octets that one direction may hold. */
export const MOST_PIECES = 4096;
export const MOST_OCTETS = 4 * 1024 * 1024;
/** A segment farther ahead is of another time, or nobody's. */
const FARTHEST = 64 * 1024 * 1024;

/** What a segment brought that was not there before. Numbers are signed. */
export interface Piece {
  readonly row: number;
  /** Number of the first octet of the whole segment. */
  readonly seq: number;
  /** The piece itself. */
  readonly from: number;
  readonly to: number;
}

interface Held extends Piece {
  readonly bytes: Uint8Array;
}

export class Repair {
  /** Message that the octets at hand belong to, and one for what is held, which is never whole. */
  message: number;
  readonly waiting: number;
  /** Number of the first of the octets at hand: bytes[0, length). */
  start: number;
  bytes: Uint8Array;
  length: number;
  /** What is beyond the hole, in order of its numbers, each octet once: of several segments with it the first one counts. */
  readonly #held: Held[] = [];
  #octets = 0;
  #came: Piece[] = [];
  #lastRow = 0;

  /** @param bytes the octets at hand: the beginning of a message, up to the hole */
  constructor(message: number, waiting: number, start: number, bytes: Uint8Array) {
    this.message = message;
    this.waiting = waiting;
    this.start = start;
    this.bytes = bytes;
    this.length = bytes.length;
  }

  /** Number of the first octet that is missing. */
  get missing(): number {
    return seqNext(this.start, this.length);
  }

  /** The last row that brought something. */
  get lastRow(): number {
    return this.#lastRow;
  }

  /** Octets that are held beyond the hole. */
  get octets(): number {
    return this.#octets;
  }

  /** Where the octets at hand came in since the first hole, in order of their numbers. */
  get came(): readonly Piece[] {
    return this.#came;
  }

  /** The segment bytes[at, end), which begins at number `seq`. How many of its octets are new; -1 where there is no more room. */
  add(row: number, seq: number, bytes: Uint8Array, at: number, end: number): number {
    const held = this.#held;
    const stop = seqNext(seq, end - at);
    const { missing } = this;
    if (seqDiff(stop, missing) <= 0) return 0;
    if (held.length >= MOST_PIECES || this.#octets + end - at > MOST_OCTETS || seqDiff(seq, missing) > FARTHEST) return -1;
    let from = seqDiff(missing, seq) > 0 ? missing : seq;
    let next = this.#firstBeyond(from);
    const before = this.#octets;
    while (seqDiff(stop, from) > 0) {
      const other = held[next];
      const known = other !== undefined && seqDiff(from, other.from) >= 0;
      const to = other === undefined || seqDiff(other.from, stop) > 0 ? stop : known ? other.to : other.from;
      if (!known && held.length < MOST_PIECES) {
        const piece = bytes.slice(at + seqDiff(from, seq), at + seqDiff(to, seq));
        held.splice(next, 0, { row, seq, from, to, bytes: piece });
        this.#lastRow = row;
        this.#octets += piece.length;
      }
      from = to;
      next++;
    }
    return this.#octets - before;
  }

  /** Puts to the octets at hand what is no longer beyond a hole. Gives how many pieces that were, the last ones of `came`. */
  join(): number {
    const held = this.#held;
    let used = 0;
    for (; used < held.length; used++) {
      const next = held[used] as Held;
      if (next.from !== this.missing) break;
      this.#octets -= next.bytes.length;
      this.#append(next);
    }
    held.splice(0, used);
    return used;
  }

  /**
   * Waits no longer for what is missing: the octets at hand are those behind the hole, from the first piece on that `begins` a message. False:
   * there is none, and nothing is held any more.
   */
  skip(begins: (bytes: Uint8Array) => boolean): boolean {
    const held = this.#held;
    let skipped = 0;
    for (; skipped < held.length; skipped++) {
      const next = held[skipped] as Held;
      if (begins(next.bytes)) break;
      this.#octets -= next.bytes.length;
    }
    held.splice(0, skipped);
    this.length = 0;
    this.#came = [];
    const first = held[0];
    if (first === undefined) return false;
    this.start = first.from;
    this.join();
    return true;
  }

  /** Drops the first `length` of the octets at hand. */
  cut(length: number): void {
    this.bytes = this.bytes.slice(length, this.length);
    this.start = seqNext(this.start, length);
    this.length -= length;
    this.#came = this.#came.filter(({ to }) => seqDiff(to, this.start) > 0);
  }

  /** Place of the first held piece that ends behind number `from`. */
  #firstBeyond(from: number): number {
    const held = this.#held;
    // Nearly always the piece is the last one.
    let low = 0;
    let high = held.length;
    if (high > 0 && seqDiff(from, (held[high - 1] as Held).to) >= 0) return high;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (seqDiff((held[middle] as Held).to, from) <= 0) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  #append({ row, seq, from, to, bytes }: Held): void {
    const length = this.length + bytes.length;
    if (length > this.bytes.length) {
      const wider = new Uint8Array(Math.max(2048, 2 * length));
      wider.set(this.bytes.subarray(0, this.length));
      this.bytes = wider;
    }
    this.bytes.set(bytes, this.length);
    this.length = length;
    this.#came.push({ row, seq, from, to });
  }
}
