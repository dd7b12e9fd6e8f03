/** The same bytes in other packets: TCP segments cut up or joined, IPv4 datagrams in fragments. What they say stays the same. */
import type { Frame, FrameList } from './memory-capture.ts';
import type { Random } from './random.ts';

/** Packets that one may be cut into. */
const MOST_PIECES = 24;
/** Bytes of a joined segment. */
const MOST_JOINED = 40_000;

/** By link type: where the IP header of a packet is, -1 if it has none. */
const NETWORK = new Map<number, (bytes: Uint8Array) => number>([
  [1, (bytes) => (isIp(be16(bytes, 12)) ? 14 : -1)],
  [12, () => 0],
  [101, () => 0],
  [113, (bytes) => (isIp(be16(bytes, 14)) ? 16 : -1)],
]);

function isIp(ethertype: number): boolean {
  return ethertype === 0x0800 || ethertype === 0x86dd;
}

interface Segment {
  readonly ip: number;
  readonly tcp: number;
  readonly payload: number;
  readonly end: number;
}

/** Cuts some packets of the list into several and joins others, all in their order. */
export function recut(random: Random, list: FrameList): FrameList {
  const network = NETWORK.get(list.linkType);
  if (network === undefined) return list;
  const way = random.below(4);
  const size = random.pick([1, 2, 5, 17, 64, 536]);
  const frames: Frame[] = [];
  for (const frame of list.frames) {
    const ip = network(frame.bytes);
    const segment = ip < 0 ? null : segmentIn(frame.bytes, ip);
    if (segment === null || segment.end <= segment.payload) {
      if (way === 2 && ip >= 0 && random.below(2) === 0) frames.push(...fragments(random, frame, ip));
      else frames.push(frame);
    } else if (way === 0) frames.push(...pieces(random, frame, segment, random.below(3) === 0 ? random.below(600) + 1 : size));
    else if (way === 1) {
      const before = frames.at(-1);
      const joined = before === undefined ? null : join(before, frame, segment, network);
      if (joined === null) frames.push(frame);
      else frames[frames.length - 1] = joined;
    } else if (way === 2 && random.below(2) === 0) frames.push(...fragments(random, frame, ip));
    else frames.push(frame);
  }
  return { ...list, frames };
}

function segmentIn(bytes: Uint8Array, ip: number): Segment | null {
  if (bytes.length < ip + 40) return null;
  const version = (bytes[ip] as number) >> 4;
  let tcp: number;
  let end: number;
  if (version === 4) {
    if (bytes[ip + 9] !== 6 || (be16(bytes, ip + 6) & 0x3fff) !== 0) return null;
    tcp = ip + 4 * ((bytes[ip] as number) & 15);
    end = ip + be16(bytes, ip + 2);
  } else {
    if (version !== 6 || bytes[ip + 6] !== 6) return null;
    tcp = ip + 40;
    end = tcp + be16(bytes, ip + 4);
  }
  end = Math.min(end, bytes.length);
  if (tcp + 20 > end) return null;
  const payload = tcp + 4 * ((bytes[tcp + 12] as number) >> 4);
  return payload < tcp + 20 || payload > end ? null : { ip, tcp, payload, end };
}

/** The segment with bytes [from, to) of its payload. */
function part(frame: Frame, { ip, tcp, payload, end }: Segment, from: number, to: number): Frame {
  const bytes = new Uint8Array(payload + to - from);
  bytes.set(frame.bytes.subarray(0, payload));
  bytes.set(frame.bytes.subarray(payload + from, payload + to), payload);
  setLength(bytes, ip, bytes.length);
  set32(bytes, tcp + 4, be32(frame.bytes, tcp + 4) + from);
  // FIN and PSH belong to the last byte.
  if (payload + to < end) bytes[tcp + 13] = (bytes[tcp + 13] as number) & ~0x09;
  return { ...frame, bytes, wireLength: bytes.length };
}

