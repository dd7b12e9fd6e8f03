/** Looking for bytes in a followed stream, against a search through all of it at once; a long stream that is found in slices, and saved. */
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, it, vi } from 'vitest';
import { beginFollowing, followStream } from '../../src/engine/follow.ts';
import type { FollowedStream } from '../../src/engine/follow-pieces.ts';
import { saveFollowed } from '../../src/engine/follow-save.ts';
import { StreamSearch } from '../../src/engine/follow-search.ts';
import { rowsOfStream } from '../../src/flow/stream-rows.ts';
import type { FollowCursor, FollowMatch } from '../../src/messages.ts';
import { TestCapture } from '../flow/tcp-capture.ts';

/** Reads packets into a buffer that is there, as a capture file does. */
class FileCapture extends TestCapture {
  bytesInto(row: number, into: Uint8Array): number {
    const bytes = this.bytesOf(row);
    into.set(bytes);
    return bytes.length;
  }
}

/** A stream whose two sides say these things, cut into segments of these lengths, taking turns. */
function conversation(client: Uint8Array, server: Uint8Array, lengths: readonly number[], capture = new FileCapture()): FileCapture {
  capture.add({ seq: 99, flags: 'S' });
  capture.add({ server: true, seq: 499, ack: 100, flags: 'SA' });
  const sent = [0, 0];
  for (let k = 0; sent[0] < client.length || sent[1] < server.length; k++) {
    const side = k % 3 === 0 ? 0 : 1;
    const all = side === 0 ? client : server;
    const length = lengths[k % lengths.length] as number;
    const at = sent[side] as number;
    const data = all.subarray(at, at + length);
    if (data.length === 0) continue;
    capture.add({
      server: side === 1,
      seq: (side === 0 ? 100 : 500) + at,
      ack: (side === 0 ? 500 : 100) + (sent[1 - side] as number),
      flags: 'A',
      data,
    });
    sent[side] = at + data.length;
  }
  return capture;
}

function followed(capture: TestCapture): FollowedStream {
  const stream = followStream(capture, 'tcp', 0);
  if (stream === null) throw new Error('no stream');
  return stream;
}

/** All matches; `anew`: every answer by a search that begins where the one before stopped. */
function search(stream: FollowedStream, wanted: string, side?: 0 | 1, anew = false): FollowMatch[] {
  const matches: FollowMatch[] = [];
  let one = new StreamSearch(stream, side, Buffer.from(wanted, 'latin1'), { piece: 0, after: 0 });
  for (let parts = 0; parts < 100_000; parts++) {
    const found = one.run();
    matches.push(...found.matches);
    const next: FollowCursor | null = found.next;
    if (next === null) return matches;
    if (anew) one = new StreamSearch(stream, side, Buffer.from(wanted, 'latin1'), next);
  }
  throw new Error('no end');
}

/** Places in a text, letters without regard to case, none over another. */
function places(text: Uint8Array, wanted: string): number[] {
  const [all, needle] = [Buffer.from(text).toString('latin1'), wanted].map((each) => each.replace(/[A-Z]/g, (c) => c.toLowerCase()));
  const out: number[] = [];
  for (let at = (all as string).indexOf(needle as string); at >= 0; at = (all as string).indexOf(needle as string, at + wanted.length))
    out.push(at);
  return out;
}

const letters = 'abAB@[`{Zz\xe9\xc9';
const random = (length: number, seed: number): Uint8Array => {
  let state = seed;
  return Uint8Array.from({ length }, () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return letters.charCodeAt((state >>> 16) % letters.length);
  });
};

it('finds what a search through each side at once finds, whatever the segments are', () => {
  for (const lengths of [[1], [1, 2, 3], [7, 1460], [1448]]) {
    const [client, server] = [random(900, 5), random(3000, 9)];
    const stream = followed(conversation(client, server, lengths));
    for (const wanted of ['a', 'AB', 'ab@', 'zZ', 'aabB', '@[`{', '\xe9', 'nothing']) {
      const found = search(stream, wanted);
      for (const [side, all] of [client, server].entries()) {
        const starts = found.filter((match) => match.side === side).map((match) => match.start);
        expect(starts, `${JSON.stringify(wanted)} in segments of ${lengths}`).toEqual(places(all, wanted));
        expect(search(stream, wanted, side as 0 | 1).map((match) => match.start)).toEqual(starts);
      }
      const pieces = found.map((match) => match.piece);
      expect(pieces).toEqual(pieces.toSorted((a, b) => a - b));
      for (const { piece, start, length } of found) {
        const { start: from, length: bytes } = stream.piece(piece);
        expect(start + length).toBeGreaterThan(from);
        expect(start + length).toBeLessThanOrEqual(from + bytes);
      }
    }
  }
});

it('tells letters from their neighbours in ASCII and from other bytes', () => {
  const all = Uint8Array.from({ length: 256 }, (_, byte) => byte);
  const stream = followed(conversation(all, new Uint8Array(0), [256]));
  for (let byte = 0; byte < 256; byte++) {
    const expected = places(all, String.fromCharCode(byte));
    expect(search(stream, String.fromCharCode(byte)).map((match) => match.start)).toEqual(expected);
    expect(expected.length).toBe(/[a-z]/i.test(String.fromCharCode(byte)) ? 2 : 1);
  }
});

