/**
 * Regular expressions in time linear in the text: a Thompson automaton whose sets of states become the states of a deterministic one
 * as the text asks for them. Where each byte asks for another one, the sets themselves are gone through. Nothing backtracks: a byte costs at most as many
 * steps as the automaton has states, which are bounded when it is built.
 */
import { MAX_REGEX_STATES } from './limits.ts';
import { type Assertion, isWordByte, parseRegex, RegexFault, type RegexNode } from './regex-parse.ts';

export { RegexFault } from './regex-parse.ts';

/** Kinds of what comes next, for assertions. */
const NEXT_WORD = 0;
const NEXT_NEWLINE = 1;
const NEXT_OTHER = 2;
const NEXT_END = 3;
/** A newline that is the last byte of the text. */
const NEXT_LAST_NEWLINE = 4;

/** Kinds of what came before. */
const START = 0;
const WORD = 1;
const NEWLINE = 2;
const OTHER = 3;

const UNKNOWN = -1;
const MATCH = -2;
const FAIL = -3;

/** Deterministic states kept at once; beyond, they are forgotten and made again. */
const MAX_CACHED = 500;
/** A deterministic state costs as much as going through the sets for so many bytes: it is worth making where it serves for more. */
const WORTH_BYTES = 10;

type Instruction =
  | { readonly op: 'set'; readonly set: Uint8Array }
  | { op: 'split'; a: number; b: number }
  | { op: 'jump'; to: number }
  | { readonly op: 'assert'; readonly assertion: Assertion }
  | { readonly op: 'match' };

/** Instructions as numbers, for #goThrough. */
const OPS = { set: 0, split: 1, jump: 2, assert: 3, match: 4 } as const;

/** A program in arrays: operations, where they lead, and the sets one after the other, 256 bytes each. */
interface Plain {
  readonly ops: Uint8Array;
  readonly a: Int32Array;
  readonly b: Int32Array;
  readonly sets: Uint8Array;
  readonly stack: Int32Array;
  readonly lists: readonly [Int32Array, Int32Array];
}

function plainOf(program: readonly Instruction[]): Plain {
  const length = program.length;
  const numbers = new Map<Uint8Array, number>();
  for (const each of program) if (each.op === 'set' && !numbers.has(each.set)) numbers.set(each.set, numbers.size);
  const sets = new Uint8Array(256 * numbers.size);
  for (const [set, number] of numbers) sets.set(set, 256 * number);
  const ops = Uint8Array.from(program, ({ op }) => OPS[op]);
  const a = Int32Array.from(program, (each) =>
    each.op === 'set' ? 256 * (numbers.get(each.set) as number) : each.op === 'split' ? each.a : each.op === 'jump' ? each.to : 0,
  );
  const b = Int32Array.from(program, (each) => (each.op === 'split' ? each.b : 0));
  return { ops, a, b, sets, stack: new Int32Array(3 * length + 1), lists: [new Int32Array(length), new Int32Array(length)] };
}

interface State {
  /** Instructions to go on from, in rising order. */
  readonly core: readonly number[];
  readonly before: number;
  /** By byte class, then NEXT_END, then NEXT_LAST_NEWLINE. */
  readonly next: Int32Array;
}

export class Regex {
  readonly #program: Instruction[] = [];
  #steps = 0;
  /** Class of each byte: bytes that no instruction tells apart share one. */
  readonly #classes = new Uint8Array(256);
  /** A byte of each class. */
  readonly #samples: number[] = [];
  readonly #asserts: boolean;
  #states: State[] = [];
  #byKey = new Map<string, number>();
  readonly #seen: Uint32Array;
  #stamp = 0;
  readonly #mostStates: number;
  /** Bytes looked at before the present text, and where the states were forgotten last. */
  #bytes = 0;
  #forgottenAt = 0;
  #plain: Plain | null = null;

  /** Compiles a pattern, given as bytes. Throws RegexFault. @param mostStates deterministic states kept at once */
  constructor(pattern: Uint8Array, mostStates = MAX_CACHED) {
    this.#mostStates = mostStates;
    this.#emit(parseRegex(pattern));
    this.#program.push({ op: 'match' });
    this.#asserts = this.#program.some((instruction) => instruction.op === 'assert');
    this.#seen = new Uint32Array(this.#program.length);
    this.#classify();
  }

  /** True if the pattern matches somewhere in `text`. */
  test(text: Uint8Array): boolean {
    const found = this.#find(text);
    this.#bytes += text.length;
    return found;
  }

