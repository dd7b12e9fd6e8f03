/**
 * Application protocols that are told apart and cut into messages, with the leading fields that say what kind of message it is. The rest
 * of a message is shown as it is.
 */
import type { Buf, Dissection, Layer } from '../dissect/dissection.ts';
import { type FieldDef, nameOf, names, uint8, uint16, uint24, uint32 } from '../dissect/field.ts';
import { type Framer, REJECT } from '../dissect/framer.ts';
import type { Protocol, ProtocolDef } from '../dissect/protocol.ts';
import { ALL, app, begins, firstLine, lengthFramer } from './app-kit.ts';

interface Lead {
  readonly field: FieldDef;
  readonly offset: number;
  readonly little?: boolean;
}

interface About {
  readonly name: string;
  readonly short: string;
  readonly title: string;
  readonly leads?: readonly Lead[];
  /** Number of the lead that is the kind of message. */
  readonly kind?: number;
  /** The first line says it. */
  readonly line?: boolean;
  readonly accepts?: ProtocolDef['accepts'];
  readonly framer?: Framer;
  readonly sticky?: boolean;
  readonly startsStream?: boolean;
}

function plain(about: About): Protocol {
  const { leads = [], kind, line, ...rest } = about;
  return app({
    ...rest,
    fields: leads.map((lead) => lead.field),
    read(layer: Layer, b: Buf, _d: Dissection): string {
      if (line === true) return firstLine(b, b.offset);
      let info = '';
      for (const [i, lead] of leads.entries()) {
        if (lead.offset >= b.length) break;
        const at = b.offset + lead.offset;
        const value = lead.little ? layer.uintLe(lead.field, at) : layer.uint(lead.field, at);
        if (i === kind) info = nameOf(lead.field, value) ?? `${lead.field.label} ${value}`;
      }
      return info;
    },
  });
}

const be16 = (h: Uint8Array, o: number): number => ((h[o] as number) << 8) | (h[o + 1] as number);
const be32 = (h: Uint8Array, o: number): number => be16(h, o) * 65536 + be16(h, o + 2);
const le16 = (h: Uint8Array, o: number): number => (h[o] as number) | ((h[o + 1] as number) << 8);
const le32 = (h: Uint8Array, o: number): number => le16(h, o) + le16(h, o + 2) * 65536;
/** Longer messages than this are not waited for. */
const MAX_MESSAGE = 16 * 1024 * 1024;
const bounded = (length: number): number => (length > MAX_MESSAGE ? ALL : length);

