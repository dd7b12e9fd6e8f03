/** What the window can do: every conversation with the back end, by subject, and what is left of it: tabs, panels, columns. */
import { type Failure, MOST_FIELD_COLUMNS, type Transport } from '../../src/messages.ts';
import { words } from '../words.ts';
import { createCaptures } from './captures.ts';
import { createGrowth } from './growth.ts';
import { createReading } from './reading.ts';
import { createSelection } from './selection.ts';
import { type AppState, type Followed, fieldColumns, type Tab, useApp, withLineClosed, withLive } from './state.ts';
import { createView } from './view.ts';

const get = useApp.getState;
const set = useApp.setState;

export type Actions = ReturnType<typeof createActions>;

/** The actions of one window; `connect` must be called once. */
export function createActions(transport: Transport) {
  const growth = createGrowth(transport);
  const view = createView(transport, growth);
  const selection = createSelection(transport);
  const reading = createReading(transport, growth, view, selection);
  const captures = createCaptures(transport, reading.actions.readKeyLog);

  const actions = {
    ...growth.actions,
    ...view.actions,
    ...selection.actions,
    ...reading.actions,
    ...captures.actions,

    /** Listens to the back end and asks for what is needed first. */
    connect(): void {
      transport.onEngine('state', (news) => {
        if (news === null) {
          reading.take(null);
          void captures.loadStart();
        } else {
          const { view: shown, ...capture } = news;
          reading.take(capture);
          if (shown !== undefined) view.takeNews(shown);
        }
        growth.drawSoon();
      });
      transport.onEngine('view', view.takeNews);
      transport.onEngine('failed', (failure) => set({ opening: null, failure: { title: words.openFailed, failure } }));
      transport.onHost('live', (live) => {
        const before = get().live;
        if (live !== null && live.phase === 'capturing' && before?.phase === 'capturing' && before.startedAt === live.startedAt) {
          growth.put({ live });
          growth.drawAlong();
          return;
        }
        growth.drop('live');
        set((state) => withLive(state, live, Date.now()));
        if (live !== null && live.phase === 'capturing' && before?.phase !== 'capturing') actions.followEvent({ kind: 'start' });
      });
      transport.onEngine('saving', (saving) => set({ saving }));
      transport.onHost('engineGone', (failure) => {
        view.startOver();
        set(failure === null ? { engineGone: null } : { engineGone: failure, saving: null });
      });
      transport.onHost('opening', ({ name }) => set({ opening: name, failure: null }));
      transport.onClosed((reason) => set((state) => withLineClosed(state, reason)));
      void transport.host('info', {}).then((answer) => answer.ok && set({ info: answer.value }));
      void transport.host('settings', {}).then((answer) => {
        set((state) => ({ settings: answer.ok ? { ...state.settings, ...answer.value } : state.settings, settingsLoaded: true }));
        growth.askNews();
      });
      void transport.engine('state', {}).then((answer) => {
        if (!answer.ok) return;
        if (answer.value.capture !== null) reading.take(answer.value.capture);
        if (answer.value.view !== null && get().view === null) view.take(answer.value.view);
      });
      void captures.loadStart();
      void actions.readAbility(false);
    },

    /** One line of news in the status bar, until there is another. */
    notify(notice: string): void {
      set({ notice });
    },

    /** The columns of a table that are shown from now on; null: the usual ones. */
    setColumns(table: string, seen: readonly string[] | null): void {
      const { [table]: _, ...others } = get().settings.columns;
      actions.changeSettings({ columns: seen === null ? others : { ...others, [table]: seen } });
    },

    /** Makes a field a column of the list, or takes the column away. */
    toggleFieldColumn(abbrev: string): void {
      const now = fieldColumns(get());
      const off = now.includes(abbrev);
      if (!off && now.length >= MOST_FIELD_COLUMNS) {
        set({ notice: words.tooManyColumns(MOST_FIELD_COLUMNS) });
        return;
      }
      actions.setColumns('packets', off ? now.filter((each) => each !== abbrev) : [...now, abbrev]);
      set({ notice: off ? words.columnGone(abbrev) : words.columnAdded(abbrev) });
      // What the rows are sorted by stays in sight, or they are not sorted by it any more.
      if (off && get().view?.sorting?.column === abbrev) void actions.sortRows(null, false);
    },

    setTab(tab: Tab): void {
      set({ tab });
    },

    /** Connections tab with this stream; without one, as it was. */
    showConnection(stream: number): void {
      set({ tab: 'connections', stream });
    },
    setStream(stream: number | null): void {
      set({ stream });
    },
    /** Streams tab with what both sides of this stream sent. */
    showStream(followed: Followed): void {
      set({ tab: 'streams', followed });
    },
    setFollowed(followed: Followed | null): void {
      set({ followed });
    },

    fail(title: string, failure: Failure): void {
      set({ failure: { title, failure } });
    },
    dismissFailure(): void {
      set({ failure: null });
    },
    dismiss(what: keyof AppState['dismissed']): void {
      set((state) => ({ dismissed: { ...state.dismissed, [what]: true } }));
    },
    /** Opens the panel of "decode as" with a table and a value; null closes it. */
    openDecode(decodeWish: AppState['decodeWish']): void {
      set({ decodeWish });
    },
    /** Opens the panel of the key log, or closes it. */
    showKeyLog(keyLogShown: boolean): void {
      set({ keyLogShown });
    },
    showKeys(shown: boolean): void {
      set({ keysShown: shown });
    },
  };
  return actions;
}
