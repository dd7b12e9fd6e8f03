// RFC 826; RFC 5227 (probes and announcements); RFC 903 (reverse).
import { formatEther, formatIpv4, hexBytes } from '../bytes/format.ts';
import { type Buf, type Dissection, type Layer, MAX_LAYERS } from '../dissect/dissection.ts';
import { bool, bytes, ether, expert, framenum, ipv4, names, none, uint8, uint16, uint32 } from '../dissect/field.ts';
import type { IndexWalk } from '../dissect/index-walk.ts';
import { defineProtocol } from '../dissect/protocol.ts';
import { CHUNK_MASK } from '../table/packet-table.ts';
import { type AddressOwners, addressOwners } from './arp-duplicates.ts';
import { etherTypes } from './ethertype.ts';
import { arpHardware } from './hardware.ts';

const ARP_MIN_BYTES = 8;
const ETHERNET = 1;
const IEEE_802 = 6;
const REQUEST = 1;
const REPLY = 2;

const opcodes = names({
  0: 'reserved',
  1: 'request',
  2: 'reply',
  3: 'reverse request',
  4: 'reverse reply',
  5: 'drarp request',
  6: 'drarp reply',
  7: 'drarp error',
  8: 'inverse request',
  9: 'inverse reply',
  10: 'arp nak',
  11: 'mars request',
  12: 'mars multi',
  13: 'mars mserv',
  14: 'mars join',
  15: 'mars leave',
  16: 'mars nak',
  17: 'mars unserv',
  18: 'mars sjoin',
  19: 'mars sleave',
  20: 'mars grouplist request',
  21: 'mars grouplist reply',
  22: 'mars redirect map',
  23: 'mapos unarp',
  24: 'experimental 1',
  25: 'experimental 2',
  65535: 'reserved',
});

const f = {
  hwType: uint16('arp.hw.type', 'Hardware type', { names: arpHardware }),
  protoType: uint16('arp.proto.type', 'Protocol type', { base: 'hex', names: etherTypes }),
  hwSize: uint8('arp.hw.size', 'Hardware size'),
  protoSize: uint8('arp.proto.size', 'Protocol size'),
  opcode: uint16('arp.opcode', 'Opcode', { names: opcodes }),
  isGratuitous: bool('arp.isgratuitous', 'Is gratuitous', { generated: true, bool: ['True', 'False'] }),
  isProbe: bool('arp.isprobe', 'Is probe', { generated: true, bool: ['True', 'False'] }),
  isAnnouncement: bool('arp.isannouncement', 'Is announcement', { generated: true, bool: ['True', 'False'] }),
  srcHw: bytes('arp.src.hw', 'Sender hardware address'),
  srcHwMac: ether('arp.src.hw_mac', 'Sender MAC address'),
  srcProto: bytes('arp.src.proto', 'Sender protocol address'),
  srcProtoIpv4: ipv4('arp.src.proto_ipv4', 'Sender IP address'),
  dstHw: bytes('arp.dst.hw', 'Target hardware address'),
  dstHwMac: ether('arp.dst.hw_mac', 'Target MAC address'),
  dstProto: bytes('arp.dst.proto', 'Target protocol address'),
  duplicate: none('arp.duplicate-address-detected', 'Duplicate IP address detected', { generated: true }),
  duplicateFrame: framenum('arp.duplicate-address-frame', 'Frame showing earlier use of IP address', { generated: true }),
  duplicateSeconds: uint32('arp.seconds-since-duplicate-address-frame', 'Seconds since earlier frame seen', { generated: true }),
  eiDuplicate: expert('arp.duplicate-address', 'warn', 'Duplicate IP address configured', 'sequence'),
  dstProtoIpv4: ipv4('arp.dst.proto_ipv4', 'Target IP address'),
};

export const arp = defineProtocol({
  name: 'arp',
  short: 'ARP',
  title: 'Address Resolution Protocol',
  osi: '2',
  pdu: 'Message',
  hue: 'link',
  fields: Object.values(f),

  index(w) {
    if (!w.has(ARP_MIN_BYTES)) return;
    const { bytes: b, offset: o } = w;
    const size = ARP_MIN_BYTES + 2 * (b[o + 4] as number) + 2 * (b[o + 5] as number);
    if (!w.has(size) || !isIpv4OverEthernet(b, o)) return;
    const owners = w.capture.state(addressOwners);
    const opcode = ((b[o + 6] as number) << 8) | (b[o + 7] as number);
    if (opcode !== REQUEST && opcode !== REPLY) return;
    if (!claim(owners, w, o + 8) && opcode === REPLY) claim(owners, w, o + 18);
  },

  dissect,
});

/** Hardware addresses of six bytes and protocol addresses of IPv4. */
function isIpv4OverEthernet(b: Uint8Array, o: number): boolean {
  const hardware = ((b[o] as number) << 8) | (b[o + 1] as number);
  return (hardware === ETHERNET || hardware === IEEE_802) && b[o + 2] === 8 && b[o + 3] === 0 && b[o + 4] === 6 && b[o + 5] === 4;
}

/** Notes the pair of a hardware and a protocol address at `at`. Group addresses and addresses of zeros claim nothing. True if somebody else had it. */
function claim(owners: AddressOwners, w: IndexWalk, at: number): boolean {
  const b = w.bytes;
  let mac = 0;
  for (let i = 0; i < 6; i++) mac = mac * 256 + (b[at + i] as number);
  let ip = 0;
  for (let i = 6; i < 10; i++) ip = ip * 256 + (b[at + i] as number);
  return mac !== 0 && ip !== 0 && ((b[at] as number) & 1) === 0 && owners.claim(w.row, w.sec, ip, mac);
}

