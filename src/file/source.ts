/** Where the bytes of a capture come from: the file itself, or what its decompression has given so far. */
import { close, fstatSync, read, readSync } from 'node:fs';
import { promisify } from 'node:util';

const closeFile = promisify(close);

/** Why a source ends before its time. */
export interface SourceFault {
  readonly kind: 'cut-short' | 'corrupt';
  /** One sentence. */
  readonly message: string;
}

/** Random access to the uncompressed bytes. */
export interface ByteSource {
  readonly compression: 'none' | 'gzip';
  /** The file itself, where its bytes are those that are read. */
  readonly fd?: number;
  /** Bytes of the file on disk that were read. Set where another thread has read a plain file. */
  bytesRead: number;
  /** Size of the file on disk when last looked at. */
  readonly fileBytes: number;
  /** Set before `read` answers 0 because of it. */
  readonly fault: SourceFault | null;
  /** Reads up to `length` bytes at `position` into `into` at `at`. 0 is the end. Rejects when the system refuses to read. */
  read(into: Uint8Array, at: number, length: number, position: number): Promise<number>;
  /** The same at once, of what was read before. Bytes that are not there are not given. */
  readSync(into: Uint8Array, at: number, length: number, position: number): number;
  close(): Promise<void>;
}

/** A file as it is. */
export class FileSource implements ByteSource {
  readonly compression = 'none';
  readonly fault = null;
  bytesRead = 0;
  fileBytes: number;
  readonly fd: number;

  constructor(fd: number) {
    this.fd = fd;
    this.fileBytes = fstatSync(fd).size;
  }

  read(into: Uint8Array, at: number, length: number, position: number): Promise<number> {
    return new Promise((resolve, reject) => {
      read(this.fd, into, at, length, position, (error, count) => {
        if (error !== null) {
          reject(error);
          return;
        }
        this.bytesRead = Math.max(this.bytesRead, position + count);
        this.fileBytes = Math.max(this.fileBytes, this.bytesRead);
        resolve(count);
      });
    });
  }

  readSync(into: Uint8Array, at: number, length: number, position: number): number {
    return readSync(this.fd, into, at, length, position);
  }

  close(): Promise<void> {
    return closeFile(this.fd);
  }
}
