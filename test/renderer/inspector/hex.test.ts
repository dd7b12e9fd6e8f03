import { describe, expect, it } from 'vitest';
import type { LineInput } from '../../../renderer/inspector/hex.ts';
import { gapAfter, lineCells, MAX_SCROLL_HEIGHT, moveByte, offsetDigits, scrollMap } from '../../../renderer/inspector/hex.ts';

const bytes = Uint8Array.from({ length: 40 }, (_, i) => i + 0x30);
const input = (more: Partial<LineInput> = {}): LineInput => ({
  bytes,
  missing: 0,
  mode: 'hex',
  tints: [
    { from: 0, to: 14, hue: 'link' },
    { from: 20, to: 40, hue: 'net' },
  ],
  selection: null,
  hover: null,
  ...more,
});

describe('lines of bytes', () => {
  it('hold sixteen bytes, the last one what is left', () => {
    expect(lineCells(input(), 0)).toHaveLength(16);
    expect(lineCells(input(), 2).map((cell) => cell.at)).toEqual([32, 33, 34, 35, 36, 37, 38, 39]);
    expect(lineCells(input(), 3)).toEqual([]);
  });
  it('write digits and characters', () => {
    const cells = lineCells(input({ bytes: Uint8Array.of(0x41, 0x00, 0x7f, 0x20, 0xff) }), 0);
    expect(cells.map((cell) => cell.digits)).toEqual(['41', '00', '7f', '20', 'ff']);
    expect(cells.map((cell) => cell.ascii).join('')).toBe('A·· ·');
  });
  it('take the colour of their layer, or none between layers', () => {
    const hues = lineCells(input(), 0).map((cell) => cell.hue);
    expect(hues.slice(12)).toEqual(['link', 'link', null, null]);
    expect(lineCells(input(), 1)[4]?.hue).toBe('net');
  });
  it('carry the selection and the edges of the hover outline over line ends', () => {
    const cells = lineCells(input({ selection: { from: 15, to: 17 }, hover: { from: 14, to: 18 } }), 0);
    expect(cells.filter((cell) => cell.selected).map((cell) => cell.at)).toEqual([15]);
    expect(cells[14]).toMatchObject({ hovered: true, hoverStart: true, hoverEnd: false });
    expect(cells[15]).toMatchObject({ hovered: true, hoverEnd: true });
    expect(lineCells(input({ hover: { from: 14, to: 18 } }), 1)[0]).toMatchObject({ hoverStart: true, hoverEnd: false });
  });
  it('draw bytes that the file lacks', () => {
    const cells = lineCells(input({ missing: 3 }), 2);
    expect(cells.slice(7).map((cell) => [cell.digits, cell.missing])).toEqual([
      ['57', false],
      ['--', true],
      ['--', true],
      ['--', true],
    ]);
  });
  it('write bits in rows of thirty-two', () => {
    const cells = lineCells(input({ mode: 'bits' }), 1);
    expect(cells.map((cell) => cell.at)).toEqual([4, 5, 6, 7]);
    expect(cells[0]?.digits).toBe('0011 0100');
  });
  it('leave a wider gap in the middle', () => {
    expect([0, 6, 7, 8, 15].map((i) => gapAfter(i, 16, 'hex').length)).toEqual([1, 1, 2, 1, 0]);
  });
  it('widen the offsets for big sources', () => {
    expect([0, 0xffff, 0x10000, 0xffffff].map(offsetDigits)).toEqual([4, 4, 5, 6]);
  });
});

describe('scrolling', () => {
  it('is one to one for usual sources', () => {
    const map = scrollMap(100, 17, 190);
    expect(map.height).toBe(1700);
    expect(map.lineAt(map.topOf(42))).toBe(42);
    expect(map.lineAt(99999)).toBe(99);
  });
  it('reaches the first and the last line of sources beyond what a browser can scroll', () => {
    const lines = 4_000_000;
    const map = scrollMap(lines, 17, 190);
    expect(map.height).toBe(MAX_SCROLL_HEIGHT);
    expect(map.lineAt(0)).toBe(0);
    expect(map.lineAt(MAX_SCROLL_HEIGHT - 190)).toBe(lines - Math.floor(190 / 17));
    expect(map.lineAt(map.topOf(1_234_567))).toBe(1_234_567);
  });
});

describe('the byte cursor', () => {
  const move = (key: string, at: number, whole = false) => moveByte(key, at, 40, 'hex', 10, whole);
  it('moves by bytes and lines and stays inside', () => {
    expect(move('ArrowRight', 39)).toBe(39);
    expect(move('ArrowLeft', 0)).toBe(0);
    expect(move('ArrowDown', 3)).toBe(19);
    expect(move('ArrowDown', 30)).toBe(30);
    expect(move('ArrowUp', 3)).toBe(3);
    expect(move('ArrowUp', 35)).toBe(19);
  });
  it('jumps to the ends of the line or of all bytes', () => {
    expect(move('Home', 35)).toBe(32);
    expect(move('End', 35)).toBe(39);
    expect(move('Home', 35, true)).toBe(0);
    expect(move('End', 1, true)).toBe(39);
    expect(move('PageDown', 1)).toBe(39);
  });
  it('ignores other keys and empty sources', () => {
    expect(move('a', 1)).toBeNull();
    expect(moveByte('ArrowRight', 0, 0, 'hex', 10, false)).toBeNull();
  });
});
