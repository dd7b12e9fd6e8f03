import { expect, it } from 'vitest';
import { bytesText } from '../../src/dissect/display.ts';

it('lengths in the line of a layer have thousands separators', () => {
  expect([0, 1, 2, 999, 1000, 7106, 65_535, 1_234_567].map(bytesText)).toEqual([
    '0 bytes',
    '1 byte',
    '2 bytes',
    '999 bytes',
    '1,000 bytes',
    '7,106 bytes',
    '65,535 bytes',
    '1,234,567 bytes',
  ]);
});
