/**
 * Numbers for conversations: (address, port) pairs in either order to the newest stream between them. Open addressing over typed
 * arrays, seeded per table so that nobody can choose addresses and ports that all fall into one slot. Numbers do not depend on the seed.
 */
import { NONE } from '../table/packet-table.ts';

/**
 * Makes a column `times` as long, keeping its values.
 *
 * Who has columns that grow lets them grow once when they are made: V8 takes a property that was never assigned again for constant, and throws away all code
 * that it compiled so when the property is assigned (a dozen functions of the index pass, at the 129th connection). It also compiles what was never run as if
 * it never were, and throws the function away when it is: so what is rare in a large function is written without a branch, or in a function that is called
 * from the first packets on.
 */
export function grown<T extends Uint8Array | Int8Array | Uint16Array | Int32Array | Uint32Array | Float64Array>(
  column: T,
  make: (length: number) => T,
  times = 2,
): T {
  const wider = make(times * column.length);
  wider.set(column);
  return wider;
}

/**
 * How many times as long columns get that are `length` long and grow with the packets: memory that nothing was written to costs nothing, copying
 * and first use of memory do.
 */
export function growth(length: number): number {
  return length < 1 << 18 ? 4 : 2;
}

export const u8 = (length: number) => new Uint8Array(length);
export const i8 = (length: number) => new Int8Array(length);
export const u16 = (length: number) => new Uint16Array(length);
export const i32 = (length: number) => new Int32Array(length);
export const u32 = (length: number) => new Uint32Array(length);
export const f64 = (length: number) => new Float64Array(length);

/** Streams between the same two that `findAt` looks at. */
const MOST_STEPS = 4096;

export class TupleTable {
  /** Number of streams. */
  size = 0;
  /** Address id (AddressTable; NONE, which may be given as UNSET) and port of side 0 and side 1 of each stream, at 2 * stream + side. */
  addr = new Uint32Array(256);
  port = new Uint16Array(256);
  /** True if the last find() matched with the source as side 1. */
  reversed = false;
  /** Of a stream that took the place of another between the same two: that one; else NONE. */
  #older = new Uint32Array(128);
  #slots = new Uint32Array(512).fill(NONE);
  #used = 0;
  readonly #seed = (Math.random() * 0x100000000) >>> 0;

  constructor() {
    // Once now: see grown().
    this.#grow();
    this.#rehash();
  }

  #grow(): void {
    this.addr = grown(this.addr, u32);
    this.port = grown(this.port, u16);
    this.#older = grown(this.#older, u32);
  }

  #slot(a: number, ap: number, b: number, bp: number): number {
    const x = this.#half(a, ap);
    const y = this.#half(b, bp);
    // Symmetric in x and y, so that both directions fall into the same slot.
    let h = Math.imul((x + y) | 0, 0x9e3779b1) ^ Math.imul(x ^ y, 0x85ebca6b);
    h = Math.imul(h ^ (h >>> 15), 0xc2b2ae35);
    return h ^ (h >>> 13);
  }

  #half(a: number, p: number): number {
    let h = Math.imul(a ^ this.#seed, 0x9e3779b1);
    h = Math.imul(h ^ (h >>> 15) ^ p, 0x85ebca6b);
    return h ^ (h >>> 13);
  }

  /** The newest stream between the two, in either direction; NONE if there is none. Sets `reversed`. */
  find(src: number, srcPort: number, dst: number, dstPort: number): number {
    const slots = this.#slots;
    const mask = slots.length - 1;
    // The step to the next slot comes first: V8 would throw the compiled walk away at the first pair whose slot is taken.
    for (let slot = this.#slot(src, srcPort, dst, dstPort) - 1; ; ) {
      slot = (slot + 1) & mask;
      const stream = slots[slot] as number;
      if (stream === NONE) return NONE;
      if (this.#matches(stream, src >>> 0, srcPort, dst >>> 0, dstPort)) return stream;
    }
  }

  /**
   * The stream between the two as it stood in `row`: the newest that had begun by then; NONE if there is none, or if too
   * many have come since. Sets `reversed`. @param firstRow the row in which each stream began
   */
  findAt(row: number, firstRow: Uint32Array, src: number, srcPort: number, dst: number, dstPort: number): number {
    let stream = this.find(src, srcPort, dst, dstPort);
    for (let steps = 0; stream !== NONE && (firstRow[stream] as number) > row; steps++) {
      if (steps === MOST_STEPS) return NONE;
      stream = this.#older[stream] as number;
    }
    if (stream !== NONE) this.#matches(stream, src >>> 0, srcPort, dst >>> 0, dstPort);
    return stream;
  }

  #matches(stream: number, src: number, srcPort: number, dst: number, dstPort: number): boolean {
    const i = 2 * stream;
    const addr = this.addr;
    const port = this.port;
    if (addr[i] === src && addr[i + 1] === dst && port[i] === srcPort && port[i + 1] === dstPort) {
      this.reversed = false;
      return true;
    }
    if (addr[i] === dst && addr[i + 1] === src && port[i] === dstPort && port[i + 1] === srcPort) {
      this.reversed = true;
      return true;
    }
    return false;
  }

  /** A new stream between side 0 and side 1; it takes the place of an older one between the same two. Returns its number. */
  create(addr0: number, port0: number, addr1: number, port1: number): number {
    const stream = this.size++;
    const i = 2 * stream;
    if (i === this.addr.length) this.#grow();
    this.addr[i] = addr0;
    this.addr[i + 1] = addr1;
    this.port[i] = port0;
    this.port[i + 1] = port1;
    const slots = this.#slots;
    const mask = slots.length - 1;
    let slot = this.#slot(addr0, port0, addr1, port1) - 1;
    let old: number;
    do {
      slot = (slot + 1) & mask;
      old = slots[slot] as number;
    } while (old !== NONE && !this.#matches(old, addr0 >>> 0, port0, addr1 >>> 0, port1));
    slots[slot] = stream;
    this.#older[stream] = old;
    this.#used += old === NONE ? 1 : 0;
    if (2 * this.#used > slots.length) this.#rehash();
    return stream;
  }

  #rehash(): void {
    const old = this.#slots;
    const slots = new Uint32Array(2 * old.length).fill(NONE);
    const mask = slots.length - 1;
    for (let k = 0; k < old.length; k++) {
      const stream = old[k] as number;
      if (stream === NONE) continue;
      const i = 2 * stream;
      let slot = this.#slot(this.addr[i] as number, this.port[i] as number, this.addr[i + 1] as number, this.port[i + 1] as number) & mask;
      while (slots[slot] !== NONE) slot = (slot + 1) & mask;
      slots[slot] = stream;
    }
    this.#slots = slots;
  }
}
