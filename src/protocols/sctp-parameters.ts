/** Parameters and error causes of SCTP (RFC 9260, sections 3.2.1 and 3.3.10; RFC 4895, 5061, 6525): what chunks are made of behind their fixed fields. */
import type { Node } from '../dissect/dissection.ts';
import { bool, bytes, expert, type FieldDef, ipv4, ipv6, nameOf, names, string, uint8, uint16, uint32 } from '../dissect/field.ts';

/** Parameters in parameters, and chunks in causes. */
const MAX_DEPTH = 8;
const HEADER = 4;

export const chunkTypes = names({
  0: 'DATA',
  1: 'INIT',
  2: 'INIT_ACK',
  3: 'SACK',
  4: 'HEARTBEAT',
  5: 'HEARTBEAT_ACK',
  6: 'ABORT',
  7: 'SHUTDOWN',
  8: 'SHUTDOWN_ACK',
  9: 'ERROR',
  10: 'COOKIE_ECHO',
  11: 'COOKIE_ACK',
  12: 'ECNE',
  13: 'CWR',
  14: 'SHUTDOWN_COMPLETE',
  15: 'AUTH',
  16: 'NR_SACK',
  64: 'I_DATA',
  128: 'ASCONF_ACK',
  129: 'PKTDROP',
  130: 'RE_CONFIG',
  132: 'PAD',
  192: 'FORWARD_TSN',
  193: 'ASCONF',
  194: 'I_FORWARD_TSN',
  255: 'IETF_EXTENSION',
});

const parameterTypes = names({
  1: 'Heartbeat info',
  5: 'IPv4 address',
  6: 'IPv6 address',
  7: 'State cookie',
  8: 'Unrecognized parameter',
  9: 'Cookie preservative',
  11: 'Hostname address',
  12: 'Supported address types',
  13: 'Outgoing SSN reset request',
  14: 'Incoming SSN reset request',
  15: 'SSN/TSN reset request',
  16: 'Re-configuration response',
  17: 'Add outgoing streams request',
  18: 'Add incoming streams request',
  32768: 'ECN',
  32770: 'Random',
  32771: 'Authenticated Chunk list',
  32772: 'Requested HMAC Algorithm',
  32776: 'Supported Extensions',
  49152: 'Forward TSN supported',
  49153: 'Add IP address',
  49154: 'Delete IP address',
  49155: 'Error cause indication',
  49156: 'Set primary address',
  49157: 'Success report',
  49158: 'Adaptation Layer Indication',
});

