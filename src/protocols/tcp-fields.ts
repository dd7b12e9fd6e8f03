/** Fields of the TCP header and of its analysis. */
import { bool, bytes, expert, framenum, int32, none, reltime, string, TRUE_FALSE, uint8, uint16, uint32 } from '../dissect/field.ts';
import { Flag } from '../flow/seq.ts';
import { checksumStatus } from './ip-names.ts';

const made = { generated: true } as const;

export const tcpFields = {
  srcport: uint16('tcp.srcport', 'Source Port', { also: ['tcp.port'] }),
  dstport: uint16('tcp.dstport', 'Destination Port', { also: ['tcp.port'] }),
  stream: uint32('tcp.stream', 'Stream index', made),
  completeness: uint8('tcp.completeness', 'Conversation completeness', made),
  len: uint32('tcp.len', 'TCP Segment Len', made),
  seq: uint32('tcp.seq', 'Sequence Number'),
  seqRaw: uint32('tcp.seq_raw', 'Sequence Number (raw)'),
  nxtseq: uint32('tcp.nxtseq', 'Next Sequence Number', made),
  ack: uint32('tcp.ack', 'Acknowledgment Number'),
  ackRaw: uint32('tcp.ack_raw', 'Acknowledgment number (raw)'),
  hdrLen: uint8('tcp.hdr_len', 'Header Length', { mask: 0xf0 }),
  flags: uint16('tcp.flags', 'Flags', { base: 'hex', mask: 0xfff }),
  res: bool('tcp.flags.res', 'Reserved', { mask: 0x0e }),
  ae: bool('tcp.flags.ae', 'Accurate ECN', { mask: 0x01 }),
  cwr: bool('tcp.flags.cwr', 'Congestion Window Reduced', { mask: 0x80 }),
  ece: bool('tcp.flags.ece', 'ECN-Echo', { mask: 0x40 }),
  urg: bool('tcp.flags.urg', 'Urgent', { mask: 0x20 }),
  flagAck: bool('tcp.flags.ack', 'Acknowledgment', { mask: 0x10 }),
  push: bool('tcp.flags.push', 'Push', { mask: 0x08 }),
  reset: bool('tcp.flags.reset', 'Reset', { mask: 0x04 }),
  syn: bool('tcp.flags.syn', 'Syn', { mask: 0x02 }),
  fin: bool('tcp.flags.fin', 'Fin', { mask: 0x01 }),
  flagsText: string('tcp.flags.str', 'TCP Flags', made),
  windowValue: uint16('tcp.window_size_value', 'Window'),
  window: uint32('tcp.window_size', 'Calculated window size', made),
  scaleFactor: int32('tcp.window_size_scalefactor', 'Window size scaling factor', made),
  checksum: uint16('tcp.checksum', 'Checksum', { base: 'hex' }),
  checksumStatus: uint8('tcp.checksum.status', 'Checksum Status', {
    base: 'none',
    generated: true,
    names: checksumStatus,
  }),
  urgent: uint16('tcp.urgent_pointer', 'Urgent Pointer'),
  timeRelative: reltime('tcp.time_relative', 'Time since first frame in this TCP stream', { generated: true, unit: ' seconds' }),
  timeDelta: reltime('tcp.time_delta', 'Time since previous frame in this TCP stream', { generated: true, unit: ' seconds' }),
  payload: bytes('tcp.payload', 'TCP payload'),
  segmentData: bytes('tcp.segment_data', 'TCP segment data'),
  segments: none('tcp.segments', 'Reassembled TCP Segments', made),
  segment: framenum('tcp.segment', 'TCP Segment', made),
  segmentError: framenum('tcp.segment.error', 'Reassembling error', made),
  segmentOverlap: bool('tcp.segment.overlap', 'Segment overlap', { ...made, bool: TRUE_FALSE }),
  segmentConflict: bool('tcp.segment.overlap.conflict', 'Conflicting data in segment overlap', { ...made, bool: TRUE_FALSE }),
  segmentCount: uint32('tcp.segment.count', 'Segment count', made),
  reassembledLength: uint32('tcp.reassembled.length', 'Reassembled TCP length', made),
  reassembledData: bytes('tcp.reassembled.data', 'Reassembled TCP Data', made),
  reassembledIn: framenum('tcp.reassembled_in', 'Reassembled PDU in frame', made),
  resetCause: string('tcp.reset_cause', 'Reset cause'),

  analysis: none('tcp.analysis', 'SEQ/ACK analysis', made),
  analysisFlags: none('tcp.analysis.flags', 'TCP Analysis Flags', made),
  acksFrame: framenum('tcp.analysis.acks_frame', 'This is an ACK to the segment in frame', made),
  ackRtt: reltime('tcp.analysis.ack_rtt', 'The RTT to ACK the segment was', { generated: true, unit: ' seconds' }),
  initialRtt: reltime('tcp.analysis.initial_rtt', 'iRTT', { generated: true, unit: ' seconds' }),
  bytesInFlight: uint32('tcp.analysis.bytes_in_flight', 'Bytes in flight', made),
  pushBytes: uint32('tcp.analysis.push_bytes_sent', 'Bytes sent since last PSH flag', made),
  rto: reltime('tcp.analysis.rto', 'The RTO for this segment was', { generated: true, unit: ' seconds' }),
  rtoFrame: framenum('tcp.analysis.rto_frame', 'RTO based on delta from frame', made),
  duplicateAck: none('tcp.analysis.duplicate_ack', 'Duplicate ACK', made),
  duplicateAckNum: uint32('tcp.analysis.duplicate_ack_num', 'Duplicate ACK #', made),
  duplicateAckFrame: framenum('tcp.analysis.duplicate_ack_frame', 'Duplicate to the ACK in frame', made),
  duplicateAckExpert: expert('tcp.analysis.duplicate_ack', 'note', 'Duplicate ACK', 'sequence'),
  retransmission: expert('tcp.analysis.retransmission', 'note', 'This frame is a (suspected) retransmission', 'sequence'),
  fastRetransmission: expert('tcp.analysis.fast_retransmission', 'note', 'This frame is a (suspected) fast retransmission', 'sequence'),
  spuriousRetransmission: expert(
    'tcp.analysis.spurious_retransmission',
    'note',
    'This frame is a (suspected) spurious retransmission',
    'sequence',
  ),
  outOfOrder: expert('tcp.analysis.out_of_order', 'warn', 'This frame is a (suspected) out-of-order segment', 'sequence'),
  reusedPorts: expert(
    'tcp.analysis.reused_ports',
    'note',
    'A new tcp session is started with the same ports as an earlier session in this trace',
    'sequence',
  ),
  lostSegment: expert('tcp.analysis.lost_segment', 'warn', 'Previous segment(s) not captured (common at capture start)', 'sequence'),
  ackLostSegment: expert(
    'tcp.analysis.ack_lost_segment',
    'warn',
    "ACKed segment that wasn't captured (common at capture start)",
    'sequence',
  ),
  windowUpdate: expert('tcp.analysis.window_update', 'chat', 'TCP window update', 'sequence'),
  windowFull: expert('tcp.analysis.window_full', 'warn', 'TCP window specified by the receiver is now completely full', 'sequence'),
  keepAlive: expert('tcp.analysis.keep_alive', 'note', 'TCP keep-alive segment', 'sequence'),
  keepAliveAck: expert('tcp.analysis.keep_alive_ack', 'note', 'ACK to a TCP keep-alive segment', 'sequence'),
  zeroWindowProbe: expert('tcp.analysis.zero_window_probe', 'note', 'TCP Zero Window Probe', 'sequence'),
  zeroWindow: expert('tcp.analysis.zero_window', 'warn', 'TCP Zero Window segment', 'sequence'),
  zeroWindowProbeAck: expert('tcp.analysis.zero_window_probe_ack', 'note', 'ACK to a TCP Zero Window Probe', 'sequence'),

  expertSyn: expert('tcp.connection.syn', 'chat', 'Connection establish request (SYN)', 'sequence'),
  expertSynAck: expert('tcp.connection.synack', 'chat', 'Connection establish acknowledge (SYN+ACK)', 'sequence'),
  expertFin: expert('tcp.connection.fin', 'chat', 'Connection finish (FIN)', 'sequence'),
  expertFinActive: expert('tcp.connection.fin_active', 'note', 'This frame initiates the connection closing', 'sequence'),
  expertFinPassive: expert('tcp.connection.fin_passive', 'note', 'This frame undergoes the connection closing', 'sequence'),
  expertReset: expert('tcp.connection.rst', 'warn', 'Connection reset (RST)', 'sequence'),
  ackNonzero: expert('tcp.ack.nonzero', 'note', 'The acknowledgment number field is nonzero while the ACK flag is not set'),
  urgentNonzero: expert('tcp.urgent_pointer.non_zero', 'note', 'The urgent pointer field is nonzero while the URG flag is not set'),
  bogusLength: expert('tcp.bogus_header_length', 'error', 'Bogus TCP Header length'),
  shortSegment: expert('tcp.short_segment', 'warn', 'Short segment', 'malformed'),
  tfoAck: expert('tcp.analysis.tfo_ack', 'note', 'TCP SYN-ACK accepting TFO data', 'sequence'),
  tfoIgnored: expert('tcp.analysis.tfo_ignored', 'note', 'TCP SYN-ACK ignoring TFO data', 'sequence'),
} as const;

const FLAG_NAMES: readonly (readonly [number, string])[] = [
  [Flag.Fin, 'FIN'],
  [Flag.Syn, 'SYN'],
  [Flag.Rst, 'RST'],
  [Flag.Psh, 'PSH'],
  [Flag.Ack, 'ACK'],
  [Flag.Urg, 'URG'],
  [Flag.Ece, 'ECE'],
  [Flag.Cwr, 'CWR'],
  [Flag.Ae, 'AE'],
];

/** 'SYN, ACK', in Wireshark's order; 'Reserved' for the bits without a name; '<None>' for no bit. */
export function flagNames(flags: number): string {
  const words = FLAG_NAMES.filter(([bit]) => (flags & bit) !== 0).map(([, word]) => word);
  if ((flags & 0xe00) !== 0) words.push('Reserved');
  return words.length === 0 ? '<None>' : words.join(', ');
}

const LETTERS = 'RRRACEUAPRSF';

/** One character per bit, '·' for a bit that is not set. */
export function flagLetters(flags: number): string {
  let text = '';
  for (let k = 0; k < 12; k++) text += (flags & (0x800 >> k)) !== 0 ? LETTERS[k] : '·';
  return text;
}
