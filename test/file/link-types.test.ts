import { expect, it } from 'vitest';
import { linkTypeName } from '../../src/file/link-types.ts';

it('link types have the names that the registry gives them', () => {
  expect([1, 101, 113, 147, 162, 195, 284].map(linkTypeName)).toEqual([
    'Ethernet',
    'Raw IP',
    'Linux cooked-mode capture v1',
    'USER 0',
    'USER 15',
    'IEEE 802.15.4 Wireless PAN',
    'Ethernet with Marvell DSA switch tag',
  ]);
});

it('a link type without a name has its number', () => {
  expect(linkTypeName(9999)).toBe('link type 9999');
});
