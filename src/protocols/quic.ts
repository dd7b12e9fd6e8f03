/**
 * QUIC (RFC 9000): headers of all packets, and the frames of Initial packets, whose keys anyone can derive. The version before the standard
 * (GQUIC, "Q0xx") is told apart.
 */
import { hexBytes } from '../bytes/format.ts';
import { type Buf, type Dissection, type Layer, Node } from '../dissect/dissection.ts';
import { bool, bytes, expert, type FieldDef, names, none, string, uint8, uint32, uint64 } from '../dissect/field.ts';
import type { IndexWalk } from '../dissect/index-walk.ts';
import { NONE, RowFlag, UNSET } from '../table/packet-table.ts';
import { app } from './app-kit.ts';
import { draftOf, forcesNegotiation, isVersion2, type OpenedPacket, openPacket, retryTagFits } from './quic-keys.ts';
import { type QuicConnections, quicConnections } from './quic-session.ts';
import { indexQuicHandshake, quicHandshake } from './tls.ts';
import { alertNames } from './tls-names.ts';

const longTypes = names({ 0: 'Initial', 1: '0-RTT', 2: 'Handshake', 3: 'Retry' });
/** QUIC version 2 (RFC 9369 section 3.2) numbers them differently. */
const longTypes2 = names({ 1: 'Initial', 2: '0-RTT', 3: 'Handshake', 0: 'Retry' });

/** RFC 9000, section 19; RFC 9221; drafts of acknowledgement frequency and time stamps. */
const frameNames = names({
  0: 'PADDING',
  1: 'PING',
  2: 'ACK',
  3: 'ACK',
  4: 'RESET_STREAM',
  5: 'STOP_SENDING',
  6: 'CRYPTO',
  7: 'NEW_TOKEN',
  ...Object.fromEntries([8, 9, 10, 11, 12, 13, 14, 15].map((type) => [type, 'STREAM'])),
  16: 'MAX_DATA',
  17: 'MAX_STREAM_DATA',
  18: 'MAX_STREAMS (BIDI)',
  19: 'MAX_STREAMS (UNI)',
  20: 'DATA_BLOCKED',
  21: 'STREAM_DATA_BLOCKED',
  22: 'STREAMS_BLOCKED (BIDI)',
  23: 'STREAMS_BLOCKED (UNI)',
  24: 'NEW_CONNECTION_ID',
  25: 'RETIRE_CONNECTION_ID',
  26: 'PATH_CHALLENGE',
  27: 'PATH_RESPONSE',
  28: 'CONNECTION_CLOSE (Transport)',
  29: 'CONNECTION_CLOSE (Application)',
  30: 'HANDSHAKE_DONE',
  48: 'DATAGRAM',
  49: 'DATAGRAM',
  172: 'IMMEDIATE_ACK',
  175: 'ACK_FREQUENCY',
  757: 'TIME_STAMP',
});
/** What the frame with this first octet is in an Initial packet, where Google has one more CRYPTO frame, and ACK frames by the bits of their type. */
function frameName(type: number): string {
  if (type === GOOGLE_CRYPTO) return 'CRYPTO';
  return isGoogleAck(type) ? 'ACK' : (frameNames.get(type) ?? 'Unknown');
}
/** Wireshark prints the number as decimal where it stands alone. */
const frameTypeText = (type: number, name: string) => ({ display: `${name} (0x${type.toString(16).padStart(16, '0')})` });

/** Transport error codes (RFC 9000 section 20.1). */
function errorName(code: number): string | undefined {
  if (code >= 0x100 && code <= 0x1ff) return 'CRYPTO_ERROR';
  return errorNames.get(code);
}
const errorNames = names({
  0: 'NO_ERROR',
  1: 'INTERNAL_ERROR',
  2: 'CONNECTION_REFUSED',
  3: 'FLOW_CONTROL_ERROR',
  4: 'STREAM_LIMIT_ERROR',
  5: 'STREAM_STATE_ERROR',
  6: 'FINAL_SIZE_ERROR',
  7: 'FRAME_ENCODING_ERROR',
  8: 'TRANSPORT_PARAMETER_ERROR',
  9: 'CONNECTION_ID_LIMIT_ERROR',
  10: 'PROTOCOL_VIOLATION',
  11: 'INVALID_TOKEN',
  12: 'APPLICATION_ERROR',
  13: 'CRYPTO_BUFFER_EXCEEDED',
  14: 'KEY_UPDATE_ERROR',
  15: 'AEAD_LIMIT_REACHED',
  16: 'NO_VIABLE_PATH',
  17: 'VERSION_NEGOTIATION_ERROR',
});

