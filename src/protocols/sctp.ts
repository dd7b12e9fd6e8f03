/** Stream Control Transmission Protocol (RFC 9260, section 3): common header, chunks, and what data chunks carry. */
import type { Buf, Dissection, Layer } from '../dissect/dissection.ts';
import { bool, bytes, nameOf, names, uint8, uint16, uint32 } from '../dissect/field.ts';
import type { Protocol } from '../dissect/protocol.ts';
import { app, be16, be32 } from './app-kit.ts';
import { data } from './data.ts';
import { diameter } from './diameter.ts';
import { CHECKSUM_UNVERIFIED, checksumStatus } from './ip-names.ts';
import { m3ua } from './m3ua.ts';

const HEADER = 12;
const MAX_CHUNKS = 200;
const DATA = 0;
const DATA_HEADER = 16;
const WHOLE = 3;

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
  report: bool('sctp.chunk_bit_2', 'Bit', { mask: 0x40, bool: ['Do report', 'Do not report'] }),
  type: uint8('sctp.chunk_type', 'Chunk type', {
    names: names({
      0: 'DATA',
      1: 'INIT',
      2: 'INIT_ACK',
      3: 'SACK',
      4: 'HEARTBEAT',
      5: 'HEARTBEAT_ACK',
      6: 'ABORT',
      7: 'SHUTDOWN',
      8: 'SHUTDOWN_ACK',
      9: 'ERROR',
      10: 'COOKIE_ECHO',
      11: 'COOKIE_ACK',
      12: 'ECNE',
      13: 'CWR',
      14: 'SHUTDOWN_COMPLETE',
      15: 'AUTH',
      16: 'NR_SACK',
      64: 'I_DATA',
      128: 'ASCONF_ACK',
      129: 'PKTDROP',
      130: 'RE_CONFIG',
      132: 'PAD',
      192: 'FORWARD_TSN',
      193: 'ASCONF',
      194: 'I_FORWARD_TSN',
      255: 'IETF_EXTENSION',
    }),
  }),
  flags: uint8('sctp.chunk_flags', 'Chunk flags', { base: 'hex' }),
  length: uint16('sctp.chunk_length', 'Chunk length'),
  value: bytes('sctp.chunk_value', 'Chunk value'),
  tsn: uint32('sctp.data_tsn_raw', 'Transmission sequence number (absolute)'),
  stream: uint16('sctp.data_sid', 'Stream identifier', { base: 'hex' }),
  streamSequence: uint16('sctp.data_ssn', 'Stream sequence number'),
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
  end: bool('sctp.data_e_bit', 'E-Bit', { mask: 0x1, bool: ['Last segment', 'Not the last segment'] }),
  begin: bool('sctp.data_b_bit', 'B-Bit', { mask: 0x2, bool: ['First segment', 'Subsequent segment'] }),
  unordered: bool('sctp.data_u_bit', 'U-Bit', { mask: 0x4, bool: ['Unordered delivery', 'Ordered delivery'] }),
  immediate: bool('sctp.data_i_bit', 'I-Bit', { mask: 0x8, bool: ['Send SACK immediately', 'Possibly delay SACK'] }),
  initTag: uint32('sctp.init_initiate_tag', 'Initiate tag', { base: 'hex' }),
  initCredit: uint32('sctp.init_credit', 'Advertised receiver window credit (a_rwnd)'),
  initOut: uint16('sctp.init_nr_out_streams', 'Number of outbound streams'),
  initIn: uint16('sctp.init_nr_in_streams', 'Number of inbound streams'),
  initTsn: uint32('sctp.init_initial_tsn', 'Initial TSN'),
  ackTag: uint32('sctp.initack_initiate_tag', 'Initiate tag', { base: 'hex' }),
  ackCredit: uint32('sctp.initack_credit', 'Advertised receiver window credit (a_rwnd)'),
  ackOut: uint16('sctp.initack_nr_out_streams', 'Number of outbound streams'),
  ackIn: uint16('sctp.initack_nr_in_streams', 'Number of inbound streams'),
  ackTsn: uint32('sctp.initack_initial_tsn', 'Initial TSN'),
  cumulative: uint32('sctp.sack_cumulative_tsn_ack_raw', 'Cumulative TSN ACK (absolute)'),
  window: uint32('sctp.sack_a_rwnd', 'Advertised receiver window credit (a_rwnd)'),
  gaps: uint16('sctp.sack_number_of_gap_blocks', 'Number of gap acknowledgement blocks'),
  duplicates: uint16('sctp.sack_number_of_duplicated_tsns', 'Number of duplicated TSNs'),
  cookie: bytes('sctp.cookie', 'Cookie'),
};
/** Payload protocol identifiers (IANA). */
const carried = new Map<number, Protocol>([
  [3, m3ua],
  [46, diameter],
]);
/** Where the identifier says nothing. */
const byPort = new Map<number, Protocol>([
  [2905, m3ua],
  [3868, diameter],
]);

