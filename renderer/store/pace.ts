/** Ways not to ask more often than answers can come, and not to draw more often than the page can. */

/**
 * Runs `work` at once, then at most once per `gapMs` and never twice at the same time; calls in between become one run at the end.
 */
export function paced(work: () => Promise<void>, gapMs: number): () => void {
  let busy = false;
  let again = false;
  const run = async (): Promise<void> => {
    busy = true;
    again = false;
    try {
      await Promise.all([work(), new Promise((resolve) => setTimeout(resolve, gapMs))]);
    } finally {
      busy = false;
      if (again) void run();
    }
  };
  return () => {
    if (busy) again = true;
    else void run();
  };
}

/** Runs `work` with the newest argument, one run at a time: arguments that are overtaken while it runs are dropped. */
export function latest<T>(work: (argument: T) => Promise<void>): (argument: T) => void {
  let busy = false;
  let waiting: { readonly argument: T } | null = null;
  const run = async (argument: T): Promise<void> => {
    busy = true;
    try {
      await work(argument);
    } finally {
      busy = false;
      if (waiting !== null) {
        const next = waiting.argument;
        waiting = null;
        void run(next);
      }
    }
  };
  return (argument) => {
    if (busy) waiting = { argument };
    else void run(argument);
  };
}

/**
 * Calls in between become one run of `work`: at most every `gapMs`, and on a slow machine less often, so that half of the page's time is left
 * for keys and clicks.
 */
export function drawnTogether(work: () => void, gapMs: number): () => void {
  let waiting = false;
  let ranAt = Number.NEGATIVE_INFINITY;
  let cost = 0;
  return () => {
    if (waiting) return;
    waiting = true;
    const run = (): void => {
      waiting = false;
      ranAt = performance.now();
      work();
      // With the layout that follows, not the wait for the next frame.
      const script = performance.now() - ranAt;
      requestAnimationFrame(() => {
        const frame = performance.now();
        setTimeout(() => {
          cost = Math.min(300, script + performance.now() - frame);
        }, 0);
      });
    };
    setTimeout(run, Math.max(0, Math.max(gapMs, 2 * cost) - (performance.now() - ranAt)));
  };
}
