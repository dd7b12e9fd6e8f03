/** Content codings whose bytes are not as they should be: what of them is shown, which is what tshark 4.0 shows of the same bytes, and what is said of it. */
import * as zlib from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { Dissection } from '../../src/dissect/dissection.ts';
import type { CodingFlaw } from '../../src/messages.ts';
import { decode, decodeIn, decodings } from '../../src/protocols/http-body.ts';
import { TestCapture } from './app-fixtures.ts';
import { join } from './network-packets.ts';
import { octets, overTcp } from './talk.ts';

/** Lines that deflate to a sixth or so; the same ones each time. */
function linesOf(count: number): Uint8Array {
  let random = 12345;
  let text = '';
  for (let i = 0; i < count; i++) {
    random = (random * 1103515245 + 12345) & 0x7fffffff;
    text += `line ${i} of the text ${random}\r\n`;
  }
  return octets(text);
}
const text = linesOf(60);
const gzip = new Uint8Array(zlib.gzipSync(text));
const deflated = new Uint8Array(zlib.deflateSync(text));
const raw = new Uint8Array(zlib.deflateRawSync(text));
const END = 8;
const trailer = gzip.slice(-END);
/** A gzip header with these flags, and what they announce. */
const header = (flags: number, ...more: readonly number[]): Uint8Array => join([0x1f, 0x8b, 8, flags, 0, 0, 0, 0, 0, 3], more);

/** Octets of text that come of it, and the flaw. */
function became(coding: string, bytes: Uint8Array): [number, CodingFlaw | null] {
  const made = decode(coding, bytes);
  expect(Buffer.from(made.bytes)).toEqual(Buffer.from(text.subarray(0, made.length)));
  return [made.length, made.flaw];
}
const whole = text.length;

describe('a body coded as gzip', () => {
  it('whose checksum or length is wrong is shown, and that is said', () => {
    expect(became('gzip', gzip)).toEqual([whole, null]);
    for (let i = 1; i <= END; i++) {
      const bytes = Uint8Array.from(gzip);
      bytes[bytes.length - i] = (bytes[bytes.length - i] as number) ^ 1;
      expect(became('gzip', bytes)).toEqual([whole, 'checksum']);
    }
  });

  it('that ends early is shown as far as it goes', () => {
    for (let cut = 1; cut <= END; cut++) expect(became('gzip', gzip.subarray(0, -cut))).toEqual([whole, 'short']);
    const [length, flaw] = became('gzip', gzip.subarray(0, gzip.length / 2));
    expect([length > 100, length < whole, flaw]).toEqual([true, true, 'short']);
  });

  it('that ends before there is anything in it is not undone', () => {
    for (const length of [1, 5, 10, 12]) expect(became('gzip', gzip.subarray(0, length))).toEqual([0, 'damaged']);
    expect(became('gzip', new Uint8Array(zlib.gzipSync('')))).toEqual([0, null]);
  });

  it('is read behind every header that there may be', () => {
    for (const head of [
      header(8, 0x61, 0),
      header(16, 0x61, 0x62, 0),
      header(4, 2, 0, 7, 7),
      header(0x1c, 1, 0, 7, 0x61, 0, 0x62, 0),
      header(0xe0),
    ])
      expect(became('gzip', join(head, raw, trailer))).toEqual([whole, null]);
    // The header's own checksum is wrong here.
    expect(became('gzip', join(header(2, 1, 2), raw, trailer))).toEqual([whole, null]);
    // Another method; a name and an extra field that do not end.
    for (const head of [header(0).with(2, 7), header(8, 0x61), header(4, 255, 255)]) expect(became('gzip', head)).toEqual([0, 'damaged']);
  });

  it('may have something else behind it, and several members', () => {
    expect(became('gzip', join(gzip, octets('junk')))).toEqual([whole, null]);
    const half = text.length / 2;
    const members = join(zlib.gzipSync(text.subarray(0, half)), zlib.gzipSync(text.subarray(half)));
    expect(became('gzip', members)).toEqual([whole, null]);
  });

  it('may be deflated otherwise than it says, as may one that is deflated', () => {
    for (const bytes of [deflated, raw]) expect(became('gzip', bytes)).toEqual([whole, null]);
    for (const bytes of [gzip, deflated, raw]) expect(became('deflate', bytes)).toEqual([whole, null]);
    expect(became('deflate', deflated.subarray(0, -4))).toEqual([whole, 'short']);
  });

  it('that is something else is not undone', () => {
    for (const coding of ['gzip', 'deflate']) {
      expect(became(coding, octets('this is plain text'))).toEqual([0, 'damaged']);
      expect(became(coding, linesOf(3000))).toEqual([0, 'damaged']);
    }
  });
});

