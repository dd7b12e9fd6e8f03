/** Text of a body in pieces of a kind, for reading: enough of HTML, XML, CSS, JavaScript and JSON to tell names, strings and comments apart. */

export type PieceKind = 'plain' | 'tag' | 'name' | 'string' | 'comment' | 'number' | 'word';
export type Piece = readonly [kind: PieceKind, text: string];
export type Notation = 'markup' | 'css' | 'script' | 'json';

/** Pieces that are told apart; the rest of the text is one plain piece. */
const MOST_PIECES = 20_000;

const STRING = String.raw`"(?:[^"\\\n]|\\.)*"?|'(?:[^'\\\n]|\\.)*'?`;
const NUMBER = String.raw`-?\b\d[\d_]*(?:\.\d+)?(?:[eE][+-]?\d+)?(?:%|[a-z]{1,4}\b)?`;
const WORDS =
  'async|await|break|case|catch|class|const|continue|default|delete|do|else|export|extends|false|finally|for|from|function|if|import|in|instanceof|let|new|null|of|return|static|super|switch|this|throw|true|try|typeof|undefined|var|void|while|yield';

/** Each notation: what is looked for, with the kind of each group. A word is tried at its beginning only, and looks ahead are bounded. */
const RULES: Readonly<Record<Notation, readonly [pattern: string, kinds: readonly PieceKind[]]>> = {
  // Within tags: the name of the tag, names of attributes and their values.
  markup: [
    String.raw`(<!--[\s\S]*?(?:-->|$)|<![^>]*>?)|(</?[A-Za-z][\w:.-]*|/?>|<\?|\?>)|(?<![\w:.-])([\w:.-]+)(?![\w:.-])(?=\s{0,8}=\s{0,8}["'])|("[^"<>]*"|'[^'<>]*')|(&[#\w]+;)`,
    ['comment', 'tag', 'name', 'string', 'number'],
  ],
  css: [
    String.raw`(/\*[\s\S]*?(?:\*/|$))|(${STRING})|(@[\w-]+|#[\da-fA-F]{3,8}\b(?=[^{}]{0,80}[;}]))|(?<![\w-])([\w-]+)(?![\w-])(?=\s{0,8}:[^{};]{0,200}[;}])|(${NUMBER})`,
    ['comment', 'string', 'word', 'name', 'number'],
  ],
  script: [
    String.raw`(//[^\n]*|/\*[\s\S]*?(?:\*/|$))|(${STRING}|${'`'}(?:[^${'`'}\\]|\\.)*${'`'}?)|\b(${WORDS})\b|(${NUMBER})`,
    ['comment', 'string', 'word', 'number'],
  ],
  json: [
    String.raw`("(?:[^"\\\n]|\\.)*"(?=\s*:))|("(?:[^"\\\n]|\\.)*"?)|\b(true|false|null)\b|(${NUMBER})`,
    ['name', 'string', 'word', 'number'],
  ],
};

/** The notation of a media type; null for plain text. */
export function notationOf(contentType: string): Notation | null {
  const type = (contentType.split(';')[0] ?? '').trim().toLowerCase();
  if (/[/+]json$/.test(type)) return 'json';
  if (/[/+]xml$|^text\/html$|^image\/svg/.test(type)) return 'markup';
  if (type === 'text/css') return 'css';
  return /\/(x-)?(java|ecma)script$/.test(type) ? 'script' : null;
}

/** The text in pieces: joined they are the text. */
export function pieces(text: string, notation: Notation): Piece[] {
  const [pattern, kinds] = RULES[notation];
  const found: Piece[] = [];
  let done = 0;
  for (const match of text.matchAll(new RegExp(pattern, 'g'))) {
    if (match[0] === '' || found.length >= MOST_PIECES) continue;
    if (match.index > done) found.push(['plain', text.slice(done, match.index)]);
    const group = match.findIndex((each, k) => k > 0 && each !== undefined);
    found.push([kinds[group - 1] ?? 'plain', match[0]]);
    done = match.index + match[0].length;
  }
  if (done < text.length) found.push(['plain', text.slice(done)]);
  return found;
}
