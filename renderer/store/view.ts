/** What the list shows: the filter, as text and as chips, and the order. */
import type { RowsAlong, Transport, ViewNews, ViewState } from '../../src/messages.ts';
import { said } from '../engine-words.ts';
import { words } from '../words.ts';
import { type Growth, isGrowing } from './growth.ts';
import { tellMarked } from './marked.ts';
import { useApp } from './state.ts';
import { addTerm, type Chip, excludeTerm, joinChips, mergeChips, orTerm } from './terms.ts';

const CHECK_DELAY_MS = 120;
const get = useApp.getState;
const set = useApp.setState;

export type View = ReturnType<typeof createView>;

/** `actions` are for the window, the rest for who listens to the back end. */
export function createView(transport: Transport, growth: Growth) {
  let checkTimer = 0;
  let checkNumber = 0;
  /** The engine was started anew: its views count from the beginning, and it knows neither filter nor marks. */
  let fresh = false;
  /** Who keeps the rows of the list: they come along with the news of a view, before it is drawn. */
  let keepRows: (view: number, along: RowsAlong) => void = () => {};

  /** Takes a view that the engine tells of, with the rows that came along. */
  function takeNews({ along, ...view }: ViewNews): void {
    if (along !== undefined) keepRows(view.view, along);
    take(view);
    // The engine may hold back until its first rows are drawn.
    growth.drawSoon(along?.from === 0);
  }

  /** Takes a view as it is now; one that is older than what is shown is left. */
  function take(view: ViewState): void {
    const before = get().view;
    if (before !== null && view.view < before.view && !fresh) return;
    const { capture } = get();
    if (before?.view === view.view && !fresh && capture !== null && isGrowing(capture)) {
      growth.put({ view });
      return;
    }
    growth.drop('view');
    set({ view });
    if (fresh) {
      fresh = false;
      const { chips, marked } = get();
      tellMarked(transport, capture, marked);
      if (view.filter === '' && joinChips(chips) !== '') void applyChips(chips);
    }
    if (before === null || before.view !== view.view || before.matched !== view.matched || before.complete !== view.complete) {
      growth.refreshFacets();
      growth.refreshMinimap();
    }
  }

  /** Chips for a filter that the engine has already. */
  async function adoptFilter(text: string, keepOff: boolean): Promise<void> {
    const check = await transport.engine('checkFilter', { text });
    if (check.ok && check.value.ok) {
      const terms = check.value.terms;
      set((state) => ({ chips: mergeChips(state.chips, terms, keepOff) }));
    }
  }

  /** Applies filter text. True if it was valid. */
  async function applyText(text: string, keepOff: boolean): Promise<boolean> {
    if (get().capture === null) return false;
    const answer = await transport.engine('setFilter', { text });
    if (!answer.ok) {
      set({ failure: { title: words.viewFailed, failure: answer.failure } });
      return false;
    }
    const value = answer.value;
    if (!value.ok) {
      set({ draft: get().draft ?? text, draftCheck: value });
      return false;
    }
    set((state) => ({
      draft: state.draft === null ? null : value.expanded,
      draftCheck: null,
      chips: mergeChips(state.chips, text.trim() === '' ? [] : value.terms, keepOff),
    }));
    if (value.view !== undefined) take(value.view);
    return true;
  }

  async function applyChips(chips: readonly Chip[]): Promise<void> {
    if (get().capture === null) return;
    const answer = await transport.engine('setFilter', { text: joinChips(chips) });
    if (!answer.ok) {
      set({ failure: { title: words.viewFailed, failure: answer.failure } });
      return;
    }
    const value = answer.value;
    if (!value.ok) {
      set({ draft: joinChips(chips), draftCheck: value });
      return;
    }
    set({ chips, draft: null, draftCheck: null });
    if (value.view !== undefined) take(value.view);
  }

  function editFilter(text: string): void {
    set({ draft: text });
    window.clearTimeout(checkTimer);
    const number = ++checkNumber;
    if (text.trim() === '') {
      set({ draftCheck: null });
      return;
    }
    checkTimer = window.setTimeout(async () => {
      const answer = await transport.engine('checkFilter', { text });
      if (number === checkNumber && get().draft === text && answer.ok) set({ draftCheck: answer.value });
    }, CHECK_DELAY_MS);
  }

  /** Leaves the input; the last valid filter stands again. */
  function endEdit(): void {
    window.clearTimeout(checkTimer);
    checkNumber++;
    set({ draft: null, draftCheck: null });
  }

  /** Filter from another part of the window. */
  async function filterOn(text: string, how: 'replace' | 'and' | 'or' | 'exclude'): Promise<void> {
    const { chips, view } = get();
    if (how === 'and') return applyChips(addTerm(chips, text));
    if (how === 'exclude') return applyChips(excludeTerm(chips, text));
    await applyText(how === 'or' ? orTerm(view?.filter ?? '', text) : text, how === 'or');
    if (get().draftCheck === null) set({ draft: null });
  }

  return {
    takeNews,
    take,
    adoptFilter,
    /** The engine is gone: the next one begins anew. */
    startOver(): void {
      fresh = true;
    },
    actions: {
      /** Names who keeps the rows of the list. */
      onRows(keep: (view: number, along: RowsAlong) => void): void {
        keepRows = keep;
      },
      applyText,
      applyChips,
      editFilter,
      endEdit,
      filterOn,
      setCompleting(completing: boolean): void {
        if (get().completing !== completing) set({ completing });
      },
      beginEdit(): void {
        if (get().draft === null) set({ draft: get().view?.filter ?? '', draftCheck: null });
      },
      /** Sorts the list by a column of its own or a field; null: as in the file. */
      async sortRows(column: string | null, descending: boolean): Promise<void> {
        const answer = await transport.engine('sortRows', { column, descending });
        if (!answer.ok) {
          set((state) => ({ notice: said(answer.failure), view: state.view === null ? null : { ...state.view } }));
          return;
        }
        take(answer.value);
      },
    },
  };
}
