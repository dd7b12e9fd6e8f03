import { describe, expect, it } from 'vitest';
import { join, u16, u32, valuesOf } from './network-packets.ts';
import { overTcp, type Said, survivesCuts, type Talk } from './talk.ts';

const random = new Uint8Array(32).fill(7);
const handshake = (type: number, body: Uint8Array): Uint8Array => join([type, 0], u16(body.length), body);
const record = (type: number, body: Uint8Array): Uint8Array => join([type, 3, 3], u16(body.length), body);
const clientHello = record(22, handshake(1, join(u16(0x0303), random, [0], u16(2), u16(0x1301), [1, 0])));
// Its only extension says TLS 1.3.
const serverHello = record(22, handshake(2, join(u16(0x0303), random, [0], u16(0x1301), [0], u16(6), u16(43), u16(2), u16(0x0304))));
const encrypted = record(23, new Uint8Array(40).fill(9));

const opening: readonly Said[] = [
  ['>', 'CONNECT example.org:443 HTTP/1.1\r\nHost: example.org:443\r\n\r\n'],
  ['<', 'HTTP/1.1 200 Connection established\r\n\r\n'],
];

const of = (talk: Talk, n: number, field: string): string[] | undefined => valuesOf(talk.at(n)).get(field);

describe('TLS through a CONNECT tunnel', () => {
  it('is one connection, so that the version agreed on says what later records are', () => {
    const talk = overTcp(8080, ...opening, ['>', clientHello], ['<', serverHello], ['>', encrypted]);
    expect(talk.stacks.slice(2)).toEqual(['http:tls', 'http:tls', 'http:tls']);
    expect(of(talk, 4, 'tls.record.opaque_type')).toHaveLength(1);
    expect(of(talk, 4, 'tls.record.content_type')).toBeUndefined();
  });

  it('is put together where a record is cut anywhere', () => {
    for (let at = 1; at < serverHello.length; at++) {
      const talk = overTcp(8080, ...opening, ['>', clientHello], ['<', serverHello.slice(0, at)], ['<', serverHello.slice(at)]);
      expect(of(talk, 4, 'tls.handshake.ciphersuite'), `cut at ${at}`).toHaveLength(1);
    }
  });

  it('is not looked for behind a CONNECT that was refused', () => {
    const talk = overTcp(8080, opening[0] as Said, ['<', 'HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n'], ['>', clientHello]);
    expect(talk.stacks[2]).not.toContain('tls');
  });

  it('makes nobody throw, whatever is missing of it', () => {
    survivesCuts(8080, [...opening, ['>', clientHello], ['<', join(serverHello, encrypted)]]);
  });
});

// Of RFC 6960 section 4.1.1: one CertID with SHA-1 and serial number 5.
const sha1 = [0x30, 0x09, 0x06, 0x05, 0x2b, 0x0e, 0x03, 0x02, 0x1a, 0x05, 0x00];
const wrap = (tag: number, ...parts: (Uint8Array | readonly number[])[]): Uint8Array => {
  const body = join(...parts);
  return join([tag, body.length], body);
};
const hash = (octet: number): Uint8Array => wrap(4, new Uint8Array(20).fill(octet));
const ocspRequest = wrap(0x30, wrap(0x30, wrap(0x30, wrap(0x30, wrap(0x30, sha1, hash(1), hash(2), [2, 1, 5])))));
const http = (start: string, type: string, body: Uint8Array): Uint8Array =>
  join(new TextEncoder().encode(`${start}\r\nContent-Type: ${type}\r\nContent-Length: ${body.length}\r\n\r\n`), body);

describe('OCSP over HTTP', () => {
  const ask = http('POST / HTTP/1.1', 'application/ocsp-request', ocspRequest);

  it('shows for which certificate is asked, and the status of the answer', () => {
    const answer = http('HTTP/1.1 200 OK', 'application/ocsp-response', Uint8Array.from([0x30, 3, 10, 1, 6]));
    const talk = overTcp(80, ['>', ask], ['<', answer]);
    expect(talk.stacks).toEqual(['http:ocsp', 'http:ocsp']);
    expect(of(talk, 0, 'ocsp.serialNumber')).toHaveLength(1);
    expect(of(talk, 1, 'ocsp.responseStatus')).toEqual(['6']);
  });

  it('makes nobody throw, whatever is missing of it', () => {
    survivesCuts(80, [['>', ask]]);
    for (let length = 0; length < ocspRequest.length; length++) {
      overTcp(80, ['>', http('POST / HTTP/1.1', 'application/ocsp-request', ocspRequest.slice(0, length))]);
    }
  });
});

