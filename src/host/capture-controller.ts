/**
 * Runs one capture at a time in a process of its own: starts it, hears how far it is, ends it within a second whatever it is doing, and
 * tells what happened if it ends by itself.
 */
import { existsSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import os from 'node:os';
import { findDumpcap } from '../capture/dumpcap.ts';
import type { CaptureFiles, CaptureOptions, FromCapture } from '../capture/messages.ts';
import { type Progress, readProgress } from '../capture/progress.ts';
import type { BackendName, CaptureLimits, Failure, LiveBackend, LiveStatus } from '../messages.ts';
import { HostError, packetsSaved } from '../system/failure.ts';
import { interfaceState, lostInterface } from '../system/interface-state.ts';
import { dropPartialBlock } from './block-scan.ts';
import type { Child, StartChild } from './child.ts';
import { permissionAdvice, surroundings } from './permission.ts';
import { sizeOf } from './spool.ts';

/** How often the progress file is read. */
const LOOK_MS = 40;
/** Least time between two status events. */
const STATUS_MS = 100;
/** An interface is opened within this time. */
const START_MS = 8000;
/**
 * After this the capture process is told to wait for nothing any more, then it is ended. Together under the second that Stop may take, and over
 * the quarter that dumpcap may hold packets back.
 */
const HURRY_MS = 700;
const KILL_MS = 830;
/** A capture process that has said its end goes by itself within this time. */
const LEAVE_MS = 3000;
/** Rates are taken over this time. */
const RATE_MS = 1000;
/**
 * Kernel packet buffer. With cap, loopback and offloading devices take a slot of 128 KB per packet: 256 MB hold 2048 of them, 40 ms at 50,000
 * packets a second. A small machine gives less.
 */
const BUFFER_BYTES = Math.min(256 << 20, Math.max(32 << 20, Math.floor(os.totalmem() / 16)));

export interface CaptureListeners {
  status(status: LiveStatus): void;
  /** The spool file is whole up to this byte. */
  grown(bytes: number): void;
  /** Packets go to this file from now on: the first, or the next of a ring. */
  file?(path: string): void;
  /** The capture has ended, by itself or because it was stopped; the file will not change any more. */
  ended(bytes: number): void;
}

export interface CaptureWish {
  /** At least one. */
  readonly interfaces: readonly string[];
  readonly captureFilter: string;
  /** 'auto' if left out. */
  readonly backend?: BackendName | 'auto';
  readonly limits?: CaptureLimits;
  /** Somebody follows the packets in a list; false if left out. */
  readonly watched?: boolean;
  /** See CaptureOptions. */
  readonly relayRate?: number;
}

/** A file of a capture, as it was told of. */
interface Begun {
  readonly path: string;
  readonly number: number;
  /** Packets in all files before it. */
  readonly before: number;
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
  /** When it was asked for; once the interfaces are open, when they were: packets before are not in it. */
  startedAt = Date.now();
  phase: LiveStatus['phase'] = 'starting';
  backend: LiveBackend | null = null;
  dropped: number | null = null;
  /** The file that packets go to. */
  file: Begun;
  /** The files that are left of those that were begun, oldest first. */
  readonly begun: Begun[] = [];
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
    this.file = { path: files.spool, number: 1, before: 0 };
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

  /** The last capture wrote a ring of files. */
  get ring(): boolean {
    return this.#run?.wish.limits?.ring !== undefined;
  }

  /** How the present or last capture took its packets; null until its interfaces are open. */
  get backend(): LiveBackend | null {
    return this.#run?.backend ?? null;
  }

  /** Bytes of the file that packets go to, as far as it is whole. */
  get fileBytes(): number {
    const run = this.#run;
    return run === null || run.progress.files !== run.file.number ? 0 : run.progress.bytes;
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
    run.startedAt = Date.now();
    if (run.phase === 'starting') run.phase = 'capturing';
    run.timer = setInterval(() => this.#look(run), LOOK_MS);
    this.#tell(run, true);
  }

  /** Resolves when the capture has ended and the file is whole; within a second. Without a capture it does nothing. */
  async stop(): Promise<void> {
    const run = this.#run;
    if (run === null) return;
    if (run.phase !== 'stopping' && run.stoppedAt === null) {
      run.phase = 'stopping';
      run.child.send({ kind: 'stop' });
      // For a process whose loop is busy with packets; see CaptureFiles. A disk that is busy too must not put off its end.
      writeFile(run.files.stop, '').catch(() => {});
      const ask = setTimeout(() => run.child.kill('SIGTERM'), HURRY_MS);
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
        () =>
          resolve({ code: 'unavailable', message: `${run.wish.interfaces.join(', ')} could not be opened in time.`, advice: 'Try again.' }),
        START_MS,
      );
      run.child.onMessage((message) => {
        const said = message as FromCapture;
        if (said.kind === 'started') {
          clearTimeout(timer);
          run.backend = said.with;
          resolve(null);
        } else if (said.kind === 'changed') {
          run.backend = said.with;
          this.#tell(run, true);
        } else if (said.kind === 'grown') {
          this.#look(run);
        } else if (said.kind === 'file') {
          this.#began(run, said);
        } else if (said.kind === 'failed') {
          clearTimeout(timer);
          resolve(said.failure.code === 'permission' ? { ...said.failure, ...adviceHere(run.wish.backend) } : said.failure);
        } else if (said.kind === 'ended') {
          // The files are whole. That the process is gone is not waited for: the system may take half a second to take its rings apart.
          run.ending = said;
          void this.#ended(run, '');
          setTimeout(() => run.child.kill('SIGKILL'), LEAVE_MS).unref();
        }
      });
      run.child.onExit((reason) => {
        clearTimeout(timer);
        resolve(
          run.phase === 'stopping'
            ? { code: 'unavailable', message: 'The capture was stopped before it had begun.' }
            : { code: 'internal', message: `The capture process ended before it could begin (${reason}).` },
        );
        void this.#ended(run, reason);
      });
      const options: CaptureOptions = {
        interfaces: run.wish.interfaces,
        captureFilter: run.wish.captureFilter,
        backend: run.wish.backend ?? 'auto',
        watched: run.wish.watched ?? false,
        files: run.files,
        bufferBytes: BUFFER_BYTES,
        ...(run.wish.relayRate === undefined ? {} : { relayRate: run.wish.relayRate }),
        ...run.wish.limits,
      };
      run.child.send({ kind: 'start', options });
    });
  }

  #began(run: Run, file: Begun): void {
    run.file = file;
    run.begun.push(file);
    const kept = run.wish.limits?.ring?.files ?? 0;
    if (kept > 0 && run.begun.length > kept) run.begun.shift();
    this.#listeners.file?.(file.path);
    this.#look(run);
  }

  #look(run: Run): void {
    if (run.stoppedAt !== null) return;
    const now = readProgress(run.files.progress);
    if (now !== null && (now.packets !== run.progress.packets || now.totalBytes !== run.progress.totalBytes)) {
      run.progress = now;
      // Of a file that was not told of yet nothing can be said.
      if (now.files === run.file.number) this.#listeners.grown(now.bytes);
    }
    this.#tell(run, false);
  }

  /** The capture is over, because it said so or because its process is gone. */
  async #ended(run: Run, reason: string): Promise<void> {
    if (run.timer !== null) clearInterval(run.timer);
    if (run.stoppedAt !== null) return;
    run.stoppedAt = Date.now();
    const wanted = run.phase === 'stopping';
    run.progress = readProgress(run.files.progress) ?? run.progress;
    const ending = run.ending;
    if (ending !== null) run.left = ending.files;
    else {
      // It had no time to close the file.
      run.progress = settled(run.file, run.progress);
      if (run.begun.length > 0) run.left = run.begun.map((each) => each.path).filter((each) => existsSync(each));
    }
    run.dropped = ending?.dropped ?? null;
    run.failure = ending?.failure ?? (ending === null && !wanted ? deathOf(run, reason) : null);
    run.phase = run.failure === null ? 'stopped' : 'failed';
    this.#listeners.ended(await sizeOf(run.file.path));
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

