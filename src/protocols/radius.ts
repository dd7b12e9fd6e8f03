/** RADIUS (RFC 2865, RFC 2866, RFC 5176): header and attributes, with EAP put together from them (RFC 3579 section 3.1). */
import type { Buf, Dissection, Layer, Node } from '../dissect/dissection.ts';
import { bytes, type FieldDef, ipv4, ipv6, nameOf, names, string, typeBytes, uint8, uint16, uint32 } from '../dissect/field.ts';
import { app, be16 } from './app-kit.ts';
import { eap } from './eap.ts';

const HEADER = 20;
const VENDOR_SPECIFIC = 26;
const EAP_MESSAGE = 79;

const f = {
  code: uint8('radius.code', 'Code', {
    names: names({
      1: 'Access-Request',
      2: 'Access-Accept',
      3: 'Access-Reject',
      4: 'Accounting-Request',
      5: 'Accounting-Response',
      6: 'Accounting-Status',
      7: 'Password-Request',
      8: 'Password-Ack',
      9: 'Password-Reject',
      10: 'Accounting-Message',
      11: 'Access-Challenge',
      12: 'Status-Server',
      13: 'Status-Client',
      21: 'Resource-Free-Request',
      22: 'Resource-Free-Response',
      23: 'Resource-Query-Request',
      24: 'Query_Response',
      25: 'Alternate-Resource-Reclaim-Request',
      26: 'NAS-Reboot-Request',
      27: 'NAS-Reboot-Response',
      29: 'Next-Passcode',
      30: 'New-Pin',
      31: 'Terminate-Session',
      32: 'Password-Expired',
      33: 'Event-Request',
      34: 'Event-Response',
      40: 'Disconnect-Request',
      41: 'Disconnect-ACK',
      42: 'Disconnect-NAK',
      43: 'CoA-Request',
      44: 'CoA-ACK',
      45: 'CoA-NAK',
      50: 'IP-Address-Allocate',
      51: 'IP-Address-Release',
      129: 'ALU-State-Request',
      130: 'ALU-State-Accept',
      131: 'ALU-State-Reject',
      132: 'ALU-State-Error',
    }),
  }),
  id: uint8('radius.id', 'Identifier'),
  length: uint16('radius.length', 'Length'),
  authenticator: bytes('radius.authenticator', 'Authenticator'),
  avp: bytes('radius.avp', 'AVP'),
  type: uint8('radius.avp.type', 'Type'),
  avpLength: uint8('radius.avp.length', 'Length'),
  vendorId: uint32('radius.avp.vendor_id', 'Vendor ID'),
  vendorType: uint8('radius.avp.vendor_type', 'Type'),
  vendorLength: uint8('radius.avp.vendor_len', 'Length'),
  userName: string('radius.User_Name', 'User-Name'),
  userPassword: bytes('radius.User_Password_encrypted', 'User-Password (encrypted)'),
  chapPassword: bytes('radius.CHAP_Password', 'CHAP-Password'),
  nasAddress: ipv4('radius.NAS_IP_Address', 'NAS-IP-Address'),
  nasPort: uint32('radius.NAS_Port', 'NAS-Port'),
  serviceType: uint32('radius.Service_Type', 'Service-Type', {
    names: names({
      6: 'Shell-User',
      3: 'Dialback-Login-User',
      4: 'Dialback-Framed-User',
      5: 'Dialout-Framed-User',
      1: 'Login',
      2: 'Framed',
      7: 'Exec-User',
      8: 'Authenticate-Only',
      9: 'Callback-NAS-Prompt',
      10: 'Call-Check',
      11: 'Callback-Administrative',
      17: 'Authorize-Only',
      18: 'Framed-Management',
      12: 'Voice',
      13: 'Fax',
      14: 'Modem-Relay',
      15: 'IAPP-Register',
      16: 'IAPP-AP-Check',
      103809025: 'Annex-Authorize-Only',
      103809026: 'Annex-Framed-Tunnel',
      954138625: 'ChilliSpot-Authorize-Only',
      252: 'HP-Oper',
      255: 'HP-User',
      1224278017: 'TP-CAPWAP-WTP',
      1224278018: 'TP-CAPWAP-STA',
    }),
  }),
  framedProtocol: uint32('radius.Framed_Protocol', 'Framed-Protocol', {
    names: names({
      1: 'PPP',
      2: 'SLIP',
      3: 'ARAP',
      4: 'Gandalf-SLML',
      5: 'Xylogics-IPX-SLIP',
      6: 'X.75-Synchronous',
      7: 'GPRS-PDP-Context',
      9: 'PPTP',
      255: 'Ascend-ARA',
      256: 'Ascend-MPP',
      257: 'Ascend-EURAW',
      258: 'Ascend-EUUI',
      259: 'Ascend-X25',
      260: 'Ascend-COMB',
      261: 'Ascend-FR',
      262: 'Ascend-MP',
      263: 'Ascend-FR-CIR',
      17825794: 'Bintec-X25',
      17825795: 'Bintec-X25-PPP',
      17825796: 'Bintec-IP-LAPB',
      17825798: 'Bintec-IP-HDLC',
      17825799: 'Bintec-MPR-LAPB',
      17825800: 'Bintec-MPR-HDLC',
      17825801: 'Bintec-FRAME-RELAY',
      17825802: 'Bintec-X31-BCHAN',
      17825803: 'Bintec-X75-PPP',
      17825804: 'Bintec-X75BTX-PPP',
      17825805: 'Bintec-X25-NOSIG',
      17825806: 'Bintec-X25-PPP-OPT',
      1224278017: 'TP-CAPWAP',
    }),
  }),
  framedAddress: ipv4('radius.Framed-IP-Address', 'Framed-IP-Address'),
  framedNetmask: ipv4('radius.Framed_IP_Netmask', 'Framed-IP-Netmask'),
  filterId: string('radius.Filter_Id', 'Filter-Id'),
  framedMtu: uint32('radius.Framed_MTU', 'Framed-MTU'),
  replyMessage: string('radius.Reply_Message', 'Reply-Message'),
  state: bytes('radius.State', 'State'),
  class: bytes('radius.Class', 'Class'),
  sessionTimeout: uint32('radius.Session_Timeout', 'Session-Timeout'),
  idleTimeout: uint32('radius.Idle_Timeout', 'Idle-Timeout'),
  calledStation: string('radius.Called_Station_Id', 'Called-Station-Id'),
  callingStation: string('radius.Calling_Station_Id', 'Calling-Station-Id'),
  nasIdentifier: string('radius.NAS_Identifier', 'NAS-Identifier'),
  proxyState: bytes('radius.Proxy_State', 'Proxy-State'),
  acctStatus: uint32('radius.Acct_Status_Type', 'Acct-Status-Type', {
    names: names({
      1: 'Start',
      2: 'Stop',
      3: 'Interim-Update',
      7: 'Accounting-On',
      8: 'Accounting-Off',
      15: 'Failed',
      9: 'Tunnel-Start',
      10: 'Tunnel-Stop',
      11: 'Tunnel-Reject',
      12: 'Tunnel-Link-Start',
      13: 'Tunnel-Link-Stop',
      14: 'Tunnel-Link-Reject',
      103809025: 'Annex-User-Reject',
      103809026: 'Annex-Call-Reject',
      103809027: 'Annex-IPCP-Start',
      103809028: 'Annex-IPXCP-Start',
      103809029: 'Annex-ATCP-Start',
      103809030: 'Annex-Accounting-Restart',
      103809031: 'Annex-Accounting-Shutoff',
      103809032: 'Annex-Tunnel-Start',
      103809033: 'Annex-Tunnel-Stop',
      103809034: 'Annex-Tunnel-Reject',
      103809035: 'Annex-Tunnel-Link-Start',
      103809036: 'Annex-Tunnel-Link-Stop',
      103809037: 'Annex-MP-Start',
      103809038: 'Annex-MP-Stop',
      103809039: 'Annex-Line-Seizure',
      103809040: 'Annex-Rlogin-Start',
      103809041: 'Annex-Rlogin-Stop',
      17: 'One-Time',
      160825345: 'SG-Service-Start',
      160825346: 'SG-Service-Stop',
      4: 'Modem-Start',
      5: 'Modem-Stop',
      6: 'Cancel',
      217: 'WB-Login',
      218: 'WB-Logout',
      219: 'WB-WRitelog',
    }),
  }),
  acctDelay: uint32('radius.Acct_Delay_Time', 'Acct-Delay-Time'),
  acctInput: uint32('radius.Acct_Input_Octets', 'Acct-Input-Octets'),
  acctOutput: uint32('radius.Acct_Output_Octets', 'Acct-Output-Octets'),
  acctSession: string('radius.Acct_Session_Id', 'Acct-Session-Id'),
  acctAuthentic: uint32('radius.Acct_Authentic', 'Acct-Authentic', {
    names: names({ 1: 'RADIUS', 2: 'Local', 3: 'Remote', 4: 'Diameter' }),
  }),
  acctTime: uint32('radius.Acct_Session_Time', 'Acct-Session-Time'),
  acctInputPackets: uint32('radius.Acct_Input_Packets', 'Acct-Input-Packets'),
  acctOutputPackets: uint32('radius.Acct_Output_Packets', 'Acct-Output-Packets'),
  acctCause: uint32('radius.Acct_Terminate_Cause', 'Acct-Terminate-Cause', {
    names: names({
      1: 'User-Request',
      2: 'Lost-Carrier',
      3: 'Lost-Service',
      4: 'Idle-Timeout',
      5: 'Session-Timeout',
      6: 'Admin-Reset',
      7: 'Admin-Reboot',
      8: 'Port-Error',
      9: 'NAS-Error',
      10: 'NAS-Request',
      11: 'NAS-Reboot',
      12: 'Port-Unneeded',
      13: 'Port-Preempted',
      14: 'Port-Suspended',
      15: 'Service-Unavailable',
      16: 'Callback',
      17: 'User-Error',
      18: 'Host-Request',
      19: 'Supplicant-Restart',
      20: 'Reauthentication-Failure',
      21: 'Port-Reinit',
      22: 'Port-Disabled',
    }),
  }),
  chapChallenge: bytes('radius.CHAP_Challenge', 'CHAP-Challenge'),
  portType: uint32('radius.NAS_Port_Type', 'NAS-Port-Type', {
    names: names({
      0: 'Async',
      1: 'Sync',
      2: 'ISDN',
      3: 'ISDN-V120',
      4: 'ISDN-V110',
      5: 'Virtual',
      6: 'PIAFS',
      7: 'HDLC-Clear-Channel',
      8: 'X.25',
      9: 'X.75',
      10: 'G.3-Fax',
      11: 'SDSL',
      12: 'ADSL-CAP',
      13: 'ADSL-DMT',
      14: 'IDSL',
      15: 'Ethernet',
      16: 'xDSL',
      17: 'Cable',
      18: 'Wireless-Other',
      19: 'Wireless-802.11',
      20: 'Token-Ring',
      21: 'FDDI',
      30: 'PPPoA',
      31: 'PPPoEoA',
      32: 'PPPoEoE',
      33: 'PPPoEoVLAN',
      34: 'PPPoEoQinQ',
      22: 'Wireless-CDMA2000',
      23: 'Wireless-UMTS',
      24: 'Wireless-1X-EV',
      25: 'IAPP',
      26: 'FTTP',
      27: 'Wireless-802.16',
      28: 'Wireless-802.20',
      29: 'Wireless-802.22',
      35: 'xPON',
      36: 'Wireless-XGP',
    }),
  }),
  portLimit: uint32('radius.Port_Limit', 'Port-Limit'),
  connectInfo: string('radius.Connect_Info', 'Connect-Info'),
  eapMessage: bytes('radius.eap_fragment', 'EAP fragment'),
  messageAuthenticator: bytes('radius.Message_Authenticator', 'Message-Authenticator'),
  portId: string('radius.NAS_Port_Id', 'NAS-Port-Id'),
  nasIpv6: ipv6('radius.NAS_IPv6_Address', 'NAS-IPv6-Address'),
  framedInterface: bytes('radius.Framed_Interface_Id', 'Framed-Interface-Id'),
  framedIpv6: bytes('radius.Framed_IPv6_Prefix', 'Framed-IPv6-Prefix'),
  loginIpv6: ipv6('radius.Login_IPv6_Host', 'Login-IPv6-Host'),
  framedRoute6: string('radius.Framed_IPv6_Route', 'Framed-IPv6-Route'),
  framedPool6: string('radius.Framed_IPv6_Pool', 'Framed-IPv6-Pool'),
};
/** RFC 2865 section 5, RFC 2866 section 5, RFC 2869, RFC 3162. */
const attributes = new Map<number, FieldDef>([
  [1, f.userName],
  [2, f.userPassword],
  [3, f.chapPassword],
  [4, f.nasAddress],
  [5, f.nasPort],
  [6, f.serviceType],
  [7, f.framedProtocol],
  [8, f.framedAddress],
  [9, f.framedNetmask],
  [11, f.filterId],
  [12, f.framedMtu],
  [18, f.replyMessage],
  [24, f.state],
  [25, f.class],
  [27, f.sessionTimeout],
  [28, f.idleTimeout],
  [30, f.calledStation],
  [31, f.callingStation],
  [32, f.nasIdentifier],
  [33, f.proxyState],
  [40, f.acctStatus],
  [41, f.acctDelay],
  [42, f.acctInput],
  [43, f.acctOutput],
  [44, f.acctSession],
  [45, f.acctAuthentic],
  [46, f.acctTime],
  [47, f.acctInputPackets],
  [48, f.acctOutputPackets],
  [49, f.acctCause],
  [60, f.chapChallenge],
  [61, f.portType],
  [62, f.portLimit],
  [77, f.connectInfo],
  [EAP_MESSAGE, f.eapMessage],
  [80, f.messageAuthenticator],
  [87, f.portId],
  [95, f.nasIpv6],
  [96, f.framedInterface],
  [97, f.framedIpv6],
  [98, f.loginIpv6],
  [99, f.framedRoute6],
  [100, f.framedPool6],
]);

