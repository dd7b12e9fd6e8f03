// RFC 1661 (PPP), 1662 (framing), 2516 (over Ethernet).
import type { Buf, Dissection } from '../dissect/dissection.ts';
import { bytes, expert, names, string, uint8, uint16 } from '../dissect/field.ts';
import type { IndexWalk } from '../dissect/index-walk.ts';
import { defineProtocol, type Protocol } from '../dissect/protocol.ts';
import { tables } from '../dissect/tables.ts';
import { callOrData, followOrData } from './next.ts';

const ADDRESS_ALL = 0xff;
const PPPOE_HEADER_BYTES = 6;

const pppProtocols = names({
  1: 'Padding Protocol',
  3: 'ROHC small-CID',
  5: 'ROHC large-CID',
  33: 'Internet Protocol version 4',
  35: 'OSI Network Layer',
  37: 'Xerox NS IDP',
  39: 'DECnet Phase IV',
  41: 'Appletalk',
  43: 'Novell IPX',
  45: 'Van Jacobson Compressed TCP/IP',
  47: 'Van Jacobson Uncompressed TCP/IP',
  49: 'Bridging PDU',
  51: 'Stream Protocol (ST-II)',
  53: 'Banyan Vines',
  57: 'AppleTalk EDDP',
  59: 'AppleTalk SmartBuffered',
  61: 'Multi-Link',
  63: 'NETBIOS Framing',
  65: 'Cisco Systems',
  67: 'Ascom Timeplex',
  69: 'Fujitsu Link Backup and Load Balancing (LBLB)',
  71: 'DCA Remote Lan',
  73: 'Serial Data Transport Protocol (PPP-SDTP)',
  75: 'SNA over 802.2',
  77: 'SNA',
  79: 'IPv6 Header Compression ',
  81: 'KNX Bridging Data',
  83: 'Encryption',
  85: 'Individual Link Encryption',
  87: 'Internet Protocol version 6',
  89: 'PPP Muxing',
  91: 'Vendor-Specific Network Protocol (VSNP)',
  93: 'TRILL Network Protocol (TNP)',
  97: 'RTP IPHC Full Header',
  99: 'RTP IPHC Compressed TCP',
  101: 'RTP IPHC Compressed Non TCP',
  103: 'RTP IPHC Compressed UDP 8',
  105: 'RTP IPHC Compressed RTP 8',
  111: 'Stampede Bridging',
  115: 'MP+ Protocol',
  193: 'NTCITS IPI',
  251: 'Single link compression in multilink',
  253: 'Compressed datagram',
  513: '802.1d Hello Packets',
  515: 'IBM Source Routing BPDU',
  517: 'DEC LANBridge100 Spanning Tree',
  519: 'Cisco Discovery Protocol',
  521: 'Netcs Twin Routing',
  523: 'STP - Scheduled Transfer Protocol',
  525: 'EDP - Extreme Discovery Protocol',
  529: 'Optical Supervisory Channel Protocol (OSCP)',
  531: 'Optical Supervisory Channel Protocol (OSCP)',
  561: 'Luxcom',
  563: 'Sigma Network Systems',
  565: 'Apple Client Server Protocol',
  641: 'MPLS Unicast',
  643: 'MPLS Multicast',
  645: 'IEEE p1284.4 standard - data packets',
  647: 'ETSI TETRA Network Protocol Type 1',
  649: 'Multichannel Flow Treatment Protocol',
  8291: 'RTP IPHC Compressed TCP No Delta',
  8293: 'RTP IPHC Context State',
  8295: 'RTP IPHC Compressed UDP 16',
  8297: 'RTP IPHC Compressed RTP 16',
  16385: 'Cray Communications Control Protocol',
  16387: 'CDPD Mobile Network Registration Protocol',
  16389: 'Expand accelerator protocol',
  16391: 'ODSICP NCP',
  16393: 'DOCSIS DLL',
  16395: 'Cetacean Network Detection Protocol',
  16417: 'Stacker LZS',
  16419: 'RefTek Protocol',
  16421: 'Fibre Channel',
  16423: 'EMIT Protocols',
  16475: 'Vendor-Specific Protocol (VSP)',
  16477: 'TRILL Link State Protocol (TLSP)',
  32801: 'Internet Protocol Control Protocol',
  32803: 'OSI Network Layer Control Protocol',
  32805: 'Xerox NS IDP Control Protocol',
  32807: 'DECnet Phase IV Control Protocol',
  32809: 'AppleTalk Control Protocol',
  32811: 'Novell IPX Control Protocol',
  32817: 'Bridging NCP',
  32819: 'Stream Protocol Control Protocol',
  32821: 'Banyan Vines Control Protocol',
  32829: 'Multi-Link Control Protocol',
  32831: 'NETBIOS Framing Control Protocol',
  32833: 'Cisco Systems Control Protocol',
  32835: 'Ascom Timeplex',
  32837: 'Fujitsu LBLB Control Protocol',
  32839: 'DCA Remote Lan Network Control Protocol (RLNCP)',
  32841: 'Serial Data Control Protocol (PPP-SDCP)',
  32843: 'SNA over 802.2 Control Protocol',
  32845: 'SNA Control Protocol',
  32847: 'IP6 Header Compression Control Protocol',
  32849: 'KNX Bridging Control Protocol',
  32851: 'Encryption Control Protocol',
  32853: 'Individual Link Encryption Control Protocol',
  32855: 'IPv6 Control Protocol',
  32857: 'PPP Muxing Control Protocol',
  32859: 'Vendor-Specific Network Control Protocol (VSNCP)',
  32861: 'TRILL Network Control Protocol',
  32879: 'Stampede Bridging Control Protocol',
  32883: 'MP+ Control Protocol',
  32961: 'NTCITS IPI Control Protocol',
  33019: 'Single link compression in multilink control',
  33021: 'Compression Control Protocol',
  33287: 'Cisco Discovery Protocol Control Protocol',
  33289: 'Netcs Twin Routing',
  33291: 'STP - Control Protocol',
  33293: 'EDPCP - Extreme Discovery Protocol Control Protocol',
  33333: 'Apple Client Server Protocol Control',
  33409: 'MPLS Control Protocol',
  33413: 'IEEE p1284.4 standard - Protocol Control',
  33415: 'ETSI TETRA TNP1 Control Protocol',
  33417: 'Multichannel Flow Treatment Protocol',
  49185: 'Link Control Protocol',
  49187: 'Password Authentication Protocol',
  49189: 'Link Quality Report',
  49191: 'Shiva Password Authentication Protocol',
  49193: 'Callback Control Protocol (CBCP)',
  49195: 'BACP Bandwidth Allocation Control Protocol',
  49197: 'BAP Bandwidth Allocation Protocol',
  49243: 'Vendor-Specific Authentication Protocol (VSAP)',
  49281: 'Container Control Protocol',
  49699: 'Challenge Handshake Authentication Protocol',
  49701: 'RSA Authentication Protocol',
  49703: 'Extensible Authentication Protocol',
  49705: 'Mitsubishi Security Information Exchange Protocol (SIEP)',
  49775: 'Stampede Bridging Authorization Protocol',
  49793: 'Proprietary Authentication Protocol',
  49795: 'Proprietary Authentication Protocol',
  50305: 'Proprietary Node ID Authentication Protocol',
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
  11: 'Active Discovery Session-Credit Resp.(PADC)',
  12: 'Active Discovery Quality (PADQ)',
  25: 'Active Discovery Request (PADR)',
  101: 'Active Discovery Session-confirmation (PADS)',
  167: 'Active Discovery Terminate (PADT)',
  211: 'Active Discovery Message (PADM)',
  212: 'Active Discovery Network (PADN)',
});

