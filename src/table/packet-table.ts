/**
 * The packet index: one row per packet, in typed-array columns, grown in chunks so that nothing is copied.
 * A row is a number from 0; `frame.number` is row + 1.
 */

/** Rows per chunk: a power of two. */
export const CHUNK_SHIFT = 16;
export const CHUNK_ROWS = 1 << CHUNK_SHIFT;
export const CHUNK_MASK = CHUNK_ROWS - 1;
/**
 * What is to be done for a chunk is looked at in each row without these bits. More often than chunks begin: what V8 has never seen called it
 * compiles as if it never were, and throws the compiled code of the whole pass away where the second chunk begins.
 */
export const SELDOM = 0xff;

/** "No such row", "no such address", "no stream": the sentinel of every Uint32 column that holds an index. */
export const NONE = 0xffffffff;

/**
 * NONE as a signed number, for what the index pass holds in fields of objects: 0xffffffff would make each such field a boxed double. A
 * column of 32 bits keeps it as NONE.
 */
export const UNSET = -1;

/** Bits of the `flags` column. */
export const RowFlag = {
  /** Some header's bytes were not captured (`_ws.short`). */
  Short: 1 << 0,
  /** Some header contradicts itself or the bytes there are (`_ws.malformed`). */
  Malformed: 1 << 1,
  /**
   * The packet has more than one IP header, transport header or the like (a tunnel, an ICMP error with its quoted packet), so that the
   * columns, which hold one value, do not tell all values of a field: filters dissect such rows.
   */
  Several: 1 << 2,
  /** An IP fragment other than the one that completes its datagram. */
  Fragment: 1 << 3,
  /** This row's packet completes a datagram from several IP fragments. */
  Reassembled: 1 << 4,
  /** Comment, or other option of the record, that only the file has. */
  Annotated: 1 << 5,
  /** Payload that went unused: a retransmission, or bytes that a bound left out. */
  PayloadSkipped: 1 << 6,
  /** IPv4 columns are valid (`src`, `dst` are IPv4 addresses). */
  Ipv4: 1 << 7,
  Ipv6: 1 << 8,
  Tcp: 1 << 9,
  Udp: 1 << 10,
  /** The packet was sent by the side of its stream that counts as the client (TCP), or as the first sender (UDP). */
  FromClient: 1 << 11,
  /** TCP: the payload is behind a hole, and waits in a message (flow/repair); whole messages at its beginning are shown all the same. */
  Ahead: 1 << 12,
} as const;

/** A column of numbers that mostly need 16 bits. */
type Lengths = Uint16Array<ArrayBuffer> | Uint32Array<ArrayBuffer>;
/** A column of numbers that mostly need 32 bits, without sign. */
type Wide = Uint32Array<ArrayBuffer> | Float64Array<ArrayBuffer>;

/**
 * What the rows of a full chunk have in common, noted when the chunk is full (summarise in chunk-summary.ts): by it a scan decides many
 * chunks as a whole, and reads fewer columns of the others.
 */
export interface ChunkSummary {
  /** The different nodes of the stack column. */
  readonly stacks: Uint16Array;
  /** For each of them: the bits of the `flags` column that any of its rows has (and NO_STREAM), and those that all have. */
  readonly any: Uint16Array;
  readonly all: Uint16Array;
  /** Least and largest of the `sec` column. */
  readonly firstSec: number;
  readonly lastSec: number;
  /** Least and largest of the `stream` column without NONE; `lowStream` is the larger one where no row has a stream. */
  readonly lowStream: number;
  readonly highStream: number;
}

