/**
 * What happened on one HTTP exchange, as facts that its packets prove: how its connection came to be, how long each side took, what was
 * lost, and what other exchanges have to do with it. A fact has a kind, its values, the rows that prove it and the exchanges it tells
 * of; the words are the window's.
 */

import { clientHello, isTrip, NEAR, roundTrip, synAcksOf, synsOf } from '../connections/account.ts';
import { heldBack, Spells } from '../connections/account-findings.ts';
import { prime } from '../connections/arrivals.ts';
import { connectionRow } from '../connections/connections.ts';
import { acrossInterfaces, repetitionOf, withTwins } from '../connections/copies.ts';
import { Gaps, gapsSaid } from '../connections/gaps.ts';
import { skippedIn } from '../connections/identifications.ts';
import { capturedAt } from '../connections/ladder.ts';
import { OctetsSeen } from '../connections/octets-seen.ts';
import type { CaptureIndex } from '../dissect/capture-index.ts';
import { messages as messageTable } from '../flow/messages.ts';
import { payloadOf } from '../flow/payload-plan.ts';
import { Flag, seqAdd, seqDiff } from '../flow/seq.ts';
import { rowsOfStream } from '../flow/stream-rows.ts';
import { ANY_LATE, Analysis } from '../flow/tcp-analysis.ts';
import { flows } from '../flow/tcp-flows.ts';
import { nanoseconds, previousInStream } from '../flow/tcp-replay.ts';
import type { ExchangeFact, ExchangeStory, ExchangeThread } from '../messages.ts';
import { dissectPacket } from '../protocols/dissect-packet.ts';
import { httpMessages } from '../protocols/http-messages.ts';
import { httpPairs } from '../protocols/http-pairs.ts';
import { ERRORS } from '../protocols/http2.ts';
import { http2Streams } from '../protocols/http2-streams.ts';
import { tlsPlain } from '../protocols/tls-plain.ts';
import { tlsSessions } from '../protocols/tls-session.ts';
import { lowerBound } from '../table/ascending.ts';
import { CHUNK_MASK, NONE, RowFlag } from '../table/packet-table.ts';
import { type ReadExchange, readExchange, urlOf } from './exchange-read.ts';
import { httpFacts } from './http-facts.ts';
import { NO_THREAD, threadOf } from './http-thread.ts';

/** A wait that is worth a mark, in seconds. */
const SLOW = 0.2;
/** Rows that one fact names at most, and rows of the connection that are looked through. */
const PROOFS = 6;
const MOST_ROWS = 50_000;
/** Packets of the server before its response that are looked into for interim ones. */
const MOST_INTERIM = 4;
/** Octets of the server before a response from which on its connection was busy: more than the records of the response itself may be (RFC 8446, section 5.2). */
const BUSY = 2 * 16_640;
/** Rows behind the response of an exchange that others follow which are looked at for what of it comes again. */
const MOST_BEHIND = 512;
/** Time between two packets of a message, ns, that counts among its pauses. */
const PAUSE = 50_000_000;
/** A time that is the round trip differs from it by this part of it at most. */
const SAME_PART = 0.25;

type Say = (
  kind: ExchangeFact['kind'],
  tone: ExchangeFact['tone'],
  values: ExchangeFact['values'],
  rows: readonly number[],
  exchanges?: readonly (number | null)[],
) => void;

/** A time, ns, in which no data of a message came, with the rows at its ends and what the capture has of that time. */
interface Silence {
  readonly time: number;
  readonly from: number;
  readonly to: number;
  /** The row that acknowledged all before it, where that is what there is to say; else NONE. */
  readonly acknowledged: number;
  /** 'window': the other side's window was closed; 'loss': data was missing or came again; 'ack': all was acknowledged; '': no ACK came. */
  readonly why: 'window' | 'loss' | 'ack' | '';
}

/** How often and how long in all no data of a message came, as long as it counts. */
class Pauses {
  times = 0;
  whole = 0;
}

/** Everything one pass over the packets of the connection finds, from the request's first on. */
class Found {
  /** Of the client, and of the server: packets with data from the message's first row to its last. */
  readonly segments = [0, 0];
  readonly resent: [number[], number[]] = [[], []];
  /** Packets that an earlier one equals byte for byte: copies for sure, and those of which nothing tells whether they were sent twice. */
  readonly copies: [number[], number[]] = [[], []];
  readonly alike: [number[], number[]] = [[], []];
  /** Packets with data behind later data, of which nothing tells that they were sent twice. */
  readonly late: [number[], number[]] = [[], []];
  /** Packets with data behind later data that left their sender before it. */
  readonly overtaken: [number[], number[]] = [[], []];
  readonly gaps = [new Gaps(), new Gaps()] as const;
  readonly zero: [number[], number[]] = [[], []];
  /** How long a side's window was closed; NONE, or since which row it still is. */
  readonly closed = [new Spells(), new Spells()] as const;
  readonly closedSince = [NONE, NONE];
  /** The longest time between two packets with data of the request, and of the response. */
  readonly silence: [Silence | null, Silence | null] = [null, null];
  readonly pauses = [new Pauses(), new Pauses()] as const;
  /** Times in which small data left right behind the ACK of small data before it, and how many of them are no chance even alone. */
  readonly held = [new Spells(), new Spells()] as const;
  readonly heldForSure = [0, 0];
  /** The client's first packet behind the response that acknowledges all of it. */
  delivered = NONE;
  /** The server's first packet that acknowledges all of the request; its data packets before its response. */
  acknowledged = NONE;
  readonly before: number[] = [];
  /** Octets of the server between the request and the response. */
  others = 0;
  /** First FIN or RST of each side behind the request's first packet. */
  readonly fin = [NONE, NONE];
  readonly rst = [NONE, NONE];
  whole = true;
}

