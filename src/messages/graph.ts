/** Graphs of a connection. Plain data: see ../messages.ts. */

/** Graphs of one direction of a connection. 'sequence': Stevens' graph; 'tcptrace': with the window's edge and selective ACKs. */
export const GRAPH_KINDS = ['sequence', 'tcptrace', 'rtt', 'throughput', 'window'] as const;

export type GraphKind = (typeof GRAPH_KINDS)[number];

export type GraphSeriesKind =
  | 'segments'
  | 'acks'
  | 'window-edge'
  | 'sacked'
  | 'rtt'
  | 'throughput'
  | 'goodput'
  | 'receive-window'
  | 'in-flight';

/** What is wrong at a point; '' for nothing. */
export type GraphMark = '' | 'retransmission' | 'out-of-order' | 'gap' | 'zero-window' | 'window-full' | 'alike';

/** Points in order of capture; the columns are equally long. */
export interface GraphSeries {
  readonly kind: GraphSeriesKind;
  /** Seconds since the connection's first packet. */
  readonly x: readonly number[];
  /** Relative sequence numbers, octets, seconds (rtt) or bits per second, by the kind of the graph. */
  readonly y: readonly number[];
  /** Upper end where a point is a span of sequence numbers; else as `y`. */
  readonly top: readonly number[];
  /** Row of the packet that a point comes from; -1 for a slot of time without one. */
  readonly rows: readonly number[];
  readonly marks: readonly GraphMark[];
  /** Packets of each mark in the picture: a slot of time has one mark for all of its packets, and of very many not all are drawn. */
  readonly marked: Readonly<Partial<Record<GraphMark, number>>>;
}

export interface ConnectionGraph {
  readonly stream: number;
  readonly direction: 'client' | 'server';
  readonly kind: GraphKind;
  readonly series: readonly GraphSeries[];
  /** Seconds from the connection's first packet to its last. */
  readonly life: number;
  /** Seconds that a rate is taken over; 0 for other graphs. */
  readonly slot: number;
  /** Share of the packets that were gone through, 0 to 1: ask again for the rest. */
  readonly progress: number;
}
