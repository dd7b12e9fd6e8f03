/** CAPWAP (RFC 5415, section 4): the header of control and data messages, and the frames in data messages. */
import type { Buf, Dissection, Layer } from '../dissect/dissection.ts';
import { bool, bytes, ether, names, none, uint8, uint16, uint24, uint32 } from '../dissect/field.ts';
import { defineProtocol, type Protocol } from '../dissect/protocol.ts';
import { ethernet } from './ethernet.ts';
import { callData, callOrData, followData, followOrData } from './next.ts';
import { wlanSwapped } from './wlan.ts';

const NATIVE = 0x100;
const FRAGMENT = 0x080;
const WIRELESS = 0x020;
const MAC = 0x010;
const KEEP_ALIVE = 0x008;
const IEEE_80211 = 1;

const f = {
  preamble: none('capwap.preamble', 'Preamble'),
  version: uint8('capwap.preamble.version', 'Version', { mask: 0xf0 }),
  type: uint8('capwap.preamble.type', 'Type', { mask: 0x0f, names: names({ 0: 'CAPWAP Header', 1: 'CAPWAP DTLS Header' }) }),
  header: none('capwap.header', 'Header'),
  length: uint24('capwap.header.length', 'Header Length', { mask: 0xf80000 }),
  radio: uint24('capwap.header.rid', 'Radio ID', { mask: 0x07c000 }),
  binding: uint24('capwap.header.wbid', 'Wireless Binding ID', {
    mask: 0x003e00,
    names: names({
      0: 'Reserved',
      1: 'IEEE 802.11',
      2: 'IEEE 802.16',
      3: 'EPCGlobal',
    }),
  }),
  flags: uint24('capwap.header.flags', 'Header Flags', { base: 'hex', mask: 0x0001ff }),
  native: bool('capwap.header.flags.t', 'Payload Type', {
    mask: NATIVE,
    bool: ['Native frame format (see Wireless Binding ID field)', 'IEEE 802.3 frame'],
  }),
  fragment: bool('capwap.header.flags.f', 'Fragment', { bool: ['Fragmented', "Don't Fragment"], mask: FRAGMENT }),
  last: bool('capwap.header.flags.l', 'Last Fragment', { bool: ['This is the last fragment', 'More fragments follow'], mask: 0x040 }),
  wireless: bool('capwap.header.flags.w', 'Wireless header', {
    bool: ['Wireless Specific Information is present', 'No Wireless Specific Information'],
    mask: WIRELESS,
  }),
  mac: bool('capwap.header.flags.m', 'Radio MAC header', { bool: ['Radio MAC Address is present', 'No Radio MAC Address'], mask: MAC }),
  keepAlive: bool('capwap.header.flags.k', 'Keep-Alive', { bool: ['Keep-Alive Packet', 'No Keep-Alive'], mask: KEEP_ALIVE }),
  fragmentId: uint16('capwap.header.fragment.id', 'Fragment ID'),
  fragmentOffset: uint16('capwap.header.fragment.offset', 'Fragment Offset', { mask: 0xfff8 }),
  macLength: uint8('capwap.header.mac.length', 'MAC length'),
  macAddress: ether('capwap.header.mac.eui48', 'MAC address'),
  wirelessLength: uint8('capwap.header.wireless.length', 'Wireless length'),
  wirelessData: bytes('capwap.header.wireless.data', 'Wireless data'),
};
const c = {
  messageType: uint32('capwap.control.header.message_type', 'Message Type', {
    names: names({
      1: 'Discovery Request',
      2: 'Discovery Response',
      3: 'Join Request',
      4: 'Join Response',
      5: 'Configuration Status Request',
      6: 'Configuration Status Response',
      7: 'Configuration Update Request',
      8: 'Configuration Update Response',
      9: 'WTP Event Request',
      10: 'WTP Event Response',
      11: 'Change State Request',
      12: 'Change State Response',
      13: 'Echo Request',
      14: 'Echo Response',
      15: 'Image Data Request',
      16: 'Image Data Response',
      17: 'Reset Request',
      18: 'Reset Response',
      19: 'Primary Discovery Request',
      20: 'Primary Discovery Response',
      21: 'Data Transfer Request',
      22: 'Data Transfer Response',
      23: 'Clear Configuration Request',
      24: 'Clear Configuration Response',
      25: 'Station Configuration Request',
      26: 'Station Configuration Response',
    }),
  }),
  sequence: uint8('capwap.control.header.sequence_number', 'Sequence Number'),
  elementsLength: uint16('capwap.control.header.message_element_length', 'Message Element Length'),
  flags: uint8('capwap.control.header.flags', 'Flags'),
};

const word = (b: Uint8Array, o: number): number => ((b[o + 1] as number) << 16) | ((b[o + 2] as number) << 8) | (b[o + 3] as number);
/** Bytes of the header: its length field counts words of four. */
const headerBytes = (b: Uint8Array, o: number): number => 4 * (word(b, o) >> 19);

