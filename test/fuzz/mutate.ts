/** Damage done to packets: to bytes, to lengths, to their order. */
import type { Frame, FrameList } from './memory-capture.ts';
import type { Random } from './random.ts';

const TELLING = [0, 1, 2, 3, 4, 5, 7, 8, 15, 16, 20, 31, 32, 63, 64, 0x7f, 0x80, 0xc0, 0xfe, 0xff];
const TELLING_16 = [0, 1, 2, 20, 40, 0xff, 0x100, 0x5dc, 0x600, 0x7fff, 0x8000, 0xc00c, 0xfffe, 0xffff];

/** Packets of one damaged list: an empty capture already has tables worth megabytes, so small lists are repeated. */
const MANY = 400;

/**
 * A damaged copy of the list: packets changed, cut, repeated, left out, moved, joined with others. Short lists are repeated. Of
 * `company`, lists of the same link type come after it until there are `many` packets, so that streams and pairs of several captures
 * meet in one.
 */
export function mutateList(random: Random, list: FrameList, company: readonly FrameList[] = [], many = MANY): FrameList {
  const frames: Frame[] = [];
  damage(random, list, frames);
  while (frames.length < many) {
    const before = frames.length;
    const next = company.length > 0 ? random.pick(company) : list;
    damage(random, next.linkType === list.linkType ? next : list, frames);
    // Everything may have been left out.
    if (frames.length === before) frames.push(list.frames[0] as Frame);
  }
  return { ...list, frames };
}

function damage(random: Random, list: FrameList, frames: Frame[]): void {
  // Sometimes nearly all packets are hit, sometimes few, so that conversations live on.
  const oneIn = random.pick([1, 2, 4, 12]);
  for (const frame of list.frames) {
    const hit = random.below(oneIn) === 0;
    const fate = hit ? random.below(24) : 99;
    if (fate === 0) continue;
    frames.push(hit ? mutateFrame(random, frame, list.frames) : frame);
    if (fate === 1) frames.push(frame);
    if (fate === 2 && frames.length > 1) {
      const other = random.below(frames.length);
      const last = frames.length - 1;
      [frames[other], frames[last]] = [frames[last] as Frame, frames[other] as Frame];
    }
  }
}

function mutateFrame(random: Random, frame: Frame, others: readonly Frame[]): Frame {
  let bytes = frame.bytes.slice();
  let cutByCapture = 0;
  for (let rounds = 1 + random.below(4); rounds > 0; rounds--) {
    const at = place(random, bytes.length);
    switch (random.below(12)) {
      case 0:
      case 1:
        bytes[at] = (bytes[at] as number) ^ (1 << random.below(8));
        break;
      case 2:
      case 3:
        bytes[at] = random.pick(TELLING);
        break;
      case 4: {
        const value = random.pick(TELLING_16);
        bytes[at] = value >> 8;
        if (at + 1 < bytes.length) bytes[at + 1] = value & 0xff;
        break;
      }
      case 5:
        bytes = joined(bytes.subarray(0, at), bytes.subarray(Math.min(bytes.length, at + 1 + random.below(16))));
        break;
      case 6: {
        const more = new Uint8Array(1 + random.below(24));
        for (let i = 0; i < more.length; i++) more[i] = random.below(4) === 0 ? 0 : random.next();
        bytes = joined(bytes.subarray(0, at), more, bytes.subarray(at));
        break;
      }
      case 7:
        bytes = bytes.slice(0, at);
        break;
      case 8: {
        const other = random.pick(others).bytes;
        bytes = joined(bytes.subarray(0, at), other.subarray(place(random, other.length)));
        break;
      }
      case 9:
      case 10:
        changeLength(random, bytes);
        break;
      default: {
        const length = random.below(bytes.length + 1);
        cutByCapture += bytes.length - length;
        bytes = bytes.slice(0, length);
      }
    }
  }
  const wireLength = random.below(40) === 0 ? random.below(70_000) : bytes.length + cutByCapture;
  const sec = random.below(60) === 0 ? random.pick([0, -1, 0x7fffffff, 0xffffffff, frame.sec - 100]) : frame.sec;
  return { bytes: bytes.length > 70_000 ? bytes.slice(0, 70_000) : bytes, wireLength, sec, nsec: frame.nsec };
}

/** Mostly within the headers, of the transport and of what it carries. */
function place(random: Random, length: number): number {
  const kind = random.below(3);
  if (kind === 0) return random.below(length);
  if (kind === 1 || length <= 42) return random.below(Math.min(length, 96));
  return 42 + random.below(Math.min(length - 42, 64));
}

/**
 * Makes what looks like a length say something else: one byte, or two in either order, that tell how many bytes there are to the end
 * (as the outermost and the last of nested lengths do), or at least not more than that.
 */
function changeLength(random: Random, bytes: Uint8Array): void {
  const exact: number[] = [];
  const size = 1 + random.below(2);
  const little = size === 2 && random.below(4) === 0;
  for (let at = 0; at + size <= bytes.length; at++) if (read(bytes, at, size, little) === bytes.length - at - size) exact.push(at);
  let at = exact.length > 0 && random.below(3) > 0 ? random.pick(exact) : -1;
  // From any place on, the next that could be one.
  for (let from = place(random, bytes.length); at < 0 && from + size <= bytes.length; from++) {
    const value = read(bytes, from, size, little);
    if (value > 0 && value <= bytes.length - from - size) at = from;
  }
  if (at < 0) return;
  const value = read(bytes, at, size, little);
  const most = size === 1 ? 0xff : 0xffff;
  const other = random.pick([0, 1, value - 1, value + 1, value + 8, value >> 1, value * 2, most >> 1, most]) & most;
  if (size === 1) bytes[at] = other;
  else {
    bytes[little ? at + 1 : at] = other >> 8;
    bytes[little ? at : at + 1] = other & 0xff;
  }
}

function read(bytes: Uint8Array, at: number, size: number, little: boolean): number {
  const first = bytes[at] as number;
  if (size === 1) return first;
  const second = bytes[at + 1] as number;
  return little ? first | (second << 8) : (first << 8) | second;
}

function joined(...parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const out = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    out.set(part, at);
    at += part.length;
  }
  return out;
}
