/** Protocols of which the header says what matters: each is a table of fields, and how it is told apart and cut. */
import { bool, bytes, int32, nameOf, names, string, uint8, uint16, uint32, uint64 } from '../dissect/field.ts';
import { REJECT } from '../dissect/framer.ts';
import { ALL, be16, be32, begins, bounded, le32, lengthFramer } from './app-kit.ts';
import { data } from './data.ts';
import { put, putRows, record, row, rowLe } from './record-kit.ts';

/** Canon's printers and scanners. */
export const bjnp = record({
  name: 'bjnp',
  short: 'BJNP',
  title: 'Canon BJNP',
  header: 16,
  kind: 2,
  rows: [
    row(string('bjnp.id', 'Id'), 0, 4),
    row(
      uint8('bjnp.type', 'Type', {
        names: names({ 1: 'Printer Command', 2: 'Scanner Command', 129: 'Printer Response', 130: 'Scanner Response' }),
      }),
      4,
    ),
    row(
      uint8('bjnp.code', 'Code', {
        names: names({
          1: 'Discover',
          16: 'Print Job Details',
          17: 'Request Closure',
          32: 'Get Printer Status',
          33: 'Print',
          48: 'Get Printer Identity',
          50: 'Scan Job Details',
        }),
      }),
      5,
    ),
    row(uint32('bjnp.seq_no', 'Sequence Number'), 6),
    row(uint16('bjnp.session_id', 'Session Id'), 10),
    row(uint32('bjnp.payload_len', 'Payload Length'), 12),
  ],
});

/** X's display managers (XDMCP, X11R6). */
export const xdmcp = record({
  name: 'xdmcp',
  short: 'XDMCP',
  title: 'X Display Manager Control Protocol',
  header: 6,
  kind: 1,
  accepts: (b, o, end) => end - o >= 6 && be16(b, o) === 1,
  rows: [
    row(uint16('xdmcp.version', 'Version'), 0),
    row(
      uint16('xdmcp.opcode', 'Opcode', {
        base: 'hex',
        names: names({
          1: 'Broadcast_query',
          2: 'Query',
          3: 'Indirect_query',
          4: 'Forward_query',
          5: 'Willing',
          6: 'Unwilling',
          7: 'Request',
          8: 'Accept ',
          9: 'Decline',
          10: 'Manage',
          11: 'Refuse',
          12: 'Failed',
          13: 'Keepalive',
          14: 'Alive',
        }),
      }),
      2,
    ),
    row(uint16('xdmcp.length', 'Message length'), 4),
  ],
});

/** Steam's in-home streaming: a signature, then messages in Protocol Buffers, each behind its length. */
const steamBody = uint32('steam_ihs_discovery.body_length', 'Body Length');
export const steamDiscovery = record({
  name: 'steam_ihs_discovery',
  short: 'STEAMDISCOVER',
  title: 'Steam In-Home Streaming Discovery Protocol',
  header: 12,
  accepts: (b, o, end) => end - o >= 12 && be32(b, o) === 0xffffffff && be32(b, o + 4) === 0x214c5fa0,
  rows: [
    rowLe(uint64('steam_ihs_discovery.signature', 'Signature', { base: 'hex' }), 0),
    rowLe(uint32('steam_ihs_discovery.header_length', 'Header Length'), 8),
  ],
  fields: [steamBody],
  more(layer, b, at) {
    put(layer, steamBody, at + 12 + b.le32(at + 8), 4, true);
    return undefined;
  },
});

