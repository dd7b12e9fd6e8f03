/**
 * IEEE 802.11 (IEEE Std 802.11-2020, clause 9.2 and 9.3): the MAC header, and the packets in data frames that are not encrypted.
 * Management and control frames are named; their bodies are shown as they are.
 */
import { formatEther } from '../bytes/format.ts';
import type { Buf, Dissection, Layer } from '../dissect/dissection.ts';
import { bool, bytes, ether, type FieldDef, names, uint8, uint16 } from '../dissect/field.ts';
import type { IndexWalk } from '../dissect/index-walk.ts';
import { defineProtocol, type Protocol } from '../dissect/protocol.ts';
import { llc } from './llc.ts';
import { callData, followData } from './next.ts';

const MANAGEMENT = 0;
const CONTROL = 1;
const DATA = 2;
const TO_DS = 0x01;
const FROM_DS = 0x02;
const MORE_FRAGMENTS = 0x04;
const PROTECTED = 0x40;
const ORDER = 0x80;
/** Bits of a data frame's subtype. */
const NO_DATA = 4;
const QOS = 8;
const AGGREGATE = 0x80;
const SUBFRAME_BYTES = 14;

const frameTypes = names({
  0: 'Association Request',
  1: 'Association Response',
  2: 'Reassociation Request',
  3: 'Reassociation Response',
  4: 'Probe Request',
  5: 'Probe Response',
  6: 'Measurement Pilot',
  8: 'Beacon frame',
  9: 'ATIM',
  10: 'Disassociate',
  11: 'Authentication',
  12: 'Deauthentication',
  13: 'Action',
  14: 'Action No Ack',
  15: 'Aruba Management',
  18: 'Trigger',
  20: 'Beamforming Report Poll',
  21: 'VHT/HE NDP Announcement',
  23: 'Control Wrapper',
  24: '802.11 Block Ack Req',
  25: '802.11 Block Ack',
  26: 'Power-Save poll',
  27: 'Request-to-send',
  28: 'Clear-to-send',
  29: 'Acknowledgement',
  30: 'CF-End (Control-frame)',
  31: 'CF-End + CF-Ack (Control-frame)',
  32: 'Data',
  33: 'Data + CF-Ack',
  34: 'Data + CF-Poll',
  35: 'Data + CF-Ack + CF-Poll',
  36: 'Null function (No data)',
  37: 'Acknowledgement (No data)',
  38: 'CF-Poll (No data)',
  39: 'CF-Ack/Poll (No data)',
  40: 'QoS Data',
  41: 'QoS Data + CF-Acknowledgment',
  42: 'QoS Data + CF-Poll',
  43: 'QoS Data + CF-Ack + CF-Poll',
  44: 'QoS Null function (No data)',
  46: 'QoS CF-Poll (No Data)',
  47: 'QoS CF-Ack + CF-Poll (No data)',
  48: 'DMG Beacon',
  49: 'S1G Beacon',
  354: 'Poll',
  355: 'Service Period Request',
  356: 'Grant',
  357: 'DMG Clear-to-send',
  358: 'DMG Denial-to-send',
  359: 'Grant Acknowledgment',
  360: 'Sector Sweep',
  361: 'Sector Sweep Feedback',
  362: 'Sector Sweep Acknowledgment',
});

