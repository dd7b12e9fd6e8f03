/** Long connections are gone through in slices: what is there before the end is the beginning of what is there at the end. */
import { expect, it } from 'vitest';
import { GraphBuilder, graphKey } from '../../src/connections/graphs.ts';
import { LadderBuilder } from '../../src/connections/ladder.ts';
import { rowsInSteps, rowsOfStream } from '../../src/flow/stream-rows.ts';
import type { GraphKind } from '../../src/messages.ts';
import { C, handshake, S, TestCapture } from '../flow/tcp-capture.ts';
import { connectionDetail, connectionGraph } from './whole.ts';

const SEGMENTS = 12_000;

/** A long download, some of whose segments are missing. */
function long(segments = SEGMENTS): TestCapture {
  const capture = new TestCapture();
  handshake(capture);
  let next = 1;
  for (let k = 0; k < segments; k++) {
    if (k % 500 === 499) next += 10;
    capture.add({ at: 20 + k, server: true, seq: S + next, ack: C + 1, flags: 'A', data: 10 });
    next += 10;
    if (k % 10 === 9) capture.add({ at: 20 + k, seq: C + 1, ack: S + next, flags: 'A' });
  }
  return capture;
}

it('a ladder that is not through has the first steps already, and says how far it is', () => {
  const capture = long();
  const whole = connectionDetail(capture, 1, 0, 0, [], () => '');
  const builder = new LadderBuilder(capture, 0, []);
  const seen: number[] = [];
  for (let k = 0; builder.done < 1 && k < 1000; k++) {
    builder.advance(0);
    const detail = builder.detail(1, 0, () => '');
    seen.push(detail.progress);
    // The last step may still grow.
    const steps = builder.done < 1 ? detail.steps.slice(0, -1) : detail.steps;
    expect(steps).toEqual(whole.steps.slice(0, steps.length));
  }
  expect(seen.length).toBeGreaterThan(4);
  expect(seen).toEqual([...seen].sort((a, b) => a - b));
  expect(seen.at(-1)).toBe(1);
  expect(builder.detail(1, 0, () => '')).toEqual(whole);
});

it('a graph that is not through has its first points, and in the end those of one that was made at once', () => {
  const capture = long();
  for (const kind of ['sequence', 'tcptrace', 'rtt', 'throughput', 'window'] as const satisfies readonly GraphKind[]) {
    const wish = { stream: 0, direction: 'server', kind } as const;
    const builder = new GraphBuilder(capture, wish);
    builder.advance(0);
    const early = builder.graph(wish);
    expect(early.progress).toBeGreaterThan(0);
    expect(early.progress).toBeLessThan(1);
    expect(early.series.some((series) => series.rows.some((row) => row >= 0))).toBe(true);
    while (builder.done < 1) builder.advance(0);
    expect(builder.graph(wish)).toEqual(connectionGraph(capture, wish));
    // Another piece of time is a look at the same points.
    const piece = { ...wish, from: 3, to: 4 };
    if (kind === 'throughput') expect(graphKey(piece)).not.toBe(graphKey(wish));
    else expect(builder.graph(piece)).toEqual(connectionGraph(capture, piece));
  }
});

it('the rows of a stream that grows are collected on, and a ladder or graph of before is not current any more', () => {
  const capture = long();
  const before = rowsOfStream(capture, 0, 'tcp');
  expect(rowsOfStream(capture, 0, 'tcp')).toBe(before);
  const ladder = new LadderBuilder(capture, 0, []);
  const graph = new GraphBuilder(capture, { stream: 0, direction: 'client', kind: 'rtt' });
  expect([ladder.current, graph.current]).toEqual([true, true]);
  const row = capture.add({ at: 90_000, seq: C + 1, ack: S + 1, flags: 'FA' });
  const after = rowsOfStream(capture, 0, 'tcp');
  expect([...after]).toEqual([...before, row]);
  expect([ladder.current, graph.current]).toEqual([false, false]);
});

it('the rows of a very long stream are collected in steps, between which it may grow', () => {
  const capture = long(70_000);
  const known = capture.packets.length;
  const steps = rowsInSteps(capture, 0, 'tcp');
  expect(steps.next().done).toBe(false);
  const row = capture.add({ at: 190_000, seq: C + 1, ack: S + 1, flags: 'FA' });
  expect(steps.next().done).toBe(false);
  const last = steps.next();
  expect(last.done).toBe(true);
  const rows = last.value as Uint32Array;
  expect(rows.length).toBe(known);
  expect(rows.every((each, k) => each === k)).toBe(true);
  expect(rowsOfStream(capture, 0, 'tcp').at(-1)).toBe(row);
  expect(rowsInSteps(capture, 0, 'tcp').next()).toEqual({ done: true, value: rowsOfStream(capture, 0, 'tcp') });
});
