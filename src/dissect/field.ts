/**
 * Fields: what a protocol can say about a packet, with Wireshark's abbreviations, types and display bases.
 * A field is declared once, in its protocol's file; the tree, the display filters and `-T fields` all read that declaration.
 */
import type { Severity } from '../messages.ts';

/** Wireshark's field types (FT_*), as far as this program has them. */
export type FieldType =
  | 'none' // present or absent, no value
  | 'protocol'
  | 'bool'
  | 'uint8'
  | 'uint16'
  | 'uint24'
  | 'uint32'
  | 'uint40'
  | 'uint48'
  | 'uint56'
  | 'uint64'
  | 'int8'
  | 'int16'
  | 'int32'
  | 'int64'
  | 'float'
  | 'double'
  | 'framenum'
  | 'ipv4'
  | 'ipv6'
  | 'ether'
  | 'eui64'
  | 'bytes'
  | 'string'
  | 'abstime'
  | 'reltime'
  | 'guid'
  | 'oid';

/**
 * How an integer is written, in Wireshark's terms (BASE_*). `dec_hex` shows both; `-T fields` prints the first. `none`: the word alone is
 * shown, where there is one. `oui`: three octets of an address in the tree, a decimal number in `-T fields`.
 */
export type Base = 'dec' | 'hex' | 'oct' | 'dec_hex' | 'hex_dec' | 'none' | 'oui';

/** The words for a field's values; a function where the words cannot be listed. */
export type ValueNames = ReadonlyMap<number, string> | ((value: number) => string | undefined);

export interface FieldOptions {
  /** Integer base; default dec. */
  readonly base?: Base;
  /** Bits of the integer read that this field is: the value is (integer & mask) >> trailing zeros of mask. */
  readonly mask?: number;
  readonly names?: ValueNames;
  /** The names are of single values among ordinary numbers (`Infinity`), which are not called unknown. */
  readonly special?: boolean;
  /** Unit shown after the value, with its leading blank: ' bytes', ' seconds', 's'. */
  readonly unit?: string;
  /** Further abbreviations under which filters and `-e` find the same value: `ip.src` is also `ip.addr`. */
  readonly also?: readonly string[];
  /** Computed from the packet or from other packets rather than read at a place (Wireshark's brackets). */
  readonly generated?: boolean;
  /** For expert fields: severity of the note, and what it is about. */
  readonly severity?: Severity;
  readonly group?: ExpertGroup;
  /** Name of the protocol column's word for bool fields: [when true, when false]; default Set / Not set. */
  readonly bool?: readonly [string, string];
  /** Absolute times: what is written for 0 (NTP's `NULL`). Bytes: what is written where there are none; default `<MISSING>`, as tshark has it. */
  readonly zero?: string;
  /** Dissectors read it from the tree: it is there also where nobody asks for it. */
  readonly kept?: boolean;
  /** Bytes fields: separator between hex pairs in `-T fields` and in the tree; default none. */
  readonly separator?: ':' | '-' | '.' | ' ';
}

/** Wireshark's expert groups, in the order of their numbers. */
export const EXPERT_GROUPS = [
  'checksum',
  'sequence',
  'response',
  'request',
  'undecoded',
  'reassemble',
  'malformed',
  'debug',
  'protocol',
  'security',
  'comment',
  'decryption',
  'assumption',
  'deprecated',
] as const;
export type ExpertGroup = (typeof EXPERT_GROUPS)[number];

export interface FieldDef extends FieldOptions {
  readonly abbrev: string;
  readonly label: string;
  readonly type: FieldType;
}

/** Declares a field. The helpers below are the usual way to call it. */
export function field(type: FieldType, abbrev: string, label: string, options: FieldOptions = {}): FieldDef {
  return { abbrev, label, type, ...options };
}

type Declare = (abbrev: string, label: string, options?: FieldOptions) => FieldDef;
const declare =
  (type: FieldType): Declare =>
  (abbrev, label, options) =>
    field(type, abbrev, label, options);

