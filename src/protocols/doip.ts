/** DoIP (ISO 13400-2): diagnostics of vehicles over IP, and the header of UDS (ISO 14229-1) in it. */
import { bytes, nameOf, names, string, uint8, uint16, uint32 } from '../dissect/field.ts';
import { app, be16, be32, bounded } from './app-kit.ts';
import { putRows, type Row, record, row } from './record-kit.ts';

const reserved = Object.fromEntries(Array.from({ length: 15 }, (_, k) => [1 + k, 'Reserved by ISO 13400']));

const HEADER = 8;
const DIAGNOSTIC = 0x8001;
const u = {
  service: uint8('uds.sid', 'Service Identifier', {
    base: 'hex',
    mask: 0xbf,
    names: names({
      16: 'Diagnostic Session Control',
      17: 'ECU Reset',
      20: 'Clear Diagnostic Information',
      25: 'Read DTC Information',
      34: 'Read Data By Identifier',
      35: 'Read Memory By Address',
      36: 'Read Scaling Data By Identifier',
      39: 'Security Access',
      40: 'Communication Control',
      41: 'Authentication',
      42: 'Read Data By Periodic Identifier',
      44: 'Dynamically Define Data Identifier',
      46: 'Write Data By Identifier',
      47: 'Input Output Control By Identifier',
      49: 'Routine Control',
      52: 'Request Download',
      53: 'Request Upload',
      54: 'Transfer Data',
      55: 'Request Transfer Exit',
      56: 'Request File Transfer',
      61: 'Write Memory By Address',
      62: 'Tester Present',
      63: 'Error',
      132: 'Sercure Data Transmission',
      133: 'Control DTC Setting',
      134: 'Response On Event',
      135: 'Link Control',
    }),
  }),
  reply: uint8('uds.reply', 'Reply Flag', { base: 'hex', mask: 0x40 }),
};

const uds = app({
  name: 'uds',
  short: 'UDS',
  title: 'Unified Diagnostic Services',
  fields: Object.values(u),
  read(layer, b) {
    if (b.length === 0) return '';
    const service = layer.uint(u.service, b.offset);
    const reply = layer.uint(u.reply, b.offset);
    return `${reply === 0 ? 'Request' : 'Reply'} ${nameOf(u.service, service) ?? 'Unknown'}`;
  },
});

const source = uint16('doip.source_address', 'Source Address', { base: 'hex' });
const target = uint16('doip.target_address', 'Target Address', { base: 'hex' });
const vin = string('doip.vin', 'VIN');
const eid = bytes('doip.eid', 'EID');
const address = uint16('doip.logical_address', 'Logical Address', { base: 'hex' });
const iso = uint32('doip.reserved_iso', 'Reserved by ISO', { base: 'hex' });
const oem = uint32('doip.reserved_oem', 'Reserved by OEM', { base: 'hex' });
const previous = bytes('doip.previous', 'Previous message');
/** What stands behind the header, by type of message; the last of a row may be left out. */
const BODIES: Readonly<Record<number, readonly Row[]>> = {
  0: [
    row(
      uint8('doip.nack_code', 'DoIP Header NACK code', {
        base: 'hex',
        names: names({
          0: 'Incorrect pattern format',
          1: 'Unknown payload type',
          2: 'Message too large',
          3: 'Out of memory',
          4: 'Invalid payload length',
        }),
      }),
      8,
    ),
  ],
  2: [row(eid, 8, 6)],
  3: [row(vin, 8, 17)],
  4: [
    row(vin, 8, 17),
    row(address, 25),
    row(eid, 27, 6),
    row(bytes('doip.gid', 'GID'), 33, 6),
    row(
      uint8('doip.futher_action', 'Further action required', {
        base: 'hex',
        names: names({
          0: 'No further action required',
          ...reserved,
          16: 'Routing activation required to initiate central security',
        }),
      }),
      39,
    ),
    row(
      uint8('doip.sync_status', 'VIN/GID sync. status', {
        base: 'hex',
        names: names({
          0: 'VIN and/or GID are synchronized',
          ...reserved,
          16: 'Incomplete: VIN and GID are NOT synchronized',
        }),
      }),
      40,
    ),
  ],
  5: [
    row(source, 8),
    row(
      uint8('doip.activation_type', 'Activation type', {
        base: 'hex',
        names: names({ 0: 'Default', 1: 'WWH-OBD', 224: 'Central security' }),
      }),
      10,
    ),
    row(iso, 11),
    row(oem, 15),
  ],
  6: [
    row(uint16('doip.tester_logical_address', 'Logical address of external tester', { base: 'hex' }), 8),
    row(source, 10),
    row(
      uint8('doip.response_code', 'Routing activation response code', {
        base: 'hex',
        names: names({
          0: 'Routing activation denied due to unknown source address.',
          1: 'Routing activation denied because all concurrently supported TCP_DATA sockets are registered and active.',
          2: 'Routing activation denied because an SA different from the table connection entry was received on the already activated TCP_DATA socket.',
          3: 'Routing activation denied because the SA is already registered and active on a different TCP_DATA socket.',
          4: 'Routing activation denied due to missing authentication.',
          5: 'Routing activation denied due to rejected confirmation.',
          6: 'Routing activation denied due to unsupported routing activation type.',
          7: 'Routing activation denied due to request for encrypted connection via TLS.',
          8: 'Reserved by ISO 13400.',
          9: 'Reserved by ISO 13400.',
          10: 'Reserved by ISO 13400.',
          11: 'Reserved by ISO 13400.',
          12: 'Reserved by ISO 13400.',
          13: 'Reserved by ISO 13400.',
          14: 'Reserved by ISO 13400.',
          15: 'Reserved by ISO 13400.',
          16: 'Routing successfully activated.',
          17: 'Routing will be activated; confirmation required.',
        }),
      }),
      12,
    ),
    row(iso, 13),
    row(oem, 17),
  ],
  8: [row(source, 8)],
  16386: [
    row(uint8('doip.node_type', 'Node type', { base: 'hex', names: names({ 0: 'DoIP gateway', 1: 'DoIp node' }) }), 8),
    row(uint8('doip.max_sockets', 'Max concurrent sockets'), 9),
    row(uint8('doip.sockets', 'Currently open sockets'), 10),
    row(uint32('doip.max_data_size', 'Max data size'), 11),
  ],
  16388: [
    row(
      uint8('doip.power_mode', 'Diagnostic power mode', { base: 'hex', names: names({ 0: 'not ready', 1: 'ready', 2: 'not supported' }) }),
      8,
    ),
  ],
  32769: [row(source, 8), row(target, 10)],
  32770: [row(source, 8), row(target, 10), row(uint8('doip.diag_ack_code', 'ACK code', { base: 'hex', names: names({ 0: 'ACK' }) }), 12)],
  32771: [
    row(source, 8),
    row(target, 10),
    row(
      uint8('doip.diag_nack_code', 'NACK code', {
        base: 'hex',
        names: names({
          0: 'Reserved by ISO 13400',
          1: 'Reserved by ISO 13400',
          2: 'Invalid source address',
          3: 'Unknown target address',
          4: 'Diagnostic message too large',
          5: 'Out of memory',
          6: 'Target unreachable',
          7: 'Unknown network',
          8: 'Transport protocol error',
        }),
      }),
      12,
    ),
  ],
};

