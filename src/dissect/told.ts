/** What a protocol tells those that it calls, where their bytes do not say it: the media type of a body, by what a response is paired. */
import type { Dissection } from './dissection.ts';

/**
 * One kind of such a thing; made once, beside the protocols that it passes between. Each dissection has its own, so one that begins within another
 * (to read what an earlier packet had) is told nothing.
 */
export class Told<T> {
  readonly #of = new WeakMap<Dissection, T>();
  readonly #otherwise: T;

  /** @param otherwise what holds where nobody says anything */
  constructor(otherwise: T) {
    this.#otherwise = otherwise;
  }

  /** What holds here. */
  in(d: Dissection): T {
    return this.#of.get(d) ?? this.#otherwise;
  }

  /** Lets `value` hold for what `work` calls; then what held before holds again. */
  during(d: Dissection, value: T, work: () => void): void {
    const before = this.in(d);
    this.#of.set(d, value);
    try {
      work();
    } finally {
      this.#of.set(d, before);
    }
  }
}
