import { describe, expect, it } from 'vitest';
import { NEED_MORE } from '../../src/dissect/framer.ts';
import { http } from '../../src/protocols/http.ts';
import { readChunks } from '../../src/protocols/http-body.ts';
import { httpFramer } from '../../src/protocols/http-framer.ts';
import { httpPairs } from '../../src/protocols/http-pairs.ts';
import '../../src/protocols/index.ts';
import { ascii, cuts, dissect, join, sides, TestCapture, type TestSide, values } from './app-fixtures.ts';

const tcp = { kind: 'tcp', stream: 0, fromClient: false, srcPort: 80, dstPort: 50000 } as const;
const head = (...lines: string[]): string => ['HTTP/1.1 200 OK', ...lines, '', ''].join('\r\n');

function whole(text: string | Uint8Array): ReturnType<typeof dissect> {
  const capture = new TestCapture();
  return dissect(capture, capture.row(), http, typeof text === 'string' ? ascii(text) : text, tcp);
}

/** The server's side behind a request. */
function answering(request = 'GET / HTTP/1.1\r\n\r\n'): TestSide {
  const [client, server] = sides(new TestCapture());
  cuts(http, client, ascii(request), 1000);
  return server;
}

const ends = (text: string, size = 1000, server = answering()): number[] => cuts(http, server, ascii(text), size);
const body = (text: string): unknown[] => values(whole(text), 'http.file_data');

describe('lines of HTTP', () => {
  it('end with CR LF, LF, or CR alone, wherever a segment is cut', () => {
    for (const end of ['\r\n', '\n', '\r']) {
      const text = `HTTP/1.1 200 OK${end}Content-Length: 2${end}Server: x${end}${end}ab`;
      expect(values(whole(text), 'http.server')).toEqual(['x']);
      expect(body(text)).toEqual(['ab']);
      for (let size = 1; size <= text.length; size++) expect(ends(text, size)).toEqual([text.length]);
    }
  });

  it('take a LF in the next segment for the rest of their end', () => {
    const text = head();
    const server = answering('HEAD / HTTP/1.1\r\n\r\n');
    expect(cuts(http, server, ascii(text), text.length - 1)).toEqual([text.length]);
  });

  it('have a colon, or the body begins', () => {
    const d = whole('HTTP/1.1 200 OK\r\nServer: x\r\nno header\r\nContent-Length: 1\r\n\r\nab');
    expect(values(d, 'http.server')).toEqual(['x']);
    expect(values(d, 'http.content_length')).toEqual([]);
    expect(values(d, 'http.file_data')).toEqual(['no header\r\nContent-Length: 1\r\n\r\nab']);
  });

  it('have values up to a NUL', () => {
    expect(values(whole('GET / HTTP/1.1\r\nHost: a\0b\r\n\r\n'), 'http.host')).toEqual(['a']);
  });

  it('are not folded in what is no message', () => {
    const [client] = sides(new TestCapture());
    cuts(http, client, ascii('GET / HTTP/1.1\r\n\r\n'), 1000);
    expect(body('if (a ? b : c)\n\treturn;\n')).toEqual(['\treturn;\n']);
  });
});

describe('a status line', () => {
  const status = (line: string): [unknown, unknown] => {
    const d = whole(`HTTP/1.1${line}\r\n\r\n`);
    return [values(d, 'http.response.code')[0], values(d, 'http.response.phrase')[0]];
  };

  it('has a code of three octets of its second word, and a phrase behind that', () => {
    expect(status(' 404 Not Found')).toEqual([404, 'Not Found']);
    expect(status(' 2000 ok')).toEqual([200, 'ok']);
    expect(status(' 0200  ok')).toEqual([20, 'ok']);
    expect(status(' \t200 ok')).toEqual([20, 'ok']);
    expect(status(' 20 ok')).toEqual([undefined, undefined]);
    expect(status(' 204')).toEqual([204, undefined]);
  });

  it('ends a message only with a code of three digits', () => {
    expect(ends('HTTP/1.1 204 x\r\n\r\n')).toHaveLength(1);
    expect(ends('HTTP/1.1 2040 x\r\n\r\n')).toEqual([]);
  });
});

describe('a length', () => {
  it('is digits alone, or the body is what comes before the close', () => {
    for (const value of ['5', ' 5 ', '005']) expect(ends(`${head(`Content-Length:${value}`)}hello`)).toHaveLength(1);
    for (const value of ['5 5', '5,5', '5;', '5A', '-5', '', '99999999999']) {
      const server = answering();
      expect(ends(`${head(`Content-Length: ${value}`)}hello`, 1000, server)).toEqual([]);
      expect(httpFramer.closes?.(server)).toBe(true);
    }
  });

  it('is read up to a blank where the message is shown', () => {
    expect(body(`${head('Content-Length: 3 7')}hello`)).toEqual(['hel']);
    expect(body(`${head('Content-Length: 3,7')}hello`)).toEqual(['hello']);
  });

  it('is not waited for in RPC over HTTP', () => {
    const post = 'RPC_IN_DATA /r HTTP/1.1\r\nContent-Length: 1073741824\r\n\r\n';
    const [client] = sides(new TestCapture());
    expect(cuts(http, client, ascii(`${post}abc`), 1000)).toEqual([post.length + 3]);
    expect(ends(head('Content-Type: application/rpc', 'Content-Length: 1073741824'))).toHaveLength(1);
    expect(ends(head('Content-Type: application/zip', 'Content-Length: 1073741824'))).toEqual([]);
  });

  it('ends at the latest with the last segment', () => {
    for (const header of ['Content-Length: 9', 'Transfer-Encoding: chunked', 'Server: x']) {
      const text = ascii(`${head(header)}5\r\nab`);
      const server = answering();
      expect(httpFramer.feed(server, text, 0, text.length)).toBe(NEED_MORE);
      const closing = answering();
      closing.last = true;
      expect(httpFramer.feed(closing, text, 0, text.length)).toBe(text.length);
      const open = ascii('HTTP/1.1 200 OK\r\nServer: x\r\n');
      expect(httpFramer.feed(closing, open, 0, open.length)).toBe(NEED_MORE);
    }
  });
});

