import { useEffect, useRef, useState } from 'react';

/** A number that follows changes of `value`, at most once per `intervalMs`; a change is never lost, only late. */
export function useTick(value: string | number, intervalMs: number): number {
  const [tick, setTick] = useState(0);
  const seen = useRef(value);
  const last = useRef(0);
  useEffect(() => {
    if (seen.current === value) return;
    const wait = Math.max(0, last.current + intervalMs - Date.now());
    const timer = setTimeout(() => {
      seen.current = value;
      last.current = Date.now();
      setTick((n) => n + 1);
    }, wait);
    return () => clearTimeout(timer);
  }, [value, intervalMs]);
  return tick;
}
