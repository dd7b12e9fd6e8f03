/**
 * HTTP exchanges of the fixtures. `exchanges.tsv` is what `tshark -n -2 -Y http.response -T fields` prints of them: capture, frame.number,
 * http.request_in, http.time, http.response.code, http.response_for.uri.
 */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { runHttp } from '../../src/cli/http.ts';
import { accountOf } from '../../src/connections/account.ts';
import { connectionCount } from '../../src/connections/connections.ts';
import type { Capture } from '../../src/engine/capture.ts';
import { Engine } from '../../src/engine/engine.ts';
import { exchangeCount, exchangeRow } from '../../src/engine/exchange-read.ts';
import { ExchangeList } from '../../src/engine/exchanges.ts';
import { FilterMemory } from '../../src/engine/filter-memory.ts';
import { httpFacts } from '../../src/engine/http-facts.ts';
import { View } from '../../src/engine/view.ts';
import { rowsOfStream } from '../../src/flow/stream-rows.ts';
import { nanoseconds } from '../../src/flow/tcp-replay.ts';
import type { Answer, CaptureState, EngineRequests, ExchangeRow, ExchangeSort } from '../../src/messages.ts';
import { httpPairs } from '../../src/protocols/http-pairs.ts';
import { NONE } from '../../src/table/packet-table.ts';
import { readAll } from '../golden/table.ts';

const fixture = (name: string): string => path.join(import.meta.dirname, '..', 'fixtures', name);

async function exchangesOf(name: string): Promise<ExchangeRow[]> {
  const read = await readAll(fixture(name));
  if (read === null) throw new Error(`${name} could not be opened`);
  const all = Array.from({ length: exchangeCount(read.capture) }, (_, exchange) => exchangeRow(read.capture, exchange));
  await read.reader.close();
  return all;
}

async function captured(name: string): Promise<Capture> {
  const read = await readAll(fixture(name));
  if (read === null) throw new Error(`${name} could not be opened`);
  return read.capture;
}

const expected = readFileSync(path.join(import.meta.dirname, 'exchanges.tsv'), 'utf8')
  .trimEnd()
  .split('\n')
  .map((line) => line.split('\t'));

