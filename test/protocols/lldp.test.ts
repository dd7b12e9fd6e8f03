import { describe, expect, it } from 'vitest';
import { lldp } from '../../src/protocols/lldp.ts';
import { hex, survivesEveryCut, text } from './every-cut.ts';
import { eth, fieldsOf, join } from './network-packets.ts';
import { ofFrames } from './talk.ts';

const tlv = (type: number, ...value: number[]): number[] => [(type << 1) | (value.length >> 8), value.length & 255, ...value];
const organization = (value: string): number[] => tlv(127, ...hex(value));
const CHASSIS = tlv(1, 4, 2, 0, 0, 0, 0, 9);
const PORT = tlv(2, 5, ...text('eth0'));
const LIFE = tlv(3, 0, 120);
const END = [0, 0];
const unit = (...tlvs: number[][]): Uint8Array => join(CHASSIS, PORT, LIFE, ...tlvs, END);
const show = (body: Uint8Array) => ofFrames(eth(0x88cc, body)).at(0);

const about = [
  tlv(4, ...text('uplink')),
  tlv(5, ...text('core1')),
  tlv(6, ...text('A switch')),
  tlv(7, 0, 0x14, 0, 0x04),
  tlv(8, 5, 1, 192, 0, 2, 1, 2, 0, 0, 0, 7, 2, 0x2b, 6),
];
const vlans = ['0080c2 01 000a', '0080c2 02 02 0005', '0080c2 03 000a 04 64617461', '0080c2 04 02 0800'].map(organization);
const bridging = [
  '0080c2 08 20 01',
  `0080c2 09 c3 01234567 ${'0c'.repeat(8)} ${'02'.repeat(8)}`,
  `0080c2 0a 00 01234567 ${'0c'.repeat(8)} ${'02'.repeat(8)}`,
  '0080c2 0b 88 08',
  '0080c2 0c 00 61 8906',
  '0080c2 07 03 00000009',
  `001b21 02 020a 0000 00000001 00000002 0411 0000 c000 01234567 0c0c0c0c0c0c0c0c 08 0606 0000 8000 0808`,
].map(organization);
const physical = [
  '00120f 01 03 6cc1 001e',
  '00120f 02 07 01 05 53 00fa 00c8',
  '00120f 03 01 00000000',
  '00120f 04 05ee',
  '00120f 05 00110011001100110011',
  '00120f 07 0007',
].map(organization);
const media = [
  '0012bb 01 0033 03',
  '0012bb 02 01 40 14ae',
  '0012bb 03 02 0c 02 4445 06 03 466f6f 13 02 3132',
  '0012bb 03 01 1123456789 1123456789 10 40000001 01',
  '0012bb 03 03 313132',
  '0012bb 04 53 00c8',
  '0012bb 0a 4d6f64656c',
].map(organization);

