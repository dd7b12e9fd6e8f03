/** Small hand-built conversations, a list for each family of protocols, for the fuzzer to start from. */
import type { Frame, FrameList } from './memory-capture.ts';

type Part = Uint8Array | readonly number[] | string;

/** Joins bytes; a string stands for its characters. */
export function cat(...parts: readonly Part[]): Uint8Array {
  const all = parts.map((part) => (typeof part === 'string' ? Uint8Array.from(part, (c) => c.charCodeAt(0)) : Uint8Array.from(part)));
  const out = new Uint8Array(all.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of all) {
    out.set(part, at);
    at += part.length;
  }
  return out;
}

export const u16 = (value: number): number[] => [(value >> 8) & 0xff, value & 0xff];
export const u32 = (value: number): number[] => [...u16(value >>> 16), ...u16(value & 0xffff)];
const hex = (text: string): number[] => (text.replace(/\s/g, '').match(/../g) ?? []).map((pair) => Number.parseInt(pair, 16));

const MACS = hex('0200000000b0 0200000000a0');
const IP6 = hex('20010db8000000000000000000000001 20010db8000000000000000000000002');

export const eth = (type: number, ...payload: Part[]): Uint8Array => cat(MACS, u16(type), ...payload);

/** IPv4 from 10.0.0.1 to 10.0.0.2, or back. */
export function ip4(
  proto: number,
  payload: Part,
  o: { id?: number; fragment?: number; options?: number[]; back?: boolean } = {},
): Uint8Array {
  const body = cat(payload);
  const options = o.options ?? [];
  const header = 20 + options.length;
  const ends = o.back === true ? [10, 0, 0, 2, 10, 0, 0, 1] : [10, 0, 0, 1, 10, 0, 0, 2];
  return cat(
    [0x40 | (header / 4), 0],
    u16(header + body.length),
    u16(o.id ?? 1),
    u16(o.fragment ?? 0),
    [64, proto, 0, 0],
    ends,
    options,
    body,
  );
}

export function ip6(next: number, payload: Part): Uint8Array {
  const body = cat(payload);
  return cat([0x60, 0, 0, 0], u16(body.length), [next, 64], IP6, body);
}

export function udp(from: number, to: number, payload: Part): Uint8Array {
  const body = cat(payload);
  return cat(u16(from), u16(to), u16(8 + body.length), [0, 0], body);
}

export function tcp(
  from: number,
  to: number,
  seq: number,
  ack: number,
  flags: number,
  payload: Part = [],
  options: number[] = [],
): Uint8Array {
  return cat(u16(from), u16(to), u32(seq), u32(ack), [((20 + options.length) / 4) << 4, flags], u16(512), [0, 0, 0, 0], options, payload);
}

/** A TCP connection to `port` over Ethernet and IPv4 that carries these messages, cut in segments; `true` first: sent by the server. */
export function talk(port: number, size: number, ...messages: readonly (readonly [boolean, Part])[]): Uint8Array[] {
  const out: Uint8Array[] = [];
  const seq = [1000, 5000];
  const send = (server: boolean, flags: number, payload: Part = [], options: number[] = []) => {
    const [me, peer] = server ? [1, 0] : [0, 1];
    const body = cat(payload);
    const ack = (flags & 0x10) === 0 ? 0 : (seq[peer] as number);
    const segment = tcp(server ? port : 40000, server ? 40000 : port, seq[me] as number, ack, flags, body, options);
    out.push(eth(0x800, ip4(6, segment, { back: server })));
    seq[me] = (seq[me] as number) + body.length + ((flags & 3) !== 0 ? 1 : 0);
  };
  send(false, 0x02, [], hex('020405b4 0402080a00000001 00000000 01030307'));
  send(true, 0x12, [], hex('020405b4 0402 0101 01030307'));
  send(false, 0x10);
  for (const [server, message] of messages) {
    const bytes = cat(message);
    for (let at = 0; at < bytes.length; at += size) send(server, 0x18, bytes.subarray(at, at + size));
    send(!server, 0x10, [], hex('0101 050a 00001000 00001100'));
  }
  send(false, 0x11);
  send(true, 0x11);
  send(false, 0x10);
  return out;
}

const name = (text: string): number[] => [...cat(...text.split('.').map((label) => cat([label.length], label)), [0])];
const rr = (type: number, data: Part): Uint8Array => cat([0xc0, 0x0c], u16(type), [0, 1, 0, 0, 1, 0x2c], u16(cat(data).length), data);
const query = (type: number): Uint8Array =>
  cat(
    [0x12, 0x34, 1, 0, 0, 1, 0, 0, 0, 0, 0, 1],
    name('www.example.com'),
    u16(type),
    [0, 1],
    hex('00 0029 1000 00000000 000c 000a 0008 0102030405060708'),
  );
