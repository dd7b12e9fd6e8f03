/**
 * HTTP exchanges: requests with their responses. What pairs them and when they were is in the index (`HttpPairs`); methods, URLs and
 * bodies are read from the packets when a row is asked for.
 */
import type { CaptureIndex } from '../dissect/capture-index.ts';
import { Flag } from '../flow/seq.ts';
import { ANY_RETRANSMISSION, Analysis } from '../flow/tcp-analysis.ts';
import { flows } from '../flow/tcp-flows.ts';
import { nanoseconds, previousInStream } from '../flow/tcp-replay.ts';
import type { EngineRequests, ExchangeDetail, ExchangeHeader, ExchangeMessage, ExchangeSort, ExchangeSummary } from '../messages.ts';
import type { HttpMessage } from '../protocols/http-messages.ts';
import { httpPairs } from '../protocols/http-pairs.ts';
import { CHUNK_MASK, NONE, RowFlag } from '../table/packet-table.ts';
import type { Capture } from './capture.ts';
import { between, type ReadExchange, readExchange, rowOf } from './exchange-read.ts';
import { HAR_HEAD, HAR_TAIL, harEntry } from './har.ts';
import { readCookies, readSetCookie } from './http-cookies.ts';
import { type Head, httpFacts } from './http-facts.ts';
import { HttpObjects, LIST } from './http-objects.ts';
import type { View } from './view.ts';
import { ZipWriter } from './zip.ts';

/** Decoded octets of a body that go to the window. */
const BODY_LIMIT = 256 * 1024;
/** Exchanges without a response in the index that are read to know how long they last. */
const MOST_READS = 200;
/** Octets of a body in one answer. */
const BODY_PAGE = 1024 * 1024;
/** Packets that are looked through for trouble, and marks that one exchange has at most. */
const TROUBLE_STEPS = 2048;
const TROUBLE_MARKS = 16;
/** Exchanges, and characters of text, in one answer of HAR. */
const HAR_EXCHANGES = 50;
const HAR_TEXT = 1024 * 1024;
/** Octets of a body in a HAR file. */
const HAR_BODY = 4 * 1024 * 1024;

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

/** What went wrong on the connection while the exchange went on: read backwards from its last packet. */
function troubleOf(capture: CaptureIndex, stream: number, first: number, answered: number): ExchangeSummary['trouble'] {
  const found: { at: number; kind: ExchangeSummary['trouble'][number]['kind'] }[] = [];
  let row = answered !== NONE ? answered : (capture.state(flows).lastRow[stream] ?? NONE);
  for (let steps = 0; row !== NONE && row >= first && steps < TROUBLE_STEPS && found.length < TROUBLE_MARKS; steps++) {
    const chunk = capture.packets.chunkOf(row);
    const verdict = chunk.analysis[row & CHUNK_MASK] as number;
    const at = nanoseconds(capture.packets, first, row) / 1e9;
    if (((chunk.tcpFlags[row & CHUNK_MASK] as number) & Flag.Rst) !== 0) found.push({ at, kind: 'reset' });
    else if ((verdict & Analysis.ZeroWindow) !== 0) found.push({ at, kind: 'zero-window' });
    else if ((verdict & ANY_RETRANSMISSION) !== 0) found.push({ at, kind: 'resent' });
    row = previousInStream(capture.packets, row, stream, RowFlag.Tcp);
  }
  return found.reverse();
}

/** One exchange as an entry of a HAR file, whose bodies may be longer than the window's. */
export function harText(capture: CaptureIndex, exchange: number): string {
  return JSON.stringify(harEntry(exchangeDetail(capture, 0, exchange, HAR_BODY)));
}