/** Cuts the file that was written last to its last whole block. `progress`: as it was told, which may be less than what is there. */
function settled(file: Begun, progress: Progress): Progress {
  const known = progress.files === file.number;
  try {
    const whole = dropPartialBlock(file.path, known ? progress.bytes : 0);
    const bytesBefore = known ? progress.totalBytes - progress.bytes : progress.totalBytes;
    return {
      files: file.number,
      packets: (known ? progress.packets : file.before) + whole.packets,
      bytes: whole.bytes,
      totalBytes: bytesBefore + whole.bytes,
    };
  } catch {
    return progress;
  }
}

function statusOf(run: Run): LiveStatus {
  const first = run.samples[0];
  const last = run.samples.at(-1);
  const seconds = first === undefined || last === undefined ? 0 : (last.at - first.at) / 1000;
  // The head of a file is no traffic.
  const rate = (unit: 'packets' | 'bytes'): number =>
    first === undefined || last === undefined || seconds < 0.05 || run.stoppedAt !== null || last.packets === first.packets
      ? 0
      : Math.max(0, Math.round((last[unit] - first[unit]) / seconds));
  return {
    phase: run.phase,
    interface: run.wish.interfaces.join(', '),
    captureFilter: run.wish.captureFilter,
    backend: run.backend,
    spool: run.file.path,
    files: run.progress.files,
    packets: run.progress.packets,
    bytes: run.progress.totalBytes,
    packetsPerSecond: rate('packets'),
    bytesPerSecond: rate('bytes'),
    startedAt: run.startedAt,
    stoppedAt: run.stoppedAt,
    dropped: run.dropped,
    failure: run.failure,
    saved: run.killed,
  };
}

/** The ways to the right to capture, on this machine. */
function adviceHere(wanted: CaptureWish['backend']): Pick<Failure, 'advice' | 'commands' | 'ways'> {
  const place = findDumpcap();
  return permissionAdvice(process.platform, surroundings(process.execPath, place.kind === 'none' ? null : place.path), wanted);
}

/** The capture process is gone without a word. Often the library aborts when its interface goes away. */
function deathOf(run: Run, reason: string): Failure {
  const kept = packetsSaved(run.progress.packets - (run.begun[0]?.before ?? 0));
  for (const name of run.wish.interfaces) {
    const state = interfaceState(name);
    if (state !== 'gone' && state !== 'down') continue;
    const lost = lostInterface(name, state);
    return { ...lost, message: `${lost.message} ${kept}` };
  }
  return { code: 'internal', message: `The capture process ended unexpectedly (${reason}). ${kept}`, advice: 'Start the capture again.' };
}
