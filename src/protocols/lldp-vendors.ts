/**
 * TLVs of LLDP that vendors have defined: PROFINET (IEC 61158-6-10), Cisco (power over four pairs, ACI), Avaya telephones, Fabric Attach and
 * Fabric Connect of Avaya and Extreme (draft-unbehagen-lldp-spb), ONOS, and IANA's (RFC 8520).
 */
import { formatIpv4, hexBytes } from '../bytes/format.ts';
import { bool, bytes, ether, type FieldDef, guid, ipv4, names, string, uint8, uint16, uint24, uint32 } from '../dissect/field.ts';
import { f as lldpFields } from './lldp-fields.ts';
import type { Reader } from './lldp-reader.ts';

const OUI_PROFINET = 0x000ecf;
const OUI_CISCO = 0x000142;
const OUI_AVAYA_PHONES = 0x00400d;
const OUI_AVAYA = 0x00040d;
const OUI_EXTREME = 0xd88466;
const OUI_IANA = 0x00005e;
const OUI_ONOS = 0xa42305;

/** Who has an OUI. */
export const vendorOuis = {
  [OUI_PROFINET]: 'PROFIBUS Nutzerorganisation e.V.',
  [OUI_CISCO]: 'Cisco Systems, Inc',
  [OUI_AVAYA_PHONES]: 'LANNET Data Communications',
  [OUI_AVAYA]: 'Avaya Inc',
  [OUI_EXTREME]: 'Extreme Networks Headquarters',
  [OUI_IANA]: 'ICANN, IANA Department',
  [OUI_ONOS]: 'Open Networking Laboratory',
};

const VALID = 0x80000000;
const OFFSET = 0x7fffffff;
const YES_NO = ['Yes', 'No'] as const;
const inHex = { base: 'hex' } as const;

