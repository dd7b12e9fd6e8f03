import { type ChildProcess, execFileSync, spawn, spawnSync } from 'node:child_process';
import { createSocket } from 'node:dgram';
import { existsSync } from 'node:fs';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import WebSocket from 'ws';
import { findDumpcap } from '../../src/capture/dumpcap.ts';
import type { Answer, FromBackend, LiveStatus, RecoveredCapture } from '../../src/messages.ts';
import { decode, encode } from '../../src/serve/codec.ts';
import { nodeProgram } from '../../src/system/locations.ts';
import { cannotCapture, inTime, named, ownPort, patience, readByTshark, wait } from './surroundings.ts';

const notBuilt = ['cli', 'engine-process'].every((name) => existsSync(nodeProgram(name))) ? null : 'not built';
const noCapture = notBuilt ?? cannotCapture();

let home: string;
const running: Served[] = [];

beforeEach(async () => {
  home = await mkdtemp(path.join(os.tmpdir(), 'sevenfold-home-'));
});
afterEach(async () => {
  for (const served of running.splice(0)) await served.end('SIGKILL');
  await rm(home, { recursive: true, force: true });
});

/** The `sevenfold serve` command, and a page that is joined to it. */
class Served {
  readonly #child: ChildProcess;
  readonly #over: Promise<number | null>;
  #socket: WebSocket | null = null;
  #cookie = '';
  #next = 1;
  readonly #waiting = new Map<number, (answer: Answer<unknown>) => void>();
  readonly events: (FromBackend & { kind: 'event' })[] = [];
  address = '';
  complaint = '';

  constructor(...args: string[]) {
    this.#child = spawn(process.execPath, [nodeProgram('cli'), 'serve', '--no-open', ...args], {
      env: { ...process.env, SEVENFOLD_HOME: home },
    });
    this.#child.stdout?.setEncoding('utf8').on('data', (text: string) => {
      this.address = /http:\S+/.exec(text)?.[0] ?? this.address;
    });
    this.#child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      this.complaint += text;
    });
    this.#over = new Promise((resolve) => this.#child.on('close', resolve));
    running.push(this);
  }

  /** A page joins, in place of the one before. */
  async join(window?: string): Promise<void> {
    await expect.poll(() => this.address).not.toBe('');
    const reply = await fetch(this.address, { redirect: 'manual' });
    // The token is good for one cookie.
    this.#cookie ||= reply.headers.get('set-cookie')?.split(';')[0] ?? '';
    await this.leave();
    const { host, origin } = new URL(this.address);
    const socket = new WebSocket(`ws://${host}/ws${window === undefined ? '' : `?window=${window}`}`, {
      headers: { cookie: this.#cookie, origin },
    });
    this.#socket = socket;
    socket.on('message', (data) => {
      const message = decode(String(data)) as FromBackend;
      if (message.kind === 'event') this.events.push(message);
      else this.#waiting.get(message.id)?.(message.answer);
    });
    await new Promise((resolve, reject) => socket.on('open', resolve).on('error', reject));
  }

  /** The page is closed. */
  async leave(): Promise<void> {
    const socket = this.#socket;
    this.#socket = null;
    if (socket === null) return;
    const closed = new Promise((resolve) => socket.on('close', resolve));
    socket.close();
    await closed;
    this.events.length = 0;
  }

  ask(to: 'engine' | 'host', name: string, args: unknown = {}): Promise<Answer<unknown>> {
    const id = this.#next++;
    return new Promise((resolve) => {
      this.#waiting.set(id, resolve);
      this.#socket?.send(encode({ kind: 'request', to, id, name, args }));
    });
  }

  get pid(): number | undefined {
    return this.#child.pid;
  }

  get live(): LiveStatus | null {
    return (this.events.filter((event) => event.name === 'live').at(-1)?.value as LiveStatus | undefined) ?? null;
  }

  async end(signal: 'SIGTERM' | 'SIGINT' | 'SIGKILL'): Promise<number | null> {
    this.#child.kill(signal);
    return this.#over;
  }
}

async function sendDatagrams(count: number, port: number): Promise<void> {
  const socket = createSocket('udp4');
  socket.on('error', () => {});
  for (let i = 0; i < count; i++) await new Promise<void>((resolve) => socket.send(`datagram ${i}`, port, '127.0.0.1', () => resolve()));
  socket.close();
}

