// IANA "protocol-numbers", with Wireshark's words.
import { names } from '../dissect/field.ts';

export const IpProto = {
  HopByHop: 0,
  Icmp: 1,
  Igmp: 2,
  Ipv4: 4,
  Tcp: 6,
  Udp: 17,
  Ipv6: 41,
  Routing: 43,
  Fragment: 44,
  Gre: 47,
  Esp: 50,
  Ah: 51,
  Icmpv6: 58,
  NoNext: 59,
  DestinationOptions: 60,
  Ospf: 89,
  Pim: 103,
} as const;

export const ipProtocols = names({
  0: 'IPv6 Hop-by-Hop Option',
  1: 'ICMP',
  2: 'IGMP',
  3: 'GGP',
  4: 'IPIP',
  5: 'Stream',
  6: 'TCP',
  7: 'CBT',
  8: 'EGP',
  9: 'IGRP',
  12: 'PUP',
  17: 'UDP',
  27: 'RDP',
  33: 'DCCP',
  40: 'IL',
  41: 'IPv6',
  42: 'SDRP',
  43: 'Routing Header for IPv6',
  44: 'Fragment Header for IPv6',
  46: 'Reservation Protocol',
  47: 'Generic Routing Encapsulation',
  50: 'Encap Security Payload',
  51: 'Authentication Header',
  54: 'NBMA Next Hop Resolution Protocol',
  55: 'IP Mobility',
  57: 'SKIP',
  58: 'ICMPv6',
  59: 'IPv6 No Next Header',
  60: 'Destination Options for IPv6',
  88: 'EIGRP',
  89: 'OSPF IGP',
  94: 'IP within IP Encapsulation Protocol',
  97: 'Ethernet within IP',
  103: 'Protocol Independent Multicast',
  108: 'IP Payload Compression',
  112: 'Virtual Router Redundancy Protocol',
  113: 'PGM Reliable Transport Protocol',
  115: 'Layer 2 Tunneling',
  124: 'ISIS over IPv4',
  132: 'Stream Control Transmission Protocol',
  135: 'Mobility Header',
  136: 'UDPLite',
  137: 'MPLS in IP',
  138: 'MANET Protocols',
  139: 'Host Identity Protocol',
  140: 'Shim6 Protocol',
  143: 'Ethernet',
});

export const dscpNames = names({
  0: 'Default',
  1: 'Lower Effort',
  8: 'Class Selector 1',
  10: 'Assured Forwarding 11',
  12: 'Assured Forwarding 12',
  14: 'Assured Forwarding 13',
  16: 'Class Selector 2',
  18: 'Assured Forwarding 21',
  20: 'Assured Forwarding 22',
  22: 'Assured Forwarding 23',
  24: 'Class Selector 3',
  26: 'Assured Forwarding 31',
  28: 'Assured Forwarding 32',
  30: 'Assured Forwarding 33',
  32: 'Class Selector 4',
  34: 'Assured Forwarding 41',
  36: 'Assured Forwarding 42',
  38: 'Assured Forwarding 43',
  40: 'Class Selector 5',
  44: 'Voice Admit',
  46: 'Expedited Forwarding',
  48: 'Class Selector 6',
  56: 'Class Selector 7',
});

const dscpShort = names({
  0: 'CS0',
  1: 'LE',
  8: 'CS1',
  10: 'AF11',
  12: 'AF12',
  14: 'AF13',
  16: 'CS2',
  18: 'AF21',
  20: 'AF22',
  22: 'AF23',
  24: 'CS3',
  26: 'AF31',
  28: 'AF32',
  30: 'AF33',
  32: 'CS4',
  34: 'AF41',
  36: 'AF42',
  38: 'AF43',
  40: 'CS5',
  44: 'VOICE-ADMIT',
  46: 'EF PHB',
  48: 'CS6',
  56: 'CS7',
});

export const ecnNames = names({
  0: 'Not ECN-Capable Transport',
  1: 'ECN-Capable Transport codepoint (1)',
  2: 'ECN-Capable Transport codepoint (0)',
  3: 'Congestion Experienced',
});

const ecnShort = ['Not-ECT', 'ECT(1)', 'ECT(0)', 'CE'] as const;

/** 'DSCP: CS6, ECN: Not-ECT' for a traffic class octet. */
export function trafficClassText(octet: number): string {
  return `DSCP: ${dscpShort.get(octet >> 2) ?? octet >> 2}, ECN: ${ecnShort[octet & 3]}`;
}

/** Words for `*.checksum.status`. */
export const checksumStatus = names({ 0: 'Bad', 1: 'Good', 2: 'Unverified', 3: 'Not present' });
export const CHECKSUM_BAD = 0;
export const CHECKSUM_GOOD = 1;
export const CHECKSUM_UNVERIFIED = 2;
