/**
 * The loops of the column back end. A test is answered in two steps: which rows' values pass it, read from the columns that hold the value
 * alone; and which rows have the value at all, by their stack and flags. Where a chunk's summary says that all its rows have it, or none,
 * the second step is one decision, and for `none` the first is left out.
 *
 * No loop has a branch that depends on a row where that can be helped: what packets are is hard to foresee.
 */
import type { CaptureIndex } from '../dissect/capture-index.ts';
import { NO_STREAM } from '../table/chunk-summary.ts';
import { CHUNK_ROWS, type Chunk, type ChunkSummary, NONE, RowFlag } from '../table/packet-table.ts';
import { byTable, inRanges, type Ranges, type Values, WHOLE } from './scan-kernel.ts';
import { ANY_SHIFT, HAS, HAS_SHIFT, OPEN, OPEN_SHIFT, SURE_SHIFT } from './stack-classes.ts';

/** The rows of a chunk that are looked at: [from, to), `from` a multiple of 32. */
export interface Stretch {
  readonly capture: CaptureIndex;
  readonly chunk: Chunk;
  /** Row number of the chunk's first row. */
  readonly first: number;
  readonly from: number;
  readonly to: number;
}

/** Fills the words of a stretch in two bitmaps over the rows of its chunk: surely matching, possibly matching. */
export type Fill = (s: Stretch, yes: Uint32Array, maybe: Uint32Array) => void;

export function wordEnd(s: Stretch): number {
  return (s.to + 31) >>> 5;
}

export const fillAll: Fill = (s, yes, maybe) => {
  yes.fill(-1, s.from >>> 5, wordEnd(s));
  maybe.fill(-1, s.from >>> 5, wordEnd(s));
};

/** Dissection has to tell, of all rows. */
export const fillOpen: Fill = (s, yes, maybe) => {
  yes.fill(0, s.from >>> 5, wordEnd(s));
  maybe.fill(-1, s.from >>> 5, wordEnd(s));
};

export function clearWords(s: Stretch, words: Uint32Array): void {
  words.fill(0, s.from >>> 5, wordEnd(s));
}

export function copyWords(s: Stretch, from: Uint32Array, to: Uint32Array): void {
  for (let w = s.from >>> 5, end = wordEnd(s); w < end; w++) to[w] = from[w] as number;
}

/* ------------------------------------------------------------ which rows have the value */

/** Of rows of one stack: they lack the field, they have it in the columns, dissection has to tell. */
const LACKS = 0;
const KNOWN = 1;
const ASKED = 2;
/** Of a chunk: its rows differ by stack as `byNode` says; or within one stack. */
const BY_STACK = 3;
const BY_ROW = 4;

/** By stack node: KNOWN, ASKED or neither, as bits 0 and 1. */
const byNode = new Uint8Array(0x10000);

/** Bitmaps over the rows of a chunk, for what is put together. */
const [one, two, three, other] = [0, 1, 2, 3].map(() => new Uint32Array(CHUNK_ROWS >>> 5)) as [
  Uint32Array,
  Uint32Array,
  Uint32Array,
  Uint32Array,
];

/** How the rows of a chunk stand to a field that rows with `flag` have; LACKS to BY_ROW. */
function standing(summary: ChunkSummary | null, cls: Uint8Array, flag: number, ofStream: boolean): number {
  if (summary === null) return BY_ROW;
  const { stacks, any, all } = summary;
  const spoilt = RowFlag.Several | (ofStream ? NO_STREAM : 0);
  let seen = 0;
  for (let k = 0; k < stacks.length; k++) {
    const c = cls[stacks[k] as number] as number;
    const [some, each] = [any[k] as number, all[k] as number];
    let here: number;
    if (c === 0) here = LACKS;
    else if (((c >>> SURE_SHIFT) & 1) !== 0 && (each & flag) === flag && (some & spoilt) === 0) here = KNOWN;
    else if (((c >>> SURE_SHIFT) & 1) === 0 || (some & flag) !== flag || (each & RowFlag.Several) !== 0) here = ASKED;
    else return BY_ROW;
    byNode[stacks[k] as number] = here;
    seen |= 1 << here;
  }
  return seen === 1 << LACKS ? LACKS : seen === 1 << KNOWN ? KNOWN : seen === 1 << ASKED ? ASKED : BY_STACK;
}

/** Runs `match`, which fills `yes` by values alone, where needed, and keeps what it says of the rows that have the value. */
export function restricted(
  s: Stretch,
  cls: Uint8Array,
  flag: number,
  ofStream: boolean,
  yes: Uint32Array,
  maybe: Uint32Array,
  match: () => void,
): void {
  const how = standing(s.chunk.summary, cls, flag, ofStream);
  if (how === LACKS) {
    clearWords(s, yes);
    clearWords(s, maybe);
  } else if (how === ASKED) fillOpen(s, yes, maybe);
  else {
    match();
    if (how === KNOWN) copyWords(s, yes, maybe);
    else if (how === BY_STACK) keepByStack(s, yes, maybe);
    else keepByRow(s, cls, flag, ofStream, yes, maybe);
  }
}

