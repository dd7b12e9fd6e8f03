/** What stands in an open layer card, line by line: fields, their bit boxes, notes. */
import type { FieldNode, LayerNode } from '../../src/messages.ts';
import type { BitBox } from './bits.ts';
import { bitBoxes } from './bits.ts';
import type { FieldKey } from './fields.ts';

export interface FieldRowModel {
  readonly kind: 'field';
  readonly key: FieldKey;
  readonly field: FieldNode;
  /** 0 for fields of the layer itself. */
  readonly depth: number;
  readonly foldable: boolean;
  readonly open: boolean;
  readonly bits: readonly BitBox[] | null;
}

export interface NoteRowModel {
  readonly kind: 'note';
  readonly key: FieldKey;
  readonly field: FieldNode;
  readonly depth: number;
}

export type RowModel = FieldRowModel | NoteRowModel;

/** Name under which the fold of a field is remembered from packet to packet. */
export function foldName(protocol: string, field: FieldNode): string {
  return `${protocol} ${field.abbrev === '' ? field.label.replace(/[\d.]+/g, '#') : field.abbrev}`;
}

/** Rows built at once; a layer with more fields shows the rest on request. */
export const ROWS_AT_ONCE = 300;

/**
 * The rows of an open layer, at most `limit`; `total` counts them all. Notes stand below the field that they are about, also when
 * that field is folded; mere chat (a request was made, a connection begins) waits until it is unfolded.
 */
export function rowsOf(
  layer: LayerNode,
  index: number,
  isOpen: (name: string) => boolean,
  limit = ROWS_AT_ONCE,
): { rows: RowModel[]; total: number } {
  const rows: RowModel[] = [];
  let total = 0;
  const put = (row: RowModel) => {
    total++;
    if (rows.length < limit) rows.push(row);
  };
  const notesBelow = (fields: readonly FieldNode[], prefix: string, depth: number, chat: boolean) => {
    fields.forEach((field, i) => {
      if (field.hidden) return;
      if (field.severity !== null && (chat || field.severity !== 'chat')) put({ kind: 'note', key: `${prefix}.${i}`, field, depth });
      if (field.children.length > 0) notesBelow(field.children, `${prefix}.${i}`, depth, chat);
    });
  };
  const walk = (fields: readonly FieldNode[], prefix: string, depth: number) => {
    fields.forEach((field, i) => {
      if (field.hidden) return;
      const key = `${prefix}.${i}`;
      if (field.severity !== null) {
        put({ kind: 'note', key, field, depth });
        if (field.children.length > 0) walk(field.children, key, depth);
        return;
      }
      const foldable = field.children.some((child) => !child.hidden && child.severity === null);
      const open = foldable && isOpen(foldName(layer.protocol, field));
      put({ kind: 'field', key, field, depth, foldable, open, bits: field.children.length > 1 ? bitBoxes(field) : null });
      if (open) walk(field.children, key, depth + 1);
      else if (field.children.length > 0) notesBelow(field.children, key, depth, !foldable);
    });
  };
  walk(layer.fields, String(index), 0);
  return { rows, total };
}

/** What a level of fields stands further in, in px. */
export const INDENT = 14;

/** Bounds of the column of labels, in px: what short ones take, and what leaves room for values. */
const LABELS_LEAST = 142;
const LABELS_MOST = 200;

/**
 * Width of the column of labels of a card, in px, from its left edge on: that of the longest label beside a value, so that none is cut and
 * all values begin at one place. `measure` gives the width of a text in px.
 */
export function labelsWidth(rows: readonly RowModel[], measure: (text: string) => number): number {
  let widest = LABELS_LEAST;
  for (const row of rows) {
    if (row.kind !== 'field' || row.field.display === '') continue;
    widest = Math.max(widest, row.depth * INDENT + Math.ceil(measure(row.field.label)) + 1);
    if (widest >= LABELS_MOST) return LABELS_MOST;
  }
  return widest;
}

/** Cards that are open: as remembered for the protocol, else the innermost two. */
export function isCardOpen(layers: readonly LayerNode[], index: number, remembered: Readonly<Record<string, boolean>>): boolean {
  const layer = layers[index];
  if (layer === undefined) return false;
  return remembered[layer.protocol] ?? index >= layers.length - 2;
}
