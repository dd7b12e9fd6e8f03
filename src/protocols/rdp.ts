/**
 * Remote Desktop Protocol (MS-RDPBCGR): its negotiation inside COTP (2.2.1.1, 2.2.1.2), the settings of both sides inside T.124 (2.2.1.3,
 * 2.2.1.4), what is sent through T.125's channels up to its encryption (2.2.8.1), and the headers of its fast path (2.2.8.1.2, 2.2.9.1.2).
 */
import { type CaptureIndex, defineState } from '../dissect/capture-index.ts';
import type { Buf, Layer, Node } from '../dissect/dissection.ts';
import { bool, bytes, type FieldDef, nameOf, names, none, string, TRUE_FALSE, uint8, uint16, uint32 } from '../dissect/field.ts';
import type { Protocol } from '../dissect/protocol.ts';
import { NONE } from '../table/packet-table.ts';
import { app, begins, le16, le32 } from './app-kit.ts';
import { lineAt, lineText } from './text-lines.ts';

const NEGOTIATION_REQUEST = 1;
const NEGOTIATION_RESPONSE = 2;
const NEGOTIATION_FAILURE = 3;

const colorDepths = names({
  51712: '4 bits-per-pixel (bpp)',
  51713: '8 bits-per-pixel (bpp)',
  51714: '15-bit 555 RGB mask',
  51715: '16-bit 565 RGB mask',
  51716: '24-bit RGB mask',
});
const keyboards = names({
  1: 'IBM PC/XT or compatible (83-key) keyboard',
  2: 'Olivetti "ICO" (102-key) keyboard',
  3: 'IBM PC/AT (84-key) or similar keyboard',
  4: 'IBM enhanced (101-key or 102-key) keyboard',
  5: 'Nokia 1050 and similar keyboards',
  6: 'Nokia 9140 and similar keyboards',
  7: 'Japanese keyboard',
});
const packetNames = names({
  0: '(None)',
  1: 'Security Exchange PDU',
  64: 'Client Info PDU',
  128: 'Licensing PDU',
  1024: 'Redirection PDU',
});

