/** Stream Control Transmission Protocol (RFC 9260, section 3; RFC 8260 for I-DATA; RFC 3758, 4895, 5061, 6525): header, chunks, and what data chunks carry. */

import { data } from '../dissect/data.ts';
import type { Dissection, Node } from '../dissect/dissection.ts';
import { bool, bytes, expert, type FieldDef, framenum, nameOf, names, none, uint8, uint16, uint32 } from '../dissect/field.ts';
import type { Protocol } from '../dissect/protocol.ts';
import { app, be16, be32 } from './app-kit.ts';
import { diameter } from './diameter.ts';
import { CHECKSUM_UNVERIFIED, checksumStatus } from './ip-names.ts';
import { m2ua } from './m2ua.ts';
import { m3ua } from './m3ua.ts';
import { megaco } from './megaco.ts';
import { e1ap, f1ap, m2ap, m3ap, ngap, s1ap, x2ap, xnap } from './radio-access.ts';
import { type Fragment, sctpMessageBytes, sctpMessages } from './sctp-messages.ts';
import { chunkTypes, parameterFields, readCauses, readParameters } from './sctp-parameters.ts';
import { sctpTsns } from './sctp-tsns.ts';

const HEADER = 12;
/** As many as fit into an IP packet. */
const MAX_CHUNKS = 16_384;
const DATA = 0;
const I_DATA = 64;
const DATA_HEADER = 16;
const I_DATA_HEADER = 20;
const END = 1;
const BEGIN = 2;
const UNORDERED = 4;
const WHOLE = 3;
const NO_REPORT: FieldDef['bool'] = ['Do report', 'Do not report'];
const GENERATED = { generated: true } as const;

