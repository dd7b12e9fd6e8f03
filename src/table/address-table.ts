/**
 * Network addresses as small numbers: each different IPv4 or IPv6 address is stored once. Open addressing over typed arrays, so
 * that interning allocates only when the table grows.
 */
import { NONE } from './packet-table.ts';

export class AddressTable {
  /** Four words per address, signed; IPv4 uses the first. */
  #words = new Int32Array(4 * 512);
  /** 4 or 6 per address. */
  #family = new Uint8Array(512);
  #slots = new Uint32Array(2048).fill(NONE);
  #size = 0;
  /** Per table, so that nobody can choose addresses that all fall into one slot. Ids do not depend on it. */
  readonly #seed = (Math.random() * 0x100000000) >>> 0;

  constructor() {
    // Once now: V8 takes what was never assigned again for constant, and throws away the code that it compiled so.
    this.#grow();
    this.#rehash();
  }

  #grow(): void {
    this.#words = grown(this.#words, new Int32Array(2 * this.#words.length));
    this.#family = grown(this.#family, new Uint8Array(2 * this.#family.length));
  }

  get size(): number {
    return this.#size;
  }

  /** Id of the IPv4 address at bytes[offset, offset + 4). */
  intern4(bytes: Uint8Array, offset: number): number {
    const w = word(bytes, offset);
    // The usual case, without the three words that IPv4 has not.
    const slots = this.#slots;
    const mask = slots.length - 1;
    for (let slot = hash4(this.#seed, w) & mask; ; slot = (slot + 1) & mask) {
      const id = slots[slot] as number;
      if (id === NONE) return this.#add(4, w, 0, 0, 0);
      if (this.#words[4 * id] === w && this.#family[id] === 4) return id;
    }
  }

  /** Id of the IPv6 address at bytes[offset, offset + 16). */
  intern6(bytes: Uint8Array, offset: number): number {
    const a = word(bytes, offset);
    const b = word(bytes, offset + 4);
    const c = word(bytes, offset + 8);
    const d = word(bytes, offset + 12);
    const slots = this.#slots;
    const mask = slots.length - 1;
    for (let slot = hash6(this.#seed, a, b, c, d) & mask; ; slot = (slot + 1) & mask) {
      const id = slots[slot] as number;
      if (id === NONE) return this.#add(6, a, b, c, d);
      const at = 4 * id;
      const words = this.#words;
      if (words[at] === a && words[at + 1] === b && words[at + 2] === c && words[at + 3] === d && this.#family[id] === 6) return id;
    }
  }

  /** 4 or 6. */
  family(id: number): number {
    return this.#family[id] as number;
  }

  /** The address's 4 or 16 bytes. */
  bytes(id: number): Uint8Array {
    const length = this.#family[id] === 4 ? 4 : 16;
    const out = new Uint8Array(length);
    for (let i = 0; i < length; i++) out[i] = (this.#words[4 * id + (i >> 2)] as number) >>> (24 - 8 * (i & 3));
    return out;
  }

  /** An address that is not there yet. */
  #add(family: number, a: number, b: number, c: number, d: number): number {
    if (2 * (this.#size + 1) > this.#slots.length) this.#rehash();
    const id = this.#size++;
    if (id === this.#family.length) this.#grow();
    this.#words[4 * id] = a;
    this.#words[4 * id + 1] = b;
    this.#words[4 * id + 2] = c;
    this.#words[4 * id + 3] = d;
    this.#family[id] = family;
    this.#place(this.#slots, id);
    return id;
  }

  /** Enters an address in the first free slot from the one that its hash says. */
  #place(slots: Uint32Array, id: number): void {
    const words = this.#words;
    const mask = slots.length - 1;
    const at = 4 * id;
    const a = words[at] as number;
    const h =
      this.#family[id] === 4
        ? hash4(this.#seed, a)
        : hash6(this.#seed, a, words[at + 1] as number, words[at + 2] as number, words[at + 3] as number);
    let slot = h & mask;
    while (slots[slot] !== NONE) slot = (slot + 1) & mask;
    slots[slot] = id;
  }

  #rehash(): void {
    const slots = new Uint32Array(2 * this.#slots.length).fill(NONE);
    for (let id = 0; id < this.#size; id++) this.#place(slots, id);
    this.#slots = slots;
  }
}

function word(bytes: Uint8Array, at: number): number {
  return ((bytes[at] as number) << 24) | ((bytes[at + 1] as number) << 16) | ((bytes[at + 2] as number) << 8) | (bytes[at + 3] as number);
}

/** Mixes a word into the seed; the multipliers are odd and large, so that neighbouring addresses spread. */
function hash4(seed: number, a: number): number {
  let h = Math.imul(a ^ seed, 0x9e3779b1);
  h = Math.imul(h ^ (h >>> 15), 0x85ebca6b);
  return h ^ (h >>> 13);
}

/** The same for four words. */
function hash6(seed: number, a: number, b: number, c: number, d: number): number {
  let h = Math.imul(a ^ ~seed, 0x9e3779b1);
  h = Math.imul(h ^ (h >>> 15) ^ b, 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13) ^ c, 0xc2b2ae35);
  h = Math.imul(h ^ (h >>> 16) ^ d, 0x27d4eb2f);
  return h ^ (h >>> 15);
}

function grown<T extends Uint8Array | Int32Array>(from: T, to: T): T {
  to.set(from);
  return to;
}
