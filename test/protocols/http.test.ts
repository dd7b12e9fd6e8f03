import { brotliCompressSync, constants, deflateSync, gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { NEED_MORE, SILENT } from '../../src/dissect/framer.ts';
import { http, ssdp } from '../../src/protocols/http.ts';
import { decode, decodings, forgetDecodings, readChunks } from '../../src/protocols/http-body.ts';
import { httpFramer } from '../../src/protocols/http-framer.ts';
import { httpMessages } from '../../src/protocols/http-messages.ts';
import { httpPairs } from '../../src/protocols/http-pairs.ts';
import { looksLikeHttp } from '../../src/protocols/http-start.ts';
import { NONE } from '../../src/table/packet-table.ts';
import { ascii, cuts, dissect, join, sides, TestCapture, values } from './app-fixtures.ts';

const tcp = { kind: 'tcp', stream: 0, fromClient: true, srcPort: 50000, dstPort: 80 } as const;
const get = 'GET /a/b?x=1&y=2 HTTP/1.1\r\nHost: example.com\r\nCookie: k=v; l=w\r\nX-Other: z\r\n\r\n';
const ok = 'HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 5\r\n\r\nhello';
const chunked = 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n6;x=y\r\n world\r\n0\r\nTrailer: t\r\n\r\n';

function whole(text: string | Uint8Array, wire?: number): ReturnType<typeof dissect> {
  const capture = new TestCapture();
  return dissect(capture, capture.row(), http, typeof text === 'string' ? ascii(text) : text, tcp, wire);
}

describe('an HTTP message taken apart', () => {
  it('gives a request its method, URI parts, headers and full URI', () => {
    const d = whole(get);
    expect(values(d, 'http.request.method')).toEqual(['GET']);
    expect(values(d, 'http.request.uri')).toEqual(['/a/b?x=1&y=2']);
    expect(values(d, 'http.request.uri.path')).toEqual(['/a/b']);
    expect(values(d, 'http.request.uri.query.parameter')).toEqual(['x=1', 'y=2']);
    expect(values(d, 'http.request.version')).toEqual(['HTTP/1.1']);
    expect(values(d, 'http.cookie_pair')).toEqual(['k=v', 'l=w']);
    expect(values(d, 'http.request.full_uri')).toEqual(['http://example.com/a/b?x=1&y=2']);
    expect(values(d, 'http.request.line')).toEqual(['Host: example.com\r\n', 'Cookie: k=v; l=w\r\n', 'X-Other: z\r\n']);
    expect(d.columns.info).toBe('GET /a/b?x=1&y=2 HTTP/1.1 ');
  });

  it('gives a response its status, length and text body', () => {
    const d = whole(ok);
    expect(values(d, 'http.response.code')).toEqual([200]);
    expect(values(d, 'http.response.phrase')).toEqual(['OK']);
    expect(values(d, 'http.content_length')).toEqual([5n]);
    expect(values(d, 'http.file_data')).toEqual(['hello']);
    expect(d.protocolNames).toBe('http:data-text-lines');
    expect(d.columns.info).toBe('HTTP/1.1 200 OK  (text/plain)');
  });

  it('joins chunks in a data source of their own', () => {
    const d = whole(chunked);
    expect(values(d, 'http.chunk_size')).toEqual([5, 6, 0]);
    expect(values(d, 'http.file_data')).toEqual(['hello world']);
    expect(values(d, 'http.chunked_trailer_part')).toEqual(['Trailer: t\r\n']);
    expect(d.sources[1]?.name).toBe('De-chunked entity body');
  });

  it('undoes gzip, deflate and br', () => {
    for (const [coding, pack] of [
      ['gzip', gzipSync],
      ['deflate', deflateSync],
      ['br', brotliCompressSync],
    ] as const) {
      const body = pack(ascii('squeezed text'));
      const head = ascii(
        `HTTP/1.1 200 OK\r\nContent-Encoding: ${coding}\r\nContent-Type: text/plain\r\nContent-Length: ${body.length}\r\n\r\n`,
      );
      expect(values(whole(join(head, body)), 'http.file_data')).toEqual(['squeezed text']);
    }
  });

  it('names JSON and form bodies, with their members', () => {
    const body = '{"a":{"b":[1,true,"x\\n"]}}';
    const d = whole(`HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: ${body.length}\r\n\r\n${body}`);
    expect(d.protocolNames).toBe('http:json');
    expect(values(d, 'json.key')).toEqual(['b', 'a']);
    expect(values(d, 'json.value.number')).toEqual(['1']);
    expect(values(d, 'json.value.string')).toEqual(['x\n']);
    const form = whole('POST / HTTP/1.1\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: 9\r\n\r\na=b+c&d=%');
    expect(values(form, 'urlencoded-form.key')).toEqual(['a', 'd']);
    expect(values(form, 'urlencoded-form.value')).toEqual(['b c', '%']);
  });

  it('has US-ASCII values, as Wireshark, and shows UTF-8', () => {
    const d = whole('HTTP/1.1 200 OK\r\nServer: \xc3\xb6\r\n\r\n');
    expect(values(d, 'http.server')).toEqual(['\ufffd\ufffd']);
    expect(d.layers[0]?.fields.find((field) => field.abbrev === 'http.server')?.display).toBe('ö');
  });

  it('gives SSDP a full URI, and a datagram one message', () => {
    const capture = new TestCapture();
    const search = 'M-SEARCH * HTTP/1.1\r\nHOST: 239.255.255.250:1900\r\n\r\n';
    const d = dissect(capture, capture.row(), ssdp, ascii(`${search}\x00${search}`), { ...tcp, kind: 'udp' });
    expect(values(d, 'http.request.full_uri')).toEqual(['http://239.255.255.250:1900*']);
    expect(d.protocolNames).toBe('ssdp');
  });

  it('shows basic credentials', () => {
    expect(values(whole('GET / HTTP/1.1\r\nAuthorization: Basic dTpw\r\n\r\n'), 'http.authbasic')).toEqual(['u:p']);
  });

  it('keeps bytes that are no HTTP as a continuation', () => {
    const d = whole('\x01\x02\x03');
    expect(d.protocolNames).toBe('http:data');
    expect(d.columns.info).toBe('Continuation');
  });

  it('keeps text behind an empty line, of which the line does not end here, as a continuation', () => {
    const d = whole('\r\n--49980f02e95');
    expect(d.protocolNames).toBe('http:data');
    expect(d.layers.map((layer) => layer.protocol)).toContain('http');
  });

  it('stands being cut at every byte', () => {
    for (const text of [get, ok, chunked]) {
      for (let n = 0; n <= text.length; n++) expect(() => whole(text.slice(0, n), text.length)).not.toThrow();
    }
  });

  it('stands any bytes behind a start line', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (tail) => {
        expect(whole(join(ascii('HTTP/1.1 200 OK\r\n'), tail)).layers.length).toBeGreaterThan(0);
      }),
    );
  });
});

