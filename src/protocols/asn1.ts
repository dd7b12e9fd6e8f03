/**
 * Types of ASN.1 as data, and one reader for them. A certificate is described once (x509.ts) and read at both depths: full depth gives
 * a node and gets fields, the index pass gives none and gets only the protocols that object identifiers name inside (`frame.protocols`).
 *
 * Fields are as Wireshark's ASN.1 compiler makes them: a SEQUENCE has no value, a SEQUENCE OF has its number of members, a CHOICE the number
 * of the alternative taken.
 */
import { hexBytes } from '../bytes/format.ts';
import { oidText } from '../bytes/oid.ts';
import type { Node } from '../dissect/dissection.ts';
import { type FieldDef, nameOf, uint8 } from '../dissect/field.ts';
import type { Protocol } from '../dissect/protocol.ts';
import type { Time } from '../messages.ts';
import { Ber, BerCursor, CONTEXT, OidTable } from './ber.ts';

/** Something that takes the protocols found: the walk of the index pass, or a dissection. */
export interface ProtocolSink {
  pushPart(protocol: Protocol): void;
}

/** One member of a SEQUENCE, alternative of a CHOICE, or element of a SEQUENCE OF. */
export interface Member {
  /** Null: the value is read without a field of its own. */
  readonly field: FieldDef | null;
  readonly type: Asn1;
  /** Context-specific tag, [n]. */
  readonly tag?: number;
  /** The tag stands around the value's own tag. A CHOICE is always tagged so. */
  readonly explicit?: boolean;
}

/** A kind of string or other value that is one run of octets. */
type Plain = 'int' | 'bytes' | 'oid' | 'bool' | 'null' | 'string' | 'bmp' | 'utcTime' | 'time';

export type Asn1 =
  | {
      readonly kind: 'sequence';
      readonly identifier: number;
      members: readonly Member[];
      readonly after?: (reader: Asn1Reader, node: Node | null) => void;
    }
  | { readonly kind: 'of'; readonly identifier: number; item: Member }
  | { readonly kind: 'choice'; alternatives: readonly Member[] }
  | { readonly kind: 'bits'; readonly identifier: number; readonly bits: readonly FieldDef[] }
  | { readonly kind: Plain; readonly identifier: number }
  /** A value of the type that the object identifier before it names. */
  | { readonly kind: 'open' }
  /** The same inside an OCTET STRING. */
  | { readonly kind: 'wrapped' }
  /** Read by hand; identifier -1 stands for any. */
  | {
      readonly kind: 'own';
      readonly identifier: number;
      readonly read: (reader: Asn1Reader, node: Node | null, field: FieldDef | null) => void;
    };

export const int: Asn1 = { kind: 'int', identifier: Ber.Integer };
export const enumerated: Asn1 = { kind: 'int', identifier: Ber.Enumerated };
export const octets: Asn1 = { kind: 'bytes', identifier: Ber.OctetString };
/** An INTEGER too long for a number. */
export const bigInt: Asn1 = { kind: 'bytes', identifier: Ber.Integer };
export const oidType: Asn1 = { kind: 'oid', identifier: Ber.Oid };
export const boolean: Asn1 = { kind: 'bool', identifier: Ber.Boolean };
export const nothing: Asn1 = { kind: 'null', identifier: Ber.Null };
export const utf8: Asn1 = { kind: 'string', identifier: Ber.Utf8String };
export const printable: Asn1 = { kind: 'string', identifier: Ber.PrintableString };
export const teletex: Asn1 = { kind: 'string', identifier: Ber.TeletexString };
export const ia5: Asn1 = { kind: 'string', identifier: Ber.Ia5String };
export const visible: Asn1 = { kind: 'string', identifier: Ber.VisibleString };
export const universal: Asn1 = { kind: 'bytes', identifier: Ber.UniversalString };
export const bmp: Asn1 = { kind: 'bmp', identifier: Ber.BmpString };
export const utcTime: Asn1 = { kind: 'utcTime', identifier: Ber.UtcTime };
export const generalizedTime: Asn1 = { kind: 'time', identifier: Ber.GeneralizedTime };
export const open: Asn1 = { kind: 'open' };
export const wrapped: Asn1 = { kind: 'wrapped' };
export const sequence = (members: readonly Member[], after?: (reader: Asn1Reader, node: Node | null) => void): Asn1 => ({
  kind: 'sequence',
  identifier: Ber.Sequence,
  members,
  ...(after === undefined ? {} : { after }),
});
export const sequenceOf = (item: Member): Asn1 => ({ kind: 'of', identifier: Ber.Sequence, item });
export const setOf = (item: Member): Asn1 => ({ kind: 'of', identifier: Ber.Set, item });
export const choice = (...alternatives: readonly Member[]): Asn1 => ({ kind: 'choice', alternatives });
export const bitString = (...bits: readonly FieldDef[]): Asn1 => ({ kind: 'bits', identifier: Ber.BitString, bits });

