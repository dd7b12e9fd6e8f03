/**
 * Open Shortest Path First: version 2 (RFC 2328) and version 3 (RFC 5340). The common header with checksum and authentication, Hello,
 * Database Description, and what LS Request, Update and Acknowledge say of link state advertisements: their headers,
 * the links of Router and Network LSAs, and what others say (`ospf-lsa.ts`).
 */
import { expectedChecksum, pseudoHeaderSum, sum16 } from '../bytes/checksum.ts';
import type { Buf, Dissection, Layer, Node } from '../dissect/dissection.ts';
import {
  bool,
  bytes,
  type FieldDef,
  ipv4,
  names,
  none,
  string,
  TRUE_FALSE,
  uint8,
  uint16,
  uint24,
  uint32,
  uint64,
} from '../dissect/field.ts';
import { defineProtocol, type Protocol } from '../dissect/protocol.ts';
import { bits, linkTypes, lsaBits, lsaBody2, lsaBody3, options3, set, lsaFields as shared, signalling } from './ospf-lsa.ts';

const IP_PROTO = 89;
const HEADER2_BYTES = 24;
const HEADER3_BYTES = 16;
const LSA_BYTES = 20;
const HELLO = 1;
const DB_DESCRIPTION = 2;
const LS_REQUEST = 3;
const LS_UPDATE = 4;
const LS_ACKNOWLEDGE = 5;
const ROUTER = 1;
const NETWORK = 2;
const AUTH_NONE = 0;
const AUTH_SIMPLE = 1;
const AUTH_CRYPT = 2;
/** Type of an opaque LSA that is about traffic engineering (RFC 3630). */
const OPAQUE_TE = 1;

const messages = names({ 1: 'Hello Packet', 2: 'DB Description', 3: 'LS Request', 4: 'LS Update', 5: 'LS Acknowledge' });
const lsTypes = names({
  1: 'Router-LSA',
  2: 'Network-LSA',
  3: 'Summary-LSA (IP network)',
  4: 'Summary-LSA (ASBR)',
  5: 'AS-External-LSA (ASBR)',
  6: 'Group Membership LSA',
  7: 'NSSA AS-External-LSA',
  8: 'External Attributes LSA',
  9: 'Opaque LSA, Link-local scope',
  10: 'Opaque LSA, Area-local scope',
  11: 'Opaque LSA, AS-local scope',
});
const functionCodes = names({
  1: 'Router-LSA',
  2: 'Network-LSA',
  3: 'Inter-Area-Prefix-LSA',
  4: 'Inter-Area-Router-LSA',
  5: 'AS-External-LSA',
  6: 'Group-Membership-LSA',
  7: 'NSSA-LSA',
  8: 'Link-LSA',
  9: 'Intra-Area-Prefix-LSA',
  12: 'Router Information Opaque-LSA',
});
/** RFC 5838, section 2.1. */
function instanceWords(id: number): string {
  if (id < 32) return 'IPv6 unicast AF';
  if (id < 64) return 'IPv6 multicast AF';
  if (id < 96) return 'IPv4 unicast AF';
  return id < 128 ? 'IPv4 multicast AF' : 'Reserved';
}

