import { expect, it } from 'vitest';
import { linkTypeName, linkTypeOf, linkTypeShort } from '../../src/file/link-types.ts';

it('link types have the names that people and capinfos use', () => {
  expect([0, 1, 12, 101, 113, 147, 162, 228, 276].map(linkTypeShort)).toEqual([
    'null',
    'ether',
    'rawip',
    'rawip',
    'linux-sll',
    'user0',
    'user15',
    'rawip4',
    'linux-sll2',
  ]);
  expect(linkTypeName(1)).toBe('Ethernet');
  expect(linkTypeName(284)).toBe('Ethernet with Marvell DSA switch tag');
  expect(linkTypeOf(195)).toEqual({ number: 195, constant: 'IEEE802_15_4_WITHFCS', name: 'IEEE 802.15.4 Wireless PAN', short: 'wpan' });
});

it('a link type without a name has its number', () => {
  expect(linkTypeName(9999)).toBe('link type 9999');
  expect(linkTypeShort(9999)).toBe('unknown');
  expect(linkTypeOf(9999)).toBeUndefined();
});
