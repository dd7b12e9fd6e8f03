/**
 * Layer Two Tunneling Protocol: version 2 (RFC 2661), whose data are PPP frames, and of version 3 over UDP (RFC 3931, section 4.1.2) the control
 * messages; what its sessions carry is agreed on elsewhere, and stays data.
 */
import type { Buf, Layer } from '../dissect/dissection.ts';
import { bool, bytes, type FieldDef, nameOf, names, string, typeBytes, uint8, uint16, uint32, uint64 } from '../dissect/field.ts';
import type { Protocol } from '../dissect/protocol.ts';
import { app, be16 } from './app-kit.ts';
import { callData, followData } from './next.ts';
import { ppp } from './ppp.ts';

const CONTROL = 0x8000;
const HAS_LENGTH = 0x4000;
const HAS_SEQUENCE = 0x0800;
const HAS_OFFSET = 0x0200;
const VERSION = 0x000f;
const AVP_HEADER = 6;
const HIDDEN = 0x4000;
const MAX_AVPS = 200;
/** What the list calls a message, by its type (RFC 2661, section 3.2; RFC 3931, section 3.1). */
const shortNames = names({
  1: 'SCCRQ',
  2: 'SCCRP',
  3: 'SCCCN',
  4: 'StopCCN',
  6: 'Hello',
  7: 'OCRQ',
  8: 'OCRP',
  9: 'OCCN',
  10: 'ICRQ',
  11: 'ICRP',
  12: 'ICCN',
  14: 'CDN',
  15: 'WEN',
  16: 'SLI',
  20: 'ACK',
});

