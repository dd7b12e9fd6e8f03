/** Bounds on a filter text, against input made to use up time, memory or the stack. Each has its own error. */

/** Characters (UTF-16 units) of a filter. */
export const MAX_TEXT = 10_000;
/** Parentheses, braces, functions and `not`s inside each other. */
export const MAX_DEPTH = 100;
/** Members of one set. */
export const MAX_SET = 2000;
/** Comparisons, names and operators in a filter. */
export const MAX_NODES = 4096;
/** States of one compiled regular expression. */
export const MAX_REGEX_STATES = 4000;
/** Largest count in `{m,n}` of a regular expression. */
export const MAX_REGEX_COUNT = 1000;
/** Values kept of one derived operand in one packet (products of fields that occur often). */
export const MAX_VALUES = 65_536;
