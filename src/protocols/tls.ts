/** TLS over TCP: the record layer (RFC 8446 section 5, RFC 5246 section 6.2), decrypted where there are secrets (`tls-plain.ts`). */

import { type Buf, type Dissection, type Layer, Node } from '../dissect/dissection.ts';
import { bytes, expert, framenum, none, string, uint8, uint16, uint32 } from '../dissect/field.ts';
import { type Framer, NEED_MORE, REJECT, type StreamSide } from '../dissect/framer.ts';
import type { IndexWalk } from '../dissect/index-walk.ts';
import { allProtocols, defineProtocol, type Protocol } from '../dissect/protocol.ts';
import { NONE } from '../table/packet-table.ts';
import { tlsSecrets } from '../tls/secrets.ts';
import { be16 } from './app-kit.ts';
import { Ber } from './ber.ts';
import { extensionFields } from './tls-extensions.ts';
import { handshakeFields, handshakeName, hasCertificates, indexParts, readHandshake, signedTimestamps } from './tls-handshake.ts';
import { alpnProtocols, protocolOfPorts } from './tls-inner.ts';
import { alertNames, contentNames, handshakeNames, levelNames, versionNames } from './tls-names.ts';
import { byteAt, ContentType, isContentType, type Opened, RECORD_HEADER, recordEnd, type TlsPlain, tlsPlain } from './tls-plain.ts';
import { quicSessions, type TlsSessions, tlsSessions } from './tls-session.ts';
import { looksLikeSsl2, Phase, SSL2, SSL2_SERVER_HELLO, SSL2_TYPES, ssl2Message, ssl2Record, ssl2Size } from './tls-ssl2.ts';
import { readCertificate } from './x509.ts';
import { registered } from './x509-extensions.ts';

const HEADER = RECORD_HEADER;
const CHANGE_CIPHER_SPEC = ContentType.ChangeCipherSpec;
const ALERT = ContentType.Alert;
const HANDSHAKE = ContentType.Handshake;
const APPLICATION_DATA = ContentType.Application;
const CLIENT_HELLO = 1;
/** Records of DTLS with a connection ID (RFC 9146 section 4): a content type all the same, so Wireshark waits for one here too. */
const CONNECTION_ID = 25;
const SSL3 = 0x0300;
const TLS12 = 0x0303;
const NO_RENEGOTIATION = 100;
/** 2^14 and room for what encryption and compression add. */
const MAX_RECORD = 16384 + 2048;

const f = {
  record: none('tls.record', 'Record Layer'),
  contentType: uint8('tls.record.content_type', 'Content Type', { names: contentNames }),
  opaqueType: uint8('tls.record.opaque_type', 'Opaque Type', { names: contentNames }),
  version: uint16('tls.record.version', 'Version', { base: 'hex', names: versionNames }),
  length: uint16('tls.record.length', 'Length'),
  changeCipherSpec: none('tls.change_cipher_spec', 'Change Cipher Spec Message'),
  alert: none('tls.alert_message', 'Alert Message'),
  alertLevel: uint8('tls.alert_message.level', 'Level', { names: levelNames }),
  alertDescription: uint8('tls.alert_message.desc', 'Description', { names: alertNames }),
  appData: bytes('tls.app_data', 'Encrypted Application Data'),
  appDataProto: string('tls.app_data_proto', 'Application Data Protocol', { generated: true }),
  unknownRecord: expert('tls.ignored_unknown_record', 'warn', 'Ignored Unknown Record'),
  resumed: expert('tls.resumed', 'note', 'This session reuses previously negotiated keys (Session resumption)', 'sequence'),
  missing: expert('tls.keylog.missing', 'note', 'The key log has no secret for this connection', 'decryption'),
  wrong: expert('tls.keylog.wrong', 'warn', 'The secrets that the key log has for this connection do not open this record', 'decryption'),
  nameless: expert(
    'tls.keylog.no_client_hello',
    'note',
    'Without its ClientHello this connection cannot be found in a key log',
    'decryption',
  ),
  suite: expert('tls.keylog.cipher_suite', 'note', 'Records of this cipher suite cannot be decrypted', 'decryption'),
  segmentData: bytes('tls.segment.data', 'TLS segment data'),
  segments: none('tls.segments', 'Reassembled TLS segments', { generated: true }),
  segment: framenum('tls.segment', 'TLS segment', { generated: true }),
  segmentCount: uint32('tls.segment.count', 'Segment count', { generated: true }),
  reassembledLength: uint32('tls.reassembled.length', 'Reassembled PDU length', { generated: true }),
  reassembledData: bytes('tls.reassembled.data', 'Reassembled PDU data', { generated: true }),
} as const;

/** Word of the protocol column for a version. */
const shortNames = new Map([
  [0x0002, 'SSLv2'],
  [0x0300, 'SSLv3'],
  [0x0301, 'TLSv1'],
  [0x0302, 'TLSv1.1'],
  [0x0303, 'TLSv1.2'],
  [0x0304, 'TLSv1.3'],
]);

