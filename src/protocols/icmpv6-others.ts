// RFC 2894 (renumbering), 3122 (inverse discovery), 6275 (mobility), 5568 (fast handovers), 3971 (SEND), 4286 (multicast routers), 6775 (duplicate addresses),
// 8335 (extended echo).
import type { Buf, Layer } from '../dissect/dissection.ts';
import { bool, bytes, eui64, ipv6, nameOf, names, none, uint8, uint16, uint32 } from '../dissect/field.ts';
import { dissectIcmpExtensions } from './icmp-extensions.ts';
import { neighbourStates } from './icmp-names.ts';
import { registrationStatus } from './icmpv6-names.ts';

const MATCH_BYTES = 24;
const USE_BYTES = 32;
const RESULT_BYTES = 24;
/** Of a renumbering message, before its body. */
const RENUMBERING_BYTES = 16;

export const icmpv6OtherFields = {
  reserved: bytes('icmpv6.reserved', 'Reserved'),
  // Renumbering
  sequence: uint32('icmpv6.rr.sequence_number', 'Sequence Number'),
  segment: uint8('icmpv6.rr.segment_number', 'Segment Number'),
  flags: uint8('icmpv6.rr.flag', 'Flags', { base: 'hex' }),
  t: bool('icmpv6.rr.flag.t', 'Test Command', { mask: 0x80 }),
  r: bool('icmpv6.rr.flag.r', 'Result requested', { mask: 0x40 }),
  a: bool('icmpv6.rr.flag.a', 'All Interfaces', { mask: 0x20 }),
  s: bool('icmpv6.rr.flag.s', 'Site-specific', { mask: 0x10 }),
  p: bool('icmpv6.rr.flag.p', 'Processed previously', { mask: 0x08 }),
  flagsReserved: uint8('icmpv6.rr.flag.rsv', 'Reserved', { mask: 0x07 }),
  maxDelay: uint16('icmpv6.rr.maxdelay', 'Max Delay'),
  match: none('icmpv6.rr.pco.mp', 'Match-Prefix Part'),
  opcode: uint8('icmpv6.rr.pco.mp.opcode', 'OpCode', { names: names({ 1: 'Add', 2: 'Change', 3: 'Set Global' }) }),
  opLength: uint8('icmpv6.rr.pco.mp.oplength', 'OpLength'),
  ordinal: uint8('icmpv6.rr.pco.mp.ordinal', 'Ordinal', { base: 'hex' }),
  matchLength: uint8('icmpv6.rr.pco.mp.matchlen', 'MatchLen'),
  minLength: uint8('icmpv6.rr.pco.mp.minlen', 'MinLen'),
  maxLength: uint8('icmpv6.rr.pco.mp.maxlen', 'MaxLen'),
  matchPrefix: ipv6('icmpv6.rr.pco.mp.matchprefix', 'MatchPrefix'),
  use: none('icmpv6.rr.pco.up', 'Use-Prefix Part'),
  useLength: uint8('icmpv6.rr.pco.up.uselen', 'UseLen'),
  keepLength: uint8('icmpv6.rr.pco.up.keeplen', 'KeepLen'),
  flagMask: uint8('icmpv6.rr.pco.up.flagmask', 'FlagMask', { base: 'hex' }),
  maskL: bool('icmpv6.rr.pco.up.flagmask.l', 'On-link flag(L)', { mask: 0x80 }),
  maskA: bool('icmpv6.rr.pco.up.flagmask.a', 'Autonomous address-configuration flag(A)', { mask: 0x40 }),
  maskReserved: uint8('icmpv6.rr.pco.up.flagmask.reserved', 'Reserved', { mask: 0x3f }),
  raFlags: uint8('icmpv6.rr.pco.up.raflags', 'RAFlags', { base: 'hex' }),
  valid: uint32('icmpv6.rr.pco.up.validlifetime', 'Valid Lifetime'),
  preferred: uint32('icmpv6.rr.pco.up.preferredlifetime', 'Preferred Lifetime'),
  useFlags: uint32('icmpv6.rr.pco.up.flag', 'Flags', { base: 'hex' }),
  useV: bool('icmpv6.rr.pco.up.flag.v', 'Decrement valid lifetime', { mask: 0x80000000 }),
  useP: bool('icmpv6.rr.pco.up.flag.p', 'Decrement preferred lifetime', { mask: 0x40000000 }),
  useReserved: uint32('icmpv6.rr.pco.up.flag.reserved', 'Reserved', { mask: 0x3fffffff }),
  usePrefix: ipv6('icmpv6.rr.pco.up.useprefix', 'UsePrefix'),
  result: none('icmpv6.rr.rm', 'Result Message'),
  resultFlags: uint16('icmpv6.rr.rm.flag', 'Flags', { base: 'hex' }),
  resultB: bool('icmpv6.rr.rm.flag.b', 'Bounds', { mask: 0x0002 }),
  resultF: bool('icmpv6.rr.rm.flag.f', 'Forbidden', { mask: 0x0001 }),
  resultReserved: uint16('icmpv6.rr.rm.flag.reserved', 'Reserved', { mask: 0xfffc }),
  resultOrdinal: uint8('icmpv6.rr.rm.ordinal', 'Ordinal', { base: 'hex' }),
  matchedLength: uint8('icmpv6.rr.rm.matchedlen', 'MatchedLen'),
  interfaceIndex: uint32('icmpv6.rr.rm.interfaceindex', 'InterfaceIndex'),
  matchedPrefix: ipv6('icmpv6.rr.rm.matchedprefix', 'MatchedPrefix'),
  // Mobility
  mobileId: uint16('icmpv6.mip6.identifier', 'Identifier', { base: 'dec_hex' }),
  homeAgent: ipv6('icmpv6.mip6.home_agent_address', 'Home Agent Address'),
  mobileFlags: uint16('icmpv6.mip6.flag', 'Flags', { base: 'hex' }),
  mobileM: bool('icmpv6.mip6.flag.m', 'Managed address configuration', { mask: 0x8000 }),
  mobileO: bool('icmpv6.mip6.flag.o', 'Other configuration', { mask: 0x4000 }),
  mobileReserved: uint16('icmpv6.mip6.flag.rsv', 'Reserved', { mask: 0x3fff }),
  // Fast handovers
  fastSubtype: uint8('icmpv6.fmip6.subtype', 'Subtype', {
    names: names({
      2: 'Router Solicitation for Proxy Advertisement',
      3: 'Proxy Router Advertisement',
      4: 'Handover Initiate',
      5: 'Handover Acknowledge',
    }),
  }),
  initiateFlags: uint8('icmpv6.fmip6.hi.flag', 'Flag', { base: 'hex' }),
  initiateS: bool('icmpv6.fmip6.hi.flag.s', 'Assigned address configuration', { mask: 0x80 }),
  // Wireshark calls this one `a`, the RFC `U`.
  initiateU: bool('icmpv6.fmip6.hi.flag.a', 'Buffer', { mask: 0x40 }),
  initiateReserved: uint8('icmpv6.fmip6.hi.flag.reserved', 'Reserved', { mask: 0x3f }),
  fastId: uint16('icmpv6.fmip6.identifier', 'Identifier', { base: 'dec_hex' }),
  // SEND
  sendId: uint16('icmpv6.send.identifier', 'Identifier'),
  components: uint16('icmpv6.send.all_components', 'All Components'),
  component: uint16('icmpv6.send.component', 'Component'),
  // Multicast routers
  queryInterval: uint16('icmpv6.mcast_ra.query_interval', 'Query Interval'),
  robustness: uint16('icmpv6.mcast_ra.robustness_variable', 'Robustness Variable'),
  // Duplicate addresses
  status: uint8('icmpv6.6lowpannd.da.status', 'Status', {
    names: registrationStatus,
  }),
  statusReserved: uint8('icmpv6.6lowpannd.da.rsv', 'Reserved'),
  lifetime: uint16('icmpv6.6lowpannd.da.lifetime', 'Lifetime'),
  eui: eui64('icmpv6.6lowpannd.da.eui64', 'EUI-64'),
  registered: ipv6('icmpv6.6lowpannd.da.reg_addr', 'Registered Address'),
  // Extended echo
  identifier: uint16('icmpv6.echo.identifier', 'Identifier', { base: 'hex' }),
  extSequence: uint8('icmpv6.ext.echo.seq', 'Sequence number', { base: 'dec_hex' }),
  extReserved: uint8('icmpv6.ext.echo.req.res', 'Reserved', { base: 'hex', mask: 0xfe }),
  extLocal: bool('icmpv6.ext.echo.req.local', 'Local bit', { mask: 0x01 }),
  extState: uint8('icmpv6.ext.echo.rsp.state', 'State', {
    mask: 0xe0,
    names: neighbourStates,
  }),
  extResReserved: uint8('icmpv6.ext.echo.rsp.res', 'Reserved', { base: 'hex', mask: 0x18 }),
  extActive: bool('icmpv6.ext.echo.rsp.active', 'Active bit', { mask: 0x04 }),
  extIpv4: bool('icmpv6.ext.echo.rsp.ipv4', 'IPv4 bit', { mask: 0x02 }),
  extIpv6: bool('icmpv6.ext.echo.rsp.ipv6', 'IPv6 bit', { mask: 0x01 }),
};

