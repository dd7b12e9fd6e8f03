/** EtherNet/IP encapsulation (ODVA, CIP volume 2, chapter 2) and the Common Industrial Protocol in it (volume 1, appendix C). */

import { defineState } from '../dissect/capture-index.ts';
import type { Buf, Dissection, Layer, Node } from '../dissect/dissection.ts';
import { bytes, type FieldDef, nameOf, names, uint8, uint16, uint32 } from '../dissect/field.ts';
import type { Framer } from '../dissect/framer.ts';
import { Told } from '../dissect/told.ts';
import { NONE, RowFlag, UNSET } from '../table/packet-table.ts';
import { app, each, le16, le32, lengthFramer, MAX_EACH, scanned } from './app-kit.ts';
import { conversationOf, RpcCalls } from './rpc-calls.ts';

const HEADER = 24;
const SEND_RR_DATA = 0x6f;
const SEND_UNIT_DATA = 0x70;
const UNCONNECTED = 0xb2;
const CONNECTED = 0xb1;
const MULTIPLE_SERVICES = 0x0a;
const CONNECTION_MANAGER = 0x06;
const PCCC = 0x67;
const EXECUTE_PCCC = 0x4b;
const REPLY = 0x40;
const MAX_SERVICES = 200;
/** Segments of paths (volume 1, appendix C-1.4): the kind in the upper three bits; logical segments have a type and a format below. */
const LOGICAL = 1;
const SPECIAL = 5;
const SERVICE_ID = 6;
const KEY_FORMAT = 4;
const SIMPLE_DATA = 0x80;
const SYMBOL = 0x91;
/** Services up to this one are common to all classes (volume 1, appendix A): what they say belongs to CIP itself. */
const LAST_COMMON = 0x1c;
const FORWARD_OPEN = 0x54;
const SEQUENCED_ADDRESS = 0x8002;

