/**
 * Accounts of real loads over rough links (test/fixtures/rough): curl with six connections and wrk, at nginx. Each was read by hand against
 * the packets; what is kept here are the ones in which something went wrong, and what must never be said of any.
 */
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { storySentences } from '../../renderer/http/story-words.ts';
import { speak } from '../../renderer/language.ts';
import type { Capture } from '../../src/engine/capture.ts';
import { storyOf } from '../../src/engine/exchange-account.ts';
import { exchangeCount, exchangeRow } from '../../src/engine/exchange-read.ts';
import { httpFacts } from '../../src/engine/http-facts.ts';
import { readAll } from '../golden/table.ts';

async function captureOf(name: string): Promise<Capture> {
  const read = await readAll(path.join(import.meta.dirname, '..', 'fixtures', 'rough', `${name}.pcap`));
  if (read === null) throw new Error(`${name} could not be opened`);
  await read.capture.state(httpFacts).complete(() => true);
  return read.capture;
}

/** The account of the exchange whose request ends in a packet: each sentence with its packets. */
function accountOf(capture: Capture, request: number): string[] {
  speak('en');
  const exchange = Array.from({ length: exchangeCount(capture) }, (_, k) => k).find(
    (k) => exchangeRow(capture, k).requestFrame === request,
  );
  if (exchange === undefined) throw new Error(`no request in packet ${request}`);
  return storyOf(capture, exchange).facts.map(
    (fact) => `${storySentences[fact.kind](fact.values)} ${fact.rows.map((row) => row + 1).join(' ')}`,
  );
}

describe('over a link that loses packets', () => {
  it('a response whose first packet was lost is not laid to the server', async () => {
    // Packet 6 has the IP identification after next behind that of packet 5: one between them was lost.
    expect(accountOf(await captureOf('loss'), 4)).toEqual([
      'A connection was opened for it; the handshake took 47.5 ms. 1 2 3',
      'The acknowledgement of the request came after 49.2 ms, the first packet of the response another 351 ms later. 4 5 6',
      'The response came in one packet: 200 with 185 bytes of text/html (3,770 when gzip is undone). 6',
    ]);
  });

  it('a request that was lost is seen to be sent again', async () => {
    const account = accountOf(await captureOf('loss'), 40);
    expect(account).toContain('The first packet of the response came 338 ms after the request. 40 271');
    expect(account).toContain('One packet of the client was sent again, 274 ms after the exchange began. 220');
  });

  it('a response with a hole has both the hole and what filled it, and the request behind it was not pipelined', async () => {
    const capture = await captureOf('loss');
    expect(accountOf(capture, 89)).toEqual([
      'The connection was open already: this is its 2nd request, 297 µs after the response before it. 71 89',
      'The first packet of the response came 60 ms after the request. 89 127',
      'The response, 200 with 4,023 bytes of image/jpeg (4,000 when gzip is undone), came in 3 packets over 75.1 ms. 127 182',
      'One packet of the server was sent again, 135 ms after the exchange began. 182',
      'A packet of the server came with bytes missing before it, 60 ms after the exchange began; they came 75 ms later, sent again. 128 182',
      'Segments of the response came late or out of order; it was put together from the stream. 127 182',
    ]);
    expect(accountOf(capture, 184)[0]).toBe(
      'The connection was open already: this is its 3rd request, 248 µs after the response before it. 182 184',
    );
  });
});

it('over a link that repeats packets, a copy is not said to have been sent again', async () => {
  const capture = await captureOf('reorder');
  // 139 and 141 have the same IP identification and time stamps; 113 and 137 do not.
  const all = Array.from({ length: exchangeCount(capture) }, (_, k) => storyOf(capture, k).facts).flat();
  expect(all.filter(({ kind }) => kind === 'copied').flatMap(({ rows }) => rows)).toContain(140);
  const resent = all.filter(({ kind }) => kind === 'resent').flatMap(({ rows }) => rows);
  expect(resent).toContain(136);
  // 113 was only overtaken: its identification is the one before those of what came first.
  expect(all.filter(({ kind }) => kind === 'overtaken').flatMap(({ rows }) => rows)).toContain(112);
  expect(all.map(({ kind }) => kind)).not.toContain('late');
  expect(resent).not.toContain(112);
  expect(resent).not.toContain(140);
});

it('a load that wrk broke off has what came of its last responses', async () => {
  expect(accountOf(await captureOf('wrk'), 611).slice(1)).toEqual([
    'The first packet of the response came 141 ms after the request. 611 631',
    'The response, 200, is not whole in the capture: of 12,000 bytes of body it has the first 11,342; the next ones are missing. 631 642',
    'The client closed its direction 257 ms after the request. 677',
  ]);
});

it.each(['loss', 'reorder', 'wrk'])('%s: every time goes forward, and no client of these pipelines', async (name) => {
  const capture = await captureOf(name);
  expect(exchangeCount(capture)).toBeGreaterThan(20);
  for (let k = 0; k < exchangeCount(capture); k++) {
    const { timings, status } = exchangeRow(capture, k);
    expect(status).toBe(200);
    for (const ms of Object.values(timings)) expect(ms ?? 0).toBeGreaterThanOrEqual(0);
    if (timings.totalMs !== null) expect(timings.totalMs).toBeGreaterThanOrEqual(timings.waitMs ?? 0);
    expect(storyOf(capture, k).facts.map(({ kind }) => kind)).not.toContain('pipelined');
  }
});
