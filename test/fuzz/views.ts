/** Asks a capture everything that the window's views and the command line ask, of some of its rows, streams and exchanges. */
import { csvLine, lineText, packetJson, treeText } from '../../src/cli/packet-text.ts';
import { accountOf } from '../../src/connections/account.ts';
import { serverCertificates } from '../../src/connections/certificates.ts';
import { CONNECTION_KEYS } from '../../src/connections/connection-columns.ts';
import { connectionCount, connectionRow, connectionSummary } from '../../src/connections/connections.ts';
import type { Capture } from '../../src/engine/capture.ts';
import { ConnectionList } from '../../src/engine/connection-list.ts';
import { storyOf } from '../../src/engine/exchange-account.ts';
import { exchangeCount, exchangeRow } from '../../src/engine/exchange-read.ts';
import { ExchangeList, exchangeDetail } from '../../src/engine/exchanges.ts';
import { completionFacts, Facets } from '../../src/engine/facets.ts';
import { FilterMemory } from '../../src/engine/filter-memory.ts';
import { followStream, streamGaps } from '../../src/engine/follow.ts';
import { FollowAnswers } from '../../src/engine/follow-answers.ts';
import { followSaid, kindsIn } from '../../src/engine/follow-said.ts';
import { harEntry } from '../../src/engine/har.ts';
import { httpFacts } from '../../src/engine/http-facts.ts';
import { HttpObjects } from '../../src/engine/http-objects.ts';
import { Minimap } from '../../src/engine/minimap.ts';
import { PulseCounter } from '../../src/engine/pulse.ts';
import { LIST_COLUMNS, orderRows } from '../../src/engine/row-order.ts';
import { rowSummary } from '../../src/engine/rows.ts';
import { conversations, endpoints, Notes, protocolHierarchy, rate } from '../../src/engine/statistics.ts';
import { StatisticsAnswers } from '../../src/engine/statistics-answers.ts';
import { Turns } from '../../src/engine/turns.ts';
import { UdpStreamList } from '../../src/engine/udp-stream-list.ts';
import { View } from '../../src/engine/view.ts';
import { complete } from '../../src/filter/index.ts';
import { udpFlows } from '../../src/flow/udp-flows.ts';
import { type ConnectionColumn, EXCHANGE_SORTS, STATISTICS_SORTS, UDP_STREAM_SORTS } from '../../src/messages.ts';
import { dissectPacket } from '../../src/protocols/dissect-packet.ts';
import { connectionDetail, connectionGraph } from '../connections/whole.ts';
import type { Random } from './random.ts';

/** Of each kind, so many are asked about. */
const SOME = 6;

/** A question by its name; it throws where something is wrong with the answer. */
export type Question = readonly [name: string, ask: () => unknown];