function value(node: Node, field: FieldDef, at: number, length: number): void {
  if (length === 0) return;
  if (field.type === 'string') node.string(field, at, length);
  else if (field.type === 'bytes') node.bytes(field, at, length);
  else if (length === typeBytes(field.type)) {
    if (field.type === 'ipv4' || field.type === 'ipv6' || field.type === 'ether') node.bytes(field, at, length);
    else if (length <= 6) node.uint(field, at);
  }
}

function vendor(node: Node, b: Buf, at: number, end: number): void {
  node.uint(f.vendorId, at);
  for (let o = at + 4; node.ok && o + 2 <= end; ) {
    const length = b.u8(o + 1);
    if (length < 2 || o + length > end) return;
    const item = node.text(o, length, 'VSA');
    item.uint(f.vendorType, o);
    item.uint(f.vendorLength, o + 1);
    o += length;
  }
}

/** The parts of an EAP message, which one attribute is too short for. */
function callEap(d: Dissection, b: Buf, parts: readonly Buf[]): void {
  const total = parts.reduce((sum, part) => sum + part.length, 0);
  const first = parts[0];
  if (first === undefined || total === 0) return;
  if (parts.length === 1) {
    d.call(eap, first);
    return;
  }
  const whole = new Uint8Array(total);
  let at = 0;
  for (const part of parts) {
    whole.set(b.slice(part.offset, part.length), at);
    at += part.length;
  }
  d.call(eap, d.newBuf('Reassembled EAP', whole));
}

