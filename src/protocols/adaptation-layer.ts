/** What the user adaptation layers of signalling over SCTP have in common: a message's head and its parameters (RFC 4666, section 3.2; RFC 3331, section 3.1). */
import type { Buf, Layer, Node } from '../dissect/dissection.ts';
import { type FieldDef, nameOf } from '../dissect/field.ts';
import { be16, be32 } from './app-kit.ts';

/** Octets of a message's head, and of a parameter's. */
const HEAD = 8;
const PARAMETER = 4;

export type AdaptationFields = Readonly<
  Record<'version' | 'reserved' | 'class' | 'type' | 'length' | 'tag' | 'parameterLength' | 'value' | 'padding', FieldDef>
>;

/** Where the first parameter with this tag begins in a message at [o, end), if it has more than `least` octets; else -1. */
export function parameterAt(b: Uint8Array, o: number, end: number, tag: number, least: number): number {
  if (o + HEAD > end) return -1;
  const stop = Math.min(end, o + be32(b, o + 4));
  for (let at = o + HEAD; at + PARAMETER <= stop; ) {
    const size = Math.max(PARAMETER, be16(b, at + 2));
    if (be16(b, at) === tag) return size > least && at + least < stop ? at : -1;
    at += (size + 3) & ~3;
  }
  return -1;
}

/**
 * Reads the head and all parameters. Gives the name of the message's class.
 * @param special reads the value of a parameter of `size` octets at `at` in a message that ends at `end`, and says that it did; others are octets
 */
export function readMessage(
  layer: Layer,
  b: Buf,
  f: AdaptationFields,
  special: (node: Node, tag: number, at: number, size: number, end: number) => boolean,
): string {
  const o = b.offset;
  layer.uint(f.version, o);
  layer.uint(f.reserved, o + 1);
  const kind = layer.uint(f.class, o + 2);
  layer.uint(f.type, o + 3);
  const length = layer.uint(f.length, o + 4);
  const end = Math.min(b.end, o + length);
  for (let at = o + HEAD; layer.ok && at + PARAMETER <= end; ) {
    const size = Math.max(PARAMETER, b.u16(at + 2));
    const tag = b.u16(at);
    const node = layer.text(at, Math.min(size, end - at), nameOf(f.tag, tag) ?? 'Parameter');
    node.uint(f.tag, at);
    node.uint(f.parameterLength, at + 2);
    if (!special(node, tag, at, size, end) && size > PARAMETER && at + size <= end) node.bytes(f.value, at + PARAMETER, size - PARAMETER);
    const next = Math.min(end, at + ((size + 3) & ~3));
    if (at + size < next) node.bytes(f.padding, at + size, next - at - size);
    at += (size + 3) & ~3;
  }
  return nameOf(f.class, kind) ?? '';
}
