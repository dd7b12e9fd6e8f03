// IEEE 802.3, clause 3; DIX Ethernet II.
import { formatEther } from '../bytes/format.ts';
import type { Node } from '../dissect/dissection.ts';
import { bool, bytes, ether, expert, type FieldDef, uint16, uint24 } from '../dissect/field.ts';
import { defineProtocol } from '../dissect/protocol.ts';
import { callEthertype, etherTypes, followEthertype } from './ethertype.ts';
import { FABRICPATH, FABRICPATH_BYTES, fabricPath } from './fabricpath.ts';
import { llc } from './llc.ts';
import { callData, followData } from './next.ts';
import { addTrailer, claimedEnd, trailerFields } from './trailer.ts';

const ETHERNET_HEADER_BYTES = 14;
/** Type/length values up to this one are lengths (IEEE 802.3, 3.2.6). */
const MAX_LENGTH = 1500;
/** Values from this one on are types. */
const MIN_TYPE = 1536;
/** Neither a type nor a length: no frame is empty. Wireshark takes it for a type that nobody has. */
const NO_TYPE = 0;

const LG = ['Locally administered address (this is NOT the factory default)', 'Globally unique address (factory default)'] as const;
const IG = ['Group address (multicast/broadcast)', 'Individual address (unicast)'] as const;

const f = {
  dst: ether('eth.dst', 'Destination', { kept: true, also: ['eth.addr', 'eth.dst_resolved', 'eth.addr_resolved'] }),
  dstOui: uint24('eth.dst.oui', 'Destination OUI', { base: 'oui', also: ['eth.addr.oui'] }),
  dstLg: bool('eth.dst.lg', 'LG bit', { mask: 0x020000, bool: LG, also: ['eth.lg'] }),
  dstIg: bool('eth.dst.ig', 'IG bit', { mask: 0x010000, bool: IG, also: ['eth.ig'] }),
  src: ether('eth.src', 'Source', { also: ['eth.addr', 'eth.src_resolved', 'eth.addr_resolved'] }),
  srcOui: uint24('eth.src.oui', 'Source OUI', { base: 'oui', also: ['eth.addr.oui'] }),
  srcLg: bool('eth.src.lg', 'LG bit', { mask: 0x020000, bool: LG, also: ['eth.lg'] }),
  srcIg: bool('eth.src.ig', 'IG bit', { mask: 0x010000, bool: IG, also: ['eth.ig'] }),
  type: uint16('eth.type', 'Type', { base: 'hex', names: etherTypes }),
  len: uint16('eth.len', 'Length', { unit: ' bytes' }),
  invalidLenType: uint16('eth.invalid_lentype', 'Invalid length/type', { base: 'hex_dec' }),
  trailer: bytes('eth.trailer', 'Trailer'),
  eiInvalidLenType: expert('eth.invalid_lentype.expert', 'warn', 'Invalid length/type'),
  eiSrcNotGroup: expert('eth.src_not_group', 'warn', 'Source MAC must not be a group address: IEEE 802.3-2002, Section 3.2.3(b)'),
  eiLenPastEnd: expert('eth.len.past_end', 'error', 'Length field value goes past the end of the payload', 'malformed'),
};

export const ethernet = defineProtocol({
  name: 'eth',
  short: 'Ethernet',
  title: 'Ethernet II',
  osi: '2',
  pdu: 'Frame',
  hue: 'link',
  fields: [...Object.values(f), ...Object.values(trailerFields)],
  stateless: true,

  index(w) {
    if (!w.has(ETHERNET_HEADER_BYTES)) return;
    const { bytes: b, offset: o } = w;
    const type = ((b[o + 12] as number) << 8) | (b[o + 13] as number);
    if (type === FABRICPATH && w.end - o >= FABRICPATH_BYTES) return w.follow(fabricPath, o);
    if (type >= MIN_TYPE || type === NO_TYPE) return followEthertype(w, type, o + ETHERNET_HEADER_BYTES);
    if (type > MAX_LENGTH) return followData(w, o + ETHERNET_HEADER_BYTES);
    const end = o + ETHERNET_HEADER_BYTES + type;
    if (isRaw8023(b, o + ETHERNET_HEADER_BYTES, w.end)) return followData(w, o + ETHERNET_HEADER_BYTES, end, end);
    if (o + ETHERNET_HEADER_BYTES < w.end) w.follow(llc, o + ETHERNET_HEADER_BYTES, end, end);
  },

  dissect(d, b) {
    const o = b.offset;
    // The header has the layout of Ethernet's, but the addresses are of switches: Wireshark shows no Ethernet layer for it.
    if (b.u16(o + 12) === FABRICPATH && b.length >= FABRICPATH_BYTES) return d.call(fabricPath, b);
    const layer = d.layer(ethernet, b);
    layer.size(ETHERNET_HEADER_BYTES);
    if (!layer.has(o, 6)) return;
    const dst = b.slice(o, 6);
    addressBits(layer.add(f.dst, o, 6, dst), o, f.dstOui, f.dstLg, f.dstIg);
    if (!layer.has(o + 6, 6)) return;
    const src = b.slice(o + 6, 6);
    addressBits(layer.add(f.src, o + 6, 6, src), o + 6, f.srcOui, f.srcLg, f.srcIg);
    if ((b.u8(o + 6) & 1) !== 0) layer.expert(f.eiSrcNotGroup, o + 6, 6);
    layer.summary = `${formatEther(src)} → ${formatEther(dst)}`;
    d.columns.source = formatEther(src);
    d.columns.destination = formatEther(dst);
    d.column(ethernet, 'Ethernet II');
    if (!layer.has(o + 12, 2)) return;
    const type = b.u16(o + 12);
    const payload = b.from(o + ETHERNET_HEADER_BYTES);
    if (type >= MIN_TYPE || type === NO_TYPE) {
      layer.uint(f.type, o + 12);
      callEthertype(d, type, payload);
      return addTrailer(d, layer, f.trailer, claimedEnd(type, payload), payload, true);
    }
    if (type > MAX_LENGTH) {
      layer.uint(f.invalidLenType, o + 12);
      layer.expert(f.eiInvalidLenType, o + 12, 2);
      return callData(d, payload);
    }
    layer.uint(f.len, o + 12);
    if (type > payload.wireLength) layer.expert(f.eiLenPastEnd, o + 12, 2);
    d.column(ethernet, 'IEEE 802.3 Ethernet');
    const inner = b.from(o + ETHERNET_HEADER_BYTES, o + ETHERNET_HEADER_BYTES + type);
    if (isRaw8023(b.bytes, inner.offset, b.end)) callData(d, inner);
    else if (inner.length > 0) d.call(llc, inner);
    addTrailer(d, layer, f.trailer, inner.wireEnd, payload, true);
  },
});

/** Novell's raw 802.3: an IPX packet, whose first field is all ones, stands where the LLC header would be. */
function isRaw8023(bytes: Uint8Array, offset: number, end: number): boolean {
  return end - offset >= 2 && bytes[offset] === 0xff && bytes[offset + 1] === 0xff;
}

function addressBits(node: Node, offset: number, oui: FieldDef, lg: FieldDef, ig: FieldDef): void {
  node.uint(oui, offset, 3, { hidden: true });
  node.uint(lg, offset, 3);
  node.uint(ig, offset, 3);
}
