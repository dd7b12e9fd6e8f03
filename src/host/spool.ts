/**
 * Captures that are not saved yet. Each has a folder of its own: the pcapng file, its progress, and a note of what it is and which
 * process owns it. A folder whose owner is gone is a capture to recover.
 */
import { randomBytes } from 'node:crypto';
import { readFileSync, statSync } from 'node:fs';
import { mkdir, readdir, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import type { CaptureFiles } from '../capture/messages.ts';
import { readProgress } from '../capture/progress.ts';
import type { RecoveredCapture } from '../messages.ts';
import { fail } from '../system/failure.ts';
import { dropPartialBlock } from './block-scan.ts';
import { readJson, writeJson } from './json-file.ts';

export interface Spool extends CaptureFiles {
  readonly folder: string;
  readonly interface: string;
  readonly startedAt: number;
}

const noteShape = z.object({
  interface: z.string().max(256),
  captureFilter: z.string(),
  startedAt: z.number(),
  owner: z.object({ pid: z.int().positive(), born: z.string().max(64) }).nullable(),
});
type Note = z.infer<typeof noteShape>;

/** When a process began, so that its number is not taken for that of a later one; '' where the system does not tell. */
function birthOf(pid: number): string {
  try {
    // proc(5): field 22 is the start time; the name in field 2 may contain blanks and brackets.
    const text = readFileSync(`/proc/${pid}/stat`, 'latin1');
    return text.slice(text.lastIndexOf(')') + 2).split(' ')[19] ?? '';
  } catch {
    return '';
  }
}

function isAlive(owner: { pid: number; born: string }): boolean {
  try {
    process.kill(owner.pid, 0);
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EPERM')) return false;
  }
  const born = birthOf(owner.pid);
  return born === '' || owner.born === '' || born === owner.born;
}

export class SpoolStore {
  readonly #root: string;
  /** Folders that a window of this process has in hand. */
  readonly #held = new Set<string>();

  constructor(root: string) {
    this.#root = root;
  }

  /** Makes the folder of a new capture, owned by this process. */
  async create(captureInterface: string, captureFilter: string): Promise<Spool> {
    const startedAt = Date.now();
    const stamp = new Date(startedAt).toISOString().slice(0, 19).replaceAll(':', '');
    const folder = path.join(
      this.#root,
      `${stamp}-${captureInterface.replace(/[^\w.-]/g, '_').slice(0, 40)}-${randomBytes(4).toString('hex')}`,
    );
    await mkdir(folder, { recursive: true, mode: 0o700 });
    this.#held.add(folder);
    await this.#note(folder, { interface: captureInterface, captureFilter, startedAt, owner: ownerHere() });
    return spoolOf(folder, captureInterface, startedAt);
  }

  /** Captures that nobody has in hand and that hold at least one packet, newest first. */
  async recovered(): Promise<readonly RecoveredCapture[]> {
    const found: RecoveredCapture[] = [];
    for (const folder of await this.#folders()) {
      const note = this.#held.has(folder) ? null : await this.#unowned(folder);
      if (note === null) continue;
      const spool = spoolOf(folder, note.interface, note.startedAt);
      const whole = settle(spool);
      if (whole === null || whole.packets === 0) {
        await rm(folder, { recursive: true, force: true });
        continue;
      }
      found.push({ path: spool.spool, interface: note.interface, startedAt: note.startedAt, packets: whole.packets, bytes: whole.bytes });
    }
    return found.sort((a, b) => b.startedAt - a.startedAt);
  }

  /** Takes a recovered capture in hand, by the path of its file; null if the path is not one. */
  async claim(file: string): Promise<Spool | null> {
    const folder = path.dirname(file);
    if (this.#held.has(folder)) return null;
    // Before anything is waited for: of two windows that ask for it at once only one gets it.
    this.#held.add(folder);
    let spool: Spool | null = null;
    try {
      spool = await this.#take(folder, file);
    } finally {
      if (spool === null) this.#held.delete(folder);
    }
    return spool;
  }

  async #take(folder: string, file: string): Promise<Spool | null> {
    if (!(await this.#folders()).includes(folder)) return null;
    const note = await this.#unowned(folder);
    if (note === null) return null;
    const spool = spoolOf(folder, note.interface, note.startedAt);
    if (spool.spool !== file) return null;
    await this.#note(folder, { ...note, owner: ownerHere() });
    settle(spool);
    return spool;
  }

  /** Leaves a capture to be recovered later. */
  async release(spool: Spool): Promise<void> {
    const note = await this.#read(spool.folder);
    if (note !== null) await this.#note(spool.folder, { ...note, owner: null }).catch(() => {});
    this.#held.delete(spool.folder);
  }

  /** Deletes a capture. */
  async remove(spool: Spool): Promise<void> {
    await rm(spool.folder, { recursive: true, force: true, maxRetries: 3 });
    this.#held.delete(spool.folder);
  }

  /** Deletes a recovered capture by the path of its file. */
  async discard(file: string): Promise<void> {
    const spool = await this.claim(file);
    if (spool === null)
      throw fail('no-such', 'There is no such recovered capture.', 'It may have been opened or discarded in another window.');
    await this.remove(spool);
  }

  async #folders(): Promise<string[]> {
    try {
      const entries = await readdir(this.#root, { withFileTypes: true });
      return entries.filter((entry) => entry.isDirectory()).map((entry) => path.join(this.#root, entry.name));
    } catch {
      return [];
    }
  }

  /** The note of a capture without a living owner, else null. */
  async #unowned(folder: string): Promise<Note | null> {
    const note = await this.#read(folder);
    return note === null || (note.owner !== null && isAlive(note.owner)) ? null : note;
  }

  #read(folder: string): Promise<Note | null> {
    return readJson(path.join(folder, 'capture.json'), (value) => noteShape.safeParse(value).data ?? null);
  }

  #note(folder: string, note: Note): Promise<void> {
    return writeJson(path.join(folder, 'capture.json'), note);
  }
}

function ownerHere(): { pid: number; born: string } {
  return { pid: process.pid, born: birthOf(process.pid) };
}

function spoolOf(folder: string, captureInterface: string, startedAt: number): Spool {
  return {
    folder,
    interface: captureInterface,
    startedAt,
    spool: path.join(folder, 'capture.pcapng'),
    progress: path.join(folder, 'progress'),
    stop: path.join(folder, 'stop'),
  };
}

/** Cuts a spool file to its last whole block and counts its packets; null if there is none. */
export function settle(files: CaptureFiles): { packets: number; bytes: number } | null {
  try {
    const known = readProgress(files.progress);
    // After a loss of power there may be less than was told of.
    const from = known === null || known.files > 1 || known.bytes > statSync(files.spool).size ? null : known;
    const whole = dropPartialBlock(files.spool, from?.bytes ?? 0);
    return { bytes: whole.bytes, packets: (from?.packets ?? 0) + whole.packets };
  } catch {
    return null;
  }
}

/** Bytes on disk, 0 if there is no file. */
export function sizeOf(file: string): Promise<number> {
  return stat(file).then(
    (found) => found.size,
    () => 0,
  );
}
