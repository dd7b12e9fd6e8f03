/** NTP (RFC 5905) with extension fields, control messages (RFC 9327), and ntpd's private mode (./ntp-private.ts). */
import type { Buf, Layer } from '../dissect/dissection.ts';
import { abstime, bool, bytes, type FieldDef, nameOf, names, none, string, uint8, uint16, uint32 } from '../dissect/field.ts';
import { app } from './app-kit.ts';
import { header, modes, timestamp } from './ntp-fields.ts';
import { privateFields, privateItems } from './ntp-private.ts';

const leap = names({
  0: 'no warning',
  1: 'last minute of the day has 61 seconds',
  2: 'last minute of the day has 59 seconds',
  3: 'unknown (clock unsynchronized)',
});
/** The same in the layer's title. */
const modeWords = ['reserved', 'symmetric active', 'symmetric passive', 'client', 'server', 'broadcast', 'control', 'private'];
const opcodes = names({
  0: 'reserved',
  1: 'read status',
  2: 'read variables',
  3: 'write variables',
  4: 'read clock variables',
  5: 'write clock variables',
  6: 'set trap address/port',
  7: 'asynchronous message',
  8: 'runtime configuration',
  9: 'save config to file',
  10: 'retrieve MRU (mrulist)',
  11: 'retrieve ordered list',
  12: 'request a client nonce',
  31: 'unset trap address/port',
});
const requests = names({
  0: 'PEER_LIST',
  1: 'PEER_LIST_SUM',
  2: 'PEER_INFO',
  3: 'PEER_STATS',
  4: 'SYS_INFO',
  5: 'SYS_STATS',
  6: 'IO_STATS',
  7: 'MEM_STATS',
  8: 'LOOP_INFO',
  9: 'TIMER_STATS',
  10: 'CONFIG',
  11: 'UNCONFIG',
  12: 'SET_SYS_FLAG',
  13: 'CLR_SYS_FLAG',
  14: 'MONITOR',
  15: 'NOMONITOR',
  16: 'GET_RESTRICT',
  17: 'RESADDFLAGS',
  18: 'RESSUBFLAGS',
  19: 'UNRESTRICT',
  20: 'MON_GETLIST',
  21: 'RESET_STATS',
  22: 'RESET_PEER',
  23: 'REREAD_KEYS',
  24: 'DO_DIRTY_HACK',
  25: 'DONT_DIRTY_HACK',
  26: 'TRUSTKEY',
  27: 'UNTRUSTKEY',
  28: 'AUTHINFO',
  29: 'TRAPS',
  30: 'ADD_TRAP',
  31: 'CLR_TRAP',
  32: 'REQUEST_KEY',
  33: 'CONTROL_KEY',
  34: 'GET_CTLSTATS',
  35: 'GET_LEAPINFO',
  36: 'GET_CLOCKINFO',
  37: 'SET_CLKFUDGE',
  38: 'GET_KERNEL',
  39: 'GET_CLKBUGINFO',
  41: 'SET_PRECISION',
  42: 'MON_GETLIST_1',
  43: 'HOSTNAME_ASSOCID',
  44: 'IF_STATS',
  45: 'IF_RELOAD',
});
const systemEvents = names({
  0: 'unspecified',
  1: 'frequency correction (drift) file not available',
  2: 'frequency correction started (frequency stepped)',
  3: 'spike detected and ignored, starting stepout timer',
  4: 'frequency training started',
  5: 'clock synchronized',
  6: 'system restart',
  7: 'panic stop (required step greater than panic threshold)',
  8: 'no system peer',
  9: 'leap second insertion/deletion armed',
  10: 'leap second disarmed',
  11: 'leap second inserted or deleted',
  12: 'clock stepped (stepout timer expired)',
  13: 'kernel loop discipline status changed',
  14: 'leapseconds table loaded from file',
  15: 'leapseconds table outdated, updated file needed',
});
const clockSources = names({
  0: 'unspecified or unknown',
  1: 'Calibrated atomic clock (e.g. HP 5061)',
  2: 'VLF (band 4) or LF (band 5) radio (e.g. OMEGA, WWVB)',
  3: 'HF (band 7) radio (e.g. CHU, MSF, WWV/H)',
  4: 'UHF (band 9) satellite (e.g. GOES, GPS)',
  5: 'local net (e.g. DCN, TSP, DTS)',
  6: 'UDP/NTP',
  7: 'UDP/TIME',
  8: 'eyeball-and-wristwatch',
  9: 'telephone modem (e.g. NIST)',
});

