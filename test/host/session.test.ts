import { existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { CaptureOptions, FromCapture, ToCapture } from '../../src/capture/messages.ts';
import { ProgressWriter } from '../../src/capture/progress.ts';
import { SpoolWriter } from '../../src/capture/spool-writer.ts';
import { AbilityProbe } from '../../src/host/ability.ts';
import type { Child } from '../../src/host/child.ts';
import { RecentFiles } from '../../src/host/recent-files.ts';
import { HostSession } from '../../src/host/session.ts';
import { SettingsStore } from '../../src/host/settings.ts';
import { SpoolStore } from '../../src/host/spool.ts';
import type { Answer, CaptureState, HostRequestName, ToBackend } from '../../src/messages.ts';
import { StandInChild } from './stand-in-child.ts';

/** A capture process that writes real files but whose packets come from the test. */
class StandInCapture implements Child {
  readonly pid = 1;
  options: CaptureOptions | null = null;
  #writer: SpoolWriter | null = null;
  #progress: ProgressWriter | null = null;
  readonly #refusal: string | null;
  readonly #messages: ((message: unknown) => void)[] = [];
  readonly #exits: ((reason: string) => void)[] = [];

  constructor(refusal: string | null) {
    this.#refusal = refusal;
  }

  send(message: unknown): void {
    const heard = message as ToCapture;
    if (heard.kind === 'stop') this.end('stopped');
    if (heard.kind !== 'start') return;
    this.options = heard.options;
    if (this.#refusal !== null) {
      this.#say({ kind: 'failed', failure: { code: 'invalid', message: this.#refusal } });
      return;
    }
    this.#writer = new SpoolWriter(
      heard.options.files.spool,
      { interfaces: [{ linkType: 1, snapLength: 65_535 }], comment: '', application: 'test' },
      null,
    );
    this.#progress = new ProgressWriter(heard.options.files.progress);
    this.#say({
      kind: 'started',
      with: { backend: 'cap', version: 'cap', reason: 'cap, as asked for.', clock: '', drops: 'unknown' },
    });
  }

  capture(packets: number): void {
    for (let i = 0; i < packets; i++) this.#writer?.append(new Uint8Array(60), 0, 60, 60, i, 0, 0);
    this.#writer?.flush();
    this.#progress?.write(this.#writer?.packetsOnDisk ?? 0, this.#writer?.bytesOnDisk ?? 0, this.#writer?.totalBytesOnDisk ?? 0, 1);
  }

  end(reason: (FromCapture & { kind: 'ended' })['reason'], files: readonly string[] = []): void {
    this.#writer?.close();
    this.#say({ kind: 'ended', reason, failure: null, files, dropped: null });
    queueMicrotask(() => {
      for (const listener of this.#exits) listener('exit code 0');
    });
  }

  #say(message: FromCapture): void {
    queueMicrotask(() => {
      for (const listener of this.#messages) listener(message);
    });
  }

  onMessage(listener: (message: unknown) => void): void {
    this.#messages.push(listener);
  }
  onExit(listener: (reason: string) => void): void {
    this.#exits.push(listener);
  }
  complaints(): string {
    return '';
  }
  kill(): void {}
}

let folder: string;
let engines: StandInChild[];
let captures: StandInCapture[];
let refusal: string | null;
let events: [string, unknown][];
let engineAnswers: (request: ToBackend) => Answer<unknown> | null;
let recent: RecentFiles;
let session: HostSession;
let saveTo: string | null;
let ownPackets: string | null;
/** Whether there is room where it is saved to. */
let room: boolean;
/** Names that were suggested, and files that were given up. */
let suggested: string[];
let dropped: string[];

