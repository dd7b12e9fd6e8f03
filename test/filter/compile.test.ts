import { describe, expect, it } from 'vitest';
import { columnsOf, compiled, FakeCapture, f, ip4, type LayerSpec, type RowSpec, rowsOf } from './support.ts';

const eth: LayerSpec = {
  name: 'eth',
  src: Uint8Array.of(0, 0x0c, 0x29, 1, 2, 3),
  dst: Uint8Array.of(0xff, 0xff, 0xff, 0xff, 0xff, 0xff),
  fields: [[f.ethType, 0x800]],
};
const ip = (src: string, dst: string, ttl = 64, proto = 6): LayerSpec => ({
  name: 'ip',
  src: ip4(src),
  dst: ip4(dst),
  fields: [
    [f.ttl, ttl],
    [f.proto, proto],
  ],
});
const text = new TextEncoder();

/** 1: SYN; 2: SYN/ACK, a retransmission; 3: HTTP request; 4: UDP; 5: no network layer; 6: IP in IP; 7: HTTP response. */
const rows: RowSpec[] = [
  { layers: [eth, ip('10.0.0.1', '10.0.0.2'), { name: 'tcp', ports: [40000, 80], flags: 2 }], sec: 1_600_000_000, nsec: 500_000_000 },
  {
    layers: [eth, ip('10.0.0.2', '10.0.0.1', 60), { name: 'tcp', ports: [80, 40000], flags: 0x12 }],
    sec: 1_600_000_001,
    retransmission: true,
  },
  {
    layers: [
      eth,
      ip('10.0.0.1', '10.0.0.2'),
      { name: 'tcp', ports: [40000, 80], flags: 0x18 },
      {
        name: 'http',
        fields: [
          [f.host, 'www.Example.com'],
          [f.method, 'GET'],
          [f.delta, -5],
          [f.ratio, 1.5],
        ],
      },
    ],
    sec: 1_600_000_002,
    len: 300,
    payload: 200,
    bytes: text.encode('eth-ip--tcp-GET /path HTTP/1.1'),
  },
  {
    layers: [
      eth,
      ip('192.168.1.5', '10.0.0.1', 1, 17),
      { name: 'udp', ports: [53, 5353], fields: [[f.udpPayload, Uint8Array.of(0x61, 0x62, 0x0a, 0xff)]] },
    ],
    sec: 1_600_000_010,
    stream: 3,
  },
  { layers: [eth], sec: 1_600_000_011 },
  {
    layers: [eth, ip('10.0.0.1', '10.0.0.9'), ip('172.16.0.1', '172.16.0.2'), { name: 'tcp', ports: [1000, 443], flags: 0x10 }],
    sec: 1_600_000_012,
    stream: 1,
  },
  {
    layers: [
      eth,
      ip('10.0.0.2', '10.0.0.1'),
      { name: 'tcp', ports: [80, 40000], flags: 0x18 },
      {
        name: 'http',
        fields: [
          [f.code, 404],
          [f.big, 0xffff_ffff_ffff_fff1n],
        ],
      },
    ],
    sec: 1_600_000_013,
    len: 1500,
  },
];
const capture = new FakeCapture(rows);

