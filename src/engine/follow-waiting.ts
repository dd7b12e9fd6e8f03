/** Segments of a stream that wait for bytes before them, the next one first. */
import { seqDiff } from '../flow/seq.ts';

export interface Waiting {
  readonly row: number;
  readonly seq: number;
  /** Bytes of the row's payload before those that wait. */
  readonly skip: number;
  readonly length: number;
}

/** By sequence number (RFC 9293 section 3.4); of equals the one that came first. */
const isBefore = (a: Waiting, b: Waiting): boolean => {
  const ahead = seqDiff(a.seq, b.seq);
  return ahead < 0 || (ahead === 0 && a.row < b.row);
};

/** A binary heap: a hundred thousand segments in reverse order cost no more than in any other. */
export class WaitingSegments {
  readonly #heap: Waiting[] = [];

  /** The next one, undefined if none waits. */
  get next(): Waiting | undefined {
    return this.#heap[0];
  }

  add(segment: Waiting): void {
    const heap = this.#heap;
    let at = heap.length;
    heap.push(segment);
    while (at > 0) {
      const above = (at - 1) >>> 1;
      const other = heap[above] as Waiting;
      if (!isBefore(segment, other)) break;
      heap[at] = other;
      at = above;
    }
    heap[at] = segment;
  }

  /** Takes the next one away. */
  drop(): void {
    const heap = this.#heap;
    const last = heap.pop();
    if (last === undefined || heap.length === 0) return;
    let at = 0;
    for (;;) {
      let below = 2 * at + 1;
      if (below >= heap.length) break;
      if (below + 1 < heap.length && isBefore(heap[below + 1] as Waiting, heap[below] as Waiting)) below++;
      const other = heap[below] as Waiting;
      if (!isBefore(other, last)) break;
      heap[at] = other;
      at = below;
    }
    heap[at] = last;
  }
}
