/**
 * Walking BER and DER (ITU-T X.690): one cursor for everything that is written in ASN.1 (certificates, OCSP, LDAP, SNMP, Kerberos, SPNEGO).
 *
 * One cursor serves both depths. It makes nothing on the way, so an index pass may keep one for the whole run:
 *
 *     const c = new BerCursor();                    // once
 *     c.start(bytes, offset, end);
 *     if (!c.next() || !c.is(Ber.Sequence) || !c.enter()) return false;
 *     while (c.next()) {                            // the members of the SEQUENCE, in order
 *       if (c.context(0) && c.enter()) { … c.leave(); }
 *       else if (c.is(Ber.Integer)) version = c.uint();
 *     }
 *     c.leave();                                    // the SEQUENCE is the element at hand again
 *
 * `next()` steps to the next element of the level at hand, `enter()` goes down into the one at hand, `leave()` up. Between two calls of
 * `next()` a caller may read `at` (where the element begins), `body` and `bodyEnd` (its contents), and, at full depth, add fields from them:
 * `node.add(f.version, c.body, c.bodyEnd - c.body, c.uint())`.
 *
 * Bounds: an element never reaches beyond the one around it (`cut` says that it claimed to), each step goes on by at least two bytes, and no
 * more than MAX_DEPTH levels are entered. Whoever calls itself for nested structures is therefore bounded by enter() giving false.
 */
import { oidOctets } from '../bytes/oid.ts';

/** Levels that a cursor goes down. */
export const MAX_DEPTH = 32;

/** Identifier octets of the universal types (X.690, section 8.1.2), with the constructed bit where DER sets it. */
export const Ber = {
  Boolean: 0x01,
  Integer: 0x02,
  BitString: 0x03,
  OctetString: 0x04,
  Null: 0x05,
  Oid: 0x06,
  Enumerated: 0x0a,
  Utf8String: 0x0c,
  NumericString: 0x12,
  PrintableString: 0x13,
  TeletexString: 0x14,
  Ia5String: 0x16,
  UtcTime: 0x17,
  GeneralizedTime: 0x18,
  VisibleString: 0x1a,
  GeneralString: 0x1b,
  UniversalString: 0x1c,
  BmpString: 0x1e,
  Sequence: 0x30,
  Set: 0x31,
} as const;

/** Class of identifiers that the element around gives a meaning (X.690, 8.1.2.2). */
export const CONTEXT = 2;

const NOTHING = new Uint8Array(0);

export class BerCursor {
  bytes: Uint8Array = NOTHING;
  /** Where the element at hand begins, with its identifier octets. */
  at = 0;
  /** First identifier octet: class, constructed bit, low tag number. */
  identifier = 0;
  /** Class of the tag: UNIVERSAL, APPLICATION, CONTEXT, or 3 for private. */
  cls = 0;
  constructed = false;
  tag = 0;
  /** Contents: bytes[body, bodyEnd). */
  body = 0;
  bodyEnd = 0;
  /** The element claims more than there is around it; its contents are cut to what is there. */
  cut = false;
  /** Something at this level or below was no BER: next() gave false for it. */
  bad = false;
  /** Levels entered. */
  depth = 0;
  /** Where the next element of this level begins, and where the level ends. */
  #next = 0;
  #end = 0;
  /** Of the levels entered: where the element begins, and where the level around it ends. */
  readonly #ats = new Int32Array(MAX_DEPTH);
  readonly #ends = new Int32Array(MAX_DEPTH);

  /** Begins a walk over bytes[offset, end). */
  start(bytes: Uint8Array, offset: number, end: number): void {
    this.bytes = bytes;
    this.#next = offset;
    this.#end = Math.min(end, bytes.length);
    this.depth = 0;
    this.at = offset;
    this.body = offset;
    this.bodyEnd = offset;
    this.identifier = 0;
    this.cut = false;
    this.bad = false;
  }

  /** Is there another element at this level? */
  get more(): boolean {
    return this.#next < this.#end;
  }

  /** Where the next element of this level would begin: after the element at hand. */
  get after(): number {
    return this.#next;
  }

  /** Where the level at hand ends. */
  get levelEnd(): number {
    return this.#end;
  }

