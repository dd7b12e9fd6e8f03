/** Characters that C has a letter for. */
const LETTERS: Readonly<Record<string, string>> = {
  '\x07': '\\a',
  '\b': '\\b',
  '\t': '\\t',
  '\n': '\\n',
  '\v': '\\v',
  '\f': '\\f',
  '\r': '\\r',
};

/** A text of a packet or a file with its control characters written out as tshark does: no terminal obeys them, and no line is forged by them. */
export function printable(text: string): string {
  return text.replace(/[\x00-\x1f\x7f-\x9f]/g, (character) => {
    const code = character.charCodeAt(0);
    const written = code < 0x80 ? `\\${code.toString(8).padStart(3, '0')}` : `\\u${code.toString(16).toUpperCase().padStart(4, '0')}`;
    return LETTERS[character] ?? written;
  });
}

/**
 * A value as JSON (RFC 8259), with what a terminal, a line reader or a script would act on escaped too: DEL, the C1 control characters and the line
 * separators of Unicode. It parses to the same value.
 * @param indent blanks for each level; one line without
 */
export function jsonText(value: unknown, indent?: number): string {
  return JSON.stringify(value, null, indent).replace(
    /[\x7f-\x9f\u2028\u2029]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}
