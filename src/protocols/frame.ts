// The frame as it was captured: no bytes of its own, what the capture file says about it.

import { bytesText } from '../dissect/display.ts';
import { Buf, type Dissection, type Layer, masked } from '../dissect/dissection.ts';
import { abstime, bool, framenum, int8, names, reltime, string, TRUE_FALSE, uint16, uint32 } from '../dissect/field.ts';
import { MARKED_FIELD, markedRows } from '../dissect/marked-rows.ts';
import { defineProtocol } from '../dissect/protocol.ts';
import { linkTypeName } from '../file/link-types.ts';
import type { Time } from '../messages.ts';
import { CHUNK_MASK, type PacketTable } from '../table/packet-table.ts';
import { encapsulationOf } from './link-types.ts';

/** Comments of one packet that are shown: a file may have more than a tree takes fields, and the packet comes after them. */
const MOST_COMMENTS = 1000;

const f = {
  comment: string('frame.comment', 'Comment'),
  sectionNumber: uint32('frame.section_number', 'Section number'),
  interfaceId: uint32('frame.interface_id', 'Interface id'),
  interfaceName: string('frame.interface_name', 'Interface name'),
  interfaceDescription: string('frame.interface_description', 'Interface description'),
  flags: uint32('frame.packet_flags', 'Packet flags', { base: 'hex' }),
  direction: uint32('frame.packet_flags_direction', 'Direction', {
    base: 'hex',
    mask: 0x3,
    names: names({ 0: 'Unknown', 1: 'Inbound', 2: 'Outbound' }),
  }),
  reception: uint32('frame.packet_flags_reception_type', 'Reception type', {
    mask: 0x1c,
    names: names({ 0: 'Not specified', 1: 'Unicast', 2: 'Multicast', 3: 'Broadcast', 4: 'Promiscuous' }),
  }),
  fcsLength: uint32('frame.packet_flags_fcs_length', 'FCS length', { mask: 0x1e0 }),
  reserved: uint32('frame.packet_flags_reserved', 'Reserved', { mask: 0xfe00 }),
  crcError: bool('frame.packet_flags_crc_error', 'CRC error', { mask: 0x01000000 }),
  tooLong: bool('frame.packet_flags_packet_too_error', 'Packet too long error', { mask: 0x02000000 }),
  tooShort: bool('frame.packet_flags_packet_too_short_error', 'Packet too short error', { mask: 0x04000000 }),
  gapError: bool('frame.packet_flags_wrong_inter_frame_gap_error', 'Wrong interframe gap error', { mask: 0x08000000 }),
  unaligned: bool('frame.packet_flags_unaligned_frame_error', 'Unaligned frame error', { mask: 0x10000000 }),
  delimiterError: bool('frame.packet_flags_start_frame_delimiter_error', 'Start frame delimiter error', { mask: 0x20000000 }),
  preambleError: bool('frame.packet_flags_preamble_error', 'Preamble error', { mask: 0x40000000 }),
  symbolError: bool('frame.packet_flags_symbol_error', 'Symbol error', { mask: 0x80000000 }),
  pointToPoint: int8('frame.p2p_dir', 'Point-to-Point Direction', { names: names({ 0: 'Sent', 1: 'Received' }) }),
  encapType: uint16('frame.encap_type', 'Encapsulation type'),
  time: abstime('frame.time', 'Arrival Time'),
  offsetShift: reltime('frame.offset_shift', 'Time shift for this packet', { generated: true, unit: ' seconds' }),
  timeEpoch: reltime('frame.time_epoch', 'Epoch Time', { unit: ' seconds' }),
  timeDelta: reltime('frame.time_delta', 'Time delta from previous captured frame', { generated: true, unit: ' seconds' }),
  timeDeltaDisplayed: reltime('frame.time_delta_displayed', 'Time delta from previous displayed frame', {
    generated: true,
    unit: ' seconds',
  }),
  timeRelative: reltime('frame.time_relative', 'Time since reference or first frame', { generated: true, unit: ' seconds' }),
  number: framenum('frame.number', 'Frame Number'),
  len: uint32('frame.len', 'Frame length on the wire', { unit: ' bytes' }),
  capLen: uint32('frame.cap_len', 'Frame length stored into the capture file', { unit: ' bytes' }),
  marked: bool(MARKED_FIELD, 'Frame is marked', { generated: true, bool: TRUE_FALSE }),
  ignored: bool('frame.ignored', 'Frame is ignored', { generated: true, bool: TRUE_FALSE }),
  protocols: string('frame.protocols', 'Protocols in frame', { generated: true }),
};

const frame = defineProtocol({
  name: 'frame',
  short: 'Frame',
  title: 'Frame',
  osi: '1',
  pdu: 'Bits',
  hue: 'raw',
  fields: Object.values(f),
  dissect: (d, b) => {
    dissectFrame(d, b);
  },
});