const f = {
  command: uint16('enip.command', 'Command', {
    base: 'hex',
    names: names({
      0: 'NOP',
      4: 'List Services',
      99: 'List Identity',
      100: 'List Interfaces',
      101: 'Register Session',
      102: 'Unregister Session',
      111: 'Send RR Data',
      112: 'Send Unit Data',
      200: 'StartDTLS',
    }),
  }),
  length: uint16('enip.length', 'Length'),
  session: uint32('enip.session', 'Session Handle', { base: 'hex' }),
  status: uint32('enip.status', 'Status', {
    base: 'hex',
    names: names({
      0: 'Success',
      1: 'Invalid Command',
      2: 'No Memory Resources',
      3: 'Incorrect Data',
      100: 'Invalid Session Handle',
      101: 'Invalid Length',
      105: 'Unsupported Protocol Revision',
      106: 'Encapsulated CIP service not allowed on this port',
    }),
  }),
  context: bytes('enip.context', 'Sender Context'),
  options: uint32('enip.options', 'Options', { base: 'hex' }),
  interfaceRr: uint32('enip.srrd.iface', 'Interface Handle', { base: 'hex', names: names({ 0: 'CIP' }) }),
  interfaceUnit: uint32('enip.sud.iface', 'Interface Handle', { base: 'hex', names: names({ 0: 'CIP' }) }),
  timeout: uint16('enip.timeout', 'Timeout'),
  version: uint16('enip.rs.version', 'Protocol Version'),
  flags: uint16('enip.rs.flags', 'Option Flags', { base: 'hex' }),
  itemCount: uint16('enip.cpf.itemcount', 'Item Count'),
  itemType: uint16('enip.cpf.typeid', 'Type ID', {
    base: 'hex',
    names: names({
      0: 'Null Address Item',
      12: 'CIP Identity',
      134: 'CIP Security Information',
      135: 'EtherNet/IP Capability',
      136: 'EtherNet/IP Usage',
      161: 'Connected Address Item',
      177: 'Connected Data Item',
      178: 'Unconnected Data Item',
      256: 'List Services Response',
      32768: 'Socket Address Info O->T',
      32769: 'Socket Address Info T->O',
      32770: 'Sequenced Address Item',
      32771: 'Unconnected Message over UDP',
    }),
  }),
  itemLength: uint16('enip.cpf.length', 'Length'),
  connection: uint32('enip.cpf.cai.connid', 'Connection ID', { base: 'hex' }),
  sequence: uint16('cip.seq', 'CIP Sequence Count'),
  sequencedConnection: uint32('enip.cpf.sai.connid', 'Connection ID', { base: 'hex' }),
  sequencedNumber: uint32('enip.cpf.sai.seq', 'Encapsulation Sequence Number'),
};
const HEX = { base: 'hex' } as const;
const CLASS = {
  base: 'hex',
  names: names({
    1: 'Identity',
    2: 'Message Router',
    3: 'DeviceNet',
    4: 'Assembly',
    5: 'Connection',
    6: 'Connection Manager',
    7: 'Register',
    8: 'Discrete Input Point',
    9: 'Discrete Output Point',
    10: 'Analog Input Point',
    11: 'Analog Output Point',
    14: 'Presence Sensing',
    15: 'Parameter',
    16: 'Parameter Group',
    18: 'Group',
    29: 'Discrete Input Group',
    30: 'Discrete Output Group',
    31: 'Discrete Group',
    32: 'Analog Input Group',
    33: 'Analog Output Group',
    34: 'Analog Group',
    35: 'Position Sensor',
    36: 'Position Controller Supervisor',
    37: 'Position Controller',
    38: 'Block Sequencer',
    39: 'Command Block',
    40: 'Motor Data',
    41: 'Control Supervisor',
    42: 'AC/DC Drive',
    43: 'Acknowledge Handler',
    44: 'Overload',
    45: 'Softstart',
    46: 'Selection',
    48: 'S-Device Supervisor',
    49: 'S-Analog Sensor',
    50: 'S-Analog Actuator',
    51: 'S-Single Stage Controller',
    52: 'S-Gas Calibration',
    53: 'Trip Point',
    55: 'File',
    56: 'S-Partial Pressure',
    57: 'Safety Supervisor',
    58: 'Safety Validator',
    59: 'Safety Discrete Output Point',
    60: 'Safety Discrete Output Group',
    61: 'Safety Discrete Input Point',
    62: 'Safety Discrete Input Group',
    63: 'Safety Dual Channel Output',
    64: 'S-Sensor Calibration',
    65: 'Event Log',
    66: 'Motion Device Axis',
    67: 'Time Sync',
    68: 'Modbus',
    69: 'Originator Connection List',
    70: 'Modbus Serial Link',
    71: 'Device Level Ring (DLR)',
    72: 'QoS',
    73: 'Safety Analog Input Point',
    74: 'Safety Analog Input Group',
    75: 'Safety Dual Channel Analog Input',
    76: 'SERCOS III Link',
    77: 'Target Connection List',
    78: 'Base Energy',
    79: 'Electrical Energy',
    80: 'Non-Electrical Energy',
    81: 'Base Switch',
    82: 'SNMP',
    83: 'Power Management',
    84: 'RSTP Bridge',
    85: 'RSTP Port',
    86: 'PRP/HSR Protocol',
    87: 'PRP/HSR Nodes Table',
    88: 'Safety Feedback',
    89: 'Safety Dual Channel Feedback',
    90: 'Safety Stop Functions',
    91: 'Safety Limit Functions',
    92: 'Power Curtailment',
    93: 'CIP Security',
    94: 'EtherNet/IP Security',
    95: 'Certificate Management',
    96: 'Authority',
    97: 'Password Authenticator',
    98: 'Certificate Authenticator',
    103: 'PCCC Class',
    240: 'ControlNet',
    241: 'ControlNet Keeper',
    242: 'ControlNet Scheduling',
    243: 'Connection Configuration',
    244: 'Port',
    245: 'TCP/IP Interface',
    246: 'Ethernet Link',
    247: 'CompoNet',
    248: 'CompoNet Repeater',
    249: 'HART Master Port',
    250: 'I/O Aggregation',
    256: 'Protection Trip',
    257: 'Protection Alarm',
    258: 'Circuit Breaker Supervisor',
    259: 'Circuit Breaker Statistics',
    260: 'Electrical Demand',
    261: 'Electrical Statistics',
    262: 'Machine Base Data',
    263: 'HART Process Device',
    264: 'Process Device Diagnostics',
    265: 'LLDP Management',
    266: 'LLDP Data Table',
    267: 'IO-Link Service Parameter',
    268: 'IO-Link Master PHY',
    269: 'IO-Link Device PHY',
    270: 'Pilot Light Supervisor',
    271: 'Select Line Link',
    272: 'In-Cabinet Actual Topology',
    273: 'In-Cabinet Commissioning',
  }),
} as const;
const c = {
  service: uint8('cip.service', 'Service', { base: 'hex' }),
  response: uint8('cip.rr', 'Request/Response', { base: 'hex', mask: 0x80, names: names({ 0: 'Request', 1: 'Response' }) }),
  code: uint8('cip.sc', 'Service', {
    base: 'hex',
    mask: 0x7f,
    names: names({
      1: 'Get Attributes All',
      2: 'Set Attributes All',
      3: 'Get Attribute List',
      4: 'Set Attribute List',
      5: 'Reset',
      6: 'Start',
      7: 'Stop',
      8: 'Create',
      9: 'Delete',
      10: 'Multiple Service Packet',
      13: 'Apply Attributes',
      14: 'Get Attribute Single',
      16: 'Set Attribute Single',
      17: 'Find Next Object Instance',
      21: 'Restore',
      22: 'Save',
      23: 'Nop',
      24: 'Get Member',
      25: 'Set Member',
      26: 'Insert Member',
      27: 'Remove Member',
      28: 'Group Sync',
    }),
  }),
  general: uint8('cip.genstat', 'General Status', {
    base: 'hex',
    names: names({
      0: 'Success',
      1: 'Connection failure',
      2: 'Resource unavailable',
      3: 'Invalid parameter value',
      4: 'Path segment error',
      5: 'Path destination unknown',
      6: 'Partial transfer',
      7: 'Connection lost',
      8: 'Service not supported',
      9: 'Invalid attribute value',
      10: 'Attribute list error',
      11: 'Already in requested mode/state',
      12: 'Object state conflict',
      13: 'Object already exists',
      14: 'Attribute not settable',
      15: 'Privilege violation',
      16: 'Device state conflict',
      17: 'Reply data too large',
      18: 'Fragmentation of a primitive value',
      19: 'Not enough data',
      20: 'Attribute not supported',
      21: 'Too much data',
      22: 'Object does not exist',
      23: 'Service fragmentation sequence not in progress',
      24: 'No stored attribute data',
      25: 'Store operation failure',
      26: 'Routing failure, request packet too large',
      27: 'Routing failure, response packet too large',
      28: 'Missing attribute list entry data',
      29: 'Invalid attribute value list',
      30: 'Embedded service error',
      31: 'Vendor specific error',
      32: 'Invalid parameter',
      33: 'Write-once value or medium already written',
      34: 'Invalid reply received',
      35: 'Buffer overflow',
      36: 'Invalid message format',
      37: 'Key failure in path',
      38: 'Path size invalid',
      39: 'Unexpected attribute in list',
      40: 'Invalid Member ID',
      41: 'Member not settable',
      42: 'Group 2 only server general failure',
      43: 'Unknown Modbus error',
      44: 'Attribute not gettable',
    }),
  }),
  additionalSize: uint8('cip.addstat_size', 'Additional Status Size'),
  pathSize: uint8('cip.request_path_size', 'Request Path Size'),
  epath: bytes('cip.epath', 'EPath'),
  class: uint8('cip.class', 'Class', CLASS),
  class16: uint16('cip.class', 'Class', CLASS),
  class32: uint32('cip.class', 'Class', CLASS),
  instance: uint8('cip.instance', 'Instance', HEX),
  instance16: uint16('cip.instance', 'Instance', HEX),
  instance32: uint32('cip.instance', 'Instance', HEX),
  member: uint8('cip.member', 'Member', HEX),
  member16: uint16('cip.member', 'Member', HEX),
  member32: uint32('cip.member', 'Member', HEX),
  point: uint8('cip.connpoint', 'Connection Point', HEX),
  point16: uint16('cip.connpoint', 'Connection Point', HEX),
  point32: uint32('cip.connpoint', 'Connection Point', HEX),
  attribute: uint8('cip.attribute', 'Attribute'),
  attribute16: uint16('cip.attribute', 'Attribute'),
  attribute32: uint32('cip.attribute', 'Attribute'),
  services: uint16('cip.msp.num_services', 'Number of Services'),
  offset: uint16('cip.msp.offset', 'Offset'),
};
const g = {
  data: bytes('cip.data', 'Data'),
};

