import { describe, expect, test } from 'vitest';
import { internetChecksum } from '../../src/bytes/checksum.ts';
import { arpFrame } from './link-frames.ts';
import {
  captureOf,
  dissectOne,
  eth,
  faultsWhenCut,
  fieldsOf,
  hex,
  IP6_A,
  IP6_B,
  ip4,
  ip6,
  join,
  MAC_A,
  MAC_B,
  stackOf,
  u16,
  u32,
  udpTo,
} from './network-packets.ts';

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

  test('carries mirrored and bridged frames', () => {
    const inner = arpFrame();
    const kinds: [Uint8Array, string][] = [
      [join(hex('0000 88be'), inner), 'gre:erspan:eth:ethertype:arp'],
      [join(hex('1000 88be 00000001 1001 0005 00000000'), inner), 'gre:erspan:eth:ethertype:arp'],
      [join(hex('1000 22eb 00000001 2001 0005 00000000 00000000'), inner), 'gre:erspan:eth:ethertype:arp'],
      [join(hex('0000 6558'), inner), 'gre:eth:ethertype:arp'],
      [join(hex('2001 6400 002a 1900'), inner), 'gre:eth:ethertype:arp'],
    ];
    for (const [payload, stack] of kinds) {
      const frame = eth(0x0800, ip4(payload, { proto: 47 }));
      expect(dissectOne(frame).protocolNames).toBe(`eth:ethertype:ip:${stack}`);
      expect(faultsWhenCut(frame)).toEqual([]);
    }
  });
});

test('EoIP has version 1 of GRE, but one key', () => {
  const d = dissectOne(eth(0x0800, ip4(join(hex('2001 6400 002a 1900'), arpFrame()), { proto: 47 })));
  expect(fieldsOf(d, 'gre.key', 'gre.key.call_id')).toEqual({ 'gre.key': '0x002a1900', 'gre.key.call_id': '' });
});

