/** The packet list sorted, and with columns of fields, as the window asks for it. */
import path from 'node:path';
import { afterEach, expect, it } from 'vitest';
import { Engine } from '../../src/engine/engine.ts';
import type { EngineRequests, RowSummary, ViewState } from '../../src/messages.ts';

let engine: Engine | null = null;
let view: ViewState | null = null;
afterEach(async () => {
  await engine?.handle('close', {});
  engine = null;
  view = null;
});

async function open(name: string): Promise<void> {
  let done = false;
  engine = new Engine((event, value) => {
    if (event === 'state') done = (value as { phase?: string } | null)?.phase === 'done';
    if (event === 'view') view = value as ViewState;
  });
  await engine.handle('open', { path: path.join(import.meta.dirname, '..', 'fixtures', name), capture: 1, name });
  for (let k = 0; !done && k < 500; k++) await new Promise((resolve) => setTimeout(resolve, 10));
  expect(done).toBe(true);
}

async function ask<N extends keyof EngineRequests>(name: N, args: EngineRequests[N]['args']): Promise<EngineRequests[N]['result']> {
  const answer = await (engine as Engine).handle(name, args);
  if (!answer.ok) throw new Error(answer.failure.message);
  return answer.value as EngineRequests[N]['result'];
}

async function rowsNow(fields: readonly string[] = []): Promise<readonly RowSummary[]> {
  const { view: now } = await ask('state', {});
  return (await ask('rows', { view: now?.view ?? -1, from: 0, count: 1000, fields })).rows;
}

async function sorted(column: string, descending: boolean, fields: readonly string[] = []): Promise<readonly RowSummary[]> {
  await ask('sortRows', { column, descending });
  for (let k = 0; k < 300; k++) {
    const { view: now } = await ask('state', {});
    if (now?.sorting?.column === column && now.sorting.descending === descending && now.sorting.done === 1) return rowsNow(fields);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  throw new Error('never sorted');
}
const numbers = (rows: readonly RowSummary[]): number[] => rows.map((row) => row.row);

it('sorts by every column of its own, equal rows in the order of the capture', async () => {
  await open('http.pcap');
  const all = await rowsNow();
  const by = (compare: (a: RowSummary, b: RowSummary) => number): number[] =>
    numbers([...all].sort((a, b) => compare(a, b) || a.row - b.row));
  expect(numbers(await sorted('length', true))).toEqual(by((a, b) => b.length - a.length));
  expect(numbers(await sorted('time', true))).toEqual(by((a, b) => Number(b.time) - Number(a.time)));
  expect(numbers(await sorted('no', true))).toEqual([...numbers(all)].reverse());
  expect((await sorted('protocol', false)).map((row) => row.protocol)).toEqual(all.map((row) => row.protocol).sort());
  const sources = (await sorted('source', false)).map((row) => row.source);
  expect(sources.length).toBe(all.length);
  // Each address stands in one piece.
  expect(sources.filter((each, k) => each !== sources[k - 1]).length).toBe(new Set(sources).size);
  const infos = (await sorted('info', false)).map((row) => row.info.slice(0, 64));
  expect(infos).toEqual([...infos].sort());
  await ask('sortRows', { column: null, descending: false });
  expect(numbers(await rowsNow())).toEqual(numbers(all));
});

it('sorts by the values of a field as numbers, packets without it last', async () => {
  await open('http.pcap');
  const rows = await sorted('http.content_length', true, ['http.content_length', 'http.request.uri']);
  const values = rows.map((row) => row.fields[0]?.text ?? '');
  const some = values.filter((each) => each !== '');
  expect(some.length).toBeGreaterThan(2);
  expect(some.map(Number)).toEqual(some.map(Number).sort((a, b) => b - a));
  expect(values.slice(0, some.length)).toEqual(some);
  const uris = rows.flatMap((row) => row.fields[1]?.first ?? []);
  expect(uris[0]).toMatchObject({ value: expect.stringContaining('/') });
  await expect(sorted('no.such.field', false)).rejects.toThrow('no column and no field');
});

it('finds packets at their places, and gives the view another number when places have changed', async () => {
  await open('http.pcap');
  const before = (await ask('state', {})).view?.view ?? 0;
  const rows = await sorted('length', false);
  const after = (await ask('state', {})).view?.view ?? 0;
  expect(after).toBeGreaterThan(before);
  expect((await ask('rows', { view: before, from: 0, count: 10 })).stale).toBe(true);
  for (const position of [0, 7, rows.length - 1]) {
    expect(await ask('positionOf', { view: after, row: rows[position]?.row ?? -1 })).toEqual({ position, exact: true });
  }
});

it('keeps the order for the next filter', async () => {
  await open('http.pcap');
  await sorted('length', true);
  await ask('setFilter', { text: 'tcp.stream == 1' });
  for (let k = 0; k < 300 && view?.sorting?.done !== 1; k++) await new Promise((resolve) => setTimeout(resolve, 5));
  const lengths = (await rowsNow()).map((row) => row.length);
  expect(lengths.length).toBeGreaterThan(3);
  expect(lengths).toEqual([...lengths].sort((a, b) => b - a));
});

it('stops when it is told to, and then stands as in the file', async () => {
  await open('tcp-zero-window.pcap');
  await ask('sortRows', { column: 'info', descending: true });
  const stopped = await ask('sortRows', { column: null, descending: false });
  expect(stopped.sorting).toBeNull();
  await new Promise((resolve) => setTimeout(resolve, 150));
  const rows = numbers(await rowsNow());
  expect(rows).toEqual([...rows].sort((a, b) => a - b));
});
