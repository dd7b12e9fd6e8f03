import { type RefObject, useRef, useState } from 'react';
import type { FollowSummary, FollowTarget, Transport } from '../../src/messages.ts';
import { failed } from '../engine-words.ts';
import { useAgain } from '../ui/useAgain.ts';
import { PAGE, StreamPages } from './pages.ts';

interface Shown {
  readonly key: string;
  readonly summary: FollowSummary;
  readonly pages: StreamPages;
}

/** What there is to show of a stream: null while it is read, with the reason where it cannot be. */
export interface ReadStream {
  readonly ready: Shown | null;
  readonly failure: string | null;
  /** Changes when more of the pages is here. */
  readonly version: number;
}

/**
 * Reads a stream, and again when the capture has grown.
 * @param key of what is followed, and from which side @param tick changes when the capture has grown
 * @param top the piece at the top of what is in sight; set to the first one for another stream
 */
export function useStream(transport: Transport, key: string, target: FollowTarget, tick: number, top: RefObject<number>): ReadStream {
  const { kind, stream } = target;
  const [shown, setShown] = useState<Shown | null>(null);
  const [failure, setFailure] = useState<string | null>(null);
  const [version, setVersion] = useState(0);
  const shownKey = useRef('');
  useAgain(key, tick, async (over) => {
    const same = shownKey.current === key;
    if (!same) {
      setFailure(null);
      top.current = 0;
    }
    /** Shows what is known of the stream; true where there is more to come. */
    const read = async (): Promise<boolean> => {
      const answer = await transport.engine('followStream', { kind, stream });
      if (over()) return false;
      if (!answer.ok) {
        setFailure(failed(answer.failure.message));
        return false;
      }
      const more = !answer.value.whole;
      // Between the first pieces of a long stream and all of them nothing is drawn anew.
      if (more && shownKey.current === key) return true;
      const first = await transport.engine('followPage', { ...target, from: 0, count: 1 });
      if (over() || !first.ok) return false;
      const pages = new StreamPages(transport, target, first.value.total, () => setVersion((n) => n + 1));
      // What is in sight is here before the old pages go: a stream that grows does not flicker.
      await Promise.all([0, PAGE, 2 * PAGE].map((ahead) => pages.load(top.current + ahead)));
      if (over()) return false;
      shownKey.current = key;
      setShown({ key, summary: answer.value, pages });
      return more;
    };
    while (await read());
  });
  return { ready: shown !== null && shown.key === key ? shown : null, failure, version };
}
