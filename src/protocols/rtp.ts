/** RTP (RFC 3550), with the payload types of RFC 3551 and header extensions of RFC 8285; found where a signalling protocol announced it. */
import { defineState } from '../dissect/capture-index.ts';
import type { Buf, Dissection, Layer } from '../dissect/dissection.ts';
import { bool, bytes, framenum, names, none, string, uint8, uint16, uint32 } from '../dissect/field.ts';
import type { IndexWalk } from '../dissect/index-walk.ts';
import { allProtocols, type Protocol } from '../dissect/protocol.ts';
import { lowerBound } from '../table/ascending.ts';
import { RowFlag } from '../table/packet-table.ts';
import { app } from './app-kit.ts';
import { h264 } from './h264.ts';
import { mediaSetups, setupOf } from './media-setups.ts';
import { rtpEvent } from './rtpevent.ts';

const FLAGS = ['True', 'False'] as const;
/** RFC 3551 section 6, in Wireshark's words. */
export const payloadTypes = names({
  0: 'ITU-T G.711 PCMU',
  1: 'USA Federal Standard FS-1016',
  2: 'ITU-T G.721',
  3: 'GSM 06.10',
  4: 'ITU-T G.723',
  5: 'DVI4 8000 samples/s',
  6: 'DVI4 16000 samples/s',
  7: 'Experimental linear predictive encoding from Xerox PARC',
  8: 'ITU-T G.711 PCMA',
  9: 'ITU-T G.722',
  10: '16-bit uncompressed audio, stereo',
  11: '16-bit uncompressed audio, monaural',
  12: 'Qualcomm Code Excited Linear Predictive coding',
  13: 'Comfort noise',
  14: 'MPEG-I/II Audio',
  15: 'ITU-T G.728',
  16: 'DVI4 11025 samples/s',
  17: 'DVI4 22050 samples/s',
  18: 'ITU-T G.729',
  19: 'Comfort noise (old)',
  25: 'Sun CellB video encoding',
  26: 'JPEG-compressed video',
  28: "'nv' program",
  31: 'ITU-T H.261',
  32: 'MPEG-I/II Video',
  33: 'MPEG-II transport streams',
  34: 'ITU-T H.263',
  ...Object.fromEntries(Array.from({ length: 32 }, (_, i) => [96 + i, `DynamicRTP-Type-${96 + i}`])),
});

/** Versions of RTP and RTCP (RFC 3550 section 5.1). */
export const rtpVersions = names({ 0: 'Old VAT Version', 1: 'First Draft Version', 2: 'RFC 1889 Version', 3: 'Reserved' });

const f = {
  setup: string('rtp.setup', 'Stream setup', { generated: true }),
  setupFrame: framenum('rtp.setup-frame', 'Setup frame', { generated: true }),
  setupMethod: string('rtp.setup-method', 'Setup Method', { generated: true }),
  version: uint8('rtp.version', 'Version', {
    mask: 0xc0,
    names: rtpVersions,
  }),
  padding: bool('rtp.padding', 'Padding', { mask: 0x20, bool: FLAGS }),
  extension: bool('rtp.ext', 'Extension', { mask: 0x10, bool: FLAGS }),
  count: uint8('rtp.cc', 'Contributing source identifiers count', { mask: 0x0f }),
  marker: bool('rtp.marker', 'Marker', { mask: 0x80, bool: FLAGS }),
  type: uint8('rtp.p_type', 'Payload type', { mask: 0x7f, names: payloadTypes }),
  sequence: uint16('rtp.seq', 'Sequence number'),
  extended: uint32('rtp.extseq', 'Extended sequence number', { generated: true }),
  timestamp: uint32('rtp.timestamp', 'Timestamp'),
  ssrc: uint32('rtp.ssrc', 'Synchronization Source identifier', { base: 'hex_dec' }),
  sources: none('rtp.csrc.items', 'Contributing Source identifiers'),
  source: uint32('rtp.csrc.item', 'CSRC item', { base: 'hex_dec' }),
  profile: uint16('rtp.ext.profile', 'Defined by profile', {
    names: names({
      103: 'ED137',
      359: 'ED137A',
    }),
    base: 'hex_dec',
  }),
  extensionLength: uint16('rtp.ext.len', 'Extension length'),
  headerExtension: uint32('rtp.hdr_ext', 'Header extension', { base: 'hex_dec' }),
  extensionId: uint8('rtp.ext.rfc5285.id', 'Identifier'),
  extensionSize: uint8('rtp.ext.rfc5285.len', 'Length'),
  appBits: uint8('rtp.ext.rfc5285.appbits', 'Application Bits'),
  extensionData: bytes('rtp.ext.rfc5285.data', 'Extension Data'),
  payload: bytes('rtp.payload', 'Payload'),
  paddingData: bytes('rtp.padding.data', 'Padding data'),
  paddingCount: uint8('rtp.padding.count', 'Padding count'),
};

