// RFC 4443; RFC 4861 (neighbour discovery), 2710 and 3810 (multicast listeners), 4620 (node information); others: ./icmpv6-others.ts.
import { expectedChecksum, pseudoHeaderSum, sum16 } from '../bytes/checksum.ts';
import { formatIpv6 } from '../bytes/format.ts';
import { data } from '../dissect/data.ts';
import type { Buf, Dissection, Layer } from '../dissect/dissection.ts';
import { bool, bytes, double, expert, framenum, ipv6 as ipv6Field, names, uint8, uint16, uint32, uint64 } from '../dissect/field.ts';
import { defineProtocol, type Protocol } from '../dissect/protocol.ts';
import { tables } from '../dissect/tables.ts';
import { NONE, RowFlag } from '../table/packet-table.ts';
import { icmp } from './icmp.ts';
import { echoPairs, millisecondsBetween, sentToGroup } from './icmp-echo.ts';
import { dissectMulticastListener, mldFields } from './icmpv6-mld.ts';
import { icmpv6CodeName, icmpv6Types } from './icmpv6-names.ts';
import { icmpv6OptionFields, routerPreference } from './icmpv6-option-fields.ts';
import { dissectNdOptions, indexNdOptions } from './icmpv6-options.ts';
import { dissectOther, EXTENDED_ECHO, EXTENSIONS_AT, fastHandover, icmpv6OtherFields } from './icmpv6-others.ts';
import { CHECKSUM_BAD, CHECKSUM_GOOD, CHECKSUM_UNVERIFIED, checksumStatus, IpProto } from './ip-names.ts';
import { callData, followData } from './next.ts';
import { callQuoted } from './quoted.ts';

const ICMPV6_HEADER_BYTES = 4;
const ECHO = 128;
const ECHO_REPLY = 129;
/** Echo messages have a second word in their header. */
const ECHO_HEADER_BYTES = 8;

const f = {
  type: uint8('icmpv6.type', 'Type', { names: icmpv6Types }),
  code: uint8('icmpv6.code', 'Code'),
  checksum: uint16('icmpv6.checksum', 'Checksum', { base: 'hex' }),
  checksumStatus: uint8('icmpv6.checksum.status', 'Checksum Status', { base: 'none', names: checksumStatus, generated: true }),
  reserved: bytes('icmpv6.reserved', 'Reserved'),
  mtu: uint32('icmpv6.mtu', 'MTU'),
  pointer: uint32('icmpv6.pointer', 'Pointer'),
  identifier: uint16('icmpv6.echo.identifier', 'Identifier', { base: 'hex' }),
  sequence: uint16('icmpv6.echo.sequence_number', 'Sequence'),
  responseIn: framenum('icmpv6.resp_in', 'Response In', { generated: true }),
  responseTo: framenum('icmpv6.resp_to', 'Response To', { generated: true }),
  responseTime: double('icmpv6.resptime', 'Response Time', { generated: true, unit: ' ms' }),
  raHopLimit: uint8('icmpv6.nd.ra.cur_hop_limit', 'Cur hop limit'),
  raFlags: uint8('icmpv6.nd.ra.flag', 'Flags', { base: 'hex' }),
  raM: bool('icmpv6.nd.ra.flag.m', 'Managed address configuration', { mask: 0x80 }),
  raO: bool('icmpv6.nd.ra.flag.o', 'Other configuration', { mask: 0x40 }),
  raH: bool('icmpv6.nd.ra.flag.h', 'Home Agent', { mask: 0x20 }),
  raPreference: uint8('icmpv6.nd.ra.flag.prf', 'Prf (Default Router Preference)', { mask: 0x18, names: routerPreference }),
  raP: bool('icmpv6.nd.ra.flag.p', 'Proxy', { mask: 0x04 }),
  raReserved: uint8('icmpv6.nd.ra.flag.rsv', 'Reserved', { mask: 0x03 }),
  raLifetime: uint16('icmpv6.nd.ra.router_lifetime', 'Router lifetime (s)'),
  raReachable: uint32('icmpv6.nd.ra.reachable_time', 'Reachable time (ms)'),
  raRetransmit: uint32('icmpv6.nd.ra.retrans_timer', 'Retrans timer (ms)'),
  nsTarget: ipv6Field('icmpv6.nd.ns.target_address', 'Target Address'),
  naFlags: uint32('icmpv6.nd.na.flag', 'Flags', { base: 'hex' }),
  naR: bool('icmpv6.nd.na.flag.r', 'Router', { mask: 0x80000000 }),
  naS: bool('icmpv6.nd.na.flag.s', 'Solicited', { mask: 0x40000000 }),
  naO: bool('icmpv6.nd.na.flag.o', 'Override', { mask: 0x20000000 }),
  naReserved: uint32('icmpv6.nd.na.flag.rsv', 'Reserved', { mask: 0x1fffffff }),
  naTarget: ipv6Field('icmpv6.nd.na.target_address', 'Target Address'),
  rdTarget: ipv6Field('icmpv6.nd.rd.target_address', 'Target Address'),
  rdDestination: ipv6Field('icmpv6.rd.na.destination_address', 'Destination Address'),
  niType: uint16('icmpv6.ni.qtype', 'Qtype', {
    names: names({
      0: 'NOOP',
      1: 'Supported query types (Obsolete)',
      2: 'Node Name',
      3: 'Node addresses',
      4: 'IPv4 node addresses',
    }),
  }),
  niFlags: uint16('icmpv6.ni.flag', 'Flags', { base: 'hex' }),
  niG: bool('icmpv6.ni.flag.g', 'Global-scope addresses', { mask: 0x0020 }),
  niS: bool('icmpv6.ni.flag.s', 'Site-local addresses', { mask: 0x0010 }),
  niL: bool('icmpv6.ni.flag.l', 'Link-local addresses', { mask: 0x0008 }),
  niC: bool('icmpv6.ni.flag.c', 'Compression', { mask: 0x0004 }),
  niA: bool('icmpv6.ni.flag.a', 'Unicast Addresses', {
    mask: 0x0002,
    bool: ['All unicast address', 'Unicast addresses on the queried interface'],
  }),
  niT: bool('icmpv6.ni.flag.t', 'Truncated', { mask: 0x0001 }),
  niReserved: uint16('icmpv6.ni.flag.rsv', 'Reserved', { base: 'hex', mask: 0xffc0 }),
  niNonce: uint64('icmpv6.ni.nonce', 'Nonce', { base: 'hex' }),
  data: bytes('icmpv6.data', 'Data'),
  nonce: bytes('icmpv6.nonce', 'Nonce'),
  eiChecksum: expert('icmpv6.checksum_bad.expert', 'warn', 'Bad checksum', 'checksum'),
  eiNoResponse: expert('icmpv6.resp_not_found', 'warn', 'Response not found', 'sequence'),
};

