// LINKTYPE_LINUX_SLL (113) and LINKTYPE_LINUX_SLL2 (276): Linux "cooked" captures.
import { formatEther, hexBytes } from '../bytes/format.ts';
import type { Buf, Dissection } from '../dissect/dissection.ts';
import { bytes, ether, ipv4, names, uint8, uint16, uint32 } from '../dissect/field.ts';
import type { IndexWalk } from '../dissect/index-walk.ts';
import { defineProtocol, type Protocol } from '../dissect/protocol.ts';
import { tables } from '../dissect/tables.ts';
import { callEthertype, etherTypes, followEthertype } from './ethertype.ts';
import { arpHardware } from './hardware.ts';
import { llc } from './llc.ts';
import { callOrData, followOrData } from './next.ts';
import { addTrailer, claimedEnd, trailerFields } from './trailer.ts';

const SLL_HEADER_BYTES = 16;
const SLL2_HEADER_BYTES = 20;
const ETHERNET = 1;
/** ARPHRD_ types whose protocol field holds what GRE's would. */
const GRE_TYPES: readonly number[] = [778, 823];
/** Protocol values below are Linux's own, not EtherTypes. */
const MIN_TYPE = 1536;
const LINUX_8022 = 4;

const packetTypes = names({
  0: 'Unicast to us',
  1: 'Broadcast',
  2: 'Multicast',
  3: 'Unicast to another host',
  4: 'Sent by us',
});

const linuxTypes = names({
  1: 'Raw 802.3',
  3: 'Ethernet',
  4: '802.2 LLC',
  7: 'PPP (HDLC)',
  12: 'CAN',
  13: 'CAN FD',
  23: 'IrDA LAP',
  245: 'ISI',
  246: 'IEEE 802.15.4',
});

const f = {
  packetType: uint16('sll.pkttype', 'Packet type', { names: packetTypes }),
  hwType: uint16('sll.hatype', 'Link-layer address type', { names: arpHardware }),
  hwLength: uint16('sll.halen', 'Link-layer address length'),
  srcEther: ether('sll.src.eth', 'Source'),
  srcIpv4: ipv4('sll.src.ipv4', 'Source'),
  srcOther: bytes('sll.src.other', 'Source'),
  unused: bytes('sll.unused', 'Unused'),
  ltype: uint16('sll.ltype', 'Protocol', { base: 'hex', names: linuxTypes }),
  greType: uint16('sll.gretype', 'Protocol', { base: 'hex', names: etherTypes }),
  etype: uint16('sll.etype', 'Protocol', { base: 'hex', names: etherTypes }),
  trailer: bytes('sll.trailer', 'Trailer'),
  ifIndex: uint32('sll.ifindex', 'Interface index'),
  packetType2: uint8('sll.pkttype', 'Packet type', { names: packetTypes }),
  hwLength2: uint8('sll.halen', 'Link-layer address length'),
};

function follow(w: IndexWalk, hwType: number, protocol: number, offset: number): void {
  if (GRE_TYPES.includes(hwType)) {
    followOrData(w, tables.greProto.lookup(protocol), offset);
    return;
  }
  if (protocol >= MIN_TYPE) {
    followEthertype(w, protocol, offset);
    return;
  }
  followOrData(w, protocol === LINUX_8022 ? llc : undefined, offset);
}

export const sll: Protocol = defineProtocol({
  name: 'sll',
  short: 'SLL',
  title: 'Linux cooked capture v1',
  osi: '2',
  pdu: 'Frame',
  hue: 'link',
  fields: [...Object.values(f), ...Object.values(trailerFields)],
  index(w) {
    if (!w.has(SLL_HEADER_BYTES)) return;
    const { bytes: b, offset: o } = w;
    const hwType = ((b[o + 2] as number) << 8) | (b[o + 3] as number);
    follow(w, hwType, ((b[o + 14] as number) << 8) | (b[o + 15] as number), o + SLL_HEADER_BYTES);
  },
  dissect: (d, b) => dissectV1(d, b),
});

