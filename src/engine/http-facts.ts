/**
 * What the heads of all exchanges say, read once and kept: for sorting by what no column of the index has, and for finding which
 * exchanges have to do with each other. Read in slices, since a long capture holds many.
 */
import { type CaptureIndex, defineState } from '../dissect/capture-index.ts';
import { flows } from '../flow/tcp-flows.ts';
import type { ExchangeHeader } from '../messages.ts';
import type { HttpMessage } from '../protocols/http-messages.ts';
import { httpPairs } from '../protocols/http-pairs.ts';
import { CHUNK_MASK, NONE } from '../table/packet-table.ts';
import { exchangeCount, readExchange, typeWord, urlOf } from './exchange-read.ts';
import { readCookies, readSetCookie, type SetCookie } from './http-cookies.ts';

/** Exchanges whose heads are kept. */
const MOST_HEADS = 200_000;
/** Characters of their texts: a table of HTTP/2 makes four kilobytes of an octet. */
const MOST_TEXT = 64 * 2 ** 20;
/** Time of a slice, in ms. */
const SLICE = 15;

/** What one exchange's heads say. */
export interface Head {
  readonly exchange: number;
  /** Id of the client's address: who asks, whatever the port. */
  readonly client: number;
  readonly method: string;
  /** As `ExchangeRow.url`, and taken apart without its fragment; null where it is not a whole URL. */
  readonly url: string;
  readonly place: URL | null;
  readonly host: string;
  readonly status: number;
  readonly contentType: string;
  readonly sent: number | null;
  readonly decoded: number | null;
  /** Rows that begin and end the request and the response; NONE where there is none. */
  readonly requestStart: number;
  readonly requestRow: number;
  readonly responseStart: number;
  readonly responseRow: number;
  /** Header fields by name in lower case, several of a name joined with commas; Cookie and Set-Cookie are not among them. */
  readonly asked: ReadonlyMap<string, string>;
  readonly answered: ReadonlyMap<string, string>;
  readonly cookies: readonly ExchangeHeader[];
  readonly setCookies: readonly SetCookie[];
}

/** Header fields that are kept of a request, and of a response. */
const REQUEST = new Set(['if-none-match', 'if-modified-since', 'authorization', 'proxy-authorization', 'referer', 'range']);
const RESPONSE = new Set([
  ...['location', 'cache-control', 'expires', 'date', 'age', 'etag', 'last-modified', 'vary', 'www-authenticate', 'proxy-authenticate'],
  ...['content-length', 'connection', 'content-range'],
]);

function kept(message: HttpMessage | null, names: ReadonlySet<string>): Map<string, string> {
  const found = new Map<string, string>();
  for (const [name, value] of message?.headers ?? []) {
    const key = name.toLowerCase();
    if (!names.has(key)) continue;
    const before = found.get(key);
    found.set(key, before === undefined ? value : `${before}, ${value}`);
  }
  return found;
}

/** The values of all header fields of that name. @param name in lower case */
function valuesOf(message: HttpMessage | null, name: string): string[] {
  return (message?.headers ?? []).filter(([each]) => each.toLowerCase() === name).map(([, value]) => value);
}

/** A URL without its fragment; null for what is none. */
export function placeOf(url: string, base?: URL): URL | null {
  try {
    const place = new URL(url, base);
    place.hash = '';
    return place;
  } catch {
    return null;
  }
}

function headOf(capture: CaptureIndex, exchange: number): Head {
  const p = capture.state(httpPairs);
  const { request, response, responseStart, responseRow, status } = readExchange(capture, exchange);
  const url = request === null ? '' : urlOf(request);
  return {
    exchange,
    client: capture.state(flows).tuples.addr[2 * (p.stream[exchange] as number)] as number,
    method: request?.method ?? '',
    url,
    place: /^[a-z][a-z\d+.-]*:\/\//i.test(url) ? placeOf(url) : null,
    host: request?.host ?? '',
    status: responseRow === NONE ? 0 : status,
    contentType: response === null ? '' : typeWord(response.contentType),
    sent: response?.bodyBytes ?? null,
    decoded: response?.decodedBytes ?? null,
    requestStart: p.requestStart[exchange] as number,
    requestRow: p.requestRow[exchange] as number,
    responseStart,
    responseRow,
    asked: kept(request, REQUEST),
    answered: kept(response, RESPONSE),
    cookies: valuesOf(request, 'cookie').flatMap(readCookies),
    setCookies: valuesOf(response, 'set-cookie').flatMap((value) => readSetCookie(value) ?? []),
  };
}

