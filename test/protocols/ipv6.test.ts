import { describe, expect, test } from 'vitest';
import { dissectPacket } from '../../src/protocols/dissect-packet.ts';
import { RowFlag } from '../../src/table/packet-table.ts';
import { captureOf, dissectOne, eth, faultsWhenCut, fieldsOf, hex, IP6_A, ip6, join, stackOf, u16, u32 } from './network-packets.ts';

describe('IPv6', () => {
  test('says which addresses an address was made from', () => {
    const between = (src: string, dst: string) => {
      const packet = ip6([1], 253);
      packet.set(hex(src), 8);
      packet.set(hex(dst), 24);
      return dissectOne(eth(0x86dd, packet));
    };
    const teredo = between('20010000c2881c4c20f3359b46f93f46', '2002c2881c4c00010000000000000001');
    expect(fieldsOf(teredo, 'ipv6.src_ts_ipv4', 'ipv6.tc_port', 'ipv6.tc_ipv4', 'ipv6.dst_6to4_gw_ipv4', 'ipv6.6to4_sla_id')).toEqual({
      'ipv6.src_ts_ipv4': '194.136.28.76',
      'ipv6.tc_port': '51812',
      'ipv6.tc_ipv4': '185.6.192.185',
      'ipv6.dst_6to4_gw_ipv4': '194.136.28.76',
      'ipv6.6to4_sla_id': '1',
    });
    const local = between('fe80000000000000020102fffe030405', 'fe80000000000000000102fffe030405');
    expect(fieldsOf(local, 'ipv6.slaac_mac', 'ipv6.dst_slaac_mac')).toEqual({
      'ipv6.slaac_mac': '00:01:02:03:04:05',
      'ipv6.dst_slaac_mac': '',
    });
    const isatap = between('fe8000000000000000005efe0a000001', 'fe800000000000000000000000000001');
    expect(fieldsOf(isatap, 'ipv6.isatap_ipv4')).toEqual({ 'ipv6.isatap_ipv4': '10.0.0.1' });
  });

  test('is taken apart', () => {
    const d = dissectOne(eth(0x86dd, join(hex('6ab12345'), ip6([1, 2, 3], 253).slice(4))));
    expect(
      fieldsOf(
        d,
        'ipv6.version',
        'ip.version',
        'ipv6.tclass',
        'ipv6.tclass.dscp',
        'ipv6.tclass.ecn',
        'ipv6.flow',
        'ipv6.plen',
        'ipv6.nxt',
        'ipv6.hlim',
      ),
    ).toEqual({
      'ipv6.version': '6',
      'ip.version': '6',
      'ipv6.tclass': '0x000000ab',
      'ipv6.tclass.dscp': '42',
      'ipv6.tclass.ecn': '3',
      'ipv6.flow': '0x012345',
      'ipv6.plen': '3',
      'ipv6.nxt': '253',
      'ipv6.hlim': '64',
    });
    expect(fieldsOf(d, 'ipv6.src', 'ipv6.dst', 'ipv6.addr', 'frame.protocols')).toEqual({
      'ipv6.src': '2001:db8::1',
      'ipv6.dst': '2001:db8::2',
      'ipv6.addr': '2001:db8::1,2001:db8::2',
      'frame.protocols': 'eth:ethertype:ipv6:data',
    });
  });

  test('has each extension header as a layer of its own', () => {
    const chain = join(hex('2b00 05020000 0100'), hex('3c02 0001 00000000'), IP6_A, hex('3b00 010400000000'), [9]);
    const frame = eth(0x86dd, ip6(chain, 0));
    const d = dissectOne(frame);
    expect(d.protocolNames).toBe('eth:ethertype:ipv6:ipv6.hopopts:ipv6.routing:ipv6.dstopts:data');
    expect(
      fieldsOf(d, 'ipv6.opt.router_alert', 'ipv6.routing.type', 'ipv6.routing.segleft', 'ipv6.routing.src.addr', 'ipv6.opt.padn'),
    ).toEqual({
      'ipv6.opt.router_alert': '0',
      'ipv6.routing.type': '0',
      'ipv6.routing.segleft': '1',
      'ipv6.routing.src.addr': '2001:db8::1',
      'ipv6.opt.padn': '<none>,00000000',
    });
    expect(faultsWhenCut(frame)).toEqual([]);
  });

  test('ends at both depths in an option whose length is not there', () => {
    const frame = eth(0x86dd, ip6(hex('1100 0103 000000 1e'), 0));
    const capture = captureOf([frame]);
    const d = dissectPacket(capture, 0);
    expect(d.protocolNames).toBe('eth:ethertype:ipv6:ipv6.hopopts');
    expect(d.path.length).toBe(d.protocols.length);
  });

  test('takes the length of a jumbogram from its option', () => {
    const d = dissectOne(eth(0x86dd, ip6(join(hex('fd00 c204'), u32(0x11170), new Uint8Array(70_000 - 8)), 0, 0)));
    expect(fieldsOf(d, 'ipv6.plen', 'ipv6.opt.jumbo', 'data.len')).toEqual({
      'ipv6.plen': '0',
      'ipv6.opt.jumbo': '70000',
      'data.len': '69992',
    });
  });

  test('ends where its payload length says', () => {
    const d = dissectOne(eth(0x86dd, join(ip6([1, 2], 253), new Uint8Array(30))));
    expect(fieldsOf(d, 'data.data')).toEqual({ 'data.data': '0102' });
  });

  test('longer than the frame is noted', () => {
    expect(fieldsOf(dissectOne(eth(0x86dd, ip6([1], 253, 900))), 'ipv6.plen_exceeds_framing')).toEqual({
      'ipv6.plen_exceeds_framing': '1',
    });
  });

  test('with an option of a wrong length is noted and goes on', () => {
    const d = dissectOne(eth(0x86dd, ip6(join(hex('fd00 0501 00 0100 00'), [4]), 0)));
    expect(fieldsOf(d, 'ipv6.opt.invalid_len', 'data.data')).toEqual({ 'ipv6.opt.invalid_len': '1', 'data.data': '04' });
  });

  test('of another version is data: the version is shown, the protocol is not counted', () => {
    const frame = eth(0x86dd, hex('30'), new Uint8Array(60));
    expect(fieldsOf(dissectOne(frame), 'ip.version', 'ipv6.bogus_ipv6_version', 'data.len')).toEqual({
      'ip.version': '3',
      'ipv6.bogus_ipv6_version': '1',
      'data.len': '61',
    });
    expect(stackOf(frame)).toBe('eth:ethertype:data');
    expect(stackOf(eth(0x86dd, ip6(new Uint8Array(44), 41)))).toBe('eth:ethertype:ipv6:data');
    expect(faultsWhenCut(frame)).toEqual([]);
  });

  test('can be cut at every byte', () => {
    expect(faultsWhenCut(eth(0x86dd, ip6([1, 2, 3], 253)))).toEqual([]);
    expect(faultsWhenCut(ip6([1, 2, 3], 253), 101)).toEqual([]);
  });
});

