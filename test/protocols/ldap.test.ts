import { describe, expect, it } from 'vitest';
import { kerberosTcp } from '../../src/protocols/kerberos.ts';
import { ldap } from '../../src/protocols/ldap.ts';
import { dissect, join, sides, TestCapture, values } from './app-fixtures.ts';
import { carriedCuts } from './carried-cuts.ts';
import { be32, ber, stackOf, survivesEveryCut, tcpFrom, tcpTo, text } from './every-cut.ts';
import { fieldsOf } from './network-packets.ts';
import { ofFrames, overTcp, udpFrame } from './talk.ts';

const message = (id: number, ...parts: readonly (readonly number[])[]): Uint8Array => Uint8Array.from(ber(0x30, ber(2, [id]), ...parts));
const equality = ber(0xa3, ber(4, text('uid')), ber(4, text('eve')));
const filter = ber(
  0xa0,
  equality,
  ber(0x87, text('mail')),
  ber(0xa2, ber(0xa4, ber(4, text('cn')), ber(0x30, ber(0x80, text('a')), ber(0x82, text('z'))))),
);
const search = ber(
  0x63,
  ber(4, text('dc=example')),
  ber(10, [2]),
  ber(10, [0]),
  ber(2, [0]),
  ber(2, [0]),
  ber(1, [0]),
  filter,
  ber(0x30, ber(4, text('cn'))),
);
const paged = ber(0xa0, ber(0x30, ber(4, text('1.2.840.113556.1.4.319')), ber(4, ber(0x30, ber(2, [100]), ber(4)))));

describe('LDAP', () => {
  it('reads a search and writes its filter as RFC 4515 has it', () => {
    const capture = new TestCapture();
    const d = dissect(capture, capture.row(), ldap, message(3, search), tcpFrom(389));
    expect(values(d, 'ldap.messageID')).toEqual([3]);
    expect(values(d, 'ldap.baseObject')).toEqual(['dc=example']);
    expect(values(d, 'ldap.AttributeDescription')).toEqual(['cn']);
    expect(d.columns.info).toBe('searchRequest(3) "dc=example" wholeSubtree');
    const labels = JSON.stringify(d.layers[0]?.fields);
    expect(labels).toContain('Filter: (&(uid=eve)(mail=*)(!(cn=a*z)))');
  });
  it('shows the value of a control that LDAP defines as LDAP again', () => {
    expect(stackOf(ldap, message(3, search, paged), tcpFrom(389))).toBe('ldap:ldap');
  });
  it('cuts messages and protected buffers the same however the stream is cut', () => {
    const stream = join(message(1, search), Uint8Array.from([...be32(4), 1, 2, 3, 4]), message(2, search));
    const whole = carriedCuts(ldap, sides(new TestCapture())[0], stream, stream.length);
    expect(whole).toHaveLength(3);
    for (const size of [1, 3, 50]) expect(carriedCuts(ldap, sides(new TestCapture())[0], stream, size)).toEqual(whole);
  });
  it('reads a message that a session only signs', () => {
    const plain = [...message(9, search)];
    const wrapped = [5, 4, 0, 255, 0, 2, 0, 2, 0, 0, 0, 0, 0, 0, 0, 1, 0xaa, 0xbb, ...plain];
    const bytes = Uint8Array.from([...be32(wrapped.length), ...wrapped]);
    const capture = new TestCapture();
    const d = dissect(capture, capture.row(), ldap, bytes, tcpFrom(389));
    expect(d.protocolNames).toBe('ldap:gss-api:spnego-krb5');
    expect(values(d, 'ldap.messageID')).toEqual([9]);
  });
  it('does not read on in a filter that nests without end', () => {
    let nested: number[] = ber(0x87, text('x'));
    for (let i = 0; i < 60; i++) nested = ber(0xa2, nested);
    const deep = ber(0x63, ber(4), ber(10, [2]), ber(10, [0]), ber(2, [0]), ber(2, [0]), ber(1, [0]), nested, ber(0x30));
    const capture = new TestCapture();
    expect(() => dissect(capture, capture.row(), ldap, message(1, deep), tcpFrom(389))).not.toThrow();
  });
  it('survives being cut and turned', () => survivesEveryCut(ldap, message(3, search, paged), tcpFrom(389)));

  it('reads the tokens of mechanisms that have some, and leaves those of others alone', () => {
    const bind = (mechanism: string, credentials: readonly number[]): Uint8Array =>
      message(1, ber(0x60, ber(2, [3]), ber(4), ber(0xa3, ber(4, text(mechanism)), ber(4, credentials))));
    const ntlm = [...text('NTLMSSP'), 0, 1, 0, 0, 0, ...new Array<number>(24).fill(0)];
    expect(stackOf(ldap, bind('NTLM', ntlm), tcpFrom(389))).toBe('ldap:gss-api:ntlmssp');
    expect(stackOf(ldap, bind('SCRAM-SHA-1', text('n,,n=eve,r=1')), tcpFrom(389))).toBe('ldap');
    const answer = (credentials: readonly number[]): Uint8Array =>
      message(1, ber(0x61, ber(10, [14]), ber(4), ber(4), ber(0x87, credentials)));
    expect(stackOf(ldap, answer(text('r=1,s=QQ==,i=4096')), tcpTo(389))).toBe('ldap');
    expect(stackOf(ldap, answer(ber(0xa1, ber(0x30, ber(0xa0, ber(10, [0]))))), tcpTo(389))).toBe('ldap:spnego');
    // What SRP has sealed is nobody's token.
    expect(stackOf(ldap, Uint8Array.from([0, 0, 0, 6, 1, 2, 3, 4, 5, 6]), tcpFrom(389))).toBe('ldap');
  });

  it('is connectionless over UDP', () => {
    const frame = udpFrame(1025, 389, message(3, search));
    const t = ofFrames(frame);
    expect(t.stacks).toEqual(['cldap']);
    expect(fieldsOf(t.at(0), 'ldap.messageID', 'ldap.baseObject')).toEqual({ 'ldap.messageID': '3', 'ldap.baseObject': 'dc=example' });
    for (let length = 42; length < frame.length; length++) ofFrames(frame.slice(0, length));
    expect(ofFrames(udpFrame(1025, 389, 'no BER at all')).stacks).toEqual(['data']);
  });

  it('leaves the connection to TLS after StartTLS', () => {
    const startTls = message(1, ber(0x77, ber(0x80, text('1.3.6.1.4.1.1466.20037'))));
    const hello = Uint8Array.from([22, 3, 1, 0, 5, 1, 0, 0, 1, 0]);
    const t = overTcp(389, ['>', startTls], ['<', message(1, ber(0x78, ber(10, [0]), ber(4), ber(4)))], ['>', hello], ['<', hello]);
    expect(t.stacks).toEqual(['ldap', 'ldap', 'tls', 'tls']);
  });
});

