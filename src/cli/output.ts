/** Buffered standard output that waits for a slow reader, so that a long run needs no more memory than a short one. */
const LIMIT = 1 << 16;

export class Output {
  #text = '';

  write(text: string): void {
    this.#text += text;
  }

  /** Hands over what is buffered if it is much; waits while the reader is behind. */
  async drain(): Promise<void> {
    if (this.#text.length >= LIMIT) await this.flush();
  }

  async flush(): Promise<void> {
    const text = this.#text;
    this.#text = '';
    if (text === '') return;
    if (!process.stdout.write(text)) await new Promise<void>((resolve) => process.stdout.once('drain', resolve));
  }
}