/** Of one capture. Answers that come in slices are promises. */
export function questions(capture: Capture, random: Random): readonly Question[] {
  const some = (count: number) => Array.from({ length: Math.min(count, SOME) }, () => random.below(count));
  const rows = some(capture.packets.length);
  const streams = some(connectionCount(capture));
  const view = new View(1, capture, null, new FilterMemory(capture));
  return [
    ['rows', () => rows.map((row) => plain(rowSummary(capture, row, 9)))],
    [
      'packet texts',
      () =>
        rows.map((row) => {
          const d = dissectPacket(capture, row);
          const json = plain(packetJson(d));
          return [treeText(d), lineText(capture, d), csvLine(capture, d), json];
        }),
    ],
    ['connections', () => streams.map((stream) => plain(connectionRow(capture, stream)))],
    ['connection summaries', () => streams.map((stream) => plain(connectionSummary(capture, stream)))],
    ['ladders', () => streams.map((stream) => plain(connectionDetail(capture, 1, stream, random.below(20), some(200), () => '')))],
    ['accounts', () => streams.map((stream) => plain(accountOf(capture, stream)))],
    [
      'graphs',
      () =>
        streams.map((stream) =>
          plain(
            connectionGraph(capture, {
              stream,
              direction: random.pick(['client', 'server']),
              kind: random.pick(['sequence', 'tcptrace', 'rtt', 'throughput', 'window']),
            }),
          ),
        ),
    ],
    [
      'followed streams',
      () => {
        const answers = new FollowAnswers(capture);
        for (const [kind, count] of [
          ['tcp', connectionCount(capture)],
          ['udp', capture.state(udpFlows).size],
        ] as const)
          for (const stream of some(count)) {
            const followed = followStream(capture, kind, stream);
            if (followed !== null)
              for (let k = 0; k < followed.size; k++) {
                const { length, gap } = followed.piece(k);
                if (!gap && followed.bytesOf(k).length !== length) throw new Error(`${kind} ${stream}: piece ${k} is not whole`);
              }
            answers.page({ kind, stream }, 0, 50);
            answers.find({ kind, stream }, Uint8Array.of(0, random.below(256)), { piece: 0, after: 0 });
          }
      },
    ],
    ['what is said', () => said(capture, some(connectionCount(capture)))],
    ['certificates', () => streams.map((stream) => plain(serverCertificates(capture, stream)))],
    ['rows in order', () => inOrder(capture, view, random.pick([...LIST_COLUMNS, 'ip.ttl']))],
    [
      'connections in order',
      async () => {
        const list = new ConnectionList(capture);
        for (const sort of Object.keys(CONNECTION_KEYS) as ConnectionColumn[])
          plain(await list.rows(view, 0, 50, { sort, descending: random.below(2) === 0, handshake: null, where: [] }));
      },
    ],
    [
      'udp streams',
      async () => {
        const list = new UdpStreamList(capture);
        for (const sort of UDP_STREAM_SORTS) plain(await list.rows(view, 0, 50, { sort, descending: random.below(2) === 0 }));
      },
    ],
    [
      'exchanges',
      async () => {
        const total = exchangeCount(capture);
        capture.state(httpFacts).advance(Number.POSITIVE_INFINITY);
        const objects = new HttpObjects(capture);
        for (const exchange of some(total)) {
          plain(storyOf(capture, exchange));
          for (const object of objects.of(exchange)) plain(object.path);
          plain(exchangeRow(capture, exchange));
          plain(harEntry(exchangeDetail(capture, 1, exchange)));
        }
        const list = new ExchangeList(capture);
        plain(list.unsorted(view, 0));
        for (const sort of EXCHANGE_SORTS) plain(await list.rows(view, 0, 50, sort, random.below(2) === 0));
      },
    ],
    [
      'facets',
      async () => {
        const facets = new Facets(capture);
        plain(await facets.of(view));
        complete('ip.addr == 1', 12, completionFacts(facets));
      },
    ],
    ['minimap', async () => plain(await new Minimap(capture).of(view, 1 + random.below(400), () => false))],
    ['pulse', () => plain(new PulseCounter(capture).at(0xffff_ffff))],
    [
      'statistics',
      () => {
        plain(protocolHierarchy(capture, null));
        for (const kind of ['ip', 'tcp', 'udp'] as const) {
          plain(conversations(capture, kind, null));
          plain(endpoints(capture, kind, null));
        }
        plain(rate(capture, random.pick([0.001, 1, 60]), null).intervals.length);
        const notes = new Notes();
        for (const row of rows) notes.add(capture, row);
        plain(notes.list);
      },
    ],
    [
      'tables of statistics',
      async () => {
        const answers = new StatisticsAnswers(capture);
        plain(answers.summary(view, null));
        plain(answers.summary(view, { from: 0, to: random.below(100) }));
        for (const kind of ['ip', 'tcp', 'udp'] as const) {
          for (const table of ['conversations', 'endpoints'] as const) {
            const sort = random.pick(STATISTICS_SORTS);
            plain(await answers.table(view, { table, kind, sort, descending: random.below(2) === 0, from: 0, count: 50 }));
          }
        }
      },
    ],
  ];
}

/** The list in the order of a column. */
async function inOrder(capture: Capture, view: View, column: string): Promise<void> {
  const order = await orderRows(
    capture,
    view,
    column,
    false,
    new Turns(),
    () => false,
    () => {},
  );
  if (order === null || new Set(order).size !== capture.packets.length) throw new Error(`${column}: not every row once`);
}

/** What the applications on these connections say. */
async function said(capture: Capture, streams: readonly number[]): Promise<void> {
  for (const stream of streams) {
    plain(await streamGaps(capture, stream, () => null));
    for (const kind of kindsIn(capture, stream)) {
      const followed = await followSaid(capture, kind, stream, null);
      for (let k = 0; followed !== null && k < followed.size; k++) {
        const { length, gap } = followed.piece(k);
        if (!gap && followed.bytesOf(k).length !== length) throw new Error(`${kind} ${stream}: piece ${k} is not whole`);
      }
    }
  }
}

/** As it crosses a process line: what JSON cannot say (a bigint) would be an exception there. Numbers that are none become null: refused. */
function plain(value: unknown): string {
  return JSON.stringify(value, (key, each: unknown) => {
    if (typeof each === 'number' && !Number.isFinite(each)) throw new Error(`${key} is ${each}`);
    return ArrayBuffer.isView(each) ? each.byteLength : each;
  });
}
