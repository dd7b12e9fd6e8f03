import { useCallback, useEffect, useRef, useState } from 'react';
import type { ConnectionDetail, Failure, LadderStep, Transport } from '../../src/messages.ts';
import { LADDER_LIMIT } from '../../src/messages.ts';

export interface LadderData {
  /** Summary and options of the connection; null until the first page has come. */
  readonly detail: ConnectionDetail | null;
  readonly failure: Failure | null;
  readonly total: number;
  /** A step that has been read, by number; undefined if its page has not come yet. */
  readonly stepAt: (index: number) => LadderStep | undefined;
  /** Asks for the pages of steps [from, to) that are not there. */
  readonly want: (from: number, to: number) => void;
  /** Number of the step that holds a row of the capture; reads pages on the way. Null if the connection has no such row. */
  readonly find: (row: number) => Promise<number | null>;
  readonly unfolded: readonly number[];
  readonly unfold: (row: number) => void;
  readonly foldAll: () => void;
  /** Changes with everything that `stepAt` answers. */
  readonly version: number;
}

interface Store {
  key: string;
  detail: ConnectionDetail | null;
  pages: Map<number, readonly LadderStep[]>;
  asked: Set<number>;
  /** The engine has not gone through all packets yet, and is being asked for the rest. */
  waiting: boolean;
}

/** Time between two questions while the engine still goes through the packets, ms. */
const MORE_MS = 30;
/** A number of a step beyond any: the answer has the connection, and no steps. */
const PAST_ALL = 1e9;

const emptyStore = (key: string): Store => ({ key, detail: null, pages: new Map(), asked: new Set(), waiting: false });

/**
 * The steps of one connection, a page (LADDER_LIMIT) at a time. `tick` changes when the capture has grown: the pages are then read
 * again, the old ones staying on show until the new have come.
 */
