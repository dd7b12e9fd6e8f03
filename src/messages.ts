/**
 * Every request and event that crosses a process line, as one typed map. The renderer knows `Transport` and this file, no more.
 *
 * `EngineRequests` are answered by the engine process (index, dissection, filters, connections of the one open capture);
 * `HostRequests` by the host: Electron's main process, or the `serve` process of browser mode (files, dialogs, capture process,
 * settings). Every answer is plain data that structured clone can carry. A request that fails answers with `Failure`: never a stack.
 */

import type { FieldValue } from './dissect/field.ts';
import type { Hue } from './dissect/protocol.ts';
import type { DataSource, LayerNode } from './dissect/tree.ts';
import type { CodingFlaw } from './protocols/http-body.ts';

export type { FieldValue, Severity, Time } from './dissect/field.ts';
export type { Hue } from './dissect/protocol.ts';
export type { DataSource, FieldNode, LayerNode, PacketColumns } from './dissect/tree.ts';
export type { CodingFlaw } from './protocols/http-body.ts';

/** What went wrong and what to do, in words for the user. */
export interface Failure {
  readonly code: 'not-found' | 'permission' | 'format' | 'busy' | 'no-such' | 'invalid' | 'unavailable' | 'io' | 'internal';
  readonly message: string;
  /** What to do, if there is something: one sentence, or a command to run. */
  readonly advice?: string;
  /** Shell commands that would help, any one of them, the safest first; shown with a copy button. */
  readonly commands?: readonly string[];
  /** What each of several commands does, one sentence for each, in their order. */
  readonly ways?: readonly string[];
}

/* ---------------------------------------------------------------- capture state */

/** Where and how a file is broken. All packets before it are in the list. */
export interface Damage {
  readonly kind: 'cut-short' | 'corrupt';
  /** Number (from 1) of the packet that would have come next. */
  readonly packet: number;
  /** Byte offset in the (uncompressed) file of the record or block that is broken. */
  readonly offset: number;
  /** Bytes that the record promises from `offset` on, 0 if that is what is unclear. */
  readonly promised: number;
  /** Bytes that the file holds from `offset` on. */
  readonly present: number;
  /** One sentence: what the damage is. */
  readonly message: string;
}

export interface InterfaceInfo {
  readonly name: string | null;
  readonly description: string | null;
  readonly linkType: number;
  readonly linkTypeName: string;
  readonly packets: number;
  /** Drops that the file's interface statistics block reports; null if it says nothing. */
  readonly dropped: number | null;
}

/** State of the one capture that the engine has open. Sent with every `state` event, whole: it is small. */
export interface CaptureState {
  /** Number of this capture; every open and every capture start makes a new one. Answers and events carry it. */
  readonly capture: number;
  readonly path: string;
  /** Name to show: base name of the file, or the interface of a live capture. */
  readonly name: string;
  readonly phase: 'reading' | 'following' | 'done' | 'stopped';
  readonly live: boolean;
  /** 'pcap', 'pcap (nanoseconds)', 'pcapng', … */
  readonly format: string;
  readonly compression: 'none' | 'gzip';
  readonly packets: number;
  /** Sum of original lengths. */
  readonly bytes: number;
  readonly connections: number;
  /** UDP streams, numbered as `udp.stream`. */
  readonly udpStreams: number;
  /** HTTP exchanges. */
  readonly exchanges: number;
  /** For progress: bytes of the file read so far and its size. */
  readonly bytesRead: number;
  readonly fileBytes: number;
  /** Since the open began, in ms, until the end of reading. */
  readonly elapsedMs: number;
  /** Epoch seconds with nine decimals; null while there is no packet. */
  readonly firstTime: string | null;
  readonly lastTime: string | null;
  readonly interfaces: readonly InterfaceInfo[];
  readonly comments: readonly string[];
  readonly damage: Damage | null;
  /** Digits of the fractional second that are meaningful, for the time column: 6 or 9. */
  readonly timePrecision: number;
  /** Things left out because of a bound, each one sentence. */
  readonly notes: readonly string[];
  /** What another program did to the file since it was opened; null if nothing, and for a capture of our own. */
  readonly change: FileChange | null;
}

/* ---------------------------------------------------------------- packet list */

/** Marks that stand first in the info column, in the order given. */
export interface Mark {
  readonly kind: 'handshake' | 'neutral' | 'warn' | 'bad';
  /** '1/3', 'Retransmission', 'Dup ACK 145#7', 'Gap before', 'Reset', 'Zero window', … */
  readonly text: string;
}

export interface RowSummary {
  /** Row in the capture, from 0; the packet's number is row + 1. */
  readonly row: number;
  /** Seconds since the first packet, with `timePrecision` decimals. */
  readonly time: string;
  readonly source: string;
  readonly destination: string;
  /** Port as text, '' if none; source and destination do not contain it. */
  readonly sourcePort: string;
  readonly destinationPort: string;
  readonly protocol: string;
  readonly hue: Hue;
  readonly length: number;
  readonly info: string;
  readonly marks: readonly Mark[];
  readonly stream: number | null;
  readonly transport: 'tcp' | 'udp' | null;
  /** Of the fields that were asked for. */
  readonly fields: readonly RowField[];
}

/** Fields that the list shows as columns of their own, at most. */
export const MOST_FIELD_COLUMNS = 16;

/**
 * What another program did to an open file. 'gone' (moved or deleted) and 'replaced' (another file has its name) leave what is shown as it was; 'cut'
 * took packets away; 'grown' added to its end; 'rewritten' changed it somewhere.
 */
export type FileChange = 'gone' | 'replaced' | 'cut' | 'grown' | 'rewritten';

/** The rows on show: all, or those that match the filter. */
export interface ViewState {
  /** Number of the view: changes when another filter is applied, not when rows are added. */
  readonly view: number;
  /** Text of the filter as applied, '' for none; expanded (`443` became `tcp.port == 443 || udp.port == 443`). */
  readonly filter: string;
  /** Rows that match so far. */
  readonly matched: number;
  /** Rows looked at so far. */
  readonly scanned: number;
  /** False while a scan is going on. */
  readonly complete: boolean;
  /** Time the scan took so far, ms. */
  readonly elapsedMs: number;
  /** What the rows are sorted by: a column of the list or a field; `done`: how far that is, 0 to 1. Null: as in the file. */
  readonly sorting: { readonly column: string; readonly descending: boolean; readonly done: number } | null;
}

/** Rows that go along with news: those from position `from` on, with the values of `fields`. */
export interface RowsAlong {
  readonly from: number;
  readonly rows: readonly RowSummary[];
  readonly fields: readonly string[];
}

/** News of the view, with rows that the window is about to show. */
export interface ViewNews extends ViewState {
  readonly along?: RowsAlong;
}

