/** The little file through which a capture process says how far it is: readable and writable without an event loop. */
import { closeSync, openSync, readSync, writeSync } from 'node:fs';
import { PROGRESS_BYTES } from './messages.ts';

export interface Progress {
  readonly packets: number;
  /** Of the file being written. */
  readonly bytes: number;
  readonly totalBytes: number;
  readonly files: number;
}

export class ProgressWriter {
  readonly #bytes = new Uint8Array(PROGRESS_BYTES);
  readonly #view = new DataView(this.#bytes.buffer);
  #fd: number | null;

  constructor(path: string) {
    this.#fd = openSync(path, 'w', 0o600);
  }

  /** Never throws: progress that cannot be written must not end a capture. */
  write(packets: number, bytes: number, totalBytes: number, files: number): void {
    if (this.#fd === null) return;
    this.#view.setFloat64(0, packets, true);
    this.#view.setFloat64(8, bytes, true);
    this.#view.setFloat64(16, totalBytes, true);
    this.#view.setFloat64(24, files, true);
    try {
      writeSync(this.#fd, this.#bytes, 0, PROGRESS_BYTES, 0);
    } catch {
      // The next one may succeed.
    }
  }

  close(): void {
    if (this.#fd !== null) closeSync(this.#fd);
    this.#fd = null;
  }
}

/** Null while there is none yet, or if it is not one. */
export function readProgress(path: string): Progress | null {
  let fd: number;
  try {
    fd = openSync(path, 'r');
  } catch {
    return null;
  }
  try {
    const bytes = new Uint8Array(PROGRESS_BYTES);
    if (readSync(fd, bytes, 0, PROGRESS_BYTES, 0) !== PROGRESS_BYTES) return null;
    const view = new DataView(bytes.buffer);
    const [packets, fileBytes, totalBytes, files] = [0, 8, 16, 24].map((at) => view.getFloat64(at, true)) as [
      number,
      number,
      number,
      number,
    ];
    const good = [packets, fileBytes, totalBytes, files].every((value) => Number.isSafeInteger(value) && value >= 0);
    return good ? { packets, bytes: fileBytes, totalBytes, files } : null;
  } catch {
    return null;
  } finally {
    closeSync(fd);
  }
}