describe('bodies within bounds', () => {
  it('does not follow a chunk size beyond 32 bits or beyond the bytes', () => {
    const huge = readChunks(ascii('fffffffffffff\r\nx'), 0, 16);
    expect(huge.chunks).toEqual([]);
    expect(huge.whole).toBe(false);
    const cut = readChunks(ascii('ff\r\nabc'), 0, 7);
    expect(cut.whole).toBe(false);
    expect(cut.body.length).toBe(3);
  });

  it('gives up on a compressed body that grows beyond the limit', () => {
    const bomb = gzipSync(new Uint8Array(1 << 20));
    expect(decode('gzip', bomb, 1000)).toMatchObject({ bytes: new Uint8Array(0), length: 0, flaw: 'large' });
  });

  it('are forgotten with their capture', () => {
    const coded = gzipSync(new Uint8Array(1 << 20).fill(3));
    const { count } = decodings;
    for (let k = 0; k < 2; k++) expect(decode('gzip', coded).length).toBe(1 << 20);
    expect(decodings.count - count).toBe(1);
    forgetDecodings();
    expect(decode('gzip', coded).length).toBe(1 << 20);
    expect(decodings.count - count).toBe(2);
  });

  it('are decoded once, whoever asks and however often: a packet is dissected whenever it is looked at', () => {
    const { count } = decodings;
    const done = () => decodings.count - count;
    // Some kilobytes that stand for more than the limit.
    const bomb = gzipSync(new Uint8Array(80 << 20));
    const undone = decode('gzip', bomb);
    expect(done()).toBe(0);
    expect([undone.flaw, undone.length, undone.bytes.length]).toEqual(['large', 0, 0]);
    expect(decode('gzip', Buffer.from(bomb)).flaw).toBe('large');
    expect(decode('gzip', bomb, 1000).flaw).toBe('large');
    expect(done()).toBe(1);
    // What has its length alone, another coding or a higher limit, is another thing.
    const other = Buffer.from(bomb);
    other[0] = 0;
    expect([decode('gzip', other).flaw, decode('gzip', other).flaw]).toEqual(['damaged', 'damaged']);
    expect(decode('deflate', bomb).flaw).toBe('large');
    const roomy = decode('gzip', bomb, 100 << 20);
    expect([roomy.flaw, roomy.length]).toEqual([null, 80 << 20]);
    expect(done()).toBe(4);
    // As many octets as one packet may show are remembered, and not more: of others what came of them is.
    const large = gzipSync(new Uint8Array(60 << 20).fill(7));
    // Whether it is the same one: to tell how megabytes differ would take minutes.
    expect(decode('gzip', large).bytes === decode('gzip', Buffer.from(large)).bytes).toBe(true);
    expect(done()).toBe(5);
    expect(decode('gzip', gzipSync(new Uint8Array(20 << 20))).bytes.length).toBe(20 << 20);
    expect(done()).toBe(6);
    expect([decode('gzip', large).flaw, decode('gzip', large).length, decode('gzip', large, 1000).flaw]).toEqual([null, 60 << 20, 'large']);
    expect(done()).toBe(6);
    expect(decode('gzip', large).bytes.length).toBe(60 << 20);
    expect(done()).toBe(7);
    // Zstandard: 60 blocks of 128 KB of the same octet, the last one cut off. What is kept is no part of a longer buffer.
    const block = [0xfa, 0xff, 0x0f, 7];
    const same = decode('zstd', Uint8Array.from([0x28, 0xb5, 0x2f, 0xfd, 0, 0x58, ...Array.from({ length: 60 }, () => block).flat(), 2]));
    expect([same.flaw, same.bytes.length, same.bytes.buffer.byteLength]).toEqual(['short', 60 * 0x1ffff, 60 * 0x1ffff]);
  });

  it('of one packet are decoded to 64 MB in all: each of many small ones may stand for that', () => {
    const bomb = brotliCompressSync(new Uint8Array(60 << 20), { params: { [constants.BROTLI_PARAM_QUALITY]: 1 } });
    const small = gzipSync(Buffer.from('a small one'));
    const answer = (coding: string, bytes: Uint8Array): Uint8Array =>
      join(
        ascii(`HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Encoding: ${coding}\r\nContent-Length: ${bytes.length}\r\n\r\n`),
        bytes,
      );
    const { octets } = decodings;
    // All different, or they would be remembered.
    const bombs = Array.from({ length: 40 }, (_, i) => answer('br', join(bomb, Uint8Array.of(i))));
    const d = whole(join(...bombs, answer('gzip', small)));
    expect(decodings.octets - octets).toBeLessThan(128 << 20);
    expect(d.layers.filter(({ protocol }) => protocol === 'http')).toHaveLength(41);
    expect(values(d, 'http.file_data').at(-1)).toBe('a small one');
    // Each by itself is what it is.
    const messages = d.layers.flatMap((layer) => httpMessages.get(layer) ?? []);
    expect(messages.slice(-2).map(({ decodedBytes }) => decodedBytes)).toEqual([60 << 20, 11]);
  });

  it('says what is wrong with a coded body, and gives what one cut short holds', () => {
    expect(decode('gzip', ascii('no gzip')).flaw).toBe('damaged');
    expect(decode('compress', ascii('x')).flaw).toBe('unknown');
    const packed = gzipSync(Buffer.from('one two three four'));
    expect(decode('gzip', packed)).toMatchObject({ flaw: null });
    const { bytes, flaw } = decode('gzip', packed.subarray(0, -9));
    expect([Buffer.from(bytes).toString(), flaw]).toEqual(['one two three four', 'short']);
  });

  it('ends deeply nested JSON instead of recursing without end', () => {
    const body = '['.repeat(100_000);
    const d = whole(`HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: ${body.length}\r\n\r\n${body}`);
    expect(d.layers.find((layer) => layer.protocol === 'json')?.status).toBe('malformed');
  });
});

