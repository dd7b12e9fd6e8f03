/**
 * What Wireshark says of a segment beyond the columns (which segment it acknowledges, octets in flight, the number of a duplicate ACK):
 * found again by replaying the stream's rows. A cursor per stream is kept, so that questions in row order cost one step each.
 */
import { type CaptureIndex, defineState } from '../dissect/capture-index.ts';
import { CHUNK_MASK, NONE, type PacketTable, RowFlag } from '../table/packet-table.ts';
import { type SelectiveAcks, selectiveAcks } from './selective-acks.ts';
import { Flag, seqAdd, seqDiff } from './seq.ts';
import { ANALYSIS_FLAGS, Analysis, MAX_UNACKED } from './tcp-analysis.ts';
import { completenessOf } from './tcp-flows.ts';

/** Details of one segment. Rows are NONE, numbers -1, where there is none. */
export interface SegmentDetails {
  /** Completeness as known before this segment. */
  completeness: number;
  /** Raw numbers that relative ones start from, of this direction and of the other. */
  base: number;
  otherBase: number;
  /** Handshake time in ns, 0 while unknown. */
  firstRtt: number;
  duplicateNumber: number;
  duplicateRow: number;
  acksRow: number;
  rtoRow: number;
  bytesInFlight: number;
  pushBytes: number;
  /** This is a SYN/ACK: row of the SYN with data that it answers (RFC 7413). */
  dataSynRow: number;
  /** Wireshark shows "SEQ/ACK analysis". */
  analysed: boolean;
}

class Side {
  base = 0;
  hasBase = false;
  next = 0;
  nextRow = NONE;
  lastAck = 0;
  duplicates = 0;
  lastNonDuplicate = NONE;
  validInFlight = true;
  pushBytes = 0;
  pushLast = false;
  /** Row of the SYN, if it had data. */
  dataSynRow = NONE;
  lastRow = NONE;
  /** Unacknowledged segments, oldest first. */
  seq: number[] = [];
  end: number[] = [];
  row: number[] = [];
  /** Ends of the list as relative numbers, and whether they have to be looked for again. */
  lowest = 0;
  highest = 0;
  unsure = true;
}

class Replay {
  last = NONE;
  readonly details: SegmentDetails = {
    completeness: 0,
    base: 0,
    otherBase: 0,
    firstRtt: 0,
    duplicateNumber: -1,
    duplicateRow: NONE,
    acksRow: NONE,
    rtoRow: NONE,
    bytesInFlight: -1,
    pushBytes: -1,
    dataSynRow: NONE,
    analysed: false,
  };
  readonly #packets: PacketTable;
  readonly #sides = [new Side(), new Side()] as const;
  #completeness = 0;
  #synRow = NONE;
  #firstRtt = 0;

  readonly #selective: SelectiveAcks;

  constructor(packets: PacketTable, selective: SelectiveAcks) {
    this.#packets = packets;
    this.#selective = selective;
  }

  /** Takes the next row of the stream. */
  step(row: number): void {
    const first = this.last === NONE;
    this.last = row;
    const chunk = this.#packets.chunkOf(row);
    const at = row & CHUNK_MASK;
    const flags = chunk.tcpFlags[at] as number;
    const seq = chunk.seq[at] as number;
    const ack = chunk.ack[at] as number;
    const length = chunk.payload[at] as number;
    const found = chunk.analysis[at] as number;
    const side = ((chunk.flags[at] as number) & RowFlag.FromClient) !== 0 ? 0 : 1;
    const me = this.#sides[side];
    const other = this.#sides[1 - side] as Side;
    const details = this.details;

    if (first && (found & Analysis.ReusedPorts) !== 0) this.#completeness = 1;
    details.completeness = this.#completeness;
    this.#completeness |= completenessOf(flags, length, first, (found & Analysis.Announced) !== 0);
    const syn = flags & (Flag.Syn | Flag.Ack);
    if (syn === Flag.Syn) me.dataSynRow = length > 0 ? row : NONE;
    details.dataSynRow = syn === (Flag.Syn | Flag.Ack) ? other.dataSynRow : NONE;
    if (syn === Flag.Syn && (chunk.sec[at] !== 0 || chunk.nsec[at] !== 0)) this.#synRow = row;
    if (!me.hasBase || (syn === (Flag.Syn | Flag.Ack) && (found & Analysis.ReusedPorts) !== 0)) {
      me.base = (flags & Flag.Syn) !== 0 ? seq : seqAdd(seq, -1);
      me.hasBase = true;
      me.unsure = true;
    }
    if (!other.hasBase && (flags & Flag.Ack) !== 0) {
      other.base = seqAdd(ack, -1);
      other.hasBase = true;
      other.unsure = true;
    }
    details.base = me.base;
    details.otherBase = other.base;
    if (this.#firstRtt === 0 && syn === Flag.Ack && this.#synRow !== NONE) {
      this.#firstRtt = nanoseconds(this.#packets, this.#synRow, row);
    }
    details.firstRtt = this.#firstRtt;
    this.#judge(row, me, other, seq, ack, length, flags, found);
  }

