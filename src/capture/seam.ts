/**
 * Which packets of one back end another had as well. Both captured on the same interface for a while; neither knows the other's numbers or
 * times, so the bytes have to tell.
 */

/** Bytes of a packet that are looked at: headers and some of what they carry. */
const SEEN_BYTES = 160;
/** Packets that are remembered: more than a second of what cap can take. */
const REMEMBERED = 1 << 18;

/** A number for a packet: equal for equal bytes (FNV-1a over its beginning and its length). */
export function fingerprint(bytes: Uint8Array, offset: number, length: number): number {
  let hash = 0x811c9dc5 ^ length;
  const end = offset + Math.min(length, SEEN_BYTES);
  for (let at = offset; at < end; at++) hash = Math.imul(hash ^ (bytes[at] as number), 0x01000193);
  return hash | 0;
}

/** The last packets of a back end: fingerprints and times, oldest forgotten first. Nothing is allocated for a packet. */
export class Had {
  readonly #prints = new Int32Array(REMEMBERED);
  readonly #times = new Float64Array(REMEMBERED);
  #count = 0;

  /** `time`: ms since 1970. */
  add(print: number, time: number): void {
    const at = this.#count++ % REMEMBERED;
    this.#prints[at] = print;
    this.#times[at] = time;
  }

  /** How often each packet came since a time, ms since 1970. */
  since(time: number): Map<number, number> {
    const out = new Map<number, number>();
    for (let k = this.#count - 1; k >= 0 && k >= this.#count - REMEMBERED; k--) {
      const at = k % REMEMBERED;
      if ((this.#times[at] as number) < time) break;
      const print = this.#prints[at] as number;
      out.set(print, (out.get(print) ?? 0) + 1);
    }
    return out;
  }
}

/**
 * Tells of each packet of the second back end, from its first one on and in order, whether the first back end had it. One that was there twice
 * is had twice; of packets that cannot be told apart as many are had as the first one delivered.
 */
export class Seam {
  readonly #begun: number;
  readonly #left: Map<number, number>;
  readonly #until: number;

  /**
   * @param had what the first back end delivered
   * @param begun when the first one began, ms since 1970: what the second had before does not count
   * @param from time of the second one's first packet, ms since 1970
   * @param until time of the first one's last packet: what came later it did not have
   */
  constructor(had: Had, begun: number, from: number, until: number) {
    this.#begun = begun;
    this.#left = had.since(from);
    this.#until = until;
  }

  had(bytes: Uint8Array, offset: number, length: number, time: number): boolean {
    if (time < this.#begun) return true;
    if (time > this.#until || this.#left.size === 0) return false;
    const print = fingerprint(bytes, offset, length);
    const left = this.#left.get(print);
    if (left === undefined) return false;
    if (left === 1) this.#left.delete(print);
    else this.#left.set(print, left - 1);
    return true;
  }
}