/** What happened on an exchange, and its thread, for which the heads of all exchanges must have been read (`httpFacts`). It must exist. */
export function storyOf(capture: CaptureIndex, exchange: number): ExchangeStory {
  const complete = !capture.state(httpFacts).advance(0);
  const facts: ExchangeFact[] = [];
  const say: Say = (kind, tone, values, rows, exchanges = []) => {
    const proof = [...new Set(rows.filter((row) => row !== NONE))].slice(0, PROOFS).sort((a, b) => a - b);
    facts.push({ kind, tone, values, rows: proof, exchanges: exchanges.filter((each) => each !== null) });
  };
  const read = readExchange(capture, exchange);
  const thread = complete ? threadOf(capture, exchange) : NO_THREAD;
  const found = look(capture, exchange, read);
  opening(capture, exchange, say);
  messages(capture, exchange, read, found, say);
  trouble(capture, exchange, read, found, say);
  threads(capture, exchange, read, thread, say);
  ending(capture, exchange, read, found, say);
  return { complete, facts, thread };
}

function look(capture: CaptureIndex, exchange: number, { responseStart, responseRow }: ReadExchange): Found {
  const p = capture.state(httpPairs);
  const stream = p.stream[exchange] as number;
  const requestStart = p.requestStart[exchange] as number;
  const requestRow = p.requestRow[exchange] as number;
  // NONE is behind all rows.
  const first = Math.min(requestStart, responseStart);
  const found = new Found();
  const { packets } = capture;
  // What comes behind the response of an exchange that others follow is theirs, but for what its request still has and what of it comes again.
  const goesOn = responseRow !== NONE && p.next[exchange] !== NONE;
  const last = responseRow === NONE ? NONE : requestRow === NONE ? responseRow : Math.max(responseRow, requestRow);
  const all = rowsOfStream(capture, stream, 'tcp');
  const begin = lowerBound(all, first);
  const through = goesOn ? lowerBound(all, last + 1) : all.length;
  const behind = goesOn ? Math.min(all.length, through + MOST_BEHIND) : all.length;
  found.whole = through - begin <= MOST_ROWS;
  const rows = all.subarray(found.whole ? begin : behind - MOST_ROWS, behind);
  const end = endOf(capture, requestRow);
  const own = ownData(capture, exchange, responseStart);
  let reach = -1;
  const seen = [new OctetsSeen(), new OctetsSeen()] as const;
  prime(capture, stream, rows[0] ?? NONE, seen);
  const between = [new Between(), new Between()] as const;
  const small = [new SmallData(), new SmallData()] as const;
  for (const each of rows) {
    const chunk = packets.chunkOf(each);
    const i = each & CHUNK_MASK;
    const side = ((chunk.flags[i] as number) & RowFlag.FromClient) !== 0 ? 0 : 1;
    const flags = chunk.tcpFlags[i] as number;
    const verdict = chunk.analysis[i] as number;
    const length = chunk.payload[i] as number;
    if ((flags & Flag.Fin) !== 0 && found.fin[side] === NONE) found.fin[side] = each;
    if ((flags & Flag.Rst) !== 0 && found.rst[side] === NONE) found.rst[side] = each;
    if (requestRow !== NONE && each > requestRow && side === 1 && found.acknowledged === NONE && (flags & Flag.Ack) !== 0)
      if (seqDiff(chunk.ack[i] as number, end) >= 0) found.acknowledged = each;
    const seq = chunk.seq[i] as number;
    if (responseRow !== NONE && each > responseRow && side === 0 && found.delivered === NONE && (flags & Flag.Ack) !== 0)
      if (seqDiff(chunk.ack[i] as number, reach) >= 0) found.delivered = each;
    // Behind the response other exchanges go on.
    if (each > (side === 0 ? last : responseRow)) {
      if (side === 1 && length > 0 && (verdict & ANY_LATE) !== 0 && seqDiff(seq, reach) < 0 && own(1, seqAdd(seq, length))) {
        const repetition = repetitionOf(capture, each, stream, seen[1].add(seq, length));
        const list = { again: found.resent, copy: found.copies, alike: found.alike, overtaken: null, late: null }[repetition];
        list?.[1].push(each);
      } else if (
        side === 0 &&
        requestRow !== NONE &&
        length > 0 &&
        (verdict & ANY_LATE) !== 0 &&
        seqDiff(seq, end) < 0 &&
        own(0, seqAdd(seq, length))
      ) {
        // The request once more, from another interface or late: that it was sent again is said where its answer took that long.
        const repetition = repetitionOf(capture, each, stream, seen[0].add(seq, length));
        const list = { again: found.resent, copy: found.copies, alike: found.alike, overtaken: null, late: null }[repetition];
        list?.[0].push(each);
      }
      continue;
    }
    if (side === 1 && length > 0 && each >= responseStart && (reach < 0 || seqDiff(seqAdd(seq, length), reach) > 0))
      reach = seqAdd(seq, length);
    const lost = (verdict & Analysis.LostSegment) !== 0;
    const late = (verdict & ANY_LATE) !== 0 && length > 0;
    if (lost) found.gaps[side].open(each, seq, seen[side].holeBefore(seq));
    const repeats = seen[side].add(seq, length);
    windows(found, packets, side, each, flags, verdict, chunk.window[i] as number);
    const other = between[(1 - side) as 0 | 1];
    if ((verdict & Analysis.ZeroWindow) !== 0) other.closed = true;
    if ((flags & Flag.Ack) !== 0 && other.end >= 0 && seqDiff(chunk.ack[i] as number, other.end) >= 0 && other.acknowledged === NONE)
      other.acknowledged = each;
    small[1 - side]?.acknowledge(each, flags, chunk.ack[i] as number);
    // Whatever the server sent behind the request was before its response.
    if (length > 0 && (side === 0 ? each <= requestRow : each > requestRow)) {
      const held = small[side].next(packets, each, seqAdd(seq, length), length, late || lost || found.closedSince[1 - side] !== NONE);
      if (held !== null) {
        found.held[side].add(held.time, held.rows);
        if (held.sure) found.heldForSure[side] = (found.heldForSure[side] as number) + 1;
      }
    }
    let copy = false;
    if (late) {
      const repetition = repetitionOf(capture, each, stream, repeats);
      copy = repetition === 'copy';
      found.gaps[side].fill(each, seq, length, seen[side], repetition, false);
      const list = { again: found.resent, copy: found.copies, alike: found.alike, overtaken: found.overtaken, late: found.late }[
        repetition
      ];
      if (own(side, seqAdd(seq, length))) list[side].push(each);
    }
    if ((verdict & Analysis.ZeroWindow) !== 0) found.zero[side].push(each);
    if (length === 0) continue;
    if (side === 0 ? each <= requestRow : each >= responseStart) {
      const silence = between[side].next(
        packets,
        each,
        seqAdd(seq, length),
        late || lost || !found.gaps[side].closed,
        found.closedSince[1 - side] !== NONE,
      );
      if (silence !== null && silence.time > (found.silence[side]?.time ?? 0)) found.silence[side] = silence;
      if (silence !== null && silence.time >= PAUSE) {
        found.pauses[side].times++;
        found.pauses[side].whole += silence.time;
      }
    }
    // A packet that is in the capture twice came once.
    if (!copy && (side === 0 ? each <= requestRow : each >= responseStart)) found.segments[side] = (found.segments[side] as number) + 1;
    if (side === 1 && each > requestRow && each < responseStart) found.others += length;
    if (side === 1 && each < responseStart && found.before.length < MOST_INTERIM) found.before.push(each);
  }
  return found;
}

