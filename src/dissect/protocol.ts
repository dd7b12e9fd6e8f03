import type { Hue } from '../messages.ts';
import type { Buf, Dissection } from './dissection.ts';
import type { FieldDef } from './field.ts';
import type { Framer } from './framer.ts';
import type { IndexWalk } from './index-walk.ts';

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
   * As a heuristic: whether `accepts` may take a payload with this first octet; it is not asked about others. Absent: any. Asked once for each
   * octet, so that of the many heuristics only a few are asked about a payload that none will take.
   */
  readonly mayBegin?: (octet: number) => boolean;
  /**
   * Asked instead of `accepts` where the stream or conversation is known to carry it: for later messages that are too plain to be
   * recognised by themselves (TURN's channel data). Same rules. A TCP stream is known to carry a protocol that has this from the first payload
   * on that `accepts` took, also where a port led to it.
   */
  readonly goesOn?: (bytes: Uint8Array, offset: number, end: number, wireEnd: number) => boolean;
  /**
   * Once a heuristic gave it a TCP stream or UDP conversation, it takes all payload from there on, without `accepts` being asked
   * again: for protocols whose later messages have no telling shape.
   */
  readonly sticky?: boolean;
  /**
   * Index depth, of a datagram that a port, a heuristic or the conversation gives to the protocol: whether it goes on from what came before
   * (a reply has a call). If not, it is data.
   */
  readonly follows?: (w: IndexWalk, offset: number, end: number) => boolean;
  /**
   * Index depth: look at the header at `w.offset`, write what the columns want, and say who follows with `w.follow(...)`.
   * Runs once per packet over the whole capture: must not allocate, must not throw, must not read outside [w.offset, w.end).
   * All state that full depth needs of earlier packets is made here. Absent: the protocol ends the walk.
   */
  readonly index?: (w: IndexWalk) => void;
  /**
   * `index` rests on the packet's bytes, the tables and the numbers of addresses and stacks alone: the first stage of the index pass may run
   * it, in a thread of its own (src/split). A packet that needs state all the same (a fragment) leaves it (`IndexWalk.leave`), and is walked in the second stage as a whole.
   */
  readonly stateless?: boolean;
  /**
   * `index`, outside quotations, in two parts: the header's bytes, as if `stateless`, then everything else, which the second stage runs. What
   * the first part finds it leaves in fields of the walk that Record (src/split/layout.ts) keeps.
   */
  readonly parts?: { readonly header: (w: IndexWalk) => void; readonly rest: (w: IndexWalk) => void };
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
  /** Layers that are not on the stack may show where this is: filters do not go by the index there. */
  readonly open?: boolean;
  /** For protocols over TCP whose messages may span segments: cuts one direction of a stream into messages. */
  readonly framer?: Framer;
}

export interface Protocol extends ProtocolDef {
  /** Small number, in order of definition; the index columns hold it. Not stable between versions: never written to disk. */
  readonly id: number;
}

const defined: Protocol[] = [];

/** One shape for all, so that the index walk finds their properties at once. */
function made(def: ProtocolDef, id: number): Protocol {
  const {
    name,
    short,
    title,
    osi,
    pdu,
    hue,
    fields,
    accepts,
    mayBegin,
    goesOn,
    sticky,
    follows,
    index,
    stateless,
    parts,
    dissect,
    startsStream,
    open,
    framer,
  } = def;
  const protocol: Protocol & Record<keyof Protocol, unknown> = {
    name,
    short,
    title,
    osi,
    pdu,
    hue,
    fields,
    accepts,
    mayBegin,
    goesOn,
    sticky,
    follows,
    index,
    stateless,
    parts,
    dissect,
    startsStream,
    open,
    framer,
    id,
  };
  return protocol;
}

/** Declares a protocol. Ids are handed out in order of import. */
export function defineProtocol(def: ProtocolDef): Protocol {
  const protocol = made(def, defined.length);
  defined.push(protocol);
  return protocol;
}

/** All protocols declared so far, by id. Complete once `protocols/index.ts` was imported. */
export function allProtocols(): readonly Protocol[] {
  return defined;
}

/** What a protocol is called in another program, where it may have another id. Several may share a key. */
export function protocolKey({ name, title }: Protocol): string {
  return `${name}: ${title}`;
}

/** In a program with a part of the protocols: gives one the id that it has in the program with all of them. */
export function renumber(protocol: Protocol, id: number): void {
  (protocol as { id: number }).id = id;
}

/** In such a program: a protocol that is only known by key and id, or by the first of its parts too. */
export function standIn(key: string, id: number, header?: (w: IndexWalk) => void): Protocol {
  const notHere = (): never => {
    throw new Error(`${key} is not in this program`);
  };
  return made(
    {
      name: key,
      short: '',
      title: '',
      osi: '',
      pdu: '',
      hue: 'raw',
      fields: [],
      dissect: notHere,
      ...(header === undefined ? {} : { parts: { header, rest: notHere } }),
    },
    id,
  );
}
