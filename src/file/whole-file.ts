/** A file that appears under its name when it is whole: written beside it, renamed at the end. One that had the name is replaced. */
import { type FileHandle, open, rename, rm } from 'node:fs/promises';
import type { Answer, Failure } from '../messages.ts';
import { fileFailure } from './failures.ts';
import { partOf } from './part.ts';

/** After a failure nothing more is written; `close` tells of it and leaves nothing behind. */
export class WholeFile {
  readonly #path: string;
  readonly #writingTo: string;
  readonly #handle: FileHandle;
  #bytes = 0;
  #failure: Failure | null = null;

  private constructor(path: string, writingTo: string, handle: FileHandle) {
    this.#path = path;
    this.#writingTo = writingTo;
    this.#handle = handle;
  }

  static async create(path: string): Promise<Answer<WholeFile>> {
    const part = partOf(path);
    if (!part.ok) return part;
    const writingTo = part.value;
    try {
      return { ok: true, value: new WholeFile(path, writingTo, await open(writingTo, 'wx', 0o666)) };
    } catch (error) {
      return { ok: false, failure: fileFailure(path, error, 'written') };
    }
  }

  get bytes(): number {
    return this.#bytes;
  }

  /** Writes all of it. False: the file cannot be written; `close` says why. */
  async write(bytes: Uint8Array): Promise<boolean> {
    try {
      for (let done = 0; done < bytes.length && this.#failure === null; ) {
        const { bytesWritten } = await this.#handle.write(bytes, done, bytes.length - done);
        done += bytesWritten;
        this.#bytes += bytesWritten;
      }
    } catch (error) {
      this.#failure ??= fileFailure(this.#path, error, 'written');
    }
    return this.#failure === null;
  }

  /** Puts the file in its place; the bytes it has. */
  async close(): Promise<Answer<number>> {
    try {
      try {
        if (this.#failure === null) await this.#handle.sync();
      } finally {
        await this.#handle.close();
      }
      if (this.#failure === null) await rename(this.#writingTo, this.#path);
    } catch (error) {
      this.#failure ??= fileFailure(this.#path, error, 'written');
    }
    if (this.#failure === null) return { ok: true, value: this.#bytes };
    await rm(this.#writingTo, { force: true }).catch(() => {});
    return { ok: false, failure: this.#failure };
  }

  /** Ends without keeping it. */
  async abandon(): Promise<void> {
    await this.#handle.close().catch(() => {});
    await rm(this.#writingTo, { force: true }).catch(() => {});
  }
}