const f = {
  cookie: string('rdp.rt_cookie', 'Routing Token/Cookie'),
  type: uint8('rdp.neg_type', 'Type', {
    base: 'hex',
    names: names({ 1: 'RDP Negotiation Request', 2: 'RDP Negotiation Response', 3: 'RDP Negotiation Failure', 6: 'RDP Correlation Info' }),
  }),
  length: uint16('rdp.neg_length', 'Length'),
  requestFlags: uint8('rdp.negReq.flags', 'Flags', { base: 'hex' }),
  requested: uint32('rdp.negReq.requestedProtocols', 'requestedProtocols', { base: 'hex' }),
  responseFlags: uint8('rdp.negRsp.flags', 'Flags', { base: 'hex' }),
  selected: uint32('rdp.negReq.selectedProtocol', 'selectedProtocol', {
    base: 'hex',
    names: names({
      0: 'Standard RDP Security',
      1: 'TLS 1.0, 1.1 or 1.2',
      2: 'CredSSP',
      4: 'RDSTLS protocol',
      8: 'CredSSP with Early User Authorization Result PDU',
    }),
  }),
  failure: uint32('rdp.negFailure.failureCode', 'failureCode', {
    base: 'hex',
    names: names({
      1: 'TLS required by server',
      2: 'TLS not allowed by server',
      3: 'TLS certificate not on server',
      4: 'Inconsistent flags',
      5: 'Server requires Enhanced RDP Security with CredSSP',
      6: 'Server requires Enhanced RDP Security with TLS and certificate-based client authentication',
    }),
  }),
  clientData: none('rdp.clientData', 'ClientData'),
  serverData: none('rdp.serverData', 'ServerData'),
  headerType: uint16('rdp.header.type', 'headerType', {
    base: 'hex',
    names: names({
      49153: 'clientCoreData',
      49154: 'clientSecurityData',
      49155: 'clientNetworkData',
      49156: 'clientClusterData',
      49157: 'clientMonitorData',
      49158: 'clientMsgChannelData',
      49160: 'clientMonitorExData',
      49162: 'clientMultiTransportData',
      3073: 'serverCoreData',
      3074: 'serverSecurityData',
      3075: 'serverNetworkData',
      3076: 'serverMsgChannelData',
      3080: 'serverMultiTransportData',
    }),
  }),
  headerLength: uint16('rdp.header.length', 'headerLength'),
  clientCore: none('rdp.client.coreData', 'clientCoreData'),
  clientSecurity: none('rdp.client.securityData', 'clientSecurityData'),
  clientNetwork: none('rdp.client.networkData', 'clientNetworkData'),
  clientCluster: none('rdp.client.clusterData', 'clientClusterData'),
  clientUnknown: none('rdp.unknownData.client', 'clientUnknownData'),
  serverCore: none('rdp.server.coreData', 'serverCoreData'),
  serverSecurity: none('rdp.server.securityData', 'serverSecurityData'),
  serverNetwork: none('rdp.server.networkData', 'serverNetworkData'),
  serverMessages: none('rdp.server.msgChannelData', 'serverMsgChannelData'),
  serverUnknown: none('rdp.unknownData.server', 'serverUnknownData'),
  major: uint16('rdp.version.major', 'versionMajor'),
  minor: uint16('rdp.version.minor', 'versionMinor'),
  width: uint16('rdp.desktop.width', 'desktopWidth'),
  height: uint16('rdp.desktop.height', 'desktopHeight'),
  colorDepth: uint16('rdp.colorDepth', 'colorDepth', { base: 'hex', names: colorDepths }),
  sequence: uint16('rdp.SASSequence', 'SASSequence'),
  layout: uint32('rdp.keyboardLayout', 'keyboardLayout'),
  build: uint32('rdp.client.build', 'clientBuild'),
  name: string('rdp.client.name', 'clientName'),
  keyboard: uint32('rdp.keyboard.type', 'keyboardType', { names: keyboards }),
  keyboardSub: uint32('rdp.keyboard.subtype', 'keyboardSubType'),
  functionKeys: uint32('rdp.keyboard.functionkey', 'keyboardFunctionKey'),
  ime: bytes('rdp.imeFileName', 'imeFileName'),
  postBeta2: uint16('rdp.postBeta2ColorDepth', 'postBeta2ColorDepth', { base: 'hex', names: colorDepths }),
  productId: uint16('rdp.client.productId', 'clientProductId'),
  serial: uint32('rdp.serialNumber', 'serialNumber'),
  highColor: uint16('rdp.highColorDepth', 'highColorDepth', {
    base: 'hex',
    names: names({ 4: '4-bpp', 8: '8-bpp', 15: '15-bit 555 RGB mask', 16: '16-bit 565 RGB mask', 24: '24-bit RGB mask' }),
  }),
  supportedDepths: uint16('rdp.supportedColorDepths', 'supportedColorDepths', { base: 'hex' }),
  early: uint16('rdp.earlyCapabilityFlags', 'earlyCapabilityFlags'),
  digitalId: string('rdp.client.digProductId', 'clientDigProductId'),
  connection: uint8('rdp.connectionType', 'connectionType', {
    names: names({
      1: 'Modem (56 Kbps)',
      2: 'Low-speed broadband (256 Kbps - 2Mbps)',
      3: 'Satellite (2 Mbps - 16Mbps with high latency)',
      4: 'High-speed broadband (2 Mbps - 10Mbps)',
      5: 'WAN (10 Mbps or higher with high latency)',
      6: 'LAN (10 Mbps or higher)',
      7: 'Auto Detect',
    }),
  }),
  pad: uint8('rdp.pad1octet', 'pad1octet', { base: 'hex' }),
  serverSelected: uint32('rdp.serverSelectedProtocol', 'serverSelectedProtocol'),
  methods: bytes('rdp.encryptionMethods', 'encryptionMethods'),
  extMethods: bytes('rdp.extEncryptionMethods', 'extEncryptionMethods'),
  clusterFlags: uint32('rdp.clusterFlags', 'clusterFlags', { base: 'hex' }),
  redirected: uint32('rdp.redirectedSessionId', 'redirectedSessionId', { base: 'hex' }),
  channelCount: uint16('rdp.channelCount', 'channelCount'),
  channelDefs: none('rdp.channelDefArray', 'channelDefArray'),
  channelDef: none('rdp.channelDef', 'channelDef'),
  channelName: string('rdp.name', 'name'),
  options: uint32('rdp.options', 'options', { base: 'hex' }),
  requestedBack: uint32('rdp.client.requestedProtocols', 'clientRequestedProtocols', { base: 'hex' }),
  method: uint32('rdp.encryptionMethod', 'encryptionMethod', {
    base: 'hex',
    names: names({ 0: 'None', 1: '40-bit RC4', 2: '128-bit RC4', 8: '56-bit RC4', 16: 'FIPS140-1 3DES' }),
  }),
  level: uint32('rdp.encryptionLevel', 'encryptionLevel', {
    base: 'hex',
    names: names({ 0: 'None', 1: 'Low', 2: 'Client Compatible', 3: 'High', 4: 'FIPS140-1' }),
  }),
  randomLength: uint32('rdp.serverRandomLen', 'serverRandomLen'),
  certificateLength: uint32('rdp.serverCertLen', 'serverCertLen'),
  random: bytes('rdp.serverRandom', 'serverRandom'),
  certificate: bytes('rdp.serverCertificate', 'serverCertificate'),
  channelId: uint16('rdp.MCSChannelId', 'MCSChannelId'),
  channelIds: none('rdp.channelIdArray', 'channelIdArray'),
  messageChannel: uint16('rdp.msgChannelId', 'msgChannelId'),
  sendData: none('rdp.sendData', 'SendData'),
  exchange: none('rdp.securityExchangePDU', 'securityExchangePDU'),
  clientInfo: none('rdp.clientInfoPDU', 'clientInfoPDU'),
  license: none('rdp.validClientLicenseData', 'validClientLicenseData'),
  flags: uint16('rdp.flags', 'flags', { base: 'hex' }),
  flagsHi: uint16('rdp.flagsHi', 'flagsHi', { base: 'hex' }),
  randomSize: uint32('rdp.length', 'length'),
  clientRandom: bytes('rdp.encryptedClientRandom', 'encryptedClientRandom'),
  fipsLength: uint16('rdp.fipsLength', 'fipsLength'),
  fipsVersion: uint8('rdp.fipsVersion', 'fipsVersion', { base: 'hex' }),
  padLength: uint8('rdp.padlen', 'padlen'),
  signature: bytes('rdp.dataSignature', 'dataSignature'),
  encrypted: none('rdp.encrypted', 'encryptedData'),
  licenseType: uint8('rdp.bMsgType', 'bMsgType', {
    base: 'hex',
    names: names({
      1: 'License Request',
      2: 'Platform Challenge',
      3: 'New License',
      4: 'Upgrade License',
      18: 'License Info',
      19: 'New License Request',
      21: 'Platform Challenge Response',
      255: 'Error Alert',
    }),
  }),
  licenseVersion: uint8('rdp.bVersion', 'bVersion'),
  licenseSize: uint16('rdp.wMsgSize', 'wMsgSize'),
  codePage: uint32('rdp.codePage', 'codePage'),
  optionFlags: uint32('rdp.optionFlags', 'optionFlags', { base: 'hex' }),
  domainLength: uint16('rdp.domain.length', 'cbDomain'),
  userLength: uint16('rdp.userName.length', 'cbUserName'),
  passwordLength: uint16('rdp.password.length', 'cbPassword'),
  shellLength: uint16('rdp.alternateShell.length', 'cbAlternateShell'),
  workingLength: uint16('rdp.workingDir.length', 'cbWorkingDir'),
  domain: string('rdp.domain', 'domain'),
  user: string('rdp.userName', 'userName'),
  password: string('rdp.password', 'password'),
  shell: string('rdp.alternateShell', 'alternateShell'),
  workingDir: string('rdp.workingDir', 'workingDir'),
  control: bytes('rdp.shareControlHeader', 'shareControlHeader'),
  totalLength: uint16('rdp.totalLength', 'totalLength'),
  pduType: uint16('rdp.pduType', 'pduType', { base: 'hex' }),
  pduSource: uint16('rdp.pduSource', 'pduSource'),
  shareId: uint32('rdp.shareId', 'shareId', { base: 'hex' }),
  streamId: uint8('rdp.streamId', 'streamId'),
  uncompressed: uint16('rdp.uncompressedLength', 'uncompressedLength'),
  pduType2: uint8('rdp.pduType2', 'pduType2', {
    names: names({
      2: 'Update',
      20: 'Control',
      27: 'Pointer',
      28: 'Input',
      31: 'Synchronize',
      33: 'Refresh Rect',
      34: 'Play Sound',
      35: 'Suppress Output',
      36: 'Shutdown Request',
      37: 'Shutdown Denied',
      38: 'Save Session Info',
      39: 'FontList',
      40: 'FontMap',
      41: 'Set Keyboard Indicators',
      43: 'BitmapCache Persistent List',
      44: 'BitmapCache Error',
      45: 'Set Keyboard IME Status',
      46: 'OffScrCache Error',
      47: 'Set Error Info',
      48: 'DrawNineGrid Error',
      49: 'DrawGDIPlus Error',
      50: 'Arc Status',
      54: 'Status Info',
      55: 'Monitor Layout',
    }),
  }),
  channelHeader: bytes('rdp.channelPDUHeader', 'channelPDUHeader'),
  channelFlags: uint32('rdp.channelFlags', 'channelFlags', { base: 'hex' }),
  channelData: bytes('rdp.virtualChannelData', 'virtualChannelData'),
  fastHeader: uint8('rdp.fastpath.header', 'Header', { base: 'hex' }),
  fastAction: uint8('rdp.fastpath.action', 'Action', { mask: 0x03, names: names({ 0: 'Fastpath', 3: 'X.224' }) }),
  fastEvents: uint8('rdp.fastpath.numevents', 'numEvents', { mask: 0x3c }),
  fastReserved: uint8('rdp.fastpath.reserved', 'Reserved', { base: 'hex', mask: 0x3c }),
  fastFlags: uint8('rdp.fastpath.flags', 'flags', { mask: 0xc0 }),
  fastLength: uint16('rdp.fastpathPDULength', 'fastpathPDULength'),
};
const requestBits = [
  bool('rdp.negReq.flags.restricted_admin_mode_req', 'Restricted admin mode required', { mask: 0x01, bool: TRUE_FALSE }),
  bool('rdp.negReq.flags.correlation_info_present', 'Correlation info present', { mask: 0x08, bool: TRUE_FALSE }),
];
const protocolBits = [
  bool('rdp.negReq.requestedProtocols.ssl', 'TLS security supported', { mask: 0x01, bool: TRUE_FALSE }),
  bool('rdp.negReq.requestedProtocols.hybrid', 'CredSSP supported', { mask: 0x02, bool: TRUE_FALSE }),
  bool('rdp.negReq.requestedProtocols.rdstls', 'RDSTLS supported', { mask: 0x04, bool: TRUE_FALSE }),
  bool('rdp.negReq.requestedProtocols.hybrid_ex', 'CredSSP with Early User Authorization Result PDU supported', {
    mask: 0x08,
    bool: TRUE_FALSE,
  }),
];
const responseBits = [
  bool('rdp.negRsp.flags.extended_client_data_supported', 'Extended Client Data Blocks supported', { mask: 0x01, bool: TRUE_FALSE }),
  bool('rdp.negRsp.flags.dynvc_gfx_protocol_supported', 'Graphics Pipeline Extension Protocol supported', { mask: 0x02, bool: TRUE_FALSE }),
  bool('rdp.negRsp.flags.restricted_admin_mode_supported', 'Restricted admin mode supported', { mask: 0x08, bool: TRUE_FALSE }),
  bool('rdp.negRsp.flags.restricted_authentication_mode_supported', 'Restricted authentication mode supported', {
    mask: 0x10,
    bool: TRUE_FALSE,
  }),
];
const securityBits = [
  uint16('rdp.flags.pkt', 'flagsPkt', { base: 'hex', mask: 0x04c1 }),
  uint16('rdp.flags.encrypt', 'flagsEncrypt', { base: 'hex', mask: 0x0008 }),
  uint16('rdp.flags.resetseqno', 'flagsResetSeqno', { base: 'hex', mask: 0x0010 }),
  uint16('rdp.flags.ignoreseqno', 'flagsIgnoreSeqno', { base: 'hex', mask: 0x0020 }),
  uint16('rdp.flags.licenseencrypt', 'flagsLicenseEncrypt', { base: 'hex', mask: 0x0200 }),
  uint16('rdp.flags.securechecksum', 'flagsSecureChecksum', { base: 'hex', mask: 0x0800 }),
  uint16('rdp.flags.flagshivalid', 'flagsHiValid', { base: 'hex', mask: 0x8000 }),
];
const pduBits = [
  uint16('rdp.pduType.type', 'pduTypeType', {
    base: 'hex',
    mask: 0x000f,
    names: names({
      1: 'Demand Active PDU',
      3: 'Confirm Active PDU',
      6: 'Deactivate All PDU',
      7: 'Data PDU',
      10: 'Server Redirection PDU',
    }),
  }),
  uint16('rdp.pduType.versionLow', 'pduTypeVersionLow', { mask: 0x00f0 }),
  uint16('rdp.pduType.versionHigh', 'pduTypeVersionHigh', { mask: 0xff00 }),
];