describe('the exchanges of a capture', () => {
  it.each([...new Set(expected.map(([name]) => name as string))])('of %s are those that tshark pairs, with its times', async (name) => {
    const rows = await exchangesOf(name);
    const wanted = expected.filter((line) => line[0] === name);
    // What segments out of order held is in the table, but not in tshark's.
    expect(rows.filter((row) => row.responseFrame !== null && !row.repaired).length).toBe(wanted.length);
    for (const [, frame, request, time, status, uri] of wanted) {
      const row = rows.find(({ responseFrame }) => responseFrame === Number(frame));
      expect(row?.status).toBe(Number(status));
      // Frame 138 of http.pcap holds two requests; tshark pairs the first answer with both, and the second with none.
      if (request === '' || request === '138') continue;
      expect(row?.requestFrame).toBe(Number(request));
      expect(row?.url).toBe(uri);
      expect((row?.timings.waitMs ?? 0) + (row?.timings.receiveMs ?? 0)).toBeCloseTo(1000 * Number(time), 6);
    }
  });

  it.each(['rough/loss.pcap', 'rough/reorder.pcap'])(
    'of %s are ticked where data was sent again, as the account of the connection has it',
    async (name) => {
      const capture = await captured(name);
      const page = await new ExchangeList(capture).rows(
        new View(1, capture, null, new FilterMemory(capture)),
        0,
        exchangeCount(capture),
        'exchange',
        false,
      );
      const pairs = capture.state(httpPairs);
      const resent = Array.from({ length: connectionCount(capture) }, (_, stream) =>
        accountOf(capture, stream).flatMap((fact) => (fact.kind.startsWith('resent') ? fact.rows : [])),
      );
      let ticks = 0;
      for (const { exchange, stream, trouble, responseFrame } of page.rows) {
        const first = Math.min(pairs.requestStart[exchange] as number, pairs.responseStart[exchange] as number);
        const ticked = trouble.filter(({ kind }) => kind === 'resent').map(({ at }) => at.toFixed(9));
        const rows = new Set(rowsOfStream(capture, stream, 'tcp').filter((row) => row >= first && row < (responseFrame ?? NONE)));
        const said = (resent[stream] ?? [])
          .filter((row) => rows.has(row))
          .map((row) => (nanoseconds(capture.packets, first, row) / 1e9).toFixed(9));
        // The account names the first of two as well: it is no tick.
        for (const at of ticked) expect([exchange, said]).toEqual([exchange, expect.arrayContaining([at])]);
        ticks += ticked.length;
      }
      expect(ticks).toBeGreaterThan(1);
    },
  );

  it('gives each of two pipelined requests its answer', async () => {
    const rows = (await exchangesOf('http.pcap')).filter(({ stream }) => stream === 7);
    expect(rows.map(({ position, url, requestFrame, responseFrame }) => [position, url, requestFrame, responseFrame])).toEqual([
      [1, 'http://shop.example/small.txt', 138, 140],
      [2, 'http://shop.example/data.json', 138, 142],
    ]);
    expect(rows.map(({ reused, pipelined }) => [reused, pipelined])).toEqual([
      [false, false],
      [true, true],
    ]);
  });

  it('counts a body as it was sent and as it is', async () => {
    const rows = await exchangesOf('http.pcap');
    const packed = rows.find(({ url }) => url === 'http://192.0.2.2/gz/index.html');
    expect(packed).toMatchObject({ contentType: 'text/html', decodedBytes: 7629 });
    expect(packed?.responseBytes).toBeLessThan(1000);
    expect(rows.find(({ method }) => method === 'HEAD')).toMatchObject({ responseBytes: 0, decodedBytes: 0 });
    expect(rows.find(({ method }) => method === 'POST')?.requestBytes).toBeGreaterThan(0);
  });

  it('has a row for a request that nobody answered', async () => {
    const rows = await exchangesOf('tcp-reset.pcap');
    const open = rows.filter(({ responseFrame }) => responseFrame === null);
    expect(open.length).toBe(rows.length);
    for (const row of open) expect(row).toMatchObject({ status: null, reason: null, waitMs: null, contentType: null, responseBytes: null });
  });

  it('says the handshake of the first exchange only', async () => {
    const [first, second] = await exchangesOf('http.pcap');
    expect(first?.timings.connectMs).toBeGreaterThan(0);
    expect(second).toMatchObject({ stream: first?.stream, position: 2 });
    expect(second?.timings.connectMs).toBeNull();
  });
});

describe('the command line', () => {
  afterEach(() => vi.restoreAllMocks());

  async function run(file: string, json: boolean): Promise<{ status: number; out: string }> {
    let out = '';
    vi.spyOn(process.stdout, 'write').mockImplementation((text) => {
      out += String(text);
      return true;
    });
    vi.spyOn(process.stderr, 'write').mockImplementation(() => true);
    return { status: await runHttp({ file, json }), out };
  }

  it('prints one object per line, with what DESIGN asks for', async () => {
    const { status, out } = await run(fixture('http.pcap'), true);
    expect(status).toBe(0);
    const rows = out.trimEnd().split('\n');
    expect(rows.length).toBe(12);
    expect(JSON.parse(rows[0] as string)).toMatchObject({
      stream: 0,
      position: 1,
      method: 'GET',
      url: 'http://192.0.2.2/index.html',
      host: '192.0.2.2',
      status: 200,
      reason: 'OK',
      requestFrame: 4,
      responseFrame: 16,
      contentType: 'text/html',
      requestBytes: 0,
      responseBytes: 7629,
      decodedBytes: 7629,
    });
  });

  it('prints a table of as many lines, and fails for what it cannot read', async () => {
    const { status, out } = await run(fixture('http.pcap'), false);
    expect(status).toBe(0);
    expect(out.trimEnd().split('\n').length).toBe(13);
    expect((await run(fixture('damaged.pcap'), false)).status).toBe(1);
    expect((await run(fixture('make.sh'), false)).status).toBe(1);
  });
});

