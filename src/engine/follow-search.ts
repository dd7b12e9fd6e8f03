/**
 * Looking for bytes in a followed stream. What a side sent is copied into a pool of some hundred kilobytes, whatever pieces it came in; its
 * letters are made small there, four at a time, and the platform's search goes through it. The end of a pool goes before the next one, so that
 * no match is missed where they meet.
 */
import type { FollowCursor, FollowFound, FollowMatch } from '../messages.ts';
import type { FollowedStream } from './follow-pieces.ts';

/** Longest text that is searched for. */
export const LONGEST_SEARCH = 1024;
/** Bytes of a pool. */
const POOL = 256 * 1024;
/** How long one search may take before the window is asked to go on, and how much one answer may hold. */
const SEARCH_MS = 40;
const SEARCH_MATCHES = 1000;
/** After so many bytes, or so many pieces, the clock is looked at. */
const LOOK_BYTES = 16 * 1024;
const LOOK_PIECES = 16;
/** Pieces before a place that are looked at for the beginning of a match. */
const MOST_BEFORE = 4096;

/** One side's bytes at hand. */
class Pool {
  readonly bytes = Buffer.alloc(POOL);
  /** Bytes that are there, and of them those whose letters are small. */
  length = 0;
  folded = 0;
  /** Place of the first in what the side sent. */
  base = 0;
  /** Matches begin here or later: they do not overlap. */
  floor = 0;
  /** Where pieces end, and their numbers. */
  readonly ends: number[] = [];
  readonly pieces: number[] = [];

  /** Begins anew at a place that does not follow what is there. */
  restart(place: number): void {
    this.length = 0;
    this.folded = 0;
    this.base = place;
    this.ends.length = 0;
    this.pieces.length = 0;
  }

  /** Gives all matches to `found`; keeps the last `overlap` bytes. */
  search(needle: Uint8Array, overlap: number, found: (piece: number, start: number) => void): void {
    if (this.length > this.folded) {
      makeSmall(this.bytes, this.folded, this.length);
      this.folded = this.length;
      const { base, ends, pieces } = this;
      const view = this.bytes.subarray(0, this.length);
      let k = 0;
      for (let hit = view.indexOf(needle, Math.max(0, this.floor - base)); hit >= 0; hit = view.indexOf(needle, this.floor - base)) {
        const end = base + hit + needle.length;
        while ((ends[k] as number) < end) k++;
        found(pieces[k] as number, base + hit);
        this.floor = end;
      }
    }
    const kept = Math.min(overlap, this.length);
    this.bytes.copyWithin(0, this.length - kept, this.length);
    this.base += this.length - kept;
    this.length = kept;
    this.folded = kept;
    this.ends.length = 0;
    this.pieces.length = 0;
  }
}

/** A search through the pieces of a stream, from a place on; goes on from where it stopped. */
export class StreamSearch {
  readonly followed: FollowedStream;
  readonly side: 0 | 1 | undefined;
  readonly wanted: Uint8Array;
  readonly #needle: Buffer;
  readonly #pools = [new Pool(), new Pool()] as const;
  /** The next piece to be read, by its number among those of the side. */
  #piece: number;
  /** Matches that end in an earlier piece, or begin in this one before `after`, are known. */
  readonly #from: FollowCursor;
  /** Found and not yet told. */
  #found: FollowMatch[] = [];
  #told = 0;
  /** What the last answer said of where to go on. */
  #next: FollowCursor | null;

