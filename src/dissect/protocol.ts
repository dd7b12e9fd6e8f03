import type { Buf, Dissection } from './dissection.ts';
import type { FieldDef } from './field.ts';
import type { Framer } from './framer.ts';
import type { IndexWalk } from './index-walk.ts';

/** The colour family of a layer in the window: layers 1-2, 3, 4, 5-7, and everything without meaning of its own. */
export type Hue = 'link' | 'net' | 'tra' | 'app' | 'raw';

export interface ProtocolDef {
  /** Name in filters and in `frame.protocols`, as Wireshark has it: `http`. */
  readonly name: string;
  /** Name in the protocol column: `HTTP`. */
  readonly short: string;
  /** Name of the layer in the tree: `Hypertext Transfer Protocol`. */
  readonly title: string;
  /** OSI layer number as shown on the card: '2', '3', '4', '7'; '' where none applies. */
  readonly osi: string;
  /** What one unit of it is called: Frame, Packet, Segment, Datagram, Message. */
  readonly pdu: string;
  readonly hue: Hue;
  /** Every field it can show. */
  readonly fields: readonly FieldDef[];
  /**
   * Quick look at bytes[offset, end): may this be the protocol? Asked at both depths before the protocol is given a payload by a
   * port number or as a heuristic; absent means yes. Must not read outside [offset, end) and must not allocate.
   */
  readonly accepts?: (bytes: Uint8Array, offset: number, end: number, wireEnd: number) => boolean;
  /**
   * Once a heuristic gave it a TCP stream or UDP conversation, it takes all payload from there on, without `accepts` being asked
   * again: for protocols whose later messages have no telling shape.
   */
  readonly sticky?: boolean;
  /**
   * Index depth: look at the header at `w.offset`, write what the columns want, and say who follows with `w.follow(...)`.
   * Runs once per packet over the whole capture: must not allocate, must not throw, must not read outside [w.offset, w.end).
   * All state that full depth needs of earlier packets is made here. Absent: the protocol ends the walk.
   */
  readonly index?: (w: IndexWalk) => void;
  /**
   * Full depth: a pure function of the bytes and of what the index knows. Adds layers and fields to `d`, and calls the next
   * protocol with `d.call`. Never throws for bytes: reads past the end mark the layer and give 0.
   */
  readonly dissect: (d: Dissection, b: Buf) => void;
  /**
   * Recognised by its heuristic, it makes the packets that follow a stream of their own. Wireshark's VNC dissector begins a new
   * conversation there, and stream numbers have to agree with Wireshark's.
   */
  readonly startsStream?: boolean;
  /** For protocols over TCP whose messages may span segments: cuts one direction of a stream into messages. */
  readonly framer?: Framer;
}

export interface Protocol extends ProtocolDef {
  /** Small number, in order of definition; the index columns hold it. Not stable between versions: never written to disk. */
  readonly id: number;
}

const defined: Protocol[] = [];

/** Declares a protocol. Ids are handed out in order of import. */
export function defineProtocol(def: ProtocolDef): Protocol {
  const protocol: Protocol = { ...def, id: defined.length };
  defined.push(protocol);
  return protocol;
}

/** All protocols declared so far, by id. Complete once `protocols/index.ts` was imported. */
export function allProtocols(): readonly Protocol[] {
  return defined;
}