function versionName(version: number): string | undefined {
  if (version === 0) return 'Version Negotiation';
  if (version === 1) return '1';
  if (isVersion2(version)) return '2';
  if (version >>> 8 === 0xff0000) return `draft-${version & 0xff}`;
  if (version >>> 4 === 0xfaceb00) return 'Facebook mvfst';
  if (version >>> 16 === 0x5430 || version >>> 16 === 0x5130) {
    return `Google ${String.fromCharCode(version >>> 24, (version >>> 16) & 255, (version >>> 8) & 255, version & 255)}`;
  }
  return forcesNegotiation(version) ? 'Forcing Version Negotiation' : undefined;
}

const f = {
  connection: uint32('quic.connection.number', 'Connection Number', { generated: true }),
  packetLength: uint32('quic.packet_length', 'Packet Length', { generated: true }),
  form: uint8('quic.header_form', 'Header Form', { mask: 0x80, names: names({ 0: 'Short Header', 1: 'Long Header' }) }),
  fixed: bool('quic.fixed_bit', 'Fixed Bit', { mask: 0x40, bool: ['True', 'False'] }),
  spin: bool('quic.spin_bit', 'Spin Bit', { mask: 0x20, bool: ['True', 'False'] }),
  type: uint8('quic.long.packet_type', 'Packet Type', { mask: 0x30, names: longTypes }),
  type2: uint8('quic.long.packet_type_v2', 'Packet Type', { mask: 0x30, names: longTypes2 }),
  reserved: uint8('quic.long.reserved', 'Reserved', { mask: 0x0c }),
  numberLength: uint8('quic.packet_number_length', 'Packet Number Length', {
    mask: 0x03,
    names: names({ 0: '1 bytes', 1: '2 bytes', 2: '3 bytes', 3: '4 bytes' }),
  }),
  unused: uint8('quic.vn.unused', 'Unused', { mask: 0x7f, base: 'hex' }),
  version: uint32('quic.version', 'Version', { base: 'hex', names: versionName }),
  supported: uint32('quic.supported_version', 'Supported Version', { base: 'hex', names: versionName }),
  dcil: uint8('quic.dcil', 'Destination Connection ID Length'),
  dcid: bytes('quic.dcid', 'Destination Connection ID'),
  scil: uint8('quic.scil', 'Source Connection ID Length'),
  scid: bytes('quic.scid', 'Source Connection ID'),
  tokenLength: uint64('quic.token_length', 'Token Length'),
  token: bytes('quic.token', 'Token'),
  length: uint64('quic.length', 'Length'),
  number: uint64('quic.packet_number', 'Packet Number'),
  payload: bytes('quic.payload', 'Payload'),
  remaining: bytes('quic.remaining_payload', 'Remaining Payload'),
  retryToken: bytes('quic.retry_token', 'Retry Token'),
  retryTag: bytes('quic.retry_integrity_tag', 'Retry Integrity Tag'),
  short: none('quic.short', 'QUIC Short Header'),
  frame: none('quic.frame', 'Frame'),
  frameType: uint64('quic.frame_type', 'Frame Type', { names: frameNames }),
  paddingLength: uint32('quic.padding_length', 'Padding Length', { generated: true }),
  ackLargest: uint64('quic.ack.largest_acknowledged', 'Largest Acknowledged'),
  ackDelay: uint64('quic.ack.ack_delay', 'ACK Delay'),
  ackCount: uint64('quic.ack.ack_range_count', 'ACK Range Count'),
  ackFirst: uint64('quic.ack.first_ack_range', 'First ACK Range'),
  ackGap: uint64('quic.ack.gap', 'Gap'),
  ackRange: uint64('quic.ack.ack_range', 'ACK Range'),
  ect0: uint64('quic.ack.ect0_count', 'ECT(0) Count'),
  ect1: uint64('quic.ack.ect1_count', 'ECT(1) Count'),
  ecnCe: uint64('quic.ack.ecn_ce_count', 'ECN-CE Count'),
  cryptoOffset: uint64('quic.crypto.offset', 'Offset'),
  cryptoLength: uint64('quic.crypto.length', 'Length'),
  cryptoData: none('quic.crypto.crypto_data', 'Crypto Data'),
  errorCode: uint64('quic.cc.error_code', 'Error code', { names: errorName }),
  appErrorCode: uint64('quic.cc.error_code.app', 'Application Error code'),
  tlsAlert: uint8('quic.cc.error_code.tls_alert', 'TLS Alert Description', { names: alertNames }),
  ccFrameType: uint64('quic.cc.frame_type', 'Frame Type', { names: frameNames }),
  reasonLength: uint64('quic.cc.reason_phrase.length', 'Reason phrase Length'),
  reason: string('quic.cc.reason_phrase', 'Reason phrase'),
  failed: expert('quic.decryption_failed', 'warn', 'Failed to decrypt handshake', 'decryption'),
  unknownConnection: expert('quic.connection.unknown', 'note', 'Unknown QUIC connection. Missing Initial Packet or migrated connection?'),
  badRetry: expert('quic.bad_retry', 'warn', 'Retry Integrity Tag verification failure'),
  coalescedPadding: expert('quic.coalesced_padding_data', 'note', '(Random) padding data appended to the datagram'),
  retransmission: expert('quic.retransmission', 'note', 'This QUIC frame has a reused stream offset (retransmission?)', 'sequence'),
  overlap: expert('quic.overlap', 'note', 'This QUIC frame overlaps a previous frame in the stream', 'sequence'),
};

