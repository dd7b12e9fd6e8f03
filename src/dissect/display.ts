/** How values are written: in the tree, and in `-T fields`. */

import { formatIpv4, formatIpv6, hexBytes } from '../bytes/format.ts';
import { oidText } from '../bytes/oid.ts';
import type { FieldValue, Time } from '../messages.ts';
import type { FieldDef } from './field.ts';
import { nameOf } from './field.ts';

/** A length as a layer's line has it: `1 byte`, `7,106 bytes`. Fields have their numbers as Wireshark writes them, without separators. */
export function bytesText(length: number): string {
  if (length < 1000) return length === 1 ? '1 byte' : `${length} bytes`;
  return `${String(length).replace(/\B(?=(?:\d{3})+$)/g, ',')} bytes`;
}

/** Value as the tree shows it: words with the number, units, addresses. */
export function displayValue(field: FieldDef, value: FieldValue): string {
  if (value === null) return field.severity === undefined ? '' : field.label;
  if (typeof value === 'boolean') return value ? (field.bool?.[0] ?? 'Set') : (field.bool?.[1] ?? 'Not set');
  if (typeof value === 'number') {
    const digits = integerText(field, value, true);
    const word = nameOf(field, value);
    if (field.base === 'oui') return word === undefined ? digits : `${digits} (${word})`;
    if (word !== undefined) return field.base === 'none' ? word : `${word} (${digits})`;
    if (field.names !== undefined && field.special !== true) return `Unknown (${digits})`;
    return field.unit === undefined ? digits : digits + field.unit;
  }
  // The tree speaks UTC, whoever looks at it; what is printed has the computer's zone, as with tshark.
  const text = field.type === 'abstime' && isTime(value) ? absoluteText(field, value, false) : fieldText(field, value);
  return field.unit === undefined || typeof value === 'string' ? text : text + field.unit;
}

/** Value as `tshark -T fields` prints it: no words, no units; the first of the bases of a field. */
export function fieldText(field: FieldDef, value: FieldValue): string {
  if (value === null) return field.type === 'none' || field.severity !== undefined ? '1' : field.label;
  if (typeof value === 'boolean') return value ? '1' : '0';
  if (typeof value === 'string') return value;
  if (typeof value === 'number' || typeof value === 'bigint') return integerText(field, value, false);
  if (value instanceof Uint8Array) {
    switch (field.type) {
      case 'ipv4':
        return formatIpv4(value);
      case 'ipv6':
        return formatIpv6(value);
      case 'ether':
      case 'eui64':
        return hexBytes(value, ':');
      case 'oid':
        return oidText(value, 0, value.length);
      case 'guid': {
        const h = hexBytes(value);
        return `${h.slice(0, 8)}-${h.slice(8, 12)}-${h.slice(12, 16)}-${h.slice(16, 20)}-${h.slice(20)}`;
      }
      default:
        return value.length === 0 ? (field.zero ?? '<MISSING>') : hexBytes(value, field.separator ?? '');
    }
  }
  return field.type === 'abstime' ? absoluteText(field, value, true) : timeText(value);
}

function absoluteText(field: FieldDef, value: Time, local: boolean): string {
  return field.zero !== undefined && value.sec === 0 && value.nsec === 0 ? field.zero : calendarText(value, local);
}

function isTime(value: FieldValue): value is Time {
  return typeof value === 'object' && value !== null && 'nsec' in value;
}

/** Bytes that an integer type fills, for the width of its hexadecimal form. */
const hexDigits: Partial<Record<FieldDef['type'], number>> = {
  uint8: 2,
  int8: 2,
  uint16: 4,
  int16: 4,
  uint24: 6,
  uint32: 8,
  int32: 8,
  uint40: 10,
  uint48: 12,
  uint56: 14,
  uint64: 16,
  int64: 16,
};

function integerText(field: FieldDef, value: number | bigint, both: boolean): string {
  if (field.type === 'float') return typeof value === 'number' ? sixDigits(value) : String(value);
  if (field.type === 'double') return String(value);
  const base = field.base ?? 'dec';
  switch (base) {
    case 'hex':
      return hex(field, value, both);
    case 'oui':
      return both ? (value.toString(16).padStart(6, '0').match(/../g) as string[]).join(':') : String(value);
    case 'oct':
      return value === 0 ? '0' : `0${value.toString(8)}`;
    case 'dec_hex':
      return both ? `${value} (${hex(field, value, both)})` : String(value);
    case 'hex_dec':
      return both ? `${hex(field, value, both)} (${value})` : hex(field, value, both);
    default:
      return String(value);
  }
}

