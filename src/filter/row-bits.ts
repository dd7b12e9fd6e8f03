/** Verdicts on rows as two bitmaps: surely matching, and possibly matching. */

/**
 * Bit `r & 31` of word `(r >>> 5) - (from >>> 5)` is row r's, where `from` is the first row that was scanned. `yes` is a subset of `maybe`;
 * a row in neither does not match; a row in `maybe` alone has to be dissected.
 */
export interface RowBits {
  yes: Uint32Array;
  maybe: Uint32Array;
}

/** Words for the rows [from, to). */
export function wordsFor(from: number, to: number): number {
  return to <= from ? 0 : ((to - 1) >>> 5) - (from >>> 5) + 1;
}

/** Room for verdicts on rows [from, to). */
export function makeRowBits(from: number, to: number): RowBits {
  const words = wordsFor(from, to);
  return { yes: new Uint32Array(words), maybe: new Uint32Array(words) };
}

/** Verdict on a row: true, false, or null where only dissection can tell. */
export function verdict(bits: RowBits, from: number, row: number): boolean | null {
  const word = (row >>> 5) - (from >>> 5);
  const bit = 1 << (row & 31);
  if (((bits.yes[word] as number) & bit) !== 0) return true;
  return ((bits.maybe[word] as number) & bit) !== 0 ? null : false;
}
