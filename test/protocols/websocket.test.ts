import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { NEED_MORE } from '../../src/dissect/framer.ts';
import { http } from '../../src/protocols/http.ts';
import { httpPairs } from '../../src/protocols/http-pairs.ts';
import { http2 } from '../../src/protocols/http2.ts';
import { deflateOf, webSocket } from '../../src/protocols/websocket.ts';
import { ascii, cuts, dissect, join, sides, TestCapture, values } from './app-fixtures.ts';

const tcp = { kind: 'tcp', stream: 0, fromClient: true, srcPort: 50000, dstPort: 80 } as const;
const hello = join(
  Uint8Array.of(0x81, 0x85, 1, 2, 3, 4),
  ascii('hello').map((octet, i) => octet ^ ((i % 4) + 1)),
);
const ping = Uint8Array.of(0x89, 0);
const upgrade = ascii('GET / HTTP/1.1\r\nUpgrade: websocket\r\n\r\n');
const switched = ascii('HTTP/1.1 101 Switching Protocols\r\nUpgrade: WebSocket\r\n\r\n');

function read(bytes: Uint8Array, wire?: number): ReturnType<typeof dissect> {
  const capture = new TestCapture();
  return dissect(capture, capture.row(), webSocket, bytes, tcp, wire);
}

describe('a WebSocket frame', () => {
  it('is unmasked and read as text', () => {
    const d = read(join(hello, ping));
    expect(values(d, 'websocket.payload.text')).toEqual(['hello']);
    expect(values(d, 'websocket.opcode')).toEqual([1, 9]);
    expect(d.protocolNames).toBe('websocket:data-text-lines');
    expect(d.columns.info).toBe('WebSocket Text [FIN] [MASKED] WebSocket Ping [FIN] ');
  });

  it('says why the connection is closed', () => {
    const d = read(join(Uint8Array.of(0x88, 5, 0x03, 0xea), ascii('bad')));
    expect(values(d, 'websocket.payload.close.status_code')).toEqual([1002]);
    expect(values(d, 'websocket.payload.close.reason')).toEqual(['bad']);
  });

  it('stands being cut at every byte, and any bytes', () => {
    for (let end = 0; end <= hello.length; end++) expect(() => read(hello.subarray(0, end), hello.length)).not.toThrow();
    fc.assert(fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => void read(bytes)));
  });

  it('knows the compression that was agreed on', () => {
    expect(deflateOf('')).toBeNull();
    expect(deflateOf('x-other, permessage-deflate; Server_no_context_takeover')).toEqual({ clientTakesOver: true, serverTakesOver: false });
  });
});

describe('after 101 Switching Protocols', () => {
  it('finds the ends of frames, whatever the pieces', () => {
    for (let size = 1; size < 40; size++) {
      const capture = new TestCapture();
      const [client, server] = sides(capture);
      cuts(http, client, upgrade, 1000);
      cuts(http, server, switched, 1000);
      expect(capture.state(httpPairs).upgraded.get(0)).toBe(webSocket.id);
      expect(cuts(http, client, join(hello, ping, hello), size)).toEqual([11, 13, 24]);
    }
  });

  it('leaves a protocol that it does not know as data', () => {
    const capture = new TestCapture();
    const [client, server] = sides(capture);
    cuts(http, client, upgrade, 1000);
    cuts(http, server, ascii('HTTP/1.1 101 Switching Protocols\r\nUpgrade: tcp\r\n\r\n'), 1000);
    expect(capture.state(httpPairs).upgraded.size).toBe(0);
    expect(cuts(http, client, ping, 10)).toEqual([2]);
  });
});

describe('HTTP/2 frames', () => {
  const preface = ascii('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n');
  const settings = Uint8Array.of(0, 0, 6, 4, 0, 0, 0, 0, 0, 0, 3, 0, 0, 0, 100);
  const request = join(Uint8Array.of(0, 0, 3, 1, 5, 0, 0, 0, 1), Uint8Array.of(0x82, 0x84, 0x86));

  it('are told from other bytes by the preface or by the first settings', () => {
    const accepts = (bytes: Uint8Array): boolean => http2.accepts?.(bytes, 0, bytes.length, bytes.length) === true;
    expect(accepts(preface)).toBe(true);
    expect(accepts(settings)).toBe(true);
    expect(accepts(preface.subarray(0, 20))).toBe(false);
    expect(accepts(Uint8Array.of(0, 0, 0, 4, 0, 0, 0, 0, 0, 1))).toBe(false);
  });

  it('end where they say, whatever the pieces', () => {
    const all = join(preface, settings, request);
    for (let size = 1; size < all.length; size++) expect(cuts(http2, sides(new TestCapture())[0], all, size)).toEqual([24, 39, 51]);
  });

  it('make an exchange, answered when the stream of the response ends', () => {
    const capture = new TestCapture();
    const [client, server] = sides(capture);
    client.row = 1;
    cuts(http2, client, join(preface, request), 1000);
    server.row = 2;
    cuts(http2, server, join(Uint8Array.of(0, 0, 1, 1, 4, 0, 0, 0, 1, 0x88), Uint8Array.of(0, 0, 1, 0, 1, 0, 0, 0, 1, 65)), 1000);
    const pairs = capture.state(httpPairs);
    expect([pairs.length, pairs.requestRow[0], pairs.responseRow[0], pairs.status[0]]).toEqual([1, 1, 2, 200]);
  });

  it('stand any bytes, and a length that never comes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), fc.integer({ min: 1, max: 50 }), (bytes, size) => {
        const capture = new TestCapture();
        cuts(http2, sides(capture)[0], join(preface, bytes), size);
        dissect(capture, capture.row(), http2, bytes, tcp);
      }),
    );
    const headers = Uint8Array.of(0xff, 0xff, 0xff, 1, 4, 0, 0, 0, 1, 0x88);
    expect(http2.framer?.feed(sides(new TestCapture())[0], headers, 0, headers.length)).not.toBe(NEED_MORE);
  });
});
