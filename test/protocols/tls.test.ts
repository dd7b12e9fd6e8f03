import { brotliCompressSync, deflateSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { serverCertificates } from '../../src/connections/certificates.ts';
import type { Capture } from '../../src/engine/capture.ts';
import type { FieldNode } from '../../src/messages.ts';
import { dissectPacket } from '../../src/protocols/dissect-packet.ts';
import { tls, tlsElsewhere } from '../../src/protocols/tls.ts';
import { tlsSessions } from '../../src/protocols/tls-session.ts';
import { segmentBytes } from '../flow/tcp-capture.ts';
import { ascii, dissect, join, sides, TestCapture, values } from './app-fixtures.ts';
import { carriedCuts } from './carried-cuts.ts';
import { captureOf, eth, IP_A, IP_B, indexedStack, ip4, valuesOf } from './network-packets.ts';

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

  it('names the numbers that a client offers for nobody to know, and takes each signature algorithm apart', () => {
    const extensions = join(
      extension(43, join(u8(6), u16(0x4a4a), u16(0x4a5a), u16(0x0304))),
      extension(13, join(u16(4), u16(0x0403), u16(0xefee))),
    );
    const hello = handshake(1, join(u16(0x0303), random, u8(0), u16(2), u16(0x1301), u8(1, 0), u16(extensions.length), extensions));
    const capture = new TestCapture();
    const d = dissect(capture, capture.row(), tls, record(22, hello), tcp);
    const shown: string[] = [];
    const visit = (nodes: readonly FieldNode[]): void => {
      for (const { abbrev, display, children } of nodes) {
        if (/supported_version$|sig_hash_(hash|sig)$/.test(abbrev)) shown.push(display);
        visit(children);
      }
    };
    for (const layer of d.layers) visit(layer.fields);
    expect(shown).toEqual([
      'Reserved (GREASE) (0x4a4a)',
      'Unknown (0x4a5a)',
      'TLS 1.3 (0x0304)',
      'SHA256 (4)',
      'ECDSA (3)',
      'Unknown (239)',
      'Unknown (238)',
    ]);
  });

  it('names every record of a segment in the info column', () => {
    const capture = new TestCapture();
    const bytes = join(record(22, clientHello), record(20, u8(1)), record(23, u8(1, 2, 3)));
    expect(dissect(capture, capture.row(), tls, bytes, tcp).columns.info).toBe('Client Hello, Change Cipher Spec, Application Data');
  });

  it('takes a handshake record that begins with no message for encrypted', () => {
    const capture = new TestCapture();
    const d = dissect(capture, capture.row(), tls, join(record(20, u8(1)), record(22, new Uint8Array(40).fill(0x9b))), tcp);
    expect(values(d, 'tls.handshake.type')).toEqual([]);
    expect(d.columns.info).toBe('Change Cipher Spec, Encrypted Handshake Message');
  });
});

