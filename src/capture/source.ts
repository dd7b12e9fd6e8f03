/** What every back end is to the capture: where packets come from, and what is known of them. */
import type { WriteInterface } from '../file/write.ts';
import type { BackendName, Failure } from '../messages.ts';

/** Takes what a source delivers. The bytes are the source's own: valid during the call. */
export interface SourceSink {
  /** `iface`: number of the interface, in the order in which they were asked for. Must not allocate in steady state. */
  packet(bytes: Uint8Array, offset: number, capLen: number, wireLen: number, sec: number, nsec: number, iface: number): void;
  /** A batch has been delivered, and there is nothing more at present. */
  idle(): void;
  /** From the next packet on another back end captures; the source's properties are its. `note`: what a reader of the file has to know. */
  changed(note: string): void;
  /** The source has come to an end that nobody asked for. */
  broken(failure: Failure): void;
}

/** Counts of one interface at the end. */
export interface SourceCounts {
  readonly received: number | null;
  readonly dropped: number | null;
}

/** Packets of one or more interfaces that are open. */
export interface Source {
  readonly backend: BackendName;
  /** 'cap 0.2.1, libpcap 1.10.3'. */
  readonly version: string;
  /** As they are to be described in the file; by number. */
  readonly interfaces: readonly WriteInterface[];
  /** Whose time stamps, and how fine: the end of a sentence, "the kernel's, in nanoseconds". */
  readonly clock: string;
  /** What a reader of the file has to know of it: goes into the section's comment. */
  readonly comment: string;
  readonly drops: 'unknown' | 'at-end';
  /** How long after its arrival a packet may be delivered, in ms: so long a stop waits for the packets that came before it. */
  readonly delayMs: number;
  /** Stamped by the kernel: a time stamp tells whether a packet came before the stop. */
  readonly kernelTime: boolean;
  /** Lets packets come; before this none is delivered. */
  begin(sink: SourceSink): void;
  /** To be called now and then. */
  check(): void;
  /**
   * Ends it: no packet is delivered any more. Calls back, once, when its counts are known: at once or a little later.
   * `hurry`: without waiting for the counts.
   */
  end(hurry: boolean, done: (counts: readonly SourceCounts[]) => void): void;
}