describe('a long body that is damaged further on', () => {
  const long = linesOf(9000);
  /** Gzip of `some`, then a block of a type that there is not, then octets up to `size`. */
  const brokenAfter = (some: Uint8Array, size: number): Uint8Array => {
    const good = join(header(0), zlib.deflateRawSync(some, { finishFlush: zlib.constants.Z_SYNC_FLUSH }), [7]);
    return join(good, new Uint8Array(Math.max(0, size - good.length)).fill(0xaa));
  };

  it('is shown up to there, in whole pieces of twice its size', () => {
    const bytes = brokenAfter(long, 70_000);
    const piece = 2 * bytes.length;
    expect([long.length > 2 * piece, long.length < 3 * piece]).toEqual([true, true]);
    const made = decode('gzip', bytes);
    expect([made.flaw, made.length]).toEqual(['broken', 2 * piece]);
    expect(Buffer.from(made.bytes)).toEqual(Buffer.from(long.subarray(0, 2 * piece)));
    expect(decode('deflate', bytes)).toMatchObject({ flaw: 'broken', length: 2 * piece });
    // Less than one of 32 KB.
    expect(decode('gzip', brokenAfter(long.subarray(0, 30_000), 1000))).toMatchObject({ flaw: 'damaged', length: 0 });
    expect(decode('gzip', brokenAfter(long.subarray(0, 33_000), 1000))).toMatchObject({ flaw: 'broken', length: 32_768 });
  });

  it('costs a bounded number of octets, however many there are in a packet', () => {
    const bomb = brokenAfter(new Uint8Array(8_000_000), 10_000);
    const capture = new TestCapture();
    const d = new Dissection(capture, capture.row());
    const { octets: before } = decodings;
    const start = performance.now();
    for (let n = 0; n < 200; n++) decodeIn(d, 'gzip', join(bomb, [n]));
    expect(decodings.octets - before).toBeLessThanOrEqual(64 * 2 ** 20);
    expect(performance.now() - start).toBeLessThan(30_000);
  });
});

describe('a response', () => {
  const response = (body: Uint8Array): Uint8Array =>
    join(octets(`HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Encoding: gzip\r\nContent-Length: ${body.length}\r\n\r\n`), body);
  const shown = (body: Uint8Array): { stack: string; line: string; notes: number } => {
    const talk = overTcp(80, ['>', 'GET / HTTP/1.1\r\n\r\n'], ['<', response(body)]);
    const fields = talk.at(1).layers.find(({ protocol }) => protocol === 'http')?.fields ?? [];
    const coded = fields.find(({ label }) => label.startsWith('Content-encoded'));
    return { stack: talk.stacks[1] as string, line: coded?.label.replace(/^[^:]*: /, '') ?? '', notes: coded?.children.length ?? -1 };
  };

  it('is dissected where its body was undone, and says what is wrong with that', () => {
    const size = gzip.length;
    const wrong = Uint8Array.from(gzip);
    wrong[size - 1] = 9;
    expect(shown(wrong)).toEqual({
      stack: 'http:data-text-lines',
      line: `${size} bytes -> ${whole} bytes [Error: its checksum or length is another]`,
      notes: 0,
    });
    expect(shown(gzip.subarray(0, 8))).toEqual({ stack: 'http:data', line: '8 bytes [Error: Decompression failed]', notes: 1 });
  });
});