export const vendorFields = {
  // PROFINET
  profinet: uint8('lldp.profinet.subtype', 'Subtype', {
    base: 'hex',
    names: names({
      1: 'Measured Delay Values',
      2: 'Port Status',
      3: 'Alias',
      4: 'MRP Port Status',
      5: 'Chassis MAC',
      6: 'PTCP Status',
      9: 'TSN Domain',
      10: 'TSN NME Management Address',
      11: 'TSN NME Name UUID',
      12: 'TSN NME Parameter UUID',
      13: 'TSN Time Domain data',
    }),
  }),
  rxLocal: uint32('lldp.profinet.port_rx_delay_local', 'Port RX Delay Local'),
  rxRemote: uint32('lldp.profinet.port_rx_delay_remote', 'Port RX Delay Remote'),
  txLocal: uint32('lldp.profinet.port_tx_delay_local', 'Port TX Delay Local'),
  txRemote: uint32('lldp.profinet.port_tx_delay_remote', 'Port TX Delay Remote'),
  cable: uint32('lldp.profinet.cable_delay_local', 'Port Cable Delay Local'),
  rtClass2: uint16('lldp.profinet.rtc2_port_status', 'RTClass2 Port Status', {
    ...inHex,
    names: names({ 0: 'OFF', 1: 'SYNCDATA_LOADED', 2: 'RTCLASS2_UP', 3: 'Reserved' }),
  }),
  rtClass3: uint16('lldp.profinet.rtc3_port_status', 'RTClass3 Port Status', {
    ...inHex,
    mask: 0x0007,
    names: names({ 0: 'OFF', 1: 'reserved', 2: 'RTCLASS3_UP', 3: 'RTCLASS3_DOWN', 4: 'RTCLASS3_RUN' }),
  }),
  rtClass3Reserved: uint16('lldp.profinet.rtc3_port_status.reserved', 'RTClass3_PortStatus.reserved', { ...inHex, mask: 0x0ff8 }),
  rtClass3Fragmentation: uint16('lldp.profinet.rtc3_port_status.fragmentation', 'RTClass3_PortStatus.Fragmentation', {
    ...inHex,
    mask: 0x1000,
    names: names({ 0: 'OFF', 1: 'ON' }),
  }),
  rtClass3Preamble: uint16('lldp.profinet.rtc3_port_status.preambleLength', 'RTClass3_PortStatus.PreambleLength', {
    ...inHex,
    mask: 0x2000,
    names: names({ 0: 'Seven octets', 1: 'One octet' }),
  }),
  mrpDomain: guid('lldp.profinet.mrp_domain_uuid', 'MRP DomainUUID'),
  mrrtStatus: uint16('lldp.profinet.mrrt_port_status', 'MRRT PortStatus', {
    ...inHex,
    names: names({ 0: 'OFF', 1: 'MRRT_CONFIGURED', 2: 'MRRT_UP' }),
  }),
  chassisMac: ether('lldp.profinet.cm_mac_add', 'CMMacAdd'),
  master: ether('lldp.profinet.master_source_address', 'MasterSourceAddress'),
  subdomain: guid('lldp.profinet.subdomain_uuid', 'SubdomainUUID'),
  irData: guid('lldp.profinet.ir_data_uuid', 'IRDataUUID'),
  lengthValid: uint32('lldp.profinet.length_of_period_valid', 'LengthOfPeriod.Valid', { mask: VALID }),
  length: uint32('lldp.profinet.length_of_period_length', 'LengthOfPeriod.Length', { mask: OFFSET }),
  redValid: uint32('lldp.profinet.red_period_begin_valid', 'RedPeriodBegin.Valid', { mask: VALID }),
  red: uint32('lldp.profinet.red_period_begin_offset', 'RedPeriodBegin.Offset', { mask: OFFSET }),
  orangeValid: uint32('lldp.profinet.orange_period_begin_valid', 'OrangePeriodBegin.Valid', { mask: VALID }),
  orange: uint32('lldp.profinet.orange_period_begin_offset', 'OrangePeriodBegin.Offset', { mask: OFFSET }),
  greenValid: uint32('lldp.profinet.green_period_begin_valid', 'GreenPeriodBegin.Valid', { mask: VALID }),
  green: uint32('lldp.profinet.green_period_begin_offset', 'GreenPeriodBegin.Offset', { mask: OFFSET }),
  tsnDomain: guid('lldp.profinet.tsn_domain_uuid', 'TSN DomainUUID'),
  tsnAddressLength: uint8('lldp.profinet.tsn_nme_management_addr_str_length', 'TSN NME Management Address String Length', { base: 'hex' }),
  tsnAddressSubtype: uint8('lldp.profinet.tsn_nme_management_addr_subtype', 'TSN NME Management Address Subtype', { base: 'hex' }),
  tsnAddress: bytes('lldp.profinet.tsn_nme_management_addr', 'TSN NME Management Address'),
  tsnName: guid('lldp.profinet.tsn_nme_name_uuid', 'TSN NME Name UUID'),
  tsnParameter: guid('lldp.profinet.tsn_nme_parameter_uuid', 'TSN NME Parameter UUID'),
  timeDomain: uint16('lldp.profinet.time_domain_number', 'Time Domain Number', {
    base: 'hex',
    names: names({ 0: 'Global Time', 1: 'Global Time Redundant', 32: 'Working Clock', 33: 'Working Clock Redundant' }),
  }),
  timeDomainUuid: guid('lldp.profinet.time_domain_uuid', 'Time Domain UUID'),
  timeMaster: bytes('lldp.profinet.time_domain_master_identity', 'Time Domain Master Identity'),
  // Cisco
  cisco: uint8('lldp.cisco.subtype', 'Cisco Subtype', {
    base: 'hex',
    names: names({
      1: '4-wire Power-via-MDI (UPOE)',
      201: 'ACI Port State',
      202: 'ACI Node Role',
      203: 'ACI Node ID',
      204: 'ACI Spine Level',
      205: 'ACI Pod ID',
      206: 'ACI Fabric Name',
      207: 'ACI Appliance Vector',
      208: 'ACI Node IP',
      209: 'ACI Port Role',
      210: 'ACI Firmware Version',
      211: 'ACI Infra VLAN',
      212: 'ACI Serial Number',
      214: 'ACI Model',
      215: 'ACI Node Name',
      216: 'ACI Port Mode',
      217: 'ACI Authentication Cookie',
      218: 'ACI APIC-Mode',
      219: 'ACI Fabric ID',
    }),
  }),
  upoe: uint8('lldp.cisco.upoe', 'UPOE Capabilities', { base: 'hex' }),
  upoeSupported: bool('lldp.cisco.upoe.supported', 'UPOE Supported', { mask: 0x01, bool: YES_NO }),
  upoeDetection: bool('lldp.cisco.upoe.altb_detection_required', 'ALT-B Detection required', { mask: 0x02, bool: YES_NO }),
  upoeDesired: bool('lldp.cisco.upoe.pd_altb_desired', 'PD Request Spare Pair PoE', { mask: 0x04, bool: ['Desired', 'Not Desired'] }),
  upoeOperating: bool('lldp.cisco.upoe.pse_altb_oper', 'PSE Spare Pair PoE', { mask: 0x08, bool: ['Enabled', 'Disabled'] }),
  portState: uint8('lldp.cisco.portstate', 'Port State', { base: 'none', names: names({ 1: 'In Service', 2: 'Out of Service' }) }),
  nodeRole: uint8('lldp.cisco.noderole', 'Node Role', { names: names({ 0: 'APIC', 1: 'Leaf', 2: 'Spine', 3: 'vLeaf' }) }),
  nodeId: uint32('lldp.cisco.nodeid', 'Node ID'),
  spineLevel: uint8('lldp.cisco.spinelevel', 'Spine Level'),
  podId: uint16('lldp.cisco.podid', 'Pod ID'),
  fabricName: string('lldp.cisco.fabricname', 'Fabric Name'),
  apicList: bytes('lldp.cisco.apiclist', 'Appliance Vector'),
  apicId: uint8('lldp.cisco.apicid', 'APIC ID'),
  apicIpv4: ipv4('lldp.cisco.apicipv4', 'APIC IPv4'),
  apicUuid: string('lldp.cisco.apicuuid', 'APIC UUID'),
  nodeIp: ipv4('lldp.cisco.nodeip', 'Node IP'),
  portRole: uint8('lldp.cisco.portrole', 'Port Role', { base: 'none', names: names({ 1: 'Active', 2: 'Backup' }) }),
  firmware: string('lldp.cisco.version', 'Version'),
  fabricVlan: uint16('lldp.cisco.fabricvlan', 'Fabric VLAN'),
  serial: string('lldp.cisco.serialno', 'Serial No'),
  model: string('lldp.cisco.model', 'Model'),
  nodeName: string('lldp.cisco.nodename', 'Node Name'),
  portMode: uint8('lldp.cisco.portmode', 'Port Mode', { base: 'none', names: names({ 0: 'Normal', 1: 'Recovery Mode' }) }),
  cookie: bytes('lldp.cisco.authcookie', 'Authentication Cookie'),
  apicMode: uint8('lldp.cisco.apicmode', 'APIC Mode', { names: names({ 0: 'Active', 1: 'Standby' }) }),
  fabricId: uint16('lldp.cisco.fabricd', 'Fabric ID'),
  // Avaya's telephones
  phones: uint8('lldp.avaya.subtype', 'Avaya Subtype', {
    base: 'hex',
    names: names({
      1: 'PoE Conservation Level Support',
      3: 'Call Server IP Address',
      4: 'IP Phone Addresses',
      5: 'CNA Server IP Address',
      6: 'File Server',
      7: '802.1Q Framing',
    }),
  }),
  conservation: bytes('lldp.avaya.poe', 'PoE Conservation Level Support'),
  callServer: ipv4('lldp.avaya.callserver', 'Call Server IP Address'),
  phone: bytes('lldp.avaya.ipphone', 'IP Phone Addresses'),
  phoneIp: ipv4('lldp.avaya.ipphone.ip', 'IP Address'),
  phoneMask: ipv4('lldp.avaya.ipphone.mask', 'Subnet Mask'),
  phoneGateway: ipv4('lldp.avaya.ipphone.gateway', 'Gateway IP'),
  cnaServer: ipv4('lldp.avaya.cnaserver', 'CNA Server IP Address'),
  fileServer: ipv4('lldp.avaya.fileserver', 'File Server'),
  framing: uint8('lldp.avaya.dot1q', '802.1Q Framing', { base: 'hex', names: names({ 1: 'Tagging', 2: 'No Tagging' }) }),
  // Fabric Attach
  attach: uint8('lldp.extreme_avaya_ap.subtype', 'Subtype', {
    names: names({ 11: 'Extreme Fabric Attach Element TLV', 12: 'Extreme Fabric Attach Assignment TLV' }),
  }),
  digest: bytes('lldp.extreme_avaya_ap.hmac_sha_digest', 'HMAC-SHA Digest'),
  elementType: uint24('lldp.extreme_avaya_ap.element_type', 'Element Type', { mask: 0xfc0000 }),
  elementState: uint24('lldp.extreme_avaya_ap.state', 'State', { mask: 0x03f000 }),
  managementVlan: uint24('lldp.extreme_avaya_ap.mgnt_vlan', 'Mgmt VLAN', { mask: 0x000fff }),
  attachReserved: uint8('lldp.extreme_avaya_ap.rsvd', 'Reserved'),
  attachSystem: bytes('lldp.extreme_avaya_ap.system_id', 'System ID', { separator: ':' }),
  assignment: uint16('lldp.extreme_avaya_ap.status', 'Assignment Status', { mask: 0xf000 }),
  assignedVlan: uint16('lldp.extreme_avaya_ap.vlan', 'VLAN', { mask: 0x0fff }),
  serviceId: uint24('lldp.extreme_avaya_ap.i_sid', 'I-SID'),
  // Fabric Connect
  connect: uint8('lldp.extreme_avaya.fabric.subtype', 'Subtype', {
    names: names({ 4: 'Extreme Zero Touch Fabric v2 Fabric Connect TLV' }),
  }),
  capable: bool('lldp.extreme_avaya.fabric.fabric_connect', 'FC Capability', { bool: ['Enabled', 'Disabled'] }),
  backboneCount: uint8('lldp.extreme_avaya.fabric.numbvlans', 'Number B-VLANs'),
  backboneVlan: uint16('lldp.extreme_avaya.fabric.bvlanid', 'B-VLAN ID'),
  systemLength: uint8('lldp.extreme_avaya.fabric.sysidlength', 'SysID Length'),
  system: string('lldp.extreme_avaya.fabric.sysid', 'System ID'),
  // IANA and ONOS
  iana: uint8('lldp.iana.subtype', 'IANA Subtype', { base: 'hex', names: names({ 1: 'Manufacturer Usage Description URL' }) }),
  mudUrl: string('lldp.iana.mudurl', 'Manufacturer Usage Description URL'),
  onos: uint8('lldp.onos.subtype', 'ONOS Subtype', { base: 'hex', names: names({ 1: 'ONOS Chassis', 2: 'ONOS Port', 3: 'ONOS TTL' }) }),
  onosChassis: string('lldp.onos.chassis', 'Chassis'),
  onosPort: string('lldp.onos.port', 'Port'),
  onosTtl: uint32('lldp.onos.ttl', 'ttl'),
};

