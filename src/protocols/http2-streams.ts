/**
 * What the index keeps of HTTP/2 connections (RFC 9113): header blocks decoded in order, the frames of each body, and exchanges.
 * Frames are cut here; header blocks are gathered, all other payloads are stepped over.
 */
import { type CaptureIndex, defineState } from '../dissect/capture-index.ts';
import { type Framer, NEED_MORE, REJECT, type StreamSide } from '../dissect/framer.ts';
import { lowerBound, lowerBoundBy } from '../table/ascending.ts';
import { NONE, UNSET } from '../table/packet-table.ts';
import { HpackDecoder, type HpackHeader } from './hpack.ts';
import { Method } from './http-head.ts';
import { type HttpPairs, httpPairs } from './http-pairs.ts';

export const Type = {
  Data: 0,
  Headers: 1,
  Priority: 2,
  Reset: 3,
  Settings: 4,
  Push: 5,
  Ping: 6,
  GoAway: 7,
  Window: 8,
  Continuation: 9,
} as const;
export const Flag2 = { EndStream: 0x01, EndHeaders: 0x04, Padded: 0x08, Priority: 0x20 } as const;
export const FRAME_HEAD = 9;

export const PREFACE = Uint8Array.from('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n', (c) => c.charCodeAt(0));

/** Octets of one header block that are gathered. */
const MAX_BLOCK = 256 * 1024;
/** Headers kept in all; blocks beyond are decoded for the tables alone, and begin no exchange. */
const MAX_HEADERS = 4_000_000;
/** Streams that one side ended, kept in all. */
const MAX_RESETS = 1_000_000;
/** DATA frames kept in all. */
const MAX_DATA = 4_000_000;
/** Headers that a block counts for by itself. */
const BLOCK_COST = 8;
/** Streams of one connection that are remembered at once. */
const MAX_STREAMS = 4096;

/** One header block, known by the row in which it ends. */
export interface Block {
  readonly row: number;
  /** Which of the blocks that end in the row it is, from 0. */
  readonly ordinal: number;
  readonly headers: readonly HpackHeader[];
  readonly error: string | null;
  /** Number of the block whose headers its message has: its own, or the one before a trailer. NONE for a push promise. */
  readonly main: number;
  /** It begins a request that goes on: what it says stands until the end is there. */
  readonly begins: boolean;
  /** It ends its message: there is no DATA frame behind it. */
  readonly ends: boolean;
  /** The latest DATA frame of its message, NONE without one. */
  readonly data: number;
}

/** Stands for every block that there was no room for. */
const DROPPED: Block = {
  row: NONE,
  ordinal: 0,
  headers: [],
  error: 'too many headers in this capture',
  main: NONE,
  begins: false,
  ends: false,
  data: NONE,
};

interface Half {
  startRow: number;
  /** Number of its first block that is no interim response; NONE before it. */
  block: number;
  /** Its latest DATA frame, NONE without one. */
  data: number;
  ended: boolean;
}

interface Stream {
  readonly halves: readonly [Half, Half];
  exchange: number;
}

class Connection {
  /** Of the client, and of the server. */
  readonly decoders = [new HpackDecoder(), new HpackDecoder()] as const;
  readonly streams = new Map<number, Stream>();
  last = UNSET;

  stream(id: number): Stream {
    let stream = this.streams.get(id);
    if (stream === undefined) {
      const half = (): Half => ({ startRow: NONE, block: NONE, data: NONE, ended: false });
      stream = { halves: [half(), half()], exchange: NONE };
      this.streams.set(id, stream);
      for (const oldest of this.streams.keys()) {
        if (this.streams.size <= MAX_STREAMS) break;
        this.streams.delete(oldest);
      }
    }
    return stream;
  }
}

interface StreamReset {
  readonly row: number;
  readonly fromClient: boolean;
  /** Error code (RFC 9113, section 7). */
  readonly error: number;
}

