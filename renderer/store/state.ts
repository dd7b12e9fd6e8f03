/** Everything the window knows, and the pure steps that change it. */
import { create } from 'zustand';
import {
  type CaptureAbility,
  type CaptureState,
  type DamageDetail,
  type DecodeChoice,
  defaultSettings,
  type Facet,
  type Failure,
  type FilterCheck,
  type HostInfo,
  type KeyLogState,
  type LiveStatus,
  type MinimapBucket,
  type PacketDetail,
  type Pulse,
  type RecentFile,
  type RecoveredCapture,
  type SaveProgress,
  type Settings,
  type ViewState,
} from '../../src/messages.ts';
import type { DecodeWish } from './decode-wish.ts';
import { type Follow, following } from './follow.ts';
import type { Chip } from './terms.ts';

export type Tab = 'packets' | 'connections' | 'http' | 'streams' | 'statistics';

/** The stream that is read in the streams view. */
export interface Followed {
  readonly kind: 'tcp' | 'udp';
  readonly stream: number;
}

export type Selection = { readonly kind: 'none' } | { readonly kind: 'packet'; readonly row: number } | { readonly kind: 'damage' };

export interface RatePoint {
  /** Epoch milliseconds. */
  readonly at: number;
  /** Packets in the second before. */
  readonly packets: number;
}

/** Counters of one interface at one moment. */
export interface ActivitySample {
  readonly at: number;
  readonly packets: number;
  readonly bytes: number;
}

export interface AppState {
  readonly info: HostInfo | null;
  readonly settings: Settings;
  readonly settingsLoaded: boolean;
  readonly ability: CaptureAbility | null;
  /** Samples per interface, oldest first, at most ACTIVITY_SAMPLES. */
  readonly activity: Readonly<Record<string, readonly ActivitySample[]>>;
  readonly recent: readonly RecentFile[];
  readonly recovered: readonly RecoveredCapture[];

  readonly capture: CaptureState | null;
  readonly view: ViewState | null;
  readonly live: LiveStatus | null;
  readonly ratePoints: readonly RatePoint[];
  /** The last minute by layer and what became of the connections; asked for while it is shown. */
  readonly pulse: Pulse | null;

  readonly opening: string | null;
  /** Opening failed, starting a capture failed, saving failed: shown until dismissed. */
  readonly failure: { readonly title: string; readonly failure: Failure } | null;
  /** One line of good news in the status bar. */
  readonly notice: string;
  readonly dismissed: Readonly<Record<'damage' | 'stopped' | 'live' | 'change' | 'notes', boolean>>;
  /** How far the file is that is being written; null while none is, or where it takes no time to speak of. */
  readonly saving: SaveProgress | null;
  readonly lineClosed: string | null;
  readonly engineGone: Failure | null;

  readonly tab: Tab;
  readonly stream: number | null;
  readonly followed: Followed | null;
  readonly selection: Selection;
  readonly detail: PacketDetail | null;
  readonly damageDetail: DamageDetail | null;
  readonly follow: Follow;

  /** Text in the input while it is being edited; null at rest. */
  readonly draft: string | null;
  /** Answer to the check of `draft`; null while none came. */
  readonly draftCheck: FilterCheck | null;
  /** Completions are offered: what stands there is not finished, so it is not judged yet. */
  readonly completing: boolean;
  readonly chips: readonly Chip[];
  /** Rows of marked packets. */
  readonly marked: ReadonlySet<number>;

  readonly facets: readonly Facet[];
  readonly minimap: readonly MinimapBucket[];
  readonly keysShown: boolean;
  /** The user's choices of protocols, as the engine has them. */
  readonly decodeChoices: readonly DecodeChoice[];
  /** What the panel of "decode as" begins with; null: it is closed. */
  readonly decodeWish: DecodeWish | null;
  /** The key log in force and what came of it, as last asked for; whether its panel is open. */
  readonly keyLog: KeyLogState | null;
  readonly keyLogShown: boolean;
  /** How often captures were read anew with other choices: what was read before is void. */
  readonly readings: number;
}

export const ACTIVITY_SAMPLES = 61;
export const RATE_SECONDS = 60;

/** The interfaces that were captured on last, as far as they are there; else the first of the list. */
export function chosenInterfaces(ability: CaptureAbility, settings: Settings): readonly string[] {
  const names = ability.interfaces.map((item) => item.name);
  const last = settings.lastInterfaces.filter((name) => names.includes(name));
  return last.length > 0 ? last : names.slice(0, 1);
}

/** What a capture that was just opened, or none, has of what is shown of captures. */
const untouched = {
  view: null,
  ratePoints: [],
  pulse: null,
  opening: null,
  notice: '',
  dismissed: { damage: false, stopped: false, live: false, change: false, notes: false },
  engineGone: null,
  stream: null,
  followed: null,
  selection: { kind: 'none' },
  detail: null,
  damageDetail: null,
  follow: following,
  draft: null,
  draftCheck: null,
  completing: false,
  marked: new Set<number>(),
  chips: [],
  facets: [],
  minimap: [],
} satisfies Partial<AppState>;