/** Multicast in CORBA (MIOP): a packet of a message. */
const MIOP_ROWS = [
  row(string('miop.magic', 'Magic'), 0, 4),
  row(uint8('miop.hdr_version', 'Version', { base: 'hex' }), 4),
  row(uint8('miop.flags', 'Flags', { base: 'oct' }), 5),
];
const miopFields = [
  uint16('miop.packet_length', 'Length'),
  uint32('miop.packet_number', 'PacketNumber'),
  uint32('miop.number_of_packets', 'NumberOfPackets'),
  uint32('miop.unique_id_len', 'UniqueIdLength'),
] as const;
const miopId = bytes('miop.unique_id', 'UniqueId');
export const miop = record({
  name: 'miop',
  short: 'MIOP',
  title: 'Unreliable Multicast Inter-ORB Protocol',
  header: 20,
  mayBegin: (octet) => octet === 0x4d,
  accepts: (b, o, end) => end - o >= 16 && begins(b, o, end, 'MIOP'),
  rows: MIOP_ROWS,
  fields: [...miopFields, miopId],
  more(layer, b, at, end) {
    const little = (b.u8(at + 5) & 1) !== 0;
    for (const [i, field] of miopFields.entries()) put(layer, field, at + (i === 0 ? 6 : 4 + 4 * i), undefined, little);
    const size = little ? b.le32(at + 16) : b.u32(at + 16);
    if (size > 0 && size <= end - at - 20) layer.bytes(miopId, at + 20, size);
    return undefined;
  },
});

/** CORBA's GIOP (version 1.0 to 1.2), and the same packed (ZIOP). */
const littleOf = (h: Uint8Array): boolean => ((h[6] as number) & 1) !== 0;
const orbLength = (h: Uint8Array): number => bounded(12 + (littleOf(h) ? le32(h, 8) : be32(h, 8)));
const giopLength = uint32('giop.len', 'Message size');
const giopRequest = uint32('giop.request_id', 'Request id');
export const giop = record({
  name: 'giop',
  short: 'GIOP',
  title: 'General Inter-ORB Protocol',
  header: 12,
  length: orbLength,
  kind: 4,
  mayBegin: (octet) => octet === 0x47,
  accepts: (b, o, end) => end - o >= 12 && begins(b, o, end, 'GIOP') && b[o + 4] === 1 && (b[o + 5] as number) <= 2,
  rows: [
    row(string('giop.magic', 'Magic'), 0, 4),
    row(uint8('giop.major_version', 'Major Version'), 4),
    row(uint8('giop.minor_version', 'Minor Version'), 5),
    row(uint8('giop.flags', 'Message Flags', { base: 'hex' }), 6, 1, [
      bool('giop.flags.fragment', 'Fragment', { mask: 0x2 }),
      bool('giop.flags.little_endian', 'Little Endian', { mask: 0x1 }),
    ]),
    row(
      uint8('giop.type', 'Message type', {
        names: names({
          0: 'Request',
          1: 'Reply',
          2: 'CancelRequest',
          3: 'LocateRequest',
          4: 'LocateReply',
          5: 'CloseConnection',
          6: 'MessageError',
          7: 'Fragment',
        }),
      }),
      7,
    ),
  ],
  fields: [giopLength, giopRequest],
  more(layer, b, at, end) {
    const little = (b.u8(at + 6) & 1) !== 0;
    put(layer, giopLength, at + 8, 4, little);
    // From version 1.2 on the number stands first; before it a list of contexts does.
    if (b.u8(at + 5) >= 2 && b.u8(at + 7) <= 1 && end - at >= 16) put(layer, giopRequest, at + 12, 4, little);
    return undefined;
  },
});
const ziopFields = [
  uint32('ziop.message_size', 'Header size'),
  uint16('ziop.compressor_id', 'Header compressor id', {
    names: names({ 0: 'None', 1: 'GZIP', 2: 'PKZIP', 3: 'BZIP2', 4: 'ZLIB', 5: 'LZMA', 6: 'LZOP', 7: 'RZIP', 8: '7X', 9: 'XAR' }),
  }),
  uint32('ziop.original_length', 'Header original length'),
] as const;
export const ziop = record({
  name: 'ziop',
  short: 'ZIOP',
  title: 'Zipped Inter-ORB Protocol',
  header: 12,
  length: orbLength,
  mayBegin: (octet) => octet === 0x5a,
  accepts: (b, o, end) => end - o >= 12 && begins(b, o, end, 'ZIOP'),
  rows: [
    row(string('ziop.magic', 'Header magic'), 0, 4),
    row(uint8('ziop.giop_version_major', 'Header major version', { base: 'oct' }), 4),
    row(uint8('ziop.giop_version_minor', 'Header minor version', { base: 'oct' }), 5),
    row(uint8('ziop.flags', 'Header flags', { base: 'oct' }), 6),
    row(
      uint8('ziop.message_type', 'Header type', {
        base: 'oct',
        names: names({
          0: 'Request',
          1: 'Reply',
          2: 'CancelRequest',
          3: 'LocateRequest',
          4: 'LocateReply',
          5: 'CloseConnection',
          6: 'MessageError',
          7: 'Fragment',
        }),
      }),
      7,
    ),
  ],
  fields: ziopFields,
  more(layer, b, at) {
    const little = (b.u8(at + 6) & 1) !== 0;
    for (const [i, field] of ziopFields.entries()) put(layer, field, at + 8 + 4 * i, undefined, little);
    return undefined;
  },
});

