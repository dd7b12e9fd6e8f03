/**
 * Spanning trees: IEEE 802.1D (configuration, topology change), 802.1w (rapid), 802.1s (multiple) and 802.1aq (shortest path) BPDUs, and
 * Cisco's per-VLAN ones, which end with the VLAN they are of.
 */
import { formatEther } from '../bytes/format.ts';
import type { Buf, Dissection, Layer, Node } from '../dissect/dissection.ts';
import { bool, bytes, double, ether, expert, type FieldDef, names, string, uint8, uint16, uint32 } from '../dissect/field.ts';
import { defineProtocol } from '../dissect/protocol.ts';

const CONFIGURATION = 0;
const RAPID = 2;
const TOPOLOGY_CHANGE = 0x80;
const COMMON = 4;
const TLVS = 36;
/** Bytes of the parameters of version 3 before the messages of the instances. */
const MST_FIXED = 64;
const MST_LENGTH = 36;
const INSTANCES = 102;
const INSTANCE = 16;
/** Instances of the layout that was sent before the standard was done. */
const EARLY_INSTANCE = 26;

const yesNo = ['Yes', 'No'] as const;
const f = {
  protocol: uint16('stp.protocol', 'Protocol Identifier', { base: 'hex', names: names({ 0: 'Spanning Tree Protocol' }) }),
  version: uint8('stp.version', 'Protocol Version Identifier', {
    names: names({ 0: 'Spanning Tree', 2: 'Rapid Spanning Tree', 3: 'Multiple Spanning Tree', 4: 'Shortest Path Tree' }),
  }),
  versionUnknown: expert('bpdu.version_support', 'warn', 'This version is not known: 0, 2, 3 and 4 are'),
  type: uint8('stp.type', 'BPDU Type', {
    base: 'hex',
    names: names({ 0: 'Configuration', 2: 'Rapid/Multiple Spanning Tree', 128: 'Topology Change Notification' }),
  }),
  typeUnknown: expert('stp.type.unknown', 'warn', 'Unknown BPDU type data'),
  flags: uint8('stp.flags', 'BPDU flags', { base: 'hex' }),
  changeAck: bool('stp.flags.tcack', 'Topology Change Acknowledgment', { mask: 0x80, bool: yesNo }),
  agreement: bool('stp.flags.agreement', 'Agreement', { mask: 0x40, bool: yesNo }),
  forwarding: bool('stp.flags.forwarding', 'Forwarding', { mask: 0x20, bool: yesNo }),
  learning: bool('stp.flags.learning', 'Learning', { mask: 0x10, bool: yesNo }),
  role: uint8('stp.flags.port_role', 'Port Role', {
    mask: 0x0c,
    names: names({ 0: 'Unknown', 1: 'Alternate or Backup', 2: 'Root', 3: 'Designated' }),
  }),
  proposal: bool('stp.flags.proposal', 'Proposal', { mask: 0x02, bool: yesNo }),
  change: bool('stp.flags.tc', 'Topology Change', { mask: 0x01, bool: yesNo }),
  rootPriority: uint16('stp.root.prio', 'Root Bridge Priority'),
  rootExtension: uint16('stp.root.ext', 'Root Bridge System ID Extension'),
  rootAddress: ether('stp.root.hw', 'Root Bridge System ID'),
  rootCost: uint32('stp.root.cost', 'Root Path Cost'),
  bridgePriority: uint16('stp.bridge.prio', 'Bridge Priority'),
  bridgeExtension: uint16('stp.bridge.ext', 'Bridge System ID Extension'),
  bridgeAddress: ether('stp.bridge.hw', 'Bridge System ID'),
  port: uint16('stp.port', 'Port identifier', { base: 'hex' }),
  messageAge: double('stp.msg_age', 'Message Age'),
  maxAge: double('stp.max_age', 'Max Age'),
  hello: double('stp.hello', 'Hello Time'),
  forward: double('stp.forward', 'Forward Delay'),
  version1Length: uint8('stp.version_1_length', 'Version 1 Length'),
  tlvType: uint16('stp.pvst.tlvtype', 'Type', { base: 'hex', names: names({ 0: 'Originating VLAN' }) }),
  tlvLength: uint16('stp.pvst.tlvlen', 'Length'),
  vlan: uint16('stp.pvst.origvlan', 'Originating VLAN'),
  tlvValue: bytes('stp.pvst.tlvval', 'Value'),
  tlvLengthInvalid: expert('stp.pvst.tlvlen.invalid', 'error', 'Indicated length is not valid for this record type', 'malformed'),
  vlanMissing: expert('stp.pvst.origvlan.missing', 'error', 'Originating (PVID) VLAN TLV is missing or corrupt', 'malformed'),
  tlvTruncated: expert('stp.pvst.tlv.truncated', 'error', 'TLV record is truncated prematurely', 'malformed'),
  tlvUnknown: expert('stp.pvst.tlv.unknown', 'note', 'TLV type is unknown', 'undecoded'),
  version3Length: uint16('mstp.version_3_length', 'Version 3 Length'),
  selector: uint8('mstp.config_format_selector', 'MST Config ID format selector'),
  name: string('mstp.config_name', 'MST Config name'),
  revision: uint16('mstp.config_revision_level', 'MST Config revision'),
  digest: bytes('mstp.config_digest', 'MST Config digest'),
  internalCost: uint32('mstp.cist_internal_root_path_cost', 'CIST Internal Root Path Cost'),
  cistPriority: uint16('mstp.cist_bridge.prio', 'CIST Bridge Priority'),
  cistExtension: uint16('mstp.cist_bridge.ext', 'CIST Bridge Identifier System ID Extension'),
  cistAddress: ether('mstp.cist_bridge.hw', 'CIST Bridge Identifier System ID'),
  cistHops: uint8('mstp.cist_remaining_hops', 'CIST Remaining hops'),
  instanceFlags: uint8('mstp.msti.flags', 'MSTI flags', { base: 'hex' }),
  instancePriority: uint8('mstp.msti.priority', 'Priority', { base: 'hex', mask: 0xf0 }),
  instanceId: uint16('mstp.msti.msti_id', 'MSTID', { mask: 0x0fff }),
  regionalRootId: uint16('mstp.msti.regional_root_id', 'MSTI Regional Root Identifier'),
  regionalRoot: ether('mstp.msti.root.hw', 'Regional Root'),
  instanceCost: uint32('mstp.msti.root_cost', 'Internal root path cost'),
  instanceBridgeId: uint16('mstp.msti.bridge_id', 'MSTI Bridge Identifier', { mask: 0x0fff }),
  instanceBridgeIdPriority: uint16('mstp.msti.bridge_id_priority', 'MSTI Bridge Priority', { mask: 0xf000 }),
  instanceBridgeAddress: ether('mstp.msti.bridge_id_mac', 'MSTI Bridge MAC'),
  instanceBridgePriority: uint8('mstp.msti.bridge_priority', 'Bridge Identifier Priority'),
  instancePortPriority: uint8('mstp.msti.port_priority', 'Port identifier priority'),
  instancePort: uint16('mstp.msti.port', 'Port identifier', { base: 'hex' }),
  instanceHops: uint8('mstp.msti.remaining_hops', 'Remaining hops'),
  version4Length: uint16('mstp.version_4_length', 'Version 4 Length'),
  agreementNumber: uint8('mstp.agree_flags.agreement_num', 'Agreement Number', { mask: 0x03 }),
  disagreementNumber: uint8('mstp.agree_flags.dagreement_num', 'Disagreement Number', { mask: 0x0c }),
  agreementValid: bool('mstp.agree_flags.agreement_valid', 'Agreement Valid Flag', { mask: 0x10, bool: yesNo }),
  restrictedRole: bool('mstp.agree_flags.rest_role', 'Restricted Role', { mask: 0x20, bool: yesNo }),
  digestFormat: uint8('bpdu.agreement_digest_format_id', 'Agreement Digest Format Id', { mask: 0xf0 }),
  digestFormatCapabilities: uint8('bpdu.agreement_digest_format_capabilities', 'Agreement Digest Format Capabilities', { mask: 0x0f }),
  digestConvention: uint8('bpdu.agreement_digest_convention_id', 'Agreement Digest Convention Id', { mask: 0xf0 }),
  digestConventionCapabilities: uint8('bpdu.agreement_digest_convention_capabilities', 'Agreement Digest Convention Capabilities', {
    mask: 0x0f,
  }),
  digestEdges: uint16('bpdu.agreement_digest_edge_count', 'Agreement Digest Edge Count'),
  agreementDigest: bytes('mstp.agreement_digest', 'Agreement Digest'),
};

