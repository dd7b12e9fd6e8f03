/** Writes capture files: pcapng and pcap. */
import { closeSync, fstatSync, fsyncSync, ftruncateSync, openSync, renameSync, unlinkSync, write as writeFile, writeSync } from 'node:fs';
import type { Failure } from '../messages.ts';
import { version } from '../version.ts';
import {
  Output,
  unitsExponent,
  type WriteInterface,
  type WriteStatistics,
  writeInterface,
  writeKeyLog,
  writePacketBlock,
  writePcapHeader,
  writePcapRecord,
  writeSection,
  writeStatistics,
} from './encode.ts';
import { fileFailure } from './failures.ts';
import { linkTypeName } from './link-types.ts';
import { partOf } from './part.ts';

export type { WriteInterface } from './encode.ts';

export interface WriterOptions {
  readonly format: 'pcapng' | 'pcap';
  /** At least one for pcap. pcapng can be given more with `addInterface`. */
  readonly interfaces: readonly WriteInterface[];
  /** Section comments; pcapng only. */
  readonly comments?: readonly string[];
  /** Text of an NSS key log for what is in the file; pcapng only. Empty: none. */
  readonly keyLog?: Uint8Array;
  /** Whole seconds, 0 at most, from which times are counted: below 0 where some are before 1970. pcapng only. */
  readonly timeOffset?: number;
  /** Written straight to the path, so that another process can follow: no temporary name, no renaming. */
  readonly direct?: boolean;
  /** Program that wrote the file; "Sevenfold" with its version if left out. pcapng only. */
  readonly application?: string;
  /** Permission bits of the file; 0o666 less the umask if left out. */
  readonly mode?: number;
}

/** What a writer did. */
export interface Written {
  readonly packets: number;
  readonly bytes: number;
}

export type WriterResult<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly failure: Failure };

/** Last second of pcap's 32-bit times. */
const LAST_SECOND = 0xffff_ffff;
/** Bytes collected before they are written. */
const BATCH = 1024 * 1024;

/**
 * One file being written. After a failure every call answers with the same failure, and `close` removes what was begun, unless the
 * file was written directly: then what was flushed before stays, whole blocks only.
 */
export class CaptureWriter {
  readonly path: string;
  readonly format: 'pcapng' | 'pcap';
  readonly #writingTo: string;
  readonly #direct: boolean;
  readonly #nanoseconds: boolean;
  /** Exponent of the time units of each interface. */
  readonly #exponents: number[];
  readonly #timeOffset: number;
  #fd: number;
  #out = new Output(BATCH + 64 * 1024);
  #spare = new Output(BATCH + 64 * 1024);
  #packets = 0;
  #packetsOnDisk = 0;
  #bytesOnDisk = 0;
  #failure: Failure | null = null;
  #lost = false;
  #writing: Promise<void> | null = null;

