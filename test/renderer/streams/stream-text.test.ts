/** Bytes of a stream as they are read: text, hex dump, hex, and what a search found in them. */
import { expect, it } from 'vitest';
import type { Charset } from '../../../renderer/streams/charsets.ts';
import {
  BLOCK,
  blocksOf,
  copiedText,
  type Form,
  linesOf,
  matchesBySide,
  runsOf,
  searchedBytes,
  textOf,
} from '../../../renderer/streams/stream-text.ts';
import { before, blockAt, drawn } from '../../../renderer/streams/window.ts';
import type { FollowPieceData } from '../../../src/messages.ts';

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
function piece(content: string | Uint8Array, start = 0, side: 0 | 1 = 0): FollowPieceData {
  const data = typeof content === 'string' ? bytes(content) : content;
  return { side, row: 7, length: data.length, gap: false, start, bytes: data };
}
const [NONE] = matchesBySide([]);
const whole = (of: FollowPieceData) => ({ from: 0, to: of.bytes.length });
const written = (of: FollowPieceData, form: Form, charset: Charset = 'utf-8', prior?: FollowPieceData, next?: FollowPieceData): string =>
  runsOf(of, whole(of), form, charset, NONE, prior, next)
    .map((run) => run.text)
    .join('');

it('shows what is no character as a dot, and never a control character or one that turns the writing', () => {
  expect(textOf(Uint8Array.of(0x41, 0xff, 0x42), 'utf-8')).toBe('A·B');
  expect(textOf(bytes('a\u0000b\u001b[31mc\u202ed'), 'utf-8')).toBe('a·b·[31mc·d');
  expect(textOf(bytes('one\r\ntwo\ttab\n'), 'utf-8')).toBe('one\ntwo\ttab\n');
});

it('reads bytes as Latin-1 where that is chosen', () => {
  const word = Uint8Array.of(0x47, 0x72, 0xfc, 0xdf, 0x65, 0x85);
  expect(textOf(word, 'latin1')).toBe('Grüße·');
  expect(textOf(word, 'utf-8')).not.toContain('ü');
});

it('shows a character over two pieces once, where it begins', () => {
  const text = bytes('Preis: 5 €!');
  for (let cut = 0; cut <= text.length; cut++) {
    const one = piece(text.slice(0, cut));
    const two = piece(text.slice(cut), cut);
    expect(written(one, 'text', 'utf-8', undefined, two) + written(two, 'text', 'utf-8', one), `cut at ${cut}`).toBe('Preis: 5 €!');
  }
});

it('does not join characters over bytes that are missing', () => {
  const euro = bytes('€');
  const one = piece(euro.slice(0, 2));
  const two = piece(euro.slice(2), 40);
  expect(written(one, 'text', 'utf-8', undefined, two)).toBe('·');
  expect(written(two, 'text', 'utf-8', one)).toBe('·');
});

it('cuts a long piece into blocks that hold every byte once, and no character in two', () => {
  const text = `${'€'.repeat(1500)}\n${'line\n'.repeat(900)}`;
  const long = piece(text);
  for (const form of ['text', 'hex', 'raw'] as const) {
    const blocks = blocksOf(long.bytes, form, 'utf-8');
    expect(blocks[0]?.from).toBe(0);
    expect(blocks.at(-1)?.to).toBe(long.bytes.length);
    blocks.forEach((block, k) => {
      expect(block.to).toBeGreaterThan(block.from);
      expect(block.to - block.from).toBeLessThanOrEqual(BLOCK);
      if (k > 0) expect(block.from).toBe(blocks[k - 1]?.to);
    });
  }
  const joined = blocksOf(long.bytes, 'text', 'utf-8').map((block) =>
    runsOf(long, block, 'text', 'utf-8', NONE)
      .map((run) => run.text)
      .join(''),
  );
  expect(joined.join('')).toBe(text);
});

it('writes a hex dump as offset in the stream, two groups of eight, and characters', () => {
  const lines = written(piece('GET / HTTP/1.1\r\n\r\n', 0x1000), 'hex').split('\n');
  expect(lines[0]).toBe('00001000  47 45 54 20 2f 20 48 54  54 50 2f 31 2e 31 0d 0a  GET / HTTP/1.1··');
  expect(lines[1]).toBe(`00001010  0d 0a ${' '.repeat(44)}··`);
});

