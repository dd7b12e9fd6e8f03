/** A request that fails: what went wrong, in words. Plain data: see ../messages.ts. */

/** What went wrong and what to do, in words for the user. */
export interface Failure {
  readonly code: 'not-found' | 'permission' | 'format' | 'busy' | 'no-such' | 'invalid' | 'unavailable' | 'io' | 'internal';
  readonly message: string;
  /** What to do, if there is something: one sentence, or a command to run. */
  readonly advice?: string;
  /** Shell commands that would help, any one of them, the safest first; shown with a copy button. */
  readonly commands?: readonly string[];
  /** What each of several commands does, one sentence for each, in their order. */
  readonly ways?: readonly string[];
}

/** Result of a request as it crosses the line. */
export type Answer<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly failure: Failure };
