/**
 * TCP's state machine (RFC 9293, section 3.3.2) for both ends of each stream, driven by the segments that pass. A state changes at the
 * segment that causes it, as in the RFC's figures: the sender's because it sent it, the receiver's as if it arrived.
 *
 * Where the start was not captured, the machine runs on the assumption that both ends were ESTABLISHED, but shows nothing until the
 * packets prove it: an end that sends new octets or a FIN cannot have closed its direction before, so once both have, all is known.
 */
import type { Handshake, TcpState } from '../messages.ts';
import { Flag, seqDiff, seqNext } from './seq.ts';
import { ANY_RETRANSMISSION, Analysis } from './tcp-analysis.ts';
import { grown, i32, u8, u16 } from './tuple-table.ts';

/** Numbers of states in columns; index into STATE_NAMES. */
export const State = {
  Unknown: 0,
  Listen: 1,
  SynSent: 2,
  SynReceived: 3,
  Established: 4,
  FinWait1: 5,
  FinWait2: 6,
  CloseWait: 7,
  Closing: 8,
  LastAck: 9,
  TimeWait: 10,
  Closed: 11,
} as const;

export const STATE_NAMES: readonly (TcpState | null)[] = [
  null,
  'LISTEN',
  'SYN-SENT',
  'SYN-RECEIVED',
  'ESTABLISHED',
  'FIN-WAIT-1',
  'FIN-WAIT-2',
  'CLOSE-WAIT',
  'CLOSING',
  'LAST-ACK',
  'TIME-WAIT',
  'CLOSED',
];

/** Bits per direction. */
const SYN_SENT = 1;
const FIN_SENT = 2;
/** Sent octets or a FIN since the capture began: had not closed before. */
const OPEN = 4;
/** Has sent anything at all. */
const SENT = 8;
/** Its FIN came after a gap: the other end cannot take it yet. */
const FIN_AHEAD = 16;

/** Bits per stream. */
const SYN = 1;
const SYN_ACK = 2;
const DONE = 4;
const REFUSED = 8;
const SIMULTANEOUS = 16;
const RESET = 32;
const RESET_BY_SERVER = 64;
/** Each end sent its FIN before it saw the other's. */
const FIN_CROSSED = 128;

export class StateColumns {
  /** State of each end, at 2 * stream + direction. */
  state = new Uint8Array(128);
  bits = new Uint8Array(128);
  /** Sequence number of the SYN. */
  iss = new Int32Array(128);
  /** Sequence number after the FIN. */
  finEnd = new Int32Array(128);
  /** By stream. */
  facts = new Uint8Array(64);
  /** Direction of the first FIN. */
  firstFin = new Uint8Array(64);
  /** Who sent the first segment with FIN, whatever became of the connection before: 0 nobody, else direction + 1. */
  closer = new Uint8Array(64);
  synRetransmissions = new Uint16Array(64);
  /** State in which the end that reset the connection sent its RST; Unknown without one. */
  resetState = new Uint8Array(64);

  constructor() {
    // Once now: see grown().
    this.reserve(this.facts.length + 1);
  }

  reserve(streams: number): void {
    while (streams > this.facts.length) {
      this.state = grown(this.state, u8);
      this.bits = grown(this.bits, u8);
      this.iss = grown(this.iss, i32);
      this.finEnd = grown(this.finEnd, i32);
      this.facts = grown(this.facts, u8);
      this.firstFin = grown(this.firstFin, u8);
      this.closer = grown(this.closer, u8);
      this.synRetransmissions = grown(this.synRetransmissions, u16);
      this.resetState = grown(this.resetState, u8);
    }
  }

  /**
   * One segment of direction i (2 * stream + direction). @param found its analysis bits
   * @returns Analysis.Refused and the handshake step, as bits of the analysis column
   */
  step(i: number, rawSeq: number, rawAck: number, length: number, flags: number, found: number): number {
    const seq = rawSeq | 0;
    const ack = rawAck | 0;
    const j = i ^ 1;
    const bits = this.bits;
    const first = ((bits[i] as number) & SENT) === 0;
    bits[i] = (bits[i] as number) | SENT;
    // SYNs, which come first, go this way too, and write 0: see grown().
    if ((flags & (Flag.Fin | Flag.Syn)) !== 0 && this.closer[i >> 1] === 0) this.closer[i >> 1] = (flags & Flag.Fin) * ((i & 1) + 1);
    if ((flags & Flag.Rst) !== 0 && (flags & Flag.Syn) === 0) return this.#reset(i, j, ack, flags);
    if ((flags & Flag.Syn) !== 0) return this.#synchronize(i, j, seq, ack, flags);

    const state = this.state;
    if (state[i] === State.Unknown) {
      // The start was not captured.
      state[i] = State.Established;
      if (state[j] === State.Unknown) state[j] = State.Established;
    }
    let step = 0;
    if ((flags & Flag.Ack) !== 0) step = this.#acknowledge(i, j, ack, first);
    if (length > 0 && (found & ANY_RETRANSMISSION) === 0) bits[i] = (bits[i] as number) | OPEN;
    if ((flags & Flag.Fin) !== 0) this.#finish(i, j, seqNext(seq, length + 1), ack, (found & Analysis.LostSegment) !== 0);
    return step << Analysis.HandshakeShift;
  }