describe('LLDP', () => {
  it('shows who speaks, for how long it holds, and what the system is', () => {
    const d = show(unit(...about));
    expect(d.protocolNames).toBe('eth:ethertype:lldp');
    expect(d.columns.info).toBe('MA/02:00:00:00:00:09 IN/eth0 120 SysN=core1 SysD=A switch');
    expect(
      fieldsOf(d, 'lldp.port.desc', 'lldp.mgn.addr.ip4', 'lldp.mgn.interface.number', 'lldp.mgn.obj.id', 'lldp.tlv.system_cap.router'),
    ).toEqual({
      'lldp.port.desc': 'uplink',
      'lldp.mgn.addr.ip4': '192.0.2.1',
      'lldp.mgn.interface.number': '7',
      'lldp.mgn.obj.id': '1.3.6',
      'lldp.tlv.system_cap.router': '1',
    });
    expect(fieldsOf(d, 'lldp.tlv.enable_system_cap.router')['lldp.tlv.enable_system_cap.router']).toBe('0');
  });

  it('shows the VLANs of a port', () => {
    expect(
      fieldsOf(
        show(unit(...vlans)),
        'lldp.ieee.802_1.port_vlan.id',
        'lldp.ieee.802_1.vlan.name',
        'lldp.ieee.802_1.proto.id',
        'lldp.orgtlv.oui',
      ),
    ).toEqual({
      'lldp.ieee.802_1.port_vlan.id': '10',
      'lldp.ieee.802_1.vlan.name': 'data',
      'lldp.ieee.802_1.proto.id': '0800',
      'lldp.orgtlv.oui': '32962,32962,32962,32962',
    });
  });

  it('shows data centre bridging, as it is and as it was', () => {
    expect(
      fieldsOf(
        show(unit(...bridging)),
        'lldp.ieee.802_1qau.cnpv.prio5',
        'lldp.dcbx.feature.pg.pgid_prio7',
        'lldp.dcbx.ieee.app.prio',
        'lldp.dcbx.feature.app.proto',
        'lldp.dcbx.control.ack',
        'lldp.dcbx.feature.pfc.prio3',
      ),
    ).toEqual({
      'lldp.ieee.802_1qau.cnpv.prio5': '1',
      'lldp.dcbx.feature.pg.pgid_prio7': '7,7,7',
      'lldp.dcbx.ieee.app.prio': '3',
      'lldp.dcbx.feature.app.proto': '0x8906',
      'lldp.dcbx.control.ack': '2',
      'lldp.dcbx.feature.pfc.prio3': '1,1',
    });
  });

  it('shows speed, power and frame size', () => {
    expect(
      fieldsOf(
        show(unit(...physical)),
        'lldp.ieee.802_3.pmd_mau_type',
        'lldp.ieee.802_3.mdi_pse_allocated',
        'lldp.ieee.802_3.max_frame_size',
        'lldp.ieee.802_3.eee.echo_receive',
        'lldp.ieee.802_3br.aec.active',
      ),
    ).toEqual({
      'lldp.ieee.802_3.pmd_mau_type': '0x001e',
      'lldp.ieee.802_3.mdi_pse_allocated': '200',
      'lldp.ieee.802_3.max_frame_size': '1518',
      'lldp.ieee.802_3.eee.echo_receive': '17',
      'lldp.ieee.802_3br.aec.active': '1',
    });
  });

  it('shows what a telephone is told and where it is', () => {
    expect(
      fieldsOf(
        show(unit(...media)),
        'lldp.media.vlan_id',
        'lldp.media.dscp',
        'lldp.media.civic.value',
        'lldp.media.ecs',
        'lldp.media.model',
      ),
    ).toEqual({
      'lldp.media.vlan_id': '10',
      'lldp.media.dscp': '46',
      'lldp.media.civic.value': 'Foo,12',
      'lldp.media.ecs': '112',
      'lldp.media.model': 'Model',
    });
  });

  it('stops where the first TLVs are not those that must come first', () => {
    const d = show(join(PORT, CHASSIS, LIFE, END));
    expect(fieldsOf(d, 'lldp.bad_type', 'lldp.chassis.subtype')).toEqual({ 'lldp.bad_type': '1', 'lldp.chassis.subtype': '' });
  });

  it('stops at a length that its kind contradicts, and at a value that goes beyond its TLV', () => {
    expect(fieldsOf(show(join(tlv(1, 4, 2, 0, 0), PORT, LIFE, END)), 'lldp.incorrect_length')['lldp.incorrect_length']).toBe('1');
    const d = show(unit(organization('0080c2 03 000a 7f 64'), tlv(5, ...text('after'))));
    expect(d.layers.at(-1)?.status).toBe('malformed');
    expect(fieldsOf(d, 'lldp.tlv.system.name')['lldp.tlv.system.name']).toBe('');
  });

  it('survives being cut and turned', () => {
    for (const part of [about, vlans, bridging, physical, media]) survivesEveryCut(lldp, unit(...part), null);
  });
});
