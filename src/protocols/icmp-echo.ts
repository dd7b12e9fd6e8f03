// Echo requests and their replies, for both versions of ICMP: which packet answers which.
import { type CaptureIndex, defineState } from '../dissect/capture-index.ts';
import type { Dissection } from '../dissect/dissection.ts';
import type { IndexWalk } from '../dissect/index-walk.ts';
import { grown, growth, u32 } from '../flow/tuple-table.ts';
import { lowerBound } from '../table/ascending.ts';
import { CHUNK_MASK, NONE } from '../table/packet-table.ts';

/** Requests that wait for a reply; beyond that the oldest is given up. */
const MAX_OPEN = 65_536;

/** Requests and replies that there is room for at first. */
const FIRST_ROOM = 128;

/** Place of the last of the first `count` rows that is `row`, -1 if none is. */
function lastOf(rows: Uint32Array, count: number, row: number): number {
  const at = lowerBound(rows, row + 1, count) - 1;
  return at >= 0 && rows[at] === row ? at : -1;
}

class EchoPairs {
  /** Number of the open request, by identifier, sequence number and who asked. */
  readonly #open = new Map<number, number>();
  /** Requests in order: row, and row of the reply or NONE. */
  #requests = 0;
  #requestRow = new Uint32Array(FIRST_ROOM);
  #answer = new Uint32Array(FIRST_ROOM);
  /** Replies that answer one, in order: row, and row of the request. */
  #replies = 0;
  #replyRow = new Uint32Array(FIRST_ROOM);
  #request = new Uint32Array(FIRST_ROOM);

  constructor() {
    // Once now: see grown().
    this.#growRequests();
    this.#growReplies();
  }

  request(w: IndexWalk, id: number): void {
    const key = keyOf(id, w.src);
    const number = this.#requests++;
    if (number === this.#requestRow.length) this.#growRequests();
    this.#requestRow[number] = w.row;
    this.#answer[number] = NONE;
    this.#open.delete(key);
    this.#open.set(key, number);
    if (this.#open.size <= MAX_OPEN) return;
    const oldest = this.#open.keys().next().value;
    if (oldest !== undefined) this.#open.delete(oldest);
  }

  reply(w: IndexWalk, id: number): void {
    const key = keyOf(id, w.dst);
    const number = this.#open.get(key);
    if (number === undefined) return;
    const row = this.#requestRow[number] as number;
    const chunk = w.capture.packets.chunkOf(row);
    if (chunk.dst[row & CHUNK_MASK] !== w.src || chunk.src[row & CHUNK_MASK] !== w.dst) return;
    this.#open.delete(key);
    this.#answer[number] = w.row;
    const reply = this.#replies++;
    if (reply === this.#replyRow.length) this.#growReplies();
    this.#replyRow[reply] = w.row;
    this.#request[reply] = row;
  }

  /** Row of the reply to the request in `row`, NONE if there is none. */
  answerTo(row: number): number {
    let last = -1;
    // A packet may bring several requests.
    for (let k = lastOf(this.#requestRow, this.#requests, row); k >= 0 && this.#requestRow[k] === row; k--)
      if (this.#answer[k] !== NONE) last = Math.max(last, this.#answer[k] as number);
    return last < 0 ? NONE : last;
  }

  /** Row of the request that the reply in `row` answers, NONE if it was not seen. */
  requestOf(row: number): number {
    const reply = lastOf(this.#replyRow, this.#replies, row);
    return reply < 0 ? NONE : (this.#request[reply] as number);
  }

  #growRequests(): void {
    const times = growth(this.#requestRow.length);
    this.#requestRow = grown(this.#requestRow, u32, times);
    this.#answer = grown(this.#answer, u32, times);
  }

  #growReplies(): void {
    const times = growth(this.#replyRow.length);
    this.#replyRow = grown(this.#replyRow, u32, times);
    this.#request = grown(this.#request, u32, times);
  }
}

/** `id`: identifier and sequence number, 32 bits. The address is compared in full when the pair is made. */
function keyOf(id: number, address: number): number {
  return id + (address % 0x100000) * 0x100000000;
}

export const echoPairs = defineState(() => new EchoPairs());

/** Milliseconds from `from` to `to`, with the precision of the time stamps. */
export function millisecondsBetween(capture: CaptureIndex, from: number, to: number): number {
  const a = capture.packets.chunkOf(from);
  const b = capture.packets.chunkOf(to);
  const i = from & CHUNK_MASK;
  const j = to & CHUNK_MASK;
  const nanoseconds = ((b.sec[j] as number) - (a.sec[i] as number)) * 1e9 + ((b.nsec[j] as number) - (a.nsec[i] as number));
  return Number((nanoseconds / 1e6).toPrecision(15));
}

/** Sent to a group or to all on the link, as the hardware address says: nobody in particular has to answer. */
export function sentToGroup(d: Dissection): boolean {
  const value = d.layers.find((layer) => layer.protocol === 'eth')?.fields.find((node) => node.abbrev === 'eth.dst')?.value;
  return value instanceof Uint8Array && ((value[0] as number) & 1) !== 0;
}
