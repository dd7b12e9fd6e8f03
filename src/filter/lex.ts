/**
 * Words of a display filter. The rules are Wireshark's: a word holds letters, digits and `_ . : -`, so that `aa-bb-cc` and
 * `tcp.port-1` are one word each; `..` ends a word; a word that may be an address takes a following `/24` with it.
 */
import { FilterFault } from './error.ts';
import { MAX_NODES, MAX_TEXT } from './limits.ts';

export type TokenKind =
  | 'word' // field, protocol, function, or a literal without quotes
  | 'string'
  | 'char'
  | 'reference' // ${field}
  | 'compare'
  | 'logic' // and, or, not
  | 'in'
  | 'quantifier'
  | 'arith' // + - * / % &
  | 'punct' // ( ) { } , .. #
  | 'slice' // [ … ]
  | 'end';

export interface Token {
  readonly kind: TokenKind;
  readonly start: number;
  readonly end: number;
  /** As typed. */
  readonly text: string;
  /** Operator in its one form ('==', 'and', …); value of a string or character; inside of a slice or reference. */
  readonly value: string;
  /** Bytes of a string with \x and octal escapes, where they are no UTF-8: code units above 0xff never mix with them. */
  readonly raw?: boolean;
}

/** Comparison operators by any of their spellings. `!=` is true if all values differ, `!==` if any does. */
export const COMPARISONS: ReadonlyMap<string, string> = new Map([
  ['==', '=='],
  ['eq', '=='],
  ['any_eq', '=='],
  ['!=', '!='],
  ['ne', '!='],
  ['all_ne', '!='],
  ['===', '==='],
  ['all_eq', '==='],
  ['!==', '!=='],
  ['any_ne', '!=='],
  ['~=', '!=='],
  ['>', '>'],
  ['gt', '>'],
  ['<', '<'],
  ['lt', '<'],
  ['>=', '>='],
  ['ge', '>='],
  ['<=', '<='],
  ['le', '<='],
  ['contains', 'contains'],
  ['matches', 'matches'],
  ['~', 'matches'],
]);

const KEYWORDS: ReadonlyMap<string, [TokenKind, string]> = new Map([
  ['and', ['logic', 'and']],
  ['or', ['logic', 'or']],
  ['not', ['logic', 'not']],
  ['in', ['in', 'in']],
  ['any', ['quantifier', 'any']],
  ['all', ['quantifier', 'all']],
  ['bitwise_and', ['arith', '&']],
]);

/** Longest first. */
const SYMBOLS: readonly [string, TokenKind, string][] = [
  ['===', 'compare', '==='],
  ['!==', 'compare', '!=='],
  ['==', 'compare', '=='],
  ['!=', 'compare', '!='],
  ['~=', 'compare', '!=='],
  ['>=', 'compare', '>='],
  ['<=', 'compare', '<='],
  ['&&', 'logic', 'and'],
  ['||', 'logic', 'or'],
  ['..', 'punct', '..'],
  ['>', 'compare', '>'],
  ['<', 'compare', '<'],
  ['~', 'compare', 'matches'],
  ['!', 'logic', 'not'],
  ['&', 'arith', '&'],
  ['+', 'arith', '+'],
  ['-', 'arith', '-'],
  ['*', 'arith', '*'],
  ['/', 'arith', '/'],
  ['%', 'arith', '%'],
  ['(', 'punct', '('],
  [')', 'punct', ')'],
  ['{', 'punct', '{'],
  ['}', 'punct', '}'],
  [',', 'punct', ','],
  ['#', 'punct', '#'],
];

/** Wrong spellings that have one right form. */
const MISTAKES: readonly [string, string][] = [
  ['=>', '>='],
  ['=<', '<='],
  ['=~', 'matches'],
  ['=', '=='],
];

export const COMPARISON_HINT = '== != > < >= <= contains matches in';

function isSpace(c: string): boolean {
  return c === ' ' || c === '\t' || c === '\n' || c === '\r' || c === '\v' || c === '\f';
}

function isWord(c: string): boolean {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c === '_' || c === '.' || c === ':' || c === '-';
}

