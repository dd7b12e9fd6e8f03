/** Reading text protocols a line at a time. */
import { octetIn } from '../bytes/octet.ts';
import type { Buf } from '../dissect/dissection.ts';

/** Where the line at `at` stops (before its line end: CR LF, LF, or a CR alone, as Wireshark has it) and where the next begins. */
export function lineAt(b: Buf, at: number): { readonly stop: number; readonly next: number } {
  const stop = lineStop(b.bytes, at, b.end);
  return { stop, next: lineNext(b.bytes, stop, b.end) };
}

/** Where the line at `at` stops: at its first CR or LF, or at `end`. */
export function lineStop(bytes: Uint8Array, at: number, end: number): number {
  let i = at;
  while (i < end && bytes[i] !== 10 && bytes[i] !== 13) i++;
  return i;
}

/** Where the next line begins, after the line end at `stop`. */
export function lineNext(bytes: Uint8Array, stop: number, end: number): number {
  if (stop >= end) return end;
  return bytes[stop] === 13 && stop + 1 < end && bytes[stop + 1] === 10 ? stop + 2 : stop + 1;
}

/** Offset of `octet` in [from, stop), -1 if it is not there. */
export function find(b: Buf, octet: number, from: number, stop: number): number {
  return octetIn(b.bytes, octet, from, stop);
}

/** The bytes [at, stop) as one line for a person: what is not printable ASCII becomes a full stop, at most `limit` characters. */
export function lineText(b: Buf, at: number, stop: number, limit = 1000): string {
  let text = '';
  for (let i = at; i < stop && text.length < limit; i++) {
    const c = b.u8(i);
    text += c >= 32 && c < 127 ? String.fromCharCode(c) : '.';
  }
  return text;
}

/** A framer's feed for protocols whose unit is a segment: whole segments from the first that has a line end on. */
export function hasLineEnd(bytes: Uint8Array, offset: number, end: number): boolean {
  return octetIn(bytes, 10, offset, end) >= 0;
}

/** Where the word at `at` stops (at a blank or `stop`), and where the next begins. */
export function wordAt(b: Buf, at: number, stop: number): { readonly stop: number; readonly next: number } {
  let i = at;
  while (i < stop && b.u8(i) !== 32) i++;
  let next = i;
  while (next < stop && b.u8(next) === 32) next++;
  return { stop: i, next };
}
