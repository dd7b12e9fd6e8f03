/** Heads of HTTP that are read before their stream is known, as the first stage of an index pass does, say what the framer finds in them. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { IndexWalk } from '../../src/dissect/index-walk.ts';
import { httpFramer } from '../../src/protocols/http-framer.ts';
import { HttpHead, Kind, lookAhead, Method, setAhead } from '../../src/protocols/http-head.ts';
import '../../src/protocols/index.ts';
import { ascii, join, sides, TestCapture, type TestSide } from './app-fixtures.ts';

/** What lookAhead() finds at `offset` of `bytes`; null for nothing. */
function ahead(bytes: Uint8Array, offset = 0, end = bytes.length): { length: number; head: HttpHead } | null {
  const w = new IndexWalk(new TestCapture());
  lookAhead(w, bytes, offset, end);
  if (w.ahead === 0) return null;
  const head = new HttpHead();
  return { length: setAhead(head, w.ahead, w.aheadLength), head };
}

const found = (text: string): ReturnType<typeof ahead> => ahead(ascii(text));

describe('a head that is looked at ahead', () => {
  it('is told whole, with where its body begins', () => {
    const text = 'HTTP/1.1 404 Not Found\r\nServer: x\r\ncontent-length:  12 \r\n\r\n';
    expect(found(`${text}twelve bytes`)).toMatchObject({
      length: text.length,
      head: { kind: Kind.Response, status: 404, contentLength: 12, chunked: false },
    });
    expect(found('HEAD / HTTP/1.1\r\nTransfer-Encoding: gzip, chunked\r\n\r\n')).toMatchObject({
      head: { kind: Kind.Request, method: Method.Head, contentLength: -1, chunked: true },
    });
    expect(found('POST / HTTP/1.1\r\nContent-Length: 2147483647\r\n\r\n')?.head.contentLength).toBe(0x7fffffff);
  });

  it('is the one in the bytes given, and nothing around it', () => {
    const text = ascii('GET / HTTP/1.1\r\nHost: a\r\n\r\n');
    const bytes = join(ascii('GET '), text, ascii('Content-Length: 5\r\n\r\n'));
    expect(ahead(bytes, 4)).toMatchObject({ length: text.length, head: { contentLength: -1 } });
    for (let end = 4; end < 4 + text.length; end++) expect(ahead(bytes, 4, end)).toBeNull();
  });

  it('is left to the stream where it is no ordinary one', () => {
    const long = 'x'.repeat(600);
    for (const text of [
      '',
      'no message at all\r\n\r\n',
      'Getting / HTTP/1.1\r\n\r\n',
      '\r\nGET / HTTP/1.1\r\n\r\n',
      'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n',
      'GET / HTTP/1.1\nHost: a\n\n',
      'GET / HTTP/1.1\r\nHost: a\r\r\n',
      `GET /${long} HTTP/1.1\r\n\r\n`,
      `GET / HTTP/1.1\r\n${'A: b\r\n'.repeat(6000)}\r\n`,
      'CONNECT a:443 HTTP/1.1\r\n\r\n',
      'RPC_IN_DATA / HTTP/1.1\r\n\r\n',
      'POST / HTTP/1.1\r\nContent-Type: application/rpc\r\nContent-Length: 76\r\n\r\n',
      'HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n\r\n',
    ])
      expect(found(text), text.slice(0, 40)).toBeNull();
  });
});

const start = fc.constantFrom(
  'GET / HTTP/1.1',
  'HEAD / HTTP/1.0',
  'POST /a?b HTTP/1.1',
  'M-GET / HTTP/1.1',
  'NOTIFY',
  'CONNECT a:443 HTTP/1.1',
  'RPC_OUT_DATA / HTTP/1.1',
  'HTTP/1.1 200 OK',
  'HTTP/1.1 100 Continue',
  'HTTP/1.1 101 Switching Protocols',
  'HTTP/1.1 204',
  'HTTP/1.1  304 Not Modified',
  'HTTP/1.1 2000 OK',
  'ICY 200 OK',
);
const line = fc.oneof(
  fc.constantFrom(
    'Content-Length: 0',
    'CONTENT-LENGTH: 7',
    'Content-Length: 200000',
    'Content-Length: 5 x',
    'Content-Length: 99999999999',
    'Transfer-Encoding: chunked',
    'Transfer-Encoding: gzip',
    'Transfer-Encoding:',
    ' chunked',
    '\tgzip, chunked',
    'Upgrade: websocket',
    'Content-Type: application/rpc',
    'Content-Type: text/html',
    `Cookie: ${'c'.repeat(520)}`,
    'no header',
  ),
  fc.string({ minLength: 1, maxLength: 12 }).map((text) => text.replace(/[^ -~]/g, 'x')),
);
const ending = fc.oneof({ weight: 9, arbitrary: fc.constant('\r\n') }, { weight: 1, arbitrary: fc.constantFrom('\n', '\r') });
const head = fc
  .tuple(start, fc.array(line, { maxLength: 6 }), ending)
  .map(([first, lines, end]) => `${[first, ...lines].join(end)}${end}${end}`);

/** What the framer knows behind `head`, fed in pieces of `size`, and its answer to the last one. */
function known(head: Uint8Array, size: number, looked: boolean): object {
  const [client, server]: [TestSide, TestSide] = sides(new TestCapture());
  const side = head[0] === 0x48 && head[4] === 0x2f ? server : client;
  const w = new IndexWalk(side.capture);
  if (looked) lookAhead(w, head, 0, head.length);
  let answer = 0;
  for (let at = 0; at < head.length; at += size) {
    side.ahead = w.ahead;
    side.aheadLength = w.aheadLength;
    const end = Math.min(head.length, at + size);
    answer = httpFramer.feed(side, head, at, end);
    w.ahead = 0;
  }
  const { line: _line, bare: _bare, inCoding: _inCoding, ...facts } = side.own as HttpHead & Record<string, unknown>;
  return { answer, phase: side.phase, need: side.need, ...facts };
}

describe('a head of any kind', () => {
  it('means the same whether it was looked at ahead or not', () => {
    const same = (text: string): void => {
      expect(known(ascii(text), text.length, true)).toEqual(known(ascii(text), text.length, false));
    };
    fc.assert(fc.property(head, same), { numRuns: 2000 });
  });

  it('means the same wherever it is cut', () => {
    // RPC takes what comes in one piece with it, and the first octets of the others alone are none of a message, as Wireshark has it.
    const plain = head.filter((text) => !/rpc|^ICY|^M-GET/i.test(text));
    const same = (text: string, size: number): void => {
      expect(known(ascii(text), size, false)).toEqual(known(ascii(text), text.length, true));
    };
    fc.assert(fc.property(plain, fc.integer({ min: 1, max: 40 }), same), { numRuns: 2000 });
  });
});