const roles = f.role.names as ReadonlyMap<number, string>;
const allFlags: readonly FieldDef[] = [f.changeAck, f.agreement, f.forwarding, f.learning, f.role, f.proposal, f.change];
const oldFlags: readonly FieldDef[] = [f.changeAck, f.change];

function flags(parent: Node, declared: FieldDef, bits: readonly FieldDef[], at: number): void {
  const node = parent.uintNode(declared, at);
  if (!parent.ok) return;
  const value = parent.buf.u8(at);
  const words: string[] = [];
  for (const bit of bits) {
    node.uint(bit, at, 1);
    if (bit === f.role) words.push(`Port Role: ${roles.get((value >> 2) & 3)}`);
    else if ((value & (bit.mask ?? 0)) !== 0) words.push(bit.label);
  }
  node.display = [`0x${value.toString(16).padStart(2, '0')}`, ...words].join(', ');
}

interface Identifier {
  readonly label: string;
  readonly priority: FieldDef;
  readonly extension: FieldDef;
  readonly address: FieldDef;
}

const root: Identifier = { label: 'Root Identifier', priority: f.rootPriority, extension: f.rootExtension, address: f.rootAddress };
const bridge: Identifier = {
  label: 'Bridge Identifier',
  priority: f.bridgePriority,
  extension: f.bridgeExtension,
  address: f.bridgeAddress,
};
const cist: Identifier = {
  label: 'CIST Bridge Identifier',
  priority: f.cistPriority,
  extension: f.cistExtension,
  address: f.cistAddress,
};

