/** What exchanges have to do with each other, and the account of each: session.pcap is curl's errands at a server of our own and at nginx. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Capture } from '../../src/engine/capture.ts';
import { storyOf } from '../../src/engine/exchange-account.ts';
import { exchangeCount, exchangeRow } from '../../src/engine/exchange-read.ts';
import { exchangeDetail } from '../../src/engine/exchanges.ts';
import { httpFacts } from '../../src/engine/http-facts.ts';
import { readChallenges } from '../../src/engine/http-thread.ts';
import type { ExchangeFact, ExchangeStory } from '../../src/messages.ts';
import { KeyLog } from '../../src/tls/keylog.ts';
import { storySentences } from '../../src/words/story-words.ts';
import { TestCapture } from '../flow/tcp-capture.ts';
import { readAll } from '../golden/table.ts';

const fixture = (name: string): string => path.join(import.meta.dirname, '..', 'fixtures', name);

async function captureOf(name: string): Promise<Capture> {
  const read = await readAll(fixture(name));
  if (read === null) throw new Error(`${name} could not be opened`);
  await read.capture.state(httpFacts).complete(() => true);
  return read.capture;
}

/** Exchanges of the session by the end of their URL and their status, the `nth` of those alike. */
let session: Capture;
let urls: string[] = [];
beforeAll(async () => {
  session = await captureOf('web/session.pcap');
  urls = Array.from({ length: exchangeCount(session) }, (_, k) => {
    const row = exchangeRow(session, k);
    return `${row.method} ${new URL(row.url ?? '').pathname}${new URL(row.url ?? '').search} ${row.status}`;
  });
});
const numberOf = (said: string, nth = 0): number => {
  const found = urls.flatMap((url, k) => (url === said ? [k] : []))[nth];
  if (found === undefined) throw new Error(`no exchange ${said}`);
  return found;
};
const story = (said: string, nth = 0): ExchangeStory => storyOf(session, numberOf(said, nth));
const fact = (of: ExchangeStory, kind: ExchangeFact['kind']): ExchangeFact | undefined => of.facts.find((each) => each.kind === kind);

describe('redirects', () => {
  it('are a chain, from each of its exchanges', () => {
    const chain = [numberOf('GET /old 301'), numberOf('GET /older 302'), numberOf('GET /login?next=%2Fcart 200')];
    for (const exchange of chain) expect(storyOf(session, exchange).thread.redirects).toEqual(chain);
    expect(fact(story('GET /older 302'), 'redirected')).toMatchObject({ values: { status: 301 }, exchanges: [chain[0]] });
    // A Location without scheme and host is taken against the request's URL.
    expect(story('GET /older 302').thread.location).toBe('http://shop.example:8095/login?next=%2Fcart');
  });

  it('say what became of the method: 303 makes a GET of a POST, 307 and 308 keep it', () => {
    expect(fact(story('POST /form 303'), 'redirect-followed')?.values).toMatchObject({ was: 'POST', method: 'GET' });
    expect(fact(story('POST /again 307'), 'redirect-followed')?.values).toMatchObject({ was: 'POST', method: 'POST' });
    expect(fact(story('POST /moved 308'), 'redirect-followed')?.values).toMatchObject({ was: 'POST', method: 'POST' });
  });

  it('that nobody followed are said as such', () => {
    const away = story('GET /away 302');
    expect(fact(away, 'redirect-open')?.values.location).toBe('http://elsewhere.example/');
    expect(fact(away, 'redirect-followed')).toBeUndefined();
    expect(away.thread.redirects).toEqual([numberOf('GET /away 302')]);
  });
});

