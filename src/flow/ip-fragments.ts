// RFC 791, section 3.2, and RFC 8200, section 4.5: putting fragments together, for both versions of IP.
import { type CaptureIndex, defineState } from '../dissect/capture-index.ts';
import type { Buf, Dissection, Layer } from '../dissect/dissection.ts';
import type { FieldDef } from '../dissect/field.ts';
import type { IndexWalk } from '../dissect/index-walk.ts';

/** Fragments of one datagram that are kept; 8,192 are enough for 64 KB in pieces of 8 bytes. */
const MAX_PARTS = 10_000;
/** Bytes of fragments that wait for the rest of their datagrams; the oldest datagram is given up beyond that. */
const MAX_PENDING_BYTES = 32 * 1024 * 1024;
const MAX_PENDING = 16_384;
/** Bytes of pieces that cannot be read again from the file (fragments inside other reassembled bytes). */
const MAX_KEPT_BYTES = 32 * 1024 * 1024;

interface Part {
  readonly row: number;
  /** Place in the datagram's payload. */
  readonly offset: number;
  readonly length: number;
  /** Place in the captured frame; -1 if it is not there but in reassembled bytes. */
  readonly at: number;
  /** The bytes; dropped on completion where they can be read again from the frame. */
  bytes: Uint8Array | null;
}

/** One datagram that arrived, or is arriving, in fragments. */
class Datagram {
  readonly src: number;
  readonly dst: number;
  readonly id: number;
  readonly proto: number;
  readonly vlan: number;
  /** Sorted by offset; equal offsets in order of arrival. */
  readonly parts: Part[] = [];
  /** Length of the whole payload, once the last fragment was seen; else -1. */
  total = -1;
  /** Row that completed it, -1 while it is incomplete. */
  doneRow = -1;
  /** A second last fragment disagreed about the length. */
  multipleTails = false;
  /** Bytes that are there without a gap from the start, and the first part that was not counted in. */
  contiguous = 0;
  cursor = 0;
  /** Next datagram in the same hash bucket. */
  next: Datagram | null = null;

  constructor(src: number, dst: number, id: number, proto: number, vlan: number) {
    this.src = src;
    this.dst = dst;
    this.id = id;
    this.proto = proto;
    this.vlan = vlan;
  }

  is(src: number, dst: number, id: number, proto: number, vlan: number): boolean {
    return this.id === id && this.src === src && this.dst === dst && this.proto === proto && this.vlan === vlan;
  }

  insert(part: Part, more: boolean): void {
    let low = 0;
    let high = this.parts.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.parts[middle] as Part).offset <= part.offset) low = middle + 1;
      else high = middle;
    }
    this.parts.splice(low, 0, part);
    if (low < this.cursor) {
      this.cursor++;
      this.contiguous = Math.max(this.contiguous, part.offset + part.length);
    }
    if (!more) {
      if (this.total < 0) this.total = part.offset + part.length;
      else if (this.total !== part.offset + part.length) this.multipleTails = true;
    }
    for (; this.cursor < this.parts.length; this.cursor++) {
      const candidate = this.parts[this.cursor] as Part;
      if (candidate.offset > this.contiguous) break;
      this.contiguous = Math.max(this.contiguous, candidate.offset + candidate.length);
    }
  }

  get complete(): boolean {
    return this.total >= 0 && this.contiguous >= this.total;
  }

  /** The whole payload; parts that overlap give way to those before them. */
  join(bytesOf: (part: Part) => Uint8Array): Uint8Array {
    const whole = new Uint8Array(this.total);
    let filled = 0;
    for (const part of this.parts) {
      const end = Math.min(part.offset + part.length, this.total);
      if (end <= filled || part.offset > filled) continue;
      const bytes = bytesOf(part);
      const from = filled - part.offset;
      whole.set(bytes.subarray(from, Math.max(from, Math.min(end - part.offset, bytes.length))), filled);
      filled = end;
    }
    return whole;
  }
}

interface Membership {
  readonly datagram: Datagram;
  readonly next: Membership | null;
}

