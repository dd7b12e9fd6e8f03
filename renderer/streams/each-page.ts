/** A whole stream, a part at a time. */

import type { FollowPieceData, FollowTarget, Transport } from '../../src/messages.ts';
import { failed } from '../engine-words.ts';

const AT_ONCE = 500;

/** Reads all pieces in order; ends early when `each` answers false or `signal` says so. Gives what went wrong, null if nothing did. */
export async function eachPage(
  transport: Transport,
  target: FollowTarget,
  signal: AbortSignal,
  each: (pieces: readonly FollowPieceData[]) => boolean,
): Promise<string | null> {
  for (let from = 0; !signal.aborted; ) {
    const answer = await transport.engine('followPage', { ...target, from, count: AT_ONCE });
    if (!answer.ok) return failed(answer.failure.message);
    const { pieces, total } = answer.value;
    if (signal.aborted || pieces.length === 0 || !each(pieces)) return null;
    from += pieces.length;
    if (from >= total) return null;
  }
  return null;
}