describe('cookies', () => {
  it('are followed from the response that set them to the requests that sent them back', () => {
    const { setCookies } = story('GET /login?next=%2Fcart 200').thread;
    const [sid, theme, other] = setCookies;
    expect(sid?.attributes.map(({ name, value }) => [name, value])).toEqual([
      ['Path', '/'],
      ['HttpOnly', ''],
      ['SameSite', 'Lax'],
      ['Max-Age', '3600'],
    ]);
    const carts = [0, 1, 2].map((nth) => numberOf('GET /cart 200', nth));
    expect(sid?.sentBack).toEqual([carts[0], numberOf('POST /form 303'), carts[1], numberOf('GET /logout 200')]);
    expect(theme?.sentBack).toEqual(carts);
    // Of another domain: curl refuses it, and nothing sends it.
    expect(other?.times).toBe(0);
  });

  it('name the exchange that set them, and end with the response that takes them away', () => {
    const login = numberOf('GET /login?next=%2Fcart 200');
    expect(story('GET /cart 200').thread.cookies.map(({ name, setBy }) => [name, setBy])).toEqual([
      ['theme', login],
      ['sid', login],
    ]);
    expect(story('GET /logout 200').thread.setCookies.map(({ name, removal }) => [name, removal])).toEqual([['sid', true]]);
    expect(story('GET /cart 200', 2).thread.cookies.map(({ name }) => name)).toEqual(['theme']);
  });
});

describe('conditional requests', () => {
  it('say why a 304 came: the entity tag of an earlier response', () => {
    const asked = story('GET /page 304');
    expect(asked.thread.condition).toMatchObject({ by: 'etag', stored: numberOf('GET /page 200'), fresh: true });
    expect(fact(asked, 'not-modified')).toMatchObject({ tone: 'good', exchanges: [numberOf('GET /page 200')] });
    expect(story('GET /page 200').thread.freshness).toEqual({ by: 'max-age', seconds: 60 });
  });

  it('say why a 304 came: the date of an earlier response', () => {
    const asked = story('GET /small.txt 304');
    expect(asked.thread.condition).toMatchObject({ by: 'date', value: 'Fri, 02 Jan 2026 03:04:05 GMT', fresh: null });
    expect(asked.thread.condition?.stored).toBe(numberOf('GET /small.txt 206', 1));
  });

  it('claim no response that the capture does not have', () => {
    const asked = story('GET /page?other 304');
    expect(asked.thread.condition).toMatchObject({ stored: null, age: null, fresh: null });
    expect(fact(asked, 'not-modified')).toBeUndefined();
    expect(fact(asked, 'not-modified-unseen')).toBeDefined();
  });

  it('know what may not be kept', () => {
    expect(story('GET /cart 200').thread.freshness).toEqual({ by: 'no-store', seconds: null });
    expect(story('POST /form 303').thread.freshness).toBeNull();
  });
});

describe('credentials', () => {
  it('are led back to the refusal that asked for them', () => {
    const refused = numberOf('GET /private 401');
    const [first, second] = [numberOf('GET /private 200', 0), numberOf('GET /private 200', 1)];
    expect(storyOf(session, refused).thread).toMatchObject({
      challenges: [
        { scheme: 'Digest', realm: 'box' },
        { scheme: 'Basic', realm: 'Back room, left' },
      ],
      answeredBy: first,
    });
    expect(storyOf(session, first).thread).toMatchObject({ credentials: 'Digest', challengedBy: refused });
    // The refusal has been answered: credentials that come later answer none.
    expect(storyOf(session, second).thread).toMatchObject({ credentials: 'Bearer', challengedBy: null });
  });

  it('are asked for in headers of many shapes', () => {
    expect(readChallenges('Basic')).toEqual([{ scheme: 'Basic', realm: '' }]);
    expect(readChallenges('Negotiate, NTLM')).toEqual([
      { scheme: 'Negotiate', realm: '' },
      { scheme: 'NTLM', realm: '' },
    ]);
    expect(readChallenges('Basic realm="a, b", charset="UTF-8", Bearer scope="x", realm=y')).toEqual([
      { scheme: 'Basic', realm: 'a, b' },
      { scheme: 'Bearer', realm: 'y' },
    ]);
    expect(readChallenges('')).toEqual([]);
  });
});