const f = {
  flags: uint8('ntp.flags', 'Flags', { base: 'hex' }),
  leap: uint8('ntp.flags.li', 'Leap Indicator', { mask: 0xc0, names: leap }),
  version: uint8('ntp.flags.vn', 'Version number', { mask: 0x38, names: (v) => `NTP Version ${v}` }),
  mode: uint8('ntp.flags.mode', 'Mode', { mask: 7, names: modes }),
  ...header,
  ext: none('ntp.ext', 'Extension'),
  extType: uint16('ntp.ext.type', 'Field Type', {
    names: names({
      2: 'No-Operation Request',
      258: 'Association Message Request',
      260: 'Unique Identifier',
      514: 'Certificate Message Request',
      516: 'NTS Cookie',
      770: 'Cookie Message Request',
      772: 'NTS Cookie Placeholder',
      1026: 'Autokey Message Request',
      1028: 'NTS Authenticator and Encrypted Extension Fields',
      1282: 'Leapseconds Message Request',
      1538: 'Sign Message Request',
      1794: 'IFF Identity Message Request',
      2050: 'GQ Identity Message Request',
      2306: 'MV Identity Message Request',
      8197: 'Checksum Complement',
      32770: 'No-Operation Response',
      33026: 'Association Message Response',
      33282: 'Certificate Message Response',
      33538: 'Cookie Message Response',
      33794: 'Autokey Message Response',
      34050: 'Leapseconds Message Response',
      34306: 'Sign Message Response',
      34562: 'IFF Identity Message Response',
      34818: 'GQ Identity Message Response',
      35074: 'MV Identity Message Response',
      49154: 'No-Operation Error Response',
      49410: 'Association Message Error Response',
      49666: 'Certificate Message Error Response',
      49922: 'Cookie Message Error Response',
      50178: 'Autokey Message Error Response',
      50434: 'Leapseconds Message Error Response',
      50690: 'Sign Message Error Response',
      50946: 'IFF Identity Message Error Response',
      51202: 'GQ Identity Message Error Response',
      51458: 'MV Identity Message Error Response',
    }),
    base: 'hex',
  }),
  extLength: uint16('ntp.ext.length', 'Length'),
  extValue: bytes('ntp.ext.value', 'Value'),
  // control
  flags2: uint8('ntp.ctrl.flags2', 'Flags 2', { base: 'hex' }),
  response: uint8('ntp.ctrl.flags2.r', 'Response bit', { mask: 0x80, names: names({ 0: 'Request', 1: 'Response' }) }),
  error: uint8('ntp.ctrl.flags2.error', 'Error bit', { mask: 0x40 }),
  more: uint8('ntp.ctrl.flags2.more', 'More bit', { mask: 0x20 }),
  opcode: uint8('ntp.ctrl.flags2.opcode', 'Opcode', { mask: 0x1f, names: opcodes }),
  sequence: uint16('ntp.ctrl.sequence', 'Sequence'),
  status: uint16('ntp.ctrl.status', 'Status', { base: 'hex' }),
  association: uint16('ntp.ctrl.associd', 'AssociationID'),
  offset: uint16('ntp.ctrl.offset', 'Offset'),
  count: uint16('ntp.ctrl.count', 'Count'),
  data: none('ntp.ctrl.data', 'Data'),
  item: none('ntp.ctrl.item', 'Item'),
  sysLeap: uint16('ntp.ctrl.sys_status.li', 'Leap Indicator', { mask: 0xc000, names: leap }),
  sysSource: uint16('ntp.ctrl.sys_status.clksrc', 'Clock Source', { mask: 0x3f00, names: clockSources }),
  sysCount: uint16('ntp.ctrl.sys_status.count', 'System Event Counter', { mask: 0xf0 }),
  sysCode: uint16('ntp.ctrl.sys_status.code', 'System Event Code', { mask: 0x0f, names: systemEvents }),
  peerConfig: bool('ntp.ctrl.peer_status.config', 'Peer Status', {
    mask: 0x8000,
    bool: ['configured (peer.config)', 'not configured (peer.config)'],
  }),
  peerAuthEnable: bool('ntp.ctrl.peer_status.authenable', 'Peer Status', {
    mask: 0x4000,
    bool: ['authentication enabled (peer.authenable)', 'authentication disabled (peer.authenable)'],
  }),
  peerAuthentic: bool('ntp.ctrl.peer_status.authentic', 'Peer Status', {
    mask: 0x2000,
    bool: ['authentication okay (peer.authentic)', 'authentication not okay (peer.authentic)'],
  }),
  peerReach: bool('ntp.ctrl.peer_status.reach', 'Peer Status', {
    mask: 0x1000,
    bool: ['reachability okay (peer.reach != 0)', 'reachability not okay (peer.reach != 0)'],
  }),
  peerBroadcast: bool('ntp.ctrl.peer_status.bcast', 'Peer Status broadcast association', { mask: 0x0800 }),
  peerSelection: uint16('ntp.ctrl.peer_status.selection', 'Peer Selection', {
    names: names({
      0: 'rejected',
      1: 'passed sanity checks (tests 1 through 8 in Section 3.4.3)',
      2: 'passed correctness checks (intersection algorithm in Section 4.2.1)',
      3: 'passed candidate checks (if limit check implemented)',
      4: 'passed outlier checks (clustering algorithm in Section 4.2.2)',
      5: 'current synchronization source; max distance exceeded (if limit check implemented)',
      6: 'current synchronization source; max distance okay',
      7: 'reserved',
    }),
    mask: 0x0700,
  }),
  peerCount: uint16('ntp.ctrl.peer_status.count', 'Peer Event Counter', { mask: 0xf0 }),
  peerCode: uint16('ntp.ctrl.peer_status.code', 'Peer Event Code', {
    names: names({
      0: 'unspecified',
      1: 'association mobilized',
      2: 'association demobilized',
      3: 'peer unreachable (peer.reach was nonzero now zero)',
      4: 'peer reachable (peer.reach was zero now nonzero)',
      5: 'association restarted or timed out',
      6: 'no server found (ntpdate mode)',
      7: 'rate exceeded (kiss code RATE)',
      8: 'access denied (kiss code DENY)',
      9: 'leap armed from server LI code',
      10: 'become system peer',
      11: 'reference clock event (see clock status word)',
      12: 'authentication failure',
      13: 'popcorn spike suppressor',
      14: 'entering interleave mode',
      15: 'interleave error (recovered)',
      16: 'leapsecond values update from server',
    }),
    mask: 0x0f,
  }),
  clockStatus: uint16('ntp.ctrl.clock_status.status', 'Clock Status', {
    mask: 0xff00,
    names: names({
      0: 'clock operating within nominals',
      1: 'reply timeout',
      2: 'bad reply format',
      3: 'hardware or software fault',
      4: 'propagation failure',
      5: 'bad date format or value',
      6: 'bad time format or value',
    }),
  }),
  clockCode: uint16('ntp.ctrl.clock_status.code', 'Clock Event Code', { mask: 0x00ff }),
  trapMessage: string('ntp.ctrl.trapmsg', 'Trap message'),
  configuration: string('ntp.ctrl.configuration', 'Configuration'),
  recent: string('ntp.ctrl.mru', 'MRU'),
  ordered: string('ntp.ctrl.ordlist', 'Ordered List'),
  nonce: string('ntp.ctrl.nonce', 'Nonce'),
  padding: bytes('ntp.padding', 'Padding'),
  keyType: uint8('ntp.key_type', 'Key type', { generated: true, names: names({ 0: 'MD5', 1: 'SHA' }) }),
  keyIndex: uint32('ntp.key_index', 'KeyIndex', { base: 'hex' }),
  keySignature: bytes('ntp.key_signature', 'Signature'),
  errorCode: uint16('ntp.ctrl.err_status', 'Error Status Word', {
    names: names({
      0: 'unspecified',
      1: 'authentication failure',
      2: 'invalid message length or format',
      3: 'invalid opcode',
      4: 'unknown association identifier',
      5: 'unknown variable name',
      6: 'invalid variable value',
      7: 'administratively prohibited',
    }),
    mask: 0xff00,
  }),
  // private
  privResponse: uint8('ntp.priv.flags.r', 'Response bit', { mask: 0x80, names: names({ 0: 'Request', 1: 'Response' }) }),
  privMore: uint8('ntp.priv.flags.more', 'More bit', { mask: 0x40 }),
  authSequence: uint8('ntp.priv.auth_seq', 'Auth, sequence'),
  auth: uint8('ntp.priv.auth', 'Auth bit', { mask: 0x80 }),
  privSequence: uint8('ntp.priv.seq', 'Sequence number', { mask: 0x7f }),
  implementation: uint8('ntp.priv.impl', 'Implementation', { names: names({ 0: 'UNIV', 2: 'XNTPD_OLD (pre-IPv6)', 3: 'XNTPD' }) }),
  request: uint8('ntp.priv.reqcode', 'Request code', { names: requests }),
  privError: uint8('ntp.priv.err', 'Err', {
    base: 'hex',
    mask: 0xf0,
    names: names({
      0: 'No error',
      1: 'incompatible implementation number',
      2: 'unimplemented request code',
      3: 'format error',
      4: 'no data available',
      5: 'unknown',
      6: 'unknown',
      7: 'authentication failure',
    }),
  }),
  items: uint16('ntp.priv.numitems', 'Number of data items', { mask: 0x0fff }),
  reserved: uint8('ntp.priv.reserved', 'Reserved', { base: 'hex', mask: 0xf0 }),
  itemSize: uint16('ntp.priv.itemsize', 'Size of data item', { mask: 0x0fff }),
  authTime: abstime('ntp.priv.tstamp', 'Authentication timestamp', { zero: 'NULL' }),
};