export const none = declare('none');
export const bool = declare('bool');
export const uint8 = declare('uint8');
export const uint16 = declare('uint16');
export const uint24 = declare('uint24');
export const uint32 = declare('uint32');
export const uint40 = declare('uint40');
export const uint48 = declare('uint48');
export const uint56 = declare('uint56');
export const uint64 = declare('uint64');
export const int8 = declare('int8');
export const int16 = declare('int16');
export const int32 = declare('int32');
export const int64 = declare('int64');
export const float = declare('float');
export const double = declare('double');
export const framenum = declare('framenum');
export const ipv4 = declare('ipv4');
export const ipv6 = declare('ipv6');
export const ether = declare('ether');
export const eui64 = declare('eui64');
export const bytes = declare('bytes');
export const string = declare('string');
export const abstime = declare('abstime');
export const reltime = declare('reltime');
export const guid = declare('guid');
export const oid = declare('oid');

/** Words of a bool field that says whether something is so, rather than how a bit is set. */
export const TRUE_FALSE = ['True', 'False'] as const;

/** An expert item: a note about a packet with a severity, Wireshark's `ei_*` abbreviation, text and group. */
export function expert(abbrev: string, severity: Severity, label: string, group: ExpertGroup = 'protocol'): FieldDef {
  return { abbrev, label, type: 'none', severity, group, generated: true };
}

/** Words by value, or what makes them. */
type Words = Readonly<Record<number, string>> | (() => Readonly<Record<number, string>>);

/** The note on a text that a zero byte ends before its place does. */
export const STRAY = expert('_ws.string.trailing_stray_characters', 'warn', 'Trailing stray characters', 'undecoded');

/** A zero byte ends the text, and something stands behind it. */
export function hasStray(text: string): boolean {
  const zero = text.indexOf('\0');
  return zero >= 0 && /[^\0]/.test(text.slice(zero));
}

/** A map that is made when it is first asked: most tables of names are not needed to index a capture. */
class LazyNames implements ReadonlyMap<number, string> {
  readonly #words: Words;
  #made: ReadonlyMap<number, string> | null = null;

  constructor(words: Words) {
    this.#words = words;
  }

  get #map(): ReadonlyMap<number, string> {
    const words = this.#words;
    this.#made ??= new Map(Object.entries(typeof words === 'function' ? words() : words).map(([key, word]) => [Number(key), word]));
    return this.#made;
  }

  get size(): number {
    return this.#map.size;
  }
  get(key: number): string | undefined {
    return this.#map.get(key);
  }
  has(key: number): boolean {
    return this.#map.has(key);
  }
  forEach(each: (word: string, key: number, map: ReadonlyMap<number, string>) => void): void {
    this.#map.forEach(each);
  }
  keys(): MapIterator<number> {
    return this.#map.keys();
  }
  values(): MapIterator<string> {
    return this.#map.values();
  }
  entries(): MapIterator<[number, string]> {
    return this.#map.entries();
  }
  [Symbol.iterator](): MapIterator<[number, string]> {
    return this.#map.entries();
  }
}

/** Words for values, from a literal: `names({1: 'Request', 2: 'Reply'})`. The build puts a function around the literal (scripts/build.mjs). */
export function names(words: Words): ReadonlyMap<number, string> {
  return new LazyNames(words);
}

/** The word for a value, if the field has one. */
export function nameOf(field: FieldDef, value: number): string | undefined {
  const words = field.names;
  if (words === undefined) return undefined;
  return typeof words === 'function' ? words(value) : words.get(value);
}

/** Width in bytes of a fixed-size type; 0 where the size varies. */
export function typeBytes(type: FieldType): number {
  switch (type) {
    case 'bool':
    case 'uint8':
    case 'int8':
      return 1;
    case 'uint16':
    case 'int16':
      return 2;
    case 'uint24':
      return 3;
    case 'uint32':
    case 'int32':
    case 'ipv4':
    case 'float':
      return 4;
    case 'uint40':
      return 5;
    case 'uint48':
    case 'ether':
      return 6;
    case 'uint56':
      return 7;
    case 'uint64':
    case 'int64':
    case 'eui64':
    case 'double':
      return 8;
    case 'ipv6':
    case 'guid':
      return 16;
    default:
      return 0;
  }
}
