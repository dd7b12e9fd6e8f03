import { useEffect, useState } from 'react';
import type { Statistics, Transport } from '../../src/messages.ts';
import { failed } from '../engine-words.ts';

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
  useEffect(() => {
    let live = tick >= 0;
    let timer = 0;
    const ask = async (): Promise<void> => {
      const said = await transport.engine('statistics', { piece });
      if (!live) return;
      if (!said.ok) {
        setAnswer({ identity, statistics: null, failure: failed(said.failure.message) });
        return;
      }
      setAnswer({ identity, statistics: said.value, failure: null });
      if (said.value.counted < said.value.total) timer = window.setTimeout(() => void ask(), PAUSE_MS);
    };
    void ask();
    return () => {
      live = false;
      window.clearTimeout(timer);
    };
  }, [transport, identity, tick, piece]);
  return answer?.identity === identity ? answer : { statistics: null, failure: null };
}
