/** Captures that last longer than 2^53 ns (104 days): a double cannot count their nanoseconds, the columns can. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { Engine } from '../../src/engine/engine.ts';
import type { CaptureState, EngineRequests, RowSummary, ViewState } from '../../src/messages.ts';

const START = 1_500_000_000;
/** Seconds and nanoseconds since the first packet: at 400 days one unit in the last place of a double is 4 ns. */
const TIMES: readonly (readonly [number, number])[] = [
  [0, 1],
  [34_560_000, 1],
  [34_560_000, 2],
  [34_560_000, 3],
  [34_560_001, 0],
  [315_360_000, 999_999_999],
];

let folder: string;
let engine: Engine;
let state: CaptureState | null;
beforeEach(async () => {
  folder = mkdtempSync(path.join(tmpdir(), 'sevenfold-long-'));
  const bytes = Buffer.alloc(24 + TIMES.length * 76);
  // The magic number of nanoseconds.
  bytes.writeUInt32LE(0xa1b23c4d, 0);
  bytes.writeUInt16LE(2, 4);
  bytes.writeUInt16LE(4, 6);
  bytes.writeUInt32LE(65_535, 16);
  bytes.writeUInt32LE(1, 20);
  for (const [k, [sec, nsec]] of TIMES.entries()) {
    bytes.writeUInt32LE(START + sec, 24 + k * 76);
    bytes.writeUInt32LE(nsec, 24 + k * 76 + 4);
    bytes.writeUInt32LE(60, 24 + k * 76 + 8);
    bytes.writeUInt32LE(60, 24 + k * 76 + 12);
  }
  const file = path.join(folder, 'long.pcap');
  writeFileSync(file, bytes);
  engine = new Engine((name, value) => {
    if (name === 'state') state = value as CaptureState | null;
  });
  expect((await engine.handle('open', { path: file, capture: 1, name: 'long' })).ok).toBe(true);
  await expect.poll(() => state?.phase).toBe('done');
});
afterEach(async () => {
  await engine.handle('close', {});
  rmSync(folder, { recursive: true, force: true });
});

async function ask<N extends keyof EngineRequests>(name: N, args: EngineRequests[N]['args']): Promise<EngineRequests[N]['result']> {
  const answer = await engine.handle(name, args);
  if (!answer.ok) throw new Error(answer.failure.message);
  return answer.value as EngineRequests[N]['result'];
}

async function shown(): Promise<readonly RowSummary[]> {
  const { view } = (await ask('state', {})).view as ViewState;
  return (await ask('rows', { view, from: 0, count: 100 })).rows;
}

it('show the time of every packet to the nanosecond', async () => {
  expect((await shown()).map((row) => row.time)).toEqual([
    '0.000000000',
    '34560000.000000000',
    '34560000.000000001',
    '34560000.000000002',
    '34560000.999999999',
    '315360000.999999998',
  ]);
  expect(state?.firstTime).toBe('1500000000.000000001');
  expect(state?.lastTime).toBe('1815360000.999999999');
});

it.each([
  ['frame.time_relative == 34560000.000000001', [2]],
  ['frame.time_relative > 34560000.000000001 && frame.time_relative < 34560001', [3, 4]],
  ['frame.time_epoch == 1534560000.000000003', [3]],
  ['frame.time_relative <= 34560000', [0, 1]],
  ['frame.time_epoch >= 1815360000.999999999', [5]],
])('find the packets of %s', async (text, rows) => {
  expect((await ask('setFilter', { text })).ok).toBe(true);
  expect((await shown()).map((row) => row.row)).toEqual(rows);
});
