/** Small JSON files of the user: read with a check, written whole or not at all. */
import { mkdir, open, readFile, rename, rm } from 'node:fs/promises';
import path from 'node:path';

/** Longest file that is read, in bytes: larger ones are not ours. */
const LIMIT = 4 << 20;

/**
 * The file's content, or null if there is none. A file that cannot be understood is renamed to `<name>.unreadable` and counts as none: a
 * broken settings file must never keep the program from starting.
 */
export async function readJson<T>(file: string, check: (value: unknown) => T | null): Promise<T | null> {
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch {
    return null;
  }
  if (text.length <= LIMIT) {
    try {
      const value = check(JSON.parse(text));
      if (value !== null) return value;
    } catch {
      // Set aside below.
    }
  }
  await rename(file, `${file}.unreadable`).catch(() => {});
  return null;
}

let writes = 0;

/** Writes to a sibling file first and renames it, so that a crash or a full disk leaves the old content. */
export async function writeJson(file: string, value: unknown): Promise<void> {
  await mkdir(path.dirname(file), { recursive: true, mode: 0o700 });
  const part = `${file}.${process.pid}-${++writes}.part`;
  try {
    const handle = await open(part, 'w', 0o600);
    try {
      await handle.writeFile(`${JSON.stringify(value, null, 2)}\n`);
      await handle.sync();
    } finally {
      await handle.close();
    }
    await rename(part, file);
  } catch (error) {
    await rm(part, { force: true });
    throw error;
  }
}