/** What a data message carries; undefined for what is not taken apart (keep-alives, fragments, other radios). */
function carried(bits: number): Protocol | undefined {
  if ((bits & (KEEP_ALIVE | FRAGMENT)) !== 0) return undefined;
  if ((bits & NATIVE) === 0) return ethernet;
  return ((bits >> 9) & 0x1f) === IEEE_80211 ? wlanSwapped : undefined;
}

const isPlain = (bytes: Uint8Array, offset: number, end: number): boolean => end - offset >= 8 && bytes[offset] === 0;

/** The parts that the flags announce are within the header. Where they are not, the header's length counts. */
function partsFit(b: Buf): boolean {
  const bits = word(b.bytes, b.offset);
  const length = headerBytes(b.bytes, b.offset);
  let at = 8;
  for (const part of [MAC, WIRELESS]) if ((bits & part) !== 0) at += at < length ? (1 + b.u8(b.offset + at) + 3) & ~3 : length;
  return at <= length;
}

function addHeader(layer: Layer, b: Buf): void {
  const o = b.offset;
  const preamble = layer.add(f.preamble, o, 1, null);
  preamble.uint(f.version, o);
  preamble.uint(f.type, o);
  const header = layer.add(f.header, o + 1, headerBytes(b.bytes, o) - 1, null);
  const bits = word(b.bytes, o);
  header.add(f.length, o + 1, 3, bits >> 19, { display: `${headerBytes(b.bytes, o)} bytes` });
  header.uint(f.radio, o + 1);
  header.uint(f.binding, o + 1);
  const flags = header.uintNode(f.flags, o + 1);
  for (const flag of [f.native, f.fragment, f.last, f.wireless, f.mac, f.keepAlive]) flags.uint(flag, o + 1, 3);
  header.uint(f.fragmentId, o + 4);
  header.uint(f.fragmentOffset, o + 6);
  if (!partsFit(b)) return;
  let at = o + 8;
  if ((bits & MAC) !== 0) {
    const length = header.uint(f.macLength, at);
    if (length === 6) header.bytes(f.macAddress, at + 1, 6);
    at += (1 + length + 3) & ~3;
  }
  if ((bits & WIRELESS) !== 0) {
    const length = header.uint(f.wirelessLength, at);
    header.bytes(f.wirelessData, at + 1, length);
  }
}

export const capwapData: Protocol = defineProtocol({
  name: 'capwap.data',
  short: 'CAPWAP-Data',
  title: 'Control And Provisioning of Wireless Access Points - Data',
  osi: '2',
  pdu: 'Message',
  hue: 'link',
  fields: Object.values(f),
  accepts: isPlain,
  index(w) {
    if (!w.has(8)) return;
    const length = headerBytes(w.bytes, w.offset);
    if (length < 8 || !w.has(length)) return;
    const bits = word(w.bytes, w.offset);
    if ((bits & KEEP_ALIVE) !== 0) return;
    followOrData(w, carried(bits), w.offset + length);
  },
  dissect(d: Dissection, b: Buf): void {
    const layer = d.layer(capwapData, b);
    d.column(capwapData, 'CAPWAP-Data');
    if (!layer.has(b.offset, 8)) return;
    const length = headerBytes(b.bytes, b.offset);
    if (length < 8) return;
    addHeader(layer, b);
    layer.size(length);
    if (!layer.ok || !layer.has(b.offset, length)) return;
    const bits = word(b.bytes, b.offset);
    if ((bits & KEEP_ALIVE) !== 0) {
      layer.summary = 'Keep-Alive';
      d.column(capwapData, 'CAPWAP-Data Keep-Alive');
      return;
    }
    callOrData(d, carried(bits), b.from(b.offset + length));
  },
});

export const capwapControl: Protocol = defineProtocol({
  name: 'capwap',
  short: 'CAPWAP-Control',
  title: 'Control And Provisioning of Wireless Access Points - Control',
  osi: '7',
  pdu: 'Message',
  hue: 'app',
  fields: Object.values(c),
  accepts: isPlain,
  index(w) {
    if (!w.has(8)) return;
    const length = headerBytes(w.bytes, w.offset);
    if (length < 8) return;
    if ((word(w.bytes, w.offset) & FRAGMENT) !== 0) followData(w, w.offset + length);
    else w.has(length + 8);
  },
  dissect(d: Dissection, b: Buf): void {
    const layer = d.layer(capwapControl, b);
    d.column(capwapControl, 'CAPWAP-Control');
    if (!layer.has(b.offset, 8)) return;
    const length = headerBytes(b.bytes, b.offset);
    if (length < 8) return;
    addHeader(layer, b);
    layer.size(length);
    const at = b.offset + length;
    if ((word(b.bytes, b.offset) & FRAGMENT) !== 0) {
      callData(d, b.from(at));
      return;
    }
    const node = layer.uintNode(c.messageType, at);
    layer.uint(c.sequence, at + 4);
    layer.uint(c.elementsLength, at + 5);
    layer.uint(c.flags, at + 7);
    if (!layer.ok) return;
    layer.summary = node.field?.display ?? '';
    d.column(capwapControl, `CAPWAP-Control - ${layer.node.summary}`);
  },
});
