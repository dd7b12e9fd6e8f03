/** How a layer passes on what it does not understand: as `data`, but never zero bytes of it. */

import { data } from '../dissect/data.ts';
import type { Buf, Dissection } from '../dissect/dissection.ts';
import type { IndexWalk } from '../dissect/index-walk.ts';
import type { Protocol } from '../dissect/protocol.ts';

/** Calls `data` on `b`, if there is a captured byte in it. */
export function callData(d: Dissection, b: Buf): void {
  if (b.length > 0) d.call(data, b);
}

/** Calls `protocol`, or `data` where there is none. */
export function callOrData(d: Dissection, protocol: Protocol | undefined, b: Buf): void {
  if (protocol === undefined) callData(d, b);
  else d.call(protocol, b);
}

/** Index twin of callData. */
export function followData(w: IndexWalk, offset: number, end = w.end, wireEnd = w.wireEnd): void {
  const stop = Math.min(end, w.end);
  w.follow(offset < stop ? data : undefined, offset, end, wireEnd);
}

/** Index twin of callOrData. */
export function followOrData(w: IndexWalk, protocol: Protocol | undefined, offset: number, end = w.end, wireEnd = w.wireEnd): void {
  if (protocol === undefined) followData(w, offset, end, wireEnd);
  else w.follow(protocol, offset, end, wireEnd);
}