/**
 * How a connection's records are told, by its version so far (Wireshark's order). Unknown, or TLS 1.3: what has the form of a record of SSL 2.0 or
 * of a later one, each by itself; nothing else is waited for. SSL 3.0 to TLS 1.2: what has a content type, whatever version stands in it. SSL 2.0:
 * everything.
 */
const framer: Framer = {
  early: true,
  feed(side, bytes, offset, end) {
    const have = side.carryLength + end - offset;
    const sessions = side.capture.state(tlsSessions);
    const version = sessions.recordVersion(side.stream);
    if (version === SSL2) return ssl2Record(side, sessions, bytes, offset, have);
    // In the clear, on a connection that was taken for TLS.
    if (side.carryLength === 0 && isText(bytes, offset, end)) return REJECT;
    if (have < HEADER) return NEED_MORE;
    const type = byteAt(side, bytes, offset, 0);
    const known = version >= SSL3 && version <= TLS12;
    if (known ? type === 0x80 && byteAt(side, bytes, offset, 2) === 1 : looksLikeSsl2(type, byteAt(side, bytes, offset, 2)))
      return ssl2Record(side, sessions, bytes, offset, have);
    if ((!isContentType(type) && type !== CONNECTION_ID) || (!known && byteAt(side, bytes, offset, 1) !== 3)) return end;
    const body = have > HEADER ? byteAt(side, bytes, offset, HEADER) : 0;
    // A ClientHello's record has the version of nobody's choice yet.
    if (version === 0 && (type === CHANGE_CIPHER_SPEC || (type === HANDSHAKE && body !== CLIENT_HELLO && handshakeNames.has(body))))
      sessions.noteRecordVersion(side.stream, side.row, (byteAt(side, bytes, offset, 1) << 8) | byteAt(side, bytes, offset, 2));
    const total = HEADER + ((byteAt(side, bytes, offset, 3) << 8) | byteAt(side, bytes, offset, 4));
    if (type === APPLICATION_DATA) side.a = SPOKEN;
    if (total <= have) return offset + total - side.carryLength;
    side.need = total - have;
    side.keep = type === HANDSHAKE || type === CHANGE_CIPHER_SPEC || side.capture.state(tlsSecrets).any;
    return NEED_MORE;
  },
  done(side) {
    if (side.phase !== Phase.Ssl2) return;
    side.phase = Phase.None;
    side.capture.state(tlsSessions).noteRecordVersion(side.stream, side.row, SSL2);
  },
  /** What a connection has agreed on is kept by stream. */
  forgets: () => true,
  content(side, w, bytes, offset, end) {
    const sessions = side.capture.state(tlsSessions);
    const plain = side.capture.state(tlsSecrets).any ? side.capture.state(tlsPlain) : null;
    let at = offset;
    const ssl2 = ssl2Size(bytes, at, end, 4);
    if (ssl2 === 0 && sessions.recordVersion(side.stream) === SSL2) return;
    if (ssl2 > 0) {
      const length = ((bytes[at + 7] as number) << 8) | (bytes[at + 8] as number);
      if (at + SSL2_SERVER_HELLO + length <= end) readCertificate(bytes, at + SSL2_SERVER_HELLO, at + SSL2_SERVER_HELLO + length, w, null);
      at += ssl2;
    }
    while (end - at >= HEADER && isContentType(bytes[at] as number) && bytes[at + 1] === 3) {
      const body = at + HEADER;
      const next = body + (((bytes[at + 3] as number) << 8) | (bytes[at + 4] as number));
      noteHandshakes(side, sessions, w.row, bytes[at] as number);
      const opened = plain !== null && next <= end ? plain.open(side, w.row, bytes, at, next) : null;
      sessions.noteAnswer(side.stream, side.fromClient, w.row, bytes[at] as number, opened === null);
      if (opened !== null) indexOpened(side, sessions, plain as TlsPlain, w, opened);
      else if (bytes[at] === CHANGE_CIPHER_SPEC) {
        // TLS 1.3 sends one for show (RFC 8446 appendix D.4): handshake records behind it, a second ClientHello, are in the clear.
        if (sessions.version(side.stream) !== 0x0304) sessions.noteChange(side.stream, side.fromClient, w.row);
      } else if (bytes[at] === HANDSHAKE) {
        const changed = isAfter(sessions.changed(side.stream, side.fromClient), w.row);
        indexHandshakes(side, sessions, w, bytes, body, Math.min(next, end), next > end, changed, null);
      } else if (bytes[at] === ALERT && next === body + 2 && next <= end) {
        // What is encrypted is longer.
        sessions.noteAlert(side.stream, side.fromClient, w.row, bytes[body] as number, bytes[body + 1] as number);
      }
      at = next;
    }
  },
  ordered: {
    // Of records that nobody opens each is shown as it comes.
    waits: (side) => side.capture.state(tlsSecrets).any && side.capture.state(tlsPlain).hasSecrets(side.stream),
    begins: (bytes, offset, end) => end - offset >= 2 && isContentType(bytes[offset] as number) && bytes[offset + 1] === 3,
    whole(bytes, offset, end) {
      let at = offset;
      for (let next = recordEnd(bytes, at, end); next > 0 && next <= end; next = recordEnd(bytes, at, end)) at = next;
      return at;
    },
    ahead(side, w, bytes, offset, end) {
      const plain = side.capture.state(tlsPlain);
      for (let at = offset; at < end; ) {
        const next = recordEnd(bytes, at, end);
        plain.ahead(side, w.row, bytes, at, next);
        at = next;
      }
    },
  },
  lost(side) {
    side.capture.state(tlsSessions).close(side.stream, side.fromClient);
    if (side.capture.state(tlsSecrets).any) side.capture.state(tlsPlain).lost(side.stream, side.fromClient);
  },
};