/** Four bits of priority, twelve of the VLAN or instance, and an address (802.1D-2004, 9.2.5). Gives its parts. */
function identifier(parent: Node, about: Identifier, at: number): readonly [number, number, string] {
  if (!parent.has(at, 8)) return [0, 0, ''];
  const word = parent.buf.u16(at);
  const address = formatEther(parent.buf.slice(at + 2, 6));
  const priority = word & 0xf000;
  const extension = word & 0x0fff;
  const node = parent.text(at, 8, about.label, `${priority} / ${extension} / ${address}`);
  node.add(about.priority, at, 1, priority);
  node.add(about.extension, at, 2, extension);
  node.bytes(about.address, at + 2);
  return [priority, extension, address];
}

/** Times are in 256ths of a second. */
function time(layer: Layer, field: FieldDef, at: number): void {
  if (layer.has(at, 2)) layer.add(field, at, 2, layer.buf.u16(at) / 256);
}

function perVlan(layer: Layer, b: Buf): void {
  let found = false;
  let at = b.offset + TLVS;
  if (b.wireEnd - at < 4) layer.expert(f.tlvTruncated);
  while (layer.ok && b.wireEnd - at >= 4) {
    if (!layer.has(at, 4)) return;
    const type = b.u16(at);
    const length = b.u16(at + 2);
    const node = layer.text(at, 4 + length, type === 0 ? 'Originating VLAN' : `Unknown TLV type: 0x${type.toString(16).padStart(4, '0')}`);
    node.uint(f.tlvType, at);
    const lengthNode = node.uintNode(f.tlvLength, at + 2);
    at += 4;
    if (b.wireEnd - at < length) {
      lengthNode.expert(f.tlvTruncated);
      break;
    }
    if (type !== 0) {
      node.bytes(f.tlvValue, at, length);
      node.expert(f.tlvUnknown);
    } else if (length === 2) {
      node.display = `(PVID): ${node.uint(f.vlan, at)}`;
      found = true;
    } else {
      lengthNode.expert(f.tlvLengthInvalid);
    }
    at += length;
  }
  if (layer.ok && !found) layer.expert(f.vlanMissing);
}