describe('Kerberos', () => {
  const context = (tag: number, ...parts: readonly (readonly number[])[]): number[] => ber(0xa0 + tag, ...parts);
  const name = (type: number, ...strings: readonly string[]): number[] =>
    ber(0x30, context(0, ber(2, [type])), context(1, ber(0x30, ...strings.map((value) => ber(0x1b, text(value))))));
  const body = ber(
    0x30,
    context(1, name(1, 'eve')),
    context(2, ber(0x1b, text('EXAMPLE'))),
    context(3, name(2, 'krbtgt', 'EXAMPLE')),
    context(8, ber(0x30, ber(2, [18]))),
  );
  const request = ber(0x6a, ber(0x30, context(1, ber(2, [5])), context(2, ber(2, [10])), context(4, body)));
  const bytes = Uint8Array.from([...be32(request.length), ...request]);
  it('reads who asks for what', () => {
    const capture = new TestCapture();
    const d = dissect(capture, capture.row(), kerberosTcp, bytes, tcpFrom(88));
    expect(values(d, 'kerberos.msg_type')).toEqual([10]);
    expect(values(d, 'kerberos.realm')).toEqual(['EXAMPLE']);
    expect(values(d, 'kerberos.CNameString')).toEqual(['eve']);
    expect(values(d, 'kerberos.SNameString')).toEqual(['krbtgt', 'EXAMPLE']);
    expect(d.columns.info).toBe('AS-REQ');
  });
  it('survives being cut and turned', () => survivesEveryCut(kerberosTcp, bytes, tcpTo(88)));
});
