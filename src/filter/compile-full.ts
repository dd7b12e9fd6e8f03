/**
 * The full back end: a filter as a function over the fields of one dissected packet.
 *
 * An operand yields a list of values, one per occurrence of its field. A comparison holds if it does for any pair of values (or for
 * all, by operator). Where a field does not occur at all the comparison is false, whatever the operator.
 */
import { formatIpv4, formatIpv6, hexBytes } from '../bytes/format.ts';
import { typeBytes } from '../dissect/field.ts';
import type { ArithOp, Range } from './ast.ts';
import type { Occurrence } from './collect.ts';
import type { FieldUse, Operand, Relation, Test } from './ir.ts';
import { stringBytes } from './lex.ts';
import { MAX_VALUES } from './limits.ts';
import type { Value } from './literal.ts';

/** Occurrences by slot. */
export type Values = readonly (readonly Occurrence[])[];
export type Predicate = (values: Values) => boolean;
/** Null where a field that must be there is not. */
type Evaluate = (values: Values) => readonly Value[] | null;

/** Compiles a test into a predicate over collected values. */
export function compileFull(test: Test): Predicate {
  switch (test.kind) {
    case 'always':
      return () => true;
    case 'and': {
      const items = test.items.map(compileFull);
      return (values) => items.every((item) => item(values));
    }
    case 'or': {
      const items = test.items.map(compileFull);
      return (values) => items.some((item) => item(values));
    }
    case 'not': {
      const of = compileFull(test.of);
      return (values) => !of(values);
    }
    case 'exists': {
      const { use } = test;
      return (values) => occurrences(values, use).length > 0;
    }
    case 'truthy': {
      const of = evaluate(test.of);
      const arithmetic = test.of.kind !== 'slice';
      return (values) => of(values)?.some((value) => !arithmetic || !isZero(value)) ?? false;
    }
    case 'compare': {
      const left = evaluate(test.left, test.relation === 'contains');
      const right = evaluate(test.right);
      const holds = comparison(test.relation, test.left, test.right);
      const { mode } = test;
      // Values that are all different: true too where slices left none to compare.
      const vacuous = test.relation === 'ne' && mode === 'all';
      return (values) => {
        const a = left(values);
        const b = a === null ? null : right(values);
        if (a === null || b === null) return false;
        if (a.length === 0 || b.length === 0) return vacuous;
        return mode === 'any' ? a.some((x) => b.some((y) => holds(x, y))) : a.every((x) => b.every((y) => holds(x, y)));
      };
    }
    case 'matches': {
      const left = evaluate(test.left, true);
      const { regex, mode } = test;
      const holds = (value: Value): boolean => regex.test(bytesOf(value));
      return (values) => {
        const a = left(values);
        if (a === null || a.length === 0) return false;
        return mode === 'any' ? a.some(holds) : a.every(holds);
      };
    }
    case 'in':
      return membership(test);
  }
}

function membership(test: Extract<Test, { kind: 'in' }>): Predicate {
  const left = evaluate(test.left);
  const { mode } = test;
  // Single constants of whole values are looked up; the rest is tried in order.
  const single = new Set<Value>();
  const tests: ((values: Values, a: readonly Value[]) => boolean)[] = [];
  for (const item of test.items) {
    if (item.high === null && item.low.kind === 'const' && item.low.constant.prefix === undefined && mode === 'any') {
      const { value } = item.low.constant;
      if (typeof value === 'number' || typeof value === 'string') {
        single.add(value);
        continue;
      }
    }
    const low = evaluate(item.low);
    const high = item.high === null ? null : evaluate(item.high);
    const atLeast = comparison(item.high === null ? 'eq' : 'ge', test.left, item.low);
    const atMost = item.high === null ? null : comparison('le', test.left, item.high);
    tests.push((values, a) => {
      const from = low(values);
      const to = high === null ? from : high(values);
      if (from === null || to === null || from.length === 0 || to.length === 0) return false;
      const holds = (x: Value): boolean => from.some((y) => atLeast(x, y)) && (atMost === null || to.some((y) => atMost(x, y)));
      return mode === 'any' ? a.some(holds) : a.every(holds);
    });
  }
  return (values) => {
    const a = left(values);
    if (a === null || a.length === 0) return false;
    if (single.size > 0 && a.some((x) => single.has(typeof x === 'bigint' ? Number(x) : x))) return true;
    return tests.some((one) => one(values, a));
  };
}

