/** TACACS+ (RFC 8907, section 4.1): the header of its messages; their bodies are hidden by a secret that both sides share. */
import { bool, names, uint8, uint32 } from '../dissect/field.ts';
import { REJECT } from '../dissect/framer.ts';
import type { Protocol } from '../dissect/protocol.ts';
import { be32 } from './app-kit.ts';
import { record, row } from './record-kit.ts';

const HEADER = 12;
/** Major version 12 stands in the upper half of the first octet. */
const MAJOR = 0xc;
const MAX_BODY = 65536;

export const tacacs: Protocol = record({
  name: 'tacplus',
  short: 'TACACS+',
  title: 'TACACS+',
  header: HEADER,
  length: (h) => (be32(h, 8) <= MAX_BODY ? HEADER + be32(h, 8) : REJECT),
  accepts: (b, o, end) => end > o && (b[o] as number) >> 4 === MAJOR,
  kind: 2,
  rows: [
    row(uint8('tacplus.majvers', 'Major version', { mask: 0xf0, names: names({ 12: 'TACACS+' }) }), 0),
    row(uint8('tacplus.minvers', 'Minor version', { mask: 0x0f }), 0),
    row(uint8('tacplus.type', 'Type', { names: names({ 1: 'Authentication', 2: 'Authorization', 3: 'Accounting' }) }), 1),
    row(uint8('tacplus.seqno', 'Sequence number'), 2),
    row(uint8('tacplus.flags', 'Flags', { base: 'hex' }), 3, 1, [
      bool('tacplus.flags.unencrypted', 'Unencrypted', { mask: 0x01, bool: ['Set', 'Not set'] }),
      bool('tacplus.flags.singleconn', 'Single Connection', { mask: 0x04, bool: ['Set', 'Not set'] }),
    ]),
    row(uint32('tacplus.session_id', 'Session ID'), 4),
    row(uint32('tacplus.packet_len', 'Packet length'), 8),
  ],
});