describe('the account of an exchange', () => {
  it('begins with how its connection came to be', () => {
    expect(fact(story('GET /old 301'), 'opened')?.rows).toEqual([0, 1, 2]);
    expect(fact(story('GET /older 302'), 'reused')).toMatchObject({ values: { position: 2 }, exchanges: [numberOf('GET /old 301')] });
  });

  it('tells of a request that waited for 100 (Continue), and of a body that came late', () => {
    const put = story('PUT /echo 200');
    expect(fact(put, 'continued')?.values.status).toBe(100);
    expect(fact(put, 'sent')?.values).toMatchObject({ bytes: 1492, segments: 2 });
    const chunked = fact(story('GET /chunked 200'), 'received-over');
    expect(chunked?.values.segments).toBe(2);
    expect(Number(chunked?.values.seconds)).toBeGreaterThan(0.24);
  });

  it('tells of a connection that the server said it would close', () => {
    expect(fact(story('GET /../../etc/passwd 400'.replace('/../..', '')), 'closing')?.values).toMatchObject({
      who: 'server',
      closer: 'server',
    });
  });

  it('tells of a slow server, and whether it had acknowledged the request', async () => {
    const capture = await captureOf('tcp-reset.pcap');
    const open = storyOf(capture, 0);
    expect(open.facts.map(({ kind }) => kind)).toContain('no-answer-reset');
    expect(open.facts.every(({ rows }) => rows.length > 0)).toBe(true);
  });

  it('tells of losses while it went on', async () => {
    const capture = await captureOf('tcp-loss.pcap');
    const kinds = Array.from({ length: exchangeCount(capture) }, (_, k) => storyOf(capture, k).facts.map(({ kind }) => kind)).flat();
    expect(kinds).toContain('resent');
  });

  it('names packets for every sentence, in the order of the capture', () => {
    for (let k = 0; k < exchangeCount(session); k++) {
      for (const { rows } of storyOf(session, k).facts) {
        expect(rows.length).toBeGreaterThan(0);
        expect([...rows].sort((a, b) => a - b)).toEqual(rows);
      }
    }
  });
});

describe('HTTP/2 after an upgrade', () => {
  it('answers on stream 1 the request that asked for it', async () => {
    const capture = await captureOf('web/h2c.pcap');
    const rows = Array.from({ length: exchangeCount(capture) }, (_, k) => exchangeRow(capture, k));
    expect(rows.map(({ position, method, url, status, requestFrame }) => [position, method, url, status, requestFrame])).toEqual([
      [1, 'GET', 'http://127.0.0.1:8096/data.json', 101, 4],
      [2, 'GET', 'http://127.0.0.1:8096/data.json', 200, 4],
      [3, 'GET', 'http://127.0.0.1:8096/small.txt', 200, 12],
      [4, 'GET', 'http://127.0.0.1:8096/none', 404, 14],
    ]);
    expect(fact(storyOf(capture, 0), 'upgraded')?.values.protocol).toBe('h2c');
  });

  it('counts that request once, and does not call it sent before its own answer', async () => {
    const capture = await captureOf('web/h2c.pcap');
    const [, answer, next] = [0, 1, 2].map((k) => storyOf(capture, k));
    expect(fact(answer as ExchangeStory, 'pipelined')).toBeUndefined();
    const upgrade = fact(answer as ExchangeStory, 'answers-upgrade');
    expect(upgrade).toMatchObject({ rows: [3, 5], exchanges: [0] });
    expect(storySentences['answers-upgrade'](upgrade?.values ?? {})).toBe(
      'This is the answer to the request that asked for the upgrade, on the protocol upgraded to.',
    );
    expect(fact(next as ExchangeStory, 'reused')?.values.position).toBe(2);
    expect(exchangeRow(capture, 1).pipelined).toBe(false);
  });
});