/**
 * Whether data of a side that ends before a number has something of this exchange, or of what it waited for: the server's, if the request
 * does not acknowledge it; the client's, if it is not of the request before.
 */
function ownData(capture: CaptureIndex, exchange: number, responseStart: number): (side: 0 | 1, end: number) => boolean {
  const p = capture.state(httpPairs);
  const [start, previous] = [p.requestStart[exchange] as number, p.previous[exchange] as number];
  const before = previous === NONE ? NONE : (p.requestRow[previous] as number);
  const row = start !== NONE ? start : responseStart;
  const chunk = capture.packets.chunkOf(row);
  const server = (start !== NONE ? chunk.ack[row & CHUNK_MASK] : chunk.seq[row & CHUNK_MASK]) as number;
  const client = before === NONE ? -1 : endOf(capture, before);
  return (side, end) => (side === 1 ? seqDiff(end, server) > 0 : client < 0 || seqDiff(end, client) > 0);
}

/** Notes when a side closes its window and opens it again. */
function windows(
  found: Found,
  packets: CaptureIndex['packets'],
  side: 0 | 1,
  row: number,
  flags: number,
  verdict: number,
  window: number,
): void {
  const since = found.closedSince[side] as number;
  if ((verdict & Analysis.ZeroWindow) !== 0) {
    if (since === NONE) found.closedSince[side] = row;
  } else if (since !== NONE && window > 0 && (flags & (Flag.Syn | Flag.Rst)) === 0) {
    found.closed[side].add(nanoseconds(packets, since, row), [since, row]);
    found.closedSince[side] = NONE;
  }
}

/** Small data of one side, and when what was before it was acknowledged. */
class SmallData {
  #last = NONE;
  #length = 0;
  #end = 0;
  #acknowledged = NONE;

