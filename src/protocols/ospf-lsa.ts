/**
 * What link state advertisements of OSPF say beyond routers and networks: summaries and external routes (RFC 2328, RFC 3101), opaque ones
 * (RFC 5250) for traffic engineering (RFC 3630, RFC 4203), graceful restart (RFC 3623), router information (RFC 7770, RFC 5642, RFC 8665),
 * extended prefixes and links (RFC 7684), those of version 3 (RFC 5340); and the TLVs of link-local signalling (RFC 5613).
 */
import type { Node } from '../dissect/dissection.ts';
import {
  bool,
  bytes,
  type FieldDef,
  float,
  ipv4,
  ipv6,
  names,
  none,
  string,
  TRUE_FALSE,
  uint8,
  uint16,
  uint24,
  uint32,
} from '../dissect/field.ts';

export const set = (mask: number, yes = 'Set', no = 'Not set') => ({ mask, bool: [yes, no] as const });

const ALGORITHMS = names({ 0: 'Shortest Path First', 1: 'Strict Shortest Path First' });
export const linkTypes = names({
  1: 'Point-to-point connection to another router',
  2: 'Connection to a transit network',
  3: 'Connection to a stub network',
  4: 'Virtual link',
});

const f = {
  reserved: bytes('ospf.reserved', 'Reserved'),
  tos: uint8('ospf.lsa.tos', 'TOS'),
  metric: uint32('ospf.metric', 'Metric'),
  options3: uint24('ospf.v3.options', 'Options', { base: 'hex' }),
  summaryMask: ipv4('ospf.lsa.asbr.netmask', 'Netmask'),
  externalMask: ipv4('ospf.lsa.asext.netmask', 'Netmask'),
  externalType: bool('ospf.lsa.asext.type', 'External Type', {
    mask: 0x80,
    bool: ['Type 2 (metric is larger than any other link state path)', 'Type 1 (metric is specified in the same units as interface cost)'],
  }),
  forward: ipv4('ospf.lsa.asext.fwdaddr', 'Forwarding Address'),
  tag: uint32('ospf.lsa.asext.extrttag', 'External Route Tag'),
  // TLVs
  tlvType: uint16('ospf.tlv_type', 'TLV Type'),
  tlvLength: uint16('ospf.tlv_length', 'TLV Length'),
  tlvValue: bytes('ospf.tlv_value', 'TLV Value'),
  unknown: bytes('ospf.tlv.unknown', 'Unknown TLV'),
  pad: bytes('ospf.pad_bytes', 'Pad Bytes'),
  // traffic engineering
  isTe: bool('ospf.lsa.mpls', 'MPLS Traffic Engineering LSA', { bool: TRUE_FALSE }),
  teRouter: ipv4('ospf.mpls.routerid', 'MPLS/TE Router ID'),
  teLinkType: uint8('ospf.mpls.linktype', 'MPLS/TE Link Type', { names: names({ 1: 'Point-to-point', 2: 'Multi-access' }) }),
  teLinkId: ipv4('ospf.mpls.linkid', 'MPLS/TE Link ID'),
  teLocal: ipv4('ospf.mpls.local_addr', 'MPLS/TE Local Interface Address'),
  teRemote: ipv4('ospf.mpls.remote_addr', 'MPLS/TE Remote Interface Address'),
  teMetric: uint32('ospf.mpls.te_metric', 'MPLS/TE Metric'),
  teBandwidth: float('ospf.mpls.link_max_bw', 'Link Max BW'),
  teUnreserved: float('ospf.mpls.pri', 'Pri (or TE-Class)'),
  teColor: uint32('ospf.mpls.linkcolor', 'MPLS/TE Link Resource Class/Color', { base: 'hex' }),
  teLocalId: uint32('ospf.mpls.local_id', 'MPLS/TE Local Interface Index'),
  teRemoteId: uint32('ospf.mpls.remote_id', 'MPLS/TE Remote Interface Index'),
  teProtection: uint8('ospf.mpls.protection_capability', 'Protection Capability', {
    base: 'hex',
    names: names({ 1: 'Extra Traffic', 2: 'Unprotected', 4: 'Shared', 8: 'Dedicated 1:1', 16: 'Dedicated 1+1', 32: 'Enhanced' }),
  }),
  teSwitching: uint8('ospf.mpls.switching_type', 'Switching Type', {
    names: names({
      1: 'Packet-Switch Capable-1 (PSC-1)',
      2: 'Packet-Switch Capable-2 (PSC-2)',
      3: 'Packet-Switch Capable-3 (PSC-3)',
      4: 'Packet-Switch Capable-4 (PSC-4)',
      51: 'Layer-2 Switch Capable (L2SC)',
      100: 'Time-Division-Multiplex Capable (TDM)',
      150: 'Lambda-Switch Capable (LSC)',
      200: 'Fiber-Switch Capable (FSC)',
    }),
  }),
  teEncoding: uint8('ospf.mpls.encoding', 'Encoding', {
    names: names({
      1: 'Packet',
      2: 'Ethernet',
      3: 'ANSI/ETSI PDH',
      5: 'SDH ITU-T G.707 / SONET ANSI T1.105',
      7: 'Digital Wrapper',
      8: 'Lambda (photonic)',
      9: 'Fiber',
      11: 'FiberChannel',
      12: 'G.709 ODUk (Digital Path)',
      13: 'G.709 Optical Channel',
    }),
  }),
  teMinimum: float('ospf.mpls.minimum_lsp_bandwidth', 'Minimum LSP bandwidth'),
  teMtu: uint16('ospf.mpls.interface_mtu', 'Interface MTU'),
  teRisk: uint32('ospf.mpls.shared_risk_link_group', 'Shared Risk Link Group'),
  // graceful restart
  grace: none('ospf.v2.grace', 'Grace TLV'),
  gracePeriod: uint32('ospf.v2.grace.period', 'Grace Period', { unit: ' seconds' }),
  graceReason: uint8('ospf.v2.grace.reason', 'Restart Reason', {
    names: names({ 0: 'Unknown', 1: 'Software Restart', 2: 'Software Reload/Upgrade', 3: 'Processor Switchover' }),
  }),
  graceAddress: ipv4('ospf.v2.grace.ip', 'Restart IP'),
  // router information
  infoType: uint16('ospf.tlv_type.opaque', 'TLV Type', {
    names: names({
      1: 'Router Informational Capabilities',
      2: 'Router Functional Capabilities',
      3: 'TE-MESH-GROUP TLV (IPv4)',
      4: 'TE-MESH-GROUP TLV (IPv6)',
      5: 'TE Node Capability Descriptor',
      6: 'PCED',
      7: 'OSPF Dynamic Hostname',
      8: 'SR-Algorithm ',
      9: 'SID/Label Range',
      10: 'Node Admin Tag ',
      11: 'S-BFD Discriminator',
      12: 'Node MSD',
      14: 'SR Local Block',
      15: 'SRMS Preference',
      16: 'Flexible Algorithm Definition',
    }),
  }),
  infoOptions: uint8('ospf.ri.options', 'RI Options', { base: 'hex' }),
  hostname: string('ospf.dynhostname', 'Dynamic Hostname'),
  algorithm: uint8('ospf.lsa_sa', 'SR-Algorithm', { names: ALGORITHMS }),
  rangeType: uint16('ospf.tlv.sidlabel_range.type', 'TLV Type', { names: names({ 1: 'SID/Label', 2: 'Prefix SID' }) }),
  range: uint24('ospf.tlv.range_size', 'Range Size'),
  label: uint32('ospf.tlv.sid_label', 'SID/Label'),
  preference: uint24('ospf.tlv.preference', 'Preference'),
  msdType: uint8('ospf.tlv.igp_msd_type', 'MSD Type', {
    names: names({
      0: 'Reserved',
      1: 'Base MPLS Imposition',
      41: 'Maximum Segments Left',
      42: 'Maximum End Pop',
      43: 'Maximum T.Insert',
      44: 'Maximum T.Encaps',
      45: 'Maximum End D',
    }),
  }),
  msdValue: uint8('ospf.tlv.igp_msd_value', 'MSD Value'),
  // extended prefixes and links
  prefixTlv: uint16('ospf.tlv.extpfx.tlv_type', 'TLV Type', {
    names: names({ 1: 'OSPFv2 Extended Prefix', 2: 'OSPFv2 Extended Prefix Range' }),
  }),
  prefixSubTlv: uint16('ospf.tlv.extpfx.subtlv_type', 'TLV Type', { names: names({ 1: 'SID/Label', 2: 'Prefix SID' }) }),
  routeType: uint16('ospf.tlv.extpfx.rotuetype', 'Route Type', {
    names: names({ 0: 'Unspecified', 1: 'Intra-Area', 3: 'Inter-Area', 5: 'AS-External', 7: 'NSSA-External' }),
  }),
  prefixLength: uint8('ospf.prefix_length', 'PrefixLength'),
  family: uint8('ospf.tlv.extpfx.af', 'Address Family', { names: names({ 0: 'IPv4 Unicast' }) }),
  prefixFlags: uint8('ospf.tlv.extpfx.flags', 'Flags', { base: 'hex' }),
  rangeFlags: uint8('ospf.tlv.extpfx_range.flags', 'Flags', { base: 'hex' }),
  prefix4: ipv4('ospf.v3.address_prefix.ipv4', 'Address Prefix'),
  sidFlags: uint8('ospf.tlv.pfxsid.flags', 'Flags', { base: 'hex' }),
  topology: uint8('ospf.tlv.extlink.mt_id', 'Multi-Topology ID'),
  linkTlv: uint16('ospf.tlv.extlink.tlv_type', 'TLV Type', { names: names({ 1: 'OSPFv2 Extended Link' }) }),
  linkSubTlv: uint16('ospf.tlv.extlink.subtlv_type', 'TLV Type', {
    names: names({
      1: 'SID/Label',
      2: 'Adj-SID',
      3: 'LAN Adj-SID',
      6: 'Link MSD',
      7: 'Graceful Link Shutdown',
      8: 'Remote IPv4 Address',
      9: 'Local/Remote Interface ID',
      10: 'Application-Specific Link Attributes',
      12: 'Unidirectional Link Delay',
      13: 'Min/Max Unidirectional Link Delay',
      14: 'Unidirectional Delay Variation',
      19: 'Administrative Group',
      20: 'Extended Administrative Group',
      22: 'TE Metric',
    }),
  }),
  adjacencyFlags: uint8('ospf.tlv.adjsid.flags', 'Flags', { base: 'hex' }),
  weight: uint8('ospf.tlv.extlink.weight', 'Weight'),
  neighbor: ipv4('ospf.tlv.extlink.nbr', 'Neighbor ID'),
  remoteAddress: ipv4('ospf.tlv.remote_ipv4_address', 'Remote IPv4 Address'),
  localInterface: uint32('ospf.tlv.local_interface_id', 'Local Interface ID'),
  remoteInterface: uint32('ospf.tlv.remote_interface_id', 'Remote Interface ID'),
  linkId: ipv4('ospf.lsa.router.linkid', 'Link ID'),
  linkData: ipv4('ospf.lsa.router.linkdata', 'Link Data'),
  linkType: uint8('ospf.lsa.router.linktype', 'Link Type', { names: linkTypes }),
  // version 3
  prefixOptions: uint8('ospf.v3.prefix.options', 'PrefixOptions', { base: 'hex' }),
  prefix6: ipv6('ospf.v3.address_prefix.ipv6', 'Address Prefix'),
  destination: ipv4('ospf.v3.lsa.destination_router_id', 'Destination Router ID'),
  externalFlags: uint8('ospf.v3.as.external.flags', 'Flags', { base: 'hex' }),
  referencedType: uint16('ospf.v3.lsa.referenced_ls_type', 'Referenced LS type', { base: 'hex' }),
  referencedId: ipv4('ospf.v3.lsa.referenced_link_state_id', 'Referenced Link State ID'),
  referencedRouter: ipv4('ospf.v3.lsa.referenced_advertising_router', 'Referenced Advertising Router'),
  forward6: ipv6('ospf.v3.lsa.forwarding_address.ipv6', 'Forwarding Address'),
  tag3: uint32('ospf.v3.lsa.external_route_tag', 'External Route Tag'),
  priority: uint8('ospf.v3.lsa.router_priority', 'Router Priority'),
  linkLocal: ipv6('ospf.v3.lsa.link_local_interface_address.ipv6', 'Link-local Interface Address'),
  prefixes: uint32('ospf.v3.lsa.num_prefixes', '# prefixes'),
  // link-local signalling
  extended2: uint32('ospf.lls.ext.options', 'Options', { base: 'hex' }),
  authSequence: uint32('ospf.v2.lls.sequence_number', 'Sequence number', { base: 'hex' }),
  authData: bytes('ospf.v2.lls.auth_data', 'Auth Data'),
  extended3Tlv: none('ospf.v3.lls.ext.options.tlv', 'Extended Options TLV'),
  extended3: uint32('ospf.v3.lls.ext.options', 'Options', { base: 'hex' }),
  stateTlv: none('ospf.v3.lls.state.tlv', 'State Check Sequence TLV'),
  stateNumber: uint16('ospf.v3.lls.state.scs', 'SCS Number'),
  stateOptions: uint8('ospf.v3.lls.state.options', 'Options', { base: 'hex' }),
  willingnessTlv: none('ospf.v3.lls.willingness.tlv', 'Willingness TLV'),
  willingness: uint8('ospf.v3.lls.willingness', 'Willingness'),
};
export const lsaFields = f;

