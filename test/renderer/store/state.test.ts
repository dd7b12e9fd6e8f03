import { describe, expect, it } from 'vitest';
import {
  type ActivitySample,
  hasDamageRow,
  initialState,
  isCapturing,
  isStale,
  listLength,
  rateNow,
  rates,
  withActivity,
  withCapture,
  withLineClosed,
  withLive,
} from '../../../renderer/store/state.ts';
import type { CaptureAbility, CaptureState, LiveStatus, ViewState } from '../../../src/messages.ts';

const capture: CaptureState = {
  capture: 1,
  path: '/x.pcap',
  name: 'x.pcap',
  phase: 'done',
  live: false,
  format: 'pcap',
  compression: 'none',
  packets: 10,
  bytes: 1000,
  connections: 1,
  udpStreams: 0,
  exchanges: 0,
  bytesRead: 1000,
  fileBytes: 1000,
  elapsedMs: 1,
  firstTime: null,
  lastTime: null,
  interfaces: [],
  comments: [],
  damage: null,
  timePrecision: 6,
  notes: [],
  change: null,
};
const view: ViewState = { view: 1, filter: '', matched: 10, scanned: 10, complete: true, elapsedMs: 1, sorting: null };
const live: LiveStatus = {
  phase: 'capturing',
  interface: 'lo',
  captureFilter: '',
  spool: '/s',
  files: 1,
  backend: null,
  packets: 5,
  bytes: 500,
  packetsPerSecond: 5,
  bytesPerSecond: 500,
  startedAt: 1000,
  stoppedAt: null,
  dropped: null,
  failure: null,
  saved: false,
};

describe('a capture state', () => {
  it('of the same capture keeps what is selected', () => {
    const before = { ...initialState, capture, view, selection: { kind: 'packet', row: 3 } as const };
    const after = withCapture(before, { ...capture, packets: 20 });
    expect(after.selection).toEqual({ kind: 'packet', row: 3 });
    expect(after.view).toBe(view);
    expect(after.capture?.packets).toBe(20);
  });

  it('of another capture starts anew', () => {
    const before = {
      ...initialState,
      capture,
      view,
      chips: [{ text: 'tcp', off: false }],
      selection: { kind: 'packet', row: 3 } as const,
      follow: { on: false, seen: 3 },
      opening: 'y.pcap',
      failure: { title: 'a', failure: { code: 'io', message: 'b' } as const },
    };
    const after = withCapture(before, { ...capture, capture: 2 });
    expect(after.selection).toEqual({ kind: 'none' });
    expect(after.view).toBeNull();
    expect(after.chips).toEqual([]);
    expect(after.follow.on).toBe(true);
    expect(after.opening).toBeNull();
    expect(after.failure).toBeNull();
  });

  it('that is gone goes back to the first view and keeps the reason', () => {
    const failure = { title: 'a', failure: { code: 'io', message: 'b' } as const };
    const after = withCapture({ ...initialState, capture, tab: 'connections', failure }, null);
    expect(after.tab).toBe('packets');
    expect(after.failure).toBe(failure);
  });

  it('says that the engine is there again', () => {
    expect(withCapture({ ...initialState, capture, engineGone: { code: 'internal', message: 'x' } }, capture).engineGone).toBeNull();
  });
});

describe('the damage row', () => {
  const damage = { kind: 'cut-short', packet: 11, packed: 'no', offset: 100, promised: 60, present: 20, message: 'cut' } as const;

  it('stands after the last row once reading has ended', () => {
    expect(listLength({ ...capture, damage }, view)).toBe(11);
    expect(listLength(capture, view)).toBe(10);
    expect(listLength(null, null)).toBe(0);
  });

  it('does not show while rows still come', () => {
    expect(hasDamageRow({ ...capture, damage, phase: 'reading' })).toBe(false);
  });
});

describe('live status', () => {
  it('adds one rate point a second, and keeps a minute of them', () => {
    let state = withLive(initialState, live, 10_000);
    state = withLive(state, live, 10_300);
    expect(state.ratePoints).toHaveLength(1);
    for (let second = 1; second <= 100; second++) state = withLive(state, live, 10_000 + second * 1000);
    expect(state.ratePoints.length).toBeLessThanOrEqual(60);
    expect(state.ratePoints[state.ratePoints.length - 1]?.at).toBe(110_000);
  });

  it('is not known any more once the line to the program is closed', () => {
    const { live: after, lineClosed } = withLineClosed(withLive(initialState, live, 10_000), 'gone');
    expect([after, lineClosed]).toEqual([null, 'gone']);
  });

  it('of a new capture drops the old points', () => {
    const state = withLive(withLive(initialState, live, 10_000), { ...live, startedAt: 2000 }, 11_000);
    expect(state.ratePoints).toEqual([{ at: 11_000, packets: 5 }]);
  });

  it('adds no point once it was stopped', () => {
    const state = withLive(withLive(initialState, live, 10_000), { ...live, phase: 'stopped' }, 12_000);
    expect(state.ratePoints).toHaveLength(1);
    expect(isCapturing(state.live)).toBe(false);
  });
});

describe('activity of interfaces', () => {
  const ability = (packets: number | null): CaptureAbility => ({
    available: true,
    backend: null,
    reason: null,
    backends: [],
    failure: null,
    interfaces: [
      { name: 'lo', description: null, addresses: [], loopback: true, up: true, packets, bytes: packets === null ? null : packets * 100 },
    ],
  });

  it('is the difference of the counters per second', () => {
    let activity = withActivity({}, ability(1000), 0);
    activity = withActivity(activity, ability(1500), 1000);
    activity = withActivity(activity, ability(2500), 3000);
    expect(rates(activity.lo ?? [])).toEqual([500, 500]);
    expect(rateNow(activity.lo ?? [])).toEqual({ packets: 500, bytes: 50_000 });
  });

  it('starts over when a counter went back', () => {
    const activity = withActivity(withActivity({}, ability(1000), 0), ability(10), 1000);
    expect(activity.lo).toHaveLength(1);
    expect(rateNow(activity.lo ?? [])).toBeNull();
  });

  it('holds a minute', () => {
    let activity: Record<string, readonly ActivitySample[]> = {};
    for (let second = 0; second < 200; second++) activity = { ...withActivity(activity, ability(second), second * 1000) };
    expect(activity.lo).toHaveLength(61);
  });

  it('is unknown for an interface without counters', () => {
    expect(withActivity({}, ability(null), 0)).toEqual({});
  });
});

describe('a filter that cannot be applied', () => {
  it('leaves the list stale until it is mended or given up', () => {
    const wrong = { ok: false, error: { start: 0, end: 1, message: 'x' } } as const;
    expect(isStale({ completing: false, draft: 'a', draftCheck: wrong })).toBe(true);
    expect(isStale({ completing: true, draft: 'a', draftCheck: wrong })).toBe(false);
    expect(isStale({ completing: false, draft: null, draftCheck: wrong })).toBe(false);
    expect(isStale({ completing: false, draft: 'a', draftCheck: null })).toBe(false);
  });
});
