/** Protocols whose messages are records: a header of fields at fixed places, a length in it, and perhaps more behind. Declared as tables. */
import type { Buf, Dissection, Layer, Node } from '../dissect/dissection.ts';
import { type FieldDef, nameOf, typeBytes } from '../dissect/field.ts';
import { type Framer, REJECT } from '../dissect/framer.ts';
import type { IndexWalk } from '../dissect/index-walk.ts';
import type { Protocol, ProtocolDef } from '../dissect/protocol.ts';
import { ALL, app, bounded, each, lengthFramer, MAX_EACH, type Scan, scanned } from './app-kit.ts';

/** A field of a record: where it stands from the record's beginning, its size where the type has none of its own, and bits or parts of it. */
export interface Row {
  readonly field: FieldDef;
  readonly at: number;
  readonly size?: number;
  readonly little?: boolean;
  readonly parts?: readonly FieldDef[];
}

/** Declares a row. */
export function row(field: FieldDef, at: number, size?: number, parts?: readonly FieldDef[]): Row {
  return { field, at, ...(size === undefined ? {} : { size }), ...(parts === undefined ? {} : { parts }) };
}

/** A row in little-endian order. */
export function rowLe(field: FieldDef, at: number, size?: number, parts?: readonly FieldDef[]): Row {
  return { ...row(field, at, size, parts), little: true };
}

const INTEGER = /^u?int(8|16|24|32|40|48)$|^bool$/;

/** Adds one field as its type wants it; gives the number, 0 for what is none. */
export function put(
  node: Node,
  field: FieldDef,
  at: number,
  size = typeBytes(field.type),
  little = false,
  parts?: readonly FieldDef[],
): number {
  if (INTEGER.test(field.type)) {
    if (parts === undefined) return little ? node.uintLe(field, at, size) : node.uint(field, at, size);
    const [value, whole] = node.uintAndNode(field, at, size, little);
    for (const part of parts) {
      if (little) whole.uintLe(part, at, size);
      else whole.uint(part, at, size);
    }
    whole.sayBits();
    return size > 4 || field.type === 'bool' ? 0 : value;
  }
  if (field.type === 'uint64' || field.type === 'int64') {
    if (size === 8) return Number(node.uint64(field, at, little));
    // Written in fewer octets than it may have.
    if (!node.has(at, size)) return 0;
    const b = node.buf;
    let value = 0;
    for (let i = 0; i < size; i++) value = value * 256 + b.u8(little ? at + size - 1 - i : at + i);
    node.add(field, at, size, BigInt(value));
    return value;
  }
  if (field.type === 'string') node.string(field, at, size, { zero: true });
  else if (field.type === 'none') {
    if (node.has(at, size)) node.add(field, at, size, null);
  } else if (field.type === 'float' && node.has(at, 4)) {
    const bytes = node.buf.bytes;
    node.add(field, at, 4, new DataView(bytes.buffer, bytes.byteOffset + at, 4).getFloat32(0, little));
  } else if (field.type === 'abstime') {
    if (node.has(at, 4)) node.add(field, at, 4, { sec: little ? node.buf.le32(at) : node.buf.u32(at), nsec: 0 });
  } else node.bytes(field, at, size);
  return 0;
}

/**
 * Adds the rows of a record at `at`, as far as they lie before `end`, where the record says that it ends; what the bytes lack marks the layer.
 * Gives the number of the row `kind`.
 */
export function putRows(node: Node, rows: readonly Row[], at: number, end: number, kind = -1): number {
  let found = 0;
  for (const [i, { field, at: offset, size = typeBytes(field.type), little, parts }] of rows.entries()) {
    if (!node.ok || at + offset >= end || (at + offset + size > end && end < node.buf.end)) break;
    const value = put(node, field, at + offset, size, little, parts);
    if (i === kind) found = value;
  }
  return found;
}

