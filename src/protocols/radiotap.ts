/** Radiotap headers (radiotap.org) in front of 802.11 frames: length, and the flags that say what the frame ends with. */
import { bytesText } from '../dissect/display.ts';
import type { Buf, Dissection } from '../dissect/dissection.ts';
import { bool, TRUE_FALSE, uint8, uint16, uint32 } from '../dissect/field.ts';
import { defineProtocol, type Protocol } from '../dissect/protocol.ts';
import { wlan } from './wlan.ts';

const MIN_BYTES = 8;
const HAS_TIMER = 1;
const HAS_FLAGS = 2;
const MORE = 0x80000000;
const FCS_AT_END = 0x10;
const FCS_BYTES = 4;

const f = {
  version: uint8('radiotap.version', 'Header revision'),
  pad: uint8('radiotap.pad', 'Header pad'),
  length: uint16('radiotap.length', 'Header length'),
  present: uint32('radiotap.present.word', 'Present flags word', { base: 'hex' }),
  flags: uint8('radiotap.flags', 'Flags', { base: 'hex' }),
  fcs: bool('radiotap.flags.fcs', 'FCS at end', { bool: TRUE_FALSE, mask: FCS_AT_END }),
};

const le16 = (b: Uint8Array, at: number): number => (b[at] as number) | ((b[at + 1] as number) << 8);
const le32 = (b: Uint8Array, at: number): number => (le16(b, at) | (le16(b, at + 2) << 16)) >>> 0;

/** Where the flags octet stands in the header at `o` that ends at `end`; 0 if it has none. The timer before it is aligned to 8. */
function flagsAt(b: Uint8Array, o: number, end: number): number {
  let at = o + 4;
  let word = MORE;
  for (; (word & MORE) !== 0; at += 4) {
    if (at + 4 > end) return 0;
    word = le32(b, at);
  }
  const present = le32(b, o + 4);
  if ((present & HAS_FLAGS) === 0) return 0;
  if ((present & HAS_TIMER) !== 0) at = o + ((at - o + 7) & ~7) + 8;
  return at < end ? at : 0;
}

/** Bytes of frame check sequence behind the frame. */
function fcsBytes(b: Uint8Array, o: number, end: number): number {
  const at = flagsAt(b, o, end);
  return at > 0 && ((b[at] as number) & FCS_AT_END) !== 0 ? FCS_BYTES : 0;
}

/** Wireshark's layer for what the header says of the radio. Has no bytes of its own. */
export const wlanRadio: Protocol = defineProtocol({
  name: 'wlan_radio',
  short: '802.11 Radio',
  title: '802.11 radio information',
  osi: '1',
  pdu: 'Frame',
  hue: 'link',
  fields: [],
  dissect: () => {},
});

export const radiotap: Protocol = defineProtocol({
  name: 'radiotap',
  short: 'Radiotap',
  title: 'IEEE 802.11 Radiotap Capture header',
  osi: '1',
  pdu: 'Frame',
  hue: 'link',
  fields: Object.values(f),
  index(w) {
    if (!w.has(MIN_BYTES)) return;
    const { bytes: b, offset: o } = w;
    const length = le16(b, o + 2);
    if (length < MIN_BYTES || !w.has(length)) return;
    const end = w.wireEnd - fcsBytes(b, o, o + length);
    w.push(wlanRadio);
    w.follow(wlan, o + length, end, end);
  },
  dissect(d: Dissection, b: Buf): void {
    const o = b.offset;
    const layer = d.layer(radiotap, b);
    d.column(radiotap);
    layer.uint(f.version, o);
    layer.uint(f.pad, o + 1);
    const length = layer.uintLe(f.length, o + 2);
    layer.uintLe(f.present, o + 4);
    layer.size(length);
    if (!layer.has(o, length) || length < MIN_BYTES) return;
    const at = flagsAt(b.bytes, o, o + length);
    if (at > 0) layer.uintNode(f.flags, at).uint(f.fcs, at, 1);
    layer.summary = `Header of ${bytesText(length)}`;
    d.call(wlanRadio, b);
    d.call(wlan, b.from(o + length, b.wireEnd - fcsBytes(b.bytes, o, o + length)));
  },
});
