/** The order of a table's rows. */
import { expect, it } from 'vitest';
import { isSameOrder, orderOf } from '../../../renderer/ui/order.ts';

const COLUMNS = ['stream', 'bytes'] as const;
const usual = { sort: 'bytes', descending: true } as const;

it('is what the head with the arrow asks for', () => {
  expect(orderOf({ sortModel: [{ colId: 'stream', sort: 'desc' }] }, COLUMNS, usual)).toEqual({ sort: 'stream', descending: true });
  expect(orderOf({ sortModel: [{ colId: 'bytes', sort: 'asc' }] }, COLUMNS, usual)).toEqual({ sort: 'bytes', descending: false });
});

it('is the usual one without an arrow, and where the engine does not sort by the column', () => {
  expect(orderOf({ sortModel: [] }, COLUMNS, usual)).toBe(usual);
  expect(orderOf({ sortModel: [{ colId: 'waterfall', sort: 'asc' }] }, COLUMNS, usual)).toBe(usual);
});

it('is another one the other way round', () => {
  expect(isSameOrder(usual, { sort: 'bytes', descending: true })).toBe(true);
  expect(isSameOrder(usual, { sort: 'bytes', descending: false })).toBe(false);
});
