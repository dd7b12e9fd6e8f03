/** What the window can do: every conversation with the back end, and what of it goes into the store. */
import {
  type Answer,
  type CaptureState,
  type DecodeChoice,
  type Failure,
  type KeyLogChoice,
  type LiveStatus,
  MOST_FIELD_COLUMNS,
  type PacketDetail,
  type RowsAlong,
  type Settings,
  type Transport,
  type ViewNews,
  type ViewState,
} from '../../src/messages.ts';
import { noted, said } from '../engine-words.ts';
import { words } from '../words.ts';
import { Details } from './details.ts';
import { fetchDownload } from './download.ts';
import { type FollowEvent, follow } from './follow.ts';
import { isKeyLog, LARGEST_LOG, pieces } from './key-log.ts';
import { newsFirst } from './news.ts';
import { drawnThenAsked, latest, paced } from './pace.ts';
import {
  type AppState,
  chosenInterfaces,
  type Followed,
  fieldColumns,
  isCapturing,
  isFollowing,
  type Tab,
  useApp,
  withActivity,
  withCapture,
  withLineClosed,
  withLive,
} from './state.ts';
import { addTerm, type Chip, excludeTerm, joinChips, mergeChips, orTerm } from './terms.ts';

const CHECK_DELAY_MS = 120;
/** Least time between two drawings of what has grown: a packet has to show within 200 ms of its arrival. */
const GROWN_MS = 50;
/** The same while a file is read: nobody waits for its last packet so far, and each drawing takes time from the reading. */
const READING_MS = 150;
/** What nobody waits for is drawn with the next rows, or after this time where none come, ms. */
const ALONG_MS = 150;
/** What the first rows do not need is asked for so much later, ms. */
const AFTER_ROWS_MS = 250;
/** Height of a row, px, and rows that are wanted beyond those that fit. */
export const ROW_PX = 22;
const ROWS_MORE = 8;
const isGrowing = ({ phase }: CaptureState): boolean => phase === 'reading' || phase === 'following';
const get = useApp.getState;
const set = useApp.setState;

export type Actions = ReturnType<typeof createActions>;

