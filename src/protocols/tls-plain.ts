/**
 * Decrypted TLS records. Index depth finds the keys of each direction, opens its records in order, and notes for each by which keys and under
 * which number it was opened and what it means for the protocol inside; so full depth opens a record again on its own. Nothing decrypted is
 * kept, but for a small cache.
 */
import { type CaptureIndex, defineState } from '../dissect/capture-index.ts';
import type { StreamSide } from '../dissect/framer.ts';
import type { IndexWalk } from '../dissect/index-walk.ts';
import { handedOver } from '../flow/handed.ts';
import { REASSEMBLED_LIMIT } from '../flow/payload-plan.ts';
import { NONE } from '../table/packet-table.ts';
import { hashLength, masterKeys, nextSecret, type RecordKeys, type Suite, suiteOf, trafficKeys } from '../tls/key-schedule.ts';
import { Secret, type Secrets } from '../tls/keylog.ts';
import { type OpenedRecord, openRecord } from '../tls/open-record.ts';
import { tlsSecrets } from '../tls/secrets.ts';
import { cipherName } from './tls-ciphers.ts';
import { type Cut, InnerStream, type Shared } from './tls-inner.ts';
import { type TlsSessions, tlsSessions } from './tls-session.ts';

export const RECORD_HEADER = 5;
export const ContentType = { ChangeCipherSpec: 20, Alert: 21, Handshake: 22, Application: 23, Heartbeat: 24 } as const;
/** Of handshake messages: those after which other keys are used. */
const EndOfEarlyData = 5;
const Finished = 20;
const KeyUpdate = 24;

/** Connections that are decrypted; beyond, connections stay as they are. */
const MOST_CONNECTIONS = 200_000;
/** Records looked ahead for the number of the next one, where some are missing. */
const AHEAD = 64;
/** Attempts of one direction in vain before it is given up. */
const MOST_ATTEMPTS = 2048;
/** Octets of decrypted records that full depth keeps. */
const CACHE_BYTES = 8 * 1024 * 1024;
/** Suites that early data may be protected with, by the length of its secret. */
const EARLY_SUITES: Readonly<Record<number, readonly string[]>> = {
  32: ['TLS_AES_128_GCM_SHA256', 'TLS_CHACHA20_POLY1305_SHA256'],
  48: ['TLS_AES_256_GCM_SHA384'],
};

/** True for what begins a record. */
export function isContentType(type: number): boolean {
  return type >= ContentType.ChangeCipherSpec && type <= ContentType.Heartbeat;
}

/** Byte `i` of the record at hand: of the carried bytes, then of the new ones. */
export function byteAt(side: StreamSide, bytes: Uint8Array, offset: number, i: number): number {
  return (i < side.carryLength ? side.carry?.[i] : bytes[offset + i - side.carryLength]) as number;
}

/** Where the record at `at` ends, 0 where there is none. */
export function recordEnd(bytes: Uint8Array, at: number, end: number): number {
  if (end - at < RECORD_HEADER || !isContentType(bytes[at] as number) || bytes[at + 1] !== 3) return 0;
  return at + RECORD_HEADER + (((bytes[at + 3] as number) << 8) | (bytes[at + 4] as number));
}

/** What came of the keys of a connection. */
export type Verdict =
  /** Records were opened, and none was not. */
  | 'decrypted'
  /** Some were opened, some not. */
  | 'partly'
  /** The key log does not name the connection. */
  | 'missing'
  /** It does, but its secrets do not open the records, or a secret is not there. */
  | 'wrong'
  /** The beginning of the connection was not captured: its name in the key log is not known. */
  | 'nameless'
  /** Records of this cipher suite cannot be opened. */
  | 'suite';

export interface Outcome {
  readonly verdict: Verdict;
  /** Row of the first record that was not opened; where all were, of the first. */
  readonly row: number;
  /** Short name of the protocol inside, '' where it is not known. */
  readonly inside: string;
  /** Records that were opened, and that were not. */
  readonly records: number;
  readonly failed: number;
}

/** What the secrets open in a direction of TLS 1.3, in the order in which they are used. */
const PHASES = [
  [Secret.ClientEarly, Secret.ClientHandshake, Secret.ClientTraffic],
  [Secret.ServerHandshake, Secret.ServerTraffic],
] as const;

