import { describe, expect, test } from 'vitest';
import { followStream } from '../../src/engine/follow.ts';
import { UdpFlows } from '../../src/flow/udp-flows.ts';
import { dissectPacket } from '../../src/protocols/dissect-packet.ts';
import { CHUNK_MASK, RowFlag } from '../../src/table/packet-table.ts';
import { captureOf, dissectOne, eth, faultsWhenCut, fieldsOf, hex, IP_A, IP_B, ip4, ip6, join, u16 } from './network-packets.ts';

const UDP = 17;
const UDP_LITE = 136;

interface Datagram {
  readonly src?: number;
  readonly dst?: number;
  /** As written; default is the true one. */
  readonly length?: number;
  readonly checksum?: number;
  readonly data?: readonly number[];
}

function datagram(o: Datagram = {}): Uint8Array {
  const data = o.data ?? [1, 2, 3, 4];
  return join(u16(o.src ?? 40000), u16(o.dst ?? 40001), u16(o.length ?? 8 + data.length), u16(o.checksum ?? 0x1234), data);
}

const inIpv4 = (o: Datagram = {}, back = false): Uint8Array =>
  eth(0x0800, ip4(datagram(o), { proto: UDP, ...(back ? { src: IP_B, dst: IP_A } : {}) }));

describe('a UDP header', () => {
  test('says that it may be a probe of traceroute, by either port', () => {
    const probe = (o: Datagram) => fieldsOf(dissectOne(inIpv4(o)), 'udp.possible_traceroute')['udp.possible_traceroute'];
    expect([probe({ dst: 33434 }), probe({ dst: 33435 }), probe({ dst: 33464 }), probe({ dst: 33465 })]).toEqual(['', '1', '1', '']);
    expect(probe({ src: 33440 })).toBe('1');
  });

  test('is taken apart field by field', () => {
    const d = dissectOne(inIpv4());
    expect(fieldsOf(d, 'udp.srcport', 'udp.dstport', 'udp.port', 'udp.length', 'udp.checksum', 'udp.stream', 'udp.payload')).toEqual({
      'udp.srcport': '40000',
      'udp.dstport': '40001',
      'udp.port': '40000,40001',
      'udp.length': '12',
      'udp.checksum': '0x1234',
      'udp.stream': '0',
      'udp.payload': '01020304',
    });
    expect(d.columns.info).toBe('40000 → 40001 Len=4');
    expect(d.protocolNames).toBe('eth:ethertype:ip:udp:data');
  });

  test('is told in one line: ports and bytes', () => {
    expect(dissectOne(inIpv4()).layers.find(({ protocol }) => protocol === 'udp')?.summary).toBe('40000 → 40001 · 4 bytes');
  });

  test('of UDP-Lite is followed like that of UDP', () => {
    const capture = captureOf([eth(0x0800, ip4(datagram({ length: 8 }), { proto: UDP_LITE }))]);
    const followed = followStream(capture, 'udp', 0);
    expect([...(followed?.bytesOf(0) ?? [])]).toEqual([1, 2, 3, 4]);
  });

  // Seen in tshark 4.0.
  test('cut behind its length shows it, on the wire or by the capture', () => {
    const cut = (bytes: number, onWire: boolean): unknown => {
      const frame = inIpv4();
      const capture = captureOf([{ bytes: frame.slice(0, 34 + bytes), wireLength: onWire ? 34 + bytes : frame.length }]);
      return fieldsOf(dissectPacket(capture, 0), 'udp.length', 'udp.checksum', 'udp.stream');
    };
    for (const onWire of [true, false]) {
      expect(cut(5, onWire)).toEqual({ 'udp.length': '', 'udp.checksum': '', 'udp.stream': '' });
      expect(cut(6, onWire)).toEqual({ 'udp.length': '12', 'udp.checksum': '', 'udp.stream': '' });
      expect(cut(7, onWire)).toEqual({ 'udp.length': '12', 'udp.checksum': '', 'udp.stream': '' });
    }
  });

  test('cut at any byte never throws, and both depths tell the same', () => {
    expect(faultsWhenCut(inIpv4())).toEqual([]);
    expect(faultsWhenCut(eth(0x86dd, ip6(datagram(), UDP)))).toEqual([]);
  });

  test('leaves what is behind its length out of the payload', () => {
    const d = dissectOne(inIpv4({ length: 10 }));
    expect(fieldsOf(d, 'udp.length', 'udp.payload')).toEqual({ 'udp.length': '10', 'udp.payload': '0102' });
  });

  test('of a quoted datagram has a stream number too, the same as the datagram itself', () => {
    const original = ip4(datagram(), { proto: UDP });
    const error = ip4(join([3, 3, 0, 0], u16(0), u16(0), original), { proto: 1, src: IP_B, dst: IP_A });
    const alone = dissectOne(eth(0x0800, error));
    expect(fieldsOf(alone, 'udp.stream', 'udp.srcport')).toEqual({ 'udp.stream': '0', 'udp.srcport': '40000' });
    const capture = captureOf([inIpv4({ src: 1 }), inIpv4(), eth(0x0800, error)]);
    expect(fieldsOf(dissectPacket(capture, 2), 'udp.stream')).toEqual({ 'udp.stream': '1' });
    expect(capture.packets.chunkOf(2).stream[2]).not.toBe(1);
  });

  test('from and to an announced endpoint makes one stream each, whoever is at the other end', () => {
    const flows = new UdpFlows();
    const [a, b, c] = [1, 2, 3];
    expect(flows.observe(0, a, 10, b, 20)).toBe(0);
    flows.announce(0, a, 30);
    flows.announce(0, b, 40);
    expect(flows.observe(1, a, 30, b, 40)).toBe(1);
    expect(flows.observe(2, b, 40, a, 30)).toBe(2);
    expect(flows.observe(3, c, 50, a, 30)).toBe(1);
    expect(flows.observe(4, a, 30, c, 60)).toBe(1);
    expect(flows.observe(5, b, 20, a, 10)).toBe(0);
    expect(flows.previous).toBe(0);
    flows.announce(6, a, 30);
    flows.announce(6, a, 30);
    expect(flows.observe(7, a, 30, b, 40)).toBe(3);
    expect(flows.observe(8, b, 40, a, 30)).toBe(2);
    expect(flows.observe(9, c, 70, a, 30)).toBe(3);
  });

  test('of an SNMP request is in a stream of its own: Wireshark begins a new one behind it', () => {
    const data = [...hex('3016 020100 0406 7075626c6963 a009 0201010201000201003000')];
    const to = { src: 4242, dst: 161, data };
    const from = { src: 161, dst: 4242, data };
    const capture = captureOf([inIpv4(to), inIpv4(from, true), inIpv4(to), inIpv4(from, true)]);
    const streams = [0, 1, 2, 3].map((row) => fieldsOf(dissectPacket(capture, row), 'udp.stream')['udp.stream']);
    expect(streams).toEqual(['0', '1', '1', '1']);
  });

  test.each([0, 1, 7])('with a length of %i has no payload and no stream, and says why', (length) => {
    const d = dissectOne(inIpv4({ length }));
    expect(d.columns.info).toBe(`BAD UDP LENGTH ${length} < 8`);
    expect(fieldsOf(d, 'udp.length', 'udp.payload', 'udp.stream')).toEqual({
      'udp.length': String(length),
      'udp.payload': '',
      'udp.stream': '',
    });
  });

  test('with a length beyond the packet keeps what there is, and says why', () => {
    const d = dissectOne(inIpv4({ length: 500 }));
    expect(d.columns.info).toContain('BAD UDP LENGTH 500 > IP PAYLOAD LENGTH');
    expect(fieldsOf(d, 'udp.payload')['udp.payload']).toBe('01020304');
  });

  test('with a length of 0 goes on to the end of the packet over IPv6, where it may be a jumbogram', () => {
    const d = dissectOne(eth(0x86dd, ip6(datagram({ length: 0 }), UDP)));
    expect(fieldsOf(d, 'udp.length', 'udp.payload')).toEqual({ 'udp.length': '0', 'udp.payload': '01020304' });
  });

  test('may do without a checksum over IPv4, but not over IPv6', () => {
    const four = dissectOne(inIpv4({ checksum: 0 }));
    const six = dissectOne(eth(0x86dd, ip6(datagram({ checksum: 0 }), UDP)));
    expect(fieldsOf(four, 'udp.checksum.status')['udp.checksum.status']).toBe('3');
    expect(fieldsOf(six, 'udp.checksum.status')['udp.checksum.status']).toBe('0');
  });
});

