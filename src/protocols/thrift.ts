/** Apache Thrift's strict binary and compact protocols, bare or in frames: the header of a message. */
import { int32, nameOf, names, string, uint8 } from '../dissect/field.ts';
import { type Framer, NEED_MORE } from '../dissect/framer.ts';
import { app, be32 } from './app-kit.ts';

const BINARY = 0x80;
const COMPACT = 0x82;
const MAX_NAME = 256;
const MAX_FRAME = 1 << 24;
const f = {
  frame: int32('thrift.frame_len', 'Frame length'),
  protocol: uint8('thrift.protocol_id', 'Protocol id', {
    base: 'hex',
    names: names({ 128: 'Strict Binary Protocol', 130: 'Compact Protocol' }),
  }),
  version: uint8('thrift.version', 'Version'),
  type: uint8('thrift.mtype', 'Message type', { base: 'hex', names: names({ 1: 'CALL', 2: 'REPLY', 3: 'EXCEPTION', 4: 'ONEWAY' }) }),
  length: int32('thrift.str_len', 'Length'),
  method: string('thrift.method', 'Method'),
  sequence: int32('thrift.seq_id', 'Sequence Id'),
};

/** bytes[at, end) begins a message with a name that can be read. */
function begins(b: Uint8Array, at: number, end: number): boolean {
  if (end - at < 5) return false;
  let name: number;
  let size: number;
  if (b[at] === BINARY && b[at + 1] === 1 && b[at + 2] === 0 && end - at >= 8) {
    const type = b[at + 3] as number;
    if (type < 1 || type > 4) return false;
    size = be32(b, at + 4);
    name = at + 8;
  } else if (b[at] === COMPACT && ((b[at + 1] as number) & 0x1f) === 1) {
    const type = (b[at + 1] as number) >> 5;
    if (type < 1 || type > 4) return false;
    let next = at + 2;
    while (next < end && next < at + 6 && ((b[next] as number) & 0x80) !== 0) next++;
    // A number of 32 bits has at most five octets.
    if (((b[next] ?? 0x80) & 0x80) !== 0) return false;
    size = b[next + 1] ?? 0;
    name = next + 2;
  } else return false;
  if (size === 0 || size > MAX_NAME || name + size > end) return false;
  for (let i = name; i < name + size; i++) {
    const octet = b[i] as number;
    if (octet < 0x21 || octet > 0x7e) return false;
  }
  return true;
}

/** Octets of the frame's length before the message: 4, or 0 for a bare one; -1 if this is no message. */
function headOf(b: Uint8Array, at: number, end: number): number {
  if (begins(b, at, end)) return 0;
  return end - at > 8 && be32(b, at) < MAX_FRAME && begins(b, at + 4, end) ? 4 : -1;
}

/** Frames say how long they are; a bare message does not, and is taken with the segment that it came in. */
const framer: Framer = {
  feed(side, bytes, offset, end) {
    if (headOf(bytes, offset, end) !== 4) return end;
    const length = 4 + be32(bytes, offset);
    if (length <= end - offset) return offset + length;
    side.need = length - (end - offset);
    return NEED_MORE;
  },
};

export const thrift = app({
  name: 'thrift',
  short: 'Thrift',
  title: 'Thrift Protocol',
  fields: Object.values(f),
  // The rest of a long bare message has no head of its own.
  sticky: true,
  mayBegin: (octet) => octet === BINARY || octet === COMPACT || octet <= MAX_FRAME >>> 24,
  accepts: (b, o, end) => headOf(b, o, end) >= 0,
  framer,
  read(layer, b) {
    let at = b.offset;
    const head = headOf(b.bytes, at, b.end);
    if (head < 0) return '';
    if (head === 4) layer.uint(f.frame, at);
    at += head;
    const protocol = layer.uint(f.protocol, at);
    if (protocol === BINARY) {
      layer.add(f.version, at + 1, 1, b.u8(at + 1) & 0x1f);
      const type = layer.uint(f.type, at + 3);
      const size = layer.uint(f.length, at + 4);
      const name = layer.string(f.method, at + 8, size);
      layer.uint(f.sequence, at + 8 + size);
      return `${nameOf(f.type, type) ?? type} ${name}`;
    }
    const bits = b.u8(at + 1);
    layer.add(f.version, at + 1, 1, bits & 0x1f);
    layer.add(f.type, at + 1, 1, bits >> 5);
    let sequence = 0;
    let next = at + 2;
    for (let shift = 0; shift < 35; shift += 7) {
      const octet = b.u8(next++);
      sequence += (octet & 0x7f) * 2 ** shift;
      if (octet < 0x80) break;
    }
    layer.add(f.sequence, at + 2, next - at - 2, sequence | 0);
    const size = b.u8(next);
    layer.add(f.length, next, 1, size);
    const name = layer.string(f.method, next + 1, size);
    return `${nameOf(f.type, bits >> 5) ?? bits >> 5} ${name}`;
  },
});
