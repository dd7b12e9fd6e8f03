/**
 * A question that is put again when there is more to tell, but never before the answer to the last one was shown: in a capture that grows
 * all the time an answer that takes longer than the growth would otherwise never be seen.
 */
export class Again {
  readonly #ask: (over: () => boolean) => Promise<void>;
  #asking = false;
  #more = false;
  #over = false;

  /** @param ask puts the question and shows its answer, unless `over` says that nobody wants it any more; may not reject */
  constructor(ask: (over: () => boolean) => Promise<void>) {
    this.#ask = ask;
  }

  /** Asks now, or once more when the answer that is awaited is there. */
  poke(): void {
    this.#more = true;
    if (!this.#asking) void this.#run();
  }

  /** Nobody wants answers any more. */
  end(): void {
    this.#over = true;
  }

  async #run(): Promise<void> {
    this.#asking = true;
    while (this.#more && !this.#over) {
      this.#more = false;
      await this.#ask(() => this.#over);
    }
    this.#asking = false;
  }
}
