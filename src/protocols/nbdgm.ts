/** NetBIOS datagram service (RFC 1002 section 4.4). */
import type { Buf, Layer } from '../dissect/dissection.ts';
import { bool, ipv4, names, string, uint8, uint16 } from '../dissect/field.ts';
import { app, be16, be32 } from './app-kit.ts';
import { nameEnd, readName } from './dns-names.ts';
import { decodeName } from './nbns.ts';
import { smb } from './smb.ts';

const YES = ['Yes', 'No'] as const;
const types = names({
  16: 'Direct_unique datagram',
  17: 'Direct_group datagram',
  18: 'Broadcast datagram',
  19: 'Datagram error',
  20: 'Datagram query request',
  21: 'Datagram positive query response',
  22: 'Datagram negative query response',
});

const f = {
  type: uint8('nbdgm.type', 'Message Type', { names: types }),
  flags: uint8('nbdgm.flags', 'Flags', { base: 'hex' }),
  more: bool('nbdgm.next', 'More fragments follow', { mask: 1, bool: YES }),
  first: bool('nbdgm.first', 'This is first fragment', { mask: 2, bool: YES }),
  node: uint8('nbdgm.node_type', 'Node Type', { mask: 0x0c, names: names({ 0: 'B node', 1: 'P node', 2: 'M node', 3: 'NBDD' }) }),
  id: uint16('nbdgm.dgram_id', 'Datagram ID', { base: 'hex' }),
  sourceIp: ipv4('nbdgm.src.ip', 'Source IP'),
  sourcePort: uint16('nbdgm.src.port', 'Source Port'),
  length: uint16('nbdgm.dgram_len', 'Datagram length', { unit: ' bytes' }),
  offset: uint16('nbdgm.pkt_offset', 'Packet offset', { unit: ' bytes' }),
  error: uint8('nbdgm.error_code', 'Error code', {
    base: 'hex',
    names: names({ 130: 'Destination name not present', 131: 'Invalid source name format', 132: 'Invalid destination name format' }),
  }),
  source: string('nbdgm.source_name', 'Source name'),
  destination: string('nbdgm.destination_name', 'Destination name'),
};

const MORE = 1;
const FIRST = 2;
const SMB = 0xff534d42;

/** A name at `at`; gives where it ends. */
function name(layer: Layer, b: Buf, field: (typeof f)['source'], at: number): number {
  const read = readName(b, at, b.offset);
  if (!read.whole) {
    layer.has(b.end, 1);
    return b.end;
  }
  layer.add(field, at, read.size, decodeName(read.text));
  return at + read.size;
}

export const nbdgm = app({
  name: 'nbdgm',
  short: 'NBDS',
  title: 'NetBIOS Datagram Service',
  pdu: 'Datagram',
  fields: Object.values(f),
  index(w) {
    const { bytes: b, offset: o } = w;
    if (w.end - o < 14) return;
    const type = b[o] as number;
    const whole = ((b[o + 1] as number) & (MORE | FIRST)) === FIRST && be16(b, o + 12) === 0;
    if (type < 16 || type > 18 || !whole) return;
    const destination = nameEnd(b, o + 14, o, w.end, o);
    const at = destination < 0 ? -1 : nameEnd(b, destination, o, w.end, o);
    if (at >= 0 && at + 4 <= w.end && be32(b, at) === SMB) w.follow(smb, at);
  },
  read(layer, b, d) {
    const o = b.offset;
    const type = layer.uint(f.type, o);
    const flags = layer.uintNode(f.flags, o + 1);
    for (const field of [f.more, f.first, f.node]) flags.uint(field, o + 1, 1);
    layer.uint(f.id, o + 2);
    layer.bytes(f.sourceIp, o + 4);
    layer.uint(f.sourcePort, o + 8);
    let at = o + 10;
    if (type >= 16 && type <= 18) {
      layer.uint(f.length, at);
      layer.uint(f.offset, at + 2);
      at = name(layer, b, f.source, at + 4);
      if (layer.ok) at = name(layer, b, f.destination, at);
      const whole = (b.u8(o + 1) & (MORE | FIRST)) === FIRST && b.u16(o + 12) === 0;
      layer.size(at - o);
      if (layer.ok && whole && b.u32(at) === SMB) d.call(smb, b.from(at));
    } else if (type === 19) {
      layer.uint(f.error, at++);
    } else if (type >= 20 && type <= 22) at = name(layer, b, f.destination, at);
    layer.size(at - o);
    return types.get(type) ?? `Unknown message type (0x${type.toString(16)})`;
  },
});
