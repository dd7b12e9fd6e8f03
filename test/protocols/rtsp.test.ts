import { describe, expect, it } from 'vitest';
import { rtsp } from '../../src/protocols/rtsp.ts';
import { ascii, dissect, join, TestCapture, values } from './app-fixtures.ts';
import { hex, survivesEveryCut, tcpFrom } from './every-cut.ts';
import { fieldsOf, indexedStack } from './network-packets.ts';
import { ofFrames, overTcp, type Said, survivesCuts, tcpFrames, udpFrame } from './talk.ts';

const transport = tcpFrom(554);
const read = (bytes: Uint8Array) => {
  const capture = new TestCapture();
  return dissect(capture, capture.row(), rtsp, bytes, transport);
};

const setup = ascii(
  'SETUP rtsp://10.2.2.2/trackID=1 RTSP/1.0\r\nCSeq: 5\r\nTransport: RTP/AVP;unicast;client_port=5000-5001\r\nSession: 8c30e1\r\n\r\n',
);
const response = ascii('RTSP/1.0 200 OK\r\nCseq: 3\r\nContent-type: application/sdp\r\nContent-length: 5\r\n\r\nv=0\r\n');

describe('RTSP', () => {
  it('reads what is asked for, and the transport', () => {
    const d = read(setup);
    expect(values(d, 'rtsp.request')).toEqual(['SETUP rtsp://10.2.2.2/trackID=1 RTSP/1.0\r\n']);
    expect(values(d, 'rtsp.method')).toEqual(['SETUP']);
    expect(values(d, 'rtsp.url')).toEqual(['rtsp://10.2.2.2/trackID=1']);
    expect(values(d, 'rtsp.transport')).toEqual(['RTP/AVP;unicast;client_port=5000-5001']);
    expect(values(d, 'rtsp.session')).toEqual(['8c30e1']);
    expect(d.columns.info).toBe('SETUP rtsp://10.2.2.2/trackID=1 RTSP/1.0');
  });
  it('reads the status and what the body is', () => {
    const d = read(response);
    expect(values(d, 'rtsp.status')).toEqual([200]);
    expect(values(d, 'rtsp.content-type')).toEqual(['application/sdp']);
    expect(values(d, 'rtsp.content-length')).toEqual([5]);
  });
  it('finds the message behind a body, and what is interleaved', () => {
    const d = read(join(response, hex('24 01 0002 abcd'), setup));
    expect(values(d, 'rtsp.channel')).toEqual([1]);
    expect(values(d, 'rtsp.data')).toEqual([[0xab, 0xcd]]);
    expect(values(d, 'rtsp.method')).toEqual(['SETUP']);
  });
  it('notes a length that is no number, and takes no body by it', () => {
    const d = read(join(ascii('RTSP/1.0 200 OK\r\nContent-length: many\r\n\r\n'), setup));
    expect(values(d, 'rtsp.content-length')).toEqual([]);
    expect(values(d, 'rtsp.content-length.invalid')).toHaveLength(1);
    expect(values(d, 'rtsp.method')).toEqual(['SETUP']);
  });
  it('has no fields for the middle of a body', () => expect(values(read(ascii('a=recvonly\r\n')), 'rtsp.request')).toEqual([]));
  const transport_ = (value: string) => `Transport: RTP/AVP${value}\r\n`;
  const answer = (headers: string, body = '') => `RTSP/1.0 200 OK\r\nCSeq: 1\r\n${headers}Content-Length: ${body.length}\r\n\r\n${body}`;
  const sdp = 'v=0\r\ns=x\r\nm=video 0 RTP/AVP 96\r\n';
  const described = answer('Content-Type: application/sdp; charset=utf-8\r\n', sdp);
  const framed = (channel: number, packet: readonly number[]) => Uint8Array.of(0x24, channel, 0, packet.length, ...packet);
  const rtpPacket = (sequence: number) => [0x80, 96, 0, sequence, 0, 0, 0, 1, 0, 0, 0, 2, 7, 7];
  const rtcpPacket = [0x80, 201, 0, 1, 0, 0, 0, 9];
  it('puts a message together from many segments, and takes its body apart', () => {
    const pieces = [...described].map((c): Said => ['<', c]);
    // Before six octets nobody knows that a message begins.
    const t = overTcp(554, ['<', described.slice(0, 6)], ...pieces.slice(6));
    expect(t.stacks.slice(0, -1)).toEqual(Array(described.length - 6).fill(''));
    expect(t.stacks.at(-1)).toBe('rtsp:sdp');
    expect(fieldsOf(t.at(described.length - 6), 'rtsp.status', 'sdp.session_name')).toEqual({
      'rtsp.status': '200',
      'sdp.session_name': 'x',
    });
    expect(overTcp(554, ['<', described + answer('') + described]).stacks).toEqual(['rtsp:sdp:sdp']);
    const parameters = 'GET_PARAMETER rtsp://h RTSP/1.0\r\nContent-Type: text/parameters\r\nContent-Length: 7\r\n\r\njitter\n';
    expect(overTcp(554, ['>', parameters], ['<', 'what is this\r\n']).stacks).toEqual(['rtsp:data-text-lines', 'rtsp']);
  });
  it('gives channels to RTP and RTCP as the answer to SETUP says, packets over many segments too', () => {
    const long = framed(0, rtpPacket(3));
    const t = overTcp(
      554,
      ['<', framed(0, rtpPacket(1))],
      ['<', answer(transport_('/TCP;unicast;interleaved=0-1'))],
      ['<', join(framed(0, rtpPacket(1)), framed(1, rtcpPacket), framed(2, [1, 2]))],
      ['<', long.slice(0, 3)],
      ['<', long.slice(3, 9)],
      ['<', join(long.slice(9), framed(0, rtpPacket(4)))],
    );
    expect(t.stacks).toEqual(['rtsp', 'rtsp', 'rtsp:rtp:rtcp', '', '', 'rtsp:rtp:rtsp:rtp']);
    expect(fieldsOf(t.at(2), 'rtp.seq', 'rtcp.senderssrc', 'rtsp.data')).toEqual({
      'rtp.seq': '1',
      'rtcp.senderssrc': '0x00000009',
      'rtsp.data': '0102',
    });
    expect(fieldsOf(t.at(5), 'rtp.seq')).toEqual({ 'rtp.seq': '3,4' });
  });
  it('knows the ports that the answer to SETUP names', () => {
    const media = [udpFrame(6000, 5000, Uint8Array.from(rtpPacket(8)), true), udpFrame(6001, 5001, Uint8Array.from(rtcpPacket), true)];
    const said = tcpFrames(554, [['<', answer(transport_(';unicast;client_port=5000-5001;server_port=6000-6001'))]]);
    const t = ofFrames(...said, ...media);
    expect(t.stacks.slice(-2)).toEqual(['rtp', 'rtcp']);
    expect(fieldsOf(t.at(4), 'rtp.setup-frame', 'rtp.setup-method')).toEqual({ 'rtp.setup-frame': '4', 'rtp.setup-method': 'RTSP' });
    expect(fieldsOf(t.at(5), 'rtcp.setup-frame')).toEqual({ 'rtcp.setup-frame': '4' });
  });
  it('takes no more apart of one segment than a packet has room for, at both depths', () => {
    const many = join(...Array.from({ length: 90 }, (_, n) => framed(0, rtpPacket(n))));
    const t = overTcp(554, ['<', answer(transport_('/TCP;interleaved=0-1'))], ['<', many]);
    expect(t.stacks[1]).toBe(`rtsp${':rtp'.repeat(20)}`);
    expect(indexedStack(t.capture, 4)).toBe(t.at(1).protocolNames);
  });
  it('survives being cut in a conversation', () => {
    const setup_: Said = ['<', answer(transport_('/TCP;unicast;interleaved=0-1'))];
    survivesCuts(554, [setup_, ['<', join(ascii(described), framed(0, rtpPacket(1)))]]);
    survivesCuts(554, [setup_]);
  });
  it('survives being cut and turned', () => {
    for (const bytes of [setup, response, hex('24 01 0008 abcd')]) survivesEveryCut(rtsp, bytes, transport);
  });
});
