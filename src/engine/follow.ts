/** Following a TCP or UDP stream: what each side sent, in the order in which the other side could read it. */
import type { CaptureIndex } from '../dissect/capture-index.ts';
import { dissectPacket } from '../dissect/dissect-packet.ts';
import type { FieldNode } from '../dissect/tree.ts';
import { rowsOfStream } from '../flow/marks.ts';
import { payloadOf } from '../flow/reassembly.ts';
import { Flag, seqAdd, seqDiff } from '../flow/seq.ts';
import { CHUNK_MASK } from '../table/packet-table.ts';
import { FollowedStream } from './follow-pieces.ts';

export type TransportKind = 'tcp' | 'udp';

/** A TCP or UDP stream as it was carried. */
class TransportStream extends FollowedStream {
  declare readonly kind: TransportKind;

  constructor(capture: CaptureIndex, kind: TransportKind, stream: number, rows: Uint32Array) {
    super(capture, kind, stream, rows[0] as number);
    if (kind === 'tcp') new Sequencer(capture, this).run(rows);
    else for (const row of rows) this.add(this.sideOf(row), row, 0, capture.packets.chunkOf(row).payload[row & CHUNK_MASK] as number);
  }

  protected override read(row: number, skip: number, length: number): Uint8Array {
    return transportPayload(this.capture, row, this.kind).subarray(skip, skip + length);
  }

  /** Notes bytes of `row`'s payload from `skip` on. What the snapshot length has cut becomes a gap of its own. */
  add(side: number, row: number, skip: number, length: number): void {
    if (length <= 0) return;
    const captured = Math.max(0, Math.min(length, this.#captured(row) - skip));
    if (captured > 0) this.push(side, row, skip, captured);
    if (captured < length) this.gap(side, row, length - captured);
  }

  /** Bytes of a row's payload that were captured: all of it unless the packet was cut. */
  #captured(row: number): number {
    const chunk = this.capture.packets.chunkOf(row);
    const at = row & CHUNK_MASK;
    if (chunk.capLen[at] === chunk.wireLen[at]) return Number.POSITIVE_INFINITY;
    return transportPayload(this.capture, row, this.kind).length;
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
  readonly #out: TransportStream;
  readonly #next = [0, 0];
  readonly #known = [false, false];
  /** Segments ahead of their turn, by sequence number. */
  readonly #waiting: [Waiting[], Waiting[]] = [[], []];

  constructor(capture: CaptureIndex, out: TransportStream) {
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

/** The captured TCP or UDP payload of a row, from reassembled IP fragments too. */
export function transportPayload(capture: CaptureIndex, row: number, kind: TransportKind): Uint8Array {
  if (kind === 'tcp') {
    const plain = payloadOf(capture, row);
    if (plain.length > 0) return plain;
  }
  const d = dissectPacket(capture, row);
  for (const layer of d.layers.toReversed()) {
    // UDP-Lite has the fields and the streams of UDP.
    if (layer.protocol !== kind && !(kind === 'udp' && layer.protocol === 'udplite')) continue;
    const node = layer.fields.find((field: FieldNode) => field.abbrev === `${kind}.payload`);
    const source = node === undefined ? undefined : d.sources[node.source];
    if (node !== undefined && source !== undefined) return source.bytes.subarray(node.offset, node.offset + node.length);
  }
  return new Uint8Array(0);
}

/** Follows a stream; null if the capture has none of that number. */
export function followStream(capture: CaptureIndex, kind: TransportKind, stream: number): FollowedStream | null {
  const rows = rowsOfStream(capture, stream, kind);
  return rows.length === 0 ? null : new TransportStream(capture, kind, stream, rows);
}
