/** Per-Packet Information (CACE Technologies, version 1.0.7): fields about a packet in front of it, for 802.11 above all. Little-endian. */
import { bytesText } from '../dissect/display.ts';
import type { Buf, Dissection, Node } from '../dissect/dissection.ts';
import { bool, bytes, expert, type FieldDef, int8, names, uint8, uint16, uint24, uint32, uint64 } from '../dissect/field.ts';
import { defineProtocol, type Protocol } from '../dissect/protocol.ts';
import { tables } from '../dissect/tables.ts';
import type { ProtocolSink } from './asn1.ts';
import { readTag, tagProtocol } from './ppi-tags.ts';
import { wlanRadio } from './radiotap.ts';
import { wlan } from './wlan.ts';

const HEADER = 8;
const DLT_80211 = 105;
const COMMON = 2;
const MAC = 3;
const MAC_PHY = 4;
const AGGREGATION = 8;
const WIRED = 9;
const FLUKE = 49175;
const COMMON_BYTES = 20;
const FCS_BYTES = 4;

const trueFalse = ['True', 'False'] as const;
const flag = (abbrev: string, label: string, mask: number, words: readonly [string, string] = trueFalse): FieldDef =>
  bool(abbrev, label, { mask, bool: words });

const channelBits = (prefix: string): readonly FieldDef[] => [
  flag(`${prefix}.turbo`, 'Turbo', 0x0010),
  flag(`${prefix}.cck`, 'Complementary Code Keying (CCK)', 0x0020),
  flag(`${prefix}.ofdm`, 'Orthogonal Frequency-Division Multiplexing (OFDM)', 0x0040),
  flag(`${prefix}.2ghz`, '2 GHz spectrum', 0x0080),
  flag(`${prefix}.5ghz`, '5 GHz spectrum', 0x0100),
  flag(`${prefix}.passive`, 'Passive', 0x0200),
  flag(`${prefix}.dynamic`, 'Dynamic CCK-OFDM', 0x0400),
  flag(`${prefix}.gfsk`, 'Gaussian Frequency Shift Keying (GFSK)', 0x0800),
];

