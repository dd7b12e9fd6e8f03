/**
 * Responses that the packet dissection does not have. As tshark does by default, it gives up a message whose segments came out of order;
 * the stream itself, in the order in which its reader had it, holds the response all the same.
 */
import { type CaptureIndex, defineState } from '../dissect/capture-index.ts';
import { Dissection } from '../dissect/dissection.ts';
import { type Said, saidIn } from '../dissect/said.ts';
import { seqAdd } from '../flow/seq.ts';
import { flows } from '../flow/tcp-flows.ts';
import { http } from '../protocols/http.ts';
import { type HttpMessage, httpMessages } from '../protocols/http-messages.ts';
import { CHUNK_MASK, NONE } from '../table/packet-table.ts';
import { followStream } from './follow.ts';
import type { FollowedStream } from './follow-pieces.ts';

export interface RepairedResponse {
  readonly message: HttpMessage;
  /** What it says to those who follow the stream: its head, and its body with its codings undone. */
  readonly said: readonly Said[];
  /** Rows of the first and of the last of its packets, in the order in which they came. */
  readonly startRow: number;
  readonly endRow: number;
  /** It goes on with bytes that are not there: what is there before them. */
  readonly partial: boolean;
}

/** Octets of a response that are put together at most, and of its head. */
const LIMIT = 16 * 1024 * 1024;
const HEAD_LIMIT = 256 * 1024;
/** How each begins: what HTTP/2 or anything else says is not gathered. */
const BEGIN = Buffer.from('HTTP/1.');
/** Streams longer than this are not searched. */
const MOST_PIECES = 200_000;
/** Streams whose pieces are remembered. */
const REMEMBERED = 8;

/** Octets that are put together in vain of one stream. */
const VAIN_LIMIT = 64 * 1024 * 1024;

/** One stream in order, with what was found out about it: a pipeline asks for each of its requests. */
class Searched {
  readonly lastRow: number;
  readonly followed: FollowedStream | null;
  /** Piece and kind of request for which there is no response. */
  readonly failed = new Set<number>();
  /** Pieces that begin a response of which bytes are missing. */
  readonly partial = new Set<number>();
  /** Octets put together for nothing, or for a response that is not whole. */
  vain = 0;
  readonly #capture: CaptureIndex;
  #starts: [Map<number, number>, Map<number, number>] | null = null;

  constructor(capture: CaptureIndex, stream: number, lastRow: number) {
    this.#capture = capture;
    this.lastRow = lastRow;
    this.followed = followStream(capture, 'tcp', stream);
  }

  /** The piece that begins with number `seq` of what the other side than that of `requestRow` sent; -1 if there is none. */
  pieceAt(requestRow: number, seq: number): number {
    const { followed } = this;
    if (followed === null) return -1;
    this.#starts ??= this.#index(followed);
    const requester = this.#endOf(requestRow);
    for (const side of [0, 1] as const) {
      const k = this.#starts[side].get(seq);
      if (k === undefined) continue;
      if (this.#endOf(followed.piece(k).row) !== requester) return k;
    }
    return -1;
  }

  /** Sequence numbers at which pieces begin, the first of each, by side. */
  #index(followed: FollowedStream): [Map<number, number>, Map<number, number>] {
    const starts: [Map<number, number>, Map<number, number>] = [new Map(), new Map()];
    for (let k = 0; k < followed.size; k++) {
      const { gap, side, row, skip } = followed.piece(k);
      if (gap) continue;
      const seq = seqAdd(this.#capture.packets.chunkOf(row).seq[row & CHUNK_MASK] as number, skip);
      if (!starts[side].has(seq)) starts[side].set(seq, k);
    }
    return starts;
  }

  /** Who sent a row. */
  #endOf(row: number): string {
    const chunk = this.#capture.packets.chunkOf(row);
    return `${chunk.src[row & CHUNK_MASK]} ${chunk.srcPort[row & CHUNK_MASK]}`;
  }
}

class Followed {
  readonly #known = new Map<number, Searched>();

