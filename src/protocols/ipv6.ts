// RFC 8200; RFC 2675 (jumbograms).
import { formatIpv6 } from '../bytes/format.ts';
import { leftData } from '../dissect/data.ts';
import type { Buf, Dissection } from '../dissect/dissection.ts';
import { expert, ipv6 as ipv6Field, uint8, uint16, uint24, uint32 } from '../dissect/field.ts';
import { defineProtocol } from '../dissect/protocol.ts';
import { tables } from '../dissect/tables.ts';
import { RowFlag, UNSET } from '../table/packet-table.ts';
import { dscpNames, ecnNames, IpProto, ipProtocols, trafficClassText } from './ip-names.ts';
import { addEmbedded, embeddedFields } from './ipv6-embedded.ts';
import { callOrData, followOrData } from './next.ts';

const IPV6_HEADER_BYTES = 40;
const OPTION_JUMBO = 0xc2;

const f = {
  version: uint8('ipv6.version', 'Version', { mask: 0xf0, also: ['ip.version'] }),
  tclass: uint32('ipv6.tclass', 'Traffic Class', { base: 'hex', mask: 0x0ff00000 }),
  dscp: uint32('ipv6.tclass.dscp', 'Differentiated Services Codepoint', { mask: 0x0fc00000, names: dscpNames }),
  ecn: uint32('ipv6.tclass.ecn', 'Explicit Congestion Notification', { mask: 0x00300000, names: ecnNames }),
  flow: uint24('ipv6.flow', 'Flow Label', { base: 'hex', mask: 0x0fffff }),
  plen: uint16('ipv6.plen', 'Payload Length', { kept: true }),
  nxt: uint8('ipv6.nxt', 'Next Header', { names: ipProtocols }),
  hlim: uint8('ipv6.hlim', 'Hop Limit'),
  src: ipv6Field('ipv6.src', 'Source Address', { also: ['ipv6.addr', 'ipv6.src_host', 'ipv6.host'] }),
  dst: ipv6Field('ipv6.dst', 'Destination Address', { also: ['ipv6.addr', 'ipv6.dst_host', 'ipv6.host'] }),
  eiVersion: expert('ipv6.bogus_ipv6_version', 'error', 'Bogus IP version', 'malformed'),
  eiPastEnd: expert('ipv6.plen_exceeds_framing', 'warn', 'IPv6 payload length does not match expected framing length'),
  eiZero: expert('ipv6.plen_zero', 'chat', 'IPv6 payload length equals 0 (maybe because of "TCP segmentation offload" (TSO))'),
  eiJumboMissing: expert(
    'ipv6.opt.jumbo.missing',
    'error',
    'IPv6 payload length equals 0 and Hop-By-Hop present and Jumbo Payload option missing',
  ),
};

export const ipv6 = defineProtocol({
  name: 'ipv6',
  short: 'IPv6',
  title: 'Internet Protocol Version 6',
  osi: '3',
  pdu: 'Packet',
  hue: 'net',
  fields: [...Object.values(f), ...embeddedFields],
  stateless: true,

  index(w) {
    if (!w.has(1)) return;
    const { bytes: b, offset: o } = w;
    if ((b[o] as number) >> 4 !== 6) {
      w.reject(ipv6);
      return w.follow(leftData, o);
    }
    if (!w.has(IPV6_HEADER_BYTES)) {
      // The columns know nothing of an address before the cut: filters dissect such rows.
      w.flags |= RowFlag.Several;
      return;
    }
    const next = b[o + 6] as number;
    let length = ((b[o + 4] as number) << 8) | (b[o + 5] as number);
    if (length === 0 && next === IpProto.HopByHop) {
      length = jumboLength(b, o + IPV6_HEADER_BYTES, w.end) || w.wireEnd - o - IPV6_HEADER_BYTES;
    }
    w.ipProto = next;
    if (!w.quoted) {
      if (w.src !== UNSET) w.flags |= RowFlag.Several;
      w.flags = (w.flags & ~RowFlag.Ipv4) | RowFlag.Ipv6;
      w.src = w.capture.addresses.intern6(b, o + 8);
      w.dst = w.capture.addresses.intern6(b, o + 24);
    } else {
      w.quotedSrc = w.capture.addresses.intern6(b, o + 8);
      w.quotedDst = w.capture.addresses.intern6(b, o + 24);
    }
    w.fragmented = false;
    const wireEnd = o + IPV6_HEADER_BYTES + length;
    // Nothing behind the header, and nothing said to be there.
    if (length === 0 || o + IPV6_HEADER_BYTES >= w.wireEnd) return;
    followOrData(w, next === IpProto.NoNext ? undefined : tables.ipProto.lookup(next), o + IPV6_HEADER_BYTES, wireEnd, wireEnd);
  },

  dissect,
});

