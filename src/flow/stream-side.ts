/** One direction of a TCP stream, as its payload is handed over: what its framer sees of it, and what is at hand of its messages. */
import { FramedSide } from '../dissect/framer.ts';
import type { Protocol } from '../dissect/protocol.ts';
import { UNSET } from '../table/packet-table.ts';
import type { Pending } from './pending-message.ts';
import type { Repair } from './repair.ts';
import { seqDiff, seqNext } from './seq.ts';
import type { TcpFlows } from './tcp-flows.ts';

/** One object for each direction, kept until the stream has ended. */
export class Side extends FramedSide {
  /** Number after the last payload byte seen, and whether one was. */
  next = 0;
  begun = false;
  /** Protocol that cuts this direction. */
  protocol: Protocol | null = null;
  /** Message of unknown length at hand, UNSET for none. */
  open = UNSET;
  /** Number after the last byte of the open message; signed. */
  expected = 0;
  /** Messages of known length with bytes missing, oldest first. */
  readonly pending: Pending[] = [];
  /** Message that the segment at hand has bytes of, before others may begin in it; UNSET for none. */
  touched = UNSET;
  /** Message over several segments that began last, UNSET for none. */
  latest = UNSET;
  /** Row in which the protocol was put on the stack last. */
  shown = UNSET;
  /** Its FIN was seen, or a reset. */
  finished = false;
  /** What is behind a hole, while it is waited for (Framer.ordered). */
  repair: Repair | null = null;
}

/** 2 * stream + direction. */
export function sideOf(side: Side): number {
  return 2 * side.stream + (side.fromClient ? 0 : 1);
}

/** Of a direction that has ended nothing is unfinished, and nothing is kept that anybody needs. */
export function isForgotten(side: Side): boolean {
  const { protocol, phase, a, b, c, own, open, pending, carryLength, repair } = side;
  if (phase !== 0 || open !== UNSET || pending.length > 0 || carryLength > 0 || repair !== null) return false;
  return (a === 0 && b === 0 && c === 0 && own === null) || protocol?.framer?.forgets?.(side) === true;
}

/** Number of the octet after those seen of a direction: where none was, after the SYN. */
export function nextOf({ sequence }: TcpFlows, side: Side): number {
  return side.begun ? side.next : seqNext(sequence.base[sideOf(side)] as number, 1);
}

/** The other side has acknowledged the octet that has the number `missing`. */
export function isAcknowledged({ sequence }: TcpFlows, side: Side, missing: number): boolean {
  const ack = sequence.lastAck[2 * side.stream + (side.fromClient ? 1 : 0)] as number;
  return ack !== 0 && seqDiff(ack, missing) > 0;
}

/** Notes payload of a direction. */
export function noteSeen(side: Side, seq: number, payload: number): void {
  const end = seqNext(seq, payload);
  if (!side.begun || seqDiff(end, side.next) > 0) side.next = end;
  side.begun = true;
}
