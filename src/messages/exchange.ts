/** HTTP exchanges: rows of their table, messages, cookies, accounts. Plain data: see ../messages.ts. */

/**
 * Why a content coding was not, or not wholly, undone: `unknown` here; `damaged`: the bytes are not so coded; `short`: they end before their end, and
 * what they hold is there; `broken`: they are damaged further on, and what comes before is there; `checksum`: all is there, and not what the checksum or the length
 * at the end say; `large`: more than the limit; `window`, `dictionary`: of Zstandard, needs more memory, or a dictionary that nobody has; `slow`: given
 * up because the clock said so, and another time it may go well.
 */
export type CodingFlaw = 'unknown' | 'broken' | 'checksum' | 'short' | 'damaged' | 'large' | 'window' | 'dictionary' | 'slow';

/** Where the time of an exchange went, in milliseconds; null where the packets do not say. */
export interface ExchangeTimings {
  /** TCP handshake, for the first exchange of a connection. */
  readonly connectMs: number | null;
  /** From the first packet of the request to the one that ends it. */
  readonly sendMs: number | null;
  /** From there to the first packet of the response: negative where the server answers before it has all. */
  readonly waitMs: number | null;
  /** From there to the packet that ends the response. */
  readonly receiveMs: number | null;
  /** From the first packet of the request to the last of the response. */
  readonly totalMs: number | null;
}

/**
 * One row of `http --json`: a request and its response. Without an answer all that comes from the response is null; a response whose
 * request was not captured has null for what comes from that.
 */
export interface ExchangeRow {
  /** `tcp.stream`. */
  readonly stream: number;
  /** Place on its connection, from 1. */
  readonly position: number;
  /** Exchanges that the connection has in all. */
  readonly ofConnection: number;
  readonly method: string | null;
  /** With scheme and host where these are known, else the target as sent. */
  readonly url: string | null;
  readonly host: string | null;
  readonly status: number | null;
  readonly reason: string | null;
  /** Numbers (from 1) of the packets that make request and response whole. */
  readonly requestFrame: number | null;
  readonly responseFrame: number | null;
  /** Of the response, without parameters; '' if it names none. */
  readonly contentType: string | null;
  /** Octets of the bodies as sent: without chunk lines, content codings not undone. */
  readonly requestBytes: number | null;
  readonly responseBytes: number | null;
  /** Octets of the response's body with content codings undone. */
  readonly decodedBytes: number | null;
  /** From the end of the request to the first packet of the response: `timings.waitMs`. */
  readonly waitMs: number | null;
  readonly timings: ExchangeTimings;
  /** Epoch seconds of its first packet, nine decimals. */
  readonly start: string;
  /** 'HTTP/1.1'. */
  readonly version: string;
  /** 'address:port', IPv6 in brackets. */
  readonly client: string;
  readonly server: string;
  /** The connection had an exchange before. */
  readonly reused: boolean;
  /** The response was put together from segments that came late or out of order: no single packet's layers have it. */
  readonly repaired: boolean;
  /** The response began, and bytes of it are not in the capture: its head and the first of its body are known, its end is not. */
  readonly partial: boolean;
  /** The request was sent before the answer to the one before it was there. */
  readonly pipelined: boolean;
}

/** What the exchanges table shows beside it. */
export interface ExchangeSummary extends ExchangeRow {
  /** Number of the exchange in the capture, from 0, in the order in which they begin to be known. */
  readonly exchange: number;
  /** Seconds since the first packet of the capture. */
  readonly startOffset: number;
  /** Packets of the connection between its first and its last that tell of trouble: seconds since its first packet. */
  readonly trouble: readonly { readonly at: number; readonly kind: 'resent' | 'zero-window' | 'reset' }[];
}

/** What the table of exchanges can be sorted by. */
export const EXCHANGE_SORTS = [
  'exchange',
  'stream',
  'status',
  'waitMs',
  'totalMs',
  // By what only the heads say: text in order of its characters, sizes as `responseBytes` and `decodedBytes`.
  'method',
  'host',
  'path',
  'type',
  'sent',
  'size',
] as const;

export type ExchangeSort = (typeof EXCHANGE_SORTS)[number];

export interface ExchangeHeader {
  readonly name: string;
  readonly value: string;
}

/** One message of an exchange, in full. */
export interface ExchangeMessage {
  readonly frame: number;
  /** 'GET /cart HTTP/1.1', 'HTTP/1.1 200 OK'. */
  readonly startLine: string;
  readonly headers: readonly ExchangeHeader[];
  /** Name and value of each cookie that is sent (Cookie) or set (Set-Cookie, its attributes left out). */
  readonly cookies: readonly ExchangeHeader[];
  readonly contentType: string;
  readonly contentEncoding: string;
  /** Why the content coding could not be undone, or (`short`) not wholly; null if it was, or there was none. */
  readonly codingFlaw: CodingFlaw | null;
  /** The body is still coded: `codingFlaw` says why. */
  readonly stillCoded: boolean;
  /** Octets of start line, headers and the empty line; -1 in HTTP/2, which packs them. */
  readonly headBytes: number;
  /** Octets as sent, and decoded. */
  readonly bodyBytes: number;
  readonly decodedBytes: number;
  /** The first 256 KiB of the decoded body. */
  readonly body: Uint8Array;
  readonly bodyCut: boolean;
}