export const options3: readonly FieldDef[] = [
  bool('ospf.v3.options.at', 'AT', set(0x400)),
  bool('ospf.v3.options.l', 'L', set(0x200)),
  bool('ospf.v3.options.af', 'AF', set(0x100)),
  bool('ospf.v3.options.dc', 'DC', set(0x20)),
  bool('ospf.v3.options.r', 'R', set(0x10)),
  bool('ospf.v3.options.n', 'N', set(0x08)),
  bool('ospf.v3.options.mc', 'MC', set(0x04)),
  bool('ospf.v3.options.e', 'E', set(0x02)),
  bool('ospf.v3.options.v6', 'V6', set(0x01)),
];
const infoBits: readonly FieldDef[] = [
  bool('ospf.ri.options.grc', '(GRC) Graceful Restart', set(0x80, 'Capable', 'Not capable')),
  bool('ospf.ri.options.grh', '(GRH) Graceful Restart Helper', set(0x40, 'Enabled', 'Disabled')),
  bool('ospf.ri.options.srs', 'Stub Router Support', set(0x20, 'Yes', 'No')),
  bool('ospf.ri.options.tes', '(TES) Traffic Engineering', set(0x10, 'Supported', 'Not supported')),
  bool('ospf.ri.options.p2plan', '(P2PLAN) Point-to-point over LAN', set(0x08, 'Capable', 'Not capable')),
  bool('ospf.ri.options.ete', '(ETE) Experimental TE', set(0x04, 'Capable', 'Not capable')),
  bool('ospf.ri.options.host', 'Host Router', set(0x01, 'Supported', 'Not supported')),
];
const prefixBits: readonly FieldDef[] = [
  bool('ospf.tlv.extpfx.flags.a', '(A) Attach Flag', set(0x80)),
  bool('ospf.tlv.extpfx.flags.n', '(N) Node Flag', set(0x40)),
];
const rangeBits: readonly FieldDef[] = [bool('ospf.tlv.extpfx_range.flags.ia', '(IA) Inter-Area Flag', set(0x80))];
const sidBits: readonly FieldDef[] = [
  bool('ospf.tlv.pfxsid.flags.np', '(NP) No-PHP Flag', set(0x40)),
  bool('ospf.tlv.pfxsid.flags.m', '(M) Mapping Server Flag', set(0x20)),
  bool('ospf.tlv.pfxsid.flags.e', '(E) Explicit-Null Flag', set(0x10)),
  bool('ospf.tlv.pfxsid.flags.v', '(V) Value/Index Flag', set(0x08)),
  bool('ospf.tlv.pfxsid.flags.l', '(L) Local/Global Flag', set(0x04)),
];
const adjacencyBits: readonly FieldDef[] = [
  bool('ospf.tlv.adjsid.flags.b', '(B) Backup Flag', set(0x80)),
  bool('ospf.tlv.adjsid.flags.v', '(V) Value/Index Flag', set(0x40)),
  bool('ospf.tlv.adjsid.flags.l', '(L) Local/Global Flag', set(0x20)),
  bool('ospf.tlv.adjsid.flags.g', '(G) Group Flag', set(0x10)),
  bool('ospf.tlv.adjsid.flags.p', '(P) Persistent Flag', set(0x08)),
];
const prefixOptionBits: readonly FieldDef[] = [
  bool('ospf.v3.prefix.options.p', '(P) Propagate', set(0x08)),
  bool('ospf.v3.prefix.options.mc', '(MC) Multicast', set(0x04)),
  bool('ospf.v3.prefix.options.la', '(LA) Local Address', set(0x02)),
  bool('ospf.v3.prefix.options.nu', '(NU) NoUnicast', set(0x01)),
];
const externalBits: readonly FieldDef[] = [
  bool('ospf.v3.as.external.flags.e', '(E) External Metric', set(0x04, 'Type 2', 'Type 1')),
  bool('ospf.v3.as.external.flags.f', '(F) Forwarding Address', set(0x02, 'Present', 'Absent')),
  bool('ospf.v3.as.external.flags.t', '(T) External Route Tag', set(0x01, 'Present', 'Absent')),
];
const extendedBits2: readonly FieldDef[] = [
  bool('ospf.lls.ext.options.rs', '(RS) Restart Signal', set(0x02)),
  bool('ospf.lls.ext.options.lr', '(LR) LSDB Resynchronization', set(0x01)),
];
const extendedBits3: readonly FieldDef[] = [
  bool('ospf.v3.lls.ext.options.rs', '(RS) Restart Signal', set(0x02)),
  bool('ospf.v3.lls.ext.options.lr', '(LR) LSDB Resynchronization', set(0x01)),
];
const stateBits: readonly FieldDef[] = [
  bool('ospf.v3.lls.state.options.r', '(R) Request', set(0x80)),
  bool('ospf.v3.lls.state.options.a', '(A) Answer', set(0x40)),
  bool('ospf.v3.lls.state.options.n', '(N) Incomplete', set(0x20)),
];
export const lsaBits: readonly FieldDef[] = [
  options3,
  infoBits,
  prefixBits,
  rangeBits,
  sidBits,
  adjacencyBits,
  prefixOptionBits,
  externalBits,
  extendedBits2,
  extendedBits3,
  stateBits,
].flat();

