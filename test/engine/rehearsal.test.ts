/** What the engine does before the user opens anything: nobody must notice. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { Engine } from '../../src/engine/engine.ts';
import { rehearse } from '../../src/engine/rehearsal.ts';
import type { CaptureState, RowSummary } from '../../src/messages.ts';

const sample = path.join(import.meta.dirname, '../../samples/first-look.pcapng');
let folder: string;

beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'sevenfold-rehearsal-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Opens the sample in an engine and gives what a window shows of it. */
async function opened(meanwhile: () => Promise<void>): Promise<{ state: object; rows: readonly RowSummary[] }> {
  let done: CaptureState | null = null;
  const engine = new Engine((name, value) => {
    const state = name === 'state' ? (value as CaptureState | null) : null;
    if (state?.phase === 'done') done = { ...state, elapsedMs: 0 };
  });
  const rehearsed = meanwhile();
  expect((await engine.handle('open', { path: sample, capture: 7, name: 'mine' })).ok).toBe(true);
  for (let k = 0; done === null && k < 500; k++) await new Promise((resolve) => setTimeout(resolve, 10));
  await rehearsed;
  const answer = await engine.handle('rows', { view: 1, from: 0, count: 200 });
  await engine.handle('close', {});
  if (!answer.ok) throw new Error(answer.failure.message);
  return { state: done ?? {}, rows: (answer.value as { rows: readonly RowSummary[] }).rows };
}

it('a rehearsal changes nothing of what another engine shows, even at the same time', async () => {
  const alone = await opened(async () => {});
  const beside = await opened(() => rehearse(sample, () => false));
  expect(beside).toEqual(alone);
  expect(alone.rows.length).toBeGreaterThan(100);
});

it('it ends as soon as something is wanted', async () => {
  let asked = 0;
  await rehearse(sample, () => ++asked > 2);
  const early = asked;
  await rehearse(sample, () => ++asked < 0);
  expect(early).toBeLessThan((asked - early) / 2);
});

it('it minds neither a file that is none, nor one that is no capture', async () => {
  const text = path.join(folder, 'text.pcap');
  writeFileSync(text, 'not a capture at all');
  for (const file of [path.join(folder, 'missing.pcap'), folder, text]) await rehearse(file, () => false);
});