/**
 * Which object a request was sent to, since the response does not say: by the sender context of an unconnected one, by the sequence count of a
 * connection, as Wireshark pairs them.
 */
const requests = defineState(() => new RpcCalls());

/** A number for a sender context (volume 2, section 2-3.1), apart from those of sequence counts. */
function contextKey(b: Uint8Array, message: number): number {
  let h = 0;
  for (let i = 4; i < 20; i += 2) if (i < 8 || i >= 12) h = Math.imul(h ^ le16(b, message + i), 0x9e3779b1) ^ (h >>> 15);
  return (h | 0x80000000) >>> 0;
}

/**
 * Octets of the segment of a path at `o` (volume 1, appendix C-1.4), padded as paths in messages are; 0 for one of a form that is not known. It may not be
 * all there. Reads before `end` only.
 */
function segmentSize(b: Uint8Array, o: number, end: number): number {
  const first = b[o] as number;
  const second = o + 1 < end ? (b[o + 1] as number) : 0;
  switch (first >> 5) {
    case 0: {
      const link = (first & 0x10) !== 0 ? second : 0;
      return even(2 + link + ((first & 0xf) === 0xf ? 2 : 0));
    }
    case LOGICAL: {
      const kind = (first >> 2) & 7;
      const form = first & 3;
      if (kind === SPECIAL) return form === 0 && second === KEY_FORMAT ? 10 : 0;
      if (kind === SERVICE_ID) return form === 0 ? 2 : 0;
      return kind > SERVICE_ID || form === 3 ? 0 : 2 + (form === 0 ? 0 : 2 * form);
    }
    case 4:
      return first === SIMPLE_DATA ? 2 + 2 * second : first === SYMBOL ? even(2 + second) : 0;
    default:
      return 0;
  }
}

