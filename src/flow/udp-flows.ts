/** UDP streams: numbers as tshark's `udp.stream`, and what each is known to carry. */
import { defineState } from '../dissect/capture-index.ts';
import { NONE } from '../table/packet-table.ts';
import { grown, TupleTable, u16, u32 } from './tuple-table.ts';

export class UdpFlows {
  readonly tuples = new TupleTable();
  /** First and last row of each stream. */
  firstRow = new Uint32Array(256);
  lastRow = new Uint32Array(256);
  /** 1 + id of the protocol that a heuristic recognised, 0 for none. */
  app = new Uint16Array(256);
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
    if (stream === NONE) {
      stream = this.tuples.create(src, srcPort, dst, dstPort);
      if (stream >= this.firstRow.length) {
        this.firstRow = grown(this.firstRow, u32);
        this.lastRow = grown(this.lastRow, u32);
        this.app = grown(this.app, u16);
      }
      this.firstRow[stream] = row;
      this.previous = NONE;
      this.fromFirst = true;
    } else {
      this.previous = this.lastRow[stream] as number;
      this.fromFirst = !this.tuples.reversed;
    }
    this.lastRow[stream] = row;
    return stream;
  }

  /** Stream between the two, NONE if there is none: for quoted packets, which make none. */
  find(src: number, srcPort: number, dst: number, dstPort: number): number {
    return this.tuples.find(src, srcPort, dst, dstPort);
  }
}

export const udpFlows = defineState(() => new UdpFlows());
