import { describe, expect, it } from 'vitest';
import { data } from '../../src/dissect/data.ts';
import { dissect, TestCapture, values } from '../protocols/app-fixtures.ts';

describe('bytes that nobody claimed', () => {
  it('are shown with their length and say nothing in the columns', () => {
    const capture = new TestCapture();
    const d = dissect(capture, capture.row(), data, Uint8Array.of(1, 2, 3));
    expect(values(d, 'data.data')).toEqual([[1, 2, 3]]);
    expect(values(d, 'data.len')).toEqual([3]);
    expect(d.layers[0]?.summary).toBe('Len=3');
    expect(d.columns.info).toBe('');
  });

  it('may be none at all', () => {
    const capture = new TestCapture();
    expect(values(dissect(capture, capture.row(), data, new Uint8Array(0)), 'data.len')).toEqual([]);
  });
});