const even = (size: number): number => size + (size & 1);

/** The number in the logical segment at `o`, all of which is there. */
function logicalValue(b: Uint8Array, o: number): number {
  const form = (b[o] as number) & 3;
  return form === 0 ? (b[o + 1] as number) : form === 1 ? le16(b, o + 2) : le32(b, o + 2);
}

/** The class that the path of the request at [from, end) leads to, -1 for none. */
function classOf(b: Uint8Array, from: number, end: number): number {
  const to = Math.min(end, from + 2 + 2 * (b[from + 1] as number));
  let found = -1;
  for (let o = from + 2; o < to; ) {
    const size = segmentSize(b, o, to);
    if (size === 0 || o + size > to) break;
    if (((b[o] as number) & ~3) === LOGICAL << 5) found = logicalValue(b, o);
    o += size;
  }
  return found;
}

/** Takes note of the requests in the messages at [offset, end). */
function noteRequests(calls: RpcCalls, conversation: number, row: number, b: Uint8Array, offset: number, end: number): void {
  for (let at = offset, n = 0; at + HEADER <= end && n < MAX_EACH; n++) {
    const command = le16(b, at);
    const stop = Math.min(end, at + HEADER + le16(b, at + 2));
    if (command === SEND_RR_DATA || command === SEND_UNIT_DATA) {
      const items = at + HEADER + 6;
      eachItem(b, items, stop, (type, from, to) => {
        const service = type === CONNECTED ? from + 2 : from;
        if ((type !== CONNECTED && type !== UNCONNECTED) || service + 2 > to || (b[service] as number) >= 0x80) return;
        const target = classOf(b, service, to);
        if (target >= 0) calls.call(conversation, type === CONNECTED ? le16(b, from) : contextKey(b, at), row, target, 0, 0);
      });
    }
    at += HEADER + le16(b, at + 2);
  }
}

