/**
 * One window's host: answers its `HostRequests`, keeps its engine and its capture, and owns what is open in it. The same in the desktop app
 * and in browser mode; what differs comes in as `WindowServices`.
 */
import { stat } from 'node:fs/promises';
import path from 'node:path';
import type {
  Answer,
  CaptureStart,
  CaptureState,
  EngineEvents,
  EngineRequestName,
  Failure,
  HostEvents,
  HostInfo,
  HostRequestName,
  HostRequests,
  SaveContent,
  SaveResult,
} from '../messages.ts';
import { fail, failureOf, HostError } from '../system/failure.ts';
import { carriesLoopback } from '../system/interface-state.ts';
import { sampleCapture } from '../system/locations.ts';
import { isSameFile } from '../system/same-file.ts';
import { version } from '../version.ts';
import type { AbilityProbe } from './ability.ts';
import { CaptureController } from './capture-controller.ts';
import type { StartChild } from './child.ts';
import { EngineSupervisor } from './engine-supervisor.ts';
import { safeName } from './file-names.ts';
import type { RecentFiles } from './recent-files.ts';
import type { SettingsStore } from './settings.ts';
import { type Spool, type SpoolStore, settle, sizeOf } from './spool.ts';

/** Where a saved file goes. */
export interface SaveTarget {
  readonly path: string;
  /** Whether there is room for more. Left out where the user chose the place: then the disk may become full. */
  hasRoom?(): Promise<boolean>;
  /** What the window is told once the file is whole. */
  done(): { path: string | null; download: string | null };
  /** The file could not be written: nothing is left of it. */
  failed(): Promise<void>;
}

/** What all windows share. */
export interface SharedServices {
  readonly mode: HostInfo['mode'];
  readonly settings: SettingsStore;
  readonly recent: RecentFiles;
  readonly spool: SpoolStore;
  readonly ability: AbilityProbe;
  readonly startEngine: StartChild;
  readonly startCapture: StartChild;
}

/** What one window offers. */
export interface WindowServices {
  /** Asks for a file to open. 'unavailable' where there is no dialog; null: cancelled. */
  askOpen(): Promise<string | null | 'unavailable'>;
  /** Where to save; null: cancelled. `suggestion`: a file name. */
  askSave(suggestion: string): Promise<SaveTarget | null>;
  hostEvent<N extends keyof HostEvents>(name: N, value: HostEvents[N]): void;
  engineEvent(name: keyof EngineEvents, value: unknown): void;
  /** A new engine process runs: the desktop app hands it the window's port. */
  engineStarted(): void;
  /** Loopback packets between the window and this host, as a capture filter; null where they talk without any. */
  ownPackets(): string | null;
}

interface Opened {
  readonly capture: number;
  readonly path: string;
  readonly name: string;
  /** Set for a capture that was made or recovered here and is not saved. */
  readonly spool: Spool | null;
  /** Removes the file once it is closed here: uploads. */
  readonly discard: (() => Promise<void>) | null;
}

export interface OpenOptions {
  /** Puts the file into the list of recent files. */
  readonly remember: boolean;
  /** Shown instead of the file's own name. */
  readonly name?: string;
  /** The file is temporary: called when it is closed. */
  readonly discard?: () => Promise<void>;
}

/** Files of one ring that are put among the recent ones, which are twenty in all. */
const RING_REMEMBERED = 8;

/** How long the end waits for what is under way: a folder on a network that is gone gives no answer at all. */
const CLOSE_MS = 3000;

/** Counts captures over all windows: answers and events are told apart by it. */
let captures = 0;

export class HostSession {
  readonly engine: EngineSupervisor;
  readonly #shared: SharedServices;
  readonly #window: WindowServices;
  readonly #capture: CaptureController;
  #opened: Opened | null = null;
  /** The unsaved capture is in a file of the user's by now. */
  #saved = false;
  /** What the engine is writing for the window, and whether its place has become full. */
  #writing: { readonly target: SaveTarget; full: boolean } | null = null;
  #state: CaptureState | null = null;
  #closed = false;
  /** What the last capture was asked to be. */
  #wish: CaptureStart | null = null;
  /** The engine follows the running capture. While a new one starts it may still show what was open before. */
  #following = false;
  /** The key log of the settings that the engine was told of. */
  #told = '';
  /** Why the engine is gone, until a new one runs. */
  #gone: Failure | null = null;
  /** Opening, starting and closing happen one after the other. */
  #turn: Promise<unknown> = Promise.resolve();

