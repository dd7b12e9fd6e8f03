/** The reader that all file formats share: reads in pieces, ahead of the parser, and keeps the place in a file that grows. */
import type { Damage } from '../messages.ts';
import { BlockCache } from './block-cache.ts';
import type { RecordParser } from './parser.ts';
import type { PcapHeader } from './pcap.ts';
import type { ByteSource } from './source.ts';
import type { CaptureReader, PacketSink, ReaderInterface, Step } from './types.ts';

/**
 * Bytes per step: about 5,000 packets, so that the caller can answer questions in between. The next piece is read by another thread
 * while this one is dissected, so that two of them should fit the processor's cache, and each be worth the change of threads.
 */
const PIECE = 512 * 1024;
/**
 * The first piece: what a window shows first is in it, and packets that nobody waits for are not. The pieces after it are twice as long each, up to PIECE.
 */
const FIRST_PIECE = 32 * 1024;
/** Room in front of a piece for the record that began in the piece before. */
const HEADROOM = 264 * 1024;

/** How a file is to be read on. */
export interface ReadingPlan {
  readonly fd: number;
  /** File offset of the record to begin with. */
  readonly offset: number;
  /** pcap: the file header, and the length of record headers. Null: it is pcapng. */
  readonly pcap: { readonly header: PcapHeader; readonly recordHeader: number } | null;
  /** pcapng: offset and length of each block so far that says how packets are to be read. */
  readonly described: readonly number[];
}

interface Pending {
  readonly into: Uint8Array;
  readonly result: Promise<{ readonly count: number; readonly error: Error | null }>;
}

/** An open capture: a byte source and the parser of its format. */
export class FileReader implements CaptureReader {
  readonly path: string;
  readonly #source: ByteSource;
  readonly #parser: RecordParser;
  readonly #cache: BlockCache;
  readonly #buffers: readonly [Uint8Array, Uint8Array] = [new Uint8Array(HEADROOM + PIECE), new Uint8Array(HEADROOM + PIECE)];
  /** Bytes [start, end) of the current buffer are read and not yet parsed; the file offset of its first byte is `base`. */
  #bytes: Uint8Array;
  #start = HEADROOM;
  #end = HEADROOM;
  #base = -HEADROOM;
  /** File offset of the next byte to read. */
  #position = 0;
  /** Bytes of the next piece. */
  #piece = FIRST_PIECE;
  #pending: Pending | null = null;
  #damage: Damage | null = null;
  #closed = false;

  /** @param firstRecord file offset at which the parser is to begin: after the file header */
  constructor(path: string, source: ByteSource, parser: RecordParser, firstRecord: number) {
    this.path = path;
    this.#source = source;
    this.#parser = parser;
    this.#cache = new BlockCache(source);
    this.#bytes = this.#buffers[0];
    this.#position = firstRecord;
    this.#base = firstRecord - HEADROOM;
  }

  get format(): string {
    return this.#parser.format;
  }
  get compression(): 'none' | 'gzip' {
    return this.#source.compression;
  }
  get interfaces(): readonly ReaderInterface[] {
    return this.#parser.interfaces;
  }
  get comments(): readonly string[] {
    return this.#parser.comments;
  }
  get damage(): Damage | null {
    return this.#damage;
  }
  get bytesRead(): number {
    return this.#source.bytesRead;
  }
  get fileBytes(): number {
    return this.#source.fileBytes;
  }

