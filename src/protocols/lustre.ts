/** Lustre's network (LNet) and the requests on it: what is said first in each. */
import { names, uint32, uint64 } from '../dissect/field.ts';
import type { Framer } from '../dissect/framer.ts';
import { ALL, bounded, le32, lengthFramer } from './app-kit.ts';
import { putRows, record, rowLe } from './record-kit.ts';

const LNET_HEADER = 96;
const LUSTRE_MAGIC = 0x0bd00bd3;
const lustre = record({
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
const KEEP_ALIVE = 0xc0;
const MESSAGE = 0xc1;
/** Octets of the socket driver's header, which is all that a keep-alive has, and of a message's up to its length. */
const DRIVER_HEADER = 24;
const LENGTH_END = 56;
const lnetLength = (h: Uint8Array): number => {
  if (le32(h, 0) === KEEP_ALIVE) return DRIVER_HEADER;
  return h.length < LENGTH_END ? ALL : bounded(LNET_HEADER + le32(h, LENGTH_END - 4));
};
const keepAlives = lengthFramer(DRIVER_HEADER, lnetLength);
const messages = lengthFramer(LENGTH_END, lnetLength);
/** The first octet, which may have come before, tells them apart. */
const framer: Framer = {
  feed(side, bytes, offset, end) {
    const first = side.carryLength > 0 ? side.carry?.[0] : bytes[offset];
    return (first === KEEP_ALIVE ? keepAlives : messages).feed(side, bytes, offset, end);
  },
};
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
  header: DRIVER_HEADER,
  length: lnetLength,
  framer,
  accepts: (b, o, end) => (end - o < 4 ? b[o] === KEEP_ALIVE || b[o] === MESSAGE : le32(b, o) === KEEP_ALIVE || le32(b, o) === MESSAGE),
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
  inside: {
    protocol: lustre,
    at: (b, at, end) => (end - at >= LNET_HEADER + 32 && le32(b, at + LNET_HEADER + 8) === LUSTRE_MAGIC ? at + LNET_HEADER : -1),
  },
  more(layer, _, at, end) {
    if (end - at >= LNET_HEADER) putRows(layer, lnetRest, at, end);
    return undefined;
  },
});
