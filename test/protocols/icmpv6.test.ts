import { describe, expect, test } from 'vitest';
import { dissectPacket } from '../../src/protocols/dissect-packet.ts';
import {
  captureOf,
  dissectOne,
  eth,
  faultsWhenCut,
  fieldsOf,
  hex,
  IP6_A,
  IP6_B,
  icmp6,
  icmp6Frame,
  indexedStack,
  ip6,
  join,
  u16,
  u32,
} from './network-packets.ts';

describe('ICMPv6', () => {
  test('neighbour solicitation is taken apart', () => {
    const d = dissectOne(icmp6Frame(135, 0, join(u32(0), IP6_B, hex('0101 020000000a0b'))));
    expect(
      fieldsOf(d, 'icmpv6.type', 'icmpv6.checksum.status', 'icmpv6.nd.ns.target_address', 'icmpv6.opt.type', 'icmpv6.opt.src_linkaddr'),
    ).toEqual({
      'icmpv6.type': '135',
      'icmpv6.checksum.status': '1',
      'icmpv6.nd.ns.target_address': '2001:db8::2',
      'icmpv6.opt.type': '1',
      'icmpv6.opt.src_linkaddr': '02:00:00:00:0a:0b',
    });
    expect(d.columns.info).toBe('Neighbor Solicitation for 2001:db8::2 from 02:00:00:00:0a:0b');
  });

  const options = join(
    hex('0304 40c0'),
    u32(3600),
    u32(1800),
    u32(0),
    hex('20010db8000000000000000000000000'),
    hex('0501 0000'),
    u32(1480),
    hex('1903 0000'),
    u32(60),
    IP6_A,
    hex('1f02 0000'),
    u32(60),
    hex('03666f6f 00 000000'),
  );
  const advertisement = icmp6Frame(134, 0, join([64, 0xc8], u16(1800), u32(1), u32(2), options));

  test('router advertisement is taken apart with its options', () => {
    expect(
      fieldsOf(
        dissectOne(advertisement),
        'icmpv6.nd.ra.flag',
        'icmpv6.nd.ra.flag.m',
        'icmpv6.nd.ra.flag.prf',
        'icmpv6.nd.ra.router_lifetime',
        'icmpv6.opt.type',
        'icmpv6.opt.prefix',
        'icmpv6.opt.prefix.length',
        'icmpv6.opt.mtu',
        'icmpv6.opt.rdnss',
        'icmpv6.opt.dnssl',
      ),
    ).toEqual({
      'icmpv6.nd.ra.flag': '0xc8',
      'icmpv6.nd.ra.flag.m': '1',
      'icmpv6.nd.ra.flag.prf': '1',
      'icmpv6.nd.ra.router_lifetime': '1800',
      'icmpv6.opt.type': '3,5,25,31',
      'icmpv6.opt.prefix': '2001:db8::',
      'icmpv6.opt.prefix.length': '64',
      'icmpv6.opt.mtu': '1480',
      'icmpv6.opt.rdnss': '2001:db8::1',
      'icmpv6.opt.dnssl': 'foo',
    });
    expect(faultsWhenCut(advertisement)).toEqual([]);
  });

  test('a redirected packet is found wherever its option stands, at both depths', () => {
    const quoted = ip6(new Uint8Array(0), 59);
    const option = (packet: Uint8Array) => join([4, 1 + packet.length / 8], new Uint8Array(6), packet);
    const found: readonly (readonly [number, Uint8Array | readonly number[], string])[] = [
      [133, u32(0), ':ipv6'],
      [134, new Uint8Array(12), ':ipv6'],
      [135, new Uint8Array(20), ':ipv6'],
      [137, new Uint8Array(36), ':ipv6:ipv6'],
    ];
    for (const [type, head, behind] of found) {
      const options = join(hex('0501 0000'), u32(1480), option(quoted), type === 137 ? option(quoted) : []);
      const capture = captureOf([icmp6Frame(type, 0, join(head, options))]);
      expect(indexedStack(capture, 0)).toBe(`eth:ethertype:ipv6:icmpv6${behind}`);
      expect(dissectPacket(capture, 0).protocolNames).toBe(indexedStack(capture, 0));
    }
  });

  test('what is quoted and has not the version of IPv6 is data', () => {
    for (const [type, head] of [
      [1, new Uint8Array(4)],
      [134, join(new Uint8Array(12), [4, 2], new Uint8Array(6))],
    ] as const) {
      const capture = captureOf([icmp6Frame(type, 0, join(head, hex('0000384000000000')))]);
      expect(indexedStack(capture, 0)).toBe('eth:ethertype:ipv6:icmpv6:data');
      expect(dissectPacket(capture, 0).protocolNames).toBe(indexedStack(capture, 0));
    }
  });

  test('an option of length zero ends the options', () => {
    const d = dissectOne(icmp6Frame(133, 0, join(u32(0), new Uint8Array(64))));
    expect(fieldsOf(d, 'icmpv6.opt.length', 'icmpv6.invalid_option_length')).toEqual({
      'icmpv6.opt.length': '0',
      'icmpv6.invalid_option_length': '1',
    });
  });

  test('listener reports have their records', () => {
    const record = (type: number, sources: Uint8Array[]) =>
      join([type, 0], u16(sources.length), hex(`ff02${'0'.repeat(26)}01`.slice(0, 32)), ...sources);
    const report = icmp6Frame(143, 0, join(u16(0), u16(2), record(4, []), record(1, [IP6_A])));
    expect(
      fieldsOf(dissectOne(report), 'icmpv6.mldr.nb_mcast_records', 'icmpv6.mldr.mar.record_type', 'icmpv6.mldr.mar.source_address'),
    ).toEqual({
      'icmpv6.mldr.nb_mcast_records': '2',
      'icmpv6.mldr.mar.record_type': '4,1',
      'icmpv6.mldr.mar.source_address': '2001:db8::1',
    });
    expect(faultsWhenCut(report)).toEqual([]);
  });

  test('records that promise more sources than there are bytes are malformed', () => {
    const report = icmp6Frame(143, 0, join(u16(0), u16(0xffff), [4, 0], u16(0xffff), IP6_A));
    expect(dissectOne(report).layers.at(-1)).toMatchObject({ protocol: 'icmpv6', status: 'malformed' });
  });

  test('echo pairs are found', () => {
    const request = icmp6Frame(128, 0, join(u16(1), u16(2), [1]));
    const reply = eth(0x86dd, join(hex('60000000 0009 3a 40'), IP6_B, IP6_A, icmp6(129, 0, join(u16(1), u16(2), [1]))));
    const capture = captureOf([request, reply]);
    expect(fieldsOf(dissectPacket(capture, 1), 'icmpv6.resp_to', 'icmpv6.echo.identifier', 'icmpv6.echo.sequence_number')).toEqual({
      'icmpv6.resp_to': '1',
      'icmpv6.echo.identifier': '0x0001',
      'icmpv6.echo.sequence_number': '2',
    });
  });

  test('errors quote the packet that caused them', () => {
    const d = dissectOne(icmp6Frame(2, 0, join(u32(1280), ip6([1, 2, 3], 17, 400))));
    expect(fieldsOf(d, 'icmpv6.mtu', 'ipv6.plen', 'ipv6.plen_exceeds_framing')).toEqual({
      'icmpv6.mtu': '1280',
      'ipv6.plen': '51,400',
      'ipv6.plen_exceeds_framing': '',
    });
    expect(d.columns.protocol).toBe('ICMPv6');
  });

  test('an unknown type keeps its bytes', () => {
    expect(fieldsOf(dissectOne(icmp6Frame(222, 3, [1, 2, 3])), 'icmpv6.type', 'icmpv6.data')).toEqual({
      'icmpv6.type': '222',
      'icmpv6.data': '010203',
    });
  });
});
