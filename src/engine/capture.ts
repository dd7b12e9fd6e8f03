/**
 * One open capture: reads its file piece by piece, runs every packet through the index walk once, and answers what full depth asks
 * of earlier packets. The same code serves a file and a spool file that is still growing.
 */
import type { CaptureIndex, StateKey } from '../dissect/capture-index.ts';
import { data } from '../dissect/data.ts';
import { IndexWalk } from '../dissect/index-walk.ts';
import type { Protocol } from '../dissect/protocol.ts';
import { tables } from '../dissect/tables.ts';
import { FileReader } from '../file/reader.ts';
import type { CaptureReader, Step } from '../file/types.ts';
import { Back, type SecondStage } from '../split/back.ts';
import { AddressTable } from '../table/address-table.ts';
import { summarise } from '../table/chunk-summary.ts';
import { CHUNK_MASK, CHUNK_ROWS, PacketTable, RowFlag, SELDOM } from '../table/packet-table.ts';
import { StackTable } from '../table/stack-table.ts';
import { tlsSecrets } from '../tls/secrets.ts';
import '../protocols/index.ts';

/** Steps of a packet that is walked from its beginning. */
const ANEW = -1;

export class Capture implements CaptureIndex, SecondStage {
  readonly packets = new PacketTable();
  readonly addresses = new AddressTable();
  readonly stacks = new StackTable();
  readonly reader: CaptureReader;
  /** See CaptureIndex. */
  onePass = false;
  /** Sum of original lengths. */
  bytes = 0;
  /** Packets per interface, by interface number. */
  readonly perInterface: number[] = [];
  /** Rows whose walk threw: a bug of ours, shown as such; the run goes on. */
  bugs = 0;
  firstBug = '';
  readonly walk: IndexWalk;
  /** The second of two stages, if the file is read in two; undefined until that is decided. */
  #back: Back | null | undefined;
  readonly #states: unknown[] = [];
  /** Dissector of each interface's link type. */
  readonly #links: (Protocol | undefined)[] = [];

  constructor(reader: CaptureReader) {
    this.reader = reader;
    this.walk = new IndexWalk(this);
  }

  get interfaces(): CaptureReader['interfaces'] {
    return this.reader.interfaces;
  }

  bytesOf(row: number): Uint8Array {
    if (row >= this.packets.length) return new Uint8Array(0);
    const chunk = this.packets.chunkOf(row);
    const i = row & CHUNK_MASK;
    return this.reader.readAt(chunk.offsetOf(i), chunk.capLen[i] as number);
  }

  bytesInto(row: number, into: Uint8Array): number {
    const chunk = this.packets.chunkOf(row);
    const i = row & CHUNK_MASK;
    const length = chunk.capLen[i] as number;
    return length > into.length ? -1 : (this.reader.readInto?.(chunk.offsetOf(i), length, into, 0) ?? -1);
  }

  commentsOf(row: number): readonly string[] {
    const chunk = this.packets.chunkOf(row);
    const i = row & CHUNK_MASK;
    return ((chunk.flags[i] as number) & RowFlag.Annotated) === 0 ? [] : this.reader.commentsAt(chunk.offsetOf(i));
  }

  flagsOf(row: number): number | null {
    if (this.reader.flagged !== true) return null;
    return this.reader.flagsAt?.(this.packets.chunkOf(row).offsetOf(row & CHUNK_MASK)) ?? null;
  }

  state<T>(key: StateKey<T>): T {
    const known = this.#states[key.slot];
    if (known !== undefined) return known as T;
    const made = key.create(this);
    this.#states[key.slot] = made;
    return made;
  }

