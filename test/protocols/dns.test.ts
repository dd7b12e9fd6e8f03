import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Buf } from '../../src/dissect/dissection.ts';
import { dns, mdns } from '../../src/protocols/dns.ts';
import { nameEnd, readName } from '../../src/protocols/dns-names.ts';
import { dnsTransactions } from '../../src/protocols/dns-transactions.ts';
import { nbns } from '../../src/protocols/nbns.ts';
import { ascii, cuts, dissect, join, sides, TestCapture, values } from './app-fixtures.ts';

const udp = { kind: 'udp', stream: 0, fromClient: true, srcPort: 50000, dstPort: 53 } as const;
const u8 = (...octets: number[]): Uint8Array => Uint8Array.from(octets);
const u16 = (n: number): Uint8Array => u8(n >> 8, n & 255);
const name = (text: string): Uint8Array => join(...text.split('.').flatMap((label) => [u8(label.length), ascii(label)]), u8(0));
const header = (id: number, flags: number, qd: number, an = 0, ns = 0, ar = 0): Uint8Array =>
  join(u16(id), u16(flags), u16(qd), u16(an), u16(ns), u16(ar));
const question = (text: string, type: number): Uint8Array => join(name(text), u16(type), u16(1));
const record = (type: number, data: Uint8Array): Uint8Array =>
  join(u8(0xc0, 12), u16(type), u16(1), u16(0), u16(60), u16(data.length), data);

const query = join(header(0x1234, 0x0100, 1), question('www.example.com', 1));
const answer = join(
  header(0x1234, 0x8180, 1, 2),
  question('www.example.com', 1),
  record(5, join(u8(1), ascii('a'), u8(0xc0, 16))),
  record(1, u8(192, 0, 2, 1)),
);

function whole(bytes: Uint8Array, wire?: number): ReturnType<typeof dissect> {
  const capture = new TestCapture();
  return dissect(capture, capture.row(), dns, bytes, udp, wire);
}

