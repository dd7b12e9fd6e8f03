/** What a segment handed to the protocol above, for protocols whose messages are made of several such pieces. */
import type { CaptureIndex } from '../dissect/capture-index.ts';
import { Buf } from '../dissect/dissection.ts';
import { payloadOf, payloadPlan } from './payload-plan.ts';

/** The whole messages that `row`'s TCP segment handed over, in the order in which it shows them, those put together from earlier segments included; empty for none. */
export function handedOver(capture: CaptureIndex, row: number, stream: number, fromClient: boolean): Uint8Array {
  const payload = payloadOf(capture, row);
  const b = new Buf(payload, 0, 0, payload.length, payload.length);
  const plan = payloadPlan(capture, row, stream, fromClient ? 0 : 1, b);
  const rest =
    plan.aheadEnd > 0 ? payload.subarray(0, plan.aheadEnd) : payload.subarray(plan.restStart, Math.max(plan.restStart, plan.restEnd));
  const messages = plan.reassembled === null ? plan.released : [...plan.released, plan.reassembled];
  if (messages.length === 0 && plan.last.length === 0) return rest;
  const pieces = messages.map(({ bytes, used }) => bytes.subarray(0, used));
  if (rest.length > 0) pieces.push(rest);
  for (const { bytes, used } of plan.last) pieces.push(bytes.subarray(0, used));
  return pieces.length === 1 ? (pieces[0] as Uint8Array) : new Uint8Array(Buffer.concat(pieces));
}