/** Says which addresses of this message somebody else had before. */
function addDuplicates(d: Dissection, layer: Layer): string {
  const { row } = d;
  const chunk = d.capture.packets.chunkOf(row);
  let said = '';
  for (const found of d.capture.state(addressOwners).duplicatesIn(row)) {
    const ip = [24, 16, 8, 0].map((shift) => (found.ip >>> shift) & 0xff).join('.');
    const mac = found.mac
      .toString(16)
      .padStart(12, '0')
      .replace(/..(?!$)/g, '$&:');
    const node = layer.add(f.duplicate, layer.buf.offset, 0, null, { display: `${ip}, before in use by ${mac} (frame ${found.row + 1})` });
    const earlier = node.add(f.duplicateFrame, layer.buf.offset, 0, found.row + 1, { link: found.row });
    earlier.expert(f.eiDuplicate, undefined, undefined, `Duplicate IP address configured (${ip})`);
    node.add(f.duplicateSeconds, layer.buf.offset, 0, Math.max(0, (chunk.sec[row & CHUNK_MASK] as number) - found.sec));
    said = ` (duplicate use of ${ip} detected!)`;
  }
  return said;
}

function dissect(d: Dissection, b: Buf): void {
  const o = b.offset;
  const layer = d.layer(arp, b);
  d.column(arp);
  if (d.layers.length >= MAX_LAYERS) return;
  const hwSize = b.u8(o + 4);
  const protoSize = b.u8(o + 5);
  const size = ARP_MIN_BYTES + 2 * hwSize + 2 * protoSize;
  layer.size(size, o + size);
  const hwType = layer.uint(f.hwType, o);
  const protoType = layer.uint(f.protoType, o + 2);
  layer.uint(f.hwSize, o + 4);
  layer.uint(f.protoSize, o + 5);
  const opcode = layer.uint(f.opcode, o + 6);
  if (!layer.ok) return;
  const mac = (hwType === ETHERNET || hwType === IEEE_802) && hwSize === 6;
  const ip = protoType === 0x0800 && protoSize === 4;
  const sha = o + ARP_MIN_BYTES;
  const spa = sha + hwSize;
  const tha = spa + protoSize;
  const tpa = tha + hwSize;
  const senderIp = b.u32(spa);
  const targetIp = b.u32(tpa);
  const whole = o + size <= b.end && ip;
  // RFC 5227: a probe asks for an address that nobody uses yet; an announcement asks for one's own.
  const isAsk = opcode === REQUEST || opcode === REPLY;
  const gratuitous = whole && isAsk && senderIp === targetIp;
  const probe = whole && opcode === REQUEST && senderIp === 0 && targetIp !== 0;
  const announcement = gratuitous && opcode === REQUEST && b.slice(tha, hwSize).every((byte) => byte === 0);
  if (probe) layer.add(f.isProbe, o + 6, 2, true);
  if (gratuitous) layer.add(f.isGratuitous, o + 6, 2, true);
  if (announcement) layer.add(f.isAnnouncement, o + 6, 2, true);
  if (hwSize > 0) layer.bytes(mac ? f.srcHwMac : f.srcHw, sha, hwSize);
  if (protoSize > 0) layer.bytes(ip ? f.srcProtoIpv4 : f.srcProto, spa, protoSize);
  if (hwSize > 0) layer.bytes(mac ? f.dstHwMac : f.dstHw, tha, hwSize);
  if (protoSize > 0) layer.bytes(ip ? f.dstProtoIpv4 : f.dstProto, tpa, protoSize);
  const address = (at: number): string => (ip ? formatIpv4(b.slice(at, 4)) : hexBytes(b.slice(at, protoSize)));
  const hardware = (at: number): string => (mac ? formatEther(b.slice(at, 6)) : hexBytes(b.slice(at, hwSize)));
  if (!layer.ok) return;
  const duplicates = isIpv4OverEthernet(b.bytes, o) ? addDuplicates(d, layer) : '';
  const name = opcodes.get(opcode);
  let info = name === undefined ? `Unknown ARP opcode 0x${opcode.toString(16).padStart(4, '0')}` : `${name} (${opcode})`;
  if (opcode === REQUEST) {
    if (probe) info = `Who has ${address(tpa)}? (ARP Probe)`;
    else if (announcement) info = `ARP Announcement for ${address(tpa)}`;
    else if (gratuitous) info = `Gratuitous ARP for ${address(tpa)} (Request)`;
    else info = `Who has ${address(tpa)}? Tell ${address(spa)}`;
  } else if (opcode === REPLY) {
    info = gratuitous ? `Gratuitous ARP for ${address(spa)} (Reply)` : `${address(spa)} is at ${hardware(sha)}`;
  } else if (opcode === 3) {
    info = `Who is ${hardware(tha)}? Tell ${hardware(sha)}`;
  } else if (opcode === 4) {
    info = `${hardware(tha)} is at ${address(tpa)}`;
  } else if (opcode === 8) {
    info = `Who is ${hardware(tha)}? Tell ${hardware(sha)}`;
  } else if (opcode === 9) {
    info = `${hardware(sha)} is at ${address(spa)}`;
  }
  info += duplicates;
  d.column(arp, info);
  layer.summary = info;
}
