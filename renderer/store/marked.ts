/** Which packets are marked is known to the window; the engine, which filters and saves, is told. */
import type { CaptureState, Transport } from '../../src/messages.ts';

/** Tells the engine which packets of a capture are marked. What is asked after this is answered by it. */
export function tellMarked(transport: Transport, capture: CaptureState | null, marked: ReadonlySet<number>): void {
  if (capture !== null) void transport.engine('setMarked', { capture: capture.capture, rows: [...marked] });
}
