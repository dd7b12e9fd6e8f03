/** Connections that another one has announced (an FTP data connection), by the address and port they will use. */
import { defineState } from '../dissect/capture-index.ts';

/** At most this many are remembered; then the oldest go. */
const MAX_EXPECTED = 65536;

/** For `expect`: the announcement holds for a peer with any port, or makes no conversation of its own in Wireshark. */
export const ANY_PEER = -1;
export const NO_PEER = -2;

class Expectations {
  readonly #protocols = new Map<number, number>();
  /** Where Wireshark's conversation stands before its first segment only with one port of the peer, or never. */
  readonly #peers = new Map<number, number>();
  /** Ids of the protocols that were ever expected. */
  readonly #kinds = new Set<number>();

  get size(): number {
    return this.#protocols.size;
  }

  /**
   * The endpoint (AddressTable id, port) will carry the protocol with this id.
   * @param peer the port that Wireshark expects of the other side, ANY_PEER or NO_PEER: see `announced`
   */
  expect(address: number, port: number, protocol: number, peer = ANY_PEER): void {
    const key = address * 65536 + port;
    this.#protocols.set(key, protocol);
    if (peer === ANY_PEER) this.#peers.delete(key);
    else this.#peers.set(key, peer);
    this.#kinds.add(protocol);
    if (this.#protocols.size > MAX_EXPECTED) {
      for (const oldest of this.#protocols.keys()) {
        this.#protocols.delete(oldest);
        this.#peers.delete(oldest);
        break;
      }
    }
  }

  /** Whether the endpoint is expected, and Wireshark has made a conversation for it with the peer's port at the announcement. */
  announced(address: number, port: number, peerPort: number): boolean {
    const key = address * 65536 + port;
    if (!this.#protocols.has(key)) return false;
    const peer = this.#peers.get(key) ?? ANY_PEER;
    return peer === ANY_PEER || peer === peerPort;
  }

  /** A stream that carries what was announced for it (`known`: 1 + protocol id) may since have been announced as something else: a call that turns to fax. */
  mayChange(known: number): boolean {
    return this.#kinds.size > 1 && this.#kinds.has(known - 1);
  }

  /** 1 + id of the protocol expected at the endpoint, 0 for none. */
  find(address: number, port: number): number {
    return (this.#protocols.get(address * 65536 + port) ?? -1) + 1;
  }
}

export const expectations = defineState(() => new Expectations());
