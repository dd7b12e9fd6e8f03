/**
 * HTTP exchanges: requests with their responses. What pairs them and when they were is in the index (`HttpPairs`); methods, URLs and
 * bodies are read from the packets when a row is asked for.
 */

import { Arrivals, prime } from '../connections/arrivals.ts';
import type { CaptureIndex } from '../dissect/capture-index.ts';
import { Flag } from '../flow/seq.ts';
import { ANY_RETRANSMISSION, Analysis } from '../flow/tcp-analysis.ts';
import { flows } from '../flow/tcp-flows.ts';
import { nanoseconds, previousInStream } from '../flow/tcp-replay.ts';
import type { EngineRequests, ExchangeDetail, ExchangeHeader, ExchangeMessage, ExchangeSort, ExchangeSummary } from '../messages.ts';
import { type HttpMessage, stillCoded } from '../protocols/http-messages.ts';
import { httpPairs } from '../protocols/http-pairs.ts';
import { CHUNK_MASK, NONE, RowFlag } from '../table/packet-table.ts';
import type { Capture } from './capture.ts';
import { begunRequest, between, type ReadExchange, readExchange, rowOf } from './exchange-read.ts';
import { harEntry } from './har.ts';
import { readCookies, readSetCookie } from './http-cookies.ts';
import { type Head, httpFacts } from './http-facts.ts';
import { orderOfNumbers, orderOfTexts } from './order.ts';
import { Turns } from './turns.ts';
import type { View } from './view.ts';

/** Decoded octets of a body that go to the window. */
const BODY_LIMIT = 256 * 1024;
/** Exchanges without a response in the index that are read to know how long they last. */
const MOST_READS = 200;
/** Packets that are looked through for trouble, and marks that one exchange has at most. */
const TROUBLE_STEPS = 2048;
const TROUBLE_MARKS = 16;
/** Octets of a body in a HAR file. */
const HAR_BODY = 4 * 1024 * 1024;
/** Orders that are remembered of one view. */
const MOST_ORDERS = 8;
/** Exchanges between two looks at the clock. */
const STEP = 1024;

function summaryOf(capture: CaptureIndex, exchange: number, what: ReadExchange): ExchangeSummary {
  const p = capture.state(httpPairs);
  const start = p.requestStart[exchange] !== NONE ? p.requestStart[exchange] : p.responseStart[exchange];
  const first = start === undefined || start === NONE ? 0 : start;
  return {
    ...rowOf(capture, exchange, what),
    exchange,
    startOffset: nanoseconds(capture.packets, 0, first) / 1e9,
    trouble: troubleOf(capture, p.stream[exchange] as number, first, what.responseRow),
  };
}

/** What went wrong on the connection while the exchange went on: its last packets, as far as they are looked through. */
function troubleOf(capture: CaptureIndex, stream: number, first: number, answered: number): ExchangeSummary['trouble'] {
  const rows: number[] = [];
  let row = answered !== NONE ? answered : (capture.state(flows).lastRow[stream] ?? NONE);
  for (; row !== NONE && row >= first && rows.length < TROUBLE_STEPS; row = previousInStream(capture.packets, row, stream, RowFlag.Tcp))
    rows.push(row);
  rows.reverse();
  const found: { at: number; kind: ExchangeSummary['trouble'][number]['kind'] }[] = [];
  const arrivals = new Arrivals(capture, stream);
  prime(capture, stream, rows[0] ?? NONE, arrivals.seen);
  for (const each of rows) {
    const chunk = capture.packets.chunkOf(each);
    const verdict = chunk.analysis[each & CHUNK_MASK] as number;
    arrivals.take(each);
    const { repetition } = arrivals;
    const again = repetition === '' ? (verdict & ANY_RETRANSMISSION) !== 0 : repetition === 'again';
    const at = nanoseconds(capture.packets, first, each) / 1e9;
    if (((chunk.tcpFlags[each & CHUNK_MASK] as number) & Flag.Rst) !== 0) found.push({ at, kind: 'reset' });
    else if ((verdict & Analysis.ZeroWindow) !== 0) found.push({ at, kind: 'zero-window' });
    else if (again) found.push({ at, kind: 'resent' });
  }
  return found.slice(-TROUBLE_MARKS);
}

