import { expect, it } from 'vitest';
import { roomBeside, STEPS, tick, WHOLE_STEPS } from '../../renderer/ticks.ts';

it('writes beside every mark of an axis where it is, not where it nearly is', () => {
  for (const step of STEPS) {
    for (let k = 0; k <= 12; k++) expect(Math.abs(Number(tick(k * step, step)) - k * step), `${k} · ${step}`).toBeLessThan(step * 1e-6);
  }
  expect(tick(0.004, 0.002)).toBe('0.004');
  expect(tick(1.5, 0.5)).toBe('1.5');
  expect(tick(20, 10)).toBe('20');
  expect(tick(5e-7, 5e-7)).toBe('0.0000005');
});

it('has whole distances for what has no halves', () => {
  expect(WHOLE_STEPS.slice(0, 5)).toEqual([1, 2, 5, 10, 20]);
});

it('the last label of an axis has room beside the plot for its half', () => {
  expect(roomBeside([])).toBe(12);
  expect(roomBeside(['0 s', '2 s'])).toBe(12);
  // 6 px a character at most, half of them beside the edge.
  expect(roomBeside(['0.000000 s', '0.000123 s'])).toBeGreaterThanOrEqual(30);
});
