/** Bytes of a stream as text, hex dump or hex, in blocks that are small enough to draw, with the places that a search found. Pure. */
import type { FollowKind, FollowMatch, FollowPieceData } from '../../src/messages.ts';
import { dotted } from '../../src/words/printable.ts';
import { type Charset, completingAtStart, cutBefore, decode, lackingAtEnd } from './charsets.ts';

export type Form = 'text' | 'hex' | 'raw';

/** What is followed is carried by TCP: its gaps are those of TCP. */
export const isAbove = (kind: FollowKind): boolean => kind !== 'tcp' && kind !== 'udp';

/** Most bytes of a block; a multiple of a hex dump's line. */
export const BLOCK = 2048;
/** Bytes of a line of the hex dump. */
const LINE = 16;
/** Stands for a byte that is no character, or none that can be shown. */
const DOT = '·';

/** Bytes as characters. What is no character is a dot; the end of a line is one `\n`. */
export function textOf(bytes: Uint8Array, charset: Charset): string {
  return dotted(decode(bytes, charset), DOT).replaceAll('\ufffd', DOT).replaceAll('\r', '');
}

/** A stretch of a piece: bytes [from, to) of it. */
export interface Block {
  readonly from: number;
  readonly to: number;
}

/** The blocks of a piece; text is cut after the end of a line where there is one, and never inside a character. */
export function blocksOf(bytes: Uint8Array, form: Form, charset: Charset): readonly Block[] {
  const out: Block[] = [];
  for (let from = 0; from < bytes.length; ) {
    let to = Math.min(bytes.length, from + BLOCK);
    if (form === 'text' && to < bytes.length) {
      const end = bytes.lastIndexOf(0x0a, to - 1);
      if (end > from) to = end + 1;
      else to = cutBefore(bytes, from, to, charset);
    }
    out.push({ from, to });
    from = to;
  }
  return out;
}

/** How high a block is, in lines of a pane of usual width; a guess for text. */
export function linesOf(bytes: number, form: Form): number {
  return 1 + Math.ceil(bytes / (form === 'hex' ? LINE : form === 'raw' ? 40 : 80));
}

/** Text, and the number of the match that it belongs to; -1: none. */
export interface Run {
  readonly text: string;
  readonly match: number;
}

/** Matches of one side by place, with their number in the whole search. */
export interface SideMatches {
  readonly start: readonly number[];
  readonly end: readonly number[];
  readonly number: readonly number[];
}

export function matchesBySide(matches: readonly FollowMatch[]): readonly [SideMatches, SideMatches] {
  const empty = () => ({ start: [] as number[], end: [] as number[], number: [] as number[] });
  const sides = [empty(), empty()] as const;
  for (const [number, match] of matches.entries()) {
    const side = sides[match.side];
    side.start.push(match.start);
    side.end.push(match.start + match.length);
    side.number.push(number);
  }
  return sides;
}

/** Parts of bytes [from, to) of a side, cut where matches begin and end. */
function partsOf(from: number, to: number, matches: SideMatches): { from: number; to: number; match: number }[] {
  let low = 0;
  let high = matches.end.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((matches.end[middle] as number) <= from) low = middle + 1;
    else high = middle;
  }
  const out: { from: number; to: number; match: number }[] = [];
  let at = from;
  for (let k = low; k < matches.start.length && (matches.start[k] as number) < to; k++) {
    const start = Math.max(at, matches.start[k] as number);
    const end = Math.min(to, matches.end[k] as number);
    if (start > at) out.push({ from: at, to: start, match: -1 });
    if (end > start) out.push({ from: start, to: end, match: matches.number[k] as number });
    at = Math.max(at, end);
  }
  if (at < to) out.push({ from: at, to, match: -1 });
  return out;
}

const HEX = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'));

