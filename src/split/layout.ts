/**
 * What the two stages of a split index pass share: a few slots, each with a piece of the file, a record of small integers for each packet
 * in it, and notes of what is new; and the words by which the stages wait for each other. All of it is shared memory.
 */

/** Bytes of the file per slot. */
export const PIECE = 256 * 1024;
/** Room in front of a piece for the record that began in the piece before; a packet that is longer ends the split. */
export const HEADROOM = 80 * 1024;
const ROOM = HEADROOM + PIECE;
/** Pieces that the first stage may be ahead. */
export const SLOTS = 8;

/**
 * Words of a packet's record. Start is a place in the slot's bytes, other places are counted from it. Sixteen words are one line of the
 * processor's cache, which one core has to fetch from the other: what does not fit is for the second stage to find again (How.Whole).
 */
export const Word = {
  /** Where the packet's captured bytes begin. */
  Start: 0,
  /** How.Whole: the captured length. Else the length on the wire * 65536 + the captured length. */
  Lengths: 1,
  /** Epoch seconds without sign. */
  Sec: 2,
  Nsec: 3,
  /** Number of the interface * 65536 + RowFlag bits. */
  IfaceFlags: 4,
  /** How, then 8 bits each: steps taken, place of the layer at hand, and IndexWalk's ipProto. */
  How: 5,
  /** Number of the stack in the first stage's table * 65536 + 1 + id of the protocol at which the walk goes on, 0 for none. */
  StackNext: 6,
  /** Place where the bytes on the wire end (IndexWalk's wireEnd) * 65536 + place of the payload (payloadAt, with sign). */
  Ends: 7,
  /** Numbers of the addresses in the first stage's table, or UNSET. How.Whole: Src is the length on the wire. */
  Src: 8,
  Dst: 9,
  /** What else `Protocol.parts.header` left; from here on not set where the protocol has no parts. */
  Ports: 10,
  Seq: 11,
  Ack: 12,
  /** TCP flags * 65536 + window. */
  FlagsWindow: 13,
  /** Window shift (8 bits with sign) * 256 + number of MPTCP options. */
  Options: 14,
  SackOctets: 15,
} as const;
/** Words per record. */
export const RECORD = 16;

/** Bits of the word How. */
export const How = {
  /** The packet is for the second stage alone: it needs state, or is rare. */
  Whole: 1 << 24,
  /** The notes up to the next Note.End belong before this packet. */
  News: 1 << 25,
  /** The next two words of `aheads` are the packet's: IndexWalk's ahead and aheadLength. */
  Ahead: 1 << 26,
} as const;

/** Notes: a kind and its words. */
export const Note = {
  End: 0,
  /** A stack: parent, protocol. They are numbered in the order of their notes, from 1 on. */
  Stack: 1,
  /** The same for one that begins a packet in a packet (StackTable.nest). */
  Nested: 3,
  /** A block of the file that is no packet: offset in the slot's bytes, length. */
  Block: 2,
  /** An address: its bytes, one a word. They are numbered in the order of their notes. */
  Ipv4: 4,
  Ipv6: 16,
} as const;

/** Packets that a piece can have: where all are shorter than 32 bytes, the file is read in one pass. */
export const MOST_PACKETS = Math.floor(ROOM / 48);
const NOTE_WORDS = 16 * 1024;
/** Words that the notes of one packet can need at most: each of its steps may make a stack and two addresses. */
export const MOST_NOTES = 4096;
const HEAD = 64;
const RECORD_BYTES = MOST_PACKETS * RECORD * 4;
const AHEAD_BYTES = MOST_PACKETS * 2 * 4;

export class Slot {
  static readonly bytes = HEAD + ROOM + RECORD_BYTES + NOTE_WORDS * 4 + AHEAD_BYTES;

  readonly #numbers: Float64Array;
  /** A piece of the file from HEADROOM on, in front of it what was left of the piece before. */
  readonly bytes: Uint8Array;
  readonly records: Int32Array;
  readonly notes: Int32Array;
  /** Two words for each packet that has How.Ahead, in order: few have, and their records are a line of the cache already. */
  readonly aheads: Int32Array;

  constructor(memory: SharedArrayBuffer) {
    this.#numbers = new Float64Array(memory, 0, HEAD / 8);
    this.bytes = new Uint8Array(memory, HEAD, ROOM);
    this.records = new Int32Array(memory, HEAD + ROOM, RECORD_BYTES / 4);
    this.notes = new Int32Array(memory, HEAD + ROOM + RECORD_BYTES, NOTE_WORDS);
    this.aheads = new Int32Array(memory, HEAD + ROOM + RECORD_BYTES + NOTE_WORDS * 4, AHEAD_BYTES / 4);
  }

  /** File offset of bytes[0]; negative where the room in front is not used. */
  get base(): number {
    return this.#numbers[0] as number;
  }
  set base(offset: number) {
    this.#numbers[0] = offset;
  }

  /** File offset of the first record that is not among `records`. */
  get next(): number {
    return this.#numbers[1] as number;
  }
  set next(offset: number) {
    this.#numbers[1] = offset;
  }

  /** Packets in `records`. */
  get packets(): number {
    return this.#numbers[2] as number;
  }
  set packets(count: number) {
    this.#numbers[2] = count;
  }

  /** Words used of `notes`. */
  get noted(): number {
    return this.#numbers[3] as number;
  }
  set noted(words: number) {
    this.#numbers[3] = words;
  }

  /** A packet up to the end of this piece has flags (epb_flags of pcapng): they are read from the file when asked for. */
  get flagged(): boolean {
    return this.#numbers[5] === 1;
  }
  set flagged(is: boolean) {
    this.#numbers[5] = is ? 1 : 0;
  }

  /** The first stage has ended: the second goes on alone, from `next` on. */
  get last(): boolean {
    return this.#numbers[4] === 1;
  }
  set last(is: boolean) {
    this.#numbers[4] = is ? 1 : 0;
  }
}

/** What the first stage must know of the protocols, which it has few of itself. */
export interface ProtocolPlan {
  /** `protocolKey` by id. */
  readonly protocols: readonly string[];
  /** What is bound in each table: its name, and keys with ids, in turn. */
  readonly tables: readonly { readonly name: string; readonly bound: readonly number[] }[];
}
