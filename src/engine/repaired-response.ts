/**
 * Responses that the packet dissection does not have. As tshark does by default, it gives up a message whose segments came out of order;
 * the stream itself, in the order in which its reader had it, holds the response all the same.
 */
import { type CaptureIndex, defineState } from '../dissect/capture-index.ts';
import { Dissection } from '../dissect/dissection.ts';
import { seqAdd, seqDiff } from '../flow/seq.ts';
import { flows } from '../flow/tcp-flows.ts';
import { http } from '../protocols/http.ts';
import { type HttpMessage, httpMessages } from '../protocols/http-messages.ts';
import { CHUNK_MASK, NONE } from '../table/packet-table.ts';
import { followStream } from './follow.ts';
import type { FollowedStream } from './follow-pieces.ts';

export interface RepairedResponse {
  readonly message: HttpMessage;
  /** Rows that brought its first byte, and the byte that made it whole. */
  readonly startRow: number;
  readonly endRow: number;
}

/** Octets of a response that are put together at most, and of its head. */
const LIMIT = 16 * 1024 * 1024;
const HEAD_LIMIT = 256 * 1024;
/** Streams longer than this are not searched. */
const MOST_PIECES = 200_000;
/** Streams whose pieces are remembered. */
const REMEMBERED = 8;

class Followed {
  readonly #known = new Map<number, { lastRow: number; followed: FollowedStream | null }>();

  of(capture: CaptureIndex, stream: number): FollowedStream | null {
    const lastRow = capture.state(flows).lastRow[stream] as number;
    let known = this.#known.get(stream);
    if (known?.lastRow !== lastRow) known = { lastRow, followed: followStream(capture, 'tcp', stream) };
    this.#known.delete(stream);
    this.#known.set(stream, known);
    if (this.#known.size > REMEMBERED) this.#known.delete(this.#known.keys().next().value as number);
    return known.followed;
  }
}

const followedStreams = defineState(() => new Followed());

/**
 * The response to the request that ends in `requestRow`, from what its server sent next; null if the stream does not hold it whole.
 * @param bodiless the request was a HEAD: the response has no body (RFC 9112, section 6.3)
 */
export function repairedResponse(capture: CaptureIndex, stream: number, requestRow: number, bodiless: boolean): RepairedResponse | null {
  const chunk = capture.packets.chunkOf(requestRow);
  const ack = chunk.ack[requestRow & CHUNK_MASK] as number;
  const followed = capture.state(followedStreams).of(capture, stream);
  if (followed === null || followed.size > MOST_PIECES) return null;
  const first = pieceAt(capture, followed, requestRow, ack);
  if (first < 0) return null;
  const side = followed.piece(first).side;
  const parts = new Parts();
  let endRow = NONE;
  let end = -1;
  for (let k = first; k < followed.size && parts.length < LIMIT; k++) {
    const piece = followed.piece(k);
    if (piece.side !== side) continue;
    if (piece.gap) break;
    parts.add(followed.bytesOf(k));
    endRow = piece.row;
    end = parts.end(bodiless);
    if (end >= 0) break;
  }
  if (end < 0 && parts.untilClose) end = parts.length;
  if (end < 0 || endRow === NONE) return null;
  const d = new Dissection(capture, endRow);
  d.call(http, d.newBuf('Reassembled TCP', parts.bytes.subarray(0, end)));
  const message = d.layers.map((layer) => httpMessages.get(layer)).find((each) => each !== undefined);
  return message === undefined || message.status === 0 ? null : { message, startRow: followed.piece(first).row, endRow };
}

/** The piece that begins where the request's sender expected the other side to go on; -1 if that is not there. */
function pieceAt(capture: CaptureIndex, followed: FollowedStream, requestRow: number, ack: number): number {
  const request = capture.packets.chunkOf(requestRow);
  const src = request.src[requestRow & CHUNK_MASK];
  const port = request.srcPort[requestRow & CHUNK_MASK];
  for (let k = 0; k < followed.size; k++) {
    const piece = followed.piece(k);
    if (piece.gap) continue;
    const chunk = capture.packets.chunkOf(piece.row);
    const i = piece.row & CHUNK_MASK;
    if (chunk.src[i] === src && chunk.srcPort[i] === port) continue;
    const seq = seqAdd(chunk.seq[i] as number, piece.skip);
    if (seq === ack) return k;
    if (seqDiff(seq, ack) > 0) return -1;
  }
  return -1;
}

/** The response as far as it has been put together. */
class Parts {
  bytes = new Uint8Array(4096);
  length = 0;
  /** The body lasts as long as the connection. */
  untilClose = false;
  #head = -1;
  #bodyEnd = -1;
  #chunked = false;
  /** Chunked: where the next chunk's size stands. */
  #at = 0;

  add(bytes: Uint8Array): void {
    if (this.length + bytes.length > this.bytes.length) {
      const wider = new Uint8Array(Math.max(2 * this.bytes.length, this.length + bytes.length));
      wider.set(this.bytes.subarray(0, this.length));
      this.bytes = wider;
    }
    this.bytes.set(bytes, this.length);
    this.length += bytes.length;
  }

  /** Where the response ends; -1 if it goes on. */
  end(bodiless: boolean): number {
    if (this.#head < 0 && !this.#readHead(bodiless)) return -1;
    if (this.#chunked) return this.#chunks();
    return this.#bodyEnd >= 0 && this.length >= this.#bodyEnd ? this.#bodyEnd : -1;
  }

  #readHead(bodiless: boolean): boolean {
    const seen = Buffer.from(this.bytes.buffer, 0, Math.min(this.length, HEAD_LIMIT));
    const at = seen.indexOf('\r\n\r\n');
    if (at < 0) return false;
    const head = seen.toString('latin1', 0, at + 2);
    const status = Number(/^HTTP\/1\.\d (\d{3})/.exec(head)?.[1] ?? 0);
    this.#head = at + 4;
    if (status === 0) return true;
    const length = /\r\ncontent-length:[ \t]*(\d{1,15})[ \t]*\r\n/i.exec(head)?.[1];
    if (bodiless || status < 200 || status === 204 || status === 304) this.#bodyEnd = this.#head;
    else if (/\r\ntransfer-encoding:[^\r\n]*chunked/i.test(head)) {
      this.#chunked = true;
      this.#at = this.#head;
    } else if (length !== undefined) this.#bodyEnd = this.#head + Number(length);
    else this.untilClose = true;
    return true;
  }

  #chunks(): number {
    const all = Buffer.from(this.bytes.buffer, 0, this.length);
    for (;;) {
      const line = all.indexOf('\r\n', this.#at);
      if (line < 0) return -1;
      const size = Number.parseInt(all.toString('latin1', this.#at, Math.min(line, this.#at + 16)), 16);
      if (!(size >= 0)) return this.length;
      if (size === 0) {
        // Trailers end with an empty line; without any it follows at once.
        const trailers = all.indexOf('\r\n\r\n', line);
        return trailers < 0 ? -1 : trailers + 4;
      }
      if (line + 2 + size + 2 > this.length) return -1;
      this.#at = line + 2 + size + 2;
    }
  }
}
