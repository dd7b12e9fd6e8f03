import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { RelaySource, type Start } from '../../src/capture/relay-source.ts';
import type { Source, SourceCounts, SourceSink } from '../../src/capture/source.ts';

/** Milliseconds since 1970 at the start. */
const EPOCH = 1_700_000_000_000;

const packet = (number: number): Uint8Array => new Uint8Array(new Uint32Array([number, 0xabcdef]).buffer);

class Stand implements Source {
  readonly backend;
  readonly version;
  readonly interfaces = [{ linkType: 1, snapLength: 65_535 }];
  readonly clock;
  readonly comment = '';
  readonly drops;
  readonly delayMs = 20;
  readonly kernelTime;
  readonly counts: readonly SourceCounts[];
  sink: SourceSink | null = null;
  ended = 0;
  checks = 0;
  constructor(backend: 'cap' | 'dumpcap') {
    this.backend = backend;
    this.version = `${backend} 1`;
    this.clock = backend === 'cap' ? 'taken on arrival' : "the kernel's, in nanoseconds";
    this.drops = backend === 'cap' ? ('unknown' as const) : ('at-end' as const);
    this.kernelTime = backend === 'dumpcap';
    this.counts = [{ received: null, dropped: backend === 'cap' ? null : 3 }];
  }
  begin(sink: SourceSink): void {
    this.sink = sink;
  }
  check(): void {
    this.checks++;
  }
  end(_hurry: boolean, done: (counts: readonly SourceCounts[]) => void): void {
    this.ended++;
    done(this.counts);
  }
}