const f = vendorFields;

function rest(r: Reader): void {
  if (r.left > 0) r.bytes(lldpFields.unknownSubtypeContent, r.left);
}

/** Nanoseconds; 0 where they were not measured. */
function delay(r: Reader, field: FieldDef): void {
  if (!r.node.has(r.at, 4)) return;
  const value = r.node.buf.u32(r.at);
  r.node.add(field, r.at, 4, value, { display: value === 0 ? '0 (unknown)' : `${value}ns` });
  r.at += 4;
}

/** A time within the cycle, and whether it counts. */
function period(r: Reader, label: string, valid: FieldDef, offset: FieldDef): void {
  if (!r.node.has(r.at, 4)) return;
  const value = r.node.buf.u32(r.at);
  const node = r.node.text(r.at, 4, label, `${value >= VALID ? 'Valid' : 'Invalid'}, ${value % VALID}ns`);
  node.uint(valid, r.at);
  node.uint(offset, r.at);
  r.at += 4;
}

function readProfinet(r: Reader): void {
  switch (r.uint(1, f.profinet)) {
    case 1:
      for (const field of [f.rxLocal, f.rxRemote, f.txLocal, f.txRemote, f.cable]) delay(r, field);
      return;
    case 2:
      r.uint(2, f.rtClass2);
      r.uint(2, f.rtClass3, f.rtClass3Reserved, f.rtClass3Fragmentation, f.rtClass3Preamble);
      return;
    case 4:
      r.bytes(f.mrpDomain, 16);
      r.uint(2, f.mrrtStatus);
      return;
    case 5:
      r.bytes(f.chassisMac, 6);
      return;
    case 6:
      r.bytes(f.master, 6);
      r.bytes(f.subdomain, 16);
      r.bytes(f.irData, 16);
      period(r, 'LengthOfPeriod', f.lengthValid, f.length);
      period(r, 'RedPeriodBegin', f.redValid, f.red);
      period(r, 'OrangePeriodBegin', f.orangeValid, f.orange);
      period(r, 'GreenPeriodBegin', f.greenValid, f.green);
      return;
    case 9:
      r.bytes(f.tsnDomain, 16);
      return;
    case 10: {
      // The length counts the subtype too.
      const length = r.uint(1, f.tsnAddressLength);
      r.uint(1, f.tsnAddressSubtype);
      r.bytes(f.tsnAddress, Math.max(0, length - 1));
      return;
    }
    case 11:
      r.bytes(f.tsnName, 16);
      return;
    case 12:
      r.bytes(f.tsnParameter, 16);
      return;
    case 13:
      r.uint(2, f.timeDomain);
      r.bytes(f.timeDomainUuid, 16);
      r.bytes(f.timeMaster, 8);
      return;
    default:
      rest(r);
  }
}