function occurrences(values: Values, use: FieldUse): readonly Occurrence[] {
  const all = values[use.slot] as readonly Occurrence[];
  const { layers } = use;
  if (layers === null || all.length === 0) return all;
  let count = 0;
  for (const one of all) count = Math.max(count, one.layer);
  return all.filter((one) => layers.some((range) => inLayers(one.layer, range, count)));
}

/** Layers count from 1, or backwards from -1. */
function inLayers(layer: number, range: Range, count: number): boolean {
  const from = range.from < 0 ? count + 1 + range.from : range.from;
  const last =
    range.to !== null ? (range.to < 0 ? count + 1 + range.to : range.to) : range.length !== null ? from + range.length - 1 : count;
  return layer >= from && layer <= last;
}

function evaluate(operand: Operand, whole = false): Evaluate {
  switch (operand.kind) {
    case 'const': {
      const list = [operand.constant.value];
      return () => list;
    }
    case 'field': {
      const { use } = operand;
      return (values) => {
        const found = occurrences(values, use);
        if (found.length === 0) return null;
        const out: Value[] = [];
        for (const one of found) {
          const value = whole && one.whole !== null ? one.whole : one.value;
          if (value !== null) out.push(value);
        }
        return out.length === 0 ? null : out;
      };
    }
    case 'slice': {
      const of = evaluate(operand.of);
      const fourBytes = operand.of.type.category === 'ipv4';
      return (values) => {
        const list = of(values);
        if (list === null) return null;
        const out: Value[] = [];
        for (const value of list) {
          const cut = slice(fourBytes ? ipv4Bytes(value as number) : bytesOf(value), operand.ranges);
          if (cut !== null) out.push(cut);
        }
        return out;
      };
    }
    case 'minus': {
      const of = evaluate(operand.of);
      return (values) => of(values)?.map(negated) ?? null;
    }
    case 'arith': {
      const left = evaluate(operand.left);
      const right = evaluate(operand.right);
      const apply = arithmetic(operand.op, operand);
      return (values) => {
        const a = left(values);
        const b = a === null ? null : right(values);
        if (a === null || b === null) return null;
        const out: Value[] = [];
        for (const x of a) {
          for (const y of b) {
            const value = apply(x, y);
            if (value !== null && out.length < MAX_VALUES) out.push(value);
          }
        }
        return out;
      };
    }
    case 'call':
      return call(operand);
  }
}

function call(operand: Extract<Operand, { kind: 'call' }>): Evaluate {
  const first = operand.args[0] as Operand;
  const of = evaluate(first);
  switch (operand.name) {
    case 'len': {
      // A packet number stands in no octets of the packet, and is as long as one.
      const width = first.type.type === 'framenum' ? 4 : typeBytes(first.type.type);
      const fixed = first.type.category !== 'bytes' && first.type.category !== 'string' && width > 0;
      return (values) => of(values)?.map((value) => (fixed ? width : bytesOf(value).length)) ?? null;
    }
    case 'count': {
      if (first.kind === 'field') {
        const { use } = first;
        return (values) => {
          const { length } = occurrences(values, use);
          return length === 0 ? null : [length];
        };
      }
      return (values) => {
        const list = of(values);
        return list === null || list.length === 0 ? null : [list.length];
      };
    }
    // As Wireshark does it, ASCII letters only.
    case 'upper':
      return (values) => of(values)?.map((value) => String(value).replace(/[a-z]+/g, (letters) => letters.toUpperCase())) ?? null;
    case 'lower':
      return (values) => of(values)?.map((value) => String(value).replace(/[A-Z]+/g, (letters) => letters.toLowerCase())) ?? null;
    case 'string':
      return (values) => of(values)?.map((value) => textOf(value, first)) ?? null;
    case 'abs':
      return (values) =>
        of(values)?.map((value) => (compareValues(value, typeof value === 'bigint' ? 0n : 0) < 0 ? negated(value) : value)) ?? null;
    case 'max':
    case 'min': {
      const all = operand.args.map((arg) => evaluate(arg));
      const sign = operand.name === 'max' ? 1 : -1;
      return (values) => {
        let best: Value | null = null;
        for (const one of all) {
          for (const value of one(values) ?? []) if (best === null || sign * compareValues(value, best) > 0) best = value;
        }
        return best === null ? null : [best];
      };
    }
  }
}