function keepByStack(s: Stretch, yes: Uint32Array, maybe: Uint32Array): void {
  const end = wordEnd(s);
  byTable(s.chunk.stack, s.from, end << 5, byNode, [0, one], [1, two]);
  for (let w = s.from >>> 5; w < end; w++) {
    const sure = (yes[w] as number) & (one[w] as number);
    yes[w] = sure;
    maybe[w] = sure | (two[w] as number);
  }
}

function keepByRow(s: Stretch, cls: Uint8Array, flag: number, ofStream: boolean, yes: Uint32Array, maybe: Uint32Array): void {
  const { stack, flags, stream } = s.chunk;
  const end = wordEnd(s);
  byTable(stack, s.from, end << 5, cls, [SURE_SHIFT, one], [ANY_SHIFT, two]);
  inRanges([flags], s.from, end << 5, flag | RowFlag.Several, [[flag, flag]], three);
  if (ofStream) inRanges([stream], s.from, end << 5, WHOLE, [[0, NONE - 1]], other);
  else other.fill(-1, s.from >>> 5, end);
  for (let w = s.from >>> 5; w < end; w++) {
    const has = (one[w] as number) & (three[w] as number) & (other[w] as number);
    const sure = (yes[w] as number) & has;
    yes[w] = sure;
    maybe[w] = sure | ((two[w] as number) & ~has);
  }
}

/** Rows on which a field of some protocol could occur: for dissection to tell. */
export function possibleOf(s: Stretch, cls: Uint8Array, yes: Uint32Array, maybe: Uint32Array): void {
  const { summary, stack } = s.chunk;
  clearWords(s, yes);
  if (summary !== null) {
    let some = false;
    let each = true;
    for (const node of summary.stacks) {
      if (cls[node] === 0) each = false;
      else some = true;
    }
    if (!some || each) {
      maybe.fill(some ? -1 : 0, s.from >>> 5, wordEnd(s));
      return;
    }
  }
  byTable(stack, s.from, wordEnd(s) << 5, cls, [ANY_SHIFT, maybe]);
}

/** Rows that have a protocol. `flag`: the row flag that proves it with its whole header, 0 where the stack alone does. */
export function presenceOf(s: Stretch, cls: Uint8Array, flag: number, yes: Uint32Array, maybe: Uint32Array): void {
  const { stack, flags, summary } = s.chunk;
  const bad = RowFlag.Short | RowFlag.Malformed;
  if (summary !== null) {
    let none = true;
    let sure = true;
    for (let k = 0; k < summary.stacks.length; k++) {
      const c = cls[summary.stacks[k] as number] as number;
      if (c !== 0) none = false;
      const whole = flag === 0 ? (c & OPEN) === 0 && ((summary.any[k] as number) & bad) === 0 : ((summary.all[k] as number) & flag) !== 0;
      if ((c & HAS) === 0 || !whole) sure = false;
    }
    if (none || sure) {
      yes.fill(sure ? -1 : 0, s.from >>> 5, wordEnd(s));
      copyWords(s, yes, maybe);
      return;
    }
  }
  // A protocol that the index knows less of may take a packet over, so that the one below shows nothing of its own.
  const end = wordEnd(s);
  byTable(stack, s.from, end << 5, cls, [HAS_SHIFT, one], [OPEN_SHIFT, two]);
  byTable(stack, s.from, end << 5, cls, [ANY_SHIFT, maybe]);
  if (flag === 0) inRanges([flags], s.from, end << 5, bad, [[0, 0]], three);
  else {
    inRanges([flags], s.from, end << 5, flag, [[flag, flag]], three);
    two.fill(0, s.from >>> 5, end);
  }
  for (let w = s.from >>> 5; w < end; w++) yes[w] = (one[w] as number) & ~(two[w] as number) & (three[w] as number);
}

/*
 * ------------------------------------------------------------ which rows' values pass
 * These make whole words, whatever row the stretch ends with: columns are as long as a chunk can be, and the scan takes away the bits of rows
 * behind the stretch.
 */

/** Puts together what two columns say, where `mode` says whether both have to pass. */
function join(s: Stretch, mode: 'any' | 'all', second: Uint32Array, yes: Uint32Array): void {
  const end = wordEnd(s);
  if (mode === 'all') for (let w = s.from >>> 5; w < end; w++) yes[w] = (yes[w] as number) & (second[w] as number);
  else for (let w = s.from >>> 5; w < end; w++) yes[w] = (yes[w] as number) | (second[w] as number);
}

/** Values of one or two columns, of the bits in `mask`, that lie in one of the ranges. */
export function matchRanges(
  s: Stretch,
  columns: readonly [Values, Values?],
  mask: number,
  ranges: Ranges,
  mode: 'any' | 'all',
  yes: Uint32Array,
): void {
  const [a, b] = columns;
  const end = wordEnd(s) << 5;
  inRanges(mode === 'any' ? columns : [a], s.from, end, mask, ranges, yes);
  if (b === undefined || mode === 'any') return;
  inRanges([b], s.from, end, mask, ranges, other);
  join(s, mode, other, yes);
}