const f = {
  header: none('ospf.header', 'OSPF Header'),
  version: uint8('ospf.version', 'Version'),
  message: uint8('ospf.msg', 'Message Type', { names: messages }),
  length: uint16('ospf.packet_length', 'Packet Length'),
  router: ipv4('ospf.srcrouter', 'Source OSPF Router'),
  area: ipv4('ospf.area_id', 'Area ID'),
  checksum: uint16('ospf.checksum', 'Checksum', { base: 'hex' }),
  authType: uint16('ospf.auth.type', 'Auth Type', { names: names({ 0: 'Null', 1: 'Simple password', 2: 'Cryptographic' }) }),
  authNone: bytes('ospf.auth.none', 'Auth Data (none)'),
  authSimple: string('ospf.auth.simple', 'Auth Data (Simple)'),
  authKey: uint8('ospf.auth.crypt.key_id', 'Auth Crypt Key id'),
  authLength: uint8('ospf.auth.crypt.data_length', 'Auth Crypt Data Length'),
  authSequence: uint32('ospf.auth.crypt.seq_nbr', 'Auth Crypt Sequence Number'),
  authData: bytes('ospf.auth.crypt.data', 'Auth Crypt Data'),
  authUnknown: bytes('ospf.auth.unknown', 'Auth Unknown'),
  instance: uint8('ospf.instance_id', 'Instance ID', { names: instanceWords }),
  isHello: bool('ospf.msg.hello', 'Hello', { bool: TRUE_FALSE }),
  isDescription: bool('ospf.msg.dbdesc', 'Database Description', { bool: TRUE_FALSE }),
  isRequest: bool('ospf.msg.lsreq', 'Link State Adv Request', { bool: TRUE_FALSE }),
  isUpdate: bool('ospf.msg.lsupdate', 'Link State Adv Update', { bool: TRUE_FALSE }),
  isAcknowledge: bool('ospf.msg.lsack', 'Link State Adv Acknowledgement', { bool: TRUE_FALSE }),
  hello: none('ospf.hello', 'OSPF Hello Packet'),
  mask: ipv4('ospf.hello.network_mask', 'Network Mask'),
  interfaceId: uint32('ospf.hello.interface_id', 'Interface ID'),
  helloInterval: uint32('ospf.hello.hello_interval', 'Hello Interval [sec]'),
  priority: uint8('ospf.hello.router_priority', 'Router Priority'),
  deadInterval: uint32('ospf.hello.router_dead_interval', 'Router Dead Interval [sec]'),
  designated: ipv4('ospf.hello.designated_router', 'Designated Router'),
  backup: ipv4('ospf.hello.backup_designated_router', 'Backup Designated Router'),
  neighbor: ipv4('ospf.hello.active_neighbor', 'Active Neighbor'),
  mtu: uint16('ospf.db.interface_mtu', 'Interface MTU'),
  sequence: uint32('ospf.db.dd_sequence', 'DD Sequence'),
  lsas: uint32('ospf.ls.number_of_lsas', 'Number of LSAs'),
  age: uint16('ospf.lsa.age', 'LS Age (seconds)', { mask: 0x7fff }),
  keep: uint16('ospf.lsa.donotage', 'Do Not Age Flag', { mask: 0x8000 }),
  keep3: bool('ospf.v3.lsa.do_not_age', 'Do Not Age', set(0x8000, 'True', 'False')),
  type: uint8('ospf.lsa', 'LS Type', { names: lsTypes }),
  type3: uint16('ospf.v3.lsa', 'LS Type', { base: 'hex' }),
  handling: bool(
    'ospf.v3.lsa.u',
    'LSA Handling',
    set(0x8000, 'Treat the LSA as if it had link-local flooding scope', 'Store and flood the LSA as if the type is understood'),
  ),
  scope: uint16('ospf.v3.lsa.s12', 'Flooding Scope', {
    base: 'hex',
    mask: 0x6000,
    names: names({
      0: 'Link-Local Scoping - Flooded only on originating link',
      1: 'Area Scoping - Flooded only in originating area',
      2: 'AS Scoping - Flooded throughout AS',
      3: 'Reserved',
    }),
  }),
  code: uint16('ospf.v3.lsa.fc', 'Function Code', { mask: 0x1fff, names: functionCodes }),
  id: ipv4('ospf.lsa.id', 'Link State ID'),
  linkState: ipv4('ospf.link_state_id', 'Link State ID'),
  opaqueType: uint8('ospf.lsid_opaque_type', 'Link State ID Opaque Type', {
    names: names({
      1: 'Traffic Engineering LSA',
      2: 'Sycamore Optical Topology Descriptions',
      3: 'grace-LSA',
      4: 'Optional Router Capabilities',
      5: 'L1VPN LSA',
      6: 'Inter-AS-TE-v2 LSA',
      7: 'Extended Prefix Opaque LSA',
      8: 'Extended Link Opaque LSA',
    }),
  }),
  opaqueId: uint24('ospf.lsid.opaque_id', 'Link State ID Opaque ID'),
  teReserved: uint8('ospf.lsid_te_lsa.reserved', 'Link State ID TE-LSA Reserved'),
  teInstance: uint16('ospf.lsid_te_lsa.instance', 'Link State ID TE-LSA Instance'),
  advertiser: ipv4('ospf.advrouter', 'Advertising Router'),
  lsSequence: uint32('ospf.lsa.seqnum', 'Sequence Number', { base: 'hex' }),
  lsChecksum: uint16('ospf.lsa.chksum', 'Checksum', { base: 'hex' }),
  lsLength: uint16('ospf.lsa.length', 'Length'),
  llsChecksum: uint16('ospf.lls.checksum', 'Checksum', { base: 'hex' }),
  llsLength: uint16('ospf.lls.data_length', 'LLS Data Length'),
  trailer: none('ospf.at', 'OSPF Authentication Trailer'),
  trailerType: uint16('ospf.at.auth_type', 'Authentication Type', {
    names: names({ 0: 'Reserved', 1: 'HMAC Cryptographic Authentication' }),
  }),
  trailerLength: uint16('ospf.at.auth_data_len', 'Authentication Data Length'),
  trailerReserved: uint16('ospf.at.reserved', 'Reserved', { base: 'hex' }),
  trailerAssociation: uint16('ospf.at.sa_id', 'Security Association Identifier (SA ID)', { base: 'hex' }),
  trailerSequence: uint64('ospf.at.crypto_seq_nbr', 'Cryptographic Sequence Number'),
  trailerData: bytes('ospf.at.auth_data', 'Authentication Data'),
  flags2: uint8('ospf.v2.router.lsa.flags', 'Flags', { base: 'hex' }),
  flags3: uint8('ospf.v3.router.lsa.flags', 'Flags', { base: 'hex' }),
  links: uint16('ospf.lsa.number_of_links', 'Number of Links'),
  metrics: uint8('ospf.lsa.router.nummetrics', 'Number of Metrics'),
  metric0: uint16('ospf.lsa.router.metric0', '0 Metric'),
  netmask: ipv4('ospf.lsa.network.netmask', 'Netmask'),
  attached: ipv4('ospf.lsa.network.attchrtr', 'Attached Router'),
  linkType3: uint8('ospf.v3.lsa.type', 'Type', { names: linkTypes }),
  interface3: uint32('ospf.v3.lsa.interface_id', 'Interface ID'),
  neighborInterface3: uint32('ospf.v3.lsa.neighbor_interface_id', 'Neighbor Interface ID'),
  neighborRouter3: ipv4('ospf.v3.lsa.neighbor_router_id', 'Neighbor Router ID'),
  attached3: ipv4('ospf.v3.lsa.attached_router', 'Attached Router'),
  options2: uint8('ospf.v2.options', 'Options', { base: 'hex' }),
  description: uint8('ospf.dbd', 'DB Description', { base: 'hex' }),
};