/** Why a packet was not opened. */
const WRONG_KEYS = 'Decryption failed: Decryption (checktag) failed: Checksum error';
const NO_NUMBER = 'Failed to decrypt packet number';
const NO_CONTEXT = 'Failed to create decryption context: ';
const NO_SECRETS = `${NO_CONTEXT}Secrets are not available`;
const NO_CIPHER = `${NO_CONTEXT}Unable to retrieve cipher information`;
const NO_HANDSHAKE = `${NO_CONTEXT}Missing TLS handshake, unsupported ciphers or padding`;

const LONG = 0x80;
const INITIAL = 0;
const ZERO_RTT = 1;
const RETRY = 3;

/** Kind of a packet with a long header, in the numbers of version 1. */
function longType(first: number, version: number): number {
  const type = (first >> 4) & 3;
  return isVersion2(version) ? (type + 3) & 3 : type;
}

/** Length of the variable-length integer at `at` (RFC 9000 section 16), 0 where it is not all there. */
function varintLength(b: Uint8Array, at: number, end: number): number {
  if (at >= end) return 0;
  const length = 1 << ((b[at] as number) >> 6);
  return at + length <= end ? length : 0;
}

/** Its value; only for a place where varintLength() is not 0. */
function varint(b: Uint8Array, at: number): number {
  const length = 1 << ((b[at] as number) >> 6);
  let value = (b[at] as number) & 0x3f;
  for (let k = 1; k < length; k++) value = value * 256 + (b[at + k] as number);
  return value;
}

/** Where the parts of a packet with a long header lie; one object, used again. `named`: as far as its connection ids, of a version, at least. */
const head = { version: 0, type: 0, dcid: 0, dcidEnd: 0, scid: 0, scidEnd: 0, token: 0, tokenEnd: 0, numberAt: 0, end: 0, named: false };

/** Reads the long header at `at`; false where it is not all there. `end` is where the packet ends: coalesced ones follow (RFC 9000 section 12.2). */
function readHead(b: Uint8Array, at: number, end: number): boolean {
  head.named = false;
  if (end - at < 7) return false;
  head.version = u32(b, at + 1);
  head.dcid = at + 6;
  head.dcidEnd = head.dcid + (b[at + 5] as number);
  if (head.dcidEnd >= end) return false;
  head.scid = head.dcidEnd + 1;
  head.scidEnd = head.scid + (b[head.dcidEnd] as number);
  if (head.scidEnd > end) return false;
  head.type = longType(b[at] as number, head.version);
  head.named = head.version !== 0;
  head.token = head.tokenEnd = head.numberAt = head.scidEnd;
  head.end = end;
  if (head.version === 0 || draftOf(head.version) === 0 || head.type === RETRY) return true;
  let o = head.scidEnd;
  if (head.type === INITIAL) {
    const size = varintLength(b, o, end);
    if (size === 0) return false;
    const length = varint(b, o);
    head.token = o + size;
    if (length > end - head.token) return false;
    o = head.token + length;
    head.tokenEnd = o;
  }
  const size = varintLength(b, o, end);
  if (size === 0) return false;
  const length = varint(b, o);
  head.numberAt = o + size;
  if (length > end - head.numberAt) return false;
  head.end = head.numberAt + length;
  return true;
}