const connectionManager = app({
  name: 'cipcm',
  short: 'CIP CM',
  title: 'CIP Connection Manager',
  fields: [],
  read: () => '',
});

const p = {
  idLength: uint8('cip.pccc.req.id.len', 'Requestor ID Length', { base: 'hex' }),
  vendor: uint16('cip.pccc.cip.vend.id', 'CIP Vendor ID', { base: 'hex' }),
  serial: uint32('cip.pccc.cip.serial.num', 'CIP Serial Number', { base: 'hex' }),
  command: uint8('cip.pccc.cmd.code', 'Command Code', { base: 'hex' }),
  answer: uint8('cip.pccc.resp.code', 'Response Code', { base: 'hex' }),
  status: uint8('cip.pccc.gs.status', 'Status', {
    base: 'hex',
    names: names({
      0: 'Success',
      16: 'Illegal command or format',
      32: 'Host has a problem and will not communicate',
      48: 'Remote node host is missing, disconnected, or shut down',
      64: 'Host could not complete function due to hardware fault',
      80: 'Addressing problem or memory protect rungs',
      96: 'Function not allowed due to command protection selection',
      112: 'Processor is in Program mode',
      128: 'Compatibility mode file missing or communication zone problem',
      144: 'Remote node cannot buffer command',
      160: 'Wait ACK (1775-KA buffer full)',
      176: 'Remote node problem due to download',
      192: 'Wait ACK (1775-KA buffer full)',
      208: 'Not used',
      224: 'Not used',
      240: 'Error code in the EXT STS byte',
    }),
  }),
  transaction: uint16('cip.pccc.tns.code', 'Transaction Code', { base: 'hex' }),
};

/** Programmable controller commands in CIP (Rockwell Automation 1770-6.5.16): who asks, and the head of the command. */
const pccc = app({
  name: 'cippccc',
  short: 'CIP PCCC',
  title: 'CIP PCCC Object',
  fields: Object.values(p),
  read(layer, b) {
    const length = layer.uint(p.idLength, b.offset);
    if (length >= 7) {
      layer.uintLe(p.vendor, b.offset + 1);
      layer.uintLe(p.serial, b.offset + 3);
    }
    const at = b.offset + length;
    if (!layer.ok || length === 0 || b.end - at < 4) return '';
    // A reply has the command with a bit set.
    layer.uint((b.u8(at) & REPLY) === 0 ? p.command : p.answer, at);
    layer.uint(p.status, at + 1);
    layer.uintLe(p.transaction, at + 2);
    return '';
  },
});

/** What is said to an object whose class has no form of its own. */
const generic = app({
  name: 'cipcls',
  short: 'CIP',
  title: 'CIP Class Generic',
  fields: Object.values(g),
  read(layer, b) {
    if (b.length > 0) layer.bytes(g.data, b.offset, b.length);
    return '';
  },
});

/** What logical segments name, by type, in 8, 16 and 32 bits. */
const named = new Map<number, readonly FieldDef[]>([
  [0, [c.class, c.class16, c.class32]],
  [1, [c.instance, c.instance16, c.instance32]],
  [2, [c.member, c.member16, c.member32]],
  [3, [c.point, c.point16, c.point32]],
  [4, [c.attribute, c.attribute16, c.attribute32]],
]);

