/** H.264 video in RTP (RFC 6184, section 5.2 and 5.8): the octet that says what a packet holds, and that of a fragment. */
import { bool, bytes, nameOf, names, uint8 } from '../dissect/field.ts';
import { app } from './app-kit.ts';

const FRAGMENT_A = 28;
const FRAGMENT_B = 29;

const unitTypes = names({
  0: 'Undefined',
  1: 'NAL unit - Coded slice of a non-IDR picture',
  2: 'NAL unit - Coded slice data partition A',
  3: 'NAL unit - Coded slice data partition B',
  4: 'NAL unit - Coded slice data partition C',
  5: 'NAL unit - Coded slice of an IDR picture',
  6: 'NAL unit - Supplemental enhancement information (SEI)',
  7: 'NAL unit - Sequence parameter set',
  8: 'NAL unit - Picture parameter set',
  9: 'NAL unit - Access unit delimiter',
  10: 'NAL unit - End of sequence',
  11: 'NAL unit - End of stream',
  12: 'NAL unit - Filler data',
  13: 'NAL unit - Sequence parameter set extension',
  14: 'NAL unit - Prefix',
  15: 'NAL unit - Subset sequence parameter set',
  16: 'NAL unit - Reserved',
  17: 'NAL unit - Reserved',
  18: 'NAL unit - Reserved',
  19: 'NAL unit - Coded slice of an auxiliary coded picture without partitioning',
  20: 'NAL unit - Coded slice extension',
  21: 'NAL unit - Coded slice extension for depth view components',
  22: 'NAL unit - Reserved',
  23: 'NAL unit - Reserved',
  30: 'NAL unit - Payload Content Scalability Information (PACSI)',
  31: 'NAL unit - Extended NAL Header',
  24: 'Single-time aggregation packet A (STAP-A)',
  25: 'Single-time aggregation packet B (STAP-B)',
  26: 'Multi-time aggregation packet 16 (MTAP16)',
  27: 'Multi-time aggregation packet 24 (MTAP24)',
  28: 'Fragmentation unit A (FU-A)',
  29: 'Fragmentation unit B (FU-B)',
});

const f = {
  forbidden: bool('h264.f', 'F bit', {
    mask: 0x80,
    bool: ['Bit errors or other syntax violations', 'No bit errors or other syntax violations'],
  }),
  importance: uint8('h264.nal_nri', 'Nal_ref_idc (NRI)', { mask: 0x60 }),
  type: uint8('h264.nal_unit_hdr', 'Type', { mask: 0x1f, names: unitTypes }),
  start: bool('h264.start.bit', 'Start bit', {
    mask: 0x80,
    bool: ['the first packet of FU-A picture', 'Not the first packet of FU-A picture'],
  }),
  end: bool('h264.end.bit', 'End bit', { mask: 0x40, bool: ['the last packet of FU-A picture', 'Not the last packet of FU-A picture'] }),
  unit: bytes('h264.nal_unit', 'NAL unit'),
};

export const h264 = app({
  name: 'h264',
  short: 'H264',
  title: 'H.264',
  fields: Object.values(f),
  read(layer, b) {
    const o = b.offset;
    layer.uint(f.forbidden, o, 1);
    layer.uint(f.importance, o);
    const type = layer.uint(f.type, o);
    let at = o + 1;
    if (layer.ok && (type === FRAGMENT_A || type === FRAGMENT_B) && b.length > 1) {
      layer.uint(f.start, at, 1);
      layer.uint(f.end, at++, 1);
    }
    if (at < b.end) layer.bytes(f.unit, at, b.end - at);
    return nameOf(f.type, type) ?? `Type ${type}`;
  },
});