export interface ExchangeDetail {
  /** Number of the capture. */
  readonly capture: number;
  readonly summary: ExchangeSummary;
  readonly request: ExchangeMessage | null;
  readonly response: ExchangeMessage | null;
}

/** A cookie of a Set-Cookie header, and what became of it. */
export interface CookieSet {
  readonly name: string;
  readonly value: string;
  /** In order, as sent: Path, Expires, … A flag such as Secure has the value ''. */
  readonly attributes: readonly ExchangeHeader[];
  /** Max-Age or Expires takes the cookie away. */
  readonly removal: boolean;
  /** Later exchanges of this client that sent it back, the first of them; and how many they are. */
  readonly sentBack: readonly number[];
  readonly times: number;
}

/** A cookie of a request, and the exchange that set it: null if none in the capture did. */
export interface CookieSent {
  readonly name: string;
  readonly value: string;
  readonly setBy: number | null;
}

/** A condition of a request, and what it rests on (RFC 9110, section 13.1). */
export interface ExchangeCondition {
  readonly by: 'etag' | 'date';
  /** The entity tag or date that was sent. */
  readonly value: string;
  /** The earlier exchange of this client whose response brought it; null if none in the capture did. */
  readonly stored: number | null;
  /** Seconds since that response was there. */
  readonly age: number | null;
  /** True if that response could still be used without asking, false if not, null where nothing says. */
  readonly fresh: boolean | null;
}

/** How long a private cache may use a response without asking (RFC 9111, section 4.2.1). */
export interface ExchangeFreshness {
  /** What says so; 'heuristic': a cache may guess from Last-Modified; 'none': nothing does. */
  readonly by: 'no-store' | 'no-cache' | 'max-age' | 'expires' | 'heuristic' | 'none';
  readonly seconds: number | null;
}

/** What other exchanges of the capture have to do with one. Exchanges are numbered from 0. */
export interface ExchangeThread {
  /** The exchanges of its chain of redirects, itself included, in order; empty without one. */
  readonly redirects: readonly number[];
  /** Where it sends the client to, as a whole URL where that is known; null if it does not. */
  readonly location: string | null;
  readonly setCookies: readonly CookieSet[];
  readonly cookies: readonly CookieSent[];
  readonly condition: ExchangeCondition | null;
  /** Null for what caches do not keep: no response, or one of a method that is not GET or HEAD. */
  readonly freshness: ExchangeFreshness | null;
  /** Authentication: schemes that a 401 or 407 asks for with their realms, and the scheme of the credentials that were sent. */
  readonly challenges: readonly { readonly scheme: string; readonly realm: string }[];
  readonly credentials: string | null;
  /** The refusal that the credentials answer, and the request that answers this refusal. */
  readonly challengedBy: number | null;
  readonly answeredBy: number | null;
}

/** A fact about an exchange that its packets prove. The window has the words. */
export interface ExchangeFact {
  readonly kind:
    | 'opened'
    | 'reused'
    | 'answers-upgrade'
    | 'pipelined'
    | 'sent'
    | 'continued'
    | 'early'
    | 'waited'
    | 'waited-acknowledged'
    | 'waited-behind'
    | 'received'
    | 'received-over'
    | 'received-by'
    | 'cut'
    | 'partial'
    | 'no-answer'
    | 'no-answer-acknowledged'
    | 'no-answer-reset'
    | 'no-answer-closed'
    | 'no-answer-unread'
    | 'no-answer-other'
    | 'no-request'
    | 'resent'
    | 'copied'
    | 'alike'
    | 'overtaken'
    | 'late'
    | 'silence'
    | 'stream-reset'
    | 'held-back'
    | 'closed-amid'
    | 'reset-amid'
    | 'tunnel'
    | 'gap'
    | 'zero-window'
    | 'repaired'
    | 'redirect-followed'
    | 'redirect-open'
    | 'redirected'
    | 'not-modified'
    | 'not-modified-unseen'
    | 'modified'
    | 'challenged'
    | 'challenged-answered'
    | 'credentials'
    | 'cookies-set'
    | 'cookies-sent'
    | 'upgraded'
    | 'closing'
    | 'closing-reset';
  readonly tone: 'neutral' | 'quiet' | 'good' | 'warn' | 'bad';
  /** Numbers by what they count: times in seconds. `who` is 'client' or 'server'. */
  readonly values: Readonly<Record<string, number | string>>;
  /** Rows that prove it, at most a handful, ascending. */
  readonly rows: readonly number[];
  /** Other exchanges that it tells of, numbered from 0. */
  readonly exchanges: readonly number[];
}

/** What happened on an exchange, and what others have to do with it. */
export interface ExchangeStory {
  /** False: the heads of some exchanges have not been read yet. Nothing is said of others then; ask again. */
  readonly complete: boolean;
  readonly facts: readonly ExchangeFact[];
  readonly thread: ExchangeThread;
}
