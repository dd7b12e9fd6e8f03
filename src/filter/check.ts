/** Resolves names, reads literals and checks types: from the syntax tree to the `Test` that the back ends compile. */
import type { CompareOp, Range, SetItem, TestNode, ValueNode } from './ast.ts';
import { FilterFault, fault, type Span, shown } from './error.ts';
import type { FieldEntry, FieldRegistry } from './fields.ts';
import type { CheckedFilter, FieldUse, FunctionName, Operand, Relation, Test } from './ir.ts';
import { COMPARISON_HINT, stringBytes } from './lex.ts';
import { type Literal, parseInteger, readLiteral, typeWords, type ValueType } from './literal.ts';
import { Regex, RegexFault } from './regex.ts';

export const FUNCTIONS: Readonly<Record<FunctionName, string>> = {
  len: 'Length in bytes',
  count: 'Number of occurrences',
  upper: 'Text in capitals',
  lower: 'Text in small letters',
  string: 'Value as text',
  max: 'Largest of the values',
  min: 'Smallest of the values',
  abs: 'Absolute value',
};

/** Checks a parsed filter. Throws FilterFault. */
export function check(node: TestNode | null, text: string, registry: FieldRegistry): CheckedFilter {
  if (node === null) return { test: { kind: 'always' }, slots: [] };
  const checker = new Checker(text, registry);
  const test = checker.test(node);
  return { test, slots: checker.slots };
}

const RELATIONS: Readonly<Record<Exclude<CompareOp, 'matches'>, readonly [Relation, 'any' | 'all']>> = {
  '==': ['eq', 'any'],
  '!=': ['ne', 'all'],
  '===': ['eq', 'all'],
  '!==': ['ne', 'any'],
  '>': ['gt', 'any'],
  '<': ['lt', 'any'],
  '>=': ['ge', 'any'],
  '<=': ['le', 'any'],
  contains: ['contains', 'any'],
};

const SWAPPED: Partial<Record<CompareOp, string>> = {
  '==': '==',
  '!=': '!=',
  '===': '===',
  '!==': '!==',
  '>': '<',
  '<': '>',
  '>=': '<=',
  '<=': '>=',
};

const BYTES: ValueType = { category: 'bytes', type: 'bytes', entry: null };
const COUNT: ValueType = { category: 'int', type: 'uint32', entry: null };
const TEXT: ValueType = { category: 'string', type: 'string', entry: null };
const SECONDS: ValueType = { category: 'time', type: 'reltime', entry: null };

class Checker {
  readonly slots: FieldEntry[] = [];
  readonly #bySlot = new Map<FieldEntry, number>();
  readonly #text: string;
  readonly #registry: FieldRegistry;

  constructor(text: string, registry: FieldRegistry) {
    this.#text = text;
    this.#registry = registry;
  }

  test(node: TestNode): Test {
    switch (node.kind) {
      case 'and':
      case 'or':
        return { kind: node.kind, items: node.items.map((item) => this.test(item)) };
      case 'not':
        return { kind: 'not', of: this.test(node.of) };
      case 'compare':
        return this.#compare(node);
      case 'in':
        return this.#in(node);
      case 'value':
        return this.#presence(node.value);
    }
  }

