import { describe, expect, it } from 'vitest';
import { grouped, stepCursor, take } from '../../../renderer/filter-bar/completions.ts';
import type { Completion } from '../../../src/messages.ts';

const item = (insert: string, count: number | null, kind: Completion['kind'] = 'field'): Completion => ({
  insert,
  start: 4,
  end: 7,
  label: '',
  kind,
  count,
});

describe('completions', () => {
  it('show what is in the capture first, then values, and what is not in it last', () => {
    const groups = grouped([item('absent', 0), item('here', 12), item('200', 8, 'value'), item('==', null, 'operator')]);
    expect(groups.map((group) => group.items.map((entry) => `${entry.index}:${entry.item.insert}`))).toEqual([
      ['0:here'],
      ['1:200'],
      ['2:=='],
      ['3:absent'],
    ]);
  });

  it('replace just the span they name', () => {
    expect(take('ip &tcp.po == 1', item('tcp.port', 1))).toEqual({ text: 'ip &tcp.port.po == 1', caret: 12 });
  });

  it('go round at the ends', () => {
    expect(stepCursor(-1, 1, 3)).toBe(0);
    expect(stepCursor(-1, -1, 3)).toBe(2);
    expect(stepCursor(2, 1, 3)).toBe(0);
    expect(stepCursor(0, -1, 3)).toBe(2);
    expect(stepCursor(0, 1, 0)).toBe(-1);
  });
});
