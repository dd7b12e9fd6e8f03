// IEEE 802 EtherTypes (IANA "ieee-802-numbers").
import type { Buf, Dissection } from '../dissect/dissection.ts';
import { names } from '../dissect/field.ts';
import type { IndexWalk } from '../dissect/index-walk.ts';
import { defineProtocol } from '../dissect/protocol.ts';
import { tables } from '../dissect/tables.ts';
import { callOrData, followOrData } from './next.ts';

export const EtherType = {
  Ipv4: 0x0800,
  Arp: 0x0806,
  Vlan: 0x8100,
  Ipv6: 0x86dd,
  PppoeDiscovery: 0x8863,
  PppoeSession: 0x8864,
  Mpls: 0x8847,
  MplsMulticast: 0x8848,
  ProviderVlan: 0x88a8,
  QinqOld: 0x9100,
  Eapol: 0x888e,
  Lldp: 0x88cc,
  TransparentBridging: 0x6558,
} as const;

export const etherTypes = names({
  512: 'Xerox PUP',
  2048: 'IPv4',
  2053: 'X.25 Layer 3',
  2054: 'ARP',
  2114: 'Wake on LAN',
  8944: 'IEEE 1722 Audio Video Transport Protocol',
  8947: 'Intelligent Resilient Ethernet',
  24576: 'DEC unassigned, experimental',
  24577: 'DEC DNA Dump/Load',
  24578: 'DEC DNA Remote Console',
  24579: 'DEC DNA Routing',
  24580: 'DEC LAT',
  25944: 'Transparent Ethernet bridging',
  25945: 'Raw Frame Relay',
  32821: 'RARP',
  32923: 'AppleTalk',
  33011: 'AppleTalk Address Resolution Protocol',
  33024: '802.1Q Virtual LAN',
  33079: 'Netware IPX/SPX',
  34525: 'IPv6',
  34824: 'MAC Control',
  34825: 'Slow Protocols',
  34887: 'MPLS label switched packet',
  34888: 'MPLS multicast label switched packet',
  34915: 'PPPoE Discovery',
  34916: 'PPPoE Session',
  34928: 'Jumbo frames',
  34958: '802.1X Authentication',
  34962: 'PROFINET',
  34978: 'AoE',
  34984: '802.1ad Provider Bridge (Q-in-Q)',
  34990: 'Ethernet POWERLINK v2',
  35020: '802.1 Link Layer Discovery Protocol (LLDP)',
  35045: '802.1AE (MACsec)',
  35063: 'PTPv2 over Ethernet (IEEE1588)',
  35041: 'HomePlug AV',
  35018: 'TIPC',
  35078: 'Fibre Channel over Ethernet',
  35092: 'FCoE Initialization Protocol',
  35131: 'High-availability Seamless Redundancy',
  35074: 'IEEE 802.1Q Connectivity Fault Management (CFM) protocol',
  34999: 'IEEE 802a OUI Extended Ethertype',
  36864: 'Loopback',
  37120: '802.1Q Q-in-Q',
  34969: 'Realtek Layer 2 Protocols',
  35113: 'VN-Tag',
});

/** Wireshark's name for the step by which the next protocol is looked up in the EtherType table. Has no bytes and no layer. */
export const ethertype = defineProtocol({
  name: 'ethertype',
  short: 'Ethertype',
  title: 'EtherType',
  osi: '2',
  pdu: 'Frame',
  hue: 'link',
  fields: [],
  dissect: () => {},
});

/** Index depth: what follows an EtherType field. `offset` is just behind it. */
export function followEthertype(w: IndexWalk, type: number, offset: number): void {
  w.push(ethertype);
  followOrData(w, tables.ethertype.lookup(type), offset);
}

/** Full depth: calls what follows an EtherType field on `b`. */
export function callEthertype(d: Dissection, type: number, b: Buf): void {
  d.call(ethertype, b);
  callOrData(d, tables.ethertype.lookup(type), b);
}
