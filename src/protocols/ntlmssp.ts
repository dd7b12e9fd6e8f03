/** NT LAN Manager authentication (MS-NLMP 2.2): the three messages, and the signatures that follow them. */
import type { Buf, Layer, Node } from '../dissect/dissection.ts';
import { bool, bytes, type FieldDef, nameOf, names, none, string, uint8, uint16, uint32 } from '../dissect/field.ts';
import { app, begins } from './app-kit.ts';

const typeNames = names({ 1: 'NTLMSSP_NEGOTIATE', 2: 'NTLMSSP_CHALLENGE', 3: 'NTLMSSP_AUTH' });
const UNICODE = 1;
const VERSION = 0x02000000;

const f = {
  identifier: string('ntlmssp.identifier', 'NTLMSSP identifier'),
  type: uint32('ntlmssp.messagetype', 'NTLM Message Type', {
    base: 'hex',
    names: names({ 1: 'NTLMSSP_NEGOTIATE', 2: 'NTLMSSP_CHALLENGE', 3: 'NTLMSSP_AUTH', 4: 'NTLMSSP_UNKNOWN' }),
  }),
  flags: uint32('ntlmssp.negotiateflags', 'Negotiate Flags', { base: 'hex' }),
  workstation: string('ntlmssp.negotiate.callingworkstation', 'Calling workstation name'),
  callingDomain: string('ntlmssp.negotiate.domain', 'Calling workstation domain'),
  targetName: string('ntlmssp.challenge.target_name', 'Target Name'),
  serverChallenge: bytes('ntlmssp.ntlmserverchallenge', 'NTLM Server Challenge'),
  reserved: bytes('ntlmssp.reserved', 'Reserved'),
  targetInfo: none('ntlmssp.challenge.target_info', 'Target Info'),
  lm: bytes('ntlmssp.auth.lmresponse', 'Lan Manager Response'),
  nt: bytes('ntlmssp.auth.ntresponse', 'NTLM Response'),
  domain: string('ntlmssp.auth.domain', 'Domain name'),
  user: string('ntlmssp.auth.username', 'User name'),
  host: string('ntlmssp.auth.hostname', 'Host name'),
  sessionKey: bytes('ntlmssp.auth.sesskey', 'Session Key'),
  mic: bytes('ntlmssp.authenticate.mic', 'MIC'),
  version: none('ntlmssp.version', 'Version'),
  major: uint8('ntlmssp.version.major', 'Major Version'),
  minor: uint8('ntlmssp.version.minor', 'Minor Version'),
  build: uint16('ntlmssp.version.build_number', 'Build Number'),
  revision: uint8('ntlmssp.version.ntlm_current_revision', 'NTLM Current Revision'),
  stringLength: uint16('ntlmssp.string.length', 'Length'),
  stringMax: uint16('ntlmssp.string.maxlen', 'Maxlen'),
  stringOffset: uint32('ntlmssp.string.offset', 'Offset'),
  blobLength: uint16('ntlmssp.blob.length', 'Length'),
  blobMax: uint16('ntlmssp.blob.maxlen', 'Maxlen'),
  blobOffset: uint32('ntlmssp.blob.offset', 'Offset'),
  infoLength: uint16('ntlmssp.challenge.target_info.length', 'Length'),
  infoMax: uint16('ntlmssp.challenge.target_info.maxlen', 'Maxlen'),
  infoOffset: uint32('ntlmssp.challenge.target_info.offset', 'Offset'),
  itemType: uint16('ntlmssp.challenge.target_info.item.type', 'Target Info Item Type', {
    base: 'hex',
    names: names({
      0: 'End of list',
      1: 'NetBIOS computer name',
      2: 'NetBIOS domain name',
      3: 'DNS computer name',
      4: 'DNS domain name',
      5: 'DNS tree name',
      6: 'Flags',
      7: 'Timestamp',
      8: 'Restrictions',
      9: 'Target Name',
      10: 'Channel Bindings',
    }),
  }),
  itemLength: uint16('ntlmssp.challenge.target_info.item.length', 'Target Info Item Length'),
  nbComputer: string('ntlmssp.challenge.target_info.nb_computer_name', 'NetBIOS Computer Name'),
  nbDomain: string('ntlmssp.challenge.target_info.nb_domain_name', 'NetBIOS Domain Name'),
  dnsComputer: string('ntlmssp.challenge.target_info.dns_computer_name', 'DNS Computer Name'),
  dnsDomain: string('ntlmssp.challenge.target_info.dns_domain_name', 'DNS Domain Name'),
  dnsTree: string('ntlmssp.challenge.target_info.dns_tree_name', 'DNS Tree Name'),
  verifierVersion: uint32('ntlmssp.verf.vers', 'Version Number'),
  verifierBody: bytes('ntlmssp.verf.body', 'Verifier Body'),
  verifierSequence: bytes('ntlmssp.verf.sequence', 'Sequence'),
};
const bits = {
  unicode: bool('ntlmssp.negotiateunicode', 'Negotiate UNICODE', { mask: 0x1 }),
  oem: bool('ntlmssp.negotiateoem', 'Negotiate OEM', { mask: 0x2 }),
  requestTarget: bool('ntlmssp.requesttarget', 'Request Target', { mask: 0x4 }),
  b3: bool('ntlmssp.negotiate00000008', 'Request 0x00000008', { mask: 0x8 }),
  sign: bool('ntlmssp.negotiatesign', 'Negotiate Sign', { mask: 0x10 }),
  seal: bool('ntlmssp.negotiateseal', 'Negotiate Seal', { mask: 0x20 }),
  datagram: bool('ntlmssp.negotiatedatagram', 'Negotiate Datagram', { mask: 0x40 }),
  lmKey: bool('ntlmssp.negotiatelmkey', 'Negotiate Lan Manager Key', { mask: 0x80 }),
  b8: bool('ntlmssp.negotiate00000100', 'Negotiate 0x00000100', { mask: 0x100 }),
  ntlm: bool('ntlmssp.negotiatentlm', 'Negotiate NTLM key', { mask: 0x200 }),
  ntOnly: bool('ntlmssp.negotiatentonly', 'Negotiate NT Only', { mask: 0x400 }),
  anonymous: bool('ntlmssp.negotiateanonymous', 'Negotiate Anonymous', { mask: 0x800 }),
  oemDomain: bool('ntlmssp.negotiateoemdomainsupplied', 'Negotiate OEM Domain Supplied', { mask: 0x1000 }),
  oemWorkstation: bool('ntlmssp.negotiateoemworkstationsupplied', 'Negotiate OEM Workstation Supplied', { mask: 0x2000 }),
  b14: bool('ntlmssp.negotiate00004000', 'Negotiate 0x00004000', { mask: 0x4000 }),
  alwaysSign: bool('ntlmssp.negotiatealwayssign', 'Negotiate Always Sign', { mask: 0x8000 }),
  typeDomain: bool('ntlmssp.targettypedomain', 'Target Type Domain', { mask: 0x10000 }),
  typeServer: bool('ntlmssp.targettypeserver', 'Target Type Server', { mask: 0x20000 }),
  typeShare: bool('ntlmssp.targettypeshare', 'Target Type Share', { mask: 0x40000 }),
  extended: bool('ntlmssp.negotiatentlm2', 'Negotiate Extended Security', { mask: 0x80000 }),
  identify: bool('ntlmssp.negotiateidentify', 'Negotiate Identify', { mask: 0x100000 }),
  b21: bool('ntlmssp.negotiatent00200000', 'Negotiate 0x00200000', { mask: 0x200000 }),
  nonNt: bool('ntlmssp.requestnonntsession', 'Request Non-NT Session', { mask: 0x400000 }),
  targetInfo: bool('ntlmssp.negotiatetargetinfo', 'Negotiate Target Info', { mask: 0x800000 }),
  b24: bool('ntlmssp.negotiatent01000000', 'Negotiate 0x01000000', { mask: 0x1000000 }),
  version: bool('ntlmssp.negotiateversion', 'Negotiate Version', { mask: 0x2000000 }),
  b26: bool('ntlmssp.negotiatent04000000', 'Negotiate 0x04000000', { mask: 0x4000000 }),
  b27: bool('ntlmssp.negotiatent08000000', 'Negotiate 0x08000000', { mask: 0x8000000 }),
  b28: bool('ntlmssp.negotiatent10000000', 'Negotiate 0x10000000', { mask: 0x10000000 }),
  k128: bool('ntlmssp.negotiate128', 'Negotiate 128', { mask: 0x20000000 }),
  keyExchange: bool('ntlmssp.negotiatekeyexch', 'Negotiate Key Exchange', { mask: 0x40000000 }),
  k56: bool('ntlmssp.negotiate56', 'Negotiate 56', { mask: 0x80000000 }),
};
const items = new Map([
  [1, f.nbComputer],
  [2, f.nbDomain],
  [3, f.dnsComputer],
  [4, f.dnsDomain],
  [5, f.dnsTree],
]);

