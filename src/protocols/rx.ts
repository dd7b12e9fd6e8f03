/** RX, the remote procedure calls of AFS, over UDP (OpenAFS, rx/rx_packet.h), with the call of AFS that a packet begins. */
import type { Buf, Dissection, Layer } from '../dissect/dissection.ts';
import { abstime, bool, bytes, int32, nameOf, names, none, TRUE_FALSE, uint8, uint16, uint32 } from '../dissect/field.ts';
import { app } from './app-kit.ts';

const HEADER = 28;
const DATA = 1;
const ACK = 2;
const ABORT = 4;
const CHALLENGE = 6;
const RESPONSE = 7;
const VERSION = 13;

const f = {
  epoch: abstime('rx.epoch', 'Epoch'),
  cid: uint32('rx.cid', 'CID'),
  call: uint32('rx.callnumber', 'Call Number'),
  seq: uint32('rx.seq', 'Sequence Number'),
  serial: uint32('rx.serial', 'Serial'),
  type: uint8('rx.type', 'Type', {
    names: names({
      1: 'data',
      2: 'ack',
      3: 'busy',
      4: 'abort',
      5: 'ackall',
      6: 'challenge',
      7: 'response',
      8: 'debug',
      9: 'params',
      13: 'version',
    }),
  }),
  flags: uint8('rx.flags', 'Flags', { base: 'hex' }),
  clientInit: bool('rx.flags.client_init', 'Client Initiated', { bool: TRUE_FALSE, mask: 0x1 }),
  requestAck: bool('rx.flags.request_ack', 'Request Ack', { bool: TRUE_FALSE, mask: 0x2 }),
  lastPacket: bool('rx.flags.last_packet', 'Last Packet', { bool: TRUE_FALSE, mask: 0x4 }),
  morePackets: bool('rx.flags.more_packets', 'More Packets', { bool: TRUE_FALSE, mask: 0x8 }),
  freePacket: bool('rx.flags.free_packet', 'Free Packet', { bool: TRUE_FALSE, mask: 0x10 }),
  userStatus: uint32('rx.userstatus', 'User Status'),
  security: uint32('rx.securityindex', 'Security Index'),
  spare: uint16('rx.spare', 'Spare/Checksum'),
  service: uint16('rx.serviceid', 'Service ID'),
  ack: none('rx.ack', 'ACK Packet'),
  bufferSpace: uint16('rx.bufferspace', 'Bufferspace'),
  maxSkew: uint16('rx.maxskew', 'Max Skew'),
  first: uint32('rx.first', 'First Packet'),
  previous: uint32('rx.prev', 'Prev Packet'),
  reason: uint8('rx.reason', 'Reason', {
    names: names({
      1: 'Ack Requested',
      2: 'Duplicate Packet',
      3: 'Out Of Sequence',
      4: 'Exceeds Window',
      5: 'No Space',
      6: 'Ping',
      7: 'Ping Response',
      8: 'Delay',
      9: 'Idle',
    }),
  }),
  ackCount: uint8('rx.num_acks', 'Num ACKs'),
  ackType: uint8('rx.ack_type', 'ACK Type', { names: names({ 0: 'NACK', 1: 'ACK' }) }),
  interfaceMtu: uint32('rx.if_mtu', 'Interface MTU'),
  maxMtu: uint32('rx.max_mtu', 'Max MTU'),
  window: uint32('rx.rwind', 'rwind'),
  maxPackets: uint32('rx.max_packets', 'Max Packets'),
  abort: none('rx.abort', 'ABORT Packet'),
  abortCode: int32('rx.abort_code', 'Abort Code'),
  challenge: none('rx.challenge', 'CHALLENGE Packet'),
  version: uint32('rx.version', 'Version'),
  nonce: uint32('rx.nonce', 'Nonce', { base: 'hex' }),
  minLevel: uint32('rx.min_level', 'Min Level'),
  response: none('rx.response', 'RESPONSE Packet'),
  encrypted: none('rx.encrypted', 'Encrypted'),
  incNonce: uint32('rx.inc_nonce', 'Inc Nonce', { base: 'hex' }),
  level: uint32('rx.level', 'Level'),
  kvno: uint32('rx.kvno', 'kvno'),
  ticketLength: uint32('rx.ticket_len', 'Ticket len'),
  ticket: bytes('rx.ticket', 'ticket'),
};
const a = {
  fs: uint32('afs.fs.opcode', 'Operation', {
    names: names({
      130: 'fetch-data',
      131: 'fetch-acl',
      132: 'fetch-status',
      133: 'store-data',
      134: 'store-acl',
      135: 'store-status',
      136: 'remove-file',
      137: 'create-file',
      138: 'rename',
      139: 'symlink',
      140: 'link',
      141: 'makedir',
      142: 'rmdir',
      143: 'old-set-lock',
      144: 'old-extend-lock',
      145: 'old-release-lock',
      146: 'get-stats',
      147: 'give-up-callbacks',
      148: 'get-volume-info',
      149: 'get-volume-status',
      150: 'set-volume-status',
      151: 'get-root-volume',
      152: 'check-token',
      153: 'get-time',
      154: 'nget-volume-info',
      155: 'bulk-status',
      156: 'set-lock',
      157: 'extend-lock',
      158: 'release-lock',
      159: 'xstats-version',
      160: 'get-xstats',
      161: 'dfs-lookup',
      162: 'dfs-flushcps',
      163: 'dfs-symlink',
      220: 'residency',
      65536: 'inline-bulk-status',
      65537: 'fetch-data-64',
      65538: 'store-data-64',
      65539: 'give-up-all-callbacks',
      65540: 'get-capabilities',
      65541: 'call-back-rxconn-addr',
      65542: 'get-statistics-64',
    }),
  }),
  cb: uint32('afs.cb.opcode', 'Operation', {
    names: names({
      204: 'callback',
      205: 'init-callback-state',
      206: 'probe',
      207: 'get-lock',
      208: 'get-ce',
      209: 'xstats-version',
      210: 'get-xstats',
      211: 'init-callback-state2',
      212: 'who-are-you',
      213: 'init-callback-state3',
      214: 'probeuuid',
      215: 'get-server-prefs',
      216: 'get-cellservdb',
      217: 'get-local-cell',
      218: 'get-cache-config',
      65536: 'get-ce-64',
      65537: 'get-cell-by-num',
      65538: 'get-capabilities',
    }),
  }),
  prot: uint32('afs.prot.opcode', 'Operation', {
    names: names({
      500: 'new-user',
      501: 'where-is-it',
      502: 'dump-entry',
      503: 'add-to-group',
      504: 'name-to-id',
      505: 'id-to-name',
      506: 'delete',
      507: 'remove-from-group',
      508: 'get-cps',
      509: 'new-entry',
      510: 'list-max',
      511: 'set-max',
      512: 'list-entry',
      513: 'change-entry',
      514: 'list-elements',
      515: 'is-member-of',
      516: 'set-fld-sentry',
      517: 'list-owned',
      518: 'get-cps2',
      519: 'get-host-cps',
      520: 'update-entry',
      521: 'list-entries',
      530: 'list-supergroups',
    }),
  }),
  vldb: uint32('afs.vldb.opcode', 'Operation', {
    names: names({
      501: 'create-entry',
      502: 'delete-entry',
      503: 'get-entry-by-id',
      504: 'get-entry-by-name',
      505: 'get-new-volume-id',
      506: 'replace-entry',
      507: 'update-entry',
      508: 'set-lock',
      509: 'release-lock',
      510: 'list-entry',
      511: 'list-attributes',
      512: 'linked-list',
      513: 'get-stats',
      514: 'probe',
      515: 'get-addrs',
      516: 'change-addr',
      517: 'create-entry-n',
      518: 'get-entry-by-id-n',
      519: 'get-entry-by-name-n',
      520: 'replace-entry-n',
      521: 'list-entry-n',
      522: 'list-attrib-n',
      523: 'linked-list-n',
      524: 'update-entry-by-name',
      525: 'create-entry-u',
      526: 'get-entry-by-id-u',
      527: 'get-entry-by-name-u',
      528: 'replace-entry-u',
      529: 'list-entry-u',
      530: 'list-attrib-u',
      531: 'linked-list-u',
      532: 'regaddr',
      533: 'get-addrs-u',
      534: 'list-attrib-n2',
    }),
  }),
  kauth: uint32('afs.kauth.opcode', 'Operation', {
    names: names({
      1: 'auth-old',
      2: 'change-pw',
      3: 'get-ticket-old',
      4: 'set-pw',
      5: 'set-fields',
      6: 'create-user',
      7: 'delete-user',
      8: 'get-entry',
      9: 'list-entry',
      10: 'get-stats',
      11: 'debug',
      12: 'get-pw',
      13: 'get-random-key',
      14: 'unlock',
      15: 'lock-status',
      21: 'authenticate',
      22: 'authenticate-v2',
      23: 'get-ticket',
    }),
  }),
  vol: uint32('afs.vol.opcode', 'Operation', {
    names: names({
      100: 'create-volume',
      101: 'delete-volume',
      102: 'restore',
      103: 'forward',
      104: 'end-trans',
      105: 'clone',
      106: 'set-flags',
      107: 'get-flags',
      108: 'trans-create',
      109: 'dump',
      110: 'get-nth-volume',
      111: 'set-forwarding',
      112: 'get-name',
      113: 'get-status',
      114: 'sig-restore',
      115: 'list-partitions',
      116: 'list-volumes',
      117: 'set-id-types',
      118: 'monitor',
      119: 'partition-info',
      120: 'reclone',
      121: 'list-one-volume',
      122: 'nuke',
      123: 'set-date',
      124: 'x-list-volumes',
      125: 'x-list-one-volume',
      126: 'set-info',
      127: 'x-list-partitions',
      128: 'forward-multiple',
      65536: 'convert-ro',
      65537: 'getsize',
      65538: 'dump-v2',
      65539: 'partition-info-64',
    }),
  }),
  bos: uint32('afs.bos.opcode', 'Operation', {
    names: names({
      80: 'create-bnode',
      81: 'delete-bnode',
      82: 'set-status',
      83: 'get-status',
      84: 'enumerate-instance',
      85: 'get-instance-info',
      86: 'get-instance-parm',
      87: 'add-superuser',
      88: 'delete-superuser',
      89: 'list-superusers',
      90: 'list-keys',
      91: 'add-key',
      92: 'delete-key',
      93: 'set-cell-name',
      94: 'get-cell-name',
      95: 'get-cell-host',
      96: 'add-cell-host',
      97: 'delete-cell-host',
      98: 'set-t-status',
      99: 'shutdown-all',
      100: 'restart-all',
      101: 'startup-all',
      102: 'set-noauth-flag',
      103: 're-bozo',
      104: 'restart',
      105: 'install',
      106: 'uninstall',
      107: 'get-dates',
      108: 'exec',
      109: 'prune',
      110: 'set-restart-time',
      111: 'get-restart-time',
      112: 'get-log',
      113: 'wait-all',
      114: 'get-instance-strings',
      115: 'get-restricted',
      116: 'set restricted',
    }),
  }),
  update: uint32('afs.update.opcode', 'Operation', { names: names({ 1: 'fetch-file', 2: 'fetch-info' }) }),
};
/** The service stands for the port of the server: RFC-less, OpenAFS's list of ports. */
const opcodes = new Map([
  [7000, a.fs],
  [7001, a.cb],
  [7002, a.prot],
  [7003, a.vldb],
  [7004, a.kauth],
  [7005, a.vol],
  [7007, a.bos],
  [7008, a.update],
]);

