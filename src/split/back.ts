/**
 * The second stage of a split index pass: takes the packets that the first stage has walked as far as no state is needed, and has them walked
 * on. Until the first stage is there, and after it has ended, the file is read as without one.
 */

import type { IndexWalk } from '../dissect/index-walk.ts';
import type { Protocol } from '../dissect/protocol.ts';
import { allProtocols, protocolKey } from '../dissect/protocol.ts';
import { tables } from '../dissect/tables.ts';
import type { FileReader } from '../file/reader.ts';
import type { PacketSink, Step } from '../file/types.ts';
import type { AddressTable } from '../table/address-table.ts';
import { RowFlag } from '../table/packet-table.ts';
import type { StackTable } from '../table/stack-table.ts';
import { How, Note, type ProtocolPlan, RECORD, SLOTS, Slot, Word } from './layout.ts';
import { type FrontThread, Signal, SPLIT_FROM, takeFront } from './thread.ts';

/** Longest that the second stage waits before it lets those have their turn who wait for one, ms. */
const WAIT_MS = 1;
/** Packets that a file is read up to before the first stage begins: those that a window shows first need not wait until it has filled a slot. */
const ALONE = 64;

/** Who walks packets: a sink that can also go on where the first stage stopped. */
export interface SecondStage extends PacketSink {
  readonly walk: IndexWalk;
  readonly stacks: StackTable;
  readonly addresses: AddressTable;
  readonly packets: { readonly length: number };
  /** The packet that `walk` holds, at `protocol`. @param start where in its bytes the packet begins @param steps taken so far */
  goOn(protocol: Protocol | undefined, start: number, steps: number, sec: number, nsec: number, iface: number, fileOffset: number): void;
}

/** What a first stage in another program must know of this one's protocols. */
function protocolPlan(): ProtocolPlan {
  return {
    protocols: allProtocols().map(protocolKey),
    tables: Object.values(tables).map((table) => ({ name: table.name, bound: table.bound() })),
  };
}

/** Takes the records of slots, one after the other, and keeps what the first stage's numbers mean here. */
export class Taker {
  readonly #stage: SecondStage;
  readonly #reader: FileReader;
  readonly #protocols = allProtocols();
  /** Numbers here of the first stage's stacks and addresses. */
  readonly #stacks: number[] = [0];
  readonly #addresses: number[] = [];
  #noted = 0;
  #ahead = 0;

  constructor(stage: SecondStage, reader: FileReader) {
    this.#stage = stage;
    this.#reader = reader;
  }

  take(slot: Slot): void {
    this.#noted = 0;
    this.#ahead = 0;
    // A call for each packet, since V8 compiles a long loop anew each time that it is left.
    for (let at = 0, end = slot.packets * RECORD; at < end; at += RECORD) this.#takePacket(slot, at);
    while (this.#noted < slot.noted) this.#learn(slot);
    this.#reader.lentProgress(slot.next, slot.packets, slot.flagged);
  }

  #takePacket(slot: Slot, at: number): void {
    const { bytes, records, base } = slot;
    const stage = this.#stage;
    const w = stage.walk;
    const how = records[at + Word.How] as number;
    if ((how & How.News) !== 0) this.#learn(slot);
    const start = records[at + Word.Start] as number;
    const lengths = records[at + Word.Lengths] as number;
    const sec = (records[at + Word.Sec] as number) >>> 0;
    const nsec = records[at + Word.Nsec] as number;
    const ifaceFlags = records[at + Word.IfaceFlags] as number;
    const iface = ifaceFlags >>> 16;
    if ((how & How.Whole) !== 0) {
      const wireLen = (records[at + Word.Src] as number) >>> 0;
      stage.packet(bytes, start, lengths, wireLen, sec, nsec, iface, base + start, (ifaceFlags & RowFlag.Annotated) !== 0);
      return;
    }
    w.begin(bytes, start, lengths & 0xffff, lengths >>> 16, ifaceFlags & 0xffff);
    const ends = records[at + Word.Ends] as number;
    const stackNext = records[at + Word.StackNext] as number;
    const src = records[at + Word.Src] as number;
    const dst = records[at + Word.Dst] as number;
    const wireEnd = start + (ends >>> 16);
    w.offset = start + ((how >> 8) & 0xff);
    if (wireEnd < w.end) w.end = wireEnd;
    w.wireEnd = wireEnd;
    w.stack = this.#stacks[stackNext >>> 16] as number;
    if (src >= 0) w.src = this.#addresses[src] as number;
    if (dst >= 0) w.dst = this.#addresses[dst] as number;
    w.ipProto = how & 0xff;
    const next = stackNext & 0xffff;
    const protocol = next === 0 ? undefined : this.#protocols[next - 1];
    if (protocol?.parts !== undefined) {
      const ports = records[at + Word.Ports] as number;
      const flagsWindow = records[at + Word.FlagsWindow] as number;
      const options = records[at + Word.Options] as number;
      const payloadAt = (ends << 16) >> 16;
      w.srcPort = ports >>> 16;
      w.dstPort = ports & 0xffff;
      w.seq = records[at + Word.Seq] as number;
      w.ack = records[at + Word.Ack] as number;
      w.payload = payloadAt < 0 ? 0 : wireEnd - start - payloadAt;
      w.tcpFlags = flagsWindow >>> 16;
      w.window = flagsWindow & 0xffff;
      w.payloadAt = payloadAt < 0 ? payloadAt : start + payloadAt;
      w.windowShift = (options << 16) >> 24;
      w.multipath = options & 0xff;
      w.sackOctets = records[at + Word.SackOctets] as number;
      w.ahead = 0;
      if ((how & How.Ahead) !== 0) {
        w.ahead = slot.aheads[this.#ahead] as number;
        w.aheadLength = slot.aheads[this.#ahead + 1] as number;
        this.#ahead += 2;
      }
    }
    stage.goOn(protocol, start, (how >> 16) & 0xff, sec, nsec, iface, base + start);
  }

  /** Reads notes up to the end of those that belong together. */
  #learn(slot: Slot): void {
    const { notes } = slot;
    let at = this.#noted;
    for (;;) {
      const kind = notes[at++] as number;
      if (kind === Note.End) break;
      if (kind === Note.Stack || kind === Note.Nested) {
        const { stacks } = this.#stage;
        const parent = this.#stacks[notes[at++] as number] as number;
        const protocol = notes[at++] as number;
        this.#stacks.push(kind === Note.Stack ? stacks.push(parent, protocol) : stacks.nest(parent, protocol));
      } else if (kind === Note.Block) {
        this.#reader.lentBlock(slot.bytes, notes[at++] as number, notes[at++] as number, slot.base, this.#stage);
      } else {
        const bytes = Uint8Array.from(notes.subarray(at, at + kind));
        at += kind;
        const { addresses } = this.#stage;
        this.#addresses.push(kind === Note.Ipv4 ? addresses.intern4(bytes, 0) : addresses.intern6(bytes, 0));
      }
    }
    this.#noted = at;
  }
}

export class Back {
  readonly #reader: FileReader;
  readonly #stage: SecondStage;
  readonly #thread: FrontThread;
  #taker: Taker | null = null;
  #slots: readonly Slot[] = [];
  #taken = 0;
  /** File offset of the first record that was not taken. */
  #next = 0;