const f = {
  version: uint8('ppi.version', 'Version'),
  flags: uint8('ppi.flags', 'Flags', { base: 'hex' }),
  aligned: flag('ppi.flags.alignment', 'Alignment', 0x01, ['32-bit aligned', 'Not aligned']),
  reservedFlags: uint8('ppi.flags.reserved', 'Reserved', { base: 'hex', mask: 0xfe }),
  length: uint16('ppi.length', 'Header length'),
  dlt: uint32('ppi.dlt', 'DLT'),
  type: uint16('ppi.field_type', 'Field type', {
    names: names({
      2: '802.11-Common',
      3: '802.11n MAC Extensions',
      4: '802.11n MAC+PHY Extensions',
      5: 'Spectrum-Map',
      6: 'Process-Info',
      7: 'Capture-Info',
      8: 'Aggregation Extension',
      9: '802.3 Extension',
      30000: 'Intel Corporation (private)',
      30001: 'Mohamed Thaga (private)',
      30002: 'GPS Tagging',
      30003: 'Vector Tagging',
      30004: 'Sensor tagging',
      30005: 'Antenna Tagging',
      49175: 'FlukeNetworks (private)',
      51918: 'CACE Technologies (private)',
    }),
  }),
  fieldLength: uint16('ppi.field_len', 'Field length'),
  invalidLength: expert('ppi.invalid_length', 'error', 'Invalid length', 'malformed'),
  spectrum: bytes('ppi.spectrum-map', 'Radio spectrum map'),
  process: bytes('ppi.proc-info', 'Process information'),
  capture: bytes('ppi.cap-info', 'Capture information'),
  time: uint64('ppi.80211-common.tsft', 'TSFT'),
  commonFlags: uint16('ppi.80211-common.flags', 'Flags', { base: 'hex' }),
  rate: uint16('ppi.80211-common.rate', 'Data rate'),
  frequency: uint16('ppi.80211-common.chan.freq', 'Channel frequency'),
  channelFlags: uint16('ppi.80211-common.chan.flags', 'Channel flags', { base: 'hex' }),
  hopset: uint8('ppi.80211-common.fhss.hopset', 'FHSS hopset', { base: 'hex' }),
  pattern: uint8('ppi.80211-common.fhss.pattern', 'FHSS pattern', { base: 'hex' }),
  signal: int8('ppi.80211-common.dbm.antsignal', 'dBm antenna signal'),
  noise: int8('ppi.80211-common.dbm.antnoise', 'dBm antenna noise'),
  interface: uint32('ppi.aggregation_extension.interface_id', 'Interface ID'),
  wiredFlags: uint32('ppi.8023_extension.flags', 'Flags', { base: 'hex' }),
  wiredFcs: flag('ppi.8023_extension.flags.fcs_present', 'FCS Present Flag', 0x01),
  wiredErrors: uint32('ppi.8023_extension.errors', 'Errors', { base: 'hex' }),
  macFlags: uint32('ppi.80211n-mac.flags', 'MAC flags', { base: 'hex' }),
  aggregate: uint32('ppi.80211n-mac.ampdu_id', 'AMPDU-ID', { base: 'hex' }),
  delimiters: uint8('ppi.80211n-mac.num_delimiters', 'Num-Delimiters'),
  macReserved: uint24('ppi.80211n-mac.reserved', 'Reserved', { base: 'hex' }),
  mcs: uint8('ppi.80211n-mac-phy.mcs', 'MCS'),
  streams: uint8('ppi.80211n-mac-phy.num_streams', 'Number of spatial streams'),
  rssi: uint8('ppi.80211n-mac-phy.rssi.combined', 'RSSI combined'),
  extendedFrequency: uint16('ppi.80211-mac-phy.ext-chan.freq', 'Extended channel frequency'),
  extendedFlags: uint16('ppi.80211-mac-phy.ext-chan.flags', 'Channel flags', { base: 'hex' }),
  fluke: bytes('ppi.fnet', 'FNET'),
  reserved: bytes('ppi.reserved', 'Reserved'),
};
const commonBits = [
  flag('ppi.80211-common.flags.fcs', 'FCS present flag', 0x01, ['Present', 'Absent']),
  flag('ppi.80211-common.flags.tsft', 'TSFT flag', 0x02, ['milliseconds', 'microseconds']),
  flag('ppi.80211-common.flags.fcs-invalid', 'FCS validity', 0x04, ['Invalid', 'Valid']),
  flag('ppi.80211-common.flags.phy-err', 'PHY error flag', 0x08, ['PHY error', 'No errors']),
];
const channel = channelBits('ppi.80211-common.chan.flags');
const wiredErrors = [
  flag('ppi.8023_extension.errors.fcs', 'FCS Error', 0x01),
  flag('ppi.8023_extension.errors.sequence', 'Sequence Error', 0x02),
  flag('ppi.8023_extension.errors.symbol', 'Symbol Error', 0x04),
  flag('ppi.8023_extension.errors.data', 'Data Error', 0x08),
];
const macBits = [
  flag('ppi.80211n-mac.flags.greenfield', 'Greenfield flag', 0x01),
  flag('ppi.80211n-mac.flags.ht20_40', 'HT20/HT40 flag', 0x02, ['HT40', 'HT20']),
  flag('ppi.80211n-mac.flags.rx.short_guard_interval', 'RX Short Guard Interval (SGI) flag', 0x04),
  flag('ppi.80211n-mac.flags.rx.duplicate', 'Duplicate RX flag', 0x08),
  flag('ppi.80211n-mac.flags.agg', 'Aggregate flag', 0x10),
  flag('ppi.80211n-mac.flags.more_agg', 'More aggregates flag', 0x20),
  flag('ppi.80211n-mac.flags.delim_crc_error_after', 'A-MPDU Delimiter CRC error after this frame flag', 0x40),
];
const extended = channelBits('ppi.80211-mac-phy.ext-chan.flags');
const antennas = [0, 1, 2, 3];
const rssi = ['control', 'extension'].flatMap((kind) =>
  antennas.map((n) => uint8(`ppi.80211n-mac-phy.rssi.ant${n}${kind === 'control' ? 'ctl' : 'ext'}`, `Antenna ${n} ${kind} RSSI`)),
);
const levels = antennas.flatMap((n) =>
  ['signal', 'noise'].map((kind) => int8(`ppi.80211n-mac-phy.dbmant${n}.${kind}`, `dBm antenna ${n} ${kind}`)),
);
const vectorMagnitudes = antennas.map((n) => uint32(`ppi.80211n-mac-phy.evm${n}`, `EVM-${n}`));
/** Sizes of fields that have one. */
const sizes = new Map([
  [COMMON, COMMON_BYTES],
  [MAC, 12],
  [MAC_PHY, 48],
  [AGGREGATION, 4],
  [WIRED, 8],
]);
const titles = new Map([
  [COMMON, '802.11-Common'],
  [MAC, '802.11n MAC'],
  [MAC_PHY, '802.11n MAC+PHY'],
  [AGGREGATION, 'Aggregation Extension'],
  [WIRED, '802.3 Extension'],
]);
const whole = new Map<number, FieldDef>([
  [5, f.spectrum],
  [6, f.process],
  [7, f.capture],
  [FLUKE, f.fluke],
]);

