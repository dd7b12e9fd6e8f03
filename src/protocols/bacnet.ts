/** BACnet (ASHRAE 135): the virtual link over UDP (Annex J), network and application layer, each with its header. */
import { bool, bytes, ipv4, nameOf, names, uint8, uint16 } from '../dissect/field.ts';
import type { IndexWalk } from '../dissect/index-walk.ts';
import { app } from './app-kit.ts';
import { put, record, row } from './record-kit.ts';

const ANNEX_J = 0x81;
const FORWARDED = 4;
const BVLC_BYTES = 4;
/** Functions that carry an NPDU. */
const CARRIERS = new Set([FORWARDED, 9, 10, 11]);
const a = {
  type: uint8('bacapp.type', 'APDU Type', {
    mask: 0xf0,
    names: names({
      0: 'Confirmed-REQ',
      1: 'Unconfirmed-REQ',
      2: 'Simple-ACK',
      3: 'Complex-ACK',
      4: 'Segment-ACK',
      5: 'Error',
      6: 'Reject',
      7: 'Abort',
    }),
  }),
  flags: uint8('bacapp.pduflags', 'PDU Flags', { base: 'hex', mask: 0xf }),
  segmented: bool('bacapp.segmented_request', 'Segmented Request', { mask: 0x8, bool: ['Segmented Request', 'Unsegmented Request'] }),
  more: bool('bacapp.more_segments', 'More Segments', { mask: 0x4, bool: ['More Segments Follow', 'No More Segments Follow'] }),
  accepted: bool('bacapp.SA', 'SA', { mask: 0x2, bool: ['Segmented Response accepted', 'Segmented Response not accepted'] }),
  segments: uint8('bacapp.response_segments', 'Max Response Segments accepted', {
    mask: 0x70,
    names: names({
      0: 'Unspecified',
      1: '2 segments',
      2: '4 segments',
      3: '8 segments',
      4: '16 segments',
      5: '32 segments',
      6: '64 segments',
      7: 'Greater than 64 segments',
    }),
  }),
  size: uint8('bacapp.max_adpu_size', 'Size of Maximum ADPU accepted', {
    mask: 0xf,
    names: names({
      0: 'Up to MinimumMessageSize (50 octets)',
      1: 'Up to 128 octets',
      2: 'Up to 206 octets (fits in a LonTalk frame)',
      3: 'Up to 480 octets (fits in an ARCNET frame)',
      4: 'Up to 1024 octets',
      5: 'Up to 1476 octets (fits in an ISO 8802-3 frame)',
      6: 'reserved by ASHRAE',
      7: 'reserved by ASHRAE',
      8: 'reserved by ASHRAE',
      9: 'reserved by ASHRAE',
      10: 'reserved by ASHRAE',
      11: 'reserved by ASHRAE',
      12: 'reserved by ASHRAE',
      13: 'reserved by ASHRAE',
      14: 'reserved by ASHRAE',
      15: 'reserved by ASHRAE',
    }),
  }),
  invoke: uint8('bacapp.invoke_id', 'Invoke ID'),
  sequence: uint8('bacapp.sequence_number', 'Sequence Number'),
  window: uint8('bacapp.window_size', 'Proposed Window Size'),
  confirmed: uint8('bacapp.confirmed_service', 'Service Choice', {
    names: names({
      0: 'acknowledgeAlarm',
      1: 'confirmedCOVNotification',
      2: 'confirmedEventNotification',
      3: 'getAlarmSummary',
      4: 'getEnrollmentSummary',
      5: 'subscribeCOV',
      6: 'atomicReadFile',
      7: 'atomicWriteFile',
      8: 'addListElement',
      9: 'removeListElement',
      10: 'createObject',
      11: 'deleteObject',
      12: 'readProperty',
      13: 'readPropertyConditional',
      14: 'readPropertyMultiple',
      15: 'writeProperty',
      16: 'writePropertyMultiple',
      17: 'deviceCommunicationControl',
      18: 'confirmedPrivateTransfer',
      19: 'confirmedTextMessage',
      20: 'reinitializeDevice',
      21: 'vtOpen',
      22: 'vtClose',
      23: 'vtData',
      24: 'authenticate',
      25: 'requestKey',
      26: 'readRange',
      27: 'lifeSafetyOperation',
      28: 'subscribeCOVProperty',
      29: 'getEventInformation',
      30: 'subscribeCovPropertyMultiple',
      31: 'confirmedCovNotificationMultiple',
      32: 'confirmedAuditNotification',
      33: 'auditLogQuery',
    }),
  }),
  unconfirmed: uint8('bacapp.unconfirmed_service', 'Unconfirmed Service Choice', {
    names: names({
      0: 'i-Am',
      1: 'i-Have',
      2: 'unconfirmedCOVNotification',
      3: 'unconfirmedEventNotification',
      4: 'unconfirmedPrivateTransfer',
      5: 'unconfirmedTextMessage',
      6: 'timeSynchronization',
      7: 'who-Has',
      8: 'who-Is',
      9: 'utcTimeSynchronization',
      10: 'writeGroup',
      11: 'unconfirmedCovNotificationMultiple',
      12: 'unconfirmedAuditNotification',
      13: 'who-am-I',
      14: 'you-are',
    }),
  }),
  reject: uint8('bacapp.reject_reason', 'Reject Reason', {
    names: names({
      0: 'other',
      1: 'buffer-overflow',
      2: 'inconsistent-parameters',
      3: 'invalid-parameter-data-type',
      4: 'invalid-tag',
      5: 'missing-required-parameter',
      6: 'parameter-out-of-range',
      7: 'too-many-arguments',
      8: 'undefined-enumeration',
      9: 'unrecognized-service',
    }),
  }),
  abort: uint8('bacapp.abort_reason', 'Abort Reason', {
    names: names({
      0: 'other',
      1: 'buffer-overflow',
      2: 'invalid-apdu-in-this-state',
      3: 'preempted-by-higher-priority-task',
      4: 'segmentation-not-supported',
      5: 'security-error',
      6: 'insufficient-security',
      7: 'window-size-out-of-range',
      8: 'application-exceeded-reply-time',
      9: 'out-of-resources',
      10: 'tsm-timeout',
      11: 'apdu-too-long',
    }),
  }),
};
const CONFIRMED = 0;
const UNCONFIRMED = 1;
const COMPLEX_ACK = 3;
const SEGMENT_ACK = 4;
const ERROR = 5;
const REJECT_PDU = 6;