it('finds across the ends of what it holds at a time, and goes on from any answer as if it had not stopped', () => {
  const server = new Uint8Array(1_500_000).fill(0x2e);
  const needle = Buffer.from('Needle in the stream');
  const put = [0, 262_134, 524_280, 1_000_003, server.length - needle.length];
  for (const at of put) server.set(needle, at);
  const stream = followed(conversation(Buffer.from('ask'), server, [1448, 60_000]));
  expect(search(stream, 'needle IN the stream').map((match) => match.start)).toEqual(put);
  // Every byte matches: a thousand an answer.
  const small = followed(conversation(Buffer.from('x'), new Uint8Array(5000).fill(0x61), [333]));
  const starts = Array.from({ length: 5000 }, (_, k) => k);
  expect(search(small, 'a').map((match) => match.start)).toEqual(starts);
  expect(search(small, 'a', undefined, true).map((match) => match.start)).toEqual(starts);
  expect(search(small, 'aa', 1, true).map((match) => match.start)).toEqual(starts.filter((k) => k % 2 === 0));
});

it('goes on with a single byte, of whatever was said before it', () => {
  let time = 0;
  const clock = vi.spyOn(performance, 'now').mockImplementation(() => {
    time += 1_000_000;
    return time;
  });
  try {
    for (let length = 1; length < 80; length++) {
      const text = random(length, 7);
      const stream = followed(conversation(text, new Uint8Array(0), [1]));
      for (const wanted of ['ab', 'aba', 'zabAB'])
        expect(
          search(stream, wanted).map((match) => match.start),
          `${wanted} in ${length}`,
        ).toEqual(places(text, wanted));
    }
  } finally {
    clock.mockRestore();
  }
});

it('finds nothing that reaches over bytes which the capture lacks', () => {
  const capture = new FileCapture();
  capture.add({ seq: 99, flags: 'S' });
  capture.add({ server: true, seq: 499, ack: 100, flags: 'SA' });
  capture.add({ seq: 100, ack: 500, flags: 'A', data: Buffer.from('one ne') });
  capture.add({ seq: 110, ack: 500, flags: 'A', data: Buffer.from('edle two') });
  capture.add({ server: true, seq: 500, ack: 118, flags: 'A', data: Buffer.from('ok') });
  const stream = followed(capture);
  expect(search(stream, 'needle')).toEqual([]);
  expect(search(stream, 'edle').map((match) => match.start)).toEqual([10]);
});

it('gives the first pieces of a long stream before it has looked through all of it, and in the end the same ones', () => {
  const capture = conversation(random(40_000, 3), random(90_000, 4), [5]);
  const stream = beginFollowing(capture, 'tcp', 0);
  if (stream === null) throw new Error('no stream');
  let slices = 0;
  for (; !stream.whole; slices++) {
    const before = stream.size;
    stream.advance(() => true);
    expect(stream.size).toBeGreaterThan(before);
    expect(stream.ofSide(0).length + stream.ofSide(1).length).toBe(stream.size);
  }
  expect(slices).toBeGreaterThan(2);
  const all = followed(capture);
  expect(stream.size).toBe(all.size);
  for (const k of [0, 1, 500, 4999, stream.size - 1]) expect(stream.piece(k)).toEqual(all.piece(k));
});

it('looks through the rows between the first and the last of a stream and finds those that are linked', () => {
  const capture = new FileCapture();
  for (let k = 0; k < 200; k++) {
    capture.add({ seq: 99 + k, flags: 'A', data: Buffer.from('x'), clientPort: 50_000 + (k % 5) });
  }
  for (let stream = 0; stream < 5; stream++) {
    const one = beginFollowing(capture, 'tcp', stream);
    one?.advance(() => false);
    const rows = Array.from({ length: one?.size ?? 0 }, (_, k) => one?.piece(k)).flatMap((piece) =>
      piece?.gap === false ? [piece.row] : [],
    );
    expect(rows).toEqual([...rowsOfStream(capture, stream, 'tcp')]);
    expect(rows.length).toBe(40);
  }
  expect(beginFollowing(capture, 'tcp', 5)).toBeNull();
});

it('writes a stream to a file, or nothing at all where it is ended before', async () => {
  const [client, server] = [random(100_000, 1), random(4_000_000, 2)];
  const stream = followed(conversation(client, server, [1448, 65_000]));
  const folder = await mkdtemp(path.join(tmpdir(), 'sevenfold-saved-'));
  try {
    const told: number[] = [];
    const tell = (done: number): boolean => told.push(done) > 0;
    const both = await saveFollowed(stream, null, path.join(folder, 'both'), tell);
    expect(both).toMatchObject({ ok: true, value: { whole: true, bytes: 4_100_000, count: stream.size } });
    expect(told.length).toBeGreaterThan(2);
    expect((await readFile(path.join(folder, 'both'))).length).toBe(4_100_000);
    await saveFollowed(stream, stream.ofSide(1), path.join(folder, 'server'), tell);
    expect(Buffer.compare(await readFile(path.join(folder, 'server')), server)).toBe(0);
    expect(await saveFollowed(stream, null, path.join(folder, 'ended'), () => false)).toMatchObject({ ok: true, value: { whole: false } });
    expect((await readdir(folder)).sort()).toEqual(['both', 'server']);
  } finally {
    await rm(folder, { recursive: true });
  }
});