describe('the engine', () => {
  async function opened(name: string): Promise<Engine> {
    return new Promise((resolve, reject) => {
      const engine = new Engine((event, data) => {
        if (event === 'state' && (data as CaptureState | null)?.phase === 'done') resolve(engine);
        else if (event === 'failed') reject(new Error('could not be opened'));
      });
      void engine.handle('open', { path: fixture(name), capture: 1, name });
    });
  }

  async function ask<N extends keyof EngineRequests>(
    engine: Engine,
    name: N,
    args: EngineRequests[N]['args'],
  ): Promise<EngineRequests[N]['result']> {
    const answer = (await engine.handle(name, args)) as Answer<EngineRequests[N]['result']>;
    if (!answer.ok) throw new Error(answer.failure.message);
    return answer.value;
  }

  it('lists exchanges by page and in order', async () => {
    const engine = await opened('http.pcap');
    const page = await ask(engine, 'exchanges', { from: 2, count: 3, sort: 'exchange', descending: false });
    expect(page.total).toBe(12);
    expect(page.rows.map(({ exchange }) => exchange)).toEqual([2, 3, 4]);
    const slow = await ask(engine, 'exchanges', { from: 0, count: 12, sort: 'totalMs', descending: true });
    const times = slow.rows.map(({ timings }) => timings.totalMs ?? 0);
    expect(times).toEqual([...times].sort((a, b) => b - a));
    const third = slow.rows[2]?.exchange ?? 0;
    expect(await ask(engine, 'exchangePosition', { exchange: third, sort: 'totalMs', descending: true })).toEqual({ position: 2 });
    await engine.handle('close', {});
  });

  it('keeps to the exchanges of the filter', async () => {
    const engine = await opened('http.pcap');
    await ask(engine, 'setFilter', { text: 'http.response.code == 404' });
    await vi.waitFor(async () => {
      const { rows } = await ask(engine, 'exchanges', { from: 0, count: 10, sort: 'exchange', descending: false });
      expect(rows.map(({ status }) => status)).toEqual([404]);
    });
    await engine.handle('close', {});
  });

  it('shows one exchange in full, and refuses one that is not there', async () => {
    const engine = await opened('http.pcap');
    const detail = await ask(engine, 'exchange', { exchange: 2 });
    expect(detail.request?.startLine).toBe('GET /data.json HTTP/1.1');
    expect(detail.request?.headers.map(({ name }) => name)).toContain('Host');
    expect(detail.response?.startLine).toBe('HTTP/1.1 200 OK');
    expect(JSON.parse(new TextDecoder().decode(detail.response?.body))).toMatchObject({ name: 'Sevenfold' });
    expect(detail.response?.bodyCut).toBe(false);
    expect(await engine.handle('exchange', { exchange: 12 })).toMatchObject({ ok: false, failure: { code: 'no-such' } });
    await engine.handle('close', {});
  });
});