const f = {
  flags: uint16('l2tp.flags', 'Flags', { base: 'hex' }),
  type: uint16('l2tp.type', 'Type', { mask: CONTROL, names: names({ 0: 'Data Message', 1: 'Control Message' }) }),
  lengthBit: bool('l2tp.length_bit', 'Length Bit', { mask: HAS_LENGTH, bool: ['Length field is present', 'Length field is not present'] }),
  sequenceBit: bool('l2tp.seq_bit', 'Sequence Bit', {
    mask: HAS_SEQUENCE,
    bool: ['Ns and Nr fields are present', 'Ns and Nr fields are not present'],
  }),
  offsetBit: bool('l2tp.offset_bit', 'Offset bit', {
    mask: HAS_OFFSET,
    bool: ['Offset Size field is present', 'Offset size field is not present'],
  }),
  priority: bool('l2tp.priority', 'Priority', { mask: 0x0100, bool: ['This data message has priority', 'No priority'] }),
  version: uint16('l2tp.version', 'Version', { mask: VERSION }),
  length: uint16('l2tp.length', 'Length'),
  tunnel: uint16('l2tp.tunnel', 'Tunnel ID'),
  session: uint16('l2tp.session', 'Session ID'),
  ns: uint16('l2tp.Ns', 'Ns'),
  nr: uint16('l2tp.Nr', 'Nr'),
  offset: uint16('l2tp.offset', 'Offset'),
  ccid: uint32('l2tp.ccid', 'Control Connection ID', { base: 'hex' }),
  sid: uint32('l2tp.sid', 'Session ID', { base: 'hex' }),
  reserved: uint16('l2tp.res', 'Reserved', { base: 'hex' }),
};
const a = {
  mandatory: bool('l2tp.avp.mandatory', 'Mandatory', { mask: 0x8000 }),
  hidden: bool('l2tp.avp.hidden', 'Hidden', { mask: HIDDEN }),
  length: uint16('l2tp.avp.length', 'Length', { mask: 0x03ff }),
  vendor: uint16('l2tp.avp.vendor_id', 'Vendor ID', { names: names({ 0: 'Reserved' }) }),
  type: uint16('l2tp.avp.type', 'AVP Type', {
    names: names({
      0: 'Control Message',
      1: 'Result-Error Code',
      2: 'Protocol Version',
      3: 'Framing Capabilities',
      4: 'Bearer Capabilities',
      5: 'Tie Breaker',
      6: 'Firmware Revision',
      7: 'Host Name',
      8: 'Vendor Name',
      9: 'Assigned Tunnel ID',
      10: 'Receive Window Size',
      11: 'Challenge',
      12: 'Cause Code',
      13: 'Challenge Response',
      14: 'Assigned Session',
      15: 'Call Serial Number',
      16: 'Minimum BPS',
      17: 'Maximum BPS',
      18: 'Bearer Type',
      19: 'Framing Type',
      20: 'Reserved',
      21: 'Called Number',
      22: 'Calling Number',
      23: 'Sub-Address',
      24: 'Connect Speed',
      25: 'Physical Channel',
      26: 'Initial Received LCP CONFREQ',
      27: 'Last Sent LCP CONFREQ',
      28: 'Last Received LCP CONFREQ',
      29: 'Proxy Authen Type',
      30: 'Proxy Authen Name',
      31: 'Proxy Authen Challenge',
      32: 'Proxy Authen ID',
      33: 'Proxy Authen Response',
      34: 'Call status AVPs',
      35: 'ACCM',
      36: 'Random Vector',
      37: 'Private group ID',
      38: 'RxConnect Speed',
      39: 'Sequencing Required',
      46: 'PPP Disconnect Cause Code',
      58: 'Extended Vendor ID',
      59: 'Message Digest',
      60: 'Router ID',
      61: 'Assigned Control Connection ID',
      62: 'Pseudowire Capability List',
      63: 'Local Session ID',
      64: 'Remote Session ID',
      65: 'Assigned Cookie',
      66: 'Remote End ID',
      68: 'Pseudowire Type',
      69: 'Layer2 Specific Sublayer',
      70: 'Data Sequencing',
      71: 'Circuit Status',
      72: 'Preferred Language',
      73: 'Control Message Authentication Nonce',
      74: 'Tx Connect Speed Version 3',
      75: 'Rx Connect Speed Version 3',
      76: 'Failover Capability',
      77: 'Tunnel Recovery',
      78: 'Suggested Control Sequence',
      79: 'Failover Session State',
      80: 'Multicast Capability',
      81: 'New Outgoing Sessions',
      82: 'New Outgoing Sessions Acknowledgement',
      83: 'Withdraw Outgoing Sessions',
      84: 'Multicast Packets Priority',
      85: 'Frame-Relay Header Length',
      86: 'ATM Maximum Concatenated Cells',
      87: 'OAM Emulation Required',
      88: 'ATM Alarm Status',
      89: 'Attachment Group Identifier',
      90: 'Local End Identifier',
      91: 'Interface Maximum Transmission Unit',
      92: 'FCS Retention',
      93: 'Tunnel Switching Aggregator ID',
      94: 'Maximum Receive Unit (MRU)',
      95: 'Maximum Reassembled Receive Unit (MRRU)',
      96: 'VCCV Capability',
      97: 'Connect Speed Update',
      98: 'Connect Speed Update Enable',
      99: 'TDM Pseudowire',
      100: 'RTP AVP',
      101: 'PW Switching Point',
    }),
  }),
  message: uint16('l2tp.avp.message_type', 'Message Type', {
    names: names({
      1: 'Start_Control_Request',
      2: 'Start_Control_Reply',
      3: 'Start_Control_Connected',
      4: 'Stop_Control_Notification',
      5: 'Reserved',
      6: 'Hello',
      7: 'Outgoing_Call_Request',
      8: 'Outgoing_Call_Reply',
      9: 'Outgoing_Call_Connected',
      10: 'Incoming_Call_Request',
      11: 'Incoming_Call_Reply',
      12: 'Incoming_Call_Connected',
      13: 'Reserved',
      14: 'Call_Disconnect_Notification',
      15: 'WAN_Error_Notify',
      16: 'Set_Link_Info',
      17: 'Modem_Status',
      18: 'Service_Relay_Request_Msg',
      19: 'Service_Relay_Reply_Message',
      20: 'Explicit_Acknowledgement',
      21: 'Failover_Session_Query_Message',
      22: 'Failover_Session_Response_Message',
      23: 'Multicast-Session-Request',
      24: 'Multicast-Session-Response',
      25: 'Multicast-Session-Establishment',
      26: 'Multicast-Session-Information',
      27: 'Multicast-Session-End-Notify',
      28: 'Connect-Speed-Update-Notification',
      29: 'Connect-Speed-Update-Request',
    }),
  }),
  result: uint16('l2tp.result_code', 'Result code'),
  error: uint16('l2tp.avp.error_code', 'Error code', {
    names: names({
      0: 'No General Error',
      1: 'No control connection exists yet for this pair of LCCEs',
      2: 'Length is wrong',
      3: 'One of the field values was out of range',
      4: 'Insufficient resources to handle this operation now',
      5: 'Invalid Session ID',
      6: 'A generic vendor-specific error occurred',
      7: 'Try another',
      8: 'Receipt of an unknown AVP with the M bit set',
      9: 'Try another directed',
      10: 'Next hop unreachable',
      11: 'Next hop busy',
      12: 'TSA busy',
    }),
  }),
  errorMessage: string('l2tp.avp.error_message', 'Error Message'),
  protocolVersion: uint8('l2tp.avp.protocol_version', 'Version'),
  revision: uint8('l2tp.avp.protocol_revision', 'Revision'),
  asyncSupported: bool('l2tp.avp.async_framing_supported', 'Async Framing Supported', { mask: 0x0002 }),
  syncSupported: bool('l2tp.avp.sync_framing_supported', 'Sync Framing Supported', { mask: 0x0001 }),
  analogSupported: bool('l2tp.avp.analog_access_supported', 'Analog Access Supported', { mask: 0x0002 }),
  digitalSupported: bool('l2tp.avp.digital_access_supported', 'Digital Access Supported', { mask: 0x0001 }),
  tieBreaker: uint64('l2tp.tie_breaker', 'Tie Breaker', { base: 'hex' }),
  firmware: uint16('l2tp.avp.firmware_revision', 'Firmware Revision', { base: 'dec_hex' }),
  host: string('l2tp.avp.host_name', 'Host Name'),
  vendorName: string('l2tp.avp.vendor_name', 'Vendor Name'),
  assignedTunnel: uint16('l2tp.avp.assigned_tunnel_id', 'Assigned Tunnel ID'),
  window: uint16('l2tp.avp.receive_window_size', 'Receive Window Size'),
  challenge: bytes('l2tp.avp.chap_challenge', 'CHAP Challenge'),
  cause: uint16('l2tp.avp.cause_code', 'Cause Code'),
  causeMessage: uint8('l2tp.avp.cause_msg', 'Cause Msg'),
  advisory: string('l2tp.avp.advisory_msg', 'Advisory Msg'),
  response: bytes('l2tp.avp.chap_challenge_response', 'CHAP Challenge Response'),
  assignedSession: uint16('l2tp.avp.assigned_session_id', 'Assigned Session ID'),
  serial: uint32('l2tp.avp.call_serial_number', 'Call Serial Number'),
  minimum: uint32('l2tp.avp.minimum_bps', 'Minimum BPS'),
  maximum: uint32('l2tp.avp.maximum_bps', 'Maximum BPS'),
  analogBearer: bool('l2tp.avp.analog_bearer_type', 'Analog Bearer Type', { mask: 0x0002 }),
  digitalBearer: bool('l2tp.avp.digital_bearer_type', 'Digital Bearer Type', { mask: 0x0001 }),
  asyncType: bool('l2tp.avp.async_framing_type', 'Async Framing Type', { mask: 0x0002 }),
  syncType: bool('l2tp.avp.sync_framing_type', 'Sync Framing Type', { mask: 0x0001 }),
  called: string('l2tp.avp.called_number', 'Called Number'),
  calling: string('l2tp.avp.calling_number', 'Calling Number'),
  subAddress: string('l2tp.avp.sub_address', 'Sub-Address'),
  speed: uint32('l2tp.avp.connect_speed', 'Connect Speed'),
  channel: uint32('l2tp.avp.physical_channel', 'Physical Channel'),
  initialRequest: bytes('l2tp.avp.initial_received_lcp_confreq', 'Initial Received LCP CONFREQ'),
  lastSent: bytes('l2tp.avp.last_sent_lcp_confreq', 'Last Sent LCP CONFREQ'),
  lastReceived: bytes('l2tp.avp.last_received_lcp_confreq', 'Last Received LCP CONFREQ'),
  authType: uint16('l2tp.avp.proxy_authen_type', 'Proxy Authen Type', {
    names: names({
      0: 'Reserved',
      1: 'Textual username/password exchange',
      2: 'PPP CHAP',
      3: 'PPP PAP',
      4: 'No Authentication',
      5: 'Microsoft CHAP Version 1',
      6: 'Reserved',
      7: 'EAP',
    }),
  }),
  authName: string('l2tp.avp.proxy_authen_name', 'Proxy Authen Name'),
  authChallenge: bytes('l2tp.avp.proxy_authen_challenge', 'Proxy Authen Challenge'),
  authId: uint8('l2tp.avp.proxy_authen_id', 'Proxy Authen ID'),
  authResponse: bytes('l2tp.avp.proxy_authen_response', 'Proxy Authen Response'),
  sendAccm: uint32('l2tp.avp.send_accm', 'Send ACCM'),
  receiveAccm: uint32('l2tp.avp.receive_accm', 'Receive ACCM'),
  random: bytes('l2tp.avp.random_vector', 'Random Vector'),
  group: bytes('l2tp.avp.private_group_id', 'Private Group ID'),
  rxSpeed: uint32('l2tp.avp.rx_connect_speed', 'Rx Connect Speed'),
  digest: bytes('l2tp.avp.message_digest', 'Message Digest'),
  router: uint32('l2tp.avp.router_id', 'Router ID'),
  assignedConnection: uint32('l2tp.avp.assigned_control_conn_id', 'Assigned Control Connection ID'),
  localSession: uint32('l2tp.avp.local_session_id', 'Local Session ID'),
  remoteSession: uint32('l2tp.avp.remote_session_id', 'Remote Session ID'),
  cookie: bytes('l2tp.avp.assigned_cookie', 'Assigned Cookie'),
  remoteEnd: string('l2tp.avp.remote_end_id', 'Remote End ID'),
  wireType: uint16('l2tp.avp.pseudowire_type', 'Pseudowire Type', {
    names: names({
      1: 'Frame Relay DLCI',
      2: 'ATM AAL5 SDU VCC transport',
      3: 'ATM Cell transparent Port Mode',
      4: 'Ethernet VLAN',
      5: 'Ethernet',
      6: 'HDLC',
      7: 'PPP',
      9: 'ATM Cell transport VCC Mode',
      10: 'ATM Cell transport VPC Mode',
      11: 'IP Transport',
      12: 'MPEG-TS Payload Type (MPTPW)',
      13: 'Packet Streaming Protocol (PSPPW)',
      17: 'Structure-agnostic E1 circuit',
      18: 'Structure-agnostic T1 (DS1) circuit',
      19: 'Structure-agnostic E3 circuit',
      20: 'Structure-agnostic T3 (DS3) circuit',
      21: 'CESoPSN basic mode',
      22: 'Unassigned',
      23: 'CESoPSN TDM with CAS',
    }),
  }),
  sublayer: uint16('l2tp.avp.layer2_specific_sublayer', 'Layer2 Specific Sublayer', {
    names: names({
      0: 'No L2-Specific Sublayer',
      1: 'Default L2-Specific Sublayer present',
      2: 'ATM-Specific Sublayer present',
      3: 'MPT-Specific Sublayer',
      4: 'PSP-Specific Sublayer',
    }),
  }),
  sequencing: uint16('l2tp.avp.data_sequencing', 'Data Sequencing', {
    names: names({
      0: 'No incoming data packets require sequencing',
      1: 'Only non-IP data packets require sequencing',
      2: 'All incoming data packets require sequencing',
    }),
  }),
  language: string('l2tp.avp.preferred_language', 'Preferred Language'),
  nonce: bytes('l2tp.avp.nonce', 'Nonce'),
};