/** A field of bits, with the names of those that are set behind its value. Gives the value. */
export function bits(node: Node, field: FieldDef, parts: readonly FieldDef[], at: number, length: number): number {
  let value = 0;
  const { buf } = node;
  for (let i = 0; i < length; i++) value = (value << 8) | buf.u8(at + i);
  const text = [`0x${(value >>> 0).toString(16).padStart(length * 2, '0')}`];
  for (const part of parts) if ((value & (part.mask ?? 0)) !== 0) text.push(part.label);
  const flags = node.uintNode(field, at, length, { display: text.join(', ') });
  for (const part of parts) flags.uint(part, at, length);
  return node.ok ? value : 0;
}

/**
 * TLVs in [from, end): type and length in 16 bits each, the value padded to four octets. `read` is given a node with type and length in it
 * and the place of the value.
 */
function tlvs(
  node: Node,
  from: number,
  end: number,
  typeField: FieldDef,
  words: string,
  read: (tlv: Node, type: number, at: number, stop: number) => void,
): void {
  const b = node.buf;
  for (let at = from; at + 4 <= end && node.ok && !node.d.full; ) {
    const type = b.u16(at);
    const length = b.u16(at + 2);
    const stop = Math.min(end, at + 4 + length);
    const tlv = node.text(at, stop - at, typeField.names === undefined ? words : `${words} TLV`, String(type));
    tlv.uint(typeField, at);
    tlv.uint(f.tlvLength, at + 2);
    // Nothing is read beyond the value, whatever its length says.
    read(tlv.over(b.from(at + 4, stop)), type, at + 4, stop);
    at += 4 + length + (-length & 3);
  }
}

