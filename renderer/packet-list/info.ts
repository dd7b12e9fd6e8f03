/** The info column: what of it is strong, quiet or plain. */

export interface InfoPiece {
  readonly text: string;
  readonly kind: 'plain' | 'flags' | 'key';
}

const PIECE = /^\[[A-Z][A-Z, .]*\]|\b[A-Za-z][A-Za-z_]*=(?=\S)/g;

/** Splits `[ACK] Seq=1 Ack=2` into flags, keys and values; other texts stay whole. */
export function infoPieces(info: string): readonly InfoPiece[] {
  if (!info.startsWith('[')) return [{ text: info, kind: 'plain' }];
  const out: InfoPiece[] = [];
  let at = 0;
  for (const match of info.matchAll(PIECE)) {
    if (match.index > at) out.push({ text: info.slice(at, match.index), kind: 'plain' });
    out.push({ text: match[0], kind: match[0].startsWith('[') ? 'flags' : 'key' });
    at = match.index + match[0].length;
  }
  if (at < info.length) out.push({ text: info.slice(at), kind: 'plain' });
  return out;
}

/** The edge a row gets from its marks. */
export function rowTone(marks: readonly { readonly kind: string }[]): 'bad' | 'warn' | null {
  if (marks.some((mark) => mark.kind === 'bad')) return 'bad';
  return marks.some((mark) => mark.kind === 'warn') ? 'warn' : null;
}
