import { describe, expect, test } from 'vitest';
import { internetChecksum } from '../../src/bytes/checksum.ts';
import { calendarText } from '../../src/dissect/display.ts';
import { dissectPacket } from '../../src/protocols/dissect-packet.ts';
import { CHUNK_MASK, NONE, RowFlag } from '../../src/table/packet-table.ts';
import {
  captureOf,
  dissectOne,
  eth,
  faultsWhenCut,
  fieldsOf,
  hex,
  IP_A,
  IP_B,
  indexedStack,
  ip4,
  join,
  u16,
  u32,
} from './network-packets.ts';
import { tcpFrames } from './talk.ts';

/** An ICMP message with its checksum filled in. */
function icmp(type: number, code: number, rest: Uint8Array | readonly number[]): Uint8Array {
  const message = join([type, code, 0, 0], rest);
  message.set(u16(internetChecksum(message, 0, message.length)), 2);
  return message;
}

const echo = (type: number, id: number, seq: number, data: readonly number[] = [1, 2, 3]) => icmp(type, 0, join(u16(id), u16(seq), data));
const back = { proto: 1, src: IP_B, dst: IP_A };

describe('ICMP', () => {
  test('echo is taken apart, in both byte orders', () => {
    const d = dissectOne(eth(0x0800, ip4(echo(8, 0x1234, 7), { proto: 1 })));
    expect(
      fieldsOf(
        d,
        'icmp.type',
        'icmp.code',
        'icmp.checksum.status',
        'icmp.ident',
        'icmp.ident_le',
        'icmp.seq',
        'icmp.seq_le',
        'data.data',
        'frame.protocols',
      ),
    ).toEqual({
      'icmp.type': '8',
      'icmp.code': '0',
      'icmp.checksum.status': '1',
      'icmp.ident': '4660',
      'icmp.ident_le': '13330',
      'icmp.seq': '7',
      'icmp.seq_le': '1792',
      'data.data': '010203',
      'frame.protocols': 'eth:ethertype:ip:icmp:data',
    });
  });

  test('a reply knows its request and how long it took; the request knows its reply', () => {
    const capture = captureOf([
      eth(0x0800, ip4(echo(8, 1, 1), { proto: 1 })),
      eth(0x0800, ip4(echo(8, 1, 2), { proto: 1 })),
      eth(0x0800, ip4(echo(0, 1, 1), back)),
    ]);
    expect(fieldsOf(dissectPacket(capture, 2), 'icmp.resp_to', 'icmp.resptime')).toEqual({ 'icmp.resp_to': '1', 'icmp.resptime': '2000' });
    expect(dissectPacket(capture, 0).columns.info).toBe('Echo (ping) request  id=0x0001, seq=1/256, ttl=64 (reply in 3)');
    expect(dissectPacket(capture, 1).columns.info).toContain('(no response found!)');
  });

  test('a reply from somebody else is no reply', () => {
    const capture = captureOf([
      eth(0x0800, ip4(echo(8, 1, 1), { proto: 1 })),
      eth(0x0800, ip4(echo(0, 1, 1), { ...back, src: [9, 9, 9, 9] })),
    ]);
    expect(fieldsOf(dissectPacket(capture, 1), 'icmp.resp_to')).toEqual({ 'icmp.resp_to': '' });
  });

  test('reads the time of sending out of the data', () => {
    const d = dissectOne(eth(0x0800, ip4(echo(8, 1, 1, [...u32(999), ...u32(500_000), 0xaa]), { proto: 1 })));
    expect(fieldsOf(d, 'icmp.data_time', 'icmp.data_time_relative', 'data.data')).toEqual({
      'icmp.data_time': calendarText({ sec: 999, nsec: 500_000_000 }, true),
      'icmp.data_time_relative': '1.000000000',
      'data.data': 'aa',
    });
  });

  test('a wrong checksum is noted with what it should be', () => {
    const message = echo(8, 1, 1);
    const right = fieldsOf(dissectOne(eth(0x0800, ip4(message, { proto: 1 }))), 'icmp.checksum')['icmp.checksum'];
    message[2] = (message[2] as number) ^ 0xff;
    const d = dissectOne(eth(0x0800, ip4(message, { proto: 1 })));
    expect(fieldsOf(d, 'icmp.checksum.status', 'icmp.checksum_bad')).toEqual({ 'icmp.checksum.status': '0', 'icmp.checksum_bad': '1' });
    expect(JSON.stringify(d.layers)).toContain(`should be ${right}`);
  });

  const quoted = ip4(hex('0035 8000 0018 0000'), { proto: 17, src: [1, 2, 3, 4], dst: [5, 6, 7, 8], length: 200 });
  const unreachable = eth(0x0800, ip4(icmp(3, 4, join(u16(0), u16(1400), quoted)), { proto: 1 }));

  test('an error quotes the packet that caused it, without taking it for traffic', () => {
    const capture = captureOf([unreachable]);
    const d = dissectPacket(capture, 0);
    expect(fieldsOf(d, 'icmp.mtu', 'ip.src', 'udp.srcport', 'ip.bogus_ip_length')).toEqual({
      'icmp.mtu': '1400',
      'ip.src': '10.0.0.1,1.2.3.4',
      'udp.srcport': '53',
      'ip.bogus_ip_length': '',
    });
    expect(d.columns).toMatchObject({ source: '10.0.0.1', protocol: 'ICMP', info: 'Destination unreachable (Fragmentation needed)' });
    expect(d.quoted).toBe(false);
    const chunk = capture.packets.chunkOf(0);
    expect([...capture.addresses.bytes(chunk.src[0] as number)]).toEqual([...IP_A]);
    expect(chunk.stream[0 & CHUNK_MASK]).toBe(NONE);
    const flags = chunk.flags[0] as number;
    expect([flags & RowFlag.Several, flags & RowFlag.Malformed]).toEqual([RowFlag.Several, 0]);
    expect(indexedStack(capture, 0)).toBe(d.protocolNames);
  });

  test('a quoted segment counts for the completeness of its connection, and has what is known of it', () => {
    const segment = (flags: number, options: Uint8Array): Uint8Array =>
      ip4(join(hex('0fa0 0050 0000 03e8 0000 0000'), [(20 + options.length) << 2, flags], hex('2000 0000 0000'), options), { proto: 6 });
    const told = (bytes: Uint8Array): Uint8Array => eth(0x0800, ip4(icmp(3, 1, join(u32(0), bytes)), { proto: 1 }));
    const syn = segment(0x02, hex('0303 0700'));
    const capture = captureOf([told(syn), told(syn), told(segment(0x10, new Uint8Array(0)))]);
    const names = ['tcp.stream', 'tcp.completeness', 'tcp.seq', 'tcp.seq_raw', 'tcp.window_size', 'tcp.window_size_scalefactor'];
    const of = (row: number): string[] => Object.values(fieldsOf(dissectPacket(capture, row), ...names));
    // As tshark -2 has them.
    expect([0, 1, 2].map(of)).toEqual([
      ['0', '5', '1000', '', '8192', ''],
      ['0', '5', '1000', '', '8192', ''],
      ['0', '5', '1000', '', '8192', '-1'],
    ]);
  });

  test('extensions behind the quoted packet are taken apart', () => {
    const original = join(ip4(new Uint8Array(8), { proto: 253 }), new Uint8Array(100));
    const extensions = join(hex('2000 0000 0008 0101'), [0x00, 0x64, 0x0b, 0x07]);
    const d = dissectOne(eth(0x0800, ip4(icmp(11, 0, join([0, 32, 0, 0], original, extensions)), { proto: 1 })));
    expect(fieldsOf(d, 'icmp.length', 'icmp.length.original_datagram', 'icmp.mpls.label', 'icmp.mpls.s', 'icmp.mpls.ttl')).toEqual({
      'icmp.length': '32',
      'icmp.length.original_datagram': '128',
      'icmp.mpls.label': '1600',
      'icmp.mpls.s': '1',
      'icmp.mpls.ttl': '7',
    });
  });

  test.each([
    ['a redirect', icmp(5, 1, [9, 9, 9, 9]), 'icmp.redir_gw', '9.9.9.9'],
    ['time stamps', icmp(13, 0, join(u32(0), u32(1), u32(2), u32(3))), 'icmp.transmit_timestamp', '3'],
    ['a mask reply', icmp(18, 0, join(u32(0), [255, 255, 0, 0])), 'icmp.address_mask', '255.255.0.0'],
    ['routers', icmp(9, 0, join([1, 2], u16(600), [10, 9, 8, 7], u32(5))), 'icmp.router_address', '10.9.8.7'],
    ['an unknown type', icmp(77, 5, [0, 0, 0, 0]), 'icmp.type', '77'],
  ])('%s is read', (_what, message, field, value) => {
    expect(fieldsOf(dissectOne(eth(0x0800, ip4(message, { proto: 1 }))), field)).toEqual({ [field]: value });
  });

  test('quotations inside quotations end', () => {
    let message = icmp(3, 3, u32(0));
    for (let i = 0; i < 100; i++) message = icmp(3, 3, join(u32(0), ip4(message, { proto: 1 })));
    const capture = captureOf([eth(0x0800, ip4(message, { proto: 1 }))]);
    expect(capture.bugs).toBe(0);
    expect(dissectPacket(capture, 0).layers.length).toBeLessThanOrEqual(64);
  });

  test('can be cut at every byte', () => {
    expect(faultsWhenCut(eth(0x0800, ip4(echo(8, 1, 1), { proto: 1 })))).toEqual([]);
    expect(faultsWhenCut(eth(0x0800, ip4(icmp(9, 0, join([1, 2], u16(600), [10, 9, 8, 7], u32(5))), { proto: 1 })))).toEqual([]);
  });
});

