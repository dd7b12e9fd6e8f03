/** Pragmatic General Multicast (RFC 3208 section 8): the common header, and the data of ODATA and RDATA. */
import { bytes, names, uint8, uint16, uint32 } from '../dissect/field.ts';
import { defineProtocol, type Protocol } from '../dissect/protocol.ts';
import { callData, followData } from './next.ts';

const HEADER = 16;
const ODATA = 4;
const RDATA = 5;
const typeNames = names({
  0: 'SPM',
  1: 'POLL',
  2: 'POLR',
  4: 'ODATA',
  5: 'RDATA',
  8: 'NAK',
  9: 'NNAK',
  10: 'NCF',
  13: 'ACK',
  14: 'ACK',
});

const f = {
  source: uint16('pgm.hdr.sport', 'Source Port', { also: ['pgm.port'] }),
  destination: uint16('pgm.hdr.dport', 'Destination Port', { also: ['pgm.port'] }),
  type: uint8('pgm.hdr.type', 'Type', { base: 'hex', names: typeNames }),
  options: uint8('pgm.hdr.opts', 'Options', { base: 'hex' }),
  checksum: uint16('pgm.hdr.cksum', 'Checksum', { base: 'hex' }),
  gsi: bytes('pgm.hdr.gsi', 'Global Source Identifier'),
  length: uint16('pgm.hdr.tsdulen', 'Transport Service Data Unit Length'),
  sequence: uint32('pgm.data.sqn', 'Data Packet Sequence Number', { base: 'hex' }),
  trail: uint32('pgm.data.trail', 'Trailing Edge Sequence Number', { base: 'hex' }),
};

/** Offset of the data behind the header at `o`, 0 where there is none. */
function dataAt(b: Uint8Array, o: number, end: number): number {
  if (end - o < HEADER + 8) return 0;
  const type = b[o + 4] as number;
  if (type !== ODATA && type !== RDATA) return 0;
  let at = o + HEADER + 8;
  // The first option says how long all are (section 9.1).
  if (((b[o + 5] as number) & 1) !== 0 && at + 4 <= end) at += ((b[at + 2] as number) << 8) | (b[at + 3] as number);
  return at < end ? at : 0;
}

export const pgm: Protocol = defineProtocol({
  name: 'pgm',
  short: 'PGM',
  title: 'Pragmatic General Multicast',
  osi: '4',
  pdu: 'Packet',
  hue: 'tra',
  fields: Object.values(f),
  index(w) {
    if (!w.has(HEADER)) return;
    const at = dataAt(w.bytes, w.offset, w.end);
    if (at > 0) followData(w, at);
  },
  dissect(d, b) {
    const o = b.offset;
    const layer = d.layer(pgm, b);
    layer.uint(f.source, o);
    layer.uint(f.destination, o + 2);
    const type = layer.uint(f.type, o + 4);
    layer.uint(f.options, o + 5);
    layer.uint(f.checksum, o + 6);
    layer.bytes(f.gsi, o + 8, 6);
    layer.uint(f.length, o + 14);
    layer.summary = typeNames.get(type) ?? `Type ${type}`;
    d.column(pgm, layer.node.summary);
    const at = layer.ok ? dataAt(b.bytes, o, b.end) : 0;
    if (at === 0) return;
    layer.uint(f.sequence, o + HEADER);
    layer.uint(f.trail, o + HEADER + 4);
    layer.size(at - o);
    callData(d, b.from(at));
  },
});