  /** The other side sends a segment. */
  acknowledge(row: number, flags: number, ack: number): void {
    if (this.#last !== NONE && this.#acknowledged === NONE && (flags & Flag.Ack) !== 0 && seqDiff(ack, this.#end) >= 0)
      this.#acknowledged = row;
  }

  /** Data comes in a row: what it was held back for, if it was. `otherwise`: there is another reason for its time. */
  next(
    packets: CaptureIndex['packets'],
    row: number,
    end: number,
    length: number,
    otherwise: boolean,
  ): { readonly time: number; readonly sure: boolean; readonly rows: readonly number[] } | null {
    const [last, acknowledged, before] = [this.#last, this.#acknowledged, this.#length];
    this.#last = row;
    this.#length = length;
    this.#end = end;
    this.#acknowledged = NONE;
    if (last === NONE || acknowledged === NONE || otherwise) return null;
    const time = nanoseconds(packets, last, acknowledged);
    const behind = nanoseconds(packets, acknowledged, row);
    const held = heldBack(before, length, time, behind);
    return held === 'no' ? null : { time, sure: held === 'sure', rows: [last, acknowledged, row] };
  }
}

/** What happens between two packets with data of one side. */
class Between {
  #last = NONE;
  /** Number behind the data that was sent last; -1 before the first. */
  end = -1;
  acknowledged = NONE;
  closed = false;

  /** Data of this side comes in a row. `loss`: it is late, or other data is missing. `closed`: the other side's window is closed yet. */
  next(packets: CaptureIndex['packets'], row: number, end: number, loss: boolean, closed: boolean): Silence | null {
    const from = this.#last;
    const why = this.closed || closed ? 'window' : loss ? 'loss' : this.acknowledged !== NONE ? 'ack' : '';
    const acknowledged = why === 'ack' ? this.acknowledged : NONE;
    this.#last = row;
    this.end = end;
    this.acknowledged = NONE;
    this.closed = closed;
    return from === NONE ? null : { time: nanoseconds(packets, from, row), from, to: row, acknowledged, why };
  }
}

/**
 * Rows of the server that came with bytes missing before them on a connection whose messages are read one behind the other, with data of
 * the server behind the request in row `asked`: the response may be among what could not be read. Empty where it would have been found.
 */
function unread(capture: CaptureIndex, stream: number, asked: number, { request }: ReadExchange): number[] {
  if (capture.state(tlsSessions).version(stream) === 0 && request?.version !== 'HTTP/2') return [];
  const missed: number[] = [];
  let answered = false;
  for (const row of rowsOfStream(capture, stream, 'tcp')) {
    const chunk = capture.packets.chunkOf(row);
    const i = row & CHUNK_MASK;
    if (((chunk.flags[i] as number) & RowFlag.FromClient) !== 0 || chunk.payload[i] === 0) continue;
    if (row > asked) answered = true;
    if (((chunk.analysis[i] as number) & (Analysis.LostSegment | ANY_LATE)) !== 0) missed.push(row);
  }
  return answered ? missed.slice(0, PROOFS - 1) : [];
}

/**
 * What the server sent on a connection in the clear after a request of HTTP/1 that has no response, up to the next request: it begins as no response
 * (`other`), its beginning is not there (`headless`), or all there is of it is less than a head (`begun`). Null: nothing, or nobody can tell.
 */
function otherAnswer(
  capture: CaptureIndex,
  exchange: number,
  asked: number,
  { request }: ReadExchange,
): { readonly values: Record<string, number | string>; readonly row: number } | null {
  const p = capture.state(httpPairs);
  const stream = p.stream[exchange] as number;
  const next = p.next[exchange] as number;
  const until = next === NONE ? NONE : (p.requestStart[next] as number);
  if (request?.version.startsWith('HTTP/1') !== true || capture.state(tlsSessions).version(stream) !== 0 || until <= asked) return null;
  const from = capture.packets.chunkOf(asked).ack[asked & CHUNK_MASK] as number;
  let [first, begin, bytes] = [NONE, NONE, 0];
  for (const row of rowsOfStream(capture, stream, 'tcp')) {
    const chunk = capture.packets.chunkOf(row);
    const i = row & CHUNK_MASK;
    if (row <= asked || row >= until || chunk.payload[i] === 0 || ((chunk.flags[i] as number) & RowFlag.FromClient) !== 0) continue;
    const behind = seqDiff(endOf(capture, row), from);
    if (behind <= 0) continue;
    if (first === NONE) first = row;
    if (begin === NONE && chunk.seq[i] === from) begin = row;
    bytes = Math.max(bytes, behind);
  }
  if (first === NONE) return null;
  if (begin === NONE) return { values: { what: 'headless' }, row: first };
  const said = Buffer.from(payloadOf(capture, begin)).toString('latin1');
  if (said === '') return null;
  if (!'HTTP/'.startsWith(said.slice(0, 5))) return { values: { what: 'other', bytes }, row: begin };
  return said.length === bytes && !said.includes('\r\n\r\n') ? { values: { what: 'begun', bytes }, row: begin } : null;
}

/** Why a response has no request, where the capture has all that the client had sent on the connection by then; nothing where it does not. */
function unasked(capture: CaptureIndex, exchange: number, responseStart: number): Record<string, number | string> {
  const p = capture.state(httpPairs);
  const stream = p.stream[exchange] as number;
  const syn = capture.state(flows).handshake[4 * stream + 1] as number;
  if (syn === NONE || syn > responseStart || capture.state(tlsSessions).version(stream) !== 0) return {};
  const first = seqAdd(capture.packets.chunkOf(syn).seq[syn & CHUNK_MASK] as number, 1);
  let end = first;
  for (const row of rowsOfStream(capture, stream, 'tcp')) {
    const chunk = capture.packets.chunkOf(row);
    const i = row & CHUNK_MASK;
    if (row >= responseStart) break;
    if (chunk.payload[i] === 0 || ((chunk.flags[i] as number) & RowFlag.FromClient) === 0) continue;
    if (seqDiff(chunk.seq[i] as number, end) > 0) return {};
    if (seqDiff(endOf(capture, row), end) > 0) end = endOf(capture, row);
  }
  const acknowledged = capture.packets.chunkOf(responseStart).ack[responseStart & CHUNK_MASK] as number;
  if (seqDiff(acknowledged, end) > 0) return {};
  const previous = p.previous[exchange] as number;
  if (previous === NONE) return { sent: seqDiff(end, first) };
  const before = readExchange(capture, previous);
  // What was sent behind the last request that is known may be anything.
  return before.request === null || before.response === null || seqDiff(end, endOf(capture, p.requestRow[previous] as number)) > 0
    ? {}
    : { answered: 'yes' };
}

/** Sequence number behind the payload of a row. */
function endOf(capture: CaptureIndex, row: number): number {
  if (row === NONE) return 0;
  const chunk = capture.packets.chunkOf(row);
  return seqAdd(chunk.seq[row & CHUNK_MASK] as number, chunk.payload[row & CHUNK_MASK] as number);
}

function opening(capture: CaptureIndex, exchange: number, say: Say): void {
  const p = capture.state(httpPairs);
  const table = capture.state(flows);
  const stream = p.stream[exchange] as number;
  const previous = p.previous[exchange] as number;
  const start = p.requestStart[exchange] as number;
  const seconds = (from: number, to: number): number => nanoseconds(capture.packets, from, to) / 1e9;
  if (start === NONE) return;
  if (previous === NONE) {
    const [syn, synAck, ack] = [1, 2, 3].map((step) => table.handshake[4 * stream + step] as number) as [number, number, number];
    if (syn === NONE || synAck === NONE || ack === NONE || start < syn) return;
    const idle = seconds(ack, start);
    const handshake = seconds(syn, ack);
    const syns = connectionRow(capture, stream).synRetransmissions > 0 ? synsOf(capture, stream, rowsOfStream(capture, stream, 'tcp')) : [];
    const answers = handshake >= SLOW ? synAcksOf(capture, stream, rowsOfStream(capture, stream, 'tcp'), ack) : [];
    const values: Record<string, number | string> = { seconds: handshake, syns: Math.max(1, syns.length) };
    if (answers.length > 1) values.synAcks = answers.length;
    const hello = clientHello(capture, stream);
    const tls = hello !== NONE && hello < start;
    // What is decrypted of the packet with the ClientHello is early data (RFC 8446, section 2.3).
    const early = hello === start && capture.state(tlsPlain).verdict(stream) !== null;
    if ((idle >= SLOW && !early) || tls) values.idle = idle;
    if (tls || early) values.tls = early ? 'early' : 'yes';
    const again = handshake >= SLOW && (syns.length > 1 || answers.length > 1);
    const proof = [...syns.slice(0, 2), syn, ...answers.slice(0, 2), synAck, ack, early ? start : NONE];
    say('opened', again ? 'warn' : 'neutral', values, proof);
    return;
  }
  if (p.sharesRequest(exchange)) {
    const upgraded = p.responseRow[previous] as number;
    say('answers-upgrade', 'neutral', {}, [start, upgraded], [previous]);
    return;
  }
  const position = p.requestPosition(exchange);
  // The response before may be one that no single packet's layers have.
  const before = readExchange(capture, previous);
  const answered = before.partial || before.response === null ? NONE : before.responseRow;
  if (answered === NONE) say('reused', 'neutral', { position }, [start], [previous]);
  else if (answered > start) say('pipelined', 'neutral', { position }, [start, answered], [previous]);
  else say('reused', 'neutral', { position, idle: seconds(answered, start) }, [answered, start], [previous]);
}

function messages(capture: CaptureIndex, exchange: number, read: ReadExchange, found: Found, say: Say): void {
  const p = capture.state(httpPairs);
  const start = p.requestStart[exchange] as number;
  const asked = p.requestRow[exchange] as number;
  const { request, response, responseStart, responseRow } = read;
  const seconds = (from: number, to: number): number => nanoseconds(capture.packets, from, to) / 1e9;
  if (request === null && response !== null)
    say('no-request', 'quiet', start === NONE ? unasked(capture, exchange, responseStart) : { begun: 'yes' }, [start, responseStart]);
  if (request !== null && start !== asked && found.whole) {
    const slow = seconds(start, asked) >= SLOW ? 'warn' : 'neutral';
    // Packets of HTTP/2 carry several exchanges at a time.
    const segments = request.version === 'HTTP/2' ? 0 : (found.segments[0] as number);
    say('sent', slow, { bytes: request.bodyBytes, segments, seconds: seconds(start, asked) }, [start, asked]);
  }
  if (asked !== NONE && response !== null) {
    const interim = interimIn(capture, found.before);
    if (interim !== null) say('continued', 'neutral', { status: interim.status, seconds: seconds(start, interim.row) }, [interim.row]);
    const wait = seconds(asked, responseStart);
    const acknowledged = found.acknowledged;
    const stream = p.stream[exchange] as number;
    const trip = wait < SLOW ? null : roundTrip(capture, stream, rowsOfStream(capture, stream, 'tcp'));
    const before = wait < SLOW ? NONE : answeredBefore(capture, exchange);
    // A record of TLS is read when all of it is there: its first packet came before.
    const whole: Record<string, string> = inTls(capture, stream, responseStart) ? { tls: 'yes' } : {};
    if (isAtServer(capture, stream)) whole.at = 'server';
    // Other streams of HTTP/2 share the connection.
    const busy: Record<string, number> = response.version === 'HTTP/2' && found.others >= BUSY ? { others: found.others } : {};
    if (wait < 0) say('early', 'neutral', {}, [responseStart, asked]);
    else if (before !== NONE && before > asked && before <= responseStart) {
      const values = { seconds: wait, ...whole, behind: seconds(asked, before), rest: seconds(before, responseStart) };
      say('waited-behind', 'warn', values, [asked, before, responseStart], [p.previous[exchange] as number]);
    } else if (trip !== null && isTrip(wait * 1e9, trip) && found.resent[0].length === 0)
      say('waited', 'neutral', { seconds: wait, trip: trip.server / 1e9, ...whole }, [asked, responseStart]);
    else if (wait >= SLOW && acknowledged !== NONE && acknowledged < responseStart && found.whole) {
      const after = seconds(asked, acknowledged);
      const resent = found.resent[0].findLast((row) => row <= acknowledged) ?? NONE;
      const values = { after, seconds: seconds(acknowledged, responseStart), ...whole, ...busy };
      const again: Record<string, string> = resent === NONE ? {} : { again: 'yes' };
      say('waited-acknowledged', 'warn', { ...values, ...again }, [asked, resent, acknowledged, responseStart]);
    } else {
      const resent = wait < SLOW ? NONE : (found.resent[0].findLast((row) => row > asked && row < responseStart) ?? NONE);
      const again: Record<string, string> = resent === NONE ? {} : { again: 'yes' };
      const values = { seconds: wait, ...whole, ...again, ...(wait * 1e9 >= PAUSE ? busy : {}) };
      say('waited', wait >= SLOW ? 'warn' : 'neutral', values, [asked, resent, responseStart]);
    }
  }
  if (response === null) return;
  const values = {
    status: response.status,
    bytes: response.bodyBytes,
    decoded: response.decodedBytes,
    coding: response.contentEncoding,
    type: (response.contentType.split(';')[0] ?? '').trim(),
    ...(response.flaw === null ? {} : { flaw: response.flaw }),
  };
  const length = response.headers.find(([name]) => name.toLowerCase() === 'content-length')?.[1] ?? '';
  const promised: Record<string, number> = /^\d{1,15}$/.test(length) ? { promised: Number(length) } : {};
  if (read.partial) {
    const end = serverEnded(capture, found, endOf(capture, responseRow));
    say('partial', 'bad', { ...values, ...promised, ...end.values }, [responseStart, responseRow, end.row]);
    return;
  }
  const chunk = capture.packets.chunkOf(responseRow);
  // Frames of HTTP/2 and records of TLS count for the packet that completes them, and may begin in one before.
  const at = atServer(capture, p.stream[exchange] as number, found, responseStart);
  const tls = inTls(capture, p.stream[exchange] as number, responseStart);
  const begun = (tls || response.version === 'HTTP/2') && endsEarlier(capture, responseRow);
  const within = !begun && response.bodyBytes <= (chunk.payload[responseRow & CHUNK_MASK] as number);
  if (responseStart === responseRow)
    say(within ? 'received' : 'received-by', 'neutral', { ...values, ...at.values }, [responseRow, at.row]);
  else {
    // Packets of HTTP/2 carry several exchanges at a time; of TLS the first record may begin in earlier ones.
    const segments = response.version === 'HTTP/2' || tls || !found.whole ? 0 : (found.segments[1] as number);
    const over = { ...values, segments, seconds: seconds(responseStart, responseRow), ...(tls ? { tls: 'yes' } : {}), ...at.values };
    say('received-over', 'neutral', over, [responseStart, responseRow, at.row]);
  }
  const head = request?.method === 'HEAD' || response.status === 304 || response.status === 204 || response.status < 200;
  if (!head && promised.promised !== undefined && response.bodyBytes < promised.promised)
    say('cut', 'bad', { bytes: response.bodyBytes, ...promised }, [responseRow]);
}

/** True if the handshake proves that the connection was captured at or near the server. */
function isAtServer(capture: CaptureIndex, stream: number): boolean {
  const halves = roundTrip(capture, stream, rowsOfStream(capture, stream, 'tcp'));
  return halves !== null && halves.server + halves.client >= NEAR && capturedAt(halves.server, halves.client) === 'server';
}

/** Near the server what it sends has just left: when the client had acknowledged all of it is when it had come. */
function atServer(
  capture: CaptureIndex,
  stream: number,
  found: Found,
  responseStart: number,
): { readonly values: Record<string, number | string>; readonly row: number } {
  if (!isAtServer(capture, stream)) return { values: {}, row: NONE };
  const row = found.delivered;
  const acknowledged: Record<string, number> = row === NONE ? {} : { acknowledged: nanoseconds(capture.packets, responseStart, row) / 1e9 };
  return { values: { at: 'server', ...acknowledged }, row };
}

/** An end of the connection that came before the response was whole: what of it came behind that was not taken any more, or nobody knows. */
function amid(capture: CaptureIndex, read: ReadExchange, found: Found, asked: number, say: Say): void {
  const within = (row: number): boolean => row !== NONE && row > asked && row < read.responseRow;
  const seconds = (row: number): number => nanoseconds(capture.packets, row, read.responseRow) / 1e9;
  const [fin, clientReset] = [found.fin[0] as number, found.rst[0] as number];
  const reset = Math.min(clientReset, found.rst[1] as number);
  if (within(fin) && fin < reset) {
    const again: Record<string, string> = clientReset === NONE ? {} : { reset: 'yes' };
    say('closed-amid', clientReset === NONE ? 'neutral' : 'bad', { seconds: seconds(fin), ...again }, [fin, clientReset, read.responseRow]);
  } else if (within(reset)) {
    const who = SIDES[clientReset === reset ? 0 : 1];
    say('reset-amid', 'bad', { who, seconds: seconds(reset) }, [reset, read.responseRow]);
  }
}

/** RST_STREAM of HTTP/2, which ends an exchange and leaves the connection (RFC 9113, section 6.4). */
function streamReset(capture: CaptureIndex, exchange: number, asked: number, say: Say): void {
  const reset = capture.state(http2Streams).resets.get(exchange);
  if (reset === undefined || asked === NONE) return;
  const { row, fromClient, error } = reset;
  const values = { who: SIDES[fromClient ? 0 : 1], error: ERRORS.get(error) ?? String(error) };
  const after = nanoseconds(capture.packets, asked, row) / 1e9;
  say('stream-reset', 'warn', { ...values, ...(row < asked ? { before: Math.max(0, -after) } : { seconds: after }) }, [row]);
}

/** How the server ended its direction right behind its last data, so that there is no more of it. */
function serverEnded(capture: CaptureIndex, found: Found, end: number): { readonly values: Record<string, string>; readonly row: number } {
  const [fin, rst] = [found.fin[1] as number, found.rst[1] as number];
  const row = Math.min(fin, rst);
  if (row === NONE || found.gaps[1].all.some(({ filled }) => filled === NONE)) return { values: {}, row: NONE };
  const chunk = capture.packets.chunkOf(row);
  const at = seqAdd(chunk.seq[row & CHUNK_MASK] as number, chunk.payload[row & CHUNK_MASK] as number);
  return at === end ? { values: { end: row === fin ? 'close' : 'reset' }, row } : { values: {}, row: NONE };
}

/** Row in which the response to the request before on the connection ends; NONE without one, or where it is not whole. HTTP/1 only: its responses come one after the other. */
function answeredBefore(capture: CaptureIndex, exchange: number): number {
  const previous = capture.state(httpPairs).previous[exchange] as number;
  if (previous === NONE) return NONE;
  const before = readExchange(capture, previous);
  return before.partial || before.response === null || before.response.version === 'HTTP/2' ? NONE : before.responseRow;
}

/** True if what a row says was encrypted: a ClientHello came before it. */
function inTls(capture: CaptureIndex, stream: number, row: number): boolean {
  const hello = clientHello(capture, stream);
  return hello !== NONE && hello < row;
}

/** True if what was put together from earlier packets ends in a row. */
function endsEarlier(capture: CaptureIndex, row: number): boolean {
  const table = capture.state(messageTable);
  if (table.releasedIn(row).length > 0) return true;
  const touched = (capture.packets.chunkOf(row).message[row & CHUNK_MASK] as number) - 1;
  if (touched < 0) return false;
  const ends = (message: number): boolean => table.lastRow[message] === row && (table.firstRow[message] as number) < row;
  const before = table.previous[touched] as number;
  return ends(touched) || (before !== NONE && ends(before));
}

/** An interim response in packets of the server (RFC 9110, section 15.2). */
function interimIn(capture: CaptureIndex, rows: readonly number[]): { row: number; status: number } | null {
  for (const row of rows)
    for (const layer of dissectPacket(capture, row, false, false).layers) {
      const status = httpMessages.get(layer)?.status ?? 0;
      if (status >= 100 && status < 200 && status !== 101) return { row, status };
    }
  return null;
}

const SIDES = ['client', 'server'] as const;

function trouble(capture: CaptureIndex, exchange: number, read: ReadExchange, found: Found, say: Say): void {
  const p = capture.state(httpPairs);
  const stream = p.stream[exchange] as number;
  const start = p.requestStart[exchange] !== NONE ? (p.requestStart[exchange] as number) : read.responseStart;
  const at = (row: number): number => nanoseconds(capture.packets, start, row) / 1e9;
  for (const side of [0, 1] as const) {
    const who = SIDES[side];
    const [resent, zero, closed, silence] = [found.resent[side], found.zero[side], found.closed[side], found.silence[side]];
    const gaps = found.gaps[side].all;
    const pauses = found.pauses[side];
    if (silence !== null && found.whole && (silence.time >= SLOW * 1e9 || (pauses.times > 1 && pauses.whole >= SLOW * 1e9))) {
      const halves = silence.why === 'window' ? null : roundTrip(capture, stream, rowsOfStream(capture, stream, 'tcp'));
      // What is sent at an ACK of what came before, or sent again for it, takes the way to its sender and back.
      const way = (side === 0 ? halves?.client : halves?.server) ?? 0;
      const trip: Record<string, number> = Math.abs(silence.time - way) <= SAME_PART * way ? { trip: way / 1e9 } : {};
      const often: Record<string, number> = pauses.times > 1 ? { times: pauses.times, whole: pauses.whole / 1e9 } : {};
      const { from, acknowledged, to } = silence;
      // Far from the sender, what it sent may be lost before the capture.
      const far = halves !== null && halves.server + halves.client >= NEAR && capturedAt(halves.server, halves.client) !== who;
      const skips = far && silence.why === 'ack' && trip.trip === undefined ? skippedIn(capture, stream, side, [[from, to]]) : 0;
      const skipped: Record<string, number> = skips === 0 ? {} : { skips };
      const values = { who, seconds: silence.time / 1e9, why: silence.why, ...trip, ...often, ...skipped };
      say('silence', 'trip' in trip ? 'neutral' : 'warn', values, [from, acknowledged, to]);
    }
    const held = found.held[side];
    if (held.times >= 2 || (found.heldForSure[side] as number) > 0)
      say('held-back', 'warn', { who, times: held.times, seconds: held.longest / 1e9, whole: held.whole / 1e9 }, held.rows);
    if (resent.length > 0) {
      const [first, last] = [resent[0] as number, resent.at(-1) as number];
      say('resent', 'warn', { who, times: resent.length, from: at(first), to: at(last) }, resent);
    }
    const copies = found.copies[side];
    const twins = (rows: readonly number[]): number[] => withTwins(capture, stream, rows.slice(0, PROOFS));
    if (copies.length > 0)
      say('copied', 'quiet', { who, times: copies.length, ...acrossInterfaces(capture, stream, copies) }, twins(copies));
    const alike = found.alike[side];
    if (alike.length > 0) say('alike', 'quiet', { who, times: alike.length }, twins(alike));
    const late = found.late[side];
    if (late.length > 0) say('late', 'quiet', { who, times: late.length }, late);
    const overtaken = found.overtaken[side];
    if (overtaken.length > 0) say('overtaken', 'quiet', { who, times: overtaken.length }, overtaken);
    if (gaps.length > 0) {
      const said = gapsSaid(capture.packets, gaps);
      say('gap', 'warn', { who, from: at((gaps[0] as (typeof gaps)[number]).row), ...said.values }, said.rows);
    }
    if (zero.length > 0) {
      const values: Record<string, number | string> = { who, times: closed.times, from: at(zero[0] as number) };
      if (closed.times > 0 && found.closedSince[side] === NONE) values.seconds = closed.longest / 1e9;
      say('zero-window', 'bad', values, [...closed.rows, ...zero]);
    }
  }
  if (read.repaired) {
    const within = [found.resent, found.late, found.overtaken, [[], found.gaps[1].all]].some((lists) => (lists[1] as unknown[]).length > 0);
    const before = within ? NONE : disordered(capture, stream, read);
    say('repaired', 'quiet', { why: within ? 'within' : before === NONE ? '' : 'before' }, [before, read.responseStart, read.responseRow]);
  }
}

/** The last row of the server up to the end of the response that came late or with bytes missing before it; NONE without one. */
function disordered(capture: CaptureIndex, stream: number, { responseRow }: ReadExchange): number {
  let row = responseRow;
  for (let steps = 0; row !== NONE && steps < MOST_ROWS; steps++, row = previousInStream(capture.packets, row, stream, RowFlag.Tcp)) {
    const chunk = capture.packets.chunkOf(row);
    const i = row & CHUNK_MASK;
    if (((chunk.flags[i] as number) & RowFlag.FromClient) !== 0 || chunk.payload[i] === 0) continue;
    if (((chunk.analysis[i] as number) & (Analysis.LostSegment | ANY_LATE)) !== 0) return row;
  }
  return NONE;
}

function threads(capture: CaptureIndex, exchange: number, read: ReadExchange, thread: ExchangeThread, say: Say): void {
  const p = capture.state(httpPairs);
  const { request, response, responseStart, status } = read;
  const place = thread.redirects.indexOf(exchange);
  const from = place > 0 ? (thread.redirects[place - 1] as number) : null;
  const to = place >= 0 ? (thread.redirects[place + 1] ?? null) : null;
  const started = (other: number): number => p.requestStart[other] as number;
  const since = (row: number, other: number): number => nanoseconds(capture.packets, row, started(other)) / 1e9;
  if (from !== null) say('redirected', 'neutral', { status: p.status[from] as number }, [p.responseRow[from] as number], [from]);
  if (thread.location !== null && to !== null) {
    const method = p.requestRow[to] === NONE ? null : readExchange(capture, to).request;
    const values = {
      location: thread.location,
      seconds: since(responseStart, to),
      method: method?.method ?? '',
      was: request?.method ?? '',
    };
    say('redirect-followed', 'neutral', values, [responseStart, started(to)], [to]);
  } else if (thread.location !== null) say('redirect-open', 'quiet', { location: thread.location }, [responseStart]);
  const { condition } = thread;
  if (condition !== null && response !== null) {
    const { by, value, stored, age, fresh } = condition;
    const values = { by, value, ...(age === null ? {} : { age }), ...(fresh === null ? {} : { fresh: fresh ? 'yes' : 'no' }) };
    const rows = [stored === null ? NONE : (p.responseStart[stored] as number), started(exchange), responseStart];
    if (status === 304) say(stored === null ? 'not-modified-unseen' : 'not-modified', 'good', values, rows, [stored]);
    else if (status >= 200 && status < 300) say('modified', 'neutral', { ...values, status }, rows, [stored]);
  }
  const schemes = [...new Set(thread.challenges.map(({ scheme }) => scheme))].join(', ');
  if (schemes !== '' && thread.answeredBy !== null) {
    const rows = [responseStart, started(thread.answeredBy)];
    say('challenged-answered', 'neutral', { scheme: schemes, seconds: since(responseStart, thread.answeredBy) }, rows, [thread.answeredBy]);
  } else if (schemes !== '') say('challenged', 'neutral', { scheme: schemes }, [responseStart]);
  if (thread.credentials !== null) {
    const rows = [started(exchange)];
    say('credentials', 'neutral', { scheme: thread.credentials, status }, rows, [thread.challengedBy]);
  }
  const setters = [...new Set(thread.cookies.flatMap(({ setBy }) => setBy ?? []))];
  const known = thread.cookies.filter(({ setBy }) => setBy !== null).length;
  if (thread.cookies.length > 0) say('cookies-sent', 'neutral', { cookies: thread.cookies.length, known }, [started(exchange)], setters);
  if (thread.setCookies.length > 0) {
    const back = [...new Set(thread.setCookies.flatMap(({ sentBack }) => sentBack))].sort((a, b) => a - b);
    const times = Math.max(back.length, ...thread.setCookies.map((cookie) => cookie.times));
    const removed = thread.setCookies.filter(({ removal }) => removal).length;
    say('cookies-set', 'neutral', { cookies: thread.setCookies.length - removed, removed, times }, [responseStart], back.slice(0, PROOFS));
  }
  // RFC 9110, section 9.3.6.
  if (request?.method === 'CONNECT' && status >= 200 && status < 300) say('tunnel', 'neutral', { target: request.uri }, [responseStart]);
  if (status === 101) {
    const upgrade = response?.headers.find(([name]) => name.toLowerCase() === 'upgrade')?.[1] ?? '';
    say('upgraded', 'neutral', { protocol: upgrade, url: request === null ? '' : urlOf(request) }, [responseStart]);
  }
}

function ending(capture: CaptureIndex, exchange: number, read: ReadExchange, found: Found, say: Say): void {
  const p = capture.state(httpPairs);
  const asked = p.requestRow[exchange] as number;
  const [clientFin, serverFin] = found.fin as [number, number];
  streamReset(capture, exchange, asked, say);
  const seconds = (from: number, to: number): number => nanoseconds(capture.packets, from, to) / 1e9;
  if (read.response === null) {
    if (asked === NONE) return;
    const { acknowledged } = found;
    const missed = unread(capture, p.stream[exchange] as number, asked, read);
    if (missed.length > 0) {
      say('no-answer-unread', 'warn', {}, [asked, ...missed]);
      return;
    }
    const reset = Math.min(found.rst[0] as number, found.rst[1] as number);
    const other = otherAnswer(capture, exchange, asked, read);
    if (other !== null) say('no-answer-other', 'bad', other.values, [asked, other.row]);
    else if (acknowledged !== NONE && (reset === NONE || acknowledged < reset))
      say('no-answer-acknowledged', 'bad', { seconds: seconds(asked, acknowledged) }, [asked, acknowledged]);
    else say('no-answer', 'bad', {}, [asked]);
  }
  if (read.response === null || read.partial) {
    if (asked === NONE || p.next[exchange] !== NONE) return;
    const reset = Math.min(found.rst[0] as number, found.rst[1] as number);
    const closed = Math.min(clientFin, serverFin);
    if (reset !== NONE && reset > asked && reset < closed) {
      const who = SIDES[found.rst[0] === reset ? 0 : 1];
      say('no-answer-reset', 'bad', { who, seconds: seconds(asked, reset) }, [reset]);
    } else if (closed !== NONE) {
      const who = SIDES[clientFin === closed ? 0 : 1];
      say('no-answer-closed', 'bad', { who, seconds: seconds(asked, closed) }, [closed]);
    }
    return;
  }
  amid(capture, read, found, asked === NONE ? read.responseStart : asked, say);
  // Whoever announced the end of the connection, and the end if it came.
  const announced = [read.request, read.response].map(
    (message) => message?.headers.some(([name, value]) => name.toLowerCase() === 'connection' && /\bclose\b/i.test(value)) === true,
  );
  if (p.next[exchange] !== NONE || !announced.includes(true)) return;
  const fin = Math.min(clientFin, serverFin);
  const who = announced[1] === true ? 'server' : 'client';
  const said = who === 'server' ? read.responseStart : (p.requestStart[exchange] as number);
  if (fin === NONE) {
    const reset = Math.min(found.rst[0] as number, found.rst[1] as number);
    if (reset === NONE) return;
    const by = SIDES[found.rst[0] === reset ? 0 : 1];
    say('closing-reset', 'warn', { who, closer: by, seconds: Math.max(0, seconds(read.responseRow, reset)) }, [said, reset]);
    return;
  }
  const closer = SIDES[clientFin === fin ? 0 : 1];
  const same = fin === read.responseRow ? 'yes' : 'no';
  say('closing', 'quiet', { who, closer, same, seconds: Math.max(0, seconds(read.responseRow, fin)) }, [said, fin]);
}