function pieces(random: Random, frame: Frame, segment: Segment, size: number): Frame[] {
  const total = segment.end - segment.payload;
  const out: Frame[] = [];
  for (let at = 0; at < total; ) {
    const to = out.length === MOST_PIECES ? total : Math.min(total, at + size);
    out.push(part(frame, segment, at, to));
    // Sometimes the next one repeats some of this one.
    at = to < total && to - at > 1 && random.below(8) === 0 ? to - 1 : to;
  }
  if (out.length > 1 && random.below(4) === 0) {
    const one = random.below(out.length);
    const other = random.below(out.length);
    [out[one], out[other]] = [out[other] as Frame, out[one] as Frame];
  }
  if (out.length > 1 && random.below(16) === 0) out.splice(random.below(out.length), 1);
  return out;
}

/** Two segments that follow each other, as one; null if they do not. */
function join(before: Frame, frame: Frame, segment: Segment, network: (bytes: Uint8Array) => number): Frame | null {
  const ip = network(before.bytes);
  const first = ip < 0 ? null : segmentIn(before.bytes, ip);
  if (first === null || ip !== segment.ip || first.end - first.payload > MOST_JOINED) return null;
  const a = before.bytes;
  const b = frame.bytes;
  if (be32(a, first.tcp) !== be32(b, segment.tcp)) return null;
  if ((be32(a, first.tcp + 4) + first.end - first.payload) >>> 0 !== be32(b, segment.tcp + 4)) return null;
  const bytes = new Uint8Array(first.end + segment.end - segment.payload);
  bytes.set(a.subarray(0, first.end));
  bytes.set(b.subarray(segment.payload, segment.end), first.end);
  bytes[first.tcp + 13] = (a[first.tcp + 13] as number) | (b[segment.tcp + 13] as number);
  setLength(bytes, ip, bytes.length);
  return { ...before, bytes, wireLength: bytes.length };
}

function fragments(random: Random, frame: Frame, ip: number): Frame[] {
  const { bytes } = frame;
  if (bytes.length < ip + 20 || (bytes[ip] as number) >> 4 !== 4 || (be16(bytes, ip + 6) & 0x3fff) !== 0) return [frame];
  const payload = ip + 4 * ((bytes[ip] as number) & 15);
  const end = Math.min(bytes.length, ip + be16(bytes, ip + 2));
  const size = 8 * (1 + random.below(40));
  if (payload < ip + 20 || end - payload <= size) return [frame];
  const out: Frame[] = [];
  for (let at = payload; at < end; ) {
    const to = out.length === MOST_PIECES ? end : Math.min(end, at + size);
    const piece = new Uint8Array(payload + to - at);
    piece.set(bytes.subarray(0, payload));
    piece.set(bytes.subarray(at, to), payload);
    setLength(piece, ip, piece.length);
    const place = ((at - payload) >> 3) | (to < end ? 0x2000 : 0);
    piece[ip + 6] = place >> 8;
    piece[ip + 7] = place & 0xff;
    out.push({ ...frame, bytes: piece, wireLength: piece.length });
    at = to < end && random.below(8) === 0 ? Math.max(at + 8, to - 8) : to;
  }
  if (random.below(4) === 0) out.reverse();
  if (random.below(16) === 0) out.splice(random.below(out.length), 1);
  return out;
}

function setLength(bytes: Uint8Array, ip: number, end: number): void {
  const four = (bytes[ip] as number) >> 4 === 4;
  const length = Math.min(0xffff, four ? end - ip : end - ip - 40);
  const at = four ? ip + 2 : ip + 4;
  bytes[at] = length >> 8;
  bytes[at + 1] = length & 0xff;
}

function be16(bytes: Uint8Array, at: number): number {
  return ((bytes[at] ?? 0) << 8) | (bytes[at + 1] ?? 0);
}
function be32(bytes: Uint8Array, at: number): number {
  return ((be16(bytes, at) << 16) | be16(bytes, at + 2)) >>> 0;
}
function set32(bytes: Uint8Array, at: number, value: number): void {
  for (let i = 0; i < 4; i++) bytes[at + i] = value >>> (24 - 8 * i);
}
