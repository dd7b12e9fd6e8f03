/** Adding, removing and switching off the top-level `and` terms of a display filter: text in, text out. */
import type { FilterTerm } from '../../src/messages.ts';

/** A chip: one term, on or switched off. */
export interface Chip {
  readonly text: string;
  readonly off: boolean;
}

/** Terms are the same if they differ in white space only. */
function sameTerm(a: string, b: string): boolean {
  return squeeze(a) === squeeze(b);
}

function squeeze(text: string): string {
  return text.trim().replace(/\s+/g, ' ');
}

/** True if the text is a disjunction at its top level, so that it needs parentheses before another term joins it. */
export function needsParentheses(text: string): boolean {
  let depth = 0;
  let quote = '';
  for (let i = 0; i < text.length; i++) {
    const c = text[i] ?? '';
    if (quote !== '') {
      if (c === '\\') i++;
      else if (c === quote) quote = '';
      continue;
    }
    if (c === '"' || c === "'") quote = c;
    else if (c === '(' || c === '[' || c === '{') depth++;
    else if (c === ')' || c === ']' || c === '}') depth--;
    else if (depth === 0) {
      const rest = text.slice(i, i + 5);
      if (rest.startsWith('||') || rest.startsWith('^^')) return true;
      if (/^(or|xor)\b/i.test(rest) && (i === 0 || !/[\w.]/.test(text[i - 1] ?? ''))) return true;
    }
  }
  return false;
}

/** One term, in parentheses where it must be. */
function asTerm(text: string): string {
  const bare = text.trim();
  return needsParentheses(bare) ? `(${bare})` : bare;
}

/** The filter that chips stand for. A single chip stays as it was written. */
export function joinChips(chips: readonly Chip[]): string {
  const on = chips.filter((chip) => !chip.off && chip.text.trim() !== '');
  const first = on[0];
  if (on.length === 1 && first !== undefined) return first.text.trim();
  return on.map((chip) => asTerm(chip.text)).join(' && ');
}

/**
 * Chips after a filter was applied: its terms, all on, with the chips that were switched off kept at about their place.
 * An empty filter text drops them too: clearing means all.
 */
export function mergeChips(before: readonly Chip[], terms: readonly FilterTerm[], keepOff: boolean): readonly Chip[] {
  const chips: Chip[] = terms.map((term) => ({ text: term.text, off: false }));
  if (!keepOff) return chips;
  before.forEach((chip, index) => {
    if (!chip.off || chips.some((other) => sameTerm(other.text, chip.text))) return;
    chips.splice(Math.min(index, chips.length), 0, chip);
  });
  return chips;
}

/** The term that leaves out what `term` selects. */
function negated(term: string): string {
  return `!(${term.trim()})`;
}

/** How a term stands in a filter. */
export function termState(chips: readonly Chip[], term: string): 'on' | 'excluded' | 'none' {
  for (const chip of chips) {
    if (chip.off) continue;
    if (sameTerm(chip.text, term) || sameTerm(chip.text, `(${term})`)) return 'on';
    if (sameTerm(chip.text, negated(term))) return 'excluded';
  }
  return 'none';
}

/** Adds a term; a chip of the same term that was off is switched on; its opposite goes. */
export function addTerm(chips: readonly Chip[], term: string): readonly Chip[] {
  const rest = chips.filter((chip) => !sameTerm(chip.text, negated(term)));
  if (rest.some((chip) => sameTerm(chip.text, term))) {
    return rest.map((chip) => (sameTerm(chip.text, term) ? { ...chip, off: false } : chip));
  }
  return [...rest, { text: term, off: false }];
}

/** Takes a term and its opposite away. */
export function removeTerm(chips: readonly Chip[], term: string): readonly Chip[] {
  return chips.filter((chip) => !sameTerm(chip.text, term) && !sameTerm(chip.text, `(${term})`) && !sameTerm(chip.text, negated(term)));
}

/** Adds the opposite of a term, and takes the term itself away. */
export function excludeTerm(chips: readonly Chip[], term: string): readonly Chip[] {
  return addTerm(removeTerm(chips, term), negated(term));
}

/** Click on a facet value: adds the term, or takes it (or its opposite) away again. */
export function toggleTerm(chips: readonly Chip[], term: string): readonly Chip[] {
  return termState(chips, term) === 'none' ? addTerm(chips, term) : removeTerm(chips, term);
}

/** Alt+click: excludes, or takes the exclusion away again. */
export function toggleExclude(chips: readonly Chip[], term: string): readonly Chip[] {
  return termState(chips, term) === 'excluded' ? removeTerm(chips, term) : excludeTerm(chips, term);
}

/** The whole filter or the term. */
export function orTerm(filter: string, term: string): string {
  return filter.trim() === '' ? term.trim() : `${/&&|\band\b/i.test(filter) ? `(${filter.trim()})` : filter.trim()} || ${asTerm(term)}`;
}
