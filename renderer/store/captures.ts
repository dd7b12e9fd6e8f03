/** Captures as a whole: opening, making, saving and closing them, and the settings. */
import type { Answer, Settings, Transport } from '../../src/messages.ts';
import { noted } from '../engine-words.ts';
import { words } from '../words.ts';
import { fetchDownload } from './download.ts';
import { isKeyLog } from './key-log.ts';
import { chosenInterfaces, isCapturing, useApp, withActivity } from './state.ts';

const get = useApp.getState;
const set = useApp.setState;

/**
 * `actions` are for the window, `loadStart` reads what the start screen lists.
 * @param readKeyLog takes a file for the key log; gives what was wrong with it, null if nothing was
 */
export function createCaptures(transport: Transport, readKeyLog: (file: File) => Promise<string | null>) {
  /** Shows a failed answer in the banner; gives the value of one that did not fail. */
  function unwrap<T>(answer: Answer<T>, title: string): T | null {
    if (answer.ok) return answer.value;
    set({ failure: { title, failure: answer.failure } });
    return null;
  }

  async function loadStart(): Promise<void> {
    const [recent, recovered] = await Promise.all([transport.host('recent', {}), transport.host('recovered', {})]);
    if (recent.ok) set({ recent: recent.value });
    if (recovered.ok) set({ recovered: recovered.value });
  }

  async function readAbility(fresh: boolean): Promise<void> {
    const answer = await transport.host('ability', fresh ? { fresh: true } : {});
    if (answer.ok) set((state) => ({ ability: answer.value, activity: withActivity(state.activity, answer.value, Date.now()) }));
  }

  /** The file that is being sent to the back end, in browser mode. */
  let sending = new AbortController();

  /** Something else was chosen: a file that is still being sent would take its place when it is there. Gives the signal of what is chosen now. */
  function choose(): AbortSignal {
    sending.abort();
    sending = new AbortController();
    return sending.signal;
  }

  async function open(path: string, name: string): Promise<void> {
    choose();
    set({ opening: name, failure: null });
    const answer = await transport.host('openPath', { path });
    if (unwrap(answer, words.openFailed) === null && !answer.ok) set({ opening: null });
  }

  /** With the back end and the limits of the settings. */
  async function startCapture(interfaces: readonly string[], captureFilter: string): Promise<void> {
    choose();
    set({ failure: null });
    changeSettings({ lastInterfaces: interfaces, captureFilter });
    const { captureBackend, captureLimits } = get().settings;
    const { file, ...limits } = captureLimits;
    const answer = await transport.host('startCapture', {
      interfaces,
      captureFilter,
      backend: captureBackend,
      limits,
      ...(limits.ring === undefined || file === undefined ? {} : { file }),
    });
    if (!answer.ok) set({ failure: { title: words.captureNotStarted, failure: answer.failure } });
  }

  function changeSettings(change: Partial<Settings>): void {
    set((state) => ({ settings: { ...state.settings, ...change } }));
    void transport.host('setSettings', change);
  }

  /** The second that is going on would show as a dip: the minute ends with the one before. */
  async function readPulse(): Promise<void> {
    const capture = get().capture?.capture;
    const answer = await transport.engine('pulse', { until: Math.floor(Date.now() / 1000) - 1 });
    if (answer.ok && capture !== undefined && get().capture?.capture === capture) set({ pulse: answer.value });
  }

  const actions = {
    readAbility,
    readPulse,
    changeSettings,
    startCapture,
    openPath: open,

    /** The file dialog of the desktop app; false where there is none and the page has to ask for a file itself. */
    async openDialog(): Promise<boolean> {
      const answer = await transport.host('openDialog', {});
      if (answer.ok) return true;
      if (answer.failure.code === 'unavailable') return false;
      set({ failure: { title: words.openFailed, failure: answer.failure } });
      return true;
    },

    /** A capture; a key log is taken for the capture that is open, or for the next one. */
    async openFile(file: File): Promise<void> {
      if (await isKeyLog(file)) {
        const wrong = await readKeyLog(file);
        if (wrong !== null) set({ failure: { title: words.keyLog.failed, failure: { code: 'invalid', message: wrong } } });
        else set({ notice: words.keyLog.notice(file.name) });
        return;
      }
      const signal = choose();
      set({ opening: file.name, failure: null });
      const answer = await transport.openFile(file, signal);
      if (!answer.ok && !signal.aborted) set({ opening: null, failure: { title: words.openFailed, failure: answer.failure } });
    },

    async closeCapture(): Promise<void> {
      unwrap(await transport.host('closeCapture', {}), words.viewFailed);
      // Only now it is known what can be recovered: the engine tells that nothing is open a moment before.
      await loadStart();
    },

    async forgetRecent(path: string): Promise<void> {
      await transport.host('forgetRecent', { path });
      await loadStart();
    },

    async discardRecovered(path: string): Promise<void> {
      unwrap(await transport.host('discardRecovered', { path }), words.viewFailed);
      await loadStart();
    },

    async stopCapture(): Promise<void> {
      unwrap(await transport.host('stopCapture', {}), words.captureFailed);
    },

    async restartCapture(): Promise<void> {
      unwrap(await transport.host('restartCapture', {}), words.captureNotStarted);
    },

    /** Ctrl+E: stops what runs, else starts on the chosen interface. */
    async toggleCapture(): Promise<void> {
      const { live, ability, settings } = get();
      if (isCapturing(live)) {
        if (live?.phase !== 'stopping') await actions.stopCapture();
        return;
      }
      if (ability === null || !ability.available) return;
      const names = chosenInterfaces(ability, settings);
      if (names.length > 0) await startCapture(names, settings.captureFilter);
    },

    async save(format: 'pcapng' | 'pcap', only: 'all' | 'view' | 'marked'): Promise<void> {
      set({ notice: '' });
      const answer = await transport.host('save', { what: 'packets', format, only });
      if (!answer.ok) {
        set({ failure: { title: words.notSaved, failure: answer.failure } });
        return;
      }
      if (!answer.value.saved) return;
      if (answer.value.download !== null) fetchDownload(answer.value.download);
      const note = answer.value.note === null ? '' : ` · ${noted(answer.value.note)}`;
      set({ notice: words.saved(answer.value.count, answer.value.path) + note });
    },

    async stopSaving(): Promise<void> {
      await transport.engine('stopSaving', {});
    },
    async stopReading(): Promise<void> {
      await transport.engine('stopReading', {});
    },
    async stopScan(): Promise<void> {
      await transport.engine('stopScan', {});
    },
    async restartEngine(): Promise<void> {
      if (unwrap(await transport.host('restartEngine', {}), words.engineGone) !== null) set({ engineGone: null });
    },
  };

  return { actions, loadStart };
}
