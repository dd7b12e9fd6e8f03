// RFC 8200, sections 4.3, 4.4 and 4.6; RFC 6275 (type 2), 6554 (RPL), 8754 (segment routing).

import { formatIpv6 } from '../bytes/format.ts';
import { bytesText } from '../dissect/display.ts';
import type { Buf, Dissection, Layer, Node } from '../dissect/dissection.ts';
import { bool, bytes, expert, ipv6, names, none, TRUE_FALSE, uint8, uint16, uint32 } from '../dissect/field.ts';
import type { IndexWalk } from '../dissect/index-walk.ts';
import { defineProtocol, type Protocol } from '../dissect/protocol.ts';
import { tables } from '../dissect/tables.ts';
import { IpProto, ipProtocols } from './ip-names.ts';
import { callOrData, followOrData } from './next.ts';

const optionTypes = names({
  0: 'Pad1',
  1: 'PadN',
  4: 'Tunnel Encapsulation Limit',
  5: 'Router Alert',
  7: 'CALIPSO',
  8: 'SMF_DPD',
  15: 'Performance and Diagnostic Metrics',
  30: 'Experimental (0x1E)',
  34: 'RPL Option',
  35: 'RPL Option',
  38: 'Quick-Start',
  48: 'Path MTU Option',
  49: 'IOAM Option',
  62: 'Experimental (0x3E)',
  65: 'Tunnel Payload Forwarding (TPF) Information',
  94: 'Experimental (0x5E)',
  99: 'RPL Option',
  109: 'MPL Option',
  126: 'Experimental (0x7E)',
  138: 'Endpoint Identification',
  139: 'ILNP Nonce',
  140: 'Line-Identification Option',
  158: 'Experimental (0x9E)',
  190: 'Experimental (0xBE)',
  194: 'Jumbo Payload',
  201: 'Home Address',
  222: 'Experimental (0xDE)',
  238: 'IP_DFF',
  254: 'Experimental (0xFE)',
});

const routingTypes = names({
  0: 'Source Route',
  1: 'Nimrod',
  2: 'Type 2 Routing',
  3: 'RPL Source Route',
  4: 'Segment Routing',
  5: 'Compact Routing Header 16',
  6: 'Compact Routing Header 32',
  253: 'Experiment 1',
  254: 'Experiment 2',
});