export const sll2: Protocol = defineProtocol({
  name: 'sll',
  short: 'SLL',
  title: 'Linux cooked capture v2',
  osi: '2',
  pdu: 'Frame',
  hue: 'link',
  fields: [...Object.values(f), ...Object.values(trailerFields)],
  index(w) {
    if (!w.has(SLL2_HEADER_BYTES)) return;
    const { bytes: b, offset: o } = w;
    const hwType = ((b[o + 8] as number) << 8) | (b[o + 9] as number);
    follow(w, hwType, ((b[o] as number) << 8) | (b[o + 1] as number), o + SLL2_HEADER_BYTES);
  },
  dissect: (d, b) => dissectV2(d, b),
});

function dissectV1(d: Dissection, b: Buf): void {
  const o = b.offset;
  const layer = d.layer(sll, b);
  layer.size(SLL_HEADER_BYTES);
  d.column(sll, 'Linux cooked capture');
  const packetType = layer.uint(f.packetType, o);
  const hwType = layer.uint(f.hwType, o + 2);
  const hwLength = layer.uint(f.hwLength, o + 4);
  const source = addSource(d, layer, hwType, hwLength, o + 6);
  if (hwLength < 8) layer.bytes(f.unused, o + 6 + hwLength, 8 - hwLength);
  layer.summary = `${packetTypes.get(packetType) ?? packetType} · ${source}`;
  addProtocolAndPayload(d, layer, b, hwType, o + 14, o + SLL_HEADER_BYTES);
}

function dissectV2(d: Dissection, b: Buf): void {
  const o = b.offset;
  const layer = d.layer(sll2, b);
  layer.size(SLL2_HEADER_BYTES);
  d.column(sll2, 'Linux cooked capture v2');
  const hwType = b.u16(o + 8);
  const protocol = b.u16(o);
  layer.uint(protocolField(hwType, protocol), o);
  layer.uint(f.ifIndex, o + 4);
  layer.uint(f.hwType, o + 8);
  const packetType = layer.uint(f.packetType2, o + 10);
  const hwLength = layer.uint(f.hwLength2, o + 11);
  const source = addSource(d, layer, hwType, hwLength, o + 12);
  if (hwLength < 8) layer.bytes(f.unused, o + 12 + hwLength, 8 - hwLength);
  layer.summary = `${packetTypes.get(packetType) ?? packetType} · ${source}`;
  if (layer.has(o, SLL2_HEADER_BYTES)) callPayload(d, layer, b.from(o + SLL2_HEADER_BYTES), hwType, protocol);
}

type SllLayer = ReturnType<Dissection['layer']>;

function addSource(d: Dissection, layer: SllLayer, hwType: number, hwLength: number, at: number): string {
  const length = Math.min(8, hwLength);
  if (length === 0 || !layer.has(at, length)) return 'no address';
  const address = layer.buf.slice(at, length);
  if (length === 6) {
    layer.bytes(f.srcEther, at);
    d.columns.source = formatEther(address);
    return formatEther(address);
  }
  if (length === 4 && hwType !== ETHERNET) {
    layer.bytes(f.srcIpv4, at);
    return address.join('.');
  }
  layer.bytes(f.srcOther, at, length);
  return hexBytes(address, ':');
}

function protocolField(hwType: number, protocol: number) {
  if (GRE_TYPES.includes(hwType)) return f.greType;
  return protocol >= MIN_TYPE ? f.etype : f.ltype;
}

function addProtocolAndPayload(d: Dissection, layer: SllLayer, b: Buf, hwType: number, at: number, payload: number): void {
  const protocol = b.u16(at);
  layer.uint(protocolField(hwType, protocol), at);
  if (layer.ok) callPayload(d, layer, b.from(payload), hwType, protocol);
}

function callPayload(d: Dissection, layer: SllLayer, b: Buf, hwType: number, protocol: number): void {
  if (GRE_TYPES.includes(hwType)) {
    callOrData(d, tables.greProto.lookup(protocol), b);
    return;
  }
  if (protocol >= MIN_TYPE) {
    callEthertype(d, protocol, b);
    addTrailer(d, layer, f.trailer, claimedEnd(protocol, b), b);
    return;
  }
  callOrData(d, protocol === LINUX_8022 ? llc : undefined, b);
}