describe('requests that are sent in pieces', () => {
  it('have no number of packets on HTTP/2, whose packets carry more than one exchange', async () => {
    const capture = await captureOf('web/http2.pcap');
    const post = Array.from({ length: exchangeCount(capture) }, (_, k) => k).find(
      (k) => exchangeRow(capture, k).requestFrame === 69,
    ) as number;
    const sent = fact(storyOf(capture, post), 'sent');
    expect(sent?.rows).toEqual([67, 68]);
    expect(storySentences.sent(sent?.values ?? {})).toBe('The request, with 3 bytes of body, took 12 µs.');
  });

  /** A request in three packets, of which the response to it comes behind the first `before`, and the next request with its response. */
  const upload = (before: 1 | 3, pieces: number): TestCapture => {
    const capture = new TestCapture();
    const http = { serverPort: 80 };
    const [seq, back] = [[100], [500]];
    let at = 0;
    const send = (server: boolean, words: string): void => {
      const data = new TextEncoder().encode(words);
      const [mine, other] = server ? [back, seq] : [seq, back];
      capture.add({ at: ++at, server, seq: mine[0] as number, ack: other[0] as number, flags: 'PA', data, ...http });
      mine[0] = (mine[0] as number) + data.length;
    };
    capture.add({ at: 0, seq: 99, flags: 'S', ...http });
    capture.add({ at: ++at, server: true, seq: 499, ack: 100, flags: 'SA', ...http });
    capture.add({ at: ++at, seq: 100, ack: 500, flags: 'A', ...http });
    const parts = ['POST /up HTTP/1.1\r\nContent-Length: 6\r\n\r\n', 'abc', 'def'].slice(0, pieces);
    for (const part of parts.slice(0, before)) send(false, part);
    send(true, 'HTTP/1.1 413 No\r\nContent-Length: 0\r\n\r\n');
    for (const part of parts.slice(before)) send(false, part);
    if (pieces < 3) return capture;
    send(false, 'GET /x HTTP/1.1\r\n\r\n');
    send(true, 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi');
    return capture;
  };

  it('are counted to their end where the response comes before that', () => {
    const { facts } = storyOf(upload(1, 3), 0);
    expect(facts.find(({ kind }) => kind === 'sent')).toMatchObject({ values: { segments: 3, bytes: 6 }, rows: [3, 6] });
    expect(facts.find(({ kind }) => kind === 'early')?.rows).toEqual([4, 6]);
    expect(facts.find(({ kind }) => kind === 'received')?.rows).toEqual([4]);
    expect(facts.map(({ kind }) => kind)).not.toContain('no-request');
  });

  it('have that response, and the next request its own', () => {
    for (const before of [1, 3] as const) {
      const capture = upload(before, 3);
      const rows = Array.from({ length: exchangeCount(capture) }, (_, k) => exchangeRow(capture, k));
      expect(rows.map(({ method, status, position }) => [method, status, position])).toEqual([
        ['POST', 413, 1],
        ['GET', 200, 2],
      ]);
    }
  });

  it('are not called missing where the response came and the rest of them did not', () => {
    const capture = upload(1, 2);
    expect(exchangeCount(capture)).toBe(1);
    const found = storyOf(capture, 0).facts.find(({ kind }) => kind === 'no-request');
    expect(storySentences['no-request'](found?.values ?? {})).toBe(
      'The server answered before it had all of the request, of which the capture has no end.',
    );
    expect(found?.rows).toEqual([3, 4]);
  });
});

describe('what answers a request, or comes without one', () => {
  const http = { serverPort: 80 };
  /** A connection with what each side sent; a number leaves out so many bytes. */
  const talk = (...sent: readonly (readonly ['client' | 'server', string | number])[]): TestCapture => {
    const capture = new TestCapture();
    const next = { client: 100, server: 500 };
    capture.add({ at: 0, seq: 99, flags: 'S', ...http });
    capture.add({ at: 1, server: true, seq: 499, ack: 100, flags: 'SA', ...http });
    capture.add({ at: 2, seq: 100, ack: 500, flags: 'A', ...http });
    for (const [k, [who, what]] of sent.entries()) {
      const server = who === 'server';
      if (typeof what === 'number') {
        next[who] += what;
        continue;
      }
      const data = new TextEncoder().encode(what);
      capture.add({ at: 3 + k, server, seq: next[who], ack: server ? next.client : next.server, flags: 'PA', data, ...http });
      next[who] += data.length;
    }
    return capture;
  };
  const said = (capture: TestCapture, exchange: number, kind: ExchangeFact['kind']): string => {
    const fact = storyOf(capture, exchange).facts.find((each) => each.kind === kind);
    return fact === undefined ? '' : storySentences[kind](fact.values);
  };
  const get = ['client', 'GET /x HTTP/1.1\r\nHost: h\r\n\r\n'] as const;
  const ok = ['server', 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi'] as const;

  it('is told to be no response where it does not begin as one', () => {
    const capture = talk(get, ['server', 'this is not HTTP\r\n'], ['server', 'nor is this']);
    expect(said(capture, 0, 'no-answer-other')).toBe(
      'The capture has no response: what the server sent next, 29 bytes, does not begin as one.',
    );
    expect(said(capture, 0, 'no-answer-acknowledged')).toBe('');
    expect(storyOf(capture, 0).facts.find(({ kind }) => kind === 'no-answer-other')?.rows).toEqual([3, 4]);
    expect(said(talk(get), 0, 'no-answer-other')).toBe('');
    expect(said(talk(get, ok), 0, 'no-answer-other')).toBe('');
  });

  it('is told to be one whose beginning, or the end of whose head, is not there', () => {
    expect(said(talk(get, ['server', 20], ['server', 'gth: 2\r\n\r\nhi']), 0, 'no-answer-other')).toBe(
      'The capture has no response that can be read: the beginning of what the server sent next is missing.',
    );
    expect(said(talk(get, ['server', 'HTTP/1.1 200 OK\r\nCont']), 0, 'no-answer-other')).toBe(
      'The capture has no whole head of a response: it has 21 bytes of one.',
    );
    expect(said(talk(get, ['server', 'HT']), 0, 'no-answer-other')).toBe(
      'The capture has no whole head of a response: it has 2 bytes of one.',
    );
  });

  it('has no request, which is told to be missing only where it may be', () => {
    expect(said(talk(get, ok, ok), 1, 'no-request')).toBe(
      'No request came before it: what the client had sent by then was answered already.',
    );
    expect(said(talk(ok), 0, 'no-request')).toBe('No request came before it: the client had sent nothing by then.');
    expect(said(talk(['client', '\x05\x01\x00?'], ok), 0, 'no-request')).toBe(
      'No HTTP request came before it: what the client had sent by then, 4 bytes, is none.',
    );
    // Octets of the client that the server acknowledged are not there: they may have been the request.
    expect(said(talk(['client', 40], ok), 0, 'no-request')).toBe('The request is not in the capture.');
    expect(said(talk(get, ok, ['client', 40], ok), 1, 'no-request')).toBe('The request is not in the capture.');
  });

  it('answers a request without an end, whose method and address the table has', () => {
    const capture = talk(
      ['client', 'PUT /up HTTP/1.1\r\nHost: h\r\nContent-Length: 500\r\n\r\nabc'],
      ['server', 'HTTP/1.1 413 No\r\nContent-Length: 0\r\n\r\n'],
    );
    expect(exchangeRow(capture, 0)).toMatchObject({
      method: 'PUT',
      url: 'http://h/up',
      host: 'h',
      status: 413,
      requestFrame: null,
      requestBytes: null,
    });
    expect(exchangeDetail(capture, 0, 0).request).toMatchObject({
      frame: 4,
      startLine: 'PUT /up HTTP/1.1',
      headers: [
        { name: 'Host', value: 'h' },
        { name: 'Content-Length', value: '500' },
      ],
    });
    expect(said(capture, 0, 'no-request')).toBe('The server answered before it had all of the request, of which the capture has no end.');
  });
});

describe('a content coding that cannot be undone', () => {
  it('is said with its reason', async () => {
    const capture = await captureOf('web/zstd.pcap');
    const received = (of: number): string => {
      const found = storyOf(capture, of).facts.find(({ kind }) => kind.startsWith('received'));
      return found === undefined ? '' : storySentences[found.kind](found.values);
    };
    expect(received(0)).toBe('The response came in one packet: 200 with 34 bytes of application/json (21 when zstd is undone).');
    expect(received(3)).toBe(
      'The response came in one packet: 200 with 30,000 bytes of text/plain (zstd ends before its end: what there is of it makes 331,768).',
    );
    expect(received(4)).toContain('200 with 81,691 bytes of text/plain (damaged, or not zstd), came in 4 packets');
    // What has no time on a busy machine is not called damaged for that.
    expect(received(5)).toMatch(
      /200 with 9,878 bytes of text\/plain \(zstd, not undone: (it makes more than 64 MB|that took too long)\)\.$/,
    );
  });
});

describe('a response that the packets prove less of than one might think', () => {
  it('is not said to be missing where it came for another URL', () => {
    const found = fact(story('GET /page?other 304'), 'not-modified-unseen');
    expect(storySentences['not-modified-unseen'](found?.values ?? {})).toMatch(
      /is current\. No earlier response for this URL in the capture brought it\.$/,
    );
  });

  it('has the packet that acknowledges what came before a pause', () => {
    expect(fact(story('GET /chunked 200'), 'silence')?.rows).toEqual([221, 222, 223]);
  });
});

describe('an exchange', () => {
  /** Sentences of a kind, of all exchanges of a fixture. */
  const saidIn = (capture: Capture, kind: ExchangeFact['kind']): string[] =>
    Array.from({ length: exchangeCount(capture) }, (_, k) => storyOf(capture, k).facts)
      .flat()
      .filter((each) => each.kind === kind)
      .map(({ values }) => storySentences[kind](values));

  it('tells of data that was held back for an ACK, however short the wait was', async () => {
    // Head and body in two segments: the body left 28 µs behind the ACK of the head.
    expect(saidIn(await captureOf('rough/odd.pcap'), 'held-back')).toContain(
      'Once the client sent its next small piece of data right behind the ACK of the one before, which took 92 ms: held back until then, as Nagle’s algorithm does.',
    );
    expect(saidIn(await captureOf('http.pcap'), 'held-back')).toEqual([]);
  });

  it('counts a packet that is in the capture twice once', async () => {
    // 21 segments of 1,448 octets hold the response; 141 is a copy of 139.
    expect(saidIn(await captureOf('rough/reorder.pcap'), 'received-over')).toContain(
      'The response, 200 with 30,028 bytes of image/jpeg (30,000 when gzip is undone), came in 21 packets over 47.2 ms, 637 kB/s.',
    );
  });

  it('that two interfaces have captured tells of both messages', async () => {
    expect(saidIn(await captureOf('two-interfaces.pcapng'), 'copied')).toEqual([
      'One packet of the client is in the capture twice, byte for byte: captured on two interfaces.',
      'One packet of the server is in the capture twice, byte for byte: captured on two interfaces.',
    ]);
  });

  it('whose stream was ended before its request was whole says how long before', async () => {
    const log = new KeyLog();
    log.feed(readFileSync(fixture('tls/tls-h2.keys')));
    log.end();
    const read = await readAll(fixture('tls/tls-h2.pcap'), { log });
    if (read === null) throw new Error('tls-h2 could not be opened');
    expect(saidIn(read.capture, 'stream-reset')).toEqual([
      'The server ended the stream of this exchange with RST_STREAM (NO_ERROR), 68 µs before the request was whole.',
    ]);
  });

  it('of HTTP/2 says what else came on its connection while it waited, before the wait is marked as long', async () => {
    const log = new KeyLog();
    log.feed(readFileSync(fixture('rough/browser-tls.keys')));
    log.end();
    const read = await readAll(fixture('rough/browser-tls.pcap'), { log });
    if (read === null) throw new Error('browser-tls could not be opened');
    // 40.jpg: asked for in 76, answered in 184.
    expect(saidIn(read.capture, 'waited')).toContain(
      'The first TLS record of the response was whole 198 ms after the request; in between, 99,638 bytes of the server came on this connection.',
    );
  });
});
