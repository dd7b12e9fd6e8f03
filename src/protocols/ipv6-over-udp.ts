// RFC 4380 (Teredo) and draft-massar-v6ops-ayiya-02 (AYIYA): IPv6 in UDP.

import type { Node } from '../dissect/dissection.ts';
import { abstime, bytes, ipv4, names, uint8, uint16 } from '../dissect/field.ts';
import { defineProtocol, type Protocol } from '../dissect/protocol.ts';
import { tables } from '../dissect/tables.ts';
import { callOrData, followOrData } from './next.ts';

const IPV6 = 41;
/** RFC 4380, section 5.1.1. */
const AUTHENTICATION = 0x0001;
const ORIGIN = 0x0000;
const ORIGIN_BYTES = 8;
/** Indicator, two lengths, nonce and confirmation: the identifier and the value come on top. */
const AUTHENTICATION_FIXED_BYTES = 13;
const AYIYA_FIXED_BYTES = 8;

const t = {
  auth: uint16('teredo.auth', 'Teredo Authentication header', { base: 'hex' }),
  idLength: uint8('teredo.auth.idlen', 'Client identifier length'),
  valueLength: uint8('teredo.auth.aulen', 'Authentication value length'),
  id: bytes('teredo.auth.id', 'Client identifier'),
  value: bytes('teredo.auth.value', 'Authentication value'),
  nonce: bytes('teredo.auth.nonce', 'Nonce value'),
  confirmation: bytes('teredo.auth.conf', 'Confirmation byte'),
  origin: uint16('teredo.orig', 'Teredo Origin Indication header', { base: 'hex' }),
  originPort: uint16('teredo.orig.port', 'Origin UDP port'),
  originAddress: ipv4('teredo.orig.addr', 'Origin IPv4 address'),
};

/** Length of the authentication header at `o`, 0 if there is none. */
function authenticationBytes(b: Uint8Array, o: number, end: number): number {
  if (end - o < 4 || b[o] !== 0 || b[o + 1] !== AUTHENTICATION) return 0;
  return AUTHENTICATION_FIXED_BYTES + (b[o + 2] as number) + (b[o + 3] as number);
}

/** Offset of the IPv6 header, -1 if no IPv6 header follows. */
function teredoPayload(b: Uint8Array, offset: number, end: number): number {
  let o = offset + authenticationBytes(b, offset, end);
  if (end - o >= ORIGIN_BYTES && b[o] === 0 && b[o + 1] === ORIGIN) o += ORIGIN_BYTES;
  return o < end && (b[o] as number) >> 4 === 6 ? o : -1;
}

export const teredo: Protocol = defineProtocol({
  name: 'teredo',
  short: 'Teredo',
  title: 'Teredo IPv6 over UDP tunneling',
  osi: '3',
  pdu: 'Packet',
  hue: 'net',
  fields: Object.values(t),
  accepts: (b, offset, end) => teredoPayload(b, offset, end) >= 0,
  index(w) {
    const payload = teredoPayload(w.bytes, w.offset, w.end);
    if (payload >= 0) followOrData(w, tables.ipProto.lookup(IPV6), payload);
  },
  dissect(d, b) {
    const layer = d.layer(teredo, b);
    d.column(teredo);
    let o = b.offset;
    const auth = authenticationBytes(b.bytes, o, b.end);
    if (auth > 0) {
      const node: Node = layer.uintNode(t.auth, o);
      const idLength = node.uint(t.idLength, o + 2);
      const valueLength = node.uint(t.valueLength, o + 3);
      if (idLength > 0) node.bytes(t.id, o + 4, idLength);
      if (valueLength > 0) node.bytes(t.value, o + 4 + idLength, valueLength);
      node.bytes(t.nonce, o + 4 + idLength + valueLength, 8);
      node.bytes(t.confirmation, o + 12 + idLength + valueLength, 1);
      o += auth;
    }
    if (b.end - o >= ORIGIN_BYTES && b.u16(o) === ORIGIN) {
      const node = layer.uintNode(t.origin, o);
      // Port and address are sent inverted, against translators that rewrite addresses in payloads.
      if (node.has(o + 2, 6)) {
        node.add(t.originPort, o + 2, 2, b.u16(o + 2) ^ 0xffff);
        node.add(
          t.originAddress,
          o + 4,
          4,
          b.slice(o + 4, 4).map((byte) => byte ^ 0xff),
        );
      }
      o += ORIGIN_BYTES;
    }
    layer.size(o - b.offset);
    if (layer.ok) callOrData(d, tables.ipProto.lookup(IPV6), b.from(o));
  },
});