/** What the user data of a whole message is. */
function payloadOf(identifier: number, srcPort: number, dstPort: number): Protocol {
  const low = Math.min(srcPort, dstPort);
  return carried.get(identifier) ?? byPort.get(low) ?? byPort.get(srcPort + dstPort - low) ?? data;
}

function chunk(layer: Layer, b: Buf, d: Dissection, at: number, type: number, length: number): void {
  const node = layer.text(at, Math.min(length, b.end - at), `${nameOf(f.type, type) ?? 'Unknown'} chunk`);
  const kind = node.uintNode(f.type, at);
  kind.uint(f.stop, at);
  kind.uint(f.report, at);
  const flags = node.uintNode(f.flags, at + 1);
  node.uint(f.length, at + 2);
  const o = at + 4;
  const rest = Math.min(length - 4, b.end - o);
  if (type === DATA) {
    for (const flag of [f.immediate, f.unordered, f.begin, f.end]) flags.uint(flag, at + 1, 1);
    node.uint(f.tsn, o);
    node.uint(f.stream, o + 4);
    node.uint(f.streamSequence, o + 6);
    const identifier = node.uint(f.payload, o + 8);
    // A fragment of a message is shown as part of its chunk.
    if (layer.ok && (b.u8(at + 1) & WHOLE) === WHOLE && length > DATA_HEADER && at + DATA_HEADER < b.end)
      d.call(payloadOf(identifier, b.u16(b.offset), b.u16(b.offset + 2)), b.from(at + DATA_HEADER, at + length));
  } else if (type === 1 || type === 2) {
    const fields =
      type === 1 ? [f.initTag, f.initCredit, f.initOut, f.initIn, f.initTsn] : [f.ackTag, f.ackCredit, f.ackOut, f.ackIn, f.ackTsn];
    const places = [0, 4, 8, 10, 12];
    for (const [i, field] of fields.entries()) node.uint(field, o + (places[i] as number));
  } else if (type === 3) {
    node.uint(f.cumulative, o);
    node.uint(f.window, o + 4);
    node.uint(f.gaps, o + 8);
    node.uint(f.duplicates, o + 10);
  } else if (type === 10 && rest > 0) node.bytes(f.cookie, o, rest);
  else if (rest > 0) node.bytes(f.value, o, rest);
}

export const sctp = app({
  name: 'sctp',
  short: 'SCTP',
  title: 'Stream Control Transmission Protocol',
  osi: '4',
  pdu: 'Packet',
  hue: 'tra',
  fields: Object.values(f),
  index(w) {
    if (!w.has(HEADER)) return;
    const { bytes: b } = w;
    for (let at = w.offset + HEADER, n = 0; at + 4 <= w.end && n < MAX_CHUNKS; n++) {
      const length = be16(b, at + 2);
      if (length < 4) return;
      if (b[at] === DATA && length > DATA_HEADER && at + DATA_HEADER < w.end && ((b[at + 1] as number) & WHOLE) === WHOLE)
        w.nest(payloadOf(be32(b, at + 12), be16(b, w.offset), be16(b, w.offset + 2)), at + DATA_HEADER, Math.min(at + length, w.end));
      at += (length + 3) & ~3;
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
    for (let at = o + HEADER, n = 0; layer.ok && at + 4 <= b.end && n < MAX_CHUNKS; n++) {
      const type = b.u8(at);
      const length = b.u16(at + 2);
      if (length < 4) break;
      chunk(layer, b, d, at, type, length);
      if (kinds.length < 20) kinds.push(nameOf(f.type, type) ?? `${type}`);
      at += (length + 3) & ~3;
    }
    const words = `${src} → ${dst} ${kinds.join(' ')}`;
    return words;
  },
});
