import { describe, expect, it } from 'vitest';
import { captureOf, dissectOne, eth, faultsWhenCut, fieldsOf, IP_A, IP_B, indexedStack, ip4, join, u16, u32 } from './network-packets.ts';

const address = (last: number): number[] => [10, 0, 0, last];
const block = (last: number): Uint8Array =>
  join(u32(1194083740), address(last), address(last + 1), address(last - 1), u32(242), u32(7), u32(3), [3, 5, 0x58, 8]);
const trace = (type: number, ...blocks: Uint8Array[]): Uint8Array =>
  eth(
    0x0800,
    ip4(join([type, 32], u16(0), address(0), address(1), address(2), address(3), [64, 0, 1, 7], ...blocks), {
      proto: 2,
      src: IP_A,
      dst: IP_B,
    }),
  );

describe('a traceroute for multicast', () => {
  it.each([
    [0x1f, [], 'Traceroute Query'],
    [0x1f, [block(6)], 'Traceroute Request'],
    [0x1e, [block(6), block(14)], 'Traceroute Response'],
  ] as const)('of type %i with blocks %j says what it is', (type, blocks, name) => {
    const frame = trace(type, ...blocks);
    expect(indexedStack(captureOf([frame]), 0)).toBe('eth:ethertype:ip:igmp:igmp');
    const d = dissectOne(frame);
    expect(d.protocolNames).toBe('eth:ethertype:ip:igmp:igmp');
    expect(d.columns.info).toBe(name);
    expect(fieldsOf(d, 'igmp.mtrace.max_hops', 'igmp.mtrace.raddr', 'igmp.mtrace.q_id', 'igmp.mtrace.q_inaddr')).toEqual({
      'igmp.mtrace.max_hops': '32',
      'igmp.mtrace.raddr': '10.0.0.2',
      'igmp.mtrace.q_id': '263',
      'igmp.mtrace.q_inaddr': ['10.0.0.6', '10.0.0.14'].slice(0, blocks.length).join(),
    });
    expect(faultsWhenCut(frame)).toEqual([]);
  });

  it('has what a router adds', () => {
    const d = dissectOne(trace(0x1f, block(6)));
    const names = [
      'q_outaddr',
      'q_prevrtr',
      'q_inpkt',
      'q_outpkt',
      'q_total',
      'q_rtg_proto',
      'q_fwd_ttl',
      'q_mbz',
      'q_s',
      'q_src_mask',
      'q_fwd_code',
    ];
    expect(Object.values(fieldsOf(d, ...names.map((name) => `igmp.mtrace.${name}`)))).toEqual([
      '10.0.0.7',
      '10.0.0.5',
      '242',
      '7',
      '3',
      '3',
      '5',
      '0x00',
      '0x01',
      '0x18',
      '0x08',
    ]);
  });
});
