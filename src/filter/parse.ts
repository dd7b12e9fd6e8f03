/**
 * Parser of display filters: from text to `TestNode`, by recursive descent. From loosest to tightest: or, and, not, comparison (which
 * chain: `a < b < c`), `&`, `+ -`, `* / %`, unary minus. Tests are grouped with ( ), values with { }, as Wireshark has it.
 */
import type { ArithOp, CompareOp, Quantifier, Range, SetItem, TestNode, ValueNode } from './ast.ts';
import { fault, type Span, shown } from './error.ts';
import { COMPARISON_HINT, lex, type Token } from './lex.ts';
import { MAX_DEPTH, MAX_NODES, MAX_SET } from './limits.ts';

/** Parses a filter; null if it is empty. Throws FilterFault. */
export function parse(text: string): TestNode | null {
  const tokens = lex(text);
  if (tokens[0]?.kind === 'end') return null;
  return new Parser(tokens, text).whole();
}

const LEVELS: readonly ReadonlySet<string>[] = [new Set(['&']), new Set(['+', '-']), new Set(['*', '/', '%'])];

class Parser {
  readonly #tokens: readonly Token[];
  readonly #text: string;
  #at = 0;
  #depth = 0;
  #nodes = 0;

  constructor(tokens: readonly Token[], text: string) {
    this.#tokens = tokens;
    this.#text = text;
  }

  whole(): TestNode {
    const test = this.#or();
    const rest = this.#peek();
    if (rest.kind !== 'end') this.#unexpectedAfter(rest);
    return test;
  }