/** Filter and the numbers of the packets that match. */
const table: readonly (readonly [string, readonly number[]])[] = [
  ['', [1, 2, 3, 4, 5, 6, 7]],
  ['   ', [1, 2, 3, 4, 5, 6, 7]],
  ['tcp', [1, 2, 3, 6, 7]],
  ['frame', [1, 2, 3, 4, 5, 6, 7]],
  ['.tcp', [1, 2, 3, 6, 7]],
  // Operators on a field that occurs twice.
  ['ip.addr == 10.0.0.1', [1, 2, 3, 4, 6, 7]],
  ['ip.addr eq 10.0.0.1', [1, 2, 3, 4, 6, 7]],
  ['ip.addr any_eq 10.0.0.1', [1, 2, 3, 4, 6, 7]],
  ['ip.addr != 10.0.0.1', []],
  ['ip.addr != 10.0.0.2', [4, 6]],
  ['ip.addr ne 10.0.0.2', [4, 6]],
  ['ip.addr all_ne 10.0.0.2', [4, 6]],
  ['ip.addr === 10.0.0.1', []],
  ['ip.addr all_eq 10.0.0.0/8', [1, 2, 3, 7]],
  ['ip.addr === 10.0.0.0/30', [1, 2, 3, 7]],
  ['ip.addr !== 10.0.0.1', [1, 2, 3, 4, 6, 7]],
  ['ip.addr any_ne 10.0.0.1', [1, 2, 3, 4, 6, 7]],
  ['ip.addr ~= 10.0.0.0/8', [4, 6]],
  ['any ip.addr != 10.0.0.0/8', [4, 6]],
  ['all ip.addr == 10.0.0.0/8', [1, 2, 3, 7]],
  ['not ip.addr == 10.0.0.2', [4, 5, 6]],
  ['tcp.port == 80', [1, 2, 3, 7]],
  ['tcp.port != 80', [6]],
  ['tcp.port === 80', []],
  ['tcp.port !== 80', [1, 2, 3, 6, 7]],
  ['tcp.port > 39999', [1, 2, 3, 7]],
  ['tcp.port gt 40000', []],
  ['tcp.port < 81', [1, 2, 3, 7]],
  ['tcp.port lt 80', []],
  ['tcp.port >= 40000', [1, 2, 3, 7]],
  ['tcp.port ge 40001', []],
  ['tcp.port <= 443', [1, 2, 3, 6, 7]],
  ['tcp.port le 79', []],
  ['all tcp.port > 100', [6]],
  ['tcp.port in {80, 443}', [1, 2, 3, 6, 7]],
  ['tcp.port in {443..1000}', [6]],
  ['tcp.port in { 440 .. 445 , 1 }', [6]],
  ['tcp.port in {5..1}', []],
  ['tcp.port not in {80}', [4, 5, 6]],
  ['not tcp.port in {80}', [4, 5, 6]],
  ['all tcp.port in {80, 40000}', []],
  ['tcp.port in {tcp.srcport}', [1, 2, 3, 6, 7]],
  ['ip.addr in {192.168.0.0/16, 172.16.0.1..172.16.0.1}', [4, 6]],
  // Literals.
  ['tcp.dstport == 0x50', [1, 3]],
  ['tcp.dstport == 0120', [1, 3]],
  ['tcp.dstport == 0b1010000', [1, 3]],
  ["tcp.dstport == 'P'", [1, 3]],
  ["tcp.dstport == '\\x50'", [1, 3]],
  ["tcp.dstport == '\\120'", [1, 3]],
  ['tcp.dstport == +80', [1, 3]],
  ['tcp.dstport == -80', []],
  ['tcp.dstport > -80', []],
  ['http.delta == -5', [3]],
  ['http.delta < 0', [3]],
  ['http.ratio > 1.25', [3]],
  ['http.ratio == 1', []],
  ['http.content_length == 18446744073709551601', [7]],
  ['http.content_length == 18446744073709551600', []],
  ['http.content_length > 0xfffffffffffffff0', [7]],
  ['tcp.flags.syn == 1', [1, 2]],
  ['tcp.flags.syn == True', [1, 2]],
  ['tcp.flags.syn == true', [1, 2]],
  ['tcp.flags.syn == "Set"', [1, 2]],
  ['tcp.flags.syn == "not set"', [3, 6, 7]],
  ['tcp.flags.syn == 2', [1, 2]],
  ['tcp.flags.syn == FALSE', [3, 6, 7]],
  ['tcp.flags.syn', [1, 2, 3, 6, 7]],
  ['tcp.flags.syn == tcp.flags.ack', [2]],
  ['http.host == "www.Example.com"', [3]],
  ['http.host == "www.example.com"', []],
  ['http.host == www.Example.com', [3]],
  ['http.host == "www\\x2eExample\\056com"', [3]],
  ['http.host > "www"', [3]],
  ['http.host in {"a".."x"}', [3]],
  ['http.host != "x"', [3]],
  ['eth.src == 00:0c:29:01:02:03', [1, 2, 3, 4, 5, 6, 7]],
  ['eth.src == 00-0c-29-01-02-03', [1, 2, 3, 4, 5, 6, 7]],
  ['eth.src == 000c.2901.0203', [1, 2, 3, 4, 5, 6, 7]],
  ['eth.addr contains 29:01', [1, 2, 3, 4, 5, 6, 7]],
  ['eth.type == "IPv4"', [1, 2, 3, 4, 5, 6, 7]],
  ['ip.proto == UDP', [4]],
  ['ip.proto == "TCP"', [1, 2, 3, 6, 7]],
  ['ip.host == "192.168.1.5"', [4]],
  ['ip.src_host matches "^192"', [4]],
  ['udp.payload == 61:62:0a:ff', [4]],
  ['udp.payload contains "AB"', []],
  ['udp.payload contains "ab\\n"', [4]],
  ['udp.payload contains 0xff', [4]],
  ['udp.payload contains ""', []],
  ['frame.time >= "2020-09-13 12:26:50 UTC"', [4, 5, 6, 7]],
  ['frame.time == "2020-09-13T12:26:40.5Z"', [1]],
  ['frame.time < "Sep 13, 2020 12:26:42 UTC"', [1, 2]],
  ['frame.time == "2020-09-13 14:26:42+02:00"', [3]],
  ['frame.time_epoch == 1600000000.5', [1]],
  ['frame.time_epoch > 1600000011.999999999', [6, 7]],
  ['frame.time_relative == 0', [1]],
  ['frame.time_relative == 0.5', [2]],
  ['frame.time_relative in {1 .. 10}', [3, 4]],
  ['frame.time_relative + 1 < 2', [1, 2]],
  ['frame.time_relative > -1', [1, 2, 3, 4, 5, 6, 7]],
  // contains and matches.
  ['http.host contains "Example"', [3]],
  ['http.host contains "example"', []],
  ['http.host matches "EXAMPLE\\\\.com$"', [3]],
  ['http.host matches r"example\\.com$"', [3]],
  ['http.host ~ "(?-i)example"', []],
  ['frame contains "GET"', [3]],
  ['frame matches "get /[a-z]+ http"', [3]],
  ['tcp contains "GET"', [3]],
  ['tcp[0:3] == "tcp"', [3]],
  ['tcp[0:7] == "tcp-GET"', []],
  ['frame[0:3] == "eth"', [3]],
  ['frame[12:3] == 47:45:54', [3]],
  // Slices.
  ['http.host[0] == "w"', [3]],
  ['http.host[0:3] == "www"', [3]],
  ['http.host[0-2] == 77:77:77', [3]],
  ['http.host[:3] == "www"', [3]],
  ['http.host[12:] == "com"', [3]],
  ['http.host[-3:] == "com"', [3]],
  ['http.host[-3--1] == "com"', [3]],
  ['http.host[0,-1] == "wm"', [3]],
  ['http.host[0:2,4-5,-1:] == "wwExm"', [3]],
  ['http.host[99] == "w"', []],
  ['http.host[99] != "w"', [3]],
  ['http.host[99] === "w"', []],
  ['eth.src[0:3] == 00:0c:29 && frame.number < 3', [1, 2]],
  ['ip.src[0] == 0a', [1, 2, 3, 6, 7]],
  ['ip.src[0] == 0xac', [6]],
  ['eth.src[3:3][1:1] == 02 && udp', [4]],
  // Bits and arithmetic.
  ['tcp.flags & 2', [1, 2]],
  ['tcp.flags & 0x12 == 0x12', [2]],
  ['tcp.flags bitwise_and 0x08', [3, 7]],
  ['tcp.dstport + 1 == 81', [1, 3]],
  ['tcp.dstport+1 == 81', [1, 3]],
  ['tcp.dstport - 1 == 79', [1, 3]],
  ['tcp.dstport * 2 == 160', [1, 3]],
  ['tcp.dstport / 3 == 26', [1, 3]],
  ['tcp.dstport % 9 == 8', [1, 3]],
  ['tcp.dstport % 10', [6]],
  ['tcp.dstport / 0 == 1', []],
  ['tcp.dstport / 0 != 1', [1, 2, 3, 6, 7]],
  ['-tcp.dstport == -80', [1, 3]],
  ['frame.number + 1 * 2 == 5', [3]],
  ['{frame.number + 1} * 2 == 6', [2]],
  ['frame.number & 1 + 1 == 2', [2, 3, 6, 7]],
  ['tcp.dstport > 100 * {frame.number + 1}', [2, 7]],
  ['tcp.port + tcp.port == 40080', [1, 2, 3, 7]],
  ['tcp.port + udp.port > 0', []],
  ['ip.src & 255.0.0.0 == 10.0.0.0', [1, 2, 3, 6, 7]],
  ['udp.payload[0:2] & ff:0f == 61:02', [4]],
  ['tcp.srcport > tcp.dstport', [1, 3, 6]],
  ['tcp.port > tcp.port', [1, 2, 3, 6, 7]],
  ['ip.addr == ip.addr', [1, 2, 3, 4, 6, 7]],
  ['ip.addr === ip.addr', []],
  // Functions.
  ['len(http.host) == 15', [3]],
  ['len(tcp) == 4 && frame.number == 3', [3]],
  ['len(frame.len) == 4', [1, 2, 3, 4, 5, 6, 7]],
  ['len(frame.number) == 4', [1, 2, 3, 4, 5, 6, 7]],
  ['count(ip.addr) == 4', [6]],
  ['count(http.host) == 0', []],
  ['lower(http.host) == "www.example.com"', [3]],
  ['upper(http.host) contains "EXAMPLE"', [3]],
  ['string(tcp.dstport) matches "^[48]"', [1, 2, 3, 6, 7]],
  ['string(ip.src) == "172.16.0.1"', [6]],
  ['string(frame.number) matches "[13579]$"', [1, 3, 5, 7]],
  ['string(eth.src) contains "0c:29" && frame.number == 1', [1]],
  ['max(tcp.srcport, tcp.dstport) == 40000', [1, 2, 3, 7]],
  ['min(tcp.port) == 80', [1, 2, 3, 7]],
  ['max(udp.port, tcp.dstport) == 443', [6]],
  ['max(udp.port, tcp.port) == 5353', [4]],
  ['abs(http.delta) == 5', [3]],
  // Layers.
  ['ip.src#1 == 10.0.0.1', [1, 3, 6]],
  ['ip.src#2 == 172.16.0.1', [6]],
  ['ip.src#2', [6]],
  ['ip.addr#[2-3] == 172.16.0.2', [6]],
  ['ip.src#[-1] == 10.0.0.1', [1, 3]],
  // Logic.
  ['tcp && ip.ttl == 60', [2]],
  ['tcp and not http and frame.number > 1', [2, 6]],
  ['udp or http and frame.number == 3', [3, 4]],
  ['(udp or http) and frame.number == 3', [3]],
  ['!tcp', [4, 5]],
  ['! (tcp || udp)', [5]],
  ['not not tcp', [1, 2, 3, 6, 7]],
  ['!tcp == 1', [1, 2, 3, 4, 5, 6, 7]],
  ['1000 <= 5 or tcp'.slice(13), [1, 2, 3, 6, 7]],
  ['tcp.srcport > tcp.dstport > 100', [6]],
  ['((((udp))))', [4]],
  // Notes.
  ['_ws.expert', [2]],
  ['_ws.expert.severity == "Note"', [2]],
  ['_ws.expert.message contains "retransmission"', [2]],
  ['_ws.expert.group == "Sequence"', [2]],
  ['_ws.expert.group == 0x2000000', [2]],
  ['_ws.expert.group == "Malformed"', []],
  ['tcp.analysis.retransmission', [2]],
  ['_ws.malformed', []],
  // Shorthands.
  ['443', [6]],
  ['53', [4]],
  ['172.16.0.1', [6]],
  ['192.168.0.0/16', [4]],
];