beforeEach(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'sevenfold-session-'));
  [engines, captures, refusal, events, saveTo, ownPackets] = [[], [], null, [], null, null];
  [suggested, dropped] = [[], []];
  room = true;
  engineAnswers = () => ({ ok: true, value: { whole: true, count: 4, bytes: 100, left: 0, note: null } });
  recent = new RecentFiles(folder);
  const startCapture = (): Child => {
    const capture = new StandInCapture(refusal);
    captures.push(capture);
    return capture;
  };
  session = new HostSession(
    {
      mode: 'browser',
      settings: new SettingsStore(folder),
      recent,
      spool: new SpoolStore(path.join(folder, 'spool')),
      ability: new AbilityProbe(startCapture, 'node'),
      startEngine: () => {
        const engine = new StandInChild((request) => engineAnswers(request));
        engines.push(engine);
        return engine;
      },
      startCapture,
    },
    {
      askOpen: async () => 'unavailable',
      askSave: async (suggestion) => {
        const to = saveTo;
        suggested.push(suggestion);
        if (to === null) return null;
        return {
          path: to,
          hasRoom: async () => room,
          done: () => ({ path: to, download: null }),
          failed: async () => void dropped.push(to),
        };
      },
      hostEvent: (name, value) => events.push([name, value]),
      engineEvent: (name, value) => events.push([name, value]),
      engineStarted: () => {},
      ownPackets: () => ownPackets,
    },
  );
});
afterEach(async () => {
  await session.close();
  await rm(folder, { recursive: true, force: true });
});

const told = (): string[] => engines.flatMap((engine) => engine.heard.map((request) => request.name));
const ask = (name: HostRequestName, args: unknown = {}): Promise<Answer<unknown>> => session.handle(name, args);
const begin = (): Promise<Answer<unknown>> => ask('startCapture', { interfaces: ['lo'], captureFilter: '' });
const spoolOf = (index: number): string => captures[index]?.options?.files.spool ?? '';

