/** HTTP exchanges: which response answers which request. Filled while framing, in growing typed arrays; read at full depth. */

import { defineState } from '../dissect/capture-index.ts';
import { grown, growth, u32 } from '../flow/tuple-table.ts';
import { lowerBound } from '../table/ascending.ts';
import { NONE, UNSET } from '../table/packet-table.ts';

const wider = (column: Uint32Array<ArrayBuffer>) => grown(column, u32, growth(column.length));

export class HttpPairs {
  /** `tcp.stream` of each exchange. */
  stream = new Uint32Array(256);
  /** Position of the exchange on its connection, from 1. */
  position = new Uint32Array(256);
  /** Row that completes the request; NONE if it was not captured. */
  requestRow = new Uint32Array(256);
  /** Row that completes the response; NONE while there is none. */
  responseRow = new Uint32Array(256);
  /** Status code of the response; 0 while there is none. */
  status = new Uint32Array(256);
  /** Which of the HTTP messages that end in requestRow the request is, from 0. */
  requestOrdinal = new Uint32Array(256);
  /** Row in which the request, and the response, begins; NONE where it was not captured. */
  requestStart = new Uint32Array(256);
  responseStart = new Uint32Array(256);
  /** Which of the HTTP messages that end in responseRow the response is, from 0. */
  responseOrdinal = new Uint32Array(256);
  /** One of `Method`. */
  method = new Uint32Array(256);
  /** Next and previous exchange of the same connection, NONE at the ends. */
  next = new Uint32Array(256);
  previous = new Uint32Array(256);
  /** First exchange of the same connection; at that one's place, how many the connection has. */
  first = new Uint32Array(256);
  onConnection = new Uint32Array(256);
  length = 0;

  /** Messages in order: row that each ends in (ascending), and its exchange. */
  #messageRow = new Uint32Array(512);
  #messageExchange = new Uint32Array(512);
  #messages = 0;
  /** Streams that became tunnels: exchange of the CONNECT or upgrade, by stream. Few, so a map. */
  readonly tunnels = new Map<number, number>();
  /** First rows of the HTTP/2 that streams began with on a port of HTTP (prior knowledge, RFC 9113 section 3.3). */
  readonly prior = new Map<number, number>();
  /** Id of the protocol that such a stream was upgraded to, where it is known. */
  readonly upgraded = new Map<number, number>();

  /** Adds an exchange behind `previous` (UNSET for the first of a connection) and returns its number; `requestRow` may be UNSET. */
  add(stream: number, previous: number, requestRow: number, method: number): number {
    const at = this.length++;
    if (at === this.stream.length) this.#grow();
    this.stream[at] = stream;
    this.position[at] = previous === UNSET ? 1 : (this.position[previous] as number) + 1;
    this.requestRow[at] = requestRow;
    this.responseRow[at] = NONE;
    this.status[at] = 0;
    this.requestOrdinal[at] = 0;
    this.requestStart[at] = NONE;
    this.responseStart[at] = NONE;
    this.responseOrdinal[at] = 0;
    this.method[at] = method;
    this.next[at] = NONE;
    this.previous[at] = previous;
    if (previous !== UNSET) this.next[previous] = at;
    const first = previous === UNSET ? at : (this.first[previous] as number);
    this.first[at] = first;
    this.onConnection[first] = this.position[at] as number;
    return at;
  }

  /** True if the request of an exchange is that of the one before it: after an upgrade, HTTP/2 brings another response to it (RFC 7540, section 3.2). */
  sharesRequest(exchange: number): boolean {
    const previous = this.previous[exchange] as number;
    if (previous === NONE || this.requestRow[exchange] === NONE) return false;
    return this.requestRow[previous] === this.requestRow[exchange] && this.requestOrdinal[previous] === this.requestOrdinal[exchange];
  }

  /** Which of the requests on its connection that of an exchange is, from 1. */
  requestPosition(exchange: number): number {
    const position = this.position[exchange] as number;
    const upgrade = this.tunnels.get(this.stream[exchange] as number);
    const answer = upgrade === undefined ? NONE : (this.next[upgrade] as number);
    return answer !== NONE && (this.position[answer] as number) <= position && this.sharesRequest(answer) ? position - 1 : position;
  }

  /** Notes that a message of `exchange` (UNSET for none) ends in `row`. Returns which of the row's messages it is, from 0. */
  message(row: number, exchange: number): number {
    const at = this.#messages++;
    if (at === this.#messageRow.length) {
      this.#messageRow = wider(this.#messageRow);
      this.#messageExchange = wider(this.#messageExchange);
    }
    this.#messageRow[at] = row;
    this.#messageExchange[at] = exchange;
    let ordinal = 0;
    while (ordinal < at && ordinal < 1000 && this.#messageRow[at - ordinal - 1] === row) ordinal++;
    return ordinal;
  }

  /** Exchange of the `ordinal`th HTTP message that ends in `row`; NONE if the index has not seen it as one. */
  find(row: number, ordinal: number): number {
    const at = lowerBound(this.#messageRow, row, this.#messages) + ordinal;
    return at < this.#messages && this.#messageRow[at] === row ? (this.#messageExchange[at] as number) : NONE;
  }

  #grow(): void {
    this.stream = wider(this.stream);
    this.position = wider(this.position);
    this.requestRow = wider(this.requestRow);
    this.responseRow = wider(this.responseRow);
    this.status = wider(this.status);
    this.requestOrdinal = wider(this.requestOrdinal);
    this.requestStart = wider(this.requestStart);
    this.responseStart = wider(this.responseStart);
    this.responseOrdinal = wider(this.responseOrdinal);
    this.method = wider(this.method);
    this.next = wider(this.next);
    this.previous = wider(this.previous);
    this.first = wider(this.first);
    this.onConnection = wider(this.onConnection);
  }
}

export const httpPairs = defineState(() => new HttpPairs());