const address = (abbrev: string, label: string): FieldDef => ether(abbrev, label, { also: ['wlan.addr'] });
const f = {
  typeSubtype: uint16('wlan.fc.type_subtype', 'Type/Subtype', { base: 'hex', names: frameTypes }),
  control: uint16('wlan.fc', 'Frame Control Field', { base: 'hex' }),
  version: uint8('wlan.fc.version', 'Version', { mask: 0x03 }),
  type: uint8('wlan.fc.type', 'Type', {
    mask: 0x0c,
    names: names({
      0: 'Management frame',
      1: 'Control frame',
      2: 'Data frame',
      3: 'Extension frame',
    }),
  }),
  subtype: uint8('wlan.fc.subtype', 'Subtype', { mask: 0xf0 }),
  flags: uint8('wlan.flags', 'Flags', { base: 'hex' }),
  ds: uint8('wlan.fc.ds', 'DS status', {
    names: names({
      0: 'Not leaving DS or network is operating in AD-HOC mode (To DS: 0 From DS: 0)',
      1: 'Frame from STA to DS via an AP (To DS: 1 From DS: 0)',
      2: 'Frame from DS to a STA via AP(To DS: 0 From DS: 1)',
      3: 'WDS (AP to AP) or Mesh (MP to MP) Frame (To DS: 1 From DS: 1)',
    }),
    base: 'hex',
    mask: 0x03,
  }),
  toDs: bool('wlan.fc.tods', 'To DS', { bool: ['Frame is entering DS', 'Frame is not entering DS'], mask: TO_DS }),
  fromDs: bool('wlan.fc.fromds', 'From DS', { bool: ['Frame is exiting DS', 'Frame is not exiting DS'], mask: FROM_DS }),
  fragments: bool('wlan.fc.frag', 'More Fragments', { bool: ['More fragments follow', 'This is the last fragment'], mask: MORE_FRAGMENTS }),
  retry: bool('wlan.fc.retry', 'Retry', { bool: ['Frame is being retransmitted', 'Frame is not being retransmitted'], mask: 0x08 }),
  power: bool('wlan.fc.pwrmgt', 'PWR MGT', { bool: ['STA will go to sleep', 'STA will stay up'], mask: 0x10 }),
  more: bool('wlan.fc.moredata', 'More Data', { bool: ['Data is buffered for STA at AP', 'No data buffered'], mask: 0x20 }),
  protected: bool('wlan.fc.protected', 'Protected flag', { bool: ['Data is protected', 'Data is not protected'], mask: PROTECTED }),
  order: bool('wlan.fc.order', '+HTC/Order flag', { bool: ['Strictly ordered', 'Not strictly ordered'], mask: ORDER }),
  duration: uint16('wlan.duration', 'Duration', { mask: 0x7fff, unit: ' microseconds' }),
  ra: address('wlan.ra', 'Receiver address'),
  ta: address('wlan.ta', 'Transmitter address'),
  da: address('wlan.da', 'Destination address'),
  sa: address('wlan.sa', 'Source address'),
  bssid: address('wlan.bssid', 'BSS Id'),
  fragment: uint16('wlan.frag', 'Fragment number', { mask: 0x000f }),
  sequence: uint16('wlan.seq', 'Sequence number', { mask: 0xfff0 }),
  qos: uint16('wlan.qos', 'Qos Control', { base: 'hex' }),
  tid: uint16('wlan.qos.tid', 'TID', { mask: 0x000f }),
  aggregate: bool('wlan.qos.amsdupresent', 'Payload Type', { mask: AGGREGATE, bool: ['A-MSDU', 'MSDU'] }),
  fcs: bytes('wlan.fcs', 'Frame check sequence'),
};

/** Bytes of the MAC header of a frame with this type octet and these flags. */
function headerBytes(kind: number, flags: number): number {
  const type = (kind >> 2) & 3;
  const subtype = kind >> 4;
  if (type === MANAGEMENT) return (flags & ORDER) !== 0 ? 28 : 24;
  if (type === CONTROL) return subtype === 0xc || subtype === 0xd ? 10 : 16;
  if (type !== DATA) return 2;
  let length = 24;
  if ((flags & (TO_DS | FROM_DS)) === (TO_DS | FROM_DS)) length += 6;
  if ((subtype & QOS) !== 0) length += (flags & ORDER) !== 0 ? 6 : 2;
  return length;
}

/** Where the QoS control field stands in a data frame. */
function qosAt(flags: number): number {
  return (flags & (TO_DS | FROM_DS)) === (TO_DS | FROM_DS) ? 30 : 24;
}

/** A data frame with a packet in it that can be read. */
function carriesPacket(kind: number, flags: number): boolean {
  return (kind & 0x0c) === 0x08 && ((kind >> 4) & NO_DATA) === 0 && (flags & PROTECTED) === 0;
}

function index(w: IndexWalk, swapped: boolean): void {
  if (!w.has(2)) return;
  const { bytes: b, offset: o } = w;
  const kind = b[swapped ? o + 1 : o] as number;
  const flags = b[swapped ? o : o + 1] as number;
  const length = headerBytes(kind, flags);
  if (!w.has(length)) return;
  const at = o + length;
  if ((kind & 0x0c) !== 0x08 || ((kind >> 4) & NO_DATA) !== 0) return;
  if (!carriesPacket(kind, flags) || isLaterFragment(b, o, swapped)) {
    followData(w, at);
    return;
  }
  if (((kind >> 4) & QOS) !== 0 && ((b[o + qosAt(flags)] as number) & AGGREGATE) !== 0) {
    const { end, wireEnd } = w;
    for (let s = at; s + SUBFRAME_BYTES < end; ) {
      const size = ((b[s + 12] as number) << 8) | (b[s + 13] as number);
      if (size > 0) w.nest(llc, s + SUBFRAME_BYTES, Math.min(wireEnd, s + SUBFRAME_BYTES + size));
      s = nextSubframe(at, s, size);
    }
    return;
  }
  if (at < w.end) w.follow(llc, at);
}

/** Subframes are padded to four octets, counted from the first. */
function nextSubframe(first: number, at: number, size: number): number {
  return first + ((at - first + SUBFRAME_BYTES + size + 3) & ~3);
}

/** Fragments are not put together: what is behind the first is shown as it is. Controllers that swap bytes write no true number. */
function isLaterFragment(b: Uint8Array, o: number, swapped: boolean): boolean {
  return !swapped && ((b[o + 22] as number) & 0x0f) !== 0;
}