const f = {
  srcPort: uint16('sctp.srcport', 'Source port', { also: ['sctp.port'] }),
  dstPort: uint16('sctp.dstport', 'Destination port', { also: ['sctp.port'] }),
  tag: uint32('sctp.verification_tag', 'Verification tag', { base: 'hex' }),
  checksum: uint32('sctp.checksum', 'Checksum', { base: 'hex' }),
  checksumStatus: uint8('sctp.checksum.status', 'Checksum Status', { base: 'none', names: checksumStatus, generated: true }),
  stop: bool('sctp.chunk_bit_1', 'Bit', {
    mask: 0x80,
    bool: ['Skip chunk and continue processing of the packet', 'Stop processing of the packet'],
  }),
  report: bool('sctp.chunk_bit_2', 'Bit', { mask: 0x40, bool: NO_REPORT }),
  type: uint8('sctp.chunk_type', 'Chunk type', { names: chunkTypes }),
  flags: uint8('sctp.chunk_flags', 'Chunk flags', { base: 'hex' }),
  length: uint16('sctp.chunk_length', 'Chunk length'),
  lengthBad: expert('sctp.chunk_length.bad', 'error', 'Chunk length bad', 'malformed'),
  padding: bytes('sctp.chunk_padding', 'Chunk padding'),
  value: bytes('sctp.chunk_value', 'Chunk value'),
  tsnRelative: uint32('sctp.data_tsn', 'Transmission sequence number (relative)'),
  tsn: uint32('sctp.data_tsn_raw', 'Transmission sequence number (absolute)'),
  stream: uint16('sctp.data_sid', 'Stream identifier', { base: 'hex' }),
  streamSequence: uint16('sctp.data_ssn', 'Stream sequence number'),
  reserved: uint16('sctp.data_reserved', 'Reserved'),
  message: uint32('sctp.data_mid', 'Message identifier'),
  fragmentNumber: uint32('sctp.data_fsn', 'Fragment sequence number'),
  payload: uint32('sctp.data_payload_proto_id', 'Payload protocol identifier', {
    names: names({
      0: 'not specified',
      1: 'IUA',
      2: 'M2UA',
      3: 'M3UA',
      4: 'SUA',
      5: 'M2PA',
      6: 'V5UA',
      7: 'H.248/MEGACO',
      8: 'BICC/Q.2150.3',
      9: 'TALI',
      10: 'DUA',
      11: 'ASAP',
      12: 'ENRP',
      13: 'H.323',
      14: 'Q.IPC/Q.2150.3',
      15: 'SIMCO',
      16: 'DDP Segment Chunk',
      17: 'DDP Stream Session Control',
      18: 'S1 Application Protocol (S1AP)',
      19: 'RUA',
      20: 'HNBAP',
      21: 'ForCES-HP',
      22: 'ForCES-MP',
      23: 'ForCES-LP',
      24: 'SBc-AP',
      25: 'NBAP',
      26: 'Unassigned',
      27: 'X2AP',
      28: 'IRCP',
      29: 'LCS-AP',
      30: 'MPICH2',
      31: 'SABP',
      32: 'Fractal Generator Protocol',
      33: 'Ping Pong Protocol',
      34: 'CalcApp Protocol',
      35: 'Scripting Service Protocol',
      36: 'NetPerfMeter Control',
      37: 'NetPerfMeter Data',
      38: 'Echo',
      39: 'Discard',
      40: 'Daytime',
      41: 'Character Generator',
      42: '3GPP RNA',
      43: '3GPP M2AP',
      44: '3GPP M3AP',
      45: 'SSH',
      46: 'DIAMETER',
      47: 'DIAMETER over DTLS',
      48: 'R14P',
      49: 'Generic Data Transfer Protocol (GDT)',
      50: 'WebRTC Control',
      51: 'WebRTC String',
      52: 'WebRTC Binary Partial (Deprecated)',
      53: 'WebRTC Binary',
      54: 'WebRTC String Partial (Deprecated)',
      55: '3GPP PUA',
      56: 'WebRTC String Empty',
      57: 'WebRTC Binary Empty',
      58: 'XwAP',
      59: 'Xw - Control Plane',
      60: 'NGAP',
      61: 'XnAP',
      62: 'F1 AP',
      65: 'ELE2 Lawful Interception',
      66: 'NGAP over DTLS',
      67: 'XnAP over DTLS',
      68: 'F1AP over DTLS',
      69: 'E1AP over DTLS',
      70: 'E2-CP',
      71: 'E2-UP',
      72: 'E2-DU',
      73: 'W1AP',
    }),
  }),
  fragments: none('sctp.fragments', 'Reassembled SCTP Fragments', GENERATED),
  fragment: framenum('sctp.fragment', 'SCTP Fragment', GENERATED),
  reassembledIn: framenum('sctp.reassembled_in', 'Reassembled Message in frame', GENERATED),
  end: bool('sctp.data_e_bit', 'E-Bit', { mask: 0x1, bool: ['Last segment', 'Not the last segment'] }),
  begin: bool('sctp.data_b_bit', 'B-Bit', { mask: 0x2, bool: ['First segment', 'Subsequent segment'] }),
  unordered: bool('sctp.data_u_bit', 'U-Bit', { mask: 0x4, bool: ['Unordered delivery', 'Ordered delivery'] }),
  immediate: bool('sctp.data_i_bit', 'I-Bit', { mask: 0x8, bool: ['Send SACK immediately', 'Possibly delay SACK'] }),
  initTag: uint32('sctp.init_initiate_tag', 'Initiate tag', { base: 'hex', also: ['sctp.initiate_tag'] }),
  initCredit: uint32('sctp.init_credit', 'Advertised receiver window credit (a_rwnd)'),
  initOut: uint16('sctp.init_nr_out_streams', 'Number of outbound streams'),
  initIn: uint16('sctp.init_nr_in_streams', 'Number of inbound streams'),
  initTsn: uint32('sctp.init_initial_tsn', 'Initial TSN'),
  ackTag: uint32('sctp.initack_initiate_tag', 'Initiate tag', { base: 'hex', also: ['sctp.initiate_tag'] }),
  ackCredit: uint32('sctp.initack_credit', 'Advertised receiver window credit (a_rwnd)'),
  ackOut: uint16('sctp.initack_nr_out_streams', 'Number of outbound streams'),
  ackIn: uint16('sctp.initack_nr_in_streams', 'Number of inbound streams'),
  ackTsn: uint32('sctp.initack_initial_tsn', 'Initial TSN'),
  sackNonce: uint8('sctp.sack_nounce_sum', 'Nounce sum', { mask: 0x1 }),
  cumulativeRelative: uint32('sctp.sack_cumulative_tsn_ack', 'Cumulative TSN ACK (relative)'),
  cumulative: uint32('sctp.sack_cumulative_tsn_ack_raw', 'Cumulative TSN ACK (absolute)'),
  window: uint32('sctp.sack_a_rwnd', 'Advertised receiver window credit (a_rwnd)'),
  windowZero: expert('sctp.sack_a_rwnd.expert', 'note', 'Zero Advertised Receiver Window Credit', 'sequence'),
  gaps: uint16('sctp.sack_number_of_gap_blocks', 'Number of gap acknowledgement blocks'),
  duplicates: uint16('sctp.sack_number_of_duplicated_tsns', 'Number of duplicated TSNs'),
  gapStart: uint16('sctp.sack_gap_block_start', 'Start'),
  gapStartTsn: uint32('sctp.sack_gap_block_start_tsn', 'Start TSN', GENERATED),
  gapEnd: uint16('sctp.sack_gap_block_end', 'End'),
  gapEndTsn: uint32('sctp.sack_gap_block_end_tsn', 'End TSN', GENERATED),
  gapped: uint32('sctp.sack_number_of_tsns_gap_acked', 'Number of TSNs in gap acknowledgement blocks', GENERATED),
  gappedMany: expert(
    'sctp.sack_number_of_tsns_gap_acked.100',
    'warn',
    'More than 100 TSNs were gap-acknowledged in this SACK.',
    'sequence',
  ),
  gapBad: expert('sctp.sack_gap_block_malformed', 'error', 'Malformed gap block.'),
  gapOrder: expert('sctp.sack_gap_block_out_of_order', 'warn', 'Gap blocks not in strict order.'),
  duplicate: uint32('sctp.sack_duplicate_tsn', 'Duplicate TSN'),
  nrNonce: uint8('sctp.nr_sack_nounce_sum', 'Nounce sum', { mask: 0x1 }),
  nrCumulative: uint32('sctp.nr_sack_cumulative_tsn_ack', 'Cumulative TSN ACK'),
  nrWindow: uint32('sctp.nr_sack_a_rwnd', 'Advertised receiver window credit (a_rwnd)'),
  nrGaps: uint16('sctp.nr_sack_number_of_gap_blocks', 'Number of gap acknowledgement blocks'),
  nrNrGaps: uint16('sctp.nr_sack_number_of_nr_gap_blocks', 'Number of nr-gap acknowledgement blocks'),
  nrDuplicates: uint16('sctp.nr_sack_number_of_duplicated_tsns', 'Number of duplicated TSNs'),
  nrReserved: uint16('sctp.nr_sack_reserved', 'Reserved', { base: 'hex' }),
  nrGapStart: uint16('sctp.nr_sack_gap_block_start', 'Start'),
  nrGapStartTsn: uint32('sctp.nr_sack_gap_block_start_tsn', 'Start TSN', GENERATED),
  nrGapEnd: uint16('sctp.nr_sack_gap_block_end', 'End'),
  nrGapEndTsn: uint32('sctp.nr_sack_gap_block_end_tsn', 'End TSN', GENERATED),
  nrGapped: uint32('sctp.nr_sack_number_of_tsns_gap_acked', 'Number of TSNs in gap acknowledgement blocks', GENERATED),
  nrGappedMany: expert(
    'sctp.nr_sack_number_of_tsns_gap_acked.100',
    'warn',
    'More than 100 TSNs were gap-acknowledged in this NR-SACK.',
    'sequence',
  ),
  nrNrStart: uint16('sctp.nr_sack_nr_gap_block_start', 'Start'),
  nrNrStartTsn: uint32('sctp.nr_sack_nr_gap_block_start_tsn', 'Start TSN', GENERATED),
  nrNrEnd: uint16('sctp.nr_sack_nr_gap_block_end', 'End'),
  nrNrEndTsn: uint32('sctp.nr_sack_nr_gap_block_end_tsn', 'End TSN', GENERATED),
  nrNrGapped: uint32('sctp.nr_sack_number_of_tsns_nr_gap_acked', 'Number of TSNs in nr-gap acknowledgement blocks', GENERATED),
  nrNrGappedMany: expert(
    'sctp.nr_sack_number_of_tsns_nr_gap_acked.100',
    'warn',
    'More than 100 TSNs were nr-gap-acknowledged in this NR-SACK.',
    'sequence',
  ),
  nrDuplicate: uint32('sctp.nr_sack_duplicate_tsn', 'Duplicate TSN'),
  shutdownTsn: uint32('sctp.shutdown_cumulative_tsn_ack', 'Cumulative TSN Ack'),
  ecneTsn: uint32('sctp.ecne_lowest_tsn', 'Lowest TSN'),
  cwrTsn: uint32('sctp.cwr_lowest_tsn', 'Lowest TSN'),
  completeTag: bool('sctp.shutdown_complete_t_bit', 'T-Bit', { mask: 0x1, bool: ['Tag reflected', 'Tag not reflected'] }),
  abortTag: bool('sctp.abort_t_bit', 'T-Bit', { mask: 0x1, bool: ['Tag reflected', 'Tag not reflected'] }),
  cookie: bytes('sctp.cookie', 'Cookie'),
  keyId: uint16('sctp.shared_key_id', 'Shared key identifier'),
  hmac: bytes('sctp.hmac', 'HMAC'),
  asconf: uint32('sctp.asconf_seq_nr_number', 'Sequence number', { base: 'hex' }),
  asconfAck: uint32('sctp.asconf_ack_seq_nr_number', 'Sequence number', { base: 'hex' }),
  dropMiddle: bool('sctp.pckdrop_m_bit', 'M-Bit', { mask: 0x1, bool: ['Source is a middlebox', 'Source is an endhost'] }),
  dropChecksum: bool('sctp.pckdrop_b_bit', 'B-Bit', { mask: 0x2, bool: ['SCTP checksum was incorrect', 'SCTP checksum was correct'] }),
  dropTruncated: bool('sctp.pckdrop_t_bit', 'T-Bit', { mask: 0x4, bool: ['Packet is truncated', 'Packet is not truncated'] }),
  dropBandwidth: uint32('sctp.pktdrop_bandwidth', 'Bandwidth'),
  dropQueue: uint32('sctp.pktdrop_queuesize', 'Queuesize'),
  dropLength: uint16('sctp.pktdrop_truncated_length', 'Truncated length'),
  dropReserved: uint16('sctp.pktdrop_reserved', 'Reserved'),
  dropData: bytes('sctp.pktdrop_datafield', 'Data field'),
  pad: bytes('sctp.padding_data', 'Padding data'),
  forwardTsn: uint32('sctp.forward_tsn_tsn', 'New cumulative TSN'),
  forwardStream: uint16('sctp.forward_tsn_sid', 'Stream identifier'),
  forwardSequence: uint16('sctp.forward_tsn_ssn', 'Stream sequence number'),
  iForwardTsn: uint32('sctp.i_forward_tsn_tsn', 'New cumulative TSN'),
  iForwardStream: uint16('sctp.i_forward_tsn_sid', 'Stream identifier'),
  iForwardFlags: uint16('sctp.i_forward_tsn_flags', 'Flags', { base: 'hex' }),
  iForwardReserved: uint16('sctp.i_forward_tsn_res', 'Reserved', { mask: 0xfffe }),
  iForwardUnordered: bool('sctp.i_forward_tsn_u_bit', 'U-Bit', { mask: 0x1, bool: ['Unordered messages', 'Ordered messages'] }),
  iForwardMessage: uint32('sctp.forward_tsn_mid', 'Message identifier'),
};
const p = parameterFields;
/** Payload protocol identifiers (IANA). */
const carried = new Map<number, Protocol>([
  [2, m2ua],
  [3, m3ua],
  [7, megaco],
  [18, s1ap],
  [27, x2ap],
  [43, m2ap],
  [44, m3ap],
  [46, diameter],
  [60, ngap],
  [61, xnap],
  [62, f1ap],
  [64, e1ap],
]);
/** Where the identifier says nothing. */
const byPort = new Map<number, Protocol>([
  [2904, m2ua],
  [2905, m3ua],
  [3868, diameter],
  [36412, s1ap],
  [36422, x2ap],
  [38412, ngap],
  [38422, xnap],
  [38472, f1ap],
]);