const afs = app({
  name: 'afs',
  short: 'AFS',
  title: 'Andrew File System (AFS)',
  fields: Object.values(a),
  read(layer, b, d) {
    // `b` has the RX header before it: the first packet of a call from the client names the operation.
    const o = b.offset + HEADER;
    layer.size(b.length);
    const call = (b.u8(b.offset + 21) & 1) !== 0 && b.u32(b.offset + 12) === 1;
    const field = opcodes.get(d.transport?.dstPort ?? 0);
    if (!call || field === undefined || b.end - o < 4) return call ? 'Request' : 'Reply';
    const code = layer.uint(field, o);
    return `Request: ${nameOf(field, code) ?? code}`;
  },
});

function acknowledgement(layer: Layer, b: Buf, o: number): void {
  const node = layer.add(f.ack, o, b.end - o, null);
  node.uint(f.bufferSpace, o);
  node.uint(f.maxSkew, o + 2);
  node.uint(f.first, o + 4);
  node.uint(f.previous, o + 8);
  node.uint(f.serial, o + 12);
  node.uint(f.reason, o + 16);
  const count = node.uint(f.ackCount, o + 17);
  for (let i = 0; i < count && layer.ok; i++) node.uint(f.ackType, o + 18 + i);
  // Three octets without use, then what newer clients add.
  const at = o + 18 + count + 3;
  for (const [i, field] of [f.interfaceMtu, f.maxMtu, f.window, f.maxPackets].entries()) {
    if (b.end - at < 4 * i + 4) break;
    node.uint(field, at + 4 * i);
  }
}

