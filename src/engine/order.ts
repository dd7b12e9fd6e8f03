/**
 * Sorting many things by one key each, in slices: numbers by their digits (least significant first), texts by merging runs. Both are
 * stable, and equal things keep their order in either direction. What has no key (NaN, '') comes last in either direction.
 */
import type { Turns } from './turns.ts';

/** Things between two looks at the clock. */
const STEP = 16_384;
/** Bits of a digit. */
const DIGIT = 16;
const DIGITS = 1 << DIGIT;
/** Texts that are sorted at once, before runs are merged. */
const RUN = 2048;

/** Tells whether the work has become pointless. */
export type Stopped = () => boolean;

/**
 * Numbers of the things, 0 to keys.length - 1, in ascending or descending order of their keys; null if it was stopped.
 * @param keys one of each thing
 */
export async function orderOfNumbers(
  keys: Float64Array,
  descending: boolean,
  turns: Turns,
  stopped: Stopped = () => false,
): Promise<Uint32Array | null> {
  const n = keys.length;
  const low = new Uint32Array(n);
  const high = new Uint32Array(n);
  const counts = Array.from({ length: 4 }, () => new Uint32Array(DIGITS));
  const one = new DataView(new ArrayBuffer(8));
  for (let k = 0; k < n; k++) {
    const key = keys[k] as number;
    // The bits of a double, those of negative ones turned, sort as whole numbers do. -0 is 0.
    one.setFloat64(0, key + 0);
    let h = one.getUint32(0);
    let l = one.getUint32(4);
    const negative = h >>> 31 === 1;
    h = negative ? ~h >>> 0 : (h | 0x80000000) >>> 0;
    if (negative) l = ~l >>> 0;
    if (descending) {
      h = ~h >>> 0;
      l = ~l >>> 0;
    }
    if (Number.isNaN(key)) {
      h = 0xffffffff;
      l = 0xffffffff;
    }
    high[k] = h;
    low[k] = l;
    for (let d = 0; d < 4; d++) {
      const digit = ((d < 2 ? l : h) >>> (DIGIT * (d & 1))) & (DIGITS - 1);
      const count = counts[d] as Uint32Array;
      count[digit] = (count[digit] as number) + 1;
    }
    if (k % STEP === STEP - 1 && turns.due) {
      await turns.pause();
      if (stopped()) return null;
    }
  }
  let order = new Uint32Array(n);
  for (let k = 0; k < n; k++) order[k] = k;
  let other = new Uint32Array(n);
  for (let d = 0; d < 4; d++) {
    const count = counts[d] as Uint32Array;
    if (n === 0 || count.includes(n)) continue;
    let sum = 0;
    for (let digit = 0; digit < DIGITS; digit++) {
      const here = count[digit] as number;
      count[digit] = sum;
      sum += here;
    }
    const words = d < 2 ? low : high;
    const shift = DIGIT * (d & 1);
    for (let k = 0; k < n; k++) {
      const thing = order[k] as number;
      const digit = ((words[thing] as number) >>> shift) & (DIGITS - 1);
      const place = count[digit] as number;
      count[digit] = place + 1;
      other[place] = thing;
      if (k % STEP === STEP - 1 && turns.due) {
        await turns.pause();
        if (stopped()) return null;
      }
    }
    [order, other] = [other, order];
  }
  return order;
}

/** As `orderOfNumbers`, by texts. They compare by their UTF-16 units. */
export async function orderOfTexts(
  keys: readonly string[],
  descending: boolean,
  turns: Turns,
  stopped: Stopped = () => false,
): Promise<Uint32Array | null> {
  const n = keys.length;
  const compare = (x: number, y: number): number => {
    const a = keys[x] as string;
    const b = keys[y] as string;
    if (a === b) return 0;
    if (a === '') return 1;
    if (b === '') return -1;
    return a < b === descending ? 1 : -1;
  };
  let order = new Uint32Array(n);
  for (let k = 0; k < n; k++) order[k] = k;
  let other = new Uint32Array(n);
  for (let from = 0; from < n; from += RUN) {
    order.subarray(from, from + RUN).sort((x, y) => compare(x, y) || x - y);
    if (turns.due) {
      await turns.pause();
      if (stopped()) return null;
    }
  }
  for (let width = RUN; width < n; width *= 2) {
    for (let from = 0; from < n; from += 2 * width) {
      const middle = Math.min(n, from + width);
      const end = Math.min(n, from + 2 * width);
      let a = from;
      let b = middle;
      for (let k = from; k < end; k++) {
        const left = a < middle && (b >= end || compare(order[a] as number, order[b] as number) <= 0);
        other[k] = order[left ? a++ : b++] as number;
        if (k % STEP === STEP - 1 && turns.due) {
          await turns.pause();
          if (stopped()) return null;
        }
      }
    }
    [order, other] = [other, order];
  }
  return order;
}
