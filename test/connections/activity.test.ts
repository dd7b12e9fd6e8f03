/** Where in the life of the capture a connection was active: found in slices, and gone on with as it grows. */
import { afterEach, expect, it, vi } from 'vitest';
import { activities } from '../../src/connections/activity.ts';
import { connectionSummary } from '../../src/connections/connections.ts';
import { LadderBuilder } from '../../src/connections/ladder.ts';
import type { Capture } from '../../src/engine/capture.ts';
import { ConnectionList } from '../../src/engine/connection-list.ts';
import type { View } from '../../src/engine/view.ts';
import { rowsOfStream } from '../../src/flow/stream-rows.ts';
import type { ConnectionSummary, ConnectionWish } from '../../src/messages.ts';
import { CHUNK_MASK } from '../../src/table/packet-table.ts';
import { C, handshake, S, TestCapture } from '../flow/tcp-capture.ts';

type Points = ConnectionSummary['activity'];

afterEach(() => vi.restoreAllMocks());

const PLACES = 64;
const KINDS = ['tra', 'app', 'warn', 'bad'] as const;
const placeOf = (at: number): number => Math.min(PLACES - 1, Math.floor(at * PLACES));

/** A download that goes on from `from` to `to` ms, a segment each, some lost and one with a closed window. */
function download(capture: TestCapture, from: number, to: number): void {
  for (let ms = from; ms < to; ms++) {
    const lost = ms % 97 === 0;
    if (!lost) capture.add({ at: ms, server: true, seq: S + 1 + ms * 10, ack: C + 1, flags: 'A', data: 10 });
    if (ms % 10 === 9) capture.add({ at: ms, seq: C + 1, ack: S + 1 + ms * 10, flags: 'A', window: ms % 1000 === 509 ? 0 : 1000 });
  }
}

function long(ms: number): TestCapture {
  const capture = new TestCapture();
  handshake(capture);
  download(capture, 5, ms);
  return capture;
}

const activityOf = (capture: TestCapture, stream = 0): Points => capture.state(activities).of(stream);
const timeOf = (capture: TestCapture, row: number): number => {
  const chunk = capture.packets.chunkOf(row);
  return (chunk.sec[row & CHUNK_MASK] as number) * 1e9 + (chunk.nsec[row & CHUNK_MASK] as number);
};

/** Places of all packets of a stream. */
function placesOf(capture: TestCapture, stream = 0): Set<number> {
  const times = Array.from({ length: capture.packets.length }, (_, row) => timeOf(capture, row));
  const first = Math.min(...times);
  const whole = Math.max(...times) - first;
  return new Set([...rowsOfStream(capture, stream, 'tcp')].map((row) => placeOf((timeOf(capture, row) - first) / whole)));
}

/** How often rows are looked up while `what` is done. */
function lookUps(capture: TestCapture, what: () => unknown): number {
  const spy = vi.spyOn(capture.packets, 'chunkOf');
  what();
  const { length } = spy.mock.calls;
  spy.mockRestore();
  return length;
}

it('has a point at each of 64 places where the connection has packets, and the strongest thing there', () => {
  const capture = new TestCapture();
  handshake(capture);
  capture.add({ at: 100, seq: C + 1, ack: S + 1, flags: 'A', data: 10 });
  capture.add({ at: 101, server: true, seq: S + 1, ack: C + 11, flags: 'A' });
  capture.add({ at: 400, seq: C + 111, ack: S + 1, flags: 'A', data: 10 });
  capture.add({ at: 640, server: true, seq: S + 1, flags: 'R' });
  expect(activityOf(capture)).toEqual([
    { at: 0, kind: 'tra' },
    { at: 10 / 640, kind: 'tra' },
    { at: 100 / 640, kind: 'app' },
    { at: 400 / 640, kind: 'warn' },
    { at: 1, kind: 'bad' },
  ]);
});

it('goes through a long connection in slices, and comes to the same', () => {
  const capture = long(20_000);
  const whole = connectionSummary(long(20_000), 0).activity;
  expect(whole.map(({ at }) => placeOf(at))).toEqual(Array.from({ length: PLACES }, (_, place) => place));
  expect(new Set(whole.map(({ kind }) => kind))).toEqual(new Set(['warn', 'bad']));
  let slices = 1;
  while (!capture.state(activities).advance(0, 0)) slices++;
  expect(slices).toBeGreaterThan(5);
  expect(activityOf(capture)).toEqual(whole);
});

