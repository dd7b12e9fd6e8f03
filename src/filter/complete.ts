/** Completion: what may be written at the caret, the likeliest first. */
import type { Completion } from '../messages.ts';
import { FUNCTIONS } from './check.ts';
import { type FieldEntry, type FieldRegistry, fieldRegistry } from './fields.ts';
import { COMPARISONS } from './lex.ts';

/** What the engine knows of the capture at hand. Both are asked for few names only, and must be quick. */
export interface CompletionFacts {
  /** Packets that have the field or protocol; null if that is not known. */
  countOf(abbrev: string): number | null;
  /** Values of a field as a filter writes them, most frequent first. */
  valuesOf(abbrev: string): readonly { readonly text: string; readonly count: number }[];
}

const MAX_COMPLETIONS = 50;
/** Names looked at per request, after those that do not fit are dropped. */
const MAX_CANDIDATES = 2000;

/** Suggested operators; the others are known but not offered. */
const OPERATORS: readonly (readonly [string, string])[] = [
  ['==', 'Equal'],
  ['!=', 'Not equal'],
  ['>', 'Greater than'],
  ['<', 'Less than'],
  ['>=', 'Greater than or equal'],
  ['<=', 'Less than or equal'],
  ['contains', 'Contains text or bytes'],
  ['matches', 'Matches a regular expression'],
  ['in', 'Is one of a set'],
];
const JOINERS: readonly (readonly [string, string])[] = [
  ['&&', 'And'],
  ['||', 'Or'],
];

const WORD = /[A-Za-z0-9_.:-]*$/;

/** What the caret stands behind. */
type Place =
  | { readonly kind: 'name' }
  | { readonly kind: 'operator'; readonly entry: FieldEntry }
  | { readonly kind: 'value'; readonly entry: FieldEntry }
  | { readonly kind: 'joiner' };

/** Completions for the caret (UTF-16 units from 0), at most MAX_COMPLETIONS. Never throws. */
export function complete(text: string, caret: number, facts: CompletionFacts, registry: FieldRegistry = fieldRegistry()): Completion[] {
  const at = Math.max(0, Math.min(Math.trunc(caret), text.length));
  // Only the last stretch decides; a long filter is not read again for each key.
  const before = text.slice(Math.max(0, at - 500), at);
  const quote = openQuote(before);
  const word = quote !== null ? before.slice(quote) : ((/(?:[=!<>~&|]+|[A-Za-z0-9_.:-]+)$/.exec(before) ?? WORD.exec(before))?.[0] ?? '');
  const place = placeOf(before.slice(0, before.length - word.length), registry);
  const start = at - word.length;
  const end =
    place.kind === 'value' && quote !== null
      ? stringEnd(text, at)
      : at + (/^[A-Za-z0-9_.:-]*/.exec(text.slice(at, at + 100))?.[0].length ?? 0);
  switch (place.kind) {
    case 'name':
      return quote !== null ? [] : names(word, start, end, facts, registry);
    case 'operator':
      return quote !== null ? [] : operators(place.entry, word, start, end);
    case 'value':
      return values(place.entry, word, start, end, facts);
    case 'joiner':
      return quote !== null
        ? []
        : JOINERS.filter(([form]) => form.startsWith(word)).map(([form, label]) => ({
            insert: form,
            start,
            end,
            label,
            kind: 'operator',
            count: null,
          }));
  }
}

/** Where a string that the caret is in began; null if it is in none. */
function openQuote(text: string): number | null {
  let open: number | null = null;
  for (let i = 0; i < text.length; i++) {
    if (text[i] === '\\' && open !== null) i++;
    else if (text[i] === '"') open = open === null ? i : null;
  }
  return open;
}

function stringEnd(text: string, at: number): number {
  for (let i = at; i < text.length && i < at + 500; i++) {
    if (text[i] === '\\') i++;
    else if (text[i] === '"') return i + 1;
  }
  return at;
}

const TOKEN = /"(?:[^"\\]|\\.)*"|'[^']*'|[A-Za-z0-9_.:-]+(?:\/\d+)?|[=!<>~]+|&&|\|\||\[[^\]]*\]|[(){},#&+*/%|]/g;

