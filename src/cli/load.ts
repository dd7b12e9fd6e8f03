/** What the commands share: opening a capture file, reading it piece by piece, and saying what went wrong. */
import { Capture } from '../engine/capture.ts';
import { readAgain } from '../engine/second-reading.ts';
import { openCapture } from '../file/open.ts';
import type { Failure, FilterError } from '../messages.ts';
import { keyLogFlaws } from '../tls/keylog.ts';
import { KeyLogFile } from '../tls/keylog-file.ts';
import { tlsSecrets } from '../tls/secrets.ts';
import { complain as complainFailure } from './complain.ts';

export const DONE = 0;
export const UNREADABLE = 1;
export const USAGE = 2;

/** Prints to stderr what happened, then what to do. */
export function complain(failure: Failure | string): void {
  complainFailure(typeof failure === 'string' ? { code: 'invalid', message: failure } : failure);
}

/** Says what is wrong with a filter, with the place marked. */
export function complainFilter(text: string, error: FilterError): void {
  complain(
    `the filter is wrong at position ${error.start + 1}: ${error.message}
    ${text}
    ${' '.repeat(error.start)}${'^'.repeat(Math.max(1, error.end - error.start))}`,
  );
}

/** Key log that captures are decrypted with. */
let keyLog: KeyLogFile | null = null;

/** Takes the key log in a file for every capture that is read from now on. False: it cannot be read (said). */
export async function useKeyLog(path: string): Promise<boolean> {
  const loaded = await KeyLogFile.load(path);
  if ('code' in loaded) {
    complain(loaded);
    return false;
  }
  keyLog = loaded;
  const said = keyLogFlaws(loaded.log);
  if (said !== '') complain(`${path}: ${said}`);
  return true;
}

/**
 * Reads `file` to its end. `piece` is called after each piece, with the rows so far; false stops reading, and what the end alone tells is not known.
 * Null: it could not be opened (said).
 */
export async function readCapture(
  file: string,
  piece?: (capture: Capture) => Promise<boolean> | boolean,
): Promise<{ capture: Capture; status: number } | null> {
  const opened = await openCapture(file);
  if (!opened.ok) {
    complain(opened.failure);
    return null;
  }
  const reader = opened.reader;
  let capture = new Capture(reader);
  const prepare = (read: Capture): void => {
    if (keyLog !== null) read.state(tlsSecrets).use(keyLog);
  };
  prepare(capture);
  const progress = new Progress(file);
  for (;;) {
    const step = await capture.step();
    progress.show(reader.bytesRead, reader.fileBytes, capture.packets.length);
    if (piece !== undefined && !(await piece(capture))) break;
    if (step !== 'more') {
      reader.finish();
      break;
    }
  }
  progress.clear();
  const again = piece === undefined && reader.damage === null ? await readAgain(capture, prepare, () => true) : null;
  if (again !== null) {
    await reader.close();
    capture = again;
  }
  if (reader.damage !== null) complain(`${file}: ${reader.damage.message}`);
  if (capture.bugs > 0) complain(`${capture.bugs} packets could not be dissected because of an error in Sevenfold (${capture.firstBug}).`);
  return { capture, status: reader.damage === null ? DONE : UNREADABLE };
}

/** A progress line on stderr, when that is a terminal and the run is long. */
class Progress {
  readonly #started = Date.now();
  readonly #file: string;
  #shown = false;
  #last = 0;

  constructor(file: string) {
    this.#file = file;
  }

  show(read: number, total: number, packets: number): void {
    const now = Date.now();
    if (!process.stderr.isTTY || now - this.#started < 500 || now - this.#last < 100) return;
    this.#last = now;
    this.#shown = true;
    const percent = total === 0 ? 100 : Math.floor((100 * read) / total);
    process.stderr.write(`\r${this.#file}: ${percent}%, ${packets.toLocaleString('en')} packets\u001b[K`);
  }

  clear(): void {
    if (this.#shown) process.stderr.write('\r\u001b[K');
  }
}