/** Rows of a direction at which the number of times that its sequence number ran over changed, and that number. */
interface Cycles {
  latest: number;
  readonly rows: number[];
  readonly bases: number[];
}
/** Changes remembered for one direction: a stream that jumps all the time is not counted further. */
const MAX_CHANGES = 10_000;
const sequences = defineState(() => new Map<number, Cycles>());

/** RFC 3550 appendix A.1 in short: the sequence number nearest to the latest one, as Wireshark extends it (from 65536 on). */
function extend(latest: number, sequence: number): number {
  const base = latest - (latest % 65536);
  const value = base + sequence;
  if (value + 0x8000 < latest) return value + 0x10000;
  return latest + 0x8000 < value ? value - 0x10000 : value;
}

/** Wireshark takes these for telephone events where nobody has said what they are. */
const USUAL_EVENTS = new Set([100, 101]);
const EVENT_NAMES = new Set(['telephone-event', 'x-nse']);

/** Octets of the header, extension included. */
function headerLength(b: Uint8Array, o: number): number {
  const first = b[o] as number;
  const length = 12 + 4 * (first & 15);
  return (first & 0x10) === 0 ? length : length + 4 + 4 * (((b[o + length + 2] ?? 0) << 8) | (b[o + length + 3] ?? 0));
}

/** What the payload of the packet is, where it has a form of its own: telephone events, video. */
function carriedIn(w: IndexWalk): Protocol | undefined {
  const { bytes, offset } = w;
  const type = (bytes[offset + 1] as number) & 0x7f;
  if (type < 96 || (bytes[offset] as number) >> 6 !== 2) return undefined;
  const table = w.capture.state(mediaSetups);
  const setup = table.at(w.dst, w.dstPort, w.row) ?? table.at(w.src, w.srcPort, w.row);
  const name = setup?.types.get(type);
  if (name === 'h264') return h264;
  return (name === undefined ? USUAL_EVENTS.has(type) : EVENT_NAMES.has(name)) ? rtpEvent : undefined;
}

function index(w: IndexWalk): void {
  if (w.quoted || w.end - w.offset < 12) return;
  const carried = carriedIn(w);
  if (carried !== undefined && w.offset + headerLength(w.bytes, w.offset) < w.end) w.push(carried);
  const table = w.capture.state(sequences);
  const key = 2 * w.stream + ((w.flags & RowFlag.FromClient) !== 0 ? 0 : 1);
  let cycles = table.get(key);
  if (cycles === undefined) {
    cycles = { latest: 0x10000, rows: [], bases: [] };
    table.set(key, cycles);
  }
  const sequence = ((w.bytes[w.offset + 2] as number) << 8) | (w.bytes[w.offset + 3] as number);
  const extended = Math.max(0, extend(cycles.latest, sequence));
  const base = extended - (extended % 65536);
  if (base !== (cycles.bases.at(-1) ?? -1) && cycles.rows.length < MAX_CHANGES) {
    cycles.rows.push(w.row);
    cycles.bases.push(base);
  }
  cycles.latest = extended;
}

/** What stands above the sequence number of `row`: a multiple of 65536. */
function baseOf(cycles: Cycles, row: number): number {
  return cycles.bases[lowerBound(cycles.rows, row + 1) - 1] ?? 0;
}

