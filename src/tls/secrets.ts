/** The secrets that one capture may be decrypted with: those inside it, and those of the user's key log. */
import { defineState } from '../dissect/capture-index.ts';
import { KeyLog, type Secrets } from './keylog.ts';
import type { KeyLogFile } from './keylog-file.ts';

/** A key log of the user: a file that may grow, or a text that was handed over. */
export type GivenKeyLog = KeyLogFile | { readonly log: KeyLog };

export class TlsSecrets {
  /** There may be secrets: TLS records are worth being looked into. */
  any = false;
  /** Changes when secrets have come. */
  version = 0;
  /** Of the capture's own Decryption Secrets Blocks. */
  readonly inside = new KeyLog();
  #given: GivenKeyLog | null = null;

  /** The user's key log. */
  get given(): KeyLog | null {
    return this.#given?.log ?? null;
  }

  /** Before the first packet is indexed. */
  use(given: GivenKeyLog | null): void {
    this.#given = given;
    this.any = given !== null || this.inside.connections > 0;
    this.version++;
  }

  /** A Decryption Secrets Block with a key log. */
  add(bytes: Uint8Array): void {
    this.inside.feed(bytes);
    this.inside.end();
    this.version++;
    this.any ||= this.inside.connections > 0;
  }

  /** Secrets of the connection whose ClientHello has this random. A log that is being written is looked at again. */
  find(random: Uint8Array): Secrets | undefined {
    const found = this.#find(random);
    if (found !== undefined || this.#given === null || !('refresh' in this.#given)) return found;
    if (!this.#given.refresh()) return undefined;
    this.version++;
    return this.#find(random);
  }

  /** Looks again at a log that is being written: for a connection some of whose secrets are there. True if anything came. */
  refresh(): boolean {
    if (this.#given === null || !('refresh' in this.#given) || !this.#given.refresh()) return false;
    this.version++;
    return true;
  }

  #find(random: Uint8Array): Secrets | undefined {
    return this.inside.find(random) ?? this.given?.find(random);
  }
}

export const tlsSecrets = defineState(() => new TlsSecrets());
