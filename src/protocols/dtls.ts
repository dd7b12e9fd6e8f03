/** DTLS (RFC 6347, RFC 9147): the record layer over datagrams, and handshake messages that may come in fragments. Nothing is decrypted. */
import type { Buf, Dissection, Layer } from '../dissect/dissection.ts';
import { bytes, type FieldDef, none, uint8, uint16, uint24, uint48 } from '../dissect/field.ts';
import type { IndexWalk } from '../dissect/index-walk.ts';
import { NONE, RowFlag, UNSET } from '../table/packet-table.ts';
import { alias, app, be16 } from './app-kit.ts';
import { extensionFields } from './tls-extensions.ts';
import { handshakeFields, handshakeName, hasCertificates, indexParts, readHandshake } from './tls-handshake.ts';
import { alertNames, contentNames, handshakeNames, levelNames, versionNames } from './tls-names.ts';
import { dtlsSessions, MAX_MESSAGE } from './tls-session.ts';

const HEADER = 13;
const HANDSHAKE_HEADER = 12;
const CHANGE_CIPHER_SPEC = 20;
const ALERT = 21;
const HANDSHAKE = 22;
const APPLICATION_DATA = 23;

/** A field of TLS with DTLS's name. */
const renamed = (field: FieldDef): FieldDef => ({ ...field, abbrev: field.abbrev.replace(/^tls\./, 'dtls.') });
const names = new Map([...Object.values(handshakeFields), ...Object.values(extensionFields)].map((field) => [field, renamed(field)]));

const f = {
  record: none('dtls.record', 'Record Layer'),
  contentType: uint8('dtls.record.content_type', 'Content Type', { names: contentNames }),
  version: uint16('dtls.record.version', 'Version', { base: 'hex', names: versionNames }),
  epoch: uint16('dtls.record.epoch', 'Epoch'),
  sequence: uint48('dtls.record.sequence_number', 'Sequence Number'),
  length: uint16('dtls.record.length', 'Length'),
  changeCipherSpec: none('dtls.change_cipher_spec', 'Change Cipher Spec Message'),
  alert: none('dtls.alert_message', 'Alert Message'),
  alertLevel: uint8('dtls.alert_message.level', 'Level', { names: levelNames }),
  alertDescription: uint8('dtls.alert_message.desc', 'Description', { names: alertNames }),
  appData: bytes('dtls.app_data', 'Encrypted Application Data'),
  messageSequence: uint16('dtls.handshake.message_seq', 'Message Sequence'),
  fragmentOffset: uint24('dtls.handshake.fragment_offset', 'Fragment Offset'),
  fragmentLength: uint24('dtls.handshake.fragment_length', 'Fragment Length'),
} as const;

const shortNames = new Map([
  [0xfeff, 'DTLSv1.0'],
  [0xfefd, 'DTLSv1.2'],
  [0xfefc, 'DTLSv1.3'],
]);

function u24(b: Uint8Array, at: number): number {
  return ((b[at] as number) << 16) | ((b[at + 1] as number) << 8) | (b[at + 2] as number);
}

function isRecord(b: Uint8Array, at: number, end: number): boolean {
  if (end - at < HEADER || (b[at] as number) < CHANGE_CIPHER_SPEC || (b[at] as number) > 25) return false;
  const version = be16(b, at + 1);
  return version === 0xfeff || version === 0xfefd || version === 0x0100;
}

/** The fragment of a message at `at` is encrypted, or none at all. */
function looksEncrypted(b: Uint8Array, at: number, end: number, epoch: number): boolean {
  if (epoch > 0 || end - at < HANDSHAKE_HEADER || !handshakeNames.has(b[at] as number)) return true;
  const length = u24(b, at + 1);
  return length >= MAX_MESSAGE || u24(b, at + 6) + u24(b, at + 9) > length;
}

