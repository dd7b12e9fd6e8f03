/** An open file that another program changes: the engine notices, goes on, and says what happened. */
import {
  appendFileSync,
  copyFileSync,
  mkdtempSync,
  openSync,
  renameSync,
  rmSync,
  type Stats,
  truncateSync,
  unlinkSync,
  utimesSync,
  writeSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { Engine } from '../../src/engine/engine.ts';
import { FileWatch } from '../../src/engine/file-watch.ts';
import type { CaptureState, PacketDetail } from '../../src/messages.ts';

/** Files that were looked at, as often as they were. */
const looked = vi.hoisted((): string[] => []);
vi.mock('node:fs', async (original) => {
  const actual = await original<typeof import('node:fs')>();
  const stat = (file: string, done: (error: NodeJS.ErrnoException | null, now: Stats) => void): void =>
    actual.stat(file, (error, now) => {
      done(error, now);
      looked.push(file);
    });
  return { ...actual, stat };
});
/** The file is looked at so many times more. */
async function looks(more: number): Promise<void> {
  const before = looked.length;
  await expect.poll(() => looked.length).toBeGreaterThanOrEqual(before + more);
}

const FIXTURE = path.join(import.meta.dirname, '..', 'fixtures', 'http.pcap');

let folder: string;
let file: string;
let engine: Engine;
let state: CaptureState | null;

beforeEach(async () => {
  folder = mkdtempSync(path.join(tmpdir(), 'sevenfold-change-'));
  file = path.join(folder, 'web.pcap');
  copyFileSync(FIXTURE, file);
  state = null;
  engine = new Engine((name, value) => {
    if (name === 'state') state = value as CaptureState | null;
  });
  expect((await engine.handle('open', { path: file, capture: 1, name: 'web.pcap' })).ok).toBe(true);
  await expect.poll(() => state?.phase).toBe('done');
  // The first look, and that at the end of reading, have to have been before the change.
  await expect.poll(() => looked.filter((each) => each === file).length).toBeGreaterThanOrEqual(2);
});
afterEach(async () => {
  await engine.handle('close', {});
  rmSync(folder, { recursive: true, force: true });
});

const told = () => expect.poll(() => state?.change);
async function lastPacket(): Promise<PacketDetail> {
  const answer = await engine.handle('packet', { row: (state?.packets ?? 1) - 1 });
  if (!answer.ok) throw new Error(answer.failure.message);
  return answer.value as PacketDetail;
}

it('says nothing of a file that stays as it is', async () => {
  await looks(2);
  expect(state?.change).toBeNull();
});

it('that was cut keeps its rows; packets that are gone are shown as cut, and what is there can be read', async () => {
  const before = await lastPacket();
  truncateSync(file, 2000);
  await told().toBe('cut');
  expect(state?.phase).toBe('done');
  const after = await lastPacket();
  expect(after.length).toBe(before.length);
  const first = await engine.handle('packet', { row: 0 });
  expect(first.ok && (first.value as PacketDetail).layers.some((layer) => layer.protocol === 'tcp')).toBe(true);
});

it('that has grown', async () => {
  appendFileSync(file, Buffer.alloc(100));
  await told().toBe('grown');
});

it('that was written over in place', async () => {
  const fd = openSync(file, 'r+');
  writeSync(fd, Buffer.from('changed'), 0, 7, 60);
  utimesSync(file, new Date(), new Date(Date.now() + 5000));
  await told().toBe('rewritten');
});

it('that was replaced is still the file that was opened, byte for byte', async () => {
  const before = await lastPacket();
  const other = path.join(folder, 'other');
  copyFileSync(path.join(path.dirname(FIXTURE), 'dns.pcap'), other);
  renameSync(other, file);
  await told().toBe('replaced');
  expect((await lastPacket()).sources[0]?.bytes).toEqual(before.sources[0]?.bytes);
});

it('that was deleted is still there for who has it open; put back, it is as before', async () => {
  const before = await lastPacket();
  const aside = path.join(folder, 'aside.pcap');
  renameSync(file, aside);
  await told().toBe('gone');
  expect(await lastPacket()).toEqual(before);
  renameSync(aside, file);
  await told().toBe(null);
  unlinkSync(file);
  await told().toBe('gone');
});

it('is not looked at any more once it is closed', async () => {
  let changes = 0;
  const watch = new FileWatch(file, () => changes++, 10);
  await looks(3);
  watch.end();
  unlinkSync(file);
  await new Promise((resolve) => setTimeout(resolve, 60));
  expect(changes).toBe(0);
});