class Direction {
  keys: RecordKeys | null = null;
  /** Number of the keys in the list of all, -1 before they opened anything. */
  keysId = -1;
  /** Number of the next record. */
  number = 0;
  /** Of TLS 1.3: the secret behind the keys, and its place among the phases; -1 before the first. */
  secret: Uint8Array | null = null;
  phase = -1;
  /** Up to TLS 1.2: a Change Cipher Spec came. */
  changed = false;
  /** Records that were not opened since the last that was, and attempts in vain. */
  missed = 0;
  attempts = 0;
  opened = 0;
  failed = 0;
  /** Number after that of the last record that was opened behind a hole, and attempts in vain since. */
  ahead = 0;
  peeks = 0;
  /** Last cipher block, for CBC of TLS 1.0. */
  previous: Uint8Array | null = null;
  /** The latest entry with application data, NONE without one, and the octets of all of them. */
  latest = NONE;
  length = 0;
}

class Connection {
  readonly directions = [new Direction(), new Direction()] as const;
  readonly inner: InnerStream;
  suite: Suite | null = null;
  /** Cipher suite and random that `suite` and `secrets` are of. */
  cipher = 0;
  random: Uint8Array | undefined = undefined;
  secrets: Secrets | undefined = undefined;
  /** Version of the secrets that were looked at. */
  looked = -1;
  reason: Verdict = 'missing';
  firstRow = NONE;
  failedRow = NONE;

  constructor(inner: InnerStream) {
    this.inner = inner;
  }
}

/** A record that was opened at index depth. */
export interface Opened extends OpenedRecord {
  readonly entry: number;
}

export class TlsPlain {
  /** Records that were opened, in order of the capture. */
  size = 0;
  row = new Uint32Array(64);
  /** Which of the whole records of its row it is, from 0. */
  ordinal = new Uint16Array(64);
  /** 2 * stream + (0 from the client, 1 from the server). */
  side = new Uint32Array(64);
  type = new Uint8Array(64);
  /** Place of its contents in what its side sent as application data, and their length. */
  start = new Float64Array(64);
  length = new Uint32Array(64);
  /** The application data before it of the same side, NONE for the first or where something is missing in between. */
  previous = new Uint32Array(64);
  /** See Cut. `before`: one more; `app`, `restApp`: 1 + id. */
  before = new Uint32Array(64);
  joined = new Uint16Array(64);
  app = new Uint16Array(64);
  whole = new Uint16Array(64);
  restApp = new Uint16Array(64);
  #number = new Uint32Array(64);
  #keys = new Uint32Array(64);
  readonly #allKeys: RecordKeys[] = [];
  /** Cipher blocks before records of TLS 1.0, by entry. */
  readonly #blocks = new Map<number, Uint8Array>();
  readonly #capture: CaptureIndex;
  readonly #connections = new Map<number, Connection>();
  readonly #shared: Shared = { kept: 0 };
  #row = NONE;
  #ordinal = 0;
  /** The last record was opened under a number beyond the next one. */
  #jumped = false;
  readonly #cache = new Map<number, Uint8Array>();
  #cached = 0;
  /** The whole records that a row handed over. */
  #records: { readonly row: number; readonly side: number; readonly found: readonly Uint8Array[] } = { row: NONE, side: 0, found: [] };

  constructor(capture: CaptureIndex) {
    this.#capture = capture;
  }

  // --- index depth

