/** Tests of one integer or time field against literals as ranges of values. */
import type { Operand, Relation, Test } from './ir.ts';

/** Bounds wider than any integer column, and than any time. */
const MOST = 0x1_0000_0000_0000;
const TIME_MOST = 1n << 100n;

type Bound = number | bigint;

/**
 * The values for which the test holds, as ranges with both ends in them. Null if the test is not one of `field op literal`,
 * `field in {literals}` or a field by itself. `time`: bounds are nanoseconds in bigint.
 */
export function rangesOf(test: Test, time?: false): readonly (readonly [number, number])[] | null;
export function rangesOf(test: Test, time: true): readonly (readonly [bigint, bigint])[] | null;
export function rangesOf(test: Test, time = false): readonly (readonly [Bound, Bound])[] | null {
  const least: Bound = time ? -TIME_MOST : -MOST;
  const most: Bound = time ? TIME_MOST : MOST;
  const plain = (o: Operand): boolean => o.kind === 'field' && o.use.layers === null;
  const literal = (o: Operand): Bound | null => {
    if (o.kind !== 'const') return null;
    const { value } = o.constant;
    if (time) return typeof value === 'bigint' ? value : null;
    return typeof value === 'number' && Number.isInteger(value) ? value : null;
  };
  const near = (bound: Bound, by: 1 | -1): Bound => (typeof bound === 'bigint' ? bound + BigInt(by) : bound + by);
  const compared = (relation: Relation, bound: Bound): [Bound, Bound][] | null => {
    switch (relation) {
      case 'eq':
        return [[bound, bound]];
      case 'ne':
        return [
          [least, near(bound, -1)],
          [near(bound, 1), most],
        ];
      case 'gt':
        return [[near(bound, 1), most]];
      case 'lt':
        return [[least, near(bound, -1)]];
      case 'ge':
        return [[bound, most]];
      case 'le':
        return [[least, bound]];
      case 'contains':
        return null;
    }
  };
  switch (test.kind) {
    case 'exists':
      return test.use.layers === null ? [[least, most]] : null;
    case 'compare': {
      const bound = literal(test.right);
      return plain(test.left) && bound !== null ? compared(test.relation, bound) : null;
    }
    case 'in': {
      if (!plain(test.left)) return null;
      const out: [Bound, Bound][] = [];
      for (const item of test.items) {
        const low = literal(item.low);
        const high = item.high === null ? low : literal(item.high);
        if (low === null || high === null) return null;
        if (low <= high) out.push([low, high]);
      }
      return merged(out, near);
    }
    default:
      return null;
  }
}

/** Sorted, and joined where they touch. */
function merged(ranges: [Bound, Bound][], near: (bound: Bound, by: 1 | -1) => Bound): [Bound, Bound][] {
  ranges.sort((a, b) => (a[0] < b[0] ? -1 : a[0] > b[0] ? 1 : 0));
  const out: [Bound, Bound][] = [];
  for (const range of ranges) {
    const last = out[out.length - 1];
    if (last !== undefined && range[0] <= near(last[1], 1)) {
      if (range[1] > last[1]) last[1] = range[1];
    } else out.push(range);
  }
  return out;
}