/** Length of the message with this header. */
const lengthOf = (h: Uint8Array): number => bounded(HEADER + be32(h, 4));

export const doip = record({
  name: 'doip',
  short: 'DoIP',
  title: 'DoIP (ISO13400) Protocol',
  header: HEADER,
  length: lengthOf,
  kind: 2,
  rows: [
    row(
      uint8('doip.version', 'Version', {
        base: 'hex',
        names: names({
          0: 'Reserved',
          1: 'DoIP ISO/DIS 13400-2:2010',
          2: 'DoIP ISO 13400-2:2012',
          3: 'DoIP ISO 13400-2:2019',
          4: 'DoIP ISO 13400-2:2019 Amd1 (experimental)',
          255: 'Default value for vehicle identification request messages',
        }),
      }),
      0,
    ),
    row(uint8('doip.inverse', 'Inverse version', { base: 'hex' }), 1),
    row(
      uint16('doip.type', 'Type', {
        base: 'hex',
        names: names({
          0: 'Generic DoIP header NACK',
          1: 'Vehicle identification request',
          2: 'Vehicle identification request with EID',
          3: 'Vehicle identification request with VIN',
          4: 'Vehicle announcement message/vehicle identification response message',
          5: 'Routing activation request',
          6: 'Routing activation response',
          7: 'Alive check request',
          8: 'Alive check response',
          16385: 'DoIP entity status request',
          16386: 'DoIP entity status response',
          16387: 'Diagnostic power mode information request',
          16388: 'Diagnostic power mode information response',
          32769: 'Diagnostic message',
          32770: 'Diagnostic message ACK',
          32771: 'Diagnostic message NACK',
        }),
      }),
      2,
    ),
    row(uint32('doip.length', 'Length'), 4),
  ],
  fields: [...Object.values(BODIES).flatMap((rows) => rows.map((each) => each.field)), previous],
  inside: {
    protocol: uds,
    at: (b, at, end) => (end - at >= HEADER + 4 && be16(b, at + 2) === DIAGNOSTIC ? at + HEADER + 4 : -1),
  },
  more(layer, b, at, end) {
    const type = b.u16(at + 2);
    putRows(layer, BODIES[type] ?? [], at, end);
    if (type >> 1 === 0x4001 && end > at + HEADER + 5) layer.bytes(previous, at + HEADER + 5, end - at - HEADER - 5);
    return undefined;
  },
});
