// RFC 791; RFC 2474 and 3168 for the traffic class octet.
import { internetChecksum } from '../bytes/checksum.ts';
import { formatIpv4 } from '../bytes/format.ts';
import { data } from '../dissect/data.ts';
import type { Buf, Dissection, Layer } from '../dissect/dissection.ts';
import { bool, bytes, expert, framenum, ipv4 as ipv4Field, TRUE_FALSE, uint8, uint16, uint32 } from '../dissect/field.ts';
import type { IndexWalk } from '../dissect/index-walk.ts';
import { defineProtocol } from '../dissect/protocol.ts';
import { tables } from '../dissect/tables.ts';
import { type FragmentFields, fragments, showReassembly } from '../flow/ip-fragments.ts';
import { RowFlag, UNSET } from '../table/packet-table.ts';
import { CHECKSUM_UNVERIFIED, checksumStatus, dscpNames, ecnNames, IpProto, ipProtocols, trafficClassText } from './ip-names.ts';
import { dissectIpv4Options, ipv4OptionFields, lastStop } from './ipv4-options.ts';
import { callData, callOrData, followData, followOrData } from './next.ts';

const IPV4_MIN_HEADER_BYTES = 20;
const FLAG_DF = 0x4000;
const FLAG_MF = 0x2000;
const OFFSET_MASK = 0x1fff;

const f = {
  version: uint8('ip.version', 'Version', { mask: 0xf0 }),
  hdrLen: uint8('ip.hdr_len', 'Header Length', { mask: 0x0f, unit: ' bytes' }),
  dsfield: uint8('ip.dsfield', 'Differentiated Services Field', { base: 'hex' }),
  dscp: uint8('ip.dsfield.dscp', 'Differentiated Services Codepoint', { mask: 0xfc, names: dscpNames }),
  ecn: uint8('ip.dsfield.ecn', 'Explicit Congestion Notification', { mask: 0x03, names: ecnNames }),
  len: uint16('ip.len', 'Total Length'),
  id: uint16('ip.id', 'Identification', { base: 'hex_dec' }),
  flags: uint8('ip.flags', 'Flags', { base: 'hex', mask: 0xe0 }),
  flagsRb: bool('ip.flags.rb', 'Reserved bit', { mask: 0x80 }),
  flagsDf: bool('ip.flags.df', "Don't fragment", { mask: 0x40 }),
  flagsMf: bool('ip.flags.mf', 'More fragments', { mask: 0x20 }),
  fragOffset: uint16('ip.frag_offset', 'Fragment Offset', { mask: OFFSET_MASK }),
  ttl: uint8('ip.ttl', 'Time to Live'),
  proto: uint8('ip.proto', 'Protocol', { names: ipProtocols }),
  checksum: uint16('ip.checksum', 'Header Checksum', { base: 'hex' }),
  checksumStatus: uint8('ip.checksum.status', 'Header checksum status', { base: 'none', names: checksumStatus, generated: true }),
  src: ipv4Field('ip.src', 'Source Address', { also: ['ip.addr', 'ip.src_host', 'ip.host'] }),
  dst: ipv4Field('ip.dst', 'Destination Address', { also: ['ip.addr', 'ip.dst_host', 'ip.host'] }),
  eiVersion: expert('ip.bogus_ip_version', 'error', 'Bogus IP version'),
  eiHeaderLength: expert('ip.bogus_header_length', 'error', 'Bogus IP header length'),
  eiLength: expert('ip.bogus_ip_length', 'error', 'Bogus IP length'),
  eiEvil: expert('ip.evil_packet', 'warn', 'Packet has evil intent'),
  eiTtlLncb: expert('ip.ttl.lncb', 'note', 'Time To Live', 'sequence'),
  eiTtlSmall: expert('ip.ttl.too_small', 'note', 'Time To Live', 'sequence'),
};

const fragmentFields: FragmentFields = {
  fragments: bytes('ip.fragments', 'IPv4 Fragments', { generated: true }),
  fragment: framenum('ip.fragment', 'Frame', { generated: true }),
  overlap: bool('ip.fragment.overlap', 'Fragment overlap', { bool: TRUE_FALSE, generated: true }),
  multipleTails: bool('ip.fragment.multipletails', 'Multiple tail fragments found', { bool: TRUE_FALSE, generated: true }),
  tooLong: bool('ip.fragment.toolongfragment', 'Fragment too long', { bool: TRUE_FALSE, generated: true }),
  count: uint32('ip.fragment.count', 'Fragment count', { generated: true }),
  length: uint32('ip.reassembled.length', 'Reassembled IPv4 length', { generated: true }),
  data: bytes('ip.reassembled.data', 'Reassembled IPv4 data', { generated: true }),
  reassembledIn: framenum('ip.reassembled_in', 'Reassembled IPv4 in frame', { generated: true }),
};