/** SMPP 3.4 and 5.0. */
const smppCommand = uint32('smpp.command_id', 'Operation', {
  base: 'hex',
  names: names({
    1: 'Bind_receiver',
    2: 'Bind_transmitter',
    3: 'Query_sm',
    4: 'Submit_sm',
    5: 'Deliver_sm',
    6: 'Unbind',
    7: 'Replace_sm',
    8: 'Cancel_sm',
    9: 'Bind_transceiver',
    11: 'Outbind',
    21: 'Enquire_link',
    33: 'Submit_multi',
    258: 'Alert_notification',
    259: 'Data_sm',
    273: 'Broadcast_sm',
    274: 'Query_broadcast_sm',
    275: 'Cancel_broadcast_sm',
    16777217: 'Auth_acc',
    16777218: 'Sm_result_notify',
    2147483648: 'Generic_nack',
    2147483649: 'Bind_receiver - resp',
    2147483650: 'Bind_transmitter - resp',
    2147483651: 'Query_sm - resp',
    2147483652: 'Submit_sm - resp',
    2147483653: 'Deliver_sm - resp',
    2147483654: 'Unbind - resp',
    2147483655: 'Replace_sm - resp',
    2147483656: 'Cancel_sm - resp',
    2147483657: 'Bind_transceiver - resp',
    2147483669: 'Enquire_link - resp',
    2147483681: 'Submit_multi - resp',
    2147483907: 'Data_sm - resp',
    2147483921: 'Broadcast_sm - resp',
    2147483922: 'Query_broadcast_sm - resp',
    2147483923: 'Cancel_broadcast_sm - resp',
    2164260865: 'Auth_acc - resp',
    2164260866: 'Sm_result_notify - resp',
  }),
});
const smppStatus = uint32('smpp.command_status', 'Result', { base: 'hex' });
const SMPP_HEADER = 16;
const MOST_SMPP = 65536;
export const smpp = record({
  name: 'smpp',
  short: 'SMPP',
  title: 'Short Message Peer to Peer',
  header: SMPP_HEADER,
  length: (h) => (be32(h, 0) >= SMPP_HEADER && be32(h, 0) <= MOST_SMPP ? be32(h, 0) : REJECT),
  kind: 1,
  sticky: true,
  mayBegin: (octet) => octet <= MOST_SMPP >>> 24,
  accepts: (b, o, end) =>
    end - o >= SMPP_HEADER &&
    be32(b, o) >= SMPP_HEADER &&
    be32(b, o) <= MOST_SMPP &&
    nameOf(smppCommand, be32(b, o + 4)) !== undefined &&
    be32(b, o + 8) < 0x600,
  rows: [
    row(uint32('smpp.command_length', 'Length'), 0),
    row(smppCommand, 4),
    row(smppStatus, 8),
    row(uint32('smpp.sequence_number', 'Sequence #'), 12),
  ],
});