export const icmpv6 = defineProtocol({
  name: 'icmpv6',
  short: 'ICMPv6',
  title: 'Internet Control Message Protocol v6',
  osi: '3',
  pdu: 'Message',
  hue: 'net',
  fields: [...Object.values(f), ...Object.values(icmpv6OptionFields), ...Object.values(mldFields), ...Object.values(icmpv6OtherFields)],

  index(w) {
    if (!w.has(ICMPV6_HEADER_BYTES)) return;
    const { bytes: b, offset: o } = w;
    const type = b[o] as number;
    if (type >= 1 && type <= 4) {
      if (!w.has(8) || o + 8 >= w.end) return;
      w.quoted = true;
      w.flags |= RowFlag.Several;
      w.follow(quotedProtocol(b[o + 8] as number), o + 8);
    } else if (optionsAt(type) > 0) {
      indexNdOptions(w, o + optionsAt(type), (at, end) => {
        const protocol = quotedProtocol(b[at] as number);
        if (protocol !== undefined) w.nestQuoted(protocol, at, end);
      });
    } else if (type === EXTENDED_ECHO) {
      if (o + EXTENSIONS_AT < w.end) w.pushPart(icmp);
    } else if (type === ECHO || type === ECHO_REPLY) {
      if (!w.has(8)) return;
      if (!w.quoted && !w.fragmented) {
        const id = (((b[o + 4] as number) << 24) | ((b[o + 5] as number) << 16) | ((b[o + 6] as number) << 8) | (b[o + 7] as number)) >>> 0;
        const pairs = w.capture.state(echoPairs);
        if (type === ECHO) pairs.request(w, id);
        else pairs.reply(w, id);
      }
      if (!hasNonce(type, w.dstPort)) followData(w, o + ECHO_HEADER_BYTES);
    }
  },

  dissect,
});

const TEREDO_PORT = 3544;
/** Wireshark's length; RFC 4380 leaves it open, most send more. */
const NONCE_BYTES = 4;

/** Teredo's test of a direct way to a node: the echo request carries a nonce (RFC 4380, section 5.2.9). */
function hasNonce(type: number, dstPort: number): boolean {
  return type === ECHO && dstPort === TEREDO_PORT;
}

