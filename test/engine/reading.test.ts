/** A file that takes a while: rows, filters and progress while it is read, and what is left when reading is stopped. */
import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, beforeEach, expect, it, vi } from 'vitest';
import { Engine } from '../../src/engine/engine.ts';
import type { CaptureState, EngineRequests, StateNews, ViewState } from '../../src/messages.ts';

const PACKETS = 150_000;
const FRAME = 200;

let folder: string;
let file: string;
let engine: Engine;
let states: CaptureState[];
let onState: (state: CaptureState) => void;

beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'sevenfold-reading-'));
  file = path.join(folder, 'long.pcap');
  const bytes = Buffer.alloc(24 + PACKETS * (16 + FRAME));
  bytes.writeUInt32LE(0xa1b2c3d4, 0);
  bytes.writeUInt16LE(2, 4);
  bytes.writeUInt16LE(4, 6);
  bytes.writeUInt32LE(65_535, 16);
  bytes.writeUInt32LE(1, 20);
  for (let n = 0; n < PACKETS; n++) {
    const o = 24 + n * (16 + FRAME);
    bytes.writeUInt32LE(1_760_000_000 + n, o);
    bytes.writeUInt32LE(FRAME, o + 8);
    bytes.writeUInt32LE(FRAME, o + 12);
    // UDP over IPv4, the source port counting up.
    const b = o + 16;
    bytes.writeUInt16BE(0x0800, b + 12);
    bytes[b + 14] = 0x45;
    bytes.writeUInt16BE(FRAME - 14, b + 16);
    bytes[b + 22] = 64;
    bytes[b + 23] = 17;
    bytes.writeUInt32BE(0x0a000001, b + 26);
    bytes.writeUInt32BE(0x0a000002, b + 30);
    bytes.writeUInt16BE(1024 + (n % 1000), b + 34);
    bytes.writeUInt16BE(40_000, b + 36);
    bytes.writeUInt16BE(FRAME - 34, b + 38);
  }
  writeFileSync(file, bytes);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

beforeEach(() => {
  states = [];
  onState = () => {};
  engine = new Engine((name, value) => {
    if (name !== 'state' || value === null) return;
    states.push(value as CaptureState);
    onState(value as CaptureState);
  });
});

async function ask<N extends keyof EngineRequests>(name: N, args: EngineRequests[N]['args']): Promise<EngineRequests[N]['result']> {
  const answer = await engine.handle(name, args);
  if (!answer.ok) throw new Error(answer.failure.message);
  return answer.value as EngineRequests[N]['result'];
}

/** Opens the file; resolves at the first state for which `when` is true. */
function opened(when: (state: CaptureState) => boolean): Promise<CaptureState> {
  return new Promise((resolve) => {
    onState = (state) => {
      if (when(state)) resolve(state);
    };
    void engine.handle('open', { path: file, capture: 1, name: 'long.pcap' });
  });
}

/** The view when all rows were looked at. */
async function complete(): Promise<ViewState> {
  for (let k = 0; k < 1000 && !(await view()).complete; k++) await new Promise((resolve) => setTimeout(resolve, 10));
  return await view();
}

const view = async (): Promise<ViewState> => (await ask('state', {})).view as ViewState;

it('rows can be had while the file is still being read, and progress can be told', async () => {
  const early = await opened((state) => state.phase === 'reading' && state.packets >= 100);
  const { rows } = await ask('rows', { view: (await view()).view, from: 0, count: 100 });
  expect(rows).toHaveLength(100);
  expect(rows[99]).toMatchObject({ row: 99, protocol: 'UDP', sourcePort: '1123' });
  expect(early.packets).toBeLessThan(PACKETS);
  expect(early.bytesRead).toBeGreaterThan(0);
  expect(early.bytesRead).toBeLessThan(early.fileBytes);
  const last = await new Promise<CaptureState>((resolve) => {
    onState = (state) => {
      if (state.phase === 'done') resolve(state);
    };
  });
  expect(last).toMatchObject({ packets: PACKETS, bytesRead: early.fileBytes, damage: null });
  for (const key of ['packets', 'bytesRead', 'elapsedMs'] as const) {
    const told = states.map((state) => state[key]);
    expect(told).toEqual([...told].sort((a, b) => a - b));
  }
  await engine.handle('close', {});
});