/** Index depth: follows the connection, opens Initial packets and hands their handshake bytes on. */
function index(w: IndexWalk): void {
  if (w.quoted || w.stream === UNSET) return;
  const connections = w.capture.state(quicConnections);
  const fromFirst = (w.flags & RowFlag.FromClient) !== 0;
  const b = w.bytes;
  let frame = 0;
  let at = w.offset;
  for (; at < w.end && ((b[at] as number) & LONG) !== 0 && isCoalesced(b, w.offset, at, w.end); at = head.end) {
    const whole = readHead(b, at, w.end);
    if (!whole && !head.named) return;
    const scid = b.subarray(head.scid, head.scidEnd);
    if (draftOf(head.version) === 0) {
      // A connection all the same, though nothing of it can be opened.
      if (head.named && head.type === INITIAL)
        connections.noteInitial(w.stream, w.row, head.version, b.subarray(head.dcid, head.dcidEnd), scid, fromFirst);
      return;
    }
    if (!whole) {
      // Cut by the capture: its connection ids are there, and the keys of what the server answers rest on them.
      if (head.type === INITIAL && w.wireEnd > w.end)
        connections.noteInitial(w.stream, w.row, head.version, b.subarray(head.dcid, head.dcidEnd), scid, fromFirst);
      return;
    }
    if (head.type !== INITIAL) {
      if (head.type !== RETRY && !connections.fromClient(w.stream, w.row, fromFirst)) connections.noteServerId(w.stream, scid);
      continue;
    }
    connections.noteInitial(w.stream, w.row, head.version, b.subarray(head.dcid, head.dcidEnd), scid, fromFirst);
    const fromClient = connections.fromClient(w.stream, w.row, fromFirst);
    const keys = connections.keys(w.stream, w.row, fromClient);
    const opened = keys === null ? null : openPacket(keys, b, at, head.numberAt, head.end);
    if (opened === null) continue;
    const connection = connections.connection(w.stream, w.row);
    const frames = opened.frames;
    for (let o = 0; o < frames.length; ) {
      const next = frameEnd(frames, o);
      if (next < 0) break;
      if (isCrypto(frames[o] as number)) {
        const whole = connections.crypto(w.stream, w.row, frame++, fromClient, crypto.offset, frames.subarray(crypto.from, next));
        if (whole !== null) {
          if (!fromClient && whole[0] === SERVER_HELLO) connections.noteServerHello(connection, w.row);
          indexQuicHandshake(w, connection, fromClient, whole);
        }
      }
      o = next;
    }
  }
  if (at < w.end && isCoalesced(b, w.offset, at, w.end)) connections.noteShort(w.stream, w.row);
}

/**
 * A packet at `at`, behind the one at `first`, rather than octets that fill the datagram up: those of one datagram have one destination
 * connection id (RFC 9000, section 12.2). Where that is empty the bit tells that every packet has set (section 17.2), which is no sure sign
 * (RFC 9287).
 */
function isCoalesced(b: Uint8Array, first: number, at: number, end: number): boolean {
  if (at === first) return true;
  const length = b[first + 5] as number;
  if (length === 0) return ((b[at] as number) & 0x40) !== 0;
  const long = ((b[at] as number) & LONG) !== 0;
  const from = long ? at + 6 : at + 1;
  if (from + length > end || (long && b[at + 5] !== length)) return false;
  for (let k = 0; k < length; k++) if (b[from + k] !== b[first + 6 + k]) return false;
  return true;
}

/** Type of the handshake message. */
const SERVER_HELLO = 2;

const PADDING = 0;
const CRYPTO = 6;
/** The same in Google's T050 and T051. By RFC 9000 it would be a STREAM frame, which no Initial packet holds (section 12.4). */
const GOOGLE_CRYPTO = 8;