export const parameterFields = {
  type: uint16('sctp.parameter_type', 'Parameter type', { base: 'hex', names: parameterTypes }),
  stop: bool('sctp.parameter_bit_1', 'Bit', {
    mask: 0x8000,
    bool: ['Skip parameter and continue processing of the chunk', 'Stop processing of chunk'],
  }),
  report: bool('sctp.parameter_bit_2', 'Bit', { mask: 0x4000, bool: ['Do report', 'Do not report'] }),
  length: uint16('sctp.parameter_length', 'Parameter length'),
  lengthBad: expert('sctp.parameter_length.bad', 'error', 'Parameter length bad', 'malformed'),
  value: bytes('sctp.parameter_value', 'Parameter value'),
  padding: bytes('sctp.parameter_padding', 'Parameter padding'),
  paddingNote: expert(
    'sctp.parameter_padding.expert',
    'note',
    'The padding of this final parameter should be the padding of the chunk.',
    'malformed',
  ),
  heartbeat: bytes('sctp.parameter_heartbeat_information', 'Heartbeat information'),
  address4: ipv4('sctp.parameter_ipv4_address', 'IP Version 4 address'),
  address6: ipv6('sctp.parameter_ipv6_address', 'IP Version 6 address'),
  cookie: bytes('sctp.parameter_state_cookie', 'State cookie'),
  increment: uint32('sctp.parameter_cookie_preservative_incr', 'Suggested Cookie life-span increment (msec)'),
  hostname: string('sctp.parameter_hostname', 'Hostname'),
  addressType: uint16('sctp.parameter_supported_address_type', 'Supported address type', {
    names: names({ 5: 'IPv4 address', 6: 'IPv6 address', 11: 'Hostname address' }),
  }),
  requestNumber: uint32('sctp.parameter_reconfig_request_sequence_number', 'Re-configuration request sequence number'),
  responseNumber: uint32('sctp.parameter_reconfig_response_sequence_number', 'Re-configuration response sequence number'),
  lastTsn: uint32('sctp.parameter_senders_last_assigned_tsn', 'Senders last assigned TSN'),
  senderTsn: uint32('sctp.parameter_senders_next_tsn', 'Senders next TSN'),
  receiverTsn: uint32('sctp.parameter_receivers_next_tsn', 'Receivers next TSN'),
  result: uint32('sctp.parameter_reconfig_response_result', 'Result', {
    names: names({
      0: 'Nothing to do',
      1: 'Performed',
      2: 'Denied',
      3: 'Error - Wrong SSN',
      4: 'Error - Request already in progress',
      5: 'Error - Bad sequence number',
      6: 'In progress',
    }),
  }),
  stream: uint16('sctp.parameter_reconfig_sid', 'Stream Identifier'),
  addOut: uint16('sctp.parameter_add_outgoing_streams_number', 'Number of streams'),
  addOutReserved: uint16('sctp.parameter_add_outgoing_streams_reserved', 'Reserved'),
  addIn: uint16('sctp.parameter_add_incoming_streams_number', 'Number of streams'),
  addInReserved: uint16('sctp.parameter_add_incoming_streams_reserved', 'Reserved'),
  correlation: uint32('sctp.correlation_id', 'Correlation_id', { base: 'hex' }),
  adaptation: uint32('sctp.adaptation_layer_indication', 'Indication', { base: 'hex' }),
  random: bytes('sctp.random_number', 'Random number'),
  authChunk: uint8('sctp.chunk_type_to_auth', 'Chunk type', { names: chunkTypes }),
  hmacId: uint16('sctp.hmac_id', 'HMAC identifier', { names: names({ 0: 'Reserved', 1: 'SHA-1', 2: 'Reserved', 3: 'SHA-256' }) }),
  supported: uint8('sctp.supported_chunk_type', 'Supported chunk type', { names: chunkTypes }),
  cause: uint16('sctp.cause_code', 'Cause code', {
    base: 'hex',
    names: names({
      1: 'Invalid stream identifier',
      2: 'Missing mandatory parameter',
      3: 'Stale cookie error',
      4: 'Out of resource',
      5: 'Unresolvable address',
      6: 'Unrecognized chunk type',
      7: 'Invalid mandatory parameter',
      8: 'Unrecognized parameters',
      9: 'No user data',
      10: 'Cookie received while shutting down',
      11: 'Restart of an association with new addresses',
      12: 'User initiated ABORT',
      13: 'Protocol violation',
      160: 'Request to delete last address',
      161: 'Operation refused due to resource shortage',
      162: 'Request to delete source address',
      163: 'Association Aborted due to illegal ASCONF-ACK',
      164: 'Request refused - no authorization',
      261: 'Unsupported HMAC identifier',
    }),
  }),
  causeLength: uint16('sctp.cause_length', 'Cause length'),
  causeInformation: bytes('sctp.cause_information', 'Cause information'),
  causePadding: bytes('sctp.cause_padding', 'Cause padding'),
  causeStream: uint16('sctp.cause_stream_identifier', 'Stream identifier'),
  causeReserved: uint16('sctp.cause_reserved', 'Reserved'),
  missingCount: uint32('sctp.cause_nr_of_missing_parameters', 'Number of missing parameters'),
  missing: uint16('sctp.cause_missing_parameter_type', 'Missing parameter type', { base: 'hex', names: parameterTypes }),
  staleness: uint32('sctp.cause_measure_of_staleness', 'Measure of staleness in usec'),
  causeTsn: uint32('sctp.cause_tsn', 'TSN'),
} as const;
const f = parameterFields;

/** Reads a chunk that is quoted in a cause. */
export type QuotedChunk = (node: Node, at: number, end: number, depth: number) => void;

const word = (field: FieldDef, value: number): string => nameOf(field, value) ?? 'Unknown';
const count = (size: number): string => `${size} ${size === 1 ? 'byte' : 'bytes'}`;

/** Addresses and names that the parameters read last told. */
type Told = string[];

/** Reads what stands in a parameter or cause at [at, end), and gives what is said of it behind its name. */
type Body = (node: Node, at: number, end: number, depth: number, quoted: QuotedChunk) => string;

