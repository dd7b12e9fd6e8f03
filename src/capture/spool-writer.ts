/** The file, or the ring of files, that a capture writes. All synchronous: there is no event loop to wait for under load. */
import { existsSync, rmSync, truncateSync } from 'node:fs';
import path from 'node:path';
import { CaptureWriter, type WriteInterface } from '../file/write.ts';
import type { Failure, RingOptions } from '../messages.ts';
import { HostError } from '../system/failure.ts';
import type { SourceCounts } from './source.ts';

/** What every file of a capture says of itself. */
export interface Described {
  readonly interfaces: readonly WriteInterface[];
  readonly comment: string;
  readonly application: string;
}

export class SpoolWriter {
  readonly #path: string;
  readonly #ring: RingOptions | null;
  #described: Described;
  #writer: CaptureWriter;
  #packetsBefore = 0;
  #bytesBefore = 0;
  #number = 1;
  #begunAt = 0;
  #ending = false;
  readonly #files: string[] = [];
  /** Packets in each of the files but the present one. */
  readonly #counts: number[] = [];

  /** Throws a HostError if the file cannot be made. */
  constructor(file: string, described: Described, ring: RingOptions | null) {
    this.#path = file;
    this.#described = described;
    this.#ring = ring;
    this.#writer = this.#begin();
  }

  /** Packets taken so far. */
  get packets(): number {
    return this.#packetsBefore + this.#writer.packets;
  }
  /** Of the files before the present one. */
  get packetsBefore(): number {
    return this.#packetsBefore;
  }
  get packetsOnDisk(): number {
    return this.#packetsBefore + this.#writer.packetsOnDisk;
  }
  /** Packets in the files that are left. */
  get packetsLeft(): number {
    return [...this.#counts, this.#writer.packetsOnDisk].reduce((sum, each, k) => (this.#isLeft(k) ? sum + each : sum), 0);
  }
  /** Of the present file. */
  get bytesOnDisk(): number {
    return this.#writer.bytesOnDisk;
  }
  get totalBytesOnDisk(): number {
    return this.#bytesBefore + this.#writer.bytesOnDisk;
  }
  get pending(): number {
    return this.#writer.pending;
  }
  /** The present file of a ring has reached its size or its age. */
  get full(): boolean {
    if (this.#ring === null) return false;
    const { bytes, durationMs } = this.#ring;
    // The headers of many interfaces, or of a long filter, may be as long as a file is to be: one packet goes behind them at least.
    if (bytes !== undefined && this.#writer.packets > 0 && this.#writer.bytesOnDisk + this.#writer.pending >= bytes) return true;
    return !this.#ending && durationMs !== undefined && performance.now() - this.#begunAt >= durationMs;
  }
  /**
   * The capture is about to end: no file is begun because of age any more. The last packets may be a while in coming (dumpcap's batches),
   * and empty files meanwhile would push those with packets out of the ring.
   */
  ending(): void {
    this.#ending = true;
  }
  get failure(): Failure | null {
    return this.#writer.failure;
  }
  /** Files begun so far. */
  get begun(): number {
    return this.#number;
  }
  /** The present file. */
  get file(): string {
    return this.#writer.path;
  }
  /** Files that are left, oldest first. */
  get files(): readonly string[] {
    return this.#files.filter((_, k) => this.#isLeft(k));
  }

  /** Nothing is allocated here in steady state. */
  append(
    bytes: Uint8Array,
    offset: number,
    capLen: number,
    wireLen: number,
    sec: number,
    nsec: number,
    iface: number,
    comments?: readonly string[],
  ): void {
    this.#writer.append(bytes, offset, capLen, wireLen, sec, nsec, iface, comments);
  }

  /** What the files that are begun from now on say of themselves. */
  describe(described: Described): void {
    this.#described = described;
  }

  /** Everything taken so far is on disk after this, or `failure` says why not. Begins the next file of a ring when the present one is full. */
  flush(): void {
    this.#writer.flushSync();
    const { failure } = this.#writer;
    if (failure !== null) {
      // Who has changed it may still write it.
      if (this.#writer.lost) return;
      // Half a block may have been written before the disk was full.
      try {
        truncateSync(this.#writer.path, this.#writer.bytesOnDisk);
      } catch {
        // The host cuts it, or a reader says that the end is missing.
      }
      return;
    }
    if (this.full) this.#next();
  }

  /** `counts`: of each interface, for the statistics at the end of the file. */
  close(counts: readonly SourceCounts[] = []): void {
    for (const [iface, each] of counts.entries()) {
      if (each.received !== null || each.dropped !== null) this.#writer.addStatistics(iface, each);
    }
    this.#writer.closeSync();
  }

  /** Whether nobody has removed a file, by its place among those of the ring. */
  #isLeft(place: number): boolean {
    const file = this.#files[place];
    return file !== undefined && existsSync(file) && !(this.#writer.lost && place === this.#files.length - 1);
  }

  #next(): void {
    const { packets, bytesOnDisk } = this.#writer;
    this.#writer.closeSync();
    this.#packetsBefore += packets;
    this.#counts.push(packets);
    this.#bytesBefore += bytesOnDisk;
    this.#number += 1;
    this.#writer = this.#begin();
    const kept = this.#ring?.files ?? 0;
    while (kept > 0 && this.#files.length > kept) {
      this.#counts.shift();
      const oldest = this.#files.shift();
      if (oldest !== undefined) rmSync(oldest, { force: true });
    }
  }

  #begin(): CaptureWriter {
    const file = this.#ring === null ? this.#path : ringName(this.#path, this.#number, new Date());
    const made = CaptureWriter.create(file, {
      format: 'pcapng',
      interfaces: this.#described.interfaces,
      comments: [this.#described.comment],
      application: this.#described.application,
      direct: true,
      mode: existsSync(file) ? undefined : 0o600,
    });
    if (!made.ok) throw new HostError(made.failure);
    this.#begunAt = performance.now();
    this.#files.push(file);
    // The headers alone make it a file that others can read and follow.
    made.value.flushSync();
    return made.value;
  }
}

/** 'trace.pcapng' → 'trace_00001_20260314092653.pcapng', as dumpcap names them. */
export function ringName(file: string, number: number, now: Date): string {
  const { dir, name, ext } = path.parse(file);
  const two = (value: number): string => String(value).padStart(2, '0');
  const stamp = `${now.getFullYear()}${two(now.getMonth() + 1)}${two(now.getDate())}${two(now.getHours())}${two(now.getMinutes())}${two(now.getSeconds())}`;
  return path.join(dir, `${name}_${String(number).padStart(5, '0')}_${stamp}${ext}`);
}
