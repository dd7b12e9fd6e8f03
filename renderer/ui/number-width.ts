/** Widths of columns of numbers: they grow with the capture, and none is ever cut. Pure. */
import { count } from '../format.ts';

/** Widths of characters in the tables' font (11.5 px, tabular numerals), px. */
const DIGIT = 7.5;
const SEPARATOR = 3.2;
/** Padding of a cell on both sides, and one pixel against rounding. */
const PADDING = 13;

/** Width of a number in a table, px; with `separators` as `count` writes it. */
export function numberWidth(most: number, separators = false): number {
  const text = separators ? count(most) : String(most);
  const digits = text.replace(/\D/g, '').length;
  return Math.ceil(digits * DIGIT + (text.length - digits) * SEPARATOR);
}

/** The largest number with as many digits: what is as wide as a number, and changes less often. */
export function digitsUp(number: number): number {
  return 10 ** String(number).length - 1;
}

/** Width of a column of numbers up to `most` that is never narrower than `least`, with `beside` px for what else is in its cells. */
export function numberColumn(
  most: number,
  least: number,
  { separators = false, beside = 0 } = {},
): { initialWidth: number; minWidth: number } {
  const width = Math.max(least, numberWidth(most, separators) + beside + PADDING);
  return { initialWidth: width, minWidth: width };
}
