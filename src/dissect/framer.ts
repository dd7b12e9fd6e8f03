/**
 * Cutting one direction of a TCP stream into application messages at index depth.
 * The same cuts serve full depth: the index remembers which rows make up a message that spans segments.
 */

import { UNSET } from '../table/packet-table.ts';
import type { CaptureIndex } from './capture-index.ts';
import type { IndexWalk } from './index-walk.ts';
import type { Protocol } from './protocol.ts';

/** feed(): all bytes up to `end` belong to the message at hand, which goes on. */
export const NEED_MORE = -1;
/** feed(): this is not (or no longer) the protocol; the bytes are shown as data. */
export const REJECT = -2;
/** feed(): these bytes are taken, and nothing is shown of them: the protocol owns the port and cannot make them out. */
export const SILENT = -3;

/** One direction of a TCP stream, as a framer sees it. One object per direction, kept as long as the stream. */
export interface StreamSide {
  /** The capture, for a framer that keeps facts about messages (`side.capture.state(key)`). */
  readonly capture: CaptureIndex;
  /** `tcp.stream` number. */
  readonly stream: number;
  /** True for the direction from the client (who sent the SYN, or the side taken for it). */
  readonly fromClient: boolean;
  /** The other direction. */
  readonly peer: StreamSide;
  /** Row of the packet whose bytes are being fed. */
  readonly row: number;
  /** The segment being fed has FIN: nothing comes after it. */
  last: boolean;
  /** Bytes of this direction were missing before those being fed. Stays set until the framer, if it cares, clears it. */
  gap: boolean;
  /**
   * Bytes still needed to complete the message at hand, where the framer knows; 0 where it does not know. Set by feed() before it
   * returns NEED_MORE. With a known number, later bytes are only counted, not looked at, until they are all there.
   */
  need: number;
  /** Set by feed() together with `need`: the bytes of this message are wanted whole, for content(). False at each feed(). */
  keep: boolean;
  /** Registers of the framer for this direction; all 0 at first. Their meaning is the framer's. */
  phase: number;
  a: number;
  b: number;
  c: number;
  /** Object of the framer's own for this direction, null at first. For what does not fit in registers; bounded by the framer. */
  own: unknown;
  /**
   * Bytes of the message at hand that came in earlier segments, kept only while `need` is 0: carry[0, carryLength). The flow code
   * appends what feed() left with NEED_MORE and need = 0 and clears it when the message ends; feed() is then given the new bytes
   * alone, so a framer that wants to look at a header as a whole joins the two (the carry is bounded: see CARRY_LIMIT).
   */
  carry: Uint8Array | null;
  carryLength: number;
  /** `IndexWalk.ahead` and `aheadLength` while the bytes being fed are those that they are about; else 0. */
  ahead: number;
  aheadLength: number;
}

/** What is the same of all that feed a framer: a direction before its first bytes, without another direction as yet. */
export class FramedSide implements StreamSide {
  readonly capture: CaptureIndex;
  readonly stream: number;
  readonly fromClient: boolean;
  peer: this;
  row = UNSET;
  last = false;
  gap = false;
  need = 0;
  keep = false;
  phase = 0;
  a = 0;
  b = 0;
  c = 0;
  own: unknown = null;
  carry: Uint8Array | null = null;
  carryLength = 0;
  ahead = 0;
  aheadLength = 0;

  constructor(capture: CaptureIndex, stream: number, fromClient: boolean) {
    this.capture = capture;
    this.stream = stream;
    this.fromClient = fromClient;
    this.peer = this;
  }

  /** The two are directions of one stream. */
  pair(other: this): void {
    this.peer = other;
    other.peer = this;
  }
}

/** A message whose length is not known after this many bytes is given up: REJECT. */
export const CARRY_LIMIT = 256 * 1024;

export interface Framer {
  /**
   * True: feed() takes what it needs out of the bytes each time (registers, `own`), so nothing is carried between segments and
   * CARRY_LIMIT does not apply to messages of unknown length (a chunked HTTP body).
   */
  readonly incremental?: boolean;
  /** True: the protocol shows a layer, empty as yet, where a message begins that goes on in later segments (tshark's TLS and SSH do). */
  readonly early?: boolean;
  /** True: the layer is shown once in a packet that ends one message and begins another: what it hands on is cut, not what it says itself (a relay). */
  readonly once?: boolean;
  /**
   * Index depth: puts on the stack what a segment shows that has no more than a part of a message; full depth is given no bytes then. `asked`:
   * feed() has looked at the bytes, since a message begins with them or does not say how long it is; false: they were only counted. For what
   * `early` does not say.
   */
  partial?(side: StreamSide, w: IndexWalk, app: Protocol, asked: boolean): void;
  /**
   * Takes bytes[offset, end): the next bytes in order of this direction. Returns the offset just past the end of the message if it
   * ends within them, NEED_MORE, REJECT, or SILENT. Must make progress, must not throw, must not keep `bytes`.
   */
  feed(side: StreamSide, bytes: Uint8Array, offset: number, end: number): number;
  /** This direction was closed by FIN while a message was unfinished: true if the close completes it (an HTTP body up to the close). */
  closes?(side: StreamSide): boolean;
  /**
   * Both directions have ended with FIN, or one was reset, and nothing is unfinished: true if what `a`, `b`, `c` and `own` say of this one makes no difference to what may
   * come all the same. Then the stream is forgotten, as it is where they say nothing.
   */
  forgets?(side: StreamSide): boolean;
  /**
   * The message at hand will never be whole (bytes missing, a bound): the flow code has set `need`, `phase` and `carryLength` to 0;
   * `a`, `b`, `c` and `own` are left as they are. The next feed() begins a message anew. `phase` is also 0 after REJECT.
   */
  lost?(side: StreamSide): void;
  /** A message ended in row `side.row`: the place to remember facts about it (request and response pairs). */
  done?(side: StreamSide): void;
  /** Index depth: the protocol inside the messages of packet `row`, all of which this one only hands on (a connection that was upgraded). */
  carries?(side: StreamSide, row: number): Protocol | undefined;
  /**
   * Index depth: looks inside bytes[offset, end), whole messages that full depth will be given in one call, and names the parts in them
   * (`w.pushPart`). Called after the protocol was put on the stack. What came in earlier segments is there only for messages whose feed()
   * set `side.keep`.
   */
  content?(side: StreamSide, w: IndexWalk, bytes: Uint8Array, offset: number, end: number): void;
  /** For a protocol whose messages cannot be read where one before them is missing (those that are encrypted in order). */
  readonly ordered?: Ordered;
}

/**
 * What is behind a hole in a direction waits until the hole is filled, by whatever segment has what is missing, and is then cut as one; the
 * flow code holds it, within bounds, and stops waiting where the receiver has acknowledged what the capture lacks.
 */
export interface Ordered {
  /** The direction's octets are to be read in order. Asked where a segment comes with octets missing before it. */
  waits(side: StreamSide): boolean;
  /** A message may begin at `offset`: where to go on when nobody waits any longer. */
  begins(bytes: Uint8Array, offset: number, end: number): boolean;
  /** Where the whole messages end that begin at `offset`, which is the beginning of a segment behind a hole; `offset` where there is none. Both depths show them. */
  whole(bytes: Uint8Array, offset: number, end: number): number;
  /** Index depth: looks at such messages, bytes[offset, end). Nothing that comes later may depend on it: they are given to content() when the hole is filled. */
  ahead(side: StreamSide, w: IndexWalk, bytes: Uint8Array, offset: number, end: number): void;
}