const f = icmpv6OtherFields;

export const EXTENDED_ECHO = 160;
/** Where the extensions of an extended echo begin, which are those of ICMP. */
export const EXTENSIONS_AT = 8;

/** The kind of a message of fast handovers, by its subtype. */
export function fastHandover(subtype: number): string {
  return nameOf(f.fastSubtype, subtype) ?? `Unknown (${subtype})`;
}

/**
 * Adds the body of a message that is taken apart here to its ICMPv6 layer, but for its options. Returns where what was added ends; null if
 * the message is of another type.
 */
export function dissectOther(layer: Layer, b: Buf, type: number): number | null {
  const o = b.offset;
  switch (type) {
    case 138:
      return addRenumbering(layer, b);
    case 141:
    case 142:
      layer.bytes(f.reserved, o + 4, 4);
      return o + 8;
    case 144:
      layer.uint(f.mobileId, o + 4);
      layer.bytes(f.reserved, o + 6, 2);
      return o + 8;
    case 145: {
      layer.uint(f.mobileId, o + 4);
      layer.bytes(f.reserved, o + 6, 2);
      let at = o + 8;
      for (; layer.ok && at + 16 <= b.end; at += 16) layer.bytes(f.homeAgent, at);
      return at;
    }
    case 146:
      layer.uint(f.mobileId, o + 4);
      layer.bytes(f.reserved, o + 6, 2);
      return o + 8;
    case 147:
      layer.uint(f.mobileId, o + 4);
      layer.uintNode(f.mobileFlags, o + 6).bits([f.mobileM, f.mobileO, f.mobileReserved], o + 6, 2);
      return o + 8;
    case 148:
      layer.uint(f.sendId, o + 4);
      layer.uint(f.component, o + 6);
      return o + 8;
    case 149:
      layer.uint(f.sendId, o + 4);
      layer.uint(f.components, o + 6);
      layer.uint(f.component, o + 8);
      layer.bytes(f.reserved, o + 10, 2);
      return o + 12;
    case 154:
      layer.uint(f.fastSubtype, o + 4);
      if (b.u8(o + 4) === 4) layer.uintNode(f.initiateFlags, o + 5).bits([f.initiateS, f.initiateU, f.initiateReserved], o + 5, 1);
      else if (nameOf(f.fastSubtype, b.u8(o + 4)) !== undefined) layer.bytes(f.reserved, o + 5, 1);
      layer.uint(f.fastId, o + 6);
      return o + 8;
    case 151:
      layer.uint(f.queryInterval, o + 4);
      layer.uint(f.robustness, o + 6);
      return o + 8;
    case 152:
    case 153:
      return b.end;
    case 157:
    case 158:
      layer.uint(f.status, o + 4);
      layer.uint(f.statusReserved, o + 5);
      layer.uint(f.lifetime, o + 6);
      layer.bytes(f.eui, o + 8);
      layer.bytes(f.registered, o + 16);
      return o + 32;
    case EXTENDED_ECHO:
      layer.uint(f.identifier, o + 4);
      layer.uint(f.extSequence, o + 6);
      layer.uint(f.extReserved, o + 7);
      layer.uint(f.extLocal, o + 7, 1);
      if (layer.ok && o + EXTENSIONS_AT < b.end) {
        layer.size(b.length);
        dissectIcmpExtensions(layer, o + EXTENSIONS_AT, b.end);
      }
      return b.end;
    case 161:
      layer.uint(f.identifier, o + 4);
      layer.uint(f.extSequence, o + 6);
      for (const field of [f.extState, f.extResReserved, f.extActive, f.extIpv4, f.extIpv6]) layer.uint(field, o + 7, 1);
      return o + 8;
    default:
      return null;
  }
}

