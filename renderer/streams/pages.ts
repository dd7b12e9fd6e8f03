/** The part of a followed stream that the window holds: pages of pieces, read when they are looked at, let go when others are needed. */

import type { FollowPieceData, FollowTarget, Transport } from '../../src/messages.ts';
import { failed } from '../engine-words.ts';

/** Pieces of a page. */
export const PAGE = 64;
/** Bytes that are kept, as long as they are more than a few pages. */
const KEPT_BYTES = 8 * 1024 * 1024;
const KEPT_PAGES = 6;

interface Page {
  readonly pieces: readonly FollowPieceData[];
  readonly bytes: number;
}

export class StreamPages {
  readonly target: FollowTarget;
  readonly total: number;
  readonly #transport: Transport;
  readonly #onChange: () => void;
  /** The page that was looked at last stands last. */
  readonly #pages = new Map<number, Page>();
  readonly #coming = new Map<number, Promise<string | null>>();

  constructor(transport: Transport, target: FollowTarget, total: number, onChange: () => void) {
    this.#transport = transport;
    this.target = target;
    this.total = total;
    this.#onChange = onChange;
  }

  /** A piece that is here. */
  at(piece: number): FollowPieceData | undefined {
    return this.#pages.get(Math.floor(piece / PAGE))?.pieces[piece % PAGE];
  }

  /** Bytes held now. */
  get bytes(): number {
    let sum = 0;
    for (const page of this.#pages.values()) sum += page.bytes;
    return sum;
  }

  /** Reads the page of a piece if it is not here. What went wrong as a sentence; null if nothing did. */
  load(piece: number): Promise<string | null> {
    const number = Math.floor(piece / PAGE);
    const here = this.#pages.get(number);
    if (here !== undefined) {
      this.#pages.delete(number);
      this.#pages.set(number, here);
      return Promise.resolve(null);
    }
    if (piece < 0 || piece >= this.total) return Promise.resolve(null);
    const coming = this.#coming.get(number) ?? this.#read(number).finally(() => this.#coming.delete(number));
    this.#coming.set(number, coming);
    return coming;
  }

  async #read(number: number): Promise<string | null> {
    const end = Math.min(this.total, (number + 1) * PAGE);
    const pieces: FollowPieceData[] = [];
    while (number * PAGE + pieces.length < end) {
      const from = number * PAGE + pieces.length;
      const answer = await this.#transport.engine('followPage', { ...this.target, from, count: end - from });
      if (!answer.ok) return failed(answer.failure.message);
      if (answer.value.pieces.length === 0) break;
      pieces.push(...answer.value.pieces);
    }
    this.#pages.set(number, { pieces, bytes: pieces.reduce((sum, each) => sum + each.bytes.length, 0) });
    for (const [oldest] of this.#pages) {
      if (this.#pages.size <= KEPT_PAGES || this.bytes <= KEPT_BYTES) break;
      this.#pages.delete(oldest);
    }
    this.#onChange();
    return null;
  }
}
