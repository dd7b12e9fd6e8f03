/**
 * The column back end: a filter as loops over the index columns. Each test fills two bitmaps over the rows of a chunk (surely, possibly);
 * `and`, `or` and `not` combine them word by word. Where columns do not decide, a row is possible and no more: then dissection decides.
 */
import type { CaptureIndex } from '../dissect/capture-index.ts';
import { markedRows } from '../dissect/marked-rows.ts';
import { CHUNK_MASK, CHUNK_ROWS, CHUNK_SHIFT, type Chunk } from '../table/packet-table.ts';
import {
  addRows,
  clearWords,
  copyWords,
  type Fill,
  fillAll,
  fillOpen,
  matchEach,
  matchIds,
  matchMarked,
  matchRanges,
  matchSmall,
  matchTimes,
  possibleOf,
  presenceOf,
  restricted,
  type Stretch,
  wordEnd,
} from './column-loops.ts';
import { COLUMN_SOURCES, type ColumnSource, columnsOf, INDEX_EXACT_PROTOCOLS, presenceFlag } from './column-sources.ts';
import { compileFull, type Predicate } from './compile-full.ts';
import type { FieldEntry } from './fields.ts';
import type { Operand, Test } from './ir.ts';
import type { Value } from './literal.ts';
import { rangesOf } from './ranges.ts';
import { type RowBits, wordsFor } from './row-bits.ts';
import { type Ranges, type Values, WHOLE } from './scan-kernel.ts';
import { StackClasses } from './stack-classes.ts';

const WORDS = CHUNK_ROWS >>> 5;

export interface ColumnScan {
  /** False if the columns decide every row of every capture. Decided when it is compiled: conservative. */
  readonly undecided: boolean;
  scan(capture: CaptureIndex, from: number, to: number, out: RowBits): void;
}

/** Compiles a checked test. `slots`: the entries that its fields refer to. */
export function compileColumns(test: Test, slots: readonly FieldEntry[]): ColumnScan {
  const compiler = new ColumnCompiler(slots);
  const fill = compiler.fill(test);
  const yes = new Uint32Array(WORDS);
  const maybe = new Uint32Array(WORDS);
  return {
    undecided: compiler.undecided,
    scan(capture, from, to, out) {
      const words = wordsFor(from, to);
      if (out.yes.length < words || out.maybe.length < words) throw new RangeError('Row bits are too short for the rows.');
      const { chunks } = capture.packets;
      const whole = (from & CHUNK_MASK) === 0 && to <= from + CHUNK_ROWS && out.yes.length === WORDS && out.maybe.length === WORDS;
      if (whole && to > from)
        fill({ capture, chunk: chunks[from >>> CHUNK_SHIFT] as Chunk, first: from, from: 0, to: to - from }, out.yes, out.maybe);
      else
        for (let at = from & ~31; at < to; ) {
          const number = at >>> CHUNK_SHIFT;
          const first = number << CHUNK_SHIFT;
          const end = Math.min(to, first + CHUNK_ROWS);
          fill({ capture, chunk: chunks[number] as Chunk, first, from: at - first, to: end - first }, yes, maybe);
          const word = (at - first) >>> 5;
          const count = wordsFor(at, end);
          const base = (at >>> 5) - (from >>> 5);
          for (let i = 0; i < count; i++) {
            out.yes[base + i] = yes[word + i] as number;
            out.maybe[base + i] = maybe[word + i] as number;
          }
          at = end;
        }
      if (words === 0) return;
      // Rows outside [from, to) that share a word with it.
      const low = -1 << (from & 31);
      const high = (to & 31) === 0 ? -1 : (1 << (to & 31)) - 1;
      for (const bits of [out.yes, out.maybe]) {
        bits[0] = (bits[0] as number) & low;
        bits[words - 1] = (bits[words - 1] as number) & high;
      }
    },
  };
}

class ColumnCompiler {
  undecided = false;
  readonly #slots: readonly FieldEntry[];