/** Of a direction up to TLS 1.2, in its registers: `a`: it has sent application data. `b`: how far its latest handshake is. */
const SPOKEN = 1;
const CHANGED = 1;
const FINISHED = 2;

/**
 * Notes handshakes after the first one, by the types of records: these are never encrypted. Behind its Change Cipher Spec a side sends Finished, and
 * nothing more of this type, unless another handshake begins.
 */
function noteHandshakes(side: StreamSide, sessions: TlsSessions, row: number, type: number): void {
  if (type !== CHANGE_CIPHER_SPEC && type !== HANDSHAKE) return;
  const version = sessions.version(side.stream);
  if (version === 0 || version === 0x0304) return;
  if (type === CHANGE_CIPHER_SPEC) {
    if (side.b === FINISHED) sessions.noteChangedAgain(side.stream, side.fromClient, row);
    side.b = CHANGED;
    side.a = 0;
  } else if (side.b === CHANGED) side.b = FINISHED;
  else if (side.b === FINISHED && (side.a === SPOKEN || side.peer.a === SPOKEN))
    sessions.noteRenegotiation(side.stream, side.fromClient, row);
}

/** What came out of an encrypted record. */
function indexOpened(side: StreamSide, sessions: TlsSessions, plain: TlsPlain, w: IndexWalk, opened: Opened): void {
  const { type, bytes } = opened;
  if (type === HANDSHAKE) indexHandshakes(side, sessions, w, bytes, 0, bytes.length, false, false, plain);
  else if (type === APPLICATION_DATA) plain.deliver(w, side, opened);
  else if (type === ALERT) {
    if (bytes.length === 2) sessions.noteAlert(side.stream, side.fromClient, w.row, bytes[0] as number, bytes[1] as number);
    if (bytes.length === 2 && bytes[1] === NO_RENEGOTIATION) sessions.noteRefused(side.stream, w.row);
    plain.alert(w, side, opened);
  }
}

/** One direction of a connection. */
interface Side {
  readonly stream: number;
  readonly fromClient: boolean;
}

/** Index depth: handshake bytes of a QUIC connection, in order: a record's worth without a record (RFC 9001 section 4). */
export function indexQuicHandshake(w: IndexWalk, connection: number, fromClient: boolean, bytes: Uint8Array): void {
  w.pushPart(tls);
  indexHandshakes({ stream: connection, fromClient }, w.capture.state(quicSessions), w, bytes, 0, bytes.length, false, false, null);
}

/**
 * Index depth: records in bytes[from, end) that another protocol has put together: each is taken as it stands there. `stream`: of the TCP that carries
 * them all, whose version is remembered; -1 without one. Full depth is dissect().
 */
export function indexTlsAlone(w: IndexWalk, bytes: Uint8Array, from: number, end: number, stream = -1): void {
  w.push(tls);
  for (let at = from; end - at >= HEADER && isContentType(bytes[at] as number) && bytes[at + 1] === 3; ) {
    const next = at + HEADER + (((bytes[at + 3] as number) << 8) | (bytes[at + 4] as number));
    const stop = Math.min(next, end);
    if (bytes[at] === HANDSHAKE && !looksEncrypted(bytes, at + HEADER, stop, false)) {
      for (let message = at + HEADER; message < stop; ) {
        const length = messageLength(bytes, message, stop);
        if (length < 0 || length > stop - message) break;
        const type = bytes[message] as number;
        if (type === 2 && stream >= 0) w.capture.state(tlsSessions).noteServerHello(stream, bytes, message + 4, message + length);
        indexParts(bytes, type, message + 4, message + length, w);
        message += length;
      }
    }
    at = next;
  }
}

/** Full depth: the same. Shown below `parent`, which belongs to QUIC's layer. */
export function quicHandshake(d: Dissection, layer: Layer, parent: Node, b: Buf): void {
  d.pushPart(tls, b);
  const sessions = d.capture.state(quicSessions);
  const r: Reading = { d, layer, b, sessions, plain: null, info: [], encrypted: false, changed: false, version: 0x0304, cipher: 0 };
  handshakes(r, new Node(d, layer, b, parent.children, parent.field), b.offset, b.end);
}