const ciscoNumbers = new Map<number, FieldDef>([
  [201, f.portState],
  [202, f.nodeRole],
  [203, f.nodeId],
  [204, f.spineLevel],
  [205, f.podId],
  [209, f.portRole],
  [211, f.fabricVlan],
  [216, f.portMode],
  [218, f.apicMode],
  [219, f.fabricId],
]);
const ciscoTexts = new Map<number, FieldDef>([
  [206, f.fabricName],
  [210, f.firmware],
  [212, f.serial],
  [214, f.model],
  [215, f.nodeName],
]);
const UUID_LETTERS = 36;

function readCisco(r: Reader): void {
  const subtype = r.uint(1, f.cisco);
  const number = ciscoNumbers.get(subtype);
  const text = ciscoTexts.get(subtype);
  if (number !== undefined) r.node.display += `: ${r.number(number)}`;
  else if (text !== undefined) r.node.display += `: ${r.string(text)}`;
  else if (subtype === 1) r.flags(1, f.upoe, [f.upoeSupported, f.upoeDetection, f.upoeDesired, f.upoeOperating]);
  else if (subtype === 207) {
    r.node.bytes(f.apicList, r.at, r.left);
    r.node.display += `: ${r.uint(1, f.apicId)}`;
    r.bytes(f.apicIpv4, 4);
    r.string(f.apicUuid, UUID_LETTERS);
  } else if (subtype === 208) r.node.display += `: ${formatIpv4(r.bytes(f.nodeIp, 4))}`;
  else if (subtype === 217) r.node.display += `: ${hexBytes(r.bytes(f.cookie, r.left), ':')}`;
  else rest(r);
}