describe('a certificate revocation list over HTTP', () => {
  const text = (words: string): Uint8Array => new TextEncoder().encode(words);
  const at = (time: string): Uint8Array => wrap(0x17, text(time));
  const commonName = wrap(0x30, wrap(0x31, wrap(0x30, [6, 3, 0x55, 4, 3], wrap(0x0c, text('Root')))));
  const reason = wrap(0x30, wrap(0x30, [6, 3, 0x55, 0x1d, 0x15], wrap(4, [10, 1, 1])));
  const revoked = wrap(0x30, wrap(0x30, [2, 1, 5], at('260101000000Z'), reason), wrap(0x30, [2, 1, 6], at('260102000000Z')));
  const number = wrap(0xa0, wrap(0x30, wrap(0x30, [6, 3, 0x55, 0x1d, 0x14], wrap(4, [2, 1, 57]))));
  const list = (...rest: Uint8Array[]): Uint8Array =>
    http(
      'HTTP/1.1 200 OK',
      'application/pkix-crl',
      wrap(0x30, wrap(0x30, [2, 1, 1], sha1, commonName, at('260201000000Z'), ...rest), sha1, wrap(3, [0, 1, 2])),
    );

  it('names its issuer, when the next one comes, and what is revoked since when and why', () => {
    const talk = overTcp(80, ['<', list(at('260301000000Z'), number)]);
    expect(talk.stacks).toEqual(['http:x509af:x509sat:x509ce']);
    expect(of(talk, 0, 'x509af.version')).toEqual(['1']);
    expect(of(talk, 0, 'x509sat.uTF8String')).toEqual(['Root']);
    expect(of(talk, 0, 'x509af.utcTime')).toEqual(['2026-02-01 00:00:00 (UTC)', '2026-03-01 00:00:00 (UTC)']);
    expect(of(talk, 0, 'x509ce.CRLNumber')).toEqual(['57']);
    const short = overTcp(80, ['<', list(revoked)]);
    expect(short.stacks).toEqual(['http:x509af:x509sat:x509ce']);
    expect(of(short, 0, 'x509af.nextUpdate')).toBeUndefined();
    expect(of(short, 0, 'x509af.revokedCertificates')).toEqual(['2']);
    expect(of(short, 0, 'x509af.userCertificate')).toEqual(['05', '06']);
    expect(of(short, 0, 'x509ce.CRLReason')).toEqual(['1']);
  });

  it('makes nobody throw, whatever is missing of it', () => {
    survivesCuts(80, [['<', list(revoked)]]);
  });
});

describe('tokens in HTTP headers', () => {
  const negotiate = join(new TextEncoder().encode('NTLMSSP\0'), [1, 0, 0, 0], u32(0x07820000), new Uint8Array(16));
  const token = Buffer.from(negotiate).toString('base64');

  it('are NTLMSSP for NTLM, from either side', () => {
    const talk = overTcp(
      80,
      ['>', `GET / HTTP/1.1\r\nAuthorization: NTLM ${token}\r\n\r\n`],
      ['<', `HTTP/1.1 401 Unauthorized\r\nWWW-Authenticate: NTLM ${token}\r\nContent-Length: 0\r\n\r\n`],
    );
    expect(talk.stacks).toEqual(['http:ntlmssp', 'http:ntlmssp']);
    expect(of(talk, 0, 'ntlmssp.messagetype')).toHaveLength(1);
    expect(talk.at(0).columns.protocol).toBe('HTTP');
  });

  it('are not made up where a header only offers them, or holds other credentials', () => {
    const talk = overTcp(
      80,
      ['>', 'GET / HTTP/1.1\r\nAuthorization: Basic YTpi\r\n\r\n'],
      ['<', 'HTTP/1.1 401 Unauthorized\r\nWWW-Authenticate: NTLM\r\nWWW-Authenticate: Negotiate\r\nContent-Length: 0\r\n\r\n'],
    );
    expect(talk.stacks).toEqual(['http', 'http']);
  });

  it('make nobody throw, whatever is in them', () => {
    for (let length = 3; length <= negotiate.length; length++) {
      const cut = Buffer.from(negotiate.slice(0, length)).toString('base64');
      overTcp(80, ['>', `GET / HTTP/1.1\r\nAuthorization: Negotiate ${cut}\r\n\r\n`]);
    }
  });
});
