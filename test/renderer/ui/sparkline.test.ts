import { describe, expect, it } from 'vitest';
import { linePath } from '../../../renderer/ui/Sparkline.tsx';

describe('a sparkline', () => {
  it('has its newest value at the right edge and its highest at the top', () => {
    expect(linePath([0, 10], 3, 100, 20).line).toBe('M50.0 19.0L100.0 2.0');
  });

  it('is no line before anything was measured: a flat one would say that nothing passed', () => {
    expect(linePath([], 3, 100, 20)).toEqual({ line: '', area: '' });
  });

  it('stays at the bottom while nothing happens', () => {
    expect(linePath([0, 0], 2, 10, 20).line).toBe('M0.0 19.0L10.0 19.0');
  });
});
