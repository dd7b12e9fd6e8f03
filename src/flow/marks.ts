/** Rows of a stream, and the marks that stand first in the list's info column. */
import type { CaptureIndex } from '../dissect/capture-index.ts';
import type { Mark } from '../messages.ts';
import { CHUNK_MASK, NONE, RowFlag } from '../table/packet-table.ts';
import { Flag } from './seq.ts';
import { Analysis } from './tcp-analysis.ts';
import { flows } from './tcp-flows.ts';
import { previousInStream, replays } from './tcp-replay.ts';
import { udpFlows } from './udp-flows.ts';

/** All rows of a stream in order of capture; empty if there is no such stream. */
export function rowsOfStream(capture: CaptureIndex, stream: number, kind: 'tcp' | 'udp'): Uint32Array {
  const table = kind === 'tcp' ? capture.state(flows) : capture.state(udpFlows);
  if (stream < 0 || stream >= table.size) return new Uint32Array(0);
  const flag = kind === 'tcp' ? RowFlag.Tcp : RowFlag.Udp;
  const rows: number[] = [];
  let row = table.lastRow[stream] as number;
  while (row !== NONE && !isOf(capture, row, stream, flag)) {
    row = capture.packets.chunkOf(row).prevInStream[row & CHUNK_MASK] as number;
    // A stream that was only told of (quoted in an ICMP error) has no rows at all.
    if (rows.length++ > 64) return new Uint32Array(0);
  }
  rows.length = 0;
  for (; row !== NONE; row = previousInStream(capture.packets, row, stream, flag)) rows.push(row);
  return Uint32Array.from(rows.reverse());
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