  async step(sink: PacketSink, limit = Number.MAX_SAFE_INTEGER): Promise<Step> {
    if (this.#damage !== null) return 'damaged';
    if (this.#closed) return 'end';
    let count: number;
    try {
      count = await this.#nextPiece(limit);
    } catch (error) {
      return this.#unreadable(error);
    }
    if (this.#closed) return 'end';
    return count === 0 ? this.#ended() : this.#parse(sink);
  }

  #parse(sink: PacketSink): Step {
    this.#start = this.#parser.parse(this.#bytes, this.#start, this.#end, this.#base, sink);
    const fault = this.#parser.fault;
    if (fault === null) return 'more';
    this.#fail('corrupt', fault.offset, fault.promised, fault.message);
    return 'damaged';
  }

  #ended(): Step {
    if (this.#source.fault === null) return 'end';
    const { kind, message } = this.#source.fault;
    this.#fail(kind, this.#base + this.#start, this.#promised(), message);
    return 'damaged';
  }

  #unreadable(error: unknown): Step {
    const why = error instanceof Error ? error.message : String(error);
    this.#fail('cut-short', this.#position, 0, `The file could not be read from byte ${this.#position} on: ${why}.`);
    return 'damaged';
  }

  /** Called before the file is closed: resolves when no other thread reads it any more. */
  beforeClose: (() => Promise<void>) | null = null;

  /** How another thread can read on from the next record; null where it cannot. `step` is not to be called again before `takeBack` was. */
  lend(): ReadingPlan | null {
    const { fd } = this.#source;
    if (fd === undefined || this.#closed || this.#damage !== null) return null;
    return { fd, offset: this.#base + this.#start, pcap: this.#parser.pcap, described: this.#parser.described };
  }

  /** A block that is no packet and that the other thread came across: `bytes` begin at file offset `base`. */
  lentBlock(bytes: Uint8Array, at: number, length: number, base: number, sink: PacketSink): void {
    this.#parser.parse(bytes, at, at + length, base, sink);
  }

  /** The other thread has read up to `offset`, and found so many packets more. `flagged`: some packet so far has flags. */
  lentProgress(offset: number, packets: number, flagged: boolean): void {
    this.#source.bytesRead = Math.max(this.#source.bytesRead, offset);
    this.#parser.packets += packets;
    if (flagged) this.#parser.flagged = true;
  }

  /** `step` goes on from the record at `offset`. */
  async takeBack(offset: number): Promise<void> {
    await this.#pending?.result;
    this.#pending = null;
    this.#bytes = this.#buffers[0];
    this.#position = offset;
    this.#start = HEADROOM;
    this.#end = HEADROOM;
    this.#base = offset - HEADROOM;
  }

  get closed(): boolean {
    return this.#closed;
  }

  finish(): void {
    const present = this.#end - this.#start;
    if (this.#damage !== null || present === 0) return;
    const next = this.#parser.packets + 1;
    this.#damage = {
      kind: 'cut-short',
      packet: next,
      packed: this.#packed,
      offset: this.#base + this.#start,
      promised: this.#promised(),
      present,
      message: this.#parser.stoppedOutsidePacket
        ? `The file ends in the middle of a block ${next === 1 ? 'before the first packet' : `after packet ${next - 1}`}.`
        : `The file ends in the middle of packet ${next}.`,
    };
  }

  readAt(offset: number, length: number): Uint8Array {
    return this.#closed ? new Uint8Array(0) : this.#cache.readAt(offset, length);
  }

  readInto(offset: number, length: number, into: Uint8Array, at: number): number {
    return this.#closed ? 0 : this.#cache.readInto(offset, length, into, at);
  }

  commentsAt(fileOffset: number): readonly string[] {
    return this.#parser.commentsAt(fileOffset, (offset, length) => this.readAt(offset, length));
  }

  get flagged(): boolean {
    return this.#parser.flagged === true;
  }

  flagsAt(fileOffset: number): number | null {
    return this.#parser.flagsAt?.(fileOffset, (offset, length) => this.readAt(offset, length)) ?? null;
  }

  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    // The buffer of a read under way must not be let go before the read is over, nor the file closed under it.
    await this.#pending?.result;
    await this.beforeClose?.();
    await this.#source.close();
  }

  /** Puts the next piece behind the bytes that are left, and begins to read the one after it. Returns the number of new bytes. */
  async #nextPiece(limit: number): Promise<number> {
    let into = this.#free();
    let count = 0;
    let wanted = Math.min(this.#piece, limit - this.#position);
    if (this.#pending !== null) {
      const pending = this.#pending;
      const result = await pending.result;
      this.#pending = null;
      if (result.error !== null) throw result.error;
      into = pending.into;
      count = result.count;
    }
    // A read ahead that came to the end of a growing file says nothing about the file now.
    if (count === 0) {
      if (wanted <= 0) return 0;
      const read = this.#read(into, wanted);
      this.#pending = read;
      const result = await read.result;
      this.#pending = null;
      if (result.error !== null) throw result.error;
      count = result.count;
      if (count === 0) return 0;
    }
    this.#append(into, count);
    this.#position += count;
    this.#piece = Math.min(PIECE, 2 * this.#piece);
    wanted = Math.min(PIECE, limit - this.#position);
    if (wanted > 0 && count === PIECE && !this.#closed) this.#pending = this.#read(this.#free(), wanted);
    return count;
  }

  #read(into: Uint8Array, length: number): Pending {
    const result = this.#source.read(into, HEADROOM, length, this.#position).then(
      (count) => ({ count, error: null }),
      (error: unknown) => ({ count: 0, error: error instanceof Error ? error : new Error(String(error)) }),
    );
    return { into, result };
  }

  /** The piece buffer that is not the current one. */
  #free(): Uint8Array {
    return this.#bytes === this.#buffers[0] ? this.#buffers[1] : this.#buffers[0];
  }

  #append(piece: Uint8Array, count: number): void {
    const left = this.#end - this.#start;
    if (left <= HEADROOM) {
      // Only the part of a record that began before moves.
      piece.set(this.#bytes.subarray(this.#start, this.#end), HEADROOM - left);
      this.#bytes = piece;
      this.#start = HEADROOM - left;
      this.#end = HEADROOM + count;
      this.#base = this.#position - HEADROOM;
      return;
    }
    if (this.#bytes.length - this.#end < count) this.#widen(left);
    this.#bytes.set(piece.subarray(HEADROOM, HEADROOM + count), this.#end);
    this.#end += count;
  }

  /** Moves the `left` bytes that are left to a buffer that has room for the whole record. */
  #widen(left: number): void {
    const larger = new Uint8Array(Math.max(left, this.#parser.needed) + PIECE);
    larger.set(this.#bytes.subarray(this.#start, this.#end));
    this.#bytes = larger;
    this.#base += this.#start;
    this.#start = 0;
    this.#end = left;
  }

  get #packed(): Damage['packed'] {
    return this.#source.compression === 'none' ? 'no' : this.#source.fault === null ? 'inside' : 'itself';
  }

  #promised(): number {
    return this.#end - this.#start > 0 ? this.#parser.needed : 0;
  }

  #fail(kind: Damage['kind'], offset: number, promised: number, message: string): void {
    const present = Math.max(this.#base + this.#end, this.#source.compression === 'none' ? this.#source.fileBytes : 0) - offset;
    this.#damage = {
      kind,
      packet: this.#parser.packets + 1,
      packed: this.#packed,
      offset,
      promised,
      present: Math.max(0, present),
      message,
    };
  }
}