  constructor(shared: SharedServices, window: WindowServices) {
    this.#shared = shared;
    this.#window = window;
    this.engine = new EngineSupervisor(shared.startEngine, {
      event: (name, value) => this.#engineEvent(name, value),
      gone: (failure) => {
        this.#gone = failure;
        window.hostEvent('engineGone', failure);
      },
    });
    this.#capture = new CaptureController(shared.startCapture, {
      status: (status) => window.hostEvent('live', status),
      grown: (bytes) => {
        if (this.#following) void this.engine.request('grown', { bytes });
      },
      file: (file) => this.#nextFile(file),
      ended: (bytes) => {
        this.#captureEnded(bytes);
        void this.#rememberRing();
      },
    });
    this.#startEngine();
  }

  /** Tells a page that has just come what it has missed. */
  tellAll(): void {
    const { status } = this.#capture;
    if (status !== null) this.#window.hostEvent('live', status);
    if (this.#gone !== null) this.#window.hostEvent('engineGone', this.#gone);
  }

  /** True while packets are being captured: nobody ends it for want of a page. */
  get capturing(): boolean {
    return this.#capture.running;
  }

  /** Name of what is open, for the title of the window. */
  get title(): string | null {
    return this.#opened?.name ?? null;
  }

  /** Answers a request whose name and arguments have been checked by `checkHostArgs`. Never rejects. */
  async handle(name: HostRequestName, args: unknown): Promise<Answer<unknown>> {
    try {
      return { ok: true, value: await this.#answer(name, args) };
    } catch (error) {
      return { ok: false, failure: failureOf(error, 'The request') };
    }
  }

  /** Passes on a request whose name and arguments have been checked by `checkEngineArgs`. */
  askEngine(name: EngineRequestName, args: unknown, answered: (answer: Answer<unknown>) => void): void {
    this.engine.ask(name, args, answered);
  }

  /** Opens a file in place of what is open. Rejects with a HostError. */
  open(file: string, options: OpenOptions = { remember: true }): Promise<void> {
    return this.#inTurn(() => this.#open(file, options));
  }

  /** Ends everything. An unsaved capture with packets is kept to be recovered. */
  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    // First: what is under way may wait for an answer of an engine that hangs.
    this.engine.dispose();
    await Promise.race([this.#turn, new Promise((resolve) => setTimeout(resolve, CLOSE_MS).unref())]);
    await this.#letGo(false).catch(() => {});
    this.engine.dispose();
    await Promise.all([this.#shared.settings.settled(), this.#shared.recent.settled()]);
  }

  async #answer<N extends HostRequestName>(name: N, args: unknown): Promise<unknown> {
    const answers: { readonly [K in HostRequestName]: (args: HostRequests[K]['args']) => Promise<HostRequests[K]['result']> } = {
      info: async () => ({ mode: this.#shared.mode, version, platform: process.platform, sample: sampleCapture() }),
      settings: () => this.#shared.settings.get(),
      setSettings: async (change) => {
        await this.#shared.settings.set(change).catch((error: unknown) => {
          throw new HostError(failureOf(error, 'The settings file'));
        });
        return null;
      },
      recent: () => this.#shared.recent.list(),
      forgetRecent: async ({ path: file }) => {
        await this.#shared.recent.forget(file);
        return null;
      },
      openPath: async ({ path: file }) => {
        await this.open(file);
        return null;
      },
      openDialog: async () => {
        const file = await this.#window.askOpen();
        if (file === 'unavailable')
          throw fail('unavailable', 'The browser chooses files itself.', 'Choose a file in the page, or drop it there.');
        if (file !== null) await this.open(file);
        return null;
      },
      closeCapture: async () => {
        await this.#inTurn(() => this.#letGo(true));
        return null;
      },
      ability: ({ fresh }) => this.#shared.ability.get(fresh === true),
      startCapture: async (wish) => {
        await this.#inTurn(() => this.#startCapture(wish, false));
        return null;
      },
      // Not in turn: Stop must work while anything else is going on.
      stopCapture: async () => {
        await this.#capture.stop();
        return null;
      },
      restartCapture: async () => {
        const last = this.#wish;
        if (last === null || this.#capture.status === null) throw fail('no-such', 'There is no capture to start again.');
        await this.#inTurn(() => this.#startCapture(last, true));
        return null;
      },
      save: (wish) => this.#save(wish),
      recovered: () => this.#shared.spool.recovered(),
      discardRecovered: async ({ path: file }) => {
        await this.#shared.spool.discard(file);
        return null;
      },
      restartEngine: async () => {
        await this.#restartEngine();
        return null;
      },
    };
    return answers[name](args as HostRequests[N]['args']);
  }

  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const next = this.#turn.then(() => {
      if (this.#closed) throw fail('unavailable', 'The window is being closed.');
      return work();
    });
    this.#turn = next.catch(() => {});
    return next;
  }

  #startEngine(): void {
    this.#gone = null;
    this.#told = '';
    this.engine.start();
    this.#window.engineStarted();
  }

  #ensureEngine(): void {
    if (!this.engine.running && !this.#closed) this.#startEngine();
  }

  async #open(given: string, options: OpenOptions): Promise<void> {
    const file = path.resolve(given);
    await readableFile(file);
    // What is open and is opened again stays in hand: letting go of it would remove an upload, or a capture that was saved.
    const again = this.#opened?.path === file ? this.#opened : null;
    // A file that is no capture costs nobody what is open.
    if (this.#opened !== null && again === null && this.engine.running) need(await this.engine.request('canOpen', { path: file }));
    const spool = again === null ? await this.#shared.spool.claim(file) : again.spool;
    if (again !== null) this.#opened = null;
    await this.#letGo(false);
    const name = options.name ?? again?.name ?? spool?.interface ?? path.basename(file);
    this.#window.hostEvent('opening', { name });
    const opened: Opened = { capture: ++captures, path: file, name, spool, discard: options.discard ?? again?.discard ?? null };
    this.#opened = opened;
    if (again === null) this.#saved = false;
    this.#state = null;
    this.#ensureEngine();
    const keyLog = await this.#keyLog();
    const { starts } = this.engine;
    const answer = await this.engine.request('open', { path: file, capture: opened.capture, name, ...keyLog });
    if (!answer.ok) {
      // The engine was started again meanwhile, and opens it in its turn.
      if (this.engine.starts !== starts) return;
      if (this.#opened === opened) await this.#dropOpened(false);
      throw new HostError(answer.failure);
    }
    if (options.remember && spool === null && opened.discard === null) await this.#shared.recent.add(file, null).catch(() => {});
  }

  /** The key log of the settings, where the engine does not know it yet. */
  async #keyLog(): Promise<{ keyLogFile?: string }> {
    const { keyLogFile } = await this.#shared.settings.get();
    if (keyLogFile === this.#told) return {};
    this.#told = keyLogFile;
    return { keyLogFile };
  }

  async #startCapture(wish: CaptureStart, drop: boolean): Promise<void> {
    const name = wish.interfaces.join(', ');
    const ring = wish.limits?.ring === undefined ? null : ringFile(wish);
    if (ring !== null) await writableFolder(path.dirname(ring));
    const captureFilter = this.#withoutOwn(wish);
    const spool = await this.#shared.spool.create(name, captureFilter).catch((error: unknown) => {
      throw new HostError(failureOf(error, 'The folder for unsaved captures'));
    });
    await this.#capture.stop();
    this.#following = false;
    try {
      // A ring goes where the user wants its files; what steers it stays with the captures that are not saved yet.
      await this.#capture.start(
        { ...wish, captureFilter, watched: true },
        ring === null ? spool : { spool: ring, progress: spool.progress, stop: spool.stop },
      );
    } catch (error) {
      // What was open stays open: nothing has been captured.
      await this.#shared.spool.remove(spool);
      this.#capture.forget();
      this.#window.hostEvent('live', null);
      throw error;
    }
    this.#wish = wish;
    await this.#dropOpened(drop);
    const file = this.#capture.status?.spool ?? spool.spool;
    const discard = ring === null ? null : () => this.#shared.spool.remove(spool);
    const opened: Opened = { capture: ++captures, path: file, name, spool: ring === null ? spool : null, discard };
    this.#opened = opened;
    this.#saved = false;
    this.#state = null;
    this.#ensureEngine();
    await this.#follow(opened);
  }

  /** The capture filter asked for, without what the window itself is told: each packet would be shown by sending further ones. */
  #withoutOwn({ interfaces, captureFilter }: CaptureStart): string {
    const own = this.#window.ownPackets();
    if (own === null || !interfaces.some(carriesLoopback)) return captureFilter;
    return captureFilter.trim() === '' ? `not (${own})` : `(${captureFilter}) and not (${own})`;
  }

  /** The window shows the newest file of a ring. */
  #nextFile(file: string): void {
    const opened = this.#opened;
    if (!this.#following || opened === null || opened.path === file) return;
    const next: Opened = { ...opened, capture: ++captures, path: file };
    this.#opened = next;
    this.#state = null;
    void this.engine.request('follow', { path: file, capture: next.capture, name: next.name });
  }

  /** Has the engine follow the running capture from its beginning. */
  async #follow(opened: Opened): Promise<void> {
    const keyLog = await this.#keyLog();
    const { starts } = this.engine;
    this.#following = true;
    const followed = this.engine.request('follow', { path: opened.path, capture: opened.capture, name: opened.name, ...keyLog });
    // It may have ended before anyone followed.
    const { status } = this.#capture;
    if (status?.stoppedAt != null) this.#captureEnded(await sizeOf(opened.path));
    else if (this.#capture.fileBytes > 0) void this.engine.request('grown', { bytes: this.#capture.fileBytes });
    const answer = await followed;
    // Without an engine the packets go to disk all the same; the window has heard that it is gone.
    if (answer.ok || !this.engine.running || this.engine.starts !== starts) return;
    await this.#capture.stop();
    throw new HostError(answer.failure);
  }

  /** Both requests at once: nothing may come between them and what is opened next. */
  #captureEnded(bytes: number): void {
    if (!this.#following) return;
    this.#following = false;
    void this.engine.request('grown', { bytes });
    void this.engine.request('ended', {});
  }

  /** The files that a ring left are files of the user's: the newest of them are among the recent ones, the last one first. */
  async #rememberRing(): Promise<void> {
    if (this.#capture.ring)
      for (const file of this.#capture.files.slice(-RING_REMEMBERED)) await this.#shared.recent.add(file, null).catch(() => {});
  }

  /** Ends a running capture and closes what is open. `tell`: the window has nothing open after this. */
  async #letGo(tell: boolean): Promise<void> {
    await this.#capture.stop();
    this.#following = false;
    const had = this.#capture.status !== null;
    this.#capture.forget();
    if (tell && this.engine.running) await this.engine.request('close', {});
    await this.#dropOpened(false);
    if (had) this.#window.hostEvent('live', null);
  }

  /** Forgets what is open. Unsaved packets are kept to be recovered, unless they are unwanted. */
  async #dropOpened(unwanted: boolean): Promise<void> {
    const opened = this.#opened;
    this.#opened = null;
    this.#state = null;
    await opened?.discard?.().catch(() => {});
    if (opened?.spool == null) return;
    const packets = settle(opened.spool)?.packets ?? 0;
    if (unwanted || this.#saved || packets === 0) await this.#shared.spool.remove(opened.spool).catch(() => {});
    else await this.#shared.spool.release(opened.spool);
  }

  /** A new engine at once: whatever waits for an answer of the one before hears that there is none. What was open is opened again in its turn. */
  async #restartEngine(): Promise<void> {
    if (this.#closed) return;
    const opened = this.#opened;
    this.#gone = null;
    this.#told = '';
    this.engine.restart();
    this.#window.engineStarted();
    await this.#inTurn(async () => {
      if (opened === null || opened !== this.#opened) return;
      if (this.#capture.running) await this.#follow(opened);
      else {
        const { path: file, capture, name } = opened;
        need(await this.engine.request('open', { path: file, capture, name, ...(await this.#keyLog()) }));
      }
    });
  }

  async #save(wish: HostRequests['save']['args']): Promise<HostRequests['save']['result']> {
    const opened = this.#opened;
    if (opened === null) throw fail('no-such', 'Nothing is open that could be saved.');
    const { name, ...content } = wish;
    const target = await this.#window.askSave(suggestedName(opened, content, name));
    if (target === null) return { saved: false, path: null, download: null, ...NOTHING_SAVED };
    if (await isSameFile(target.path, opened.path)) {
      throw fail('invalid', `${path.basename(target.path)} is open in this window and cannot be overwritten.`, 'Choose another name.');
    }
    const wasRunning = this.#capture.running;
    const writing = { target, full: false };
    // An engine that writes already refuses.
    this.#writing ??= writing;
    const answer = await this.engine.request('save', { path: target.path, ...content });
    if (this.#writing === writing) this.#writing = null;
    const result = answer.ok ? (answer.value as SaveResult) : NOTHING_SAVED;
    if (!result.whole) await target.failed().catch(() => {});
    if (!answer.ok) throw new HostError(answer.failure);
    if (!result.whole && writing.full) {
      throw fail(
        'io',
        'There is not enough free disk space for this file. Nothing was saved.',
        'Free some space, or save less: set a filter first.',
      );
    }
    if (!result.whole) return { saved: false, path: null, download: null, ...result };
    const done = target.done();
    if (content.what === 'packets') {
      // Saving a part, or while more is coming, does not make the rest safe.
      if (opened === this.#opened && content.only === 'all' && !wasRunning) this.#saved = true;
      if (done.path !== null) await this.#shared.recent.add(done.path, result.count).catch(() => {});
    }
    return { saved: true, ...done, ...result };
  }

  /** Ends what is being written where there is no more room for it. */
  async #needRoom(): Promise<void> {
    const writing = this.#writing;
    if (writing?.target.hasRoom === undefined || writing.full) return;
    if (await writing.target.hasRoom().catch(() => true)) return;
    writing.full = true;
    if (this.#writing === writing) await this.engine.request('stopSaving', {});
  }

  #engineEvent(name: keyof EngineEvents, value: unknown): void {
    if (name === 'saving' && value !== null) void this.#needRoom();
    if (name === 'state') {
      const state = value as CaptureState | null;
      const finished = state !== null && state.phase === 'done' && this.#state?.phase !== 'done';
      this.#state = state;
      if (finished && this.#opened?.capture === state.capture)
        void this.#shared.recent.setPackets(state.path, state.packets).catch(() => {});
    }
    this.#window.engineEvent(name, value);
  }
}

function need(answer: Answer<unknown>): void {
  if (!answer.ok) throw new HostError(answer.failure);
}

async function readableFile(file: string): Promise<void> {
  let failure: Failure | null = null;
  try {
    const found = await stat(file);
    if (found.isDirectory()) failure = { code: 'invalid', message: `${file} is a folder, not a capture file.`, advice: 'Choose a file.' };
  } catch (error) {
    failure = failureOf(error, file);
  }
  if (failure !== null) throw new HostError(failure);
}

function ringFile(wish: CaptureStart): string {
  const { file } = wish;
  if (file === undefined || !path.isAbsolute(file))
    throw fail('invalid', 'A ring of files needs a place: a whole path, such as /home/me/trace.pcapng.', 'Fill in where the files go.');
  return path.extname(file) === '' ? `${file}.pcapng` : file;
}

async function writableFolder(folder: string): Promise<void> {
  const found = await stat(folder).catch(() => null);
  if (found?.isDirectory() !== true) throw fail('not-found', `There is no folder ${folder}.`, 'Choose another place for the files.');
}

const NOTHING_SAVED: SaveResult = { whole: false, count: 0, bytes: 0, left: 0, note: null };

/** Endings of what is not packets. */
const ENDINGS = { stream: '.bin', har: '.har', bodies: '-bodies.zip', body: '.bin' } as const;

/** What the names of files with a part of the packets say of it. */
const PARTS = { all: '', view: '-filtered', marked: '-marked' } as const;

/** @param name what the window would call it */
function suggestedName(opened: Opened, content: SaveContent, name: string | undefined): string {
  if (name !== undefined && name !== '') return safeName(name);
  const stamp =
    opened.spool === null ? '' : `-${new Date(opened.spool.startedAt).toISOString().slice(0, 19).replaceAll(':', '').replace('T', '-')}`;
  const base = `${opened.name.replace(/\.(pcapng|pcap|cap)?(\.gz)?$/i, '').replace(/[^\p{L}\p{N}._-]+/gu, '_') || 'capture'}${stamp}`;
  if (content.what !== 'packets') return `${base}${ENDINGS[content.what]}`;
  return `${base}${PARTS[content.only]}.${content.format}`;
}