export const ncp = plain({
  name: 'ncp',
  short: 'NCP',
  title: 'NetWare Core Protocol',
  framer: lengthFramer(8, (h) => (be32(h, 0) === 0x446d6454 || be32(h, 0) === 0x744e6350 ? bounded(be32(h, 4)) : ALL)),
  leads: [
    { field: uint32('ncp.ip.signature', 'NCP over IP signature', { base: 'hex' }), offset: 0 },
    { field: uint32('ncp.ip.length', 'NCP over IP length', { base: 'hex' }), offset: 4 },
  ],
});
export const mysql = plain({
  name: 'mysql',
  short: 'MySQL',
  title: 'MySQL Protocol',
  framer: lengthFramer(4, (h) => 4 + le16(h, 0) + (h[2] as number) * 65536),
  leads: [
    { field: uint24('mysql.packet_length', 'Packet Length'), offset: 0, little: true },
    { field: uint8('mysql.packet_number', 'Packet Number'), offset: 3 },
  ],
});
export const bittorrent = plain({
  name: 'bittorrent',
  short: 'BitTorrent',
  title: 'BitTorrent',
  sticky: true,
  accepts: (b, o, end) => end - o >= 20 && b[o] === 19 && begins(b, o + 1, end, 'BitTorrent protocol'),
  framer: lengthFramer(5, (h) => {
    if (h[0] === 19 && h[1] === 0x42) return 68;
    const length = be32(h, 0);
    return length > 0x20000 || (length > 0 && (h[4] as number) > 21) ? ALL : 4 + Math.max(1, length);
  }),
  leads: [{ field: uint32('bittorrent.msg.length', 'Message Length'), offset: 0 }],
});
export const bitcoinMessage = plain({
  name: 'bitcoin',
  short: 'Bitcoin',
  title: 'Bitcoin protocol',
  leads: [
    { field: uint32('bitcoin.magic', 'Packet magic', { base: 'hex' }), offset: 0 },
    { field: uint32('bitcoin.length', 'Payload Length'), offset: 16, little: true },
    { field: uint32('bitcoin.checksum', 'Payload checksum', { base: 'hex' }), offset: 20 },
  ],
});
const BITCOIN_MAGIC = new Set([0xf9beb4d9, 0xfabfb5da, 0x0b110907]);
export const bitcoin = app({
  name: 'bitcoin',
  short: 'Bitcoin',
  title: 'Bitcoin protocol',
  fields: [],
  sticky: true,
  accepts: (b, o, end) => end - o >= 4 && BITCOIN_MAGIC.has(be32(b, o)),
  framer: lengthFramer(24, (h) => (BITCOIN_MAGIC.has(be32(h, 0)) ? bounded(24 + le32(h, 16)) : ALL)),
  read(layer, b, d) {
    layer.size(0);
    const commands: string[] = [];
    for (let at = b.offset; at < b.end && commands.length < 64; ) {
      const length = b.end - at >= 24 ? 24 + b.le32(at + 16) : b.end - at;
      d.call(bitcoinMessage, b.from(at, at + length));
      commands.push(b.text(at + 4, 12).replace(/\0+$/, ''));
      at += length;
    }
    d.columns.info = commands.join(', ');
    return d.columns.info;
  },
});
export const opcua = plain({
  name: 'opcua',
  short: 'OpcUa',
  title: 'OpcUa Binary Protocol',
  framer: lengthFramer(8, (h) => bounded(le32(h, 4))),
  leads: [{ field: uint32('opcua.transport.size', 'Message Size'), offset: 4, little: true }],
});
export const openvpn = plain({
  name: 'openvpn',
  short: 'OpenVPN',
  title: 'OpenVPN Protocol',
  framer: lengthFramer(2, (h) => 2 + be16(h, 0)),
  leads: [{ field: uint16('openvpn.plen', 'Plen'), offset: 0 }],
});
export const openvpnUdp = plain({
  name: 'openvpn',
  short: 'OpenVPN',
  title: 'OpenVPN Protocol',
  leads: [{ field: uint8('openvpn.type', 'Type', { base: 'hex' }), offset: 0 }],
});
const dnp3Leads: readonly Lead[] = [
  { field: uint16('dnp3.start', 'Start Bytes', { base: 'hex' }), offset: 0 },
  { field: uint8('dnp3.len', 'Length'), offset: 2 },
  { field: uint8('dnp3.ctl', 'Control', { base: 'hex' }), offset: 3 },
  { field: uint16('dnp3.dst', 'Destination'), offset: 4, little: true },
  { field: uint16('dnp3.src', 'Source'), offset: 6, little: true },
];
export const dnp3 = plain({
  name: 'dnp3',
  short: 'DNP 3.0',
  title: 'Distributed Network Protocol 3.0',
  accepts: (b, o, end) => end - o >= 2 && b[o] === 5 && b[o + 1] === 0x64,
  framer: lengthFramer(3, (h) => {
    if (h[0] !== 5 || h[1] !== 0x64) return REJECT;
    const data = Math.max(0, (h[2] as number) - 5);
    return 10 + data + 2 * Math.ceil(data / 16);
  }),
  leads: dnp3Leads,
});
export const ldap = plain({
  name: 'ldap',
  short: 'LDAP',
  title: 'Lightweight Directory Access Protocol',
  framer: lengthFramer(6, (h) => {
    if (h[0] !== 0x30) return ALL;
    const first = h[1] as number;
    if (first < 0x80) return 2 + first;
    let length = 0;
    const width = first & 0x7f;
    if (width === 0 || width > 4) return ALL;
    for (let i = 0; i < width; i++) length = length * 256 + (h[2 + i] as number);
    return bounded(2 + width + length);
  }),
});
export const pgsql = plain({
  name: 'pgsql',
  short: 'PGSQL',
  title: 'PostgreSQL',
  framer: lengthFramer(5, (h) => (h[0] === 0 ? bounded(be32(h, 0)) : bounded(1 + be32(h, 1)))),
});
export const bgp = plain({
  name: 'bgp',
  short: 'BGP',
  title: 'Border Gateway Protocol',
  kind: 1,
  framer: lengthFramer(19, (h) => (h[0] === 0xff && h[15] === 0xff ? be16(h, 16) : ALL)),
  leads: [
    { field: uint16('bgp.length', 'Length'), offset: 16 },
    {
      field: uint8('bgp.type', 'Type', {
        names: names({
          1: 'OPEN Message',
          2: 'UPDATE Message',
          3: 'NOTIFICATION Message',
          4: 'KEEPALIVE Message',
          5: 'ROUTE-REFRESH Message',
        }),
      }),
      offset: 18,
    },
  ],
});
export const hislip = plain({
  name: 'hislip',
  short: 'HiSLIP',
  title: 'High-Speed LAN Instrument Protocol',
  framer: lengthFramer(16, (h) => (h[0] === 0x48 && h[1] === 0x53 ? bounded(16 + be32(h, 8) * 2 ** 32 + be32(h, 12)) : ALL)),
  leads: [{ field: uint8('hislip.messagetype', 'Message Type'), offset: 2 }],
});
export const skinny = plain({
  name: 'skinny',
  short: 'SKINNY',
  title: 'Skinny Client Control Protocol',
  framer: lengthFramer(4, (h) => bounded(8 + le32(h, 0))),
  leads: [
    { field: uint32('skinny.data_length', 'Data length'), offset: 0, little: true },
    { field: uint32('skinny.messageId', 'Message ID', { base: 'hex' }), offset: 8, little: true },
  ],
});
export const ams = plain({
  name: 'ams',
  short: 'AMS',
  title: 'AMS',
  framer: lengthFramer(6, (h) => bounded(6 + le32(h, 2))),
});
export const vnc = plain({
  name: 'vnc',
  short: 'VNC',
  title: 'Virtual Network Computing',
  sticky: true,
  startsStream: true,
  accepts: (b, o, end) => end - o === 12 && begins(b, o, end, 'RFB ') && b[o + 11] === 10,
});
export const resp = plain({
  name: 'resp',
  short: 'RESP',
  title: 'REdis Serialization Protocol',
  line: true,
});
export const irc = plain({ name: 'irc', short: 'IRC', title: 'Internet Relay Chat', line: true });
export const mqtt = plain({
  name: 'mqtt',
  short: 'MQTT',
  title: 'MQ Telemetry Transport Protocol',
  kind: 0,
  leads: [
    {
      field: uint8('mqtt.msgtype', 'Message Type', {
        mask: 0xf0,
        names: names({
          1: 'Connect Command',
          2: 'Connect Ack',
          3: 'Publish Message',
          4: 'Publish Ack',
          8: 'Subscribe Request',
          9: 'Subscribe Ack',
          10: 'Unsubscribe Request',
          11: 'Unsubscribe Ack',
          12: 'Ping Request',
          13: 'Ping Response',
          14: 'Disconnect Req',
        }),
      }),
      offset: 0,
    },
  ],
});
export const elasticsearch = plain({ name: 'elasticsearch', short: 'Elasticsearch', title: 'Elasticsearch' });
export const rtsp = plain({ name: 'rtsp', short: 'RTSP', title: 'Real Time Streaming Protocol', line: true });