/** Lustre's network (LNet) and the requests on it: what is said first in each. */
const LNET_HEADER = 96;
const LUSTRE_MAGIC = 0x0bd00bd3;
export const lustre = record({
  name: 'lustre',
  short: 'Lustre',
  title: 'Lustre',
  header: 32,
  rows: [
    rowLe(uint32('lustre.lustre_msg_v2.lm_bufcount', 'Lm Bufcount'), 0),
    rowLe(uint32('lustre.lustre_msg_v2.lm_secflvr', 'Lm Secflvr', { base: 'hex' }), 4),
    rowLe(
      uint32('lustre.lustre_msg_v2.lm_magic', 'Lm Magic', {
        base: 'hex',
        names: names({
          198183888: 'MSG_MAGIC_V1',
          198183891: 'MSG_MAGIC_V2',
          198249424: 'LOV_MAGIC_V1',
          198380496: 'LOV_MAGIC_V3',
          215092432: 'LMV_MAGIC_V1',
          215223504: 'LMV_MAGIC_STRIPE',
          450829536: 'LADVISE_MAGIC',
          1027066935: 'IDX_INFO_MAGIC',
        }),
      }),
      8,
    ),
    rowLe(uint32('lustre.lustre_msg_v2.lm_repsize', 'Lm Repsize'), 12),
    rowLe(uint32('lustre.lustre_msg_v2.lm_cksum', 'Lm Cksum'), 16),
    rowLe(uint32('lustre.lustre_msg_v2.lm_flags', 'Lm Flags', { base: 'hex' }), 20),
  ],
});
const carriesLustre = (b: Uint8Array, at: number, end: number): boolean =>
  end - at >= LNET_HEADER + 32 && le32(b, at + LNET_HEADER + 8) === LUSTRE_MAGIC;
/** A keep-alive of the socket driver has no message. */
const lnetLength = (h: Uint8Array): number => (le32(h, 0) === 0xc0 ? 24 : bounded(LNET_HEADER + le32(h, 52)));
const lnetRest = [
  rowLe(uint32('lnet.src_pid', 'Src pid', { base: 'dec_hex' }), 40),
  rowLe(uint32('lnet.dest_pid', 'Dest pid', { base: 'dec_hex' }), 44),
  rowLe(uint32('lnet.msg_type', 'Message type', { names: names({ 0: 'ACK', 1: 'PUT', 2: 'GET', 3: 'REPLY', 4: 'HELLO' }) }), 48),
  rowLe(uint32('lnet.payload_length', 'Payload length'), 52),
];
export const lnet = record({
  name: 'lnet',
  short: 'LNet',
  title: 'Lustre Network',
  header: 56,
  length: lnetLength,
  framer: lengthFramer(56, lnetLength),
  accepts: (b, o, end) => end - o < 4 || le32(b, o) === 0xc0 || le32(b, o) === 0xc1,
  rows: [
    rowLe(
      uint32('lnet.ksm_type', 'Type of socklnd message', { base: 'hex', names: names({ 192: 'KSOCK_MSG_NOOP', 193: 'KSOCK_MSG_LNET' }) }),
      0,
    ),
    rowLe(uint32('lnet.ib_csum', 'Checksum'), 4),
    rowLe(uint64('lnet.ksm_zc_req_cookie', 'Ack required', { base: 'hex' }), 8),
    rowLe(uint64('lnet.ksm_zc_ack_cookie', 'Ack', { base: 'hex' }), 16),
  ],
  fields: lnetRest.map((each) => each.field),
  scan(w, bytes, offset, end) {
    for (let at = offset, n = 0; at + 56 <= end && n < 100; n++) {
      const length = lnetLength(bytes.subarray(at, at + 56));
      if (length < 24) return;
      if (carriesLustre(bytes, at, Math.min(end, at + length))) w.push(lustre);
      at += length;
    }
  },
  more(layer, b, at, end, d) {
    if (end - at < LNET_HEADER) return undefined;
    putRows(layer, lnetRest, at, end);
    if (carriesLustre(b.bytes, at, end)) d.call(lustre, b.from(at + LNET_HEADER, end));
    return undefined;
  },
});

/** TDS ([MS-TDS] section 2.2.3.1): packets of SQL Server and Sybase; what a message has in several of them is shown as it is. */
const TDS_HEADER = 8;
const TDS_TYPES = new Set([1, 2, 3, 4, 5, 6, 7, 14, 15, 16, 17, 18]);
const tdsPacket = (b: Uint8Array, o: number): boolean =>
  TDS_TYPES.has(b[o] as number) && (b[o + 1] as number) <= 0x1f && be16(b, o + 2) >= TDS_HEADER;
