/** Layout of the bytes pane: lines, digits and the classes of each byte. Pure, so that a line is built only when it is seen. */
import type { Hue } from '../../src/messages.ts';
import type { Tint } from './fields.ts';

export type BytesMode = 'hex' | 'bits';

/** Bytes per line: 16 in hexadecimal; 4 in binary, the 32-bit rows of RFC header drawings. */
export function bytesPerLine(mode: BytesMode): number {
  return mode === 'hex' ? 16 : 4;
}

/** A stretch [from, to) of a source. */
export interface Span {
  readonly from: number;
  readonly to: number;
}

export interface ByteCell {
  /** Offset in the source. */
  readonly at: number;
  /** 'd8' or '1101 1000'; '--' where the byte is missing. */
  readonly digits: string;
  /** One printable character, '·' for all others. */
  readonly ascii: string;
  readonly hue: Hue | null;
  readonly selected: boolean;
  readonly hovered: boolean;
  /** Edges of the hover outline. */
  readonly hoverStart: boolean;
  readonly hoverEnd: boolean;
  readonly missing: boolean;
}

export interface LineInput {
  readonly bytes: Uint8Array;
  /** Bytes beyond the end that are drawn as missing. */
  readonly missing: number;
  readonly mode: BytesMode;
  readonly tints: readonly Tint[];
  readonly selection: Span | null;
  readonly hover: Span | null;
}

/** The bytes of one line, from `line` * bytesPerLine on. */
export function lineCells(input: LineInput, line: number): ByteCell[] {
  const per = bytesPerLine(input.mode);
  const from = line * per;
  const to = Math.min(from + per, input.bytes.length + input.missing);
  const cells: ByteCell[] = [];
  let tint = firstTint(input.tints, from);
  const { selection, hover } = input;
  for (let at = from; at < to; at++) {
    while (tint < input.tints.length && (input.tints[tint] as Tint).to <= at) tint++;
    const here = input.tints[tint];
    const missing = at >= input.bytes.length;
    const byte = missing ? 0 : (input.bytes[at] as number);
    const hovered = hover !== null && at >= hover.from && at < hover.to;
    cells.push({
      at,
      digits: missing ? '--' : digits(byte, input.mode),
      ascii: missing ? '-' : byte >= 0x20 && byte < 0x7f ? String.fromCharCode(byte) : '·',
      hue: here !== undefined && here.from <= at ? here.hue : null,
      selected: selection !== null && at >= selection.from && at < selection.to,
      hovered,
      hoverStart: hovered && (at === hover?.from || at === from),
      hoverEnd: hovered && (at + 1 === hover?.to || at + 1 === to),
      missing,
    });
  }
  return cells;
}

function digits(byte: number, mode: BytesMode): string {
  if (mode === 'hex') return byte.toString(16).padStart(2, '0');
  const bits = byte.toString(2).padStart(8, '0');
  return `${bits.slice(0, 4)} ${bits.slice(4)}`;
}

/** Index of the first tint that ends after `at`: binary search, as a source may hold thousands of layers' stretches. */
function firstTint(tints: readonly Tint[], at: number): number {
  let low = 0;
  let high = tints.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((tints[middle] as Tint).to <= at) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Hexadecimal digits of the offset column: four, more where the last offset needs it. */
export function offsetDigits(lastOffset: number): number {
  return Math.max(4, Math.max(0, lastOffset).toString(16).length);
}

/** The gap after byte `index` of a line of `count`: double in the middle of hexadecimal lines, none at the end. */
export function gapAfter(index: number, count: number, mode: BytesMode): string {
  if (index === count - 1) return '';
  if (mode === 'hex') return index === 7 ? '  ' : ' ';
  return '  ';
}

/** Columns that a whole line of digits takes, for the place of the ASCII column. */
export function digitColumns(mode: BytesMode): number {
  return mode === 'hex' ? 48 : 42;
}

/** Browsers cut elements off at about 2^25 px: beyond this, scrolling is scaled. */
export const MAX_SCROLL_HEIGHT = 12_000_000;

export interface ScrollMap {
  /** Height of the scrolled element in px. */
  readonly height: number;
  /** First line to draw for a scroll position. */
  lineAt(scrollTop: number): number;
  /** Scroll position that puts a line at the top. */
  topOf(line: number): number;
}

/** Maps scroll positions to lines: one to one for all but huge sources. */
export function scrollMap(lines: number, lineHeight: number, viewport: number): ScrollMap {
  const natural = lines * lineHeight;
  if (natural <= MAX_SCROLL_HEIGHT) {
    return {
      height: natural,
      lineAt: (top) => Math.max(0, Math.min(lines - 1, Math.floor(top / lineHeight))),
      topOf: (line) => line * lineHeight,
    };
  }
  const height = MAX_SCROLL_HEIGHT;
  const reach = Math.max(1, height - viewport);
  const last = Math.max(1, lines - Math.floor(viewport / lineHeight));
  return {
    height,
    lineAt: (top) => Math.max(0, Math.min(lines - 1, Math.round((top / reach) * last))),
    topOf: (line) => (line / last) * reach,
  };
}

/** Where the cursor goes for a key; null if the key does not move it. `page` is lines per screen. */
export function moveByte(key: string, at: number, size: number, mode: BytesMode, page: number, whole: boolean): number | null {
  if (size === 0) return null;
  const per = bytesPerLine(mode);
  const clamp = (n: number) => Math.max(0, Math.min(size - 1, n));
  switch (key) {
    case 'ArrowLeft':
      return clamp(at - 1);
    case 'ArrowRight':
      return clamp(at + 1);
    case 'ArrowUp':
      return at - per < 0 ? at : at - per;
    case 'ArrowDown':
      return at + per >= size ? at : at + per;
    case 'PageUp':
      return clamp(at - per * page);
    case 'PageDown':
      return clamp(at + per * page);
    case 'Home':
      return whole ? 0 : at - (at % per);
    case 'End':
      return whole ? size - 1 : clamp(at - (at % per) + per - 1);
    default:
      return null;
  }
}
