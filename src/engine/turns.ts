/** Long work that lets others have their turn: other requests, reading, the filter. */

/** How long work goes on before the next pause, ms. */
const SLICE_MS = 12;

export class Turns {
  #began = performance.now();

  /** True once it is time for a pause. Asking costs a look at the clock. */
  get due(): boolean {
    return performance.now() - this.#began >= SLICE_MS;
  }

  /** When it will be time for a pause, by performance.now(): for work that looks at the clock itself. */
  get deadline(): number {
    return this.#began + SLICE_MS;
  }

  /** Lets others have their turn. */
  async pause(): Promise<void> {
    await new Promise<void>((resolve) => setImmediate(resolve));
    this.#began = performance.now();
  }
}

/**
 * Does work in steps. Null: it was given up.
 * @param pause called between two steps; gives a promise where others are to be let in, false from it to give up
 */
export async function inSteps<T>(steps: Generator<void, T>, pause: () => Promise<boolean> | null): Promise<T | null> {
  for (;;) {
    const step = steps.next();
    if (step.done === true) return step.value;
    const wait = pause();
    if (wait !== null && !(await wait)) return null;
  }
}