const le16 = (b: Uint8Array, at: number): number => (b[at] as number) | ((b[at + 1] as number) << 8);
const le32 = (b: Uint8Array, at: number): number => (le16(b, at) | (le16(b, at + 2) << 16)) >>> 0;

/** Where the fields' header at `o` ends. */
function headerEnd(b: Uint8Array, o: number): number {
  return o + Math.max(HEADER, le16(b, o + 2));
}

/**
 * Bytes of frame check sequence behind an 802.11 frame, as 802.11-Common says; -1 where a field goes beyond the header. Reads only bytes[o, end).
 * Names the tags on the way to `sink`, if there is one.
 */
function fcsBytes(b: Uint8Array, o: number, end: number, sink: ProtocolSink | null): number {
  const step = ((b[o + 1] as number) & 1) !== 0 ? 3 : 0;
  let fcs = 0;
  for (let at = o + HEADER; at + 4 <= end; ) {
    const length = le16(b, at + 2);
    if (at + 4 + length > end) return -1;
    const tag = tagProtocol(le16(b, at));
    if (tag !== undefined) sink?.pushPart(tag);
    if (le16(b, at) === COMMON && length === COMMON_BYTES) fcs = ((b[at + 12] as number) & 1) !== 0 ? FCS_BYTES : 0;
    at += 4 + ((length + step) & ~step);
  }
  return fcs;
}

/** Wireshark's layer for a packet of any link type. Has no bytes of its own. */
export const packetData: Protocol = defineProtocol({
  name: 'pcap_pktdata',
  short: 'Packet data',
  title: 'pcap/pcapng packet data',
  osi: '1',
  pdu: 'Frame',
  hue: 'link',
  fields: [],
  dissect: () => {},
});

function bitsBelow(node: Node, declared: FieldDef, parts: readonly FieldDef[], at: number, width: number): void {
  const below = node.uintLeNode(declared, at, width);
  for (const part of parts) below.uintLe(part, at, width);
}

function readField(parent: Node, type: number, at: number, length: number): void {
  const asBytes = whole.get(type);
  if (asBytes !== undefined) {
    parent.bytes(asBytes, at, 4 + length);
    return;
  }
  if (tagProtocol(type) !== undefined) {
    readTag(parent, type, at + 4, length);
    return;
  }
  const size = sizes.get(type);
  if (size === undefined) {
    parent.bytes(f.reserved, at, 4 + length);
    return;
  }
  const node = parent.text(at, 4 + length, titles.get(type) ?? '');
  node.uintLe(f.type, at);
  node.uintLe(f.fieldLength, at + 2);
  if (length !== size) {
    node.expert(f.invalidLength, at + 4, length, `Invalid length: ${length}`);
    return;
  }
  const o = at + 4;
  if (type === AGGREGATION) node.uintLe(f.interface, o);
  else if (type === WIRED) {
    bitsBelow(node, f.wiredFlags, [f.wiredFcs], o, 4);
    bitsBelow(node, f.wiredErrors, wiredErrors, o + 4, 4);
  } else if (type === MAC || type === MAC_PHY) readMac(node, type, o);
  else {
    node.uint64(f.time, o, true);
    bitsBelow(node, f.commonFlags, commonBits, o + 8, 2);
    if (!node.has(o + 10, 10)) return;
    const rate = le16(node.buf.bytes, o + 10) * 500;
    node.add(f.rate, o + 10, 2, rate, { display: `${(rate / 1000).toFixed(1)} Mbps` });
    node.uintLe(f.frequency, o + 12);
    bitsBelow(node, f.channelFlags, channel, o + 14, 2);
    node.uint(f.hopset, o + 16);
    node.uint(f.pattern, o + 17);
    node.uint(f.signal, o + 18);
    node.uint(f.noise, o + 19);
  }
}

