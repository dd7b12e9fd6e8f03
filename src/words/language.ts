/** The language of the window, and how the words of its views follow it. */

export type Language = 'en' | 'ko';

/** The shape of a language's words, given those of the first one: the same keys and parameters, any text. */
export type Wording<T> = T extends string
  ? string
  : T extends (...values: infer V) => string
    ? (...values: V) => string
    : { readonly [K in keyof T]: Wording<T[K]> };

let now: Language = 'en';
const swaps: ((language: Language) => void)[] = [];

/**
 * Hands over the words of the language in force, now and whenever another one is chosen. Modules of words export a binding that is
 * reassigned here, so that views read `words.…` as if there were one language; the window is built anew when it changes (`main.tsx`).
 */
export function spoken<T>(en: Wording<T>, ko: Wording<T>, put: (words: Wording<T>) => void): void {
  const swap = (language: Language): void => put(language === 'ko' ? ko : en);
  swaps.push(swap);
  swap(now);
}

/** The language in force. */
export function languageNow(): Language {
  return now;
}

/** Changes the language of all words. */
export function speak(language: Language): void {
  if (language === now) return;
  now = language;
  for (const swap of swaps) swap(language);
}

/** About how wide a text is, in average Latin letters: a Hangul syllable takes the room of nearly two. */
export function letters(text: string): number {
  let width = 0;
  for (const char of text) width += /[ᄀ-ᇿ⺀-鿿가-힣]/.test(char) ? 1.8 : 1;
  return width;
}

/** The language for a setting: as chosen, or the first of the system's languages that the window has. */
export function languageFor(setting: 'system' | Language, system: readonly string[]): Language {
  if (setting !== 'system') return setting;
  for (const tag of system) {
    const primary = tag.toLowerCase().split('-', 1)[0];
    if (primary === 'ko' || primary === 'en') return primary;
  }
  return 'en';
}