  #peek(): Token {
    return this.#tokens[this.#at] as Token;
  }

  #take(): Token {
    const token = this.#peek();
    if (token.kind !== 'end') this.#at++;
    return token;
  }

  #is(kind: Token['kind'], value: string): boolean {
    const token = this.#peek();
    return token.kind === kind && token.value === value;
  }

  #accept(kind: Token['kind'], value: string): boolean {
    if (!this.#is(kind, value)) return false;
    this.#at++;
    return true;
  }

  #deeper<T>(span: Span, inner: () => T): T {
    if (++this.#depth > MAX_DEPTH) fault(span, `The filter is nested too deep: at most ${MAX_DEPTH} levels.`);
    const result = inner();
    this.#depth--;
    return result;
  }

  #count(span: Span): void {
    if (++this.#nodes > MAX_NODES) fault(span, `The filter has too many parts: at most ${MAX_NODES}.`);
  }

  #or(): TestNode {
    return this.#joined('or', () => this.#joined('and', () => this.#not()));
  }

  #joined(op: 'and' | 'or', next: () => TestNode): TestNode {
    const items = [next()];
    while (this.#is('logic', op)) {
      const operator = this.#take();
      const after = this.#peek();
      if (after.kind === 'logic' && after.value !== 'not') {
        const same = after.value === operator.value;
        fault(
          same ? { start: operator.start, end: after.end } : after,
          `Unexpected ${after.text} after ${operator.text}. A test is expected: a field, a comparison, not, or (`,
          same ? operator.text : undefined,
        );
      }
      if (after.kind === 'end') {
        fault(operator, `Unexpected end after ${operator.text}. A test is expected: a field, a comparison, not, or (`);
      }
      items.push(next());
    }
    if (items.length === 1) return items[0] as TestNode;
    return { kind: op, items, start: (items[0] as TestNode).start, end: (items[items.length - 1] as TestNode).end };
  }

  #not(): TestNode {
    const token = this.#peek();
    if (token.kind !== 'logic' || token.value !== 'not') return this.#primary();
    this.#take();
    const of = this.#deeper(token, () => this.#not());
    return { kind: 'not', of, start: token.start, end: of.end };
  }

  #primary(): TestNode {
    const token = this.#peek();
    if (token.kind !== 'punct' || token.value !== '(') return this.#relation();
    this.#take();
    if (this.#is('punct', ')')) fault({ start: token.start, end: this.#peek().end }, 'There is nothing between these parentheses.');
    const inner = this.#deeper(token, () => this.#or());
    const close = this.#peek();
    if (!this.#accept('punct', ')')) {
      if (close.kind === 'end') fault(token, 'This ( has no closing ).');
      this.#unexpectedAfter(close);
    }
    const after = this.#peek();
    if (inner.kind === 'value' && (after.kind === 'compare' || after.kind === 'arith' || after.kind === 'in')) {
      fault(
        { start: token.start, end: close.end },
        'Parentheses hold tests. Values are grouped with { }, and a field alone needs neither.',
        inner.value.kind === 'arith' ? `{${this.#slice(inner.value)}}` : this.#slice(inner.value),
      );
    }
    return { ...inner, start: token.start, end: close.end };
  }

  #slice(span: Span): string {
    return this.#text.slice(span.start, span.end);
  }

  #relation(): TestNode {
    const first = this.#peek();
    let quantifier: Quantifier | null = null;
    if (first.kind === 'quantifier') {
      this.#take();
      quantifier = first.value as Quantifier;
      if (this.#is('punct', '('))
        fault(this.#peek(), `After ${first.text} a comparison without parentheses is expected: ${first.text} tcp.port > 1024`);
    }
    let left = this.#arith(0);
    if (this.#is('in', 'in') || (this.#is('logic', 'not') && this.#tokens[this.#at + 1]?.kind === 'in')) {
      const negated = this.#accept('logic', 'not');
      this.#take();
      const test = this.#set(quantifier, left, first.start);
      return negated ? { kind: 'not', of: test, start: test.start, end: test.end } : test;
    }
    const tests: TestNode[] = [];
    while (this.#peek().kind === 'compare') {
      const op = this.#take();
      this.#count(op);
      const right = this.#operand(op);
      tests.push({
        kind: 'compare',
        op: op.value as CompareOp,
        opSpan: { start: op.start, end: op.end },
        quantifier,
        left,
        right,
        start: tests.length === 0 ? first.start : left.start,
        end: right.end,
      });
      left = right;
    }
    if (tests.length === 0) {
      if (quantifier !== null) {
        const next = this.#peek();
        fault(
          next.kind === 'end' ? first : next,
          `After ${quantifier} and a field a comparison is expected: == != > < >= <= contains matches in`,
        );
      }
      return { kind: 'value', value: left, start: left.start, end: left.end };
    }
    if (tests.length === 1) return tests[0] as TestNode;
    return { kind: 'and', items: tests, start: first.start, end: left.end };
  }

  /** Right side of a comparison. */
  #operand(op: Token): ValueNode {
    const next = this.#peek();
    if (next.kind === 'end') fault(op, `Unexpected end after ${op.text}. A value or a field is expected.`);
    if (next.kind === 'compare') {
      const both = { start: op.start, end: next.end };
      const joined = this.#slice(both).replace(/\s+/g, '');
      const fix =
        ({ '==>': '>=', '>==': '>=', '<==': '<=', '==<': '<=' } as Record<string, string>)[joined] ??
        (op.value === next.value ? op.text : undefined);
      fault(both, `Unexpected ${shown(next.text)} after ${op.text}. A value or a field is expected.`, fix);
    }
    if (next.kind === 'punct' && next.value === '(') {
      fault(next, 'Unexpected ( after a comparison. Values are grouped with { }: tcp.dstport >= 4 * {tcp.srcport + 3}');
    }
    return this.#arith(0);
  }

  #set(quantifier: Quantifier | null, left: ValueNode, start: number): TestNode {
    const open = this.#peek();
    if (!this.#accept('punct', '{')) {
      fault(open.kind === 'end' ? (this.#tokens[this.#at - 1] as Token) : open, 'After in a set is expected: {80, 443, 8000..8099}');
    }
    const items: SetItem[] = [];
    for (;;) {
      const token = this.#peek();
      if (token.kind === 'punct' && token.value === '}') {
        if (items.length === 0)
          fault({ start: open.start, end: token.end }, 'The set is empty. Values are expected: {80, 443, 8000..8099}');
        fault(token, 'Unexpected } after a comma. A value is expected.');
      }
      if (items.length >= MAX_SET) fault(token, `The set has too many members: at most ${MAX_SET}.`);
      const low = this.#arith(0);
      const high = this.#accept('punct', '..') ? this.#arith(0) : null;
      items.push({ low, high });
      const next = this.#peek();
      if (this.#accept('punct', ',')) continue;
      if (this.#accept('punct', '}')) return { kind: 'in', quantifier, left, items, start, end: next.end };
      if (next.kind === 'end') fault(open, 'This { has no closing }.');
      const before = this.#tokens[this.#at - 1] as Token;
      fault(
        next,
        `Unexpected ${shown(next.text)} in the set. Its values are separated by commas.`,
        next.kind === 'word' || next.kind === 'string' ? (before.end < next.start ? `, ${next.text}` : undefined) : undefined,
      );
    }
  }

  #arith(level: number): ValueNode {
    const operators = LEVELS[level];
    if (operators === undefined) return this.#unary();
    let left = this.#arith(level + 1);
    for (;;) {
      const token = this.#peek();
      if (token.kind !== 'arith' || !operators.has(token.value)) return left;
      this.#take();
      this.#count(token);
      if (this.#peek().kind === 'end') fault(token, `Unexpected end after ${token.text}. A value is expected.`);
      const right = this.#arith(level + 1);
      left = { kind: 'arith', op: token.value as ArithOp, left, right, start: left.start, end: right.end };
      // A left-leaning chain is as deep as it is long: bounded like any other nesting.
      if (left.end - left.start > 0 && chainDepth(left) > MAX_DEPTH) {
        fault(token, `The filter is nested too deep: at most ${MAX_DEPTH} operators in a row.`);
      }
    }
  }

  #unary(): ValueNode {
    const token = this.#peek();
    if (token.kind !== 'arith' || (token.value !== '-' && token.value !== '+')) return this.#value();
    this.#take();
    const of = this.#deeper(token, () => this.#unary());
    return token.value === '+' ? of : { kind: 'minus', of, start: token.start, end: of.end };
  }

  #value(): ValueNode {
    const token = this.#take();
    this.#count(token);
    const span = { start: token.start, end: token.end };
    let value: ValueNode;
    switch (token.kind) {
      case 'word':
        value =
          this.#is('punct', '(') && /^[A-Za-z_]\w*$/.test(token.text) ? this.#call(token) : { kind: 'word', text: token.text, ...span };
        break;
      case 'string':
        value = { kind: 'string', value: token.value, ...span };
        break;
      case 'char':
        value = { kind: 'char', value: token.value, ...span };
        break;
      case 'reference':
        value = { kind: 'reference', name: token.value, ...span };
        break;
      case 'punct':
        if (token.value !== '{') return this.#unexpectedValue(token);
        value = this.#deeper(token, () => this.#arith(0));
        if (!this.#accept('punct', '}')) {
          const next = this.#peek();
          if (next.kind === 'end') fault(token, 'This { has no closing }.');
          fault(next, `Unexpected ${shown(next.text)}. The group of values that began with { ends with }.`);
        }
        break;
      default:
        return this.#unexpectedValue(token);
    }
    return this.#suffixes(value);
  }

  #suffixes(of: ValueNode): ValueNode {
    let value = of;
    for (let n = 0; ; n++) {
      const token = this.#peek();
      if (n > 8) fault(token, 'Too many slices of slices.');
      if (token.kind === 'slice') {
        this.#take();
        value = { kind: 'slice', of: value, ranges: ranges(token, true), start: value.start, end: token.end };
      } else if (token.kind === 'punct' && token.value === '#') {
        this.#take();
        const list = this.#take();
        if (list.kind === 'slice') value = { kind: 'layer', of: value, ranges: ranges(list, false), start: value.start, end: list.end };
        else if (list.kind === 'word' && /^\d{1,4}$/.test(list.text)) {
          const from = Number(list.text);
          value = { kind: 'layer', of: value, ranges: [{ from, length: 1, to: null }], start: value.start, end: list.end };
        } else fault(list.kind === 'end' ? token : list, 'After # a layer number is expected: ip.addr#2, or ip.addr#[1-2]');
      } else return value;
    }
  }

  #call(name: Token): ValueNode {
    const open = this.#take();
    const args: ValueNode[] = [];
    const nameSpan = { start: name.start, end: name.end };
    if (this.#is('punct', ')')) return { kind: 'call', name: name.text, nameSpan, args, start: name.start, end: this.#take().end };
    for (;;) {
      args.push(this.#deeper(open, () => this.#arith(0)));
      if (args.length > 64) fault(nameSpan, 'A function takes at most 64 arguments.');
      const next = this.#take();
      if (next.kind === 'punct' && next.value === ',') continue;
      if (next.kind === 'punct' && next.value === ')')
        return { kind: 'call', name: name.text, nameSpan, args, start: name.start, end: next.end };
      if (next.kind === 'end') fault(open, 'This ( has no closing ).');
      fault(next, `Unexpected ${shown(next.text)}. After an argument of ${name.text} comes , or )`);
    }
  }

  #unexpectedValue(token: Token): never {
    if (token.kind === 'end') {
      const last = this.#tokens[this.#at - 1];
      fault(last ?? token, 'Unexpected end. A field or a value is expected.');
    }
    const before = this.#tokens[this.#tokens.indexOf(token) - 1];
    const starts = before === undefined || before.kind === 'logic' || (before.kind === 'punct' && before.value === '(');
    if (starts) fault(token, `Unexpected ${shown(token.text)}. A test is expected: a field, a comparison, not, or (`);
    fault(token, `Unexpected ${shown(token.text)}. A field or a value is expected.`);
  }

  /** Something follows a complete test that cannot. */
  #unexpectedAfter(token: Token): never {
    const before = this.#tokens[this.#at - 1];
    const text = shown(token.text);
    if (token.kind === 'punct' && token.value === ')') fault(token, 'Unexpected ). There is no ( that it closes.');
    if (token.kind === 'word' && /^(AND|OR|NOT|&|XOR|xor)$/.test(token.text)) {
      const lower = token.text.toLowerCase();
      if (lower === 'xor') fault(token, 'There is no exclusive or: terms are joined with and, or.');
      fault(token, `Unexpected ${text}. Operators are written in lower case.`, lower);
    }
    if (token.kind === 'word' && /^(is|equals|EQ|NE|GT|LT|GE|LE|CONTAINS|MATCHES|IN|like|LIKE)$/.test(token.text)) {
      const fix = ({ is: '==', equals: '==', like: 'matches' } as Record<string, string>)[token.text] ?? token.text.toLowerCase();
      fault(token, `Unexpected ${text}. After a field a comparison is expected: ${COMPARISON_HINT}`, fix);
    }
    if (before?.kind === 'word' && (token.kind === 'word' || token.kind === 'string' || token.kind === 'char') && !this.#inComparison()) {
      fault(token, `Unexpected ${text}. After a field comes a comparison (${COMPARISON_HINT}) or and, or`);
    }
    fault(token, `Unexpected ${text}. After a complete test comes and, or${this.#depth > 0 ? ', )' : ''} or the end.`);
  }

  /** True if the token before the last was a comparison: `tcp.port == 80 443`. */
  #inComparison(): boolean {
    return this.#tokens[this.#at - 2]?.kind === 'compare';
  }
}