/** Where the fragment at `at` of a message ends. */
function fragmentEnd(b: Uint8Array, at: number): number {
  return at + HANDSHAKE_HEADER + u24(b, at + 9);
}

function index(w: IndexWalk): void {
  if (w.quoted || w.stream === UNSET) return;
  const b = w.bytes;
  for (let at = w.offset; isRecord(b, at, w.end); ) {
    const body = at + HEADER;
    const end = body + be16(b, at + 11);
    if (b[at] === HANDSHAKE) indexFragments(w, body, Math.min(end, w.end), be16(b, at + 3));
    at = end;
  }
}

/** The fragments in one record. Twin of fragments(). */
function indexFragments(w: IndexWalk, from: number, end: number, epoch: number): void {
  const b = w.bytes;
  const sessions = w.capture.state(dtlsSessions);
  const fromClient = (w.flags & RowFlag.FromClient) !== 0;
  for (let at = from; at < end; ) {
    if (looksEncrypted(b, at, end, epoch)) return;
    const next = fragmentEnd(b, at);
    if (next > end) return;
    const number = sessions.nextRecord(w.row);
    const body = at + HANDSHAKE_HEADER;
    const length = u24(b, at + 1);
    let whole: Uint8Array | null = null;
    if (next - body === length) indexBody(w, fromClient, b[at] as number, b, body, next);
    else {
      whole = sessions.fragment(w.stream, fromClient, be16(b, at + 4), length, u24(b, at + 6), b.subarray(body, next));
      if (whole !== null) {
        sessions.noteContinued(w.row, number, whole);
        indexBody(w, fromClient, b[at] as number, whole, 0, length);
      }
    }
    at = next;
  }
}

function indexBody(w: IndexWalk, fromClient: boolean, type: number, b: Uint8Array, at: number, end: number): void {
  const sessions = w.capture.state(dtlsSessions);
  if (type === 1) sessions.noteClientHello(w.stream, w.row, b, at, end);
  else if (type === 2 && !fromClient) sessions.noteServerHello(w.stream, b, at, end);
  else {
    if (hasCertificates(type)) sessions.noteCertificate(w.stream, fromClient, w.row);
    indexParts(b, type, at, end, w);
  }
}

/** What one call has found so far. */
interface Reading {
  readonly d: Dissection;
  readonly layer: Layer;
  readonly b: Buf;
  readonly info: string[];
  readonly version: number;
  readonly cipher: number;
  /** Fragments of handshake messages so far. */
  fragment: number;
}

function read(layer: Layer, b: Buf, d: Dissection): string {
  const sessions = d.capture.state(dtlsSessions);
  const stream = d.transport?.kind === 'udp' ? d.transport.stream : NONE;
  const r: Reading = {
    d,
    layer,
    b,
    info: [],
    version: stream === NONE ? 0 : sessions.version(stream),
    cipher: stream === NONE ? 0 : sessions.cipher(stream),
    fragment: 0,
  };
  d.renamed = names;
  let at = b.offset;
  while (at < b.end && layer.ok && !d.full) {
    if (!isRecord(b.bytes, at, b.end)) {
      layer.text(at, b.end - at, 'Continuation Data');
      r.info.push('Continuation Data');
      break;
    }
    at = record(r, at);
  }
  d.renamed = null;
  d.columns.protocol = shortNames.get(r.version === 0 ? b.u16(b.offset + 1) : r.version) ?? 'DTLS';
  return r.info.join(', ');
}