/**
 * The handshake messages of one record, bytes[from, end); `cut`: not all of the record was captured. `plain`: they were encrypted, and it is
 * to hear of them. Twin of handshakes().
 */
function indexHandshakes(
  side: Side,
  sessions: TlsSessions,
  w: IndexWalk,
  bytes: Uint8Array,
  from: number,
  end: number,
  cut: boolean,
  changed: boolean,
  plain: TlsPlain | null,
): void {
  const record = sessions.nextRecord(w.row);
  let at = from;
  if (sessions.isOpen(side.stream, side.fromClient)) {
    const joined = sessions.goOn(w.row, record, side.stream, side.fromClient, bytes, from, end);
    const length = messageLength(joined, 0, joined.length);
    if (length < 0 || length > joined.length) {
      if (cut) sessions.close(side.stream, side.fromClient);
      return;
    }
    sessions.close(side.stream, side.fromClient);
    indexMessage(side, sessions, w, joined, 0, length, plain);
    at = end - (joined.length - length);
  } else if (plain === null && looksEncrypted(bytes, from, end, changed)) return;
  while (at < end) {
    const length = messageLength(bytes, at, end);
    if (length < 0 || length > end - at) {
      if (!cut) sessions.open(side.stream, side.fromClient, bytes, at, end);
      return;
    }
    indexMessage(side, sessions, w, bytes, at, at + length, plain);
    at += length;
  }
}

function indexMessage(
  side: Side,
  sessions: TlsSessions,
  w: IndexWalk,
  bytes: Uint8Array,
  at: number,
  end: number,
  plain: TlsPlain | null,
): void {
  const type = bytes[at] as number;
  if (type === 1) sessions.noteClientHello(side.stream, w.row, bytes, at + 4, end);
  else if (type === 2) sessions.noteServerHello(side.stream, bytes, at + 4, end);
  else {
    if (hasCertificates(type)) sessions.noteCertificate(side.stream, side.fromClient, w.row);
    if (plain !== null && type === 8) sessions.noteEncryptedExtensions(side.stream, bytes, at + 4, end);
    indexParts(bytes, type, at + 4, end, w);
  }
  plain?.heard(side.stream, side.fromClient, type);
}

/** Length of the handshake message at `at` with its header; -1 where the header is not all there. */
function messageLength(bytes: Uint8Array, at: number, end: number): number {
  if (end - at < 4) return -1;
  return 4 + (((bytes[at + 1] as number) << 16) | ((bytes[at + 2] as number) << 8) | (bytes[at + 3] as number));
}

function join(before: Uint8Array, bytes: Uint8Array, from: number, end: number): Uint8Array {
  const all = new Uint8Array(before.length + end - from);
  all.set(before);
  all.set(bytes.subarray(from, end), before.length);
  return all;
}

/** The direction's Change Cipher Spec came in an earlier row. */
function isAfter(changed: number, row: number): boolean {
  return changed !== NONE && changed < row;
}

/**
 * A handshake record with these contents is encrypted, as far as can be told: too short for what encryption adds, it is not; it is behind a
 * Change Cipher Spec, or where it begins with the nonce of AES-GCM, or with no type of message that there is.
 */
function looksEncrypted(bytes: Uint8Array, from: number, end: number, changed: boolean): boolean {
  if (end - from < 16) return false;
  if (changed) return true;
  let zeros = 0;
  while (zeros < 5 && bytes[from + zeros] === 0) zeros++;
  return zeros === 5 || !handshakeNames.has(bytes[from] as number) || bytes[from + 1] !== 0;
}

/** What one call has found so far. */
interface Reading {
  readonly d: Dissection;
  readonly layer: Layer;
  readonly b: Buf;
  /** Where the index remembers what came before; null outside a connection. */
  readonly sessions: TlsSessions | null;
  /** Records that the index has decrypted; null if there are none. */
  readonly plain: TlsPlain | null;
  readonly info: string[];
  /** The direction's Change Cipher Spec came in an earlier row. */
  readonly encrypted: boolean;
  /** It came before the record at hand. */
  changed: boolean;
  version: number;
  /** Cipher suite that the server chose, 0 where unknown. */
  readonly cipher: number;
}

/** Handshake records of a row that earlier calls have read, and whole records of any kind: they are counted over the row. */
const recordsRead = new WeakMap<Dissection, number>();
const recordsSeen = new WeakMap<Dissection, number>();
/** Packets in which it was said why a record is not decrypted. */
const toldWhy = new WeakSet<Dissection>();
/** What the protocols inside have said for the info column. */
const insides = new WeakMap<Dissection, string>();

