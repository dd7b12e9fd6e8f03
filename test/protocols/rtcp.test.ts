import { describe, expect, it } from 'vitest';
import { rtcp } from '../../src/protocols/rtcp.ts';
import { dissect, TestCapture, values } from './app-fixtures.ts';
import { survivesEveryCut, udpFrom } from './every-cut.ts';
import { fieldsOf, join, u32 } from './network-packets.ts';
import { octets, ofFrames, udpFrame } from './talk.ts';

const packet = (count: number, type: number, ...body: (Uint8Array | readonly number[])[]): Uint8Array => {
  const bytes = join(...body);
  return join([0x80 | count, type, 0, bytes.length / 4], bytes);
};
const block = join(u32(0x11), [3, 0xff, 0xff, 0xfe], u32(0x0002abcd), u32(77), u32(0x1234), u32(65536));
const sender = packet(1, 200, u32(0xaa), u32(0xe0000000), u32(0x80000000), u32(5), u32(6), u32(7), block);
const description = packet(1, 202, u32(0xaa), [1, 3], octets('abc'), [8, 4, 1], octets('pxy'), [0, 0, 0, 0, 0]);
const goodbye = packet(2, 203, u32(0xaa), u32(0xbb), [3], octets('end'));
const compound = join(sender, description, goodbye);
const frame = (bytes: Uint8Array) => ofFrames(udpFrame(40000, 40001, bytes));

describe('RTCP', () => {
  it('is known by its shape, and read packet by packet', () => {
    const t = frame(compound);
    expect(t.stacks).toEqual(['rtcp']);
    expect(t.at(0).columns.info).toBe('Sender Report, Source description, Goodbye');
    const d = t.at(0);
    expect(fieldsOf(d, 'rtcp.pt', 'rtcp.senderssrc', 'rtcp.timestamp.ntp.msw', 'rtcp.ssrc.cum_nr', 'rtcp.ssrc.high_seq')).toEqual({
      'rtcp.pt': '200,202,203',
      'rtcp.senderssrc': '0x000000aa',
      'rtcp.timestamp.ntp.msw': '3758096384',
      'rtcp.ssrc.cum_nr': '-2',
      'rtcp.ssrc.high_seq': '43981',
    });
    expect(fieldsOf(d, 'rtcp.ssrc.identifier', 'rtcp.sdes.type', 'rtcp.sdes.prefix.string', 'rtcp.sdes.text', 'rtcp.length_check')).toEqual(
      {
        'rtcp.ssrc.identifier': '0x00000011,0x000000aa,0x000000aa,0x000000bb',
        'rtcp.sdes.type': '1,8,0',
        'rtcp.sdes.prefix.string': 'p',
        'rtcp.sdes.text': 'abc,xy,end',
        'rtcp.length_check': '1',
      },
    );
  });
  it('reads feedback and what applications say', () => {
    const read = (bytes: Uint8Array) => {
      const capture = new TestCapture();
      return dissect(capture, capture.row(), rtcp, bytes, udpFrom(5001));
    };
    const nack = read(packet(1, 205, u32(1), u32(2), [0, 9, 0, 3]));
    expect([values(nack, 'rtcp.rtpfb.nack_pid'), values(nack, 'rtcp.rtpfb.nack_blp')]).toEqual([[9], [3]]);
    expect(values(read(packet(4, 206, u32(1), u32(0), u32(3), [9, 0, 0, 0])), 'rtcp.psfb.fir.fci.csn')).toEqual([9]);
    const said = packet(5, 204, u32(1), octets('name'), octets('data'));
    expect([values(read(said), 'rtcp.app.name'), values(read(said), 'rtcp.app.data_str')]).toEqual([['name'], ['data']]);
  });
  it('is not seen in what only looks like its first octets', () => {
    for (const bytes of [sender.slice(0, 20), join(sender, [0]), join([0x40], sender.slice(1)), packet(0, 199, u32(1))])
      expect(frame(bytes).stacks).toEqual(['data']);
  });
  it('ends with what is no packet behind the last one', () =>
    expect(fieldsOf(frame(join(sender, u32(0))).at(0), 'rtcp.pt')).toEqual({ 'rtcp.pt': '200' }));
  it('survives being cut and turned', () => survivesEveryCut(rtcp, compound, udpFrom(5001)));
});
