/**
 * What an HTTP connection carries after an upgrade (RFC 9110 section 7.8) or a CONNECT (section 9.3.6): the protocol of that name or port,
 * and its framer at work inside HTTP's, as the flow code knows one protocol per stream.
 */
import { CARRY_LIMIT, FramedSide, type Framer, NEED_MORE, REJECT, type StreamSide } from '../dissect/framer.ts';
import type { IndexWalk } from '../dissect/index-walk.ts';
import type { Protocol } from '../dissect/protocol.ts';

/** Protocols by the name in the Upgrade header, in lower case and without a version. */
export const upgrades = new Map<string, Protocol>();

/** The direction of a stream as the inner protocol's framer sees it: its own registers and its own carry. */
export class TunnelSide extends FramedSide {
  readonly #framer: Framer;

  constructor(outer: StreamSide, framer: Framer) {
    super(outer.capture, outer.stream, outer.fromClient);
    this.row = outer.row;
    this.#framer = framer;
  }

  /** Feeds the inner framer on behalf of `outer`; answers as a framer's feed(). */
  feed(outer: StreamSide, bytes: Uint8Array, offset: number, end: number): number {
    this.row = outer.row;
    this.last = outer.last;
    this.need = 0;
    this.keep = false;
    const carried = this.carryLength > 0;
    const next = this.#framer.feed(this, bytes, offset, end);
    if (next !== NEED_MORE) {
      this.carryLength = 0;
      return next;
    }
    outer.need = this.need;
    // What was carried here is not among the bytes that the flow code would keep.
    outer.keep = this.keep && !carried;
    if (this.need > 0) this.carryLength = 0;
    else if (this.#framer.incremental !== true && !this.#keep(bytes, offset, end)) return REJECT;
    return NEED_MORE;
  }

  /** What the inner framer finds in whole messages; answers as a framer's content(). */
  content(outer: StreamSide, w: IndexWalk, bytes: Uint8Array, offset: number, end: number): void {
    this.row = outer.row;
    this.#framer.content?.(this, w, bytes, offset, end);
  }

  done(outer: StreamSide): void {
    this.row = outer.row;
    this.carryLength = 0;
    this.#framer.done?.(this);
  }

  lost(): void {
    this.need = 0;
    this.phase = 0;
    this.carryLength = 0;
    this.#framer.lost?.(this);
  }

  #keep(bytes: Uint8Array, offset: number, end: number): boolean {
    const length = this.carryLength + end - offset;
    if (length > CARRY_LIMIT) return false;
    if (this.carry === null || this.carry.length < length) {
      const wider = new Uint8Array(Math.max(64, 2 * length));
      if (this.carry !== null) wider.set(this.carry.subarray(0, this.carryLength));
      this.carry = wider;
    }
    for (let k = offset; k < end; k++) this.carry[this.carryLength + k - offset] = bytes[k] as number;
    this.carryLength = length;
    return true;
  }
}