const ANSWERS: readonly Uint8Array[] = [
  rr(1, [192, 0, 2, 1]),
  rr(28, IP6.slice(0, 16)),
  rr(5, [3, 0x61, 0x62, 0x63, 0xc0, 0x10]),
  rr(2, name('ns.example.com')),
  rr(6, cat(name('ns.example.com'), name('admin.example.com'), u32(1), u32(2), u32(3), u32(4), u32(5))),
  rr(15, cat([0, 10], name('mx.example.com'))),
  rr(16, cat([5], 'hello', [3], 'abc')),
  rr(33, cat([0, 1, 0, 2, 0x13, 0xc4], [0xc0, 0x0c])),
  rr(35, cat([0, 1, 0, 2, 1], 'u', [7], 'E2U+sip', [3], '!a!', [0])),
  rr(43, cat([0x12, 0x34, 8, 2], new Uint8Array(32).fill(7))),
  rr(
    46,
    cat(u16(1), [8, 3], u32(300), u32(1_700_000_000), u32(1_600_000_000), [0x12, 0x34], name('example.com'), new Uint8Array(64).fill(9)),
  ),
  rr(47, cat(name('z.example.com'), hex('0006 400000000003'))),
  rr(48, cat([1, 1, 3, 8], new Uint8Array(64).fill(3))),
  rr(50, hex('0101000a 04aabbccdd 04 01020304 0006 400000000002')),
  rr(64, cat([0, 1, 0], hex('0001 0006 02 6832 02 6833 0004 0004 c0000201 0003 0002 01bb'))),
  rr(65, cat([0, 1], name('svc.example.com'), hex('0000 0004 0001 0005'))),
  rr(52, hex('030101 aabbccdd')),
  rr(257, cat([0, 5], 'issue', 'ca.example.net')),
  rr(13, cat([3], 'cpu', [2], 'os')),
  rr(44, hex('0101 aabbccddeeff')),
  rr(29, hex('00121316 80000000 80000000 00989680')),
  rr(42, hex('0001180 3c00002 00021004 20010db8'.replace(/\s/g, '').padEnd(28, '0'))),
  rr(250, cat(name('hmac-sha256'), hex('000000000001 012c 0004 01020304 1234 0000 0000'))),
];
const response = (answers: readonly Uint8Array[]): Uint8Array =>
  cat([0x12, 0x34, 0x81, 0x80, 0, 1], u16(answers.length), [0, 0, 0, 0], name('www.example.com'), [0, 1, 0, 1], ...answers);

const CLIENT_HELLO = cat(
  hex('16 0301 0085 01 000081 0303'),
  new Uint8Array(32).fill(0x11),
  hex('00 0008 1301 1302 c02f 0a0a 01 00 0050'),
  hex('0000 0010 000e 00 000b'),
  'example.com',
  hex(
    '0010 000e 000c 02 6832 08 687474702f312e31 000a 0008 0006 001d 0017 0018 000d 0006 0004 0403 0804 002b 0005 04 0304 0303 002d 0002 0101',
  ),
  hex('0017 0000'),
);
const SERVER_HELLO = cat(
  hex('16 0303 0030 02 00002c 0303'),
  new Uint8Array(32).fill(0x22),
  hex('00 c02f 00 0004 ff01 0000'),
  hex('14 0303 0001 01 15 0303 0002 0228 17 0303 0008 0102030405060708'),
);

const HTTP_TALK: readonly (readonly [boolean, Part])[] = [
  [
    false,
    'GET /a?b=1 HTTP/1.1\r\nHost: www.example.com\r\nUser-Agent: test\r\nCookie: a=b; c=d\r\nAuthorization: Basic dXNlcjpwYXNz\r\n\r\n',
  ],
  [true, 'HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 27\r\nSet-Cookie: x=y\r\n\r\n{"a":[1,2.5,"x\\u0041",null]}'],
  [
    false,
    'POST /form HTTP/1.1\r\nHost: www.example.com\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: 7\r\n\r\na=b&c=d',
  ],
  [
    true,
    'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nContent-Type: text/xml\r\n\r\n9;x=y\r\n<a b="c">\r\n4\r\n</a>\r\n0\r\nT: x\r\n\r\n',
  ],
  [false, 'HEAD / HTTP/1.0\r\n\r\n'],
  [true, 'HTTP/1.0 304 Not Modified\r\nContent-Encoding: gzip\r\n\r\n'],
];