describe('the order of exchanges', () => {
  /** Sorts by hand what `key` gives; what is null comes last, and equal ones keep their order. */
  function byHand<T extends string | number>(values: readonly (T | null)[], descending: boolean): number[] {
    const known = [...values.keys()].filter((k) => values[k] !== null);
    known.sort((a, b) => {
      const [x, y] = [values[a] as T, values[b] as T];
      return (x === y ? 0 : x < y === descending ? 1 : -1) || a - b;
    });
    return [...known, ...[...values.keys()].filter((k) => values[k] === null)];
  }

  it('is that of the column, both ways, with what is not known last', async () => {
    const capture = await captured('rough/loss.pcap');
    await capture.state(httpFacts).complete(() => true);
    const rows = Array.from({ length: exchangeCount(capture) }, (_, exchange) => exchangeRow(capture, exchange));
    const view = new View(1, capture, null, new FilterMemory(capture));
    const list = new ExchangeList(capture);
    const columns: [ExchangeSort, (row: ExchangeRow) => string | number | null][] = [
      ['method', (row) => row.method],
      ['host', (row) => row.host],
      ['type', (row) => row.contentType || null],
      ['path', (row) => (row.url ?? '').replace(/^http:\/\/[^/]*/, '') || '/'],
      ['sent', (row) => row.responseBytes],
      ['size', (row) => row.decodedBytes],
      ['stream', (row) => row.stream],
      ['exchange', (row) => rows.indexOf(row)],
    ];
    expect(rows.length).toBeGreaterThan(20);
    for (const [sort, key] of columns)
      for (const descending of [false, true]) {
        const page = await list.rows(view, 0, rows.length, sort, descending);
        const got = page.rows.map(({ exchange }) => exchange);
        expect([sort, descending, got]).toEqual([sort, descending, byHand(rows.map(key), descending)]);
      }
  });

  it('is made once for all pages, and is there when the column is clicked again', async () => {
    const capture = await captured('rough/loss.pcap');
    const facts = capture.state(httpFacts);
    await facts.complete(() => true);
    const { heads } = facts;
    let looks = 0;
    Object.defineProperty(facts, 'heads', {
      get: () => {
        looks++;
        return heads;
      },
    });
    const view = new View(1, capture, null, new FilterMemory(capture));
    const list = new ExchangeList(capture);
    const total = exchangeCount(capture);
    await Promise.all([list.rows(view, 0, 5, 'path', false), list.rows(view, 5, 5, 'path', false)]);
    expect(looks).toBe(total);
    await list.rows(view, 0, 5, 'path', true);
    expect(looks).toBe(2 * total);
    await list.rows(view, 10, 5, 'path', false);
    await list.position(view, 3, 'path', true);
    expect(looks).toBe(2 * total);
    // Another view has an order of its own.
    await list.rows(new View(2, capture, null, new FilterMemory(capture)), 0, 5, 'path', false);
    expect(looks).toBe(3 * total);
  });

  it('reads on where it was given up, and says how far it is', async () => {
    const capture = await captured('rough/loss.pcap');
    const facts = capture.state(httpFacts);
    const total = exchangeCount(capture);
    // Slices of no time read one exchange each.
    expect(await facts.complete(() => false, 0)).toBe(1 / total);
    let left = 4;
    expect(await facts.complete(() => --left > 0, 0)).toBe(5 / total);
    expect(facts.heads.length).toBe(5);
    const view = new View(1, capture, null, new FilterMemory(capture));
    expect(new ExchangeList(capture).unsorted(view, 5 / total)).toMatchObject({ rows: [], total, done: 5 / total });
    expect(await facts.complete(() => true, 0)).toBe(1);
    expect(facts.heads.length).toBe(total);
  });

  it('reads no packet but those of the request and of the response', async () => {
    const capture = await captured('http.pcap');
    const p = capture.state(httpPairs);
    const short = Array.from({ length: exchangeCount(capture) }, (_, k) => k).filter(
      (k) => p.responseRow[k] !== NONE && p.requestStart[k] === p.requestRow[k] && p.responseStart[k] === p.responseRow[k],
    );
    expect(short.length).toBeGreaterThan(3);
    // Rows of a pipeline share packets: the one that was read last is there.
    const wanted: number[] = [];
    let latest = [NONE, NONE];
    for (const k of short) {
      const rows = [p.requestRow[k] as number, p.responseRow[k] as number];
      wanted.push(...rows.filter((row, side) => row !== latest[side]));
      latest = rows;
    }
    const read = vi.spyOn(capture, 'bytesOf');
    for (const exchange of short) expect(exchangeRow(capture, exchange).method).not.toBeNull();
    expect(read.mock.calls.map(([row]) => row)).toEqual(wanted);
  });
});
