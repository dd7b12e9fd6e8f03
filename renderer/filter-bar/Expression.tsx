import { TOKEN_CLASS, tokens } from './tokens.ts';

export interface Span {
  readonly start: number;
  readonly end: number;
}

/** Filter text in colours, with the wavy mark under `error`. */
export function Expression({ text, error }: { readonly text: string; readonly error: Span | null }) {
  const pieces: { key: number; text: string; className: string }[] = [];
  const add = (start: number, end: number, className: string): void => {
    if (end > start) pieces.push({ key: start, text: text.slice(start, end), className });
  };
  for (const token of tokens(text)) {
    const end = token.start + token.text.length;
    const className = TOKEN_CLASS[token.kind];
    if (error === null || error.end <= token.start || error.start >= end) {
      add(token.start, end, className);
      continue;
    }
    const from = Math.max(token.start, error.start);
    const to = Math.min(end, error.end);
    add(token.start, from, className);
    add(from, to, `${className} e`);
    add(to, end, className);
  }
  return (
    <>
      {pieces.map((piece) => (
        <span key={piece.key} className={piece.className}>
          {piece.text}
        </span>
      ))}
      {error !== null && error.end >= text.length && error.start >= text.length && <span className="e"> </span>}
    </>
  );
}
