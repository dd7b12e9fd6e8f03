/**
 * TCP streams: numbers as tshark's `tcp.stream`, and all that the index pass learns of each. Columns keyed by stream number, or by
 * 2 * stream + direction (0 from the client, 1 from the server).
 */
import { defineState } from '../dissect/capture-index.ts';
import type { IndexWalk } from '../dissect/index-walk.ts';
import { CHUNK_MASK, NONE, type PacketTable, RowFlag, UNSET } from '../table/packet-table.ts';
import { expectations } from './expected.ts';
import { Flag } from './seq.ts';
import { ANY_RETRANSMISSION, Analysis, SequenceColumns } from './tcp-analysis.ts';
import { StateColumns } from './tcp-state.ts';
import { f64, grown, TupleTable, u8, u16, u32 } from './tuple-table.ts';

/** Bits of `tcp.completeness`. */
export const Complete = { Syn: 1, SynAck: 2, Ack: 4, Data: 8, Fin: 16, Rst: 32 } as const;

/** Streams of which it is kept that others quote them, and rows for each. */
const MOST_TOLD = 65_536;
const TOLD_ROWS = 6;

export class TcpFlows {
  readonly tuples = new TupleTable();
  readonly sequence: SequenceColumns;
  readonly states: StateColumns;
  firstRow = new Uint32Array(64);
  lastRow = new Uint32Array(64);
  /** Bits of Complete. */
  completeness = new Uint8Array(64);
  /** Row of the latest SYN, NONE if none was seen. */
  synRow = new Uint32Array(64);
  /** Handshake time in ns (SYN to the client's ACK), 0 if unknown. */
  firstRtt = new Float64Array(64);
  /** Rows of the handshake: first SYN, first SYN/ACK, the ACK that ends it; NONE where not seen. At 4 * stream + step (1 to 3). */
  handshake = new Uint32Array(256);
  /** Port of the side that is known to be the server by its SYN/ACK or by the SYN sent to it; 0 otherwise. */
  serverPort = new Uint16Array(64);
  /** 1 + id of the application protocol that was recognised, 0 for none. */
  app = new Uint16Array(64);
  /** 1: later packets between the two make another stream (`Protocol.startsStream`). */
  succeeded = new Uint8Array(64);
  /** Segments that repeat octets. */
  retransmissions = new Uint32Array(64);
  /** By direction: packets, frame bytes and payload bytes. */
  packets = new Uint32Array(128);
  bytes = new Float64Array(128);
  payload = new Float64Array(128);
  /** By direction: segments that take sequence numbers, and octets of payload in those that repeat. */
  segments = new Uint32Array(128);
  repeated = new Float64Array(128);

  /** Of the last observe(): direction (0 or 1) and row before it in its stream. */
  direction = 0;
  previous = UNSET;

  readonly #packets: PacketTable;
  /** By stream: rows of others that quote it. */
  readonly #told = new Map<number, number[]>();

  constructor(packets: PacketTable) {
    this.#packets = packets;
    this.sequence = new SequenceColumns(packets);
    this.states = new StateColumns();
    // Once now: see grown().
    this.#grow();
  }

  get size(): number {
    return this.tuples.size;
  }

  /** Direction of a packet of `stream`: 0 if `src` and `srcPort` are the client's. */
  directionOf(stream: number, src: number, srcPort: number): number {
    return this.tuples.addr[2 * stream] === src >>> 0 && this.tuples.port[2 * stream] === srcPort ? 0 : 1;
  }

