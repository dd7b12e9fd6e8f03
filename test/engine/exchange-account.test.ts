/** The account of an exchange over connections that lose, repeat and end, from packets made for it and read back from a file. */
import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { storyOf } from '../../src/engine/exchange-account.ts';
import { exchangeCount } from '../../src/engine/exchange-read.ts';
import { httpFacts } from '../../src/engine/http-facts.ts';
import { CaptureWriter } from '../../src/file/write.ts';
import type { ExchangeFact } from '../../src/messages.ts';
import { storySentences } from '../../src/words/story-words.ts';
import { type Segment, segmentBytes } from '../flow/tcp-capture.ts';
import { readAll } from '../golden/table.ts';

const text = (words: string): Uint8Array => new TextEncoder().encode(words);
const ASK = text('GET /a HTTP/1.1\r\nHost: shop.example\r\n\r\n');
const HEAD = text('HTTP/1.1 200 OK\r\nContent-Length: 300\r\n\r\n');
const BODY = 300;
const RAW_IP = 101;
const N = ASK.length;
const H = HEAD.length;

/** A segment in an IPv4 packet between 10.0.0.1 and 10.0.0.2. */
function packet(segment: Segment): Uint8Array {
  const tcp = segmentBytes({ ...segment, serverPort: 80 });
  const [from, to] = segment.server === true ? [2, 1] : [1, 2];
  const ip = [0x45, 0, 0, 0, (segment.id ?? 0) >> 8, (segment.id ?? 0) & 255, 0x40, 0, 64, 6, 0, 0, 10, 0, 0, from, 10, 0, 0, to];
  ip[2] = (20 + tcp.length) >> 8;
  ip[3] = (20 + tcp.length) & 255;
  return Uint8Array.from([...ip, ...tcp]);
}