/** An integer or an address as text. */
function textOf(value: Value, operand: Operand): string {
  if (operand.type.category === 'ipv4') return formatIpv4(ipv4Bytes(value as number));
  if (!(value instanceof Uint8Array)) return String(value);
  if (operand.type.category === 'ipv6') return formatIpv6(value);
  return hexBytes(value, ':');
}

function ipv4Bytes(value: number): Uint8Array {
  return Uint8Array.of(value >>> 24, (value >>> 16) & 0xff, (value >>> 8) & 0xff, value & 0xff);
}

/** Bytes of text and of byte values. */
function bytesOf(value: Value): Uint8Array {
  return value instanceof Uint8Array ? value : stringBytes(String(value));
}

/** The parts joined; null if one of them lies outside. */
function slice(bytes: Uint8Array, parts: readonly Range[]): Uint8Array | null {
  const cuts: Uint8Array[] = [];
  let length = 0;
  for (const part of parts) {
    const from = part.from < 0 ? bytes.length + part.from : part.from;
    const end =
      part.to !== null ? (part.to < 0 ? bytes.length + part.to : part.to) + 1 : part.length !== null ? from + part.length : bytes.length;
    if (from < 0 || end > bytes.length || end <= from) return null;
    cuts.push(bytes.subarray(from, end));
    length += end - from;
    if (length > 1 << 20) return null;
  }
  if (cuts.length === 1) return cuts[0] as Uint8Array;
  const out = new Uint8Array(length);
  let at = 0;
  for (const cut of cuts) {
    out.set(cut, at);
    at += cut.length;
  }
  return out;
}

function isZero(value: Value): boolean {
  if (value instanceof Uint8Array) return value.every((byte) => byte === 0);
  return value === 0 || value === 0n || value === '';
}

function negated(value: Value): Value {
  return typeof value === 'bigint' || typeof value === 'number' ? exact(-BigInt.asIntN(80, toBig(value)), value) : value;
}

function toBig(value: number | bigint): bigint {
  return typeof value === 'bigint' ? value : BigInt(Number.isInteger(value) ? value : 0);
}

/** A result as number where both are, times stay bigint. */
function exact(result: bigint, like: number | bigint): number | bigint {
  if (typeof like === 'number' && !Number.isInteger(like)) return -like;
  return typeof like === 'bigint' || result > 9007199254740991n || result < -9007199254740991n ? result : Number(result);
}

function arithmetic(op: ArithOp, operand: Operand): (x: Value, y: Value) => Value | null {
  const { category } = operand.type;
  if (category === 'bytes' || category === 'ipv6') {
    return (x, y) => {
      const [a, b] = [bytesOf(x), bytesOf(y)];
      const out = new Uint8Array(Math.min(a.length, b.length));
      for (let i = 0; i < out.length; i++) out[i] = (a[i] as number) & (b[i] as number);
      return out;
    };
  }
  const narrow = category === 'int' && !/^u?int(40|48|56|64)$/.test(operand.type.type);
  if (category === 'ipv4') return (x, y) => ((x as number) & (y as number)) >>> 0;
  return (x, y) => {
    if (typeof x === 'number' && typeof y === 'number') {
      if (category === 'float') return floats(op, x, y);
      const simple = integers(op, x, y);
      // What does not fit into the field's width is no value, as in Wireshark.
      if (simple !== null && narrow && (simple > 0xffffffff || simple < -0x80000000)) return null;
      if (simple === null || Number.isSafeInteger(simple)) return simple;
    }
    if ((typeof x !== 'number' && typeof x !== 'bigint') || (typeof y !== 'number' && typeof y !== 'bigint')) return null;
    return bigs(op, toBig(x), toBig(y));
  };
}

