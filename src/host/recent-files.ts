/** The list of files opened last, kept in `recent.json`. */
import { stat } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { z } from 'zod';
import type { RecentFile } from '../messages.ts';
import { readJson, writeJson } from './json-file.ts';

const KEPT = 20;

const entryShape = z.object({
  path: z.string().min(1).max(32_768),
  packets: z.int().min(0).nullable(),
  openedAt: z.number().min(0),
});
type Entry = z.infer<typeof entryShape>;

export class RecentFiles {
  readonly #file: string;
  #entries: Promise<readonly Entry[]> | null = null;
  #writing: Promise<void> = Promise.resolve();

  constructor(folder: string) {
    this.#file = path.join(folder, 'recent.json');
  }

  /** Newest first, with their present size; files that are gone keep their place with `bytes` null. */
  async list(): Promise<readonly RecentFile[]> {
    return Promise.all((await this.#load()).map(describe));
  }

  /** Puts a file first. `packets`: as far as known. */
  add(file: string, packets: number | null): Promise<void> {
    return this.#change((before) => {
      const known = before.find((entry) => entry.path === file);
      const entry: Entry = { path: file, packets: packets ?? known?.packets ?? null, openedAt: Date.now() };
      return [entry, ...before.filter((other) => other !== known)].slice(0, KEPT);
    });
  }

  /** Notes the number of packets of a file in the list, once it has been read. */
  setPackets(file: string, packets: number): Promise<void> {
    return this.#change((before) => before.map((entry) => (entry.path === file ? { ...entry, packets } : entry)));
  }

  forget(file: string): Promise<void> {
    return this.#change((before) => before.filter((entry) => entry.path !== file));
  }

  /** Resolves when nothing is left to be written. */
  settled(): Promise<void> {
    return this.#writing;
  }

  #load(): Promise<readonly Entry[]> {
    this.#entries ??= readJson(this.#file, (value) => {
      if (!Array.isArray(value)) return null;
      return value.flatMap((item) => {
        const parsed = entryShape.safeParse(item);
        return parsed.success ? [parsed.data] : [];
      });
    }).then((entries) => (entries ?? []).slice(0, KEPT));
    return this.#entries;
  }

  async #change(change: (before: readonly Entry[]) => readonly Entry[]): Promise<void> {
    const next = this.#load().then(change);
    this.#entries = next;
    const write = this.#writing.then(async () => writeJson(this.#file, await next));
    this.#writing = write.catch(() => {});
    await write;
  }
}

async function describe(entry: Entry): Promise<RecentFile> {
  const folder = path.dirname(entry.path);
  const home = os.homedir();
  const below = path.relative(home, folder);
  const inHome = home !== '' && !below.startsWith('..') && !path.isAbsolute(below);
  const bytes = await stat(entry.path).then(
    (found) => found.size,
    () => null,
  );
  return {
    path: entry.path,
    name: path.basename(entry.path),
    folder: inHome ? path.join('~', below) : folder,
    bytes,
    packets: entry.packets,
    openedAt: entry.openedAt,
  };
}
