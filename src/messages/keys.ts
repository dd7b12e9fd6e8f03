/** Key logs. Plain data: see ../messages.ts. */
import type { Failure } from './failure.ts';

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