function dissect(d: Dissection, b: Buf): void {
  const layer = d.layer(tls, b);
  if (b.length === 0) return;
  const sessions = d.capture.state(tlsSessions);
  const stream = d.transport?.kind === 'tcp' ? d.transport.stream : NONE;
  const changed = stream === NONE ? NONE : sessions.changed(stream, d.transport?.fromClient ?? true);
  const r: Reading = {
    d,
    layer,
    b,
    sessions: stream === NONE ? null : sessions,
    plain: stream === NONE || !d.capture.state(tlsSecrets).any ? null : d.capture.state(tlsPlain),
    info: [],
    encrypted: isAfter(changed, d.row),
    changed: isAfter(changed, d.row),
    version: stream === NONE ? 0 : sessions.version(stream),
    cipher: stream === NONE ? 0 : sessions.cipher(stream),
  };
  d.column(tls);
  let at = b.offset;
  const ssl2 = stream !== NONE && sessions.ssl2Since(stream) < d.row;
  while (at < b.end && layer.ok) {
    if (ssl2 || !isContentType(b.u8(at)) || (b.end - at > 1 && b.u8(at + 1) !== 3)) {
      at = other(r, at, ssl2);
      continue;
    }
    at = record(r, at);
  }
  const words = r.info.join(', ');
  layer.summary = words;
  // The protocol inside has the columns.
  if (insides.has(d)) return;
  const short = shortNames.get(r.version);
  if (short !== undefined) d.columns.protocol = short;
  const before = d.columns.info;
  // A second call for the same segment adds to what the first said.
  d.columns.info = d.layers.filter((l) => l.protocol === 'tls').length > 1 && words !== '' ? `${before}, ${words}` : words;
}

/** What is no record: an SSL 2.0 hello, or the middle of something whose beginning was not captured. */
function other(r: Reading, at: number, ssl2: boolean): number {
  const { b, layer } = r;
  const length = ((b.u8(at) & 0x7f) << 8) | b.u8(at + 1);
  if ((b.u8(at) & 0x80) !== 0 && b.u8(at + 2) === 1 && (b.u8(at + 3) === 3 || b.u16(at + 3) === 2)) {
    const node = layer.text(at, 2 + length, 'SSLv2 Record Layer: Client Hello');
    node.uint(handshakeFields.type, at + 2);
    node.uint(handshakeFields.version, at + 3);
    const specs = b.u16(at + 5);
    const end = Math.min(at + 11 + specs, b.end);
    for (let o = at + 11; o + 3 <= end; o += 3) node.uint(handshakeFields.cipherSpec, o);
    if (r.version === 0) r.version = 2;
    r.info.push('Client Hello');
    return at + 2 + length;
  }
  // A record that the index cut, whole and first in its segment: what is before it would have been TLS.
  for (const type of at === b.offset ? SSL2_TYPES : []) {
    const size = ssl2Size(b.bytes, at, b.end, type);
    if (size > 0) return ssl2Message(r, at, type, size);
  }
  if (ssl2 || (r.version === 0 && b.end - at >= HEADER && looksLikeSsl2(b.u8(at), b.u8(at + 2)))) {
    const total = (b.u8(at) & 0x80) !== 0 ? 2 + length : 3 + (length & 0x3fff);
    layer.text(at, Math.min(total, b.end - at), 'SSLv2 Record Layer: Encrypted Data');
    r.info.push('Encrypted Data');
    return at + total;
  }
  const known = r.version !== 0;
  const words = known ? 'Ignored Unknown Record' : 'Continuation Data';
  const node = layer.text(at, b.end - at, words);
  if (known) node.expert(f.unknownRecord);
  r.info.push(words);
  return b.end;
}

function record(r: Reading, at: number): number {
  const { layer, b } = r;
  const type = b.u8(at);
  const length = b.u16(at + 3);
  const words = shortNames.get(r.version !== 0 ? r.version : b.u16(at + 1));
  const node = layer.add(f.record, at, HEADER + length, null, words === undefined ? {} : { label: `${words} Record Layer` });
  const next = recordBody(r, node, at, type, length);
  node.display = recordWords(node, type);
  return next;
}

/** What a record holds, as Wireshark's line for it says. */
function recordWords(node: Node, type: number): string {
  const below = node.children;
  const messages = below.filter((child) => child.abbrev === handshakeFields.handshake.abbrev);
  if (messages.length > 1) return 'Handshake Protocol: Multiple Handshake Messages';
  if (messages.length === 1) return `Handshake Protocol: ${messages[0]?.display}`;
  if (type === CHANGE_CIPHER_SPEC) return 'Change Cipher Spec Protocol: Change Cipher Spec';
  if (type === ALERT) {
    const [level, description] = below.find((child) => child.abbrev === f.alert.abbrev)?.children ?? [];
    return description === undefined ? 'Encrypted Alert' : alertText(Number(level?.value), Number(description.value));
  }
  if (type !== APPLICATION_DATA) return contentNames.get(type) ?? '';
  return `Application Data Protocol: ${below.find((child) => child.abbrev === f.appDataProto.abbrev)?.display ?? 'Application Data'}`;
}

