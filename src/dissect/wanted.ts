/** What a reader asks of packets, where that is not all: what is not asked for is not made, and not looked at where that can be told before. */
import type { StackTable } from '../table/stack-table.ts';
import type { FieldDef } from './field.ts';
import { allProtocols } from './protocol.ts';

/** Nothing bounds how far a packet is looked at. */
const NO_TOP = 127;
const UNKNOWN = -2;
/** Declarations that are remembered: some are made for a packet. */
const MOST_KNOWN = 50_000;

/** What is known of a stack, by its node. */
interface Known {
  /** Place of the last protocol that matters; -1: none above the frame; NO_TOP. */
  tops: Int8Array;
  /** 1 if nothing up to TCP matters, 2 if something does, 0 before it was asked. */
  carried: Uint8Array;
}

export class Wanted {
  /** Fields, by the names under which they are asked for. */
  readonly fields: ReadonlySet<string>;
  /** Ids of the protocols in whose layers they may be. */
  readonly sought: ReadonlySet<number>;
  /** Ids of protocols in which any other may be, unknown to the index. */
  readonly open: ReadonlySet<number>;
  /** The frame itself is asked for, or one of its fields. */
  readonly frame: boolean;
  readonly #has = new Map<FieldDef, boolean>();
  readonly #within = new WeakMap<ReadonlySet<string>, boolean>();
  readonly #known = new WeakMap<StackTable, Known>();

  constructor(fields: ReadonlySet<string>, sought: ReadonlySet<number>, open: ReadonlySet<number>, frame: boolean) {
    this.fields = fields;
    this.sought = sought;
    this.open = open;
    this.frame = frame;
  }

  /** All that several readers ask of the same packets; null if one of them asks for everything. */
  static join(all: readonly (Wanted | null)[]): Wanted | null {
    const each: Wanted[] = [];
    for (const one of all) {
      if (one === null) return null;
      each.push(one);
    }
    const [first] = each;
    if (each.length === 1 && first !== undefined) return first;
    return new Wanted(
      new Set(each.flatMap(({ fields }) => [...fields])),
      new Set(each.flatMap(({ sought }) => [...sought])),
      new Set(each.flatMap(({ open }) => [...open])),
      each.some(({ frame }) => frame),
    );
  }

  /** True if the field is asked for by one of its names, or read by dissectors. */
  has(def: FieldDef): boolean {
    let known = this.#has.get(def);
    if (known === undefined) {
      known = def.kept === true || this.fields.has(def.abbrev) || (def.also?.some((name) => this.fields.has(name)) ?? false);
      if (this.#has.size >= MOST_KNOWN) this.#has.clear();
      this.#has.set(def, known);
    }
    return known;
  }

  /** True if no field is asked for but these. @param names the same object for the same question, which is remembered */
  within(names: ReadonlySet<string>): boolean {
    let known = this.#within.get(names);
    if (known === undefined) {
      known = true;
      for (const name of this.fields) known &&= names.has(name);
      this.#within.set(names, known);
    }
    return known;
  }

  /** Place on a stack (as `StackTable.path`) above which nothing is that is asked for; -1: nothing above the frame. */
  topOf(stacks: StackTable, stack: number): number {
    if (stacks.overflowed) return NO_TOP;
    const { tops } = this.#of(stacks);
    let top = tops[stack] as number;
    if (top === UNKNOWN) {
      top = -1;
      for (const [at, id] of stacks.path(stack).entries()) {
        if (this.open.has(id)) top = NO_TOP;
        else if (top !== NO_TOP && this.sought.has(id)) top = at;
      }
      tops[stack] = top;
    }
    return top;
  }

  /** True if nothing is asked for of what carries TCP, nor of TCP, on a stack with IP and then TCP. */
  aboveTcp(stacks: StackTable, stack: number): boolean {
    if (this.frame || stacks.overflowed) return false;
    const { carried } = this.#of(stacks);
    if (carried[stack] === 0) carried[stack] = this.#begins(stacks.path(stack)) ? 1 : 2;
    return carried[stack] === 1;
  }

  #begins(path: readonly number[]): boolean {
    const all = allProtocols();
    for (const [at, id] of path.entries()) {
      if (this.sought.has(id) || this.open.has(id)) return false;
      if (all[id]?.name !== 'tcp') continue;
      const below = all[path[at - 1] ?? -1]?.name;
      return (below === 'ip' || below === 'ipv6') && all[path[at + 1] ?? -1]?.name !== 'mptcp';
    }
    return false;
  }

  #of(stacks: StackTable): Known {
    let known = this.#known.get(stacks);
    if (known === undefined) {
      known = { tops: new Int8Array(0), carried: new Uint8Array(0) };
      this.#known.set(stacks, known);
    }
    const had = known.tops.length;
    if (had < stacks.size) {
      const tops = new Int8Array(2 * stacks.size).fill(UNKNOWN, had);
      tops.set(known.tops);
      const carried = new Uint8Array(tops.length);
      carried.set(known.carried);
      known.tops = tops;
      known.carried = carried;
    }
    return known;
  }
}
