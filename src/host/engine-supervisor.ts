/** Keeps one engine process for a window: starts it, pairs answers with requests, notices its death. */
import { z } from 'zod';
import type { Answer, EngineControl, EngineEvents, EngineRequestName, Failure, FromBackend, ToBackend } from '../messages.ts';
import type { Child } from './child.ts';

/** Requests without an answer that one window may have under way. */
const PENDING_LIMIT = 512;
/** How often it is looked for requests without an answer. */
const LOOK_MS = 1000;
/** After so many looks a request without an answer means that the engine hangs. No clock: none goes by while the machine sleeps or this process has no turn. */
const HANG_LOOKS = 20;
/** An engine that nobody asks anything is asked after so many looks: in the desktop app the window asks it without this being heard here. */
const PING_LOOKS = 5;

// What comes back is ours, but the process may have been hit by a bug: only the envelope is checked.
const fromEngine = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('answer'), id: z.number(), answer: z.object({ ok: z.boolean() }).loose() }),
  z.object({
    kind: z.literal('event'),
    from: z.literal('engine'),
    name: z.enum(['state', 'view', 'failed', 'saving']),
    value: z.unknown(),
  }),
]);

interface Pending {
  readonly answered: (answer: Answer<unknown>) => void;
  /** Number of the look before it was sent. */
  readonly since: number;
  /** Saving takes as long as it takes. */
  readonly patient: boolean;
}

export interface EngineListeners {
  event(name: keyof EngineEvents, value: unknown): void;
  /** The process has ended, or does not answer. Null: it answers again. */
  gone(failure: Failure | null): void;
}

export class EngineSupervisor {
  readonly #start: () => Child;
  readonly #listeners: EngineListeners;
  readonly #pending = new Map<number, Pending>();
  #child: Child | null = null;
  #nextId = 1;
  #watch: NodeJS.Timeout | null = null;
  #looks = 0;
  #starts = 0;
  #hangTold = false;

  constructor(start: () => Child, listeners: EngineListeners) {
    this.#start = start;
    this.#listeners = listeners;
  }

  /** Processes that were started so far. */
  get starts(): number {
    return this.#starts;
  }

  get running(): boolean {
    return this.#child !== null;
  }

  /** Starts the process if there is none. */
  start(): void {
    if (this.#child !== null) return;
    const child = this.#start();
    this.#child = child;
    this.#starts++;
    this.#hangTold = false;
    child.onMessage((message) => {
      if (this.#child === child) this.#receive(message);
    });
    child.onExit((reason) => {
      if (this.#child !== child) return;
      this.#child = null;
      const failure: Failure = {
        code: 'internal',
        message: `The process that reads the capture has ended (${reason}).`,
        advice: 'Start it again: it opens the same capture. A running capture goes on meanwhile.',
      };
      this.#failAll(failure);
      this.#listeners.gone(failure);
    });
    this.#watch ??= setInterval(() => this.#look(), LOOK_MS).unref();
  }

  /** Ends the process, if any, and starts a new one, which has nothing open. */
  restart(): void {
    this.#end();
    this.start();
  }

  /** What `ask` gives, as a promise. */
  request(name: EngineRequestName | keyof EngineControl, args: unknown): Promise<Answer<unknown>> {
    return new Promise((resolve) => this.ask(name, args, resolve));
  }

  /**
   * Asks the engine; `answered` is called once. Answers and events come in the order in which the engine sent them: a promise would be behind the events
   * that came together with its answer, which then is the older of the two and would stand for good.
   */
  ask(name: EngineRequestName | keyof EngineControl, args: unknown, answered: (answer: Answer<unknown>) => void): void {
    const child = this.#child;
    if (child === null) {
      answered({
        ok: false,
        failure: { code: 'unavailable', message: 'The process that reads the capture is not running.', advice: 'Start it again.' },
      });
      return;
    }
    if (this.#pending.size >= PENDING_LIMIT) {
      answered({ ok: false, failure: { code: 'busy', message: 'Too many requests are waiting for an answer.' } });
      return;
    }
    const id = this.#nextId++;
    this.#pending.set(id, { answered, since: this.#looks, patient: name === 'save' });
    const message: ToBackend = { kind: 'request', to: 'engine', id, name, args };
    child.send(message);
  }

  /** Ends the process for good. */
  dispose(): void {
    this.#end();
    if (this.#watch !== null) clearInterval(this.#watch);
    this.#watch = null;
  }

  #end(): void {
    const child = this.#child;
    this.#child = null;
    child?.kill('SIGKILL');
    this.#failAll({ code: 'unavailable', message: 'The process that reads the capture was ended.' });
  }

  #receive(message: unknown): void {
    const parsed = fromEngine.safeParse(message);
    if (!parsed.success) return;
    if (parsed.data.kind === 'event') {
      this.#listeners.event(parsed.data.name, parsed.data.value);
      return;
    }
    if (this.#hangTold) {
      this.#hangTold = false;
      this.#listeners.gone(null);
    }
    const pending = this.#pending.get(parsed.data.id);
    this.#pending.delete(parsed.data.id);
    pending?.answered((message as FromBackend & { kind: 'answer' }).answer);
  }

  #failAll(failure: Failure): void {
    const waiting = [...this.#pending.values()];
    this.#pending.clear();
    for (const pending of waiting) pending.answered({ ok: false, failure });
  }

  #look(): void {
    if (this.#child === null) return;
    this.#looks++;
    if (this.#pending.size === 0 && this.#looks % PING_LOOKS === 0) void this.request('ping', {});
    if (this.#hangTold) return;
    for (const pending of this.#pending.values()) {
      if (pending.patient || this.#looks - pending.since <= HANG_LOOKS) continue;
      this.#hangTold = true;
      this.#listeners.gone({
        code: 'internal',
        message: 'The process that reads the capture does not answer.',
        advice: 'Start it again: it opens the same capture. A running capture goes on meanwhile.',
      });
      return;
    }
  }
}