describe('a TCP segment that an ICMP error quotes', () => {
  const [syn, answer, ack, data, reply] = tcpFrames(80, [
    ['>', 'x'],
    ['<', 'y'],
  ]) as Uint8Array[];
  const quote = (frame: Uint8Array, length: number) =>
    eth(0x0800, ip4(icmp(3, 4, join(u32(0), frame.slice(14, 14 + 20 + length))), { proto: 1 }));

  /** The same SYN with another sequence number: a new connection. */
  const again = (frame: Uint8Array) => {
    const copy = frame.slice();
    copy[14 + 20 + 4] = 0x77;
    return copy;
  };

  test('has its number where the quotation ends with it', () => {
    const d = dissectOne(quote(data as Uint8Array, 8));
    expect(fieldsOf(d, 'tcp.srcport', 'tcp.seq', 'tcp.ack')).toEqual({ 'tcp.srcport': '50000', 'tcp.seq': '1001', 'tcp.ack': '' });
  });

  test('is as complete as its connection was there, for a reader that has read no further', () => {
    const capture = captureOf([
      syn,
      answer,
      ack,
      data,
      quote(data as Uint8Array, 20),
      reply,
      quote(data as Uint8Array, 20),
    ] as Uint8Array[]);
    const completeness = (row: number) => fieldsOf(dissectPacket(capture, row), 'tcp.completeness')['tcp.completeness'];
    expect([completeness(4), completeness(6)]).toEqual(['15', '15']);
    capture.onePass = true;
    expect([completeness(3), completeness(4)]).toEqual(['7', '15']);
    const early = captureOf([syn, quote(syn as Uint8Array, 20), answer, ack, data] as Uint8Array[]);
    early.onePass = true;
    expect(fieldsOf(dissectPacket(early, 1), 'tcp.completeness')['tcp.completeness']).toBe('1');
  });

  test('belongs to the connection of its time, not to a later one between the same two', () => {
    const frames = [quote(syn as Uint8Array, 20), syn, answer, ack, data, reply, again(syn as Uint8Array), quote(syn as Uint8Array, 20)];
    const capture = captureOf(frames as Uint8Array[]);
    const stream = (row: number) => fieldsOf(dissectPacket(capture, row), 'tcp.stream')['tcp.stream'];
    expect([stream(0), stream(1), stream(6), stream(7)]).toEqual(['0', '0', '1', '1']);
    capture.onePass = true;
    expect(fieldsOf(dissectPacket(capture, 0), 'tcp.completeness')['tcp.completeness']).toBe('0');
  });
});
