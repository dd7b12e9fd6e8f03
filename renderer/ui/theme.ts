/** The theme in force: the setting, or what the system says. */
import { useSyncExternalStore } from 'react';
import { useApp } from '../store/state.ts';

const dark = window.matchMedia('(prefers-color-scheme: dark)');

function subscribe(listener: () => void): () => void {
  dark.addEventListener('change', listener);
  return () => dark.removeEventListener('change', listener);
}

export function useTheme(): 'light' | 'dark' {
  const setting = useApp((state) => state.settings.theme);
  const system = useSyncExternalStore(subscribe, () => dark.matches);
  return setting === 'system' ? (system ? 'dark' : 'light') : setting;
}

/** Puts the theme on the document before the first paint. */
export function startTheme(): void {
  const apply = (): void => {
    const setting = useApp.getState().settings.theme;
    const theme = setting === 'system' ? (dark.matches ? 'dark' : 'light') : setting;
    // The graphs draw themselves anew whenever it is set.
    if (document.documentElement.dataset.theme !== theme) document.documentElement.dataset.theme = theme;
  };
  apply();
  useApp.subscribe(apply);
  dark.addEventListener('change', apply);
}
