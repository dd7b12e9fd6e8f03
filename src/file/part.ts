/** The place of a file that is written under another name until it is whole. */
import { statSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import type { Answer } from '../messages.ts';

/** Files begun by this process, for names that do not meet. */
let begun = 0;

/**
 * Name beside `path` to write to, until the file is renamed. A file that is there already will be replaced; what is no file (a folder, a device, a
 * pipe) is not, and that fails before anything is done.
 */
export function partOf(path: string): Answer<string> {
  let found: ReturnType<typeof statSync> | undefined;
  try {
    found = statSync(path, { throwIfNoEntry: false });
  } catch {
    // Making the file says what is wrong.
  }
  if (found !== undefined && !found.isFile()) {
    const what = found.isDirectory() ? 'a folder' : 'not a file';
    return {
      ok: false,
      failure: { code: 'invalid', message: `${path} is ${what} and cannot be replaced.`, advice: 'Choose another name.' },
    };
  }
  return { ok: true, value: join(dirname(path), `.${basename(path)}.${process.pid}-${++begun}.part`) };
}
