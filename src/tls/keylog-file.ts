/** A key log in a file, which may still be growing: programs write to it while their connections are captured. */
import { closeSync, openSync, readSync, statSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { fileFailure } from '../file/failures.ts';
import type { Failure } from '../messages.ts';
import { KeyLog } from './keylog.ts';

const PIECE = 1024 * 1024;
/** Octets of one log that are read. */
const LARGEST = 512 * 1024 * 1024;
/** Least time between two looks at a file, ms; octets read in one look. */
const LOOK_MS = 200;
const LOOK_BYTES = 4 * 1024 * 1024;

export class KeyLogFile {
  readonly path: string;
  readonly log = new KeyLog();
  #read = 0;
  #lookedAt = Number.NEGATIVE_INFINITY;

  private constructor(path: string) {
    this.path = path;
  }

  /** Reads the file as it is now. */
  static async load(path: string): Promise<KeyLogFile | Failure> {
    const made = new KeyLogFile(path);
    try {
      const file = await open(path, 'r');
      try {
        const piece = Buffer.alloc(PIECE);
        while (made.#read < LARGEST) {
          const { bytesRead } = await file.read(piece, 0, PIECE, made.#read);
          if (bytesRead === 0) break;
          made.#take(piece.subarray(0, bytesRead));
        }
      } finally {
        await file.close();
      }
    } catch (error) {
      return fileFailure(path, error, 'opened');
    }
    made.log.pause();
    return made;
  }

  /** Reads what has come since. Looks at the file a few times a second at most. True if there was anything. */
  refresh(): boolean {
    const now = performance.now();
    if (now - this.#lookedAt < LOOK_MS) return false;
    this.#lookedAt = now;
    const before = this.#read;
    try {
      const { size } = statSync(this.path);
      if (size <= this.#read || this.#read >= LARGEST) return false;
      const file = openSync(this.path, 'r');
      try {
        const piece = Buffer.alloc(Math.min(PIECE, size - this.#read));
        while (this.#read < Math.min(size, before + LOOK_BYTES)) {
          const bytes = readSync(file, piece, 0, piece.length, this.#read);
          if (bytes === 0) break;
          this.#take(piece.subarray(0, bytes));
        }
      } finally {
        closeSync(file);
      }
    } catch {
      // What was read stays; a log that is gone says nothing new.
      return false;
    }
    this.log.pause();
    return this.#read > before;
  }

  #take(bytes: Uint8Array): void {
    this.#read += bytes.length;
    this.log.feed(bytes);
  }
}