function readMac(node: Node, type: number, o: number): void {
  bitsBelow(node, f.macFlags, macBits, o, 4);
  node.uintLe(f.aggregate, o + 4);
  node.uint(f.delimiters, o + 8);
  if (type === MAC) {
    node.uintLe(f.macReserved, o + 9);
    return;
  }
  node.uint(f.mcs, o + 9);
  node.uint(f.streams, o + 10);
  node.uint(f.rssi, o + 11);
  for (const [i, field] of rssi.entries()) node.uint(field, o + 12 + i);
  node.uintLe(f.extendedFrequency, o + 20);
  bitsBelow(node, f.extendedFlags, extended, o + 22, 2);
  for (const [i, field] of levels.entries()) node.uint(field, o + 24 + i);
  for (const [i, field] of vectorMagnitudes.entries()) node.uintLe(field, o + 32 + 4 * i);
}

export const ppi: Protocol = defineProtocol({
  name: 'ppi',
  short: 'PPI',
  title: 'PPI Packet Header',
  osi: '1',
  pdu: 'Frame',
  hue: 'link',
  fields: [...Object.values(f), ...[commonBits, channel, wiredErrors, macBits, extended, rssi, levels, vectorMagnitudes].flat()],
  index(w) {
    if (!w.has(HEADER)) return;
    const { bytes: b, offset: o } = w;
    const end = headerEnd(b, o);
    if (!w.has(end - o)) return;
    const dlt = le32(b, o + 4);
    const fcs = fcsBytes(b, o, end, w);
    if (fcs < 0) return;
    if (dlt === DLT_80211) {
      const stop = w.wireEnd - fcs;
      w.push(wlanRadio);
      w.follow(wlan, end, stop, stop);
      return;
    }
    w.push(packetData);
    const next = tables.linktype.lookup(dlt);
    if (next !== undefined) w.follow(next, end);
  },
  dissect(d: Dissection, b: Buf): void {
    const o = b.offset;
    const layer = d.layer(ppi, b);
    d.column(ppi);
    const version = layer.uint(f.version, o);
    const flags = layer.uintNode(f.flags, o + 1);
    flags.uint(f.aligned, o + 1, 1);
    flags.uint(f.reservedFlags, o + 1);
    layer.uintLe(f.length, o + 2);
    const dlt = layer.uintLe(f.dlt, o + 4);
    if (!layer.ok) return;
    const end = headerEnd(b.bytes, o);
    layer.size(end - o);
    if (!layer.has(o, end - o)) return;
    layer.summary = `PPI version ${version}, ${bytesText(end - o)}`;
    d.column(ppi, layer.node.summary);
    const step = b.u8(o + 1) & 1 ? 3 : 0;
    for (let at = o + HEADER; layer.ok && at + 4 <= end; ) {
      const length = le16(b.bytes, at + 2);
      if (at + 4 + length > end) {
        layer.fail('malformed');
        return;
      }
      const type = le16(b.bytes, at);
      const tag = tagProtocol(type);
      if (tag !== undefined) d.pushPart(tag, b.from(at, at + 4 + length));
      readField(layer, type, at, length);
      at += 4 + ((length + step) & ~step);
    }
    if (dlt === DLT_80211) {
      d.call(wlanRadio, b);
      d.call(wlan, b.from(end, b.wireEnd - fcsBytes(b.bytes, o, end, null)));
      return;
    }
    d.call(packetData, b);
    const next = tables.linktype.lookup(dlt);
    if (next !== undefined) d.call(next, b.from(end));
  },
});
