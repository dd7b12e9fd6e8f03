import { describe, expect, test } from 'vitest';
import { dissectPacket } from '../../src/protocols/dissect-packet.ts';
import { CHUNK_MASK, RowFlag } from '../../src/table/packet-table.ts';
import { captureOf, dissectOne, eth, faultsWhenCut, fieldsOf, hex, indexedStack, ip4, ip6, join, stackOf, u16 } from './network-packets.ts';

function flagsOf(capture: ReturnType<typeof captureOf>, row: number): number {
  return capture.packets.chunkOf(row).flags[row & CHUNK_MASK] as number;
}

describe('IPv4', () => {
  test('is taken apart', () => {
    const d = dissectOne(eth(0x0800, hex('4598 0019 abcd 4000 20fd 1234 c0a80118 cb007150 ff0102 0304')));
    expect(
      fieldsOf(
        d,
        'ip.version',
        'ip.hdr_len',
        'ip.dsfield',
        'ip.dsfield.dscp',
        'ip.dsfield.ecn',
        'ip.len',
        'ip.id',
        'ip.flags',
        'ip.flags.rb',
        'ip.flags.df',
        'ip.flags.mf',
        'ip.frag_offset',
        'ip.ttl',
        'ip.proto',
        'ip.checksum',
        'ip.checksum.status',
        'ip.src',
        'ip.dst',
        'ip.addr',
      ),
    ).toEqual({
      'ip.version': '4',
      'ip.hdr_len': '20',
      'ip.dsfield': '0x98',
      'ip.dsfield.dscp': '38',
      'ip.dsfield.ecn': '0',
      'ip.len': '25',
      'ip.id': '0xabcd',
      'ip.flags': '0x02',
      'ip.flags.rb': '0',
      'ip.flags.df': '1',
      'ip.flags.mf': '0',
      'ip.frag_offset': '0',
      'ip.ttl': '32',
      'ip.proto': '253',
      'ip.checksum': '0x1234',
      'ip.checksum.status': '2',
      'ip.src': '192.168.1.24',
      'ip.dst': '203.0.113.80',
      'ip.addr': '192.168.1.24,203.0.113.80',
    });
    expect(d.layers[2]?.summary).toBe('192.168.1.24 → 203.0.113.80 · TTL 32');
    expect(d.columns).toMatchObject({ source: '192.168.1.24', destination: '203.0.113.80' });
  });

  test('shows the traffic class although the lengths make no sense', () => {
    expect(fieldsOf(dissectOne(eth(0x0800, ip4([1], { length: 19 }))), 'ip.dsfield.dscp', 'ip.len')).toEqual({
      'ip.dsfield.dscp': '0',
      'ip.len': '19',
    });
  });

  test('of version 6 is IPv6, and says that it should not be', () => {
    const frame = eth(0x0800, ip6([1, 2], 253));
    expect(stackOf(frame)).toBe('eth:ethertype:ip:ipv6:data');
    expect(fieldsOf(dissectOne(frame), 'ip.version', 'ip.bogus_ip_version')).toEqual({ 'ip.version': '6,6', 'ip.bogus_ip_version': '1' });
  });

  test('with nothing behind its header has no other protocol', () => {
    expect(stackOf(eth(0x0800, ip4([], { proto: 6 })))).toBe('eth:ethertype:ip');
  });

  test('begins its payload behind the options, not at byte 20', () => {
    const d = dissectOne(eth(0x0800, ip4([7, 8, 9], { options: hex('94040000') })));
    expect(fieldsOf(d, 'ip.hdr_len', 'ip.opt.type', 'ip.opt.ra', 'data.data')).toEqual({
      'ip.hdr_len': '24',
      'ip.opt.type': '148',
      'ip.opt.ra': '0',
      'data.data': '070809',
    });
  });

  test('takes apart routes and time stamps in options', () => {
    const route = dissectOne(eth(0x0800, ip4([], { options: hex('830f08 0a000001 0a000003 0a000004 01') })));
    expect(fieldsOf(route, 'ip.opt.type', 'ip.opt.ptr', 'ip.rec_rt', 'ip.src_rt', 'ip.cur_rt', 'ip.dst')).toEqual({
      'ip.opt.type': '131,1',
      'ip.opt.ptr': '8',
      'ip.rec_rt': '10.0.0.1',
      'ip.src_rt': '10.0.0.3',
      'ip.cur_rt': '10.0.0.2',
      'ip.dst': '10.0.0.4',
    });
    expect(route.columns.destination).toBe('10.0.0.4');
    const done = dissectOne(eth(0x0800, ip4([], { options: hex('830b0c 0a000001 0a000003 01') })));
    expect(fieldsOf(done, 'ip.rec_rt', 'ip.cur_rt', 'ip.dst')).toEqual({
      'ip.rec_rt': '10.0.0.1,10.0.0.3',
      'ip.cur_rt': '',
      'ip.dst': '10.0.0.2',
    });
    const stamps = dissectOne(eth(0x0800, ip4([], { options: hex('440c0d01 0a000001 00000064') })));
    expect(fieldsOf(stamps, 'ip.opt.flag', 'ip.opt.time_stamp_addr', 'ip.opt.time_stamp')).toEqual({
      'ip.opt.flag': '0x01',
      'ip.opt.time_stamp_addr': '10.0.0.1',
      'ip.opt.time_stamp': '100',
    });
  });

  test('notes an option that goes past the header', () => {
    const d = dissectOne(eth(0x0800, ip4([1], { options: hex('07ff0400') })));
    expect(fieldsOf(d, 'ip.opt.len.invalid', 'data.data')).toEqual({ 'ip.opt.len.invalid': '1', 'data.data': '01' });
  });

  test('notes four no-operations in a row', () => {
    expect(fieldsOf(dissectOne(eth(0x0800, ip4([1], { options: hex('01010101') }))), 'ip.nop')).toEqual({ 'ip.nop': '1' });
  });

  test('with total length 0 goes on to the end of the frame: segmentation offload', () => {
    const frame = eth(0x0800, ip4(new Uint8Array(50).fill(5), { length: 0 }));
    expect(fieldsOf(dissectOne(frame), 'ip.len', 'data.len')).toEqual({ 'ip.len': '70', 'data.len': '50' });
  });

  test('longer than the frame is shown as far as it goes, with a note', () => {
    const d = dissectOne(eth(0x0800, ip4([1, 2, 3], { length: 1500 })));
    expect(fieldsOf(d, 'ip.len', 'ip.bogus_ip_length', 'data.data')).toEqual({
      'ip.len': '1500',
      'ip.bogus_ip_length': '1',
      'data.data': '010203',
    });
  });

  test.each([
    ['a version that is none', hex('35000014'), 'ip.bogus_ip_version'],
    ['a header length under 20', hex('42000014'), 'ip.bogus_header_length'],
    ['a total length under the header length', hex('45000013'), 'ip.bogus_ip_length'],
  ])('with %s ends there', (_what, start, note) => {
    const frame = eth(0x0800, join(start, new Uint8Array(40)));
    const d = dissectOne(frame);
    expect(fieldsOf(d, note, 'frame.protocols')).toEqual({ [note]: '1', 'frame.protocols': 'eth:ethertype:ip' });
    expect(indexedStack(captureOf([frame]), 0)).toBe('eth:ethertype:ip');
  });

  test('notes low times to live, and wrong ones on the local network', () => {
    expect(fieldsOf(dissectOne(eth(0x0800, ip4([1], { ttl: 2 }))), 'ip.ttl.too_small')).toEqual({ 'ip.ttl.too_small': '1' });
    expect(fieldsOf(dissectOne(eth(0x0800, ip4([1], { dst: [224, 0, 0, 5] }))), 'ip.ttl.lncb')).toEqual({ 'ip.ttl.lncb': '1' });
    expect(fieldsOf(dissectOne(eth(0x0800, ip4([1], { dst: [224, 0, 0, 251], ttl: 255 }))), 'ip.ttl.lncb')).toEqual({ 'ip.ttl.lncb': '' });
  });

  test('in IPv4 gives both headers, and the row the inner addresses', () => {
    const frame = eth(0x0800, ip4(ip4([1], { src: [1, 1, 1, 1], dst: [2, 2, 2, 2] }), { proto: 4 }));
    const d = dissectOne(frame);
    expect(fieldsOf(d, 'ip.src', 'frame.protocols')).toEqual({
      'ip.src': '10.0.0.1,1.1.1.1',
      'frame.protocols': 'eth:ethertype:ip:ip:data',
    });
    const capture = captureOf([frame]);
    expect(flagsOf(capture, 0) & RowFlag.Several).not.toBe(0);
    expect([...capture.addresses.bytes(capture.packets.chunkOf(0).src[0] as number)]).toEqual([1, 1, 1, 1]);
  });

  test('carries IPv6', () => {
    expect(dissectOne(eth(0x0800, ip4(ip6([1], 253), { proto: 41 }))).protocolNames).toBe('eth:ethertype:ip:ipv6:data');
  });

  test('can be cut at every byte', () => {
    expect(faultsWhenCut(eth(0x0800, ip4([1, 2, 3], { options: hex('830b08 0a000001 0a000002 01') })))).toEqual([]);
    expect(faultsWhenCut(ip4([1, 2, 3]), 228)).toEqual([]);
  });
});