/** A field's value in a column that the user chose. */
export interface RowField {
  /** As shown, '' if the packet has no such field; several values with ', ' between them. */
  readonly text: string;
  /** Of the first: what a filter on it is made of; null without one. */
  readonly first: { readonly value: FieldValue; readonly display: string; readonly generated: boolean } | null;
}

export interface FilterError {
  /** Span in the text as typed, in UTF-16 units from 0; `end` exclusive. */
  readonly start: number;
  readonly end: number;
  /** What is wrong and what was expected, one or two sentences; the window adds the position. */
  readonly message: string;
  /** One replacement of the span that would be right, if there is a good one. */
  readonly fix?: string;
}

/** A top-level `and` term of a filter, for chips. */
export interface FilterTerm {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

export type FilterCheck =
  | { readonly ok: true; readonly expanded: string; readonly terms: readonly FilterTerm[] }
  | { readonly ok: false; readonly error: FilterError };

export interface Completion {
  /** Text to put in place of [start, end) of the input. */
  readonly insert: string;
  readonly start: number;
  readonly end: number;
  /** What it is: 'Source Port', '', 'Transmission Control Protocol'. */
  readonly label: string;
  readonly kind: 'field' | 'protocol' | 'value' | 'operator' | 'function';
  /** Packets in this capture that have the protocol or value; of a field: that have its protocol. Null: not known. */
  readonly count: number | null;
}

/* ---------------------------------------------------------------- facets, minimap */

export interface FacetValue {
  /** Shown: 'TCP', '443', 'Retransmission'. */
  readonly label: string;
  /** Quieter text after it: 'https'. */
  readonly note?: string;
  readonly hue?: Hue;
  readonly tone?: 'good' | 'neutral' | 'warn' | 'bad';
  /** Filter term that selects it: `tcp.port == 443`. */
  readonly filter: string;
  /** Packets (or connections, where `unit` says so) with the present filter, leaving out this group's own conditions. */
  readonly count: number;
  /** In the whole capture. */
  readonly total: number;
}

export interface Facet {
  readonly id: 'protocols' | 'trouble' | 'ports' | 'connections' | 'statuses' | 'hosts';
  readonly title: string;
  readonly unit: 'packets' | 'connections';
  /** Most frequent first, at most 64. */
  readonly values: readonly FacetValue[];
}

/** One bucket of the minimap: the strongest thing in a stretch of the view. */
export interface MinimapBucket {
  readonly hue: Hue;
  readonly trouble: 'none' | 'warn' | 'bad';
}

/* ---------------------------------------------------------------- one packet */

export interface PacketDetail {
  readonly capture: number;
  readonly row: number;
  /** Epoch seconds with nine decimals. */
  readonly time: string;
  readonly length: number;
  readonly capturedLength: number;
  readonly info: string;
  readonly protocol: string;
  readonly layers: readonly LayerNode[];
  readonly sources: readonly DataSource[];
  readonly stream: number | null;
  readonly transport: 'tcp' | 'udp' | null;
  /** Rows related to this one (its ACK, its answer, its request, segments of the same message): dots in the list. */
  readonly related: readonly number[];
  readonly comments: readonly string[];
  /** Certificates in it, by the layer that they came in. */
  readonly certificates: readonly CertificateChain[];
}

/** The certificates of one message. */
export interface CertificateChain {
  /** Number of the layer whose card shows them. */
  readonly layer: number;
  readonly from: 'client' | 'server';
  /** Host that the client asked for (server_name); '' where that is not known, or none. */
  readonly serverName: string;
  /** The first few; `inAll`: how many the message has. */
  readonly certificates: readonly CertificateSaid[];
  readonly inAll: number;
}

/** A certificate, and how it stands to the packet and to the others that came with it. */
export interface CertificateSaid {
  readonly octets: number;
  /** Why there are no facts: it is longer than is read, or no certificate that the platform's parser takes. */
  readonly problem: 'too-long' | 'unreadable' | null;
  readonly facts: CertificateFacts | null;
  /** Whether it was valid when the packet was captured; null where its times cannot be read. */
  readonly validity: 'valid' | 'expired' | 'early' | null;
  /**
   * Who signed it: itself, the next of the message, another of it, none of it. 'not-signed': it names another of the message, whose key did
   * not sign it; 'unchecked': with an algorithm that cannot be checked here.
   */
  readonly issued: 'self' | 'next' | 'elsewhere' | 'absent' | 'not-signed' | 'unchecked' | null;
  /** Number of that one in the message, from 0; null where it is not there. */
  readonly by: number | null;
  /** Whether it names the host that the client asked for; null where there is nothing to hold against each other. */
  readonly host: boolean | null;
}

/** What a certificate says, as the platform's own parser of X.509 reads it. */
export interface CertificateFacts {
  /** The innermost common name, else the first alternative name, else the whole subject. */
  readonly name: string;
  /** In one line, innermost part first (RFC 4514). */
  readonly subject: string;
  readonly issuer: string;
  readonly issuerName: string;
  /** Hexadecimal, lower case. */
  readonly serial: string;
  /** Seconds of the epoch; null where the time cannot be read. */
  readonly from: number | null;
  readonly to: number | null;
  /** Alternative names: the first of them, and how many there are. */
  readonly names: readonly string[];
  readonly namesInAll: number;
  /** Null where the key cannot be read. `type` as Node names it ('rsa', 'ec', 'ed25519'), `bits` of a modulus. */
  readonly key: { readonly type: string; readonly bits: number | null; readonly curve: string | null } | null;
  /** It may sign others. */
  readonly authority: boolean;
  /** SHA-256 of it, hexadecimal, lower case. */
  readonly sha256: string;
}

/** The broken record, for the inspector of a damaged file. */
export interface DamageDetail {
  readonly damage: Damage;
  /** Bytes of the file around the damage. */
  readonly bytes: Uint8Array;
  /** Offset in the file of bytes[0]. */
  readonly bytesOffset: number;
  /** Fields of the record header as far as they could be read. */
  readonly record: readonly { readonly label: string; readonly display: string; readonly offset: number; readonly length: number }[];
  /** Layers of the part of the packet that is there; source 0 is `partial`. */
  readonly layers: readonly LayerNode[];
  readonly partial: Uint8Array;
}

/* ---------------------------------------------------------------- connections */

/** States of RFC 9293, section 3.3.2. */
export type TcpState =
  | 'LISTEN'
  | 'SYN-SENT'
  | 'SYN-RECEIVED'
  | 'ESTABLISHED'
  | 'FIN-WAIT-1'
  | 'FIN-WAIT-2'
  | 'CLOSE-WAIT'
  | 'CLOSING'
  | 'LAST-ACK'
  | 'TIME-WAIT'
  | 'CLOSED';

export type Handshake = 'completed' | 'refused' | 'unanswered' | 'half-open' | 'simultaneous' | 'not-captured';

/** One row of `connections --json`, and of the connections table. */
export interface ConnectionRow {
  readonly stream: number;
  /** 'address:port', IPv6 in brackets. */
  readonly client: string;
  readonly server: string;
  readonly handshake: Handshake;
  readonly synRetransmissions: number;
  /** As far as the packets prove it; null where they prove nothing. */
  readonly clientState: TcpState | null;
  readonly serverState: TcpState | null;
  readonly close: 'none' | 'half' | 'fin' | 'reset';
  readonly closedBy: 'client' | 'server' | 'both' | null;
  /** Epoch seconds, nine decimals. */
  readonly start: string;
  readonly durationMs: number;
  readonly handshakeRttMs: number | null;
  readonly packetsClient: number;
  readonly packetsServer: number;
  readonly bytesClient: number;
  readonly bytesServer: number;
  readonly completeness: number;
  /** VLANs and tunnels that the connection runs in, outermost first: 'VLAN 10 · GRE'; '' for none. */
  readonly context: string;
  /** Options that both ends agreed on: 'MSS 1460 · WS 128 · SACK · TS'; '' where not both the SYN and the SYN/ACK were captured. */
  readonly options: string;
  /** Halves of the handshake time in ms: capture point to server, to client. */
  readonly rttServerMs: number | null;
  readonly rttClientMs: number | null;
  /** Payload bytes sent by each side, repeats included. */
  readonly payloadClient: number;
  readonly payloadServer: number;
  /** Bits of payload per second over the connection's life, repeats left out; null without data. */
  readonly goodputClient: number | null;
  readonly goodputServer: number | null;
  /** Segments that were sent again, and their share (0 to 1) of those that take sequence numbers. */
  readonly retransmissions: number;
  readonly resentShare: number;
  /** State of the end that reset the connection as it did so; null where nothing proves it, or without a reset. */
  readonly resetState: TcpState | null;
}

/** What the connections table shows beside it. */
export interface ConnectionSummary extends ConnectionRow {
  /** Words of the outcome column: 'Closed by server', 'Refused', 'No answer', 'Reset by client', 'Still open', … */
  readonly outcome: string;
  readonly tone: 'good' | 'neutral' | 'warn' | 'bad';
  /** Three handshake squares. */
  readonly steps: readonly ('done' | 'missing' | 'refused' | 'unseen')[];
  /** Seconds since the first packet of the capture. */
  readonly startOffset: number;
  /** Payload bytes sent by each side. */
  readonly sent: number;
  readonly received: number;
  /** Wireshark's words for `completeness`. */
  readonly completenessWords: string;
  /** Up to 64 positions (0..1 over the life of the whole capture) for the activity column, with their kind. */
  readonly activity: readonly { readonly at: number; readonly kind: 'tra' | 'app' | 'warn' | 'bad' }[];
  readonly firstRow: number;
}

/** What the connections table can be sorted and narrowed by. */
export const CONNECTION_COLUMNS = [
  'stream',
  'client',
  'server',
  'context',
  'outcome',
  'handshake',
  'handshakeRttMs',
  'rttServerMs',
  'rttClientMs',
  'options',
  'startOffset',
  'durationMs',
  'packets',
  'packetsClient',
  'packetsServer',
  'bytesClient',
  'bytesServer',
  'sent',
  'received',
  'data',
  'goodputClient',
  'goodputServer',
  'retransmissions',
  'resentShare',
  'synRetransmissions',
  'clientState',
  'serverState',
  'closedBy',
  'resetState',
  'completeness',
] as const;
export type ConnectionColumn = (typeof CONNECTION_COLUMNS)[number];

/** A condition on one column: a text that it contains, words that it is one of, or the least and the most that a number may be. */
export interface ConnectionCondition {
  readonly column: ConnectionColumn;
  readonly contains?: string | undefined;
  readonly oneOf?: readonly string[] | undefined;
  readonly least?: number | undefined;
  readonly most?: number | undefined;
}

/** Which connections of the present filter, in which order. */
export interface ConnectionWish {
  readonly sort: ConnectionColumn;
  readonly descending: boolean;
  /** Those with this handshake; null: any. */
  readonly handshake: Handshake | null;
  /** All of these hold. */
  readonly where: readonly ConnectionCondition[];
}

/* ---------------------------------------------------------------- statistics */

/** One place in the protocol hierarchy: packets that have this protocol on top of the protocols above it. */
export interface ProtocolCount {
  /** Wireshark's name of the protocol, as in `frame.protocols`. */
  readonly protocol: string;
  /** Name in the protocol column. */
  readonly short: string;
  readonly hue: Hue;
  /** Steps from the link layer, which is 0. */
  readonly depth: number;
  readonly packets: number;
  /** Frame bytes of these packets. */
  readonly bytes: number;
  /** Packets that carry nothing above it. */
  readonly ends: number;
}

export type ConversationKind = 'ip' | 'tcp' | 'udp';

/** What two ends said to each other. `a` sent the first packet. */
export interface ConversationCount {
  readonly kind: ConversationKind;
  /** Wireshark's stream number; null for addresses. */
  readonly stream: number | null;
  /** Address, or "address:port", IPv6 in brackets. */
  readonly a: string;
  readonly b: string;
  readonly packetsAtoB: number;
  readonly packetsBtoA: number;
  /** Frame bytes. */
  readonly bytesAtoB: number;
  readonly bytesBtoA: number;
  /** Seconds from the first packet of the capture. */
  readonly start: number;
  readonly duration: number;
}

/** One end of conversations. */
export interface EndpointCount {
  readonly kind: ConversationKind;
  /** Address, or "address:port". */
  readonly endpoint: string;
  readonly packetsSent: number;
  readonly packetsReceived: number;
  readonly bytesSent: number;
  readonly bytesReceived: number;
}

/** Packets of one class of lengths. */
export interface LengthCount {
  /** Bytes on the wire, both included; `to` null: as long as can be. */
  readonly from: number;
  readonly to: number | null;
  readonly packets: number;
  readonly bytes: number;
  /** Shortest and longest packet of the class, 0 without one. */
  readonly least: number;
  readonly most: number;
}

/** Packets over time, in slots of equal length. */
export interface RateCurve {
  /** Seconds since the first packet where the first slot begins, and how long a slot is. */
  readonly from: number;
  readonly seconds: number;
  readonly packets: readonly number[];
  readonly bytes: readonly number[];
  /** Packets with something wrong: sent again, out of order, a gap before, a closed window, a reset. */
  readonly trouble: readonly number[];
  /** First row of each slot, -1 for a slot without a packet. */
  readonly rows: readonly number[];
}

/** What was counted of the packets on show. */
export interface Statistics {
  /** For progress: rows counted, of all that will be. */
  readonly counted: number;
  readonly total: number;
  readonly packets: number;
  readonly bytes: number;
  readonly protocols: readonly ProtocolCount[];
  readonly lengths: readonly LengthCount[];
  /** Number of conversations of each kind. */
  readonly conversations: Readonly<Record<ConversationKind, number>>;
  readonly rate: RateCurve;
  /** Of all packets, where a filter leaves some. */
  readonly wholeRate: RateCurve | null;
}

/** Columns of the tables of conversations and endpoints; of the latter `a` is the end, A to B what it sent. */
export const STATISTICS_SORTS = [
  'stream',
  'a',
  'b',
  'packets',
  'bytes',
  'packetsAtoB',
  'bytesAtoB',
  'packetsBtoA',
  'bytesBtoA',
  'start',
  'duration',
] as const;
export type StatisticsSort = (typeof STATISTICS_SORTS)[number];

/* ---------------------------------------------------------------- HTTP exchanges */

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

export type ExchangeSort =
  | 'exchange'
  | 'stream'
  | 'status'
  | 'waitMs'
  | 'totalMs'
  /** By what only the heads say: text in order of its characters, sizes as `responseBytes` and `decodedBytes`. */
  | 'method'
  | 'host'
  | 'path'
  | 'type'
  | 'sent'
  | 'size';

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
  /** The body is still coded: `codingFlaw` is neither null nor `short`. */
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

/** One step of the ladder: a packet, a fold of a data run, an inferred loss, or a silence. */
export interface LadderStep {
  readonly kind: 'packet' | 'run' | 'lost' | 'silence';
  /** First row; for 'lost' and 'silence' the row after it. */
  readonly row: number;
  /** Last row of a run (all rows of this stream between are in it, both directions' pure ACKs included), else `row`. */
  readonly lastRow: number;
  /** Seconds since the connection's first packet, nine decimals; for silence: its end. */
  readonly time: string;
  /** Seconds since the previous step. */
  readonly delta: string;
  readonly fromClient: boolean;
  readonly handshake: 0 | 1 | 2 | 3;
  /** 'SYN, ACK'. */
  readonly flags: string;
  /** Relative numbers; null where the field has no meaning. */
  readonly seq: number | null;
  readonly ack: number | null;
  readonly length: number;
  /** Options of SYN packets: 'MSS 1460, WS 128, SACK, TS'. */
  readonly options: string;
  /** Application words: 'GET /api/cart', '200 OK'. */
  readonly application: string;
  readonly marks: readonly Mark[];
  /** Runs: segments with payload, pure ACKs of the other side, first relative seq, next relative seq. */
  readonly segments: number;
  readonly acks: number;
  readonly nextSeq: number | null;
  /** Packets: the window that their sender announces, scaled, in octets; null where it has no meaning. */
  readonly window: number | null;
  /** Octets in flight (`tcp.analysis.bytes_in_flight`) as of this packet, of a run the most; null where that is not known. */
  readonly inFlight: number | null;
  /** Silence: length in seconds and what it was. */
  readonly note: string;
  /** States of each side after this step; null where nothing is proven. */
  readonly clientState: TcpState | null;
  readonly serverState: TcpState | null;
  /** True if the state changed in this step. */
  readonly clientChanged: boolean;
  readonly serverChanged: boolean;
}

export interface ConnectionDetail {
  readonly capture: number;
  readonly summary: ConnectionSummary;
  /** 'client', 'server', 'between' or 'unknown': where on the path it was captured, from the handshake's two halves. */
  readonly capturedAt: 'client' | 'server' | 'between' | 'unknown';
  /** Halves of the handshake time in ms: capture point to server, to client. */
  readonly rttServerMs: number | null;
  readonly rttClientMs: number | null;
  /** 'MSS 1460 · WS 128 · SACK · TS'. */
  readonly options: string;
  readonly initialClientState: TcpState | null;
  readonly initialServerState: TcpState | null;
  /** At most LADDER_LIMIT steps from `from` on. */
  readonly steps: readonly LadderStep[];
  /** Known so far. */
  readonly totalSteps: number;
  /** Share of the packets that were gone through, 0 to 1: ask again for the rest. Steps that are there stay, but for the last. */
  readonly progress: number;
}

export const LADDER_LIMIT = 500;

/** 'sequence': Stevens' graph; 'tcptrace': with the window's edge and selective ACKs. */
export type GraphKind = 'sequence' | 'tcptrace' | 'rtt' | 'throughput' | 'window';

export type GraphSeriesKind =
  | 'segments'
  | 'acks'
  | 'window-edge'
  | 'sacked'
  | 'rtt'
  | 'throughput'
  | 'goodput'
  | 'receive-window'
  | 'in-flight';

/** What is wrong at a point; '' for nothing. */
export type GraphMark = '' | 'retransmission' | 'out-of-order' | 'gap' | 'zero-window' | 'window-full';

/** Points in order of capture; the columns are equally long. */
export interface GraphSeries {
  readonly kind: GraphSeriesKind;
  /** Seconds since the connection's first packet. */
  readonly x: readonly number[];
  /** Relative sequence numbers, octets, seconds (rtt) or bits per second, by the kind of the graph. */
  readonly y: readonly number[];
  /** Upper end where a point is a span of sequence numbers; else as `y`. */
  readonly top: readonly number[];
  /** Row of the packet that a point comes from; -1 for a slot of time without one. */
  readonly rows: readonly number[];
  readonly marks: readonly GraphMark[];
  /** Packets of each mark in the picture: a slot of time has one mark for all of its packets, and of very many not all are drawn. */
  readonly marked: Readonly<Partial<Record<GraphMark, number>>>;
}

export interface ConnectionGraph {
  readonly stream: number;
  readonly direction: 'client' | 'server';
  readonly kind: GraphKind;
  readonly series: readonly GraphSeries[];
  /** Seconds from the connection's first packet to its last. */
  readonly life: number;
  /** Seconds that a rate is taken over; 0 for other graphs. */
  readonly slot: number;
  /** Share of the packets that were gone through, 0 to 1: ask again for the rest. */
  readonly progress: number;
}

/** A fact about a connection that its packets prove. The window has the words. */
export interface AccountFact {
  readonly kind:
    | 'syn-again'
    | 'opened'
    | 'captured-at'
    | 'refused'
    | 'no-answer'
    | 'syn-ack-again'
    | 'half-open'
    | 'simultaneous'
    | 'midway'
    | 'no-data'
    | 'exchanged'
    | 'waited'
    | 'waited-acknowledged'
    | 'round-trip'
    | 'paused'
    | 'stalled'
    | 'held-back'
    | 'small-window'
    | 'unanswered'
    | 'unanswered-acknowledged'
    | 'last-unanswered'
    | 'icmp-error'
    | 'idle'
    | 'resent-once'
    | 'resent-burst'
    | 'resent'
    | 'copied'
    | 'alike'
    | 'gaps'
    | 'disorder'
    | 'window-closed'
    | 'window-closed-for'
    | 'capture-lost'
    | 'keep-alive'
    | 'closed'
    | 'closed-both'
    | 'closed-one'
    | 'half-closed'
    | 'reset'
    | 'fin-again'
    | 'reset-late-data'
    | 'open'
    | 'tls-handshake'
    | 'tls-alert'
    | 'tls-renegotiated'
    | 'tls-certificate'
    | 'tls-certificate-unread'
    | 'tls-decrypted'
    | 'tls-partly'
    | 'tls-missing'
    | 'tls-wrong'
    | 'tls-nameless'
    | 'tls-suite';
  readonly tone: 'neutral' | 'quiet' | 'good' | 'warn' | 'bad';
  /** Numbers by what they count: times in seconds. `who` is 'client', 'server' or 'both'. */
  readonly values: Readonly<Record<string, number | string>>;
  /** Rows that prove it, at most a handful: those that a time is counted from and to before others of its kind. */
  readonly rows: readonly number[];
}

/* ---------------------------------------------------------------- live capture */

export interface LiveInterface {
  readonly name: string;
  readonly description: string | null;
  readonly addresses: readonly string[];
  readonly loopback: boolean;
  readonly up: boolean;
  /** Cumulative counters of the operating system, null where it has none for it ('any'). Rates are the reader's differences. */
  readonly packets: number | null;
  readonly bytes: number | null;
}

/** What takes packets from the system: libpcap in our own capture process, or Wireshark's capture program. */
export type BackendName = 'cap' | 'dumpcap';

/** One back end, as it was found on this machine. */
export interface BackendAbility {
  readonly name: BackendName;
  readonly usable: boolean;
  /** 'cap 0.2.1, libpcap 1.10.3', 'dumpcap 4.0.17'; null if it is not there. */
  readonly version: string | null;
  /** What it does better and worse: one sentence. */
  readonly about: string;
  /** Why it cannot be used, as the end of a sentence: 'is not installed'. Null if it can. */
  readonly lack: string | null;
}

export interface CaptureAbility {
  /** True if live capture can be started. */
  readonly available: boolean;
  /** The back end that is taken unless another is asked for: 'cap 0.2.1, libpcap 1.10.3'. */
  readonly backend: string | null;
  /** Why that one: 'dumpcap, because the kernel stamps its packets and it counts drops.' */
  readonly reason: string | null;
  readonly backends: readonly BackendAbility[];
  /** Why not, and what to do, safest command first. */
  readonly failure: Failure | null;
  readonly interfaces: readonly LiveInterface[];
}

/** How a running capture takes its packets. */
export interface LiveBackend {
  readonly backend: BackendName;
  /** 'dumpcap 4.0.17'. */
  readonly version: string;
  /** Why this one, in a sentence. */
  readonly reason: string;
  /** Whose time stamps, and how fine: the end of a sentence, "the kernel's, in nanoseconds". */
  readonly clock: string;
  /** 'at-end': they are counted, and known when the capture has ended. */
  readonly drops: 'unknown' | 'at-end';
}

/** When a capture ends by itself, and when it begins a new file; what is left out is no limit. */
export interface CaptureLimits {
  readonly maxPackets?: number;
  readonly maxDurationMs?: number;
  /** Of all files together. */
  readonly maxBytes?: number;
  readonly ring?: RingOptions;
}

/** The next file begins at whichever comes first. At least one of `bytes` and `durationMs` is set. */
export interface RingOptions {
  readonly bytes?: number;
  readonly durationMs?: number;
  /** Files that are kept, the oldest goes first; 0 keeps all. */
  readonly files: number;
}

/** What a window asks for when it starts a capture. */
export interface CaptureStart {
  /** At least one. */
  readonly interfaces: readonly string[];
  readonly captureFilter: string;
  /** 'auto' if left out. */
  readonly backend?: BackendName | 'auto';
  readonly limits?: CaptureLimits;
  /** Where the files of a ring go, as the name of the first would be without its number; needed with `limits.ring`. */
  readonly file?: string;
}

export interface LiveStatus {
  readonly phase: 'starting' | 'capturing' | 'stopping' | 'stopped' | 'failed';
  /** Name, or names with ', ' between them. */
  readonly interface: string;
  readonly captureFilter: string;
  /** Null until the interfaces are open. */
  readonly backend: LiveBackend | null;
  readonly spool: string;
  /** Files begun so far: more than one for a ring. */
  readonly files: number;
  /** Packets and bytes of spool file on disk. */
  readonly packets: number;
  readonly bytes: number;
  /** Over the last second. */
  readonly packetsPerSecond: number;
  readonly bytesPerSecond: number;
  /** Epoch milliseconds. */
  readonly startedAt: number;
  readonly stoppedAt: number | null;
  /** Null: the back end does not know, or not yet; see `backend`. */
  readonly dropped: number | null;
  /** Why it ended, when it did not end by Stop. */
  readonly failure: Failure | null;
  /** The capture process had to be killed to stop. */
  readonly saved: boolean;
}

/** Seconds that a `Pulse` looks back. */
export const PULSE_SECONDS = 60;

/** Packets of one layer: one area of the rate chart. */
export interface PulseSeries {
  readonly hue: Hue;
  /** Protocols that were counted, most packets first, at most four, as the protocol column names them. */
  readonly names: readonly string[];
  /** Further protocols of this layer. */
  readonly others: number;
  /** Packets in each of PULSE_SECONDS seconds, oldest first. */
  readonly perSecond: readonly number[];
}

/** What a growing capture carries now. */
export interface Pulse {
  /** Epoch second of the last value of each series. */
  readonly until: number;
  /** Layers with packets in this minute, from the bottom of the stack to its top. */
  readonly series: readonly PulseSeries[];
  /** TCP connections of the whole capture: how many, how many of them are open as far as the packets tell, and their handshakes. */
  readonly connections: {
    readonly total: number;
    readonly open: number;
    readonly done: number;
    readonly refused: number;
    readonly unanswered: number;
    readonly halfOpen: number;
    readonly notCaptured: number;
  };
}

/* ---------------------------------------------------------------- host */

export interface RecentFile {
  readonly path: string;
  readonly name: string;
  /** Shown folder, '~' for home. */
  readonly folder: string;
  readonly bytes: number | null;
  readonly packets: number | null;
  /** Epoch milliseconds when it was last opened. */
  readonly openedAt: number;
}

export interface RecoveredCapture {
  readonly path: string;
  readonly interface: string;
  readonly startedAt: number;
  readonly packets: number;
  readonly bytes: number;
}

export interface HostInfo {
  readonly mode: 'electron' | 'browser';
  readonly version: string;
  readonly platform: string;
  /** Path of the sample capture that ships with the program. */
  readonly sample: string | null;
}

/** Settings that the renderer keeps with the host. Unknown keys are dropped, wrong values refused. */
export interface Settings {
  readonly theme: 'system' | 'light' | 'dark';
  /** Language of the window's words; names of fields and protocols stay as they are. */
  readonly language: 'system' | 'en' | 'ko';
  /** Panel layouts by name, as the split-pane library gives them: numbers in percent. */
  readonly layouts: Readonly<Record<string, readonly number[]>>;
  readonly inspectorPlace: 'auto' | 'right' | 'below';
  readonly facetsOpen: boolean;
  /** Which cards are open, per protocol. */
  readonly openCards: Readonly<Record<string, boolean>>;
  /** Interfaces that were captured on last. */
  readonly lastInterfaces: readonly string[];
  readonly captureFilter: string;
  readonly captureBackend: BackendName | 'auto';
  /** When a capture ends and begins a new file; as in the fields of the start screen, `file` with a ring only. */
  readonly captureLimits: CaptureLimits & { readonly file?: string };
  /** Key log that TLS is decrypted with; '' for none. */
  readonly keyLogFile: string;
  /** By table, the columns that the user chose to see. */
  readonly columns: Readonly<Record<string, readonly string[]>>;
}

/* ---------------------------------------------------------------- the maps */

/** Requests to the engine: argument and result. All but `state` fail with 'no-such' while no capture is open. */
/* ---------------------------------------------------------------- followed streams */

/**
 * As what a stream is followed: its bytes as TCP or UDP carried them, or what a protocol above says in them. 'http': headers, and bodies with
 * their codings undone; 'http2': header blocks as text, and data as sent; 'tls': what was decrypted.
 */
export type FollowKind = 'tcp' | 'udp' | 'tls' | 'http' | 'http2';

/** A stretch of bytes that one side of a stream sent, in order of delivery; or a gap: bytes that the capture lacks. */
export interface FollowPieceData {
  /** 0 sent the first packet of the stream. */
  readonly side: 0 | 1;
  /** Row that brought it; of a gap, the row that proves it. */
  readonly row: number;
  readonly length: number;
  readonly gap: boolean;
  /** Place in what its side sent, gaps counted. */
  readonly start: number;
  /** Empty for a gap. */
  readonly bytes: Uint8Array;
}

export interface FollowSummary {
  readonly kind: FollowKind;
  /** The kinds above TCP as which the same stream can be followed. */
  readonly above: readonly FollowKind[];
  /** Its sides agreed on TLS, and no key opened any record of it. */
  readonly sealed: boolean;
  readonly stream: number;
  /** "address:port" of both sides. */
  readonly nodes: readonly [string, string];
  /** Side that is the client of a TCP connection; null for UDP. */
  readonly client: 0 | 1 | null;
  /** Bytes that each side sent, gaps counted, and how many of them are missing. */
  readonly bytes: readonly [number, number];
  readonly missing: readonly [number, number];
  readonly pieces: number;
  /** False: these are the first pieces, and `bytes`, `missing` and `above` are of them. Ask again for more. */
  readonly whole: boolean;
}

/**
 * Which pieces of a stream are meant. With `side` those that one side sent, and only they are counted: every number of a piece in the
 * request and in its answer is a number among them.
 */
export interface FollowTarget {
  readonly kind: FollowKind;
  readonly stream: number;
  readonly side?: 0 | 1;
}

export interface FollowPage {
  readonly from: number;
  /** May be fewer than asked for: go on after them. */
  readonly pieces: readonly FollowPieceData[];
  readonly total: number;
}

/** One place that was looked for. */
export interface FollowMatch {
  /** The piece in which it ends: it may begin in an earlier one of the same side. */
  readonly piece: number;
  readonly side: 0 | 1;
  /** Place in what its side sent, as `FollowPieceData.start`. */
  readonly start: number;
  readonly length: number;
}

/** Where a search goes on: matches in this piece that begin before `after` (a place as `start`) are known already. */
export interface FollowCursor {
  readonly piece: number;
  readonly after: number;
}

export interface FollowFound {
  /** In the order of their ends; none overlaps another. */
  readonly matches: readonly FollowMatch[];
  /** Null: all was looked at. */
  readonly next: FollowCursor | null;
}

/** One UDP stream with datagrams of the present filter; counts are of the whole stream. */
/** What the table of UDP streams can be sorted by. */
export const UDP_STREAM_SORTS = ['stream', 'first', 'second', 'bytes'] as const;
export type UdpStreamSort = (typeof UDP_STREAM_SORTS)[number];

export interface UdpStreamRow {
  readonly stream: number;
  /** "address:port"; the sender of the first datagram first. */
  readonly nodes: readonly [string, string];
  readonly packets: readonly [number, number];
  /** Payload bytes that each side sent. */
  readonly bytes: readonly [number, number];
  readonly firstRow: number;
}

/* ---------------------------------------------------------------- decode as */

/** A user's choice of a protocol for a port or number, as tshark's `-d` has it. */
export interface DecodeChoice {
  /** `tcp.port`, `udp.port`, `ethertype`, `ip.proto`, … */
  readonly table: string;
  readonly from: number;
  readonly to: number;
  /** Name of the protocol as in filters. */
  readonly protocol: string;
}

export interface DecodeOptions {
  readonly choices: readonly DecodeChoice[];
  readonly tables: readonly string[];
  /** All that can be chosen, by name. */
  readonly protocols: readonly { readonly name: string; readonly title: string; readonly hue: Hue }[];
}

/* ---------------------------------------------------------------- key logs */

/** Where secrets that decrypt TLS come from: no log, a file, or a text that the window has read. */
export type KeyLogChoice =
  | { readonly from: 'none' }
  | { readonly from: 'file'; readonly path: string }
  | { readonly from: 'text'; readonly name: string; readonly text: string; readonly first: boolean; readonly more: boolean };

/** Longest piece of a key log's text in one message, in characters. */
export const KEY_LOG_PIECE = 256 * 1024;

export interface KeyLogState {
  /** The user's log; null without one. */
  readonly given: {
    /** Path or name. */
    readonly name: string;
    /** It is a file that is read on while it grows. */
    readonly file: boolean;
    /** Connections with a secret; lines that cannot be read; lines with a label that is not known; secrets beyond the bound. */
    readonly connections: number;
    readonly damaged: number;
    readonly unknown: number;
    readonly dropped: number;
  } | null;
  /** Connections with a secret inside the capture file. */
  readonly inside: number;
  /** TLS connections that a secret was looked for: those of which something was decrypted, and the others. */
  readonly decrypted: number;
  readonly encrypted: number;
  /** Some packet carries TLS or QUIC. */
  readonly tls: boolean;
  /** The key log of the settings cannot be read. */
  readonly failure: Failure | null;
}

/* ---------------------------------------------------------------- saving */

/** What can be saved as a file. */
export type SaveContent =
  /** Packets: all of the capture, or those of the view. */
  | { readonly what: 'packets'; readonly format: 'pcapng' | 'pcap'; readonly only: 'all' | 'view' }
  /** What a followed stream holds, of both sides in order or of one. */
  | { readonly what: 'stream'; readonly target: FollowTarget }
  /** HTTP exchanges of the present filter as HAR 1.2, or their bodies as a ZIP file. */
  | { readonly what: 'har' | 'bodies' }
  /** One body, decoded. */
  | { readonly what: 'body'; readonly exchange: number; readonly side: 'request' | 'response' };

export interface SaveResult {
  /** False: it was ended before its end, and nothing is left of the file. */
  readonly whole: boolean;
  /** Packets, exchanges or bodies in the file; of a stream its pieces. */
  readonly count: number;
  readonly bytes: number;
  /** Bodies that the file has no room for. */
  readonly left: number;
  readonly note: string | null;
}

/** Packets, exchanges or pieces of a stream that are in the file, of how many. */
export interface SaveProgress {
  readonly done: number;
  readonly total: number;
}

export interface EngineRequests {
  state: { args: Record<string, never>; result: { capture: CaptureState | null; view: ViewState | null } };
  /** Stops reading (what was read stays) or a filter scan. */
  stopReading: { args: Record<string, never>; result: null };
  stopScan: { args: Record<string, never>; result: null };
  /** Applies a filter. A bad one changes nothing. */
  setFilter: { args: { text: string }; result: FilterCheck & { view?: ViewState } };
  checkFilter: { args: { text: string }; result: FilterCheck };
  complete: { args: { text: string; caret: number }; result: readonly Completion[] };
  /**
   * Rows [from, from + count) of the view, count at most 1000. `view` must be the present one, else the answer is empty with `stale`.
   * `fields`: abbreviations of fields whose values are wanted too, at most MOST_FIELD_COLUMNS.
   */
  rows: {
    args: { view: number; from: number; count: number; fields?: readonly string[] | undefined };
    result: { stale: boolean; rows: readonly RowSummary[]; matched: number };
  };
  /**
   * The window has drawn what it was told and wants to hear what is new as soon as there is something; without this it hears of what merely grows
   * a few times a second. `rows`: so many rows go along with the news of a view, the first ones of a new view, and with `follow` the newest ones.
   */
  drawn: { args: { rows: number; follow: boolean; fields: readonly string[] }; result: null };
  /** Position in the view of a row, or of the nearest row after it; -1 if the view is empty. */
  positionOf: { args: { view: number; row: number }; result: { position: number; exact: boolean } };
  /**
   * Sorts the rows of the view, and of those to come, by a column of the list (`no`, `time`, `source`, …) or a field; null: as in the file.
   * Goes on after the answer: the view gets another number when it is done.
   */
  sortRows: { args: { column: string | null; descending: boolean }; result: ViewState };
  packet: { args: { row: number }; result: PacketDetail };
  /** The next or previous row of the same stream. */
  neighbour: { args: { row: number; step: 1 | -1 }; result: { row: number | null } };
  damage: { args: Record<string, never>; result: DamageDetail | null };
  facets: { args: Record<string, never>; result: readonly Facet[] };
  minimap: { args: { view: number; buckets: number }; result: readonly MinimapBucket[] };
  /** The minute that ends with `until` (epoch second), and what became of the connections. */
  pulse: { args: { until: number }; result: Pulse };
  /** Connections of the present filter. */
  connections: {
    args: ConnectionWish & { from: number; count: number };
    /** `total`: those that were wished for; `handshakes`: how many of the filter's have each, whatever was wished for. */
    result: { rows: readonly ConnectionSummary[]; total: number; handshakes: Readonly<Record<Handshake, number>> };
  };
  /** The connections that are wished for as a display filter; '' if they are too many for one. */
  connectionFilter: { args: ConnectionWish; result: { text: string; total: number } };
  /** Position of a stream in the sorted list. */
  connectionPosition: { args: ConnectionWish & { stream: number }; result: { position: number } };
  /** Counts for a slice of time and tells what there is; ask again until all is counted. `piece`: seconds that the curves are of. */
  statistics: { args: { piece: { from: number; to: number } | null }; result: Statistics };
  statisticsTable: {
    args: {
      table: 'conversations' | 'endpoints';
      kind: ConversationKind;
      sort: StatisticsSort;
      descending: boolean;
      from: number;
      count: number;
    };
    result: { rows: readonly (ConversationCount | EndpointCount)[]; total: number };
  };
  /** HTTP exchanges with a request or a response that ends in a packet of the present filter. */
  exchanges: {
    args: { from: number; count: number; sort: ExchangeSort; descending: boolean };
    /**
     * `life`: seconds from the first packet of the capture to the first and to the last of these exchanges. `done` below 1: the order
     * rests on the heads of all exchanges, of which that share has been read. There are no rows yet then; each such request reads on.
     */
    result: { rows: readonly ExchangeSummary[]; total: number; life: readonly [number, number]; done: number };
  };
  /** Position of an exchange in the sorted list, -1 if it is not there, or not known yet. */
  exchangePosition: { args: { exchange: number; sort: ExchangeSort; descending: boolean }; result: { position: number } };
  exchange: { args: { exchange: number }; result: ExchangeDetail };
  /** Reads the heads of exchanges for a second at most, and goes on with the next such request. */
  exchangeStory: { args: { exchange: number }; result: ExchangeStory };
  /** `unfold`: first rows of runs that are shown packet by packet. */
  connection: { args: { stream: number; from: number; unfold: readonly number[] }; result: ConnectionDetail };
  /** What happened on a connection. */
  account: { args: { stream: number }; result: readonly AccountFact[] };
  /** A graph of what one side of a connection sent; `from` and `to` in seconds since its first packet. */
  connectionGraph: {
    args: { stream: number; direction: 'client' | 'server'; kind: GraphKind; from?: number | undefined; to?: number | undefined };
    result: ConnectionGraph;
  };
  /**
   * What both sides of a stream sent. The pages that follow are of the stream asked for last without cost. Of a long stream the first pieces
   * are told as soon as they are known.
   */
  followStream: { args: { kind: FollowKind; stream: number }; result: FollowSummary };
  followPage: { args: FollowTarget & { from: number; count: number }; result: FollowPage };
  /** The piece that a packet brought, or the next one; as many as there are if none is left. */
  followPieceOf: { args: FollowTarget & { row: number }; result: { piece: number } };
  /**
   * Looks for a text, or for bytes given in hexadecimal; letters match without regard to case. Answers after a bounded time with what was
   * found so far; ask again with `next` to go on.
   */
  followFind: { args: FollowTarget & { wanted: string; form: 'text' | 'hex'; from: FollowCursor }; result: FollowFound };
  /** UDP streams of the present filter, sorted. `complete`: false while datagrams are still being counted. */
  udpStreams: {
    args: { from: number; count: number; sort: UdpStreamSort; descending: boolean };
    result: { rows: readonly UdpStreamRow[]; total: number; complete: boolean };
  };
  decodeOptions: { args: Record<string, never>; result: DecodeOptions };
  /** Takes these choices of protocols and reads the capture anew with them; a new view with all rows begins. */
  setDecodeAs: { args: { choices: readonly DecodeChoice[] }; result: null };
  /** The key log in force, and what came of it in the open capture. */
  keyLog: { args: Record<string, never>; result: KeyLogState };
  /**
   * Takes a key log, or none, and reads the capture anew with it; a new view with all rows begins. A file by its path is read on while it grows.
   * A text comes in pieces, in order: the last one (`more` false) has it taken.
   */
  setKeyLog: { args: KeyLogChoice; result: KeyLogState };
  /** Ends the saving that is under way: nothing is left of the file. */
  stopSaving: { args: Record<string, never>; result: null };
}

/** Told by the host to the engine; not for the renderer. */
export interface EngineControl {
  /** `keyLogFile`: the key log of the settings, '' for none, where it may have changed. A log that the window has chosen stays. */
  open: { args: { path: string; capture: number; name: string; keyLogFile?: string }; result: null };
  /** Follows a spool file that is being written. `bytes`: how far it is known to be whole. */
  follow: { args: { path: string; capture: number; name: string; keyLogFile?: string }; result: null };
  grown: { args: { bytes: number }; result: null };
  /** The capture has ended; what is in the file now is all. */
  ended: { args: Record<string, never>; result: null };
  close: { args: Record<string, never>; result: null };
  /** Writes a file, which appears under its name when it is whole. Progress by `saving` events, `stopSaving` ends it. */
  save: { args: SaveContent & { path: string }; result: SaveResult };
}

export interface EngineEvents {
  /** The capture's state changed. What merely grows is told when the window has drawn what it was told before (`drawn`). Null: none is open. */
  state: CaptureState | null;
  /** Rows were added to the view, or the scan went on. */
  view: ViewNews;
  /** Reading failed before the first packet: the file is not a capture, may not be read, … */
  failed: Failure;
  /** How far a file is that is being saved, a few times a second; null when it is done, or was ended. */
  saving: SaveProgress | null;
}

export interface HostRequests {
  info: { args: Record<string, never>; result: HostInfo };
  settings: { args: Record<string, never>; result: Settings };
  setSettings: { args: Partial<Settings>; result: null };
  recent: { args: Record<string, never>; result: readonly RecentFile[] };
  forgetRecent: { args: { path: string }; result: null };
  /** Opens by path: a recent file, the sample, a recovered capture, a path typed in browser mode, a file dropped on the desktop app. */
  openPath: { args: { path: string }; result: null };
  /** Desktop: shows the file dialog; answers null if it was cancelled. Browser mode: 'unavailable' (the page has a file input and uploads). */
  openDialog: { args: Record<string, never>; result: null };
  closeCapture: { args: Record<string, never>; result: null };
  ability: { args: { fresh?: boolean }; result: CaptureAbility };
  startCapture: { args: CaptureStart; result: null };
  stopCapture: { args: Record<string, never>; result: null };
  /** Stops, drops what was captured, and starts again with the same wishes. */
  restartCapture: { args: Record<string, never>; result: null };
  /**
   * Saves a part of what is open. Desktop: asks where with a dialog. Browser mode: writes to a temporary file and answers with a one-time URL
   * path to download. `saved` false: the user thought better of it. `name`: of the file, where it is not that of the capture.
   */
  save: {
    args: SaveContent & { name?: string | undefined };
    result: SaveResult & { saved: boolean; path: string | null; download: string | null };
  };
  recovered: { args: Record<string, never>; result: readonly RecoveredCapture[] };
  discardRecovered: { args: { path: string }; result: null };
  /** The engine process died or hung: a new one opens the same file again. */
  restartEngine: { args: Record<string, never>; result: null };
}

export interface HostEvents {
  live: LiveStatus | null;
  /** The engine process is gone. */
  engineGone: Failure;
  /** Menu commands of the desktop app. */
  command: 'open' | 'save' | 'find' | 'toggle-capture' | 'close';
  /** A file was opened (dialog, command line, second instance): the window may want to show that it is coming. */
  opening: { name: string };
}

export type EngineRequestName = keyof EngineRequests;
export type HostRequestName = keyof HostRequests;

/** Result of a request as it crosses the line. */
export type Answer<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly failure: Failure };

