/** One HTTP exchange: both messages read from their packets, and the row that the tables show of it. */

import { endpointsOf, handshakeMs } from '../connections/connections.ts';
import { type CaptureIndex, defineState } from '../dissect/capture-index.ts';
import { Dissection } from '../dissect/dissection.ts';
import { payloadOf } from '../flow/payload-plan.ts';
import { nanoseconds } from '../flow/tcp-replay.ts';
import type { ExchangeRow } from '../messages.ts';
import { dissectPacket } from '../protocols/dissect-packet.ts';
import { http } from '../protocols/http.ts';
import { Method } from '../protocols/http-head.ts';
import { type HttpMessage, httpMessages } from '../protocols/http-messages.ts';
import { httpPairs } from '../protocols/http-pairs.ts';
import { CHUNK_MASK, NONE } from '../table/packet-table.ts';
import { type RepairedResponse, repairedResponse } from './repaired-response.ts';

/** Number of exchanges so far. */
export function exchangeCount(capture: CaptureIndex): number {
  return capture.state(httpPairs).length;
}

/** Messages of the packets that were read last, one with requests and one with responses: rows of a pipeline ask for them in turn. */
const latestMessages = defineState(() => ({
  /** Packets that the index had: what a packet holds may be known better with more of them. */
  packets: 0,
  rows: [NONE, NONE] as [number, number],
  messages: [[], []] as [readonly HttpMessage[], readonly HttpMessage[]],
}));

/** The `ordinal`th HTTP message that ends in `row`; null if it cannot be read any more (a file that has changed). */
function messageIn(capture: CaptureIndex, row: number, ordinal: number, side: 0 | 1): HttpMessage | null {
  if (row === NONE || row >= capture.packets.length) return null;
  const latest = capture.state(latestMessages);
  if (latest.rows[side] !== row || latest.packets !== capture.packets.length) {
    if (latest.packets !== capture.packets.length) latest.rows[1 - side] = NONE;
    latest.packets = capture.packets.length;
    latest.rows[side] = row;
    // Fields are for those who look at the packet.
    latest.messages[side] = dissectPacket(capture, row, false, false)
      .layers.map((layer) => httpMessages.get(layer))
      .filter((message) => message !== undefined);
  }
  return latest.messages[side][ordinal] ?? null;
}

/** Milliseconds between two rows, null where one is not there. */
export function between(capture: CaptureIndex, from: number, to: number): number | null {
  return from === NONE || to === NONE ? null : nanoseconds(capture.packets, from, to) / 1e6;
}

/** The response that the packets of an exchange's stream hold, though no packet's dissection has it; null if there is none. */
export function repairOf(capture: CaptureIndex, exchange: number): RepairedResponse | null {
  const { stream, requestRow, method } = capture.state(httpPairs);
  const row = requestRow[exchange] as number;
  return row === NONE ? null : repairedResponse(capture, stream[exchange] as number, row, method[exchange] === Method.Head);
}

/** The exchanges of a TCP stream whose response no packet's dissection has, with the response. `pause`: as for followSaid; null from it: given up. */
export async function repairsOf(
  capture: CaptureIndex,
  stream: number,
  pause: () => Promise<boolean> | null,
): Promise<{ readonly exchange: number; readonly response: RepairedResponse }[] | null> {
  const p = capture.state(httpPairs);
  const found: { exchange: number; response: RepairedResponse }[] = [];
  for (let exchange = 0; exchange < p.length; exchange++) {
    if (p.stream[exchange] !== stream || p.responseRow[exchange] !== NONE) continue;
    const wait = pause();
    if (wait !== null && !(await wait)) return null;
    const response = repairOf(capture, exchange);
    if (response !== null) found.push({ exchange, response });
  }
  return found;
}

/** Both messages of an exchange, and where the response is. */
export interface ReadExchange {
  readonly request: HttpMessage | null;
  readonly response: HttpMessage | null;
  /** Rows in which the response begins and ends, NONE without one. */
  readonly responseStart: number;
  readonly responseRow: number;
  readonly status: number;
  readonly repaired: boolean;
  /** The response is not whole: `responseRow` is the last of its packets. */
  readonly partial: boolean;
}

