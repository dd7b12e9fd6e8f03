import { describe, expect, test } from 'vitest';
import { dissectPacket } from '../../src/protocols/dissect-packet.ts';
import {
  captureOf,
  dissectOne,
  faultsWhenCut,
  fieldsOf,
  hex,
  IP6_A,
  IP6_B,
  icmp6Frame,
  indexedStack,
  join,
  stackOf,
  u16,
  u32,
} from './network-packets.ts';

const text = (letters: string) => [...letters].map((letter) => letter.charCodeAt(0));
/** An option, padded with zeros to a multiple of eight octets. */
function option(type: number, ...parts: (Uint8Array | readonly number[])[]): Uint8Array {
  const body = join(...parts);
  const words = Math.ceil((2 + body.length) / 8);
  return join([type, words], body, new Uint8Array(8 * words - 2 - body.length));
}
/** One whose third octets are a kind and the length of its padding, as SEND has them. */
function sendOption(type: number, kind: number, body: Uint8Array, padded = true): Uint8Array {
  const padding = (8 - ((4 + body.length) % 8)) % 8;
  return option(type, [kind, padded ? padding : 0], body);
}
const solicitation = (...options: Uint8Array[]) => icmp6Frame(133, 0, u32(0), ...options);
const titlesOf = (frame: Uint8Array) =>
  dissectOne(frame)
    .layers.at(-1)
    ?.fields.filter((node) => node.abbrev === 'icmpv6.opt')
    .map((node) => node.display);

const der = (tag: number, ...parts: (Uint8Array | readonly number[])[]): Uint8Array => {
  const body = join(...parts);
  return join([tag], body.length < 128 ? [] : [0x81], [body.length], body);
};
const attribute = (type: string, value: string) => der(0x31, der(0x30, der(6, hex(type)), der(12, text(value))));
const name = der(0x30, attribute('55040a', 'Test'), attribute('550403', 'root'));
const algorithm = der(0x30, der(6, hex('2a864886f70d010101')), hex('0500'));
const key = der(0x30, algorithm, der(3, [0], der(0x30, der(2, hex('00c1d2e3f4')), der(2, hex('010001')))));
const times = der(0x30, der(0x17, text('260101000000Z')), der(0x17, text('270101000000Z')));
const certificate = der(
  0x30,
  der(0x30, hex('a003020102 020105'), algorithm, name, times, name, key),
  algorithm,
  der(3, [0], hex('aabbccdd')),
);
const cga = (...extensions: Uint8Array[]): Uint8Array => {
  const made = sendOption(11, 0, join(new Uint8Array(16).fill(7), IP6_A.subarray(0, 8), [1], key, ...extensions));
  // The length of the padding comes first here.
  made.copyWithin(2, 3, 4);
  made[3] = 0;
  return made;
};

