/**
 * Opens a small capture before the user opens one, and shows it to nobody. Code that runs for the first time has to be read and compiled, which takes longer
 * than the first rows of a file do afterwards.
 */
import { openCapture } from '../file/open.ts';
import { FileReader } from '../file/reader.ts';
import type { CaptureState } from '../messages.ts';
import { Back } from '../split/back.ts';
import { giveFront, takeFront } from '../split/thread.ts';
import { Capture } from './capture.ts';
import { Engine } from './engine.ts';
import { Turns } from './turns.ts';

/** How often: after a few times V8 has compiled what is worth it. */
const ROUNDS = 3;
/** Longest wait for something that may never come, ms. */
const PATIENCE_MS = 2000;
/** Rows that a window shows, and packets that are looked at closely. */
const ROWS = 50;
const LOOKED_AT = 8;

/** Opens `path` as for a window, and as a large file. Ends early, between two steps, once `wanted` says so. Never rejects. */
export async function rehearse(path: string, wanted: () => boolean): Promise<void> {
  try {
    for (let round = 0; round < ROUNDS && !wanted(); round++) {
      await asLarge(path, wanted);
      if (!wanted()) await asWindow(path, wanted);
    }
  } catch {
    // Whatever is wrong with it, the user's file is another one.
  }
}

/** In two stages: the thread of the first one is kept for the user's file. */
async function asLarge(path: string, wanted: () => boolean): Promise<void> {
  const thread = takeFront();
  if (thread === null) return;
  for (const until = performance.now() + PATIENCE_MS; !thread.ready && !thread.gone && performance.now() < until; )
    await new Promise((resolve) => setTimeout(resolve, 5));
  const opened = thread.ready && !wanted() ? await openCapture(path) : null;
  if (opened === null || !opened.ok || !(opened.reader instanceof FileReader)) {
    if (thread.ready) giveFront(thread);
    else await thread.end();
    if (opened?.ok === true) await opened.reader.close();
    return;
  }
  const { reader } = opened;
  const back = new Back(reader, new Capture(reader), thread, giveFront);
  while (!wanted() && (await back.step()) !== null);
  await reader.close();
}

/** Through an engine of its own, as a window asks. */
async function asWindow(path: string, wanted: () => boolean): Promise<void> {
  let done: () => void = () => {};
  const whole = new Promise<void>((resolve) => {
    done = resolve;
  });
  const engine = new Engine((name, value) => {
    if (name === 'failed' || (name === 'state' && (value as CaptureState | null)?.phase === 'done')) done();
  });
  await engine.handle('drawn', { rows: ROWS, follow: false, fields: [] });
  await engine.handle('open', { path, capture: 1, name: '' });
  await Promise.race([whole, new Promise((resolve) => setTimeout(resolve, PATIENCE_MS).unref())]);
  const turns = new Turns();
  const questions = [
    ['state', {}],
    ['facets', {}],
    ['minimap', { view: 1, buckets: 400 }],
    ['rows', { view: 1, from: 0, count: ROWS }],
    ...Array.from({ length: LOOKED_AT }, (_, k) => ['packet', { row: 9 * k }] as const),
    ['setFilter', { text: 'tcp.port == 80 && ip.addr == 192.0.2.1' }],
    ['facets', {}],
    ['rows', { view: 2, from: 0, count: ROWS }],
  ] as const;
  for (const [name, args] of questions) {
    if (wanted()) break;
    await engine.handle(name, args);
    await turns.pause();
  }
  await engine.handle('close', {});
}
