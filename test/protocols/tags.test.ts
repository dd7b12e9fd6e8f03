import { describe, expect, test } from 'vitest';
import { dissectOne, eth, faultsWhenCut, fieldsOf, hex, ip4, join, MAC_A, MAC_B, stackOf, u16, u32, udpTo } from './network-packets.ts';

const ping = ip4(hex('0800 f7fd 0001 0001'), { proto: 1 });
const TYPE_IP = u16(0x0800);

describe('Tags between Ethernet and the packet', () => {
  const etag = eth(0x893f, hex('1abc 20d3 0102'), TYPE_IP, ping);
  const vntag = eth(0x8926, hex('c0058123'), u16(0x8100), u16(11), TYPE_IP, ping);
  const backbone = eth(0x88e7, hex('101ebb30'), MAC_A, MAC_B, TYPE_IP, ping);
  const metadata = eth(0x8909, hex('01 01 0001 002a'), TYPE_IP, ping);
  const arista = eth(0xd28b, hex('0001 0010 5ceeed57 384f59c8'), TYPE_IP, ping);

  test.each([
    ['E-Tag', etag, 'etag', { 'etag.ecid_base': '0x00d3', 'etag.iecid_base': '0x0abc', 'etag.group': '2', 'etag.ecid_ext': '0x02' }],
    ['VN-Tag', vntag, 'vntag', { 'vntag.dir': '1', 'vntag.dst': '5', 'vntag.looped': '1', 'vntag.src': '291', 'vlan.id': '11' }],
    ['802.1ah', backbone, 'ieee8021ah', { 'ieee8021ah.isid': '2014000', 'ieee8021ah.drop': '1', 'ieee8021ah.csrc': '02:00:00:00:00:0b' }],
    ['Cisco MetaData', metadata, 'cmd', { 'cmd.sgt': '42', 'cmd.options': '0x0001', 'cmd.type': '0x0800' }],
    ['Arista', arista, 'avsp', { 'avsp.64sec': '1559162199', 'avsp.64ns': '944724424', 'avsp.etype': '0x0800' }],
  ])('%s leads to the packet', (_name, frame, tag, fields) => {
    const vlan = tag === 'vntag' ? ':vlan:ethertype' : '';
    expect(stackOf(frame)).toBe(`eth:ethertype:${tag}:ethertype${vlan}:ip:icmp`);
    expect(fieldsOf(dissectOne(frame), ...(Object.keys(fields) as (keyof typeof fields)[]))).toEqual(fields);
    expect(faultsWhenCut(frame)).toEqual([]);
  });

  test('a VN-Tag with a length leads to LLC, and a length past the end says so', () => {
    const llc = hex('aaaa03 000000 0800');
    const frame = (length: number) => eth(0x8926, u32(0), u16(length), llc, ping);
    expect(stackOf(frame(llc.length + ping.length))).toBe('eth:ethertype:vntag:llc:ip:icmp');
    expect(fieldsOf(dissectOne(frame(900)), 'vntag.len', 'vntag.len.past_end')).toEqual({ 'vntag.len': '900', 'vntag.len.past_end': '1' });
    expect(faultsWhenCut(frame(900))).toEqual([]);
  });

  test('a timestamp of Arista in a version that is not known ends there', () => {
    const frame = eth(0xd28b, hex('0001 0011 5ceeed57 384f59c8'), TYPE_IP, ping);
    expect(stackOf(frame)).toBe('eth:ethertype:avsp');
    expect(fieldsOf(dissectOne(frame), 'avsp.ts.unknown_version')['avsp.ts.unknown_version']).toBe('1');
    expect(stackOf(eth(0xd28b, hex('0001 0020 0102 384f59c8'), TYPE_IP, ping))).toBe('eth:ethertype:avsp:ethertype:ip:icmp');
  });

  test('in GRE, Cisco MetaData has its type in front', () => {
    const frame = eth(0x0800, ip4(join(hex('0000 8909'), TYPE_IP, hex('01 01 0001 0007'), ping), { proto: 47 }));
    expect(stackOf(frame)).toBe('eth:ethertype:ip:gre:cmd:ip:icmp');
    expect(fieldsOf(dissectOne(frame), 'cmd.sgt')['cmd.sgt']).toBe('7');
    expect(faultsWhenCut(frame)).toEqual([]);
  });
});

