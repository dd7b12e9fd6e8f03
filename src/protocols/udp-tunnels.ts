// RFC 7348 (VXLAN), draft-ietf-nvo3-vxlan-gpe (its extension to other packets) and RFC 8926 (Geneve): Ethernet over UDP.
import type { Buf, Layer, Node } from '../dissect/dissection.ts';
import { bool, bytes, names, TRUE_FALSE, uint8, uint16, uint24, uint32, uint64 } from '../dissect/field.ts';
import { defineProtocol, type Protocol } from '../dissect/protocol.ts';
import { tables } from '../dissect/tables.ts';
import { ethernet } from './ethernet.ts';
import { etherTypes } from './ethertype.ts';
import { callOrData, followOrData } from './next.ts';

const VXLAN_HEADER_BYTES = 8;
const GENEVE_HEADER_BYTES = 8;
const TRANSPARENT_BRIDGING = 0x6558;

const v = {
  flags: uint16('vxlan.flags', 'Flags', { base: 'hex' }),
  flagPolicy: bool('vxlan.flag_g', 'GBP Extension', { mask: 0x8000, bool: ['Defined', 'Not defined'] }),
  flagVni: bool('vxlan.flag_i', 'VXLAN Network ID (VNI)', { bool: TRUE_FALSE, mask: 0x0800 }),
  flagLearn: bool('vxlan.flag_d', "Don't Learn", { bool: TRUE_FALSE, mask: 0x0040 }),
  flagApplied: bool('vxlan.flag_a', 'Policy Applied', { bool: TRUE_FALSE, mask: 0x0008 }),
  flagsReserved: uint16('vxlan.flags_reserved', 'Reserved(R)', { base: 'hex', mask: 0x77b7 }),
  groupPolicy: uint16('vxlan.gbp', 'Group Policy ID'),
  vni: uint24('vxlan.vni', 'VXLAN Network Identifier (VNI)'),
  reserved: uint8('vxlan.reserved8', 'Reserved'),
};

export const vxlan: Protocol = defineProtocol({
  name: 'vxlan',
  short: 'VXLAN',
  title: 'Virtual eXtensible Local Area Network',
  osi: '2',
  pdu: 'Frame',
  hue: 'link',
  fields: Object.values(v),
  accepts: (_bytes, offset, end) => end - offset >= VXLAN_HEADER_BYTES,
  index(w) {
    if (w.has(VXLAN_HEADER_BYTES)) w.follow(ethernet, w.offset + VXLAN_HEADER_BYTES);
  },
  dissect(d, b) {
    const o = b.offset;
    const layer = d.layer(vxlan, b);
    layer.size(VXLAN_HEADER_BYTES);
    d.column(vxlan);
    const flags = layer.uintNode(v.flags, o);
    for (const bit of [v.flagPolicy, v.flagVni, v.flagLearn, v.flagApplied, v.flagsReserved]) flags.uint(bit, o, 2);
    flags.sayBits();
    layer.uint(v.groupPolicy, o + 2);
    const vni = layer.uint(v.vni, o + 4, 3);
    layer.uint(v.reserved, o + 7);
    layer.summary = `VNI ${vni}`;
    if (layer.ok) d.call(ethernet, b.from(o + VXLAN_HEADER_BYTES));
  },
});

const x = {
  flags: uint8('vxlan.flags', 'Flags', { base: 'hex' }),
  version: uint8('vxlan.ver', 'Version', { mask: 0x30 }),
  instance: uint8('vxlan.i_bit', 'Instance', { mask: 0x08 }),
  hasNext: uint8('vxlan.p_bit', 'Next Protocol Bit', { mask: 0x04 }),
  oam: uint8('vxlan.o_bit', 'OAM bit', { mask: 0x01 }),
  reserved16: uint16('vxlan.reserved_16', 'Reserved'),
  next: uint8('vxlan.next_proto', 'Next Protocol', {
    names: names({ 1: 'IPv4', 2: 'IPv6', 3: 'Ethernet', 4: 'Network Service Header', 5: 'MPLS' }),
  }),
};