describe('TLS cut out of a stream', () => {
  it('finds the same records however the stream is cut', () => {
    const stream = join(record(22, clientHello), record(20, u8(1)), record(23, new Uint8Array(300)));
    const whole = carriedCuts(tls, sides(new TestCapture())[0], stream, stream.length);
    for (const size of [1, 3, 7, 100]) expect(carriedCuts(tls, sides(new TestCapture())[0], stream, size)).toEqual(whole);
  });

  it('is recognized on other ports by a hello of SSL 2.0 for a later version', () => {
    const hello = join(u8(0x80, 43, 1, 3, 1), u16(3), u16(0), u16(32), u8(0, 0, 0x2f), random);
    expect(tlsElsewhere.accepts?.(hello, 0, hello.length, hello.length)).toBe(true);
    hello[10] = 31;
    expect(tlsElsewhere.accepts?.(hello, 0, hello.length, hello.length)).toBe(false);
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

/** A capture of a connection to port 443: pieces of its stream, each in a packet of its own. */
function connection(...pieces: readonly { readonly server?: boolean; readonly data: Uint8Array }[]): Capture {
  const next = { client: 1000, server: 5000 };
  const frames = pieces.map(({ server = false, data }) => {
    const from = server ? 'server' : 'client';
    const segment = segmentBytes({ server, seq: next[from], ack: next[server ? 'client' : 'server'], flags: 'PA', data, serverPort: 443 });
    next[from] += data.length;
    return eth(0x0800, ip4(segment, { proto: 6, ...(server ? { src: IP_B, dst: IP_A } : {}) }));
  });
  return captureOf(frames);
}

/** One self-signed certificate, as a Certificate message. */
function certificateMessage(): Uint8Array {
  const der = Uint8Array.from(Buffer.from(CERTIFICATE, 'base64'));
  const u24 = (n: number): Uint8Array => u8(n >> 16, (n >> 8) & 255, n & 255);
  return handshake(11, join(u24(der.length + 3), u24(der.length), der));
}

const NAMES = 'x509sat:x509sat:x509sat:x509sat';
const CERTIFICATE_PARTS = `${NAMES}:${NAMES}:pkcs-1:x509ce:x509ce:x509ce:x509ce:x509sat:x509sat:pkix1implicit:x509ce:pkix1explicit:x509ce`;

describe('TLS over a capture', () => {
  const stackOf = (capture: Capture, row: number): string => indexedStack(capture, row).replace('eth:ethertype:ip:tcp:', '');

  it('remembers version, cipher, randoms and application protocol of a connection', () => {
    const capture = connection({ data: record(22, clientHello) }, { server: true, data: record(22, serverHello) });
    const sessions = capture.state(tlsSessions);
    expect(sessions.version(0)).toBe(0x0304);
    expect(sessions.cipher(0)).toBe(0x1301);
    expect(sessions.application(0)).toBe('h2');
    expect(sessions.random(0, true)).toEqual(random);
    expect(sessions.random(0, false)).toEqual(random);
  });

  it('names what is inside a certificate alike at both depths, however the stream is cut', () => {
    const bytes = record(22, certificateMessage());
    for (const size of [3, 100, 500, bytes.length]) {
      const pieces = [];
      for (let at = 0; at < bytes.length; at += size) pieces.push({ server: true, data: bytes.subarray(at, at + size) });
      const capture = connection(...pieces);
      const last = capture.packets.length - 1;
      expect(stackOf(capture, last)).toBe(`tls:${CERTIFICATE_PARTS}`);
      expect(dissectPacket(capture, last).protocolNames).toBe(`eth:ethertype:ip:tcp:tls:${CERTIFICATE_PARTS}`);
    }
  });

  describe('takes the certificate out of a compressed one', () => {
    const u24 = (n: number): Uint8Array => u8(n >> 16, (n >> 8) & 255, n & 255);
    const inside = certificateMessage().subarray(4);
    const stored = join(u8(0x28, 0xb5, 0x2f, 0xfd, 0x60, (inside.length - 256) & 255, (inside.length - 256) >> 8));
    const block = (inside.length << 3) | 1;
    const zstd = join(stored, u8(block & 255, (block >> 8) & 255, block >> 16), inside);
    const of = (algorithm: number, says: number, data: Uint8Array): Capture => {
      const message = handshake(25, join(u16(algorithm), u24(says), u24(data.length), data));
      return connection({ data: record(22, clientHello) }, { server: true, data: record(22, message) });
    };

    it.each([
      ['zlib', 1, deflateSync(inside)],
      ['brotli', 2, brotliCompressSync(inside)],
      ['zstd', 3, zstd],
    ])('with %s, alike at both depths', (_, algorithm, data) => {
      const capture = of(algorithm, inside.length, data);
      const d = dissectPacket(capture, 1);
      expect(valuesOf(d).get('tls.handshake.certificate')).toEqual([Buffer.from(CERTIFICATE, 'base64').toString('hex')]);
      expect(d.protocolNames).toBe(`eth:ethertype:ip:tcp:tls:${CERTIFICATE_PARTS}`);
      expect(stackOf(capture, 1)).toBe(`tls:${CERTIFICATE_PARTS}`);
      expect(serverCertificates(capture, 0)?.chain.certificates).toHaveLength(1);
    });

    it.each([
      ['that is longer than it says', 1, inside.length - 1, deflateSync(inside), 'Invalid uncompressed length'],
      ['that is shorter than it says', 1, inside.length + 1, deflateSync(inside), 'Invalid uncompressed length'],
      ['that is damaged', 1, inside.length, u8(1, 2, 3), 'Decompression error'],
      ['that ends early', 2, inside.length, brotliCompressSync(inside).subarray(0, 100), 'Decompression error'],
      ['that would be megabytes', 1, 1 << 20, deflateSync(new Uint8Array(1 << 20)), 'Not uncompressed'],
    ])('but not out of one %s, and says so', (_, algorithm, says, data, note) => {
      const capture = of(algorithm, says, data);
      for (let row = 1; row < capture.packets.length; row++) {
        const d = dissectPacket(capture, row);
        expect(d.protocolNames).toBe('eth:ethertype:ip:tcp:tls');
        expect(JSON.stringify(d.layers.at(-1)?.fields)).toContain(note);
        expect(stackOf(capture, row)).toBe('tls');
      }
    });

    it('and leaves one alone whose algorithm nobody knows', () => {
      const found = valuesOf(dissectPacket(of(9, 100, u8(1, 2, 3)), 1));
      expect(found.get('tls.compress_certificate.compressed_certificate_message')).toEqual(['010203']);
      expect([...found.keys()]).not.toContain('tls.decompression_error');
    });
  });

  it('reads on behind a handshake message that says more than there is, and marks the layer all the same', () => {
    const verify = handshake(15, join(u8(3, 3), u16(57168), u8(1, 2, 3)));
    const capture = connection(
      { data: record(22, clientHello) },
      { server: true, data: join(record(22, serverHello), record(22, verify), record(22, certificateMessage())) },
    );
    expect(stackOf(capture, 1)).toBe(`tls:${CERTIFICATE_PARTS}`);
    const d = dissectPacket(capture, 1);
    expect(d.protocolNames).toBe(`eth:ethertype:ip:tcp:tls:${CERTIFICATE_PARTS}`);
    expect(d.layers.at(-1)?.status).toBe('malformed');
  });

  it('reads the ServerHello and the ClientMasterKey of SSL 2.0, told by the lengths in them', () => {
    const der = Uint8Array.from(Buffer.from(CERTIFICATE, 'base64'));
    const u16 = (n: number): Uint8Array => u8(n >> 8, n & 255);
    const ssl2 = (body: Uint8Array): Uint8Array => join(u16(0x8000 | body.length), body);
    const hello = ssl2(join(u8(4, 0, 1, 0, 2), u16(der.length), u16(6), u16(2), der, u8(7, 0, 0xc0, 1, 0, 0x80), u8(1, 2)));
    const key = ssl2(join(u8(2, 7, 0, 0xc0), u16(0), u16(4), u16(2), new Uint8Array(6)));
    const capture = connection({ server: true, data: hello }, { data: key });
    expect(stackOf(capture, 0)).toBe(`tls:${CERTIFICATE_PARTS}`);
    expect(dissectPacket(capture, 0).protocolNames).toBe(`eth:ethertype:ip:tcp:tls:${CERTIFICATE_PARTS}`);
    expect(valuesOf(dissectPacket(capture, 0)).get('tls.handshake.type')).toEqual(['4']);
    expect(valuesOf(dissectPacket(capture, 0)).get('tls.handshake.cipherspec')).toEqual(['0x0700c0', '0x010080']);
    expect(valuesOf(dissectPacket(capture, 1)).get('tls.handshake.type')).toEqual(['2']);
    for (let length = 1; length < hello.length; length += 7) {
      const cut = connection({ server: true, data: hello.subarray(0, length) });
      expect(dissectPacket(cut, 0).protocolNames, `${length}`).toBe(indexedStack(cut, 0));
    }
    // A length that does not add up: no such message.
    key[7] = 1;
    expect(valuesOf(dissectPacket(connection({ data: key }), 0)).has('tls.handshake.type')).toBe(false);
  });

  const odd = u8(20, 0xff, 0xff, 0xff, 1, 1);
  const after = { data: record(23, new Uint8Array(20)) };
  const oldServerHello = handshake(2, join(u16(0x0303), random, u8(0), u16(0xc02f), u8(0)));
  const agreed = (hello: Uint8Array) => [{ data: record(22, clientHello) }, { server: true, data: record(22, hello) }];

  it('waits for a record of a version that there is not, once the connection is known to be TLS up to 1.2', () => {
    const known = connection(...agreed(oldServerHello), { data: join(record(23, new Uint8Array(20)), odd) }, after);
    expect(stackOf(known, 2)).toBe('tls');
    expect(indexedStack(known, 3)).toBe('eth:ethertype:ip:tcp');
    expect(dissectPacket(known, 3).protocolNames).toBe('eth:ethertype:ip:tcp');
    expect(stackOf(connection({ data: odd }, after), 1)).toBe('tls');
  });

  it('waits for what has the content type of a record with a connection ID', () => {
    const capture = connection(...agreed(oldServerHello), { data: u8(25, 0xb5, 0x93, 0, 40, 1) }, after);
    expect(indexedStack(capture, 3)).toBe('eth:ethertype:ip:tcp');
    expect(dissectPacket(capture, 3).protocolNames).toBe('eth:ethertype:ip:tcp');
  });

  it('knows the version also where only a later record says it', () => {
    const changed = connection({ data: record(20, u8(1)) }, { data: odd }, after);
    expect(indexedStack(changed, 2)).toBe('eth:ethertype:ip:tcp');
  });

  it('waits for no such record in TLS 1.3, where what is missing went lost', () => {
    const lost = connection(...agreed(serverHello), { data: join(record(23, new Uint8Array(20)), odd) }, after);
    expect(stackOf(lost, 3)).toBe('tls');
    expect(valuesOf(dissectPacket(lost, 3)).get('tls.record.length')).toEqual(['20']);
  });

  it('waits for five octets, whatever they are', () => {
    const capture = connection({ data: u8(1, 2, 3) }, { data: new Uint8Array(9) });
    expect(stackOf(capture, 0)).toBe('tls');
    expect(dissectPacket(capture, 1).protocolNames).toBe('eth:ethertype:ip:tcp:tls');
    expect(valuesOf(dissectPacket(capture, 1)).get('tcp.segment')).toEqual(['1', '2']);
  });

  it('takes what begins as a record of SSL 2.0 for one, and after a message of it everything', () => {
    // A ClientMasterKey by its number; then 3 octets of a header with padding, and 4 more.
    const capture = connection(
      { data: u8(0x80, 6, 2, 9, 9) },
      { data: u8(9, 9, 9) },
      { data: u8(0, 4, 0, 1, 2) },
      { data: u8(3, 4) },
      { data: u8(22, 3, 3) },
    );
    expect([0, 1, 2, 3, 4].map((row) => indexedStack(capture, row).replace('eth:ethertype:ip:tcp', ''))).toEqual([
      ':tls',
      ':tls',
      ':tls',
      ':tls',
      ':tls',
    ]);
    for (let row = 0; row < 5; row++) expect(dissectPacket(capture, row).protocolNames).toBe(indexedStack(capture, row));
    expect(dissectPacket(capture, 3).columns.info).toBe('Encrypted Data');
    const waiting = connection({ data: u8(0x80, 200, 0, 9, 9) }, { data: new Uint8Array(20) });
    expect(indexedStack(waiting, 1)).toBe('eth:ethertype:ip:tcp');
  });

  it('shows text on a connection that was taken for TLS as data', () => {
    const elsewhere = connection({ data: record(22, clientHello) }, { data: ascii('QUIT\r\n') }, after);
    expect([0, 1, 2].map((row) => stackOf(elsewhere, row))).toEqual(['tls', 'data', 'tls']);
  });

  it('reads a ServerHello of a draft of TLS 1.3 that had no session ID', () => {
    const draft = handshake(2, join(u16(0x7f12), random, u16(0x1302), u16(alpn.length), alpn));
    const capture = connection(...agreed(draft));
    expect(capture.state(tlsSessions).cipher(0)).toBe(0x1302);
    expect(capture.state(tlsSessions).application(0)).toBe('h2');
    expect(valuesOf(dissectPacket(capture, 1)).get('tls.handshake.ciphersuite')).toEqual(['0x1302']);
    expect(valuesOf(dissectPacket(capture, 1)).get('tls.handshake.ja3s_full')).toEqual(['32530,4866,16']);
  });

  it('reads the names, times, key and extensions of a certificate', () => {
    const d = dissectPacket(connection({ server: true, data: record(22, certificateMessage()) }), 0);
    const found = valuesOf(d);
    expect(found.get('x509sat.uTF8String')).toEqual(['Example Works', 'example.com', 'Example Works', 'example.com', 'inner']);
    expect(found.get('x509af.utcTime')).toEqual(['2026-11-21 14:19:05 (UTC)']);
    expect(found.get('x509ce.dNSName')).toEqual(['example.com']);
    expect(found.get('x509ce.IPAddress.ipv4')).toEqual(['192.0.2.1']);
    expect(found.get('x509ce.pathLenConstraint')).toEqual(['1']);
    expect(found.get('pkcs1.namedCurve')).toEqual(['1.2.840.10045.3.1.7']);
    expect(found.get('x509af.extension.id')?.slice(0, 2)).toEqual(['2.5.29.19', '2.5.29.15']);
  });

  it('puts a handshake message together that records of several packets share', () => {
    const message = certificateMessage();
    const capture = connection(
      { server: true, data: join(record(22, serverHello), record(22, message.subarray(0, 200))) },
      { server: true, data: record(22, message.subarray(200, 300)) },
      { server: true, data: record(22, join(message.subarray(300), handshake(14, u8()))) },
    );
    expect(stackOf(capture, 1)).toBe('tls');
    expect(stackOf(capture, 2)).toBe(`tls:${CERTIFICATE_PARTS}`);
    const last = dissectPacket(capture, 2);
    expect(last.columns.info).toBe('Certificate, Server Hello Done');
    expect(last.protocolNames).toBe(`eth:ethertype:ip:tcp:tls:${CERTIFICATE_PARTS}`);
  });

  it('reads the second ClientHello that TLS 1.3 sends behind a Change Cipher Spec', () => {
    const capture = connection(
      { data: record(22, clientHello) },
      { server: true, data: join(record(22, serverHello), record(20, u8(1))) },
      { data: record(20, u8(1)) },
      { data: record(22, clientHello) },
      { server: true, data: record(22, serverHello) },
    );
    expect(dissectPacket(capture, 3).columns.info).toBe('Client Hello');
    expect(dissectPacket(capture, 4).columns.info).toBe('Server Hello');
  });

  it('takes handshake records in packets after Change Cipher Spec for encrypted', () => {
    const capture = connection({ data: record(20, u8(1)) }, { data: record(22, clientHello) });
    expect(dissectPacket(capture, 1).columns.info).toBe('Encrypted Handshake Message');
  });

  it('says the same at both depths of a certificate cut short anywhere', () => {
    const bytes = record(22, certificateMessage());
    const parts = new Set(CERTIFICATE_PARTS.split(':'));
    for (let end = 6; end < bytes.length; end += 7) {
      // The length of the record says that this is all.
      const cut = join(bytes.subarray(0, 3), u16(end - 5), bytes.subarray(5, end));
      const capture = connection({ server: true, data: cut });
      const stack = indexedStack(capture, 0);
      expect(dissectPacket(capture, 0).protocolNames).toBe(stack);
      for (const part of stack.split(':').slice(5)) expect(parts.has(part)).toBe(true);
    }
  });

  it('never throws for a certificate with any byte changed', () => {
    const message = certificateMessage();
    fc.assert(
      fc.property(fc.nat(message.length - 5), fc.nat(255), (at, value) => {
        const changed = Uint8Array.from(message);
        changed[at + 4] = value;
        const capture = connection({ server: true, data: record(22, changed) });
        expect(dissectPacket(capture, 0).protocolNames).toBe(indexedStack(capture, 0));
      }),
      { numRuns: 300 },
    );
  });
});

const CERTIFICATE =
  'MIIC2DCCAn6gAwIBAgIUbr42jGV1inp4eoYP2oWrNG3gwvMwCgYIKoZIzj0EAwIwXDELMAkGA1UEBhMCREUxFjAUBgNVBAoMDUV4YW1wbGUgV29ya3MxFDAS' +
  'BgNVBAMMC2V4YW1wbGUuY29tMR8wHQYJKoZIhvcNAQkBFhBwb3N0QGV4YW1wbGUuY29tMCAXDTI2MTEyMTE0MTkwNVoYDzIxMjYxMDI4MTQxOTA1WjBcMQsw' +
  'CQYDVQQGEwJERTEWMBQGA1UECgwNRXhhbXBsZSBXb3JrczEUMBIGA1UEAwwLZXhhbXBsZS5jb20xHzAdBgkqhkiG9w0BCQEWEHBvc3RAZXhhbXBsZS5jb20w' +
  'WTATBgcqhkjOPQIBBggqhkjOPQMBBwNCAAT+3tynhm+Z/U5n3HSga/ixpUq35z7hM9FE0Wfwa5rfBlu+S/vU+UksxkVhXeQm0fjyAsi5CAOe029OtJeFgMut' +
  'o4IBGjCCARYwEgYDVR0TAQH/BAgwBgEB/wIBATAOBgNVHQ8BAf8EBAMCAoQwHQYDVR0lBBYwFAYIKwYBBQUHAwEGCCsGAQUFBwMCMD0GA1UdEQQ2MDSCC2V4' +
  'YW1wbGUuY29thwTAAAIBpB8wHTELMAkGA1UEBhMCREUxDjAMBgNVBAMMBWlubmVyMDQGCCsGAQUFBwEBBCgwJjAkBggrBgEFBQcwAYYYaHR0cDovL29jc3Au' +
  'ZXhhbXBsZS5jb20vMD0GA1UdIAQ2MDQwMgYJKwYBBAGDsgMBMCUwIwYIKwYBBQUHAgEWF2h0dHA6Ly9jcHMuZXhhbXBsZS5jb20vMB0GA1UdDgQWBBT92NC5' +
  'cRf0UaXRUIiOJmlr9JIPwzAKBggqhkjOPQQDAgNIADBFAiBPrifbyLHUZ/9ZHwwb507AJFnBud+YrJl1wjiH1cD9GgIhAI5GA2NfMvmbjg2L5e1dsVmOhsAP' +
  'EnDByYht0z5NqWse';

describe('what TLS hellos and keys are made of', () => {
  const client = (...parts: readonly Uint8Array[]): Uint8Array => {
    const all = join(...parts);
    return handshake(1, join(u16(0x0303), random, u8(0), u16(6), u16(0x0a0a), u16(0x1301), u16(0xc02f), u8(1, 0), u16(all.length), all));
  };
  const hello = client(
    extension(0x1a1a, u8()),
    sni,
    extension(10, join(u16(4), u16(0x2a2a), u16(29))),
    extension(11, u8(1, 0)),
    extension(13, join(u16(4), u16(0x0403), u16(0x0804))),
    extension(16, join(u16(3), u8(2), ascii('h2'))),
    extension(43, join(u8(4), u16(0x3a3a), u16(0x0304))),
  );

  it('are hashed to JA3 and JA4, without GREASE', () => {
    const found = valuesOf(dissectPacket(connection({ data: record(22, hello) }), 0));
    expect(found.get('tls.handshake.ja3_full')).toEqual(['771,4865-49199,0-10-11-13-16-43,29,0']);
    expect(found.get('tls.handshake.ja3')?.[0]).toMatch(/^[0-9a-f]{32}$/);
    expect(found.get('tls.handshake.ja4')?.[0]).toMatch(/^t13d0206h2_[0-9a-f]{12}_[0-9a-f]{12}$/);
  });

  it('are hashed to the same JA4 whatever the order of cipher suites and extensions', () => {
    const other = client(
      extension(43, join(u8(4), u16(0x3a3a), u16(0x0304))),
      extension(16, join(u16(3), u8(2), ascii('h2'))),
      sni,
      extension(13, join(u16(4), u16(0x0403), u16(0x0804))),
      extension(11, u8(1, 0)),
      extension(10, join(u16(4), u16(0x2a2a), u16(29))),
    );
    const ja4 = (bytes: Uint8Array): unknown =>
      valuesOf(dissectPacket(connection({ data: record(22, bytes) }), 0)).get('tls.handshake.ja4');
    expect(ja4(other)).toEqual(ja4(hello));
  });

  it('show keys and signature of an ECDHE exchange by the cipher suite that was agreed on', () => {
    const chosen = handshake(2, join(u16(0x0303), random, u8(0), u16(0xc02f), u8(0)));
    const exchange = handshake(12, join(u8(3), u16(23), u8(3, 4, 1, 2), u16(0x0403), u16(2), u8(9, 8)));
    const capture = connection({ data: record(22, hello) }, { server: true, data: record(22, join(chosen, exchange)) });
    const found = valuesOf(dissectPacket(capture, 1));
    expect(found.get('tls.handshake.server_named_curve')).toEqual(['0x0017']);
    expect(found.get('tls.handshake.server_point')).toEqual(['040102']);
    expect(found.get('tls.handshake.sig')).toEqual(['0908']);
    expect(found.get('tls.handshake.ja3s_full')).toEqual(['771,49199,']);
  });

  it('show parameters of QUIC and identities of pre-shared keys', () => {
    const bytes = client(
      extension(57, u8(1, 2, 0x40, 0x64, 0x0f, 1, 7)),
      extension(45, u8(1, 1)),
      extension(41, join(u16(9), u16(3), u8(1, 2, 3), u8(0, 0, 0, 5), u16(3), u8(2, 9, 9))),
    );
    const found = valuesOf(dissectPacket(connection({ data: record(22, bytes) }), 0));
    expect(found.get('tls.quic.parameter.max_idle_timeout')).toEqual(['100']);
    expect(found.get('tls.quic.parameter.initial_source_connection_id')).toEqual(['07']);
    expect(found.get('tls.handshake.extensions.psk.identity.identity')).toEqual(['010203']);
    expect(found.get('tls.extension.psk_ke_mode')).toEqual(['1']);
  });

  it('never make it throw where an extension is cut short or has any contents', () => {
    fc.assert(
      fc.property(
        fc.oneof(fc.nat(60), fc.constantFrom(13172, 17513, 65037, 65281, 65486)),
        fc.uint8Array({ maxLength: 40 }),
        fc.boolean(),
        (type, body, server) => {
          const bytes = server
            ? handshake(2, join(u16(0x0303), random, u8(0), u16(0xc02f), u8(0), u16(body.length + 4), extension(type, body)))
            : client(extension(type, body));
          const capture = connection({ server, data: record(22, bytes) });
          expect(dissectPacket(capture, 0).protocolNames).toBe(indexedStack(capture, 0));
        },
      ),
      { numRuns: 400 },
    );
  });
});