describe('Cisco FabricPath', () => {
  const inner = eth(0x0800, ping);
  const frame = join(hex('f351d64e6200 96ce bf4e 521d 8903 0460'), inner, hex('5c360000'));

  test('has the place of Ethernet, and a frame behind it', () => {
    expect(stackOf(frame)).toBe('eth:cfp:eth:ethertype:ip:icmp');
    const d = dissectOne(frame);
    expect(fieldsOf(d, 'eth.src', 'cfp.d_hmac_mc', 'cfp.swid', 'cfp.sswid', 'cfp.lid', 'cfp.ftag', 'cfp.ttl', 'cfp.fcs')).toEqual({
      'eth.src': '02:00:00:00:00:0a',
      'cfp.d_hmac_mc': 'f3:51:d6:4e:62:00',
      'cfp.swid': '3775',
      'cfp.sswid': '78',
      'cfp.lid': '21021',
      'cfp.ftag': '17',
      'cfp.ttl': '32',
      'cfp.fcs': '0x5c360000',
    });
    expect(d.layers[1]?.summary).toBe('ebf.4e.521d → f3:51:d6:4e:62:00');
    expect(faultsWhenCut(frame)).toEqual([]);
  });

  test.each([
    ['IPv4', inner],
    ['IPv4 behind a VLAN tag', eth(0x8100, hex('0001 0800'), ping)],
    ['IPv6', eth(0x86dd, hex('6000 0000 0008 3aff'), new Uint8Array(32), hex('8000 0000 0001 0001'))],
  ])('leaves the last four octets to a packet that has them itself: %s', (_, without) => {
    const short = join(frame.slice(0, 16), without);
    const names = ['cfp.fcs', 'icmp.ident', 'icmpv6.echo.identifier', '_ws.malformed'];
    const said = fieldsOf(dissectOne(short), ...names);
    expect(said['cfp.fcs']).toBe('');
    expect(said['icmp.ident'] || said['icmpv6.echo.identifier']).toMatch(/^(0x0001|1(,|$))/);
    expect(faultsWhenCut(short)).toEqual([]);
    // With a check sequence, or padding of which four octets may be one, the packet is the same.
    expect(fieldsOf(dissectOne(join(short, hex('5c360000'))), ...names)).toEqual({ ...said, 'cfp.fcs': '0x5c360000' });
  });

  test('of what is no packet with a length the last four octets are the check sequence', () => {
    expect(fieldsOf(dissectOne(join(frame.slice(0, 16), eth(0x88b5, hex('0102030405060708090a')))), 'cfp.fcs')).toEqual({
      'cfp.fcs': '0x0708090a',
    });
  });
});

describe('Configuration Test Protocol', () => {
  test('names who is to send the frame on, and ends with a reply', () => {
    const frame = eth(0x9000, hex('0800 0200'), MAC_A, hex('0100 0700'), new Uint8Array(30));
    expect(stackOf(frame)).toBe('eth:ethertype:loop:data');
    const d = dissectOne(frame);
    expect(fieldsOf(d, 'loop.skipcount', 'loop.function', 'loop.forwarding_address', 'loop.receipt_number')).toEqual({
      'loop.skipcount': '8',
      'loop.function': '2,1',
      'loop.forwarding_address': '02:00:00:00:00:0a',
      'loop.receipt_number': '7',
    });
    expect(d.layers[2]?.summary).toBe('Reply');
    expect(faultsWhenCut(frame)).toEqual([]);
  });

  test('of nothing but stations ends', () => {
    const stations = join(...Array.from({ length: 250 }, () => join(hex('0200'), MAC_A)));
    expect(dissectOne(eth(0x9000, u16(0), stations)).protocolNames).toBe('eth:ethertype:loop');
  });
});