function recordBody(r: Reading, node: Node, at: number, type: number, length: number): number {
  const { layer, b } = r;
  const body = at + HEADER;
  const end = Math.min(body + length, b.end);
  const opened = openedRecord(r, at, body + length);
  node.uint(r.version === 0x0304 && type === APPLICATION_DATA ? f.opaqueType : f.contentType, at);
  const version = node.uint(f.version, at + 1);
  node.uint(f.length, at + 3);
  if (!layer.ok) return b.end;
  if (r.version === 0) r.version = version;
  if (opened !== null) {
    inside(r, node, body, body + length, opened);
    return body + length;
  }
  if (type === APPLICATION_DATA || r.changed) sayWhy(r, node);
  let words = contentNames.get(type) ?? '';
  switch (type) {
    case CHANGE_CIPHER_SPEC:
      {
        const change = node.add(f.changeCipherSpec, body, length, null);
        if (isResumed(r)) change.expert(f.resumed);
      }
      r.changed = true;
      break;
    case ALERT: {
      if (length !== 2) {
        words = 'Encrypted Alert';
        node.add(f.alert, body, length, null, { display: words });
        break;
      }
      words = alert(node, body, length);
      break;
    }
    case HANDSHAKE:
      handshakes(r, node, body, end);
      goesOn(r, body + length);
      return body + length;
    case APPLICATION_DATA:
      applicationData(r, node, body, Math.min(end, b.end) - body, length);
      break;
    default:
      words = r.changed ? 'Encrypted Heartbeat' : 'Heartbeat';
  }
  r.info.push(words);
  goesOn(r, body + length);
  return body + length;
}

/**
 * The Change Cipher Spec at hand is that of an abbreviated handshake (RFC 5246, section 7.3): the server's comes first, and no certificate came before it.
 * In TLS 1.3 it means nothing.
 */
function isResumed({ d, sessions, version, cipher }: Reading): boolean {
  if (sessions === null || d.transport === null || d.transport.fromClient || cipher === 0 || version === 0x0304) return false;
  const { stream } = d.transport;
  return sessions.changed(stream, true) > d.row && sessions.certificate(stream) > d.row;
}

/**
 * A record up to `end`. Where it has more than the bytes at hand, the layer ends; but one in datagrams (remote desktop's) or in messages (OpenVPN's) goes
 * on in the next.
 */
function goesOn({ d, layer, b }: Reading, end: number): void {
  const onward = b.end === b.wireEnd && d.layers.at(-2)?.protocol !== 'tcp';
  if (end > b.end && !onward) layer.has(b.end, end - b.end);
}

/** Says on the first record of a connection that a key log did not open why that is. */
function sayWhy(r: Reading, node: Node): void {
  const { d } = r;
  const outcome = d.transport === null ? null : (r.plain?.verdict(d.transport.stream) ?? null);
  if (outcome === null || outcome.verdict === 'decrypted' || outcome.row !== d.row || toldWhy.has(d)) return;
  toldWhy.add(d);
  node.expert(outcome.verdict === 'partly' ? f.wrong : f[outcome.verdict]);
}

function alert(node: Node, at: number, length: number): string {
  const message = node.add(f.alert, at, length, null);
  const level = message.uint(f.alertLevel, at);
  const description = message.uint(f.alertDescription, at + 1);
  return alertText(level, description);
}

function alertText(level: number, description: number): string {
  return `Alert (Level: ${levelNames.get(level) ?? 'Unknown'}, Description: ${alertNames.get(description) ?? 'Unknown'})`;
}

/** Encrypted data, `there` octets of `length`, and the protocol that they are known to be. */
function applicationData(r: Reading, node: Node, at: number, there: number, length: number): void {
  if (there > 0) node.bytes(f.appData, at, there);
  const { transport } = r.d;
  const alpn = transport === null ? '' : (r.sessions?.application(transport.stream) ?? '');
  const port = transport === null ? undefined : protocolOfPorts([transport.srcPort, transport.dstPort]);
  const name = (alpnProtocols.get(alpn) ?? port)?.title ?? '';
  if (name !== '') node.add(f.appDataProto, at, length, name);
}

interface OpenedHere {
  readonly entry: number;
  readonly type: number;
  readonly bytes: Uint8Array;
}

/** The contents of the record at `at`, whose end is `end`, if the index has decrypted it. */
function openedRecord(r: Reading, at: number, end: number): OpenedHere | null {
  const { d, b, plain } = r;
  if (plain === null || end > b.end || end - at < HEADER) return null;
  const ordinal = recordsSeen.get(d) ?? 0;
  recordsSeen.set(d, ordinal + 1);
  const entry = plain.find(d.row, ordinal);
  const opened = entry === NONE ? null : plain.read(entry, b.bytes, at, end);
  return opened === null ? null : { entry, ...opened };
}