const ICMP_QUOTE = ip4(17, udp(1000, 53, query(1)));
const ND = hex('8700 0000 00000000 20010db8000000000000000000000002 0101 0200000000a0');
const RA = hex(
  '8600 0000 40c0 0708 00000000 00000000 0101 0200000000a0 0501 0000 000005dc 0304 40c0 00015180 00003840 00000000 20010db8000000000000000000000000' +
    '1903 0000 00000e10 20010db8000000000000000000000035 1f03 0000 00000e10 076578616d706c65 03636f6d 00000000',
);

function list(label: string, linkType: number, frames: readonly Uint8Array[]): FrameList {
  return {
    name: label,
    linkType,
    frames: frames.map((bytes, row): Frame => ({ bytes, wireLength: bytes.length, sec: 1_700_000_000, nsec: row * 10_000_000 })),
  };
}

const arp = (op: number): Uint8Array => cat(hex('0001 0800 0604'), u16(op), MACS.slice(6), [10, 0, 0, 1], MACS.slice(0, 6), [10, 0, 0, 2]);
const dhcp = (kind: number): Uint8Array =>
  cat(
    [1, 1, 6, 0],
    u32(0x1234),
    new Uint8Array(20),
    MACS.slice(0, 6),
    new Uint8Array(202),
    hex('63825363 3501'),
    [kind],
    hex('3d07010200000000a0 0c04 74657374 3704 01030642 0104ffffff00 0304 0a000001 3604 0a000001 3304 00000e10 ff'),
  );
const SNMP = hex('302602010104067075626c6963a019020401020304020100020100300b300906052b060102010500');
const QUIC = cat(hex('c0 00000001 08 0102030405060708 00 00 4040'), new Uint8Array(64).fill(0x5a));