  /**
   * Notes the segment at `w.row` whose header values are in `w` (seq, ack, payload, tcpFlags, window, ports, addresses). Gives its
   * stream; sets `w.analysis`, `direction` and `previous`. @param shift window scale option, or NO_SHIFT, SHIFT_CUT
   */
  observe(w: IndexWalk, shift: number): number {
    const flags = w.tcpFlags;
    const syn = flags & (Flag.Syn | Flag.Ack);
    const seq = w.seq;
    const ack = w.ack;
    const seqs = this.sequence;
    const tuples = this.tuples;
    let found = 0;
    let stream = tuples.find(w.src, w.srcPort, w.dst, w.dstPort);
    let direction = tuples.reversed ? 1 : 0;
    let fresh = false;
    const opens = syn === Flag.Syn;
    if ((flags & Flag.Syn) !== 0 && seqs.synchronize(stream, direction, seq, opens)) {
      found = Analysis.ReusedPorts;
      if (opens) stream = NONE;
    }
    let app = 0;
    if (stream !== NONE && this.succeeded[stream] === 1) {
      app = this.app[stream] as number;
      stream = NONE;
    }
    if (stream === NONE) {
      direction = clientIsSource(w, syn) ? 0 : 1;
      stream = this.#create(w.row, w.src, w.srcPort, w.dst, w.dstPort, direction);
      this.app[stream] = app;
      if (isAnnounced(w)) found |= Analysis.Announced;
      this.completeness[stream] = (found & Analysis.ReusedPorts) === 0 ? 0 : Complete.Syn;
      fresh = true;
    } else {
      // A second segment of one packet (a tunnel in itself) cannot be linked twice.
      this.previous = this.lastRow[stream] === w.row ? UNSET : (this.lastRow[stream] as number);
    }
    this.lastRow[stream] = w.row;
    this.direction = direction;
    const i = 2 * stream + direction;

    if ((flags & Flag.Syn) !== 0) {
      // A SYN at time 0 counts as none, as in Wireshark.
      if (syn === Flag.Syn && (w.sec !== 0 || w.nsec !== 0)) this.synRow[stream] = w.row;
      if (this.serverPort[stream] === 0) this.serverPort[stream] = syn === Flag.Syn ? w.dstPort : w.srcPort;
    }
    seqs.learnBase(i, seq, ack, flags);
    this.completeness[stream] =
      (this.completeness[stream] as number) | completenessOf(flags, w.payload, fresh, (found & Analysis.Announced) !== 0);

    let rtt = this.firstRtt[stream] as number;
    found |= seqs.analyze(i, w.row, w.sec, w.nsec, seq, ack, w.payload, flags, w.window, rtt);
    if ((flags & (Flag.Syn | Flag.Fin | Flag.Rst)) === Flag.Syn) seqs.learnScale(i, w.row, syn !== Flag.Syn, shift);
    else if (rtt === 0 && syn === Flag.Ack && (this.synRow[stream] as number) !== NONE) {
      rtt = this.#since(this.synRow[stream] as number, w.sec, w.nsec);
      this.firstRtt[stream] = rtt;
    }
    // Without a branch that is taken for the first time after this was compiled, here and below: see grown().
    const again = (found & ANY_RETRANSMISSION) === 0 ? 0 : 1;
    this.retransmissions[stream] = (this.retransmissions[stream] as number) + again;
    this.repeated[i] = (this.repeated[i] as number) + again * w.payload;
    this.packets[i] = (this.packets[i] as number) + 1;
    this.bytes[i] = (this.bytes[i] as number) + w.wireLen;
    this.payload[i] = (this.payload[i] as number) + w.payload;
    if (w.payload > 0 || (flags & (Flag.Syn | Flag.Fin)) !== 0) this.segments[i] = (this.segments[i] as number) + 1;
    const state = this.states.step(i, seq, ack, w.payload, flags, found);
    const step = (state & Analysis.HandshakeMask) >> Analysis.HandshakeShift;
    if (step !== 0) this.handshake[4 * stream + step] = w.row;
    w.analysis = found | state;
    return stream;
  }

  /**
   * `tcp.completeness` of a stream as it stands in `row` for a reader that has read everything before, as `tshark -2` does. Wireshark
   * counts the first packet of a conversation only if it is a SYN, and on its second reading like any other.
   */
  finalCompleteness(stream: number, row: number): number {
    const counted = this.completeness[stream] as number;
    const first = this.firstRow[stream] as number;
    const chunk = this.#packets.chunkOf(first);
    const at = first & CHUNK_MASK;
    if (row === first || chunk.stream[at] !== stream || ((chunk.flags[at] as number) & RowFlag.Tcp) === 0) return counted;
    const announced = ((chunk.analysis[at] as number) & Analysis.Announced) !== 0;
    return counted | completenessOf(chunk.tcpFlags[at] as number, chunk.payload[at] as number, false, announced);
  }