/** What stands behind an object identifier: who reads the value, and as what. */
export interface OpenType {
  readonly protocol: Protocol;
  readonly member: Member;
}

/** Values by object identifier; filled by the protocols that own them. */
export const openTypes = new OidTable<OpenType>();

/** Names of object identifiers, as Wireshark shows them. */
const oidNames = new Map<string, string>([
  ['0', 'itu-t'],
  ['1', 'iso'],
  ['2', 'joint-iso-itu-t'],
]);

export function nameOids(names: Readonly<Record<string, string>>): void {
  for (const [oid, name] of Object.entries(names)) oidNames.set(oid, name);
}

/** The name of an object identifier: its own, or that of the nearest one above it with the rest in digits. */
export function oidName(oid: string): string {
  for (let end = oid.length; end > 0; end = oid.lastIndexOf('.', end - 1)) {
    const name = oidNames.get(oid.slice(0, end));
    if (name !== undefined) return name + oid.slice(end);
  }
  return oid;
}

export const padding = uint8('ber.bitstring.padding', 'Padding');

/** Values read in all by one call: against structures made to be large. */
const MAX_VALUES = 20_000;

/**
 * Reads values of described types from bytes. One object may serve a whole index pass: nothing is made while there is no node.
 */
export class Asn1Reader {
  readonly c = new BerCursor();
  #sink: ProtocolSink = { pushPart: () => {} };
  /** Where the latest object identifier stands that names the type of an open value. */
  #oidFrom = 0;
  #oidTo = 0;
  #left = 0;
  /** Distinguished name that was read last, the relative one at hand, and the subject of the certificate (full depth only). */
  name = '';
  rdn = '';
  subject = '';
  /** Contents of the algorithm identifier that was read last. */
  algorithmFrom = 0;
  algorithmTo = 0;

  /** Reads one value of `member` at the start of bytes[offset, end). False if there is none such. */
  read(bytes: Uint8Array, offset: number, end: number, member: Member, sink: ProtocolSink, node: Node | null): boolean {
    this.#sink = sink;
    this.#left = MAX_VALUES;
    this.#oidTo = this.#oidFrom = 0;
    this.c.start(bytes, offset, end);
    if (!this.c.next() || !matches(this.c, member)) return false;
    this.#member(member, node);
    return true;
  }

  /** The element at hand is the object identifier that names the type of the next open value. */
  noteOid(): void {
    this.#oidFrom = this.c.body;
    this.#oidTo = this.c.bodyEnd;
  }

  /** Number of members of the element at hand. */
  count(): number {
    const c = this.c;
    let count = 0;
    if (!c.enter()) return 0;
    while (c.next()) count++;
    c.leave();
    return count;
  }

  /** Reads the element at hand as `member`, if it is one. */
  value(member: Member, node: Node | null): void {
    if (matches(this.c, member)) this.#member(member, node);
  }

  #member(member: Member, node: Node | null): void {
    if (this.#left-- <= 0) return;
    const c = this.c;
    if (member.tag === undefined || (member.explicit !== true && member.type.kind !== 'choice' && member.type.kind !== 'open')) {
      this.#value(member, node);
      return;
    }
    if (!c.enter()) return;
    if (c.next() && accepts(c, member.type)) this.#value(member, node);
    c.leave();
  }

