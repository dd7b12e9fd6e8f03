/**
 * Sequence analysis of TCP streams with Wireshark's semantics (`tcp.analysis.*`): retransmissions, losses, duplicate ACKs, windows.
 *
 * One state machine over typed-array columns, fed once per segment in capture order. The index pass runs it live and keeps its
 * verdict in the `analysis` column; what is not in columns is found again by replaying a stream (tcp-replay.ts).
 */
import { CHUNK_MASK, NONE, type PacketTable } from '../table/packet-table.ts';
import { Flag, seqDiff, seqNext } from './seq.ts';
import { grown, i8, i32, u8, u16, u32 } from './tuple-table.ts';

/** Bits of the `analysis` column. */
export const Analysis = {
  Retransmission: 1 << 0,
  FastRetransmission: 1 << 1,
  SpuriousRetransmission: 1 << 2,
  OutOfOrder: 1 << 3,
  DuplicateAck: 1 << 4,
  /** A segment before this one was not captured ("Gap before"). */
  LostSegment: 1 << 5,
  /** Acknowledges a segment that was not captured. */
  AckLostSegment: 1 << 6,
  KeepAlive: 1 << 7,
  KeepAliveAck: 1 << 8,
  ZeroWindow: 1 << 9,
  ZeroWindowProbe: 1 << 10,
  ZeroWindowProbeAck: 1 << 11,
  WindowFull: 1 << 12,
  WindowUpdate: 1 << 13,
  ReusedPorts: 1 << 14,
  /** With WindowUpdate: the window was zero before. */
  WindowOpened: 1 << 15,
  /** RST that answers a SYN. */
  Refused: 1 << 16,
  /** Step of the three-way handshake that the segment is: 1, 2 or 3 in these two bits. */
  HandshakeShift: 17,
  HandshakeMask: 3 << 17,
  /** Acknowledges what is beyond all that was seen, whether that is said again or not: the segment has analysis fields in any case. */
  AcksUnseen: 1 << 19,
  /** First segment of a connection that another one announced (FTP's data): Wireshark then does not count the SYN as its beginning. */
  Announced: 1 << 20,
} as const;

/** Any of Wireshark's flags (`tcp.analysis.flags`). */
export const ANALYSIS_FLAGS = (1 << 15) - 1;
/** Segments that repeat octets. */
export const ANY_RETRANSMISSION = Analysis.Retransmission | Analysis.FastRetransmission | Analysis.SpuriousRetransmission;
/** Segments whose numbers are not above all before them: by numbers and times sent again, or out of order. */
export const ANY_LATE = ANY_RETRANSMISSION | Analysis.OutOfOrder;

/** A direction's list of segments not yet acknowledged is bounded, against captures of one direction only. */
export const MAX_UNACKED = 10_000;
/** A list with segments out of order has to be walked for each ACK: it is bounded more tightly. */
const MAX_UNORDERED = 2_000;

/** Window scale of a direction: not known, or known not to be used. */
export const SCALE_UNKNOWN = -1;
export const SCALE_OFF = -2;

/** In place of the shift of a window scale option: the SYN has none, or it may have one in what was not captured. */
export const NO_SHIFT = -1;
export const SHIFT_CUT = -2;

/** In place of a number of duplicate ACKs: the loss of a segment that was acknowledged has been said. */
const ACK_LOST_SAID = -1;

const BASE_SET = 1;
const SYN_WINDOW = 2;
const UNORDERED = 4;

const NANO = 1_000_000_000;

/**
 * State of each direction of each stream; index is 2 * stream + direction (0 from the client, 1 from the server), so that `i ^ 1` is
 * the other direction. All sequence numbers are raw, and signed (see seqNext).
 */
