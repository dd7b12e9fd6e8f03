/** Statistics over all packets, or over those that a filter chose: protocol hierarchy, conversations, endpoints, rate over time, notes. */
import type { CaptureIndex } from '../dissect/capture-index.ts';
import { dissectPacket } from '../dissect/dissect-packet.ts';
import type { Severity } from '../dissect/field.ts';
import { allProtocols } from '../dissect/protocol.ts';
import type { FieldNode } from '../dissect/tree.ts';
import { addressText } from '../flow/connections.ts';
import { CHUNK_MASK, NONE, RowFlag } from '../table/packet-table.ts';

/** Which rows count: all (null), or those whose bit is set. */
export type Chosen = ((row: number) => boolean) | null;

/** One place in the protocol hierarchy: packets that have this protocol on top of the protocols above it. */
export interface ProtocolCount {
  /** Wireshark's name of the protocol, as in `frame.protocols`. */
  readonly protocol: string;
  /** Steps from the link layer, which is 0. */
  readonly depth: number;
  readonly packets: number;
  /** Frame bytes of these packets. */
  readonly bytes: number;
}

/** The protocol hierarchy, each protocol before those that ride on it, in order of first appearance. */
export function protocolHierarchy(capture: CaptureIndex, chosen: Chosen): ProtocolCount[] {
  const { stacks, packets } = capture;
  const count = new Float64Array(stacks.size);
  const bytes = new Float64Array(stacks.size);
  for (let row = 0; row < packets.length; row++) {
    if (chosen !== null && !chosen(row)) continue;
    const chunk = packets.chunkOf(row);
    const stack = chunk.stack[row & CHUNK_MASK] as number;
    count[stack] = (count[stack] as number) + 1;
    bytes[stack] = (bytes[stack] as number) + (chunk.wireLen[row & CHUNK_MASK] as number);
  }
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
      out.push({ protocol, depth, packets: sum(count), bytes: sum(bytes) });
      visit(same, depth + 1);
    }
  };
  visit([0], 0);
  return out;
}

export type ConversationKind = 'ip' | 'tcp' | 'udp';

/** What two ends said to each other. `a` sent the first packet. */
export interface ConversationCount {
  readonly kind: ConversationKind;
  /** Wireshark's stream number; null for addresses. */
  readonly stream: number | null;
  /** Address, or "address:port", IPv6 in brackets. */
  readonly a: string;
  readonly b: string;
  readonly packetsAtoB: number;
  readonly packetsBtoA: number;
  /** Frame bytes. */
  readonly bytesAtoB: number;
  readonly bytesBtoA: number;
  /** Seconds from the first packet of the capture. */
  readonly start: number;
  readonly duration: number;
}

class Tally {
  /** Of the first packet: address ids and ports. */
  readonly a: number;
  readonly aPort: number;
  readonly b: number;
  readonly bPort: number;
  readonly first: number;
  last: number;
  readonly packets = [0, 0];
  readonly bytes = [0, 0];

  constructor(row: number, a: number, aPort: number, b: number, bPort: number) {
    this.first = row;
    this.last = row;
    this.a = a;
    this.aPort = aPort;
    this.b = b;
    this.bPort = bPort;
  }

  add(row: number, forward: boolean, length: number): void {
    const k = forward ? 0 : 1;
    this.packets[k] = (this.packets[k] as number) + 1;
    this.bytes[k] = (this.bytes[k] as number) + length;
    this.last = row;
  }
}