/** One exchange in full. It must exist. @param number of the capture @param limit octets of each body */
export function exchangeDetail(capture: CaptureIndex, number: number, exchange: number, limit = BODY_LIMIT): ExchangeDetail {
  const what = readExchange(capture, exchange);
  const summary = summaryOf(capture, exchange, what);
  return {
    capture: number,
    summary,
    request: what.request === null ? null : messageOf(what.request, summary.requestFrame ?? 0, limit),
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
    contentType: message.contentType,
    contentEncoding: message.contentEncoding,
    stillCoded: message.coded,
    bodyBytes: message.bodyBytes,
    decodedBytes: body.length,
    // A copy: the view may be into a whole read block.
    body: body.slice(0, limit),
    bodyCut: body.length > limit,
  };
}

/** Decoded octets of a body from `from` on. The exchange must exist. */
export function exchangeBody(
  capture: CaptureIndex,
  exchange: number,
  side: 'request' | 'response',
  from: number,
): { bytes: Uint8Array; total: number } {
  const body = readExchange(capture, exchange)[side]?.body ?? new Uint8Array(0);
  return { bytes: body.slice(from, from + BODY_PAGE), total: body.length };
}

/** Cookies of one header (RFC 6265 sections 4.1 and 4.2). @param name in lower case */
function cookiesIn(name: string, value: string): ExchangeHeader[] {
  if (name === 'cookie') return readCookies(value);
  const set = name === 'set-cookie' ? readSetCookie(value) : null;
  return set === null ? [] : [{ name: set.name, value: set.value }];
}

/** The exchanges of a view, sorted, remembered until the view or the order changes. */
export class ExchangeList {
  readonly #capture: Capture;
  #key = '';
  #sorted: Uint32Array = new Uint32Array(0);
  #life: readonly [number, number] = [0, 0];
  /** The archive that is being made: `next` is the position that it goes on from, `left` counts bodies that do not fit. */
  #archive: { zip: ZipWriter; objects: HttpObjects; next: number; left: number } | null = null;

  constructor(capture: Capture) {
    this.#capture = capture;
  }