  private constructor(path: string, writingTo: string, fd: number, options: WriterOptions) {
    this.path = path;
    this.format = options.format;
    this.#writingTo = writingTo;
    this.#direct = options.direct === true;
    this.#fd = fd;
    this.#exponents = options.interfaces.map(unitsExponent);
    this.#timeOffset = options.timeOffset ?? 0;
    this.#nanoseconds = this.#exponents.some((each) => each > 6);
    if (options.format === 'pcapng') {
      writeSection(this.#out, options.application ?? `Sevenfold ${version}`, options.comments ?? []);
      for (const described of options.interfaces) writeInterface(this.#out, described, this.#timeOffset);
      if (options.keyLog !== undefined && options.keyLog.length > 0) writeKeyLog(this.#out, options.keyLog);
    } else {
      const snapLength = options.interfaces.some((each) => each.snapLength === 0)
        ? 0
        : Math.max(...options.interfaces.map((each) => each.snapLength));
      writePcapHeader(this.#out, this.#nanoseconds, snapLength, options.interfaces[0]?.linkType ?? 0);
    }
  }

  /** Begins a file. Fails if it cannot be made, or if the format cannot hold the interfaces. */
  static create(path: string, options: WriterOptions): WriterResult<CaptureWriter> {
    if (options.format === 'pcap') {
      const linkTypes = [...new Set(options.interfaces.map((each) => each.linkType))];
      if (linkTypes.length !== 1) {
        return {
          ok: false,
          failure: {
            code: 'invalid',
            message:
              linkTypes.length === 0
                ? 'A pcap file needs a link type, and this capture has none.'
                : `A pcap file can hold one link type only; this capture has ${linkTypes.map(linkTypeName).join(', ')}.`,
            advice: 'Save it as pcapng instead.',
          },
        };
      }
    }
    const part = options.direct === true ? { ok: true as const, value: path } : partOf(path);
    if (!part.ok) return part;
    const writingTo = part.value;
    try {
      const fd = openSync(writingTo, options.direct === true ? 'w' : 'wx', options.mode ?? 0o666);
      return { ok: true, value: new CaptureWriter(path, writingTo, fd, options) };
    } catch (error) {
      return { ok: false, failure: fileFailure(path, error, 'written') };
    }
  }

  /** Packets given so far. */
  get packets(): number {
    return this.#packets;
  }
  /** Packets whose blocks are whole in the file. */
  get packetsOnDisk(): number {
    return this.#packetsOnDisk;
  }
  /** Bytes of the file; all blocks up to there are whole. */
  get bytesOnDisk(): number {
    return this.#bytesOnDisk;
  }
  /** Bytes waiting to be written. */
  get pending(): number {
    return this.#out.length;
  }
  get failure(): Failure | null {
    return this.#failure;
  }
  /** Written directly: what was flushed is no longer at the path, because somebody else has removed or changed the file. */
  get lost(): boolean {
    return this.#lost;
  }

  /** Describes one more interface (pcapng only); returns its number. */
  addInterface(described: WriteInterface): number {
    writeInterface(this.#out, described, this.#timeOffset);
    return this.#exponents.push(unitsExponent(described)) - 1;
  }

  /** Adds an interface statistics block (pcapng only; pcap has no place for it). */
  addStatistics(iface: number, statistics: WriteStatistics): void {
    if (this.format === 'pcapng') writeStatistics(this.#out, iface, this.#exponents[iface] ?? 9, statistics, this.#timeOffset);
  }

  /**
   * Adds one packet to the batch; nothing reaches the disk before a flush. Allocates nothing in steady state.
   * @param iface number of the interface; pcap has one only and does not write it
   * @param flags epb_flags; pcapng only, as comments are
   */
  append(
    bytes: Uint8Array,
    offset: number,
    capLen: number,
    wireLen: number,
    sec: number,
    nsec: number,
    iface: number,
    comments?: readonly string[],
    flags: number | null = null,
  ): void {
    // A batch that can never be written must not grow.
    if (this.#failure !== null) return;
    this.#packets++;
    if (this.format === 'pcapng') {
      const since = sec - this.#timeOffset;
      writePacketBlock(this.#out, bytes, offset, capLen, wireLen, since, nsec, iface, this.#exponents[iface] ?? 9, comments, flags);
    } else if (sec >= 0 && sec <= LAST_SECOND) {
      writePcapRecord(this.#out, this.#nanoseconds, bytes, offset, capLen, wireLen, sec, nsec);
    } else {
      this.#failure = {
        code: 'invalid',
        message: 'A pcap file can hold times from 1970 to February 2106 only; this capture has others.',
        advice: 'Save it as pcapng instead.',
      };
    }
  }

  /** `append`, and waits for the disk whenever a batch is full. False: the file cannot be written; see `failure`. */
  async write(
    bytes: Uint8Array,
    offset: number,
    capLen: number,
    wireLen: number,
    sec: number,
    nsec: number,
    iface: number,
    comments?: readonly string[],
    flags: number | null = null,
  ): Promise<boolean> {
    this.append(bytes, offset, capLen, wireLen, sec, nsec, iface, comments, flags);
    return this.#out.length < BATCH ? this.#failure === null : await this.flush();
  }

  /** Writes the batch now and blocks until the system has it. Returns the bytes on disk. Not to be mixed with `flush` under way. */
  flushSync(): number {
    if (this.#failure !== null) return this.#bytesOnDisk;
    const { bytes, length } = this.#out;
    let done = 0;
    try {
      this.#look();
      while (this.#failure === null && done < length) done += writeSync(this.#fd, bytes, done, length - done, this.#bytesOnDisk + done);
      if (this.#failure === null) {
        this.#bytesOnDisk += length;
        this.#packetsOnDisk = this.#packets;
      }
    } catch (error) {
      this.#failure = fileFailure(this.path, error, 'written');
    }
    this.#out.length = 0;
    return this.#bytesOnDisk;
  }

  /** Whether a file that stands at its path from the start is as it was left. Who else writes there would get half of each. Throws errors of the system. */
  #look(): void {
    if (!this.#direct) return;
    const found = fstatSync(this.#fd);
    // A device has no size.
    if (!found.isFile() || (found.nlink > 0 && found.size === this.#bytesOnDisk)) return;
    this.#lost = true;
    this.#failure =
      found.nlink === 0
        ? { code: 'io', message: `${this.path} was removed while it was written.`, advice: 'Start the capture again.' }
        : {
            code: 'io',
            message: `${this.path} was changed by another program while it was written.`,
            advice: 'Start the capture again, with a file that nothing else writes.',
          };
  }

  /** Writes the batch; packets can be added meanwhile. False: the file cannot be written; see `failure`. */
  async flush(): Promise<boolean> {
    while (this.#writing !== null) await this.#writing;
    if (this.#failure !== null || this.#out.length === 0) return this.#failure === null;
    const batch = this.#out;
    const packets = this.#packets;
    this.#out = this.#spare;
    this.#spare = batch;
    this.#writing = this.#writeAll(batch.bytes, batch.length).then(
      () => {
        this.#bytesOnDisk += batch.length;
        this.#packetsOnDisk = packets;
      },
      (error: unknown) => {
        this.#failure = fileFailure(this.path, error, 'written');
      },
    );
    await this.#writing;
    batch.length = 0;
    this.#writing = null;
    return this.#failure === null;
  }

  /** Writes what is left and puts the file in its place. */
  async close(): Promise<WriterResult<Written>> {
    await this.flush();
    return this.#end();
  }

  /** The same at once. */
  closeSync(): WriterResult<Written> {
    this.flushSync();
    return this.#end();
  }

  /** Ends without keeping the file, unless it was written directly. */
  async abandon(): Promise<void> {
    while (this.#writing !== null) await this.#writing;
    this.#failure ??= { code: 'invalid', message: 'Writing was stopped.' };
    this.#end();
  }

  #end(): WriterResult<Written> {
    if (this.#fd >= 0) {
      try {
        if (this.#failure === null && !this.#direct) fsyncSync(this.#fd);
      } catch (error) {
        this.#failure = fileFailure(this.path, error, 'written');
      }
      if (this.#direct && this.#failure !== null && !this.#lost) this.#tidy(() => ftruncateSync(this.#fd, this.#bytesOnDisk));
      this.#tidy(() => closeSync(this.#fd));
      this.#fd = -1;
      if (!this.#direct && this.#failure === null) {
        try {
          renameSync(this.#writingTo, this.path);
        } catch (error) {
          this.#failure = fileFailure(this.path, error, 'written');
        }
      }
      if (!this.#direct && this.#failure !== null) this.#tidy(() => unlinkSync(this.#writingTo));
    }
    if (this.#failure !== null) return { ok: false, failure: this.#failure };
    return { ok: true, value: { packets: this.#packets, bytes: this.#bytesOnDisk } };
  }

  #tidy(action: () => void): void {
    try {
      action();
    } catch (error) {
      this.#failure ??= fileFailure(this.path, error, 'written');
    }
  }

  async #writeAll(bytes: Uint8Array, length: number): Promise<void> {
    let done = 0;
    while (done < length) {
      const at = done;
      done += await new Promise<number>((resolve, reject) => {
        writeFile(this.#fd, bytes, at, length - at, this.#bytesOnDisk + at, (error, count) =>
          error === null ? resolve(count) : reject(error),
        );
      });
    }
  }
}