function placeOf(before: string, registry: FieldRegistry): Place {
  const tokens: readonly string[] = before.match(TOKEN) ?? [];
  const last = tokens[tokens.length - 1];
  if (last === undefined) return { kind: 'name' };
  // A slice of a field is like the field.
  let at = tokens.length - 1;
  while (at > 0 && (tokens[at] as string).startsWith('[')) at--;
  const lastWord = tokens[at] as string;
  if (COMPARISONS.has(last)) {
    const entry = fieldBefore(tokens, tokens.length - 1, registry);
    return entry === undefined ? { kind: 'name' } : { kind: 'value', entry };
  }
  if (last === '{' || last === ',') {
    const open = tokens.lastIndexOf('{');
    if (open > 0 && tokens[open - 1] === 'in' && tokens.lastIndexOf('}') < open) {
      const entry = fieldBefore(tokens, open - 1, registry);
      if (entry !== undefined) return { kind: 'value', entry };
    }
    return { kind: 'name' };
  }
  if (/^(and|or|not|any|all|&&|\|\||!|\(|[&+*/%-])$/.test(last)) return { kind: 'name' };
  const previous = tokens[at - 1];
  const isValue = previous !== undefined && (COMPARISONS.has(previous) || previous === '{' || previous === ',');
  const entry = isValue ? undefined : registry.get(lastWord);
  if (entry !== undefined && entry.category !== 'none') return { kind: 'operator', entry };
  if (last === 'in') return { kind: 'name' };
  return { kind: 'joiner' };
}

/** The field to the left of the operator at tokens[at]. */
function fieldBefore(tokens: readonly string[], at: number, registry: FieldRegistry): FieldEntry | undefined {
  let i = at - 1;
  while (i > 0 && (tokens[i] as string).startsWith('[')) i--;
  const name = tokens[i];
  return name === undefined ? undefined : registry.get(name);
}

function names(word: string, start: number, end: number, facts: CompletionFacts, registry: FieldRegistry): Completion[] {
  const lower = word.toLowerCase();
  const found: { entry: FieldEntry; rank: number; count: number | null }[] = [];
  for (const entry of registry.sorted()) {
    const name = entry.abbrev.toLowerCase();
    const rank = rankOf(name, entry.label.toLowerCase(), lower);
    if (rank === null) continue;
    found.push({ entry, rank, count: null });
  }
  // With nothing typed all names fit: protocols are enough to begin with.
  const candidates = lower === '' ? found.filter(({ entry }) => entry.kind === 'protocol') : found;
  candidates.sort((a, b) => a.rank - b.rank || a.entry.abbrev.length - b.entry.abbrev.length);
  const few = candidates.slice(0, MAX_CANDIDATES);
  for (const one of few) one.count = facts.countOf(one.entry.abbrev);
  // In this capture first, then unknown, then those that do not occur.
  const place = (count: number | null): number => (count === null ? 1 : count > 0 ? 0 : 2);
  few.sort(
    (a, b) =>
      place(a.count) - place(b.count) || a.rank - b.rank || (b.count ?? 0) - (a.count ?? 0) || compareText(a.entry.abbrev, b.entry.abbrev),
  );
  const out: Completion[] = few.slice(0, MAX_COMPLETIONS).map(({ entry, count }) => ({
    insert: entry.abbrev,
    start,
    end,
    label: entry.label,
    kind: entry.kind,
    count,
  }));
  if (lower !== '') {
    for (const [name, label] of Object.entries(FUNCTIONS)) {
      if (name.startsWith(lower) && out.length < MAX_COMPLETIONS)
        out.push({ insert: `${name}(`, start, end, label, kind: 'function', count: null });
    }
  }
  return out;
}

function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** How well a name fits what was typed: the name begins with it, a part of the name does, it is inside, the label has it. */
function rankOf(name: string, label: string, typed: string): number | null {
  if (typed === '' || name === typed) return 0;
  if (name.startsWith(typed)) return name[typed.length] === '.' ? 1 : 2;
  if (name.includes(`.${typed}`) || name.includes(`_${typed}`)) return 3;
  if (typed.length < 2) return null;
  if (name.includes(typed)) return 4;
  return typed.length >= 3 && label.includes(typed) ? 5 : null;
}

function operators(entry: FieldEntry, word: string, start: number, end: number): Completion[] {
  const { category } = entry;
  const text = category === 'string' || category === 'bytes';
  return OPERATORS.filter(([form]) => {
    if (!form.startsWith(word)) return false;
    if (form === 'contains' || form === 'matches') return text;
    if (category === 'bool') return form === '==' || form === '!=';
    return true;
  }).map(([form, label]) => ({ insert: form, start, end, label, kind: 'operator', count: null }));
}

function values(entry: FieldEntry, word: string, start: number, end: number, facts: CompletionFacts): Completion[] {
  const lower = word.toLowerCase();
  const out: Completion[] = [];
  const seen = new Set<string>();
  const add = (insert: string, label: string, count: number | null): void => {
    if (seen.has(insert) || out.length >= MAX_COMPLETIONS) return;
    if (
      !insert.toLowerCase().startsWith(lower) &&
      !(lower !== '' && !lower.startsWith('"') && insert.toLowerCase().startsWith(`"${lower}`)) &&
      !label.toLowerCase().startsWith(lower)
    )
      return;
    seen.add(insert);
    out.push({ insert, start, end, label, kind: 'value', count });
  };
  for (const value of facts.valuesOf(entry.abbrev)) add(value.text, wordFor(entry, value.text), value.count);
  if (entry.category === 'bool') {
    add('True', entry.defs[0]?.bool?.[0] ?? 'Set', null);
    add('False', entry.defs[0]?.bool?.[1] ?? 'Not set', null);
  } else if (entry.category === 'int') {
    for (const def of entry.defs) {
      if (def.names === undefined || typeof def.names === 'function') continue;
      for (const [value, name] of def.names) add(String(value), name, null);
    }
  }
  return out;
}

/** The word for a value in the text of a filter. */
function wordFor(entry: FieldEntry, text: string): string {
  const value = Number(text);
  if (entry.category !== 'int' || !Number.isInteger(value)) return '';
  for (const def of entry.defs) {
    const word = typeof def.names === 'function' ? def.names(value) : def.names?.get(value);
    if (word !== undefined) return word;
  }
  return '';
}