function avps(layer: Layer, b: Buf, d: Dissection, end: number): void {
  const parts: Buf[] = [];
  let said = false;
  for (let at = b.offset + HEADER; layer.ok && at < end; ) {
    const type = b.u8(at);
    const length = b.u8(at + 1);
    if (length < 2 || at + length > end) {
      layer.fail('malformed');
      return;
    }
    const field = attributes.get(type);
    const node = layer.add(f.avp, at, length, b.slice(at, length), { display: field?.label ?? nameOf(f.type, type) ?? `${type}` });
    node.uint(f.type, at);
    node.uint(f.avpLength, at + 1);
    if (type === VENDOR_SPECIFIC) vendor(node, b, at + 2, at + length);
    else if (field !== undefined) value(node, field, at + 2, length - 2);
    if (type === EAP_MESSAGE) parts.push(b.from(at + 2, at + length));
    at += length;
    // The message ends with its last attribute: what is broken behind it does not matter.
    if (parts.length > 0 && !said && (at >= end || b.u8(at) !== EAP_MESSAGE)) {
      said = parts.some((part) => part.length > 0);
      callEap(d, b, parts);
    }
  }
}

/** RFC 2865, section 3: a code that is assigned, and a length from 20 to 4096; a packet that is shorter than it says is discarded. */
function looksLikeRadius(b: Uint8Array, offset: number, end: number, wireEnd: number): boolean {
  if (end - offset < HEADER || nameOf(f.code, b[offset] as number) === undefined) return false;
  const length = be16(b, offset + 2);
  return length >= HEADER && length <= 4096 && length <= wireEnd - offset;
}