class Http2Streams {
  readonly blocks: Block[] = [];
  /** DATA frames: row that each ends in (ascending), its number in that row, the one before it in its body, and the block before it. */
  readonly dataRow: number[] = [];
  readonly dataOrdinal: number[] = [];
  readonly dataPrevious: number[] = [];
  readonly dataBlock: number[] = [];
  headers = 0;
  /** Exchanges of which one side ended the stream (RFC 9113, section 6.4): who first, and where. */
  readonly resets = new Map<number, StreamReset>();
  /** There was no room for a block, and is none for those that come. */
  full = false;
  readonly #connections = new Map<number, Connection>();

  connection(stream: number): Connection {
    let connection = this.#connections.get(stream);
    if (connection === undefined) {
      connection = new Connection();
      this.#connections.set(stream, connection);
    }
    return connection;
  }

  /** The `ordinal`th block that ends in `row`. */
  block(row: number, ordinal: number): Block | undefined {
    const block = this.blocks[lowerBoundBy(this.blocks, (each) => each.row, row) + ordinal];
    if (block?.row === row) return block;
    return this.full && row >= (this.blocks.at(-1)?.row ?? 0) ? DROPPED : undefined;
  }

  /** Number of the `ordinal`th DATA frame that ends in `row`, NONE if there is none. */
  data(row: number, ordinal: number): number {
    const at = lowerBound(this.dataRow, row) + ordinal;
    return this.dataRow[at] === row ? at : NONE;
  }
}

export const http2Streams = defineState(() => new Http2Streams());

/** One direction while its frames are cut. */
class Cutter {
  readonly head = new Uint8Array(FRAME_HEAD);
  have = 0;
  prefaced = 0;
  /** A frame's payload that is gathered, and the block that it belongs to. */
  payload: Uint8Array = new Uint8Array(0);
  taken = 0;
  left = 0;
  block: Uint8Array = new Uint8Array(0);
  blockLength = 0;
  /** Stream and flags of the HEADERS frame that the block began with. */
  blockStream = 0;
  blockFlags = 0;
  blockPush = false;
  inFrame = false;
}

function cutterOf(side: StreamSide): Cutter {
  if (side.own === null) side.own = new Cutter();
  return side.own as Cutter;
}

function u24(b: Uint8Array, at: number): number {
  return ((b[at] as number) << 16) | ((b[at + 1] as number) << 8) | (b[at + 2] as number);
}

function u31(b: Uint8Array, at: number): number {
  return (((b[at] as number) & 0x7f) << 24) | u24(b, at + 1);
}

function u32(b: Uint8Array): number {
  return (((b[0] as number) << 24) | u24(b, 1)) >>> 0;
}

/** Frames whose payload the index reads. */
function gathers(type: number): boolean {
  return type === Type.Headers || type === Type.Continuation || type === Type.Push || type === Type.Settings || type === Type.Reset;
}

export const http2Framer: Framer = {
  incremental: true,

  feed(side, bytes, offset, end) {
    const c = cutterOf(side);
    let at = offset;
    if (!c.inFrame && c.have === 0) {
      // The preface is a message of its own.
      if (c.prefaced > 0 || (bytes[at] === PREFACE[0] && bytes[at + 1] === PREFACE[1])) {
        while (at < end && c.prefaced < PREFACE.length) {
          if (bytes[at] !== PREFACE[c.prefaced]) return REJECT;
          at++;
          c.prefaced++;
        }
        if (c.prefaced < PREFACE.length) return NEED_MORE;
        c.prefaced = 0;
        c.inFrame = false;
        return at;
      }
    }
    while (c.have < FRAME_HEAD && at < end) c.head[c.have++] = bytes[at++] as number;
    if (c.have < FRAME_HEAD) return NEED_MORE;
    const type = c.head[3] as number;
    if (!c.inFrame) {
      c.inFrame = true;
      c.left = u24(c.head, 0);
      c.taken = 0;
      if (gathers(type)) {
        if (c.left > MAX_BLOCK) return REJECT;
        if (c.payload.length < c.left) c.payload = new Uint8Array(Math.max(256, c.left));
      }
    }
    const run = Math.min(c.left, end - at);
    if (gathers(type)) {
      for (let k = 0; k < run; k++) c.payload[c.taken + k] = bytes[at + k] as number;
      c.taken += run;
    }
    c.left -= run;
    at += run;
    if (c.left === 0) return at;
    if (!gathers(type)) side.need = c.left;
    return NEED_MORE;
  },

  done(side) {
    const c = cutterOf(side);
    const whole = c.inFrame;
    c.have = 0;
    c.inFrame = false;
    c.left = 0;
    if (whole) noteFrame(side, c);
  },

  lost(side) {
    const c = cutterOf(side);
    c.have = 0;
    c.inFrame = false;
    c.prefaced = 0;
    c.left = 0;
    c.blockLength = 0;
    side.capture.state(http2Streams).connection(side.stream).decoders[side.fromClient ? 0 : 1].reset();
  },
};

