/** Network Service Header (RFC 8300): the path of services a packet takes, in front of the packet. */
import type { Buf, Dissection, Layer } from '../dissect/dissection.ts';
import { bytes, expert, names, uint8, uint16, uint24 } from '../dissect/field.ts';
import { defineProtocol, type Protocol } from '../dissect/protocol.ts';
import { tables } from '../dissect/tables.ts';
import { ethernet } from './ethernet.ts';
import { callOrData, followOrData } from './next.ts';

/** Base header and service path header. */
const FIXED_BYTES = 8;
const MD_TYPE_1 = 1;
const MD_TYPE_2 = 2;

const f = {
  version: uint16('nsh.version', 'Version', { base: 'dec_hex', mask: 0xc000 }),
  oam: uint16('nsh.Obit', 'O Bit', { mask: 0x2000 }),
  critical: uint16('nsh.CBit', 'C Bit', { mask: 0x1000 }),
  ttl: uint16('nsh.ttl', 'Time to live', { base: 'hex', mask: 0x0fc0 }),
  length: uint16('nsh.length', 'Length', { base: 'dec_hex', mask: 0x003f }),
  mdType: uint8('nsh.mdtype', 'MD Type', { base: 'dec_hex' }),
  next: uint8('nsh.nextproto', 'Next Protocol', {
    base: 'dec_hex',
    names: names({ 0: 'None', 1: 'IPv4', 2: 'IPv6', 3: 'Ethernet', 4: 'NSH', 5: 'MPLS', 254: 'Experiment 1', 255: 'Experiment 2' }),
  }),
  path: uint24('nsh.spi', 'SPI', { base: 'dec_hex' }),
  service: uint8('nsh.si', 'SI', { base: 'dec_hex' }),
  context: bytes('nsh.contextheader', 'Context Header'),
  metadataClass: uint16('nsh.metadataclass', 'TLV Class', { base: 'dec_hex' }),
  metadataType: uint8('nsh.metadatatype', 'Type', { base: 'dec_hex' }),
  metadataUnassigned: uint8('nsh.metadataunassignedbit', 'Unassigned Bit', { base: 'hex', mask: 0x80 }),
  metadataLength: uint8('nsh.metadatalen', 'Length', { base: 'hex', mask: 0x7f }),
  metadata: bytes('nsh.metadata', 'Variable Metadata'),
  lengthBad: expert('nsh.length.invalid', 'warn', 'Invalid total length'),
};

function following(next: number): Protocol | undefined {
  switch (next) {
    case 1:
      return tables.ethertype.lookup(0x0800);
    case 2:
      return tables.ethertype.lookup(0x86dd);
    case 3:
      return ethernet;
    case 4:
      return nsh;
    case 5:
      return tables.ethertype.lookup(0x8847);
    default:
      return undefined;
  }
}

export const nsh: Protocol = defineProtocol({
  name: 'nsh',
  short: 'NSH',
  title: 'Network Service Header',
  osi: '2.5',
  pdu: 'Packet',
  hue: 'link',
  fields: Object.values(f),
  index(w) {
    if (!w.has(FIXED_BYTES)) return;
    const { bytes: b, offset: o } = w;
    const length = 4 * ((b[o + 1] as number) & 0x3f);
    if (length >= FIXED_BYTES && w.has(length)) followOrData(w, following(b[o + 3] as number), o + length);
  },
  dissect(d: Dissection, b: Buf): void {
    const o = b.offset;
    const layer = d.layer(nsh, b);
    d.column(nsh);
    for (const field of [f.version, f.oam, f.critical, f.ttl]) layer.uint(field, o);
    const words = layer.uintNode(f.length, o);
    const length = 4 * (b.u8(o + 1) & 0x3f);
    const kind = layer.uint(f.mdType, o + 2);
    const next = layer.uint(f.next, o + 3);
    const path = layer.uint(f.path, o + 4);
    const service = layer.uint(f.service, o + 7);
    layer.summary = `Service path ${path} · service ${service}`;
    d.column(nsh, `SPI ${path}, SI ${service}`);
    if (!layer.ok) return;
    if (length < FIXED_BYTES) {
      words.expert(f.lengthBad, o, 2);
      return;
    }
    layer.size(length);
    if (!layer.has(o, length)) return;
    if (kind === MD_TYPE_1) for (let at = o + FIXED_BYTES; at + 4 <= o + length; at += 4) layer.bytes(f.context, at, 4);
    else if (kind === MD_TYPE_2) metadata(layer, o + FIXED_BYTES, o + length);
    callOrData(d, following(next), b.from(o + length));
  },
});

/** RFC 8300, section 2.5.1: class, type, length, and a value filled up to words of four octets. */
function metadata(layer: Layer, from: number, end: number): void {
  for (let at = from; at + 4 <= end; ) {
    layer.uint(f.metadataClass, at);
    layer.uint(f.metadataType, at + 2);
    layer.uint(f.metadataUnassigned, at + 3);
    const length = Math.min(layer.uint(f.metadataLength, at + 3), end - at - 4);
    if (length > 0) layer.bytes(f.metadata, at + 4, length);
    at += 4 + ((length + 3) & ~3);
  }
}