describe.skipIf(notBuilt !== null)(named('sevenfold serve', notBuilt), () => {
  it('prints its address, and ends cleanly when it is told to', async () => {
    for (const signal of ['SIGTERM', 'SIGINT'] as const) {
      const served = new Served();
      await served.join();
      expect(await served.ask('host', 'info')).toMatchObject({ ok: true, value: { mode: 'browser' } });
      expect(await served.ask('engine', 'state')).toMatchObject({ ok: true, value: { capture: null } });
      expect(await served.end(signal)).toBe(0);
      expect(existsSync(path.join(home, 'temporary')) ? await readdir(path.join(home, 'temporary')) : []).toEqual([]);
    }
  });

  it('says what is wrong with a file and shows the window all the same', async () => {
    const served = new Served(path.join(home, 'nowhere.pcap'));
    await served.join();
    expect(served.complaint).toContain('does not exist');
    expect((await served.ask('host', 'info')).ok).toBe(true);
  });

  it('refuses a port that is taken', async () => {
    const first = new Served();
    await first.join();
    const second = new Served('--port', new URL(first.address).port);
    await expect.poll(() => second.complaint).toContain('in use');
  });
});

describe.skipIf(noCapture !== null)(named('a live capture in browser mode', noCapture), () => {
  it('is followed by the engine, and its packets are there within moments', async () => {
    let served = new Served();
    await inTime(async () => {
      await served.end('SIGTERM');
      served = new Served();
      await served.join();
      expect(await served.ask('host', 'startCapture', { interfaces: ['lo'], captureFilter: `udp dst port ${ownPort(0)}` })).toEqual({
        ok: true,
        value: null,
      });
      await sendDatagrams(6, ownPort(0));
      await expect
        .poll(async () => (await served.ask('engine', 'state')) as unknown, { interval: 20 })
        .toMatchObject({ value: { capture: { packets: 6, live: true } } });
      const begun = Date.now();
      expect((await served.ask('host', 'stopCapture')).ok).toBe(true);
      expect(Date.now() - begun).toBeLessThan(1000 * patience());
    });
    await expect.poll(() => served.live?.phase).toBe('stopped');
    expect(served.live).toMatchObject({ packets: 6, failure: null });
    const saved = await served.ask('host', 'save', { what: 'packets', format: 'pcapng', only: 'all' });
    expect(saved).toMatchObject({ ok: true, value: { saved: true, count: 6 } });
  });

  it('that runs without a page is seen and stopped by the next page, though it is another one', async () => {
    const served = new Served();
    await served.join('window-1');
    await served.ask('host', 'startCapture', { interfaces: ['lo'], captureFilter: `udp dst port ${ownPort(5)}` });
    await served.leave();
    await sendDatagrams(3, ownPort(5));
    await served.join('window-2');
    await expect.poll(() => served.live?.packets).toBe(3);
    expect(await served.ask('engine', 'state')).toMatchObject({ value: { capture: { live: true } } });
    await served.ask('host', 'stopCapture');
    await expect.poll(() => served.live?.phase).toBe('stopped');
    // What captures no longer stays with its page.
    await served.join('window-3');
    expect(await served.ask('engine', 'state')).toMatchObject({ value: { capture: null } });
  });

  it('survives the death of its engine', async () => {
    const served = new Served();
    await served.join();
    await served.ask('host', 'startCapture', { interfaces: ['lo'], captureFilter: `udp dst port ${ownPort(1)}` });
    await expect.poll(() => served.live?.phase).toBe('capturing');
    const { spool } = served.live ?? { spool: '' };
    await sendDatagrams(3, ownPort(1));
    for (const pid of childrenNamed('engine-process')) process.kill(pid, 'SIGKILL');
    await expect.poll(() => served.events.some((event) => event.name === 'engineGone')).toBe(true);
    await sendDatagrams(3, ownPort(1));
    await expect.poll(() => served.live?.packets).toBe(6);
    expect((await served.ask('host', 'restartEngine')).ok).toBe(true);
    await expect.poll(async () => (await served.ask('engine', 'state')) as unknown).toMatchObject({ value: { capture: { packets: 6 } } });
    expect(readByTshark(spool)).toEqual({ packets: 6, complaint: '' });
  });

  it('goes on after everything stood still for a while, as in a machine that was suspended', async () => {
    for (const backend of ['cap', 'dumpcap'] as const) {
      if (backend === 'dumpcap' && findDumpcap().kind !== 'found') continue;
      const served = new Served();
      await served.join();
      await served.ask('host', 'startCapture', { interfaces: ['lo'], captureFilter: `udp dst port ${ownPort(3)}`, backend });
      await sendDatagrams(3, ownPort(3));
      await expect.poll(() => served.live?.packets).toBe(3);
      const all = familyOf(served.pid ?? 0);
      expect(all.length).toBeGreaterThanOrEqual(3);
      for (const pid of all) process.kill(pid, 'SIGSTOP');
      const stopped = Date.now();
      await wait(4000);
      for (const pid of all.reverse()) process.kill(pid, 'SIGCONT');
      await wait(300);
      await sendDatagrams(3, ownPort(3));
      await expect.poll(() => served.live?.packets).toBe(6);
      expect(served.live).toMatchObject({ phase: 'capturing', failure: null });
      expect(served.events.some((event) => event.name === 'engineGone')).toBe(false);
      await expect.poll(async () => (await served.ask('engine', 'state')) as unknown).toMatchObject({ value: { capture: { packets: 6 } } });
      await served.ask('host', 'stopCapture');
      // The times tell of the pause.
      const [before = 0, after = 0] = timesOf(served.live?.spool ?? '').slice(2, 4);
      expect(before).toBeLessThanOrEqual(stopped);
      expect(after).toBeGreaterThanOrEqual(stopped + 4000);
      expect(readByTshark(served.live?.spool ?? '')).toEqual({ packets: 6, complaint: '' });
      await served.end('SIGTERM');
    }
  });

  it('says that the disk is full, and keeps what reached it', async () => {
    expect(spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=1m', 'tmpfs', home]).status).toBe(0);
    try {
      const served = new Served();
      await served.join();
      await served.ask('host', 'startCapture', { interfaces: ['lo'], captureFilter: `udp dst port ${ownPort(4)}` });
      await expect.poll(() => served.live?.phase).toBe('capturing');
      const socket = createSocket('udp4');
      socket.on('error', () => {});
      for (let k = 0; k < 100 && served.live?.phase === 'capturing'; k++) {
        for (let n = 0; n < 20; n++)
          await new Promise<void>((resolve) => socket.send(Buffer.alloc(1400), ownPort(4), '127.0.0.1', () => resolve()));
        await wait(20);
      }
      socket.close();
      await expect.poll(() => served.live?.phase).toBe('failed');
      expect(served.live?.failure?.message).toMatch(/full/i);
      const kept = served.live?.packets ?? 0;
      expect(kept).toBeGreaterThan(100);
      expect(readByTshark(served.live?.spool ?? '')).toEqual({ packets: kept, complaint: '' });
      await expect
        .poll(async () => (await served.ask('engine', 'state')) as unknown)
        .toMatchObject({ value: { capture: { packets: kept } } });
      await served.end('SIGTERM');
    } finally {
      spawnSync('umount', ['-l', home]);
    }
  });

  it('is offered to be recovered after its host was killed', async () => {
    const first = new Served();
    await first.join();
    await first.ask('host', 'startCapture', { interfaces: ['lo'], captureFilter: `udp dst port ${ownPort(2)}` });
    await sendDatagrams(8, ownPort(2));
    await expect.poll(() => first.live?.packets).toBe(8);
    const family = familyOf(first.pid ?? 0);
    expect(family.length).toBeGreaterThanOrEqual(3);
    await first.end('SIGKILL');
    // Those that it leaves behind notice it, and end.
    await expect.poll(() => family.filter(alive)).toEqual([]);
    const second = new Served();
    await second.join();
    const found = await second.ask('host', 'recovered');
    expect(found).toMatchObject({ ok: true, value: [{ interface: 'lo', packets: 8 }] });
    const [capture] = found.ok ? (found.value as RecoveredCapture[]) : [];
    expect(readByTshark(capture?.path ?? '')).toEqual({ packets: 8, complaint: '' });
    expect((await second.ask('host', 'discardRecovered', { path: capture?.path })).ok).toBe(true);
    expect(await second.ask('host', 'recovered')).toEqual({ ok: true, value: [] });
  });

  function alive(pid: number): boolean {
    // A zombie that waits for its parent is no process any more.
    const state = spawnSync('ps', ['-p', String(pid), '-o', 'stat='], { encoding: 'utf8' }).stdout.trim();
    return state !== '' && !state.startsWith('Z');
  }

  /** A process and everything that it started, itself last. */
  function familyOf(pid: number): number[] {
    const children = execFileSync('sh', ['-c', `ps --ppid ${pid} -o pid= || true`], { encoding: 'utf8' })
      .split('\n')
      .filter((line) => line.trim() !== '')
      .map(Number);
    return [...children.flatMap(familyOf), pid];
  }

  /** Epoch ms of each packet of a file. */
  function timesOf(file: string): number[] {
    return execFileSync('tshark', ['-n', '-r', file, '-T', 'fields', '-e', 'frame.time_epoch'], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    })
      .trim()
      .split('\n')
      .map((text) => Number(text) * 1000);
  }

  /** Children of the server that was started last, by the name of their program. */
  function childrenNamed(name: string): number[] {
    const parents = running.map((served) => served.pid).filter((pid) => pid !== undefined);
    return parents.flatMap((parent) =>
      execFileSync('ps', ['--ppid', String(parent), '-o', 'pid=,args='], { encoding: 'utf8' })
        .split('\n')
        .filter((line) => line.includes(name))
        .map((line) => Number.parseInt(line, 10)),
    );
  }
});