function addTime(layer: Layer, field: FieldDef, at: number): void {
  if (!layer.has(at, 8)) return;
  const b = layer.buf;
  layer.add(field, at, 8, timestamp(b, at));
}

/** Seconds of a 16.16 fixed-point number. */
const fixed = (value: number): string => `${(value / 65536).toFixed(6)} seconds`;

function standard(layer: Layer, b: Buf): void {
  const o = b.offset;
  layer.uint(f.stratum, o + 1);
  const poll = layer.uintNode(f.poll, o + 2);
  const exponent = b.u8(o + 2);
  poll.display = exponent >= 3 && exponent <= 17 ? `${exponent} (${2 ** exponent} seconds)` : `invalid (${exponent})`;
  const precision = layer.uintNode(f.precision, o + 3);
  precision.display = `${(2 ** ((b.u8(o + 3) << 24) >> 24)).toFixed(6)} seconds`;
  layer.uintNode(f.rootDelay, o + 4).display = fixed(b.u32(o + 4));
  layer.uintNode(f.rootDispersion, o + 8).display = fixed(b.u32(o + 8));
  const stratum = b.u8(o + 1);
  const id = b.slice(o + 12, 4);
  layer.bytes(f.reference, o + 12, 4, {
    display: stratum <= 1 ? (b.u32(o + 12) === 0 ? 'NULL' : b.text(o + 12, 4).replace(/\0+$/, '')) : [...id].join('.'),
  });
  for (const [i, field] of [f.referenceTime, f.origin, f.receive, f.transmit].entries()) addTime(layer, field, o + 16 + 8 * i);
  let at = o + 48;
  // Extension fields of at least 16 bytes, then a key and a digest (RFC 7822).
  while (layer.ok && b.end - at > 24) {
    const length = b.u16(at + 2);
    if (length < 16 || length > b.end - at) break;
    const node = layer.add(f.ext, at, length, null);
    node.uint(f.extType, at);
    node.uint(f.extLength, at + 2);
    if (length > 4) node.bytes(f.extValue, at + 4, length - 4);
    at += length;
  }
  if (layer.ok && b.end - at >= 4) {
    layer.bytes(f.keyId, at, 4);
    if (b.end - at > 4) layer.bytes(f.mac, at + 4, b.end - at - 4);
  }
}