it('looks at new packets alone when the connection has grown, and at none where it has not', () => {
  const capture = long(20_000);
  activityOf(capture);
  expect(lookUps(capture, () => activityOf(capture))).toBeLessThan(20);
  download(capture, 20_000, 20_010);
  expect(lookUps(capture, () => activityOf(capture))).toBeLessThan(100);
});

it('has no gap and forgets no trouble, however often it was asked while the capture grew', () => {
  const capture = new TestCapture();
  handshake(capture);
  for (let ms = 5, step = 1; ms < 8000; ms += step, step = Math.ceil(step * 1.07)) {
    download(capture, ms, ms + step);
    const points = activityOf(capture);
    expect(new Set(points.map(({ at }) => placeOf(at)))).toEqual(placesOf(capture));
    expect(points.map(({ at }) => at)).toEqual(points.map(({ at }) => at).sort((a, b) => a - b));
  }
  // As if it was asked for the first time now, but for the edges of places: what stands at one may be told at the other side of it.
  const kinds = (points: Points): number[] => {
    const found = new Array<number>(PLACES).fill(0);
    for (const { at, kind } of points) found[placeOf(at)] = KINDS.indexOf(kind);
    return found;
  };
  const grown = kinds(activityOf(capture));
  const fresh = new TestCapture();
  handshake(fresh);
  download(fresh, 5, Math.round((timeOf(capture, capture.packets.length - 1) - timeOf(capture, 0)) / 1e6) + 1);
  kinds(activityOf(fresh)).forEach((kind, place) => {
    expect(Math.max(grown[place - 1] ?? 0, grown[place] ?? 0, grown[place + 1] ?? 0)).toBeGreaterThanOrEqual(kind);
  });
});

it('goes from the earliest packet of the capture to the latest, wherever they stand in it', () => {
  const capture = new TestCapture();
  handshake(capture);
  capture.add({ at: 1000, seq: C + 1, ack: S + 1, flags: 'A', data: 10 });
  capture.add({ at: 500, server: true, seq: S + 1, ack: C + 11, flags: 'A', data: 10 });
  expect(activityOf(capture).map(({ at }) => at)).toEqual([0, 0.5, 1]);
  expect(connectionSummary(capture, 0).begins).toBe(0);
  // What it knew so far begins later now.
  capture.add({ at: -1000, seq: C + 11, ack: S + 11, flags: 'A', data: 10 });
  expect(activityOf(capture).map(({ at }) => at)).toEqual([0, 0.5, 0.75, 1]);
  expect(connectionSummary(capture, 0).begins).toBe(0.5);
});

it('of a stream that is not there is none', () => {
  expect(activityOf(long(10), 5)).toEqual([]);
  expect(activityOf(new TestCapture())).toEqual([]);
});

it('the table of connections lets others have their turn within one long connection', async () => {
  const capture = long(40_000);
  // A look at the clock takes 5 ms.
  let now = 0;
  vi.spyOn(performance, 'now').mockImplementation(() => {
    now += 5;
    return now;
  });
  let turns = 0;
  let over = false;
  const other = (): void => {
    turns++;
    if (!over) setImmediate(other);
  };
  setImmediate(other);
  const list = new ConnectionList(capture as unknown as Capture);
  const wish: ConnectionWish = { sort: 'stream', descending: false, handshake: null, where: [] };
  const { rows } = await list.rows({ id: 1, matched: capture.packets.length, rows: null } as View, 0, 10, wish);
  over = true;
  expect(rows).toHaveLength(1);
  expect(rows[0]?.activity).toEqual(activityOf(capture));
  expect(turns).toBeGreaterThan(3);
});

it('a ladder does not ask for it', () => {
  const capture = long(20_000);
  rowsOfStream(capture, 0, 'tcp');
  expect(lookUps(capture, () => new LadderBuilder(capture, 0, []))).toBeLessThan(100);
});