describe('a filter over dissected packets', () => {
  it.each(table)('%s', (filter, expected) => {
    expect(rowsOf(filter, capture)).toEqual(expected);
  });
});

describe('a filter for malformed packets', () => {
  const broken = new FakeCapture([
    { layers: [eth, ip('10.0.0.1', '10.0.0.2', 64, 17), { name: 'udp', ports: [5000, 6000], note: f.lengthBad }] },
    { layers: [eth, ip('10.0.0.1', '10.0.0.2'), { name: 'tcp', ports: [5000, 6000], status: 'malformed' }] },
    { layers: [eth, ip('10.0.0.1', '10.0.0.2'), { name: 'tcp', ports: [5000, 6000], status: 'short' }] },
    { layers: [eth, ip('10.0.0.1', '10.0.0.2'), { name: 'tcp', ports: [5000, 6000] }], retransmission: true },
  ]);

  it.each([
    ['_ws.malformed', [1, 2]],
    ['_ws.expert.group == "Malformed"', [1, 2]],
    ['_ws.expert.severity == "Error"', [1, 2]],
    ['_ws.expert', [1, 2, 4]],
    ['_ws.short', [3]],
  ])('finds notes of that group and broken layers: %s', (filter, expected) => {
    expect(rowsOf(filter, broken)).toEqual(expected);
  });
});

