/** Which octets of one side's sequence numbers a walk over a stream has seen so far. */
import { seqDiff } from '../flow/seq.ts';
import { lowerBound } from '../table/ascending.ts';

const WRAP = 2 ** 32;

/** A half-open range of places on the line that sequence numbers make when they are not wrapped. */
export interface Hole {
  readonly from: number;
  readonly to: number;
}

export class OctetsSeen {
  /** Ranges, ascending, none touching another. */
  readonly #from: number[] = [];
  readonly #to: number[] = [];
  /** Place of the last number asked for; -1 before the first. */
  #last = -1;

  #place(seq: number): number {
    this.#last = this.#last < 0 ? seq + WRAP : this.#last + seqDiff(seq, this.#last % WRAP);
    return this.#last;
  }

  /** First range that ends at `place` or behind it. */
  #at(place: number): number {
    return lowerBound(this.#to, place);
  }

  /** Takes octets (SYN and FIN take a number too). True if one of them had been seen before. */
  add(seq: number, octets: number): boolean {
    if (octets === 0) return false;
    let from = this.#place(seq);
    let to = from + octets;
    const first = this.#at(from);
    let behind = first;
    let overlaps = false;
    for (; behind < this.#from.length && (this.#from[behind] as number) <= to; behind++) {
      const [otherFrom, otherTo] = [this.#from[behind] as number, this.#to[behind] as number];
      if (otherFrom < to && otherTo > from) overlaps = true;
      from = Math.min(from, otherFrom);
      to = Math.max(to, otherTo);
    }
    this.#from.splice(first, behind - first, from);
    this.#to.splice(first, behind - first, to);
    return overlaps;
  }

  /** The last hole before a number that was acknowledged; null if nothing is missing there. */
  holeBefore(seq: number): Hole | null {
    if (this.#to.length === 0) return null;
    const place = this.#place(seq);
    const k = this.#at(place);
    const before = this.#to[k - 1];
    const start = this.#from[k] ?? Number.POSITIVE_INFINITY;
    return before === undefined ? null : { from: before, to: Math.min(place, start) };
  }

  /** True if what was a hole has been seen by now. */
  filled(hole: Hole): boolean {
    const k = this.#at(hole.to);
    return (this.#from[k] ?? Number.POSITIVE_INFINITY) <= hole.from;
  }
}
