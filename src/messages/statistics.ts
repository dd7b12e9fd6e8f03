/** Counts over the capture or the view. Plain data: see ../messages.ts. */
import type { Hue } from './tree.ts';

/** One place in the protocol hierarchy: packets that have this protocol on top of the protocols above it. */
export interface ProtocolCount {
  /** Wireshark's name of the protocol, as in `frame.protocols`. */
  readonly protocol: string;
  /** Name in the protocol column. */
  readonly short: string;
  readonly hue: Hue;
  /** Steps from the link layer, which is 0. */
  readonly depth: number;
  readonly packets: number;
  /** Frame bytes of these packets. */
  readonly bytes: number;
  /** Packets that carry nothing above it. */
  readonly ends: number;
}

/** What ends of conversations are: addresses, or addresses with ports. */
export const CONVERSATION_KINDS = ['ip', 'tcp', 'udp'] as const;

export type ConversationKind = (typeof CONVERSATION_KINDS)[number];

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

/** Packets of one class of lengths. */
export interface LengthCount {
  /** Bytes on the wire, both included; `to` null: as long as can be. */
  readonly from: number;
  readonly to: number | null;
  readonly packets: number;
  readonly bytes: number;
  /** Shortest and longest packet of the class, 0 without one. */
  readonly least: number;
  readonly most: number;
}

/** Packets over time, in slots of equal length. */
export interface RateCurve {
  /** Seconds since the first packet where the first slot begins, below 0 where packets are of an earlier time; and how long a slot is. */
  readonly from: number;
  readonly seconds: number;
  readonly packets: readonly number[];
  readonly bytes: readonly number[];
  /** Packets with something wrong: sent again, out of order, a gap before, a closed window, a reset. */
  readonly trouble: readonly number[];
  /** First row of each slot, -1 for a slot without a packet. */
  readonly rows: readonly number[];
}

/** What was counted of the packets on show. */
export interface Statistics {
  /** For progress: rows counted, of all that will be. */
  readonly counted: number;
  readonly total: number;
  readonly packets: number;
  readonly bytes: number;
  readonly protocols: readonly ProtocolCount[];
  readonly lengths: readonly LengthCount[];
  /** Number of conversations of each kind. */
  readonly conversations: Readonly<Record<ConversationKind, number>>;
  readonly rate: RateCurve;
  /** Of all packets, where a filter leaves some. */
  readonly wholeRate: RateCurve | null;
}

/** Columns of the tables of conversations and endpoints; of the latter `a` is the end, A to B what it sent. */
export const STATISTICS_SORTS = [
  'stream',
  'a',
  'b',
  'packets',
  'bytes',
  'packetsAtoB',
  'bytesAtoB',
  'packetsBtoA',
  'bytesBtoA',
  'start',
  'duration',
] as const;

export type StatisticsSort = (typeof STATISTICS_SORTS)[number];