describe('a DNS message taken apart', () => {
  it('ends at a label of a type that nobody knows the length of', () => {
    const d = whole(join(header(0x1234, 0x0100, 2), u8(0x41, 0x41), u16(1), u16(1), question('www', 1)));
    expect(values(d, 'dns.qry.name')).toEqual([]);
    expect(values(d, 'dns.id')).toEqual([0x1234]);
  });

  // tshark 4.0 shows both as well.
  it('goes on behind a record whose data has such a label, since its length tells where it ends', () => {
    const odd = u8(3, 97, 98, 99, 0x7f, 3, 100, 101, 102, 0);
    const d = whole(join(header(1, 0x8180, 1, 3), question('x', 1), record(2, odd), record(5, odd), record(1, u8(192, 0, 2, 1))));
    expect(values(d, 'dns.ns')).toEqual(['<Unknown extended label>']);
    expect(values(d, 'dns.cname')).toEqual(['<Unknown extended label>']);
    expect(values(d, 'dns.a')).toEqual([[192, 0, 2, 1]]);
    expect(d.damaged).toHaveLength(2);
  });

  // As tshark 4.0: 253 characters, of which 255 octets are made on the wire.
  it('shows no name that is longer than one can be, and what is behind it', () => {
    const long = (n: number): Uint8Array => name([...Array(4).fill('a'.repeat(50)), 'b'.repeat(n - 204)].join('.'));
    const told = (n: number): unknown[] => {
      const d = whole(join(header(1, 0x8180, 1, 2), question('x', 1), record(5, long(n)), record(1, u8(192, 0, 2, 1))));
      return [...values(d, 'dns.cname').map((text) => (text as string).slice(0, 15)), ...values(d, 'dns.a')];
    };
    expect(told(253)).toEqual(['a'.repeat(15), [192, 0, 2, 1]]);
    expect(told(254)).toEqual(['<Name too long>', [192, 0, 2, 1]]);
  });

  it('gives a query its name, labels and flags', () => {
    const d = whole(query);
    expect(values(d, 'dns.qry.name')).toEqual(['www.example.com']);
    expect(values(d, 'dns.qry.name.len')).toEqual([15]);
    expect(values(d, 'dns.count.labels')).toEqual([3]);
    expect(values(d, 'dns.flags.recdesired')).toEqual([true]);
    expect(d.columns.info).toBe('Standard query 0x1234 A www.example.com');
  });

  it('shows the AD bit of a query where it is set', () => {
    const query = (flags: number) => whole(join(header(1, flags, 1), question('x', 1)));
    expect(values(query(0x0120), 'dns.flags.authenticated')).toEqual([true]);
    expect(values(query(0x0100), 'dns.flags.authenticated')).toEqual([]);
  });

  it('tells a salt of no bytes, and a cookie that the server has not answered', () => {
    const salt = record(51, u8(1, 0, 0, 0, 0));
    const cookie = join(u8(0), u16(41), u16(4096), u8(0, 0), u16(0), u16(12), u16(10), u16(8), u8(1, 2, 3, 4, 5, 6, 7, 8));
    const d = whole(join(header(1, 0x8180, 1, 1, 0, 1), question('x', 51), salt, cookie));
    expect(values(d, 'dns.nsec3.salt_value')).toEqual([[]]);
    expect(values(d, 'dns.opt.cookie.server')).toEqual([[]]);
  });

  it('follows compression pointers in an answer', () => {
    const d = whole(answer);
    expect(values(d, 'dns.resp.name')).toEqual(['www.example.com', 'www.example.com']);
    expect(values(d, 'dns.cname')).toEqual(['a.example.com']);
    expect(values(d, 'dns.a')).toEqual([[192, 0, 2, 1]]);
    expect(d.columns.info).toBe('Standard query response 0x1234 A www.example.com CNAME a.example.com A 192.0.2.1');
  });

  it('keeps the data of a type that nobody knows', () => {
    const d = whole(join(header(1, 0x8180, 1, 1), question('x', 65534), record(65534, u8(1, 2, 3))));
    expect(values(d, 'dns.data')).toEqual([[1, 2, 3]]);
    expect(d.layers[0]?.status).toBe('whole');
  });

  it('reads OPT, SVCB and TXT records', () => {
    const opt = join(u8(0), u16(41), u16(4096), u8(0, 0), u16(0x8000), u16(12), u16(10), u16(8), u8(1, 2, 3, 4, 5, 6, 7, 8));
    const svcb = record(65, join(u16(1), u8(0), u16(1), u16(3), u8(2), ascii('h2')));
    const txt = record(16, join(u8(2), ascii('ab'), u8(0)));
    const d = whole(join(header(1, 0x8180, 1, 2, 0, 1), question('x', 16), svcb, txt, opt));
    expect(values(d, 'dns.opt.cookie.client')).toEqual([[1, 2, 3, 4, 5, 6, 7, 8]]);
    expect(values(d, 'dns.resp.z.do')).toEqual([true]);
    expect(values(d, 'dns.svcb.svcparam.alpn')).toEqual(['h2']);
    expect(values(d, 'dns.txt')).toEqual(['ab', '']);
  });

  it('reads the records that few zones have', () => {
    const told = (type: number, data: Uint8Array, ...fields: string[]): unknown[] => {
      const d = whole(join(header(1, 0x8180, 1, 1), question('x', type), record(type, data)));
      expect(values(d, 'dns.data')).toEqual([]);
      return fields.flatMap((field) => values(d, `dns.${field}`));
    };
    const fqdn = name('ns.x');
    const cert = told(37, join(u16(1), u16(7), u8(8, 1, 2)), 'cert.type', 'cert.key_tag', 'cert.algorithm', 'cert.certificate');
    expect(cert).toEqual([1, 7, 8, [1, 2]]);
    // Octets of zero at the end of a prefix are left out.
    const prefixes = u8(0, 1, 24, 3, 192, 0, 2, 0, 2, 32, 0x84, 0x20, 1, 0x0d, 0xb8, 0, 9, 8, 1, 7);
    expect(told(42, prefixes, 'apl.coded_prefix', 'apl.negation', 'apl.afdpart.ipv4', 'apl.afdpart.data')).toEqual([
      ...[24, 32, 8],
      ...[false, true, false],
      [192, 0, 2, 0],
      [7],
    ]);
    expect(told(42, prefixes, 'apl.afdpart.ipv6')).toEqual([[0x20, 1, 0x0d, 0xb8, ...new Array<number>(12).fill(0)]]);
    const gateway = (type: number, to: Uint8Array) => join(u8(10, type, 2), to, u8(5));
    expect(told(45, gateway(1, u8(192, 0, 2, 1)), 'ipseckey.gateway_ipv4', 'ipseckey.public_key')).toEqual([[192, 0, 2, 1], [5]]);
    expect(told(45, gateway(3, fqdn), 'ipseckey.gateway_dns', 'ipseckey.public_key')).toEqual(['ns.x', [5]]);
    expect(told(55, join(u8(2, 2, 0, 1, 3, 4, 5), fqdn), 'hip.hit', 'hip.pk', 'hip.rendezvous_server')).toEqual([[3, 4], [5], 'ns.x']);
    expect(told(62, u8(0, 0, 0, 66, 0, 3, 0, 1, 0x40), 'csync.soa', 'csync.flags.soaminimum', 'resp.type')).toEqual([66, true, 62, 1]);
    expect(told(63, u8(0, 0, 0, 9, 1, 2, 3, 4), 'zonemd.serial', 'zonemd.hash_algo', 'zonemd.digest')).toEqual([9, 2, [3, 4]]);
    expect(told(104, u8(0, 10, 1, 2, 3, 4, 5, 6, 7, 8), 'ilnp.nid.preference', 'ilnp.nid')).toEqual([10, [1, 2, 3, 4, 5, 6, 7, 8]]);
    expect(told(105, u8(0, 10, 10, 1, 2, 0), 'ilnp.l32')).toEqual([[10, 1, 2, 0]]);
    expect(told(106, u8(0, 10, 1, 2, 3, 4, 5, 6, 7, 8), 'ilnp.l64')).toEqual([[1, 2, 3, 4, 5, 6, 7, 8]]);
    expect(told(107, join(u16(10), fqdn), 'ilnp.lp')).toEqual(['ns.x']);
    expect(told(11, u8(192, 0, 2, 1, 6, 0, 0, 6, 0x40), 'wks.address', 'wks.protocol', 'wks.bits')).toEqual([[192, 0, 2, 1], 6, 6, 0x40]);
    expect(told(19, join(u8(2), ascii('31')), 'x25.psdn_address')).toEqual(['31']);
    expect(told(20, join(u8(2), ascii('15'), u8(1), ascii('4')), 'idsn.address', 'idsn.sa.address')).toEqual(['15', '4']);
    expect(told(22, u8(0x47, 0), 'nsap.rdata')).toEqual([[0x47, 0]]);
    expect(told(23, fqdn, 'nsap_ptr.owner')).toEqual(['ns.x']);
    expect(told(26, join(u16(5), fqdn, name('b')), 'px.preference', 'px.map822', 'px.map400')).toEqual([5, 'ns.x', 'b']);
    const place = join(u8(2), ascii('-1'), u8(1), ascii('2'), u8(1), ascii('3'));
    expect(told(27, place, 'gpos.longitude', 'gpos.latitude', 'gpos.altitude')).toEqual(['-1', '2', '3']);
    const local = u8(0, 1, 0, 0, 0, 0, 0, 2, 0, 0, 0, 3);
    expect(told(65281, join(local, u8(0, 0, 0, 1, 192, 0, 2, 1)), 'wins.local_flag', 'wins.wins_server')).toEqual([true, [192, 0, 2, 1]]);
    expect(told(65282, join(local, fqdn), 'winsr.cache_timeout', 'winsr.name_result_domain')).toEqual([3, 'ns.x']);
  });

  it('reads prefixes, tags and digests of no octets', () => {
    const shown = (d: ReturnType<typeof dissect>, abbrev: string): string | undefined =>
      d.layers[0]?.fields.flatMap((part) => part.children.flatMap((one) => one.children)).find((one) => one.abbrev === abbrev)?.display;
    const rare = (type: number, data: Uint8Array) => whole(join(header(1, 0x8180, 1, 1), question('x', type), record(type, data)));
    const everything = rare(42, u8(0, 1, 0, 0, 0, 2, 0, 0x80, 0, 9, 0, 0));
    expect(values(everything, 'dns.apl.afdpart.ipv4')).toEqual([[0, 0, 0, 0]]);
    expect(values(everything, 'dns.apl.afdpart.ipv6')).toEqual([new Array(16).fill(0)]);
    expect(values(everything, 'dns.apl.afdpart.data')).toEqual([[]]);
    expect(values(rare(55, u8(0, 2, 0, 0)), 'dns.hip.hit')).toEqual([[]]);
    expect(values(rare(62, u8(0, 0, 0, 66, 0, 0)), 'dns.csync.type_bitmap')).toEqual([[]]);
    const reserved = rare(63, u8(0, 0, 0, 9, 0, 240));
    expect(values(reserved, 'dns.zonemd.digest')).toEqual([[]]);
    expect(shown(reserved, 'dns.zonemd.scheme')).toBe('Reserved (0)');
    expect(shown(reserved, 'dns.zonemd.hash_algo')).toBe('Private Use (240)');
  });

  it('reads what is there of a rare record that breaks off, and the record behind it', () => {
    // A preference without its locator, then an address.
    const d = whole(join(header(1, 0x8180, 1, 2), question('x', 105), record(105, u16(10)), record(1, u8(1, 2, 3, 4))));
    expect(values(d, 'dns.ilnp.l32.preference')).toEqual([10]);
    expect(values(d, 'dns.a')).toEqual([[1, 2, 3, 4]]);
    for (const [type, data] of [
      [11, u8(192, 0)],
      [20, u8(9, 49)],
      [42, u8(0, 1, 24, 3, 192)],
      [45, u8(10, 2, 2, 0x20)],
      [55, u8(16, 2, 0, 4, 1)],
      [62, u8(0, 0, 0, 66, 0)],
      [63, u8(0, 0, 0, 9, 1)],
      [65281, u8(0, 1, 0, 0, 0, 0, 0, 2, 0, 0, 0, 3, 255, 255, 255, 255, 10)],
    ] as const) {
      const cut = whole(join(header(1, 0x8180, 1, 1), question('x', type), record(type, data)));
      expect(cut.damaged, `type ${type}`).toHaveLength(1);
    }
  });

  it('writes control characters in names as escapes', () => {
    const d = whole(join(header(1, 0x0100, 1), u8(3, 97, 4, 10, 0), u16(1), u16(1)));
    expect(values(d, 'dns.qry.name')).toEqual(['a\\004\\n']);
  });

  it('ends at compression pointers that loop', () => {
    const self = join(header(1, 0x0100, 1), u8(0xc0, 12), u16(1), u16(1));
    expect(values(whole(self), 'dns.qry.name')).toEqual(['<Name contains a pointer that loops>']);
    const pair = join(header(1, 0x0100, 1), u8(0xc0, 14, 0xc0, 12), u16(1), u16(1));
    expect(values(whole(pair), 'dns.qry.name')).toEqual(['<Name contains a pointer that loops>']);
    const growing = join(header(1, 0x0100, 1), u8(1, 97, 0xc0, 12), u16(1), u16(1));
    expect(values(whole(growing), 'dns.qry.name')[0]).toMatch(/^<Name/);
  });

  it('tells cut short from malformed, at every byte', () => {
    for (let n = 0; n < answer.length; n++) {
      expect(whole(answer.subarray(0, n), answer.length).layers[0]?.status).toBe('short');
      expect(whole(answer.subarray(0, n)).layers[0]?.status).toBe('malformed');
    }
    expect(whole(answer).layers[0]?.status).toBe('whole');
  });

  it('ends with impossible counts and lengths', () => {
    expect(whole(header(1, 0x8180, 65535, 65535, 65535, 65535)).layers[0]?.status).toBe('malformed');
    const long = join(header(1, 0x8180, 1, 1), question('x', 1), u8(0xc0, 12), u16(1), u16(1), u16(0), u16(0), u16(0xffff));
    expect(whole(long).layers[0]?.status).toBe('malformed');
  });

  it('stands any bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (tail) => {
        const bytes = join(header(1, 0x8180, 1, 4, 4, 4), tail);
        for (const protocol of [dns, mdns, nbns]) {
          const capture = new TestCapture();
          expect(dissect(capture, capture.row(), protocol, bytes, udp).layers.length).toBe(1);
        }
      }),
    );
  });
});