const PEER_STATUS = [
  f.peerConfig,
  f.peerAuthEnable,
  f.peerAuthentic,
  f.peerReach,
  f.peerBroadcast,
  f.peerSelection,
  f.peerCount,
  f.peerCode,
];
const SYSTEM_STATUS = [f.sysLeap, f.sysSource, f.sysCount, f.sysCode];
const CLOCK_STATUS = [f.clockStatus, f.clockCode];

const READ_STATUS = 1;

/** The bits of the status word (RFC 9327, section 3): what they are depends on what was asked. */
function statusBits(flags: number, association: number): readonly FieldDef[] {
  const opcode = flags & 0x1f;
  if ((flags & 0x80) === 0) return [];
  if ((flags & 0x40) !== 0) return [f.errorCode];
  if (opcode === 4 || opcode === 5) return CLOCK_STATUS;
  if ((opcode >= READ_STATUS && opcode <= 3) || opcode === 7) return association === 0 ? SYSTEM_STATUS : PEER_STATUS;
  return [];
}

/** Data that is one text, by opcode. */
const controlTexts = new Map<number, FieldDef>([
  [7, f.trapMessage],
  [8, f.configuration],
  [9, f.configuration],
  [10, f.recent],
  [11, f.ordered],
  [12, f.nonce],
]);

