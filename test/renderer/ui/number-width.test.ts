import { describe, expect, it } from 'vitest';
import { digitsUp, numberColumn, numberWidth } from '../../../renderer/ui/number-width.ts';

describe('columns of numbers', () => {
  it('have room for the largest number, with what is beside it', () => {
    expect(numberColumn(9, 46)).toEqual({ initialWidth: 46, minWidth: 46 });
    expect(numberColumn(15_249, 46).minWidth).toBeGreaterThanOrEqual(5 * 7.47 + 12);
    expect(numberColumn(135_602, 46, { separators: true }).minWidth).toBeGreaterThanOrEqual(6 * 7.47 + 3.1 + 12);
    expect(numberColumn(15_249, 58, { beside: 16 }).minWidth).toBe(numberWidth(15_249) + 16 + 13);
  });

  it('keep their width while the number of digits is the same', () => {
    expect([0, 9, 10, 99, 100, 15_249].map(digitsUp)).toEqual([9, 9, 99, 99, 999, 99_999]);
  });
});