export const ipv4 = defineProtocol({
  name: 'ip',
  short: 'IPv4',
  title: 'Internet Protocol Version 4',
  osi: '3',
  pdu: 'Packet',
  hue: 'net',
  fields: [...Object.values(f), ...Object.values(ipv4OptionFields), ...Object.values(fragmentFields)],
  stateless: true,
  index,
  dissect,
});

function index(w: IndexWalk): void {
  const { bytes: b, offset: o } = w;
  if (!w.has(1)) return;
  const version = (b[o] as number) >> 4;
  if (version === 6) {
    w.follow(tables.ethertype.lookup(0x86dd), o);
    return;
  }
  if (version !== 4) return;
  if (!w.has(IPV4_MIN_HEADER_BYTES)) {
    // The columns know nothing of an address before the cut: filters dissect such rows.
    w.flags |= RowFlag.Several;
    return;
  }
  const header = 4 * ((b[o] as number) & 15);
  if (header < IPV4_MIN_HEADER_BYTES) return;
  let length = ((b[o + 2] as number) << 8) | (b[o + 3] as number);
  // A length of 0 is what segmentation offload leaves: the packet goes on to the end of the frame.
  if (length === 0) length = w.wireEnd - o;
  if (length < header) return;
  const claimedEnd = o + length;
  const wireEnd = Math.min(claimedEnd, w.wireEnd);
  const proto = b[o + 9] as number;
  const fragment = ((b[o + 6] as number) << 8) | (b[o + 7] as number);
  w.ipProto = proto;
  const stop = header > IPV4_MIN_HEADER_BYTES ? lastStop(b, o + IPV4_MIN_HEADER_BYTES, Math.min(o + header, w.end)) : 0;
  const dst = w.capture.addresses.intern4(b, stop || o + 16);
  const src = w.capture.addresses.intern4(b, o + 12);
  if (!w.quoted) {
    if (w.src !== UNSET) w.flags |= RowFlag.Several;
    w.flags = (w.flags & ~RowFlag.Ipv6) | RowFlag.Ipv4;
    w.src = src;
    w.dst = dst;
  } else {
    w.quotedSrc = src;
    w.quotedDst = dst;
  }
  if (!w.has(header)) return;
  if ((fragment & (FLAG_MF | OFFSET_MASK)) !== 0) {
    indexFragment(w, header, claimedEnd, proto, fragment);
    return;
  }
  w.fragmented = false;
  // Nothing behind the header, and nothing said to be there.
  if (o + header >= wireEnd) return;
  followOrData(w, tables.ipProto.lookup(proto), o + header, wireEnd, wireEnd);
}

function indexFragment(w: IndexWalk, header: number, claimedEnd: number, proto: number, fragment: number): void {
  const { bytes: b, offset: o } = w;
  const from = o + header;
  const length = claimedEnd - from;
  const wireEnd = Math.min(claimedEnd, w.wireEnd);
  const id = ((b[o + 4] as number) << 8) | (b[o + 5] as number);
  // Only whole pieces are put together: a header may claim more than the frame has.
  if (claimedEnd <= w.end && length > 0) {
    if (w.quoted) {
      followData(w, from, wireEnd, wireEnd);
      return;
    }
    if (w.leave()) return;
    const offset = 8 * (fragment & OFFSET_MASK);
    const pieces = w.capture.state(fragments);
    const total = pieces.take(w, w.src, w.dst, id, proto, from, length, offset, (fragment & FLAG_MF) !== 0);
    if (total >= 0) {
      w.flags |= RowFlag.Reassembled;
      w.fragmented = false;
      w.followIn(tables.ipProto.lookup(proto) ?? data, pieces.whole, 0, total);
      return;
    }
    w.flags |= RowFlag.Fragment;
    followData(w, from, wireEnd, wireEnd);
    return;
  }
  if (!w.quoted) w.flags |= RowFlag.Fragment;
  if ((fragment & OFFSET_MASK) !== 0) {
    followData(w, from, wireEnd, wireEnd);
    return;
  }
  w.fragmented = true;
  followOrData(w, tables.ipProto.lookup(proto), from, wireEnd, wireEnd);
}

