import { bool, none, string, TRUE_FALSE, uint8, uint32, uint64 } from '../dissect/field.ts';
import { defineProtocol } from '../dissect/protocol.ts';

/** Fields that are computed from the connection; those of the options stand among TCP's. */
export const mptcpFields = {
  analysis: none('mptcp.analysis', 'MPTCP analysis', { generated: true }),
  master: bool('mptcp.master', 'Master flow', { generated: true, bool: TRUE_FALSE }),
  stream: uint32('mptcp.stream', 'Stream index', { generated: true }),
  subflows: string('mptcp.analysis.subflows', 'TCP subflow stream id(s)', { generated: true }),
  token: uint32('mptcp.expected_token', 'Subflow token generated from key', { generated: true }),
  firstNumber: uint64('mptcp.expected_idsn', 'Subflow expected IDSN', { generated: true }),
  ack: uint64('mptcp.ack', 'Multipath TCP Data ACK', { generated: true }),
  dataNumber: uint64('mptcp.dss.dsn', 'DSS Data Sequence Number', { generated: true }),
  removed: uint8('mptcp.rm_addr.count', 'Number of removed addresses', { generated: true }),
};

/** Multipath TCP (RFC 8684): named once for each of its options. */
export const mptcp = defineProtocol({
  name: 'mptcp',
  short: 'MPTCP',
  title: 'Multipath Transmission Control Protocol',
  osi: '4',
  pdu: 'Segment',
  hue: 'tra',
  fields: Object.values(mptcpFields),
  dissect() {},
});

export const MULTIPATH_KIND = 30;
const TIMESTAMP = 8;
const TIMESTAMP_OCTETS = 10;

/**
 * Whether the TCP options bytes[at, end) are those of most segments: two octets of padding, and a time stamp of its whole length. One that
 * says it is shorter leaves room for another option.
 */
export function timestampAlone(b: Uint8Array, at: number, end: number): boolean {
  return end - at === 2 + TIMESTAMP_OCTETS && b[at] === 1 && b[at + 1] === 1 && b[at + 2] === TIMESTAMP && b[at + 3] === TIMESTAMP_OCTETS;
}

/** How many options of Multipath TCP are in the TCP options bytes[at, end). */
export function multipathOptions(b: Uint8Array, at: number, end: number): number {
  if (timestampAlone(b, at, end)) return 0;
  let count = 0;
  for (let o = at; o < end; ) {
    const kind = b[o] as number;
    if (kind === 0) break;
    if (kind === 1) {
      o++;
      continue;
    }
    const length = o + 1 < end ? (b[o + 1] as number) : 0;
    if (length < 2 || o + length > end) break;
    if (kind === MULTIPATH_KIND && length >= 3) count++;
    o += length;
  }
  return count;
}
