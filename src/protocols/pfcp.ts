/** PFCP (3GPP TS 29.244): the header and the information elements, grouped ones opened. */
import type { Buf, Node } from '../dissect/dissection.ts';
import {
  bool,
  type FieldDef,
  nameOf,
  names,
  none,
  string,
  TRUE_FALSE,
  typeBytes,
  uint8,
  uint16,
  uint24,
  uint32,
  uint64,
} from '../dissect/field.ts';
import { be16 } from './app-kit.ts';
import { labels } from './gtp-elements.ts';
import { elementTypes } from './pfcp-names.ts';
import { put, record, row } from './record-kit.ts';

const MAX_DEPTH = 8;
const f = {
  seid: uint64('pfcp.seid', 'SEID', { base: 'hex' }),
  sequence: uint24('pfcp.seqno', 'Sequence Number'),
  spare: uint8('pfcp.spare_oct', 'Spare'),
  type: uint16('pfcp.ie_type', 'IE Type', { names: elementTypes }),
  length: uint16('pfcp.ie_len', 'IE Length'),
  data: none('pfcp.ie_data_not_decoded', 'IE data not decoded by WS yet'),
};
/** A name as DNS writes it, in labels, or plain text (section 8.2.4). */
const NETWORK_INSTANCE = 22;
const networkInstance = string('pfcp.network_instance', 'Network Instance');
/** Elements that are one field, by type. */
const VALUES = new Map<number, FieldDef>([
  [
    19,
    uint8('pfcp.cause', 'Cause', {
      names: names({
        0: 'Reserved',
        1: 'Request accepted(success)',
        2: 'More Usage Report to send',
        3: 'Request partially accepted',
        64: 'Request rejected(reason not specified)',
        65: 'Session context not found',
        66: 'Mandatory IE missing',
        67: 'Conditional IE missing',
        68: 'Invalid length',
        69: 'Mandatory IE incorrect',
        70: 'Invalid Forwarding Policy',
        71: 'Invalid F-TEID allocation option',
        72: 'No established PFCP Association',
        73: 'Rule creation / modification Failure',
        74: 'PFCP entity in congestion',
        75: 'No resources available',
        76: 'Service not supported',
        77: 'System failure',
        78: 'Redirection Requested',
        79: 'All dynamic addresses are occupied',
        80: 'Unknown Pre-defined Rule',
        81: 'Unknown Application ID',
        82: 'L2TP tunnel Establishment failure',
        83: 'L2TP session Establishment failure',
        84: 'L2TP tunnel release',
        85: 'L2TP session release',
        86: 'PFCP session restoration failure',
      }),
    }),
  ],
  [NETWORK_INSTANCE, networkInstance],
  [52, uint32('pfcp.sequence_number', 'Sequence Number')],
  [56, uint16('pfcp.pdr_id', 'Rule ID')],
  [81, uint32('pfcp.urr_id', 'URR ID', { mask: 0x7fffffff })],
  [104, uint32('pfcp.ur_seqn', 'UR-SEQN')],
  [108, uint32('pfcp.far_id', 'FAR ID', { mask: 0x7fffffff })],
  [109, uint32('pfcp.qer_id', 'QER ID', { mask: 0x7fffffff })],
]);
/** Elements that hold elements (section 8.1.2). */
const GROUPED = new Set([
  1, 2, 3, 4, 5, 6, 7, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 54, 58, 59, 68, 77, 78, 79, 80, 83, 85, 86, 87, 99, 100, 102, 103, 105, 127,
  128, 129, 130, 132, 143, 147, 165, 167, 168, 169, 170, 175, 176, 178, 183, 187, 188, 189, 190, 195, 199, 200, 203, 205, 211, 212, 213,
  214, 216, 218, 220, 221, 225, 226, 227, 233, 238, 239, 240, 242, 247, 252, 254, 255, 256, 261, 263, 264, 267,
]);

function elements(node: Node, b: Buf, from: number, end: number, depth: number): void {
  for (let at = from; node.ok && at + 4 <= end && !node.d.full; ) {
    const type = b.u16(at);
    const size = Math.min(b.u16(at + 2), end - at - 4);
    const item = node.text(at, 4 + size, nameOf(f.type, type) ?? `Element ${type}`);
    put(item, f.type, at);
    put(item, f.length, at + 2);
    const value = VALUES.get(type);
    if (GROUPED.has(type) && depth < MAX_DEPTH) elements(item, b, at + 4, at + 4 + size, depth + 1);
    else if (type === NETWORK_INSTANCE && b.u8(at + 4) < 0x20) item.add(networkInstance, at + 4, size, labels(b.slice(at + 4, size)));
    else if (value !== undefined && size > 0 && (value.type === 'string' || size >= typeBytes(value.type)))
      put(item, value, at + 4, value.type === 'string' ? size : undefined);
    else if (size > 0) put(item, f.data, at + 4, size);
    at += 4 + size;
  }
}

export const pfcp = record({
  name: 'pfcp',
  short: 'PFCP',
  title: 'Packet Forwarding Control Protocol',
  header: 4,
  length: (h) => 4 + be16(h, 2),
  framer: null,
  kind: 1,
  rows: [
    row(uint8('pfcp.flags', 'Flags', { base: 'hex' }), 0, 1, [
      uint8('pfcp.version', 'Version', { mask: 0xe0 }),
      uint8('pfcp.spare_b4', 'Spare', { mask: 0x10 }),
      uint8('pfcp.spare_b3', 'Spare', { mask: 0x8 }),
      bool('pfcp.fo_flag', 'Follow On (FO)', { mask: 0x4, bool: TRUE_FALSE }),
      bool('pfcp.mp_flag', 'Message Priority (MP)', { mask: 0x2, bool: TRUE_FALSE }),
      bool('pfcp.s', 'SEID (S)', { mask: 0x1, bool: TRUE_FALSE }),
    ]),
    row(
      uint8('pfcp.msg_type', 'Message Type', {
        names: names({
          0: 'Reserved',
          1: 'PFCP Heartbeat Request',
          2: 'PFCP Heartbeat Response',
          3: 'PFCP PFD Management Request',
          4: 'PFCP PFD Management Response',
          5: 'PFCP Association Setup Request',
          6: 'PFCP Association Setup Response',
          7: 'PFCP Association Update Request',
          8: 'PFCP Association Update Response',
          9: 'PFCP Association Release Request',
          10: 'PFCP Association Release Response',
          11: 'PFCP Version Not Supported Response',
          12: 'PFCP Node Report Request',
          13: 'PFCP Node Report Response',
          14: 'PFCP Session Set Deletion Request',
          15: 'PFCP Session Set Deletion Response',
          16: 'PFCP Session Set Modification Request',
          17: 'PFCP Session Set Modification Response',
          50: 'PFCP Session Establishment Request',
          51: 'PFCP Session Establishment Response',
          52: 'PFCP Session Modification Request',
          53: 'PFCP Session Modification Response',
          54: 'PFCP Session Deletion Request',
          55: 'PFCP Session Deletion Response',
          56: 'PFCP Session Report Request',
          57: 'PFCP Session Report Response',
        }),
      }),
      1,
    ),
    row(uint16('pfcp.length', 'Length'), 2),
  ],
  fields: [...Object.values(f), ...VALUES.values()],
  more(layer, b, at, end) {
    let from = at + 4;
    if ((b.u8(at) & 1) !== 0) {
      put(layer, f.seid, from);
      from += 8;
    }
    put(layer, f.sequence, from);
    put(layer, f.spare, from + 3);
    elements(layer, b, from + 4, end, 0);
    return undefined;
  },
});