const a = {
  idLength: uint8('ayiya.idlen', 'Identity field length', { base: 'hex', mask: 0xf0 }),
  idType: uint8('ayiya.idtype', 'Identity field type', {
    base: 'hex',
    names: names({
      0: 'None',
      1: 'Integer',
      2: 'ASCII string',
    }),
    mask: 0x0f,
  }),
  signatureLength: uint8('ayiya.siglen', 'Signature Length', { base: 'hex', mask: 0xf0 }),
  hashMethod: uint8('ayiya.hashmethod', 'Hash method', {
    base: 'hex',
    names: names({
      0: 'No hash',
      1: 'MD5',
      2: 'SHA1',
    }),
    mask: 0x0f,
  }),
  authMethod: uint8('ayiya.authmethod', 'Authentication method', {
    base: 'hex',
    names: names({
      0: 'No authentication',
      1: 'Hash using a Shared Secret',
      2: 'Hash using a public/private key method',
    }),
    mask: 0xf0,
  }),
  opcode: uint8('ayiya.opcode', 'Operation Code', {
    base: 'hex',
    names: names({
      0: 'No Operation / Heartbeat',
      1: 'Forward',
      2: 'Echo Request',
      3: 'Echo Request and Forward',
      4: 'Echo Response',
      5: 'MOTD',
      6: 'Query Request',
      7: 'Query Response',
    }),
    mask: 0x0f,
  }),
  nextHeader: uint8('ayiya.nextheader', 'Next Header', { base: 'hex' }),
  epoch: abstime('ayiya.epoch', 'Epoch'),
  identity: bytes('ayiya.identity', 'Identity'),
  signature: bytes('ayiya.signature', 'Signature'),
};

function ayiyaHeaderBytes(first: number, second: number): number {
  return AYIYA_FIXED_BYTES + (1 << (first >> 4)) + 4 * (second >> 4);
}

export const ayiya: Protocol = defineProtocol({
  name: 'ayiya',
  short: 'AYIYA',
  title: 'Anything in Anything Protocol',
  osi: '3',
  pdu: 'Packet',
  hue: 'net',
  fields: Object.values(a),
  accepts: (_b, offset, end) => end - offset >= AYIYA_FIXED_BYTES,
  index(w) {
    const length = ayiyaHeaderBytes(w.bytes[w.offset] as number, w.bytes[w.offset + 1] as number);
    if (!w.has(length)) return;
    followOrData(w, tables.ipProto.lookup(w.bytes[w.offset + 3] as number), w.offset + length);
  },
  dissect(d, b) {
    const o = b.offset;
    const layer = d.layer(ayiya, b);
    d.column(ayiya);
    layer.uint(a.idLength, o);
    layer.uint(a.idType, o);
    layer.uint(a.signatureLength, o + 1);
    layer.uint(a.hashMethod, o + 1);
    layer.uint(a.authMethod, o + 2);
    layer.uint(a.opcode, o + 2);
    const next = layer.uint(a.nextHeader, o + 3);
    if (layer.has(o + 4, 4)) layer.add(a.epoch, o + 4, 4, { sec: b.u32(o + 4), nsec: 0 });
    const length = ayiyaHeaderBytes(b.u8(o), b.u8(o + 1));
    const identity = 1 << (b.u8(o) >> 4);
    layer.bytes(a.identity, o + AYIYA_FIXED_BYTES, identity);
    if (length > AYIYA_FIXED_BYTES + identity)
      layer.bytes(a.signature, o + AYIYA_FIXED_BYTES + identity, length - AYIYA_FIXED_BYTES - identity);
    layer.size(length);
    if (layer.ok) callOrData(d, tables.ipProto.lookup(next), b.from(o + length));
  },
});