const optionFields = {
  option: none('ipv6.opt', 'IPv6 Option'),
  type: uint8('ipv6.opt.type', 'Type', { base: 'hex', names: optionTypes }),
  action: uint8('ipv6.opt.type.action', 'Action', {
    mask: 0xc0,
    names: names({
      0: 'Skip and continue',
      1: 'Discard',
      2: 'Discard and send ICMP Parameter Problem',
      3: 'Discard and send ICMP if not multicast',
    }),
  }),
  change: bool('ipv6.opt.type.change', 'May Change', { mask: 0x20, bool: ['Yes', 'No'] }),
  rest: uint8('ipv6.opt.type.rest', 'Low-Order Bits', { base: 'hex', mask: 0x1f }),
  length: uint8('ipv6.opt.length', 'Length'),
  pad1: none('ipv6.opt.pad1', 'Pad1'),
  padN: bytes('ipv6.opt.padn', 'PadN', { zero: '<none>' }),
  routerAlert: uint16('ipv6.opt.router_alert', 'Router Alert', {
    names: names({
      0: 'MLD',
      1: 'RSVP',
      2: 'Active Network',
    }),
  }),
  tunnelLimit: uint8('ipv6.opt.tel', 'Tunnel Encapsulation Limit'),
  jumbo: uint32('ipv6.opt.jumbo', 'Payload Length'),
  homeAddress: ipv6('ipv6.opt.mipv6.home_address', 'MIPv6 Home Address'),
  calipsoDoi: uint32('ipv6.opt.calipso.doi', 'CALIPSO Domain of Interpretation'),
  calipsoLength: uint8('ipv6.opt.calipso.cmpt.length', 'Compartment Length'),
  calipsoLevel: uint8('ipv6.opt.calipso.sens_level', 'Sensitivity Level'),
  calipsoChecksum: uint16('ipv6.opt.calipso.checksum', 'Checksum', { base: 'hex' }),
  calipsoBitmap: bytes('ipv6.opt.calipso.cmpt_bitmap', 'Compartment Bitmap'),
  pmtuMin: uint16('ipv6.opt.pmtu.min', 'Minimum Reported PMTU', { unit: ' bytes' }),
  pmtuReturn: uint16('ipv6.opt.pmtu.rtn', 'Return Minimum PMTU', { unit: ' bytes' }),
  rplFlag: uint8('ipv6.opt.rpl.flag', 'Flag', { base: 'hex' }),
  rplDown: bool('ipv6.opt.rpl.flag.o', 'Down', { bool: TRUE_FALSE, mask: 0x80 }),
  rplRankError: bool('ipv6.opt.rpl.flag.r', 'Rank Error', { bool: TRUE_FALSE, mask: 0x40 }),
  rplForwardError: bool('ipv6.opt.rpl.flag.f', 'Forwarding Error', { bool: TRUE_FALSE, mask: 0x20 }),
  rplReserved: uint8('ipv6.opt.rpl.flag.rsv', 'Reserved', { base: 'hex', mask: 0x1f }),
  rplInstance: uint8('ipv6.opt.rpl.instance_id', 'RPLInstanceID', { base: 'hex' }),
  rplRank: uint16('ipv6.opt.rpl.sender_rank', 'Sender Rank', { base: 'hex' }),
  pdmScaleReceived: uint8('ipv6.opt.pdm.scale_dtlr', 'Scale DTLR'),
  pdmScaleSent: uint8('ipv6.opt.pdm.scale_dtls', 'Scale DTLS'),
  pdmThis: uint16('ipv6.opt.pdm.psn_this_pkt', 'PSN This Packet'),
  pdmLast: uint16('ipv6.opt.pdm.psn_last_recv', 'PSN Last Received'),
  pdmDeltaReceived: uint16('ipv6.opt.pdm.delta_last_recv', 'Delta Time Last Received'),
  pdmDeltaSent: uint16('ipv6.opt.pdm.delta_last_sent', 'Delta Time Last Sent'),
  unknown: bytes('ipv6.opt.unknown', 'Unknown Option Payload'),
  eiLength: expert('ipv6.opt.invalid_len', 'error', 'Invalid IPv6 option length', 'malformed'),
  eiUnknown: expert('ipv6.opt.unknown_data.expert', 'note', 'Unknown Data (not interpreted)', 'undecoded'),
  eiDeprecated: expert('ipv6.opt.deprecated', 'note', 'Option type is deprecated', 'deprecated'),
  eiHeader: expert('ipv6.opt.header_mismatch', 'warn', 'Wrong options extension header for type'),
  eiJumboProhibited: expert(
    'ipv6.opt.jumbo.prohibited',
    'warn',
    'When IPv6 payload length does not equal 0 a Jumbo Payload option must not be present',
  ),
  eiJumboShort: expert('ipv6.opt.jumbo.truncated', 'warn', 'Jumbo Payload option present and jumbo length < 65536'),
};

const HOP_BY_HOP = 'hop-by-hop';
const DESTINATION = 'destination';
/** Options that stand in one of the two headers only, and what the note on that calls them. */
const HOMES: ReadonlyMap<number, readonly [home: string, title: string]> = new Map([
  [0x04, [DESTINATION, 'Tunnel Encapsulation Limit']],
  [0x05, [HOP_BY_HOP, 'Router Alert']],
  [0x07, [HOP_BY_HOP, 'CALIPSO']],
  [0x0f, [DESTINATION, 'Performance and Diagnostic Metrics']],
  [0x30, [HOP_BY_HOP, 'Path MTU Option']],
  [0x31, [HOP_BY_HOP, 'IOAM Option']],
  [0x63, [HOP_BY_HOP, 'RPL Option']],
  [0x6d, [HOP_BY_HOP, 'MPL Option']],
  [0x8b, [DESTINATION, 'ILNP Nonce']],
  [0xc2, [HOP_BY_HOP, 'Jumbo Payload']],
  [0xc9, [DESTINATION, 'Home Address']],
  [0xee, [HOP_BY_HOP, 'IP_DFF']],
]);
const ENDPOINT_IDENTIFICATION = 0x8a;
/** Options that are not taken apart, but are nothing unknown: those with a home, IOAM, and types for experiments (RFC 4727, section 5). */
const isKnown = (type: number): boolean => HOMES.has(type) || type === 0x11 || (type & 0x1f) === 0x1e;