  /** Takes the whole record bytes[at, end) of a direction, which is the next of its row. Null: it is not decrypted. */
  open(side: StreamSide, row: number, bytes: Uint8Array, at: number, end: number): Opened | null {
    const ordinal = this.#nextOrdinal(row);
    if (ordinal > 0xffff) return null;
    const type = bytes[at] as number;
    const sessions = this.#capture.state(tlsSessions);
    const version = sessions.version(side.stream);
    const modern = version === 0x0304 || version === 0;
    if (modern && type !== ContentType.Application) return null;
    const connection = this.#connection(side.stream);
    if (connection === null) return null;
    const way = side.fromClient ? 0 : 1;
    const direction = connection.directions[way];
    if (!modern && type === ContentType.ChangeCipherSpec) {
      this.#change(connection, direction);
      return null;
    }
    if (!modern && !direction.changed) {
      if (type !== ContentType.Application) return null;
      // The Change Cipher Spec was not captured; at least the Finished message was sent since.
      this.#change(connection, direction);
      direction.missed = 1;
    }
    if (connection.firstRow === NONE) connection.firstRow = row;
    this.#jumped = false;
    let opened = this.#try(connection, sessions, side.stream, way, version, bytes, at, end);
    if (opened === null && this.#capture.state(tlsSecrets).refresh())
      opened = this.#try(connection, sessions, side.stream, way, version, bytes, at, end);
    const previous = direction.previous;
    if (version === 0x0301 && direction.keys !== null) direction.previous = lastBlock(direction.keys, bytes, at + RECORD_HEADER, end);
    if (opened === null) {
      direction.failed++;
      direction.missed++;
      direction.latest = NONE;
      if (connection.failedRow === NONE) connection.failedRow = row;
      connection.inner.lost(way);
      return null;
    }
    if (this.#jumped && direction.opened > 0) {
      direction.latest = NONE;
      connection.inner.lost(way);
    }
    direction.missed = 0;
    direction.attempts = 0;
    direction.opened++;
    const entry = this.#add(row, ordinal, 2 * side.stream + way, opened, direction);
    if (version === 0x0301 && previous !== null) this.#blocks.set(entry, previous);
    return { ...opened, entry };
  }

  #nextOrdinal(row: number): number {
    if (row !== this.#row) {
      this.#row = row;
      this.#ordinal = 0;
    }
    return this.#ordinal++;
  }

  /** The key log names the connection. */
  hasSecrets(stream: number): boolean {
    const random = this.#capture.state(tlsSessions).random(stream, true);
    return random !== undefined && this.#capture.state(tlsSecrets).find(random) !== undefined;
  }