describe('cutting a stream into HTTP messages', () => {
  const post = 'POST /p HTTP/1.1\r\ncontent-length: 3\r\n\r\nabc';

  it('finds the same ends whatever the pieces', () => {
    const stream = ascii(ok + chunked + ok + chunked);
    const expected = cuts(http, sides(new TestCapture())[1], stream, stream.length);
    expect(expected).toEqual([ok.length, ok.length + chunked.length, 2 * ok.length + chunked.length, stream.length]);
    for (let size = 1; size < stream.length; size++) expect(cuts(http, sides(new TestCapture())[1], stream, size)).toEqual(expected);
  });

  it('matches pipelined responses in order and knows that HEAD has no body', () => {
    const capture = new TestCapture();
    const [client, server] = sides(capture, 7);
    client.row = 3;
    cuts(http, client, ascii(`HEAD / HTTP/1.1\r\n\r\n${get}${post}`), 1000);
    server.row = 5;
    const head = 'HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\n';
    expect(cuts(http, server, ascii(head + ok + chunked), 1000)).toEqual([
      head.length,
      head.length + ok.length,
      head.length + ok.length + chunked.length,
    ]);
    const pairs = capture.state(httpPairs);
    expect(pairs.length).toBe(3);
    expect([...pairs.requestRow.subarray(0, 3)]).toEqual([3, 3, 3]);
    expect([...pairs.responseRow.subarray(0, 3)]).toEqual([5, 5, 5]);
    expect([...pairs.requestOrdinal.subarray(0, 3)]).toEqual([0, 1, 2]);
    expect([...pairs.position.subarray(0, 3)]).toEqual([1, 2, 3]);
    expect(pairs.find(5, 2)).toBe(2);
    expect(pairs.find(4, 0)).toBe(NONE);
  });

  it('takes a folded Transfer-Encoding for what it says', () => {
    const folded = chunked.replace('Encoding: ', 'Encoding:\r\n ');
    expect(cuts(http, sides(new TestCapture())[1], ascii(folded + ok), 7)).toEqual([folded.length, folded.length + ok.length]);
  });

  it('leaves the request waiting after 100 Continue', () => {
    const capture = new TestCapture();
    const [client, server] = sides(capture);
    cuts(http, client, ascii(post), 1000);
    server.row = 1;
    cuts(http, server, ascii(`HTTP/1.1 100 Continue\r\n\r\n${ok}`), 1000);
    const pairs = capture.state(httpPairs);
    expect(pairs.length).toBe(1);
    expect(pairs.status[0]).toBe(200);
  });

  it('reads a response without length up to the close', () => {
    const [, server] = sides(new TestCapture());
    expect(cuts(http, server, ascii('HTTP/1.0 200 OK\r\nContent-Type: text/html\r\n\r\nabc'), 10)).toEqual([]);
    expect(http.framer?.closes?.(server)).toBe(true);
  });

  it('ends HTTP on the connection after CONNECT', () => {
    const capture = new TestCapture();
    const [client, server] = sides(capture);
    cuts(http, client, ascii('CONNECT h:443 HTTP/1.1\r\n\r\n'), 1000);
    cuts(http, server, ascii('HTTP/1.1 200 OK\r\n\r\n'), 1000);
    expect(cuts(http, client, ascii('GET / HTTP/1.1\r\nHost: x'), 1000)).toEqual([23]);
    expect(capture.state(httpPairs).length).toBe(1);
  });

  it('takes what a tunnel cannot make out for the tunnel all the same', () => {
    const [client, server] = sides(new TestCapture());
    cuts(http, client, ascii('CONNECT h:22 HTTP/1.1\r\n\r\n'), 1000);
    cuts(http, server, ascii('HTTP/1.1 200 OK\r\n\r\n'), 1000);
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 1, maxLength: 100 }), (bytes) => {
        expect(httpFramer.feed(client, bytes, 0, bytes.length)).toBeGreaterThanOrEqual(NEED_MORE);
      }),
    );
  });

  it('makes progress on any bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), fc.integer({ min: 1, max: 50 }), (tail, size) => {
        cuts(http, sides(new TestCapture())[1], join(ascii('HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n'), tail), size);
      }),
    );
  });
});

