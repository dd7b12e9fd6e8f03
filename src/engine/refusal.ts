/** Requests that the engine cannot answer, with words for the user. */
import type { Failure, FollowKind } from '../messages.ts';

/** A request that cannot be answered, with words for the user. */
export class Refusal extends Error {
  readonly failure: Failure;
  constructor(failure: Failure) {
    super(failure.message);
    this.failure = failure;
  }
}

export function closedMeanwhile(): Refusal {
  return new Refusal({ code: 'no-such', message: 'That capture is no longer open.' });
}

export function noExchange(exchange: number): never {
  throw new Refusal({ code: 'no-such', message: `There is no HTTP exchange ${exchange} in this capture.` });
}

export function noStream(kind: FollowKind, stream: number): never {
  throw new Refusal({ code: 'no-such', message: `There is no ${kind.toUpperCase()} stream ${stream} in this capture.` });
}
