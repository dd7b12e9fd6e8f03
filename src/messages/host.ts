/** What the host knows: files, captures that were left over, settings. Plain data: see ../messages.ts. */
import type { BackendName, CaptureLimits } from './live.ts';

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

/** What holds until the user has chosen otherwise, and in a window until the host has said. */
export const defaultSettings: Settings = {
  theme: 'system',
  language: 'system',
  layouts: {},
  inspectorPlace: 'auto',
  facetsOpen: true,
  openCards: {},
  lastInterfaces: [],
  captureFilter: '',
  captureBackend: 'auto',
  captureLimits: {},
  keyLogFile: '',
  columns: {},
};
