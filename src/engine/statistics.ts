/**
 * Statistics over all packets, or over those that a filter chose: protocol hierarchy, conversations, endpoints, packet lengths, rate over time,
 * notes. Each is a counter that takes row after row, so that it can be asked before all were counted.
 */

import { addressText } from '../connections/connections.ts';
import type { CaptureIndex } from '../dissect/capture-index.ts';
import { allProtocols } from '../dissect/protocol.ts';
import { Flag } from '../flow/seq.ts';
import { Analysis } from '../flow/tcp-analysis.ts';
import type {
  ConversationCount,
  ConversationKind,
  EndpointCount,
  FieldNode,
  LengthCount,
  ProtocolCount,
  RateCurve,
  Severity,
} from '../messages.ts';
import { dissectPacket } from '../protocols/dissect-packet.ts';
import { CHUNK_MASK, type Chunk, NONE, RowFlag } from '../table/packet-table.ts';

/** Which rows count: all (null), or those whose bit is set. */
export type Chosen = ((row: number) => boolean) | null;

/** Every row that counts, in order. */
function eachRow(capture: CaptureIndex, chosen: Chosen, visit: (chunk: Chunk, i: number, row: number) => void): void {
  const { packets } = capture;
  for (let row = 0; row < packets.length; row++) {
    if (chosen === null || chosen(row)) visit(packets.chunkOf(row), row & CHUNK_MASK, row);
  }
}

/** A column of numbers that grows with what it is indexed by. */
function wide(column: Float64Array, size: number): Float64Array<ArrayBuffer> {
  const out = new Float64Array(Math.max(size, 2 * column.length));
  out.set(column);
  return out;
}

/** Packets and bytes of each protocol stack. */
export class ProtocolCounter {
  readonly #capture: CaptureIndex;
  #packets = new Float64Array(256);
  #bytes = new Float64Array(256);

  constructor(capture: CaptureIndex) {
    this.#capture = capture;
  }

  add(chunk: Chunk, i: number): void {
    const stack = chunk.stack[i] as number;
    if (stack >= this.#packets.length) {
      this.#packets = wide(this.#packets, stack + 1);
      this.#bytes = wide(this.#bytes, stack + 1);
    }
    this.#packets[stack] = (this.#packets[stack] as number) + 1;
    this.#bytes[stack] = (this.#bytes[stack] as number) + (chunk.wireLen[i] as number);
  }

