/** Rows of a stream, and the marks that stand first in the list's info column. */
import { type CaptureIndex, defineState } from '../dissect/capture-index.ts';
import type { Mark } from '../messages.ts';
import { CHUNK_MASK, NONE, RowFlag } from '../table/packet-table.ts';
import { Flag } from './seq.ts';
import { Analysis } from './tcp-analysis.ts';
import { flows } from './tcp-flows.ts';
import { previousInStream, replays } from './tcp-replay.ts';
import { udpFlows } from './udp-flows.ts';

/** Rows of streams that are kept, in all. */
const ROWS_KEPT = 4_000_000;

interface Kept {
  /** Latest row of the stream when they were collected. */
  last: number;
  rows: Uint32Array;
}

/** Rows of the streams that were asked for last: a list of a stream's rows is linked backwards, so each question would walk all of it. */
const keptRows = defineState(() => new Map<string, Kept>());

/** All rows of a stream in order of capture; empty if there is no such stream. Not to be changed. */
export function rowsOfStream(capture: CaptureIndex, stream: number, kind: 'tcp' | 'udp'): Uint32Array {
  const table = kind === 'tcp' ? capture.state(flows) : capture.state(udpFlows);
  if (stream < 0 || stream >= table.size) return new Uint32Array(0);
  const kept = capture.state(keptRows);
  const key = `${kind} ${stream}`;
  const known = kept.get(key);
  const last = table.lastRow[stream] as number;
  kept.delete(key);
  if (known !== undefined && known.last === last) {
    kept.set(key, known);
    return known.rows;
  }
  const rows = collectRows(capture, stream, kind, known?.rows ?? new Uint32Array(0));
  kept.set(key, { last, rows });
  let sum = 0;
  for (const each of kept.values()) sum += each.rows.length;
  for (const [other, each] of kept) {
    if (sum <= ROWS_KEPT || other === key) break;
    kept.delete(other);
    sum -= each.rows.length;
  }
  return rows;
}

/** The latest row of a stream, NONE if it has no rows or is not there. */
export function latestRowOf(capture: CaptureIndex, stream: number, kind: 'tcp' | 'udp'): number {
  const table = kind === 'tcp' ? capture.state(flows) : capture.state(udpFlows);
  if (stream < 0 || stream >= table.size) return NONE;
  const flag = kind === 'tcp' ? RowFlag.Tcp : RowFlag.Udp;
  let row = table.lastRow[stream] as number;
  for (let steps = 0; row !== NONE && !isOf(capture, row, stream, flag); steps++) {
    row = capture.packets.chunkOf(row).prevInStream[row & CHUNK_MASK] as number;
    // A stream that was only told of (quoted in an ICMP error) has no rows at all.
    if (steps > 64) return NONE;
  }
  return row;
}

/** Rows of a stream from its latest one back to the latest of those before. */
function collectRows(capture: CaptureIndex, stream: number, kind: 'tcp' | 'udp', before: Uint32Array): Uint32Array {
  const flag = kind === 'tcp' ? RowFlag.Tcp : RowFlag.Udp;
  let row = latestRowOf(capture, stream, kind);
  if (row === NONE) return new Uint32Array(0);
  const known = before.at(-1) ?? NONE;
  // Filled from the end.
  let fresh = new Uint32Array(64);
  let at = fresh.length;
  for (; row !== NONE && row !== known; row = previousInStream(capture.packets, row, stream, flag)) {
    if (at === 0) {
      const wider = new Uint32Array(2 * fresh.length);
      wider.set(fresh, fresh.length);
      at = fresh.length;
      fresh = wider;
    }
    fresh[--at] = row;
  }
  // Without the latest row of before on the way, the list of before was another.
  const kept = row === NONE ? new Uint32Array(0) : before;
  const rows = new Uint32Array(kept.length + fresh.length - at);
  rows.set(kept);
  rows.set(fresh.subarray(at), kept.length);
  return rows;
}

/** Whether the columns of a row are those of a packet of the stream. `kind`: RowFlag.Tcp or RowFlag.Udp. */
function isOf(capture: CaptureIndex, row: number, stream: number, kind: number): boolean {
  const chunk = capture.packets.chunkOf(row);
  return chunk.stream[row & CHUNK_MASK] === stream && ((chunk.flags[row & CHUNK_MASK] as number) & kind) !== 0;
}

/** The marks of a row, in the order in which they are shown. */
export function marksOf(capture: CaptureIndex, row: number): Mark[] {
  const chunk = capture.packets.chunkOf(row);
  const at = row & CHUNK_MASK;
  if (((chunk.flags[at] as number) & RowFlag.Tcp) === 0) return [];
  const found = chunk.analysis[at] as number;
  const flags = chunk.tcpFlags[at] as number;
  const marks: Mark[] = [];
  const step = (found & Analysis.HandshakeMask) >> Analysis.HandshakeShift;
  if (step !== 0) marks.push({ kind: 'handshake', text: `${step}/3` });
  const say = (bit: number, kind: Mark['kind'], text: string): void => {
    if ((found & bit) !== 0) marks.push({ kind, text });
  };
  if ((flags & Flag.Rst) !== 0) marks.push({ kind: 'bad', text: (found & Analysis.Refused) !== 0 ? 'Refused' : 'Reset' });
  say(Analysis.ZeroWindow, 'bad', 'Zero window');
  say(Analysis.LostSegment, 'warn', 'Gap before');
  say(Analysis.Retransmission, 'warn', 'Retransmission');
  say(Analysis.FastRetransmission, 'warn', 'Fast retransmission');
  say(Analysis.SpuriousRetransmission, 'warn', 'Spurious retransmission');
  say(Analysis.OutOfOrder, 'warn', 'Out of order');
  say(Analysis.AckLostSegment, 'warn', 'Acks unseen segment');
  say(Analysis.WindowFull, 'warn', 'Window full');
  if ((found & Analysis.DuplicateAck) !== 0) {
    const details = capture.state(replays).at(row);
    marks.push({ kind: 'neutral', text: `Dup ACK ${details.duplicateRow + 1}#${details.duplicateNumber}` });
  }
  say(Analysis.KeepAlive, 'neutral', 'Keep-alive');
  say(Analysis.KeepAliveAck, 'neutral', 'Keep-alive ACK');
  say(Analysis.ZeroWindowProbe, 'neutral', 'Zero window probe');
  say(Analysis.ZeroWindowProbeAck, 'neutral', 'Zero window probe ACK');
  if ((found & Analysis.WindowUpdate) !== 0)
    marks.push({ kind: 'neutral', text: (found & Analysis.WindowOpened) !== 0 ? 'Window open again' : 'Window update' });
  say(Analysis.ReusedPorts, 'neutral', 'Ports reused');
  return marks;
}