/** bytes[offset, end) begin an NTLMSSP message. */
export function isNtlmssp(bytes: Uint8Array, offset: number, end: number): boolean {
  return begins(bytes, offset, end, 'NTLMSSP\0');
}

/** Text of [at, at + length) as the flags have it: UTF-16 or one octet a character. */
export function utf16(b: Buf, at: number, length: number): string {
  let text = '';
  for (let i = 0; i + 1 < length && at + i + 1 < b.end; i += 2) text += String.fromCharCode(b.le16(at + i));
  return text;
}

class Message {
  readonly layer: Layer;
  readonly b: Buf;
  /** First octet of the part that fields point to: messages without a version in old clients begin it earlier. */
  flags = 0;

  constructor(layer: Layer, b: Buf) {
    this.layer = layer;
    this.b = b;
  }

  /** Length, room and offset at `at`, and the text that they point to. */
  text(field: FieldDef, at: number, unicode = (this.flags & UNICODE) !== 0): string {
    const { b, layer } = this;
    const length = b.le16(at);
    const offset = b.offset + b.le32(at + 4);
    if (!layer.has(at, 8)) return '';
    if (length === 0) {
      layer.add(field, at, 8, 'NULL');
      return '';
    }
    if (offset + length > b.end) return '';
    const value = unicode ? utf16(b, offset, length) : b.text(offset, length);
    const node = layer.add(field, offset, length, value);
    this.#place(node, at, f.stringLength, f.stringMax, f.stringOffset);
    return value;
  }

