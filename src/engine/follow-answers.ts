/** Answers about the stream that the window follows: a page of its bytes, a search in it. */
import { flows } from '../flow/tcp-flows.ts';
import { udpFlows } from '../flow/udp-flows.ts';
import type { FollowFound, FollowPage, FollowPieceData, FollowSummary } from '../messages.ts';
import type { Capture } from './capture.ts';
import { type FollowedStream, type FollowKind, followStream } from './follow.ts';

/** Pieces and bytes of one page at most. */
const PAGE_PIECES = 500;
const PAGE_BYTES = 1024 * 1024;
/** How long one search may take before the window is asked to go on. */
const SEARCH_MS = 40;
/** Longest text that is searched for. */
export const LONGEST_SEARCH = 1024;

export class FollowAnswers {
  readonly #capture: Capture;
  #followed: FollowedStream | null = null;
  /** Last row of the stream when it was followed: a live stream that has grown is followed anew. */
  #lastRow = -1;

  constructor(capture: Capture) {
    this.#capture = capture;
  }

  /** Null: there is no such stream. */
  summary(kind: FollowKind, stream: number): FollowSummary | null {
    const followed = this.#of(kind, stream);
    if (followed === null) return null;
    return { kind, stream, nodes: followed.nodes, bytes: followed.bytes, missing: followed.missing, pieces: followed.size };
  }

  /** Pieces from `from` on: at most `count`, fewer where their bytes are many, but one at least. */
  page(kind: FollowKind, stream: number, from: number, count: number): FollowPage | null {
    const followed = this.#of(kind, stream);
    if (followed === null) return null;
    const pieces: FollowPieceData[] = [];
    let bytes = 0;
    const to = Math.min(followed.size, from + Math.min(count, PAGE_PIECES));
    for (let k = from; k < to && (pieces.length === 0 || bytes < PAGE_BYTES); k++) {
      const piece = followed.piece(k);
      // A view of a cache block would carry the whole block across the line.
      const data = followed.bytesOf(k).slice();
      bytes += data.length;
      pieces.push({ ...piece, bytes: data });
    }
    return { from, pieces, total: followed.size };
  }

  /** The piece in which a packet's bytes stand, or the nearest after it. */
  pieceOfRow(kind: FollowKind, stream: number, row: number): number | null {
    return this.#of(kind, stream)?.pieceOfRow(row) ?? null;
  }

  /**
   * Looks for bytes from piece `from` on, letters without regard to case; a match may reach over pieces of one side that follow each
   * other. Works for a bounded time: `next` says where to go on.
   */
  find(kind: FollowKind, stream: number, wanted: Uint8Array, from: number): FollowFound | null {
    const followed = this.#of(kind, stream);
    if (followed === null) return null;
    if (wanted.length === 0 || wanted.length > LONGEST_SEARCH) return { found: null, next: null };
    const needle = folded(wanted);
    const started = performance.now();
    /** Of each side, the end of what came before: matches may begin there. */
    const tails = [new Uint8Array(0), new Uint8Array(0)];
    for (let k = from; k < followed.size; k++) {
      if (k > from && performance.now() - started > SEARCH_MS) return { found: null, next: k };
      const { side, gap } = followed.piece(k);
      if (gap) {
        tails[side] = new Uint8Array(0);
        continue;
      }
      const tail = tails[side] as Uint8Array;
      const bytes = folded(followed.bytesOf(k));
      const joined = Buffer.concat([tail, bytes]);
      const at = joined.indexOf(needle);
      if (at >= 0) return { found: { piece: k, offset: at - tail.length, length: needle.length }, next: null };
      tails[side] = joined.subarray(Math.max(0, joined.length - needle.length + 1));
    }
    return { found: null, next: null };
  }

  #of(kind: FollowKind, stream: number): FollowedStream | null {
    const table = kind === 'tcp' ? this.#capture.state(flows) : this.#capture.state(udpFlows);
    if (stream >= table.size) return null;
    const last = table.lastRow[stream] as number;
    if (this.#followed?.kind !== kind || this.#followed.stream !== stream || this.#lastRow !== last) {
      this.#followed = followStream(this.#capture, kind, stream);
      this.#lastRow = last;
    }
    return this.#followed;
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