/** Bits from the highest down. */
const options2: readonly FieldDef[] = [
  bool('ospf.v2.options.dn', 'DN', set(0x80)),
  bool('ospf.v2.options.o', 'O', set(0x40)),
  bool('ospf.v2.options.dc', '(DC) Demand Circuits', set(0x20, 'Supported', 'Not supported')),
  bool('ospf.v2.options.l', '(L) LLS Data block', set(0x10, 'Present', 'Not Present')),
  bool('ospf.v2.options.n', '(N) NSSA', set(0x08, 'Supported', 'Not supported')),
  bool('ospf.v2.options.mc', '(MC) Multicast', set(0x04, 'Capable', 'Not capable')),
  bool('ospf.v2.options.e', '(E) External Routing', set(0x02, 'Capable', 'Not capable')),
  bool('ospf.v2.options.mt', '(MT) Multi-Topology Routing', set(0x01, 'Yes', 'No')),
];
/** The same bit is P in the header of an NSSA LSA (RFC 3101, section 2.4). */
const propagate = bool('ospf.v2.options.p', '(P) Propagate', set(0x08));
const optionsNssa = options2.map((bit) => (bit.mask === propagate.mask ? propagate : bit));
const descriptionBits: readonly FieldDef[] = [
  bool('ospf.dbd.r', '(R) OOBResync', set(0x08)),
  bool('ospf.dbd.i', '(I) Init', set(0x04)),
  bool('ospf.dbd.m', '(M) More', set(0x02)),
  bool('ospf.dbd.ms', '(MS) Master', set(0x01, 'Yes', 'No')),
];

