/** The capture that is open, as the engine reads it; and its reading anew with other choices: protocols of ports, key logs. */
import type { Answer, CaptureState, DecodeChoice, KeyLogChoice, Transport } from '../../src/messages.ts';
import { printableLines } from '../../src/words/printable.ts';
import { said } from '../engine-words.ts';
import { words } from '../words.ts';
import { type Growth, isGrowing } from './growth.ts';
import { LARGEST_LOG, pieces } from './key-log.ts';
import type { PacketSelection } from './selection.ts';
import { type AppState, useApp, withCapture } from './state.ts';
import { joinChips } from './terms.ts';
import type { View } from './view.ts';

/** What the first rows do not need is asked for so much later, ms. */
const AFTER_ROWS_MS = 250;
const get = useApp.getState;
const set = useApp.setState;

/** `actions` are for the window, the rest for who listens to the back end. */
export function createReading(transport: Transport, growth: Growth, view: View, selection: PacketSelection) {
  /** The capture is being read anew: the selected packet is asked for again once it is there. */
  let rereading = false;

  /** Takes a state of the capture; null: none is open. */
  function take(capture: CaptureState | null): void {
    const before = get().capture;
    if (capture !== null && before?.capture === capture.capture && before.phase === capture.phase && isGrowing(capture) && !rereading) {
      growth.put({ capture });
      return;
    }
    growth.drop('capture');
    set((state) => withCapture(state, capture));
    if (capture === null) {
      document.title = words.app;
      return;
    }
    if (before === null || before.capture !== capture.capture) {
      document.title = `${printableLines(capture.name)} – ${words.app}`;
      void syncView(capture.capture);
      // The first rows come first.
      setTimeout(() => {
        void readChoices();
        growth.refreshFacets();
      }, AFTER_ROWS_MS);
    } else if (before.packets !== capture.packets || before.phase !== capture.phase) {
      growth.refreshFacets();
    }
    if (rereading && capture.phase !== 'reading') {
      rereading = false;
      selection.forget();
      selection.askAgain();
      // Tables and pictures that were made while the capture was being read are made again.
      set((state) => ({ readings: state.readings + 1 }));
      growth.refreshFacets();
    }
  }

  async function readChoices(): Promise<void> {
    const answer = await transport.engine('decodeOptions', {});
    if (answer.ok) set({ decodeChoices: answer.value.choices });
  }

  /** The first view event of a capture may come before its first state event: so ask once. */
  async function syncView(capture: number): Promise<void> {
    const answer = await transport.engine('state', {});
    if (!answer.ok || answer.value.capture === null || get().capture?.capture !== capture) return;
    if (answer.value.capture.capture !== capture) return;
    if (answer.value.view !== null && get().view === null) view.take(answer.value.view);
    // A page that was loaded anew has forgotten them.
    const { marked } = answer.value;
    if (marked.length > 0 && get().marked.size === 0) set({ marked: new Set(marked) });
    const filter = get().view?.filter ?? '';
    if (filter !== '' && get().chips.length === 0) await view.adoptFilter(filter, false);
  }

  /** Has the engine read the capture anew; the filter stays. Gives what was wrong, null if nothing was. `change`: what holds from then on. */
  async function readAnew(ask: () => Promise<Answer<unknown>>, change: Partial<AppState>): Promise<string | null> {
    rereading = get().capture !== null;
    selection.forget();
    const answer = await ask();
    if (!answer.ok) {
      rereading = false;
      return said(answer.failure);
    }
    set((state) => ({ ...change, readings: state.readings + 1, detail: null, facets: [], minimap: [] }));
    const { chips } = get();
    if (joinChips(chips) !== '') await view.actions.applyChips(chips);
    const state = await transport.engine('state', {});
    if (state.ok && state.value.capture !== null) take(state.value.capture);
    return null;
  }

  const actions = {
    /** Has the capture read anew with these choices of protocols; the filter stays. Gives what was wrong with them, null if nothing was. */
    setDecodeAs(choices: readonly DecodeChoice[]): Promise<string | null> {
      return readAnew(() => transport.engine('setDecodeAs', { choices }), { decodeChoices: choices });
    },
    /** Has the capture read anew with a key log, or with none. Gives what was wrong with it, null if nothing was. */
    async setKeyLog(choice: KeyLogChoice): Promise<string | null> {
      const wrong = await readAnew(() => transport.engine('setKeyLog', choice), {});
      await actions.refreshKeyLog();
      return wrong;
    },
    /** Takes a file of the page for the key log. */
    async readKeyLog(file: File): Promise<string | null> {
      if (file.size > LARGEST_LOG) return words.keyLog.tooLarge;
      for await (const piece of pieces(file)) {
        if (piece.from === 'text' && !piece.more) return actions.setKeyLog(piece);
        const answer = await transport.engine('setKeyLog', piece);
        if (!answer.ok) return said(answer.failure);
      }
      return null;
    },
    async refreshKeyLog(): Promise<void> {
      const answer = await transport.engine('keyLog', {});
      if (answer.ok) set({ keyLog: answer.value });
    },
  };

  return { actions, take };
}
