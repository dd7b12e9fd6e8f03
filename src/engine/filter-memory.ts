/**
 * What filters have found out about rows so far: for each term of a filter (what `and` joins at its top) two bitmaps, surely matching and
 * possibly matching. Columns fill them; a dissection makes one row's verdict sure. So a filter that is refined, or shares a term with one
 * before, asks only what is new; and a filter that comes back is there at once. What dissections read of a field is remembered too, for other tests of the same field.
 */
import type { Dissection } from '../dissect/dissection.ts';
import { markedRows } from '../dissect/marked-rows.ts';
import { type CompiledFilter, compileFilter, makeRowBits, type RowBits } from '../filter/index.ts';
import { BLOCK_ROWS, BLOCK_SHIFT, BLOCK_WORDS } from '../table/row-set.ts';
import type { Capture } from './capture.ts';
import { FieldValues } from './field-values.ts';

/** Bytes of bitmaps and of values kept of terms that no present filter has. */
const MOST_BYTES = 64 * 1024 * 1024;
const BLOCK_BYTES = 2 * 4 * BLOCK_WORDS;

/** What is known of one term. */
export class Learned {
  readonly filter: CompiledFilter;
  /** By block of rows. */
  readonly blocks: RowBits[] = [];
  readonly #capture: Capture;
  /** Rows that were scanned, from the first on. */
  #scanned = 0;
  /** Packets that the capture had when a row was first dissected, -1 before. */
  #dissectedAt = -1;
  /** Changes of the marks when it began. */
  readonly #marks: number;
  /** What is known of the field, where there is only one; kept by the memory alone, which may forget it. */
  readonly #values: () => FieldValues | null;

  constructor(capture: Capture, filter: CompiledFilter, values: () => FieldValues | null) {
    this.#capture = capture;
    this.filter = filter;
    this.#values = values;
    this.#marks = capture.state(markedRows).changes;
  }

  get bytes(): number {
    return this.blocks.length * BLOCK_BYTES;
  }

