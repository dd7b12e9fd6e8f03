/**
 * T.125, the multipoint communication service, and T.124's conference that it connects (ITU-T T.125 section 7, T.124 section 8.7), as
 * remote desktop uses them: connections are asked for in BER, everything else is in aligned PER (X.691).
 */
import { defineState } from '../dissect/capture-index.ts';
import { type Buf, type Layer, Node } from '../dissect/dissection.ts';
import { bool, bytes, type FieldDef, nameOf, names, none, oid, TRUE_FALSE, uint32, uint64 } from '../dissect/field.ts';
import type { IndexWalk } from '../dissect/index-walk.ts';
import type { Protocol } from '../dissect/protocol.ts';
import { app } from './app-kit.ts';
import { Ber, BerCursor } from './ber.ts';
import { channelAt, rdp, rdpSessions, readClientData, readSendData, readServerData } from './rdp.ts';

const CONNECT_INITIAL = 101;
const CONNECT_RESULT = 104;
const ERECT_DOMAIN = 1;
const DISCONNECT = 8;
const ATTACH_REQUEST = 10;
const ATTACH_CONFIRM = 11;
const JOIN_REQUEST = 14;
const JOIN_CONFIRM = 15;
const SEND_REQUEST = 25;
const SEND_INDICATION = 26;

const results = names({
  0: 'rt-successful',
  1: 'rt-domain-merging',
  2: 'rt-domain-not-hierarchical',
  3: 'rt-no-such-channel',
  4: 'rt-no-such-domain',
  5: 'rt-no-such-user',
  6: 'rt-not-admitted',
  7: 'rt-other-user-id',
  8: 'rt-parameters-unacceptable',
  9: 'rt-token-not-available',
  10: 'rt-token-not-possessed',
  11: 'rt-too-many-channels',
  12: 'rt-too-many-tokens',
  13: 'rt-too-many-users',
  14: 'rt-unspecified-failure',
  15: 'rt-user-rejected',
});
const messageNames = names({
  [ERECT_DOMAIN]: 'erectDomainRequest',
  [DISCONNECT]: 'disconnectProviderUltimatum',
  [ATTACH_REQUEST]: 'attachUserRequest',
  [ATTACH_CONFIRM]: 'attachUserConfirm',
  [JOIN_REQUEST]: 'channelJoinRequest',
  [JOIN_CONFIRM]: 'channelJoinConfirm',
  [SEND_REQUEST]: 'sendDataRequest',
  [SEND_INDICATION]: 'sendDataIndication',
});
const reasons = names({
  0: 'rn-domain-disconnected',
  1: 'rn-provider-initiated',
  2: 'rn-token-purged',
  3: 'rn-user-requested',
  4: 'rn-channel-purged',
});

