/** Application messages that span TCP segments: which rows and sequence numbers each has. Columns keyed by message number. */
import { defineState } from '../dissect/capture-index.ts';
import { NONE } from '../table/packet-table.ts';
import { grown, growth, u16, u32 } from './tuple-table.ts';

export class MessageTable {
  size = 0;
  /** 2 * stream + direction. */
  side = new Uint32Array(16);
  firstRow = new Uint32Array(16);
  /** Row that completed it, NONE while it is not complete. */
  lastRow = new Uint32Array(16);
  /** Sequence number of the first byte. */
  start = new Uint32Array(16);
  /** Sequence number after the last byte that is handed over. */
  end = new Uint32Array(16);
  /** Sequence number after the last byte that was put together: more than `end` where the next message begins in the same segment. */
  dataEnd = new Uint32Array(16);
  /** Number of the message that the segment had bytes of before this one began in it, NONE where it had of none. */
  previous = new Uint32Array(16);
  /** Id of its protocol. */
  protocol = new Uint16Array(16);
  /** Earliest row with octets of a message, where that is before `firstRow`: it was held behind a hole. */
  readonly #lowest = new Map<number, number>();
  /** Messages that are whole in a row of which they have no octets: what was before them was waited for no longer. */
  readonly #released = new Map<number, number[]>();

  /** Rows with such messages that come after all that the row itself shows. */
  readonly #last = new Set<number>();

  constructor() {
    // Once now: see grown().
    this.#grow();
  }

  /** The earliest row that has octets of a message. */
  lowestRow(m: number): number {
    return this.#lowest.get(m) ?? (this.firstRow[m] as number);
  }

  noteLowest(m: number, row: number): void {
    if (row < this.lowestRow(m)) this.#lowest.set(m, row);
  }

  /** Messages that are shown in a row without having octets of its segment. */
  releasedIn(row: number): readonly number[] {
    return this.#released.size === 0 ? [] : (this.#released.get(row) ?? []);
  }

  noteReleased(m: number, row: number): void {
    const known = this.#released.get(row);
    if (known === undefined) this.#released.set(row, [m]);
    else known.push(m);
  }

  /** The messages released in a row come after all that it shows itself: nothing of their direction comes behind it. */
  noteLast(row: number): void {
    this.#last.add(row);
  }

  isLast(row: number): boolean {
    return this.#last.has(row);
  }

  add(side: number, row: number, start: number, previous: number, protocol: number): number {
    const m = this.size++;
    if (m === this.side.length) this.#grow();
    this.side[m] = side;
    this.firstRow[m] = row;
    this.lastRow[m] = NONE;
    this.start[m] = start;
    this.end[m] = start;
    this.dataEnd[m] = start;
    this.previous[m] = previous;
    this.protocol[m] = protocol;
    return m;
  }

  #grow(): void {
    const times = growth(this.side.length);
    this.side = grown(this.side, u32, times);
    this.firstRow = grown(this.firstRow, u32, times);
    this.lastRow = grown(this.lastRow, u32, times);
    this.start = grown(this.start, u32, times);
    this.end = grown(this.end, u32, times);
    this.dataEnd = grown(this.dataEnd, u32, times);
    this.previous = grown(this.previous, u32, times);
    this.protocol = grown(this.protocol, u16, times);
  }

  complete(m: number, row: number, end: number, dataEnd: number): void {
    this.lastRow[m] = row;
    this.end[m] = end;
    this.dataEnd[m] = dataEnd;
  }
}

export const messages = defineState(() => new MessageTable());