export class SequenceColumns {
  /** Initial sequence number, or what stands for it. */
  base = new Int32Array(128);
  bits = new Uint8Array(128);
  /** Next sequence number expected: the highest seen; 0 if none was seen. */
  next = new Int32Array(128);
  nextRow = new Uint32Array(128);
  /** Highest number up to which everything was seen. */
  contiguous = new Int32Array(128);
  lastAck = new Int32Array(128);
  lastAckRow = new Uint32Array(128);
  /** As in the last header, not scaled; -1 before the first. */
  window = new Int32Array(128).fill(-1);
  scale = new Int8Array(128).fill(SCALE_UNKNOWN);
  /** Row from which the scale is known. */
  scaleRow = new Uint32Array(128);
  duplicates = new Int32Array(128);
  /** Analysis bits of the direction's last segment. */
  lastFlags = new Uint32Array(128);
  /** Unacknowledged segments: first and last node of a list, and how many. */
  head = new Uint32Array(128);
  tail = new Uint32Array(128);
  count = new Uint16Array(128);

  readonly #packets: PacketTable;
  /** Nodes of the lists; node 0 is no node. */
  #nodeSeq = new Int32Array(512);
  #nodeNext = new Int32Array(512);
  #nodeLink = new Uint32Array(512);
  #nodes = 1;
  #free = 0;
  #sec = 0;
  #nsec = 0;

  constructor(packets: PacketTable) {
    this.#packets = packets;
    // Once now: see grown().
    this.reserve(this.base.length / 2 + 1);
    this.#moreNodes();
  }

  /** Makes room for `streams` streams. */
  reserve(streams: number): void {
    while (2 * streams > this.base.length) {
      const old = this.scale.length;
      this.base = grown(this.base, i32);
      this.bits = grown(this.bits, u8);
      this.next = grown(this.next, i32);
      this.nextRow = grown(this.nextRow, u32);
      this.contiguous = grown(this.contiguous, i32);
      this.lastAck = grown(this.lastAck, i32);
      this.lastAckRow = grown(this.lastAckRow, u32);
      this.window = grown(this.window, i32);
      this.window.fill(-1, old);
      this.scale = grown(this.scale, i8);
      this.scale.fill(SCALE_UNKNOWN, old);
      this.scaleRow = grown(this.scaleRow, u32);
      this.duplicates = grown(this.duplicates, i32);
      this.lastFlags = grown(this.lastFlags, u32);
      this.head = grown(this.head, u32);
      this.tail = grown(this.tail, u32);
      this.count = grown(this.count, u16);
    }
  }