/** Fields that the two headers made of options have under their own names. */
function optionHeaderFields(prefix: string) {
  return {
    nxt: uint8(`${prefix}.nxt`, 'Next Header', { names: ipProtocols }),
    len: uint8(`${prefix}.len`, 'Length'),
    octets: uint16(`${prefix}.len_oct`, 'Length', { unit: ' bytes', generated: true }),
  };
}

/** Bytes of the extension header at `o`: RFC 8200's length in units of 8 bytes beyond the first 8. */
function headerBytes(lengthOctet: number): number {
  return 8 * (lengthOctet + 1);
}

function indexExtension(w: IndexWalk): void {
  if (!w.has(2)) return;
  const { bytes: b, offset: o } = w;
  const next = b[o] as number;
  const length = headerBytes(b[o + 1] as number);
  w.ipProto = next;
  if (!w.has(length) || o + length >= w.wireEnd) return;
  followOrData(w, next === IpProto.NoNext ? undefined : tables.ipProto.lookup(next), o + length);
}

/** The last of the options in b[at, end) has no room for its length: full depth, which reads it, calls nobody then. */
function endsInType(b: Uint8Array, from: number, end: number): boolean {
  let at = from;
  while (at + 1 < end) {
    if (b[at] === 0) at++;
    else at += 2 + (b[at + 1] as number);
  }
  return at + 1 === end && b[at] !== 0;
}

/** A header of options. What its options read lies within it, but for a length behind its last octet. */
function indexOptions(w: IndexWalk): void {
  const { bytes: b, offset: o, end } = w;
  if (end - o >= 8 && end - o === headerBytes(b[o + 1] as number) && endsInType(b, o + 2, end)) {
    w.ipProto = b[o] as number;
    w.has(end - o + 1);
    return;
  }
  indexExtension(w);
}

function callNext(d: Dissection, next: number, b: Buf): void {
  d.ipProto = next;
  if (b.wireLength > 0) callOrData(d, next === IpProto.NoNext ? undefined : tables.ipProto.lookup(next), b);
}

function defineOptionsHeader(name: string, title: string): Protocol {
  const f = optionHeaderFields(name);
  const self: Protocol = defineProtocol({
    name,
    short: 'IPv6',
    title,
    osi: '3',
    pdu: 'Packet',
    hue: 'net',
    fields: [...Object.values(f), ...Object.values(optionFields)],
    index: indexOptions,
    dissect(d, b) {
      const o = b.offset;
      const layer = d.layer(self, b);
      const next = layer.uint(f.nxt, o);
      const length = headerBytes(layer.uint(f.len, o + 1));
      layer.add(f.octets, o + 1, 1, length, { display: `${length} bytes` });
      layer.size(length);
      layer.summary = `Next: ${ipProtocols.get(next) ?? next} · ${bytesText(length)}`;
      addOptions(layer, o + 2, o + length, name === 'ipv6.hopopts' ? HOP_BY_HOP : DESTINATION);
      if (layer.has(o, length)) callNext(d, next, b.from(o + length));
    },
  });
  return self;
}

export const ipv6HopByHop = defineOptionsHeader('ipv6.hopopts', 'IPv6 Hop-by-Hop Option');
export const ipv6DestinationOptions = defineOptionsHeader('ipv6.dstopts', 'Destination Options for IPv6');

function addOptions(layer: Layer, offset: number, end: number, header: string): void {
  const f = optionFields;
  for (let at = offset; layer.ok && at < end; ) {
    if (!layer.has(at, 1)) return;
    const type = layer.buf.u8(at);
    const title = optionTypes.get(type) ?? `Unknown IPv6 Option (${type})`;
    const length = type === 0 ? 0 : layer.buf.u8(at + 1);
    const size = type === 0 ? 1 : 2 + length;
    const node = layer.add(f.option, at, Math.min(size, end - at), null, { display: title });
    const typeNode = node.uintNode(f.type, at);
    typeNode.uint(f.action, at);
    typeNode.uint(f.change, at, 1);
    typeNode.uint(f.rest, at);
    if (type === 0) {
      node.add(f.pad1, at, 1, null);
      at++;
      continue;
    }
    node.uint(f.length, at + 1);
    if (at + size > end) {
      node.expert(f.eiLength, at + 1, 1);
      return;
    }
    const home = HOMES.get(type);
    if (home !== undefined && home[0] !== header) {
      const words = `${home[1]} must use a ${home[0]} options header`;
      typeNode.expert(f.eiHeader, undefined, undefined, words);
    }
    if (type === ENDPOINT_IDENTIFICATION) typeNode.expert(f.eiDeprecated);
    addOption(node, type, at + 2, length);
    at += size;
  }
}

