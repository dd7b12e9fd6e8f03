/** UDP streams: numbers as tshark's `udp.stream`, and what each is known to carry. */
import { defineState } from '../dissect/capture-index.ts';
import { NONE, UNSET } from '../table/packet-table.ts';
import { grown, TupleTable, u8, u16, u32 } from './tuple-table.ts';

/** Endpoints that were announced, at most. */
const MAX_ANNOUNCED = 65_536;

/** An announced endpoint and the stream of what it sends or gets; NONE before the first. */
interface Announced {
  /** Row of the announcement in force. */
  row: number;
  stream: number;
}

/** Who asked, whom, and the stream of the answers, whatever port they come from; NONE before the first. */
interface Asked {
  readonly other: number;
  readonly app: number;
  stream: number;
}

export class UdpFlows {
  readonly tuples = new TupleTable();
  /** First and last row of each stream. */
  firstRow = new Uint32Array(256);
  lastRow = new Uint32Array(256);
  /** 1 + id of the protocol that a heuristic recognised, 0 for none. */
  app = new Uint16Array(256);
  /** 1: later datagrams between the two make another stream (`Protocol.startsStream`). */
  succeeded = new Uint8Array(256);
  /** 1 if side 0 sent the packet of the last observe(). */
  fromFirst = true;
  /** Row before the last observed one in its stream. */
  previous = UNSET;

  readonly #announced = new Map<number, Announced>();
  readonly #ofAnnounced = new Set<number>();
  /** By 65,536 * address + port of who asked. */
  readonly #asked = new Map<number, Asked>();
  readonly #ofAsked = new Set<number>();

  get size(): number {
    return this.tuples.size;
  }

  /** Notes a datagram; gives its stream. Sets `fromFirst` and `previous`. */
  observe(row: number, src: number, srcPort: number, dst: number, dstPort: number): number {
    if (this.#announced.size > 0) {
      const own = this.#announced.get(src * 65536 + srcPort);
      if (own !== undefined) return this.#observeAt(own, true, row, src, srcPort, dst, dstPort);
      const other = this.#announced.get(dst * 65536 + dstPort);
      if (other !== undefined) return this.#observeAt(other, false, row, src, srcPort, dst, dstPort);
    }
    let stream = this.tuples.find(src, srcPort, dst, dstPort);
    if (this.#asked.size > 0) {
      let asked = this.#asked.get(src * 65536 + srcPort);
      const asks = asked !== undefined && asked.other === dst;
      if (!asks) asked = this.#asked.get(dst * 65536 + dstPort);
      if (asked !== undefined && (asks || asked.other === src)) {
        if (stream === NONE || this.#ofAsked.has(stream))
          return asks
            ? this.#observeAsked(asked, true, row, src, srcPort, dst, dstPort)
            : this.#observeAsked(asked, false, row, dst, dstPort, src, srcPort);
        // A stream from before the question keeps its number.
        if (this.app[stream] === 0) this.app[stream] = asked.app;
      }
    }
    let app = 0;
    if (stream !== NONE && this.succeeded[stream] === 1) {
      app = this.app[stream] as number;
      stream = NONE;
    }
    if (stream === NONE) {
      stream = this.#create(row, src, srcPort, dst, dstPort);
      this.app[stream] = app;
      this.previous = UNSET;
      this.fromFirst = true;
    } else {
      this.previous = this.lastRow[stream] as number;
      this.fromFirst = !this.tuples.reversed;
    }
    this.lastRow[stream] = row;
    return stream;
  }

  /**
   * A signalling protocol has announced that the endpoint will be used. From here on all that it sends is one stream, and all that
   * others send to it, unless they are announced too: Wireshark has a conversation there with only one end known. An endpoint that is
   * announced again, by a later packet, begins another stream.
   */
  announce(row: number, address: number, port: number): void {
    const key = address * 65536 + port;
    const before = this.#announced.get(key);
    if (before !== undefined) {
      if (before.row !== row) before.stream = NONE;
      before.row = row;
    } else if (this.#announced.size < MAX_ANNOUNCED) this.#announced.set(key, { row, stream: NONE });
  }

  /**
   * An endpoint has asked another host (TFTP), which answers from a port of its own choice. What passes between the endpoint and that host
   * from here on is of this protocol (1 + its id), and one stream unless its ports have one already. A new question begins a new stream.
   */
  ask(address: number, port: number, other: number, app: number): void {
    const key = address * 65536 + port;
    if (!this.#asked.has(key) && this.#asked.size >= MAX_ANNOUNCED) return;
    this.#asked.set(key, { other, app, stream: NONE });
  }

  #observeAsked(asked: Asked, asks: boolean, row: number, address: number, port: number, other: number, otherPort: number): number {
    if (asked.stream === NONE) {
      asked.stream = this.#create(row, address, port, other, otherPort);
      this.app[asked.stream] = asked.app;
      this.#ofAsked.add(asked.stream);
      this.previous = UNSET;
    } else this.previous = this.lastRow[asked.stream] as number;
    this.fromFirst = asks;
    this.lastRow[asked.stream] = row;
    return asked.stream;
  }

  #observeAt(at: Announced, sends: boolean, row: number, src: number, srcPort: number, dst: number, dstPort: number): number {
    if (at.stream === NONE) {
      const before = this.tuples.find(src, srcPort, dst, dstPort);
      // A stream from before the announcement stays what it is.
      at.stream = before !== NONE && !this.#ofAnnounced.has(before) ? before : this.#create(row, src, srcPort, dst, dstPort);
      this.#ofAnnounced.add(at.stream);
      this.previous = at.stream === before ? (this.lastRow[before] as number) : UNSET;
    } else {
      this.previous = this.lastRow[at.stream] as number;
    }
    this.fromFirst = sends;
    this.lastRow[at.stream] = row;
    return at.stream;
  }

  /** Numbers the stream of a datagram that another packet quotes. */
  quote(row: number, src: number, srcPort: number, dst: number, dstPort: number): number {
    const stream = this.tuples.find(src, srcPort, dst, dstPort);
    return stream === NONE ? this.#create(row, src, srcPort, dst, dstPort) : stream;
  }

  #create(row: number, src: number, srcPort: number, dst: number, dstPort: number): number {
    const stream = this.tuples.create(src, srcPort, dst, dstPort);
    if (stream >= this.firstRow.length) {
      this.firstRow = grown(this.firstRow, u32);
      this.lastRow = grown(this.lastRow, u32);
      this.app = grown(this.app, u16);
      this.succeeded = grown(this.succeeded, u8);
    }
    this.firstRow[stream] = row;
    this.lastRow[stream] = row;
    return stream;
  }

  /** Stream between the two, NONE if there is none. */
  find(src: number, srcPort: number, dst: number, dstPort: number): number {
    return this.tuples.find(src, srcPort, dst, dstPort);
  }
}

export const udpFlows = defineState(() => new UdpFlows());
