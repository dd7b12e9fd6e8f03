import { expect, it } from 'vitest';
import { entryOf } from '../../src/words/entry-of.ts';

it('a table has entries of its own only, whatever a packet calls them', () => {
  const table = { GET: 'asks for a resource' };
  expect(entryOf(table, 'GET')).toBe('asks for a resource');
  for (const name of ['POST', '__proto__', 'constructor', 'toString', 'hasOwnProperty', '']) expect(entryOf(table, name)).toBeUndefined();
});
