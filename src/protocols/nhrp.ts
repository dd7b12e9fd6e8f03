/** NHRP (RFC 2332): the fixed and mandatory parts, and the packet that an error or a traffic indication quotes. */
import type { Buf, Dissection, Layer } from '../dissect/dissection.ts';
import { ipv4, names, uint8, uint16, uint24, uint32 } from '../dissect/field.ts';
import { defineProtocol, type Protocol } from '../dissect/protocol.ts';
import { tables } from '../dissect/tables.ts';
import { ADDRESS_FAMILIES } from './address-families.ts';
import { etherTypes } from './ethertype.ts';
import { callQuoted } from './quoted.ts';

const FIXED_BYTES = 20;
const MANDATORY_BYTES = 8;
const ERROR = 7;
const INDICATION = 8;

const types = names({
  1: 'NHRP Resolution Request',
  2: 'NHRP Resolution Reply',
  3: 'NHRP Registration Request',
  4: 'NHRP Registration Reply',
  5: 'NHRP Purge Request',
  6: 'NHRP Purge Reply',
  7: 'NHRP Error Indication',
  8: 'NHRP Traffic Indication',
});

const f = {
  family: uint16('nhrp.hdr.afn', 'Address Family Number', { base: 'hex_dec', names: ADDRESS_FAMILIES }),
  protocol: uint16('nhrp.hdr.pro.type', 'Protocol Type (short form)', { base: 'hex_dec', names: etherTypes }),
  oui: uint24('nhrp.hdr.pro.snap.oui', 'Protocol Type (long form) - OUI', { base: 'hex' }),
  pid: uint16('nhrp.hdr.pro.snap.pid', 'Protocol Type (long form) - PID', { base: 'hex' }),
  hops: uint8('nhrp.hdr.hopcnt', 'Hop Count'),
  length: uint16('nhrp.hdr.pktsz', 'Packet Length'),
  checksum: uint16('nhrp.hdr.chksum', 'NHRP Packet Checksum', { base: 'hex' }),
  extensions: uint16('nhrp.hdr.extoff', 'Extension Offset'),
  version: uint8('nhrp.hdr.version', 'Version', { names: names({ 1: 'NHRP - rfc2332' }) }),
  type: uint8('nhrp.hdr.op.type', 'NHRP Packet Type', { names: types }),
  sourceLength: uint8('nhrp.hdr.shtl.len', 'Length', { mask: 0x3f }),
  subLength: uint8('nhrp.hdr.sstl.len', 'Length', { mask: 0x3f }),
  sourceProtocolLength: uint8('nhrp.src.prot.len', 'Source Protocol Len'),
  destinationProtocolLength: uint8('nhrp.dst.prot.len', 'Destination Protocol Len'),
  flags: uint16('nhrp.flags', 'Flags', { base: 'hex' }),
  requestId: uint32('nhrp.reqid', 'Request ID', { base: 'hex_dec' }),
  sourceNbma: ipv4('nhrp.src.nbma.addr', 'Source NBMA Address'),
  sourceAddress: ipv4('nhrp.src.prot.addr', 'Source Protocol Address'),
  destinationAddress: ipv4('nhrp.dst.prot.addr', 'Destination Protocol Address'),
};

/** Where the quoted packet of an error or indication begins, 0 if there is none. */
function quotedAt(b: Uint8Array, o: number, end: number): number {
  if (end - o < FIXED_BYTES + MANDATORY_BYTES) return 0;
  const type = b[o + 17] as number;
  if (type !== ERROR && type !== INDICATION) return 0;
  const lengths = ((b[o + 18] as number) & 0x3f) + ((b[o + 19] as number) & 0x3f) + (b[o + 20] as number) + (b[o + 21] as number);
  const at = o + FIXED_BYTES + MANDATORY_BYTES + lengths;
  return at < end ? at : 0;
}

export const nhrp: Protocol = defineProtocol({
  name: 'nhrp',
  short: 'NHRP',
  title: 'NBMA Next Hop Resolution Protocol',
  osi: '3',
  pdu: 'Message',
  hue: 'net',
  fields: Object.values(f),

  index(w) {
    if (!w.has(FIXED_BYTES)) return;
    const { bytes: b, offset: o } = w;
    const at = quotedAt(b, o, w.end);
    const protocol = tables.ethertype.lookup(((b[o + 2] as number) << 8) | (b[o + 3] as number));
    if (at > 0 && protocol !== undefined) w.nestQuoted(protocol, at, w.wireEnd);
  },

  dissect(d: Dissection, b: Buf): void {
    const o = b.offset;
    const layer = d.layer(nhrp, b);
    d.column(nhrp);
    layer.uint(f.family, o);
    const protocol = layer.uint(f.protocol, o + 2);
    layer.uint(f.oui, o + 4);
    layer.uint(f.pid, o + 7);
    layer.uint(f.hops, o + 9);
    layer.uint(f.length, o + 10);
    layer.uint(f.checksum, o + 12);
    layer.uint(f.extensions, o + 14);
    layer.uint(f.version, o + 16);
    const type = layer.uint(f.type, o + 17);
    layer.uint(f.sourceLength, o + 18);
    layer.uint(f.subLength, o + 19);
    layer.summary = types.get(type) ?? `Unknown (${type})`;
    d.column(nhrp, layer.node.summary);
    layer.size(FIXED_BYTES);
    if (!layer.ok || type === 0 || type > INDICATION) return;
    addMandatory(layer, b, o, type);
    const at = quotedAt(b.bytes, o, b.end);
    const quoted = tables.ethertype.lookup(protocol);
    if (layer.ok && at > 0 && quoted !== undefined) callQuoted(d, quoted, b.from(at));
  },
});

function addMandatory(layer: Layer, b: Buf, o: number, type: number): void {
  const at = o + FIXED_BYTES;
  const source = layer.uint(f.sourceProtocolLength, at);
  const destination = layer.uint(f.destinationProtocolLength, at + 1);
  if (type !== ERROR && type !== INDICATION) {
    layer.uint(f.flags, at + 2);
    layer.uint(f.requestId, at + 4);
  }
  let next = at + MANDATORY_BYTES;
  const nbma = b.u8(o + 18) & 0x3f;
  if (nbma === 4) layer.bytes(f.sourceNbma, next, 4);
  next += nbma + (b.u8(o + 19) & 0x3f);
  if (source === 4) layer.bytes(f.sourceAddress, next, 4);
  if (destination === 4) layer.bytes(f.destinationAddress, next + source, 4);
}