const c = {
  connect: uint32('t125.ConnectMCSPDU', 'ConnectMCSPDU', {
    names: names({ 101: 'connect-initial', 102: 'connect-response', 103: 'connect-additional', 104: 'connect-result' }),
  }),
  calling: bytes('t125.callingDomainSelector', 'callingDomainSelector'),
  called: bytes('t125.calledDomainSelector', 'calledDomainSelector'),
  upward: bool('t125.upwardFlag', 'upwardFlag', { bool: TRUE_FALSE }),
  target: none('t125.targetParameters_element', 'targetParameters'),
  minimum: none('t125.minimumParameters_element', 'minimumParameters'),
  maximum: none('t125.maximumParameters_element', 'maximumParameters'),
  domain: none('t125.domainParameters_element', 'domainParameters'),
  result: uint32('t125.result', 'result', { names: results }),
  connectId: uint64('t125.calledConnectId', 'calledConnectId'),
  userData: bytes('t125.userData', 'userData'),
};
const parameters = [
  uint64('t125.maxChannelIds', 'maxChannelIds'),
  uint64('t125.maxUserIds', 'maxUserIds'),
  uint64('t125.maxTokenIds', 'maxTokenIds'),
  uint64('t125.numPriorities', 'numPriorities'),
  uint64('t125.minThroughput', 'minThroughput'),
  uint64('t125.maxHeight', 'maxHeight'),
  uint64('t125.maxMCSPDUsize', 'maxMCSPDUsize'),
  uint64('t125.protocolVersion', 'protocolVersion'),
];
const g = {
  connectData: none('t124.ConnectData', 'ConnectData'),
  object: oid('t124.object', 'object'),
  connectPdu: bytes('t124.connectPDU', 'connectPDU'),
  gcc: uint32('t124.connectGCCPDU', 'connectGCCPDU', {
    names: names({ 0: 'conferenceCreateRequest', 1: 'conferenceCreateResponse' }),
  }),
  key: bytes('t124.h221NonStandard', 'h221NonStandard'),
  value: bytes('t124.value', 'value'),
  message: uint32('t124.DomainMCSPDU', 'DomainMCSPDU', { names: messageNames }),
  subHeight: uint64('t124.subHeight', 'subHeight'),
  subInterval: uint64('t124.subInterval', 'subInterval'),
  reason: uint32('t124.reason', 'reason', { names: reasons }),
  result: uint32('t124.result', 'result', { names: results }),
  initiator: uint32('t124.initiator', 'initiator'),
  requested: uint32('t124.requested', 'requested'),
  channelId: uint32('t124.channelId', 'channelId'),
  priority: uint32('t124.dataPriority', 'dataPriority', { names: names({ 0: 'top', 1: 'high', 2: 'medium', 3: 'low' }) }),
  segmentation: bytes('t124.segmentation', 'segmentation'),
  userData: bytes('t124.userData', 'userData'),
};

/** Key of T.124's connection, the object 0.0.20.124.0.1. */
const GCC = [0, 5, 0, 0x14, 0x7c, 0, 1] as const;
/** Names under which both sides' settings stand (MS-RDPBCGR 2.2.1.3 and 2.2.1.4). */
const CLIENT_KEY = 'Duca';
const SERVER_KEY = 'McDn';
/** A message that sends data: its kind, two numbers of two octets, priority and segmentation. */
const SEND_HEADER = 6;

/** Where a part of a message lies; one object, used again. */
const found = { from: 0, end: 0 };

/** A length in PER of at most 16383 (X.691 section 11.9) at `at`, then as many octets, in `found`; false where they are not all there. */
function counted(b: Uint8Array, at: number, end: number): boolean {
  if (at >= end) return false;
  const first = b[at] as number;
  const wide = (first & 0x80) !== 0;
  if (wide && at + 2 > end) return false;
  found.from = at + (wide ? 2 : 1);
  found.end = found.from + (wide ? ((first & 0x3f) << 8) | (b[at + 1] as number) : first);
  return found.end <= end;
}

/** bytes[at, end) begins with T.124's key. */
function isConference(b: Uint8Array, at: number, end: number): boolean {
  return end - at >= GCC.length && GCC.every((octet, k) => b[at + k] === octet);
}

/** Finds the settings below one of the keys, in a conference of [at, end); they are in `found`. Gives whose they are, '' without any. */
function settings(b: Uint8Array, at: number, end: number): string {
  const stop = Math.min(end - 4, at + 48);
  for (let o = at + GCC.length; o < stop; o++) {
    const key = String.fromCharCode(b[o] as number, b[o + 1] as number, b[o + 2] as number, b[o + 3] as number);
    if (key !== CLIENT_KEY && key !== SERVER_KEY) continue;
    if (!counted(b, o + 4, end)) found.end = end;
    return key;
  }
  return '';
}

/** A request or a response of a connection: class application, number 101 to 104. */
function isConnect(b: Uint8Array, at: number, end: number): boolean {
  return (
    end - at >= 2 &&
    (b[at] as number) >> 6 === 1 &&
    ((b[at] as number) & 0x1f) === 0x1f &&
    (b[at + 1] as number) >= CONNECT_INITIAL &&
    (b[at + 1] as number) <= CONNECT_RESULT
  );
}

/** What COTP carries is this: a connection, or the first octet of a message that is known (its number stands in six bits). */
export function looksLikeT125(b: Uint8Array, at: number, end: number): boolean {
  return at < end && (isConnect(b, at, end) || messageNames.has((b[at] as number) >> 2));
}

const cursors = defineState(() => new BerCursor());

