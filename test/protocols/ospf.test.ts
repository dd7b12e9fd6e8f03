import { describe, expect, it } from 'vitest';
import { ospf } from '../../src/protocols/ospf.ts';
import { dissect, TestCapture, values } from './app-fixtures.ts';
import { hex, survivesEveryCut } from './every-cut.ts';
import { fieldsOf } from './network-packets.ts';

const read = (bytes: Uint8Array) => {
  const capture = new TestCapture();
  return dissect(capture, capture.row(), ospf, bytes, null);
};

const lsa2 = '0001 22 01 0a000001 0a000001 80000001 abcd 0014';
const lsa3 = '8001 2001 00000007 0a000001 80000001 abcd 0014';
const head2 = (message: string, length: string, auth = '0000 0000000000000000') => `02 ${message} ${length} 0a000001 00000000 0000 ${auth}`;
const head3 = (message: string, length: string) => `03 ${message} ${length} 0a000001 00000001 0000 00 00`;

const hello2 = hex(`${head2('01', '0030')} ffffff00 000a 12 01 00000028 0a000001 0a000002 0a000009 fff6 0003 0001000400000001`);
const crypt2 = hex(`${head2('01', '002c', '0002 0000 01 10 12345678')} ffffff00 000a 02 01 00000028 0a000001 0a000002
  000102030405060708090a0b0c0d0e0f`);
const describe2 = hex(`${head2('02', '0034', '0001 7365637265740000')} 05dc 42 07 00001234 ${lsa2}`);
const request2 = hex(`${head2('03', '0024')} 00000001 01020304 05060708`);
const update2 = hex(`${head2('04', '0048')} 00000002 ${lsa2} 0001 22 0a 01000005 0a000001 80000001 abcd 0018 01020304`);
const routers2 = hex(`${head2('04', '0064')} 00000002
  0001 22 01 0a000001 0a000001 80000001 abcd 0028 0200 0001 0a000000 ffffff00 03 01 000a 04 00 0007
  0001 22 02 0a000001 0a000001 80000001 abcd 0020 ffffff00 0a000001 0a000002`);
const router3 = hex(`${head3('04', '003c')} 00000001 0001 2001 00000000 02020202 80000003 37a5 0028
  01 000033 02 00 000a 00000005 00000005 01010101`);
const hello3 = hex(`${head3('01', '0028')} 00000005 01 000413 000a 0028 01010101 02020202 03030303
  0001 0014 0000 0001 0000000052da4a4e ca4d7d58`);
const describe3 = hex(`${head3('02', '0030')} 00 000013 05dc 00 02 00001d46 ${lsa3}`);
const request3 = hex(`${head3('03', '001c')} 0000 2001 01020304 05060708`);

const long = (text: string) => text.replace(/\s/g, '');
const size = (text: string) => (long(text).length / 2).toString(16).padStart(4, '0');
/** An LS Update with one LSA, whose ID and body these are. */
const said2 = (type: number, body: string, id = '0a000000') => {
  const lsa = `0005 02 ${type.toString(16).padStart(2, '0')} ${id} 01010101 80000001 0000 `;
  const all = `${lsa} ${(20 + long(body).length / 2).toString(16).padStart(4, '0')} ${body}`;
  return hex(`${head2('04', (28 + long(all).length / 2).toString(16).padStart(4, '0'))} 00000001 ${all}`);
};
const said3 = (type: string, body: string) => {
  const all = `0005 ${type} 00000007 01010101 80000001 0000 ${(20 + long(body).length / 2).toString(16).padStart(4, '0')} ${body}`;
  return hex(`${head3('04', (20 + long(all).length / 2).toString(16).padStart(4, '0'))} 00000001 ${all}`);
};
const tlv = (type: string, value: string) => `${type}${size(value)}${long(value)}${'00'.repeat((4 - ((long(value).length / 2) & 3)) & 3)}`;

