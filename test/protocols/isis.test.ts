import { describe, expect, it } from 'vitest';
import { eth, fieldsOf, join, u16, u32 } from './network-packets.ts';
import { ofFrames } from './talk.ts';

const SYSTEM = [0x11, 0x11, 0x22, 0x22, 0x33, 0x33];
const tlv = (type: number, ...value: number[]): Uint8Array => Uint8Array.from([type, value.length, ...value]);

/** A PDU in an 802.3 frame: its length where the EtherType stands, then LLC. */
function frame(type: number, body: Uint8Array): Uint8Array {
  const pdu = join([0xfe, 0xfe, 3], [0x83, 20, 1, 0, type, 1, 0, 0], body);
  return eth(pdu.length, pdu);
}

function hello(...tlvs: Uint8Array[]): Uint8Array {
  const rest = join([2], ...tlvs);
  return frame(17, join([3], SYSTEM, u16(30), u16(8 + 11 + rest.length), rest));
}

function lsp(...tlvs: Uint8Array[]): Uint8Array {
  const rest = join(...tlvs);
  return frame(18, join(u16(27 + rest.length), u16(1199), SYSTEM, [0, 1], u32(3), u16(0xf15d), [3], rest));
}

describe('IS-IS', () => {
  it('shows a hello with its areas, addresses and adjacency', () => {
    const d = ofFrames(hello(tlv(1, 3, 0x49, 0, 1), tlv(132, 192, 0, 2, 1), tlv(240, 2, 0, 0, 0, 7))).at(0);
    expect(d.protocolNames).toBe('eth:llc:osi:isis:isis.hello');
    expect(d.columns.info).toBe('P2P HELLO, System-ID: 1111.2222.3333');
    const found = fieldsOf(
      d,
      'isis.hello.area_address',
      'isis.hello.clv_ipv4_int_addr',
      'isis.hello.adjacency_state',
      'isis.hello.clv.type',
    );
    expect(found).toEqual({
      'isis.hello.area_address': '03490001',
      'isis.hello.clv_ipv4_int_addr': '192.0.2.1',
      'isis.hello.adjacency_state': '2',
      'isis.hello.clv.type': '1,132,240',
    });
  });

  it('shows what a router says of its neighbours and prefixes', () => {
    const neighbour = tlv(22, ...SYSTEM, 0, 0, 0, 10, 0);
    const d = ofFrames(lsp(neighbour, tlv(135, 0, 0, 0, 20, 24, 192, 0, 2), tlv(236, 0, 0, 0, 5, 0, 32, 0x20, 1, 0xd, 0xb8))).at(0);
    expect(d.columns.info).toBe('L1 LSP, LSP-ID: 1111.2222.3333.00-01, Sequence: 0x00000003, Lifetime: 1199s');
    const found = fieldsOf(
      d,
      'isis.lsp.ext_is_reachability.is_neighbor_id',
      'isis.lsp.ext_ip_reachability.ipv4_prefix',
      'isis.lsp.ext_ip_reachability.metric',
      'isis.lsp.ipv6_reachability.ipv6_prefix',
    );
    expect(found).toEqual({
      'isis.lsp.ext_is_reachability.is_neighbor_id': '1111.2222.3333.00',
      'isis.lsp.ext_ip_reachability.ipv4_prefix': '192.0.2.0',
      'isis.lsp.ext_ip_reachability.metric': '20',
      'isis.lsp.ipv6_reachability.ipv6_prefix': '2001:db8::',
    });
  });

  it('lists the LSPs of a sequence number PDU', () => {
    const entry = tlv(9, 0x04, 0xaf, ...SYSTEM, 0, 2, 0, 0, 0, 5, 0xab, 0xcd);
    const d = ofFrames(frame(26, join(u16(8 + 9 + entry.length), SYSTEM, [0], entry))).at(0);
    expect(d.protocolNames).toBe('eth:llc:osi:isis:isis.psnp');
    expect(fieldsOf(d, 'isis.csnp.lsp_id', 'isis.csnp.lsp_seq_num', 'isis.csnp.lsp_remain_life')).toEqual({
      'isis.csnp.lsp_id': '1111.2222.3333.00-02',
      'isis.csnp.lsp_seq_num': '0x00000005',
      'isis.csnp.lsp_remain_life': '1199',
    });
  });

  it('stands being cut anywhere, and TLVs that contradict themselves', () => {
    for (const whole of [hello(tlv(1, 200, 1), tlv(240)), lsp(tlv(135, 0, 0, 0, 1, 63), tlv(22, 1))]) {
      for (let length = 17; length <= whole.length; length++) expect(ofFrames(whole.slice(0, length)).stacks[0]).toContain('eth:llc');
    }
    expect(
      ofFrames(hello(Uint8Array.from([1, 90])))
        .at(0)
        .layers.at(-1)?.status,
    ).not.toBe('whole');
  });
});