const routerBits2: readonly FieldDef[] = [
  bool('ospf.v2.router.lsa.flags.h', '(H) flag', set(0x80, 'Yes', 'No')),
  bool('ospf.v2.router.lsa.flags.n', '(N) flag', set(0x10, 'Yes', 'No')),
  bool('ospf.v2.router.lsa.flags.w', '(W) Wild-card multicast receiver', set(0x08, 'Yes', 'No')),
  bool('ospf.v2.router.lsa.flags.v', '(V) Virtual link endpoint', set(0x04, 'Yes', 'No')),
  bool('ospf.v2.router.lsa.flags.e', '(E) AS boundary router', set(0x02, 'Yes', 'No')),
  bool('ospf.v2.router.lsa.flags.b', '(B) Area border router', set(0x01, 'Yes', 'No')),
];
const routerBits3: readonly FieldDef[] = [
  bool('ospf.v3.router.lsa.flags.w', '(W) Wild-card multicast receiver', set(0x08, 'Yes', 'No')),
  bool('ospf.v3.router.lsa.flags.v', '(V) Virtual link endpoint', set(0x04, 'Yes', 'No')),
  bool('ospf.v3.router.lsa.flags.e', '(E) AS boundary router', set(0x02, 'Yes', 'No')),
  bool('ospf.v3.router.lsa.flags.b', '(B) Area border router', set(0x01, 'Yes', 'No')),
];

const kinds = new Map([
  [HELLO, f.isHello],
  [DB_DESCRIPTION, f.isDescription],
  [LS_REQUEST, f.isRequest],
  [LS_UPDATE, f.isUpdate],
  [LS_ACKNOWLEDGE, f.isAcknowledge],
]);

/** Hidden fields by which filters find LSAs of one kind. */
const kinds2 = new Map<number, FieldDef>(
  (
    [
      [1, 'ospf.lsa.router', 'Router LSA'],
      [2, 'ospf.lsa.network', 'Network LSA'],
      [3, 'ospf.lsa.summary', 'Summary LSA (IP Network)'],
      [4, 'ospf.lsa.asbr', 'Summary LSA (ASBR)'],
      [5, 'ospf.lsa.asext', 'AS-External LSA (ASBR)'],
      [6, 'ospf.lsa.member', 'Group Membership LSA'],
      [7, 'ospf.lsa.nssa', 'NSSA AS-External LSA'],
      [8, 'ospf.lsa.attr', 'External Attributes LSA'],
      [9, 'ospf.lsa.opaque', 'Opaque LSA'],
    ] as const
  ).map(([type, abbrev, label]) => [type, bool(abbrev, label, { bool: TRUE_FALSE })]),
);
const kinds3 = new Map<number, FieldDef>(
  (
    [
      [1, 'router', 'Router-LSA'],
      [2, 'network', 'Network-LSA'],
      [3, 'interprefix', 'Inter-Area-Prefix-LSA'],
      [4, 'interrouter', 'Inter-Area-Router-LSA'],
      [5, 'asext', 'AS-External-LSA'],
      [6, 'member', 'Group-Membership-LSA'],
      [7, 'nssa', 'NSSA-LSA'],
      [8, 'link', 'Link-LSA'],
      [9, 'intraprefix', 'Intra-Area-Prefix-LSA'],
      [12, 'opaque', 'Router Information Opaque-LSA'],
    ] as const
  ).map(([code, name, label]) => [code, bool(`ospf.v3.lsa.${name}`, label, { bool: TRUE_FALSE })]),
);

function lsHeader(node: Node, version: number, at: number): void {
  const b = node.buf;
  node.uint(f.age, at);
  if (version === 2) {
    node.uint(f.keep, at);
    const type = b.u8(at + 3);
    bits(node, f.options2, type === 7 ? optionsNssa : options2, at + 2, 1);
    node.uint(f.type, at + 3);
    const kind = kinds2.get(type > 9 && type <= 11 ? 9 : type);
    if (kind !== undefined) node.uint(kind, at + 3, 1, { hidden: true });
    if (type >= 9 && type <= 11) {
      if (node.uint(f.opaqueType, at + 4) === OPAQUE_TE) {
        node.uint(f.teReserved, at + 5);
        node.uint(f.teInstance, at + 6);
      } else node.uint(f.opaqueId, at + 5);
    } else node.bytes(f.id, at + 4);
  } else {
    node.uint(f.keep3, at, 2);
    const code = lsType3(node, at + 2);
    const kind = kinds3.get(code);
    if (kind !== undefined) node.uint(kind, at + 2, 2, { hidden: true });
    node.bytes(f.linkState, at + 4);
  }
  node.bytes(f.advertiser, at + 8);
  node.uint(f.lsSequence, at + 12);
  node.uint(f.lsChecksum, at + 16);
  node.uint(f.lsLength, at + 18);
}