it('marks what a search found, also where it goes over the end of a block or a piece', () => {
  const one = piece('abcHE', 100);
  const two = piece('LLOdef', 105);
  const [side] = matchesBySide([{ piece: 1, side: 0, start: 103, length: 5 }]);
  expect(runsOf(one, whole(one), 'text', 'utf-8', side)).toEqual([
    { text: 'abc', match: -1 },
    { text: 'HE', match: 0 },
  ]);
  expect(runsOf(two, whole(two), 'raw', 'utf-8', side)).toEqual([
    { text: '4c4c4f', match: 0 },
    { text: '646566', match: -1 },
  ]);
  const dump = runsOf(two, whole(two), 'hex', 'utf-8', side).filter((run) => run.match === 0);
  expect(dump.map((run) => run.text)).toEqual(['4c 4c 4f', 'LLO']);
});

it('takes bytes to look for as people write them, and nothing that is not whole bytes', () => {
  for (const text of ['0d0a', '0D 0A', '0x0d,0x0a', '0d:0a']) expect(searchedBytes(text)?.toLowerCase(), text).toBe('0d0a');
  for (const text of ['', 'd', '0d0', 'xy', 'hello']) expect(searchedBytes(text), text).toBeNull();
});

it('copies a piece in the form that is shown', () => {
  expect(copiedText(piece('a\r\nb'), 'text', 'utf-8')).toBe('a\nb');
  expect(copiedText(piece('ab'), 'raw', 'utf-8')).toBe('6162\n');
});

it('draws a bounded stretch from any place, goes back as far as it went, and says what it lacks', () => {
  const total = 5000;
  const source = { total, at: (k: number) => (k < 4000 ? piece('x'.repeat(1460), k * 1460) : undefined) };
  for (const form of ['text', 'hex', 'raw'] as const) {
    const { blocks, missing } = drawn(source, { piece: 2000, block: 0 }, form, 'utf-8', 300);
    expect(missing).toBe(-1);
    expect(blocks[0]?.piece).toBe(2000);
    const lines = blocks.reduce((sum, { bytes }) => sum + (bytes === null ? 0 : linesOf(bytes.to - bytes.from, form)), 0);
    expect(lines).toBeGreaterThanOrEqual(300);
    expect(lines).toBeLessThan(300 + 200);
    const last = blocks[blocks.length - 1];
    const back = before(source, { piece: (last?.piece ?? 0) + 1, block: 0 }, form, 'utf-8', 300);
    expect(back.place.piece).toBe(2000);
  }
  expect(drawn(source, { piece: 3999, block: 0 }, 'text', 'utf-8').missing).toBe(4000);
  expect(before(source, { piece: 3, block: 0 }, 'text', 'utf-8', 10_000)).toEqual({ place: { piece: 0, block: 0 }, missing: -1 });
});

it('finds the block of a place in a long piece', () => {
  const source = { total: 1, at: () => piece('y'.repeat(10_000), 500) };
  expect(blockAt(source, 0, 500, 'hex', 'utf-8')).toBe(0);
  expect(blockAt(source, 0, 500 + BLOCK, 'hex', 'utf-8')).toBe(1);
  expect(blockAt(source, 0, Number.POSITIVE_INFINITY, 'hex', 'utf-8')).toBe(4);
});

it('reads characters of four bytes in GB18030, and cuts none of them', () => {
  const smile = Uint8Array.of(0x94, 0x39, 0xfc, 0x36);
  expect(written(piece(smile), 'text', 'gb18030')).toBe('😀');
  for (const cut of [0, 2, 3, 4]) {
    const one = piece(smile.slice(0, cut));
    const two = piece(smile.slice(cut), cut);
    expect(written(one, 'text', 'gb18030', undefined, two) + written(two, 'text', 'gb18030', one), `cut at ${cut}`).toBe('😀');
  }
  const many = new Uint8Array(4 * 1000 + 1);
  many[0] = 0x61;
  for (let k = 0; k < 1000; k++) many.set(smile, 1 + 4 * k);
  const blocks = blocksOf(many, 'text', 'gb18030');
  expect(blocks.length).toBeGreaterThan(1);
  expect(blocks.map(({ from, to }) => textOf(many.subarray(from, to), 'gb18030')).join('')).toBe(`a${'😀'.repeat(1000)}`);
});