  #value(member: Member, node: Node | null): void {
    const { type, field } = member;
    const c = this.c;
    switch (type.kind) {
      case 'sequence': {
        const child = node === null || field === null ? node : node.add(field, c.at, c.bodyEnd - c.at, null);
        if (c.enter()) {
          this.#members(type.members, child);
          c.leave();
        }
        type.after?.(this, child);
        return;
      }
      case 'of': {
        let child = node;
        if (node !== null && field !== null) {
          const count = this.count();
          child = node.add(field, c.body, c.bodyEnd - c.body, count, { display: `${count} ${count === 1 ? 'item' : 'items'}` });
        }
        if (!c.enter()) return;
        while (this.#left > 0 && c.next()) if (matches(c, type.item)) this.#member(type.item, child);
        c.leave();
        return;
      }
      case 'choice': {
        for (let k = 0; k < type.alternatives.length; k++) {
          const alternative = type.alternatives[k] as Member;
          if (!matches(c, alternative)) continue;
          let child = node;
          if (node !== null && field !== null) {
            const shown = alternative.field === null || field.names !== undefined ? undefined : `${alternative.field.label} (${k})`;
            // As Wireshark has it: a tag that only tells which alternative it is does not belong to the value.
            const at = alternative.tag === undefined ? c.at : c.body;
            child = node.add(field, at, c.bodyEnd - at, k, shown === undefined ? {} : { display: shown });
          }
          this.#member(alternative, child);
          return;
        }
        return;
      }
      case 'oid':
        this.noteOid();
        if (node !== null && field !== null) {
          const text = oidText(c.bytes, c.body, c.bodyEnd);
          node.add(field, c.body, c.bodyEnd - c.body, c.bytes.subarray(c.body, c.bodyEnd), { display: `${text} (${oidName(text)})` });
        }
        return;
      case 'open':
        this.openValue(node);
        return;
      case 'wrapped': {
        const from = this.#oidFrom;
        const to = this.#oidTo;
        if (!c.inside(c.body, c.bodyEnd)) return;
        if (c.next()) {
          this.#oidFrom = from;
          this.#oidTo = to;
          this.openValue(node);
        }
        c.leave();
        return;
      }
      case 'own':
        type.read(this, node, field);
        return;
      case 'bits':
        if (node !== null && field !== null) this.#bits(field, type.bits, node);
        return;
      default:
        if (node !== null && field !== null) this.#plain(type.kind, field, node);
    }
  }

  #members(members: readonly Member[], node: Node | null): void {
    const c = this.c;
    let k = 0;
    while (this.#left > 0 && c.next()) {
      let at = k;
      while (at < members.length && !matches(c, members[at] as Member)) at++;
      if (at === members.length) continue;
      this.#member(members[at] as Member, node);
      k = at + 1;
    }
  }

  /** The element at hand is a value of the type that the latest object identifier names. */
  openValue(node: Node | null): void {
    const c = this.c;
    const found = openTypes.find(c.bytes, this.#oidFrom, this.#oidTo);
    if (found === undefined) return;
    // Of a CHOICE without a fitting alternative nothing is read, and nobody is named.
    if (found.member.type.kind === 'choice' && !accepts(c, found.member.type)) return;
    this.#sink.pushPart(found.protocol);
    if (accepts(c, found.member.type)) this.#member(found.member, node);
  }

  #bits(field: FieldDef, bits: readonly FieldDef[], node: Node): void {
    const c = this.c;
    const length = c.bodyEnd - c.body;
    if (length < 1) return;
    node.add(padding, c.body, 1, c.bytes[c.body] as number);
    const child = node.add(field, c.body + 1, length - 1, c.bytes.subarray(c.body + 1, c.bodyEnd));
    for (let k = 0; k < bits.length; k++) {
      const at = c.body + 1 + (k >> 3);
      const set = at < c.bodyEnd && ((c.bytes[at] as number) & (0x80 >> (k & 7))) !== 0;
      child.add(bits[k] as FieldDef, Math.min(at, c.bodyEnd - 1), 1, set);
    }
  }

  #plain(kind: Plain, field: FieldDef, node: Node): void {
    const c = this.c;
    const length = c.bodyEnd - c.body;
    const bytes = c.bytes.subarray(c.body, c.bodyEnd);
    switch (kind) {
      case 'int': {
        const value = c.int();
        if (Number.isNaN(value)) return;
        const word = nameOf(field, value);
        node.add(
          field,
          c.body,
          length,
          field.type === 'uint64' ? BigInt(value) : value,
          word === undefined ? {} : { display: `${word} (${value})` },
        );
        return;
      }
      case 'bool':
        if (length > 0) node.add(field, c.body, length, c.bytes[c.body] !== 0, { display: c.bytes[c.body] !== 0 ? 'True' : 'False' });
        return;
      case 'null':
        node.add(field, c.body, length, null);
        return;
      case 'string':
        node.add(field, c.body, length, stringOf(bytes, c.identifier));
        return;
      case 'bmp':
        node.add(field, c.body, length, stringOf(bytes, Ber.BmpString));
        return;
      case 'utcTime': {
        const text = utcTimeText(bytes);
        if (text !== '') node.add(field, c.body, length, text);
        return;
      }
      case 'time': {
        const time = generalizedTimeOf(bytes);
        if (time !== null) node.add(field, c.body, length, time);
        return;
      }
      default:
        if (field.type === 'string') node.add(field, c.body, length, stringOf(bytes, c.identifier));
        else node.add(field, c.body, length, bytes, c.identifier === Ber.Integer && length > 0 ? { display: `0x${hexBytes(bytes)}` } : {});
    }
  }
}