const ping = ip4(hex('0800 f7fd 0001 0001'), { proto: 1 });
describe('tunnels over GRE and UDP', () => {
  test('a packet that a cache was given is found behind the redirect header, or without one', () => {
    const redirected = (payload: Uint8Array) => eth(0x0800, ip4(join(hex('0000 883e'), payload), { proto: 47 }));
    const second = redirected(join([0x01, 0x32, 0, 7], ping));
    expect(stackOf(second)).toBe('eth:ethertype:ip:gre:ip:icmp');
    expect(fieldsOf(dissectOne(second), 'gre.wccp.service_id', 'gre.wccp.primary_bucket')).toEqual({
      'gre.wccp.service_id': '50',
      'gre.wccp.primary_bucket': '7',
    });
    expect(stackOf(redirected(ping))).toBe('eth:ethertype:ip:gre:ip:icmp');
    expect(faultsWhenCut(second)).toEqual([]);
  });

  test('a mirrored frame of type III is what its frame type says', () => {
    const mirrored = (flags: number, what: Uint8Array) =>
      eth(0x0800, ip4(join(hex('1000 22eb 00000001 2001 1865 3476 0b01 0000'), u16(flags), what), { proto: 47 }));
    expect(stackOf(mirrored(0x0000, arpFrame()))).toBe('eth:ethertype:ip:gre:erspan:eth:ethertype:arp');
    expect(stackOf(mirrored(0x0800, ping))).toBe('eth:ethertype:ip:gre:erspan:ip:icmp');
    const other = mirrored(0x1e08, arpFrame());
    expect(stackOf(other)).toBe('eth:ethertype:ip:gre:erspan:data');
    expect(fieldsOf(dissectOne(other), 'erspan.bso', 'erspan.ft', 'erspan.hw', 'erspan.direction')).toEqual({
      'erspan.bso': '3',
      'erspan.ft': '7',
      'erspan.hw': '32',
      'erspan.direction': '1',
    });
    expect(faultsWhenCut(other)).toEqual([]);
  });

  test('labels are found in UDP (RFC 7510), and IS-IS in GRE', () => {
    const labelled = eth(0x0800, ip4(udpTo(50000, 6635, join(hex('0001 0140'), ping)), { proto: 17 }));
    expect(stackOf(labelled)).toBe('eth:ethertype:ip:udp:mpls:ip:icmp');
    expect(faultsWhenCut(labelled)).toEqual([]);
    const routing = eth(0x0800, ip4(hex('0000 00fe 83 1b 01 00 14 01 00 00'), { proto: 47 }));
    expect(stackOf(routing)).toMatch(/^eth:ethertype:ip:gre:osi/);
  });

  test('GRE is found in UDP (RFC 8086)', () => {
    const frame = eth(0x0800, ip4(udpTo(50000, 4754, join(hex('0000 0800'), ping)), { proto: 17 }));
    expect(stackOf(frame)).toBe('eth:ethertype:ip:udp:gre:ip:icmp');
    expect(faultsWhenCut(frame)).toEqual([]);
  });

  test("version 0 of GTP carries IP behind twenty octets, and GTP' has a short header", () => {
    const tunnelled = join(hex('1e ff'), u16(ping.length), hex('0001 0002 ff ffffff 4200012143658709'), ping);
    const frame = eth(0x0800, ip4(udpTo(3386, 3386, tunnelled), { proto: 17 }));
    expect(stackOf(frame)).toBe('eth:ethertype:ip:udp:gtpprime:ip:icmp');
    expect(faultsWhenCut(frame)).toEqual([]);
    expect(stackOf(eth(0x0800, ip4(udpTo(3386, 3386, hex('0f 01 0000 0001')), { proto: 17 })))).toBe('eth:ethertype:ip:udp:gtpprime');
  });

  test('a PIM register carries the packet, other messages do not', () => {
    const frame = eth(0x0800, ip4(join(hex('2100 deff 00000000'), ping), { proto: 103 }));
    expect(stackOf(frame)).toBe('eth:ethertype:ip:pim:ip:icmp');
    expect(fieldsOf(dissectOne(frame), 'pim.type', 'pim.cksum.status')).toEqual({ 'pim.type': '1', 'pim.cksum.status': '1' });
    expect(faultsWhenCut(frame)).toEqual([]);
    expect(stackOf(eth(0x0800, ip4(hex('2000 dfff'), { proto: 103 })))).toBe('eth:ethertype:ip:pim');
  });

  test('an NHRP traffic indication quotes the packet that caused it', () => {
    const fixed = hex('0001 0800 0000000000 ff 0050 0000 0000 01 08 04 00');
    const frame = eth(
      0x0800,
      ip4(join(hex('0000 2001'), fixed, hex('04 04 0000 00000000 0a000001 0a000002 0a000003'), ping), { proto: 47 }),
    );
    expect(stackOf(frame)).toBe('eth:ethertype:ip:gre:nhrp:ip:icmp');
    const d = dissectOne(frame);
    expect(fieldsOf(d, 'nhrp.src.prot.addr', 'icmp.type')).toEqual({ 'nhrp.src.prot.addr': '10.0.0.2', 'icmp.type': '8' });
    expect(d.columns.protocol).toBe('NHRP');
    expect(faultsWhenCut(frame)).toEqual([]);
  });
});

describe('MACsec', () => {
  const tag = (tci: number) => join([tci, 0], u32(68), tci & 0x20 ? join(MAC_A, u16(1)) : []);
  const icv = new Uint8Array(16).fill(0xee);

  test('that only authenticates leaves the packet readable, with the check value behind it', () => {
    const frame = eth(0x88e5, tag(0x20), u16(0x0800), ping, icv);
    expect(stackOf(frame)).toBe('eth:ethertype:macsec:ethertype:ip:icmp');
    expect(fieldsOf(dissectOne(frame), 'macsec.PN', 'macsec.SCI.port_identifier', 'macsec.ICV')).toEqual({
      'macsec.PN': '68',
      'macsec.SCI.port_identifier': '1',
      'macsec.ICV': 'ee'.repeat(16),
    });
    expect(faultsWhenCut(frame)).toEqual([]);
  });

  test('that encrypts shows no packet', () => {
    expect(stackOf(eth(0x88e5, tag(0x0c), ping, icv))).toBe('eth:ethertype:macsec:data');
  });
});

