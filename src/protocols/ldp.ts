/** Label Distribution Protocol (RFC 5036, section 3) over UDP (hellos) and TCP. */

import { formatIpv4, formatIpv6 } from '../bytes/format.ts';
import type { Buf, Layer, Node } from '../dissect/dissection.ts';
import { bool, bytes, expert, ipv4, ipv6, nameOf, names, string, uint8, uint16, uint32 } from '../dissect/field.ts';
import { REJECT } from '../dissect/framer.ts';
import { ADDRESS_FAMILIES } from './address-families.ts';
import { app, be16, lengthFramer } from './app-kit.ts';

/** IANA "ldp-namespaces", message types. */
const messageTypes = names({
  1: 'Notification Message',
  256: 'Hello Message',
  512: 'Initialization Message',
  513: 'Keep Alive Message',
  514: 'Capability Message',
  768: 'Address Message',
  769: 'Address Withdrawal Message',
  1024: 'Label Mapping Message',
  1025: 'Label Request Message',
  1026: 'Label Withdrawal Message',
  1027: 'Label Release Message',
  1028: 'Label Abort Request Message',
  1280: 'Call Setup Message',
  1281: 'Call Release Message',
  1792: 'RG Connect Message',
  1793: 'RG Disconnect Message',
  1794: 'RG Notification Message',
  1795: 'RG Application Data Message',
  15872: 'Vendor-Private Message',
  16128: 'Experimental Message',
});

