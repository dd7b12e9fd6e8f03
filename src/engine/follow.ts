/** Following a TCP or UDP stream: what each side sent, in the order in which the other side could read it. */
import type { CaptureIndex } from '../dissect/capture-index.ts';
import { payloadOf } from '../flow/payload-plan.ts';
import { Flag, seqAdd, seqDiff } from '../flow/seq.ts';
import { finished } from '../flow/steps.ts';
import { rowsInSteps } from '../flow/stream-rows.ts';
import { flows } from '../flow/tcp-flows.ts';
import type { FieldNode } from '../messages.ts';
import { dissectPacket } from '../protocols/dissect-packet.ts';
import { CHUNK_MASK, RowFlag } from '../table/packet-table.ts';
import { FollowedStream, type FollowPiece, type StreamGap } from './follow-pieces.ts';
import { type Waiting, WaitingSegments } from './follow-waiting.ts';

export type TransportKind = 'tcp' | 'udp';

/** Longest packet that is read into the buffer that is there: longer ones are read by themselves. */
const PACKET = 256 * 1024;

/** Rows between two looks at the clock. */
const STEP = 4096;
/** A stream with fewer of the rows between its first and its last than one in so many is found by its list of rows, which leads backwards. */
const SPARSE = 16;

/** A TCP or UDP stream as it was carried. */
export class TransportStream extends FollowedStream {
  declare readonly kind: TransportKind;
  /** Its rows; null: those between `#next` and `#last` are looked through. */
  readonly #rows: Uint32Array | null;
  /** The next row, or the next place in `#rows`; the last row. */
  #next: number;
  readonly #last: number;
  readonly #sequencer: Sequencer | null;
  #whole = false;
  /** Protocols of its packets, by what `stacks` numbers. */
  readonly #seen = new Set<number>();
  /** The packet at hand, and where its transport header began last: mostly where that of the next one begins. */
  readonly #packet = Buffer.alloc(PACKET);
  #header = 0;

  constructor(capture: CaptureIndex, kind: TransportKind, stream: number, first: number, last: number, rows: Uint32Array | null) {
    super(capture, kind, stream, first);
    this.#rows = rows;
    this.#next = rows === null ? first : 0;
    this.#last = last;
    this.#sequencer = kind === 'tcp' ? new Sequencer(capture, this, first) : null;
  }

  override get whole(): boolean {
    return this.#whole;
  }

  /** The stacks that its packets have, as far as they were looked at. */
  get stacks(): ReadonlySet<number> {
    return this.#seen;
  }

