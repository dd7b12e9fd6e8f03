/**
 * Following what was decrypted of a TLS connection: the application data of its records, in order of the capture. What the TCP stream lacks is a
 * gap between them, in octets of TCP: of a record that is not whole nothing can be read.
 */
import type { CaptureIndex } from '../dissect/capture-index.ts';
import { tlsPlain } from '../protocols/tls-plain.ts';
import { tlsSessions } from '../protocols/tls-session.ts';
import { streamGaps } from './follow.ts';
import { FollowedStream, type StreamGap } from './follow-pieces.ts';

class DecryptedStream extends FollowedStream {
  constructor(capture: CaptureIndex, stream: number, entries: Uint32Array, gaps: readonly StreamGap[]) {
    const plain = capture.state(tlsPlain);
    // As in tshark the sender of the first record that was decrypted is side 0, whatever was in it.
    super(capture, 'tls', stream, plain.row[plain.firstOf(stream)] as number);
    // Not where the bytes lie but which record they are: that is what they are read by.
    let noted = 0;
    for (const entry of entries) {
      const row = plain.row[entry] as number;
      noted = this.gapsBefore(row, gaps, noted);
      this.push(this.sideOf(row), row, entry, plain.length[entry] as number);
    }
    this.gapsBefore(null, gaps, noted);
  }

  protected override read(_row: number, skip: number): Uint8Array {
    return this.capture.state(tlsPlain).contents(skip);
  }
}

/** Null if nothing of the stream was decrypted, or if it was given up. `pause`: as for followSaid. */
export async function followDecrypted(
  capture: CaptureIndex,
  stream: number,
  pause: () => Promise<boolean> | null = () => null,
): Promise<FollowedStream | null> {
  const entries = capture.state(tlsPlain).ofStream(stream);
  if (entries.length === 0) return null;
  const gaps = await streamGaps(capture, stream, pause);
  return gaps === null ? null : new DecryptedStream(capture, stream, entries, gaps);
}

/** True if the two sides of the stream agreed on TLS and nothing of it was decrypted: a key log would help. */
export function isSealed(capture: CaptureIndex, stream: number): boolean {
  return capture.state(tlsSessions).version(stream) !== 0 && !hasDecrypted(capture, stream);
}

/** True if something of the stream was decrypted. */
export function hasDecrypted(capture: CaptureIndex, stream: number): boolean {
  return capture.state(tlsPlain).ofStream(stream).length > 0;
}
