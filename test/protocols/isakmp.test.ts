import { describe, expect, it } from 'vitest';
import { dissectPacket } from '../../src/protocols/dissect-packet.ts';
import { ber } from './every-cut.ts';
import { captureOf, fieldsOf, indexedStack, join, u16, u32 } from './network-packets.ts';
import { ofFrames, udpFrame } from './talk.ts';

const oidOf = (...arcs: number[]): number[] => ber(6, arcs);
const text = (value: string): number[] => [...value].map((letter) => letter.charCodeAt(0));
const name = ber(0x30, ber(0x31, ber(0x30, oidOf(0x55, 4, 3), ber(0x0c, text('peer')))));
const time = ber(0x17, text('260101000000Z'));
/** A certificate with a key and extensions. */
const certificate = (key: number[], ...extensions: number[][]): number[] => {
  const rsa = ber(0x30, oidOf(0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 1, 11));
  const more = extensions.length === 0 ? [] : ber(0xa3, ber(0x30, ...extensions));
  const signed = ber(
    0x30,
    ber(0xa0, ber(2, [2])),
    ber(2, [5]),
    rsa,
    name,
    ber(0x30, time, time),
    name,
    ber(0x30, key, ber(3, [0, 4, 1])),
    more,
  );
  return ber(0x30, signed, rsa, ber(3, [0, 1, 2]));
};
const plainKey = ber(0x30, oidOf(0x2a, 0x86, 0x48, 0xce, 0x3d, 2, 1), oidOf(0x2b, 0x81, 4, 0, 0x22));

const payload = (next: number, body: readonly number[]): Uint8Array => join([next, 0], u16(4 + body.length), body);
const message = (version: number, flags: number, first: number, ...payloads: Uint8Array[]): Uint8Array => {
  const body = join(...payloads);
  return join(new Uint8Array(16).fill(7), [first, version, 2, flags], u32(0), u32(28 + body.length), body);
};
const look = (bytes: Uint8Array) => ofFrames(udpFrame(500, 500, bytes));

describe('ISAKMP', () => {
  it('shows the payloads of a message, and the certificate in one', () => {
    const t = look(message(0x10, 0, 1, payload(6, [0, 0, 0, 1]), payload(0, [4, ...certificate(plainKey)])));
    expect(t.stacks).toEqual(['isakmp:x509sat:x509sat:pkcs-1']);
    expect(fieldsOf(t.at(0), 'isakmp.typepayload', 'isakmp.nextpayload', 'isakmp.cert.encoding', 'x509sat.uTF8String')).toEqual({
      'isakmp.typepayload': '1,6',
      'isakmp.nextpayload': '1,6,0',
      'isakmp.cert.encoding': '4',
      'x509sat.uTF8String': 'peer,peer',
    });
  });

  it('knows certificates of the second version by its own number', () => {
    const body = [4, ...certificate(plainKey)];
    expect(look(message(0x20, 8, 37, payload(0, body))).stacks).toEqual(['isakmp:x509sat:x509sat:pkcs-1']);
    expect(look(message(0x20, 8, 6, payload(0, body))).stacks).toEqual(['isakmp']);
  });

  it('reads nothing of what is encrypted', () => {
    const body = [4, ...certificate(plainKey)];
    expect(look(message(0x10, 1, 6, payload(0, body))).stacks).toEqual(['isakmp']);
    expect(fieldsOf(look(message(0x20, 8, 46, payload(37, body), payload(0, body))).at(0), 'isakmp.typepayload')).toEqual({
      'isakmp.typepayload': '46',
    });
  });

  it('stands being cut anywhere, and payloads that have no length', () => {
    const whole = message(0x10, 0, 1, payload(6, [0, 0, 0, 1]), payload(0, [4, ...certificate(plainKey)]));
    for (let length = 0; length <= whole.length; length++) {
      const capture = captureOf([udpFrame(500, 500, whole.slice(0, length))]);
      expect(capture.bugs).toBe(0);
      expect(dissectPacket(capture, 0).protocolNames).toBe(indexedStack(capture, 0));
    }
    expect(look(message(0x10, 0, 1, Uint8Array.from([1, 0, 0, 0]))).stacks).toEqual(['isakmp']);
  });
});

describe('a certificate', () => {
  const inIsakmp = (body: number[]) => look(message(0x10, 0, 6, payload(0, [4, ...body])));

  it('shows for whom it speaks as a proxy (RFC 3820)', () => {
    const info = ber(0x30, ber(2, [1]), ber(0x30, oidOf(0x2b, 6, 1, 5, 5, 7, 21, 1)));
    const extension = ber(0x30, oidOf(0x2b, 6, 1, 5, 5, 7, 1, 14), ber(1, [255]), ber(4, info));
    const t = inIsakmp(certificate(plainKey, extension));
    expect(t.stacks).toEqual(['isakmp:x509sat:x509sat:pkcs-1:pkixproxy']);
    expect(fieldsOf(t.at(0), 'pkixproxy.pCPathLenConstraint', 'pkixproxy.policyLanguage')).toEqual({
      'pkixproxy.pCPathLenConstraint': '1',
      'pkixproxy.policyLanguage': '1.3.6.1.5.5.7.21.1',
    });
  });

  it('shows a curve that its key writes out', () => {
    const field = ber(0x30, oidOf(0x2a, 0x86, 0x48, 0xce, 0x3d, 1, 1), ber(2, [0, 0xfb]));
    const curve = ber(
      0x30,
      ber(2, [1]),
      field,
      ber(0x30, ber(4, [1]), ber(4, [2]), ber(3, [0, 3])),
      ber(4, [4, 5, 6]),
      ber(2, [0, 0xf1]),
      ber(2, [1]),
    );
    const t = inIsakmp(certificate(ber(0x30, oidOf(0x2a, 0x86, 0x48, 0xce, 0x3d, 2, 1), curve)));
    expect(t.stacks).toEqual(['isakmp:x509sat:x509sat:pkcs-1:pkcs-1']);
    expect(fieldsOf(t.at(0), 'pkcs1.fieldType', 'pkcs1.a', 'pkcs1.base', 'pkcs1.cofactor')).toEqual({
      'pkcs1.fieldType': '1.2.840.10045.1.1',
      'pkcs1.a': '01',
      'pkcs1.base': '040506',
      'pkcs1.cofactor': '1',
    });
  });
});
