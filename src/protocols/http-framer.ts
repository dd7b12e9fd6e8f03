/**
 * Where HTTP/1.x messages end in a TCP stream (RFC 9112 section 6). Works line by line on the bytes as they come, so nothing is carried
 * between segments; allocates one object per direction of a connection and nothing per packet.
 */

import { type Framer, NEED_MORE, SILENT, type StreamSide } from '../dissect/framer.ts';
import { allProtocols, type Protocol } from '../dissect/protocol.ts';
import { tables } from '../dissect/tables.ts';
import { NONE, UNSET } from '../table/packet-table.ts';
import { begins, CR, HttpHead, isSpace, Kind, LF, LINE, lineEnd, Method, readHead, setAhead, takeHeader, takeStart } from './http-head.ts';
import { httpPairs } from './http-pairs.ts';
import { isRequest, isResponse, isStartLine, octetsOf } from './http-start.ts';
import { TunnelSide, upgrades } from './http-tunnel.ts';

/** A header block or trailer longer than this is not waited for. */
const MAX_HEAD = 256 * 1024;

/** Length of a body that ends with the connection: more than comes, so that what is missing of it is no new message. */
const UNTIL_CLOSE = 0x3fffffff;

const Phase = {
  Start: 0,
  Headers: 1,
  Length: 2,
  ChunkSize: 3,
  ChunkData: 4,
  Trailers: 6,
  UntilClose: 7,
  /** A body whose length nobody can know, and which is not waited for: what there is of it in this segment. */
  Rest: 8,
  /** Within a start line. Start alone means: nothing of a message yet (the flow code goes back there when a message is lost). */
  StartLine: 9,
  /** Within bytes that begin no message: as Wireshark does, waited for until a line ends. */
  Other: 10,
} as const;

/** How HTTP/2 begins (RFC 9113 section 3.4), and its name as an upgrade. */
const PREFACE = octetsOf('pri * http/2.0\r\n\r\nsm\r\n\r\n');
const HTTP2 = 'h2c';

/** From this on a length may be one of RPC over HTTP, which says no more than how much there may be. */
const LARGE = 128 * 1024;

const NO_LINE = new Uint8Array(0);

class HttpSide extends HttpHead {
  /** What came of the line at hand in earlier segments; made when a line is first cut. */
  line: Uint8Array = NO_LINE;
  /** Bytes of the line at hand, those beyond LINE included. */
  lineLength = 0;
  /** The line at hand has ended with CR, the last byte of a segment: a LF may follow. */
  ended = false;
  /** No LF followed the CR that ended it: no line is folded there. */
  bare = false;
  headLength = 0;
  /** Row in which the message at hand begins. */
  startRow = UNSET;
  /** Bytes still to come of a body or chunk of known length. */
  left = 0;
  /** Requests of this direction: newest exchange, and oldest without an answer. */
  last = UNSET;
  waiting = UNSET;
  /** Exchange of the request at hand, where its response came before its end. */
  answered = UNSET;
  tunnel = false;
  /** What goes through the tunnel, where it is known. */
  inner: TunnelSide | null = null;
  /** Who reads the tunnel that came of a CONNECT, and the row that opened it. */
  through: Protocol | null = null;
  opened = UNSET;
  /** The last message in the tunnel was not one of that protocol's. */
  refused = false;
  /** The first line of what is no message has a colon. */
  colon = false;
  /** What came of it ends with CR. */
  carriage = false;
  /** A request went this way. */
  requested = false;
  /** A message of this direction was not seen whole. */
  lost = false;

  begin(): void {
    this.beginHead();
    this.lineLength = 0;
    this.ended = false;
    this.headLength = 0;
    this.left = 0;
    this.answered = UNSET;
  }

  /** Adds bytes[from, from + run) to the line at hand; what goes beyond LINE is counted only. */
  gather(bytes: Uint8Array, from: number, run: number): void {
    if (this.line.length === 0) this.line = new Uint8Array(LINE);
    const kept = Math.min(run, LINE - this.lineLength);
    for (let i = 0; i < kept; i++) this.line[this.lineLength + i] = bytes[from + i] as number;
    this.lineLength += run;
  }
}

function stateOf(side: StreamSide): HttpSide {
  if (side.own === null) side.own = new HttpSide();
  return side.own as HttpSide;
}

/** Chunk size: hexadecimal behind white space, ended by anything else; -1 for none or too large. */
function chunkSize(line: Uint8Array, from: number, end: number): number {
  let value = -1;
  let at = from;
  while (at < end && isSpace(line[at] as number)) at++;
  for (; at < end; at++) {
    const octet = line[at] as number;
    const low = octet | 0x20;
    const digit = octet >= 0x30 && octet <= 0x39 ? octet - 0x30 : low >= 0x61 && low <= 0x66 ? low - 0x57 : -1;
    if (digit < 0) break;
    value = (value < 0 ? 0 : value * 16) + digit;
    if (value > 0xffffffff) return -1;
  }
  return value;
}