describe('mDNS and NBNS', () => {
  it('shows the QU bit of a question', () => {
    const capture = new TestCapture();
    const bytes = join(header(0, 0, 1), name('_x._tcp.local'), u16(12), u16(0x8001));
    const d = dissect(capture, capture.row(), mdns, bytes, udp);
    expect(values(d, 'dns.qry.qu')).toEqual([true]);
    expect(d.columns.info).toBe('Standard query 0x0000 PTR _x._tcp.local, "QU" question');
  });

  it('decodes a NetBIOS name', () => {
    const coded = [...'WPAD'.padEnd(15), '\0']
      .map((c) => String.fromCharCode(65 + (c.charCodeAt(0) >> 4), 65 + (c.charCodeAt(0) & 15)))
      .join('');
    const capture = new TestCapture();
    const d = dissect(capture, capture.row(), nbns, join(header(1, 0x0110, 1), name(coded), u16(32), u16(1)), udp);
    expect(values(d, 'nbns.name')).toEqual(['WPAD<00>']);
    expect(d.columns.info).toBe('Name query NB WPAD<00>');
  });
});

describe('pairing DNS queries and responses', () => {
  it('gives both sides each other and the time between', () => {
    const capture = new TestCapture();
    const first = capture.row(10);
    const second = capture.row(12);
    const transactions = capture.state(dnsTransactions);
    transactions.observe(first, 0, 0x1234, false, 10);
    transactions.observe(second, 0, 0x1234, true, 12);
    expect(values(dissect(capture, first, dns, query, udp), 'dns.response_in')).toEqual([second + 1]);
    const d = dissect(capture, second, dns, answer, udp);
    expect(values(d, 'dns.response_to')).toEqual([first + 1]);
    expect(values(d, 'dns.time')).toEqual([{ sec: 2, nsec: 0 }]);
  });

  it('tells a repeated query from a new use of its id, and keeps streams apart', () => {
    const capture = new TestCapture();
    const transactions = capture.state(dnsTransactions);
    transactions.observe(0, 0, 1, false, 0);
    transactions.observe(1, 0, 1, false, 2);
    transactions.observe(2, 0, 1, false, 9);
    transactions.observe(3, 5, 1, true, 9);
    expect(transactions.retransmission(1)).toBe(true);
    expect(transactions.retransmission(2)).toBe(false);
    expect(transactions.partner(3)).toBe(0xffffffff);
  });

  it('finds queries after the table has grown many times', () => {
    const capture = new TestCapture();
    const transactions = capture.state(dnsTransactions);
    for (let i = 0; i < 5000; i++) transactions.observe(i, i, i & 0xffff, false, i);
    for (let i = 0; i < 5000; i++) transactions.observe(5000 + i, i, i & 0xffff, true, 9000);
    for (let i = 0; i < 5000; i += 7) expect(transactions.partner(transactions.entry(5000 + i, i & 0xffff, true))).toBe(i);
  });
});