export const initialState: AppState = {
  ...untouched,
  info: null,
  settings: defaultSettings,
  settingsLoaded: false,
  ability: null,
  activity: {},
  recent: [],
  recovered: [],
  capture: null,
  live: null,
  failure: null,
  saving: null,
  lineClosed: null,
  tab: 'packets',
  keysShown: false,
  decodeChoices: [],
  decodeWish: null,
  keyLog: null,
  keyLogShown: false,
  readings: 0,
};

export const useApp = create<AppState>()(() => initialState);

/** State after a capture state arrived: a new capture (or none) starts with nothing selected and no filter. */
export function withCapture(state: AppState, capture: CaptureState | null): AppState {
  const same = capture !== null && state.capture !== null && capture.capture === state.capture.capture;
  if (same) return { ...state, capture, engineGone: null };
  return {
    ...state,
    ...untouched,
    capture,
    failure: capture === null ? state.failure : null,
    tab: capture === null ? 'packets' : state.tab,
  };
}

/** State after a live status arrived: one rate point per status, the last minute kept. */
export function withLive(state: AppState, live: LiveStatus | null, now: number): AppState {
  if (live === null) return { ...state, live: null };
  const running = live.phase === 'capturing';
  const again = state.live === null || state.live.startedAt !== live.startedAt;
  const kept = again ? [] : state.ratePoints.filter((point) => point.at > now - RATE_SECONDS * 1000);
  const last = kept[kept.length - 1];
  const ratePoints =
    !running || (last !== undefined && now - last.at < 900) ? kept : [...kept, { at: now, packets: live.packetsPerSecond }];
  return { ...state, live, ratePoints, dismissed: again ? { ...state.dismissed, live: false } : state.dismissed };
}

/** After the line to the program was closed. What has become of a capture is not known here: nothing looks as if it went on. */
export function withLineClosed(state: AppState, reason: string): AppState {
  return { ...state, lineClosed: reason, live: null };
}

/** Activity after the interfaces' counters were read once more. Counters that went down (an interface came anew) start over. */
export function withActivity(
  activity: AppState['activity'],
  ability: CaptureAbility,
  now: number,
): Readonly<Record<string, readonly ActivitySample[]>> {
  const next: Record<string, readonly ActivitySample[]> = {};
  for (const item of ability.interfaces) {
    if (item.packets === null || item.bytes === null) continue;
    const before = activity[item.name] ?? [];
    const last = before[before.length - 1];
    if (last !== undefined && now - last.at < 500) {
      next[item.name] = before;
      continue;
    }
    const kept = last !== undefined && last.packets > item.packets ? [] : before.slice(-(ACTIVITY_SAMPLES - 1));
    next[item.name] = [...kept, { at: now, packets: item.packets, bytes: item.bytes }];
  }
  return next;
}

/** Packets per second between the samples, oldest first. */
export function rates(samples: readonly ActivitySample[]): readonly number[] {
  const out: number[] = [];
  for (let i = 1; i < samples.length; i++) {
    const a = samples[i - 1];
    const b = samples[i];
    if (a === undefined || b === undefined) continue;
    out.push((Math.max(0, b.packets - a.packets) * 1000) / Math.max(1, b.at - a.at));
  }
  return out;
}

/** The latest rate of one interface; null until there are two samples. */
export function rateNow(samples: readonly ActivitySample[]): { readonly packets: number; readonly bytes: number } | null {
  const a = samples[samples.length - 2];
  const b = samples[samples.length - 1];
  if (a === undefined || b === undefined) return null;
  const seconds = Math.max(1, b.at - a.at) / 1000;
  return { packets: Math.max(0, b.packets - a.packets) / seconds, bytes: Math.max(0, b.bytes - a.bytes) / seconds };
}

/** True while a live capture is being made. */
export function isCapturing(live: LiveStatus | null): boolean {
  return live !== null && (live.phase === 'starting' || live.phase === 'capturing' || live.phase === 'stopping');
}

/** The list stays at the end of a live capture. */
export function isFollowing({ capture, follow }: Pick<AppState, 'capture' | 'follow'>): boolean {
  return follow.on && capture?.live === true && capture.phase === 'following';
}

const NO_COLUMNS: readonly string[] = [];

/** Fields that the list shows as columns. */
export function fieldColumns(state: Pick<AppState, 'settings'>): readonly string[] {
  return state.settings.columns.packets ?? NO_COLUMNS;
}

/** The filter shown is not the one applied because it cannot be. */
export function isStale(state: Pick<AppState, 'draft' | 'draftCheck' | 'completing'>): boolean {
  return !state.completing && state.draft !== null && state.draftCheck !== null && !state.draftCheck.ok;
}

/** Rows of the list: those of the view, and one for the damage at the end once everything was read. */
export function listLength(capture: CaptureState | null, view: ViewState | null): number {
  const rows = view === null ? 0 : view.matched;
  return rows + (hasDamageRow(capture) ? 1 : 0);
}

export function hasDamageRow(capture: CaptureState | null): boolean {
  return capture !== null && capture.damage !== null && capture.phase !== 'reading';
}