  override advance(due: () => boolean): void {
    const rows = this.#rows;
    const end = rows === null ? this.#last + 1 : rows.length;
    let stack = -1;
    for (let steps = 1; this.#next < end; steps++) {
      const row = rows === null ? this.#next : (rows[this.#next] as number);
      this.#next++;
      if (rows !== null || isTcp(this.capture, row, this.stream)) {
        const own = this.capture.packets.chunkOf(row).stack[row & CHUNK_MASK] as number;
        if (own !== stack) {
          stack = own;
          this.#seen.add(own);
        }
        if (this.#sequencer !== null) this.#sequencer.take(row);
        else this.add(this.sideOf(row), row, 0, this.capture.packets.chunkOf(row).payload[row & CHUNK_MASK] as number);
      }
      if (steps % STEP === 0 && due()) return;
    }
    if (this.#whole) return;
    this.#whole = true;
    this.#sequencer?.end(this.#last);
  }

  protected override readInto(row: number, skip: number, length: number, into: Uint8Array, at: number): number {
    const chunk = this.capture.packets.chunkOf(row);
    const i = row & CHUNK_MASK;
    if (((chunk.flags[i] as number) & RowFlag.Reassembled) !== 0) return -1;
    const captured = this.capture.bytesInto?.(row, this.#packet) ?? -1;
    const header = this.#headerIn(row, captured);
    if (header < 0) return -1;
    this.#header = header;
    const size = this.kind === 'tcp' ? ((this.#packet[header + 12] as number) >> 4) * 4 : 8;
    const from = Math.min(captured, header + size + skip);
    const to = Math.min(captured, from + length);
    into.set(this.#packet.subarray(from, to), at);
    return to - from;
  }

  /** Where the transport header begins in the captured bytes at hand, by what the index knows of it; -1 if it is not found. */
  #headerIn(row: number, captured: number): number {
    const last = captured - (this.kind === 'tcp' ? 20 : 8);
    if (this.#header <= last && this.#isHeader(row, this.#header)) return this.#header;
    for (let o = 0; o <= last; o++) if (this.#isHeader(row, o)) return o;
    return -1;
  }

  #isHeader(row: number, at: number): boolean {
    const chunk = this.capture.packets.chunkOf(row);
    const i = row & CHUNK_MASK;
    const packet = this.#packet;
    if (packet.readUInt16BE(at) !== chunk.srcPort[i] || packet.readUInt16BE(at + 2) !== chunk.dstPort[i]) return false;
    if (this.kind === 'udp') return packet.readUInt16BE(at + 4) === (chunk.payload[i] as number) + 8;
    return packet.readUInt32BE(at + 4) === chunk.seq[i] && packet.readUInt32BE(at + 8) === chunk.ack[i];
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

/** Puts TCP payload in order: a segment is delivered when all before it was, or when the other side acknowledged what is missing. */
class Sequencer {
  readonly #capture: CaptureIndex;
  readonly #out: TransportStream;
  readonly #next = [0, 0];
  readonly #known = [false, false];
  /** Segments ahead of their turn, by sequence number. */
  readonly #waiting = [new WaitingSegments(), new WaitingSegments()] as const;

  /** Address and port of side 0. */
  readonly #src: number;
  readonly #port: number;

  /** @param first the first row of the stream */
  constructor(capture: CaptureIndex, out: TransportStream, first: number) {
    this.#capture = capture;
    this.#out = out;
    const chunk = capture.packets.chunkOf(first);
    this.#src = chunk.src[first & CHUNK_MASK] as number;
    this.#port = chunk.srcPort[first & CHUNK_MASK] as number;
  }

  /** The next segment. */
  take(row: number): void {
    const chunk = this.#capture.packets.chunkOf(row);
    const at = row & CHUNK_MASK;
    const side = chunk.src[at] === this.#src && chunk.srcPort[at] === this.#port ? 0 : 1;
    const flags = chunk.tcpFlags[at] as number;
    // What the other side acknowledges did arrive, though the capture lacks it.
    if ((flags & Flag.Ack) !== 0) this.#acknowledged(1 - side, chunk.ack[at] as number, row);
    this.#segment(side, row, chunk.seq[at] as number, chunk.payload[at] as number, flags);
  }

  /** There are no more segments. @param last the last one */
  end(last: number): void {
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
      if (length > 0) this.#waiting[side as 0 | 1].add({ row, seq, skip: 0, length });
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
    for (let segment = waiting.next; segment !== undefined; segment = waiting.next) {
      const ahead = seqDiff(segment.seq, this.#next[side] as number);
      if (ahead > 0) break;
      waiting.drop();
      const fresh = segment.length + ahead;
      if (fresh > 0) this.#deliver(side, { ...segment, skip: segment.skip - ahead, length: fresh });
    }
  }

  #acknowledged(side: number, ack: number, row: number): void {
    const waiting = this.#waiting[side as 0 | 1];
    for (let segment = waiting.next; segment !== undefined && seqDiff(ack, segment.seq) > 0; segment = waiting.next) {
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
    const waiting = this.#waiting[side as 0 | 1];
    for (let segment = waiting.next; segment !== undefined; segment = waiting.next) this.#leap(side, segment, row);
  }
}

/** The captured TCP or UDP payload of a row, from reassembled IP fragments too. */
function transportPayload(capture: CaptureIndex, row: number, kind: TransportKind): Uint8Array {
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

/** Whether a row is a segment of a stream; false where a packet only quotes one. */
function isTcp(capture: CaptureIndex, row: number, stream: number): boolean {
  if (row >= capture.packets.length) return false;
  const chunk = capture.packets.chunkOf(row);
  return chunk.stream[row & CHUNK_MASK] === stream && ((chunk.flags[row & CHUNK_MASK] as number) & RowFlag.Tcp) !== 0;
}

/** Begins to follow a stream, whose pieces `advance` finds; null if the capture has none of that number. */
export function beginFollowing(capture: CaptureIndex, kind: TransportKind, stream: number): TransportStream | null {
  return finished(followingInSteps(capture, kind, stream));
}

/** `beginFollowing`, with pauses in which others may have their turn. */
export function* followingInSteps(capture: CaptureIndex, kind: TransportKind, stream: number): Generator<void, TransportStream | null> {
  if (kind === 'tcp') {
    const table = capture.state(flows);
    if (stream >= table.size) return null;
    const [first, last] = [table.firstRow[stream] as number, table.lastRow[stream] as number];
    const packets = (table.packets[2 * stream] as number) + (table.packets[2 * stream + 1] as number);
    if (isTcp(capture, first, stream) && packets * SPARSE > last - first)
      return new TransportStream(capture, kind, stream, first, last, null);
  }
  const rows = yield* rowsInSteps(capture, stream, kind);
  return rows.length === 0 ? null : new TransportStream(capture, kind, stream, rows[0] as number, rows.at(-1) as number, rows);
}

/** The gaps of a TCP stream, in the order in which what is behind them was delivered. `pause`: as for followSaid; null from it: given up. */
export async function streamGaps(capture: CaptureIndex, stream: number, pause: () => Promise<boolean> | null): Promise<StreamGap[] | null> {
  const followed = beginFollowing(capture, 'tcp', stream);
  if (followed === null) return [];
  let wait: Promise<boolean> | null = null;
  const due = (): boolean => {
    wait = pause();
    return wait !== null;
  };
  while (!followed.whole) {
    followed.advance(due);
    if (wait !== null && !(await wait)) return null;
    wait = null;
  }
  if (followed.missing[0] + followed.missing[1] === 0) return [];
  const gaps: StreamGap[] = [];
  const before: (FollowPiece | null)[] = [null, null];
  /** The gap of each side behind which nothing has come yet. */
  const last: (number | null)[] = [null, null];
  for (let k = 0; k < followed.size; k++) {
    const piece = followed.piece(k);
    const { side, row, length } = piece;
    if (piece.gap) {
      const cut = before[side]?.row === row;
      last[side] = cut ? null : gaps.length;
      gaps.push({ node: followed.nodes[side], length, row, cut });
      continue;
    }
    const open = last[side];
    if (open !== null && open !== undefined) gaps[open] = { ...(gaps[open] as StreamGap), row };
    last[side] = null;
    before[side] = piece;
  }
  return gaps;
}

/** Follows a stream, all of it; null if the capture has none of that number. */
export function followStream(capture: CaptureIndex, kind: TransportKind, stream: number): FollowedStream | null {
  const followed = beginFollowing(capture, kind, stream);
  followed?.advance(() => false);
  return followed;
}
