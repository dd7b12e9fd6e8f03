/** Graphs of connections: by hand on small ones, and against what tshark 4.0 prints for a fixture with losses. */
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { marksIn } from '../../renderer/connections/graph-words.ts';
import { GRAPH_POINTS } from '../../src/connections/graphs.ts';
import { checkEngineArgs } from '../../src/host/schemas.ts';
import type { ConnectionGraph, GraphKind, GraphSeries, GraphSeriesKind } from '../../src/messages.ts';
import { C, handshake, S, TestCapture } from '../flow/tcp-capture.ts';
import { readAll } from '../golden/table.ts';
import { connectionGraph } from './whole.ts';

const of = (graph: ConnectionGraph, kind: GraphSeriesKind): GraphSeries => {
  const series = graph.series.find((each) => each.kind === kind);
  if (series === undefined) throw new Error(`no series ${kind}`);
  return series;
};

async function graphOf(name: string, direction: 'client' | 'server', kind: GraphKind): Promise<ConnectionGraph> {
  const read = await readAll(path.join(import.meta.dirname, '..', 'fixtures', name));
  if (read === null) throw new Error(`${name} could not be opened`);
  const graph = connectionGraph(read.capture, { stream: 0, direction, kind });
  await read.reader.close();
  return graph;
}

/** A server that sends three segments of 100 octets, of which the second is lost and sent again: the identifications count. */
function small(): TestCapture {
  const capture = new TestCapture();
  handshake(capture);
  const data = (at: number, seq: number, id: number) =>
    capture.add({ at, server: true, seq: S + seq, ack: C + 1, flags: 'PA', data: 100, id });
  data(20, 1, 1);
  capture.add({ at: 30, seq: C + 1, ack: S + 101, flags: 'A', window: 900 });
  data(40, 201, 3);
  // SACK 201-301
  const sack = [1, 1, 5, 10, ...word(S + 201), ...word(S + 301)];
  capture.add({ at: 50, seq: C + 1, ack: S + 101, flags: 'A', window: 900, options: sack });
  data(300, 101, 4);
  capture.add({ at: 320, seq: C + 1, ack: S + 301, flags: 'A', window: 500 });
  return capture;
}
const word = (value: number): number[] => [(value >>> 24) & 255, (value >>> 16) & 255, (value >>> 8) & 255, value & 255];

describe('the graph of sequence numbers', () => {
  it('has what was sent with its ends, what was acknowledged, and marks what was sent again', () => {
    const graph = connectionGraph(small(), { stream: 0, direction: 'server', kind: 'sequence' });
    expect(graph.life).toBeCloseTo(0.32, 9);
    const segments = of(graph, 'segments');
    expect(segments.y).toEqual([0, 1, 201, 101]);
    expect(segments.top).toEqual([1, 101, 301, 201]);
    expect(segments.rows).toEqual([1, 3, 5, 7]);
    expect(segments.x).toEqual([0.01, 0.02, 0.04, 0.3]);
    expect(segments.marks).toEqual(['', '', 'gap', 'retransmission']);
    expect(of(graph, 'acks').y).toEqual([1, 101, 101, 301]);
    expect(graph.series.length).toBe(2);
  });

  it('has the edge of the window and the octets acknowledged selectively where tcptrace draws them', () => {
    const graph = connectionGraph(small(), { stream: 0, direction: 'server', kind: 'tcptrace' });
    expect(of(graph, 'window-edge').y).toEqual([1001, 1001, 1001, 801]);
    const sacked = of(graph, 'sacked');
    expect([sacked.y, sacked.top, sacked.rows]).toEqual([[201], [301], [6]]);
  });

  it('goes on beyond the end of the sequence numbers', () => {
    const capture = new TestCapture();
    const start = 0xffff_ff00;
    capture.add({ at: 0, seq: start, flags: 'S' });
    for (let k = 0; k < 4; k++) capture.add({ at: 1 + k, seq: (start + 1 + k * 100) >>> 0, flags: 'A', ack: 1, data: 100 });
    expect(of(connectionGraph(capture, { stream: 0, direction: 'client', kind: 'sequence' }), 'segments').y).toEqual([0, 1, 101, 201, 301]);
  });

  it('of a piece of time has its points and one to either side', () => {
    const graph = connectionGraph(small(), { stream: 0, direction: 'server', kind: 'sequence', from: 0.025, to: 0.045 });
    expect(of(graph, 'segments').rows).toEqual([3, 5, 7]);
  });
});