  /** Reads and indexes the next piece of the file. */
  async step(limit?: number): Promise<Step> {
    const { reader } = this;
    // A file that is being written is read up to a limit, and by itself.
    if (this.#back === undefined) this.#back = limit === undefined && reader instanceof FileReader ? Back.of(reader, this) : null;
    if (this.#back !== null) {
      const step = await this.#back.step();
      if (step !== null) return step;
      this.#back = null;
    }
    return reader.step(this, limit);
  }

  keyLog(bytes: Uint8Array): void {
    this.state(tlsSecrets).add(bytes);
  }

  packet(
    bytes: Uint8Array,
    offset: number,
    capLen: number,
    wireLen: number,
    sec: number,
    nsec: number,
    iface: number,
    fileOffset: number,
    annotated: boolean,
  ): void {
    this.walk.begin(bytes, offset, capLen, wireLen, annotated ? RowFlag.Annotated : 0);
    this.#row(undefined, offset, ANEW, sec, nsec, iface, fileOffset);
  }

  goOn(protocol: Protocol | undefined, start: number, steps: number, sec: number, nsec: number, iface: number, fileOffset: number): void {
    this.#row(protocol, start, steps, sec, nsec, iface, fileOffset);
  }

  /** Makes the row of the packet that `walk` holds. @param steps ANEW, or as for `goOn` */
  #row(protocol: Protocol | undefined, start: number, steps: number, sec: number, nsec: number, iface: number, fileOffset: number): void {
    if (iface >= this.#links.length) this.#learnInterfaces(iface);
    const w = this.walk;
    const row = this.packets.grow(fileOffset);
    if ((row & SELDOM) === 0) this.#seldom(row);
    w.row = row;
    w.sec = sec;
    w.nsec = nsec;
    w.iface = iface;
    try {
      if (steps === ANEW) w.run(this.#links[iface]);
      else w.resume(protocol, start, steps);
    } catch (error) {
      // A dissector's bug must not cost the user the rest of the capture.
      this.bugs++;
      if (this.firstBug === '')
        this.firstBug = `packet ${row + 1}: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`;
      w.flags |= RowFlag.Malformed;
    }
    this.packets.chunkOf(row).fill(row & CHUNK_MASK, w, fileOffset);
    this.bytes += w.wireLen;
    this.perInterface[iface] = (this.perInterface[iface] as number) + 1;
  }

  /** Before `row` is written, which may be the first after a full chunk. */
  #seldom(row: number): void {
    if ((row & CHUNK_MASK) !== 0 || row === 0) return;
    const full = this.packets.chunkOf(row - 1);
    full.summary = summarise(full, CHUNK_ROWS);
  }

  #learnInterfaces(upTo: number): void {
    for (let i = this.#links.length; i <= upTo; i++) {
      this.#links.push(tables.linktype.lookup(this.reader.interfaces[i]?.linkType ?? -1) ?? data);
      this.perInterface[i] = 0;
    }
  }
}

/** Epoch seconds with nine decimals of a row. */
export function timeOf(capture: CaptureIndex, row: number): string {
  const chunk = capture.packets.chunkOf(row);
  const i = row & CHUNK_MASK;
  return epochText(chunk.sec[i] as number, chunk.nsec[i] as number);
}

export function epochText(sec: number, nsec: number): string {
  if (sec < 0 && nsec > 0) return `-${-(sec + 1)}.${String(1_000_000_000 - nsec).padStart(9, '0')}`;
  return `${sec}.${String(nsec).padStart(9, '0')}`;
}

/** Seconds from row `from` to row `to`, with `digits` decimals (cut, not rounded, as Wireshark does). May be negative. */
export function secondsBetween(capture: CaptureIndex, from: number, to: number, digits: number): string {
  const a = capture.packets.chunkOf(from);
  const b = capture.packets.chunkOf(to);
  const i = from & CHUNK_MASK;
  const j = to & CHUNK_MASK;
  let sec = (b.sec[j] as number) - (a.sec[i] as number);
  let nsec = (b.nsec[j] as number) - (a.nsec[i] as number);
  if (nsec < 0) {
    nsec += 1_000_000_000;
    sec--;
  }
  let sign = '';
  if (sec < 0) {
    sign = '-';
    sec = -sec;
    if (nsec > 0) {
      nsec = 1_000_000_000 - nsec;
      sec--;
    }
  }
  const fraction = String(nsec).padStart(9, '0').slice(0, digits);
  return digits === 0 ? `${sign}${sec}` : `${sign}${sec}.${fraction}`;
}
