/** Marked packets: the filter knows them as they are now, they stay when the capture is read anew, and they can be saved by themselves. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { Engine } from '../../src/engine/engine.ts';
import { checkEngineArgs } from '../../src/host/schemas.ts';
import { type EngineControl, type EngineRequests, type FieldNode, MOST_MARKED } from '../../src/messages.ts';

const fixtures = path.join(import.meta.dirname, '..', 'fixtures');
type Requests = EngineRequests & EngineControl;

let folder: string;
let engine: Engine;
let done = false;
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'sevenfold-marked-'));
  engine = new Engine((name, value) => {
    if (name === 'state') done = (value as { phase?: string } | null)?.phase === 'done';
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

async function whole(): Promise<void> {
  for (let k = 0; !done && k < 1000; k++) await new Promise((resolve) => setTimeout(resolve, 10));
  expect(done).toBe(true);
}

async function open(file: string, capture = 1): Promise<void> {
  done = false;
  await ask('open', { path: path.resolve(fixtures, file), capture, name: file });
  await whole();
}

/** Rows on show, once the filter has looked at all. */
async function shown(): Promise<number[]> {
  for (let k = 0; k < 500; k++) {
    const { view } = await ask('state', {});
    if (view?.complete === true) return (await ask('rows', { view: view.view, from: 0, count: 1000 })).rows.map(({ row }) => row);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  throw new Error('The scan does not end.');
}

async function rowsOf(text: string): Promise<number[]> {
  expect((await ask('setFilter', { text })).ok).toBe(true);
  return shown();
}

const mark = (...rows: number[]): Promise<null> => ask('setMarked', { capture: 1, rows });

it('are those that frame.marked is true for', async () => {
  await open('http.pcap');
  const all = await rowsOf('');
  expect(await rowsOf('frame.marked == 1')).toEqual([]);
  await mark(40, 4, 7);
  expect(await rowsOf('frame.marked == 1')).toEqual([4, 7, 40]);
  expect(await rowsOf('frame.marked == True && frame.number > 5')).toEqual([7, 40]);
  expect(await rowsOf('frame.marked == 0')).toEqual(all.filter((row) => ![4, 7, 40].includes(row)));
  expect(await rowsOf('not frame.marked == 1')).toEqual(all.filter((row) => ![4, 7, 40].includes(row)));
  // As in Wireshark: each frame has the field.
  expect(await rowsOf('frame.marked')).toEqual(all);
  // Asked of the whole dissection.
  expect(await rowsOf('frame.marked != frame.ignored')).toEqual([4, 7, 40]);
});

it.each(['frame.marked == 1', 'frame.marked == 1 or tcp.hdr_len == 0', 'frame.marked != frame.ignored', 'ip && frame.marked == 1'])(
  'are looked for anew by %s, on show or remembered, when others are marked',
  async (text) => {
    await open('http.pcap');
    await mark(4, 7);
    expect(await rowsOf(text)).toEqual([4, 7]);
    const before = (await ask('state', {})).view?.view;
    await mark(7, 9);
    expect(await shown()).toEqual([7, 9]);
    expect((await ask('state', {})).view?.view).not.toBe(before);
    await rowsOf('');
    await mark(12);
    expect(await rowsOf(text)).toEqual([12]);
    await mark();
    expect(await shown()).toEqual([]);
  },
);

it('leave a filter alone that does not ask for them', async () => {
  await open('http.pcap');
  await rowsOf('http.request');
  const before = (await ask('state', {})).view?.view;
  await mark(4);
  expect((await ask('state', {})).view?.view).toBe(before);
});

it('are told of by the frame, and by a column of the list', async () => {
  await open('http.pcap');
  await mark(4);
  const texts = async (row: number): Promise<string[]> => {
    const all = (nodes: readonly FieldNode[]): readonly FieldNode[] => nodes.flatMap((node) => [node, ...all(node.children)]);
    const { layers } = await ask('packet', { row });
    return layers.flatMap(({ fields }) => all(fields)).flatMap(({ abbrev, value }) => (abbrev === 'frame.marked' ? [String(value)] : []));
  };
  expect(await texts(4)).toEqual(['true']);
  expect(await texts(5)).toEqual(['false']);
  const view = (await ask('state', {})).view?.view as number;
  const { rows } = await ask('rows', { view, from: 4, count: 2, fields: ['frame.marked'] });
  expect(rows.map(({ fields }) => fields[0]?.text)).toEqual(['True', 'False']);
});

it('stay when the capture is read anew with other choices, and are told to a page that asks', async () => {
  await open('http.pcap');
  await mark(7, 4);
  done = false;
  const reading = ask('setDecodeAs', { choices: [] });
  // Told while nothing is open for the moment.
  await mark(4, 7, 8);
  await reading;
  await whole();
  expect(await rowsOf('frame.marked == 1')).toEqual([4, 7, 8]);
  expect((await ask('state', {})).marked).toEqual([4, 7, 8]);
});

it('stay when the end of the file has it read a second time, even if they are set during that', async () => {
  // As in second-reading.test.ts: something encrypted waits behind a segment that never came.
  const file = readFileSync(path.join(fixtures, 'tls', 'tls13.pcap'));
  const pieces = [file.subarray(0, 24)];
  for (let at = 24, number = 1; at < file.length; number++) {
    const end = at + 16 + file.readUInt32LE(at + 8);
    if (number >= 37 && number <= 50 && number !== 48 && number !== 49) pieces.push(file.subarray(at, end));
    at = end;
  }
  const part = path.join(folder, 'part.pcap');
  writeFileSync(part, Buffer.concat(pieces));
  done = false;
  const keyLogFile = path.join(fixtures, 'tls', 'tls13.keys');
  await ask('open', { path: part, capture: 1, name: 'part', keyLogFile });
  await mark(2);
  await ask('setFilter', { text: 'frame.marked == 1' });
  await mark(2, 3);
  await whole();
  expect(await shown()).toEqual([2, 3]);
});

it('of one capture are not those of another', async () => {
  await open('http.pcap');
  await mark(4, 7);
  await open('dns.pcap', 2);
  expect(await rowsOf('frame.marked == 1')).toEqual([]);
  expect((await ask('state', {})).marked).toEqual([]);
  // A late word about the capture before.
  await mark(4);
  expect(await shown()).toEqual([]);
});

it('are saved by themselves, in the order of the capture, whatever the list shows', async () => {
  await open('http.pcap');
  await mark(9, 4, 1_000_000);
  await rowsOf('frame.number == 1');
  const saved = path.join(folder, 'marked.pcap');
  const result = await ask('save', { what: 'packets', format: 'pcap', only: 'marked', path: saved });
  expect(result).toMatchObject({ whole: true, count: 2 });
  const summaries = async (rows: readonly number[]) => Promise.all(rows.map(async (row) => (await ask('packet', { row })).time));
  const times = await summaries([4, 9]);
  await open(saved, 2);
  expect(await summaries([0, 1])).toEqual(times);
  expect(
    await engine.handle('save', { what: 'packets', format: 'pcap', only: 'marked', path: path.join(folder, 'none.pcap') }),
  ).toMatchObject({ ok: false, failure: { message: 'No packet is marked.' } });
});

it('are bounded in number', () => {
  const rows = Array.from({ length: MOST_MARKED + 1 }, (_, row) => row);
  expect(checkEngineArgs('setMarked', { capture: 1, rows }).ok).toBe(false);
  expect(checkEngineArgs('setMarked', { capture: 1, rows: rows.slice(1) }).ok).toBe(true);
});