/** What the user data of a whole message, bytes[from, end), are. */
function payloadOf(identifier: number, srcPort: number, dstPort: number, bytes: Uint8Array, from: number, end: number): Protocol {
  const low = Math.min(srcPort, dstPort);
  for (const found of [carried.get(identifier), byPort.get(low), byPort.get(srcPort + dstPort - low)])
    if (found !== undefined && (found.accepts === undefined || found.accepts(bytes, from, end, end))) return found;
  return data;
}

const count = (size: number): string => `${size} ${size === 1 ? 'byte' : 'bytes'}`;
/** How far a sequence number is behind the first; the number itself if it comes before (RFC 1982). */
function since(tsn: number, first: number | undefined): number {
  const steps = (tsn - (first ?? tsn)) >>> 0;
  return steps > 0x7fffffff ? tsn : steps;
}

/** Reads a chunk's value at [at, end), and gives what is said of it behind its name. */
type Body = (node: Node, at: number, end: number, flags: Node, depth: number) => string;

/** A chunk with the bytes at [at, at + 4) as its header, ending at `end` at most. `depth`: of what it is quoted in. Gives its node. */
function chunk(parent: Node, at: number, end: number, depth: number): Node {
  const b = parent.buf;
  const type = b.u8(at);
  const length = b.u16(at + 2);
  const isData = type === DATA || type === I_DATA;
  const least = type === DATA ? DATA_HEADER : type === I_DATA ? I_DATA_HEADER : 4;
  const padded = Math.min(end, at + Math.max(4, (length + 3) & ~3));
  const stop = Math.min(end, at + length);
  const name = chunkTypes.get(type) ?? 'RESERVED';
  const bad = length < least;
  const node = parent.text(
    at,
    isData ? Math.min(least, padded - at) : padded - at,
    bad ? `${name} chunk, bogus chunk length ${length} < ${length < 4 ? 4 : least})` : `${name} chunk`,
  );
  const kind = node.uintNode(f.type, at);
  kind.uint(f.stop, at);
  kind.uint(f.report, at);
  const flags = node.uintNode(f.flags, at + 1);
  const said = node.uintNode(f.length, at + 2);
  if (bad) {
    if (length < 4 && said.field !== null) said.field.display = `${length} (invalid, should be >= 4)`;
    said.expert(f.lengthBad);
    return node;
  }
  if (at + length > end)
    said.expert(f.lengthBad, at + 2, 2, `Chunk length (${length}) is longer than remaining data (${end - at}) in the packet.`);
  const words = (bodies.get(type) ?? unknownChunk)(node, at + 4, stop, flags, depth);
  if (node.field !== null) node.field.display = words;
  if (stop < padded) node.bytes(f.padding, stop, padded - stop);
  return node;
}

