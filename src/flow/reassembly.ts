/**
 * Handing TCP payload to what it carries, as tshark does by default: in-order segments, messages put together across segments,
 * repeated and out-of-order segments not looked at again (unless they fill a hole in a message whose length is known).
 *
 * Index depth decides and remembers; full depth asks payloadPlan() (payload-plan.ts) what was decided for a row.
 */
import { type CaptureIndex, defineState } from '../dissect/capture-index.ts';
import { data } from '../dissect/data.ts';
import { CARRY_LIMIT, NEED_MORE, REJECT, SILENT } from '../dissect/framer.ts';
import type { IndexWalk } from '../dissect/index-walk.ts';
import { allProtocols, type Protocol } from '../dissect/protocol.ts';
import { heuristics, tables } from '../dissect/tables.ts';
import { CHUNK_MASK, NONE, RowFlag, UNSET } from '../table/packet-table.ts';
import { byHeuristic, choose } from './choose.ts';
import { expectations } from './expected.ts';
import { type MessageTable, messages } from './messages.ts';
import { addRange, keepNew, Pending } from './pending-message.ts';
import { type Piece, Repair } from './repair.ts';
import { Flag, payloadSeq, seqDiff, seqNext } from './seq.ts';
import { isAcknowledged, isForgotten, nextOf, noteSeen, Side, sideOf } from './stream-side.ts';
import { Analysis } from './tcp-analysis.ts';
import type { TcpFlows } from './tcp-flows.ts';

/** Bytes kept in all for messages whose length is not known yet. */
const CARRY_TOTAL = 64 * 1024 * 1024;
/** Messages of known length that one direction may have with holes. */
const MAX_PENDING = 8;
/** Messages among which one that a fast retransmission belongs to is looked for. */
const MAX_LOOKED_BACK = 64;
/** Longest message of known length that is kept whole for its framer, and bytes so kept in all. */
const KEPT_LIMIT = 64 * 1024;
const KEPT_TOTAL = 16 * 1024 * 1024;
/** Octets that all directions may hold behind holes. */
const HELD_TOTAL = 64 * 1024 * 1024;

/** A direction whose hole is not waited for beyond a row: the last that the capture has of what is behind it. */
export type LastRows = ReadonlyMap<number, number>;

class Reassembler {
  readonly table: MessageTable;
  /**
   * By direction (2 * stream + direction), as a first reading has found: the row after which nothing more comes that was missing. What waits there
   * is given up to its readers. See `open`.
   */
  lastRows: LastRows = new Map();
  /** Both sides of streams that carry a protocol with a framer and have not ended, by stream; the client's first. */
  readonly #sides: (readonly [Side, Side] | undefined)[] = [];
  /** Sides with a carry, the one used longest ago first. */
  readonly #carrying = new Set<Side>();
  #carried = 0;
  /** Used up, to be used again: nearly every message over several segments needs one. More are seldom under way at once, so that none is made: see grown(). */
  readonly #spare = Array.from({ length: 256 }, () => new Pending());
  /** Bytes of unfinished messages kept for their framers. */
  #kept = 0;
  /** Bytes held behind holes. */
  #held = 0;
  /** Messages given up because of a bound. */
  dropped = 0;
  /** Messages that have more holes than are noted. */
  #holed = 0;
  /** Holes that were waited for no longer because of a bound. */
  #unfilled = 0;

  constructor(capture: CaptureIndex) {
    this.table = capture.state(messages);
  }