/** Conversations of one kind, most bytes first. TCP and UDP conversations are the streams. */
export function conversations(capture: CaptureIndex, kind: ConversationKind, chosen: Chosen): ConversationCount[] {
  const { packets } = capture;
  const tallies = new Map<number, Tally>();
  const wanted = kind === 'tcp' ? RowFlag.Tcp : kind === 'udp' ? RowFlag.Udp : RowFlag.Ipv4 | RowFlag.Ipv6;
  for (let row = 0; row < packets.length; row++) {
    const chunk = packets.chunkOf(row);
    const i = row & CHUNK_MASK;
    if (((chunk.flags[i] as number) & wanted) === 0 || (chosen !== null && !chosen(row))) continue;
    const src = chunk.src[i] as number;
    const dst = chunk.dst[i] as number;
    if (src === NONE || dst === NONE) continue;
    const ports = kind !== 'ip';
    const stream = chunk.stream[i] as number;
    if (ports && stream === NONE) continue;
    const key = ports ? stream : Math.min(src, dst) * 0x100000000 + Math.max(src, dst);
    const srcPort = ports ? (chunk.srcPort[i] as number) : 0;
    const dstPort = ports ? (chunk.dstPort[i] as number) : 0;
    let tally = tallies.get(key);
    if (tally === undefined) {
      tally = new Tally(row, src, srcPort, dst, dstPort);
      tallies.set(key, tally);
    }
    tally.add(row, tally.a === src && tally.aPort === srcPort, chunk.wireLen[i] as number);
  }
  const end = (id: number, port: number): string => {
    const text = addressText(capture, id);
    return kind === 'ip' ? text : `${text.includes(':') ? `[${text}]` : text}:${port}`;
  };
  const out = [...tallies].map(([key, t]) => ({
    kind,
    stream: kind === 'ip' ? null : key,
    a: end(t.a, t.aPort),
    b: end(t.b, t.bPort),
    packetsAtoB: t.packets[0] as number,
    packetsBtoA: t.packets[1] as number,
    bytesAtoB: t.bytes[0] as number,
    bytesBtoA: t.bytes[1] as number,
    start: secondsFrom(capture, 0, t.first),
    duration: secondsFrom(capture, t.first, t.last),
  }));
  return out.sort((x, y) => y.bytesAtoB + y.bytesBtoA - x.bytesAtoB - x.bytesBtoA);
}

/** One end of conversations. */
export interface EndpointCount {
  readonly kind: ConversationKind;
  /** Address, or "address:port". */
  readonly endpoint: string;
  readonly packetsSent: number;
  readonly packetsReceived: number;
  readonly bytesSent: number;
  readonly bytesReceived: number;
}

/** Endpoints of one kind, most bytes first. */
export function endpoints(capture: CaptureIndex, kind: ConversationKind, chosen: Chosen): EndpointCount[] {
  const ends = new Map<string, { endpoint: string; sent: [number, number]; received: [number, number] }>();
  const end = (name: string) => {
    let known = ends.get(name);
    if (known === undefined) {
      known = { endpoint: name, sent: [0, 0], received: [0, 0] };
      ends.set(name, known);
    }
    return known;
  };
  for (const c of conversations(capture, kind, chosen)) {
    for (const [from, to, packets, bytes] of [
      [c.a, c.b, c.packetsAtoB, c.bytesAtoB],
      [c.b, c.a, c.packetsBtoA, c.bytesBtoA],
    ] as const) {
      const sender = end(from);
      sender.sent[0] += packets;
      sender.sent[1] += bytes;
      const receiver = end(to);
      receiver.received[0] += packets;
      receiver.received[1] += bytes;
    }
  }
  return [...ends.values()]
    .map(({ endpoint, sent, received }) => ({
      kind,
      endpoint,
      packetsSent: sent[0],
      packetsReceived: received[0],
      bytesSent: sent[1],
      bytesReceived: received[1],
    }))
    .sort((x, y) => y.bytesSent + y.bytesReceived - x.bytesSent - x.bytesReceived);
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
 * Packets and bytes over time, empty intervals included. Packets before the first one (records out of order) count in the first interval.
 * @param seconds length of an interval; widened by powers of ten where there would be more than MOST_INTERVALS
 */
export function rate(capture: CaptureIndex, seconds: number, chosen: Chosen): { readonly seconds: number; readonly intervals: Interval[] } {
  const { packets } = capture;
  let longest = 0;
  for (let row = 0; row < packets.length; row++) longest = Math.max(longest, secondsFrom(capture, 0, row));
  let width = seconds;
  while (longest / width >= MOST_INTERVALS) width *= 10;
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