describe('Network Service Header', () => {
  const contexts = hex('00000001 00000002 00000003 00000004');
  const first = eth(0x894f, hex('0006 01 01 000001 02'), contexts, ping);
  const second = hex('3006 02 01 ffffff ff 0001 02 01 0c000000 0002 03 01 0d000000');

  test('of the first kind has four words of context', () => {
    expect(stackOf(first)).toBe('eth:ethertype:nsh:ip:icmp');
    expect(fieldsOf(dissectOne(first), 'nsh.spi', 'nsh.si', 'nsh.contextheader')).toEqual({
      'nsh.spi': '1',
      'nsh.si': '2',
      'nsh.contextheader': '00000001,00000002,00000003,00000004',
    });
    expect(faultsWhenCut(first)).toEqual([]);
  });

  test('of the second kind, over VXLAN with a next protocol, has metadata', () => {
    const frame = eth(0x0800, ip4(udpTo(4790, 4790, join(hex('0c 0000 04 ffffff 00'), second, ping)), { proto: 17 }));
    expect(stackOf(frame)).toBe('eth:ethertype:ip:udp:vxlan:nsh:ip:icmp');
    expect(fieldsOf(dissectOne(frame), 'vxlan.vni', 'vxlan.next_proto', 'nsh.metadataclass', 'nsh.metadata')).toEqual({
      'vxlan.vni': '16777215',
      'vxlan.next_proto': '4',
      'nsh.metadataclass': '1,2',
      'nsh.metadata': '0c,0d',
    });
    expect(faultsWhenCut(frame)).toEqual([]);
  });

  test('shorter than itself ends there', () => {
    const frame = eth(0x894f, hex('0001 02 01 000001 02'), ping);
    expect(stackOf(frame)).toBe('eth:ethertype:nsh');
    expect(fieldsOf(dissectOne(frame), 'nsh.length.invalid')['nsh.length.invalid']).toBe('1');
  });
});

describe('Wake on LAN', () => {
  const magic = join(hex('ffffffffffff'), ...Array.from({ length: 16 }, () => MAC_A));

  test('is found by its EtherType and, on any port, by its shape', () => {
    const frame = eth(0x0842, magic, [192, 168, 1, 1]);
    expect(stackOf(frame)).toBe('eth:ethertype:wol');
    expect(dissectOne(frame).columns.info).toBe('MagicPacket for 02:00:00:00:00:0a, password 192.168.1.1');
    expect(faultsWhenCut(frame)).toEqual([]);
    expect(stackOf(eth(0x0800, ip4(udpTo(2551, 9, magic), { proto: 17 })))).toBe('eth:ethertype:ip:udp:wol');
  });

  test('without the address sixteen times is data', () => {
    const other = magic.slice();
    other[60] = 1;
    expect(stackOf(eth(0x0842, other))).toBe('eth:ethertype:data');
    expect(stackOf(eth(0x0800, ip4(udpTo(2551, 9, other), { proto: 17 })))).toBe('eth:ethertype:ip:udp:data');
  });
});

describe('LISP', () => {
  test('carries packets in its data plane and in encapsulated control messages', () => {
    const data = eth(0x0800, ip4(udpTo(4341, 4341, join(hex('c8 000102 00002a 03'), ping)), { proto: 17 }));
    expect(stackOf(data)).toBe('eth:ethertype:ip:udp:lisp-data:ip:icmp');
    expect(fieldsOf(dissectOne(data), 'lisp-data.nonce', 'lisp-data.iid', 'lisp-data.lsb8')).toEqual({
      'lisp-data.nonce': '258',
      'lisp-data.iid': '42',
      'lisp-data.lsb8': '0x03',
    });
    expect(faultsWhenCut(data)).toEqual([]);
    const request = ip4(udpTo(4342, 4342, hex('10000001 0000000000000000')), { proto: 17 });
    const control = eth(0x0800, ip4(udpTo(4342, 4342, join(hex('84000000'), request)), { proto: 17 }));
    expect(stackOf(control)).toBe('eth:ethertype:ip:udp:lisp:ip:udp:lisp');
    expect(faultsWhenCut(control)).toEqual([]);
  });
});