const quotedChunk = (node: Node, at: number, end: number, depth: number): void => void chunk(node, at, end, depth);

const dataChunk: Body = (node, at, end, flags) => {
  const b = node.buf;
  const inner = b.u8(at - 4) === I_DATA;
  for (const flag of [f.immediate, f.unordered, f.begin, f.end]) flags.uint(flag, at - 3, 1);
  const bits = b.u8(at - 3);
  const { offset } = node.layer.buf;
  const first = node.d.capture.state(sctpTsns).first(b.u16(offset), b.u16(offset + 2), b.u32(offset + 4));
  const relative = since(b.u32(at), first);
  node.add(f.tsnRelative, at, 4, relative);
  node.uint(f.tsn, at);
  const stream = node.uint(f.stream, at + 4);
  const order = (bits & 4) !== 0 ? 'unordered' : 'ordered';
  const part = ['middle', 'last', 'first', 'complete'][bits & WHOLE];
  const start = `${order}, ${part} segment, TSN: ${relative}, SID: ${stream}`;
  const size = `payload length: ${count(end - at + 4 - (inner ? I_DATA_HEADER : DATA_HEADER))}`;
  if (!inner) {
    const sequence = node.uint(f.streamSequence, at + 6);
    const identifier = node.uint(f.payload, at + 8);
    return `${start}, SSN: ${sequence}, PPID: ${identifier}, ${size}`;
  }
  node.uint(f.reserved, at + 6);
  const message = node.uint(f.message, at + 8);
  if ((bits & BEGIN) !== 0) {
    node.uint(f.payload, at + 12);
    return `${start}, MID: ${message}, ${size}`;
  }
  return `${start}, MID: ${message}, FSN: ${node.uint(f.fragmentNumber, at + 12)}, ${size}`;
};

