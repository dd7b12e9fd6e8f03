/** Link types that are little more than a place for a protocol number: Frame Relay, IP over InfiniBand, ARCnet, Linux NFLOG, Solaris IPNET. */
import type { Buf, Dissection, Layer } from '../dissect/dissection.ts';
import { type FieldDef, names, uint8, uint16, uint32 } from '../dissect/field.ts';
import type { IndexWalk } from '../dissect/index-walk.ts';
import { defineProtocol, type Protocol } from '../dissect/protocol.ts';
import { tables } from '../dissect/tables.ts';
import { etherTypes } from './ethertype.ts';
import { callOrData, followOrData } from './next.ts';
import { nlpidNames } from './nlpid-names.ts';

interface Link {
  readonly name: string;
  readonly short: string;
  readonly title: string;
  readonly fields: readonly FieldDef[];
  /** Bytes before the packet, 0 if they do not make sense. Reads only bytes[offset, end). */
  readonly header: (b: Uint8Array, o: number, end: number) => number;
  readonly payload: (b: Uint8Array, o: number, end: number) => Protocol | undefined;
  readonly read: (layer: Layer, b: Buf) => void;
}

function link(about: Link): Protocol {
  const self: Protocol = defineProtocol({
    name: about.name,
    short: about.short,
    title: about.title,
    osi: '2',
    pdu: 'Frame',
    hue: 'link',
    fields: about.fields,
    index(w: IndexWalk) {
      const { bytes: b, offset: o, end } = w;
      const length = about.header(b, o, end);
      if (length === 0) w.has(end - o + 1);
      else if (w.has(length)) followOrData(w, about.payload(b, o, end), o + length);
    },
    dissect(d: Dissection, b: Buf): void {
      const layer = d.layer(self, b);
      d.column(self, about.title);
      about.read(layer, b);
      const length = about.header(b.bytes, b.offset, b.end);
      if (length === 0) layer.has(b.offset, b.length + 1);
      if (length === 0 || !layer.has(b.offset, length)) return;
      layer.size(length);
      callOrData(d, about.payload(b.bytes, b.offset, b.end), b.from(b.offset + length));
    },
  });
  return self;
}

const be16 = (b: Uint8Array, at: number): number => ((b[at] as number) << 8) | (b[at + 1] as number);
const byVersion = (b: Uint8Array, at: number, end: number): Protocol | undefined =>
  at >= end ? undefined : (b[at] as number) >> 4 === 6 ? tables.ethertype.lookup(0x86dd) : tables.ethertype.lookup(0x0800);

const fr = {
  address: uint16('fr.first_addr_octet', 'Address', { base: 'hex' }),
  nlpid: uint8('fr.nlpid', 'NLPID', {
    base: 'hex',
    names: names({ ...nlpidNames, 1: 'T.70', 8: 'Q.933', 9: 'LMI' }),
  }),
  type: uint16('fr.chdlctype', 'Type', { base: 'hex', names: etherTypes }),
};

/** Bytes of the Q.922 address: the last octet has its low bit set. */
function addressBytes(b: Uint8Array, o: number, end: number): number {
  for (let n = 1; n <= 4 && o + n <= end; n++) if (((b[o + n - 1] as number) & 1) !== 0) return n;
  return 0;
}

/** RFC 2427 behind a control octet of 3; otherwise an EtherType, as Cisco's routers send it. */
export const frameRelay: Protocol = link({
  name: 'fr',
  short: 'FR',
  title: 'Frame Relay',
  fields: Object.values(fr),
  header: (b, o, end) => {
    const address = addressBytes(b, o, end);
    return address === 0 || o + address + 2 > end ? 0 : address + 2;
  },
  payload: (b, o, end) => {
    const at = o + addressBytes(b, o, end);
    if (b[at] !== 3) return tables.ethertype.lookup(be16(b, at));
    return b[at + 1] === 0xcc ? tables.ethertype.lookup(0x0800) : b[at + 1] === 0x8e ? tables.ethertype.lookup(0x86dd) : undefined;
  },
  read: (layer, b) => {
    const at = b.offset + addressBytes(b.bytes, b.offset, b.end);
    layer.uint(fr.address, b.offset);
    if (b.u8(at) === 3) layer.uint(fr.nlpid, at + 1);
    else layer.uint(fr.type, at);
  },
});

const IPOIB_BYTES = 44;
const ib = { type: uint16('ipoib.type', 'Type', { base: 'hex', names: etherTypes }) };

/** RFC 4391, section 6: behind two addresses of 20 octets, the type. */
export const ipoib: Protocol = link({
  name: 'ipoib',
  short: 'IPoIB',
  title: 'IP over Infiniband',
  fields: Object.values(ib),
  header: (_b, o, end) => (end - o < IPOIB_BYTES ? 0 : IPOIB_BYTES),
  payload: (b, o) => tables.ethertype.lookup(be16(b, o + 40)),
  read: (layer, b) => {
    layer.uint(ib.type, b.offset + 40);
  },
});