function dissect(d: Dissection, b: Buf, protocol: Protocol, swapped: boolean): void {
  const o = b.offset;
  const layer = d.layer(protocol, b);
  d.column(protocol);
  if (!layer.has(o, 2)) return;
  const kindAt = swapped ? o + 1 : o;
  const flagsAt = swapped ? o : o + 1;
  const kind = b.u8(kindAt);
  const flags = b.u8(flagsAt);
  const type = (kind >> 2) & 3;
  const typeSubtype = (type << 4) | (kind >> 4);
  const name = frameTypes.get(typeSubtype) ?? `Unrecognized (0x${typeSubtype.toString(16).padStart(2, '0')})`;
  layer.summary = name;
  d.column(protocol, name);
  layer.add(f.typeSubtype, kindAt, 1, typeSubtype);
  const control = layer.uintNode(f.control, o);
  control.uint(f.version, kindAt);
  control.uint(f.type, kindAt);
  control.uint(f.subtype, kindAt);
  const bits = control.uintNode(f.flags, flagsAt);
  for (const bit of [f.ds, f.toDs, f.fromDs, f.fragments, f.retry, f.power, f.more, f.protected, f.order]) bits.uint(bit, flagsAt, 1);
  const length = headerBytes(kind, flags);
  layer.size(length);
  layer.uintLe(f.duration, o + 2);
  addAddresses(layer, o, type, kind >> 4, flags);
  if (!layer.has(o, length)) return;
  if (type !== CONTROL && length >= 24) {
    layer.uintLe(f.fragment, o + 22);
    layer.uintLe(f.sequence, o + 22);
  }
  const payload = b.from(o + length);
  if (type !== DATA || ((kind >> 4) & NO_DATA) !== 0) {
    if (payload.length > 0) layer.text(payload.offset, payload.length, 'Not taken apart', `${payload.length} bytes`);
    return;
  }
  let aggregate = false;
  if (((kind >> 4) & QOS) !== 0) {
    const qos = layer.uintLeNode(f.qos, o + qosAt(flags));
    qos.uintLe(f.tid, o + qosAt(flags));
    qos.uintLe(f.aggregate, o + qosAt(flags), 2);
    aggregate = (b.u8(o + qosAt(flags)) & AGGREGATE) !== 0;
  }
  const source = layer.node.fields.find((node) => node.abbrev === 'wlan.sa');
  const destination = layer.node.fields.find((node) => node.abbrev === 'wlan.da');
  if (source !== undefined && !d.quoted) d.columns.source = source.display;
  if (destination !== undefined && !d.quoted) d.columns.destination = destination.display;
  if (!carriesPacket(kind, flags) || isLaterFragment(b.bytes, o, swapped)) {
    callData(d, payload);
    return;
  }
  if (!aggregate) {
    if (payload.length > 0) d.call(llc, payload);
    return;
  }
  const first = payload.offset;
  for (let s = first; layer.ok && !d.full && s + SUBFRAME_BYTES < b.end; ) {
    const size = b.u16(s + 12);
    const sub = layer.text(s, SUBFRAME_BYTES, 'A-MSDU Subframe', `${size} bytes`);
    sub.bytes(f.da, s, 6);
    sub.bytes(f.sa, s + 6, 6);
    if (size > 0) d.call(llc, b.from(s + SUBFRAME_BYTES, s + SUBFRAME_BYTES + size));
    s = nextSubframe(first, s, size);
  }
}

/** Which of the addresses is which depends on who sends to whom (IEEE Std 802.11-2020, table 9-30). */
function addAddresses(layer: Layer, o: number, type: number, subtype: number, flags: number): void {
  const at = [o + 4, o + 10, o + 16, o + 24] as const;
  layer.bytes(f.ra, at[0], 6);
  if (type === CONTROL) {
    if (subtype !== 0xc && subtype !== 0xd) layer.bytes(f.ta, at[1], 6);
    return;
  }
  if (type !== MANAGEMENT && type !== DATA) return;
  layer.bytes(f.ta, at[1], 6);
  const ds = flags & (TO_DS | FROM_DS);
  const [da, sa, bssid] = ds === 0 ? [0, 1, 2] : ds === FROM_DS ? [0, 2, 1] : ds === TO_DS ? [2, 1, 0] : [2, 3, -1];
  layer.bytes(f.da, at[da as 0], 6);
  layer.bytes(f.sa, at[sa as 0], 6);
  if ((bssid as number) >= 0) layer.bytes(f.bssid, at[bssid as 0], 6);
  if (layer.ok)
    layer.summary = `${layer.node.summary} · ${formatEther(layer.buf.slice(at[1], 6))} → ${formatEther(layer.buf.slice(at[0], 6))}`;
}

const about = { name: 'wlan', short: '802.11', title: 'IEEE 802.11 wireless LAN', osi: '2', pdu: 'Frame', hue: 'link' } as const;

export const wlan: Protocol = defineProtocol({
  ...about,
  fields: Object.values(f),
  index: (w) => index(w, false),
  dissect: (d, b) => dissect(d, b, wlan, false),
});

/** With the octets of the frame control field in the other order, as some controllers send it in CAPWAP. */
export const wlanSwapped: Protocol = defineProtocol({
  ...about,
  fields: [],
  index: (w) => index(w, true),
  dissect: (d, b) => dissect(d, b, wlanSwapped, true),
});