/** Where the columns that are never widened begin in the arrays that they share, by width. */
const NSEC = 0 * CHUNK_ROWS;
const SRC = 1 * CHUNK_ROWS;
const DST = 2 * CHUNK_ROWS;
const STREAM = 3 * CHUNK_ROWS;
const PREV_IN_STREAM = 4 * CHUNK_ROWS;
const SEQ = 5 * CHUNK_ROWS;
const ACK = 6 * CHUNK_ROWS;
const ANALYSIS = 7 * CHUNK_ROWS;
const MESSAGE = 8 * CHUNK_ROWS;
const WORDS = 9 * CHUNK_ROWS;
const IFACE = 0 * CHUNK_ROWS;
const STACK = 1 * CHUNK_ROWS;
const FLAGS = 2 * CHUNK_ROWS;
const SRC_PORT = 3 * CHUNK_ROWS;
const DST_PORT = 4 * CHUNK_ROWS;
const TCP_FLAGS = 5 * CHUNK_ROWS;
const WINDOW = 6 * CHUNK_ROWS;
const HALVES = 7 * CHUNK_ROWS;

function column<T extends Uint32Array<ArrayBuffer> | Uint16Array<ArrayBuffer>>(shared: T, begin: number): T {
  return shared.subarray(begin, begin + CHUNK_ROWS) as T;
}

/** The values of one row, as the index pass has them; UNSET for NONE. Their meaning is that of the columns. */
export interface RowValues {
  readonly sec: number;
  readonly nsec: number;
  readonly capLen: number;
  readonly wireLen: number;
  readonly payload: number;
  readonly iface: number;
  readonly stack: number;
  readonly flags: number;
  readonly srcPort: number;
  readonly dstPort: number;
  readonly tcpFlags: number;
  readonly window: number;
  readonly src: number;
  readonly dst: number;
  readonly stream: number;
  readonly prevInStream: number;
  readonly seq: number;
  readonly ack: number;
  readonly analysis: number;
  readonly message: number;
}

/**
 * One chunk of rows. Every column's comment: meaning, unit, sentinel.
 *
 * Five columns hold numbers that can be large but in nearly every capture are not: they begin narrow, and the chunk that meets a larger
 * number widens its own. Who reads them sees numbers either way. The others of one width share an array: writing a row looks up two arrays
 * instead of sixteen.
 */