function noteFrame(side: StreamSide, c: Cutter): void {
  const state = side.capture.state(http2Streams);
  const connection = state.connection(side.stream);
  const type = c.head[3] as number;
  const flags = c.head[4] as number;
  const id = u31(c.head, 5);
  const way = side.fromClient ? 0 : 1;
  if (type === Type.Settings && (flags & 1) === 0) {
    // The table size that one side allows is the other side's.
    for (let at = 0; at + 6 <= c.taken; at += 6)
      if (c.payload[at] === 0 && c.payload[at + 1] === 1) connection.decoders[(1 - way) as 0 | 1].limit = u31(c.payload, at + 2);
    return;
  }
  if (type === Type.Data) {
    const { halves, exchange } = connection.stream(id);
    // What belongs to nothing that is kept is not kept either.
    if (state.dataRow.length >= MAX_DATA || (state.full && exchange === NONE)) return;
    const half = halves[way];
    // Where the headers are missing, it begins here.
    if (half.startRow === NONE) half.startRow = side.row;
    state.dataOrdinal.push(state.dataRow.at(-1) === side.row ? (state.dataOrdinal.at(-1) as number) + 1 : 0);
    state.dataRow.push(side.row);
    state.dataPrevious.push(half.data);
    state.dataBlock.push(half.block);
    half.data = state.dataRow.length - 1;
    if ((flags & Flag2.EndStream) !== 0) ended(side, connection, id, way);
    return;
  }
  if (type === Type.Reset) {
    const exchange = connection.streams.get(id)?.exchange ?? NONE;
    if (c.taken < 4 || exchange === NONE || state.resets.has(exchange) || state.resets.size >= MAX_RESETS) return;
    state.resets.set(exchange, { row: side.row, fromClient: side.fromClient, error: u32(c.payload) });
    return;
  }
  if (type === Type.Headers || type === Type.Push) {
    c.blockLength = 0;
    c.blockStream = id;
    c.blockFlags = flags;
    c.blockPush = type === Type.Push;
    const [from, to] = fragmentOf(type, flags, c.payload, c.taken);
    append(c, from, to);
  } else if (type === Type.Continuation) append(c, 0, c.taken);
  else return;
  if ((flags & Flag2.EndHeaders) !== 0) blockEnds(side, state, connection, c, way);
}

/** Where the header block fragment lies in the payload of a HEADERS or PUSH_PROMISE frame (RFC 9113 sections 6.2 and 6.6). */
export function fragmentOf(type: number, flags: number, payload: Uint8Array, length: number): [number, number] {
  const padded = (flags & Flag2.Padded) !== 0;
  const pad = padded && length > 0 ? (payload[0] as number) : 0;
  let from = padded ? 1 : 0;
  if (type === Type.Push) from += 4;
  else if ((flags & Flag2.Priority) !== 0) from += 5;
  return [Math.min(from, length), Math.max(Math.min(from, length), length - pad)];
}

function append(c: Cutter, from: number, to: number): void {
  const length = c.blockLength + to - from;
  if (length > MAX_BLOCK) return;
  if (c.block.length < length) {
    const wider = new Uint8Array(Math.max(512, 2 * length));
    wider.set(c.block.subarray(0, c.blockLength));
    c.block = wider;
  }
  c.block.set(c.payload.subarray(from, to), c.blockLength);
  c.blockLength = length;
}