/** A part of a message: its last packet is marked. */
const tdsPart = (b: Uint8Array, at: number, end: number): boolean => ((b[at + 1] as number) & 1) === 0 && at + TDS_HEADER < end;
const tdsStatus = uint8('tds.status', 'Status', { base: 'hex' });
export const tds = record({
  name: 'tds',
  short: 'TDS',
  title: 'Tabular Data Stream',
  pdu: 'Packet',
  header: TDS_HEADER,
  length: (h) => (tdsPacket(h, 0) ? be16(h, 2) : REJECT),
  kind: 0,
  accepts: (b, o, end) => end - o < TDS_HEADER || tdsPacket(b, o),
  rows: [
    row(
      uint8('tds.type', 'Type', {
        names: names({
          1: 'SQL batch',
          2: 'TDS4/5 login',
          3: 'Remote Procedure Call',
          4: 'Response',
          5: 'Unused',
          6: 'Attention',
          7: 'Bulk load data',
          8: 'Unused',
          9: 'Unused',
          10: 'Unused',
          11: 'Unused',
          12: 'Unused',
          13: 'Unused',
          14: 'Transaction Manager Request',
          15: 'TDS5 query',
          16: 'TDS7 login',
          17: 'SSPI message',
          18: 'TDS7 pre-login message',
          23: 'TLS exchange',
        }),
      }),
      0,
    ),
    row(tdsStatus, 1, 1, [
      bool('tds.status.eom', 'End of message', { mask: 0x1 }),
      bool('tds.status.ignore', 'Ignore this event', { mask: 0x2 }),
      bool('tds.status.event_notif', 'Event notification', { mask: 0x4 }),
      bool('tds.status.reset_conn', 'Reset connection', { mask: 0x8 }),
      bool('tds.status.reset_conn_skip_tran', 'Reset connection keeping transaction state', { mask: 0x10 }),
    ]),
    row(uint16('tds.length', 'Length'), 2),
    row(uint16('tds.channel', 'Channel'), 4),
    row(uint8('tds.packet_number', 'Packet Number'), 6),
    row(uint8('tds.window', 'Window'), 7),
  ],
  scan(w, bytes, offset, end) {
    for (let at = offset; at + TDS_HEADER <= end; ) {
      if (!tdsPacket(bytes, at)) return;
      const stop = Math.min(end, at + be16(bytes, at + 2));
      if (tdsPart(bytes, at, stop)) w.push(data);
      at = stop;
    }
  },
  more(_, b, at, end, d) {
    if (end - at >= TDS_HEADER && tdsPacket(b.bytes, at) && tdsPart(b.bytes, at, end)) d.call(data, b.from(at + TDS_HEADER, end));
    return undefined;
  },
});

/** KNXnet/IP (ISO 22510). */
const KIP_HEADER = 6;
export const knx = record({
  name: 'kip',
  short: 'KNXnet/IP',
  title: 'KNX/IP',
  header: KIP_HEADER,
  length: (h) => (be16(h, 4) >= KIP_HEADER ? be16(h, 4) : REJECT),
  kind: 2,
  accepts: (b, o, end) => end - o < 2 || b[o] === KIP_HEADER,
  rows: [
    row(uint8('knxip.headerlength', 'Header Length'), 0),
    row(uint8('knxip.version', 'Protocol Version', { base: 'hex' }), 1),
    row(
      uint16('knxip.service', 'Service Identifier', {
        base: 'hex',
        names: names({
          513: 'Search Request',
          514: 'Search Response',
          515: 'Description Request',
          516: 'Description Response',
          517: 'Connect Request',
          518: 'Connect Response',
          519: 'Connection State Request',
          520: 'Connection State Response',
          521: 'Disconnect Request',
          522: 'Disconnect Response',
          523: 'Search Request Extended',
          524: 'Search Response Extended',
          784: 'Configuration Request',
          785: 'Configuration Acknowledgement',
          1056: 'Tunneling Request',
          1057: 'Tunneling Acknowledgement',
          1058: 'Tunneling Feature Get',
          1059: 'Tunneling Feature Response',
          1060: 'Tunneling Feature Set',
          1061: 'Tunneling Feature Info',
          1328: 'Routing Indication',
          1329: 'Routing Loss',
          1330: 'Routing Busy',
          1331: 'Routing System Broadcast',
          1856: 'Remote Diagnostic Request',
          1857: 'Remote Diagnostic Response',
          1858: 'Remote Configuration Request',
          1859: 'Remote Reset Request',
          2384: 'Secure Wrapper',
          2385: 'Session Request',
          2386: 'Session Response',
          2387: 'Session Authenticate',
          2388: 'Session Status',
          2389: 'Timer Notify',
        }),
      }),
      2,
    ),
    row(uint16('knxip.totallength', 'Total Length'), 4),
  ],
});