export function useLadder(transport: Transport, capture: number, stream: number | null, tick: number): LadderData {
  const [unfolds, setUnfolds] = useState<{ stream: number | null; capture: number; rows: readonly number[] }>({
    stream,
    capture,
    rows: [],
  });
  const unfolded = unfolds.stream === stream && unfolds.capture === capture ? unfolds.rows : NONE;
  const [version, setVersion] = useState(0);
  const [failure, setFailure] = useState<Failure | null>(null);
  const store = useRef<Store>(emptyStore(''));
  const wanted = useRef<{ from: number; to: number }>({ from: 0, to: 1 });
  const connection = `${capture}/${stream ?? ''}`;
  // The pages are read again only when those of the last time have come: in a capture that grows all the time they would never be shown.
  const [steady, setSteady] = useState(tick);
  const newest = useRef(tick);
  newest.current = tick;
  const swapping = useRef(false);
  useEffect(() => {
    if (!swapping.current) setSteady(tick);
  }, [tick]);
  const key = `${connection}/${unfolded.join(',')}/${steady}`;

  const load = useCallback(
    async (into: Store, page: number): Promise<void> => {
      if (stream === null || into.asked.has(page)) return;
      into.asked.add(page);
      const answer = await transport.engine('connection', { stream, from: page * LADDER_LIMIT, unfold: unfolded });
      if (!answer.ok) {
        if (store.current === into) setFailure(answer.failure);
        return;
      }
      if (answer.value.capture !== capture) return;
      into.detail = answer.value;
      into.pages.set(page, answer.value.steps);
      if (answer.value.progress < 1 && !into.waiting) {
        into.waiting = true;
        void rest(into, stream);
      }
      if (store.current === into) {
        setFailure(null);
        setVersion((n) => n + 1);
      }
    },
    [transport, capture, stream, unfolded],
  );

  /** The engine goes on through the packets while it is asked how far it is; pages that were not full are then read again. */
  const rest = async (into: Store, of: number): Promise<void> => {
    do {
      await new Promise((resolve) => setTimeout(resolve, MORE_MS));
      if (store.current !== into) return;
      const answer = await transport.engine('connection', { stream: of, from: PAST_ALL, unfold: unfolded });
      if (!answer.ok || answer.value.capture !== capture || store.current !== into) return;
      into.detail = answer.value;
      setVersion((n) => n + 1);
    } while (into.detail.progress < 1);
    for (const [page, steps] of into.pages) {
      if (steps.length === LADDER_LIMIT) continue;
      into.asked.delete(page);
      void load(into, page);
    }
  };

  useEffect(() => {
    if (store.current.key === key) return;
    const same = store.current.key.startsWith(`${connection}/`) && store.current.detail !== null;
    const next = emptyStore(key);
    if (!same) {
      store.current = next;
      setFailure(null);
      setVersion((n) => n + 1);
    }
    let stale = false;
    const swap = async () => {
      swapping.current = true;
      const first = Math.floor(wanted.current.from / LADDER_LIMIT);
      const last = Math.floor(Math.max(wanted.current.from, wanted.current.to - 1) / LADDER_LIMIT);
      const pages = new Set(same ? [first, last] : [0]);
      await Promise.all([...pages].map((page) => load(next, page)));
      if (stale) return;
      swapping.current = false;
      setSteady(newest.current);
      if (!same) return;
      store.current = next;
      setVersion((n) => n + 1);
    };
    if (stream !== null) void swap();
    return () => {
      stale = true;
      swapping.current = false;
    };
  }, [key, connection, stream, load]);

  const want = useCallback(
    (from: number, to: number) => {
      wanted.current = { from, to };
      const now = store.current;
      const total = now.detail?.totalSteps ?? 0;
      if (total === 0) return;
      const last = Math.floor((Math.min(to, total) - 1) / LADDER_LIMIT);
      for (let page = Math.floor(from / LADDER_LIMIT); page <= last; page++) void load(now, page);
    },
    [load],
  );

  const stepAt = useCallback((index: number) => store.current.pages.get(Math.floor(index / LADDER_LIMIT))?.[index % LADDER_LIMIT], []);

  const find = useCallback(
    async (row: number): Promise<number | null> => {
      const now = store.current;
      let low = 0;
      let high = Math.ceil((now.detail?.totalSteps ?? 0) / LADDER_LIMIT) - 1;
      while (low <= high && store.current === now) {
        const middle = (low + high) >> 1;
        if (!now.pages.has(middle)) await load(now, middle);
        const steps = now.pages.get(middle);
        const first = steps?.[0];
        const last = steps?.at(-1);
        if (steps === undefined || first === undefined || last === undefined) return null;
        if (row < first.row) high = middle - 1;
        else if (row > last.lastRow) low = middle + 1;
        else {
          const within = steps.findIndex((step) => isAt(step, row));
          return within < 0 ? null : middle * LADDER_LIMIT + within;
        }
      }
      return null;
    },
    [load],
  );

  const unfold = useCallback(
    (row: number) =>
      setUnfolds((old) => {
        const rows = old.stream === stream && old.capture === capture ? old.rows : NONE;
        return rows.includes(row) ? old : { stream, capture, rows: [...rows, row].sort((a, b) => a - b) };
      }),
    [stream, capture],
  );
  const foldAll = useCallback(() => setUnfolds({ stream, capture, rows: NONE }), [stream, capture]);

  const valid = store.current.key.startsWith(`${connection}/`);
  const detail = valid ? store.current.detail : null;
  return { detail, failure, total: detail?.totalSteps ?? 0, stepAt, want, find, unfolded, unfold, foldAll, version };
}

const NONE: readonly number[] = [];

/** True if a step stands for a row of the capture. */
export function isAt(step: LadderStep, row: number): boolean {
  if (step.kind === 'packet') return step.row === row;
  return step.kind === 'run' && row >= step.row && row <= step.lastRow;
}
