/** What the host and the capture process say to each other. Progress and the wish to stop go through files: see `CaptureFiles`. */
import type { Failure } from '../messages.ts';

/**
 * Under load libpcap's binding keeps its process in one loop, in which no message, timer or signal handler runs. What must work then
 * goes through files that the packet callback itself reads and writes.
 */
export interface CaptureFiles {
  /** The pcapng file. Its size is always a block boundary, unless the process was killed in the middle of a write. */
  readonly spool: string;
  /** PROGRESS_BYTES bytes, overwritten in place. */
  readonly progress: string;
  /** Made by the host to ask for the end. */
  readonly stop: string;
}

/** Four float64, little endian: packets on disk; bytes of the present file; bytes of all files; files begun. */
export const PROGRESS_BYTES = 32;

export interface RingOptions {
  /** A file that has reached this size is followed by the next. */
  readonly bytes: number;
  /** Files that are kept, the oldest goes first; 0 keeps all. */
  readonly files: number;
}

export interface CaptureOptions {
  readonly interface: string;
  readonly captureFilter: string;
  readonly files: CaptureFiles;
  /** Bytes of the operating system's packet buffer. */
  readonly bufferBytes: number;
  /** Ends by itself after so many packets, milliseconds, bytes of file. */
  readonly maxPackets?: number;
  readonly maxDurationMs?: number;
  readonly maxBytes?: number;
  readonly ring?: RingOptions;
  /** 'Sevenfold 0.1.0', written into the file. */
  readonly application: string;
}

export type ToCapture =
  | { readonly kind: 'start'; readonly options: CaptureOptions }
  | { readonly kind: 'stop' }
  | { readonly kind: 'probe' };

export interface ProbedInterface {
  readonly name: string;
  readonly description: string | null;
  readonly addresses: readonly string[];
  readonly loopback: boolean;
}

export type ProbeResult =
  | {
      readonly loaded: true;
      readonly backend: string;
      readonly interfaces: readonly ProbedInterface[];
      /** The capture process may open interfaces, as far as can be told without opening one. */
      readonly permitted: boolean;
    }
  | {
      readonly loaded: false;
      /** 'missing': there is no module; 'no-build': it is not built for this runtime; 'no-library': libpcap itself is not installed. */
      readonly reason: 'missing' | 'no-build' | 'no-library';
      readonly message: string;
    };

export type FromCapture =
  | { readonly kind: 'started'; readonly linkType: number }
  | { readonly kind: 'failed'; readonly failure: Failure }
  | {
      readonly kind: 'ended';
      readonly reason: 'stopped' | 'count' | 'duration' | 'filesize' | 'failed';
      readonly failure: Failure | null;
      /** Files that are left, oldest first. */
      readonly files: readonly string[];
    }
  | { readonly kind: 'probed'; readonly result: ProbeResult };
