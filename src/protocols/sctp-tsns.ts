/** First transmission sequence numbers of SCTP associations: found while indexing, from which full depth counts the others. */
import { defineState } from '../dissect/capture-index.ts';

/** Of more associations than this nothing is kept. */
const MAX_TAGS = 100_000;

/** What goes from one port to another. All maps are keyed by verification tags: those of the receiver, which tell associations apart. */
interface Direction {
  /** First sequence number, by the tag that packets of this direction have. */
  readonly first: Map<number, number>;
  /** Initial sequence number of an INIT, by the tag that it asks for. */
  readonly asked: Map<number, number>;
  /** Tag of the packets that go the other way, by the tag of these. */
  readonly other: Map<number, number>;
  /** Tag of the association that began last, -1 before any. */
  latest: number;
}

class SctpTsns {
  readonly #directions = new Map<number, Direction>();
  #tags = 0;

  /** An INIT, or the answer to one (`answer`), with the tag and the sequence number that its sender begins with. */
  init(src: number, dst: number, tag: number, initiate: number, tsn: number, answer: boolean): void {
    const there = this.#direction(src, dst);
    if (!answer) {
      this.#keep(there.asked, initiate, tsn);
      return;
    }
    const back = this.#direction(dst, src);
    this.#begin(there, tag, tsn);
    const asked = back.asked.get(tag);
    if (asked !== undefined) this.#begin(back, initiate, asked);
    this.#keep(there.other, tag, initiate);
    this.#keep(back.other, initiate, tag);
  }

  data(src: number, dst: number, tag: number, tsn: number): void {
    this.#begin(this.#direction(src, dst), tag, tsn);
  }

  /** A SACK of an association whose beginning was not seen acknowledges what began last. */
  sack(src: number, dst: number, tag: number): void {
    const there = this.#direction(src, dst);
    if (there.other.has(tag)) return;
    const { latest } = this.#direction(dst, src);
    if (latest >= 0) this.#keep(there.other, tag, latest);
  }

  /** First sequence number of the association with `tag` in this direction. */
  first(src: number, dst: number, tag: number): number | undefined {
    return this.#directions.get(src * 65536 + dst)?.first.get(tag);
  }

  /** First sequence number of what a packet of this direction acknowledges. */
  acked(src: number, dst: number, tag: number): number | undefined {
    const other = this.#directions.get(src * 65536 + dst)?.other.get(tag);
    return other === undefined ? undefined : this.first(dst, src, other);
  }

  #direction(src: number, dst: number): Direction {
    const key = src * 65536 + dst;
    let found = this.#directions.get(key);
    if (found === undefined) {
      found = { first: new Map(), asked: new Map(), other: new Map(), latest: -1 };
      if (this.#directions.size < MAX_TAGS) this.#directions.set(key, found);
    }
    return found;
  }

  #begin(direction: Direction, tag: number, tsn: number): void {
    if (direction.first.has(tag)) return;
    this.#keep(direction.first, tag, tsn);
    direction.latest = tag;
  }

  /** The first value stays. */
  #keep(map: Map<number, number>, key: number, value: number): void {
    if (map.has(key) || this.#tags >= MAX_TAGS) return;
    this.#tags++;
    map.set(key, value);
  }
}

export const sctpTsns = defineState(() => new SctpTsns());