/** Adds the parameters in [from, end). Gives the addresses and names that they tell. */
export function readParameters(parent: Node, from: number, end: number, depth: number, quoted: QuotedChunk): Told {
  const told: Told = [];
  for (let at = from; at + HEADER <= end && parent.ok && depth < MAX_DEPTH; ) {
    const b = parent.buf;
    const type = b.u16(at);
    const length = b.u16(at + 2);
    const next = Math.min(end, at + Math.max(HEADER, (length + 3) & ~3));
    const stop = Math.min(end, at + length);
    const node = parent.text(at, next - at, `${word(f.type, type)} parameter`);
    if (depth === 0 && next === end && stop < next && length >= HEADER) node.expert(f.paddingNote);
    const kind = node.uintNode(f.type, at);
    kind.uint(f.stop, at, 2);
    kind.uint(f.report, at, 2);
    const said = node.uintNode(f.length, at + 2);
    if (length < HEADER || at + length > end) {
      said.expert(f.lengthBad);
      return told;
    }
    const words = (parameterBodies.get(type) ?? unknownParameter)(node, at + HEADER, stop, depth + 1, quoted);
    if (node.field !== null) node.field.display = words;
    const colon = words.indexOf(': ');
    if ((type === 5 || type === 6 || type === 11) && colon >= 0 && told.length < 100) told.push(words.slice(colon + 2));
    if (stop < next) node.bytes(f.padding, stop, next - stop);
    at = next;
  }
  return told;
}

/** Adds the error causes in [from, end). */
export function readCauses(parent: Node, from: number, end: number, depth: number, quoted: QuotedChunk): void {
  for (let at = from; at + HEADER <= end && parent.ok && depth < MAX_DEPTH; ) {
    const b = parent.buf;
    const code = b.u16(at);
    const length = b.u16(at + 2);
    const next = Math.min(end, at + Math.max(HEADER, (length + 3) & ~3));
    const stop = Math.min(end, at + length);
    const node = parent.text(at, next - at, `${word(f.cause, code)} cause`);
    node.uint(f.cause, at);
    node.uint(f.causeLength, at + 2);
    if (length < HEADER || at + length > end) {
      parent.layer.fail('malformed');
      return;
    }
    const words = (causeBodies.get(code) ?? unknownCause)(node, at + HEADER, stop, depth + 1, quoted);
    if (node.field !== null) node.field.display = words;
    if (stop < next) node.bytes(f.causePadding, stop, next - stop);
    at = next;
  }
}

const rest = (node: Node, field: FieldDef, at: number, end: number): void => {
  if (end > at) node.bytes(field, at, end - at);
};

const unknownParameter: Body = (node, at, end) => {
  rest(node, f.value, at, end);
  const type = node.buf.u16(at - HEADER);
  return parameterTypes.has(type) ? '' : `Type ${type}, value length: ${count(end - at)}`;
};

/** Numbers of two octets or one, one behind the other, with their words. */
const list =
  (field: FieldDef, size: number, title: string, short: (value: number) => string): Body =>
  (node, at, end) => {
    const words: string[] = [];
    for (let o = at; o + size <= end && node.ok; o += size) {
      const value = node.uint(field, o, size);
      if (words.length < 50) words.push(short(value));
    }
    return title === '' || words.length === 0 ? '' : `${title}: ${words.join(', ')}`;
  };

/** A number that says which request is answered, and a parameter. */
const addressChange: Body = (node, at, end, depth, quoted) => {
  const correlation = node.uint(f.correlation, at);
  const told = readParameters(node, at + 4, end, depth, quoted);
  return `Address: ${told[0] ?? ''}, correlation ID: ${correlation}`;
};

const numbers =
  (...fields: readonly FieldDef[]): Body =>
  (node, at) => {
    let o = at;
    for (const field of fields) {
      const size = field.type === 'uint16' ? 2 : 4;
      node.uint(field, o);
      o += size;
    }
    return '';
  };

const shortAddressTypes = new Map([
  [5, 'IPv4'],
  [6, 'IPv6'],
  [11, 'hostname'],
]);

