/**
 * What the index remembers of TLS connections: the version, cipher and application protocol agreed on, the randoms by which a key log names
 * the connection, where encryption begins, and the beginnings of handshake messages that go on in a later record.
 */
import { defineState } from '../dissect/capture-index.ts';
import { NONE } from '../table/packet-table.ts';

const SUPPORTED_VERSIONS = 43;
const ALPN = 16;
const ENCRYPT_THEN_MAC = 22;
const PRE_SHARED_KEY = 41;
/** Bytes of unfinished handshake messages kept in all, connections whose randoms are kept, longest handshake message. */
const PARTS_TOTAL = 16 * 1024 * 1024;
const MAX_RANDOMS = 65_536;
export const MAX_MESSAGE = 0x10000;
/** What the note of a record takes, in octets. */
const NOTE = 64;
/** Handshake records of one row that are told apart. */
const RECORDS = 256;

/** An alert that ends the connection: its row, and its number (RFC 8446, section 6). */
export interface FatalAlert {
  readonly row: number;
  readonly description: number;
}

/** Handshakes of a connection after its first one (RFC 5246, section 7.4.1): what packets prove of them, with or without secrets. */
export interface Renegotiations {
  /** Rows in which each began, the first ones. */
  readonly rows: number[];
  /** The first one's first record was sent by the client; by the server it is a HelloRequest. */
  readonly fromClient: boolean;
  times: number;
  /** How many ended with both sides changing their keys, and the row in which the first one's second side did; NONE where it did not. */
  completed: number;
  changed: number;
  /** Row of an alert that refused the first one, NONE without. */
  refused: number;
  /** Of the first one: the other side sent handshake messages too; and row of its next record where that is an alert that nobody opened, NONE where not. */
  answered: boolean;
  sealedAlert: number;
  /** The other side has sent a record since the first one began. */
  heard: boolean;
  /** One is under way: bits of the sides that have changed their keys in it. */
  open: boolean;
  sides: number;
}

const SAID_ROWS = 6;
/** Content types of records. */
const ALERT = 21;
const HANDSHAKE = 22;
const FATAL = 2;
const CLOSE_NOTIFY = 0;
const USER_CANCELED = 90;

/** A message of which more records are to come. */
interface Unfinished {
  /** Its octets so far, and room for more. */
  room: Uint8Array;
  length: number;
  /** How many of them notes of records keep. */
  noted: number;
}

export class TlsSessions {
  /** Version that the server chose, by stream; 0 where unknown. */
  #version = new Uint16Array(64);
  /** Versions that records say, by stream, and rows from which on streams are SSL 2.0. */
  readonly #recordVersions = new Map<number, number>();
  readonly #ssl2 = new Map<number, number>();
  #cipher = new Uint16Array(64);
  /** Row of the Change Cipher Spec, by 2 * stream + (0 from the client, 1 from the server); NONE without one. */
  #changed = new Uint32Array(128).fill(NONE);
  /** First fatal alert, by 2 * stream + (0 from the client, 1 from the server). */
  readonly #alerts = new Map<number, FatalAlert>();
  /** Rows in which the first ClientHello and the first Certificate of the server end, by 2 * stream and 2 * stream + 1; NONE without one. */
  #firsts = new Uint32Array(128).fill(NONE);
  /** Application protocol that the server chose, by stream. */
  readonly #application = new Map<number, string>();
  /** Streams that agreed on encrypt-then-MAC (RFC 7366). */
  readonly #encryptThenMac = new Set<number>();
  /** Streams whose server chose a key that both had before (RFC 8446, section 4.2.11). */
  readonly #preShared = new Set<number>();
  /** Random of the hello, by 2 * stream + (0 from the client, 1 from the server). */
  readonly #randoms = new Map<number, Uint8Array>();
  /** What stands before the handshake record that a row has, by RECORDS * row + number of the record in the row. */
  readonly #parts = new Map<number, Uint8Array>();
  #partBytes = 0;
  /** Unfinished handshake message, by 2 * stream + direction. */
  readonly #open = new Map<number, Unfinished>();
  /** Unfinished DTLS message, by 2 * stream + direction. */
  readonly #fragments = new Map<
    number,
    { readonly number: number; readonly bytes: Uint8Array; readonly there: Uint8Array; missing: number }
  >();
  /** By stream. */
  readonly #renegotiations = new Map<number, Renegotiations>();
  #row = NONE;
  #record = 0;

  version(stream: number): number {
    return this.#version[stream] ?? 0;
  }