/** One exchange as an entry of a HAR file, whose bodies may be longer than the window's. */
export function harText(capture: CaptureIndex, exchange: number): string {
  return JSON.stringify(harEntry(exchangeDetail(capture, 0, exchange, HAR_BODY)));
}

/** One exchange in full. It must exist. @param number of the capture @param limit octets of each body */
export function exchangeDetail(capture: CaptureIndex, number: number, exchange: number, limit = BODY_LIMIT): ExchangeDetail {
  const what = readExchange(capture, exchange);
  const summary = summaryOf(capture, exchange, what);
  const p = capture.state(httpPairs);
  const request = what.request ?? begunRequest(capture, exchange);
  return {
    capture: number,
    summary,
    request: request === null ? null : messageOf(request, summary.requestFrame ?? (p.requestStart[exchange] as number) + 1, limit),
    response: what.response === null ? null : messageOf(what.response, summary.responseFrame ?? what.responseStart + 1, limit),
  };
}

function messageOf(message: HttpMessage, frame: number, limit: number): ExchangeMessage {
  const { method, uri, version, status, reason, body } = message;
  return {
    frame,
    startLine: method !== '' ? `${method} ${uri} ${version}`.trimEnd() : `${version} ${status} ${reason}`.trimEnd(),
    headers: message.headers.map(([name, value]) => ({ name, value })),
    cookies: message.headers.flatMap(([name, value]) => cookiesIn(name.toLowerCase(), value)),
    headBytes: message.headBytes,
    contentType: message.contentType,
    contentEncoding: message.contentEncoding,
    codingFlaw: message.flaw,
    stillCoded: stillCoded(message),
    bodyBytes: message.bodyBytes,
    decodedBytes: body.length,
    // A copy: the view may be into a whole read block.
    body: body.slice(0, limit),
    bodyCut: body.length > limit,
  };
}

/** Cookies of one header (RFC 6265 sections 4.1 and 4.2). @param name in lower case */
function cookiesIn(name: string, value: string): ExchangeHeader[] {
  if (name === 'cookie') return readCookies(value);
  const set = name === 'set-cookie' ? readSetCookie(value) : null;
  return set === null ? [] : [{ name: set.name, value: set.value }];
}

/** The exchanges of a view, sorted in slices, and their latest orders: remembered until the view changes. */
export class ExchangeList {
  readonly #capture: Capture;
  #key = '';
  #exchanges: Uint32Array = new Uint32Array(0);
  #life: readonly [number, number] = [0, 0];
  /** By column and direction, latest last. */
  readonly #orders = new Map<string, Promise<Uint32Array>>();

  constructor(capture: Capture) {
    this.#capture = capture;
  }