/** The application layer's header (clause 20.1). */
const bacapp = app({
  name: 'bacapp',
  short: 'BACnet-APDU',
  title: 'Building Automation and Control Network APDU',
  fields: Object.values(a),
  read(layer, b) {
    let at = b.offset;
    const type = layer.uint(a.type, at);
    const kind = nameOf(a.type, type) ?? 'Unknown';
    if (type === CONFIRMED || type === COMPLEX_ACK) {
      const bits = layer.uintNode(a.flags, at);
      bits.uint(a.segmented, at);
      bits.uint(a.more, at);
      if (type === CONFIRMED) bits.uint(a.accepted, at);
    }
    const segmented = (b.u8(at) & 8) !== 0 && (type === CONFIRMED || type === COMPLEX_ACK);
    at++;
    if (type === UNCONFIRMED) {
      const service = layer.uint(a.unconfirmed, at);
      return `${kind} ${nameOf(a.unconfirmed, service) ?? service}`;
    }
    if (type === CONFIRMED) {
      layer.uint(a.segments, at);
      layer.uint(a.size, at);
      at++;
    }
    layer.uint(a.invoke, at++);
    if (type === SEGMENT_ACK || segmented) {
      layer.uint(a.sequence, at++);
      layer.uint(a.window, at++);
    }
    if (type === SEGMENT_ACK) return kind;
    if (type >= REJECT_PDU) {
      const why = type === REJECT_PDU ? a.reject : a.abort;
      const reason = layer.uint(why, at);
      return `${kind} ${nameOf(why, reason) ?? reason}`;
    }
    const service = layer.uint(a.confirmed, at++);
    const rest = b.end - at;
    if (layer.ok && rest > 0) layer.text(at, rest, type === ERROR ? 'Error' : 'Service', `${rest} bytes`);
    return `${kind} ${nameOf(a.confirmed, service) ?? service}`;
  },
});

