import fc from 'fast-check';
import { expect, it } from 'vitest';
import { lowerBound, lowerBoundBy } from '../../src/table/ascending.ts';

const ascending = fc.array(fc.nat(40), { maxLength: 30 }).map((numbers) => Uint32Array.from(numbers).sort());

it('finds the first that is not below a number, or the end', () => {
  fc.assert(
    fc.property(ascending, fc.nat(42), (numbers, value) => {
      const place = numbers.findIndex((each) => each >= value);
      const wanted = place < 0 ? numbers.length : place;
      expect(lowerBound(numbers, value)).toBe(wanted);
      expect(
        lowerBoundBy(
          [...numbers].map((number) => ({ number })),
          (each) => each.number,
          value,
        ),
      ).toBe(wanted);
    }),
  );
});

it('looks at no more than it is told of a longer column', () => {
  expect(lowerBound(Uint32Array.of(3, 5, 9, 0, 0), 9, 3)).toBe(2);
  expect(lowerBound(Uint32Array.of(3, 5, 9, 0, 0), 10, 3)).toBe(3);
  expect(lowerBound(new Uint32Array(8), 1, 0)).toBe(0);
});