describe('a filter over columns', () => {
  it.each(table)('never contradicts dissection: %s', (filter, expected) => {
    columnsOf(filter, capture).forEach((found, row) => {
      if (found !== null) expect([row + 1, found]).toEqual([row + 1, expected.includes(row + 1)]);
    });
  });

  it.each([
    'tcp.port == 80',
    'tcp',
    'not tcp',
    'ip.addr == 10.0.0.0/8 or udp.port in {53, 67}',
    'frame.number > 3',
    'frame.len in {64, 100..2000}',
    'frame.time_relative > 2',
    'tcp.flags & 2',
    'tcp.flags.syn == 1 && !tcp.flags.ack == 1',
    'tcp.analysis.retransmission',
    'tcp.stream == 0',
    'tcp.srcport % 1000 == 0',
    'http.host == "x" && frame.number > 100',
  ])('decides every row but the tunnel by itself: %s', (filter) => {
    const undecided = columnsOf(filter, capture).flatMap((found, row) => (found === null ? [row + 1] : []));
    expect(undecided.filter((number) => number !== 6)).toEqual([]);
  });

  it('leaves to dissection only the rows that other terms let through', () => {
    expect(columnsOf('tcp.port == 80 && http.host contains "Example"', capture)).toEqual([false, false, null, false, false, false, null]);
  });

  it('does not rule out what an application may carry beyond the index', () => {
    expect(columnsOf('odd', capture)).toEqual([false, false, null, false, false, false, null]);
  });

  it('scans any stretch of rows, across chunks', () => {
    const many = new FakeCapture(
      Array.from({ length: 65536 + 200 }, (_, i) => ({
        layers: [eth, ip('10.0.0.1', '10.0.0.2'), { name: 'tcp' as const, ports: [i & 0xffff, 80] as const }],
      })),
    );
    const filter = compiled('tcp.srcport in {0, 40, 65535} or frame.number == 65600');
    const bits = { yes: new Uint32Array(3000), maybe: new Uint32Array(3000) };
    const found = (from: number, to: number): number[] => {
      filter.scan(many, from, to, bits);
      const out: number[] = [];
      for (let row = from; row < to; row++) {
        const word = (row >>> 5) - (from >>> 5);
        expect((bits.yes[word] as number) >>> 0).toBe((bits.maybe[word] as number) >>> 0);
        if ((((bits.yes[word] as number) >>> (row & 31)) & 1) === 1) out.push(row);
      }
      return out;
    };
    expect(found(0, 65736)).toEqual([0, 40, 65535, 65536, 65576, 65599]);
    expect(found(41, 65576)).toEqual([65535, 65536]);
    expect(found(40, 41)).toEqual([40]);
    expect(found(39, 40)).toEqual([]);
    expect(found(7, 7)).toEqual([]);
  });
});