/** Messages of the network layer (clause 6.2.4). */
const messages = names({
  0: 'Who-Is-Router-To-Network',
  1: 'I-Am-Router-To-Network',
  2: 'I-Could-Be-Router-To-Network',
  3: 'Reject-Message-To-Network',
  4: 'Router-Busy-To-Network',
  5: 'Router-Available-To-Network',
  6: 'Initialize-Routing-Table',
  7: 'Initialize-Routing-Table-Ack',
  8: 'Establish-Connection-To-Network',
  9: 'Disconnect-Connection-To-Network',
  10: 'Challenge-Request',
  11: 'Security-Payload',
  12: 'Security-Response',
  13: 'Request-Key-Update',
  14: 'Update-Keyset',
  15: 'Update-distribution-Key',
  16: 'Request-Masterkey',
  17: 'Set-Masterkey',
  18: 'What-Is-Networknumber',
  19: 'Networknumber-Is',
});

const n = {
  version: uint8('bacnet.version', 'Version'),
  control: uint8('bacnet.control', 'Control', { base: 'hex' }),
  bits: [
    bool('bacnet.control_net', 'NSDU contains', {
      mask: 0x80,
      bool: ['network layer message, message type field present.', 'BACnet APDU, message type field absent.'],
    }),
    bool('bacnet.control_res1', 'Reserved', { mask: 0x40, bool: ['Shall be zero, but is one.', 'Shall be zero and is zero.'] }),
    bool('bacnet.control_dest', 'Destination Specifier', {
      mask: 0x20,
      bool: [
        'DNET, DLEN and Hop Count present. If DLEN=0: broadcast, dest. address field absent.',
        'DNET, DLEN, DADR and Hop Count absent.',
      ],
    }),
    bool('bacnet.control_res2', 'Reserved', { mask: 0x10, bool: ['Shall be zero, but is one.', 'Shall be zero and is zero.'] }),
    bool('bacnet.control_src', 'Source specifier', {
      mask: 0x8,
      bool: ['SNET, SLEN and SADR present, SLEN=0 invalid, SLEN specifies length of SADR', 'SNET, SLEN and SADR absent'],
    }),
    bool('bacnet.control_expect', 'Expecting Reply', {
      mask: 0x4,
      bool: [
        'BACnet-Confirmed-Request-PDU, a segment of BACnet-ComplexACK-PDU or Network Message expecting a reply present.',
        'Other than a BACnet-Confirmed-Request-PDU, segment of BACnet-ComplexACK-PDU or network layer message expecting a reply present.',
      ],
    }),
    bool('bacnet.control_prio_high', 'Priority', {
      mask: 0x2,
      bool: ['Life Safety or Critical Equipment message.', 'Not a Life Safety or Critical Equipment message.'],
    }),
    bool('bacnet.control_prio_low', 'Priority', { mask: 0x1, bool: ['Urgent message', 'Normal message'] }),
  ],
  dnet: uint16('bacnet.dnet', 'Destination Network Address'),
  dlen: uint8('bacnet.dlen', 'Destination MAC Layer Address Length'),
  dadr: bytes('bacnet.dadr_tmp', 'Unknown Destination MAC'),
  snet: uint16('bacnet.snet', 'Source Network Address'),
  slen: uint8('bacnet.slen', 'Source MAC Layer Address Length'),
  sadr: bytes('bacnet.sadr_tmp', 'Unknown Source MAC'),
  hops: uint8('bacnet.hopc', 'Hop Count'),
  type: uint8('bacnet.mesgtyp', 'Network Layer Message Type', {
    base: 'hex',
    names: (value) => messages.get(value) ?? (value < 0x80 ? 'Reserved for Use by ASHRAE' : 'Vendor Proprietary Message'),
  }),
  vendor: uint16('bacnet.vendor', 'Vendor ID'),
};

/** Where the APDU begins behind the network layer's header (clause 6.2); -1 where there is none. */
function apduAt(b: Uint8Array, offset: number, end: number): number {
  if (end - offset < 2) return -1;
  const control = b[offset + 1] as number;
  if ((control & 0x80) !== 0) return -1;
  let at = offset + 2;
  const destination = (control & 0x20) !== 0;
  if (destination) at += 3 + ((b[at + 2] ?? 0) as number);
  if ((control & 0x08) !== 0) at += 3 + ((b[at + 2] ?? 0) as number);
  if (destination) at++;
  return at <= end ? at : -1;
}