function control(layer: Layer, b: Buf): void {
  const o = b.offset;
  layer.uintNode(f.flags2, o + 1).bits([f.response, f.error, f.more, f.opcode], o + 1, 1);
  const isResponse = (b.u8(o + 1) & 0x80) !== 0;
  const opcode = b.u8(o + 1) & 0x1f;
  layer.uint(f.sequence, o + 2);
  const association = b.u16(o + 6);
  layer.uintNode(f.status, o + 4).bits(statusBits(b.u8(o + 1), association), o + 4, 2);
  layer.uint(f.association, o + 6);
  layer.uint(f.offset, o + 8);
  const count = layer.uint(f.count, o + 10);
  if (!layer.ok) return;
  const end = Math.min(b.end, o + 12 + count);
  if (end > o + 12) controlData(layer, opcode, isResponse && association === 0, o + 12, end);
  authenticator(layer, o, o + 12 + count);
}

/** `isSystem`: of a response about no association in particular. */
function controlData(layer: Layer, opcode: number, isSystem: boolean, from: number, end: number): void {
  const data = layer.add(f.data, from, end - from, null);
  const text = controlTexts.get(opcode);
  if (text !== undefined) data.string(text, from, end - from);
  else if (opcode === READ_STATUS && isSystem) {
    for (let at = from; at + 4 <= end && !layer.d.full; at += 4) {
      const item = data.add(f.item, at, 4, null);
      item.uint(f.association, at);
      item.uintNode(f.status, at + 2).bits(PEER_STATUS, at + 2, 2);
    }
  } else data.text(from, end - from, 'Variables', layer.buf.text(from, end - from));
}

const MD5_BYTES = 20;
const SHA_BYTES = 24;

/** What follows the data: padding up to a multiple of eight octets of the message, then perhaps a key and a digest. */
function authenticator(layer: Layer, start: number, from: number): void {
  const b = layer.buf;
  const padding = (8 - ((from - start) % 8)) % 8;
  if (b.end - from <= padding) return;
  if (padding > 0) layer.bytes(f.padding, from, padding);
  const at = from + padding;
  const length = b.end - at;
  const node = layer.text(at, length, 'Authenticator');
  if (length !== MD5_BYTES && length !== SHA_BYTES) return;
  node.add(f.keyType, at, 0, length === MD5_BYTES ? 0 : 1);
  node.uint(f.keyIndex, at);
  node.bytes(f.keySignature, at + 4, length - 4);
}

function privateMessage(layer: Layer, b: Buf): void {
  const o = b.offset;
  const auth = layer.uintNode(f.authSequence, o + 1);
  auth.uint(f.auth, o + 1);
  auth.uint(f.privSequence, o + 1);
  layer.uint(f.implementation, o + 2);
  const request = layer.uint(f.request, o + 3);
  layer.uint(f.privError, o + 4);
  const items = layer.uint(f.items, o + 4);
  layer.uint(f.reserved, o + 6);
  const size = layer.uint(f.itemSize, o + 6);
  const isResponse = (b.u8(o) & 0x80) !== 0;
  privateItems(layer, nameOf(f.request, request) ?? 'Unknown', request, isResponse, items, size);
  // A request with authentication ends at a fixed place, whatever its items take.
  if (isResponse || (b.u8(o + 1) & 0x80) === 0 || b.end < o + AUTHENTICATION_AT + 8) return;
  addTime(layer, f.authTime, o + AUTHENTICATION_AT);
  const at = o + AUTHENTICATION_AT + 8;
  if (b.end - at < 4) return;
  layer.bytes(f.keyId, at, 4);
  if (b.end - at > 4) layer.bytes(f.mac, at + 4, b.end - at - 4);
}

/** Behind a header of 8 octets and room for items. */
const AUTHENTICATION_AT = 184;

export const ntp = app({
  name: 'ntp',
  short: 'NTP',
  title: 'Network Time Protocol',
  fields: [...Object.values(f), ...Object.values(privateFields)],
  read(layer, b) {
    const o = b.offset;
    const flags = layer.uintNode(f.flags, o);
    const mode = b.u8(o) & 7;
    const version = (b.u8(o) >> 3) & 7;
    if (mode === 7) {
      flags.uint(f.privResponse, o);
      flags.uint(f.privMore, o);
    } else flags.uint(f.leap, o);
    flags.uint(f.version, o);
    flags.uint(f.mode, o);
    flags.sayBits();
    if (mode === 6) control(layer, b);
    else if (mode === 7) privateMessage(layer, b);
    else standard(layer, b);
    return `NTP Version ${version}, ${modeWords[mode]}`;
  },
});