/** Where the options begin in messages that have some; 0 for others. */
function optionsAt(type: number): number {
  switch (type) {
    case 133:
    case 141:
    case 142:
    case 146:
    case 147:
    case 148:
    case 154:
      return 8;
    case 149:
      return 12;
    case 134:
      return 16;
    case 135:
    case 136:
      return 24;
    case 137:
      return 40;
    default:
      return 0;
  }
}

/** What is in a packet that is quoted, by its first octet: Wireshark looks at the version first. */
function quotedProtocol(octet: number): Protocol | undefined {
  return octet >> 4 === 6 ? tables.ethertype.lookup(0x86dd) : data;
}

function dissect(d: Dissection, b: Buf): void {
  const o = b.offset;
  const layer = d.layer(icmpv6, b);
  d.column(icmpv6);
  const type = layer.uint(f.type, o);
  const codeName = icmpv6CodeName(b.u8(o), b.u8(o + 1), b.u8(o + 4));
  layer.uint(f.code, o + 1, 1, { display: codeName === undefined ? String(b.u8(o + 1)) : `${b.u8(o + 1)} (${codeName})` });
  const typeName = icmpv6Types.get(type) ?? `Unknown (${type})`;
  layer.summary = codeName === undefined ? typeName : `${typeName} · ${codeName}`;
  const info = codeName === undefined ? typeName : `${typeName} (${codeName})`;
  d.column(icmpv6, info);
  addChecksum(d, layer, b);
  if (!layer.ok) return;
  switch (type) {
    case 1:
    case 3:
      layer.bytes(f.reserved, o + 4, 4);
      callOriginal(d, layer, o + 8);
      return;
    case 2:
      layer.uint(f.mtu, o + 4);
      callOriginal(d, layer, o + 8);
      return;
    case 4:
      layer.uint(f.pointer, o + 4);
      callOriginal(d, layer, o + 8);
      return;
    case ECHO:
    case ECHO_REPLY:
      addEcho(d, layer, b, type);
      return;
    case 130:
    case 131:
    case 132:
    case 143:
      layer.size(b.length);
      dissectMulticastListener(layer, b, type, info);
      return;
    case 133:
      layer.bytes(f.reserved, o + 4, 4);
      break;
    case 134:
      addRouterAdvertisement(layer, o);
      break;
    case 135:
      layer.bytes(f.reserved, o + 4, 4);
      break;
    case 139:
    case 140:
      layer.uint(f.niType, o + 4);
      layer.uintNode(f.niFlags, o + 6).bits([f.niG, f.niS, f.niL, f.niC, f.niA, f.niT, f.niReserved], o + 6, 2);
      layer.uint64(f.niNonce, o + 8);
      addRest(layer, b, o + 16);
      return;
    case 136:
    case 137:
      break;
    default: {
      layer.size(b.length);
      const at = dissectOther(layer, b, type);
      if (type === EXTENDED_ECHO && layer.ok && o + EXTENSIONS_AT < b.end) d.pushPart(icmp);
      if (at === null || optionsAt(type) === 0) addRest(layer, b, at ?? o + 4);
      else if (layer.ok) {
        // A message of fast handovers is called by its subtype.
        const title = type === 154 ? `${typeName} (${fastHandover(b.u8(o + 4))})` : info;
        layer.summary = title + addOptions(d, layer, at);
        d.column(icmpv6, layer.summary);
      }
      return;
    }
  }
  addNeighbourDiscovery(d, layer, b, type, info);
}

function addNeighbourDiscovery(d: Dissection, layer: Layer, b: Buf, type: number, info: string): void {
  const o = b.offset;
  const at = o + optionsAt(type);
  let text = info;
  if (type === 135) {
    text += ` for ${formatIpv6(layer.bytes(f.nsTarget, o + 8))}`;
  } else if (type === 136) {
    layer.uintNode(f.naFlags, o + 4).bits([f.naR, f.naS, f.naO, f.naReserved], o + 4, 4);
    text += ` ${formatIpv6(layer.bytes(f.naTarget, o + 8))} (${naFlags(b.u8(o + 4))})`;
  } else if (type === 137) {
    layer.bytes(f.reserved, o + 4, 4);
    layer.bytes(f.rdTarget, o + 8);
    layer.bytes(f.rdDestination, o + 24);
  }
  if (!layer.ok) return;
  layer.size(b.length);
  text += addOptions(d, layer, at);
  d.column(icmpv6, text);
  layer.summary = text;
}

/** Adds the options from an offset to the end of the message, and the packets that were redirected. Gives text for the info column. */
function addOptions(d: Dissection, layer: Layer, at: number): string {
  return dissectNdOptions(layer, at, layer.buf.end, (from, to) => callOriginal(d, layer, from, to, to));
}

