/** Whether a segment that repeats another one was sent again, or is a copy that the network or the capture made of one packet. */
import type { CaptureIndex } from '../dissect/capture-index.ts';
import { seqDiff } from '../flow/seq.ts';
import { segmentOf } from '../flow/syn-options.ts';
import { ANY_LATE } from '../flow/tcp-analysis.ts';
import { nanoseconds, previousInStream } from '../flow/tcp-replay.ts';
import { CHUNK_MASK, NONE, RowFlag } from '../table/packet-table.ts';

/** Copies that are looked at for where they are from. */
const MOST_TWINS = 32;
/** Rows of the stream that are looked back for the first of two. */
const MOST_BACK = 64;
/** Without an identification to tell by: what comes later than this, in ns, no network or capture has copied; it was sent again. */
const SOON = 100_000_000;

/**
 * 'copy': an earlier packet has the same IPv4 identification and the same segment, byte for byte, so one packet is in the capture
 * twice (RFC 6864, section 4: a sender gives no two packets the same one so soon). 'alike': an earlier one just before has the same
 * segment, and neither has an identification that would tell the two cases apart. 'no': the segment is another one than any before.
 */
export type Likeness = 'copy' | 'alike' | 'no';

/** Compares a TCP row with those shortly before it in its stream. Link headers, TTLs and interfaces may differ. Reads the packets' bytes. */
export function likenessOf(capture: CaptureIndex, row: number, stream: number): Likeness {
  return twinOf(capture, row, stream).likeness;
}

/** Rows that are in the capture twice, each behind the one that it equals. */
export function withTwins(capture: CaptureIndex, stream: number, rows: readonly number[]): number[] {
  return rows.flatMap((row) => [twinOf(capture, row, stream).twin, row]);
}

/** `interfaces: 'yes'` if each of the rows, which are in the capture twice, is there from another interface than its twin. */
export function acrossInterfaces(capture: CaptureIndex, stream: number, rows: readonly number[]): { interfaces?: string } {
  const interfaceOf = (row: number): number => capture.packets.chunkOf(row).iface[row & CHUNK_MASK] as number;
  const across = (row: number): boolean => {
    const { twin } = twinOf(capture, row, stream);
    return twin !== NONE && interfaceOf(twin) !== interfaceOf(row);
  };
  return rows.slice(0, MOST_TWINS).every(across) ? { interfaces: 'yes' } : {};
}

/** How a row is like an earlier one, and that one's row; NONE without one. */
function twinOf(capture: CaptureIndex, row: number, stream: number): { readonly likeness: Likeness; readonly twin: number } {
  const { packets } = capture;
  const chunk = packets.chunkOf(row);
  const i = row & CHUNK_MASK;
  let segment: ReturnType<typeof segmentOf> = null;
  let twin: number = NONE;
  let earlier = previousInStream(packets, row, stream, RowFlag.Tcp);
  for (let steps = 0; earlier !== NONE && steps < MOST_BACK; steps++, earlier = previousInStream(packets, earlier, stream, RowFlag.Tcp)) {
    const other = packets.chunkOf(earlier);
    const k = earlier & CHUNK_MASK;
    if (other.seq[k] !== chunk.seq[i] || other.payload[k] !== chunk.payload[i] || other.ack[k] !== chunk.ack[i]) continue;
    if (other.tcpFlags[k] !== chunk.tcpFlags[i] || fromClient(capture, earlier) !== fromClient(capture, row)) continue;
    segment ??= segmentOf(capture, row);
    const first = segmentOf(capture, earlier);
    if (segment === null || first === null || !sameSegment(first, segment, chunk.payload[i] as number)) continue;
    const id = identification(segment);
    if (id !== identification(first)) continue;
    if (id !== 0 && !givenToAll(capture, row, stream, id)) return { likeness: 'copy', twin: earlier };
    if (Math.abs(nanoseconds(packets, earlier, row)) <= SOON) twin = earlier;
  }
  return { likeness: twin === NONE ? 'no' : 'alike', twin };
}

/**
 * What a segment is that TCP analysis calls sent again or out of order by its numbers and times alone. 'again': data that was seen
 * before, or that left its sender behind later data. 'overtaken': data that left its sender before later data, and came behind it.
 * 'late': data not seen before, of which nothing tells which of the two it is.
 */
export type Repetition = 'again' | 'copy' | 'alike' | 'overtaken' | 'late';

/** The one decision for accounts, ladder, graphs and waterfall. `seen`: whether some of the row's octets had been seen before. Reads the packets' bytes. */
export function repetitionOf(capture: CaptureIndex, row: number, stream: number, seen: boolean): Repetition {
  if (!seen) return leftBehindLater(capture, row, stream) ? 'again' : leftBeforeLater(capture, row, stream) ? 'overtaken' : 'late';
  const likeness = likenessOf(capture, row, stream);
  return likeness === 'no' ? 'again' : likeness;
}

/** Rows with later data that are looked at for what they tell of the order of sending. */
const MOST_LATER = 16;
/** Identifications no further apart than this are a counter's. */
const COUNTED = 1000;
/** Of a single later segment: identifications no further apart than this were counted one after the other. */
const NEXT = 16;

/**
 * True if the sender made a segment behind one with later data, which it sends in order the first time: the clock in its packets
 * (RFC 7323, section 5.3) has gone on, or their identifications count.
 */