/** All lists. */
export function packetLists(): readonly FrameList[] {
  const inner = eth(0x800, ip4(17, udp(5000, 53, query(1))));
  const inner4 = inner.subarray(14);
  const over4 = (proto: number, payload: Part, options?: number[]) =>
    eth(0x800, ip4(proto, payload, options === undefined ? {} : { options }));
  const over6 = (next: number, payload: Part) => eth(0x86dd, ip6(next, payload));
  const datagram = udp(5000, 53, response(ANSWERS));
  const cut = (from: number, to: number, more: boolean) =>
    eth(0x800, ip4(17, datagram.subarray(from, to), { id: 77, fragment: (more ? 0x2000 : 0) | (from >> 3) }));
  const cut6 = (from: number, to: number, more: boolean) =>
    over6(44, cat([17, 0], u16(from | (more ? 1 : 0)), u32(99), datagram.subarray(from, to)));
  return [
    list('arp', 1, [eth(0x806, arp(1)), eth(0x806, arp(2)), eth(0x8100, u16(5), u16(0x806), arp(1)), eth(0x8035, arp(3))]),
    list('ipv4', 1, [
      over4(253, 'payload'),
      over4(17, udp(1, 2, 'x'), hex('94040000 07070400000000 00 4408050000000001'.padEnd(40, '0'))),
      over4(17, udp(1, 2, 'x'), hex('8307 04 0a000009 01 8607 00000001 00'.replace(/\s/g, '').padEnd(32, '0'))),
      cut(0, 256, true),
      cut(512, datagram.length, false),
      cut(256, 512, true),
    ]),
    list('ipv6', 1, [
      over6(59, []),
      over6(0, cat(hex('3a00 05020000 0100'), hex('8f00 0000 0000 0001 04000000 ff020000000000000000000000000016'))),
      over6(43, cat(hex('1102 0401 01000000 20010db8000000000000000000000009'), udp(1, 2, 'x'))),
      over6(60, cat(hex('1100 c20400000000'), udp(1, 2, 'x'))),
      over6(51, cat(hex('1104 0000 00000001 00000001 000000000000000000000000'), udp(1, 2, 'x'))),
      cut6(0, 256, true),
      cut6(256, 512, true),
      cut6(512, datagram.length, false),
    ]),
    list('icmp', 1, [
      over4(1, cat(hex('0800 0000 1234 0001'), 'abcdefgh')),
      over4(1, cat(hex('0000 0000 1234 0001'), 'abcdefgh')),
      over4(1, cat(hex('0303 0000 0000 0000'), ICMP_QUOTE)),
      over4(
        1,
        cat(
          hex('0b00 0000 0011 0000'),
          ICMP_QUOTE,
          new Uint8Array(Math.max(128 - ICMP_QUOTE.length, 0)),
          hex('20000000 0008 0101 00010101'),
        ),
      ),
      over4(1, cat(hex('0501 0000 0a000001'), ip4(6, tcp(1, 80, 1, 0, 2)))),
      over4(1, hex('0900 0000 01020708 0a000001 00000000')),
      over4(1, hex('0d00 0000 0001 0001 00000001 00000000 00000000')),
      over6(58, cat(hex('8000 0000 1234 0001'), 'abcdefgh')),
      over6(58, cat(hex('0100 0000 00000000'), ip6(17, udp(1, 53, query(28))))),
      over6(58, ND),
      over6(58, RA),
      over6(58, hex('8200 0000 2710 0000 ff020000000000000000000000000001')),
      over4(2, hex('1164 0000 e0000001 0a 7d 0001 0a000009')),
      over4(2, hex('2200 0000 0000 0001 04000001 e00000fb 0a000001')),
    ]),
    list('dns', 1, [
      over4(17, udp(5000, 53, query(255))),
      ...ANSWERS.map((answer) => eth(0x800, ip4(17, udp(53, 5000, response([answer])), { back: true }))),
      over4(17, udp(53, 5000, response(ANSWERS))),
      over4(17, udp(5353, 5353, response(ANSWERS.slice(0, 8)))),
      over4(17, udp(5355, 5355, query(1))),
      over4(17, udp(137, 137, cat(hex('1234 0110 0001 0000 0000 0000 20'), 'CKAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA', hex('00 0021 0001')))),
      over4(
        17,
        udp(
          137,
          137,
          cat(
            hex('1234 8400 0000 0001 0000 0000 20'),
            'CKAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA',
            hex('00 0021 0001 00000000 0019 01'),
            'WORKSTATION    ',
            hex('00 0400 0200000000a0'),
          ),
        ),
      ),
    ]),
    list(
      'dns over tcp',
      1,
      talk(53, 100, [false, cat(u16(query(1).length), query(1))], [true, cat(u16(response(ANSWERS).length), response(ANSWERS))]),
    ),
    list('http', 1, talk(80, 1400, ...HTTP_TALK)),
    list('http in pieces', 1, talk(8080, 13, ...HTTP_TALK)),
    list(
      'http up to the close',
      1,
      talk(80, 10, [false, 'GET / HTTP/1.0\r\n\r\n'], [true, 'HTTP/1.0 200 OK\r\nContent-Type: text/plain\r\n\r\nhello']).filter(
        (_, row, all) => row !== all.length - 3,
      ),
    ),
    list('headers that cannot be', 1, [
      over4(6, tcp(40_000, 80, 1, 1, 0x11).fill(0x00, 12, 13)),
      over4(6, tcp(40_000, 80, 1, 1, 0x18, 'x').fill(0xf0, 12, 13)),
      over4(6, tcp(40_000, 80, 1, 1, 0x10).subarray(0, 16)),
      over4(17, udp(5000, 53, response([rr(16, 'x')])).fill(0xff, -3, -1)),
      over4(17, udp(53, 5000, response([cat([0xc0, 0x0c], u16(16), u16(1), u32(60), u16(9999), [1])]))),
      over6(0, hex('1100 1e7f 0000 0000 0001 0002 0008 0000')),
      // The type of an option in the last octet of the packet, and no length.
      over6(0, hex('1100 0103 0000 001e')),
    ]),
    list('tls', 1, talk(443, 1400, [false, CLIENT_HELLO], [true, SERVER_HELLO])),
    list('tls in pieces', 1, talk(443, 17, [false, CLIENT_HELLO], [true, SERVER_HELLO])),
    list('unknown over tcp', 1, talk(9999, 50, [false, 'hello there '.repeat(20)], [true, 'SSH-2.0-x\r\n'])),
    list('others over udp', 1, [
      over4(17, udp(68, 67, dhcp(1))),
      over4(17, udp(67, 68, dhcp(2))),
      over4(17, udp(123, 123, cat(hex('2302 06e9'), new Uint8Array(44).fill(0x5c)))),
      over4(17, udp(1900, 1900, 'M-SEARCH * HTTP/1.1\r\nHOST: 239.255.255.250:1900\r\nMAN: "ssdp:discover"\r\n\r\n')),
      over4(17, udp(1900, 5000, 'HTTP/1.1 200 OK\r\nST: x\r\nContent-Length: 3\r\n\r\nabc')),
      over4(17, udp(5000, 443, QUIC)),
      over4(17, udp(5000, 161, SNMP)),
      over4(17, udp(514, 514, '<34>Oct 11 22:14:15 host su: failed')),
      over4(17, udp(5000, 69, hex('0001 61 00 6f6374657400'))),
      over4(17, udp(546, 547, hex('01 123456 0001 000a 00030001 0200000000a0 0006 0004 00170018'))),
      over4(17, udp(5000, 4433, cat(hex('16 fefd 0000 000000000000 0010 01 000004 0000 000000 000004 fefd0102')))),
      over4(17, udp(5000, 7777, 'plain')),
      over4(136, udp(5000, 53, query(1))),
    ]),
    list('tunnels', 1, [
      over4(47, cat(hex('0000 0800'), inner4)),
      over4(47, cat(hex('b000 6558 00000000 00000001 00000002'), inner)),
      over4(47, cat(hex('1000 88be 00000001 1005 0000 00000000'), inner)),
      over4(47, cat(hex('3081 880b 0008 0001 00000001 00000001 0021'), inner4)),
      over4(17, udp(5000, 4789, cat(hex('0800 0000 000123 00'), inner))),
      over4(17, udp(5000, 6081, cat(hex('0240 6558 000123 00 0102 8002 0000000000000000'), inner))),
      over4(4, inner4),
      over4(41, ip6(17, udp(1, 2, 'x'))),
      over4(50, hex('00000001 00000002 aabbccddeeff')),
      over4(51, cat(hex('0404 0000 00000001 00000001 000000000000000000000000'), inner4)),
      eth(0x8847, hex('00010040 00020140'), inner4),
      eth(0x8847, hex('00010140 00000000'), inner),
      eth(0x8864, hex('1100 0001'), u16(inner4.length + 2), [0, 0x21], inner4),
      eth(0x8864, hex('1100 0001 0006 c021 0101 0004')),
      eth(0x8863, hex('1109 0000 0008 0101 0000 0103 0004 01020304')),
      eth(0x88a8, u16(5), u16(0x8100), u16(6), u16(0x800), inner4),
      over4(17, udp(5000, 2152, cat(hex('30ff'), u16(inner4.length), u32(7), inner4))),
      over4(132, hex('0bb8 0050 00000000 00000000 01000014 00000001 00010000 00010001 00000001')),
      over4(89, hex('0201 002c 01010101 00000000 0000 0000 0000000000000000 ffffff00 000a 0201 00000028 0a000001 0a000002')),
    ]),
    list('llc', 1, [
      cat(
        MACS,
        u16(38),
        hex('424203 0000 00 00 00 8000 0200000000b0 00000000 8000 0200000000b0 8001 0000 1400 0200 0f00'),
        new Uint8Array(10),
      ),
      cat(MACS, u16(40), hex('aaaa03 00000c 2000 02b4 0000 0001 0008 74657374'), new Uint8Array(24)),
      cat(MACS, u16(8 + inner4.length), hex('aaaa03 000000 0800'), inner4),
      cat(MACS, u16(20), hex('e0e003 ffff 0011 0000 00000000 ffffffffffff')),
      eth(0x88cc, hex('0207 04 0200000000a0 0404 05 657430 0602 0078 0a04 74657374 0000')),
      eth(0x888e, hex('0100 0005 0101 0005 01')),
    ]),
    list('null', 0, [cat([2, 0, 0, 0], inner4), cat([30, 0, 0, 0], ip6(17, udp(1, 53, query(1)))), cat([0, 0, 0, 2], inner4)]),
    list('raw', 101, [inner4, ip6(58, ND)]),
    list('sll', 113, [
      cat(hex('0000 0001 0006 0200000000a0 0000 0800'), inner4),
      cat(hex('0004 0001 0006 0200000000a0 0000 0004'), hex('424203 00')),
    ]),
    list('sll2', 276, [
      cat(hex('0800 0000 00000002 0001 00 06 0200000000a0 0000'), inner4),
      cat(hex('86dd 0000 00000002 0001 04 06 0200000000a0 0000'), ip6(58, RA)),
    ]),
    list('ppp', 9, [cat(hex('ff03 0021'), inner4), cat(hex('21'), inner4), cat(hex('ff03 c021 0101 0004'))]),
    list('cisco hdlc', 104, [cat(hex('0f00 0800'), inner4), cat(hex('8f00 8035 00000002 00000001 00000000 ffff 0000'))]),
  ];
}