function blockEnds(side: StreamSide, state: Http2Streams, connection: Connection, c: Cutter, way: 0 | 1): void {
  const { headers, error } = connection.decoders[way].decode(c.block, 0, c.blockLength);
  c.blockLength = 0;
  const cost = headers.length + BLOCK_COST;
  state.full ||= state.headers + cost > MAX_HEADERS;
  if (state.full) return;
  state.headers += cost;
  const number = state.blocks.length;
  const half = c.blockPush ? null : connection.stream(c.blockStream).halves[way];
  const interim = /^1[0-9][0-9]$/.test(headers.find(({ name }) => name === ':status')?.value ?? '');
  if (half !== null) {
    if (half.startRow === NONE) half.startRow = side.row;
    if (half.block === NONE && !interim) half.block = number;
  }
  const latest = state.blocks.at(-1);
  const begins = half?.block === number && way === 0 && (c.blockFlags & Flag2.EndStream) === 0;
  const ends = half !== null && (c.blockFlags & Flag2.EndStream) !== 0;
  state.blocks.push({
    row: side.row,
    ordinal: latest?.row === side.row ? latest.ordinal + 1 : 0,
    headers,
    error,
    main: half === null ? NONE : half.block,
    begins,
    ends,
    data: half === null ? NONE : half.data,
  });
  if (begins) {
    const stream = connection.stream(c.blockStream);
    if (stream.exchange === NONE) startExchange(side, connection, stream, c.blockStream);
    requestAt(side, stream, side.capture.state(httpPairs));
  }
  if (ends) ended(side, connection, c.blockStream, way);
}

function startExchange(side: StreamSide, connection: Connection, stream: Stream, id: number): void {
  const pairs = side.capture.state(httpPairs);
  const upgrade = pairs.tunnels.get(side.stream);
  if (connection.last === UNSET && upgrade !== undefined) connection.last = upgrade;
  stream.exchange = pairs.add(side.stream, connection.last, UNSET, Method.Other);
  connection.last = stream.exchange;
  if (id !== 1 || upgrade === undefined || stream.halves[0].startRow !== NONE) return;
  // Stream 1 answers the request that asked for the upgrade (RFC 7540, section 3.2).
  pairs.requestRow[stream.exchange] = pairs.requestRow[upgrade] as number;
  pairs.requestStart[stream.exchange] = pairs.requestStart[upgrade] as number;
  pairs.requestOrdinal[stream.exchange] = pairs.requestOrdinal[upgrade] as number;
}

/** The request is known as far as the row at hand. */
function requestAt(side: StreamSide, stream: Stream, pairs: HttpPairs): void {
  const { exchange } = stream;
  pairs.requestOrdinal[exchange] = pairs.message(side.row, exchange);
  pairs.requestRow[exchange] = side.row;
  pairs.requestStart[exchange] = stream.halves[0].startRow;
}

/** One half of an exchange is whole. */
function ended(side: StreamSide, connection: Connection, id: number, way: 0 | 1): void {
  const pairs = side.capture.state(httpPairs);
  const stream = connection.stream(id);
  const half = stream.halves[way];
  if (stream.exchange === NONE) startExchange(side, connection, stream, id);
  const { exchange } = stream;
  half.ended = true;
  if (stream.halves[(1 - way) as 0 | 1].ended) connection.streams.delete(id);
  if (way === 0) {
    requestAt(side, stream, pairs);
    return;
  }
  const ordinal = pairs.message(side.row, exchange);
  const headers = side.capture.state(http2Streams).blocks[half.block]?.headers ?? [];
  pairs.responseRow[exchange] = side.row;
  pairs.responseStart[exchange] = half.startRow;
  pairs.responseOrdinal[exchange] = ordinal;
  pairs.status[exchange] = Number(headers.find(({ name }) => name === ':status')?.value) || 0;
}

/** Headers of the body that DATA frame `data` belongs to. */
export function headersOfData(capture: CaptureIndex, data: number): readonly HpackHeader[] {
  const state = capture.state(http2Streams);
  return state.blocks[state.dataBlock[data] as number]?.headers ?? [];
}