function floats(op: ArithOp, x: number, y: number): number | null {
  if (op === '+') return x + y;
  if (op === '-') return x - y;
  if (op === '*') return x * y;
  return y === 0 ? null : op === '/' ? x / y : x % y;
}

function integers(op: ArithOp, x: number, y: number): number | null {
  switch (op) {
    case '+':
      return x + y;
    case '-':
      return x - y;
    case '*':
      return x * y;
    case '/':
      return y === 0 ? null : Math.trunc(x / y) + 0;
    case '%':
      return y === 0 ? null : (x % y) + 0;
    case '&':
      return Number(BigInt(x) & BigInt(y));
  }
}

function bigs(op: ArithOp, x: bigint, y: bigint): bigint | null {
  switch (op) {
    case '+':
      return BigInt.asIntN(80, x + y);
    case '-':
      return BigInt.asIntN(80, x - y);
    case '*':
      return BigInt.asIntN(80, x * y);
    case '/':
      return y === 0n ? null : x / y;
    case '%':
      return y === 0n ? null : x % y;
    case '&':
      return x & y;
  }
}

/** Order of two values of one kind: negative, 0 or positive. Bytes compare byte by byte, then by length. */
function compareValues(a: Value, b: Value): number {
  if (a instanceof Uint8Array || b instanceof Uint8Array) {
    const [x, y] = [bytesOf(a), bytesOf(b)];
    const length = Math.min(x.length, y.length);
    for (let i = 0; i < length; i++) if (x[i] !== y[i]) return (x[i] as number) - (y[i] as number);
    return x.length - y.length;
  }
  return a < b ? -1 : a > b ? 1 : 0;
}

function comparison(relation: Relation, left: Operand, right: Operand): (a: Value, b: Value) => boolean {
  if (relation === 'contains') {
    if (right.kind === 'const') {
      const wanted = bytesOf(right.constant.value);
      return (a) => includes(bytesOf(a), wanted);
    }
    return (a, b) => includes(bytesOf(a), bytesOf(b));
  }
  const prefix = right.kind === 'const' ? right.constant.prefix : left.kind === 'const' ? left.constant.prefix : undefined;
  const order = prefix === undefined ? compareValues : masked(prefix);
  switch (relation) {
    case 'eq':
      return (a, b) => order(a, b) === 0;
    case 'ne':
      return (a, b) => order(a, b) !== 0;
    case 'gt':
      return (a, b) => order(a, b) > 0;
    case 'lt':
      return (a, b) => order(a, b) < 0;
    case 'ge':
      return (a, b) => order(a, b) >= 0;
    case 'le':
      return (a, b) => order(a, b) <= 0;
  }
}

/** Order of addresses by their first `prefix` bits. */
function masked(prefix: number): (a: Value, b: Value) => number {
  const mask4 = prefix === 0 ? 0 : (0xffffffff << (32 - Math.min(prefix, 32))) >>> 0;
  return (a, b) => {
    if (typeof a === 'number' && typeof b === 'number') return compareValues((a & mask4) >>> 0, (b & mask4) >>> 0);
    const [x, y] = [bytesOf(a), bytesOf(b)];
    for (let i = 0; 8 * i < prefix; i++) {
      const mask = prefix - 8 * i >= 8 ? 0xff : (0xff << (8 - (prefix - 8 * i))) & 0xff;
      const difference = ((x[i] as number) & mask) - ((y[i] as number) & mask);
      if (difference !== 0) return difference;
    }
    return 0;
  };
}

/** True if `wanted` occurs in `bytes`; as in Wireshark, nothing contains nothing. */
function includes(bytes: Uint8Array, wanted: Uint8Array): boolean {
  if (wanted.length === 0 || wanted.length > bytes.length) return false;
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).indexOf(wanted) >= 0;
}