  of(capture: CaptureIndex, stream: number): Searched {
    const lastRow = capture.state(flows).lastRow[stream] as number;
    let known = this.#known.get(stream);
    if (known?.lastRow !== lastRow) known = new Searched(capture, stream, lastRow);
    this.#known.delete(stream);
    this.#known.set(stream, known);
    if (this.#known.size > REMEMBERED) this.#known.delete(this.#known.keys().next().value as number);
    return known;
  }
}

const followedStreams = defineState(() => new Followed());

/**
 * The response to the request that ends in `requestRow`, from what its server sent next; null if the stream does not hold its head.
 * @param bodiless the request was a HEAD: the response has no body (RFC 9112, section 6.3)
 */
export function repairedResponse(capture: CaptureIndex, stream: number, requestRow: number, bodiless: boolean): RepairedResponse | null {
  const chunk = capture.packets.chunkOf(requestRow);
  const ack = chunk.ack[requestRow & CHUNK_MASK] as number;
  const searched = capture.state(followedStreams).of(capture, stream);
  const { followed } = searched;
  if (followed === null || followed.size > MOST_PIECES || searched.vain > VAIN_LIMIT) return null;
  const first = searched.pieceAt(requestRow, ack);
  const key = 2 * first + (bodiless ? 1 : 0);
  if (first < 0 || searched.failed.has(key)) return null;
  const found = assembled(capture, followed, first, bodiless, searched);
  if (found === null) searched.failed.add(key);
  return found;
}

/** The response that begins with piece `first`. */
function assembled(
  capture: CaptureIndex,
  followed: FollowedStream,
  first: number,
  bodiless: boolean,
  searched: Searched,
): RepairedResponse | null {
  const { side } = followed.piece(first);
  const parts = new Parts();
  let startRow = NONE;
  let endRow = -1;
  let end = -1;
  for (let k = first; k < followed.size && parts.length < LIMIT; k++) {
    const piece = followed.piece(k);
    if (piece.side !== side) continue;
    if (piece.gap) break;
    parts.add(followed.bytesOf(k));
    startRow = Math.min(startRow, piece.row);
    endRow = Math.max(endRow, piece.row);
    end = parts.end(bodiless);
    if (end >= 0 || parts.headless) break;
  }
  if (end < 0 && parts.untilClose) end = parts.length;
  const partial = end < 0;
  if (partial) {
    // Counted once: what is there of it is read each time that it is asked for.
    if (!searched.partial.has(first)) searched.vain += parts.length;
    searched.partial.add(first);
    if (!parts.headed) return null;
    end = parts.length;
  }
  const d = new Dissection(capture, endRow);
  d.call(http, d.newBuf('Reassembled TCP', parts.bytes.subarray(0, end)));
  const message = d.layers.map((layer) => httpMessages.get(layer)).find((each) => each !== undefined);
  return message === undefined || message.status === 0 ? null : { message, said: saidIn(d.layers, 'http'), startRow, endRow, partial };
}

/** The response as far as it has been put together. */
class Parts {
  bytes = new Uint8Array(4096);
  length = 0;
  /** The body lasts as long as the connection. */
  untilClose = false;
  #head = -1;
  #status = 0;
  #bodyEnd = -1;
  #chunked = false;
  /** Chunked: where the next chunk's size stands. */
  #at = 0;
  /** How far was looked for the end of the head, or of a line: what is added brings nothing before it. */
  #looked = 0;
  /** The same for the end of the trailers. */
  #searched = 0;

  /** The head is whole, and a response's. */
  get headed(): boolean {
    return this.#status !== 0;
  }

  add(bytes: Uint8Array): void {
    if (this.length + bytes.length > this.bytes.length) {
      const wider = new Uint8Array(Math.max(2 * this.bytes.length, this.length + bytes.length));
      wider.set(this.bytes.subarray(0, this.length));
      this.bytes = wider;
    }
    this.bytes.set(bytes, this.length);
    this.length += bytes.length;
  }

  /** It does not begin as a response does, or there is no end of a head where it has to be. */
  get headless(): boolean {
    for (let k = 0; k < BEGIN.length && k < this.length; k++) if (this.bytes[k] !== BEGIN[k]) return true;
    return this.#head < 0 && this.length >= HEAD_LIMIT;
  }

  /** Where the response ends; -1 if it goes on. */
  end(bodiless: boolean): number {
    if (this.#head < 0 && !this.#readHead(bodiless)) return -1;
    if (this.#chunked) return this.#chunks();
    return this.#bodyEnd >= 0 && this.length >= this.#bodyEnd ? this.#bodyEnd : -1;
  }

  #readHead(bodiless: boolean): boolean {
    const seen = Buffer.from(this.bytes.buffer, 0, Math.min(this.length, HEAD_LIMIT));
    const at = seen.indexOf('\r\n\r\n', Math.max(0, this.#looked - 3));
    this.#looked = seen.length;
    if (at < 0) return false;
    const head = seen.toString('latin1', 0, at + 2);
    const status = Number(/^HTTP\/1\.\d (\d{3})/.exec(head)?.[1] ?? 0);
    this.#head = at + 4;
    // Chunk sizes may stand in what was looked through for the end of the head.
    this.#looked = this.#head;
    this.#status = status;
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
      const line = all.indexOf('\r\n', Math.max(this.#at, this.#looked - 1));
      if (line < 0) {
        this.#looked = all.length;
        return -1;
      }
      const size = Number.parseInt(all.toString('latin1', this.#at, Math.min(line, this.#at + 16)), 16);
      if (!(size >= 0)) return this.length;
      if (size === 0) {
        // Trailers end with an empty line; without any it follows at once.
        const trailers = all.indexOf('\r\n\r\n', Math.max(line, this.#searched - 3));
        this.#searched = all.length;
        return trailers < 0 ? -1 : trailers + 4;
      }
      if (line + 2 + size + 2 > this.length) return -1;
      this.#at = line + 2 + size + 2;
    }
  }
}