/** Columns of 16 bits: `table` has 1 for each value that passes, else 0. */
export function matchSmall(
  s: Stretch,
  [a, b]: readonly [Uint16Array<ArrayBuffer>, Uint16Array<ArrayBuffer>?],
  table: Uint8Array,
  mode: 'any' | 'all',
  yes: Uint32Array,
): void {
  const end = wordEnd(s) << 5;
  byTable(a, s.from, end, table, [0, yes]);
  if (b === undefined) return;
  byTable(b, s.from, end, table, [0, other]);
  join(s, mode, other, yes);
}

/** Of four rows from `i` on, as bits 0 to 3: what `table` has for their numbers. */
function four(column: Uint32Array, table: Uint8Array, i: number): number {
  return (
    (table[((column[i] as number) + 1) | 0] as number) |
    ((table[((column[i + 1] as number) + 1) | 0] as number) << 1) |
    ((table[((column[i + 2] as number) + 1) | 0] as number) << 2) |
    ((table[((column[i + 3] as number) + 1) | 0] as number) << 3)
  );
}

/** Numbers of a table such as that of addresses, which may be long: `table` has 0 for NONE, then for each number 1 if it passes, else 0. */
export function matchIds(
  s: Stretch,
  [a, b]: readonly [Uint32Array, Uint32Array?],
  table: Uint8Array,
  mode: 'any' | 'all',
  yes: Uint32Array,
): void {
  const all = mode === 'all';
  for (let w = s.from >>> 5, i = s.from; i < s.to; w++) {
    let sure = 0;
    // Four rows a turn take half the time of one a turn.
    for (let bit = 0; bit < 32; bit += 4, i += 4) {
      let passing = four(a, table, i);
      if (b !== undefined) passing = all ? passing & four(b, table, i) : passing | four(b, table, i);
      sure |= passing << bit;
    }
    yes[w] = sure;
  }
}

/** Rows of a sorted list, and those that are not in it. */
export function matchMarked(s: Stretch, rows: readonly number[], listed: boolean, others: boolean, yes: Uint32Array): void {
  yes.fill(others ? -1 : 0, s.from >>> 5, wordEnd(s));
  if (listed === others) return;
  for (const row of rows) {
    const i = row - s.first;
    if (i >= s.to) return;
    if (i >= s.from) yes[i >>> 5] = (yes[i >>> 5] as number) ^ (1 << (i & 31));
  }
}

/** Adds the rows whose numbers lie between two, both in it. */
export function addRows(s: Stretch, from: number, to: number, yes: Uint32Array): void {
  const low = Math.max(s.from, from - s.first);
  const high = Math.min(s.to - 1, to - s.first);
  for (let i = low; i <= high; ) {
    const word = i >>> 5;
    const last = Math.min(high, (word << 5) + 31);
    yes[word] = (yes[word] as number) | ((-1 << (i & 31)) & (-1 >>> (31 - (last & 31))));
    i = last + 1;
  }
}

/** Asks for each row: of its value in the column, or of its number where `column` is null. */
export function matchEach(
  s: Stretch,
  column: Uint16Array | Uint32Array | null,
  passes: (value: number) => boolean,
  yes: Uint32Array,
): void {
  for (let w = s.from >>> 5, i = s.from; i < s.to; w++) {
    let sure = 0;
    const stop = Math.min(i + 32, s.to);
    for (let bit = 1; i < stop; i++, bit <<= 1) if (passes(column === null ? s.first + i : (column[i] as number))) sure |= bit;
    yes[w] = sure;
  }
}

/** Adds the rows whose time lies between two, each as seconds and nanoseconds, both ends in it. */
export function matchTimes(
  s: Stretch,
  [lowSec, lowNsec]: readonly [number, number],
  [highSec, highNsec]: readonly [number, number],
  yes: Uint32Array,
): void {
  const { sec, nsec, summary } = s.chunk;
  if (summary !== null) {
    if (summary.lastSec < lowSec || summary.firstSec > highSec) return;
    if (summary.firstSec > lowSec && summary.lastSec < highSec) {
      yes.fill(-1, s.from >>> 5, wordEnd(s));
      return;
    }
  }
  for (let w = s.from >>> 5, i = s.from; i < s.to; w++) {
    let sure = 0;
    const stop = Math.min(i + 32, s.to);
    for (let bit = 1; i < stop; i++, bit <<= 1) {
      const t = sec[i] as number;
      const n = nsec[i] as number;
      if ((t > lowSec || (t === lowSec && n >= lowNsec)) && (t < highSec || (t === highSec && n <= highNsec))) sure |= bit;
    }
    yes[w] = (yes[w] as number) | sure;
  }
}
