/**
 * Following a stream: what each side sent, in the order in which the other side could read it. A list of pieces is made once (20 bytes
 * a piece); the bytes of a piece are read from the file when they are asked for, so that a stream of any size opens at once.
 */
import type { CaptureIndex } from '../dissect/capture-index.ts';
import { dissectPacket } from '../dissect/dissect-packet.ts';
import type { FieldNode } from '../dissect/tree.ts';
import { addressText } from '../flow/connections.ts';
import { rowsOfStream } from '../flow/marks.ts';
import { payloadOf } from '../flow/reassembly.ts';
import { Flag, seqAdd, seqDiff } from '../flow/seq.ts';
import { grown, u8, u32 } from '../flow/tuple-table.ts';
import { CHUNK_MASK, NONE } from '../table/packet-table.ts';

export type FollowKind = 'tcp' | 'udp';

/** One stretch of bytes that a side sent, or a gap: bytes that are known to have been sent but are not in the capture. */
export interface FollowPiece {
  /** Side that sent it: 0 sent the first packet of the stream. */
  readonly side: 0 | 1;
  /** Row it came in; for a gap, the row that proves it. */
  readonly row: number;
  /** Bytes, of the gap too. */
  readonly length: number;
  readonly gap: boolean;
  /** Place in what its side sent, gaps counted. */
  readonly start: number;
  /** Bytes of the packet's payload before it: sent before. */
  readonly skip: number;
}

const GAP = 2;

export class FollowedStream {
  readonly kind: FollowKind;
  readonly stream: number;
  /** "address:port" of both sides, IPv6 in brackets; the sender of the first packet first. */
  readonly nodes: readonly [string, string];
  /** Bytes that each side sent, gaps counted. */
  readonly bytes: [number, number] = [0, 0];
  /** Of these, bytes that are not in the capture. */
  readonly missing: [number, number] = [0, 0];
  /** Number of pieces. */
  size = 0;
  readonly #capture: CaptureIndex;
  #row = new Uint32Array(64);
  /** Bytes of the payload before the piece: sent before. */
  #skip = new Uint32Array(64);
  #length = new Uint32Array(64);
  /** Side, and GAP. */
  #what = new Uint8Array(64);
  #start = new Float64Array(64);
  readonly #sides: [Uint32Array | null, Uint32Array | null] = [null, null];

  constructor(capture: CaptureIndex, kind: FollowKind, stream: number, rows: Uint32Array) {
    this.#capture = capture;
    this.kind = kind;
    this.stream = stream;
    const first = rows[0] as number;
    this.nodes = [endpointOf(capture, first, true), endpointOf(capture, first, false)];
    if (kind === 'tcp') new Sequencer(capture, this).run(rows);
    else for (const row of rows) this.#datagram(row, rows[0] as number);
  }

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

