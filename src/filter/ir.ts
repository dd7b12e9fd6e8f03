/** A checked filter: names resolved, literals read, types known. What both back ends are compiled from. */
import type { ArithOp, Range } from './ast.ts';
import type { FieldEntry } from './fields.ts';
import type { Constant, ValueType } from './literal.ts';
import type { Regex } from './regex.ts';

/** A field or protocol in use. `slot`: number of its values in the per-packet cache. */
export interface FieldUse {
  readonly slot: number;
  readonly entry: FieldEntry;
  /** `#` ranges, null for all layers. */
  readonly layers: readonly Range[] | null;
}

export type FunctionName = 'len' | 'count' | 'upper' | 'lower' | 'string' | 'max' | 'min' | 'abs';

export type Operand = { readonly type: ValueType } & (
  | { readonly kind: 'field'; readonly use: FieldUse }
  | { readonly kind: 'const'; readonly constant: Constant }
  | { readonly kind: 'slice'; readonly of: Operand; readonly ranges: readonly Range[] }
  | { readonly kind: 'call'; readonly name: FunctionName; readonly args: readonly Operand[] }
  | { readonly kind: 'arith'; readonly op: ArithOp; readonly left: Operand; readonly right: Operand }
  | { readonly kind: 'minus'; readonly of: Operand }
);

export type Relation = 'eq' | 'ne' | 'gt' | 'lt' | 'ge' | 'le' | 'contains';

export type Test =
  | { readonly kind: 'always' }
  | { readonly kind: 'and' | 'or'; readonly items: readonly Test[] }
  | { readonly kind: 'not'; readonly of: Test }
  | { readonly kind: 'exists'; readonly use: FieldUse }
  /** An arithmetic value that is not zero. */
  | { readonly kind: 'truthy'; readonly of: Operand }
  | { readonly kind: 'compare'; readonly relation: Relation; readonly mode: 'any' | 'all'; readonly left: Operand; readonly right: Operand }
  | { readonly kind: 'matches'; readonly regex: Regex; readonly mode: 'any' | 'all'; readonly left: Operand }
  | {
      readonly kind: 'in';
      readonly mode: 'any' | 'all';
      readonly left: Operand;
      readonly items: readonly { readonly low: Operand; readonly high: Operand | null }[];
    };

export interface CheckedFilter {
  readonly test: Test;
  /** Entry of each slot. */
  readonly slots: readonly FieldEntry[];
}