const tags = names({
  0: 'End-Of-List',
  257: 'Service-Name',
  258: 'AC-Name',
  259: 'Host-Uniq',
  260: 'AC-Cookie',
  261: 'Vendor-Specific',
  262: 'Credits',
  263: 'Metrics',
  264: 'Sequence Number',
  265: 'Credit Scale Factor',
  272: 'Relay-Session-Id',
  273: 'HURL',
  274: 'MOTM',
  288: 'PPP-Max-Payload',
  289: 'IP Route Add',
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
  eiLength: expert('pppoe.payload_length.bad', 'warn', 'Possible bad payload length', 'malformed'),
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
  protocol: uint16('chdlc.protocol', 'Protocol', {
    names: names({
      2048: 'IP',
      8192: 'Cisco Discovery Protocol',
      16962: 'Spanning Tree BPDU',
      25944: 'Transparent Ethernet bridging',
      32821: 'SLARP',
      32824: 'DEC LanBridge',
      32923: 'Appletalk',
      33011: 'AARP',
      33079: 'Netware IPX/SPX',
      34525: 'IPv6',
      34887: 'MPLS unicast',
      34888: 'MPLS multicast',
      65278: 'OSI',
    }),
    base: 'hex',
  }),
  padding: uint8('chdlc.clns_padding', 'CLNS Padding', { base: 'hex' }),
};

/** Who has this number in Cisco's HDLC. */
const chdlcProtocol = (number: number): Protocol | undefined => tables.chdlcProto.lookup(number) ?? tables.ethertype.lookup(number);

const CHDLC_OSI = 0xfefe;
/** Network layer protocols of OSI: CLNP, ES-IS, IS-IS. One that does not follow at once stands behind an octet of padding. */
const isPadding = (octet: number): boolean => octet !== 0x81 && octet !== 0x82 && octet !== 0x83;

/** Cisco's HDLC: PPP-like framing with EtherTypes and a few numbers of its own. */
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
    const protocol = ((b[o + 2] as number) << 8) | (b[o + 3] as number);
    const padded = protocol === CHDLC_OSI && w.has(5) && isPadding(b[o + 4] as number);
    followOrData(w, chdlcProtocol(protocol), padded ? o + 5 : o + 4);
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
    if (!layer.ok) return;
    const padded = protocol === CHDLC_OSI && b.length > 4 && isPadding(b.u8(o + 4));
    if (padded) {
      layer.size(5);
      layer.uint(c.padding, o + 4);
    }
    callOrData(d, chdlcProtocol(protocol), b.from(padded ? o + 5 : o + 4));
  },
});
