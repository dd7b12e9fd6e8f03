/** `sevenfold export` of HTTP: exchanges as a HAR file, bodies as files of a folder or of a ZIP file. */
import { mkdir, open, readdir, rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { Capture } from '../engine/capture.ts';
import { exchangesIn, harText } from '../engine/exchanges.ts';
import { HAR_HEAD, HAR_TAIL } from '../engine/har.ts';
import { HttpObjects, LIST } from '../engine/http-objects.ts';
import { ZipWriter } from '../engine/zip.ts';
import { fileFailure } from '../file/failures.ts';
import { complain } from './load.ts';

/** Rows that the filter leaves; null for all. */
type Rows = { has(row: number): boolean } | null;

/** Writes a file piece by piece. It appears under its name when it is whole. False: it could not be written (said). */
async function writeWhole(target: string, pieces: Iterable<string | Uint8Array>): Promise<boolean> {
  const part = path.join(path.dirname(target), `.${path.basename(target)}.${process.pid}.part`);
  try {
    const file = await open(part, 'wx');
    try {
      for (const piece of pieces) await file.appendFile(piece);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(part, target);
    return true;
  } catch (error) {
    await rm(part, { force: true });
    complain(fileFailure(target, error, 'written'));
    return false;
  }
}

function* harPieces(capture: Capture, exchanges: Uint32Array): Generator<string> {
  yield HAR_HEAD;
  for (const [k, exchange] of exchanges.entries()) yield `${k > 0 ? ',\n' : ''}${harText(capture, exchange)}`;
  yield HAR_TAIL;
}

/** Exchanges as HAR 1.2; gives how many, null if the file could not be written. */
export async function exportHar(capture: Capture, rows: Rows, target: string): Promise<number | null> {
  const exchanges = exchangesIn(capture, rows);
  return (await writeWhole(target, harPieces(capture, exchanges))) ? exchanges.length : null;
}

/** Bodies as a ZIP file; gives how many, null if the file could not be written. */
export async function exportZip(capture: Capture, rows: Rows, target: string): Promise<number | null> {
  const objects = new HttpObjects(capture);
  const zip = new ZipWriter();
  let left = 0;
  function* pieces(): Generator<Uint8Array> {
    for (const exchange of exchangesIn(capture, rows)) {
      for (const each of objects.of(exchange)) {
        if (zip.fits(each.path, each.bytes.length)) yield zip.entry(each.path, each.bytes, each.seconds);
        else left++;
      }
    }
    const list = Buffer.from(objects.list());
    if (zip.fits(LIST, list.length)) yield zip.entry(LIST, list, Date.now() / 1000);
    yield zip.end();
  }
  if (!(await writeWhole(target, pieces()))) return null;
  if (left > 0) complain(`${left} bodies are not in the file: a ZIP file has no room for them. Export to a folder instead.`);
  return objects.count - left;
}

/** Bodies as files of a new or empty folder; gives how many, null if one could not be written. */
export async function exportFolder(capture: Capture, rows: Rows, target: string): Promise<number | null> {
  const objects = new HttpObjects(capture);
  try {
    await mkdir(target, { recursive: true });
    if ((await readdir(target)).length > 0) {
      complain(`${target} is not empty; choose another folder.`);
      return null;
    }
    for (const exchange of exchangesIn(capture, rows)) {
      for (const { path: name, bytes } of objects.of(exchange)) {
        const file = path.join(target, ...name.split('/'));
        await mkdir(path.dirname(file), { recursive: true });
        await writeFile(file, bytes, { flag: 'wx' });
      }
    }
    await writeFile(path.join(target, LIST), objects.list(), { flag: 'wx' });
    return objects.count;
  } catch (error) {
    complain(fileFailure(target, error, 'written'));
    return null;
  }
}