  #find(text: Uint8Array): boolean {
    let at = this.#state([], START);
    const classes = this.#classes;
    const last = text.length - 1;
    for (let i = 0; i <= last; i++) {
      const byte = text[i] as number;
      const cell = i === last && byte === 10 ? this.#samples.length + 1 : (classes[byte] as number);
      let to = (this.#states[at] as State).next[cell] as number;
      if (to === UNKNOWN) {
        if (this.#states.length >= this.#mostStates) {
          const state = this.#states[at] as State;
          if (!this.#forget(i)) return this.#goThrough(state, text, i);
          at = this.#state(state.core, state.before);
        }
        to = this.#step(at, byte, cell);
      }
      if (to === MATCH) return true;
      at = to;
    }
    const end = this.#samples.length;
    let to = (this.#states[at] as State).next[end] as number;
    if (to === UNKNOWN) {
      to = this.#closure(this.#states[at] as State, NEXT_END) === null ? MATCH : FAIL;
      (this.#states[at] as State).next[end] = to;
    }
    return to === MATCH;
  }

  #emit(node: RegexNode): void {
    const program = this.#program;
    // Steps count too: what emits nothing can still be repeated without end.
    if (program.length > MAX_REGEX_STATES || ++this.#steps > 4 * MAX_REGEX_STATES) {
      throw new RegexFault(0, 1_000_000, 'it is too large: fewer or smaller repetitions are needed.');
    }
    switch (node.kind) {
      case 'set':
        program.push({ op: 'set', set: node.set });
        break;
      case 'assert':
        program.push({ op: 'assert', assertion: node.assertion });
        break;
      case 'all':
        for (const item of node.items) this.#emit(item);
        break;
      case 'any': {
        const jumps: { op: 'jump'; to: number }[] = [];
        node.items.forEach((item, i) => {
          if (i === node.items.length - 1) this.#emit(item);
          else {
            const split = { op: 'split' as const, a: program.length + 1, b: 0 };
            program.push(split);
            this.#emit(item);
            const jump = { op: 'jump' as const, to: 0 };
            jumps.push(jump);
            program.push(jump);
            split.b = program.length;
          }
        });
        for (const jump of jumps) jump.to = program.length;
        break;
      }
      case 'repeat': {
        for (let i = 0; i < node.least; i++) this.#emit(node.of);
        if (node.most === Number.POSITIVE_INFINITY) {
          const split = { op: 'split' as const, a: program.length + 1, b: 0 };
          const from = program.length;
          program.push(split);
          this.#emit(node.of);
          program.push({ op: 'jump', to: from });
          split.b = program.length;
        } else {
          const splits: { op: 'split'; a: number; b: number }[] = [];
          for (let i = node.least; i < node.most; i++) {
            const split = { op: 'split' as const, a: program.length + 1, b: 0 };
            splits.push(split);
            program.push(split);
            this.#emit(node.of);
          }
          for (const split of splits) split.b = program.length;
        }
        break;
      }
    }
  }

  #classify(): void {
    const sets = new Set<Uint8Array>();
    for (const instruction of this.#program) if (instruction.op === 'set') sets.add(instruction.set);
    // Classes are split by one set after the other.
    let ids = new Array<number>(256).fill(0);
    const split = (has: (byte: number) => boolean): void => {
      const seen = new Map<number, number>();
      ids = ids.map((id, byte) => {
        const key = 2 * id + (has(byte) ? 1 : 0);
        let to = seen.get(key);
        if (to === undefined) {
          to = seen.size;
          seen.set(key, to);
        }
        return to;
      });
    };
    split(isWordByte);
    split((byte) => byte === 10);
    const distinct = new Map<string, Uint8Array>();
    for (const set of sets) distinct.set(set.join(''), set);
    for (const set of distinct.values()) split((byte) => set[byte] === 1);
    for (let byte = 255; byte >= 0; byte--) {
      this.#classes[byte] = ids[byte] as number;
      this.#samples[ids[byte] as number] = byte;
    }
  }

  /** The number of the deterministic state for these instructions. */
  #state(core: readonly number[], before: number): number {
    const key = `${before}:${core.join()}`;
    const known = this.#byKey.get(key);
    if (known !== undefined) return known;
    const number = this.#states.length;
    this.#states.push({ core, before, next: new Int32Array(this.#samples.length + 2).fill(UNKNOWN) });
    this.#byKey.set(key, number);
    return number;
  }

  #step(at: number, byte: number, cell: number): number {
    const state = this.#states[at] as State;
    const newline = byte === 10;
    const next = cell > this.#samples.length ? NEXT_LAST_NEWLINE : newline ? NEXT_NEWLINE : isWordByte(byte) ? NEXT_WORD : NEXT_OTHER;
    const reached = this.#closure(state, next);
    if (reached === null) {
      state.next[cell] = MATCH;
      return MATCH;
    }
    const core: number[] = [];
    for (const pc of reached) {
      const instruction = this.#program[pc] as Instruction;
      if (instruction.op === 'set' && instruction.set[byte] === 1) core.push(pc + 1);
    }
    core.sort((a, b) => a - b);
    const before = !this.#asserts ? OTHER : newline ? NEWLINE : isWordByte(byte) ? WORD : OTHER;
    const to = this.#state(core, before);
    state.next[cell] = to;
    return to;
  }