describe('what a compiled filter says of itself', () => {
  it('tells whether columns are enough', () => {
    expect(compiled('frame.number > 3').needsDissection).toBe(false);
    expect(compiled('http.host == "x"').needsDissection).toBe(true);
  });
  it('gives the shorthand written out', () => {
    expect(compiled('443').expanded).toBe('tcp.port == 443 || udp.port == 443');
    expect(compiled(' 10.0.0.1 ').expanded).toBe('ip.addr == 10.0.0.1');
    expect(compiled('fe80::1').expanded).toBe('ipv6.addr == fe80::1');
    expect(compiled('tcp').expanded).toBe('tcp');
  });
  it('gives its top-level terms with their places', () => {
    const filter = compiled('tcp.port == 80 && (udp or tcp) and not http');
    expect(filter.terms.map((term) => term.text)).toEqual(['tcp.port == 80', '(udp or tcp)', 'not http']);
    for (const term of filter.terms) expect(filter.expanded.slice(term.start, term.end)).toBe(term.text);
    expect(compiled('tcp || udp').terms.map((term) => term.text)).toEqual(['tcp || udp']);
    expect(compiled('tcp.srcport < tcp.dstport < 5').terms).toHaveLength(1);
    expect(compiled('').terms).toEqual([]);
  });
  it('names the fields it asks about', () => {
    expect(compiled('tcp.port == 80 or len(http.host) > tcp.port').fields).toEqual(['tcp.port', 'http.host']);
  });
});
