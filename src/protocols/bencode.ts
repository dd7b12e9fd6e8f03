/** Bencode (BEP 3): dictionaries, lists, numbers and strings of BitTorrent. */
import type { Buf, Dissection, Node } from '../dissect/dissection.ts';
import { type FieldDef, int32, none, string, uint32 } from '../dissect/field.ts';
import { app } from './app-kit.ts';

const MAX_DEPTH = 10;

const f = {
  dict: none('bencode.dict', 'Dictionary'),
  entry: none('bencode.dict.entry', 'Entry'),
  list: none('bencode.list', 'List'),
  number: int32('bencode.int', 'Integer'),
  length: uint32('bencode.str.length', 'String Length'),
  text: string('bencode.str', 'String'),
  invalid: none('bencode.invalid', 'Invalid Bencoding'),
};
const LIST = 0x6c;
const DICT = 0x64;
const INTEGER = 0x69;
const END = 0x65;
const COLON = 0x3a;

/** Digits at `at`, up to `stop`: their value and where that octet stands; -1 where there is none. */
function digits(b: Buf, at: number, stop: number): [number, number] {
  let value = 0;
  let o = at;
  const negative = b.u8(o) === 0x2d;
  if (negative) o++;
  const from = o;
  while (o < b.end && o - from < 15 && b.u8(o) >= 0x30 && b.u8(o) <= 0x39) value = value * 10 + b.u8(o++) - 0x30;
  return o > from && b.u8(o) === stop ? [negative ? -value : value, o] : [0, -1];
}

/** Adds the value at `at` to `node`; gives where it ends, and what it is in few words; -1 where it makes no sense. */
function value(d: Dissection, node: Node, b: Buf, at: number, depth: number): [number, string] {
  if (at >= b.end || depth > MAX_DEPTH || d.full) return [-1, ''];
  const first = b.u8(at);
  if (first === INTEGER) {
    const [number, stop] = digits(b, at + 1, END);
    if (stop < 0) return [-1, ''];
    node.add(f.number, at + 1, stop - at - 1, number);
    return [stop + 1, String(number)];
  }
  if (first === LIST || first === DICT) {
    const inner = node.add(first === LIST ? f.list : f.dict, at, b.end - at, null);
    let o = at + 1;
    while (o < b.end && b.u8(o) !== END) {
      if (first === LIST) [o] = value(d, inner, b, o, depth + 1);
      else {
        const entry = inner.add(f.entry, o, b.end - o, null);
        const [next, key] = value(d, entry, b, o, depth + 1);
        if (next < 0) return [-1, ''];
        const [end, word] = value(d, entry, b, next, depth + 1);
        entry.display = `Key: ${key}${word === '' ? '' : `  Value: ${word}`}`;
        o = end;
      }
      if (o < 0) return [-1, ''];
    }
    return o < b.end ? [o + 1, ''] : [-1, ''];
  }
  const [length, colon] = digits(b, at, COLON);
  if (colon < 0 || length < 0 || colon + 1 + length > b.end) return [-1, ''];
  node.add(f.length, at, colon - at, length);
  const text = b.text(colon + 1, length);
  node.add(f.text, colon + 1, length, text);
  return [colon + 1 + length, text.slice(0, 40)];
}

/** Adds one value of `b` to `node`; gives where it ends, -1 where it makes no sense. */
export function readBencode(d: Dissection, node: Node, b: Buf): number {
  const [end] = value(d, node, b, b.offset, 0);
  return end;
}

const bencodeFields: readonly FieldDef[] = Object.values(f);

export const bencode = app({
  name: 'bencode',
  short: 'BENCODE',
  title: 'Bencode',
  fields: bencodeFields,
  read(layer, b, d) {
    if (readBencode(d, layer, b) < 0) layer.expert(f.invalid, b.offset, b.length);
    return '';
  },
});