function naFlags(octet: number): string {
  const words: string[] = [];
  if ((octet & 0x80) !== 0) words.push('rtr');
  if ((octet & 0x40) !== 0) words.push('sol');
  if ((octet & 0x20) !== 0) words.push('ovr');
  return words.join(', ');
}

function addChecksum(d: Dissection, layer: Layer, b: Buf): void {
  const at = b.offset + 2;
  if (!layer.has(at, 2)) return;
  const written = b.u16(at);
  const text = `0x${written.toString(16).padStart(4, '0')}`;
  if (d.quoted || d.fragmented || b.wireEnd > b.end || d.netSrc === null || d.netDst === null || d.netSrc.length !== 16) {
    layer.add(f.checksum, at, 2, written, { display: d.quoted ? `${text} [in ICMP error packet]` : `${text} [unverified]` });
    layer.add(f.checksumStatus, at, 0, CHECKSUM_UNVERIFIED);
    return;
  }
  const pseudo = pseudoHeaderSum(d.netSrc, d.netDst, IpProto.Icmpv6, b.length);
  const right = expectedChecksum(written, sum16(b.bytes, b.offset, b.end, pseudo));
  const good = right === written;
  const node = layer.add(f.checksum, at, 2, written, {
    display: good ? `${text} [correct]` : `${text} incorrect, should be 0x${right.toString(16).padStart(4, '0')}`,
  });
  if (!good) node.expert(f.eiChecksum, at, 2, `Bad checksum [should be 0x${right.toString(16).padStart(4, '0')}]`);
  layer.add(f.checksumStatus, at, 0, good ? CHECKSUM_GOOD : CHECKSUM_BAD);
}

/** The packet that is quoted in [from, to), which goes on to `wireEnd` on the wire. */
function callOriginal(d: Dissection, layer: Layer, from: number, to = layer.buf.end, wireEnd = layer.buf.wireEnd): void {
  if (!layer.ok || from >= to) return;
  layer.size(from - layer.buf.offset);
  callQuoted(d, quotedProtocol(layer.buf.u8(from)), layer.buf.from(from, wireEnd));
}

function addEcho(d: Dissection, layer: Layer, b: Buf, type: number): void {
  const o = b.offset;
  const id = layer.uint(f.identifier, o + 4);
  const seq = layer.uint(f.sequence, o + 6);
  if (!layer.ok) return;
  layer.size(8);
  const name = icmpv6Types.get(type) ?? '';
  const limit = d.layers.findLast((each) => each.protocol === 'ipv6')?.fields.find((node) => node.abbrev === 'ipv6.hlim');
  const info = `${name} id=0x${id.toString(16).padStart(4, '0')}, seq=${seq}, hop limit=${String(limit?.value ?? '?')}`;
  layer.summary = `${name} · id ${id}, seq ${seq}`;
  let pair = '';
  if (!d.quoted) {
    const pairs = d.capture.state(echoPairs);
    const answer = type === ECHO ? pairs.answerTo(d.row) : NONE;
    const request = type === ECHO_REPLY ? pairs.requestOf(d.row) : NONE;
    if (answer !== NONE) {
      layer.add(f.responseIn, o, 0, answer + 1, { link: answer });
      pair = ` (reply in ${answer + 1})`;
    } else if (request !== NONE) {
      layer.add(f.responseTo, o, 0, request + 1, { link: request });
      layer.add(f.responseTime, o, 0, millisecondsBetween(d.capture, request, d.row));
      pair = ` (request in ${request + 1})`;
    } else if (type === ECHO && !sentToGroup(d)) {
      if (d.capture.onePass !== true) layer.expert(f.eiNoResponse, o, 0, 'No response seen to ICMPv6 request');
      pair = ' (no response found!)';
    }
  }
  d.column(icmpv6, info + pair);
  if (hasNonce(type, d.transport?.dstPort ?? 0)) {
    layer.size(b.length);
    layer.bytes(f.nonce, o + 8, NONCE_BYTES);
  } else callData(d, b.from(o + 8));
}

function addRouterAdvertisement(layer: Layer, o: number): void {
  layer.uint(f.raHopLimit, o + 4);
  layer.uintNode(f.raFlags, o + 5).bits([f.raM, f.raO, f.raH, f.raPreference, f.raP, f.raReserved], o + 5, 1);
  layer.uint(f.raLifetime, o + 6);
  layer.uint(f.raReachable, o + 8);
  layer.uint(f.raRetransmit, o + 12);
}

function addRest(layer: Layer, b: Buf, at: number): void {
  if (layer.ok && at < b.end) layer.bytes(f.data, at, b.end - at);
}