describe('802.11', () => {
  const llc = (packet: Uint8Array) => join(hex('aaaa03 000000 0800'), packet);
  const header = (kind: number, flags: number, ...more: number[]) => join([kind, flags, 0, 0], MAC_A, MAC_B, MAC_A, u16(0), more);

  test('a data frame leads into its packet, and its addresses follow from the direction', () => {
    const frame = join(header(0x08, 0x01), llc(ping));
    expect(stackOf(frame, 105)).toBe('wlan:llc:ip:icmp');
    expect(fieldsOf(dissectOne(frame, 105), 'wlan.fc.type_subtype', 'wlan.bssid', 'wlan.sa')).toEqual({
      'wlan.fc.type_subtype': '0x0020',
      'wlan.bssid': '02:00:00:00:00:0a',
      'wlan.sa': '02:00:00:00:00:0b',
    });
    expect(faultsWhenCut(frame, 105)).toEqual([]);
  });

  test('an aggregate leads into each of its packets, padded to four octets', () => {
    const part = (packet: Uint8Array) => join(MAC_A, MAC_B, u16(8 + packet.length), llc(packet));
    const one = ip4([1], { proto: 253 });
    const frame = join(header(0x88, 0x02, 0x80, 0), part(one), new Uint8Array(1), part(ping));
    expect(stackOf(frame, 105)).toBe('wlan:llc:ip:data:llc:ip:icmp');
    expect(faultsWhenCut(frame, 105)).toEqual([]);
  });

  test('an encrypted frame, a null frame and a beacon show no packet', () => {
    expect(stackOf(join(header(0x08, 0x41), llc(ping)), 105)).toBe('wlan:data');
    expect(stackOf(header(0x48, 0x01), 105)).toBe('wlan');
    expect(stackOf(join(header(0x80, 0), new Uint8Array(20)), 105)).toBe('wlan');
  });

  test('CAPWAP carries such frames with their control octets swapped', () => {
    const frame = eth(0x0800, ip4(udpTo(50000, 5247, join(hex('00 100300 00000000'), header(0x01, 0x08), llc(ping))), { proto: 17 }));
    expect(stackOf(frame)).toBe('eth:ethertype:ip:udp:capwap.data:wlan:llc:ip:icmp');
    expect(fieldsOf(dissectOne(frame), 'capwap.header.wbid', 'wlan.fc.tods')).toEqual({ 'capwap.header.wbid': '1', 'wlan.fc.tods': '1' });
    expect(faultsWhenCut(frame)).toEqual([]);
  });
});

describe('other link types', () => {
  const beacon = join([0x80, 0, 0, 0], MAC_A, MAC_B, MAC_A, u16(0));
  const data = join([0x08, 0x01, 0, 0], MAC_A, MAC_B, MAC_A, u16(0), hex('aaaa03 000000 0800'), ping);

  test('a radiotap header leads to the frame, and its flags say whether a check sequence follows', () => {
    const plain = join(hex('0000 0800 00000000'), beacon);
    expect(stackOf(plain, 127)).toBe('radiotap:wlan_radio:wlan');
    // Timer (aligned to 8) and flags, in two words of presence.
    const withFcs = join(hex('0000 1900 03000080 00000000 00000000'), new Uint8Array(8), [0x10], data, hex('deadbeef'));
    expect(stackOf(withFcs, 127)).toBe('radiotap:wlan_radio:wlan:llc:ip:icmp');
    expect(fieldsOf(dissectOne(withFcs, 127), 'radiotap.length', 'radiotap.flags.fcs')).toEqual({
      'radiotap.length': '25',
      'radiotap.flags.fcs': '1',
    });
    expect(faultsWhenCut(withFcs, 127)).toEqual([]);
  });

  test.each([
    ['Frame Relay by NLPID', 107, hex('1841 03cc'), 'fr:ip:icmp'],
    ['Frame Relay by EtherType', 107, hex('1841 0800'), 'fr:ip:icmp'],
    ['InfiniBand', 242, join(new Uint8Array(40), hex('0800 0000')), 'ipoib:ip:icmp'],
    ['NFLOG', 239, join(hex('02 00 0000 0500 0a00 00000000'), [4 + ping.length, 0, 9, 0]), 'nflog:ip:icmp'],
    ['BSD loopback', 0, hex('02000000'), 'null:ip:icmp'],
    ['BSD loopback with an EtherType', 0, hex('0f000800'), 'null:ip:icmp'],
    ['ARCnet by RFC 1051', 129, hex('be 50 0000 f0'), 'arcnet:ip:icmp'],
    ['ARCnet by RFC 1201', 129, hex('be 50 0000 d4 00 0001'), 'arcnet:ip:icmp'],
    ['IPNET', 226, join(hex('01 02 0000'), new Uint8Array(20)), 'ipnet:ip:icmp'],
  ])('%s leads to the packet', (_name, linkType, header, stack) => {
    const frame = join(header, ping);
    expect(stackOf(frame, linkType)).toBe(stack);
    expect(faultsWhenCut(frame, linkType)).toEqual([]);
  });
});