describe('DNS over TCP', () => {
  it('cuts messages by their length, whatever the pieces', () => {
    const stream = join(u16(query.length), query, u16(answer.length), answer);
    const expected = [2 + query.length, stream.length];
    for (let size = 1; size <= stream.length; size++) {
      const capture = new TestCapture();
      expect(cuts(dns, sides(capture)[0], stream, size)).toEqual(expected);
      expect(capture.state(dnsTransactions).size).toBe(2);
    }
  });

  it('refuses a length that holds no header', () => {
    expect(cuts(dns, sides(new TestCapture())[0], u8(0, 11, 1, 2, 3), 10)).toEqual([-2]);
  });

  it('takes several messages in one buffer', () => {
    const capture = new TestCapture();
    const d = dissect(capture, capture.row(), dns, join(u16(query.length), query, u16(query.length), query), { ...udp, kind: 'tcp' });
    expect(values(d, 'dns.length')).toEqual([query.length, query.length]);
    expect(d.protocolNames).toBe('dns');
  });
});

it('finds the end of any name at index depth as at full depth', () => {
  fc.assert(
    fc.property(
      fc.array(fc.oneof(fc.integer({ min: 0, max: 6 }), fc.integer({ min: 0xc0, max: 0xc3 }), fc.integer({ min: 0, max: 255 })), {
        maxLength: 60,
      }),
      (octets) => {
        const bytes = Uint8Array.from(octets);
        const read = readName(new Buf(bytes, 0, 2, bytes.length, bytes.length), 4, 2);
        expect(nameEnd(bytes, 4, 2, bytes.length, 2)).toBe(read.whole ? 4 + read.size : -1);
      },
    ),
  );
  // Longer than a name may be, and pointers to and fro.
  const long = Uint8Array.from({ length: 1300 }, (_, i) => (i % 64 === 0 ? 63 : 0x61));
  const read = readName(new Buf(long, 0, 0, long.length, long.length), 0, 0);
  expect(nameEnd(long, 0, 0, long.length, 0)).toBe(read.size);
});