describe('codings of a transfer', () => {
  const chunks = '5\r\nhello\r\n0\r\n\r\n';
  const framed = (value: string): number => ends(head(`Transfer-Encoding: ${value}`) + chunks).length;

  it('say that there are chunks where the first or the last of them is chunked', () => {
    for (const value of ['chunked', 'Chunked', 'gzip, chunked', 'chunked, gzip']) expect(framed(value)).toBe(1);
    for (const value of ['xchunked', 'x chunked', ': chunked', '\0chunked', 'gzip']) expect(framed(value)).toBe(0);
    expect(ends(head('Transfer-Encoding: chunked', 'Transfer-Encoding: x') + chunks)).toHaveLength(1);
  });

  it('make a length mean nothing', () => {
    expect(body(`${head('Transfer-Encoding: x', 'Content-Length: 2')}hello`)).toEqual(['hello']);
    expect(body(head('Transfer-Encoding: chunked', 'Content-Length: 2') + chunks)).toEqual(['hello']);
  });

  it('other than chunks leave bytes that nobody reads', () => {
    const d = whole(`${head('Transfer-Encoding: gzip', 'Content-Type: text/plain')}hello`);
    expect(d.protocolNames).toBe('http:data');
    expect(values(d, 'http.file_data')).toEqual([]);
  });
});

describe('chunks', () => {
  const chunked = head('Transfer-Encoding: chunked');

  it('have sizes behind white space, with or without CR', () => {
    for (const text of [' 5\r\nhello\r\n0\r\n\r\n', '\t5\nhello\r\n0\n\n', '5\rhello\r\n0\r\n\n']) {
      expect(body(chunked + text)).toEqual(['hello']);
      for (let size = 1; size < 20; size++) expect(ends(chunked + text, size)).toEqual([chunked.length + text.length]);
    }
  });

  it('are followed by two octets, whatever these are', () => {
    const text = '5\r\nhelloxx5\r\nworld\r\n0\r\n\r\n';
    expect(body(chunked + text)).toEqual(['helloworld']);
    expect(ends(chunked + text)).toEqual([chunked.length + text.length]);
  });

  it('end at an empty line in place of a size, and what follows is no message', () => {
    const d = whole(`${chunked}5\nhello\n0\n\n`);
    expect(values(d, 'http.file_data')[0]).toBe('hello');
    expect(d.protocolNames).toBe('http:data:data');
    expect(whole(`${chunked}\r\n5\r\nhello\r\n0\r\n\r\n`).protocolNames).toBe('http');
  });

  it('end at a trailer without a colon', () => {
    const text = `${chunked}5\r\nhello\r\n0\r\nno trailer\r\n`;
    expect(ends(text)).toEqual([text.length]);
    expect(ends(`${chunked}5\r\nhello\r\n0\r\nA: b\r\n`)).toEqual([]);
    expect(readChunks(ascii('0\r\nno\r\nmore'), 0, 11).end).toBe(7);
  });
});

describe('HTTP/2 on a port of HTTP', () => {
  const preface = ascii('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n');
  const settings = Uint8Array.from([0, 0, 0, 4, 0, 0, 0, 0, 0]);

  it('is known by its preface, in both directions from there on', () => {
    const capture = new TestCapture();
    const [client, server] = sides(capture);
    client.row = 4;
    expect(cuts(http, client, join(preface, settings), 1000)).toEqual([24, 33]);
    expect(capture.state(httpPairs).prior.get(0)).toBe(4);
    expect(cuts(http, server, join(settings, settings), 5)).toEqual([9, 18]);
    expect(httpFramer.carries?.(server, 5)?.name).toBe('http2');
    expect(httpFramer.carries?.(server, 3)).toBe(undefined);
  });

  it('is shown above HTTP', () => {
    const capture = new TestCapture();
    const row = capture.row();
    const [client] = sides(capture);
    client.row = row;
    cuts(http, client, join(preface, settings), 1000);
    expect(dissect(capture, row, http, join(preface, settings), tcp).protocolNames).toBe('http:http2');
  });
});

it('a Host without a value makes a full URI all the same', () => {
  expect(values(whole('GET /a HTTP/1.1\r\nHost:\r\n\r\n'), 'http.request.full_uri')).toEqual(['http:///a']);
  expect(values(whole('GET /a HTTP/1.1\r\n\r\n'), 'http.request.full_uri')).toEqual([]);
});
