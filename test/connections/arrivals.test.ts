/** One decision on data that came again or late: account, graph and ladder say the same of every packet, in words of their own. */
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { accountOf } from '../../src/connections/account.ts';
import { connectionCount } from '../../src/connections/connections.ts';
import type { CaptureIndex } from '../../src/dissect/capture-index.ts';
import { rowsOfStream } from '../../src/flow/stream-rows.ts';
import type { AccountFact, LadderStep } from '../../src/messages.ts';
import { CHUNK_MASK } from '../../src/table/packet-table.ts';
import { sentences as ko } from '../../src/words/account-words.ko.ts';
import { sentences } from '../../src/words/account-words.ts';
import { C, handshake, S, TestCapture } from '../flow/tcp-capture.ts';
import { readAll } from '../golden/table.ts';
import { connectionDetail, connectionGraph } from './whole.ts';

/** What the views say of a stream's packets with data: rows by word. */
function views(capture: CaptureIndex, stream: number) {
  const data = new Set([...rowsOfStream(capture, stream, 'tcp')].filter((row) => capture.packets.chunkOf(row).payload[row & CHUNK_MASK]));
  const graph: { readonly row: number; readonly mark: string }[] = [];
  for (const direction of ['client', 'server'] as const) {
    const series = connectionGraph(capture, { stream, direction, kind: 'sequence' }).series[0];
    series?.rows.forEach((row, k) => {
      if (data.has(row)) graph.push({ row, mark: series.marks[k] ?? '' });
    });
  }
  const steps: LadderStep[] = [];
  for (let total = 1; steps.length < total; ) {
    const detail = connectionDetail(capture, 1, stream, steps.length, [], () => '');
    total = detail.totalSteps;
    steps.push(...detail.steps);
  }
  const marked = (...words: string[]): number[] =>
    steps.filter((x) => x.kind === 'packet' && data.has(x.row) && x.marks.some(({ text }) => words.includes(text))).map(({ row }) => row);
  const facts = accountOf(capture, stream);
  const times = (kind: string): number => facts.reduce((n, fact) => (fact.kind.startsWith(kind) ? n + Number(fact.values.times) : n), 0);
  const rows = (word: string): number[] => graph.flatMap(({ row, mark }) => (mark === word ? [row] : [])).sort((a, b) => a - b);
  return { rows, marked, times, facts, steps };
}

const AGAIN = ['Retransmission', 'Fast retransmission', 'Spurious retransmission', 'Sent again'];

/** Data that the client's first segment asks for: 100 octets at 1, then what `more` adds. */
function capture(more: (data: (at: number, seq: number, id?: number, length?: number) => void, capture: TestCapture) => void): TestCapture {
  const made = new TestCapture();
  handshake(made);
  const data = (at: number, seq: number, id?: number, length = 100): void => {
    made.add({ at, server: true, seq: S + seq, ack: C + 1, flags: 'PA', data: length, ...(id === undefined ? {} : { id }) });
  };
  data(20, 1, 1);
  more(data, made);
  return made;
}

describe('data that came again or late', () => {
  for (const name of [
    'tcp-loss.pcap',
    'two-interfaces.pcapng',
    ...['loss', 'reorder', 'far', 'small', 'odd'].map((each) => `rough/${each}.pcap`),
  ])
    it(`is the same to account, graph and ladder: ${name}`, async () => {
      const read = await readAll(path.join(import.meta.dirname, '..', 'fixtures', name));
      if (read === null) throw new Error(`${name} could not be opened`);
      for (let stream = 0; stream < connectionCount(read.capture); stream++) {
        const { rows, marked, times } = views(read.capture, stream);
        expect([stream, rows('retransmission').length]).toEqual([stream, times('resent')]);
        expect([stream, marked(...AGAIN)]).toEqual([stream, rows('retransmission')]);
        expect([stream, marked('Overtaken', 'Out of order')]).toEqual([stream, rows('out-of-order')]);
        expect([stream, marked('Sent again or copied')]).toEqual([stream, rows('alike')]);
        expect([stream, marked('Copy').length]).toEqual([stream, times('copied')]);
      }
      await read.reader.close();
    });

  it('was sent again, however soon, if its sender made it right behind the only later segment', () => {
    const soon = (id: number) =>
      views(
        capture((data) => {
          data(21, 201, 3);
          data(21.5, 101, id);
        }),
        0,
      );
    const { rows, marked, times, facts, steps } = soon(4);
    expect([rows('retransmission'), marked('Sent again'), times('resent')]).toEqual([[5], [5], 1]);
    expect(steps.find(({ kind }) => kind === 'lost')?.note).toBe('before the capture point');
    // The list and the table of connections go by Wireshark's rules: the account says so.
    const said = (words: typeof sentences): string[] =>
      facts.filter(({ kind }) => kind === 'resent-once').map((fact: AccountFact) => words[fact.kind](fact.values));
    expect(said(sentences)).toEqual([
      'Data of the server was sent again in one of its 3 segments, 21.5 ms after the first packet; by Wireshark’s rules (tcp.analysis) it is out of order.',
    ]);
    expect(said(ko)[0]).toMatch(/ Wireshark의 규칙\(tcp\.analysis\)으로는 순서 어긋남입니다\.$/);
    // Far from the one of the later segment it may be another's, and before it the segment was overtaken.
    for (const id of [400, 2]) expect(soon(id).rows('retransmission')).toEqual([]);
    expect(soon(2).marked('Overtaken')).toEqual([5]);
  });

  it('is out of order, not sent again, where nothing tells: Wireshark, which goes by times, calls it a retransmission', () => {
    const { rows, marked, times, facts } = views(
      capture((data) => {
        data(21, 201);
        data(300, 101);
      }),
      0,
    );
    expect([rows('retransmission'), rows('out-of-order'), marked('Out of order'), times('resent')]).toEqual([[], [5], [5], 0]);
    expect(facts.find(({ kind }) => kind === 'gaps')?.values).toMatchObject({ filled: 1, again: 0, overtaken: 0 });
  });

  it('is sent again or copied where the same packet came twice and no identification tells the two apart', () => {
    const { rows, marked, times } = views(
      capture((data) => {
        data(21, 101, 0);
        data(22, 101, 0);
      }),
      0,
    );
    expect([rows('alike'), marked('Sent again or copied'), times('alike'), rows('retransmission')]).toEqual([[5], [5], 1, []]);
  });

  it('fills a gap in the way in which all parts of it came, to account and ladder', () => {
    const gap = (first: number, second: number) => {
      const { facts, steps } = views(
        capture((data) => {
          data(21, 401, 10);
          data(21.2, 501, 11);
          data(100, 101, first);
          data(101, 201, second, 200);
        }),
        0,
      );
      const { again, overtaken } = facts.find(({ kind }) => kind === 'gaps')?.values ?? {};
      return [again, overtaken, steps.find(({ kind }) => kind === 'lost')?.note];
    };
    expect(gap(12, 13)).toEqual([1, 0, 'before the capture point']);
    expect(gap(8, 9)).toEqual([0, 1, 'overtaken on the way']);
    expect(gap(8, 13)).toEqual([0, 0, 'arrived later']);
  });
});
