/**
 * NSS key logs (https://udn.realityripple.com/docs/Mozilla/Projects/NSS/Key_Log_Format): one line for each secret, with the random of the
 * ClientHello by which its connection is known. Programs write them where SSLKEYLOGFILE says, pcapng files have them inside.
 *
 * The text comes from anywhere: nothing in it is an error, what cannot be read is counted.
 */

/** Secrets of one connection, by the number of their label. */
export type Secrets = readonly (Uint8Array | undefined)[];

/** Numbers of the labels whose secrets decrypt records. */
export const Secret = {
  /** Master secret of TLS up to 1.2. */
  Master: 0,
  ClientEarly: 1,
  ClientHandshake: 2,
  ServerHandshake: 3,
  ClientTraffic: 4,
  ServerTraffic: 5,
} as const;

const LABELS = new Map<string, number>([
  ['CLIENT_RANDOM', Secret.Master],
  ['CLIENT_EARLY_TRAFFIC_SECRET', Secret.ClientEarly],
  ['CLIENT_HANDSHAKE_TRAFFIC_SECRET', Secret.ClientHandshake],
  ['SERVER_HANDSHAKE_TRAFFIC_SECRET', Secret.ServerHandshake],
  ['CLIENT_TRAFFIC_SECRET_0', Secret.ClientTraffic],
  ['SERVER_TRAFFIC_SECRET_0', Secret.ServerTraffic],
]);
/** Labels that are right but not needed: secrets after a KeyUpdate follow from those before it. */
const UNUSED =
  /^(EARLY_EXPORTER_SECRET|EXPORTER_SECRET|RSA|PMS_CLIENT_RANDOM|ECH_SECRET|ECH_CONFIG|(CLIENT|SERVER)_TRAFFIC_SECRET_[A-Z0-9]+|QUIC_[A-Z0-9_]+)$/;

const LINE = /^([A-Za-z][A-Za-z0-9_]*)[ \t]+([0-9A-Fa-f]{64})[ \t]+([0-9A-Fa-f]+)[ \t]*$/;
/** Octets of a line; a longer one is stepped over. */
const LONGEST_LINE = 1024;
/** Connections whose secrets are kept. */
const MOST_CONNECTIONS = 200_000;
/** Octets of secrets: of the master secret, and of those of TLS 1.3 with SHA-256 and SHA-384. */
const MASTER_LENGTH = 48;
const TRAFFIC_LENGTHS = [32, 48];

export class KeyLog {
  /** Secrets that were taken; lines whose label is not known; lines that cannot be read; secrets beyond the bound. */
  secrets = 0;
  unknown = 0;
  damaged = 0;
  dropped = 0;
  readonly #byRandom = new Map<string, (Uint8Array | undefined)[]>();
  #carry = '';
  /** The line at hand is too long. */
  #skipping = false;
  #first = true;

  /** Connections with a secret. */
  get connections(): number {
    return this.#byRandom.size;
  }

  /** Secrets of the connection whose ClientHello has these 32 random octets. */
  find(random: Uint8Array): Secrets | undefined {
    return this.#byRandom.size === 0 ? undefined : this.#byRandom.get(hex(random));
  }

  /** The log as text: of the connections with these randoms, or all. */
  text(randoms?: Iterable<Uint8Array>): string {
    const names = [...LABELS.keys()];
    const lines: string[] = [];
    for (const random of randoms === undefined ? this.#byRandom.keys() : new Set(Array.from(randoms, hex))) {
      for (const [number, secret] of (this.#byRandom.get(random) ?? []).entries())
        if (secret !== undefined) lines.push(`${names[number]} ${random} ${hex(secret)}\n`);
    }
    return lines.join('');
  }

  /** Takes the next octets of the log. */
  feed(bytes: Uint8Array): void {
    const text = this.#carry + Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1');
    let at = 0;
    for (;;) {
      const end = text.indexOf('\n', at);
      if (end < 0) break;
      if (this.#skipping || end - at > LONGEST_LINE) this.#tooLong(true);
      else this.#line(text.slice(at, text.charCodeAt(end - 1) === 0x0d && end > at ? end - 1 : end), true);
      at = end + 1;
    }
    this.#carry = text.slice(at);
    if (this.#carry.length > LONGEST_LINE) this.#tooLong(false);
  }

  /** The log ends here, as far as is known: a last line without a line end counts as well. More may be fed later. */
  pause(): void {
    if (this.#carry !== '' && !this.#skipping) this.#line(this.#carry.replace(/\r$/, ''), false);
  }

  /** The log ends here. */
  end(): void {
    if (this.#carry !== '' && !this.#skipping) this.#line(this.#carry.replace(/\r$/, ''), true);
    this.#carry = '';
    this.#skipping = false;
  }

  #tooLong(ended: boolean): void {
    if (!this.#skipping) this.damaged++;
    this.#skipping = !ended;
    this.#carry = '';
  }

  /** `whole`: it will not get longer. A line that may is taken if it is right, and not blamed if it is not. */
  #line(given: string, whole: boolean): void {
    const line = this.#first && given.startsWith('\xef\xbb\xbf') ? given.slice(3) : given;
    if (whole) this.#first = false;
    if (line.startsWith('#') || line.trim() === '') return;
    const parts = LINE.exec(line);
    if (parts === null) {
      // "RSA" lines of old logs name a session in their own way.
      if (whole && !line.startsWith('RSA ')) this.damaged++;
      return;
    }
    const [, label = '', random = '', secret = ''] = parts;
    const number = LABELS.get(label);
    if (number === undefined) {
      if (whole && !UNUSED.test(label)) this.unknown++;
      return;
    }
    const length = secret.length / 2;
    if (number === Secret.Master ? length !== MASTER_LENGTH : !TRAFFIC_LENGTHS.includes(length)) {
      if (whole) this.damaged++;
      return;
    }
    this.#keep(random.toLowerCase(), number, secret);
  }

  #keep(random: string, number: number, secret: string): void {
    let secrets = this.#byRandom.get(random);
    if (secrets === undefined) {
      if (this.#byRandom.size >= MOST_CONNECTIONS) {
        this.dropped++;
        return;
      }
      secrets = [];
      this.#byRandom.set(random, secrets);
    }
    if (secrets[number] === undefined) this.secrets++;
    secrets[number] = Uint8Array.from(Buffer.from(secret, 'hex'));
  }
}

function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('hex');
}

/** What is wrong with a log, as a sentence; '' if nothing is. */
export function keyLogFlaws(log: KeyLog): string {
  const count = (n: number, one: string, many: string): string => (n === 1 ? `1 ${one}` : `${n} ${many}`);
  const flaws: string[] = [];
  if (log.damaged > 0) flaws.push(`${count(log.damaged, 'line', 'lines')} of the key log cannot be read`);
  if (log.unknown > 0)
    flaws.push(`${count(log.unknown, 'line has a label', 'lines have labels')} that ${log.unknown === 1 ? 'is' : 'are'} not known`);
  if (log.dropped > 0) flaws.push(`${count(log.dropped, 'secret was', 'secrets were')} too many and left out`);
  if (log.connections === 0) flaws.push('there is no secret of TLS in it');
  return flaws.length === 0 ? '' : `${flaws.join('; ')}.`;
}