/** The actions of one window; `connect` must be called once. */
export function createActions(transport: Transport) {
  let minimapBuckets = 0;
  let checkTimer = 0;
  let checkNumber = 0;
  /** The engine was started anew: its views count from the beginning, and it knows no filter. */
  let fresh = false;
  /** The capture is being read anew: the selected packet is asked for again once it is there. */
  let rereading = false;
  const captureNews = newsFirst();
  /** The last step along a connection. */
  let stepped: Promise<void> = Promise.resolve();

  /** Has the engine read the capture anew; the filter stays. Gives what was wrong, null if nothing was. `change`: what holds from then on. */
  async function readAnew(ask: () => Promise<Answer<unknown>>, change: Partial<AppState>): Promise<string | null> {
    rereading = get().capture !== null;
    details.forget();
    const answer = await ask();
    if (!answer.ok) {
      rereading = false;
      return said(answer.failure);
    }
    set((state) => ({ ...change, readings: state.readings + 1, detail: null, facets: [], minimap: [] }));
    const { chips } = get();
    if (joinChips(chips) !== '') await applyChips(chips);
    const state = await captureNews.ask(() => transport.engine('state', {}));
    if (state?.ok && state.value.capture !== null) onCapture(state.value.capture);
    return null;
  }

  /** Shows a failed answer in the banner; gives the value of one that did not fail. */
  function unwrap<T>(answer: Answer<T>, title: string): T | null {
    if (answer.ok) return answer.value;
    set({ failure: { title, failure: answer.failure } });
    return null;
  }

  /* ------------------------------------------------------------ following the view */

  const refreshFacets = paced(async () => {
    if (get().capture === null) return;
    const answer = await transport.engine('facets', {});
    const { capture } = get();
    if (!answer.ok || capture === null) return;
    grown.facets = { capture: capture.capture, facets: answer.value };
    drawWith(capture);
  }, 500);

  const refreshMinimap = paced(async () => {
    const view = get().view;
    if (view === null || minimapBuckets === 0) return;
    const answer = await transport.engine('minimap', { view: view.view, buckets: minimapBuckets });
    const { capture } = get();
    if (!answer.ok || capture === null || get().view?.view !== view.view) return;
    grown.minimap = { view: view.view, minimap: answer.value };
    drawWith(capture);
  }, 300);

  /** The second that is going on would show as a dip: the minute ends with the one before. */
  async function readPulse(): Promise<void> {
    const capture = get().capture?.capture;
    const answer = await transport.engine('pulse', { until: Math.floor(Date.now() / 1000) - 1 });
    if (answer.ok && capture !== undefined && get().capture?.capture === capture) set({ pulse: answer.value });
  }

  const details = new Details((row) => transport.engine('packet', { row }));

  function fetchDetail(row: number): Promise<Answer<PacketDetail>> {
    const { capture } = get();
    return details.fetch(row, capture?.capture ?? -1, capture?.packets ?? 0);
  }

  async function loadDetail(row: number): Promise<void> {
    const answer = await fetchDetail(row);
    const now = get();
    if (now.selection.kind !== 'packet' || now.selection.row !== row) return;
    if (answer.ok) {
      if (now.capture !== null && answer.value.capture === now.capture.capture) set({ detail: answer.value });
    } else if (answer.failure.code !== 'no-such') set({ failure: { title: words.viewFailed, failure: answer.failure } });
  }
  const requestDetail = latest(loadDetail);

  /** News of what only grows, of which the newest is drawn. */
  let grown: {
    capture?: CaptureState;
    view?: ViewState;
    live?: LiveStatus;
    facets?: { readonly capture: number; readonly facets: AppState['facets'] };
    minimap?: { readonly view: number; readonly minimap: AppState['minimap'] };
  } = {};
  let along: ReturnType<typeof setTimeout> | undefined;

  /** Everything that grew, in one drawing of the window. */
  function drawGrown(): void {
    clearTimeout(along);
    along = undefined;
    const { capture, view, live, facets, minimap } = grown;
    if (Object.keys(grown).length === 0) return;
    grown = {};
    set((state) => {
      let next = state;
      if (capture !== undefined && state.capture?.capture === capture.capture) next = withCapture(next, capture);
      if (view !== undefined && state.view?.view === view.view) next = { ...next, view };
      if (live !== undefined && state.live?.startedAt === live.startedAt) next = withLive(next, live, Date.now());
      if (facets !== undefined && state.capture?.capture === facets.capture) next = { ...next, facets: facets.facets };
      if (minimap !== undefined && state.view?.view === minimap.view) next = { ...next, minimap: minimap.minimap };
      return next;
    });
    if (capture !== undefined || view !== undefined) refreshFacets();
    if (view !== undefined) refreshMinimap();
  }

  /**
   * Draws what a busy capture changes besides its rows with the next of these. By itself each such change was a frame, three for each one with rows, and put
   * off the question for the next ones.
   */
  function drawAlong(): void {
    along ??= setTimeout(drawSoon, ALONG_MS);
  }

  /** The same while `capture` grows, at once when it does not. */
  function drawWith(capture: CaptureState): void {
    if (isGrowing(capture)) drawAlong();
    else drawGrown();
  }

  /** Asks to be told what is new, with the rows that the list is about to show. */
  function askNews(): void {
    const state = get();
    void transport.engine('drawn', {
      rows: Math.min(200, Math.ceil(window.innerHeight / ROW_PX) + ROWS_MORE),
      follow: isFollowing(state),
      fields: fieldColumns(state),
    });
  }
  const drawSoon = drawnThenAsked(drawGrown, askNews, () => (get().capture?.phase === 'reading' ? READING_MS : GROWN_MS));

  /** Who keeps the rows of the list: they come along with the news of a view, before it is drawn. */
  let keepRows: (view: number, along: RowsAlong) => void = () => {};

  function onCapture(capture: CaptureState | null): void {
    const before = get().capture;
    if (capture !== null && before?.capture === capture.capture && before.phase === capture.phase && isGrowing(capture) && !rereading) {
      grown.capture = capture;
      return;
    }
    delete grown.capture;
    set((state) => withCapture(state, capture));
    if (capture === null) {
      document.title = words.app;
      void loadStart();
      return;
    }
    if (before === null || before.capture !== capture.capture) {
      document.title = `${capture.name} – ${words.app}`;
      void syncView(capture.capture);
      // The first rows come first.
      setTimeout(() => {
        void readChoices();
        refreshFacets();
      }, AFTER_ROWS_MS);
    } else if (before.packets !== capture.packets || before.phase !== capture.phase) {
      refreshFacets();
    }
    if (rereading && capture.phase !== 'reading') {
      rereading = false;
      details.forget();
      const { selection } = get();
      if (selection.kind === 'packet') requestDetail(selection.row);
      // Tables and pictures that were made while the capture was being read are made again.
      set((state) => ({ readings: state.readings + 1 }));
      refreshFacets();
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
    if (answer.value.view !== null && get().view === null) onView(answer.value.view);
    const view = get().view;
    if (view !== null && view.filter !== '' && get().chips.length === 0) await adoptFilter(view.filter, false);
  }

  function takeView({ along, ...view }: ViewNews): void {
    if (along !== undefined) keepRows(view.view, along);
    onView(view);
    // The engine may hold back until its first rows are drawn.
    drawSoon(along?.from === 0);
  }

  function onView(view: ViewState): void {
    const before = get().view;
    if (before !== null && view.view < before.view && !fresh) return;
    const { capture } = get();
    if (before?.view === view.view && !fresh && capture !== null && isGrowing(capture)) {
      grown.view = view;
      return;
    }
    delete grown.view;
    set({ view });
    if (fresh) {
      fresh = false;
      const { chips } = get();
      if (view.filter === '' && joinChips(chips) !== '') void applyChips(chips);
    }
    if (before === null || before.view !== view.view || before.matched !== view.matched || before.complete !== view.complete) {
      refreshFacets();
      refreshMinimap();
    }
  }

  /* ------------------------------------------------------------ filter */

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
    if (value.view !== undefined) onView(value.view);
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
    if (value.view !== undefined) onView(value.view);
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

  /* ------------------------------------------------------------ start screen */

  async function loadStart(): Promise<void> {
    const [recent, recovered] = await Promise.all([transport.host('recent', {}), transport.host('recovered', {})]);
    if (recent.ok) set({ recent: recent.value });
    if (recovered.ok) set({ recovered: recovered.value });
  }

  async function readAbility(fresh: boolean): Promise<void> {
    const answer = await transport.host('ability', fresh ? { fresh: true } : {});
    if (answer.ok) set((state) => ({ ability: answer.value, activity: withActivity(state.activity, answer.value, Date.now()) }));
  }

  async function open(path: string, name: string): Promise<void> {
    set({ opening: name, failure: null });
    const answer = await transport.host('openPath', { path });
    if (unwrap(answer, words.openFailed) === null && !answer.ok) set({ opening: null });
  }

  /** With the back end and the limits of the settings. */
  async function startCapture(interfaces: readonly string[], captureFilter: string): Promise<void> {
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

  const actions = {
    /** Listens to the back end and asks for what is needed first. */
    connect(): void {
      transport.onEngine('state', (news) => {
        captureNews.told();
        if (news === null) onCapture(null);
        else {
          const { view, ...capture } = news;
          onCapture(capture);
          if (view !== undefined) takeView(view);
        }
        drawSoon();
      });
      transport.onEngine('view', takeView);
      transport.onEngine('failed', (failure) => set({ opening: null, failure: { title: words.openFailed, failure } }));
      transport.onHost('live', (live) => {
        const before = get().live;
        if (live !== null && live.phase === 'capturing' && before?.phase === 'capturing' && before.startedAt === live.startedAt) {
          grown.live = live;
          drawAlong();
          return;
        }
        delete grown.live;
        set((state) => withLive(state, live, Date.now()));
        if (live !== null && live.phase === 'capturing' && before?.phase !== 'capturing') actions.followEvent({ kind: 'start' });
      });
      transport.onEngine('saving', (saving) => set({ saving }));
      transport.onHost('engineGone', (failure) => {
        fresh = true;
        set(failure === null ? { engineGone: null } : { engineGone: failure, saving: null });
      });
      transport.onHost('opening', ({ name }) => set({ opening: name, failure: null }));
      transport.onClosed((reason) => set((state) => withLineClosed(state, reason)));
      void transport.host('info', {}).then((answer) => answer.ok && set({ info: answer.value }));
      void transport.host('settings', {}).then((answer) => {
        set((state) => ({ settings: answer.ok ? { ...state.settings, ...answer.value } : state.settings, settingsLoaded: true }));
        askNews();
      });
      void transport.engine('state', {}).then((answer) => {
        if (!answer.ok) return;
        if (answer.value.capture !== null) onCapture(answer.value.capture);
        if (answer.value.view !== null && get().view === null) onView(answer.value.view);
      });
      void loadStart();
      void readAbility(false);
    },

    /** Names who keeps the rows of the list. */
    onRows(keep: (view: number, along: RowsAlong) => void): void {
      keepRows = keep;
    },

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
        const wrong = await actions.readKeyLog(file);
        if (wrong !== null) set({ failure: { title: words.keyLog.failed, failure: { code: 'invalid', message: wrong } } });
        else set({ notice: words.keyLog.notice(file.name) });
        return;
      }
      set({ opening: file.name, failure: null });
      const answer = await transport.openFile(file);
      if (!answer.ok) set({ opening: null, failure: { title: words.openFailed, failure: answer.failure } });
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

    async save(format: 'pcapng' | 'pcap', only: 'all' | 'view'): Promise<void> {
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

    /** The columns of a table that are shown from now on; null: the usual ones. */
    setColumns(table: string, seen: readonly string[] | null): void {
      const { [table]: _, ...others } = get().settings.columns;
      changeSettings({ columns: seen === null ? others : { ...others, [table]: seen } });
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
    /** Sorts the list by a column of its own or a field; null: as in the file. */
    async sortRows(column: string | null, descending: boolean): Promise<void> {
      const answer = await transport.engine('sortRows', { column, descending });
      if (!answer.ok) {
        set((state) => ({ notice: said(answer.failure), view: state.view === null ? null : { ...state.view } }));
        return;
      }
      onView(answer.value);
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
    /** The stream of the selected packet, if it has one. */
    async followSelected(): Promise<void> {
      const { selection, detail } = get();
      if (selection.kind !== 'packet') return;
      const known = detail?.row === selection.row ? detail : null;
      const answer = known === null ? await fetchDetail(selection.row) : null;
      const packet = known ?? (answer?.ok === true ? answer.value : null);
      if (packet === null || packet.stream === null || packet.transport === null) set({ notice: words.noStream(selection.row + 1) });
      else actions.showStream({ kind: packet.transport, stream: packet.stream });
    },

    /** Selects a packet everywhere and fetches its layers. A live list stops following. */
    selectRow(row: number): void {
      const { selection } = get();
      if (selection.kind === 'packet' && selection.row === row) return;
      const { capture } = get();
      const known = capture === null ? null : details.find(row, capture.capture, capture.packets);
      set((state) => ({
        selection: { kind: 'packet', row },
        follow: follow(state.follow, { kind: 'stop', total: state.view?.matched ?? 0 }),
        ...(known === null ? {} : { detail: known }),
      }));
      if (known === null) requestDetail(row);
    },
    /** A packet that may be selected next: its layers are fetched ahead. */
    prepareRow(row: number): void {
      const { capture, selection } = get();
      if (capture === null || (selection.kind === 'packet' && selection.row === row)) return;
      details.prepare(row, capture.capture, capture.packets);
    },
    async selectDamage(): Promise<void> {
      set({ selection: { kind: 'damage' }, detail: null });
      const answer = await transport.engine('damage', {});
      if (answer.ok && get().selection.kind === 'damage') set({ damageDetail: answer.value });
    },
    clearSelection(): void {
      set({ selection: { kind: 'none' }, detail: null, damageDetail: null });
    },
    /** Marks the selected packet, or takes its mark away. */
    toggleMark(): void {
      const { selection, marked } = get();
      if (selection.kind !== 'packet') return;
      const next = new Set(marked);
      const off = next.delete(selection.row);
      if (!off) next.add(selection.row);
      set({ marked: next, notice: (off ? words.unmarkedNow : words.markedNow)(selection.row + 1) });
    },
    /** Selects the next marked packet after the selected one, round the end. */
    nextMark(): void {
      const { selection, marked } = get();
      const rows = [...marked].sort((a, b) => a - b);
      const from = selection.kind === 'packet' ? selection.row : -1;
      const row = rows.find((each) => each > from) ?? rows[0];
      if (row !== undefined) actions.selectRow(row);
    },
    /** Selects the next or previous packet of the same connection; one step after the other, each from where the last one led. */
    step(step: 1 | -1): Promise<void> {
      const next = stepped.then(async () => {
        const { selection } = get();
        if (selection.kind !== 'packet') return;
        const answer = await transport.engine('neighbour', { row: selection.row, step });
        const now = get().selection;
        // Another packet may have been selected meanwhile.
        if (now.kind === 'packet' && now.row === selection.row && answer.ok && answer.value.row !== null)
          actions.selectRow(answer.value.row);
      });
      stepped = next;
      return next;
    },
    followEvent(event: FollowEvent): void {
      set((state) => ({ follow: follow(state.follow, event) }));
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

    setMinimapBuckets(buckets: number): void {
      if (buckets === minimapBuckets) return;
      minimapBuckets = buckets;
      refreshMinimap();
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
    /** Has the capture read anew with these choices of protocols; the filter stays. Gives what was wrong with them, null if nothing was. */
    setDecodeAs(choices: readonly DecodeChoice[]): Promise<string | null> {
      return readAnew(() => transport.engine('setDecodeAs', { choices }), { decodeChoices: choices });
    },
    /** Opens the panel of the key log, or closes it. */
    showKeyLog(keyLogShown: boolean): void {
      set({ keyLogShown });
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
    showKeys(shown: boolean): void {
      set({ keysShown: shown });
    },
  };
  return actions;
}
