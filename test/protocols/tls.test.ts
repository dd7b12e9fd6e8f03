import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { tls, tlsElsewhere } from '../../src/protocols/tls.ts';
import { tlsSessions } from '../../src/protocols/tls-session.ts';
import { ascii, dissect, join, sides, TestCapture, values } from './app-fixtures.ts';
import { carriedCuts } from './carried-cuts.ts';

const tcp = { kind: 'tcp', stream: 0, fromClient: true, srcPort: 50000, dstPort: 443 } as const;
const u8 = (...octets: number[]): Uint8Array => Uint8Array.from(octets);
const u16 = (n: number): Uint8Array => u8(n >> 8, n & 255);
const record = (type: number, body: Uint8Array): Uint8Array => join(u8(type, 3, 3), u16(body.length), body);
const handshake = (type: number, body: Uint8Array): Uint8Array => join(u8(type, 0), u16(body.length), body);
const extension = (type: number, body: Uint8Array): Uint8Array => join(u16(type), u16(body.length), body);

const sni = extension(0, join(u16(14), u8(0), u16(11), ascii('example.com')));
const alpn = extension(16, join(u16(3), u8(2), ascii('h2')));
const versions = extension(43, u16(0x0304));
const random = new Uint8Array(32).fill(7);
const clientHello = handshake(1, join(u16(0x0303), random, u8(0), u16(4), u16(0x1301), u16(0xc02f), u8(1, 0), u16(sni.length), sni));
const serverExtensions = join(alpn, versions);
const serverHello = handshake(2, join(u16(0x0303), random, u8(0), u16(0x1301), u8(0), u16(serverExtensions.length), serverExtensions));

describe('TLS records taken apart', () => {
  it('reads the server name and cipher suites of a client hello', () => {
    const capture = new TestCapture();
    const d = dissect(capture, capture.row(), tls, record(22, clientHello), tcp);
    expect(values(d, 'tls.handshake.extensions_server_name')).toEqual(['example.com']);
    expect(values(d, 'tls.handshake.ciphersuite')).toEqual([0x1301, 0xc02f]);
    expect(values(d, 'tls.record.content_type')).toEqual([22]);
    expect(d.columns.info).toBe('Client Hello');
  });

  it('names every record of a segment in the info column', () => {
    const capture = new TestCapture();
    const bytes = join(record(22, clientHello), record(20, u8(1)), record(23, u8(1, 2, 3)));
    expect(dissect(capture, capture.row(), tls, bytes, tcp).columns.info).toBe('Client Hello, Change Cipher Spec, Application Data');
  });

  it('takes a handshake record after Change Cipher Spec for encrypted', () => {
    const capture = new TestCapture();
    const d = dissect(capture, capture.row(), tls, join(record(20, u8(1)), record(22, clientHello)), tcp);
    expect(values(d, 'tls.handshake.type')).toEqual([]);
    expect(d.columns.info).toBe('Change Cipher Spec, Encrypted Handshake Message');
  });

  it('puts a handshake message together that two records share', () => {
    const capture = new TestCapture();
    const bytes = join(record(22, clientHello.subarray(0, 20)), record(22, clientHello.subarray(20)));
    expect(values(dissect(capture, capture.row(), tls, bytes, tcp), 'tls.handshake.extensions_server_name')).toEqual(['example.com']);
  });
});

describe('TLS cut out of a stream', () => {
  it('finds the same records however the stream is cut', () => {
    const stream = join(record(22, clientHello), record(20, u8(1)), record(23, new Uint8Array(300)));
    const whole = carriedCuts(tls, sides(new TestCapture())[0], stream, stream.length);
    for (const size of [1, 3, 7, 100]) expect(carriedCuts(tls, sides(new TestCapture())[0], stream, size)).toEqual(whole);
  });

  it('remembers the version and application protocol that the server chose', () => {
    const capture = new TestCapture();
    const bytes = record(22, serverHello);
    carriedCuts(tls, sides(capture)[1], bytes, bytes.length);
    expect(capture.state(tlsSessions).version(0)).toBe(0x0304);
    expect(capture.state(tlsSessions).application(0)).toBe('h2');
  });

  it('is recognized on other ports by its first record only', () => {
    const bytes = record(22, clientHello);
    expect(tlsElsewhere.accepts?.(bytes, 0, bytes.length, bytes.length)).toBe(true);
    expect(tlsElsewhere.accepts?.(ascii('GET / HTTP/1.1'), 0, 14, 14)).toBe(false);
  });

  it('never throws for any bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        const capture = new TestCapture();
        dissect(capture, capture.row(), tls, join(record(22, clientHello).subarray(0, bytes.length), bytes), tcp);
      }),
      { numRuns: 200 },
    );
  });
});