describe('sFlow', () => {
  const record = (header: Uint8Array) => {
    const padded = join(header, new Uint8Array(-header.length & 3));
    return join(u32(1), u32(16 + padded.length), u32(1), u32(header.length), u32(4), u32(header.length), padded);
  };
  const sample = (...records: Uint8Array[]) => {
    const body = join(u32(7), u32(1), u32(1000), u32(5), u32(0), u32(1), u32(2), u32(records.length), ...records);
    return join(u32(1), u32(body.length), body);
  };
  const datagram = (...samples: Uint8Array[]) =>
    eth(
      0x0800,
      ip4(udpTo(50000, 6343, join(u32(5), u32(1), [192, 0, 2, 1], u32(0), u32(9), u32(1), u32(samples.length), ...samples)), { proto: 17 }),
    );
  const sampled = eth(0x0800, ping);

  test('takes the sampled packets apart, but takes no streams or addresses from them', () => {
    const frame = datagram(sample(record(sampled), record(sampled)), join(u32(2), u32(4), u32(0)), sample(record(sampled)));
    expect(stackOf(frame)).toBe(`eth:ethertype:ip:udp:sflow${':eth:ethertype:ip:icmp'.repeat(3)}`);
    const d = dissectOne(frame);
    expect(d.columns.protocol).toBe('sFlow');
    expect(fieldsOf(d, 'sflow_245.numsamples', 'sflow_245.header_protocol')).toEqual({
      'sflow_245.numsamples': '3',
      'sflow_245.header_protocol': '1,1,1',
    });
    expect(captureOf([frame]).packets.chunkOf(0).dstPort[0]).toBe(6343);
    expect(faultsWhenCut(frame)).toEqual([]);
  });

  test('with lengths that claim anything ends, and both depths agree', () => {
    for (const length of [0, 1, 0xffffffff, 0x80000000]) {
      const body = join(
        u32(7),
        u32(1),
        u32(1),
        u32(1),
        u32(0),
        u32(1),
        u32(2),
        u32(9),
        u32(1),
        u32(length),
        u32(1),
        u32(9),
        u32(0),
        u32(length),
        sampled,
      );
      stackOf(datagram(join(u32(1), u32(length), body)));
      stackOf(datagram(join(u32(1), u32(body.length), body)));
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
    // A length of 0 says that the payload begins behind eight octets.
    expect(dissectOne(eth(0x86dd, ip6(join([58, 0], u16(0), u32(0), hex('8000 0000 00000000')), 51))).protocolNames).toBe(
      'eth:ethertype:ipv6:ah:icmpv6',
    );
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
  const udp = (port: number, payload: Uint8Array) => eth(0x0800, ip4(udpTo(40000, port, payload), { proto: 17 }));

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

  const options = hex('0132 01 01 800000d1  0132 02 02 0800000d c0a86402  ff01 83 00');
  const withOptions = (bytes: Uint8Array) =>
    udp(6081, join(hex(`${(bytes.length / 4).toString(16).padStart(2, '0')}40 6558 00002a00`), bytes, arpFrame()));

  test('options of Geneve are taken apart, and one that goes too far is not', () => {
    expect(
      fieldsOf(
        dissectOne(withOptions(options)),
        'geneve.option.length',
        'geneve.flags.critical',
        'geneve.option.class',
        'geneve.option.type',
        'geneve.option.type.critical',
        'geneve.option.gcp.vnid',
        'geneve.option.gcp.direction',
        'geneve.option.gcp.endpoint',
        'frame.protocols',
      ),
    ).toEqual({
      'geneve.option.length': '24,8,12,4',
      'geneve.flags.critical': '1',
      'geneve.option.class': '0x0132,0x0132,0xff01',
      'geneve.option.type': '0x01,0x02,0x83',
      'geneve.option.type.critical': '0,0,1',
      'geneve.option.gcp.vnid': '134217741',
      'geneve.option.gcp.direction': '1',
      'geneve.option.gcp.endpoint': '0800000dc0a86402',
      'frame.protocols': 'eth:ethertype:ip:udp:geneve:eth:ethertype:arp',
    });
    const tooLong = fieldsOf(dissectOne(withOptions(hex('0132 01 1f 800000d1'))), 'geneve.option.class', 'frame.protocols');
    expect(tooLong['frame.protocols']).toBe('eth:ethertype:ip:udp:geneve:eth:ethertype:arp');
    expect(tooLong['geneve.option.class'] ?? '').toBe('');
    expect(faultsWhenCut(withOptions(options))).toEqual([]);
  });

  test('the line of a flag field names the bits that are set', () => {
    const d = dissectOne(udp(4789, join(hex('88480000 00002a00'), arpFrame())));
    const flags = d.layers.flatMap((layer) => layer.fields).find((field) => field.abbrev === 'vxlan.flags');
    expect(flags?.display).toBe("0x8848, GBP Extension, VXLAN Network ID (VNI), Don't Learn, Policy Applied");
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
    ['C_HDLC with SLARP, whose number is that of RARP on Ethernet', 104, hex('8f00 8035 00000000 0a000001 ffffff00'), 'chdlc:slarp'],
    ['C_HDLC with IS-IS', 104, hex('0f00 fefe 83 1b 01 00 0f 01 00 00'), 'chdlc:osi:isis:isis.hello'],
    ['C_HDLC with IS-IS behind an octet of padding', 104, hex('0f00 fefe 03 83 1b 01 00 0f 01 00 00'), 'chdlc:osi:isis:isis.hello'],
    ['C_HDLC with OSI that is not taken apart', 104, hex('0f00 fefe 81 1b'), 'chdlc:osi:data'],
    ['one that is not known', 222, hex('010203'), 'data'],
  ])('%s', (_name, linkType, frame, stack) => {
    expect(dissectOne(frame, linkType).protocolNames).toBe(stack);
    expect(faultsWhenCut(frame, linkType)).toEqual([]);
  });

  test('a line that Cisco keeps alive says how far both sides have counted', () => {
    const alive = hex('8f00 8035 00000002 00000005 00000003 fffe');
    expect(fieldsOf(dissectOne(alive, 104), 'slarp.ptype', 'slarp.mysequence', 'slarp.yoursequence', 'slarp.reliability')).toEqual({
      'slarp.ptype': '2',
      'slarp.mysequence': '5',
      'slarp.yoursequence': '3',
      'slarp.reliability': '0xfffe',
    });
    expect(fieldsOf(dissectOne(alive, 104), 'slarp.reliability.invalid')).toEqual({ 'slarp.reliability.invalid': '1' });
    const asked = dissectOne(hex('8f00 8035 00000001 0a000001 ffffff00'), 104);
    expect(fieldsOf(asked, 'slarp.address', 'slarp.netmask')).toEqual({ 'slarp.address': '10.0.0.1', 'slarp.netmask': '255.255.255.0' });
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
