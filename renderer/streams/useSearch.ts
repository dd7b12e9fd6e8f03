import { useCallback, useEffect, useRef, useState } from 'react';
import type { FollowCursor, FollowMatch, FollowTarget, Transport } from '../../src/messages.ts';
import { said } from '../engine-words.ts';

/** Matches that are kept: a search stops there and says so. */
export const MOST_MATCHES = 10_000;

export interface Search {
  readonly matches: readonly FollowMatch[];
  /** Number of the match the search stands at; -1: none. */
  readonly current: number;
  readonly going: boolean;
  /** Pieces that were looked through so far. */
  readonly searched: number;
  /** Why it cannot be looked for; '' if it can. */
  readonly failure: string;
  readonly step: (by: 1 | -1) => void;
}

const NONE: readonly FollowMatch[] = [];

/**
 * Looks for `wanted` through the whole stream, in answers of bounded time, and stands at the first match from `top()` on. `identity`
 * changes with the stream, and with `wanted` a new search begins.
 */
export function useSearch(
  transport: Transport,
  target: FollowTarget | null,
  identity: string,
  wanted: string,
  form: 'text' | 'hex',
  top: () => number,
): Search {
  const [state, setState] = useState<Omit<Search, 'step'>>({ matches: NONE, current: -1, going: false, searched: 0, failure: '' });
  const latest = useRef({ target, top });
  latest.current = { target, top };

  useEffect(() => {
    const { target: searched } = latest.current;
    setState({ matches: NONE, current: -1, going: wanted !== '' && searched !== null, searched: 0, failure: '' });
    if (wanted === '' || searched === null || identity === '') return;
    let stale = false;
    const from = latest.current.top();
    const run = async (): Promise<void> => {
      let matches: readonly FollowMatch[] = NONE;
      let current = -1;
      for (let cursor: FollowCursor | null = { piece: 0, after: 0 }; cursor !== null; ) {
        const answer: Awaited<ReturnType<typeof transport.engine<'followFind'>>> = await transport.engine('followFind', {
          ...searched,
          wanted,
          form,
          from: cursor,
        });
        if (stale) return;
        if (!answer.ok) {
          const failure = said(answer.failure);
          setState((old) => ({ ...old, going: false, failure }));
          return;
        }
        cursor = matches.length + answer.value.matches.length >= MOST_MATCHES ? null : answer.value.next;
        matches = answer.value.matches.length === 0 ? matches : [...matches, ...answer.value.matches].slice(0, MOST_MATCHES);
        if (current < 0) current = matches.findIndex((match) => match.piece >= from);
        if (cursor === null && current < 0 && matches.length > 0) current = 0;
        const now = { matches, going: cursor !== null, searched: cursor?.piece ?? 0, failure: '' };
        const first = current;
        // Whoever went on by the buttons meanwhile stays there.
        setState((old) => ({ ...now, current: old.current < 0 ? first : old.current }));
      }
      if (!stale) setState((old) => ({ ...old, going: false }));
    };
    void run();
    return () => {
      stale = true;
    };
  }, [transport, identity, wanted, form]);

  const step = useCallback((by: 1 | -1) => {
    setState((old) => {
      const n = old.matches.length;
      return n === 0 ? old : { ...old, current: (old.current + by + n) % n };
    });
  }, []);
  return { ...state, step };
}