function gpePayload(next: number): Protocol | undefined {
  if (next === 3) return ethernet;
  const type = [0, 0x0800, 0x86dd, 0, 0x894f, 0x8847][next] ?? 0;
  return type === 0 ? undefined : tables.ethertype.lookup(type);
}

/** VXLAN with a number that says what it carries. */
export const vxlanGpe: Protocol = defineProtocol({
  name: 'vxlan',
  short: 'VxLAN',
  title: 'Virtual eXtensible Local Area Network (GPE)',
  osi: '2',
  pdu: 'Frame',
  hue: 'link',
  fields: Object.values(x),
  accepts: (_bytes, offset, end) => end - offset >= VXLAN_HEADER_BYTES,
  index(w) {
    if (w.has(VXLAN_HEADER_BYTES)) followOrData(w, gpePayload(w.bytes[w.offset + 3] as number), w.offset + VXLAN_HEADER_BYTES);
  },
  dissect(d, b) {
    const o = b.offset;
    const layer = d.layer(vxlanGpe, b);
    layer.size(VXLAN_HEADER_BYTES);
    d.column(vxlanGpe);
    const flags = layer.uintNode(x.flags, o);
    for (const bit of [x.version, x.instance, x.hasNext, x.oam]) flags.uint(bit, o);
    layer.uint(x.reserved16, o + 1);
    const next = layer.uint(x.next, o + 3);
    const vni = layer.uint(v.vni, o + 4, 3);
    layer.uint(v.reserved, o + 7);
    layer.summary = `VNI ${vni}`;
    if (layer.ok) callOrData(d, gpePayload(next), b.from(o + VXLAN_HEADER_BYTES));
  },
});

const GOOGLE = 0x0132;
const GOOGLE_OPTIONS: readonly (string | undefined)[] = [undefined, 'GCP Virtual Network ID', 'GCP Endpoint ID', 'GCP Profile ID'];

const g = {
  version: uint8('geneve.version', 'Version', { mask: 0xc0 }),
  length: uint8('geneve.option.length', 'Length', { unit: ' bytes' }),
  flags: uint8('geneve.flags', 'Flags', { base: 'hex' }),
  oam: bool('geneve.flags.oam', 'Operations, Administration and Management Frame', { bool: TRUE_FALSE, mask: 0x80 }),
  critical: bool('geneve.flags.critical', 'Critical Options Present', { bool: TRUE_FALSE, mask: 0x40 }),
  flagsReserved: bool('geneve.flags.reserved', 'Reserved', { bool: TRUE_FALSE, mask: 0x3f }),
  reserved: uint8('geneve.reserved', 'Reserved', { base: 'hex' }),
  option: bytes('geneve.option', 'Option'),
  optionClass: uint16('geneve.option.class', 'Class', {
    base: 'hex',
    names: (value) => (value === GOOGLE ? 'Google LLC' : value < 0x100 ? 'Standard' : value >= 0xff00 ? 'Experimental' : undefined),
  }),
  optionType: uint8('geneve.option.type', 'Type', { base: 'hex' }),
  typeCritical: bool('geneve.option.type.critical', 'Critical Option', { bool: TRUE_FALSE, mask: 0x80 }),
  optionFlags: uint8('geneve.option.flags', 'Flags', { base: 'hex', mask: 0xe0 }),
  optionReserved: bool('geneve.option.flags.reserved', 'Reserved', { bool: TRUE_FALSE, mask: 0xe0 }),
  networkId: uint32('geneve.option.gcp.vnid', 'GCP Virtual Network ID', { mask: 0xfffffff0 }),
  direction: bool('geneve.option.gcp.direction', 'GCP Traffic Direction', { mask: 0x1, bool: ['Egress', 'Ingress'] }),
  gcpReserved: bool('geneve.option.gcp.reserved', 'GCP Reserved bits', { bool: TRUE_FALSE, mask: 0xe }),
  endpoint: bytes('geneve.option.gcp.endpoint', 'GCP Endpoint ID'),
  profile: uint64('geneve.option.gcp.profile', 'GCP Profile ID'),
  unknownData: bytes('geneve.option.unknown.data', 'Unknown Option Data'),
  proto: uint16('geneve.proto_type', 'Protocol Type', {
    base: 'hex',
    names: (value) => (value === TRANSPARENT_BRIDGING ? 'Transparent Ethernet bridging' : etherTypes.get(value)),
  }),
  vni: uint24('geneve.vni', 'Virtual Network Identifier (VNI)', { base: 'hex_dec' }),
  options: bytes('geneve.options', 'Geneve Options'),
};

