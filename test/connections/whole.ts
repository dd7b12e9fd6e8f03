/** Ladders and graphs that are made at once, for tests. */

import { GraphBuilder, type GraphWish } from '../../src/connections/graphs.ts';
import { LadderBuilder } from '../../src/connections/ladder.ts';
import type { CaptureIndex } from '../../src/dissect/capture-index.ts';
import type { ConnectionDetail, ConnectionGraph } from '../../src/messages.ts';

/** The ladder of a stream, whole, from step `from` on; arguments as those of LadderBuilder. */
export function connectionDetail(
  capture: CaptureIndex,
  number: number,
  stream: number,
  from: number,
  unfold: readonly number[],
  application: (row: number) => string,
): ConnectionDetail {
  const builder = new LadderBuilder(capture, stream, unfold);
  builder.advance(Number.POSITIVE_INFINITY);
  return builder.detail(number, from, application);
}

/** The graph, whole. The stream must exist. */
export function connectionGraph(capture: CaptureIndex, wish: GraphWish): ConnectionGraph {
  const builder = new GraphBuilder(capture, wish);
  builder.advance(Number.POSITIVE_INFINITY);
  return builder.graph(wish);
}