export class Chunk {
  readonly #words = new Uint32Array(WORDS);
  readonly #halves = new Uint16Array(HALVES);
  /** Epoch seconds (floor): 32 bits, or doubles where a time lies before 1970 or after 2106. */
  sec: Wide = new Uint32Array(CHUNK_ROWS);
  /** Nanoseconds within the second. */
  readonly nsec = column(this.#words, NSEC);
  /** Byte offset of the packet's bytes (not of its record header) in the uncompressed file, counted from `base`. See offsetOf(). */
  offset: Wide = new Uint32Array(CHUNK_ROWS);
  /** Byte offset of the chunk's first packet. */
  readonly base: number;
  /** Bytes captured (`frame.cap_len`). */
  capLen: Lengths = new Uint16Array(CHUNK_ROWS);
  /** Bytes on the wire (`frame.len`). */
  wireLen: Lengths = new Uint16Array(CHUNK_ROWS);
  /** Interface number, counted over the whole file (sections included); index into the reader's `interfaces`. */
  readonly iface = column(this.#halves, IFACE);
  /** Node of the StackTable: the protocols of this packet from link to application. */
  readonly stack = column(this.#halves, STACK);
  /** RowFlag bits. */
  readonly flags = column(this.#halves, FLAGS);
  /** AddressTable id of the network address (IPv4, IPv6), else NONE. Innermost header that is not a quotation. */
  readonly src = column(this.#words, SRC);
  readonly dst = column(this.#words, DST);
  /** TCP or UDP (or SCTP, UDP-Lite) ports; 0 where there is no such header. See RowFlag.Tcp, RowFlag.Udp. */
  readonly srcPort = column(this.#halves, SRC_PORT);
  readonly dstPort = column(this.#halves, DST_PORT);
  /** `tcp.stream` or `udp.stream`, by RowFlag.Tcp / Udp; NONE where there is none. */
  readonly stream = column(this.#words, STREAM);
  /** Previous row of the same stream, NONE for the first. With `stream`, a backwards list of a stream's rows. */
  readonly prevInStream = column(this.#words, PREV_IN_STREAM);
  /** TCP: sequence and acknowledgement numbers as in the header. */
  readonly seq = column(this.#words, SEQ);
  readonly ack = column(this.#words, ACK);
  /** TCP, UDP: payload bytes on the wire (`tcp.len`). */
  payload: Lengths = new Uint16Array(CHUNK_ROWS);
  /** TCP: the 12 flag bits (`tcp.flags`). */
  readonly tcpFlags = column(this.#halves, TCP_FLAGS);
  /** TCP: window as in the header (`tcp.window_size_value`). */
  readonly window = column(this.#halves, WINDOW);
  /** TCP: bits of `Analysis` (flow/tcp-analysis.ts). */
  readonly analysis = column(this.#words, ANALYSIS);
  /** TCP: 1 + number of the multi-segment message (flow/messages) to which this packet's last bytes belong; 0 for none. */
  readonly message = column(this.#words, MESSAGE);
  /** What the rows have in common; null until the chunk is full, and where they are too different. */
  summary: ChunkSummary | null = null;

  constructor(base: number) {
    this.base = base;
  }

  /** Byte offset in the uncompressed file of the packet of row `i` of the chunk. */
  offsetOf(i: number): number {
    return this.base + (this.offset[i] as number);
  }

  /** Writes row `i`; every column of it. Lengths and offset are not negative. @param fileOffset byte offset of the packet's bytes */
  fill(i: number, row: RowValues, fileOffset: number): void {
    const { sec, capLen, wireLen, payload } = row;
    const offset = fileOffset - this.base;
    if (sec >>> 0 !== sec && this.sec instanceof Uint32Array) this.sec = new Float64Array(this.sec);
    if (offset >>> 0 !== offset && this.offset instanceof Uint32Array) this.offset = new Float64Array(this.offset);
    if ((capLen | wireLen | payload) >>> 16 !== 0 && this.capLen instanceof Uint16Array) {
      this.capLen = new Uint32Array(this.capLen);
      this.wireLen = new Uint32Array(this.wireLen);
      this.payload = new Uint32Array(this.payload);
    }
    this.sec[i] = sec;
    this.offset[i] = offset;
    this.capLen[i] = capLen;
    this.wireLen[i] = wireLen;
    this.payload[i] = payload;
    const words = this.#words;
    words[i + NSEC] = row.nsec;
    words[i + SRC] = row.src;
    words[i + DST] = row.dst;
    words[i + STREAM] = row.stream;
    words[i + PREV_IN_STREAM] = row.prevInStream;
    words[i + SEQ] = row.seq;
    words[i + ACK] = row.ack;
    words[i + ANALYSIS] = row.analysis;
    words[i + MESSAGE] = row.message;
    const halves = this.#halves;
    halves[i + IFACE] = row.iface;
    halves[i + STACK] = row.stack;
    halves[i + FLAGS] = row.flags;
    halves[i + SRC_PORT] = row.srcPort;
    halves[i + DST_PORT] = row.dstPort;
    halves[i + TCP_FLAGS] = row.tcpFlags;
    halves[i + WINDOW] = row.window;
  }
}

export class PacketTable {
  readonly chunks: Chunk[] = [];
  /** Number of rows. */
  length = 0;

  /** Makes room for one more row and returns its number; the caller fills every column of it. @param fileOffset as for Chunk.fill */
  grow(fileOffset = 0): number {
    const row = this.length;
    if ((row & SELDOM) === 0) this.#room(row, fileOffset);
    this.length = row + 1;
    return row;
  }

  #room(row: number, fileOffset: number): void {
    if (row >>> CHUNK_SHIFT === this.chunks.length) this.chunks.push(new Chunk(fileOffset));
  }

  /** The chunk that holds `row`; its columns are indexed with `row & CHUNK_MASK`. */
  chunkOf(row: number): Chunk {
    return this.chunks[row >>> CHUNK_SHIFT] as Chunk;
  }

  clear(): void {
    this.chunks.length = 0;
    this.length = 0;
  }
}