/** Gives the function code. */
function lsType3(node: Node, at: number): number {
  const type = node.uintNode(f.type3, at);
  type.uint(f.handling, at, 2);
  type.uint(f.scope, at);
  return type.uint(f.code, at);
}

function lsaTitle(b: Buf, version: number, at: number): string {
  const type = version === 2 ? b.u8(at + 3) : b.u16(at + 2) & 0x1fff;
  return `LSA-type ${type} (${(version === 2 ? lsTypes : functionCodes).get(type) ?? 'Unknown'}), len ${b.u16(at + 18)}`;
}

/** Headers one after another, as Database Description and LS Acknowledge have them. */
function lsHeaders(layer: Layer, b: Buf, version: number, from: number, end: number): void {
  for (let at = from; at + LSA_BYTES <= end && layer.ok && !layer.d.full; at += LSA_BYTES) {
    if (layer.has(at, LSA_BYTES)) lsHeader(layer.text(at, LSA_BYTES, lsaTitle(b, version, at)), version, at);
  }
}

function hello(layer: Layer, version: number, o: number, end: number): number {
  const node = layer.add(f.hello, o, end - o, null);
  let options: number;
  if (version === 2) {
    node.bytes(f.mask, o);
    node.uint(f.helloInterval, o + 4, 2);
    options = bits(node, f.options2, options2, o + 6, 1);
    node.uint(f.priority, o + 7);
    node.uint(f.deadInterval, o + 8);
  } else {
    node.uint(f.interfaceId, o);
    node.uint(f.priority, o + 4);
    options = bits(node, shared.options3, options3, o + 5, 3);
    node.uint(f.helloInterval, o + 8, 2);
    node.uint(f.deadInterval, o + 10, 2);
  }
  node.bytes(f.designated, o + 12);
  node.bytes(f.backup, o + 16);
  for (let at = o + 20; at + 4 <= end && layer.ok && !layer.d.full; at += 4) node.bytes(f.neighbor, at);
  return options;
}

function description(layer: Layer, b: Buf, version: number, o: number, end: number): number {
  const node = layer.text(o, version === 2 ? 8 : 12, 'OSPF DB Description');
  let options: number;
  let at = o;
  if (version === 2) {
    node.uint(f.mtu, at);
    options = bits(node, f.options2, options2, at + 2, 1);
    at += 3;
  } else {
    node.bytes(shared.reserved, at, 1);
    options = bits(node, shared.options3, options3, at + 1, 3);
    node.uint(f.mtu, at + 4);
    node.bytes(shared.reserved, at + 6, 1);
    at += 7;
  }
  bits(node, f.description, descriptionBits, at, 1);
  node.uint(f.sequence, at + 1);
  lsHeaders(layer, b, version, at + 5, end);
  return options;
}

function requests(layer: Layer, version: number, from: number, end: number): void {
  for (let at = from; at + 12 <= end && layer.ok && !layer.d.full; at += 12) {
    const node = layer.text(at, 12, 'Link State Request');
    if (version === 2) node.uint(f.type, at, 4);
    else {
      node.bytes(shared.reserved, at, 2);
      lsType3(node, at + 2);
    }
    node.bytes(f.linkState, at + 4);
    node.bytes(f.advertiser, at + 8);
  }
}

/** RFC 2328, section A.4.2; gives where it ends. */
function router2(node: Node, from: number, end: number): number {
  bits(node, f.flags2, routerBits2, from, 1);
  const count = node.uint(f.links, from + 2);
  let at = from + 4;
  for (let i = 0; i < count && at + 12 <= end && node.ok && !node.d.full; i++) {
    const metrics = node.buf.u8(at + 9);
    const link = node.text(at, 12 + metrics * 4, 'Link', linkTypes.get(node.buf.u8(at + 8)));
    link.bytes(shared.linkId, at);
    link.bytes(shared.linkData, at + 4);
    link.uint(shared.linkType, at + 8);
    link.uint(f.metrics, at + 9);
    link.uint(f.metric0, at + 10);
    at += 12;
    for (let j = 0; j < metrics && at + 4 <= end && link.ok; j++, at += 4) {
      link.uint(shared.tos, at);
      link.uint(shared.metric, at + 2, 2);
    }
  }
  return at;
}