const f = {
  version: uint16('ldp.hdr.version', 'Version'),
  pduLength: uint16('ldp.hdr.pdu_len', 'PDU Length'),
  lsr: ipv4('ldp.hdr.ldpid.lsr', 'LSR ID'),
  space: uint16('ldp.hdr.ldpid.lsid', 'Label Space ID'),
  u: bool('ldp.msg.ubit', 'U bit', { mask: 0x80, bool: ['Unknown bit set', 'Unknown bit not set'] }),
  type: uint16('ldp.msg.type', 'Message Type', {
    base: 'hex',
    mask: 0x7fff,
    names: messageTypes,
  }),
  length: uint16('ldp.msg.len', 'Message Length'),
  id: uint32('ldp.msg.id', 'Message ID', { base: 'hex' }),
  tlvUnknown: uint8('ldp.msg.tlv.unknown', 'TLV Unknown bits', {
    base: 'hex',
    mask: 0xc0,
    names: names({
      0: 'Known TLV, do not Forward',
      1: 'Known TLV, do Forward',
      2: 'Unknown TLV, do not Forward',
      3: 'Unknown TLV, do Forward',
    }),
  }),
  tlvType: uint16('ldp.msg.tlv.type', 'TLV Type', {
    base: 'hex',
    mask: 0x3fff,
    names: names({
      1: 'Sequence Number TLV',
      256: 'FEC',
      257: 'Address List',
      259: 'Hop Count',
      260: 'Path Vector',
      512: 'Generic Label',
      513: 'ATM Label',
      514: 'Frame Relay Label',
      515: 'FT Protection TLV',
      516: 'LDP Upstream-Assigned Label TLV',
      517: 'LDP Upstream-Assigned Label Request TLV',
      518: 'Entropy Label Capability TLV',
      768: 'Status',
      769: 'Extended Status',
      770: 'Returned PDU',
      771: 'Returned Message',
      772: 'Returned TLVs',
      1024: 'Common Hello Parameters',
      1025: 'IPv4 Transport Address',
      1026: 'Configuration Sequence Number',
      1027: 'IPv6 Transport Address',
      1028: 'MAC TLV',
      1029: 'Cryptographic Authentication TLV',
      1030: 'MAC Flush Parameters TLV',
      1031: 'PBB B-MAC List Sub-TLV',
      1032: 'PBB I-SID List Sub-TLV',
      1280: 'Common Session Parameters',
      1281: 'ATM Session Parameters',
      1282: 'Frame Relay Session Parameters',
      1283: 'FT Session TLV',
      1284: 'FT Ack TLV',
      1285: 'FT Cork TLV',
      1286: 'Dynamic Capability Announcement',
      1287: 'LDP Upstream Label Assignment Capability TLV',
      1288: 'P2MP Capability Parameter',
      1289: 'MP2MP Capability Parameter',
      1290: 'MBB Capability Parameter',
      1291: 'Typed Wildcard FEC Capability',
      1292: 'Multi-Topology Capability',
      1293: 'State Advertisement Control Capability',
      1295: 'Targeted Application Capability',
      1536: 'Label Request Message ID',
      1537: 'MTU TLV',
      1539: 'Unrecognized Notification Capability',
      1792: 'ICCP capability TLV',
      1793: 'Dual-Stack capability',
      2048: 'Explicit Route TLV',
      2049: 'Ipv4 Prefix ER-Hop TLV',
      2050: 'Ipv6 Prefix ER-Hop TLV',
      2051: 'Autonomous System Number ER-Hop TLV',
      2052: 'LSP-ID ER-HOP TLV',
      2053: 'L2 PW Address of Switching Point',
      2064: 'Traffic Parameters TLV',
      2080: 'Preemption TLV',
      2081: 'LSPID TLV',
      2082: 'Resource Class TLV',
      2083: 'Route Pinning TLV',
      2084: 'Generalized Label Request TLV',
      2085: 'Generalized Label TLV',
      2086: 'Upstream Label TLV',
      2087: 'Label Set TLV',
      2088: 'Waveband Label TLV',
      2089: 'ER-Hop TLV',
      2090: 'Acceptable Label Set TLV',
      2091: 'Admin Status TLV',
      2092: 'Interface ID TLV',
      2093: 'IPV4 Interface ID TLV',
      2094: 'IPV6 Interface ID TLV',
      2095: 'IPv4 IF_ID Status TLV',
      2096: 'IPv6 IF_ID Status TLV',
      2097: 'Op-Sp Call ID TLV',
      2098: 'GU Call ID TLV',
      2099: 'Call Capability TLV',
      2100: 'Crankback TLV',
      2101: 'Protection TLV',
      2102: 'LSP_TUNNEL_INTERFACE_ID TLV',
      2103: 'Unnumbered Interface ID TLV',
      2104: 'SONET/SDH Traffic Parameters TLV',
      2305: 'Diff-Serv TLV',
      2306: 'HSMP LSP Capability Parameter',
      2400: 'IPv4 Source ID TLV',
      2401: 'IPv6 Source ID TLV',
      2402: 'NSAP Source ID TLV',
      2403: 'IPv4 Destination ID TLV',
      2404: 'IPv6 Destination ID TLV',
      2405: 'NSAP Destination ID TLV',
      2406: 'Egress Label TLV',
      2407: 'Local Connection ID TLV',
      2408: 'Diversity TLV',
      2409: 'Contract ID TLV',
      2410: 'PW Status TLV',
      2411: 'PW Interface Parameters TLV',
      2412: 'PW Group ID TLV',
      2413: 'Pseudowire Switching Point PE TLV',
      2414: 'Bandwidth TLV',
      2415: 'LDP MP Status TLV Type',
      2416: 'UNI Service Level TLV',
      2417: 'Queue Request TLV',
      2418: 'MP Node Protection Capability',
      2419: 'PSN Tunnel Binding TLV',
      2420: 'Egress Protection Capability',
      28: 'RSVP-TE P2MP LSP TLV',
      29: 'LDP P2MP LSP TLV',
      30: 'IP Multicast Tunnel TLV',
    }),
  }),
  tlvLength: uint16('ldp.msg.tlv.len', 'TLV Length'),
  value: bytes('ldp.msg.tlv.value', 'TLV Value'),
  hold: uint16('ldp.msg.tlv.hello.hold', 'Hold Time'),
  targeted: bool('ldp.msg.tlv.hello.targeted', 'Targeted Hello', { mask: 0x8000, bool: ['Targeted Hello', 'Link Hello'] }),
  requested: bool('ldp.msg.tlv.hello.requested', 'Hello Requested', {
    mask: 0x4000,
    bool: ['Source requests periodic hellos', 'Source does not request periodic hellos'],
  }),
  gtsmSupported: expert('ldp.gtsm_supported', 'chat', 'GTSM is supported by the source'),
  gtsmNotSupported: expert('ldp.gtsm_not_supported', 'chat', 'GTSM is not supported by the source'),
  gtsmAndTargeted: expert('ldp.dtsm_and_target', 'warn', 'ERROR - Both GTSM and Target Flag are enabled.'),
  gtsmTargeted: expert(
    'ldp.gtsm_not_supported_basic_discovery',
    'warn',
    'GTSM is not supported by the source, since basic discovery is not enabled',
  ),
  gtsm: bool('ldp.msg.tlv.hello.gtsm', 'GTSM Flag', { mask: 0x2000 }),
  helloReserved: uint16('ldp.msg.tlv.hello.res', 'Reserved', { base: 'hex', mask: 0x1fff }),
  transport4: ipv4('ldp.msg.tlv.ipv4.taddr', 'IPv4 Transport Address'),
  configuration: uint32('ldp.msg.tlv.hello.cnf_seqno', 'Configuration Sequence Number'),
  transport6: ipv6('ldp.msg.tlv.ipv6.taddr', 'IPv6 Transport Address'),
  fecType: uint8('ldp.msg.tlv.fec.type', 'FEC Element Type', {
    names: names({
      1: 'Wildcard FEC',
      2: 'Prefix FEC',
      3: 'Host Address FEC',
      4: 'CR LSP FEC',
      5: 'Typed Wildcard FEC Element',
      6: 'P2MP',
      7: 'MP2MP-up',
      8: 'MP2MP-down',
      9: 'HSMP-upstream',
      10: 'HSMP-downstream',
      128: 'PWid FEC Element',
      129: 'Generalized PWid FEC Element',
      130: 'P2MP PW Upstream FEC Element',
      131: 'Protection FEC Element',
      132: 'P2MP_PW_DOWNSTREAM_FEC',
    }),
  }),
  fecFamily: uint16('ldp.msg.tlv.fec.af', 'FEC Element Address Type', {
    names: ADDRESS_FAMILIES,
  }),
  fecLength: uint8('ldp.msg.tlv.fec.len', 'FEC Element Length'),
  fecPrefix: string('ldp.msg.tlv.fec.pfval', 'FEC Element Prefix Value'),
  family: uint16('ldp.msg.tlv.addrl.addr_family', 'Address Family', {
    names: ADDRESS_FAMILIES,
  }),
  address: string('ldp.msg.tlv.addrl.addr', 'Address'),
  hops: uint8('ldp.msg.tlv.hc.value', 'Hop Count Value'),
  pathLsr: ipv4('ldp.msg.tlv.pv.lsrid', 'LSR Id'),
  sessionVersion: uint16('ldp.msg.tlv.sess.ver', 'Session Protocol Version'),
  keepAlive: uint16('ldp.msg.tlv.sess.ka', 'Session KeepAlive Time'),
  advertisement: bool('ldp.msg.tlv.sess.advbit', 'Session Label Advertisement Discipline', {
    mask: 0x80,
    bool: ['Downstream On Demand proposed', 'Downstream Unsolicited proposed'],
  }),
  loopDetection: bool('ldp.msg.tlv.sess.ldetbit', 'Session Loop Detection', {
    mask: 0x40,
    bool: ['Loop Detection Enabled', 'Loop Detection Disabled'],
  }),
  pathLimit: uint8('ldp.msg.tlv.sess.pvlim', 'Session Path Vector Limit'),
  maxPdu: uint16('ldp.msg.tlv.sess.mxpdu', 'Session Max PDU Length'),
  receiver: ipv4('ldp.msg.tlv.sess.rxlsr', 'Session Receiver LSR Identifier'),
  receiverSpace: uint16('ldp.msg.tlv.sess.rxls', 'Session Receiver Label Space Identifier'),
  label: uint32('ldp.msg.tlv.generic.label', 'Generic Label', { base: 'dec_hex', mask: 0xfffff }),
  statusE: bool('ldp.msg.tlv.status.ebit', 'E Bit', { mask: 0x80, bool: ['Fatal Error Notification', 'Advisory Notification'] }),
  statusF: bool('ldp.msg.tlv.status.fbit', 'F Bit', {
    mask: 0x40,
    bool: ['Notification should be Forwarded', 'Notification should NOT be Forwarded'],
  }),
  statusData: uint32('ldp.msg.tlv.status.data', 'Status Data', {
    base: 'hex',
    mask: 0x3fffffff,
    names: names({
      0: 'Success',
      1: 'Bad LDP Identifier',
      2: 'Bad Protocol Version',
      3: 'Bad PDU Length',
      4: 'Unknown Message Type',
      5: 'Bad Message Length',
      6: 'Unknown TLV',
      7: 'Bad TLV Length',
      8: 'Malformed TLV Value',
      9: 'Hold Timer Expired',
      10: 'Shutdown',
      11: 'Loop Detected',
      12: 'Unknown FEC',
      13: 'No Route',
      14: 'No Label Resources',
      15: 'Label Resources/Available',
      16: 'Session Rejected/No Hello',
      17: 'Session Rejected/Parameters Advertisement Mode',
      18: 'Session Rejected/Parameters Max PDU Length',
      19: 'Session Rejected/Parameters Label Range',
      20: 'KeepAlive Timer Expired',
      21: 'Label Request Aborted',
      22: 'Missing Message Parameters',
      23: 'Unsupported Address Family',
      24: 'Session Rejected/Bad KeepAlive Time',
      25: 'Internal Error',
      26: 'No LDP Session',
      27: 'Zero FT seqnum',
      28: 'Unexpected TLV / Session Not FT',
      29: 'Unexpected TLV / Label Not FT',
      30: 'Missing FT Protection TLV',
      31: 'FT ACK sequence error',
      32: 'Temporary Shutdown',
      33: 'FT Seq Numbers Exhausted',
      34: 'FT Session parameters / changed',
      35: 'Unexpected FT Cork TLV',
      36: 'Illegal C-Bit',
      37: 'Wrong C-Bit',
      38: 'Incompatible bit-rate',
      39: 'CEP-TDM mis-configuration',
      40: 'PW Status',
      42: 'Generic Misconfiguration Error',
      43: 'Label Withdraw PW Status Method Not Supported',
      44: 'IP Address of CE',
      45: 'Attachment Circuit bound to different remote Attachment Circuit',
      46: 'Unsupported Capability',
      47: 'End-of-LIB',
      48: 'Attachment Circuit bound to different PE',
      49: 'Invalid Topology ID',
      50: 'Transport Connection Mismatch',
      51: 'Dual-Stack Noncompliance',
      52: 'MRT Capability negotiated without MT Capability',
      53: 'VCCV Type Error',
      55: 'Bandwidth resources unavailable',
      56: 'Resources Unavailable',
      57: 'AII Unreachable',
      58: 'PW Loop Detected',
      59: 'Reject - unable to use the suggested tunnel/LSPs',
      60: 'The C-bit or S-bit unknown',
      64: 'LDP MP status',
      74: 'IP Address Type Mismatch',
      75: 'Wrong IP Address Type',
      76: 'Session Rejected/Targeted Application Capability Mismatch',
      65537: 'Unknown ICCP RG',
      65538: 'ICCP Connection Count Exceeded',
      65539: 'ICCP Application Connection Count Exceeded',
      65540: 'ICCP Application not in RG',
      65541: 'Incompatible ICCP Protocol Version',
      65542: 'ICCP Rejected Message',
      65543: 'ICCP Administratively Disabled',
      65552: 'ICCP RG Removed',
      65553: 'ICCP Application Removed from RG',
      16777217: 'Unexpected Diff-Serv TLV',
      16777218: 'Unsupported PHB',
      16777219: 'Invalid EXP<-->PHB mapping',
      16777220: 'Unsupported PSC',
      16777221: 'Per-LSP context allocation failure',
      67108865: 'Bad Explicit Routing TLV Error',
      67108866: 'Bad Strict Node Error',
      67108867: 'Bad Loose Node Error',
      67108868: 'Bad Initial ER-Hop Error',
      67108869: 'Resource Unavailable',
      67108870: 'Traffic Parameters Unavailable',
      67108871: 'LSP Preempted',
      67108872: 'Modify Request Not Supported',
      67108873: 'Invalid SNP ID',
      67108874: 'Calling Party busy',
      67108875: 'Unavailable SNP ID',
      67108876: 'Invalid SNPP ID',
      67108877: 'Unavailable SNPP ID',
      67108878: 'Failed to create SNC',
      67108879: 'Failed to establish LC',
      67108880: 'Invalid A End-User Name',
      67108881: 'Invalid Z End-User Name',
      67108882: 'Invalid CoS',
      67108883: 'Unavailable CoS',
      67108884: 'Invalid GoS',
      67108885: 'Unavailable GoS',
      67108886: 'Failed Security Check',
      67108887: 'TimeOut',
      67108888: 'Invalid Call Name',
      67108889: 'Failed to Release SNC',
      67108890: 'Failed to Free LC',
      536870912: 'Unknown VPN ID',
      536870913: 'Illegal C-Bit',
      536870914: 'Wrong C-Bit',
      536870915: 'E-Tree VLAN mapping not supported',
      536870916: 'Leaf-to-Leaf PW released',
    }),
  }),
  statusId: uint32('ldp.msg.tlv.status.msg.id', 'Message ID', { base: 'hex' }),
  statusType: uint16('ldp.msg.tlv.status.msg.type', 'Message Type', {
    base: 'hex',
    names: messageTypes,
  }),
  requestId: uint32('ldp.msg.tlv.lbl_req_msg_id', 'Label Request Message ID', { base: 'hex' }),
};
const HEADER = 10;