/** What was in an encrypted record, whose body is [at, end). */
function inside(r: Reading, node: Node, at: number, end: number, { entry, type, bytes }: OpenedHere): void {
  const { d } = r;
  if (r.version === 0x0304) node.add(f.contentType, at, 0, type, { generated: true });
  if (type === APPLICATION_DATA) {
    applicationData(r, node, at, end - at, end - at);
    r.info.push(contentNames.get(type) ?? '');
    if (bytes.length > 0) carried(r, entry, d.newBuf('Decrypted TLS', bytes));
    return;
  }
  const b = d.newBuf('Decrypted TLS', bytes);
  const below = node.over(b);
  if (type === HANDSHAKE) handshakes(r, below, 0, bytes.length);
  else if (type === ALERT && bytes.length === 2) {
    r.info.push(alert(below, 0, 2));
    carried(r, entry, b);
  } else r.info.push(contentNames.get(type) ?? '');
}

/** Hands decrypted data to the protocol inside, as the index did. */
function carried(r: Reading, entry: number, b: Buf): void {
  const { d, layer } = r;
  const plain = r.plain as TlsPlain;
  const all = allProtocols();
  const joined = plain.joined[entry] as number;
  const whole = plain.whole[entry] as number;
  const app = all[(plain.app[entry] as number) - 1];
  const isData = plain.type[entry] === APPLICATION_DATA;
  if (plain.before[entry] !== 0) {
    const bytes = plain.joinedBytes(entry, b.bytes);
    if (isData) layer.over(b).add(f.segmentData, 0, joined, b.slice(0, joined), { display: `${joined} bytes` });
    const buf = d.newBuf('Reassembled TLS', bytes);
    addSegments(layer, plain, entry, buf);
    callInside(d, app, buf);
  }
  if (!isData) return;
  if (whole > joined) callInside(d, all[(plain.restApp[entry] as number) - 1], b.from(joined, whole));
  const rest = Math.max(joined, whole);
  if (rest < b.end) {
    layer.over(b).add(f.segmentData, rest, b.end - rest, b.slice(rest, b.end - rest), { display: `${b.end - rest} bytes` });
    if (!insides.has(d)) r.info.push('[TLS segment of a reassembled PDU]');
  }
}

/** Several records of a packet may each have something inside: their words stand side by side. */
function callInside(d: Dissection, app: Protocol | undefined, b: Buf): void {
  if (app === undefined || b.length === 0) return;
  const before = insides.get(d);
  d.call(app, b);
  if (before !== undefined && before !== '' && before !== d.columns.info) d.columns.info = `${before}, ${d.columns.info}`;
  insides.set(d, d.columns.info);
}

/** Which packets the octets of a message came in. */
function addSegments(layer: Layer, plain: TlsPlain, entry: number, whole: Buf): void {
  const parts = plain.parts(entry);
  const from = (plain.start[entry] as number) - (plain.before[entry] as number) + 1;
  const node = layer.add(f.segments, layer.buf.offset, 0, null, { display: `${parts.length} segments, ${whole.length} bytes` });
  for (const part of parts) {
    const row = plain.row[part] as number;
    const first = Math.max(0, (plain.start[part] as number) - from);
    const last = Math.min(whole.length, (plain.start[part] as number) + (plain.length[part] as number) - from) - 1;
    node.add(f.segment, layer.buf.offset, 0, row + 1, {
      display: `Frame ${row + 1}, payload ${first}–${last} (${last - first + 1} bytes)`,
    });
  }
  node.add(f.segmentCount, layer.buf.offset, 0, parts.length);
  node.add(f.reassembledLength, layer.buf.offset, 0, whole.length);
  node.add(f.reassembledData, layer.buf.offset, 0, whole.bytes, { display: `${whole.length} bytes` });
}

/** The handshake messages in one record, [from, end): several of them, or a part of one that goes on in the next record. Twin of indexHandshakes(). */
function handshakes(r: Reading, parent: Node, from: number, end: number): void {
  const { d } = r;
  const b = parent.buf;
  const decrypted = b !== r.b;
  const record = recordsRead.get(d) ?? 0;
  recordsRead.set(d, record + 1);
  const before = r.sessions?.continued(d.row, record);
  let at = from;
  let first = true;
  if (before !== undefined) {
    const size = before.length + end - from;
    // The header alone tells whether it ends here: most records of a long message go on with it.
    const header = before.length >= 4 ? before : join(before, b.bytes, from, Math.min(end, from + 4));
    const length = messageLength(header, 0, header.length);
    const name = handshakeName(header[0] as number);
    if (length < 0 || length > size) {
      parent.add(handshakeFields.handshake, from, end - from, null, { display: `${name} (fragment)` });
      r.info.push(`[${name} Fragment]`);
      return;
    }
    at = end - (size - length);
    parent.add(handshakeFields.handshake, from, at - from, null, { display: `${name} (last fragment)` });
    const whole = d.newBuf('Reassembled TLS Handshake', join(before, b.bytes, from, at));
    message(r, new Node(d, r.layer, whole, parent.children, null), whole, 0, length, true);
    first = false;
  } else if (!decrypted && looksEncrypted(b.bytes, from, end, r.encrypted)) {
    parent.add(handshakeFields.handshake, from, end - from, null, { display: 'Encrypted Handshake Message' });
    r.info.push('Encrypted Handshake Message');
    return;
  }
  while (at < end && r.layer.ok) {
    const length = messageLength(b.bytes, at, end);
    if (length < 0 || length > end - at) {
      const name = handshakeName(b.u8(at));
      parent.add(handshakeFields.handshake, at, end - at, null, { display: `${name} (fragment)` });
      if (first) r.info.push(`[${name} Fragment]`);
      return;
    }
    message(r, parent, b, at, at + length, first);
    at += length;
    first = false;
  }
}

