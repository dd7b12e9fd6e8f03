import { describe, expect, test } from 'vitest';
import { internetChecksum } from '../../src/bytes/checksum.ts';
import { arpFrame } from './link-frames.ts';
import { dissectOne, eth, faultsWhenCut, fieldsOf, hex, IP6_A, IP6_B, ip4, ip6, join, u16, u32 } from './network-packets.ts';

describe('GRE', () => {
  test('has its optional words in order and leads into what it carries', () => {
    const frame = eth(0x0800, ip4(join(hex('b000 0800 1111 0000 00000005 00000009'), ip4([1])), { proto: 47 }));
    expect(fieldsOf(dissectOne(frame), 'gre.proto', 'gre.checksum', 'gre.key', 'gre.sequence_number', 'frame.protocols')).toEqual({
      'gre.proto': '0x0800',
      'gre.checksum': '0x1111',
      'gre.key': '0x00000005',
      'gre.sequence_number': '9',
      'frame.protocols': 'eth:ethertype:ip:gre:ip:data',
    });
    expect(faultsWhenCut(frame)).toEqual([]);
  });

  test('carries mirrored frames, of three kinds', () => {
    const inner = arpFrame();
    const kinds: [Uint8Array, string][] = [
      [join(hex('0000 88be'), inner), 'gre:erspan:eth:ethertype:arp'],
      [join(hex('1000 88be 00000001 1001 0005 00000000'), inner), 'gre:erspan:eth:ethertype:arp'],
      [join(hex('1000 22eb 00000001 2001 0005 00000000 00000000'), inner), 'gre:erspan:eth:ethertype:arp'],
      [join(hex('0000 6558'), inner), 'gre:eth:ethertype:arp'],
    ];
    for (const [payload, stack] of kinds) {
      const frame = eth(0x0800, ip4(payload, { proto: 47 }));
      expect(dissectOne(frame).protocolNames).toBe(`eth:ethertype:ip:${stack}`);
      expect(faultsWhenCut(frame)).toEqual([]);
    }
  });
});

describe('IPsec', () => {
  test('an authentication header is passed, an encrypted payload is not', () => {
    const ah = join([253, 1], u16(0), u32(7), u32(8), [9, 9]);
    expect(fieldsOf(dissectOne(eth(0x86dd, ip6(ah, 51))), 'ah.spi', 'ah.sequence', 'frame.protocols')).toEqual({
      'ah.spi': '0x00000007',
      'ah.sequence': '8',
      'frame.protocols': 'eth:ethertype:ipv6:ah:data',
    });
    expect(fieldsOf(dissectOne(eth(0x86dd, ip6(join(u32(5), u32(6), [1, 2]), 50))), 'esp.spi', 'frame.protocols')).toEqual({
      'esp.spi': '0x00000005',
      'frame.protocols': 'eth:ethertype:ipv6:esp',
    });
  });
});

describe('IGMP', () => {
  const igmp = (...bytes: (Uint8Array | readonly number[])[]) => {
    const message = join(...bytes);
    message.set(u16(internetChecksum(message, 0, message.length)), 2);
    return eth(0x0800, ip4(message, { proto: 2, ttl: 1, dst: [224, 0, 0, 22] }));
  };
  const report = igmp([0x22, 0], u16(0), u16(0), u16(1), [4, 0], u16(1), [239, 1, 2, 3], [10, 0, 0, 9]);

  test('version 2 is taken apart', () => {
    const d = dissectOne(igmp([0x16, 0], u16(0), [239, 1, 2, 3]));
    expect(fieldsOf(d, 'igmp.type', 'igmp.version', 'igmp.maddr', 'igmp.checksum.status', 'frame.protocols')).toEqual({
      'igmp.type': '0x16',
      'igmp.version': '2',
      'igmp.maddr': '239.1.2.3',
      'igmp.checksum.status': '1',
      'frame.protocols': 'eth:ethertype:ip:igmp:igmp',
    });
    expect(d.columns).toMatchObject({ protocol: 'IGMPv2', info: 'Membership Report group 239.1.2.3' });
  });

  test('version 3 has records with sources', () => {
    expect(fieldsOf(dissectOne(report), 'igmp.version', 'igmp.num_grp_recs', 'igmp.record_type', 'igmp.maddr', 'igmp.saddr')).toEqual({
      'igmp.version': '3',
      'igmp.num_grp_recs': '1',
      'igmp.record_type': '4',
      'igmp.maddr': '239.1.2.3',
      'igmp.saddr': '10.0.0.9',
    });
    expect(faultsWhenCut(report)).toEqual([]);
  });

  test('a query of 12 bytes is of version 3, one without response time of version 1', () => {
    const v3 = igmp([0x11, 100], u16(0), [0, 0, 0, 0], [0x0a, 125], u16(0));
    expect(fieldsOf(dissectOne(v3), 'igmp.version', 'igmp.max_resp', 'igmp.qrv', 'igmp.s')).toEqual({
      'igmp.version': '3',
      'igmp.max_resp': '100',
      'igmp.qrv': '2',
      'igmp.s': '1',
    });
    expect(fieldsOf(dissectOne(igmp([0x11, 0], u16(0), [0, 0, 0, 0])), 'igmp.version')).toEqual({ 'igmp.version': '1' });
  });

  test('an unknown type keeps its bytes', () => {
    expect(fieldsOf(dissectOne(igmp([0x99, 1, 0, 0, 5])), 'igmp.type', 'frame.protocols')).toEqual({
      'igmp.type': '0x99',
      'frame.protocols': 'eth:ethertype:ip:igmp',
    });
  });
});