/** Values as tshark 4.0 gives them for such options. */
const options: readonly (readonly [title: string, option: Uint8Array, values: Readonly<Record<string, string>>])[] = [
  [
    'Source link-layer address : 00:01:02:03:04:05:06:07',
    option(1, hex('0001020304050607')),
    {
      'icmpv6.opt.src_linkaddr_eui64': '00:01:02:03:04:05:06:07',
      'icmpv6.opt.linkaddr_eui64': '00:01:02:03:04:05:06:07',
      'icmpv6.opt.padding': '1',
    },
  ],
  ['NBMA Shortcut Limit Option : 7', option(6, hex('07 00 00000000')), { 'icmpv6.opt.nbma.shortcut_limit': '7' }],
  [
    'Source Address List 2001:db8::1 2001:db8::2',
    option(9, new Uint8Array(6), IP6_A, IP6_B),
    { 'icmpv6.opt.ipv6_address': '2001:db8::1,2001:db8::2' },
  ],
  [
    'CGA',
    cga(hex('fffd 0004 01020304')),
    {
      'icmpv6.opt.cga.pad_length': '1',
      'icmpv6.opt.cga.modifier': '07'.repeat(16),
      'icmpv6.opt.cga.subnet_prefix': '20010db800000000',
      'icmpv6.opt.cga.count': '01',
      'x509af.algorithm.id': '1.2.840.113549.1.1.1',
      'pkcs1.publicExponent': '65537',
      'icmpv6.opt.cga.ext_type': '65533',
      'icmpv6.opt.cga.ext_length': '4',
      'icmpv6.opt.cga.ext_data': '01020304',
    },
  ],
  ['RSA Signature', option(12, [0, 0], new Uint8Array(16).fill(1), new Uint8Array(20)), { 'icmpv6.opt.rsa.key_hash': '01'.repeat(16) }],
  ['Timestamp', option(13, hex('000000000000 0000 65540000 8000')), { 'icmpv6.opt.timestamp': 'Nov 14, 2023 23:17:20.500000000 UTC' }],
  ['Trust Anchor', sendOption(15, 1, name), { 'icmpv6.x509_Name': '0', 'x509sat.uTF8String': 'Test,root' }],
  ['Trust Anchor', sendOption(15, 2, Uint8Array.from(text('trust.example'))), { 'icmpv6.opt.name_type.fqdn': 'trust.example' }],
  [
    'Certificate',
    sendOption(16, 1, certificate, false),
    { 'icmpv6.opt.name_type': '1', 'x509af.serialNumber': '05', 'x509sat.uTF8String': 'Test,root,Test,root' },
  ],
  [
    'IP Address/Prefix Option 2001:db8::1/64',
    option(17, hex('01 40 00000000'), IP6_A),
    { 'icmpv6.opt.ipa.option_code': '1', 'icmpv6.opt.ipa.prefix_len': '64', 'icmpv6.opt.ipa.ipv6_address': '2001:db8::1' },
  ],
  ['New Router Prefix Information 2001:db8::1/64', option(18, hex('00 40 00000000'), IP6_A), { 'icmpv6.opt.nrpi.prefix': '2001:db8::1' }],
  // RFC 5568, section 6.4.5: the address stands behind four reserved octets, which tshark takes for its beginning.
  [
    'Neighbor Advertisement Acknowledgment',
    option(20, hex('00 02 00000000'), IP6_A),
    { 'icmpv6.opt.naack.status': '2', 'icmpv6.opt.naack.supplied_ncoa': '2001:db8::1' },
  ],
  [
    'MAP',
    option(23, hex('3a 80 00000e10'), IP6_A),
    {
      'icmpv6.opt.map.distance': '3',
      'icmpv6.opt.map.preference': '10',
      'icmpv6.opt.map.flag.r': '1',
      'icmpv6.opt.map.valid_lifetime': '3600',
      'icmpv6.opt.map.global_address': '2001:db8::1',
    },
  ],
  [
    'Route Information : High ::/0',
    option(24, hex('00 08 ffffffff')),
    { 'icmpv6.opt.route_lifetime': '4294967295', 'icmpv6.opt.prefix': '' },
  ],
  [
    'Route Information : Low 2001:db8:0:1::/64',
    option(24, hex('40 18 00000e10 20010db800000001')),
    { 'icmpv6.opt.prefix': '2001:db8:0:1::' },
  ],
  ['RA Flags Extension', option(26, hex('fc00')), { 'icmpv6.opt.efo': '0xfc00', 'icmpv6.opt.efo.prf': '3', 'icmpv6.opt.efo.p': '1' }],
  [
    'Handover Key Request',
    option(27, hex('03 10'), new Uint8Array(17).fill(9)),
    { 'icmpv6.opt.hkr.at': '1', 'icmpv6.opt.hkr.encryption_public_key': '09'.repeat(17), 'icmpv6.opt.hkr.padding': '000000' },
  ],
  [
    'Handover Key Reply',
    option(28, hex('02 1f 003c'), new Uint8Array(16).fill(9)),
    { 'icmpv6.opt.hkr.lifetime': '60', 'icmpv6.opt.hkr.encrypted_handover_key': '09'.repeat(16) },
  ],
  ['Handover Assist Information', option(29, hex('01 05 0102030405')), { 'icmpv6.opt.hai.value': '0102030405', 'icmpv6.unknown_data': '' }],
  [
    'Mobile Node Identifier Option',
    option(30, hex('01 0a'), text('user@exa.m')),
    { 'icmpv6.opt.mn.length': '10', 'icmpv6.opt.mn.value': '75736572406578612e6d' },
  ],
  [
    'DNS Search List Option foo.bar baz',
    option(31, [0, 0], u32(60), hex('03666f6f0362617200 0362617a00')),
    { 'icmpv6.opt.dnssl': 'foo.bar,baz' },
  ],
  [
    'Address Registration Option : Register 00:01:02:03:04:05:06:07 Duplicate Exists',
    option(33, hex('01 000000 003c 0001020304050607')),
    { 'icmpv6.opt.aro.registration_lifetime': '60', 'icmpv6.opt.aro.eui64': '00:01:02:03:04:05:06:07' },
  ],
  [
    '6LoWPAN Context Option 2001:db8:0:1::/64',
    option(34, hex('40 15 0000 003c 20010db800000001')),
    { 'icmpv6.opt.6co.flag.c': '1', 'icmpv6.opt.6co.flag.cid': '5', 'icmpv6.opt.6co.context_prefix': '2001:db8:0:1::' },
  ],
  [
    'Authoritative Border Router : Version 2.1, Valid Lifetime : 60, 6LBR : 2001:db8::1',
    option(35, u16(1), u16(2), u16(60), IP6_A),
    { 'icmpv6.opt.abro.version_high': '2', 'icmpv6.opt.abro.6lbr_address': '2001:db8::1' },
  ],
  [
    '6LoWPAN Capability Indication Option',
    option(36, hex('8001 00000007')),
    { 'icmpv6.opt.6cio.unassigned1': '0x4000', 'icmpv6.opt.6cio.flag_g': '0x0001' },
  ],
  [
    'PREF64 Option',
    option(38, hex('0705 0064ff9b 0102030405060708')),
    { 'icmpv6.opt.pref64.plc': '0x0005', 'icmpv6.opt.pref64.prefix': '64:ff9b::' },
  ],
  ['Unknown 99', option(99, hex('010203040506')), { 'icmpv6.data': '010203040506' }],
];