/** DLEP (RFC 8175): a signal in a datagram, a message over TCP. */
const dlepLengths = [
  uint16('dlep.signal.length', 'Signal Length (bytes)'),
  uint16('dlep.message.length', 'Message Length (bytes)'),
] as const;
export const dlepUdp = record({
  name: 'dlep',
  short: 'DLEP',
  title: 'Dynamic Link Exchange Protocol',
  header: 8,
  kind: 1,
  accepts: (b, o, end) => begins(b, o, end, 'DLEP'),
  rows: [
    row(string('dlep.signal.signature', 'Signature'), 0, 4),
    row(uint16('dlep.signal.type', 'Signal Type', { names: names({ 0: 'Reserved', 1: 'Peer Discovery', 2: 'Peer Offer' }) }), 4),
    row(dlepLengths[0], 6),
  ],
});
export const dlepTcp = record({
  name: 'dlep',
  short: 'DLEP',
  title: 'Dynamic Link Exchange Protocol',
  header: 4,
  length: (h) => 4 + be16(h, 2),
  kind: 0,
  rows: [
    row(
      uint16('dlep.message.type', 'Message Type', {
        names: names({
          0: 'Reserved',
          1: 'Session Initialization',
          2: 'Session Initialization Response',
          3: 'Session Update',
          4: 'Session Update Response',
          5: 'Session Termination',
          6: 'Session Termination Response',
          7: 'Destination Up',
          8: 'Destination Up Response',
          9: 'Destination Announce',
          10: 'Destination Announce Response',
          11: 'Destination Down',
          12: 'Destination Down Response',
          13: 'Destination Update',
          14: 'Link Characteristics Request',
          15: 'Link Characteristics Response',
          16: 'Heartbeat',
        }),
      }),
      0,
    ),
    row(dlepLengths[1], 2),
  ],
});

/** Route origins for routers (RFC 6810, RFC 8210). */
const RPKI_HEADER = 8;
export const rpkiRouter = record({
  name: 'rpkirtr',
  short: 'RPKI-Router',
  title: 'RPKI-Router Protocol',
  header: RPKI_HEADER,
  length: (h) => (be32(h, 4) >= RPKI_HEADER ? bounded(be32(h, 4)) : ALL),
  kind: 1,
  rows: [
    row(uint8('rpki-rtr.version', 'Version'), 0),
    row(
      uint8('rpki-rtr.pdu_type', 'PDU Type', {
        names: names({
          0: 'Serial Notify',
          1: 'Serial Query',
          2: 'Reset Query',
          3: 'Cache Response',
          4: 'IPv4 Prefix',
          6: 'IPv6 Prefix',
          7: 'End of Data',
          8: 'Cache Reset',
          9: 'Router Key',
          10: 'Error Report',
        }),
      }),
      1,
    ),
    row(uint32('rpki-rtr.length', 'Length'), 4),
  ],
});

