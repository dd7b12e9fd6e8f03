// RFC 791, section 3.2, and RFC 8200, section 4.5: putting fragments together, for both versions of IP.
import { type CaptureIndex, defineState } from '../dissect/capture-index.ts';
import type { Buf, Dissection, Layer } from '../dissect/dissection.ts';
import type { FieldDef } from '../dissect/field.ts';
import type { IndexWalk } from '../dissect/index-walk.ts';
import { lowerBound, lowerBoundBy } from '../table/ascending.ts';
import { NONE } from '../table/packet-table.ts';
import { grown, growth, i32, u8, u32 } from './tuple-table.ts';

/** Fragments of one datagram that are kept; 8,192 are enough for 64 KB in pieces of 8 bytes. */
const MAX_PARTS = 10_000;
/** Bytes of fragments that wait for the rest of their datagrams; the oldest datagram is given up beyond that. */
const MAX_PENDING_BYTES = 32 * 1024 * 1024;
const MAX_PENDING = 16_384;
/** Bytes of pieces that cannot be read again from the file (fragments inside other reassembled bytes). */
const MAX_KEPT_BYTES = 32 * 1024 * 1024;

/** A piece of a datagram's payload. */
interface Part {
  readonly row: number;
  /** Place in the datagram's payload. */
  readonly offset: number;
  readonly length: number;
  /** Place in the captured frame; -1 if it is not there but in reassembled bytes. */
  readonly at: number;
  /** The bytes, where they are not to be read again from the frame. */
  readonly bytes: Uint8Array | null;
}

/** A datagram that arrived in fragments. */
export interface Datagram {
  /** Length of the whole payload. */
  readonly total: number;
  /** Row that completed it. */
  readonly doneRow: number;
  /** A second last fragment disagreed about the length. */
  readonly multipleTails: boolean;
  /** Sorted by offset; equal offsets in order of arrival. */
  readonly parts: readonly Part[];
}

/** A piece of a datagram that is arriving: its number among all fragments, and its bytes. */
class Arrived {
  readonly number: number;
  readonly offset: number;
  readonly length: number;
  readonly bytes: Uint8Array;

  constructor(number: number, offset: number, length: number, bytes: Uint8Array) {
    this.number = number;
    this.offset = offset;
    this.length = length;
    this.bytes = bytes;
  }
}

/** One datagram that is arriving in fragments. */
class Arriving {
  readonly number: number;
  readonly key: number;
  readonly src: number;
  readonly dst: number;
  readonly id: number;
  readonly proto: number;
  readonly vlan: number;
  /** Sorted by offset; equal offsets in order of arrival. */
  readonly parts: Arrived[] = [];
  /** Length of the whole payload, once the last fragment was seen; else -1. */
  total = -1;
  multipleTails = false;
  /** Bytes that are there without a gap from the start, and the first part that was not counted in. */
  contiguous = 0;
  cursor = 0;
  /** Next datagram in the same hash bucket. */
  next: Arriving | null = null;

  constructor(number: number, key: number, src: number, dst: number, id: number, proto: number, vlan: number) {
    this.number = number;
    this.key = key;
    this.src = src;
    this.dst = dst;
    this.id = id;
    this.proto = proto;
    this.vlan = vlan;
  }

  is(src: number, dst: number, id: number, proto: number, vlan: number): boolean {
    return this.id === id && this.src === src && this.dst === dst && this.proto === proto && this.vlan === vlan;
  }

  insert(part: Arrived, more: boolean): void {
    const last = this.parts.at(-1);
    const behind = last === undefined || last.offset <= part.offset;
    const at = behind ? this.parts.length : lowerBoundBy(this.parts, (each) => each.offset, part.offset + 1);
    if (behind) this.parts.push(part);
    else this.parts.splice(at, 0, part);
    if (at < this.cursor) {
      this.cursor++;
      this.contiguous = Math.max(this.contiguous, part.offset + part.length);
    }
    if (!more) {
      if (this.total < 0) this.total = part.offset + part.length;
      else if (this.total !== part.offset + part.length) this.multipleTails = true;
    }
    for (; this.cursor < this.parts.length; this.cursor++) {
      const candidate = this.parts[this.cursor] as Arrived;
      if (candidate.offset > this.contiguous) break;
      this.contiguous = Math.max(this.contiguous, candidate.offset + candidate.length);
    }
  }

  get complete(): boolean {
    return this.total >= 0 && this.contiguous >= this.total;
  }
}