function isCrypto(type: number): boolean {
  return type === CRYPTO || type === GOOGLE_CRYPTO;
}

/** Of the CRYPTO frame that frameEnd() went over last. */
const crypto = { offset: 0, from: 0 };

/** Where the frame at `at` ends (those that Initial packets may have, RFC 9000 section 12.4); -1 where it is none of these or not all there. */
function frameEnd(b: Uint8Array, at: number): number {
  const end = b.length;
  let o = at + 1;
  const skip = (count: number): boolean => {
    for (let k = 0; k < count; k++) {
      const size = varintLength(b, o, end);
      if (size === 0) return false;
      o += size;
    }
    return true;
  };
  switch (b[at]) {
    case PADDING:
      while (o < end && b[o] === PADDING) o++;
      return o;
    case 1:
      return o;
    case 2:
    case 3: {
      if (!skip(2) || varintLength(b, o, end) === 0) return -1;
      const ranges = varint(b, o);
      if (ranges > end || !skip(2 + 2 * ranges + (b[at] === 3 ? 3 : 0))) return -1;
      return o;
    }
    case CRYPTO:
    case GOOGLE_CRYPTO: {
      if (varintLength(b, o, end) === 0) return -1;
      crypto.offset = varint(b, o);
      if (!skip(1) || varintLength(b, o, end) === 0) return -1;
      const length = varint(b, o);
      skip(1);
      crypto.from = o;
      return length > end - o ? -1 : o + length;
    }
    case 28:
    case 29: {
      if (!skip(b[at] === 28 ? 2 : 1) || varintLength(b, o, end) === 0) return -1;
      const length = varint(b, o);
      skip(1);
      return length > end - o ? -1 : o + length;
    }
    default:
      return isGoogleAck(b[at] as number) ? googleAckEnd(b, at) : -1;
  }
}

/** Sizes of an integer in Google's ACK frame, by two bits of its type. */
const GOOGLE_SIZES = [1, 2, 4, 6] as const;

/** The ACK frame of Google's T050 and T051, `01nullmm`: by RFC 9000 an integer of two octets for a frame that no Initial packet holds. */
function isGoogleAck(type: number): boolean {
  return type >> 6 === 1;
}

/** Where Google's ACK frame at `at` ends; -1 where it is not all there. */
function googleAckEnd(b: Uint8Array, at: number): number {
  const type = b[at] as number;
  const block = GOOGLE_SIZES[type & 3] as number;
  // Type, largest acknowledged, delay.
  let o = at + 1 + (GOOGLE_SIZES[(type >> 2) & 3] as number) + 2;
  const more = (type & 0x20) === 0 ? 0 : (b[o++] ?? 0);
  o += block + more * (1 + block);
  if (o >= b.length) return -1;
  const stamps = b[o++] as number;
  // The first has a time of four octets, the others of two; each a packet number.
  if (stamps > 0) o += 5 + 3 * (stamps - 1);
  return o > b.length ? -1 : o;
}

/** Adds a variable-length integer; gives where it ends, `end` of the node's bytes where it is not all there. */
function number(node: Node, field: FieldDef, at: number): number {
  const b = node.buf;
  const size = varintLength(b.bytes, at, b.end);
  if (size === 0) {
    node.has(at, b.end - at + 1);
    return b.end;
  }
  node.add(field, at, size, BigInt(varint(b.bytes, at)));
  return at + size;
}

const hexId = (id: Uint8Array): string => hexBytes(id);

/** What one call has found so far. */
interface Reading {
  readonly d: Dissection;
  readonly layer: Layer;
  readonly b: Buf;
  readonly connections: QuicConnections;
  readonly stream: number;
  readonly fromFirst: boolean;
  /** CRYPTO frames of the row so far. */
  frame: number;
}

