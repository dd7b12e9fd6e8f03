/**
 * Cisco FabricPath: in front of an Ethernet frame a header with the addresses of switches, the number of a distribution tree and a hop
 * count; behind the frame a check sequence, which many captures are without. The header has Ethernet's layout, and its place.
 */
import type { Buf, Dissection, Layer } from '../dissect/dissection.ts';
import { bool, ether, none, uint8, uint16, uint24, uint32 } from '../dissect/field.ts';
import { defineProtocol, type Protocol } from '../dissect/protocol.ts';
import { tables } from '../dissect/tables.ts';
import { be16 } from './app-kit.ts';
import { EtherType, etherTypes } from './ethertype.ts';
import { CHECKSUM_UNVERIFIED, checksumStatus } from './ip-names.ts';

/** Its EtherType, and the bytes of its header. */
export const FABRICPATH = 0x8903;
export const FABRICPATH_BYTES = 16;
const FCS_BYTES = 4;
const LINK_ETHERNET = 1;

const f = {
  source: none('cfp.s_hmac', 'Source'),
  destination: none('cfp.d_hmac', 'Destination'),
  group: ether('cfp.d_hmac_mc', 'MC Destination'),
  endNode: uint24('cfp.eid', 'End Node ID', { base: 'dec_hex', mask: 0xfcc000 }),
  local: bool('cfp.ul', 'U/L bit', {
    mask: 0x020000,
    bool: ['Locally administered address (this is NOT the factory default)', 'Globally unique address (factory default)'],
  }),
  multicast: bool('cfp.ig', 'I/G bit', { mask: 0x010000, bool: ['Group address (multicast/broadcast)', 'Individual address (unicast)'] }),
  order: bool('cfp.ooodl', 'OOO/DL Bit', {
    mask: 0x001000,
    bool: ['Out of order delivery (If DA) or Do not learn (If SA)', 'Deliver in order (If DA) or Learn (If SA)'],
  }),
  switch: uint24('cfp.swid', 'switch-id', { base: 'dec_hex', mask: 0x000fff }),
  subSwitch: uint8('cfp.sswid', 'sub-switch-id', { base: 'dec_hex' }),
  port: uint16('cfp.lid', 'Source LID', { base: 'dec_hex' }),
  type: uint16('cfp.etype', 'FP Ethertype', { base: 'hex', names: etherTypes }),
  tree: uint16('cfp.ftag', 'FTAG', { mask: 0xffc0 }),
  hops: uint16('cfp.ttl', 'TTL', { mask: 0x003f }),
  fcs: uint32('cfp.fcs', 'Frame check sequence', { base: 'hex' }),
  fcsStatus: uint8('cfp.fcs.status', 'FCS status', { base: 'none', names: checksumStatus, generated: true }),
};

const hex = (value: number, digits: number): string => value.toString(16).padStart(digits, '0');

/** Octets of an Ethernet header before its type; of a VLAN tag and its type. */
const ADDRESSES = 12;
const TAG = 4;

/**
 * Octets of the check sequence behind bytes[o, wireEnd), a whole frame: none where the packet inside is so long that it has the last four octets
 * itself.
 */
function fcsLength(bytes: Uint8Array, o: number, end: number, wireEnd: number): number {
  let at = o + FABRICPATH_BYTES + ADDRESSES;
  for (let tags = 0; tags < 2 && at + 2 <= end; tags++) {
    const type = be16(bytes, at);
    if (type !== EtherType.Vlan && type !== EtherType.ProviderVlan) break;
    at += TAG;
  }
  if (at + 8 > end) return FCS_BYTES;
  const type = be16(bytes, at);
  const packet = at + 2;
  const claimed =
    type === EtherType.Ipv4 ? packet + be16(bytes, packet + 2) : type === EtherType.Ipv6 ? packet + 40 + be16(bytes, packet + 4) : 0;
  return claimed > wireEnd - FCS_BYTES && claimed <= wireEnd ? 0 : FCS_BYTES;
}

/** Adds one hierarchical address; gives its text. */
function address(layer: Layer, field: typeof f.source, at: number): string {
  const { buf } = layer;
  const text = `${hex(buf.u16(at + 1) & 0xfff, 3)}.${hex(buf.u8(at + 3), 2)}.${hex(buf.u16(at + 4), 4)}`;
  const node = layer.add(field, at, 6, null, { display: text });
  node.uint(f.endNode, at);
  for (const bit of [f.local, f.multicast, f.order]) node.uint(bit, at, 3);
  node.uint(f.switch, at);
  node.uint(f.subSwitch, at + 3);
  node.uint(f.port, at + 4);
  return text;
}

export const fabricPath: Protocol = defineProtocol({
  name: 'cfp',
  short: 'CFP',
  title: 'Cisco FabricPath',
  osi: '2',
  pdu: 'Frame',
  hue: 'link',
  fields: Object.values(f),
  stateless: true,
  index(w) {
    if (!w.has(FABRICPATH_BYTES)) return;
    const end = w.wireEnd - fcsLength(w.bytes, w.offset, w.end, w.wireEnd);
    if (w.offset + FABRICPATH_BYTES < end) w.follow(tables.linktype.lookup(LINK_ETHERNET), w.offset + FABRICPATH_BYTES, end, end);
  },
  dissect(d: Dissection, b: Buf): void {
    const o = b.offset;
    const layer = d.layer(fabricPath, b);
    layer.size(FABRICPATH_BYTES);
    d.column(fabricPath);
    if (!layer.has(o, FABRICPATH_BYTES)) return;
    let destination = '';
    if ((b.u8(o) & 1) !== 0) destination = hex(b.u16(o), 4) + hex(b.u32(o + 2), 8);
    if (destination !== '') layer.bytes(f.group, o, 6);
    else destination = address(layer, f.destination, o);
    const source = address(layer, f.source, o + 6);
    layer.uint(f.type, o + 12);
    layer.uint(f.tree, o + 14);
    layer.uint(f.hops, o + 14);
    layer.summary = `${source} → ${destination.length === 12 ? (destination.match(/../g) ?? []).join(':') : destination}`;
    const end = b.wireEnd - fcsLength(b.bytes, o, b.end, b.wireEnd);
    if (end < b.wireEnd && end >= o + FABRICPATH_BYTES && b.wireEnd <= b.end) {
      layer.uint(f.fcs, end, FCS_BYTES, { display: `0x${hex(b.u32(end), 8)} [unverified]` });
      layer.add(f.fcsStatus, end, 0, CHECKSUM_UNVERIFIED);
    }
    if (o + FABRICPATH_BYTES < end) d.call(tables.linktype.lookup(LINK_ETHERNET), b.from(o + FABRICPATH_BYTES, end));
  },
});