describe('UDP streams', () => {
  test('are numbered in order, the same in both directions', () => {
    const capture = captureOf([inIpv4(), inIpv4({ src: 40002 }), inIpv4({ src: 40001, dst: 40000 }, true), inIpv4({ src: 40002 })]);
    const chunk = capture.packets.chunkOf(0);
    expect([...chunk.stream.slice(0, 4)]).toEqual([0, 1, 0, 1]);
    expect(chunk.prevInStream[2]).toBe(0);
    expect([0, 2].map((row) => ((chunk.flags[row & CHUNK_MASK] as number) & RowFlag.FromClient) !== 0)).toEqual([true, false]);
    expect([0, 1, 2, 3].map((row) => fieldsOf(dissectPacket(capture, row), 'udp.stream')['udp.stream'])).toEqual(['0', '1', '0', '1']);
  });
});

describe('a UDP-Lite header', () => {
  const lite = (coverage: number): Uint8Array => eth(0x0800, ip4(datagram({ length: coverage }), { proto: UDP_LITE }));

  test('has a checksum coverage where UDP has a length', () => {
    const d = dissectOne(lite(8));
    expect(fieldsOf(d, 'udp.checksum_coverage', 'udp.length')).toEqual({ 'udp.checksum_coverage': '8', 'udp.length': '' });
    expect(d.protocolNames).toBe('eth:ethertype:ip:udplite:data');
  });

  test.each([3, 400])('with the impossible coverage %i is shown all the same', (coverage) => {
    expect(fieldsOf(dissectOne(lite(coverage)), 'udp.checksum_coverage')['udp.checksum_coverage']).toBe(String(coverage));
    expect(faultsWhenCut(lite(coverage))).toEqual([]);
  });
});