  async rows(
    view: View,
    from: number,
    count: number,
    sort: ExchangeSort,
    descending: boolean,
  ): Promise<EngineRequests['exchanges']['result']> {
    const sorted = await this.#order(view, sort, descending);
    const turns = new Turns();
    const rows: ExchangeSummary[] = [];
    for (const exchange of sorted.subarray(from, from + count)) {
      rows.push(summaryOf(this.#capture, exchange, readExchange(this.#capture, exchange)));
      if (turns.due) await turns.pause();
    }
    return { rows, total: sorted.length, life: this.#life, done: 1 };
  }

  /** What is known of a view while its order is not. */
  unsorted(view: View, done: number): EngineRequests['exchanges']['result'] {
    return { rows: [], total: this.of(view).length, life: this.#life, done };
  }

  async position(view: View, exchange: number, sort: ExchangeSort, descending: boolean): Promise<number> {
    return (await this.#order(view, sort, descending)).indexOf(exchange);
  }

  /** The exchanges of a view in order of the capture. */
  of(view: View): Uint32Array {
    const key = `${view.id} ${view.matched} ${this.#capture.packets.length}`;
    if (key !== this.#key) {
      this.#exchanges = exchangesIn(this.#capture, view.rows);
      this.#life = lifeOf(this.#capture, this.#exchanges);
      this.#orders.clear();
      this.#key = key;
    }
    return this.#exchanges;
  }

  #order(view: View, sort: ExchangeSort, descending: boolean): Promise<Uint32Array> {
    const exchanges = this.of(view);
    const key = `${sort} ${descending}`;
    const order = this.#orders.get(key) ?? sorted(this.#capture, exchanges, sort, descending);
    this.#orders.delete(key);
    this.#orders.set(key, order);
    if (this.#orders.size > MOST_ORDERS) this.#orders.delete(this.#orders.keys().next().value as string);
    return order;
  }
}

/** Exchanges in the order of one column. What is not known comes last in either direction. */
async function sorted(capture: CaptureIndex, exchanges: Uint32Array, sort: ExchangeSort, descending: boolean): Promise<Uint32Array> {
  if (sort === 'exchange') return descending ? exchanges.slice().reverse() : exchanges;
  const turns = new Turns();
  const texts: string[] = [];
  const numbers = new Float64Array(exchanges.length);
  const textual = TEXT_SORTS[sort];
  for (let k = 0; k < exchanges.length; k++) {
    const exchange = exchanges[k] as number;
    if (textual === undefined) numbers[k] = numberOf(capture, exchange, sort);
    else {
      const head = capture.state(httpFacts).heads[exchange];
      texts.push(head === undefined ? '' : textual(head));
    }
    if (k % STEP === STEP - 1 && turns.due) await turns.pause();
  }
  const order = textual === undefined ? orderOfNumbers(numbers, descending, turns) : orderOfTexts(texts, descending, turns);
  // Null only where it was stopped, which nobody does here.
  return ((await order) as Uint32Array).map((k) => exchanges[k] as number);
}

/** Exchanges one of whose messages ends in a row of the set, ascending; all of them without a set. */
export function exchangesIn(capture: CaptureIndex, rows: { has(row: number): boolean } | null): Uint32Array {
  const p = capture.state(httpPairs);
  if (rows === null) return Uint32Array.from({ length: p.length }, (_, exchange) => exchange);
  const has = (row: number): boolean => row !== NONE && rows.has(row);
  const kept: number[] = [];
  for (let k = 0; k < p.length; k++) if (has(p.requestRow[k] as number) || has(p.responseRow[k] as number)) kept.push(k);
  return Uint32Array.from(kept);
}

/** Seconds from the first packet of the capture to the first and to the last packet of exchanges. */
function lifeOf(capture: CaptureIndex, exchanges: Uint32Array): readonly [number, number] {
  const p = capture.state(httpPairs);
  let from = Number.POSITIVE_INFINITY;
  let to = 0;
  let reads = MOST_READS;
  for (const exchange of exchanges) {
    const rows = [p.requestStart[exchange], p.requestRow[exchange], p.responseStart[exchange], p.responseRow[exchange]];
    // A response that is put together from the stream has its rows there.
    if (p.responseRow[exchange] === NONE && reads-- > 0) rows.push(readExchange(capture, exchange).responseRow);
    for (const row of rows) {
      if (row === undefined || row === NONE) continue;
      const at = nanoseconds(capture.packets, 0, row) / 1e9;
      from = Math.min(from, at);
      to = Math.max(to, at);
    }
  }
  return from <= to ? [from, to] : [0, 0];
}

const TEXT_SORTS: Readonly<Partial<Record<ExchangeSort, (head: Head) => string>>> = {
  method: (head) => head.method,
  host: (head) => head.host.toLowerCase(),
  // As it was asked for, dots included.
  path: (head) => head.url.replace(/^[a-z][a-z\d+.-]*:\/\/[^/?#]*/i, '') || '/',
  type: (head) => head.contentType,
};

/** True for an order that needs the heads of all exchanges (`httpFacts`). */
export function sortsByHead(sort: ExchangeSort): boolean {
  return TEXT_SORTS[sort] !== undefined || sort === 'sent' || sort === 'size';
}

/** The number by which an exchange is sorted; NaN where it is not known. */
function numberOf(capture: CaptureIndex, exchange: number, sort: ExchangeSort): number {
  const p = capture.state(httpPairs);
  if (sort === 'stream') return p.stream[exchange] as number;
  if (sort === 'status') return p.status[exchange] || Number.NaN;
  if (sort === 'sent' || sort === 'size') {
    const head = capture.state(httpFacts).heads[exchange];
    return head?.[sort === 'sent' ? 'sent' : 'decoded'] ?? Number.NaN;
  }
  const from = (sort === 'waitMs' ? p.requestRow : p.requestStart)[exchange] as number;
  const to = (sort === 'waitMs' ? p.responseStart : p.responseRow)[exchange] as number;
  return between(capture, from, to) ?? Number.NaN;
}
