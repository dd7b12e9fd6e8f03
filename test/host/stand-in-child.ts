import type { Child } from '../../src/host/child.ts';
import type { Answer, FromBackend, ToBackend } from '../../src/messages.ts';

/** A child process played by the test: what it hears is answered by `answer`. */
export class StandInChild implements Child {
  readonly pid = 1;
  readonly heard: ToBackend[] = [];
  killed: string | null = null;
  readonly #answer: (request: ToBackend) => Answer<unknown> | null;
  readonly #messages: ((message: unknown) => void)[] = [];
  readonly #exits: ((reason: string) => void)[] = [];

  constructor(answer: (request: ToBackend) => Answer<unknown> | null = () => ({ ok: true, value: null })) {
    this.#answer = answer;
  }

  send(message: unknown): void {
    const request = message as ToBackend;
    this.heard.push(request);
    const answer = this.#answer(request);
    if (answer !== null) queueMicrotask(() => this.say({ kind: 'answer', id: request.id, answer }));
  }

  say(message: FromBackend): void {
    for (const listener of this.#messages) listener(message);
  }

  die(reason: string): void {
    for (const listener of this.#exits) listener(reason);
  }

  onMessage(listener: (message: unknown) => void): void {
    this.#messages.push(listener);
  }
  onExit(listener: (reason: string) => void): void {
    this.#exits.push(listener);
  }
  complaints(): string {
    return '';
  }
  kill(signal: 'SIGTERM' | 'SIGKILL'): void {
    this.killed = signal;
  }
}