  /**
   * Looks at the whole record bytes[at, end), the next of its row, which is behind a hole: application data is noted for full depth to be shown there. What
   * it means for the protocol inside, its next coming tells, when the hole is filled: then open() has it.
   */
  ahead(side: StreamSide, row: number, bytes: Uint8Array, at: number, end: number): void {
    const ordinal = this.#nextOrdinal(row);
    const way = side.fromClient ? 0 : 1;
    const direction = this.#connections.get(side.stream)?.directions[way];
    if (direction === undefined || direction.keys === null || direction.keysId < 0 || ordinal > 0xffff) return;
    // In TLS 1.0 each record is needed for the next.
    if (bytes[at] !== ContentType.Application || this.#capture.state(tlsSessions).version(side.stream) === 0x0301) return;
    const from = Math.max(direction.number, direction.ahead);
    for (let number = from; number <= from + AHEAD && direction.peeks < MOST_ATTEMPTS; number++) {
      const opened = openRecord(direction.keys, number, bytes, at, end, direction.previous);
      if (opened === null) {
        direction.peeks++;
        continue;
      }
      direction.peeks = 0;
      direction.ahead = number + 1;
      if (opened.type !== ContentType.Application) return;
      const entry = this.#entry(row, ordinal, 2 * side.stream + way, opened.type, direction);
      this.#number[entry] = number;
      return;
    }
  }

  /** A whole handshake message of `type` came out of an encrypted record: after some, other keys are used. */
  heard(stream: number, fromClient: boolean, type: number): void {
    if (type !== Finished && type !== KeyUpdate && type !== EndOfEarlyData) return;
    if (this.#capture.state(tlsSessions).version(stream) !== 0x0304) return;
    const connection = this.#connections.get(stream);
    if (connection === undefined || connection.suite === null) return;
    const way = fromClient ? 0 : 1;
    const direction = connection.directions[way];
    if (type === KeyUpdate) {
      if (direction.secret === null) return;
      this.#use(direction, connection.suite, nextSecret(connection.suite.hash, direction.secret));
      return;
    }
    const early = direction.phase >= 0 && PHASES[way][direction.phase] === Secret.ClientEarly;
    if (early !== (type === EndOfEarlyData)) return;
    this.#enter(connection, direction, way, direction.phase + 1);
  }

  /** Hands the contents of a record of application data to the protocol inside. */
  deliver(w: IndexWalk, side: StreamSide, opened: Opened): void {
    const connection = this.#connections.get(side.stream);
    if (connection === undefined || opened.bytes.length === 0) return;
    const alpn = this.#capture.state(tlsSessions).application(side.stream);
    this.#note(opened.entry, connection.inner.deliver(w, side.fromClient ? 0 : 1, opened.bytes, alpn));
  }

  /** A decrypted alert: "close notify" ends what the direction sends. */
  alert(w: IndexWalk, side: StreamSide, opened: Opened): void {
    if (opened.bytes.length !== 2 || opened.bytes[1] !== 0) return;
    const way = side.fromClient ? 0 : 1;
    const connection = this.#connections.get(side.stream);
    const cut = connection?.inner.close(w, way) ?? null;
    if (cut === null || connection === undefined) return;
    this.previous[opened.entry] = connection.directions[way].latest;
    this.#note(opened.entry, cut);
  }

  /** Octets of the direction are missing. */
  lost(stream: number, fromClient: boolean): void {
    const connection = this.#connections.get(stream);
    if (connection === undefined) return;
    const way = fromClient ? 0 : 1;
    connection.directions[way].latest = NONE;
    connection.inner.lost(way);
  }

  #connection(stream: number): Connection | null {
    let connection = this.#connections.get(stream);
    if (connection === undefined) {
      if (this.#connections.size >= MOST_CONNECTIONS) return null;
      connection = new Connection(new InnerStream(this.#capture, stream, this.#shared));
      this.#connections.set(stream, connection);
    }
    return connection;
  }

  /** A Change Cipher Spec up to TLS 1.2: the next record has new keys, which follow from the hellos before it. */
  #change(connection: Connection, direction: Direction): void {
    direction.changed = true;
    direction.keys = null;
    direction.keysId = -1;
    direction.number = 0;
    direction.ahead = 0;
    direction.missed = 0;
    direction.attempts = 0;
    direction.previous = null;
    connection.looked = -1;
  }

  /** Suite and secrets of the connection, as far as they are known; null, with the reason noted, where they are not. */
  #secrets(connection: Connection, sessions: TlsSessions, stream: number, version: number): Secrets | null {
    const log = this.#capture.state(tlsSecrets);
    const random = sessions.random(stream, true);
    if (random === undefined) {
      connection.reason = 'nameless';
      return null;
    }
    const cipher = sessions.cipher(stream);
    if (version !== 0 && connection.cipher !== cipher) {
      connection.cipher = cipher;
      connection.suite = suiteOf(cipherName(cipher) ?? '');
    }
    if (version !== 0 && (connection.suite === null || version < 0x0301)) {
      connection.reason = 'suite';
      return null;
    }
    if (connection.secrets === undefined || connection.random !== random || connection.looked !== log.version) {
      connection.random = random;
      connection.secrets = log.find(random);
      connection.looked = log.version;
      if (connection.secrets !== undefined) for (const one of connection.directions) one.attempts = 0;
    }
    connection.reason = connection.secrets === undefined ? 'missing' : 'wrong';
    return connection.secrets ?? null;
  }

  #try(
    connection: Connection,
    sessions: TlsSessions,
    stream: number,
    way: 0 | 1,
    version: number,
    bytes: Uint8Array,
    at: number,
    end: number,
  ): OpenedRecord | null {
    const direction = connection.directions[way];
    if (direction.attempts > MOST_ATTEMPTS && connection.looked === this.#capture.state(tlsSecrets).version) return null;
    // Up to TLS 1.2 keys are in use until the next Change Cipher Spec, whatever another ClientHello says meanwhile.
    if (direction.keys !== null && version !== 0 && version !== 0x0304) return this.#next(direction, bytes, at, end);
    const secrets = this.#secrets(connection, sessions, stream, version);
    if (secrets === null) return null;
    const { suite } = connection;
    if (version === 0) return way === 0 ? this.#early(connection, secrets, bytes, at, end) : null;
    if (suite === null) return null;
    if (version !== 0x0304) {
      if (direction.keys === null && !this.#derive(sessions, stream, version, suite, secrets, way, direction)) return null;
      return this.#next(direction, bytes, at, end);
    }
    const opened = direction.keys === null ? null : this.#attempt(direction, direction.number, bytes, at, end);
    if (opened !== null) return opened;
    // A direction may have gone on to its next secret unseen: early data that the server refused, or packets that are missing.
    const { keys, keysId, number, phase, secret } = direction;
    for (let next = phase + 1; next < PHASES[way].length; next++) {
      if (!this.#enter(connection, direction, way, next)) continue;
      const found = this.#next(direction, bytes, at, end);
      if (found !== null) return found;
    }
    Object.assign(direction, { keys, keysId, number, phase, secret });
    return direction.keys === null ? null : this.#ahead(direction, bytes, at, end);
  }

  /** Keys of a direction up to TLS 1.2. */
  #derive(
    sessions: TlsSessions,
    stream: number,
    version: number,
    suite: Suite,
    secrets: Secrets,
    way: 0 | 1,
    direction: Direction,
  ): boolean {
    const master = secrets[Secret.Master];
    const clientRandom = sessions.random(stream, true);
    const serverRandom = sessions.random(stream, false);
    if (master === undefined || clientRandom === undefined || serverRandom === undefined || version < 0x0301) return false;
    direction.keys = masterKeys(version, suite, master, clientRandom, serverRandom, sessions.encryptThenMac(stream))[way];
    direction.keysId = -1;
    return true;
  }

  /** Early data comes before the server has said anything: the suite shows when it fits. */
  #early(connection: Connection, secrets: Secrets, bytes: Uint8Array, at: number, end: number): OpenedRecord | null {
    const [direction] = connection.directions;
    if (direction.keys !== null) return this.#next(direction, bytes, at, end);
    const secret = secrets[Secret.ClientEarly];
    if (secret === undefined) return null;
    for (const name of EARLY_SUITES[secret.length] ?? []) {
      const suite = suiteOf(name) as Suite;
      this.#use(direction, suite, secret);
      direction.phase = 0;
      const opened = this.#attempt(direction, 0, bytes, at, end);
      if (opened !== null) return opened;
    }
    direction.keys = null;
    direction.phase = -1;
    return null;
  }

  /** Goes on to the secret of a phase; false where the log does not have it: then the direction has no keys. */
  #enter(connection: Connection, direction: Direction, way: 0 | 1, phase: number): boolean {
    direction.phase = phase;
    direction.number = 0;
    const number = PHASES[way][phase];
    const secret = number === undefined ? undefined : connection.secrets?.[number];
    if (secret === undefined || connection.suite === null) {
      direction.keys = null;
      direction.keysId = -1;
      direction.secret = null;
      return false;
    }
    this.#use(direction, connection.suite, secret);
    return true;
  }

  #use(direction: Direction, suite: Suite, secret: Uint8Array): void {
    direction.secret = secret;
    direction.keys = trafficKeys(suite, secret);
    direction.keysId = -1;
    direction.number = 0;
    direction.ahead = 0;
  }

