import { defineProtocol } from '../dissect/protocol.ts';

/** Multipath TCP (RFC 8684): named once for each of its options. Its fields stand among those of TCP's options. */
export const mptcp = defineProtocol({
  name: 'mptcp',
  short: 'MPTCP',
  title: 'Multipath Transmission Control Protocol',
  osi: '4',
  pdu: 'Segment',
  hue: 'tra',
  fields: [],
  dissect() {},
});

const KIND = 30;
const TIMESTAMP = 8;

/** How many options of Multipath TCP are in the TCP options bytes[at, end). */
export function multipathOptions(b: Uint8Array, at: number, end: number): number {
  // Nearly all segments have a time stamp alone.
  if (end - at === 12 && b[at] === 1 && b[at + 1] === 1 && b[at + 2] === TIMESTAMP) return 0;
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
    if (kind === KIND && length >= 3) count++;
    o += length;
  }
  return count;
}
