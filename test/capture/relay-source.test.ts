import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { type Beside, RelaySource, type Take } from '../../src/capture/relay-source.ts';
import type { Seam } from '../../src/capture/seam.ts';
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

/** A dumpcap beside cap: what it has seen is set by the test. */
class Dumpcap implements Beside {
  state: Beside['state'] = 'opening';
  onNews: () => void = () => {};
  killed = false;
  readonly second = new Stand('dumpcap');
  /** What it has given, oldest forgotten. */
  kept: [number: number, ms: number][] = [];
  readonly coming: [number: number, ms: number][] = [];
  look(take: Take): void {
    for (const [number, ms] of this.coming.splice(0)) {
      this.kept.push([number, ms]);
      take(packet(number), 0, 8, 8, Math.floor(ms / 1000), Math.round((ms % 1000) * 1e6));
    }
  }
  forget(before: number): void {
    this.kept = this.kept.filter(([, ms]) => ms >= before);
  }
  get first(): number | null {
    return this.kept[0]?.[1] ?? null;
  }
  source(seam: Seam | null): Source {
    const { second } = this;
    this.second.begin = (sink) => {
      second.sink = sink;
      for (const [number, ms] of this.kept) if (seam?.had(packet(number), 0, 8, ms) !== true) this.give(number);
    };
    return second;
  }
  /** As the source. */
  give(number: number): void {
    this.second.sink?.packet(packet(number), 0, 8, 8, 0, 0, 0);
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
let other: Dumpcap;
let relay: RelaySource;
let next: number;

/** Packets come evenly over a time; cap gives each a millisecond after the kernel saw it, unless it loses it. check() runs every 40 ms. */
function pass(count: number, ms: number, loses: (number: number) => boolean = () => false): void {
  let looked = now;
  for (let k = 0; k < count; k++) {
    now += ms / count;
    if (other.state === 'open') other.coming.push([next, now - 1]);
    if (!loses(next)) first.sink?.packet(packet(next), 0, 8, 8, Math.floor(now / 1000), Math.round((now % 1000) * 1e6), 0);
    next++;
    if (now - looked >= 40) {
      looked = now;
      relay.check();
    }
  }
}

/** What dumpcap passes on after all that came before. */
function after(): void {
  other.coming.push([next++, now + 50]);
  other.onNews();
}

const upTo = (count: number): number[] => Array.from({ length: count }, (_, k) => k);

beforeEach(() => {
  vi.useFakeTimers();
  for (const list of [given, notes, failures]) list.length = 0;
  now = EPOCH;
  next = 0;
  first = new Stand('cap');
  other = new Dumpcap();
  other.state = 'open';
  relay = new RelaySource(first, other, 10_000, () => now);
  relay.begin(sink);
  now += 10;
});
afterEach(() => void vi.useRealTimers());

describe('a source that goes over from cap to dumpcap', () => {
  it('stays with cap while no more comes than cap takes, and keeps little of what dumpcap gives', () => {
    pass(5000, 1000);
    expect(relay).toMatchObject({ backend: 'cap', drops: 'unknown', kernelTime: false });
    expect(given).toEqual(upTo(5000));
    expect(other.kept.length).toBeGreaterThan(2000);
    expect(other.kept.length).toBeLessThan(4000);
  });

  it('goes on with dumpcap when more comes, behind what cap gave', () => {
    pass(4000, 200);
    expect(first.ended).toBe(1);
    expect(relay.backend).toBe('cap');
    const had = given.length;
    after();
    expect(relay).toMatchObject({ backend: 'dumpcap', version: 'dumpcap 1', drops: 'at-end', kernelTime: true });
    expect(notes).toHaveLength(1);
    expect(notes[0]?.[0]).toBe(had);
    expect(notes[0]?.[1]).toMatch(/^From this packet on captured by dumpcap 1: time stamps are the kernel's, in nanoseconds/);
    other.give(4001);
    expect(given).toEqual(upTo(4002));
  });

  it('brings what cap had lost while too much came', () => {
    pass(2000, 400);
    pass(4000, 200, (number) => number >= 2500 && number % 2 === 0);
    after();
    expect(given).not.toEqual(upTo(6001));
    expect([...given].sort((a, b) => a - b)).toEqual(upTo(6001));
  });

  it('sees by what dumpcap has that too much came, though cap lost most of it', () => {
    pass(4000, 200, (number) => number % 100 !== 0);
    after();
    expect(relay.backend).toBe('dumpcap');
    expect([...given].sort((a, b) => a - b)).toEqual(upTo(4001));
  });

  it('goes over when nothing more came from dumpcap for a while, though it has nothing newer', () => {
    pass(1600, 80);
    expect(first.ended).toBe(1);
    vi.advanceTimersByTime(500);
    other.onNews();
    vi.advanceTimersByTime(500);
    expect(relay.backend).toBe('cap');
    vi.advanceTimersByTime(200);
    expect(relay.backend).toBe('dumpcap');
    expect(given).toEqual(upTo(1600));
  });

  it('stays with cap for good where dumpcap fails', () => {
    other.state = 'failed';
    pass(20_000, 1000);
    expect(other.killed).toBe(true);
    expect(given).toEqual(upTo(20_000));
    expect(failures).toEqual([]);
  });

  it('ends both when it is stopped', () => {
    pass(100, 100);
    const counts: unknown[] = [];
    relay.end(false, (each) => counts.push(each));
    expect([first.ended, other.killed, counts]).toEqual([1, true, [first.counts]]);
  });

  it('gives what dumpcap has when it is stopped while it goes over', () => {
    pass(4000, 200, (number) => number === 999);
    const counts: unknown[] = [];
    relay.end(false, (each) => counts.push(each));
    expect(given.length).toBeGreaterThan(1000);
    expect(given.at(-1)).toBe(999);
    expect(counts).toEqual([other.second.counts]);
  });

  it('gives the counts of dumpcap at the end, and says its failure', () => {
    pass(4000, 200);
    after();
    other.second.sink?.broken({ code: 'io', message: 'dumpcap ended' });
    expect(failures).toEqual(['dumpcap ended']);
    const counts: unknown[] = [];
    relay.end(false, (each) => counts.push(each));
    expect(counts).toEqual([other.second.counts]);
  });
});