function read(layer: Layer, b: Buf, d: Dissection): string {
  const transport = d.transport?.kind === 'udp' ? d.transport : null;
  const r: Reading = {
    d,
    layer,
    b,
    connections: d.capture.state(quicConnections),
    stream: transport?.stream ?? NONE,
    fromFirst: transport?.fromClient ?? true,
    frame: 0,
  };
  d.columns.protocol = 'QUIC';
  const info: string[] = [];
  for (let at = b.offset; at < b.end && layer.ok && info.length < 64; ) {
    // What is behind coalesced packets and is none itself (Google pads with zeros).
    if (!isCoalesced(b.bytes, b.offset, at, b.end)) {
      layer.text(at, b.end - at, 'Coalesced Padding Data').expert(f.coalescedPadding);
      break;
    }
    const connection = r.stream === NONE ? -1 : r.connections.connection(r.stream, d.row);
    if (connection >= 0) layer.text(at, 0, 'QUIC Connection information').add(f.connection, at, 0, connection);
    const long = (b.u8(at) & LONG) !== 0;
    const whole = long && readHead(b.bytes, at, b.end);
    const end = whole ? head.end : b.end;
    layer.add(f.packetLength, at, 0, end - at);
    info.push(long ? longPacket(r, at, whole) : shortPacket(r, at));
    at = end;
  }
  return info.join(', ');
}

function shortPacket(r: Reading, at: number): string {
  const { b, d, connections } = r;
  const node = r.layer.add(f.short, at, b.end - at, null);
  node.uint(f.form, at);
  node.uint(f.fixed, at);
  node.uint(f.spin, at);
  const fromClient = r.stream === NONE || connections.fromClient(r.stream, d.row, r.fromFirst);
  const length = r.stream === NONE ? -1 : connections.shortDcid(r.stream, !fromClient);
  let o = at + 1;
  let words = 'Protected Payload (KP0)';
  if (length > 0 && o + length <= b.end) {
    const dcid = node.bytes(f.dcid, o, length);
    words += `, DCID=${hexId(dcid)}`;
    node.display = `DCID=${hexId(dcid)}`;
    o += length;
  }
  const connection = r.stream === NONE ? -1 : connections.connection(r.stream, d.row);
  if (connection < 0) node.expert(f.unknownConnection);
  else if (!connections.cipherKnown(connection, d.row)) node.expert(f.failed, undefined, undefined, NO_HANDSHAKE);
  // All of them are closed: it is said once.
  else if (connections.isFirstShort(connection, d.row)) node.expert(f.failed, undefined, undefined, NO_SECRETS);
  if (o < b.end) node.bytes(f.remaining, o, b.end - o);
  return words;
}

/** Why a packet with a long header could not be opened. */
function notOpened(r: Reading, type: number): string {
  const connection = r.stream === NONE ? -1 : r.connections.connection(r.stream, r.d.row);
  if (connection < 0) return NO_NUMBER;
  if (type === INITIAL) return WRONG_KEYS;
  return r.connections.cipherKnown(connection, r.d.row) || type === ZERO_RTT ? NO_SECRETS : NO_CIPHER;
}

