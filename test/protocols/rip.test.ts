import { describe, expect, it } from 'vitest';
import { rip } from '../../src/protocols/rip.ts';
import { dissect, TestCapture, values } from './app-fixtures.ts';
import { hex, survivesEveryCut, udpFrom } from './every-cut.ts';

const read = (text: string) => {
  const capture = new TestCapture();
  return dissect(capture, capture.row(), rip, hex(text), udpFrom(520));
};

describe('RIP', () => {
  const route = '0002 0063 0a010200 ffffff00 0a090007 00000003';
  const digest = (offset: string) => `ffff 0003 ${offset} 01 14 00000007 0000000000000000`;
  const version2 = `02 02 0000 ${route} 0002 0000 0a010300 ffffff00 00000000 00000010`;
  const signed = `02 02 0000 ${digest('002c')} ${route} ffff 0001 000102030405060708090a0b0c0d0e0f`;

  it('says which networks, by which router, and how far', () => {
    const d = read(version2);
    expect(values(d, 'rip.version')).toEqual([2]);
    expect(values(d, 'rip.route_tag')).toEqual([99, 0]);
    expect(values(d, 'rip.ip')).toEqual([
      [10, 1, 2, 0],
      [10, 1, 3, 0],
    ]);
    expect(values(d, 'rip.netmask')).toHaveLength(2);
    expect(values(d, 'rip.next_hop')[0]).toEqual([10, 9, 0, 7]);
    expect(values(d, 'rip.metric')).toEqual([3, 16]);
    expect(d.columns).toMatchObject({ protocol: 'RIPv2', info: 'Response' });
  });
  it('has addresses and metrics alone in version 1', () => {
    const d = read(`02 01 0000 ${route}`);
    expect(values(d, 'rip.ip')).toHaveLength(1);
    expect(['rip.netmask', 'rip.next_hop', 'rip.route_tag'].flatMap((name) => values(d, name))).toEqual([]);
    expect(d.columns.protocol).toBe('RIPv1');
  });
  it('reads a request for all routes, which names no network', () => {
    const d = read('01 02 0000 0000 0000 00000000 00000000 00000000 00000010');
    expect(values(d, 'rip.family')).toEqual([0]);
    expect(values(d, 'rip.ip')).toEqual([]);
    expect(values(d, 'rip.metric')).toEqual([16]);
  });
  it('reads a password', () => {
    const d = read(`02 02 0000 ffff 0002 736573616d6500000000000000000000 ${route}`);
    expect(values(d, 'rip.auth.passwd')).toEqual(['sesame']);
    expect(values(d, 'rip.ip')).toHaveLength(1);
  });
  it('finds the digest behind the routes, of as many octets as there are', () => {
    const d = read(signed);
    expect(values(d, 'rip.key_id')).toEqual([1]);
    expect(values(d, 'rip.seq_num')).toEqual([7]);
    expect(values(d, 'rip.authentication_data')).toEqual([Array.from({ length: 16 }, (_, i) => i)]);
    expect(values(d, 'rip.ip')).toHaveLength(1);
    expect(values(d, 'rip.unknown_address_family')).toEqual([]);
    // SHA-256 (RFC 4822, section 2).
    expect(values(read(`${signed} 101112131415161718191a1b1c1d1e1f`), 'rip.authentication_data')).toEqual([
      Array.from({ length: 32 }, (_, i) => i),
    ]);
  });
  it('stops at a digest that lies behind the message', () => {
    const d = read(`02 02 0000 ${digest('01f4')} ${route}`);
    expect(d.layers[0]?.status).toBe('malformed');
    expect(values(d, 'rip.authentication_data')).toEqual([]);
  });
  it('notes an address family that nobody knows, and authentication that is not first', () => {
    const d = read(`02 02 0000 ${route} 0009 ${'00'.repeat(18)} ffff 0002 ${'61'.repeat(16)}`);
    expect(values(d, 'rip.unknown_address_family')).toHaveLength(2);
    expect(values(d, 'rip.auth.passwd')).toEqual([]);
  });
  it('survives being cut and turned', () => {
    survivesEveryCut(rip, hex(version2), udpFrom(520));
    survivesEveryCut(rip, hex(signed), udpFrom(520));
  });
});