  /** Steps to the next element of this level. False at its end, or (then `bad` is set) where no element can be read. */
  next(): boolean {
    if (this.#next >= this.#end) return false;
    if (this.#header(this.#next, this.#end)) return true;
    this.bad = true;
    this.#next = this.#end;
    return false;
  }

  /** The element at hand has this first identifier octet (`Ber.Sequence`). */
  is(identifier: number): boolean {
    return this.identifier === identifier;
  }

  /** The element at hand has the context-specific tag [number], primitive or constructed. */
  context(number: number): boolean {
    return this.cls === CONTEXT && this.tag === number;
  }

  /** Goes down into the element at hand; false if it is not constructed, or too deep. */
  enter(): boolean {
    return this.constructed && this.inside(this.body, this.bodyEnd);
  }

  /** Goes down into bytes[from, to) of the element at hand: BER in an OCTET STRING or BIT STRING. */
  inside(from: number, to: number): boolean {
    if (this.depth >= MAX_DEPTH || from < this.body || to > this.bodyEnd || from > to) return false;
    this.#ats[this.depth] = this.at;
    this.#ends[this.depth] = this.#end;
    this.depth++;
    this.#next = from;
    this.#end = to;
    return true;
  }

  /** Goes up: the element that was entered is at hand again. */
  leave(): void {
    if (this.depth === 0) return;
    this.depth--;
    this.#end = this.#ends[this.depth] as number;
    this.#header(this.#ats[this.depth] as number, this.#end);
  }

  /** Value of an INTEGER, ENUMERATED or BOOLEAN as a signed number; exact up to 6 octets, NaN for more than 6 or none. */
  int(): number {
    const length = this.bodyEnd - this.body;
    if (length < 1 || length > 6) return Number.NaN;
    let value = ((this.bytes[this.body] as number) << 24) >> 24;
    for (let i = this.body + 1; i < this.bodyEnd; i++) value = value * 256 + (this.bytes[i] as number);
    return value;
  }

  /** Like int(), without sign. */
  uint(): number {
    const length = this.bodyEnd - this.body;
    if (length < 1 || length > 7) return Number.NaN;
    let value = 0;
    for (let i = this.body; i < this.bodyEnd; i++) value = value * 256 + (this.bytes[i] as number);
    return value > Number.MAX_SAFE_INTEGER ? Number.NaN : value;
  }

  /** Like uint(), exact up to eight octets; null for others. */
  bigUint(): bigint | null {
    if (this.bodyEnd - this.body < 1 || this.bodyEnd - this.body > 8) return null;
    let value = 0n;
    for (let i = this.body; i < this.bodyEnd; i++) value = value * 256n + BigInt(this.bytes[i] as number);
    return value;
  }

  /** The contents are exactly these octets: for comparing object identifiers without making text of them. */
  equals(octets: Uint8Array): boolean {
    if (this.bodyEnd - this.body !== octets.length) return false;
    for (let i = 0; i < octets.length; i++) if (this.bytes[this.body + i] !== octets[i]) return false;
    return true;
  }

  #header(at: number, end: number): boolean {
    const b = this.bytes;
    let o = at;
    if (end - o < 2) return false;
    const identifier = b[o++] as number;
    let tag = identifier & 0x1f;
    if (tag === 0x1f) {
      tag = 0;
      for (let k = 0; ; k++) {
        if (k === 4 || o >= end) return false;
        const octet = b[o++] as number;
        tag = (tag << 7) | (octet & 0x7f);
        if (octet < 0x80) break;
      }
      if (o >= end) return false;
    }
    let length = b[o++] as number;
    const constructed = (identifier & 0x20) !== 0;
    let stop: number;
    let next: number;
    if (length === 0x80) {
      // Of indefinite length (X.690, section 8.1.3.6).
      if (!constructed) return false;
      stop = contentsEnd(b, o, end, 0);
      next = stop < 0 ? end : stop + 2;
      this.cut = stop < 0;
      if (stop < 0) stop = end;
    } else {
      if (length > 0x80) {
        const octets = length & 0x7f;
        if (octets > 5 || end - o < octets) return false;
        length = 0;
        for (let k = 0; k < octets; k++) length = length * 256 + (b[o++] as number);
      }
      this.cut = length > end - o;
      stop = this.cut ? end : o + length;
      next = stop;
    }
    this.at = at;
    this.identifier = identifier;
    this.cls = identifier >> 6;
    this.constructed = constructed;
    this.tag = tag;
    this.body = o;
    this.bodyEnd = stop;
    this.#next = next;
    return true;
  }
}

/** Where the two zero octets are that end contents of indefinite length beginning at `at`; -1 where they are not. Looks at each octet once. */
function contentsEnd(b: Uint8Array, at: number, end: number, depth: number): number {
  let o = at;
  let open = depth;
  while (end - o >= 2) {
    if (b[o] === 0 && b[o + 1] === 0) {
      if (open === 0) return o;
      open--;
      o += 2;
      continue;
    }
    const identifier = b[o++] as number;
    if ((identifier & 0x1f) === 0x1f) {
      while (o < end && (b[o] as number) >= 0x80) o++;
      o++;
      if (o >= end) return -1;
    }
    let length = b[o++] as number;
    if (length === 0x80) {
      if ((identifier & 0x20) === 0 || ++open > MAX_DEPTH) return -1;
      continue;
    }
    if (length > 0x80) {
      const octets = length & 0x7f;
      if (octets > 5 || end - o < octets) return -1;
      length = 0;
      for (let k = 0; k < octets; k++) length = length * 256 + (b[o++] as number);
    }
    if (length > end - o) return -1;
    o += length;
  }
  return -1;
}

/**
 * A table from object identifiers to anything, asked with the octets of the packet: neither text nor anything else is made. For the index
 * pass, which decides by object identifier who reads the value.
 */
export class OidTable<T> {
  readonly #buckets = new Map<number, { readonly octets: Uint8Array; readonly value: T }[]>();

  constructor(entries: Iterable<readonly [string, T]> = []) {
    for (const [oid, value] of entries) this.add(oid, value);
  }

  add(oid: string, value: T): void {
    const octets = oidOctets(oid);
    const key = hash(octets, 0, octets.length);
    const bucket = this.#buckets.get(key);
    if (bucket === undefined) this.#buckets.set(key, [{ octets, value }]);
    else bucket.push({ octets, value });
  }

  /** What stands for the object identifier whose contents are bytes[from, to). */
  find(bytes: Uint8Array, from: number, to: number): T | undefined {
    if (to - from > 32) return undefined;
    const bucket = this.#buckets.get(hash(bytes, from, to));
    if (bucket === undefined) return undefined;
    for (const { octets, value } of bucket) {
      if (octets.length !== to - from) continue;
      let i = 0;
      while (i < octets.length && octets[i] === bytes[from + i]) i++;
      if (i === octets.length) return value;
    }
    return undefined;
  }
}

function hash(bytes: Uint8Array, from: number, to: number): number {
  let h = to - from;
  for (let i = from; i < to; i++) h = (Math.imul(h, 31) + (bytes[i] as number)) | 0;
  return h;
}
