/** A capture at whose end something encrypted still waits behind packets that never came: read a second time, it is read, and the window sees it. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { Engine } from '../../src/engine/engine.ts';
import type { EngineControl, EngineRequests, StateNews, ViewNews } from '../../src/messages.ts';

const tls = path.join(import.meta.dirname, '..', 'fixtures', 'tls');
type Requests = EngineRequests & EngineControl;

let folder: string;
let engine: Engine;
let done = false;
let matched = 0;
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'sevenfold-again-'));
  done = false;
  engine = new Engine((name, value) => {
    const state = name === 'state' ? (value as StateNews | null) : null;
    if (name === 'state') done = state?.phase === 'done';
    // The first news of a capture bring the view along.
    const view = name === 'view' ? (value as ViewNews) : state?.view;
    if (view !== undefined) matched = view.matched;
  });
});
afterEach(async () => {
  await engine.handle('close', {});
  rmSync(folder, { recursive: true });
});

async function ask<N extends keyof Requests>(name: N, args: Requests[N]['args']): Promise<Requests[N]['result']> {
  const answer = await engine.handle(name, args);
  if (!answer.ok) throw new Error(answer.failure.message);
  return answer.value as Requests[N]['result'];
}

/** A pcap file with some of the packets (numbers from 1) of a fixture. */
function part(name: string, keep: (number: number) => boolean): string {
  const file = readFileSync(path.join(tls, name));
  const pieces = [file.subarray(0, 24)];
  for (let at = 24, number = 1; at < file.length; number++) {
    const end = at + 16 + file.readUInt32LE(at + 8);
    if (keep(number)) pieces.push(file.subarray(at, end));
    at = end;
  }
  const to = path.join(folder, name);
  writeFileSync(to, Buffer.concat(pieces));
  return to;
}

/** A connection up to its first response, without the segment before that and without anything that acknowledges it. */
async function open(filter: string): Promise<void> {
  const file = part('tls13.pcap', (number) => number >= 37 && number <= 50 && number !== 48 && number !== 49);
  const opening = ask('open', { path: file, capture: 1, name: 'part', keyLogFile: path.join(tls, 'tls13.keys') });
  await opening;
  if (filter !== '') await ask('setFilter', { text: filter });
  for (let k = 0; !done && k < 1000; k++) await new Promise((resolve) => setTimeout(resolve, 10));
  expect(done).toBe(true);
}

it('has the exchange whose response waited, in the packet that was the last of it', async () => {
  await open('');
  const { rows } = await ask('exchanges', { from: 0, count: 10, sort: 'exchange', descending: false });
  expect(rows).toMatchObject([{ method: 'GET', status: 200, responseBytes: 15, responseFrame: 12 }]);
  const { layers } = await ask('packet', { row: 11 });
  expect(layers.map(({ protocol }) => protocol)).toEqual(['frame', 'eth', 'ip', 'tcp', 'tls', 'tls', 'http', 'data-text-lines']);
});

it('keeps the filter that was set meanwhile', async () => {
  await open('http.response');
  expect(matched).toBe(1);
});

it('shows in the followed stream what was read behind a gap', async () => {
  await open('');
  const summary = await ask('followStream', { kind: 'tls', stream: 0 });
  const { pieces } = await ask('followPage', { kind: 'tls', stream: 0, from: 0, count: 10 });
  expect(summary.missing).toEqual([287, 0]);
  expect(pieces.map(({ gap, length }) => [gap, length])).toEqual([
    [false, 84],
    [true, 287],
    [false, 251],
  ]);
  expect(Buffer.from(pieces[2]?.bytes ?? []).toString()).toContain('HTTP/1.1 200 OK');
});
