/** Which TCP streams are one connection of Multipath TCP (RFC 8684; RFC 6824 for version 0), and from where its numbers count. */
import { createHash } from 'node:crypto';
import { defineState } from '../dissect/capture-index.ts';
import type { IndexWalk } from '../dissect/index-walk.ts';
import { lowerBoundBy } from '../table/ascending.ts';
import { NONE } from '../table/packet-table.ts';
import { MULTIPATH_KIND } from './mptcp.ts';

const CAPABLE = 0;
const JOIN = 1;
const KEY_AT = 4;
const KEY_BYTES = 8;
const JOIN_SYN_BYTES = 12;
/** Streams of a connection that are named in a packet: each of its packets names them all. */
const MOST_NAMED = 256;

/** What follows from a key: the token by which others join, and the number before the first octet of data (RFC 8684, section 3.1). */
export interface KeyFacts {
  readonly token: number;
  readonly firstNumber: bigint;
}

/** Version 0 hashes keys with SHA-1, version 1 with SHA-256. */
export function factsOfKey(key: Uint8Array, version: number): KeyFacts {
  const hash = createHash(version === 0 ? 'sha1' : 'sha256')
    .update(key)
    .digest();
  return { token: hash.readUInt32BE(0), firstNumber: hash.readBigUInt64BE(hash.length - 8) };
}

/** One end of a connection, from the row on in which its key was seen. */
interface End {
  row: number;
  firstNumber: bigint;
}

class Connection {
  readonly number: number;
  /** The stream that began it, NONE if that was not seen. */
  master = NONE;
  readonly ends: readonly [End, End] = [
    { row: NONE, firstNumber: 0n },
    { row: NONE, firstNumber: 0n },
  ];
  /** Streams that are known to belong to it, and the rows in which they began, ascending. */
  readonly streams: { readonly stream: number; readonly row: number }[] = [];

  constructor(number: number) {
    this.number = number;
  }

  /** The streams that had begun by `row`, the latest first, no more than anybody reads. */
  streamsBy(row: number): number[] {
    const begun = lowerBoundBy(this.streams, (each) => each.row, row + 1);
    return this.streams
      .slice(Math.max(0, begun - MOST_NAMED), begun)
      .reverse()
      .map((each) => each.stream);
  }
}

/** A stream as part of a connection, from a row on. */
interface Subflow {
  readonly connection: Connection;
  readonly row: number;
  /** The connection's end that sends in direction 0 of the stream. */
  readonly end: 0 | 1;
}

/** What is known at one packet. */
export interface SubflowView {
  readonly connection: number;
  readonly master: number;
  /** Streams of the connection, the latest first, `MOST_NAMED` at most. */
  readonly streams: readonly number[];
  /** Where the numbers of who sends and of who is acknowledged count from, where that is known. */
  readonly own: bigint | null;
  readonly other: bigint | null;
}

class MultipathConnections {
  readonly #subflows = new Map<number, Subflow>();
  readonly #tokens = new Map<number, { readonly connection: Connection; readonly end: 0 | 1 }>();
  #count = 0;

  /** Looks at the options of a segment, which are w.bytes[from, to). */
  observe(w: IndexWalk, stream: number, direction: number, from: number, to: number): void {
    const { bytes: b } = w;
    for (let o = from; o + 3 <= to; ) {
      const kind = b[o] as number;
      if (kind === 0) return;
      const length = kind === 1 ? 1 : (b[o + 1] as number);
      if ((kind !== 1 && length < 2) || o + length > to) return;
      if (kind === MULTIPATH_KIND && length >= 3) this.#option(w.row, stream, direction === 0 ? 0 : 1, b, o, length);
      o += length;
    }
  }

  #option(row: number, stream: number, direction: 0 | 1, b: Uint8Array, o: number, length: number): void {
    const subtype = (b[o + 2] as number) >> 4;
    if (subtype === CAPABLE) {
      if (length >= KEY_AT + KEY_BYTES) this.#capable(row, stream, direction, b, o);
    } else if (!this.#subflows.has(stream)) {
      const token = subtype === JOIN && length === JOIN_SYN_BYTES ? tokenAt(b, o + 4) : NONE;
      const joined = this.#tokens.get(token);
      const connection = joined?.connection ?? this.#begin();
      // The token is that of the end which is asked.
      const asked = joined?.end ?? 1;
      this.#subflows.set(stream, { connection, row, end: (asked ^ 1 ^ direction) === 0 ? 0 : 1 });
      if (subtype === JOIN) connection.streams.push({ stream, row });
    }
  }

  #capable(row: number, stream: number, direction: 0 | 1, b: Uint8Array, o: number): void {
    let subflow = this.#subflows.get(stream);
    if (subflow === undefined) {
      const connection = this.#begin();
      connection.master = stream;
      connection.streams.push({ stream, row });
      subflow = { connection, row, end: 0 };
      this.#subflows.set(stream, subflow);
    }
    const end = (direction ^ subflow.end) === 0 ? 0 : 1;
    const known = subflow.connection.ends[end];
    if (known.row !== NONE) return;
    const facts = factsOfKey(b.subarray(o + KEY_AT, o + KEY_AT + KEY_BYTES), (b[o + 2] as number) & 0x0f);
    known.row = row;
    known.firstNumber = facts.firstNumber;
    if (!this.#tokens.has(facts.token)) this.#tokens.set(facts.token, { connection: subflow.connection, end });
  }

  #begin(): Connection {
    return new Connection(this.#count++);
  }

  /**
   * What the connection of a stream is, if it is known to have one. @param row what was seen later is left out, unless `all`
   * @param direction who sends
   */
  at(stream: number, direction: number, row: number, all: boolean): SubflowView | null {
    const subflow = this.#subflows.get(stream);
    if (subflow === undefined || (!all && subflow.row > row)) return null;
    const { connection } = subflow;
    const first = (end: End): bigint | null => (end.row !== NONE && (all || end.row <= row) ? end.firstNumber : null);
    const own = (subflow.end ^ (direction === 0 ? 0 : 1)) === 0 ? 0 : 1;
    return {
      connection: connection.number,
      master: connection.master,
      streams: connection.streamsBy(all ? Number.POSITIVE_INFINITY : row),
      own: first(connection.ends[own]),
      other: first(connection.ends[own === 0 ? 1 : 0]),
    };
  }
}

function tokenAt(b: Uint8Array, at: number): number {
  return (((b[at] as number) << 24) | ((b[at + 1] as number) << 16) | ((b[at + 2] as number) << 8) | (b[at + 3] as number)) >>> 0;
}

export const multipathConnections = defineState(() => new MultipathConnections());

/** A number of the connection as it is counted from its first: of 64 bits, or of its lower 32. */
export function relativeNumber(value: bigint, bits: 32 | 64, first: bigint | null): bigint {
  return BigInt.asUintN(bits, value - (first ?? 0n));
}
