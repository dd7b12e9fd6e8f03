/** Two ways not to ask more often than answers can come. */

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