function record(r: Reading, at: number): number {
  const { layer, b } = r;
  const type = b.u8(at);
  const epoch = b.u16(at + 3);
  const length = b.u16(at + 11);
  const body = at + HEADER;
  const end = Math.min(body + length, b.end);
  const node = layer.add(f.record, at, HEADER + length, null);
  node.uint(f.contentType, at);
  node.uint(f.version, at + 1);
  node.uint(f.epoch, at + 3);
  node.add(f.sequence, at + 5, 6, BigInt(b.u16(at + 5)) * 0x100000000n + BigInt(b.u32(at + 7)));
  node.uint(f.length, at + 11);
  if (type === CHANGE_CIPHER_SPEC) {
    node.add(f.changeCipherSpec, body, length, null);
    r.info.push('Change Cipher Spec');
  } else if (type === ALERT) {
    if (length === 2 && end - body === 2) {
      const alert = node.add(f.alert, body, length, null);
      const level = alert.uint(f.alertLevel, body);
      const description = alert.uint(f.alertDescription, body + 1);
      r.info.push(`Alert (Level: ${levelNames.get(level) ?? 'Unknown'}, Description: ${alertNames.get(description) ?? 'Unknown'})`);
    } else {
      node.add(f.alert, body, length, null, { display: 'Encrypted Alert' });
      r.info.push('Encrypted Alert');
    }
  } else if (type === HANDSHAKE) fragments(r, node, body, end, epoch);
  else if (type === APPLICATION_DATA) {
    if (end > body) node.bytes(f.appData, body, end - body);
    r.info.push('Application Data');
  } else r.info.push(contentNames.get(type) ?? 'Unknown');
  if (body + length > b.end) layer.has(b.end, body + length - b.end);
  return body + length;
}

/** The fragments of handshake messages in one record. Twin of indexFragments(). */
function fragments(r: Reading, parent: Layer | ReturnType<Layer['add']>, from: number, end: number, epoch: number): void {
  const { b, d } = r;
  for (let at = from; at < end && r.layer.ok; ) {
    if (looksEncrypted(b.bytes, at, end, epoch)) {
      parent.add(handshakeFields.handshake, at, end - at, null, { display: 'Encrypted Handshake Message' });
      r.info.push('Encrypted Handshake Message');
      return;
    }
    const next = fragmentEnd(b.bytes, at);
    const type = b.u8(at);
    const length = b.u24(at + 1);
    const body = at + HANDSHAKE_HEADER;
    const name = handshakeName(type);
    const node = parent.add(handshakeFields.handshake, at, Math.min(next, end) - at, null, { display: name });
    node.uint(handshakeFields.type, at);
    node.uint(handshakeFields.length, at + 1);
    node.uint(f.messageSequence, at + 4);
    node.uint(f.fragmentOffset, at + 6);
    node.uint(f.fragmentLength, at + 9);
    if (next > end) {
      node.display = `${name} (fragment)`;
      r.info.push(`${name} (Fragment)`);
      return;
    }
    const number = r.fragment++;
    const context = { dtls: true, version: r.version, cipher: r.cipher };
    if (next - body === length) {
      const better = readHandshake(node, b, type, body, next, context);
      r.info.push(better === '' ? name : better);
    } else {
      const whole = d.capture.state(dtlsSessions).continued(d.row, number);
      node.display = `${name} (${whole === undefined ? 'Fragment' : 'Reassembled'})`;
      r.info.push(`${name} (${whole === undefined ? 'Fragment' : 'Reassembled'})`);
      if (whole !== undefined) {
        const buf = d.newBuf('Reassembled DTLS Handshake', whole);
        readHandshake(node.over(buf), buf, type, 0, whole.length, context);
      }
    }
    at = next;
  }
}

export const dtls = app({
  name: 'dtls',
  short: 'DTLS',
  title: 'Datagram Transport Layer Security',
  osi: '6',
  pdu: 'Record',
  fields: [...Object.values(f), ...new Map([...names.values()].map((field) => [field.abbrev, field])).values()],
  index,
  read,
  mayBegin: (octet) => octet >= CHANGE_CIPHER_SPEC && octet <= 25,
  accepts(b, o, end) {
    return isRecord(b, o, end) && be16(b, o + 11) <= end - o - HEADER;
  },
});

/** On its ports it takes whatever comes, as Wireshark's does. */
export const dtlsOnPort = alias(dtls, {});
