/** `sevenfold export` of HTTP: exchanges as a HAR file, bodies as files of a folder or of a ZIP file. */
import { mkdir, readdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { Capture } from '../engine/capture.ts';
import { exchangesIn } from '../engine/exchanges.ts';
import { HttpObjects, LIST } from '../engine/http-objects.ts';
import { saveBodies, saveHar } from '../engine/http-save.ts';
import { fileFailure } from '../file/failures.ts';
import { complain } from './load.ts';

/** Rows that the filter leaves; null for all. */
type Rows = { has(row: number): boolean } | null;

/** Exchanges as HAR 1.2; gives how many, null if the file could not be written. */
export async function exportHar(capture: Capture, rows: Rows, target: string): Promise<number | null> {
  const saved = await saveHar(capture, exchangesIn(capture, rows), target, () => true);
  if (saved.ok) return saved.value.count;
  complain(saved.failure);
  return null;
}

/** Bodies as a ZIP file; gives how many, null if the file could not be written. */
export async function exportZip(capture: Capture, rows: Rows, target: string): Promise<number | null> {
  const saved = await saveBodies(capture, exchangesIn(capture, rows), target, () => true);
  if (!saved.ok) {
    complain(saved.failure);
    return null;
  }
  const { count, left } = saved.value;
  if (left > 0) complain(`${left} bodies are not in the file: a ZIP file has no room for them. Export to a folder instead.`);
  return count;
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