describe('the graph of round-trip times', () => {
  it('has the time from a segment to the ACK of its end', () => {
    const rtt = of(connectionGraph(small(), { stream: 0, direction: 'server', kind: 'rtt' }), 'rtt');
    expect(rtt.rows).toEqual([2, 4, 8]);
    expect(rtt.y.map((each) => Math.round(each * 1000))).toEqual([1, 10, 280]);
  });

  it('has the values that tshark prints as tcp.analysis.ack_rtt', async () => {
    const rtt = of(await graphOf('tcp-loss.pcap', 'server', 'rtt'), 'rtt');
    const known = rtt.rows.map((row, k) => [row + 1, Math.round((rtt.y[k] as number) * 1e6)]);
    // tshark -r tcp-loss.pcap -Y 'tcp.stream==0 && tcp.analysis.ack_rtt && tcp.srcport!=80' -T fields -e frame.number -e tcp.analysis.ack_rtt
    expect(known).toEqual(TSHARK_RTT);
  });
});

describe('the graph of windows', () => {
  it('has the octets in flight, and the window as the other side announced it, scaled', () => {
    const graph = connectionGraph(small(), { stream: 0, direction: 'server', kind: 'window' });
    expect(of(graph, 'in-flight').y[0]).toBe(100);
    expect(of(graph, 'receive-window').y).toEqual([1000, 1000, 900, 900, 500]);
  });

  it('has the values that tshark prints as tcp.analysis.bytes_in_flight and tcp.window_size', async () => {
    const graph = await graphOf('tcp-loss.pcap', 'server', 'window');
    const flight = of(graph, 'in-flight');
    const points = flight.rows.map((row, k) => [row + 1, flight.y[k] as number] as const);
    const sent = new Set(TSHARK_FLIGHT.map(([number]) => number));
    expect(points.filter(([number]) => sent.has(number))).toEqual(TSHARK_FLIGHT);
    // The others are acknowledgements, each of which takes from what was in flight; the last takes all.
    points.forEach(([number, octets], k) => {
      if (!sent.has(number)) expect(octets).toBeLessThan(points[k - 1]?.[1] ?? 0);
    });
    expect(points.filter(([number]) => !sent.has(number)).length).toBeGreaterThan(5);
    expect(points.at(-1)?.[1]).toBe(0);
    const window = of(graph, 'receive-window');
    expect(window.rows.slice(0, 6).map((row, k) => [row + 1, window.y[k]])).toEqual([
      [1, 64240],
      [3, 64512],
      [4, 64512],
      [7, 67584],
      [9, 70656],
      [11, 73728],
    ]);
  });

  it('marks a closed window', async () => {
    const window = of(await graphOf('tcp-zero-window.pcap', 'server', 'window'), 'receive-window');
    const other = of(await graphOf('tcp-zero-window.pcap', 'client', 'window'), 'receive-window');
    const closed = [window, other].flatMap((series) => series.y.filter((_, k) => series.marks[k] === 'zero-window'));
    expect(closed.length).toBeGreaterThan(0);
    expect(new Set(closed)).toEqual(new Set([0]));
  });
});

describe('the graph of rates', () => {
  it('counts the packets that were sent again, however many of them are in one slot of time', () => {
    const capture = new TestCapture();
    handshake(capture);
    const data = (at: number, seq: number) => capture.add({ at, server: true, seq: S + seq, ack: C + 1, flags: 'PA', data: 100 });
    for (let k = 0; k < 5; k++) data(20 + k, 1 + 100 * k);
    for (let k = 0; k < 3; k++) data(5000 + k, 101 + 100 * k);
    capture.add({ at: 9000, seq: C + 1, ack: S + 501, flags: 'A' });
    for (const kind of ['throughput', 'tcptrace', 'window'] as const) {
      const graph = connectionGraph(capture, { stream: 0, direction: 'server', kind });
      expect(marksIn(graph), kind).toEqual([['retransmission', 3]]);
    }
    const rates = of(connectionGraph(capture, { stream: 0, direction: 'server', kind: 'throughput' }), 'throughput');
    expect(rates.marks.filter((mark) => mark !== '').length).toBe(1);
  });

  it('counts as throughput what was sent, repeats included, and as goodput what was acknowledged', () => {
    const graph = connectionGraph(small(), { stream: 0, direction: 'server', kind: 'throughput' });
    const octets = (kind: GraphSeriesKind) => of(graph, kind).y.reduce((sum, each) => sum + (each * graph.slot) / 8, 0);
    expect(graph.slot).toBeCloseTo(0.005, 9);
    expect(octets('throughput')).toBeCloseTo(300, 6);
    expect(octets('goodput')).toBeCloseTo(300, 6);
    // 100 octets in 5 ms.
    expect(of(graph, 'throughput').y[4]).toBeCloseTo(160_000, 6);
  });

  it('of a connection with losses sends more than arrives', async () => {
    const graph = await graphOf('tcp-loss.pcap', 'server', 'throughput');
    const octets = (kind: GraphSeriesKind) => Math.round(of(graph, kind).y.reduce((sum, each) => sum + (each * graph.slot) / 8, 0));
    expect(octets('throughput')).toBe(TSHARK_SENT);
    expect(octets('goodput')).toBe(TSHARK_ACKED);
  });
});