/** A field, and how many octets stand before it that are no field. */
type Part = readonly [FieldDef, number?];
/** What an AVP without a vendor holds, by its type; strings and bytes go to its end, and flags share their octets. */
const contents = new Map<number, readonly Part[]>([
  [0, [[a.message]]],
  [1, [[a.result], [a.error], [a.errorMessage]]],
  [2, [[a.protocolVersion], [a.revision]]],
  [3, [[a.asyncSupported], [a.syncSupported]]],
  [4, [[a.analogSupported], [a.digitalSupported]]],
  [5, [[a.tieBreaker]]],
  [6, [[a.firmware]]],
  [7, [[a.host]]],
  [8, [[a.vendorName]]],
  [9, [[a.assignedTunnel]]],
  [10, [[a.window]]],
  [11, [[a.challenge]]],
  [12, [[a.cause], [a.causeMessage], [a.advisory]]],
  [13, [[a.response]]],
  [14, [[a.assignedSession]]],
  [15, [[a.serial]]],
  [16, [[a.minimum]]],
  [17, [[a.maximum]]],
  [18, [[a.analogBearer], [a.digitalBearer]]],
  [19, [[a.asyncType], [a.syncType]]],
  [21, [[a.called]]],
  [22, [[a.calling]]],
  [23, [[a.subAddress]]],
  [24, [[a.speed]]],
  [25, [[a.channel]]],
  [26, [[a.initialRequest]]],
  [27, [[a.lastSent]]],
  [28, [[a.lastReceived]]],
  [29, [[a.authType]]],
  [30, [[a.authName]]],
  [31, [[a.authChallenge]]],
  [32, [[a.authId, 1]]],
  [33, [[a.authResponse]]],
  [35, [[a.sendAccm, 2], [a.receiveAccm]]],
  [36, [[a.random]]],
  [37, [[a.group]]],
  [38, [[a.rxSpeed]]],
  [59, [[a.digest]]],
  [60, [[a.router]]],
  [61, [[a.assignedConnection]]],
  [63, [[a.localSession]]],
  [64, [[a.remoteSession]]],
  [65, [[a.cookie]]],
  [66, [[a.remoteEnd]]],
  [68, [[a.wireType]]],
  [69, [[a.sublayer]]],
  [70, [[a.sequencing]]],
  [72, [[a.language]]],
  [73, [[a.nonce]]],
]);
const FLAGS_BYTES = 4;

