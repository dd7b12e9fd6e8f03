/** Connections that another one has announced (an FTP data connection), by the address and port they will use. */
import { defineState } from '../dissect/capture-index.ts';

/** At most this many are remembered; then the oldest go. */
const MAX_EXPECTED = 65536;

export class Expectations {
  readonly #protocols = new Map<number, number>();

  get size(): number {
    return this.#protocols.size;
  }

  /** The endpoint (AddressTable id, port) will carry the protocol with this id. */
  expect(address: number, port: number, protocol: number): void {
    const key = address * 65536 + port;
    this.#protocols.set(key, protocol);
    if (this.#protocols.size > MAX_EXPECTED) {
      for (const oldest of this.#protocols.keys()) {
        this.#protocols.delete(oldest);
        break;
      }
    }
  }

  /** 1 + id of the protocol expected at the endpoint, 0 for none. */
  find(address: number, port: number): number {
    return (this.#protocols.get(address * 65536 + port) ?? -1) + 1;
  }
}

export const expectations = defineState(() => new Expectations());
