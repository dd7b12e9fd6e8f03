/** Following what was decrypted of a TLS connection: the application data of its records, in order of the capture. */
import type { CaptureIndex } from '../dissect/capture-index.ts';
import { tlsPlain } from '../protocols/tls-plain.ts';
import { tlsSessions } from '../protocols/tls-session.ts';
import { FollowedStream } from './follow-pieces.ts';

class DecryptedStream extends FollowedStream {
  constructor(capture: CaptureIndex, stream: number, entries: Uint32Array) {
    const plain = capture.state(tlsPlain);
    // As in tshark the sender of the first record that was decrypted is side 0, whatever was in it.
    super(capture, 'tls', stream, plain.row[plain.firstOf(stream)] as number);
    // Not where the bytes lie but which record they are: that is what they are read by.
    for (const entry of entries) {
      const row = plain.row[entry] as number;
      this.push(this.sideOf(row), row, entry, plain.length[entry] as number);
    }
  }

  protected override read(_row: number, skip: number): Uint8Array {
    return this.capture.state(tlsPlain).contents(skip);
  }
}

/** Null if nothing of the stream was decrypted. */
export function followDecrypted(capture: CaptureIndex, stream: number): FollowedStream | null {
  const entries = capture.state(tlsPlain).ofStream(stream);
  return entries.length === 0 ? null : new DecryptedStream(capture, stream, entries);
}

/** True if the two sides of the stream agreed on TLS and nothing of it was decrypted: a key log would help. */
export function isSealed(capture: CaptureIndex, stream: number): boolean {
  return capture.state(tlsSessions).version(stream) !== 0 && !hasDecrypted(capture, stream);
}

/** True if something of the stream was decrypted. */
export function hasDecrypted(capture: CaptureIndex, stream: number): boolean {
  return capture.state(tlsPlain).ofStream(stream).length > 0;
}
