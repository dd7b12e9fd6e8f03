/** GTP: the user plane (3GPP TS 29.281 section 5) carrying IP, and control messages of versions 0 and 1. */
import { bool, names, string, uint8, uint16, uint32 } from '../dissect/field.ts';
import { defineProtocol, type Protocol } from '../dissect/protocol.ts';
import { RowFlag } from '../table/packet-table.ts';
import { addElements, digits, elementFields, gtpMessages, indexElements } from './gtp-elements.ts';
import { gtpv2 } from './gtpv2.ts';
import { ipv4 } from './ipv4.ts';
import { ipv6 } from './ipv6.ts';

const T_PDU = 255;

const YES_NO = ['Yes', 'No'] as const;

const f = {
  flags: uint8('gtp.flags', 'Flags', { base: 'hex' }),
  version: uint8('gtp.flags.version', 'Version', {
    mask: 0xe0,
    names: names({ 0: 'GTP release 97/98 version', 1: 'GTP release 99 version', 2: 'GTPv2-C' }),
  }),
  payload: uint8('gtp.flags.payload', 'Protocol type', { mask: 0x10, names: names({ 0: "GTP'", 1: 'GTP' }) }),
  reserved: uint8('gtp.flags.reserved', 'Reserved', { mask: 0x08 }),
  hasExtension: bool('gtp.flags.e', 'Is Next Extension Header present?', { mask: 0x04, bool: YES_NO }),
  hasSequence: bool('gtp.flags.s', 'Is Sequence Number present?', { mask: 0x02, bool: YES_NO }),
  hasNumber: bool('gtp.flags.pn', 'Is N-PDU number present?', { mask: 0x01, bool: YES_NO }),
  message: uint8('gtp.message', 'Message Type', { base: 'hex', names: gtpMessages }),
  length: uint16('gtp.length', 'Length'),
  teid: uint32('gtp.teid', 'TEID', { base: 'hex_dec' }),
  sequence: uint16('gtp.seq_number', 'Sequence number', { base: 'hex_dec' }),
  number: uint8('gtp.npdu_number', 'N-PDU Number', { base: 'hex' }),
  nextExtension: uint8('gtp.ext_hdr.next', 'Next extension header type', { base: 'hex' }),
};
const f0 = {
  reserved: uint8('gtp.flags.reserved', 'Reserved', { mask: 0x0e }),
  hasSndcp: bool('gtp.flags.snn', 'Is SNDCP N-PDU included?', { mask: 0x01, bool: YES_NO }),
  flowLabel: uint16('gtp.flow_label', 'Flow label', { base: 'hex' }),
  sndcp: uint8('gtp.sndcp_number', 'SNDCP N-PDU LLC Number', { base: 'hex' }),
  tid: string('gtp.tid', 'TID'),
};

/** Bytes before the payload of a version 1 message: optional fields and extension headers; 0 if they do not fit. */
function headerLength(b: Uint8Array, o: number, end: number): number {
  const flags = b[o] as number;
  if ((flags & 7) === 0) return 8;
  let at = o + 12;
  if (at > end) return 0;
  let next = (flags & 4) !== 0 ? (b[o + 11] as number) : 0;
  while (next !== 0) {
    const length = at < end ? 4 * (b[at] as number) : 0;
    if (length === 0 || at + length > end) return 0;
    next = b[at + length - 1] as number;
    at += length;
  }
  return at - o;
}

/** What a T-PDU carries, by the first nibble; undefined if it is no IP packet. */
function inner(b: Uint8Array, o: number, end: number): Protocol | undefined {
  if ((b[o] as number) >> 5 !== 1 || b[o + 1] !== T_PDU) return undefined;
  const length = headerLength(b, o, end);
  if (length === 0 || o + length >= end) return undefined;
  const version = (b[o + length] as number) >> 4;
  return version === 4 ? ipv4 : version === 6 ? ipv6 : undefined;
}

const isVersion2 = (flags: number): boolean => flags >> 5 === 2;

