/** Point-to-Point Tunneling Protocol's control connection (RFC 2637, section 2). */
import { bytes, type FieldDef, nameOf, names, string, typeBytes, uint8, uint16, uint32 } from '../dissect/field.ts';
import { app } from './app-kit.ts';

const bearers = names({ 1: 'Analog access supported', 2: 'Digital access supported', 3: 'Either access supported' });

const framings = names({ 1: 'Asynchronous Framing supported', 2: 'Synchronous Framing supported', 3: 'Either Framing supported' });

const f = {
  length: uint16('pptp.length', 'Length'),
  type: uint16('pptp.type', 'Message type', { names: names({ 1: 'Control Message', 2: 'Management Message' }) }),
  cookie: uint32('pptp.magic_cookie', 'Magic Cookie', { base: 'hex' }),
  message: uint16('pptp.control_message_type', 'Control Message Type', {
    names: names({
      1: 'Start-Control-Connection-Request',
      2: 'Start-Control-Connection-Reply',
      3: 'Stop-Control-Connection-Request',
      4: 'Stop-Control-Connection-Reply',
      5: 'Echo-Request',
      6: 'Echo-Reply',
      7: 'Outgoing-Call-Request',
      8: 'Outgoing-Call-Reply',
      9: 'Incoming-Call-Request',
      10: 'Incoming-Call-Reply',
      11: 'Incoming-Call-Connected',
      12: 'Call-Clear-Request',
      13: 'Call-Disconnect-Notify',
      14: 'WAN-Error-Notify',
      15: 'Set-Link-Info',
    }),
  }),
  reserved: bytes('pptp.reserved', 'Reserved'),
  version: uint16('pptp.protocol_version', 'Protocol version'),
  framing: uint32('pptp.framing_capabilities', 'Framing Capabilities', {
    names: framings,
  }),
  bearer: uint32('pptp.bearer_capabilities', 'Bearer Capabilities', {
    names: bearers,
  }),
  channels: uint16('pptp.maximum_channels', 'Maximum Channels'),
  firmware: uint16('pptp.firmware_revision', 'Firmware Revision'),
  host: string('pptp.host_name', 'Host Name'),
  vendor: string('pptp.vendor_name', 'Vendor Name'),
  controlResult: uint8('pptp.control_result', 'Result Code', {
    names: names({
      1: 'Successful channel establishment',
      2: 'General error',
      3: 'Command channel already exists',
      4: 'Requester not authorized',
      5: 'Protocol version not supported',
    }),
  }),
  error: uint8('pptp.error', 'Error Code', {
    names: names({ 0: 'None', 1: 'Not-Connected', 2: 'Bad-Format', 3: 'Bad-Value', 4: 'No-Resource', 5: 'Bad-Call ID', 6: 'PAC-Error' }),
  }),
  reason: uint8('pptp.reason', 'Reason', { names: names({ 1: 'None', 2: 'Stop-Protocol', 3: 'Stop-Local-Shutdown' }) }),
  stopResult: uint8('pptp.stop_result', 'Result Code', { names: names({ 1: 'OK', 2: 'General error' }) }),
  identifier: uint32('pptp.identifier', 'Identifier'),
  echoResult: uint8('pptp.echo_result', 'Result Code', { names: names({ 1: 'OK', 2: 'General error' }) }),
  callId: uint16('pptp.call_id', 'Call ID'),
  callSerial: uint16('pptp.call_serial_number', 'Call Serial Number'),
  minimum: uint32('pptp.minimum_bps', 'Minimum BPS'),
  maximum: uint32('pptp.maximum_bps', 'Maximum BPS'),
  framingType: uint32('pptp.framing_type', 'Framing Type', {
    names: framings,
  }),
  bearerType: uint32('pptp.bearer_type', 'Bearer Type', {
    names: bearers,
  }),
  window: uint16('pptp.packet_receive_window_size', 'Packet Receive Window Size'),
  delay: uint16('pptp.packet_processing_delay', 'Packet Processing Delay'),
  phoneLength: uint16('pptp.phone_number_length', 'Phone Number Length'),
  phone: string('pptp.phone_number', 'Phone Number'),
  subaddress: string('pptp.subaddress', 'Subaddress'),
  peer: uint16('pptp.peer_call_id', 'Peer Call ID'),
  outResult: uint8('pptp.out_result', 'Result Code', {
    names: names({ 1: 'Connected', 2: 'General Error', 3: 'No Carrier', 4: 'Busy', 5: 'No Dial Tone', 6: 'Time-out', 7: 'Do Not Accept' }),
  }),
  cause: uint16('pptp.cause', 'Cause Code'),
  speed: uint32('pptp.connect_speed', 'Connect Speed'),
  channel: uint32('pptp.physical_channel_id', 'Physical Channel ID'),
  dialedLength: uint16('pptp.dialed_number_length', 'Dialed Number Length'),
  dialed: string('pptp.dialed_number', 'Dialed Number'),
  dialingLength: uint16('pptp.dialing_number_length', 'Dialing Number Length'),
  dialing: string('pptp.dialing_number', 'Dialing Number'),
  inResult: uint8('pptp.in_result', 'Result Code', { names: names({ 1: 'Connect', 2: 'General error', 3: 'Do Not Accept' }) }),
  discResult: uint8('pptp.disc_result', 'Result Code', {
    names: names({ 1: 'Lost Carrier', 2: 'General Error', 3: 'Admin Shutdown', 4: 'Request' }),
  }),
  statistics: string('pptp.call_Statistics', 'Call Statistics'),
  crc: uint32('pptp.crc_errors', 'CRC Errors'),
  framingErrors: uint32('pptp.framing_errors', 'Framing Errors'),
  hardware: uint32('pptp.hardware_overruns', 'Hardware overruns'),
  buffer: uint32('pptp.buffer_overruns', 'Buffer overruns'),
  timeout: uint32('pptp.timeout_errors', 'Time-out Errors'),
  alignment: uint32('pptp.alignment_errors', 'Alignment Errors'),
  sendAccm: uint32('pptp.send_accm', 'Send ACCM', { base: 'hex' }),
  receiveAccm: uint32('pptp.receive_accm', 'Receive ACCM', { base: 'hex' }),
};
/** A field, and its length where its type does not say it. */
type Part = readonly [FieldDef, number?];
const start = (result: readonly Part[]): readonly Part[] => [
  [f.version],
  ...result,
  [f.framing],
  [f.bearer],
  [f.channels],
  [f.firmware],
  [f.host, 64],
  [f.vendor, 64],
];
const zero: Part = [f.reserved, 2];
/** What follows the control message type, by that type. */
const bodies = new Map<number, readonly Part[]>([
  [1, [zero, ...start([zero])]],
  [2, [zero, ...start([[f.controlResult], [f.error]])]],
  [3, [zero, [f.reason], [f.reserved, 1], zero]],
  [4, [zero, [f.stopResult], [f.error], zero]],
  [5, [zero, [f.identifier]]],
  [6, [zero, [f.identifier], [f.echoResult], [f.error], zero]],
  [
    7,
    [
      zero,
      [f.callId],
      [f.callSerial],
      [f.minimum],
      [f.maximum],
      [f.bearerType],
      [f.framingType],
      [f.window],
      [f.delay],
      [f.phoneLength],
      zero,
      [f.phone, 64],
      [f.subaddress, 64],
    ],
  ],
  [8, [zero, [f.callId], [f.peer], [f.outResult], [f.error], [f.cause], [f.speed], [f.window], [f.delay], [f.channel]]],
  [
    9,
    [
      zero,
      [f.callId],
      [f.callSerial],
      [f.bearerType],
      [f.channel],
      [f.dialedLength],
      [f.dialingLength],
      [f.dialed, 64],
      [f.dialing, 64],
      [f.subaddress, 64],
    ],
  ],
  [10, [zero, [f.callId], [f.peer], [f.inResult], [f.error], [f.window], [f.delay], zero]],
  [11, [zero, [f.peer], zero, [f.speed], [f.window], [f.delay], [f.framingType]]],
  [12, [zero, [f.callId], zero]],
  [13, [zero, [f.callId], [f.discResult], [f.error], [f.cause], zero, [f.statistics, 128]]],
  [14, [zero, [f.peer], zero, [f.crc], [f.framingErrors], [f.hardware], [f.buffer], [f.timeout], [f.alignment]]],
  [15, [zero, [f.peer], zero, [f.sendAccm], [f.receiveAccm]]],
]);

export const pptp = app({
  name: 'pptp',
  short: 'PPTP',
  title: 'Point-to-Point Tunnelling Protocol',
  fields: Object.values(f),
  read(layer, b) {
    const o = b.offset;
    layer.uint(f.length, o);
    layer.uint(f.type, o + 2);
    layer.uint(f.cookie, o + 4);
    const message = layer.uint(f.message, o + 8);
    let at = o + 10;
    for (const [field, length] of bodies.get(message) ?? []) {
      const size = length ?? typeBytes(field.type);
      if (field.type === 'string') layer.string(field, at, size, { zero: true });
      else if (field.type === 'bytes') layer.bytes(field, at, size);
      else layer.uint(field, at);
      at += size;
    }
    return nameOf(f.message, message) ?? 'Unknown control type';
  },
});