/** What crosses a MessagePort or WebSocket. `id` pairs an answer with its request. */
export type ToBackend = {
  readonly kind: 'request';
  readonly to: 'engine' | 'host';
  readonly id: number;
  readonly name: string;
  readonly args: unknown;
};
export type FromBackend =
  | { readonly kind: 'answer'; readonly id: number; readonly answer: Answer<unknown> }
  | { readonly kind: 'event'; readonly from: 'engine' | 'host'; readonly name: string; readonly value: unknown };

/** What the renderer talks through: a MessagePort in the desktop app, a WebSocket in browser mode. */
export interface Transport {
  engine<N extends EngineRequestName>(name: N, args: EngineRequests[N]['args']): Promise<Answer<EngineRequests[N]['result']>>;
  host<N extends HostRequestName>(name: N, args: HostRequests[N]['args']): Promise<Answer<HostRequests[N]['result']>>;
  onEngine<N extends keyof EngineEvents>(name: N, listener: (value: EngineEvents[N]) => void): () => void;
  onHost<N extends keyof HostEvents>(name: N, listener: (value: HostEvents[N]) => void): () => void;
  /** The line is gone (server ended, engine port closed): the window says so and offers to reconnect. */
  onClosed(listener: (reason: string) => void): () => void;
  /** Opens a file that was dropped or chosen in the page: by path in the desktop app, by upload in browser mode. */
  openFile(file: File): Promise<Answer<null>>;
}

/** Desktop only: named functions that the preload script puts on `window.sevenfold`. */
export interface DesktopBridge {
  host(name: HostRequestName, args: unknown): Promise<Answer<unknown>>;
  onHostEvent(listener: (name: keyof HostEvents, value: unknown) => void): () => void;
  pathOf(file: File): string;
}
