/**
 * A gzip file as a byte source: what its decompression gives goes to a temporary file without a name, so that any part of it can be
 * read again. It is unpacked no further than the reader has come.
 */
import { randomUUID } from 'node:crypto';
import { close, closeSync, fstatSync, openSync, read, readSync, statfsSync, unlinkSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createGunzip, type Gunzip } from 'node:zlib';
import { firstLine } from './failures.ts';
import type { ByteSource, SourceFault } from './source.ts';

/** Compressed bytes given to the decompressor at once. Deflate can make a thousand times as many of them. */
const INPUT = 8 * 1024;
/** Compressed bytes read at once. */
const BLOCK = 256 * 1024;
const OUTPUT = 256 * 1024;
/** The temporary folder is left this much. */
const KEPT_FREE = 256 * 1024 * 1024;
/** Free space is looked at again after so many bytes. */
const CHECK_EVERY = 16 * 1024 * 1024;

export interface GzipOptions {
  /** Folder for the temporary file. */
  readonly folder?: string;
  /** Bytes free there. */
  readonly freeBytes?: () => number;
}

export class GzipSource implements ByteSource {
  readonly compression = 'gzip';
  readonly fileBytes: number;
  bytesRead = 0;
  fault: SourceFault | null = null;
  readonly #input: number;
  readonly #spill: number;
  readonly #spillPath: string;
  #spillNamed: boolean;
  readonly #folder: string;
  readonly #freeBytes: () => number;
  /** Compressed bytes from input offset `blockAt` on. */
  readonly #block = new Uint8Array(BLOCK);
  #blockAt = 0;
  #blockLength = 0;
  #gunzip: Gunzip;
  /** Message of the decompressor's error, if it has met one. */
  #error: string | null = null;
  /** Input offset at which the last chunk given began. */
  #chunkAt = 0;
  /** Uncompressed bytes in the temporary file. */
  #written = 0;
  /** Uncompressed bytes to drop: they are there from the first pass. */
  #skip = 0;
  #nextCheck = 0;
  /** The decompressor has said that it is done, or has been stopped. */
  #ended = false;
  #wake: (() => void) | null = null;
  #closed = false;
  #turn: Promise<unknown> = Promise.resolve();

  /** @param fd the compressed file, closed by `close`. Throws what the system throws where no temporary file can be made. */
  constructor(fd: number, options: GzipOptions = {}) {
    this.#input = fd;
    this.fileBytes = fstatSync(fd).size;
    this.#folder = options.folder ?? tmpdir();
    this.#freeBytes = options.freeBytes ?? (() => freeSpace(this.#folder));
    this.#spillPath = join(this.#folder, `sevenfold-${randomUUID()}.tmp`);
    this.#spill = openSync(this.#spillPath, 'wx+', 0o600);
    this.#spillNamed = !this.#unlink();
    this.#gunzip = this.#start();
  }

  /** Reads one after the other: they share the decompressor. */
  read(into: Uint8Array, at: number, length: number, position: number): Promise<number> {
    const result = this.#turn.then(() => this.#read(into, at, length, position));
    this.#turn = result.catch(() => undefined);
    return result;
  }