/** RFC 5340, section A.4.3; gives where it ends. */
function router3(node: Node, from: number, end: number): number {
  bits(node, f.flags3, routerBits3, from, 1);
  bits(node, shared.options3, options3, from + 1, 3);
  let at = from + 4;
  for (; at + 16 <= end && node.ok && !node.d.full; at += 16) {
    const link = node.text(at, 16, 'Interface', linkTypes.get(node.buf.u8(at)));
    link.uint(f.linkType3, at);
    link.bytes(shared.reserved, at + 1, 1);
    link.uint(shared.metric, at + 2, 2);
    link.uint(f.interface3, at + 4);
    link.uint(f.neighborInterface3, at + 8);
    link.bytes(f.neighborRouter3, at + 12);
  }
  return at;
}

/** What an LSA says, in [at, end) with its header; gives where that ends. */
function lsBody(node: Node, version: number, at: number, end: number): number {
  const b = node.buf;
  const type = version === 2 ? b.u8(at + 3) : b.u16(at + 2) & 0x1fff;
  let from = at + LSA_BYTES;
  if (!node.ok || end < from + 4) return from;
  if (type === ROUTER) return version === 2 ? router2(node, from, end) : router3(node, from, end);
  if (type !== NETWORK) {
    const body = node.over(b.from(from, end));
    return version === 2 ? lsaBody2(body, type, b.u8(at + 4), from, end) : lsaBody3(body, type, from, end);
  }
  if (version === 2) node.bytes(f.netmask, from);
  else {
    node.bytes(shared.reserved, from, 1);
    bits(node, shared.options3, options3, from + 1, 3);
  }
  for (from += 4; from + 4 <= end && node.ok && !node.d.full; from += 4) node.bytes(version === 2 ? f.attached : f.attached3, from);
  return from;
}

function updates(layer: Layer, b: Buf, version: number, o: number, end: number): void {
  const node = layer.text(o, end - o, 'LS Update Packet');
  const count = node.uint(f.lsas, o);
  let at = o + 4;
  for (let i = 0; i < count && at < end && layer.ok && !layer.d.full; i++) {
    if (!layer.has(at, LSA_BYTES)) return;
    // A length below that of the header would not lead on.
    const length = Math.max(LSA_BYTES, b.u16(at + 18));
    const lsa = node.text(at, length, lsaTitle(b, version, at));
    lsHeader(lsa, version, at);
    const stop = Math.min(at + length, end);
    const body = lsBody(lsa, version, at, stop);
    if (layer.ok && stop > body) lsa.text(body, stop - body, 'Not taken apart', `${stop - body} bytes`);
    at += length;
  }
}

/** What the common header's checksum says of itself: RFC 2328, section D.4; RFC 5340, section A.3.1. */
function checksumText(b: Buf, version: number, auth: number, length: number, d: Dissection): string {
  const o = b.offset;
  const written = b.u16(o + 12);
  const text = `0x${written.toString(16).padStart(4, '0')}`;
  const end = o + length;
  if ((version === 2 && auth !== AUTH_NONE && auth !== AUTH_SIMPLE) || (version === 3 && written === 0)) return `${text} (None)`;
  if (d.quoted || d.fragmented || end > b.end || length < (version === 2 ? HEADER2_BYTES : HEADER3_BYTES)) return text;
  let sum = 0;
  if (version === 2) sum = sum16(b.bytes, o + HEADER2_BYTES, end, sum16(b.bytes, o, o + 16));
  else if (d.netSrc === null || d.netDst === null) return text;
  else sum = sum16(b.bytes, o, end, pseudoHeaderSum(d.netSrc, d.netDst, IP_PROTO, length));
  const right = expectedChecksum(written, sum);
  return right === written ? `${text} [correct]` : `${text} [incorrect, should be 0x${right.toString(16).padStart(4, '0')}]`;
}