/** AppleTalk's session over TCP (DSI) and the calls of AFP in it. */
const afpCommand = uint8('afp.command', 'Command', {
  /* 72 names */
});
export const afp = record({
  name: 'afp',
  short: 'AFP',
  title: 'Apple Filing Protocol',
  header: 1,
  rows: [],
  fields: [afpCommand],
  more(layer, _, at, end, d) {
    if (d.transport?.fromClient !== true || at >= end) return undefined;
    const command = put(layer, afpCommand, at);
    return nameOf(afpCommand, command) ?? `Command ${command}`;
  },
});
const DSI_HEADER = 16;
const dsiCodes = [
  int32('dsi.data_offset', 'Data offset'),
  int32('dsi.error_code', 'Error code', {
    names: names({
      0: 'success',
      4294962249: 'user already logged on',
      4294962250: 'password fails policy check',
      4294962251: 'password needs to be changed',
      4294962252: 'shared folder in trash.',
      4294962253: 'folder being shared is inside a shared folder.',
      4294962254: 'password expired',
      4294962255: 'password too short',
      4294962256: "same password/can't change password",
      4294962257: 'non-existent file id',
      4294962258: 'source file == destination file',
      4294962259: 'catalog has changed',
      4294962260: 'different volume',
      4294962261: 'file already has an id',
      4294962262: 'file thread not found',
      4294962263: 'share point contains a share point',
      4294962264: 'object locked',
      4294962265: 'volume locked',
      4294962266: 'wrong icon type',
      4294962267: "couldn't find directory",
      4294962268: "can't rename",
      4294962269: 'server is going down',
      4294962270: 'too many files open',
      4294962271: 'object is the wrong type',
      4294962272: 'command not supported',
      4294962273: 'user not authenticated',
      4294962274: 'session closed',
      4294962275: 'range overlap',
      4294962276: 'no range lock',
      4294962277: 'parameter error',
      4294962278: 'object not found',
      4294962279: 'object already exists',
      4294962280: 'no response by server at that address',
      4294962281: 'no more locks',
      4294962282: 'misc. err',
      4294962283: 'LockErr',
      4294962284: 'ItemNotFound',
      4294962285: "volume doesn't support directories",
      4294962286: 'FileBusy',
      4294962287: 'end of file',
      4294962288: 'disk full',
      4294962289: 'directory not empty',
      4294962290: 'file synchronization locks conflict',
      4294962291: "can't move file",
      4294962292: 'invalid bitmap',
      4294962293: 'bad afp version number',
      4294962294: "uam doesn't exist",
      4294962295: 'logincont',
      4294962296: 'permission denied',
      4294966224: 'session closed (ASP)',
      4294966228: 'no more sessions available',
    }),
  }),
] as const;
const dsiRest = [row(uint32('dsi.length', 'Length'), 8), row(uint32('dsi.reserved', 'Reserved', { base: 'hex' }), 12)];
/** A command or a write says something in AFP. */
const carriesAfp = (b: Uint8Array, at: number, end: number): boolean => (b[at + 1] === 2 || b[at + 1] === 6) && at + DSI_HEADER < end;
const dsiLength = (h: Uint8Array): number => bounded(DSI_HEADER + be32(h, 8));
export const dsi = record({
  name: 'dsi',
  short: 'DSI',
  title: 'Data Stream Interface',
  header: DSI_HEADER,
  length: dsiLength,
  kind: 1,
  rows: [
    row(uint8('dsi.flags', 'Flags', { base: 'hex', names: names({ 0: 'Request', 1: 'Reply' }) }), 0),
    row(
      uint8('dsi.command', 'Command', {
        names: names({
          1: 'CloseSession',
          2: 'Command',
          3: 'GetStatus',
          4: 'OpenSession',
          5: 'Tickle',
          6: 'Write',
          7: 'Unknown',
          8: 'Attention',
        }),
      }),
      1,
    ),
    row(uint16('dsi.requestid', 'Request ID'), 2),
  ],
  fields: [...dsiCodes, ...dsiRest.map((each) => each.field)],
  scan(w, bytes, offset, end) {
    for (let at = offset, n = 0; at + DSI_HEADER <= end && n < 1000; n++) {
      const length = dsiLength(bytes.subarray(at, at + DSI_HEADER));
      if (length === ALL) return;
      if (carriesAfp(bytes, at, Math.min(end, at + length))) w.push(afp);
      at += length;
    }
  },
  more(layer, b, at, end, d) {
    put(layer, dsiCodes[b.u8(at) === 0 ? 0 : 1], at + 4);
    putRows(layer, dsiRest, at, end);
    if (carriesAfp(b.bytes, at, end)) d.call(afp, b.from(at + DSI_HEADER, end));
    return undefined;
  },
});
