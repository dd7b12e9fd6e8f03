/** Following a TCP stream: order of delivery, repeats, gaps. */
import { expect, it } from 'vitest';
import { followStream } from '../../src/engine/follow.ts';
import type { FollowedStream } from '../../src/engine/follow-pieces.ts';
import { type Segment, TestCapture } from '../flow/tcp-capture.ts';

const text = (words: string): Uint8Array => new TextEncoder().encode(words);

/** SYN at 99 and 499, then what is given: client bytes begin at 100, server bytes at 500. */
function follow(...segments: Segment[]): FollowedStream {
  const capture = new TestCapture();
  capture.add({ seq: 99, flags: 'S' });
  capture.add({ server: true, seq: 499, ack: 100, flags: 'SA' });
  for (const segment of segments) capture.add(segment);
  const followed = followStream(capture, 'tcp', 0);
  if (followed === null) throw new Error('no stream');
  return followed;
}

/** "0:bytes" or "1:bytes" per piece; a gap as "0:<n>". */
function pieces(followed: FollowedStream): string[] {
  return Array.from({ length: followed.size }, (_, k) => {
    const piece = followed.piece(k);
    return `${piece.side}:${piece.gap ? `<${piece.length}>` : new TextDecoder().decode(followed.bytesOf(k))}`;
  });
}

it('gives what both sides sent, in the order of capture, without handshake and close', () => {
  const followed = follow(
    { seq: 100, ack: 500, flags: 'A', data: text('ask') },
    { server: true, seq: 500, ack: 103, flags: 'A', data: text('answer') },
    { seq: 103, ack: 506, flags: 'FA' },
  );
  expect(pieces(followed)).toEqual(['0:ask', '1:answer']);
  expect(followed.bytes).toEqual([3, 6]);
  expect(followed.nodes).toEqual(['10.0.0.1:50000', '10.0.0.2:9999']);
});

it('puts segments that came out of order into order', () => {
  const followed = follow(
    { seq: 104, ack: 500, flags: 'A', data: text('two ') },
    { seq: 108, ack: 500, flags: 'A', data: text('three') },
    { seq: 100, ack: 500, flags: 'A', data: text('one ') },
  );
  expect(pieces(followed)).toEqual(['0:one ', '0:two ', '0:three']);
});

it('shows repeated bytes once, and of a segment that repeats some only what is new', () => {
  const followed = follow(
    { seq: 100, ack: 500, flags: 'A', data: text('abcd') },
    { seq: 100, ack: 500, flags: 'A', data: text('abcd') },
    { seq: 102, ack: 500, flags: 'A', data: text('cdef') },
  );
  expect(pieces(followed)).toEqual(['0:abcd', '0:ef']);
  expect(followed.piece(1).start).toBe(4);
});

it('shows a gap where the other side acknowledged bytes that the capture lacks', () => {
  const followed = follow(
    { seq: 100, ack: 500, flags: 'A', data: text('ab') },
    { seq: 107, ack: 500, flags: 'A', data: text('yz') },
    { server: true, seq: 500, ack: 109, flags: 'A', data: text('ok') },
  );
  expect(pieces(followed)).toEqual(['0:ab', '0:<5>', '0:yz', '1:ok']);
  expect(followed.missing).toEqual([5, 0]);
  expect(followed.bytes).toEqual([9, 2]);
});

it('shows at the end what waited in vain for bytes before it', () => {
  const followed = follow({ seq: 100, ack: 500, flags: 'A', data: text('ab') }, { seq: 107, ack: 500, flags: 'A', data: text('yz') });
  expect(pieces(followed)).toEqual(['0:ab', '0:<5>', '0:yz']);
});

it('shows bytes that the snapshot length cut off as a gap', () => {
  const followed = follow({ seq: 100, ack: 500, flags: 'A', data: text('abcdef'), cut: 2 });
  expect(pieces(followed)).toEqual(['0:abcd', '0:<2>']);
});

it('goes on over the wrap of sequence numbers', () => {
  const capture = new TestCapture();
  capture.add({ seq: 0xfffffffd, flags: 'S' });
  capture.add({ server: true, seq: 499, ack: 0xfffffffe, flags: 'SA' });
  capture.add({ seq: 0xfffffffe, ack: 500, flags: 'A', data: text('abcd') });
  capture.add({ seq: 2, ack: 500, flags: 'A', data: text('ef') });
  const followed = followStream(capture, 'tcp', 0) as FollowedStream;
  expect(pieces(followed)).toEqual(['0:abcd', '0:ef']);
});

it('finds the piece that a packet brought', () => {
  const followed = follow(
    { seq: 100, ack: 500, flags: 'A', data: text('one ') },
    { server: true, seq: 500, ack: 104, flags: 'A' },
    { seq: 104, ack: 500, flags: 'A', data: text('two ') },
  );
  expect(followed.pieceOfRow(4)).toBe(1);
  expect(followed.pieceOfRow(3)).toBe(1);
  expect(followed.pieceOfRow(99)).toBe(followed.size);
});

it('knows no stream that the capture does not have', () => {
  expect(followStream(new TestCapture(), 'tcp', 0)).toBeNull();
  expect(followStream(new TestCapture(), 'udp', 0)).toBeNull();
});
