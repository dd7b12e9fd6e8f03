/** Where SIP messages end in a TCP stream (RFC 3261 section 18.3): headers up to an empty line, and as much as Content-Length says. */
import { type Framer, NEED_MORE, type StreamSide } from '../dissect/framer.ts';
import { noteSip } from './sip-sessions.ts';
import { lineNext, lineStop } from './text-lines.ts';

/** Headers longer than this are not waited for, and messages longer than it are not kept; bodies longer than that are not waited for. */
const MAX_HEAD = 16 * 1024;
const MAX_BODY = 16 * 1024 * 1024;

/** Content-Length, or its compact form, in a header line; -1 in others. */
function lengthIn(b: Uint8Array, at: number, stop: number): number {
  if (((b[at] as number) | 0x20) !== 0x63 && ((b[at] as number) | 0x20) !== 0x6c) return -1;
  const line = String.fromCharCode(...b.subarray(at, Math.min(stop, at + 64)));
  const digits = /^(?:content-length|l)[ \t]*:[ \t]*([0-9]{1,9})[ \t]*$/i.exec(line)?.[1];
  return digits === undefined ? -1 : Number(digits);
}

/**
 * Where the message at b[from, end) ends, line ends before it included: beyond `end` if some of its body is missing, -1 if its headers do not end.
 * Without a length it takes all there is.
 */
export function sipEnd(b: Uint8Array, from: number, end: number): number {
  let at = from;
  while (at < end && (b[at] === 0x0d || b[at] === 0x0a)) at++;
  if (at === end) return end;
  let length = -1;
  while (at < end) {
    const stop = lineStop(b, at, end);
    // A CR that is the last byte may be the first of two.
    if (stop === end || (b[stop] === 0x0d && stop + 1 === end)) return -1;
    const next = lineNext(b, stop, end);
    if (stop === at) return length < 0 || length > MAX_BODY ? end : next + length;
    const said = lengthIn(b, at, stop);
    if (said >= 0) length = said;
    at = next;
  }
  return -1;
}

export const sipFramer: Framer = {
  feed(side: StreamSide, bytes: Uint8Array, offset: number, end: number): number {
    const carried = side.carryLength;
    let b = bytes;
    let from = offset;
    let stop = end;
    if (carried > 0 && side.carry !== null) {
      b = new Uint8Array(carried + end - offset);
      b.set(side.carry.subarray(0, carried));
      b.set(bytes.subarray(offset, end), carried);
      from = 0;
      stop = b.length;
    }
    const last = sipEnd(b, from, stop);
    if (last < 0) return stop - from > MAX_HEAD ? end : NEED_MORE;
    if (last <= stop) return end - (stop - last);
    // A short one is kept, so that what follows it in its last segment is shown with it.
    if (last - from > MAX_HEAD) {
      side.need = last - stop;
      side.keep = true;
    }
    return NEED_MORE;
  },

  content(_side, w, bytes, offset, end) {
    for (let at = offset; at < end; ) {
      const last = sipEnd(bytes, at, end);
      const stop = last < 0 || last > end ? end : last;
      noteSip(w, bytes, at, stop);
      at = stop;
    }
  },
};