/** Flags of the security header (2.2.8.1.1.2.1). */
const EXCHANGE = 0x0001;
const ENCRYPTED = 0x0008;
const INFO = 0x0040;
const LICENSE = 0x0080;
const PACKET_MASK = 0x04c1;
const FIPS = 16;
const ERROR_ALERT = 0xff;

/** What one connection agreed on. */
interface Session {
  method: number;
  level: number;
  /** Channel of input and output, 0 where unknown. */
  channel: number;
  /** Row in which the licensing ended, NONE before. */
  licensed: number;
}

/** Connections and channels that are kept. */
const MAX_KEPT = 65_536;

class RdpSessions {
  readonly #sessions = new Map<number, Session>();
  /** Row in which a server named a channel, by the channel's number. As in Wireshark, for all connections of a capture alike. */
  readonly #channels = new Map<number, number>();

  of(stream: number): Session | undefined {
    return this.#sessions.get(stream);
  }

  /** The channel's data are remote desktop's, as known in `row`. */
  carries(channel: number, row: number): boolean {
    return (this.#channels.get(channel) ?? NONE) <= row;
  }

  /** Index depth: what a server says of itself, in bytes[from, end). */
  noteServer(stream: number, row: number, b: Uint8Array, from: number, end: number): void {
    if (this.#sessions.size >= MAX_KEPT && !this.#sessions.has(stream)) return;
    const session: Session = { method: 0, level: 0, channel: 0, licensed: NONE };
    this.#sessions.set(stream, session);
    for (let at = from, next = at; at + 8 <= end; at = next) {
      const type = le16(b, at);
      next = at + Math.max(4, le16(b, at + 2));
      const stop = Math.min(next, end);
      if (type === 0x0c02 && at + 12 <= end) {
        session.method = le32(b, at + 4);
        session.level = le32(b, at + 8);
      } else if (type === 0x0c03) {
        session.channel = le16(b, at + 4);
        this.#channel(session.channel, row);
        const count = le16(b, at + 6);
        for (let k = 0; k < count && at + 10 + 2 * k <= stop; k++) this.#channel(le16(b, at + 8 + 2 * k), row);
      } else if (type === 0x0c04) this.#channel(le16(b, at + 4), row);
    }
  }

  #channel(channel: number, row: number): void {
    if (this.#channels.size < MAX_KEPT && !this.#channels.has(channel)) this.#channels.set(channel, row);
  }

  /** Index depth: data of a channel, in bytes[from, end): licensing ends with an error, or with what is encrypted (2.2.1.12). */
  noteData(stream: number, row: number, b: Uint8Array, from: number, end: number): void {
    const session = this.#sessions.get(stream);
    if (session === undefined || session.licensed !== NONE || from + 5 > end) return;
    const flags = le16(b, from);
    if ((flags & PACKET_MASK) !== LICENSE) return;
    if ((flags & ENCRYPTED) !== 0 || b[from + 4] === ERROR_ALERT) session.licensed = row;
  }
}

export const rdpSessions = defineState(() => new RdpSessions());

/** bytes[offset, end), the variable part of a connection request (COTP) or what is behind it, is remote desktop's (2.2.1.1). */
export function asksForRdp(b: Uint8Array, offset: number, end: number): boolean {
  if (begins(b, offset, end, 'Cookie: ') || begins(b, offset, end, 'tsv:') || begins(b, offset, end, 'mth://')) return true;
  return end - offset >= 4 && b[offset] === NEGOTIATION_REQUEST && le16(b, offset + 2) === 8;
}

/** The same of the confirmation (2.2.1.2). */
export function answersRdp(b: Uint8Array, offset: number, end: number): boolean {
  const type = b[offset];
  return end - offset >= 4 && (type === NEGOTIATION_RESPONSE || type === NEGOTIATION_FAILURE) && le16(b, offset + 2) === 8;
}

/** bytes[offset, end) is one message of the fast path: its length says so. `end` is where the octets on the wire end. */
export function isFastPath(b: Uint8Array, offset: number, end: number): boolean {
  if (end - offset < 3 || ((b[offset] as number) & 3) !== 0) return false;
  const first = b[offset + 1] as number;
  const length = (first & 0x80) === 0 ? first : ((first & 0x7f) << 8) | (b[offset + 2] as number);
  return length > 0 && length === end - offset;
}

const utf16 = new TextDecoder('utf-16le');

/** Text of two octets a character, up to a zero. */
function wide(node: Node, field: FieldDef, at: number, length: number): number {
  if (!node.has(at, length)) return node.buf.end;
  const text = utf16.decode(node.buf.slice(at, length));
  const zero = text.indexOf('\0');
  node.add(field, at, length, zero < 0 ? text : text.slice(0, zero));
  return at + length;
}

/** Adds little-endian integers one after another, as long as they end by `end`; gives where the last one ends. */
function integers(node: Node, fields: readonly FieldDef[], at: number, end: number): number {
  let o = at;
  for (const field of fields) {
    const size = field.type === 'uint8' ? 1 : field.type === 'uint16' ? 2 : 4;
    if (o + size > end || !node.ok) break;
    node.uintLe(field, o, size);
    o += size;
  }
  return o;
}

function flagsOf(node: Node, field: FieldDef, bits: readonly FieldDef[], at: number, length: number): void {
  const flags = node.uintLeNode(field, at, length);
  for (const bit of bits) flags.uintLe(bit, at, length);
  flags.sayBits();
}

function readNegotiation(layer: Layer, b: Buf): string {
  const info: string[] = [];
  let at = b.offset;
  if (asksForRdp(b.bytes, at, b.end) && b.u8(at) !== NEGOTIATION_REQUEST) {
    const { stop, next } = lineAt(b, at);
    info.push(lineText(b, at, stop));
    layer.add(f.cookie, at, stop - at, lineText(b, at, stop));
    at = next;
  }
  if (at >= b.end) return info.join(', ');
  const type = layer.uint(f.type, at);
  if (type === NEGOTIATION_REQUEST) {
    info.push('Negotiate Request');
    flagsOf(layer, f.requestFlags, requestBits, at + 1, 1);
    layer.uintLe(f.length, at + 2);
    flagsOf(layer, f.requested, protocolBits, at + 4, 4);
  } else if (type === NEGOTIATION_RESPONSE) {
    info.push('Negotiate Response');
    flagsOf(layer, f.responseFlags, responseBits, at + 1, 1);
    layer.uintLe(f.length, at + 2);
    flagsOf(layer, f.selected, [], at + 4, 4);
  } else if (type === NEGOTIATION_FAILURE) {
    layer.uintLe(f.requestFlags, at + 1);
    layer.uintLe(f.length, at + 2);
    const code = layer.uintLe(f.failure, at + 4);
    info.push('Negotiate Failure', `failureCode ${nameOf(f.failure, code) ?? 'Unknown'}`);
  }
  return info.join(', ');
}

/** Settings are blocks of a type, a length and what these say. */
function blocks(node: Node, from: number, one: (type: number, at: number, length: number) => void): void {
  const { buf } = node;
  for (let at = from, count = 0; at + 4 <= buf.end && node.ok && count < 256; count++) {
    const length = buf.le16(at + 2);
    one(buf.le16(at), at, length);
    at += Math.max(4, length);
  }
}

const CORE = [f.headerType, f.headerLength, f.major, f.minor, f.width, f.height, f.colorDepth, f.sequence, f.layout, f.build] as const;

/** Settings of the client (2.2.1.3), below `parent`. */
export function readClientData(parent: Node): string {
  const b = parent.buf;
  const all = parent.add(f.clientData, b.offset, b.length, null);
  blocks(all, b.offset, (type, at, length) => {
    const end = Math.min(at + length, b.end);
    if (type === 0xc001) {
      const node = all.add(f.clientCore, at, length, null);
      let o = integers(node, CORE, at, end);
      if (o + 32 <= end) o = wide(node, f.name, o, 32);
      o = integers(node, [f.keyboard, f.keyboardSub, f.functionKeys], o, end);
      if (o + 64 > end) return;
      node.bytes(f.ime, o, 64);
      o = integers(node, [f.postBeta2, f.productId, f.serial, f.highColor, f.supportedDepths, f.early], o + 64, end);
      if (o + 64 > end) return;
      integers(node, [f.connection, f.pad, f.serverSelected], wide(node, f.digitalId, o, 64), end);
    } else if (type === 0xc002) {
      const node = all.add(f.clientSecurity, at, length, null);
      integers(node, [f.headerType, f.headerLength], at, end);
      node.bytes(f.methods, at + 4, 4);
      node.bytes(f.extMethods, at + 8, 4);
    } else if (type === 0xc003) {
      const node = all.add(f.clientNetwork, at, length, null);
      integers(node, [f.headerType, f.headerLength], at, end);
      const count = node.uintLe(f.channelCount, at + 4, 4);
      const defs = node.add(f.channelDefs, at + 8, 12 * count, null);
      for (let k = 0; k < count && at + 20 + 12 * k <= end && node.ok; k++) {
        const def = defs.add(f.channelDef, at + 8 + 12 * k, 12, null);
        def.string(f.channelName, at + 8 + 12 * k, 8, { zero: true });
        def.uintLe(f.options, at + 16 + 12 * k);
      }
    } else if (type === 0xc004) {
      const node = all.add(f.clientCluster, at, length, null);
      integers(node, [f.headerType, f.headerLength, f.clusterFlags, f.redirected], at, end);
    } else integers(all.add(f.clientUnknown, at, length, null), [f.headerType, f.headerLength], at, end);
  });
  return 'ClientData';
}

/** Settings of the server (2.2.1.4), below `parent`. */
export function readServerData(parent: Node): string {
  const b = parent.buf;
  const all = parent.add(f.serverData, b.offset, b.length, null);
  let words = 'ServerData';
  blocks(all, b.offset, (type, at, length) => {
    const end = Math.min(at + length, b.end);
    if (type === 0x0c01) {
      const node = all.add(f.serverCore, at, length, null);
      integers(node, [f.headerType, f.headerLength, f.major, f.minor, f.requestedBack, f.early], at, end);
    } else if (type === 0x0c02) {
      const node = all.add(f.serverSecurity, at, length, null);
      integers(node, [f.headerType, f.headerLength], at, end);
      const method = node.uintLe(f.method, at + 4);
      const level = node.uintLe(f.level, at + 8);
      words += ` Encryption: ${nameOf(f.method, method) ?? 'Unknown'} (${nameOf(f.level, level) ?? 'Unknown'})`;
      if (method === 0 && level === 0) return;
      const random = node.uintLe(f.randomLength, at + 12);
      const certificate = node.uintLe(f.certificateLength, at + 16);
      node.bytes(f.random, at + 20, random);
      node.bytes(f.certificate, at + 20 + random, certificate);
    } else if (type === 0x0c03) {
      const node = all.add(f.serverNetwork, at, length, null);
      integers(node, [f.headerType, f.headerLength, f.channelId, f.channelCount], at, end);
      const count = b.le16(at + 6);
      if (count === 0) return;
      const ids = node.add(f.channelIds, at + 8, 2 * count, null);
      for (let k = 0; k < count && at + 10 + 2 * k <= end && node.ok; k++) ids.uintLe(f.channelId, at + 8 + 2 * k);
    } else if (type === 0x0c04) {
      integers(all.add(f.serverMessages, at, length, null), [f.headerType, f.headerLength, f.messageChannel], at, end);
    } else integers(all.add(f.serverUnknown, at, length, null), [f.headerType, f.headerLength], at, end);
  });
  return words;
}

/** What comes before the data (2.2.8.1.1.2): flags, and with encryption a signature. Gives where the data begin. */
function securityHeader(node: Node, at: number, method: number): number {
  const flags = node.uintLeNode(f.flags, at);
  for (const bit of securityBits) {
    const value = node.buf.le16(at) & (bit.mask ?? 0);
    flags.uintLe(
      bit,
      at,
      2,
      bit === securityBits[0]
        ? { display: `${packetNames.get(value) ?? 'Unknown'} (0x${value.toString(16).padStart(3, '0')})` }
        : undefined,
    );
  }
  node.uintLe(f.flagsHi, at + 2);
  if ((node.buf.le16(at) & ENCRYPTED) === 0) return at + 4;
  let o = at + 4;
  if (method === FIPS) {
    node.uintLe(f.fipsLength, o);
    node.uintLe(f.fipsVersion, o + 2);
    node.uintLe(f.padLength, o + 3);
    o += 4;
  } else if (method === 0) return o;
  node.bytes(f.signature, o, 8);
  return o + 8;
}

const INFO_TEXTS = [
  [f.domainLength, f.domain],
  [f.userLength, f.user],
  [f.passwordLength, f.password],
  [f.shellLength, f.shell],
  [f.workingLength, f.workingDir],
] as const;
const UNICODE = 0x10;

/** The user's name and the like (2.2.1.11.1.1). */
function clientInfo(node: Node, at: number): void {
  node.uintLe(f.codePage, at);
  const options = node.uintLe(f.optionFlags, at + 4);
  const lengths = INFO_TEXTS.map(([field], k) => node.uintLe(field, at + 8 + 2 * k));
  let o = at + 18;
  const zero = (options & UNICODE) !== 0 ? 2 : 1;
  for (const [k, [, field]] of INFO_TEXTS.entries()) {
    const size = (lengths[k] as number) + zero;
    if (!node.ok) return;
    if (zero === 2) wide(node, field, o, size);
    else node.string(field, o, size, { zero: true });
    o += size;
  }
}

/** Data of a channel, below `parent`, which is over these alone. Gives the words for the list. */
export function readSendData(parent: Node, capture: CaptureIndex, stream: number, row: number, channel: number): string {
  const b = parent.buf;
  const at = b.offset;
  const session = capture.state(rdpSessions).of(stream);
  const all = parent.add(f.sendData, at, b.length, null);
  const method = session?.method ?? 0;
  const flags = b.le16(at);
  const sealed = (node: Node, o: number): string => {
    node.add(f.encrypted, o, b.end - o, null);
    return '[Encrypted]';
  };
  if (session === undefined || row <= session.licensed) {
    const kind = flags & PACKET_MASK;
    if (kind === EXCHANGE) {
      const node = all.add(f.exchange, at, b.length, null);
      const o = securityHeader(node, at, 0);
      const size = node.uintLe(f.randomSize, o);
      node.bytes(f.clientRandom, o + 4, size);
      return 'SecurityExchange';
    }
    if (kind === INFO) {
      const node = all.add(f.clientInfo, at, b.length, null);
      const o = securityHeader(node, at, method);
      if ((flags & ENCRYPTED) !== 0) return `ClientInfo, ${sealed(node, o)}`;
      clientInfo(node, o);
      return 'ClientInfo';
    }
    if (kind === LICENSE) {
      const node = all.add(f.license, at, b.length, null);
      const o = securityHeader(node, at, method);
      if ((flags & ENCRYPTED) !== 0) return sealed(node, o);
      const type = node.uintLe(f.licenseType, o);
      node.uintLe(f.licenseVersion, o + 1);
      node.uintLe(f.licenseSize, o + 2);
      return nameOf(f.licenseType, type) ?? 'Unknown';
    }
    return '';
  }
  // Without encryption of its own (TLS around it) there is no header.
  const o = session.level === 0 ? at : securityHeader(all, at, method);
  const words = channel === session.channel ? '' : 'Virtual Channel PDU';
  if (session.level !== 0 && (flags & ENCRYPTED) !== 0) return words === '' ? sealed(all, o) : `${words}, ${sealed(all, o)}`;
  if (words !== '') {
    const header = all.add(f.channelHeader, o, 8, b.slice(o, 8));
    header.uintLe(f.randomSize, o);
    header.uintLe(f.channelFlags, o + 4);
    if (o + 8 < b.end) all.bytes(f.channelData, o + 8, b.end - o - 8);
    return words;
  }
  const control = all.add(f.control, o, b.end - o, b.slice(o, b.end - o));
  control.uintLe(f.totalLength, o);
  const type = b.le16(o + 2) & 15;
  flagsOf(control, f.pduType, pduBits, o + 2, 2);
  control.uintLe(f.pduSource, o + 4);
  if (type !== 7) return nameOf(pduBits[0] as FieldDef, type) ?? 'Unknown';
  control.uintLe(f.shareId, o + 6);
  control.uintLe(f.streamId, o + 11);
  control.uintLe(f.uncompressed, o + 12);
  const type2 = control.uintLe(f.pduType2, o + 14);
  return `RDP PDU Type: ${nameOf(f.pduType2, type2) ?? 'Unknown'}`;
}

/** Headers of the fast path; events and updates stay what they are. */
function readFastPath(layer: Layer, b: Buf, fromClient: boolean): string {
  const at = b.offset;
  const header = layer.uintNode(f.fastHeader, at);
  header.uint(f.fastAction, at);
  header.uint(fromClient ? f.fastEvents : f.fastReserved, at);
  header.uint(f.fastFlags, at);
  const long = (b.u8(at + 1) & 0x80) !== 0;
  layer.add(f.fastLength, at + 1, long ? 2 : 1, long ? b.u16(at + 1) & 0x7fff : b.u8(at + 1));
  return 'Fast-Path PDU';
}

/** What carries it says what it is: COTP its negotiation, T.125 (`rdpChannel`) the data of a channel, TPKT the fast path. */
export const rdp: Protocol = app({
  name: 'rdp',
  short: 'RDP',
  title: 'Remote Desktop Protocol',
  fields: [...Object.values(f), ...requestBits, ...protocolBits, ...responseBits, ...securityBits, ...pduBits],
  read(layer, b, d) {
    const around = d.layers.at(-2)?.protocol;
    if (around === 'cotp') return readNegotiation(layer, b);
    if (around === 'tpkt') return readFastPath(layer, b, d.transport?.fromClient ?? true);
    // The channel stands four octets into what T.125 has before the data.
    const before = d.layers.at(-2);
    const channel = before === undefined ? 0 : channelAt(b.bytes, before.offset);
    return readSendData(layer, d.capture, d.transport?.stream ?? NONE, d.row, channel);
  },
});

/** Channel of data that T.125's message at `at` sends. */
export function channelAt(b: Uint8Array, at: number): number {
  return at + 5 <= b.length ? ((b[at + 3] as number) << 8) | (b[at + 4] as number) : 0;
}