describe('what advertisements say', () => {
  const ask = (bytes: Uint8Array, ...names: string[]) => {
    const d = read(bytes);
    expect(d.layers[0]?.status).toBe('whole');
    return names.map((name) => values(d, `ospf.${name}`));
  };
  const summary = said2(3, 'ffffff00 0000000a 01000014');
  const external = said2(5, 'ffffff00 80000064 0a000001 0000004d 02000005 00000000 00000058');
  const link =
    tlv('0001', '02') +
    tlv('0003', '0a000002 0a000003') +
    tlv('0006', '4cee6b28') +
    tlv('000b', '00000003 00000004') +
    tlv('0063', '6162636465');
  const engineering = said2(10, tlv('0001', '01020304') + tlv('0002', link), '01000001');
  const grace = said2(9, tlv('0001', '00000028') + tlv('0002', '01') + tlv('0003', '0a000001'), '03000000');
  const about =
    tlv('0001', '60000000') +
    tlv('0007', '6e6f646531') +
    tlv('0008', '0001') +
    tlv('0009', `00006400${tlv('0001', '010203')}`) +
    tlv('000c', '010a');
  const information = said2(10, about, '04000000');
  const sid = tlv('0002', '0c000100000102');
  const prefixes = said2(
    11,
    tlv('0001', `03180040 0a000000 ${tlv('0002', '60000100 00000009')}`) + tlv('0002', `18000005 80000000 0a000000 ${sid}`),
    '07000000',
  );
  const links = said2(
    10,
    tlv('0001', `01000000 0a000001 0a000002 ${tlv('0002', '60000003 010203')} ${tlv('0003', '00000000 05050505 010203')}`),
    '08000000',
  );
  const prefix = '20010db8 00000000';
  const external3 = said3('4005', `07000064 3002 2001 ${prefix} fe800000000000000000000000000009 00000037 00000042`);
  const between = said3('2003', `0000001e 4008 0000 ${prefix}`);
  const router = said3('2004', '00000013 00000028 02020202');
  const interfaces = said3('0008', `01000013 fe800000000000000000000000000001 00000002 40000000 ${prefix} 00020000`);
  const inside = said3('2009', `0002 2001 00000000 01010101 4000000a ${prefix} 0000000b`);

  it('summaries and external routes have their metrics, one for each TOS', () => {
    expect(ask(summary, 'lsa.asbr.netmask', 'lsa.tos', 'metric')).toEqual([[[255, 255, 255, 0]], [0, 1], [10, 20]]);
    expect(ask(external, 'lsa.asext.type', 'lsa.tos', 'metric', 'lsa.asext.fwdaddr', 'lsa.asext.extrttag')).toEqual([
      [true, false],
      [0, 2],
      [100, 5],
      [
        [10, 0, 0, 1],
        [0, 0, 0, 0],
      ],
      [77, 88],
    ]);
  });
  it('traffic engineering says how a link is', () => {
    expect(ask(engineering, 'mpls.routerid', 'mpls.linktype', 'mpls.link_max_bw', 'mpls.remote_id', 'tlv_value')).toEqual([
      [[1, 2, 3, 4]],
      [2],
      [125_000_000],
      [4],
      [[0x61, 0x62, 0x63, 0x64, 0x65]],
    ]);
    expect(fieldsOf(read(engineering), 'ospf.mpls.link_max_bw')).toEqual({ 'ospf.mpls.link_max_bw': '1.25e+08' });
  });
  it('a restart says how long and why, a router what it is', () => {
    expect(ask(grace, 'v2.grace.period', 'v2.grace.reason', 'v2.grace.ip', 'pad_bytes')).toEqual([[40], [1], [[10, 0, 0, 1]], [[0, 0, 0]]]);
    expect(ask(information, 'ri.options.grh', 'dynhostname', 'lsa_sa', 'tlv.range_size', 'tlv.sid_label', 'tlv.igp_msd_value')).toEqual([
      [true],
      ['node1'],
      [0, 1],
      [100],
      [0x010203],
      [10],
    ]);
  });
  it('extended prefixes and links have labels and indexes', () => {
    expect(
      ask(prefixes, 'prefix_length', 'tlv.extpfx.flags.n', 'tlv.extpfx_range.flags.ia', 'tlv.pfxsid.flags.v', 'tlv.sid_label'),
    ).toEqual([[24, 24], [true], [true], [false, true], [9, 258]]);
    expect(ask(links, 'lsa.router.linkdata', 'tlv.adjsid.flags.v', 'tlv.extlink.nbr', 'tlv.sid_label')).toEqual([
      [[10, 0, 0, 2]],
      [true, false],
      [[5, 5, 5, 5]],
      [0x010203, 0x010203],
    ]);
  });
  it('version 3 has prefixes of any length', () => {
    const address = [0x20, 1, 0x0d, 0xb8, ...Array(12).fill(0)];
    expect(ask(between, 'metric', 'prefix_length', 'v3.prefix.options.p', 'v3.address_prefix.ipv6')).toEqual([
      [30],
      [64],
      [true],
      [address],
    ]);
    expect(ask(router, 'metric', 'v3.options.r', 'v3.lsa.destination_router_id')).toEqual([[40], [true], [[2, 2, 2, 2]]]);
    expect(ask(external3, 'v3.as.external.flags.e', 'v3.lsa.external_route_tag', 'v3.lsa.referenced_link_state_id')).toEqual([
      [true],
      [55],
      [[0, 0, 0, 0x42]],
    ]);
    expect(ask(interfaces, 'v3.lsa.num_prefixes', 'prefix_length', 'v3.prefix.options.la')).toEqual([[2], [64, 0], [false, true]]);
    expect(ask(inside, 'metric', 'v3.address_prefix.ipv6')).toEqual([
      [10, 11],
      [address, Array(16).fill(0)],
    ]);
  });
  it('nothing is read beyond a value that is too short for what it should hold', () => {
    const d = read(said2(10, tlv('0002', `${tlv('000b', '00000003')} ${tlv('0005', '00000009')}`), '01000001'));
    expect(values(d, 'ospf.mpls.local_id')).toEqual([3]);
    expect(values(d, 'ospf.mpls.remote_id')).toEqual([]);
    expect(d.layers[0]?.status).toBe('malformed');
  });
  it('survives being cut and turned', () => {
    for (const bytes of [
      summary,
      external,
      engineering,
      grace,
      information,
      prefixes,
      links,
      external3,
      between,
      router,
      interfaces,
      inside,
    ])
      survivesEveryCut(ospf, bytes, null);
  });
});