function unknown(tlv: Node, field: FieldDef, at: number, stop: number): void {
  if (stop > at) tlv.bytes(field, at, stop - at);
}

/** A bandwidth: octets per second as a floating point number of IEEE 754. */
function bandwidth(node: Node, field: FieldDef, at: number): void {
  if (!node.has(at, 4)) return;
  const { bytes: all } = node.buf;
  const value = new DataView(all.buffer, all.byteOffset + at, 4).getFloat32(0);
  const octets = Math.round(value);
  node.add(field, at, 4, value, { display: `${octets} bytes/s (${octets * 8} bits/s)` });
}

function each(at: number, stop: number, size: number, one: (at: number) => void): void {
  for (let o = at; o + size <= stop; o += size) one(o);
}

/** RFC 3630, section 2.5; RFC 4203, section 1. */
function teLink(link: Node, type: number, at: number, stop: number): void {
  const words = (field: FieldDef, count = Number.POSITIVE_INFINITY): void => {
    each(at, Math.min(stop, at + 4 * count), 4, (o) => {
      if (field.type === 'ipv4') link.bytes(field, o);
      else link.uint(field, o);
    });
  };
  switch (type) {
    case 1:
      link.uint(f.teLinkType, at);
      return;
    case 2:
      words(f.teLinkId, 1);
      return;
    case 3:
      words(f.teLocal);
      return;
    case 4:
      words(f.teRemote);
      return;
    case 5:
      words(f.teMetric, 1);
      return;
    case 6:
    case 7:
      bandwidth(link, f.teBandwidth, at);
      return;
    case 8:
      each(at, Math.min(stop, at + 32), 4, (o) => bandwidth(link, f.teUnreserved, o));
      return;
    case 9:
      words(f.teColor, 1);
      return;
    case 11:
      link.uint(f.teLocalId, at);
      link.uint(f.teRemoteId, at + 4);
      return;
    case 14:
      link.uint(f.teProtection, at);
      return;
    case 15: {
      const switching = link.uint(f.teSwitching, at);
      link.uint(f.teEncoding, at + 1);
      each(at + 4, Math.min(stop, at + 36), 4, (o) => bandwidth(link, f.teUnreserved, o));
      // What follows is of the packet switching kinds (RFC 4203, section 1.4.1).
      if (switching < 1 || switching > 4) return;
      bandwidth(link, f.teMinimum, at + 36);
      link.uint(f.teMtu, at + 40);
      return;
    }
    case 16:
      words(f.teRisk);
      return;
    default:
      unknown(link, f.tlvValue, at, stop);
  }
}

