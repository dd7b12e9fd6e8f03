/**
 * What full depth is to do with the payload of one TCP segment: what the index pass decided (reassembly.ts), read from its columns, and the
 * messages over several segments put together from their packets.
 */
import type { CaptureIndex } from '../dissect/capture-index.ts';
import type { Buf } from '../dissect/dissection.ts';
import { allProtocols } from '../dissect/protocol.ts';
import { CHUNK_MASK, NONE, RowFlag } from '../table/packet-table.ts';
import { type MessageTable, messages } from './messages.ts';
import { payloadSeq, seqDiff } from './seq.ts';
import { segmentOf } from './syn-options.ts';
import { previousInStream } from './tcp-replay.ts';

/** Largest reassembled message that full depth puts together. */
export const REASSEMBLED_LIMIT = 16 * 1024 * 1024;

const all = allProtocols();

/** A segment of a message. */
export interface Part {
  readonly row: number;
  /** Where in the message its octets are, and how many of them on the wire. */
  readonly offset: number;
  readonly length: number;
  /** Some of them are also in a segment before it: the same ones, or others. */
  overlap: 'none' | 'same' | 'conflict';
  /** What was captured of them. */
  readonly bytes: Uint8Array;
}

/** A message that was put together. */
export interface Joined {
  readonly bytes: Uint8Array;
  /** How many of the bytes are whole messages. */
  readonly used: number;
  /** How many bytes of this segment went into it. */
  readonly tail: number;
  /** The segments it came in, in the order of their octets. */
  readonly parts: readonly Part[];
}

/** What full depth is to do with the payload of one segment. Offsets are those of the payload's source. */
export interface Plan {
  /** Messages of earlier segments that are given up waiting for what was before them: before all others. */
  readonly released: readonly Joined[];
  /** Such messages where nothing of the direction comes any more, which may have octets of this segment: after all others. */
  readonly last: readonly Joined[];
  /** The segment waits behind a hole, and is shown from its beginning up to here, where whole messages end (Framer.ordered). */
  readonly aheadEnd: number;
  /** A message that this segment completes. */
  readonly reassembled: Joined | null;
  /** Whole messages that begin and end in this segment: one call. Empty if start >= end. */
  readonly restStart: number;
  readonly restEnd: number;
  /** What is part of a message that ends in a later segment. */
  readonly segmentStart: number;
  readonly segmentEnd: number;
  /** Row where that message is whole, NONE if nowhere. */
  readonly reassembledIn: number;
  /** The segment has bytes of a message that spans segments. */
  readonly ofMessage: boolean;
}

/** The plan for a row's segment. `b`: its payload. */
export function payloadPlan(capture: CaptureIndex, row: number, stream: number, direction: number, b: Buf): Plan {
  const chunk = capture.packets.chunkOf(row);
  const at = row & CHUNK_MASK;
  const seq = payloadSeq(chunk.seq[at] as number, chunk.tcpFlags[at] as number);
  const touched = (chunk.message[at] as number) - 1;
  const table = capture.state(messages);
  const given = table.releasedIn(row).filter((m) => table.side[m] === 2 * stream + direction);
  const joined = given.map((m) => assemble(capture, table, m, stream, direction, 0));
  const [released, last] = table.isLast(row) ? [[], joined] : [joined, []];
  if (touched < 0) {
    const skipped = ((chunk.flags[at] as number) & RowFlag.PayloadSkipped) !== 0;
    return {
      released,
      last,
      aheadEnd: b.offset,
      reassembled: null,
      restStart: b.offset,
      restEnd: skipped ? b.offset : b.wireEnd,
      segmentStart: b.offset,
      segmentEnd: skipped ? b.end : b.offset,
      reassembledIn: NONE,
      ofMessage: false,
    };
  }
  const started = table.firstRow[touched] === row ? touched : NONE;
  let completed = NONE;
  if (table.lastRow[touched] === row && !given.includes(touched)) completed = touched;
  else if (started !== NONE) {
    const before = table.previous[touched] as number;
    if (before !== NONE && table.lastRow[before] === row && !given.includes(before)) completed = before;
  }
  const offsetOf = (number: number): number => Math.min(b.end, Math.max(b.offset, b.offset + seqDiff(number, seq)));
  const continued = completed === NONE && started === NONE ? touched : NONE;
  const next = started !== completed ? started : NONE;
  let restStart = b.offset;
  if (completed !== NONE) restStart = offsetOf(table.dataEnd[completed] as number);
  else if (continued !== NONE)
    restStart = table.dataEnd[continued] === table.start[continued] ? b.end : offsetOf(table.dataEnd[continued] as number);
  else if (next !== NONE && table.previous[next] !== NONE) {
    // The segment may end one message, still with a hole, and begin the next.
    const before = table.dataEnd[table.previous[next] as number] as number;
    if (seqDiff(before, seq) > 0 && seqDiff(before, table.start[next] as number) <= 0) restStart = offsetOf(before);
  }
  const open = next !== NONE ? next : continued;
  return {
    released,
    last,
    aheadEnd: ((chunk.flags[at] as number) & RowFlag.Ahead) === 0 ? b.offset : wholeAhead(table, touched, b),
    reassembled:
      completed === NONE
        ? null
        : assemble(capture, table, completed, stream, direction, offsetOf(table.dataEnd[completed] as number) - b.offset),
    restStart,
    restEnd: next !== NONE ? offsetOf(table.start[next] as number) : b.end,
    segmentStart: open === NONE ? b.end : next !== NONE ? offsetOf(table.start[next] as number) : b.offset,
    segmentEnd: continued !== NONE ? restStart : b.end,
    reassembledIn: open === NONE ? NONE : (table.lastRow[open] as number),
    ofMessage: open !== NONE,
  };
}