export interface RecordDef {
  readonly name: string;
  readonly short: string;
  readonly title: string;
  readonly osi?: string;
  readonly hue?: ProtocolDef['hue'];
  readonly pdu?: string;
  /** Octets of the header: a framer waits for them, and no record is shown where fewer are left. */
  readonly header: number;
  /**
   * Length of the record that begins with `head`, of which there are `header` octets, or more where they are at hand; ALL for one that takes what
   * there is. Absent: one record, which takes all.
   */
  readonly length?: (head: Uint8Array) => number;
  readonly rows: readonly Row[];
  /** Which row says what kind of message it is, for the list. */
  readonly kind?: number;
  /** Fields that `more` adds. */
  readonly fields?: readonly FieldDef[];
  /** Takes apart what follows the rows: the record is [at, end). May give words for the list. */
  readonly more?: (layer: Layer, b: Buf, at: number, end: number, d: Dissection) => string | undefined;
  readonly accepts?: ProtocolDef['accepts'];
  readonly mayBegin?: ProtocolDef['mayBegin'];
  /** A framer of its own instead of that by `length`; null for none. */
  readonly framer?: Framer | null;
  readonly sticky?: boolean;
  readonly index?: ProtocolDef['index'];
  /** What lies in a record bytes[at, end), and where it begins, -1 for nowhere. Both depths go by it. */
  readonly inside?: { readonly protocol: Protocol; readonly at: (bytes: Uint8Array, at: number, end: number) => number };
}

/** Octets of a record that `length` may look at. */
const MAX_HEAD = 64;

/** Where the record at `at` ends: where it says so, at `end` if it does not or reaches beyond. */
function recordEnd({ header, length }: RecordDef, bytes: Uint8Array, at: number, end: number): number {
  if (length === undefined || end - at < header) return end;
  const claimed = length(bytes.subarray(at, Math.min(end, at + MAX_HEAD)));
  return claimed >= header ? Math.min(end, at + claimed) : end;
}

/** The index depth of `inside`. */
function scanOf(about: RecordDef, { protocol, at: begins }: NonNullable<RecordDef['inside']>): Scan {
  return (w, bytes, offset, end) => {
    for (let at = offset, n = 0; at < end && n < MAX_EACH && (at === offset || end - at >= about.header); n++) {
      const stop = recordEnd(about, bytes, at, end);
      if (begins(bytes, at, stop) >= 0) w.push(protocol);
      at = stop;
    }
  };
}

const partsOf = (rows: readonly Row[]): FieldDef[] => rows.flatMap((each) => [each.field, ...(each.parts ?? [])]);

/** Declares a protocol of records. */
export function record(about: RecordDef): Protocol {
  const { header, length, rows, kind = -1, fields = [], more, framer, inside, ...rest } = about;
  const own = framer === undefined && length !== undefined ? lengthFramer(header, (head) => framed(length(head))) : framer;
  const scan = inside === undefined ? undefined : scanOf(about, inside);
  return app({
    ...rest,
    ...(own === undefined || own === null ? {} : { framer: scan === undefined ? own : scanned(own, scan) }),
    ...(scan === undefined ? {} : { index: (w: IndexWalk) => scan(w, w.bytes, w.offset, w.end) }),
    fields: [...new Set([...partsOf(rows), ...fields])],
    read: (layer, b, d) =>
      each(layer, b, (at, info) => {
        // What begins no record after the first belongs to nobody.
        if (at > b.offset && b.end - at < header) return at;
        const end = recordEnd(about, b.bytes, at, b.end);
        const value = putRows(layer, rows, at, end, kind);
        const def = rows[kind]?.field;
        const words = def === undefined ? undefined : (nameOf(def, value) ?? `${def.label} ${value}`);
        const said = layer.ok ? more?.(layer, b, at, end, d) : undefined;
        const text = said ?? words;
        if (text !== undefined && text !== '') info.push(text);
        const from = inside?.at(b.bytes, at, end) ?? -1;
        if (inside !== undefined && from >= 0) d.call(inside.protocol, b.from(from, end));
        return end;
      }),
  });
}

function framed(length: number): number {
  return length === REJECT ? REJECT : length <= 0 ? ALL : bounded(length);
}
