/** Literals of a filter, read as values of a field's type. */
import { parseIpv4, parseIpv6 } from '../dissect/addresses.ts';
import type { FieldDef, FieldType } from '../dissect/field.ts';
import { fault, type Span, shown } from './error.ts';
import type { Category, FieldEntry } from './fields.ts';
import { stringBytes } from './lex.ts';

/**
 * A value at run time: integers as number or bigint, booleans as 0 and 1, IPv4 addresses as an unsigned 32-bit number, IPv6
 * addresses and bytes as Uint8Array, times as nanoseconds in a bigint, text as string.
 */
export type Value = number | bigint | string | Uint8Array;

/** What an operand's values are. `entry`: the field that gives words to values. */
export interface ValueType {
  readonly category: Category;
  readonly type: FieldType;
  readonly entry: FieldEntry | null;
}

export interface Constant {
  readonly value: Value;
  /** Bits that count, for addresses with a prefix length. */
  readonly prefix?: number;
}

export interface Literal extends Span {
  readonly form: 'word' | 'string' | 'char';
  readonly text: string;
}

const TYPE_WORDS: Partial<Record<FieldType, string>> = {
  bool: 'a Boolean',
  ipv4: 'an IPv4 address',
  ipv6: 'an IPv6 address',
  ether: 'a hardware address',
  eui64: 'an EUI-64',
  bytes: 'a byte sequence',
  string: 'text',
  abstime: 'a date and time',
  reltime: 'a number of seconds',
  guid: 'a GUID',
  oid: 'an object identifier',
  float: 'a number',
  double: 'a number',
  framenum: 'a packet number',
  protocol: 'a protocol',
  none: 'a field without a value',
};

export function typeWords(type: FieldType): string {
  return TYPE_WORDS[type] ?? 'an integer';
}

/** [smallest, largest] of the integer types. */
const LIMITS: Partial<Record<FieldType, readonly [bigint, bigint]>> = {
  uint8: [0n, 0xffn],
  uint16: [0n, 0xffffn],
  uint24: [0n, 0xffffffn],
  uint32: [0n, 0xffffffffn],
  framenum: [0n, 0xffffffffn],
  uint40: [0n, 0xffffffffffn],
  uint48: [0n, 0xffffffffffffn],
  uint56: [0n, 0xffffffffffffffn],
  uint64: [0n, 0xffffffffffffffffn],
  int8: [-0x80n, 0x7fn],
  int16: [-0x8000n, 0x7fffn],
  int32: [-0x80000000n, 0x7fffffffn],
  int64: [-0x8000000000000000n, 0x7fffffffffffffffn],
};

/** Reads a literal as a value of `type`. `name`: of the field it stands against, for messages. Throws FilterFault. */
export function readLiteral(literal: Literal, type: ValueType, name: string): Constant {
  switch (type.category) {
    case 'int':
      return { value: readInteger(literal, type, name) };
    case 'bool':
      return { value: readBool(literal, type, name) };
    case 'float':
      return { value: readFloat(literal, name) };
    case 'string':
      return { value: literal.text };
    case 'ipv4':
      return readIpv4(literal, name);
    case 'ipv6':
      return readIpv6(literal, name);
    case 'time':
      return { value: type.type === 'abstime' ? readAbsolute(literal, name) : readRelative(literal, name) };
    case 'bytes':
      return { value: readBytes(literal, type, name) };
    case 'none':
      return fault(literal, `${name} has no value to compare with: it is there or not.`);
  }
}

function wrong(literal: Literal, name: string, wanted: string, fix?: string): never {
  fault(
    literal,
    `${literal.form === 'string' ? `"${shown(literal.text)}"` : shown(literal.text)} is not a value of ${name}: ${wanted} is expected.`,
    fix,
  );
}

/** Integer text in any base; null if it is none. */
export function parseInteger(text: string): bigint | null {
  const match = /^([+-]?)(0[xX][0-9a-fA-F]+|0[bB][01]+|0[0-7]*|[1-9][0-9]*)$/.exec(text);
  if (match === null || text.length > 80) return null;
  const digits = match[2] as string;
  const octal = /^0[0-7]+$/.test(digits);
  const value = BigInt(octal ? `0o${digits.slice(1)}` : digits.toLowerCase());
  return match[1] === '-' ? -value : value;
}

