// RFC 2784 and 2890; RFC 1701 (routing), 2637 (version 1, of PPTP); MikroTik's Ethernet over IP, which has version 1 and a key of its own.
import { internetChecksum } from '../bytes/checksum.ts';
import type { Buf, Dissection } from '../dissect/dissection.ts';
import { bool, bytes, expert, names, none, uint8, uint16, uint32 } from '../dissect/field.ts';
import { defineProtocol, type Protocol } from '../dissect/protocol.ts';
import { tables } from '../dissect/tables.ts';
import { erspan, erspanTypeI } from './erspan.ts';
import { etherTypes } from './ethertype.ts';
import { CHECKSUM_BAD, CHECKSUM_GOOD, checksumStatus } from './ip-names.ts';
import { callOrData, followOrData } from './next.ts';

const HAS_CHECKSUM = 0x8000;
const HAS_ROUTING = 0x4000;
const HAS_KEY = 0x2000;
const HAS_SEQUENCE = 0x1000;
const HAS_ACK = 0x0080;
const VERSION = 0x0007;
const PROTO_WCCP = 0x883e;
const REDIRECT_BYTES = 4;
const PROTO_ERSPAN = 0x88be;
const PROTO_EOIP = 0x6400;

const moreTypes = names({
  0: 'Possible GRE keepalive packet',
  254: 'OSI',
  2048: 'IP',
  8192: 'CDP (Cisco)',
  8193: 'NHRP',
  8939: 'ERSPAN III',
  25600: 'MIKROTIK EoIP',
  25944: 'Transparent Ethernet bridging',
  25945: 'Frame Relay',
  33079: 'IPX',
  34827: 'PPP',
  34878: 'WCCP',
  34887: 'MPLS label switched packet',
  34945: 'CDMA2000 A10 Unstructured byte stream',
  35006: 'ERSPAN',
  35026: 'CDMA2000 A10 3GPP2 Packet',
  35081: 'CiscoMetaData',
  35151: 'Network Service Header',
  47082: 'Huawei GRE bonding',
  65198: 'AIROHIVE AP AP',
});

const f = {
  flags: uint16('gre.flags_and_version', 'Flags and Version', { base: 'hex' }),
  flagChecksum: bool('gre.flags.checksum', 'Checksum Bit', { mask: HAS_CHECKSUM, bool: ['Yes', 'No'] }),
  flagRouting: bool('gre.flags.routing', 'Routing Bit', { mask: HAS_ROUTING, bool: ['Yes', 'No'] }),
  flagKey: bool('gre.flags.key', 'Key Bit', { mask: HAS_KEY, bool: ['Yes', 'No'] }),
  flagSequence: bool('gre.flags.sequence_number', 'Sequence Number Bit', { mask: HAS_SEQUENCE, bool: ['Yes', 'No'] }),
  flagStrict: bool('gre.flags.strict_source_route', 'Strict Source Route Bit', { mask: 0x0800, bool: ['Yes', 'No'] }),
  recursion: uint16('gre.flags.recursion_control', 'Recursion control', { mask: 0x0700 }),
  flagAck: bool('gre.flags.ack', 'Acknowledgment', { mask: HAS_ACK, bool: ['Yes', 'No'] }),
  reserved: uint16('gre.flags.reserved', 'Flags (Reserved)', { mask: 0x00f8 }),
  reservedEnhanced: uint16('gre.flags.reserved', 'Flags (Reserved)', { mask: 0x0078 }),
  version: uint16('gre.flags.version', 'Version', { mask: VERSION, names: names({ 0: 'GRE', 1: 'Enhanced GRE' }) }),
  proto: uint16('gre.proto', 'Protocol Type', { base: 'hex', names: (value) => moreTypes.get(value) ?? etherTypes.get(value) }),
  checksum: uint16('gre.checksum', 'Checksum', { base: 'hex' }),
  checksumStatus: uint8('gre.checksum.status', 'Checksum Status', { base: 'none', names: checksumStatus, generated: true }),
  offset: uint16('gre.offset', 'Offset'),
  key: uint32('gre.key', 'Key', { base: 'hex' }),
  payloadLength: uint16('gre.key.payload_length', 'Payload Length'),
  callId: uint16('gre.key.call_id', 'Call ID'),
  sequence: uint32('gre.sequence_number', 'Sequence Number'),
  ack: uint32('gre.ack_number', 'Acknowledgment Number'),
  routing: bytes('gre.routing.information', 'Routing Information'),
  redirect: none('gre.wccp.redirect_header', 'Redirect Header'),
  dynamic: bool('gre.wccp.dynamic_service', 'Dynamic Service', { bool: ['Dynamic service', 'Well-known service'], mask: 0x01 }),
  alternative: bool('gre.wccp.alternative_bucket_used', 'Alternative bucket used', {
    bool: ['Alternative bucket used', 'Primary bucket used'],
    mask: 0x02,
  }),
  service: uint8('gre.wccp.service_id', 'Service ID', {
    names: names({
      0: 'HTTP',
    }),
  }),
  alternativeBucket: uint8('gre.wccp.alternative_bucket', 'Alternative Bucket'),
  primaryBucket: uint8('gre.wccp.primary_bucket', 'Primary Bucket'),
  eiChecksum: expert('gre.checksum.incorrect', 'warn', 'Incorrect GRE Checksum'),
};

