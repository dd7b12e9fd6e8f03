import { describe, expect, it } from 'vitest';
import { CHARSETS, type Charset, cutBefore, decode, encode } from '../../../renderer/streams/charsets.ts';
import { blocksOf, matchesBySide, runsOf } from '../../../renderer/streams/stream-text.ts';
import type { FollowPieceData } from '../../../src/messages.ts';

/** A text that each set can write, in letters of more than one byte where it has some. */
const TEXTS: Readonly<Record<Charset, string>> = {
  'utf-8': '안녕, größe, 日本語 🙂',
  latin1: 'größe, façade',
  'windows-1252': '“größe” – 5 €',
  'utf-16le': '안녕, größe',
  'utf-16be': '안녕, größe 🙂',
  'euc-kr': '안녕하세요, 세계',
  shift_jis: 'こんにちは、ソ表 world',
  gb18030: '你好，世界',
  big5: '你好，世界',
  'windows-1251': 'Привет, мир',
  'koi8-r': 'Привет, мир',
};

const piece = (start: number, bytes: Uint8Array): FollowPieceData => ({ side: 0, row: 0, length: bytes.length, gap: false, start, bytes });
const none = matchesBySide([])[0];

describe('every character set', () => {
  it('reads what it wrote', () => {
    for (const charset of CHARSETS) {
      const bytes = encode(TEXTS[charset], charset);
      if (bytes === null) throw new Error(charset);
      expect(decode(bytes, charset), charset).toBe(TEXTS[charset]);
    }
    expect(encode('안녕', 'latin1')).toBeNull();
    expect(encode('안녕', 'windows-1251')).toBeNull();
    expect(encode('안녕', 'windows-1252')).toBeNull();
    // Of four bytes: one of the first plane, one beyond it.
    for (const text of ['안', '🙂', '汉🙂字']) expect(decode(encode(text, 'gb18030') as Uint8Array, 'gb18030')).toBe(text);
  });

  it('has each character whole, wherever packets cut it', () => {
    for (const charset of CHARSETS) {
      const bytes = encode(TEXTS[charset], charset) as Uint8Array;
      for (let cut = 1; cut < bytes.length; cut++) {
        const first = piece(0, bytes.subarray(0, cut));
        const second = piece(cut, bytes.subarray(cut));
        const text = [
          ...runsOf(first, { from: 0, to: cut }, 'text', charset, none, undefined, second),
          ...runsOf(second, { from: 0, to: second.length }, 'text', charset, none, first, undefined),
        ]
          .map((run) => run.text)
          .join('');
        expect(text, `${charset} cut at ${cut}`).toBe(TEXTS[charset]);
      }
    }
  });

  it('has each character whole, wherever blocks end', () => {
    for (const charset of CHARSETS) {
      const text = TEXTS[charset].repeat(500);
      const bytes = encode(text, charset) as Uint8Array;
      const blocks = blocksOf(bytes, 'text', charset);
      expect(blocks.length).toBeGreaterThan(1);
      const whole = blocks.map((block) =>
        runsOf(piece(0, bytes), block, 'text', charset, none)
          .map((run) => run.text)
          .join(''),
      );
      expect(whole.join('') === text, charset).toBe(true);
    }
  });

  it('always goes on, even where bytes are no characters', () => {
    for (const charset of CHARSETS) {
      for (const byte of [0x80, 0x81, 0xff, 0x00]) {
        const bytes = new Uint8Array(5000).fill(byte);
        expect(cutBefore(bytes, 0, 1, charset)).toBeGreaterThan(0);
        const blocks = blocksOf(bytes, 'text', charset);
        expect(blocks.at(-1)?.to).toBe(bytes.length);
        for (const [k, block] of blocks.entries()) expect(block.from).toBe(k === 0 ? 0 : blocks[k - 1]?.to);
      }
    }
  });
});
