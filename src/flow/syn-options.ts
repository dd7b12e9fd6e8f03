/** What a SYN offers (RFC 9293, section 3.7.1; RFC 7323; RFC 2018), read again from its bytes. */
import { type CaptureIndex, defineState } from '../dissect/capture-index.ts';
import { CHUNK_MASK, NONE } from '../table/packet-table.ts';
import { fragments, rebuild } from './ip-fragments.ts';

export interface SynOptions {
  /** 0 where it is not given. */
  readonly mss: number;
  /** Shift of the window scale, -1 where it is not given. */
  readonly scale: number;
  readonly sack: boolean;
  readonly timestamps: boolean;
  /** TCP Fast Open (RFC 7413): asks for a cookie, or brings one. */
  readonly fastOpen: boolean;
}

/** Bytes that hold a TCP segment, and where its header begins in them. */
export interface Segment {
  readonly bytes: Uint8Array;
  readonly offset: number;
}

/** The segment that was read last: who puts a message together asks again for the one that completes it. */
const latest = defineState(() => ({ row: -1, segment: null as Segment | null }));

/** Where a row's TCP header lies: in its frame, or in the datagram that its frame completed; found by its ports and numbers. */
export function segmentOf(capture: CaptureIndex, row: number): Segment | null {
  const last = capture.state(latest);
  if (last.row === row && last.segment !== null) return last.segment;
  last.segment = findSegment(capture, row);
  last.row = row;
  return last.segment;
}

function findSegment(capture: CaptureIndex, row: number): Segment | null {
  for (const datagram of capture.state(fragments).completedBy(row)) {
    const bytes = rebuild(capture, datagram);
    const offset = headerOffset(capture, row, bytes);
    if (offset >= 0) return { bytes, offset };
  }
  const bytes = capture.bytesOf(row);
  const offset = headerOffset(capture, row, bytes);
  return offset < 0 ? null : { bytes, offset };
}

function headerOffset(capture: CaptureIndex, row: number, bytes: Uint8Array): number {
  const chunk = capture.packets.chunkOf(row);
  const at = row & CHUNK_MASK;
  const ports = (((chunk.srcPort[at] as number) << 16) | (chunk.dstPort[at] as number)) >>> 0;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  for (let o = 0; o + 20 <= bytes.length; o++) {
    if (view.getUint32(o) === ports && view.getUint32(o + 4) === chunk.seq[at] && view.getUint32(o + 8) === chunk.ack[at]) return o;
  }
  return -1;
}

/** Captured bytes of a row's TCP header. */
export function headerOf(capture: CaptureIndex, row: number): Uint8Array {
  const segment = segmentOf(capture, row);
  if (segment === null) return new Uint8Array(0);
  const { bytes, offset } = segment;
  return bytes.subarray(offset, Math.min(bytes.length, offset + ((bytes[offset + 12] as number) >> 4) * 4));
}

/** Reads the options of a TCP header. */
export function synOptions(header: Uint8Array): SynOptions {
  let mss = 0;
  let scale = -1;
  let sack = false;
  let timestamps = false;
  let fastOpen = false;
  for (let o = 20; o < header.length; ) {
    const kind = header[o] as number;
    if (kind === 0) break;
    if (kind === 1) {
      o++;
      continue;
    }
    const length = header[o + 1] ?? 0;
    if (length < 2 || o + length > header.length) break;
    if (kind === 2 && length === 4) mss = ((header[o + 2] as number) << 8) | (header[o + 3] as number);
    else if (kind === 3 && length === 3) scale = Math.min(14, header[o + 2] as number);
    else if (kind === 4) sack = true;
    else if (kind === 8) timestamps = true;
    // Kind 34, or the experimental kind with the identifier of RFC 7413, section 4.1.
    else if (kind === 34 || (kind === 254 && length >= 4 && header[o + 2] === 0xf9 && header[o + 3] === 0x89)) fastOpen = true;
    o += length;
  }
  return { mss, scale, sack, timestamps, fastOpen };
}

/** 'MSS 1460, WS 128, SACK, TS'. */
export function synOptionsText(options: SynOptions): string {
  const words: string[] = [];
  if (options.mss > 0) words.push(`MSS ${options.mss}`);
  if (options.scale >= 0) words.push(`WS ${2 ** options.scale}`);
  if (options.sack) words.push('SACK');
  if (options.timestamps) words.push('TS');
  if (options.fastOpen) words.push('TFO');
  return words.join(', ');
}

/**
 * What both ends agreed on: 'MSS 1460 · WS 128 · SACK · TS'; '' where not both the SYN and the SYN/ACK were captured. `syn`, `synAck`: rows, or
 * NONE. Two window scales that differ stand as 'WS 128/64', client's first.
 */
export function agreedOptions(capture: CaptureIndex, syn: number, synAck: number): string {
  if (syn === NONE || synAck === NONE) return '';
  const a = synOptions(headerOf(capture, syn));
  const b = synOptions(headerOf(capture, synAck));
  const agreed: string[] = [];
  const mss = a.mss > 0 && b.mss > 0 ? Math.min(a.mss, b.mss) : Math.max(a.mss, b.mss);
  if (mss > 0) agreed.push(`MSS ${mss}`);
  if (a.scale >= 0 && b.scale >= 0) agreed.push(a.scale === b.scale ? `WS ${2 ** a.scale}` : `WS ${2 ** a.scale}/${2 ** b.scale}`);
  if (a.sack && b.sack) agreed.push('SACK');
  if (a.timestamps && b.timestamps) agreed.push('TS');
  // The SYN asks for a cookie or brings one; only the server's answer tells that it takes part, or data in the SYN that it acknowledges.
  if (a.fastOpen && (b.fastOpen || acknowledgesData(capture, syn, synAck))) agreed.push('TFO');
  return agreed.join(' · ');
}

/** The SYN/ACK acknowledges data that the SYN brought (RFC 7413, section 3). */
function acknowledgesData(capture: CaptureIndex, syn: number, synAck: number): boolean {
  const first = capture.packets.chunkOf(syn);
  const answer = capture.packets.chunkOf(synAck);
  return ((answer.ack[synAck & CHUNK_MASK] as number) - (first.seq[syn & CHUNK_MASK] as number)) >>> 0 > 1;
}

/** Blocks of the SACK option of a TCP header (RFC 2018, section 3): left and right edge, raw numbers; empty without it. */
export function sackBlocks(header: Uint8Array): [number, number][] {
  const view = new DataView(header.buffer, header.byteOffset, header.length);
  const blocks: [number, number][] = [];
  for (let o = 20; o + 1 < header.length; ) {
    const kind = header[o] as number;
    if (kind === 0) break;
    if (kind === 1) {
      o++;
      continue;
    }
    const length = header[o + 1] as number;
    if (length < 2) break;
    if (kind === 5) {
      for (let e = o + 2; e + 8 <= Math.min(header.length, o + length); e += 8) blocks.push([view.getUint32(e), view.getUint32(e + 4)]);
      break;
    }
    o += length;
  }
  return blocks;
}