function leftBehindLater(capture: CaptureIndex, row: number, stream: number): boolean {
  const { packets } = capture;
  const segment = segmentOf(capture, row);
  if (segment === null) return false;
  const seq = packets.chunkOf(row).seq[row & CHUNK_MASK] as number;
  const id = identification(segment);
  const clock = clockOf(segment);
  /** Identification of the later segment that was looked at before; 0 without one. */
  let next = id;
  let counted = 0;
  let later = 0;
  let earlier = previousInStream(packets, row, stream, RowFlag.Tcp);
  for (let steps = 0; earlier !== NONE && steps < MOST_BACK; steps++, earlier = previousInStream(packets, earlier, stream, RowFlag.Tcp)) {
    const chunk = packets.chunkOf(earlier);
    const i = earlier & CHUNK_MASK;
    if (fromClient(capture, earlier) !== fromClient(capture, row) || chunk.payload[i] === 0 || seqDiff(chunk.seq[i] as number, seq) <= 0)
      continue;
    const other = segmentOf(capture, earlier);
    if (other === null || ++later > MOST_LATER) return false;
    const then = clockOf(other);
    if (clock !== null && then !== null && seqDiff(clock, then) > 0) return true;
    const before = identification(other);
    const step = (next - before) & 0xffff;
    counted = next !== 0 && before !== 0 && step > 0 && step < COUNTED ? counted + 1 : Number.NEGATIVE_INFINITY;
    // Two steps of the counter: from one later segment to the next, and to this one.
    if (counted >= 2) return true;
    next = before;
  }
  return later === 1 && counted === 1 && ((id - next) & 0xffff) <= NEXT;
}

/**
 * True if the sender made a segment before those with later data that came before it: where identifications count, its own is less than
 * theirs (RFC 6864, section 4.1: nobody has to count, so one that is near by chance must be ruled out).
 */
function leftBeforeLater(capture: CaptureIndex, row: number, stream: number): boolean {
  const { packets } = capture;
  const segment = segmentOf(capture, row);
  const id = segment === null ? 0 : identification(segment);
  if (id === 0) return false;
  const seq = packets.chunkOf(row).seq[row & CHUNK_MASK] as number;
  let later = 0;
  let nearest = COUNTED;
  let earlier = previousInStream(packets, row, stream, RowFlag.Tcp);
  for (let steps = 0; earlier !== NONE && steps < MOST_BACK; steps++, earlier = previousInStream(packets, earlier, stream, RowFlag.Tcp)) {
    const chunk = packets.chunkOf(earlier);
    const i = earlier & CHUNK_MASK;
    if (fromClient(capture, earlier) !== fromClient(capture, row) || chunk.payload[i] === 0) continue;
    // What is not later than this segment was sent before it, and may be the last that was; unless it came late itself.
    if (seqDiff(chunk.seq[i] as number, seq) <= 0) {
      if (((chunk.analysis[i] as number) & ANY_LATE) !== 0) continue;
      break;
    }
    const other = segmentOf(capture, earlier);
    const step = other === null ? 0 : (identification(other) - id) & 0xffff;
    if (step === 0 || step >= COUNTED) return false;
    nearest = Math.min(nearest, step);
    if (++later === MOST_LATER) break;
  }
  return later > 1 || (later === 1 && nearest <= NEXT);
}

/** TSval of a segment's time stamps option, null without one. */
function clockOf({ bytes, offset }: Segment): number | null {
  const end = Math.min(bytes.length, offset + ((bytes[offset + 12] as number) >> 4) * 4);
  for (let o = offset + 20; o < end; ) {
    const kind = bytes[o] as number;
    if (kind === 0) return null;
    if (kind === 8 && o + 10 <= end) return new DataView(bytes.buffer, bytes.byteOffset).getUint32(o + 2);
    o += kind === 1 ? 1 : Math.max(2, bytes[o + 1] ?? 2);
  }
  return null;
}

type Segment = NonNullable<ReturnType<typeof segmentOf>>;

const fromClient = (capture: CaptureIndex, row: number): boolean =>
  ((capture.packets.chunkOf(row).flags[row & CHUNK_MASK] as number) & RowFlag.FromClient) !== 0;

/** As far as both were captured; what a link puts behind the segment is not part of it. */
function sameSegment(a: Segment, b: Segment, payload: number): boolean {
  const size = (each: Segment): number =>
    Math.min(each.bytes.length - each.offset, ((each.bytes[each.offset + 12] as number) >> 4) * 4 + payload);
  const n = Math.min(size(a), size(b));
  return Buffer.compare(a.bytes.subarray(a.offset, a.offset + n), b.bytes.subarray(b.offset, b.offset + n)) === 0;
}

/** Identification of the IPv4 header before a segment; 0 if there is none, or none that was captured. */
export function identification({ bytes, offset }: Segment): number {
  for (let words = 5; words <= 15; words++) {
    const at = offset - 4 * words;
    if (at < 0) return 0;
    if (bytes[at] === (0x40 | words) && bytes[at + 9] === 6) return ((bytes[at + 4] as number) << 8) | (bytes[at + 5] as number);
  }
  return 0;
}

/** True if the sender's packet before, another segment, has the same identification: it then says nothing (RFC 6864, section 4.1). */
function givenToAll(capture: CaptureIndex, row: number, stream: number, id: number): boolean {
  const { packets } = capture;
  const seq = packets.chunkOf(row).seq[row & CHUNK_MASK];
  let earlier = previousInStream(packets, row, stream, RowFlag.Tcp);
  for (let steps = 0; earlier !== NONE && steps < MOST_BACK; steps++, earlier = previousInStream(packets, earlier, stream, RowFlag.Tcp)) {
    if (fromClient(capture, earlier) !== fromClient(capture, row) || packets.chunkOf(earlier).seq[earlier & CHUNK_MASK] === seq) continue;
    const segment = segmentOf(capture, earlier);
    return segment !== null && identification(segment) === id;
  }
  return false;
}