  #judge(row: number, me: Side, other: Side, seq: number, ack: number, length: number, flags: number, found: number): void {
    const details = this.details;
    let analysed = (found & (ANALYSIS_FLAGS | Analysis.AcksUnseen)) !== 0;
    if ((flags & Flag.Ack) !== 0) other.validInFlight = true;
    if ((found & Analysis.LostSegment) !== 0) me.validInFlight = false;
    details.duplicateNumber = -1;
    details.duplicateRow = NONE;
    if ((found & Analysis.DuplicateAck) !== 0) {
      me.duplicates = me.duplicates < 0 ? 1 : me.duplicates + 1;
      details.duplicateNumber = me.duplicates;
      details.duplicateRow = me.lastNonDuplicate;
    }
    if (ack !== me.lastAck) {
      me.lastNonDuplicate = row;
      me.duplicates = 0;
    }
    if ((found & Analysis.AcksUnseen) !== 0) other.duplicates = -1;
    details.rtoRow = NONE;
    if ((found & Analysis.Retransmission) !== 0) {
      details.rtoRow = me.nextRow;
      if (me.row.length > 0) details.rtoRow = me.row[0] as number;
    }
    let end = seqAdd(seq, length);
    if (length > 0 || (flags & (Flag.Syn | Flag.Fin)) !== 0) {
      if ((flags & (Flag.Syn | Flag.Fin)) !== 0) end = seqAdd(end, 1);
      if (me.seq.length < MAX_UNACKED) {
        me.seq.push(seq);
        me.end.push(end);
        me.row.push(row);
        me.lowest = Math.min(me.lowest, seqAdd(seq, -me.base));
        me.highest = Math.max(me.highest, seqAdd(end, -me.base));
      }
    }
    if ((found & Analysis.ZeroWindowProbe) === 0 && (me.next === 0 || seqDiff(end, me.next) > 0)) {
      me.next = end;
      me.nextRow = row;
    }
    if ((found & Analysis.ZeroWindowProbeAck) !== 0 && ack !== me.lastAck) other.next = ack;
    me.lastAck = ack;

    details.acksRow = other.seq.length > 0 ? acknowledge(other, ack) : NONE;
    if (details.acksRow !== NONE) analysed = true;

    details.bytesInFlight = -1;
    details.pushBytes = -1;
    if (length > 0 && me.seq.length > 0 && me.validInFlight) {
      const push = (flags & Flag.Psh) !== 0;
      me.pushBytes = me.pushLast ? length : me.pushBytes + length;
      me.pushLast = push;
      details.pushBytes = me.pushBytes;
      const inFlight = this.#inFlight(me) - (other.lastRow === NONE ? 0 : this.#selective.octetsOf(other.lastRow));
      analysed = true;
      if (inFlight > 0 && inFlight < 2_000_000_000) details.bytesInFlight = inFlight - ((flags & (Flag.Syn | Flag.Fin)) !== 0 ? 1 : 0);
    }
    details.analysed = analysed;
    me.lastRow = row;
  }

  /** From the first unacknowledged octet to the last one sent. A list that only grew, as of one direction alone, is not walked again. */
  #inFlight(me: Side): number {
    if (me.unsure) {
      me.unsure = false;
      me.lowest = Number.POSITIVE_INFINITY;
      me.highest = 0;
      for (let k = 0; k < me.seq.length; k++) {
        me.lowest = Math.min(me.lowest, seqAdd(me.seq[k] as number, -me.base));
        me.highest = Math.max(me.highest, seqAdd(me.end[k] as number, -me.base));
      }
    }
    return me.highest - me.lowest;
  }
}

