/** GTP user plane (3GPP TS 29.281 section 5) carrying IP, and the control plane's header (3GPP TS 29.274). */
import { bytes, names, uint8, uint16, uint32 } from '../dissect/field.ts';
import { defineProtocol, type Protocol } from '../dissect/protocol.ts';
import { RowFlag } from '../table/packet-table.ts';
import { ipv4 } from './ipv4.ts';
import { ipv6 } from './ipv6.ts';

const T_PDU = 255;
const messageNames = names({
  1: 'Echo request',
  2: 'Echo response',
  16: 'Create PDP context request',
  17: 'Create PDP context response',
  18: 'Update PDP context request',
  19: 'Update PDP context response',
  20: 'Delete PDP context request',
  21: 'Delete PDP context response',
  26: 'Error indication',
  254: 'End marker',
  255: 'T-PDU',
});
const messageNames2 = names({
  1: 'Echo Request',
  2: 'Echo Response',
  32: 'Create Session Request',
  33: 'Create Session Response',
  34: 'Modify Bearer Request',
  35: 'Modify Bearer Response',
  36: 'Delete Session Request',
  37: 'Delete Session Response',
});

const f = {
  flags: uint8('gtp.flags', 'Flags', { base: 'hex' }),
  version: uint8('gtp.flags.version', 'Version', { mask: 0xe0 }),
  message: uint8('gtp.message', 'Message Type', { base: 'hex', names: messageNames }),
  length: uint16('gtp.length', 'Length'),
  teid: uint32('gtp.teid', 'TEID', { base: 'hex' }),
  sequence: uint16('gtp.seq_number', 'Sequence number', { base: 'hex' }),
};
const f0 = {
  payload: uint8('gtp.flags.payload', 'Protocol type', { mask: 0x10, names: names({ 0: "GTP'", 1: 'GTP' }) }),
  flowLabel: uint16('gtp.flow_label', 'Flow label', { base: 'hex' }),
  sndcp: uint8('gtp.sndcp_number', 'SNDCP N-PDU LLC Number', { base: 'hex' }),
  tid: bytes('gtp.tid', 'TID'),
};
const f2 = {
  message: uint8('gtpv2.message_type', 'Message Type', { names: messageNames2 }),
  length: uint16('gtpv2.msg_length', 'Message Length'),
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

export const gtp: Protocol = defineProtocol({
  name: 'gtp',
  short: 'GTP',
  title: 'GPRS Tunneling Protocol',
  osi: '4',
  pdu: 'Message',
  hue: 'tra',
  fields: Object.values(f),
  accepts: (b, o, end) => end - o >= 8 && (((b[o] as number) & 0xf0) === 0x30 || ((b[o] as number) & 0xf0) === 0x10),
  index(w) {
    if (!w.has(8)) return;
    const protocol = inner(w.bytes, w.offset, w.end);
    if (protocol !== undefined) {
      w.flags |= RowFlag.Several;
      w.follow(protocol, w.offset + headerLength(w.bytes, w.offset, w.end));
    }
  },
  dissect(d, b) {
    const o = b.offset;
    const layer = d.layer(gtp, b);
    layer.uintNode(f.flags, o).uint(f.version, o);
    const message = layer.uint(f.message, o + 1);
    layer.uint(f.length, o + 2);
    const teid = layer.uint(f.teid, o + 4);
    if ((b.u8(o) & 2) !== 0) layer.uint(f.sequence, o + 8);
    const words = messageNames.get(message) ?? `Unknown (${message})`;
    d.column(gtp, words);
    layer.summary = `${words} · TEID 0x${teid.toString(16).padStart(8, '0')}`;
    const protocol = b.length < 8 ? undefined : inner(b.bytes, o, b.end);
    if (protocol === undefined || !layer.ok) return;
    const length = headerLength(b.bytes, o, b.end);
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
    if (!w.has(length) || b[o + 1] !== T_PDU || o + length >= w.end) return;
    const version = (b[o + length] as number) >> 4;
    w.follow(version === 4 ? ipv4 : version === 6 ? ipv6 : undefined, o + length);
  },
  dissect(d, b) {
    const o = b.offset;
    const layer = d.layer(gtpPrime, b);
    const flags = layer.uintNode(f.flags, o);
    flags.uint(f.version, o);
    flags.uint(f0.payload, o);
    const message = layer.uint(f.message, o + 1);
    layer.uint(f.length, o + 2);
    layer.uint(f.sequence, o + 4);
    const length = headerLength0(b.u8(o));
    if (length === VERSION_0_BYTES) {
      layer.uint(f0.flowLabel, o + 6);
      layer.uint(f0.sndcp, o + 8);
      layer.bytes(f0.tid, o + 12, 8);
    }
    layer.size(length);
    const words = messageNames.get(message) ?? `Unknown (${message})`;
    d.column(gtpPrime, words);
    layer.summary = words;
    if (!layer.ok || message !== T_PDU || b.length <= length) return;
    const version = b.u8(o + length) >> 4;
    d.call(version === 4 ? ipv4 : version === 6 ? ipv6 : undefined, b.from(o + length));
  },
});

function headerLength0(flags: number): number {
  return (flags & 1) !== 0 ? PRIME_BYTES : VERSION_0_BYTES;
}

export const gtpv2: Protocol = defineProtocol({
  name: 'gtpv2',
  short: 'GTPv2',
  title: 'GPRS Tunneling Protocol V2',
  osi: '4',
  pdu: 'Message',
  hue: 'tra',
  fields: Object.values(f2),
  dissect(d, b) {
    const layer = d.layer(gtpv2, b);
    const message = layer.uint(f2.message, b.offset + 1);
    layer.uint(f2.length, b.offset + 2);
    layer.summary = messageNames2.get(message) ?? `Unknown (${message})`;
    d.column(gtpv2, layer.node.summary);
  },
});
