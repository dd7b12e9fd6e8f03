/**
 * Pieces of a followed stream: a list that is made once (20 bytes a piece), a slice at a time where it may be long, whose bytes are read from
 * the file when they are asked for, so that a stream of any size opens at once.
 */

import { addressText } from '../connections/connections.ts';
import type { CaptureIndex } from '../dissect/capture-index.ts';
import { grown, u8, u32 } from '../flow/tuple-table.ts';
import type { FollowKind } from '../messages.ts';
import { CHUNK_MASK, NONE } from '../table/packet-table.ts';

/** One stretch of bytes that a side sent, or a gap: bytes that are known to have been sent but are not in the capture. */
export interface FollowPiece {
  /** Side that sent it: 0 sent the first packet of the stream, or the first that said something. */
  readonly side: 0 | 1;
  /** Row it came in; for a gap, the row that proves it. */
  readonly row: number;
  /** Bytes, of the gap too. */
  readonly length: number;
  readonly gap: boolean;
  /** Place in what its side sent, gaps counted. */
  readonly start: number;
  /** Of payload: its bytes before the piece, sent before. Of what layers say: how many utterances of the row come before. */
  readonly skip: number;
}

/** Octets of a TCP stream that are not in the capture. */
export interface StreamGap {
  /** "address:port" of who sent them. */
  readonly node: string;
  readonly length: number;
  /** Row of what comes behind them in their direction; where nothing does, the row that proves them. */
  readonly row: number;
  /** They were cut off that row's own segment by the snapshot length. */
  readonly cut: boolean;
}

const GAP = 2;

export abstract class FollowedStream {
  readonly kind: FollowKind;
  readonly stream: number;
  /** "address:port" of both sides, IPv6 in brackets; side 0 first. */
  readonly nodes: readonly [string, string];
  /** Bytes that each side sent, gaps counted. */
  readonly bytes: [number, number] = [0, 0];
  /** Of these, bytes that are not in the capture. */
  readonly missing: [number, number] = [0, 0];
  /** Number of pieces. */
  size = 0;
  readonly capture: CaptureIndex;
  #row = new Uint32Array(64);
  #skip = new Uint32Array(64);
  #length = new Uint32Array(64);
  /** Side, and GAP. */
  #what = new Uint8Array(64);
  #start = new Float64Array(64);
  readonly #sides: [Uint32Array | null, Uint32Array | null] = [null, null];
  /** How many pieces there were when the sides were told apart. */
  readonly #sidesOf: [number, number] = [0, 0];
  readonly #first: number;

  /** @param first row whose sender is side 0 */
  constructor(capture: CaptureIndex, kind: FollowKind, stream: number, first: number) {
    this.capture = capture;
    this.kind = kind;
    this.stream = stream;
    this.#first = first;
    this.nodes = [endpointOf(capture, first, true), endpointOf(capture, first, false)];
  }

  /** Bytes of a piece that is no gap. */
  protected abstract read(row: number, skip: number, length: number): Uint8Array;

  /** A piece; `index` must be below `size`. */
  piece(index: number): FollowPiece {
    const what = this.#what[index] as number;
    return {
      side: (what & 1) as 0 | 1,
      row: this.#row[index] as number,
      length: this.#length[index] as number,
      gap: (what & GAP) !== 0,
      start: this.#start[index] as number,
      skip: this.#skip[index] as number,
    };
  }

