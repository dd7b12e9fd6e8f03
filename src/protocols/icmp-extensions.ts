// RFC 4884 (structure), 4950 (MPLS), 5837 (interfaces), 8335 (interface identification).
import { expectedChecksum, sum16 } from '../bytes/checksum.ts';
import type { Layer, Node } from '../dissect/dissection.ts';
import {
  bool,
  bytes,
  expert,
  ipv4,
  ipv6,
  nameOf,
  names,
  none,
  string,
  TRUE_FALSE,
  uint8,
  uint16,
  uint24,
  uint32,
} from '../dissect/field.ts';
import { ADDRESS_FAMILIES } from './address-families.ts';
import { CHECKSUM_BAD, CHECKSUM_GOOD, checksumStatus } from './ip-names.ts';

const CLASS_MPLS = 1;
const CLASS_INTERFACE = 2;
const CLASS_IDENTIFICATION = 3;

export const icmpExtensionFields = {
  extensions: none('icmp.ext', 'ICMP Multi-Part Extensions'),
  version: uint8('icmp.ext.version', 'Version'),
  reserved: uint16('icmp.ext.res', 'Reserved', { base: 'hex', mask: 0x0fff }),
  checksum: uint16('icmp.ext.checksum', 'Checksum', { base: 'hex' }),
  checksumStatus: uint8('icmp.ext.checksum.status', 'Checksum Status', { base: 'none', names: checksumStatus, generated: true }),
  length: uint16('icmp.ext.length', 'Length'),
  objectClass: uint8('icmp.ext.class', 'Class', {
    names: names({
      1: 'MPLS Label Stack Class',
      2: 'Interface Information Object',
      3: 'Interface Identification Object',
    }),
  }),
  objectType: uint8('icmp.ext.ctype', 'C-Type'),
  data: bytes('icmp.ext.data', 'Data'),
  label: uint24('icmp.mpls.label', 'Label', { mask: 0xfffff0 }),
  experimental: uint24('icmp.mpls.exp', 'Experimental', { mask: 0x0e }),
  bottom: bool('icmp.mpls.s', 'Stack bit', { mask: 0x01 }),
  ttl: uint8('icmp.mpls.ttl', 'Time to live'),
  role: uint8('icmp.int_info.role', 'Interface Role', {
    mask: 0xc0,
    names: names({
      0: 'IP interface upon which datagram arrived',
      1: 'sub-IP component of an IP interface upon which datagram arrived',
      2: 'IP interface through which datagram would be forwarded',
      3: 'IP next-hop to which datagram would be forwarded',
    }),
  }),
  roleReserved: uint8('icmp.int_info.reserved', 'Reserved', { mask: 0x30 }),
  hasIndex: bool('icmp.int_info.ifindex', 'ifIndex', { bool: TRUE_FALSE, mask: 0x08 }),
  hasAddress: bool('icmp.int_info.ipaddr', 'IP Address', { bool: ['Present', 'Not Present'], mask: 0x04 }),
  hasName: bool('icmp.int_info.name_present', 'Interface Name', { bool: ['Present', 'Not Present'], mask: 0x02 }),
  hasMtu: bool('icmp.int_info.mtu_present', 'MTU', { bool: ['Present', 'Not Present'], mask: 0x01 }),
  index: uint32('icmp.int_info.index', 'Interface Index'),
  family: uint16('icmp.int_info.afi', 'Address Family Identifier', { names: ADDRESS_FAMILIES }),
  ipv4: ipv4('icmp.int_info.ipv4', 'Source'),
  ipv6: ipv6('icmp.int_info.ipv6', 'Source'),
  nameLength: uint8('icmp.int_info.name_length', 'Name Length'),
  name: string('icmp.int_info.name', 'Name'),
  mtu: uint32('icmp.int_info.mtu', 'Maximum Transmission Unit'),
  identName: string('icmp.int_ident.name', 'Name'),
  identIndex: uint32('icmp.int_ident.index', 'Interface Index'),
  identFamily: uint16('icmp.int_ident.afi', 'Address Family Identifier', { names: ADDRESS_FAMILIES }),
  identLength: uint8('icmp.int_ident.addr_length', 'Address Length'),
  identReserved: bytes('icmp.int_ident.reserved', 'Reserved'),
  identIpv4: ipv4('icmp.int_ident.ipv4', 'Address'),
  identIpv6: ipv6('icmp.int_ident.ipv6', 'Address'),
  identAddress: bytes('icmp.int_ident.address', 'Address'),
  eiChecksum: expert('icmp.ext.checksum_bad', 'warn', 'Bad checksum', 'checksum'),
};