/** Takes what `ack` covers off a side's list. Gives the row of the segment that ends exactly there. */
function acknowledge(side: Side, ack: number): number {
  let exact = NONE;
  let kept = 0;
  const { seq, end, row } = side;
  const before = seq.length;
  for (let k = 0; k < seq.length; k++) {
    const e = end[k] as number;
    if (seqDiff(e, ack) > 0) {
      if (seqDiff(ack, seq[k] as number) > 0) {
        seq[kept] = ack;
        side.unsure = true;
      } else seq[kept] = seq[k] as number;
      end[kept] = e;
      row[kept] = row[k] as number;
      kept++;
    } else if (e === ack && exact === NONE) {
      exact = row[k] as number;
    }
  }
  if (kept < before) side.unsure = true;
  seq.length = kept;
  end.length = kept;
  row.length = kept;
  return exact;
}

export function nanoseconds(packets: PacketTable, from: number, to: number): number {
  const a = packets.chunkOf(from);
  const b = packets.chunkOf(to);
  const i = from & CHUNK_MASK;
  const j = to & CHUNK_MASK;
  return ((b.sec[j] as number) - (a.sec[i] as number)) * 1_000_000_000 + (b.nsec[j] as number) - (a.nsec[i] as number);
}

const MAX_CURSORS = 1024;

class Replays {
  readonly #packets: PacketTable;
  readonly #cursors = new Map<number, Cursors>();

  readonly #selective: SelectiveAcks;

  constructor(packets: PacketTable, selective: SelectiveAcks) {
    this.#packets = packets;
    this.#selective = selective;
  }

  /** A replay of its own for one walk over a stream's rows in order: others may ask for other rows meanwhile. */
  walk(): { at(row: number): SegmentDetails } {
    const replay = new Replay(this.#packets, this.#selective);
    return {
      at: (row) => {
        replay.step(row);
        return replay.details;
      },
    };
  }

  /** Details of a TCP row. The object is reused by the next call for the same stream. */
  at(row: number): SegmentDetails {
    const packets = this.#packets;
    const stream = packets.chunkOf(row).stream[row & CHUNK_MASK] as number;
    let of = this.#cursors.get(stream);
    if (of === undefined) of = { used: new Replay(packets, this.#selective), other: null };
    else this.#cursors.delete(stream);
    this.#cursors.set(stream, of);
    if (this.#cursors.size > MAX_CURSORS) this.#cursors.delete(this.#cursors.keys().next().value as number);
    const cursor = this.#nearest(of, row);
    if (cursor.last === row) return cursor.details;
    const rows: number[] = [];
    for (let r = row; r !== NONE && r !== cursor.last; r = previousInStream(packets, r, stream, RowFlag.Tcp)) rows.push(r);
    for (let k = rows.length - 1; k >= 0; k--) cursor.step(rows[k] as number);
    return cursor.details;
  }

  /** The cursor that has the fewest rows to go to `row`; one that begins anew takes the place of the one that was not used last. */
  #nearest(of: Cursors, row: number): Replay {
    const { used, other } = of;
    if (reaches(used, row) && (other === null || !reaches(other, row) || place(other) <= place(used))) return used;
    of.other = used;
    of.used = other !== null && reaches(other, row) ? other : new Replay(this.#packets, this.#selective);
    return of.used;
  }
}

/** Where a replay of the stream stands, twice: a response asks for its request's row, which lies before its own. */
interface Cursors {
  used: Replay;
  other: Replay | null;
}

const place = (cursor: Replay): number => (cursor.last === NONE ? -1 : cursor.last);
const reaches = (cursor: Replay, row: number): boolean => place(cursor) <= row;

/** The row before `row` in its stream, NONE at the start. `kind`: RowFlag.Tcp or RowFlag.Udp. */
export function previousInStream(packets: PacketTable, row: number, stream: number, kind: number): number {
  const previous = packets.chunkOf(row).prevInStream[row & CHUNK_MASK] as number;
  if (previous === NONE || previous >= row) return NONE;
  const chunk = packets.chunkOf(previous);
  const at = previous & CHUNK_MASK;
  // A tunnel's outer stream is linked through rows whose columns are those of the inner one: the list ends there.
  return chunk.stream[at] === stream && ((chunk.flags[at] as number) & kind) !== 0 ? previous : NONE;
}

export const replays = defineState((capture: CaptureIndex) => new Replays(capture.packets, capture.state(selectiveAcks)));
