/** The words of the graphs of a connection. */
import type { ConnectionGraph, GraphKind, GraphMark, GraphSeries, GraphSeriesKind } from '../../src/messages.ts';
import { lasting } from '../../src/words/format.ts';
import { count, shortCount, three } from '../format.ts';
import { spoken, type Wording } from '../language.ts';
import { tick } from '../ticks.ts';
import { ko } from './graph-words.ko.ts';

export type Side = 'client' | 'server';

const en = {
  title: 'Graph',
  graph: 'Graph of',
  tabs: { sequence: 'Sequence', rtt: 'RTT', throughput: 'Throughput', window: 'Window' },
  direction: 'Sent by',
  client: 'Client',
  server: 'Server',
  style: 'Kind of sequence graph',
  stevens: 'Stevens',
  tcptrace: 'tcptrace',
  cursor: 'Point of the graph: arrow keys move, Enter selects its packet',
  whole: 'Whole connection',
  help: 'Drag zooms, double click shows all, click selects the packet.',
  nothing: (side: Side): string => `The ${side} sent nothing that this graph could show.`,
  failed: 'The graph could not be made.',
  loading: 'Loading',
  progress: (percent: string) => `${percent} of the packets so far`,
  series: {
    segments: 'sent',
    acks: 'acknowledged',
    'window-edge': 'window’s edge',
    sacked: 'acknowledged selectively',
    rtt: 'until the ACK',
    throughput: 'sent',
    goodput: 'acknowledged',
    'receive-window': 'window',
    'in-flight': 'in flight',
  } satisfies Record<GraphSeriesKind, string>,
  marks: {
    retransmission: 'sent again',
    'out-of-order': 'out of order',
    gap: 'gap before',
    'zero-window': 'window closed',
    'window-full': 'window full',
    alike: 'sent again or copied',
  } satisfies Record<Exclude<GraphMark, ''>, string>,
  kinds: {
    sequence: 'Sequence numbers',
    tcptrace: 'Sequence numbers',
    rtt: 'Round-trip times',
    throughput: 'Rates',
    window: 'Windows',
  } satisfies Record<GraphKind, string>,
  packet: (number: string): string => `Packet ${number}, `,
  within: (what: string, time: string): string => `${what} in ${time}`,
  range: (what: string, least: string, most: string): string => `${what} from ${least} to ${most}`,
  summary: (kind: string, side: Side, time: string, parts: string): string => `${kind} of the ${side} over ${time}: ${parts}.`,
} as const;

export type GraphWords = Wording<typeof en>;

/** The words of the language in force. */
export let graphWords: GraphWords = en;
spoken<typeof en>(en, ko, (chosen) => {
  graphWords = chosen;
});

/** `1.3 Mbit/s`. */
export function bitRate(bits: number): string {
  const unit = bits < 1000 ? 0 : bits < 1e6 ? 1 : bits < 1e9 ? 2 : 3;
  return `${unit === 0 ? count(Math.round(bits)) : three(bits / 1000 ** unit)} ${['bit/s', 'kbit/s', 'Mbit/s', 'Gbit/s'][unit]}`;
}

/** A number of the vertical axis; `step`: distance to the next one. */
export function axisText(kind: GraphKind, value: number, step: number): string {
  if (value === 0) return '0';
  if (kind === 'throughput') {
    const unit = value < 1000 ? 0 : value < 1e6 ? 1 : value < 1e9 ? 2 : 3;
    return `${tick(value / 1000 ** unit, step / 1000 ** unit)} ${['bit/s', 'kbit/s', 'Mbit/s', 'Gbit/s'][unit]}`;
  }
  if (kind === 'rtt') {
    if (value < 0.001) return `${tick(value * 1e6, step * 1e6)} µs`;
    return value < 1 ? `${tick(value * 1e3, step * 1e3)} ms` : `${tick(value, step)} s`;
  }
  return step >= 1000 || value < 10_000 ? shortCount(value) : count(value);
}

/** What a point says, without its time. */
export function valueText(graph: ConnectionGraph, series: GraphSeries, k: number): string {
  const y = series.y[k] as number;
  const top = series.top[k] as number;
  const word = graphWords.series[series.kind];
  switch (series.kind) {
    case 'segments':
    case 'sacked':
      return `${word} ${count(y)}–${count(top)}`;
    case 'rtt':
      return `${lasting(y)} ${word}`;
    case 'throughput':
    case 'goodput':
      return graphWords.within(`${bitRate(y)} ${word}`, lasting(graph.slot));
    case 'acks':
    case 'window-edge':
      return `${word} ${count(y)}`;
    default:
      return `${count(y)} B ${word}`;
  }
}

/** `Packet 160, 0.232033 s: sent 17,752–19,200, sent again`. */
export function pointText(graph: ConnectionGraph, series: GraphSeries, k: number): string {
  const row = series.rows[k] as number;
  const mark = series.marks[k] ?? '';
  const packet = row < 0 ? '' : graphWords.packet(count(row + 1));
  return `${packet}${(series.x[k] as number).toFixed(6)} s: ${valueText(graph, series, k)}${mark === '' ? '' : `, ${graphWords.marks[mark]}`}`;
}

/** The graph in a sentence or two, for those who do not see it. */
export function summaryText(graph: ConnectionGraph): string {
  const parts = graph.series
    .filter((series) => series.x.length > 0)
    .map((series) => {
      const least = series.y.reduce((a, b) => Math.min(a, b), Number.POSITIVE_INFINITY);
      const most = series.top.reduce((a, b) => Math.max(a, b), 0);
      const text = (value: number): string =>
        graph.kind === 'rtt' ? lasting(value) : graph.kind === 'throughput' ? bitRate(value) : count(value);
      return graphWords.range(graphWords.series[series.kind], text(least), text(most));
    });
  const marks = marksIn(graph).map(([mark, times]) => `${count(times)} × ${graphWords.marks[mark]}`);
  return graphWords.summary(graphWords.kinds[graph.kind], graph.direction, lasting(graph.life), [...parts, ...marks].join('; '));
}

/** Marks that a graph has, with how many packets have each. */
export function marksIn(graph: ConnectionGraph): [Exclude<GraphMark, ''>, number][] {
  const found = new Map<Exclude<GraphMark, ''>, number>();
  for (const { marked } of graph.series)
    for (const [mark, times] of Object.entries(marked) as [Exclude<GraphMark, ''>, number][])
      found.set(mark, (found.get(mark) ?? 0) + times);
  return [...found];
}