const parameterBodies = new Map<number, Body>([
  [
    1,
    (node, at, end) => {
      rest(node, f.heartbeat, at, end);
      return `Information: ${count(end - at)}`;
    },
  ],
  [5, (node, at) => `Address: ${shownOf(node.bytes(f.address4, at), node)}`],
  [6, (node, at) => `Address: ${shownOf(node.bytes(f.address6, at), node)}`],
  [
    7,
    (node, at, end) => {
      rest(node, f.cookie, at, end);
      return `Cookie length: ${count(end - at)}`;
    },
  ],
  [
    8,
    (node, at, end, depth, quoted) => {
      readParameters(node, at, end, depth, quoted);
      return '';
    },
  ],
  [9, (node, at) => `Increment: ${node.uint(f.increment, at)} msec`],
  [11, (node, at, end) => `Hostname: ${node.string(f.hostname, at, end - at, { zero: true })}`],
  [12, list(f.addressType, 2, 'Supported types', (type) => shortAddressTypes.get(type) ?? `${type}`)],
  [
    13,
    (node, at, end) => {
      numbers(f.requestNumber, f.responseNumber, f.lastTsn)(node, at, end, 0, ignore);
      return list(f.stream, 2, '', String)(node, at + 12, end, 0, ignore);
    },
  ],
  [
    14,
    (node, at, end) => {
      node.uint(f.requestNumber, at);
      return list(f.stream, 2, '', String)(node, at + 4, end, 0, ignore);
    },
  ],
  [15, numbers(f.requestNumber)],
  [
    16,
    (node, at, end) => {
      node.uint(f.responseNumber, at);
      node.uint(f.result, at + 4);
      if (end - at >= 12) node.uint(f.senderTsn, at + 8);
      if (end - at >= 16) node.uint(f.receiverTsn, at + 12);
      return '';
    },
  ],
  [17, numbers(f.requestNumber, f.addOut, f.addOutReserved)],
  [18, numbers(f.requestNumber, f.addIn, f.addInReserved)],
  [
    32770,
    (node, at, end) => {
      rest(node, f.random, at, end);
      return '';
    },
  ],
  [32771, list(f.authChunk, 1, 'Chunk types to be authenticated', (type) => word(f.authChunk, type))],
  [32772, list(f.hmacId, 2, 'Supported HMACs', (id) => word(f.hmacId, id))],
  [32776, list(f.supported, 1, 'Supported types', (type) => word(f.supported, type))],
  [49153, addressChange],
  [49154, addressChange],
  [
    49155,
    (node, at, end, depth, quoted) => {
      node.uint(f.correlation, at);
      readCauses(node, at + 4, end, depth, quoted);
      return '';
    },
  ],
  [49156, addressChange],
  [49157, (node, at) => `Correlation ID: ${node.uint(f.correlation, at)}`],
  [49158, (node, at) => `Indication: ${node.uint(f.adaptation, at)}`],
]);

const ignore: QuotedChunk = () => {};

/** The text of the field that was added last. */
function shownOf(value: Uint8Array, node: Node): string {
  return value.length === 0 ? '' : (node.children.at(-1)?.display ?? '');
}

const unknownCause: Body = (node, at, end) => {
  rest(node, f.causeInformation, at, end);
  const code = node.buf.u16(at - HEADER);
  return nameOf(f.cause, code) === undefined ? `Code: ${code}, information length: ${count(end - at)}` : '';
};

/** A cause that says something of addresses in its parameters. */
const causeOf =
  (title: string): Body =>
  (node, at, end, depth, quoted) => {
    const told = readParameters(node, at, end, depth, quoted);
    return title === '' || told.length === 0 ? '' : `${title}: ${told.join(' ')}`;
  };

const causeBodies = new Map<number, Body>([
  [
    1,
    (node, at) => {
      const stream = node.uint(f.causeStream, at);
      node.uint(f.causeReserved, at + 2);
      return `SID: ${stream}`;
    },
  ],
  [
    2,
    (node, at, end) => {
      node.uint(f.missingCount, at);
      return list(f.missing, 2, '', String)(node, at + 4, end, 0, ignore);
    },
  ],
  [3, (node, at) => `Measure: ${node.uint(f.staleness, at)} usec`],
  [4, () => ''],
  [5, causeOf('Address')],
  [
    6,
    (node, at, end, depth, quoted) => {
      if (end - at < HEADER) return '';
      const type = node.buf.u8(at);
      quoted(node, at, end, depth);
      return `Type: ${type} (${chunkTypes.get(type) ?? 'unknown'})`;
    },
  ],
  [7, () => ''],
  [8, causeOf('')],
  [9, (node, at) => `TSN: ${node.uint(f.causeTsn, at)}`],
  [10, () => ''],
  [11, causeOf('New addresses')],
  [160, causeOf('Last address')],
  [161, causeOf('')],
  [162, causeOf('Deleted address')],
  [164, causeOf('')],
  [261, numbers(f.hmacId)],
]);
