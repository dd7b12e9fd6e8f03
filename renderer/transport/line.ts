/**
 * Pairs requests with answers over any line that can post `ToBackend` and deliver `FromBackend`, and hands events to listeners.
 * Both transports are made of it; neither the MessagePort nor the WebSocket shows through.
 */
import type { Answer, Failure, FromBackend, ToBackend } from '../../src/messages.ts';
import { words } from '../words.ts';

type Listener = (value: unknown) => void;

const gone = (): Failure => ({ code: 'unavailable', message: words.lineGone });

/** True for objects that look like a message of the back end; anything else that arrives is ignored. */
export function isFromBackend(value: unknown): value is FromBackend {
  if (typeof value !== 'object' || value === null || !('kind' in value)) return false;
  if (value.kind === 'answer') return 'id' in value && typeof value.id === 'number' && 'answer' in value;
  return value.kind === 'event' && 'from' in value && 'name' in value && typeof value.name === 'string';
}

export class Line {
  #next = 1;
  #post: ((message: ToBackend) => void) | null = null;
  /** Messages asked for before the line was up. */
  #waiting: ToBackend[] = [];
  readonly #pending = new Map<number, (answer: Answer<unknown>) => void>();
  readonly #listeners = new Map<string, Set<Listener>>();

  /** The line is up: what waited is sent now. */
  connect(post: (message: ToBackend) => void): void {
    this.#post = post;
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const message of waiting) post(message);
  }

  /** The line is down: every open request fails; `hold` keeps new ones until the next `connect`, else they fail at once. */
  disconnect(hold: boolean): void {
    this.#post = hold ? null : () => {};
    const pending = [...this.#pending.values()];
    this.#pending.clear();
    this.#waiting = [];
    for (const settle of pending) settle({ ok: false, failure: gone() });
    if (!hold) this.#closed = true;
  }

  #closed = false;

  /** Sends a request; the promise never rejects. */
  request(to: 'engine' | 'host', name: string, args: unknown): Promise<Answer<unknown>> {
    if (this.#closed) return Promise.resolve({ ok: false, failure: gone() });
    const id = this.#next++;
    const message: ToBackend = { kind: 'request', to, id, name, args };
    return new Promise((resolve) => {
      this.#pending.set(id, resolve);
      if (this.#post === null) this.#waiting.push(message);
      else this.#post(message);
    });
  }

  /** Takes one message from the line. */
  receive(value: unknown): void {
    if (!isFromBackend(value)) return;
    if (value.kind === 'answer') {
      const settle = this.#pending.get(value.id);
      this.#pending.delete(value.id);
      settle?.(value.answer);
      return;
    }
    this.emit(value.from, value.name, value.value);
  }

  emit(from: 'engine' | 'host', name: string, value: unknown): void {
    for (const listener of [...(this.#listeners.get(`${from}:${name}`) ?? [])]) listener(value);
  }

  /** Adds a listener; the function that comes back takes it away. */
  on(from: 'engine' | 'host', name: string, listener: Listener): () => void {
    const key = `${from}:${name}`;
    const set = this.#listeners.get(key) ?? new Set<Listener>();
    this.#listeners.set(key, set);
    set.add(listener);
    return () => set.delete(listener);
  }
}
