import { describe, expect, it } from 'vitest';
import { perVlanStp, stp } from '../../src/protocols/stp.ts';
import { hex, survivesEveryCut } from './every-cut.ts';
import { eth, fieldsOf, join, u16, u32 } from './network-packets.ts';
import { ofFrames } from './talk.ts';

const ROOT = [0x80, 0x05, 0x02, 0, 0, 0, 0, 1];
const BRIDGE = [0x90, 0x05, 0x02, 0, 0, 0, 0, 2];

function bpdu(version: number, type: number, flags: number, ...rest: (Uint8Array | readonly number[])[]): Uint8Array {
  const times = [u16(0x0180), u16(20 * 256), u16(2 * 256), u16(15 * 256)].flat();
  return join([0, 0, version, type, flags], ROOT, u32(4), BRIDGE, u16(0x8003), times, ...rest);
}

const ofLlc = (body: Uint8Array) => ofFrames(eth(3 + body.length, [0x42, 0x42, 3], body)).at(0);
const ofSnap = (body: Uint8Array) => ofFrames(eth(8 + body.length, hex('aaaa03 00000c 010b'), body)).at(0);

const NAME = join(
  [...'region'].map((c) => c.charCodeAt(0)),
  new Uint8Array(26),
);
const configuration = join([0], NAME, u16(7), new Uint8Array(16).fill(0xab));
const instance = join([0x7c, 0x80, 0x0c, 2, 0, 0, 0, 0, 3], u32(2000), [0x90, 0x80, 19]);
const multiple = (length: number) => bpdu(3, 2, 0x7c, [0], u16(length), configuration, u32(200), BRIDGE, [20], instance);
const perVlan = (...tlv: number[]) => bpdu(2, 2, 0x0e, [0], tlv);

describe('Spanning trees', () => {
  it('show a configuration with its bridges, costs and times', () => {
    const d = ofLlc(bpdu(0, 0, 0x81));
    expect(d.protocolNames).toBe('eth:llc:stp');
    expect(d.columns.info).toBe('Conf. TC + Root = 32768/5/02:00:00:00:00:01  Cost = 4  Port = 0x8003');
    expect(
      fieldsOf(d, 'stp.root.prio', 'stp.root.ext', 'stp.bridge.prio', 'stp.bridge.hw', 'stp.msg_age', 'stp.forward', 'stp.flags.agreement'),
    ).toEqual({
      'stp.root.prio': '32768',
      'stp.root.ext': '5',
      'stp.bridge.prio': '36864',
      'stp.bridge.hw': '02:00:00:00:00:02',
      'stp.msg_age': '1.5',
      'stp.forward': '15',
      'stp.flags.agreement': '',
    });
  });

  it('show that the topology changed, and say what kinds they do not know', () => {
    expect(ofLlc(Uint8Array.from([0, 0, 0, 0x80])).columns.info).toBe('Topology Change Notification');
    expect(ofLlc(Uint8Array.from([0, 0, 0, 0x33])).columns.info).toBe('Unknown BPDU type (51)');
  });

  it('show the role of a port of a rapid one, and no VLAN where none is sent', () => {
    const d = ofLlc(bpdu(2, 2, 0x3c, [0]));
    expect(d.columns.info).toMatch(/^RST\. Root = 32768\/5/);
    expect(fieldsOf(d, 'stp.flags.port_role', 'stp.flags.forwarding', 'stp.version_1_length', 'stp.pvst.origvlan.missing')).toEqual({
      'stp.flags.port_role': '3',
      'stp.flags.forwarding': '1',
      'stp.version_1_length': '0',
      'stp.pvst.origvlan.missing': '',
    });
  });

  it('show region and instances of a multiple one', () => {
    const d = ofLlc(multiple(80));
    expect(
      fieldsOf(d, 'mstp.config_name', 'mstp.config_revision_level', 'mstp.cist_remaining_hops', 'mstp.msti.msti_id', 'mstp.msti.root_cost'),
    ).toEqual({
      'mstp.config_name': 'region',
      'mstp.config_revision_level': '7',
      'mstp.cist_remaining_hops': '20',
      'mstp.msti.msti_id': '12',
      'mstp.msti.root_cost': '2000',
    });
    expect(fieldsOf(d, 'mstp.msti.bridge_priority', 'mstp.msti.port_priority')).toEqual({
      'mstp.msti.bridge_priority': '9',
      'mstp.msti.port_priority': '8',
    });
  });

  it('take a length that is too small to be octets for a number of instances', () => {
    expect(fieldsOf(ofLlc(multiple(1)), 'mstp.msti.msti_id')['mstp.msti.msti_id']).toBe('12');
  });

  it('show no instances beyond the bytes where the length claims more', () => {
    const d = ofLlc(multiple(64 + 160));
    expect(fieldsOf(d, 'mstp.msti.msti_id')['mstp.msti.msti_id']).toBe('12');
    expect(d.layers.at(-1)?.status).toBe('malformed');
  });

  it('of Cisco end with the VLAN they are of', () => {
    const d = ofSnap(perVlan(0, 0, 0, 2, 0, 5));
    expect(d.protocolNames).toBe('eth:llc:stp');
    expect(fieldsOf(d, 'stp.pvst.origvlan')['stp.pvst.origvlan']).toBe('5');
  });

  it('of Cisco say what is wrong with that', () => {
    const faults = ['stp.pvst.origvlan.missing', 'stp.pvst.tlvlen.invalid', 'stp.pvst.tlv.truncated', 'stp.pvst.tlv.unknown'] as const;
    const present = (body: Uint8Array) =>
      Object.entries(fieldsOf(ofSnap(body), ...faults)).flatMap(([name, value]) => (value ? [name] : []));
    expect(present(perVlan(0, 0, 0, 2, 0, 5))).toEqual([]);
    expect(present(perVlan(0, 0, 0, 1, 5))).toEqual(['stp.pvst.origvlan.missing', 'stp.pvst.tlvlen.invalid']);
    expect(present(perVlan(0, 0, 0, 9, 5))).toEqual(['stp.pvst.origvlan.missing', 'stp.pvst.tlv.truncated']);
    expect(present(perVlan(0, 7, 0, 1, 5))).toEqual(['stp.pvst.origvlan.missing', 'stp.pvst.tlv.unknown']);
  });

  it('survive being cut and turned', () => {
    const early = join([0, 0, 3, 2, 0x7c], multiple(80).subarray(5, 36), u16(0), [64 + 26], NAME, new Uint8Array(80));
    for (const body of [bpdu(0, 0, 1), multiple(80), early, join(multiple(80), u16(53), new Uint8Array(90))])
      survivesEveryCut(stp, body, null);
    survivesEveryCut(perVlanStp, perVlan(0, 0, 0, 2, 0, 5, 0, 7, 0, 1, 9), null);
  });
});
