/** What a file format has to say to the reader core: where its records are and what is in them. */
import type { PcapHeader } from './pcap.ts';
import type { PacketSink, ReaderInterface } from './types.ts';

/** A record that cannot be right. */
export interface Fault {
  /** File offset of the record or block. */
  readonly offset: number;
  /** Bytes that the record promises, 0 if that is what is unclear. */
  readonly promised: number;
  /** One sentence. */
  readonly message: string;
}

/** Takes records out of a stretch of the file. Keeps no reference to the bytes it is given. */
export interface RecordParser {
  readonly format: string;
  readonly interfaces: readonly ReaderInterface[];
  readonly comments: readonly string[];
  /** Packets delivered so far; counted on where another thread has found some. */
  packets: number;
  /** What a parser needs that goes on in another thread: see ReadingPlan. */
  readonly pcap: { readonly header: PcapHeader; readonly recordHeader: number } | null;
  readonly described: readonly number[];
  /** Set by `parse` where the file is corrupt; nothing after it can be read. */
  readonly fault: Fault | null;
  /** Bytes that the record at which `parse` stopped needs in all; its header, as long as its length is not known. */
  readonly needed: number;
  /** True if the record at which `parse` stopped is known to be something else than a packet. */
  readonly stoppedOutsidePacket: boolean;
  /**
   * Gives the whole packets of bytes[start, end) to `sink` and returns where the first record that is not whole begins.
   * @param base file offset of bytes[0]; negative where the buffer has unused room in front
   */
  parse(bytes: Uint8Array, start: number, end: number, base: number, sink: PacketSink): number;
  /** Comments of the packet whose bytes are at `fileOffset`. `readAt` as that of the reader. */
  commentsAt(fileOffset: number, readAt: (offset: number, length: number) => Uint8Array): readonly string[];
  /** A packet with flags was delivered; set where another thread has found one. */
  flagged?: boolean;
  /** Its flags, as pcapng has them (epb_flags); null without any. Where a format has none, left out. */
  flagsAt?(fileOffset: number, readAt: (offset: number, length: number) => Uint8Array): number | null;
}

/** Unsigned 32-bit number at `at`. */
export function u32(bytes: Uint8Array, at: number, little: boolean): number {
  const a = bytes[at] ?? 0;
  const b = bytes[at + 1] ?? 0;
  const c = bytes[at + 2] ?? 0;
  const d = bytes[at + 3] ?? 0;
  return little ? ((d << 24) | (c << 16) | (b << 8) | a) >>> 0 : ((a << 24) | (b << 16) | (c << 8) | d) >>> 0;
}

/** The bytes at hand as words: one view per buffer, made when a buffer comes for the first time. */
export class Words {
  #bytes: Uint8Array | null = null;
  #view: DataView = new DataView(new ArrayBuffer(0));

  of(bytes: Uint8Array): DataView {
    if (bytes !== this.#bytes) {
      this.#bytes = bytes;
      this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
    }
    return this.#view;
  }
}

/** Unsigned 16-bit number at `at`. */
export function u16(bytes: Uint8Array, at: number, little: boolean): number {
  const a = bytes[at] ?? 0;
  const b = bytes[at + 1] ?? 0;
  return little ? (b << 8) | a : (a << 8) | b;
}

/** Longest packet that a record may have: what is longer is a corrupt length. Two link types do carry more. */
export function longestPacket(linkType: number): number {
  return linkType === 231 || linkType === 249 ? 128 * 1024 * 1024 : linkType === 279 ? 8 * 1024 * 1024 : 262_144;
}
