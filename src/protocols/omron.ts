/** Omron's Factory Interface Network Service (W342, section 3): its header over UDP, and behind a header of its own over TCP (W421, section 7-4). */
import type { Buf, Layer } from '../dissect/dissection.ts';
import { bytes, nameOf, names, uint8, uint16, uint32 } from '../dissect/field.ts';
import { REJECT } from '../dissect/framer.ts';
import type { Protocol } from '../dissect/protocol.ts';
import { app, be32, each, lengthFramer } from './app-kit.ts';

const MAGIC = 0x46494e53;
const TCP_HEADER = 16;
const HEADER = 12;
const RESPONSE = 0x40;
const RESERVED_BITS = 0x3e;
/** FINS frame, among the commands over TCP. */
const CARRIES_FRAME = 2;

const f = {
  magic: uint32('omron.tcp.magic', 'Magic Bytes', { base: 'hex' }),
  length: uint32('omron.tcp.length', 'Length', { base: 'dec_hex' }),
  tcpCommand: uint32('omron.tcp.command', 'Command', {
    base: 'hex',
    names: names({
      0: 'Node Address Data Send (Client to Server)',
      1: 'Node Address Data Send (Server to Client)',
      2: 'Frame Send',
      3: 'Frame Send Error Notification',
      6: 'Connection Confirmation',
    }),
  }),
  error: uint32('omron.tcp.error_code', 'Error Code', {
    base: 'hex',
    names: names({
      0: 'Normal',
      1: "The header is not 'FINS' (ASCII code)",
      2: 'The data length is too long',
      3: 'The command is not supported',
      32: 'All connections are in use',
      33: 'The specified node is already connected',
      34: 'Attempt to access a protected node from an unspecified IP address',
      35: 'The client FINS node address is out of range',
      36: 'The same FINS node address is being used by the client and server',
      37: 'All the node addresses available for allocation have been used',
    }),
  }),
  client: uint32('omron.tcp.client_node_address', 'Client Node Address', { base: 'dec_hex' }),
  server: uint32('omron.tcp.server_node_address', 'Server Node Address', { base: 'dec_hex' }),
  icf: uint8('omron.icf', 'OMRON ICF Field', { base: 'hex' }),
  gateway: uint8('omron.icf.gwb', 'Gateway bit', { base: 'hex', mask: 0x80, names: names({ 0: "Don't use Gateway", 1: 'Use Gateway' }) }),
  kind: uint8('omron.icf.dtb', 'Data Type bit', { base: 'hex', mask: RESPONSE, names: names({ 0: 'Command', 1: 'Response' }) }),
  setting: uint8('omron.icf.rsb', 'Response setting bit', {
    base: 'hex',
    mask: 0x01,
    names: names({ 0: 'Response Required', 1: 'Response Not Required' }),
  }),
  reserved: uint8('omron.rsv', 'Reserved', { base: 'hex' }),
  gateways: uint8('omron.gct', 'Gateway Count', { base: 'hex' }),
  toNetwork: uint8('omron.dna', 'Destination network address', { base: 'hex' }),
  toNode: uint8('omron.da1', 'Destination node number', { base: 'hex' }),
  toUnit: uint8('omron.da2', 'Destination unit address', { base: 'hex' }),
  fromNetwork: uint8('omron.sna', 'Source network address', { base: 'hex' }),
  fromNode: uint8('omron.sa1', 'Source node number', { base: 'hex' }),
  fromUnit: uint8('omron.sa2', 'Source unit address', { base: 'hex' }),
  service: uint8('omron.sid', 'Service ID', { base: 'hex' }),
  command: uint16('omron.command', 'Command CODE', {
    base: 'hex',
    names: names({
      257: 'Memory Area Read',
      258: 'Memory Area Write',
      259: 'Memory Area Fill',
      260: 'Multiple Memory Area Read',
      261: 'Memory Area Transfer',
      513: 'Parameter Area Read',
      514: 'Parameter Area Write',
      515: 'Parameter Area Clear',
      544: 'Data Link Table Read',
      545: 'Data Link Table Write',
      772: 'Program Area Protect',
      773: 'Program Area Protect Clear',
      774: 'Program Area Read',
      775: 'Program Area Write',
      776: 'Program Area Clear',
      1025: 'Run',
      1026: 'Stop',
      1027: 'Reset',
      1281: 'Controller Data Read',
      1282: 'Connection Data Read',
      1537: 'Controller Status Read',
      1538: 'Network Status Read',
      1539: 'Data Link Status Read',
      1568: 'Cycle Time Read',
      1793: 'Clock Read',
      1794: 'Clock Write',
      2049: 'LOOP-BACK Test',
      2050: 'Broadcast Test Results Read',
      2051: 'Broadcast Test Data Send',
      2336: 'Message Read | Message Clear | FAL/FALS Read',
      3073: 'Access Right Acquire',
      3074: 'Access Right Forced Acquire',
      3075: 'Access Right Release',
      8449: 'Error Clear',
      8450: 'Error Log Read',
      8451: 'Error Log Clear',
      8705: 'File Name Read',
      8706: 'Single File Read',
      8707: 'Single File Write',
      8708: 'Memory Card Format',
      8709: 'File Delete',
      8710: 'Volume Label Create/Delete',
      8711: 'File Copy',
      8712: 'File Name Change',
      8713: 'File Data Check',
      8714: 'Memory Area File Transfer',
      8715: 'Parameter Area File Transfer',
      8716: 'Program Area File Transfer',
      8719: 'File Memory Index Read',
      8720: 'File Memory Read',
      8721: 'File Memory Write',
      8961: 'Forced Set/Reset',
      8962: 'Forced Set/Reset Cancel',
      8970: 'Multiple Forced Status Read',
      9729: 'Name Set',
      9730: 'Name Delete',
      9731: 'Name Read',
    }),
  }),
  area: uint8('omron.memory.area.read', 'Memory Area Code', { base: 'hex' }),
  address: uint16('omron.memory.address', 'Beginning address', { base: 'hex' }),
  bits: uint8('omron.memory.address.bits', 'Beginning address bits', { base: 'hex' }),
  items: uint16('omron.memory.numitems', 'Number of items'),
  answer: uint16('omron.response.code', 'Response code', { base: 'hex', names: names({ 0: 'Normal completion' }) }),
  data: bytes('omron.command.data', 'Command Data'),
  answerData: bytes('omron.response.data', 'Response data'),
};
const ROUTE = [f.reserved, f.gateways, f.toNetwork, f.toNode, f.toUnit, f.fromNetwork, f.fromNode, f.fromUnit, f.service];