/** Puts the whole payload into `whole`; parts that overlap give way to those before them. */
function join<P extends { readonly offset: number; readonly length: number }>(
  whole: Uint8Array,
  total: number,
  parts: readonly P[],
  bytesOf: (part: P) => Uint8Array,
): void {
  let filled = 0;
  for (const part of parts) {
    const end = Math.min(part.offset + part.length, total);
    if (end <= filled || part.offset > filled) continue;
    const bytes = bytesOf(part);
    const from = filled - part.offset;
    whole.set(bytes.subarray(from, Math.max(from, Math.min(end - part.offset, bytes.length))), filled);
    filled = end;
  }
}

const bytesOfArrived = ({ bytes }: Arrived): Uint8Array => bytes;

/** Datagrams and fragments that there is room for at first. */
const FIRST_ROOM = 128;
/** Memory that fragments share, and the longest that do. Each of MAX_PENDING may keep one from being collected: together no more than MAX_PENDING_BYTES. */
const SLAB_BYTES = 2048;
const MOST_SHARED = 512;
/** The longest payload that a datagram may have in fragments: the last one begins at 65,528 at most. */
const MOST_PAYLOAD = 131_072;

class Fragments {
  readonly #buckets = new Map<number, Arriving>();
  /** Incomplete datagrams, oldest first. */
  readonly #pending = new Set<Arriving>();
  /** Bytes of fragments that no frame has, by number. */
  readonly #kept = new Map<number, Uint8Array>();
  readonly #seed = (Math.random() * 0x100000000) >>> 0;
  #pendingBytes = 0;
  #keptBytes = 0;
  #slab = new Uint8Array(0);
  #slabUsed = SLAB_BYTES;
  /** The whole payload that take() has put together, valid until it is called again. */
  whole = new Uint8Array(0);

  /** Fragments in order of arrival: row, place in the frame or -1, place in the payload, length, datagram, and the datagram's next one by place. */
  #count = 0;
  #row = new Uint32Array(FIRST_ROOM);
  #at = new Int32Array(FIRST_ROOM);
  #offset = new Uint32Array(FIRST_ROOM);
  #length = new Uint32Array(FIRST_ROOM);
  #datagram = new Uint32Array(FIRST_ROOM);
  #next = new Uint32Array(FIRST_ROOM);
  /** Datagrams: identification and protocol, and of those that are whole length, row, first fragment, and whether a second last one disagreed. */
  #datagrams = 0;
  #id = new Uint32Array(FIRST_ROOM);
  #proto = new Int32Array(FIRST_ROOM);
  #total = new Uint32Array(FIRST_ROOM);
  #doneRow = new Uint32Array(FIRST_ROOM);
  #first = new Uint32Array(FIRST_ROOM);
  #multipleTails = new Uint8Array(FIRST_ROOM);

  constructor() {
    // Once now: see grown().
    this.#growFragments();
    this.#growDatagrams();
  }