  rows(view: View, from: number, count: number, sort: ExchangeSort, descending: boolean): EngineRequests['exchanges']['result'] {
    const sorted = this.#order(view, sort, descending);
    const rows: ExchangeSummary[] = [];
    for (const exchange of sorted.subarray(from, from + count)) {
      rows.push(summaryOf(this.#capture, exchange, readExchange(this.#capture, exchange)));
    }
    return { rows, total: sorted.length, life: this.#life };
  }

  /** A piece of the exchanges of a view as a HAR file, in order of the capture. */
  har(view: View, from: number): EngineRequests['har']['result'] {
    const order = this.#order(view, 'exchange', false);
    let text = from === 0 ? HAR_HEAD : '';
    let at = from;
    for (; at < order.length && at < from + HAR_EXCHANGES && text.length < HAR_TEXT; at++) {
      text += `${at > 0 ? ',\n' : ''}${harText(this.#capture, order[at] as number)}`;
    }
    return at < order.length ? { text, next: at } : { text: text + HAR_TAIL, next: null };
  }

  /** A piece of a ZIP file with the bodies of the exchanges of a view, in order of the capture. Null: it does not go on from there. */
  objects(view: View, from: number): EngineRequests['httpObjects']['result'] | null {
    const order = this.#order(view, 'exchange', false);
    const capture = this.#capture;
    if (from === 0) this.#archive = { zip: new ZipWriter(), objects: new HttpObjects(capture), next: 0, left: 0 };
    const archive = this.#archive;
    if (archive === null || archive.next !== from) return null;
    const { zip, objects } = archive;
    const parts: Buffer[] = [];
    let length = 0;
    let at = from;
    for (; at < order.length && at < from + HAR_EXCHANGES && length < HAR_TEXT; at++) {
      for (const { path, bytes, seconds } of objects.of(order[at] as number)) {
        if (!zip.fits(path, bytes.length)) {
          archive.left++;
          continue;
        }
        const entry = zip.entry(path, bytes, seconds);
        parts.push(entry);
        length += entry.length;
      }
    }
    archive.next = at;
    const { left } = archive;
    if (at < order.length) return { bytes: Buffer.concat(parts), count: objects.count, left, next: at };
    const list = Buffer.from(objects.list());
    if (zip.fits(LIST, list.length)) parts.push(zip.entry(LIST, list, Date.now() / 1000));
    parts.push(zip.end());
    this.#archive = null;
    return { bytes: Buffer.concat(parts), count: objects.count, left, next: null };
  }

  position(view: View, exchange: number, sort: ExchangeSort, descending: boolean): number {
    return this.#order(view, sort, descending).indexOf(exchange);
  }

  #order(view: View, sort: ExchangeSort, descending: boolean): Uint32Array {
    const capture = this.#capture;
    const key = `${view.id} ${view.matched} ${capture.packets.length} ${sort} ${descending}`;
    if (key === this.#key) return this.#sorted;
    const exchanges = exchangesIn(this.#capture, view.rows);
    const keys = sortKeys(capture, exchanges, sort);
    const order = Uint32Array.from(exchanges.keys());
    const sign = descending ? -1 : 1;
    // What is not known comes last in either order.
    order.sort((a, b) => {
      const x = keys[a] as number;
      const y = keys[b] as number;
      if (Number.isNaN(x) || Number.isNaN(y)) return Number(Number.isNaN(x)) - Number(Number.isNaN(y)) || a - b;
      return x === y ? a - b : sign * (x - y);
    });
    this.#sorted = order.map((k) => exchanges[k] as number);
    this.#life = lifeOf(capture, exchanges);
    this.#key = key;
    return this.#sorted;
  }
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

const HEAD_SORTS: Readonly<Partial<Record<ExchangeSort, (head: Head) => string | number | null>>> = {
  method: (head) => head.method,
  host: (head) => head.host.toLowerCase(),
  // As it was asked for, dots included.
  path: (head) => head.url.replace(/^[a-z][a-z\d+.-]*:\/\/[^/?#]*/i, '') || '/',
  type: (head) => head.contentType,
  sent: (head) => head.sent,
  size: (head) => head.decoded,
};

/** True for an order that needs the heads of all exchanges (`httpFacts`). */
export function sortsByHead(sort: ExchangeSort): boolean {
  return HEAD_SORTS[sort] !== undefined;
}

/** Keys from the heads; texts become their rank. */
function headKeys(capture: CaptureIndex, exchanges: Uint32Array, of: (head: Head) => string | number | null): Float64Array {
  const { heads } = capture.state(httpFacts);
  const values = Array.from(exchanges, (exchange) => {
    const head = heads[exchange];
    return head === undefined ? null : of(head);
  });
  const texts = [...new Set(values.filter((value) => typeof value === 'string'))].sort();
  const ranks = new Map(texts.map((text, rank) => [text, rank]));
  return Float64Array.from(values, (value) =>
    value === null || value === '' ? Number.NaN : typeof value === 'number' ? value : (ranks.get(value) ?? Number.NaN),
  );
}

/** The number by which each exchange is sorted; NaN where it is not known. */
function sortKeys(capture: CaptureIndex, exchanges: Uint32Array, sort: ExchangeSort): Float64Array {
  const ofHead = HEAD_SORTS[sort];
  if (ofHead !== undefined) return headKeys(capture, exchanges, ofHead);
  const p = capture.state(httpPairs);
  const keys = new Float64Array(exchanges.length);
  for (let k = 0; k < exchanges.length; k++) {
    const exchange = exchanges[k] as number;
    const from = (sort === 'waitMs' ? p.requestRow : p.requestStart)[exchange] as number;
    const to = (sort === 'waitMs' ? p.responseStart : p.responseRow)[exchange] as number;
    if (sort === 'exchange') keys[k] = exchange;
    else if (sort === 'stream') keys[k] = p.stream[exchange] as number;
    else if (sort === 'status') keys[k] = p.status[exchange] || Number.NaN;
    else keys[k] = between(capture, from, to) ?? Number.NaN;
  }
  return keys;
}