function addRenumbering(layer: Layer, b: Buf): number {
  const o = b.offset;
  layer.uint(f.sequence, o + 4);
  layer.uint(f.segment, o + 8);
  layer.uintNode(f.flags, o + 9).bits([f.t, f.r, f.a, f.s, f.p, f.flagsReserved], o + 9, 1);
  layer.uint(f.maxDelay, o + 10);
  layer.bytes(f.reserved, o + 12, 4);
  let at = o + RENUMBERING_BYTES;
  if (!layer.ok) return at;
  const code = b.u8(o + 1);
  if (code === 0 && at < b.end) {
    addMatch(layer, at);
    at += MATCH_BYTES;
    for (; layer.ok && at < b.end; at += USE_BYTES) addUse(layer, at);
  } else if (code === 1) for (; layer.ok && at < b.end; at += RESULT_BYTES) addResult(layer, at);
  return at;
}

function addMatch(layer: Layer, at: number): void {
  const node = layer.add(f.match, at, Math.min(MATCH_BYTES, layer.buf.end - at), null);
  for (const [k, field] of [f.opcode, f.opLength, f.ordinal, f.matchLength, f.minLength, f.maxLength].entries()) node.uint(field, at + k);
  node.bytes(f.reserved, at + 6, 2);
  node.bytes(f.matchPrefix, at + 8);
}