function response(layer: Layer, b: Buf, o: number): void {
  const node = layer.add(f.response, o, b.end - o, null);
  const version = node.uint(f.version, o);
  let at = o + 4;
  if (version === 2) {
    at += 4;
    const sealed = node.add(f.encrypted, at, 52, null);
    sealed.add(f.epoch, at, 4, { sec: b.u32(at), nsec: 0 });
    sealed.uint(f.cid, at + 4);
    // A checksum of the sealed part, then the security index and four call numbers.
    sealed.uint(f.security, at + 12, 4);
    for (let i = 0; i < 4; i++) sealed.uint(f.call, at + 16 + 4 * i);
    sealed.uint(f.incNonce, at + 32);
    sealed.uint(f.level, at + 36);
    at += 40;
  }
  node.uint(f.kvno, at);
  const length = node.uint(f.ticketLength, at + 4);
  if (length > 0) node.bytes(f.ticket, at + 8, length);
}

function rest(layer: Layer, b: Buf, d: Dissection, type: number): void {
  const o = b.offset + HEADER;
  if (!layer.ok || o >= b.end) return;
  if (type === DATA) {
    layer.size(HEADER);
    d.call(afs, b);
  } else if (type === ACK) acknowledgement(layer, b, o);
  else if (type === ABORT) layer.add(f.abort, o, 4, null).uint(f.abortCode, o);
  else if (type === CHALLENGE) {
    const node = layer.add(f.challenge, o, b.end - o, null);
    const version = node.uint(f.version, o);
    if (version !== 2) return;
    node.uint(f.nonce, o + 4);
    node.uint(f.minLevel, o + 8);
  } else if (type === RESPONSE) response(layer, b, o);
}