/** The phase after a whole header block. */
function afterHead(side: StreamSide, s: HttpSide): number {
  if (s.kind === Kind.Response) {
    if ((s.status >= 100 && s.status < 200) || s.status === 204 || s.status === 304) return Phase.Start;
    const peer = side.peer.own as HttpSide | null;
    const waiting = peer === null ? UNSET : peer.waiting;
    if (waiting !== UNSET) {
      const method = side.capture.state(httpPairs).method[waiting];
      if (method === Method.Head) return Phase.Start;
      // As in Wireshark, what comes in one piece with the answer that opens a tunnel is that answer's.
      if (method === Method.Connect && s.status >= 200 && s.status < 300)
        return s.chunked || s.contentLength >= 0 ? Phase.Start : Phase.Rest;
    }
  }
  if (s.chunked) return Phase.ChunkSize;
  if (s.contentLength >= 0) {
    if (s.rpc && s.contentLength >= LARGE) return Phase.Rest;
    s.left = s.contentLength;
    return s.left === 0 ? Phase.Start : Phase.Length;
  }
  return s.kind === Kind.Request ? Phase.Start : Phase.UntilClose;
}

/** True if a line ends in bytes[from, end), which is not empty: with LF or, as Wireshark has it, with CR alone, where the byte behind it is there. */
function endsLine(bytes: Uint8Array, from: number, end: number): boolean {
  for (let at = from; at < end; at++) if (bytes[at] === LF || (bytes[at] === CR && at + 1 < end)) return true;
  return false;
}

/** All bytes up to `end` are no HTTP message: "Continuation", where a request showed that the connection is HTTP. */
function other(side: StreamSide, s: HttpSide, end: number, header: boolean): number {
  side.phase = Phase.Start;
  s.kind = Kind.None;
  s.lineLength = 0;
  s.lost = true;
  return header || s.requested || stateOf(side.peer).requested ? end : SILENT;
}

/** True if a colon stands before the end of the line at `from`: Wireshark takes that for a header. */
function holdsColon(bytes: Uint8Array, from: number, end: number): boolean {
  for (let at = from; at < end && bytes[at] !== LF && bytes[at] !== CR; at++) if (bytes[at] === 0x3a) return true;
  return false;
}

/** The message takes all bytes that there are. */
function ended(side: StreamSide, end: number): number {
  side.phase = Phase.Start;
  return end;
}

/** The message ends at `at`. Where a CR that ended its last line, and nothing else, came before: with all there is, since a message has at least a byte. */
function behind(at: number, offset: number, end: number): number {
  return at > offset ? at : end;
}

/** The stream is HTTP/2 from here on, in both directions: the client knew before that the server speaks it. */
function startHttp2(side: StreamSide, s: HttpSide, bytes: Uint8Array, offset: number, end: number): number {
  side.capture.state(httpPairs).prior.set(side.stream, side.row);
  carry(side, s, stateOf(side.peer), (upgrades.get(HTTP2) as Protocol).framer as Framer);
  return httpFramer.feed(side, bytes, offset, end);
}

/** From here on another protocol's messages are on the stream. */
function carry(side: StreamSide, s: HttpSide, peer: HttpSide, framer: Framer): void {
  s.tunnel = true;
  peer.tunnel = true;
  s.inner = new TunnelSide(side, framer);
  peer.inner = new TunnelSide(side.peer, framer);
  s.inner.pair(peer.inner);
}

function needMore(side: StreamSide, need: number): number {
  side.need = need;
  return NEED_MORE;
}