function frame(layer: Layer, b: Buf, o: number, end: number): string {
  const icf = layer.uintNode(f.icf, o);
  for (const bit of [f.gateway, f.kind, f.setting]) icf.uint(bit, o);
  for (const [i, field] of ROUTE.entries()) layer.uint(field, o + 1 + i);
  const command = layer.uint(f.command, o + 10);
  if (!layer.ok) return '';
  const words = nameOf(f.command, command) ?? `Command 0x${command.toString(16).padStart(4, '0')}`;
  let at = o + HEADER;
  const response = (b.u8(o) & RESPONSE) !== 0;
  if (response) {
    if (at + 2 <= end) layer.uint(f.answer, at);
    at += 2;
  } else if ((command === 0x0101 || command === 0x0102) && at + 6 <= end) {
    layer.uint(f.area, at);
    layer.uint(f.address, at + 1);
    layer.uint(f.bits, at + 3);
    layer.uint(f.items, at + 4);
    at += 6;
  }
  if (at < end) layer.bytes(response ? f.answerData : f.data, at, end - at);
  return `${response ? 'Response' : 'Command'}: ${words}`;
}

const about = { name: 'omron', short: 'OMRON', title: 'OMRON FINS Protocol' } as const;

export const omron: Protocol = app({
  ...about,
  fields: Object.values(f),
  // Bits and an octet are reserved.
  accepts: (b, o, end) => end - o >= HEADER && ((b[o] as number) & RESERVED_BITS) === 0 && b[o + 1] === 0,
  read: (layer, b) => frame(layer, b, b.offset, b.end),
});

export const omronTcp: Protocol = app({
  ...about,
  fields: [],
  framer: lengthFramer(8, (h) => (be32(h, 0) === MAGIC ? 8 + be32(h, 4) : REJECT)),
  read: (layer, b) =>
    each(layer, b, (at, info) => {
      layer.uint(f.magic, at);
      const length = layer.uint(f.length, at + 4);
      const command = layer.uint(f.tcpCommand, at + 8);
      layer.uint(f.error, at + 12);
      const end = Math.min(b.end, at + 8 + length);
      const from = at + TCP_HEADER;
      if (!layer.ok) return end;
      if (command === CARRIES_FRAME && end - from >= HEADER) info.push(frame(layer, b, from, end));
      else {
        if (command < 2 && from + 4 <= end) layer.uint(f.client, from);
        if (command === 1 && from + 8 <= end) layer.uint(f.server, from + 4);
        info.push(nameOf(f.tcpCommand, command) ?? `Command ${command}`);
      }
      return end;
    }),
});
