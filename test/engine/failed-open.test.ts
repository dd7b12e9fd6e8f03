/** What becomes of the capture that is open where another file cannot be opened. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { Engine } from '../../src/engine/engine.ts';
import type { CaptureState } from '../../src/messages.ts';

const good = path.join(import.meta.dirname, '../fixtures/http.pcap');
let folder: string;
let bad: string;
let engine: Engine;
let state: CaptureState | null;
beforeEach(async () => {
  folder = mkdtempSync(path.join(tmpdir(), 'sevenfold-failed-'));
  bad = path.join(folder, 'notes.txt');
  writeFileSync(bad, 'not a capture at all');
  engine = new Engine((name, value) => {
    if (name === 'state') state = value as CaptureState | null;
  });
  await engine.handle('open', { path: good, capture: 1, name: 'http' });
  await expect.poll(() => state?.phase).toBe('done');
});
afterEach(async () => {
  await engine.handle('close', {});
  rmSync(folder, { recursive: true });
});

it('a file is asked for what it is, and the open capture answers on', async () => {
  expect((await engine.handle('canOpen', { path: bad })).ok).toBe(false);
  expect((await engine.handle('canOpen', { path: path.join(folder, 'gone.pcap') })).ok).toBe(false);
  expect(await engine.handle('canOpen', { path: good })).toEqual({ ok: true, value: null });
  expect(await engine.handle('packet', { row: 3 })).toMatchObject({ ok: true });
  expect(state?.name).toBe('http');
});

it('the window is told that it is closed where the other one was opened in its place', async () => {
  expect((await engine.handle('open', { path: bad, capture: 2, name: 'notes' })).ok).toBe(false);
  expect(state).toBeNull();
});
