/** Connections: rows of their table, the ladder of one, its account. Plain data: see ../messages.ts. */
import type { Mark } from './capture.ts';

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

/** What became of handshakes. */
export const HANDSHAKES = ['completed', 'refused', 'unanswered', 'half-open', 'simultaneous', 'not-captured'] as const;

export type Handshake = (typeof HANDSHAKES)[number];

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
  /** Up to 64 positions (0..1 from the earliest packet of the capture to its latest) for the activity column, with their kind. Empty in a ladder. */
  readonly activity: readonly { readonly at: number; readonly kind: 'tra' | 'app' | 'warn' | 'bad' }[];
  /** Position of the first packet, alike. */
  readonly begins: number;
  readonly firstRow: number;
}

/** What the connections table can be sorted and narrowed by, in the order of its columns. */
export const CONNECTION_COLUMNS = [
  'stream',
  'client',
  'server',
  'context',
  'outcome',
  'handshakeRttMs',
  'handshake',
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
