/** What the host and the capture process say to each other. Under load progress and the wish to stop go through files: see `CaptureFiles`. */

import type { BackendName, CaptureLimits, Failure, LiveBackend } from '../messages.ts';
import type { ProbedInterface } from '../system/interface-state.ts';

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

export interface CaptureOptions extends CaptureLimits {
  /** At least one. Their place here is their number in the file. */
  readonly interfaces: readonly string[];
  readonly captureFilter: string;
  /** 'auto': the better one that works; see ./choice.ts. */
  readonly backend: BackendName | 'auto';
  /** Somebody follows the packets in a list. */
  readonly watched: boolean;
  /** Packets per second from which on dumpcap captures where cap began; see ./relay-source.ts. Its own number if left out. */
  readonly relayRate?: number;
  readonly files: CaptureFiles;
  /** Bytes of the operating system's packet buffers together, at most. */
  readonly bufferBytes: number;
}

export type ToCapture =
  | { readonly kind: 'start'; readonly options: CaptureOptions }
  | { readonly kind: 'stop' }
  | { readonly kind: 'probe' };

/** What was found of one back end, by trying it. */
export type ProbedBackend =
  | {
      readonly found: true;
      /** 'cap 0.2.1, libpcap 1.10.3'; 'dumpcap 4.0.17'. */
      readonly version: string;
      /** It may open interfaces, as far as can be told without capturing. */
      readonly permitted: boolean;
      /** dumpcap: where it is. */
      readonly path: string | null;
    }
  | {
      readonly found: false;
      /** 'missing': it is not installed; 'no-build': not built for this runtime; 'no-library': libpcap itself is not installed. */
      readonly reason: 'missing' | 'no-build' | 'no-library';
      readonly message: string;
    };

export interface ProbeResult {
  readonly cap: ProbedBackend;
  readonly dumpcap: ProbedBackend;
  /** As libpcap lists them; null if no back end could be asked. */
  readonly interfaces: readonly ProbedInterface[] | null;
  /** The program that runs the capture process: what needs the right to capture with cap. */
  readonly runtime: string;
}

export type FromCapture =
  | { readonly kind: 'started'; readonly with: LiveBackend }
  /** Another back end goes on with the same capture. */
  | { readonly kind: 'changed'; readonly with: LiveBackend }
  /** More is on disk. Told as soon as it is, unless the process has no time for it: the progress file has it too. */
  | { readonly kind: 'grown' }
  /** The next file of a ring has begun; its number counts from 1. Of the first file of a capture too. `before`: packets in all files before it. */
  | { readonly kind: 'file'; readonly path: string; readonly number: number; readonly before: number }
  | { readonly kind: 'failed'; readonly failure: Failure }
  /** The capture is over and its files are whole. The process itself may take a while longer to go. */
  | {
      readonly kind: 'ended';
      readonly reason: 'stopped' | 'count' | 'duration' | 'filesize' | 'failed';
      readonly failure: Failure | null;
      /** Files that are left, oldest first. */
      readonly files: readonly string[];
      /** Packets that the system dropped because nobody took them in time; null: the back end does not know. */
      readonly dropped: number | null;
    }
  | { readonly kind: 'probed'; readonly result: ProbeResult };
