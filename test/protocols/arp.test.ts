import { describe, expect, test } from 'vitest';
import { dissectPacket } from '../../src/protocols/dissect-packet.ts';
import { arpFrame } from './link-frames.ts';
import { captureOf, dissectOne, eth, faultsWhenCut, fieldsOf, hex, IP_A, MAC_A, MAC_B, u16 } from './network-packets.ts';

describe('ARP', () => {
  test('is taken apart: the target is not the sender', () => {
    const d = dissectOne(arpFrame(2, IP_A, [10, 0, 0, 9], MAC_B));
    expect(
      fieldsOf(
        d,
        'arp.hw.type',
        'arp.proto.type',
        'arp.hw.size',
        'arp.proto.size',
        'arp.opcode',
        'arp.src.hw_mac',
        'arp.src.proto_ipv4',
        'arp.dst.hw_mac',
        'arp.dst.proto_ipv4',
      ),
    ).toEqual({
      'arp.hw.type': '1',
      'arp.proto.type': '0x0800',
      'arp.hw.size': '6',
      'arp.proto.size': '4',
      'arp.opcode': '2',
      'arp.src.hw_mac': '02:00:00:00:00:0a',
      'arp.src.proto_ipv4': '10.0.0.1',
      'arp.dst.hw_mac': '02:00:00:00:00:0b',
      'arp.dst.proto_ipv4': '10.0.0.9',
    });
    expect(d.columns).toMatchObject({ protocol: 'ARP', info: '10.0.0.1 is at 02:00:00:00:00:0a', source: '02:00:00:00:00:0a' });
  });

  test('says when an address is claimed that another one had, and where it had it last', () => {
    const from = (mac: Uint8Array, ip: readonly number[]) => {
      const frame = arpFrame(1, ip);
      frame.set(mac, 22);
      return frame;
    };
    const capture = captureOf([from(MAC_A, IP_A), from(MAC_A, IP_A), from(MAC_B, [10, 0, 0, 7]), from(MAC_B, IP_A), from(MAC_A, IP_A)]);
    const said = [0, 1, 2, 3, 4].map((row) =>
      fieldsOf(dissectPacket(capture, row), 'arp.duplicate-address-frame', 'arp.seconds-since-duplicate-address-frame'),
    );
    expect(said.map((one) => one['arp.duplicate-address-frame'])).toEqual(['', '', '', '2', '']);
    expect(said[3]?.['arp.seconds-since-duplicate-address-frame']).toBe('2');
  });

  test('takes no claim from zeros, from group addresses, nor from the target of a request', () => {
    const probe = (ip: readonly number[], mac: Uint8Array) => {
      const frame = arpFrame(1, ip, IP_A, mac);
      return frame;
    };
    const capture = captureOf([
      arpFrame(1, IP_A),
      probe([0, 0, 0, 0], MAC_B),
      probe([10, 0, 0, 8], MAC_B),
      arpFrame(2, [10, 0, 0, 8], IP_A, MAC_B),
    ]);
    const said = [0, 1, 2, 3].map(
      (row) => fieldsOf(dissectPacket(capture, row), 'arp.duplicate-address-frame')['arp.duplicate-address-frame'],
    );
    expect(said).toEqual(['', '', '', '1']);
  });

  test.each([
    ['a request', arpFrame(), 'Who has 10.0.0.2? Tell 10.0.0.1', '', '', ''],
    ['a probe', arpFrame(1, [0, 0, 0, 0]), 'Who has 10.0.0.2? (ARP Probe)', '1', '', ''],
    ['an announcement', arpFrame(1, IP_A, IP_A), 'ARP Announcement for 10.0.0.1', '', '1', '1'],
    ['a gratuitous reply', arpFrame(2, IP_A, IP_A), 'Gratuitous ARP for 10.0.0.1 (Reply)', '', '1', ''],
  ])('tells %s', (_what, frame, info, probe, gratuitous, announcement) => {
    const d = dissectOne(frame);
    expect(d.columns.info).toBe(info);
    expect(fieldsOf(d, 'arp.isprobe', 'arp.isgratuitous', 'arp.isannouncement')).toEqual({
      'arp.isprobe': probe,
      'arp.isgratuitous': gratuitous,
      'arp.isannouncement': announcement,
    });
  });

  test('keeps an unknown opcode and addresses of other kinds as bytes', () => {
    const d = dissectOne(eth(0x0806, u16(15), u16(0x809b), [2, 3], u16(99), hex('0102 0a0b0c 0304 0d0e0f')));
    expect(fieldsOf(d, 'arp.opcode', 'arp.src.hw', 'arp.src.proto', 'arp.dst.hw', 'arp.dst.proto', 'arp.src.hw_mac')).toEqual({
      'arp.opcode': '99',
      'arp.src.hw': '0102',
      'arp.src.proto': '0a0b0c',
      'arp.dst.hw': '0304',
      'arp.dst.proto': '0d0e0f',
      'arp.src.hw_mac': '',
    });
  });

  test('with addresses longer than the frame is malformed, and what was read stays', () => {
    const d = dissectOne(eth(0x0806, u16(1), u16(0x0800), [255, 255], u16(1), hex('01020304')));
    expect(d.layers.at(-1)).toMatchObject({ protocol: 'arp', status: 'malformed' });
    expect(fieldsOf(d, 'arp.opcode')).toEqual({ 'arp.opcode': '1' });
  });

  test('can be cut at every byte', () => {
    expect(faultsWhenCut(arpFrame())).toEqual([]);
  });
});