/** Lists of addresses: all that fit. */
function addresses(r: Reader, field: FieldDef): void {
  do r.bytes(field, 4);
  while (r.node.ok && r.left > 0);
}

function readPhones(r: Reader): void {
  switch (r.uint(1, f.phones)) {
    case 1:
      r.bytes(f.conservation, 7);
      return;
    case 3:
      addresses(r, f.callServer);
      return;
    case 4: {
      if (!r.node.has(r.at, 12)) return;
      const node = r.node.add(f.phone, r.at, 12, r.node.buf.slice(r.at, 12));
      node.bytes(f.phoneIp, r.at);
      node.bytes(f.phoneMask, r.at + 4);
      node.bytes(f.phoneGateway, r.at + 8);
      r.at += 12;
      return;
    }
    case 5:
      addresses(r, f.cnaServer);
      return;
    case 6:
      addresses(r, f.fileServer);
      return;
    case 7:
      r.uint(1, f.framing);
      return;
    default:
      rest(r);
  }
}

function readAttach(r: Reader): void {
  const subtype = r.uint(1, f.attach);
  if (subtype !== 11 && subtype !== 12) {
    rest(r);
    return;
  }
  r.bytes(f.digest, 32);
  if (subtype === 11) {
    r.uint(3, f.elementType, f.elementState, f.managementVlan);
    r.uint(1, f.attachReserved);
    r.bytes(f.attachSystem, 10);
  } else
    while (r.node.ok && r.left > 0) {
      r.uint(2, f.assignment, f.assignedVlan);
      r.uint(3, f.serviceId);
    }
}