  #synchronize(i: number, j: number, seq: number, ack: number, flags: number): number {
    const { state, bits, iss } = this;
    const s = i >> 1;
    const facts = this.facts[s] as number;
    const again = ((bits[i] as number) & SYN_SENT) !== 0 && iss[i] === seq;
    if ((flags & Flag.Ack) === 0) {
      if (again) {
        if (this.synRetransmissions[s] !== 0xffff) this.synRetransmissions[s] = (this.synRetransmissions[s] as number) + 1;
        return 0;
      }
      // A SYN in a connection that lives is answered with an ACK and changes nothing (RFC 5961, section 4).
      if ((state[i] as number) >= State.Established && state[i] !== State.Closed) return 0;
      this.facts[s] = facts | SYN;
      iss[i] = seq;
      bits[i] = (bits[i] as number) | SYN_SENT | OPEN;
      if (((bits[j] as number) & SYN_SENT) !== 0 && (facts & SYN_ACK) === 0) {
        this.facts[s] = facts | SYN | SIMULTANEOUS;
        state[i] = State.SynReceived;
        state[j] = State.SynReceived;
        return 0;
      }
      state[i] = State.SynSent;
      if (state[j] === State.Unknown) state[j] = State.SynReceived;
      return 1 << Analysis.HandshakeShift;
    }
    // A SYN/ACK that acknowledges no SYN of the other end is answered with RST and opens nothing.
    const expected = seqNext(iss[j] as number, 1);
    if (((bits[j] as number) & SYN_SENT) !== 0 && seqDiff(ack, expected) < 0) return 0;
    if ((facts & SIMULTANEOUS) !== 0) {
      if (state[j] === State.SynReceived) state[j] = State.Established;
      const done = state[i] === State.Established && state[j] === State.Established;
      this.facts[s] = facts | SYN_ACK | (done ? DONE : 0);
      return 0;
    }
    if (again && (facts & SYN_ACK) !== 0) return 0;
    if ((state[i] as number) >= State.Established && (facts & SYN_ACK) !== 0) return 0;
    this.facts[s] = facts | SYN_ACK;
    iss[i] = seq;
    bits[i] = (bits[i] as number) | SYN_SENT | OPEN;
    bits[j] = (bits[j] as number) | OPEN;
    if (state[i] !== State.Established) state[i] = State.SynReceived;
    if ((state[j] as number) < State.Established) state[j] = State.Established;
    return 2 << Analysis.HandshakeShift;
  }

  /** What the ACK of direction i says to the other end. Gives the handshake step. */
  #acknowledge(i: number, j: number, ack: number, first: boolean): number {
    const { state, bits } = this;
    const s = i >> 1;
    let step = 0;
    if (state[j] === State.SynReceived && ((bits[j] as number) & SYN_SENT) !== 0 && seqDiff(ack, this.iss[j] as number) > 0) {
      state[j] = State.Established;
      if ((this.facts[s] as number) & SYN_ACK || (this.facts[s] as number) & SIMULTANEOUS) {
        if (((this.facts[s] as number) & DONE) === 0) step = 3;
        this.facts[s] = (this.facts[s] as number) | DONE;
      }
      if (state[i] === State.SynSent) state[i] = State.Established;
    } else if (first && state[i] === State.SynReceived) {
      // The other end's SYN is acknowledged, but the SYN/ACK was not captured.
      state[i] = State.Established;
      if (state[j] === State.SynSent) state[j] = State.Established;
    } else if (state[i] === State.SynSent) {
      // The client goes on: it has had a SYN/ACK that was not captured.
      state[i] = State.Established;
      state[j] = State.Established;
    }
    if (((bits[j] as number) & FIN_SENT) !== 0 && seqDiff(ack, this.finEnd[j] as number) >= 0) {
      if (((bits[j] as number) & FIN_AHEAD) !== 0) {
        bits[j] = (bits[j] as number) & ~FIN_AHEAD;
        this.#receiveFin(i);
      }
      if (state[j] === State.FinWait1) state[j] = State.FinWait2;
      else if (state[j] === State.Closing) state[j] = State.TimeWait;
      else if (state[j] === State.LastAck) state[j] = State.Closed;
    }
    return step;
  }

  #finish(i: number, j: number, end: number, ack: number, ahead: boolean): void {
    const { state, bits } = this;
    if (((bits[i] as number) & FIN_SENT) !== 0 || state[i] === State.Closed) return;
    const s = i >> 1;
    bits[i] = (bits[i] as number) | FIN_SENT | OPEN | (ahead ? FIN_AHEAD : 0);
    this.finEnd[i] = end;
    if (((bits[j] as number) & FIN_SENT) === 0) {
      this.firstFin[s] = i & 1;
      state[i] = State.FinWait1;
      if (!ahead) this.#receiveFin(j);
      return;
    }
    if (seqDiff(ack, this.finEnd[j] as number) < 0) {
      // It had not seen the other's FIN when it sent its own.
      this.facts[s] = (this.facts[s] as number) | FIN_CROSSED;
      state[i] = State.Closing;
      state[j] = state[j] === State.FinWait2 ? State.TimeWait : State.Closing;
      return;
    }
    state[i] = State.LastAck;
    if (!ahead) this.#receiveFin(j);
  }

  /** The other end's FIN arrives at the end of index k. */
  #receiveFin(k: number): void {
    const state = this.state;
    switch (state[k]) {
      case State.FinWait1:
        state[k] = State.Closing;
        break;
      case State.FinWait2:
        state[k] = State.TimeWait;
        break;
      case State.SynSent:
      case State.SynReceived:
      case State.Established:
        state[k] = State.CloseWait;
        break;
    }
  }

  #reset(i: number, j: number, ack: number, flags: number): number {
    const { state, bits } = this;
    const s = i >> 1;
    const facts = this.facts[s] as number;
    const answersSyn =
      state[j] === State.SynSent &&
      (facts & SYN_ACK) === 0 &&
      ((flags & Flag.Ack) === 0 || seqDiff(ack, this.iss[j] as number) > 0) &&
      ((bits[i] as number) & SYN_SENT) === 0;
    const finished = ((bits[i] as number) & (bits[j] as number) & FIN_SENT) !== 0;
    // After both FINs a RST only ends what was closed already.
    const ends = !finished && (facts & RESET) === 0;
    // Who refuses a SYN has no connection (RFC 9293, section 3.5.2, group 1).
    if (ends) this.resetState[s] = answersSyn ? State.Closed : this.proven(s) ? (state[i] as number) : State.Unknown;
    state[i] = State.Closed;
    state[j] = State.Closed;
    if (ends) this.facts[s] = facts | RESET | ((i & 1) === 1 ? RESET_BY_SERVER : 0) | (answersSyn ? REFUSED : 0);
    return answersSyn ? Analysis.Refused : 0;
  }

  /** True once the states of both ends are proven. */
  proven(stream: number): boolean {
    const i = 2 * stream;
    if ((this.facts[stream] as number) & (SYN | SYN_ACK | RESET)) return true;
    return ((this.bits[i] as number) & (this.bits[i + 1] as number) & OPEN) !== 0 || this.state[i] === State.Closed;
  }

  /** State of one end as far as the packets prove it. An end that never sent anything proves nothing. */
  stateOf(stream: number, direction: number): TcpState | null {
    const i = 2 * stream + direction;
    const silent = ((this.bits[i] as number) & SENT) === 0 && ((this.facts[stream] as number) & (SYN_ACK | RESET)) === 0;
    return silent || !this.proven(stream) ? null : (STATE_NAMES[this.state[i] as number] as TcpState | null);
  }

  /** State of the end that reset the connection as it did so; null where nothing proves it, or without a reset. */
  resetStateOf(stream: number): TcpState | null {
    return STATE_NAMES[this.resetState[stream] as number] as TcpState | null;
  }

  handshakeOf(stream: number): Handshake {
    const facts = this.facts[stream] as number;
    if ((facts & REFUSED) !== 0) return 'refused';
    if ((facts & SIMULTANEOUS) !== 0) return 'simultaneous';
    if ((facts & SYN) === 0) return 'not-captured';
    if ((facts & DONE) !== 0) return 'completed';
    if ((facts & SYN_ACK) !== 0) return 'half-open';
    // No SYN/ACK in the capture: unanswered, unless the connection evidently went on.
    return (this.state[2 * stream] as number) === State.SynSent || (facts & RESET) !== 0 ? 'unanswered' : 'completed';
  }

  closeOf(stream: number): 'none' | 'half' | 'fin' | 'reset' {
    if (((this.facts[stream] as number) & RESET) !== 0) return 'reset';
    const fins = ((this.bits[2 * stream] as number) & FIN_SENT) + ((this.bits[2 * stream + 1] as number) & FIN_SENT);
    return fins === 0 ? 'none' : fins === FIN_SENT ? 'half' : 'fin';
  }

  closedByOf(stream: number): 'client' | 'server' | 'both' | null {
    const facts = this.facts[stream] as number;
    if ((facts & RESET) !== 0) return (facts & RESET_BY_SERVER) !== 0 ? 'server' : 'client';
    if (((this.bits[2 * stream] as number) & FIN_SENT) === 0 && ((this.bits[2 * stream + 1] as number) & FIN_SENT) === 0) return null;
    if ((facts & FIN_CROSSED) !== 0) return 'both';
    return this.firstFin[stream] === 0 ? 'client' : 'server';
  }
}
