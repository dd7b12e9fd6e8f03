import { describe, expect, test } from 'vitest';
import { eth, faultsWhenCut, fieldsOf, hex, join, stackOf } from './network-packets.ts';
import { ofFrames, overTcp, survivesCuts, udpFrame } from './talk.ts';

const start = hex('c0 01 01 00 d0cb1a25 00000004 aabbccdd');

describe('TACACS+', () => {
  test('says what is asked for, and a message may come in pieces', () => {
    const { stacks, at } = overTcp(49, ['>', start], ['>', join(start.slice(0, 6))], ['>', start.slice(6)]);
    expect(stacks).toEqual(['tacplus', '', 'tacplus']);
    expect(fieldsOf(at(0), 'tacplus.majvers', 'tacplus.type', 'tacplus.seqno', 'tacplus.session_id', 'tacplus.packet_len')).toEqual({
      'tacplus.majvers': '12',
      'tacplus.type': '1',
      'tacplus.seqno': '1',
      'tacplus.session_id': '3502971429',
      'tacplus.packet_len': '4',
    });
    survivesCuts(49, [['>', start]]);
  });

  test('leaves what is none to others', () => {
    expect(overTcp(49, ['>', 'login: ']).stacks).toEqual(['data']);
    expect(overTcp(49, ['>', hex('c0 01 01 00 d0cb1a25 ffffffff aabb')]).stacks).toEqual(['data']);
  });
});

describe('substations', () => {
  test('GOOSE and sampled values have their head', () => {
    const goose = eth(0x88b8, hex('0001 000c 0000 0000 6102 8000'));
    expect(stackOf(goose)).toBe('eth:ethertype:goose');
    expect(stackOf(eth(0x88ba, hex('4000 000c 0000 0000 6002 8000')))).toBe('eth:ethertype:sv');
    expect(faultsWhenCut(goose)).toEqual([]);
  });
});

describe('a datagram on a port of AFS', () => {
  test('that is shorter than the header of RX is data', () => {
    expect(ofFrames(udpFrame(50000, 7000, new Uint8Array(24).fill(1))).stacks).toEqual(['data']);
  });
});