  /** The protocol hierarchy, each protocol before those that ride on it, in order of first appearance. */
  get tree(): ProtocolCount[] {
    const { stacks } = this.#capture;
    const count = wide(this.#packets, stacks.size);
    const bytes = wide(this.#bytes, stacks.size);
    /** Packets whose stack ends here. */
    const ends = count.slice();
    // A node's number is above its parent's: one pass from the end adds all that rides on a protocol.
    const children: number[][] = Array.from({ length: stacks.size }, () => []);
    for (let node = stacks.size - 1; node > 0; node--) {
      const parent = stacks.parent(node);
      count[parent] = (count[parent] as number) + (count[node] as number);
      bytes[parent] = (bytes[parent] as number) + (bytes[node] as number);
      children[parent]?.unshift(node);
    }
    const names = allProtocols();
    const out: ProtocolCount[] = [];
    // Several nodes can have one name: protocols found in two ways, and what rides on ethertype, which is a field that chooses, not a
    // protocol, and which tshark's hierarchy leaves out too.
    const visit = (nodes: readonly number[], depth: number): void => {
      const byName = new Map<string, number[]>();
      const sort = (node: number): void => {
        for (const child of children[node] as number[]) {
          const name = names[stacks.top(child)]?.name ?? '?';
          if (name === 'ethertype') sort(child);
          else if (count[child] !== 0) byName.set(name, [...(byName.get(name) ?? []), child]);
        }
      };
      for (const node of nodes) sort(node);
      for (const [protocol, same] of byName) {
        const sum = (column: Float64Array): number => same.reduce((total, node) => total + (column[node] as number), 0);
        const { short, hue } = names[stacks.top(same[0] as number)] as { short: string; hue: ProtocolCount['hue'] };
        out.push({ protocol, short, hue, depth, packets: sum(count), bytes: sum(bytes), ends: sum(ends) });
        visit(same, depth + 1);
      }
    };
    visit([0], 0);
    return out;
  }
}

/** The protocol hierarchy, each protocol before those that ride on it, in order of first appearance. */
export function protocolHierarchy(capture: CaptureIndex, chosen: Chosen): ProtocolCount[] {
  const counter = new ProtocolCounter(capture);
  eachRow(capture, chosen, (chunk, i) => counter.add(chunk, i));
  return counter.tree;
}

const WANTED: Readonly<Record<ConversationKind, number>> = { ip: RowFlag.Ipv4 | RowFlag.Ipv6, tcp: RowFlag.Tcp, udp: RowFlag.Udp };

/** What two ends said to each other, by conversation: TCP and UDP conversations are the streams, those of IP pairs of addresses. */
export class ConversationCounter {
  readonly kind: ConversationKind;
  /** Number of conversations. */
  size = 0;
  readonly #capture: CaptureIndex;
  readonly #byStream = new Map<number, number>();
  /** Of each conversation: stream or -1, first and last row. */
  #streams: number[] = [];
  #first: number[] = [];
  #last: number[] = [];
  /** Packets and bytes, from and to the sender of the first packet: four columns. */
  #sums = new Float64Array(4 * 64);

  constructor(capture: CaptureIndex, kind: ConversationKind) {
    this.#capture = capture;
    this.kind = kind;
  }

  add(chunk: Chunk, i: number, row: number): void {
    if (((chunk.flags[i] as number) & WANTED[this.kind]) === 0) return;
    const src = chunk.src[i] as number;
    const dst = chunk.dst[i] as number;
    if (src === NONE || dst === NONE) return;
    const ports = this.kind !== 'ip';
    const stream = chunk.stream[i] as number;
    if (ports && stream === NONE) return;
    const key = ports ? stream : Math.min(src, dst) * 0x100000000 + Math.max(src, dst);
    let k = this.#byStream.get(key);
    if (k === undefined) {
      k = this.size++;
      this.#byStream.set(key, k);
      this.#streams.push(ports ? stream : -1);
      this.#first.push(row);
      this.#last.push(row);
      if (4 * this.size > this.#sums.length) this.#sums = wide(this.#sums, 4 * this.size);
    }
    this.#last[k] = row;
    const first = this.#first[k] as number;
    const start = this.#capture.packets.chunkOf(first);
    const of = first & CHUNK_MASK;
    const forward = start.src[of] === src && (!ports || start.srcPort[of] === chunk.srcPort[i]);
    const at = 4 * k + (forward ? 0 : 1);
    this.#sums[at] = (this.#sums[at] as number) + 1;
    this.#sums[at + 2] = (this.#sums[at + 2] as number) + (chunk.wireLen[i] as number);
  }

  /** Bytes of both directions. */
  bytes(k: number): number {
    return (this.#sums[4 * k + 2] as number) + (this.#sums[4 * k + 3] as number);
  }

  at(k: number): ConversationCount {
    const { packets } = this.#capture;
    const first = this.#first[k] as number;
    const chunk = packets.chunkOf(first);
    const i = first & CHUNK_MASK;
    const stream = this.#streams[k] as number;
    return {
      kind: this.kind,
      stream: stream < 0 ? null : stream,
      a: endText(this.#capture, this.kind, chunk.src[i] as number, chunk.srcPort[i] as number),
      b: endText(this.#capture, this.kind, chunk.dst[i] as number, chunk.dstPort[i] as number),
      packetsAtoB: this.#sums[4 * k] as number,
      packetsBtoA: this.#sums[4 * k + 1] as number,
      bytesAtoB: this.#sums[4 * k + 2] as number,
      bytesBtoA: this.#sums[4 * k + 3] as number,
      start: secondsFrom(this.#capture, 0, first),
      duration: secondsFrom(this.#capture, first, this.#last[k] as number),
    };
  }

  /** Address ids and ports of both ends (0 without ports), and what the first sent and received: packets and bytes. */
  ends(k: number): readonly [number, number, number, number, number, number, number, number] {
    const first = this.#first[k] as number;
    const chunk = this.#capture.packets.chunkOf(first);
    const i = first & CHUNK_MASK;
    const ports = this.kind !== 'ip';
    return [
      chunk.src[i] as number,
      ports ? (chunk.srcPort[i] as number) : 0,
      chunk.dst[i] as number,
      ports ? (chunk.dstPort[i] as number) : 0,
      this.#sums[4 * k] as number,
      this.#sums[4 * k + 1] as number,
      this.#sums[4 * k + 2] as number,
      this.#sums[4 * k + 3] as number,
    ];
  }
}

function endText(capture: CaptureIndex, kind: ConversationKind, id: number, port: number): string {
  const text = addressText(capture, id);
  return kind === 'ip' ? text : `${text.includes(':') ? `[${text}]` : text}:${port}`;
}

/** Conversations of one kind, most bytes first. TCP and UDP conversations are the streams. */
export function conversations(capture: CaptureIndex, kind: ConversationKind, chosen: Chosen): ConversationCount[] {
  const counter = new ConversationCounter(capture, kind);
  eachRow(capture, chosen, (chunk, i, row) => counter.add(chunk, i, row));
  return Array.from({ length: counter.size }, (_, k) => k)
    .sort((x, y) => counter.bytes(y) - counter.bytes(x))
    .map((k) => counter.at(k));
}

/** Ends of conversations: what each sent and received. */
export class EndpointCounter {
  readonly kind: ConversationKind;
  size = 0;
  readonly #capture: CaptureIndex;
  readonly #byEnd = new Map<number, number>();
  readonly #address: number[] = [];
  readonly #port: number[] = [];
  /** Packets sent and received, bytes sent and received. */
  #sums = new Float64Array(4 * 64);

  constructor(capture: CaptureIndex, kind: ConversationKind) {
    this.#capture = capture;
    this.kind = kind;
  }

  /** Takes conversation `k`. */
  add(conversations: ConversationCounter, k: number): void {
    const [a, aPort, b, bPort, packetsAtoB, packetsBtoA, bytesAtoB, bytesBtoA] = conversations.ends(k);
    this.#count(a, aPort, packetsAtoB, packetsBtoA, bytesAtoB, bytesBtoA);
    this.#count(b, bPort, packetsBtoA, packetsAtoB, bytesBtoA, bytesAtoB);
  }

  #count(address: number, port: number, packetsSent: number, packetsReceived: number, bytesSent: number, bytesReceived: number): void {
    const key = address * 0x10000 + port;
    let k = this.#byEnd.get(key);
    if (k === undefined) {
      k = this.size++;
      this.#byEnd.set(key, k);
      this.#address.push(address);
      this.#port.push(port);
      if (4 * this.size > this.#sums.length) this.#sums = wide(this.#sums, 4 * this.size);
    }
    [packetsSent, packetsReceived, bytesSent, bytesReceived].forEach((each, column) => {
      this.#sums[4 * (k as number) + column] = (this.#sums[4 * (k as number) + column] as number) + each;
    });
  }

  at(k: number): EndpointCount {
    return {
      kind: this.kind,
      endpoint: endText(this.#capture, this.kind, this.#address[k] as number, this.#port[k] as number),
      packetsSent: this.#sums[4 * k] as number,
      packetsReceived: this.#sums[4 * k + 1] as number,
      bytesSent: this.#sums[4 * k + 2] as number,
      bytesReceived: this.#sums[4 * k + 3] as number,
    };
  }
}

/** Endpoints of one kind, most bytes first. */
export function endpoints(capture: CaptureIndex, kind: ConversationKind, chosen: Chosen): EndpointCount[] {
  const counter = new ConversationCounter(capture, kind);
  eachRow(capture, chosen, (chunk, i, row) => counter.add(chunk, i, row));
  const ends = new EndpointCounter(capture, kind);
  const order = Array.from({ length: counter.size }, (_, k) => k).sort((x, y) => counter.bytes(y) - counter.bytes(x));
  for (const k of order) ends.add(counter, k);
  return Array.from({ length: ends.size }, (_, k) => ends.at(k)).sort(
    (x, y) => y.bytesSent + y.bytesReceived - x.bytesSent - x.bytesReceived,
  );
}

/** Least length of each class of packet lengths: those of Wireshark's statistics. */
const LENGTHS = [0, 20, 40, 80, 160, 320, 640, 1280, 2560, 5120] as const;

/** How long packets are, in classes as Wireshark has them. */
export class LengthCounter {
  readonly #packets = new Float64Array(LENGTHS.length);
  readonly #bytes = new Float64Array(LENGTHS.length);
  readonly #least = new Float64Array(LENGTHS.length).fill(Number.POSITIVE_INFINITY);
  readonly #most = new Float64Array(LENGTHS.length);

  add(chunk: Chunk, i: number): void {
    const length = chunk.wireLen[i] as number;
    let k = LENGTHS.length - 1;
    while (length < (LENGTHS[k] as number)) k--;
    this.#packets[k] = (this.#packets[k] as number) + 1;
    this.#bytes[k] = (this.#bytes[k] as number) + length;
    if (length < (this.#least[k] as number)) this.#least[k] = length;
    if (length > (this.#most[k] as number)) this.#most[k] = length;
  }

  get list(): LengthCount[] {
    return LENGTHS.map((from, k) => ({
      from,
      to: k + 1 < LENGTHS.length ? (LENGTHS[k + 1] as number) - 1 : null,
      packets: this.#packets[k] as number,
      bytes: this.#bytes[k] as number,
      least: this.#packets[k] === 0 ? 0 : (this.#least[k] as number),
      most: this.#most[k] as number,
    }));
  }
}

/** Packets by length, all classes, from short to long. */
export function packetLengths(capture: CaptureIndex, chosen: Chosen): LengthCount[] {
  const counter = new LengthCounter();
  eachRow(capture, chosen, (chunk, i) => counter.add(chunk, i));
  return counter.list;
}

/** Slots of time that a counter keeps at most: ten are joined to one as time goes on, and some left are enough for any picture. */
const SLOTS = 40_960;
const JOINED = 10;
/** What a marked packet of a curve is: TCP's repeats, gaps, resets and closed windows. */
const TROUBLE =
  Analysis.Retransmission |
  Analysis.FastRetransmission |
  Analysis.SpuriousRetransmission |
  Analysis.OutOfOrder |
  Analysis.LostSegment |
  Analysis.AckLostSegment |
  Analysis.ZeroWindow |
  Analysis.WindowFull;

/**
 * Packets and bytes over time, in slots that begin narrow and are joined by tens whenever time goes beyond the last, so that nobody has to
 * know beforehand how long the capture is, nor how long before its first packet others were (records out of order).
 */
export class RateCounter {
  readonly #capture: CaptureIndex;
  /** The piece of time that counts, seconds since the first packet: [from, to); null: all. */
  readonly #piece: { readonly from: number; readonly to: number } | null;
  /** Where slot 0 begins, seconds since the first packet. */
  readonly #origin: number;
  readonly #packets = new Float64Array(SLOTS);
  readonly #bytes = new Float64Array(SLOTS);
  readonly #trouble = new Float64Array(SLOTS);
  readonly #rows = new Float64Array(SLOTS).fill(-1);
  #width: number;
  /** Number of the slot in the first place of the columns: 0, or below where packets are from before the origin. */
  #base = 0;
  /** Slots that are told: from #low, 0 at most, to before #high. */
  #low = 0;
  #high = 0;

  /** @param piece seconds since the first packet: [from, to); null: all. @param width of the first slots, seconds */
  constructor(capture: CaptureIndex, piece: { readonly from: number; readonly to: number } | null = null, width = 0.000_1) {
    this.#capture = capture;
    this.#piece = piece;
    this.#origin = piece?.from ?? 0;
    this.#width = width;
  }

  add(chunk: Chunk, i: number, row: number): void {
    const time = secondsFrom(this.#capture, 0, row);
    if (this.#piece !== null && (time < this.#piece.from || time >= this.#piece.to)) return;
    let slot = Math.floor((time - this.#origin) / this.#width);
    if (slot < this.#low || slot >= this.#high) {
      const now = (): number => Math.floor((time - this.#origin) / this.#width);
      this.#span(now, () => now() + 1);
      slot = now();
    }
    const k = slot - this.#base;
    this.#packets[k] = (this.#packets[k] as number) + 1;
    this.#bytes[k] = (this.#bytes[k] as number) + (chunk.wireLen[i] as number);
    if (((chunk.analysis[i] as number) & TROUBLE) !== 0 || ((chunk.tcpFlags[i] as number) & Flag.Rst) !== 0)
      this.#trouble[k] = (this.#trouble[k] as number) + 1;
    if (this.#rows[k] === -1) this.#rows[k] = row;
  }

  /** Has slots wherever another curve of the same time has some, empty ones where no packet was counted: both are equally long. */
  reach(other: RateCounter): void {
    const begin = other.#origin + other.#low * other.#width;
    const end = other.#origin + other.#high * other.#width;
    this.#span(
      () => Math.floor((begin - this.#origin) / this.#width + 1e-6),
      () => Math.ceil((end - this.#origin) / this.#width - 1e-6),
    );
  }

  /** Makes room for the slots from `from` to before `to`, whose numbers change as slots are joined. */
  #span(from: () => number, to: () => number): void {
    while (Math.max(this.#high, to()) - Math.min(this.#low, from()) > SLOTS) this.#join();
    this.#low = Math.min(this.#low, from());
    this.#high = Math.max(this.#high, to());
    // What is before the origin may go on backwards: half of the room that is left is given to it.
    if (this.#low < this.#base) this.#move(this.#low - Math.floor((SLOTS - (this.#high - this.#low)) / 2));
    else if (this.#high - this.#base > SLOTS) this.#move(this.#low);
  }

  /** Has slot `base` in the first place. */
  #move(base: number): void {
    const by = this.#base - base;
    for (const column of [this.#packets, this.#bytes, this.#trouble, this.#rows]) {
      const none = column === this.#rows ? -1 : 0;
      if (by > 0) column.copyWithin(by, 0).fill(none, 0, by);
      else column.copyWithin(0, -by).fill(none, SLOTS + by);
    }
    this.#base = base;
  }

  #join(): void {
    const joined = (slot: number): number => Math.floor(slot / JOINED);
    const base = joined(this.#base);
    for (let k = 0; k < SLOTS; k++) {
      const at = joined(this.#base + k) - base;
      if (at === k) continue;
      for (const column of [this.#packets, this.#bytes, this.#trouble]) {
        column[at] = (column[at] as number) + (column[k] as number);
        column[k] = 0;
      }
      if (this.#rows[at] === -1) this.#rows[at] = this.#rows[k] as number;
      this.#rows[k] = -1;
    }
    this.#width *= JOINED;
    this.#base = base;
    this.#low = joined(this.#low);
    this.#high = Math.ceil(this.#high / JOINED);
  }

  /** The curve in at most `most` slots, each 1, 2 or 5 × 10^n of the first ones long; one begins at the first packet. */
  curve(most: number): RateCurve {
    let joined = 1;
    const first = (): number => Math.floor(this.#low / joined);
    const count = (): number => Math.ceil(this.#high / joined) - first();
    for (let k = 0; count() > most; k++) joined *= k % 3 === 1 ? 2.5 : 2;
    /** Places of the columns that are joined to slot `k` of the curve: [from, to). */
    const places = (k: number): readonly [number, number] => [
      Math.max(this.#low, (first() + k) * joined) - this.#base,
      Math.min(this.#high, (first() + k + 1) * joined) - this.#base,
    ];
    const each = <T>(value: (from: number, to: number) => T): T[] => Array.from({ length: count() }, (_, k) => value(...places(k)));
    const sum = (column: Float64Array): number[] =>
      each((from, to) => {
        let total = 0;
        for (let j = from; j < to; j++) total += column[j] as number;
        return total;
      });
    return {
      from: this.#origin + first() * joined * this.#width,
      seconds: this.#width * joined,
      packets: sum(this.#packets),
      bytes: sum(this.#bytes),
      trouble: sum(this.#trouble),
      rows: each((from, to) => {
        for (let j = from; j < to; j++) if (this.#rows[j] !== -1) return this.#rows[j] as number;
        return -1;
      }),
    };
  }
}

/** Packets and bytes of one stretch of time. */
export interface Interval {
  /** Seconds from the first packet. */
  readonly start: number;
  readonly packets: number;
  readonly bytes: number;
}

/** Most intervals that `rate` gives: beyond, the interval is widened. */
export const MOST_INTERVALS = 100_000;

/**
 * Packets and bytes over time, empty intervals included. Packets before the first one count in the first interval, as in tshark; other records
 * out of order in that of their time, where tshark takes the latest one so far.
 * @param seconds length of an interval; widened by powers of ten where there would be more than MOST_INTERVALS
 */
export function rate(capture: CaptureIndex, seconds: number, chosen: Chosen): { readonly seconds: number; readonly intervals: Interval[] } {
  const { packets } = capture;
  let longest = 0;
  for (let row = 0; row < packets.length; row++) longest = Math.max(longest, secondsFrom(capture, 0, row));
  let width = seconds;
  while (longest / width >= MOST_INTERVALS) width = Number((width * 10).toPrecision(12));
  const size = packets.length === 0 ? 0 : Math.floor(longest / width) + 1;
  const count = new Float64Array(size);
  const bytes = new Float64Array(size);
  for (let row = 0; row < packets.length; row++) {
    if (chosen !== null && !chosen(row)) continue;
    const k = Math.min(size - 1, Math.max(0, Math.floor(secondsFrom(capture, 0, row) / width)));
    count[k] = (count[k] as number) + 1;
    bytes[k] = (bytes[k] as number) + (packets.chunkOf(row).wireLen[row & CHUNK_MASK] as number);
  }
  const intervals = Array.from({ length: size }, (_, k) => ({ start: k * width, packets: count[k] as number, bytes: bytes[k] as number }));
  return { seconds: width, intervals };
}

/** A note that dissectors made about packets. */
export interface NoteCount {
  readonly severity: Severity;
  /** Wireshark's name of the protocol's layer. */
  readonly protocol: string;
  readonly summary: string;
  readonly count: number;
  /** `frame.number` of the first. */
  readonly firstFrame: number;
}

const ORDER: readonly Severity[] = ['error', 'warn', 'note', 'chat'];
/** Different notes that are kept apart; the rest counts as one. */
const MOST_NOTES = 10_000;

/** Collects notes packet by packet, since every packet has to be dissected for it. */
export class Notes {
  readonly #counts = new Map<string, { severity: Severity; protocol: string; summary: string; count: number; firstFrame: number }>();

  add(capture: CaptureIndex, row: number): void {
    const d = dissectPacket(capture, row);
    for (const layer of d.layers) {
      const visit = (node: FieldNode): void => {
        if (node.severity !== null) this.#note(node.severity, layer.short, node.display, row);
        for (const child of node.children) visit(child);
      };
      for (const node of layer.fields) visit(node);
    }
  }

  #note(severity: Severity, protocol: string, summary: string, row: number): void {
    const full = this.#counts.size >= MOST_NOTES;
    let key = `${severity}\0${protocol}\0${summary}`;
    let known = this.#counts.get(key);
    if (known === undefined && full) {
      key = `${severity}\0${protocol}`;
      known = this.#counts.get(key);
    }
    if (known === undefined) {
      known = { severity, protocol, summary: full ? 'other notes' : summary, count: 0, firstFrame: row + 1 };
      this.#counts.set(key, known);
    }
    known.count++;
  }

  /** Errors first, then the most frequent. */
  get list(): NoteCount[] {
    return [...this.#counts.values()].sort((x, y) => ORDER.indexOf(x.severity) - ORDER.indexOf(y.severity) || y.count - x.count);
  }
}

/** Seconds from row `from` to row `to`. */
function secondsFrom(capture: CaptureIndex, from: number, to: number): number {
  const a = capture.packets.chunkOf(from);
  const b = capture.packets.chunkOf(to);
  const i = from & CHUNK_MASK;
  const j = to & CHUNK_MASK;
  return (b.sec[j] as number) - (a.sec[i] as number) + ((b.nsec[j] as number) - (a.nsec[i] as number)) / 1e9;
}