function addOption(node: Node, type: number, at: number, length: number): void {
  const f = optionFields;
  const wrong = (expected: number): boolean => {
    if (length === expected) return false;
    node.expert(f.eiLength, at - 1, 1);
    return true;
  };
  switch (type) {
    case 0x01:
      node.bytes(f.padN, at, length);
      return;
    case 0x04:
      if (!wrong(1)) node.uint(f.tunnelLimit, at);
      return;
    case 0x05:
      if (!wrong(2)) node.uint(f.routerAlert, at);
      return;
    case 0x07: {
      if (length < 8) {
        node.expert(f.eiLength, at - 1, 1);
        return;
      }
      node.uint(f.calipsoDoi, at);
      const words = node.uint(f.calipsoLength, at + 4);
      node.uint(f.calipsoLevel, at + 5);
      node.uint(f.calipsoChecksum, at + 6);
      const bitmap = Math.min(4 * words, length - 8);
      if (bitmap > 0) node.bytes(f.calipsoBitmap, at + 8, bitmap);
      return;
    }
    case 0x0f:
      if (wrong(10)) return;
      node.uint(f.pdmScaleReceived, at);
      node.uint(f.pdmScaleSent, at + 1);
      node.uint(f.pdmThis, at + 2);
      node.uint(f.pdmLast, at + 4);
      node.uint(f.pdmDeltaReceived, at + 6);
      node.uint(f.pdmDeltaSent, at + 8);
      return;
    case 0x22:
    case 0x23:
    case 0x63: {
      if (length < 4) {
        node.expert(f.eiLength, at - 1, 1);
        return;
      }
      const flags = node.uintNode(f.rplFlag, at);
      flags.uint(f.rplDown, at, 1);
      flags.uint(f.rplRankError, at, 1);
      flags.uint(f.rplForwardError, at, 1);
      flags.uint(f.rplReserved, at);
      node.uint(f.rplInstance, at + 1);
      node.uint(f.rplRank, at + 2);
      return;
    }
    case 0x30:
      if (wrong(4)) return;
      node.uint(f.pmtuMin, at);
      node.uint(f.pmtuReturn, at + 2);
      return;
    case 0xc2:
      if (!wrong(4)) jumbo(node, at);
      return;
    case 0xc9:
      if (!wrong(16)) node.bytes(f.homeAddress, at);
      return;
    default:
      if (length > 0) node.bytes(f.unknown, at, length);
      if (!isKnown(type)) node.expert(f.eiUnknown);
  }
}

/** RFC 2675, sections 2 and 3: a length of more than 65535, and none in the header. */
function jumbo(node: Node, at: number): void {
  const f = optionFields;
  const length = node.uintNode(f.jumbo, at);
  if (node.ok && node.buf.u32(at) < 0x10000) length.expert(f.eiJumboShort);
  const header = node.d.layers.findLast(({ protocol }) => protocol === 'ipv6');
  const written = header?.fields.find(({ abbrev }) => abbrev === 'ipv6.plen')?.value;
  if (typeof written === 'number' && written !== 0) length.expert(f.eiJumboProhibited);
}