const initChunk =
  (tag: FieldDef, credit: FieldDef, outbound: FieldDef, inbound: FieldDef, tsn: FieldDef): Body =>
  (node, at, end, _, depth) => {
    node.uint(tag, at);
    node.uint(credit, at + 4);
    const out = node.uint(outbound, at + 8);
    const into = node.uint(inbound, at + 10);
    node.uint(tsn, at + 12);
    readParameters(node, at + 16, end, depth, quotedChunk);
    return `Outbound streams: ${out}, inbound streams: ${into}`;
  };

interface GapFields {
  readonly title: string;
  readonly start: FieldDef;
  readonly startTsn: FieldDef;
  readonly end: FieldDef;
  readonly endTsn: FieldDef;
  readonly total: FieldDef;
  readonly many: FieldDef;
}
const sackGaps: GapFields = {
  title: 'Gap Acknowledgement',
  start: f.gapStart,
  startTsn: f.gapStartTsn,
  end: f.gapEnd,
  endTsn: f.gapEndTsn,
  total: f.gapped,
  many: f.gappedMany,
};
const nrGaps: GapFields = {
  title: 'Gap Acknowledgement',
  start: f.nrGapStart,
  startTsn: f.nrGapStartTsn,
  end: f.nrGapEnd,
  endTsn: f.nrGapEndTsn,
  total: f.nrGapped,
  many: f.nrGappedMany,
};
const nrNrGaps: GapFields = {
  title: 'NR-Gap Acknowledgement',
  start: f.nrNrStart,
  startTsn: f.nrNrStartTsn,
  end: f.nrNrEnd,
  endTsn: f.nrNrEndTsn,
  total: f.nrNrGapped,
  many: f.nrNrGappedMany,
};

/** `blocks` acknowledged ranges, counted from `base`. Gives where they end. */
function gapBlocks(node: Node, from: number, end: number, blocks: number, base: number, fields: GapFields): number {
  let at = from;
  let total = 0;
  let last = -1;
  for (let n = 0; n < blocks && at + 4 <= end && node.ok; n++, at += 4) {
    const start = node.buf.u16(at);
    const stop = node.buf.u16(at + 2);
    const [startTsn, stopTsn] = [(base + start) >>> 0, (base + stop) >>> 0];
    const block = node.text(at, 4, `${fields.title} for TSN ${startTsn} to ${stopTsn}`);
    block.uintNode(fields.start, at).add(fields.startTsn, at, 2, startTsn);
    const ending = block.uintNode(fields.end, at + 2).add(fields.endTsn, at + 2, 2, stopTsn);
    if (stop < start) ending.expert(f.gapBad);
    else total += stop - start + 1;
    if (start <= last) ending.expert(f.gapOrder);
    last = stop;
  }
  if (total > 0) {
    const sum = node.add(fields.total, from, at - from, total);
    if (total > 100) sum.expert(fields.many);
  }
  return at;
}