/** Digits enough for the type; in the tree for the bits of the mask, where there is one, as Wireshark does it. */
function hex(field: FieldDef, value: number | bigint, tree: boolean): string {
  const digits = tree && field.mask !== undefined ? Math.ceil(spanOf(field.mask) / 4) : (hexDigits[field.type] ?? 2);
  return `0x${value.toString(16).padStart(digits, '0')}`;
}

/** Bits from the lowest to the highest one of a mask of up to 53. */
function spanOf(mask: number): number {
  let rest = mask;
  while (rest > 1 && rest % 2 === 0) rest /= 2;
  return Math.floor(rest).toString(2).length;
}

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'] as const;

/** 'May 29, 2012 20:55:09.690784000 UTC', as Wireshark writes an absolute time. @param local in the zone of this computer */
export function calendarText(time: Time, local = false): string {
  const utc = new Date(time.sec * 1000);
  if (Number.isNaN(utc.getTime())) return `${time.sec}.${String(time.nsec).padStart(9, '0')}`;
  // The same wall clock, read as if it were UTC.
  const date = local ? new Date(utc.getTime() - utc.getTimezoneOffset() * 60_000) : utc;
  const two = (n: number): string => String(n).padStart(2, '0');
  const day = String(date.getUTCDate()).padStart(2, ' ');
  return (
    `${MONTHS[date.getUTCMonth()]} ${day}, ${date.getUTCFullYear()} ` +
    `${two(date.getUTCHours())}:${two(date.getUTCMinutes())}:${two(date.getUTCSeconds())}.${String(time.nsec).padStart(9, '0')} ` +
    (local ? zoneName(utc) : 'UTC')
  );
}

/** Each knows the short names of other zones. */
const ZONE_LANGUAGES = ['en-US', 'en-GB', 'en-AU', 'en-IN', 'en-ZA', 'ja-JP', 'ko-KR'];
const zones: Intl.DateTimeFormat[] = [];

/** Short name of the local time zone at a time: 'UTC', 'CEST', 'EST', or the offset where no language has a name for it. */
function zoneName(date: Date): string {
  if (zones.length === 0) for (const language of ZONE_LANGUAGES) zones.push(new Intl.DateTimeFormat(language, { timeZoneName: 'short' }));
  let text = '';
  for (const zone of zones) {
    text = zone.formatToParts(date).find((part) => part.type === 'timeZoneName')?.value ?? '';
    if (text !== '' && !/^GMT[+-]/.test(text)) return text;
  }
  const [, sign = '', hours = '', minutes = ''] = /^GMT([+-])(\d+):?(\d*)$/.exec(text) ?? [];
  return hours === '' ? text : `${sign}${hours.padStart(2, '0')}${minutes}`;
}

/** Seconds with nine decimals, as tshark prints FT_RELATIVE_TIME in `-T fields`. */
export function timeText(time: Time): string {
  if (time.sec < 0 && time.nsec > 0) {
    const nsec = 1_000_000_000 - time.nsec;
    return `-${-(time.sec + 1)}.${String(nsec).padStart(9, '0')}`;
  }
  return `${time.sec}.${String(time.nsec).padStart(9, '0')}`;
}

/** A number as C's `%g` has it, which Wireshark prints the 32 bits of a float with: six digits, an exponent where it is far from 1. */
export function sixDigits(value: number): string {
  if (!Number.isFinite(value) || value === 0) return String(value);
  const [digits = '', power = ''] = value.toExponential(5).split('e');
  const exponent = Number(power);
  const short = (text: string): string => (text.includes('.') ? text.replace(/\.?0+$/, '') : text);
  if (exponent >= -4 && exponent < 6) return short(value.toFixed(5 - exponent));
  return `${short(digits)}e${exponent < 0 ? '-' : '+'}${String(Math.abs(exponent)).padStart(2, '0')}`;
}
