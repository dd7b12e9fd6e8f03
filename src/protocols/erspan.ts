// draft-foschiano-erspan: mirrored Ethernet frames over GRE, types I to III.
import type { Buf, Dissection } from '../dissect/dissection.ts';
import { bool, names, uint16, uint32 } from '../dissect/field.ts';
import { defineProtocol, type Protocol } from '../dissect/protocol.ts';
import { tables } from '../dissect/tables.ts';
import { ethernet } from './ethernet.ts';
import { callData, callOrData, followData, followOrData } from './next.ts';

const TYPE_II = 1;
const TYPE_III = 2;

const f = {
  version: uint16('erspan.version', 'Version', { mask: 0xf000, names: names({ 1: 'Type II', 2: 'Type III' }) }),
  vlan: uint16('erspan.vlan', 'Vlan', { mask: 0x0fff }),
  cos: uint16('erspan.cos', 'COS', { mask: 0xe000 }),
  integrity: uint16('erspan.bso', 'Bad/Short/Oversized', {
    names: names({ 0: 'Good or unknown integrity', 1: 'Short frame', 2: 'Oversized frame', 3: 'CRC or alignment error' }),
    mask: 0x1800,
  }),
  encapsulation: uint16('erspan.encap', 'Encap', {
    names: names({
      0: 'Originally without VLAN tag',
      1: 'Originally ISL encapsulated',
      2: 'Originally 802.1Q encapsulated',
      3: 'VLAN tag preserved in frame',
    }),
    mask: 0x1800,
  }),
  truncated: uint16('erspan.truncated', 'Truncated', { mask: 0x0400, names: names({ 0: 'Not truncated', 1: 'Truncated' }) }),
  spanId: uint16('erspan.spanid', 'SpanID', { mask: 0x03ff }),
  index: uint32('erspan.index', 'Index', { mask: 0x000fffff }),
  timestamp: uint32('erspan.timestamp', 'Timestamp'),
  sgt: uint16('erspan.sgt', 'Security Group Tag'),
  hasPdu: uint16('erspan.p', 'Has Ethernet PDU', { mask: 0x8000 }),
  frameType: uint16('erspan.ft', 'Frame Type', { mask: 0x7c00, names: names({ 0: 'Ethernet', 2: 'IP' }) }),
  hardware: uint16('erspan.hw', 'Hardware ID', { mask: 0x03f0 }),
  direction: bool('erspan.direction', 'Direction', { mask: 0x0008, bool: ['Egress', 'Ingress'] }),
  granularity: uint16('erspan.gra', 'Timestamp granularity', {
    mask: 0x0006,
    names: names({ 0: '100 microseconds', 1: '100 nanoseconds', 2: 'IEEE 1588', 3: 'Custom granularity' }),
  }),
  optional: uint16('erspan.o', 'Optional Sub headers', { mask: 0x0001 }),
};

const about = {
  name: 'erspan',
  short: 'ERSPAN',
  title: 'Encapsulated Remote Switch Packet ANalysis',
  osi: '2',
  pdu: 'Frame',
  hue: 'link',
} as const;

/** Bytes of the header at `offset`; 0 for a version that is not known. */
function headerBytes(first: number, last: number): number {
  if (first >> 4 === TYPE_II) return 8;
  if (first >> 4 !== TYPE_III) return 0;
  return (last & 1) === 0 ? 12 : 20;
}

/** What type III carries, by the frame type in the word with flags. */
function carried(flags: number): Protocol | undefined {
  const frameType = (flags >> 10) & 0x1f;
  if (frameType === 0) return ethernet;
  return frameType === 2 ? tables.ethertype.lookup(0x0800) : undefined;
}

/** Types II and III. */
export const erspan = defineProtocol({
  ...about,
  fields: Object.values(f),
  index(w) {
    if (!w.has(8)) return;
    const { bytes: b, offset: o } = w;
    const type = (b[o] as number) >> 4;
    if (type === TYPE_III && !w.has(12)) return;
    const length = headerBytes(b[o] as number, type === TYPE_III ? (b[o + 11] as number) : 0);
    if (length === 0) {
      followData(w, o + 2);
      return;
    }
    if (!w.has(length)) return;
    const flags = ((b[o + 10] as number) << 8) | (b[o + 11] as number);
    followOrData(w, type === TYPE_III ? carried(flags) : ethernet, o + length);
  },
  dissect(d: Dissection, b: Buf): void {
    const o = b.offset;
    const layer = d.layer(erspan, b);
    d.column(erspan);
    const type = layer.uint(f.version, o);
    const vlan = layer.uint(f.vlan, o);
    layer.uint(f.cos, o + 2);
    layer.uint(type === TYPE_III ? f.integrity : f.encapsulation, o + 2);
    layer.uint(f.truncated, o + 2, 2);
    const id = layer.uint(f.spanId, o + 2);
    if (!layer.has(o, 8)) return;
    const length = headerBytes(b.u8(o), b.u8(o + 11));
    layer.summary = `Type ${type === TYPE_II ? 'II' : type === TYPE_III ? 'III' : `unknown (${type})`} · VLAN ${vlan} · session ${id}`;
    if (length === 0) {
      layer.size(2);
      callData(d, b.from(o + 2));
      return;
    }
    if (type === TYPE_II) layer.uint(f.index, o + 4);
    else {
      layer.uint(f.timestamp, o + 4);
      layer.uint(f.sgt, o + 8);
      for (const field of [f.hasPdu, f.frameType, f.hardware]) layer.uint(field, o + 10);
      layer.uint(f.direction, o + 10, 2);
      for (const field of [f.granularity, f.optional]) layer.uint(field, o + 10);
    }
    layer.size(length);
    if (layer.has(o, length)) callOrData(d, type === TYPE_III ? carried(b.u16(o + 10)) : ethernet, b.from(o + length));
  },
});

/** Type I: no header at all. */
export const erspanTypeI = defineProtocol({
  ...about,
  fields: [],
  index(w) {
    w.follow(ethernet, w.offset);
  },
  dissect(d, b) {
    const layer = d.layer(erspanTypeI, b);
    layer.size(0);
    layer.summary = 'Type I';
    d.call(ethernet, b);
  },
});