function te(node: Node, from: number, end: number): void {
  node.add(f.isTe, from, 0, true, { hidden: true });
  tlvs(node, from, end, f.tlvType, 'Traffic engineering', (tlv, type, at, stop) => {
    if (type === 1) tlv.bytes(f.teRouter, at);
    else if (type === 2) tlvs(tlv, at, stop, f.tlvType, 'Link', teLink);
    else unknown(tlv, f.tlvValue, at, stop);
  });
}

function graceful(node: Node, from: number, end: number): void {
  const b = node.buf;
  for (let at = from; at + 4 <= end && node.ok && !node.d.full; ) {
    const length = b.u16(at + 2);
    const padding = -length & 3;
    const tlv = node.add(f.grace, at, 4 + length, null);
    const type = tlv.uint(f.tlvType, at);
    tlv.uint(f.tlvLength, at + 2);
    if (type === 1) tlv.uint(f.gracePeriod, at + 4);
    else if (type === 2) tlv.uint(f.graceReason, at + 4);
    else if (type === 3) tlv.bytes(f.graceAddress, at + 4);
    else unknown(tlv, f.tlvValue, at + 4, Math.min(end, at + 4 + length));
    if (padding > 0 && at + 4 + length + padding <= end) tlv.bytes(f.pad, at + 4 + length, padding);
    at += 4 + length + padding;
  }
}