const routingFields = {
  ...optionHeaderFields('ipv6.routing'),
  type: uint8('ipv6.routing.type', 'Type', { names: routingTypes }),
  deprecated: expert('ipv6.routing.deprecated', 'note', 'Routing header type is deprecated', 'deprecated'),
  segmentsLeft: uint8('ipv6.routing.segleft', 'Segments Left'),
  unknown: bytes('ipv6.routing.unknown_data', 'Type-Specific Data'),
  sourceReserved: bytes('ipv6.routing.src.reserved', 'Reserved'),
  sourceAddress: ipv6('ipv6.routing.src.addr', 'Address'),
  mobileReserved: bytes('ipv6.routing.mipv6.reserved', 'Reserved'),
  homeAddress: ipv6('ipv6.routing.mipv6.home_address', 'Home Address'),
  rplCmprI: uint32('ipv6.routing.rpl.cmprI', 'Compressed Internal Octets (CmprI)', { mask: 0xf0000000 }),
  rplCmprE: uint32('ipv6.routing.rpl.cmprE', 'Compressed Final Octets (CmprE)', { mask: 0x0f000000 }),
  rplPad: uint32('ipv6.routing.rpl.pad', 'Padding Bytes', { mask: 0x00f00000 }),
  rplReserved: uint32('ipv6.routing.rpl.reserved', 'Reserved', { mask: 0x000fffff }),
  rplAddress: bytes('ipv6.routing.rpl.address', 'Address'),
  lastEntry: uint8('ipv6.routing.srh.last_entry', 'Last Entry'),
  srhFlags: uint8('ipv6.routing.srh.flags', 'Flags', { base: 'hex' }),
  srhTag: bytes('ipv6.routing.srh.tag', 'Tag'),
  srhAddress: ipv6('ipv6.routing.srh.addr', 'Address'),
};

export const ipv6Routing = defineProtocol({
  name: 'ipv6.routing',
  short: 'IPv6',
  title: 'Routing Header for IPv6',
  osi: '3',
  pdu: 'Packet',
  hue: 'net',
  fields: Object.values(routingFields),
  index: indexExtension,
  dissect(d, b) {
    const f = routingFields;
    const o = b.offset;
    const layer = d.layer(ipv6Routing, b);
    const next = layer.uint(f.nxt, o);
    const length = headerBytes(layer.uint(f.len, o + 1));
    layer.add(f.octets, o + 1, 1, length, { display: `${length} bytes` });
    layer.size(length);
    const typeNode = layer.uintNode(f.type, o + 2);
    const type = b.u8(o + 2);
    // RFC 5095 (source routes); Nimrod since 2009 (IANA).
    if (type === 0 || type === 1) typeNode.expert(f.deprecated);
    const left = layer.uint(f.segmentsLeft, o + 3);
    const end = o + length;
    layer.summary = `${routingTypes.get(type) ?? `Type ${type}`} · ${left} segments left`;
    let last: Uint8Array | null = null;
    if (type === 0) {
      layer.bytes(f.sourceReserved, o + 4, 4);
      for (let at = o + 8; layer.ok && at + 16 <= end; at += 16) last = layer.bytes(f.sourceAddress, at);
    } else if (type === 2) {
      layer.bytes(f.mobileReserved, o + 4, 4);
      if (length >= 24) last = layer.bytes(f.homeAddress, o + 8);
    } else if (type === 3) {
      addRplRoute(layer, o, end);
    } else if (type === 4) {
      const lastEntry = layer.uint(f.lastEntry, o + 4);
      layer.uint(f.srhFlags, o + 5);
      layer.bytes(f.srhTag, o + 6, 2);
      for (let i = 0, at = o + 8; layer.ok && i <= lastEntry && at + 16 <= end; i++, at += 16) {
        const address = layer.bytes(f.srhAddress, at);
        if (i === 0) last = address;
      }
    } else if (length > 4) {
      layer.bytes(f.unknown, o + 4, length - 4);
    }
    if (!layer.has(o, length)) return;
    // The pseudo-header of the upper layer has the final destination, not the next stop (RFC 8200, section 8.1).
    if (left > 0 && last !== null && last.length === 16) {
      d.netDst = last;
      if (!d.quoted) d.columns.destination = formatIpv6(last);
    }
    callNext(d, next, b.from(end));
  },
});

function addRplRoute(layer: Layer, o: number, end: number): void {
  const f = routingFields;
  const cmprI = layer.uint(f.rplCmprI, o + 4);
  const cmprE = layer.uint(f.rplCmprE, o + 4);
  const pad = layer.uint(f.rplPad, o + 4);
  layer.uint(f.rplReserved, o + 4);
  const stop = end - pad;
  for (let at = o + 8; layer.ok && at < stop; ) {
    const size = stop - at > 16 - cmprE ? 16 - cmprI : 16 - cmprE;
    if (at + size > stop) return;
    layer.bytes(f.rplAddress, at, size);
    at += size;
  }
}