  #moreNodes(): void {
    this.#nodeSeq = grown(this.#nodeSeq, i32);
    this.#nodeNext = grown(this.#nodeNext, i32);
    this.#nodeLink = grown(this.#nodeLink, u32);
  }

  hasBase(i: number): boolean {
    return ((this.bits[i] as number) & BASE_SET) !== 0;
  }

  setBase(i: number, seq: number): void {
    this.base[i] = seq;
    this.bits[i] = (this.bits[i] as number) | BASE_SET;
  }

  /** Learns the numbers that relative ones start from. Call before analyze(). */
  learnBase(i: number, seq: number, ack: number, flags: number): void {
    if (!this.hasBase(i)) this.setBase(i, (flags & Flag.Syn) !== 0 ? seq : seqNext(seq, -1));
    if ((flags & Flag.Ack) !== 0 && !this.hasBase(i ^ 1)) this.setBase(i ^ 1, seqNext(ack, -1));
  }

  /**
   * A SYN or, if not `opens`, a SYN/ACK of a direction of `stream`, NONE without one. True if it has another number than that direction began with, so that
   * its ports are used again: a SYN/ACK begins the direction anew, a SYN another stream.
   *
   * A SYN that is sent again begins the direction where it did: what a reset in between said, whose number is the one that the other side had acknowledged,
   * counts no longer.
   */
  synchronize(stream: number, direction: number, seq: number, opens: boolean): boolean {
    if (stream === NONE) return false;
    const i = 2 * stream + direction;
    if (!this.hasBase(i)) return false;
    if (this.base[i] !== seq) {
      if (!opens) this.setBase(i, seq);
      return true;
    }
    if (opens) this.next[i] = this.contiguous[i] as number;
    return false;
  }

  /** Learns from the options of a SYN or SYN/ACK in `row` whether windows are scaled. `shift` may be NO_SHIFT or SHIFT_CUT. */
  learnScale(i: number, row: number, isSynAck: boolean, shift: number): void {
    if (shift === SHIFT_CUT) return;
    const scale = this.scale;
    if (shift >= 0) this.#setScale(i, row, shift);
    // Both sides have to send the option (RFC 7323, section 2.2).
    if (scale[i] === SCALE_UNKNOWN || (isSynAck && shift < 0)) {
      this.#setScale(i, row, SCALE_OFF);
      this.#setScale(i ^ 1, row, SCALE_OFF);
    } else if (isSynAck && scale[i ^ 1] === SCALE_OFF) this.#setScale(i, row, SCALE_OFF);
  }

  #setScale(i: number, row: number, scale: number): void {
    if (this.scale[i] === scale) return;
    this.scale[i] = scale;
    this.scaleRow[i] = row;
  }

  /** The window scale of a direction as a reader knows it that has read no further than `row`. */
  scaleUntil(i: number, row: number): number {
    return row < (this.scaleRow[i] as number) ? SCALE_UNKNOWN : (this.scale[i] as number);
  }

  /** Nanoseconds from a row to the segment at hand. */
  #since(row: number): number {
    const chunk = this.#packets.chunkOf(row);
    const at = row & CHUNK_MASK;
    return (this.#sec - (chunk.sec[at] as number)) * NANO + this.#nsec - (chunk.nsec[at] as number);
  }

  /**
   * Judges one segment and remembers it.
   * @param i direction; @param window as in the header, not scaled; @param firstRtt handshake time of the stream in ns, 0 if unknown
   * @returns Analysis bits (without ReusedPorts, Refused and the handshake step)
   */
  analyze(
    i: number,
    row: number,
    sec: number,
    nsec: number,
    seq: number,
    ack: number,
    length: number,
    flags: number,
    window: number,
    firstRtt: number,
  ): number {
    const j = i ^ 1;
    const next = this.next[i] as number;
    const lastAck = this.lastAck[i] as number;
    const otherAck = this.lastAck[j] as number;
    const contiguous = this.contiguous[j] as number;
    let end = seqNext(seq, length);
    // What nearly every segment is: the next octets, or an ACK of more. What can be said of others is said elsewhere, so that this is
    // compiled once: V8 compiles a function anew when a branch is taken for the first time.
    const ordinary =
      seq === next &&
      next !== 0 &&
      window !== 0 &&
      this.window[j] !== 0 &&
      (flags & (Flag.Syn | Flag.Fin | Flag.Rst)) === 0 &&
      (contiguous === 0 || seqDiff(ack, contiguous) <= 0) &&
      (length === 0 ? ack !== lastAck : (otherAck === 0 || seqDiff(end, otherAck) > 0) && end !== this.#rightEdge(j));
    const found = ordinary ? 0 : this.#judge(i, sec, nsec, seq, ack, length, flags, window, firstRtt);

    if (ack !== lastAck) this.duplicates[i] = 0;
    if (length > 0 || (flags & (Flag.Syn | Flag.Fin)) !== 0) {
      if ((flags & (Flag.Syn | Flag.Fin)) !== 0) end = seqNext(end, 1);
      this.#append(i, seq, end);
    }
    if ((found & Analysis.ZeroWindowProbe) === 0) {
      if (next === 0 || seqDiff(end, next) > 0) {
        this.next[i] = end;
        this.nextRow[i] = row;
      }
      if (this.contiguous[i] === 0 || seq === this.contiguous[i]) this.contiguous[i] = this.next[i] as number;
    }

    this.window[i] = window;
    this.bits[i] = (flags & Flag.Syn) !== 0 ? (this.bits[i] as number) | SYN_WINDOW : (this.bits[i] as number) & ~SYN_WINDOW;
    this.lastAck[i] = ack;
    this.lastAckRow[i] = row;
    this.lastFlags[i] = found;
    if ((this.head[j] as number) !== 0) this.#acknowledge(j, ack);
    return found;
  }

  /** Analysis bits of a segment; learns from it what it tells of the other direction. For the parameters see analyze(). */
  #judge(
    i: number,
    sec: number,
    nsec: number,
    seq: number,
    ack: number,
    length: number,
    flags: number,
    window: number,
    firstRtt: number,
  ): number {
    const j = i ^ 1;
    this.#sec = sec;
    this.#nsec = nsec;
    const next = this.next[i] as number;
    const lastAck = this.lastAck[i] as number;
    const lastWindow = this.window[i] as number;
    const plain = (flags & (Flag.Syn | Flag.Fin | Flag.Rst)) === 0;
    let found = 0;

    if (length === 1 && seq === next && this.window[j] === 0) {
      found |= Analysis.ZeroWindowProbe;
    } else {
      if (window === 0 && plain) found |= Analysis.ZeroWindow;
      if (next !== 0 && seqDiff(seq, next) > 0 && (flags & Flag.Rst) === 0) found |= Analysis.LostSegment;
      if (length <= 1 && seq === seqNext(next, -1) && plain) found |= Analysis.KeepAlive;
      if (length === 0) {
        if (plain && seq === next) {
          if (window !== 0 && window !== lastWindow && ack === lastAck) {
            found |= Analysis.WindowUpdate;
            if (lastWindow === 0) found |= Analysis.WindowOpened;
          }
          found |= this.#repeatedAck(i, j, ack, window, lastAck, lastWindow);
        }
      } else if (plain && this.scale[j] !== SCALE_UNKNOWN && seqNext(seq, length) === this.#rightEdge(j)) {
        found |= Analysis.WindowFull;
      }
    }

    const contiguous = this.contiguous[j] as number;
    if (contiguous !== 0 && (flags & Flag.Ack) !== 0 && seqDiff(ack, contiguous) > 0) {
      if (ack === seqNext(lastAck, 1) && seq === next && ((this.lastFlags[j] as number) & Analysis.ZeroWindowProbe) !== 0) {
        // The receiver took the probe's octet after all.
        this.next[j] = ack;
        this.contiguous[j] = ack;
        found |= Analysis.WindowUpdate;
        if (lastWindow === 0) found |= Analysis.WindowOpened;
      } else {
        if (seqDiff(this.next[j] as number, contiguous) > 0) {
          found |= Analysis.AckLostSegment;
          this.contiguous[j] = this.next[j] as number;
        } else {
          // Beyond all that was seen: said once, until the other side sends an ACK with another number.
          found |= Analysis.AcksUnseen;
          if (this.duplicates[j] === 0) found |= Analysis.AckLostSegment;
          this.duplicates[j] = ACK_LOST_SAID;
        }
      }
    }

    if ((length > 0 || (flags & (Flag.Syn | Flag.Fin)) !== 0) && (found & Analysis.KeepAlive) === 0) {
      found |= this.#repeated(i, j, seq, length, flags, next, firstRtt);
    }
    return found;
  }

  /** Where the window that direction j has offered ends. The window of a SYN is never scaled. */
  #rightEdge(j: number): number {
    const scale = this.scale[j] as number;
    const shift = scale < 0 || ((this.bits[j] as number) & SYN_WINDOW) !== 0 ? 0 : scale;
    return seqNext(this.lastAck[j] as number, (this.window[j] as number) << shift);
  }

  /** Segments without octets that repeat the direction's last numbers: ACKs of probes, and duplicates. */
  #repeatedAck(i: number, j: number, ack: number, window: number, lastAck: number, lastWindow: number): number {
    if (window !== lastWindow) return 0;
    const before = this.lastFlags[j] as number;
    if (window !== 0) {
      if (ack !== lastAck) return 0;
      if ((before & Analysis.KeepAlive) !== 0) return Analysis.KeepAliveAck;
      this.duplicates[i] = this.duplicates[i] === ACK_LOST_SAID ? 1 : (this.duplicates[i] as number) + 1;
      return Analysis.DuplicateAck;
    }
    if ((before & Analysis.ZeroWindowProbe) !== 0 && (ack === lastAck || ack === seqNext(lastAck, 1))) {
      if (ack !== lastAck) {
        // The receiver took the probe's octet after all.
        this.next[j] = ack;
        this.contiguous[j] = ack;
      }
      return Analysis.ZeroWindowProbeAck;
    }
    return 0;
  }

  /** Which kind of repetition a segment is: 0 if it brings new octets. @param next highest number seen */
  #repeated(i: number, j: number, seq: number, length: number, flags: number, next: number, firstRtt: number): number {
    const end = seqNext(seq, length);
    const acked = this.lastAck[j] as number;
    if (length > 0 && acked !== 0 && seqDiff(end, acked) <= 0) return Analysis.SpuriousRetransmission;
    if (next === 0 || seqDiff(seq, next) >= 0) return 0;
    // One octet back with more behind it: the octet may have been a probe, the rest is new.
    if (length > 1 && seqNext(next, -1) === seq) return 0;
    // Where segments were not captured, so may have been the duplicates.
    const asked = (this.duplicates[j] as number) >= 2 || this.duplicates[j] === ACK_LOST_SAID;
    if (asked && acked === seq && this.#since(this.lastAckRow[j] as number) < 20_000_000) return Analysis.FastRetransmission;
    const threshold = firstRtt === 0 ? 3_000_000 : firstRtt;
    // A clock that went back makes the time endless, and what ends where the highest number seen ends repeats the last segment.
    const since = this.#since(this.nextRow[i] as number);
    const last = (flags & (Flag.Syn | Flag.Fin)) !== 0 ? seqNext(end, 1) : end;
    if (since >= 0 && since < threshold && last !== next) return Analysis.OutOfOrder;
    return Analysis.Retransmission;
  }

  #append(i: number, seq: number, end: number): void {
    const count = this.count[i] as number;
    if (count >= MAX_UNACKED || (count >= MAX_UNORDERED && ((this.bits[i] as number) & UNORDERED) !== 0)) return;
    let node = this.#free;
    if (node !== 0) this.#free = this.#nodeLink[node] as number;
    else {
      node = this.#nodes++;
      if (node === this.#nodeSeq.length) {
        this.#moreNodes();
      }
    }
    this.#nodeSeq[node] = seq;
    this.#nodeNext[node] = end;
    this.#nodeLink[node] = 0;
    const tail = this.tail[i] as number;
    if (this.head[i] === 0) {
      this.head[i] = node;
      this.bits[i] = (this.bits[i] as number) & ~UNORDERED;
    } else {
      this.bits[i] = (this.bits[i] as number) | (seqDiff(seq, this.#nodeNext[tail] as number) < 0 ? UNORDERED : 0);
      this.#nodeLink[tail] = node;
    }
    this.tail[i] = node;
    this.count[i] = count + 1;
  }

  /** Takes what `ack` covers out of the list of direction j, which is not empty. */
  #acknowledge(j: number, ack: number): void {
    const links = this.#nodeLink;
    const isOrdered = ((this.bits[j] as number) & UNORDERED) === 0;
    // Node 0, which is none, stands before the first: so what is taken out is taken out in one way, wherever it stands.
    let previous = 0;
    let node = this.head[j] as number;
    links[0] = node;
    while (node !== 0) {
      const link = links[node] as number;
      if (seqDiff(this.#nodeNext[node] as number, ack) > 0) {
        // Acknowledged in part: what is left begins at the ACK. Without a branch: see grown().
        const begins = this.#nodeSeq[node] as number;
        this.#nodeSeq[node] = seqDiff(ack, begins) > 0 ? ack : begins;
        if (isOrdered) break;
        previous = node;
      } else {
        links[previous] = link;
        if (link === 0) this.tail[j] = previous;
        this.count[j] = (this.count[j] as number) - 1;
        links[node] = this.#free;
        this.#free = node;
      }
      node = link;
    }
    this.head[j] = links[0] as number;
  }
}