const ARCNET_BYTES = 5;
const arc = {
  source: uint8('arcnet.src', 'Source', { base: 'hex' }),
  destination: uint8('arcnet.dst', 'Dest', { base: 'hex' }),
  offset: uint16('arcnet.offset', 'Offset', { base: 'hex' }),
  protocol: uint8('arcnet.protID', 'Protocol ID', {
    base: 'hex',
    names: names({
      0: 'Datapoint boot',
      1: 'Datapoint mount',
      8: 'PowerLAN beacon',
      128: 'Diagnose',
      196: 'IPv6',
      205: 'BACnet',
      212: 'RFC 1201 IP',
      213: 'RFC 1201 ARP',
      214: 'RFC 1201 RARP',
      221: 'Appletalk',
      232: 'Encapsulated Ethernet',
      236: 'Novell of some sort',
      240: 'RFC 1051 IP',
      241: 'RFC 1051 ARP',
      243: 'PowerLAN beacon2',
      247: 'Banyan VINES',
      250: 'IPX',
    }),
  }),
};

/** As Linux captures it. RFC 1201 has three octets more, for pieces of packets, than RFC 1051. */
export const arcnet: Protocol = link({
  name: 'arcnet',
  short: 'ARCNET',
  title: 'ARCNET',
  fields: Object.values(arc),
  header: (b, o, end) => (end - o < ARCNET_BYTES ? 0 : (b[o + 4] as number) < 0xf0 ? ARCNET_BYTES + 3 : ARCNET_BYTES),
  payload: (b, o) => {
    const protocol = b[o + 4];
    return protocol === 0xd4 || protocol === 0xf0
      ? tables.ethertype.lookup(0x0800)
      : protocol === 0xd5 || protocol === 0xf1
        ? tables.ethertype.lookup(0x0806)
        : undefined;
  },
  read: (layer, b) => {
    layer.uint(arc.source, b.offset);
    layer.uint(arc.destination, b.offset + 1);
    layer.uint(arc.offset, b.offset + 2);
    layer.uint(arc.protocol, b.offset + 4);
  },
});

const NFLOG_PAYLOAD = 9;
const nf = {
  family: uint8('nflog.family', 'Family', {
    names: names({
      0: 'Unspecified',
      1: 'IPv4/IPv6',
      2: 'IPv4',
      3: 'ARP',
      5: 'Netdev',
      7: 'Bridge',
      10: 'IPv6',
      12: 'DECNET',
    }),
  }),
  version: uint8('nflog.version', 'Version'),
  resource: uint16('nflog.res_id', 'Resource id'),
};

/** Attributes of length and type (in the byte order of the machine that captured: little-endian here), up to the one with the packet. */
function nflogPayload(b: Uint8Array, o: number, end: number): number {
  for (let at = o + 4; at + 4 <= end; ) {
    const length = (b[at] as number) | ((b[at + 1] as number) << 8);
    const type = (b[at + 2] as number) | ((b[at + 3] as number) << 8);
    if (length < 4) return 0;
    if ((type & 0x7fff) === NFLOG_PAYLOAD) return at + 4 - o;
    at += (length + 3) & ~3;
  }
  return 0;
}

export const nflog: Protocol = link({
  name: 'nflog',
  short: 'NFLOG',
  title: 'Linux Netfilter NFLOG',
  fields: Object.values(nf),
  header: nflogPayload,
  payload: (b, o, end) => byVersion(b, o + nflogPayload(b, o, end), end),
  read: (layer, b) => {
    layer.uint(nf.family, b.offset);
    layer.uint(nf.version, b.offset + 1);
    layer.uint(nf.resource, b.offset + 2);
  },
});

const IPNET_BYTES = 24;
const ip = {
  version: uint8('ipnet.version', 'Header version'),
  family: uint8('ipnet.family', 'Address family', {
    names: names({
      2: 'Solaris AF_INET',
      26: 'Solaris AF_INET6',
    }),
  }),
  hook: uint16('ipnet.htype', 'Hook type', { names: names({ 0: 'Inbound', 1: 'Outbound', 2: 'Local' }) }),
  length: uint32('ipnet.pktlen', 'Data length'),
};

export const ipnet: Protocol = link({
  name: 'ipnet',
  short: 'IPNET',
  title: 'Solaris IPNET',
  fields: Object.values(ip),
  header: (_b, o, end) => (end - o < IPNET_BYTES ? 0 : IPNET_BYTES),
  payload: (b, o, end) => byVersion(b, o + IPNET_BYTES, end),
  read: (layer, b) => {
    layer.uint(ip.version, b.offset);
    layer.uint(ip.family, b.offset + 1);
    layer.uint(ip.hook, b.offset + 2);
    layer.uint(ip.length, b.offset + 4);
  },
});