/** A label in three octets or an index in four. */
function label(node: Node, at: number, stop: number): void {
  if (stop - at >= 3) node.uint(f.label, at, Math.min(4, stop - at));
}

function information(node: Node, from: number, end: number): void {
  tlvs(node, from, end, f.infoType, 'Router information', (tlv, type, at, stop) => {
    switch (type) {
      case 1:
        bits(tlv, f.infoOptions, infoBits, at, 1);
        return;
      case 7:
        tlv.string(f.hostname, at, stop - at);
        return;
      case 8:
        each(at, stop, 1, (o) => tlv.uint(f.algorithm, o));
        return;
      case 9:
      case 14:
        tlv.uint(f.range, at);
        tlv.bytes(f.reserved, at + 3, 1);
        tlvs(tlv, at + 4, stop, f.rangeType, 'SID/Label', (sub, _, o, last) => label(sub, o, last));
        return;
      case 12:
        each(at, stop, 2, (o) => {
          tlv.uint(f.msdType, o);
          tlv.uint(f.msdValue, o + 1);
        });
        return;
      case 15:
        tlv.uint(f.preference, at, 1);
        tlv.bytes(f.reserved, at + 1, 3);
        return;
      default:
        unknown(tlv, f.unknown, at, stop);
    }
  });
}

function prefixSub(sub: Node, type: number, at: number, stop: number): void {
  if (type === 1) {
    label(sub, at, stop);
    return;
  }
  if (type !== 2) {
    unknown(sub, f.tlvValue, at, stop);
    return;
  }
  bits(sub, f.sidFlags, sidBits, at, 1);
  sub.bytes(f.reserved, at + 1, 1);
  sub.uint(f.topology, at + 2);
  sub.uint(f.algorithm, at + 3);
  label(sub, at + 4, stop);
}

