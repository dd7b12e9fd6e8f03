/**
 * Where one back end's packets go on from another's. Both saw the same interface for a while; neither knows the other's numbers or times, so the
 * bytes have to tell.
 */

/** Bytes of a packet that are looked at: headers and some of what they carry. */
const SEEN_BYTES = 160;
/** Packets of the first back end that are remembered. */
const TAIL = 2048;
/** Packets that the second may have lost just before the first ended. */
const LOST = 64;
/** Packets of the second one that are compared at most: seconds of what a busy interface carries. */
export const MOST_COMPARED = 1 << 20;

/** A number for a packet: equal for equal bytes (FNV-1a over its beginning and its length). */
export function fingerprint(bytes: Uint8Array, offset: number, length: number): number {
  let hash = 0x811c9dc5 ^ length;
  const end = offset + Math.min(length, SEEN_BYTES);
  for (let at = offset; at < end; at++) hash = Math.imul(hash ^ (bytes[at] as number), 0x01000193);
  return hash | 0;
}

/** Fingerprints of the last packets of the first back end, oldest forgotten first. */
export class Tail {
  readonly #ring = new Int32Array(TAIL);
  #count = 0;

  add(print: number): void {
    this.#ring[this.#count % TAIL] = print;
    this.#count++;
  }

  /** The last one first. */
  backwards(): Int32Array {
    const length = Math.min(TAIL, this.#count);
    const out = new Int32Array(length);
    for (let k = 0; k < length; k++) out[k] = this.#ring[(this.#count - 1 - k) % TAIL] as number;
    return out;
  }
}

/** Fingerprints and times of the second back end's packets, in order. */
export class Head {
  #prints = new Int32Array(4096);
  #times = new Float64Array(4096);
  length = 0;

  /** `time`: ms since 1970. What is more than is compared is left out. */
  add(print: number, time: number): void {
    if (this.length === MOST_COMPARED) return;
    if (this.length === this.#prints.length) {
      const [prints, times] = [this.#prints, this.#times];
      this.#prints = new Int32Array(2 * this.length);
      this.#times = new Float64Array(2 * this.length);
      this.#prints.set(prints);
      this.#times.set(times);
    }
    this.#prints[this.length] = print;
    this.#times[this.length] = time;
    this.length++;
  }

  /** How many came up to a time, ms since 1970. */
  until(time: number): number {
    let count = this.length;
    while (count > 0 && (this.#times[count - 1] as number) > time) count--;
    return count;
  }

  /** The first `count`, the last one first. */
  backwards(count: number): Int32Array {
    return this.#prints.slice(0, count).reverse();
  }
}

/**
 * How many packets of the second back end the first one had already: what comes behind them goes on where it ended. The place is the one
 * before which the two agree longest, and the latest such place, for packets that cannot be told apart. Where the second has not come to the
 * last packet of `tail` yet, the packets that it is behind are counted too. Where nothing agrees, time decides.
 * @param until packets of `head` that can have been there when the first back end ended
 */
export function seam(tail: Tail, head: Head, until: number): number {
  const had = tail.backwards();
  const seen = head.backwards(Math.min(until, head.length));
  // The first one's last packet among those of the second; else the second one's newest among those of the first; else an earlier one of
  // the first: the last ones were lost to the second.
  const inSecond = longestAgreement(had, seen);
  if (inSecond >= 0) return seen.length - inSecond;
  const inFirst = longestAgreement(seen, had);
  if (inFirst >= 0) return seen.length + inFirst;
  for (let lost = 1; lost <= LOST; lost++) {
    const place = longestAgreement(had.subarray(lost), seen);
    if (place < 0) continue;
    const later = new Set(had.subarray(0, lost));
    let at = seen.length - place;
    while (at < seen.length && later.has(seen[seen.length - 1 - at] as number)) at++;
    return at;
  }
  return seen.length;
}

/** Where in `text` it goes on longest as `pattern` begins, the earliest such place; -1 where it does not at all. */
function longestAgreement(pattern: Int32Array, text: Int32Array): number {
  if (pattern.length === 0 || text.length === 0) return -1;
  const runs = agreements(pattern, text);
  let best = -1;
  for (let k = 0; k < runs.length; k++) {
    if ((runs[k] as number) > (best < 0 ? 0 : (runs[best] as number))) best = k;
  }
  return best;
}

/** For each place of `text`, how long it goes on as `pattern` begins; in linear time (Gusfield's Z algorithm). */
function agreements(pattern: Int32Array, text: Int32Array): Int32Array {
  const own = zValues(pattern);
  const out = new Int32Array(text.length);
  let left = 0;
  let right = 0;
  for (let i = 0; i < text.length; i++) {
    let run = i < right ? Math.min(right - i, own[i - left] as number) : 0;
    while (run < pattern.length && i + run < text.length && pattern[run] === text[i + run]) run++;
    out[i] = run;
    if (i + run > right) {
      left = i;
      right = i + run;
    }
  }
  return out;
}

function zValues(pattern: Int32Array): Int32Array {
  const out = new Int32Array(pattern.length + 1);
  out[0] = pattern.length;
  let left = 0;
  let right = 0;
  for (let i = 1; i < pattern.length; i++) {
    let run = i < right ? Math.min(right - i, out[i - left] as number) : 0;
    while (i + run < pattern.length && pattern[run] === pattern[i + run]) run++;
    out[i] = run;
    if (i + run > right) {
      left = i;
      right = i + run;
    }
  }
  return out;
}