  /** Index depth: version by which records are told: the one agreed on, or that of a record which says it; SSL 2.0 is 2; 0 where unknown. */
  recordVersion(stream: number): number {
    if (this.#ssl2.size > 0 && this.#ssl2.has(stream)) return 2;
    const version = this.#version[stream] ?? 0;
    return version !== 0 || this.#recordVersions.size === 0 ? version : (this.#recordVersions.get(stream) ?? 0);
  }

  /** Index depth: a record that says the version, where none is known. */
  noteRecordVersion(stream: number, row: number, version: number): void {
    if (version === 2) {
      if (this.#ssl2.size < MAX_RANDOMS && !this.#ssl2.has(stream)) this.#ssl2.set(stream, row);
    } else if (version >= 0x0300 && version <= 0x0304 && this.#recordVersions.size < MAX_RANDOMS) this.#recordVersions.set(stream, version);
  }

  /** Row from which on a connection is one of SSL 2.0, NONE where it is not. */
  ssl2Since(stream: number): number {
    return this.#ssl2.get(stream) ?? NONE;
  }

  cipher(stream: number): number {
    return this.#cipher[stream] ?? 0;
  }

  /** CBC records are authenticated as they are encrypted. */
  encryptThenMac(stream: number): boolean {
    return this.#encryptThenMac.has(stream);
  }

  /** TLS 1.3: the server took a key that both had before, of an earlier session or by agreement; no certificate was shown then. */
  preShared(stream: number): boolean {
    return this.#preShared.has(stream);
  }

  /** Name in ALPN of the protocol inside, '' where unknown. */
  application(stream: number): string {
    return this.#application.get(stream) ?? '';
  }

  /** The 32 random bytes of that side's hello; undefined where it was not seen. */
  random(stream: number, fromClient: boolean): Uint8Array | undefined {
    return this.#randoms.get(2 * stream + (fromClient ? 0 : 1));
  }

  /** Row in which that direction's Change Cipher Spec is, NONE without one. */
  changed(stream: number, fromClient: boolean): number {
    return this.#changed[2 * stream + (fromClient ? 0 : 1)] ?? NONE;
  }

  /** The first fatal alert of that direction, in the clear or decrypted; undefined without one. */
  fatalAlert(stream: number, fromClient: boolean): FatalAlert | undefined {
    return this.#alerts.get(2 * stream + (fromClient ? 0 : 1));
  }

  /** Handshakes after the first one; undefined where there were none. */
  renegotiations(stream: number): Renegotiations | undefined {
    return this.#renegotiations.get(stream);
  }

  /** A handshake record behind application data and behind the direction's Finished: it begins another handshake, or goes on with it. */
  noteRenegotiation(stream: number, fromClient: boolean, row: number): void {
    const known = this.#renegotiations.get(stream);
    if (known === undefined) {
      if (this.#renegotiations.size >= MAX_RANDOMS) return;
      this.#renegotiations.set(stream, {
        rows: [row],
        fromClient,
        times: 1,
        completed: 0,
        changed: NONE,
        refused: NONE,
        answered: false,
        sealedAlert: NONE,
        heard: false,
        open: true,
        sides: 0,
      });
    } else if (!known.open) {
      known.times++;
      known.open = true;
      known.sides = 0;
      if (known.rows.length < SAID_ROWS) known.rows.push(row);
    }
  }

  /** A record of a direction, of `type`; `sealed`: nobody opened it. The first of the other side after a handshake began may tell what became of that. */
  noteAnswer(stream: number, fromClient: boolean, row: number, type: number, sealed: boolean): void {
    const known = this.#renegotiations.get(stream);
    if (known === undefined || known.times > 1 || known.fromClient === fromClient) return;
    if (type === HANDSHAKE) known.answered = true;
    if (!known.heard && type === ALERT && sealed) known.sealedAlert = row;
    known.heard = true;
  }

  /** A side changes its keys anew. */
  noteChangedAgain(stream: number, fromClient: boolean, row: number): void {
    const known = this.#renegotiations.get(stream);
    if (known === undefined || !known.open) return;
    known.sides |= fromClient ? 1 : 2;
    if (known.sides !== 3) return;
    known.open = false;
    known.completed++;
    if (known.times === 1) known.changed = row;
  }

  /** A decrypted alert that refuses another handshake (RFC 5246, section 7.2.2). */
  noteRefused(stream: number, row: number): void {
    const known = this.#renegotiations.get(stream);
    if (known === undefined || !known.open) return;
    known.open = false;
    if (known.times === 1) known.refused = row;
  }

  /** An alert in the clear. TLS 1.3 knows no level: all but two end the connection (RFC 8446, section 6). */
  noteAlert(stream: number, fromClient: boolean, row: number, level: number, description: number): void {
    const gentle = description === CLOSE_NOTIFY || description === USER_CANCELED;
    if (gentle || (level !== FATAL && this.version(stream) !== 0x0304)) return;
    const key = 2 * stream + (fromClient ? 0 : 1);
    if (this.#alerts.size < MAX_RANDOMS && !this.#alerts.has(key)) this.#alerts.set(key, { row, description });
  }

  /** Row in which the first ClientHello ends, NONE without one. */
  hello(stream: number): number {
    return this.#firsts[2 * stream] ?? NONE;
  }

  /** Row in which the server's first Certificate message that could be read ends, NONE without one. */
  certificate(stream: number): number {
    return this.#firsts[2 * stream + 1] ?? NONE;
  }

  noteCertificate(stream: number, fromClient: boolean, row: number): void {
    if (!fromClient) this.#noteFirst(2 * stream + 1, row);
  }

  #noteFirst(key: number, row: number): void {
    this.#room(key >>> 1);
    if (this.#firsts[key] === NONE) this.#firsts[key] = row;
  }

  noteChange(stream: number, fromClient: boolean, row: number): void {
    this.#room(stream);
    const at = 2 * stream + (fromClient ? 0 : 1);
    if (this.#changed[at] === NONE) this.#changed[at] = row;
  }

  /** Index depth: the number of the handshake record at hand in its row. */
  nextRecord(row: number): number {
    if (row !== this.#row) {
      this.#row = row;
      this.#record = 0;
    }
    return this.#record++;
  }

  /** Index depth: whether the record at hand goes on with a message. */
  isOpen(stream: number, fromClient: boolean): boolean {
    return this.#open.has(2 * stream + (fromClient ? 0 : 1));
  }

  /** Index depth: the record ends within a message, of which bytes[from, end) are the beginning. */
  open(stream: number, fromClient: boolean, bytes: Uint8Array, from: number, end: number): void {
    this.close(stream, fromClient);
    const length = end - from;
    if (length > MAX_MESSAGE || this.#partBytes + length > PARTS_TOTAL) return;
    this.#partBytes += length;
    this.#open.set(2 * stream + (fromClient ? 0 : 1), { room: bytes.slice(from, end), length, noted: 0 });
  }

  /** Index depth: no message is unfinished any more. */
  close(stream: number, fromClient: boolean): void {
    const key = 2 * stream + (fromClient ? 0 : 1);
    const open = this.#open.get(key);
    if (open === undefined) return;
    this.#partBytes -= open.length;
    this.#open.delete(key);
  }

  /**
   * Index depth: record `record` of `row` goes on with the message that is open, with bytes[from, end). Gives all there is of it; what is longer than
   * is kept is closed. A message may come in records of one octet: each octet is copied a few times at most, and what stood before a record is part of the same
   * buffer, whose beginning does not change.
   */
  goOn(row: number, record: number, stream: number, fromClient: boolean, bytes: Uint8Array, from: number, end: number): Uint8Array {
    const open = this.#open.get(2 * stream + (fromClient ? 0 : 1));
    if (open === undefined) return bytes.subarray(from, end);
    this.#note(row, record, open.room.subarray(0, open.length), open.length - open.noted);
    open.noted = open.length;
    const length = open.length + end - from;
    if (length > open.room.length) {
      const wider = new Uint8Array(Math.max(512, 2 * length));
      wider.set(open.room.subarray(0, open.length));
      open.room = wider;
    }
    open.room.set(bytes.subarray(from, end), open.length);
    this.#partBytes += length - open.length;
    open.length = length;
    if (length > MAX_MESSAGE || this.#partBytes > PARTS_TOTAL) this.close(stream, fromClient);
    return open.room.subarray(0, length);
  }

  /** Index depth: record `record` of `row` goes on with a message that began with these bytes. */
  noteContinued(row: number, record: number, before: Uint8Array): void {
    this.#note(row, record, before, before.length);
  }

  /** @param more octets of `before` that no note before this one keeps */
  #note(row: number, record: number, before: Uint8Array, more: number): void {
    if (record >= RECORDS || this.#partBytes + more + NOTE > PARTS_TOTAL) return;
    this.#partBytes += more + NOTE;
    this.#parts.set(RECORDS * row + record, before);
  }

  /** The bytes of a message that record `record` of `row` goes on with; undefined where it begins one. */
  continued(row: number, record: number): Uint8Array | undefined {
    return this.#parts.size === 0 || record >= RECORDS ? undefined : this.#parts.get(RECORDS * row + record);
  }

  /**
   * Index depth, DTLS: bytes at `offset` of handshake message `number` of that direction, `length` long in all. Gives the message when it is
   * whole. Of one direction only the latest unfinished message is kept.
   */
  fragment(stream: number, fromClient: boolean, number: number, length: number, offset: number, bytes: Uint8Array): Uint8Array | null {
    const key = 2 * stream + (fromClient ? 0 : 1);
    let at = this.#fragments.get(key);
    if (at === undefined || at.number !== number || at.bytes.length !== length) {
      if (at !== undefined) this.#partBytes -= 2 * at.bytes.length;
      this.#fragments.delete(key);
      if (length > MAX_MESSAGE || this.#partBytes + 2 * length > PARTS_TOTAL) return null;
      at = { number, bytes: new Uint8Array(length), there: new Uint8Array(length), missing: length };
      this.#partBytes += 2 * length;
      this.#fragments.set(key, at);
    }
    for (let k = 0; k < bytes.length && offset + k < length; k++) {
      if (at.there[offset + k] === 0) at.missing--;
      at.there[offset + k] = 1;
      at.bytes[offset + k] = bytes[k] as number;
    }
    if (at.missing > 0) return null;
    this.#fragments.delete(key);
    this.#partBytes -= 2 * length;
    return at.bytes;
  }

  /** A ClientHello (RFC 8446 section 4.1.2) whose body is at [at, end) of what ends in `row`. */
  noteClientHello(stream: number, row: number, b: Uint8Array, at: number, end: number): void {
    this.#noteFirst(2 * stream, row);
    if (at + 34 <= end) this.#noteRandom(2 * stream, b.slice(at + 2, at + 34));
  }

  /** A ServerHello (RFC 8446 section 4.1.3) whose body is at [at, end). */
  noteServerHello(stream: number, b: Uint8Array, at: number, end: number): void {
    if (at + 38 > end) return;
    let version = u16(b, at);
    const plain = hasNoSession(version);
    const cipher = plain ? at + 34 : at + 35 + (b[at + 34] as number);
    this.#encryptThenMac.delete(stream);
    this.#extensions(stream, b, plain ? cipher + 2 : cipher + 3, end, (type, from, to) => {
      if (type === SUPPORTED_VERSIONS && to - from === 2) version = u16(b, from);
      else if (type === ENCRYPT_THEN_MAC) this.#encryptThenMac.add(stream);
      else if (type === PRE_SHARED_KEY) this.#preShared.add(stream);
    });
    this.#room(stream);
    // Drafts of TLS 1.3 had numbers of their own.
    this.#version[stream] = version >>> 8 === 0x7f || version >>> 8 === 0xfb ? 0x0304 : version;
    if (cipher + 2 <= end) this.#cipher[stream] = u16(b, cipher);
    this.#noteRandom(2 * stream + 1, b.slice(at + 2, at + 34));
  }

  /** EncryptedExtensions of TLS 1.3 (RFC 8446 section 4.3.1), decrypted, whose body is at [at, end). */
  noteEncryptedExtensions(stream: number, b: Uint8Array, at: number, end: number): void {
    this.#extensions(stream, b, at, end, () => {});
  }

  /** Goes through extensions with their length at `at`; takes what any of them says of the protocol inside. */
  #extensions(stream: number, b: Uint8Array, at: number, end: number, each: (type: number, from: number, to: number) => void): void {
    if (at + 2 > end) return;
    const stop = Math.min(end, at + 2 + u16(b, at));
    for (let o = at + 2; o + 4 <= stop; ) {
      const type = u16(b, o);
      const next = o + 4 + u16(b, o + 2);
      if (next > stop) return;
      if (type === ALPN && next - o > 7 && next - o < 68) this.#application.set(stream, latin(b, o + 7, next));
      else each(type, o + 4, next);
      o = next;
    }
  }

  #noteRandom(key: number, random: Uint8Array): void {
    if (this.#randoms.size < MAX_RANDOMS || this.#randoms.has(key)) this.#randoms.set(key, random);
  }

  #room(stream: number): void {
    let size = this.#version.length;
    if (stream < size) return;
    while (size <= stream) size *= 2;
    const version = new Uint16Array(size);
    version.set(this.#version);
    this.#version = version;
    const cipher = new Uint16Array(size);
    cipher.set(this.#cipher);
    this.#cipher = cipher;
    const changed = new Uint32Array(2 * size).fill(NONE);
    changed.set(this.#changed);
    this.#changed = changed;
    const firsts = new Uint32Array(2 * size).fill(NONE);
    firsts.set(this.#firsts);
    this.#firsts = firsts;
  }
}

/** In drafts of TLS 1.3 before the 22nd (0x7f..) a ServerHello has neither session ID nor compression. */
export function hasNoSession(version: number): boolean {
  return version >>> 8 === 0x7f && (version & 0xff) < 22;
}

function u16(b: Uint8Array, at: number): number {
  return ((b[at] as number) << 8) | (b[at + 1] as number);
}

function latin(b: Uint8Array, from: number, to: number): string {
  let text = '';
  for (let i = from; i < to; i++) text += String.fromCharCode(b[i] as number);
  return text;
}

/** Of TLS over TCP. */
export const tlsSessions = defineState(() => new TlsSessions());
/** Of DTLS over UDP: streams are numbered on their own there. */
export const dtlsSessions = defineState(() => new TlsSessions());
/** Of TLS inside QUIC: by the number of the connection. */
export const quicSessions = defineState(() => new TlsSessions());
