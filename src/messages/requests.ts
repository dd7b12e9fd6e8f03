/** Every request and event that crosses a process line. Plain data: see ../messages.ts. */
import type { CaptureState, DamageDetail } from './capture.ts';
import type { AccountFact, ConnectionDetail, ConnectionSummary, ConnectionWish, Handshake } from './connection.ts';
import type { ExchangeDetail, ExchangeSort, ExchangeStory, ExchangeSummary } from './exchange.ts';
import type { Answer, Failure } from './failure.ts';
import type { Completion, Facet, FilterCheck, MinimapBucket } from './filter.ts';
import type {
  FollowCursor,
  FollowFound,
  FollowKind,
  FollowPage,
  FollowSummary,
  FollowTarget,
  SaveContent,
  SaveProgress,
  SaveResult,
  UdpStreamRow,
  UdpStreamSort,
} from './follow.ts';
import type { ConnectionGraph, GraphKind } from './graph.ts';
import type { HostInfo, RecentFile, RecoveredCapture, Settings } from './host.ts';
import type { KeyLogChoice, KeyLogState } from './keys.ts';
import type { CaptureAbility, CaptureStart, LiveStatus, Pulse } from './live.ts';
import type { DecodeChoice, DecodeOptions, PacketDetail } from './packet.ts';
import type { ConversationCount, ConversationKind, EndpointCount, Statistics, StatisticsSort } from './statistics.ts';
import type { RowSummary, StateNews, ViewNews, ViewState } from './view.ts';

/** Requests to the engine: argument and result. All but `state` fail with 'no-such' while no capture is open. */
export interface EngineRequests {
  /** `marked`: rows of the packets that are marked. */
  state: { args: Record<string, never>; result: { capture: CaptureState | null; view: ViewState | null; marked: readonly number[] } };
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
  /**
   * Position in the view of a row; where it is not there, of the first row after it, or else the last one, or with `nearest` of the row nearest to it.
   * -1 if the view is empty.
   */
  positionOf: { args: { view: number; row: number; nearest?: boolean | undefined }; result: { position: number; exact: boolean } };
  /**
   * Sorts the rows of the view, and of those to come, by a column of the list (`no`, `time`, `source`, …) or a field; null: as in the file.
   * Goes on after the answer: the view gets another number when it is done.
   */
  sortRows: { args: { column: string | null; descending: boolean }; result: ViewState };
  /**
   * These packets of a capture are marked, and no others, MOST_MARKED at most; a filter that asks for them is applied anew. They stay when the capture is
   * read anew. Of another capture than the one that is open nothing is taken.
   */
  setMarked: { args: { capture: number; rows: readonly number[] }; result: null };
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
  /** Fails as `open` would, where the file is no capture, and leaves what is open alone. */
  canOpen: { args: { path: string }; result: null };
  /** `keyLogFile`: the key log of the settings, '' for none, where it may have changed. A log that the window has chosen stays. */
  open: { args: { path: string; capture: number; name: string; keyLogFile?: string }; result: null };
  /** Follows a spool file that is being written. `bytes`: how far it is known to be whole. */
  follow: { args: { path: string; capture: number; name: string; keyLogFile?: string }; result: null };
  grown: { args: { bytes: number }; result: null };
  /** The capture has ended; what is in the file now is all. */
  ended: { args: Record<string, never>; result: null };
  close: { args: Record<string, never>; result: null };
  /** Is there anybody? */
  ping: { args: Record<string, never>; result: null };
  /** Writes a file, which appears under its name when it is whole. Progress by `saving` events, `stopSaving` ends it. */
  save: { args: SaveContent & { path: string }; result: SaveResult };
}

export interface EngineEvents {
  /** The capture's state changed. What merely grows is told when the window has drawn what it was told before (`drawn`). Null: none is open. */
  state: StateNews | null;
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
  /** The engine process is gone, or does not answer. Null: it answers again. */
  engineGone: Failure | null;
  /** Menu commands of the desktop app. */
  command: 'open' | 'save' | 'find' | 'toggle-capture' | 'close';
  /** A file was opened (dialog, command line, second instance): the window may want to show that it is coming. */
  opening: { name: string };
}

export type EngineRequestName = keyof EngineRequests;

export type HostRequestName = keyof HostRequests;

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
  /** The line is gone (the server of browser mode has ended): the window says so and offers to reconnect. */
  onClosed(listener: (reason: string) => void): () => void;
  /** Opens a file that was dropped or chosen in the page: by path in the desktop app, by upload in browser mode, which `signal` breaks off. */
  openFile(file: File, signal: AbortSignal): Promise<Answer<null>>;
}

/** Desktop only: what the preload script posts into the page along with the engine's port. */
export const PORT_MESSAGE = 'sevenfold-engine-port';

/** Desktop only: named functions that the preload script puts on `window.sevenfold`. */
export interface DesktopBridge {
  host(name: HostRequestName, args: unknown): Promise<Answer<unknown>>;
  onHostEvent(listener: (name: keyof HostEvents, value: unknown) => void): () => void;
  pathOf(file: File): string;
}