function matches(c: BerCursor, member: Member): boolean {
  if (member.tag !== undefined) return c.cls === CONTEXT && c.tag === member.tag;
  return accepts(c, member.type);
}

function accepts(c: BerCursor, type: Asn1): boolean {
  switch (type.kind) {
    case 'open':
      return true;
    case 'wrapped':
      return c.identifier === Ber.OctetString;
    case 'choice':
      return type.alternatives.some((alternative) => matches(c, alternative));
    default:
      return type.identifier < 0 || c.identifier === type.identifier;
  }
}

const utf8Decoder = new TextDecoder('utf-8');
const latin1Decoder = new TextDecoder('latin1');
const utf16Decoder = new TextDecoder('utf-16be');

/** Text of a string type with this identifier octet. */
export function stringOf(bytes: Uint8Array, identifier: number): string {
  if (identifier === Ber.BmpString) return utf16Decoder.decode(bytes);
  if (identifier === Ber.TeletexString) return latin1Decoder.decode(bytes);
  return utf8Decoder.decode(bytes);
}

/** "200312000000Z" as "2020-03-12 00:00:00 (UTC)"; '' where it is none. The two digits of the year are 1950 to 2049 (RFC 5280, section 4.1.2.5.1). */
function utcTimeText(bytes: Uint8Array): string {
  const text = latin1Decoder.decode(bytes);
  const found = /^(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)?(Z|[+-]\d{4})$/.exec(text);
  if (found === null) return '';
  const [, year, month, day, hour, minute, second, zone] = found as unknown as readonly string[];
  const clock = second === undefined ? `${hour}:${minute}` : `${hour}:${minute}:${second}`;
  return `${(year as string) < '50' ? '20' : '19'}${year}-${month}-${day} ${clock} (UTC${zone === 'Z' ? '' : zone})`;
}

/** "20220430112233.5Z" as a time, null where it is none. */
function generalizedTimeOf(bytes: Uint8Array): Time | null {
  const found = /^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)?(\d\d)?(?:\.(\d{1,9}))?(?:Z|([+-])(\d\d)(\d\d)?)?$/.exec(latin1Decoder.decode(bytes));
  if (found === null) return null;
  const part = (k: number): number => Number(found[k] ?? 0);
  let sec = Date.UTC(part(1), part(2) - 1, part(3), part(4), part(5), part(6)) / 1000;
  const shift = part(9) * 3600 + part(10) * 60;
  sec += found[8] === '-' ? shift : -shift;
  return { sec, nsec: Number((found[7] ?? '0').padEnd(9, '0')) };
}
