/** Attributes that a MySQL client sends before the text of a query (CLIENT_QUERY_ATTRIBUTES, since 8.0.23; MySQL internals, COM_QUERY). */
import type { Buf, Node } from '../dissect/dissection.ts';
import { bool, none, string, uint8, uint16 } from '../dissect/field.ts';

export const mysqlAttributeFields = {
  attributes: none('mysql.query_attrs', 'Query Attributes'),
  count: uint8('mysql.query_attrs_count', 'Count'),
  sendTypes: bool('mysql.query_attrs_send_types_to_server', 'Send types to server'),
  type: uint16('mysql.query_attr_name_type', 'Attribute Name Type', { base: 'hex' }),
  name: string('mysql.query_attr_name', 'Attribute Name'),
  value: string('mysql.query_attr_value', 'Attribute Value'),
};

/** Octets of a value of fixed size, by type; all others carry their length. */
const SIZES: ReadonlyMap<number, number> = new Map([
  [1, 1],
  [2, 2],
  [3, 4],
  [4, 4],
  [5, 8],
  [6, 0],
  [8, 8],
  [9, 4],
  [13, 2],
]);
const FLOAT = 4;
const DOUBLE = 5;

/** A length of one to four octets at `at`: [length, where what it counts begins]; null where it is not all there, or longer than any packet. */
function counted(b: Buf, at: number, end: number): [length: number, from: number] | null {
  const first = at < end ? b.u8(at) : 0xff;
  const size = first < 0xfb ? 1 : first === 0xfc ? 3 : first === 0xfd ? 4 : 0;
  if (size === 0 || at + size > end) return null;
  const length = size === 1 ? first : b.le16(at + 1) + (size === 4 ? b.u8(at + 3) * 65536 : 0);
  return at + size + length <= end ? [length, at + size] : null;
}

/** What a number of a fixed size says. */
function numberText(b: Buf, at: number, size: number, type: number, unsigned: boolean): string {
  const view = new DataView(b.bytes.buffer, b.bytes.byteOffset + at, size);
  if (type === FLOAT) return String(view.getFloat32(0, true));
  if (type === DOUBLE) return String(view.getFloat64(0, true));
  let value = 0n;
  for (let i = size - 1; i >= 0; i--) value = value * 256n + BigInt(view.getUint8(i));
  return String(unsigned ? value : BigInt.asIntN(8 * size, value));
}

/**
 * Adds the attributes at `at`, if that is what stands there: nothing in the packet says so, but no statement has an octet of 1, the number of sets, where
 * they have it. Gives where the statement begins.
 */
export function queryAttributes(parent: Node, b: Buf, at: number, end: number): number {
  const f = mysqlAttributeFields;
  const count = at < end ? b.u8(at) : 0xff;
  if (count >= 0xfb || at + 2 > end || b.u8(at + 1) !== 1) return at;
  const bitmap = at + 2;
  const flag = bitmap + ((count + 7) >> 3);
  if (count > 0 && (flag >= end || b.u8(flag) !== 1)) return at;
  const node = parent.add(f.attributes, at, 2, null);
  node.uint(f.count, at);
  if (count === 0) return at + 2;
  node.uint(f.sendTypes, flag);
  let o = flag + 1;
  const types: number[] = [];
  for (let i = 0; i < count; i++) {
    const name = counted(b, o + 2, end);
    if (name === null) return end;
    types.push(node.uintLe(f.type, o));
    node.string(f.name, name[1], name[0]);
    o = name[1] + name[0];
  }
  for (let i = 0; i < count; i++) {
    if ((b.u8(bitmap + (i >> 3)) & (1 << (i & 7))) !== 0) continue;
    const type = (types[i] as number) & 0xff;
    const size = SIZES.get(type);
    if (size === undefined) {
      const value = counted(b, o, end);
      if (value === null) return end;
      node.string(f.value, value[1], value[0]);
      o = value[1] + value[0];
    } else {
      if (o + size > end) return end;
      if (size > 0) node.add(f.value, o, size, numberText(b, o, size, type, ((types[i] as number) & 0x8000) !== 0));
      o += size;
    }
  }
  node.reachTo(o);
  return o;
}
