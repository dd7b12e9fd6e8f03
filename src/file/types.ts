/** Contracts of the capture file layer. */
import type { Damage } from '../messages.ts';

/** Receives packets in file order. `bytes` is the read buffer: valid during the call only. */
export interface PacketSink {
  /**
   * One packet record.
   * @param bytes read buffer; the packet is bytes[offset, offset + capLen)
   * @param wireLen original length, as the record has it
   * @param sec epoch seconds (floor); @param nsec 0 to 999,999,999
   * @param iface number of the interface, counted over all sections: index into `CaptureReader.interfaces`
   * @param fileOffset offset of the packet's first byte in the uncompressed file
   * @param annotated the record has comments
   */
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
  ): void;
  /** Secrets for what follows in the file: the text of an NSS key log. Valid during the call only. */
  keyLog?(bytes: Uint8Array): void;
  /** Told of each block that is no packet (pcapng), after it was read: `bytes` as last given to the parser's `parse`, the block is bytes[at, at + length). */
  block?(at: number, length: number): void;
}

/** An interface that packets were captured on, as the file describes it. */
export interface CaptureInterface {
  /** LINKTYPE_ number. */
  readonly linkType: number;
  readonly snapLength: number;
  readonly name: string | null;
  /** The file describes its interfaces (pcapng): packets have the number of one, even where it has no name. */
  readonly described?: boolean;
  readonly description: string | null;
  readonly captureFilter: string | null;
  /** Digits after the decimal point that time stamps of this interface have: 6 or 9, … */
  readonly timePrecision: number;
  /** Of the machine that captured: the interface's hardware or driver, the operating system; where the file says it. */
  readonly hardware?: string | null;
  readonly os?: string | null;
  /** Number of its section of the file, from 1 on (pcapng). */
  readonly section?: number;
}

export interface ReaderInterface extends CaptureInterface {
  /** From the interface statistics block (isb_ifdrop), null if the file does not say. */
  dropped: number | null;
  /** From the same block (isb_ifrecv). */
  received?: number | null;
  /** Digits after the decimal point that tell its times exactly, at most 9; `timePrecision` if left out. */
  readonly exactDigits?: number;
  /** When it was counted: epoch seconds (floor), and nanoseconds within the second. */
  countedAt?: { readonly sec: number; readonly nsec: number };
}

/** What step() found. */
export type Step =
  /** Packets were delivered, or may follow: call again. */
  | 'more'
  /** The end of what the file holds now. A followed file may grow; call again then. */
  | 'end'
  /** `damage` is set; nothing more can be read. */
  | 'damaged';

/** An open capture file. Made by `openCapture`. */
export interface CaptureReader {
  readonly path: string;
  /** 'pcap', 'pcap (nanoseconds)', 'modified pcap', …, 'pcapng'. */
  readonly format: string;
  readonly compression: 'none' | 'gzip';
  /** Grows while reading (pcapng); numbers are stable. */
  readonly interfaces: readonly ReaderInterface[];
  /** Section comments. */
  readonly comments: readonly string[];
  readonly damage: Damage | null;
  /** Bytes of the file itself (compressed ones, if compressed) that were read, and its size when last looked at. */
  readonly bytesRead: number;
  readonly fileBytes: number;
  /**
   * Reads the next piece and gives its whole packets to `sink`. Never more than about 4 MB at once, so that the caller can answer
   * questions in between. `limit`: do not read past this byte of the file (following a spool file that is being written).
   */
  step(sink: PacketSink, limit?: number): Promise<Step>;
  /**
   * Called once when a followed file has ended, or when a file that is not followed reached 'end': turns a partial record at the end
   * into `damage`.
   */
  finish(): void;
  /** Bytes [offset, offset + length) of the uncompressed file, for full dissection; shorter where the file ends. Synchronous; cached in blocks. */
  readAt(offset: number, length: number): Uint8Array;
  /** The same into a buffer that is there, from `at` on; gives how many bytes there were. For those who read very many packets. */
  readInto?(offset: number, length: number, into: Uint8Array, at: number): number;
  /** Comments of the packet whose bytes are at `fileOffset`, read again from its record. */
  commentsAt(fileOffset: number): readonly string[];
  /** True once a packet with flags was read: before, nobody need ask `flagsAt`. Left out where the format has none. */
  readonly flagged?: boolean;
  /** Its flags (epb_flags of pcapng), null without any. */
  flagsAt?(fileOffset: number): number | null;
  close(): Promise<void>;
}