describe('a graph', () => {
  it('of a long stream is bounded and keeps every mark, the ends and the extremes', () => {
    const capture = new TestCapture();
    handshake(capture);
    const n = 20_000;
    let high = 1;
    for (let k = 0; k < n; k++) {
      // Each thousandth segment skips one of ten octets, which comes late.
      if (k % 1000 === 999) high += 10;
      capture.add({ at: 20 + k, server: true, seq: S + high, ack: C + 1, flags: 'A', data: 10 });
      high += 10;
    }
    const segments = of(connectionGraph(capture, { stream: 0, direction: 'server', kind: 'sequence' }), 'segments');
    expect(segments.x.length).toBeLessThanOrEqual(GRAPH_POINTS);
    expect(segments.x.length).toBeGreaterThan(900);
    expect(segments.marks.filter((mark) => mark === 'gap').length).toBe(n / 1000);
    expect(segments.rows[0]).toBe(1);
    expect(Math.max(...segments.top)).toBe(high);
    expect(segments.x.every((each, k) => k === 0 || each >= (segments.x[k - 1] as number))).toBe(true);
  });

  it('of a connection of one packet is empty where there is nothing to show', () => {
    const capture = new TestCapture();
    capture.add({ at: 0, seq: C, flags: 'S' });
    for (const kind of ['sequence', 'tcptrace', 'rtt', 'throughput', 'window'] as const) {
      for (const direction of ['client', 'server'] as const) {
        const graph = connectionGraph(capture, { stream: 0, direction, kind });
        for (const series of graph.series) for (const y of series.y) expect(Number.isFinite(y)).toBe(true);
      }
    }
  });

  it('is asked for with a known kind and direction only', () => {
    const good = { stream: 0, direction: 'client', kind: 'rtt' };
    expect(checkEngineArgs('connectionGraph', good).ok).toBe(true);
    expect(checkEngineArgs('connectionGraph', { ...good, kind: 'pie' }).ok).toBe(false);
    expect(checkEngineArgs('connectionGraph', { ...good, from: Number.NaN }).ok).toBe(false);
  });
});

/** Of stream 0, as tshark prints it for the client's ACKs: frame, microseconds. */
const TSHARK_RTT = [
  [3, 15],
  [7, 48],
  [9, 8],
  [11, 4],
  [13, 4],
  [15, 4],
  [54, 167],
  [61, 7221],
  [64, 12],
];
/** Frame, octets in flight. */
const TSHARK_FLIGHT = [
  [6, 1448],
  [8, 1448],
  [10, 1448],
  [12, 1448],
  [14, 1448],
  [16, 1448],
  [17, 2896],
  [19, 2896],
  [21, 2896],
  [23, 2896],
  [25, 2896],
  [27, 2896],
  [29, 2896],
  [31, 2896],
  [33, 2896],
  [34, 4344],
  [36, 4344],
  [38, 4344],
  [40, 4344],
  [42, 4344],
  [44, 4344],
  [46, 4344],
  [48, 4064],
  [50, 2896],
  [51, 2896],
  [53, 1448],
  [55, 1448],
  [56, 2896],
  [57, 4344],
  [58, 5792],
  [59, 7232],
  [60, 7232],
];
/** Sum of tcp.len of what the server sent. */
const TSHARK_SENT = 46040;
/** Its highest ACK before the FIN, 40257, less the SYN. */
const TSHARK_ACKED = 40_256;

it('marks as sent again what was, not what was overtaken or copied', async () => {
  const read = await readAll(path.join(import.meta.dirname, '..', 'fixtures', 'rough', 'small.pcap'));
  if (read === null) throw new Error('small.pcap could not be opened');
  const marked = (stream: number, mark: string): number[] => {
    const [sent] = connectionGraph(read.capture, { stream, direction: 'server', kind: 'sequence' }).series;
    return (sent?.rows ?? []).filter((_, k) => sent?.marks[k] === mark).map((row) => row + 1);
  };
  // 80, 196 and 237 have identifications before those of what came first; Wireshark calls two of them fast retransmissions.
  expect(marked(2, 'retransmission')).toEqual([111]);
  expect(marked(2, 'out-of-order')).toEqual([80, 196, 237]);
  // 35 and 126 are 34 and 125 once more, with the same identification.
  expect(marked(0, 'retransmission')).toEqual([]);
  await read.reader.close();
});