function dissect(d: Dissection, b: Buf): void {
  const o = b.offset;
  const layer = d.layer(ipv4, b);
  d.column(ipv4, 'IPv4');
  const version = layer.uint(f.version, o);
  if (!layer.ok) return;
  if (version === 6) {
    layer.size(0);
    layer.expert(f.eiVersion, o, 1, 'Bogus IPv4 version');
    d.call(tables.ethertype.lookup(0x86dd), b);
    return;
  }
  if (version !== 4) {
    layer.expert(f.eiVersion, o, 1, 'Bogus IPv4 version');
    d.column(ipv4, `Bogus IP version (${version}, must be 4)`);
    return;
  }
  const header = 4 * (b.u8(o) & 15);
  layer.size(header);
  layer.add(f.hdrLen, o, 1, header, { display: `${header} bytes (${header / 4})` });
  if (header < IPV4_MIN_HEADER_BYTES) {
    layer.expert(f.eiHeaderLength, o, 1, `Bogus IP header length (${header}, must be at least 20)`);
    d.column(ipv4, `Bogus IP header length (${header}, must be at least ${IPV4_MIN_HEADER_BYTES})`);
    return;
  }
  const tos = layer.uintNode(f.dsfield, o + 1);
  tos.uint(f.dscp, o + 1);
  tos.uint(f.ecn, o + 1);
  if (layer.ok)
    tos.display = `0x${b
      .u8(o + 1)
      .toString(16)
      .padStart(2, '0')} (${trafficClassText(b.u8(o + 1))})`;
  if (!layer.has(o, 4)) return;
  let length = b.u16(o + 2);
  const offloaded = length === 0;
  if (offloaded) length = b.wireLength;
  if (length < header) {
    const node = layer.uintNode(f.len, o + 2);
    node.expert(f.eiLength, o + 2, 2);
    d.column(ipv4, `Bogus IP length (${length}, less than header length ${header})`);
    return;
  }
  const wireEnd = Math.min(o + length, b.wireEnd);
  layer.size(header, wireEnd);

  const len = layer.add(f.len, o + 2, 2, length, {
    display: offloaded ? `${length} bytes (reported as 0, presumed to be because of "TCP segmentation offload" (TSO))` : String(length),
  });
  if (length > b.wireLength && !d.quoted)
    len.expert(f.eiLength, o + 2, 2, `IPv4 total length exceeds packet length (${b.wireLength} bytes)`);
  const id = layer.uint(f.id, o + 4);
  const flags = layer.uintNode(f.flags, o + 6, 1);
  flags.uint(f.flagsRb, o + 6, 1);
  flags.uint(f.flagsDf, o + 6, 1);
  flags.uint(f.flagsMf, o + 6, 1);
  const fragment = b.u16(o + 6);
  flags.display = flagsText(fragment);
  const offset = 8 * (fragment & OFFSET_MASK);
  if (layer.has(o + 6, 2)) layer.add(f.fragOffset, o + 6, 2, offset / 8, { display: `${offset}` });
  const ttlNode = layer.uintNode(f.ttl, o + 8);
  const proto = layer.uint(f.proto, o + 9);
  layer.uint(f.checksum, o + 10, 2, { display: checksumText(b, o, header) });
  layer.add(f.checksumStatus, o + 10, 0, CHECKSUM_UNVERIFIED);
  const src = layer.bytes(f.src, o + 12);
  // On a source route with stops left, the header has the next stop, and the option the destination.
  const stop = header > IPV4_MIN_HEADER_BYTES ? lastStop(b.bytes, o + IPV4_MIN_HEADER_BYTES, Math.min(o + header, b.end)) : 0;
  const nextStop = layer.bytes(stop > 0 ? ipv4OptionFields.currentRoute : f.dst, o + 16);
  const dst = stop > 0 ? b.slice(stop, 4) : nextStop;
  if (src.length === 4) setAddress(d, 'source', src);
  if (dst.length === 4) {
    setAddress(d, 'destination', dst);
    layer.summary = `${formatIpv4(src)} → ${formatIpv4(dst)} · TTL ${b.u8(o + 8)}`;
    if (layer.ok) noteTtl(ttlNode, b, o, proto);
  }
  d.ipProto = proto;
  if (header > IPV4_MIN_HEADER_BYTES && layer.ok) dissectIpv4Options(layer, o + IPV4_MIN_HEADER_BYTES, o + header, f.dst, stop);
  if (!layer.has(o, header)) return;
  d.netSrc = src;
  d.netDst = dst;
  const wholeHere = o + length <= b.end && length > header;
  followPayload(d, layer, b.from(o + header, wireEnd), wholeHere, proto, id, offset, (fragment & FLAG_MF) !== 0);
}