  /**
   * Takes the fragment bytes[w.offset.., length) of the packet at hand. What a capture has on both sides of a router are two datagrams: one in each VLAN.
   * Returns the length of the datagram's payload if this fragment completes it, with the payload in `whole`; else -1.
   */
  take(
    w: IndexWalk,
    src: number,
    dst: number,
    id: number,
    proto: number,
    from: number,
    length: number,
    offset: number,
    more: boolean,
  ): number {
    const key = this.#key(src, dst, id, proto);
    let datagram = this.#buckets.get(key) ?? null;
    while (datagram !== null && !datagram.is(src, dst, id, proto, w.vlan)) datagram = datagram.next;
    if (datagram === null) {
      datagram = new Arriving(this.#newDatagram(id, proto), key, src, dst, id, proto, w.vlan);
      datagram.next = this.#buckets.get(key) ?? null;
      this.#buckets.set(key, datagram);
      this.#pending.add(datagram);
    }
    if (datagram.parts.length >= MAX_PARTS) return -1;
    const inFrame = w.bytes === w.frame;
    if (!inFrame && this.#keptBytes + length > MAX_KEPT_BYTES) return -1;
    const bytes = inFrame ? this.#copy(w.bytes, from, length) : w.bytes.slice(from, from + length);
    const number = this.#newFragment(w.row, inFrame ? from - w.frameStart : -1, offset, length, datagram.number);
    if (!inFrame) {
      this.#keptBytes += length;
      this.#kept.set(number, bytes);
    }
    datagram.insert(new Arrived(number, offset, length, bytes), more);
    this.#pendingBytes += length;
    if (!datagram.complete) {
      this.#evict();
      return -1;
    }
    const { total } = datagram;
    // A payload within another one: the other is still being walked.
    if (!inFrame || this.whole.length < total) this.whole = new Uint8Array(Math.max(total, inFrame ? MOST_PAYLOAD : 0));
    join(this.whole, total, datagram.parts, bytesOfArrived);
    this.#done(datagram, w.row);
    this.#release(datagram);
    return total;
  }

  /** The datagram that a fragment in `row` belongs to, if it got whole. */
  find(row: number, id: number, proto: number): Datagram | null {
    for (let k = this.#after(row) - 1; k >= 0 && this.#row[k] === row; k--) {
      const datagram = this.#datagram[k] as number;
      if (this.#id[datagram] === id && this.#proto[datagram] === proto) return this.#told(datagram);
    }
    return null;
  }

  /** The datagrams that the packet in `row` completed, the last one first. */
  completedBy(row: number): readonly Datagram[] {
    const found: number[] = [];
    for (let k = this.#after(row) - 1; k >= 0 && this.#row[k] === row; k--) {
      const datagram = this.#datagram[k] as number;
      if (this.#doneRow[datagram] === row && !found.includes(datagram)) found.push(datagram);
    }
    return found.map((datagram) => this.#told(datagram) as Datagram);
  }

  /** How many fragments came in rows up to this one. */
  #after(row: number): number {
    return lowerBound(this.#row, row + 1, this.#count);
  }

  #told(datagram: number): Datagram | null {
    const doneRow = this.#doneRow[datagram] as number;
    if (doneRow === NONE) return null;
    const parts: Part[] = [];
    for (let k = this.#first[datagram] as number; k !== NONE; k = this.#next[k] as number)
      parts.push({
        row: this.#row[k] as number,
        offset: this.#offset[k] as number,
        length: this.#length[k] as number,
        at: this.#at[k] as number,
        bytes: this.#kept.get(k) ?? null,
      });
    return { total: this.#total[datagram] as number, doneRow, multipleTails: this.#multipleTails[datagram] === 1, parts };
  }

  #newFragment(row: number, at: number, offset: number, length: number, datagram: number): number {
    const number = this.#count++;
    if (number === this.#row.length) this.#growFragments();
    this.#row[number] = row;
    this.#at[number] = at;
    this.#offset[number] = offset;
    this.#length[number] = length;
    this.#datagram[number] = datagram;
    this.#next[number] = NONE;
    return number;
  }

  #growFragments(): void {
    const times = growth(this.#row.length);
    this.#row = grown(this.#row, u32, times);
    this.#at = grown(this.#at, i32, times);
    this.#offset = grown(this.#offset, u32, times);
    this.#length = grown(this.#length, u32, times);
    this.#datagram = grown(this.#datagram, u32, times);
    this.#next = grown(this.#next, u32, times);
  }

  #newDatagram(id: number, proto: number): number {
    const number = this.#datagrams++;
    if (number === this.#id.length) this.#growDatagrams();
    this.#id[number] = id;
    this.#proto[number] = proto;
    this.#doneRow[number] = NONE;
    return number;
  }

  #growDatagrams(): void {
    const times = growth(this.#id.length);
    this.#id = grown(this.#id, u32, times);
    this.#proto = grown(this.#proto, i32, times);
    this.#total = grown(this.#total, u32, times);
    this.#doneRow = grown(this.#doneRow, u32, times);
    this.#first = grown(this.#first, u32, times);
    this.#multipleTails = grown(this.#multipleTails, u8, times);
  }

  /** Writes down what becomes of a datagram that is whole. */
  #done({ number, total, parts, multipleTails }: Arriving, row: number): void {
    this.#total[number] = total;
    this.#doneRow[number] = row;
    this.#multipleTails[number] = multipleTails ? 1 : 0;
    let next = NONE;
    for (let k = parts.length - 1; k >= 0; k--) {
      const part = (parts[k] as Arrived).number;
      this.#next[part] = next;
      next = part;
    }
    this.#first[number] = next;
  }

  #release(datagram: Arriving): void {
    const { key } = datagram;
    let before: Arriving | null = null;
    let here = this.#buckets.get(key) ?? null;
    while (here !== null && here !== datagram) {
      before = here;
      here = here.next;
    }
    if (before !== null) before.next = datagram.next;
    else if (datagram.next !== null) this.#buckets.set(key, datagram.next);
    else this.#buckets.delete(key);
    datagram.next = null;
    this.#pending.delete(datagram);
    for (const part of datagram.parts) this.#pendingBytes -= part.length;
  }

  #evict(): void {
    while (this.#pendingBytes > MAX_PENDING_BYTES || this.#pending.size > MAX_PENDING) {
      const oldest = this.#pending.values().next().value;
      if (oldest === undefined) return;
      this.#release(oldest);
    }
  }

  /** A copy of bytes that the next read takes away, in memory that several share: one array for each takes longer than all else. */
  #copy(bytes: Uint8Array, from: number, length: number): Uint8Array {
    if (length > MOST_SHARED) return bytes.slice(from, from + length);
    if (this.#slabUsed + length > SLAB_BYTES) {
      this.#slab = new Uint8Array(SLAB_BYTES);
      this.#slabUsed = 0;
    }
    const at = this.#slabUsed;
    this.#slabUsed += length;
    this.#slab.set(bytes.subarray(from, from + length), at);
    return this.#slab.subarray(at, at + length);
  }

  #key(src: number, dst: number, id: number, proto: number): number {
    let h = Math.imul(src ^ this.#seed, 0x9e3779b1);
    h = Math.imul(h ^ (h >>> 15) ^ dst, 0x85ebca6b);
    h = Math.imul(h ^ (h >>> 13) ^ id, 0xc2b2ae35);
    return h ^ (h >>> 16) ^ proto;
  }
}

/** Fragments of the capture. Kept as long as it: full depth asks which rows made up a datagram. */
export const fragments = defineState(() => new Fragments());

/** The whole payload of a completed datagram, read again from the rows that it came in. */
export function rebuild(capture: CaptureIndex, { total, parts }: Datagram): Uint8Array {
  const whole = new Uint8Array(total);
  join(whole, total, parts, (part) => part.bytes ?? capture.bytesOf(part.row).subarray(part.at, part.at + part.length));
  return whole;
}

export interface FragmentFields {
  readonly fragments: FieldDef;
  readonly fragment: FieldDef;
  readonly overlap: FieldDef;
  readonly multipleTails: FieldDef;
  readonly tooLong: FieldDef;
  readonly count: FieldDef;
  readonly length: FieldDef;
  readonly data: FieldDef;
  readonly reassembledIn: FieldDef;
}

/**
 * Full depth: says to which datagram the fragment in `layer` belongs, and gives the reassembled bytes as a new source if this row
 * completes it; null if there is nothing to go on with.
 */
export function showReassembly(d: Dissection, layer: Layer, f: FragmentFields, title: string, id: number, proto: number): Buf | null {
  const datagram = d.quoted ? null : d.capture.state(fragments).find(d.row, id, proto);
  if (datagram === null) return null;
  if (datagram.doneRow !== d.row) {
    layer.add(f.reassembledIn, layer.buf.offset, 0, datagram.doneRow + 1, { link: datagram.doneRow });
    return null;
  }
  const whole = rebuild(d.capture, datagram);
  const b = d.newBuf(title, whole);
  // The pieces lie in the whole that they make.
  const node = layer.over(b).add(f.fragments, 0, whole.length, f.fragments.type === 'none' ? null : whole, {
    label: `${datagram.parts.length} ${f.fragments.label}`,
    display: `(${whole.length} bytes): ${datagram.parts
      .slice(0, 8)
      .map((part) => `#${part.row + 1}(${part.length})`)
      .join(', ')}${datagram.parts.length > 8 ? ', …' : ''}`,
  });
  let filled = 0;
  for (const part of datagram.parts) {
    const each = node.add(f.fragment, part.offset, part.length, part.row + 1, {
      link: part.row,
      display: `${part.row + 1}, payload: ${part.offset}-${part.offset + part.length - 1} (${part.length} bytes)`,
    });
    if (part.offset < filled) each.add(f.overlap, 0, 0, true);
    if (part.offset + part.length > datagram.total) each.add(f.tooLong, 0, 0, true);
    filled = Math.max(filled, part.offset + part.length);
  }
  if (datagram.multipleTails) node.add(f.multipleTails, 0, 0, true);
  node.add(f.count, 0, 0, datagram.parts.length);
  node.add(f.length, 0, 0, whole.length);
  node.add(f.data, 0, whole.length, whole);
  return b;
}