  constructor(followed: FollowedStream, side: 0 | 1 | undefined, wanted: Uint8Array, from: FollowCursor) {
    this.followed = followed;
    this.side = side;
    this.wanted = wanted;
    this.#needle = Buffer.from(wanted);
    makeSmall(this.#needle, 0, this.#needle.length);
    this.#from = from;
    this.#next = from;
    this.#piece = this.#before(from.piece);
  }

  /** True if an answer of this search named that place to go on from. */
  goesOnAt(followed: FollowedStream, side: 0 | 1 | undefined, wanted: Uint8Array, from: FollowCursor): boolean {
    const next = this.#next;
    return (
      this.followed === followed &&
      this.side === side &&
      next !== null &&
      next.piece === from.piece &&
      next.after === from.after &&
      Buffer.compare(this.wanted, wanted) === 0
    );
  }

  /** Matches that were found in a bounded time, a bounded number of them. */
  run(): FollowFound {
    const chosen = this.side === undefined ? null : this.followed.ofSide(this.side);
    const total = chosen?.length ?? this.followed.size;
    const until = performance.now() + SEARCH_MS;
    let [bytes, pieces] = [0, 0];
    while (this.#piece < total && this.#found.length - this.#told < SEARCH_MATCHES) {
      bytes += this.#take(this.#piece, chosen === null ? this.#piece : (chosen[this.#piece] as number));
      this.#piece++;
      if (bytes < LOOK_BYTES && ++pieces < LOOK_PIECES) continue;
      [bytes, pieces] = [0, 0];
      if (performance.now() >= until) break;
    }
    this.#search();
    const matches = this.#found.slice(this.#told, this.#told + SEARCH_MATCHES);
    this.#told += matches.length;
    const waiting = this.#found[this.#told];
    if (waiting === undefined) {
      this.#found = [];
      this.#told = 0;
      this.#next = this.#piece < total ? { piece: this.#piece, after: 0 } : null;
    } else this.#next = { piece: waiting.piece, after: waiting.start };
    return { matches, next: this.#next };
  }

  /** Puts a piece's bytes into the pool of its side; searches whenever that is full. Gives how many there were. */
  #take(number: number, index: number): number {
    const { followed } = this;
    if (followed.isGap(index)) return 0;
    const pool = this.#pools[followed.sideAt(index)];
    const start = followed.startOf(index);
    const length = followed.lengthOf(index);
    if (pool.base + pool.length !== start) {
      this.#search();
      pool.restart(start);
    }
    if (length <= POOL - LONGEST_SEARCH) {
      if (length > POOL - pool.length) this.#search();
      this.#note(pool, number, followed.copy(index, pool.bytes, pool.length));
      return length;
    }
    const all = followed.bytesOf(index);
    for (let at = 0; at < all.length; ) {
      if (pool.length === POOL) this.#search();
      const part = all.subarray(at, at + POOL - pool.length);
      pool.bytes.set(part, pool.length);
      this.#note(pool, number, part.length);
      at += part.length;
    }
    return length;
  }

  #note(pool: Pool, number: number, count: number): void {
    pool.length += count;
    pool.ends.push(pool.base + pool.length);
    pool.pieces.push(number);
  }

  /** Looks through both pools; what they have is told in the order of the pieces. */
  #search(): void {
    const overlap = this.#needle.length - 1;
    const from = this.#from;
    const fresh: FollowMatch[] = [];
    for (const side of [0, 1] as const) {
      this.#pools[side].search(this.#needle, overlap, (piece, start) => {
        if (piece > from.piece || (piece === from.piece && start >= from.after))
          fresh.push({ piece, side, start, length: this.#needle.length });
      });
    }
    if (fresh.length === 0) return;
    fresh.sort((a, b) => a.piece - b.piece || a.start - b.start);
    for (const match of fresh) this.#found.push(match);
  }

  /** The piece from which on everything has to be read for a match that ends in `piece`. */
  #before(piece: number): number {
    const chosen = this.side === undefined ? null : this.followed.ofSide(this.side);
    const lacking = [this.#needle.length - 1, this.#needle.length - 1];
    let k = piece;
    for (; k > 0 && piece - k < MOST_BEFORE && Math.max(...lacking) > 0; k--) {
      const index = chosen === null ? k - 1 : (chosen[k - 1] as number);
      const side = this.followed.sideAt(index);
      lacking[side] = this.followed.isGap(index) ? 0 : (lacking[side] as number) - this.followed.lengthOf(index);
    }
    return k;
  }
}

/** Makes ASCII letters in [from, to) small. */
function makeSmall(bytes: Buffer, from: number, to: number): void {
  let at = from;
  const one = (): void => {
    const byte = bytes[at] as number;
    if (byte >= 0x41 && byte <= 0x5a) bytes[at] = byte + 0x20;
    at++;
  };
  while (at < to && (bytes.byteOffset + at) % 4 !== 0) one();
  if (at === to) return;
  const words = new Int32Array(bytes.buffer, bytes.byteOffset + at, (to - at) >> 2);
  for (let k = 0; k < words.length; k++) {
    const word = words[k] as number;
    // In each byte the highest bit: set if it is 'A' or more, if it is more than 'Z', and if it is no ASCII.
    const low = word & 0x7f7f7f7f;
    const capital = (low + 0x3f3f3f3f) & ~(low + 0x25252525) & ~word & 0x80808080;
    words[k] = word | (capital >>> 2);
  }
  at += words.length * 4;
  while (at < to) one();
}