class Fragments {
  readonly #buckets = new Map<number, Datagram>();
  /** Incomplete datagrams, oldest first. */
  readonly #pending = new Set<Datagram>();
  readonly #byRow = new Map<number, Membership>();
  readonly #seed = (Math.random() * 0x100000000) >>> 0;
  #pendingBytes = 0;
  #keptBytes = 0;

  /**
   * Takes the fragment bytes[w.offset.., length) of the packet at hand. What a capture has on both sides of a router are two datagrams: one in each VLAN.
   * Returns the datagram's whole payload if this fragment completes it.
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
  ): Uint8Array | null {
    const key = this.#key(src, dst, id, proto);
    let datagram = this.#buckets.get(key) ?? null;
    while (datagram !== null && !datagram.is(src, dst, id, proto, w.vlan)) datagram = datagram.next;
    if (datagram === null) {
      datagram = new Datagram(src, dst, id, proto, w.vlan);
      datagram.next = this.#buckets.get(key) ?? null;
      this.#buckets.set(key, datagram);
      this.#pending.add(datagram);
    }
    if (datagram.parts.length >= MAX_PARTS) return null;
    const at = w.bytes === w.frame ? from - w.frameStart : -1;
    if (at < 0) {
      if (this.#keptBytes + length > MAX_KEPT_BYTES) return null;
      this.#keptBytes += length;
    }
    datagram.insert({ row: w.row, offset, length, at, bytes: w.bytes.slice(from, from + length) }, more);
    this.#pendingBytes += length;
    this.#byRow.set(w.row, { datagram, next: this.#byRow.get(w.row) ?? null });
    if (!datagram.complete) {
      this.#evict();
      return null;
    }
    const whole = datagram.join((part) => part.bytes as Uint8Array);
    datagram.doneRow = w.row;
    this.#release(datagram);
    return whole;
  }

  /** The datagram that a fragment in `row` belongs to. */
  find(row: number, id: number, proto: number): Datagram | null {
    for (let member = this.#byRow.get(row) ?? null; member !== null; member = member.next) {
      if (member.datagram.id === id && member.datagram.proto === proto) return member.datagram;
    }
    return null;
  }

  /** The datagrams that the packet in `row` completed. */
  completedBy(row: number): readonly Datagram[] {
    const found: Datagram[] = [];
    for (let member = this.#byRow.get(row) ?? null; member !== null; member = member.next)
      if (member.datagram.doneRow === row && !found.includes(member.datagram)) found.push(member.datagram);
    return found;
  }

  #release(datagram: Datagram): void {
    const key = this.#key(datagram.src, datagram.dst, datagram.id, datagram.proto);
    let before: Datagram | null = null;
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
    for (const part of datagram.parts) {
      this.#pendingBytes -= part.length;
      if (part.at >= 0) part.bytes = null;
    }
  }

  #evict(): void {
    while (this.#pendingBytes > MAX_PENDING_BYTES || this.#pending.size > MAX_PENDING) {
      const oldest = this.#pending.values().next().value;
      if (oldest === undefined) return;
      this.#release(oldest);
    }
  }

  #key(src: number, dst: number, id: number, proto: number): number {
    let h = Math.imul(src ^ this.#seed, 0x9e3779b1);
    h = Math.imul(h ^ (h >>> 15) ^ dst, 0x85ebca6b);
    h = Math.imul(h ^ (h >>> 13) ^ id, 0xc2b2ae35);
    return (h ^ (h >>> 16) ^ proto) >>> 0;
  }
}

/** Fragments of the capture. Kept as long as it: full depth asks which rows made up a datagram. */
export const fragments = defineState(() => new Fragments());

/** The whole payload of a completed datagram, read again from the rows that it came in. */
export function rebuild(capture: CaptureIndex, datagram: Datagram): Uint8Array {
  return datagram.join((part) => part.bytes ?? capture.bytesOf(part.row).subarray(part.at, part.at + part.length));
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
  if (datagram === null || datagram.doneRow < 0) return null;
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