function readConnect(r: Reader): void {
  if (r.uint(1, f.connect) !== 4) {
    rest(r);
    return;
  }
  r.uint(1, f.capable);
  const count = r.uint(1, f.backboneCount);
  for (let i = 0; r.node.ok && i < count; i++) r.uint(2, f.backboneVlan);
  const length = r.uint(1, f.systemLength);
  if (!r.node.has(r.at, length)) return;
  const octets = hexBytes(r.node.buf.slice(r.at, length));
  r.node.add(f.system, r.at, length, octets.match(/.{1,4}/g)?.join('.') ?? '');
  r.at += length;
}

function readIana(r: Reader): void {
  if (r.uint(1, f.iana) === 1) r.string(f.mudUrl);
  else rest(r);
}

function readOnos(r: Reader): void {
  const subtype = r.uint(1, f.onos);
  if (subtype === 1) r.string(f.onosChassis);
  else if (subtype === 2) r.string(f.onosPort);
  else if (subtype === 3) r.uint(4, f.onosTtl);
  else rest(r);
}

const inBrackets = (subtype: string): string => `Unknown subtype (${subtype})`;

/** Who reads what an organization has defined, by its OUI; `unknown`: what a subtype without a name is called. */
export const vendors: readonly (readonly [
  oui: number,
  organization: { readonly read: (r: Reader) => void; readonly subtype: FieldDef; readonly unknown?: (subtype: string) => string },
])[] = [
  [OUI_PROFINET, { read: readProfinet, subtype: f.profinet, unknown: (subtype) => `Reserved (${subtype})` }],
  [OUI_CISCO, { read: readCisco, subtype: f.cisco, unknown: inBrackets }],
  [OUI_AVAYA_PHONES, { read: readPhones, subtype: f.phones, unknown: inBrackets }],
  [OUI_AVAYA, { read: readAttach, subtype: f.attach }],
  [OUI_EXTREME, { read: readConnect, subtype: f.connect }],
  [OUI_IANA, { read: readIana, subtype: f.iana, unknown: inBrackets }],
  [OUI_ONOS, { read: readOnos, subtype: f.onos, unknown: inBrackets }],
];
