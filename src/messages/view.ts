/** Rows of the packet list and the view that they are of. Plain data: see ../messages.ts. */

import type { CaptureState, Mark } from './capture.ts';
import type { FieldValue, Hue } from './tree.ts';

export interface RowSummary {
  /** Row in the capture, from 0; the packet's number is row + 1. */
  readonly row: number;
  /** Seconds since the first packet, with `timePrecision` decimals. */
  readonly time: string;
  readonly source: string;
  readonly destination: string;
  /** Port as text, '' if none; source and destination do not contain it. */
  readonly sourcePort: string;
  readonly destinationPort: string;
  readonly protocol: string;
  readonly hue: Hue;
  readonly length: number;
  readonly info: string;
  readonly marks: readonly Mark[];
  readonly stream: number | null;
  readonly transport: 'tcp' | 'udp' | null;
  /** Of the fields that were asked for. */
  readonly fields: readonly RowField[];
}

/** Fields that the list shows as columns of their own, at most. */
export const MOST_FIELD_COLUMNS = 16;

/** Packets that can be marked, at most: each is marked by hand. */
export const MOST_MARKED = 10_000;

/** The rows on show: all, or those that match the filter. */
export interface ViewState {
  /** Number of the view: changes when another filter is applied, not when rows are added. */
  readonly view: number;
  /** Text of the filter as applied, '' for none; expanded (`443` became `tcp.port == 443 || udp.port == 443`). */
  readonly filter: string;
  /** Rows that match so far. */
  readonly matched: number;
  /** Rows looked at so far. */
  readonly scanned: number;
  /** False while a scan is going on. */
  readonly complete: boolean;
  /** Time the scan took so far, ms. */
  readonly elapsedMs: number;
  /** What the rows are sorted by: a column of the list or a field; `done`: how far that is, 0 to 1. Null: as in the file. */
  readonly sorting: { readonly column: string; readonly descending: boolean; readonly done: number } | null;
}

/** Rows that go along with news: those from position `from` on, with the values of `fields`. */
export interface RowsAlong {
  readonly from: number;
  readonly rows: readonly RowSummary[];
  readonly fields: readonly string[];
}

/** News of the view, with rows that the window is about to show. */
export interface ViewNews extends ViewState {
  readonly along?: RowsAlong;
}

/** News of a capture. The first news of one bring its view along: a window makes one picture of both. */
export interface StateNews extends CaptureState {
  readonly view?: ViewNews;
}

/** A field's value in a column that the user chose. */
export interface RowField {
  /** As shown, '' if the packet has no such field; several values with ', ' between them. */
  readonly text: string;
  /** Of the first: what a filter on it is made of; null without one. */
  readonly first: { readonly value: FieldValue; readonly display: string; readonly generated: boolean } | null;
}
