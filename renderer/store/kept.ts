/** What the user chose in a view outlives the view: another tab takes it down, and another language builds the window anew. */
import { create } from 'zustand';
import { useApp } from './state.ts';

type Change<T> = T | ((before: T) => T);

/**
 * Makes a hook like `useState(initial)`, of which every use has the same value for as long as the window lives. `capture`: until
 * another capture is open. To be called once per module, not in components.
 */
export function kept<T>(initial: T, until: 'window' | 'capture' = 'window'): () => readonly [T, (next: Change<T>) => void] {
  const useValue = create<{ readonly value: T }>()(() => ({ value: initial }));
  const put = (next: Change<T>): void =>
    useValue.setState(({ value }) => ({ value: typeof next === 'function' ? (next as (before: T) => T)(value) : next }));
  if (until === 'capture') {
    useApp.subscribe((state, before) => {
      if (state.capture?.capture !== before.capture?.capture) put(() => initial);
    });
  }
  return () => [useValue((state) => state.value), put] as const;
}