function addUse(layer: Layer, at: number): void {
  const node = layer.add(f.use, at, Math.min(USE_BYTES, layer.buf.end - at), null);
  node.uint(f.useLength, at);
  node.uint(f.keepLength, at + 1);
  node.uintNode(f.flagMask, at + 2).bits([f.maskL, f.maskA, f.maskReserved], at + 2, 1);
  // Wireshark has no fields of their own for these bits.
  node.uintNode(f.raFlags, at + 3).bits([f.maskL, f.maskA, f.maskReserved], at + 3, 1);
  node.uint(f.valid, at + 4);
  node.uint(f.preferred, at + 8);
  node.uintNode(f.useFlags, at + 12).bits([f.useV, f.useP, f.useReserved], at + 12, 4);
  node.bytes(f.usePrefix, at + 16);
}

function addResult(layer: Layer, at: number): void {
  const node = layer.add(f.result, at, Math.min(RESULT_BYTES, layer.buf.end - at), null);
  node.uintNode(f.resultFlags, at).bits([f.resultB, f.resultF, f.resultReserved], at, 2);
  node.uint(f.resultOrdinal, at + 2);
  node.uint(f.matchedLength, at + 3);
  node.uint(f.interfaceIndex, at + 4);
  node.bytes(f.matchedPrefix, at + 8);
}
