import { useState } from 'react';
import type { Statistics, Transport } from '../../src/messages.ts';
import { failed } from '../engine-words.ts';
import { useAgain } from '../ui/useAgain.ts';

/** A piece of time, seconds since the first packet. */
export interface Piece {
  readonly from: number;
  readonly to: number;
}

/** Time between two questions while the engine still counts, ms: others ask it too. */
const PAUSE_MS = 15;

/**
 * The statistics of the packets on show, as they are counted; asked for until all is counted.
 * @param identity capture and filter; @param tick changes when there is more to count
 */
export function useStatistics(
  transport: Transport,
  identity: string,
  tick: number,
  piece: Piece | null,
): { readonly statistics: Statistics | null; readonly failure: string | null } {
  const [answer, setAnswer] = useState<{ identity: string; statistics: Statistics | null; failure: string | null } | null>(null);
  useAgain(JSON.stringify([identity, piece]), tick, async (over) => {
    for (;;) {
      const said = await transport.engine('statistics', { piece });
      if (over()) return;
      setAnswer({
        identity,
        ...(said.ok ? { statistics: said.value, failure: null } : { statistics: null, failure: failed(said.failure.message) }),
      });
      if (!said.ok || said.value.counted >= said.value.total) return;
      await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
      if (over()) return;
    }
  });
  return answer?.identity === identity ? answer : { statistics: null, failure: null };
}