function fec(node: Node, b: Buf, at: number, end: number): void {
  for (let o = at; node.ok && o < end; ) {
    const type = node.uint(f.fecType, o);
    if (type !== 2) return;
    const family = node.uint(f.fecFamily, o + 1);
    const bits = node.uint(f.fecLength, o + 3);
    const octets = Math.ceil(bits / 8);
    const size = family === 2 ? 16 : 4;
    if (octets > size || o + 4 + octets > end) return;
    const address = new Uint8Array(size);
    address.set(b.slice(o + 4, octets));
    node.add(f.fecPrefix, o + 4, octets, size === 4 ? formatIpv4(address) : formatIpv6(address));
    o += 4 + octets;
  }
}

function addresses(node: Node, b: Buf, at: number, end: number): void {
  const family = node.uint(f.family, at);
  const size = family === 2 ? 16 : 4;
  for (let o = at + 2; node.ok && o + size <= end; o += size) {
    const address = b.slice(o, size);
    node.add(f.address, o, size, size === 4 ? formatIpv4(address) : formatIpv6(address));
  }
}

/** RFC 6720, section 2.1: only basic discovery, a Hello that is not targeted, can offer it. @param bits first octet of the flags */
function gtsm(node: Node, bits: number): void {
  const targeted = (bits & 0x80) !== 0;
  const set = (bits & 0x20) !== 0;
  if (!targeted) node.expert(set ? f.gtsmSupported : f.gtsmNotSupported);
  else if (set) node.expert(f.gtsmAndTargeted);
  else node.expert(f.gtsmTargeted);
}