/** Options (RFC 8926, section 3.5): class, type, length in words of four octets, and data. Those of Google's cloud are taken apart. */
function geneveOptions(layer: Layer, b: Buf, from: number, length: number): void {
  if (!layer.has(from, length)) return;
  const list = layer.add(g.options, from, length, b.slice(from, length), { label: 'Options', display: `(${length} bytes)` });
  for (let at = from; at + 4 <= from + length && layer.ok; ) {
    const vendor = b.u16(at);
    const type = b.u8(at + 2);
    const size = 4 + 4 * (b.u8(at + 3) & 0x1f);
    if (at + size > from + length) return;
    const name = (vendor === GOOGLE ? GOOGLE_OPTIONS[type] : undefined) ?? 'Unknown';
    const kind = type & 0x80 ? 'Critical' : 'Non-critical';
    const option = list.add(g.option, at, size, b.slice(at, size), { display: name });
    option.uint(g.optionClass, at);
    option.uint(g.optionType, at + 2, 1, { display: `0x${type.toString(16).padStart(2, '0')} (${kind})` });
    option.uint(g.typeCritical, at + 2, 1, { hidden: true });
    option.uintNode(g.optionFlags, at + 3, 1, { hidden: true }).uint(g.optionReserved, at + 3);
    option.add(g.length, at + 3, 1, size);
    if (size > 4) geneveOptionData(option, vendor === GOOGLE ? type : 0, at + 4, size - 4);
    at += size;
  }
}

function geneveOptionData(option: Node, type: number, at: number, length: number): void {
  if (type === 1 && length === 4) for (const field of [g.networkId, g.direction, g.gcpReserved]) option.uint(field, at, 4);
  else if (type === 2) option.bytes(g.endpoint, at, length);
  else if (type === 3 && length === 8) option.uint64(g.profile, at);
  else option.bytes(g.unknownData, at, length);
}

function genevePayload(type: number): Protocol | undefined {
  return type === TRANSPARENT_BRIDGING ? ethernet : tables.ethertype.lookup(type);
}

export const geneve: Protocol = defineProtocol({
  name: 'geneve',
  short: 'Geneve',
  title: 'Generic Network Virtualization Encapsulation',
  osi: '2',
  pdu: 'Packet',
  hue: 'link',
  fields: Object.values(g),
  accepts: (bytes, offset, end) => end - offset >= GENEVE_HEADER_BYTES && (bytes[offset] as number) >> 6 === 0,
  index(w) {
    if (!w.has(GENEVE_HEADER_BYTES)) return;
    const { bytes: b, offset: o } = w;
    const length = GENEVE_HEADER_BYTES + 4 * ((b[o] as number) & 0x3f);
    if (w.has(length)) followOrData(w, genevePayload(((b[o + 2] as number) << 8) | (b[o + 3] as number)), o + length);
  },
  dissect(d, b) {
    const o = b.offset;
    const layer = d.layer(geneve, b);
    d.column(geneve);
    layer.uint(g.version, o);
    const options = 4 * (b.u8(o) & 0x3f);
    if (layer.has(o, 1)) layer.add(g.length, o, 1, options);
    const flags = layer.uintNode(g.flags, o + 1);
    for (const bit of [g.oam, g.critical, g.flagsReserved]) flags.uint(bit, o + 1);
    flags.sayBits();
    const type = layer.uint(g.proto, o + 2);
    const vni = layer.uint(g.vni, o + 4, 3);
    layer.uint(g.reserved, o + 7, 1, { hidden: true });
    layer.size(GENEVE_HEADER_BYTES + options);
    if (options > 0) geneveOptions(layer, b, o + GENEVE_HEADER_BYTES, options);
    layer.summary = `VNI ${vni}`;
    if (layer.ok) callOrData(d, genevePayload(type), b.from(o + GENEVE_HEADER_BYTES + options));
  },
});
