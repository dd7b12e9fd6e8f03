/** Of captures whose packets are not in the order of time, the window says when the earliest and the latest came. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { Engine } from '../../src/engine/engine.ts';
import type { CaptureState } from '../../src/messages.ts';

const HEADER = 24;
const EPOCH = 1_700_000_000;
let folder: string;
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'sevenfold-times-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

/** What the window is told of a capture whose packets have these times, in seconds. */
async function stateWith(times: readonly number[]): Promise<CaptureState> {
  const pcap = readFileSync(path.join(import.meta.dirname, '../fixtures/http.pcap'));
  const length = 16 + pcap.readUInt32LE(HEADER + 8);
  const records = times.map((time) => {
    const record = Buffer.from(pcap.subarray(HEADER, HEADER + length));
    record.writeUInt32LE(EPOCH + Math.floor(time), 0);
    record.writeUInt32LE(Math.round(1e6 * (time - Math.floor(time))), 4);
    return record;
  });
  const file = path.join(folder, 'times.pcap');
  writeFileSync(file, Buffer.concat([pcap.subarray(0, HEADER), ...records]));
  let state: CaptureState | null = null;
  let done: CaptureState | null = null;
  const engine = new Engine((name, value) => {
    if (name === 'state') state = value as CaptureState | null;
    if (state?.phase === 'done') done = state;
  });
  await engine.handle('open', { path: file, capture: 1, name: 'times' });
  await expect.poll(() => done).not.toBeNull();
  await engine.handle('close', {});
  return done as unknown as CaptureState;
}

it.each([
  ['in order', [0, 1.5, 2]],
  ['back to front', [2, 1.5, 0]],
  ['as interfaces were merged', [1.000_001, 0, 1, 2, 1.999_999]],
  [
    'in more packets than a chunk of the index has',
    [5, ...Array.from({ length: 70_000 }, () => 4), 0, 2, ...Array.from({ length: 70_000 }, () => 1)],
  ],
] as const)('tells the earliest and the latest time of packets %s', async (_, times) => {
  const { firstTime, lastTime } = await stateWith(times);
  const least = times.reduce((a, b) => Math.min(a, b));
  const most = times.reduce((a, b) => Math.max(a, b));
  expect(firstTime).toBe(`${(EPOCH + least).toFixed(0)}.000000000`);
  expect(lastTime).toBe(`${(EPOCH + most).toFixed(0)}.000000000`);
});