/** Where the payload of a data message of version 2 begins: behind the fields that `flags` names and the pad that the offset asks for. */
function payloadAt(b: Uint8Array, o: number, end: number, flags: number): number {
  let at = o + 6;
  if ((flags & HAS_LENGTH) !== 0) at += 2;
  if ((flags & HAS_SEQUENCE) !== 0) at += 4;
  if ((flags & HAS_OFFSET) === 0) return at;
  return at + 2 <= end ? at + 2 + be16(b, at) : end;
}

/** Where the message ends: its own length, where it tells one that fits, else the datagram's. */
function messageEnd(length: number, o: number, wireEnd: number): number {
  return length > 0 && o + length < wireEnd ? o + length : wireEnd;
}

function avps(layer: Layer, b: Buf, from: number): number {
  let message = -1;
  let at = from;
  for (let n = 0; layer.ok && n < MAX_AVPS && at + AVP_HEADER <= b.end; n++) {
    const head = b.u16(at);
    const length = head & 0x03ff;
    const vendor = b.u16(at + 2);
    const type = b.u16(at + 4);
    const end = at + Math.max(AVP_HEADER, length);
    const words = vendor === 0 ? (nameOf(a.type, type) ?? `Type ${type}`) : `Vendor ${vendor}, type ${type}`;
    const node = layer.text(at, Math.min(end, b.end) - at, `${words} AVP`);
    node.uint(a.mandatory, at, 2);
    node.uint(a.hidden, at, 2);
    node.uint(a.length, at);
    node.uint(a.vendor, at + 2);
    if (vendor === 0) node.uint(a.type, at + 4);
    let o = at + AVP_HEADER;
    const to = Math.min(end, b.end);
    const parts = vendor === 0 && (head & HIDDEN) === 0 ? (contents.get(type) ?? []) : [];
    for (const [i, [field, skip = 0]] of parts.entries()) {
      o += skip;
      const open = field.type === 'string' || field.type === 'bytes';
      const size = open ? to - o : field.type === 'bool' ? FLAGS_BYTES : typeBytes(field.type);
      if (size <= 0 || o + size > to) break;
      if (field.type === 'string') node.string(field, o, size);
      else if (field.type === 'bytes') node.bytes(field, o, size);
      else if (field.type === 'uint64') node.uint64(field, o);
      else node.uint(field, o, size);
      if (n === 0 && type === 0 && i === 0) message = b.u16(o);
      if (field.type !== 'bool') o += size;
    }
    if (length < AVP_HEADER) break;
    at = end;
  }
  return message;
}

