/** The connections table as the window wishes for it, on the fixtures. */
import path from 'node:path';
import { afterEach, expect, it } from 'vitest';
import { Engine } from '../../src/engine/engine.ts';
import type { ConnectionWish, EngineRequests } from '../../src/messages.ts';

let engine: Engine | null = null;
afterEach(async () => {
  await engine?.handle('close', {});
  engine = null;
});

async function open(name: string): Promise<void> {
  let done = false;
  engine = new Engine((event, value) => {
    if (event === 'state') done = (value as { phase?: string } | null)?.phase === 'done';
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

const wish = (change: Partial<ConnectionWish>): ConnectionWish => ({
  sort: 'stream',
  descending: false,
  handshake: null,
  where: [],
  ...change,
});
const streams = async (change: Partial<ConnectionWish>): Promise<number[]> =>
  (await ask('connections', { from: 0, count: 100, ...wish(change) })).rows.map((row) => row.stream);

it('sorts by any column, in both directions', async () => {
  await open('http.pcap');
  const all = (await ask('connections', { from: 0, count: 100, ...wish({}) })).rows;
  expect(all.length).toBeGreaterThan(2);
  const by = (key: (row: (typeof all)[number]) => number, descending: boolean): number[] =>
    [...all].sort((a, b) => (descending ? key(b) - key(a) : key(a) - key(b)) || a.stream - b.stream).map((row) => row.stream);
  expect(await streams({ sort: 'durationMs', descending: true })).toEqual(by((row) => row.durationMs, true));
  expect(await streams({ sort: 'goodputServer' })).toEqual(by((row) => row.goodputServer ?? Number.POSITIVE_INFINITY, false));
  expect(await streams({ sort: 'rttServerMs', descending: true })).toEqual(by((row) => row.rttServerMs ?? -1, true));
  expect(await streams({ sort: 'stream', descending: true })).toEqual(by((row) => row.stream, true));
});

it('narrows by numbers, texts and words, and says how many have each handshake', async () => {
  await open('http.pcap');
  const all = (await ask('connections', { from: 0, count: 100, ...wish({}) })).rows;
  const middle = [...all].map((row) => row.received).sort((a, b) => a - b)[Math.floor(all.length / 2)] as number;
  expect(await streams({ where: [{ column: 'received', least: middle }] })).toEqual(
    all.filter((row) => row.received >= middle).map((row) => row.stream),
  );
  const port = (all[1]?.client ?? '').slice(-5);
  expect(await streams({ where: [{ column: 'client', contains: port }] })).toEqual(
    all.filter((row) => row.client.includes(port)).map((row) => row.stream),
  );
  expect(await streams({ where: [{ column: 'outcome', oneOf: ['Refused'] }] })).toEqual([]);
  const answer = await ask('connections', { from: 0, count: 1, ...wish({ handshake: 'refused' }) });
  expect(answer.total).toBe(0);
  expect(answer.handshakes.completed).toBe(all.length);
});

it('gives what was wished for as a filter that leaves just these connections', async () => {
  await open('http.pcap');
  const where = [{ column: 'stream', least: 1, most: 2 }] as const;
  const { text, total } = await ask('connectionFilter', wish({ where }));
  expect([text, total]).toEqual(['tcp.stream in {1..2}', 2]);
  await ask('setFilter', { text });
  expect(await streams({})).toEqual([1, 2]);
  expect(await ask('connectionFilter', wish({ handshake: 'refused' }))).toEqual({ text: '', total: 0 });
  expect(await ask('connectionPosition', { stream: 2, ...wish({ descending: true }) })).toEqual({ position: 0 });
});

it('tells what was agreed, how fast data went each way, and in which state a connection was reset', async () => {
  await open('tcp-reset.pcap');
  const [row] = (await ask('connections', { from: 0, count: 1, ...wish({}) })).rows;
  expect(row).toMatchObject({
    options: 'MSS 1460 · WS 1024 · SACK · TS',
    closedBy: 'server',
    resetState: 'ESTABLISHED',
    goodputServer: null,
  });
  expect(row?.goodputClient).toBeCloseTo(((row?.sent ?? 0) * 8) / ((row?.durationMs ?? 1) / 1000), 6);
  expect((row?.rttServerMs ?? 0) + (row?.rttClientMs ?? 0)).toBeCloseTo(row?.handshakeRttMs ?? -1, 9);
});

it('counts octets that were sent again for the throughput only', async () => {
  await open('tcp-loss.pcap');
  const [row] = (await ask('connections', { from: 0, count: 1, ...wish({}) })).rows;
  expect(row?.retransmissions).toBeGreaterThan(0);
  // 40,257 octets of the server reach the client (the graph's test); what was sent again is not counted twice.
  expect(((row?.goodputServer ?? 0) * (row?.durationMs ?? 0)) / 8000).toBeLessThan(row?.received ?? 0);
  expect(row?.resentShare).toBeGreaterThan(0.05);
});
