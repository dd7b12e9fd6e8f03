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
