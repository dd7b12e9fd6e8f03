/**
 * SCTP messages that came in several DATA or I-DATA chunks (RFC 9260, section 6.9; RFC 8260, section 2.2): found while indexing, read again from their packets at full
 * depth.
 */
import { type CaptureIndex, defineState } from '../dissect/capture-index.ts';
import type { IndexWalk } from '../dissect/index-walk.ts';

/** Octets of fragments that wait for the rest of their messages; the oldest are given up beyond that. */
const MAX_PENDING_BYTES = 32 * 1024 * 1024;
/** Octets that cannot be read again from the file (of packets inside other reassembled bytes). */
const MAX_KEPT_BYTES = 32 * 1024 * 1024;
/** Fragments of messages that are whole which are known when they come again. */
const MAX_REMEMBERED = 65_536;
/** Fragments of all messages of a capture: later ones stay apart. */
const MAX_PARTS = 2_000_000;

/** Where the octets of a fragment are. */
interface Part {
  readonly row: number;
  /** Place in the captured frame; -1 if it is not there but in reassembled bytes. */
  readonly at: number;
  readonly length: number;
  /** null where they can be read again from the frame. */
  readonly bytes: Uint8Array | null;
}

/** A message that is whole. */
export interface SctpMessage {
  /** In order of the message. */
  readonly parts: readonly Part[];
  readonly length: number;
  /** Row of the fragment that came last, and which of the row's fragments it is. */
  readonly doneRow: number;
  readonly doneOrdinal: number;
  /** Payload protocol identifier of the first fragment. */
  readonly identifier: number;
}

/** The chunk at hand: whose, and which part of what. */
export interface Fragment {
  /** Of the packet: what tells associations apart. */
  ports: number;
  tag: number;
  /** Begins, or ends, a message. */
  begins: boolean;
  ends: boolean;
  /** Stream, whether ordered, and message: all fragments of a message have the same. Only I-DATA counts by them. */
  stream: number;
  order: number;
  message: number;
  interleaved: boolean;
  /** Transmission sequence number; of I-DATA the number of the fragment. */
  number: number;
  identifier: number;
}

/** A fragment that was seen. */
class Piece implements Fragment {
  readonly ports: number;
  readonly tag: number;
  readonly begins: boolean;
  readonly ends: boolean;
  readonly stream: number;
  readonly order: number;
  readonly message: number;
  readonly interleaved: boolean;
  readonly number: number;
  readonly identifier: number;
  readonly row: number;
  readonly ordinal: number;
  readonly at: number;
  readonly length: number;
  /** null once its message is whole: it is known only to tell that it comes again. */
  bytes: Uint8Array | null;
  /** Neighbours in the run of fragments that follow each other without a gap. */
  before: Piece | null = null;
  after: Piece | null = null;
  /** The other end of the run: right of its first and of its last piece alone. */
  far: Piece = this;
  /** The next one with the same hash. */
  next: Piece | null = null;

  constructor(f: Fragment, row: number, ordinal: number, at: number, bytes: Uint8Array) {
    this.ports = f.ports;
    this.tag = f.tag;
    this.begins = f.begins;
    this.ends = f.ends;
    this.stream = f.stream;
    this.order = f.order;
    this.message = f.message;
    this.interleaved = f.interleaved;
    this.number = f.number;
    this.identifier = f.identifier;
    this.row = row;
    this.ordinal = ordinal;
    this.at = at;
    this.length = bytes.length;
    this.bytes = bytes;
  }

  /** Of the same message as `f`, if nothing is missing between the two. */
  goesWith(f: Fragment): boolean {
    return this.stream === f.stream && this.order === f.order && this.message === f.message;
  }
}

interface Membership {
  readonly ordinal: number;
  readonly message: SctpMessage;
  readonly next: Membership | null;
}

class SctpMessages {
  readonly #pieces = new Map<number, Piece>();
  /** Those whose messages are not whole, oldest first. */
  readonly #pending = new Set<Piece>();
  /** Those whose messages are whole, oldest first. */
  readonly #remembered = new Set<Piece>();
  readonly #byRow = new Map<number, Membership>();
  readonly #seed = (Math.random() * 0x100000000) >>> 0;
  #pendingBytes = 0;
  #keptBytes = 0;
  #parts = 0;
  #row = -1;
  #ordinal = 0;

  /** Which of the row's fragments the one at hand is, from 0. To be asked once for each, in order. */
  ordinal(row: number): number {
    if (row !== this.#row) {
      this.#row = row;
      this.#ordinal = 0;
    }
    return this.#ordinal++;
  }

