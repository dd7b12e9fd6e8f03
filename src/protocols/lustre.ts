/** Lustre's network (LNet) and the requests on it: what is said first in each. */
import { names, uint32, uint64 } from '../dissect/field.ts';
import { bounded, le32, lengthFramer } from './app-kit.ts';
import { putRows, record, rowLe } from './record-kit.ts';

const LNET_HEADER = 96;
const LUSTRE_MAGIC = 0x0bd00bd3;
export const lustre = record({
  name: 'lustre',
  short: 'Lustre',
  title: 'Lustre',
  header: 32,
  rows: [
    rowLe(uint32('lustre.lustre_msg_v2.lm_bufcount', 'Lm Bufcount'), 0),
    rowLe(uint32('lustre.lustre_msg_v2.lm_secflvr', 'Lm Secflvr', { base: 'hex' }), 4),
    rowLe(
      uint32('lustre.lustre_msg_v2.lm_magic', 'Lm Magic', {
        base: 'hex',
        names: names({
          198183888: 'MSG_MAGIC_V1',
          198183891: 'MSG_MAGIC_V2',
          198249424: 'LOV_MAGIC_V1',
          198380496: 'LOV_MAGIC_V3',
          215092432: 'LMV_MAGIC_V1',
          215223504: 'LMV_MAGIC_STRIPE',
          450829536: 'LADVISE_MAGIC',
          1027066935: 'IDX_INFO_MAGIC',
        }),
      }),
      8,
    ),
    rowLe(uint32('lustre.lustre_msg_v2.lm_repsize', 'Lm Repsize'), 12),
    rowLe(uint32('lustre.lustre_msg_v2.lm_cksum', 'Lm Cksum'), 16),
    rowLe(uint32('lustre.lustre_msg_v2.lm_flags', 'Lm Flags', { base: 'hex' }), 20),
  ],
});
const carriesLustre = (b: Uint8Array, at: number, end: number): boolean =>
  end - at >= LNET_HEADER + 32 && le32(b, at + LNET_HEADER + 8) === LUSTRE_MAGIC;
/** A keep-alive of the socket driver has no message. */
const lnetLength = (h: Uint8Array): number => (le32(h, 0) === 0xc0 ? 24 : bounded(LNET_HEADER + le32(h, 52)));
const lnetRest = [
  rowLe(uint32('lnet.src_pid', 'Src pid', { base: 'dec_hex' }), 40),
  rowLe(uint32('lnet.dest_pid', 'Dest pid', { base: 'dec_hex' }), 44),
  rowLe(uint32('lnet.msg_type', 'Message type', { names: names({ 0: 'ACK', 1: 'PUT', 2: 'GET', 3: 'REPLY', 4: 'HELLO' }) }), 48),
  rowLe(uint32('lnet.payload_length', 'Payload length'), 52),
];
export const lnet = record({
  name: 'lnet',
  short: 'LNet',
  title: 'Lustre Network',
  header: 56,
  length: lnetLength,
  framer: lengthFramer(56, lnetLength),
  accepts: (b, o, end) => end - o < 4 || le32(b, o) === 0xc0 || le32(b, o) === 0xc1,
  rows: [
    rowLe(
      uint32('lnet.ksm_type', 'Type of socklnd message', { base: 'hex', names: names({ 192: 'KSOCK_MSG_NOOP', 193: 'KSOCK_MSG_LNET' }) }),
      0,
    ),
    rowLe(uint32('lnet.ib_csum', 'Checksum'), 4),
    rowLe(uint64('lnet.ksm_zc_req_cookie', 'Ack required', { base: 'hex' }), 8),
    rowLe(uint64('lnet.ksm_zc_ack_cookie', 'Ack', { base: 'hex' }), 16),
  ],
  fields: lnetRest.map((each) => each.field),
  scan(w, bytes, offset, end) {
    for (let at = offset, n = 0; at + 56 <= end && n < 100; n++) {
      const length = lnetLength(bytes.subarray(at, at + 56));
      if (length < 24) return;
      if (carriesLustre(bytes, at, Math.min(end, at + length))) w.push(lustre);
      at += length;
    }
  },
  more(layer, b, at, end, d) {
    if (end - at < LNET_HEADER) return undefined;
    putRows(layer, lnetRest, at, end);
    if (carriesLustre(b.bytes, at, end)) d.call(lustre, b.from(at + LNET_HEADER, end));
    return undefined;
  },
});
