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

/** A page that other processes keep from running counts as no busier than this, ms: else it would fall behind the more. */
const MOST_COST_MS = 75;
/** A page without frames, because it is hidden, still takes in what has come. */
const HIDDEN_MS = 500;

/**
 * Draws with the next frame what has come until then, and asks for more once that has been drawn: not before `gapMs` after the drawing began, and on a
 * slow machine later, so that half of the page's time is left for keys and clicks. What is asked for then is as new as it can be. Where somebody waits for
 * the drawing (`awaited`), they hear of it at once.
 */
export function drawnThenAsked(draw: () => void, ask: () => void, gapMs: () => number): (awaited?: boolean) => void {
  let waiting = false;
  let atOnce = false;
  let asking: ReturnType<typeof setTimeout> | undefined;
  return (awaited = false) => {
    atOnce ||= awaited;
    if (waiting) return;
    waiting = true;
    const run = (): void => {
      if (!waiting) return;
      waiting = false;
      cancelAnimationFrame(frame);
      clearTimeout(hidden);
      const began = performance.now();
      draw();
      // After the layout and the painting that follow.
      setTimeout(() => {
        const cost = Math.min(MOST_COST_MS, performance.now() - began);
        clearTimeout(asking);
        if (atOnce) ask();
        else asking = setTimeout(ask, Math.max(gapMs() - cost, cost));
        atOnce = false;
      }, 0);
    };
    const frame = requestAnimationFrame(run);
    const hidden = setTimeout(run, HIDDEN_MS);
  };
}
