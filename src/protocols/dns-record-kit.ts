/** What the readers of DNS resource records share: names, numbers, character strings, type bit maps. */
import type { Node } from '../dissect/dissection.ts';
import { type FieldDef, hasStray, STRAY, typeBytes } from '../dissect/field.ts';
import { rr } from './dns-fields.ts';
import { readName, typeNames } from './dns-names.ts';

/** One record's data: where it lies, where the message starts, and what the list and the record's line say of it. */
export interface Rdata {
  readonly node: Node;
  readonly base: number;
  at: number;
  readonly end: number;
  /** Goes behind the type in the info column. */
  info: string;
  /** Goes behind the record's line in the tree. */
  line: string;
}

/** Reads a name at `r.at`, adds it, and steps over it. */
export function name(r: Rdata, field: FieldDef): string {
  const n = readName(r.node.buf, r.at, r.base);
  if (!n.whole) {
    if (n.text !== '') r.node.add(field, r.at, r.end - r.at, n.text);
    r.node.has(r.node.buf.end, 1);
    return '';
  }
  r.node.add(field, r.at, n.size, n.text);
  r.at += n.size;
  return n.text;
}

/** Reads an integer of the field's width at `r.at`, adds it, and steps over it; 0 where it is not there. `display` makes its text. */
export function number(r: Rdata, field: FieldDef, display?: (value: number) => string): number {
  const size = typeBytes(field.type);
  const [value, node] = r.node.uintAndNode(field, r.at, size);
  if (display !== undefined && node.field !== null) node.display = display(value);
  r.at += size;
  return value;
}

/** The bytes up to the end of the record. */
export function rest(r: Rdata, field: FieldDef): void {
  if (r.end > r.at) r.node.bytes(field, r.at, r.end - r.at);
  r.at = r.end;
}

/** A character string: a length octet and that many bytes. */
export function counted(r: Rdata, lengthField: FieldDef, field: FieldDef): string {
  const length = number(r, lengthField);
  if (!r.node.has(r.at, length)) return '';
  const all = r.node.buf.text(r.at, length);
  const text = upToZero(all);
  const node = r.node.add(field, r.at, length, text);
  if (hasStray(all)) node.expert(STRAY);
  r.at += length;
  return text;
}

/** A string field's text ends at the first zero byte. */
function upToZero(text: string): string {
  const zero = text.indexOf('\0');
  return zero < 0 ? text : text.slice(0, zero);
}

/** Type bit maps (RFC 4034 section 4.1.2). */
export function bitmap(r: Rdata): void {
  while (r.node.ok && r.at + 2 <= r.end) {
    const window = r.node.buf.u8(r.at);
    const length = r.node.buf.u8(r.at + 1);
    r.at += 2;
    if (!r.node.has(r.at, length)) return;
    for (let i = 0; i < length; i++, r.at++) {
      const octet = r.node.buf.u8(r.at);
      for (let bit = 0; bit < 8; bit++) {
        if ((octet & (0x80 >> bit)) === 0) continue;
        const type = window * 256 + i * 8 + bit;
        r.node.add(rr.bitmapType, r.at, 1, type, { display: typeNames.get(type) ?? `Unknown (${type})` });
      }
    }
  }
}