  readSync(into: Uint8Array, at: number, length: number, position: number): number {
    const count = Math.min(length, this.#written - position);
    return count <= 0 ? 0 : readSync(this.#spill, into, at, count, position);
  }

  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    this.#stop();
    await this.#turn;
    closeSync(this.#spill);
    if (this.#spillNamed) this.#unlink();
    await new Promise<void>((resolve, reject) =>
      close(this.#input, (error) => (error === null || error === undefined ? resolve() : reject(error))),
    );
  }

  async #read(into: Uint8Array, at: number, length: number, position: number): Promise<number> {
    while (this.#written < position + length && !this.#ended) await this.#feed(INPUT);
    if (this.#error !== null) await this.#recover();
    // What stands behind the last member is not read.
    if (this.#ended && this.fault === null) this.bytesRead = this.fileBytes;
    const count = Math.min(length, this.#written - position);
    if (count <= 0 || this.#closed) return 0;
    return new Promise((resolve, reject) => {
      read(this.#spill, into, at, count, position, (error, got) => (error === null ? resolve(got) : reject(error)));
    });
  }

  #start(): Gunzip {
    const gunzip = createGunzip({ chunkSize: OUTPUT });
    const wake = (): void => this.#wake?.();
    gunzip.on('data', (bytes: Uint8Array) => {
      if (gunzip === this.#gunzip && !this.#ended) this.#store(bytes);
    });
    gunzip.on('end', () => {
      if (gunzip === this.#gunzip) this.#ended = true;
      wake();
    });
    gunzip.on('error', (error) => {
      if (gunzip === this.#gunzip && !this.#ended) {
        this.#error = firstLine(error);
        this.#ended = true;
      }
      wake();
    });
    gunzip.on('close', wake);
    return gunzip;
  }

  /** Gives the decompressor the next bytes and waits until it has used them up. */
  async #feed(most: number): Promise<void> {
    let from = this.bytesRead - this.#blockAt;
    if (from < 0 || from >= this.#blockLength) {
      const got = await new Promise<number>((resolve, reject) => {
        read(this.#input, this.#block, 0, BLOCK, this.bytesRead, (error, bytes) => (error === null ? resolve(bytes) : reject(error)));
      });
      this.#blockAt = this.bytesRead;
      this.#blockLength = got;
      from = 0;
    }
    if (this.#ended) return;
    const count = Math.min(most, this.#blockLength - from);
    this.#chunkAt = this.bytesRead;
    this.bytesRead += count;
    await new Promise<void>((resolve) => {
      this.#wake = resolve;
      if (count === 0) this.#gunzip.end();
      else this.#gunzip.write(this.#block.subarray(from, from + count), () => resolve());
    });
    this.#wake = null;
  }

  #store(bytes: Uint8Array): void {
    const from = Math.min(this.#skip, bytes.length);
    this.#skip -= from;
    if (from === bytes.length) return;
    try {
      if (this.#written >= this.#nextCheck) {
        if (this.#freeBytes() < KEPT_FREE) throw new Error('there is too little room in it');
        this.#nextCheck = this.#written + CHECK_EVERY;
      }
      let at = from;
      while (at < bytes.length) {
        const count = writeSync(this.#spill, bytes, at, bytes.length - at, this.#written);
        at += count;
        this.#written += count;
      }
    } catch (error) {
      this.fault = {
        kind: 'cut-short',
        message: `Unpacking stopped after ${this.#written} bytes: what comes out is kept in ${this.#folder}, and ${firstLine(error)}.`,
      };
      this.#stop();
    }
  }

  #stop(): void {
    this.#ended = true;
    this.#gunzip.destroy();
    this.#wake?.();
  }

  /**
   * After an error the decompressor drops what it had unpacked of the last chunk. So unpacks once more from the beginning, without
   * storing what is there already, and gives that chunk byte by byte.
   */
  async #recover(): Promise<void> {
    const message = this.#error ?? '';
    const failedAt = this.#chunkAt;
    const cut = message === 'unexpected end of file';
    if (!cut) {
      this.#gunzip.destroy();
      this.#error = null;
      this.#ended = false;
      this.#skip = this.#written;
      this.bytesRead = 0;
      this.#gunzip = this.#start();
      while (!this.#ended && this.bytesRead < failedAt) await this.#feed(Math.min(INPUT, failedAt - this.bytesRead));
      while (!this.#ended && this.bytesRead < Math.min(this.fileBytes, failedAt + INPUT)) await this.#feed(1);
      this.#ended = true;
    }
    this.#error = null;
    // What follows a whole member and is no other one is no part of the file: gzip(1) passes over it too.
    const garbage = message === 'incorrect header check' && this.#written > 0;
    if (this.fault === null && !garbage) {
      this.fault = cut
        ? { kind: 'cut-short', message: `The gzip file is cut short: its compressed data end after ${this.fileBytes} bytes.` }
        : { kind: 'corrupt', message: `The gzip file is damaged near byte ${this.bytesRead}: ${message}.` };
    }
    this.bytesRead = this.fileBytes;
  }

  #unlink(): boolean {
    try {
      unlinkSync(this.#spillPath);
      return true;
    } catch {
      // Some systems keep the name of an open file; it goes when the file is closed.
      return false;
    }
  }
}

function freeSpace(folder: string): number {
  const { bavail, bsize } = statfsSync(folder);
  return bavail * bsize;
}