function message(r: Reading, parent: Node, b: Buf, at: number, end: number, first: boolean): void {
  const type = b.u8(at);
  if (!handshakeNames.has(type)) {
    // Only the first message of a record is shown without its type being known.
    if (!first) return;
    parent.add(handshakeFields.handshake, at, end - at, null, { display: handshakeName(type) });
    r.info.push('Encrypted Handshake Message');
    return;
  }
  const node = parent.add(handshakeFields.handshake, at, end - at, null, { display: handshakeName(type) });
  node.uint(handshakeFields.type, at);
  node.uint(handshakeFields.length, at + 1);
  const better = readHandshake(node, b, type, at + 4, end, { dtls: false, version: r.version, cipher: r.cipher });
  if (better !== '') node.display = better;
  r.info.push(better === '' ? handshakeName(type) : better);
}

/** Four printable characters are the beginning of no record: another protocol in the clear, on a port of TLS. */
export function isText(bytes: Uint8Array, offset: number, end: number): boolean {
  if (end - offset < 5) return false;
  for (let i = offset; i < offset + 4; i++) if ((bytes[i] as number) < 0x20 || (bytes[i] as number) > 0x7e) return false;
  return true;
}

/** A handshake or application data record begins at `offset`. */
export function looksLikeTls(bytes: Uint8Array, offset: number, end: number): boolean {
  if (end - offset < HEADER) return false;
  const type = bytes[offset] as number;
  if (type !== HANDSHAKE && type !== APPLICATION_DATA) return false;
  if (bytes[offset + 1] !== 3 || (bytes[offset + 2] as number) > 3) return false;
  const length = ((bytes[offset + 3] as number) << 8) | (bytes[offset + 4] as number);
  return length > 0 && length < MAX_RECORD;
}

const definition = {
  name: 'tls',
  short: 'TLS',
  title: 'Transport Layer Security',
  osi: '6',
  pdu: 'Record',
  hue: 'app',
  framer,
  dissect,
} as const;

/** On its ports: takes whatever comes, as Wireshark does, but text. */
export const tls: Protocol = defineProtocol({
  ...definition,
  accepts: (bytes, offset, end) => !isText(bytes, offset, end),
  fields: [...Object.values(f), ...Object.values(handshakeFields), ...Object.values(extensionFields)],
});

// Timestamps inside a certificate or an OCSP response (RFC 6962 section 3.3): an OCTET STRING with what TLS has in an extension.
for (const oid of ['1.3.6.1.4.1.11129.2.4.2', '1.3.6.1.4.1.11129.2.4.5']) {
  registered(tls, {
    [oid]: [
      'SignedCertificateTimestampList',
      {
        field: null,
        type: {
          kind: 'own',
          identifier: Ber.OctetString,
          read: ({ c }, node) => {
            if (node === null) return;
            // In a certificate they are TLS's in DTLS too.
            const { d } = node;
            const { renamed } = d;
            d.renamed = null;
            signedTimestamps(node, c.bytes, c.body, c.bodyEnd);
            d.renamed = renamed;
          },
        },
      },
    ],
  });
}

/** A ClientHello of SSL 2.0 for a later version (RFC 5246 appendix E.2), with the lengths that it may have. */
function isOldHello(b: Uint8Array, o: number, end: number): boolean {
  if (end - o < 46 || b[o] !== 0x80 || b[o + 2] !== CLIENT_HELLO) return false;
  const specs = be16(b, o + 5);
  const session = be16(b, o + 7);
  return specs > 0 && specs % 3 === 0 && (session === 0 || session === 16) && be16(b, o + 9) === 32;
}

/** On any other port: a connection whose first bytes are a hello, a handshake or application data record is TLS from there on. */
export const tlsElsewhere: Protocol = defineProtocol({
  ...definition,
  fields: [],
  sticky: true,
  mayBegin: (octet) => octet === HANDSHAKE || octet === APPLICATION_DATA || octet === 0x80,
  accepts: (bytes, offset, end) => looksLikeTls(bytes, offset, end) || isOldHello(bytes, offset, end),
});
