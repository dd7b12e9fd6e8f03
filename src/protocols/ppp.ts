// RFC 1661 (PPP), 1662 (framing), 2516 (over Ethernet).
import type { Buf, Dissection } from '../dissect/dissection.ts';
import { bytes, expert, names, string, uint8, uint16 } from '../dissect/field.ts';
import type { IndexWalk } from '../dissect/index-walk.ts';
import { defineProtocol } from '../dissect/protocol.ts';
import { tables } from '../dissect/tables.ts';
import { callOrData, followOrData } from './next.ts';

const ADDRESS_ALL = 0xff;
const PPPOE_HEADER_BYTES = 6;

const pppProtocols = names({
  33: 'Internet Protocol version 4',
  45: 'Van Jacobson Compressed TCP/IP',
  47: 'Van Jacobson Uncompressed TCP/IP',
  87: 'Internet Protocol version 6',
  641: 'MPLS Unicast',
  643: 'MPLS Multicast',
  32801: 'Internet Protocol Control Protocol',
  32855: 'IPv6 Control Protocol',
  33021: 'Compression Control Protocol',
  49185: 'Link Control Protocol',
  49187: 'Password Authentication Protocol',
  49189: 'Link Quality Report',
  49699: 'Challenge Handshake Authentication Protocol',
});

const f = {
  address: uint8('ppp.address', 'Address', { base: 'hex' }),
  control: uint8('ppp.control', 'Control', { base: 'hex' }),
  protocol: uint16('ppp.protocol', 'Protocol', { base: 'hex', names: pppProtocols }),
};

/** Bytes of address and control: two, or none where compression leaves them out. */
function framingBytes(first: number): number {
  return first === ADDRESS_ALL ? 2 : 0;
}

/** Links of the PPP kind also carry Cisco's framing, which begins with other addresses. */
function isCiscoHdlc(first: number): boolean {
  return first === 0x0f || first === 0x8f;
}

function indexPpp(w: IndexWalk): void {
  if (!w.has(2)) return;
  const { bytes: b, offset: o } = w;
  if (isCiscoHdlc(b[o] as number)) {
    w.follow(ciscoHdlc, o);
    return;
  }
  const framing = framingBytes(b[o] as number);
  if (!w.has(framing + 1)) return;
  const first = b[o + framing] as number;
  // Protocol numbers are odd in their last octet: an odd first one means that a leading zero was left out.
  if ((first & 1) !== 0) {
    followOrData(w, tables.pppProto.lookup(first), o + framing + 1);
    return;
  }
  if (!w.has(framing + 2)) return;
  followOrData(w, tables.pppProto.lookup((first << 8) | (b[o + framing + 1] as number)), o + framing + 2);
}

export const ppp = defineProtocol({
  name: 'ppp',
  short: 'PPP',
  title: 'Point-to-Point Protocol',
  osi: '2',
  pdu: 'Frame',
  hue: 'link',
  fields: Object.values(f),
  index: indexPpp,
  dissect(d: Dissection, b: Buf): void {
    const o = b.offset;
    const layer = d.layer(ppp, b);
    d.column(ppp, 'PPP');
    if (b.wireLength >= 2 && b.length >= 2 && isCiscoHdlc(b.u8(o))) {
      layer.size(0);
      d.call(ciscoHdlc, b);
      return;
    }
    const framing = framingBytes(b.u8(o));
    if (framing === 2) {
      layer.uint(f.address, o);
      layer.uint(f.control, o + 1);
    }
    const width = (b.u8(o + framing) & 1) !== 0 ? 1 : 2;
    const protocol = layer.uint(f.protocol, o + framing, width);
    if (!layer.has(o, 2)) return;
    layer.size(framing + width);
    layer.summary = pppProtocols.get(protocol) ?? `Protocol 0x${protocol.toString(16).padStart(4, '0')}`;
    d.column(ppp, layer.node.summary);
    callOrData(d, tables.pppProto.lookup(protocol), b.from(o + framing + width));
  },
});

const codes = names({
  0: 'Session Data',
  7: 'Active Discovery Offer (PADO)',
  9: 'Active Discovery Initiation (PADI)',
  10: 'Active Discovery Session-Grant (PADG)',
  11: 'Active Discovery Session-Credit Response (PADC)',
  12: 'Active Discovery Quality (PADQ)',
  25: 'Active Discovery Request (PADR)',
  101: 'Active Discovery Session-confirmation (PADS)',
  167: 'Active Discovery Terminate (PADT)',
});

const tags = names({
  0: 'End-Of-List',
  257: 'Service-Name',
  258: 'AC-Name',
  259: 'Host-Uniq',
  260: 'AC-Cookie',
  261: 'Vendor-Specific-Information',
  272: 'Relay-Session-Id',
  288: 'PPP-Max-Payload',
  513: 'Service-Name-Error',
  514: 'AC-System-Error',
  515: 'Generic-Error',
});

const e = {
  version: uint8('pppoe.version', 'Version', { mask: 0xf0 }),
  type: uint8('pppoe.type', 'Type', { mask: 0x0f }),
  code: uint8('pppoe.code', 'Code', { base: 'hex', names: codes }),
  session: uint16('pppoe.session_id', 'Session ID', { base: 'hex' }),
  length: uint16('pppoe.payload_length', 'Payload Length'),
  eiLength: expert('pppoe.payload_length.bad', 'warn', 'Possible bad payload length'),
};