function extendedPrefixes(node: Node, from: number, end: number): void {
  tlvs(node, from, end, f.prefixTlv, 'Extended prefix', (tlv, type, at, stop) => {
    if (type === 1) {
      tlv.uint(f.routeType, at, 1);
      tlv.uint(f.prefixLength, at + 1);
      tlv.uint(f.family, at + 2);
      bits(tlv, f.prefixFlags, prefixBits, at + 3, 1);
      tlv.bytes(f.prefix4, at + 4);
      tlvs(tlv, at + 8, stop, f.prefixSubTlv, 'Prefix', prefixSub);
    } else if (type === 2) {
      tlv.uint(f.prefixLength, at);
      tlv.uint(f.family, at + 1);
      tlv.uint(f.range, at + 2, 2);
      bits(tlv, f.rangeFlags, rangeBits, at + 4, 1);
      tlv.bytes(f.reserved, at + 5, 3);
      tlv.bytes(f.prefix4, at + 8);
      tlvs(tlv, at + 12, stop, f.prefixSubTlv, 'Prefix', prefixSub);
    } else unknown(tlv, f.tlvValue, at, stop);
  });
}

function linkSub(sub: Node, type: number, at: number, stop: number): void {
  switch (type) {
    case 1:
      label(sub, at, stop);
      return;
    case 2:
    case 3:
      bits(sub, f.adjacencyFlags, adjacencyBits, at, 1);
      sub.bytes(f.reserved, at + 1, 1);
      sub.uint(f.topology, at + 2);
      sub.uint(f.weight, at + 3);
      if (type === 3) sub.bytes(f.neighbor, at + 4);
      label(sub, at + (type === 3 ? 8 : 4), stop);
      return;
    case 6:
      each(at, stop, 2, (o) => {
        sub.uint(f.msdType, o);
        sub.uint(f.msdValue, o + 1);
      });
      return;
    case 8:
      sub.bytes(f.remoteAddress, at);
      return;
    case 9:
      sub.uint(f.localInterface, at);
      sub.uint(f.remoteInterface, at + 4);
      return;
    default:
      unknown(sub, f.tlvValue, at, stop);
  }
}

function extendedLinks(node: Node, from: number, end: number): void {
  tlvs(node, from, end, f.linkTlv, 'Extended link', (tlv, type, at, stop) => {
    if (type !== 1) {
      unknown(tlv, f.tlvValue, at, stop);
      return;
    }
    tlv.uint(f.linkType, at);
    tlv.bytes(f.reserved, at + 1, 3);
    tlv.bytes(f.linkId, at + 4);
    tlv.bytes(f.linkData, at + 8);
    tlvs(tlv, at + 12, stop, f.linkSubTlv, 'Link', linkSub);
  });
}

/** Opaque LSAs by the kind in the first octet of their ID. */
const opaque = new Map<number, (node: Node, from: number, end: number) => void>([
  [1, te],
  [3, graceful],
  [4, information],
  [7, extendedPrefixes],
  [8, extendedLinks],
]);

/** RFC 2328, section A.4.4 and A.4.5. */
function summary(node: Node, from: number, end: number): void {
  node.bytes(f.summaryMask, from);
  each(from + 4, end, 4, (at) => {
    node.uint(f.tos, at);
    node.uint(f.metric, at + 1, 3);
  });
}

function external(node: Node, from: number, end: number): void {
  node.bytes(f.externalMask, from);
  each(from + 4, end, 12, (at) => {
    node.uint(f.externalType, at, 1);
    if (node.has(at, 1)) node.add(f.tos, at, 1, node.buf.u8(at) & 0x7f);
    node.uint(f.metric, at + 1, 3);
    node.bytes(f.forward, at + 4);
    node.uint(f.tag, at + 8);
  });
}

/** What an LSA of version 2 with this type says in [from, end) behind its header; gives where that ends. */
export function lsaBody2(node: Node, type: number, opaqueType: number, from: number, end: number): number {
  if (type === 3 || type === 4) summary(node, from, end);
  else if (type === 5 || type === 7) external(node, from, end);
  else if (type >= 9 && type <= 11) {
    const read = opaque.get(opaqueType);
    if (read === undefined) return from;
    read(node, from, end);
  } else return from;
  return end;
}

/** Octets of a prefix of so many bits (RFC 5340, section A.4.1). */
function prefixOctets(length: number): number {
  return 4 * ((length + 31) >>> 5);
}

/** An address prefix; gives where it ends. */
function prefix6(node: Node, at: number, length: number): number {
  const octets = Math.min(16, prefixOctets(length));
  if (!node.has(at, octets)) return at + octets;
  const address = new Uint8Array(16);
  address.set(node.buf.slice(at, octets));
  node.add(f.prefix6, at, octets, address);
  return at + prefixOctets(length);
}