export const bacnet = app({
  name: 'bacnet',
  short: 'BACnet-NPDU',
  title: 'Building Automation and Control Network NPDU',
  osi: '3',
  fields: Object.values(n).flat(),
  index(w) {
    const at = apduAt(w.bytes, w.offset, w.end);
    if (at >= 0) w.follow(bacapp, at);
  },
  read(layer, b, d) {
    const o = b.offset;
    layer.uint(n.version, o);
    const control = b.u8(o + 1);
    put(layer, n.control, o + 1, 1, false, n.bits);
    let at = o + 2;
    if ((control & 0x20) !== 0) {
      layer.uint(n.dnet, at);
      const size = layer.uint(n.dlen, at + 2);
      if (size > 0) layer.bytes(n.dadr, at + 3, size);
      at += 3 + size;
    }
    if ((control & 0x08) !== 0) {
      layer.uint(n.snet, at);
      const size = layer.uint(n.slen, at + 2);
      if (size > 0) layer.bytes(n.sadr, at + 3, size);
      at += 3 + size;
    }
    if ((control & 0x20) !== 0) layer.uint(n.hops, at++);
    if ((control & 0x80) !== 0) {
      const type = layer.uint(n.type, at);
      if (type >= 0x80) layer.uint(n.vendor, at + 1);
      return nameOf(n.type, type) ?? '';
    }
    layer.size(at - o);
    const apdu = apduAt(b.bytes, o, b.end);
    if (apdu >= 0) d.call(bacapp, b.from(apdu));
    return '';
  },
});

/** Where the NPDU begins, -1 where the function has none. */
const npduAt = (kind: number, offset: number): number => (CARRIERS.has(kind) ? offset + BVLC_BYTES + (kind === FORWARDED ? 6 : 0) : -1);

const result = uint16('bvlc.result', 'Result', {
  base: 'hex',
  names: names({
    0: 'Successful completion',
    16: 'Write-Broadcast-Distribution-Table NAK',
    32: 'Read-Broadcast-Distribution-Table NAK',
    48: 'Register-Foreign-Device NAK',
    64: 'Read-Foreign-Device-Table NAK',
    80: 'Delete-Foreign-Device-Table-Entry NAK',
    96: 'Distribute-Broadcast-To-Network NAK',
    144: 'Register-Foreign-Device NAK',
    160: 'Delete-Foreign-Device-Table-Entry NAK',
    192: 'Distribute-Broadcast-To-Network NAK',
  }),
});
const ip = ipv4('bvlc.fwd_ip', 'IP');
const port = uint16('bvlc.fwd_port', 'Port');

export const bvlc = record({
  name: 'bvlc',
  short: 'BACnet',
  title: 'BACnet Virtual Link Control',
  osi: '2',
  header: BVLC_BYTES,
  kind: 1,
  accepts: (b, o, end) => end - o >= BVLC_BYTES && b[o] === ANNEX_J,
  rows: [
    row(uint8('bvlc.type', 'Type', { base: 'hex', names: names({ 129: 'BACnet/IP (Annex J)', 130: 'BACnet/IPV6 (Annex U)' }) }), 0),
    row(
      uint8('bvlc.function', 'Function', {
        base: 'hex',
        names: names({
          0: 'BVLC-Result',
          1: 'Write-Broadcast-Distribution-Table',
          2: 'Read-Broadcast-Distribution-Table',
          3: 'Read-Broadcast-Distribution-Table-Ack',
          4: 'Forwarded-NPDU',
          5: 'Register-Foreign-Device',
          6: 'Read-Foreign-Device-Table',
          7: 'Read-Foreign-Device-Table-Ack',
          8: 'Delete-Foreign-Device-Table-Entry',
          9: 'Distribute-Broadcast-To-Network',
          10: 'Original-Unicast-NPDU',
          11: 'Original-Broadcast-NPDU',
          12: 'Secured-BVLL',
        }),
      }),
      1,
    ),
    row(uint16('bvlc.length', 'BVLC-Length'), 2),
  ],
  fields: [result, ip, port],
  index(w: IndexWalk) {
    const at = npduAt(w.bytes[w.offset + 1] as number, w.offset);
    if (at >= 0 && at < w.end) w.follow(bacnet, at);
  },
  more(layer, b, at, end, d) {
    const kind = b.u8(at + 1);
    const from = npduAt(kind, at);
    if (kind === 0) put(layer, result, at + 4);
    if (kind === FORWARDED) {
      put(layer, ip, at + 4);
      put(layer, port, at + 8);
    }
    if (from < 0 || from >= end) return undefined;
    layer.size(from - at);
    d.call(bacnet, b.from(from));
    return undefined;
  },
});
