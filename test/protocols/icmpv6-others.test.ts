import { describe, expect, it } from 'vitest';
import { dissectOne, faultsWhenCut, fieldsOf, hex, IP6_A, IP6_B, icmp6Frame, join, u16, u32 } from './network-packets.ts';

const head = join(u32(77), hex('03 f8'), u16(1000), u32(0));
const matched = join(hex('01 0b 05 40 0a 80 0000'), IP6_A);
const used = join(hex('40 10 c0 80'), u32(3600), u32(1800), u32(0xc0000000), IP6_B);
const link = hex('0101 020000000001');
const of = (...names: string[]) => names.map((name) => `icmpv6.${name}`);

/** Values as tshark 4.0 gives them for the same bytes. */
const messages: readonly [name: string, frame: Uint8Array, info: string, values: Readonly<Record<string, string>>][] = [
  [
    'a renumbering command with two prefixes',
    icmp6Frame(138, 0, head, matched, used, used),
    'Router Renumbering (Command)',
    {
      'icmpv6.rr.sequence_number': '77',
      'icmpv6.rr.maxdelay': '1000',
      'icmpv6.rr.pco.mp.opcode': '1',
      'icmpv6.rr.pco.mp.matchlen': '64',
      'icmpv6.rr.pco.mp.matchprefix': '2001:db8::1',
      'icmpv6.rr.pco.up.uselen': '64,64',
      'icmpv6.rr.pco.up.flag.v': '1,1',
      'icmpv6.rr.pco.up.useprefix': '2001:db8::2,2001:db8::2',
    },
  ],
  [
    'the result of a renumbering',
    icmp6Frame(138, 1, head, hex('0003 07 30'), u32(9), IP6_A),
    'Router Renumbering (Result)',
    {
      'icmpv6.rr.rm.flag.b': '1',
      'icmpv6.rr.rm.flag.f': '1',
      'icmpv6.rr.rm.matchedlen': '48',
      'icmpv6.rr.rm.interfaceindex': '9',
      'icmpv6.rr.rm.matchedprefix': '2001:db8::1',
    },
  ],
  [
    'home agents that were discovered',
    icmp6Frame(145, 0, hex('1234 0000'), IP6_A, IP6_B),
    'Home Agent Address Discovery Reply',
    { 'icmpv6.mip6.identifier': '4660', 'icmpv6.mip6.home_agent_address': '2001:db8::1,2001:db8::2' },
  ],
  [
    'a mobile prefix advertisement',
    icmp6Frame(147, 0, hex('1234 c000'), link),
    'Mobile Prefix Advertisement from 02:00:00:00:00:01',
    { 'icmpv6.mip6.flag.m': '1', 'icmpv6.mip6.flag.o': '1', 'icmpv6.opt.src_linkaddr': '02:00:00:00:00:01' },
  ],
  [
    'a certification path advertisement',
    icmp6Frame(149, 0, hex('0037 0003 0002 0000'), link),
    'Certification Path Advertisement from 02:00:00:00:00:01',
    { 'icmpv6.send.identifier': '55', 'icmpv6.send.all_components': '3', 'icmpv6.send.component': '2' },
  ],
  [
    'a multicast router advertisement',
    icmp6Frame(151, 20, hex('007d 0002')),
    'Multicast Router Advertisement',
    { 'icmpv6.mcast_ra.query_interval': '125', 'icmpv6.mcast_ra.robustness_variable': '2' },
  ],
  [
    'the confirmation of an address',
    icmp6Frame(158, 0, hex('01 00 003c 0001020304050607'), IP6_A),
    'Duplicate Address Confirmation',
    { 'icmpv6.6lowpannd.da.status': '1', 'icmpv6.6lowpannd.da.lifetime': '60', 'icmpv6.6lowpannd.da.reg_addr': '2001:db8::1' },
  ],
  [
    'a reply to an extended echo',
    icmp6Frame(161, 3, hex('4242 07 47')),
    'Extended Echo reply (No Such Table Entry)',
    {
      'icmpv6.ext.echo.seq': '7',
      'icmpv6.ext.echo.rsp.state': '2',
      'icmpv6.ext.echo.rsp.active': '1',
      'icmpv6.ext.echo.rsp.ipv4': '1',
      'icmpv6.ext.echo.rsp.ipv6': '1',
    },
  ],
  [
    'an answer of inverse discovery',
    icmp6Frame(142, 0, u32(0), link, hex('0a03 000000000000'), IP6_B),
    'Inverse Neighbor Discovery Advertisement from 02:00:00:00:00:01',
    { 'icmpv6.opt.src_linkaddr': '02:00:00:00:00:01', 'icmpv6.opt.ipv6_address': '2001:db8::2' },
  ],
  [
    'a fast handover that a router initiates',
    icmp6Frame(154, 1, hex('04 c0 abcd'), hex('1302 01 020000000002'), new Uint8Array(7)),
    'FMIPv6 (Handover Initiate)',
    {
      'icmpv6.fmip6.subtype': '4',
      'icmpv6.fmip6.hi.flag.s': '1',
      'icmpv6.fmip6.hi.flag.a': '1',
      'icmpv6.fmip6.identifier': '43981',
      'icmpv6.opt.lla.option_code': '1',
      'icmpv6.opt.lla.bytes': '02000000000200000000000000',
    },
  ],
  [
    'a request of an extended echo, with the interface by its name',
    icmp6Frame(
      160,
      0,
      hex('1234 01 01 20000f52 0008 0301'),
      [...'eth0'].map((letter) => letter.charCodeAt(0)),
    ),
    'Extended Echo request (No error)',
    {
      'frame.protocols': 'eth:ethertype:ipv6:icmpv6:icmp',
      'icmpv6.ext.echo.req.local': '1',
      'icmp.ext.checksum.status': '1',
      'icmp.ext.ctype': '1',
      'icmp.int_ident.name': 'eth0',
    },
  ],
];

describe('ICMPv6', () => {
  it.each(messages)('takes apart %s', (_, bytes, info, values) => {
    const d = dissectOne(bytes);
    expect(fieldsOf(d, ...Object.keys(values))).toEqual(values);
    expect(d.columns.info).toBe(info);
    expect(d.layers.at(-1)?.status).toBe('whole');
  });

  it.each(messages)('reads nothing outside %s, wherever it is cut', (_, bytes) => {
    expect(faultsWhenCut(bytes)).toEqual([]);
  });

  it('marks a prefix that is cut off as malformed', () => {
    const d = dissectOne(icmp6Frame(138, 0, head, matched, used.subarray(0, 20)));
    expect(d.layers.at(-1)?.status).toBe('malformed');
    expect(fieldsOf(d, ...of('rr.pco.up.uselen', 'rr.pco.up.preferredlifetime'))).toEqual({
      'icmpv6.rr.pco.up.uselen': '64',
      'icmpv6.rr.pco.up.preferredlifetime': '1800',
    });
  });
});