/** A dumpcap that is being started: what it has seen is set by the test. */
class Starting implements Start {
  state: Start['state'] = 'opening';
  onNews: () => void = () => {};
  killed = false;
  skipped: number | null = null;
  readonly second = new Stand('dumpcap');
  readonly seen: [number: number, ms: number][] = [];
  #looked = 0;
  look(take: Parameters<Start['look']>[0]): void {
    if (this.state !== 'open') return;
    for (; this.#looked < this.seen.length; this.#looked++) {
      const [number, ms] = this.seen[this.#looked] as [number, number];
      const at = EPOCH + ms;
      take(packet(number), 0, 8, 8, Math.floor(at / 1000), Math.round((at % 1000) * 1e6));
    }
  }
  source(skip: number): Source {
    this.skipped = skip;
    return this.second;
  }
  kill(): void {
    this.killed = true;
  }
}

const given: number[] = [];
const notes: [at: number, note: string][] = [];
const failures: string[] = [];
const sink: SourceSink = {
  packet: (bytes, offset) => void given.push(new DataView(bytes.buffer).getUint32(offset, true)),
  idle: () => {},
  changed: (note) => void notes.push([given.length, note]),
  broken: (failure) => void failures.push(failure.message),
};

let now: number;
let first: Stand;
let starts: Starting[];
let relay: RelaySource;
let next: number;

/** cap delivers packets evenly over a time, each `late` ms after the kernel saw it, and check() runs every 40 ms. */
function pass(count: number, ms: number, late = 1): void {
  let looked = now;
  for (let k = 0; k < count; k++) {
    now += ms / count;
    const kernel = now - late;
    const other = starts.at(-1);
    if (other?.state === 'open' && !other.killed) other.seen.push([next, kernel]);
    const at = EPOCH + now;
    first.sink?.packet(packet(next++), 0, 8, 8, Math.floor(at / 1000), Math.round((at % 1000) * 1e6), 0);
    if (now - looked >= 40) {
      looked = now;
      relay.check();
    }
  }
}

beforeEach(() => {
  vi.useFakeTimers();
  for (const list of [given, notes, failures]) list.length = 0;
  now = 1000;
  next = 0;
  starts = [];
  first = new Stand('cap');
  const start = (): Start => {
    starts.push(new Starting());
    return starts.at(-1) as Starting;
  };
  relay = new RelaySource(first, start, 10_000, () => now);
  relay.begin(sink);
});
afterEach(() => void vi.useRealTimers());

describe('a source that goes over from cap to dumpcap', () => {
  it('stays with cap while no more comes than cap takes', () => {
    pass(5000, 1000);
    expect(starts).toEqual([]);
    expect(relay).toMatchObject({ backend: 'cap', drops: 'unknown', kernelTime: false });
    expect(given).toHaveLength(5000);
  });

  it('starts dumpcap when more comes, and goes on with it behind the last packet that cap had', () => {
    pass(4000, 200);
    const [other] = starts as [Starting];
    expect(first.ended).toBe(0);
    other.state = 'open';
    pass(4000, 200);
    expect(first.ended).toBe(1);
    const had = given.length;
    // Two packets that cap did not deliver any more.
    other.seen.push([had, now + 1], [had + 1, now + 2]);
    other.onNews();
    expect(other.seen[other.skipped ?? -1]?.[0]).toBe(had);
    expect(relay).toMatchObject({ backend: 'dumpcap', version: 'dumpcap 1', drops: 'at-end', kernelTime: true });
    expect(notes).toEqual([
      [
        had,
        "From this packet on captured by dumpcap 1: time stamps are the kernel's, in nanoseconds, drops are counted. Before it they were taken on arrival in the capture process.",
      ],
    ]);
    other.second.sink?.packet(packet(had), 0, 8, 8, 0, 0, 0);
    expect(given).toEqual(Array.from({ length: had + 1 }, (_, k) => k));
  });

  it('waits until cap, which is behind the kernel, has come to what dumpcap saw first', () => {
    pass(4000, 200, 120);
    const [other] = starts as [Starting];
    other.state = 'open';
    pass(2400, 120, 120);
    expect(first.ended).toBe(0);
    pass(3000, 200, 120);
    expect(first.ended).toBe(1);
  });

  it('goes over when the time is up, though nothing newer comes', () => {
    pass(4000, 200);
    const [other] = starts as [Starting];
    other.state = 'open';
    pass(4000, 200);
    expect(relay.backend).toBe('cap');
    vi.advanceTimersByTime(700);
    expect(relay.backend).toBe('dumpcap');
    expect(other.skipped).toBe(other.seen.findIndex(([number]) => number === given.length - 1) + 1);
  });

  it('stays with cap for good where dumpcap fails', () => {
    pass(4000, 200);
    const [other] = starts as [Starting];
    other.state = 'failed';
    pass(20_000, 1000);
    expect(starts).toHaveLength(1);
    expect(other.killed).toBe(true);
    expect(given).toHaveLength(24_000);
    expect(failures).toEqual([]);
  });

  it('tries again later where the traffic is over before dumpcap has seen any', () => {
    pass(4000, 200);
    const [other] = starts as [Starting];
    other.state = 'open';
    now += 5000;
    relay.check();
    expect(other.killed).toBe(true);
    pass(8000, 400);
    expect(starts).toHaveLength(2);
  });

  it('ends both when it is stopped meanwhile', () => {
    pass(4000, 200);
    const [other] = starts as [Starting];
    const counts: unknown[] = [];
    relay.end(false, (each) => counts.push(each));
    expect([first.ended, other.killed, counts]).toEqual([1, true, [first.counts]]);
  });

  it('gives the counts of dumpcap at the end, and says its failure', () => {
    pass(4000, 200);
    const [other] = starts as [Starting];
    other.state = 'open';
    pass(4000, 200);
    vi.advanceTimersByTime(700);
    other.second.sink?.broken({ code: 'io', message: 'dumpcap ended' });
    expect(failures).toEqual(['dumpcap ended']);
    const counts: unknown[] = [];
    relay.end(false, (each) => counts.push(each));
    expect(counts).toEqual([other.second.counts]);
  });
});