export const gtp: Protocol = defineProtocol({
  name: 'gtp',
  short: 'GTP',
  title: 'GPRS Tunneling Protocol',
  osi: '4',
  pdu: 'Message',
  hue: 'tra',
  fields: [...Object.values(f), ...Object.values(elementFields)],
  accepts: (b, o, end) =>
    end - o >= 8 && (((b[o] as number) & 0xf0) === 0x30 || ((b[o] as number) & 0xf0) === 0x10 || isVersion2(b[o] as number)),
  index(w) {
    if (!w.has(8)) return;
    if (isVersion2(w.bytes[w.offset] as number)) {
      w.follow(gtpv2, w.offset);
      return;
    }
    const protocol = inner(w.bytes, w.offset, w.end);
    if (protocol !== undefined) {
      w.flags |= RowFlag.Several;
      w.follow(protocol, w.offset + headerLength(w.bytes, w.offset, w.end));
      return;
    }
    const length = headerLength(w.bytes, w.offset, w.end);
    if (length > 0 && w.bytes[w.offset + 1] !== T_PDU) indexElements(w, 1, w.offset + length);
  },
  dissect(d, b) {
    const o = b.offset;
    // Version 2 is another protocol on the same port.
    if (isVersion2(b.u8(o))) {
      if (b.length >= 8) d.call(gtpv2, b);
      else d.layer(gtp, b).has(o, 8);
      return;
    }
    const layer = d.layer(gtp, b);
    const flags = layer.uintNode(f.flags, o);
    for (const bit of [f.version, f.payload, f.reserved, f.hasExtension, f.hasSequence, f.hasNumber]) flags.uint(bit, o);
    const message = layer.uint(f.message, o + 1);
    layer.uint(f.length, o + 2);
    const teid = layer.uint(f.teid, o + 4);
    if ((b.u8(o) & 2) !== 0) layer.uint(f.sequence, o + 8);
    if ((b.u8(o) & 1) !== 0) layer.uint(f.number, o + 10);
    if ((b.u8(o) & 4) !== 0) layer.uint(f.nextExtension, o + 11);
    const words = gtpMessages.get(message) ?? `Unknown (${message})`;
    d.column(gtp, words);
    layer.summary = `${words} · TEID 0x${teid.toString(16).padStart(8, '0')}`;
    const protocol = b.length < 8 ? undefined : inner(b.bytes, o, b.end);
    const length = b.length < 8 ? 0 : headerLength(b.bytes, o, b.end);
    if (!layer.ok || length === 0) return;
    if (protocol === undefined) {
      if (message === T_PDU) return;
      addElements(layer, 1, o + length);
      d.column(gtp, words);
      return;
    }
    layer.size(length);
    d.call(protocol, b.from(o + length));
  },
});

const PRIME_BYTES = 6;
const VERSION_0_BYTES = 20;

/** Version 0 (GSM 09.60, section 6), whose GTP' sibling (3GPP TS 32.295) may have a header of six bytes. */
export const gtpPrime: Protocol = defineProtocol({
  name: 'gtpprime',
  short: 'GTP',
  title: 'GPRS Tunneling Protocol Prime',
  osi: '4',
  pdu: 'Message',
  hue: 'tra',
  fields: Object.values(f0),
  accepts: (b, o, end) => end - o >= PRIME_BYTES && (b[o] as number) >> 5 <= 2,
  index(w) {
    const { bytes: b, offset: o } = w;
    if (!w.has(PRIME_BYTES)) return;
    const length = headerLength0(b[o] as number);
    if (!w.has(length) || o + length >= w.end) return;
    if (b[o + 1] !== T_PDU) {
      indexElements(w, 0, o + length);
      return;
    }
    const version = (b[o + length] as number) >> 4;
    w.follow(version === 4 ? ipv4 : version === 6 ? ipv6 : undefined, o + length);
  },
  dissect(d, b) {
    const o = b.offset;
    const layer = d.layer(gtpPrime, b);
    const flags = layer.uintNode(f.flags, o);
    flags.uint(f.version, o);
    flags.uint(f.payload, o);
    flags.uint(f0.reserved, o);
    flags.uint(f0.hasSndcp, o);
    const message = layer.uint(f.message, o + 1);
    layer.uint(f.length, o + 2);
    layer.uint(f.sequence, o + 4);
    const length = headerLength0(b.u8(o));
    if (length === VERSION_0_BYTES) {
      layer.uint(f0.flowLabel, o + 6);
      layer.uint(f0.sndcp, o + 8);
      if (layer.has(o + 12, 8)) layer.add(f0.tid, o + 12, 8, digits(b.slice(o + 12, 8)));
    }
    layer.size(length);
    const words = gtpMessages.get(message) ?? `Unknown (${message})`;
    d.column(gtpPrime, words);
    layer.summary = words;
    if (!layer.ok || b.length <= length) return;
    if (message !== T_PDU) {
      layer.size(b.length);
      addElements(layer, 0, o + length);
      d.column(gtpPrime, words);
      return;
    }
    const version = b.u8(o + length) >> 4;
    d.call(version === 4 ? ipv4 : version === 6 ? ipv6 : undefined, b.from(o + length));
  },
});

function headerLength0(flags: number): number {
  return (flags & 1) !== 0 ? PRIME_BYTES : VERSION_0_BYTES;
}