describe('IPv4 fragments', () => {
  const MORE = 0x2000;
  const whole = Uint8Array.from({ length: 40 }, (_, i) => i);
  const piece = (from: number, to: number, more: boolean, id = 7) =>
    eth(0x0800, ip4(whole.slice(from, to), { id, fragment: (from / 8) | (more ? MORE : 0) }));

  // Seen in tshark 4.0: a capture of both sides of a router has each fragment twice, in two VLANs, with one identification.
  test('of two VLANs are of two datagrams', () => {
    const tagged = (vlan: number, from: number, to: number, more: boolean): Uint8Array =>
      eth(0x8100, join(u16(vlan), u16(0x0800), ip4(whole.slice(from, to), { id: 7, fragment: (from / 8) | (more ? MORE : 0) })));
    const middle = 8 * Math.floor(whole.length / 16);
    const both = [10, 20];
    const frames = [...both.map((vlan) => tagged(vlan, 0, middle, true)), ...both.map((vlan) => tagged(vlan, middle, whole.length, false))];
    const capture = captureOf(frames);
    expect([2, 3].map((row) => fieldsOf(dissectPacket(capture, row), 'ip.fragment')['ip.fragment'])).toEqual(['1,3', '2,4']);
  });

  test('are put together by the one that arrives last, whatever the order', () => {
    const capture = captureOf([piece(24, 40, false), piece(0, 16, true), piece(16, 24, true)]);
    expect([0, 1, 2].map((row) => indexedStack(capture, row))).toEqual(Array(3).fill('eth:ethertype:ip:data'));
    expect([0, 1, 2].map((row) => (flagsOf(capture, row) & RowFlag.Fragment) !== 0)).toEqual([true, true, false]);
    expect(flagsOf(capture, 2) & RowFlag.Reassembled).not.toBe(0);
    const d = dissectPacket(capture, 2);
    expect(fieldsOf(d, 'ip.fragment', 'ip.fragment.count', 'ip.reassembled.length', 'data.len')).toEqual({
      'ip.fragment': '2,3,1',
      'ip.fragment.count': '3',
      'ip.reassembled.length': '40',
      'data.len': '40',
    });
    expect(d.sources.map((source) => source.name)).toEqual(['Frame', 'Reassembled IPv4']);
    expect(d.sources[1]?.bytes).toEqual(whole);
    expect(fieldsOf(dissectPacket(capture, 0), 'ip.reassembled_in', 'ip.frag_offset')).toEqual({
      'ip.reassembled_in': '3',
      'ip.frag_offset': '3',
    });
  });

  test('of different datagrams do not mix', () => {
    const capture = captureOf([piece(0, 16, true, 1), piece(16, 40, false, 2)]);
    expect(flagsOf(capture, 1) & RowFlag.Reassembled).toBe(0);
  });

  test('that overlap give way to what came before in the datagram, and are marked', () => {
    const other = eth(0x0800, ip4(new Uint8Array(24).fill(0xee), { id: 7, fragment: 1 | MORE }));
    const capture = captureOf([piece(0, 16, true), other, piece(32, 40, false)]);
    const d = dissectPacket(capture, 2);
    expect([...(d.sources[1]?.bytes ?? [])]).toEqual([...whole.slice(0, 16), ...Array(16).fill(0xee), ...whole.slice(32)]);
    expect(fieldsOf(d, 'ip.fragment.overlap')).toEqual({ 'ip.fragment.overlap': '1' });
  });

  test('that were not captured whole are not put together', () => {
    const cut = piece(0, 16, true);
    const capture = captureOf([{ bytes: cut.slice(0, 40), wireLength: cut.length }, piece(16, 40, false)]);
    expect(flagsOf(capture, 1) & RowFlag.Reassembled).toBe(0);
  });

  test('beyond the end of the last one do not disturb it', () => {
    const capture = captureOf([piece(32, 40, true), piece(0, 16, true), piece(16, 24, false)]);
    const d = dissectPacket(capture, 2);
    expect(d.sources[1]?.bytes).toEqual(whole.slice(0, 24));
    expect(fieldsOf(d, 'ip.fragment.toolongfragment')).toEqual({ 'ip.fragment.toolongfragment': '1' });
  });

  test('the same one many times over costs no more than its place', () => {
    const capture = captureOf([...Array.from({ length: 2000 }, () => piece(0, 16, true)), piece(16, 40, false)]);
    expect(capture.bugs).toBe(0);
    expect(fieldsOf(dissectPacket(capture, 2000), 'ip.reassembled.length')).toEqual({ 'ip.reassembled.length': '40' });
  });

  test('nested in an outer packet are put together too', () => {
    const nested = (from: number, to: number, more: boolean) =>
      eth(0x0800, ip4(ip4(whole.slice(from, to), { id: 9, fragment: (from / 8) | (more ? MORE : 0) }), { proto: 4, length: undefined }));
    const d = dissectPacket(captureOf([nested(0, 16, true), nested(16, 40, false)]), 1);
    expect(d.sources[1]?.bytes).toEqual(whole);
  });

  test('have a length that is never read past the frame', () => {
    expect(
      faultsWhenCut(eth(0x0800, join(hex('45000028'), u16(5), u16(MORE), hex('40fd0000 01010101 02020202'), new Uint8Array(20)))),
    ).toEqual([]);
  });
});
