/** A whole stream, a part at a time. */
import type { FollowPieceData, FollowTarget, Transport } from '../../src/messages.ts';

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
    if (!answer.ok) return answer.failure.message;
    const { pieces, total } = answer.value;
    if (signal.aborted || pieces.length === 0 || !each(pieces)) return null;
    from += pieces.length;
    if (from >= total) return null;
  }
  return null;
}

/**
 * Reads all that was sent, in order, a megabyte at a time, the next while the last is being taken; `signal` ends it early. Gives what went
 * wrong, null if nothing did.
 */
export async function eachStretch(
  transport: Transport,
  target: FollowTarget,
  signal: AbortSignal,
  each: (bytes: Uint8Array) => void,
): Promise<string | null> {
  const read = (from: number) => transport.engine('followBytes', { ...target, from });
  let reading: ReturnType<typeof read> | null = read(0);
  while (reading !== null && !signal.aborted) {
    const answer: Awaited<ReturnType<typeof read>> = await reading;
    if (!answer.ok) return answer.failure.message;
    if (signal.aborted) return null;
    const next: number | null = answer.value.next;
    reading = next === null ? null : read(next);
    each(answer.value.bytes);
  }
  return null;
}
