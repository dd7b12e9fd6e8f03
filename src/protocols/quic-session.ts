/** What the index remembers of QUIC connections: the connection ids that keys and short headers rest on, and the handshake bytes put in order. */
import { defineState } from '../dissect/capture-index.ts';
import { type InitialKeys, initialKeys, type SideKeys } from './quic-keys.ts';

/** Bounds: of the handshake of one direction, of all kept handshake bytes, of pieces out of order, of changes of keys in one stream. */
const MAX_CRYPTO = 64 * 1024;
const CRYPTO_TOTAL = 32 * 1024 * 1024;
const MAX_PIECES = 256;
const MAX_EPOCHS = 64;
const CACHED_KEYS = 256;
/** CRYPTO frames of one row that are told apart, and of all rows that are remembered to have come before. */
const FRAMES = 1024;
const MAX_AGAIN = 1_000_000;

/** Of a CRYPTO frame: all of its bytes came before, or some. */
export type Again = 'retransmission' | 'overlap';

/** What a connection's rows could be read with, had one the secrets. */
interface Ciphers {
  /** Row of the ServerHello, which names the cipher suite. */
  hello: number;
  /** The first row with a short header from there on, -1 while there is none. */
  firstShort: number;
}

/** Keys from here on: a new connection, another version, or a Retry. */
interface Epoch {
  readonly row: number;
  readonly version: number;
  readonly dcid: Uint8Array;
  /** The client sent first in the UDP stream. */
  readonly clientFirst: boolean;
  /** Number of the connection in the capture. */
  readonly connection: number;
}

/** Handshake bytes of one direction on their way into order. */
interface Crypto {
  /** Everything before has been handed on. */
  next: number;
  /** Pieces beyond, by offset. */
  readonly pieces: { readonly offset: number; readonly bytes: Uint8Array }[];
}

interface Stream {
  readonly epochs: Epoch[];
  /** Source connection id that each side chose; the first is the client's. */
  readonly scids: [Uint8Array | null, Uint8Array | null];
  crypto: [Crypto, Crypto];
}

const fresh = (): [Crypto, Crypto] => [
  { next: 0, pieces: [] },
  { next: 0, pieces: [] },
];

export class QuicConnections {
  readonly #streams = new Map<number, Stream>();
  readonly #keys = new Map<Epoch, InitialKeys | null>();
  /** Handshake bytes that the CRYPTO frame number `frame` of a row makes available, by FRAMES * row + frame. */
  readonly #delivered = new Map<number, Uint8Array>();
  /** CRYPTO frames that came before, by FRAMES * row + frame. */
  readonly #again = new Map<number, Again>();
  /** By number of the connection. */
  readonly #ciphers = new Map<number, Ciphers>();
  #total = 0;
  #connections = 0;

