/** Syntax tree of a display filter. Every node has its place in the text. */
import type { Span } from './error.ts';

export type CompareOp = '==' | '!=' | '===' | '!==' | '>' | '<' | '>=' | '<=' | 'contains' | 'matches';
export type ArithOp = '+' | '-' | '*' | '/' | '%' | '&';
export type Quantifier = 'any' | 'all';

/** One range of a slice or layer list: from `from` on, `length` long or up to `to` (inclusive), or to the end if neither is given. */
export interface Range {
  readonly from: number;
  readonly length: number | null;
  readonly to: number | null;
}

export type ValueNode = Span &
  (
    | { readonly kind: 'word'; readonly text: string }
    | { readonly kind: 'string'; readonly value: string }
    | { readonly kind: 'char'; readonly value: string }
    | { readonly kind: 'reference'; readonly name: string }
    | { readonly kind: 'slice'; readonly of: ValueNode; readonly ranges: readonly Range[] }
    | { readonly kind: 'layer'; readonly of: ValueNode; readonly ranges: readonly Range[] }
    | { readonly kind: 'call'; readonly name: string; readonly nameSpan: Span; readonly args: readonly ValueNode[] }
    | { readonly kind: 'arith'; readonly op: ArithOp; readonly left: ValueNode; readonly right: ValueNode }
    | { readonly kind: 'minus'; readonly of: ValueNode }
  );

export type SetItem = { readonly low: ValueNode; readonly high: ValueNode | null };

export type TestNode = Span &
  (
    | { readonly kind: 'and' | 'or'; readonly items: readonly TestNode[] }
    | { readonly kind: 'not'; readonly of: TestNode }
    | {
        readonly kind: 'compare';
        readonly op: CompareOp;
        readonly opSpan: Span;
        readonly quantifier: Quantifier | null;
        readonly left: ValueNode;
        readonly right: ValueNode;
      }
    | { readonly kind: 'in'; readonly quantifier: Quantifier | null; readonly left: ValueNode; readonly items: readonly SetItem[] }
    | { readonly kind: 'value'; readonly value: ValueNode }
  );