/** Goes to the user data of a connection; they are in `found`. */
function userData(cursor: BerCursor, b: Uint8Array, at: number, end: number): boolean {
  cursor.start(b, at, end);
  if (!cursor.next() || !cursor.enter()) return false;
  let any = false;
  while (cursor.next()) {
    any = cursor.is(Ber.OctetString);
    found.from = cursor.body;
    found.end = cursor.bodyEnd;
  }
  return any;
}

/** Index depth: names what is in bytes[at, end), and remembers what a server says of its channels. */
export function indexT125(w: IndexWalk, stream: number, b: Uint8Array, at: number, end: number): void {
  w.push(t125);
  const sessions = w.capture.state(rdpSessions);
  if (isConnect(b, at, end)) {
    if (!userData(w.capture.state(cursors), b, at, end)) return;
    const { from, end: stop } = found;
    if (!isConference(b, from, stop)) return;
    w.push(t124);
    if (settings(b, from, stop) === SERVER_KEY) sessions.noteServer(stream, w.row, b, found.from, found.end);
    return;
  }
  const message = (b[at] as number) >> 2;
  if ((message !== SEND_REQUEST && message !== SEND_INDICATION) || at + SEND_HEADER > end) return;
  if (!sessions.carries(channelAt(b, at), w.row) || !counted(b, at + SEND_HEADER, end)) return;
  sessions.noteData(stream, w.row, b, found.from, found.end);
  // As in Wireshark, what a client sends is shown with T.125's message.
  if (message === SEND_INDICATION) w.push(rdp);
}

function part(b: Buf, from: number, end: number): Buf {
  return b.from(from, Math.min(end, b.end));
}

function readConnect(layer: Layer, b: Buf, d: Layer['d']): string {
  const kind = b.u8(b.offset + 1);
  const node = layer.add(c.connect, b.offset, b.length, kind);
  const cursor = new BerCursor();
  cursor.start(b.bytes, b.offset, b.end);
  if (!cursor.next() || !cursor.enter()) return nameOf(c.connect, kind) ?? '';
  const structures: FieldDef[] = kind === CONNECT_INITIAL ? [c.target, c.minimum, c.maximum] : [c.domain];
  const strings: FieldDef[] = kind === CONNECT_INITIAL ? [c.calling, c.called, c.userData] : [c.userData];
  while (cursor.next()) {
    const { body, bodyEnd } = cursor;
    const length = bodyEnd - body;
    if (cursor.is(Ber.Sequence)) {
      const field = structures.shift();
      if (field === undefined) continue;
      const set = node.add(field, cursor.at, bodyEnd - cursor.at, null);
      if (!cursor.enter()) continue;
      for (const each of parameters) if (cursor.next()) set.add(each, cursor.body, cursor.bodyEnd - cursor.body, cursor.bigUint());
      cursor.leave();
    } else if (cursor.is(Ber.OctetString)) {
      const field = strings.shift();
      if (field !== undefined) node.add(field, body, length, b.slice(body, length));
    } else if (cursor.is(Ber.Boolean)) node.add(c.upward, body, length, b.u8(body) !== 0);
    else if (cursor.is(Ber.Enumerated)) node.add(c.result, body, length, cursor.uint());
    else if (cursor.is(Ber.Integer)) node.add(c.connectId, body, length, cursor.bigUint());
  }
  if (userData(cursor, b.bytes, b.offset, b.end) && isConference(b.bytes, found.from, found.end))
    d.call(t124, part(b, found.from, found.end));
  return nameOf(c.connect, kind) ?? '';
}

/** Two numbers of a message that follow each other in two octets each. */
function numbers(node: Node, fields: readonly FieldDef[], at: number): void {
  for (const [k, field] of fields.entries()) if (node.has(at + 2 * k, 2)) node.uint(field, at + 2 * k, 2);
}

