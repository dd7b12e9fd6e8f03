/** What grows while a capture is read or made: how it is drawn together, and when more is asked for. */
import type { CaptureState, LiveStatus, Transport, ViewState } from '../../src/messages.ts';
import { drawnThenAsked, paced } from './pace.ts';
import { type AppState, fieldColumns, isFollowing, useApp, withCapture, withLive } from './state.ts';

/** Least time between two drawings of what has grown: a packet has to show within 200 ms of its arrival. */
const GROWN_MS = 50;
/** The same while a file is read: nobody waits for its last packet so far, and each drawing takes time from the reading. */
const READING_MS = 150;
/** What nobody waits for is drawn with the next rows, or after this time where none come, ms. */
const ALONG_MS = 150;
/** Height of a row, px, and rows that are wanted beyond those that fit. */
export const ROW_PX = 22;
const ROWS_MORE = 8;
const get = useApp.getState;
const set = useApp.setState;

/** News of what only grows, of which the newest is drawn. */
interface Grown {
  capture?: CaptureState;
  view?: ViewState;
  live?: LiveStatus;
  facets?: { readonly capture: number; readonly facets: AppState['facets'] };
  minimap?: { readonly view: number; readonly minimap: AppState['minimap'] };
}

export const isGrowing = ({ phase }: CaptureState): boolean => phase === 'reading' || phase === 'following';

export type Growth = ReturnType<typeof createGrowth>;

/** `actions` are for the window, the rest for who takes news of the back end. */
export function createGrowth(transport: Transport) {
  let grown: Grown = {};
  let along: ReturnType<typeof setTimeout> | undefined;
  let minimapBuckets = 0;

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

  return {
    /** Draws this with what has grown besides, when `drawSoon` or `drawAlong` says so. */
    put(news: Grown): void {
      Object.assign(grown, news);
    },
    /** Something newer than what was put was drawn at once. */
    drop(what: keyof Grown): void {
      delete grown[what];
    },
    drawSoon,
    drawAlong,
    askNews,
    refreshFacets,
    refreshMinimap,
    actions: {
      /** How many parts the overview has room for. */
      setMinimapBuckets(buckets: number): void {
        if (buckets === minimapBuckets) return;
        minimapBuckets = buckets;
        refreshMinimap();
      },
    },
  };
}