  constructor(slots: readonly FieldEntry[]) {
    this.#slots = slots;
  }

  fill(test: Test): Fill {
    switch (test.kind) {
      case 'always':
        return fillAll;
      case 'and':
      case 'or':
        return joined(
          test.kind,
          test.items.map((item) => this.fill(item)),
        );
      case 'not': {
        const of = this.fill(test.of);
        return (s, yes, maybe) => {
          of(s, yes, maybe);
          const end = wordEnd(s);
          for (let w = s.from >>> 5; w < end; w++) {
            const sure = yes[w] as number;
            yes[w] = ~(maybe[w] as number);
            maybe[w] = ~sure;
          }
        };
      }
      case 'exists':
        if (test.use.layers === null && test.use.entry.kind === 'protocol') return this.#presence(test.use.entry);
        return this.#leaf(test);
      default:
        return this.#leaf(test);
    }
  }

  #presence(entry: FieldEntry): Fill {
    if (entry.abbrev === 'frame') return fillAll;
    // `ethertype` stands on the stack for frame.protocols and has no layer.
    if (entry.protocols.length === 0 || !INDEX_EXACT_PROTOCOLS.has(entry.abbrev) || entry.abbrev === 'ethertype')
      return this.#unknown([entry]);
    this.undecided = true;
    const classes = new StackClasses([entry]);
    const flag = presenceFlag(entry.abbrev);
    return (s, yes, maybe) => presenceOf(s, classes.of(s.capture), flag, yes, maybe);
  }

  /** A test that columns answer, or else one that leaves all rows open on which one of its fields could occur. */
  #leaf(test: Test): Fill {
    const used = [...usedSlots(test)];
    const entries = used.map((slot) => this.#slots[slot] as FieldEntry);
    const source = used.length === 1 ? COLUMN_SOURCES.get((entries[0] as FieldEntry).abbrev) : undefined;
    const entry = entries[0];
    if (source === undefined || entry === undefined || (entry.category === 'none') !== (source.bare ?? false))
      return this.#unknown(standsAlone(test) ? null : entries);
    const slot = used[0] as number;
    const both = source.columns.length === 2;
    const mode = both ? pairMode(test) : 'any';
    if (mode === null) return this.#unknown(standsAlone(test) ? null : entries);
    if (source.protocol !== '') this.undecided = true;
    const predicate = compileFull(test);
    const holds = (value: Value | null): boolean => predicate(valuesOf(this.#slots.length, slot, value));
    const classes = new StackClasses([entry]);
    if (source.mask !== undefined)
      return maskFill(source, source.mask, classes, holds(source.decode(source.mask)), holds(source.decode(0)));
    switch (source.kind) {
      case 'small':
        return smallFill(source, classes, mode, test, holds);
      case 'address':
        return addressFill(source, classes, mode, predicate, slot, this.#slots.length);
      case 'large':
        return largeFill(source, classes, test, holds);
      case 'row':
        return rowFill(test, holds);
      case 'marked':
        return markedFill(holds(1), holds(0));
      case 'epoch':
      case 'relative':
        return timeFill(source.kind === 'relative', test, holds);
    }
  }

  /** Null: any row may match. */
  #unknown(entries: readonly FieldEntry[] | null): Fill {
    this.undecided = true;
    if (entries === null || entries.some((entry) => entry.protocols.length === 0 || entry.protocols.some((p) => p.name === 'frame'))) {
      return fillOpen;
    }
    const classes = new StackClasses(entries);
    return (s, yes, maybe) => possibleOf(s, classes.of(s.capture), yes, maybe);
  }
}

function joined(kind: 'and' | 'or', items: readonly Fill[]): Fill {
  const otherYes = new Uint32Array(WORDS);
  const otherMaybe = new Uint32Array(WORDS);
  return (s, yes, maybe) => {
    (items[0] as Fill)(s, yes, maybe);
    const from = s.from >>> 5;
    const end = wordEnd(s);
    for (let n = 1; n < items.length; n++) {
      (items[n] as Fill)(s, otherYes, otherMaybe);
      if (kind === 'and') {
        for (let w = from; w < end; w++) {
          yes[w] = (yes[w] as number) & (otherYes[w] as number);
          maybe[w] = (maybe[w] as number) & (otherMaybe[w] as number);
        }
      } else {
        for (let w = from; w < end; w++) {
          yes[w] = (yes[w] as number) | (otherYes[w] as number);
          maybe[w] = (maybe[w] as number) | (otherMaybe[w] as number);
        }
      }
    }
  };
}

function usedSlots(test: Test): Set<number> {
  const slots = new Set<number>();
  const operand = (o: Operand): void => {
    switch (o.kind) {
      case 'field':
        slots.add(o.use.slot);
        break;
      case 'slice':
      case 'minus':
        operand(o.of);
        break;
      case 'call':
        o.args.forEach(operand);
        break;
      case 'arith':
        operand(o.left);
        operand(o.right);
        break;
      case 'const':
        break;
    }
  };
  switch (test.kind) {
    case 'exists':
      slots.add(test.use.slot);
      break;
    case 'truthy':
      operand(test.of);
      break;
    case 'compare':
      operand(test.left);
      operand(test.right);
      break;
    case 'matches':
      operand(test.left);
      break;
    case 'in':
      operand(test.left);
      for (const item of test.items) {
        operand(item.low);
        if (item.high !== null) operand(item.high);
      }
      break;
    default:
      break;
  }
  return slots;
}

/** max and min have a value without their fields if a literal is among the arguments: such a test may hold anywhere. */
function standsAlone(test: Test): boolean {
  const alone = (o: Operand): boolean => {
    switch (o.kind) {
      case 'call':
        return ((o.name === 'max' || o.name === 'min') && o.args.some((arg) => arg.kind === 'const')) || o.args.some(alone);
      case 'slice':
      case 'minus':
        return alone(o.of);
      case 'arith':
        return alone(o.left) || alone(o.right);
      default:
        return false;
    }
  };
  switch (test.kind) {
    case 'truthy':
      return alone(test.of);
    case 'compare':
      return alone(test.left) || alone(test.right);
    case 'matches':
    case 'in':
      return alone(test.left);
    default:
      return false;
  }
}

/**
 * How a test on a field that occurs twice (`tcp.port`) is made of tests on each value: it holds if any does, or if all do. Null if it
 * cannot be taken apart.
 */
function pairMode(test: Test): 'any' | 'all' | null {
  /** One use of the field, and literals. */
  const simple = (o: Operand): boolean =>
    o.kind === 'field'
      ? o.use.layers === null
      : o.kind === 'arith'
        ? (simple(o.left) && o.right.kind === 'const') || (o.left.kind === 'const' && simple(o.right))
        : (o.kind === 'minus' || o.kind === 'slice') && simple(o.of);
  switch (test.kind) {
    case 'exists':
      return 'any';
    case 'truthy':
      return simple(test.of) ? 'any' : null;
    case 'compare':
      // A slice or division that yields nothing for one value and something for the other: left to dissection.
      if (!simple(test.left) || test.right.kind !== 'const') return null;
      return test.mode === 'all' && test.left.kind !== 'field' ? null : test.mode;
    case 'in':
      if (test.left.kind !== 'field' || test.left.use.layers !== null || test.mode === 'all') return null;
      return test.items.every((item) => item.low.kind === 'const' && (item.high === null || item.high.kind === 'const')) ? 'any' : null;
    default:
      return null;
  }
}

/** Values of a packet in which one field has one value. */
function valuesOf(slots: number, slot: number, value: Value | null): { value: Value | null; whole: null; layer: number }[][] {
  const values: { value: Value | null; whole: null; layer: number }[][] = [];
  for (let i = 0; i < slots; i++) values.push([]);
  if (value !== null) values[slot] = [{ value, whole: null, layer: 1 }];
  return values;
}

type Holds = (value: Value | null) => boolean;

/** With more ranges than these a table is asked instead: it takes as long whatever is in it. */
const MOST_RANGES = 16;

/** Which rows' values pass, of one or two columns: fills the words of the stretch. */
type Match = (s: Stretch, columns: readonly [Values, Values?], yes: Uint32Array) => void;

function valueFill(source: ColumnSource, classes: StackClasses, match: Match): Fill {
  const { flag, columns } = source;
  const ofStream = columns[0] === 'stream';
  return (s, yes, maybe) => {
    const values = columnsOf(s.chunk, columns);
    if (flag !== 0) restricted(s, classes.of(s.capture), flag, ofStream, yes, maybe, () => match(s, values, yes));
    else {
      match(s, values, yes);
      copyWords(s, yes, maybe);
    }
  };
}

/** Columns of 16 bits: the test as ranges of values, or else as a table of all of them. */
function smallFill(source: ColumnSource, classes: StackClasses, mode: 'any' | 'all', test: Test, holds: Holds): Fill {
  const ranges = rangesOf(test);
  if (ranges !== null && ranges.length <= MOST_RANGES)
    return valueFill(source, classes, (s, columns, yes) => matchRanges(s, columns, WHOLE, ranges, mode, yes));
  let table: Uint8Array | null = null;
  return valueFill(source, classes, (s, columns, yes) => {
    table ??= smallTable(ranges, holds);
    matchSmall(s, columns as [Uint16Array<ArrayBuffer>], table, mode, yes);
  });
}

/** For each value of 16 bits 1 if it lies in one of the ranges, or else if the test itself holds. */
function smallTable(ranges: Ranges | null, holds: Holds): Uint8Array {
  const table = new Uint8Array(65_536);
  if (ranges === null) for (let value = 0; value < table.length; value++) table[value] = holds(value) ? 1 : 0;
  else for (const [low, high] of ranges) if (high >= 0) table.fill(1, Math.max(0, low), high + 1);
  return table;
}

/** Addresses: the test is asked once per different address. */
function addressFill(
  source: ColumnSource,
  classes: StackClasses,
  mode: 'any' | 'all',
  predicate: Predicate,
  slot: number,
  slots: number,
): Fill {
  /** For matchIds, and the same as ranges; `done`: addresses that the test was asked of. */
  let table = new Uint8Array(1);
  let ranges: [number, number][] = [];
  let done = 0;
  let of: CaptureIndex | null = null;
  const family = source.protocol === 'ip' ? 4 : 6;
  const values = valuesOf(slots, slot, 0);
  const one = (values[slot] as { value: Value | null }[])[0] as { value: Value | null };
  const update = (capture: CaptureIndex): void => {
    const { addresses } = capture;
    if (of !== capture) {
      of = capture;
      table = new Uint8Array(1);
      ranges = [];
      done = 0;
    }
    if (table.length <= addresses.size) {
      const wider = new Uint8Array(Math.max(addresses.size + 1, 2 * table.length));
      wider.set(table);
      table = wider;
    }
    for (; done < addresses.size; done++) {
      if (addresses.family(done) !== family) continue;
      const bytes = addresses.bytes(done);
      one.value =
        family === 4
          ? (((bytes[0] as number) << 24) | ((bytes[1] as number) << 16) | ((bytes[2] as number) << 8) | (bytes[3] as number)) >>> 0
          : bytes;
      if (!predicate(values)) continue;
      table[1 + done] = 1;
      const last = ranges.at(-1);
      if (last?.[1] === done - 1) last[1] = done;
      else ranges.push([done, done]);
    }
  };
  return valueFill(source, classes, (s, columns, yes) => {
    update(s.capture);
    if (ranges.length <= MOST_RANGES) matchRanges(s, columns, WHOLE, ranges, mode, yes);
    else matchIds(s, columns as [Uint32Array], table, mode, yes);
  });
}

/** Fields that say whether a column has one of some bits. `there`, `missing`: whether the test holds where it does and where not. */
function maskFill(source: ColumnSource, bits: number, classes: StackClasses, there: boolean, missing: boolean): Fill {
  const ranges: Ranges = [...(missing ? [[0, 0] as const] : []), ...(there ? [[1, Number.POSITIVE_INFINITY] as const] : [])];
  return valueFill(source, classes, (s, columns, yes) => matchRanges(s, columns, bits, ranges, 'any', yes));
}

/** The test itself, once for each different value. */
function asker(holds: Holds, decode: ColumnSource['decode']): (value: number) => boolean {
  const seen = new Map<number, boolean>();
  return (value) => {
    let result = seen.get(value);
    if (result === undefined) {
      if (seen.size > 100_000) seen.clear();
      result = holds(decode(value));
      seen.set(value, result);
    }
    return result;
  };
}

/** Columns of 32 bits: ranges of values where the test is some, else the test itself. */
function largeFill(source: ColumnSource, classes: StackClasses, test: Test, holds: Holds): Fill {
  const ranges = source.bare === true ? null : rangesOf(test);
  if (ranges === null) {
    const ask = asker(holds, source.decode);
    return valueFill(source, classes, (s, [column], yes) => matchEach(s, column, ask, yes));
  }
  const ofStream = source.columns[0] === 'stream';
  return valueFill(source, classes, (s, columns, yes) => {
    const { summary } = s.chunk;
    if (ofStream && summary !== null && ranges.every(([low, high]) => high < summary.lowStream || low > summary.highStream))
      clearWords(s, yes);
    else matchRanges(s, columns, WHOLE, ranges, 'any', yes);
  });
}

/** Row numbers. */
function rowFill(test: Test, holds: Holds): Fill {
  const ranges = rangesOf(test);
  const ask = (row: number): boolean => holds(1 + row);
  return (s, yes, maybe) => {
    clearWords(s, yes);
    if (ranges === null) matchEach(s, null, ask, yes);
    else for (const [low, high] of ranges) addRows(s, low - 1, high - 1, yes);
    copyWords(s, yes, maybe);
  };
}

/** Packets that are marked. `marked`, `others`: whether the test holds for these and for the others. */
function markedFill(marked: boolean, others: boolean): Fill {
  return (s, yes, maybe) => {
    matchMarked(s, s.capture.state(markedRows).rows, marked, others, yes);
    copyWords(s, yes, maybe);
  };
}

/** Times: ranges of nanoseconds, compared as seconds and nanoseconds. */
function timeFill(relative: boolean, test: Test, holds: Holds): Fill {
  const ranges = rangesOf(test, true);
  return (s, yes, maybe) => {
    const { sec, nsec } = s.chunk;
    const zero = relative ? startOf(s.capture) : 0n;
    if (ranges === null) {
      matchEach(
        s,
        null,
        (row) => {
          const i = row - s.first;
          return holds(BigInt(sec[i] as number) * 1_000_000_000n + BigInt(nsec[i] as number) - zero);
        },
        yes,
      );
    } else {
      clearWords(s, yes);
      for (const [low, high] of ranges) matchTimes(s, split(BigInt(low) + zero), split(BigInt(high) + zero), yes);
    }
    copyWords(s, yes, maybe);
  };
}

function startOf(capture: CaptureIndex): bigint {
  const chunk = capture.packets.chunks[0];
  return chunk === undefined ? 0n : BigInt(chunk.sec[0] as number) * 1_000_000_000n + BigInt(chunk.nsec[0] as number);
}

function split(time: bigint): [number, number] {
  let sec = time / 1_000_000_000n;
  let nsec = time % 1_000_000_000n;
  if (nsec < 0n) {
    nsec += 1_000_000_000n;
    sec -= 1n;
  }
  return [Number(sec), Number(nsec)];
}
