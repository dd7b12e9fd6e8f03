/**
 * Runs one capture at a time in a process of its own: starts it, hears how far it is, ends it within a second whatever it is doing, and
 * tells what happened if it ends by itself.
 */
import { writeFile } from 'node:fs/promises';
import type { CaptureFiles, CaptureOptions, FromCapture } from '../capture/messages.ts';
import { type Progress, readProgress } from '../capture/progress.ts';
import type { Failure, LiveStatus } from '../messages.ts';
import { version } from '../version.ts';
import { permissionAdvice } from './ability.ts';
import type { Child, StartChild } from './child.ts';
import { HostError } from './failure.ts';
import { interfaceState } from './interface-state.ts';
import { settle, sizeOf } from './spool.ts';

/** How often the progress file is read. */
const LOOK_MS = 40;
/** Least time between two status events. */
const STATUS_MS = 100;
/** An interface is opened within this time. */
const START_MS = 8000;
/** After this the capture process is asked by signal, then ended. Together under the second that Stop may take. */
const ASK_MS = 550;
const KILL_MS = 700;
/** Rates are taken over this time. */
const RATE_MS = 1000;
/** Kernel packet buffer. Loopback and offloading devices take a slot of 64 KB per packet, so a small buffer holds few packets. */
const BUFFER_BYTES = 64 << 20;

export interface CaptureListeners {
  status(status: LiveStatus): void;
  /** The spool file is whole up to this byte. */
  grown(bytes: number): void;
  /** The capture has ended, by itself or because it was stopped; the file will not change any more. */
  ended(bytes: number): void;
}

export interface CaptureWish {
  readonly interface: string;
  readonly captureFilter: string;
  readonly limits?: Pick<CaptureOptions, 'maxPackets' | 'maxDurationMs' | 'maxBytes' | 'ring'>;
}

interface Sample {
  readonly at: number;
  readonly packets: number;
  readonly bytes: number;
}

/** One capture from start to end. */
class Run {
  readonly child: Child;
  readonly files: CaptureFiles;
  readonly wish: CaptureWish;
  readonly startedAt = Date.now();
  phase: LiveStatus['phase'] = 'starting';
  progress: Progress = { packets: 0, bytes: 0, totalBytes: 0, files: 1 };
  stoppedAt: number | null = null;
  failure: Failure | null = null;
  killed = false;
  /** Files that are left at the end. */
  left: readonly string[];
  ending: (FromCapture & { kind: 'ended' }) | null = null;
  readonly samples: Sample[] = [];
  lastStatus = 0;
  timer: NodeJS.Timeout | null = null;
  readonly over: Promise<void>;
  finish: () => void = () => {};

  constructor(child: Child, files: CaptureFiles, wish: CaptureWish) {
    this.child = child;
    this.files = files;
    this.wish = wish;
    this.left = [files.spool];
    this.over = new Promise((resolve) => {
      this.finish = resolve;
    });
  }
}

export class CaptureController {
  readonly #start: StartChild;
  readonly #listeners: CaptureListeners;
  #run: Run | null = null;

  constructor(start: StartChild, listeners: CaptureListeners) {
    this.#start = start;
    this.#listeners = listeners;
  }

  /** Of the present capture or, once it has ended, the last; null before the first and after `forget`. */
  get status(): LiveStatus | null {
    return this.#run === null ? null : statusOf(this.#run);
  }

  get running(): boolean {
    return this.#run !== null && this.#run.stoppedAt === null;
  }

  /** Files that the last capture left, oldest first: more than one for a ring. */
  get files(): readonly string[] {
    return this.#run?.left ?? [];
  }

  /** Why the last capture ended, if by itself: 'count', 'duration', 'filesize'. */
  get reason(): (FromCapture & { kind: 'ended' })['reason'] | null {
    return this.#run?.ending?.reason ?? null;
  }

