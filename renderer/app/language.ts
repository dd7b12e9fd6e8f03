/** The language in force: the setting, or what the system says. */
import { useSyncExternalStore } from 'react';
import { type Language, languageFor, speak } from '../language.ts';
import { useApp } from '../store/state.ts';

function subscribe(listener: () => void): () => void {
  window.addEventListener('languagechange', listener);
  return () => window.removeEventListener('languagechange', listener);
}

export function useLanguage(): Language {
  const setting = useApp((state) => state.settings.language);
  // The language itself, not the list: a browser may give a new list each time, which React takes for a change without end.
  return useSyncExternalStore(subscribe, () => languageFor(setting, navigator.languages));
}

/** Puts the language on the words and on the document, before the window is painted or built anew. */
export function startLanguage(): void {
  const apply = (): void => {
    const language = languageFor(useApp.getState().settings.language, navigator.languages);
    speak(language);
    // Set to the same value, too, it has the browser compute every style of the window anew.
    if (document.documentElement.lang !== language) document.documentElement.lang = language;
  };
  apply();
  useApp.subscribe(apply);
  window.addEventListener('languagechange', apply);
}
