/** The column of labels of a layer card. */
import { describe, expect, it } from 'vitest';
import { labelsWidth, rowsOf } from '../../../renderer/inspector/rows.ts';
import type { FieldNode } from '../../../src/messages.ts';
import { field, layer } from './nodes.ts';

/** Seven px a character. */
const measure = (text: string): number => text.length * 7;
const widthOf = (fields: readonly FieldNode[]): number =>
  labelsWidth(rowsOf(layer('tcp', 0, 20, 20, { fields: [...fields] }), 0, () => true).rows, measure);
const labelled = (label: string, more: Partial<FieldNode> = {}): FieldNode => field('tcp.x', 0, 1, { label, display: '1', ...more });

describe('the column of labels', () => {
  it('is as wide as the longest label of the card, so that none is cut', () => {
    const label = 'Acknowledgment number (raw)';
    expect(widthOf([labelled('Source Port'), labelled(label)])).toBe(measure(label) + 1);
  });

  it('is no narrower for short labels', () => {
    expect(widthOf([labelled('Window')])).toBe(142);
    expect(widthOf([])).toBe(142);
  });

  it('counts how far in a field stands', () => {
    const inner = 'Twenty-one characters';
    expect(widthOf([labelled('Options', { children: [labelled(inner)] })])).toBe(14 + measure(inner) + 1);
  });

  it('leaves room for values, however long a label is', () => {
    expect(widthOf([labelled('x'.repeat(500))])).toBe(200);
  });

  it('takes no notice of a label that has its line for itself', () => {
    expect(widthOf([labelled('POST /api/checkout HTTP/1.1', { display: '' }), labelled('Host')])).toBe(142);
  });
});