describe('OSPF version 2', () => {
  it('says in a Hello who is there, and what is signalled behind it', () => {
    const d = read(hello2);
    expect(values(d, 'ospf.srcrouter')).toEqual([[10, 0, 0, 1]]);
    expect(values(d, 'ospf.hello.hello_interval')).toEqual([10]);
    expect(values(d, 'ospf.hello.router_dead_interval')).toEqual([40]);
    expect(values(d, 'ospf.v2.options.e')).toEqual([true]);
    expect(values(d, 'ospf.hello.active_neighbor')).toEqual([[10, 0, 0, 9]]);
    expect(values(d, 'ospf.lls.data_length')).toEqual([12]);
    expect(values(d, 'ospf.lls.ext.options.lr')).toEqual([true]);
    expect(d.columns.info).toBe('Hello Packet');
  });
  it('has the digest behind the packet', () => {
    const d = read(crypt2);
    expect(values(d, 'ospf.auth.crypt.key_id')).toEqual([1]);
    expect(values(d, 'ospf.auth.crypt.seq_nbr')).toEqual([0x12345678]);
    expect((values(d, 'ospf.auth.crypt.data')[0] as number[]).length).toBe(16);
    expect(values(d, 'ospf.hello.active_neighbor')).toEqual([]);
  });
  it('lists what a router has in its database, and reads the password', () => {
    const d = read(describe2);
    expect(values(d, 'ospf.auth.simple')).toEqual(['secret']);
    expect(values(d, 'ospf.dbd.i')).toEqual([true]);
    expect(values(d, 'ospf.db.dd_sequence')).toEqual([0x1234]);
    expect(values(d, 'ospf.lsa')).toEqual([1]);
    expect(values(d, 'ospf.advrouter')).toEqual([[10, 0, 0, 1]]);
  });
  it('asks for what it lacks', () => expect(values(read(request2), 'ospf.link_state_id')).toEqual([[1, 2, 3, 4]]));
  it('finds each advertisement of an update by the length of the one before', () => {
    const d = read(update2);
    expect(values(d, 'ospf.ls.number_of_lsas')).toEqual([2]);
    expect(values(d, 'ospf.lsa')).toEqual([1, 10]);
    expect(values(d, 'ospf.lsid_te_lsa.instance')).toEqual([5]);
  });
  it('goes on behind an advertisement that says it has no length, and ends where more are counted than there are', () => {
    const d = read(hex(`${head2('04', '0044')} ffffffff ${lsa2.replace(/0014$/, '0000')} ${lsa2}`));
    expect(values(d, 'ospf.lsa')).toEqual([1, 1]);
  });
  it('reads the links of a router with their metrics, and who is on a network', () => {
    const d = read(routers2);
    expect(values(d, 'ospf.v2.router.lsa.flags.e')).toEqual([true]);
    expect(values(d, 'ospf.lsa.router.linkid')).toEqual([[10, 0, 0, 0]]);
    expect(values(d, 'ospf.lsa.router.metric0')).toEqual([10]);
    expect(values(d, 'ospf.metric')).toEqual([7]);
    expect(values(d, 'ospf.lsa.network.attchrtr')).toEqual([
      [10, 0, 0, 1],
      [10, 0, 0, 2],
    ]);
  });
  it('reads no link beyond the advertisement, however many it counts', () => {
    const turned = Uint8Array.from(routers2);
    turned.set([0xff, 0xff], 24 + 4 + 20 + 2);
    expect(values(read(turned), 'ospf.lsa.router.linkid')).toEqual([[10, 0, 0, 0]]);
    expect(values(read(turned), 'ospf.lsa')).toEqual([1, 2]);
  });
  it('says when the checksum is wrong', () => {
    const display = (d: ReturnType<typeof read>) =>
      d.layers[0]?.fields[0]?.children.find((field) => field.abbrev === 'ospf.checksum')?.display;
    const should = /should be 0x([0-9a-f]{4})/.exec(display(read(request2)) ?? '')?.[1] ?? '';
    const right = Uint8Array.from(request2);
    right.set(hex(should), 12);
    expect(display(read(right))).toBe(`0x${should} [correct]`);
    // The authentication is not in the sum.
    right[20] = 7;
    expect(display(read(right))).toBe(`0x${should} [correct]`);
    right[30] = 7;
    expect(display(read(right))).toContain('incorrect');
  });
});

