// Echo requests and their replies, for both versions of ICMP: which packet answers which.
import { type CaptureIndex, defineState } from '../dissect/capture-index.ts';
import type { Dissection } from '../dissect/dissection.ts';
import type { IndexWalk } from '../dissect/index-walk.ts';
import { CHUNK_MASK, NONE } from '../table/packet-table.ts';

/** Requests that wait for a reply; beyond that the oldest is given up. */
const MAX_OPEN = 65_536;

class EchoPairs {
  /** Row of the open request, by identifier, sequence number and who asked. */
  readonly #open = new Map<number, number>();
  readonly #answers = new Map<number, number>();
  readonly #requests = new Map<number, number>();

  request(w: IndexWalk, id: number): void {
    const key = keyOf(id, w.src);
    this.#open.delete(key);
    this.#open.set(key, w.row);
    if (this.#open.size <= MAX_OPEN) return;
    const oldest = this.#open.keys().next().value;
    if (oldest !== undefined) this.#open.delete(oldest);
  }

  reply(w: IndexWalk, id: number): void {
    const key = keyOf(id, w.dst);
    const row = this.#open.get(key);
    if (row === undefined) return;
    const chunk = w.capture.packets.chunkOf(row);
    if (chunk.dst[row & CHUNK_MASK] !== w.src || chunk.src[row & CHUNK_MASK] !== w.dst) return;
    this.#open.delete(key);
    this.#answers.set(row, w.row);
    this.#requests.set(w.row, row);
  }

  /** Row of the reply to the request in `row`, NONE if there is none. */
  answerTo(row: number): number {
    return this.#answers.get(row) ?? NONE;
  }

  /** Row of the request that the reply in `row` answers, NONE if it was not seen. */
  requestOf(row: number): number {
    return this.#requests.get(row) ?? NONE;
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