/** The path of a request; gives the class, -1 without one. What is behind a segment of an unknown form is shown as the path's bytes. */
function path(node: Node, b: Buf, at: number, length: number): number {
  let found = -1;
  for (let o = at; o < at + length; ) {
    const size = segmentSize(b.bytes, o, b.end);
    if (size === 0 || !node.has(o, size)) return found;
    const segment = b.u8(o);
    const form = segment & 3;
    const field = segment >> 5 === LOGICAL ? named.get((segment >> 2) & 7)?.[form] : undefined;
    if (field !== undefined) node.uintLe(field, form === 0 ? o + 1 : o + 2);
    if ((segment & ~3) === LOGICAL << 5) found = logicalValue(b.bytes, o);
    o += size;
  }
  return found;
}

/** Number under which the request was noted whose response is at hand: of its context or sequence count. */
const pairedBy = new Told<number>(NONE);

/** The class that the request at hand's response was sent to, -1 where no request is known. */
function askedClass(d: Dissection): number {
  const number = pairedBy.in(d);
  if (number === NONE || d.transport === null) return -1;
  const calls = d.capture.state(requests);
  const entry = calls.find(conversationOf(d.transport.stream, d.transport.kind === 'tcp'), number, d.row);
  return entry === NONE ? -1 : (calls.program[entry] as number);
}

/** One service, request or response; `depth` counts packets of several services around it. */
function service(layer: Layer, b: Buf, d: Dissection, depth: number): string {
  const o = b.offset;
  const bits = b.u8(o);
  const node = layer.uintNode(c.service, o);
  node.uint(c.response, o);
  node.uint(c.code, o);
  const code = bits & 0x7f;
  const response = (bits & 0x80) !== 0;
  const words = nameOf(c.code, code) ?? `Service 0x${code.toString(16)}`;
  let at = o + 2;
  let target = -1;
  if (response) {
    layer.uint(c.general, o + 2);
    at = o + 4 + 2 * layer.uint(c.additionalSize, o + 3);
  } else {
    const size = 2 * layer.uint(c.pathSize, o + 1);
    if (size > 0) {
      const list = layer.add(c.epath, o + 2, size, b.slice(o + 2, size));
      target = path(list, b, o + 2, size);
    }
    at += size;
  }
  if (!layer.ok) return words;
  if (code === MULTIPLE_SERVICES && depth === 0 && b.end - at >= 2) {
    const count = layer.uintLe(c.services, at);
    for (let i = 0; i < count && i < MAX_SERVICES && layer.ok && !d.full; i++) {
      const from = at + layer.uintLe(c.offset, at + 2 + 2 * i);
      const to = i + 1 < count ? at + b.le16(at + 4 + 2 * i) : b.end;
      if (from < at || to <= from || from >= b.end) continue;
      service(layer, b.from(from, to), d, depth + 1);
    }
    return words;
  }
  if (response && depth === 0) target = askedClass(d);
  if (target === CONNECTION_MANAGER || (response && code === FORWARD_OPEN)) d.call(connectionManager, b.from(at));
  else if (target === PCCC && code === EXECUTE_PCCC) d.call(pccc, b.from(at));
  else if (code > LAST_COMMON) d.call(generic, b.from(at));
  return words;
}

const cip = app({
  name: 'cip',
  short: 'CIP',
  title: 'Common Industrial Protocol',
  fields: Object.values(c),
  read: (layer, b, d) => service(layer, b, d, 0),
});

/** Items of the common packet format. */
function items(layer: Layer, b: Buf, d: Dissection, message: number, at: number, end: number): void {
  const count = layer.uintLe(f.itemCount, at);
  let o = at + 2;
  for (let i = 0; i < count && i < 16 && layer.ok && o + 4 <= end; i++) {
    const type = layer.uintLe(f.itemType, o);
    const length = layer.uintLe(f.itemLength, o + 2);
    const from = o + 4;
    const to = Math.min(end, from + length);
    if (type === 0xa1 && length >= 4) layer.uintLe(f.connection, from);
    else if (type === CONNECTED && length >= 2) {
      layer.uintLe(f.sequence, from);
      if (to > from + 2) pairedBy.during(d, layer.ok ? b.le16(from) : NONE, () => d.call(cip, b.from(from + 2, to)));
    } else if (type === UNCONNECTED && to > from) pairedBy.during(d, contextKey(b.bytes, message), () => d.call(cip, b.from(from, to)));
    o = from + length;
  }
}

