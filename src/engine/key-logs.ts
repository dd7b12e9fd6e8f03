/** The key log in force: of the settings, or chosen in the window. */
import { allProtocols } from '../dissect/protocol.ts';
import type { Failure, KeyLogChoice, KeyLogState } from '../messages.ts';
import { tlsPlain } from '../protocols/tls-plain.ts';
import { KeyLog } from '../tls/keylog.ts';
import { KeyLogFile } from '../tls/keylog-file.ts';
import { type GivenKeyLog, tlsSecrets } from '../tls/secrets.ts';
import type { Capture } from './capture.ts';
import { Refusal } from './refusal.ts';

/** Protocols that encrypt what others say. */
const ENCRYPTING: ReadonlySet<string> = new Set(['tls', 'quic']);

export class KeyLogs {
  /** The key log in force; whether the window chose it, or that there is none; why that of the settings is not. */
  #inForce: { readonly name: string; readonly given: GivenKeyLog } | null = null;
  #chosen = false;
  #failure: Failure | null = null;
  /** A key log that comes in pieces. */
  #pieces: KeyLog | null = null;

  /** What captures are decrypted with; null for none. */
  get given(): GivenKeyLog | null {
    return this.#inForce?.given ?? null;
  }

  /** Takes the user's choice; false if more pieces of it are to come. Rejects with a Refusal. */
  async take(choice: KeyLogChoice): Promise<boolean> {
    if (choice.from === 'text') {
      if (choice.first || this.#pieces === null) this.#pieces = new KeyLog();
      this.#pieces.feed(Buffer.from(choice.text, 'latin1'));
      if (choice.more) return false;
      const log = this.#pieces;
      this.#pieces = null;
      log.end();
      if (log.connections === 0) throw new Refusal(noSecrets(choice.name));
      this.#inForce = { name: choice.name, given: { log } };
    } else if (choice.from === 'file') {
      const loaded = await KeyLogFile.load(choice.path);
      if ('code' in loaded) throw new Refusal(loaded);
      this.#inForce = { name: choice.path, given: loaded };
    } else this.#inForce = null;
    this.#chosen = true;
    this.#failure = null;
    return true;
  }

  /** The key log of the settings, unless the window has chosen one since. */
  async ofSettings(path: string): Promise<void> {
    if (this.#chosen || path === (this.#inForce?.name ?? '')) return;
    this.#inForce = null;
    this.#failure = null;
    if (path === '') return;
    const loaded = await KeyLogFile.load(path);
    if ('code' in loaded) this.#failure = loaded;
    else this.#inForce = { name: path, given: loaded };
  }

  /** What is known of it, and what came of it in a capture. */
  state(capture: Capture | undefined): KeyLogState {
    const log = this.#inForce?.given.log;
    return {
      given:
        this.#inForce === null || log === undefined
          ? null
          : {
              name: this.#inForce.name,
              file: this.#inForce.given instanceof KeyLogFile,
              connections: log.connections,
              damaged: log.damaged,
              unknown: log.unknown,
              dropped: log.dropped,
            },
      inside: capture?.state(tlsSecrets).inside.connections ?? 0,
      ...(capture?.state(tlsPlain).counts() ?? { decrypted: 0, encrypted: 0 }),
      tls: capture?.stacks.mask((protocol) => ENCRYPTING.has(allProtocols()[protocol]?.name ?? '')).includes(1) === true,
      failure: this.#failure,
    };
  }
}

function noSecrets(name: string): Failure {
  return {
    code: 'invalid',
    message: `There is no secret of TLS in ${name.slice(0, 200)}.`,
    advice: 'A key log is what a program writes where the variable SSLKEYLOGFILE says.',
  };
}