  readonly #release: (thread: FrontThread) => void;
  readonly #alone: number;

  /** Reads `reader` in two stages, if it is worth it and can be. */
  static of(reader: FileReader, stage: SecondStage): Back | null {
    if (reader.compression !== 'none' || reader.fileBytes < SPLIT_FROM) return null;
    const thread = takeFront();
    return thread === null ? null : new Back(reader, stage, thread, undefined, ALONE);
  }

  /** @param release what becomes of the thread when it is done @param alone packets that are read without it first */
  constructor(
    reader: FileReader,
    stage: SecondStage,
    thread: FrontThread,
    release: (thread: FrontThread) => void = (done) => void done.end(),
    alone = 0,
  ) {
    this.#reader = reader;
    this.#stage = stage;
    this.#thread = thread;
    this.#release = release;
    this.#alone = alone;
    reader.beforeClose = () => thread.end();
  }

  /** The next piece. Null: there is no first stage any more, and `reader` is to be read as without one. */
  async step(): Promise<Step | null> {
    const reader = this.#reader;
    if (this.#taker === null && (this.#stage.packets.length < this.#alone || !this.#begin())) {
      if (this.#thread.gone) return null;
      const step = await reader.step(this.#stage);
      if (step === 'more') return step;
      await this.#thread.end();
      return step;
    }
    const slot = this.#filled();
    if (slot === null) {
      if (this.#thread.gone) return this.#end();
      await new Promise((resolve) => setImmediate(resolve));
      return reader.closed ? 'end' : 'more';
    }
    if (reader.closed) return 'end';
    this.#taker?.take(slot);
    this.#next = slot.next;
    const { last } = slot;
    this.#taken++;
    const { signals } = this.#thread;
    Atomics.store(signals, Signal.Taken, this.#taken);
    // Where the first stage waits, it is woken for several slots at once.
    if (Atomics.load(signals, Signal.Filled) - this.#taken <= SLOTS / 2) Atomics.notify(signals, Signal.Taken);
    return last ? this.#end() : 'more';
  }

  /** Lets the first stage begin at the next record, as soon as it is there. */
  #begin(): boolean {
    const thread = this.#thread;
    if (!thread.ready || thread.gone) return false;
    const reading = this.#reader.lend();
    if (reading === null) {
      void thread.end();
      return false;
    }
    const slots = Array.from({ length: SLOTS }, () => new SharedArrayBuffer(Slot.bytes));
    this.#slots = slots.map((memory) => new Slot(memory));
    this.#next = reading.offset;
    this.#taker = new Taker(this.#stage, this.#reader);
    thread.begin({ reading, protocols: protocolPlan(), slots });
    return true;
  }

  /** The next slot that is filled; null if there is none for a while. */
  #filled(): Slot | null {
    const { signals } = this.#thread;
    if (Atomics.load(signals, Signal.Filled) === this.#taken) {
      Atomics.wait(signals, Signal.Filled, this.#taken, WAIT_MS);
      if (Atomics.load(signals, Signal.Filled) === this.#taken) return null;
    }
    return this.#slots[this.#taken % SLOTS] as Slot;
  }

  async #end(): Promise<null> {
    await this.#reader.takeBack(this.#next);
    this.#release(this.#thread);
    this.#reader.beforeClose = null;
    return null;
  }
}