  /** The epoch that holds for `row`. */
  #epoch(stream: number, row: number): Epoch | undefined {
    const epochs = this.#streams.get(stream)?.epochs;
    if (epochs === undefined) return undefined;
    for (let k = epochs.length - 1; k >= 0; k--) if ((epochs[k] as Epoch).row <= row) return epochs[k];
    return undefined;
  }

  /** Number of the connection that a row of a stream belongs to, -1 where unknown. */
  connection(stream: number, row: number): number {
    return this.#epoch(stream, row)?.connection ?? -1;
  }

  /** Destination connection id of the client's Initial packet that keys rest on; null where it was not seen. */
  firstDcid(stream: number, row: number): Uint8Array | null {
    return this.#epoch(stream, row)?.dcid ?? null;
  }

  /** The packet comes from the client, as far as is known. */
  fromClient(stream: number, row: number, fromFirst: boolean): boolean {
    return (this.#epoch(stream, row)?.clientFirst ?? true) === fromFirst;
  }

  /** Keys of the Initial packets of that side; null where they are not known. */
  keys(stream: number, row: number, fromClient: boolean): SideKeys | null {
    const epoch = this.#epoch(stream, row);
    if (epoch === undefined) return null;
    let keys = this.#keys.get(epoch);
    if (keys === undefined) {
      keys = initialKeys(epoch.version, epoch.dcid);
      if (this.#keys.size >= CACHED_KEYS) this.#keys.delete(this.#keys.keys().next().value as Epoch);
      this.#keys.set(epoch, keys);
    }
    return keys === null ? null : fromClient ? keys.client : keys.server;
  }

  /** Length of the connection id in a short header sent to that side; -1 where it was not seen. */
  shortDcid(stream: number, toClient: boolean): number {
    return this.#streams.get(stream)?.scids[toClient ? 0 : 1]?.length ?? -1;
  }

  /**
   * Index depth: an Initial packet. Where it is the client's with an id that is neither the first nor the server's own, keys begin anew.
   */
  noteInitial(stream: number, row: number, version: number, dcid: Uint8Array, scid: Uint8Array, fromFirst: boolean): void {
    let s = this.#streams.get(stream);
    if (s === undefined) {
      s = { epochs: [], scids: [null, null], crypto: fresh() };
      this.#streams.set(stream, s);
    }
    const latest = s.epochs.at(-1);
    if (latest !== undefined && latest.clientFirst !== fromFirst) {
      s.scids[1] = scid.slice();
      return;
    }
    const server = s.scids[1];
    const same =
      latest !== undefined && latest.version === version && (equal(latest.dcid, dcid) || (server !== null && equal(server, dcid)));
    if (!same && s.epochs.length < MAX_EPOCHS) {
      const again = latest !== undefined && s.scids[0] !== null && equal(s.scids[0], scid);
      s.epochs.push({
        row,
        version,
        dcid: dcid.slice(),
        clientFirst: fromFirst,
        connection: again ? latest.connection : this.#connections++,
      });
      if (!again) s.crypto = fresh();
      s.scids[1] = null;
    }
    s.scids[0] = scid.slice();
  }

  /** Index depth: another packet with a long header of the server tells the id it chose. */
  noteServerId(stream: number, scid: Uint8Array): void {
    const s = this.#streams.get(stream);
    if (s !== undefined && s.scids[1] === null) s.scids[1] = scid.slice();
  }

  /** Index depth: the server named the cipher suite. */
  noteServerHello(connection: number, row: number): void {
    if (!this.#ciphers.has(connection)) this.#ciphers.set(connection, { hello: row, firstShort: -1 });
  }

  /** Index depth: a packet with a short header. */
  noteShort(stream: number, row: number): void {
    const ciphers = this.#ciphers.get(this.connection(stream, row));
    if (ciphers !== undefined && ciphers.firstShort < 0) ciphers.firstShort = row;
  }

  /** The cipher suite of a connection was named by that row. */
  cipherKnown(connection: number, row: number): boolean {
    const hello = this.#ciphers.get(connection)?.hello;
    return hello !== undefined && hello <= row;
  }

  /** The row has the first packet with a short header since the cipher suite was named. */
  isFirstShort(connection: number, row: number): boolean {
    return this.#ciphers.get(connection)?.firstShort === row;
  }

  /** Full depth: whether the bytes of CRYPTO frame number `frame` of the row came before. */
  cameBefore(row: number, frame: number): Again | undefined {
    return frame >= FRAMES ? undefined : this.#again.get(FRAMES * row + frame);
  }

  /**
   * Index depth: bytes at `offset` of a direction's handshake, in CRYPTO frame number `frame` of the row. Gives the bytes that are in order
   * now, null while some are missing: nothing is handed on as long as there is any hole before a piece that came.
   */
  crypto(stream: number, row: number, frame: number, fromClient: boolean, offset: number, bytes: Uint8Array): Uint8Array | null {
    const s = this.#streams.get(stream);
    if (s === undefined || frame >= FRAMES || offset + bytes.length > MAX_CRYPTO || this.#total + bytes.length > CRYPTO_TOTAL) return null;
    const side = s.crypto[fromClient ? 0 : 1];
    const again = bytes.length === 0 || this.#again.size >= MAX_AGAIN ? null : cameBefore(side, offset, offset + bytes.length);
    if (again !== null) this.#again.set(FRAMES * row + frame, again);
    if (offset + bytes.length <= side.next || bytes.length === 0) return null;
    this.#total += bytes.length;
    if (side.pieces.length === 0 && offset <= side.next) {
      const whole = bytes.slice(side.next - offset);
      side.next = offset + bytes.length;
      this.#delivered.set(FRAMES * row + frame, whole);
      return whole;
    }
    if (side.pieces.length >= MAX_PIECES) return null;
    side.pieces.push({ offset, bytes: bytes.slice() });
    side.pieces.sort((a, b) => a.offset - b.offset);
    let end = side.next;
    for (const piece of side.pieces) {
      if (piece.offset > end) return null;
      end = Math.max(end, piece.offset + piece.bytes.length);
    }
    const whole = new Uint8Array(end - side.next);
    for (const piece of side.pieces.splice(0)) {
      const skip = Math.max(0, side.next - piece.offset);
      if (skip < piece.bytes.length) whole.set(piece.bytes.subarray(skip), piece.offset + skip - side.next);
    }
    side.next = end;
    this.#delivered.set(FRAMES * row + frame, whole);
    return whole;
  }

  /** Full depth: the bytes that frame number `frame` of the row made available. */
  delivered(row: number, frame: number): Uint8Array | undefined {
    return frame >= FRAMES ? undefined : this.#delivered.get(FRAMES * row + frame);
  }
}

/** How much of [from, end) came before. */
function cameBefore(side: Crypto, from: number, end: number): Again | null {
  let reached = Math.max(from, side.next);
  let some = from < side.next;
  for (const piece of side.pieces) {
    const stop = piece.offset + piece.bytes.length;
    if (piece.offset < end && stop > from) some = true;
    if (piece.offset <= reached) reached = Math.max(reached, stop);
  }
  if (reached >= end) return 'retransmission';
  return some ? 'overlap' : null;
}

function equal(a: Uint8Array, b: Uint8Array): boolean {
  if (a.length !== b.length) return false;
  for (let k = 0; k < a.length; k++) if (a[k] !== b[k]) return false;
  return true;
}

export const quicConnections = defineState(() => new QuicConnections());
