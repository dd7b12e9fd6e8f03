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
  /** What it holds, in bytes; less where writes do not fill pages. */
  readonly bytes: number;
}

/** What a pipe of the system's holds at first, and what users may have it hold (pipe(7)). */
export const PIPE_BYTES = 64 << 10;
const WIDE_BYTES = 1 << 20;
/** fcntl(2): F_SETPIPE_SZ. */
const SET_SIZE = 1031;
/** Node has no fcntl. About every Linux has one of these; each says what the pipe that is its input holds now. */
const WIDENERS: readonly (readonly [program: string, ...args: string[]])[] = [
  ['perl', '-e', `print fcntl(STDIN, ${SET_SIZE}, ${WIDE_BYTES}) || 0`],
  ['python3', '-I', '-c', `import fcntl; print(fcntl.fcntl(0, ${SET_SIZE}, ${WIDE_BYTES}))`],
];

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
    return { out: new Socket({ fd: read, readable: true, writable: false }), fd: write, bytes: widened(write) };
  } catch {
    if (write >= 0) closeSync(write);
    if (read >= 0) closeSync(read);
    return null;
  } finally {
    if (folder !== null) rmSync(folder, { recursive: true, force: true });
  }
}

/** Has a pipe hold more where that can be, and says what it holds. */
function widened(fd: number): number {
  if (process.platform !== 'linux') return PIPE_BYTES;
  for (const [program, ...args] of WIDENERS) {
    try {
      const said = execFileSync(program, args, { stdio: [fd, 'pipe', 'ignore'], encoding: 'utf8', timeout: 2000 });
      if (Number(said) >= PIPE_BYTES) return Number(said);
    } catch {
      // It is not installed, or the user's pipes hold too much already.
    }
  }
  return PIPE_BYTES;
}
