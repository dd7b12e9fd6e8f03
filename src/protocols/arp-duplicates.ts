/** Which hardware address last spoke for an IPv4 address in ARP: two for one address are said (RFC 5227, section 2.4). */
import { defineState } from '../dissect/capture-index.ts';

/** Addresses remembered; then the oldest go. */
const MAX_KNOWN = 65_536;

interface Owner {
  readonly mac: number;
  row: number;
  sec: number;
}

/** An address that another one than before claims in a row. */
export interface Duplicate {
  readonly ip: number;
  /** Hardware address that claimed it before, as a number. */
  readonly mac: number;
  /** Row where it did so last, and that row's whole seconds. */
  readonly row: number;
  readonly sec: number;
}

export class AddressOwners {
  readonly #owners = new Map<number, Owner>();
  readonly #duplicates = new Map<number, Duplicate[]>();

  /** `mac` says in `row` that it has `ip`. True if another one had it. */
  claim(row: number, sec: number, ip: number, mac: number): boolean {
    const owner = this.#owners.get(ip);
    if (owner === undefined) {
      this.#owners.set(ip, { mac, row, sec });
      if (this.#owners.size > MAX_KNOWN) {
        const oldest = this.#owners.keys().next().value;
        if (oldest !== undefined) this.#owners.delete(oldest);
      }
      return false;
    }
    if (owner.mac === mac) {
      owner.row = row;
      owner.sec = sec;
      return false;
    }
    if (owner.row === row) return false;
    const found = { ip, mac: owner.mac, row: owner.row, sec: owner.sec };
    const before = this.#duplicates.get(row);
    if (before === undefined) this.#duplicates.set(row, [found]);
    else before.push(found);
    return true;
  }

  /** What was found in a row, in the order of its addresses. */
  duplicatesIn(row: number): readonly Duplicate[] {
    return this.#duplicates.get(row) ?? [];
  }
}

export const addressOwners = defineState(() => new AddressOwners());
