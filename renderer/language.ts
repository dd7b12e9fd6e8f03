/** Shared with the command line. */
export * from '../src/words/language.ts';