  /** Some fields tell of later packets (`http.response_in`): what dissection said of a smaller capture may be outdated. So is what marks decided once others are set. */
  get outdated(): boolean {
    if (this.filter.asksMarks && this.#marks !== this.#capture.state(markedRows).changes) return true;
    return this.#dissectedAt >= 0 && this.#dissectedAt !== this.#capture.packets.length;
  }

  /** The verdicts on a block of rows, complete up to row `to`, which lies in it. Earlier blocks were asked for before. */
  block(number: number, to: number): RowBits {
    const first = number << BLOCK_SHIFT;
    let bits = this.blocks[number];
    if (bits === undefined) {
      bits = makeRowBits(first, first + BLOCK_ROWS);
      this.blocks[number] = bits;
    }
    const from = Math.max(first, this.#scanned);
    if (from >= to) return bits;
    if (from === first) this.filter.scan(this.#capture, first, to, bits);
    else {
      // The word at which the last scan ended has verdicts already, some of them by dissection.
      const start = from - (from % 32);
      const more = makeRowBits(start, to);
      this.filter.scan(this.#capture, start, to, more);
      const at = (start - first) >>> 5;
      const kept = (1 << (from & 31)) - 1;
      for (let w = 0; w < more.yes.length; w++) {
        const old = w === 0 ? kept : 0;
        bits.yes[at + w] = ((bits.yes[at + w] as number) & old) | ((more.yes[w] as number) & ~old);
        bits.maybe[at + w] = ((bits.maybe[at + w] as number) & old) | ((more.maybe[w] as number) & ~old);
      }
    }
    this.#scanned = to;
    this.#recall(number, bits, from, to);
    return bits;
  }

  /** Takes what is known of the field's values in the rows [from, to), which were just scanned. */
  #recall(number: number, bits: RowBits, from: number, to: number): void {
    const { single } = this.filter;
    const judge = single === null ? null : (this.#values()?.judge(number, single) ?? null);
    if (judge === null) return;
    if (this.#dissectedAt < 0) this.#dissectedAt = this.#capture.packets.length;
    const first = number << BLOCK_SHIFT;
    for (let w = (from - first) >>> 5; w <= (to - 1 - first) >>> 5; w++) {
      for (let open = (bits.maybe[w] as number) & ~(bits.yes[w] as number); open !== 0; open &= open - 1) {
        const bit = open & -open;
        const known = judge(32 * w + (31 - Math.clz32(bit)));
        if (known === true) bits.yes[w] = (bits.yes[w] as number) | bit;
        else if (known === false) bits.maybe[w] = (bits.maybe[w] as number) & ~bit;
      }
    }
  }

  /** Asks the dissection of a row, and remembers the answer. `word` and `bit`: where the row's verdict is in its block. */
  ask(d: Dissection, block: number, word: number, bit: number): boolean {
    const { yes, maybe } = this.blocks[block] as RowBits;
    if (((yes[word] as number) & bit) !== 0) return true;
    if (((maybe[word] as number) & bit) === 0) return false;
    if (this.#dissectedAt < 0) this.#dissectedAt = this.#capture.packets.length;
    const matches = this.#matches(d, block, 32 * word + (31 - Math.clz32(bit)));
    if (matches) yes[word] = (yes[word] as number) | bit;
    else maybe[word] = (maybe[word] as number) & ~bit;
    return matches;
  }

  #matches(d: Dissection, block: number, at: number): boolean {
    const { single } = this.filter;
    if (single === null) return this.filter.matches(d);
    const values = single.values(d);
    this.#values()?.note(block, at, values);
    return single.holds(values);
  }
}

/** The terms of the last filters of one capture. */
export class FilterMemory {
  readonly #capture: Capture;
  readonly #most: number;
  /** By text, the one used longest ago first. */
  readonly #terms = new Map<string, Learned>();
  /** By field, the one used longest ago first. */
  readonly #values = new Map<string, FieldValues>();

  constructor(capture: Capture, mostBytes = MOST_BYTES) {
    this.#capture = capture;
    this.#most = mostBytes;
  }

  /** Bytes of bitmaps and of values. */
  get bytes(): number {
    let sum = 0;
    for (const term of this.#terms.values()) sum += term.bytes;
    for (const values of this.#values.values()) sum += values.bytes;
    return sum;
  }

  #valuesOf({ single, needsDissection }: CompiledFilter): FieldValues | null {
    if (single === null || !needsDissection) return null;
    let values = this.#values.get(single.name);
    if (values === undefined) {
      values = new FieldValues(this.#capture);
      this.#values.set(single.name, values);
    }
    return values;
  }

  /** What is known of each term of a filter. A row matches if it matches them all. */
  termsOf(filter: CompiledFilter): Learned[] {
    const learned = partsOf(filter).map((part) => {
      let term = this.#terms.get(part.text);
      if (term === undefined || term.outdated) term = new Learned(this.#capture, part, () => this.#valuesOf(part));
      this.#terms.delete(part.text);
      this.#terms.set(part.text, term);
      const values = part.single === null ? undefined : this.#values.get(part.single.name);
      if (part.single !== null && values !== undefined) {
        this.#values.delete(part.single.name);
        this.#values.set(part.single.name, values);
      }
      return term;
    });
    let sum = this.bytes;
    for (const [name, values] of this.#values) {
      if (sum <= this.#most) break;
      if (learned.some(({ filter }) => filter.single?.name === name)) continue;
      this.#values.delete(name);
      sum -= values.bytes;
    }
    for (const [text, term] of this.#terms) {
      if (sum <= this.#most) break;
      if (learned.includes(term)) continue;
      this.#terms.delete(text);
      sum -= term.bytes;
    }
    return learned;
  }
}

/** The terms of a filter as filters of their own; the filter itself if it has one only. */
function partsOf(filter: CompiledFilter): CompiledFilter[] {
  if (filter.terms.length < 2) return [filter];
  const parts: CompiledFilter[] = [];
  for (const { text } of filter.terms) {
    const compiled = compileFilter(text);
    if (!compiled.ok) return [filter];
    parts.push(compiled.filter);
  }
  return parts;
}
