/** UDP streams: numbers as tshark's `udp.stream`, and what each is known to carry. */
import { defineState } from '../dissect/capture-index.ts';
import { NONE } from '../table/packet-table.ts';
import { grown, TupleTable, u8, u16, u32 } from './tuple-table.ts';

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
  previous = NONE;

  get size(): number {
    return this.tuples.size;
  }

  /** Notes a datagram; gives its stream. Sets `fromFirst` and `previous`. */
  observe(row: number, src: number, srcPort: number, dst: number, dstPort: number): number {
    let stream = this.tuples.find(src, srcPort, dst, dstPort);
    let app = 0;
    if (stream !== NONE && this.succeeded[stream] === 1) {
      app = this.app[stream] as number;
      stream = NONE;
    }
    if (stream === NONE) {
      stream = this.#create(row, src, srcPort, dst, dstPort);
      this.app[stream] = app;
      this.previous = NONE;
      this.fromFirst = true;
    } else {
      this.previous = this.lastRow[stream] as number;
      this.fromFirst = !this.tuples.reversed;
    }
    this.lastRow[stream] = row;
    return stream;
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
