import { describe, expect, it } from 'vitest';
import { ospf } from '../../src/protocols/ospf.ts';
import { dissect, TestCapture, values } from './app-fixtures.ts';
import { hex, survivesEveryCut } from './every-cut.ts';

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

describe('OSPF version 2', () => {
  it('says in a Hello who is there, and what is signalled behind it', () => {
    const d = read(hello2);
    expect(values(d, 'ospf.srcrouter')).toEqual([[10, 0, 0, 1]]);
    expect(values(d, 'ospf.hello.hello_interval')).toEqual([10]);
    expect(values(d, 'ospf.hello.router_dead_interval')).toEqual([40]);
    expect(values(d, 'ospf.v2.options.e')).toEqual([true]);
    expect(values(d, 'ospf.hello.active_neighbor')).toEqual([[10, 0, 0, 9]]);
    expect(values(d, 'ospf.lls.data_length')).toEqual([3]);
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