/** Characters that a head keeps. */
function charactersOf({ url, asked, answered, cookies, setCookies }: Head): number {
  // As text, as a place, and as a key.
  let sum = 3 * url.length;
  for (const values of [asked.values(), answered.values()]) for (const value of values) sum += value.length;
  for (const { name, value } of [...cookies, ...setCookies]) sum += 2 * (name.length + value.length);
  return sum;
}

/** Adds to an ascending list in a map. */
function push<K>(map: Map<K, number[]>, key: K, exchange: number): void {
  const list = map.get(key);
  if (list === undefined) map.set(key, [exchange]);
  else if ((list.at(-1) as number) < exchange) list.push(exchange);
  else if (!list.includes(exchange)) {
    // Answered later than newer ones were read.
    list.push(exchange);
    list.sort((a, b) => a - b);
  }
}

export class HttpFacts {
  readonly heads: Head[] = [];
  /** Exchanges by URL without fragment, ascending. */
  readonly byUrl = new Map<string, number[]>();
  /** Exchanges that set, and that sent, a cookie, by `name=value`, ascending. */
  readonly setters = new Map<string, number[]>();
  readonly senders = new Map<string, number[]>();
  readonly #capture: CaptureIndex;
  /** Exchanges that had no whole response when they were read, and the last row there was then. */
  #open: number[] = [];
  #looked = -1;
  /** Characters that are kept; exchanges whose heads are kept, once there is no room for more. */
  #text = 0;
  #most = MOST_HEADS;

  constructor(capture: CaptureIndex) {
    this.#capture = capture;
  }

  /** Reads on for a slice of so many ms; true if there is more. */
  advance(slice = SLICE): boolean {
    const end = performance.now() + slice;
    const total = (): number => Math.min(exchangeCount(this.#capture), this.#most);
    if (this.#open.length > 0 && this.#looked !== this.#capture.packets.length) {
      this.#looked = this.#capture.packets.length;
      const p = this.#capture.state(httpPairs);
      const again = this.#open.filter((exchange) => p.responseRow[exchange] !== NONE);
      this.#open = this.#open.filter((exchange) => p.responseRow[exchange] === NONE);
      for (const exchange of again) this.#keep(headOf(this.#capture, exchange));
    }
    while (this.heads.length < total()) {
      this.#keep(headOf(this.#capture, this.heads.length));
      if (performance.now() > end) return this.heads.length < total();
    }
    return false;
  }

  /**
   * Reads until all exchanges that there are have been read, in slices of so many ms, leaving room for others. `going`: false gives up.
   * @returns how much has been read, from 0 to 1 (all)
   */
  async complete(going: () => boolean, slice = SLICE): Promise<number> {
    while (this.advance(slice)) {
      await new Promise<void>((resolve) => setImmediate(resolve));
      // Never 1: there is more.
      if (!going()) return Math.min(0.99, this.heads.length / Math.min(exchangeCount(this.#capture), this.#most));
    }
    return 1;
  }

  #keep(head: Head): void {
    this.heads[head.exchange] = head;
    this.#text += charactersOf(head);
    if (this.#text > MOST_TEXT) this.#most = Math.min(this.#most, this.heads.length);
    if (this.#capture.state(httpPairs).responseRow[head.exchange] === NONE) this.#open.push(head.exchange);
    if (head.place !== null) push(this.byUrl, head.place.href, head.exchange);
    for (const { name, value } of head.cookies) push(this.senders, `${name}=${value}`, head.exchange);
    for (const { name, value } of head.setCookies) push(this.setters, `${name}=${value}`, head.exchange);
  }
}

export const httpFacts = defineState((capture) => new HttpFacts(capture));

/** Epoch seconds of a row. */
export function secondsOf(capture: CaptureIndex, row: number): number {
  const chunk = capture.packets.chunkOf(row);
  return (chunk.sec[row & CHUNK_MASK] as number) + (chunk.nsec[row & CHUNK_MASK] as number) / 1e9;
}