it('the first news have the rows of a screen with them, and waited for few packets more', async () => {
  await ask('drawn', { rows: 49, follow: false, fields: [] });
  // A file that has no such rows after 100 ms is told of without: a busy machine is given longer here.
  const { setTimeout: after } = globalThis;
  const spy = vi
    .spyOn(globalThis, 'setTimeout')
    .mockImplementation(((work: () => void, ms?: number) => after(work, ms === 100 ? 100_000 : ms)) as typeof setTimeout);
  const first = (await opened(() => true).finally(() => spy.mockRestore())) as StateNews;
  expect(first.packets).toBeGreaterThanOrEqual(49);
  expect(first.packets).toBeLessThan(500);
  expect(first.view?.along?.rows.map(({ row }) => row)).toEqual(Array.from({ length: 49 }, (_, row) => row));
  await engine.handle('close', {});
});

it('a capture that is being written and has much to read is told of when all of it is read, however fast the window draws', async () => {
  const begun = performance.now();
  const whole = new Promise<void>((resolve) => {
    onState = (state) => {
      // When the rows have been told, too.
      queueMicrotask(() => void engine.handle('drawn', { rows: 49, follow: true, fields: [] }));
      if (state.packets === PACKETS) resolve();
    };
  });
  await engine.handle('follow', { path: file, capture: 1, name: 'long.pcap' });
  await engine.handle('grown', { bytes: statSync(file).size });
  await whole;
  // Empty, with its first packets, five times a second, and whole.
  expect(states.length).toBeLessThanOrEqual(3 + (performance.now() - begun) / 200);
  await engine.handle('close', {});
});

it('reading that is stopped keeps what is there, without calling it damaged, and goes on no further', async () => {
  await opened((state) => state.phase === 'reading' && state.packets >= 100);
  await ask('stopReading', {});
  const stopped = states.at(-1) as CaptureState;
  expect(stopped).toMatchObject({ phase: 'stopped', damage: null });
  expect(stopped.packets).toBeGreaterThanOrEqual(100);
  expect(stopped.packets).toBeLessThan(PACKETS);
  await new Promise((resolve) => setTimeout(resolve, 100));
  const { capture, view: shown } = await ask('state', {});
  // A piece that was being read when it was stopped may still come.
  expect(capture?.packets).toBeLessThan(PACKETS);
  const { rows } = await ask('rows', { view: (shown as ViewState).view, from: stopped.packets - 1, count: 1 });
  expect(rows[0]?.row).toBe(stopped.packets - 1);
  await ask('setFilter', { text: 'udp.srcport == 1030' });
  const found = await complete();
  expect(found.matched).toBe(Math.ceil(((capture as CaptureState).packets - 6) / 1000));
  await engine.handle('close', {});
});

it('a filter set while the file is read has its rows at once and gets those that come later', async () => {
  await opened((state) => state.phase === 'reading' && state.packets >= 2000);
  const answer = await ask('setFilter', { text: 'udp.srcport == 1030' });
  if (!answer.ok || answer.view === undefined) throw new Error('The filter was not taken.');
  expect(answer.view.matched).toBeGreaterThan(0);
  await new Promise<void>((resolve) => {
    onState = (state) => {
      if (state.phase === 'done') resolve();
    };
  });
  const shown = await complete();
  expect(shown).toMatchObject({ view: answer.view.view, matched: PACKETS / 1000, scanned: PACKETS, complete: true });
  const { rows } = await ask('rows', { view: shown.view, from: 0, count: 1000 });
  expect(rows.map((row) => row.row)).toEqual(Array.from({ length: PACKETS / 1000 }, (_, k) => 1000 * k + 6));
  await engine.handle('close', {});
});
