/**
 * Who follows whom: tables keyed as the field does it. Empty here; `protocols/index.ts` fills them, one line per protocol,
 * so that protocol files do not import each other.
 */
import type { Protocol } from './protocol.ts';

export class DissectorTable {
  /** Name as in Wireshark (`tcp.port`); the user's "decode as" speaks of it. */
  readonly name: string;
  /** By key: place in #protocols, 0 for none. Numbers, since an array of 65,536 objects is work for the garbage collector. */
  readonly #small: Uint16Array;
  readonly #protocols: (Protocol | undefined)[] = [undefined];
  readonly #large = new Map<number, Protocol>();
  /** Keys that were ever bound. */
  readonly #keys = new Set<number>();
  /** What the user's "decode as" replaced: the bindings before, by key. */
  readonly #replaced = new Map<number, Protocol | undefined>();

  /** `size`: keys below it are looked up in an array, the rest in a map. */
  constructor(name: string, size: number) {
    this.name = name;
    this.#small = new Uint16Array(size);
  }

  bind(key: number, protocol: Protocol): void {
    this.#keys.add(key);
    if (key < this.#small.length) this.#small[key] = this.#placeOf(protocol);
    else this.#large.set(key, protocol);
  }

  lookup(key: number): Protocol | undefined {
    return key < this.#small.length ? this.#protocols[this.#small[key] as number] : this.#large.get(key);
  }

  /** Every key that has a protocol with the id of that, in turn: the user's choices too. */
  bound(): number[] {
    const bound: number[] = [];
    for (const key of this.#keys) {
      const protocol = this.lookup(key);
      if (protocol !== undefined) bound.push(key, protocol.id);
    }
    return bound;
  }

  /** Forgets everything. */
  clear(): void {
    this.#small.fill(0);
    this.#large.clear();
    this.#keys.clear();
    this.#replaced.clear();
  }

  #placeOf(protocol: Protocol | undefined): number {
    const known = this.#protocols.indexOf(protocol);
    return known >= 0 ? known : this.#protocols.push(protocol) - 1;
  }

  /** True if the user chose any protocol of this table. */
  get hasChosen(): boolean {
    return this.#replaced.size > 0;
  }

  /** The protocol that the user chose for a key; undefined: none was chosen. */
  chosen(key: number): Protocol | undefined {
    return this.#replaced.has(key) ? this.lookup(key) : undefined;
  }

  /** The user's choice for a key. Captures that are open must be indexed again: what the index found rests on the tables. */
  choose(key: number, protocol: Protocol): void {
    if (!this.#replaced.has(key)) this.#replaced.set(key, this.lookup(key));
    this.bind(key, protocol);
  }

  /** Takes back all choices of the user. */
  unchoose(): void {
    for (const [key, before] of this.#replaced) {
      if (key < this.#small.length) this.#small[key] = this.#placeOf(before);
      else if (before === undefined) this.#large.delete(key);
      else this.#large.set(key, before);
    }
    this.#replaced.clear();
  }
}

export const tables = {
  /** LINKTYPE_ numbers, as in capture files. */
  linktype: new DissectorTable('wtap_encap', 300),
  ethertype: new DissectorTable('ethertype', 65536),
  ipProto: new DissectorTable('ip.proto', 256),
  tcpPort: new DissectorTable('tcp.port', 65536),
  udpPort: new DissectorTable('udp.port', 65536),
  /** What is inside TLS, by port. */
  tlsPort: new DissectorTable('tls.port', 0),
  llcDsap: new DissectorTable('llc.dsap', 256),
  /** SNAP with an OUI of its own: key is OUI * 65536 + PID. OUI 0 goes to `ethertype`. */
  snap: new DissectorTable('llc.snap', 0),
  greProto: new DissectorTable('gre.proto', 65536),
  pppProto: new DissectorTable('ppp.protocol', 65536),
  /** What Cisco's HDLC numbers otherwise than Ethernet; else it goes to `ethertype`. */
  chdlcProto: new DissectorTable('chdlc.protocol', 0),
} as const;

/** Protocols asked in order when no port table has an answer that accepts; each must have `accepts`. */
export class Heuristics {
  readonly #all: Protocol[] = [];
  /** Those that may accept a payload, by its first octet; empty until one with it comes. */
  readonly #byOctet: Protocol[][] = Array.from({ length: 256 }, () => []);
  readonly #known = new Uint8Array(256);

  add(protocol: Protocol): void {
    this.#all.push(protocol);
    this.#known.fill(0);
  }

  /** All of them, in order. */
  get all(): readonly Protocol[] {
    return this.#all;
  }

  /** Those to ask about a payload with this first octet, in order. */
  of(octet: number): readonly Protocol[] {
    if (this.#known[octet] === 0) this.#learn(octet);
    return this.#byOctet[octet] as Protocol[];
  }

  #learn(octet: number): void {
    this.#byOctet[octet] = this.#all.filter(({ mayBegin }) => mayBegin === undefined || mayBegin(octet));
    this.#known[octet] = 1;
  }
}

export const heuristics = { tcp: new Heuristics(), udp: new Heuristics(), tls: new Heuristics() } as const;
