/** Ladders and graphs of connections, made in slices and kept: a question about a long connection is answered at once with what there is. */
import { GraphBuilder, type GraphWish, graphKey } from '../connections/graphs.ts';
import { LadderBuilder } from '../connections/ladder.ts';
import type { ConnectionDetail, ConnectionGraph } from '../messages.ts';
import type { Capture } from './capture.ts';

/** How long one answer works, ms. */
const WORK_MS = 25;
/** Ladders and graphs that are kept. */
const LADDERS = 4;
const GRAPHS = 12;

export class ConnectionAnswers {
  readonly #capture: Capture;
  readonly #ladders = new Map<string, LadderBuilder>();
  readonly #graphs = new Map<string, GraphBuilder>();

  constructor(capture: Capture) {
    this.#capture = capture;
  }

  ladder(number: number, stream: number, from: number, unfold: readonly number[], application: (row: number) => string): ConnectionDetail {
    const builder = taken(this.#ladders, `${stream} ${unfold.join()}`, LADDERS, () => new LadderBuilder(this.#capture, stream, unfold));
    builder.advance(performance.now() + WORK_MS);
    return builder.detail(number, from, application);
  }

  graph(wish: GraphWish): ConnectionGraph {
    const builder = taken(this.#graphs, graphKey(wish), GRAPHS, () => new GraphBuilder(this.#capture, wish));
    builder.advance(performance.now() + WORK_MS);
    return builder.graph(wish);
  }
}

/** The one that is kept under a key, if the connection has not grown since; else a new one. The oldest beyond `most` goes. */
function taken<T extends { readonly current: boolean }>(kept: Map<string, T>, key: string, most: number, make: () => T): T {
  const known = kept.get(key);
  const one = known?.current === true ? known : make();
  kept.delete(key);
  kept.set(key, one);
  for (const oldest of kept.keys()) {
    if (kept.size <= most) break;
    kept.delete(oldest);
  }
  return one;
}