/** Reads an exchange from its packets. It must exist. */
export function readExchange(capture: CaptureIndex, exchange: number): ReadExchange {
  const p = capture.state(httpPairs);
  const requestRow = p.requestRow[exchange] as number;
  const responseRow = p.responseRow[exchange] as number;
  const request = messageIn(capture, requestRow, p.requestOrdinal[exchange] as number, 0);
  const response = messageIn(capture, responseRow, p.responseOrdinal[exchange] as number, 1);
  if (response === null && request !== null) {
    const found = repairOf(capture, exchange);
    if (found !== null) {
      const { message, startRow, endRow, partial } = found;
      const at = { responseStart: startRow, responseRow: endRow, status: message.status };
      return { request, response: message, ...at, repaired: !partial, partial };
    }
  }
  const responseStart = p.responseStart[exchange] as number;
  return { request, response, responseStart, responseRow, status: p.status[exchange] as number, repaired: false, partial: false };
}

/**
 * The head of a request whose end is not there, from the packet that it begins in; null where that has not all of it, or begins with something else
 * (the end of the request before, a TLS record). Its body is that packet's alone.
 */
export function begunRequest(capture: CaptureIndex, exchange: number): HttpMessage | null {
  const p = capture.state(httpPairs);
  const row = p.requestStart[exchange] as number;
  const previous = p.previous[exchange] as number;
  if (row === NONE || (previous !== NONE && (p.requestRow[previous] as number) === row)) return null;
  const bytes = payloadOf(capture, row);
  if (!/^[A-Z]{3,20} \S+ HTTP\/1\.\d\r\n(?:[^\r\n]+\r\n)*\r\n/.test(Buffer.from(bytes).toString('latin1'))) return null;
  const d = new Dissection(capture, row);
  d.call(http, d.newBuf('Reassembled TCP', bytes));
  return d.layers.map((layer) => httpMessages.get(layer)).find((message) => message?.status === 0) ?? null;
}

/** The row of an exchange that has been read. */
export function rowOf(
  capture: CaptureIndex,
  exchange: number,
  { request, response, responseStart, responseRow, status, repaired, partial }: ReadExchange,
): ExchangeRow {
  const p = capture.state(httpPairs);
  const at = (column: Uint32Array): number => column[exchange] as number;
  const stream = at(p.stream);
  const previous = at(p.previous);
  const requestStart = at(p.requestStart);
  const requestRow = at(p.requestRow);
  const first = requestStart !== NONE ? requestStart : responseStart;
  const answered = previous === NONE ? NONE : (p.responseRow[previous] as number);
  const waitMs = between(capture, requestRow, responseStart);
  const head = request ?? begunRequest(capture, exchange);
  return {
    stream,
    position: at(p.position),
    ofConnection: p.onConnection[at(p.first)] as number,
    method: head?.method ?? null,
    url: head === null ? null : urlOf(head),
    host: head === null || head.host === '' ? null : head.host,
    status: responseRow === NONE ? null : status,
    reason: response?.reason ?? null,
    requestFrame: requestRow === NONE ? null : requestRow + 1,
    responseFrame: responseRow === NONE || partial ? null : responseRow + 1,
    contentType: response === null ? null : typeWord(response.contentType),
    requestBytes: request?.bodyBytes ?? null,
    responseBytes: response?.bodyBytes ?? null,
    decodedBytes: response?.decodedBytes ?? null,
    waitMs,
    timings: {
      connectMs: previous === NONE ? handshakeMs(capture, stream) : null,
      sendMs: between(capture, requestStart, requestRow),
      waitMs,
      receiveMs: partial ? null : between(capture, responseStart, responseRow),
      totalMs: partial ? null : between(capture, requestStart, responseRow),
    },
    start: first === NONE ? '0.000000000' : timeOf(capture, first),
    version: head?.version ?? response?.version ?? '',
    ...endpointsOf(capture, stream),
    reused: previous !== NONE,
    repaired,
    partial,
    pipelined: answered !== NONE && requestStart !== NONE && answered > requestStart && !p.sharesRequest(exchange),
  };
}

/** The URL of a request: with scheme and host where these are known, else the target as sent. */
export function urlOf(request: HttpMessage): string {
  return request.fullUri === '' ? request.uri : request.fullUri;
}

/** A media type without its parameters, in lower case. */
export function typeWord(contentType: string): string {
  return (contentType.split(';')[0] ?? '').trim().toLowerCase();
}

function timeOf(capture: CaptureIndex, row: number): string {
  const chunk = capture.packets.chunkOf(row);
  return `${chunk.sec[row & CHUNK_MASK]}.${String(chunk.nsec[row & CHUNK_MASK]).padStart(9, '0')}`;
}

/** One row of `http --json`. The exchange must exist. */
export function exchangeRow(capture: CaptureIndex, exchange: number): ExchangeRow {
  return rowOf(capture, exchange, readExchange(capture, exchange));
}
