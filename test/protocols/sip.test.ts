import { describe, expect, it } from 'vitest';
import { faultsWhenCut, fieldsOf, join, u16, u32 } from './network-packets.ts';
import { octets, ofFrames, overTcp, survivesCuts, udpFrame } from './talk.ts';

const body =
  'v=0\r\no=me 1 2 IN IP4 10.0.0.1\r\ns=-\r\nc=IN IP4 10.0.0.1\r\nt=0 0\r\nm=audio 4000 RTP/AVP 0 97\r\na=rtpmap:97 iLBC/8000\r\na=fmtp:97 mode=20\r\na=sendrecv\r\n';
const headers = [
  'Via: SIP/2.0/UDP 10.0.0.1:5060;branch=z9hG4bKx;rport',
  'From: "Me" <sip:me@example.com>;tag=abc',
  'To: <sip:you@example.com>',
  'Call-ID: c1@example.com',
  'CSeq: 7 INVITE',
  'm: <sip:me@10.0.0.1:5061;x=1>;expires=60',
  'Authorization: Digest username="me",realm="r, s",nonce="n"',
];
const invite = [
  'INVITE sip:you@example.com:5062 SIP/2.0',
  ...headers,
  'Content-Type: application/sdp',
  `Content-Length: ${body.length}`,
  '',
  body,
].join('\r\n');
const trying = ['SIP/2.0 100 Trying', ...headers, 'Content-Length: 0', '', ''].join('\r\n');
const rtp = join([0x80, 0], u16(1), u32(0), u32(1), [9]);

describe('SIP', () => {
  const t = ofFrames(
    udpFrame(5060, 5060, invite),
    udpFrame(5060, 5060, invite),
    udpFrame(5060, 5060, trying, true),
    udpFrame(9000, 4000, rtp, true),
  );

  it('takes requests apart', () => {
    const d = t.at(0);
    expect(fieldsOf(d, 'sip.Method', 'sip.r-uri.user', 'sip.r-uri.host', 'sip.r-uri.port', 'sip.from.user', 'sip.from.tag')).toEqual({
      'sip.Method': 'INVITE',
      'sip.r-uri.user': 'you',
      'sip.r-uri.host': 'example.com',
      'sip.r-uri.port': '5062',
      'sip.from.user': 'me',
      'sip.from.tag': 'abc',
    });
    expect(fieldsOf(d, 'sip.Via.sent-by.port', 'sip.Via.rport', 'sip.contact.port', 'sip.contact.parameter', 'sip.auth.realm')).toEqual({
      'sip.Via.sent-by.port': '5060',
      'sip.Via.rport': 'rport',
      'sip.contact.port': '5061',
      'sip.contact.parameter': 'expires=60',
      'sip.auth.realm': '"r, s"',
    });
    expect(d.columns.info).toBe('Request: INVITE sip:you@example.com:5062 | ');
  });

  it('shows the session that the body describes, and finds its media', () => {
    expect(t.stacks).toEqual(['sip:sdp', 'sip:sdp', 'sip', 'rtp']);
    expect(
      fieldsOf(t.at(0), 'sdp.media.port', 'sdp.media.format', 'sdp.mime.type', 'sdp.fmtp.parameter', 'sdp.connection_info.address'),
    ).toEqual({
      'sdp.media.port': '4000',
      'sdp.media.format': 'ITU-T G.711 PCMU,DynamicRTP-Type-97,97,97',
      'sdp.mime.type': 'iLBC',
      'sdp.fmtp.parameter': 'mode=20',
      'sdp.connection_info.address': '10.0.0.1',
    });
    expect(fieldsOf(t.at(3), 'rtp.setup-method', 'rtp.setup-frame')).toEqual({ 'rtp.setup-method': 'SDP', 'rtp.setup-frame': '2' });
  });

  it('pairs responses with requests and knows repeats', () => {
    expect(fieldsOf(t.at(1), 'sip.resend', 'sip.resend-original')).toEqual({ 'sip.resend': '1', 'sip.resend-original': '1' });
    expect(fieldsOf(t.at(2), 'sip.Status-Code', 'sip.response-request', 'sip.response-time')).toEqual({
      'sip.Status-Code': '100',
      'sip.response-request': '1',
      'sip.response-time': '2000',
    });
  });

  it('finds the session among the parts of a body, too', () => {
    const parts = `--b\r\nContent-Type: application/x-other\r\n\r\nx\r\n--b\r\nContent-Type: application/sdp\r\n\r\n${body}\r\n--b--\r\n`;
    const mixed = ['INVITE sip:you@example.com SIP/2.0', ...headers, 'Content-Type: multipart/mixed;boundary=b', '', parts].join('\r\n');
    const talk = ofFrames(udpFrame(5060, 5060, mixed), udpFrame(9000, 4000, rtp, true));
    expect(talk.stacks).toEqual(['sip:mime_multipart:media:sdp', 'rtp']);
    expect(fieldsOf(talk.at(0), 'sdp.media.port')).toEqual({ 'sdp.media.port': '4000' });
  });

  it('leaves what is no SIP alone', () => {
    expect(ofFrames(udpFrame(5060, 5060, '\r\n\r\n'), udpFrame(5061, 5060, 'HELLO there, who is it\r\n')).stacks).toEqual(['data', 'data']);
  });

  it('stands being cut anywhere', () => {
    for (let end = 12; end < invite.length; end += 1) ofFrames(udpFrame(5060, 5060, octets(invite).slice(0, end)));
    expect(faultsWhenCut(udpFrame(5060, 5060, trying))).toEqual([]);
  });
});