  blob(field: FieldDef, at: number): void {
    const { b, layer } = this;
    const length = b.le16(at);
    const offset = b.offset + b.le32(at + 4);
    if (!layer.has(at, 8)) return;
    const inside = length > 0 && offset + length <= b.end;
    const node = inside ? layer.add(field, offset, length, b.slice(offset, length)) : layer.text(at, 8, field.label, 'Empty');
    this.#place(node, at, f.blobLength, f.blobMax, f.blobOffset);
  }

  #place(node: Node, at: number, length: FieldDef, room: FieldDef, offset: FieldDef): void {
    node.uintLe(length, at);
    node.uintLe(room, at + 2);
    node.uintLe(offset, at + 4);
  }

  readFlags(at: number): void {
    this.flags = this.b.le32(at);
    const node = this.layer.uintLeNode(f.flags, at);
    for (const bit of Object.values(bits).reverse()) node.uintLe(bit, at, 4);
  }

  version(at: number): void {
    if ((this.flags & VERSION) === 0 || this.b.end - at < 8) return;
    const node = this.layer.add(f.version, at, 8, null);
    node.uint(f.major, at);
    node.uint(f.minor, at + 1);
    node.uintLe(f.build, at + 2);
    node.uint(f.revision, at + 7);
  }

  info(at: number): void {
    const { b, layer } = this;
    const length = b.le16(at);
    let o = b.offset + b.le32(at + 4);
    if (length === 0 || o + length > b.end) return;
    const node = layer.add(f.targetInfo, o, length, null);
    this.#place(node, at, f.infoLength, f.infoMax, f.infoOffset);
    const end = o + length;
    while (layer.ok && o + 4 <= end) {
      const type = b.le16(o);
      const size = b.le16(o + 2);
      const item = node.text(o, 4 + size, `Attribute: ${nameOf(f.itemType, type) ?? type}`);
      item.uintLe(f.itemType, o);
      item.uintLe(f.itemLength, o + 2);
      const field = items.get(type);
      if (field !== undefined && size > 0 && o + 4 + size <= end) item.add(field, o + 4, size, utf16(b, o + 4, size));
      if (type === 0) break;
      o += 4 + size;
    }
  }
}

function read(layer: Layer, b: Buf): string {
  const o = b.offset;
  const m = new Message(layer, b);
  if (!isNtlmssp(b.bytes, o, b.end)) {
    // A signature (MS-NLMP 2.2.2.9): version 1, checksum, sequence number.
    layer.uintLe(f.verifierVersion, o, 4);
    if (b.length >= 16) layer.bytes(f.verifierBody, o + 4, b.length - 4);
    return '';
  }
  layer.string(f.identifier, o, 8, { zero: true });
  const type = layer.uintLe(f.type, o + 8);
  if (type === 1) {
    m.readFlags(o + 12);
    if (b.length >= 32) {
      // Names in this message are never Unicode.
      m.text(f.callingDomain, o + 16, false);
      m.text(f.workstation, o + 24, false);
      m.version(o + 32);
    }
  } else if (type === 2) {
    m.flags = b.le32(o + 20);
    m.text(f.targetName, o + 12);
    m.readFlags(o + 20);
    layer.bytes(f.serverChallenge, o + 24, 8);
    layer.bytes(f.reserved, o + 32, 8);
    if (b.length >= 48) m.info(o + 40);
    m.version(o + 48);
  } else if (type === 3) {
    m.flags = b.le32(o + 60);
    m.blob(f.lm, o + 12);
    m.blob(f.nt, o + 20);
    const domain = m.text(f.domain, o + 28);
    const user = m.text(f.user, o + 36);
    m.text(f.host, o + 44);
    if (b.length >= 64) {
      m.blob(f.sessionKey, o + 52);
      m.readFlags(o + 60);
      m.version(o + 64);
      // The first payload tells whether there is room for the message integrity code.
      const first = Math.min(...[12, 20, 28, 36, 44, 52].filter((at) => b.le16(o + at) > 0).map((at) => b.le32(o + at + 4)));
      if (first >= 88 && first < Number.POSITIVE_INFINITY) layer.bytes(f.mic, o + 72, 16);
    }
    return `NTLMSSP_AUTH, User: ${domain}\\${user}`;
  }
  return typeNames.get(type) ?? '';
}

export const ntlmssp = app({
  name: 'ntlmssp',
  short: 'NTLMSSP',
  title: 'NTLM Secure Service Provider',
  osi: '5',
  fields: [...Object.values(f), ...Object.values(bits)],
  read,
});