describe('bytes that begin no message', () => {
  const feed = (side: Parameters<typeof httpFramer.feed>[0], text: string): number => {
    const bytes = ascii(text);
    const next = httpFramer.feed(side, bytes, 0, bytes.length);
    if (next > 0) httpFramer.done?.(side);
    return next;
  };

  it('are taken without a word as long as no request was seen', () => {
    const [client] = sides(new TestCapture());
    expect(feed(client, '\x00\x01\n')).toBe(SILENT);
    expect(feed(client, 'QUERY / HTTP/1.1\r\n\r\n')).toBe(SILENT);
  });

  it('are a continuation once one was, text only when a line ends', () => {
    const [client, server] = sides(new TestCapture());
    expect(feed(client, get)).toBe(get.length);
    expect(feed(server, '\x00\x01')).toBe(2);
    expect(feed(server, 'no end of line')).toBe(NEED_MORE);
    expect(feed(server, ' yet\nmore')).toBe(9);
  });

  it('do not hide a message behind empty lines', () => {
    const [client] = sides(new TestCapture());
    expect(feed(client, `\r\n${get}`)).toBe(get.length + 2);
    expect(values(whole(`\r\n${get}`), 'http.request.method')).toEqual(['GET']);
  });

  it('make the newest request the one that is answered', () => {
    const capture = new TestCapture();
    const [client, server] = sides(capture);
    client.row = 0;
    feed(client, get);
    server.row = 1;
    feed(server, '\x00 the end of a response\n');
    client.row = 2;
    feed(client, get);
    server.row = 3;
    feed(server, ok);
    const pairs = capture.state(httpPairs);
    expect(pairs.responseRow[0]).toBe(NONE);
    expect(pairs.responseRow[1]).toBe(3);
  });
});

describe('recognising HTTP on any port', () => {
  it('wants a version at the end or the start of the first line', () => {
    const looks = (text: string): boolean => looksLikeHttp(ascii(text), 0, text.length);
    expect(looks('GET / HTTP/1.1\r\n')).toBe(true);
    expect(looks('HTTP/1.0 404 x\n')).toBe(true);
    expect(looks('http/1.0 404 x\r\n')).toBe(true);
    expect(looks('HTTP/1.0 404 x')).toBe(false);
    expect(looks('GET / HTTP/1.1')).toBe(false);
    expect(looks('SSH-2.0-x\r\n')).toBe(false);
  });
});
