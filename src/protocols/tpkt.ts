/**
 * TPKT (RFC 1006 section 6) and the ISO transport protocol on it (ISO 8073, X.224), with S7 communication named. Remote desktop asks for its
 * connection in COTP (MS-RDPBCGR 2.2.1.1) and later sends messages without TPKT's header between those with it.
 */

import { data } from '../dissect/data.ts';
import { bool, bytes, names, uint8, uint16 } from '../dissect/field.ts';
import { type Framer, NEED_MORE } from '../dissect/framer.ts';
import type { IndexWalk } from '../dissect/index-walk.ts';
import type { Protocol } from '../dissect/protocol.ts';
import { alias, app, be16 } from './app-kit.ts';
import { answersRdp, asksForRdp, isFastPath, rdp } from './rdp.ts';
import { indexT125, looksLikeT125, t125 } from './t125.ts';
import { looksLikeTls } from './tls.ts';

const pduNames = names({
  1: 'ED Expedited Data',
  2: 'EA Expedited Data Acknowledgement',
  5: 'RJ Reject',
  6: 'AK Data Acknowledgement',
  7: 'ER TPDU Error',
  8: 'DR Disconnect Request',
  12: 'DC Disconnect Confirm',
  13: 'CC Connect Confirm',
  14: 'CR Connect Request',
  15: 'DT Data',
});
const pduShort = names({ 8: 'DR', 12: 'DC', 13: 'CC', 14: 'CR', 15: 'DT', 6: 'AK', 7: 'ER', 1: 'ED', 2: 'EA' });

const t = {
  version: uint8('tpkt.version', 'Version'),
  reserved: uint8('tpkt.reserved', 'Reserved'),
  length: uint16('tpkt.length', 'Length'),
  continuation: bytes('tpkt.continuation_data', 'Continuation data'),
};
const c = {
  li: uint8('cotp.li', 'Length'),
  type: uint8('cotp.type', 'PDU Type', { base: 'hex', names: pduNames }),
  destref: uint16('cotp.destref', 'Destination reference', { base: 'hex' }),
  srcref: uint16('cotp.srcref', 'Source reference', { base: 'hex' }),
  number: uint8('cotp.tpdu-number', 'TPDU number', { base: 'hex', mask: 0x7f }),
  eot: bool('cotp.eot', 'Last data unit', { mask: 0x80, bool: ['Yes', 'No'] }),
};
const s = {
  protocol: uint8('s7comm.header.protid', 'Protocol Id', { base: 'hex' }),
  rosctr: uint8('s7comm.header.rosctr', 'ROSCTR', {
    names: names({ 1: 'Job', 2: 'Ack', 3: 'Ack_Data', 7: 'Userdata' }),
  }),
  reference: uint16('s7comm.header.pduref', 'Protocol Data Unit Reference'),
};

const s7comm = app({
  name: 's7comm',
  short: 'S7COMM',
  title: 'S7 Communication',
  fields: Object.values(s),
  read(layer, b) {
    layer.uint(s.protocol, b.offset);
    const kind = layer.uint(s.rosctr, b.offset + 1);
    layer.uint(s.reference, b.offset + 4);
    return `ROSCTR:[${(s.rosctr.names as ReadonlyMap<number, string>).get(kind) ?? kind}]`;
  },
});

const CONFIRM = 13;
const REQUEST = 14;
const DATA = 15;
/** Octets of a request and of a confirmation before their variable part. */
const CONNECT_HEADER = 7;

/** Who reads what a whole message carries: bytes[at, end), which is not empty. */
function carried(b: Uint8Array, at: number, end: number): Protocol {
  if (looksLikeT125(b, at, end)) return t125;
  return b[at] === 0x32 && end - at >= 10 ? s7comm : data;
}

/** Remote desktop asks or answers in the variable part of a connection's request or confirmation. */
function negotiates(b: Uint8Array, o: number, end: number): boolean {
  const at = o + CONNECT_HEADER;
  if (at >= end) return false;
  const type = (b[o + 1] as number) >> 4;
  return (type === REQUEST && asksForRdp(b, at, end)) || (type === CONFIRM && answersRdp(b, at, end));
}

/** Index depth: the message at bytes[o, end). */
function indexCotp(w: IndexWalk, stream: number, b: Uint8Array, o: number, end: number): void {
  w.push(cotp);
  if (negotiates(b, o, end)) w.push(rdp);
  const at = o + 1 + (b[o] ?? 0);
  if (o + 3 > end || (b[o + 1] as number) >> 4 !== DATA || ((b[o + 2] as number) & 0x80) === 0 || at >= end) return;
  const inside = carried(b, at, end);
  if (inside === t125) indexT125(w, stream, b, at, end);
  else w.push(inside);
}

