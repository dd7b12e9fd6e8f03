/**
 * The first stage of a split index pass: reads the file in pieces, finds its packets, and walks each as far as no state is needed. Fills
 * slots for the second stage (Capture), which goes on from there.
 */
import { readSync } from 'node:fs';
import type { CaptureIndex } from '../dissect/capture-index.ts';
import { data } from '../dissect/data.ts';
import { IndexWalk } from '../dissect/index-walk.ts';
import type { Protocol } from '../dissect/protocol.ts';
import { tables } from '../dissect/tables.ts';
import type { RecordParser } from '../file/parser.ts';
import { PcapParser } from '../file/pcap.ts';
import { PcapngParser } from '../file/pcapng.ts';
import type { ReadingPlan } from '../file/reader.ts';
import type { CaptureInterface, PacketSink } from '../file/types.ts';
import { AddressTable } from '../table/address-table.ts';
import { RowFlag } from '../table/packet-table.ts';
import { StackTable } from '../table/stack-table.ts';
import { HEADROOM, How, MOST_NOTES, Note, PIECE, RECORD, type Slot, Word } from './layout.ts';

/** Steps of one packet's walk that are taken here; what nests deeper is for the second stage. */
const MOST_STEPS = 32;

/** Thrown where a packet needs state. */
const NEEDS_STATE = new Error('state is needed');

/**
 * What the walk of the first stage sees of the capture. A class: an object with a getter of its own is a dictionary to V8, in which each packet would look up
 * its names one by one.
 */
class Stateless implements CaptureIndex {
  readonly addresses: AddressTable;
  readonly stacks: StackTable;
  readonly interfaces: readonly CaptureInterface[];

  constructor(addresses: AddressTable, stacks: StackTable, interfaces: readonly CaptureInterface[]) {
    this.addresses = addresses;
    this.stacks = stacks;
    this.interfaces = interfaces;
  }

  get packets(): never {
    throw NEEDS_STATE;
  }

  bytesOf(): never {
    throw NEEDS_STATE;
  }

  commentsOf(): never {
    throw NEEDS_STATE;
  }

  state(): never {
    throw NEEDS_STATE;
  }
}

export class Front implements PacketSink {
  readonly #fd: number;
  readonly #parser: RecordParser;
  readonly #walk: IndexWalk;
  readonly #stacks = new StackTable();
  readonly #addresses = new AddressTable();
  /** Dissector of each interface's link type. */
  readonly #links: (Protocol | undefined)[] = [];
  /** What was left of the piece before. */
  readonly #rest = new Uint8Array(HEADROOM);
  #left = 0;
  /** File offset of the next byte to read. */
  #position: number;
  #slot: Slot | null = null;
  #records: Int32Array = new Int32Array(0);
  /** Where the next record goes. */
  #at = 0;
  #noted = 0;
  #aheads: Int32Array = new Int32Array(0);
  /** Words used of it. */
  #ahead = 0;
  /** Notes were made that no Note.End follows as yet. */
  #open = false;
  /** The piece holds something that records cannot say. */
  #unfit = false;
  #toldStacks = 1;
  #toldAddresses = 0;