describe('IPv6 fragments', () => {
  const whole = Uint8Array.from({ length: 32 }, (_, i) => 100 + i);
  const piece = (from: number, to: number, more: boolean) =>
    eth(0x86dd, ip6(join([253, 0], u16(from | (more ? 1 : 0)), u32(0xcafe), whole.slice(from, to)), 44));

  test('are put together', () => {
    const capture = captureOf([piece(0, 16, true), piece(16, 32, false)]);
    expect((capture.packets.chunkOf(0).flags[1] as number) & RowFlag.Reassembled).not.toBe(0);
    const d = dissectPacket(capture, 1);
    expect(d.sources[1]).toEqual({ name: 'Reassembled IPv6', bytes: whole });
    expect(fieldsOf(d, 'ipv6.fraghdr.offset', 'ipv6.fraghdr.more', 'ipv6.fraghdr.ident', 'ipv6.fragment.count', 'frame.protocols')).toEqual(
      {
        'ipv6.fraghdr.offset': '2',
        'ipv6.fraghdr.more': '0',
        'ipv6.fraghdr.ident': '0x0000cafe',
        'ipv6.fragment.count': '2',
        'frame.protocols': 'eth:ethertype:ipv6:ipv6.fraghdr:data',
      },
    );
  });

  test('an atomic one is no fragment', () => {
    const d = dissectOne(piece(0, 32, false));
    expect(d.columns.info).not.toContain('fragment');
    expect(fieldsOf(d, 'data.len')).toEqual({ 'data.len': '32' });
  });

  test('can be cut at every byte', () => {
    expect(faultsWhenCut(piece(0, 16, true))).toEqual([]);
  });
});