export const radius = app({
  name: 'radius',
  accepts: looksLikeRadius,
  short: 'RADIUS',
  title: 'RADIUS Protocol',
  fields: Object.values(f),
  index(w) {
    const { bytes: b, offset: o } = w;
    if (w.end - o < HEADER) return;
    const end = Math.min(w.end, o + be16(b, o + 2));
    let first = -1;
    let last = -1;
    for (let at = o + HEADER; at < end; ) {
      const length = at + 1 < w.end ? (b[at + 1] as number) : 0;
      // What is broken before the message's end shows no EAP.
      if (length < 2 || at + length > end) return;
      const part = b[at] === EAP_MESSAGE;
      if (part && length > 2) {
        if (first < 0) first = at + 2;
        last = at + length;
      }
      at += length;
      if (first >= 0 && (at >= end || b[at] !== EAP_MESSAGE)) break;
    }
    if (first >= 0) w.follow(eap, first, last);
  },
  read(layer, b, d) {
    const o = b.offset;
    const code = layer.uint(f.code, o);
    const id = layer.uint(f.id, o + 1);
    const length = layer.uint(f.length, o + 2);
    layer.bytes(f.authenticator, o + 4, 16);
    if (layer.ok) avps(layer, b, d, Math.min(b.end, o + length));
    const words = `${nameOf(f.code, code) ?? 'Unknown'} id=${id}`;
    d.columns.info = words;
    return words;
  },
});
