/**
 * Who talks to the engine process of the desktop app: the main process, which may ask everything, and the window over its own port, which
 * may ask only what a window may. The engine itself knows one line with one numbering; this joins them.
 */
import { checkIncoming } from '../src/host/schemas.ts';
import type { FromBackend, ToBackend } from '../src/messages.ts';

/** One end of a line: what is posted to it reaches the main process or a window. */
export interface LineEnd {
  postMessage(message: FromBackend): void;
}

interface Asked {
  readonly line: LineEnd;
  readonly id: number;
}

/** Requests under way over all lines. */
const PENDING_LIMIT = 2048;

export class EngineLines {
  readonly #toEngine: (request: ToBackend) => void;
  readonly #host: LineEnd;
  readonly #windows = new Set<LineEnd>();
  readonly #asked = new Map<number, Asked>();
  #next = 1;

  constructor(toEngine: (request: ToBackend) => void, host: LineEnd) {
    this.#toEngine = toEngine;
    this.#host = host;
  }

  addWindow(line: LineEnd): void {
    this.#windows.add(line);
  }

  removeWindow(line: LineEnd): void {
    this.#windows.delete(line);
  }

  /** From the main process: ours, and trusted. */
  fromHost(message: unknown): void {
    const request = message as ToBackend;
    if (request.kind === 'request') this.#ask(this.#host, request.id, request);
  }

  /** From a page: checked for shape, size and name. */
  fromWindow(line: LineEnd, message: unknown): void {
    if (!this.#windows.has(line)) return;
    const checked = checkIncoming(message);
    if (checked === null) return;
    if ('failure' in checked) line.postMessage({ kind: 'answer', id: checked.id, answer: { ok: false, failure: checked.failure } });
    else if (checked.request.to === 'engine') {
      const { to, id, name, args } = checked.request;
      this.#ask(line, id, { kind: 'request', to, id, name, args });
    } else {
      const failure = { code: 'invalid', message: 'The engine does not answer for the host.' } as const;
      line.postMessage({ kind: 'answer', id: checked.request.id, answer: { ok: false, failure } });
    }
  }

  /** Answers go to who asked, events to everyone. */
  fromEngine(message: FromBackend): void {
    if (message.kind === 'event') {
      this.#host.postMessage(message);
      for (const line of this.#windows) line.postMessage(message);
      return;
    }
    const asked = this.#asked.get(message.id);
    this.#asked.delete(message.id);
    if (asked === undefined || (asked.line !== this.#host && !this.#windows.has(asked.line))) return;
    asked.line.postMessage({ ...message, id: asked.id });
  }

  #ask(line: LineEnd, id: number, request: ToBackend): void {
    if (this.#asked.size >= PENDING_LIMIT) {
      line.postMessage({
        kind: 'answer',
        id,
        answer: { ok: false, failure: { code: 'busy', message: 'Too many requests are waiting for an answer.' } },
      });
      return;
    }
    const own = this.#next++;
    this.#asked.set(own, { line, id });
    this.#toEngine({ ...request, id: own });
  }
}