const cotp = app({
  name: 'cotp',
  short: 'COTP',
  title: 'ISO 8073/X.224 COTP Connection-Oriented Transport Protocol',
  osi: '4',
  fields: Object.values(c),
  read(layer, b, d) {
    const o = b.offset;
    const li = layer.uint(c.li, o);
    const type = b.u8(o + 1) >> 4;
    layer.add(c.type, o + 1, 1, type);
    layer.size(li + 1);
    if (type !== DATA) {
      const destination = layer.uint(c.destref, o + 2);
      const source = layer.uint(c.srcref, o + 4);
      const hex = (value: number) => `0x${value.toString(16).padStart(4, '0')}`;
      if (negotiates(b.bytes, o, b.end)) {
        layer.size(CONNECT_HEADER);
        d.call(rdp, b.from(o + CONNECT_HEADER));
      }
      return `${pduShort.get(type) ?? 'Unknown'} TPDU src-ref: ${hex(source)} dst-ref: ${hex(destination)}`;
    }
    const number = layer.uint(c.number, o + 2);
    const last = (b.u8(o + 2) & 0x80) !== 0;
    layer.uint(c.eot, o + 2, 1);
    const rest = b.from(o + 1 + li);
    if (!last) {
      return `DT TPDU (${number}) [COTP fragment, ${rest.length} bytes]`;
    }
    if (rest.length > 0) d.call(carried(b.bytes, rest.offset, rest.end), rest);
    return `DT TPDU (${number}) EOT`;
  },
});

const VERSION = 3;
const HEADER = 4;

/** What does not begin with the version belongs to no message, and takes all there is. */
const framer: Framer = {
  feed(side, bytes, offset, end) {
    const carry = side.carryLength;
    const have = carry + end - offset;
    const octet = (k: number): number => (k < carry ? side.carry?.[k] : bytes[offset + k - carry]) as number;
    if (octet(0) !== VERSION) return end;
    if (have < HEADER) return NEED_MORE;
    const length = (octet(2) << 8) | octet(3);
    if (length < HEADER) return end;
    if (length <= have) return Math.max(offset + 1, offset + length - carry);
    side.need = length - have;
    side.keep = true;
    return NEED_MORE;
  },
  content(side, w, bytes, offset, end) {
    for (let at = offset; at < end; ) {
      if (bytes[at] !== VERSION) {
        if (isFastPath(bytes, offset, end)) w.push(rdp);
        return;
      }
      if (at + HEADER > end) return;
      const length = ((bytes[at + 2] as number) << 8) | (bytes[at + 3] as number);
      if (length < HEADER) return;
      indexCotp(w, side.stream, bytes, at + HEADER, Math.min(at + length, end));
      at += length;
    }
  },
};

export const tpkt = app({
  name: 'tpkt',
  short: 'TPKT',
  title: 'TPKT, Version: 3',
  osi: '4',
  fields: Object.values(t),
  // Remote desktop that has agreed on TLS goes over to it (MS-RDPBCGR 5.4.5.1).
  accepts: (b, o, end) => !looksLikeTls(b, o, end),
  framer,
  read(layer, b, d) {
    let at = b.offset;
    while (at < b.end && layer.ok) {
      if (b.u8(at) !== VERSION) {
        if (isFastPath(b.bytes, b.offset, b.end)) {
          layer.size(0);
          d.call(rdp, b);
          return '';
        }
        layer.bytes(t.continuation, at, b.end - at);
        return 'Continuation';
      }
      layer.uint(t.version, at);
      layer.uint(t.reserved, at + 1);
      const length = layer.uint(t.length, at + 2);
      layer.size(HEADER);
      if (!layer.ok) break;
      if (length < HEADER) {
        layer.fail('malformed');
        break;
      }
      d.call(cotp, b.from(at + HEADER, at + length));
      at += length;
    }
    return '';
  },
});

/** Octets of the shortest message: TPKT's header and COTP's length, type and number. */
const SHORTEST = 7;

/** On remote desktop's port: from the first message with TPKT's header on, whatever the messages behind it look like. */
export const tpktOfRdp = alias(tpkt, {
  accepts: (b, o, end) => end - o >= HEADER && b[o] === VERSION && b[o + 1] === 0 && be16(b, o + 2) >= SHORTEST,
  goesOn: (b, o, end) => !looksLikeTls(b, o, end),
});