function headerExtension(layer: Layer, b: Buf, at: number): number {
  const profile = layer.uint(f.profile, at);
  const words = layer.uint(f.extensionLength, at + 2);
  const end = at + 4 + 4 * words;
  if (!layer.has(at + 4, 4 * words)) return b.end;
  const oneByte = profile === 0xbede;
  if (!oneByte && (profile & 0xfff0) !== 0x1000) {
    for (let i = at + 4; i < end; i += 4) layer.uint(f.headerExtension, i);
    return end;
  }
  for (let i = at + 4; i < end && layer.ok; ) {
    const first = b.u8(i);
    if (first === 0) {
      i++;
      continue;
    }
    const id = oneByte ? first >> 4 : first;
    const length = oneByte ? (first & 15) + 1 : b.u8(i + 1);
    const head = oneByte ? 1 : 2;
    if (oneByte && id === 15) break;
    const node = layer.text(i, head + length, `RFC 5285 Header Extension (${oneByte ? 'One' : 'Two'}-Byte Header)`);
    node.add(f.extensionId, i, 1, id);
    node.add(f.extensionSize, i + head - 1, 1, length);
    if (length > 0) node.bytes(f.extensionData, i + head, Math.min(length, Math.max(0, end - i - head)));
    i += head + length;
  }
  return end;
}

function setupFields(layer: Layer, d: Dissection): void {
  const setup = setupOf(d);
  if (setup === undefined) return;
  const node = layer.add(f.setup, layer.buf.offset, 0, '', { display: `Stream setup by ${setup.method} (frame ${setup.row + 1})` });
  node.add(f.setupFrame, layer.buf.offset, 0, setup.row + 1);
  node.add(f.setupMethod, layer.buf.offset, 0, setup.method);
}

export const rtp = app({
  name: 'rtp',
  short: 'RTP',
  title: 'Real-Time Transport Protocol',
  pdu: 'Packet',
  fields: Object.values(f),
  sticky: true,
  index,
  read(layer, b, d) {
    const o = b.offset;
    setupFields(layer, d);
    const version = layer.uint(f.version, o);
    if (version !== 2) {
      layer.size(1);
      return 'Unknown RTP version';
    }
    const padded = layer.uint(f.padding, o, 1) !== 0;
    const extended = layer.uint(f.extension, o, 1) !== 0;
    const sources = layer.uint(f.count, o);
    const marker = layer.uint(f.marker, o + 1, 1) !== 0;
    const type = layer.uint(f.type, o + 1);
    const sequence = layer.uint(f.sequence, o + 2);
    const transport = d.transport;
    const cycles =
      transport?.kind !== 'udp' ? undefined : d.capture.state(sequences).get(2 * transport.stream + (transport.fromClient ? 0 : 1));
    if (cycles !== undefined) layer.add(f.extended, o + 2, 2, baseOf(cycles, d.row) + sequence);
    const timestamp = layer.uint(f.timestamp, o + 4);
    const ssrc = layer.uint(f.ssrc, o + 8);
    let at = o + 12;
    if (sources > 0 && layer.has(at, 4 * sources)) {
      const list = layer.add(f.sources, at, 4 * sources, null);
      for (let i = 0; i < sources; i++) list.uint(f.source, at + 4 * i);
      at += 4 * sources;
    }
    if (extended && layer.ok) at = headerExtension(layer, b, at);
    layer.size(at - o, b.end);
    let end = b.end;
    const padding = padded && layer.ok && b.end > at && b.end === b.wireEnd ? b.u8(b.end - 1) : 0;
    if (padding > 0 && padding <= b.end - at) end -= padding;
    if (layer.ok && end > at) layer.bytes(f.payload, at, end - at);
    const carried = d.indexed(allProtocols());
    if (layer.ok && end > at && (carried === rtpEvent || carried === h264)) d.call(carried, b.from(at, end));
    if (end < b.end) {
      if (b.end - 1 > end) layer.bytes(f.paddingData, end, b.end - 1 - end);
      layer.uint(f.paddingCount, b.end - 1);
    }
    return `PT=${payloadTypes.get(type) ?? 'Unknown'}, SSRC=0x${ssrc.toString(16).toUpperCase()}, Seq=${sequence}, Time=${timestamp}${marker ? ', Mark' : ''}`;
  },
});