export const l2tp: Protocol = app({
  name: 'l2tp',
  short: 'L2TP',
  title: 'Layer 2 Tunneling Protocol',
  osi: '2',
  hue: 'link',
  fields: [...Object.values(f), ...Object.values(a)],
  accepts: (b, o, end) => end - o >= 2 && ((b[o + 1] as number) & VERSION) >= 2 && ((b[o + 1] as number) & VERSION) <= 3,
  index(w) {
    if (!w.has(6)) return;
    const { bytes: b, offset: o } = w;
    const flags = be16(b, o);
    if ((flags & CONTROL) !== 0) return;
    if ((flags & VERSION) === 3) {
      if (w.has(8)) followData(w, o + 8);
      return;
    }
    const at = payloadAt(b, o, w.end, flags);
    const end = messageEnd((flags & HAS_LENGTH) !== 0 ? be16(b, o + 2) : 0, o, w.wireEnd);
    if (at < Math.min(end, w.end)) w.follow(ppp, at, end, end);
  },
  read(layer, b, d) {
    const o = b.offset;
    const node = layer.uintNode(f.flags, o);
    const flags = b.u16(o);
    const version = flags & VERSION;
    for (const bit of [f.type, f.lengthBit, f.sequenceBit]) node.uint(bit, o, 2);
    if (version === 2) for (const bit of [f.offsetBit, f.priority]) node.uint(bit, o, 2);
    node.uint(f.version, o, 2);
    const control = (flags & CONTROL) !== 0;
    let at = o + 2;
    let length = 0;
    if (version === 3 && !control) {
      layer.uint(f.reserved, at);
      const session = layer.uint(f.sid, at + 2);
      if (layer.ok) {
        layer.size(8);
        callData(d, b.from(o + 8));
      }
      return `Data Message - session id=${session}`;
    }
    if ((flags & HAS_LENGTH) !== 0) {
      length = layer.uint(f.length, at);
      at += 2;
    }
    let where: string;
    if (version === 3) {
      where = `connection id=${layer.uint(f.ccid, at)}`;
    } else {
      const tunnel = layer.uint(f.tunnel, at);
      where = `tunnel id=${tunnel}, session id=${layer.uint(f.session, at + 2)}`;
    }
    at += 4;
    if ((flags & HAS_SEQUENCE) !== 0) {
      layer.uint(f.ns, at);
      layer.uint(f.nr, at + 2);
      at += 4;
    }
    const end = messageEnd(length, o, b.wireEnd);
    if (control) {
      if (!layer.ok) return `Control Message (${where})`;
      const inner = b.from(o, end);
      layer.size(end - o);
      if (at >= end) {
        layer.text(at, 0, 'Zero Length Body message');
        return `Control Message - ZLB (${where})`;
      }
      const message = avps(layer, inner, at);
      return `Control Message - ${shortNames.get(message) ?? `type ${message}`} (${where})`;
    }
    if ((flags & HAS_OFFSET) !== 0) layer.uint(f.offset, at);
    if (!layer.ok) return `Data Message (${where})`;
    at = payloadAt(b.bytes, o, b.end, flags);
    layer.size(Math.min(at, b.end) - o);
    if (at < Math.min(end, b.end)) d.call(ppp, b.from(at, end));
    return `Data Message (${where})`;
  },
});