  /** Tries the number that comes next, then those after it. */
  #next(direction: Direction, bytes: Uint8Array, at: number, end: number): OpenedRecord | null {
    return this.#attempt(direction, direction.number, bytes, at, end) ?? this.#ahead(direction, bytes, at, end);
  }

  /** Where records are missing, numbers are. */
  #ahead(direction: Direction, bytes: Uint8Array, at: number, end: number): OpenedRecord | null {
    if (direction.opened === 0 && direction.missed === 0) return null;
    const from = direction.number + 1;
    const to = direction.number + direction.missed + (direction.opened === 0 ? 0 : AHEAD);
    for (let number = from; number <= to && direction.attempts <= MOST_ATTEMPTS; number++) {
      const opened = this.#attempt(direction, number, bytes, at, end);
      if (opened === null) continue;
      this.#jumped = true;
      return opened;
    }
    return null;
  }

  #attempt(direction: Direction, number: number, bytes: Uint8Array, at: number, end: number): OpenedRecord | null {
    const keys = direction.keys as RecordKeys;
    const opened = openRecord(keys, number, bytes, at, end, direction.previous);
    if (opened === null) {
      direction.attempts++;
      return null;
    }
    if (direction.keysId < 0) direction.keysId = this.#allKeys.push(keys) - 1;
    direction.number = number + 1;
    return opened;
  }

  #entry(row: number, ordinal: number, side: number, type: number, direction: Direction): number {
    const entry = this.size++;
    if (entry === this.row.length) this.#grow();
    this.row[entry] = row;
    this.ordinal[entry] = ordinal;
    this.side[entry] = side;
    this.type[entry] = type;
    this.#keys[entry] = direction.keysId;
    this.start[entry] = direction.length;
    this.previous[entry] = NONE;
    return entry;
  }

  #add(row: number, ordinal: number, side: number, opened: OpenedRecord, direction: Direction): number {
    const entry = this.#entry(row, ordinal, side, opened.type, direction);
    this.#number[entry] = direction.number - 1;
    if (opened.type === ContentType.Application) {
      this.length[entry] = opened.bytes.length;
      this.previous[entry] = direction.latest;
      direction.latest = entry;
      direction.length += opened.bytes.length;
    }
    return entry;
  }

  #note(entry: number, cut: Cut): void {
    this.before[entry] = cut.before + 1;
    this.joined[entry] = cut.joined;
    this.app[entry] = cut.app === null ? 0 : cut.app.id + 1;
    this.whole[entry] = cut.whole;
    this.restApp[entry] = cut.restApp === null ? 0 : cut.restApp.id + 1;
  }

  #grow(): void {
    const size = 2 * this.row.length;
    const wider = <T extends Uint8Array | Uint16Array | Uint32Array | Float64Array>(from: T, to: T): T => {
      to.set(from);
      return to;
    };
    for (const name of ['row', 'side', 'length', 'previous', 'before'] as const) this[name] = wider(this[name], new Uint32Array(size));
    for (const name of ['ordinal', 'joined', 'app', 'whole', 'restApp'] as const) this[name] = wider(this[name], new Uint16Array(size));
    this.type = wider(this.type, new Uint8Array(size));
    this.start = wider(this.start, new Float64Array(size));
    this.#number = wider(this.#number, new Uint32Array(size));
    this.#keys = wider(this.#keys, new Uint32Array(size));
  }

  // --- full depth

  /** The entry of the `ordinal`th whole record of `row`, NONE where it was not opened. */
  find(row: number, ordinal: number): number {
    const at = this.#firstAt(row, ordinal);
    return at < this.size && this.row[at] === row && this.ordinal[at] === ordinal ? at : NONE;
  }

  /** The first entry that is not before a row's `ordinal`th record. */
  #firstAt(row: number, ordinal: number): number {
    let low = 0;
    let high = this.size;
    while (low < high) {
      const middle = (low + high) >>> 1;
      const at = this.row[middle] as number;
      if (at < row || (at === row && (this.ordinal[middle] as number) < ordinal)) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  /** Opens the record bytes[at, end) again, which is that of `entry`. Null if the bytes are not those that the index saw. */
  read(entry: number, bytes: Uint8Array, at: number, end: number): OpenedRecord | null {
    const keys = this.#allKeys[this.#keys[entry] as number];
    return keys === undefined ? null : openRecord(keys, this.#number[entry] as number, bytes, at, end, this.#blocks.get(entry) ?? null);
  }

  /** The contents of an entry, read from its packet; empty if it cannot be read. */
  contents(entry: number): Uint8Array {
    const known = this.#cache.get(entry);
    if (known !== undefined) {
      this.#cache.delete(entry);
      this.#cache.set(entry, known);
      return known;
    }
    const bytes = this.#record(entry);
    if (bytes === null) return new Uint8Array(0);
    const contents = this.read(entry, bytes, 0, bytes.length)?.bytes ?? new Uint8Array(0);
    this.#remember(entry, contents);
    return contents;
  }

  /** The record of an entry, from its packet: those of one packet are mostly asked for one after the other. */
  #record(entry: number): Uint8Array | null {
    const row = this.row[entry] as number;
    const side = this.side[entry] as number;
    if (this.#records.row !== row || this.#records.side !== side) {
      const bytes = handedOver(this.#capture, row, side >>> 1, (side & 1) === 0);
      const found: Uint8Array[] = [];
      let at = 0;
      for (let end = recordEnd(bytes, at, bytes.length); end > 0 && end <= bytes.length; end = recordEnd(bytes, at, bytes.length)) {
        found.push(bytes.subarray(at, end));
        at = end;
      }
      this.#records = { row, side, found };
    }
    return this.#records.found[this.ordinal[entry] as number] ?? null;
  }

  #remember(entry: number, contents: Uint8Array): void {
    this.#cache.set(entry, contents);
    this.#cached += contents.length;
    for (const [oldest, bytes] of this.#cache) {
      if (this.#cached <= CACHE_BYTES) return;
      this.#cache.delete(oldest);
      this.#cached -= bytes.length;
    }
  }

  /** The entries whose octets make up the message that is put together in `entry`, oldest first. */
  parts(entry: number): number[] {
    const from = (this.start[entry] as number) - (this.before[entry] as number) + 1;
    const all = this.type[entry] === ContentType.Application ? [entry] : [];
    for (let k = this.previous[entry] as number; k !== NONE; k = this.previous[k] as number) {
      if ((this.start[k] as number) + (this.length[k] as number) <= from) break;
      all.push(k);
    }
    return all.reverse();
  }

  /** That message; octets that cannot be had are 0. `own`: the contents of `entry` itself. */
  joinedBytes(entry: number, own: Uint8Array): Uint8Array {
    const before = (this.before[entry] as number) - 1;
    const from = (this.start[entry] as number) - before;
    const bytes = new Uint8Array(Math.min(REASSEMBLED_LIMIT, before + (this.joined[entry] as number)));
    for (const part of this.parts(entry)) {
      const contents = part === entry ? own.subarray(0, this.joined[entry]) : this.contents(part);
      const place = (this.start[part] as number) - from;
      const skip = place < 0 ? -place : 0;
      if (place + skip >= bytes.length) continue;
      bytes.set(contents.subarray(skip, skip + bytes.length - Math.max(0, place)), Math.max(0, place));
    }
    return bytes;
  }

  /** The whole messages that the records of a row handed to the protocol inside; null where the row has none. */
  handedOver(row: number, stream: number, fromClient: boolean): Uint8Array | null {
    const side = 2 * stream + (fromClient ? 0 : 1);
    const pieces: Uint8Array[] = [];
    for (let k = this.#firstAt(row, 0); k < this.size && this.row[k] === row; k++) {
      if (this.side[k] !== side || this.type[k] !== ContentType.Application || this.length[k] === 0) continue;
      const own = this.contents(k);
      if (this.before[k] !== 0) pieces.push(this.joinedBytes(k, own));
      pieces.push(own.subarray(this.joined[k], Math.max(this.joined[k] as number, this.whole[k] as number)));
    }
    return pieces.length === 0 ? null : Buffer.concat(pieces);
  }

  /** The first entry of a stream, NONE without one. */
  firstOf(stream: number): number {
    for (let k = 0; k < this.size; k++) if ((this.side[k] as number) >>> 1 === stream) return k;
    return NONE;
  }

  /** Entries with application data of a stream, in order of the capture. */
  ofStream(stream: number): Uint32Array {
    const found: number[] = [];
    for (let k = 0; k < this.size; k++) {
      if ((this.side[k] as number) >>> 1 === stream && this.type[k] === ContentType.Application && (this.length[k] as number) > 0)
        found.push(k);
    }
    return Uint32Array.from(found);
  }

  /** Connections with encrypted records: those of which something was decrypted, and the others. */
  counts(): { decrypted: number; encrypted: number } {
    let decrypted = 0;
    let encrypted = 0;
    for (const { firstRow, directions } of this.#connections.values()) {
      if (firstRow === NONE) continue;
      if (directions[0].opened + directions[1].opened > 0) decrypted++;
      else encrypted++;
    }
    return { decrypted, encrypted };
  }

  /** What came of the keys of a stream; null where nothing was encrypted, or nobody gave a key. */
  verdict(stream: number): Outcome | null {
    const connection = this.#connections.get(stream);
    if (connection === undefined || connection.firstRow === NONE) return null;
    const [client, server] = connection.directions;
    const records = client.opened + server.opened;
    const failed = client.failed + server.failed;
    const verdict = records === 0 ? connection.reason : failed > 0 ? 'partly' : 'decrypted';
    const row = verdict === 'decrypted' ? connection.firstRow : connection.failedRow;
    return { verdict, row, inside: connection.inner.app?.short ?? '', records, failed };
  }
}

/** The last cipher block of a record of CBC whose body is bytes[at, end). */
function lastBlock({ suite, encryptThenMac }: RecordKeys, bytes: Uint8Array, at: number, end: number): Uint8Array {
  const stop = encryptThenMac && suite.mac !== null ? end - hashLength(suite.mac) : end;
  return bytes.slice(Math.max(at, stop - suite.ivLength), Math.max(at, stop));
}

export const tlsPlain = defineState((capture) => new TlsPlain(capture));
