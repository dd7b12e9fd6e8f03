/** The marks that stand first in the list's info column. */
import type { CaptureIndex } from '../dissect/capture-index.ts';
import { Flag } from '../flow/seq.ts';
import { Analysis } from '../flow/tcp-analysis.ts';
import { replays } from '../flow/tcp-replay.ts';
import type { Mark } from '../messages.ts';
import { CHUNK_MASK, RowFlag } from '../table/packet-table.ts';

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
