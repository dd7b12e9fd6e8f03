/**
 * The packet index: one row per packet, in typed-array columns, grown in chunks so that nothing is copied.
 * A row is a number from 0; `frame.number` is row + 1.
 */

/** Rows per chunk: a power of two. */
export const CHUNK_SHIFT = 16;
export const CHUNK_ROWS = 1 << CHUNK_SHIFT;
export const CHUNK_MASK = CHUNK_ROWS - 1;

/** "No such row", "no such address", "no stream": the sentinel of every Uint32 column that holds an index. */
export const NONE = 0xffffffff;

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
} as const;

/** One chunk of rows. Every column's comment: meaning, unit, sentinel. */
export class Chunk {
  /** Epoch seconds (floor), as a double: exact far beyond 2^32. */
  readonly sec = new Float64Array(CHUNK_ROWS);
  /** Nanoseconds within the second. */
  readonly nsec = new Uint32Array(CHUNK_ROWS);
  /** Byte offset of the packet's bytes (not of its record header) in the uncompressed file. */
  readonly fileOffset = new Float64Array(CHUNK_ROWS);
  /** Bytes captured (`frame.cap_len`). */
  readonly capLen = new Uint32Array(CHUNK_ROWS);
  /** Bytes on the wire (`frame.len`). */
  readonly wireLen = new Uint32Array(CHUNK_ROWS);
  /** Interface number, counted over the whole file (sections included); index into the reader's `interfaces`. */
  readonly iface = new Uint16Array(CHUNK_ROWS);
  /** Node of the StackTable: the protocols of this packet from link to application. */
  readonly stack = new Uint16Array(CHUNK_ROWS);
  /** RowFlag bits. */
  readonly flags = new Uint16Array(CHUNK_ROWS);
  /** AddressTable id of the network address (IPv4, IPv6), else NONE. Innermost header that is not a quotation. */
  readonly src = new Uint32Array(CHUNK_ROWS);
  readonly dst = new Uint32Array(CHUNK_ROWS);
  /** TCP or UDP (or SCTP, UDP-Lite) ports; 0 where there is no such header. See RowFlag.Tcp, RowFlag.Udp. */
  readonly srcPort = new Uint16Array(CHUNK_ROWS);
  readonly dstPort = new Uint16Array(CHUNK_ROWS);
  /** `tcp.stream` or `udp.stream`, by RowFlag.Tcp / Udp; NONE where there is none. */
  readonly stream = new Uint32Array(CHUNK_ROWS);
  /** Previous row of the same stream, NONE for the first. With `stream`, a backwards list of a stream's rows. */
  readonly prevInStream = new Uint32Array(CHUNK_ROWS);
  /** TCP: sequence and acknowledgement numbers as in the header. */
  readonly seq = new Uint32Array(CHUNK_ROWS);
  readonly ack = new Uint32Array(CHUNK_ROWS);
  /** TCP, UDP: payload bytes on the wire (`tcp.len`). */
  readonly payload = new Uint32Array(CHUNK_ROWS);
  /** TCP: the 12 flag bits (`tcp.flags`). */
  readonly tcpFlags = new Uint16Array(CHUNK_ROWS);
  /** TCP: window as in the header (`tcp.window_size_value`). */
  readonly window = new Uint16Array(CHUNK_ROWS);
  /** TCP: bits of `Analysis` (flow/tcp-analysis.ts). */
  readonly analysis = new Uint32Array(CHUNK_ROWS);
  /** TCP: 1 + number of the multi-segment message (flow/messages) to which this packet's last bytes belong; 0 for none. */
  readonly message = new Uint32Array(CHUNK_ROWS);
}

export class PacketTable {
  readonly chunks: Chunk[] = [];
  /** Number of rows. */
  length = 0;

  /** Makes room for one more row and returns its number; the caller fills every column of it. */
  grow(): number {
    const row = this.length;
    if (row >>> CHUNK_SHIFT === this.chunks.length) this.chunks.push(new Chunk());
    this.length = row + 1;
    return row;
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