/** Bytes in hexadecimal; null stays null. */
export function hexOf<T extends Uint8Array | null>(bytes: T): T extends null ? string | null : string;
export function hexOf(bytes: Uint8Array | null): string | null {
  return bytes === null ? null : Array.from(bytes, (byte) => HEX[byte]).join('');
}
const ascii = (byte: number): string => (byte >= 0x20 && byte < 0x7f ? String.fromCharCode(byte) : DOT);

/** What stands in a block. `before` and `after`: the same side's pieces that this one continues and that continue it, if they are known. */
export function runsOf(
  piece: FollowPieceData,
  block: Block,
  form: Form,
  charset: Charset,
  matches: SideMatches,
  before?: FollowPieceData,
  after?: FollowPieceData,
): readonly Run[] {
  const { bytes } = piece;
  if (form === 'hex') return hexLines(piece, block, matches);
  let { from } = block;
  let all = bytes;
  let to = block.to;
  if (form === 'text' && charset !== 'latin1') {
    // A character over two pieces stands in the one where it begins.
    if (from === 0 && before !== undefined && before.start + before.length === piece.start)
      from = completingAtStart(bytes, lackingAtEnd(before.bytes, charset, before.start), charset);
    const lacking = to === bytes.length ? lackingAtEnd(bytes, charset, piece.start) : 0;
    if (lacking > 0 && after !== undefined && piece.start + piece.length === after.start) {
      const more = completingAtStart(after.bytes, lacking, charset);
      all = new Uint8Array(bytes.length + more);
      all.set(bytes);
      all.set(after.bytes.subarray(0, more), bytes.length);
      to += more;
    }
  }
  const write = form === 'text' ? (part: Uint8Array) => textOf(part, charset) : hexOf;
  return partsOf(piece.start + from, piece.start + to, matches)
    .map((part) => ({ text: write(all.subarray(part.from - piece.start, part.to - piece.start)), match: part.match }))
    .filter((run) => run.text !== '');
}

/** Lines of offset, hex and characters; the offset counts what the side sent. */
function hexLines(piece: FollowPieceData, block: Block, matches: SideMatches): Run[] {
  const out: { text: string; match: number }[] = [];
  const put = (text: string, match: number): void => {
    const last = out[out.length - 1];
    if (last !== undefined && last.match === match) last.text += text;
    else out.push({ text, match });
  };
  for (let from = block.from; from < block.to; from += LINE) {
    const to = Math.min(block.to, from + LINE);
    const parts = partsOf(piece.start + from, piece.start + to, matches);
    put(`${(piece.start + from).toString(16).padStart(8, '0')}  `, -1);
    for (const part of parts) {
      for (let at = part.from - piece.start; at < part.to - piece.start; at++) {
        put(HEX[piece.bytes[at] as number] as string, part.match);
        const last = at === part.to - piece.start - 1;
        put(at - from === 7 ? '  ' : ' ', last ? -1 : part.match);
      }
    }
    const rest = LINE - (to - from);
    put(' '.repeat(rest * 3 + (rest > 8 ? 1 : 0) + 1), -1);
    for (const part of parts) {
      let text = '';
      for (let at = part.from - piece.start; at < part.to - piece.start; at++) text += ascii(piece.bytes[at] as number);
      put(text, part.match);
    }
    if (to < block.to) put('\n', -1);
  }
  return out;
}

const NONE: SideMatches = { start: [], end: [], number: [] };

/** A whole piece as it is copied. */
export function copiedText(
  piece: FollowPieceData,
  form: Form,
  charset: Charset,
  before?: FollowPieceData,
  after?: FollowPieceData,
): string {
  const runs = runsOf(piece, { from: 0, to: piece.bytes.length }, form, charset, NONE, before, after);
  return runs.map((run) => run.text).join('') + (form === 'text' ? '' : '\n');
}

/** Bytes of a search in hexadecimal; null if what was typed is none. */
export function searchedBytes(text: string): string | null {
  const digits = text.replaceAll(/0x|[\s:.,-]/gi, '');
  return digits.length >= 2 && digits.length % 2 === 0 && /^[0-9a-f]+$/i.test(digits) ? digits : null;
}