/** feed() from `start` on, which is within the message at hand; `offset` is where this call's bytes begin. */
function toEnd(side: StreamSide, s: HttpSide, bytes: Uint8Array, offset: number, start: number, end: number): number {
  let at = start;
  while (at < end) {
    switch (side.phase) {
      case Phase.UntilClose:
        return side.last ? ended(side, end) : needMore(side, UNTIL_CLOSE);
      case Phase.Other:
        s.headLength += end - at;
        s.colon = s.colon || holdsColon(bytes, at, end);
        if (!s.carriage && !endsLine(bytes, at, end) && s.headLength <= MAX_HEAD) {
          s.carriage = bytes[end - 1] === CR;
          return needMore(side, 0);
        }
        return other(side, s, end, s.colon);
      case Phase.Length: {
        const left = s.left;
        if (end - at >= left) {
          s.left = 0;
          side.phase = Phase.Start;
          return at + left;
        }
        s.left = left - (end - at);
        return side.last ? ended(side, end) : needMore(side, s.left);
      }
      case Phase.ChunkData: {
        // The data and, whatever they are, the two octets behind it.
        const taken = Math.min(s.left, end - at);
        s.left -= taken;
        at += taken;
        if (s.left === 0) side.phase = Phase.ChunkSize;
        continue;
      }
    }
    // A line: as it lies if it is whole, else gathered up to its end, as it may be cut anywhere. CR alone ends one too, as Wireshark has it.
    let line = bytes;
    let from = at;
    let length = 0;
    if (s.ended) {
      s.ended = false;
      if (bytes[at] === LF) at++;
      else s.bare = true;
    } else {
      const begun = at;
      at = lineEnd(bytes, at, end);
      length = at - begun;
      s.headLength += length;
      if (s.headLength > MAX_HEAD) return other(side, s, end, true);
      s.ended = at + 1 === end && bytes[at] === CR;
      if (at === end || s.ended) {
        s.gather(bytes, begun, length);
        break;
      }
      s.bare = bytes[at] === CR && bytes[at + 1] !== LF;
      at += bytes[at] === CR && !s.bare ? 2 : 1;
      if (s.lineLength > 0) s.gather(bytes, begun, length);
    }
    if (s.lineLength > 0) {
      line = s.line;
      from = 0;
      length = s.lineLength;
      s.lineLength = 0;
    }
    const stop = from + Math.min(length, LINE);
    const empty = length === 0;
    switch (side.phase) {
      case Phase.StartLine:
        if (!isResponse(line, from, stop) && !isRequest(line, from, stop)) return other(side, s, end, holdsColon(line, from, stop));
        takeStart(s, line, from, stop);
        side.phase = Phase.Headers;
        break;
      case Phase.Headers:
        if (!empty) {
          takeHeader(s, line, from, stop);
          if (s.bare) s.inCoding = false;
        } else {
          side.phase = afterHead(side, s);
          s.headLength = 0;
          if (side.phase === Phase.Start) return behind(at, offset, end);
          if (side.phase === Phase.Rest) return ended(side, end);
        }
        break;
      case Phase.ChunkSize: {
        const size = chunkSize(line, from, stop);
        if (size < 0) return ended(side, end);
        s.headLength = 0;
        s.left = size + 2;
        side.phase = size === 0 ? Phase.Trailers : Phase.ChunkData;
        break;
      }
      case Phase.Trailers:
        // What has no colon is no trailer: there the message is over, too.
        if (empty || !holdsColon(line, from, stop)) {
          side.phase = Phase.Start;
          return behind(at, offset, end);
        }
        break;
    }
  }
  // Nothing comes after a FIN, so a body is what there is of it.
  if (side.last && side.phase >= Phase.Length && side.phase <= Phase.UntilClose) return ended(side, end);
  return needMore(side, side.phase === Phase.Length ? s.left : side.phase === Phase.UntilClose ? UNTIL_CLOSE : 0);
}