  /** Forgets the deterministic states, at a byte of the present text. True if they have served for enough bytes to be made again. */
  #forget(at: number): boolean {
    this.#states = [];
    this.#byKey = new Map();
    const passed = this.#bytes + at - this.#forgottenAt;
    this.#forgottenAt = this.#bytes + at;
    return passed > WORTH_BYTES * this.#mostStates;
  }

  /** The rest of a text from `from` on, without deterministic states. */
  #goThrough(state: State, text: Uint8Array, from: number): boolean {
    const seen = this.#seen;
    this.#plain ??= plainOf(this.#program);
    const { ops, a, b, sets, stack, lists } = this.#plain;
    lists[0].set(state.core);
    let count = state.core.length;
    let before = state.before;
    const last = text.length - 1;
    for (let i = from; i <= text.length; i++) {
      const [list, following] = i % 2 === from % 2 ? lists : [lists[1], lists[0]];
      const byte = i > last ? -1 : (text[i] as number);
      const word = isWordByte(byte);
      const next = i > last ? NEXT_END : byte !== 10 ? (word ? NEXT_WORD : NEXT_OTHER) : i === last ? NEXT_LAST_NEWLINE : NEXT_NEWLINE;
      const stamp = this.#nextStamp();
      let more = 0;
      let top = 0;
      // A match may begin here.
      stack[top++] = 0;
      for (let k = 0; k < count; k++) stack[top++] = list[k] as number;
      while (top > 0) {
        const pc = stack[--top] as number;
        if (seen[pc] === stamp) continue;
        seen[pc] = stamp;
        const op = ops[pc] as number;
        if (op === OPS.set) {
          if (i <= last && sets[(a[pc] as number) + byte] === 1) following[more++] = pc + 1;
        } else if (op === OPS.match) return true;
        else if (op !== OPS.assert) {
          stack[top++] = a[pc] as number;
          if (op === OPS.split) stack[top++] = b[pc] as number;
        } else if (this.#holds(pc, before, next)) stack[top++] = pc + 1;
      }
      count = more;
      before = !this.#asserts ? OTHER : byte === 10 ? NEWLINE : word ? WORD : OTHER;
    }
    return false;
  }

  #holds(pc: number, before: number, next: number): boolean {
    const instruction = this.#program[pc] as Instruction;
    return instruction.op === 'assert' && holds(instruction.assertion, before, next);
  }

  /** A number that no instruction was seen with. */
  #nextStamp(): number {
    this.#stamp = (this.#stamp + 1) >>> 0;
    if (this.#stamp === 0) {
      this.#seen.fill(0);
      this.#stamp = 1;
    }
    return this.#stamp;
  }

  /** Instructions on bytes that can be reached without one; null if the pattern has matched. A match may begin at any place. */
  #closure(state: State, next: number): readonly number[] | null {
    const stamp = this.#nextStamp();
    const seen = this.#seen;
    const stack = [...state.core, 0];
    const out: number[] = [];
    while (stack.length > 0) {
      const pc = stack.pop() as number;
      if (seen[pc] === stamp) continue;
      seen[pc] = stamp;
      const instruction = this.#program[pc] as Instruction;
      switch (instruction.op) {
        case 'match':
          return null;
        case 'set':
          out.push(pc);
          break;
        case 'jump':
          stack.push(instruction.to);
          break;
        case 'split':
          stack.push(instruction.a, instruction.b);
          break;
        case 'assert':
          if (holds(instruction.assertion, state.before, next)) stack.push(pc + 1);
          break;
      }
    }
    return out;
  }
}

function holds(assertion: Assertion, before: number, next: number): boolean {
  switch (assertion) {
    case 'start':
      return before === START;
    case 'line-start':
      // Not after a newline that ends the text.
      return before === START || (before === NEWLINE && next !== NEXT_END);
    case 'end':
      return next === NEXT_END;
    case 'before-end':
      return next === NEXT_END || next === NEXT_LAST_NEWLINE;
    case 'line-end':
      return next === NEXT_END || next === NEXT_NEWLINE || next === NEXT_LAST_NEWLINE;
    case 'word':
    case 'no-word':
      return ((before === WORD) !== (next === NEXT_WORD)) === (assertion === 'word');
  }
}
