/** Display filters: Wireshark's language (as of 4.0), checked, completed, and compiled for the index columns and for full dissection. */
import type { CaptureIndex } from '../dissect/capture-index.ts';
import type { Dissection } from '../dissect/dissection.ts';
import { MARKED_FIELD } from '../dissect/marked-rows.ts';
import type { Wanted } from '../dissect/wanted.ts';
import type { FilterCheck, FilterError, FilterTerm } from '../messages.ts';
import { check } from './check.ts';
import { Collector, type Occurrence } from './collect.ts';
import { compileColumns } from './compile-columns.ts';
import { compileFull } from './compile-full.ts';
import { FilterFault } from './error.ts';
import { type FieldRegistry, fieldRegistry } from './fields.ts';
import { parse } from './parse.ts';
import type { RowBits } from './row-bits.ts';
import { expandBare, topTerms } from './terms.ts';
import { wantedBy } from './wanted-fields.ts';

export type { Occurrence } from './collect.ts';
export { type CompletionFacts, complete } from './complete.ts';
export { type FieldEntry, fieldRegistry } from './fields.ts';
export { makeRowBits, type RowBits, verdict } from './row-bits.ts';

/** The one field that a filter asks about. */
export interface SingleField {
  readonly name: string;
  /** Its occurrences in a dissection. */
  values(d: Dissection): readonly Occurrence[];
  /** Whether a packet with these matches. */
  holds(occurrences: readonly Occurrence[]): boolean;
}

/** A filter ready to run. */
export interface CompiledFilter {
  /** As typed. */
  readonly text: string;
  /** With shorthands written out: `443` is `tcp.port == 443 || udp.port == 443`. */
  readonly expanded: string;
  /** Top-level `and` terms, with their places in `expanded`. */
  readonly terms: readonly FilterTerm[];
  /** False if scan() decides every row by itself, for any capture. */
  readonly needsDissection: boolean;
  /** Names of the fields and protocols that it asks about. */
  readonly fields: readonly string[];
  /** It asks which packets are marked: what it has found holds until others are. */
  readonly asksMarks: boolean;
  /** What matches() reads of a packet (`dissectFor`); null: anything. */
  readonly wanted: Wanted | null;
  /** Where nothing but one field decides; null for others. */
  readonly single: SingleField | null;
  /** Full depth: does the packet match? */
  matches(d: Dissection): boolean;
  /**
   * Index depth: verdicts on the rows [from, to) into `out` (made by `makeRowBits(from, to)`, or larger). Rows that are possible but not
   * sure have to be asked about with matches().
   */
  scan(capture: CaptureIndex, from: number, to: number, out: RowBits): void;
}

export type CompileResult = { readonly ok: true; readonly filter: CompiledFilter } | { readonly ok: false; readonly error: FilterError };

/** Compiles a filter; empty text matches every packet. Never throws for any text. Spans of errors are in the text as typed. */
export function compileFilter(text: string, registry: FieldRegistry = fieldRegistry()): CompileResult {
  const bare = expandBare(text);
  const expanded = bare ?? text;
  try {
    const tree = parse(expanded);
    const checked = check(tree, expanded, registry);
    const predicate = compileFull(checked.test);
    const columns = compileColumns(checked.test, checked.slots);
    const collector = new Collector(checked.slots);
    const wanted = wantedBy(checked.slots);
    const [only] = checked.slots;
    return {
      ok: true,
      filter: {
        text,
        expanded,
        terms: topTerms(tree, expanded),
        needsDissection: columns.undecided,
        fields: checked.slots.map((entry) => entry.abbrev),
        asksMarks: checked.slots.some((entry) => entry.abbrev === MARKED_FIELD),
        wanted,
        single:
          only?.kind === 'field' && checked.slots.length === 1 && wanted !== null
            ? {
                name: only.abbrev,
                values: (d) => collector.collect(d)[0] as readonly Occurrence[],
                holds: (occurrences) => predicate([occurrences]),
              }
            : null,
        matches: (d) => predicate(collector.collect(d)),
        scan: columns.scan,
      },
    };
  } catch (error) {
    if (!(error instanceof FilterFault)) throw error;
    return { ok: false, error: bare === null ? error.toError() : { start: 0, end: text.length, message: error.message } };
  }
}

/** Makes what the first filter of a process needs (the table of all fields, above all), so that nobody waits for it: about 10 ms. */
export function prepareFilters(): void {
  compileFilter('tcp.port == 80 && ip.addr == 192.0.2.1');
}

/** Checks a filter without keeping it. */
export function checkFilter(text: string, registry: FieldRegistry = fieldRegistry()): FilterCheck {
  const result = compileFilter(text, registry);
  return result.ok ? { ok: true, expanded: result.filter.expanded, terms: result.filter.terms } : result;
}