  #source(span: Span): string {
    return this.#text.slice(span.start, span.end);
  }

  #use(entry: FieldEntry, layers: readonly Range[] | null): FieldUse {
    let slot = this.#bySlot.get(entry);
    if (slot === undefined) {
      slot = this.slots.length;
      this.slots.push(entry);
      this.#bySlot.set(entry, slot);
    }
    return { slot, entry, layers };
  }

  /** The entry that a word names. A leading dot says that it is a name and no literal. */
  #entry(word: string): FieldEntry | undefined {
    return this.#registry.get(word.startsWith('.') ? word.slice(1) : word);
  }

  #presence(node: ValueNode): Test {
    switch (node.kind) {
      case 'word': {
        const entry = this.#entry(node.text);
        if (entry === undefined) return this.#unknown(node);
        return { kind: 'exists', use: this.#use(entry, null) };
      }
      case 'layer': {
        const operand = this.#operand(node, null);
        if (operand.kind !== 'field') return fault(node, 'A layer number follows a field.');
        return { kind: 'exists', use: operand.use };
      }
      case 'slice':
      case 'arith':
      case 'minus': {
        if (this.#typeOf(node) === null) fault(node, 'A test needs a field: these are all literals.');
        return { kind: 'truthy', of: this.#operand(node, null) };
      }
      case 'call':
        this.#function(node);
        return fault(node, `A function is no test by itself. A comparison is expected after it: ${COMPARISON_HINT}`);
      case 'string':
        return fault(
          node,
          'Text is no test by itself. To look for it in the whole packet: frame contains "…"',
          `frame contains ${this.#source(node)}`,
        );
      case 'char':
        return fault(node, 'A character is no test by itself.');
      case 'reference':
        return this.#reference(node);
    }
  }

  #reference(node: Extract<ValueNode, { kind: 'reference' }>): never {
    if (this.#entry(node.name) === undefined) {
      const near = this.#registry.nearest(node.name);
      fault(node, `${shown(node.name)} is no field that this program knows.`, near === undefined ? undefined : `\${${near}}`);
    }
    fault(node, 'A field reference takes its value from a selected packet, and none is selected here.');
  }

  /** A word that stands where a field must and is none. */
  #unknown(node: Extract<ValueNode, { kind: 'word' }>): never {
    const word = node.text;
    const exact = this.#registry.get(word.toLowerCase())?.abbrev ?? this.#registry.nearest(word);
    // A- B and A-B: a hyphen is part of a word.
    const minus = /^(.*[^-])-(\d+)$/.exec(word);
    if (minus !== null && this.#entry(minus[1] as string) !== undefined) {
      fault(node, 'Before a minus a blank is expected: a hyphen is part of a name.', `${minus[1]} - ${minus[2]}`);
    }
    if (parseInteger(word) !== null)
      fault(node, `${shown(word)} is a number and no test. A field and a comparison are expected before it.`);
    fault(node, `${shown(word)} is neither a field nor a protocol that this program knows.`, exact);
  }

  /** Type of a value by the fields in it; null if it has only literals. */
  #typeOf(node: ValueNode): ValueType | null {
    switch (node.kind) {
      case 'word': {
        const entry = this.#entry(node.text);
        return entry === undefined ? null : { category: entry.category, type: entry.type, entry };
      }
      case 'string':
      case 'char':
        return null;
      case 'reference':
        return this.#reference(node);
      case 'slice':
        return BYTES;
      case 'layer':
      case 'minus':
        return this.#typeOf(node.of);
      case 'arith':
        return this.#typeOf(node.left) ?? this.#typeOf(node.right);
      case 'call':
        switch (this.#function(node)) {
          case 'len':
          case 'count':
            return COUNT;
          case 'upper':
          case 'lower':
          case 'string':
            return TEXT;
          default:
            for (const arg of node.args) {
              const type = this.#typeOf(arg);
              if (type !== null) return type;
            }
            return null;
        }
    }
  }

  #function(node: Extract<ValueNode, { kind: 'call' }>): FunctionName {
    if (Object.hasOwn(FUNCTIONS, node.name)) return node.name as FunctionName;
    const lower = node.name.toLowerCase();
    if (this.#registry.get(node.name) !== undefined) {
      return fault(
        { start: node.nameSpan.end, end: node.nameSpan.end + 1 },
        `Unexpected ( after ${node.name}. After a field a comparison is expected: ${COMPARISON_HINT}`,
      );
    }
    return fault(
      node.nameSpan,
      `There is no function ${shown(node.name)}. The functions are ${Object.keys(FUNCTIONS).join(', ')}.`,
      Object.hasOwn(FUNCTIONS, lower) ? lower : undefined,
    );
  }

  /** Left side of a comparison: something with a field in it. */
  #left(node: ValueNode, right: ValueNode | null, op: CompareOp | 'in'): Operand {
    if (this.#typeOf(node) !== null) return this.#operand(node, null);
    if (right !== null && this.#typeOf(right) !== null) {
      const swapped = op === 'in' ? undefined : SWAPPED[op];
      return fault(
        swapped === undefined ? node : { start: node.start, end: right.end },
        'The field stands on the left of a comparison, the value on the right.',
        swapped === undefined ? undefined : `${this.#source(right)} ${swapped} ${this.#source(node)}`,
      );
    }
    if (node.kind === 'word' && parseInteger(node.text) === null) return this.#unknown(node);
    if (node.kind === 'call') this.#function(node);
    return fault(node, `The left side of a comparison is a field or a function of one, not ${shown(this.#source(node))}.`);
  }

  #compare(node: Extract<TestNode, { kind: 'compare' }>): Test {
    const left = this.#left(node.left, node.right, node.op);
    if (left.type.category === 'none') {
      fault(node.left, `${shown(this.#source(node.left))} has no value to compare: it is there or not.`, undefined);
    }
    if (node.op === 'matches') {
      return { kind: 'matches', mode: node.quantifier ?? 'any', left, regex: this.#regex(node.left, left, node.right) };
    }
    const [relation, usual] = RELATIONS[node.op];
    const mode = node.quantifier ?? usual;
    if (relation === 'contains') this.#searchable(node.left, left, 'contains');
    const right = this.#against(node.right, left, this.#source(node.left), relation === 'contains');
    return { kind: 'compare', relation, mode, left, right };
  }

  #searchable(node: ValueNode, left: Operand, op: string): void {
    const { category, type } = left.type;
    if (category === 'string' || category === 'bytes') return;
    const number = category === 'int';
    fault(
      node,
      `${shown(this.#source(node))} is ${typeWords(type)}: ${op} works on text and bytes.`,
      number || category === 'ipv4' || category === 'ipv6' ? `string(${this.#source(node)})` : undefined,
    );
  }

  #regex(leftNode: ValueNode, left: Operand, node: ValueNode): Regex {
    this.#searchable(leftNode, left, 'matches');
    if (node.kind !== 'string') {
      return fault(
        node,
        'After matches a regular expression in double quotes is expected.',
        node.kind === 'word' || node.kind === 'char' ? `"${this.#source(node).replace(/^'|'$/g, '')}"` : undefined,
      );
    }
    try {
      return new Regex(stringBytes(node.value));
    } catch (error) {
      if (!(error instanceof RegexFault)) throw error;
      throw new FilterFault(...this.#place(node, error.at, error.length), `In the regular expression: ${error.message}`);
    }
  }

  /** Place in the filter of a byte of a string's value; the whole string where escapes make that unclear. */
  #place(node: ValueNode, at: number, length: number): [number, number] {
    const source = this.#source(node);
    const open = source.startsWith('"') ? 1 : 2;
    const inner = source.slice(open, -1);
    // Plain text, and raw strings, have the same characters in the value as in the filter; ASCII also the same offsets in bytes.
    if (/^[\x00-\x7f]*$/.test(inner) && (open === 2 || !inner.includes('\\'))) {
      const start = Math.min(node.start + open + at, node.end - 1);
      return [start, Math.max(start + 1, Math.min(start + length, node.end - 1))];
    }
    if (open === 1 && /^[\x00-\x7f]*$/.test(inner) && /^([^\\]|\\\\)*$/.test(inner)) {
      // Only doubled backslashes: walk both texts together.
      const offset = (bytes: number): number => {
        let from = 0;
        for (let n = 0; n < bytes && from < inner.length; n++) from += inner[from] === '\\' ? 2 : 1;
        return from;
      };
      const start = Math.min(node.start + 1 + offset(at), node.end - 1);
      return [start, Math.max(start + 1, Math.min(node.start + 1 + offset(at + length), node.end - 1))];
    }
    return [node.start, node.end];
  }

  #in(node: Extract<TestNode, { kind: 'in' }>): Test {
    const left = this.#left(node.left, null, 'in');
    if (left.type.category === 'none') fault(node.left, `${shown(this.#source(node.left))} has no value: it is there or not.`);
    const name = this.#source(node.left);
    const items = node.items.map((item: SetItem) => {
      const low = this.#against(item.low, left, name, false);
      const high = item.high === null ? null : this.#against(item.high, left, name, false);
      return { low, high };
    });
    return { kind: 'in', mode: node.quantifier ?? 'any', left, items };
  }

  /** An operand that is compared with `left`: literals are read as left's type, fields must be comparable. */
  #against(node: ValueNode, left: Operand, name: string, contains: boolean): Operand {
    const type = this.#typeOf(node);
    const wanted = left.type;
    if (type === null) {
      // The result of arithmetic is signed, whatever the fields were; a search is for bytes of any number.
      const signed = wanted.category === 'int' && (left.kind === 'arith' || left.kind === 'minus');
      const search = contains && wanted.category === 'bytes' && wanted.type !== 'protocol' && node.kind !== 'string';
      return this.#operand(node, signed ? { ...wanted, type: 'int64' } : search ? BYTES : wanted, name);
    }
    if (!comparable(wanted, type, contains)) {
      const quoted = node.kind === 'word' ? this.#asLiteral(node, wanted) : undefined;
      fault(
        node,
        `${shown(name)} is ${typeWords(wanted.type)}, and ${shown(this.#source(node))} ${typeWords(type.type)}: they cannot be compared.`,
        quoted,
      );
    }
    return this.#operand(node, wanted, name);
  }

  /** The word in quotes, if it would be a good literal then: `ip.proto == tcp` means "tcp". */
  #asLiteral(node: Extract<ValueNode, { kind: 'word' }>, type: ValueType): string | undefined {
    try {
      readLiteral({ form: 'string', text: node.text, start: node.start, end: node.end }, type, '');
      return `"${node.text}"`;
    } catch {
      return undefined;
    }
  }

  /** Builds an operand; `wanted` is the type of its literals where no field in it says otherwise. */
  #operand(node: ValueNode, wanted: ValueType | null, name = ''): Operand {
    switch (node.kind) {
      case 'word': {
        const entry = this.#entry(node.text);
        if (entry !== undefined)
          return { kind: 'field', use: this.#use(entry, null), type: { category: entry.category, type: entry.type, entry } };
        return this.#literal({ form: 'word', text: node.text, start: node.start, end: node.end }, wanted, name);
      }
      case 'string':
        return this.#literal({ form: 'string', text: node.value, start: node.start, end: node.end }, wanted, name);
      case 'char':
        return this.#literal({ form: 'char', text: node.value, start: node.start, end: node.end }, wanted, name);
      case 'reference':
        return this.#reference(node);
      case 'layer': {
        const of = this.#operand(node.of, null);
        if (of.kind !== 'field' || of.use.layers !== null) return fault(node, 'A layer number follows a field: ip.addr#2');
        return { ...of, use: this.#use(of.use.entry, node.ranges) };
      }
      case 'slice': {
        if (this.#typeOf(node.of) === null) {
          if (node.of.kind === 'word') this.#unknown(node.of);
          fault(node.of, 'A slice is cut from a field, not from a literal.');
        }
        const of = this.#operand(node.of, null);
        const { category } = of.type;
        if (category !== 'string' && category !== 'bytes' && category !== 'ipv4' && category !== 'ipv6') {
          fault(
            node.of,
            `${shown(this.#source(node.of))} is ${typeWords(of.type.type)} and has no slices: they are cut from text, bytes and addresses.`,
          );
        }
        return { kind: 'slice', of, ranges: node.ranges, type: BYTES };
      }
      case 'call':
        return this.#call(node, wanted);
      case 'minus': {
        const of = this.#operand(node.of, wanted, name);
        if (of.kind === 'const' && node.of.kind === 'word' && of.type.category !== 'time' && of.type.category !== 'float') {
          // Read together, so that limits and messages are those of the negative number.
          return this.#literal({ form: 'word', text: `-${node.of.text}`, start: node.start, end: node.end }, wanted, name);
        }
        this.#arithmetic(node, of, '-');
        return { kind: 'minus', of, type: of.type };
      }
      case 'arith':
        return this.#arith(node, wanted, name);
    }
  }

  #literal(literal: Literal, wanted: ValueType | null, name: string): Operand {
    if (wanted === null) {
      if (literal.form === 'word' && parseInteger(literal.text) === null) {
        return this.#unknown({ kind: 'word', text: literal.text, start: literal.start, end: literal.end });
      }
      return fault(literal, 'A field is expected here.');
    }
    return { kind: 'const', constant: readLiteral(literal, wanted, shown(name) || 'this'), type: wanted };
  }

  #arithmetic(node: ValueNode, operand: Operand, op: string): void {
    const { category, type } = operand.type;
    const good =
      category === 'int' ||
      (category === 'float' && op !== '&') ||
      (type === 'reltime' && (op === '+' || op === '-')) ||
      (op === '&' && (category === 'bytes' || category === 'ipv4' || category === 'ipv6'));
    if (!good) fault(node, `${shown(this.#source(node))} is ${typeWords(type)}: ${op} does not work on it.`);
  }

  #arith(node: Extract<ValueNode, { kind: 'arith' }>, wanted: ValueType | null, name: string): Operand {
    const own = this.#typeOf(node);
    const type = own ?? wanted;
    if (type === null) return fault(node, 'A field is expected here.');
    const inner = own === null ? name : this.#source(this.#typeOf(node.left) !== null ? node.left : node.right);
    // `frame.time_relative + 1`: a time and a number of seconds; `x * 2` of an integer: any integer.
    const literals: ValueType =
      type.category === 'time' ? SECONDS : type.category === 'int' ? { ...type, type: 'int64', entry: type.entry } : type;
    const left = this.#operand(node.left, literals, inner);
    const right = this.#operand(node.right, literals, inner);
    this.#arithmetic(node.left, left, node.op);
    this.#arithmetic(node.right, right, node.op);
    if (left.type.category !== right.type.category) {
      fault(node.right, `${shown(this.#source(node.left))} and ${shown(this.#source(node.right))} are of different types.`);
    }
    return { kind: 'arith', op: node.op, left, right, type };
  }

  #call(node: Extract<ValueNode, { kind: 'call' }>, wanted: ValueType | null): Operand {
    const name = this.#function(node);
    const many = name === 'max' || name === 'min';
    if (node.args.length === 0 || (!many && node.args.length > 1)) {
      fault(many ? node : (node.args[1] ?? node), `${name} takes ${many ? 'at least one argument' : 'one argument'}.`);
    }
    const first = node.args.map((arg) => this.#typeOf(arg)).find((type) => type !== null) ?? null;
    const args = node.args.map((arg) => {
      const type = this.#typeOf(arg);
      if (type === null && (!many || (first ?? wanted) === null)) {
        if (arg.kind === 'word') this.#argument(arg);
        fault(arg, `${name} takes a field.`);
      }
      const operand = this.#operand(arg, first ?? wanted, this.#source(arg));
      const { category } = operand.type;
      if (many && category !== (first ?? operand.type).category) fault(arg, `The arguments of ${name} must be of one type.`);
      if (category === 'none' && name !== 'count') fault(arg, `${shown(this.#source(arg))} has no value.`);
      if ((name === 'upper' || name === 'lower') && category !== 'string')
        fault(arg, `${name} takes text, and ${shown(this.#source(arg))} is ${typeWords(operand.type.type)}.`);
      if (name === 'abs' && category !== 'int' && category !== 'float' && operand.type.type !== 'reltime') {
        fault(arg, `abs takes a number, and ${shown(this.#source(arg))} is ${typeWords(operand.type.type)}.`);
      }
      if (name === 'string' && !stringable(operand.type)) {
        const text = category === 'string';
        fault(
          text ? node : arg,
          `string does not convert ${typeWords(operand.type.type)}: it takes integers and addresses.`,
          text ? this.#source(arg) : undefined,
        );
      }
      return operand;
    });
    const type =
      name === 'len' || name === 'count'
        ? COUNT
        : name === 'upper' || name === 'lower' || name === 'string'
          ? TEXT
          : (first ?? (args[0] as Operand).type);
    return { kind: 'call', name, args, type };
  }

  #argument(node: Extract<ValueNode, { kind: 'word' }>): void {
    if (parseInteger(node.text) === null) this.#unknown(node);
  }
}

function stringable(type: ValueType): boolean {
  return (
    type.category === 'int' || type.category === 'ipv4' || type.category === 'ipv6' || ['ether', 'eui64', 'guid', 'oid'].includes(type.type)
  );
}

function comparable(a: ValueType, b: ValueType, contains: boolean): boolean {
  if (a.category === b.category) return true;
  if (contains && (a.category === 'bytes' || a.category === 'string') && (b.category === 'bytes' || b.category === 'string')) return true;
  const numeric = (type: ValueType): boolean => type.category === 'int' || type.category === 'float';
  if (numeric(a) && numeric(b)) return true;
  // A slice is bytes, and may be set against text.
  return (a.category === 'bytes' && b.category === 'string') || (a.category === 'string' && b.category === 'bytes');
}
