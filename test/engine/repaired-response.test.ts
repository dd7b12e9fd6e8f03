/** Responses whose segments came out of order or again: the exchange has them, though no packet's dissection does. */
import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { expect, it } from 'vitest';
import type { Capture } from '../../src/engine/capture.ts';
import { storyOf } from '../../src/engine/exchange-account.ts';
import { exchangeCount, exchangeRow } from '../../src/engine/exchange-read.ts';
import { exchangeDetail } from '../../src/engine/exchanges.ts';
import type { FollowedStream } from '../../src/engine/follow-pieces.ts';
import { followSaid } from '../../src/engine/follow-said.ts';
import { harEntry } from '../../src/engine/har.ts';
import { httpFacts } from '../../src/engine/http-facts.ts';
import { CaptureWriter } from '../../src/file/write.ts';
import { type Segment, segmentBytes } from '../flow/tcp-capture.ts';
import { readAll } from '../golden/table.ts';

const text = (words: string): Uint8Array => new TextEncoder().encode(words);
const ASK = 'GET /a HTTP/1.1\r\nHost: shop.example\r\n\r\n';
const RAW_IP = 101;

/** A segment in an IPv4 packet between 10.0.0.1 and 10.0.0.2. */
function packet(segment: Segment): Uint8Array {
  const tcp = segmentBytes(segment);
  const [from, to] = segment.server === true ? [2, 1] : [1, 2];
  const ip = [0x45, 0, 0, 0, 0, 0, 0x40, 0, 64, 6, 0, 0, 10, 0, 0, from, 10, 0, 0, to];
  ip[2] = (20 + tcp.length) >> 8;
  ip[3] = (20 + tcp.length) & 255;
  return Uint8Array.from([...ip, ...tcp]);
}

