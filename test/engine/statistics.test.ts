/** Statistics as the window asks for them: in slices, of the filter, sorted, of a piece of time. */
import path from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { Engine } from '../../src/engine/engine.ts';
import { conversations, endpoints, packetLengths, protocolHierarchy, RateCounter } from '../../src/engine/statistics.ts';
import type { EngineRequests, Statistics } from '../../src/messages.ts';
import { CHUNK_MASK } from '../../src/table/packet-table.ts';
import { C, TestCapture } from '../flow/tcp-capture.ts';
import { readAll } from '../golden/table.ts';

const fixture = (name: string): string => path.join(import.meta.dirname, '..', 'fixtures', name);

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
  await engine.handle('open', { path: fixture(name), capture: 1, name });
  for (let k = 0; !done && k < 500; k++) await new Promise((resolve) => setTimeout(resolve, 10));
  expect(done).toBe(true);
}

async function ask<N extends keyof EngineRequests>(name: N, args: EngineRequests[N]['args']): Promise<EngineRequests[N]['result']> {
  const answer = await (engine as Engine).handle(name, args);
  if (!answer.ok) throw new Error(answer.failure.message);
  return answer.value as EngineRequests[N]['result'];
}

async function whole(piece: { from: number; to: number } | null = null): Promise<Statistics> {
  for (let k = 0; k < 200; k++) {
    const said = await ask('statistics', { piece });
    if (said.counted === said.total) return said;
  }
  throw new Error('never counted');
}
const sum = (values: readonly number[]): number => values.reduce((total, each) => total + each, 0);

it('counts what the command line counts', async () => {
  await open('http.pcap');
  const read = await readAll(fixture('http.pcap'));
  if (read === null) throw new Error('not read');
  const said = await whole();
  expect(said.protocols).toEqual(protocolHierarchy(read.capture, null));
  expect(said.lengths).toEqual(packetLengths(read.capture, null));
  expect(sum(said.lengths.map((each) => each.packets))).toBe(said.packets);
  expect(sum(said.protocols.map((each) => each.ends))).toBe(said.packets);
  for (const kind of ['ip', 'tcp', 'udp'] as const) {
    const wish = { kind, sort: 'bytes', descending: true, from: 0, count: 1000 } as const;
    const bytes = (rows: readonly object[]): unknown => rows.map((row) => JSON.stringify(row)).sort();
    const pairs = await ask('statisticsTable', { table: 'conversations', ...wish });
    expect(bytes(pairs.rows)).toEqual(bytes(conversations(read.capture, kind, null)));
    expect(pairs.total).toBe(said.conversations[kind]);
    const ends = await ask('statisticsTable', { table: 'endpoints', ...wish });
    expect(bytes(ends.rows)).toEqual(bytes(endpoints(read.capture, kind, null)));
  }
  await read.reader.close();
});

it('counts only what the filter leaves, with the curve of all packets beside it', async () => {
  await open('http.pcap');
  const all = await whole();
  expect(all.wholeRate).toBeNull();
  await ask('setFilter', { text: 'tcp.stream == 1' });
  const some = await whole();
  expect(some.packets).toBeLessThan(all.packets);
  expect(some.conversations.tcp).toBe(1);
  expect(sum(some.rate.packets)).toBe(some.packets);
  expect(sum(some.wholeRate?.packets ?? [])).toBe(all.packets);
});

it('draws the curve of the filter over the whole time of the capture, also where the filter leaves none', async () => {
  await open('http.pcap');
  const { rate } = await whole();
  for (const text of ['frame.number == 1', 'tcp.port == 9']) {
    await ask('setFilter', { text });
    const some = await whole();
    expect(some.packets, text).toBe(text === 'tcp.port == 9' ? 0 : 1);
    expect(sum(some.rate.packets), text).toBe(some.packets);
    expect(some.wholeRate, text).toEqual(rate);
    expect([some.rate.packets.length, some.rate.seconds], text).toEqual([rate.packets.length, rate.seconds]);
  }
});

it('sorts the table by any of its columns', async () => {
  await open('http.pcap');
  await whole();
  const wish = { table: 'conversations', kind: 'tcp', from: 0, count: 100 } as const;
  const by = async (sort: 'start' | 'a' | 'packets', descending: boolean) =>
    (await ask('statisticsTable', { ...wish, sort, descending })).rows;
  const starts = (await by('start', true)).map((row) => ('start' in row ? row.start : 0));
  expect(starts).toEqual([...starts].sort((x, y) => y - x));
  const names = (await by('a', false)).map((row) => ('a' in row ? row.a : ''));
  expect(names).toEqual([...names].sort());
});

