import { describe, expect, it } from 'vitest';
import { dissectOne, eth, faultsWhenCut, fieldsOf, hex, join } from './network-packets.ts';

const letters = (text: string): number[] => [...text].map((letter) => letter.charCodeAt(0));
const tlv = (type: number, ...parts: (Uint8Array | readonly number[])[]): Uint8Array => {
  const value = join(...parts);
  return join([(type << 1) | (value.length >> 8), value.length & 255], value);
};
const START = join(tlv(1, hex('04 020000000009')), tlv(2, [5], letters('eth0')), tlv(3, [0, 120]));
const frame = (...tlvs: Uint8Array[]): Uint8Array => eth(0x88cc, START, ...tlvs, [0, 0]);
const UUID = '00010203-0405-0607-0809-0a0b0c0d0e0f';
const uuid = hex(UUID.replaceAll('-', ''));

/** Titles and values as tshark 4.0 gives them for the same bytes. */
const organizations: readonly (readonly [title: string, value: Uint8Array, values: Readonly<Record<string, string>>])[] = [
  [
    'PROFIBUS Nutzerorganisation e.V. - Measured Delay Values',
    hex('000ecf 01 00000001 00000000 00000003 00000004 00000005'),
    { 'lldp.profinet.port_rx_delay_local': '1', 'lldp.profinet.port_rx_delay_remote': '0', 'lldp.profinet.cable_delay_local': '5' },
  ],
  [
    'PROFIBUS Nutzerorganisation e.V. - Port Status',
    hex('000ecf 02 0002 3004'),
    {
      'lldp.profinet.rtc2_port_status': '0x0002',
      'lldp.profinet.rtc3_port_status': '0x0004',
      'lldp.profinet.rtc3_port_status.fragmentation': '0x0001',
      'lldp.profinet.rtc3_port_status.preambleLength': '0x0001',
    },
  ],
  ['PROFIBUS Nutzerorganisation e.V. - Alias', join(hex('000ecf 03'), letters('ab')), { 'lldp.unknown_subtype.content': '6162' }],
  [
    'PROFIBUS Nutzerorganisation e.V. - MRP Port Status',
    join(hex('000ecf 04'), uuid, hex('0001')),
    { 'lldp.profinet.mrp_domain_uuid': UUID, 'lldp.profinet.mrrt_port_status': '0x0001' },
  ],
  ['PROFIBUS Nutzerorganisation e.V. - Chassis MAC', hex('000ecf 05 020000000001'), { 'lldp.profinet.cm_mac_add': '02:00:00:00:00:01' }],
  [
    'PROFIBUS Nutzerorganisation e.V. - PTCP Status',
    join(hex('000ecf 06 02000000000a'), uuid, uuid, hex('80000005 80000006 00000007 80000008')),
    {
      'lldp.profinet.master_source_address': '02:00:00:00:00:0a',
      'lldp.profinet.ir_data_uuid': UUID,
      'lldp.profinet.length_of_period_length': '5',
      'lldp.profinet.orange_period_begin_valid': '0',
      'lldp.profinet.green_period_begin_valid': '1',
    },
  ],
  [
    'PROFIBUS Nutzerorganisation e.V. - TSN NME Management Address',
    hex('000ecf 0a 05 01 0a000001'),
    { 'lldp.profinet.tsn_nme_management_addr': '0a000001' },
  ],
  [
    'PROFIBUS Nutzerorganisation e.V. - TSN Time Domain data',
    join(hex('000ecf 0d 0020'), uuid, hex('0102030405060708')),
    { 'lldp.profinet.time_domain_number': '0x0020', 'lldp.profinet.time_domain_master_identity': '0102030405060708' },
  ],
  ['PROFIBUS Nutzerorganisation e.V. - Reserved (0x7)', hex('000ecf 07 61'), { 'lldp.unknown_subtype.content': '61' }],
  [
    'Cisco Systems, Inc - 4-wire Power-via-MDI (UPOE)',
    hex('000142 01 05'),
    { 'lldp.cisco.upoe': '0x05', 'lldp.cisco.upoe.supported': '1', 'lldp.cisco.upoe.altb_detection_required': '0' },
  ],
  ['Cisco Systems, Inc - ACI Node ID: 101', hex('000142 cb 00000065'), { 'lldp.cisco.nodeid': '101' }],
  ['Cisco Systems, Inc - ACI Fabric Name: fab1', join(hex('000142 ce'), letters('fab1')), { 'lldp.cisco.fabricname': 'fab1' }],
  [
    'Cisco Systems, Inc - ACI Appliance Vector: 1',
    join(hex('000142 cf 01 0a000001'), letters('1b4e28ba-2fa1-11d2-883f-0016d3cca427')),
    { 'lldp.cisco.apicipv4': '10.0.0.1', 'lldp.cisco.apicuuid': '1b4e28ba-2fa1-11d2-883f-0016d3cca427' },
  ],
  ['Cisco Systems, Inc - ACI Node IP: 10.0.0.2', hex('000142 d0 0a000002'), { 'lldp.cisco.nodeip': '10.0.0.2' }],
  ['Cisco Systems, Inc - ACI Authentication Cookie: 01:02:03:04', hex('000142 d9 01020304'), { 'lldp.cisco.authcookie': '01020304' }],
  ['LANNET Data Communications - File Server', hex('00400d 06 0a000007 0a000008'), { 'lldp.avaya.fileserver': '10.0.0.7,10.0.0.8' }],
  [
    'LANNET Data Communications - IP Phone Addresses',
    hex('00400d 04 0a000001 ffffff00 0a0000fe'),
    { 'lldp.avaya.ipphone.mask': '255.255.255.0', 'lldp.avaya.ipphone.gateway': '10.0.0.254' },
  ],
  [
    'Avaya Inc - Extreme Fabric Attach Element TLV',
    join(hex('00040d 0b'), new Uint8Array(32), hex('082001 00 00010203040506070809')),
    {
      'lldp.extreme_avaya_ap.element_type': '2',
      'lldp.extreme_avaya_ap.state': '2',
      'lldp.extreme_avaya_ap.mgnt_vlan': '1',
      'lldp.extreme_avaya_ap.system_id': '00:01:02:03:04:05:06:07:08:09',
    },
  ],
  [
    'Avaya Inc - Extreme Fabric Attach Assignment TLV',
    join(hex('00040d 0c'), new Uint8Array(32), hex('1064 0003e8 2065 0003e9')),
    { 'lldp.extreme_avaya_ap.status': '1,2', 'lldp.extreme_avaya_ap.vlan': '100,101', 'lldp.extreme_avaya_ap.i_sid': '1000,1001' },
  ],
  [
    'Extreme Networks Headquarters - Extreme Zero Touch Fabric v2 Fabric Connect TLV',
    hex('d88466 04 01 02 0fa0 0fa1 06 020000000001'),
    { 'lldp.extreme_avaya.fabric.bvlanid': '4000,4001', 'lldp.extreme_avaya.fabric.sysid': '0200.0000.0001' },
  ],
  [
    'ICANN, IANA Department - Manufacturer Usage Description URL',
    join(hex('00005e 01'), letters('https://mud.example/x')),
    { 'lldp.iana.mudurl': 'https://mud.example/x' },
  ],
  ['Open Networking Laboratory - ONOS TTL', hex('a42305 03 00000078'), { 'lldp.onos.ttl': '120' }],
  ['Unknown - Unknown (1)', hex('123456 01 02'), { 'lldp.unknown_subtype': '1', 'lldp.unknown_subtype.content': '02' }],
];

