import type { Node } from '../dissect/dissection.ts';
import { type FieldDef, typeBytes } from '../dissect/field.ts';

/** Reads what stands at a place one after the other, and knows where the TLV ends. */
export class Reader {
  readonly node: Node;
  at: number;
  readonly end: number;

  constructor(node: Node, at: number, end: number) {
    this.node = node;
    this.at = at;
    this.end = end;
  }

  get left(): number {
    return this.end - this.at;
  }

  /** `width` bytes as these fields, all of which are in them; gives the value of the last. */
  uint(width: number, ...fields: readonly FieldDef[]): number {
    let value = 0;
    for (const field of fields) value = this.node.uint(field, this.at, width);
    this.at += width;
    return value;
  }

  /** A field with its bits below it. */
  flags(width: number, whole: FieldDef, parts: readonly FieldDef[]): void {
    const node = this.node.uintNode(whole, this.at, width);
    for (const part of parts) node.uint(part, this.at, width);
    this.at += width;
  }

  string(field: FieldDef, length = this.left): string {
    const text = this.node.string(field, this.at, length, { zero: true });
    this.at += length;
    return text;
  }

  bytes(field: FieldDef, length: number): Uint8Array {
    const value = this.node.bytes(field, this.at, length);
    this.at += length;
    return value;
  }

  /** Watts in tenths, written as such. */
  watts(field: FieldDef): void {
    if (!this.node.has(this.at, 2)) return;
    const value = this.node.buf.u16(this.at);
    this.node.add(field, this.at, 2, value, { display: `${Math.floor(value / 10)}.${value % 10} Watt` });
    this.at += 2;
  }

  /** A number that takes what is left of the TLV, at most the width of its type. */
  number(field: FieldDef): number {
    return this.uint(Math.min(this.left, typeBytes(field.type)), field);
  }

  get peek(): number {
    return this.node.has(this.at, 1) ? this.node.buf.u8(this.at) : 0;
  }
}