describe('Ethernet over UDP', () => {
  const udp = (port: number, payload: Uint8Array) =>
    eth(0x0800, ip4(join(u16(40000), u16(port), u16(8 + payload.length), u16(0), payload), { proto: 17 }));

  test('VXLAN and Geneve lead into the frame they carry', () => {
    expect(fieldsOf(dissectOne(udp(4789, join(hex('08000000 00002a00'), arpFrame()))), 'vxlan.vni', 'frame.protocols')).toEqual({
      'vxlan.vni': '42',
      'frame.protocols': 'eth:ethertype:ip:udp:vxlan:eth:ethertype:arp',
    });
    expect(fieldsOf(dissectOne(udp(6081, join(hex('0100 6558 00002a00 00000000'), arpFrame()))), 'geneve.vni', 'frame.protocols')).toEqual({
      'geneve.vni': '0x00002a',
      'frame.protocols': 'eth:ethertype:ip:udp:geneve:eth:ethertype:arp',
    });
  });
});

describe('link types', () => {
  test.each([
    ['NULL, little endian', 0, join([2, 0, 0, 0], ip4([1])), 'null:ip:data'],
    ['NULL, big endian', 0, join([0, 0, 0, 2], ip4([1])), 'null:ip:data'],
    ['LOOP with the IPv6 of FreeBSD', 108, join([0, 0, 0, 28], ip6([1], 253)), 'null:ipv6:data'],
    ['NULL with the IPv6 of macOS', 0, join([30, 0, 0, 0], ip6([1], 253)), 'null:ipv6:data'],
    ['NULL with an unknown family', 0, join([77, 0, 0, 0], [1]), 'null:data'],
    ['RAW with IPv4', 101, ip4([1]), 'raw:ip:data'],
    ['RAW with IPv6', 101, ip6([1], 253), 'raw:ipv6:data'],
    ['RAW with neither', 101, hex('ffff'), 'raw:data'],
    ['IPV4', 228, ip4([1]), 'ip:data'],
    ['IPV6', 229, ip6([1], 253), 'ipv6:data'],
    ['LINUX_SLL', 113, join(u16(4), u16(1), u16(6), hex('02000000000a 0000'), u16(0x0800), ip4([1])), 'sll:ethertype:ip:data'],
    [
      'LINUX_SLL2',
      276,
      join(u16(0x86dd), u16(0), u32(3), u16(1), [4, 6], hex('02000000000a 0000'), ip6([1], 253)),
      'sll:ethertype:ipv6:data',
    ],
    ['PPP', 9, join(hex('ff03 0021'), ip4([1])), 'ppp:ip:data'],
    ['PPP with compressed fields', 9, join([0x21], ip4([1])), 'ppp:ip:data'],
    ['C_HDLC', 104, join(hex('0f00 0800'), ip4([1])), 'chdlc:ip:data'],
    ['one that is not known', 222, hex('010203'), 'data'],
  ])('%s', (_name, linkType, frame, stack) => {
    expect(dissectOne(frame, linkType).protocolNames).toBe(stack);
    expect(faultsWhenCut(frame, linkType)).toEqual([]);
  });

  test('cooked headers name who sent it and in which direction', () => {
    const frame = join(u16(4), u16(1), u16(6), hex('02000000000a 0000'), u16(0x0800), ip4([1]));
    expect(fieldsOf(dissectOne(frame, 113), 'sll.pkttype', 'sll.hatype', 'sll.halen', 'sll.src.eth', 'sll.unused', 'sll.etype')).toEqual({
      'sll.pkttype': '4',
      'sll.hatype': '1',
      'sll.halen': '6',
      'sll.src.eth': '02:00:00:00:00:0a',
      'sll.unused': '0000',
      'sll.etype': '0x0800',
    });
  });

  test('the pseudo-header addresses of a routed packet are those of its end', () => {
    const d = dissectOne(eth(0x86dd, ip6(join(hex('fd02 0001 00000000'), IP6_A, [1]), 43)));
    expect(d.netDst).toEqual(IP6_A);
    expect(d.netDst).not.toEqual(IP6_B);
  });
});