/** Where the whole messages end that a segment behind a hole begins with. */
function wholeAhead(table: MessageTable, message: number, b: Buf): number {
  return all[table.protocol[message] as number]?.framer?.ordered?.whole(b.bytes, b.offset, b.end) ?? b.offset;
}

/** Puts a message together from the rows that it came in. Bytes that cannot be had stay 0. */
function assemble(capture: CaptureIndex, table: MessageTable, m: number, stream: number, direction: number, tail: number): Joined {
  const start = table.start[m] as number;
  const first = table.lowestRow(m);
  const total = Math.min(REASSEMBLED_LIMIT, Math.max(0, seqDiff(table.dataEnd[m] as number, start)));
  const parts: Part[] = [];
  const packets = capture.packets;
  for (let row = table.lastRow[m] as number; row !== NONE && row >= first; row = previousInStream(packets, row, stream, RowFlag.Tcp)) {
    const chunk = packets.chunkOf(row);
    const at = row & CHUNK_MASK;
    if ((((chunk.flags[at] as number) & RowFlag.FromClient) !== 0 ? 0 : 1) !== direction) continue;
    const touched = (chunk.message[at] as number) - 1;
    if (touched < 0 || (chunk.payload[at] as number) === 0) continue;
    const from = seqDiff(payloadSeq(chunk.seq[at] as number, chunk.tcpFlags[at] as number), start);
    if (touched !== m) {
      if (row !== table.lastRow[m] && table.previous[touched] !== m) continue;
      if (from >= total || from + (chunk.payload[at] as number) <= 0) continue;
    }
    const payload = payloadOf(capture, row);
    const skip = from < 0 ? -from : 0;
    const offset = Math.max(0, from);
    parts.push({
      row,
      offset,
      length: Math.max(0, Math.min((chunk.payload[at] as number) - skip, total - offset)),
      overlap: 'none',
      bytes: payload.subarray(Math.min(skip, payload.length), Math.max(skip, Math.min(payload.length, skip + total - offset))),
    });
  }
  // Where parts follow each other without a gap, every byte is written.
  let filled = 0;
  for (let k = parts.length - 1; k >= 0; k--) {
    const { offset, bytes } = parts[k] as Part;
    if (offset <= filled) filled = Math.max(filled, offset + bytes.length);
  }
  const bytes = filled < total || total < 4096 ? new Uint8Array(total) : new Uint8Array(Buffer.allocUnsafeSlow(total).buffer);
  // From the last segment to the first: where they differ, the one that came first counts.
  for (const part of parts) lay(bytes, part.bytes, part.offset);
  parts.reverse().sort((a, b) => a.offset - b.offset);
  markOverlaps(parts, total);
  return { bytes, used: Math.min(total, Math.max(0, seqDiff(table.end[m] as number, start))), tail, parts };
}

/**
 * Marks the segments that have octets which one before them in the order of numbers has too. As in tshark, they are compared with what
 * is there when the segments are laid down in that order.
 */
function markOverlaps(parts: readonly Part[], total: number): void {
  let filled = 0;
  let laid: Uint8Array | null = null;
  for (const [k, part] of parts.entries()) {
    const { offset, bytes } = part;
    const end = offset + part.length;
    if (offset < filled && part.length > 0) {
      if (laid === null) {
        laid = new Uint8Array(total);
        for (const before of parts.slice(0, k)) lay(laid, before.bytes, before.offset);
      }
      const both = Math.min(bytes.length, filled - offset);
      part.overlap = sameOctets(laid, offset, bytes, both) ? 'same' : 'conflict';
    }
    if (end <= filled) continue;
    if (laid !== null) lay(laid, bytes.subarray(Math.max(0, Math.min(filled - offset, bytes.length))), Math.max(offset, filled));
    filled = end;
  }
}

/** Puts octets where they belong; a message is cut at REASSEMBLED_LIMIT, so they may lie beyond it. */
function lay(message: Uint8Array, octets: Uint8Array, offset: number): void {
  if (offset < message.length && octets.length > 0) message.set(octets, offset);
}

function sameOctets(a: Uint8Array, from: number, b: Uint8Array, length: number): boolean {
  for (let k = 0; k < length; k++) if (a[from + k] !== b[k]) return false;
  return true;
}

/** The captured TCP payload of a row. */
export function payloadOf(capture: CaptureIndex, row: number): Uint8Array {
  const segment = segmentOf(capture, row);
  if (segment === null) return new Uint8Array(0);
  const { bytes, offset } = segment;
  const from = offset + ((bytes[offset + 12] as number) >> 4) * 4;
  const length = capture.packets.chunkOf(row).payload[row & CHUNK_MASK] as number;
  return bytes.subarray(Math.min(from, bytes.length), Math.min(bytes.length, from + length));
}
