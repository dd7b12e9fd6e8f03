/** Flag fields as rows of bit boxes. */
import type { FieldNode } from '../../src/messages.ts';
import { bitNames } from './words.ts';

/** One box: a child field, or bits of the parent that no child names. */
export interface BitBox {
  /** Index of the child field; -1 for bits without a name. */
  readonly index: number;
  readonly name: string;
  readonly label: string;
  /** The bits, most significant first: '1', '000'. */
  readonly bits: string;
  readonly set: boolean;
  /** Position of the first bit from the start of the parent's bytes. */
  readonly from: number;
  readonly width: number;
}

/** More bits than this in one field are no flags. */
const MAX_BITS = 64;

/**
 * The bit boxes of a flag field, most significant first; null if the field is none: a number whose children are all bits of its own
 * bytes, at least two of them true or false.
 */
export function bitBoxes(parent: FieldNode): BitBox[] | null {
  if (parent.length < 1 || parent.length * 8 > MAX_BITS) return null;
  if (typeof parent.value !== 'number' && typeof parent.value !== 'bigint') return null;
  const boxes: BitBox[] = [];
  let flags = 0;
  for (let index = 0; index < parent.children.length; index++) {
    const child = parent.children[index] as FieldNode;
    if (child.hidden || child.severity !== null || child.generated) continue;
    const box = boxOf(parent, child, index);
    if (box === null) return null;
    if (typeof child.value === 'boolean') flags++;
    boxes.push(box);
  }
  if (flags < 2) return null;
  boxes.sort((a, b) => a.from - b.from);
  const out: BitBox[] = [];
  for (const box of boxes) {
    const last = out.at(-1);
    const end = last === undefined ? null : last.from + last.width;
    if (end !== null && box.from < end) return null; // two children over one bit: not one box each
    if (end !== null && box.from > end) out.push(unnamed(end, box.from - end));
    out.push(box);
  }
  return out;
}

function unnamed(from: number, width: number): BitBox {
  return { index: -1, name: '', label: '', bits: '·'.repeat(width), set: false, from, width };
}

function boxOf(parent: FieldNode, child: FieldNode, index: number): BitBox | null {
  if (child.mask === null || child.mask <= 0 || child.source !== parent.source) return null;
  if (child.offset < parent.offset || child.offset + child.length > parent.offset + parent.length) return null;
  const { high, low } = ends(child.mask);
  const width = high - low + 1;
  const from = (child.offset - parent.offset) * 8 + child.length * 8 - 1 - high;
  if (from < 0) return null;
  const value = typeof child.value === 'boolean' ? (child.value ? 2 ** width - 1 : 0) : child.value;
  if (typeof value !== 'number') return null;
  return {
    index,
    name: bitName(child),
    label: child.label,
    bits: value.toString(2).padStart(width, '0').slice(-width),
    set: value !== 0,
    from,
    width,
  };
}

/** Highest and lowest bit of a mask; by division, as masks may be wider than 32 bits. */
function ends(mask: number): { high: number; low: number } {
  let low = 0;
  let rest = mask;
  while (rest % 2 === 0) {
    rest /= 2;
    low++;
  }
  let high = low;
  while (rest > 1) {
    rest = Math.floor(rest / 2);
    high++;
  }
  return { high, low };
}

/** What the box says: the protocol's short name, else the last part of the abbreviation in capitals. */
function bitName(field: Pick<FieldNode, 'abbrev' | 'label'>): string {
  const known = bitNames[field.abbrev];
  if (known !== undefined) return known;
  const last = field.abbrev.split('.').at(-1) ?? '';
  return last === '' ? field.label : last.toUpperCase();
}
