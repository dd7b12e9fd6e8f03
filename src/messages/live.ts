/** Live capture: interfaces, back ends, limits, state, the last minute. Plain data: see ../messages.ts. */

import type { Failure } from './failure.ts';
import type { Hue } from './tree.ts';

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
  /** Epoch milliseconds; from 'capturing' on when the interfaces were open. */
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