/** Numbers where they are exact, bigint beyond. */
function small(value: bigint): number | bigint {
  return value >= -9007199254740991n && value <= 9007199254740991n ? Number(value) : value;
}

function readInteger(literal: Literal, type: ValueType, name: string): number | bigint {
  const limits = LIMITS[type.type] ?? (LIMITS.uint32 as readonly [bigint, bigint]);
  let value: bigint | null = null;
  if (literal.form === 'char') value = BigInt(literal.text.codePointAt(0) as number);
  else if (literal.form === 'word') value = parseInteger(literal.text);
  if (value === null) {
    const word = wordValue(type.entry, literal.text);
    if (word !== undefined) return word;
    const inner = literal.form === 'string' ? parseInteger(literal.text) : null;
    if (inner !== null) wrong(literal, name, 'a number without quotes', literal.text);
    const suggestion = hasWords(type.entry) ? nearWord(type.entry, literal.text) : undefined;
    wrong(
      literal,
      name,
      hasWords(type.entry) ? 'a number or one of its names' : 'a number',
      suggestion === undefined ? undefined : `"${suggestion}"`,
    );
  }
  if (value > limits[1]) fault(literal, `${shown(literal.text)} is too big for ${name}: at most ${limits[1]}.`, undefined);
  if (value < limits[0]) {
    if (limits[0] < 0n) fault(literal, `${shown(literal.text)} is too small for ${name}: at least ${limits[0]}.`);
    // As in C, a negative number stands for a very large one: nothing is below it and no value of the field equals it.
    return small(BigInt.asUintN(limits[1] > 0xffffffffn ? 64 : 32, value));
  }
  return small(value);
}

function hasWords(entry: FieldEntry | null): boolean {
  return entry?.defs.some((def) => def.names !== undefined) ?? false;
}

const wordLists = new WeakMap<FieldDef, ReadonlyMap<string, number>>();

/** The words for a field's values, in lower case. Where they come from a function, those of the values up to 65,535. */
function wordsOf(def: FieldDef): ReadonlyMap<string, number> {
  let words = wordLists.get(def);
  if (words === undefined) {
    const made = new Map<string, number>();
    if (typeof def.names === 'function') {
      const last = def.type === 'uint8' || def.type === 'int8' ? 0xff : 0xffff;
      for (let value = 0; value <= last; value++) {
        const word = def.names(value)?.toLowerCase();
        if (word !== undefined && !made.has(word)) made.set(word, value);
      }
    } else if (def.names !== undefined) {
      for (const [value, word] of def.names) if (!made.has(word.toLowerCase())) made.set(word.toLowerCase(), value);
    }
    words = made;
    wordLists.set(def, words);
  }
  return words;
}

function wordValue(entry: FieldEntry | null, text: string): number | undefined {
  const lower = text.toLowerCase();
  for (const def of entry?.defs ?? []) {
    const value = wordsOf(def).get(lower);
    if (value !== undefined) return value;
  }
  return undefined;
}

/** A word that begins like the text does, as it is written. */
function nearWord(entry: FieldEntry | null, text: string): string | undefined {
  const lower = text.toLowerCase();
  for (const def of entry?.defs ?? []) {
    for (const [word, value] of wordsOf(def)) {
      if (lower.length >= 1 && (word.startsWith(`${lower} `) || word === lower)) {
        return typeof def.names === 'function' ? def.names(value) : def.names?.get(value);
      }
    }
  }
  return undefined;
}

function readBool(literal: Literal, type: ValueType, name: string): number {
  if (literal.form === 'char') return 1;
  if (literal.form === 'word') {
    const number = parseInteger(literal.text);
    if (number !== null) return number === 0n ? 0 : 1;
  }
  const lower = literal.text.toLowerCase();
  if (lower === 'true') return 1;
  if (lower === 'false') return 0;
  for (const def of type.entry?.defs ?? []) {
    const words = def.bool ?? ['Set', 'Not set'];
    if (words[0].toLowerCase() === lower) return 1;
    if (words[1].toLowerCase() === lower) return 0;
  }
  wrong(literal, name, 'True, False, 1 or 0');
}

