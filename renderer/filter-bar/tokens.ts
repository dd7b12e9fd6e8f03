/** Splits filter text into words for colouring. It knows no grammar: whatever the text is, the pieces add up to it. */

export type TokenKind = 'field' | 'operator' | 'value' | 'space';

export interface Token {
  readonly kind: TokenKind;
  readonly start: number;
  readonly text: string;
}

const WORD_OPERATORS = new Set([
  'and',
  'or',
  'not',
  'xor',
  'eq',
  'ne',
  'gt',
  'lt',
  'ge',
  'le',
  'contains',
  'matches',
  'in',
  'any',
  'all',
  'bitwise_and',
]);
const PATTERN = /(\s+)|("(?:[^"\\]|\\.)*"?|'(?:[^'\\]|\\.)*'?)|([\w.:/-]+)|([^\s\w"']+)/gy;

/** Tokens of the text in order, without gaps. */
export function tokens(text: string): readonly Token[] {
  const out: Token[] = [];
  PATTERN.lastIndex = 0;
  let at = 0;
  let afterComparison = false;
  while (at < text.length) {
    PATTERN.lastIndex = at;
    const match = PATTERN.exec(text);
    const piece = match?.[0] ?? text[at] ?? '';
    let kind: TokenKind = 'operator';
    if (match?.[1] !== undefined) kind = 'space';
    else if (match?.[2] !== undefined) kind = 'value';
    else if (match?.[3] !== undefined) {
      if (WORD_OPERATORS.has(piece.toLowerCase())) kind = 'operator';
      else kind = afterComparison || /^[\d-]/.test(piece) ? 'value' : 'field';
    }
    if (kind === 'operator') afterComparison = /^(eq|ne|gt|lt|ge|le|contains|matches|in)$/i.test(piece) || /[=<>~{,]/.test(piece);
    else if (kind !== 'space') afterComparison = false;
    out.push({ kind, start: at, text: piece });
    at += piece.length;
  }
  return out;
}

/** Style class of each kind of token. */
export const TOKEN_CLASS: Readonly<Record<TokenKind, string>> = { field: 'xf', operator: 'xo', value: 'xv', space: '' };