/** A connection with one request; the server's segments as [offset, text] in order of arrival. Read back from a file. */
async function answered(parts: readonly (readonly [number, string])[]): Promise<Capture> {
  const at = { serverPort: 80 };
  const segments: Segment[] = [
    { ...at, seq: 99, flags: 'S' },
    { ...at, server: true, seq: 499, ack: 100, flags: 'SA' },
    { ...at, seq: 100, ack: 500, flags: 'A' },
    { ...at, seq: 100, ack: 500, flags: 'PA', data: text(ASK) },
    ...parts.map(([offset, data]) => ({ ...at, server: true, seq: 500 + offset, ack: 100 + ASK.length, flags: 'PA', data: text(data) })),
  ];
  const folder = mkdtempSync(path.join(os.tmpdir(), 'sevenfold-http-'));
  try {
    const file = path.join(folder, 'a.pcapng');
    const described = { linkType: RAW_IP, snapLength: 0, name: null, description: null, captureFilter: null, timePrecision: 6 };
    const made = CaptureWriter.create(file, { format: 'pcapng', interfaces: [described] });
    if (!made.ok) throw new Error(made.failure.message);
    for (const [k, segment] of segments.entries()) {
      const bytes = packet(segment);
      made.value.append(bytes, 0, bytes.length, bytes.length, 3600, k * 10_000_000, 0);
    }
    await made.value.close();
    const read = await readAll(file);
    if (read === null) throw new Error('not readable');
    return read.capture;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

const HEAD = 'HTTP/1.1 200 OK\r\nContent-Length: 12\r\n\r\n';

it('puts a response together whose middle came last', async () => {
  const capture = await answered([
    [0, `${HEAD}abcd`],
    [HEAD.length + 8, 'ijkl'],
    [HEAD.length + 4, 'efgh'],
  ]);
  expect(exchangeCount(capture)).toBe(1);
  expect(exchangeRow(capture, 0)).toMatchObject({ status: 200, responseBytes: 12, decodedBytes: 12 });
  expect(new TextDecoder().decode(exchangeDetail(capture, 1, 0).response?.body)).toBe('abcdefghijkl');
});

it('puts a chunked response together whose start was repaired', async () => {
  const whole = 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nabcd\r\n3\r\nefg\r\n0\r\n\r\n';
  const capture = await answered([
    [10, whole.slice(10, 55)],
    [0, whole.slice(0, 10)],
    [55, whole.slice(55)],
  ]);
  const detail = exchangeDetail(capture, 1, 0);
  expect(detail.summary.status).toBe(200);
  expect(new TextDecoder().decode(detail.response?.body)).toBe('abcdefg');
});

it('finds the end of a chunked response whose chunks begin in the segment of its head', async () => {
  const head = 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n';
  const whole = `${head}1\r\n-\r\n${'4\r\nabcd\r\n'.repeat(8)}0\r\n\r\n`;
  const at = (chunk: number): number => head.length + 6 + 9 * chunk;
  const capture = await answered([
    [0, whole.slice(0, at(2))],
    [at(4), whole.slice(at(4), at(6))],
    [at(2), whole.slice(at(2), at(4))],
    [at(6), whole.slice(at(6))],
  ]);
  const { response, summary } = exchangeDetail(capture, 1, 0);
  expect(summary).toMatchObject({ status: 200, repaired: true, partial: false, responseBytes: 33 });
  expect(new TextDecoder().decode(response?.body)).toBe(`-${'abcd'.repeat(8)}`);
});

it('says what is there of a response with bytes missing, and claims no end of it', async () => {
  const capture = await answered([
    [0, `${HEAD}abcd`],
    [HEAD.length + 8, 'ijkl'],
  ]);
  const row = exchangeRow(capture, 0);
  expect(row).toMatchObject({ status: 200, partial: true, repaired: false, responseFrame: null, responseBytes: 4 });
  expect(row.timings).toMatchObject({ waitMs: 10, receiveMs: null, totalMs: null });
  capture.state(httpFacts).advance();
  const { facts } = storyOf(capture, 0);
  expect(facts.find(({ kind }) => kind === 'partial')).toMatchObject({
    tone: 'bad',
    values: { status: 200, bytes: 4, promised: 12 },
    rows: [4],
  });
  expect(facts.some(({ kind }) => kind.startsWith('no-answer') || kind.startsWith('received'))).toBe(false);
});

it('times a response from the first of its packets to the last, whatever their order', async () => {
  const capture = await answered([
    [HEAD.length + 4, 'efgh'],
    [HEAD.length + 8, 'ijkl'],
    [0, `${HEAD}abcd`],
  ]);
  expect(exchangeRow(capture, 0)).toMatchObject({ status: 200, repaired: true, responseFrame: 7 });
  expect(exchangeRow(capture, 0).timings).toMatchObject({ waitMs: 10, receiveMs: 20, totalMs: 30 });
});

it('claims no response where the head of it is missing', async () => {
  const capture = await answered([[HEAD.length, 'abcdefghijkl']]);
  expect(exchangeRow(capture, 0)).toMatchObject({ status: null, partial: false });
});

it('claims no response where the server sent something else', async () => {
  const capture = await answered([
    [4, 'no HTTP at all'],
    [0, 'oops'],
  ]);
  expect(exchangeRow(capture, 0).status).toBeNull();
});

it('writes an exchange as HAR has it: times in milliseconds, unknown ones as -1', async () => {
  const capture = await answered([[0, `${HEAD}abcdefghijkl`]]);
  const entry = harEntry(exchangeDetail(capture, 1, 0)) as {
    time: number;
    request: { method: string; headers: unknown[] };
    response: { status: number; content: { size: number; text: string; encoding?: string } };
    timings: Record<string, number>;
  };
  expect(entry.request.method).toBe('GET');
  expect(entry.response.status).toBe(200);
  expect(Buffer.from(entry.response.content.text, 'base64').toString()).toBe('abcdefghijkl');
  expect(entry.timings.dns).toBe(-1);
  for (const name of ['send', 'wait', 'receive']) expect(entry.timings[name]).toBeGreaterThanOrEqual(0);
  expect(entry.time).toBeCloseTo(
    (entry.timings.connect ?? 0) + (entry.timings.send ?? 0) + (entry.timings.wait ?? 0) + (entry.timings.receive ?? 0),
    6,
  );
});

it('is followed, with its codings undone, at the last of its packets', async () => {
  const chunked = 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n';
  const body = '6\r\nhello \r\n5\r\nworld\r\n0\r\n\r\n';
  const whole = chunked + body;
  const parts: [number, string][] = [0, 20, chunked.length + 3, chunked.length + 9].map((at, k, all) => [at, whole.slice(at, all[k + 1])]);
  const [a, b, c, d] = parts as [[number, string], [number, string], [number, string], [number, string]];
  const capture = await answered([a, c, b, d]);
  expect(exchangeRow(capture, 0).repaired).toBe(true);
  const followed = await followSaid(capture, 'http', 0, null);
  const said = Array.from({ length: followed?.size ?? 0 }, (_, k) => {
    const { side, row } = (followed as FollowedStream).piece(k);
    return [side, row, Buffer.from((followed as FollowedStream).bytesOf(k)).toString()];
  });
  expect(said).toEqual([
    [0, 3, ASK],
    [1, 7, chunked],
    [1, 7, 'hello world'],
  ]);
});

it('is followed as far as it is there', async () => {
  const capture = await answered([[0, `${HEAD}hell`]]);
  const followed = await followSaid(capture, 'http', 0, null);
  expect(Array.from({ length: followed?.size ?? 0 }, (_, k) => Buffer.from((followed as FollowedStream).bytesOf(k)).toString())).toEqual([
    ASK,
    HEAD,
    'hell',
  ]);
});
