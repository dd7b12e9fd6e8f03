/** The TCP header (RFC 9293, section 3.1) at index depth, as far as its own bytes say. */
import type { IndexWalk } from '../dissect/index-walk.ts';
import { Flag } from '../flow/seq.ts';
import { NO_SHIFT, SHIFT_CUT } from '../flow/tcp-analysis.ts';
import { RowFlag, UNSET } from '../table/packet-table.ts';
import { lookAhead } from './http-head.ts';
import { multipathOptions, timestampAlone } from './mptcp.ts';

export const HEADER = 20;
/** Octets of the header up to the window: with these there is a segment to number and to judge, though checksum and urgent pointer be cut off. */
export const JUDGED = 16;
/** `w.payloadAt` where too little of the header is there (JUDGED), and where its length cannot be. */
export const CUT = -1;
export const BOGUS = -2;

/** Takes down what the header of the segment at hand says (it is no quotation): the first part of TCP's index depth. */
export function indexTcpHeader(w: IndexWalk): void {
  const o = w.offset;
  const b = w.bytes;
  w.payloadAt = CUT;
  w.ahead = 0;
  if (w.end - o >= 4) {
    if ((w.flags & (RowFlag.Tcp | RowFlag.Udp)) !== 0) w.flags |= RowFlag.Several;
    w.flags = (w.flags & ~(RowFlag.Udp | RowFlag.FromClient)) | RowFlag.Tcp;
    w.srcPort = ((b[o] as number) << 8) | (b[o + 1] as number);
    w.dstPort = ((b[o + 2] as number) << 8) | (b[o + 3] as number);
    w.stream = UNSET;
    w.prevInStream = UNSET;
    // The marks of a row are those of its last segment.
    w.message = 0;
    w.flags &= ~RowFlag.PayloadSkipped;
  }
  if (!w.has(HEADER)) {
    // The columns of what is missing say nothing: filters dissect such rows.
    w.flags |= RowFlag.Several;
    if (w.end - o < JUDGED) return;
  }
  const headerLength = ((b[o + 12] as number) >> 4) * 4;
  const flags = (((b[o + 12] as number) & 0x0f) << 8) | (b[o + 13] as number);
  const wireLength = w.wireEnd - o;
  const whole = headerLength >= HEADER && headerLength <= wireLength;
  const from = o + headerLength;
  w.seq = u32(b, o + 4) | 0;
  w.ack = u32(b, o + 8) | 0;
  w.tcpFlags = flags;
  w.window = ((b[o + 14] as number) << 8) | (b[o + 15] as number);
  w.payload = whole ? wireLength - headerLength : 0;
  w.payloadAt = whole ? from : BOGUS;
  const optionsEnd = Math.min(from, w.end);
  w.windowShift = (flags & Flag.Syn) !== 0 ? windowShift(b, o + HEADER, optionsEnd, from) : NO_SHIFT;
  const others = optionsEnd > o + HEADER && !timestampAlone(b, o + HEADER, optionsEnd);
  w.sackOctets = others ? selectiveOctets(b, o + HEADER, optionsEnd) | 0 : 0;
  w.multipath = others ? multipathOptions(b, o + HEADER, optionsEnd) : 0;
}

/** The same in the first stage of a split index pass, which looks into the payload too: the second one need not have its octets fetched from another core then. */
export function indexTcpAhead(w: IndexWalk): void {
  indexTcpHeader(w);
  if (w.payloadAt >= 0 && w.payloadAt < w.end) lookAhead(w, w.bytes, w.payloadAt, w.end);
}

function u32(b: Uint8Array, at: number): number {
  return (((b[at] as number) << 24) | ((b[at + 1] as number) << 16) | ((b[at + 2] as number) << 8) | (b[at + 3] as number)) >>> 0;
}

/** Octets in the blocks of the SACK option in bytes[at, end), 0 without it. */
function selectiveOctets(b: Uint8Array, at: number, end: number): number {
  for (let o = at; o + 1 < end; ) {
    const kind = b[o] as number;
    if (kind === 0) return 0;
    if (kind === 1) {
      o++;
      continue;
    }
    const length = b[o + 1] as number;
    if (length < 2) return 0;
    if (kind === 5) {
      let octets = 0;
      for (let e = o + 2; e + 8 <= Math.min(end, o + length); e += 8) octets += (u32(b, e + 4) - u32(b, e)) >>> 0;
      return octets >>> 0;
    }
    o += length;
  }
  return 0;
}

/**
 * Shift of the window scale option in bytes[at, end), of which the header says that they go up to `claimed`: NO_SHIFT without it, SHIFT_CUT where it may
 * stand in what is not there. Counts no further than 14 (RFC 7323, section 2.3).
 */
function windowShift(b: Uint8Array, at: number, end: number, claimed: number): number {
  for (let o = at; o < end; ) {
    const kind = b[o] as number;
    if (kind === 0) return NO_SHIFT;
    if (kind === 1) {
      o++;
      continue;
    }
    if (o + 1 >= end) break;
    const length = b[o + 1] as number;
    if (length < 2) return NO_SHIFT;
    if (kind === 3 && length === 3 && o + 2 < end) return Math.min(14, b[o + 2] as number);
    o += length;
  }
  return end < claimed ? SHIFT_CUT : NO_SHIFT;
}