function longPacket(r: Reading, at: number, whole: boolean): string {
  const { layer, b, d } = r;
  // The frames below read headers of their own.
  const { type, dcidEnd, scidEnd, token, tokenEnd, numberAt, end } = head;
  layer.uint(f.form, at, 1);
  const version = b.u32(at + 1);
  if (version === 0) layer.uint(f.unused, at, 1);
  else layer.uint(f.fixed, at, 1);
  if (version !== 0) layer.uint(isVersion2(version) ? f.type2 : f.type, at, 1);
  const known = draftOf(version) > 0;
  let opened: OpenedPacket | null = null;
  if (whole && known && type === INITIAL && r.stream !== NONE) {
    const fromClient = r.connections.fromClient(r.stream, d.row, r.fromFirst);
    const keys = r.connections.keys(r.stream, d.row, fromClient);
    if (keys !== null) opened = openPacket(keys, b.bytes, at, numberAt, end);
  }
  if (opened !== null) {
    layer.add(f.reserved, at, 1, (opened.first >> 2) & 3);
    layer.add(f.numberLength, at, 1, opened.first & 3);
  }
  layer.uint(f.version, at + 1);
  const dcil = layer.uint(f.dcil, at + 5);
  const dcid = dcil > 0 ? layer.bytes(f.dcid, at + 6, dcil) : new Uint8Array(0);
  const scil = layer.uint(f.scil, at + 6 + dcil);
  const scid = scil > 0 ? layer.bytes(f.scid, at + 7 + dcil, scil) : new Uint8Array(0);
  if (!layer.ok) return 'QUIC';
  let words = version === 0 ? 'Version Negotiation' : (longTypes.get(longType(b.u8(at), version)) as string);
  if (dcid.length > 0) words += `, DCID=${hexId(dcid)}`;
  if (scid.length > 0) words += `, SCID=${hexId(scid)}`;
  const rest = at + 7 + dcil + scil;
  if (version === 0) {
    for (let o = rest; o + 4 <= b.end && layer.ok; o += 4) layer.uint(f.supported, o);
    return words;
  }
  if (!whole || !known) {
    if (rest < b.end) layer.bytes(f.remaining, rest, b.end - rest);
    return words;
  }
  if (type === RETRY) {
    if (b.end - scidEnd >= 16) {
      layer.bytes(f.retryToken, scidEnd, b.end - scidEnd - 16);
      const tag = b.slice(b.end - 16, 16);
      const node = layer.add(f.retryTag, b.end - 16, 16, tag);
      const first = r.stream === NONE ? null : r.connections.firstDcid(r.stream, d.row);
      if (first === null) node.expert(f.badRetry, undefined, undefined, 'Cannot verify Retry Packet due to unknown ODCID');
      else if (retryTagFits(version, first, b.slice(at, b.end - at)) === false) node.expert(f.badRetry);
    }
    return words;
  }
  let o = dcidEnd + 1 + scil;
  if (type === INITIAL) {
    number(layer, f.tokenLength, o);
    if (tokenEnd > token) layer.bytes(f.token, token, tokenEnd - token);
    o = tokenEnd;
  }
  number(layer, f.length, o);
  if (opened === null) {
    if (r.stream === NONE || r.connections.connection(r.stream, d.row) < 0) layer.expert(f.unknownConnection, at, end - at);
    layer.expert(f.failed, numberAt, end - numberAt, notOpened(r, type));
    layer.bytes(f.remaining, numberAt, end - numberAt);
    return words;
  }
  layer.add(f.number, numberAt, opened.numberLength, BigInt(opened.number));
  layer.bytes(f.payload, numberAt + opened.numberLength, end - numberAt - opened.numberLength);
  return `${words}, PKN: ${opened.number}${frames(r, opened.frames)}`;
}

/** The frames of an opened packet. Gives their names for the info column. */
function frames(r: Reading, bytes: Uint8Array): string {
  const b = r.d.newBuf('Decrypted QUIC', bytes);
  const top = new Node(r.d, r.layer, b, r.layer.children, null);
  let info = '';
  for (let at = 0; at < bytes.length && r.layer.ok && !r.d.full; ) {
    const end = frameEnd(bytes, at);
    const type = bytes[at] as number;
    const name = frameName(type);
    if (end < 0) {
      top.add(f.frame, at, bytes.length - at, null, { label: name }).add(f.frameType, at, 1, BigInt(type), frameTypeText(type, name));
      break;
    }
    info += `, ${name.replace(/ \(.*/, '')}`;
    const node = top.add(f.frame, at, end - at, null, { label: name });
    node.add(f.frameType, at, 1, BigInt(type), frameTypeText(type, name));
    if (type === PADDING) node.add(f.paddingLength, at, 0, end - at);
    else if (type === 2 || type === 3) acknowledgement(node, at + 1, end, type === 3);
    else if (isCrypto(type)) {
      const { from } = crypto;
      const lengthAt = number(node, f.cryptoOffset, at + 1);
      number(node, f.cryptoLength, lengthAt);
      node.add(f.cryptoData, from, end - from, null);
      const again = r.connections.cameBefore(r.d.row, r.frame);
      if (again !== undefined) node.expert(again === 'overlap' ? f.overlap : f.retransmission);
      const whole = r.connections.delivered(r.d.row, r.frame++);
      if (whole !== undefined) {
        const inPlace = whole.length === end - from;
        const buf = inPlace ? b.from(from, end) : r.d.newBuf('Reassembled QUIC CRYPTO', whole);
        quicHandshake(r.d, r.layer, node, buf);
      }
    } else if (type === 28 || type === 29) closing(node, b, at + 1, end, type === 29);
    at = end;
  }
  return info;
}

