/** JSON as it stands in its text: numbers with all their digits, members in their order. Pure. */

/** A string begins with one of these, which says what stands in the text: with it names of members are no numbers either, which JavaScript would sort. */
const STRING = 's';
const NUMBER = 'n';
const TOKEN = /"(?:[^"\\]|\\.)*"|-?\d[\d.eE+-]*/g;

/** What was parsed and is to be read by `jsonValue`. */
export interface Json {
  readonly parsed: unknown;
}

/** One value: a leaf as it is written, or its members. */
export type JsonValue =
  | { readonly kind: 'leaf'; readonly text: string }
  | { readonly kind: 'array' | 'object'; readonly members: readonly (readonly [name: string, value: Json])[] };

/** Parses JSON (RFC 8259). Throws a SyntaxError where the text is none. */
export function parseJson(text: string): Json {
  // What is added below would let some texts pass that are none.
  JSON.parse(text);
  const marked = text.replace(TOKEN, (token) => (token.startsWith('"') ? `"${STRING}${token.slice(1)}` : `"${NUMBER}${token}"`));
  return { parsed: JSON.parse(marked) };
}

export function jsonValue({ parsed }: Json): JsonValue {
  if (typeof parsed === 'string') {
    return { kind: 'leaf', text: parsed.startsWith(NUMBER) ? parsed.slice(1) : JSON.stringify(parsed.slice(1)) };
  }
  if (parsed === null || typeof parsed !== 'object') return { kind: 'leaf', text: String(parsed) };
  if (Array.isArray(parsed)) return { kind: 'array', members: parsed.map((each, k) => [String(k), { parsed: each }]) };
  return { kind: 'object', members: Object.entries(parsed).map(([name, each]) => [name.slice(1), { parsed: each }]) };
}