describe('OSPF version 3', () => {
  it('says in a Hello which interface it is, and authenticates it behind', () => {
    const d = read(hello3);
    expect(values(d, 'ospf.hello.interface_id')).toEqual([5]);
    expect(values(d, 'ospf.hello.router_dead_interval')).toEqual([40]);
    expect(values(d, 'ospf.v3.options.at')).toEqual([true]);
    expect(values(d, 'ospf.hello.active_neighbor')).toEqual([[3, 3, 3, 3]]);
    expect(values(d, 'ospf.at.crypto_seq_nbr')).toEqual([0x52da4a4en]);
    expect(values(d, 'ospf.at.auth_data')).toEqual([[0xca, 0x4d, 0x7d, 0x58]]);
  });
  it('lists what a router has in its database', () => {
    const d = read(describe3);
    expect(values(d, 'ospf.db.interface_mtu')).toEqual([1500]);
    expect(values(d, 'ospf.v3.lsa.fc')).toEqual([1]);
    expect(values(d, 'ospf.v3.lsa.do_not_age')).toEqual([true]);
    expect(values(d, 'ospf.lsa.age')).toEqual([1]);
  });
  it('reads the interfaces of a router', () => {
    const d = read(router3);
    expect(values(d, 'ospf.v3.lsa.type')).toEqual([2]);
    expect(values(d, 'ospf.metric')).toEqual([10]);
    expect(values(d, 'ospf.v3.lsa.neighbor_router_id')).toEqual([[1, 1, 1, 1]]);
  });
  it('asks for what it lacks', () => expect(values(read(request3), 'ospf.v3.lsa')).toEqual([0x2001]));
});

describe('OSPF', () => {
  it('survives being cut and turned', () => {
    for (const bytes of [hello2, crypt2, describe2, request2, update2, routers2, hello3, router3, describe3, request3])
      survivesEveryCut(ospf, bytes, null);
  });
});