/** Cuts a filter into tokens; the last is 'end'. Throws FilterFault. */
export function lex(text: string): Token[] {
  if (text.length > MAX_TEXT) {
    throw new FilterFault(MAX_TEXT, text.length, `The filter is too long: ${text.length} characters, at most ${MAX_TEXT} are read.`);
  }
  const tokens: Token[] = [];
  const push = (kind: TokenKind, start: number, end: number, value = text.slice(start, end)): void => {
    tokens.push({ kind, start, end, text: text.slice(start, end), value });
  };
  let at = 0;
  while (at < text.length) {
    const c = text[at] as string;
    if (isSpace(c)) {
      at++;
      continue;
    }
    if (tokens.length > 4 * MAX_NODES) throw new FilterFault(at, text.length, 'The filter has too many words.');
    const start = at;
    if (c === '"' || ((c === 'r' || c === 'R') && text[at + 1] === '"')) {
      at = quoted(text, at, push);
      continue;
    }
    if (c === "'") {
      at = character(text, at, push);
      continue;
    }
    if (c === '$' && text[at + 1] === '{') {
      const close = text.indexOf('}', at);
      if (close < 0) throw new FilterFault(start, text.length, 'This field reference has no closing }.');
      at = close + 1;
      push('reference', start, at, text.slice(start + 2, close).trim());
      continue;
    }
    if (c === '[') {
      const close = text.indexOf(']', at);
      if (close < 0) throw new FilterFault(start, text.length, 'This slice has no closing ].');
      at = close + 1;
      push('slice', start, at, text.slice(start + 1, close));
      continue;
    }
    if (isWord(c) && c !== '-' && !(c === '.' && text[at + 1] === '.')) {
      at = wordEnd(text, at);
      const word = text.slice(start, at);
      const comparison = COMPARISONS.get(word);
      const keyword = KEYWORDS.get(word);
      if (comparison !== undefined) push('compare', start, at, comparison);
      else if (keyword !== undefined) push(keyword[0], start, at, keyword[1]);
      else push('word', start, at);
      continue;
    }
    const symbol = SYMBOLS.find(([form]) => text.startsWith(form, at));
    if (symbol !== undefined) {
      // `<>` and `><` and `>==` are one mistake, not two operators.
      if (symbol[1] === 'compare' && (text.startsWith('<>', at) || text.startsWith('><', at))) {
        throw new FilterFault(at, at + 2, `Unexpected ${text.slice(at, at + 2)}. A comparison is expected: ${COMPARISON_HINT}`, '!=');
      }
      at += symbol[0].length;
      push(symbol[1], start, at, symbol[2]);
      continue;
    }
    const mistake = MISTAKES.find(([form]) => text.startsWith(form, at));
    if (mistake !== undefined) {
      throw new FilterFault(
        at,
        at + mistake[0].length,
        `Unexpected ${mistake[0]}. After a field a comparison is expected: ${COMPARISON_HINT}`,
        mistake[1],
      );
    }
    if (c === '|') throw new FilterFault(at, at + 1, 'Unexpected |. Alternatives are joined with || or with the word or.', '||');
    if (c === '^')
      throw new FilterFault(
        at,
        text[at + 1] === '^' ? at + 2 : at + 1,
        'Unexpected ^. There is no exclusive or: terms are joined with && and ||.',
      );
    const odd = String.fromCodePoint(text.codePointAt(at) as number);
    const plain = '“”„«»'.includes(odd) ? '"' : undefined;
    throw new FilterFault(
      at,
      at + odd.length,
      plain !== undefined
        ? `Unexpected ${odd}. Text stands in straight quotes: "…"`
        : `Unexpected ${odd}. A field, a value or an operator is expected here.`,
      plain,
    );
  }
  push('end', text.length, text.length, '');
  return tokens;
}

/** End of the word that starts at `at`: stops before `..`, takes `/digits` after an address. */
function wordEnd(text: string, at: number): number {
  let end = at;
  while (end < text.length && isWord(text[end] as string)) {
    if (text[end] === '.' && text[end + 1] === '.' && end > at) break;
    end++;
  }
  // A dot or hyphen that ends the word is not part of it: `5.` is `5` and a stray dot, `tcp.port-` is an unfinished subtraction.
  while (end > at + 1 && text[end - 1] === '-') end--;
  if (text[end] === '/' && /^[0-9]/.test(text.slice(end + 1, end + 2))) {
    const word = text.slice(at, end);
    if (/^\d+(\.\d+){3}$/.test(word) || (word.includes(':') && /^[0-9a-fA-F:.]+$/.test(word))) {
      end++;
      while (end < text.length && /[0-9.]/.test(text[end] as string) && !(text[end] === '.' && text[end + 1] === '.')) end++;
    }
  }
  return end;
}

const SIMPLE: Readonly<Record<string, string>> = {
  "'": "'",
  '"': '"',
  '\\': '\\',
  a: '\x07',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
  v: '\v',
};

const encoder = new TextEncoder();
const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

type Push = (kind: TokenKind, start: number, end: number, value?: string) => void;

/**
 * Reads a quoted string. \x and octal escapes are bytes: where the bytes of the whole are UTF-8 the value is that text, else the
 * bytes that are none stay as code units U+DC80 to U+DCFF (see `stringBytes`).
 */