describe("a window's host", () => {
  it('has the engine follow a capture, tells it how far the file is whole, and when it has ended', async () => {
    expect(await begin()).toEqual({ ok: true, value: null });
    captures[0]?.capture(3);
    await expect.poll(() => told().includes('grown')).toBe(true);
    expect(await ask('stopCapture')).toEqual({ ok: true, value: null });
    expect(told()[0]).toBe('follow');
    expect(told().at(-1)).toBe('ended');
    expect(events.filter(([name]) => name === 'live').at(-1)?.[1]).toMatchObject({ phase: 'stopped', packets: 3, failure: null });
  });

  it('leaves out of a capture on loopback what the window itself is told, and says so in its filter', async () => {
    const loopback = Object.entries(os.networkInterfaces()).find(([, all]) => all?.some((one) => one.internal))?.[0] ?? 'any';
    const filterFor = async (interfaces: string[], captureFilter: string): Promise<string | undefined> => {
      await ask('startCapture', { interfaces, captureFilter });
      return captures.at(-1)?.options?.captureFilter;
    };
    expect(await filterFor([loopback], 'udp')).toBe('udp');
    ownPackets = 'host 127.0.0.1 and tcp port 4000';
    expect(await filterFor([loopback], '')).toBe('not (host 127.0.0.1 and tcp port 4000)');
    expect(events.filter(([name]) => name === 'live').at(-1)?.[1]).toMatchObject({
      captureFilter: 'not (host 127.0.0.1 and tcp port 4000)',
    });
    expect(await filterFor(['eth7', 'any'], 'tcp or udp')).toBe('(tcp or udp) and not (host 127.0.0.1 and tcp port 4000)');
    expect(await filterFor(['eth7'], 'tcp')).toBe('tcp');
    // What is captured again is asked for as the user asked for it.
    await ask('startCapture', { interfaces: [loopback], captureFilter: 'udp' });
    await ask('restartCapture', {});
    expect(captures.at(-1)?.options?.captureFilter).toBe('(udp) and not (host 127.0.0.1 and tcp port 4000)');
  });

  it('never tells a capture that is over to the engine of the next one', async () => {
    await begin();
    captures[0]?.capture(3);
    await begin();
    const names = told();
    expect(names.lastIndexOf('follow')).toBeGreaterThan(names.lastIndexOf('ended'));
    expect(names.filter((name) => name === 'ended')).toHaveLength(1);
  });

  it('leaves what is open alone when a capture cannot start, and says why', async () => {
    const file = path.join(folder, 'a.pcap');
    await writeFile(file, '');
    await ask('openPath', { path: file });
    refusal = 'The capture filter is not valid: syntax error.';
    expect(await begin()).toEqual({ ok: false, failure: { code: 'invalid', message: refusal } });
    expect(session.title).toBe('a.pcap');
    expect(told()).toEqual(['open']);
    expect(await ask('recovered')).toEqual({ ok: true, value: [] });
  });

  it('keeps an unsaved capture to be recovered when something else is opened', async () => {
    await begin();
    captures[0]?.capture(5);
    const file = path.join(folder, 'a.pcap');
    await writeFile(file, '');
    await ask('openPath', { path: file });
    expect(await ask('recovered')).toMatchObject({ ok: true, value: [{ path: spoolOf(0), interface: 'lo', packets: 5 }] });
    await ask('openPath', { path: spoolOf(0) });
    expect(session.title).toBe('lo');
    expect(await ask('recovered')).toEqual({ ok: true, value: [] });
    expect((await recent.list()).map((one) => one.name)).toEqual(['a.pcap']);
  });

  it('keeps an uploaded file that is opened again, and removes it once another one is opened', async () => {
    const upload = path.join(folder, 'upload-1.pcap');
    await writeFile(upload, 'bytes');
    let discarded = 0;
    await session.open(upload, { remember: false, name: 'trace.pcap', discard: async () => void discarded++ });
    expect(await ask('openPath', { path: upload })).toEqual({ ok: true, value: null });
    expect([discarded, session.title, told()]).toEqual([0, 'trace.pcap', ['open', 'open']]);
    expect(await recent.list()).toEqual([]);
    const file = path.join(folder, 'a.pcap');
    await writeFile(file, '');
    await ask('openPath', { path: file });
    expect(discarded).toBe(1);
  });

  it('keeps a capture that was made here when it is opened again, saved or not, until another one is opened', async () => {
    await begin();
    captures[0]?.capture(5);
    await ask('stopCapture');
    await ask('openPath', { path: spoolOf(0) });
    expect([existsSync(spoolOf(0)), session.title]).toEqual([true, 'lo']);
    saveTo = path.join(folder, 'saved.pcapng');
    await ask('save', { what: 'packets', format: 'pcapng', only: 'all' });
    expect(await ask('openPath', { path: spoolOf(0) })).toEqual({ ok: true, value: null });
    expect(existsSync(spoolOf(0))).toBe(true);
    const file = path.join(folder, 'a.pcap');
    await writeFile(file, '');
    await ask('openPath', { path: file });
    expect(existsSync(spoolOf(0))).toBe(false);
    expect(await ask('recovered')).toEqual({ ok: true, value: [] });
  });

  it('drops what was captured when it is restarted', async () => {
    await begin();
    captures[0]?.capture(5);
    expect(await ask('restartCapture')).toEqual({ ok: true, value: null });
    expect(existsSync(spoolOf(0))).toBe(false);
    expect(captures[1]?.options).toMatchObject({ interfaces: ['lo'], captureFilter: '' });
  });

  it('removes the spool file of a capture that was saved whole', async () => {
    await begin();
    captures[0]?.capture(4);
    await ask('stopCapture');
    saveTo = path.join(folder, 'saved.pcapng');
    expect(await ask('save', { what: 'packets', format: 'pcapng', only: 'all' })).toEqual({
      ok: true,
      value: { saved: true, path: saveTo, download: null, whole: true, count: 4, bytes: 100, left: 0, note: null },
    });
    await ask('closeCapture');
    expect(existsSync(spoolOf(0))).toBe(false);
    expect((await recent.list())[0]).toMatchObject({ path: saveTo, packets: 4 });
  });

  it('saves other things than packets under a name of their own, which make no capture saved', async () => {
    await begin();
    captures[0]?.capture(4);
    await ask('stopCapture');
    saveTo = path.join(folder, 'saved.bin');
    const value = { saved: true, path: saveTo, whole: true };
    expect(await ask('save', { what: 'stream', target: { kind: 'tcp', stream: 0 } })).toMatchObject({ ok: true, value });
    expect(await ask('save', { what: 'har', name: 'a/b.har' })).toMatchObject({ ok: true, value });
    expect(suggested[0]).toMatch(/^lo-[\dT-]+\.bin$/);
    expect(suggested[1]).toBe('b.har');
    await ask('closeCapture');
    expect(existsSync(spoolOf(0))).toBe(true);
    expect((await recent.list()).map((each) => each.path)).not.toContain(saveTo);
  });

  it('leaves nothing behind of what was ended before its end', async () => {
    const file = path.join(folder, 'a.pcap');
    await writeFile(file, '');
    await ask('openPath', { path: file });
    saveTo = path.join(folder, 'saved.har');
    engineAnswers = () => ({ ok: true, value: { whole: false, count: 0, bytes: 0, left: 0, note: null } });
    expect(await ask('save', { what: 'har' })).toMatchObject({ ok: true, value: { saved: false, path: null } });
    expect(dropped).toEqual([saveTo]);
  });

  it('ends what is being saved where its place has no more room, and says so', async () => {
    const file = path.join(folder, 'a.pcap');
    await writeFile(file, '');
    await ask('openPath', { path: file });
    saveTo = path.join(folder, 'bodies.zip');
    let saving = 0;
    engineAnswers = ({ id, name }) => {
      if (name === 'save') {
        saving = id;
        return null;
      }
      const result = { whole: name !== 'stopSaving', count: 0, bytes: 0, left: 0, note: null };
      if (name === 'stopSaving') engines[0]?.say({ kind: 'answer', id: saving, answer: { ok: true, value: result } });
      return { ok: true, value: null };
    };
    const saved = ask('save', { what: 'bodies' });
    const tell = (): void => engines[0]?.say({ kind: 'event', from: 'engine', name: 'saving', value: { done: 1, total: 2 } });
    await expect.poll(() => told().at(-1)).toBe('save');
    tell();
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(told().at(-1)).toBe('save');
    room = false;
    tell();
    expect(await saved).toMatchObject({
      ok: false,
      failure: { code: 'io', message: expect.stringContaining('not enough free disk space') },
    });
    expect(told().filter((name) => name === 'stopSaving')).toHaveLength(1);
    expect(dropped).toEqual([saveTo]);
  });

  it('does not take a part, or a capture still running, for saved', async () => {
    saveTo = path.join(folder, 'saved.pcapng');
    await begin();
    captures[0]?.capture(4);
    await ask('save', { what: 'packets', format: 'pcapng', only: 'all' });
    await ask('stopCapture');
    await ask('save', { what: 'packets', format: 'pcapng', only: 'view' });
    await ask('closeCapture');
    expect(existsSync(spoolOf(0))).toBe(true);
  });

  it('refuses to save over the file that is open, and tells a cancelled dialog from a saved file', async () => {
    const file = path.join(folder, 'a.pcap');
    await writeFile(file, '');
    await ask('openPath', { path: file });
    expect(await ask('save', { what: 'packets', format: 'pcap', only: 'all' })).toMatchObject({ ok: true, value: { saved: false } });
    saveTo = file;
    expect(await ask('save', { what: 'packets', format: 'pcap', only: 'all' })).toMatchObject({ ok: false, failure: { code: 'invalid' } });
    await ask('closeCapture');
    expect(await ask('save', { what: 'packets', format: 'pcap', only: 'all' })).toMatchObject({ ok: false, failure: { code: 'no-such' } });
  });

  it('opens the same capture again in a new engine, and goes on capturing meanwhile', async () => {
    await begin();
    captures[0]?.capture(2);
    engines[0]?.die('SIGKILL');
    expect(events.at(-1)?.[0]).toBe('engineGone');
    captures[0]?.capture(2);
    expect(await ask('restartEngine')).toEqual({ ok: true, value: null });
    expect(engines[1]?.heard[0]).toMatchObject({ name: 'follow', args: { path: spoolOf(0) } });
    await expect.poll(() => engines[1]?.heard.some((request) => request.name === 'grown')).toBe(true);
    await ask('stopCapture');
    expect(events.filter(([name]) => name === 'live').at(-1)?.[1]).toMatchObject({ phase: 'stopped', packets: 4 });
  });

  it('starts a new engine in place of one that answers nothing, and goes on with what waited for it', async () => {
    const file = path.join(folder, 'a.pcap');
    await writeFile(file, '');
    engineAnswers = () => null;
    const opening = ask('openPath', { path: file });
    await expect.poll(() => told()).toEqual(['open']);
    engineAnswers = () => ({ ok: true, value: null });
    expect(await ask('restartEngine')).toEqual({ ok: true, value: null });
    expect(await opening).toEqual({ ok: true, value: null });
    expect(engines[0]?.killed).toBe('SIGKILL');
    expect(engines[1]?.heard[0]).toMatchObject({ name: 'open', args: { path: file } });
    expect(session.title).toBe('a.pcap');
  });

  it('lets a capture go on whose engine answered nothing when it began', async () => {
    engineAnswers = () => null;
    const beginning = begin();
    await expect.poll(() => told()).toContain('follow');
    engineAnswers = () => ({ ok: true, value: null });
    expect(await ask('restartEngine')).toEqual({ ok: true, value: null });
    expect(await beginning).toEqual({ ok: true, value: null });
    expect(engines[1]?.heard[0]).toMatchObject({ name: 'follow', args: { path: spoolOf(0) } });
    expect(session.capturing).toBe(true);
  });

  it('ends while an engine answers nothing, and starts none for what was still to be done', async () => {
    const file = path.join(folder, 'a.pcap');
    await writeFile(file, '');
    engineAnswers = () => null;
    const opening = ask('openPath', { path: file });
    await expect.poll(() => told()).toEqual(['open']);
    const next = begin();
    await session.close();
    expect((await opening).ok).toBe(false);
    expect(await next).toMatchObject({ ok: false, failure: { code: 'unavailable' } });
    expect([engines.length, captures.length, engines[0]?.killed]).toEqual([1, 0, 'SIGKILL']);
  });

  it('tells a page that comes later what it has missed', async () => {
    await begin();
    engines[0]?.die('SIGSEGV');
    events.length = 0;
    session.tellAll();
    expect(events.map(([name]) => name)).toEqual(['live', 'engineGone']);
  });

  it('notes the packets of a file in the recent list once it has been read', async () => {
    const file = path.join(folder, 'a.pcap');
    await writeFile(file, '');
    await ask('openPath', { path: file });
    const { capture } = { capture: 0, ...(engines[0]?.heard[0]?.args as object | undefined) };
    engines[0]?.say({
      kind: 'event',
      from: 'engine',
      name: 'state',
      value: { capture, path: file, phase: 'done', packets: 42 } as CaptureState,
    });
    await expect.poll(async () => (await recent.list())[0]?.packets).toBe(42);
  });

  it('puts the files that a ring left among the recent ones, the newest first, and not the file of any other capture', async () => {
    await begin();
    captures[0]?.end('count', [spoolOf(0)]);
    await expect.poll(() => events.filter(([name]) => name === 'live').at(-1)?.[1]).toMatchObject({ phase: 'stopped' });
    expect(await recent.list()).toEqual([]);
    const file = path.join(folder, 'ring.pcapng');
    await ask('startCapture', { interfaces: ['lo'], captureFilter: '', file, limits: { ring: { bytes: 1000, files: 12 } } });
    const left = Array.from({ length: 12 }, (_, k) => path.join(folder, `ring_${k}.pcapng`));
    captures[1]?.end('filesize', left);
    await expect.poll(async () => (await recent.list()).map((each) => each.path)).toEqual(left.slice(4).reverse());
  });

  it('has nothing open after a file that the engine refuses', async () => {
    const file = path.join(folder, 'a.txt');
    await writeFile(file, 'no capture');
    engineAnswers = () => ({ ok: false, failure: { code: 'format', message: 'This is not a capture file.' } });
    expect(await ask('openPath', { path: file })).toEqual({
      ok: false,
      failure: { code: 'format', message: 'This is not a capture file.' },
    });
    expect(session.title).toBeNull();
    expect(await recent.list()).toEqual([]);
  });

  it('leaves what is open alone when another file is none that can be opened, and a capture running', async () => {
    const [good, bad] = [path.join(folder, 'a.pcap'), path.join(folder, 'a.txt')];
    await writeFile(good, '');
    await writeFile(bad, 'no capture');
    const failure = { code: 'format', message: 'This is not a capture file.' } as const;
    engineAnswers = ({ name, args }) =>
      name === 'canOpen' && (args as { path: string }).path === bad ? { ok: false, failure } : { ok: true, value: null };
    await ask('openPath', { path: good });
    const sent = engines.at(-1)?.heard.length;
    expect(await ask('openPath', { path: bad })).toEqual({ ok: false, failure });
    expect(session.title).toBe('a.pcap');
    expect(
      engines
        .at(-1)
        ?.heard.slice(sent)
        .map(({ name }) => name),
    ).toEqual(['canOpen']);
    await begin();
    expect(await ask('openPath', { path: bad })).toEqual({ ok: false, failure });
    expect(events.filter(([name]) => name === 'live').at(-1)?.[1]).toMatchObject({ phase: 'capturing' });
  });
});
