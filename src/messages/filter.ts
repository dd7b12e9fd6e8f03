/** Display filters: what is wrong with one, how it goes on, what a facet or the minimap offers. Plain data: see ../messages.ts. */
import type { Hue } from './tree.ts';

export interface FilterError {
  /** Span in the text as typed, in UTF-16 units from 0; `end` exclusive. */
  readonly start: number;
  readonly end: number;
  /** What is wrong and what was expected, one or two sentences; the window adds the position. */
  readonly message: string;
  /** One replacement of the span that would be right, if there is a good one. */
  readonly fix?: string;
}

/** A top-level `and` term of a filter, for chips. */
export interface FilterTerm {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

export type FilterCheck =
  | { readonly ok: true; readonly expanded: string; readonly terms: readonly FilterTerm[] }
  | { readonly ok: false; readonly error: FilterError };

export interface Completion {
  /** Text to put in place of [start, end) of the input. */
  readonly insert: string;
  readonly start: number;
  readonly end: number;
  /** What it is: 'Source Port', '', 'Transmission Control Protocol'. */
  readonly label: string;
  readonly kind: 'field' | 'protocol' | 'value' | 'operator' | 'function';
  /** Packets in this capture that have the protocol or value; of a field: that have its protocol. Null: not known. */
  readonly count: number | null;
}

export interface FacetValue {
  /** Shown: 'TCP', '443', 'Retransmission'. */
  readonly label: string;
  /** Quieter text after it: 'https'. */
  readonly note?: string;
  readonly hue?: Hue;
  readonly tone?: 'good' | 'neutral' | 'warn' | 'bad';
  /** Filter term that selects it: `tcp.port == 443`. */
  readonly filter: string;
  /** Packets (or connections, where `unit` says so) with the present filter, leaving out this group's own conditions. */
  readonly count: number;
  /** In the whole capture. */
  readonly total: number;
}

export interface Facet {
  readonly id: 'protocols' | 'trouble' | 'ports' | 'connections' | 'statuses' | 'hosts';
  readonly title: string;
  readonly unit: 'packets' | 'connections';
  /** Most frequent first, at most 64. */
  readonly values: readonly FacetValue[];
}

/** One bucket of the minimap: the strongest thing in a stretch of the view. */
export interface MinimapBucket {
  readonly hue: Hue;
  readonly trouble: 'none' | 'warn' | 'bad';
}
