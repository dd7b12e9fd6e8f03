/** Followed streams. Plain data: see ../messages.ts. */

/**
 * As what a stream is followed: its bytes as TCP or UDP carried them, or what a protocol above says in them. 'http': headers, and bodies with
 * their codings undone; 'http2': header blocks as text, and data as sent; 'tls': what was decrypted.
 */
export const FOLLOW_KINDS = ['tcp', 'udp', 'tls', 'http', 'http2'] as const;

export type FollowKind = (typeof FOLLOW_KINDS)[number];

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

/** What the table of UDP streams can be sorted by. */
export const UDP_STREAM_SORTS = ['stream', 'first', 'second', 'bytes'] as const;

export type UdpStreamSort = (typeof UDP_STREAM_SORTS)[number];

/** One UDP stream with datagrams of the present filter; counts are of the whole stream. */
export interface UdpStreamRow {
  readonly stream: number;
  /** "address:port"; the sender of the first datagram first. */
  readonly nodes: readonly [string, string];
  readonly packets: readonly [number, number];
  /** Payload bytes that each side sent. */
  readonly bytes: readonly [number, number];
  readonly firstRow: number;
}

/** What can be saved as a file. */
export type SaveContent =
  /** Packets: all of the capture, those of the view, or those that are marked. */
  | { readonly what: 'packets'; readonly format: 'pcapng' | 'pcap'; readonly only: 'all' | 'view' | 'marked' }
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
