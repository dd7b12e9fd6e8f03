import { describe, expect, test } from 'vitest';
import { Buf, Dissection } from '../../src/dissect/dissection.ts';
import { callMedia } from '../../src/protocols/media.ts';
import { TestCapture } from './app-fixtures.ts';
import { dissectOne, eth, faultsWhenCut, fieldsOf, hex, ip4, ip6, join, stackOf, u16, u32, udpTo, valuesOf } from './network-packets.ts';

const name = (text: string, kind: number): number[] => [...[...text.padEnd(15)].map((c) => c.charCodeAt(0)), kind];

describe('NetBIOS over LLC', () => {
  const frame = (...payload: (Uint8Array | readonly number[])[]): Uint8Array => {
    const body = join(hex('f0f003'), ...payload);
    return eth(body.length, body);
  };
  const datagram = (what: Uint8Array) => frame(hex('2c00 ffef 08 00 0000 0000 0000'), name('GROUP', 0x1d), name('HOST', 0x00), what);

  test('names who asks for a name', () => {
    const query = frame(hex('2c00 ffef 01 00 0000 0000 0900'), new Uint8Array(16), name('HOST', 0x03));
    expect(stackOf(query)).toBe('eth:llc:netbios');
    const d = dissectOne(query);
    expect(fieldsOf(d, 'netbios.command', 'netbios.resp_corrl', 'netbios.nb_name_type')).toEqual({
      'netbios.command': '0x01',
      'netbios.resp_corrl': '0x0009',
      'netbios.nb_name_type': '0x00,0x03',
    });
    expect(d.columns.info).toBe('Add Name Query HOST<03>');
    expect(faultsWhenCut(query)).toEqual([]);
  });

  test('carries SMB in datagrams and in sessions, and other data as data', () => {
    const smb = join(hex('ff534d42 72 00000000 00 0000'), new Uint8Array(20), hex('00 0000'));
    expect(stackOf(datagram(smb))).toBe('eth:llc:netbios:smb');
    expect(faultsWhenCut(datagram(smb))).toEqual([]);
    const session = frame(hex('0e00 ffef 16 0c 0000 0100 0200 07 09'), smb);
    expect(stackOf(session)).toBe('eth:llc:netbios:smb');
    expect(fieldsOf(dissectOne(session), 'netbios.remote_session', 'netbios.local_session', 'netbios.flags.ack')).toEqual({
      'netbios.remote_session': '0x07',
      'netbios.local_session': '0x09',
      'netbios.flags.ack': '1',
    });
    expect(stackOf(datagram(hex('01020304')))).toBe('eth:llc:netbios:data');
  });

  test('with a header length of its own making carries nothing', () => {
    expect(stackOf(frame(hex('0400 ffef 16 00 0000 0000 0000 07 09 0102')))).toBe('eth:llc:netbios');
    expect(stackOf(frame(hex('ffff ffef 16 00 0000 0000 0000 07 09 0102')))).toBe('eth:llc:netbios');
  });
});

describe('SCTP', () => {
  const chunk = (identifier: number, payload: Uint8Array, flags = 3) =>
    join([0, flags], u16(16 + payload.length), u32(1), u16(0), u16(0), u32(identifier), payload, new Uint8Array(-payload.length & 3));
  const packet = (port: number, ...chunks: Uint8Array[]) =>
    eth(0x0800, ip4(join(u16(50000), u16(port), u32(7), u32(0), ...chunks), { proto: 132 }));
  const watchdog = hex('01000014 80000118 00000000 00000001 00000002');

  test('shows messages of unknown kinds as data, each of them', () => {
    const frame = packet(9, chunk(0, hex('010203')), chunk(0, hex('04050607')));
    expect(stackOf(frame)).toBe('eth:ethertype:ip:sctp:data:data');
    expect(valuesOf(dissectOne(frame)).get('data.data')).toEqual(['010203', '04050607']);
    expect(faultsWhenCut(frame)).toEqual([]);
    expect(stackOf(packet(9, chunk(0, hex('010203'), 2)))).toBe('eth:ethertype:ip:sctp');
  });

  test('finds Diameter by the payload identifier and by the port', () => {
    expect(stackOf(packet(9, chunk(46, watchdog)))).toBe('eth:ethertype:ip:sctp:diameter');
    expect(stackOf(packet(3868, chunk(0, watchdog)))).toBe('eth:ethertype:ip:sctp:diameter');
    expect(faultsWhenCut(packet(3868, chunk(0, watchdog)))).toEqual([]);
  });
});

describe('A protocol that a port suggests', () => {
  const from = (port: number, payload: Uint8Array) => stackOf(eth(0x0800, ip4(udpTo(50000, port, payload), { proto: 17 })));

  test('is SNMP only if a sequence begins with a version and ends within the datagram', () => {
    expect(from(161, hex('3016 020100 0406 7075626c6963 a009 0201010201000201003000'.replace(/ /g, '')))).toMatch(/snmp$/);
    expect(from(161, hex('301a 020100 0406 7075626c6963 a00d 0201010201000201003000'))).toMatch(/udp:data$/);
    expect(from(161, hex('00010203'))).toMatch(/udp:data$/);
    expect(from(161, hex('3003 040100'))).toMatch(/udp:data$/);
  });

  test('is RADIUS only with a code that is assigned and a possible length', () => {
    const packet = (code: number, length: number) => join([code, 1], u16(length), new Uint8Array(16));
    expect(from(1812, packet(1, 20))).toMatch(/radius$/);
    expect(from(1812, packet(200, 20))).toMatch(/udp:data$/);
    expect(from(1812, packet(1, 19))).toMatch(/udp:data$/);
    expect(from(1812, packet(1, 0xb105))).toMatch(/udp:data$/);
  });
});

test('RGMP has types of IGMP', () => {
  const frame = eth(0x0800, ip4(hex('fd 00 1b02 e0010203'), { proto: 2 }));
  expect(stackOf(frame)).toBe('eth:ethertype:ip:igmp:rgmp');
  expect(fieldsOf(dissectOne(frame), 'rgmp.type', 'rgmp.maddr')).toEqual({ 'rgmp.type': '0xfd', 'rgmp.maddr': '224.1.2.3' });
  expect(faultsWhenCut(frame)).toEqual([]);
});

test('IPv6 with nothing behind its header, or behind an extension, names no other protocol', () => {
  expect(stackOf(eth(0x86dd, ip6([], 6)))).toBe('eth:ethertype:ipv6');
  expect(stackOf(eth(0x86dd, ip6(hex('0600 010400000000'), 60)))).toBe('eth:ethertype:ipv6:ipv6.dstopts');
});

test('an enhanced GRE header alone acknowledges', () => {
  expect(stackOf(eth(0x0800, ip4(hex('2081 880b 0000 0001 00000005'), { proto: 47 })))).toBe('eth:ethertype:ip:gre');
});

test('a body of DNS over HTTP is a message without a length in front', () => {
  const capture = new TestCapture();
  const message = hex('1234 0100 0001 0000 0000 0000 03777777 00 0001 0001');
  const d = new Dissection(capture, capture.row());
  d.transport = { kind: 'tcp', stream: 0, fromClient: true, srcPort: 50000, dstPort: 80 };
  callMedia(d, new Buf(message, d.source('Frame', message), 0, message.length, message.length), 'application/dns-message');
  expect(d.protocolNames).toBe('dns');
  expect(fieldsOf(d, 'dns.id', 'dns.qry.name')).toEqual({ 'dns.id': '0x1234', 'dns.qry.name': 'www' });
});