/** What is said of each exchange of a connection whose handshake takes 40 ms to the server and back, seen at the client or `near` the server. */
async function said(more: readonly Segment[], near: 'client' | 'server' = 'client'): Promise<string[][]> {
  const segments: Segment[] = [
    { at: 0, seq: 99, flags: 'S' },
    { at: near === 'client' ? 40 : 0.1, server: true, seq: 499, ack: 100, flags: 'SA' },
    { at: 40.1, seq: 100, ack: 500, flags: 'A' },
    ...more,
  ];
  const folder = mkdtempSync(path.join(os.tmpdir(), 'sevenfold-account-'));
  try {
    const file = path.join(folder, 'a.pcapng');
    const described = { linkType: RAW_IP, snapLength: 0, name: null, description: null, captureFilter: null, timePrecision: 6 };
    const made = CaptureWriter.create(file, { format: 'pcapng', interfaces: [described] });
    if (!made.ok) throw new Error(made.failure.message);
    for (const segment of segments) {
      const bytes = packet(segment);
      const at = segment.at ?? 0;
      made.value.append(bytes, 0, bytes.length, bytes.length, 3600 + Math.floor(at / 1000), Math.round((at % 1000) * 1e6), 0);
    }
    await made.value.close();
    const read = await readAll(file);
    if (read === null) throw new Error('not readable');
    await read.capture.state(httpFacts).complete(() => true);
    const facts = Array.from({ length: exchangeCount(read.capture) }, (_, k): readonly ExchangeFact[] => storyOf(read.capture, k).facts);
    await read.reader.close();
    return facts.map((each) =>
      each.map((fact) => `${storySentences[fact.kind](fact.values)} ${fact.rows.map((row) => row + 1).join(' ')}`),
    );
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** The `nth` request (from 0), and part of its response. */
const ask = (at: number, nth = 0, more: Partial<Segment> = {}): Segment => ({
  at,
  seq: 100 + N * nth,
  ack: 500 + (H + BODY) * nth,
  flags: 'PA',
  data: ASK,
  ...more,
});
const answer = (at: number, nth: number, from: number, to: number, more: Partial<Segment> = {}): Segment => ({
  at,
  server: true,
  seq: 500 + (H + BODY) * nth + from,
  ack: 100 + N * (nth + 1),
  flags: 'PA',
  data: Uint8Array.from([...HEAD, ...new Uint8Array(BODY).fill(97)]).subarray(from, to),
  ...more,
});
const END = H + BODY;

describe('data that is sent again', () => {
  it('belongs to the response that it is part of, also where it comes behind its end', async () => {
    const [first, second] = await said([
      ask(41),
      answer(90, 0, 0, END, { id: 20 }),
      { at: 90.1, seq: 100 + N, ack: 500 + END, flags: 'A' },
      ask(91, 1),
      answer(120, 0, 0, END, { id: 21 }),
      answer(140, 1, 0, END, { id: 22 }),
    ]);
    expect(first).toContain('One packet of the server was sent again, 79 ms after the exchange began. 8');
    expect(second?.filter((each) => each.includes('sent again'))).toEqual([]);
  });

  it('belongs to a pipelined request that waits for it', async () => {
    const [, second] = await said([
      ask(41),
      ask(42, 1, { ack: 500 }),
      answer(100, 0, 0, 100, { id: 20 }),
      answer(101, 0, 200, 250, { id: 22 }),
      answer(102, 0, 250, END, { id: 23 }),
      answer(150, 0, 100, 200, { id: 24 }),
      answer(151, 1, 0, END, { id: 25 }),
    ]);
    expect(second).toContain('One packet of the server was sent again, 108 ms after the exchange began. 9');
  });

  it('is in the wait for the response if it is the request', async () => {
    const [first] = await said([ask(41, 0, { id: 3 }), ask(251, 0, { id: 4 }), answer(291, 0, 0, END)]);
    expect(first).toContain('The first packet of the response came 250 ms after the request, which was sent again in that time. 4 5 6');
  });
});

describe('a response', () => {
  it('that the server ended short of what it promised is told from one that the capture has not whole', async () => {
    const short = 'The response, 200, is not whole: the server sent the first 60 of 300 bytes of body, and right behind them';
    const closed = await said([ask(41), answer(90, 0, 0, H + 60), answer(91, 0, H + 60, H + 60, { flags: 'FA' })]);
    expect(closed[0]).toContain(`${short} closed its direction. 5 6`);
    const reset = await said([ask(41), answer(90, 0, 0, H + 60), answer(91, 0, H + 60, H + 60, { flags: 'RA' })]);
    expect(reset[0]).toContain(`${short} reset the connection. 5 6`);
    // The FIN has a number behind what is missing: it was sent.
    const hole = await said([ask(41), answer(90, 0, 0, H + 60), answer(91, 0, END, END, { flags: 'FA' })]);
    expect(hole[0]).toContain(
      'The response, 200, is not whole in the capture: of 300 bytes of body it has the first 60; the next ones are missing. 5',
    );
  });

  it('whose client had closed or reset before it was whole has that', async () => {
    const closed = await said([
      ask(41),
      answer(90, 0, 0, H + 60),
      { at: 91, seq: 100 + N, ack: 500 + H + 60, flags: 'FA' },
      answer(95, 0, H + 60, END),
      { at: 95.1, seq: 100 + N, flags: 'R' },
    ]);
    expect(closed[0]).toContain(
      'The client had closed its direction 4 ms before the response was whole, and answered what came then with a reset. 6 7 8',
    );
    const reset = await said([
      ask(41),
      answer(90, 0, 0, H + 60),
      { at: 91, seq: 100 + N, ack: 500 + H + 60, flags: 'RA' },
      answer(95, 0, H + 60, END),
    ]);
    expect(reset[0]).toContain('The client had reset the connection 4 ms before the response was whole. 6 7');
    // Who only has nothing more to say takes the response.
    const half = await said([ask(41), { at: 41.1, seq: 100 + N, ack: 500, flags: 'FA' }, answer(91, 0, 0, END)]);
    expect(half[0]).toContain('The client had closed its direction 49.9 ms before the response was whole. 5 6');
  });

  it('that was captured at the server left it, and had come when the client acknowledged it', async () => {
    const packets = [
      ask(41),
      answer(42, 0, 0, H + 100),
      answer(42.5, 0, H + 100, END),
      { at: 82, seq: 100 + N, ack: 500 + H + 100, flags: 'A' },
      { at: 83, seq: 100 + N, ack: 500 + END, flags: 'A' },
    ];
    expect((await said(packets, 'server'))[0]).toContain('The first packet of the response left the server 1 ms after the request. 4 5');
    expect((await said(packets, 'server'))[0]).toContain(
      'The response, 200 with 300 bytes, left the server in 2 packets over 500 µs; the client had acknowledged all of it 41 ms after its first packet left. 5 6 8',
    );
    expect((await said(packets))[0]).toContain('The response, 200 with 300 bytes, came in 2 packets over 500 µs. 5 6');
  });

  it('that comes in pieces has how often and how long in all nothing of it came', async () => {
    const pieces = [0, 100, 150, 200, 250, END].flatMap((from, k, all) =>
      from === END
        ? []
        : [
            answer(90 + 60 * k, 0, from, all[k + 1] as number),
            { at: 90.1 + 60 * k, seq: 100 + N, ack: 500 + (all[k + 1] as number), flags: 'A' },
          ],
    );
    expect((await said([ask(41), ...pieces]))[0]).toContain(
      'The longest time between two packets of the response was 60 ms: the client had acknowledged what had come; 4 times it was 50 ms or more, 240 ms in all. 5 6 7',
    );
  });

  it('that was not to be had for long has whether identifications skip some in that time', async () => {
    const pause = (ids: readonly number[]): Promise<string[][]> => {
      const parts = [0, 100, 150, 200, 250, END];
      const packets = ids.flatMap((id, k) => {
        const at = k < 3 ? 90 + k : 990 + k;
        const to = parts[k + 1] as number;
        return [answer(at, 0, parts[k] as number, to, { id }), { at: at + 0.1, seq: 100 + N, ack: 500 + to, flags: 'A' }];
      });
      return said([ask(41), ...packets]);
    };
    const silent = 'The longest time between two packets of the response was 901 ms: the client had acknowledged what had come';
    expect((await pause([20, 21, 22, 24, 25]))[0]).toContain(
      `${silent}; the IPv4 identifications of the server’s packets, which otherwise count up one by one, skip 1 number there. 9 10 11`,
    );
    expect((await pause([20, 21, 22, 23, 24]))[0]).toContain(`${silent}. 9 10 11`);
  });

  it('that pauses for a round trip has that', async () => {
    const packets = [
      ask(41),
      answer(90, 0, 0, 100),
      { at: 90.1, seq: 100 + N, ack: 600, flags: 'A' },
      answer(132, 0, 100, 200),
      { at: 132.1, seq: 100 + N, ack: 700, flags: 'A' },
      answer(340, 0, 200, END),
    ];
    expect((await said(packets))[0]).toContain(
      'The longest time between two packets of the response was 208 ms: the client had acknowledged what had come. 7 8 9',
    );
    const often = packets.slice(0, -1);
    for (const [k, from] of [200, 220, 240, 260, 280].entries()) {
      const to = from === 280 ? END : from + 20;
      often.push(answer(180 + 48 * k + 3, 0, from, to), { at: 183.1 + 48 * k, seq: 100 + N, ack: 500 + to, flags: 'A' });
    }
    expect((await said(often))[0]?.some((each) => each.includes('answer to the SYN took'))).toBe(false);
  });
});

it('the response that begins in the packet in which the one before ends has that', async () => {
  const both = Uint8Array.from([...HEAD, ...new Uint8Array(BODY).fill(97), ...HEAD, ...new Uint8Array(BODY).fill(98)]);
  const [, second] = await said([ask(41), ask(42, 1, { ack: 500 }), answer(400, 1, 0, 0, { seq: 500, data: both })]);
  expect(second).toContain(
    'The first packet of the response came 358 ms after the request: the response before it was there after 358 ms, this one begins in the same packet. 5 6',
  );
});

it('a response to CONNECT makes the connection a tunnel', async () => {
  const connect = text('CONNECT shop.example:443 HTTP/1.1\r\nHost: shop.example:443\r\n\r\n');
  const tunnel = (status: string): Promise<string[][]> =>
    said([
      ask(41, 0, { data: connect }),
      { at: 90, server: true, seq: 500, ack: 100 + connect.length, flags: 'PA', data: text(`HTTP/1.1 ${status}\r\n\r\n`) },
    ]);
  expect((await tunnel('200 Connection established'))[0]).toContain(
    'From this response on the connection is a tunnel to shop.example:443. 5',
  );
  expect((await tunnel('502 Bad Gateway'))[0]?.some((each) => each.includes('tunnel'))).toBe(false);
});

it('a stream of HTTP/2 that one side ended has who did, why and when', async () => {
  const frame = (type: number, flags: number, stream: number, payload: readonly number[]): number[] => [
    ...[0, 0, payload.length, type, flags],
    ...[0, 0, 0, stream],
    ...payload,
  ];
  // :method GET, :scheme http, :path / and :authority a (RFC 7541, appendix A).
  const get = (stream: number): number[] => frame(1, 0x05, stream, [0x82, 0x86, 0x84, 0x41, 1, 0x61]);
  const asked = Uint8Array.from([...text('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n'), ...frame(4, 0, 0, []), ...get(1), ...get(3)]);
  const cancel = Uint8Array.from(frame(3, 0, 3, [0, 0, 0, 8]));
  // :status 200, and the end of the stream.
  const done = Uint8Array.from([...frame(4, 0, 0, []), ...frame(1, 0x05, 1, [0x88])]);
  const exchanges = await said([
    { at: 41, seq: 100, ack: 500, flags: 'PA', data: asked },
    { at: 90, server: true, seq: 500, ack: 100 + asked.length, flags: 'PA', data: done },
    { at: 141, seq: 100 + asked.length, ack: 500 + done.length, flags: 'PA', data: cancel },
  ]);
  expect(exchanges).toHaveLength(2);
  expect(exchanges[0]?.some((each) => each.includes('RST_STREAM'))).toBe(false);
  expect(exchanges[1]).toContain('The client ended the stream of this exchange with RST_STREAM (CANCEL), 100 ms after the request. 6');
});

it('a response of HTTP/2 whose headers are missing begins with its body', async () => {
  const frame = (type: number, flags: number, stream: number, payload: readonly number[]): number[] => [
    ...[0, 0, payload.length, type, flags],
    ...[0, 0, 0, stream],
    ...payload,
  ];
  const asked = Uint8Array.from([
    ...text('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n'),
    ...frame(4, 0, 0, []),
    ...frame(1, 5, 1, [0x82, 0x86, 0x84]),
  ]);
  const first = Uint8Array.from([...frame(4, 0, 0, []), ...frame(0, 0, 1, [0x61])]);
  const last = Uint8Array.from(frame(0, 1, 1, [0x62]));
  const exchanges = await said([
    { at: 41, seq: 100, ack: 500, flags: 'PA', data: asked },
    { at: 90, server: true, seq: 500, ack: 100 + asked.length, flags: 'PA', data: first },
    { at: 120, server: true, seq: 500 + first.length, ack: 100 + asked.length, flags: 'PA', data: last },
  ]);
  expect(exchanges).toHaveLength(1);
  expect(exchanges[0]?.filter((each) => each.endsWith(' 4 5'))).toEqual([expect.stringMatching('49 ms|49\\.0 ms')]);
  expect(exchanges[0]?.some((each) => each.endsWith(' 5 6'))).toBe(true);
});