function readMessage(layer: Layer, b: Buf, d: Layer['d']): string {
  const at = b.offset;
  const kind = b.u8(at) >> 2;
  const words = messageNames.get(kind) ?? 'Unknown';
  const node = layer.add(g.message, at, b.length, kind);
  switch (kind) {
    case ERECT_DOMAIN: {
      const size = b.u8(at + 1);
      if (size > 6 || size === 0) return words;
      node.uint(g.subHeight, at + 2, size);
      const next = b.u8(at + 2 + size);
      if (next > 0 && next <= 6) node.uint(g.subInterval, at + 3 + size, next);
      return words;
    }
    case DISCONNECT:
      node.add(g.reason, at, 2, ((b.u8(at) & 3) << 1) | (b.u8(at + 1) >> 7));
      return words;
    case ATTACH_CONFIRM:
    case JOIN_CONFIRM:
      // One bit says whether the last number is there, four are the result.
      node.add(g.result, at, 2, ((b.u8(at) & 1) << 3) | (b.u8(at + 1) >> 5));
      if (kind === JOIN_CONFIRM)
        numbers(node, (b.u8(at) & 2) !== 0 ? [g.initiator, g.requested, g.channelId] : [g.initiator, g.requested], at + 2);
      else if ((b.u8(at) & 2) !== 0) numbers(node, [g.initiator], at + 2);
      return kind === JOIN_CONFIRM ? `${words} ${b.u16(at + 4)}` : words;
    case JOIN_REQUEST:
      numbers(node, [g.initiator, g.channelId], at + 1);
      return `${words} ${b.u16(at + 3)}`;
    case SEND_REQUEST:
    case SEND_INDICATION: {
      numbers(node, [g.initiator, g.channelId], at + 1);
      node.add(g.priority, at + 5, 1, b.u8(at + 5) >> 6);
      node.add(g.segmentation, at + 5, 1, Uint8Array.of((b.u8(at + 5) & 0x30) << 2));
      if (!node.has(at, SEND_HEADER + 1) || !counted(b.bytes, at + SEND_HEADER, b.end)) return words;
      const { from, end } = found;
      node.add(g.userData, from, end - from, b.slice(from, end - from));
      const channel = channelAt(b.bytes, at);
      if (!d.capture.state(rdpSessions).carries(channel, d.row)) return words;
      const inside = part(b, from, end);
      if (kind === SEND_INDICATION) {
        d.call(rdp, inside);
        return words;
      }
      const below = layer.text(from, end - from, rdp.title);
      const said = readSendData(
        new Node(d, layer, inside, below.children, below.field),
        d.capture,
        d.transport?.stream ?? -1,
        d.row,
        channel,
      );
      return said === '' ? words : `${words}, ${said}`;
    }
    default:
      return words;
  }
}

const t124: Protocol = app({
  name: 't124',
  short: 'T.124',
  title: 'GENERIC-CONFERENCE-CONTROL T.124',
  fields: Object.values(g),
  read(layer, b, d) {
    const node = layer.add(g.connectData, b.offset, b.length, null);
    node.bytes(g.object, b.offset + 2, 5);
    const pdu = b.offset + GCC.length;
    if (!counted(b.bytes, pdu, b.end)) return '';
    const { from, end } = found;
    const inner = node.add(g.connectPdu, from, end - from, b.slice(from, end - from));
    const choice = inner.add(g.gcc, from, end - from, (b.u8(from) >> 4) & 7);
    const whose = settings(b.bytes, b.offset, b.end);
    if (whose === '') return nameOf(g.gcc, (b.u8(from) >> 4) & 7) ?? '';
    const value = part(b, found.from, found.end);
    choice.add(
      g.key,
      Math.max(b.offset, value.offset - 6),
      4,
      Uint8Array.from(whose, (letter) => letter.charCodeAt(0)),
    );
    choice.add(g.value, value.offset, value.length, b.slice(value.offset, value.length));
    // As in Wireshark, these are shown with the conference.
    const below = layer.text(value.offset, value.length, rdp.title);
    const parent = new Node(d, layer, value, below.children, below.field);
    return whose === CLIENT_KEY ? readClientData(parent) : readServerData(parent);
  },
});

export const t125: Protocol = app({
  name: 't125',
  short: 'T.125',
  title: 'MULTIPOINT-COMMUNICATION-SERVICE T.125',
  fields: [...Object.values(c), ...parameters],
  read: (layer, b, d) => (isConnect(b.bytes, b.offset, b.end) ? readConnect(layer, b, d) : readMessage(layer, b, d)),
});
