/**
 * Accounts of real loads over rough links (test/fixtures/rough): curl with six connections and wrk, at nginx. Each was read by hand against
 * the packets; what is kept here are the ones in which something went wrong, and what must never be said of any.
 */
import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { speak } from '../../renderer/language.ts';
import type { Capture } from '../../src/engine/capture.ts';
import { storyOf } from '../../src/engine/exchange-account.ts';
import { exchangeCount, exchangeRow } from '../../src/engine/exchange-read.ts';
import { httpFacts } from '../../src/engine/http-facts.ts';
import { KeyLogFile } from '../../src/tls/keylog-file.ts';
import { storySentences } from '../../src/words/story-words.ts';
import { readAll } from '../golden/table.ts';

const fixture = (name: string): string => path.join(import.meta.dirname, '..', 'fixtures', 'rough', name);

async function captureOf(name: string, file = fixture(`${name}.pcap`)): Promise<Capture> {
  const keys = existsSync(fixture(`${name}.keys`)) ? await KeyLogFile.load(fixture(`${name}.keys`)) : undefined;
  if (keys !== undefined && !(keys instanceof KeyLogFile)) throw new Error(keys.message);
  const read = await readAll(file, keys);
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
    expect(account).toContain(
      'The first packet of the response came 338 ms after the request, which was sent again in that time. 40 220 271',
    );
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

it('a pause as long as the path is said to be that, whatever was missing in it', async () => {
  expect(accountOf(await captureOf('far'), 24)).toContain(
    'The longest time between two packets of the response was 227 ms, about as long as the answer to the SYN took (218 ms): data of it was missing in that time, or came again; twice it was 50 ms or more, 408 ms in all. 84 100',
  );
});

it('a response in order behind a disorder is not said to have come out of order itself', async () => {
  // 181 is the end of a response whose packet before came late. It holds CR, at which Wireshark takes its line to end: 220 begins a message.
  const account = accountOf(await captureOf('small'), 201);
  expect(account.filter((sentence) => / put together from the stream/.test(sentence))).toEqual([]);
  expect(account).toContain('The response, 200 with 2,000 bytes of image/jpeg, came in 5 packets over 7.89 ms. 220 231');
  // Without the CR what comes next is taken to go on with that line, and its messages are found in the stream alone.
  const bytes = await readFile(fixture('small.pcap'));
  const at = bytes.indexOf(Buffer.from('279e4d0dd36e1020af16777370ffed', 'hex'));
  expect(at).toBeGreaterThan(0);
  bytes[at + 3] = 0x0e;
  const folder = await mkdtemp(path.join(os.tmpdir(), 'rough-'));
  try {
    await writeFile(path.join(folder, 'small.pcap'), bytes);
    const without = accountOf(await captureOf('small', path.join(folder, 'small.pcap')), 201);
    expect(without).toContain('Behind segments that came late or out of order, the response was put together from the stream. 198 220 231');
  } finally {
    await rm(folder, { recursive: true });
  }
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

describe('servers and clients with bad manners', () => {
  it('a response that stalls has the pause, and what the client had acknowledged by then', async () => {
    expect(accountOf(await captureOf('odd'), 47)).toContain(
      'The longest time between two packets of the response was 907 ms: the client had acknowledged what had come. 55 56 57',
    );
  });

  it('a request that its server had no room for, and a response that its client did not read, have the closed window', async () => {
    const capture = await captureOf('odd');
    expect(accountOf(capture, 152)).toContain(
      'The longest time between two packets of the request was 1.43 s: the server’s receive window was closed in that time; twice it was 50 ms or more, 1.51 s in all. 118 126',
    );
    expect(accountOf(capture, 152)).toContain(
      'The server had no room for more data (zero window) for 1.4 s, first 155 ms after the exchange began. 120 122 124 125',
    );
    expect(accountOf(capture, 212)).toContain(
      'The client had no room for more data (zero window) for 1.98 s, first 168 ms after the exchange began. 226 228 230 232 233',
    );
  });

  it('a pipelined request is not laid to the server, but to the response before it', async () => {
    const capture = await captureOf('odd');
    const piped = Array.from({ length: exchangeCount(capture) }, (_, k) => storyOf(capture, k)).flatMap(({ facts }) =>
      facts.filter(({ kind }) => kind === 'waited-behind'),
    );
    expect(piped).toHaveLength(3);
    expect(storySentences['waited-behind'](piped[0]?.values ?? {})).toBe(
      'The first packet of the response came 408 ms after the request: the response before it was there after 408 ms, this one 7 µs later.',
    );
    expect(piped[0]?.rows).toEqual([328, 334, 336]);
  });

  it('an answer to a body that nobody read ends in a reset', async () => {
    expect(accountOf(await captureOf('odd'), 193).at(-1)).toBe(
      'The server said that the connection would be closed; the server reset it, 44 µs after the response. 205 207',
    );
  });
});

describe('a page of sixty objects in Chromium', () => {
  it('over HTTP/1.1: a request that was lost has its repeat in the time to its acknowledgement', async () => {
    const capture = await captureOf('browser');
    expect(exchangeCount(capture)).toBeGreaterThanOrEqual(61);
    expect(accountOf(capture, 19)).toEqual([
      'A connection was opened for it; the handshake took 64.4 ms. 9 15 16',
      'The acknowledgement of the request came after 352 ms, in which it was sent again, the first packet of the response another 8.9 ms later. 19 75 95 96',
      'The response, 200 with 6,028 bytes of image/jpeg (6,000 when gzip is undone), came in 5 packets over 57 µs. 96 104',
      'One packet of the client was sent again, 286 ms after the exchange began. 75',
    ]);
  });

  it('over TLS and HTTP/2: records are not called packets, and a wait has what else came on the connection', async () => {
    const capture = await captureOf('browser-tls');
    expect(exchangeCount(capture)).toBe(61);
    const all = Array.from({ length: exchangeCount(capture) }, (_, k) => storyOf(capture, k).facts);
    for (const facts of all) {
      const waited = facts.find(({ kind }) => kind.startsWith('waited'));
      expect(waited?.values.tls).toBe('yes');
      expect(facts.map(({ kind }) => kind)).not.toContain('no-answer');
    }
    const last = all.at(-1)?.find(({ kind }) => kind === 'waited-acknowledged');
    expect(storySentences['waited-acknowledged'](last?.values ?? {})).toBe(
      'The acknowledgement of the request came after 83.2 ms, the first whole TLS record of the response another 136 ms later; in between, 118,462 bytes of the server came on this connection.',
    );
    // 16 kB of headers and body in one record are more than one packet.
    const { values } = all.flat().find(({ kind }) => kind === 'received-by') ?? { values: {} };
    expect(storySentences['received-by'](values)).toMatch(/^The response, 200 with [\d,]+ bytes of .*, was whole with this packet\.$/);
  });

  it('over TLS and HTTP/2: no response is said to have come in one packet whose record begins in the packet before', async () => {
    const capture = await captureOf('browser-tls');
    const one = Array.from({ length: exchangeCount(capture) }, (_, k) => storyOf(capture, k).facts)
      .flat()
      .filter(({ kind }) => kind === 'received')
      .flatMap(({ rows }) => rows.map((row) => row + 1));
    // Of stream 27 the record has the numbers 28,499 to 29,568: packets 82 and 83; of stream 33 all of it is in packet 97.
    expect(one).not.toContain(83);
    expect(one).toContain(97);
    expect(one.filter((frame) => [115, 140, 150, 152, 189, 202].includes(frame))).toEqual([]);
  });

  it('over TLS and HTTP/2, with a packet late: what could not be read is not said to be missing in the capture', async () => {
    // Packet 100, with data of the server in the midst of a record, comes behind 130.
    const bytes = await readFile(fixture('browser-tls.pcap'));
    const records: Buffer[] = [];
    for (let at = 24; at + 16 <= bytes.length; ) {
      const end = at + 16 + bytes.readUInt32LE(at + 8);
      records.push(bytes.subarray(at, end));
      at = end;
    }
    records.splice(130, 0, ...records.splice(99, 1));
    const folder = await mkdtemp(path.join(os.tmpdir(), 'sevenfold-late-'));
    await writeFile(path.join(folder, 'late.pcap'), Buffer.concat([bytes.subarray(0, 24), ...records]));
    const capture = await captureOf('browser-tls', path.join(folder, 'late.pcap'));
    await rm(folder, { recursive: true });
    const kinds = Array.from({ length: exchangeCount(capture) }, (_, k) => storyOf(capture, k).facts.map(({ kind }) => kind));
    const unread = kinds.filter((each) => each.includes('no-answer-unread'));
    expect(unread.length).toBeGreaterThan(5);
    for (const each of kinds) {
      expect(each).not.toContain('no-answer');
      expect(each).not.toContain('no-answer-acknowledged');
    }
  });
});