const about = { name: 'enip', short: 'ENIP', title: 'EtherNet/IP (Industrial Protocol)' } as const;

function read(layer: Layer, b: Buf, d: Dissection): string {
  return each(layer, b, (at, info) => {
    const command = layer.uintLe(f.command, at);
    const length = layer.uintLe(f.length, at + 2);
    layer.uintLe(f.session, at + 4);
    layer.uintLe(f.status, at + 8);
    layer.bytes(f.context, at + 12, 8);
    layer.uintLe(f.options, at + 20);
    const o = at + HEADER;
    const end = Math.min(b.end, o + length);
    if (layer.ok && length >= 8 && (command === SEND_RR_DATA || command === SEND_UNIT_DATA)) {
      layer.uintLe(command === SEND_RR_DATA ? f.interfaceRr : f.interfaceUnit, o);
      layer.uintLe(f.timeout, o + 4);
      items(layer, b, d, at, o + 6, end);
    } else if (layer.ok && command === 0x65 && length >= 4) {
      layer.uintLe(f.version, o);
      layer.uintLe(f.flags, o + 2);
    }
    info.push(nameOf(f.command, command) ?? `Command 0x${command.toString(16)}`);
    return o + length;
  });
}

const requestsNoted: Framer = {
  ...scanned(
    lengthFramer(HEADER, (h) => HEADER + le16(h, 2)),
    () => {},
  ),
  content(side, _, bytes, offset, end) {
    noteRequests(side.capture.state(requests), conversationOf(side.stream, true), side.row, bytes, offset, end);
  },
};

export const enip = app({
  ...about,
  fields: Object.values(f),
  framer: requestsNoted,
  index(w) {
    if ((w.flags & RowFlag.Udp) !== 0 && w.stream !== UNSET && w.end - w.offset >= HEADER)
      noteRequests(w.capture.state(requests), conversationOf(w.stream, false), w.row, w.bytes, w.offset, w.end);
  },
  read,
});

const io = {
  data: bytes('cipio.data', 'Data'),
};
const aboutIo = { name: 'cipio', short: 'CIP I/O', title: 'Common Industrial Protocol, I/O' } as const;
const connectedData = app({
  ...aboutIo,
  fields: Object.values(io),
  read(layer, b) {
    layer.bytes(io.data, b.offset, b.length);
    return '';
  },
});

/** Runs `one` over the items of the common packet format from `at` on: type, where its data begin and end. */
function eachItem(b: Uint8Array, at: number, end: number, one: (type: number, from: number, to: number) => void): void {
  if (end - at < 2) return;
  const count = Math.min(16, le16(b, at));
  for (let i = 0, o = at + 2; i < count && o + 4 <= end; i++) {
    const from = o + 4;
    o = from + le16(b, o + 2);
    one(le16(b, from - 4), from, Math.min(o, end));
  }
}

/** Data of a connection, straight in a datagram (volume 2, section 2-6). */
export const cipIo = app({
  ...aboutIo,
  fields: [],
  index(w) {
    eachItem(w.bytes, w.offset, w.end, (type, from, to) => {
      if (type === CONNECTED && to > from) w.push(connectedData);
    });
  },
  read(layer, b, d) {
    layer.uintLe(f.itemCount, b.offset);
    let info = '';
    eachItem(b.bytes, b.offset, b.end, (type, from, to) => {
      const item = layer.uintLeNode(f.itemType, from - 4);
      item.uintLe(f.itemLength, from - 2);
      if (type === SEQUENCED_ADDRESS && to - from >= 8) {
        const connection = item.uintLe(f.sequencedConnection, from);
        info = `Connection: ID=0x${connection.toString(16).padStart(8, '0')}, SEQ=${item.uintLe(f.sequencedNumber, from + 4)}`;
      } else if (type === CONNECTED && to > from) {
        layer.size(from - b.offset);
        d.call(connectedData, b.from(from, to));
      }
    });
    return info;
  },
});
