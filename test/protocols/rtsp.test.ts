import { describe, expect, it } from 'vitest';
import { rtsp } from '../../src/protocols/rtsp.ts';
import { ascii, dissect, join, TestCapture, values } from './app-fixtures.ts';
import { hex, survivesEveryCut, tcpFrom } from './every-cut.ts';

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
  it('survives being cut and turned', () => {
    for (const bytes of [setup, response, hex('24 01 0008 abcd')]) survivesEveryCut(rtsp, bytes, transport);
  });
});