const sackChunk: Body = (node, at, end, flags) => {
  const b = node.buf;
  flags.uint(f.sackNonce, at - 3);
  const { offset } = node.layer.buf;
  const first = node.d.capture.state(sctpTsns).acked(b.u16(offset), b.u16(offset + 2), b.u32(offset + 4));
  const relative = since(b.u32(at), first);
  node.add(f.cumulativeRelative, at, 4, relative);
  const cumulative = node.uint(f.cumulative, at);
  const window = node.uintNode(f.window, at + 4);
  const credit = b.u32(at + 4);
  if (credit === 0) window.expert(f.windowZero);
  const gaps = node.uint(f.gaps, at + 8);
  const duplicates = node.uint(f.duplicates, at + 10);
  let o = gapBlocks(node, at + 12, end, gaps, relative, sackGaps);
  for (let n = 0; n < duplicates && o + 4 <= end && node.ok; n++, o += 4) node.uint(f.duplicate, o);
  return `Cumulative TSN: ${cumulative}, a_rwnd: ${credit}, gaps: ${gaps}, duplicate TSNs: ${duplicates}`;
};

const nrSackChunk: Body = (node, at, end, flags) => {
  flags.uint(f.nrNonce, at - 3);
  const cumulative = node.uint(f.nrCumulative, at);
  const credit = node.uint(f.nrWindow, at + 4);
  const gaps = node.uint(f.nrGaps, at + 8);
  const others = node.uint(f.nrNrGaps, at + 10);
  const duplicates = node.uint(f.nrDuplicates, at + 12);
  node.uint(f.nrReserved, at + 14);
  let o = gapBlocks(node, at + 16, end, gaps, cumulative, nrGaps);
  o = gapBlocks(node, o, end, others, cumulative, nrNrGaps);
  for (let n = 0; n < duplicates && o + 4 <= end && node.ok; n++, o += 4) node.uint(f.nrDuplicate, o);
  return `Cumulative TSN: ${cumulative}, a_rwnd: ${credit}, gaps: ${gaps}, nr-gaps: ${others}, duplicate TSNs: ${duplicates}`;
};

const heartbeat: Body = (node, at, end, _, depth) => {
  readParameters(node, at, end, depth, quotedChunk);
  return `Information: ${count(end - at)}`;
};

const oneTsn =
  (field: FieldDef, title: string): Body =>
  (node, at) =>
    `${title}: ${node.uint(field, at)}`;

const onlyParameters: Body = (node, at, end, _, depth) => {
  readParameters(node, at, end, depth, quotedChunk);
  return '';
};

const numbered =
  (field: FieldDef): Body =>
  (node, at, end, flags, depth) => {
    node.uint(field, at);
    return onlyParameters(node, at + 4, end, flags, depth);
  };

const nothing: Body = () => '';

const unknownChunk: Body = (node, at, end) => {
  if (end > at) node.bytes(f.value, at, end - at);
  return `Type: ${node.buf.u8(at - 4)}, value length: ${count(end - at)}`;
};

