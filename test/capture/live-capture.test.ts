import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { LiveCapture } from '../../src/capture/live-capture.ts';
import type { FromCapture } from '../../src/capture/messages.ts';
import type { Source, SourceCounts, SourceSink } from '../../src/capture/source.ts';
import { scanBlocks } from '../../src/host/block-scan.ts';
import type { Failure } from '../../src/messages.ts';

/** Hands over packets when it is told to, stamped as long ago as a batch of dumpcap's may be. */
class Batches implements Source {
  readonly backend = 'dumpcap';
  readonly version = 'none';
  readonly interfaces = [0, 1].map((each) => ({ linkType: 1, snapLength: 0, name: `nowhere${each}` }));
  readonly clock = '';
  readonly comment = '';
  readonly drops = 'at-end';
  readonly delayMs = 400;
  readonly kernelTime = true;
  sink: SourceSink | null = null;
  begin(sink: SourceSink): void {
    this.sink = sink;
  }
  check(): void {}
  end(_hurry: boolean, done: (counts: readonly SourceCounts[]) => void): void {
    done([]);
  }
  give(agoMs: number, iface: number): void {
    const at = Date.now() - agoMs;
    this.sink?.packet(new Uint8Array(60), 0, 60, 60, Math.floor(at / 1000), (at % 1000) * 1_000_000, iface);
  }
}

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'sevenfold-capture-'));
  vi.useFakeTimers({ toFake: ['setTimeout', 'setInterval', 'setImmediate', 'clearTimeout', 'clearInterval', 'Date', 'performance'] });
});
afterEach(async () => {
  vi.useRealTimers();
  await rm(folder, { recursive: true, force: true });
});

/** Captures on interfaces of which the system says what it says. */
function begin(interfaces: readonly string[]): {
  source: Batches;
  capture: LiveCapture;
  ended: () => (FromCapture & { kind: 'ended' }) | null;
  /** How often it has said that the file has grown. */
  grown: () => number;
} {
  const source = new Batches();
  let over: (FromCapture & { kind: 'ended' }) | null = null;
  let told = 0;
  const at = (name: string): string => path.join(folder, name);
  const capture = new LiveCapture(
    source,
    {
      interfaces,
      captureFilter: '',
      backend: 'auto',
      watched: false,
      bufferBytes: 1 << 20,
      files: { spool: at('capture.pcapng'), progress: at('progress'), stop: at('stop') },
    },
    { ended: (ended) => (over = ended), grown: () => void told++, file: () => {}, changed: () => {} },
  );
  return { source, capture, ended: () => over, grown: () => told };
}

const packetsIn = (): number => scanBlocks(path.join(folder, 'capture.pcapng')).packets;
const broken: Failure = { code: 'io', message: 'The first one is gone.' };

describe('a capture whose file grows', () => {
  const pass = (source: Batches, count: number, ms: number): void => {
    for (let k = 0; k < count; k++) source.give(0, 0);
    vi.advanceTimersByTime(ms);
    source.sink?.idle();
  };

  it('says so with each batch of few packets, and less often where many come', () => {
    const { source, capture, grown } = begin(['any']);
    pass(source, 1, 20);
    pass(source, 1, 20);
    expect(grown()).toBe(2);
    pass(source, 1500, 20);
    expect(grown()).toBe(2);
    pass(source, 1500, 20);
    expect(grown()).toBe(3);
    // Few again.
    pass(source, 1, 20);
    expect(grown()).toBe(4);
    capture.stop(true);
  });

  it('does not say so twice within a moment', () => {
    const { source, capture, grown } = begin(['any']);
    pass(source, 1, 20);
    pass(source, 1, 5);
    expect(grown()).toBe(1);
    capture.stop(true);
  });
});

describe('a capture that fails', () => {
  it.skipIf(process.platform !== 'linux')('has the packets that were held back when its interface was removed', () => {
    const { source, ended } = begin(['no-such-interface']);
    vi.advanceTimersByTime(401);
    source.give(100, 0);
    vi.advanceTimersByTime(1000);
    expect(ended()).toMatchObject({
      reason: 'failed',
      failure: { message: expect.stringContaining('was removed during the capture. 1 ') },
    });
    expect(packetsIn()).toBe(1);
  });

  it('has the packets that another interface held back', () => {
    const { source, ended } = begin(['any']);
    source.sink?.broken(broken);
    source.give(100, 1);
    // Of the time after the end.
    source.give(-100, 1);
    vi.advanceTimersByTime(1000);
    expect(ended()).toMatchObject({ reason: 'failed', failure: { message: 'The first one is gone. 1 packet is saved.' } });
    expect(packetsIn()).toBe(1);
  });

  it('says so, though it was about to be stopped', () => {
    const { source, capture, ended } = begin(['any']);
    capture.stop();
    source.sink?.broken(broken);
    vi.advanceTimersByTime(1000);
    expect(ended()).toMatchObject({ reason: 'failed', failure: { message: 'The first one is gone. 0 packets are saved.' } });
  });

  it('says why, though it is stopped before it has ended', () => {
    const { source, capture, ended } = begin(['any']);
    source.sink?.broken(broken);
    capture.stop();
    capture.stop(true);
    expect(ended()).toMatchObject({ reason: 'failed', failure: { message: 'The first one is gone. 0 packets are saved.' } });
  });
});
