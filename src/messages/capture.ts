/** The state of the open capture and of its file. Plain data: see ../messages.ts. */
import type { LayerNode } from './tree.ts';

/** Where and how a file is broken. All packets before it are in the list. */
export interface Damage {
  readonly kind: 'cut-short' | 'corrupt';
  /** Number (from 1) of the packet that would have come next. */
  readonly packet: number;
  /** Of a file packed with gzip: whether that itself is cut or damaged, or what is in it. Offsets then count in what was unpacked. */
  readonly packed: 'no' | 'inside' | 'itself';
  /** Byte offset of the record or block that is broken. */
  readonly offset: number;
  /** Bytes that the record promises from `offset` on, 0 if that is what is unclear. */
  readonly promised: number;
  /** Bytes that the file holds from `offset` on. */
  readonly present: number;
  /** One sentence: what the damage is. */
  readonly message: string;
}

export interface InterfaceInfo {
  readonly name: string | null;
  readonly description: string | null;
  readonly linkType: number;
  readonly linkTypeName: string;
  readonly packets: number;
  /** Drops that the file's interface statistics block reports; null if it says nothing. */
  readonly dropped: number | null;
}

/** State of the one capture that the engine has open. Sent with every `state` event, whole: it is small. */
export interface CaptureState {
  /** Number of this capture; every open and every capture start makes a new one. Answers and events carry it. */
  readonly capture: number;
  readonly path: string;
  /** Name to show: base name of the file, or the interface of a live capture. */
  readonly name: string;
  readonly phase: 'reading' | 'following' | 'done' | 'stopped';
  readonly live: boolean;
  /** 'pcap', 'pcap (nanoseconds)', 'pcapng', … */
  readonly format: string;
  readonly compression: 'none' | 'gzip';
  readonly packets: number;
  /** Sum of original lengths. */
  readonly bytes: number;
  readonly connections: number;
  /** UDP streams, numbered as `udp.stream`. */
  readonly udpStreams: number;
  /** HTTP exchanges. */
  readonly exchanges: number;
  /** For progress: bytes of the file read so far and its size. */
  readonly bytesRead: number;
  readonly fileBytes: number;
  /** Since the open began, in ms, until the end of reading. */
  readonly elapsedMs: number;
  /** Times of the earliest and the latest packet, epoch seconds with nine decimals; null while there is no packet. */
  readonly firstTime: string | null;
  readonly lastTime: string | null;
  readonly interfaces: readonly InterfaceInfo[];
  readonly comments: readonly string[];
  readonly damage: Damage | null;
  /** Digits of the fractional second that are meaningful, for the time column: 6 or 9. */
  readonly timePrecision: number;
  /** Things left out because of a bound, each one sentence. */
  readonly notes: readonly string[];
  /** What another program did to the file since it was opened; null if nothing, and for a capture of our own. */
  readonly change: FileChange | null;
}

/** Marks that stand first in the info column, in the order given. */
export interface Mark {
  readonly kind: 'handshake' | 'neutral' | 'warn' | 'bad';
  /** '1/3', 'Retransmission', 'Dup ACK 145#7', 'Gap before', 'Reset', 'Zero window', … */
  readonly text: string;
}

/**
 * What another program did to an open file. 'gone' (moved or deleted) and 'replaced' (another file has its name) leave what is shown as it was; 'cut'
 * took packets away; 'grown' added to its end; 'rewritten' changed it somewhere.
 */
export type FileChange = 'gone' | 'replaced' | 'cut' | 'grown' | 'rewritten';

/** The broken record, for the inspector of a damaged file. */
export interface DamageDetail {
  readonly damage: Damage;
  /** Bytes of the file around the damage. */
  readonly bytes: Uint8Array;
  /** Offset in the file of bytes[0]. */
  readonly bytesOffset: number;
  /** Fields of the record header as far as they could be read. */
  readonly record: readonly { readonly label: string; readonly display: string; readonly offset: number; readonly length: number }[];
  /** Layers of the part of the packet that is there; source 0 is `partial`. */
  readonly layers: readonly LayerNode[];
  readonly partial: Uint8Array;
}