export const rx = app({
  name: 'rx',
  short: 'RX',
  title: 'RX Protocol',
  osi: '5',
  fields: Object.values(f),
  // A packet of a type that there is: others use these ports too.
  accepts: (b, o, end) => end - o >= HEADER && (b[o + 20] as number) >= DATA && (b[o + 20] as number) <= VERSION,
  index(w) {
    // Data goes to AFS, which begins where RX does since the RX header says what the call is.
    if (w.end - w.offset > HEADER && w.bytes[w.offset + 20] === DATA) w.follow(afs, w.offset);
  },
  read(layer, b, d) {
    const o = b.offset;
    layer.add(f.epoch, o, 4, { sec: b.u32(o), nsec: 0 });
    layer.uint(f.cid, o + 4);
    const call = layer.uint(f.call, o + 8);
    const seq = layer.uint(f.seq, o + 12);
    const serial = layer.uint(f.serial, o + 16);
    const type = layer.uint(f.type, o + 20);
    const flags = layer.uintNode(f.flags, o + 21);
    for (const flag of [f.freePacket, f.morePackets, f.lastPacket, f.requestAck, f.clientInit]) flags.uint(flag, o + 21, 1);
    layer.uint(f.userStatus, o + 22, 1);
    layer.uint(f.security, o + 23, 1);
    layer.uint(f.spare, o + 24);
    layer.uint(f.service, o + 26);
    rest(layer, b, d, type);
    if (type === VERSION || !layer.ok) return nameOf(f.type, type) ?? '';
    return `${nameOf(f.type, type) ?? `Type ${type}`}  Seq: ${seq}  Call: ${call}  Serial: ${serial}`;
  },
});