/** RFC 5340, section A.4.7. */
function external3(node: Node, from: number, end: number): void {
  const flags = bits(node, f.externalFlags, externalBits, from, 1);
  node.uint(f.metric, from + 1, 3);
  const length = node.uint(f.prefixLength, from + 4);
  bits(node, f.prefixOptions, prefixOptionBits, from + 5, 1);
  const referenced = node.uint(f.referencedType, from + 6);
  let at = prefix6(node, from + 8, length);
  if ((flags & 2) !== 0 && at + 16 <= end) {
    node.bytes(f.forward6, at);
    at += 16;
  }
  if ((flags & 1) !== 0 && at + 4 <= end) {
    node.uint(f.tag3, at);
    at += 4;
  }
  if (referenced !== 0 && at + 4 <= end) node.bytes(f.referencedId, at);
}

/** What an LSA of version 3 with this function code says in [from, end) behind its header; gives where that ends. */
export function lsaBody3(node: Node, code: number, from: number, end: number): number {
  switch (code) {
    case 3: {
      node.bytes(f.reserved, from, 1);
      node.uint(f.metric, from + 1, 3);
      const length = node.uint(f.prefixLength, from + 4);
      bits(node, f.prefixOptions, prefixOptionBits, from + 5, 1);
      node.bytes(f.reserved, from + 6, 2);
      prefix6(node, from + 8, length);
      return end;
    }
    case 4:
      node.bytes(f.reserved, from, 1);
      bits(node, f.options3, options3, from + 1, 3);
      node.bytes(f.reserved, from + 4, 1);
      node.uint(f.metric, from + 5, 3);
      node.bytes(f.destination, from + 8);
      return end;
    case 5:
    case 7:
      external3(node, from, end);
      return end;
    case 8: {
      node.uint(f.priority, from);
      bits(node, f.options3, options3, from + 1, 3);
      node.bytes(f.linkLocal, from + 4);
      const count = node.uint(f.prefixes, from + 20);
      let at = from + 24;
      for (let n = 0; n < count && at + 4 <= end && node.ok && !node.d.full; n++) {
        const length = node.uint(f.prefixLength, at);
        bits(node, f.prefixOptions, prefixOptionBits, at + 1, 1);
        node.bytes(f.reserved, at + 2, 2);
        at = prefix6(node, at + 4, length);
      }
      return at;
    }
    case 9: {
      const count = node.uint(f.prefixes, from, 2);
      node.uint(f.referencedType, from + 2);
      node.bytes(f.referencedId, from + 4);
      node.bytes(f.referencedRouter, from + 8);
      let at = from + 12;
      for (let n = 0; n < count && at + 4 <= end && node.ok && !node.d.full; n++) {
        const length = node.uint(f.prefixLength, at);
        bits(node, f.prefixOptions, prefixOptionBits, at + 1, 1);
        node.uint(f.metric, at + 2, 2);
        at = prefix6(node, at + 4, length);
      }
      return at;
    }
    case 12:
      information(node, from, end);
      return end;
    default:
      return from;
  }
}

/** The TLVs of a block of link-local signalling in [from, end). */
export function signalling(block: Node, version: number, from: number, end: number): void {
  const b = block.buf;
  for (let at = from; at + 4 <= end && block.ok && !block.d.full; ) {
    const type = b.u16(at);
    const length = b.u16(at + 2);
    const stop = Math.min(end, at + 4 + length);
    const named =
      version === 2 ? undefined : type === 1 ? f.extended3Tlv : type === 3 ? f.stateTlv : type === 8 ? f.willingnessTlv : undefined;
    const title = type === 1 ? 'Extended options TLV' : type === 2 && version === 2 ? 'Crypto Authentication TLV' : 'Unknown LLS TLV';
    const tlv = named === undefined ? block.text(at, stop - at, title) : block.add(named, at, stop - at, null);
    tlv.uint(f.tlvType, at);
    tlv.uint(f.tlvLength, at + 2);
    if (type === 1) bits(tlv, version === 2 ? f.extended2 : f.extended3, version === 2 ? extendedBits2 : extendedBits3, at + 4, 4);
    else if (version === 2 && type === 2) {
      tlv.uint(f.authSequence, at + 4);
      if (stop > at + 8) tlv.bytes(f.authData, at + 8, stop - at - 8);
    } else if (named === f.stateTlv) {
      tlv.uint(f.stateNumber, at + 4);
      bits(tlv, f.stateOptions, stateBits, at + 6, 1);
    } else if (named === f.willingnessTlv) tlv.uint(f.willingness, at + 4);
    at += 4 + length + (-length & 3);
  }
}