  /** Resolves once the interface is open and packets can come. Rejects with a HostError in words for the user. */
  async start(wish: CaptureWish, files: CaptureFiles): Promise<void> {
    if (this.running) throw new HostError({ code: 'busy', message: 'A capture is running already.', advice: 'Stop it first.' });
    const run = new Run(this.#start(), files, wish);
    this.#run = run;
    this.#tell(run, true);
    const opened = await this.#open(run);
    if (opened !== null) {
      run.phase = 'failed';
      run.failure = opened;
      run.stoppedAt = Date.now();
      run.child.kill('SIGKILL');
      run.finish();
      this.#tell(run, true);
      throw new HostError(opened);
    }
    if (run.phase === 'starting') run.phase = 'capturing';
    run.timer = setInterval(() => this.#look(run), LOOK_MS);
    this.#tell(run, true);
  }

  /** Resolves when the capture has ended and the file is whole; within a second. Without a capture it does nothing. */
  async stop(): Promise<void> {
    const run = this.#run;
    if (run === null || run.stoppedAt !== null) return;
    if (run.phase !== 'stopping') {
      run.phase = 'stopping';
      run.child.send({ kind: 'stop' });
      // For a process whose loop is busy with packets; see CaptureFiles.
      await writeFile(run.files.stop, '').catch(() => {});
      const ask = setTimeout(() => run.child.kill('SIGTERM'), ASK_MS);
      const kill = setTimeout(() => {
        run.killed = true;
        run.child.kill('SIGKILL');
      }, KILL_MS);
      void run.over.then(() => {
        clearTimeout(ask);
        clearTimeout(kill);
      });
      this.#tell(run, true);
    }
    await run.over;
  }

  /** Resolves when the present capture is over. */
  async over(): Promise<void> {
    await this.#run?.over;
  }

  /** Drops the status of a capture that has ended. */
  forget(): void {
    if (!this.running) this.#run = null;
  }

  /** Null once the interface is open, else why it is not. */
  #open(run: Run): Promise<Failure | null> {
    return new Promise((resolve) => {
      const timer = setTimeout(
        () => resolve({ code: 'unavailable', message: `${run.wish.interface} could not be opened in time.`, advice: 'Try again.' }),
        START_MS,
      );
      run.child.onMessage((message) => {
        const said = message as FromCapture;
        if (said.kind === 'started') {
          clearTimeout(timer);
          resolve(null);
        } else if (said.kind === 'failed') {
          clearTimeout(timer);
          const advice = said.failure.code === 'permission' ? permissionAdvice(process.platform) : {};
          resolve({ ...said.failure, ...advice });
        } else if (said.kind === 'ended') {
          run.ending = said;
        }
      });
      run.child.onExit((reason) => {
        clearTimeout(timer);
        resolve({ code: 'internal', message: `The capture process ended before it could begin (${reason}).` });
        void this.#exited(run, reason);
      });
      const options: CaptureOptions = {
        interface: run.wish.interface,
        captureFilter: run.wish.captureFilter,
        files: run.files,
        bufferBytes: BUFFER_BYTES,
        application: `Sevenfold ${version}`,
        ...run.wish.limits,
      };
      run.child.send({ kind: 'start', options });
    });
  }

  #look(run: Run): void {
    const now = readProgress(run.files.progress);
    if (now !== null && (now.packets !== run.progress.packets || now.totalBytes !== run.progress.totalBytes)) {
      run.progress = now;
      this.#listeners.grown(now.bytes);
    }
    this.#tell(run, false);
  }

  async #exited(run: Run, reason: string): Promise<void> {
    if (run.timer !== null) clearInterval(run.timer);
    if (run.stoppedAt !== null) return;
    const wanted = run.phase === 'stopping';
    run.progress = readProgress(run.files.progress) ?? run.progress;
    const ending = run.ending;
    if (ending !== null) run.left = ending.files;
    else if (run.wish.limits?.ring === undefined) {
      // It had no time to close the file.
      const whole = settle(run.files);
      if (whole !== null) run.progress = { ...run.progress, packets: whole.packets, bytes: whole.bytes, totalBytes: whole.bytes };
    }
    run.stoppedAt = Date.now();
    run.failure = ending?.failure ?? (ending === null && !wanted ? deathOf(run, reason) : null);
    run.phase = run.failure === null ? 'stopped' : 'failed';
    const bytes = run.wish.limits?.ring === undefined ? await sizeOf(run.files.spool) : run.progress.bytes;
    this.#listeners.ended(bytes);
    this.#tell(run, true);
    run.finish();
  }

  #tell(run: Run, now: boolean): void {
    if (run !== this.#run) return;
    const at = Date.now();
    if (!now && at - run.lastStatus < STATUS_MS) return;
    run.lastStatus = at;
    run.samples.push({ at, packets: run.progress.packets, bytes: run.progress.totalBytes });
    while (run.samples.length > 2 && (run.samples[1] as Sample).at <= at - RATE_MS) run.samples.shift();
    this.#listeners.status(statusOf(run));
  }
}

function statusOf(run: Run): LiveStatus {
  const first = run.samples[0];
  const last = run.samples.at(-1);
  const seconds = first === undefined || last === undefined ? 0 : (last.at - first.at) / 1000;
  const rate = (unit: 'packets' | 'bytes'): number =>
    first === undefined || last === undefined || seconds < 0.05 || run.stoppedAt !== null
      ? 0
      : Math.max(0, Math.round((last[unit] - first[unit]) / seconds));
  return {
    phase: run.phase,
    interface: run.wish.interface,
    captureFilter: run.wish.captureFilter,
    spool: run.files.spool,
    packets: run.progress.packets,
    bytes: run.progress.totalBytes,
    packetsPerSecond: rate('packets'),
    bytesPerSecond: rate('bytes'),
    startedAt: run.startedAt,
    stoppedAt: run.stoppedAt,
    dropped: null,
    failure: run.failure,
    saved: run.killed,
  };
}

/** The capture process is gone without a word. Often the library aborts when its interface goes away. */
function deathOf(run: Run, reason: string): Failure {
  const name = run.wish.interface;
  const kept = `${run.progress.packets.toLocaleString('en-US')} packets are saved.`;
  const state = interfaceState(name);
  if (state === 'gone')
    return {
      code: 'io',
      message: `${name} was removed during the capture. ${kept}`,
      advice: 'Plug it in again, then start a new capture.',
    };
  if (state === 'down')
    return { code: 'io', message: `${name} went down during the capture. ${kept}`, advice: 'Bring it up, then start a new capture.' };
  return { code: 'internal', message: `The capture process ended unexpectedly (${reason}). ${kept}`, advice: 'Start the capture again.' };
}