describe('SIP over TCP', () => {
  it('ends where its length says, wherever segments do', () => {
    const both = invite + trying;
    for (const cut of [1, 30, headers.join().length, invite.length - 3, invite.length, invite.length + 5]) {
      const t = overTcp(5060, ['>', both.slice(0, cut)], ['>', both.slice(cut)]);
      const shown = t.stacks.filter((stack) => stack.startsWith('sip'));
      expect(shown.join(' ')).toContain('sip:sdp');
      const last = t.at(1);
      expect(fieldsOf(last, 'sip.Status-Code')).toEqual({ 'sip.Status-Code': '100' });
    }
  });

  it('is known by its first line on other ports', () => {
    expect(overTcp(7777, ['>', trying]).stacks).toEqual(['sip']);
    expect(overTcp(7777, ['>', 'sip/2.0 100 x\r\n']).stacks).not.toEqual(['sip']);
    expect(
      ofFrames(udpFrame(7777, 7778, trying))
        .at(0)
        .protocolNames.endsWith('udp:sip'),
    ).toBe(true);
  });

  it('takes all there is without a length, and stands being cut anywhere', () => {
    const loose = 'SIP/2.0 200 OK\r\nCall-ID: x\r\n\r\nbody';
    expect(overTcp(5060, ['<', loose]).stacks).toEqual(['sip']);
    survivesCuts(5060, [
      ['>', invite],
      ['<', trying.replace('Content-Length', 'l')],
      ['<', 'SIP/2.0 200 OK\r\nContent-Length: 999999999\r\n\r\n'],
    ]);
  });
});

describe('ports that other programs have, too', () => {
  it('are SKINNY where the header is one that Cisco has', () => {
    const keepAlive = [4, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0];
    const talk = overTcp(2000, ['>', Uint8Array.from(keepAlive)], ['>', Uint8Array.from([...keepAlive, ...keepAlive])]);
    expect(talk.stacks).toEqual(['skinny', 'skinny']);
    expect(fieldsOf(talk.at(0), 'skinny.messageId')).toEqual({ 'skinny.messageId': '256' });
    expect(overTcp(2000, ['>', 'hello\n'], ['<', 'HELLO, whoever you are\n']).stacks).toEqual(['data', 'data']);
  });

  it('are UFTP where the first octet is one of its versions', () => {
    const first = (octet: number): string[] => ofFrames(udpFrame(1044, 16476, new Uint8Array(40).fill(octet))).stacks;
    expect([first(0x61), first(0x40), first(0x50)]).toEqual([['data'], ['uftp:uftp4'], ['uftp:uftp5']]);
  });
});
