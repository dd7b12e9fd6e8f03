/**
 * Following what the layers above TCP say: HTTP messages with their codings undone, the header blocks and data of HTTP/2. To know it,
 * the packets that carry the protocol are dissected, a slice at a time; of each utterance its row and length are kept, not its bytes. What the
 * TCP stream lacks is a gap between them, in octets of TCP. A response of HTTP/1 that no packet's dissection has, because its segments came out
 * of order, is put together from the stream, as for its exchange; it stands at the last of its packets.
 */
import type { CaptureIndex } from '../dissect/capture-index.ts';
import { allProtocols } from '../dissect/protocol.ts';
import { type Said, saidIn } from '../dissect/said.ts';
import { rowsInSteps, rowsOfStream } from '../flow/stream-rows.ts';
import { dissectPacket } from '../protocols/dissect-packet.ts';
import { CHUNK_MASK } from '../table/packet-table.ts';
import { repairOf, repairsOf } from './exchange-read.ts';
import { streamGaps } from './follow.ts';
import { FollowedStream, type StreamGap } from './follow-pieces.ts';
import { inSteps } from './turns.ts';

/** Protocols whose messages can be followed. */
const SAID_KINDS = ['http', 'http2'] as const;
export type SaidKind = (typeof SAID_KINDS)[number];

/** A response that is put together from the stream. */
interface Repair {
  readonly exchange: number;
  /** Rows of the first and the last of its packets. */
  readonly startRow: number;
  readonly endRow: number;
}

class SaidStream extends FollowedStream {
  declare readonly kind: SaidKind;
  readonly #repairs: readonly Repair[];
  /** Stream inside the connection; null: all. */
  readonly substream: number | null;
  /** What was read last, since the pieces of a row are asked for one after the other. */
  #last: { row: number; said: readonly Said[] } = { row: -1, said: [] };

  /** Gaps that were noted. */
  #gaps = 0;

  /** @param first the first row that says something */
  constructor(capture: CaptureIndex, kind: SaidKind, stream: number, first: number, substream: number | null, repairs: readonly Repair[]) {
    super(capture, kind, stream, first);
    this.substream = substream;
    this.#repairs = repairs;
  }

  /** Notes what a row says, and which gaps of the TCP stream are before it. Rows come in ascending order. */
  hear(row: number, said: readonly Said[], gaps: readonly StreamGap[]): void {
    this.#gaps = this.gapsBefore(row, gaps, this.#gaps);
    for (const [k, { bytes }] of said.entries()) this.push(this.sideOf(row), row, k, bytes.length);
  }

  /** No row says anything more. */
  end(gaps: readonly StreamGap[]): void {
    this.#gaps = this.gapsBefore(null, gaps, this.#gaps);
  }

  protected override read(row: number, skip: number): Uint8Array {
    if (this.#last.row !== row) this.#last = { row, said: utterances(this.capture, row, this.kind, this.substream, this.#repairs) };
    return this.#last.said[skip]?.bytes ?? new Uint8Array(0);
  }
}

/** What is said in a row, and by the responses that end there. */
function utterances(
  capture: CaptureIndex,
  row: number,
  kind: SaidKind,
  substream: number | null,
  repairs: readonly Repair[],
): readonly Said[] {
  const all = saidIn(dissectPacket(capture, row).layers, kind);
  const said = substream === null ? all : all.filter((each) => each.substream === substream);
  const over = repairs.filter((each) => each.startRow <= row && row <= each.endRow);
  if (over.length === 0) return said;
  // In the midst of a response that was given up, its octets may have been taken for what they are not.
  const parts = over.some((each) => fromSameSide(capture, each.endRow, row)) && !beginsMessage(said[0]);
  const ended = over.filter((each) => each.endRow === row);
  return [...(parts ? [] : said), ...ended.flatMap((each) => repairOf(capture, each.exchange)?.said ?? [])];
}

const beginsMessage = (said: Said | undefined): boolean =>
  said !== undefined &&
  Buffer.from(said.bytes.buffer, said.bytes.byteOffset, Math.min(7, said.bytes.length)).toString('latin1') === 'HTTP/1.';

function fromSameSide(capture: CaptureIndex, a: number, b: number): boolean {
  const [p, q] = [capture.packets.chunkOf(a), capture.packets.chunkOf(b)];
  return p.src[a & CHUNK_MASK] === q.src[b & CHUNK_MASK] && p.srcPort[a & CHUNK_MASK] === q.srcPort[b & CHUNK_MASK];
}

/** Rows of a TCP stream whose packets have the protocol, in order of capture. */
function rowsWith(capture: CaptureIndex, kind: SaidKind, stream: number): Uint32Array {
  const mask = capture.stacks.mask((protocol) => allProtocols()[protocol]?.name === kind);
  return rowsOfStream(capture, stream, 'tcp').filter((row) => mask[capture.packets.chunkOf(row).stack[row & CHUNK_MASK] as number] === 1);
}

/** The kinds that a TCP stream has. */
export function kindsIn(capture: CaptureIndex, stream: number): SaidKind[] {
  return SAID_KINDS.filter((kind) => rowsWith(capture, kind, stream).length > 0);
}

/** The kinds that packets with these stacks have. */
export function kindsAmong(capture: CaptureIndex, stacks: ReadonlySet<number>): SaidKind[] {
  return SAID_KINDS.filter((kind) => {
    const mask = capture.stacks.mask((protocol) => allProtocols()[protocol]?.name === kind);
    return [...stacks].some((stack) => mask[stack] === 1);
  });
}

/**
 * Follows what a protocol on a TCP stream says; null if it says nothing, or if it was given up.
 * @param pause called before each row; gives a promise where others are to be let in, false from it to give up
 */
export async function followSaid(
  capture: CaptureIndex,
  kind: SaidKind,
  stream: number,
  substream: number | null,
  pause: () => Promise<boolean> | null = () => null,
): Promise<SaidStream | null> {
  if ((await inSteps(rowsInSteps(capture, stream, 'tcp'), pause)) === null) return null;
  const gaps = await streamGaps(capture, stream, pause);
  if (gaps === null) return null;
  const found = kind === 'http' ? await repairsOf(capture, stream, pause) : [];
  if (found === null) return null;
  const repairs = found.map(({ exchange, response: { startRow, endRow } }) => ({ exchange, startRow, endRow }));
  const rows = new Set([...rowsWith(capture, kind, stream), ...repairs.map((each) => each.endRow)]);
  let followed: SaidStream | null = null;
  for (const row of [...rows].sort((a, b) => a - b)) {
    const wait = pause();
    if (wait !== null && !(await wait)) return null;
    const said = utterances(capture, row, kind, substream, repairs);
    if (said.length === 0) continue;
    followed ??= new SaidStream(capture, kind, stream, row, substream, repairs);
    followed.hear(row, said, gaps);
  }
  followed?.end(gaps);
  return followed;
}
