/** Answers about the stream that the window follows: a page of its bytes, a search in it. */
import { endpointsOf } from '../flow/connections.ts';
import { flows } from '../flow/tcp-flows.ts';
import { udpFlows } from '../flow/udp-flows.ts';
import type {
  FollowBytes,
  FollowCursor,
  FollowFound,
  FollowKind,
  FollowMatch,
  FollowPage,
  FollowPieceData,
  FollowSummary,
  FollowTarget,
} from '../messages.ts';
import type { Capture } from './capture.ts';
import { followStream } from './follow.ts';
import type { FollowedStream } from './follow-pieces.ts';
import { followSaid, kindsIn } from './follow-said.ts';
import { followDecrypted, hasDecrypted, isSealed } from './follow-tls.ts';

/** Pieces and bytes of one page at most. */
const PAGE_PIECES = 500;
const PAGE_BYTES = 1024 * 1024;
/** How long one search may take before the window is asked to go on, and how much one answer may hold. */
const SEARCH_MS = 40;
const SEARCH_MATCHES = 1000;
/** Longest text that is searched for. */
export const LONGEST_SEARCH = 1024;

/** Where a search stopped: of each side the end of what came before, in which a match may begin. */
interface Pause {
  readonly followed: FollowedStream;
  readonly side: 0 | 1 | undefined;
  readonly needle: Uint8Array;
  readonly piece: number;
  readonly tails: readonly [Uint8Array, Uint8Array];
}

/** How long packets are dissected before others are let in. */
const SLICE_MS = 20;

const NOTHING = new Uint8Array(0);

export class FollowAnswers {
  readonly #capture: Capture;
  #followed: Promise<FollowedStream | null> = Promise.resolve(null);
  /** Which stream that is, and its last row when it was followed. */
  #key = '';
  #lastRow = -1;
  /** Counts what was followed, so that one that is wanted no more is given up. */
  #turn = 0;
  #pause: Pause | null = null;

  constructor(capture: Capture) {
    this.#capture = capture;
  }

