/** The user's settings, kept in `settings.json`. */
import path from 'node:path';
import { defaultSettings, type Settings } from '../messages.ts';
import { readJson, writeJson } from './json-file.ts';
import { settingShapes } from './schemas.ts';

export class SettingsStore {
  readonly #file: string;
  #value: Promise<Settings> | null = null;
  #writing: Promise<void> = Promise.resolve();

  constructor(folder: string) {
    this.#file = path.join(folder, 'settings.json');
  }

  /** Never fails: without a readable file it is the defaults. */
  get(): Promise<Settings> {
    this.#value ??= this.#read();
    return this.#value;
  }

  /** Changes the given settings. They hold for this run even if the disk refuses them; then this rejects. */
  async set(change: Partial<Settings>): Promise<void> {
    const checked = checkedSettings(change);
    const next = this.get().then((before) => ({ ...before, ...checked }));
    this.#value = next;
    // One after the other, so that the newest is what stays on disk.
    const write = this.#writing.then(async () => writeJson(this.#file, await next));
    this.#writing = write.catch(() => {});
    await write;
  }

  /** Resolves when nothing is left to be written. */
  settled(): Promise<void> {
    return this.#writing;
  }

  async #read(): Promise<Settings> {
    const stored = await readJson(this.#file, (value) =>
      typeof value === 'object' && value !== null && !Array.isArray(value) ? checkedSettings(value) : null,
    );
    return { ...defaultSettings, ...stored };
  }
}

/** The settings of `value` that are right; each one is judged for itself, so that one wrong value does not cost the others. */
function checkedSettings(value: object): Partial<Settings> {
  const entries: [string, unknown][] = [];
  for (const [key, shape] of Object.entries(settingShapes)) {
    if (!Object.hasOwn(value, key)) continue;
    const parsed = shape.safeParse((value as Record<string, unknown>)[key]);
    if (parsed.success) entries.push([key, parsed.data]);
  }
  return Object.fromEntries(entries);
}