const bodies = new Map<number, Body>([
  [DATA, dataChunk],
  [1, initChunk(f.initTag, f.initCredit, f.initOut, f.initIn, f.initTsn)],
  [2, initChunk(f.ackTag, f.ackCredit, f.ackOut, f.ackIn, f.ackTsn)],
  [3, sackChunk],
  [4, heartbeat],
  [5, heartbeat],
  [
    6,
    (node, at, end, flags, depth) => {
      flags.uint(f.abortTag, at - 3);
      readCauses(node, at, end, depth, quotedChunk);
      return '';
    },
  ],
  [7, oneTsn(f.shutdownTsn, 'Cumulative TSN ack')],
  [8, nothing],
  [
    9,
    (node, at, end, _, depth) => {
      readCauses(node, at, end, depth, quotedChunk);
      return '';
    },
  ],
  [
    10,
    (node, at, end) => {
      if (end > at) node.bytes(f.cookie, at, end - at);
      return `Cookie length: ${count(end - at)}`;
    },
  ],
  [11, nothing],
  [12, oneTsn(f.ecneTsn, 'Lowest TSN')],
  [13, oneTsn(f.cwrTsn, 'Lowest TSN')],
  [
    14,
    (_node, at, _end, flags) => {
      flags.uint(f.completeTag, at - 3);
      return '';
    },
  ],
  [
    15,
    (node, at, end) => {
      node.uint(f.keyId, at);
      node.uint(p.hmacId, at + 2);
      if (end > at + 4) node.bytes(f.hmac, at + 4, end - at - 4);
      return '';
    },
  ],
  [16, nrSackChunk],
  [I_DATA, dataChunk],
  [128, numbered(f.asconfAck)],
  [
    129,
    (node, at, end, flags) => {
      for (const flag of [f.dropMiddle, f.dropChecksum, f.dropTruncated]) flags.uint(flag, at - 3, 1);
      node.uint(f.dropBandwidth, at);
      node.uint(f.dropQueue, at + 4);
      node.uint(f.dropLength, at + 8);
      node.uint(f.dropReserved, at + 10);
      if (end > at + 12) node.bytes(f.dropData, at + 12, end - at - 12);
      return '';
    },
  ],
  [130, onlyParameters],
  [
    132,
    (node, at, end) => {
      if (end > at) node.bytes(f.pad, at, end - at);
      return `Padding data length: ${count(end - at)}`;
    },
  ],
  [
    192,
    (node, at, end) => {
      const tsn = node.uint(f.forwardTsn, at);
      for (let o = at + 4; o + 4 <= end && node.ok; o += 4) {
        node.uint(f.forwardStream, o);
        node.uint(f.forwardSequence, o + 2);
      }
      return `Cumulative TSN: ${tsn}`;
    },
  ],
  [193, numbered(f.asconf)],
  [
    194,
    (node, at, end) => {
      const tsn = node.uint(f.iForwardTsn, at);
      for (let o = at + 4; o + 8 <= end && node.ok; o += 8) {
        node.uint(f.iForwardStream, o);
        const flags = node.uintNode(f.iForwardFlags, o + 2);
        flags.uint(f.iForwardReserved, o + 2);
        flags.uint(f.iForwardUnordered, o + 2, 2);
        node.uint(f.iForwardMessage, o + 4);
      }
      return `Cumulative TSN: ${tsn}`;
    },
  ],
]);

/** Where the user data of a chunk at `at` begins; 0 where it has none. */
function userDataAt(type: number, length: number, at: number): number {
  const header = type === DATA ? DATA_HEADER : type === I_DATA ? I_DATA_HEADER : 0;
  return header > 0 && length > header ? at + header : 0;
}

const fragment: Fragment = {
  ports: 0,
  tag: 0,
  begins: false,
  ends: false,
  stream: 0,
  order: 0,
  message: 0,
  interleaved: false,
  number: 0,
  identifier: 0,
};

/** Index depth: the DATA or I-DATA chunk at `at`, all of whose header is there, of the packet at `packet`. Good until the next one is asked for. */
function fragmentAt(b: Uint8Array, packet: number, at: number): Fragment {
  const flags = b[at + 1] as number;
  fragment.ports = be32(b, packet);
  fragment.tag = be32(b, packet + 4);
  fragment.begins = (flags & BEGIN) !== 0;
  fragment.ends = (flags & END) !== 0;
  fragment.stream = be16(b, at + 8);
  fragment.order = flags & UNORDERED;
  fragment.interleaved = b[at] === I_DATA;
  if (fragment.interleaved) {
    fragment.message = be32(b, at + 12);
    // The first one has the identifier in place of its number, which is 0.
    fragment.number = fragment.begins ? 0 : be32(b, at + 16);
    fragment.identifier = be32(b, at + 16);
  } else {
    // Messages that are not ordered have no number (RFC 9260, section 6.6).
    fragment.message = fragment.order === 0 ? be16(b, at + 10) : 0;
    fragment.number = be32(b, at + 4);
    fragment.identifier = be32(b, at + 12);
  }
  return fragment;
}

/** Fragments of messages that a dissection has shown so far. */
const fragmentsShown = new WeakMap<Dissection, number>();

/** Says of the fragment in chunk `node`, whose user data are at `at`, to which message it belongs; gives that message if it came last. */
function showFragment(d: Dissection, node: Node, at: number): { readonly bytes: Uint8Array; readonly identifier: number } | null {
  const ordinal = fragmentsShown.get(d) ?? 0;
  fragmentsShown.set(d, ordinal + 1);
  const message = d.capture.state(sctpMessages).find(d.row, ordinal);
  if (message === null) return null;
  const { parts, length, doneRow, doneOrdinal, identifier } = message;
  if (doneRow !== d.row || doneOrdinal !== ordinal) {
    if (doneRow !== d.row) node.add(f.reassembledIn, at, 0, doneRow + 1, { link: doneRow });
    return null;
  }
  const tree = node.add(f.fragments, at, 0, null, { display: `(${count(length)}, ${parts.length} fragments)` });
  let from = 0;
  for (const part of parts) {
    tree.add(f.fragment, at, 0, part.row + 1, {
      link: part.row,
      display: `${part.row + 1}, payload: ${from}-${from + part.length - 1} (${count(part.length)})`,
    });
    from += part.length;
  }
  return { bytes: sctpMessageBytes(d.capture, message), identifier };
}