function tlvValue(node: Node, b: Buf, type: number, at: number, end: number): void {
  switch (type) {
    case 0x100:
      fec(node, b, at, end);
      return;
    case 0x101:
      addresses(node, b, at, end);
      return;
    case 0x103:
      node.uint(f.hops, at);
      return;
    case 0x104:
      for (let o = at; node.ok && o + 4 <= end; o += 4) node.bytes(f.pathLsr, o, 4);
      return;
    case 0x200:
      node.uint(f.label, at);
      return;
    case 0x300:
      node.uint(f.statusE, at, 1);
      node.uint(f.statusF, at, 1);
      node.uint(f.statusData, at);
      node.uint(f.statusId, at + 4);
      node.uint(f.statusType, at + 8);
      return;
    case 0x400:
      node.uint(f.hold, at);
      node.uint(f.targeted, at + 2, 2);
      node.uint(f.requested, at + 2, 2);
      gtsm(node.uintNode(f.gtsm, at + 2, 2), b.u8(at + 2));
      node.uint(f.helloReserved, at + 2);
      return;
    case 0x401:
      node.bytes(f.transport4, at, 4);
      return;
    case 0x402:
      node.uint(f.configuration, at);
      return;
    case 0x403:
      node.bytes(f.transport6, at, 16);
      return;
    case 0x500:
      node.uint(f.sessionVersion, at);
      node.uint(f.keepAlive, at + 2);
      node.uint(f.advertisement, at + 4, 1);
      node.uint(f.loopDetection, at + 4, 1);
      node.uint(f.pathLimit, at + 5);
      node.uint(f.maxPdu, at + 6);
      node.bytes(f.receiver, at + 8, 4);
      node.uint(f.receiverSpace, at + 12);
      return;
    case 0x600:
      node.uint(f.requestId, at);
      return;
    default:
      node.bytes(f.value, at, end - at);
  }
}

