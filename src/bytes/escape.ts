/** Letters that C has for control characters. */
const LETTERS: Readonly<Record<string, string>> = {
  '\x07': '\\a',
  '\b': '\\b',
  '\t': '\\t',
  '\n': '\\n',
  '\v': '\\v',
  '\f': '\\f',
  '\r': '\\r',
};

/** A character that is not drawn, written out as tshark does: `\n` where C has a letter, `\001` in octal, `\u202E` beyond ASCII. @param character one UTF-16 unit */
export function escapeOf(character: string): string {
  const code = character.charCodeAt(0);
  const number = code < 0x80 ? `\\${code.toString(8).padStart(3, '0')}` : `\\u${code.toString(16).toUpperCase().padStart(4, '0')}`;
  return LETTERS[character] ?? number;
}