// --- over UDP

export const isakmp = plain({
  name: 'isakmp',
  short: 'ISAKMP',
  title: 'Internet Security Association and Key Management Protocol',
  kind: 1,
  leads: [
    { field: uint8('isakmp.nextpayload', 'Next payload'), offset: 16 },
    {
      field: uint8('isakmp.exchangetype', 'Exchange type', {
        names: names({
          2: 'Identity Protection (Main Mode)',
          4: 'Aggressive',
          5: 'Informational',
          32: 'Quick Mode',
          34: 'IKE_SA_INIT',
          35: 'IKE_AUTH',
          36: 'CREATE_CHILD_SA',
          37: 'INFORMATIONAL',
        }),
      }),
      offset: 18,
    },
    { field: uint32('isakmp.messageid', 'Message ID', { base: 'hex' }), offset: 20 },
    { field: uint32('isakmp.length', 'Length'), offset: 24 },
  ],
});
export const ntp = plain({
  name: 'ntp',
  short: 'NTP',
  title: 'Network Time Protocol',
  kind: 2,
  leads: [
    { field: uint8('ntp.flags.li', 'Leap Indicator', { mask: 0xc0 }), offset: 0 },
    { field: uint8('ntp.flags.vn', 'Version number', { mask: 0x38 }), offset: 0 },
    {
      field: uint8('ntp.flags.mode', 'Mode', {
        mask: 7,
        names: names({
          1: 'symmetric active',
          2: 'symmetric passive',
          3: 'client',
          4: 'server',
          5: 'broadcast',
          6: 'reserved for NTP control message',
          7: 'reserved for private use',
        }),
      }),
      offset: 0,
    },
    { field: uint8('ntp.stratum', 'Peer Clock Stratum'), offset: 1 },
  ],
});
export const uftp4 = plain({ name: 'uftp4', short: 'UFTP', title: 'UDP based FTP w/ multicast V4' });
export const uftp5 = plain({ name: 'uftp5', short: 'UFTP', title: 'UDP based FTP w/ multicast V5' });
export const uftp = app({
  name: 'uftp',
  short: 'UFTP',
  title: 'UDP based FTP w/ multicast',
  fields: [],
  read(layer, b, d) {
    layer.size(0);
    const version = b.u8(b.offset) >> 4;
    if (version === 4) d.call(uftp4, b);
    else if (version === 5) d.call(uftp5, b);
    return '';
  },
});
export const snmp = plain({ name: 'snmp', short: 'SNMP', title: 'Simple Network Management Protocol' });
export const babel = plain({
  name: 'babel',
  short: 'Babel',
  title: 'Babel Routing Protocol',
  leads: [{ field: uint8('babel.version', 'Version'), offset: 1 }],
});
export const bfd = plain({
  name: 'bfd',
  short: 'BFD Control',
  title: 'BFD Control message',
  leads: [{ field: uint8('bfd.version', 'Protocol Version', { mask: 0xe0 }), offset: 0 }],
});
export const hsrp = plain({ name: 'hsrp', short: 'HSRP', title: 'Cisco Hot Standby Router Protocol' });
export const iax2 = plain({ name: 'iax2', short: 'IAX2', title: 'Inter-Asterisk eXchange v2' });
export const dhcpv6 = plain({
  name: 'dhcpv6',
  short: 'DHCPv6',
  title: 'DHCPv6',
  kind: 0,
  leads: [
    {
      field: uint8('dhcpv6.msgtype', 'Message type', {
        names: names({
          1: 'Solicit',
          2: 'Advertise',
          3: 'Request',
          4: 'Confirm',
          5: 'Renew',
          6: 'Rebind',
          7: 'Reply',
          8: 'Release',
          9: 'Decline',
          10: 'Reconfigure',
          11: 'Information-request',
          12: 'Relay-forw',
          13: 'Relay-reply',
        }),
      }),
      offset: 0,
    },
    { field: uint24('dhcpv6.xid', 'Transaction ID', { base: 'hex' }), offset: 1 },
  ],
});
export const rx = plain({ name: 'rx', short: 'RX', title: 'RX Protocol', leads: [{ field: uint32('rx.epoch', 'Epoch'), offset: 0 }] });
export const srvloc = plain({ name: 'srvloc', short: 'SRVLOC', title: 'Service Location Protocol' });
export const sflow = plain({ name: 'sflow', short: 'sFlow', title: 'InMon sFlow' });
export const radius = plain({
  name: 'radius',
  short: 'RADIUS',
  title: 'RADIUS Protocol',
  leads: [{ field: uint8('radius.code', 'Code'), offset: 0 }],
});
export const tftp = plain({
  name: 'tftp',
  short: 'TFTP',
  title: 'Trivial File Transfer Protocol',
  leads: [{ field: uint16('tftp.opcode', 'Opcode'), offset: 0 }],
});
export const rip = plain({
  name: 'rip',
  short: 'RIP',
  title: 'Routing Information Protocol',
  leads: [{ field: uint8('rip.command', 'Command'), offset: 0 }],
});
export const ripng = plain({ name: 'ripng', short: 'RIPng', title: 'RIPng', leads: [{ field: uint8('ripng.cmd', 'Command'), offset: 0 }] });
export const sip = plain({
  name: 'sip',
  short: 'SIP',
  title: 'Session Initiation Protocol',
  line: true,
  accepts: (b, o, end) => end - o > 8 && (b[o] as number) >= 0x41 && (b[o] as number) <= 0x5a,
});
export const stun = plain({
  name: 'stun',
  short: 'STUN',
  title: 'Session Traversal Utilities for NAT',
  kind: 0,
  accepts: (b, o, end) => end - o >= 20 && (b[o] as number) < 0x40 && be32(b, o + 4) === 0x2112a442 && be16(b, o + 2) + 20 === end - o,
  leads: [
    {
      field: uint16('stun.type', 'Message Type', {
        base: 'hex',
        names: names({
          1: 'Binding Request',
          257: 'Binding Success Response',
          273: 'Binding Error Response',
          3: 'Allocate Request',
          259: 'Allocate Success Response',
          275: 'Allocate Error Response',
          4: 'Refresh Request',
          260: 'Refresh Success Response',
          8: 'CreatePermission Request',
          264: 'CreatePermission Success Response',
          9: 'ChannelBind Request',
          265: 'ChannelBind Success Response',
          22: 'Send Indication',
          23: 'Data Indication',
        }),
      }),
      offset: 0,
    },
    { field: uint16('stun.length', 'Message Length'), offset: 2 },
    { field: uint32('stun.cookie', 'Message Cookie', { base: 'hex' }), offset: 4 },
  ],
});
/** RFC-less: WireGuard's paper, section 5.4. */
export const wireguard = plain({
  name: 'wg',
  short: 'WireGuard',
  title: 'WireGuard Protocol',
  kind: 0,
  accepts(b, o, end) {
    const length = end - o;
    if (length < 4 || b[o + 1] !== 0 || b[o + 2] !== 0 || b[o + 3] !== 0) return false;
    const type = b[o];
    return (type === 1 && length === 148) || (type === 2 && length === 92) || (type === 3 && length === 64) || (type === 4 && length >= 32);
  },
  leads: [
    {
      field: uint8('wg.type', 'Type', {
        names: names({ 1: 'Handshake Initiation', 2: 'Handshake Response', 3: 'Cookie Reply', 4: 'Transport Data' }),
      }),
      offset: 0,
    },
  ],
});
export const dtls = plain({
  name: 'dtls',
  short: 'DTLS',
  title: 'Datagram Transport Layer Security',
  kind: 0,
  accepts(b, o, end) {
    if (end - o < 13 || (b[o] as number) < 20 || (b[o] as number) > 25) return false;
    const version = be16(b, o + 1);
    return (version === 0xfeff || version === 0xfefd || version === 0x0100) && be16(b, o + 11) <= end - o - 13;
  },
  leads: [
    {
      field: uint8('dtls.record.content_type', 'Content Type', {
        names: names({
          20: 'Change Cipher Spec',
          21: 'Alert',
          22: 'Handshake',
          23: 'Application Data',
          24: 'Heartbeat',
          25: 'Connection ID',
        }),
      }),
      offset: 0,
    },
    { field: uint16('dtls.record.version', 'Version', { base: 'hex' }), offset: 1 },
    { field: uint16('dtls.record.epoch', 'Epoch'), offset: 3 },
    { field: uint16('dtls.record.length', 'Length'), offset: 11 },
  ],
});
