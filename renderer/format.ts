/** Shared with the command line. */
export * from '../src/words/format.ts';
