// RFC 8200, section 4.5.

import { data } from '../dissect/data.ts';
import type { Buf, Dissection } from '../dissect/dissection.ts';
import { bool, bytes, framenum, none, TRUE_FALSE, uint8, uint16, uint32 } from '../dissect/field.ts';
import { defineProtocol } from '../dissect/protocol.ts';
import { tables } from '../dissect/tables.ts';
import { type FragmentFields, fragments, showReassembly } from '../flow/ip-fragments.ts';
import { RowFlag } from '../table/packet-table.ts';
import { IpProto, ipProtocols } from './ip-names.ts';
import { callData, callOrData, followData, followOrData } from './next.ts';

const FRAGMENT_HEADER_BYTES = 8;
/** Fragments are told apart by address pair and identification alone: this stands for the protocol in the key. */
const ANY_PROTO = 0x100;

const f = {
  nxt: uint8('ipv6.fraghdr.nxt', 'Next header', { names: ipProtocols }),
  reserved: uint8('ipv6.fraghdr.reserved_octet', 'Reserved octet', { base: 'hex' }),
  offset: uint16('ipv6.fraghdr.offset', 'Offset', { mask: 0xfff8 }),
  reservedBits: uint16('ipv6.fraghdr.reserved_bits', 'Reserved bits', { mask: 0x0006 }),
  more: bool('ipv6.fraghdr.more', 'More Fragments', { mask: 0x0001, bool: ['Yes', 'No'] }),
  ident: uint32('ipv6.fraghdr.ident', 'Identification', { base: 'hex' }),
};

const fragmentFields: FragmentFields = {
  fragments: none('ipv6.fragments', 'IPv6 Fragments', { generated: true }),
  fragment: framenum('ipv6.fragment', 'Frame', { generated: true }),
  overlap: bool('ipv6.fragment.overlap', 'Fragment overlap', { bool: TRUE_FALSE, generated: true }),
  multipleTails: bool('ipv6.fragment.multipletails', 'Multiple tail fragments found', { bool: TRUE_FALSE, generated: true }),
  tooLong: bool('ipv6.fragment.toolongfragment', 'Fragment too long', { bool: TRUE_FALSE, generated: true }),
  count: uint32('ipv6.fragment.count', 'Fragment count', { generated: true }),
  length: uint32('ipv6.reassembled.length', 'Reassembled IPv6 length', { generated: true }),
  data: bytes('ipv6.reassembled.data', 'Reassembled IPv6 data', { generated: true }),
  reassembledIn: framenum('ipv6.reassembled.in', 'Reassembled IPv6 in frame', { generated: true }),
};

export const ipv6Fragment = defineProtocol({
  name: 'ipv6.fraghdr',
  short: 'IPv6',
  title: 'Fragment Header for IPv6',
  osi: '3',
  pdu: 'Packet',
  hue: 'net',
  fields: [...Object.values(f), ...Object.values(fragmentFields)],

  index(w) {
    if (!w.has(FRAGMENT_HEADER_BYTES)) return;
    const { bytes: b, offset: o } = w;
    const next = b[o] as number;
    const word = ((b[o + 2] as number) << 8) | (b[o + 3] as number);
    const offset = word & 0xfff8;
    const more = (word & 1) !== 0;
    const from = o + FRAGMENT_HEADER_BYTES;
    w.ipProto = next;
    const protocol = next === IpProto.NoNext ? undefined : tables.ipProto.lookup(next);
    if (offset === 0 && !more) return followOrData(w, protocol, from);
    const length = w.wireEnd - from;
    if (w.wireEnd <= w.end && length > 0) {
      if (w.quoted) {
        followData(w, from);
        return;
      }
      const id = (((b[o + 4] as number) << 24) | ((b[o + 5] as number) << 16) | ((b[o + 6] as number) << 8) | (b[o + 7] as number)) >>> 0;
      const pieces = w.capture.state(fragments);
      const total = pieces.take(w, w.src, w.dst, id, ANY_PROTO, from, length, offset, more);
      if (total >= 0) {
        w.flags |= RowFlag.Reassembled;
        return w.followIn(protocol ?? data, pieces.whole, 0, total);
      }
      w.flags |= RowFlag.Fragment;
      return followData(w, from);
    }
    if (!w.quoted) w.flags |= RowFlag.Fragment;
    if (offset > 0) return followData(w, from);
    w.fragmented = true;
    followOrData(w, protocol, from);
  },

  dissect,
});

function dissect(d: Dissection, b: Buf): void {
  const o = b.offset;
  const layer = d.layer(ipv6Fragment, b);
  layer.size(FRAGMENT_HEADER_BYTES);
  const next = layer.uint(f.nxt, o);
  layer.uint(f.reserved, o + 1);
  const word = b.u16(o + 2);
  const offset = word & 0xfff8;
  const more = (word & 1) !== 0;
  if (layer.has(o + 2, 2)) layer.add(f.offset, o + 2, 2, word >> 3, { display: `${word >> 3} (${offset} bytes)` });
  layer.uint(f.reservedBits, o + 2);
  layer.uint(f.more, o + 2, 2);
  const ident = layer.uint(f.ident, o + 4);
  if (!layer.ok) return;
  layer.summary = `Offset ${offset} · ${more ? 'more follow' : 'last'} · id 0x${ident.toString(16).padStart(8, '0')}`;
  d.ipProto = next;
  const protocol = next === IpProto.NoNext ? undefined : tables.ipProto.lookup(next);
  const payload = b.from(o + FRAGMENT_HEADER_BYTES);
  if (offset === 0 && !more) {
    callOrData(d, protocol, payload);
    return;
  }
  const info = `IPv6 fragment (off=${offset} more=${more ? 'y' : 'n'} ident=0x${ident.toString(16).padStart(8, '0')} nxt=${next})`;
  d.column(ipv6Fragment, info);
  const wholeHere = payload.wireEnd <= payload.end && payload.wireLength > 0;
  const reassembled = wholeHere ? showReassembly(d, layer, fragmentFields, 'Reassembled IPv6', ident, ANY_PROTO) : null;
  if (reassembled !== null) {
    callOrData(d, protocol, reassembled);
    return;
  }
  if (offset > 0 || wholeHere) {
    callData(d, payload);
    return;
  }
  d.fragmented = true;
  callOrData(d, protocol, payload);
}