function readFloat(literal: Literal, name: string): number {
  if (literal.form === 'word' && /^[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?$/.test(literal.text)) return Number(literal.text);
  const integer = literal.form === 'word' ? parseInteger(literal.text) : null;
  if (integer !== null) return Number(integer);
  wrong(literal, name, 'a number');
}

function splitPrefix(literal: Literal, most: number): [string, number] {
  const slash = literal.text.indexOf('/');
  if (slash < 0) return [literal.text, most];
  const digits = literal.text.slice(slash + 1);
  const prefix = Number(digits);
  if (!/^\d{1,3}$/.test(digits) || prefix > most) {
    fault(
      { start: literal.start + slash + 1, end: literal.end },
      digits.includes('.')
        ? 'The prefix length is written as a number of bits: 192.168.1.0/24'
        : `The prefix length is a number of bits from 0 to ${most}.`,
    );
  }
  return [literal.text.slice(0, slash), prefix];
}

function readIpv4(literal: Literal, name: string): Constant {
  if (literal.form === 'word') {
    const [text, prefix] = splitPrefix(literal, literal.text.includes(':') ? 128 : 32);
    const value = parseIpv4(text);
    if (value !== null) return prefix === 32 ? { value } : { value, prefix };
    if (parseIpv6(text) !== null) fault(literal, `${shown(literal.text)} is an IPv6 address, and ${name} an IPv4 address.`);
  } else if (parseIpv4(literal.text) !== null) wrong(literal, name, 'an address without quotes', literal.text);
  wrong(literal, name, 'an IPv4 address such as 192.168.1.1 or 10.0.0.0/8');
}

function readIpv6(literal: Literal, name: string): Constant {
  if (literal.form === 'word') {
    const [text, prefix] = splitPrefix(literal, 128);
    const value = parseIpv6(text);
    if (value !== null) return prefix === 128 ? { value } : { value, prefix };
    if (parseIpv4(text) !== null) fault(literal, `${shown(literal.text)} is an IPv4 address, and ${name} an IPv6 address.`);
  } else if (parseIpv6(literal.text) !== null) wrong(literal, name, 'an address without quotes', literal.text);
  wrong(literal, name, 'an IPv6 address such as fe80::1 or 2001:db8::/32');
}

/** Hexadecimal digits in pairs, with `: - .` between or nothing; also Cisco's aabb.ccdd.eeff and 0xNN. Null if it is none of these. */
function parseBytes(text: string): Uint8Array | null {
  let pairs: string[];
  if (/^0[xX][0-9a-fA-F]{1,2}$/.test(text)) pairs = [text.slice(2)];
  else if (/^[0-9a-fA-F]{1,2}([:.-][0-9a-fA-F]{1,2})*[:.-]?$/.test(text)) pairs = text.split(/[:.-]/).filter((pair) => pair !== '');
  else if (/^[0-9a-fA-F]{4}([:.-][0-9a-fA-F]{4})+$/.test(text)) pairs = text.replace(/[:.-]/g, '').match(/../g) ?? [];
  else if (/^([0-9a-fA-F]{2})+$/.test(text)) pairs = text.match(/../g) ?? [];
  else return null;
  return Uint8Array.from(pairs, (pair) => Number.parseInt(pair, 16));
}

const WIDTHS: Partial<Record<FieldType, number>> = { ether: 6, eui64: 8, guid: 16 };

function readBytes(literal: Literal, type: ValueType, name: string): Uint8Array {
  const width = WIDTHS[type.type];
  if (literal.form === 'string') {
    if (width === undefined) return stringBytes(literal.text);
    if (parseBytes(literal.text)?.length === width) wrong(literal, name, `${typeWords(type.type)} without quotes`, literal.text);
    wrong(literal, name, typeWords(type.type));
  }
  if (literal.form === 'char') return stringBytes(literal.text);
  if (type.type === 'guid' && /^[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$/.test(literal.text)) {
    return parseBytes(literal.text.replace(/-/g, '')) as Uint8Array;
  }
  if (type.type === 'oid' && /^\d+(\.\d+)+$/.test(literal.text)) return oidBytes(literal.text);
  const bytes = parseBytes(literal.text);
  if (bytes === null) {
    wrong(
      literal,
      name,
      width === undefined ? 'bytes such as 0a:0b:0c, or text in quotes,' : `${typeWords(type.type)} such as 00:11:22:33:44:55`,
      width === undefined && /^[\w.:-]+$/.test(literal.text) ? `"${literal.text}"` : undefined,
    );
  }
  if (width !== undefined && bytes.length !== width) {
    wrong(literal, name, `${typeWords(type.type)} of ${width} bytes (here are ${bytes.length})`);
  }
  return bytes;
}

/** BER contents of an object identifier, X.690 section 8.19. */
function oidBytes(text: string): Uint8Array {
  const arcs = text.split('.').map((arc) => BigInt(arc.slice(0, 40)));
  const numbers = [40n * (arcs[0] as bigint) + (arcs[1] as bigint), ...arcs.slice(2)];
  const out: number[] = [];
  for (const number of numbers) {
    const groups = [Number(number & 0x7fn)];
    for (let rest = number >> 7n; rest > 0n; rest >>= 7n) groups.unshift(Number(rest & 0x7fn) | 0x80);
    out.push(...groups);
  }
  return Uint8Array.from(out);
}

/** Seconds with a fraction as nanoseconds; digits beyond the ninth are cut. */
function readRelative(literal: Literal, name: string): bigint {
  const match = literal.form === 'word' ? /^([+-]?)(\d{1,12})?(?:\.(\d{1,40}))?s?$/.exec(literal.text) : null;
  if (match === null || (match[2] === undefined && match[3] === undefined)) wrong(literal, name, 'a number of seconds');
  const nanoseconds = BigInt(match[2] ?? '0') * 1_000_000_000n + BigInt((match[3] ?? '').slice(0, 9).padEnd(9, '0'));
  return match[1] === '-' ? -nanoseconds : nanoseconds;
}

const MONTHS = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];
const ISO = /^(\d{4})-(\d{2})-(\d{2})(?:[T ](\d{2}):(\d{2})(?::(\d{2})(?:[.,](\d{1,9})\d*)?)?)?\s?(Z|UTC|[+-]\d{2}:?\d{2})?$/;
const LEGACY = /^([A-Za-z]{3}) {1,2}(\d{1,2}), (\d{4}) (\d{2}):(\d{2}):(\d{2})(?:\.(\d{1,9})\d*)?(?: (UTC))?$/;

/** A date, with or without time and zone; without a zone it is local time. Nanoseconds since 1970-01-01 UTC. */
function readAbsolute(literal: Literal, name: string): bigint {
  const text = literal.text.trim();
  const iso = ISO.exec(text);
  const legacy = iso === null ? LEGACY.exec(text) : null;
  const parts = iso ?? legacy;
  const month = iso !== null ? Number(iso[2]) - 1 : legacy !== null ? MONTHS.indexOf((legacy[1] as string).toLowerCase()) : -1;
  if (parts === null || month < 0 || month > 11) {
    wrong(literal, name, 'a date and time such as "2023-01-31 23:59:59.5"');
  }
  const year = Number(iso !== null ? parts[1] : parts[3]);
  const day = Number(iso !== null ? parts[3] : parts[2]);
  const [hour, minute, second] = [parts[4], parts[5], parts[6]].map((part) => Number(part ?? '0')) as [number, number, number];
  const zone = parts[8];
  if (day < 1 || day > new Date(Date.UTC(year, month + 1, 0)).getUTCDate() || hour > 23 || minute > 59 || second > 60) {
    fault(literal, `"${shown(text)}" is no date and time of the calendar.`);
  }
  let milliseconds: number;
  if (zone === undefined) milliseconds = new Date(year, month, day, hour, minute, second).getTime();
  else {
    milliseconds = Date.UTC(year, month, day, hour, minute, second);
    const offset = /^([+-])(\d{2}):?(\d{2})$/.exec(zone);
    if (offset !== null) milliseconds -= (offset[1] === '-' ? -1 : 1) * (Number(offset[2]) * 60 + Number(offset[3])) * 60_000;
  }
  return BigInt(milliseconds) * 1_000_000n + BigInt((parts[7] ?? '').padEnd(9, '0') || '0');
}