function dissect(d: Dissection, b: Buf): void {
  const o = b.offset;
  const layer = d.layer(ipv6, b);
  layer.size(IPV6_HEADER_BYTES);
  d.column(ipv6, 'IPv6');
  const version = b.u8(o) >> 4;
  if (!layer.has(o, 1)) return;
  const versionNode = layer.add(f.version, o, 1, version);
  if (version !== 6) {
    versionNode.expert(f.eiVersion, o, 1, 'Bogus IPv6 version');
    d.column(ipv6, `Bogus IPv6 version (${version}, must be 6)`);
    layer.size(1);
    d.reject(ipv6);
    d.call(leftData, b);
    return;
  }
  const tclass = layer.uintNode(f.tclass, o, 4);
  tclass.uint(f.dscp, o, 4);
  tclass.uint(f.ecn, o, 4);
  const octet = (b.u16(o) >> 4) & 0xff;
  tclass.display = `0x${octet.toString(16).padStart(2, '0')} (${trafficClassText(octet)})`;
  layer.uint(f.flow, o + 1, 3);
  if (!layer.has(o + 4, 2)) return;
  const next = b.u8(o + 6);
  const written = b.u16(o + 4);
  const jumbo = written === 0 && next === IpProto.HopByHop ? jumboLength(b.bytes, o + IPV6_HEADER_BYTES, b.end) : 0;
  const rest = Math.max(0, b.wireLength - IPV6_HEADER_BYTES);
  const length = written > 0 ? written : jumbo || (next === IpProto.HopByHop ? rest : 0);
  const plen = layer.add(f.plen, o + 4, 2, written);
  if (length > b.wireLength - IPV6_HEADER_BYTES && !d.quoted) {
    plen.expert(
      f.eiPastEnd,
      o + 4,
      2,
      `IPv6 payload length exceeds framing length (${Math.max(0, b.wireLength - IPV6_HEADER_BYTES)} bytes)`,
    );
  } else if (written === 0 && jumbo === 0 && next !== IpProto.NoNext) {
    plen.expert(next === IpProto.HopByHop ? f.eiJumboMissing : f.eiZero, o + 4, 2);
  }
  layer.uint(f.nxt, o + 6);
  const hopLimit = layer.uint(f.hlim, o + 7);
  const src = layer.bytes(f.src, o + 8);
  if (layer.ok && !d.quoted) d.columns.source = formatIpv6(src);
  const dst = layer.bytes(f.dst, o + 24);
  if (!layer.ok) return;
  addEmbedded(layer, o + 8, true);
  addEmbedded(layer, o + 24, false);
  if (!d.quoted) d.columns.destination = formatIpv6(dst);
  const wireEnd = Math.min(o + IPV6_HEADER_BYTES + length, b.wireEnd);
  layer.size(IPV6_HEADER_BYTES, wireEnd);
  layer.summary = `${formatIpv6(src)} → ${formatIpv6(dst)} · Hop limit ${hopLimit}`;
  d.column(ipv6, ipProtocols.get(next) ?? `Unknown IP Protocol (${next})`);
  d.netSrc = src;
  d.netDst = dst;
  d.ipProto = next;
  d.fragmented = false;
  if (wireEnd <= o + IPV6_HEADER_BYTES) return;
  callOrData(d, next === IpProto.NoNext ? undefined : tables.ipProto.lookup(next), b.from(o + IPV6_HEADER_BYTES, wireEnd));
}

/** Payload length from the jumbo payload option of the hop-by-hop header at `offset`; 0 if there is none. */
function jumboLength(bytes: Uint8Array, offset: number, end: number): number {
  if (offset + 2 > end) return 0;
  const stop = Math.min(end, offset + 8 * ((bytes[offset + 1] as number) + 1));
  for (let at = offset + 2; at < stop; ) {
    const type = bytes[at] as number;
    if (type === 0) {
      at++;
      continue;
    }
    if (at + 2 > stop) return 0;
    const length = bytes[at + 1] as number;
    if (type === OPTION_JUMBO && length === 4 && at + 6 <= stop) {
      return (
        (((bytes[at + 2] as number) << 24) |
          ((bytes[at + 3] as number) << 16) |
          ((bytes[at + 4] as number) << 8) |
          (bytes[at + 5] as number)) >>>
        0
      );
    }
    at += 2 + length;
  }
  return 0;
}