describe('options of neighbour discovery', () => {
  test.each(options)('are taken apart: %s', (title, bytes, values) => {
    const frame = solicitation(bytes);
    expect(titlesOf(frame)).toEqual([title]);
    expect(fieldsOf(dissectOne(frame), ...Object.keys(values), 'icmpv6.invalid_option_length', 'icmpv6.unknown_data')).toEqual({
      ...values,
      'icmpv6.invalid_option_length': '',
      'icmpv6.unknown_data': '',
    });
    expect(dissectOne(frame).layers.find((layer) => layer.protocol === 'icmpv6')?.status).toBe('whole');
  });

  test.each(options)('are read no further than they go, wherever they are cut: %s', (_, bytes) => {
    expect(faultsWhenCut(solicitation(bytes))).toEqual([]);
  });

  test.each(options)('that are too short say so, and the next one is read: %s', (_, bytes) => {
    for (let words = 1; words < bytes.length / 8; words++) {
      const shorter = bytes.slice(0, 8 * words);
      shorter[1] = words;
      const frame = solicitation(shorter, option(5, [0, 0], u32(1280)));
      expect(fieldsOf(dissectOne(frame), 'icmpv6.opt.mtu')).toEqual({ 'icmpv6.opt.mtu': '1280' });
      expect(faultsWhenCut(frame)).toEqual([]);
    }
  });

  test('certificates and names in them are on the stack, at both depths', () => {
    expect(stackOf(icmp6Frame(149, 0, hex('0037 0001 0000 0000'), sendOption(15, 1, name), sendOption(16, 1, certificate, false)))).toBe(
      `eth:ethertype:ipv6:icmpv6${':x509sat'.repeat(6)}`,
    );
  });

  test('what is behind the content of an option is unknown', () => {
    const d = dissectOne(solicitation(option(5, [0, 0], u32(1280), u32(7), u32(8))));
    expect(fieldsOf(d, 'icmpv6.opt.mtu', 'icmpv6.unknown_data')).toEqual({
      'icmpv6.opt.mtu': '1280',
      'icmpv6.unknown_data': '0000000700000008',
    });
  });

  test('lengths that the content contradicts are told', () => {
    const wrong: readonly Uint8Array[] = [
      option(11, hex('ff 00'), new Uint8Array(36)),
      option(15, hex('02 09'), text('abcd')),
      option(24, hex('80 10 00000e10'), new Uint8Array(24)),
      option(27, hex('20 10 00000000')),
      option(29, hex('01 20 01020304')),
      option(31, [0, 0], u32(60), hex('3f666f6f00')),
      option(33, hex('01 000000 003c')),
      option(38, hex('0707'), new Uint8Array(12)),
    ];
    for (const bytes of wrong) {
      const frame = solicitation(bytes);
      expect(fieldsOf(dissectOne(frame), 'icmpv6.invalid_option_length')).toEqual({ 'icmpv6.invalid_option_length': '1' });
      expect(faultsWhenCut(frame)).toEqual([]);
    }
  });

  test('many options of nothing but a header take no more than their place', () => {
    const capture = captureOf([solicitation(...Array.from({ length: 180 }, () => option(14)))]);
    expect(dissectPacket(capture, 0).protocolNames).toBe(indexedStack(capture, 0));
  });
});