/** Adds the frame layer: what the record and its interface say. `finishFrame` completes it when the protocols are known. */
export function dissectFrame(d: Dissection, b: Buf): Layer {
  const { packets, interfaces } = d.capture;
  const { row } = d;
  const chunk = packets.chunkOf(row);
  const at = row & CHUNK_MASK;
  const wireLen = chunk.wireLen[at] as number;
  const capLen = chunk.capLen[at] as number;
  const iface = interfaces[chunk.iface[at] as number];
  const layer = d.layer(frame, b);
  layer.size(0);
  layer.summary =
    wireLen === capLen
      ? `#${row + 1} · ${bytesText(wireLen)}`
      : `#${row + 1} · ${bytesText(wireLen)} on the wire, ${bytesText(capLen)} captured`;
  if (iface?.section !== undefined) layer.add(f.sectionNumber, b.offset, 0, iface.section);
  const comments = d.capture.commentsOf(row);
  for (const comment of comments.slice(0, MOST_COMMENTS)) layer.add(f.comment, b.offset, 0, comment);
  if (comments.length > MOST_COMMENTS) layer.text(b.offset, 0, `${comments.length - MOST_COMMENTS} comments more`);
  if (iface !== undefined && (iface.name !== null || iface.described === true)) {
    const name = iface.name ?? 'unknown';
    const id = layer.add(f.interfaceId, b.offset, 0, chunk.iface[at] as number, { display: `${chunk.iface[at]} (${name})` });
    id.add(f.interfaceName, b.offset, 0, name);
    if (iface.description !== null) id.add(f.interfaceDescription, b.offset, 0, iface.description);
  }
  const flags = d.capture.flagsOf?.(row) ?? null;
  if (flags !== null) addFlags(layer, flags);
  const linkType = iface?.linkType ?? -1;
  const encapsulation = encapsulationOf(linkType);
  if (encapsulation !== undefined) {
    layer.add(f.encapType, b.offset, 0, encapsulation, { display: `${linkTypeName(linkType)} (${encapsulation})` });
  }
  const time = timeOf(packets, row);
  layer.add(f.time, b.offset, 0, time);
  layer.add(f.offsetShift, b.offset, 0, { sec: 0, nsec: 0 });
  layer.add(f.timeEpoch, b.offset, 0, time);
  const delta = row === 0 ? { sec: 0, nsec: 0 } : difference(time, timeOf(packets, row - 1));
  layer.add(f.timeDelta, b.offset, 0, delta);
  layer.add(f.timeDeltaDisplayed, b.offset, 0, delta);
  layer.add(f.timeRelative, b.offset, 0, difference(time, timeOf(packets, 0)));
  layer.add(f.number, b.offset, 0, row + 1, { link: row });
  layer.add(f.len, b.offset, 0, wireLen, { label: 'Frame Length', display: lengthText(wireLen) });
  layer.add(f.capLen, b.offset, 0, capLen, { label: 'Capture Length', display: lengthText(capLen) });
  layer.add(f.marked, b.offset, 0, d.capture.state(markedRows).has(row));
  layer.add(f.ignored, b.offset, 0, false);
  const direction = (flags ?? 0) & 3;
  if (direction === INBOUND || direction === OUTBOUND) layer.add(f.pointToPoint, b.offset, 0, direction === INBOUND ? 1 : 0);
  layer.add(f.protocols, b.offset, 0, '');
  return layer;
}

/** Writes `frame.protocols` into the frame layer, once all layers are there. */
export function finishFrame(d: Dissection, layer: Layer): void {
  const { fields } = layer.node;
  const at = fields.findIndex((node) => node.abbrev === f.protocols.abbrev);
  const old = fields[at];
  if (old === undefined) return;
  const protocolNames = d.protocolNames;
  const whole = { ...old, value: protocolNames, display: protocolNames };
  fields[at] = whole;
  d.fieldDefs.delete(old);
  d.fieldDefs.set(whole, f.protocols);
}

const INBOUND = 1;
const OUTBOUND = 2;

/** Flags of an enhanced packet block (draft-ietf-opsawg-pcapng, section 4.3.1). They stand in the file, not in the packet. */
function addFlags(layer: Layer, flags: number): void {
  const at = layer.buf.offset;
  const node = layer.add(f.flags, at, 0, flags);
  for (const part of [f.direction, f.reception, f.fcsLength, f.reserved]) node.add(part, at, 0, masked(flags, part.mask as number));
  const errors = [f.crcError, f.tooLong, f.tooShort, f.gapError, f.unaligned, f.delimiterError, f.preambleError, f.symbolError];
  for (const error of errors) node.add(error, at, 0, masked(flags, error.mask as number) !== 0);
}

function lengthText(bytes: number): string {
  return `${bytes} bytes (${8 * bytes} bits)`;
}

function timeOf(packets: PacketTable, row: number): Time {
  const chunk = packets.chunkOf(row);
  return { sec: chunk.sec[row & CHUNK_MASK] as number, nsec: chunk.nsec[row & CHUNK_MASK] as number };
}

/** a - b, with nsec from 0 to 999,999,999. */
export function difference(a: Time, b: Time): Time {
  const nsec = a.nsec - b.nsec;
  return nsec < 0 ? { sec: a.sec - b.sec - 1, nsec: nsec + 1_000_000_000 } : { sec: a.sec - b.sec, nsec };
}

/** The whole captured packet as a Buf: source 0, named 'Frame'. */
export function frameBuf(d: Dissection): Buf {
  const bytes = d.capture.bytesOf(d.row);
  const wireLen = d.capture.packets.chunkOf(d.row).wireLen[d.row & CHUNK_MASK] as number;
  return new Buf(bytes, d.source('Frame', bytes), 0, bytes.length, wireLen);
}
