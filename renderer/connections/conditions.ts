/** What is typed under a column's name, as a condition for the engine. */
import type { ConnectionColumn, ConnectionCondition } from '../../src/messages.ts';
import { named } from '../engine-words.ts';
import { words } from './words.ts';

/**
 * What the numbers of a column are: `ms` and `s` are times (the engine counts both in milliseconds where the column does), `share` is typed in
 * percent, `rate` in bits per second, `text` is no number, and `words` is a text that the window says in its own words.
 */
export type ConditionKind = 'count' | 'ms' | 's' | 'start' | 'share' | 'rate' | 'text' | 'words';

/** How many of the engine's numbers one that is typed stands for. */
const SCALE: Readonly<Record<Exclude<ConditionKind, 'text' | 'words'>, number>> = {
  count: 1,
  ms: 1,
  s: 1000,
  start: 1,
  share: 0.01,
  rate: 1,
};

/** What may stand after a number. Times are in the unit of the column without one. */
const SUFFIX: Readonly<Record<string, number>> = { k: 1e3, m: 1e6, g: 1e9 };
const TIMES: Readonly<Record<string, number>> = { µs: 0.001, us: 0.001, ms: 1, s: 1000, min: 60_000 };

/** Texts of the engine in these columns, and what the window says for each. */
const SAID: Partial<Record<ConnectionColumn, () => readonly (readonly [string, string])[]>> = {
  outcome: () => OUTCOMES.map((each) => [each, named(each)]),
  handshake: () => Object.entries(words.handshakeWords),
  closedBy: () => Object.entries(words.sides),
};

export const OUTCOMES = [
  'Refused',
  'Reset by client',
  'Reset by server',
  'No answer',
  'Half-open',
  'Closed by both',
  'Closed by client',
  'Closed by server',
  'Half-closed by client',
  'Half-closed by server',
  'Still open',
] as const;

/** The condition for a text; null: none, because nothing is typed or it says nothing. */
export function conditionOf(column: ConnectionColumn, kind: ConditionKind, typed: string): ConnectionCondition | null {
  const text = typed.trim();
  if (text === '') return null;
  if (kind === 'text') return { column, contains: text };
  if (kind === 'words') {
    const wanted = text.toLowerCase();
    const all = SAID[column]?.() ?? [];
    return { column, oneOf: all.filter(([, said]) => said.toLowerCase().includes(wanted)).map(([engine]) => engine) };
  }
  const range = rangeOf(text, kind);
  return range === null ? null : { column, ...range };
}

/** `5`, `>= 5`, `<10`, `5-10`, `5..10`: the least and the most. Null: it is no number. */
function rangeOf(text: string, kind: keyof typeof SCALE): { least?: number; most?: number } | null {
  const between = /^(.+?)\s*(?:\.\.|–|-)\s*(.+)$/.exec(text);
  if (between !== null) {
    const least = typedNumber(between[1] as string, kind);
    const most = typedNumber(between[2] as string, kind);
    if (least !== null && most !== null) return { least, most };
  }
  const match = /^(>=|<=|≥|≤|>|<|==?)?\s*(.+)$/.exec(text);
  const value = match === null ? null : typedNumber(match[2] as string, kind);
  if (match === null || value === null) return null;
  const tiny = Math.max(Math.abs(value), 1) * Number.EPSILON;
  switch (match[1]) {
    case '>':
      return { least: value + tiny };
    case '<':
      return { most: value - tiny };
    case '<=':
    case '≤':
      return { most: value };
    case '=':
    case '==':
      return { least: value, most: value };
    case '>=':
    case '≥':
      return { least: value };
    // Counts are looked for as they are, measures from there on.
    default:
      return kind === 'count' ? { least: value, most: value } : { least: value };
  }
}

function typedNumber(text: string, kind: keyof typeof SCALE): number | null {
  const match = /^(\d[\d,]*(?:\.\d+)?|\.\d+)\s*(%|µs|us|ms|min|s|[kmg](?:bit\/s|b)?)?$/i.exec(text.trim());
  if (match === null) return null;
  const value = Number((match[1] as string).replaceAll(',', ''));
  const unit = (match[2] ?? '').toLowerCase();
  const time = kind === 'ms' || kind === 's' || kind === 'start';
  if (time) {
    if (unit === '') return value * SCALE[kind];
    const ms = TIMES[unit];
    return ms === undefined ? null : kind === 'start' ? (value * ms) / 1000 : value * ms;
  }
  if (unit === '%') return kind === 'share' ? value * SCALE.share : null;
  if (unit === '') return value * SCALE[kind];
  const factor = SUFFIX[unit.charAt(0)];
  return factor === undefined || kind === 'share' || unit === 'ms' || unit === 'min' ? null : value * factor;
}