  isGap(index: number): boolean {
    return ((this.#what[index] as number) & GAP) !== 0;
  }

  sideAt(index: number): 0 | 1 {
    return ((this.#what[index] as number) & 1) as 0 | 1;
  }

  /** Place of a piece in what its side sent. */
  startOf(index: number): number {
    return this.#start[index] as number;
  }

  lengthOf(index: number): number {
    return this.#length[index] as number;
  }

  /** Row that a piece came in; for a gap, the row that proves it. */
  rowOf(index: number): number {
    return this.#row[index] as number;
  }

  /** Writes the bytes of a piece to `into`, which has room for them from `at` on, and gives how many there are. */
  copy(index: number, into: Uint8Array, at: number): number {
    if (this.isGap(index)) return 0;
    const row = this.#row[index] as number;
    const [skip, length] = [this.#skip[index] as number, this.#length[index] as number];
    const count = this.readInto(row, skip, length, into, at);
    if (count >= 0) return count;
    const bytes = this.read(row, skip, length);
    into.set(bytes, at);
    return bytes.length;
  }

  /** As `read`, into a buffer that is there; -1 where `read` has to be asked. */
  protected readInto(_row: number, _skip: number, _length: number, _into: Uint8Array, _at: number): number {
    return -1;
  }

  /** Bytes of a piece; empty for a gap. Shorter than its length only if the file no longer has what the index saw. */
  bytesOf(index: number): Uint8Array {
    if (((this.#what[index] as number) & GAP) !== 0) return new Uint8Array(0);
    return this.read(this.#row[index] as number, this.#skip[index] as number, this.#length[index] as number);
  }

  /** True when all pieces are there. */
  get whole(): boolean {
    return true;
  }

  /** Finds more pieces, until all are there or `due` says that it is time for others; the first ones are there already. */
  advance(_due: () => boolean): void {}

  /** Numbers of the pieces that one side sent, ascending. */
  ofSide(side: 0 | 1): Uint32Array {
    const known = this.#sides[side];
    if (known !== null && this.#sidesOf[side] === this.size) return known;
    let n = 0;
    for (let k = 0; k < this.size; k++) if (((this.#what[k] as number) & 1) === side) n++;
    const pieces = new Uint32Array(n);
    for (let k = 0, i = 0; k < this.size; k++) if (((this.#what[k] as number) & 1) === side) pieces[i++] = k;
    this.#sides[side] = pieces;
    this.#sidesOf[side] = this.size;
    return pieces;
  }

  /** The first piece of a row's bytes, or of the first row after it; `size` if there is none. */
  pieceOfRow(row: number): number {
    // Pieces are in order of delivery, rows therefore nearly so: the exact one if there is one, else the nearest after.
    let best = this.size;
    let bestRow = NONE;
    for (let k = 0; k < this.size; k++) {
      const at = this.#row[k] as number;
      if (at === row && ((this.#what[k] as number) & GAP) === 0) return k;
      if (at > row && at < bestRow) {
        best = k;
        bestRow = at;
      }
    }
    return best;
  }

  /** Notes the gaps that come before what `row` says, or before all that is left where it is null. Gives how many of `gaps` were noted so far. */
  protected gapsBefore(row: number | null, gaps: readonly StreamGap[], noted: number): number {
    let k = noted;
    for (; k < gaps.length; k++) {
      const gap = gaps[k] as StreamGap;
      if (row !== null && (gap.cut ? gap.row >= row : gap.row > row)) break;
      this.gap(gap.node === this.nodes[0] ? 0 : 1, gap.row, gap.length);
    }
    return k;
  }

  /** Notes bytes that are not in the capture. */
  gap(side: number, row: number, length: number): void {
    if (length <= 0) return;
    this.missing[side as 0 | 1] += length;
    this.push(side | GAP, row, 0, length);
  }

  /** @param what the side, with GAP where it is one */
  protected push(what: number, row: number, skip: number, length: number): void {
    const k = this.size++;
    if (k === this.#row.length) {
      this.#row = grown(this.#row, u32);
      this.#skip = grown(this.#skip, u32);
      this.#length = grown(this.#length, u32);
      this.#what = grown(this.#what, u8);
      const wider = new Float64Array(2 * this.#start.length);
      wider.set(this.#start);
      this.#start = wider;
    }
    const side = (what & 1) as 0 | 1;
    this.#row[k] = row;
    this.#skip[k] = skip;
    this.#length[k] = length;
    this.#what[k] = what;
    this.#start[k] = this.bytes[side];
    this.bytes[side] += length;
  }

  /** Side that sent a row. */
  protected sideOf(row: number): 0 | 1 {
    const { packets } = this.capture;
    const chunk = packets.chunkOf(row);
    const first = packets.chunkOf(this.#first);
    const at = row & CHUNK_MASK;
    const of = this.#first & CHUNK_MASK;
    return chunk.src[at] === first.src[of] && chunk.srcPort[at] === first.srcPort[of] ? 0 : 1;
  }
}

function endpointOf(capture: CaptureIndex, row: number, source: boolean): string {
  const chunk = capture.packets.chunkOf(row);
  const at = row & CHUNK_MASK;
  const text = addressText(capture, (source ? chunk.src[at] : chunk.dst[at]) as number);
  return `${text.includes(':') ? `[${text}]` : text}:${source ? chunk.srcPort[at] : chunk.dstPort[at]}`;
}
