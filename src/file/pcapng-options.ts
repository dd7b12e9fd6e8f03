/** Options of pcapng blocks (draft-ietf-opsawg-pcapng, section 3.5): code, length, value, padded to four bytes. */
import { u16, u32 } from './parser.ts';

const OPT_END = 0;
export const OPT_COMMENT = 1;
/** Of packets: how a packet came, and what its receiver found wrong with it. */
export const OPT_FLAGS = 2;

const utf8 = new TextDecoder('utf-8');

/** Text of an option; some writers end it with a zero byte. */
export function optionText(bytes: Uint8Array, at: number, length: number): string {
  let end = at + length;
  while (end > at && bytes[end - 1] === 0) end--;
  return utf8.decode(bytes.subarray(at, end));
}

/**
 * Calls `each` for every option in bytes[start, end), in order. Stops quietly at the end-of-options mark and at an option that does
 * not fit: what was whole before it counts.
 */
export function forEachOption(
  bytes: Uint8Array,
  start: number,
  end: number,
  little: boolean,
  each: (code: number, at: number, length: number) => void,
): void {
  let at = start;
  while (end - at >= 4) {
    const code = u16(bytes, at, little);
    const length = u16(bytes, at + 2, little);
    if (code === OPT_END || length > end - at - 4) return;
    each(code, at + 4, length);
    at += 4 + ((length + 3) & ~3);
  }
}

/** Codes of the options in bytes[start, end), as bits: 2 for a comment, 4 for flags. Only codes below 32 count. Allocates nothing. */
export function optionCodes(bytes: Uint8Array, start: number, end: number, little: boolean): number {
  let codes = 0;
  let at = start;
  while (end - at >= 4) {
    const code = u16(bytes, at, little);
    const length = u16(bytes, at + 2, little);
    if (code === OPT_END || length > end - at - 4) break;
    if (code < 32) codes |= 1 << code;
    at += 4 + ((length + 3) & ~3);
  }
  return codes;
}

/** The flags of a packet among the options in bytes[start, end); null without them. */
export function optionFlags(bytes: Uint8Array, start: number, end: number, little: boolean): number | null {
  let flags: number | null = null;
  forEachOption(bytes, start, end, little, (code, at, length) => {
    if (code === OPT_FLAGS && length === 4) flags ??= u32(bytes, at, little);
  });
  return flags;
}

/** All comments in bytes[start, end). */
export function optionComments(bytes: Uint8Array, start: number, end: number, little: boolean): string[] {
  const comments: string[] = [];
  forEachOption(bytes, start, end, little, (code, at, length) => {
    if (code === OPT_COMMENT) comments.push(optionText(bytes, at, length));
  });
  return comments;
}

/** Unsigned 64-bit number, rounded if over 2^53. */
export function u64(bytes: Uint8Array, at: number, little: boolean): number {
  const first = u32(bytes, at, little);
  const second = u32(bytes, at + 4, little);
  return little ? second * 0x1_0000_0000 + first : first * 0x1_0000_0000 + second;
}

/** Signed 64-bit number, rounded if over 2^53. */
export function i64(bytes: Uint8Array, at: number, little: boolean): number {
  const high = u32(bytes, little ? at + 4 : at, little) | 0;
  const low = u32(bytes, little ? at : at + 4, little);
  return high * 0x1_0000_0000 + low;
}