export const httpFramer: Framer = {
  incremental: true,

  feed(side: StreamSide, bytes: Uint8Array, offset: number, end: number): number {
    const s = stateOf(side);
    if (s.tunnel) {
      s.kind = Kind.None;
      if (s.inner === null) return end;
      const accepts = s.inner.carryLength === 0 ? s.through?.accepts : undefined;
      const next = s.inner.feed(side, bytes, offset, end);
      if (accepts !== undefined) s.refused = next < NEED_MORE && !accepts(bytes, offset, end, end);
      // What the protocol of a CONNECT's port cannot make out is in the tunnel all the same.
      return s.through !== null && next < NEED_MORE ? end : next;
    }
    let at = offset;
    if (side.phase === Phase.Start) {
      s.begin();
      s.startRow = side.row;
      // Empty lines before a message are stepped over (RFC 9112 section 2.2).
      if (end - at > 3 && bytes[at] === 0x0d && bytes[at + 1] === 0x0a) at += 2;
      const body = side.ahead !== 0 ? at + setAhead(s, side.ahead, side.aheadLength) : readHead(s, bytes, at, end);
      if (body !== 0) {
        s.bare = false;
        side.phase = afterHead(side, s);
        if (side.phase === Phase.Start) return body;
        if (side.phase === Phase.Rest) return ended(side, end);
        return toEnd(side, s, bytes, offset, body, end);
      }
      s.beginHead();
      if (begins(bytes, at, end, PREFACE) && upgrades.has(HTTP2)) return startHttp2(side, s, bytes, offset, end);
      side.phase = isStartLine(bytes, at, end) ? Phase.StartLine : Phase.Other;
      const first = bytes[at] as number;
      if (side.phase === Phase.Other && (first < 0x20 || first > 0x7e)) return other(side, s, end, false);
      s.colon = false;
      s.carriage = false;
    }
    return toEnd(side, s, bytes, offset, at, end);
  },

  partial(side, w, app, asked) {
    const s = side.own as HttpSide | null;
    if (!asked || s === null || s.through?.framer?.early !== true || w.row <= s.opened) return;
    w.push(app);
    w.push(s.through);
  },

  content(side, w, bytes, offset, end) {
    const s = side.own as HttpSide | null;
    // What came with the answer that opened the tunnel is not shown as the tunnel's.
    if (s === null || s.through === null || s.inner === null || s.refused || w.row <= s.opened) return;
    s.inner.content(side, w, bytes, offset, end);
  },

  /** What goes through a tunnel is another protocol's; the answer to a request may be on its way. */
  forgets({ own }) {
    const { tunnel, waiting } = own as HttpSide;
    return !tunnel && waiting === UNSET;
  },

  closes(side: StreamSide): boolean {
    return side.phase === Phase.UntilClose;
  },

  lost(side: StreamSide): void {
    const s = stateOf(side);
    if (s.kind === Kind.Response) s.lost = true;
    s.inner?.lost();
  },

  done(side: StreamSide): void {
    const s = stateOf(side);
    side.phase = Phase.Start;
    s.lineLength = 0;
    s.inner?.done(side);
    if (s.kind === Kind.None) return;
    const pairs = side.capture.state(httpPairs);
    if (s.kind === Kind.Request) {
      s.requested = true;
      let exchange = s.answered;
      s.answered = UNSET;
      if (exchange === UNSET) {
        exchange = pairs.add(side.stream, s.last, side.row, s.method);
        s.last = exchange;
        if (s.waiting === UNSET) s.waiting = exchange;
      } else pairs.requestRow[exchange] = side.row;
      pairs.requestOrdinal[exchange] = pairs.message(side.row, exchange);
      pairs.requestStart[exchange] = s.startRow;
      s.kind = Kind.None;
      return;
    }
    const peer = stateOf(side.peer);
    // Where bytes are missing, so are responses: the newest request is the best guess, and Wireshark's.
    const gap = side.gap || s.lost;
    if (gap) {
      side.gap = false;
      s.lost = false;
      if (peer.waiting !== UNSET) peer.waiting = peer.last;
    }
    let exchange = peer.waiting;
    const interim = s.status >= 100 && s.status < 200 && s.status !== 101;
    if (exchange === UNSET) {
      // "100 Continue" comes before its request is whole (RFC 9110 section 10.1.1).
      if (interim) {
        pairs.message(side.row, UNSET);
        s.kind = Kind.None;
        return;
      }
      // A server may answer before it has all of a request (RFC 9112 section 9.5), as it does to refuse a body.
      const early = peer.kind === Kind.Request && peer.answered === UNSET && !gap;
      exchange = pairs.add(side.stream, peer.last, UNSET, early ? peer.method : Method.Other);
      peer.last = exchange;
      peer.waiting = exchange;
      if (early) {
        peer.answered = exchange;
        pairs.requestStart[exchange] = peer.startRow;
      }
    }
    const ordinal = pairs.message(side.row, exchange);
    s.kind = Kind.None;
    // Interim responses leave the request waiting (RFC 9110 section 15.2).
    if (interim) return;
    pairs.responseRow[exchange] = side.row;
    pairs.responseStart[exchange] = s.startRow;
    pairs.responseOrdinal[exchange] = ordinal;
    pairs.status[exchange] = s.status;
    peer.waiting = (pairs.next[exchange] as number) | 0;
    if (s.status === 101 || (pairs.method[exchange] === Method.Connect && s.status >= 200 && s.status < 300)) {
      s.tunnel = true;
      peer.tunnel = true;
      pairs.tunnels.set(side.stream, exchange);
      const upgrade = s.status === 101;
      const inner = upgrade ? upgrades.get(s.upgrade) : tables.tcpPort.lookup(peer.port);
      if (inner?.framer !== undefined && inner.framer !== httpFramer) {
        if (upgrade) pairs.upgraded.set(side.stream, inner.id);
        else {
          s.through = inner;
          peer.through = inner;
          s.opened = side.row;
          peer.opened = side.row;
        }
        carry(side, s, peer, inner.framer);
      }
    }
  },

  /** After the row of the response that upgraded it or opened the tunnel, full depth calls the protocol inside for all there is. */
  carries(side, row) {
    const s = side.own as HttpSide | null;
    if (s !== null && s.through !== null && row > s.opened) return s.refused ? undefined : s.through;
    const pairs = side.capture.state(httpPairs);
    if (row >= (pairs.prior.get(side.stream) ?? NONE)) return upgrades.get(HTTP2);
    const id = pairs.upgraded.get(side.stream);
    if (id === undefined) return undefined;
    return row > (pairs.responseRow[pairs.tunnels.get(side.stream) as number] as number) ? allProtocols()[id] : undefined;
  },
};