  /** One sentence for each thing left out because of a bound. */
  get notes(): string[] {
    const said: string[] = [];
    const messagesWere = (count: number): string => (count === 1 ? '1 message over TCP was' : `${count} messages over TCP were`);
    if (this.dropped > 0) said.push(`${messagesWere(this.dropped)} not put together: too many were incomplete at once.`);
    if (this.#holed > 0) said.push(`${messagesWere(this.#holed)} not put together: too many segments were lost or overtaken.`);
    if (this.#unfilled > 0) {
      const which = this.#unfilled === 1 ? '1 gap' : `${this.#unfilled} gaps`;
      said.push(
        `${which} in encrypted streams could not be waited for: too much had come behind. Decryption went on without what was missing.`,
      );
    }
    return said;
  }

  /** Streams of which something is held. */
  get streams(): number {
    return this.#sides.filter((pair) => pair !== undefined).length;
  }

  /** The directions with a hole that is still waited for, and the last row of what is behind it: what `lastRows` is to be when the capture is read again. */
  get open(): LastRows {
    const rows = new Map<number, number>();
    for (const pair of this.#sides) {
      for (const side of pair ?? []) if (side.repair !== null) rows.set(sideOf(side), side.repair.lastRow);
    }
    return rows;
  }

  /** The payload bytes[from, w.end) of the segment at hand. */
  deliver(w: IndexWalk, flows: TcpFlows, stream: number, direction: number, from: number): void {
    const flags = w.tcpFlags;
    const sides = this.#sides[stream];
    if (w.payload > 0 && (flags & Flag.Rst) === 0) {
      if (sides !== undefined) {
        const side = sides[direction] as Side;
        const missing = nextOf(flows, side);
        const seq = payloadSeq(w.seq, flags);
        const beyond = seqDiff(seq, missing) > 0;
        if (beyond) side.gap = true;
        noteSeen(side, seq, w.payload);
        side.row = w.row;
        if ((side.repair === null && !(beyond && this.#waits(w, flows, side, missing))) || !this.#behind(w, flows, side, from))
          this.#framed(w, flows, side, from);
        if (side.repair !== null && this.lastRows.get(sideOf(side)) === w.row) this.#giveUp(w, side, side.repair);
      } else this.#first(w, flows, stream, direction, from);
    }
    if ((flags & (Flag.Fin | Flag.Rst)) !== 0 && sides !== undefined) this.#finished(w, sides[direction] as Side);
  }

  /** FIN of a direction, or a reset. After both FINs, or after it, nothing is held of a stream that has nothing unfinished: what comes yet is mostly there already. */
  #finished(w: IndexWalk, side: Side): void {
    const { peer } = side;
    const reset = (w.tcpFlags & Flag.Rst) !== 0;
    side.finished = true;
    peer.finished ||= reset;
    if ((w.tcpFlags & Flag.Fin) !== 0) this.#closed(side, w);
    if (peer.finished && isForgotten(side) && isForgotten(peer)) this.#sides[side.stream] = undefined;
  }

  /** A segment of a stream that no framer works on so far. */
  #first(w: IndexWalk, flows: TcpFlows, stream: number, direction: number, from: number): void {
    if (from >= w.end) return;
    if ((w.analysis & (Analysis.Retransmission | Analysis.SpuriousRetransmission | Analysis.OutOfOrder)) !== 0) {
      w.flags |= RowFlag.PayloadSkipped;
      return;
    }
    if ((w.analysis & Analysis.KeepAlive) !== 0) {
      w.push(data);
      return;
    }
    const app = this.#choose(w, flows, stream, from);
    if (app.framer === undefined) {
      w.follow(app, from);
      return;
    }
    const client = new Side(w.capture, stream, true);
    const server = new Side(w.capture, stream, false);
    client.pair(server);
    const pair = [client, server] as const;
    this.#sides[stream] = pair;
    const side = pair[direction] as Side;
    const seq = payloadSeq(w.seq, w.tcpFlags);
    noteSeen(side, seq, w.payload);
    this.#fresh(w, side, app, from, seq);
  }

  #choose(w: IndexWalk, flows: TcpFlows, stream: number, from: number): Protocol {
    let known = flows.app[stream] as number;
    if (known === 0) {
      const expected = w.capture.state(expectations);
      if (expected.size > 0) {
        known = expected.find(w.dst, w.dstPort);
        if (known === 0) known = expected.find(w.src, w.srcPort);
        flows.app[stream] = known;
      }
    }
    const server = flows.serverPort[stream] as number;
    const app = choose(tables.tcpPort, heuristics.tcp, known, server, w.srcPort, w.dstPort, w.bytes, from, w.end, w.wireEnd);
    if (app === undefined) return data;
    if (byHeuristic || (known === 0 && app.goesOn !== undefined)) {
      flows.app[stream] = app.id + 1;
      if (app.startsStream === true) flows.succeeded[stream] = 1;
    }
    return app;
  }

  #framed(w: IndexWalk, flows: TcpFlows, side: Side, from: number): void {
    side.row = w.row;
    side.last = (w.tcpFlags & Flag.Fin) !== 0;
    side.touched = UNSET;
    const seq = payloadSeq(w.seq, w.tcpFlags);
    const end = seqNext(seq, w.payload);
    const skipped = (w.analysis & (Analysis.Retransmission | Analysis.SpuriousRetransmission)) !== 0 || this.#again(w, side, seq);
    // Outside of a branch: see grown().
    w.flags |= skipped ? RowFlag.PayloadSkipped : 0;
    if (skipped) return;
    for (let k = 0; k < side.pending.length; k++) {
      const pending = side.pending[k] as Pending;
      const start = (this.table.start[pending.message] as number) | 0;
      if (seqDiff(seq, start) < 0 || seqDiff(seq, pending.target) >= 0) continue;
      const repeated = seq === start && seqDiff(end, pending.target) <= 0;
      w.flags |= repeated ? RowFlag.PayloadSkipped : 0;
      if (repeated) return;
      this.#fill(w, flows, side, k, from, seq, end);
      return;
    }
    if (side.open !== UNSET) {
      if (seq === side.expected && w.end >= w.wireEnd) {
        this.#goOn(w, side, from, seq);
        return;
      }
      if (seqDiff(end, side.expected) <= 0) {
        w.flags |= RowFlag.PayloadSkipped;
        return;
      }
    }
    const late = (w.analysis & Analysis.OutOfOrder) !== 0;
    w.flags |= late ? RowFlag.PayloadSkipped : 0;
    if (late) return;
    // The octet of a keep-alive means nothing, and nobody is asked about it. As in Wireshark, in a message over several segments it is one of its octets.
    if ((w.analysis & Analysis.KeepAlive) !== 0) {
      if (side.latest !== UNSET && this.#isPart(side.latest, seq)) w.flags |= RowFlag.PayloadSkipped;
      else w.push(data);
      return;
    }
    this.#abandon(side);
    this.#restart(w, flows, side, from, seq);
  }

  /** True for a fast retransmission of what is part of a message over several segments that is whole: nobody is called for it again. */
  #again(w: IndexWalk, side: Side, seq: number): boolean {
    if ((w.analysis & Analysis.FastRetransmission) === 0) return false;
    const { table } = this;
    const key = sideOf(side);
    for (let m = table.size - 1; m >= 0 && m >= table.size - MAX_LOOKED_BACK; m--) {
      if (table.side[m] === key && this.#isPart(m, seq)) return true;
    }
    return false;
  }

  /** True if the octet with number `seq` is of the message, and the message is whole. */
  #isPart(message: number, seq: number): boolean {
    const { start, dataEnd, lastRow } = this.table;
    if (lastRow[message] === NONE) return false;
    return seqDiff(seq, (start[message] as number) | 0) >= 0 && seqDiff(seq, (dataEnd[message] as number) | 0) < 0;
  }