export const sctp = app({
  name: 'sctp',
  short: 'SCTP',
  title: 'Stream Control Transmission Protocol',
  osi: '4',
  pdu: 'Packet',
  hue: 'tra',
  fields: [...Object.values(f), ...Object.values(p)],
  index(w) {
    if (!w.has(HEADER)) return;
    const { bytes: b, offset } = w;
    const tsns = w.capture.state(sctpTsns);
    const src = be16(b, offset);
    const dst = be16(b, offset + 2);
    const tag = be32(b, offset + 4);
    for (let at = offset + HEADER, n = 0; at + 4 <= w.end && n < MAX_CHUNKS; n++) {
      const type = b[at] as number;
      const length = be16(b, at + 2);
      if (type <= 3 && at + 8 <= w.end && length >= 8) {
        if (type === DATA) tsns.data(src, dst, tag, be32(b, at + 4));
        else if (type === 3) tsns.sack(src, dst, tag);
        else if (at + 20 <= w.end) tsns.init(src, dst, tag, be32(b, at + 4), be32(b, at + 16), type === 2);
      } else if (type === I_DATA && at + 8 <= w.end) tsns.data(src, dst, tag, be32(b, at + 4));
      const data = userDataAt(type, length, at);
      if (data > 0 && data < w.end) {
        if (((b[at + 1] as number) & WHOLE) === WHOLE) {
          const end = Math.min(at + length, w.end);
          w.nest(payloadOf(be32(b, at + 12 + (type === DATA ? 0 : 4)), src, dst, b, data, end), data, end);
        } else if (!w.quoted) {
          const messages = w.capture.state(sctpMessages);
          const ordinal = messages.ordinal(w.row);
          // What lacks octets is no part of a message.
          const whole =
            at + length > w.end || w.fragmented ? null : messages.take(w, fragmentAt(b, offset, at), ordinal, data, at + length);
          if (whole !== null) w.nestIn(payloadOf(whole.identifier, src, dst, whole.bytes, 0, whole.bytes.length), whole.bytes);
        }
      }
      at += Math.max(4, (length + 3) & ~3);
    }
  },
  read(layer, b, d) {
    const o = b.offset;
    const src = layer.uint(f.srcPort, o);
    const dst = layer.uint(f.dstPort, o + 2);
    layer.uint(f.tag, o + 4);
    layer.uint(f.checksum, o + 8, 4, {
      display: `0x${b
        .u32(o + 8)
        .toString(16)
        .padStart(8, '0')} [unverified]`,
    });
    layer.add(f.checksumStatus, o + 8, 0, CHECKSUM_UNVERIFIED);
    layer.size(HEADER);
    const kinds: string[] = [];
    let whole = true;
    for (let at = o + HEADER, n = 0; layer.ok && at + 4 <= b.end && n < MAX_CHUNKS; n++) {
      const type = b.u8(at);
      const length = b.u16(at + 2);
      const next = at + Math.max(4, (length + 3) & ~3);
      if (kinds.length < 20) kinds.push(nameOf(f.type, type) ?? `${type}`);
      const node = chunk(layer, at, b.end, 0);
      // Where the next chunk begins is known, whatever is wrong inside this one.
      layer.goOn();
      const data = userDataAt(type, length, at);
      // The layer reaches to the first message; what follows that is seen to be this layer's by its own fields.
      if (whole)
        layer.size(Math.min(type === DATA || type === I_DATA ? at + (type === DATA ? DATA_HEADER : I_DATA_HEADER) : next, b.end) - o);
      if (type === DATA || type === I_DATA) whole = false;
      if (layer.ok && data > 0 && data < b.end) {
        const last = (b.u8(at + 1) & WHOLE) === WHOLE || d.quoted ? null : showFragment(d, node, data);
        if (last !== null) {
          const protocol = payloadOf(last.identifier, src, dst, last.bytes, 0, last.bytes.length);
          d.call(protocol, d.newBuf('Reassembled SCTP message', last.bytes));
        } else if ((b.u8(at + 1) & WHOLE) === WHOLE) {
          const message = b.from(data, at + length);
          d.call(payloadOf(b.u32(at + 12 + (type === DATA ? 0 : 4)), src, dst, b.bytes, data, message.end), message);
        }
      }
      at = next;
    }
    return `${src} → ${dst} ${kinds.join(' ')}`;
  },
});
