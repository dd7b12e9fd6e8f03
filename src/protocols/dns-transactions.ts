/** Which DNS response belongs to which query: found while indexing, in typed arrays; read at full depth. */

import { defineState } from '../dissect/capture-index.ts';
import { lowerBound } from '../table/ascending.ts';
import { NONE } from '../table/packet-table.ts';

/** A query this long unanswered is not taken for the first of a retransmission, seconds. */
const RETRANSMISSION_SECONDS = 5;

/** One entry per DNS message in order of rows; a hash from (stream, id) to the newest query. */
class DnsTransactions {
  /** Row of the message. Ascending. */
  #row = new Uint32Array(256);
  /** Transaction id in the low 16 bits; bit 16: response; bit 17: retransmission. */
  #id = new Uint32Array(256);
  /** Query: entry of its first response. Response: entry of its query. NONE: unknown. */
  #partner = new Uint32Array(256);
  /** Epoch seconds of the message, for telling a retransmission from a new use of an id. */
  #sec = new Float64Array(256);
  #count = 0;
  /** Open addressing: entry of the newest query per (stream, id), with its stream. */
  #slots = new Uint32Array(512).fill(NONE);
  #stream = new Uint32Array(256);
  #keys = 0;

  get size(): number {
    return this.#count;
  }

  /** Takes note of a message. `stream`: number of the conversation (with a bit apart for TCP). */
  observe(row: number, stream: number, id: number, response: boolean, sec: number): void {
    const entry = this.#count++;
    if (entry === this.#row.length) this.#grow();
    this.#row[entry] = row;
    this.#id[entry] = id | (response ? 0x10000 : 0);
    this.#partner[entry] = NONE;
    this.#stream[entry] = stream;
    this.#sec[entry] = sec;
    const slot = this.#find(stream, id);
    const query = this.#slots[slot] as number;
    if (response) {
      if (query === NONE) return;
      this.#partner[entry] = query;
      if (this.#partner[query] === NONE) this.#partner[query] = entry;
      else this.#id[entry] = (this.#id[entry] as number) | 0x20000;
      return;
    }
    if (query !== NONE) {
      if (this.#partner[query] === NONE && sec - (this.#sec[query] as number) <= RETRANSMISSION_SECONDS) {
        this.#id[entry] = (this.#id[entry] as number) | 0x20000;
        this.#partner[entry] = query;
        return;
      }
      this.#slots[slot] = entry;
      return;
    }
    this.#slots[slot] = entry;
    if (++this.#keys * 2 > this.#slots.length) this.#rehash();
  }

  /** Entry of the message with `id` in `row`, -1 if there is none. */
  entry(row: number, id: number, response: boolean): number {
    const wanted = id | (response ? 0x10000 : 0);
    for (let at = lowerBound(this.#row, row, this.#count); at < this.#count && this.#row[at] === row; at++)
      if (((this.#id[at] as number) & 0x1ffff) === wanted) return at;
    return -1;
  }

  /** Row of the partner: of the first response to a query, of the query of a response; NONE if unknown. For a retransmitted query: of the original. */
  partner(entry: number): number {
    const partner = this.#partner[entry] as number;
    return partner === NONE ? NONE : (this.#row[partner] as number);
  }

  retransmission(entry: number): boolean {
    return ((this.#id[entry] as number) & 0x20000) !== 0;
  }

  /** For a retransmitted response: row of the first response. */
  original(entry: number): number {
    const query = this.#partner[entry] as number;
    return query === NONE ? NONE : this.partner(query);
  }

  #find(stream: number, id: number): number {
    const mask = this.#slots.length - 1;
    let h = Math.imul(stream ^ Math.imul(id + 1, 0x9e3779b1), 0x85ebca6b);
    h = (h ^ (h >>> 15)) & mask;
    for (;;) {
      const entry = this.#slots[h] as number;
      if (entry === NONE || (this.#stream[entry] === stream && ((this.#id[entry] as number) & 0xffff) === id)) return h;
      h = (h + 1) & mask;
    }
  }

  #rehash(): void {
    const old = this.#slots;
    this.#slots = new Uint32Array(2 * old.length).fill(NONE);
    for (const entry of old) {
      if (entry !== NONE) this.#slots[this.#find(this.#stream[entry] as number, (this.#id[entry] as number) & 0xffff)] = entry;
    }
  }

  #grow(): void {
    const wider = (from: Uint32Array): Uint32Array<ArrayBuffer> => {
      const to = new Uint32Array(2 * from.length);
      to.set(from);
      return to;
    };
    this.#row = wider(this.#row);
    this.#id = wider(this.#id);
    this.#partner = wider(this.#partner);
    this.#stream = wider(this.#stream);
    const sec = new Float64Array(2 * this.#sec.length);
    sec.set(this.#sec);
    this.#sec = sec;
  }
}

export const dnsTransactions = defineState(() => new DnsTransactions());

/** Bit that keeps TCP streams apart from UDP streams of the same number. */
export const TCP_STREAM = 0x80000000;