  /** Bytes of a piece; empty for a gap. Shorter than its length only if the file no longer has what the index saw. */
  bytesOf(index: number): Uint8Array {
    if (((this.#what[index] as number) & GAP) !== 0) return new Uint8Array(0);
    const skip = this.#skip[index] as number;
    return transportPayload(this.#capture, this.#row[index] as number, this.kind).subarray(skip, skip + (this.#length[index] as number));
  }

  /** Numbers of the pieces that one side sent, ascending. Made at the first call: not before all pieces are there. */
  ofSide(side: 0 | 1): Uint32Array {
    const known = this.#sides[side];
    if (known !== null) return known;
    let n = 0;
    for (let k = 0; k < this.size; k++) if (((this.#what[k] as number) & 1) === side) n++;
    const pieces = new Uint32Array(n);
    for (let k = 0, i = 0; k < this.size; k++) if (((this.#what[k] as number) & 1) === side) pieces[i++] = k;
    this.#sides[side] = pieces;
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

  /** Notes bytes of `row`'s payload from `skip` on. What the snapshot length has cut becomes a gap of its own. */
  add(side: number, row: number, skip: number, length: number): void {
    if (length <= 0) return;
    const captured = Math.max(0, Math.min(length, this.#captured(row) - skip));
    if (captured > 0) this.#push(side, row, skip, captured);
    if (captured < length) this.gap(side, row, length - captured);
  }

  /** Notes bytes that are not in the capture. */
  gap(side: number, row: number, length: number): void {
    if (length <= 0) return;
    this.missing[side as 0 | 1] += length;
    this.#push(side | GAP, row, 0, length);
  }

  #push(what: number, row: number, skip: number, length: number): void {
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

  /** Bytes of a row's payload that were captured: all of it unless the packet was cut. */
  #captured(row: number): number {
    const chunk = this.#capture.packets.chunkOf(row);
    const at = row & CHUNK_MASK;
    if (chunk.capLen[at] === chunk.wireLen[at]) return Number.POSITIVE_INFINITY;
    return transportPayload(this.#capture, row, this.kind).length;
  }

  #datagram(row: number, first: number): void {
    const chunk = this.#capture.packets.chunkOf(row);
    const start = this.#capture.packets.chunkOf(first);
    const at = row & CHUNK_MASK;
    const of = first & CHUNK_MASK;
    const same = chunk.src[at] === start.src[of] && chunk.srcPort[at] === start.srcPort[of];
    this.add(same ? 0 : 1, row, 0, chunk.payload[at] as number);
  }
}

/** What waits for bytes before it. */
interface Waiting {
  readonly row: number;
  seq: number;
  skip: number;
  length: number;
}

/** Puts TCP payload in order: a segment is delivered when all before it was, or when the other side acknowledged what is missing. */
class Sequencer {
  readonly #capture: CaptureIndex;
  readonly #out: FollowedStream;
  readonly #next = [0, 0];
  readonly #known = [false, false];
  /** Segments ahead of their turn, by sequence number. */
  readonly #waiting: [Waiting[], Waiting[]] = [[], []];

  constructor(capture: CaptureIndex, out: FollowedStream) {
    this.#capture = capture;
    this.#out = out;
  }

  run(rows: Uint32Array): void {
    const { packets } = this.#capture;
    const first = rows[0] as number;
    const src = packets.chunkOf(first).src[first & CHUNK_MASK];
    const port = packets.chunkOf(first).srcPort[first & CHUNK_MASK];
    let last = first;
    for (const row of rows) {
      const chunk = packets.chunkOf(row);
      const at = row & CHUNK_MASK;
      const side = chunk.src[at] === src && chunk.srcPort[at] === port ? 0 : 1;
      const flags = chunk.tcpFlags[at] as number;
      // What the other side acknowledges did arrive, though the capture lacks it.
      if ((flags & Flag.Ack) !== 0) this.#acknowledged(1 - side, chunk.ack[at] as number, row);
      this.#segment(side, row, chunk.seq[at] as number, chunk.payload[at] as number, flags);
      last = row;
    }
    for (const side of [0, 1]) this.#rest(side, last);
  }

  #segment(side: number, row: number, seq: number, length: number, flags: number): void {
    const syn = (flags & Flag.Syn) !== 0 ? 1 : 0;
    if (this.#known[side] !== true) {
      this.#known[side] = true;
      this.#next[side] = seqAdd(seq, length + syn);
      this.#out.add(side, row, 0, length);
      return;
    }
    const next = this.#next[side] as number;
    const ahead = seqDiff(seq, next);
    if (ahead > 0) {
      if (length > 0) insert(this.#waiting[side as 0 | 1], { row, seq, skip: 0, length });
      return;
    }
    const fresh = seqDiff(seqAdd(seq, length), next);
    if (fresh <= 0) {
      if (syn === 1 && ahead === 0) this.#next[side] = seqAdd(next, 1);
      return;
    }
    this.#deliver(side, { row, seq: next, skip: length - fresh, length: fresh });
    this.#drain(side);
  }

  #deliver(side: number, segment: Waiting): void {
    this.#out.add(side, segment.row, segment.skip, segment.length);
    this.#next[side] = seqAdd(this.#next[side] as number, segment.length);
  }

  /** Delivers what no longer waits. */
  #drain(side: number): void {
    const waiting = this.#waiting[side as 0 | 1];
    let done = 0;
    for (; done < waiting.length; done++) {
      const segment = waiting[done] as Waiting;
      const ahead = seqDiff(segment.seq, this.#next[side] as number);
      if (ahead > 0) break;
      const fresh = segment.length + ahead;
      if (fresh > 0) this.#deliver(side, { ...segment, skip: segment.skip - ahead, length: fresh });
    }
    if (done > 0) waiting.splice(0, done);
  }

  #acknowledged(side: number, ack: number, row: number): void {
    const waiting = this.#waiting[side as 0 | 1];
    for (let segment = waiting[0]; segment !== undefined && seqDiff(ack, segment.seq) > 0; segment = waiting[0]) {
      this.#leap(side, segment, row);
    }
  }

  /** Gives up the bytes before a segment. */
  #leap(side: number, segment: Waiting, row: number): void {
    this.#out.gap(side, row, seqDiff(segment.seq, this.#next[side] as number));
    this.#next[side] = segment.seq;
    this.#drain(side);
  }

  /** At the end of the capture: what still waits is shown behind a gap, rather than left out. */
  #rest(side: number, row: number): void {
    for (let segment = this.#waiting[side as 0 | 1][0]; segment !== undefined; segment = this.#waiting[side as 0 | 1][0])
      this.#leap(side, segment, row);
  }
}

/** Keeps the list in order of sequence numbers; of equals the one that came first stands first. */
function insert(list: Waiting[], segment: Waiting): void {
  let low = 0;
  let high = list.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (seqDiff((list[middle] as Waiting).seq, segment.seq) <= 0) low = middle + 1;
    else high = middle;
  }
  list.splice(low, 0, segment);
}

function endpointOf(capture: CaptureIndex, row: number, source: boolean): string {
  const chunk = capture.packets.chunkOf(row);
  const at = row & CHUNK_MASK;
  const text = addressText(capture, (source ? chunk.src[at] : chunk.dst[at]) as number);
  return `${text.includes(':') ? `[${text}]` : text}:${source ? chunk.srcPort[at] : chunk.dstPort[at]}`;
}

/** The captured TCP or UDP payload of a row, from reassembled IP fragments too. */
export function transportPayload(capture: CaptureIndex, row: number, kind: FollowKind): Uint8Array {
  if (kind === 'tcp') {
    const plain = payloadOf(capture, row);
    if (plain.length > 0) return plain;
  }
  const d = dissectPacket(capture, row);
  for (const layer of d.layers.toReversed()) {
    if (layer.protocol !== kind) continue;
    const node = layer.fields.find((field: FieldNode) => field.abbrev === `${kind}.payload`);
    const source = node === undefined ? undefined : d.sources[node.source];
    if (node !== undefined && source !== undefined) return source.bytes.subarray(node.offset, node.offset + node.length);
  }
  return new Uint8Array(0);
}

/** Follows a stream; null if the capture has none of that number. */
export function followStream(capture: CaptureIndex, kind: FollowKind, stream: number): FollowedStream | null {
  const rows = rowsOfStream(capture, stream, kind);
  return rows.length === 0 ? null : new FollowedStream(capture, kind, stream, rows);
}