function quoted(text: string, start: number, push: Push): number {
  const raw = text[start] !== '"';
  let at = start + (raw ? 2 : 1);
  const parts: Uint8Array[] = [];
  let plain = '';
  let bytes: number[] = [];
  const flush = (): void => {
    if (bytes.length > 0) parts.push(Uint8Array.from(bytes));
    bytes = [];
  };
  const text8 = (): void => {
    if (plain !== '') parts.push(encoder.encode(plain));
    plain = '';
  };
  for (;;) {
    const c = text[at];
    if (c === undefined) throw new FilterFault(start, text.length, 'This text has no closing quote.');
    if (c === '"') break;
    if (c !== '\\') {
      flush();
      plain += c;
      at++;
      continue;
    }
    if (raw) {
      // The backslash stays; it only keeps a quote from ending the text.
      flush();
      plain += c + (text[at + 1] ?? '');
      at += 2;
      continue;
    }
    const [value, isByte, next] = escaped(text, at);
    if (isByte) {
      text8();
      bytes.push(value);
    } else {
      flush();
      plain += String.fromCodePoint(value);
    }
    at = next;
  }
  flush();
  text8();
  push('string', start, at + 1, joinText(parts));
  return at + 1;
}

function joinText(parts: readonly Uint8Array[]): string {
  const all = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  try {
    return decoder.decode(all);
  } catch {
    let out = '';
    for (const byte of all) out += String.fromCharCode(byte < 0x80 ? byte : 0xdc00 + byte);
    return out;
  }
}

/** UTF-8 of a text; code units U+DC80 to U+DCFF that stand alone are the bytes 80 to ff. */
export function stringBytes(text: string): Uint8Array {
  if (!/[\udc80-\udcff]/.test(text)) return encoder.encode(text);
  const out: number[] = [];
  for (const c of text) {
    const code = c.codePointAt(0) as number;
    if (code >= 0xdc80 && code <= 0xdcff) out.push(code - 0xdc00);
    else out.push(...encoder.encode(c));
  }
  return Uint8Array.from(out);
}

/** One escape sequence at text[at] = '\\': its value, whether it is a byte, and where it ends. */
function escaped(text: string, at: number): [number, boolean, number] {
  const c = text[at + 1];
  if (c === undefined) throw new FilterFault(at, text.length, 'The text ends after a backslash.');
  const simple = SIMPLE[c];
  if (simple !== undefined) return [simple.charCodeAt(0), false, at + 2];
  const digits = (pattern: RegExp, from: number, most: number): string => pattern.exec(text.slice(from, from + most))?.[0] ?? '';
  if (c === 'x') {
    const hex = digits(/^[0-9a-fA-F]{1,2}/, at + 2, 2);
    if (hex !== '') return [Number.parseInt(hex, 16), true, at + 2 + hex.length];
  } else if (c === 'u' || c === 'U') {
    const wanted = c === 'u' ? 4 : 8;
    const hex = digits(/^[0-9a-fA-F]+/, at + 2, wanted);
    const code = Number.parseInt(hex, 16);
    if (hex.length === wanted && code <= 0x10ffff && !(code >= 0xd800 && code <= 0xdfff)) return [code, false, at + 2 + wanted];
    throw new FilterFault(at, at + 2 + hex.length, `\\${c} takes ${wanted} hexadecimal digits of a Unicode character.`);
  } else {
    const octal = digits(/^[0-7]{1,3}/, at + 1, 3);
    if (octal !== '' && Number.parseInt(octal, 8) <= 0xff) return [Number.parseInt(octal, 8), true, at + 1 + octal.length];
  }
  const whole = text.slice(at, at + 1 + String.fromCodePoint(text.codePointAt(at + 1) as number).length);
  throw new FilterFault(
    at,
    at + whole.length,
    `${whole} is no escape sequence. A backslash itself is written \\\\, or the text as r"…".`,
    `\\${whole}`,
  );
}

function character(text: string, start: number, push: Push): number {
  let at = start + 1;
  let value: string;
  if (text[at] === '\\') {
    const [code, , next] = escaped(text, at);
    value = String.fromCodePoint(code);
    at = next;
  } else if (at < text.length) {
    value = String.fromCodePoint(text.codePointAt(at) as number);
    at += value.length;
  } else value = '';
  if (value === "'" && at === start + 2) throw new FilterFault(start, at, 'There is no character between these quotes.');
  if (text[at] !== "'" || value === '') {
    const close = text.indexOf("'", at);
    const end = close < 0 ? text.length : close + 1;
    const inner = text.slice(start + 1, end - 1);
    throw new FilterFault(
      start,
      end,
      'Single quotes hold one character. Text stands in double quotes.',
      close < 0 || /["\\]/.test(inner) ? undefined : `"${inner}"`,
    );
  }
  push('char', start, at + 1, value);
  return at + 1;
}