const t = {
  type: uint16('pppoed.tag', 'Tag', { base: 'hex', names: tags }),
  length: uint16('pppoed.tag_length', 'Tag Length'),
  unknown: bytes('pppoed.tag.unknown', 'Unknown Data'),
  serviceName: string('pppoed.tags.service_name', 'Service-Name'),
  acName: string('pppoed.tags.ac_name', 'AC-Name'),
  hostUniq: bytes('pppoed.tags.host_uniq', 'Host-Uniq'),
  acCookie: bytes('pppoed.tags.ac_cookie', 'AC-Cookie'),
};

function addHeader(layer: ReturnType<Dissection['layer']>, b: Buf): number {
  const o = b.offset;
  layer.size(PPPOE_HEADER_BYTES);
  layer.uint(e.version, o);
  layer.uint(e.type, o);
  layer.uint(e.code, o + 1);
  layer.uint(e.session, o + 2);
  return layer.uint(e.length, o + 4);
}

export const pppoeSession = defineProtocol({
  name: 'pppoes',
  short: 'PPPoES',
  title: 'PPP-over-Ethernet Session',
  osi: '2',
  pdu: 'Frame',
  hue: 'link',
  fields: Object.values(e),
  index(w) {
    if (!w.has(PPPOE_HEADER_BYTES)) return;
    const { bytes: b, offset: o } = w;
    const end = o + PPPOE_HEADER_BYTES + (((b[o + 4] as number) << 8) | (b[o + 5] as number));
    w.follow(ppp, o + PPPOE_HEADER_BYTES, end, end);
  },
  dissect(d, b) {
    const layer = d.layer(pppoeSession, b);
    d.column(pppoeSession, 'Session');
    const length = addHeader(layer, b);
    if (!layer.ok) return;
    if (length > b.wireLength - PPPOE_HEADER_BYTES) layer.expert(e.eiLength, b.offset + 4, 2);
    layer.summary = `Session 0x${b
      .u16(b.offset + 2)
      .toString(16)
      .padStart(4, '0')}`;
    const from = b.offset + PPPOE_HEADER_BYTES;
    d.call(ppp, b.from(from, from + length));
  },
});

export const pppoeDiscovery = defineProtocol({
  name: 'pppoed',
  short: 'PPPoED',
  title: 'PPP-over-Ethernet Discovery',
  osi: '2',
  pdu: 'Frame',
  hue: 'link',
  fields: Object.values(t),
  index(w) {
    w.has(PPPOE_HEADER_BYTES);
  },
  dissect(d, b) {
    const o = b.offset;
    const layer = d.layer(pppoeDiscovery, b);
    const length = addHeader(layer, b);
    const code = b.u8(o + 1);
    layer.summary = codes.get(code) ?? `Code 0x${code.toString(16)}`;
    d.column(pppoeDiscovery, layer.node.summary);
    const end = o + PPPOE_HEADER_BYTES + length;
    layer.size(PPPOE_HEADER_BYTES + length);
    for (let at = o + PPPOE_HEADER_BYTES; layer.ok && at < end; ) {
      const type = b.u16(at);
      const size = b.u16(at + 2);
      const tag = layer.text(at, Math.min(4 + size, b.end - at), `Tag: ${tags.get(type) ?? `0x${type.toString(16)}`}`);
      tag.uint(t.type, at);
      tag.uint(t.length, at + 2);
      if (size > 0) {
        if (type === 0x0101) tag.string(t.serviceName, at + 4, size);
        else if (type === 0x0102) tag.string(t.acName, at + 4, size);
        else tag.bytes(type === 0x0103 ? t.hostUniq : type === 0x0104 ? t.acCookie : t.unknown, at + 4, size);
      }
      at += 4 + size;
    }
  },
});

const c = {
  address: uint8('chdlc.address', 'Address', { base: 'hex', names: names({ 15: 'Unicast', 143: 'Multicast' }) }),
  control: uint8('chdlc.control', 'Control', { base: 'hex' }),
  protocol: uint16('chdlc.protocol', 'Protocol', { base: 'hex' }),
};

/** Cisco's HDLC: PPP-like framing with EtherTypes. */
export const ciscoHdlc = defineProtocol({
  name: 'chdlc',
  short: 'CHDLC',
  title: 'Cisco HDLC',
  osi: '2',
  pdu: 'Frame',
  hue: 'link',
  fields: Object.values(c),
  index(w) {
    if (!w.has(4)) return;
    const { bytes: b, offset: o } = w;
    followOrData(w, tables.ethertype.lookup(((b[o + 2] as number) << 8) | (b[o + 3] as number)), o + 4);
  },
  dissect(d, b) {
    const o = b.offset;
    const layer = d.layer(ciscoHdlc, b);
    layer.size(4);
    d.column(ciscoHdlc, 'CHDLC');
    layer.uint(c.address, o);
    layer.uint(c.control, o + 1);
    const protocol = layer.uint(c.protocol, o + 2);
    layer.summary = `Protocol 0x${protocol.toString(16).padStart(4, '0')}`;
    if (layer.ok) callOrData(d, tables.ethertype.lookup(protocol), b.from(o + 4));
  },
});