  /** Null: there is no such stream. A live stream that has grown is followed anew here, and only here: its pages belong to one summary. */
  async summary(kind: FollowKind, stream: number): Promise<FollowSummary | null> {
    const followed = await this.#of(kind, stream, true);
    if (followed === null) return null;
    const { nodes, bytes, missing, size } = followed;
    const client = kind === 'udp' ? null : endpointsOf(this.#capture, stream).client === nodes[0] ? 0 : 1;
    const above: FollowKind[] = kind === 'udp' ? [] : kindsIn(this.#capture, stream);
    if (kind !== 'udp' && hasDecrypted(this.#capture, stream)) above.unshift('tls');
    const sealed = kind !== 'udp' && isSealed(this.#capture, stream);
    return { kind, stream, above, sealed, nodes, client, bytes, missing, pieces: size };
  }

  /** Pieces from `from` on: at most `count`, fewer where their bytes are many, but one at least. */
  async page({ kind, stream, side }: FollowTarget, from: number, count: number): Promise<FollowPage | null> {
    const followed = await this.#of(kind, stream, false);
    if (followed === null) return null;
    const chosen = side === undefined ? null : followed.ofSide(side);
    const total = chosen?.length ?? followed.size;
    const pieces: FollowPieceData[] = [];
    let bytes = 0;
    const to = Math.min(total, from + Math.min(count, PAGE_PIECES));
    for (let k = from; k < to && (pieces.length === 0 || bytes < PAGE_BYTES); k++) {
      const index = chosen === null ? k : (chosen[k] as number);
      const { skip: _, ...piece } = followed.piece(index);
      // A view of a cache block would carry the whole block across the line.
      const data = followed.bytesOf(index).slice();
      bytes += data.length;
      pieces.push({ ...piece, bytes: data });
    }
    return { from, pieces, total };
  }

  /** What pieces from `from` on hold, as one: a stream of a gigabyte has most of a million of them. */
  async bytes({ kind, stream, side }: FollowTarget, from: number): Promise<FollowBytes | null> {
    const followed = await this.#of(kind, stream, false);
    if (followed === null) return null;
    const chosen = side === undefined ? null : followed.ofSide(side);
    const total = chosen?.length ?? followed.size;
    const parts: Uint8Array[] = [];
    let [length, k] = [0, from];
    for (; k < total && length < PAGE_BYTES; k++) {
      const part = followed.bytesOf(chosen === null ? k : (chosen[k] as number));
      // Copied at once: a view of a cache block is good until the next is read.
      if (part.length > 0) parts.push(part.slice());
      length += part.length;
    }
    const bytes = new Uint8Array(length);
    let at = 0;
    for (const part of parts) {
      bytes.set(part, at);
      at += part.length;
    }
    return { bytes, next: k < total ? k : null };
  }

  /** The piece in which a packet's bytes stand, or the nearest after it. */
  async pieceOfRow({ kind, stream, side }: FollowTarget, row: number): Promise<number | null> {
    const followed = await this.#of(kind, stream, false);
    if (followed === null) return null;
    const index = followed.pieceOfRow(row);
    if (side === undefined) return index;
    const chosen = followed.ofSide(side);
    let low = 0;
    let high = chosen.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((chosen[middle] as number) < index) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  /**
   * Looks for bytes, letters without regard to case; a match may reach over pieces of one side that follow each other. Works for a
   * bounded time and finds a bounded number: `next` says where to go on. A search that goes on there misses nothing in between.
   */
  async find({ kind, stream, side }: FollowTarget, wanted: Uint8Array, from: FollowCursor): Promise<FollowFound | null> {
    const followed = await this.#of(kind, stream, false);
    if (followed === null) return null;
    if (wanted.length === 0 || wanted.length > LONGEST_SEARCH) return { matches: [], next: null };
    const needle = folded(wanted);
    const chosen = side === undefined ? null : followed.ofSide(side);
    const total = chosen?.length ?? followed.size;
    const started = performance.now();
    const matches: FollowMatch[] = [];
    const tails = this.#tailsAt(followed, side, needle, from.piece);
    const pause = (piece: number, after: number): FollowFound => {
      this.#pause = { followed, side, needle, piece, tails: [...tails] };
      return { matches, next: { piece, after } };
    };
    for (let k = from.piece; k < total; k++) {
      if (k > from.piece && performance.now() - started > SEARCH_MS) return pause(k, 0);
      const index = chosen === null ? k : (chosen[k] as number);
      const { skip: _, ...piece } = followed.piece(index);
      if (piece.gap) {
        tails[piece.side] = NOTHING;
        continue;
      }
      const tail = tails[piece.side];
      const bytes = followed.bytesOf(index);
      const joined = Buffer.concat([tail, folded(bytes)]);
      /** Place of joined[0] in what the side sent. */
      const base = piece.start - tail.length;
      let at = k === from.piece ? Math.max(0, from.after - base) : 0;
      for (let hit = joined.indexOf(needle, at); hit >= 0; hit = joined.indexOf(needle, at)) {
        if (matches.length === SEARCH_MATCHES) return pause(k, base + hit);
        matches.push({ piece: k, side: piece.side, start: base + hit, length: needle.length });
        at = hit + needle.length;
      }
      tails[piece.side] = joined.subarray(Math.max(at, joined.length - needle.length + 1));
    }
    return { matches, next: null };
  }

  /** What stands before a piece, if the last search stopped there: else a search begins. */
  #tailsAt(followed: FollowedStream, side: 0 | 1 | undefined, needle: Uint8Array, piece: number): [Uint8Array, Uint8Array] {
    const pause = this.#pause;
    const same = pause !== null && pause.followed === followed && pause.side === side && pause.piece === piece;
    return same && Buffer.compare(pause.needle, needle) === 0 ? [...pause.tails] : [NOTHING, NOTHING];
  }

  #of(kind: FollowKind, stream: number, renew: boolean): Promise<FollowedStream | null> {
    const table = kind === 'udp' ? this.#capture.state(udpFlows) : this.#capture.state(flows);
    if (stream >= table.size) return Promise.resolve(null);
    const last = table.lastRow[stream] as number;
    const key = `${kind}/${stream}`;
    if (this.#key !== key || (renew && this.#lastRow !== last)) {
      this.#key = key;
      this.#lastRow = last;
      this.#pause = null;
      this.#turn++;
      const transport = kind === 'tcp' || kind === 'udp';
      this.#followed = transport
        ? Promise.resolve(followStream(this.#capture, kind, stream))
        : kind === 'tls'
          ? Promise.resolve(followDecrypted(this.#capture, stream))
          : followSaid(this.#capture, kind, stream, null, this.#sharing(this.#turn));
    }
    return this.#followed;
  }

  /** Lets others in from time to time; gives up once something else is followed. */
  #sharing(turn: number): () => Promise<boolean> | null {
    let since = performance.now();
    return () => {
      if (performance.now() - since < SLICE_MS) return null;
      return new Promise((resolve) => {
        setImmediate(() => {
          since = performance.now();
          resolve(this.#turn === turn);
        });
      });
    };
  }
}

/** A copy with ASCII letters small. */
function folded(bytes: Uint8Array): Uint8Array {
  const out = bytes.slice();
  for (let k = 0; k < out.length; k++) {
    const byte = out[k] as number;
    if (byte >= 0x41 && byte <= 0x5a) out[k] = byte + 0x20;
  }
  return out;
}