  /** Takes fragment `f`, bytes[from, end) of the packet at hand. Gives the whole message if this completes one. */
  take(w: IndexWalk, f: Fragment, ordinal: number, from: number, end: number): { bytes: Uint8Array; identifier: number } | null {
    const length = end - from;
    if (this.#find(f, f.number) !== null || this.#parts >= MAX_PARTS) return null;
    const at = w.bytes === w.frame ? from - w.frameStart : -1;
    if (at < 0) {
      if (this.#keptBytes + length > MAX_KEPT_BYTES) return null;
      this.#keptBytes += length;
    }
    const piece = new Piece(f, w.row, ordinal, at, w.bytes.slice(from, end));
    this.#parts++;
    this.#pendingBytes += length;
    this.#pending.add(piece);
    this.#keep(piece);
    const before = f.begins ? null : this.#find(f, (f.number - 1) >>> 0);
    const after = f.ends ? null : this.#find(f, (f.number + 1) >>> 0);
    let first = piece;
    let last = piece;
    if (before !== null && !before.ends && before.bytes !== null && before.goesWith(f)) {
      first = before.far;
      before.after = piece;
      piece.before = before;
    }
    if (after !== null && !after.begins && after.bytes !== null && after.goesWith(f)) {
      last = after.far;
      after.before = piece;
      piece.after = after;
    }
    first.far = last;
    last.far = first;
    if (first.begins && last.ends) return this.#complete(first, piece);
    this.#evict();
    return null;
  }

  /** The message that the `ordinal`th fragment in `row` belongs to; null if none became whole. */
  find(row: number, ordinal: number): SctpMessage | null {
    for (let member = this.#byRow.get(row) ?? null; member !== null; member = member.next)
      if (member.ordinal === ordinal) return member.message;
    return null;
  }

  #complete(first: Piece, done: Piece): { bytes: Uint8Array; identifier: number } {
    const parts: Part[] = [];
    const pieces: Piece[] = [];
    let length = 0;
    for (let piece: Piece | null = first; piece !== null; piece = piece.after) {
      pieces.push(piece);
      parts.push({ row: piece.row, at: piece.at, length: piece.length, bytes: piece.at < 0 ? piece.bytes : null });
      length += piece.length;
    }
    const message = { parts, length, doneRow: done.row, doneOrdinal: done.ordinal, identifier: first.identifier };
    const bytes = new Uint8Array(length);
    let to = 0;
    for (const piece of pieces) {
      bytes.set(piece.bytes as Uint8Array, to);
      to += piece.length;
      this.#byRow.set(piece.row, { ordinal: piece.ordinal, message, next: this.#byRow.get(piece.row) ?? null });
      this.#settle(piece);
      this.#remembered.add(piece);
    }
    for (const oldest of this.#remembered) {
      if (this.#remembered.size <= MAX_REMEMBERED) break;
      this.#remembered.delete(oldest);
      this.#forget(oldest);
    }
    return { bytes, identifier: message.identifier };
  }

  /** It waits no longer, and knows nobody. */
  #settle(piece: Piece): void {
    this.#pending.delete(piece);
    this.#pendingBytes -= piece.length;
    piece.bytes = null;
    piece.before = null;
    piece.after = null;
    piece.far = piece;
  }

  /** Gives up the oldest that wait, each with those that it goes together with. */
  #evict(): void {
    while (this.#pendingBytes > MAX_PENDING_BYTES) {
      let piece: Piece | null = this.#pending.values().next().value ?? null;
      if (piece === null) return;
      while (piece.before !== null) piece = piece.before;
      while (piece !== null) {
        const after: Piece | null = piece.after;
        this.#settle(piece);
        this.#forget(piece);
        piece = after;
      }
    }
  }

  #keep(piece: Piece): void {
    const key = this.#key(piece, piece.number);
    piece.next = this.#pieces.get(key) ?? null;
    this.#pieces.set(key, piece);
  }

  #forget(piece: Piece): void {
    const key = this.#key(piece, piece.number);
    let before: Piece | null = null;
    let here = this.#pieces.get(key) ?? null;
    while (here !== null && here !== piece) {
      before = here;
      here = here.next;
    }
    if (before !== null) before.next = piece.next;
    else if (piece.next !== null) this.#pieces.set(key, piece.next);
    else this.#pieces.delete(key);
    piece.next = null;
  }

  /** The piece with this number in the association of `f`; of I-DATA in its message. */
  #find(f: Fragment, number: number): Piece | null {
    for (let piece = this.#pieces.get(this.#key(f, number)) ?? null; piece !== null; piece = piece.next) {
      if (piece.number !== number || piece.ports !== f.ports || piece.tag !== f.tag || piece.interleaved !== f.interleaved) continue;
      if (!f.interleaved || piece.goesWith(f)) return piece;
    }
    return null;
  }

  #key(f: Fragment, number: number): number {
    let h = Math.imul(f.ports ^ this.#seed, 0x9e3779b1);
    h = Math.imul(h ^ (h >>> 15) ^ f.tag, 0x85ebca6b);
    h = Math.imul(h ^ (h >>> 13) ^ number, 0xc2b2ae35);
    if (f.interleaved) h = Math.imul(h ^ (h >>> 15) ^ f.message, 0x9e3779b1) ^ (f.stream + f.order);
    return (h ^ (h >>> 16)) >>> 0;
  }
}

/** The octets of a message, read again from the packets that it came in. */
export function sctpMessageBytes(capture: CaptureIndex, { parts, length }: SctpMessage): Uint8Array {
  const whole = new Uint8Array(length);
  let to = 0;
  for (const part of parts) {
    whole.set(part.bytes ?? capture.bytesOf(part.row).subarray(part.at, part.at + part.length), to);
    to += part.length;
  }
  return whole;
}

export const sctpMessages = defineState(() => new SctpMessages());