/** Length of the left spine. */
function chainDepth(node: ValueNode): number {
  let depth = 0;
  for (let at: ValueNode = node; at.kind === 'arith'; at = at.left) depth++;
  return depth;
}

/** Ranges inside [ ]: `i:j`, `i-j`, `i`, `:j`, `i:`, and several of them with commas. `negative`: offsets from the end are allowed. */
function ranges(token: Token, negative: boolean): Range[] {
  const out: Range[] = [];
  let at = token.start + 1;
  for (const part of token.value.split(',')) {
    const span = { start: at, end: at + part.length };
    at = span.end + 1;
    out.push(range(part.trim(), part.trim() === '' ? { start: token.start, end: token.end } : span));
    if (out.length > 64) fault(token, 'A slice has at most 64 parts.');
  }
  if (!negative && out.some((r) => r.from < 0)) return out;
  return out;
}

const NUMBER = '([+-]?(?:0[xX][0-9a-fA-F]{1,6}|[0-9]{1,7}))';
const FORMS: readonly [RegExp, (a: number, b: number) => Range][] = [
  [new RegExp(`^${NUMBER}$`), (a) => ({ from: a, length: 1, to: null })],
  [new RegExp(`^${NUMBER}\\s*:\\s*${NUMBER}$`), (a, b) => ({ from: a, length: b, to: null })],
  [new RegExp(`^${NUMBER}\\s*:$`), (a) => ({ from: a, length: null, to: null })],
  [new RegExp(`^:\\s*${NUMBER}$`), (a) => ({ from: 0, length: a, to: null })],
  [new RegExp(`^${NUMBER}\\s*-\\s*${NUMBER}$`), (a, b) => ({ from: a, length: null, to: b })],
];

function range(text: string, span: Span): Range {
  for (const [form, make] of FORMS) {
    const match = form.exec(text);
    if (match === null) continue;
    const made = make(integer(match[1] ?? ''), integer(match[2] ?? ''));
    if (made.length !== null && made.length <= 0) fault(span, 'The length of a slice must be at least 1.');
    if (made.to !== null && made.to >= 0 === made.from >= 0 && made.to < made.from) {
      fault(span, 'The slice ends before it starts.');
    }
    return made;
  }
  fault(span, 'Offsets are expected: [offset:length], [first-last], [offset], [:length] or [offset:]');
}

function integer(text: string): number {
  const sign = text.startsWith('-') ? -1 : 1;
  const digits = text.replace(/^[+-]/, '');
  const value = /^0[xX]/.test(digits)
    ? Number.parseInt(digits.slice(2), 16)
    : /^0[0-7]+$/.test(digits)
      ? Number.parseInt(digits, 8)
      : Number(digits);
  return sign * value;
}