it('looks closer at a piece of time', async () => {
  await open('tcp-zero-window.pcap');
  const all = await whole();
  const length = all.rate.seconds * all.rate.packets.length;
  const piece = { from: length / 4, to: length / 2 };
  const part = await whole(piece);
  expect(part.packets).toBe(all.packets);
  expect(part.rate.from).toBe(piece.from);
  expect(part.rate.seconds).toBeLessThanOrEqual(all.rate.seconds);
  expect(sum(part.rate.packets)).toBeLessThan(sum(all.rate.packets));
  expect(part.rate.packets.length).toBeLessThanOrEqual(600);
});

it('joins slots as time goes on without losing a packet, and names the first row of each', async () => {
  const read = await readAll(fixture('tcp-zero-window.pcap'));
  if (read === null) throw new Error('not read');
  const { packets } = read.capture;
  const counter = new RateCounter(read.capture, null, 1e-9);
  for (let row = 0; row < packets.length; row++) counter.add(packets.chunkOf(row), row & CHUNK_MASK, row);
  for (const most of [7, 100, 600]) {
    const curve = counter.curve(most);
    expect(curve.packets.length).toBeLessThanOrEqual(most);
    expect(sum(curve.packets)).toBe(packets.length);
    expect(Number((curve.seconds / 10 ** Math.floor(Math.log10(curve.seconds) + 1e-9)).toFixed(6))).toBeOneOf([1, 2, 5]);
    let before = -1;
    curve.rows.forEach((row, k) => {
      expect(row === -1).toBe(curve.packets[k] === 0);
      if (row >= 0) expect(row).toBeGreaterThan(before);
      if (row >= 0) before = row;
    });
  }
  await read.reader.close();
});

describe('packets of times before the first one', () => {
  /** The curve of packets at these times, ms. */
  function counted(times: readonly number[], width = 0.001): RateCounter {
    const capture = new TestCapture();
    for (const at of times) capture.add({ at, seq: C, flags: 'S' });
    const { packets } = capture;
    const counter = new RateCounter(capture, null, width);
    for (let row = 0; row < packets.length; row++) counter.add(packets.chunkOf(row), row & CHUNK_MASK, row);
    return counter;
  }

  it('have their own place in the curve', () => {
    const curve = counted([0, 100, -500, 200, -2000]).curve(600);
    expect(curve.seconds).toBe(0.005);
    expect(curve.from).toBe(-2);
    expect(curve.packets).toHaveLength(441);
    const at = (ms: number): number => (ms + 2000) / 5;
    expect(curve.rows[at(-2000)]).toBe(4);
    expect(curve.rows[at(-500)]).toBe(2);
    expect(curve.rows[at(0)]).toBe(0);
    expect(curve.rows[at(200)]).toBe(3);
    expect(sum(curve.packets)).toBe(5);
  });

  it('are all kept as time goes on both ways, each where it belongs', () => {
    // Beyond all room, in turns: forward, back, and by and by wider apart.
    const times = Array.from({ length: 2000 }, (_, k) => (k % 3 === 0 ? -1 : 1) * Math.round(1.01 ** k));
    times[0] = 0;
    const counter = counted(times, 1e-6);
    for (const most of [7, 100, 600]) {
      const { from, seconds, packets, rows } = counter.curve(most);
      expect(packets.length).toBeLessThanOrEqual(most);
      expect(sum(packets)).toBe(times.length);
      rows.forEach((row, k) => {
        expect(row === -1).toBe(packets[k] === 0);
        if (row === -1) return;
        const time = (times[row] as number) / 1000;
        expect(time).toBeGreaterThanOrEqual(from + k * seconds - 1e-3);
        expect(time).toBeLessThan(from + (k + 1) * seconds + 1e-3);
      });
    }
  });

  it('are in the time of the whole capture, which a filter that leaves none of them keeps', () => {
    const whole = counted([0, 100, -500]);
    const mine = counted([0]);
    mine.reach(whole);
    expect(mine.curve(600)).toMatchObject({ from: -0.5, seconds: 0.002 });
    expect(mine.curve(600).packets).toHaveLength(whole.curve(600).packets.length);
  });
});