function followPayload(
  d: Dissection,
  layer: Layer,
  payload: Buf,
  wholeHere: boolean,
  proto: number,
  id: number,
  offset: number,
  more: boolean,
): void {
  const next = tables.ipProto.lookup(proto);
  const name = ipProtocols.get(proto) ?? `Unknown (${proto})`;
  d.column(ipv4, `${name} (${proto})`);
  if (offset === 0 && !more) {
    d.fragmented = false;
    if (payload.wireLength > 0) callOrData(d, next, payload);
    return;
  }
  const reassembled = wholeHere ? showReassembly(d, layer, fragmentFields, 'Reassembled IPv4', id, proto) : null;
  if (reassembled !== null) {
    d.fragmented = false;
    callOrData(d, next, reassembled);
    return;
  }
  if (offset > 0 || wholeHere) {
    const done = d.quoted ? -1 : (d.capture.state(fragments).find(d.row, id, proto)?.doneRow ?? -1);
    d.column(
      ipv4,
      `Fragmented IP protocol (proto=${name} ${proto}, off=${offset}, ID=${id.toString(16).padStart(4, '0')})${done < 0 ? '' : ` [Reassembled in #${done + 1}]`}`,
    );
    callData(d, payload);
    return;
  }
  d.fragmented = true;
  callOrData(d, next, payload);
}

function setAddress(d: Dissection, column: 'source' | 'destination', address: Uint8Array): void {
  if (!d.quoted) d.columns[column] = formatIpv4(address);
}

function flagsText(fragment: number): string {
  const words: string[] = [];
  if ((fragment & 0x8000) !== 0) words.push('Reserved bit');
  if ((fragment & FLAG_DF) !== 0) words.push("Don't fragment");
  if ((fragment & FLAG_MF) !== 0) words.push('More fragments');
  const bits = `0x${(fragment >> 13).toString(16)}`;
  return words.length === 0 ? bits : `${bits}, ${words.join(', ')}`;
}

/** Not verified, as in Wireshark: offload to the network card makes wrong checksums of outgoing packets normal. */
function checksumText(b: Buf, o: number, header: number): string {
  const written = `0x${b
    .u16(o + 10)
    .toString(16)
    .padStart(4, '0')}`;
  if (o + header > b.end) return written;
  return internetChecksum(b.bytes, o, o + header) === 0
    ? `${written} [validation disabled, would be correct]`
    : `${written} [validation disabled]`;
}

function noteTtl(node: { expert: Layer['expert'] }, b: Buf, o: number, proto: number): void {
  const ttl = b.u8(o + 8);
  const dst = b.u32(o + 16);
  if (dst >>> 8 === 0xe00000) {
    const expected = LOCAL_CONTROL_TTL.get(dst & 0xff) ?? 1;
    // IGMP is sent with a TTL of 1 to whatever group (RFC 3376, section 4).
    if (ttl !== expected && !(proto === IpProto.Igmp && ttl === 1)) {
      node.expert(
        f.eiTtlLncb,
        o + 8,
        1,
        `"Time To Live" != ${expected} for a packet sent to the Local Network Control Block (see RFC 3171)`,
      );
    }
  } else if (ttl < 5 && dst >>> 28 !== 0xe && proto !== IpProto.Pim && proto !== IpProto.Ospf) {
    node.expert(f.eiTtlSmall, o + 8, 1, `"Time To Live" only ${ttl}`);
  }
}

/** Local network control addresses 224.0.0.x whose packets do not have a TTL of 1. */
const LOCAL_CONTROL_TTL: ReadonlyMap<number, number> = new Map([
  [18, 255],
  [22, 1],
  [81, 255],
  [102, 255],
  [251, 255],
]);
