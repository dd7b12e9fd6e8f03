/** A small cache of file blocks for random access. */
import type { ByteSource } from './source.ts';

const BLOCK = 256 * 1024;
const BLOCKS = 16;

/** Keeps the blocks that were used last; a block that was not full is read again when more of it is asked for. */
export class BlockCache {
  readonly #source: ByteSource;
  /** In order of last use, the oldest first (a Map keeps insertion order). */
  readonly #blocks = new Map<number, { bytes: Uint8Array; length: number }>();

  constructor(source: ByteSource) {
    this.#source = source;
  }

  /** A copy of the bytes [offset, offset + length); shorter where the source ends or cannot be read. */
  readAt(offset: number, length: number): Uint8Array {
    if (!(offset >= 0) || !(length > 0)) return new Uint8Array(0);
    if (length > (BLOCK * BLOCKS) / 2) return this.#direct(offset, length);
    // All of it is written, or cut off: large ones need not be cleared first.
    const out = length < 4096 ? new Uint8Array(length) : new Uint8Array(Buffer.allocUnsafeSlow(length).buffer);
    const done = this.readInto(offset, length, out, 0);
    return done === length ? out : out.subarray(0, done);
  }

  /** Writes the bytes [offset, offset + length) to `into` from `at` on and gives how many there were; makes no buffer of its own. */
  readInto(offset: number, length: number, into: Uint8Array, at: number): number {
    if (!(offset >= 0) || !(length > 0)) return 0;
    let done = 0;
    while (done < length) {
      const position = offset + done;
      const number = Math.floor(position / BLOCK);
      const within = position - number * BLOCK;
      const block = this.#block(number, Math.min(BLOCK, within + length - done));
      const count = Math.min(block.length - within, length - done);
      if (count <= 0) break;
      into.set(block.bytes.subarray(within, within + count), at + done);
      done += count;
    }
    return done;
  }

  #block(number: number, needed: number): { bytes: Uint8Array; length: number } {
    let block = this.#blocks.get(number);
    if (block !== undefined) {
      this.#blocks.delete(number);
    } else if (this.#blocks.size >= BLOCKS) {
      const oldest = this.#blocks.keys().next().value ?? 0;
      block = this.#blocks.get(oldest);
      this.#blocks.delete(oldest);
      if (block !== undefined) block.length = 0;
    }
    block ??= { bytes: new Uint8Array(BLOCK), length: 0 };
    this.#blocks.set(number, block);
    if (block.length < needed) block.length += this.#fill(block.bytes, block.length, BLOCK - block.length, number * BLOCK + block.length);
    return block;
  }

  #direct(offset: number, length: number): Uint8Array {
    const out: Uint8Array[] = [];
    let total = 0;
    // In parts, so that a length that a broken file made up does not become memory.
    while (total < length) {
      const part = new Uint8Array(Math.min(length - total, 4 * 1024 * 1024));
      const count = this.#fill(part, 0, part.length, offset + total);
      out.push(part.subarray(0, count));
      total += count;
      if (count < part.length) break;
    }
    const bytes = new Uint8Array(total);
    let at = 0;
    for (const part of out) {
      bytes.set(part, at);
      at += part.length;
    }
    return bytes;
  }

  #fill(into: Uint8Array, at: number, length: number, position: number): number {
    let done = 0;
    while (done < length) {
      let count = 0;
      try {
        count = this.#source.readSync(into, at + done, length - done, position + done);
      } catch {
        // Gone or unreadable by now: what is missing is simply shorter.
      }
      if (count <= 0) break;
      done += count;
    }
    return done;
  }
}