/** Bytes of the header with these flags, without routing entries. */
function headerBytes(flags: number): number {
  let length = 4;
  if ((flags & (HAS_CHECKSUM | HAS_ROUTING)) !== 0) length += 4;
  if ((flags & HAS_KEY) !== 0) length += 4;
  if ((flags & HAS_SEQUENCE) !== 0) length += 4;
  if ((flags & VERSION) === 1 && (flags & HAS_ACK) !== 0) length += 4;
  return length;
}

/** WCCP version 2 puts a word in front of the redirected packet, version 1 does not: told by whether an IPv4 header begins here. */
function hasRedirectHeader(b: Uint8Array, at: number, end: number): boolean {
  return at + REDIRECT_BYTES <= end && (b[at] as number) >> 4 !== 4;
}

function payloadOf(proto: number, flags: number): Protocol | undefined {
  // Type I of ERSPAN has no header of its own, and is told from type II by GRE's missing sequence number.
  if (proto === PROTO_ERSPAN) return (flags & HAS_SEQUENCE) !== 0 ? erspan : erspanTypeI;
  return tables.greProto.lookup(proto);
}

export const gre = defineProtocol({
  name: 'gre',
  short: 'GRE',
  title: 'Generic Routing Encapsulation',
  osi: '3',
  pdu: 'Packet',
  hue: 'net',
  fields: Object.values(f),

  index(w) {
    if (!w.has(4)) return;
    const { bytes: b, offset: o } = w;
    const flags = ((b[o] as number) << 8) | (b[o + 1] as number);
    const proto = ((b[o + 2] as number) << 8) | (b[o + 3] as number);
    const length = headerBytes(flags);
    if (!w.has(length)) return;
    let at = o + length;
    if ((flags & HAS_ROUTING) !== 0) at = afterRouting(b, at, w.end);
    if (proto === PROTO_WCCP && hasRedirectHeader(b, at, w.end)) at += REDIRECT_BYTES;
    // Version 1 acknowledges with headers alone.
    if ((flags & HAS_SEQUENCE) !== 0 || at < w.wireEnd) followOrData(w, payloadOf(proto, flags), at);
  },

  dissect,
});

/** RFC 1701: source route entries, ended by one whose family and length are 0. */
function afterRouting(b: Uint8Array, offset: number, end: number): number {
  let at = offset;
  while (at + 4 <= end) {
    const family = ((b[at] as number) << 8) | (b[at + 1] as number);
    const length = b[at + 3] as number;
    at += 4 + length;
    if (family === 0 && length === 0) break;
  }
  return Math.min(at, end);
}

function dissect(d: Dissection, b: Buf): void {
  const o = b.offset;
  const layer = d.layer(gre, b);
  d.column(gre);
  const node = layer.uintNode(f.flags, o);
  const flags = b.u16(o);
  const version = flags & VERSION;
  for (const flag of [f.flagChecksum, f.flagRouting, f.flagKey, f.flagSequence, f.flagStrict]) node.uint(flag, o, 2);
  node.uint(f.recursion, o);
  if (version === 1) node.uint(f.flagAck, o, 2);
  // Enhanced GRE has a flag in the first of these bits (RFC 2637, section 4.1).
  node.uint((flags & VERSION) === 1 ? f.reservedEnhanced : f.reserved, o);
  node.uint(f.version, o);
  const proto = layer.uint(f.proto, o + 2);
  let at = o + 4;
  if ((flags & (HAS_CHECKSUM | HAS_ROUTING)) !== 0) {
    layer.uint(f.checksum, at);
    if ((flags & HAS_CHECKSUM) !== 0 && b.wireEnd <= b.end) {
      const good = internetChecksum(b.bytes, o, b.end) === 0;
      if (!good) layer.expert(f.eiChecksum, at, 2);
      layer.add(f.checksumStatus, at, 0, good ? CHECKSUM_GOOD : CHECKSUM_BAD);
    }
    layer.uint(f.offset, at + 2);
    at += 4;
  }
  if ((flags & HAS_KEY) !== 0) {
    if (version === 1 && proto !== PROTO_EOIP) {
      layer.uint(f.payloadLength, at);
      layer.uint(f.callId, at + 2);
    } else {
      layer.uint(f.key, at);
    }
    at += 4;
  }
  if ((flags & HAS_SEQUENCE) !== 0) {
    layer.uint(f.sequence, at);
    at += 4;
  }
  if (version === 1 && (flags & HAS_ACK) !== 0) {
    layer.uint(f.ack, at);
    at += 4;
  }
  if (!layer.ok) return;
  if ((flags & HAS_ROUTING) !== 0) {
    const after = afterRouting(b.bytes, at, b.end);
    if (after > at) layer.bytes(f.routing, at, after - at);
    at = after;
  }
  if (proto === PROTO_WCCP && hasRedirectHeader(b.bytes, at, b.end)) {
    const redirect = layer.add(f.redirect, at, REDIRECT_BYTES, null);
    for (const flag of [f.dynamic, f.alternative]) redirect.uint(flag, at, 1);
    redirect.uint(f.service, at + 1);
    redirect.uint(f.alternativeBucket, at + 2);
    redirect.uint(f.primaryBucket, at + 3);
    at += REDIRECT_BYTES;
  }
  layer.size(at - o);
  const name = moreTypes.get(proto) ?? etherTypes.get(proto) ?? `0x${proto.toString(16).padStart(4, '0')}`;
  layer.summary = `Encapsulated ${name}`;
  d.column(gre, `Encapsulated ${name}`);
  if ((flags & HAS_SEQUENCE) !== 0 || at < b.wireEnd) callOrData(d, payloadOf(proto, flags), b.from(at));
}