/** One PDU; gives where it ends. */
function pdu(layer: Layer, b: Buf, at: number, info: string[]): number {
  layer.uint(f.version, at);
  const end = Math.min(b.end, at + 4 + layer.uint(f.pduLength, at + 2));
  layer.bytes(f.lsr, at + 4, 4);
  layer.uint(f.space, at + 8);
  for (let o = at + HEADER; layer.ok && o + 8 <= end; ) {
    const type = b.u16(o) & 0x7fff;
    const stop = Math.min(end, o + 4 + b.u16(o + 2));
    const words = nameOf(f.type, type) ?? 'Unknown message';
    info.push(words);
    const message = layer.text(o, stop - o, words);
    message.uint(f.u, o, 1);
    message.uint(f.type, o);
    message.uint(f.length, o + 2);
    message.uint(f.id, o + 4);
    for (let t = o + 8; layer.ok && t + 4 <= stop; ) {
      const tlvType = b.u16(t) & 0x3fff;
      const tlvEnd = Math.min(stop, t + 4 + b.u16(t + 2));
      const node = message.text(t, tlvEnd - t, nameOf(f.tlvType, tlvType) ?? 'TLV');
      node.uint(f.tlvUnknown, t);
      node.uint(f.tlvType, t);
      node.uint(f.tlvLength, t + 2);
      if (tlvEnd > t + 4) tlvValue(node, b, tlvType, t + 4, tlvEnd);
      t = tlvEnd;
    }
    o = Math.max(o + 4, stop);
  }
  return Math.max(at + HEADER, end);
}

export const ldp = app({
  name: 'ldp',
  short: 'LDP',
  title: 'Label Distribution Protocol',
  fields: Object.values(f),
  accepts: (b, o, end) => end - o < 2 || be16(b, o) === 1,
  framer: lengthFramer(4, (h) => (be16(h, 0) === 1 && be16(h, 2) >= 6 ? 4 + be16(h, 2) : REJECT)),
  read(layer, b) {
    const info: string[] = [];
    for (let at = b.offset; layer.ok && at + HEADER <= b.end; ) at = pdu(layer, b, at, info);
    return [...new Set(info)].slice(0, 20).join(' ');
  },
});