const f = icmpExtensionFields;

const identifiedBy = names({
  1: 'Identifies Interface By Name',
  2: 'Identifies Interface By Index',
  3: 'Identifies Interface By Address',
});

/** Adds the extension structure in [offset, end) to an ICMP layer. */
export function dissectIcmpExtensions(layer: Layer, offset: number, end: number): void {
  const b = layer.buf;
  if (end - offset < 4 || b.u8(offset) >> 4 === 0) return;
  const node = layer.add(f.extensions, offset, end - offset, null);
  node.add(f.version, offset, 1, b.u8(offset) >> 4);
  node.uint(f.reserved, offset);
  const written = b.u16(offset + 2);
  const right = expectedChecksum(written, sum16(b.bytes, offset, end));
  const good = written === 0 || right === written;
  const should = `0x${right.toString(16).padStart(4, '0')}`;
  node.uint(f.checksum, offset + 2, 2, {
    display: `0x${written.toString(16).padStart(4, '0')} ${good ? '[correct]' : `incorrect, should be ${should}`}`,
  });
  if (!good) node.expert(f.eiChecksum, offset + 2, 2, `Bad checksum [should be ${should}]`);
  node.add(f.checksumStatus, offset + 2, 0, good ? CHECKSUM_GOOD : CHECKSUM_BAD);
  for (let at = offset + 4; layer.ok && at + 4 <= end; ) {
    const length = b.u16(at);
    const objectClass = b.u8(at + 2);
    const stop = Math.min(end, at + length);
    const object = node.text(at, Math.max(4, stop - at), nameOf(f.objectClass, objectClass) ?? 'Object');
    object.uint(f.length, at);
    object.uint(f.objectClass, at + 2);
    const type = b.u8(at + 3);
    const kind = object.uintNode(f.objectType, at + 3);
    if (length < 4) return;
    if (objectClass === CLASS_MPLS && type === 1) addLabels(object, at + 4, stop);
    else if (objectClass === CLASS_INTERFACE) {
      kind.bits([f.role, f.roleReserved, f.hasIndex, f.hasAddress, f.hasName, f.hasMtu], at + 3, 1);
      addInterface(object, at + 4, type, stop);
    } else if (objectClass === CLASS_IDENTIFICATION) {
      kind.display += ` (${identifiedBy.get(type) ?? `Unknown C-Type ${type}`})`;
      addIdentification(object, type, at + 4, stop);
    } else if (stop > at + 4) object.bytes(f.data, at + 4, stop - at - 4);
    at += length;
  }
}

function addLabels(node: Node, offset: number, end: number): void {
  for (let at = offset; node.ok && at + 4 <= end; at += 4) {
    const label = node.text(at, 4, 'MPLS Stack Entry', `Label: ${node.buf.u24(at) >> 4}`);
    label.uint(f.label, at, 3);
    label.uint(f.experimental, at, 3);
    label.uint(f.bottom, at, 3);
    label.uint(f.ttl, at + 3);
  }
}

function addInterface(node: Node, offset: number, type: number, end: number): void {
  let at = offset;
  if ((type & 8) !== 0 && at + 4 <= end) {
    node.uint(f.index, at);
    at += 4;
  }
  if ((type & 4) !== 0 && at + 4 <= end) {
    const family = node.uint(f.family, at);
    at += 4;
    const size = family === 2 ? 16 : 4;
    if (at + size <= end) node.bytes(family === 2 ? f.ipv6 : f.ipv4, at);
    at += size;
  }
  if ((type & 2) !== 0 && at < end) {
    const length = node.uint(f.nameLength, at);
    if (length > 1 && at + length <= end) node.string(f.name, at + 1, length - 1, { zero: true });
    at += Math.max(1, length);
  }
  if ((type & 1) !== 0 && at + 4 <= end) node.uint(f.mtu, at);
}

function addIdentification(node: Node, type: number, at: number, end: number): void {
  if (type === 1 && at < end) node.string(f.identName, at, end - at, { zero: true });
  else if (type === 2 && at + 4 <= end) node.uint(f.identIndex, at);
  else if (type === 3 && at + 4 <= end) {
    const family = node.uint(f.identFamily, at);
    const length = node.uint(f.identLength, at + 2);
    node.bytes(f.identReserved, at + 3, 1);
    if (at + 4 + length > end || length === 0) return;
    if (family === 1 && length === 4) node.bytes(f.identIpv4, at + 4);
    else if (family === 2 && length === 16) node.bytes(f.identIpv6, at + 4);
    else node.bytes(f.identAddress, at + 4, length);
  }
}
