/**
 * A pipe of the system's between this process and a child. What Node gives a child for its output is a pair of sockets, in which each write is kept
 * by itself with all that the kernel keeps of a packet: of a program that writes packet by packet it holds 277 small ones (Linux), a pipe 700.
 */
import { execFileSync } from 'node:child_process';
import { closeSync, constants, mkdtempSync, openSync, rmSync } from 'node:fs';
import { Socket } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Readable } from 'node:stream';

export interface Fifo {
  readonly out: Readable;
  /** The other end, for the child; close it here once the child has it. */
  readonly fd: number;
}

/** Null where the system has none, or does not let us make one. */
export function openFifo(): Fifo | null {
  if (process.platform === 'win32') return null;
  let folder: string | null = null;
  let read = -1;
  let write = -1;
  try {
    folder = mkdtempSync(path.join(tmpdir(), 'sevenfold-'));
    const name = path.join(folder, 'pipe');
    execFileSync('mkfifo', ['-m', '600', name], { stdio: 'ignore' });
    // Without waiting for the other end, and never waiting for bytes.
    read = openSync(name, constants.O_RDONLY | constants.O_NONBLOCK);
    write = openSync(name, constants.O_WRONLY);
    return { out: new Socket({ fd: read, readable: true, writable: false }), fd: write };
  } catch {
    if (write >= 0) closeSync(write);
    if (read >= 0) closeSync(read);
    return null;
  } finally {
    if (folder !== null) rmSync(folder, { recursive: true, force: true });
  }
}