describe('TLVs of vendors in LLDP', () => {
  it.each(organizations)('are taken apart: %s', (title, value, values) => {
    const d = dissectOne(frame(tlv(127, value)));
    expect(d.layers.at(-1)?.fields.find((node) => node.label === 'Organization')?.display).toBe(title);
    expect(fieldsOf(d, ...Object.keys(values))).toEqual(values);
    expect(d.layers.at(-1)?.status).toBe('whole');
  });

  it.each(organizations)('are read no further than the frame goes, wherever it is cut: %s', (_, value) => {
    expect(faultsWhenCut(frame(tlv(127, value)))).toEqual([]);
  });

  it.each(organizations)('that are shorter than what they hold take nothing of the next one: %s', (_, value) => {
    for (let length = 4; length < value.length; length++) {
      const cut = frame(tlv(127, value.subarray(0, length)), tlv(5, letters('core1')));
      const fields = dissectOne(cut).layers.at(-1)?.fields ?? [];
      const own = fields.find((node) => node.label === 'Organization');
      const end = (own?.offset ?? 0) + (own?.length ?? 0);
      expect(own?.children.every((child) => child.offset + child.length <= end)).toBe(true);
    }
  });

  it('counts backbone VLANs no further than they go', () => {
    const d = dissectOne(frame(tlv(127, hex('d88466 04 01 ff 0fa0'))));
    expect(fieldsOf(d, 'lldp.extreme_avaya.fabric.bvlanid')).toEqual({ 'lldp.extreme_avaya.fabric.bvlanid': '4000' });
    expect(d.layers.at(-1)?.status).toBe('malformed');
  });
});
