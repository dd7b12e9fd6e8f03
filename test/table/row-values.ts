import { type RowValues, UNSET } from '../../src/table/packet-table.ts';

/** A row of a packet that nothing is known of. */
export const blank: RowValues = {
  sec: 0,
  nsec: 0,
  capLen: 0,
  wireLen: 0,
  payload: 0,
  iface: 0,
  stack: 0,
  flags: 0,
  srcPort: 0,
  dstPort: 0,
  tcpFlags: 0,
  window: 0,
  src: UNSET,
  dst: UNSET,
  stream: UNSET,
  prevInStream: UNSET,
  seq: 0,
  ack: 0,
  analysis: 0,
  message: 0,
};