  /**
   * Numbers the stream of a segment that another packet quotes. All else that is learnt from it is that it was sent, which counts for the
   * completeness, as in Wireshark, whether it is in the capture or not; its data do not.
   */
  quote(row: number, src: number, srcPort: number, dst: number, dstPort: number, flags = 0): number {
    let stream = this.tuples.find(src, srcPort, dst, dstPort);
    const fresh = stream === NONE;
    if (fresh) stream = this.#create(row, src, srcPort, dst, dstPort, srcPort >= dstPort ? 0 : 1);
    this.completeness[stream] = (this.completeness[stream] as number) | completenessOf(flags, 0, fresh, false);
    const rows = this.#told.get(stream);
    if (rows === undefined) {
      if (this.#told.size < MOST_TOLD) this.#told.set(stream, [row]);
    } else if (rows.length < TOLD_ROWS) rows.push(row);
    return stream;
  }

  /** Rows in which another packet quotes a segment of the stream: the first ones. */
  quotedIn(stream: number): readonly number[] {
    return this.#told.get(stream) ?? [];
  }

  #create(row: number, src: number, srcPort: number, dst: number, dstPort: number, direction: number): number {
    const stream = direction === 0 ? this.tuples.create(src, srcPort, dst, dstPort) : this.tuples.create(dst, dstPort, src, srcPort);
    if (stream >= this.firstRow.length) this.#grow();
    this.sequence.reserve(stream + 1);
    this.states.reserve(stream + 1);
    this.firstRow[stream] = row;
    this.lastRow[stream] = row;
    this.synRow[stream] = NONE;
    this.handshake.fill(NONE, 4 * stream, 4 * stream + 4);
    this.previous = UNSET;
    return stream;
  }

  #grow(): void {
    this.firstRow = grown(this.firstRow, u32);
    this.lastRow = grown(this.lastRow, u32);
    this.completeness = grown(this.completeness, u8);
    this.synRow = grown(this.synRow, u32);
    this.firstRtt = grown(this.firstRtt, f64);
    this.handshake = grown(this.handshake, u32);
    this.serverPort = grown(this.serverPort, u16);
    this.app = grown(this.app, u16);
    this.succeeded = grown(this.succeeded, u8);
    this.retransmissions = grown(this.retransmissions, u32);
    this.packets = grown(this.packets, u32);
    this.bytes = grown(this.bytes, f64);
    this.payload = grown(this.payload, f64);
    this.segments = grown(this.segments, u32);
    this.repeated = grown(this.repeated, f64);
  }

  #since(row: number, sec: number, nsec: number): number {
    const chunk = this.#packets.chunkOf(row);
    const at = row & CHUNK_MASK;
    return (sec - (chunk.sec[at] as number)) * 1_000_000_000 + nsec - (chunk.nsec[at] as number);
  }
}

/** What a completeness says in words: Wireshark's, which it has for some sums of bits only. */
export function completenessWords(bits: number): string {
  if ((bits & 0x2f) === 0x2f || (bits & 0x1f) === 0x1f) return 'Complete, WITH_DATA';
  if ((bits & 7) === 7 && (bits & 8) === 0 && (bits & 0x30) !== 0) return 'Complete, NO_DATA';
  if ((bits & 15) === 15) return 'Incomplete, DATA';
  if ((bits & 7) === 7) return 'Incomplete, ESTABLISHED';
  if (bits === 3) return 'Incomplete, CLIENT_ESTABLISHED';
  if (bits === 1) return 'Incomplete, SYN_SENT';
  return 'Incomplete';
}

/** True if an endpoint of the segment was announced by another connection. */
function isAnnounced(w: IndexWalk): boolean {
  const expected = w.capture.state(expectations);
  return expected.size > 0 && (expected.announced(w.dst, w.dstPort, w.srcPort) || expected.announced(w.src, w.srcPort, w.dstPort));
}

/**
 * Completeness bits of one segment. @param first it is the first packet of its stream, which counts only as a SYN
 * @param announced and the stream was announced, so that Wireshark had a conversation before the SYN and does not count it
 */
export function completenessOf(flags: number, payload: number, first: boolean, announced: boolean): number {
  if (announced) return 0;
  if ((flags & (Flag.Syn | Flag.Ack)) === Flag.Syn) return Complete.Syn | (payload > 0 ? Complete.Data : 0);
  if (first) return 0;
  let bits = (flags & Flag.Rst) !== 0 ? Complete.Rst : 0;
  // Data and a FIN without an ACK belong to no connection that was opened: a scan's packets.
  if ((flags & Flag.Ack) === 0) return bits;
  if ((flags & Flag.Syn) !== 0) bits |= Complete.SynAck;
  else bits |= payload > 0 ? Complete.Data : Complete.Ack;
  return bits | ((flags & Flag.Fin) === 0 ? 0 : Complete.Fin);
}

/** Whether the sender of a stream's first packet counts as its client: by its SYN or SYN/ACK, else as the side with the higher port. */
function clientIsSource(w: IndexWalk, syn: number): boolean {
  if ((syn & Flag.Syn) !== 0) return (syn & Flag.Ack) === 0;
  return w.srcPort >= w.dstPort;
}

export const flows = defineState((capture) => new TcpFlows(capture.packets));