function configuration(node: Node, at: number): void {
  node.uint(f.selector, at);
  node.string(f.name, at + 1, 32, { zero: true });
  node.uint(f.revision, at + 33);
  node.bytes(f.digest, at + 35, 16);
}

/** One instance's message (802.1Q, 14.6.1). */
function instance(parent: Node, at: number): void {
  if (!parent.has(at, INSTANCE)) return;
  const node = instanceNode(parent, at, at + 1, INSTANCE);
  flags(node, f.instanceFlags, allFlags, at);
  node.uint(f.instancePriority, at + 1);
  node.uint(f.instanceId, at + 1);
  node.bytes(f.regionalRoot, at + 3);
  node.uint(f.instanceCost, at + 9);
  node.add(f.instanceBridgePriority, at + 13, 1, parent.buf.u8(at + 13) >> 4);
  node.add(f.instancePortPriority, at + 14, 1, parent.buf.u8(at + 14) >> 4);
  node.uint(f.instanceHops, at + 15);
}

/** The same before the standard was done: identifiers are whole. */
function earlyInstance(parent: Node, at: number): void {
  if (!parent.has(at, EARLY_INSTANCE)) return;
  const node = instanceNode(parent, at, at + 3, EARLY_INSTANCE);
  node.uint(f.instanceId, at);
  flags(node, f.instanceFlags, allFlags, at + 2);
  node.uint(f.instancePriority, at + 3);
  node.uint(f.regionalRootId, at + 3);
  node.bytes(f.regionalRoot, at + 5);
  node.uint(f.instanceCost, at + 11);
  node.uint(f.instanceBridgeId, at + 15);
  node.uint(f.instanceBridgeIdPriority, at + 15);
  node.bytes(f.instanceBridgeAddress, at + 17);
  node.uint(f.instancePort, at + 23);
  node.uint(f.instanceHops, at + 25);
}

function instanceNode(parent: Node, at: number, rootAt: number, length: number): Node {
  const word = parent.buf.u16(rootAt);
  const address = formatEther(parent.buf.slice(rootAt + 2, 6));
  return parent.text(at, length, `MSTID ${word & 0x0fff}`, `Regional Root Identifier ${word & 0xf000} / ${address}`);
}

/** What version 3 adds; gives where it ends. */
function multiple(layer: Layer, b: Buf): number {
  const o = b.offset;
  const length = layer.uint(f.version3Length, o + MST_LENGTH);
  if (!layer.has(o + MST_LENGTH + 2, 1)) return b.end;
  const selector = b.u8(o + MST_LENGTH + 2);
  const early = length === 0 && b.wireLength === MST_LENGTH + 2 + selector + 1;
  // Some bridges count instances where the standard counts octets.
  const rest = early ? selector - MST_FIXED : length >= MST_FIXED ? length - MST_FIXED : length * INSTANCE;
  const node = layer.text(o + MST_LENGTH, b.end - o - MST_LENGTH, 'MST Extension');
  configuration(node, o + 38);
  if (early) {
    identifier(node, cist, o + 89);
    node.uint(f.internalCost, o + 97);
  } else if (length !== 0) {
    node.uint(f.internalCost, o + 89);
    identifier(node, cist, o + 93);
  }
  node.uint(f.cistHops, o + 101);
  const end = o + INSTANCES + Math.max(0, rest);
  const step = early ? EARLY_INSTANCE : INSTANCE;
  for (let at = o + INSTANCES; layer.ok && at < end; at += step) early ? earlyInstance(node, at) : instance(node, at);
  return end;
}

