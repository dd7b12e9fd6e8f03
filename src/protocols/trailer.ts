/** What a link layer finds behind the packet it carries: padding, trailers, frame check sequences. */
import type { Buf, Dissection, Layer } from '../dissect/dissection.ts';
import { bytes, expert, type FieldDef, uint8, uint32 } from '../dissect/field.ts';
import { CHUNK_MASK } from '../table/packet-table.ts';
import { EtherType } from './ethertype.ts';
import { CHECKSUM_UNVERIFIED, checksumStatus } from './ip-names.ts';

/** Smallest Ethernet frame without its frame check sequence: shorter ones are padded (IEEE 802.3, 3.2.8). */
const MIN_FRAME = 60;
const FCS_BYTES = 4;

export const trailerFields = {
  padding: bytes('eth.padding', 'Padding'),
  fcs: uint32('eth.fcs', 'Frame check sequence', { base: 'hex' }),
  fcsStatus: uint8('eth.fcs.status', 'FCS Status', { base: 'none', generated: true, names: checksumStatus }),
  eiPaddingBad: expert(
    'eth.padding_bad',
    'note',
    "Didn't find padding of zeros, and an undecoded trailer exists. There may be padding of non-zeros.",
  ),
};

/**
 * Where the packet of this EtherType in `b` says it ends, as an offset in the source, at most b.wireEnd. b.wireEnd where the packet
 * does not say.
 */
export function claimedEnd(type: number, b: Buf): number {
  return Math.min(b.wireEnd, endOf(type, b));
}

function endOf(type: number, b: Buf): number {
  const o = b.offset;
  switch (type) {
    case EtherType.Ipv4: {
      const header = 4 * (b.u8(o) & 15);
      const length = b.u16(o + 2);
      const whole = b.u8(o) >> 4 === 4 && header >= 20 && b.length >= 4 && length >= header;
      return whole ? o + length : b.wireEnd;
    }
    case EtherType.Ipv6: {
      if (b.length < 40 || b.u8(o) >> 4 !== 6) return b.wireEnd;
      const length = b.u16(o + 4);
      // Length 0 with hop-by-hop options is a jumbogram: as long as its option says.
      return length === 0 && b.u8(o + 6) === 0 ? b.wireEnd : o + 40 + length;
    }
    case EtherType.Arp:
      return b.length >= 8 ? o + 8 + 2 * b.u8(o + 4) + 2 * b.u8(o + 5) : b.wireEnd;
    case EtherType.Eapol:
      return b.length >= 4 ? o + 4 + b.u16(o + 2) : b.wireEnd;
    case EtherType.Lldp:
      return endOfLldp(b);
    case EtherType.Mpls:
    case EtherType.MplsMulticast:
      return endOfMpls(b);
    default:
      return b.wireEnd;
  }
}

/** IEEE 802.1AB, 8.4: type in 7 bits, length in 9; type 0 is the last. */
function endOfLldp(b: Buf): number {
  for (let at = b.offset; at + 2 <= b.end; ) {
    const head = b.u16(at);
    at += 2 + (head & 0x1ff);
    if (head >> 9 === 0) return at;
  }
  return b.wireEnd;
}

function endOfMpls(b: Buf): number {
  for (let at = b.offset; at + 4 <= b.end; ) {
    at += 4;
    if ((b.u8(at - 2) & 1) === 0) continue;
    const version = b.u8(at) >> 4;
    if (version === 4) return endOf(EtherType.Ipv4, b.from(at));
    return version === 6 ? endOf(EtherType.Ipv6, b.from(at)) : b.wireEnd;
  }
  return b.wireEnd;
}

/**
 * Adds what lies in [from, end of `b`) to a link layer: padding up to the shortest frame if it is all zero, then a trailer; then, where
 * one may follow and the frame is long enough to have needed no padding, a frame check sequence.
 */
export function addTrailer(d: Dissection, layer: Layer, trailer: FieldDef, from: number, b: Buf, mayHaveFcs = false): void {
  const frameLength = d.capture.packets.chunkOf(d.row).wireLen[d.row & CHUNK_MASK] as number;
  let reported = b.wireEnd - from;
  if (reported <= 0 || !layer.ok) return;
  let at = from;
  let oddPadding = false;
  if (frameLength >= MIN_FRAME && frameLength - reported < MIN_FRAME) {
    const length = MIN_FRAME - (frameLength - reported);
    if (at + length > b.end) return;
    if (b.slice(at, length).every((byte) => byte === 0)) {
      layer.bytes(trailerFields.padding, at, length);
      at += length;
      reported -= length;
    } else oddPadding = true;
  }
  const hasFcs = mayHaveFcs && b.wireEnd - layer.buf.offset >= MIN_FRAME + FCS_BYTES && reported >= FCS_BYTES;
  const trailerEnd = Math.min(b.wireEnd - (hasFcs ? FCS_BYTES : 0), b.end);
  if (trailerEnd > at) {
    layer.bytes(trailer, at, trailerEnd - at);
    if (oddPadding) layer.expert(trailerFields.eiPaddingBad, at, trailerEnd - at);
  }
  if (hasFcs && b.wireEnd <= b.end) {
    const fcs = b
      .u32(b.wireEnd - FCS_BYTES)
      .toString(16)
      .padStart(8, '0');
    layer.uint(trailerFields.fcs, b.wireEnd - FCS_BYTES, FCS_BYTES, { display: `0x${fcs} [unverified]` });
    layer.add(trailerFields.fcsStatus, b.wireEnd - FCS_BYTES, 0, CHECKSUM_UNVERIFIED);
  }
}
