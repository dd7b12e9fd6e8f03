/** What the index keeps of WebSocket frames, for messages in several frames and for compression over messages. */
import { defineState } from '../dissect/capture-index.ts';
import { type Framer, NEED_MORE, type StreamSide } from '../dissect/framer.ts';
import { lowerBound } from '../table/ascending.ts';
import { NONE } from '../table/packet-table.ts';

/** Bits of `WebSocketFrames.kind`: the first octet of the frame, as sent. */
export const FIN = 0x80;
export const RSV1 = 0x40;
export const OPCODE = 0x0f;

const LONGEST_HEAD = 14;
/** Length that is waited for at most: the first bit of one of 64 bits is 0 (RFC 6455, section 5.2), and nobody sends a frame of gigabytes. */
const LONGEST = 0x3fffffff;

/** All frames with data (opcodes 0 to 7), in order of the capture. */
class WebSocketFrames {
  /** Row that the frame ends in, ascending. */
  row = new Uint32Array(64);
  /** Which of the row's frames with data it is, from 0. */
  ordinal = new Uint16Array(64);
  kind = new Uint8Array(64);
  /** The frame with data before it in the same direction, NONE for the first. */
  previous = new Uint32Array(64);
  length = 0;
  readonly #latest = new Map<number, number>();

  add(side: StreamSide, kind: number): void {
    const at = this.length++;
    if (at === this.row.length) this.#grow();
    const direction = 2 * side.stream + (side.fromClient ? 0 : 1);
    this.row[at] = side.row;
    this.ordinal[at] = at > 0 && this.row[at - 1] === side.row ? (this.ordinal[at - 1] as number) + 1 : 0;
    this.kind[at] = kind;
    this.previous[at] = this.#latest.get(direction) ?? NONE;
    this.#latest.set(direction, at);
  }

  /** The `ordinal`th frame with data that ends in `row`; NONE if there is none. */
  find(row: number, ordinal: number): number {
    const at = lowerBound(this.row, row, this.length) + ordinal;
    return at < this.length && this.row[at] === row ? at : NONE;
  }

  #grow(): void {
    const size = 2 * this.row.length;
    const wider = <T extends Uint8Array | Uint16Array | Uint32Array>(from: T, to: T): T => {
      to.set(from);
      return to;
    };
    this.row = wider(this.row, new Uint32Array(size));
    this.ordinal = wider(this.ordinal, new Uint16Array(size));
    this.kind = wider(this.kind, new Uint8Array(size));
    this.previous = wider(this.previous, new Uint32Array(size));
  }
}

export const webSocketFrames = defineState(() => new WebSocketFrames());

const head = new Uint8Array(LONGEST_HEAD);

/** Octets of the header (RFC 6455 section 5.2) whose first two are given. */
export function headLength(second: number): number {
  const length = second & 0x7f;
  return 2 + (length === 126 ? 2 : length === 127 ? 8 : 0) + ((second & 0x80) !== 0 ? 4 : 0);
}

export const webSocketFramer: Framer = {
  feed(side, bytes, offset, end) {
    const carried = side.carryLength;
    const have = carried + end - offset;
    const there = Math.min(have, LONGEST_HEAD);
    for (let i = 0; i < there; i++) head[i] = (i < carried ? side.carry?.[i] : bytes[offset + i - carried]) as number;
    if (have < 2) return NEED_MORE;
    const needed = headLength(head[1] as number);
    if (have < needed) return NEED_MORE;
    side.a = head[0] as number;
    let length = (head[1] as number) & 0x7f;
    if (length === 126) length = (head[2] as number) * 256 + (head[3] as number);
    else if (length === 127) {
      length = 0;
      for (let i = 2; i < 10; i++) length = length * 256 + (head[i] as number);
    }
    // What there is of a longer one is shown as it comes.
    if (length > LONGEST) return end;
    const total = needed + length;
    if (total <= have) return Math.max(offset + 1, offset + total - carried);
    side.need = total - have;
    return NEED_MORE;
  },

  done(side) {
    if ((side.a & OPCODE) < 8) side.capture.state(webSocketFrames).add(side, side.a);
  },
};