  constructor(plan: ReadingPlan) {
    this.#fd = plan.fd;
    this.#position = plan.offset;
    this.#parser = plan.pcap === null ? new PcapngParser() : new PcapParser(plan.pcap.header, plan.pcap.recordHeader);
    for (let k = 0; k < plan.described.length; k += 2) {
      const bytes = new Uint8Array(plan.described[k + 1] as number);
      readSync(this.#fd, bytes, 0, bytes.length, plan.described[k] as number);
      this.#parser.parse(bytes, 0, bytes.length, 0, { packet: () => {} });
    }
    this.#walk = new IndexWalk(new Stateless(this.#addresses, this.#stacks, this.#parser.interfaces));
  }

  /**
   * Fills `slot` with the next piece. False: it is the last one. At the end of the file, at damage, and at anything unusual the first stage
   * ends before it, and the second one, which finds the same, says what there is to say.
   */
  fill(slot: Slot): boolean {
    const { bytes } = slot;
    const start = HEADROOM - this.#left;
    bytes.set(this.#rest.subarray(0, this.#left), start);
    const count = this.#read(bytes);
    const end = HEADROOM + count;
    slot.base = this.#position - HEADROOM;
    this.#slot = slot;
    this.#records = slot.records;
    this.#at = 0;
    this.#noted = 0;
    this.#aheads = slot.aheads;
    this.#ahead = 0;
    this.#open = false;
    const stop = this.#parser.parse(bytes, start, end, slot.base, this);
    if (this.#open) this.#closeNotes();
    slot.flagged = this.#parser.flagged === true;
    if (this.#unfit) {
      // The second stage reads the whole piece itself.
      slot.packets = 0;
      slot.noted = 0;
      slot.next = slot.base + start;
      slot.last = true;
      return false;
    }
    slot.packets = this.#at / RECORD;
    slot.noted = this.#noted;
    slot.next = slot.base + stop;
    const left = end - stop;
    slot.last = count < PIECE || this.#parser.fault !== null || left > HEADROOM;
    if (slot.last) return false;
    this.#rest.set(bytes.subarray(stop, end));
    this.#left = left;
    this.#position += count;
    return true;
  }

  packet(
    bytes: Uint8Array,
    offset: number,
    capLen: number,
    wireLen: number,
    sec: number,
    nsec: number,
    iface: number,
    _fileOffset: number,
    annotated: boolean,
  ): void {
    if (iface >= this.#links.length) this.#learnInterfaces(iface);
    const w = this.#walk;
    w.begin(bytes, offset, capLen, wireLen, annotated ? RowFlag.Annotated : 0);
    let how = 0;
    let next: Protocol | undefined;
    try {
      next = w.runStateless(this.#links[iface]);
      if (w.left) how = How.Whole;
    } catch {
      // A bug of ours too: the second stage meets it again, and counts it.
      how = How.Whole;
    }
    if (this.#open || this.#stacks.size !== this.#toldStacks || this.#addresses.size !== this.#toldAddresses) {
      this.#tellNews();
      how |= How.News;
    }
    const record = this.#records;
    const at = this.#at;
    this.#at = at + RECORD;
    if (sec >>> 0 !== sec || at === record.length) {
      this.#unfit = true;
      this.#at = 0;
      return;
    }
    const layerAt = w.offset - offset;
    const wireEnd = w.wireEnd - offset;
    if (
      (capLen | wireLen) >>> 16 !== 0 ||
      layerAt > 0xff ||
      w.steps > MOST_STEPS ||
      w.bytes !== bytes ||
      w.quoted ||
      w.fragmented ||
      w.end !== offset + (wireEnd < capLen ? wireEnd : capLen)
    )
      how |= How.Whole;
    record[at + Word.Start] = offset;
    record[at + Word.Sec] = sec;
    record[at + Word.Nsec] = nsec;
    if ((how & How.Whole) !== 0) {
      record[at + Word.Lengths] = capLen;
      record[at + Word.IfaceFlags] = (iface << 16) | (annotated ? RowFlag.Annotated : 0);
      record[at + Word.How] = how;
      record[at + Word.Src] = wireLen;
      return;
    }
    record[at + Word.Lengths] = (wireLen << 16) | capLen;
    record[at + Word.IfaceFlags] = (iface << 16) | w.flags;
    record[at + Word.StackNext] = (w.stack << 16) | (next === undefined ? 0 : next.id + 1);
    record[at + Word.Src] = w.src;
    record[at + Word.Dst] = w.dst;
    how |= (w.steps << 16) | (layerAt << 8) | w.ipProto;
    if (next?.parts === undefined) {
      record[at + Word.How] = how;
      record[at + Word.Ends] = wireEnd << 16;
      return;
    }
    if (w.ahead !== 0) {
      this.#aheads[this.#ahead] = w.ahead;
      this.#aheads[this.#ahead + 1] = w.aheadLength;
      this.#ahead += 2;
      how |= How.Ahead;
    }
    record[at + Word.How] = how;
    // Where the payload begins is CUT, BOGUS, or a place.
    record[at + Word.Ends] = (wireEnd << 16) | ((w.payloadAt < 0 ? w.payloadAt : w.payloadAt - offset) & 0xffff);
    record[at + Word.Ports] = (w.srcPort << 16) | w.dstPort;
    record[at + Word.Seq] = w.seq;
    record[at + Word.Ack] = w.ack;
    record[at + Word.FlagsWindow] = (w.tcpFlags << 16) | w.window;
    record[at + Word.Options] = ((w.windowShift & 0xff) << 8) | w.multipath;
    record[at + Word.SackOctets] = w.sackOctets;
  }

  block(at: number, length: number): void {
    this.#note(Note.Block, at, length);
  }

  /** Reads the next piece, the whole of it where the file has so much. An error counts as the end: the second stage meets it again. */
  #read(into: Uint8Array): number {
    let count = 0;
    try {
      while (count < PIECE) {
        const got = readSync(this.#fd, into, HEADROOM + count, PIECE - count, this.#position + count);
        if (got === 0) break;
        count += got;
      }
    } catch {
      return count;
    }
    return count;
  }

  #learnInterfaces(upTo: number): void {
    for (let i = this.#links.length; i <= upTo; i++)
      this.#links.push(tables.linktype.lookup(this.#parser.interfaces[i]?.linkType ?? -1) ?? data);
  }

  /** Notes the stacks and addresses that the packet at hand is the first to have. */
  #tellNews(): void {
    const stacks = this.#stacks;
    for (let stack = this.#toldStacks; stack < stacks.size; stack++)
      this.#note(stacks.begins(stack) ? Note.Nested : Note.Stack, stacks.parent(stack), stacks.top(stack));
    this.#toldStacks = stacks.size;
    for (; this.#toldAddresses < this.#addresses.size; this.#toldAddresses++) {
      const bytes = this.#addresses.bytes(this.#toldAddresses);
      this.#note(bytes.length, ...bytes);
    }
    this.#closeNotes();
  }

  #closeNotes(): void {
    this.#note(Note.End);
    this.#open = false;
  }

  #note(...words: readonly number[]): void {
    const { notes } = this.#slot as Slot;
    if (this.#noted > notes.length - MOST_NOTES) this.#unfit = true;
    if (this.#unfit) return;
    notes.set(words, this.#noted);
    this.#noted += words.length;
    this.#open = true;
  }
}
