/** Writing HTTP exchanges to files: as HAR, their bodies as a ZIP file, or one body. */
import type { CaptureIndex } from '../dissect/capture-index.ts';
import { WholeFile } from '../file/whole-file.ts';
import type { Answer, SaveResult } from '../messages.ts';
import { httpPairs } from '../protocols/http-pairs.ts';
import { readExchange } from './exchange-read.ts';
import { harText } from './exchanges.ts';
import { HAR_HEAD, HAR_TAIL } from './har.ts';
import { HttpObjects, LIST } from './http-objects.ts';
import { ENDED, isLost, type Tell, withoutRow } from './save.ts';
import { Turns } from './turns.ts';
import { ZipWriter } from './zip.ts';

/** Octets that are collected before they are written. */
const BATCH = 1024 * 1024;

/** What was written of exchanges: the bytes of the file, or why there is none. */
type Saved = { readonly bytes: number } | Answer<SaveResult>;

/** Writes what `parts` makes of each of `exchanges`, and `tail` at the end. */
async function saveEach(
  capture: CaptureIndex,
  exchanges: Uint32Array,
  path: string,
  tell: Tell,
  parts: (exchange: number, k: number) => readonly (string | Uint8Array)[],
  tail: () => readonly (string | Uint8Array)[],
): Promise<Saved> {
  const { requestRow, responseRow } = capture.state(httpPairs);
  const made = await WholeFile.create(path);
  if (!made.ok) return made;
  const file = made.value;
  const turns = new Turns();
  let batch: Uint8Array[] = [];
  let length = 0;
  const add = (more: readonly (string | Uint8Array)[]): void => {
    for (const each of more) {
      const bytes = typeof each === 'string' ? Buffer.from(each) : each;
      batch.push(bytes);
      length += bytes.length;
    }
  };
  const flush = async (): Promise<boolean> => {
    const bytes = Buffer.concat(batch);
    batch = [];
    length = 0;
    return file.write(bytes);
  };
  for (const [k, exchange] of exchanges.entries()) {
    add(parts(exchange, k));
    const lost = [requestRow[exchange] as number, responseRow[exchange] as number].find((row) => isLost(capture, row));
    if (lost !== undefined) {
      await file.abandon();
      return withoutRow(lost, tell(k, exchanges.length));
    }
    if (length >= BATCH && !(await flush())) break;
    if (!turns.due) continue;
    if (!tell(k, exchanges.length)) {
      await file.abandon();
      return { ok: true, value: ENDED };
    }
    await turns.pause();
  }
  add(tail());
  await flush();
  const closed = await file.close();
  return closed.ok ? { bytes: closed.value } : closed;
}

/** All of `exchanges` as a HAR 1.2 file. */
export async function saveHar(capture: CaptureIndex, exchanges: Uint32Array, path: string, tell: Tell): Promise<Answer<SaveResult>> {
  const part = (exchange: number, k: number): string[] => [`${k === 0 ? HAR_HEAD : ',\n'}${harText(capture, exchange)}`];
  const saved = await saveEach(capture, exchanges, path, tell, part, () => [exchanges.length === 0 ? HAR_HEAD + HAR_TAIL : HAR_TAIL]);
  return resultOf(saved, exchanges.length, 0);
}

/** The bodies of `exchanges` as a ZIP file, with a list of what they are. */
export async function saveBodies(capture: CaptureIndex, exchanges: Uint32Array, path: string, tell: Tell): Promise<Answer<SaveResult>> {
  const zip = new ZipWriter();
  const objects = new HttpObjects(capture);
  let left = 0;
  const part = (exchange: number): Buffer[] =>
    objects.of(exchange).flatMap(({ path: name, bytes, seconds }) => {
      if (zip.fits(name, bytes.length)) return [zip.entry(name, bytes, seconds)];
      left++;
      return [];
    });
  const tail = (): Buffer[] => {
    const list = Buffer.from(objects.list());
    return [...(zip.fits(LIST, list.length) ? [zip.entry(LIST, list, Date.now() / 1000)] : []), zip.end()];
  };
  const saved = await saveEach(capture, exchanges, path, tell, part, tail);
  return resultOf(saved, objects.count - left, left);
}

/** A body, decoded. The exchange must exist. */
export async function saveBody(
  capture: CaptureIndex,
  exchange: number,
  side: 'request' | 'response',
  path: string,
  tell: Tell,
): Promise<Answer<SaveResult>> {
  const body = readExchange(capture, exchange)[side]?.body ?? new Uint8Array(0);
  const saved = await saveEach(
    capture,
    Uint32Array.of(exchange),
    path,
    tell,
    () => [body],
    () => [],
  );
  return resultOf(saved, 1, 0);
}

function resultOf(saved: Saved, count: number, left: number): Answer<SaveResult> {
  return 'bytes' in saved ? { ok: true, value: { whole: true, count, bytes: saved.bytes, left, note: null } } : saved;
}
