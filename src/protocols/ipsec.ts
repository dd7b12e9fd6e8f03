// RFC 4302 (AH) and RFC 4303 (ESP).
import { bytes, uint8, uint32 } from '../dissect/field.ts';
import { defineProtocol } from '../dissect/protocol.ts';
import { tables } from '../dissect/tables.ts';
import { ipProtocols } from './ip-names.ts';
import { callOrData, followOrData } from './next.ts';

const AH_FIXED_BYTES = 12;
const ESP_FIXED_BYTES = 8;

const a = {
  next: uint8('ah.next_header', 'Next header', { names: ipProtocols }),
  length: uint8('ah.length', 'Length'),
  reserved: bytes('ah.reserved', 'Reserved'),
  spi: uint32('ah.spi', 'AH SPI', { base: 'hex' }),
  sequence: uint32('ah.sequence', 'AH Sequence'),
  icv: bytes('ah.icv', 'AH ICV'),
};

/**
 * Length of an AH header whose length octet is this: words of 4 bytes, minus 2 (RFC 4302, section 2.2). 0 would cut into the fields that
 * are always there; the payload is looked for where the header says, all the same.
 */
function ahBytes(words: number): number {
  return 4 * (words + 2);
}

export const ah = defineProtocol({
  name: 'ah',
  short: 'AH',
  title: 'Authentication Header',
  osi: '3',
  pdu: 'Packet',
  hue: 'net',
  fields: Object.values(a),
  index(w) {
    if (!w.has(AH_FIXED_BYTES)) return;
    const { bytes: b, offset: o } = w;
    const length = ahBytes(b[o + 1] as number);
    if (!w.has(length)) return;
    w.ipProto = b[o] as number;
    followOrData(w, tables.ipProto.lookup(w.ipProto), o + length);
  },
  dissect(d, b) {
    const o = b.offset;
    const layer = d.layer(ah, b);
    const next = layer.uint(a.next, o);
    const length = ahBytes(layer.uint(a.length, o + 1));
    layer.bytes(a.reserved, o + 2, 2);
    const spi = layer.uint(a.spi, o + 4);
    layer.uint(a.sequence, o + 8);
    layer.size(length);
    if (length > AH_FIXED_BYTES) layer.bytes(a.icv, o + AH_FIXED_BYTES, length - AH_FIXED_BYTES);
    const text = `AH (SPI=0x${spi.toString(16).padStart(8, '0')})`;
    layer.summary = text;
    d.column(ah, text);
    if (!layer.ok) return;
    d.ipProto = next;
    callOrData(d, tables.ipProto.lookup(next), b.from(o + length));
  },
});

const e = {
  spi: uint32('esp.spi', 'ESP SPI', { base: 'hex_dec' }),
  sequence: uint32('esp.sequence', 'ESP Sequence'),
  encrypted: bytes('esp.encrypted_data', 'Encrypted Data'),
};

export const esp = defineProtocol({
  name: 'esp',
  short: 'ESP',
  title: 'Encapsulating Security Payload',
  osi: '3',
  pdu: 'Packet',
  hue: 'net',
  fields: Object.values(e),
  index(w) {
    w.has(ESP_FIXED_BYTES);
  },
  dissect(d, b) {
    const o = b.offset;
    const layer = d.layer(esp, b);
    const spi = layer.uint(e.spi, o);
    layer.uint(e.sequence, o + 4);
    layer.size(ESP_FIXED_BYTES);
    if (layer.ok && b.end > o + ESP_FIXED_BYTES) layer.bytes(e.encrypted, o + ESP_FIXED_BYTES, b.end - o - ESP_FIXED_BYTES);
    const text = `ESP (SPI=0x${spi.toString(16).padStart(8, '0')})`;
    layer.summary = text;
    d.column(esp, text);
  },
});