function acknowledgement(node: Node, from: number, end: number, ecn: boolean): void {
  let at = number(node, f.ackDelay, number(node, f.ackLargest, from));
  const ranges = varint(node.buf.bytes, at);
  at = number(node, f.ackFirst, number(node, f.ackCount, at));
  for (let k = 0; k < ranges && at < end && node.ok && !node.d.full; k++) at = number(node, f.ackRange, number(node, f.ackGap, at));
  if (ecn) number(node, f.ecnCe, number(node, f.ect1, number(node, f.ect0, at)));
}

function closing(node: Node, b: Buf, from: number, end: number, application: boolean): void {
  const code = varint(b.bytes, from);
  let at = number(node, application ? f.appErrorCode : f.errorCode, from);
  if (!application) {
    if (code >= 0x100 && code <= 0x1ff) node.add(f.tlsAlert, from, at - from, code & 255);
    at = number(node, f.ccFrameType, at);
  }
  at = number(node, f.reasonLength, at);
  if (end > at) node.string(f.reason, at, end - at);
}

function knownVersion(version: number): boolean {
  return (
    version === 0 ||
    version === 1 ||
    isVersion2(version) ||
    // Drafts, Facebook's mvfst, Google's T05x and Q05x, and versions set aside to be refused (RFC 9000 section 15).
    (version >>> 8 === 0xff0000 && (version & 0xff) >= 5 && (version & 0xff) <= 34) ||
    version >>> 4 === 0xfaceb00 ||
    version >>> 8 === 0x543035 ||
    version === 0x51303530 ||
    forcesNegotiation(version)
  );
}

function u32(b: Uint8Array, o: number): number {
  return (((b[o] as number) << 24) | ((b[o + 1] as number) << 16) | ((b[o + 2] as number) << 8) | (b[o + 3] as number)) >>> 0;
}

export const quic = app({
  name: 'quic',
  short: 'QUIC',
  title: 'QUIC IETF',
  osi: '4',
  pdu: 'Packet',
  fields: Object.values(f),
  sticky: true,
  index,
  mayBegin: (octet) => octet >= 0x80,
  accepts(b, o, end) {
    if (end - o < 13 || (b[o] as number) < 0x80) return false;
    const version = u32(b, o + 1);
    const dcil = b[o + 5] as number;
    if (!knownVersion(version) || dcil > 20 || o + 6 + dcil >= end) return false;
    if (version !== 0 && ((b[o] as number) & 0x40) === 0) return false;
    const scil = b[o + 6 + dcil] as number;
    if (scil > 20) return false;
    // A Version Negotiation packet lists versions, and 0 is none (RFC 9000, section 17.2.1).
    const versions = o + 7 + dcil + scil;
    return version !== 0 || (end - versions >= 4 && ((end - versions) & 3) === 0 && u32(b, versions) !== 0);
  },
  read,
});

const g = {
  flags: uint8('gquic.puflags', 'Public Flags', { base: 'hex' }),
  cid: bytes('gquic.cid', 'CID'),
  version: string('gquic.version', 'Version'),
};

/** Offset of the version in a packet that has one, -1 if this is none: "Q0", two digits. */
function versionAt(b: Uint8Array, o: number, end: number): number {
  if (end - o < 13) return -1;
  const first = b[o] as number;
  const at = (first & 0x80) !== 0 ? o + 1 : (first & 0x01) !== 0 && (first & 0x08) !== 0 ? o + 9 : -1;
  if (at < 0 || b[at] !== 0x51 || b[at + 1] !== 0x30 || (b[at + 2] as number) < 0x32 || (b[at + 2] as number) > 0x34) return -1;
  return at;
}

export const gquic = app({
  name: 'gquic',
  short: 'GQUIC',
  title: 'GQUIC (Google Quick UDP Internet Connections)',
  osi: '4',
  pdu: 'Packet',
  fields: Object.values(g),
  sticky: true,
  mayBegin: (octet) => octet >= 0x80 || (octet & 9) === 9,
  accepts: (b, o, end) => versionAt(b, o, end) >= 0,
  read(layer, b) {
    const o = b.offset;
    layer.uint(g.flags, o);
    const at = versionAt(b.bytes, o, b.end);
    if (at === o + 9) layer.bytes(g.cid, o + 1, 8);
    if (at >= 0) layer.string(g.version, at, 4);
    return at >= 0 ? 'Client Hello or other packet with a version' : 'Payload (Encrypted)';
  },
});