/** Gives how many bytes of a cryptographic digest stand behind the packet. */
function authentication(header: Node, auth: number, o: number, end: number): number {
  header.uint(f.authType, o + 14);
  const at = o + 16;
  if (auth === AUTH_NONE) header.bytes(f.authNone, at, 8);
  else if (auth === AUTH_SIMPLE) header.string(f.authSimple, at, 8, { zero: true });
  else if (auth === AUTH_CRYPT) {
    header.uint(f.authKey, at + 2);
    const length = header.uint(f.authLength, at + 3);
    header.uint(f.authSequence, at + 4);
    if (length > 0) header.bytes(f.authData, end, length);
    return length;
  } else header.bytes(f.authUnknown, at, 8);
  return 0;
}

/** RFC 7166, section 4. */
function trailer(layer: Layer, at: number): void {
  const length = layer.buf.u16(at + 2);
  const node = layer.add(f.trailer, at, length, null);
  node.uint(f.trailerType, at);
  node.uint(f.trailerLength, at + 2);
  node.uint(f.trailerReserved, at + 4);
  node.uint(f.trailerAssociation, at + 6);
  node.uint64(f.trailerSequence, at + 8);
  if (length > 16) node.bytes(f.trailerData, at + 16, length - 16);
}

export const ospf: Protocol = defineProtocol({
  name: 'ospf',
  short: 'OSPF',
  title: 'Open Shortest Path First',
  osi: '3',
  pdu: 'Message',
  hue: 'net',
  fields: [
    ...Object.values(f),
    ...Object.values(shared),
    ...lsaBits,
    ...options2,
    propagate,
    ...descriptionBits,
    ...routerBits2,
    ...routerBits3,
    ...kinds2.values(),
    ...kinds3.values(),
  ],

  index(w) {
    w.has(4);
  },

  dissect(d, b) {
    const o = b.offset;
    const layer = d.layer(ospf, b);
    d.column(ospf);
    const version = b.u8(o);
    const size = version === 3 ? HEADER3_BYTES : HEADER2_BYTES;
    const header = layer.add(f.header, o, size, null);
    header.uint(f.version, o);
    const message = header.uint(f.message, o + 1);
    if (!layer.ok) return;
    layer.summary = messages.get(message) ?? `Message Type ${message}`;
    d.column(ospf, layer.node.summary);
    const kind = kinds.get(message);
    if (kind !== undefined) header.uint(kind, o + 1, 1, { hidden: true });
    const length = header.uint(f.length, o + 2);
    header.bytes(f.router, o + 4);
    const area = header.bytes(f.area, o + 8);
    if (layer.ok && area.every((octet) => octet === 0)) {
      const last = header.children.at(-1);
      if (last !== undefined) last.display = '0.0.0.0 (Backbone)';
    }
    if (version !== 2 && version !== 3) return;
    const auth = b.u16(o + 14);
    header.uint(f.checksum, o + 12, 2, { display: checksumText(b, version, auth, length, d) });
    const end = o + length;
    let after = end;
    if (version === 2) after += authentication(header, auth, o, end);
    else {
      header.uint(f.instance, o + 14);
      header.bytes(shared.reserved, o + 15, 1);
    }
    if (!layer.ok) return;
    layer.size(size);
    const body = o + size;
    const stop = Math.min(end, b.wireEnd);
    let options = 0;
    if (message === HELLO) options = hello(layer, version, body, stop);
    else if (message === DB_DESCRIPTION) options = description(layer, b, version, body, stop);
    else if (message === LS_REQUEST) requests(layer, version, body, stop);
    else if (message === LS_UPDATE) updates(layer, b, version, body, stop);
    else if (message === LS_ACKNOWLEDGE) lsHeaders(layer, b, version, body, stop);
    if (!layer.ok) return;
    // Link-local signalling (RFC 5613) and then the trailer stand behind the packet, if its options say so.
    if ((options & (version === 2 ? 0x10 : 0x200)) !== 0) {
      const words = b.u16(after + 2);
      const block = layer.text(after, words * 4, 'OSPF LLS Data Block');
      block.uint(f.llsChecksum, after);
      if (block.has(after + 2, 2)) block.add(f.llsLength, after + 2, 2, words * 4, { display: `${words * 4} bytes` });
      signalling(block, version, after + 4, Math.min(after + words * 4, b.end));
      after += words * 4;
    }
    if (version === 3 && (options & 0x400) !== 0) trailer(layer, after);
  },
});
