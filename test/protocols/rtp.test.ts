import { describe, expect, it } from 'vitest';
import { fieldsOf, IP_B, join, u16, u32 } from './network-packets.ts';
import { ofFrames, tcpFrames, udpFrame } from './talk.ts';

const le32 = (value: number): number[] => [value & 255, (value >> 8) & 255, (value >> 16) & 255, (value >>> 24) & 255];
/** Skinny's StartMediaTransmission to B's port 4000. */
const start = join(le32(32), le32(0), le32(0x8a), le32(1), le32(2), IP_B, le32(4000), new Uint8Array(12));
const rtp = (sequence: number, ...rest: number[]) => join([0x80, 0x80], u16(sequence), u32(160), u32(0xabcd), rest);
const setup = tcpFrames(2000, [['<', start]]);

describe('RTP', () => {
  it('is found where Skinny announced it', () => {
    const t = ofFrames(...setup, udpFrame(3000, 4000, rtp(65535, 1, 2)), udpFrame(3000, 4000, rtp(0, 3)));
    expect(t.stacks.slice(-2)).toEqual(['rtp', 'rtp']);
    const d = t.at(4);
    expect(fieldsOf(d, 'rtp.setup-frame', 'rtp.setup-method', 'rtp.marker', 'rtp.p_type', 'rtp.ssrc', 'rtp.payload', 'rtp.extseq')).toEqual(
      {
        'rtp.setup-frame': '4',
        'rtp.setup-method': 'SKINNY',
        'rtp.marker': '1',
        'rtp.p_type': '0',
        'rtp.ssrc': '0x0000abcd',
        'rtp.payload': '0102',
        'rtp.extseq': '65535',
      },
    );
    expect(fieldsOf(t.at(5), 'rtp.extseq')).toEqual({ 'rtp.extseq': '65536' });
  });

  it('is not seen where nothing announced it', () => {
    expect(ofFrames(udpFrame(3000, 4000, rtp(1, 1))).stacks).toEqual(['data']);
  });

  it('reads sources, extensions and padding', () => {
    const packet = join([0xb1, 0x60], u16(1), u32(2), u32(3), u32(9), [0xbe, 0xde, 0, 1, 0x11, 7, 8, 0], [5, 6, 0, 2]);
    const d = ofFrames(...setup, udpFrame(3000, 4000, packet)).at(4);
    expect(fieldsOf(d, 'rtp.csrc.item', 'rtp.ext.rfc5285.id', 'rtp.ext.rfc5285.data', 'rtp.payload', 'rtp.padding.count')).toEqual({
      'rtp.csrc.item': '0x00000009',
      'rtp.ext.rfc5285.id': '1',
      'rtp.ext.rfc5285.data': '0708',
      'rtp.payload': '0506',
      'rtp.padding.count': '2',
    });
    for (let end = 1; end < packet.length; end++)
      expect(ofFrames(...setup, udpFrame(3000, 4000, packet.slice(0, end))).stacks.at(-1)).toBe('rtp');
  });
});