  /** A segment that begins no known message: asks again who takes it. */
  #restart(w: IndexWalk, flows: TcpFlows, side: Side, from: number, seq: number): void {
    if (from >= w.end) return;
    const app = this.#choose(w, flows, side.stream, from);
    if (app.framer === undefined) {
      w.follow(app, from);
      return;
    }
    this.#fresh(w, side, app, from, seq);
  }

  /** Cuts bytes[from, w.end), which begin a message at `seq`. */
  #fresh(w: IndexWalk, side: Side, app: Protocol, from: number, seq: number): void {
    side.protocol = app;
    side.row = w.row;
    side.last = (w.tcpFlags & Flag.Fin) !== 0;
    if (w.end < w.wireEnd || w.fragmented) {
      // Not all of it is here: shown as it is, and what follows cannot be joined to it.
      show(w, side, app);
      app.framer?.content?.(side, w, w.bytes, from, w.end);
      return;
    }
    const at = this.#cut(w, side, app, from);
    if (at === REJECT) w.push(data);
    else if (at !== SILENT) {
      if (at > from || app.framer?.early === true) show(w, side, app);
      else app.framer?.partial?.(side, w, app, true);
      if (at > from) app.framer?.content?.(side, w, w.bytes, from, at);
      if (at < w.end) this.#open(w, side, app, at, seqNext(seq, at - from));
    }
  }

  /**
   * Feeds whole messages from `from` on. Gives where the last whole one ends (`w.end` where the framer gave up after some), or REJECT
   * or SILENT if there was none and there will be none.
   */
  #cut(w: IndexWalk, side: Side, app: Protocol, from: number): number {
    const framer = app.framer;
    if (framer === undefined) return REJECT;
    let at = from;
    side.ahead = from === w.payloadAt && w.bytes === w.frame ? w.ahead : 0;
    side.aheadLength = w.aheadLength;
    while (at < w.end) {
      side.need = 0;
      side.keep = false;
      const next = framer.feed(side, w.bytes, at, w.end);
      side.ahead = 0;
      if (next === NEED_MORE) return at;
      if (next <= at || next > w.end) {
        this.#clear(side);
        side.phase = 0;
        return at > from ? w.end : next === SILENT ? SILENT : REJECT;
      }
      this.#clear(side);
      framer.done?.(side);
      at = next;
    }
    return at;
  }

  /** A message begins at `at` and goes on in later segments. */
  #open(w: IndexWalk, side: Side, app: Protocol, at: number, seq: number): void {
    const message = this.table.add(2 * side.stream + (side.fromClient ? 0 : 1), w.row, seq, side.touched, app.id);
    w.message = message + 1;
    side.latest = message;
    const end = seqNext(seq, w.end - at);
    if (side.need > 0) this.#await(w, side, message, at, end);
    else {
      side.open = message;
      side.expected = end;
      this.#keep(side, w.bytes, at, w.end);
    }
  }

  /** The message's length is known: `side.need` bytes after `end`. Of this segment it has bytes[from, w.end). */
  #await(w: IndexWalk, side: Side, message: number, from: number, end: number): void {
    side.open = UNSET;
    const length = side.carryLength + w.end - from + side.need;
    let kept: Uint8Array | null = null;
    if (side.keep && length <= KEPT_LIMIT && this.#kept + length <= KEPT_TOTAL) {
      kept = new Uint8Array(length);
      if (side.carry !== null) kept.set(side.carry.subarray(0, side.carryLength));
      kept.set(w.bytes.subarray(from, w.end), side.carryLength);
      this.#kept += length;
    }
    this.#clear(side);
    if (side.pending.length >= MAX_PENDING) {
      this.#settle(side, 0);
      this.dropped++;
    }
    const target = seqNext(end, Math.min(side.need, 0x3fffffff));
    this.table.dataEnd[message] = target;
    const pending = this.#spare.pop() ?? new Pending();
    pending.message = message;
    pending.target = target;
    pending.contiguous = end;
    pending.kept = kept;
    side.pending.push(pending);
  }

  #settleAll(side: Side): void {
    while (side.pending.length > 0) this.#settle(side, side.pending.length - 1);
  }

  /** Takes the message at `index` of those with bytes missing off the list, which stays in order. */
  #settle(side: Side, index: number): void {
    const { pending } = side;
    const settled = pending[index] as Pending;
    for (let k = index + 1; k < pending.length; k++) pending[k - 1] = pending[k] as Pending;
    pending.pop();
    // Nearly always empty; setting a length is slow.
    if (settled.ranges.length > 0) settled.ranges.length = 0;
    this.#kept -= settled.kept?.length ?? 0;
    settled.kept = null;
    settled.full = false;
    this.#spare.push(settled);
  }

  /** The open message goes on with bytes[from, w.end). */
  #goOn(w: IndexWalk, side: Side, from: number, seq: number): void {
    const app = side.protocol as Protocol;
    const message = side.open;
    const framer = app.framer;
    if (framer === undefined || from >= w.end) return;
    w.message = message + 1;
    side.touched = message;
    const end = seqNext(seq, w.end - from);
    side.need = 0;
    side.keep = false;
    const next = framer.feed(side, w.bytes, from, w.end);
    if (next === NEED_MORE) {
      if (framer.early === true) show(w, side, app);
      else framer.partial?.(side, w, app, true);
      side.expected = end;
      if (side.need > 0) this.#await(w, side, message, from, end);
      else this.#keep(side, w.bytes, from, w.end);
      return;
    }
    side.open = UNSET;
    const before = framer.content === undefined || side.carry === null ? null : side.carry.slice(0, side.carryLength);
    this.#clear(side);
    if (next <= from || next > w.end) {
      side.phase = 0;
      this.table.complete(message, w.row, end, end);
      if (next !== SILENT) w.push(data);
      return;
    }
    framer.done?.(side);
    // As much as the segment has was joined, since nobody knew how much was missing.
    const stop = this.#cut(w, side, app, next);
    const at = stop < 0 ? w.end : stop;
    this.table.complete(message, w.row, seqNext(seq, at - from), end);
    show(w, side, app);
    if (before !== null) {
      const whole = new Uint8Array(before.length + at - from);
      whole.set(before);
      whole.set(w.bytes.subarray(from, at), before.length);
      framer.content?.(side, w, whole, 0, whole.length);
    }
    if (at < w.end) this.#open(w, side, app, at, seqNext(seq, at - from));
  }

  /** A segment with bytes of a message of known length. */
  #fill(w: IndexWalk, flows: TcpFlows, side: Side, index: number, from: number, seq: number, end: number): void {
    const pending = side.pending[index] as Pending;
    const { message, target } = pending;
    const app = all[this.table.protocol[message] as number] as Protocol;
    const stop = seqDiff(end, target) > 0 ? target : end;
    w.message = message + 1;
    side.touched = message;
    const { kept } = pending;
    if (kept !== null)
      keepNew(kept, pending, w.bytes, from, Math.min(from + seqDiff(stop, seq), w.end), seq, this.table.start[message] as number);
    const { full } = pending;
    addRange(pending, seq, stop);
    if (pending.full !== full) this.#holed++;
    const whole = seqDiff(pending.contiguous, target) >= 0;
    const last = index === side.pending.length - 1;
    if (whole) {
      this.#settle(side, index);
      this.table.complete(message, w.row, target, target);
      if (last) app.framer?.done?.(side);
      // An out-of-order segment completes the bytes, but tshark calls nobody for it.
      if ((w.analysis & Analysis.OutOfOrder) === 0) {
        show(w, side, app);
        if (kept !== null) app.framer?.content?.(side, w, kept, 0, kept.length);
      }
    } else {
      app.framer?.partial?.(side, w, app, false);
    }
    if (seqDiff(end, target) <= 0) return;
    if (!whole && last) app.framer?.done?.(side);
    const at = from + seqDiff(target, seq);
    if ((w.analysis & Analysis.OutOfOrder) === 0) this.#restart(w, flows, side, at, target);
  }

  /** A segment came with octets missing before it, from number `missing` on. True: it is to wait for them. */
  #waits(w: IndexWalk, flows: TcpFlows, side: Side, missing: number): boolean {
    const { pending } = side;
    const protocol = side.protocol ?? side.peer.protocol;
    const { ordered } = protocol?.framer ?? {};
    if (protocol === null || ordered === undefined || protocol.framer?.incremental === true) return false;
    if (isAcknowledged(flows, side, missing) || !ordered.waits(side)) return false;
    const { table } = this;
    const [only] = pending;
    let message = side.open;
    let known = new Uint8Array(0);
    if (only !== undefined) {
      if (pending.length > 1 || side.open !== UNSET || only.kept === null || only.contiguous !== missing) return false;
      message = only.message;
      known = only.kept.slice(0, seqDiff(missing, table.start[message] as number));
    } else if (message !== UNSET) {
      if (side.expected !== missing || seqDiff(missing, table.start[message] as number) !== side.carryLength) return false;
      known = side.carry?.slice(0, side.carryLength) ?? known;
    } else message = table.add(sideOf(side), w.row, missing, UNSET, protocol.id);
    side.protocol = protocol;
    this.#settleAll(side);
    side.open = UNSET;
    this.#clear(side);
    // How long it will be is not known any more.
    table.dataEnd[message] = table.start[message] as number;
    const waiting = table.add(sideOf(side), w.row, missing, UNSET, protocol.id);
    side.repair = new Repair(message, waiting, (table.start[message] as number) | 0, known);
    return true;
  }

  /** A segment of a direction that waits. False: it waits no longer, and the segment is like any other. */
  #behind(w: IndexWalk, flows: TcpFlows, side: Side, from: number): boolean {
    const repair = side.repair as Repair;
    const app = side.protocol as Protocol;
    side.touched = UNSET;
    // The receiver has what is missing: it will not come again.
    const seq = payloadSeq(w.seq, w.tcpFlags);
    while (side.repair !== null && seqDiff(seq, repair.missing) > 0 && isAcknowledged(flows, side, repair.missing))
      this.#release(w, side, repair, app);
    if (side.repair === null) return false;
    const before = repair.octets;
    const whole = w.end >= w.wireEnd && !w.fragmented;
    const fresh = whole && this.#held < HELD_TOTAL ? repair.add(w.row, seq, w.bytes, from, w.end) : -1;
    this.#held += repair.octets - before;
    if (fresh < 0) {
      if (whole) this.#unfilled++;
      while (side.repair !== null) this.#release(w, side, repair, app);
      return false;
    }
    if (fresh === 0) {
      w.flags |= RowFlag.PayloadSkipped;
      return true;
    }
    const held = repair.octets;
    const joined = repair.join();
    this.#held += repair.octets - held;
    w.message = repair.waiting + 1;
    if (joined > 0) {
      this.#tell(w, side, repair, joined);
      this.#join(w, side, repair, app, false);
    } else this.#ahead(w, side, app, from);
    return true;
  }

  /** A segment behind a hole: the whole messages that it begins with are shown. */
  #ahead(w: IndexWalk, side: Side, app: Protocol, from: number): void {
    const { ordered } = app.framer as NonNullable<Protocol['framer']>;
    const stop = ordered?.whole(w.bytes, from, w.end) ?? from;
    if (stop <= from) return;
    w.flags |= RowFlag.Ahead;
    show(w, side, app);
    ordered?.ahead(side, w, w.bytes, from, stop);
  }

  /** Waits no longer for what is missing: goes on behind the hole, and cuts what is there up to the next. Ends the waiting where nothing is. */
  #release(w: IndexWalk, side: Side, repair: Repair, app: Protocol): void {
    const framer = app.framer as NonNullable<Protocol['framer']>;
    side.need = 0;
    side.phase = 0;
    side.gap = true;
    framer.lost?.(side);
    const before = repair.octets;
    const some = repair.skip((bytes) => framer.ordered?.begins(bytes, 0, bytes.length) === true);
    this.#held += repair.octets - before;
    if (!some) {
      side.repair = null;
      return;
    }
    this.#begin(w, side, repair, app, UNSET);
    this.#join(w, side, repair, app, true);
  }

  /** Nothing more comes: what is behind holes is cut as it is, behind what the segment itself has shown. */
  #giveUp(w: IndexWalk, side: Side, repair: Repair): void {
    this.table.noteLast(w.row);
    while (side.repair !== null) this.#release(w, side, repair, side.protocol as Protocol);
  }

  /** The octets at hand have grown: cuts the whole messages in them. @param released they have none of the segment at hand */
  #join(w: IndexWalk, side: Side, repair: Repair, app: Protocol, released: boolean): void {
    const { bytes: own, offset, end, wireEnd } = w;
    const { bytes, length, message } = repair;
    w.bytes = bytes;
    w.offset = 0;
    w.end = length;
    w.wireEnd = length;
    const stop = this.#cut(w, side, app, 0);
    const at = stop < 0 ? length : stop;
    if (at > 0) {
      const number = seqNext(repair.start, at);
      this.table.complete(message, w.row, number, number);
      show(w, side, app);
      app.framer?.content?.(side, w, bytes, 0, at);
      repair.cut(at);
      if (repair.length > 0 || repair.octets > 0) this.#begin(w, side, repair, app, message);
      // Where the next message began in an earlier row, the row does not lead to this one.
      const next = repair.message;
      if (released || (next !== message && w.message === next + 1 && this.table.firstRow[next] !== w.row))
        this.table.noteReleased(message, w.row);
    }
    if (repair.octets === 0) {
      side.repair = null;
      if (repair.length > 0) {
        w.bytes = repair.bytes;
        w.end = repair.length;
        if (side.need > 0) this.#await(w, side, repair.message, 0, repair.missing);
        else {
          side.open = repair.message;
          side.expected = repair.missing;
          this.#keep(side, repair.bytes, 0, repair.length);
        }
      }
    }
    w.bytes = own;
    w.offset = offset;
    w.end = end;
    w.wireEnd = wireEnd;
  }

  /** A message begins with the octets at hand, in segments that have the end of message `before`, if they have. */
  #begin(w: IndexWalk, side: Side, repair: Repair, app: Protocol, before: number): void {
    const { came, start } = repair;
    const shared = came.some(({ seq }) => seqDiff(start, seq) > 0);
    repair.message = this.table.add(sideOf(side), came[0]?.row ?? w.row, start, shared ? before : UNSET, app.id);
    this.#tell(w, side, repair, came.length);
  }

  /** Notes for the rows of the last `count` pieces that they are of the message at hand. */
  #tell(w: IndexWalk, side: Side, { message, came }: Repair, count: number): void {
    const { packets } = side.capture;
    for (let k = came.length - count; k < came.length; k++) {
      const { row } = came[k] as Piece;
      this.table.noteLowest(message, row);
      if (row === w.row) w.message = message + 1;
      else packets.chunkOf(row).message[row & CHUNK_MASK] = message + 1;
    }
  }

  /** FIN: what is unfinished may be complete by it. */
  #closed(side: Side, w: IndexWalk): void {
    const framer = side.protocol?.framer;
    if (framer?.closes === undefined || side.protocol === null) return;
    const pending = side.pending[side.pending.length - 1];
    let message = side.open;
    let end = side.expected;
    if (message === UNSET && pending !== undefined && pending.ranges.length === 0) {
      message = pending.message;
      end = pending.contiguous;
    }
    // The payload of a reset says why: it belongs to no message.
    if (message === UNSET || end !== seqNext(payloadSeq(w.seq, w.tcpFlags), w.payload) || ((w.tcpFlags & Flag.Rst) !== 0 && w.payload > 0))
      return;
    side.row = w.row;
    if (!framer.closes(side)) return;
    side.open = UNSET;
    this.#settleAll(side);
    this.#clear(side);
    this.table.complete(message, w.row, end, end);
    w.message = message + 1;
    framer.done?.(side);
    show(w, side, side.protocol);
  }

  /** The open message will never be whole. */
  #abandon(side: Side): void {
    if (side.open === UNSET && side.pending.length === 0) return;
    side.open = UNSET;
    side.need = 0;
    side.phase = 0;
    this.#clear(side);
    side.protocol?.framer?.lost?.(side);
  }

  #clear(side: Side): void {
    side.carryLength = 0;
    if (side.carry === null) return;
    this.#carried -= side.carry.length;
    side.carry = null;
    this.#carrying.delete(side);
  }

  /** Keeps bytes[from, end) of the open message. */
  #keep(side: Side, bytes: Uint8Array, from: number, end: number): void {
    if (side.protocol?.framer?.incremental === true) return;
    const length = side.carryLength + end - from;
    if (length > CARRY_LIMIT) {
      this.dropped++;
      this.#abandon(side);
      return;
    }
    let carry = side.carry;
    if (carry === null || carry.length < length) {
      const wider = new Uint8Array(Math.max(512, 2 ** (32 - Math.clz32(length - 1))));
      if (carry !== null) {
        wider.set(carry.subarray(0, side.carryLength));
        this.#carried -= carry.length;
      }
      carry = wider;
      side.carry = carry;
      this.#carried += carry.length;
    }
    for (let k = from; k < end; k++) carry[side.carryLength + k - from] = bytes[k] as number;
    side.carryLength = length;
    this.#carrying.delete(side);
    this.#carrying.add(side);
    while (this.#carried > CARRY_TOTAL) {
      const oldest = this.#carrying.values().next().value;
      if (oldest === undefined || oldest === side) return;
      this.dropped++;
      this.#abandon(oldest);
    }
  }
}

const all = allProtocols();
export const reassembler = defineState((capture) => new Reassembler(capture));

/** Index depth: hands the payload bytes[from, w.end) of the segment at hand over; also called for a FIN and a reset without payload. */
export function deliver(w: IndexWalk, flows: TcpFlows, stream: number, direction: number, from: number): void {
  w.capture.state(reassembler).deliver(w, flows, stream, direction, from);
}

/** Puts the protocol of whole messages on the stack, and what they carry where its framer knows. */
function show(w: IndexWalk, side: Side, app: Protocol): void {
  if (app.framer?.once !== true || side.shown !== w.row) w.push(app);
  side.shown = w.row;
  const inner = app.framer?.carries?.(side, w.row);
  if (inner !== undefined) w.push(inner);
}
