/**
 * The thread of the first stage, as the second sees it. It can be started before it is known what is to be read: by then it has started.
 * Needs nothing of the rest of the program, so that it can be called before that is loaded.
 */
import { statSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { SHARE_ENV, Worker } from 'node:worker_threads';

/** Words by which the stages tell each other. */
export const Signal = {
  /** 1: the first stage is there. */
  Ready: 0,
  /** 1: its plan has been sent; 2: stop. It waits here before it begins, and when it is done. */
  Go: 1,
  /** Slots filled, and slots given back. */
  Filled: 2,
  Taken: 3,
} as const;

/** Files from this size on are worth a thread. */
export const SPLIT_FROM = 16 * 1024 * 1024;

export class FrontThread {
  readonly signals = new Int32Array(new SharedArrayBuffer(64));
  /** It has ended, by itself or by an error. */
  gone = false;
  readonly #worker: Worker;

  /** Throws where no thread can be started. */
  constructor(file: string) {
    // What the process was started with, a debugger or a loader, is not meant for it.
    this.#worker = new Worker(file, { workerData: this.signals.buffer, execArgv: [], env: SHARE_ENV });
    // It is never what a program waits for.
    this.#worker.unref();
    const end = (): void => {
      this.gone = true;
    };
    this.#worker.on('error', end);
    this.#worker.on('exit', end);
  }

  get ready(): boolean {
    return Atomics.load(this.signals, Signal.Ready) === 1;
  }

  begin(plan: unknown): void {
    this.#worker.postMessage(plan);
    Atomics.store(this.signals, Signal.Go, 1);
    Atomics.notify(this.signals, Signal.Go);
  }

  /** All its slots were taken: has it wait for another plan. It is ready once it has heard of it. */
  again(): void {
    for (const word of [Signal.Ready, Signal.Filled, Signal.Taken, Signal.Go]) Atomics.store(this.signals, word, 0);
    Atomics.notify(this.signals, Signal.Go);
  }

  /** Ends it, wherever it is. Resolves when it is gone. */
  async end(): Promise<void> {
    Atomics.store(this.signals, Signal.Go, 2);
    Atomics.notify(this.signals, Signal.Go);
    Atomics.notify(this.signals, Signal.Taken);
    await this.#worker.terminate();
  }
}

/** Bytes of a file, 0 where it cannot be told. */
function sizeOf(file: string): number {
  try {
    return statSync(file).size;
  } catch {
    return 0;
  }
}

/** The program of the thread, beside this one or in the folder above. Undefined where it was not built. */
function programFile(): string | undefined {
  const folder = path.dirname(fileURLToPath(import.meta.url));
  return ['front-thread.cjs', '../front-thread.cjs'].map((name) => path.join(folder, name)).find((file) => sizeOf(file) > 0);
}

let spare: FrontThread | null = null;

function start(): FrontThread | null {
  if (availableParallelism() < 2) return null;
  try {
    const file = programFile();
    return file === undefined ? null : new FrontThread(file);
  } catch {
    return null;
  }
}

/** Starts the thread that opening `file` will want, if it is large enough. */
export function prepareFront(file: string): void {
  if (spare === null && sizeOf(file) >= SPLIT_FROM) spare = start();
}

/** Starts the thread that opening a large file will want, before one is known: it takes as long to start as the first rows take. */
export function keepFront(): void {
  spare ??= start();
}

/** Keeps a thread that has carried out its plan for the next file: its code has run then. */
export function giveFront(thread: FrontThread): void {
  if (spare !== null || thread.gone) {
    void thread.end();
    return;
  }
  thread.again();
  spare = thread;
}

/** A thread: the one that was prepared, else a new one; null where there can be none. */
export function takeFront(): FrontThread | null {
  const thread = spare ?? start();
  spare = null;
  return thread;
}