/** What version 4 adds: a second configuration and the digest that two neighbours agree on. */
function shortestPath(layer: Layer, at: number, end: number): void {
  const length = layer.uint(f.version4Length, at);
  if (!layer.ok || length < 53) return;
  const node = layer.text(at, Math.min(length + 2, end - at), 'SPT Extension');
  configuration(node.text(at + 2, 51, 'MCID Data'), at + 2);
  const data = node.text(at + 53, Math.min(length + 2, end - at) - 53, 'Agreement Data');
  for (const field of [f.agreementNumber, f.disagreementNumber, f.agreementValid, f.restrictedRole]) data.uint(field, at + 53, 1);
  data.uint(f.digestFormat, at + 55);
  data.uint(f.digestFormatCapabilities, at + 55);
  data.uint(f.digestConvention, at + 56);
  data.uint(f.digestConventionCapabilities, at + 56);
  data.uint(f.digestEdges, at + 57);
  data.bytes(f.agreementDigest, at + 67, 20);
}

function read(layer: Layer, b: Buf, isPerVlan: boolean): string {
  const o = b.offset;
  layer.uint(f.protocol, o);
  const versionNode = layer.uintNode(f.version, o + 2);
  const version = layer.ok ? b.u8(o + 2) : 0;
  if (version === 1 || version > 4) versionNode.expert(f.versionUnknown);
  const typeNode = layer.uintNode(f.type, o + 3);
  if (!layer.ok) return '';
  const type = b.u8(o + 3);
  if (type === TOPOLOGY_CHANGE) return 'Topology Change Notification';
  if (type !== CONFIGURATION && type !== RAPID) {
    typeNode.expert(f.typeUnknown);
    return `Unknown BPDU type (${type})`;
  }
  flags(layer, f.flags, type === RAPID ? allFlags : oldFlags, o + 4);
  const [priority, extension, address] = identifier(layer, root, o + 5);
  const cost = layer.uint(f.rootCost, o + 13);
  identifier(layer, bridge, o + 17);
  const port = layer.uint(f.port, o + 25);
  if (!layer.ok) return '';
  time(layer, f.messageAge, o + 27);
  time(layer, f.maxAge, o + 29);
  time(layer, f.hello, o + 31);
  time(layer, f.forward, o + 33);
  const kind = type === CONFIGURATION ? 'Conf' : version === 3 ? 'MST' : version === 4 ? 'SPT' : 'RST';
  const change = (b.u8(o + 4) & 1) !== 0 ? 'TC + ' : '';
  const info = `${kind}. ${change}Root = ${priority}/${extension}/${address}  Cost = ${cost | 0}  Port = 0x${port.toString(16).padStart(4, '0')}`;
  if (type === RAPID) {
    const version1 = layer.uint(f.version1Length, o + 35);
    if (version >= 3 && version1 === 0 && b.wireLength >= INSTANCES) {
      const end = multiple(layer, b);
      if (version >= 4 && b.wireLength >= INSTANCES + 4) shortestPath(layer, end, b.end);
      return info;
    }
  }
  if (isPerVlan && layer.ok) perVlan(layer, b);
  return info;
}

function define(isPerVlan: boolean) {
  const self = defineProtocol({
    name: 'stp',
    short: 'STP',
    title: 'Spanning Tree Protocol',
    osi: '2',
    pdu: 'Message',
    hue: 'link',
    fields: isPerVlan ? [] : Object.values(f),
    index(w) {
      w.has(COMMON);
    },
    dissect(d: Dissection, b: Buf): void {
      const layer = d.layer(self, b);
      d.column(self, '');
      const info = read(layer, b, isPerVlan);
      if (info === '') return;
      layer.summary = info;
      d.column(self, info);
    },
  });
  return self;
}

export const stp = define(false);
/** Cisco's, behind SNAP: with the VLAN at its end. */
export const perVlanStp = define(true);
