/** Display-filter text from a field of a packet: abbreviation, `==`, and a literal of the field's type. */
import type { FieldNode, FieldValue, Time } from '../../src/messages.ts';
import { printable } from '../../src/words/printable.ts';

/** Longest literal that goes into a filter; of longer ones the beginning is looked for instead. */
const MAX_BYTES = 64;
const MAX_CHARS = 200;

/**
 * The filter term that this field of this packet matches; null for a field without an abbreviation (a line of text). Fields
 * without a value (protocols, expert notes, FT_NONE) give their abbreviation alone: present.
 */
export function filterText(field: Pick<FieldNode, 'abbrev' | 'value' | 'display' | 'generated'>): string | null {
  const { abbrev, value } = field;
  if (abbrev === '') return null;
  if (value === null) return abbrev;
  if (typeof value === 'string' && value.length > MAX_CHARS) return `${abbrev} contains ${quote(value.slice(0, MAX_CHARS))}`;
  if (value instanceof Uint8Array) {
    // Bytes put together from other packets: that they were is the fact.
    if (value.length === 0 || (field.generated && value.length > MAX_BYTES)) return abbrev;
    if (value.length > MAX_BYTES) return `${abbrev}[0:${MAX_BYTES}] == ${hexLiteral(value.subarray(0, MAX_BYTES))}`;
  }
  return `${abbrev} == ${literal(value, field.display)}`;
}

/** A value as the filter language writes it. `display` tells apart what the value alone does not (base, kind of address, kind of time). */
function literal(value: Exclude<FieldValue, null>, display: string): string {
  if (typeof value === 'boolean') return value ? '1' : '0';
  if (typeof value === 'string') return quote(value);
  if (typeof value === 'bigint') return value.toString();
  if (typeof value === 'number') return numberLiteral(value, display);
  if (value instanceof Uint8Array) return bytesLiteral(value, display);
  return timeLiteral(value, display);
}

function numberLiteral(value: number, display: string): string {
  const hex = /(?:^|\()(0x[0-9a-f]+)/i.exec(display)?.[1];
  return hex !== undefined && Number.parseInt(hex, 16) === value ? hex : String(value);
}

/** A quoted string; quotes and backslashes escaped as in C, and what is not drawn by its number. */
export function quote(text: string): string {
  let out = '"';
  for (const char of text) {
    const code = char.codePointAt(0) as number;
    if (char === '"' || char === '\\') out += `\\${char}`;
    else if (char === '\n') out += '\\n';
    else if (char === '\r') out += '\\r';
    else if (char === '\t') out += '\\t';
    else if (printable(char) === char) out += char;
    else out += code < 0x80 ? `\\x${code.toString(16).padStart(2, '0')}` : `\\u${code.toString(16).padStart(4, '0')}`;
  }
  return `${out}"`;
}

function hexLiteral(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join(':');
}

/** Addresses and identifiers are written as they are shown, when what is shown is one; other bytes as aa:bb:cc. */
function bytesLiteral(bytes: Uint8Array, display: string): string {
  const word = /\(([^()\s]+)\)$/.exec(display)?.[1] ?? '';
  for (const text of [display.split(' ', 1)[0] ?? '', word]) {
    if (bytes.length === 4 && text === Array.from(bytes).join('.')) return text;
    if (bytes.length === 16 && /^[0-9a-f:]*(?:\d+\.\d+\.\d+\.\d+)?$/i.test(text) && text.split(':').length > 2 && text.length < 46) {
      return text;
    }
    if (bytes.length === 16 && /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(text)) return text;
    if (/^[0-2]\.\d+(?:\.\d+)*$/.test(text) && bytes.length !== 4) return text;
  }
  return hexLiteral(bytes);
}

/** Spans and epoch seconds as decimals; calendar times as quoted ISO 8601 in UTC. */
function timeLiteral(time: Time, display: string): string {
  if (/[A-Za-z]{3}|\d{4}-\d\d/.test(display.replace(/ ?(?:seconds|secs?)$/, ''))) {
    const date = new Date(time.sec * 1000);
    if (!Number.isNaN(date.getTime())) {
      return `"${date.toISOString().slice(0, 19).replace('T', ' ')}.${String(time.nsec).padStart(9, '0')}Z"`;
    }
  }
  if (time.sec < 0 && time.nsec > 0) return `-${-(time.sec + 1)}.${String(1_000_000_000 - time.nsec).padStart(9, '0')}`;
  return `${time.sec}.${String(time.nsec).padStart(9, '0')}`;
}
