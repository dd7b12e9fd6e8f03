import { useEffect, useRef } from 'react';
import { Again } from './again.ts';

/**
 * Asks for each `key`, and again when `tick` changes, as `Again` does.
 * @param key names all that the question depends on; null: nothing is asked
 * @param ask of the last drawing; may not reject
 */
export function useAgain(key: string | null, tick: number, ask: (over: () => boolean) => Promise<void>): void {
  const newest = useRef(ask);
  newest.current = ask;
  const asking = useRef<Again | null>(null);
  useEffect(() => {
    if (key === null) return;
    const again = new Again((over) => newest.current(over));
    asking.current = again;
    again.poke();
    return () => {
      again.end();
      asking.current = null;
    };
  }, [key]);
  const told = useRef(tick);
  useEffect(() => {
    if (told.current === tick) return;
    told.current = tick;
    asking.current?.poke();
  }, [tick]);
}
